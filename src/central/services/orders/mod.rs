//! Orders: listing and reading them for people, cancelling, splitting, and putting them first.

mod cancel;
mod expedite;
mod list;
mod split;
mod view;

pub use cancel::{Cancelled, cancel};
pub use expedite::expedite;
pub use list::{Filter, OrderPage, OrderRow, list};
pub use split::{PARTS_MAX, Split, split};
pub use view::{LineView, OrderView, ParcelView, PartView, PhotoView, TimelineEntry, id_of_number, view};
