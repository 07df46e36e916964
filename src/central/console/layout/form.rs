//! The form of the layout: sizes of an even grid, then every aisle and cross-aisle by itself. Every button works without a script.

use super::super::marks::{CROSS, PLUS, icon};
use super::super::visitor::Visitor;
use super::draft::{AisleDraft, Draft, WAYS, word};
use crate::central::services::layout::Unit;
use crate::central::services::layout::check::{AISLES_MAX, CROSSES_MAX, LEVELS_MAX, NAME_MAX};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use crate::protocol::wire::layout::WayRecord;
use maud::{Markup, html};

/// The form.
pub(super) fn form(visitor: &Visitor, draft: &Draft, seen: i64, told: &Markup) -> Markup {
    let words = visitor.words();
    html! {
        form.card.pad.sheet.wide #layout method="post" action="/layout" data-try="/layout/try" data-lost=(words.text("labels-lost"))
            data-uneven=(words.text("layout-uneven")) {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="seen" value=(seen);
            // The first button is the one that Enter presses: it changes nothing.
            button.unseen name="go" value="check" tabindex="-1" aria-hidden="true" { (words.text("labels-check")) }
            (sizes(words, draft))
            (grid(words, draft))
            (aisles(words, draft))
            (crosses(words, draft))
            label { (words.text("layout-cells")) span.small { (words.text("layout-cells-hint")) }
                textarea name="cells" rows="3" spellcheck="false" autocomplete="off" data-length { "\n" (draft.cells) } }
            fieldset { legend { (words.text("layout-ends")) }
                (corner(words, draft, ("start-aisle", "start-cross"), draft.start, "layout-start"))
                (corner(words, draft, ("end-aisle", "end-cross"), draft.end, "layout-end"))
            }
            div #told role="status" { (told) }
            label.check { input type="checkbox" name="leave" value="yes"; (words.text("layout-leave")) }
            div.answers {
                button.btn.pri name="go" value="save" { (words.text("office-save")) }
                button.btn name="go" value="check" { (words.text("labels-check")) }
            }
        }
    }
}

fn number(words: &Catalogue, name: &str, value: &str, key: &str, length: bool) -> Markup {
    html! {
        label { (words.text(key)) input name=(name) value=(value) inputmode="numeric" maxlength="12" autocomplete="off" data-length[length]; }
    }
}

fn sizes(words: &Catalogue, draft: &Draft) -> Markup {
    html! {
        div.three {
            label { (words.text("layout-unit"))
                select name="unit" { @for unit in Unit::ALL {
                    option value=(unit.sign()) selected[unit == draft.unit] { (words.text(match unit { Unit::Mm => "layout-mm", Unit::Cm => "layout-cm" })) }
                } }
            }
            label { (words.text("layout-levels")) input name="levels" value=(draft.levels) type="number" min="1" max=(LEVELS_MAX) autocomplete="off"; }
            (number(words, "climb", &draft.climb, "layout-climb", true))
        }
    }
}

fn grid(words: &Catalogue, draft: &Draft) -> Markup {
    let grid = &draft.grid;
    html! {
        details.grid {
            summary { (words.text("layout-even")) }
            p.small { (words.text("layout-even-hint")) }
            div.three {
                (number(words, "grid-aisles", &grid.aisles, "layout-aisles", false))
                (number(words, "grid-aisle-gap", &grid.aisle_gap, "layout-aisle-gap", true))
                (number(words, "grid-bays", &grid.bays, "layout-bays", false))
                (number(words, "grid-bay-gap", &grid.bay_gap, "layout-bay-gap", true))
                (number(words, "grid-head", &grid.head, "layout-head", true))
                label { (words.text("layout-cuts")) input name="grid-cuts" value=(grid.cuts) maxlength="60" autocomplete="off"; }
            }
            div.answers { button.btn name="go" value="even" { (words.text("layout-lay")) } }
        }
    }
}

fn ways(words: &Catalogue, name: &str, now: WayRecord, of: &str, aisle: bool) -> Markup {
    let key = |way: WayRecord| match (way, aisle) {
        (WayRecord::Both, _) => "layout-way-both",
        (WayRecord::Onward, true) => "layout-way-to-back",
        (WayRecord::Back, true) => "layout-way-to-front",
        (WayRecord::Onward, false) => "layout-way-to-right",
        (WayRecord::Back, false) => "layout-way-to-left",
        (WayRecord::Blocked, _) => "layout-way-blocked",
    };
    html! {
        select name=(name) aria-label=(of) { @for way in WAYS { option value=(word(way)) selected[way == now] { (words.text(key(way))) } } }
    }
}

fn aisles(words: &Catalogue, draft: &Draft) -> Markup {
    let blocks = draft.crosses.len().saturating_sub(1);
    html! {
        fieldset.rowsof { legend { (words.text("layout-aisles")) }
            @for (n, aisle) in draft.aisles.iter().enumerate() { (aisle_row(words, n, aisle, blocks)) }
            @if draft.aisles.len() < AISLES_MAX {
                button.btn name="go" value="add-aisle" { (icon(PLUS, 18)) (words.text("layout-add-aisle")) }
            }
        }
    }
}

fn aisle_row(words: &Catalogue, n: usize, aisle: &AisleDraft, blocks: usize) -> Markup {
    let of = words.text_with("layout-aisle-of", &[("name", Arg::Text(aisle.name.clone()))]);
    let block = |b: usize| words.text_with("layout-block-of", &[("n", Arg::Int(i64::try_from(b + 1).unwrap_or(0)))]);
    html! {
        div.one role="group" aria-label=(of) {
            label.short { (words.text("layout-name")) input name="aisle-name" value=(aisle.name) maxlength=(NAME_MAX) autocomplete="off"; }
            label.short { (words.text("layout-x")) input name="aisle-x" value=(aisle.x) inputmode="numeric" maxlength="12" autocomplete="off" data-length; }
            label { (words.text("layout-closed")) input name="aisle-closed" value=(aisle.closed) maxlength="400" autocomplete="off"
                placeholder="4500-5500" data-length; }
            button.btn.drop name="go" value={ "drop-aisle-" (n) } aria-label={ (words.text("layout-drop")) ": " (of) } title=(words.text("layout-drop")) { (icon(CROSS, 18)) }
            div.ways-of { span.small { (words.text("layout-ways")) }
                @for (b, way) in aisle.ways.iter().enumerate().take(blocks) {
                    (ways(words, "aisle-way", *way, &format!("{of}, {}", block(b)), true))
                }
            }
        }
    }
}

fn crosses(words: &Catalogue, draft: &Draft) -> Markup {
    let number_of = |n: usize| Arg::Int(i64::try_from(n + 1).unwrap_or(0));
    html! {
        fieldset.rowsof { legend { (words.text("layout-crosses")) }
            @for (n, cross) in draft.crosses.iter().enumerate() {
                @let of = words.text_with("layout-cross-of", &[("n", number_of(n))]);
                div.one role="group" aria-label=(of) {
                    label.short { (of) input name="cross-y" value=(cross.y) inputmode="numeric" maxlength="12" autocomplete="off" data-length; }
                    details open[cross.ways.iter().any(|way| *way != WayRecord::Both)] {
                        summary { (words.text("layout-ways")) }
                        div.ways-of { @for (gap, way) in cross.ways.iter().enumerate() {
                            @let between = words.text_with("layout-between", &[
                                ("a", Arg::Text(name_of(draft, gap))), ("b", Arg::Text(name_of(draft, gap + 1)))]);
                            label.small { (between) (ways(words, "cross-way", *way, &format!("{of}, {between}"), false)) }
                        } }
                    }
                    button.btn.drop name="go" value={ "drop-cross-" (n) } aria-label={ (words.text("layout-drop")) ": " (of) } title=(words.text("layout-drop")) { (icon(CROSS, 18)) }
                }
            }
            @if draft.crosses.len() < CROSSES_MAX {
                button.btn name="go" value="add-cross" { (icon(PLUS, 18)) (words.text("layout-add-cross")) }
            }
        }
    }
}

fn name_of(draft: &Draft, n: usize) -> String {
    draft.aisles.get(n).map(|a| a.name.clone()).unwrap_or_default()
}

fn corner(words: &Catalogue, draft: &Draft, names: (&str, &str), now: (usize, usize), key: &str) -> Markup {
    let title = words.text(key);
    html! {
        div.corner role="group" aria-label=(title) {
            b { (title) }
            select name=(names.0) aria-label={ (title) ": " (words.text("places-aisle")) } { @for (n, aisle) in draft.aisles.iter().enumerate() {
                option value=(n) selected[n == now.0] { (words.text_with("layout-aisle-of", &[("name", Arg::Text(aisle.name.clone()))])) }
            } }
            select name=(names.1) aria-label={ (title) ": " (words.text("layout-crosses")) } { @for n in 0..draft.crosses.len() {
                option value=(n) selected[n == now.1] { (words.text_with("layout-cross-of", &[("n", Arg::Int(i64::try_from(n + 1).unwrap_or(0)))])) }
            } }
        }
    }
}
