//! Which order is next, and why: rush orders, the carrier's clock, important customers, age. The
//! order of the queue is total and the same on every station that sees the same candidates; no
//! chance and no arrival order takes part.

use super::ids::FulfillmentId;
use super::message::{Arg, Message};
use super::pickup::Cutoff;
use super::time::UtcMs;
use std::cmp::Ordering;

/// How long before its last moment a parcel overtakes important customers, in ms: two hours leave
/// room for a carton, a label and the walk to the cage even on a slow afternoon.
pub const SOON_MS: i64 = 2 * 60 * 60 * 1_000;

/// A piece of work that could be next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// The order's number, as people use it; breaks ties.
    pub number: String,
    /// Sold as rush.
    pub rush: bool,
    /// A lead moved it to the front: who.
    pub expedited_by: Option<String>,
    /// The customer is one the house treats first.
    pub vip: bool,
    /// Last moment the promise to the customer allows.
    pub ship_by: Option<UtcMs>,
    /// The carrier's last cut-off that still keeps the promise; without a promise its next one.
    pub cutoff: Option<Cutoff>,
    /// When the customer placed the order.
    pub placed: UtcMs,
    /// Lines, shown in the queue; they do not change the order of work.
    pub lines: u32,
    /// Units, shown in the queue; they do not change the order of work.
    pub units: u32,
}

impl Candidate {
    /// The last moment for this parcel to reach the carrier: the promise or the cut-off that serves
    /// it, whichever is earlier.
    #[must_use]
    pub fn last_moment(&self) -> Option<UtcMs> {
        match (self.ship_by, self.cutoff.as_ref().map(|c| c.at)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Why it hurries: its last moment, and the carrier where that is the carrier's.
    #[must_use]
    pub fn clock(&self, now: UtcMs) -> Option<Why> {
        let at = self.last_moment()?;
        let carrier = self.cutoff.as_ref().filter(|c| c.at == at).map(|c| c.carrier.clone());
        Some(Why::ShipBy { at, left_ms: at.0.saturating_sub(now.0), carrier })
    }
}

/// Why a piece of work stands where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// A lead moved it to the front: who.
    Expedited(String),
    /// Sold as rush.
    Rush,
    /// Its last moment is near or past.
    ShipBy {
        /// The last moment.
        at: UtcMs,
        /// Milliseconds left; below zero when it is late.
        left_ms: i64,
        /// Who comes for it at that moment; none where the promise itself is the last moment.
        carrier: Option<String>,
    },
    /// An important customer.
    Vip,
    /// It waits longest.
    Oldest {
        /// Milliseconds since it was placed.
        age_ms: i64,
    },
}

impl Why {
    fn of(c: &Candidate, now: UtcMs) -> Why {
        if let Some(who) = &c.expedited_by {
            return Why::Expedited(who.clone());
        }
        if c.rush {
            return Why::Rush;
        }
        let soon = |w: &Why| matches!(w, Why::ShipBy { left_ms, .. } if *left_ms <= SOON_MS);
        if let Some(why) = c.clock(now).filter(soon) {
            return why;
        }
        if c.vip { Why::Vip } else { Why::Oldest { age_ms: now.since_ms(c.placed) } }
    }

    /// Place of the reason: lower goes first.
    fn tier(&self) -> u8 {
        match self {
            Why::Expedited(_) => 0,
            Why::Rush => 1,
            Why::ShipBy { .. } => 2,
            Why::Vip => 3,
            Why::Oldest { .. } => 4,
        }
    }

    /// Does the clock decide within the reason, before age does?
    fn clock_decides(&self) -> bool {
        match self {
            Why::Expedited(_) | Why::Rush | Why::ShipBy { .. } => true,
            Why::Vip | Why::Oldest { .. } => false,
        }
    }

    /// What the packer reads: `why-expedited` (who), `why-rush`, `why-overdue` (at, late),
    /// `why-ship-by` (at, left), `why-vip`, `why-oldest` (age).
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Why::Expedited(who) => Message::new("why-expedited").with("who", who.as_str()),
            Why::Rush => Message::new("why-rush"),
            Why::ShipBy { at, left_ms, .. } if *left_ms < 0 => {
                Message::new("why-overdue").with("at", *at).with("late", Arg::SpanMs(left_ms.saturating_neg()))
            }
            Why::ShipBy { at, left_ms, .. } => {
                Message::new("why-ship-by").with("at", *at).with("left", Arg::SpanMs(*left_ms))
            }
            Why::Vip => Message::new("why-vip"),
            Why::Oldest { age_ms } => Message::new("why-oldest").with("age", Arg::SpanMs(*age_ms)),
        }
    }

    /// The second line: `why-expedited-detail`, `why-rush-detail`, `why-cutoff-detail` (carrier, at),
    /// `why-ship-by-detail` (at), `why-vip-detail`, `why-oldest-detail`.
    #[must_use]
    pub fn detail(&self) -> Message {
        match self {
            Why::Expedited(_) => Message::new("why-expedited-detail"),
            Why::Rush => Message::new("why-rush-detail"),
            Why::Vip => Message::new("why-vip-detail"),
            Why::ShipBy { at, carrier: Some(carrier), .. } => {
                Message::new("why-cutoff-detail").with("carrier", carrier.as_str()).with("at", *at)
            }
            Why::ShipBy { at, carrier: None, .. } => Message::new("why-ship-by-detail").with("at", *at),
            Why::Oldest { .. } => Message::new("why-oldest-detail"),
        }
    }
}

/// All candidates by their index, the next one first, each with the reason for its place.
///
/// Expedited goes before rush, rush before what must leave within [`SOON_MS`] or is late, that
/// before important customers, those before the rest by age. Among expedited, rush and urgent work
/// the earlier last moment goes first, then the important customer; then, as everywhere, the
/// older order, the lower number, the id.
#[must_use]
pub fn rank(candidates: &[Candidate], now: UtcMs) -> Vec<(usize, Why)> {
    let mut ranked: Vec<(usize, Why)> = candidates.iter().map(|c| Why::of(c, now)).enumerate().collect();
    ranked.sort_by(|(i, x), (k, y)| match (candidates.get(*i), candidates.get(*k)) {
        (Some(a), Some(b)) => order(a, x, b, y),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    ranked
}

fn order(a: &Candidate, why_a: &Why, b: &Candidate, why_b: &Why) -> Ordering {
    let moment = |c: &Candidate| c.last_moment().map_or(i64::MAX, |t| t.0);
    let by_clock = || {
        if !why_a.clock_decides() {
            return Ordering::Equal;
        }
        moment(a).cmp(&moment(b)).then_with(|| b.vip.cmp(&a.vip))
    };
    why_a
        .tier()
        .cmp(&why_b.tier())
        .then_with(by_clock)
        .then_with(|| a.placed.cmp(&b.placed))
        // A shorter number is the lower one: 999 before 1000.
        .then_with(|| a.number.len().cmp(&b.number.len()))
        .then_with(|| a.number.cmp(&b.number))
        .then_with(|| a.fulfillment.cmp(&b.fulfillment))
}
