//! What lies in the boxes on the bench: the physical side, which no screen knows and a scale feels. A person puts into the box
//! what the screen has counted, and takes out what it has taken back.

use crate::core::ids::LineNo;
use crate::demo::world::World;
use crate::demo::world::goods::Thing;
use crate::demo::world::people::{BOXES, BoxKind};
use crate::engine::view::PackView;
use std::collections::BTreeMap;

/// How full a person fills the largest box, per cent of its room.
const FILL_PERCENT: i64 = 70;
/// How heavy a person makes a parcel, per cent of what the largest box may hold.
const LOAD_PERCENT: i64 = 90;

/// One box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    /// Which kind, once chosen.
    pub kind: Option<&'static BoxKind>,
    units: BTreeMap<LineNo, (String, u32)>,
}

/// The boxes of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hands {
    parcels: Vec<Parcel>,
}

fn largest() -> &'static BoxKind {
    &BOXES[BOXES.len() - 1]
}

impl Hands {
    /// The box of that number, from 1.
    pub fn parcel(&mut self, no: u16) -> &mut Parcel {
        let n = usize::from(no.max(1));
        if self.parcels.len() < n {
            self.parcels.resize(n, Parcel::default());
        }
        &mut self.parcels[n - 1]
    }

    /// Makes the boxes hold what the screen has counted.
    pub fn follow(&mut self, view: &PackView) {
        let current = view.parcel;
        for line in view.lines.iter() {
            let have: u32 = self.parcels.iter().filter_map(|p| p.units.get(&line.no)).map(|(_, n)| *n).sum();
            if line.done > have {
                let sku = line.product.sku.clone();
                self.parcel(current).units.entry(line.no).or_insert((sku, 0)).1 += line.done - have;
            }
            let mut over = have.saturating_sub(line.done);
            for parcel in self.parcels.iter_mut().rev() {
                if let Some((_, n)) = parcel.units.get_mut(&line.no) {
                    let out = over.min(*n);
                    *n -= out;
                    over -= out;
                }
            }
        }
    }

    /// Mass on the scale: box, filling and what is in it.
    pub fn grams(&mut self, no: u16, world: &World) -> i64 {
        let parcel = self.parcel(no);
        let tare = parcel.kind.map_or(0, |kind| i64::from(kind.tare_g));
        tare + parcel.content_g(world)
    }
}

impl Parcel {
    /// Units in it.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.units.values().map(|(_, n)| *n).sum()
    }

    /// Mass of what is in it.
    #[must_use]
    pub fn content_g(&self, world: &World) -> i64 {
        self.sum(world, |thing| i64::from(thing.weight_g))
    }

    fn sum(&self, world: &World, of: impl Fn(&Thing) -> i64) -> i64 {
        self.units.values().filter_map(|(sku, n)| Some(of(world.thing(sku)?) * i64::from(*n))).sum()
    }

    /// How many more units of a thing a person would still put in.
    #[must_use]
    pub fn room_for(&self, world: &World, thing: &Thing) -> u32 {
        let volume = largest().volume_mm3() * FILL_PERCENT / 100 - self.sum(world, Thing::volume_mm3);
        let mass = i64::from(largest().max_g) * LOAD_PERCENT / 100 - self.content_g(world);
        let n = (volume / thing.volume_mm3().max(1)).min(mass / i64::from(thing.weight_g.max(1)));
        u32::try_from(n.max(0)).unwrap_or(u32::MAX)
    }

    /// Does a kind of box hold what is in it, by room and mass?
    #[must_use]
    pub fn fits(&self, world: &World, kind: &BoxKind) -> bool {
        let volume = self.sum(world, Thing::volume_mm3);
        volume <= kind.volume_mm3() && self.content_g(world) <= i64::from(kind.max_g)
    }
}

/// The box of that name.
#[must_use]
pub fn box_named(name: &str) -> Option<&'static BoxKind> {
    BOXES.iter().find(|kind| kind.name == name)
}

/// The largest box, which takes what a person puts into one parcel.
#[must_use]
pub fn largest_box() -> &'static BoxKind {
    largest()
}
