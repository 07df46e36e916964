//! A request that may be sent twice has its effect once. The row that remembers it is written in the transaction of the
//! effect: both are there or neither is, whatever dies in between.

use crate::central::error::{CentralError, Res};
use crate::central::store::work::Work;
use crate::sql::Conn;
use crate::vals;

/// How long an answer is kept, ms. Within it the same request gets the same answer.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// Most rows that one sweep takes.
pub const SWEPT_MAX: u64 = 5_000;

/// Which request this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who asks, for example `key:<id>`: keys of different callers never meet.
    pub caller: String,
    /// What the caller named the request.
    pub key: String,
    /// SHA-256 of everything that makes the request what it is.
    pub body_hash: Vec<u8>,
}

/// An answer worth keeping. It is stored as it is, so it holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// HTTP status.
    pub status: u16,
    /// Body, JSON.
    pub body: String,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// It had its effect now.
    Done(Kept),
    /// It had its effect before; this was the answer.
    Replayed(Kept),
    /// Its key was used for another request; nothing was done.
    Reused,
    /// Somebody else's transaction has not ended it; nothing was done.
    InFlight,
}

/// Runs `effect` unless the same request had its effect within [`KEPT_MS`]. A refusal is not kept: the transaction goes
/// back whole, and the same request may be sent again.
///
/// # Errors
/// Those of the effect; any fault of the store.
pub fn once(work: &mut Work<'_>, claim: &Claim, effect: &mut dyn FnMut(&mut Work<'_>) -> Res<Kept>) -> Res<Once> {
    let now = work.now_ms();
    work.exec(
        "DELETE FROM idempotency WHERE caller = $1 AND idem_key = $2 AND created_ms < $3",
        vals![&claim.caller, &claim.key, now - KEPT_MS],
    )?;
    let new = work.exec(
        "INSERT INTO idempotency (caller, idem_key, body_hash, created_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (caller, idem_key) DO NOTHING",
        vals![&claim.caller, &claim.key, claim.body_hash.clone(), now],
    )?;
    if new == 0 {
        return before(work, claim);
    }
    let kept = effect(work)?;
    work.exec(
        "UPDATE idempotency SET status = $3, answer = $4 WHERE caller = $1 AND idem_key = $2",
        vals![&claim.caller, &claim.key, i64::from(kept.status), &kept.body],
    )?;
    Ok(Once::Done(kept))
}

fn before(work: &mut Work<'_>, claim: &Claim) -> Res<Once> {
    let row = work.one(
        "SELECT body_hash, status, answer FROM idempotency WHERE caller = $1 AND idem_key = $2",
        vals![&claim.caller, &claim.key],
    )?;
    let Some(row) = row else { return Ok(Once::InFlight) };
    if row.at::<Vec<u8>>(0)? != claim.body_hash {
        return Ok(Once::Reused);
    }
    let (Some(status), Some(body)) = (row.at::<Option<i64>>(1)?, row.at::<Option<String>>(2)?) else {
        return Ok(Once::InFlight);
    };
    let status = u16::try_from(status).map_err(|_| CentralError::Stored { what: "status of a kept answer" })?;
    Ok(Once::Replayed(Kept { status, body }))
}

/// Forgets answers that are older than [`KEPT_MS`], at most [`SWEPT_MAX`]; how many.
///
/// # Errors
/// Any fault of the store.
pub fn sweep(tx: &mut dyn Conn, now_ms: i64) -> Res<u64> {
    Ok(tx.exec(
        "DELETE FROM idempotency WHERE created_ms < $1 AND created_ms <= (SELECT MAX(o.created_ms) FROM \
         (SELECT created_ms FROM idempotency WHERE created_ms < $1 ORDER BY created_ms LIMIT $2) o)",
        vals![now_ms - KEPT_MS, i64::try_from(SWEPT_MAX).unwrap_or(i64::MAX)],
    )?)
}
