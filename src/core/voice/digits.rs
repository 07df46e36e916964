//! The check digits of a place: two digits that a packer reads from the shelf and says, so that the place is proven and not only
//! believed. Either they are computed from the place's code and stand on a sticker beside it, or they are the last two digits of the
//! code itself. Must never depend on anything but the code.

use super::words::DIGITS_SPOKEN;

/// Where the digits come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CheckDigits {
    /// Computed (ISO 7064, MOD 97-10): they cannot be guessed from a place's neighbours, and stand on a sticker.
    #[default]
    Computed,
    /// The last two digits of the code: nothing to be printed, and weaker, for the code is shown and spoken.
    EndOfCode,
}

/// The check digits of a place; none where its code has no two digits to take.
#[must_use]
pub fn of_place(code: &str, from: CheckDigits) -> Option<[u8; DIGITS_SPOKEN]> {
    match from {
        CheckDigits::Computed => computed(code),
        CheckDigits::EndOfCode => {
            let mut found = code.bytes().rev().filter(u8::is_ascii_digit).map(|digit| digit - b'0');
            let ones = found.next()?;
            Some([found.next()?, ones])
        }
    }
}

/// ISO 7064, MOD 97-10, over letters (A is 10, Z is 35) and digits; everything else only separates.
fn computed(code: &str) -> Option<[u8; DIGITS_SPOKEN]> {
    let mut rest: u32 = 0;
    let mut any = false;
    for value in code.chars().filter_map(|c| c.to_ascii_uppercase().to_digit(36)) {
        any = true;
        let wide = if value < 10 { rest * 10 + value } else { rest * 100 + value };
        rest = wide % 97;
    }
    let check = 98 - rest * 100 % 97;
    let check = check % 97;
    let digits = [u8::try_from(check / 10).ok()?, u8::try_from(check % 10).ok()?];
    any.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_computed_digits_are_those_of_the_standard() {
        // ISO 7064 by hand: "A-07-3" is 10 07 3; 10073 × 100 mod 97 = 52; 98 − 52 = 46.
        assert_eq!(10_073 * 100 % 97, 52);
        assert_eq!(of_place("A-07-3", CheckDigits::Computed), Some([4, 6]));
        assert_eq!(of_place("a073", CheckDigits::Computed), Some([4, 6]), "how a code is separated says nothing");
        assert_eq!(of_place("- -", CheckDigits::Computed), None);
    }

    #[test]
    fn neighbours_never_share_their_digits() {
        for bay in 1..=20 {
            for level in 1..6 {
                let of =
                    |bay: i32, level: i32| of_place(&format!("A-{bay:02}-{level}"), CheckDigits::Computed).unwrap();
                assert_ne!(of(bay, level), of(bay, level + 1));
                assert_ne!(of(bay, level), of(bay + 1, level));
            }
        }
    }

    #[test]
    fn the_end_of_a_code_may_be_too_short() {
        assert_eq!(of_place("A-07-3", CheckDigits::EndOfCode), Some([7, 3]));
        assert_eq!(of_place("DOCK-4", CheckDigits::EndOfCode), None);
    }
}
