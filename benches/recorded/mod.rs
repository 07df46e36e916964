//! What a piece of work did to a SQLite database, as rows: recorded by comparing all tables before and after, and done again
//! by a plain loop of prepared statements. The least that anybody must write to reach the same database.

use rusqlite::types::Value;
use rusqlite::{Connection, Statement, params_from_iter};
use std::collections::{BTreeMap, HashMap};

/// A row by its number in the table.
type Rows = BTreeMap<i64, Vec<Value>>;

/// The rows of all tables.
pub struct Picture(BTreeMap<String, Rows>);

/// One row that was written.
struct Write {
    /// Index of the statement.
    sql: usize,
    values: Vec<Value>,
}

/// Everything that one transaction wrote.
#[derive(Default)]
pub struct Effect(Vec<Write>);

impl Effect {
    /// Rows written.
    pub fn rows(&self) -> usize {
        self.0.len()
    }
}

/// The statements of all effects, each once.
#[derive(Default)]
pub struct Statements {
    texts: Vec<String>,
    known: HashMap<String, usize>,
}

struct Table {
    name: String,
    columns: Vec<String>,
    key: Vec<usize>,
}

fn tables(c: &Connection) -> Vec<Table> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let names: Vec<String> =
        c.prepare(sql).and_then(|mut list| list.query_map([], |row| row.get(0))?.collect()).expect("the tables");
    let table = |name: String| {
        let mut list = c.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid").expect("the columns");
        let columns: Vec<(String, i64)> =
            list.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).expect("them");
        let mut key: Vec<(i64, usize)> =
            columns.iter().enumerate().filter(|(_, (_, pk))| *pk > 0).map(|(at, (_, pk))| (*pk, at)).collect();
        key.sort_unstable();
        let columns = columns.into_iter().map(|(name, _)| name).collect();
        Table { name, columns, key: key.into_iter().map(|(_, at)| at).collect() }
    };
    names.into_iter().map(table).collect()
}

/// Reads everything.
pub fn picture(c: &Connection) -> Picture {
    let mut all = BTreeMap::new();
    for table in tables(c) {
        let sql = format!("SELECT rowid, {} FROM {}", table.columns.join(", "), table.name);
        let mut list = c.prepare(&sql).expect("a table");
        let width = table.columns.len();
        let row = |row: &rusqlite::Row<'_>| {
            let values: Result<Vec<Value>, _> = (1..=width).map(|at| row.get(at)).collect();
            Ok((row.get(0)?, values?))
        };
        let rows: Rows = list.query_map([], row).and_then(Iterator::collect).expect("its rows");
        all.insert(table.name, rows);
    }
    Picture(all)
}

impl Statements {
    fn of(&mut self, text: String) -> usize {
        let next = self.texts.len();
        let at = *self.known.entry(text.clone()).or_insert(next);
        if at == next {
            self.texts.push(text);
        }
        at
    }

    /// What was written between two pictures. Tables in an order that no reference between them forbids: as they were made.
    pub fn effect(&mut self, c: &Connection, before: &Picture, after: &Picture) -> Effect {
        let order = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid";
        let made: Vec<String> =
            c.prepare(order).and_then(|mut list| list.query_map([], |row| row.get(0))?.collect()).expect("the tables");
        let mut tables = tables(c);
        tables.sort_by_key(|table| made.iter().position(|name| *name == table.name));
        let mut effect = Effect::default();
        for table in &tables {
            let (old, new) = (&before.0[&table.name], &after.0[&table.name]);
            let keyed: Vec<String> = table.key.iter().map(|at| format!("{} = ?", table.columns[*at])).collect();
            let key_of = |row: &Vec<Value>| table.key.iter().map(|at| row[*at].clone()).collect::<Vec<_>>();
            for (_, row) in old.iter().filter(|(rowid, _)| !new.contains_key(rowid)) {
                let sql = self.of(format!("DELETE FROM {} WHERE {}", table.name, keyed.join(" AND ")));
                effect.0.push(Write { sql, values: key_of(row) });
            }
            for (rowid, row) in new {
                match old.get(rowid) {
                    Some(same) if same == row => {}
                    None => {
                        let marks = vec!["?"; table.columns.len()].join(", ");
                        let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.columns.join(", "));
                        effect.0.push(Write { sql: self.of(sql), values: row.clone() });
                    }
                    Some(was) => {
                        let changed: Vec<usize> = (0..row.len()).filter(|at| row[*at] != was[*at]).collect();
                        let sets: Vec<String> =
                            changed.iter().map(|at| format!("{} = ?", table.columns[*at])).collect();
                        let sql =
                            format!("UPDATE {} SET {} WHERE {}", table.name, sets.join(", "), keyed.join(" AND "));
                        let mut values: Vec<Value> = changed.iter().map(|at| row[*at].clone()).collect();
                        values.extend(key_of(was));
                        effect.0.push(Write { sql: self.of(sql), values });
                    }
                }
            }
        }
        effect
    }

    /// Prepares all of them on a connection.
    pub fn prepare<'c>(&self, c: &'c Connection) -> Vec<Statement<'c>> {
        self.texts.iter().map(|text| c.prepare(text).expect("a recorded statement")).collect()
    }
}

/// Does it again as one transaction.
pub fn again(c: &Connection, statements: &mut [Statement<'_>], effect: &Effect) {
    c.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
    for write in &effect.0 {
        statements[write.sql].execute(params_from_iter(&write.values)).expect("a recorded row");
    }
    c.execute_batch("COMMIT").expect("the commit");
}
