//! Code 128 (ISO/IEC 15417): text and FNC1 in, the shortest codeword string and its bars out.
//!
//! Optimal over code sets A, B and C including SHIFT, by dynamic programming from the end of the text.
//! This file must never draw, and never accept what a scanner would return differently: bytes above 127 are refused.

use thiserror::Error;

/// Most symbols (characters and FNC1 together) one code may carry; GS1-128 allows 48, other users more.
pub const CODE128_SYMBOLS_MAX: usize = 80;
/// Modules of white that must stay free on either side (ISO/IEC 15417 §4.4: ten times the module).
pub const CODE128_QUIET_MODULES: u32 = 10;

const SHIFT: u8 = 98;
const FNC1: u8 = 102;
const START_A: u8 = 103;
const MODULUS: u32 = 103;
const FAR: u32 = u32::MAX / 4;
const SETS: [Set; 3] = [Set::B, Set::C, Set::A];

/// Widths of bar, space, bar, space, bar, space for the values 0..=105 (ISO/IEC 15417 table 1).
const PATTERNS: [&[u8; 6]; 106] = [
    b"212222", b"222122", b"222221", b"121223", b"121322", b"131222", b"122213", b"122312", b"132212", b"221213",
    b"221312", b"231212", b"112232", b"122132", b"122231", b"113222", b"123122", b"123221", b"223211", b"221132",
    b"221231", b"213212", b"223112", b"312131", b"311222", b"321122", b"321221", b"312212", b"322112", b"322211",
    b"212123", b"212321", b"232121", b"111323", b"131123", b"131321", b"112313", b"132113", b"132311", b"211313",
    b"231113", b"231311", b"112133", b"112331", b"132131", b"113123", b"113321", b"133121", b"313121", b"211331",
    b"231131", b"213113", b"213311", b"213131", b"311123", b"311321", b"331121", b"312113", b"312311", b"332111",
    b"314111", b"221411", b"431111", b"111224", b"111422", b"121124", b"121421", b"141122", b"141221", b"112214",
    b"112412", b"122114", b"122411", b"142112", b"142211", b"241211", b"221114", b"413111", b"241112", b"134111",
    b"111242", b"121142", b"121241", b"114212", b"124112", b"124211", b"411212", b"421112", b"421211", b"212141",
    b"214121", b"412121", b"111143", b"111341", b"131141", b"114113", b"114311", b"411113", b"411311", b"113141",
    b"114131", b"311141", b"411131", b"211412", b"211214", b"211232",
];
const STOP: &[u8; 7] = b"2331112";

/// Why a text cannot become a Code 128.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Code128Error {
    /// Nothing to encode.
    #[error("a barcode needs at least one character")]
    Empty,
    /// More than [`CODE128_SYMBOLS_MAX`] symbols.
    #[error("a barcode carries at most {CODE128_SYMBOLS_MAX} characters, this has {symbols}: shorten the code")]
    TooLong {
        /// Symbols asked for.
        symbols: usize,
    },
    /// A byte outside ASCII.
    #[error("character at byte {at} is not ASCII: Code 128 carries ASCII only")]
    NotAscii {
        /// Byte offset in the text.
        at: usize,
    },
}

/// One thing to encode: an ASCII character or the function character 1 of GS1-128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// An ASCII byte, 0..=127.
    Ascii(u8),
    /// FNC1: at the start it marks GS1-128, later it ends a field of variable length.
    Fnc1,
}

/// The three code sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

impl Set {
    fn index(self) -> usize {
        match self {
            Set::A => 0,
            Set::B => 1,
            Set::C => 2,
        }
    }

    /// The codeword that switches into this set.
    fn switch_code(self) -> u8 {
        match self {
            Set::A => 101,
            Set::B => 100,
            Set::C => 99,
        }
    }

    /// The value of an ASCII byte in this set, if the set has it (set C works on pairs and has none).
    fn value(self, byte: u8) -> Option<u8> {
        match self {
            Set::A => match byte {
                0..=31 => Some(byte + 64),
                32..=95 => Some(byte - 32),
                96.. => None,
            },
            Set::B => (32..=127).contains(&byte).then(|| byte - 32),
            Set::C => None,
        }
    }
}

/// An encoded Code 128: codewords from the start character to the check character, without the stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code128 {
    codewords: Vec<u8>,
}

impl Code128 {
    /// Encodes ASCII text without FNC1.
    ///
    /// # Errors
    /// [`Code128Error`] when the text is empty, too long, or not ASCII.
    pub fn from_text(text: &str) -> Result<Self, Code128Error> {
        if let Some(at) = text.bytes().position(|b| !b.is_ascii()) {
            return Err(Code128Error::NotAscii { at });
        }
        let symbols: Vec<Symbol> = text.bytes().map(Symbol::Ascii).collect();
        Self::from_symbols(&symbols)
    }

    /// Encodes characters and FNC1 with the fewest codewords possible.
    ///
    /// # Errors
    /// [`Code128Error`] when there are no symbols, too many, or one is not ASCII.
    pub fn from_symbols(symbols: &[Symbol]) -> Result<Self, Code128Error> {
        if symbols.is_empty() {
            return Err(Code128Error::Empty);
        }
        if symbols.len() > CODE128_SYMBOLS_MAX {
            return Err(Code128Error::TooLong { symbols: symbols.len() });
        }
        let outside = |s: &Symbol| matches!(s, Symbol::Ascii(b) if !b.is_ascii());
        if let Some(at) = symbols.iter().position(outside) {
            return Err(Code128Error::NotAscii { at });
        }
        let costs = Costs::of(symbols);
        let mut codewords = costs.walk(symbols);
        codewords.push(check_value(&codewords));
        Ok(Self { codewords })
    }

    /// Codewords as somebody else chose them, from the start character on; the check character is added. `None` where one is no
    /// codeword or the first is no start character.
    #[must_use]
    pub fn from_codewords(mut codewords: Vec<u8>) -> Option<Self> {
        let (start, data) = codewords.split_first()?;
        if !(START_A..=105).contains(start) || data.iter().any(|c| *c >= START_A) {
            return None;
        }
        codewords.push(check_value(&codewords));
        Some(Self { codewords })
    }

    /// Values of the start character, the data and the check character.
    #[must_use]
    pub fn codewords(&self) -> &[u8] {
        &self.codewords
    }

    /// Width in modules, quiet zones not included.
    #[must_use]
    pub fn modules(&self) -> u32 {
        self.codewords.len() as u32 * 11 + 13
    }

    /// Widths in modules, bar first, then space, in turn, the stop included.
    #[must_use]
    pub fn widths(&self) -> Vec<u8> {
        let data = self.codewords.iter().filter_map(|&c| PATTERNS.get(usize::from(c))).flat_map(|p| p.iter());
        data.chain(STOP.iter()).map(|w| w - b'0').collect()
    }

    /// The `^FD` data of ZPL's `^BC`, so that a printer makes exactly these codewords (ZPL II guide, "Code 128 subsets": `>:` `>;`
    /// start in set B or C, `>8` FNC1). `None` where that notation is not safe: draw the bars then. Not safe are set A, SHIFT,
    /// characters that ZPL reads itself, and any change of the set: not everything that reads ZPL understands `>5` and `>6`.
    #[must_use]
    pub fn zpl_data(&self) -> Option<String> {
        let (start, rest) = self.codewords.split_first()?;
        let (_check, data) = rest.split_last()?;
        let (set, mut out) = match start {
            104 => (Set::B, String::from(">:")),
            105 => (Set::C, String::from(">;")),
            _ => return None,
        };
        for &code in data {
            match (set, code) {
                (_, FNC1) => out.push_str(">8"),
                (Set::C, 0..=99) => {
                    out.push(char::from(b'0' + code / 10));
                    out.push(char::from(b'0' + code % 10));
                }
                (Set::B, 0..=94) => {
                    let c = char::from(code + 32);
                    if matches!(c, '>' | '^' | '~' | '_' | '\\') {
                        return None;
                    }
                    out.push(c);
                }
                _ => return None,
            }
        }
        Some(out)
    }
}

/// Sum of the start value and of every value times its position, modulo 103.
fn check_value(codewords: &[u8]) -> u8 {
    let sum: u32 = codewords.iter().enumerate().map(|(i, &c)| u32::from(c) * (i.max(1) as u32)).sum();
    (sum % MODULUS) as u8
}

/// Fewest codewords for every suffix in every set.
struct Costs {
    /// By position and set: cost when the next codeword encodes data (no switch first).
    emit: Vec<[u32; 3]>,
    /// By position and set: cost when a switch may come first.
    best: Vec<[u32; 3]>,
}

/// What the cheapest way does next.
enum Move {
    Take { symbols: usize },
    Shift,
}

impl Costs {
    fn of(symbols: &[Symbol]) -> Self {
        let n = symbols.len();
        let mut costs = Self { emit: vec![[FAR; 3]; n + 2], best: vec![[FAR; 3]; n + 2] };
        costs.emit[n] = [0; 3];
        costs.best[n] = [0; 3];
        for i in (0..n).rev() {
            for set in SETS {
                costs.emit[i][set.index()] = costs.emission(symbols, i, set).map_or(FAR, |(cost, _)| cost);
            }
            for set in SETS {
                let switched = SETS.iter().map(|s| costs.emit[i][s.index()] + 1).min().unwrap_or(FAR);
                costs.best[i][set.index()] = costs.emit[i][set.index()].min(switched);
            }
        }
        costs
    }

    fn emission(&self, symbols: &[Symbol], i: usize, set: Set) -> Option<(u32, Move)> {
        match (symbols.get(i)?, set) {
            (Symbol::Fnc1, _) => Some((1 + self.best[i + 1][set.index()], Move::Take { symbols: 1 })),
            (Symbol::Ascii(_), Set::C) => {
                pair_value(symbols, i)?;
                Some((1 + self.best[i + 2][set.index()], Move::Take { symbols: 2 }))
            }
            (Symbol::Ascii(b), Set::A | Set::B) => match set.value(*b) {
                Some(_) => Some((1 + self.best[i + 1][set.index()], Move::Take { symbols: 1 })),
                None => Some((2 + self.best[i + 1][set.index()], Move::Shift)),
            },
        }
    }

    /// The cheapest set to emit from at `i`; staying in `now` wins a tie, then B, C, A.
    fn cheapest(&self, i: usize, now: Option<Set>) -> Set {
        let mut chosen = now.unwrap_or(Set::B);
        let switch = u32::from(now.is_some());
        for set in SETS {
            let cost = self.emit[i][set.index()] + if now == Some(set) { 0 } else { switch };
            if cost < self.emit[i][chosen.index()] + if now == Some(chosen) || now.is_none() { 0 } else { switch } {
                chosen = set;
            }
        }
        chosen
    }

    fn walk(&self, symbols: &[Symbol]) -> Vec<u8> {
        let mut set = self.cheapest(0, None);
        let mut out = vec![START_A + set.index() as u8];
        let mut i = 0;
        while i < symbols.len() {
            let next = self.cheapest(i, Some(set));
            if next != set {
                out.push(next.switch_code());
                set = next;
            }
            let Some((_, step)) = self.emission(symbols, i, set) else { break };
            match step {
                Move::Take { symbols: 2 } => {
                    out.extend(pair_value(symbols, i));
                    i += 2;
                }
                Move::Take { .. } => {
                    out.push(single_value(symbols, i, set));
                    i += 1;
                }
                Move::Shift => {
                    let other = if set == Set::A { Set::B } else { Set::A };
                    out.extend([SHIFT, single_value(symbols, i, other)]);
                    i += 1;
                }
            }
        }
        out
    }
}

fn single_value(symbols: &[Symbol], i: usize, set: Set) -> u8 {
    match symbols.get(i) {
        Some(Symbol::Ascii(b)) => set.value(*b).unwrap_or(0),
        Some(Symbol::Fnc1) | None => FNC1,
    }
}

fn pair_value(symbols: &[Symbol], i: usize) -> Option<u8> {
    match (symbols.get(i)?, symbols.get(i + 1)?) {
        (Symbol::Ascii(a), Symbol::Ascii(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
            Some((a - b'0') * 10 + (b - b'0'))
        }
        (Symbol::Ascii(_) | Symbol::Fnc1, Symbol::Ascii(_) | Symbol::Fnc1) => None,
    }
}
