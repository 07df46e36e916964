//! TOML as the tree that templates are read from: every value keeps its line.

use super::raw::{Node, Written, thousandths};
use super::{Problem, TemplateError, TemplateErrors};
use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use std::collections::BTreeMap;

/// Deepest nesting that is read.
const DEPTH_MAX: usize = 8;

/// The tree of a template's text.
///
/// # Errors
/// Every slip of the notation, with its line.
pub fn read(text: &str) -> Result<BTreeMap<String, Node>, TemplateErrors> {
    // Some editors write it before the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (table, slips) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, problems: Vec::new() };
    for slip in &slips {
        reader.problem(slip.span().map_or(0, |s| s.start), format!("this is not TOML: {}", slip.message().trim()));
    }
    let root = reader.table(table.get_ref(), 0);
    if reader.problems.is_empty() { Ok(root) } else { Err(TemplateErrors(reader.problems)) }
}

/// Names of the pictures that a template shows, those of its repeats included.
#[must_use]
pub fn files(table: &BTreeMap<String, Node>) -> Vec<String> {
    let mut out = Vec::new();
    for (key, node) in table {
        match &node.value {
            Written::Text(file) if key == "file" => out.push(file.clone()),
            Written::List(nodes) => {
                for node in nodes {
                    if let Written::Table(inner) = &node.value {
                        out.extend(files(inner));
                    }
                }
            }
            Written::Text(_) | Written::Number(..) | Written::Flag(_) | Written::Table(_) => {}
        }
    }
    out
}

struct Reader<'a> {
    text: &'a str,
    problems: Vec<TemplateError>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        1 + before.iter().filter(|b| **b == b'\n').count()
    }

    fn problem(&mut self, at: usize, what: String) {
        let (line, element) = (self.line(at), String::new());
        self.problems.push(TemplateError { line, element, what: Problem::Syntax(what) });
    }

    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> BTreeMap<String, Node> {
        let mut out = BTreeMap::new();
        for (key, value) in table {
            // A table's own place is its header; a value's place is that of its key, where a person looks.
            let at = match value.get_ref() {
                DeValue::Table(_) | DeValue::Array(_) => value.span().start,
                DeValue::String(_)
                | DeValue::Integer(_)
                | DeValue::Float(_)
                | DeValue::Boolean(_)
                | DeValue::Datetime(_) => key.span().start,
            };
            if let Some(node) = self.node(value, at, depth + 1) {
                out.insert(key.get_ref().to_string(), node);
            }
        }
        out
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, at: usize, depth: usize) -> Option<Node> {
        if depth > DEPTH_MAX {
            self.problem(at, format!("tables nest deeper than {DEPTH_MAX}"));
            return None;
        }
        let number = |text: &str| thousandths(text).map(|n| Written::Number(n, text.to_owned()));
        let read = match value.get_ref() {
            DeValue::String(text) => Some(Written::Text(text.to_string())),
            DeValue::Boolean(flag) => Some(Written::Flag(*flag)),
            DeValue::Integer(n) if n.radix() == 10 => number(n.as_str()),
            DeValue::Float(n) => number(n.as_str()),
            DeValue::Integer(_) | DeValue::Datetime(_) => None,
            DeValue::Table(inner) => Some(Written::Table(self.table(inner, depth))),
            DeValue::Array(values) => {
                let nodes = values.iter().filter_map(|v| self.node(v, v.span().start, depth + 1));
                Some(Written::List(nodes.collect()))
            }
        };
        if read.is_none() {
            self.problem(at, "use text, true or false, or a number of at most twelve digits and three decimals; put any other in quotes"
                .to_owned());
        }
        read.map(|value| Node { line: self.line(at), value })
    }
}
