//! From the return on the bench to its view, with what the band says.

use super::desk::Case;
use super::feedback::product_view;
use super::view::{GradedView, HandView, ProductView, ReturnLineView, ReturnView};
use crate::core::ids::ProductId;
use crate::core::message::{Arg, Message};
use crate::core::returns::Hand;
use crate::core::signal::Signal;

fn product(case: &Case, id: ProductId) -> ProductView {
    let bin = case.shelves.get(&id).cloned();
    match case.products.get(&id) {
        Some(known) => product_view(known, bin),
        None => ProductView { id, sku: String::new(), name: String::new(), bin },
    }
}

/// The view of this moment.
pub(super) fn intake(case: &Case) -> ReturnView {
    let s = &case.intake;
    let line_in_hand = s.hand.as_ref().map(|hand| hand.line);
    let lines = s.lines.iter().map(|line| ReturnLineView {
        product: product(case, line.product),
        came: s.came(line),
        asked: line.asked,
        current: Some(line.no) == line_in_hand,
    });
    let (came, asked) = s.counts();
    let (say, say_detail, signal) = say(case);
    ReturnView {
        number: s.number.clone(),
        order: s.order.clone(),
        lines: lines.collect(),
        came,
        asked,
        hand: s.hand.as_ref().map(|hand| in_hand(case, hand)),
        last: s.last.as_ref().map(|unit| GradedView {
            product: product(case, unit.product),
            units: unit.units,
            grade: unit.grade,
            place: unit.place.clone(),
        }),
        say,
        say_detail,
        signal,
    }
}

fn in_hand(case: &Case, hand: &Hand) -> HandView {
    let line = case.intake.line(hand.line);
    HandView {
        product: product(case, hand.product),
        units: hand.units,
        count: line.map_or((0, 0), |line| (case.intake.came(line), line.asked)),
        asks: hand.asks(),
        trace: hand.trace.clone(),
        shelf: hand.shelf.clone(),
        aside: hand.shelf.clone().filter(|_| hand.shelf_scanned),
    }
}

/// What the band says while nothing else speaks.
fn say(case: &Case) -> (Message, Option<Message>, Signal) {
    let s = &case.intake;
    let Some(hand) = &s.hand else {
        let left = s.left();
        if left == 0 {
            return (Message::new("say-return-all"), Some(Message::new("say-return-all-detail")), Signal::Ok);
        }
        let detail = Message::new("say-return-scan-detail").with("n", left);
        return (Message::new("say-return-scan"), Some(detail), Signal::Now);
    };
    if let Some(field) = hand.asks() {
        let first = Message::new("say-trace").with("field", Arg::Key(field.key()));
        return (first, Some(Message::new("say-return-trace-detail")), Signal::Now);
    }
    let detail = match &hand.shelf {
        Some(shelf) => Message::new("say-return-grade-shelf").with("place", shelf.as_str()),
        None => Message::new("say-return-grade-no-shelf"),
    };
    (Message::new("say-return-grade"), Some(detail), Signal::Now)
}
