//! What a step of the form sends, laid over the document. Amounts are typed with a point or a comma and become whole minor units;
//! no floating point is used on the way.

use crate::central::error::Refusal;
use crate::central::services::orders::Method;
use crate::central::services::orders::drafts::{Document, Step};
use crate::central::services::orders::entry::{DeskKind, LINES_MAX, NewLine, Remark, Terms};
use crate::core::country;
use crate::core::money::Currency;
use crate::protocol::wire::order::Address;

/// The fields of a form, in order.
#[derive(Clone, Debug, Default)]
pub(in crate::central::console) struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a name, trimmed; empty if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether the form sent a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// A whole number; 0 for what is none.
    pub fn int(&self, name: &str) -> i64 {
        self.get(name).parse().unwrap_or(0)
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|text| !text.is_empty())
    }

    /// The address that was typed.
    pub fn address(&self) -> Address {
        let lines = ["line1", "line2", "line3"].iter().filter_map(|name| self.some(name));
        let phone: String = self.get("phone").chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        Address {
            name: self.get("name").to_owned(),
            company: self.some("company"),
            lines: lines.collect(),
            city: self.get("city").to_owned(),
            region: self.some("region"),
            postcode: self.some("postcode"),
            country: country::meant(self.get("country")),
            phone: Some(phone).filter(|text| !text.is_empty()),
            email: self.some("email"),
            instructions: None,
        }
    }
}

/// An amount with so many decimals as the smallest unit: `12.5` with two is 1250. None for what is no amount.
pub(in crate::central::console) fn amount(text: &str, decimals: u32) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let width = decimals as usize;
    if whole.is_empty() || whole.len() > 12 || !plain(whole) || !plain(part) || part.len() > width {
        return None;
    }
    let minor: i64 = format!("{part:0<width$}").parse().unwrap_or(0);
    whole.parse::<i64>().ok()?.checked_mul(10_i64.checked_pow(decimals)?)?.checked_add(minor)
}

fn decimals(currency: &str) -> u32 {
    Currency::new(currency).map_or(2, Currency::exponent)
}

/// Lays what a step sent over the document.
///
/// # Errors
/// [`Refusal::Field`] for an amount that is none; the rest is laid over all the same.
pub(super) fn lay(
    step: Step,
    kind: DeskKind,
    currency: &str,
    fields: &Fields,
    doc: &mut Document,
) -> Result<(), Refusal> {
    match step {
        Step::General => {
            if let Some((carrier, service)) = fields.get("shipping").split_once('/') {
                doc.shipping = (carrier.to_owned(), service.to_owned());
            }
            doc.ship_by = fields.get("ship_by").to_owned();
            doc.note = fields.get("note").to_owned();
            doc.remark = Remark::ALL.into_iter().find(|remark| remark.word() == fields.get("remark"));
            doc.remark_text = fields.get("remark_text").to_owned();
            Ok(())
        }
        Step::Customer => {
            doc.address = fields.address();
            Ok(())
        }
        Step::Items => items(kind, currency, fields, doc),
        Step::Payment => {
            doc.terms = Terms::ALL.into_iter().find(|terms| terms.word() == fields.get("terms")).unwrap_or(doc.terms);
            doc.method = Method::ALL.into_iter().find(|how| how.word() == fields.get("method")).unwrap_or(doc.method);
            doc.reference = fields.get("reference").to_owned();
            match fields.get("paid") {
                "" => doc.paid_minor = 0,
                typed => {
                    doc.paid_minor = amount(typed, decimals(currency))
                        .ok_or(Refusal::Field { field: "payment.amount", why: "must be an amount" })?;
                }
            }
            Ok(())
        }
        Step::Overview => Ok(()),
    }
}

fn items(kind: DeskKind, currency: &str, fields: &Fields, doc: &mut Document) -> Result<(), Refusal> {
    let mut wrong = None;
    for (n, line) in doc.lines.iter_mut().enumerate() {
        line.quantity = fields.int(&format!("units-{n}"));
        if kind == DeskKind::B2c {
            match fields.get(&format!("price-{n}")) {
                "" => line.price_minor = None,
                typed => match amount(typed, decimals(currency)) {
                    Some(minor) => line.price_minor = Some(minor),
                    None => wrong = Some(Refusal::Field { field: "lines.price", why: "must be an amount" }),
                },
            }
        }
        match fields.get(&format!("tax-{n}")) {
            "" => line.tax_rate_bp = None,
            typed => match amount(typed, 2).and_then(|bp| u32::try_from(bp).ok()) {
                Some(bp) => line.tax_rate_bp = Some(bp),
                None => wrong = Some(Refusal::Field { field: "lines.tax", why: "must be a percentage" }),
            },
        }
    }
    doc.backorder = !fields.get("backorder").is_empty();
    if fields.get("go") == "add" {
        for sku in fields.all("pick") {
            if let Some(known) = doc.lines.iter_mut().find(|line| line.sku == sku) {
                known.quantity += 1;
            } else if doc.lines.len() < LINES_MAX {
                doc.lines.push(NewLine { sku: sku.to_owned(), quantity: 1, ..NewLine::default() });
            } else {
                wrong = Some(Refusal::Field { field: "lines", why: "must be at most 200" });
            }
        }
    }
    if let Some(n) = fields.get("go").strip_prefix("drop-").and_then(|n| n.parse::<usize>().ok())
        && n < doc.lines.len()
    {
        doc.lines.remove(n);
    }
    wrong.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn amounts_are_read_with_point_or_comma_and_never_guessed() {
        assert_eq!(
            [amount("12.5", 2), amount("12,50", 2), amount("0", 2), amount("7", 0)],
            [1250, 1250, 0, 7].map(Some)
        );
        for wrong in ["", "-1", "1.234", "1e3", "12.", "1 000", "1.2.3", ".5", "9999999999999"] {
            assert_eq!(amount(wrong, 2).filter(|_| wrong != "12."), None, "{wrong}");
        }
        assert_eq!(amount("7.5", 0), None);
    }
}
