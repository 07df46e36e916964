//! What a packing station wants of a scan: which item, how many, what traces it, what it weighs. A text is taken for GS1
//! data only where it cannot well be anything else: a product code of the house that merely looks like one must never be
//! split up. And goods that others have marked are not refused for a rule that keeps nobody from packing them.

use super::GS as GS_CHAR;
use super::dates::{YEAR_BASE, day};
use super::link;
use super::lint::Linter;
use super::message::Message;
use super::numbers::canonical_gtin;
use super::reader::{GS, Reader, Rules, check_value};
use super::separators;
use super::symbol::COMPOSITE;
use super::table::{self, Ai, Row};
use crate::core::aim;
use crate::core::time::Day;
use crate::core::trace::Trace;
use crate::core::units::Grams;
use std::borrow::Cow;

/// What a GS1 barcode says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gs1 {
    /// Trade item number, 14 digits: of the item itself (AI 01, 03), else of what is inside (AI 02).
    pub gtin: Option<String>,
    /// Serial shipping container code, 18 digits (AI 00).
    pub sscc: Option<String>,
    /// How many (AI 30, else 37); zero counts as not said.
    pub count: Option<u32>,
    /// Serial (21), lot (10), and expiry (17, else 7003, else best before 15) read against [`YEAR_BASE`].
    pub trace: Trace,
    /// Net mass (AI 310n in kilograms, 320n in pounds, 356n in troy ounces), rounded to the gram.
    pub net_weight_g: Option<Grams>,
    /// Every element as it stands: application identifier and value, in the barcode's order.
    pub elements: Vec<(String, String)>,
}

impl Gs1 {
    /// The value of an application identifier, if the barcode has it.
    #[must_use]
    pub fn value(&self, ai: &str) -> Option<&str> {
        self.elements.iter().find(|(a, _)| a == ai).map(|(_, v)| v.as_str())
    }

    /// The expiry with its two-digit year read against `year_now`: of AI 17, else 7003, else 15.
    #[must_use]
    pub fn expiry(&self, year_now: i16) -> Option<Day> {
        ["17", "7003", "15"].iter().find_map(|ai| day(self.value(ai)?.get(..6)?, year_now))
    }

    /// What a message says. Of what stands twice, the first counts.
    #[must_use]
    pub fn of_message(message: &Message<'_>) -> Gs1 {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let mut elements: Vec<(String, String)> = Vec::with_capacity(message.len());
        for (ai, value) in message.elements() {
            let ai = ai.to_string();
            if !elements.iter().any(|(a, _)| *a == ai) {
                elements.push((ai, text(value)));
            }
        }
        Gs1::of(elements)
    }

    fn of(elements: Vec<(String, String)>) -> Gs1 {
        let mut g = Gs1 { elements, ..Gs1::default() };
        let owned = |ai: &str| g.value(ai).map(str::to_owned);
        let number = |ai: &str| g.value(ai).and_then(|v| v.parse().ok()).filter(|n| *n > 0);
        let gtin = owned("01").or_else(|| owned("03")).or_else(|| owned("02"));
        let sscc = owned("00");
        let count = number("30").or_else(|| number("37"));
        let trace = Trace { serial: owned("21"), lot: owned("10"), expiry: g.expiry(YEAR_BASE), net: None };
        let net_weight_g = g.elements.iter().find_map(|(ai, v)| net_weight(ai, v));
        g = Gs1 { gtin, sscc, count, trace, net_weight_g, ..g };
        g
    }
}

/// Reads GS1 data as a station meets it: an element string, bracketed text, or a Digital Link. `says_gs1` is true where the
/// scanner told that the symbol is a GS1 one; an AIM identifier or a leading FNC1 in the text says the same. With that
/// hint the text may begin with any identifier. Without it, only a link, bracketed text (`(01)…`), text with a separator
/// in it, or text beginning with 00, 01, 02 or 03 is considered, and dates must exist as well. Where it is a GS1 code for
/// sure, a substitute for the separator ([`super::SUBSTITUTES`]) is taken too.
///
/// In every case each value must have its specified length and characters, and every check digit
/// must be right; otherwise, or where one identifier has two different values, `None`.
#[must_use]
pub fn parse(text: &str, says_gs1: bool) -> Option<Gs1> {
    if !text.is_ascii() {
        return None;
    }
    if let Some(link) = link_of(text) {
        let mut reader = Reader::new(Rules::LENIENT);
        return reader.digital_link(link.as_bytes()).ok().map(|m| Gs1::of_message(&m));
    }
    if let Some((number, more)) = text.split_once(COMPOSITE) {
        return composite(number, more);
    }
    let (body, aim) = match aim::split(text.as_bytes()) {
        (Some(id), rest) if id.is_gs1() => (&text[text.len() - rest.len()..], true),
        (_, _) => (text, false),
    };
    if body.starts_with('(') {
        let elements = bracketed(body)?;
        return elements.iter().all(|(ai, v)| dates_exist(ai, v)).then(|| Gs1::of(elements));
    }
    let (body, fnc1) = match body.strip_prefix(GS_CHAR) {
        Some(rest) => (rest, true),
        None => (body, false),
    };
    let hinted = says_gs1 || aim || fnc1;
    let unmistakable = ["00", "01", "02", "03"].iter().any(|ai| body.starts_with(ai));
    if !hinted && !unmistakable && !body.contains(GS_CHAR) {
        return None;
    }
    let elements = split(body.as_bytes()).or_else(|| {
        let (list, mut out) = (separators::usual(), Vec::new());
        ((hinted || unmistakable) && separators::replace(body.as_bytes(), &list, &mut out)).then(|| split(&out))?
    })?;
    let sure = hinted || elements.iter().all(|(ai, v)| dates_exist(ai, v));
    sure.then(|| Gs1::of(elements))
}

/// A text that is a link, its scheme in small letters: how it is written means nothing (RFC 3986, 3.1).
fn link_of(text: &str) -> Option<Cow<'_, str>> {
    if link::is_link(text.as_bytes()) {
        return Some(Cow::Borrowed(text));
    }
    let (scheme, rest) = text.split_once("://")?;
    let known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    known.then(|| Cow::Owned(format!("{}://{rest}", scheme.to_ascii_lowercase())))
}

/// An EAN or UPC whose symbol has a second part: the number of the goods, and what else is said of them.
fn composite(number: &str, more: &str) -> Option<Gs1> {
    let (_, digits) = aim::split(number.as_bytes());
    let gtin = canonical_gtin(&number[number.len() - digits.len()..])?;
    split_onto(vec![("01".to_owned(), gtin)], more.as_bytes()).map(Gs1::of)
}

/// Cuts an element string without brackets into its elements.
fn split(body: &[u8]) -> Option<Vec<(String, String)>> {
    split_onto(Vec::new(), body)
}

/// The same, after elements that are known already.
fn split_onto(mut out: Vec<(String, String)>, body: &[u8]) -> Option<Vec<(String, String)>> {
    if body.first() == Some(&GS) {
        return None;
    }
    let mut reader = Reader::new(Rules::LENIENT);
    let message = reader.element_string(body).ok()?;
    out.reserve(message.len());
    for (ai, value) in message.elements() {
        add(&mut out, ai, std::str::from_utf8(value).ok()?)?;
    }
    Some(out)
}

/// Cuts the human-readable form. A bracket belongs to a value unless known digits stand in it.
fn bracketed(mut rest: &str) -> Option<Vec<(String, String)>> {
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (ai, row, after) = bracket(rest)?;
        let end = (0..after.len()).find(|&i| bracket(&after[i..]).is_some()).unwrap_or(after.len());
        let value = after[..end].trim_end_matches([' ', GS_CHAR]);
        let covered = check_value(row, value.as_bytes(), false).ok()?;
        if covered < value.len() {
            return None;
        }
        add(&mut out, ai, value)?;
        rest = &after[end..];
    }
    (!out.is_empty()).then_some(out)
}

/// A bracketed identifier at the start of a text: itself, its row, and what follows.
fn bracket(text: &str) -> Option<(Ai, &'static Row, &str)> {
    let (inner, after) = text.strip_prefix('(')?.split_once(')')?;
    let found = table::exact(inner.as_bytes(), false)?;
    Some((found.ai, found.row, after))
}

/// The same said twice is allowed (General Specifications §4.14); a contradiction is not.
fn add(out: &mut Vec<(String, String)>, ai: Ai, value: &str) -> Option<()> {
    let ai = ai.to_string();
    match out.iter().find(|(a, _)| *a == ai) {
        Some((_, v)) if v == value => {}
        Some(_) => return None,
        None => out.push((ai, value.to_owned())),
    }
    Some(())
}

/// Are the two-digit-year dates in a value real days? Other values have none.
fn dates_exist(ai: &str, value: &str) -> bool {
    let Some(row) = Ai::parse(ai).and_then(table::row_of) else { return false };
    let mut rest = value.as_bytes();
    row.parts().iter().all(|part| {
        let (own, tail) = rest.split_at(rest.len().min(part.max.into()));
        rest = tail;
        let date = part.linters.iter().find(|l| matches!(l, Linter::Date | Linter::DateOrMonth));
        own.is_empty() || date.is_none_or(|linter| super::lint::check(*linter, own).is_ok())
    })
}

/// Micrograms of what a weight's unit is, by the first three digits of its identifier.
const WEIGHTS: [(&str, i128); 3] = [
    // A kilogram; the international pound of 0.45359237 kg; the troy ounce of 31.1034768 g.
    ("310", 1_000_000_000),
    ("320", 453_592_370),
    ("356", 31_103_477),
];

/// AI 310n and so on: units with n decimals, as whole grams rounded half up.
fn net_weight(ai: &str, value: &str) -> Option<Grams> {
    let (unit, decimals) = ai.split_at_checked(3)?;
    let (_, micrograms) = WEIGHTS.iter().find(|(name, _)| *name == unit)?;
    let scale = 10_i128.checked_pow(decimals.parse().ok()?)?.checked_mul(1_000_000)?;
    let whole = value.parse::<i128>().ok()?.checked_mul(*micrograms)?;
    i64::try_from((whole + scale / 2) / scale).ok().map(Grams)
}
