//! Builds the questions whose text depends on what a user chose: filters, order, and the page after a cursor.
//!
//! Values never enter the text: each gets the next `$N`. Column names are `&'static str`, so they come from the program and
//! never from a request. What does not vary should stay a plain constant.

use super::{
    conn::Conn,
    error::{Res, SqlError},
    value::{Row, Val},
};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Most rows of one page.
pub const PAGE_ROWS_MAX: u32 = 1_000;
/// Longest cursor that is read, in bytes.
const CURSOR_BYTES_MAX: usize = 4_096;
/// Most values in one [`Query::any_of`].
const CHOICES_MAX: usize = 100;

/// A column to sort by. The columns of an order are NOT NULL, and together unique, or pages would lose rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    column: &'static str,
    descending: bool,
}

/// Smallest first.
pub const fn asc(column: &'static str) -> Key {
    Key { column, descending: false }
}

/// Greatest first.
pub const fn desc(column: &'static str) -> Key {
    Key { column, descending: true }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Where the next page begins; `None` on the last. Opaque to users, safe in a URL.
    pub next: Option<String>,
}

/// A question put together piece by piece. A mistake in a piece is reported when it is run.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    vals: Vec<Val>,
    fault: Option<SqlError>,
}

impl Query {
    /// Begins with a text without values that ends in a condition: `SELECT … FROM orders WHERE 1 = 1`.
    pub fn new(text: &str) -> Query {
        Query { text: text.to_owned(), vals: Vec::new(), fault: None }
    }

    /// Adds a piece in which each `?` stands for the next of `vals`: `push(" AND stage = ?", vals![stage])`.
    pub fn push(&mut self, piece: &str, vals: &[Val]) -> &mut Query {
        let wanted = piece.matches('?').count();
        if wanted != vals.len() {
            self.fault.get_or_insert_with(|| SqlError::Param {
                what: format!("{} values are given for {wanted} places", vals.len()),
            });
            return self;
        }
        let mut vals = vals.iter();
        for part in piece.split_inclusive('?') {
            match (part.strip_suffix('?'), vals.next()) {
                (Some(text), Some(value)) => {
                    self.text.push_str(text);
                    self.place(value);
                }
                (_, _) => self.text.push_str(part),
            }
        }
        self
    }

    /// Adds the piece with its one `?` only if there is a value: an optional filter.
    pub fn when<T: Into<Val>>(&mut self, piece: &str, value: Option<T>) -> &mut Query {
        match value {
            Some(value) => self.push(piece, &[value.into()]),
            None => self,
        }
    }

    /// Adds ` AND column IN (…)`; no choice at all means no row. At most 100 choices.
    pub fn any_of(&mut self, column: &'static str, choices: &[Val]) -> &mut Query {
        if choices.len() > CHOICES_MAX {
            self.fault.get_or_insert_with(|| SqlError::Param {
                what: format!("more than {CHOICES_MAX} choices for {column}; use json_each"),
            });
            return self;
        }
        if choices.is_empty() {
            self.text.push_str(" AND 1 = 0");
            return self;
        }
        self.piece(&format!(" AND {column} IN ("));
        for (index, choice) in choices.iter().enumerate() {
            self.piece(if index == 0 { "" } else { ", " });
            self.place(choice);
        }
        self.piece(")")
    }

    /// Adds ` AND column LIKE …` for text that contains `words`, none of whose characters is special. Case is the
    /// caller's to fold, in the column and in the words: the engines differ in it.
    pub fn contains(&mut self, column: &'static str, words: &str) -> &mut Query {
        let mut pattern = String::from("%");
        for c in words.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        self.piece(&format!(" AND {column} LIKE "));
        self.place(&Val::Text(pattern));
        self.piece(" ESCAPE '\\'")
    }

    /// Adds the condition for rows behind `at` in the order of `keys`: `a > x OR (a = x AND (b > y …))`.
    fn after(&mut self, keys: &[Key], at: &[Val]) {
        self.piece(" AND (");
        for (index, (key, value)) in keys.iter().zip(at).enumerate() {
            let beyond = if key.descending { "<" } else { ">" };
            self.piece(&format!("{} {beyond} ", key.column));
            self.place(value);
            if index + 1 < keys.len() {
                self.piece(&format!(" OR ({} = ", key.column));
                self.place(value);
                self.piece(" AND (");
            }
        }
        self.piece(&"))".repeat(keys.len().saturating_sub(1)));
        self.piece(")");
    }

    /// Adds ` ORDER BY …`.
    pub fn order(&mut self, keys: &[Key]) -> &mut Query {
        for (index, key) in keys.iter().enumerate() {
            let before = if index == 0 { " ORDER BY" } else { "," };
            let way = if key.descending { "DESC" } else { "ASC" };
            self.piece(&format!("{before} {} {way}", key.column));
        }
        self
    }

    /// Runs the question and gathers all rows.
    ///
    /// # Errors
    /// A mistake in a piece, or any fault of the statement.
    pub fn all(&self, conn: &mut dyn Conn) -> Res<Vec<Row>> {
        match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => conn.all(&self.text, &self.vals),
        }
    }

    /// Runs the question for one page of at most `rows_max` (1 to 1,000) rows, in the order of `keys`, behind `cursor`.
    /// The question must select the columns of `keys` under their own names.
    ///
    /// # Errors
    /// [`SqlError::Cursor`] if the cursor is damaged or from a list in another order, a mistake in a piece, or any fault of
    /// the statement.
    pub fn page(&self, conn: &mut dyn Conn, keys: &[Key], cursor: Option<&str>, rows_max: u32) -> Res<Page> {
        let rows_max = rows_max.clamp(1, PAGE_ROWS_MAX);
        let mut query = self.clone();
        if let Some(cursor) = cursor {
            query.after(keys, &read_cursor(keys, cursor)?);
        }
        query.order(keys);
        // One more than asked for tells whether there is another page.
        query.push(" LIMIT ?", &[Val::Int(i64::from(rows_max) + 1)]);
        let mut rows = query.all(conn)?;
        let more = rows.len() > rows_max as usize;
        rows.truncate(rows_max as usize);
        let next = match rows.last() {
            Some(last) if more => Some(write_cursor(keys, last)?),
            Some(_) | None => None,
        };
        Ok(Page { rows, next })
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn piece(&mut self, text: &str) -> &mut Query {
        self.text.push_str(text);
        self
    }

    fn place(&mut self, value: &Val) {
        self.vals.push(value.clone());
        // Writing to a String cannot fail.
        let _ = write!(self.text, "${}", self.vals.len());
    }
}

/// Tells lists in different orders apart: the first four bytes of the SHA-256 of the keys, in hexadecimal.
fn order_mark(keys: &[Key]) -> String {
    let mut text = String::new();
    for key in keys {
        text.push_str(key.column);
        text.push(if key.descending { '-' } else { '+' });
    }
    hex(&Sha256::digest(text.as_bytes())[..4])
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// `<order mark>.<value>.<value>…`, each value a letter of its kind and its content: `i-12`, `t<hex>`, `b<hex>`, `r<bits>`.
fn write_cursor(keys: &[Key], row: &Row) -> Res<String> {
    let mut cursor = order_mark(keys);
    for key in keys {
        // In a join the key may be written with its table: the row knows only the column.
        let name = key.column.rsplit('.').next().unwrap_or(key.column);
        let value = match row.get::<Val>(name)? {
            Val::Int(int) => format!("i{int}"),
            Val::Real(real) => format!("r{:016x}", real.to_bits()),
            Val::Text(text) => format!("t{}", hex(text.as_bytes())),
            Val::Blob(bytes) => format!("b{}", hex(&bytes)),
            Val::Null => {
                return Err(SqlError::Row { column: name.to_owned(), wanted: "a value to sort by", found: "NULL" });
            }
        };
        cursor.push('.');
        cursor.push_str(&value);
    }
    Ok(cursor)
}

fn read_cursor(keys: &[Key], cursor: &str) -> Res<Vec<Val>> {
    if cursor.len() > CURSOR_BYTES_MAX {
        return Err(SqlError::Cursor);
    }
    let mut parts = cursor.split('.');
    if parts.next() != Some(order_mark(keys).as_str()) {
        return Err(SqlError::Cursor);
    }
    let vals: Option<Vec<Val>> = parts.map(read_cursor_value).collect();
    match vals {
        Some(vals) if vals.len() == keys.len() => Ok(vals),
        Some(_) | None => Err(SqlError::Cursor),
    }
}

fn read_cursor_value(part: &str) -> Option<Val> {
    let kind = part.chars().next()?;
    let content = part.get(kind.len_utf8()..)?;
    match kind {
        'i' => content.parse().ok().map(Val::Int),
        'r' => {
            let real = f64::from_bits(u64::from_str_radix(content, 16).ok()?);
            (!real.is_nan()).then_some(Val::Real(real))
        }
        't' => String::from_utf8(unhex(content)?).ok().filter(|text| !text.contains('\0')).map(Val::Text),
        'b' => unhex(content).map(Val::Blob),
        _ => None,
    }
}
