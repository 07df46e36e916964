//! AIM symbology identifiers (ISO/IEC 15424): `]`, a letter for the family, one modifier character. Pure; must never look
//! into the code's content.

/// The families that carry an AIM code letter this station may meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbologyFamily {
    /// Code 39.
    Code39,
    /// Code 128, also GS1-128 (modifier 1).
    Code128,
    /// EAN and UPC.
    EanUpc,
    /// GS1 DataBar.
    DataBar,
    /// Codabar.
    Codabar,
    /// Code 93.
    Code93,
    /// Code 11.
    Code11,
    /// Interleaved 2 of 5.
    Interleaved2of5,
    /// GS1 DotCode and DotCode.
    DotCode,
    /// PDF417 and MicroPDF417.
    Pdf417,
    /// MSI.
    Msi,
    /// QR Code.
    QrCode,
    /// Straight 2 of 5 with two-bar start.
    Straight2of5,
    /// Straight 2 of 5 with three-bar start.
    Industrial2of5,
    /// MaxiCode.
    MaxiCode,
    /// Aztec Code.
    Aztec,
    /// Data Matrix.
    DataMatrix,
    /// Something else, as the scanner's maker defines it.
    Other,
}

/// Code letters of ISO/IEC 15424, one row per family.
const LETTERS: &[(u8, SymbologyFamily)] = &[
    (b'A', SymbologyFamily::Code39),
    (b'C', SymbologyFamily::Code128),
    (b'E', SymbologyFamily::EanUpc),
    (b'e', SymbologyFamily::DataBar),
    (b'F', SymbologyFamily::Codabar),
    (b'G', SymbologyFamily::Code93),
    (b'H', SymbologyFamily::Code11),
    (b'I', SymbologyFamily::Interleaved2of5),
    (b'J', SymbologyFamily::DotCode),
    (b'L', SymbologyFamily::Pdf417),
    (b'M', SymbologyFamily::Msi),
    (b'Q', SymbologyFamily::QrCode),
    (b'R', SymbologyFamily::Straight2of5),
    (b'S', SymbologyFamily::Industrial2of5),
    (b'U', SymbologyFamily::MaxiCode),
    (b'z', SymbologyFamily::Aztec),
    (b'd', SymbologyFamily::DataMatrix),
    (b'X', SymbologyFamily::Other),
];

/// Identifiers that promise GS1 element strings (GS1 General Specifications, table of symbology identifiers): GS1-128;
/// GS1 DataBar and composites; GS1 DataMatrix; GS1 QR Code; GS1 DotCode.
const GS1: &[&[u8; 3]] = &[b"]C1", b"]e0", b"]e1", b"]e2", b"]d2", b"]Q3", b"]J1"];

/// An AIM identifier as sent by the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AimId {
    family: SymbologyFamily,
    letter: u8,
    modifier: u8,
}

impl AimId {
    /// EAN-13, UPC-A; eight digits with it are a UPC-E as it is printed.
    pub const EAN_13: AimId = AimId { family: SymbologyFamily::EanUpc, letter: b'E', modifier: b'0' };
    /// EAN-8.
    pub const EAN_8: AimId = AimId { family: SymbologyFamily::EanUpc, letter: b'E', modifier: b'4' };
    /// Code 128.
    pub const CODE_128: AimId = AimId { family: SymbologyFamily::Code128, letter: b'C', modifier: b'0' };
    /// GS1-128.
    pub const GS1_128: AimId = AimId { family: SymbologyFamily::Code128, letter: b'C', modifier: b'1' };
    /// GS1 DataMatrix.
    pub const GS1_DATAMATRIX: AimId = AimId { family: SymbologyFamily::DataMatrix, letter: b'd', modifier: b'2' };
    /// QR code.
    pub const QR: AimId = AimId { family: SymbologyFamily::QrCode, letter: b'Q', modifier: b'1' };
    /// GS1 QR code.
    pub const GS1_QR: AimId = AimId { family: SymbologyFamily::QrCode, letter: b'Q', modifier: b'3' };

    /// The family of the symbol.
    #[must_use]
    pub fn family(self) -> SymbologyFamily {
        self.family
    }

    /// The three bytes as they came, such as `]C1`.
    #[must_use]
    pub fn bytes(self) -> [u8; 3] {
        [b']', self.letter, self.modifier]
    }

    /// Whether the symbol says that its content is GS1 element strings.
    #[must_use]
    pub fn is_gs1(self) -> bool {
        GS1.contains(&&self.bytes())
    }
}

/// The identifier and what follows it. Bytes that do not begin with a known one stay whole: a code may itself begin
/// with `]`.
#[must_use]
pub fn split(bytes: &[u8]) -> (Option<AimId>, &[u8]) {
    let [b']', letter, modifier, rest @ ..] = bytes else {
        return (None, bytes);
    };
    let family = LETTERS.iter().find(|(known, _)| known == letter).map(|(_, family)| *family);
    match family {
        Some(family) if modifier.is_ascii_alphanumeric() && !rest.is_empty() => {
            (Some(AimId { family, letter: *letter, modifier: *modifier }), rest)
        }
        _ => (None, bytes),
    }
}

/// [`split`] of bytes that are kept.
#[must_use]
pub fn take(mut bytes: Vec<u8>) -> (Option<AimId>, Vec<u8>) {
    let (id, rest) = split(&bytes);
    let cut = bytes.len() - rest.len();
    bytes.drain(..cut);
    (id, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_identifiers_are_split_off() {
        let (id, rest) = take(b"]C100123456789012345675".to_vec());
        let id = id.unwrap();
        assert_eq!((id.family(), id.bytes(), id.is_gs1()), (SymbologyFamily::Code128, *b"]C1", true));
        assert_eq!(rest, b"00123456789012345675");
        let (id, rest) = take(b"]E05012345678900".to_vec());
        assert_eq!((id.unwrap().family(), id.unwrap().is_gs1()), (SymbologyFamily::EanUpc, false));
        assert_eq!(rest, b"5012345678900");
        assert!(take(b"]d2x".to_vec()).0.unwrap().is_gs1());
        assert!(!take(b"]d1x".to_vec()).0.unwrap().is_gs1());
    }

    #[test]
    fn anything_else_stays_whole() {
        for whole in [&b"5012345678900"[..], b"]", b"]C", b"]C1", b"]y0abc", b"]C\x1dabc", b"", b"\xff\xfe"] {
            assert_eq!(take(whole.to_vec()), (None, whole.to_vec()));
        }
    }
}
