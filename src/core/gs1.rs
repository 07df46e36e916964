//! GS1: check digits, GTIN, SSCC, and element strings as GS1-128, GS1 DataMatrix, GS1 QR and GS1
//! DataBar carry them (GS1 General Specifications §3 and §7.8). The list of application identifiers
//! is [`table`], held equal to the official GS1 Barcode Syntax Dictionary.
//!
//! A text is taken for an element string only where it cannot well be anything else: a product code
//! of the house that merely looks like one must never be split up. This file never looks anything
//! up and never asks what day it is.

pub mod table;

use super::scan::Trace;
use super::time::Day;
use super::units::Grams;

/// The separator between element strings: FNC1 as scanners send it, ASCII 29.
pub const GS: char = '\u{1d}';

/// AIM identifiers (ISO/IEC 15424) of symbols that carry GS1 element strings: GS1-128, GS1 DataMatrix,
/// GS1 QR Code, GS1 DataBar and composites, GS1 DotCode.
const AIM_IDS: [&str; 7] = ["]C1", "]d2", "]Q3", "]e0", "]e1", "]e2", "]J1"];

/// Two-digit years are read against this year where no other is given: 77–99 are 1977–1999 and
/// 00–76 are 2000–2076, by the sliding century of GS1 General Specifications §7.12. A parser has no
/// clock; whoever has one asks [`day`] again with the year it is.
pub const YEAR_BASE: i16 = 2026;

/// A row of the table: a range of application identifiers that share one specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ai {
    /// First identifier of the range, 2 to 4 digits.
    pub from: &'static str,
    /// Last identifier of the range.
    pub to: &'static str,
    /// The length is predefined: no separator needs to follow.
    pub predefined: bool,
    /// The value's parts as the dictionary writes them: `N13,csum,gcppos1 [X..16]`.
    pub spec: &'static str,
}

/// What a GS1 barcode says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gs1 {
    /// Trade item number, 14 digits: of the item itself (AI 01, 03), else of what is inside (AI 02).
    pub gtin: Option<String>,
    /// Serial shipping container code, 18 digits (AI 00).
    pub sscc: Option<String>,
    /// How many (AI 30, else 37); zero counts as not said.
    pub count: Option<u32>,
    /// Serial (21), lot (10), and expiry (17, else best before 15) read against [`YEAR_BASE`].
    pub trace: Trace,
    /// Net mass (AI 310n), rounded to the gram.
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

    fn of(elements: Vec<(String, String)>) -> Gs1 {
        let mut g = Gs1 { elements, ..Gs1::default() };
        let owned = |ai: &str| g.value(ai).map(str::to_owned);
        let date = |ai: &str| g.value(ai).and_then(|v| day(v, YEAR_BASE));
        let number = |ai: &str| g.value(ai).and_then(|v| v.parse().ok()).filter(|n| *n > 0);
        let gtin = owned("01").or_else(|| owned("03")).or_else(|| owned("02"));
        let sscc = owned("00");
        let count = number("30").or_else(|| number("37"));
        let trace = Trace { serial: owned("21"), lot: owned("10"), expiry: date("17").or_else(|| date("15")) };
        let net_weight_g = g.elements.iter().find_map(|(ai, v)| net_weight(ai, v));
        g = Gs1 { gtin, sscc, count, trace, net_weight_g, ..g };
        g
    }
}

/// Reads a GS1 element string. `says_gs1` is true where the scanner told that the symbol is a GS1
/// one; an AIM identifier or a leading FNC1 in the text says the same. With that hint the text may
/// begin with any identifier. Without it, only bracketed text (`(01)…`), text with a separator in
/// it, or text beginning with 00, 01, 02 or 03 is considered, and dates must exist as well.
///
/// In every case each value must have its specified length and characters, and every check digit
/// must be right; otherwise, or where one identifier has two different values, `None`.
#[must_use]
pub fn parse(text: &str, says_gs1: bool) -> Option<Gs1> {
    if !text.is_ascii() {
        return None;
    }
    let (body, aim) = match AIM_IDS.iter().find_map(|id| text.strip_prefix(id)) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    if body.starts_with('(') {
        let elements = bracketed(body)?;
        return elements.iter().all(|(ai, v)| dates_exist(ai, v)).then(|| Gs1::of(elements));
    }
    let (body, fnc1) = match body.strip_prefix(GS) {
        Some(rest) => (rest, true),
        None => (body, false),
    };
    let hinted = says_gs1 || aim || fnc1;
    let unmistakable = ["00", "01", "02", "03"].iter().any(|ai| body.starts_with(ai));
    if !hinted && !unmistakable && !body.contains(GS) {
        return None;
    }
    let elements = split(body)?;
    let sure = hinted || elements.iter().all(|(ai, v)| dates_exist(ai, v));
    sure.then(|| Gs1::of(elements))
}

/// Cuts an element string without brackets into its elements.
fn split(mut rest: &str) -> Option<Vec<(String, String)>> {
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (ai, row) = identifier(rest)?;
        let after = &rest[ai.len()..];
        let (value, tail) = if row.predefined {
            let len = length_max(row.spec);
            (after.get(..len)?, &after[len..])
        } else {
            after.split_once(GS).unwrap_or((after, ""))
        };
        add(&mut out, ai, row, value)?;
        // A separator after a predefined length is needless but allowed.
        rest = tail.strip_prefix(GS).filter(|_| row.predefined).unwrap_or(tail);
    }
    (!out.is_empty()).then_some(out)
}

/// Cuts the human-readable form. A bracket belongs to a value unless known digits stand in it.
fn bracketed(mut rest: &str) -> Option<Vec<(String, String)>> {
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (ai, row, after) = bracket(rest)?;
        let end = (0..after.len()).find(|&i| bracket(&after[i..]).is_some()).unwrap_or(after.len());
        add(&mut out, ai, row, after[..end].trim_end_matches([' ', GS]))?;
        rest = &after[end..];
    }
    (!out.is_empty()).then_some(out)
}

/// A bracketed identifier at the start of a text: itself, its row, and what follows.
fn bracket(text: &str) -> Option<(&str, &'static Ai, &str)> {
    let (inner, after) = text.strip_prefix('(')?.split_once(')')?;
    let (ai, row) = identifier(inner)?;
    (ai.len() == inner.len()).then_some((ai, row, after))
}

fn add(out: &mut Vec<(String, String)>, ai: &str, row: &Ai, value: &str) -> Option<()> {
    if !valid(row.spec, value) {
        return None;
    }
    match out.iter().find(|(a, _)| a == ai) {
        // The same said twice is allowed (General Specifications §4.14); a contradiction is not.
        Some((_, v)) if v == value => {}
        Some(_) => return None,
        None => out.push((ai.to_owned(), value.to_owned())),
    }
    Some(())
}

/// The application identifier at the start of a text. No identifier is the start of another.
fn identifier(text: &str) -> Option<(&str, &'static Ai)> {
    (2..=4).find_map(|n| {
        let ai = text.get(..n)?;
        let row = table::TABLE.iter().find(|r| r.from.len() == n && r.from <= ai && ai <= r.to)?;
        ai.bytes().all(|b| b.is_ascii_digit()).then_some((ai, row))
    })
}

/// One part of a value's specification.
struct Part<'a> {
    charset: u8,
    min: usize,
    max: usize,
    optional: bool,
    csum: bool,
    date: bool,
    spec: &'a str,
}

/// Reads `N6,yymmdd`, `X..20` or `[N..12]`.
fn part(spec: &str) -> Option<Part<'_>> {
    let (shape, linters) = spec.split_once(',').unwrap_or((spec, ""));
    let optional = shape.starts_with('[');
    let shape = shape.trim_start_matches('[').trim_end_matches(']');
    let charset = *shape.as_bytes().first()?;
    let (min, max) = match shape.get(1..)?.strip_prefix("..") {
        Some(max) => (1, max.parse().ok()?),
        None => {
            let n = shape.get(1..)?.parse().ok()?;
            (n, n)
        }
    };
    let has = |name: &str| linters.split(',').any(|l| l == name);
    Some(Part { charset, min, max, optional, csum: has("csum"), date: has("yymmdd") || has("yymmd0"), spec })
}

/// The parts of a specification; a part that cannot be read makes every value invalid.
fn parts(spec: &str) -> impl Iterator<Item = Option<Part<'_>>> {
    spec.split(' ').map(part)
}

/// The longest value a specification allows, in characters.
fn length_max(spec: &str) -> usize {
    parts(spec).flatten().map(|p| p.max).sum()
}

/// Calls `check` with every part and the characters it covers; `false` where they do not fit.
fn each_part(spec: &str, value: &str, check: impl Fn(&Part<'_>, &str) -> bool) -> bool {
    let mut rest = value;
    for p in parts(spec) {
        let Some(p) = p else { return false };
        if rest.is_empty() && p.optional {
            continue;
        }
        let n = rest.len().min(p.max);
        let (own, tail) = rest.split_at(n);
        if n < p.min || !check(&p, own) {
            return false;
        }
        rest = tail;
    }
    rest.is_empty()
}

fn valid(spec: &str, value: &str) -> bool {
    each_part(spec, value, |p, own| own.bytes().all(|b| in_charset(p.charset, b)) && (!p.csum || has_check_digit(own)))
}

/// Are the two-digit-year dates in a value real days? Other values have none.
fn dates_exist(ai: &str, value: &str) -> bool {
    let Some((_, row)) = identifier(ai) else { return false };
    each_part(row.spec, value, |p, own| {
        !p.date || (day(own, YEAR_BASE).is_some() && (p.spec.ends_with("yymmd0") || !own.ends_with("00")))
    })
}

/// Character sets of GS1 General Specifications §7.11: digits, 82, 39, and base64url.
fn in_charset(set: u8, b: u8) -> bool {
    match set {
        b'N' => b.is_ascii_digit(),
        b'X' => b.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&b),
        b'Y' => b.is_ascii_digit() || b.is_ascii_uppercase() || b"#-/".contains(&b),
        b'Z' => b.is_ascii_alphanumeric() || b"-_=".contains(&b),
        _ => false,
    }
}

/// The day meant by `YYMMDD`, by the sliding century of GS1 General Specifications §7.12: the year
/// lies between 49 before and 50 after `year_now`. Day 00 means the month's last day.
#[must_use]
pub fn day(yymmdd: &str, year_now: i16) -> Option<Day> {
    if yymmdd.len() != 6 || !yymmdd.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let two = |at: usize| yymmdd.get(at..at + 2)?.parse::<u8>().ok();
    let (yy, month, dd) = (i16::from(two(0)?), two(2)?, two(4)?);
    let century = year_now.checked_sub(year_now.rem_euclid(100))?;
    let year = century.checked_add(match yy - year_now.rem_euclid(100) {
        51..=99 => yy - 100,
        -99..=-50 => yy + 100,
        _ => yy,
    })?;
    if dd == 0 { Day::end_of_month(year, month) } else { Day::new(year, month, dd) }
}

/// AI 310n: kilograms with n decimals, as whole grams rounded half up.
fn net_weight(ai: &str, value: &str) -> Option<Grams> {
    let decimals: u32 = ai.strip_prefix("310")?.parse().ok()?;
    let scale = 10_i64.checked_pow(decimals)?;
    let thousandths: i64 = value.parse::<i64>().ok()?.checked_mul(1_000)?;
    Some(Grams((thousandths + scale / 2) / scale))
}

/// The check digit for digits that do not have one yet: weights 3, 1, 3 … from the right, modulo 10
/// (GS1 General Specifications §7.9.1). `None` for anything but digits, or nothing.
#[must_use]
pub fn check_digit(digits: &str) -> Option<u8> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sum = digits.bytes().rev().enumerate().fold(0_u32, |sum, (i, b)| {
        let weight = if i % 2 == 0 { 3 } else { 1 };
        (sum + u32::from(b - b'0') * weight) % 10
    });
    u8::try_from((10 - sum) % 10).ok()
}

/// Do these digits end with their own check digit?
fn has_check_digit(digits: &str) -> bool {
    let Some((body, last)) = digits.len().checked_sub(1).and_then(|n| digits.split_at_checked(n)) else {
        return false;
    };
    check_digit(body).is_some_and(|d| last.as_bytes() == [d + b'0'])
}

/// A GTIN-8, -12, -13 or -14 with the right check digit, as 14 digits with leading zeros: UPC-A and
/// EAN-13 share one number space. Anything else, also digits of another length and all zeros, is
/// no GTIN and `None`. A zero-suppressed UPC-E must be expanded by the scanner.
#[must_use]
pub fn canonical_gtin(text: &str) -> Option<String> {
    let fits = matches!(text.len(), 8 | 12 | 13 | 14) && has_check_digit(text);
    (fits && text.bytes().any(|b| b != b'0')).then(|| format!("{text:0>14}"))
}

/// A serial shipping container code, 18 digits: extension digit, company prefix (4 to 12 digits),
/// serial number padded to fill 17 digits, check digit. `None` where the serial number does not fit
/// any more, or a part is not of that kind.
#[must_use]
pub fn sscc(company_prefix: &str, serial: u64, extension: u8) -> Option<String> {
    let prefix_fits = (4..=12).contains(&company_prefix.len()) && company_prefix.bytes().all(|b| b.is_ascii_digit());
    if !prefix_fits || extension > 9 {
        return None;
    }
    let body = format!("{extension}{company_prefix}{serial:0width$}", width = 16 - company_prefix.len());
    let check = check_digit(&body)?;
    (body.len() == 17).then(|| format!("{body}{check}"))
}

/// 18 digits, not all zero, with the right check digit.
#[must_use]
pub fn is_sscc(text: &str) -> bool {
    text.len() == 18 && has_check_digit(text) && text.bytes().any(|b| b != b'0')
}
