//! What waits to be told, what became of it, and what is kept of that.

use super::endpoints::give_up;
use super::{KEPT_MS, RETRIES_MS};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, desc};
use crate::vals;

/// A claimed message that is not heard of for so long is due again, ms: the server that had it is gone.
const CLAIM_MS: i64 = 60_000;
/// Most messages that one sweep takes.
const SWEPT_MAX: i64 = 2_000;

/// A message to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Id of the message.
    pub id: String,
    /// Endpoint.
    pub endpoint: String,
    /// Where it is.
    pub url: String,
    /// Secrets that hold, the newest first.
    pub secrets: Vec<String>,
    /// Text.
    pub payload: String,
}

/// What a try met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Status of the answer.
    pub status: Option<u16>,
    /// A word for what went wrong before there was one.
    pub fault: Option<&'static str>,
    /// How long it took, ms.
    pub took_ms: i64,
}

/// Endpoints for which something waits.
///
/// # Errors
/// Any fault of the store.
pub fn waiting_endpoints(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<String>> {
    let rows = tx.all(
        "SELECT e.id FROM webhook_endpoints e WHERE e.site = $1 AND e.state = 'enabled' AND EXISTS \
         (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint = e.id AND d.state = 'waiting') ORDER BY e.id",
        vals![site.to_string()],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

/// When the next message of an endpoint is due, UTC ms.
///
/// # Errors
/// Any fault of the store.
pub fn next_due_ms(tx: &mut dyn Conn, endpoint: &str) -> Res<Option<i64>> {
    let row = tx.one(
        "SELECT next_ms FROM webhook_deliveries WHERE endpoint = $1 AND state = 'waiting' ORDER BY next_ms, id LIMIT 1",
        vals![endpoint],
    )?;
    row.map(|row| Ok(row.at(0)?)).transpose()
}

/// Claims the message of an endpoint that is due first. Nobody else gets it while it is being sent.
///
/// # Errors
/// Any fault of the store.
pub fn due(tx: &mut dyn Conn, endpoint: &str, now_ms: i64) -> Res<Option<Due>> {
    let row = tx.one(
        "UPDATE webhook_deliveries SET next_ms = $3 WHERE id = (SELECT d.id FROM webhook_deliveries d WHERE d.endpoint = $1 \
         AND d.state = 'waiting' AND d.next_ms <= $2 ORDER BY d.next_ms, d.id LIMIT 1) AND state = 'waiting' AND next_ms <= $2 \
         RETURNING id, payload",
        vals![endpoint, now_ms, now_ms + CLAIM_MS],
    )?;
    let Some(row) = row else { return Ok(None) };
    let to = tx.one(
        "SELECT url, secret, previous_secret, previous_until_ms FROM webhook_endpoints WHERE id = $1 AND state = 'enabled'",
        vals![endpoint],
    )?;
    let Some(to) = to else { return Ok(None) };
    let mut secrets = vec![to.get::<String>("secret")?];
    let previous: String = to.get("previous_secret")?;
    if !previous.is_empty() && to.get::<i64>("previous_until_ms")? > now_ms {
        secrets.push(previous);
    }
    Ok(Some(Due {
        id: row.get("id")?,
        endpoint: endpoint.to_owned(),
        url: to.get("url")?,
        secrets,
        payload: row.get("payload")?,
    }))
}

/// Notes what a try met: taken, to be tried again later, or given up. An endpoint that says that it is gone (410) is told nothing
/// more.
///
/// # Errors
/// Any fault of the store.
pub fn met(tx: &mut dyn Conn, id: &str, met: &Met, now_ms: i64) -> Res<()> {
    // The message is held from here on: who removes its endpoint waits, and finds the try that is noted beside it.
    let row = tx.one(
        "UPDATE webhook_deliveries SET updated_ms = $2 WHERE id = $1 RETURNING endpoint, attempts, state",
        vals![id, now_ms],
    )?;
    // Its endpoint may have been removed meanwhile.
    let Some(row) = row else { return Ok(()) };
    let (endpoint, before): (String, i64) = (row.get("endpoint")?, row.get("attempts")?);
    tx.exec(
        "INSERT INTO webhook_attempts (delivery, no, at_ms, took_ms, status, fault) VALUES ($1, $2, $3, $4, $5, $6)",
        vals![id, before + 1, now_ms, met.took_ms, met.status.map(i64::from), met.fault.map(str::to_owned)],
    )?;
    let taken = met.status.is_some_and(|status| (200..300).contains(&status));
    let gone = met.status == Some(410);
    let wait = usize::try_from(before).ok().and_then(|place| RETRIES_MS.get(place)).copied();
    let (state, next_ms) = match wait {
        _ if taken => ("delivered", now_ms),
        _ if gone => ("failed", now_ms),
        Some(wait) if row.get::<String>("state")? == "waiting" => ("waiting", now_ms + wait),
        _ => ("failed", now_ms),
    };
    tx.exec(
        "UPDATE webhook_deliveries SET state = $2, attempts = $3, next_ms = $4, updated_ms = $5 WHERE id = $1",
        vals![id, state, before + 1, next_ms, now_ms],
    )?;
    if gone {
        tx.exec(
            "UPDATE webhook_endpoints SET state = 'gone', version = version + 1, updated_ms = $2 WHERE id = $1",
            vals![&endpoint, now_ms],
        )?;
        give_up(tx, &endpoint, now_ms)?;
    }
    Ok(())
}

/// A try, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it ended, UTC ms.
    pub at_ms: i64,
    /// How long it took, ms.
    pub took_ms: i64,
    /// Status of the answer.
    pub status: Option<u16>,
    /// A word for what went wrong before there was one.
    pub fault: Option<String>,
}

/// A message, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Id: the header `webhook-id`.
    pub id: String,
    /// Type.
    pub kind: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// When the next try is due, UTC ms.
    pub next_ms: i64,
    /// When it was written, UTC ms.
    pub created_ms: i64,
    /// Tries so far.
    pub attempts: Vec<Attempt>,
}

/// One page of the messages of an endpoint, newest first, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn deliveries(
    tx: &mut dyn Conn,
    endpoint: &str,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<Delivery>, Option<String>)> {
    let mut query = Query::new("SELECT id, kind, state, next_ms, created_ms FROM webhook_deliveries WHERE 1 = 1");
    query.push(" AND endpoint = ?", vals![endpoint]);
    let page = query.page(tx, &[desc("created_ms"), desc("id")], cursor, rows)?;
    let mut all = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        let id: String = row.get("id")?;
        let tries = tx.all(
            "SELECT at_ms, took_ms, status, fault FROM webhook_attempts WHERE delivery = $1 ORDER BY no",
            vals![&id],
        )?;
        all.push(Delivery {
            id,
            kind: row.get("kind")?,
            state: row.get("state")?,
            next_ms: row.get("next_ms")?,
            created_ms: row.get("created_ms")?,
            attempts: tries.iter().map(attempt).collect::<Res<_>>()?,
        });
    }
    Ok((all, page.next))
}

fn attempt(row: &Row) -> Res<Attempt> {
    let status = row.get::<Option<i64>>("status")?.and_then(|status| u16::try_from(status).ok());
    Ok(Attempt { at_ms: row.get("at_ms")?, took_ms: row.get("took_ms")?, status, fault: row.get("fault")? })
}

/// Forgets messages older than [`KEPT_MS`] that wait no more; how many.
///
/// # Errors
/// Any fault of the store.
pub fn sweep(tx: &mut dyn Conn, now_ms: i64) -> Res<u64> {
    let old = "SELECT id FROM webhook_deliveries WHERE created_ms < $1 AND state <> 'waiting' ORDER BY created_ms, id LIMIT $2";
    let rows = tx.all(old, vals![now_ms - KEPT_MS, SWEPT_MAX])?;
    for row in &rows {
        let id: String = row.at(0)?;
        tx.exec("DELETE FROM webhook_attempts WHERE delivery = $1", vals![&id])?;
        tx.exec("DELETE FROM webhook_deliveries WHERE id = $1", vals![&id])?;
    }
    Ok(rows.len() as u64)
}

/// Tells a message once more, whatever became of it: its next try is due at once, and its id stays, so that a receiver that has it
/// knows it.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such message of this endpoint, [`Refusal::State`] for an endpoint that is not told.
pub fn again(work: &mut Work<'_>, endpoint: &str, delivery: &str) -> Res<()> {
    let known = super::one(work.tx, work.ctx.site, endpoint)?;
    if known.state != "enabled" {
        return Err(Refusal::State { entity: "webhook", state: known.state }.into());
    }
    let set = work.exec(
        "UPDATE webhook_deliveries SET state = 'waiting', next_ms = $3, updated_ms = $3 WHERE id = $1 AND endpoint = $2",
        vals![delivery, endpoint, work.now_ms()],
    )?;
    if set == 0 {
        return Err(Refusal::Missing { entity: "webhook" }.into());
    }
    work.audit("webhook.retried", "webhook", endpoint, serde_json::json!({ "delivery": delivery }));
    Ok(())
}
