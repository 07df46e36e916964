//! Webhooks after the Standard Webhooks specification: programs are told of orders that change. The message is written in the
//! transaction of the change and sent afterwards, again and again for three days where nobody takes it.

mod address;
mod endpoints;
mod outbox;
mod queue;
mod sign;

pub use address::{Address, check as check_address, is_public};
pub use endpoints::{Edit, Endpoint, Made, NewEndpoint, edit, list, make, one, remove, rotate};
pub use outbox::{enqueue, tell, test};
pub use queue::{Attempt, Delivery, Due, Met, again, deliveries, due, met, next_due_ms, sweep, waiting_endpoints};
pub use sign::{new_secret, signature, signatures};

use super::handover::{DELIVERED, SHIPPED, UNSHIPPED};

/// A product fell to the number of free units at which it is bought again.
pub const STOCK_LOW: &str = "stock.low";
/// Types of messages, in the order programs are told.
pub const EVENTS: &[&str] = &[
    "order.created",
    "order.changed",
    "order.cancelled",
    "order.stage_entered",
    SHIPPED,
    UNSHIPPED,
    DELIVERED,
    STOCK_LOW,
];
/// The message that an endpoint gets when it is tried out.
pub const TEST: &str = "webhook.test";
/// Most endpoints of a site.
pub const ENDPOINTS_MAX: i64 = 50;
/// Most messages that wait for one endpoint; more are lost, and the endpoint says since when.
pub const WAITING_MAX: i64 = 10_000;
/// Most orders that one transaction tells of.
pub const TOLD_MAX: usize = 1_000;
/// For so long the secret before signs too, ms.
pub const ROTATION_MS: i64 = 24 * 60 * 60 * 1000;
/// Deliveries are kept for so long, ms.
pub const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Time from a try that failed to the next, ms; after the last a message is given up.
pub const RETRIES_MS: &[i64] = &[
    5_000,
    5 * 60_000,
    30 * 60_000,
    2 * 3_600_000,
    5 * 3_600_000,
    10 * 3_600_000,
    14 * 3_600_000,
    20 * 3_600_000,
    24 * 3_600_000,
];
