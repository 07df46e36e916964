//! Bytes as a person can read them. Pure.

/// Names of the control characters 0 to 31 (ISO/IEC 646).
const NAMES: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
    "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
];

/// Control characters by name, such as `<GS>`, bytes above ASCII by number, `<E4>`, the rest as it is.
#[must_use]
pub fn named(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match (NAMES.get(usize::from(byte)), byte) {
            (Some(name), _) => {
                text.push('<');
                text.push_str(name);
                text.push('>');
            }
            (None, 0x20..=0x7e) => text.push(char::from(byte)),
            (None, 0x7f) => text.push_str("<DEL>"),
            (None, _) => {
                // Writing to a String cannot fail.
                let _ = write!(text, "<{byte:02X}>");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_have_their_names() {
        assert_eq!(named(b"]C10112\x1d21A\r\n"), "]C10112<GS>21A<CR><LF>");
        assert_eq!(named(b"\x02 1.250\r\x00\x7f\xe4 <"), "<STX> 1.250<CR><NUL><DEL><E4> <");
    }
}
