//! A template as written: a tree of values with the line of each, whatever format it was written in. Nothing is believed yet.

use super::problem::{Problem, TemplateError};
use std::collections::BTreeMap;

/// A value and the line it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Line; 0 where the format has none.
    pub line: usize,
    /// What is written there.
    pub value: Written,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Text.
    Text(String),
    /// A number in thousandths, so that millimetres become micrometres exactly, and as it stands there.
    Number(i64, String),
    /// Yes or no.
    Flag(bool),
    /// Several.
    List(Vec<Node>),
    /// Named ones.
    Table(BTreeMap<String, Node>),
}

/// A decimal number in thousandths: `4.5` is 4500. `None` for anything else, and for more than three decimals.
#[must_use]
pub fn thousandths(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let digits = digits.strip_prefix('+').unwrap_or(digits).replace('_', "");
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > 3 || !plain(whole) || !plain(part) {
        return None;
    }
    let value = whole.parse::<i64>().ok()? * 1_000 + format!("{part:0<3}").parse::<i64>().ok()?;
    Some(if negative { -value } else { value })
}

/// Reads one table key by key, gathers what is wrong, and at the end names the keys nobody asked for.
pub(super) struct Reader<'a> {
    table: &'a BTreeMap<String, Node>,
    line: usize,
    element: String,
    asked: Vec<&'static str>,
    problems: Vec<TemplateError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(table: &'a BTreeMap<String, Node>, line: usize, element: &str) -> Self {
        Self { table, line, element: element.to_owned(), asked: Vec::new(), problems: Vec::new() }
    }

    pub(super) fn problem(&mut self, line: usize, what: Problem) {
        self.problems.push(TemplateError { line, element: self.element.clone(), what });
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.table.get(key)
    }

    pub(super) fn needed(&mut self, key: &'static str) -> Option<&'a Node> {
        let found = self.node(key);
        if found.is_none() {
            self.problem(self.line, Problem::MissingKey { key });
        }
        found
    }

    fn wrong(&mut self, line: usize, key: &'static str, expected: &str) {
        self.problem(line, Problem::WrongKind { key, expected: expected.to_owned() });
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<(&'a str, usize)> {
        let node = self.node(key)?;
        match &node.value {
            Written::Text(text) => Some((text, node.line)),
            Written::Number(..) | Written::Flag(_) | Written::List(_) | Written::Table(_) => {
                self.wrong(node.line, key, "text");
                None
            }
        }
    }

    pub(super) fn needed_text(&mut self, key: &'static str) -> Option<(&'a str, usize)> {
        self.needed(key)?;
        self.text(key)
    }

    pub(super) fn flag(&mut self, key: &'static str, otherwise: bool) -> bool {
        let Some(node) = self.node(key) else { return otherwise };
        let Written::Flag(flag) = node.value else {
            self.wrong(node.line, key, "true or false");
            return otherwise;
        };
        flag
    }

    /// A length in millimetres as micrometres, within `least..=most` micrometres.
    pub(super) fn length(&mut self, key: &'static str, least: i64, most: i64, otherwise: i32) -> i32 {
        let Some(node) = self.node(key) else { return otherwise };
        match node.value {
            Written::Number(n, _) if (least..=most).contains(&n) => i32::try_from(n).unwrap_or(otherwise),
            Written::Number(..) => {
                self.problem(node.line, Problem::OutOfRange { key, least_um: least, most_um: most });
                otherwise
            }
            Written::Text(_) | Written::Flag(_) | Written::List(_) | Written::Table(_) => {
                self.wrong(node.line, key, "a number of millimetres");
                otherwise
            }
        }
    }

    /// A whole number within `least..=most`.
    pub(super) fn whole(&mut self, key: &'static str, least: i64, most: i64, otherwise: usize) -> usize {
        let Some(node) = self.node(key) else { return otherwise };
        if let Written::Number(n, _) = node.value
            && n % 1_000 == 0
            && (least..=most).contains(&(n / 1_000))
        {
            return usize::try_from(n / 1_000).unwrap_or(otherwise);
        }
        self.wrong(node.line, key, &format!("a whole number from {least} to {most}"));
        otherwise
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)], otherwise: T) -> T {
        let Some((text, line)) = self.text(key) else { return otherwise };
        if let Some(found) = choices.iter().find(|(word, _)| *word == text) {
            return found.1;
        }
        let words: Vec<&str> = choices.iter().map(|c| c.0).collect();
        self.wrong(line, key, &format!("one of {}", words.join(", ")));
        otherwise
    }

    /// Tables of a list, each with its line.
    pub(super) fn tables(&mut self, key: &'static str, most: usize) -> Vec<(&'a BTreeMap<String, Node>, usize)> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Written::List(nodes) = &node.value else {
            self.wrong(node.line, key, "a list of tables");
            return Vec::new();
        };
        if nodes.len() > most {
            self.problem(node.line, Problem::TooMany { what: key, most });
            return Vec::new();
        }
        let mut tables = Vec::new();
        for node in nodes {
            match &node.value {
                Written::Table(table) => tables.push((table, node.line)),
                Written::Text(_) | Written::Number(..) | Written::Flag(_) | Written::List(_) => {
                    self.wrong(node.line, key, "a list of tables");
                }
            }
        }
        tables
    }

    /// All that is wrong, unknown keys included.
    pub(super) fn finish(mut self) -> Vec<TemplateError> {
        let table = self.table;
        for (key, node) in table {
            if !self.asked.contains(&key.as_str()) {
                let near = nearest(key, self.asked.iter().copied());
                self.problem(node.line, Problem::UnknownKey { key: key.clone(), near });
            }
        }
        self.problems
    }
}

/// The word most like `word`, if one is alike at all: at most two letters added, left out or changed.
pub(super) fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<String> {
    let scored = words.map(|w| (distance(word, w), w)).filter(|(d, w)| *d <= 2 && *d < w.chars().count());
    scored.min().map(|(_, w)| w.to_owned())
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let changed = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
