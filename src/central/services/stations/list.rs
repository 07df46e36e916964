//! What the console shows of the stations.

use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// A station for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Epoch of its database.
    pub epoch: i64,
    /// Events stored of it in that epoch.
    pub events: i64,
    /// When it last asked anything, UTC ms; 0 if never.
    pub seen_ms: i64,
    /// Its events were seen to come from two histories.
    pub quarantined: bool,
    /// It has a token.
    pub paired: bool,
    /// Work it holds.
    pub leased: i64,
    /// Version of its software.
    pub software: String,
    /// Changes it has not pulled yet.
    pub behind: i64,
    /// Facts that waited there when it last told.
    pub waiting: i64,
    /// Time of the oldest of them, UTC ms; 0 if none.
    pub oldest_unsynced_ms: i64,
    /// When it last told, UTC ms; 0 if it never did.
    pub told_ms: i64,
}

/// All stations of a site, by name.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<StationRow>> {
    let rows = tx.all(
        "SELECT s.id, s.name, s.role, s.epoch, COALESCE(e.last_seq, 0) AS events, s.seen_ms, s.quarantined, \
         CASE WHEN s.token_hash IS NULL THEN 0 ELSE 1 END AS paired, s.software, s.oldest_unsynced_ms, \
         s.waiting_events, s.waiting_told_ms, \
         (SELECT COUNT(*) FROM fulfillments f WHERE f.lease_station = s.id AND f.lease_held = 1) AS leased, \
         CASE WHEN t.gseq > s.pulled_gseq THEN t.gseq - s.pulled_gseq ELSE 0 END AS behind \
         FROM stations s JOIN sites t ON t.id = s.site \
         LEFT JOIN station_epochs e ON e.station = s.id AND e.epoch = s.epoch \
         WHERE s.site = $1 ORDER BY s.name LIMIT 500",
        vals![site.to_string()],
    )?;
    rows.iter()
        .map(|row| {
            // PostgreSQL's CASE of two literals is a 4-byte integer, which reads as any other.
            Ok(StationRow {
                id: row.get("id")?,
                name: row.get("name")?,
                role: row.get("role")?,
                epoch: row.get("epoch")?,
                events: row.get("events")?,
                seen_ms: row.get("seen_ms")?,
                quarantined: row.get("quarantined")?,
                paired: row.get("paired")?,
                leased: row.get("leased")?,
                software: row.get("software")?,
                behind: row.get("behind")?,
                waiting: row.get("waiting_events")?,
                oldest_unsynced_ms: row.get("oldest_unsynced_ms")?,
                told_ms: row.get("waiting_told_ms")?,
            })
        })
        .collect()
}
