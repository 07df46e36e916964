//! Step 8: the weight gate. It is open for what the goods and the box should weigh, and for what a
//! lead takes upon himself; it says what it can prove and what it cannot.

use super::super::super::ids::ProductId;
use super::super::super::learning::{self, Sample, Weighed};
use super::super::super::person::Approval;
use super::super::super::scan::{Meaning, NetWeight, ResolvedScan};
use super::super::super::units::Grams;
use super::super::super::weight::{self, Content, Gate, Verdict};
use super::super::event::{Event, PackagingHow, Reason};
use super::super::facts::Facts;
use super::super::refusal::{Named, Refusal, WeightOut};
use super::super::state::{ParcelState, Session};
use super::super::step::Step;
use super::{Draft, at, elsewhere};

/// A parcel's contents as the weight gate reads them: of goods sold by weight, what their labels say counts.
#[must_use]
pub fn contents(f: &Facts<'_>, parcel: &ParcelState) -> Vec<Content> {
    let mut list: Vec<(Option<NetWeight>, Content)> = Vec::new();
    for u in &parcel.units {
        let Some(p) = f.product(u.product) else { continue };
        let net = u.trace.net;
        match list.iter_mut().find(|(of, c)| *of == net && c.product == p.id) {
            Some((_, c)) => c.qty = c.qty.saturating_add(u.units),
            None => {
                let (unit_g, spread_g) = (p.weight_g, p.weight_spread_g);
                list.push((net, Content { product: p.id, qty: u.units, unit_g, spread_g, net_g: None }));
            }
        }
    }
    list.into_iter().map(|(net, c)| Content { net_g: net.map(|net| net.of_units(c.qty)), ..c }).collect()
}

/// What labels say that the current parcel's goods sold by weight weigh, if there are any.
#[must_use]
pub fn labelled(f: &Facts<'_>, parcel: &ParcelState) -> Option<Grams> {
    contents(f, parcel).iter().filter_map(|c| c.net_g).reduce(|a, b| a + b)
}

/// What the current parcel should weigh, and how far off it may be.
#[must_use]
pub fn gate(s: &Session, f: &Facts<'_>) -> Gate {
    let parcel = s.parcel();
    let tare = parcel.packaging.and_then(|id| f.packaging(id)).map_or(Grams(0), |p| p.tare_g);
    weight::gate(&weight::expected(&contents(f, parcel), tare), f.policy.scale_resolution_g)
}

/// Another box's barcode: the parcel is in it now.
pub(super) fn scan(d: &mut Draft<'_>, scan: &ResolvedScan) -> Result<(), Refusal> {
    match &scan.meaning {
        Meaning::Packaging(id) => super::pack::set(d, *id, PackagingHow::Scanned),
        m => Err(elsewhere(d, m)),
    }
}

/// A settled weight. Outside the gate nothing is lost: count again, or ask a lead.
pub(super) fn weight(d: &mut Draft<'_>, grams: Grams) -> Result<(), Refusal> {
    at(d, Step::Weigh)?;
    let gate = gate(&d.s, d.f);
    match weight::judge(&gate, grams) {
        Verdict::Within => {
            accept(d, &gate, grams, None);
            Ok(())
        }
        Verdict::TooLight { by_g } => Err(outside(d, &gate, WeightOut::TooLight(by_g), grams)),
        Verdict::TooHeavy { by_g } => Err(outside(d, &gate, WeightOut::TooHeavy(by_g), grams)),
    }
}

fn outside(d: &Draft<'_>, gate: &Gate, out: WeightOut, grams: Grams) -> Refusal {
    let list = contents(d.f, d.s.parcel());
    let suspect = weight::suspect(grams - gate.expected_g, &list, d.f.policy.scale_resolution_g)
        .and_then(|(p, n)| Some((Named::of(d.f.product(p)?, None), n)));
    Refusal::WeightOutside { out, suspect }
}

/// Taken although it is outside, with somebody's right to and a reason.
pub(super) fn over(d: &mut Draft<'_>, grams: Grams, approval: Approval, reason: Reason) -> Result<(), Refusal> {
    at(d, Step::Weigh)?;
    let role = d.f.policy.override_weight;
    if approval.role < role {
        return Err(Refusal::NeedsRole { role });
    }
    let gate = gate(&d.s, d.f);
    // No lead can know that a parcel weighs nothing.
    if grams.0 <= 0 {
        return Err(outside(d, &gate, WeightOut::TooLight(gate.expected_g), grams));
    }
    accept(d, &gate, grams, Some((approval, reason)));
    Ok(())
}

fn accept(d: &mut Draft<'_>, gate: &Gate, grams: Grams, overridden: Option<(Approval, Reason)>) {
    let parcel = d.s.parcel().no;
    d.push(Event::Weighed {
        parcel,
        grams,
        expected_g: gate.expected_g,
        low_g: gate.low_g,
        high_g: gate.high_g,
        proof: gate.proves,
        sample: if overridden.is_some() { None } else { sample(d.f, d.s.parcel(), grams) },
        overridden,
    });
    d.go(Step::Label);
}

/// What a parcel that passed by itself says about its product. Without a known box nothing: its mass is not the goods'. Nor
/// where a label said what a piece weighs: the next piece weighs something else.
fn sample(f: &Facts<'_>, parcel: &ParcelState, gross_g: Grams) -> Option<(ProductId, Sample)> {
    let tare_g = parcel.packaging.and_then(|id| f.packaging(id))?.tare_g;
    if parcel.units.iter().any(|u| u.trace.net.is_some()) {
        return None;
    }
    let contents: Vec<_> = parcel.units.iter().map(|u| (u.product, u.units)).collect();
    let resolution_g = f.policy.scale_resolution_g;
    learning::sample(&Weighed { gross_g, tare_g, contents: &contents, resolution_g, overridden: false })
}

/// The parcel's units are scanned again from nothing.
pub(super) fn recount(d: &mut Draft<'_>) -> Result<(), Refusal> {
    at(d, Step::Weigh)?;
    let parcel = d.s.parcel().no;
    d.push(Event::RecountStarted { parcel });
    d.go(Step::Verify);
    Ok(())
}
