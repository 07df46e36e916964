//! Work that began at a station which no longer names it: restored from a backup, or its packing was refused. Nobody else is
//! given it by time alone, so without a person it would wait for ever: a question is opened. It closes by itself when the
//! station names the work again, or when the work needs the station no more.

use crate::central::error::Res;
use crate::central::services::exceptions::{self, Decision, NewException};
use crate::central::store::work::Work;
use crate::protocol::sync::server::ExceptionKind;
use crate::protocol::wire::{FulfillmentId, StationId};
use crate::vals;
use std::collections::BTreeSet;

/// "Keep waiting" holds for so long, ms; then it is asked again.
const KEPT_MS: i64 = 60 * 60 * 1000;

const KIND: &str = ExceptionKind::WorkForgotten.code();

/// After an exchange: asks about what the station forgot, and closes what it named again.
///
/// # Errors
/// Any fault of the store.
pub(super) fn told(work: &mut Work<'_>, station: StationId, forgotten: &[FulfillmentId]) -> Res<()> {
    let missing: BTreeSet<String> = forgotten.iter().map(FulfillmentId::to_string).collect();
    let open = work.all(
        "SELECT fulfillment FROM exceptions WHERE site = $1 AND state = 'open' AND kind = $2 AND station = $3",
        vals![work.site(), KIND, station.to_string()],
    )?;
    for row in open {
        let id: String = row.at(0)?;
        if !missing.contains(&id) {
            settle(work, &id)?;
        }
    }
    missing.iter().try_for_each(|id| ask(work, station, id))
}

/// The question about this work needs no answer any more.
///
/// # Errors
/// Any fault of the store.
pub fn settle(work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
    exceptions::settle(work, KIND, fulfillment)
}

fn ask(work: &mut Work<'_>, station: StationId, fulfillment: &str) -> Res<()> {
    let Some(lease) = super::get(work.tx, fulfillment)? else { return Ok(()) };
    let before = work.all(
        "SELECT state, decision, decided_ms FROM exceptions WHERE fulfillment = $1 AND kind = $2",
        vals![fulfillment, KIND],
    )?;
    for row in &before {
        let kept = row.get::<Option<String>>("decision")?.as_deref() == Some(Decision::KeepWaiting.word());
        let since: i64 = row.get::<Option<i64>>("decided_ms")?.unwrap_or(0);
        if row.get::<String>("state")? == "open" || (kept && since > work.now_ms() - KEPT_MS) {
            return Ok(());
        }
    }
    let order = work.one("SELECT order_id FROM fulfillments WHERE id = $1", vals![fulfillment])?;
    let new = NewException {
        kind: KIND,
        cause: format!("{fulfillment}/{}/{}", lease.fence, before.len() + 1),
        fulfillment: Some(fulfillment.to_owned()),
        order: order.map(|row| row.at(0)).transpose()?,
        station: Some(station.to_string()),
        event: None,
        detail: serde_json::json!({ "fence": lease.fence.0 }),
    };
    exceptions::open(work, &new)?;
    Ok(())
}
