//! What the office needs of one order on its page: what to look at, who bought, when it leaves, fields that are changed in place, and
//! what can be done to it now. The same cells as in the table, and the same rules.

use super::super::marks::{TRIANGLE, icon};
use super::super::visitor::Visitor;
use super::cells::{Desk, cell};
use super::columns::Column;
use crate::central::services::orders::table::TableRow;
use maud::{Markup, html};

/// The columns that stand on the page, in their order.
const SHOWN: [Column; 9] = [
    Column::Customer,
    Column::Alerts,
    Column::Priority,
    Column::Expected,
    Column::ShipBy,
    Column::Shipping,
    Column::Total,
    Column::Note,
    Column::Actions,
];

/// The card.
pub fn card(visitor: &Visitor, row: &TableRow, services: &[(String, String)]) -> Markup {
    let words = visitor.words();
    let back = format!("/orders/{}", row.number);
    let desk = Desk { visitor, services, seen_ms: i64::MAX, back: &back };
    html! {
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
    }
}
