//! In which order: the columns that can be sorted by, several after one another, and the cursor that says where a page ended.
//!
//! A column of few words (an axis, the rank) has no index of its own in the order people want. A list that is sorted by one
//! first is read word by word instead: the orders of the first word, then those of the second, each by an index.

use super::filter::{Cond, FULFILLMENTS, PAYMENTS, STATUSES, any_word, rare};
use crate::central::error::Res;
use crate::sql::{SqlError, Val};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Most columns of one order.
pub const KEYS_MAX: usize = 3;
/// Longest cursor that is read, bytes.
const CURSOR_BYTES_MAX: usize = 1_024;

/// A column that can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortKey {
    /// When it was placed.
    Placed,
    /// When it is to leave; unknown is last.
    Due,
    /// Total, by its minor units.
    Total,
    /// Number, as text.
    Number,
    /// First axis, in the order of a life.
    Status,
    /// Second axis, trouble first.
    Payment,
    /// Third axis, in the order of work.
    Fulfillment,
    /// Put first by a lead, then rush, then the others.
    Priority,
}

impl SortKey {
    /// All.
    pub const ALL: [SortKey; 8] = [
        SortKey::Placed,
        SortKey::Due,
        SortKey::Total,
        SortKey::Number,
        SortKey::Status,
        SortKey::Payment,
        SortKey::Fulfillment,
        SortKey::Priority,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            SortKey::Placed => "placed",
            SortKey::Due => "due",
            SortKey::Total => "total",
            SortKey::Number => "number",
            SortKey::Status => "status",
            SortKey::Payment => "payment",
            SortKey::Fulfillment => "fulfillment",
            SortKey::Priority => "priority",
        }
    }

    /// The words of a column of few words, with the column.
    const fn axis(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            SortKey::Status => Some(("status", STATUSES)),
            SortKey::Payment => Some(("payment_status", PAYMENTS)),
            SortKey::Fulfillment => Some(("fulfillment_status", FULFILLMENTS)),
            SortKey::Placed | SortKey::Due | SortKey::Total | SortKey::Number | SortKey::Priority => None,
        }
    }

    /// How many words it has, if it is a column of few.
    pub(super) fn words(self) -> Option<usize> {
        match self {
            SortKey::Priority => Some(3),
            SortKey::Placed
            | SortKey::Due
            | SortKey::Total
            | SortKey::Number
            | SortKey::Status
            | SortKey::Payment
            | SortKey::Fulfillment => self.axis().map(|(_, words)| words.len()),
        }
    }

    /// What is compared.
    pub(super) fn expr(self) -> String {
        match self {
            SortKey::Placed => "o.placed_ms".to_owned(),
            SortKey::Due => "COALESCE(o.ship_by_ms, 253402214400000)".to_owned(),
            SortKey::Total => "o.total_minor".to_owned(),
            SortKey::Number => "o.number".to_owned(),
            SortKey::Priority => {
                "CAST(CASE WHEN o.expedited_by IS NOT NULL THEN 0 WHEN o.rush = 1 THEN 1 ELSE 2 END AS BIGINT)"
                    .to_owned()
            }
            SortKey::Status | SortKey::Payment | SortKey::Fulfillment => {
                let (column, words) = self.axis().unwrap_or(("status", STATUSES));
                let mut text = format!("CAST(CASE o.{column}");
                for (rank, word) in words.iter().enumerate() {
                    let _ = write!(text, " WHEN '{word}' THEN {rank}");
                }
                text + " ELSE 99 END AS BIGINT)"
            }
        }
    }

    /// The condition of the word with this rank.
    pub(super) fn word_cond(self, rank: usize, site: &str) -> Cond {
        if let Some((column, words)) = self.axis() {
            return any_word(column, &[words.get(rank).copied().unwrap_or_default().to_owned()], site);
        }
        let test = match rank {
            0 => "o.expedited_by IS NOT NULL",
            1 => "o.expedited_by IS NULL AND o.rush = 1",
            _ => "o.expedited_by IS NULL AND o.rush = 0",
        };
        let mut cond = Cond::new(test, Vec::new());
        if rank < 2 {
            cond.ids = Some((rare(test), vec![Val::from(site)]));
        }
        cond
    }
}

/// Columns to sort by, each smallest first or greatest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort(pub Vec<(SortKey, bool)>);

impl Default for Sort {
    /// Newest first.
    fn default() -> Sort {
        Sort(vec![(SortKey::Placed, true)])
    }
}

impl Sort {
    /// Of words such as `status,-placed`; what is unknown is left out, and nothing at all is newest first.
    #[must_use]
    pub fn of(text: &str) -> Sort {
        let mut keys: Vec<(SortKey, bool)> = Vec::new();
        for word in text.split(',') {
            let (name, descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
            let key = SortKey::ALL.into_iter().find(|key| key.word() == name);
            if let Some(key) = key.filter(|key| keys.iter().all(|(there, _)| there != key)) {
                keys.push((key, descending));
            }
        }
        keys.truncate(KEYS_MAX);
        if keys.is_empty() { Sort::default() } else { Sort(keys) }
    }

    /// The words [`Sort::of`] reads.
    #[must_use]
    pub fn text(&self) -> String {
        let word =
            |(key, descending): &(SortKey, bool)| format!("{}{}", if *descending { "-" } else { "" }, key.word());
        self.0.iter().map(word).collect::<Vec<_>>().join(",")
    }

    /// With a column to break ties of words by, so that there is always one that an index is in the order of.
    pub(super) fn whole(&self) -> Vec<(SortKey, bool)> {
        let mut keys = self.0.clone();
        if keys.iter().all(|(key, _)| key.words().is_some()) {
            keys.push((SortKey::Placed, true));
        }
        keys
    }
}

fn mark(keys: &[(SortKey, bool)]) -> String {
    let text = Sort(keys.to_vec()).text();
    Sha256::digest(text.as_bytes())[..3].iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The cursor of a row with these values: a mark of the order, a letter and the value each, the id.
pub(super) fn write_cursor(keys: &[(SortKey, bool)], values: &[Val], id: &str) -> String {
    let mut cursor = mark(keys);
    for value in values.iter().chain([&Val::from(id)]) {
        match value {
            Val::Int(int) => {
                let _ = write!(cursor, ".i{int}");
            }
            Val::Text(text) => {
                cursor.push_str(".t");
                for byte in text.as_bytes() {
                    let _ = write!(cursor, "{byte:02x}");
                }
            }
            Val::Null | Val::Real(_) | Val::Blob(_) => cursor.push_str(".i0"),
        }
    }
    cursor
}

/// The values and the id of a cursor.
pub(super) fn read_cursor(keys: &[(SortKey, bool)], cursor: &str) -> Res<Vec<Val>> {
    let bad = || SqlError::Cursor.into();
    let mut parts = cursor.split('.');
    if cursor.len() > CURSOR_BYTES_MAX || parts.next() != Some(mark(keys).as_str()) {
        return Err(bad());
    }
    let values: Option<Vec<Val>> = parts.map(value).collect();
    let values = values.filter(|values| values.len() == keys.len() + 1).ok_or_else(bad)?;
    let fits = keys
        .iter()
        .zip(&values)
        .all(|((key, _), value)| matches!((key, value), (SortKey::Number, Val::Text(_)) | (_, Val::Int(_))));
    if fits && matches!(values.last(), Some(Val::Text(_))) { Ok(values) } else { Err(bad()) }
}

fn value(part: &str) -> Option<Val> {
    if let Some(int) = part.strip_prefix('i') {
        return int.parse().ok().map(Val::Int);
    }
    let hex = part.strip_prefix('t').filter(|hex| hex.is_ascii() && hex.len().is_multiple_of(2))?;
    let bytes: Option<Vec<u8>> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect();
    String::from_utf8(bytes?).ok().filter(|text| !text.contains('\0')).map(Val::Text)
}
