//! What stands above the columns: the pipeline, lanes, the text and the filters, chips of what is chosen, and the bar that moves the
//! chosen cards.

use super::super::marks::{CROSS, FUNNEL, GLASS, NEXT, icon};
use super::super::visitor::Visitor;
use super::asked::Asked;
use super::card::stage_name;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::{BUYERS, Flag, PAYMENTS};
use crate::central::services::pipelines::Pipeline;
use crate::central::services::pipelines::board::Lane;
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use maud::{Markup, html};

fn lane_key(lane: Lane) -> &'static str {
    match lane {
        Lane::None => "board-lane-none",
        Lane::Buyer => "board-lane-buyer",
        Lane::Shipping => "board-lane-shipping",
        Lane::Category => "board-lane-category",
    }
}

fn any(words: &Catalogue) -> Markup {
    html! { option value="" { (words.text("console-any")) } }
}

/// Everything that is chosen by a form.
pub fn tools(
    visitor: &Visitor,
    asked: &Asked,
    pipelines: &[Pipeline],
    services: &[(String, String)],
    categories: &[String],
) -> Markup {
    let words = visitor.words();
    html! {
        form.filters.table.boardtools method="get" action="/board" role="search" {
            @if pipelines.len() > 1 {
                label.field.short { span.off { (words.text("board-pipeline")) } select name="p" {
                    @for one in pipelines { option value=(one.code) selected[one.code == asked.pipeline] { (one.names.of(words.lang().code())) } }
                } }
            }
            label.field.short { span.off { (words.text("board-lanes")) } select name="lane" {
                @for lane in Lane::ALL { option value=(lane.word()) selected[lane == asked.lane] { (words.text(lane_key(lane))) } }
            } }
            label.field { (icon(GLASS, 18))
                input #search type="search" name="search" value=(asked.search) placeholder=(words.text("board-find"))
                    aria-label=(words.text("board-find")) aria-keyshortcuts="/"; }
            details.drop.filter {
                summary.btn { (icon(FUNNEL, 18)) (words.text("orders-filters")) }
                div.panel { (filters(words, asked, services, categories)) }
            }
            button.btn { (words.text("board-show")) }
        }
    }
}

fn filters(words: &Catalogue, asked: &Asked, services: &[(String, String)], categories: &[String]) -> Markup {
    html! {
        div.two {
            label { (words.text("orders-buyer")) select name="buyer" { (any(words))
                @for word in BUYERS { option value=(word) selected[asked.buyer == *word] { (words.text(&format!("orders-buyer-{word}"))) } }
            } }
            label { (words.text("column-shipping")) select name="shipping" { (any(words))
                @for (code, name) in services { option value=(code) selected[asked.shipping == *code] { (name) } }
            } }
            label { (words.text("column-payment")) select name="payment" { (any(words))
                @for word in PAYMENTS {
                    option value=(word) selected[asked.payment == *word] { (words.text(&format!("payment-{}", word.replace('_', "-")))) }
                }
            } }
            @if !categories.is_empty() {
                label { (words.text("orders-category")) select name="category" { (any(words))
                    @for one in categories { option value=(one) selected[asked.category == *one] { (one) } }
                } }
            }
        }
        fieldset {
            legend { (words.text("orders-flags")) }
            @for flag in Flag::ALL {
                label.check { input type="checkbox" name="flag" value=(flag.word()) checked[asked.flags.contains(&flag)];
                    (words.text(&format!("orders-flag-{}", flag.word()))) }
            }
            label.check { input type="checkbox" name="reminded" value="1" checked[asked.reminded]; (words.text("board-reminded")) }
        }
        button.btn.pri { (words.text("board-show")) }
    }
}

/// What is chosen, each with the way to take it away.
pub fn chips(visitor: &Visitor, asked: &Asked, services: &[(String, String)]) -> Markup {
    let words = visitor.words();
    let named = |name: &str, value: &str| match name {
        "buyer" => words.text(&format!("orders-buyer-{value}")).into_owned(),
        "payment" => words.text(&format!("payment-{}", value.replace('_', "-"))).into_owned(),
        "flag" => words.text(&format!("orders-flag-{value}")).into_owned(),
        "reminded" => words.text("board-reminded").into_owned(),
        "shipping" => services.iter().find(|(code, _)| code == value).map_or(value, |(_, name)| name).to_owned(),
        _ => value.to_owned(),
    };
    html! {
        @if !asked.search.is_empty() { a.chip href=(asked.without("search", &asked.search).link()) { (asked.search) (icon(CROSS, 14)) } }
        @for (name, value) in asked.chosen() {
            a.chip href=(asked.without(name, &value).link()) { (named(name, &value)) (icon(CROSS, 14)) }
        }
    }
}

/// Where an order can be moved to, with sub-statuses behind their stages: `stage` or `stage sub`.
pub fn targets(words: &Catalogue, pipeline: &Pipeline, chosen: &str) -> Markup {
    let language = words.lang().code();
    html! {
        @for stage in &pipeline.stages {
            option value=(stage.id) selected[chosen == stage.id] disabled[stage.by_work && !chosen.starts_with(&stage.id)] { (stage_name(words, stage)) }
            @for sub in &stage.subs {
                @let value = format!("{} {}", stage.id, sub.code);
                option value=(value) selected[chosen == value] disabled[stage.by_work && !chosen.starts_with(&stage.id)] {
                    (stage_name(words, stage)) " · " (sub.names.of(language))
                }
            }
        }
    }
}

/// The bar of the chosen.
pub fn bulk(visitor: &Visitor, back: &str, pipeline: &Pipeline) -> Markup {
    let words = visitor.words();
    if !visitor.may(Permission::OrderUpdate) {
        return html! {};
    }
    html! {
        form.bulk #bulk method="post" action="/board/move" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="back" value=(back);
            output #chosen data-none=(words.text("orders-none-chosen"))
                data-some=(words.text_with("console-chosen", &[("n", Arg::Int(0))])) { (words.text("orders-none-chosen")) }
            label.inline { span { (words.text("board-move-to")) } select name="to" { (targets(words, pipeline, "")) } }
            label.inline { span { (words.text("board-note")) } input name="note" maxlength="500"; }
            button.btn { (icon(NEXT, 16)) (words.text("board-move")) }
        }
    }
}
