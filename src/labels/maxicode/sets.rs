//! Text in the code sets of MaxiCode, in the fewest codewords.
//!
//! A codeword stands for a character of the set that is in force. A set is changed for one character (a shift), from B to A also
//! for two or three, or until further notice (a latch; for C, D and E a shift given twice), and nine digits are six codewords in
//! any set. Which of these is shortest is found over all ways at once, character by character. This file must never drop or
//! replace a character.

use super::MaxiCodeError;

/// Fills what is left, in sets A and B.
pub(super) const PAD: u8 = 33;
/// Fills what is left in set E; C and D have none.
const PAD_E: u8 = 28;
/// Nine digits follow in five codewords.
const NUMBER: u8 = 31;
const NUMBER_DIGITS: usize = 9;
/// Sets by their number.
const SETS: usize = 5;
const A: usize = 0;
const B: usize = 1;
const C: usize = 2;
const D: usize = 3;
const E: usize = 4;
/// More text than this fits no symbol: the densest is nine digits in six codewords.
const BYTES_MAX: usize = 256;

/// A text as bytes of Latin-1.
pub(super) fn latin1(text: &str) -> Result<Vec<u8>, MaxiCodeError> {
    let byte = |(at, c): (usize, char)| u8::try_from(c).map_err(|_| MaxiCodeError::Character { at: at + 1 });
    text.chars().enumerate().map(byte).collect()
}

/// The codeword of a character in a set, if it has one.
fn codeword(set: usize, byte: u8) -> Option<u8> {
    // Separators stand at the same codewords in A to D, and elsewhere in E.
    if let (0x1C..=0x1E, A | B | C | D) = (byte, set) {
        return Some(byte);
    }
    let listed = |list: &[u8], first: u8| list.iter().position(|b| *b == byte).map(|at| at as u8 + first);
    match set {
        A => match byte {
            b'\r' => Some(0),
            b'A'..=b'Z' => Some(byte - b'A' + 1),
            b' ' => Some(32),
            b'"'..=b':' => Some(byte),
            _ => None,
        },
        B => match byte {
            b'`'..=b'z' => Some(byte - b'`'),
            _ => listed(b"{", 32).or_else(|| listed(b"}~\x7F;<=>?[\\]^_ ,./:@!|", 34)),
        },
        C => match byte {
            0xC0..=0xDA => Some(byte - 0xC0),
            0xDB..=0xDF => Some(byte - 0xDB + 32),
            0x80..=0x89 => Some(byte - 0x80 + 48),
            b' ' => Some(59),
            _ => listed(b"\xAA\xAC\xB1\xB2\xB3\xB5\xB9\xBA\xBC\xBD\xBE", 37),
        },
        D => match byte {
            0xE0..=0xFA => Some(byte - 0xE0),
            0xFB..=0xFF => Some(byte - 0xFB + 32),
            0x8A..=0x94 => Some(byte - 0x8A + 47),
            b' ' => Some(59),
            _ => listed(b"\xA1\xA8\xAB\xAF\xB0\xB4\xB7\xB8\xBB\xBF", 37),
        },
        _ => match byte {
            0x00..=0x1A => Some(byte),
            0x1B => Some(30),
            0x1C..=0x1F => Some(byte - 0x1C + 32),
            0x95..=0x9E => Some(byte - 0x95 + 48),
            b' ' => Some(59),
            _ => listed(b"\x9F\xA0\xA2\xA3\xA4\xA5\xA6\xA7\xA9\xAD\xAE\xB6", 36),
        },
    }
}

/// The codeword of a printable character of set A.
pub(super) fn printable_of_a(byte: u8) -> Option<u8> {
    if byte < b' ' { None } else { codeword(A, byte) }
}

/// One character in another set, with the codewords before it; A and B shift to each other only.
fn shift(from: usize, to: usize) -> Option<u8> {
    match (from, to) {
        (A, B) | (B, A) => Some(59),
        (_, C | D | E) if from != to => Some(58 + to as u8),
        _ => None,
    }
}

/// The codewords that put a set in force.
fn latch(from: usize, to: usize) -> Vec<u8> {
    match (from, to) {
        (B, A) | (A, B) => vec![63],
        (_, A) => vec![58],
        (_, B) => vec![63],
        // The second is read in the new set, where it means that the set stays.
        (_, _) => vec![58 + to as u8; 2],
    }
}

/// A step: how many characters it writes, the set in force after it, and its codewords.
type Step = (usize, usize, Vec<u8>);

/// All steps that can be taken in a set before `rest`.
fn steps(set: usize, rest: &[u8]) -> Vec<Step> {
    let mut out = Vec::new();
    let Some(first) = rest.first() else { return out };
    out.extend(codeword(set, *first).map(|value| (1, set, vec![value])));
    for other in (0..SETS).filter(|other| *other != set) {
        let shifted = shift(set, other).zip(codeword(other, *first));
        out.extend(shifted.map(|(shift, value)| (1, set, vec![shift, value])));
    }
    for (count, sign) in [(2, 56), (3, 57)] {
        let of_a: Option<Vec<u8>> =
            rest.get(..count).and_then(|run| run.iter().map(|byte| codeword(A, *byte)).collect());
        let run = of_a.filter(|_| set == B).map(|values| std::iter::once(sign).chain(values).collect());
        out.extend(run.map(|codewords| (count, set, codewords)));
    }
    let digits = rest.get(..NUMBER_DIGITS).filter(|digits| digits.iter().all(u8::is_ascii_digit));
    out.extend(digits.map(|digits| {
        let value = digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        let parts = (0..5).rev().map(|part| (value >> (6 * part) & 0x3F) as u8);
        (NUMBER_DIGITS, set, std::iter::once(NUMBER).chain(parts).collect())
    }));
    out
}

/// How a place in the text was reached in a set: in how many codewords, and by which step from which set.
#[derive(Debug, Clone)]
struct Reached {
    cost: usize,
    step: Step,
    from: usize,
}

fn improve(best: &mut Option<Reached>, found: Reached) {
    if best.as_ref().is_none_or(|best| found.cost < best.cost) {
        *best = Some(found);
    }
}

/// The shortest way to each set after the last character.
fn shortest(text: &[u8]) -> Vec<[Option<Reached>; SETS]> {
    let mut table: Vec<[Option<Reached>; SETS]> = vec![Default::default(); text.len() + 1];
    let start = Reached { cost: 0, step: (0, A, Vec::new()), from: A };
    if let Some(first) = table.first_mut() {
        first[A] = Some(start);
    }
    for at in 0..=text.len() {
        let Some(here) = table.get(at).cloned() else { break };
        let mut latched = here.clone();
        for (from, reached) in here.iter().enumerate() {
            let Some(reached) = reached else { continue };
            for (to, best) in latched.iter_mut().enumerate().filter(|(to, _)| *to != from) {
                let codewords = latch(from, to);
                improve(best, Reached { cost: reached.cost + codewords.len(), step: (0, to, codewords), from });
            }
        }
        for (from, reached) in latched.iter().enumerate() {
            let Some(reached) = reached else { continue };
            for step in steps(from, text.get(at..).unwrap_or_default()) {
                let found = Reached { cost: reached.cost + step.2.len(), from, step };
                if let Some(best) = table.get_mut(at + found.step.0).and_then(|place| place.get_mut(found.step.1)) {
                    improve(best, found);
                }
            }
        }
        if let Some(place) = table.get_mut(at) {
            *place = latched;
        }
    }
    table
}

/// The text in exactly `room` codewords, beginning in set A; `before` are the codewords of a part of a message.
pub(super) fn written(text: &[u8], before: Option<[u8; 2]>, room: usize) -> Result<Vec<u8>, MaxiCodeError> {
    if text.len() > BYTES_MAX {
        return Err(MaxiCodeError::TooLong { needed: text.len() * 6 / 9, most: room });
    }
    let table = shortest(text);
    let ahead = before.map_or(0, |b| b.len());
    // C and D end with a latch, unless nothing needs to be filled.
    let whole = |set: usize, cost: usize| {
        let cost = ahead + cost;
        if matches!(set, C | D) && cost < room { cost + 1 } else { cost }
    };
    let ends = table.last().into_iter().flatten().enumerate();
    let ends = ends.filter_map(|(set, reached)| Some((whole(set, reached.as_ref()?.cost), set)));
    let Some((needed, last)) = ends.min() else { return Err(MaxiCodeError::Empty) };
    if needed > room {
        return Err(MaxiCodeError::TooLong { needed, most: room });
    }
    let (mut set, mut at, mut pieces) = (last, text.len(), Vec::new());
    while let Some(reached) = table.get(at).and_then(|place| place.get(set)).and_then(Option::as_ref) {
        let (count, _, codewords) = &reached.step;
        if codewords.is_empty() {
            break;
        }
        pieces.push(codewords.clone());
        (set, at) = (reached.from, at - count);
    }
    let mut out: Vec<u8> = before.into_iter().flatten().collect();
    out.extend(pieces.into_iter().rev().flatten());
    if matches!(last, C | D) && out.len() < room {
        out.extend(latch(last, A));
    }
    if out.is_empty() {
        // A pad that comes first would announce a part of a message.
        out.extend(latch(A, B));
    }
    out.resize(room, if last == E { PAD_E } else { PAD });
    Ok(out)
}
