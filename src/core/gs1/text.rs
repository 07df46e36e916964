//! One line of text that may be any GS1 code: what a scanner sent, bracketed text, a Digital Link, or plain digits. It tells
//! them apart, reads them by all rules, and puts errors at their place in the line.

use super::error::{Gs1Error, Rule};
use super::link;
use super::message::Message;
use super::numbers::{canonical_gtin, is_sscc};
use super::reader::{Reader, Rules};
use super::restricted::{self, Variable};
use super::separators;
use super::symbol::Scanned;

/// What a line says.
pub enum Said<'a> {
    /// Elements behind a symbology identifier, or without one.
    Elements(Message<'a>),
    /// Bracketed text.
    Bracketed(Message<'a>),
    /// A Digital Link.
    Link(Message<'a>),
    /// A GTIN of 14 digits, and what the second part of a composite symbol says.
    Gtin(String, Option<Message<'a>>),
    /// A serial shipping container code.
    Sscc(String),
    /// A number of restricted circulation with what varies in it.
    Variable(Variable, Option<Message<'a>>),
    /// Plain data of a symbol that need not be GS1's.
    Plain(String),
}

/// Reads one line after another.
pub struct TextReader {
    reader: Reader,
    substitutes: Vec<String>,
    restricted: Vec<restricted::Rule>,
    line: Vec<u8>,
}

impl Default for TextReader {
    fn default() -> Self {
        TextReader::new(Rules::OFFICIAL)
    }
}

impl TextReader {
    /// With these rules, the usual substitutes for FNC1, and no numbers of restricted circulation.
    #[must_use]
    pub fn new(rules: Rules) -> TextReader {
        let substitutes = separators::usual();
        TextReader { reader: Reader::new(rules), substitutes, restricted: Vec::new(), line: Vec::new() }
    }

    /// Other spellings of FNC1 than [`super::SUBSTITUTES`]; GS (ASCII 29) always is one.
    #[must_use]
    pub fn with_substitutes(mut self, substitutes: Vec<String>) -> TextReader {
        self.substitutes = substitutes;
        self
    }

    /// How numbers of restricted circulation are read.
    #[must_use]
    pub fn with_restricted(mut self, rules: Vec<restricted::Rule>) -> TextReader {
        self.restricted = rules;
        self
    }

    /// Reads a line.
    ///
    /// # Errors
    /// The first rule that is broken, with its place in the line.
    pub fn read<'a>(&'a mut self, line: &'a [u8]) -> Result<Said<'a>, Gs1Error> {
        if line.is_empty() {
            return Err(Gs1Error { at: 0, len: 0, ai: None, rule: Rule::Empty });
        }
        if link::is_link(line) {
            return self.reader.digital_link(line).map(Said::Link);
        }
        if line[0] == b'(' {
            return self.reader.bracketed(line).map(Said::Bracketed);
        }
        if let Some(said) = std::str::from_utf8(line).ok().and_then(|text| number(text, &self.restricted)) {
            return Ok(said);
        }
        self.line.clear();
        // A symbology identifier is none of the data.
        let (id, data) = if line[0] == b']' { line.split_at(line.len().min(3)) } else { (&[][..], line) };
        // The bar of a composite symbol is no substitute.
        let is_number = matches!(id, b"]E0" | b"]E4");
        self.line.extend_from_slice(id);
        if is_number || link::is_link(data) {
            self.line.extend_from_slice(data);
        } else {
            separators::replace(data, &self.substitutes, &mut self.line);
        }
        let substitutes = &self.substitutes;
        let place = |n: usize| match n.checked_sub(id.len()) {
            Some(n) if !is_number => id.len() + separators::place(data, substitutes, n),
            _ => n,
        };
        let placed = |e: Gs1Error| Gs1Error { at: place(e.at), len: place(e.at + e.len) - place(e.at), ..e };
        if id.is_empty() {
            return self.reader.element_string(&self.line).map(Said::Elements).map_err(placed);
        }
        match self.reader.scanned(&self.line).map_err(placed)? {
            Scanned::Message(m) if link::is_link(data) => Ok(Said::Link(m)),
            Scanned::Message(m) => Ok(Said::Elements(m)),
            Scanned::Plain(text) => Ok(Said::Plain(String::from_utf8_lossy(text).into_owned())),
            Scanned::Digits(digits, second) => {
                let digits = String::from_utf8_lossy(digits).into_owned();
                match restricted::read(&self.restricted, &digits) {
                    Some(variable) => Ok(Said::Variable(variable, second)),
                    None => Ok(Said::Gtin(format!("{digits:0>14}"), second)),
                }
            }
        }
    }
}

/// Plain digits that are a number with a right check digit.
fn number<'a>(text: &str, rules: &[restricted::Rule]) -> Option<Said<'a>> {
    if let Some(variable) = restricted::read(rules, text) {
        return Some(Said::Variable(variable, None));
    }
    if let Some(gtin) = canonical_gtin(text) {
        return Some(Said::Gtin(gtin, None));
    }
    is_sscc(text).then(|| Said::Sscc(text.to_owned()))
}
