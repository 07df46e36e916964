//! Bytes written as text, for what a device is sent or sends: `\r`, `\n`, `\t`, `\\` and `\xHH`; every other character stands
//! for its own UTF-8 bytes. Pure. Must never guess what an unfinished escape means.

use std::fmt::Write as _;

/// Bytes of one such text, at most.
pub const ESCAPED_BYTES_MAX: usize = 64;

/// Why a text is no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EscapeError {
    /// A backslash that begins nothing known.
    #[error("\\{0} is no escape; write \\r, \\n, \\t, \\\\ or \\xHH with two hexadecimal digits")]
    Unknown(String),
    /// More than a device takes.
    #[error("this stands for more than {ESCAPED_BYTES_MAX} bytes")]
    TooLong,
}

/// The bytes that a text stands for.
///
/// # Errors
/// [`EscapeError`].
pub fn bytes_of(text: &str) -> Result<Vec<u8>, EscapeError> {
    let mut out = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            out.push(escape(&mut rest)?);
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if out.len() > ESCAPED_BYTES_MAX {
            return Err(EscapeError::TooLong);
        }
    }
    Ok(out)
}

fn escape(rest: &mut std::str::Chars<'_>) -> Result<u8, EscapeError> {
    match rest.next() {
        Some('r') => Ok(b'\r'),
        Some('n') => Ok(b'\n'),
        Some('t') => Ok(b'\t'),
        Some('\\') => Ok(b'\\'),
        Some('x') => {
            let digits: String = rest.by_ref().take(2).collect();
            let hexadecimal = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let value = u8::from_str_radix(&digits, 16).ok().filter(|_| hexadecimal);
            value.ok_or_else(|| EscapeError::Unknown(format!("x{digits}")))
        }
        other => Err(EscapeError::Unknown(other.map(String::from).unwrap_or_default())),
    }
}

/// A text that stands for these bytes and shows each of them.
#[must_use]
pub fn shown(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        match byte {
            b'\r' => out.push_str("\\r"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            0x20..=0x7e => out.push(char::from(*byte)),
            other => {
                let _ = write!(out, "\\x{other:02X}");
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_bytes_stand_for_each_other() {
        let cases: &[(&str, &[u8])] = &[
            ("", b""),
            ("W\\r", b"W\r"),
            ("\\x1B[6q\\r", b"\x1b[6q\r"),
            ("a\\\\b\\t", b"a\\b\t"),
            ("\\x1D", b"\x1d"),
            ("<GS>", b"<GS>"),
            ("\\xFF\\x00", b"\xff\x00"),
        ];
        for (text, bytes) in cases {
            assert_eq!(bytes_of(text).unwrap(), *bytes, "{text}");
            assert_eq!(shown(bytes), *text);
        }
        assert_eq!(bytes_of("\u{1d}é").unwrap(), b"\x1d\xc3\xa9", "a character stands for its own bytes");
    }

    #[test]
    fn unfinished_escapes_are_refused() {
        for text in ["\\", "\\q", "\\x", "\\x1", "\\xGG", "\\x+1", "a\\"] {
            assert!(matches!(bytes_of(text), Err(EscapeError::Unknown(_))), "{text}");
        }
        assert_eq!(bytes_of(&"x".repeat(65)), Err(EscapeError::TooLong));
    }
}
