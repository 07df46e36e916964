//! Store threads: one transaction per job, groups in which nobody pays for another, and jobs that come back after a fault.

use super::{Site, for_each_engine};
use packbench::{
    sql::{Conn, Db, DbOptions, Engine, Opener, Res, Row, SqlError, Target, open},
    vals,
};
use std::{
    path::Path,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::Duration,
};

/// Counts the commits that pass through it.
struct Commits(Box<dyn Conn>, Arc<AtomicU64>);

impl Conn for Commits {
    fn engine(&self) -> Engine {
        self.0.engine()
    }
    fn exec(&mut self, sql: &str, params: &[packbench::sql::Val]) -> Res<u64> {
        self.0.exec(sql, params)
    }
    fn each(&mut self, sql: &str, params: &[packbench::sql::Val], row: &mut dyn FnMut(Row) -> Res<()>) -> Res<()> {
        self.0.each(sql, params, row)
    }
    fn batch(&mut self, sql: &str) -> Res<()> {
        self.0.batch(sql)
    }
    fn begin(&mut self) -> Res<()> {
        self.0.begin()
    }
    fn begin_read(&mut self) -> Res<()> {
        self.0.begin_read()
    }
    fn commit(&mut self) -> Res<()> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.commit()
    }
    fn rollback(&mut self) -> Res<()> {
        self.0.rollback()
    }
    fn savepoint(&mut self, name: &str) -> Res<()> {
        self.0.savepoint(name)
    }
    fn release(&mut self, name: &str) -> Res<()> {
        self.0.release(name)
    }
    fn rollback_to(&mut self, name: &str) -> Res<()> {
        self.0.rollback_to(name)
    }
    fn file(&self) -> Option<&Path> {
        self.0.file()
    }
}

/// Waits until `reached` says so, and fails the test after ten seconds.
fn until(what: &str, reached: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !reached() {
        assert!(std::time::Instant::now() < deadline, "waited in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// Keeps every writer of `db` busy while `queue` hands in its jobs, so that they wait together.
fn while_busy<T>(db: &Db, writers: usize, queue: impl FnOnce() -> T) -> T {
    std::thread::scope(|scope| {
        let mut gates = Vec::new();
        let (busy, is_busy) = mpsc::channel();
        for _ in 0..writers {
            let (open, gate) = mpsc::channel::<()>();
            gates.push(open);
            let busy = busy.clone();
            scope.spawn(move || {
                db.write_once_blocking(move |_| -> Res<()> {
                    busy.send(()).unwrap();
                    gate.recv_timeout(Duration::from_secs(20)).unwrap();
                    Ok(())
                })
                .unwrap();
            });
            is_busy.recv_timeout(Duration::from_secs(10)).unwrap();
        }
        let out = queue();
        gates.into_iter().for_each(|gate| gate.send(()).unwrap());
        out
    })
}

fn count(site: &Site) -> i64 {
    site.conn().int("SELECT COUNT(*) FROM t", &[]).unwrap()
}

#[test]
fn thirty_two_callers_draw_numbers_without_a_gap() {
    for_each_engine(|site| {
        site.with("CREATE TABLE counters (v BIGINT NOT NULL); INSERT INTO counters VALUES (0); CREATE TABLE t (g BIGINT PRIMARY KEY, who BIGINT);");
        let db = site.db();
        let draw = |who: i64| {
            move |tx: &mut dyn Conn| -> Res<i64> {
                let v = tx.int("UPDATE counters SET v = v + 1 RETURNING v", &[])?;
                tx.exec("INSERT INTO t VALUES ($1, $2)", vals![v, who])?;
                Ok(v)
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let tasks: Vec<_> = (0..16)
            .map(|who| {
                let db = db.clone();
                runtime.spawn(async move {
                    for _ in 0..20 {
                        db.write(draw(who)).await.unwrap();
                    }
                })
            })
            .collect();
        std::thread::scope(|scope| {
            for who in 16..32 {
                let db = &db;
                scope.spawn(move || {
                    for _ in 0..20 {
                        db.write_blocking(draw(who)).unwrap();
                    }
                });
            }
        });
        for task in tasks {
            runtime.block_on(task).unwrap();
        }
        let seen = db.read_blocking(|tx| tx.all("SELECT g FROM t ORDER BY g", &[])).unwrap();
        let seen: Vec<i64> = seen.iter().map(|row| row.at(0).unwrap()).collect();
        assert_eq!(seen, (1..=640).collect::<Vec<i64>>());
    });
}

#[test]
fn a_failed_job_of_a_group_spoils_no_other() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY); INSERT INTO t VALUES (-1)");
        let db = site.db();
        let job = |i: i64| {
            move |tx: &mut dyn Conn| -> Res<i64> {
                tx.exec("INSERT INTO t VALUES ($1)", vals![i])?;
                match i % 5 {
                    1 => tx.exec("INSERT INTO t VALUES (-1)", &[]).map(|_| i),
                    2 => panic!("a job that panics on purpose"),
                    3 => Err(SqlError::Cursor),
                    4 => {
                        let _ = tx.exec("INSERT INTO t VALUES (-1)", &[]);
                        Ok(i)
                    }
                    _ => Ok(i),
                }
            }
        };
        let writers = DbOptions::of(&site.target).writers;
        std::thread::scope(|scope| {
            let answers = while_busy(&db, writers, || {
                let answers: Vec<_> = (0..40)
                    .map(|i| {
                        let db = &db;
                        scope.spawn(move || (i % 5, db.write_blocking(job(i))))
                    })
                    .collect();
                until("all jobs wait", || db.waiting().0 == 40);
                answers
            });
            for answer in answers {
                match answer.join().unwrap() {
                    (0, answer) => drop(answer.unwrap()),
                    (2, answer) => assert!(matches!(answer, Err(SqlError::Panicked)), "{answer:?}"),
                    (3, answer) => assert!(matches!(answer, Err(SqlError::Cursor)), "{answer:?}"),
                    (_, answer) => assert!(matches!(answer, Err(SqlError::Unique { .. })), "{answer:?}"),
                }
            }
        });
        assert_eq!(count(site), 9, "the eight good jobs and the row before them");
    });
}

#[test]
fn waiting_jobs_are_committed_together_on_sqlite_and_each_alone_on_postgresql() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let commits = Arc::new(AtomicU64::new(0));
        let (target, counter) = (site.target.clone(), Arc::clone(&commits));
        let opener: Opener = Arc::new(move |_| Ok(Box::new(Commits(open(&target)?, Arc::clone(&counter)))));
        let options = DbOptions { writers: 1, ..DbOptions::of(&site.target) };
        let db = Db::start(opener, options).unwrap();
        std::thread::scope(|scope| {
            while_busy(&db, 1, || {
                for i in 0..100_i64 {
                    let db = &db;
                    scope.spawn(move || {
                        db.write_blocking(move |tx| tx.exec("INSERT INTO t VALUES ($1)", vals![i])).unwrap()
                    });
                }
                until("all jobs wait", || db.waiting().0 == 100);
            });
        });
        drop(db);
        assert_eq!(count(site), 100);
        let expected = match site.engine {
            // The job that kept the writer busy, 64, and 36.
            Engine::Sqlite => 3,
            Engine::Postgres => 101,
        };
        assert_eq!(commits.load(Ordering::SeqCst), expected);
    });
}

#[test]
fn a_panicking_job_leaves_nothing_and_the_store_goes_on() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let db = site.db();
        for _ in 0..12 {
            let end = db.write_blocking(|tx| -> Res<()> {
                tx.exec("INSERT INTO t VALUES (1)", &[])?;
                panic!("on purpose")
            });
            assert!(matches!(end, Err(SqlError::Panicked)), "{end:?}");
            let end = db.read_blocking(|_| -> Res<()> { panic!("on purpose") });
            assert!(matches!(end, Err(SqlError::Panicked)), "{end:?}");
        }
        db.write_blocking(|tx| tx.exec("INSERT INTO t VALUES (1)", &[])).unwrap();
        assert_eq!(count(site), 1);
    });
}

#[test]
fn a_reader_cannot_write_and_sees_one_state() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let db = site.db();
        let end = db.read_blocking(|tx| tx.exec("INSERT INTO t VALUES (1)", &[]));
        assert!(matches!(end, Err(SqlError::ReadOnly { .. })), "{end:?}");
        let writer = db.clone();
        let (before, after) = db
            .read_blocking(move |tx| -> Res<(i64, i64)> {
                let before = tx.int("SELECT COUNT(*) FROM t", &[])?;
                writer.write_blocking(|tx| tx.exec("INSERT INTO t VALUES (2)", &[]))?;
                Ok((before, tx.int("SELECT COUNT(*) FROM t", &[])?))
            })
            .unwrap();
        assert_eq!((before, after), (0, 0));
        assert_eq!(db.read_blocking(|tx| tx.int("SELECT COUNT(*) FROM t", &[])).unwrap(), 1);
    });
}

#[test]
fn a_job_cannot_end_the_transaction_it_runs_in() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let db = site.db();
        db.write_blocking(|tx| -> Res<()> {
            tx.exec("INSERT INTO t VALUES (1)", &[])?;
            for end in [tx.begin(), tx.begin_read(), tx.commit(), tx.rollback()] {
                assert!(matches!(end, Err(SqlError::NotYours)), "{end:?}");
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(count(site), 1);
    });
}

#[test]
fn a_caller_s_own_error_type_comes_back_and_undoes_the_job() {
    #[derive(Debug, thiserror::Error)]
    enum ServiceError {
        #[error("the order is packed already")]
        Packed,
        #[error(transparent)]
        Sql(#[from] SqlError),
    }
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let db = site.db();
        let end = db.write_blocking(|tx| -> Result<(), ServiceError> {
            tx.exec("INSERT INTO t VALUES (1)", &[])?;
            Err(ServiceError::Packed)
        });
        assert!(matches!(end, Err(ServiceError::Packed)), "{end:?}");
        let end = db.write_blocking(|tx| -> Result<(), ServiceError> {
            tx.exec("INSERT INTO nowhere VALUES (1)", &[])?;
            Ok(())
        });
        assert!(matches!(end, Err(ServiceError::Sql(_))), "{end:?}");
        assert_eq!(count(site), 0);
    });
}

#[test]
fn the_last_clone_finishes_what_was_handed_in() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let db = site.db();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            for i in 0..50_i64 {
                let job = db.write(move |tx| tx.exec("INSERT INTO t VALUES ($1)", vals![i]));
                // Handed in, and then nobody waits for the answer.
                let mut job = Box::pin(job);
                let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(job.as_mut().poll(cx).is_pending()));
                polled.await;
            }
            drop(db);
        });
        assert_eq!(count(site), 50);
    });
}

#[test]
fn jobs_that_lock_each_other_out_are_run_again() {
    for_each_engine(|site| {
        site.with("CREATE TABLE t (i BIGINT PRIMARY KEY, v BIGINT NOT NULL); INSERT INTO t VALUES (1, 0), (2, 0);");
        let db = site.db();
        let met = Arc::new(Barrier::new(2));
        let runs = Arc::new(Mutex::new(0));
        std::thread::scope(|scope| {
            for (first, second) in [(1_i64, 2_i64), (2, 1)] {
                let (db, met, runs) = (&db, Arc::clone(&met), Arc::clone(&runs));
                let alone = site.engine == Engine::Sqlite;
                scope.spawn(move || {
                    let mut fresh = !alone;
                    db.write_blocking(move |tx| {
                        *runs.lock().unwrap() += 1;
                        let add = "UPDATE t SET v = v + 1 WHERE i = $1";
                        tx.exec(add, vals![first])?;
                        if std::mem::take(&mut fresh) {
                            met.wait();
                        }
                        tx.exec(add, vals![second])
                    })
                    .unwrap();
                });
            }
        });
        let sum = site.conn().int("SELECT CAST(SUM(v) AS BIGINT) FROM t", &[]).unwrap();
        assert_eq!(sum, 4);
        let expected = match site.engine {
            Engine::Sqlite => 2,
            Engine::Postgres => 3,
        };
        assert_eq!(*runs.lock().unwrap(), expected);
    });
}

#[test]
fn a_table_changed_under_a_prepared_statement_is_no_error() {
    for_each_engine(|site| {
        let mut other = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY); INSERT INTO t VALUES (1)");
        let db =
            Db::open_with(&site.target, DbOptions { writers: 1, readers: 1, ..DbOptions::of(&site.target) }).unwrap();
        let wide = |db: &Db| {
            let rows = db.read_blocking(|tx| tx.all("SELECT * FROM t", &[])).unwrap();
            rows[0].names().len()
        };
        assert_eq!(wide(&db), 1);
        other.batch("ALTER TABLE t ADD COLUMN n BIGINT").unwrap();
        assert_eq!(wide(&db), 2);
    });
}

#[test]
fn a_database_that_cannot_be_opened_is_told_at_the_start() {
    for_each_engine(|site| {
        let start = |target: Target| Db::open(&target).err().unwrap();
        match site.engine {
            Engine::Sqlite => {
                let missing = start(Target::Sqlite(site.folder.path().join("no/such/folder.db")));
                assert!(matches!(missing, SqlError::Closed { .. }), "{missing:?}");
                let file = site.folder.path().join("text.db");
                std::fs::write(&file, "this is no database, only a text ".repeat(200)).unwrap();
                let text = start(Target::Sqlite(file));
                assert!(matches!(text, SqlError::Corrupt { .. }), "{text:?}");
                let memory = start(":memory:".parse().unwrap());
                assert!(matches!(memory, SqlError::Address { .. }), "{memory:?}");
            }
            Engine::Postgres => {
                let nobody = start("postgres://u@127.0.0.1:1/d".parse().unwrap());
                assert!(matches!(nobody, SqlError::Closed { .. }), "{nobody:?}");
                let Target::Postgres(address) = &site.target else { panic!() };
                let unknown = start(Target::Postgres(address.with_database("no_such_database")));
                assert!(matches!(unknown, SqlError::Address { .. }), "{unknown:?}");
            }
        }
    });
}
