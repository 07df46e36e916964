//! Restoring: a backup becomes a database again, and that database begins a new epoch in the same transaction, so that no
//! restored database is ever taken for the one that was lost.
//!
//! What the epoch changes: the stream has a new name, so every station's cursor is unknown and it starts anew and gives again what
//! central lacks; parcel and invoice numbers that may have been given after the backup are jumped over; sessions end.

use super::archive::Archive;
use super::error::{CarryError, Res, file};
use super::flow::{Database, Tell, fill};
use super::place::{beside, into_new, remove};
use super::shape::{migrations, newest, tables};
use crate::central::actor::Actor;
use crate::central::store::sites;
use crate::central::store::work::{Context, Work};
use crate::core::time::UtcMs;
use crate::protocol::sync::server::SsccRange;
use crate::sql::{self, Conn, Target};
use crate::vals;
use std::fs::File;
use std::path::Path;
use uuid::Uuid;

/// What a SQLite file begins with (sqlite.org/fileformat.html).
const SQLITE: &[u8; 16] = b"SQLite format 3\0";
/// What a gzip file begins with (RFC 1952).
const GZIP: &[u8; 2] = b"\x1f\x8b";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Parcel numbers that are jumped over at least: a block for each of some stations.
const PARCELS_MIN: i64 = 100_000;
/// Invoice numbers that are jumped over at least.
const INVOICES_MIN: i64 = 1_000;
/// A range's part that a jump takes at most: a short range must last.
const PARCELS_PART: i64 = 10;

/// What the new epoch began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewed {
    /// Its number; 1 is a database that was never restored.
    pub epoch: i64,
    /// Parcel numbers that are not given again.
    pub parcels_skipped: i64,
    /// Invoice numbers that are not given again.
    pub invoices_skipped: i64,
    /// Stations that are waited for before work is given out.
    pub stations: i64,
}

/// What a restore came to.
#[derive(Clone, Debug)]
pub struct Restored {
    /// When the backup was taken, UTC ms.
    pub taken_ms: i64,
    /// Rows.
    pub rows: u64,
    /// Files of the photo folder that were new there.
    pub files: u64,
    /// The new epoch.
    pub renewed: Renewed,
}

/// Makes a database from a backup (or from a SQLite copy of one) where none is, with a new epoch: wholly or not at all.
///
/// # Errors
/// [`CarryError::NotEmpty`], [`CarryError::InUse`], [`CarryError::NoBackup`], [`CarryError::Damaged`],
/// [`CarryError::Version`]; any fault of the disk or the database.
pub fn restore(backup: &Path, to: &Target, photos: &Path, now_ms: i64, tell: Tell<'_>) -> Res<Restored> {
    let mut head = [0; 16];
    let mut open = File::open(backup).map_err(file("reading", backup))?;
    let n = super::files::read_full(&mut open, &mut head).map_err(file("reading", backup))?;
    if head.starts_with(GZIP) {
        let mut archive = Archive::open(backup, Some(photos))?;
        if archive.header.schema == newest() {
            let taken_ms = archive.header.taken_ms;
            let (rows, renewed) = arrive(to, &mut archive, taken_ms, now_ms, tell)?;
            return Ok(Restored { taken_ms, rows, files: archive.files, renewed });
        }
        return older(&mut archive, backup, to, now_ms, tell);
    }
    if n < SQLITE.len() || head != *SQLITE {
        return Err(CarryError::NoBackup { path: backup.to_owned() });
    }
    drop(open);
    let age = std::fs::metadata(backup).and_then(|known| known.modified()).ok();
    let taken = age.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let taken_ms = taken.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(now_ms);
    // Opening it would change it.
    let own = staged(to, backup);
    std::fs::copy(backup, &own.0).map_err(file("copying", backup))?;
    from_staged(&own, taken_ms, 0, to, now_ms, tell)
}

/// A backup of an older schema: into a file of its own at its version, up to date there, then to its place.
fn older(archive: &mut Archive<'_>, backup: &Path, to: &Target, now_ms: i64, tell: Tell<'_>) -> Res<Restored> {
    let own = staged(to, backup);
    let (version, taken_ms) = (archive.header.schema, archive.header.taken_ms);
    let list = tables(version)?;
    into_new(&Target::Sqlite(own.0.clone()), version, |tx| fill(tx, &list, archive, tell))?;
    from_staged(&own, taken_ms, archive.files, to, now_ms, tell)
}

/// A file on the way, removed in the end whatever happens.
struct Staged(std::path::PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

fn staged(to: &Target, backup: &Path) -> Staged {
    let path = match to {
        Target::Sqlite(path) => beside(path, ".staged"),
        Target::Postgres(_) => beside(backup, ".staged"),
    };
    remove(&path);
    Staged(path)
}

fn from_staged(own: &Staged, taken_ms: i64, files: u64, to: &Target, now_ms: i64, tell: Tell<'_>) -> Res<Restored> {
    let mut conn = sql::open(&Target::Sqlite(own.0.clone()))?;
    if sql::schema_version(conn.as_mut())? == 0 {
        return Err(CarryError::Nothing { place: own.0.display().to_string() });
    }
    let migrated = sql::migrate(conn.as_mut(), migrations(newest()))?;
    if let Some(before) = migrated.backup {
        // The backup that is being restored is that backup already.
        std::fs::remove_file(&before).map_err(file("removing", &before))?;
    }
    conn.begin_read()?;
    let (rows, renewed) = arrive(to, &mut Database(conn.as_mut()), taken_ms, now_ms, tell)?;
    Ok(Restored { taken_ms, rows, files, renewed })
}

fn arrive(
    to: &Target,
    from: &mut dyn super::flow::Source,
    taken_ms: i64,
    now_ms: i64,
    tell: Tell<'_>,
) -> Res<(u64, Renewed)> {
    let list = tables(newest())?;
    into_new(to, newest(), |tx| {
        let sums = fill(tx, &list, from, tell)?;
        Ok((sums.iter().map(|sum| sum.rows).sum(), renew(tx, taken_ms, now_ms)?))
    })
}

/// Begins the new epoch.
fn renew(tx: &mut dyn Conn, taken_ms: i64, now_ms: i64) -> Res<Renewed> {
    let site = sites::only(tx)?;
    let row = tx.one(
        "SELECT sscc_prefix, sscc_next, invoice_next, epoch, lease_ttl_ms FROM sites WHERE id = $1",
        vals![site.to_string()],
    )?;
    let row = row.ok_or(CarryError::Nothing { place: "the backup".to_owned() })?;
    let prefix: String = row.at(0)?;
    let (parcel_next, invoice_next, epoch, ttl_ms): (i64, i64, i64, i64) =
        (row.at(1)?, row.at(2)?, row.at(3)?, row.at(4)?);
    let id = site.to_string();
    let days = (now_ms.saturating_sub(taken_ms).max(0) / DAY_MS).saturating_add(1);
    let parcels = tx.int(
        "SELECT CAST(COALESCE(SUM(last_no - first_no + 1), 0) AS BIGINT) FROM number_blocks WHERE site = $1 AND granted_ms > $2",
        vals![&id, taken_ms - 30 * DAY_MS],
    )?;
    let invoices = tx.int(
        "SELECT COUNT(*) FROM orders WHERE site = $1 AND invoice_no IS NOT NULL AND placed_ms > $2",
        vals![&id, taken_ms - 30 * DAY_MS],
    )?;
    let range =
        SsccRange { extension: 0, company_prefix: prefix, given: 0, free_below: 0 }.capacity().unwrap_or(u64::MAX);
    let range = i64::try_from(range).unwrap_or(i64::MAX);
    let parcels_skipped = jump(parcels, days, PARCELS_MIN).min(range / PARCELS_PART);
    let invoices_skipped = jump(invoices, days, INVOICES_MIN);
    let mut work = Work::begin(tx, Context { site, actor: Actor::Job("restore"), now: UtcMs(now_ms) })?;
    let epoch = epoch + 1;
    work.exec(
        "UPDATE sites SET stream = $2, epoch = $3, restored_ms = $4, restored_from_ms = $5, sscc_next = $6, \
         invoice_next = $7 WHERE id = $1",
        vals![
            &id,
            Uuid::now_v7().to_string(),
            epoch,
            now_ms,
            taken_ms,
            parcel_next + parcels_skipped,
            invoice_next + invoices_skipped
        ],
    )?;
    keep_lost_numbers(&mut work, parcel_next, parcels_skipped, range)?;
    // Who had logged out, or was shut out, since the backup stays out; codes shown since then are forgotten too.
    work.exec("DELETE FROM sessions", &[])?;
    work.exec("DELETE FROM pairing_codes WHERE used_ms IS NULL", &[])?;
    let stations = work.tx.int(
        "SELECT COUNT(*) FROM stations WHERE site = $1 AND token_hash IS NOT NULL AND seen_ms >= $2",
        vals![&id, taken_ms - ttl_ms],
    )?;
    let detail = serde_json::json!({
        "epoch": epoch, "taken_ms": taken_ms, "parcel_numbers_skipped": parcels_skipped,
        "invoice_numbers_skipped": invoices_skipped,
    });
    work.audit("site.restored", "site", &id, detail);
    work.finish()?;
    Ok(Renewed { epoch, parcels_skipped, invoices_skipped, stations })
}

/// How many numbers may have been given in so many days, generously: three times what the month before gave.
fn jump(of_30_days: i64, days: i64, at_least: i64) -> i64 {
    let likely = of_30_days.saturating_mul(days).saturating_mul(3) / 30;
    likely.saturating_add(at_least)
}

/// Parcel numbers of blocks that nobody remembers: a label with one is believed, and none is given again.
fn keep_lost_numbers(work: &mut Work<'_>, first: i64, count: i64, range: i64) -> Res<()> {
    let (mut from, mut left) = (first, count);
    while left > 0 {
        let serial = (from - 1) % range;
        let part = left.min(range - serial);
        let (id, site, now) = (work.new_id(), work.site(), work.now_ms());
        work.exec(
            "INSERT INTO number_blocks (id, site, station, epoch, first_no, last_no, first_serial, burnt, granted_ms) \
             VALUES ($1, $2, '', 0, $3, $4, $5, 1, $6)",
            vals![id, site, from, from + part - 1, serial, now],
        )?;
        (from, left) = (from + part, left - part);
    }
    Ok(())
}

/// A person says that no station holds work any more that central does not know of: it is given out again. How many stations
/// were still waited for.
///
/// # Errors
/// Any fault of the store.
pub fn heard_all(work: &mut Work<'_>) -> crate::central::error::Res<u64> {
    let waited = work.exec(
        "UPDATE stations SET heard_epoch = (SELECT s.epoch FROM sites s WHERE s.id = stations.site) \
         WHERE site = $1 AND heard_epoch < (SELECT s.epoch FROM sites s WHERE s.id = stations.site)",
        vals![work.site()],
    )?;
    let site = work.site();
    work.audit("site.heard_all", "site", site, serde_json::json!({ "stations": waited }));
    Ok(waited)
}
