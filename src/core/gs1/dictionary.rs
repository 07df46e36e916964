//! Reads the official GS1 Barcode Syntax Dictionary while the program is compiled: the text in `assets/gs1/` itself is the
//! source of every table, so no copy of it can go stale. What cannot be read stops the build. Nothing here runs later.

use super::lint::Linter;
use super::table::{
    Ai, Charset, Group, NO_ROW, PREFIXES, Part, Pattern, Patterns, Piece, Prefix, QUALIFIERS_MAX, Row, SEQUENCES_MAX,
};

/// The dictionary as it is published.
pub(super) const TEXT: &str = include_str!("../../../assets/gs1/gs1-syntax-dictionary.txt");

/// Flags that may stand between the identifiers and the specification.
const FLAGS: &[u8] = b"*!?\"$%&'()+,-./:;<=>@[\\]^_`{|}~";

/// A piece of the dictionary: from byte `at` to before byte `end`.
#[derive(Clone, Copy)]
struct Span {
    at: usize,
    end: usize,
}

const fn byte(at: usize) -> u8 {
    TEXT.as_bytes()[at]
}

const fn digit(at: usize) -> u16 {
    assert!(byte(at).is_ascii_digit(), "the dictionary has no digit where one is expected");
    (byte(at) - b'0') as u16
}

/// The line that begins at `at`.
const fn line(at: usize) -> Span {
    let mut end = at;
    while end < TEXT.len() && byte(end) != b'\n' {
        end += 1;
    }
    Span { at, end }
}

/// The next word of a line, and what is left of the line after it.
const fn word(mut rest: Span) -> (Span, Span) {
    while rest.at < rest.end && byte(rest.at) == b' ' {
        rest.at += 1;
    }
    let mut end = rest.at;
    while end < rest.end && byte(end) != b' ' {
        end += 1;
    }
    (Span { at: rest.at, end }, Span { at: end, end: rest.end })
}

const fn is(span: Span, text: &[u8]) -> bool {
    if span.end - span.at != text.len() {
        return false;
    }
    let mut i = 0;
    while i < text.len() {
        if byte(span.at + i) != text[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn begins(span: Span, text: &[u8]) -> bool {
    span.end - span.at >= text.len() && is(Span { at: span.at, end: span.at + text.len() }, text)
}

/// Up to the next of two separators, and what is left after it.
const fn item(list: Span, a: u8, b: u8) -> (Span, Span) {
    let mut end = list.at;
    while end < list.end && byte(end) != a && byte(end) != b {
        end += 1;
    }
    let after = if end < list.end { end + 1 } else { end };
    (Span { at: list.at, end }, Span { at: after, end: list.end })
}

/// Does a line describe identifiers? Others are comments or empty.
const fn describes(line: Span) -> bool {
    line.at < line.end && byte(line.at).is_ascii_digit()
}

/// How many rows the dictionary has.
pub(super) const fn count_rows() -> usize {
    let (mut at, mut rows) = (0, 0);
    while at < TEXT.len() {
        let line = line(at);
        if describes(line) {
            rows += 1;
        }
        at = line.end + 1;
    }
    rows
}

/// The first and the last identifier of a word like `3100-3105` or `01`: numbers, and how many digits each.
const fn identifiers(word: Span) -> (u16, u16, u8) {
    let (first, rest) = item(word, b'-', b'-');
    let last = if rest.at < rest.end { rest } else { first };
    assert!(first.end - first.at == last.end - last.at, "an AI range of two lengths");
    (number(first), number(last), (first.end - first.at) as u8)
}

const fn number(span: Span) -> u16 {
    let (mut at, mut n) = (span.at, 0);
    while at < span.end {
        n = n * 10 + digit(at);
        at += 1;
    }
    n
}

/// All identifiers that begin with the same two digits have the same length: where their slots begin.
pub(super) const fn prefixes() -> ([Prefix; 100], usize) {
    let mut all = [Prefix { ai_digits: 0, base: 0 }; 100];
    let mut at = 0;
    while at < TEXT.len() {
        let line = line(at);
        if describes(line) {
            let (mut number, last, digits) = identifiers(word(line).0);
            while number <= last {
                let prefix = Ai::of(number, digits).prefix();
                let known = all[prefix].ai_digits;
                assert!(matches!(digits, 2..=4) && (known == 0 || known == digits), "one prefix, two lengths of AI");
                all[prefix].ai_digits = digits;
                number += 1;
            }
        }
        at = line.end + 1;
    }
    let (mut slots, mut i) = (0, 0);
    while i < 100 {
        all[i].base = slots;
        slots += match all[i].ai_digits {
            2 => 1,
            3 => 10,
            4 => 100,
            _ => 0,
        };
        i += 1;
    }
    (all, slots as usize)
}

/// All rows, in the dictionary's order.
pub(super) const fn rows<const N: usize>() -> [Row; N] {
    let mut all = [Row::NONE; N];
    let (mut at, mut n) = (0, 0);
    while at < TEXT.len() {
        let line = line(at);
        if describes(line) {
            all[n] = row(line);
            n += 1;
        }
        at = line.end + 1;
    }
    all
}

/// Which row each slot belongs to.
pub(super) const fn slot_rows<const N: usize>(rows: &[Row]) -> [u8; N] {
    let mut all = [NO_ROW; N];
    let mut n = 0;
    while n < rows.len() {
        let mut number = rows[n].from;
        while number <= rows[n].to {
            all[Ai::of(number, rows[n].ai_digits).slot() as usize] = n as u8;
            number += 1;
        }
        n += 1;
    }
    all
}

const fn row(line: Span) -> Row {
    let (ais, rest) = word(line);
    let (from, to, ai_digits) = identifiers(ais);
    let mut row = Row { from, to, ai_digits, ..Row::NONE };
    let (mut token, mut rest) = word(rest);
    if is_flags(token) {
        let mut at = token.at;
        while at < token.end {
            row.predefined |= byte(at) == b'*';
            row.attribute |= byte(at) == b'?';
            at += 1;
        }
        (token, rest) = word(rest);
    }
    let spec_from = token.at;
    while token.at < token.end && (byte(token.at).is_ascii_uppercase() || byte(token.at) == b'[') {
        let part = part(token);
        row.parts[row.parts_count as usize] = part;
        row.parts_count += 1;
        row.length_min += if part.optional { 0 } else { part.min };
        row.length_max += part.max;
        row.spec = piece(spec_from, token.end);
        (token, rest) = word(rest);
    }
    assert!(!row.predefined || row.length_min == row.length_max, "a predefined length that is none");
    while token.at < token.end && byte(token.at) != b'#' {
        row = attribute(row, token);
        (token, rest) = word(rest);
    }
    while rest.at < rest.end && byte(rest.at) == b' ' {
        rest.at += 1;
    }
    row.title = piece(rest.at, rest.end);
    row
}

const fn piece(from: usize, to: usize) -> Piece {
    assert!(to <= u16::MAX as usize, "the dictionary is longer than its places can be told");
    Piece { from: from as u16, to: to as u16 }
}

const fn is_flags(token: Span) -> bool {
    let mut at = token.at;
    while at < token.end {
        let mut i = 0;
        while i < FLAGS.len() && FLAGS[i] != byte(at) {
            i += 1;
        }
        if i == FLAGS.len() {
            return false;
        }
        at += 1;
    }
    token.at < token.end
}

/// Reads `N13,csum,gcppos1`, `X..20` or `[N..12]`.
const fn part(token: Span) -> Part {
    let (mut shape, mut names) = item(token, b',', b',');
    let mut part = Part::NONE;
    if byte(shape.at) == b'[' {
        part.optional = true;
        shape = Span { at: shape.at + 1, end: shape.end - 1 };
    }
    part.charset = match byte(shape.at) {
        b'N' => Charset::Digits,
        b'X' => Charset::Set82,
        b'Y' => Charset::Set39,
        other => {
            assert!(other == b'Z', "an unknown character set");
            Charset::Base64Url
        }
    };
    let any_length = byte(shape.at + 1) == b'.';
    part.max = number(Span { at: shape.at + if any_length { 3 } else { 1 }, end: shape.end }) as u8;
    part.min = if any_length { 1 } else { part.max };
    let mut n = 0;
    while names.at < names.end {
        let name;
        (name, names) = item(names, b',', b',');
        part.linters[n] = linter(name);
        n += 1;
    }
    part
}

const fn linter(name: Span) -> Linter {
    let mut i = 0;
    while i < Linter::ALL.len() && !is(name, Linter::ALL[i].0.as_bytes()) {
        i += 1;
    }
    assert!(i < Linter::ALL.len(), "a linter this program does not know");
    Linter::ALL[i].1
}

const fn attribute(mut row: Row, token: Span) -> Row {
    if begins(token, b"ex=") {
        let mut list = Span { at: token.at + 3, end: token.end };
        while list.at < list.end {
            let name;
            (name, list) = item(list, b',', b',');
            row.excluded.push(pattern(name), Group::Next);
        }
    } else if begins(token, b"req=") {
        let mut list = Span { at: token.at + 4, end: token.end };
        row.needs = piece(list.at, list.end);
        while list.at < list.end {
            let name;
            (name, list) = item(list, b',', b'+');
            let group = if list.at == list.end {
                Group::LastOfAll
            } else if byte(name.end) == b'+' {
                Group::With
            } else {
                Group::Next
            };
            row.required.push(pattern(name), group);
        }
    } else {
        assert!(begins(token, b"dlpkey"), "an attribute this program does not know");
        row.key = true;
        if token.end - token.at > 7 {
            row = qualifiers(row, Span { at: token.at + 7, end: token.end });
        }
    }
    row
}

/// Reads `22,10,21|235`: qualifiers in their order, and other such sequences.
const fn qualifiers(mut row: Row, mut list: Span) -> Row {
    let (mut sequence, mut n) = (0, 0);
    while list.at < list.end {
        let name;
        (name, list) = item(list, b',', b'|');
        assert!(sequence < SEQUENCES_MAX && n < QUALIFIERS_MAX, "too many qualifiers");
        row.qualifiers[sequence][n] = Ai::of(number(name), (name.end - name.at) as u8);
        n += 1;
        if name.end < list.end && byte(name.end) == b'|' {
            (sequence, n) = (sequence + 1, 0);
        }
    }
    row
}

/// Reads `01`, `310n` or `31nn`: the slots it stands for.
const fn pattern(name: Span) -> Pattern {
    let (mut at, mut lowest, mut many) = (name.at, 0, 1);
    while at < name.end {
        let open = byte(at) == b'n';
        lowest = lowest * 10 + if open { 0 } else { digit(at) };
        if open {
            many *= 10;
        }
        at += 1;
    }
    let digits = (name.end - name.at) as u8;
    let lowest = Ai::of(lowest, digits);
    assert!(PREFIXES.0[lowest.prefix()].ai_digits == digits, "a pattern of AIs that do not exist");
    let from = lowest.slot();
    Pattern { from, to: from + many }
}

impl Patterns {
    const fn push(&mut self, pattern: Pattern, group: Group) {
        self.list[self.count as usize] = (pattern, group);
        self.count += 1;
    }
}
