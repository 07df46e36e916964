//! One line of the file, checked. A line that breaks a rule is reported by its number and left out; it never stops the
//! import. Amounts are read as text into integers, never through a float.

use super::classify::{self, InvoiceKind};
use crate::core::command_code;
use csv::ByteRecord;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Longest text of a field, in bytes.
const TEXT_BYTES_MAX: usize = 200;
/// Most units of one line; the largest real one is 80,995.
const UNITS_MAX: i64 = 1_000_000;
/// Highest price of one unit, in thousandths; the highest real one is 38,970.
const PRICE_MILLI_MAX: i64 = 1_000_000_000;

/// Why a line was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// Not eight fields.
    #[error("has not eight fields")]
    Fields,
    /// Not UTF-8.
    #[error("is not UTF-8 text")]
    Text,
    /// A field is longer than any real one.
    #[error("has a field of more than 200 bytes")]
    TooLong,
    /// Not six digits, with C or A before them at most.
    #[error("has an invoice number that is not six digits, with C or A before them")]
    Invoice,
    /// No stock code.
    #[error("has no stock code")]
    Code,
    /// The stock code could be taken for a command barcode.
    #[error("has a stock code that begins with ZZPB, which is kept for command barcodes")]
    ReservedCode,
    /// Not a whole number of units, zero, or far too many.
    #[error("has a quantity that is not a whole number other than 0")]
    Quantity,
    /// Not a date and time.
    #[error("has a date that is not like 2010-12-01 08:26:00")]
    Date,
    /// Not an amount, or below zero for goods.
    #[error("has a price that is not an amount, or is below zero for goods")]
    Price,
    /// Not a customer number.
    #[error("has a customer number that is not a number")]
    Customer,
    /// A cancellation must take back.
    #[error("cancels a quantity above zero")]
    CancelledSign,
    /// Another customer or country than the invoice's other lines.
    #[error("names another customer or country than the invoice's first line")]
    Mixed,
}

impl BadLine {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            BadLine::Fields => "fields",
            BadLine::Text => "text",
            BadLine::TooLong => "too_long",
            BadLine::Invoice => "invoice",
            BadLine::Code => "code",
            BadLine::ReservedCode => "reserved_code",
            BadLine::Quantity => "quantity",
            BadLine::Date => "date",
            BadLine::Price => "price",
            BadLine::Customer => "customer",
            BadLine::CancelledSign => "cancelled_sign",
            BadLine::Mixed => "mixed",
        }
    }
}

/// A good line, borrowed from its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub invoice: &'a str,
    pub kind: InvoiceKind,
    pub code: &'a str,
    pub service: bool,
    pub description: &'a str,
    /// Never 0.
    pub quantity: i64,
    /// UTC ms.
    pub at_ms: i64,
    /// Thousandths of the currency's major unit.
    pub price_milli: i64,
    pub customer: Option<u32>,
    pub country: &'a str,
}

/// Reads dates in one zone; remembers the last one, because an invoice's lines have the same.
pub(super) struct Dates {
    zone: TimeZone,
    last: String,
    last_ms: i64,
}

impl Dates {
    /// Dates of an IANA zone; `None` if it is not known.
    pub fn of(zone: &str) -> Option<Dates> {
        TimeZone::get(zone).ok().map(|zone| Dates { zone, last: String::new(), last_ms: 0 })
    }

    fn read(&mut self, text: &str) -> Option<i64> {
        if text != self.last {
            let local: DateTime = text.parse().ok()?;
            // A time that a clock change skips or repeats is taken as RFC 5545 does.
            let at = self.zone.to_ambiguous_zoned(local).compatible().ok()?;
            self.last_ms = at.timestamp().as_millisecond();
            text.clone_into(&mut self.last);
        }
        Some(self.last_ms)
    }
}

/// Checks one record.
pub(super) fn line<'a>(record: &'a ByteRecord, dates: &mut Dates) -> Result<Line<'a>, BadLine> {
    if record.len() != 8 {
        return Err(BadLine::Fields);
    }
    let mut fields = [""; 8];
    for (field, bytes) in fields.iter_mut().zip(record) {
        if bytes.len() > TEXT_BYTES_MAX {
            return Err(BadLine::TooLong);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| BadLine::Text)?.trim();
        if text.contains('\0') {
            return Err(BadLine::Text);
        }
        *field = text;
    }
    let [invoice, code, description, quantity, date, price, customer, country] = fields;
    let kind = classify::invoice_kind(invoice).ok_or(BadLine::Invoice)?;
    if code.is_empty() {
        return Err(BadLine::Code);
    }
    if code.starts_with(command_code::PREFIX) {
        return Err(BadLine::ReservedCode);
    }
    let service = classify::is_service(code);
    let quantity = whole(quantity).filter(|q| *q != 0 && q.abs() <= UNITS_MAX).ok_or(BadLine::Quantity)?;
    if kind == InvoiceKind::Cancellation && quantity > 0 {
        return Err(BadLine::CancelledSign);
    }
    let at_ms = dates.read(date).ok_or(BadLine::Date)?;
    let price_milli =
        milli(price).filter(|p| p.abs() <= PRICE_MILLI_MAX && (*p >= 0 || service)).ok_or(BadLine::Price)?;
    let customer = match customer {
        "" => None,
        text => Some(whole(text).and_then(|n| u32::try_from(n).ok()).ok_or(BadLine::Customer)?),
    };
    Ok(Line { invoice, kind, code, service, description, quantity, at_ms, price_milli, customer, country })
}

/// A whole number, also written `6.0` as the file does.
fn whole(text: &str) -> Option<i64> {
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    digits.parse().ok()
}

/// An amount with at most three decimals, in thousandths.
fn milli(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 || whole.len() > 9 {
        return None;
    }
    let scale = [100, 10, 1][part.len() - 1];
    let value = whole.parse::<i64>().ok()? * 1_000 + part.parse::<i64>().ok()? * scale;
    Some(if negative { -value } else { value })
}

/// Thousandths to minor units of a currency with two decimals, half away from zero; whether it was exact.
pub(super) fn minor(price_milli: i64) -> (i64, bool) {
    let exact = price_milli % 10 == 0;
    ((price_milli + 5 * price_milli.signum()) / 10, exact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: [&str; 8]) -> Result<(i64, i64, i64, Option<u32>), BadLine> {
        let record = ByteRecord::from(fields.to_vec());
        let mut dates = Dates::of("Europe/London").unwrap();
        line(&record, &mut dates).map(|l| (l.quantity, l.at_ms, l.price_milli, l.customer))
    }

    const GOOD: [&str; 8] =
        ["536365", "85123A", "WHITE HEART", "6.0", "2010-12-01 08:26:00", "2.55", "17850.0", "United Kingdom"];

    #[test]
    fn a_good_line_is_read_exactly() {
        assert_eq!(read(GOOD), Ok((6, 1_291_191_960_000, 2_550, Some(17_850))));
    }

    #[test]
    fn summer_time_is_an_hour_earlier_in_utc() {
        let mut fields = GOOD;
        fields[4] = "2011-07-01 08:26:00";
        assert_eq!(read(fields).map(|l| l.1), Ok(1_309_505_160_000));
    }

    #[test]
    fn each_fault_has_its_own_reason() {
        for (field, text, why) in [
            (0, "X36365", BadLine::Invoice),
            (0, "53636", BadLine::Invoice),
            (1, "", BadLine::Code),
            (1, "ZZPBGO5", BadLine::ReservedCode),
            (3, "0", BadLine::Quantity),
            (3, "1.5", BadLine::Quantity),
            (3, "9000000", BadLine::Quantity),
            (4, "1 Dec", BadLine::Date),
            (5, "-1.0", BadLine::Price),
            (5, "2.5500", BadLine::Price),
            (5, "1e3", BadLine::Price),
            (6, "abc", BadLine::Customer),
            (2, "a\0b", BadLine::Text),
        ] {
            let mut fields = GOOD;
            fields[field] = text;
            assert_eq!(read(fields), Err(why), "{text}");
        }
        let mut fields = GOOD;
        fields[0] = "C536365";
        assert_eq!(read(fields), Err(BadLine::CancelledSign));
    }

    #[test]
    fn thousandths_round_half_away_from_zero() {
        assert_eq!(minor(2_550), (255, true));
        assert_eq!(minor(1), (0, false));
        assert_eq!(minor(5), (1, false));
        assert_eq!(minor(-11_062_060), (-1_106_206, true));
        assert_eq!(minor(-15), (-2, false));
    }
}
