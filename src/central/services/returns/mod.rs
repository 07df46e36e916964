//! Returns: what a customer sends back, under a number that stands on the paper in the box. One is asked for, its units come in and are
//! graded, and it ends with money, with another order, with neither, or because nothing came. The lines of the order and the
//! ledger count the same units: both are written in the transaction of the receipt.

mod close;
mod open;
pub mod read;
mod receive;

pub use close::{Close, Closed, close};
pub use open::{NewReturn, Opened, Returnable, open, returnable};
pub use receive::{Graded, Hands, Received, receive, receive_by};

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::vals;

/// Code of the place where what must be looked at waits. The server makes it when it is first needed.
pub const RETURNS: &str = "RETURNS";
/// Longest note, characters.
pub const NOTE_MAX: usize = 1_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$one])* $variant,)+ }

        impl $name {
            /// All, in the order people are shown.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word in the store.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The one of a word.
            #[must_use]
            pub fn of(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// How far a return is.
    State {
        /// Nothing came yet.
        Requested = "requested",
        /// Units came.
        Received = "received",
        /// It is over.
        Closed = "closed",
    }
}
words! {
    /// Why it comes back.
    Reason {
        /// Not wanted any more.
        Unwanted = "unwanted",
        /// Broken when it arrived.
        Damaged = "damaged",
        /// Something else was sent.
        Wrong = "wrong",
        /// Does not work.
        Faulty = "faulty",
        /// Came too late.
        Late = "late",
        /// Said in the note.
        Other = "other",
    }
}
words! {
    /// What a unit is worth when it comes back.
    Grade {
        /// As new: back to its shelf.
        Resell = "resell",
        /// To be looked at or repaired.
        Repair = "repair",
        /// Thrown away.
        Scrap = "scrap",
    }
}
words! {
    /// How a return ended.
    Resolution {
        /// With money.
        Refunded = "refunded",
        /// With another order.
        Exchanged = "exchanged",
        /// With neither.
        Nothing = "nothing",
        /// Nothing came.
        Withdrawn = "withdrawn",
    }
}

/// A return as those see it who change it.
struct Case {
    id: String,
    state: State,
    version: i64,
    /// The order it was made from, or that its lines name.
    order: Option<String>,
}

/// The return with this number, as one who changes it saw it.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::Version`] if its version is none of those seen.
fn case(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>) -> Res<Case> {
    let row = work.one(
        "SELECT r.id, r.state, r.version, COALESCE(r.order_id, (SELECT MIN(l.order_id) FROM return_lines l \
         WHERE l.return_id = r.id)) AS order_id FROM returns r WHERE r.site = $1 AND r.number = $2",
        vals![work.site(), number],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "return" })?;
    let version: i64 = row.get("version")?;
    if seen.is_some_and(|versions| !versions.contains(&version)) {
        return Err(Refusal::Version { newest: version, fields: Vec::new() }.into());
    }
    let state = State::of(&row.get::<String>("state")?).ok_or(CentralError::Stored { what: "state of a return" })?;
    Ok(Case { id: row.get("id")?, state, version, order: row.get("order_id")? })
}

fn wrong_state(state: State) -> CentralError {
    Refusal::State { entity: "return", state: state.word().to_owned() }.into()
}

/// Its order changed for everybody who looks at it.
fn touched(work: &mut Work<'_>, order: &str) -> Res<()> {
    work.exec("UPDATE orders SET version = version + 1, updated_ms = $2 WHERE id = $1", vals![order, work.now_ms()])?;
    work.changed(ChangeKind::Order, order);
    Ok(())
}
