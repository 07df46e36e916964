//! Who may work on what. The rules are pure and live in the protocol; here their rows are read and written, within the
//! site's lock, so that two stations are never granted the same work.

mod exchange;
mod expire;
mod forgotten;
mod lost;
mod recall;
mod rows;
mod takeover;

pub use exchange::{Exchanged, exchange};
pub use expire::{EXPIRED_MAX, any_overdue, expire, release};
pub use forgotten::settle as settle_forgotten;
pub use lost::lost;
pub use recall::{ONLINE_MS, recall, recall_rush, record as recall_record};
pub use rows::{get, put, row_of};
pub use takeover::{Taken, take_from, takeover, void};

use crate::central::error::Res;
use crate::central::services::stock;
use crate::central::store::work::Work;
use crate::protocol::sync::server::epoch_started;
use crate::vals;

/// A station starts a new epoch: what it held is free again.
///
/// # Errors
/// Any fault of the store.
pub fn free_all(work: &mut Work<'_>, station: &str) -> Res<()> {
    let sql = rows::select("lease_station = $1 AND lease_held = 1");
    for row in work.all(&sql, vals![station])? {
        let lease = rows::row_of(&row)?;
        let holder = lease.granted_to;
        if let Some(lease) = holder.and_then(|holder| epoch_started(&lease, holder.station_id)) {
            rows::put(work, &lease)?;
            stock::allocation_changed(work, &lease.fulfillment.to_string())?;
            forgotten::settle(work, &lease.fulfillment.to_string())?;
        }
    }
    Ok(())
}
