//! What stands above the rows: tabs and saved views, the text and the filters, chips of what is chosen, the columns, and the bar of
//! what is done to the chosen orders.

use super::super::marks::{BACK, CLOCK, COLUMNS, CROSS, FUNNEL, GLASS, NEXT, ORDER, PIN, SCAN, STAR, TRUCK, icon};
use super::super::visitor::Visitor;
use super::asked::{Asked, Tab};
use super::cells::method_name;
use super::columns::{Column, Layout, WIDTH_PX};
use crate::central::services::access::Permission;
use crate::central::services::orders::Method;
use crate::central::services::orders::table::export::Format;
use crate::central::services::orders::table::views::{NAME_MAX, View};
use crate::central::services::orders::table::{BUYERS, Count, FULFILLMENTS, Flag, PAYMENTS, STATUSES};
use crate::i18n::Catalogue;
use maud::{Markup, html};

/// Tabs that are always there, then saved views.
pub fn tabs(visitor: &Visitor, asked: &Asked, views: &[View], counts: &[(Tab, Count)]) -> Markup {
    let words = visitor.words();
    let here = asked.query();
    let saved = |view: &View| Asked::of_query(&view.query).query() == here;
    let any_saved = views.iter().any(saved);
    let count = |tab: Tab| counts.iter().find(|(of, _)| *of == tab).map(|(_, count)| *count);
    html! {
        nav.tabs aria-label=(words.text("orders-views")) {
            @for tab in Tab::ALL {
                @let on = tab == asked.tab && !any_saved;
                a.on[on] href=(asked.on(tab).link()) aria-current=[on.then_some("page")] {
                    (words.text(tab.key()))
                    @match count(tab) {
                        Some(Count::Exactly(n)) if n > 0 => span.st.count { (words.format().number(n)) },
                        Some(Count::MoreThan(n)) => span.st.count { (words.format().number(n)) "+" },
                        _ => {}
                    }
                }
            }
            @for view in views {
                @let on = saved(view);
                a.on[on] href={ "/orders?" (view.query) } aria-current=[on.then_some("page")] {
                    @if view.shared { (icon(PIN, 14)) } @else { (icon(STAR, 14)) }
                    " " (view.name)
                }
            }
        }
    }
}

fn any(words: &Catalogue) -> Markup {
    html! { option value="" { (words.text("console-any")) } }
}

/// A group of words of which any may be ticked.
fn ticks(words: &Catalogue, (legend, name): (&str, &str), all: &[(&str, String)], on: &[String]) -> Markup {
    html! {
        fieldset {
            legend { (words.text(legend)) }
            @for (word, text) in all {
                label.check { input type="checkbox" name=(name) value=(word) checked[on.iter().any(|one| one == word)]; (text) }
            }
        }
    }
}

fn keyed<'a>(words: &Catalogue, prefix: &str, all: &'a [&'a str]) -> Vec<(&'a str, String)> {
    all.iter().map(|word| (*word, words.text(&format!("{prefix}{}", word.replace('_', "-"))).into_owned())).collect()
}

/// What a fulfillment status is called, without figures.
fn fulfillment_name(words: &Catalogue, word: &str) -> String {
    let key = match word {
        "in_progress" => "orders-fulfillment-in-progress",
        "packed" => "fulfillment-packed",
        "partially_shipped" => "handover-partially-shipped",
        "shipped" => "fulfillment-shipped",
        "delivered" => "orders-fulfillment-delivered",
        "nothing_to_ship" => "orders-fulfillment-nothing",
        "cancelled" => "fulfillment-cancelled",
        _ => "fulfillment-unfulfilled",
    };
    words.text(key).into_owned()
}

/// The text, and the filters that unfold.
pub fn filters(visitor: &Visitor, asked: &Asked, services: &[(String, String)], categories: &[String]) -> Markup {
    let words = visitor.words();
    let fulfillments: Vec<(&str, String)> =
        FULFILLMENTS.iter().map(|word| (*word, fulfillment_name(words, word))).collect();
    let flags: Vec<(&str, String)> = Flag::ALL
        .iter()
        .map(|flag| (flag.word(), words.text(&format!("orders-flag-{}", flag.word())).into_owned()))
        .collect();
    let flagged: Vec<String> = asked.flags.iter().map(|flag| flag.word().to_owned()).collect();
    html! {
        form.filters.table method="get" action="/orders" role="search" {
            input type="hidden" name="tab" value=(asked.tab.word());
            @if asked.sort != crate::central::services::orders::table::Sort::default() {
                input type="hidden" name="sort" value=(asked.sort.text());
            }
            @if let Some(layout) = &asked.layout { input type="hidden" name="cols" value=(layout.text()); }
            label.field { (icon(GLASS, 18))
                input #search type="search" name="search" value=(asked.search) placeholder=(words.text("console-search-hint"))
                    aria-label=(words.text("console-search")) aria-keyshortcuts="/"; }
            button.btn { (words.text("console-search")) }
            details.drop.filter {
                summary.btn { (icon(FUNNEL, 18)) (words.text("orders-filters")) }
                div.panel {
                    div.two {
                        label { (words.text("orders-from")) input type="date" name="from" value=(asked.from); }
                        label { (words.text("orders-until")) input type="date" name="until" value=(asked.until); }
                        label { (words.text("orders-buyer")) select name="buyer" { (any(words))
                            @for (word, text) in keyed(words, "orders-buyer-", BUYERS) { option value=(word) selected[asked.buyer == word] { (text) } } } }
                        label { (words.text("orders-method")) select name="method" { (any(words))
                            @for method in Method::ALL { option value=(method.word()) selected[asked.method == method.word()] { (method_name(words, method.word())) } } } }
                        label { (words.text("column-shipping")) select name="shipping" { (any(words))
                            @for (code, name) in services { option value=(code) selected[asked.shipping == *code] { (name) } } } }
                        @if !categories.is_empty() {
                            label { (words.text("orders-category")) select name="category" { (any(words))
                                @for category in categories { option value=(category) selected[asked.category == *category] { (category) } } } }
                        }
                    }
                    (ticks(words, ("column-status", "status"), &keyed(words, "status-", STATUSES), &asked.status))
                    (ticks(words, ("column-payment", "payment"), &keyed(words, "payment-", PAYMENTS), &asked.payment))
                    (ticks(words, ("column-fulfillment", "fulfillment"), &fulfillments, &asked.fulfillment))
                    (ticks(words, ("orders-flags", "flag"), &flags, &flagged))
                    div.answers { button.btn.pri { (words.text("orders-apply")) } }
                }
            }
        }
    }
}

/// What is chosen, each with the way to take it away.
pub fn chips(visitor: &Visitor, asked: &Asked, services: &[(String, String)]) -> Markup {
    let words = visitor.words();
    let text = |name: &str, value: &str| match name {
        "status" => words.text(&format!("status-{value}")).into_owned(),
        "payment" => words.text(&format!("payment-{}", value.replace('_', "-"))).into_owned(),
        "fulfillment" => fulfillment_name(words, value),
        "buyer" => words.text(&format!("orders-buyer-{value}")).into_owned(),
        "method" => method_name(words, value),
        "flag" => words.text(&format!("orders-flag-{value}")).into_owned(),
        "shipping" => services.iter().find(|(code, _)| code == value).map_or(value, |(_, name)| name).to_owned(),
        "from" => format!("{} {value}", words.text("orders-from")),
        "until" => format!("{} {value}", words.text("orders-until")),
        _ => value.to_owned(),
    };
    let take = words.text("orders-take-away");
    html! {
        @for (name, value) in asked.chosen() {
            a.chip href=(asked.without(name, &value).link()) title=(take) { (text(name, &value)) (icon(CROSS, 14)) span.off { (take) } }
        }
        @if !asked.search.is_empty() {
            a.chip href=(asked.without("search", &asked.search).link()) title=(take) { "“" (asked.search) "”" (icon(CROSS, 14)) span.off { (take) } }
        }
    }
}

/// Saves what the address says under a name; one's own views can be taken away.
pub fn save_view(visitor: &Visitor, asked: &Asked, views: &[View]) -> Markup {
    let words = visitor.words();
    html! {
        details.drop {
            summary.btn { (icon(STAR, 18)) (words.text("orders-save-view")) }
            div.panel {
                form method="post" action="/orders/views" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="query" value=(asked.query());
                    label { (words.text("orders-view-name")) input name="name" required maxlength=(NAME_MAX) autocomplete="off"; }
                    label.check { input type="checkbox" name="shared" value="1"; (words.text("orders-view-shared")) }
                    div.answers { button.btn.pri { (words.text("office-save")) } }
                }
                @for view in views.iter().filter(|view| view.own) {
                    form.inline method="post" action={ "/orders/views/" (view.id) "/remove" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        span.grow { (view.name) }
                        button.btn { (icon(CROSS, 16)) (words.text("orders-view-remove")) }
                    }
                }
            }
        }
    }
}

/// Which columns, in which places, how wide.
pub fn columns(visitor: &Visitor, asked: &Asked, layout: &Layout) -> Markup {
    let words = visitor.words();
    let place = |column: Column| layout.0.iter().position(|(there, _)| *there == column);
    let width = |column: Column| layout.0.iter().find(|(there, _)| *there == column).and_then(|(_, width)| *width);
    let mut all = Column::ALL;
    all.sort_by_key(|column| place(*column).unwrap_or(usize::MAX));
    html! {
        details.drop.right {
            summary.btn { (icon(COLUMNS, 18)) (words.text("orders-columns")) }
            div.panel {
                form #columns method="post" action="/orders/columns" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="query" value=(Asked { layout: None, ..asked.clone() }.query());
                    p.small { (words.text("orders-columns-hint")) }
                    @for (at, column) in all.into_iter().enumerate() {
                        @let name = words.text(column.key());
                        div.columnline {
                            label.check.grow { input type="checkbox" name={ "on-" (column.word()) } value="1" checked[place(column).is_some()]; (name) }
                            input type="number" name={ "at-" (column.word()) } min="1" max="99" value=(at + 1)
                                aria-label={ (name) ": " (words.text("orders-column-place")) };
                            input type="number" name={ "px-" (column.word()) } min=(WIDTH_PX.start()) max=(WIDTH_PX.end()) value=[width(column)]
                                placeholder="px" aria-label={ (name) ": " (words.text("orders-column-width")) };
                        }
                    }
                    div.answers {
                        button.btn.pri { (words.text("office-save")) }
                        button.btn name="reset" value="1" { (words.text("orders-columns-reset")) }
                    }
                }
            }
        }
    }
}

/// The bar of what is done to the chosen orders. The boxes of the rows belong to its form; `every` is what all orders that fit are
/// called, and the filter they fit.
pub fn bulk(visitor: &Visitor, back: &str, stations: &[(String, String)], every: Option<&(String, String)>) -> Markup {
    let words = visitor.words();
    let act = |action: &str, key: &str, path: &str| html! { button.btn name="do" value=(action) { (icon(path, 16)) (words.text(key)) } };
    html! {
        form.bulk #bulk method="post" action="/orders/act" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="back" value=(back);
            output #chosen data-none=(words.text("orders-none-chosen")) data-some=(words.text_with("console-chosen", &[("n", crate::core::message::Arg::Int(0))])) { (words.text("orders-none-chosen")) }
            @if let Some((text, query)) = every {
                input type="hidden" name="query" value=(query);
                label.check.every { input type="checkbox" name="every" value="1"; (text) }
            }
            @if visitor.may(Permission::OrderUpdate) {
                (act("hold", "console-hold", CLOCK)) (act("let_go", "orders-act-let-go", NEXT))
            }
            @if visitor.may(Permission::OrderExpedite) {
                (act("first", "orders-act-first", NEXT)) (act("in_turn", "orders-act-in-turn", BACK))
            }
            @if visitor.may(Permission::PersonView) { (act("slips", "orders-act-slips", TRUCK)) }
            @if visitor.may(Permission::OrderExpedite) && !stations.is_empty() {
                span.pairbtn {
                    select name="station" aria-label=(words.text("column-station")) {
                        @for (id, name) in stations { option value=(id) { (name) } }
                    }
                    (act("assign", "orders-act-assign", SCAN))
                }
            }
            @if visitor.may(Permission::OrderDelete) { (act("call_off", "orders-act-call-off", CROSS)) }
        }
    }
}

/// Takes what is shown out as a file.
pub fn export(visitor: &Visitor, asked: &Asked) -> Markup {
    let words = visitor.words();
    html! {
        details.drop {
            summary.btn { (icon(ORDER, 18)) (words.text("orders-export")) }
            div.panel {
                form method="post" action="/orders/exports" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="query" value=(asked.query());
                    p.small { (words.text("orders-export-hint")) }
                    div.answers {
                        @for format in Format::ALL { button.btn name="format" value=(format.word()) { (format.word().to_uppercase()) } }
                    }
                }
                p { a href="/orders/exports" { (words.text("orders-exports")) } }
                @if visitor.may(Permission::ImportRun) { p { a href="/import" { (words.text("sheet-title")) } } }
            }
        }
    }
}
