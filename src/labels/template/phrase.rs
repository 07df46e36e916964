//! Text with placeholders: `{recipient.name}`, `{weight_g|mass}`, `{{` for a brace.
//!
//! Filters: `upper`, `comma` (a list on one line), `mass` (grams as people read them), `copy` (the mark of the n-th reprint,
//! nothing for 0), `of:FIELD` (`1 of 3`). `{word.order}` is the word `doc-order` of the catalogue in the label's language.

use super::problem::Problem;
use super::raw::nearest;
use super::value::Value;
use crate::labels::documents::Words;
use crate::labels::format;

/// Longest text with placeholders, in bytes.
const PHRASE_BYTES_MAX: usize = 2_000;
/// Longest text that placeholders may make of it, in bytes: more than any cell or code holds.
const FILLED_BYTES_MAX: usize = 16_000;

/// Text with placeholders, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Phrase(pub Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Field { path: String, filter: Filter },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// As it is; the items of a list one below the other.
    None,
    Upper,
    Comma,
    Mass,
    Copy,
    Of(String),
}

impl Phrase {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        if text.len() > PHRASE_BYTES_MAX {
            return Err(Problem::TooMany { what: "bytes of text", most: PHRASE_BYTES_MAX });
        }
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().enumerate().peekable();
        while let Some((at, c)) = chars.next() {
            let doubled = chars.peek().is_some_and(|(_, next)| *next == c);
            match c {
                '{' | '}' if doubled => {
                    chars.next();
                    literal.push(c);
                }
                '{' => {
                    let mut inner = String::new();
                    let mut closed = false;
                    for (_, c) in chars.by_ref() {
                        if c == '}' {
                            closed = true;
                            break;
                        }
                        inner.push(c);
                    }
                    let (path, filter) = inner.split_once('|').unwrap_or((&inner, ""));
                    let path = path.trim();
                    let named = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
                    if !closed || path.is_empty() || !path.chars().all(named) {
                        return Err(Problem::Placeholder { at: at + 1 });
                    }
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    pieces.push(Piece::Field { path: path.to_owned(), filter: filter_of(filter.trim())? });
                }
                '}' => return Err(Problem::Placeholder { at: at + 1 }),
                c => literal.push(c),
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// Every field it names.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|piece| match piece {
            Piece::Literal(_) => Vec::new(),
            Piece::Field { path, filter: Filter::Of(other) } => vec![path.as_str(), other.as_str()],
            Piece::Field {
                path,
                filter: Filter::None | Filter::Upper | Filter::Comma | Filter::Mass | Filter::Copy,
            } => {
                vec![path.as_str()]
            }
        })
    }

    /// The text with every placeholder filled.
    pub(super) fn fill(&self, scope: &Scope<'_>) -> Result<String, Problem> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Field { path, filter } => out.push_str(&scope.filled(path, filter)?),
            }
            if out.len() > FILLED_BYTES_MAX {
                return Err(Problem::TooMany { what: "bytes of text", most: FILLED_BYTES_MAX });
            }
        }
        Ok(out)
    }
}

fn filter_of(text: &str) -> Result<Filter, Problem> {
    match text.split_once(':') {
        None if text.is_empty() => Ok(Filter::None),
        None if text == "upper" => Ok(Filter::Upper),
        None if text == "comma" => Ok(Filter::Comma),
        None if text == "mass" => Ok(Filter::Mass),
        None if text == "copy" => Ok(Filter::Copy),
        Some(("of", field)) if !field.trim().is_empty() => Ok(Filter::Of(field.trim().to_owned())),
        None | Some(_) => Err(Problem::UnknownFilter { filter: text.to_owned() }),
    }
}

/// Where placeholders are looked up: the row of a repeat first, then the fields, then the words.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub data: &'a Value,
    /// Name and value of the row, inside a repeat.
    pub row: Option<(&'a str, &'a Value)>,
    pub words: &'a Words,
    pub optional: &'a [String],
}

impl<'a> Scope<'a> {
    pub(super) fn find(&self, path: &str) -> Option<&'a Value> {
        if let Some((name, row)) = self.row {
            if path == name {
                return Some(row);
            }
            if let Some(rest) = path.strip_prefix(name).and_then(|r| r.strip_prefix('.')) {
                return row.at(rest);
            }
        }
        self.data.at(path)
    }

    fn may_lack(&self, path: &str) -> bool {
        self.optional.iter().any(|o| path == o || path.strip_prefix(o.as_str()).is_some_and(|r| r.starts_with('.')))
    }

    fn filled(&self, path: &str, filter: &Filter) -> Result<String, Problem> {
        if let Some(word) = path.strip_prefix("word.") {
            let found = self.words.get(&format!("doc-{word}"));
            return found.map(str::to_owned).ok_or_else(|| self.unknown(path));
        }
        let Some(value) = self.find(path) else {
            let missing = Problem::MissingData { field: path.to_owned() };
            return if self.may_lack(path) { Ok(String::new()) } else { Err(missing) };
        };
        // An empty text, which is also what JSON's null is, is no number; where the field may be lacking it prints nothing.
        if matches!(value, Value::Text(text) if text.trim().is_empty()) && self.may_lack(path) {
            return Ok(String::new());
        }
        let expected = |expected| Problem::FieldKind { field: path.to_owned(), expected };
        let count = |value: &Value| value.count().ok_or_else(|| expected("a whole number from 0 to 4294967295"));
        match filter {
            Filter::None => value.text("\n").ok_or_else(|| expected("text, a number or a list of them")),
            Filter::Upper => value.text("\n").map(|t| t.to_uppercase()).ok_or_else(|| expected("text")),
            Filter::Comma => value.text(", ").ok_or_else(|| expected("a list of texts")),
            Filter::Mass => Ok(format::mass(count(value)?, self.words)),
            Filter::Copy => match count(value)? {
                0 => Ok(String::new()),
                n => Ok(format::fill(&self.words.copy, n, 0)),
            },
            Filter::Of(other) => {
                let expected = if self.may_lack(other) {
                    "a whole number wherever the number before `of:` is there"
                } else {
                    "a whole number from 0 to 4294967295"
                };
                let wrong = || Problem::FieldKind { field: other.clone(), expected };
                let whole = match self.find(other) {
                    None if !self.may_lack(other) => return Err(Problem::MissingData { field: other.clone() }),
                    whole => whole.and_then(Value::count).ok_or_else(wrong)?,
                };
                Ok(format::fill(&self.words.n_of_m, count(value)?, whole))
            }
        }
    }

    /// The problem of a field that is nowhere, with what was probably meant.
    pub(super) fn unknown(&self, path: &str) -> Problem {
        let mut known = self.data.paths();
        if let Some((name, row)) = self.row {
            known.extend(row.paths().into_iter().map(|p| format!("{name}.{p}")));
        }
        known.extend(Words::KEYS.iter().map(|k| k.replacen("doc-", "word.", 1)));
        Problem::UnknownField { field: path.to_owned(), near: nearest(path, known.iter().map(String::as_str)) }
    }

    /// Whether a field or word of this path is there.
    pub(super) fn knows(&self, path: &str) -> bool {
        let word = |w: &str| self.words.get(&format!("doc-{w}")).is_some();
        path.strip_prefix("word.").map_or_else(|| self.find(path).is_some(), word)
    }
}
