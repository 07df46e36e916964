//! The data a label is filled with: text, numbers, flags, lists and records, found by path.

use std::collections::BTreeMap;

/// One value of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, and any number that is not whole, as it was written.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Several.
    List(Vec<Value>),
    /// Named ones.
    Record(BTreeMap<String, Value>),
}

impl Value {
    /// A record without fields.
    #[must_use]
    pub fn empty() -> Self {
        Value::Record(BTreeMap::new())
    }

    /// The value at a path such as `recipient.name`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(self, |value, name| match value {
            Value::Record(fields) => fields.get(name),
            Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::List(_) => None,
        })
    }

    /// Puts a value at a path; what is no record on the way stays as it is.
    pub(super) fn put(&mut self, path: &str, value: Value) {
        let Value::Record(fields) = self else { return };
        match path.split_once('.') {
            None => {
                fields.insert(path.to_owned(), value);
            }
            Some((name, rest)) => {
                if let Some(inner) = fields.get_mut(name) {
                    inner.put(rest, value);
                }
            }
        }
    }

    /// A value of the same kind that is blank.
    pub(super) fn blank(&self) -> Value {
        match self {
            Value::Text(_) => Value::Text(String::new()),
            Value::Number(_) => Value::Number(0),
            Value::Flag(_) => Value::Flag(false),
            Value::List(_) => Value::List(Vec::new()),
            Value::Record(_) => Value::empty(),
        }
    }

    /// Nothing to print: empty text, zero, no, an empty list or record.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Value::Text(text) => text.trim().is_empty(),
            Value::Number(n) => *n == 0,
            Value::Flag(flag) => !flag,
            Value::List(values) => values.is_empty(),
            Value::Record(fields) => fields.is_empty(),
        }
    }

    /// As text, the items of a list joined; `None` for a record.
    #[must_use]
    pub fn text(&self, between: &str) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Number(n) => Some(n.to_string()),
            Value::Flag(flag) => Some(flag.to_string()),
            Value::List(values) => {
                let parts: Option<Vec<String>> = values.iter().map(|v| v.text(between)).collect();
                parts.map(|p| p.join(between))
            }
            Value::Record(_) => None,
        }
    }

    /// As a whole number that counts something.
    #[must_use]
    pub fn count(&self) -> Option<u32> {
        match self {
            Value::Number(n) => u32::try_from(*n).ok(),
            Value::Text(text) => {
                let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
                whole.parse().ok().filter(|_| part.bytes().all(|b| b == b'0'))
            }
            Value::Flag(_) | Value::List(_) | Value::Record(_) => None,
        }
    }

    /// Paths of all fields, for hints.
    #[must_use]
    pub(super) fn paths(&self) -> Vec<String> {
        let mut out = Vec::new();
        if let Value::Record(fields) = self {
            for (name, value) in fields {
                out.push(name.clone());
                out.extend(value.paths().into_iter().map(|p| format!("{name}.{p}")));
            }
        }
        out
    }
}
