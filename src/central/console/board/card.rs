//! A card: what a clerk needs to know an order by, how long it has been here, and what can be done to it at once. Whatever a colour
//! says an icon and a word say too.

use super::super::country::country_name;
use super::super::marks::{self, BOX, CLOCK, GRIP, NEXT, ORDER, PHONE, STAR, TRIANGLE, TRUCK, icon, pill};
use super::super::orders::{alert, moment, money};
use super::super::visitor::Visitor;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::{Expected, TableRow};
use crate::central::services::pipelines::board::{Card, Lane};
use crate::central::services::pipelines::{Pipeline, Stage};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use maud::{Markup, html};

/// Alerts that a card shows.
const ALERTS_SHOWN: usize = 2;

/// What every card needs.
pub struct Desk<'a> {
    pub visitor: &'a Visitor,
    pub pipeline: &'a Pipeline,
    pub lane: Lane,
    /// The page's address, for forms.
    pub back: &'a str,
}

/// The name of a stage for who looks.
pub fn stage_name<'a>(words: &Catalogue, stage: &'a Stage) -> &'a str {
    stage.names.of(words.lang().code())
}

/// How a pill of that look is drawn: its class and its icon.
pub const fn look(word: &str) -> (&'static str, &'static str) {
    match word.as_bytes() {
        b"now" => ("a", BOX),
        b"ok" => ("k", marks::CHECKED),
        b"decide" => ("w", TRIANGLE),
        b"stop" => ("x", marks::OCTAGON),
        _ => ("", marks::MINUS),
    }
}

/// The card.
pub fn card(desk: &Desk<'_>, card: &Card) -> Markup {
    let (words, row) = (desk.visitor.words(), &card.row);
    let number = || Arg::Text(row.number.clone());
    let lane = match desk.lane {
        Lane::None => "",
        Lane::Buyer => &card.lanes[0],
        Lane::Shipping => &card.lanes[1],
        Lane::Category => &card.lanes[2],
    };
    let stopped = row.alerts.iter().any(|alert| alert.stops());
    let may = desk.visitor.may(Permission::OrderUpdate);
    let pick = words.text_with("orders-choose", &[("order", number())]);
    let age = words.format().span_min(desk.visitor.now_ms - card.since_ms);
    let here = words.text_with("board-here-for", &[("age", Arg::Text(age.clone()))]);
    html! {
        li.kard.x[stopped].w[!stopped && (row.rush || row.late())].a[!stopped && row.expedited] data-id=(row.id)
            data-order=(row.number) data-stage=(card.stage) data-lane=(lane) data-version=(card.version)
            data-rank=(card.sort.0) data-due=(card.sort.1) tabindex="-1" {
            div.top {
                @if may {
                    label.pick { input type="checkbox" name="pick" value={ (row.id) " " (card.version) } form="bulk" aria-label=(pick); }
                }
                a.mono href={ "/orders/" (row.number) } { (row.number) }
                b { (money(words, row.total_minor, &row.currency)) }
                @if may {
                    span.handle aria-hidden="true" title=(words.text_with("board-handle", &[("order", number())])) { (icon(GRIP, 18)) }
                }
            }
            div.who { (who(words, row)) }
            div.pills { (pills(desk, card)) }
            @if let Some(note) = &card.note { p.small.word { (note) } }
            div.end {
                span.small title=(here) { (icon(CLOCK, 14)) span aria-hidden="true" { " " (age) } span.off { " " (here) } }
                @if may {
                    a.btn.move href=(move_link(card, desk.back)) aria-label=(words.text_with("board-move-order", &[("order", number())])) {
                        (icon(NEXT, 16)) (words.text("board-move"))
                    }
                    (acts(desk, row))
                }
            }
        }
    }
}

/// Where the card is moved without a mouse.
pub fn move_link(card: &Card, back: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("pick", format!("{} {}", card.row.id, card.version).as_str()), ("back", back)]);
    format!("/board/move?{}", query.finish())
}

fn who(words: &Catalogue, row: &TableRow) -> Markup {
    let guest = words.text("order-guest");
    let name = row.profile.as_ref().map(|known| known.name.as_str()).filter(|name| !name.is_empty());
    let shown = name.or(Some(row.customer_no.as_str()).filter(|no| !no.is_empty())).unwrap_or(&guest);
    html! {
        (shown) @if !row.country_text.is_empty() { " · " (country_name(words, &row.country, &row.country_text)) } " · "
        (words.text_with("word-items", &[("n", Arg::Int(row.units))]))
    }
}

fn pills(desk: &Desk<'_>, card: &Card) -> Markup {
    let (words, row, now_ms) = (desk.visitor.words(), &card.row, desk.visitor.now_ms);
    let sub = desk.pipeline.stage(&card.stage).and_then(|(_, stage)| stage.sub(&card.sub));
    let begun = row.fulfillment != "unfulfilled" && row.fulfillment != "nothing_to_ship";
    html! {
        @if begun { (marks::fulfillment(words, &row.fulfillment, row.packed, row.units, row.short)) }
        @else { (marks::payment(words, &row.payment)) }
        @if let Some(sub) = sub { (pill("a", ORDER, sub.names.of(words.lang().code()))) }
        @match (row.expected, row.ship_by_ms) {
            (Expected::At(at), _) if row.late() => span.st.x { (icon(CLOCK, 16)) (moment(words, at.0, now_ms)) },
            (Expected::Over, _) | (_, None) => {},
            (_, Some(by)) => span.st.w[by < now_ms] { (icon(CLOCK, 16)) (moment(words, by, now_ms)) },
        }
        @if row.expedited { (pill("a", NEXT, &words.text("orders-flag-expedited"))) }
        @if row.rush { (pill("w", CLOCK, &words.text("orders-flag-rush"))) }
        @if row.vip { (pill("a", STAR, &words.text("orders-flag-vip"))) }
        @for one in row.alerts.iter().take(ALERTS_SHOWN) { (alert(words, *one)) }
        @if card.calls > 0 && desk.visitor.may(Permission::CallView) {
            (pill("", PHONE, &words.text_with("board-calls-n", &[("n", Arg::Int(card.calls))])))
        }
        @if let Some(at) = card.remind_ms.filter(|at| *at <= now_ms) {
            span.st.w title=(desk.visitor.when(at)) { (icon(CLOCK, 16)) (words.text("board-reminded")) }
        }
    }
}

/// What else can be done at once.
fn acts(desk: &Desk<'_>, row: &TableRow) -> Markup {
    let words = desk.visitor.words();
    let may = |permission| desk.visitor.may(permission);
    html! {
        details.peek.acts {
            summary { (words.text("board-more")) span.off { " " (row.number) } }
            div {
                a.btn href={ "/orders/" (row.number) } { (icon(ORDER, 16)) (words.text("orders-open")) }
                a.btn href={ "/orders/" (row.number) "#stage" } { (icon(ORDER, 16)) (words.text("board-note")) }
                @if may(Permission::CallAdd) {
                    a.btn href={ "/orders/" (row.number) "#calls" } { (icon(PHONE, 16)) (words.text("console-log-call")) }
                }
                @if may(Permission::PersonView) {
                    button.btn form="slips" name="one" value={ "slips " (row.id) } { (icon(TRUCK, 16)) (words.text("orders-act-slips")) }
                }
                @if row.open && may(Permission::OrderExpedite) {
                    @let (act, key) = if row.expedited { ("in_turn", "orders-act-in-turn") } else { ("first", "orders-act-first") };
                    button.btn form="slips" name="one" value={ (act) " " (row.id) } { (icon(NEXT, 16)) (words.text(key)) }
                }
            }
        }
    }
}
