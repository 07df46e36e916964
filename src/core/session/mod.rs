//! A pack session: one packer's guided run over one fulfillment.
//!
//! [`decide`](decide::decide) looks at the session, the facts and a command and returns events or a
//! typed refusal; [`Session::apply`] takes an event over. Deciding changes nothing, applying never
//! refuses, and neither reads a clock: so a session rebuilt from its events is the session.

mod apply;
pub mod command;
pub mod decide;
pub mod event;
pub mod facts;
mod reason;
pub mod refusal;
mod state;
pub mod step;

pub use command::Command;
pub use decide::{decide, open};
pub use event::Event;
pub use facts::{Facts, Stop};
pub use refusal::Refusal;
pub use state::{
    Awaiting, End, LineState, Mode, PackedUnits, ParcelState, Print, PrintState, Session, UNDO_MAX, state_text,
};
pub use step::Step;
