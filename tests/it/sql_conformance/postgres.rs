//! What only PostgreSQL has: a server that drops connections, time-outs of its own, and TLS.
#![cfg(feature = "central")]

use super::{Site, postgres_server};
use packbench::{
    sql::{Conn, Db, DbOptions, Res, SqlError, Target, open},
    vals,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

fn on_postgres(test: impl Fn(&Site)) {
    if let Some(server) = postgres_server() {
        test(&Site::postgres(&server, None));
    }
}

/// The server's address with more options.
fn with_options(options: &str) -> Option<Target> {
    postgres_server()?;
    let address = std::env::var("PACKBENCH_TEST_PG").unwrap();
    let sign = if address.contains('?') { '&' } else { '?' };
    Some(format!("{address}{sign}{options}").parse().unwrap())
}

const KILL_OTHERS: &str = "SELECT CAST(COUNT(pg_terminate_backend(pid, 5000)) AS BIGINT) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[test]
fn connections_cut_by_the_server_while_idle_or_at_work_are_replaced() {
    on_postgres(|site| {
        let mut admin = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        let options = DbOptions { writers: 1, readers: 1, ..DbOptions::of(&site.target) };
        let db = Db::open_with(&site.target, options).unwrap();
        db.read_blocking(|tx| tx.int("SELECT 1::BIGINT", &[])).unwrap();
        assert_eq!(admin.int(KILL_OTHERS, &[]).unwrap(), 2);
        // Idle when cut: even jobs that may run only once do not notice.
        db.write_once_blocking(|tx| tx.exec("INSERT INTO t VALUES (1)", &[])).unwrap();
        assert_eq!(db.read_blocking(|tx| tx.int("SELECT COUNT(*) FROM t", &[])).unwrap(), 1);

        let runs = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&runs);
        let target = site.target.clone();
        db.write_blocking(move |tx| -> Res<()> {
            tx.exec("INSERT INTO t VALUES (2)", &[])?;
            if counter.fetch_add(1, Ordering::SeqCst) == 0 {
                open(&target)?.int(KILL_OTHERS, &[]).ok();
            }
            tx.exec("INSERT INTO t VALUES (3)", &[])?;
            Ok(())
        })
        .unwrap();
        assert_eq!(runs.load(Ordering::SeqCst), 2);
        let mut after = site.conn();
        assert_eq!(after.int("SELECT COUNT(*) FROM t", &[]).unwrap(), 3);
    });
}

#[test]
fn a_commit_cut_by_the_server_is_unknown() {
    on_postgres(|site| {
        let mut conn = site.with("CREATE TABLE t (i BIGINT PRIMARY KEY)");
        conn.begin().unwrap();
        conn.exec("INSERT INTO t VALUES (1)", &[]).unwrap();
        site.conn().int(KILL_OTHERS, &[]).unwrap();
        let end = conn.commit();
        assert!(matches!(end, Err(SqlError::Unknown { .. })), "{end:?}");
        assert!(!conn.alive());
        assert_eq!(site.conn().int("SELECT COUNT(*) FROM t", &[]).unwrap(), 0);
    });
}

#[test]
fn long_statements_are_stopped() {
    let Some(target) = with_options("options=-c%20statement_timeout%3D100ms") else {
        return;
    };
    let mut conn = open(&target).unwrap();
    let end = conn.all("SELECT pg_sleep(30)", &[]);
    assert!(matches!(end, Err(SqlError::Timeout { .. })), "{end:?}");
    let mut usual = open(&with_options("application_name=x").unwrap()).unwrap();
    for (name, value) in [("statement_timeout", "30s"), ("lock_timeout", "5s")] {
        let row = usual.one(&format!("SHOW {name}"), &[]).unwrap().unwrap();
        assert_eq!(row.at::<String>(0).unwrap(), value);
    }
}

#[test]
fn more_statements_than_the_cache_holds_all_work() {
    on_postgres(|site| {
        let mut conn = site.conn();
        for round in 0..2 {
            for i in 0..600_i64 {
                let sql = format!("SELECT CAST($1 AS BIGINT) + {i}");
                assert_eq!(conn.int(&sql, vals![round]).unwrap(), i + round);
            }
        }
        let kept = conn.int("SELECT COUNT(*) FROM pg_prepared_statements", &[]).unwrap();
        assert!((128..=258).contains(&kept), "{kept} statements on the server");
    });
}

fn is_encrypted(conn: &mut dyn Conn) -> bool {
    conn.one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[]).unwrap().unwrap().at(0).unwrap()
}

#[test]
fn sslmode_decides_about_tls_and_what_is_verified() {
    let Some(mut plain) = with_options("sslmode=disable").map(|target| open(&target).unwrap()) else {
        return;
    };
    assert!(!is_encrypted(plain.as_mut()));
    let ssl = plain.one("SHOW ssl", &[]).unwrap().unwrap();
    assert_eq!(
        ssl.at::<String>(0).unwrap(),
        "on",
        "the server at PACKBENCH_TEST_PG must offer TLS; start it with pg_start of tests/lib/postgres.sh"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("the ca.crt");
    let ca = plain.one("SELECT pg_read_file('ca.crt')", &[]).unwrap().unwrap();
    std::fs::write(&file, ca.at::<String>(0).unwrap()).unwrap();
    let ca = format!("sslrootcert={}", file.to_str().unwrap().replace(' ', "%20"));
    for options in [
        "sslmode=prefer".to_owned(),
        "sslmode=require".to_owned(),
        format!("sslmode=require&{ca}"),
        format!("sslmode=verify-ca&{ca}"),
        format!("sslmode=verify-full&{ca}"),
    ] {
        let mut conn = open(&with_options(&options).unwrap()).unwrap_or_else(|fault| panic!("{options}: {fault}"));
        assert!(is_encrypted(conn.as_mut()), "{options}");
    }
    // The operating system does not know the test's authority, and an empty file knows none.
    for options in ["sslmode=verify-full", "sslmode=verify-ca", "sslmode=verify-full&sslrootcert=/dev/null"] {
        let refused = open(&with_options(options).unwrap());
        assert!(refused.is_err(), "{options} let an unknown authority pass");
    }
}

#[test]
fn a_certificate_for_another_host_passes_only_verify_ca() {
    let Some(mut plain) = with_options("sslmode=disable").map(|target| open(&target).unwrap()) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.crt");
    let ca = plain.one("SELECT pg_read_file('ca.crt')", &[]).unwrap().unwrap();
    std::fs::write(&file, ca.at::<String>(0).unwrap()).unwrap();
    let address = std::env::var("PACKBENCH_TEST_PG").unwrap();
    assert!(address.contains("127.0.0.1"), "the test renames 127.0.0.1 to a host the certificate lacks");
    // `hostaddr` says where to connect, the host's name is then only what is verified.
    let other = address.replace("127.0.0.1", "db.example");
    let sign = if address.contains('?') { '&' } else { '?' };
    let open_as = |mode: &str| {
        let text = format!("{other}{sign}hostaddr=127.0.0.1&sslmode={mode}&sslrootcert={}", file.display());
        open(&text.parse().unwrap())
    };
    assert!(is_encrypted(open_as("verify-ca").unwrap().as_mut()));
    let refused = open_as("verify-full").err().unwrap();
    assert!(matches!(refused, SqlError::Closed { .. }), "{refused:?}");
}
