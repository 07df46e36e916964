//! Taking in what a customer sends back: a return is opened by a scan, each unit is scanned and graded, and it is shown where the
//! unit goes. Like a packing session it is a state, [`decide`] and [`Intake::apply`]: nothing here reads a clock or a table.
//!
//! The unit graded last can be taken back. It becomes a fact for good with the next graded unit, at the end, or after a while
//! ([`Event::Settled`]); so nobody else ever hears of what was taken back.

mod decide;
mod refusal;
mod state;

pub use decide::{Command, Facts, decide, open, resume};
pub use refusal::Refusal;
pub use state::{Hand, Intake, Line, Place, Unit};

use super::command_code::CommandCode;
use super::time::UtcMs;

/// How long the unit graded last can be taken back, ms.
pub const UNDO_MS: i64 = 120_000;

/// What a unit is worth when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grade {
    /// As new: back to its shelf.
    Resell,
    /// To be looked at or repaired.
    Repair,
    /// Thrown away.
    Scrap,
}

impl Grade {
    /// All, in the order people are shown.
    pub const ALL: [Grade; 3] = [Grade::Resell, Grade::Repair, Grade::Scrap];

    /// Its word in stores and facts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Grade::Resell => "resell",
            Grade::Repair => "repair",
            Grade::Scrap => "scrap",
        }
    }

    /// The one of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Grade> {
        Grade::ALL.into_iter().find(|grade| grade.word() == word)
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Grade::Resell => "grade-resell",
            Grade::Repair => "grade-repair",
            Grade::Scrap => "grade-scrap",
        }
    }

    /// The command barcode that says it.
    #[must_use]
    pub const fn code(self) -> CommandCode {
        match self {
            Grade::Resell => CommandCode::Resell,
            Grade::Repair => CommandCode::Repair,
            Grade::Scrap => CommandCode::Scrap,
        }
    }
}

/// What happened at the bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A unit is in hand, or more is known of the one that is.
    InHand {
        /// The unit.
        hand: Hand,
    },
    /// The unit in hand was put down again, ungraded.
    PutDown,
    /// A unit was graded.
    Taken {
        /// The unit.
        unit: Unit,
        /// When.
        at: UtcMs,
    },
    /// The unit graded last was taken back.
    Undone {
        /// The unit.
        unit: Unit,
    },
    /// The unit graded last stands for good.
    Settled {
        /// The unit.
        unit: Unit,
    },
    /// No more is taken in now.
    Finished {
        /// Units that were asked back and did not come.
        missing: u32,
    },
    /// It waits for the rest of its units.
    Left,
}
