//! The eleven steps as a person takes them: read the screen, do what it says.

use super::hands::{box_named, largest_box};
use super::{Packer, Stop};
use crate::core::checklist::DocumentKind;
use crate::core::session::PrintState;
use crate::core::session::event::{PrintOutcome, Reason};
use crate::core::signal::Signal;
use crate::core::units::Grams;
use crate::engine::Input;
use crate::engine::input::{ScaleReading, Ui};
use crate::engine::view::{
    BoxView, ChecklistView, LabelView, PackView, PickView, ProblemKind, ReviewView, StageView, StationView, VerifyView,
    WeighView,
};
use std::sync::atomic::Ordering;

/// Step of the scale's display, g.
const SCALE_STEP_G: i64 = 5;
/// From so many units of one thing on a person counts instead of scanning each.
const COUNT_FROM: u32 = 3;

impl Packer {
    /// Does what the current step asks for.
    pub(super) fn step(&mut self, pack: &PackView) -> Result<(), Stop> {
        match &pack.stage {
            StageView::Review(review) => self.review(review),
            StageView::Stock(_) => self.ui(Ui::Continue).map(drop),
            StageView::Pick(pick) => self.pick(pack, pick),
            StageView::Verify(verify) => self.verify(pack, verify),
            StageView::Pack(box_view) => self.pack(pack, box_view),
            StageView::Checklist(list) => self.checklist(list),
            StageView::Weigh(weigh) => self.weigh(pack, weigh),
            StageView::Label(label) => self.label(pack, label),
            StageView::Done(_) => {
                self.hands.remove(&pack.fulfillment);
                self.ui(Ui::Continue).map(drop)
            }
            StageView::Paused { .. } => self.ui(Ui::Resume).map(drop),
            StageView::Held { .. } => self.rest().map(drop),
            StageView::MustUnpack { .. } => {
                self.hands.remove(&pack.fulfillment);
                self.ui(Ui::ConfirmUnpacked).map(drop)
            }
        }
    }

    fn review(&mut self, review: &ReviewView) -> Result<(), Stop> {
        match review.flags.first() {
            Some(flag) => self.ui(Ui::ClearFlag(*flag)).map(drop),
            None => self.ui(Ui::Continue).map(drop),
        }
    }

    fn pick(&mut self, pack: &PackView, pick: &PickView) -> Result<(), Stop> {
        if self.trouble_at_shelf(pack, pick)? {
            return Ok(());
        }
        match &pick.location {
            Some(place) => self.scan_text(&place.code.clone()).map(drop),
            None => self.ui(Ui::TakeStop).map(drop),
        }
    }

    fn verify(&mut self, pack: &PackView, verify: &VerifyView) -> Result<(), Stop> {
        self.hands.entry(pack.fulfillment).or_default().follow(pack);
        if self.trouble_at_bench(pack, verify)? {
            return Ok(());
        }
        let world = std::sync::Arc::clone(&self.floor.world);
        let Some(thing) = world.thing(&verify.product.sku) else {
            // Nothing on this bench: a person would call for help.
            return self.ui(Ui::CallLead).map(drop);
        };
        let parcel = self.hands.entry(pack.fulfillment).or_default().parcel(pack.parcel);
        let (in_it, room) = (parcel.count(), parcel.room_for(&world, thing));
        if room == 0 && in_it > 0 {
            return self.ui(Ui::AnotherParcel).map(drop);
        }
        let take = verify.of.saturating_sub(verify.done).min(room.max(1));
        if let Some((code, units)) = &thing.case
            && *units <= take
        {
            return self.scan_text(code).map(drop);
        }
        self.units += 1;
        let (bytes, symbology) = thing.read(self.number * 1_000_000 + self.units);
        let after = self.scan(bytes, Some(symbology))?;
        let (serial, _, _) = thing.track;
        if take < COUNT_FROM || serial || !went_well(&after) {
            return Ok(());
        }
        let Some(now) = after.pack.as_ref() else { return Ok(()) };
        if let StageView::Verify(v) = &now.stage
            && v.product.sku == verify.product.sku
        {
            self.hands.entry(pack.fulfillment).or_default().follow(now);
            let more = (take - 1).min(v.count_max).min(v.of.saturating_sub(v.done));
            if more > 0 {
                self.ui(Ui::Count(more))?;
            }
        }
        Ok(())
    }

    fn pack(&mut self, pack: &PackView, view: &BoxView) -> Result<(), Stop> {
        self.hands.entry(pack.fulfillment).or_default().follow(pack);
        if self.trouble_in_box(pack)? {
            return Ok(());
        }
        let world = std::sync::Arc::clone(&self.floor.world);
        let parcel = self.hands.entry(pack.fulfillment).or_default().parcel(pack.parcel);
        let planned: u32 = view.order.iter().map(|(_, n)| *n).sum();
        let whole = planned >= parcel.count();
        let suggested = view.suggested.as_ref().and_then(|s| box_named(&s.name));
        let kind = suggested.filter(|kind| whole && parcel.fits(&world, kind)).unwrap_or(largest_box());
        parcel.kind = Some(kind);
        if suggested == Some(kind) { self.ui(Ui::Continue).map(drop) } else { self.scan_text(kind.code).map(drop) }
    }

    fn checklist(&mut self, list: &ChecklistView) -> Result<(), Stop> {
        match list.items.get(list.current) {
            Some(item) if item.by_photo => self.ui(Ui::Photo).map(drop),
            Some(_) => self.ui(Ui::Tick(list.current)).map(drop),
            None => self.rest().map(drop),
        }
    }

    fn weigh(&mut self, pack: &PackView, weigh: &WeighView) -> Result<(), Stop> {
        if weigh.outside.is_some() {
            // Nothing in the made world weighs other than it should: a lead looks, and the report tells.
            self.floor.tally.overrides.fetch_add(1, Ordering::AcqRel);
            return self.ui(Ui::OverrideWeight(Reason::PackingDiffers)).map(drop);
        }
        let world = std::sync::Arc::clone(&self.floor.world);
        let hands = self.hands.entry(pack.fulfillment).or_default();
        hands.follow(pack);
        // Tape and folds differ by a gram or two, and the scale shows whole steps.
        let grams = hands.grams(pack.parcel, &world) + self.chance.between(-2, 2);
        let shown = (grams + SCALE_STEP_G / 2).div_euclid(SCALE_STEP_G) * SCALE_STEP_G;
        for (grams, stable) in [(shown / 2, false), (shown, true)] {
            let at_mono_ms = self.bench.mono_ms();
            let reading = ScaleReading { grams: Grams(grams), stable, at_mono_ms };
            self.bench.act(Input::Weight { scale: String::new(), reading })?;
        }
        Ok(())
    }

    fn label(&mut self, pack: &PackView, view: &LabelView) -> Result<(), Stop> {
        if let Some((why, _)) = &view.blocked {
            if why.key == "refusal-no-numbers" {
                // Numbers come with the next answer of the server.
                return self.rest().map(drop);
            }
            self.floor.plan.ends(&pack.number, super::plan::Ending::Parked);
            return self.report(ProblemKind::Hold, None, 0, Reason::WaitingForOffice).map(drop);
        }
        if let Some(place) = &view.put_at {
            return self.scan_text(&place.clone()).map(drop);
        }
        let text = self.papers.get(&(pack.fulfillment, pack.parcel)).and_then(|p| p.codes.first().cloned());
        if let Some(text) = text {
            if self.trouble_at_label(pack)? {
                return Ok(());
            }
            let after = self.scan_text(&text)?;
            if went_well(&after) {
                self.last_label = Some(text);
            }
            return Ok(());
        }
        let last = view.prints.iter().filter(|p| p.document == DocumentKind::Label).max_by_key(|p| p.copy);
        match last.map(|p| p.state) {
            None => self.ui(Ui::Continue).map(drop),
            Some(PrintState::Ended(PrintOutcome::Sent | PrintOutcome::PaperMoved | PrintOutcome::Unknown)) => {
                // It should lie here and does not.
                self.reprint(pack.parcel)
            }
            Some(PrintState::Ended(PrintOutcome::Failed(_))) => self.ui(Ui::Continue).map(drop),
            Some(PrintState::Attempting) => self.rest().map(drop),
        }
    }

    fn reprint(&mut self, parcel: u16) -> Result<(), Stop> {
        let document = DocumentKind::Label;
        self.ui(Ui::Reprint { fulfillment: None, parcel, document, reason: Reason::NoPaper }).map(drop)
    }
}

/// The last thing was accepted.
pub(super) fn went_well(view: &StationView) -> bool {
    view.feedback.as_ref().is_some_and(|f| f.signal == Signal::Ok)
}
