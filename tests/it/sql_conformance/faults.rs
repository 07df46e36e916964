//! Lost connections, crashes between any two statements, full disks and locked databases.

use super::{Site, for_each_engine};
use packbench::{
    sql::{
        Conn, Db, DbOptions, Engine, Opener, Res, Role, SqlError,
        fault::{FailAfter, limit_pages, unlimit_pages},
        open, transaction,
    },
    vals,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

fn count(site: &Site) -> i64 {
    site.conn().int("SELECT COUNT(*) FROM t", &[]).unwrap()
}

/// A store whose first writing connection dies at a statement (counted from its opening); later ones are whole.
fn db_whose_first_connection_dies(
    site: &Site,
    die: impl Fn(Box<dyn Conn>) -> FailAfter + Send + Sync + 'static,
) -> (Db, Arc<AtomicU64>) {
    let opened = Arc::new(AtomicU64::new(0));
    let (target, counter) = (site.target.clone(), Arc::clone(&opened));
    let opener: Opener = Arc::new(move |role| {
        let conn = open(&target)?;
        if role == Role::Reader {
            return Ok(conn);
        }
        if counter.fetch_add(1, Ordering::SeqCst) > 0 {
            return Ok(conn);
        }
        Ok(Box::new(die(conn)))
    });
    let options = DbOptions { writers: 1, ..DbOptions::of(&site.target) };
    (Db::start(opener, options).unwrap(), opened)
}

fn two_inserts(runs: &Arc<AtomicU64>) -> impl FnMut(&mut dyn Conn) -> Res<()> + Send + 'static {
    let runs = Arc::clone(runs);
    move |tx| {
        runs.fetch_add(1, Ordering::SeqCst);
        tx.exec("INSERT INTO t VALUES ($1)", vals![1])?;
        tx.exec("INSERT INTO t VALUES ($1)", vals![2])?;
        Ok(())
    }
}

#[test]
fn a_job_is_run_again_when_its_connection_is_lost_before_the_commit() {
    for_each_engine(|site| {
        for statements in 0..=2 {
            site.conn().batch("DROP TABLE IF EXISTS t; CREATE TABLE t (i BIGINT PRIMARY KEY)").unwrap();
            let (db, opened) = db_whose_first_connection_dies(site, move |conn| FailAfter::new(conn, statements));
            let runs = Arc::new(AtomicU64::new(0));
            db.write_blocking(two_inserts(&runs)).unwrap();
            assert_eq!(count(site), 2);
            let ran = if statements == 0 { 1 } else { 2 };
            assert_eq!(runs.load(Ordering::SeqCst), ran, "dead after {statements}");
            assert_eq!(opened.load(Ordering::SeqCst), 2);
        }
    });
}

#[test]
fn a_job_that_may_run_once_is_not_run_again() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let (db, _) = db_whose_first_connection_dies(site, |conn| FailAfter::new(conn, 2));
        let runs = Arc::new(AtomicU64::new(0));
        let mut job = two_inserts(&runs);
        let end = db.write_once_blocking(move |tx| job(tx));
        assert!(matches!(end, Err(SqlError::Closed { .. })), "{end:?}");
        assert_eq!((runs.load(Ordering::SeqCst), count(site)), (1, 0));
        let mut job = two_inserts(&runs);
        db.write_once_blocking(move |tx| job(tx)).unwrap();
        assert_eq!(count(site), 2, "the next job has a new connection");
    });
}

#[test]
fn a_commit_whose_answer_is_lost_is_reported_and_never_repeated() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        // begin, two inserts, commit.
        let (db, _) = db_whose_first_connection_dies(site, |conn| FailAfter::losing_answer(conn, 4));
        let runs = Arc::new(AtomicU64::new(0));
        let end = db.write_blocking(two_inserts(&runs));
        assert!(matches!(end, Err(SqlError::Unknown { .. })), "{end:?}");
        assert_eq!((runs.load(Ordering::SeqCst), count(site)), (1, 2));
        let again = db.write_blocking(two_inserts(&runs));
        assert!(matches!(again, Err(SqlError::Unique { .. })), "{again:?}");
    });
}

#[test]
fn after_a_crash_at_any_statement_the_work_is_there_wholly_or_not_at_all() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let work = |conn: &mut dyn Conn| -> Res<()> {
            transaction(conn, |tx| {
                for i in 1..=3 {
                    tx.savepoint("each")?;
                    tx.exec("INSERT INTO t VALUES ($1)", vals![i])?;
                    tx.release("each")?;
                }
                Ok(())
            })
        };
        let (mut counted, statements) = FailAfter::counting(site.conn());
        work(&mut counted).unwrap();
        let total = statements.load(Ordering::SeqCst);
        assert_eq!(total, 11, "begin, three times three, commit");
        for survived in 0..=total {
            for answer_lost in [false, true] {
                conn.exec("DELETE FROM t", &[]).unwrap();
                let mut dying = if answer_lost {
                    FailAfter::losing_answer(site.conn(), survived)
                } else {
                    FailAfter::new(site.conn(), survived)
                };
                let end = work(&mut dying);
                drop(dying);
                let stored = if survived == total { 3 } else { 0 };
                assert_eq!(count(site), stored, "crash after {survived} of {total}");
                assert_eq!(end.is_ok(), survived == total && !(answer_lost), "{end:?}");
            }
        }
    });
}

#[test]
fn a_full_disk_is_a_typed_error_and_nothing_is_lost() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY, b BYTEA)");
        let db = site.db();
        let small = |i: i64| move |tx: &mut dyn Conn| tx.exec("INSERT INTO t VALUES ($1, NULL)", vals![i]);
        let big = |i: i64| {
            move |tx: &mut dyn Conn| -> Res<u64> {
                let added = tx.exec("INSERT INTO t VALUES ($1, $2)", vals![i, vec![7_u8; 1 << 20]])?;
                if tx.engine() == Engine::Postgres {
                    // What the server says when its disk is full (SQLSTATE 53100).
                    tx.batch("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")?;
                }
                Ok(added)
            }
        };
        if site.engine == Engine::Sqlite {
            db.write_blocking(|tx| limit_pages(tx, 8)).unwrap();
        }
        std::thread::scope(|scope| {
            for i in 0..30 {
                let db = &db;
                scope.spawn(move || {
                    if i % 6 == 0 {
                        let end = db.write_blocking(big(i));
                        assert!(matches!(end, Err(SqlError::Full { .. })), "{end:?}");
                    } else {
                        db.write_blocking(small(i)).unwrap();
                    }
                });
            }
        });
        assert_eq!(count(site), 25);
        if site.engine == Engine::Sqlite {
            db.write_blocking(unlimit_pages).unwrap();
            db.write_blocking(big(0)).unwrap();
            assert_eq!(count(site), 26, "with room again it works again");
        } else {
            let refused = db.write_blocking(|tx| limit_pages(tx, 8));
            assert!(matches!(refused, Err(SqlError::Address { .. })), "{refused:?}");
        }
    });
}

#[test]
fn a_locked_database_is_busy_after_the_time_out() {
    for_each_engine(|site| {
        let mut holder = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY, v BIGINT); INSERT INTO t VALUES (1, 0)");
        let mut waiter = site.conn();
        waiter
            .batch(match site.engine {
                Engine::Sqlite => "PRAGMA busy_timeout=50",
                Engine::Postgres => "SET lock_timeout='50ms'",
            })
            .unwrap();
        let add = |tx: &mut dyn Conn| tx.exec("UPDATE t SET v = v + 1", &[]);
        holder.begin().unwrap();
        add(holder.as_mut()).unwrap();
        let end = transaction(waiter.as_mut(), add);
        assert!(matches!(end, Err(SqlError::Busy { .. })), "{end:?}");
        holder.commit().unwrap();
        transaction(waiter.as_mut(), add).unwrap();
        assert_eq!(holder.int("SELECT v FROM t", &[]).unwrap(), 2);
    });
}

#[test]
fn tidying_up_loses_nothing() {
    for_each_engine(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        for i in 0..50 {
            conn.exec("INSERT INTO t VALUES ($1)", vals![i]).unwrap();
        }
        conn.idle().unwrap();
        assert_eq!(count(site), 50);
        if let Some(file) = conn.file() {
            // Without its log the file alone must hold all of it.
            let copy = site.folder.path().join("copy.db");
            std::fs::copy(file, &copy).unwrap();
            let mut copy = open(&packbench::sql::Target::Sqlite(copy)).unwrap();
            assert_eq!(copy.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 50);
        }
    });
}
