//! Reads GS1 data into elements: application identifiers with their values, every rule of the syntax dictionary checked.
//! A [`Reader`] owns all the room it needs and is used again and again; reading takes nothing from the heap. What it
//! decides is held equal to the official GS1 Barcode Syntax Engine.

use super::associations;
use super::error::{Gs1Error, Rule};
use super::lint::{self, Fault, Linter};
use super::message::Message;
use super::table::{self, Ai, Found, Row, UNKNOWN_VALUE_MAX};

/// Most elements of one code.
pub const ELEMENTS_MAX: usize = 64;
/// Longest text that is read, in bytes: more than any symbol holds.
pub const DATA_MAX: usize = 8_191;
/// The separator between elements, which stands for FNC1: ASCII 29.
pub(super) const GS: u8 = 0x1d;
/// Room for the longest elements there can be, and for what is written before it is found to be too long.
const ROOM: usize = ELEMENTS_MAX * 96 + 256;

/// Which rules hold. The default is what the official engine holds to by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Admits identifiers that are not in the dictionary, where their length is known.
    pub unknown_ais: bool,
    /// Admits a GTIN-8, -12 or -13 in a Digital Link, as old ones have it; it is read as 14 digits.
    pub short_gtins: bool,
    /// Admits names in the path of a Digital Link, as old ones have them: `/gtin/` for `/01/`.
    pub names: bool,
    /// Admits links as people write them: a slash at the end, qualifiers out of their order or among the parameters, and
    /// parameters of others whose names are digits.
    pub loose_links: bool,
    /// Refuses an identifier without those it needs beside it.
    pub required_ais: bool,
    /// Refuses identifiers that exclude each other, different values of one, and signatures of what has no serial.
    pub associations: bool,
    /// Checks all rules of values; without it only lengths, characters and check digits.
    pub linters: bool,
}

impl Rules {
    /// What the official engine holds to by default.
    pub const OFFICIAL: Rules = Rules {
        unknown_ais: false,
        short_gtins: false,
        names: false,
        loose_links: false,
        required_ais: true,
        associations: true,
        linters: true,
    };

    /// What a packing station asks of goods that others have marked: values that can be told apart and check digits that
    /// are right. A carton whose label lacks a required identifier still says what is in it.
    pub const LENIENT: Rules = Rules {
        unknown_ais: false,
        short_gtins: true,
        names: true,
        loose_links: true,
        required_ais: false,
        associations: false,
        linters: false,
    };
}

impl Default for Rules {
    fn default() -> Self {
        Rules::OFFICIAL
    }
}

/// One element: where its value is in the text of the message, and where it came from in the input.
#[derive(Clone, Copy)]
pub(super) struct Element {
    pub found: Found,
    /// The value, in the message's text.
    pub from: u16,
    pub len: u16,
    /// The value as it was written in the input, escapes included.
    pub input_at: u16,
    pub input_len: u16,
    /// How the input wrote it.
    pub written: Written,
    /// Zeros that were put before the value.
    pub padding: u8,
    /// Stood in the path of a Digital Link.
    pub in_path: bool,
}

/// How a value is written in the input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As it is.
    Plain,
    /// With `\(` for a bracket.
    Bracketed,
    /// With percent signs.
    Uri,
}

impl Element {
    pub(super) fn value<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        text.get(usize::from(self.from)..usize::from(self.from) + usize::from(self.len)).unwrap_or(&[])
    }

    /// An error that concerns the whole value.
    pub(super) fn error(&self, rule: Rule) -> Gs1Error {
        Gs1Error { at: self.input_at.into(), len: self.input_len.into(), ai: Some(self.found.ai), rule }
    }

    /// Where a fault of the value is in the input: escapes take more room there.
    fn fault(&self, input: &[u8], f: Fault) -> Gs1Error {
        let from = usize::from(self.input_at);
        let written = input.get(from..from + usize::from(self.input_len)).unwrap_or(&[]);
        let place = |n: usize| match self.written {
            Written::Plain => n,
            Written::Bracketed => super::bracketed::written_len(written, n),
            Written::Uri => super::link::written_len(written, n.saturating_sub(self.padding.into())),
        };
        let at = place(f.at);
        Gs1Error { at: from + at, len: place(f.at + f.len) - at, ai: Some(self.found.ai), rule: f.rule }
    }
}

/// Room to read one code after another.
pub struct Reader {
    pub(super) rules: Rules,
    pub(super) elements: [Element; ELEMENTS_MAX],
    pub(super) count: usize,
    /// Elements, and whatever else counts as one: parameters of a URI that are not GS1's, the place where a composite
    /// symbol's second part begins.
    pub(super) entries: usize,
    /// Element that the second part of a composite symbol begins with.
    pub(super) composite: Option<usize>,
    room: [u8; ROOM],
    used: usize,
    separator_due: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Reader::new(Rules::OFFICIAL)
    }
}

impl Reader {
    /// Room, and the rules that hold.
    #[must_use]
    pub fn new(rules: Rules) -> Reader {
        let row: &'static Row = &Row::NONE;
        let empty = Element {
            found: Found { ai: Ai::NONE, slot: u16::MAX, row },
            from: 0,
            len: 0,
            input_at: 0,
            input_len: 0,
            written: Written::Plain,
            padding: 0,
            in_path: false,
        };
        Reader {
            rules,
            elements: [empty; ELEMENTS_MAX],
            count: 0,
            entries: 0,
            composite: None,
            room: [0; ROOM],
            used: 0,
            separator_due: false,
        }
    }

    /// Other rules, from the next code on.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Reads an element string: identifiers and values one after the other, GS (ASCII 29) after values that have no
    /// predefined length. A leading GS is FNC1 and is stepped over.
    ///
    /// # Errors
    /// The first rule that is broken, with its place.
    pub fn element_string<'a>(&'a mut self, data: &'a [u8]) -> Result<Message<'a>, Gs1Error> {
        self.begin(data)?;
        let from = usize::from(data.first() == Some(&GS));
        self.plain(data, from)?;
        self.message(data)
    }

    /// Forgets the last code.
    pub(super) fn begin(&mut self, data: &[u8]) -> Result<(), Gs1Error> {
        (self.count, self.entries, self.used, self.composite) = (0, 0, 0, None);
        self.separator_due = false;
        if data.len() > DATA_MAX {
            let rule = Rule::DataTooLong { max: DATA_MAX };
            return Err(Gs1Error { at: DATA_MAX, len: data.len() - DATA_MAX, ai: None, rule });
        }
        Ok(())
    }

    /// Reads elements that are written as they are, from byte `from` on.
    pub(super) fn plain(&mut self, data: &[u8], from: usize) -> Result<(), Gs1Error> {
        let mut at = from;
        if at == data.len() {
            return Err(Gs1Error { at, len: 0, ai: None, rule: Rule::Empty });
        }
        while at < data.len() {
            let rest = &data[at..];
            let Some(found) = table::leading(rest, self.rules.unknown_ais) else {
                return Err(Gs1Error { at, len: rest.len().min(4), ai: None, rule: Rule::UnknownAi });
            };
            at += found.ai.digits();
            let rest = &data[at..];
            let rest = if found.row.predefined { &rest[..rest.len().min(found.row.length_max.into())] } else { rest };
            let end = rest.iter().position(|b| *b == GS).unwrap_or(rest.len());
            let mut element = self.element(found, at, end, Written::Plain);
            let value = &rest[..end];
            element.len = check_value(found.row, value, self.rules.linters).map_err(|f| element.fault(data, f))? as u16;
            self.push(element)?;
            at += usize::from(element.len);
            let follows = data.get(at);
            if !found.row.predefined && follows.is_some_and(|b| *b != GS) {
                let rule = Rule::ValueTooLong;
                return Err(Gs1Error { at, len: end - usize::from(element.len), ai: Some(found.ai), rule });
            }
            at += usize::from(follows == Some(&GS));
        }
        Ok(())
    }

    /// An element whose value is at this place of the input.
    pub(super) fn element(&self, found: Found, at: usize, len: usize, written: Written) -> Element {
        let (at, len) = (at as u16, len as u16);
        Element { found, from: at, len, input_at: at, input_len: len, written, padding: 0, in_path: false }
    }

    pub(super) fn push(&mut self, element: Element) -> Result<(), Gs1Error> {
        self.count_entry(usize::from(element.input_at))?;
        if let Some(place) = self.elements.get_mut(self.count) {
            *place = element;
            self.count += 1;
        }
        Ok(())
    }

    /// Counts something that takes the place of an element.
    pub(super) fn count_entry(&mut self, at: usize) -> Result<(), Gs1Error> {
        if self.entries == ELEMENTS_MAX {
            return Err(Gs1Error { at, len: 0, ai: None, rule: Rule::TooManyAis { max: ELEMENTS_MAX } });
        }
        self.entries += 1;
        Ok(())
    }

    /// Writes an identifier into the reader's own text, with the separator that is due before it.
    pub(super) fn write_ai(&mut self, found: Found) {
        if std::mem::replace(&mut self.separator_due, !found.row.predefined) {
            self.write(&[GS]);
        }
        let digits = found.ai.ascii();
        self.write(&digits[..found.ai.digits()]);
    }

    /// Writes a part of a value; what would be longer than any value is cut off, and is refused by its length.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let bytes = &bytes[..bytes.len().min(128)];
        if let Some(place) = self.room.get_mut(self.used..self.used + bytes.len()) {
            place.copy_from_slice(bytes);
            self.used += bytes.len();
        }
    }

    /// How much is written.
    pub(super) fn written(&self) -> usize {
        self.used
    }

    /// The text that was written.
    pub(super) fn own_text(&self) -> &[u8] {
        &self.room[..self.used]
    }

    /// Grows what was written since `from` to 14 digits with zeros before; how many.
    pub(super) fn pad_gtin(&mut self, from: usize) -> u8 {
        let len = (self.used - from).min(14);
        if let Some(place) = self.room.get_mut(from..from + 14) {
            place.copy_within(..len, 14 - len);
            place[..14 - len].fill(b'0');
            self.used = from + 14;
        }
        (14 - len) as u8
    }

    /// Puts down the element whose value was written since `from`, if its length can be right.
    /// `input` is what it was read from.
    pub(super) fn push_written(&mut self, input: &[u8], mut element: Element, from: usize) -> Result<(), Gs1Error> {
        element.from = from as u16;
        element.len = (self.used - from) as u16;
        let row = element.found.row;
        if element.len < u16::from(row.length_min) {
            return Err(element.error(Rule::ValueTooShort));
        }
        if element.len > u16::from(row.length_max) {
            return Err(element.error(Rule::ValueTooLong));
        }
        let value = &self.room[from..self.used];
        if let Some(at) = value.iter().position(|b| *b == b'^') {
            return Err(element.fault(input, Fault { at, len: 1, rule: Rule::SeparatorInValue }));
        }
        self.push(element)
    }

    /// Checks the values that were written, from element `first` on. `input` is what they were read from.
    pub(super) fn check_written(&self, input: &[u8], first: usize) -> Result<(), Gs1Error> {
        for element in &self.elements[first..self.count] {
            let value = element.value(self.own_text());
            check_value(element.found.row, value, self.rules.linters).map_err(|f| element.fault(input, f))?;
            // The identifier's digits count where nothing tells them from the value.
            let total = usize::from(element.len) + element.found.ai.digits();
            if element.found.has_no_length() && total > usize::from(UNKNOWN_VALUE_MAX) {
                return Err(element.error(Rule::ValueTooLong));
            }
        }
        Ok(())
    }

    /// Checks what identifiers say of each other; their values lie in `text`.
    pub(super) fn message<'a>(&'a self, text: &'a [u8]) -> Result<Message<'a>, Gs1Error> {
        let elements = &self.elements[..self.count];
        associations::check(elements, text, &self.rules)?;
        Ok(Message { text, elements, composite: self.composite })
    }

    /// As [`Reader::message`], of what was written into the reader's own text.
    pub(super) fn own_message(&self) -> Result<Message<'_>, Gs1Error> {
        self.message(self.own_text())
    }
}

/// Checks a value part by part; how many bytes of it the parts cover.
pub(super) fn check_value(row: &Row, value: &[u8], all_rules: bool) -> Result<usize, Fault> {
    if value.is_empty() {
        return Err(Fault { at: 0, len: 0, rule: Rule::ValueMissing });
    }
    let mut at = 0;
    for part in row.parts() {
        let rest = &value[at..];
        let own = &rest[..rest.len().min(part.max.into())];
        if own.is_empty() && part.optional {
            continue;
        }
        if own.len() < part.min.into() {
            return Err(Fault { at, len: own.len(), rule: Rule::WrongLength });
        }
        let here = |f: Fault| Fault { at: at + f.at, ..f };
        lint::characters(part.charset, own).map_err(here)?;
        for linter in part.linters {
            if linter != Linter::None && (all_rules || linter == Linter::CheckDigit) {
                lint::check(linter, own).map_err(here)?;
            }
        }
        at += own.len();
    }
    Ok(at)
}
