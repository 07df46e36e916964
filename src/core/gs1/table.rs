//! The GS1 application identifiers with their rules, made from the GS1 Barcode Syntax Dictionary (Apache-2.0,
//! <https://ref.gs1.org/tools/gs1-barcode-syntax-resource/>) whose text lies in `assets/gs1/`; `dictionary.rs` reads it
//! while the program is compiled. An identifier is found without searching: its first two digits tell how many it has,
//! and the rest is an index.

use super::dictionary;
use super::lint::Linter;

/// Most parts of a value.
pub(super) const PARTS_MAX: usize = 5;
/// Most sequences of qualifiers of one key.
pub(super) const SEQUENCES_MAX: usize = 2;
/// Most qualifiers of one sequence.
pub(super) const QUALIFIERS_MAX: usize = 3;
/// Most identifiers that one row names as excluded or required.
const PATTERNS_MAX: usize = 16;
/// Most rules a part has beside its character set.
const LINTERS_MAX: usize = 3;
/// A slot without a row.
pub(super) const NO_ROW: u8 = u8::MAX;
/// Longest value of an identifier that is not in the dictionary.
pub(super) const UNKNOWN_VALUE_MAX: u8 = 90;

/// An application identifier: its number and how many digits it is written with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ai {
    number: u16,
    digits: u8,
}

impl Ai {
    /// No identifier.
    pub(super) const NONE: Ai = Ai { number: 0, digits: 0 };

    /// The identifier of this number, written with this many digits.
    pub(super) const fn of(number: u16, digits: u8) -> Ai {
        Ai { number, digits }
    }

    /// The identifier these 2 to 4 digits are, if the dictionary has it.
    #[must_use]
    pub fn parse(digits: &str) -> Option<Ai> {
        exact(digits.as_bytes(), false).map(|f| f.ai)
    }

    /// How many digits it has: 2 to 4.
    #[must_use]
    pub const fn digits(self) -> usize {
        self.digits as usize
    }

    /// Its number, which alone does not tell (01) from (001).
    #[must_use]
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Its digits as characters; only the first [`Ai::digits`] count.
    #[must_use]
    pub const fn ascii(self) -> [u8; 4] {
        let n = self.number;
        match self.digits {
            4 => [decimal(n / 1000), decimal(n / 100), decimal(n / 10), decimal(n)],
            3 => [decimal(n / 100), decimal(n / 10), decimal(n), 0],
            _ => [decimal(n / 10), decimal(n), 0, 0],
        }
    }

    /// What the dictionary calls it, such as `BATCH/LOT`; empty where it does not.
    #[must_use]
    pub fn title(self) -> &'static str {
        row_of(self).map_or("", |row| row.text(row.title))
    }

    /// How many identifiers begin with the same two digits.
    const fn siblings(self) -> u16 {
        match self.digits {
            4 => 100,
            3 => 10,
            _ => 1,
        }
    }

    /// Its first two digits.
    pub(super) const fn prefix(self) -> usize {
        (self.number / self.siblings()) as usize % 100
    }

    /// Where it stands in the table of all identifiers there could be; `u16::MAX` where its first two digits are unused.
    pub(super) const fn slot(self) -> u16 {
        let prefix = PREFIXES.0[self.prefix()];
        if prefix.ai_digits == self.digits { prefix.base + self.number % self.siblings() } else { u16::MAX }
    }
}

const fn decimal(n: u16) -> u8 {
    b'0' + (n % 10) as u8
}

impl std::fmt::Display for Ai {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:0width$}", self.number, width = self.digits())
    }
}

impl std::fmt::Debug for Ai {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({self})")
    }
}

/// Characters a value may have (General Specifications, 7.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charset {
    /// 0 to 9.
    Digits,
    /// The 82 characters of most texts.
    Set82,
    /// The 39 characters of a component part number.
    Set39,
    /// Base64 as in URIs.
    Base64Url,
}

impl std::fmt::Display for Charset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Charset::Digits => "a digit",
            Charset::Set82 => "of GS1's 82 characters (letters, digits and !\"%&'()*+,-./:;<=>?_)",
            Charset::Set39 => "of GS1's 39 characters (capital letters, digits and #-/)",
            Charset::Base64Url => "of base64url (letters, digits, - and _)",
        })
    }
}

/// One part of a value.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub charset: Charset,
    pub min: u8,
    pub max: u8,
    pub optional: bool,
    pub linters: [Linter; LINTERS_MAX],
}

impl Part {
    pub(super) const NONE: Part =
        Part { charset: Charset::Set82, min: 0, max: 0, optional: false, linters: [Linter::None; LINTERS_MAX] };
}

/// Identifiers that are alike, such as `31nn`: slots from `from` to before `to`.
#[derive(Clone, Copy)]
pub(super) struct Pattern {
    pub from: u16,
    pub to: u16,
}

/// How a pattern of a list is joined to the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// Both are needed.
    With,
    /// The next one begins another choice.
    Next,
    /// The list ends here; a further one is needed as well.
    LastOfAll,
}

/// Patterns that a row excludes or requires.
#[derive(Clone, Copy)]
pub(super) struct Patterns {
    pub(super) list: [(Pattern, Group); PATTERNS_MAX],
    pub(super) count: u8,
}

impl Patterns {
    const NONE: Patterns = Patterns { list: [(Pattern { from: 0, to: 0 }, Group::Next); PATTERNS_MAX], count: 0 };

    pub(super) fn all(&self) -> &[(Pattern, Group)] {
        self.list.get(..usize::from(self.count)).unwrap_or(&[])
    }
}

/// A piece of the dictionary's text.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub from: u16,
    pub to: u16,
}

impl Piece {
    const NONE: Piece = Piece { from: 0, to: 0 };
}

/// What the dictionary says of one identifier, or of several in a row that are alike.
#[derive(Clone, Copy)]
pub struct Row {
    pub(super) from: u16,
    pub(super) to: u16,
    pub(super) ai_digits: u8,
    /// The length is predefined: no separator needs to follow.
    pub(super) predefined: bool,
    /// May be a query parameter of a Digital Link.
    pub(super) attribute: bool,
    pub(super) parts: [Part; PARTS_MAX],
    pub(super) parts_count: u8,
    pub(super) length_min: u8,
    pub(super) length_max: u8,
    pub(super) excluded: Patterns,
    pub(super) required: Patterns,
    /// A Digital Link may begin with it.
    pub(super) key: bool,
    pub(super) qualifiers: [[Ai; QUALIFIERS_MAX]; SEQUENCES_MAX],
    pub(super) spec: Piece,
    pub(super) needs: Piece,
    pub(super) title: Piece,
}

impl Row {
    pub(super) const NONE: Row = Row {
        from: 0,
        to: 0,
        ai_digits: 0,
        predefined: false,
        attribute: false,
        parts: [Part::NONE; PARTS_MAX],
        parts_count: 0,
        length_min: 0,
        length_max: 0,
        excluded: Patterns::NONE,
        required: Patterns::NONE,
        key: false,
        qualifiers: [[Ai::NONE; QUALIFIERS_MAX]; SEQUENCES_MAX],
        spec: Piece::NONE,
        needs: Piece::NONE,
        title: Piece::NONE,
    };

    /// The stand-in for identifiers that are not in the dictionary.
    const fn unknown(ai_digits: u8, length: u8) -> Row {
        let mut row = Row::NONE;
        row.ai_digits = ai_digits;
        row.predefined = length > 0;
        row.length_min = if length > 0 { length } else { 1 };
        row.length_max = if length > 0 { length } else { UNKNOWN_VALUE_MAX };
        row.parts[0].min = row.length_min;
        row.parts[0].max = row.length_max;
        row.parts_count = 1;
        row
    }

    pub(super) fn parts(&self) -> &[Part] {
        self.parts.get(..usize::from(self.parts_count)).unwrap_or(&[])
    }

    pub(super) fn text(&self, piece: Piece) -> &'static str {
        dictionary::TEXT.get(usize::from(piece.from)..usize::from(piece.to)).unwrap_or("")
    }

    /// First identifier.
    #[must_use]
    pub fn first(&self) -> Ai {
        Ai::of(self.from, self.ai_digits)
    }

    /// Last identifier.
    #[must_use]
    pub fn last(&self) -> Ai {
        Ai::of(self.to, self.ai_digits)
    }

    /// Whether the length is predefined, so that no separator needs to follow.
    #[must_use]
    pub fn has_predefined_length(&self) -> bool {
        self.predefined
    }

    /// Whether a Digital Link may begin with it.
    #[must_use]
    pub fn is_key(&self) -> bool {
        self.key
    }

    /// The specification of its value as the dictionary writes it: `N13,csum,gcppos1 [X..17]`.
    #[must_use]
    pub fn specification(&self) -> &'static str {
        self.text(self.spec)
    }
}

/// What the first two digits of an identifier tell.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    /// How many digits the identifier has; 0 where none begins so.
    pub ai_digits: u8,
    /// Slot of the first identifier that could begin so.
    pub base: u16,
}

pub(super) const PREFIXES: ([Prefix; 100], usize) = dictionary::prefixes();

static PREFIX: [Prefix; 100] = PREFIXES.0;
static ROWS: [Row; dictionary::count_rows()] = dictionary::rows();
static SLOTS: [u8; PREFIXES.1] = dictionary::slot_rows(&ROWS);

static UNKNOWN: Row = Row::unknown(0, 0);
static UNKNOWN_3: Row = Row::unknown(3, 0);
static UNKNOWN_4: Row = Row::unknown(4, 0);
static UNKNOWN_3_OF_13: Row = Row::unknown(3, 13);
static UNKNOWN_4_OF_6: Row = Row::unknown(4, 6);

/// All rows, in the dictionary's order.
#[must_use]
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// The row of an identifier.
#[must_use]
pub fn row_of(ai: Ai) -> Option<&'static Row> {
    SLOTS.get(usize::from(ai.slot())).and_then(|n| ROWS.get(usize::from(*n)))
}

/// What an identifier needs beside it, as the dictionary writes it: `01,02,8006+21`.
pub(super) fn required_text(ai: Ai) -> &'static str {
    row_of(ai).map_or("", |row| row.text(row.needs))
}

/// An identifier found at the beginning of a text.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub ai: Ai,
    pub slot: u16,
    pub row: &'static Row,
}

impl Found {
    /// Not in the dictionary, and nothing tells how many digits such identifiers have.
    pub(super) fn has_no_length(&self) -> bool {
        self.row.ai_digits == 0
    }
}

/// The identifier at the beginning of a text. `unknown` admits those that are not in the dictionary where their first two
/// digits tell their length.
#[inline]
pub(super) fn leading(text: &[u8], unknown: bool) -> Option<Found> {
    let [a, b, ..] = *text else { return None };
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    if a > 9 || b > 9 {
        return None;
    }
    let two = u16::from(a) * 10 + u16::from(b);
    let prefix = PREFIX[usize::from(two)];
    let tail_digits = usize::from(prefix.ai_digits).checked_sub(2)?;
    let (mut tail, mut number) = (0, two);
    for byte in text.get(2..2 + tail_digits)? {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        tail = tail * 10 + u16::from(digit);
        number = number * 10 + u16::from(digit);
    }
    let (ai, slot) = (Ai::of(number, prefix.ai_digits), prefix.base + tail);
    match ROWS.get(usize::from(SLOTS[usize::from(slot)])) {
        Some(row) => Some(Found { ai, slot, row }),
        None if unknown => Some(Found { ai, slot, row: unknown_row(ai) }),
        None => None,
    }
}

/// The identifier that a whole text is. `unknown` admits any that does not contradict the dictionary.
pub(super) fn exact(text: &[u8], unknown: bool) -> Option<Found> {
    if !(2..=4).contains(&text.len()) {
        return None;
    }
    match leading(text, unknown) {
        Some(found) => (found.ai.digits() == text.len()).then_some(found),
        None if unknown && text.iter().all(u8::is_ascii_digit) => {
            let number = text.iter().fold(0, |n, b| n * 10 + u16::from(b - b'0'));
            let two = usize::from((text[0] - b'0') * 10 + (text[1] - b'0'));
            let ai = Ai::of(number, text.len() as u8);
            (PREFIX[two].ai_digits == 0).then_some(Found { ai, slot: u16::MAX, row: &UNKNOWN })
        }
        None => None,
    }
}

/// The General Specifications fix lengths by the first two digits also of identifiers that are not assigned yet.
fn unknown_row(ai: Ai) -> &'static Row {
    match (ai.digits(), ai.number()) {
        (4, 3100..=3699) => &UNKNOWN_4_OF_6,
        (4, _) => &UNKNOWN_4,
        (_, 410..=419) => &UNKNOWN_3_OF_13,
        _ => &UNKNOWN_3,
    }
}
