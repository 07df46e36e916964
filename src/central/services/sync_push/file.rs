//! What the server knows of one fulfillment while a batch is applied: loaded once, changed in memory, written once. The
//! counters are checked here before they reach the database's own rules.

use super::boxes::Boxes;
use crate::central::error::{CentralError, Res};
use crate::central::services::handover::Units;
use crate::central::services::leases;
use crate::central::services::messages;
use crate::central::services::stations::number;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{Claim, LeaseRow, WorkRow};
use crate::protocol::wire::{ChangeKind, Fence, RejectCode};
use crate::sql::Val;
use crate::vals;
use std::collections::BTreeMap;

/// A line's counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub product: String,
    /// Units of this fulfillment.
    pub quantity: i64,
    pub picked: i64,
    pub verified: i64,
    pub packed: i64,
    pub short: i64,
}

/// One fulfillment.
pub(super) struct File {
    pub id: String,
    pub order: String,
    pub number: String,
    pub state: String,
    pub hold_reason: Option<String>,
    pub lease: LeaseRow,
    pub work: WorkRow,
    pub packed_user: Option<String>,
    /// It was packed before this batch.
    packed_before: bool,
    /// A parcel of it is with the carrier: it cannot be taken apart any more.
    pub left: bool,
    /// Its order was made here: its customer is told.
    own: bool,
    /// Digits that the site's numbers of parcels begin with, behind the first.
    pub sscc_prefix: String,
    pub lines: BTreeMap<u32, Line>,
    /// One of several parts: its counters stand on its own lines, and the order's lines keep the sums.
    split: bool,
    loaded: BTreeMap<u32, Line>,
    pub boxes: Boxes,
    pub dirty: bool,
    pub lease_dirty: bool,
    /// Flags cleared at the bench: columns of the order.
    pub cleared: Vec<&'static str>,
}

impl File {
    /// The work goes from one of these states to another; whether it did. What was called off stays as it is, whatever a bench that had
    /// not heard of it does.
    pub fn turn(&mut self, from: &[&str], to: &str) -> bool {
        let turns = !self.work.cancelled && from.contains(&self.state.as_str());
        if turns {
            to.clone_into(&mut self.state);
        }
        turns
    }

    /// Loads one, or none if there is no such fulfillment.
    pub fn load(work: &mut Work<'_>, id: &str) -> Res<Option<File>> {
        let Some(lease) = leases::get(work.tx, id)? else { return Ok(None) };
        let row = work.one(
            "SELECT f.order_id, o.number, f.state, f.hold_reason, f.packed_by, f.packed_fence, f.packed_user, \
             f.handed_over_ms, f.cancelled_ms, f.parts, CASE WHEN EXISTS (SELECT 1 FROM parcels p \
             WHERE p.fulfillment = f.id AND p.shipped_ms IS NOT NULL) THEN 1 ELSE 0 END AS gone, \
             CASE WHEN o.source IN ('desk', 'api') THEN 1 ELSE 0 END AS own, s.sscc_prefix \
             FROM fulfillments f JOIN orders o ON o.id = f.order_id JOIN sites s ON s.id = o.site WHERE f.id = $1",
            vals![id],
        )?;
        let Some(row) = row else { return Ok(None) };
        let packed_by = match row.get::<Option<String>>("packed_by")? {
            None => None,
            Some(station) => Some(Claim {
                station_id: station.parse().map_err(|_| CentralError::Stored { what: "station id" })?,
                fence: row.get::<Option<u64>>("packed_fence")?.map(Fence),
            }),
        };
        let order: String = row.get("order_id")?;
        let mut lines = BTreeMap::new();
        let split = row.get::<i64>("parts")? > 1;
        let own = if split { "fl" } else { "l" };
        let sql = format!(
            "SELECT l.line_no, l.product, fl.quantity, {own}.picked AS picked, {own}.verified AS verified, \
             {own}.packed AS packed, {own}.short AS short FROM fulfillment_lines fl \
             JOIN order_lines l ON l.order_id = $2 AND l.line_no = fl.line_no WHERE fl.fulfillment = $1"
        );
        let rows = work.all(&sql, vals![id, &order])?;
        for row in rows {
            let line = Line {
                product: row.get("product")?,
                quantity: row.get("quantity")?,
                picked: row.get("picked")?,
                verified: row.get("verified")?,
                packed: row.get("packed")?,
                short: row.get("short")?,
            };
            lines.insert(row.get("line_no")?, line);
        }
        Ok(Some(File {
            id: id.to_owned(),
            order,
            number: row.get("number")?,
            state: row.get("state")?,
            hold_reason: row.get("hold_reason")?,
            lease,
            work: WorkRow {
                packed_by,
                cancelled: row.get::<Option<i64>>("cancelled_ms")?.is_some(),
                handed_over: row.get::<Option<i64>>("handed_over_ms")?.is_some(),
            },
            packed_user: row.get("packed_user")?,
            packed_before: packed_by.is_some(),
            left: row.get("gone")?,
            own: row.get("own")?,
            sscc_prefix: row.get("sscc_prefix")?,
            split,
            loaded: lines.clone(),
            boxes: Boxes::load(work, id)?,
            lines,
            dirty: false,
            lease_dirty: false,
            cleared: Vec::new(),
        }))
    }

    /// A line, or the refusal of an event that names none.
    pub fn line(&mut self, no: u32) -> Result<&mut Line, RejectCode> {
        self.lines.get_mut(&no).ok_or(RejectCode::PayloadInvalid)
    }

    /// Writes what changed.
    pub fn flush(&mut self, work: &mut Work<'_>) -> Res<()> {
        self.boxes.flush(work, &self.id)?;
        let changed: Vec<_> = self.lines.iter().filter(|(no, line)| self.loaded.get(no) != Some(line)).collect();
        if self.split {
            for (no, line) in &changed {
                self.flush_line(work, **no, line)?;
            }
        } else {
            let row = |(no, line): &(&u32, &Line)| {
                let counters = [line.picked, line.verified, line.packed, line.short].map(Val::from);
                [Val::from(&self.order), Val::from(**no)].into_iter().chain(counters)
            };
            let rows: Vec<Val> = changed.iter().flat_map(row).collect();
            let sql = "UPDATE order_lines SET picked = $3, verified = $4, packed = $5, short = $6 \
                WHERE order_id = $1 AND line_no = $2";
            work.tx.exec_rows(sql, 6, &rows)?;
        }
        if self.lease_dirty {
            leases::put(work, &self.lease)?;
        }
        if self.dirty {
            work.exec(
                "UPDATE fulfillments SET state = $2, hold_reason = $3, packed_by = $4, packed_fence = $5, packed_user = $6, \
                 packed_ms = CASE WHEN CAST($4 AS TEXT) IS NULL THEN NULL ELSE COALESCE(packed_ms, $7) END, \
                 begun_ms = COALESCE(begun_ms, $7), version = version + 1, updated_ms = $7 WHERE id = $1",
                vals![
                    &self.id, &self.state, self.hold_reason.clone(),
                    self.work.packed_by.map(|claim| claim.station_id.to_string()),
                    self.work.packed_by.and_then(|claim| claim.fence).map(|fence| number(fence.0)),
                    self.packed_user.clone(), work.now_ms()
                ],
            )?;
            work.changed(ChangeKind::Fulfillment, &self.id);
        }
        for column in &self.cleared {
            work.exec(&format!("UPDATE orders SET {column} = 0 WHERE id = $1"), vals![&self.order])?;
        }
        if self.dirty || !changed.is_empty() || !self.cleared.is_empty() {
            self.order_status(work)?;
        }
        let packed = self.work.packed_by.is_some();
        if self.own && packed && !self.packed_before {
            messages::packed(work, &self.order, &self.id)?;
        } else if self.own && self.packed_before && !packed {
            messages::unpacked(work, &self.order, &self.id)?;
        }
        Ok(())
    }

    /// A line of a part: its own counters, and by as much those of the order's line.
    fn flush_line(&self, work: &mut Work<'_>, no: u32, line: &Line) -> Res<()> {
        let Some(before) = self.loaded.get(&no) else { return Ok(()) };
        work.exec(
            "UPDATE fulfillment_lines SET picked = $3, verified = $4, packed = $5, short = $6 \
             WHERE fulfillment = $1 AND line_no = $2",
            vals![&self.id, no, line.picked, line.verified, line.packed, line.short],
        )?;
        work.exec(
            "UPDATE order_lines SET picked = picked + CAST($3 AS BIGINT), verified = verified + CAST($4 AS BIGINT), \
             packed = packed + CAST($5 AS BIGINT), short = short + CAST($6 AS BIGINT) WHERE order_id = $1 AND line_no = $2",
            vals![
                &self.order, no, line.picked - before.picked, line.verified - before.verified,
                line.packed - before.packed, line.short - before.short
            ],
        )?;
        Ok(())
    }

    /// Derives the order's third axis from all its lines. What was called off stays so, whatever its bench still tells of it.
    fn order_status(&self, work: &mut Work<'_>) -> Res<()> {
        let status = if self.work.cancelled {
            None
        } else {
            Some(Units::of(work.tx, &self.order)?.axis(self.state == "packing"))
        };
        work.exec(
            "UPDATE orders SET fulfillment_status = COALESCE(CAST($2 AS TEXT), fulfillment_status), version = version + 1, \
             updated_ms = $3 WHERE id = $1",
            vals![&self.order, status, work.now_ms()],
        )?;
        work.changed(ChangeKind::Order, &self.order);
        Ok(())
    }
}
