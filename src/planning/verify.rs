//! Is an answer true? Checks packed boxes from nothing but the question and the places: it shares no code with the search
//! that found them.

pub mod loading;

use super::boxes::{Kind, Packed, Parcel, Placed, Rules, Top, Ware};

/// What is wrong with an answer; things are named by their index among the wares, parcels by theirs among the parcels.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Things were lost or made.
    #[error("ware {ware}: {packed} are packed or left over, {asked} were asked for")]
    Count {
        /// Which.
        ware: usize,
        /// In parcels and left over.
        packed: u64,
        /// Asked for.
        asked: u64,
    },
    /// Something names a ware or box that does not exist.
    #[error("parcel {parcel} names a ware or a box that does not exist")]
    Unknown {
        /// Which parcel.
        parcel: usize,
    },
    /// An empty parcel.
    #[error("parcel {parcel} is empty")]
    Empty {
        /// Which parcel.
        parcel: usize,
    },
    /// Sides that no allowed turn gives.
    #[error("parcel {parcel}: ware {ware} may not lie so")]
    Turned {
        /// Which parcel.
        parcel: usize,
        /// Which ware.
        ware: usize,
    },
    /// Part of it is outside.
    #[error("parcel {parcel}: ware {ware} sticks out")]
    Outside {
        /// Which parcel.
        parcel: usize,
        /// Which ware.
        ware: usize,
    },
    /// Two things in one place.
    #[error("parcel {parcel}: wares {first} and {second} are in one place")]
    Overlap {
        /// Which parcel.
        parcel: usize,
        /// One.
        first: usize,
        /// The other.
        second: usize,
    },
    /// Too little or nothing holds it.
    #[error("parcel {parcel}: {percent} % of the base of ware {ware} lie on something")]
    Support {
        /// Which parcel.
        parcel: usize,
        /// Which ware.
        ware: usize,
        /// So much is held.
        percent: i64,
    },
    /// It bears more than it may.
    #[error("parcel {parcel}: {load_g} g stand on ware {ware}")]
    Load {
        /// Which parcel.
        parcel: usize,
        /// Which ware.
        ware: usize,
        /// So much stands on it.
        load_g: i64,
    },
    /// The box holds less.
    #[error("parcel {parcel}: {mass_g} g are too much for its box")]
    Mass {
        /// Which parcel.
        parcel: usize,
        /// So much is in it.
        mass_g: i64,
    },
    /// It would have to pass through what is there already.
    #[error("parcel {parcel}: ware {ware} cannot be put in from above at its turn")]
    Sequence {
        /// Which parcel.
        parcel: usize,
        /// Which ware.
        ware: usize,
    },
}

/// Checks that everything is packed or left over exactly once, lies inside its box as it may be turned, in a place of
/// its own, held and borne, within the mass its box holds, and can be put in from above in the order told.
///
/// # Errors
/// The first fault found.
pub fn check(kinds: &[Kind], wares: &[Ware], rules: &Rules, answer: &Packed) -> Result<(), Fault> {
    let mut packed = vec![0_u64; wares.len()];
    for (ware, n) in &answer.left_over {
        let slot = packed.get_mut(*ware).ok_or(Fault::Unknown { parcel: usize::MAX })?;
        *slot += u64::from(*n);
    }
    for (parcel, p) in answer.parcels.iter().enumerate() {
        check_parcel(kinds, wares, rules, (parcel, p))?;
        for thing in &p.placed {
            let slot = packed.get_mut(thing.ware).ok_or(Fault::Unknown { parcel })?;
            *slot += 1;
        }
    }
    for (ware, (n, w)) in packed.iter().zip(wares).enumerate() {
        if *n != u64::from(w.qty) {
            return Err(Fault::Count { ware, packed: *n, asked: u64::from(w.qty) });
        }
    }
    Ok(())
}

fn check_parcel(kinds: &[Kind], wares: &[Ware], rules: &Rules, (parcel, p): (usize, &Parcel)) -> Result<(), Fault> {
    let kind = kinds.get(p.kind).ok_or(Fault::Unknown { parcel })?;
    if p.placed.is_empty() {
        return Err(Fault::Empty { parcel });
    }
    let mut mass_g = 0;
    for (n, thing) in p.placed.iter().enumerate() {
        let ware = wares.get(thing.ware).ok_or(Fault::Unknown { parcel })?;
        mass_g += ware.mass_g;
        check_place(kind, ware, thing, parcel)?;
        check_neighbours(&p.placed[..n], thing, parcel)?;
        let percent = held_percent(&p.placed[..n], thing);
        if thing.at[2] > 0 && (percent == 0 || percent < i64::from(rules.support_percent)) {
            return Err(Fault::Support { parcel, ware: thing.ware, percent });
        }
    }
    if mass_g > kind.mass_g_max {
        return Err(Fault::Mass { parcel, mass_g });
    }
    check_loads(wares, &p.placed, parcel)
}

fn check_place(kind: &Kind, ware: &Ware, thing: &Placed, parcel: usize) -> Result<(), Fault> {
    if !ware.turns.of(ware.sides).any(|t| t == thing.size) {
        return Err(Fault::Turned { parcel, ware: thing.ware });
    }
    let inside = |k: usize| thing.at[k] >= 0 && thing.at[k] <= kind.inner[k] - thing.size[k];
    if !(inside(0) && inside(1) && inside(2)) {
        return Err(Fault::Outside { parcel, ware: thing.ware });
    }
    Ok(())
}

/// How long two things lie side by side along a direction, in mm; negative where they are apart.
fn shared_mm(a: &Placed, b: &Placed, k: usize) -> i64 {
    let end = |p: &Placed| i64::from(p.at[k]) + i64::from(p.size[k]);
    end(a).min(end(b)) - i64::from(a.at[k].max(b.at[k]))
}

fn check_neighbours(before: &[Placed], thing: &Placed, parcel: usize) -> Result<(), Fault> {
    for b in before {
        if shared_mm(b, thing, 0) <= 0 || shared_mm(b, thing, 1) <= 0 {
            continue;
        }
        if shared_mm(b, thing, 2) > 0 {
            return Err(Fault::Overlap { parcel, first: b.ware, second: thing.ware });
        }
        if b.at[2] >= thing.at[2] + thing.size[2] {
            return Err(Fault::Sequence { parcel, ware: thing.ware });
        }
    }
    Ok(())
}

/// How much of the base lies on what was put in before, in per cent; rounded up, so that a hair is not nothing.
fn held_percent(before: &[Placed], thing: &Placed) -> i64 {
    let below = before.iter().filter(|b| touches(b, thing));
    let held: i64 = below.map(|b| shared_mm(b, thing, 0) * shared_mm(b, thing, 1)).sum();
    let base = i64::from(thing.size[0]) * i64::from(thing.size[1]);
    (held * 100 + base - 1) / base.max(1)
}

/// Does one thing lie on the other?
fn touches(below: &Placed, above: &Placed) -> bool {
    below.at[2] + below.size[2] == above.at[2] && shared_mm(below, above, 0) > 0 && shared_mm(below, above, 1) > 0
}

/// What stands on each thing: itself counted once, however many ways its mass goes down.
fn check_loads(wares: &[Ware], placed: &[Placed], parcel: usize) -> Result<(), Fault> {
    let limited = |p: &Placed| wares.get(p.ware).is_some_and(|w| w.top != Top::Anything);
    if !placed.iter().any(limited) {
        return Ok(());
    }
    let lie_on: Vec<Vec<usize>> =
        placed.iter().map(|below| (0..placed.len()).filter(|m| touches(below, &placed[*m])).collect()).collect();
    for (n, thing) in placed.iter().enumerate() {
        let most_g = match wares.get(thing.ware).map(|w| w.top) {
            Some(Top::UpTo(most_g)) => Some(most_g),
            Some(Top::Nothing) => None,
            Some(Top::Anything) | None => continue,
        };
        let mut above = vec![false; placed.len()];
        above[n] = true;
        let (mut load_g, touched, mut open) = (0, !lie_on[n].is_empty(), vec![n]);
        while let Some(at) = open.pop() {
            for m in &lie_on[at] {
                if !std::mem::replace(&mut above[*m], true) {
                    load_g += wares.get(placed[*m].ware).map_or(0, |w| w.mass_g);
                    open.push(*m);
                }
            }
        }
        if most_g.map_or(touched, |most_g| load_g > most_g) {
            return Err(Fault::Load { parcel, ware: thing.ware, load_g });
        }
    }
    Ok(())
}
