//! GS1 Digital Link URIs, both ways: `https://id.gs1.org/01/09506000134352/10/AB-12?17=261231`. The path ends with a key
//! and its qualifiers in their order, the query holds further identifiers; what else is there belongs to the domain's owner.

use super::error::{Gs1Error, Rule};
use super::message::{Message, write_ai};
use super::reader::{DATA_MAX, Element, Reader, Written};
use super::table::{self, Ai, Found, QUALIFIERS_MAX};

/// The stem of links that belong to nobody.
pub const CANONICAL_STEM: &str = "https://id.gs1.org";
/// Longest link that is written, in bytes.
const LINK_MAX: usize = 2 * DATA_MAX;
/// A GTIN as a link has it.
const GTIN: Ai = Ai::of(1, 2);

/// Names that old links have for identifiers.
const NAMES: [(&[u8], &[u8]); 22] = [
    (b"cpid", b"8010"),
    (b"cpsn", b"8011"),
    (b"cpv", b"22"),
    (b"gcn", b"255"),
    (b"gdti", b"253"),
    (b"giai", b"8004"),
    (b"ginc", b"401"),
    (b"gln", b"414"),
    (b"glnx", b"254"),
    (b"gmn", b"8013"),
    (b"grai", b"8003"),
    (b"gsin", b"402"),
    (b"gsrn", b"8018"),
    (b"gsrnp", b"8017"),
    (b"gtin", b"01"),
    (b"itip", b"8006"),
    (b"lot", b"10"),
    (b"party", b"417"),
    (b"refno", b"8020"),
    (b"ser", b"21"),
    (b"srin", b"8019"),
    (b"sscc", b"00"),
];

/// Bit 0: may be in a URI. Bit 1: may be in a domain. Bit 2: needs no percent sign in a part of a URI.
static URI: [u8; 256] = uri_characters();

const fn uri_characters() -> [u8; 256] {
    let mut all = [0; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        let plain = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
        let domain = plain || matches!(b, b':' | b'/' | b'[' | b']');
        let unreserved = plain || matches!(b, b'_' | b'~');
        let uri = domain
            || unreserved
            || matches!(
                b,
                b'?' | b'#' | b'@' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'%'
            );
        all[i] = uri as u8 | (domain as u8) << 1 | (unreserved as u8) << 2;
        i += 1;
    }
    all
}

fn is(b: u8, bit: u8) -> bool {
    URI[usize::from(b)] & bit != 0
}

/// Does a text begin like a link? Only these spellings are taken.
#[must_use]
pub fn is_link(text: &[u8]) -> bool {
    scheme(text).is_some()
}

/// The length of `https://` or `http://`.
fn scheme(text: &[u8]) -> Option<usize> {
    [&b"https://"[..], b"HTTPS://", b"http://", b"HTTP://"].iter().find(|s| text.starts_with(s)).map(|s| s.len())
}

const fn wrong(at: usize, len: usize, rule: Rule) -> Gs1Error {
    Gs1Error { at, len, ai: None, rule }
}

impl Reader {
    /// Reads a Digital Link.
    ///
    /// # Errors
    /// The first rule that is broken, with its place.
    pub fn digital_link<'a>(&'a mut self, data: &'a [u8]) -> Result<Message<'a>, Gs1Error> {
        self.begin(data)?;
        if let Some(at) = data.iter().position(|b| !is(*b, 1)) {
            return Err(wrong(at, 1, Rule::UriCharacter));
        }
        let Some(domain) = scheme(data) else { return Err(wrong(0, data.len().min(8), Rule::UriScheme)) };
        let path = domain + data[domain..].iter().position(|b| *b == b'/').unwrap_or(data.len() - domain);
        if let Some(at) = data[domain..path].iter().position(|b| !is(*b, 2)) {
            return Err(wrong(domain + at, 1, Rule::UriDomain));
        }
        if path == domain || path == data.len() {
            return Err(wrong(path, 0, Rule::UriPath));
        }
        let end = path + data[path..].iter().position(|b| *b == b'#').unwrap_or(data.len() - path);
        let query = path + data[path..end].iter().position(|b| *b == b'?').unwrap_or(end - path);
        let slash = self.rules.loose_links && data[path..query].len() > 1 && data[query - 1] == b'/';
        self.path(data, path, query - usize::from(slash))?;
        let in_path = self.count;
        let mut at = query + 1;
        while at < end {
            at = self.parameter(data, at, end)?;
        }
        self.sequence(in_path)?;
        self.check_written(data, 0)?;
        self.own_message()
    }

    /// The identifier of a path's part.
    fn path_ai(&self, part: &[u8]) -> Option<Found> {
        let named = self.rules.names.then(|| NAMES.iter().find(|(name, _)| *name == part)).flatten();
        table::exact(named.map_or(part, |(_, ai)| ai), self.rules.unknown_ais)
    }

    /// Reads the key and its qualifiers, which are the last parts of the path.
    fn path(&mut self, data: &[u8], path: usize, end: usize) -> Result<(), Gs1Error> {
        let mut at = self.key(data, path, end).ok_or(wrong(path, end - path, Rule::UriNoKey))?;
        while at < end {
            let slash = |from: usize| from + data[from..end].iter().position(|b| *b == b'/').unwrap_or(end - from);
            let ai_end = slash(at + 1);
            let Some(found) = self.path_ai(&data[at + 1..ai_end]) else {
                return Err(wrong(at + 1, ai_end - at - 1, Rule::UnknownAi));
            };
            let value = (ai_end + 1).min(end);
            let value_end = slash(value);
            self.value(data, found, value, value_end, true)?;
            at = value_end;
        }
        Ok(())
    }

    /// Where the last key of the path begins, with its slash. Parts are taken in pairs from the end.
    fn key(&self, data: &[u8], path: usize, end: usize) -> Option<usize> {
        let mut right = end;
        loop {
            let value = path + data[path..right].iter().rposition(|b| *b == b'/')?;
            let ai = path + data[path..value].iter().rposition(|b| *b == b'/')?;
            let found = self.path_ai(&data[ai + 1..value])?;
            if found.row.key {
                return Some(ai);
            }
            right = ai;
        }
    }

    /// Reads one parameter of the query; where the next one begins. What is not GS1's is left alone.
    fn parameter(&mut self, data: &[u8], from: usize, end: usize) -> Result<usize, Gs1Error> {
        let at = from + data[from..end].iter().position(|b| *b != b'&').unwrap_or(end - from);
        let next = at + data[at..end].iter().position(|b| *b == b'&').unwrap_or(end - at);
        let name = data[at..next].iter().position(|b| *b == b'=').map(|n| &data[at..at + n]);
        let Some(name) = name.filter(|name| name.iter().all(u8::is_ascii_digit)) else {
            self.count_entry(at)?;
            return Ok(next);
        };
        let Some(found) = table::exact(name, self.rules.unknown_ais) else {
            if self.rules.loose_links {
                self.count_entry(at)?;
                return Ok(next);
            }
            return Err(wrong(at, name.len(), Rule::UnknownAi));
        };
        self.value(data, found, at + name.len() + 1, next, false)?;
        Ok(next)
    }

    /// Reads the value between two places.
    fn value(&mut self, data: &[u8], found: Found, at: usize, end: usize, in_path: bool) -> Result<(), Gs1Error> {
        let mut element = self.element(found, at, end - at, Written::Uri);
        if at == end {
            return Err(element.error(Rule::ValueMissing));
        }
        self.write_ai(found);
        let from = self.written();
        let written = &data[at..end];
        if written.iter().any(|b| *b == b'%' || (*b == b'+' && !in_path)) {
            let mut n = 0;
            while n < written.len() {
                let (byte, len) = unescaped(&written[n..], !in_path);
                if byte == 0 {
                    return Err(wrong(at + n, len, Rule::UriNull));
                }
                self.write(&[byte]);
                n += len;
            }
        } else {
            self.write(written);
        }
        if self.rules.short_gtins && found.ai == GTIN && matches!(self.written() - from, 8 | 12 | 13) {
            element.padding = self.pad_gtin(from);
        }
        element.in_path = in_path;
        self.push_written(data, element, from)
    }

    /// Checks which identifiers stand in the path and which in the query.
    fn sequence(&self, in_path: usize) -> Result<(), Gs1Error> {
        let elements = &self.elements[..self.count];
        let (path, query) = elements.split_at(in_path);
        let Some((key, qualifiers)) = path.split_first() else { return Err(wrong(0, 0, Rule::UriNoKey)) };
        if !self.rules.loose_links && !is_sequence(key, qualifiers, None) {
            return Err(key.error(Rule::UriSequence));
        }
        for (n, element) in elements.iter().enumerate() {
            if elements[..n].iter().any(|e| e.found.ai == element.found.ai) {
                return Err(element.error(Rule::UriDuplicate));
            }
        }
        for element in query.iter().filter(|_| !self.rules.loose_links) {
            if !element.found.row.attribute {
                return Err(element.error(Rule::UriNoAttribute));
            }
            if is_sequence(key, qualifiers, Some(element.found.ai)) {
                return Err(element.error(Rule::UriBelongsInPath));
            }
        }
        Ok(())
    }
}

/// Are these qualifiers some of one sequence of the key, in its order? With `more`, would they still be with it among them?
fn is_sequence(key: &Element, qualifiers: &[Element], more: Option<Ai>) -> bool {
    let sequences = &key.found.row.qualifiers;
    if qualifiers.is_empty() && more.is_none() {
        return key.found.row.key;
    }
    sequences.iter().any(|sequence| {
        let mut left = sequence.iter().filter(|ai| **ai != Ai::NONE);
        let all = qualifiers.iter().all(|q| left.any(|ai| *ai == q.found.ai));
        all && more.is_none_or(|ai| sequence.contains(&ai) && !qualifiers.iter().any(|q| q.found.ai == ai))
    })
}

/// The first byte of an escaped text, and how many bytes it is written with. A percent sign without two hexadecimal digits
/// after it stands for itself.
fn unescaped(text: &[u8], in_query: bool) -> (u8, usize) {
    match text {
        [b'%', high, low, ..] => match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => (high << 4 | low, 3),
            (None, _) | (_, None) => (b'%', 1),
        },
        [b'+', ..] if in_query => (b' ', 1),
        [b, ..] => (*b, 1),
        [] => (0, 0),
    }
}

fn hex(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'A'..=b'F' => Some(b - b'A' + 10),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    }
}

/// How many bytes the first `n` characters of a value are written with.
pub(super) fn written_len(written: &[u8], n: usize) -> usize {
    let mut at = 0;
    for _ in 0..n {
        at += unescaped(written.get(at..).unwrap_or(&[]), true).1;
    }
    at
}

impl Message<'_> {
    /// Writes the Digital Link: the first key with as many of its qualifiers as there are, then the other identifiers as
    /// parameters, those of predefined length first. `stem` is the address before, such as [`CANONICAL_STEM`] or
    /// `https://example.com/product`. What was read from a link keeps its path.
    ///
    /// # Errors
    /// No key, an identifier that a link cannot hold, or too long. Nothing is written then.
    pub fn write_digital_link(&self, stem: &str, out: &mut Vec<u8>) -> Result<(), Gs1Error> {
        let before = out.len();
        let end = self.link(stem, out);
        if end.is_err() {
            out.truncate(before);
        }
        end
    }

    fn link(&self, stem: &str, out: &mut Vec<u8>) -> Result<(), Gs1Error> {
        let before = out.len();
        out.extend_from_slice(stem.strip_suffix('/').unwrap_or(stem).as_bytes());
        let mut in_path = [Ai::NONE; 1 + QUALIFIERS_MAX];
        let mut path_len = 0;
        self.each_of_path(|element| {
            out.push(b'/');
            write_ai(out, element.found.ai);
            out.push(b'/');
            escape(out, element.value(self.text), false);
            if let Some(place) = in_path.get_mut(path_len) {
                *place = element.found.ai;
                path_len += 1;
            }
        })?;
        let mut mark = b'?';
        for predefined in [true, false] {
            for (n, element) in self.elements.iter().enumerate().filter(|(_, e)| e.found.row.predefined == predefined) {
                let ai = element.found.ai;
                if in_path.contains(&ai) || self.elements[..n].iter().any(|e| e.found.ai == ai) {
                    continue;
                }
                if !element.found.row.attribute {
                    return Err(element.error(Rule::UriNoAttribute));
                }
                out.push(mark);
                mark = b'&';
                write_ai(out, ai);
                out.push(b'=');
                escape(out, element.value(self.text), true);
            }
        }
        if out.len() - before > LINK_MAX {
            return Err(wrong(0, 0, Rule::DataTooLong { max: LINK_MAX }));
        }
        Ok(())
    }

    /// Calls `each` with the key and its qualifiers, in the path's order.
    fn each_of_path(&self, mut each: impl FnMut(&Element)) -> Result<(), Gs1Error> {
        if self.elements.iter().any(|e| e.in_path) {
            self.elements.iter().filter(|e| e.in_path).for_each(each);
            return Ok(());
        }
        let Some(key) = self.elements.iter().find(|e| e.found.row.key) else { return Err(wrong(0, 0, Rule::UriNoKey)) };
        each(key);
        let find = |ai: &Ai| self.elements.iter().find(|e| e.found.ai == *ai);
        // Of sequences that use as many qualifiers, the dictionary's first.
        let mut best = (0, &[Ai::NONE; QUALIFIERS_MAX]);
        for sequence in &key.found.row.qualifiers {
            let count = sequence.iter().filter(|ai| find(ai).is_some()).count();
            if count > best.0 {
                best = (count, sequence);
            }
        }
        best.1.iter().filter_map(find).for_each(each);
        Ok(())
    }
}

/// Writes a value as part of a URI. In a query a blank is a plus sign.
fn escape(out: &mut Vec<u8>, value: &[u8], in_query: bool) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for b in value {
        if is(*b, 4) {
            out.push(*b);
        } else if *b == b' ' && in_query {
            out.push(b'+');
        } else {
            out.extend_from_slice(&[b'%', HEX[usize::from(b >> 4)], HEX[usize::from(b & 15)]]);
        }
    }
}
