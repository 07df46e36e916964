//! Dates as codes write them: two digits of the year, and day 00 for the last day of the month.

use crate::core::time::Day;

/// Two-digit years are read against this year where no other is given: 77–99 are 1977–1999 and
/// 00–76 are 2000–2076, by the sliding century of GS1 General Specifications §7.12. A parser has no
/// clock; whoever has one asks [`day`] again with the year it is.
pub const YEAR_BASE: i16 = 2026;

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
