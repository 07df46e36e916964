//! What the office needs of one order on its page: what can be done to it now, what to look at, who bought, when it leaves, and fields
//! that are changed in place. The same cells as in the table, and the same rules.

use super::super::marks::{TRIANGLE, icon};
use super::super::visitor::Visitor;
use super::cells::{Desk, acts, cell};
use super::columns::Column;
use crate::central::services::orders::table::TableRow;
use maud::{Markup, html};

/// What stands beside the three axes.
const BESIDE: [Column; 2] = [Column::ShipBy, Column::Total];
/// What stands in the card below, in its order.
const SHOWN: [Column; 6] =
    [Column::Customer, Column::Alerts, Column::Priority, Column::Expected, Column::Shipping, Column::Note];

/// Parts of an order's page that are read from its row of the table.
pub struct Parts {
    /// The buttons beside its number.
    pub acts: Markup,
    /// What stands beside the three axes.
    pub beside: Markup,
    /// The card below them.
    pub card: Markup,
}

/// The parts.
pub fn parts(visitor: &Visitor, row: &TableRow, services: &[(String, String)]) -> Parts {
    let words = visitor.words();
    let back = format!("/orders/{}", row.number);
    let desk = Desk { visitor, services, seen_ms: i64::MAX, back: &back };
    let beside = html! {
        @for column in BESIDE { div { div.small { (words.text(column.key())) } (cell(&desk, row, column)) } }
    };
    let card = html! {
        @if let Some(twin) = row.twin.as_ref().filter(|_| row.open) {
            p.card.pad.question role="status" { (icon(TRIANGLE, 18)) " " (words.text("orders-twin")) " "
                a.mono href={ "/orders/" (twin) } { (twin) } }
        }
        form #bulk method="post" action="/orders/act" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="back" value=(back);
        }
        dl.card.pad.deskcard {
            @for column in SHOWN {
                div { dt { (words.text(column.key())) } dd { (cell(&desk, row, column)) } }
            }
        }
    };
    Parts { acts: acts(&desk, row), beside, card }
}
