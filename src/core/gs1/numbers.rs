//! The numbers themselves: check digits, GTIN in all its lengths, UPC-E, SSCC.

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
#[must_use]
pub fn has_check_digit(digits: &[u8]) -> bool {
    let Some((last, body)) = digits.split_last() else { return false };
    let body = std::str::from_utf8(body).unwrap_or("");
    check_digit(body).is_some_and(|d| *last == d + b'0')
}

/// A GTIN-8, -12, -13 or -14 with the right check digit, as 14 digits with leading zeros: UPC-A and
/// EAN-13 share one number space. Anything else, also digits of another length and all zeros, is
/// no GTIN and `None`. A zero-suppressed UPC-E is another number than its eight digits say: see [`upc_e`].
#[must_use]
pub fn canonical_gtin(text: &str) -> Option<String> {
    let fits = matches!(text.len(), 8 | 12 | 13 | 14) && has_check_digit(text.as_bytes());
    (fits && text.bytes().any(|b| b != b'0')).then(|| format!("{text:0>14}"))
}

/// A zero-suppressed UPC-E of six digits (number system 0, no check digit), seven (number system before) or eight (check
/// digit after), as a GTIN of 14 digits (General Specifications §5.2.2.4). `None` where it is none, or its check digit is
/// wrong. Eight digits may be a GTIN-8 as well: only the symbology tells them apart.
#[must_use]
pub fn upc_e(text: &str) -> Option<String> {
    let digits = text.as_bytes();
    let (system, body, check) = match *digits {
        [a, b, c, d, e, f] => (b'0', [a, b, c, d, e, f], None),
        [system, a, b, c, d, e, f] => (system, [a, b, c, d, e, f], None),
        [system, a, b, c, d, e, f, check] => (system, [a, b, c, d, e, f], Some(check)),
        _ => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) || system > b'1' {
        return None;
    }
    let [a, b, c, d, e, last] = body;
    let zero = b'0';
    let long = match last {
        b'0'..=b'2' => [system, a, b, last, zero, zero, zero, zero, c, d, e],
        b'3' => [system, a, b, c, zero, zero, zero, zero, zero, d, e],
        b'4' => [system, a, b, c, d, zero, zero, zero, zero, zero, e],
        _ => [system, a, b, c, d, e, zero, zero, zero, zero, last],
    };
    let long = std::str::from_utf8(&long).ok()?;
    let right = check_digit(long)? + b'0';
    check.is_none_or(|check| check == right).then(|| format!("00{long}{}", char::from(right)))
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
    text.len() == 18 && has_check_digit(text.as_bytes()) && text.bytes().any(|b| b != b'0')
}
