//! Random labels: any symbology, any content it may carry, any size, and words and rules around it.

use super::labels_kit::Seeded;
use packbench::core::gs1::check_digit;
use packbench::labels::LabelError;
use packbench::labels::bars::BarsKind;
use packbench::labels::gs1::ElementString;
use packbench::labels::sheet::{Area, Ink, Sheet, Symbology};
use packbench::labels::text::{Align, Face, Style};
use rxing::BarcodeFormat;

/// The reader beside zxing-cpp, and what it calls the symbology.
#[derive(Clone, Copy)]
pub enum By {
    Zbar(&'static str),
    Dmtx,
}

/// A label and what readers must return.
pub struct Label {
    pub name: &'static str,
    pub sheet: Sheet,
    /// The bytes of the code, GS for FNC1.
    pub content: Vec<u8>,
    pub by: By,
    pub rxing: BarcodeFormat,
    /// Begins with FNC1.
    pub gs1: bool,
    /// The AIM identifier that tells FNC1 in first place.
    pub mark: Option<&'static str>,
}

impl Label {
    /// Whether a reader found this code and no other. Some tell FNC1 in first place as GS or as its AIM identifier, and a
    /// UPC-A as the EAN-13 that begins with 0.
    pub fn came_back(&self, read: &[Vec<u8>]) -> bool {
        let [read] = read else { return false };
        let read =
            if self.gs1 { read.strip_prefix(b"]C1").or(read.strip_prefix(b"\x1d")).unwrap_or(read) } else { read };
        let read =
            if self.name == "upc-a" && read.len() == 13 { read.strip_prefix(b"0").unwrap_or(read) } else { read };
        read == self.content
    }
}

const WORDS: &[&str] = &[
    "Packbench",
    "PB-2026/00471",
    "London E1 6AN",
    "Straße 38, Hinterhaus",
    "Łódź",
    "Владивосток",
    "Αθήνα 105 57",
    "12.11 kg",
    "1 of 3",
    "FRAGILE",
    "R 12",
    "Zoë Müller",
    "EXPRESS",
    "ñandú",
    "#42 (B)",
    "東京都千代田区丸の内1-9-1",
    "서울특별시 중구",
    "上海市浦东新区",
    "شارع الملك فيصل 12",
    "רחוב הרצל 12-14",
    "मुम्बई 400001",
    "ถนนสุขุมวิทกรุงเทพฯ",
];
const FACES: [Face; 5] = [Face::Regular, Face::SemiBold, Face::Bold, Face::Mono, Face::MonoBold];
/// Characters of GS1's set 82.
const SET82: &[u8] = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const CODE39: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

fn chosen(seeded: &mut Seeded, of: &[u8], least: usize, most: usize) -> String {
    let length = least + seeded.below(most - least + 1);
    (0..length).map(|_| char::from(of[seeded.below(of.len())])).collect()
}

fn digits(seeded: &mut Seeded, count: usize) -> String {
    chosen(seeded, b"0123456789", count, count)
}

/// So many digits, the last one their check digit.
fn checked(seeded: &mut Seeded, count: usize) -> String {
    let body = digits(seeded, count - 1);
    format!("{body}{}", check_digit(&body).expect("digits"))
}

fn text(seeded: &mut Seeded, most: usize) -> String {
    let printable: Vec<u8> = (b' '..=b'~').collect();
    let all: Vec<u8> = (0..=127).collect();
    match seeded.below(8) {
        0 => chosen(seeded, &all, 2, most / 2),
        1 | 2 => chosen(seeded, b"0123456789", 2, most),
        3 => chosen(seeded, b"0123456789AB", 2, most),
        _ => chosen(seeded, &printable, 2, most),
    }
}

/// Readers take `$`, `/`, `+` and `%` before a letter for another character (Full ASCII), so none stands there; and six characters
/// that make a right Italian pharmacy number for that (Code 32), so there are no six.
fn code39(seeded: &mut Seeded) -> String {
    let text = chosen(seeded, CODE39, 2, 14);
    let shifts = |pair: &[u8]| matches!(pair[0], b'$' | b'/' | b'+' | b'%') && pair[1].is_ascii_uppercase();
    if text.trim() != text || text.len() == 6 || text.as_bytes().windows(2).any(shifts) { code39(seeded) } else { text }
}

/// Element strings that may stand together, and the bytes a reader returns: GS after a value that has no predefined length, unless
/// it is the last.
fn elements(seeded: &mut Seeded) -> (Vec<ElementString>, Vec<u8>) {
    let gtin = checked(seeded, 14);
    let day = format!("{:02}{:02}{:02}", seeded.below(100), 1 + seeded.below(12), seeded.below(29));
    let set82 = |seeded: &mut Seeded| chosen(seeded, SET82, 1, 20);
    let made: Vec<(&str, String, bool)> = match seeded.below(7) {
        0 => vec![("00", checked(seeded, 18), true)],
        1 => vec![("01", gtin, true), ("10", set82(seeded), false)],
        2 => vec![("01", gtin, true), ("17", day, true), ("10", chosen(seeded, SET82, 1, 8), false)],
        3 => vec![("02", gtin, true), ("37", chosen(seeded, b"0123456789", 1, 8), false)],
        4 => vec![("10", set82(seeded), false), ("21", chosen(seeded, SET82, 1, 8), false)],
        5 => vec![("01", gtin, true), ("3103", digits(seeded, 6), true), ("15", day, true)],
        _ => vec![
            ("400", chosen(seeded, SET82, 1, 12), false),
            ("410", checked(seeded, 13), true),
            ("21", "7".to_owned(), false),
        ],
    };
    let mut bytes = Vec::new();
    for (i, (ai, value, predefined)) in made.iter().enumerate() {
        bytes.extend(ai.bytes().chain(value.bytes()));
        if !predefined && i + 1 < made.len() {
            bytes.push(29);
        }
    }
    let element = |(ai, value, _): &(&str, String, bool)| {
        ElementString::new(ai, value).unwrap_or_else(|e| panic!("({ai}) {value}: {e:?}"))
    };
    (made.iter().map(element).collect(), bytes)
}

/// The `n`-th random label: symbologies in turn, everything else by chance.
pub fn label(n: usize, seeded: &mut Seeded) -> Label {
    for _ in 0..200 {
        if let Some(label) = one(n % 11, seeded) {
            return label;
        }
    }
    panic!("no content of symbology {} fits a label", n % 11);
}

fn one(symbology: usize, seeded: &mut Seeded) -> Option<Label> {
    type Bars = (&'static str, BarsKind, By, BarcodeFormat);
    const BARS: [Bars; 6] = [
        ("ean-13", BarsKind::Ean13, By::Zbar("EAN-13"), BarcodeFormat::EAN_13),
        ("ean-8", BarsKind::Ean8, By::Zbar("EAN-8"), BarcodeFormat::EAN_8),
        ("upc-a", BarsKind::UpcA, By::Zbar("EAN-13"), BarcodeFormat::UPC_A),
        ("itf-14", BarsKind::Itf14, By::Zbar("I2/5"), BarcodeFormat::ITF),
        ("itf", BarsKind::Itf, By::Zbar("I2/5"), BarcodeFormat::ITF),
        ("code39", BarsKind::Code39, By::Zbar("CODE-39"), BarcodeFormat::CODE_39),
    ];
    let plain = |name, by, rxing, mark, text: String, sheet: Result<Sheet, LabelError>| {
        sheet.ok().map(|sheet| Label { name, sheet, content: text.into_bytes(), by, rxing, gs1: false, mark })
    };
    if let Some((name, kind, by, rxing)) = BARS.get(symbology).copied() {
        let text = match kind {
            BarsKind::Ean13 => checked(seeded, 13),
            BarsKind::Ean8 => checked(seeded, 8),
            BarsKind::UpcA => checked(seeded, 12),
            BarsKind::Itf14 => checked(seeded, 14),
            BarsKind::Itf => {
                let pairs = 3 + seeded.below(8);
                digits(seeded, 2 * pairs)
            }
            BarsKind::Code39 => code39(seeded),
        };
        let sheet = sheet(seeded, Symbology::Bars(kind, &text));
        return plain(name, by, rxing, None, text, sheet);
    }
    match symbology {
        6 => {
            let text = text(seeded, 22);
            let sheet = sheet(seeded, Symbology::Code128(&text));
            plain("code128", By::Zbar("CODE-128"), BarcodeFormat::CODE_128, Some("]C0"), text, sheet)
        }
        7 => {
            let text = match seeded.below(3) {
                0 => format!("https://example.com/01/{}/21/{}", checked(seeded, 14), digits(seeded, 6)),
                1 => digits(seeded, 20),
                _ => chosen(seeded, &(b' '..=b'~').collect::<Vec<_>>(), 2, 60),
            };
            let sheet = sheet(seeded, Symbology::Qr(&text));
            plain("qr", By::Zbar("QR-Code"), BarcodeFormat::QR_CODE, None, text, sheet)
        }
        8 => {
            let text = chosen(seeded, &(b' '..=b'~').collect::<Vec<_>>(), 2, 50);
            let sheet = sheet(seeded, Symbology::DataMatrix(&text));
            plain("datamatrix", By::Dmtx, BarcodeFormat::DATA_MATRIX, Some("]d1"), text, sheet)
        }
        matrix => {
            let (elements, content) = elements(seeded);
            let (name, what, by, rxing, mark) = if matrix == 9 {
                ("gs1-datamatrix", Symbology::Gs1DataMatrix(&elements), By::Dmtx, BarcodeFormat::DATA_MATRIX, "]d2")
            } else {
                ("gs1-128", Symbology::Gs1128(&elements), By::Zbar("CODE-128"), BarcodeFormat::CODE_128, "]C1")
            };
            let sheet = sheet(seeded, what).ok()?;
            Some(Label { name, sheet, content, by, rxing, gs1: true, mark: Some(mark) })
        }
    }
}

/// A sheet of any size: words above, the code, a rule or a plate below.
fn sheet(seeded: &mut Seeded, what: Symbology<'_>) -> Result<Sheet, LabelError> {
    let matrix = matches!(what, Symbology::Qr(_) | Symbology::DataMatrix(_) | Symbology::Gs1DataMatrix(_));
    let (width, height) = (400 + 10 * seeded.below(65) as i32, 300 + 10 * seeded.below(31) as i32);
    let mut sheet = Sheet::new(width * 100, height * 100)?;
    let aligns = [Align::Left, Align::Centre, Align::Right];
    let style =
        Style::new(FACES[seeded.below(5)], 2_000 + 100 * seeded.below(30) as i32).align(aligns[seeded.below(3)]);
    let words = format!("{} {}", seeded.pick(WORDS), seeded.pick(WORDS));
    let style = if seeded.below(2) == 0 { style } else { style.wrapped() };
    sheet.text(Area::tenths(10, 10, width - 20, 50), &words, style)?;
    if seeded.below(2) == 0 {
        sheet.rule(1_000, 6_300, width * 100 - 2_000, 300)?;
    } else {
        sheet.outline(Area::tenths(2, 2, width - 4, 62), 300)?;
    }
    let bottom = height - 10 - 60 * seeded.below(2) as i32;
    if bottom < height - 10 {
        sheet.fill(Area::tenths(10, bottom + 5, width - 20, 50), Ink::Black)?;
        let style = Style::new(Face::Bold, 3_500).inverse().align(Align::Centre);
        sheet.text(Area::tenths(15, bottom + 8, width - 30, 44), seeded.pick(WORDS), style)?;
    }
    let inset = seeded.below(10) as i32;
    let area = Area::tenths(10 + inset, 70, width - 20 - inset, bottom - 75);
    let (wanted, least) =
        if matrix { (375 + 125 * seeded.below(6) as i32, 375) } else { (250 + 125 * seeded.below(3) as i32, 250) };
    sheet.barcode(area, what, wanted, least)?;
    Ok(sheet)
}
