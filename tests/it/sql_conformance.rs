//! The seam to the database does the same on SQLite and on PostgreSQL: every test here runs on both.
//!
//! PostgreSQL's address comes from `PACKBENCH_TEST_PG`, which `tests/run` sets; `none` says that only SQLite shall be tested.

use packbench::{
    sql::{
        Conn, Db, Engine, Query, Res, SQLITE_VERSION_MIN, SqlError, Target, asc, attempt, check_sqlite_version, desc,
        open, open_read_only, sqlite_version, transaction,
    },
    vals,
};
use std::sync::atomic::{AtomicU64, Ordering};

#[path = "sql_conformance/faults.rs"]
mod faults;
#[path = "sql_conformance/migrations.rs"]
mod migrations;
#[path = "sql_conformance/postgres.rs"]
mod postgres;
#[path = "sql_conformance/threads.rs"]
mod threads;

/// An empty database of one engine, gone when dropped.
pub struct Site {
    pub engine: Engine,
    pub target: Target,
    pub folder: tempfile::TempDir,
    pub server: Option<(Target, String)>,
}

impl Site {
    pub fn sqlite() -> Site {
        let folder = tempfile::tempdir().unwrap();
        Site { engine: Engine::Sqlite, target: Target::Sqlite(folder.path().join("test.db")), folder, server: None }
    }

    /// A copy of the database of that name, or an empty one.
    pub fn postgres(server: &Target, copied: Option<&str>) -> Site {
        static MADE: AtomicU64 = AtomicU64::new(1);
        let name = format!(
            "packbench_{}_{}_{}",
            std::process::id(),
            MADE.fetch_add(1, Ordering::Relaxed),
            std::time::UNIX_EPOCH.elapsed().unwrap().as_micros()
        );
        let Target::Postgres(address) = server else {
            panic!("PACKBENCH_TEST_PG is not the address of a PostgreSQL server: {server}");
        };
        let from = copied.unwrap_or("template0");
        let mut admin = open(server).unwrap_or_else(|fault| {
            panic!(
                "no PostgreSQL at PACKBENCH_TEST_PG={server}: {fault}; start it with pg_start of tests/lib/postgres.sh"
            )
        });
        admin
            .batch(&format!("CREATE DATABASE {name} TEMPLATE {from} ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"))
            .unwrap();
        Site {
            engine: Engine::Postgres,
            target: Target::Postgres(address.with_database(&name)),
            folder: tempfile::tempdir().unwrap(),
            server: Some((server.clone(), name)),
        }
    }

    pub fn conn(&self) -> Box<dyn Conn> {
        open(&self.target).unwrap()
    }

    pub fn db(&self) -> Db {
        Db::open(&self.target).unwrap()
    }

    /// A connection after running statements in PostgreSQL's words.
    pub fn with(&self, sql: &str) -> Box<dyn Conn> {
        let mut conn = self.conn();
        let bytes = match self.engine {
            Engine::Sqlite => "BLOB",
            Engine::Postgres => "BYTEA",
        };
        conn.batch(&sql.replace("BYTEA", bytes)).unwrap();
        conn
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            let dropped =
                open(server).and_then(|mut admin| admin.batch(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
            if let Err(fault) = dropped {
                eprintln!("database {name} stays behind: {fault}");
            }
        }
    }
}

/// The server for tests; `None` if the environment says that SQLite alone shall be tested.
pub fn postgres_server() -> Option<Target> {
    if !cfg!(feature = "central") {
        return None;
    }
    match std::env::var("PACKBENCH_TEST_PG").as_deref() {
        Ok("none") => None,
        Ok(address) => Some(address.parse().unwrap()),
        Err(_) => panic!(
            "PACKBENCH_TEST_PG is not set: give the address of a PostgreSQL server whose user may create databases, as tests/run \
             does (postgres://packbench@127.0.0.1:55432/postgres), or say none to test SQLite alone"
        ),
    }
}

/// An empty database of each engine.
pub fn empty_sites() -> Vec<Site> {
    let server = postgres_server().map(|server| Site::postgres(&server, None));
    std::iter::once(Site::sqlite()).chain(server).collect()
}

/// Runs a test on an empty database of each engine.
pub fn for_each_engine(test: impl Fn(&Site)) {
    println!("on SQLite");
    test(&Site::sqlite());
    if let Some(server) = postgres_server() {
        println!("on PostgreSQL");
        test(&Site::postgres(&server, None));
    }
}

#[test]
fn values_make_the_round_trip() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT, r DOUBLE PRECISION, s TEXT, b BYTEA, n BIGINT)");
        let text = "Zoë 木 Ж 🦉 'quoted' \"x\" $1 \u{1d}\n";
        let bytes: Vec<u8> = (0..=255).collect();
        let real = -0.1_f64;
        for int in [i64::MIN, -1, 0, 1, i64::MAX] {
            conn.exec(
                "INSERT INTO t (i, r, s, b, n) VALUES ($1, $2, $3, $4, $5)",
                vals![int, real, text, &bytes, None::<i64>],
            )
            .unwrap();
            let row = conn.one("SELECT i, r, s, b, n FROM t", &[]).unwrap().unwrap();
            assert_eq!(row.get::<i64>("i").unwrap(), int);
            assert_eq!(row.get::<f64>("r").unwrap(), real);
            assert_eq!(row.get::<String>("s").unwrap(), text);
            assert_eq!(row.get::<Vec<u8>>("b").unwrap(), bytes);
            assert_eq!(row.get::<Option<i64>>("n").unwrap(), None);
            assert_eq!(row.get::<Option<String>>("s").unwrap().as_deref(), Some(text));
            assert_eq!(row.names(), ["i", "r", "s", "b", "n"]);
            assert_eq!(conn.exec("DELETE FROM t", &[]).unwrap(), 1);
        }
        conn.exec("INSERT INTO t (i, s, b) VALUES ($1, $2, $3)", vals![true, "", vec![0_u8; 0]]).unwrap();
        let row = conn.one("SELECT i, s, b, r FROM t", &[]).unwrap().unwrap();
        assert!(row.at::<bool>(0).unwrap());
        assert_eq!(row.at::<String>(1).unwrap(), "", "an empty text is no NULL");
        assert_eq!(row.at::<Option<Vec<u8>>>(2).unwrap(), Some(vec![]));
        assert_eq!(row.at::<Option<f64>>(3).unwrap(), None);
    });
}

#[test]
fn a_misread_column_is_a_typed_error_without_its_value() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT, s TEXT)");
        conn.exec("INSERT INTO t VALUES ($1, $2)", vals![300, "Jane Doe"]).unwrap();
        let row = conn.one("SELECT i, s FROM t", &[]).unwrap().unwrap();
        for fault in [
            row.get::<i64>("s").unwrap_err(),
            row.get::<u8>("i").unwrap_err(),
            row.get::<bool>("i").unwrap_err(),
            row.get::<String>("nothing").unwrap_err(),
            row.at::<String>(2).unwrap_err(),
        ] {
            assert!(matches!(fault, SqlError::Row { .. }), "{fault}");
            assert!(!format!("{fault} {fault:?}").contains("Jane"), "{fault}");
        }
    });
}

#[test]
fn parameters_count_by_their_digits() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (a TEXT, b TEXT, c TEXT)");
        conn.exec("INSERT INTO t VALUES ($2, $1, $2)", vals!["one", "two"]).unwrap();
        let row = conn.one("SELECT a, b, c FROM t", &[]).unwrap().unwrap();
        let read: Vec<String> = (0..3).map(|i| row.at(i).unwrap()).collect();
        assert_eq!(read, ["two", "one", "two"]);
    });
}

#[test]
fn many_rows_are_written_one_after_the_other() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT, size BIGINT)");
        // The second value comes first in the text: rows are bound by the digits too.
        let put =
            "INSERT INTO t (name, id, size) VALUES ($2, $1, 0) ON CONFLICT (id) DO UPDATE SET name = excluded.name";
        assert_eq!(conn.exec_rows(put, 2, vals![1, "a", 2, "b", 1, "c"]).unwrap(), 3);
        assert_eq!(conn.exec_rows(put, 2, &[]).unwrap(), 0);
        let names = conn.all("SELECT name FROM t ORDER BY id", &[]).unwrap();
        assert_eq!(names.iter().map(|row| row.at::<String>(0).unwrap()).collect::<Vec<_>>(), ["c", "b"]);
        for (width, values) in [(2, vals![3, "d", 4]), (0, vals![3]), (1, vals![3, 4]), (3, vals![3, "d", 0])] {
            let fault = conn.exec_rows(put, width, values).unwrap_err();
            assert!(matches!(fault, SqlError::Param { .. }), "{fault}");
        }
        // A row that is refused ends it; what a transaction makes of the rows before it is the caller's.
        let add = "INSERT INTO t (id, name, size) VALUES ($1, $2, 0)";
        let ended = transaction(conn.as_mut(), |tx| tx.exec_rows(add, 2, vals![5, "e", 1, "f", 6, "g"]));
        assert!(matches!(ended, Err(SqlError::Unique { .. })), "{ended:?}");
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 2);
    });
}

#[test]
fn wrong_parameters_are_refused_alike() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (a TEXT, r DOUBLE PRECISION)");
        let insert = "INSERT INTO t VALUES ($1, $2)";
        for params in [vals!["a"], vals!["a", 1.0, "left over"], vals!["nul \0 inside", 1.0], vals!["a", f64::NAN]] {
            let fault = conn.exec(insert, params).unwrap_err();
            assert!(matches!(fault, SqlError::Param { .. }), "{fault}");
        }
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 0);
    });
}

#[test]
fn broken_rules_are_told_apart() {
    for_each_engine(|site| {
        let mut conn = site.with(
            "CREATE TABLE p (id BIGINT PRIMARY KEY, mail TEXT UNIQUE, n BIGINT NOT NULL DEFAULT 1 CHECK (n > 0));
             CREATE TABLE c (p BIGINT REFERENCES p (id));
             INSERT INTO p (id, mail) VALUES (1, 'jane@example.org'); INSERT INTO c VALUES (1);",
        );
        let mut fails = |sql: &str| conn.exec(sql, &[]).unwrap_err();
        for sql in ["INSERT INTO p (id) VALUES (1)", "INSERT INTO p (id, mail) VALUES (2, 'jane@example.org')"] {
            let fault = fails(sql);
            assert!(matches!(fault, SqlError::Unique { .. }), "{fault:?}");
            let source = std::error::Error::source(&fault).unwrap().to_string();
            let shown = format!("{fault} {fault:?} {source}");
            assert!(!shown.contains("jane"), "personal data in {shown}");
        }
        for sql in ["INSERT INTO c VALUES (9)", "DELETE FROM p WHERE id = 1"] {
            let fault = fails(sql);
            assert!(matches!(fault, SqlError::Foreign { .. }), "{fault:?}");
        }
        for sql in ["INSERT INTO p (id, n) VALUES (3, NULL)", "INSERT INTO p (id, n) VALUES (3, 0)"] {
            let fault = fails(sql);
            assert!(matches!(fault, SqlError::Rule { .. }), "{fault:?}");
        }
        assert!(matches!(fails("SELEKT 1"), SqlError::Other { .. }));
        assert_eq!(conn.int("SELECT COUNT(*) FROM p", &[]).unwrap(), 1);
    });
}

#[test]
fn rows_are_handed_over_one_by_one_and_limits_hold() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT); INSERT INTO t VALUES (1), (2), (3);");
        let sql = "SELECT i FROM t ORDER BY i";
        let mut seen = Vec::new();
        let stopped = conn.each(sql, &[], &mut |row| {
            seen.push(row.at::<i64>(0)?);
            if seen.len() == 2 {
                return Err(SqlError::Cursor);
            }
            Ok(())
        });
        assert!(matches!(stopped, Err(SqlError::Cursor)));
        assert_eq!(seen, [1, 2]);
        assert!(matches!(conn.one(sql, &[]), Err(SqlError::TooMany { rows_max: 1 })));
        assert!(conn.one("SELECT i FROM t WHERE i > 9", &[]).unwrap().is_none());
        assert!(matches!(conn.int("SELECT i FROM t WHERE i > 9", &[]), Err(SqlError::Row { .. })));
        assert_eq!(conn.all(sql, &[]).unwrap().len(), 3, "the connection still works");
    });
}

#[test]
fn a_part_that_fails_is_undone_alone() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let add = |tx: &mut dyn Conn, i: i64| tx.exec("INSERT INTO t VALUES ($1)", vals![i]);
        transaction(conn.as_mut(), |tx| -> Res<()> {
            add(tx, 1)?;
            let failed = attempt(tx, "part", |tx| -> Res<()> {
                add(tx, 2)?;
                let inner = attempt(tx, "inner", |tx| add(tx, 2));
                assert!(matches!(inner, Err(SqlError::Unique { .. })), "{inner:?}");
                add(tx, 3)?;
                add(tx, 1).map(|_| ())
            });
            assert!(matches!(failed, Err(SqlError::Unique { .. })), "{failed:?}");
            attempt(tx, "part", |tx| add(tx, 4))?;
            assert!(matches!(tx.savepoint("x; DROP"), Err(SqlError::Param { .. })));
            Err(SqlError::Cursor)
        })
        .unwrap_err();
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 0, "the whole is undone");
        transaction(conn.as_mut(), |tx| -> Res<()> {
            add(tx, 1)?;
            let _ = attempt(tx, "part", |tx| add(tx, 1));
            add(tx, 2)?;
            Ok(())
        })
        .unwrap();
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 2);
    });
}

#[test]
fn a_swallowed_failure_is_not_committed() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let end = transaction(conn.as_mut(), |tx| -> Res<()> {
            tx.exec("INSERT INTO t VALUES (1)", &[])?;
            let _ = tx.exec("INSERT INTO t VALUES (1)", &[]);
            let next = tx.exec("INSERT INTO t VALUES (2)", &[]);
            assert!(matches!(next, Err(SqlError::Spoiled { .. })), "{next:?}");
            Ok(())
        });
        assert!(matches!(end, Err(SqlError::Unique { .. })), "{end:?}");
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 0);
        conn.begin().unwrap();
        conn.exec("INSERT INTO t VALUES (5)", &[]).unwrap();
        conn.rollback().unwrap();
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 0);
    });
}

#[test]
fn lists_page_through_every_row_once_in_order() {
    for_each_engine(|site| {
        let mut conn = site.with(
            "CREATE TABLE t (id TEXT PRIMARY KEY, rush BIGINT NOT NULL, w DOUBLE PRECISION NOT NULL, search TEXT NOT NULL)",
        );
        for i in 0..57_i64 {
            let name = format!("{}% of_{i}", if i % 2 == 0 { "even" } else { "odd" });
            conn.exec(
                "INSERT INTO t VALUES ($1, $2, $3, $4)",
                vals![format!("o'{i:02}"), i % 3, (i % 5) as f64 / 10.0, name],
            )
            .unwrap();
        }
        let keys = [desc("rush"), asc("w"), desc("t.id")];
        let query = Query::new("SELECT id, rush, w FROM t WHERE 1 = 1");
        let (mut ids, mut cursor, mut pages) = (Vec::new(), None::<String>, 0);
        loop {
            let page = query.page(conn.as_mut(), &keys, cursor.as_deref(), 10).unwrap();
            ids.extend(page.rows.iter().map(|row| row.get::<String>("id").unwrap()));
            pages += 1;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let all = conn.all("SELECT id FROM t ORDER BY rush DESC, w ASC, id DESC", &[]).unwrap();
        let all: Vec<String> = all.iter().map(|row| row.at(0).unwrap()).collect();
        assert_eq!((ids, pages), (all, 6));

        let count = |conn: &mut dyn Conn, query: &Query| query.all(conn).unwrap().len();
        let mut filtered = query.clone();
        filtered.when(" AND rush = ?", Some(1)).when(" AND id = ?", None::<&str>).contains("search", "n% of_");
        assert_eq!(count(conn.as_mut(), &filtered), 9);
        let mut some = query.clone();
        some.any_of("id", vals!["o'01", "o'56", "none"]);
        assert_eq!(count(conn.as_mut(), &some), 2);
        assert_eq!(count(conn.as_mut(), some.any_of("id", &[])), 0);
        let mut wrong = query.clone();
        wrong.push(" AND rush = ?", vals![1, 2]);
        assert!(matches!(wrong.all(conn.as_mut()), Err(SqlError::Param { .. })));
    });
}

#[test]
fn a_damaged_or_foreign_cursor_is_refused() {
    for_each_engine(|site| {
        let mut conn = site
            .with("CREATE TABLE t (id BIGINT PRIMARY KEY, n TEXT NOT NULL); INSERT INTO t VALUES (1, 'a'), (2, 'ä');");
        let query = Query::new("SELECT id, n FROM t WHERE 1 = 1");
        let keys = [asc("n"), asc("id")];
        let cursor = query.page(conn.as_mut(), &keys, None, 1).unwrap().next.unwrap();
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'), "{cursor}");
        let mut refused = |keys: &[packbench::sql::Key], cursor: &str| {
            let page = query.page(conn.as_mut(), keys, Some(cursor), 1);
            assert!(matches!(page, Err(SqlError::Cursor)), "{cursor}: {page:?}");
        };
        refused(&[asc("id"), asc("n")], &cursor);
        refused(&[asc("n"), desc("id")], &cursor);
        let mark = cursor.split('.').next().unwrap();
        for bad in ["", "x", mark, &cursor[..cursor.len() - 3], "é", &"t".repeat(9_999)] {
            refused(&keys, bad);
        }
        for values in
            [".t6.i1", ".tzz.i1", ".tff.i1", ".t00.i1", ".t61.i1.i1", ".ix.i1", ".é.i1", ".t61.i99999999999999999999"]
        {
            refused(&keys, &format!("{mark}{values}"));
        }
    });
}

#[test]
fn a_read_only_connection_refuses_to_write() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT)");
        let mut conn = open_read_only(&site.target).unwrap();
        let refused = conn.exec("INSERT INTO t VALUES (1)", &[]);
        assert!(matches!(refused, Err(SqlError::ReadOnly { .. })), "{refused:?}");
        assert_eq!(conn.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 0);
    });
}

#[test]
fn text_sorts_by_its_bytes_on_both() {
    for_each_engine(|site| {
        let mut conn = site.with(
            "CREATE TABLE t (s TEXT NOT NULL); INSERT INTO t VALUES ('b'), ('B'), ('ä'), ('_'), ('a b'), ('ab');",
        );
        let rows = conn.all("SELECT s FROM t ORDER BY s", &[]).unwrap();
        let read: Vec<String> = rows.iter().map(|row| row.at(0).unwrap()).collect();
        assert_eq!(read, ["B", "_", "a b", "ab", "b", "ä"]);
    });
}

#[test]
fn the_bundled_sqlite_is_new_enough() {
    check_sqlite_version().unwrap();
    let parts: Vec<i32> = sqlite_version().split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts[0] * 1_000_000 + parts[1] * 1_000 + parts[2] >= SQLITE_VERSION_MIN);
}
