//! Whether some parcel has certain elements: conditions and contents tried with every kind of data that stations hand over, filled and
//! empty, and with the texts that the conditions themselves name.

use super::draw::holds;
use super::phrase::{Filter, Phrase, Piece, Scope};
use super::value::Value;
use super::{Condition, Template};
use crate::labels::documents::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Most tries for one template.
pub(super) const TRIES_MAX: usize = 10_000;
/// Fields that no parcel lacks.
const ALWAYS: &[&str] = &["sscc", "order_number", "parcel_number", "parcel_count"];

/// When an element prints: all conditions hold, and one of its texts says something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shown {
    pub when: Vec<Condition>,
    /// Empty: its content is no matter of the data.
    pub texts: Vec<Phrase>,
}

impl Shown {
    /// The texts, where none of them is there whatever the data.
    pub(super) fn texts<'a>(phrases: impl Iterator<Item = &'a Phrase>) -> Vec<Phrase> {
        let all: Vec<Phrase> = phrases.cloned().collect();
        if all.iter().any(always_says) { Vec::new() } else { all }
    }

    fn holds(&self, scope: &Scope<'_>) -> bool {
        let says = |phrase: &Phrase| phrase.fill(scope).is_ok_and(|text| !text.trim().is_empty());
        self.when.iter().all(|condition| holds(condition, scope))
            && (self.texts.is_empty() || self.texts.iter().any(says))
    }

    fn fields(&self) -> impl Iterator<Item = &str> {
        let of_texts = self.texts.iter().flat_map(Phrase::fields);
        self.when.iter().map(Condition::field).chain(of_texts)
    }

    fn is_always(&self) -> bool {
        self.when.is_empty() && self.texts.is_empty()
    }
}

impl Condition {
    pub(super) fn field(&self) -> &str {
        match self {
            Condition::Filled(field)
            | Condition::Blank(field)
            | Condition::Is(field, _)
            | Condition::IsNot(field, _) => field,
        }
    }

    fn named(&self) -> Option<&str> {
        match self {
            Condition::Is(_, text) | Condition::IsNot(_, text) => Some(text),
            Condition::Filled(_) | Condition::Blank(_) => None,
        }
    }
}

fn always_says(phrase: &Phrase) -> bool {
    phrase.0.iter().any(|piece| match piece {
        Piece::Literal(text) => !text.trim().is_empty(),
        Piece::Field { filter: Filter::Mass | Filter::Of(_), .. } => true,
        Piece::Field { path, filter: Filter::None | Filter::Upper | Filter::Comma } => {
            path.starts_with("word.") || ALWAYS.contains(&path.as_str())
        }
        Piece::Field { filter: Filter::Copy, .. } => false,
    })
}

/// Tries a template's conditions, and counts how often.
pub(super) struct Possible<'a> {
    template: &'a Template,
    words: &'a Words,
    /// A parcel that has everything.
    full: &'a Value,
    left: usize,
}

impl<'a> Possible<'a> {
    pub(super) fn new(template: &'a Template, words: &'a Words, full: &'a Value) -> Self {
        Self { template, words, full, left: TRIES_MAX }
    }

    /// Whether it was tried as often as it may be: what came after was not looked at.
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    /// The data of a parcel that has all of `shown` and none of `hidden`.
    pub(super) fn data(&mut self, shown: &[&Shown], hidden: &[&Shown]) -> Option<Value> {
        if hidden.iter().any(|one| one.is_always()) {
            return None;
        }
        if hidden.is_empty() && shown.iter().all(|one| one.is_always()) {
            return Some(self.full.clone());
        }
        let all: Vec<&Shown> = shown.iter().chain(hidden).copied().collect();
        let choices = self.choices(&all);
        let derives = all.iter().any(|one| one.fields().any(|field| self.derived(field).is_some()));
        let mut at = vec![0; choices.len()];
        while self.left > 0 {
            self.left -= 1;
            let mut data = self.full.clone();
            for ((path, values), at) in choices.iter().zip(&at) {
                if let Some(value) = values.get(*at) {
                    data.put(path, value.clone());
                }
            }
            let whole = if derives { self.template.derive(&data, self.words, (1, 1)) } else { Ok(data.clone()) };
            if let Ok(whole) = whole {
                let optional = &self.template.optional;
                let scope = Scope { data: &whole, row: None, words: self.words, optional };
                if is_parcel(&data)
                    && shown.iter().all(|one| one.holds(&scope))
                    && !hidden.iter().any(|one| one.holds(&scope))
                {
                    return Some(data);
                }
            }
            if !next(&mut at, &choices) {
                break;
            }
        }
        None
    }

    fn derived(&self, field: &str) -> Option<&Phrase> {
        self.template.derived.iter().find(|(name, _)| name == field).map(|(_, phrase)| phrase)
    }

    /// What each field that matters may be: as in the full parcel, nothing, or a text that a condition names.
    fn choices<'b>(&'b self, all: &[&'b Shown]) -> Vec<(String, Vec<Value>)> {
        let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for one in all {
            let of_conditions = one.when.iter().map(|condition| (condition.field(), condition.named()));
            for (field, text) in one.fields().map(|field| (field, None)).chain(of_conditions) {
                for base in self.bases(field) {
                    named.entry(base).or_default().extend(text);
                }
            }
        }
        let choices = named.into_iter().filter_map(|(field, texts)| {
            let full = self.full.at(field)?;
            let mut values = vec![full.clone()];
            if !ALWAYS.contains(&field) {
                values.push(full.blank());
            }
            let number = |text: &&str| text.parse().ok().map(Value::Number);
            match full {
                Value::Text(_) => values.extend(texts.iter().map(|text| Value::Text((*text).to_owned()))),
                Value::Number(_) => values.extend(texts.iter().filter_map(number)),
                Value::List(_) => {
                    values.extend(texts.iter().map(|text| Value::List(vec![Value::Text((*text).to_owned())])));
                }
                Value::Flag(_) | Value::Record(_) => {}
            }
            Some((field.to_owned(), values))
        });
        choices.collect()
    }

    /// The fields of the data that a field comes from.
    fn bases<'b>(&'b self, field: &'b str) -> BTreeSet<&'b str> {
        let (mut bases, mut seen, mut left) = (BTreeSet::new(), BTreeSet::new(), vec![field]);
        while let Some(field) = left.pop() {
            match self.derived(field) {
                Some(phrase) if seen.insert(field) => left.extend(phrase.fields()),
                Some(_) => {}
                None => {
                    bases.insert(field);
                }
            }
        }
        bases
    }
}

/// The next combination, the first field changing fastest.
fn next(at: &mut [usize], choices: &[(String, Vec<Value>)]) -> bool {
    for (at, (_, values)) in at.iter_mut().zip(choices) {
        *at += 1;
        if *at < values.len() {
            return true;
        }
        *at = 0;
    }
    false
}

/// Parcels are counted from 1 to how many there are.
fn is_parcel(data: &Value) -> bool {
    let count = |field: &str| data.at(field).and_then(Value::count).unwrap_or(1);
    (1..=count("parcel_count")).contains(&count("parcel_number"))
}
