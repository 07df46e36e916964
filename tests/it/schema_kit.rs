//! Databases that have central's tables and nothing in them: made once, then copied, because most tests of central begin there.
//! The migrations themselves are tested on empty databases (`sql_conformance`).

use crate::sql_conformance::{Site, postgres_server};
use packbench::central::store::schema::MIGRATIONS;
use packbench::sql::{Conn, Target, migrate, open};
use packbench::vals;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Runs a test on a fresh database of each engine that has central's tables.
pub fn for_each_engine(test: impl Fn(&Site)) {
    println!("on SQLite");
    test(&on_sqlite());
    if let Some(server) = postgres_server() {
        println!("on PostgreSQL");
        test(&Site::postgres(&server, Some(on_postgres(&server))));
    }
}

fn on_sqlite() -> Site {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let site = Site::sqlite();
        migrate(site.conn().as_mut(), MIGRATIONS).unwrap();
        std::fs::read(path(&site)).unwrap()
    });
    let site = Site::sqlite();
    std::fs::write(path(&site), file).unwrap();
    site
}

fn path(site: &Site) -> &std::path::Path {
    match &site.target {
        Target::Sqlite(path) => path,
        Target::Postgres(_) => panic!("a database of SQLite was made"),
    }
}

/// The name of the database that is copied. It stays on the server for the next run; other migrations have another name.
fn on_postgres(server: &Target) -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let texts = MIGRATIONS.iter().fold(String::new(), |all, one| all + &format!("{one:?}"));
        let name =
            format!("packbench_tables_{}", uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, texts.as_bytes()).simple());
        let mut admin = open(server).unwrap();
        if !exists(admin.as_mut(), &name) {
            let site = Site::postgres(server, None);
            migrate(site.conn().as_mut(), MIGRATIONS).unwrap();
            let Some((_, made)) = &site.server else { panic!("a database of PostgreSQL has its server") };
            // Nobody may be in a database that is renamed; the server takes a moment to see the connection off.
            let since = Instant::now();
            while admin.one("SELECT 1 FROM pg_stat_activity WHERE datname = $1", vals![made]).unwrap().is_some() {
                assert!(since.elapsed() < Duration::from_secs(20), "somebody stays in {made}");
                std::thread::yield_now();
            }
            // Another process may have been quicker.
            if let Err(fault) = admin.batch(&format!("ALTER DATABASE {made} RENAME TO {name}")) {
                assert!(exists(admin.as_mut(), &name), "{fault}");
            }
        }
        name
    })
}

fn exists(admin: &mut dyn Conn, name: &str) -> bool {
    admin.one("SELECT 1 FROM pg_database WHERE datname = $1", vals![name]).unwrap().is_some()
}
