//! Orders: listing and reading them for people, cancelling, and putting them first.

mod cancel;
mod expedite;
mod list;
mod view;

pub use cancel::{Cancelled, cancel};
pub use expedite::expedite;
pub use list::{Filter, OrderPage, OrderRow, list};
pub use view::{LineView, OrderView, ParcelView, PhotoView, TimelineEntry, id_of_number, view};
