//! Leases that were granted after the backup which the database was restored from.

use crate::central::error::Res;
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::sync::server::{Holder, LeaseRow, adopt_lost};
use crate::protocol::wire::Fence;

/// The row of a lease that only its station remembers, if the database was restored and nobody else has the work by now.
///
/// # Errors
/// Any fault of the store.
pub fn lost(work: &mut Work<'_>, row: &LeaseRow, holder: Holder, fence: Fence) -> Res<Option<LeaseRow>> {
    let site = sites::get(work.tx, work.ctx.site)?;
    if site.epoch <= 1 {
        return Ok(None);
    }
    Ok(adopt_lost(row, holder, fence, work.now_ms().saturating_add(site.lease_ttl_ms)))
}
