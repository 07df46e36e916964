//! How much work a walk may cost where no table lists all fronts. Counted, never timed: the same question gets the same answer everywhere.

/// How much work one walk may cost. Where the fronts are listed in a table and no way has a direction, this changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// For files and comparisons: a few seconds at most.
    #[default]
    Thorough,
    /// For somebody who waits: a tenth of a second at most.
    Quick,
    /// For one of very many walks that are only compared.
    Brief,
}

impl Effort {
    /// Whether the table for so many rows may be used. The largest ones take a second to make and some megabytes for each walk.
    pub(super) const fn lists(self, rows: usize, open: bool) -> bool {
        match self {
            Effort::Thorough => true,
            Effort::Quick | Effort::Brief => rows <= if open { 5 } else { 6 },
        }
    }

    /// Fronts that may be kept, all steps and rounds together; with that less are kept after each step the more steps there are.
    pub(super) const fn fronts(self) -> usize {
        match self {
            Effort::Thorough => 3_000_000,
            Effort::Quick | Effort::Brief => 120_000,
        }
    }

    /// Changes of the order of stops that may be looked at.
    pub(super) const fn changes(self) -> u64 {
        match self {
            Effort::Thorough => 10_000_000,
            Effort::Quick => 1_500_000,
            Effort::Brief => 30_000,
        }
    }

    /// Between more places no distances are reckoned.
    pub(super) const fn places_max(self) -> usize {
        match self {
            Effort::Thorough => 1_000,
            Effort::Quick => 400,
            Effort::Brief => 200,
        }
    }

    /// So many places are put in order by trying every order.
    pub(super) const fn exact_max(self) -> usize {
        match self {
            Effort::Thorough => 16,
            Effort::Quick => 13,
            Effort::Brief => 9,
        }
    }

    /// Rounds in which the bound is raised.
    pub(super) const fn bound_rounds(self) -> usize {
        match self {
            Effort::Thorough => 300,
            Effort::Quick => 100,
            Effort::Brief => 0,
        }
    }
}
