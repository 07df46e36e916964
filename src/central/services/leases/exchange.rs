//! One lease exchange of a station: what it gives back, keeps and wants; blocks of parcel numbers come with it.

use super::forgotten;
use super::recall::{YIELDED_MS, feed};
use super::rows::{put, row_of, select};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::stations::{self, number};
use crate::central::services::stock;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{Holder, LeaseAsk, LeaseRow, SsccRange, block_grant, exchange as decide};
use crate::protocol::wire::lease::LEASES_MAX;
use crate::protocol::wire::{
    BlockId, ChangeKind, FulfillmentId, LeaseAnswer, LeaseRequest, ProblemCode, RequestNo, SsccBlockRecord, StationId,
};
use crate::vals;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Numbers of one block: some days of one station.
const BLOCK_NUMBERS: u64 = 2_000;
/// A station that has fewer gets another block.
const BLOCK_LOW: u64 = 500;
/// An accepted parcel number is not given again for a year and a day.
const REUSE_MS: i64 = 366 * 24 * 60 * 60 * 1000;
/// Most unstarted leases of a station.
const LEASES_UNSTARTED_MAX: u32 = 200;

/// How an exchange ended.
#[derive(Debug)]
pub enum Exchanged {
    /// To be answered.
    Answer(Box<LeaseAnswer>),
    /// Refused with this code of the wire.
    Refused(ProblemCode),
}

/// Runs the exchange. `may_take` is false for a station whose protocol is too old to take work.
///
/// # Errors
/// Any fault of the store.
pub fn exchange(work: &mut Work<'_>, request: &LeaseRequest, may_take: bool) -> Res<Exchanged> {
    if request.have.len() > LEASES_MAX || request.returns.len() > LEASES_MAX {
        return Ok(Exchanged::Refused(ProblemCode::TooLarge));
    }
    let station = request.station_id.to_string();
    let (epoch, _) = stations::stream(work.tx, &station, request.epoch)?;
    let last = work.one(
        "SELECT request_no FROM station_epochs WHERE station = $1 AND epoch = $2",
        vals![&station, number(request.epoch.0)],
    )?;
    let site = sites::get(work.tx, work.ctx.site)?;
    // After a restore any station may have done what the database believes free: first they are heard.
    let settled = stations::waited_for(work, &site)? == 0;
    let want = if may_take && settled { request.want.min(LEASES_UNSTARTED_MAX) } else { 0 };
    let mut request = request.clone();
    request.want = want;
    let ask = LeaseAsk {
        request: &request,
        last_request_no: RequestNo(last.map(|row| row.at(0)).transpose()?.unwrap_or(0)),
        epoch,
        rows: own_rows(work, &request)?,
        candidates: candidates(work, request.station_id, want)?,
        leases_max: LEASES_UNSTARTED_MAX,
        ttl_ms: u64::try_from(site.lease_ttl_ms).unwrap_or(0),
        now_ms: work.now_ms(),
    };
    let decision = match decide(ask) {
        Ok(decision) => decision,
        Err(code) => return Ok(Exchanged::Refused(code)),
    };
    for row in &decision.writes {
        put(work, row)?;
        let given = decision.answer.granted.iter().any(|grant| grant.fulfillment == row.fulfillment);
        if given || !row.held {
            stock::allocation_changed(work, &row.fulfillment.to_string())?;
        }
    }
    forgotten::told(work, request.station_id, &decision.forgotten)?;
    let mut answer = decision.answer;
    noted(work, &request, &answer)?;
    for grant in answer.granted.iter_mut().chain(&mut answer.renewed) {
        grant.invoice_number = invoice_number(work, grant.fulfillment)?;
    }
    if request.sscc_left < BLOCK_LOW && may_take {
        answer.sscc_blocks = blocks(work, request.station_id, &request, &site.sscc_prefix)?;
    }
    work.exec(
        "UPDATE station_epochs SET request_no = $3 WHERE station = $1 AND epoch = $2",
        vals![&station, number(request.epoch.0), number(request.request_no.0)],
    )?;
    Ok(Exchanged::Answer(Box::new(answer)))
}

/// Notes how fast the station works and whether it found nothing to do; if so, others are asked to give.
fn noted(work: &mut Work<'_>, request: &LeaseRequest, answer: &LeaseAnswer) -> Res<()> {
    let idle = answer.granted.is_empty() && answer.renewed.iter().all(|grant| begun(request, grant.fulfillment));
    let starving = request.want > 0 && idle;
    let now = work.now_ms();
    work.exec(
        "UPDATE stations SET rate_per_hour = $2, starving_ms = $3, seen_ms = $4 WHERE id = $1",
        vals![request.station_id.to_string(), request.rate_per_hour, if starving { now } else { 0 }, now],
    )?;
    if starving { feed(work, request.station_id, request.want) } else { Ok(()) }
}

fn begun(request: &LeaseRequest, fulfillment: FulfillmentId) -> bool {
    request.have.iter().any(|have| have.fulfillment == fulfillment && have.begun)
}

/// Rows that the station holds or names.
fn own_rows(work: &mut Work<'_>, request: &LeaseRequest) -> Res<Vec<LeaseRow>> {
    let mut rows = Vec::new();
    let mut seen: BTreeSet<FulfillmentId> = BTreeSet::new();
    let held = work.all(&select("lease_station = $1 AND lease_held = 1"), vals![request.station_id.to_string()])?;
    for row in &held {
        let row = row_of(row)?;
        seen.insert(row.fulfillment);
        rows.push(row);
    }
    let named = request.have.iter().map(|have| have.fulfillment);
    for id in named.chain(request.returns.iter().map(|back| back.fulfillment)) {
        if seen.insert(id)
            && let Some(row) = super::get(work.tx, &id.to_string())?
        {
            rows.push(row);
        }
    }
    let holder = Holder { station_id: request.station_id, epoch: request.epoch };
    for row in &mut rows {
        let have = request.have.iter().find(|have| have.fulfillment == row.fulfillment && have.fence > row.fence);
        if let Some(have) = have
            && let Some(lost) = super::lost(work, row, holder, have.fence)?
        {
            put(work, &lost)?;
            *row = lost;
        }
    }
    Ok(rows)
}

/// Work that may be given, soonest needed first. A held one whose time is over counts as free; a blocked order's does not.
fn candidates(work: &mut Work<'_>, station: StationId, want: u32) -> Res<Vec<LeaseRow>> {
    if want == 0 {
        return Ok(Vec::new());
    }
    let sql = select(
        "site = $1 AND state = 'released' AND cancelled_ms IS NULL AND lease_assigned = 0 AND (lease_held = 0 OR (lease_begun = 0 AND \
         lease_expires_ms <= $2)) AND NOT EXISTS (SELECT 1 FROM recalls r WHERE r.fulfillment = fulfillments.id \
         AND r.station = $4 AND r.reason <> 'edited' AND r.done_ms > $5) ORDER BY sort_priority, sort_due_ms, sort_placed_ms, id LIMIT $3",
    );
    let yielded_after = work.now_ms() - YIELDED_MS;
    let params = vals![work.ctx.site.to_string(), work.now_ms(), want, station.to_string(), yielded_after];
    work.all(&sql, params)?.iter().map(row_of).collect()
}

/// The invoice number of an order, given with its first lease and never again.
fn invoice_number(work: &mut Work<'_>, fulfillment: FulfillmentId) -> Res<Option<String>> {
    let row = work
        .one(
            "SELECT o.id, o.invoice_no FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.id = $1",
            vals![fulfillment.to_string()],
        )?
        .ok_or(Refusal::Missing { entity: "fulfillment" })?;
    if let Some(given) = row.at::<Option<String>>(1)? {
        return Ok(Some(given));
    }
    let order: String = row.at(0)?;
    let site = work.site();
    let next = work.tx.int(
        "UPDATE sites SET invoice_next = invoice_next + 1 WHERE id = $1 RETURNING invoice_next - 1",
        vals![&site],
    )?;
    let number = format!("INV-{next:07}");
    work.exec("UPDATE orders SET invoice_no = $2 WHERE id = $1", vals![&order, &number])?;
    Ok(Some(number))
}

/// The station's open blocks with one more.
fn blocks(work: &mut Work<'_>, station: StationId, request: &LeaseRequest, prefix: &str) -> Res<Vec<SsccBlockRecord>> {
    let site = work.site();
    let given = work.tx.int("SELECT sscc_next - 1 FROM sites WHERE id = $1", vals![&site])?;
    // The counter of the oldest block that may still be on a parcel under way.
    let free = work.one(
        "SELECT MIN(first_no) FROM number_blocks WHERE site = $1 AND granted_ms > $2",
        vals![&site, work.now_ms() - REUSE_MS],
    )?;
    let free_below = free.map(|row| row.at::<Option<u64>>(0)).transpose()?.flatten();
    let range = SsccRange {
        extension: 0,
        company_prefix: prefix.to_owned(),
        given: u64::try_from(given).unwrap_or(0),
        free_below: free_below.map_or_else(|| u64::try_from(given).unwrap_or(0), |first| first.saturating_sub(1)),
    };
    let id = BlockId(Uuid::now_v7());
    let (range, block) = block_grant(&range, id, station, request.epoch, BLOCK_NUMBERS)
        .map_err(|_| CentralError::Refused(Refusal::Stock { available: 0 }))?;
    work.exec("UPDATE sites SET sscc_next = $2 WHERE id = $1", vals![&site, number(range.given) + 1])?;
    work.exec(
        "INSERT INTO number_blocks (id, site, station, epoch, first_no, last_no, first_serial, granted_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            id.to_string(),
            &site,
            station.to_string(),
            number(request.epoch.0),
            number(range.given - block.count) + 1,
            number(range.given),
            number(block.first),
            work.now_ms()
        ],
    )?;
    work.changed_for(station, ChangeKind::SsccBlock, id.to_string());
    Ok(vec![block])
}
