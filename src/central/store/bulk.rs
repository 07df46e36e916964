//! Many rows of one table, fast on both engines: row by row on SQLite, where a prepared statement is the quickest way, and
//! by set on PostgreSQL, where every statement costs a round trip. This is the one file of central that asks which
//! engine it talks to.

use crate::sql::{Conn, Engine, Res, Val};

/// Rows of one statement on PostgreSQL.
const SET_ROWS: usize = 1_000;

/// How a column travels within a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// TEXT.
    Text(&'static str),
    /// BIGINT.
    Int(&'static str),
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Column::Text(name) | Column::Int(name) => name,
        }
    }
}

/// Inserts rows of one table; call [`Bulk::finish`] in the end.
pub struct Bulk {
    row_sql: String,
    set_sql: String,
    set: String,
    set_rows: usize,
    written: u64,
}

impl Bulk {
    /// Rows of `table` with these columns; `tail` is put after the values, for example `ON CONFLICT (id) DO NOTHING`.
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
            })
            .collect();
        let names = names.join(", ");
        Bulk {
            row_sql: format!("INSERT INTO {table} ({names}) VALUES ({}) {tail}", numbers.join(", ")),
            set_sql: format!(
                "INSERT INTO {table} ({names}) SELECT {} FROM json_each($1) WHERE 1 = 1 {tail}",
                fields.join(", ")
            ),
            set: String::new(),
            set_rows: 0,
            written: 0,
        }
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
                self.put(vals);
                if self.set_rows >= SET_ROWS { self.flush(tx) } else { Ok(()) }
            }
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

    fn put(&mut self, vals: &[Val]) {
        self.set.push(if self.set_rows == 0 { '[' } else { ',' });
        self.set.push('[');
        for (n, val) in vals.iter().enumerate() {
            if n > 0 {
                self.set.push(',');
            }
            match val {
                Val::Int(int) => self.set.push_str(&int.to_string()),
                Val::Text(text) => self.set.push_str(&serde_json::Value::from(text.as_str()).to_string()),
                Val::Null | Val::Real(_) | Val::Blob(_) => self.set.push_str("null"),
            }
        }
        self.set.push(']');
        self.set_rows += 1;
    }

    fn flush(&mut self, tx: &mut dyn Conn) -> Res<()> {
        if self.set_rows == 0 {
            return Ok(());
        }
        self.set.push(']');
        let set = std::mem::take(&mut self.set);
        self.set_rows = 0;
        self.written += tx.exec(&self.set_sql, &[Val::Text(set)])?;
        Ok(())
    }
}
