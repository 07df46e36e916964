//! `^CI`: which letters the bytes of a text are. It must never guess: what a printer would print of them is drawn, also where the
//! sender meant something else.
//!
//! 0 to 13 are code page 850, 0 to 12 with characters of one country in the place of others; 27 is code page 1252, 28 is UTF-8.
//! A printer begins with 0.

use std::collections::BTreeMap;

/// The upper half of code page 850.
const CP850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å', //
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ', //
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»', //
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐', //
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤', //
    'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀', //
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´', //
    '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];
/// What code page 1252 has where Latin-1 has control characters; five places are empty.
const CP1252: [char; 32] = [
    '€', NONE, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', NONE, 'Ž', NONE, //
    NONE, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', NONE, 'ž', 'Ÿ',
];
/// The euro sign of Zebra's code page 850.
const EURO: u8 = 0x15;
/// The characters that countries have others for.
const SWAPPED: [u8; 11] = *b"#0@[\\]^`{|}";
/// What they are in 0 to 12.
const SWAPS: [[char; 11]; 13] = [
    ['#', '0', '@', '[', '¢', ']', '^', '`', '{', '|', '}'],
    ['#', '0', '@', '⅓', '¢', '⅔', '^', '`', '¼', '½', '¾'],
    ['£', '0', '@', '[', '¢', ']', '^', '`', '{', '|', '}'],
    ['ƒ', '0', '§', '[', 'Ĳ', ']', '^', '`', '{', 'ĳ', '}'],
    ['#', '0', '@', 'Æ', 'Ø', 'Å', '^', '`', 'æ', 'ø', 'å'],
    ['Ü', '0', 'É', 'Ä', 'Ö', 'Å', 'Ü', 'é', 'ä', 'ö', 'å'],
    ['#', '0', '§', 'Ä', 'Ö', 'Ü', '^', '`', 'ä', 'ö', 'ü'],
    ['£', '0', 'à', '[', 'ç', ']', '^', '`', 'é', '|', 'ù'],
    ['#', '0', 'à', 'â', 'ç', 'ê', 'î', 'ô', 'é', 'ù', 'è'],
    ['£', '0', '§', '[', 'ç', 'é', '^', 'ù', 'à', 'ò', 'è'],
    ['#', '0', '§', '¡', 'Ñ', '¿', '^', '`', '{', 'ñ', 'ç'],
    ['£', '0', 'É', 'Ä', 'Ö', 'Ü', '^', 'ä', 'ë', 'ï', 'ö'],
    ['#', '0', '@', '[', '¥', ']', '^', '`', '{', '|', '}'],
];
/// What stands for bytes that mean no letter.
const NONE: char = char::REPLACEMENT_CHARACTER;

/// Which page is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    /// Code page 850 with the swaps of a country, none for 13.
    Cp850(Option<&'static [char; 11]>),
    Cp1252,
    Utf8,
    /// Not known here: only ASCII is read.
    Other(i32),
}

/// The letters that are set, with what the job put elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charset {
    page: Page,
    /// Which byte of the page a byte of the job prints.
    moved: BTreeMap<u8, u8>,
}

/// A text as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub text: String,
    /// The `^CI` that it cannot be read with, and something in it is more than ASCII.
    pub unknown: Option<i32>,
    /// It is UTF-8 that is printed as something else.
    pub mistaken_utf8: bool,
}

impl Charset {
    /// What a printer begins with.
    pub(super) fn initial() -> Self {
        Self { page: Page::Cp850(SWAPS.first()), moved: BTreeMap::new() }
    }

    /// `^CI`: its number, and pairs of a character and the place where it is to be.
    pub(super) fn set(&mut self, number: i32, pairs: &[u8]) {
        self.page = match number {
            0..=13 => Page::Cp850(usize::try_from(number).ok().and_then(|n| SWAPS.get(n))),
            27 => Page::Cp1252,
            28 => Page::Utf8,
            other => Page::Other(other),
        };
        self.moved = pairs.chunks_exact(2).map(|pair| (pair[1], pair[0])).collect();
    }

    pub(super) fn read(&self, bytes: &[u8]) -> Read {
        let ascii = bytes.is_ascii();
        let utf8 = std::str::from_utf8(bytes);
        let (text, unknown) = match self.page {
            Page::Cp850(swaps) => (bytes.iter().map(|byte| self.cp850(*byte, swaps)).collect(), None),
            Page::Cp1252 => (bytes.iter().map(|byte| cp1252(*byte)).collect(), None),
            Page::Utf8 => (String::from_utf8_lossy(bytes).into_owned(), None),
            Page::Other(number) => {
                let letter = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { NONE };
                (bytes.iter().map(letter).collect(), (!ascii).then_some(number))
            }
        };
        let single = matches!(self.page, Page::Cp850(_) | Page::Cp1252);
        Read { text, unknown, mistaken_utf8: single && !ascii && utf8.is_ok() }
    }

    fn cp850(&self, byte: u8, swaps: Option<&[char; 11]>) -> char {
        if let Some(from) = self.moved.get(&byte) {
            return if *from == EURO { '€' } else { upper(*from, &CP850, 128) };
        }
        let swapped = SWAPPED.iter().position(|b| *b == byte).and_then(|at| swaps?.get(at));
        swapped.copied().unwrap_or_else(|| if byte == EURO { '€' } else { upper(byte, &CP850, 128) })
    }
}

fn cp1252(byte: u8) -> char {
    upper(byte, &CP1252, 128)
}

/// The letter of a byte where `table` has those from `first` on; before and after it is Latin-1.
fn upper(byte: u8, table: &[char], first: usize) -> char {
    usize::from(byte).checked_sub(first).and_then(|at| table.get(at)).copied().unwrap_or(char::from(byte))
}
