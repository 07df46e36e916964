//! Bytes of a text file as text. Files come out of many programs: with a byte order mark or without, as UTF-16, as UTF-8, as
//! Windows-1252, and sometimes as two of them in one file, because somebody pasted. So UTF-8 is asked of every line by itself.

/// What 0x80 to 0x9F stand for in Windows-1252 (encoding.spec.whatwg.org/index-windows-1252.txt); the rest is Latin-1.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// How a file's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16 of either order.
    Utf16,
    /// Windows-1252.
    Windows1252,
    /// Some lines UTF-8, others Windows-1252.
    Mixed,
}

impl Encoding {
    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16 => "UTF-16",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Mixed => "UTF-8 + Windows-1252",
        }
    }
}

/// The text; none if these bytes are no text at all.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<(String, Encoding)> {
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return wide(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return wide(rest, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        // Without a mark, the zeros of plain letters show where the high halves are.
        let odd = bytes.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
        let even = bytes.iter().step_by(2).filter(|byte| **byte == 0).count();
        return match (odd * 4 > bytes.len(), even * 4 > bytes.len()) {
            (true, false) => wide(bytes, u16::from_le_bytes),
            (false, true) => wide(bytes, u16::from_be_bytes),
            (true, true) | (false, false) => None,
        };
    }
    let mut out = String::with_capacity(bytes.len());
    let (mut utf8, mut other) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(text) => {
                utf8 += usize::from(!text.is_ascii());
                out.push_str(text);
            }
            Err(_) => {
                other += 1;
                out.extend(line.iter().map(|byte| letter(*byte)));
            }
        }
    }
    let strange = out.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if strange * 100 > out.chars().count() {
        return None;
    }
    let encoding = match (utf8, other) {
        (_, 0) => Encoding::Utf8,
        (0, _) => Encoding::Windows1252,
        (_, _) => Encoding::Mixed,
    };
    Some((out, encoding))
}

fn letter(byte: u8) -> char {
    match byte.checked_sub(0x80).and_then(|high| HIGH.get(usize::from(high))) {
        Some(letter) => *letter,
        None => char::from(byte),
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<(String, Encoding)> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    (rest.is_empty() && !text.contains('\0')).then_some((text, Encoding::Utf16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_name_reads_the_same() {
        let plain = "name;città\nZoë;Łódź €\n";
        let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding) in [
            (plain.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", plain.as_bytes()].concat(), Encoding::Utf8),
            ([b"\xff\xfe", &little[..]].concat(), Encoding::Utf16),
            ([b"\xfe\xff", &big[..]].concat(), Encoding::Utf16),
            (little, Encoding::Utf16),
            (big, Encoding::Utf16),
        ] {
            assert_eq!(text(&bytes), Some((plain.to_owned(), encoding)));
        }
        assert_eq!(text(b"Zo\xeb \x80\n"), Some(("Zoë €\n".to_owned(), Encoding::Windows1252)));
        let both = [b"Zo\xeb\n".as_slice(), "Łódź\n".as_bytes()].concat();
        assert_eq!(text(&both), Some(("Zoë\nŁódź\n".to_owned(), Encoding::Mixed)));
        assert_eq!(text(b""), Some((String::new(), Encoding::Utf8)));
        assert_eq!(text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01"), None);
        assert_eq!(text(&[1, 2, 3, 4, 5, 6, 7]), None);
    }
}
