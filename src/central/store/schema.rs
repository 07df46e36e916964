//! The migrations of central, in order, and setting a database up with them.

use super::lock;
use super::sites::{self, NewSite};
use super::work::{Context, Work};
use crate::central::actor::Actor;
use crate::central::error::{Res, file};
use crate::central::services::{labels, pipelines, settings};
use crate::core::time::UtcMs;
use crate::protocol::wire::SiteId;
use crate::sql::{self, Migrated, Migration, Target};
use std::path::Path;

macro_rules! migrations {
    ($($version:literal $digits:literal $name:literal;)+) => {
        /// All migrations, oldest first. Append-only.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/central/", $digits, "_", $name, ".sql")),
        }),+];
    };
}

migrations! {
    1 "0001" "site_people_stations";
    2 "0002" "catalogue_stock";
    3 "0003" "orders";
    4 "0004" "work";
    5 "0005" "sync";
    6 "0006" "backlog";
    7 "0007" "learnt_weights";
    8 "0008" "recalls";
    9 "0009" "lease_expiry";
    10 "0010" "access";
    11 "0011" "split";
    12 "0012" "manual_orders";
    13 "0013" "changed_since";
    14 "0014" "order_table";
    15 "0015" "webhooks";
    16 "0016" "order_exports";
    17 "0017" "forget";
    18 "0018" "messages";
    19 "0019" "restore";
    20 "0020" "order_table_due";
    21 "0021" "sheet_imports";
    22 "0022" "order_files";
    23 "0023" "pipelines";
    24 "0024" "stock_work";
    25 "0025" "returns";
    26 "0026" "order_jobs";
    27 "0027" "shorts";
    28 "0028" "kits";
    29 "0029" "places";
    30 "0030" "stage_mail";
    31 "0031" "returns_told";
    32 "0032" "handover";
    33 "0033" "hold_keeps";
    34 "0034" "payment_total";
    35 "0035" "reopen";
    36 "0036" "payment_reminders";
    37 "0037" "kit_lists";
    38 "0038" "returns_imported";
    39 "0039" "label_templates";
    40 "0040" "packing_facts";
    41 "0041" "warehouse_layouts";
    42 "0042" "customer_index";
    43 "0043" "learnt_room";
}

/// Brings a database to the newest schema and makes its first site if it has none. Run it before [`super::Store::open`],
/// on a thread that may block.
///
/// # Errors
/// Any fault of the migrator: a newer database, a changed migration, no backup.
pub fn migrate(target: &Target, first: &NewSite, now_ms: i64) -> Res<(Migrated, SiteId)> {
    if let Target::Sqlite(path) = target
        && let Some(folder) = path.parent().filter(|folder| *folder != Path::new(""))
    {
        std::fs::create_dir_all(folder).map_err(file(format!("making the folder {}", folder.display())))?;
    }
    let _lock = lock::share_file(target)?;
    let mut conn = sql::open(target)?;
    lock::share(conn.as_mut())?;
    let migrated = sql::migrate(conn.as_mut(), MIGRATIONS)?;
    let site = sql::transaction(conn.as_mut(), |tx| -> Res<SiteId> {
        let (site, new) = sites::create_first(tx, first, now_ms)?;
        if new {
            let ctx = Context { site, actor: Actor::Job("setup"), now: UtcMs(now_ms) };
            let mut work = Work::begin(tx, ctx)?;
            settings::begin(&mut work)?;
            work.finish()?;
        }
        // A site of before there were pipelines gets one here, and its open orders their stages.
        let ctx = Context { site, actor: Actor::Job("setup"), now: UtcMs(now_ms) };
        let mut work = Work::begin(tx, ctx)?;
        pipelines::begin(&mut work)?;
        labels::begin(&mut work)?;
        work.finish()?;
        Ok(site)
    })?;
    Ok((migrated, site))
}
