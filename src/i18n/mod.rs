//! The message catalogue: every word a person reads, in every language the house speaks.
//!
//! The words live in `assets/i18n/{en,es,ms,ru}/*.ftl` (Project Fluent) and are compiled in. The domain hands over
//! a [`Message`](crate::core::message::Message), a key with arguments; [`Catalogue::render`] turns it into a sentence,
//! writing numbers, money, masses, sizes and times the way the reader's language does, in the site's time zone.
//!
//! This room must never decide anything, never read a file or a clock, and never panic: a key that nobody
//! has translated shows as `⟦key⟧` and is logged once.
//!
//! Switching the language is swapping one `Arc<Catalogue>` for another.

mod catalogue;
mod format;
mod lang;
mod sources;

pub use catalogue::{Catalogue, UnknownZone};
pub use format::{Format, SECONDS_SHOWN_BELOW_MS};
pub use lang::Lang;
pub use sources::{FILES, Source, sources};
