//! The server's part: folder, database, schema, address.

use super::{Findings, Mark, folder, told};
use crate::central::store::schema::MIGRATIONS;
use crate::cli::settings::Loaded;
use crate::sql::{self, SqlError, Target};
use std::net::TcpListener;

pub(super) fn check(found: &mut Findings, loaded: &Loaded) {
    found.part("Central");
    let settings = match loaded.central() {
        Ok(settings) => settings,
        Err(e) => return found.broken(told(&e), "correct the settings"),
    };
    let target = match crate::cli::central::target(&settings) {
        Ok(target) => target,
        Err(e) => return found.broken(told(&e), "correct central.database"),
    };
    let fresh = matches!(&target, Target::Sqlite(path) if !path.exists());
    if fresh && !loaded.mentions("central.") {
        return found.add(Mark::None, "no server is set up on this machine", "to have one: `packbench central serve`");
    }
    folder(found, "data folder", &settings.data_dir);
    if fresh {
        found.add(Mark::None, "no database yet: it is made at the first start", "");
    } else {
        database(found, &target);
    }
    match TcpListener::bind(settings.listen) {
        Ok(_) => found.good(format!("address {} is free", settings.listen)),
        Err(e) if e.kind() == std::io::ErrorKind::AddrInUse => {
            found.add(Mark::Look, format!("address {} is in use: well, if it is by central", settings.listen), "");
        }
        Err(e) => found.broken(format!("address {}: {e}", settings.listen), "correct central.listen"),
    }
    let plain = settings.public_url.starts_with("http://") && !settings.listen.ip().is_loopback();
    if plain {
        let what = format!("people and stations use {} without encryption", settings.public_url);
        found.add(Mark::Look, what, "put a proxy with HTTPS before it and set central.public_url to its address");
    }
}

fn database(found: &mut Findings, target: &Target) {
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    let looked = sql::open_read_only(target).and_then(|mut conn| {
        let version = sql::schema_version(conn.as_mut())?;
        let orders = if version > 0 { Some(conn.int("SELECT COUNT(*) FROM orders", &[])?) } else { None };
        Ok::<_, SqlError>((version, orders))
    });
    match looked {
        Ok((version, _)) if version > known => found.broken(
            format!("the database has schema version {version}, this program knows {known}"),
            "install the newer program, or restore the backup made before it",
        ),
        Ok((version, _)) if version < known => found.add(
            Mark::Look,
            format!("the database has schema version {version} of {known}"),
            match target {
                Target::Sqlite(_) => "`packbench central migrate` brings it up to date, with a backup before",
                Target::Postgres(_) => {
                    "back it up with the program of before; then `packbench central migrate` brings it up to date"
                }
            },
        ),
        Ok((version, orders)) => {
            found.good(format!("database, schema version {version}, {} orders", orders.unwrap_or(0)));
        }
        Err(e) => found.broken(format!("database: {}", told(&e)), "check the address and that the database runs"),
    }
}
