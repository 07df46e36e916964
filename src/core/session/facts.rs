//! What a decision may look at besides the session: everything that was loaded for it beforehand.

use super::super::checklist::Content;
use super::super::ids::{LineNo, PackagingId, ProductId};
use super::super::order::{Fulfillment, Order};
use super::super::packaging::Packaging;
use super::super::person::Person;
use super::super::policy::Policy;
use super::super::product::{Product, ProductKind};
use super::super::stock::StockSnapshot;
use super::super::time::Day;
use super::state::ParcelState;
use std::collections::HashMap;

/// One place of the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Shelf.
    pub location: String,
    /// Line it serves.
    pub line: LineNo,
    /// Units to take there.
    pub quantity: u32,
}

/// Loaded before the decision; read only.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The order.
    pub order: &'a Order,
    /// The work.
    pub fulfillment: &'a Fulfillment,
    /// Its products, their substitutes, and whatever was scanned.
    pub products: &'a HashMap<ProductId, Product>,
    /// Boxes the site keeps.
    pub packagings: &'a [Packaging],
    /// What the site allows.
    pub policy: &'a Policy,
    /// Stock of the order's products.
    pub stock: &'a StockSnapshot,
    /// The walk, in order.
    pub tour: &'a [Stop],
    /// Who acts.
    pub actor: &'a Person,
    /// The box the planner suggests for the current parcel.
    pub suggested: Option<PackagingId>,
    /// The next serial shipping container code of the station's block.
    pub next_sscc: Option<&'a str>,
    /// Today at the site, for expiry.
    pub today: Day,
}

impl<'a> Facts<'a> {
    /// A product, if loaded.
    #[must_use]
    pub fn product(&self, id: ProductId) -> Option<&'a Product> {
        self.products.get(&id)
    }

    /// Lines that are picked and packed: services are not.
    pub fn goods(&self) -> impl Iterator<Item = &'a super::super::order::FulfillmentLine> + use<'a, '_> {
        self.fulfillment.lines.iter().filter(|l| self.product(l.product).is_none_or(|p| p.kind == ProductKind::Goods))
    }

    /// A kind of box.
    #[must_use]
    pub fn packaging(&self, id: PackagingId) -> Option<&'a Packaging> {
        self.packagings.iter().find(|p| p.id == id)
    }

    /// Contents of a parcel with their products, for checklist, papers and weight.
    #[must_use]
    pub fn contents(&self, parcel: &ParcelState) -> Vec<Content<'a>> {
        let mut list: Vec<Content<'a>> = Vec::new();
        for u in &parcel.units {
            let Some(product) = self.product(u.product) else { continue };
            match list.iter_mut().find(|c| c.line == u.line && c.product.id == u.product) {
                Some(c) => c.units += u.units,
                None => list.push(Content { line: u.line, product, units: u.units }),
            }
        }
        list
    }
}
