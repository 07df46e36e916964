//! The numbers that a USB device is known by, as people write them: vendor and product, `05e0:1300`. Pure. Must never guess at
//! what is half written.

/// Reads `05e0:1300`: two numbers of four hexadecimal digits.
#[must_use]
pub fn id_of(text: &str) -> Option<(u16, u16)> {
    let (vendor, product) = text.split_once(':')?;
    let number = |word: &str| {
        let hex = word.len() == 4 && word.bytes().all(|b| b.is_ascii_hexdigit());
        if hex { u16::from_str_radix(word, 16).ok() } else { None }
    };
    Some((number(vendor)?, number(product)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_four_hex_digits_each() {
        assert_eq!(id_of("05e0:1300"), Some((0x05e0, 0x1300)));
        assert_eq!(id_of("05E0:13Af"), Some((0x05e0, 0x13af)));
        for bad in ["", "05e0", "5e0:1300", "05e0:1300:1", "+5e0:1300", "05e0:13g0"] {
            assert_eq!(id_of(bad), None, "{bad}");
        }
    }
}
