//! A station takes changes: pages of whole records in the order of their commits, behind an opaque cursor.
//!
//! The log holds one row per record, at the place of its newest change, so reading it from the start is a snapshot: a
//! record that changes meanwhile moves to the end and is met there. A snapshot is over when the end is reached.

mod cursor;
mod orders;
mod records;
mod returns;

pub use orders::carrier_id;

use crate::central::error::Res;
use crate::central::services::leases;
use crate::central::services::stock::Promised;
use crate::central::store::sites;
use crate::protocol::wire::pull::PULL_CHANGES_MAX;
use crate::protocol::wire::version::change_known;
use crate::protocol::wire::{
    Change, ChangeKind, ProblemCode, PullPage, PullRequest, Put, SiteId, SnapshotPart, StationId,
};
use crate::sql::Conn;
use crate::vals;
use cursor::Place;
use uuid::Uuid;

/// How a pull ended.
#[derive(Debug)]
pub enum Pulled {
    /// A page, and the number of the newest change in it.
    Page(Box<PullPage>, i64),
    /// Refused with this code of the wire.
    Refused(ProblemCode),
}

/// One page for a station.
///
/// # Errors
/// Any fault of the store, or a stored value of unknown form.
pub fn pull(tx: &mut dyn Conn, site_id: SiteId, station: StationId, request: &PullRequest, now_ms: i64) -> Res<Pulled> {
    let site = sites::get(tx, site_id)?;
    let place = match &request.cursor {
        None => Place { stream: site.stream.clone(), gseq: 0, snapshot: Some(Uuid::now_v7()) },
        Some(cursor) => match Place::read(cursor) {
            Some(place) if place.stream == site.stream && place.gseq <= site.gseq => place,
            Some(_) | None => return Ok(Pulled::Refused(ProblemCode::CursorUnknown)),
        },
    };
    let limit = request.limit.clamp(1, PULL_CHANGES_MAX);
    let rows = tx.all(
        "SELECT kind, record, gseq, gone FROM changes WHERE site = $1 AND gseq > $2 AND (station = '' OR station = $3) \
         ORDER BY gseq LIMIT $4",
        vals![site_id.to_string(), place.gseq, station.to_string(), i64::from(limit) + 1],
    )?;
    let more = rows.len() > limit as usize;
    let mut changes = Vec::new();
    let mut reached = if more { place.gseq } else { site.gseq };
    let mut reading = Reading { site, snapshot: place.snapshot.is_some(), promised: None };
    for row in rows.iter().take(limit as usize) {
        if more {
            reached = row.get("gseq")?;
        }
        let (kind, record): (String, String) = (row.get("kind")?, row.get("record")?);
        let kind = ChangeKind::ALL.iter().find(|known| known.text() == kind);
        let Some(kind) = kind.copied().filter(|kind| change_known(*kind, request.protocol)) else { continue };
        let gone: bool = row.get("gone")?;
        changes.extend(reading.change(tx, kind, &record, gone)?);
    }
    let next = Place { stream: reading.site.stream, gseq: reached, snapshot: place.snapshot.filter(|_| more) };
    let snapshot = place.snapshot.map(|id| SnapshotPart { id, last: !more });
    let page = PullPage { changes, next_cursor: next.cursor(), more, server_time_ms: now_ms, snapshot };
    Ok(Pulled::Page(Box::new(page), reached))
}

/// What the records of one page are read with.
struct Reading {
    site: sites::Site,
    snapshot: bool,
    /// Read with the first balance of the page.
    promised: Option<Promised>,
}

impl Reading {
    /// One record's change; none for a record that a snapshot need not hold.
    fn change(&mut self, tx: &mut dyn Conn, kind: ChangeKind, record: &str, gone: bool) -> Res<Option<Change>> {
        let (site, snapshot) = (&self.site, self.snapshot);
        if gone {
            return Ok(if snapshot { None } else { records::tombstone(kind, record) });
        }
        match kind {
            ChangeKind::Product => records::product(tx, record),
            ChangeKind::User => records::user(tx, record),
            ChangeKind::Packaging => records::packaging(tx, record),
            ChangeKind::Location => records::location(tx, record),
            ChangeKind::StockLevel => records::stock_level(tx, record, &mut self.promised),
            ChangeKind::Order => orders::order(tx, site, record, snapshot),
            ChangeKind::Fulfillment => orders::fulfillment(tx, site, record, snapshot),
            ChangeKind::Lease => orders::lease(tx, record, snapshot),
            ChangeKind::Cancel => orders::cancel(tx, record),
            ChangeKind::SsccBlock => records::sscc_block(tx, record),
            ChangeKind::Settings => records::settings(site),
            ChangeKind::Carrier => records::carrier(tx, record),
            ChangeKind::SerialUsed => records::serial_used(tx, record),
            ChangeKind::Return => returns::on_its_way(tx, record),
            ChangeKind::LabelTemplate => records::label_template(tx, site, record),
            ChangeKind::Recall => {
                Ok(leases::recall_record(tx, record)?.map(|recall| Change::Recall(Put::Upsert(Box::new(recall)))))
            }
        }
    }
}
