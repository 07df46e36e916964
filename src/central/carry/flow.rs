//! Rows on their way: out of a database page by page in the order of their keys, into one, and the sum that both ends compare.

use super::error::{CarryError, Res};
use super::shape::Table;
use crate::central::secrets::hex;
use crate::central::store::bulk::{self, Bulk, Loose};
use crate::sql::{Conn, Engine, Val};
use sha2::{Digest as _, Sha256};

/// Rows read at once: enough to be quick, and little memory.
const PAGE_ROWS: usize = 1_000;

/// How many rows a table has, and a hash of all of them that does not ask for their order, because the engines sort text
/// differently: the SHA-256 of each row, added up in four lanes of 64 bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many rows.
    pub rows: u64,
    lanes: [u64; 4],
}

impl Sum {
    /// Takes one row in.
    pub fn add(&mut self, vals: &[Val]) {
        let mut hash = Sha256::new();
        for val in vals {
            // The kind and the length stand first, so that no two rows read alike.
            match val {
                Val::Null => hash.update([0]),
                Val::Int(int) => {
                    hash.update([1]);
                    hash.update(int.to_be_bytes());
                }
                Val::Real(real) => {
                    hash.update([2]);
                    hash.update(real.to_bits().to_be_bytes());
                }
                Val::Text(text) => bytes(&mut hash, 3, text.as_bytes()),
                Val::Blob(blob) => bytes(&mut hash, 4, blob),
            }
        }
        let digest = hash.finalize();
        for (lane, part) in self.lanes.iter_mut().zip(digest.chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(part);
            *lane = lane.wrapping_add(u64::from_be_bytes(eight));
        }
        self.rows += 1;
    }

    /// The hash as 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let bytes: Vec<u8> = self.lanes.iter().flat_map(|lane| lane.to_be_bytes()).collect();
        hex(&bytes)
    }
}

fn bytes(hash: &mut Sha256, kind: u8, bytes: &[u8]) {
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What is done now: `reading`, `checking`, `files`.
    pub what: &'static str,
    /// Of which table.
    pub table: &'a str,
    /// Rows of it so far.
    pub rows: u64,
    /// Whether the table is through.
    pub done: bool,
}

/// Whom progress is told.
pub type Tell<'a> = &'a dyn Fn(Told<'_>);

/// Where rows come from.
pub(super) trait Source {
    /// Hands over all rows of all tables, in the order of the tables; what each table came to.
    fn pour(&mut self, tables: &[Table], into: &mut dyn Sink, tell: Tell<'_>) -> Res<Vec<Sum>>;
}

/// Where rows go.
pub(super) trait Sink {
    /// A table begins.
    fn begin(&mut self, table: &Table) -> Res<()>;
    /// One of its rows.
    fn row(&mut self, vals: &[Val]) -> Res<()>;
    /// It ends.
    fn end(&mut self, table: &Table, sum: &Sum) -> Res<()>;
}

/// A database to read, within a transaction of its own.
pub(super) struct Database<'a>(pub &'a mut dyn Conn);

impl Source for Database<'_> {
    fn pour(&mut self, tables: &[Table], into: &mut dyn Sink, tell: Tell<'_>) -> Res<Vec<Sum>> {
        let mut sums = Vec::with_capacity(tables.len());
        for table in tables {
            into.begin(table)?;
            let sum = each_row(self.0, table, &mut |sum, vals| {
                into.row(vals)?;
                tell_now(tell, "reading", table, sum.rows);
                Ok(())
            })?;
            into.end(table, &sum)?;
            tell(Told { what: "reading", table: table.name, rows: sum.rows, done: true });
            sums.push(sum);
        }
        Ok(sums)
    }
}

pub(super) fn tell_now(tell: Tell<'_>, what: &'static str, table: &Table, rows: u64) {
    if rows.is_multiple_of(PAGE_ROWS as u64) {
        tell(Told { what, table: table.name, rows, done: false });
    }
}

/// Reads a table in pages by its key.
fn each_row(tx: &mut dyn Conn, table: &Table, row: &mut dyn FnMut(&Sum, &[Val]) -> Res<()>) -> Res<Sum> {
    let list = table.list();
    let name = |place: &usize| table.columns.get(*place).map_or("", |column| column.name());
    let key = table.key.iter().map(name).collect::<Vec<_>>().join(", ");
    let marks = (1..=table.key.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let first = format!("SELECT {list} FROM {} ORDER BY {key} LIMIT {PAGE_ROWS}", table.name);
    let next = format!("SELECT {list} FROM {} WHERE ({key}) > ({marks}) ORDER BY {key} LIMIT {PAGE_ROWS}", table.name);
    let (mut sum, mut after): (Sum, Option<Vec<Val>>) = (Sum::default(), None);
    loop {
        let page = match &after {
            None => tx.all(&first, &[])?,
            Some(key) => tx.all(&next, key)?,
        };
        for found in &page {
            sum.add(found.vals());
            row(&sum, found.vals())?;
        }
        let Some(last) = page.last().filter(|_| page.len() == PAGE_ROWS) else { return Ok(sum) };
        after = Some(table.key.iter().filter_map(|place| last.vals().get(*place).cloned()).collect());
    }
}

/// A database to fill, within a write transaction.
pub(super) struct Fill<'a> {
    tx: &'a mut dyn Conn,
    bulk: Option<Bulk>,
}

impl Sink for Fill<'_> {
    fn begin(&mut self, table: &Table) -> Res<()> {
        self.bulk = Some(Bulk::new(table.name, &table.columns, ""));
        Ok(())
    }

    fn row(&mut self, vals: &[Val]) -> Res<()> {
        if let Some(bulk) = &mut self.bulk {
            bulk.row(self.tx, vals)?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Table, _: &Sum) -> Res<()> {
        if let Some(bulk) = self.bulk.take() {
            bulk.finish(self.tx)?;
        }
        Ok(())
    }
}

/// Fills an empty database within a write transaction, checks every reference, and compares what arrived with what left.
///
/// # Errors
/// [`CarryError::Differs`]; any fault of source and target. The transaction is to be rolled back then.
pub(super) fn fill(tx: &mut dyn Conn, tables: &[Table], from: &mut dyn Source, tell: Tell<'_>) -> Res<Vec<Sum>> {
    let loose = unwatched(tx, tables)?;
    let mut into = Fill { tx: &mut *tx, bulk: None };
    let sums = from.pour(tables, &mut into, tell)?;
    bulk::tighten(tx, loose)?;
    for (table, left) in tables.iter().zip(&sums) {
        let arrived = each_row(tx, table, &mut |sum, _| {
            tell_now(tell, "checking", table, sum.rows);
            Ok(())
        })?;
        if arrived != *left {
            let table = table.name.to_owned();
            return Err(CarryError::Differs { table, arrived: arrived.rows, left: left.rows, hash: arrived.hash() });
        }
        tell(Told { what: "checking", table: table.name, rows: arrived.rows, done: true });
    }
    Ok(sums)
}

/// Tables come in the order of their names, so references are looked at in the end.
fn unwatched(tx: &mut dyn Conn, tables: &[Table]) -> Res<Loose> {
    match tx.engine() {
        Engine::Sqlite => tx.batch("PRAGMA defer_foreign_keys=ON")?,
        Engine::Postgres => tx.batch(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
        )?,
    }
    let names: Vec<&str> = tables.iter().map(|table| table.name).collect();
    Ok(bulk::loosen(tx, &names)?)
}

/// The first table that holds a row, if any does.
pub(super) fn occupied(conn: &mut dyn Conn, tables: &[Table]) -> Res<Option<&'static str>> {
    for table in tables {
        if conn.int(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {} LIMIT 1) AS any_row", table.name), &[])? > 0 {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vals;

    #[test]
    fn the_order_of_rows_does_not_count_and_everything_else_does() {
        let rows = [vals!["a", 1], vals!["b", 2], vals!["", Option::<i64>::None]];
        let sum = |order: &[usize]| {
            let mut sum = Sum::default();
            order.iter().for_each(|n| sum.add(rows[*n]));
            sum
        };
        assert_eq!(sum(&[0, 1, 2]), sum(&[2, 0, 1]));
        assert_ne!(sum(&[0, 1]).hash(), sum(&[0, 2]).hash());
        let mut moved = Sum::default();
        moved.add(vals!["ab", "c"]);
        let mut other = Sum::default();
        other.add(vals!["a", "bc"]);
        assert_ne!(moved, other);
        assert_eq!(moved.hash().len(), 64);
    }
}
