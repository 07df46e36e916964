//! Many rows of one table, fast on both engines: row by row on SQLite, where a prepared statement is the quickest way; on
//! PostgreSQL, where every statement costs a round trip, copied in, or by set where a row may be there already. This is
//! the one file of central that asks which engine it talks to.

use crate::sql::{Conn, Engine, Res, Row, SqlError, Val};
use crate::vals;
use std::fmt::Write as _;

/// Rows of one set on PostgreSQL.
const SET_ROWS: usize = 1_000;
/// Bytes of one copy on PostgreSQL; the rest of a row goes beyond it.
const COPY_BYTES: usize = 1 << 20;

/// Tail of rows that are new, and few: PostgreSQL takes a set in one round trip, and for a copy needs three.
pub const NEW_ID: &str = "ON CONFLICT (id) DO NOTHING";

/// Ids as [`few_ids`] reads them.
#[must_use]
pub fn named(ids: &[&str]) -> String {
    let ids: Vec<serde_json::Value> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
    serde_json::Value::from(ids).to_string()
}

/// The question for these so many ids, which are the statement's first parameter. PostgreSQL takes any list for a thousand and would
/// read a whole table beside it; it believes a LIMIT. Powers of two keep the texts few. Put it first and join by CROSS JOIN with a WHERE:
/// SQLite then begins with it too.
#[must_use]
pub fn few_ids(count: usize) -> String {
    format!("(SELECT j.value ->> 'id' AS id FROM json_each($1) j LIMIT {})", count.max(1).next_power_of_two())
}

/// How a column travels within a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// TEXT.
    Text(&'static str),
    /// BIGINT.
    Int(&'static str),
    /// BYTEA.
    Bytes(&'static str),
}

impl Column {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Column::Text(name) | Column::Int(name) | Column::Bytes(name) => name,
        }
    }
}

/// Foreign keys that are not looked at for now; see [`loosen`].
#[must_use = "keys that are loosened must be tightened again"]
pub struct Loose(Vec<[String; 3]>);

/// Before very many rows: takes the foreign keys of these tables away, in this transaction, until [`tighten`]. PostgreSQL looks
/// each row's keys up by a statement of its own, which costs more than storing the row; added again, a key is checked by
/// one question over the whole table. The tables are locked until the end of the transaction, against reading too. On
/// SQLite, where a lookup is cheap, nothing happens.
///
/// # Errors
/// Any fault of the store.
pub fn loosen(tx: &mut dyn Conn, tables: &[&str]) -> Res<Loose> {
    let mut keys = Vec::new();
    match tx.engine() {
        Engine::Sqlite => return Ok(Loose(keys)),
        Engine::Postgres => {}
    }
    for table in tables {
        let rows = tx.all(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' \
             AND conrelid = CAST(CAST($1 AS TEXT) AS regclass) ORDER BY conname",
            vals![*table],
        )?;
        let key = |row: &Row| Ok([(*table).to_owned(), row.at(0)?, row.at(1)?]);
        for key in rows.iter().map(key).collect::<Res<Vec<[String; 3]>>>()? {
            tx.batch(&format!("ALTER TABLE {} DROP CONSTRAINT \"{}\"", key[0], key[1]))?;
            keys.push(key);
        }
    }
    Ok(Loose(keys))
}

/// Adds the keys again and checks every row of their tables.
///
/// # Errors
/// [`SqlError::Foreign`] if a row refers to nothing; any fault of the store.
pub fn tighten(tx: &mut dyn Conn, loose: Loose) -> Res<()> {
    for [table, name, key] in loose.0 {
        tx.batch(&format!("ALTER TABLE {table} ADD CONSTRAINT \"{name}\" {key}"))?;
    }
    Ok(())
}

/// What waits to be written together.
enum Batch {
    /// A JSON array, inserted by one statement with a tail.
    Set { sql: String, json: String },
    /// Lines of PostgreSQL's COPY.
    Copy { sql: String, lines: String },
}

/// Inserts rows of one table; call [`Bulk::finish`] in the end.
pub struct Bulk {
    row_sql: String,
    width: usize,
    batch: Batch,
    batch_rows: u64,
    written: u64,
}

impl Bulk {
    /// Rows of `table` with these columns; `tail` is put after the values, for example `ON CONFLICT (id) DO NOTHING`. Without a
    /// tail every row must be new.
    #[must_use]
    pub fn new(table: &str, columns: &[Column], tail: &str) -> Bulk {
        let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        let numbers: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let fields: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(n, column)| match column {
                Column::Text(_) => format!("value ->> {n}"),
                Column::Int(_) => format!("CAST(value ->> {n} AS BIGINT)"),
                // Used on PostgreSQL alone, which reads the form that `put_bytes` writes.
                Column::Bytes(_) => format!("CAST(value ->> {n} AS BYTEA)"),
            })
            .collect();
        let names = names.join(", ");
        let batch = if tail.is_empty() {
            Batch::Copy { sql: format!("COPY {table} ({names}) FROM STDIN"), lines: String::new() }
        } else {
            let fields = fields.join(", ");
            let sql = format!("INSERT INTO {table} ({names}) SELECT {fields} FROM json_each($1) WHERE 1 = 1 {tail}");
            Batch::Set { sql, json: String::new() }
        };
        let row_sql = format!("INSERT INTO {table} ({names}) VALUES ({}) {tail}", numbers.join(", "));
        Bulk { row_sql, width: columns.len(), batch, batch_rows: 0, written: 0 }
    }

    /// One more row, its values in the order of the columns.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn row(&mut self, tx: &mut dyn Conn, vals: &[Val]) -> Res<()> {
        match tx.engine() {
            Engine::Sqlite => {
                self.written += tx.exec(&self.row_sql, vals)?;
                Ok(())
            }
            Engine::Postgres => {
                self.batch_rows += 1;
                let full = match &mut self.batch {
                    Batch::Set { json, .. } => {
                        put_json(json, vals);
                        self.batch_rows >= SET_ROWS as u64
                    }
                    Batch::Copy { lines, .. } => {
                        put_line(lines, vals)?;
                        lines.len() >= COPY_BYTES
                    }
                };
                if full { self.flush(tx) } else { Ok(()) }
            }
        }
    }

    /// Many rows at once, one after the other in `vals`.
    ///
    /// # Errors
    /// Any fault of the store; [`SqlError::Param`] if the last row is not whole.
    pub fn rows(&mut self, tx: &mut dyn Conn, vals: &[Val]) -> Res<()> {
        if !vals.len().is_multiple_of(self.width) {
            return Err(SqlError::Param { what: format!("{} values are no whole rows of {}", vals.len(), self.width) });
        }
        match tx.engine() {
            Engine::Sqlite => {
                self.written += tx.exec_rows(&self.row_sql, self.width, vals)?;
                Ok(())
            }
            Engine::Postgres => vals.chunks(self.width).try_for_each(|row| self.row(tx, row)),
        }
    }

    /// Writes what is left; the number of rows that were new.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn finish(mut self, tx: &mut dyn Conn) -> Res<u64> {
        self.flush(tx)?;
        Ok(self.written)
    }

    fn flush(&mut self, tx: &mut dyn Conn) -> Res<()> {
        let rows = std::mem::take(&mut self.batch_rows);
        if rows == 0 {
            return Ok(());
        }
        match &mut self.batch {
            Batch::Set { sql, json } => {
                json.push(']');
                self.written += tx.exec(sql, &[Val::Text(std::mem::take(json))])?;
            }
            Batch::Copy { sql, lines } => {
                let copied = tx.copy_in(sql, lines.as_bytes())?;
                if copied != rows {
                    return Err(SqlError::Param { what: format!("{copied} of {rows} rows were copied in") });
                }
                lines.clear();
                self.written += copied;
            }
        }
        Ok(())
    }
}

fn put_json(json: &mut String, vals: &[Val]) {
    json.push(if json.is_empty() { '[' } else { ',' });
    json.push('[');
    for (n, val) in vals.iter().enumerate() {
        if n > 0 {
            json.push(',');
        }
        match val {
            Val::Int(int) => put_int(json, *int),
            Val::Text(text) => json.push_str(&serde_json::Value::from(text.as_str()).to_string()),
            Val::Blob(bytes) => {
                json.push_str("\"\\");
                put_bytes(json, bytes);
                json.push('"');
            }
            Val::Null | Val::Real(_) => json.push_str("null"),
        }
    }
    json.push(']');
}

/// A line of COPY's text form: values between tabs, `\N` for NULL, a backslash before what would end a value.
fn put_line(lines: &mut String, vals: &[Val]) -> Res<()> {
    for (n, val) in vals.iter().enumerate() {
        if n > 0 {
            lines.push('\t');
        }
        match val {
            Val::Int(int) => put_int(lines, *int),
            Val::Text(text) => put_text(lines, text),
            Val::Blob(bytes) => {
                lines.push('\\');
                put_bytes(lines, bytes);
            }
            Val::Null => lines.push_str("\\N"),
            Val::Real(_) => {
                return Err(SqlError::Param { what: format!("a {} has no form in bulk", val.kind()) });
            }
        }
    }
    lines.push('\n');
    Ok(())
}

fn put_int(out: &mut String, int: i64) {
    // Writing to a String never fails.
    let _ = write!(out, "{int}");
}

/// PostgreSQL's text form of bytes, whose backslash both forms of a row want doubled: the caller has written one.
fn put_bytes(out: &mut String, bytes: &[u8]) {
    out.push_str("\\x");
    for byte in bytes {
        // Writing to a String never fails.
        let _ = write!(out, "{byte:02x}");
    }
}

fn put_text(lines: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => lines.push_str("\\\\"),
            '\t' => lines.push_str("\\t"),
            '\n' => lines.push_str("\\n"),
            '\r' => lines.push_str("\\r"),
            plain => lines.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_copy_keeps_every_character() {
        let mut lines = String::new();
        put_line(&mut lines, vals!["a\tb\\N\r\n", -7_i64, Option::<String>::None, ""]).unwrap();
        assert_eq!(lines, "a\\tb\\\\N\\r\\n\t-7\t\\N\t\n");
        assert!(put_line(&mut lines, vals![1.5]).is_err());
        lines.clear();
        put_line(&mut lines, vals![[0_u8, 0x5c, 0xff]]).unwrap();
        assert_eq!(lines, "\\\\x005cff\n");
    }
}
