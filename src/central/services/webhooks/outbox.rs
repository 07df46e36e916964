//! What is to be told, written in the transaction of the change: it is told if the change happened, and only then.

use super::{TEST, TOLD_MAX, WAITING_MAX};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::sql::Row;
use crate::vals;

/// A message's text.
fn payload(kind: &str, now_ms: i64, data: &serde_json::Value) -> Res<String> {
    Ok(serde_json::json!({ "type": kind, "timestamp": moment(now_ms)?, "data": data }).to_string())
}

fn moment(ms: i64) -> Res<String> {
    let moment = jiff::Timestamp::from_millisecond(ms).map_err(|_| CentralError::Stored { what: "moment" })?;
    Ok(moment.to_string())
}

/// Writes a message about every order that this transaction changed, for every endpoint that wants it. The last thing a
/// transaction does before its changes are numbered. Costs nothing where no order changed and one look where nobody listens.
///
/// # Errors
/// Any fault of the store.
pub fn enqueue(work: &mut Work<'_>) -> Res<()> {
    let (orders, told) = (work.changed_orders(), work.take_told());
    if orders.is_empty() && told.is_empty() {
        return Ok(());
    }
    let mut room = listeners(work)?;
    if room.is_empty() {
        return Ok(());
    }
    for (place, order) in orders.iter().enumerate() {
        let row = work.one(
            "SELECT number, version, status, payment_status, fulfillment_status, updated_ms FROM orders WHERE id = $1",
            vals![order],
        )?;
        let Some(row) = row else { continue };
        let kind = kind_of(work, order);
        let text = payload(kind, work.now_ms(), &data(&row)?)?;
        to_each(work, &mut room, place, (kind, order, &text))?;
        if place >= TOLD_MAX {
            break;
        }
    }
    for (place, one) in told.iter().enumerate().take(TOLD_MAX + 1) {
        let text = payload(one.kind, work.now_ms(), &one.data)?;
        to_each(work, &mut room, place, (one.kind, &one.order, &text))?;
    }
    for (endpoint, _, _, _) in room.iter().filter(|(_, _, _, lost)| *lost) {
        work.exec("UPDATE webhook_endpoints SET lost_ms = $2 WHERE id = $1", vals![endpoint, work.now_ms()])?;
    }
    Ok(())
}

/// An endpoint: its id, the types it wants, how many more messages may wait for it, and whether one was lost.
type Room = (String, Vec<String>, i64, bool);

/// One message for every endpoint that wants it.
fn to_each(
    work: &mut Work<'_>,
    room: &mut [Room],
    place: usize,
    (kind, order, text): (&'static str, &str, &str),
) -> Res<()> {
    for (endpoint, events, left, lost) in room {
        if !events.iter().any(|event| event == kind) {
            continue;
        }
        if place >= TOLD_MAX || *left <= 0 {
            *lost = true;
            continue;
        }
        *left -= put(work, endpoint, kind, order, text)?;
    }
    Ok(())
}

fn listeners(work: &mut Work<'_>) -> Res<Vec<Room>> {
    let endpoints = work.all(
        "SELECT e.id, e.events, (SELECT COUNT(*) FROM webhook_deliveries d WHERE d.endpoint = e.id AND d.state = 'waiting') \
         AS waiting FROM webhook_endpoints e WHERE e.site = $1 AND e.state = 'enabled' ORDER BY e.id",
        vals![work.site()],
    )?;
    let mut room = Vec::with_capacity(endpoints.len());
    for row in &endpoints {
        let events: Vec<String> = serde_json::from_str(&row.get::<String>("events")?)
            .map_err(|_| CentralError::Stored { what: "types of a webhook" })?;
        room.push((row.get::<String>("id")?, events, WAITING_MAX - row.get::<i64>("waiting")?, false));
    }
    Ok(room)
}

/// Writes a message of this type about a record that is no order, for every endpoint that wants it.
///
/// # Errors
/// Any fault of the store.
pub fn tell(work: &mut Work<'_>, kind: &str, record: &str, data: &serde_json::Value) -> Res<()> {
    let text = payload(kind, work.now_ms(), data)?;
    for (endpoint, events, left, _) in listeners(work)? {
        if !events.iter().any(|event| event == kind) {
            continue;
        }
        if left > 0 {
            put(work, &endpoint, kind, record, &text)?;
        } else {
            work.exec("UPDATE webhook_endpoints SET lost_ms = $2 WHERE id = $1", vals![endpoint, work.now_ms()])?;
        }
    }
    Ok(())
}

fn kind_of(work: &Work<'_>, order: &str) -> &'static str {
    if work.has_noted("order.created", order) {
        "order.created"
    } else if work.has_noted("order.cancelled", order) {
        "order.cancelled"
    } else {
        "order.changed"
    }
}

fn data(row: &Row) -> Res<serde_json::Value> {
    Ok(serde_json::json!({
        "number": row.get::<String>("number")?,
        "version": row.get::<i64>("version")?,
        "status": row.get::<String>("status")?,
        "payment_status": row.get::<String>("payment_status")?,
        "fulfillment_status": row.get::<String>("fulfillment_status")?,
        "updated_at": moment(row.get("updated_ms")?)?,
    }))
}

/// Writes one message; how many more wait now. A change that nobody has tried to tell yet is told as it is now, once.
fn put(work: &mut Work<'_>, endpoint: &str, kind: &str, record: &str, text: &str) -> Res<i64> {
    if kind == "order.changed" {
        let newer = work.exec(
            "UPDATE webhook_deliveries SET payload = $4, updated_ms = $5 WHERE endpoint = $1 AND state = 'waiting' \
             AND attempts = 0 AND next_ms = created_ms AND kind = $2 AND record = $3",
            vals![endpoint, kind, record, text, work.now_ms()],
        )?;
        if newer > 0 {
            return Ok(0);
        }
    }
    let id = format!("msg_{}", work.new_id().replace('-', ""));
    work.exec(
        "INSERT INTO webhook_deliveries (id, endpoint, kind, record, payload, next_ms, created_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $6, $6)",
        vals![id, endpoint, kind, record, text, work.now_ms()],
    )?;
    Ok(1)
}

/// Writes a message that only says that it came.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such endpoint, [`Refusal::State`] for one that is not told.
pub fn test(work: &mut Work<'_>, endpoint: &str) -> Res<()> {
    let known = super::one(work.tx, work.ctx.site, endpoint)?;
    if known.state != "enabled" {
        return Err(Refusal::State { entity: "webhook", state: known.state }.into());
    }
    let text = payload(TEST, work.now_ms(), &serde_json::json!({}))?;
    put(work, endpoint, TEST, endpoint, &text)?;
    Ok(())
}
