//! Orders: making, listing and reading them for people, cancelling, splitting, paying, and putting them first.

mod begun;
mod cancel;
pub mod changes;
mod create;
pub mod drafts;
pub mod edit;
pub mod entry;
mod expedite;
pub mod kits;
mod list;
pub mod many;
mod merge;
pub mod papers;
mod payments;
pub mod read;
mod split;
pub mod table;
mod view;

pub use cancel::{Cancelled, cancel};
pub use create::{Created, Priced, Sums, create, create_numbered, is_number_free, price, short};
pub use expedite::expedite;
pub use list::{Filter, OrderPage, OrderRow, list};
pub use merge::{MERGED, merge, mergeable};
pub use payments::{AMOUNT_MINOR_MAX, Entered, Entry, Ledger, Method, NewPayment, done, enter, ledger, pay, refund};
pub use split::{PARTS_MAX, Split, split, why as split_why};
pub use view::{LineView, OrderView, ParcelView, PartView, PhotoView, TimelineEntry, id_of_number, view};
