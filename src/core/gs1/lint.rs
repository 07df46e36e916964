//! The rules of the syntax dictionary for parts of values ("linters"): check digits, dates, countries and so on. Each looks
//! at one part and tells the first place that breaks it, relative to the part. The characters were checked before.

mod coupon;
mod lists;

use super::error::Rule;
use super::table::Charset;

/// A rule by the dictionary's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Linter {
    None,
    CheckDigit,
    CheckPair,
    CompanyPrefix,
    CompanyPrefixSecond,
    CouponCode,
    CouponOffer,
    HasNonDigit,
    Hour,
    HourMinute,
    Hyphen,
    Iban,
    ImporterIndex,
    Country,
    CountryOr999,
    CountryLetters,
    Currency,
    Sex,
    Latitude,
    Longitude,
    MediaType,
    Minute,
    NonZero,
    NoZeroPrefix,
    PackageType,
    Percent,
    PieceOfTotal,
    PositionInSequence,
    Second,
    Winding,
    YesNo,
    DateOrMonth,
    Date,
    LongDate,
    Zero,
}

impl Linter {
    /// The dictionary's names.
    pub(super) const ALL: &'static [(&'static str, Linter)] = &[
        ("csum", Linter::CheckDigit),
        ("csumalpha", Linter::CheckPair),
        ("gcppos1", Linter::CompanyPrefix),
        ("gcppos2", Linter::CompanyPrefixSecond),
        ("couponcode", Linter::CouponCode),
        ("couponposoffer", Linter::CouponOffer),
        ("hasnondigit", Linter::HasNonDigit),
        ("hh", Linter::Hour),
        ("hhmi", Linter::HourMinute),
        ("hyphen", Linter::Hyphen),
        ("iban", Linter::Iban),
        ("importeridx", Linter::ImporterIndex),
        ("iso3166", Linter::Country),
        ("iso3166999", Linter::CountryOr999),
        ("iso3166alpha2", Linter::CountryLetters),
        ("iso4217", Linter::Currency),
        ("iso5218", Linter::Sex),
        ("latitude", Linter::Latitude),
        ("longitude", Linter::Longitude),
        ("mediatype", Linter::MediaType),
        ("mi", Linter::Minute),
        ("nonzero", Linter::NonZero),
        ("nozeroprefix", Linter::NoZeroPrefix),
        ("packagetype", Linter::PackageType),
        ("pcenc", Linter::Percent),
        ("pieceoftotal", Linter::PieceOfTotal),
        ("posinseqslash", Linter::PositionInSequence),
        ("ss", Linter::Second),
        ("winding", Linter::Winding),
        ("yesno", Linter::YesNo),
        ("yymmd0", Linter::DateOrMonth),
        ("yymmdd", Linter::Date),
        ("yyyymmdd", Linter::LongDate),
        ("zero", Linter::Zero),
    ];
}

/// What breaks a rule, relative to the part that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub at: usize,
    pub len: usize,
    pub rule: Rule,
}

type Checked = Result<(), Fault>;

const fn fault(at: usize, len: usize, rule: Rule) -> Checked {
    Err(Fault { at, len, rule })
}

fn when(right: bool, len: usize, rule: Rule) -> Checked {
    if right { Ok(()) } else { fault(0, len, rule) }
}

/// Checks one part.
pub(super) fn check(linter: Linter, part: &[u8]) -> Checked {
    let len = part.len();
    match linter {
        Linter::None => Ok(()),
        Linter::CheckDigit => check_digit(part),
        Linter::CheckPair => check_pair(part),
        Linter::CompanyPrefix => company_prefix(part),
        Linter::CompanyPrefixSecond => company_prefix(part.get(1..).unwrap_or(&[])).map_err(|f| moved(f, 1)),
        Linter::CouponCode => coupon::code(part),
        Linter::CouponOffer => coupon::offer(part),
        Linter::HasNonDigit => when(!part.iter().all(u8::is_ascii_digit), len, Rule::OnlyDigits),
        Linter::Hour => below(part, 24, Rule::Hour),
        Linter::HourMinute => {
            let (hour, minute) = part.split_at(len.min(2));
            below(hour, 24, Rule::Hour).and_then(|()| below(minute, 60, Rule::Minute).map_err(|f| moved(f, 2)))
        }
        Linter::Hyphen => when(part.iter().all(|b| *b == b'-'), len, Rule::Hyphen),
        Linter::Iban => iban(part),
        Linter::ImporterIndex => {
            when(part.iter().all(|b| is_in(Charset::Base64Url, *b) && *b != b'='), len, Rule::ImporterIndex)
        }
        Linter::Country => when(lists::is_country(part), len, Rule::Country),
        Linter::CountryOr999 => when(part == b"999" || lists::is_country(part), len, Rule::CountryOr999),
        Linter::CountryLetters => when(lists::is_country_letters(part), len, Rule::CountryLetters),
        Linter::Currency => when(lists::is_currency(part), len, Rule::Currency),
        Linter::Sex => when(matches!(part, b"0" | b"1" | b"2" | b"9"), len, Rule::Sex),
        Linter::Latitude => when(number(part) <= 1_800_000_000, len, Rule::Latitude),
        Linter::Longitude => when(number(part) <= 3_600_000_000, len, Rule::Longitude),
        Linter::MediaType => when(lists::is_media_type(part), len, Rule::MediaType),
        Linter::Minute => below(part, 60, Rule::Minute),
        Linter::NonZero => when(part.iter().any(|b| *b != b'0'), len, Rule::Zero),
        Linter::NoZeroPrefix => when(part.first() != Some(&b'0'), 1, Rule::ZeroPrefix),
        Linter::PackageType => when(lists::is_package_type(part), len, Rule::PackageType),
        Linter::Percent => percent(part),
        Linter::PieceOfTotal => piece_of_total(part),
        Linter::PositionInSequence => position_in_sequence(part),
        Linter::Second => below(part, 60, Rule::Second),
        Linter::Winding => when(matches!(part, b"0" | b"1" | b"9"), len, Rule::Winding),
        Linter::YesNo => when(matches!(part, b"0" | b"1"), len, Rule::YesNo),
        Linter::DateOrMonth => date(part, true),
        Linter::Date => date(part, false),
        Linter::LongDate => date(part, false),
        Linter::Zero => when(part.iter().all(|b| *b == b'0'), len, Rule::NotZero),
    }
}

fn moved(f: Fault, by: usize) -> Fault {
    Fault { at: f.at + by, ..f }
}

/// Which character sets a byte belongs to: bit 0 digits, bit 1 the 82, bit 2 the 39, bit 3 base64url without padding.
static SETS: [u8; 256] = sets();

const fn sets() -> [u8; 256] {
    let mut all = [0; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        let digit = b.is_ascii_digit();
        let sign = matches!(b, b'!' | b'"' | b'%'..=b'/' | b':'..=b'?' | b'_');
        let mut bits = digit as u8;
        if b.is_ascii_alphanumeric() || sign {
            bits |= 2;
        }
        if digit || b.is_ascii_uppercase() || matches!(b, b'#' | b'-' | b'/') {
            bits |= 4;
        }
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') {
            bits |= 8;
        }
        all[i] = bits;
        i += 1;
    }
    all
}

#[inline]
fn is_in(set: Charset, b: u8) -> bool {
    let bit = match set {
        Charset::Digits => 1,
        Charset::Set82 => 2,
        Charset::Set39 => 4,
        Charset::Base64Url => 8,
    };
    SETS[usize::from(b)] & bit != 0
}

/// Checks that every character may stand there; base64url may end with its padding.
#[inline]
pub(super) fn characters(set: Charset, part: &[u8]) -> Checked {
    let mut own = part;
    if set == Charset::Base64Url {
        while let [rest @ .., b'='] = own {
            own = rest;
        }
        let pads = part.len() - own.len();
        if pads > 2 || (pads > 0 && !part.len().is_multiple_of(3)) {
            return fault(own.len(), pads, Rule::Padding);
        }
    }
    match own.iter().position(|b| !is_in(set, *b)) {
        Some(at) => fault(at, 1, Rule::Character(set)),
        None => Ok(()),
    }
}

/// The digits as a number; the parts this is asked for have 10 at most.
fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |n, b| n * 10 + u64::from(b.wrapping_sub(b'0')))
}

fn below(part: &[u8], limit: u64, rule: Rule) -> Checked {
    when(number(part) < limit, part.len(), rule)
}

/// Weights 3, 1, 3 … from the right before the check digit, modulo 10 (General Specifications, 7.9.1).
fn check_digit(part: &[u8]) -> Checked {
    let Some((last, body)) = part.split_last() else { return fault(0, 0, Rule::CheckDigit) };
    let (mut threes, mut ones) = (0_u32, 0_u32);
    let mut pairs = body.rchunks_exact(2);
    for pair in &mut pairs {
        ones += u32::from(pair[0] - b'0');
        threes += u32::from(pair[1] - b'0');
    }
    if let [b] = pairs.remainder() {
        threes += u32::from(b - b'0');
    }
    let right = (threes * 3 + ones + u32::from(last - b'0')).is_multiple_of(10);
    if right { Ok(()) } else { fault(body.len(), 1, Rule::CheckDigit) }
}

/// Prime weights of the check character pair, from its left neighbour leftwards (General Specifications, 7.9.5).
const PRIMES: [u32; 23] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];
/// The 82 characters in the order of their values.
const SET82: &[u8; 82] = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
/// The 32 characters that check characters are of.
const SET32: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

fn check_pair(part: &[u8]) -> Checked {
    let Some((body, pair)) = part.split_last_chunk::<2>() else {
        return fault(0, part.len(), Rule::CheckPairMissing);
    };
    let value = |b: &u8| SET82.iter().position(|c| c == b).and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let sum: u32 = body.iter().rev().zip(PRIMES).map(|(b, prime)| value(b) * prime).sum::<u32>() % 1021;
    let want = [SET32[(sum >> 5) as usize % 32], SET32[(sum & 31) as usize]];
    if *pair == want { Ok(()) } else { fault(body.len(), 2, Rule::CheckPair) }
}

/// A company prefix has at least four digits; which ones are given out is not known here.
fn company_prefix(part: &[u8]) -> Checked {
    let Some(first) = part.first_chunk::<4>() else { return fault(0, part.len(), Rule::PrefixTooShort) };
    match first.iter().position(|b| !b.is_ascii_digit()) {
        Some(at) => fault(at, 1, Rule::CompanyPrefix),
        None => Ok(()),
    }
}

/// `YYMMDD` or `YYYYMMDD`. Which century a short year means matters to 00 alone, which is 2000 until 2049 and was a leap
/// year; so no clock is asked.
fn date(part: &[u8], month_is_enough: bool) -> Checked {
    let (year, rest) = part.split_at(part.len().saturating_sub(4));
    let (month, day) = rest.split_at(rest.len().min(2));
    let year = if year.len() == 2 { 2000 + number(year) } else { number(year) };
    let days = match number(month) {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => return fault(part.len() - rest.len(), 2, Rule::Month),
    };
    let right = number(day) <= days && (month_is_enough || number(day) > 0);
    if right { Ok(()) } else { fault(part.len().saturating_sub(2), 2, Rule::Day) }
}

/// Shortest and longest IBAN.
const IBAN_MIN: usize = 11;

/// ISO 13616: the four first characters moved to the end, letters as 10 to 35, the whole modulo 97 is 1.
fn iban(part: &[u8]) -> Checked {
    let (Some((country, _)), Some((head, body))) = (part.split_first_chunk::<2>(), part.split_first_chunk::<4>())
    else {
        return fault(0, part.len(), Rule::IbanTooShort);
    };
    if !lists::is_country_letters(country) {
        return fault(0, 2, Rule::IbanCountry);
    }
    if part.len() < IBAN_MIN {
        return fault(0, part.len(), Rule::IbanTooShort);
    }
    let places = (4..part.len()).chain(0..4);
    let mut sum = 0_u32;
    for (at, b) in places.zip(body.iter().chain(head)) {
        sum = match b {
            b'0'..=b'9' => sum * 10 + u32::from(b - b'0'),
            b'A'..=b'Z' => sum * 100 + u32::from(b - b'A') + 10,
            _ => return fault(at, 1, Rule::IbanCharacter),
        } % 97;
    }
    if sum == 1 { Ok(()) } else { fault(2, 2, Rule::IbanCheck) }
}

fn percent(part: &[u8]) -> Checked {
    let mut at = 0;
    while let Some(b) = part.get(at) {
        if *b != b'%' {
            at += 1;
            continue;
        }
        match part.get(at + 1..at + 3) {
            None => return fault(at, part.len() - at, Rule::Percent),
            Some(hex) if !hex.iter().all(u8::is_ascii_hexdigit) => return fault(at, 3, Rule::Percent),
            Some(_) => at += 3,
        }
    }
    Ok(())
}

fn piece_of_total(part: &[u8]) -> Checked {
    let (piece, total) = part.split_at(part.len() / 2);
    if number(piece) == 0 {
        return fault(0, piece.len(), Rule::PieceZero);
    }
    if number(total) == 0 {
        return fault(piece.len(), total.len(), Rule::PieceZero);
    }
    when(number(piece) <= number(total), part.len(), Rule::PieceAboveTotal)
}

/// `2/3`: two numbers without zeros before them, the first not above the second.
fn position_in_sequence(part: &[u8]) -> Checked {
    let slash = part.iter().position(|b| *b == b'/').unwrap_or(part.len());
    let (position, end) = (part.get(..slash).unwrap_or(&[]), part.get(slash + 1..).unwrap_or(&[]));
    let are_numbers = [position, end].iter().all(|n| !n.is_empty() && n.iter().all(u8::is_ascii_digit));
    if !are_numbers {
        return fault(0, part.len(), Rule::Sequence);
    }
    if position[0] == b'0' {
        return fault(0, position.len(), Rule::ZeroPrefix);
    }
    if end[0] == b'0' {
        return fault(slash + 1, end.len(), Rule::ZeroPrefix);
    }
    let above = (position.len(), position) > (end.len(), end);
    when(!above, part.len(), Rule::SequenceAboveEnd)
}
