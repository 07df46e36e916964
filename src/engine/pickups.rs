//! The queue's candidates with the pick-up each is to reach; [`table`] makes the moments of a carrier's weekly table.

use crate::core::pickup::Pickups;
use crate::core::priority::Candidate;
use crate::core::time::UtcMs;
pub use crate::protocol::pickups::table;
use crate::protocol::wire::ChangeKind;
use crate::protocol::wire::carrier::CarrierRecord;
use crate::storage::{Conn, Res, records, work};
use std::collections::HashMap;
use uuid::Uuid;

/// The candidates of the queue, each with the pick-up it is to reach. A table is made once per service, however many
/// orders go with it.
pub(super) fn candidates(c: &mut dyn Conn, now: UtcMs) -> Res<Vec<Candidate>> {
    let waiting = work::candidates(c, now)?;
    let site = super::load::settings(c)?;
    let mut tables: HashMap<(String, String), Option<Pickups>> = HashMap::new();
    let mut out = Vec::with_capacity(waiting.len());
    for w in waiting {
        let key = (w.carrier, w.service);
        if !tables.contains_key(&key) {
            let carrier = match Uuid::parse_str(&key.0) {
                Ok(id) => records::get::<CarrierRecord>(c, ChangeKind::Carrier, id)?,
                Err(_) => None,
            };
            let made = carrier.zip(site.as_ref()).and_then(|(carrier, site)| table(&carrier, &key.1, site, now));
            tables.insert(key.clone(), made);
        }
        let pickups = tables.get(&key).and_then(Option::as_ref);
        let cutoff = pickups.and_then(|p| p.serving(w.candidate.ship_by, now));
        out.push(Candidate { cutoff, ..w.candidate });
    }
    Ok(out)
}
