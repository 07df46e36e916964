//! Migrations: forward, once, backed up, and never over a database they do not fit.

use super::{Site, for_each_engine};
use packbench::{
    sql::{Conn, Engine, Migration, SqlError, Target, back_up, migrate, migrate_at, open, schema_version},
    vals,
};
use std::path::PathBuf;

const ONE: Migration = Migration {
    version: 1,
    name: "orders",
    sql: "-- Orders, BIGINT ( in a comment.
CREATE TABLE orders (id BIGINT PRIMARY KEY, note TEXT NOT NULL, photo BYTEA, w DOUBLE PRECISION);
CREATE TABLE lines (order_id BIGINT NOT NULL REFERENCES orders (id) ON DELETE CASCADE, n BIGINT NOT NULL);",
};
const TWO: Migration = Migration {
    version: 2,
    name: "rush",
    sql: "ALTER TABLE orders ADD COLUMN rush BIGINT NOT NULL DEFAULT 0;
CREATE INDEX orders_rush ON orders (rush, id);
UPDATE orders SET rush = 1 WHERE note = 'rush';",
};

fn backups(site: &Site) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(site.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().contains(".before-v"))
        .collect();
    found.sort();
    found
}

fn at_version_one(site: &Site) -> Box<dyn Conn> {
    let mut conn = site.conn();
    migrate(conn.as_mut(), &[ONE]).unwrap();
    conn.batch("INSERT INTO orders (id, note) VALUES (1, 'rush'), (2, ''); INSERT INTO lines VALUES (1, 3);").unwrap();
    conn
}

#[test]
fn an_empty_database_gets_the_whole_schema_once() {
    for_each_engine(|site| {
        let mut conn = site.conn();
        assert_eq!(schema_version(conn.as_mut()).unwrap(), 0);
        let done = migrate(conn.as_mut(), &[ONE, TWO]).unwrap();
        assert_eq!((done.from, done.to, done.backup), (0, 2, None));
        let again = migrate(conn.as_mut(), &[ONE, TWO]).unwrap();
        assert_eq!((again.from, again.to, again.backup), (2, 2, None));
        assert_eq!(schema_version(conn.as_mut()).unwrap(), 2);
        assert!(backups(site).is_empty());
        let wrong = conn.exec("INSERT INTO orders (id, note) VALUES ($1, $2)", vals!["one", ""]);
        assert!(wrong.is_err(), "a text in a BIGINT column");
    });
}

#[test]
fn json_arrays_are_read_as_rows_on_both() {
    for_each_engine(|site| {
        let mut conn = site.conn();
        migrate(conn.as_mut(), &[ONE]).unwrap();
        let json = r#"[{"id": 7, "note": "a \"b\" ü", "w": 1.5}, {"id": 9223372036854775807, "note": "", "w": null}]"#;
        let added = conn
            .exec(
                "INSERT INTO orders (id, note, w) SELECT CAST(value ->> 'id' AS BIGINT), value ->> 'note', \
                 CAST(value ->> 'w' AS DOUBLE PRECISION) FROM json_each($1) ORDER BY key",
                vals![json],
            )
            .unwrap();
        assert_eq!(added, 2);
        let rows = conn.all("SELECT id, note, w FROM orders ORDER BY id", &[]).unwrap();
        assert_eq!(rows[0].get::<String>("note").unwrap(), "a \"b\" ü");
        assert_eq!(rows[0].get::<f64>("w").unwrap(), 1.5);
        assert_eq!(rows[1].get::<i64>("id").unwrap(), i64::MAX);
        assert_eq!(rows[1].get::<Option<f64>>("w").unwrap(), None);
        let keys = conn.all("SELECT key, value FROM json_each($1)", vals!["[{\"a\":1}]"]).unwrap();
        assert_eq!(keys[0].get::<i64>("key").unwrap(), 0);
        assert!(keys[0].get::<String>("value").unwrap().starts_with("{\"a\":"));
        let broken = conn.all("SELECT key FROM json_each($1)", vals!["[{"]);
        assert!(broken.is_err());
    });
}

#[test]
fn the_previous_version_is_backed_up_and_carried_over() {
    for_each_engine(|site| {
        let mut conn = at_version_one(site);
        let done = migrate(conn.as_mut(), &[ONE, TWO]).unwrap();
        assert_eq!((done.from, done.to), (1, 2));
        assert_eq!(conn.int("SELECT id FROM orders WHERE rush = 1", &[]).unwrap(), 1);
        match site.engine {
            Engine::Postgres => assert_eq!(done.backup, None),
            Engine::Sqlite => {
                let backup = done.backup.unwrap();
                assert_eq!(backups(site), std::slice::from_ref(&backup));
                assert!(backup.to_str().unwrap().contains("test.db.before-v2."));
                let mut old = open(&Target::Sqlite(backup)).unwrap();
                assert_eq!(schema_version(old.as_mut()).unwrap(), 1);
                assert_eq!(old.int("SELECT COUNT(*) FROM orders", &[]).unwrap(), 2);
                assert_eq!(old.int("SELECT n FROM lines", &[]).unwrap(), 3);
                assert!(old.int("SELECT COUNT(rush) FROM orders", &[]).is_err());
            }
        }
    });
}

#[test]
fn only_the_three_newest_backups_stay() {
    for_each_engine(|site| {
        let mut list = vec![ONE];
        let mut conn = at_version_one(site);
        for version in 2..=6 {
            let sql: &'static str = Box::leak(format!("CREATE TABLE t{version} (i BIGINT)").into());
            let name = "more";
            list.push(Migration { version, name, sql });
            migrate(conn.as_mut(), &list).unwrap();
        }
        let names: Vec<String> =
            backups(site).iter().map(|path| path.file_name().unwrap().to_str().unwrap()[..17].to_owned()).collect();
        match site.engine {
            Engine::Postgres => assert!(names.is_empty()),
            Engine::Sqlite => assert_eq!(names, ["test.db.before-v4", "test.db.before-v5", "test.db.before-v6"]),
        }
    });
}

#[test]
fn a_changed_migration_is_refused_before_anything_happens() {
    for_each_engine(|site| {
        let mut conn = at_version_one(site);
        let turned: &'static str = Box::leak(ONE.sql.replace('\n', "\r\n").into());
        migrate(conn.as_mut(), &[Migration { sql: turned, ..ONE }]).unwrap();
        let changed = Migration { sql: "CREATE TABLE orders (id BIGINT)", ..ONE };
        let fault = migrate(conn.as_mut(), &[changed, TWO]).unwrap_err();
        assert!(matches!(&fault, SqlError::Changed { version: 1, name } if name == "orders"), "{fault}");
        assert_eq!(schema_version(conn.as_mut()).unwrap(), 1);
        assert!(backups(site).is_empty());
    });
}

#[test]
fn a_newer_schema_is_refused_and_both_versions_named() {
    for_each_engine(|site| {
        let mut conn = site.conn();
        migrate(conn.as_mut(), &[ONE, TWO]).unwrap();
        let fault = migrate(conn.as_mut(), &[ONE]).unwrap_err();
        assert!(matches!(fault, SqlError::Newer { found: 2, known: 1 }), "{fault}");
        let text = fault.to_string();
        assert!(text.contains("version 2") && text.contains("up to 1"), "{text}");
        assert_eq!(schema_version(conn.as_mut()).unwrap(), 2);
    });
}

#[test]
fn a_migration_that_fails_leaves_the_version_before_it() {
    for_each_engine(|site| {
        let mut conn = at_version_one(site);
        let broken = Migration {
            version: 3,
            name: "broken",
            sql: "CREATE TABLE half (i BIGINT); INSERT INTO half VALUES (1); INSERT INTO orders (id, note) VALUES (1, '');",
        };
        let fault = migrate(conn.as_mut(), &[ONE, TWO, broken]).unwrap_err();
        assert!(matches!(&fault, SqlError::Migration { version: 3, .. }), "{fault}");
        assert!(matches!(fault.root(), SqlError::Unique { .. }), "{fault:?}");
        assert_eq!(schema_version(conn.as_mut()).unwrap(), 2);
        assert!(conn.int("SELECT COUNT(*) FROM half", &[]).is_err());
        let orphan = conn.exec("INSERT INTO lines VALUES (99, 1)", &[]);
        assert!(matches!(orphan, Err(SqlError::Foreign { .. })), "references are watched again");
        let gap = migrate(conn.as_mut(), &[ONE, broken]).unwrap_err();
        assert!(matches!(gap, SqlError::Migration { version: 3, .. }), "{gap}");
    });
}

#[test]
fn a_table_can_be_rebuilt_without_losing_what_refers_to_it() {
    for_each_engine(|site| {
        let mut conn = at_version_one(site);
        let rebuild = Migration {
            version: 2,
            name: "rebuild",
            sql: "-- only: sqlite
CREATE TABLE new_orders (id BIGINT PRIMARY KEY, note TEXT);
INSERT INTO new_orders SELECT id, note FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
-- end only
-- only: postgres
ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;
-- end only",
        };
        migrate(conn.as_mut(), &[ONE, rebuild]).unwrap();
        assert_eq!(conn.int("SELECT COUNT(*) FROM lines", &[]).unwrap(), 1);
        conn.exec("INSERT INTO orders (id, note) VALUES (3, NULL)", &[]).unwrap();
        if site.engine == Engine::Sqlite {
            let orphaning = Migration { version: 3, name: "orphans", sql: "DELETE FROM orders WHERE id = 1" };
            let fault = migrate(conn.as_mut(), &[ONE, rebuild, orphaning]).unwrap_err();
            assert!(matches!(fault, SqlError::Migration { version: 3, .. }), "{fault}");
            assert_eq!(conn.int("SELECT COUNT(*) FROM orders", &[]).unwrap(), 3);
        }
    });
}

#[test]
fn programs_that_start_at_once_migrate_once() {
    for_each_engine(|site| {
        drop(site.conn());
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(|| migrate(site.conn().as_mut(), &[ONE, TWO]))).collect();
            for one in all {
                assert_eq!(one.join().unwrap().unwrap().to, 2);
            }
        });
        let mut conn = site.conn();
        assert_eq!(conn.int("SELECT COUNT(*) FROM schema_version", &[]).unwrap(), 2);
    });
}

#[test]
fn a_backup_that_cannot_be_made_stops_the_migration() {
    for_each_engine(|site| {
        if site.engine == Engine::Postgres {
            let refused = back_up(site.conn().as_mut(), &site.folder.path().join("copy"));
            assert!(matches!(refused, Err(SqlError::Address { .. })), "{refused:?}");
            return;
        }
        // SQLite's own files beside it fit the 255 bytes of a name, the backup's does not.
        let file = site.folder.path().join("n".repeat(240));
        let mut conn = open(&Target::Sqlite(file)).unwrap();
        migrate(conn.as_mut(), &[ONE]).unwrap();
        let fault = migrate(conn.as_mut(), &[ONE, TWO]).unwrap_err();
        assert!(matches!(fault, SqlError::Backup { .. }), "{fault}");
        assert_eq!(schema_version(conn.as_mut()).unwrap(), 1);
        let copy = site.folder.path().join("copy.db");
        back_up(conn.as_mut(), &copy).unwrap();
        let twice = back_up(conn.as_mut(), &copy);
        assert!(matches!(twice, Err(SqlError::Backup { .. })), "{twice:?}");
        let mut copy = open(&Target::Sqlite(copy)).unwrap();
        assert_eq!(schema_version(copy.as_mut()).unwrap(), 1);
    });
}

#[test]
fn a_database_can_be_migrated_from_within_an_async_runtime() {
    for_each_engine(|site| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let done = runtime.block_on(async { migrate_at(&site.target, &[ONE, TWO]) });
        assert_eq!(done.unwrap().to, 2);
        let rows = runtime.block_on(async {
            let db = site.db();
            db.read(|tx| tx.int("SELECT COUNT(*) FROM orders", &[])).await
        });
        assert_eq!(rows.unwrap(), 0);
    });
}
