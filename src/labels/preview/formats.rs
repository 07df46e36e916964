//! Stored formats: `^DF` keeps the commands of a label under a name, `^XF` prints them, and `^FN` tells which data goes where.
//!
//! This file must never draw: it keeps commands, and the machine takes them again when the label ends.

use super::lex::Command;
use super::{PreviewError, STORED_BYTES_MAX};
use std::collections::BTreeMap;

/// Most formats that one label may recall.
const RECALLED_MAX: usize = 20;
/// What a stored command costs beside its bytes.
const COMMAND_BYTES: usize = 64;

/// A command that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    name: String,
    rest: Vec<u8>,
    delimiter: u8,
}

impl Kept {
    pub(super) fn command(&self) -> Command<'_> {
        Command { name: self.name.clone(), rest: &self.rest, delimiter: self.delimiter }
    }
}

#[derive(Debug, Default)]
pub(super) struct Formats {
    stored: BTreeMap<String, Vec<Kept>>,
    bytes: usize,
    /// The format that this label becomes.
    recording: Option<(String, Vec<Kept>)>,
    /// The formats that this label prints.
    recalled: Vec<String>,
    /// The data of its numbered fields.
    numbers: BTreeMap<i32, Vec<u8>>,
}

impl Formats {
    /// A new label.
    pub(super) fn begin(&mut self) {
        (self.recording, self.recalled) = (None, Vec::new());
        self.numbers.clear();
    }

    /// `^DF`: what follows is kept and not printed.
    pub(super) fn record(&mut self, name: String) {
        self.recording = Some((name, Vec::new()));
    }

    /// Whether this label becomes a format.
    pub(super) fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Keeps a command of the format that is being stored; `false` where none is.
    pub(super) fn keep(&mut self, command: &Command<'_>) -> Result<bool, PreviewError> {
        let Some((_, kept)) = &mut self.recording else { return Ok(false) };
        self.bytes += command.rest.len() + COMMAND_BYTES;
        if self.bytes > STORED_BYTES_MAX {
            return Err(PreviewError::TooMuch { what: "bytes of stored formats", most: STORED_BYTES_MAX as u64 });
        }
        kept.push(Kept { name: command.name.clone(), rest: command.rest.to_vec(), delimiter: command.delimiter });
        Ok(true)
    }

    /// `^XF`; `false` where there is no such format.
    pub(super) fn recall(&mut self, name: String) -> bool {
        let known = self.stored.contains_key(&name) && self.recalled.len() < RECALLED_MAX;
        if known {
            self.recalled.push(name);
        }
        known
    }

    /// Data of a numbered field, for the formats that this label prints.
    pub(super) fn tell(&mut self, number: i32, data: Vec<u8>) {
        self.numbers.insert(number, data);
    }

    pub(super) fn data_of(&self, number: i32) -> Option<Vec<u8>> {
        self.numbers.get(&number).cloned()
    }

    /// The label ends: its format is stored, and the commands of those it prints are returned.
    pub(super) fn end(&mut self) -> Vec<Kept> {
        if let Some((name, kept)) = self.recording.take() {
            self.stored.insert(name, kept);
        }
        let recalled = std::mem::take(&mut self.recalled);
        recalled.iter().filter_map(|name| self.stored.get(name)).flatten().cloned().collect()
    }
}
