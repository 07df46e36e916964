//! The pages of returns: the list, making one from an order, and one with its barcode, what came of it, and how it ends. A hand scanner
//! or a phone takes units in: scan the return's number, then each product.

pub(super) mod case;
pub(super) mod list;
pub(super) mod open;

use super::marks::{BACK, BOX, CHECKED, pill};
use super::stock::{part, said};
use super::visitor::Visitor;
use crate::central::error::{Refusal, ShortLine};
use crate::central::services::orders::Method;
use crate::central::services::returns::read::Listed;
use crate::central::services::returns::{Reason, State};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use maud::{Markup, html};

/// What a refused change of a return says to the clerk.
pub(super) fn refusal_text(words: &Catalogue, refusal: &Refusal) -> String {
    let key = match refusal {
        Refusal::Missing { entity: "line" } => "returns-not-asked",
        Refusal::Missing { entity: "customer" } => "returns-guest",
        Refusal::Missing { entity: "order" } => "returns-no-order",
        Refusal::Missing { entity: "return" } => "returns-no-return",
        Refusal::Stock { available } => {
            return words.text_with("returns-too-many", &[("n", Arg::Int(*available))]);
        }
        Refusal::State { entity: "return", .. } => "returns-not-now",
        Refusal::Short { lines } => {
            let one = |line: &ShortLine| format!("{} {}/{}", line.sku, line.available, line.wanted);
            let lines: Vec<String> = lines.iter().map(one).collect();
            return words.text_with("returns-short", &[("lines", Arg::Text(lines.join("; ")))]);
        }
        other => return said(words, other),
    };
    words.text(key).into_owned()
}

/// A state as a pill; a return that is over says how it ended.
pub(super) fn state_mark(words: &Catalogue, row: &Listed) -> Markup {
    let (look, path) = match row.state {
        State::Requested => ("a", BACK),
        State::Received => ("w", BOX),
        State::Closed => ("k", CHECKED),
    };
    let key = match row.resolution {
        Some(resolution) => format!("returns-end-{}", resolution.word()),
        None => format!("returns-state-{}", row.state.word()),
    };
    pill(look, path, &words.text(&key))
}

/// Name of a reason.
pub(super) fn reason_name(words: &Catalogue, word: &str) -> String {
    if Reason::of(word).is_some() { words.text(&format!("returns-reason-{word}")).into_owned() } else { String::new() }
}

/// A choice of ways to pay.
pub(super) fn methods(words: &Catalogue, chosen: &str) -> Markup {
    html! { select name="method" { @for method in Method::ALL {
        option value=(method.word()) selected[method.word() == chosen] { (super::orders::method_name(words, method.word())) }
    } } }
}

/// The returns of an order as a card on its page, with the way to make one.
pub(super) fn card(visitor: &Visitor, order: &str, rows: &[Listed], from: Option<&str>, may_open: bool) -> Markup {
    let words = visitor.words();
    html! {
        @if !rows.is_empty() || from.is_some() || may_open {
            section.card.pad {
                h2 { (words.text("returns-title")) }
                @if let Some(from) = from {
                    p { (words.text("returns-goes-out-for")) " " a.mono href={ "/returns/" (part(from)) } { (from) } }
                }
                @for row in rows {
                    p { a.mono href={ "/returns/" (part(&row.number)) } { (row.number) } " " (state_mark(words, row)) " "
                        (words.format().number(row.units.1)) "/" (words.format().number(row.units.0)) }
                }
                @if may_open { div.answers { a.btn href={ "/orders/" (part(order)) "/return" } { (words.text("returns-new")) } } }
            }
        }
    }
}
