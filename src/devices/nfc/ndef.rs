//! NDEF messages (NFC Forum): which code a tag says, and the message that says a code. Pure; must never trust a length that a
//! tag tells, and never guess: a message that breaks a rule is refused whole.

/// Longest message that is read or written, in bytes: a code has at most 512.
pub const MESSAGE_BYTES_MAX: usize = 1_024;
/// Records of one message that are read, at most.
pub const RECORDS_MAX: usize = 16;
/// Longest code that is written to a tag, in bytes; the longest scan a station takes.
pub const CODE_BYTES_MAX: usize = 512;

/// What an abbreviation byte of a URI record stands for (NFC Forum, URI Record Type Definition, table 3).
const URI_PREFIXES: [&str; 36] = [
    "",
    "http://www.",
    "https://www.",
    "http://",
    "https://",
    "tel:",
    "mailto:",
    "ftp://anonymous:anonymous@",
    "ftp://ftp.",
    "ftps://",
    "sftp://",
    "smb://",
    "nfs://",
    "ftp://",
    "dav://",
    "news:",
    "telnet://",
    "imap:",
    "rtsp://",
    "urn:",
    "pop:",
    "sip:",
    "sips:",
    "tftp:",
    "btspp://",
    "btl2cap://",
    "btgoep://",
    "tcpobex://",
    "irdaobex://",
    "file://",
    "urn:epc:id:",
    "urn:epc:tag:",
    "urn:epc:pat:",
    "urn:epc:raw:",
    "urn:epc:",
    "urn:nfc:",
];

/// One record, as far as a packing station cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Text with its language code.
    Text {
        /// Such as `en`.
        language: String,
        /// The text.
        text: String,
    },
    /// An address, written out; also that of a smart poster.
    Uri(String),
    /// A record without content, as on a tag that was formatted and never written.
    Empty,
    /// Something else: a business card, an application's own data.
    Other,
}

/// Why a message or a code is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NdefFault {
    /// A record is longer than what is left.
    #[error("the message ends in the middle of a record; write the tag anew")]
    Cut,
    /// The marks of the first and last record are not where they belong.
    #[error("the first or last record is not marked as such; write the tag anew")]
    Marks,
    /// A record in chunks, or of a form nobody has defined.
    #[error("a record has a form that is not taken; write the tag anew")]
    Form,
    /// A text that is no text, or an address with an unknown abbreviation.
    #[error("a text or address is not readable; write the tag anew")]
    Text,
    /// Too long or too many records.
    #[error("the message is longer than {MESSAGE_BYTES_MAX} bytes or has more than {RECORDS_MAX} records")]
    TooLong,
    /// A code to write is empty, longer than 512 bytes or holds control characters.
    #[error("a code has 1 to {CODE_BYTES_MAX} bytes of text without control characters")]
    BadCode,
}

const FIRST: u8 = 0x80;
const LAST: u8 = 0x40;
const CHUNK: u8 = 0x20;
const SHORT: u8 = 0x10;
const HAS_ID: u8 = 0x08;
const FORM: u8 = 0x07;
const FORM_EMPTY: u8 = 0;
const FORM_WELL_KNOWN: u8 = 1;
const FORM_UNKNOWN: u8 = 5;
/// Chunks and what is reserved begin here.
const FORM_UNCHANGED: u8 = 6;

/// The records of a message. No bytes at all are no records: that is an empty tag.
///
/// # Errors
/// The first [`NdefFault`].
pub fn parse(message: &[u8]) -> Result<Vec<Record>, NdefFault> {
    if message.len() > MESSAGE_BYTES_MAX {
        return Err(NdefFault::TooLong);
    }
    let mut rest = message;
    let mut records = Vec::new();
    let mut ended = message.is_empty();
    while !ended {
        if records.len() == RECORDS_MAX {
            return Err(NdefFault::TooLong);
        }
        let raw = take_record(&mut rest)?;
        if (raw.head & FIRST != 0) != records.is_empty() {
            return Err(NdefFault::Marks);
        }
        ended = raw.head & LAST != 0;
        records.push(meaning(&raw, true)?);
    }
    if rest.is_empty() { Ok(records) } else { Err(NdefFault::Marks) }
}

struct Raw<'a> {
    head: u8,
    kind: &'a [u8],
    payload: &'a [u8],
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], NdefFault> {
    let (taken, left) = rest.split_at_checked(length).ok_or(NdefFault::Cut)?;
    *rest = left;
    Ok(taken)
}

fn byte(rest: &mut &[u8]) -> Result<u8, NdefFault> {
    Ok(take(rest, 1)?.first().copied().unwrap_or(0))
}

fn take_record<'a>(rest: &mut &'a [u8]) -> Result<Raw<'a>, NdefFault> {
    let head = byte(rest)?;
    let kind_length = usize::from(byte(rest)?);
    let payload_length = if head & SHORT != 0 {
        usize::from(byte(rest)?)
    } else {
        let four = take(rest, 4)?;
        // Four bytes always fit: the station's computers have no smaller addresses.
        four.iter().fold(0usize, |sum, b| (sum << 8) | usize::from(*b))
    };
    let id_length = if head & HAS_ID != 0 { usize::from(byte(rest)?) } else { 0 };
    let kind = take(rest, kind_length)?;
    take(rest, id_length)?;
    let payload = take(rest, payload_length)?;
    let form = head & FORM;
    let bare = kind.is_empty() && payload.is_empty() && id_length == 0;
    let odd = (form == FORM_EMPTY && !bare) || (form == FORM_UNKNOWN && !kind.is_empty());
    if head & CHUNK != 0 || form >= FORM_UNCHANGED || odd {
        return Err(NdefFault::Form);
    }
    Ok(Raw { head, kind, payload })
}

fn meaning(raw: &Raw<'_>, outermost: bool) -> Result<Record, NdefFault> {
    match (raw.head & FORM, raw.kind) {
        (FORM_EMPTY, _) => Ok(Record::Empty),
        (FORM_WELL_KNOWN, b"T") => text(raw.payload),
        (FORM_WELL_KNOWN, b"U") => uri(raw.payload),
        // A smart poster is a message of its own around an address; posters within posters are nobody's.
        (FORM_WELL_KNOWN, b"Sp") if outermost => {
            let inner = poster(raw.payload)?;
            Ok(inner.map_or(Record::Other, Record::Uri))
        }
        _ => Ok(Record::Other),
    }
}

fn poster(message: &[u8]) -> Result<Option<String>, NdefFault> {
    let mut rest = message;
    for _ in 0..RECORDS_MAX {
        if rest.is_empty() {
            return Ok(None);
        }
        let raw = take_record(&mut rest)?;
        if let Record::Uri(uri) = meaning(&raw, false)? {
            return Ok(Some(uri));
        }
    }
    Err(NdefFault::TooLong)
}

fn text(payload: &[u8]) -> Result<Record, NdefFault> {
    let mut rest = payload;
    let status = byte(&mut rest)?;
    let language = take(&mut rest, usize::from(status & 0x3f))?;
    let language = std::str::from_utf8(language).map_err(|_| NdefFault::Text)?.to_owned();
    let text = if status & 0x80 == 0 {
        std::str::from_utf8(rest).map_err(|_| NdefFault::Text)?.to_owned()
    } else {
        utf16(rest)?
    };
    Ok(Record::Text { language, text })
}

/// Big-endian where no byte-order mark says otherwise.
fn utf16(bytes: &[u8]) -> Result<String, NdefFault> {
    let (little, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if bytes.len() % 2 != 0 {
        return Err(NdefFault::Text);
    }
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] if little => u16::from_le_bytes([*a, *b]),
        [a, b] => u16::from_be_bytes([*a, *b]),
        _ => 0,
    });
    char::decode_utf16(units).collect::<Result<_, _>>().map_err(|_| NdefFault::Text)
}

fn uri(payload: &[u8]) -> Result<Record, NdefFault> {
    let mut rest = payload;
    let prefix = URI_PREFIXES.get(usize::from(byte(&mut rest)?)).ok_or(NdefFault::Text)?;
    let tail = std::str::from_utf8(rest).map_err(|_| NdefFault::Text)?;
    Ok(Record::Uri(format!("{prefix}{tail}")))
}

/// The code a tag says: its first text, else its first address.
#[must_use]
pub fn code_of(records: &[Record]) -> Option<&str> {
    let text = records.iter().find_map(|record| match record {
        Record::Text { text, .. } if !text.trim().is_empty() => Some(text.trim()),
        Record::Text { .. } | Record::Uri(_) | Record::Empty | Record::Other => None,
    });
    let uri = || {
        records.iter().find_map(|record| match record {
            Record::Uri(uri) if !uri.is_empty() => Some(uri.as_str()),
            Record::Text { .. } | Record::Uri(_) | Record::Empty | Record::Other => None,
        })
    };
    text.or_else(uri)
}

/// The message that says a code: an address as a URI record, anything else as text.
///
/// # Errors
/// [`NdefFault::BadCode`].
pub fn message_of(code: &str) -> Result<Vec<u8>, NdefFault> {
    let fits = (1..=CODE_BYTES_MAX).contains(&code.len()) && !code.trim().is_empty();
    if !fits || code.chars().any(char::is_control) {
        return Err(NdefFault::BadCode);
    }
    let is_address = ["http://", "https://", "urn:"].iter().any(|scheme| code.starts_with(scheme));
    if !is_address {
        let mut payload = vec![2, b'e', b'n'];
        payload.extend_from_slice(code.as_bytes());
        return Ok(record(b'T', &payload));
    }
    // The longest abbreviation saves most room on a small tag.
    let fitting = URI_PREFIXES.iter().zip(0u8..).filter(|(prefix, _)| code.starts_with(**prefix));
    let (prefix, number) = fitting.max_by_key(|(prefix, _)| prefix.len()).unwrap_or((&"", 0));
    let mut payload = vec![number];
    payload.extend_from_slice(code.as_bytes().get(prefix.len()..).unwrap_or_default());
    Ok(record(b'U', &payload))
}

fn record(kind: u8, payload: &[u8]) -> Vec<u8> {
    let head = FIRST | LAST | FORM_WELL_KNOWN;
    let mut out = match u8::try_from(payload.len()) {
        Ok(short) => vec![head | SHORT, 1, short, kind],
        Err(_) => {
            // A code has at most 512 bytes, so the length always fits.
            let [a, b, c, d] = u32::try_from(payload.len()).unwrap_or(0).to_be_bytes();
            vec![head, 1, a, b, c, d, kind]
        }
    };
    out.extend_from_slice(payload);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What it is, its bytes, and its code or why it is refused.
    type Sample<'a> = (&'a str, &'a [u8], Result<Option<&'a str>, NdefFault>);

    /// Sample messages, as written down by the NFC Forum's definitions: bytes, and the code or the fault.
    #[test]
    fn messages_are_read_and_refused_by_the_table() {
        let long = [&[0xc1, 1, 0, 0, 1, 3, b'T', 2, b'e', b'n'][..], &[b'x'; 256]].concat();
        let long_code = "x".repeat(256);
        let many: Vec<u8> = (0..17u8).flat_map(|n| [if n == 0 { 0x95 } else { 0x15 }, 0, 0]).collect();
        let table: &[Sample<'_>] = &[
            ("an empty tag", b"", Ok(None)),
            ("an empty record", b"\xd0\0\0", Ok(None)),
            ("a text", b"\xd1\x01\x09T\x02enTOTE-7", Ok(Some("TOTE-7"))),
            ("a text without language", b"\xd1\x01\x03T\x00AB", Ok(Some("AB"))),
            ("UTF-16, big end first", b"\xd1\x01\x07T\x82en\0A\0B", Ok(Some("AB"))),
            ("UTF-16 with its mark", b"\xd1\x01\x09T\x82en\xff\xfeA\0B\0", Ok(Some("AB"))),
            ("an address", b"\xd1\x01\x0cU\x04example.com", Ok(Some("https://example.com"))),
            ("an EPC address", b"\xd1\x01\x06U\x1esgtin", Ok(Some("urn:epc:id:sgtin"))),
            ("an identifier beside it", b"\xd9\x01\x05\x02Tid\x02enAB", Ok(Some("AB"))),
            ("a long record", &long, Ok(Some(&long_code))),
            ("text before address", b"\x91\x01\x02U\x04a\x51\x01\x05T\x02enAB", Ok(Some("AB"))),
            ("a poster", b"\xd1\x02\x0bSp\x91\x01\x02U\x03a\x50\0\0", Err(NdefFault::Cut)),
            ("a poster whole", b"\xd1\x02\x09Sp\x91\x01\x02U\x03a\x50\0\0", Ok(Some("http://a"))),
            ("a poster without address", b"\xd1\x02\x03Sp\xd0\0\0", Ok(None)),
            ("a business card", b"\xd2\x0a\x01text/vcardX", Ok(None)),
            ("blank text", b"\xd1\x01\x04T\x02en ", Ok(None)),
            ("cut in its payload", b"\xd1\x01\x09T\x02enTOTE", Err(NdefFault::Cut)),
            ("cut in its head", b"\xd1\x01", Err(NdefFault::Cut)),
            ("a length of four gigabytes", b"\xc1\x01\xff\xff\xff\xffT", Err(NdefFault::Cut)),
            ("no last record", b"\x91\x01\x05T\x02enAB", Err(NdefFault::Cut)),
            ("no first record", b"\x51\x01\x05T\x02enAB", Err(NdefFault::Marks)),
            ("two first records", b"\x91\x01\x05T\x02enAB\xd1\x01\x05T\x02enAB", Err(NdefFault::Marks)),
            ("more after the last", b"\xd1\x01\x05T\x02enABx", Err(NdefFault::Marks)),
            ("in chunks", b"\xf1\x01\x05T\x02enAB", Err(NdefFault::Form)),
            ("a reserved form", b"\xd7\x00\x00", Err(NdefFault::Form)),
            ("an empty record with content", b"\xd0\x00\x01x", Err(NdefFault::Form)),
            ("a text that is none", b"\xd1\x01\x05T\x02en\xff\xfe", Err(NdefFault::Text)),
            ("half a UTF-16 character", b"\xd1\x01\x04T\x82en\0", Err(NdefFault::Text)),
            ("a language longer than the text", b"\xd1\x01\x03T\x3fen", Err(NdefFault::Cut)),
            ("an unknown abbreviation", b"\xd1\x01\x02U\x24a", Err(NdefFault::Text)),
            ("too many records", &many, Err(NdefFault::TooLong)),
        ];
        for (what, bytes, expected) in table {
            let records = parse(bytes);
            let code = records.as_ref().map(|records| code_of(records)).map_err(|fault| *fault);
            assert_eq!(code, *expected, "{what}: {records:?}");
        }
        assert_eq!(parse(&vec![0u8; MESSAGE_BYTES_MAX + 1]), Err(NdefFault::TooLong));
    }

    #[test]
    fn a_written_code_is_read_back() {
        let longest = "7".repeat(CODE_BYTES_MAX);
        for code in
            ["TOTE-7", "(01)09506000134352", "Ж-1 容器", "https://id.gs1.org/00/1", "urn:epc:id:sscc:1.2", &longest]
        {
            let message = message_of(code).unwrap();
            assert_eq!(code_of(&parse(&message).unwrap()), Some(code));
        }
        assert_eq!(message_of("TOTE-7").unwrap(), b"\xd1\x01\x09T\x02enTOTE-7");
        assert_eq!(message_of("https://www.a.b").unwrap(), b"\xd1\x01\x04U\x02a.b", "the longest abbreviation");
        for bad in ["", "   ", "A\nB", "A\u{1d}B", &"7".repeat(CODE_BYTES_MAX + 1)] {
            assert_eq!(message_of(bad), Err(NdefFault::BadCode), "{bad:?}");
        }
    }

    #[test]
    fn no_bytes_bring_the_reader_down() {
        // Every cut and every single changed byte of a message with all kinds of records.
        let whole =
            [&b"\x99\x01\x05\x01Ti\x02enAB\x11\x02\x09Sp\x91\x01\x02U\x03a\x50\0\0"[..], b"\x52\x01\x01xyz"].concat();
        for at in 0..whole.len() {
            let _ = parse(&whole[..at]);
            for value in 0..=255u8 {
                let mut bytes = whole.clone();
                bytes[at] = value;
                if let Ok(records) = parse(&bytes) {
                    assert!(records.len() <= RECORDS_MAX);
                }
            }
        }
    }
}
