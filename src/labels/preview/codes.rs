//! Field data of `^BC`, `^BE`, `^B2`, `^B3`, `^B8`, `^BU`, `^BQ`, `^BX`, `^B7` and `^B0` as bars and modules.

use super::canvas::Bitmap;
use crate::labels::bars::{Bars, BarsKind};
use crate::labels::code128::{Code128, Symbol};
use datamatrix::{DataMatrix, SymbolList};
use qrcode::{Color, EcLevel, QrCode};
use rxing::aztec::encoder::aztec_encoder;
use rxing::pdf417::encoder::PDF417;

/// Most bytes of a code's data.
const DATA_BYTES_MAX: usize = 3_000;
/// Most columns and rows of a Data Matrix.
const DATA_MATRIX_MODULES_MAX: usize = 144;
/// Most codewords of a Code 128.
const CODEWORDS_MAX: usize = 150;

/// Least correction of an Aztec code whose size is given, in percent: what does not fit with more still may with this.
const AZTEC_PERCENT_LEAST: u32 = 5;

/// Bars with the text under them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Barred {
    pub widths: Vec<u8>,
    pub text: String,
}

/// `^BC` in its modes: `N` as the data says, `A` and `D` automatic, `U` an SSCC of 19 digits.
pub(super) fn code128(data: &[u8], mode: char) -> Option<Barred> {
    let data = data.get(..DATA_BYTES_MAX.min(data.len()))?;
    match mode {
        'U' => {
            let digits: String = data.iter().filter(|b| b.is_ascii_digit()).take(19).map(|b| char::from(*b)).collect();
            let check = crate::core::gs1::check_digit(&digits)?;
            let text = format!("{digits}{check}");
            let symbols = std::iter::once(Symbol::Fnc1).chain(text.bytes().map(Symbol::Ascii)).collect::<Vec<_>>();
            let code = Code128::from_symbols(&symbols).ok()?;
            Some(Barred { widths: code.widths(), text })
        }
        'A' | 'D' => {
            let mut symbols = if mode == 'D' { vec![Symbol::Fnc1] } else { Vec::new() };
            let mut text = String::new();
            let mut bytes = data.iter().copied().peekable();
            while let Some(byte) = bytes.next() {
                if byte == b'>' && bytes.peek() == Some(&b'8') {
                    bytes.next();
                    if symbols != [Symbol::Fnc1] {
                        symbols.push(Symbol::Fnc1);
                    }
                    continue;
                }
                text.extend((!byte.is_ascii_control()).then_some(char::from(byte)));
                if mode != 'D' || !matches!(byte, b'(' | b')' | b' ') {
                    symbols.push(Symbol::Ascii(byte));
                }
            }
            let code = Code128::from_symbols(&symbols).ok()?;
            Some(Barred { widths: code.widths(), text })
        }
        _ => spelled(data),
    }
}

/// Data with its set changes written out, as the guide's table of invocation codes says; `None` where set B lacks a character.
fn spelled(data: &[u8]) -> Option<Barred> {
    let mut bytes = data.iter().copied().peekable();
    let mut set = b'B';
    let mut codewords = vec![104_u8];
    let mut text = String::new();
    while let Some(byte) = bytes.next() {
        if codewords.len() > CODEWORDS_MAX {
            return None;
        }
        let invoked = if byte == b'>' { bytes.next() } else { None };
        match (invoked, set) {
            (Some(b'9'), _) if codewords.len() == 1 => (codewords, set) = (vec![103], b'A'),
            (Some(b':'), _) if codewords.len() == 1 => (codewords, set) = (vec![104], b'B'),
            (Some(b';'), _) if codewords.len() == 1 => (codewords, set) = (vec![105], b'C'),
            (Some(b'8'), _) => codewords.push(102),
            (Some(b'5'), b'A' | b'B') => {
                codewords.push(99);
                set = b'C';
            }
            (Some(b'6'), _) => {
                codewords.push(100);
                set = b'B';
            }
            (Some(b'7'), _) => {
                codewords.push(101);
                set = b'A';
            }
            (Some(b @ (b'0' | b'<' | b'=')), b'B') => {
                let (codeword, sign) = match b {
                    b'0' => (30, '>'),
                    b'<' => (62, '^'),
                    _ => (94, '~'),
                };
                codewords.push(codeword);
                text.push(sign);
            }
            (Some(b @ b'1'..=b'4'), _) => codewords.push(95 + (b - b'1')),
            (Some(_), _) => {}
            (None, b'B') => {
                codewords.push((32..=126).contains(&byte).then(|| byte - 32)?);
                text.push(char::from(byte));
            }
            (None, _) => {
                // Sets A and C are given as values of two digits; a single digit at the end is one of set B.
                let second = bytes.peek().copied().filter(u8::is_ascii_digit);
                match (byte.is_ascii_digit(), second) {
                    (true, Some(next)) => {
                        bytes.next();
                        codewords.push((byte - b'0') * 10 + (next - b'0'));
                        text.extend([char::from(byte), char::from(next)]);
                    }
                    (true, None) => {
                        codewords.extend([100, byte - 32]);
                        set = b'B';
                        text.push(char::from(byte));
                    }
                    (false, _) => {}
                }
            }
        }
    }
    if codewords.len() < 2 {
        return None;
    }
    Some(Barred { widths: Code128::from_codewords(codewords)?.widths(), text })
}

/// Other bars; what a printer makes of wrong data (a zero in front, a check digit corrected) is made here too.
pub(super) fn bars(kind: BarsKind, data: &[u8], check: bool) -> Option<Barred> {
    let data = std::str::from_utf8(data).ok()?;
    let digits: String = data.chars().filter(char::is_ascii_digit).take(DATA_BYTES_MAX).collect();
    let body = |length: usize| {
        let cut = digits.get(..length.min(digits.len())).unwrap_or_default();
        format!("{cut:0>length$}")
    };
    let text = match kind {
        BarsKind::Ean13 => body(12),
        BarsKind::Ean8 => body(7),
        BarsKind::UpcA => body(11),
        BarsKind::Itf14 => body(13),
        BarsKind::Itf => {
            let checked = if check { crate::core::gs1::check_digit(&digits).map(|d| d.to_string()) } else { None };
            let digits = format!("{digits}{}", checked.unwrap_or_default());
            if digits.len().is_multiple_of(2) { digits } else { format!("0{digits}") }
        }
        BarsKind::Code39 => {
            let text = data.trim_matches('*').to_ascii_uppercase();
            let check = if check { Some(crate::labels::bars::code39_check(&text)?) } else { None };
            text.chars().chain(check).collect()
        }
    };
    let made = Bars::new(kind, &text).ok()?;
    // Printers show the start and stop characters of Code 39.
    let text = if kind == BarsKind::Code39 { format!("*{}*", made.text()) } else { made.text().to_owned() };
    Some(Barred { widths: made.widths().to_vec(), text })
}

/// Bars as dots: narrow ones `module` wide, wide ones of two-width codes `ratio_tenths` tenths of that.
pub(super) fn dots(widths: &[u8], module: i32, height: i32, ratio_tenths: Option<i32>) -> Bitmap {
    let wide = |w: u8| match ratio_tenths {
        Some(tenths) if w > 1 => module.saturating_mul(tenths) / 10,
        Some(_) | None => module.saturating_mul(i32::from(w)),
    };
    let whole = widths.iter().map(|w| wide(*w)).fold(0, i32::saturating_add);
    let mut out = Bitmap::new(whole, height);
    let mut x = 0;
    for (i, w) in widths.iter().enumerate() {
        if i % 2 == 0 {
            out.block(x, 0, wide(*w), height);
        }
        x += wide(*w);
    }
    out
}

/// `^BQ`: the data begins with the error correction level, the input mode and a comma (`QA,`), in manual mode also with the
/// kind of characters (`MN` to `MK`, `MB0004` with the count of bytes). Without them a printer makes something else of the data.
pub(super) fn qr(data: &[u8], magnification: i32) -> Option<Bitmap> {
    let (head, body) = data.get(..DATA_BYTES_MAX.min(data.len()))?.split_at_checked(3)?;
    let [level, mode, b','] = head.to_ascii_uppercase()[..] else { return None };
    let level = match level {
        b'H' => EcLevel::H,
        b'Q' => EcLevel::Q,
        b'M' => EcLevel::M,
        b'L' => EcLevel::L,
        _ => return None,
    };
    let body = match (mode, body.split_first()) {
        (b'A', _) => body,
        (b'M', Some((b'B', counted))) => {
            let (count, bytes) = counted.split_at_checked(4)?;
            let count: usize = std::str::from_utf8(count).ok()?.parse().ok()?;
            bytes.get(..count.min(bytes.len()))?
        }
        (b'M', Some((b'N' | b'A' | b'K', characters))) => characters,
        _ => return None,
    };
    let code = QrCode::with_error_correction_level(body, level).ok()?;
    let columns = code.width();
    let dark: Vec<bool> = code.into_colors().into_iter().map(|c| c == Color::Dark).collect();
    Some(matrix(columns, &dark, magnification))
}

/// What `^BX` asks for; 0 leaves it to the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DataMatrixAsked {
    /// Dots of a module.
    pub module: i32,
    pub columns: usize,
    pub rows: usize,
    /// The aspect ratio `2`: oblong symbols instead of squares.
    pub oblong: bool,
    /// What begins an escape sequence in the data.
    pub escape: u8,
}

impl DataMatrixAsked {
    /// The symbols that may be chosen; none where no symbol has the size that is asked for.
    fn symbols(self) -> SymbolList {
        // More than any symbol has leaves the size to the printer.
        let asked = |n: usize| (1..=DATA_MATRIX_MODULES_MAX).contains(&n).then_some(n);
        let all = SymbolList::default();
        match (asked(self.columns), asked(self.rows)) {
            (Some(columns), Some(rows)) => all.enforce_width_in(columns..=columns).enforce_height_in(rows..=rows),
            (columns, rows) => {
                let all = if self.oblong { all.enforce_rectangular() } else { all.enforce_square() };
                let all = columns.map_or(all.clone(), |n| all.enforce_width_in(n..=n));
                rows.map_or(all.clone(), |n| all.enforce_height_in(n..=n))
            }
        }
    }
}

/// `^BX` of quality 200: `_1` (with the field's escape sign) is FNC1, `_dNNN` a byte by its number, `__` the sign itself, `_@` to
/// `_^` control characters. Without a module's size the height of `^BY` is shared among the rows.
pub(super) fn data_matrix(data: &[u8], asked: DataMatrixAsked, height: i32) -> Option<Bitmap> {
    let mut data = data.get(..DATA_BYTES_MAX.min(data.len()))?.iter().copied();
    let (mut bytes, mut gs1) = (Vec::new(), false);
    while let Some(byte) = data.next() {
        if byte != asked.escape {
            bytes.push(byte);
            continue;
        }
        match data.next()? {
            b'1' if bytes.is_empty() => gs1 = true,
            b'1' => bytes.push(29),
            b'd' => {
                let digits: Vec<u8> = data.by_ref().take(3).collect();
                bytes.push(std::str::from_utf8(&digits).ok()?.parse().ok()?);
            }
            other if other == asked.escape => bytes.push(other),
            other @ b'@'..=b'_' => bytes.push(other - 64),
            // Parts of a message, programs for readers, other character sets.
            _ => return None,
        }
    }
    let symbols = asked.symbols();
    let made = if gs1 { DataMatrix::encode_gs1(&bytes, symbols) } else { DataMatrix::encode(&bytes, symbols) };
    let bitmap = made.ok()?.bitmap().clone();
    let module = if asked.module > 0 { asked.module } else { height / i32::try_from(bitmap.height()).ok()?.max(1) };
    Some(matrix(bitmap.width(), bitmap.bits(), module))
}

/// What `^B7` asks for; 0 leaves it to the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pdf417 {
    /// Dots of a row.
    pub row: i32,
    /// Level of correction, 0 to 8.
    pub level: u8,
    pub columns: u8,
    pub rows: u8,
    pub truncated: bool,
}

/// `^B7`: without rows and columns about as wide as a printer makes it; without a row's height the height of `^BY` is shared
/// among the rows. `\&` is a line break, two backslashes are one.
pub(super) fn pdf417(data: &[u8], asked: Pdf417, module: i32, height: i32) -> Option<Bitmap> {
    // The bytes as they are: a printer announces no character set either.
    let data: String = data.get(..DATA_BYTES_MAX.min(data.len()))?.iter().copied().map(char::from).collect();
    let parts: Vec<String> = data.split("\\\\").map(|part| part.replace("\\&", "\r\n")).collect();
    let bytes = parts.join("\\");
    let mut code = PDF417::with_compact_hint(asked.truncated);
    let between = |asked: u8, least: u32, most: u32| match u32::from(asked) {
        0 => (least, most),
        wanted => (wanted.clamp(least, most), wanted.clamp(least, most)),
    };
    let ((least_columns, most_columns), (least_rows, most_rows)) =
        (between(asked.columns, 1, 30), between(asked.rows, 3, 90));
    // Where the columns are given and the data needs more rows than asked for, they become more.
    let most_rows = if asked.columns > 0 { 90 } else { most_rows };
    code.setDimensions(most_columns, least_columns, most_rows, least_rows);
    code.generateBarcodeLogic(&bytes, u32::from(asked.level.min(8))).ok()?;
    let rows = code.getBarcodeMatrix().as_ref()?.getMatrix();
    let module = module.clamp(1, 100);
    let count = i32::try_from(rows.len()).ok()?.max(1);
    let row = if asked.row > 0 { asked.row } else { (height / count).max(1) }.min(1_000);
    let columns = i32::try_from(rows.first()?.len()).ok()?;
    let mut out = Bitmap::new(columns * module, count * row);
    for (y, cells) in (0..).zip(&rows) {
        for (x, _) in (0..).zip(cells).filter(|(_, cell)| **cell == 1) {
            out.block(x * module, y * row, module, row);
        }
    }
    Some(out)
}

/// `^B0` and `^BO`: up to 99 the least share of correction in percent, 101 to 104 a compact symbol of so many layers, 201 to 232 a
/// full one; 0 leaves it to the printer.
pub(super) fn aztec(data: &[u8], asked: u16, module: i32) -> Option<Bitmap> {
    let bytes = data.get(..DATA_BYTES_MAX.min(data.len()))?;
    let (percent, layers) = match asked {
        1..=99 => (u32::from(asked), aztec_encoder::DEFAULT_AZTEC_LAYERS),
        101..=104 => (AZTEC_PERCENT_LEAST, 100 - i32::from(asked)),
        201..=232 => (AZTEC_PERCENT_LEAST, i32::from(asked) - 200),
        0 => (aztec_encoder::DEFAULT_EC_PERCENT, aztec_encoder::DEFAULT_AZTEC_LAYERS),
        _ => return None,
    };
    let code = aztec_encoder::encode_bytes(bytes, percent, layers).ok()?;
    let cells = code.getMatrix();
    let side = code.getSize();
    let dark: Vec<bool> = (0..side * side).map(|i| cells.get(i % side, i / side)).collect();
    Some(matrix(side as usize, &dark, module))
}

fn matrix(columns: usize, dark: &[bool], module: i32) -> Bitmap {
    let module = module.clamp(1, 100);
    let columns = columns.max(1);
    let mut out = Bitmap::new(columns as i32 * module, (dark.len() / columns) as i32 * module);
    for (i, _) in dark.iter().enumerate().filter(|(_, d)| **d) {
        out.block((i % columns) as i32 * module, (i / columns) as i32 * module, module, module);
    }
    out
}
