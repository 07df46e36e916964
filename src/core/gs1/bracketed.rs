//! Bracketed text, as people write it: `(01)09506000134352(10)AB-12`. A bracket that belongs to a value is written `\(`.
//! `|` parts the linear symbol from the second part of a composite one.

use super::error::{Gs1Error, Rule};
use super::message::Message;
use super::reader::{Reader, Written};
use super::table;

impl Reader {
    /// Reads bracketed text.
    ///
    /// # Errors
    /// The first rule that is broken, with its place.
    pub fn bracketed<'a>(&'a mut self, data: &'a [u8]) -> Result<Message<'a>, Gs1Error> {
        self.begin(data)?;
        let bar = data.iter().position(|b| *b == b'|');
        self.brackets(data, 0, bar.unwrap_or(data.len()))?;
        if let Some(bar) = bar {
            self.count_entry(bar)?;
            self.composite = Some(self.count);
            self.brackets(data, bar + 1, data.len())?;
        }
        self.own_message()
    }

    /// Reads what lies between two places of the input, and checks it.
    fn brackets(&mut self, data: &[u8], from: usize, to: usize) -> Result<(), Gs1Error> {
        let first = self.count;
        let mut at = from;
        while at < to {
            at = self.bracket(data, at, to)?;
        }
        if from == to {
            return Err(Gs1Error { at: from, len: 0, ai: None, rule: Rule::Empty });
        }
        self.check_written(data, first)
    }

    /// Reads one element; where the next one begins.
    fn bracket(&mut self, data: &[u8], from: usize, to: usize) -> Result<usize, Gs1Error> {
        let broken = |at: usize, len: usize| Gs1Error { at, len, ai: None, rule: Rule::Brackets };
        if data[from] != b'(' {
            return Err(broken(from, 1));
        }
        let rest = &data[from + 1..to];
        let Some(close) = rest.iter().position(|b| *b == b')') else { return Err(broken(from, to - from)) };
        let Some(found) = table::exact(&rest[..close], self.rules.unknown_ais) else {
            return Err(Gs1Error { at: from + 1, len: close, ai: None, rule: Rule::UnknownAi });
        };
        let value_at = from + 1 + close + 1;
        if value_at == to {
            return Err(Gs1Error { at: to, len: 0, ai: Some(found.ai), rule: Rule::ValueMissing });
        }
        self.write_ai(found);
        let written_from = self.written();
        let (mut at, mut piece) = (value_at, value_at);
        let end = loop {
            match data[at..to].iter().position(|b| *b == b'(') {
                Some(n) if n > 0 && data[at + n - 1] == b'\\' => {
                    self.write(&data[piece..at + n - 1]);
                    (at, piece) = (at + n + 1, at + n);
                    // The bracket itself is the first byte of the next piece.
                }
                Some(n) => break at + n,
                None => break to,
            }
        };
        self.write(&data[piece..end]);
        let element = self.element(found, value_at, end - value_at, Written::Bracketed);
        self.push_written(data, element, written_from)?;
        Ok(end)
    }
}

/// How many bytes the first `n` characters of a value are written with.
pub(super) fn written_len(written: &[u8], n: usize) -> usize {
    let mut at = 0;
    for _ in 0..n {
        let escaped = written.get(at..).is_some_and(|rest| rest.starts_with(b"\\("));
        at += if escaped { 2 } else { 1 };
    }
    at
}
