//! The tables to carry, read from a database in memory that the migrations have just made: whatever engine holds the rows, the
//! columns, their kinds and their keys are these.

use super::error::Res;
use crate::central::store::bulk::Column;
use crate::central::store::schema::MIGRATIONS;
use crate::sql::{self, Migration, SqlError, Target};
use crate::vals;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// The places of its key's columns among them, in the order of the key.
    pub key: Vec<usize>,
}

impl Table {
    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|column| column.name())
    }

    /// The names of the columns, as SQL lists them.
    #[must_use]
    pub fn list(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }
}

/// All tables of a schema version, by name. Their names live as long as the program: a command carries once.
///
/// # Errors
/// Any fault of the database in memory; [`SqlError::Row`] for a column of a kind that has no form in a backup.
pub fn tables(version: i64) -> Res<Vec<Table>> {
    let mut conn = sql::open(&Target::Sqlite(":memory:".into()))?;
    sql::migrate(conn.as_mut(), migrations(version))?;
    let names = conn.all(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version' ORDER BY name",
        &[],
    )?;
    let mut tables = Vec::with_capacity(names.len());
    for row in &names {
        let name: String = row.at(0)?;
        let mut table = Table { name: name.leak(), columns: Vec::new(), key: Vec::new() };
        let mut key = Vec::new();
        let columns = conn.all("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid", vals![table.name])?;
        for (place, row) in columns.iter().enumerate() {
            let (column, kind): (String, String) = (row.at(0)?, row.at(1)?);
            let column: &'static str = column.leak();
            table.columns.push(match kind.as_str() {
                "TEXT" => Column::Text(column),
                "INTEGER" => Column::Int(column),
                "BLOB" => Column::Bytes(column),
                _ => {
                    let column = format!("{}.{column} of type {kind}", table.name);
                    return Err(SqlError::Row { column, wanted: "TEXT, INTEGER or BLOB", found: "another" }.into());
                }
            });
            let nth: i64 = row.at(2)?;
            if nth > 0 {
                key.push((nth, place));
            }
        }
        key.sort_unstable();
        table.key = key.into_iter().map(|(_, place)| place).collect();
        tables.push(table);
    }
    Ok(tables)
}

/// The migrations up to a version.
#[must_use]
pub(super) fn migrations(version: i64) -> &'static [Migration] {
    let upto = usize::try_from(version).unwrap_or(0).min(MIGRATIONS.len());
    &MIGRATIONS[..upto]
}

/// The program's own schema version.
#[must_use]
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_key_to_read_it_by() {
        let tables = tables(newest()).unwrap();
        assert!(tables.iter().any(|table| table.name == "orders") && tables.len() > 40);
        for table in &tables {
            assert!(!table.key.is_empty(), "{} has no primary key", table.name);
        }
        assert!(super::tables(1).unwrap().len() < tables.len());
    }
}
