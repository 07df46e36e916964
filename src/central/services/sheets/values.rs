//! Cells as values. Amounts never pass through a floating number; a cell that reads two ways reads none.

use jiff::civil::Date;

/// A number in its smallest units: `1.234,5` with a comma and two decimals is 123450. None for what is no such number.
#[must_use]
pub fn amount(cell: &str, decimals: u32, comma: bool) -> Option<i64> {
    let (mark, group) = if comma { (',', '.') } else { ('.', ',') };
    let silent = |c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}' | '\'' | '€' | '£' | '$' | '¥');
    let bare: String = cell.chars().filter(|c| !silent(*c)).collect();
    let (minus, bare) = bare.strip_prefix('-').map_or((false, bare.as_str()), |rest| (true, rest));
    let (whole, part) = bare.split_once(mark).unwrap_or((bare, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // Thousands are groups of three; `12,5` where a comma parts thousands is a number of somebody else.
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or_default();
    let (mut count, mut threes) = (0, true);
    for other in groups {
        count += 1;
        threes &= other.len() == 3;
    }
    if count > 0 && !(threes && (1..=3).contains(&first.len())) {
        return None;
    }
    let whole = &whole.replace(group, "");
    let places = usize::try_from(decimals).ok()?;
    // Zeros beyond the smallest unit say nothing; other digits would be lost.
    let part = part.trim_end_matches('0');
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) || part.len() > places {
        return None;
    }
    let text = format!("{whole}{part}{}", "0".repeat(places - part.len()));
    let value: i64 = if text.is_empty() { 0 } else { text.parse().ok()? };
    Some(if minus { -value } else { value })
}

/// A whole number; `6.0` is one.
#[must_use]
pub fn whole(cell: &str, comma: bool) -> Option<i64> {
    amount(cell, 0, comma)
}

/// A rate in basis points: `20`, `20 %` and `7,7%`.
#[must_use]
pub fn rate_bp(cell: &str, comma: bool) -> Option<u32> {
    amount(cell.trim_end_matches('%'), 2, comma).and_then(|bp| u32::try_from(bp).ok())
}

/// Yes or no, as people write it in the languages of the house.
#[must_use]
pub fn yes(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "1" | "y" | "yes" | "true" | "x" | "si" | "sí" | "ya" | "да" => Some(true),
        "0" | "n" | "no" | "false" | "" | "tidak" | "нет" => Some(false),
        _ => None,
    }
}

/// A day: `2026-11-22`, `22.11.2026`, `22/11/2026`; a time behind it is not read.
#[must_use]
pub fn day(cell: &str) -> Option<Date> {
    let text = cell.split([' ', 'T']).next()?;
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let [first, second, third] = parts[..] else { return None };
    let (year, month, day) = if first.len() == 4 { (first, second, third) } else { (third, second, first) };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_written_there() {
        for (cell, comma, value) in [
            ("12.5", false, Some(1250)),
            ("12,5", true, Some(1250)),
            ("1.234,50 €", true, Some(123_450)),
            ("1,234.50", false, Some(123_450)),
            ("1 234,5", true, Some(123_450)),
            ("-3", false, Some(-300)),
            ("12.500", false, Some(1250)),
            ("12.505", false, None),
            ("12,5", false, None),
            ("1,23,456", false, None),
            ("1,234,567", false, Some(123_456_700)),
            ("", false, None),
            ("abc", false, None),
            ("1.2.3", false, None),
            (".5", false, Some(50)),
            ("99999999999999999999", false, None),
        ] {
            assert_eq!(amount(cell, 2, comma), value, "{cell}");
        }
        assert_eq!(whole("6.0", false), Some(6));
        assert_eq!(whole("6.5", false), None);
        assert_eq!(rate_bp("7,7 %", true), Some(770));
    }

    #[test]
    fn days_are_read_in_their_usual_forms() {
        let is = Date::new(2026, 11, 22).unwrap();
        for cell in ["2026-11-22", "22.11.2026", "22/11/2026", "2026/11/22", "2026-11-22 08:26:00", "2026-11-22T08:26"]
        {
            assert_eq!(day(cell), Some(is), "{cell}");
        }
        for cell in ["", "22.11.26", "2026-13-01", "31/02/2026", "soon"] {
            assert_eq!(day(cell), None, "{cell}");
        }
        assert_eq!((yes("Да"), yes("no"), yes("perhaps")), (Some(true), Some(false), None));
    }
}
