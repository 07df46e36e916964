//! Reed-Solomon correction of MaxiCode: over the field of 64 elements by x⁶ + x + 1, with the roots α¹ to αⁿ.
//!
//! The primary message has ten codewords of correction of its own. The secondary message is two, the codewords of even and of
//! odd places, each corrected by itself. This file must never look at what the codewords mean.

use super::{CODEWORDS, PRIMARY};

/// Codewords of correction of each half of the secondary message, modes 2 to 4 and 6.
pub(super) const STANDARD: usize = 20;
/// The same of mode 5.
pub(super) const FULL: usize = 28;
/// x⁶ + x + 1.
const POLYNOMIAL: u8 = 0x43;

/// Sum of shifts: no table is needed for some thousand products.
fn product(a: u8, b: u8) -> u8 {
    let (mut sum, mut a) = (0, a);
    for bit in 0..6 {
        if b >> bit & 1 == 1 {
            sum ^= a;
        }
        a <<= 1;
        if a >= 64 {
            a ^= POLYNOMIAL;
        }
    }
    sum
}

/// The remainder that belongs behind `data`, highest power first.
fn remainder(data: impl Iterator<Item = u8>, count: usize) -> Vec<u8> {
    // The product of all (x - αⁱ), without its leading one, highest power first.
    let mut generator: Vec<u8> = Vec::with_capacity(count);
    let mut root = 1;
    for _ in 0..count {
        root = product(root, 2);
        let shifted: Vec<u8> = generator.iter().copied().chain([0]).collect();
        let times = std::iter::once(1).chain(generator.iter().copied()).map(|c| product(c, root));
        generator = shifted.iter().zip(times).map(|(a, b)| a ^ b).collect();
    }
    let mut rest = vec![0; count];
    for codeword in data {
        let lead = codeword ^ rest.first().copied().unwrap_or_default();
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        rest.iter_mut().zip(&generator).for_each(|(r, g)| *r ^= product(lead, *g));
    }
    rest
}

/// All codewords in their order: primary, its correction, secondary, its correction with the halves taking turns.
pub(super) fn corrected(primary: [u8; PRIMARY], secondary: &[u8], count: usize) -> [u8; CODEWORDS] {
    let first = remainder(primary.iter().copied(), PRIMARY);
    let half = |parity: usize| remainder(secondary.iter().skip(parity).step_by(2).copied(), count);
    let (even, odd) = (half(0), half(1));
    let turns = even.into_iter().zip(odd).flat_map(|(e, o)| [e, o]);
    let all = primary.into_iter().chain(first).chain(secondary.iter().copied()).chain(turns);
    let mut out = [0; CODEWORDS];
    out.iter_mut().zip(all).for_each(|(place, codeword)| *place = codeword);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word of the code is zero at every root.
    #[test]
    fn a_corrected_message_is_zero_at_every_root() {
        let data: Vec<u8> = (0..34_u32).map(|i| ((i * 29 + 7) % 64) as u8).collect();
        for count in [PRIMARY, STANDARD, FULL] {
            let word: Vec<u8> = data.iter().copied().chain(remainder(data.iter().copied(), count)).collect();
            assert_eq!(word.len(), data.len() + count);
            let mut root = 1;
            for _ in 0..count {
                root = product(root, 2);
                assert_eq!(word.iter().fold(0, |sum, c| product(sum, root) ^ c), 0);
            }
        }
    }

    #[test]
    fn two_generates_every_element_but_zero() {
        let mut seen = std::collections::BTreeSet::new();
        let mut power = 1;
        while seen.insert(power) {
            power = product(power, 2);
        }
        assert_eq!(seen.len(), 63);
    }
}
