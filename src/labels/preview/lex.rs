//! A job as commands: the prefix, the name, and what follows up to the next command.

/// One command of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command<'a> {
    /// `^FO`, `~DG`; `^A` with the font's name in the parameters.
    pub name: String,
    /// What follows the name.
    pub rest: &'a [u8],
    /// The character between parameters, a comma unless the job changed it.
    pub delimiter: u8,
}

impl Command<'_> {
    /// The parameters, as text and without spaces and line ends around them.
    pub(super) fn parameters(&self) -> Vec<String> {
        let text = |part: &[u8]| String::from_utf8_lossy(part).trim().to_owned();
        self.rest.split(|b| *b == self.delimiter).take(PARAMETERS_MAX).map(text).collect()
    }
}

/// Most parameters that any command is read with.
const PARAMETERS_MAX: usize = 16;

pub(super) struct Lexer<'a> {
    job: &'a [u8],
    at: usize,
    caret: u8,
    tilde: u8,
    delimiter: u8,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(job: &'a [u8]) -> Self {
        Self { job, at: 0, caret: b'^', tilde: b'~', delimiter: b',' }
    }

    /// Whether a command begins with this byte and the one after it. Some jobs give the second prefix as a parameter, or the
    /// first one twice: no command is named so.
    fn starts(&self, byte: u8, next: Option<&u8>) -> bool {
        (byte == self.caret && next != Some(&self.caret))
            || (byte == self.tilde && next.is_some_and(u8::is_ascii_alphabetic))
    }

    /// The next place where a command begins, counted from `from`.
    fn next_start(&self, from: usize) -> Option<usize> {
        let left = self.job.get(from..)?;
        (0..).zip(left).position(|(i, byte): (usize, &u8)| self.starts(*byte, left.get(i + 1)))
    }

    /// The next command; what stands before its prefix belongs to none.
    pub(super) fn next_command(&mut self) -> Option<Command<'a>> {
        loop {
            let start = self.at + self.next_start(self.at)?;
            let prefix = if self.job.get(start) == Some(&self.caret) { '^' } else { '~' };
            let letter = self.job.get(start + 1)?.to_ascii_uppercase();
            let second = self.job.get(start + 2).map_or(b' ', u8::to_ascii_uppercase);
            // The font's name follows `^A` at once: it is no part of the command's own name.
            let own = if prefix == '^' && letter == b'A' { 1 } else { 2 };
            let name: String =
                [prefix, char::from(letter)].into_iter().chain((own == 2).then(|| char::from(second))).collect();
            let from = (start + 1 + own).min(self.job.len());
            let mut to = self.end_of_rest(from);
            if name == "^GF" {
                to = self.end_of_graphic(from).max(to.min(self.job.len()));
            }
            self.at = to;
            let rest = self.job.get(from..to).unwrap_or_default();
            match (name.as_str(), rest.first()) {
                ("^CC" | "~CC", Some(new)) => self.caret = *new,
                ("^CT" | "~CT", Some(new)) => self.tilde = *new,
                ("^CD" | "~CD", Some(new)) => self.delimiter = *new,
                _ => return Some(Command { name, rest, delimiter: self.delimiter }),
            }
            // The new prefix may itself have ended the command: go on right behind it.
            self.at = (from + 1).min(self.job.len());
        }
    }

    fn end_of_rest(&self, from: usize) -> usize {
        self.next_start(from).map_or(self.job.len().max(from), |start| from + start)
    }

    /// The bytes of a binary bitmap (`^GFB` and `^GFC`) may look like prefixes: there the count decides.
    fn end_of_graphic(&self, from: usize) -> usize {
        let left = self.job.get(from..).unwrap_or_default();
        if !matches!(left.first(), Some(b'B' | b'b' | b'C' | b'c')) {
            return from;
        }
        let commas: Vec<usize> =
            left.iter().enumerate().filter(|(_, b)| **b == self.delimiter).map(|(i, _)| i).take(4).collect();
        let [first, second, _, last] = commas[..] else { return from };
        let count = left.get(first + 1..second).and_then(|b| std::str::from_utf8(b).ok());
        let count: usize = count.and_then(|t| t.trim().parse().ok()).unwrap_or(0);
        from.saturating_add(last + 1).saturating_add(count).min(self.job.len())
    }
}
