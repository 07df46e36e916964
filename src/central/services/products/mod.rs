//! Products: facts about those that an import or a shop brought in, reading them, and the boxes and places of the house.

mod facts;
pub mod kits;
mod offers;
pub mod picture;
pub mod place;
mod places;
pub mod read;
mod save;
pub mod sheet;
pub(in crate::central::services) mod sizes;
mod weights;

pub use facts::{ProductFacts, set_facts};
pub use offers::{OFFERS_MAX, Offer, PRICE_MINOR_MAX, Price, TAX_RATE_BP_MAX, find, offer, set_prices};
pub use places::{DRAWN_MAX, NewLocation, NewPackaging, PlaceView, drawn, places, set_locations, set_packagings};
pub use save::{ProductRow, save};
pub use sizes::{DUE_MAX, Guess, accept_size, any_due, drop_size, learn_sizes, parcels_packed};
pub use weights::{accept_weight, keep_weight, learn_weight};
