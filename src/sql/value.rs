//! Values that travel between Rust and a database: [`Val`] out, [`Get`] in, [`Row`] between.
//!
//! Five kinds cover the column types both engines share: BIGINT, DOUBLE PRECISION, TEXT, BYTEA and NULL. This file
//! never talks to a database, and never prints a value in an error: rows hold personal data, errors end up in logs.

use super::error::{Res, SqlError};
use std::sync::Arc;

/// One value of the common subset of SQLite and PostgreSQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    /// SQL NULL.
    Null,
    /// BIGINT; also a boolean as 0 or 1, a time in UTC milliseconds, money in minor units.
    Int(i64),
    /// DOUBLE PRECISION; never money, mass or length. NaN is refused when bound, SQLite cannot hold it.
    Real(f64),
    /// TEXT; U+0000 is refused when bound, PostgreSQL cannot hold it.
    Text(String),
    /// BYTEA on PostgreSQL, BLOB on SQLite.
    Blob(Vec<u8>),
}

impl Val {
    /// The kind's name, for messages that must not show the content.
    pub fn kind(&self) -> &'static str {
        match self {
            Val::Null => "NULL",
            Val::Int(_) => "BIGINT",
            Val::Real(_) => "DOUBLE PRECISION",
            Val::Text(_) => "TEXT",
            Val::Blob(_) => "BYTEA",
        }
    }

    /// Refuses what only one of the engines could store, so that both behave the same.
    pub(super) fn check(&self, number: usize) -> Res<()> {
        let what = match self {
            Val::Text(text) if text.contains('\0') => "holds the character U+0000",
            Val::Real(real) if real.is_nan() => "is not a number (NaN)",
            Val::Null | Val::Int(_) | Val::Real(_) | Val::Text(_) | Val::Blob(_) => return Ok(()),
        };
        Err(SqlError::Param { what: format!("${number} {what}; clean the value before storing it") })
    }
}

macro_rules! val_from {
    ($($kind:ty, $given:ident => $val:expr;)*) => {
        $(impl From<$kind> for Val {
            fn from($given: $kind) -> Val {
                $val
            }
        })*
    };
}
val_from! {
    i64, v => Val::Int(v);
    i32, v => Val::Int(i64::from(v));
    i16, v => Val::Int(i64::from(v));
    u32, v => Val::Int(i64::from(v));
    u16, v => Val::Int(i64::from(v));
    u8, v => Val::Int(i64::from(v));
    bool, v => Val::Int(i64::from(v));
    f64, v => Val::Real(v);
    String, v => Val::Text(v);
    &String, v => Val::Text(v.clone());
    &str, v => Val::Text(v.to_owned());
    Vec<u8>, v => Val::Blob(v);
    &Vec<u8>, v => Val::Blob(v.clone());
    &[u8], v => Val::Blob(v.to_vec());
    &Val, v => v.clone();
}

impl<const N: usize> From<[u8; N]> for Val {
    fn from(bytes: [u8; N]) -> Val {
        Val::Blob(bytes.to_vec())
    }
}

impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Val {
        value.map_or(Val::Null, Into::into)
    }
}

/// The parameters of one statement, each turned into a [`Val`]: `tx.exec("… $1 … $2", vals![id, &name])`.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::Val::from($value)),*][..] as &[$crate::sql::Val]
    };
}

/// A Rust type that can be read from a column. `None` means the value does not fit; it is never bent to fit.
pub trait Get: Sized {
    /// What the type expects, for error messages.
    const WANTED: &'static str;
    /// Reads the value, or `None` if kind or range do not fit.
    fn get(value: &Val) -> Option<Self>;
}

macro_rules! get_int {
    ($($kind:ty => $wanted:literal;)*) => {
        $(impl Get for $kind {
            const WANTED: &'static str = $wanted;
            fn get(value: &Val) -> Option<$kind> {
                match value {
                    Val::Int(int) => <$kind>::try_from(*int).ok(),
                    Val::Null | Val::Real(_) | Val::Text(_) | Val::Blob(_) => None,
                }
            }
        })*
    };
}
get_int! {
    i64 => "BIGINT";
    i32 => "BIGINT that fits 32 bits";
    u64 => "BIGINT of 0 or more";
    u32 => "BIGINT from 0 to 4294967295";
    u16 => "BIGINT from 0 to 65535";
    u8 => "BIGINT from 0 to 255";
    usize => "BIGINT of 0 or more";
}

impl Get for bool {
    const WANTED: &'static str = "BIGINT 0 or 1";
    fn get(value: &Val) -> Option<bool> {
        match value {
            Val::Int(0) => Some(false),
            Val::Int(1) => Some(true),
            Val::Int(_) | Val::Null | Val::Real(_) | Val::Text(_) | Val::Blob(_) => None,
        }
    }
}

impl Get for f64 {
    const WANTED: &'static str = "DOUBLE PRECISION";
    fn get(value: &Val) -> Option<f64> {
        match value {
            Val::Real(real) => Some(*real),
            Val::Null | Val::Int(_) | Val::Text(_) | Val::Blob(_) => None,
        }
    }
}

impl Get for String {
    const WANTED: &'static str = "TEXT";
    fn get(value: &Val) -> Option<String> {
        match value {
            Val::Text(text) => Some(text.clone()),
            Val::Null | Val::Int(_) | Val::Real(_) | Val::Blob(_) => None,
        }
    }
}

impl Get for Vec<u8> {
    const WANTED: &'static str = "BYTEA";
    fn get(value: &Val) -> Option<Vec<u8>> {
        match value {
            Val::Blob(bytes) => Some(bytes.clone()),
            Val::Null | Val::Int(_) | Val::Real(_) | Val::Text(_) => None,
        }
    }
}

impl Get for Val {
    const WANTED: &'static str = "anything";
    fn get(value: &Val) -> Option<Val> {
        Some(value.clone())
    }
}

impl<T: Get> Get for Option<T> {
    const WANTED: &'static str = T::WANTED;
    fn get(value: &Val) -> Option<Option<T>> {
        match value {
            Val::Null => Some(None),
            Val::Int(_) | Val::Real(_) | Val::Text(_) | Val::Blob(_) => T::get(value).map(Some),
        }
    }
}

/// One row of an answer. Column names are shared by all rows of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    names: Arc<[String]>,
    vals: Vec<Val>,
}

impl Row {
    /// Puts a row together; `names` and `vals` have the same length.
    pub(super) fn new(names: Arc<[String]>, vals: Vec<Val>) -> Row {
        Row { names, vals }
    }

    /// The column at `index`, counted from 0.
    ///
    /// # Errors
    /// [`SqlError::Row`] if there is no such column or its value does not fit `T`.
    pub fn at<T: Get>(&self, index: usize) -> Res<T> {
        let value = self.vals.get(index).ok_or_else(|| SqlError::Row {
            column: format!("number {index}"),
            wanted: T::WANTED,
            found: "no such column",
        })?;
        T::get(value).ok_or_else(|| SqlError::Row {
            column: self.names.get(index).cloned().unwrap_or_default(),
            wanted: T::WANTED,
            found: value.kind(),
        })
    }

    /// The column called `name`, as written in the statement (aliases are best in lower case: PostgreSQL folds names).
    ///
    /// # Errors
    /// [`SqlError::Row`] if there is no such column or its value does not fit `T`.
    pub fn get<T: Get>(&self, name: &str) -> Res<T> {
        match self.names.iter().position(|known| known == name) {
            Some(index) => self.at(index),
            None => Err(SqlError::Row { column: name.to_owned(), wanted: T::WANTED, found: "no such column" }),
        }
    }

    /// The names of the columns, in the order of the statement.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The values, in the order of the statement.
    pub fn vals(&self) -> &[Val] {
        &self.vals
    }
}
