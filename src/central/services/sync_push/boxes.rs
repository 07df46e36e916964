//! The parcels of one fulfillment while a batch is applied: loaded once, changed in memory, written once. A number alone goes to
//! the store at once, because two fulfillments of one batch must not carry the same.

use crate::central::error::Res;
use crate::central::services::products;
use crate::central::store::work::Work;
use crate::sql::Val;
use crate::vals;
use std::collections::{BTreeMap, BTreeSet};

/// A parcel's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parcel {
    pub packaging: Option<String>,
    pub weight_g: Option<i64>,
    pub expected_g: Option<i64>,
    pub weight_override_by: Option<String>,
    pub sscc: Option<String>,
    pub label_copies: i64,
    pub confirmed_ms: Option<i64>,
    pub void: bool,
    pub fence: i64,
    pub station: String,
}

/// What lies in a parcel: parcel, line, product, lot, day of expiry; the last two empty where there is none.
pub(super) type Place = (u16, u32, String, String, String);

/// All parcels of a fulfillment and what is in them.
#[derive(Default)]
pub(super) struct Boxes {
    pub parcels: BTreeMap<u16, Parcel>,
    /// Units, above zero.
    pub items: BTreeMap<Place, i64>,
    stored_parcels: BTreeMap<u16, Parcel>,
    stored_items: BTreeMap<Place, i64>,
    /// Parcels of which it is known that they were packed.
    packed: BTreeSet<u16>,
}

impl Boxes {
    /// Those of a fulfillment.
    pub fn load(work: &mut Work<'_>, fulfillment: &str) -> Res<Boxes> {
        let mut boxes = Boxes::default();
        let rows = work.all(
            "SELECT no, packaging, weight_g, expected_g, weight_override_by, sscc, label_copies, confirmed_ms, void, fence, \
             station FROM parcels WHERE fulfillment = $1",
            vals![fulfillment],
        )?;
        for row in rows {
            let parcel = Parcel {
                packaging: row.at(1)?,
                weight_g: row.at(2)?,
                expected_g: row.at(3)?,
                weight_override_by: row.at(4)?,
                sscc: row.at(5)?,
                label_copies: row.at(6)?,
                confirmed_ms: row.at(7)?,
                void: row.at(8)?,
                fence: row.at(9)?,
                station: row.at(10)?,
            };
            boxes.parcels.insert(row.at(0)?, parcel);
        }
        let rows = work.all(
            "SELECT parcel, line_no, product, lot, expiry, quantity FROM parcel_items WHERE fulfillment = $1",
            vals![fulfillment],
        )?;
        for row in rows {
            boxes.items.insert((row.at(0)?, row.at(1)?, row.at(2)?, row.at(3)?, row.at(4)?), row.at(5)?);
        }
        boxes.stored_parcels.clone_from(&boxes.parcels);
        boxes.packed = boxes.confirmed().collect();
        boxes.stored_items.clone_from(&boxes.items);
        Ok(boxes)
    }

    fn confirmed(&self) -> impl Iterator<Item = u16> {
        self.parcels.iter().filter(|(_, parcel)| parcel.confirmed_ms.is_some()).map(|(no, _)| *no)
    }

    /// Puts units in.
    pub fn put(&mut self, place: Place, units: i64) {
        *self.items.entry(place).or_default() += units;
    }

    /// Takes units out of where they are; what is empty then is gone.
    pub fn take(&mut self, place: &Place, units: i64) {
        if let Some(there) = self.items.get_mut(place) {
            *there -= units;
            if *there <= 0 {
                self.items.remove(place);
            }
        }
    }

    /// Which lots of a parcel's line make up so many units, latest lot first; only those of a lot and a day where they are given.
    pub fn parts(
        &self,
        parcel: u16,
        line: u32,
        product: &str,
        units: i64,
        (lot, expiry): (Option<&str>, Option<&str>),
    ) -> Vec<(Place, i64)> {
        let first = (parcel, line, product.to_owned(), String::new(), String::new());
        let of_it = |place: &&Place| (place.0, place.1, place.2.as_str()) == (parcel, line, product);
        let mut places: Vec<&Place> = self.items.range(first..).map(|(place, _)| place).take_while(of_it).collect();
        places.retain(|place| lot.is_none_or(|lot| place.3 == lot) && expiry.is_none_or(|day| place.4 == day));
        places.reverse();
        let mut left = units;
        let mut parts = Vec::new();
        for place in places {
            let part = left.min(self.items.get(place).copied().unwrap_or(0));
            if part > 0 {
                parts.push((place.clone(), part));
                left -= part;
            }
        }
        parts
    }

    /// Writes one parcel's row if it changed.
    pub fn write_parcel(&mut self, work: &mut Work<'_>, fulfillment: &str, no: u16) -> Res<()> {
        let Some(parcel) = self.parcels.get(&no) else { return Ok(()) };
        let stored = self.stored_parcels.get(&no);
        if stored == Some(parcel) {
            return Ok(());
        }
        let sql = match stored {
            None => {
                "INSERT INTO parcels (fulfillment, no, site, packaging, weight_g, expected_g, weight_override_by, sscc, \
                 label_copies, confirmed_ms, void, fence, station, updated_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            }
            Some(_) => {
                "UPDATE parcels SET site = $3, packaging = $4, weight_g = $5, expected_g = $6, weight_override_by = $7, \
                 sscc = $8, label_copies = $9, confirmed_ms = $10, void = $11, fence = $12, station = $13, updated_ms = $14 \
                 WHERE fulfillment = $1 AND no = $2"
            }
        };
        let p = parcel.clone();
        work.exec(
            sql,
            vals![
                fulfillment,
                no,
                work.site(),
                p.packaging,
                p.weight_g,
                p.expected_g,
                p.weight_override_by,
                p.sscc,
                p.label_copies,
                p.confirmed_ms,
                p.void,
                p.fence,
                p.station,
                work.now_ms()
            ],
        )?;
        self.stored_parcels.insert(no, parcel.clone());
        Ok(())
    }

    /// Writes what changed.
    pub fn flush(&mut self, work: &mut Work<'_>, fulfillment: &str) -> Res<()> {
        let numbers: Vec<u16> = self.parcels.keys().copied().collect();
        for no in numbers {
            self.write_parcel(work, fulfillment, no)?;
        }
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for (place, units) in &self.items {
            let rows = match self.stored_items.get(place) {
                Some(stored) if stored == units => continue,
                Some(_) => &mut changed,
                None => &mut new,
            };
            let (parcel, line, product, lot, expiry) = place;
            let (parcel, line) = (Val::from(*parcel), Val::from(*line));
            rows.extend([fulfillment.into(), parcel, line, product.into(), lot.into(), expiry.into(), (*units).into()]);
        }
        work.tx.exec_rows(
            "INSERT INTO parcel_items (fulfillment, parcel, line_no, product, lot, expiry, quantity) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            7,
            &new,
        )?;
        work.tx.exec_rows(
            "UPDATE parcel_items SET quantity = $7 WHERE fulfillment = $1 AND parcel = $2 AND line_no = $3 \
             AND product = $4 AND lot = $5 AND expiry = $6",
            7,
            &changed,
        )?;
        for (parcel, line, product, lot, expiry) in self.stored_items.keys().filter(|p| !self.items.contains_key(*p)) {
            work.exec(
                "DELETE FROM parcel_items WHERE fulfillment = $1 AND parcel = $2 AND line_no = $3 AND product = $4 \
                 AND lot = $5 AND expiry = $6",
                vals![fulfillment, *parcel, *line, product, lot, expiry],
            )?;
        }
        self.stored_items.clone_from(&self.items);
        let new: Vec<u16> = self.confirmed().filter(|no| !self.packed.contains(no)).collect();
        products::parcels_packed(work, fulfillment, &new)?;
        self.packed.extend(new);
        Ok(())
    }
}
