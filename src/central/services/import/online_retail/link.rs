//! Which order does a cancellation take back? The newest earlier order of the same customer that still has enough of the
//! product not yet taken back; failing that, the newest that has any. Cancellations without a customer, or of what was
//! bought before the file begins, stand alone. Pure.

use super::classify::InvoiceKind;
use super::stage::Staged;
use std::collections::HashMap;

/// A line of a staged order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Index of the invoice.
    pub invoice: u32,
    /// Line of its order, from 1.
    pub line_no: u32,
}

/// What is known about taking back.
#[derive(Default)]
pub(super) struct Links {
    /// By row of a cancellation.
    pub of_row: HashMap<usize, Link>,
    /// Units asked back, by invoice and line of the order.
    pub asked_back: HashMap<(u32, u32), i64>,
}

struct Sold {
    link: Link,
    at_ms: i64,
    left: i64,
}

/// Links every cancellation of the file.
pub(super) fn link(staged: &Staged) -> Links {
    let mut sold: HashMap<(u32, u32), Vec<Sold>> = HashMap::new();
    for (number, invoice) in (0_u32..).zip(&staged.invoices) {
        let Some(customer) = invoice.customer else { continue };
        for (line_no, row) in (1..).zip(staged.order_rows(invoice)) {
            let left = i64::from(row.quantity);
            if left > 0 {
                let link = Link { invoice: number, line_no };
                sold.entry((customer, row.code)).or_default().push(Sold { link, at_ms: row.at_ms, left });
            }
        }
    }
    for lines in sold.values_mut() {
        lines.sort_by_key(|line| line.at_ms);
    }
    let mut links = Links::default();
    for invoice in staged.invoices.iter().filter(|invoice| invoice.kind == InvoiceKind::Cancellation) {
        let Some(customer) = invoice.customer else { continue };
        for at in invoice.rows.clone() {
            let Some(row) = staged.rows.get(at) else { continue };
            let Some(lines) = sold.get_mut(&(customer, row.code)) else { continue };
            let wanted = i64::from(row.quantity).abs();
            let earlier = lines.iter().rposition(|s| s.at_ms <= row.at_ms && s.left >= wanted);
            let any = || lines.iter().rposition(|s| s.at_ms <= row.at_ms && s.left > 0);
            let Some(found) = earlier.or_else(any).and_then(|i| lines.get_mut(i)) else { continue };
            let taken = wanted.min(found.left);
            found.left -= taken;
            links.of_row.insert(at, found.link);
            *links.asked_back.entry((found.link.invoice, found.link.line_no)).or_default() += taken;
        }
    }
    links
}
