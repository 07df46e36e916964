//! What has to be known of a walk that is made from left to right: how it touches the column where we stand.
//!
//! A walk is a set of walked edges. It can be walked in one go if every corner has as many ways in as out (or an even number,
//! where edges may be walked in both directions) and if it hangs together. Both are decided corner by corner: of all
//! that lies to the left only the corners of the present column matter, with their balance and with whom they hang together.
//! (Ratliff and Rosenthal 1983 for two rows, Roodbergen and de Koster 2001 for three, Pansart, Catusse and Cambazard 2018 for any.)

/// Most rows a front can have, with one place more for the corner that comes in.
pub(super) const ROWS_MAX: usize = 15;
const PLACES: usize = ROWS_MAX + 1;

/// How an edge is walked. The low end is the one nearer to the front, or to the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// Not at all.
    Skip = 0,
    /// From one end to the other.
    Once = 1,
    /// From one end to the other and back.
    Twice = 2,
    /// In from the low end to the last stop, and out again.
    Low = 3,
    /// In from the high end to the first stop, and out again.
    High = 4,
    /// In and out from both ends, leaving out the largest gap.
    Gap = 5,
}

/// All kinds, by their number.
pub(super) const KINDS: [Kind; 6] = [Kind::Skip, Kind::Once, Kind::Twice, Kind::Low, Kind::High, Kind::Gap];

/// What walking an edge does to its two ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effect {
    /// The low end is walked on.
    pub low: bool,
    /// The high end is walked on.
    pub high: bool,
    /// Both ends hang together by it.
    pub link: bool,
    /// Walks from low to high less walks from high to low.
    pub flow: i8,
}

impl Effect {
    /// Of an edge without a direction.
    pub(super) const fn of(kind: Kind) -> Effect {
        let (low, high, link, flow) = match kind {
            Kind::Skip => (false, false, false, 0),
            Kind::Once => (true, true, true, 1),
            Kind::Twice => (true, true, true, 0),
            Kind::Low => (true, false, false, 0),
            Kind::High => (false, true, false, 0),
            Kind::Gap => (true, true, false, 0),
        };
        Effect { low, high, link, flow }
    }

    /// Of an edge that is walked `flow` times more from low to high than back.
    pub(super) const fn through(flow: i8) -> Effect {
        Effect { low: true, high: true, link: true, flow }
    }
}

/// Whether ways may be walked in both directions (then only odd or even matters) or some have a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// Every way both ways.
    Parity,
    /// Ways in must equal ways out.
    Balance,
}

/// The corners of a column: with whom each hangs together, and its balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Front {
    /// Number of the piece a corner belongs to, counted from 1 from the lowest row on; 0 where nobody walks.
    piece: [u8; PLACES],
    /// Ways in less ways out; under [`Law::Parity`] 1 for odd and 0 for even.
    balance: [i8; PLACES],
    /// The walk was closed further left: from here on nothing may be walked.
    done: bool,
}

impl Front {
    /// Adds to the balance of a corner.
    fn load(&mut self, at: usize, by: i8, law: Law) -> Option<()> {
        let b = self.balance.get_mut(at)?;
        *b = match law {
            Law::Parity => (*b + by).rem_euclid(2),
            Law::Balance => b.checked_add(by)?,
        };
        Some(())
    }

    /// Walks on a corner; it becomes a piece of its own if nobody was there.
    fn touch(&mut self, at: usize) -> Option<()> {
        if self.done {
            return None;
        }
        let fresh = self.piece.iter().max()? + 1;
        let p = self.piece.get_mut(at)?;
        if *p == 0 {
            *p = fresh;
        }
        Some(())
    }

    /// Makes one piece of two.
    fn join(&mut self, a: usize, b: usize) -> Option<()> {
        let (keep, gone) = (*self.piece.get(a)?, *self.piece.get(b)?);
        for p in &mut self.piece {
            if *p == gone {
                *p = keep;
            }
        }
        Some(())
    }

    /// Leaves a corner behind for good: it must be balanced, and its piece must go on elsewhere or be the whole walk.
    fn leave(&mut self, at: usize) -> Option<()> {
        let piece = std::mem::take(self.piece.get_mut(at)?);
        if *self.balance.get(at)? != 0 {
            return None;
        }
        if piece == 0 || self.piece.contains(&piece) {
            return Some(());
        }
        if self.piece.iter().any(|p| *p != 0) {
            return None; // this piece would stay behind alone
        }
        self.done = true;
        Some(())
    }

    /// Numbers the pieces anew, so that equal fronts are equal.
    fn tidy(mut self) -> Front {
        let (mut names, mut next) = ([0_u8; PLACES + 1], 0_u8);
        for p in &mut self.piece {
            let Some(name) = names.get_mut(usize::from(*p)) else { continue };
            if *p != 0 && *name == 0 {
                next += 1;
                *name = next;
            }
            *p = *name;
        }
        self
    }

    fn walk(&mut self, low: usize, high: usize, effect: Effect, law: Law) -> Option<()> {
        if effect.low {
            self.touch(low)?;
        }
        if effect.high {
            self.touch(high)?;
        }
        if effect.link {
            self.join(low, high)?;
        }
        self.load(low, -effect.flow, law)?;
        self.load(high, effect.flow, law)
    }

    /// After the edge from this row to the next one.
    pub(super) fn down(mut self, row: usize, effect: Effect, law: Law) -> Option<Front> {
        self.walk(row, row + 1, effect, law)?;
        Some(self.tidy())
    }

    /// After the edge from this row's corner to the same row of the next column, which takes the corner's place.
    pub(super) fn right(mut self, row: usize, effect: Effect, law: Law) -> Option<Front> {
        let coming = PLACES - 1;
        self.walk(row, coming, effect, law)?;
        self.leave_for(row, coming)?;
        Some(self.tidy())
    }

    fn leave_for(&mut self, row: usize, coming: usize) -> Option<()> {
        self.leave(row)?;
        *self.piece.get_mut(row)? = std::mem::take(self.piece.get_mut(coming)?);
        *self.balance.get_mut(row)? = std::mem::take(self.balance.get_mut(coming)?);
        Some(())
    }

    /// The walk begins or ends at this row's corner: somebody is there, and what `by` says lacks on the way out or in.
    pub(super) fn pin(mut self, row: usize, by: i8, law: Law) -> Option<Front> {
        self.touch(row)?;
        self.load(row, by, law)?;
        Some(self.tidy())
    }

    /// Whether the walk is whole if nothing comes any more.
    pub(super) fn is_whole(&self) -> bool {
        let mut left = *self;
        (0..PLACES).all(|row| left.leave(row).is_some()) && left.done
    }

    /// Ways in less ways out of this row's corner.
    pub(super) fn balance(&self, row: usize) -> i8 {
        self.balance.get(row).copied().unwrap_or(0)
    }

    /// Into how many pieces the walk falls so far.
    pub(super) fn pieces(&self) -> i64 {
        i64::from(self.piece.iter().max().copied().unwrap_or(0))
    }

    /// The same front with directions forgotten.
    pub(super) fn undirected(mut self) -> Front {
        for b in &mut self.balance {
            *b = b.rem_euclid(2);
        }
        self
    }

    /// Pieces with an odd number of odd corners: each must hold an end of the walk.
    pub(super) fn odd_pieces(&self) -> usize {
        let odd = |p: u8| self.piece.iter().zip(&self.balance).filter(|(q, b)| **q == p && **b != 0).count() % 2;
        (1..=ROWS_MAX as u8).map(odd).sum()
    }
}
