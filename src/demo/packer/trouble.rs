//! Troubles as they come: a gap on the shelf, a wrong scan, a broken unit, an order called off. Each is done as a person would,
//! and what the screen says is kept beside what it must say.

use super::plan::{Ending, Mishap, Witness, Wrong};
use super::{Packer, Seen, Stop};
use crate::core::gs1;
use crate::core::ids::LineNo;
use crate::core::session::event::Reason;
use crate::engine::input::Ui;
use crate::engine::view::{PackView, PickView, ProblemKind, Screen, Sheet, StageView, StationView, VerifyView};
use std::time::{Duration, Instant};

/// Longest wait for the news that an order was called off. With the network down it does not come.
const NEWS: Duration = Duration::from_secs(3);
/// A code that no made thing has: the number of GS1's own example.
const STRANGE: &str = "9501101530003";
/// A parcel number that no station is ever granted: the last of the range for examples.
const STRANGE_SERIAL: u64 = 999_999_999;

impl Packer {
    /// Opens the form of a problem and sends it.
    pub(super) fn report(&mut self, kind: ProblemKind, line: Option<LineNo>, quantity: u32, reason: Reason) -> Seen {
        let form = self.ui(Ui::Problem(kind, line))?;
        let (line, quantity) = match &form.sheet {
            Some(Sheet::Form(form)) => {
                (form.line.filter(|_| line.is_some()), quantity.min(form.quantity_max.max(quantity.min(1))))
            }
            _ => (line, quantity),
        };
        self.ui(Ui::Report { kind, line, quantity, reason, product: None })
    }

    fn saw(&self, pack: &PackView, mishap: Mishap, expected: &'static str, seen: String) {
        self.floor.plan.witness(Witness { order: pack.number.clone(), mishap, expected, seen });
    }

    /// The power may go off within a trouble: then it is as if it had not begun, unless the screen shows later that it has.
    fn watched<T>(&mut self, pack: &PackView, done: Result<T, Stop>) -> Result<T, Stop> {
        if matches!(done, Err(Stop::Dark)) {
            self.floor.plan.forget(&pack.number);
        }
        done
    }

    /// At the shelf: a unit is missing, or the wrong sign is scanned. True if something was done.
    pub(super) fn trouble_at_shelf(&mut self, pack: &PackView, pick: &PickView) -> Result<bool, Stop> {
        // What was told before the power went off shows on the screen.
        if pack.lines.iter().any(|line| line.short > 0) {
            return Ok(false);
        }
        let fits = |m| matches!(m, Mishap::Short { .. } | Mishap::Wrong(Wrong::Shelf));
        let Some(mishap) = self.floor.plan.begin(&pack.number, fits) else { return Ok(false) };
        let done = match mishap {
            Mishap::Short { .. } => self.short(pack, pick, mishap),
            _ => self.wrong_shelf(pack, pick, mishap),
        };
        self.watched(pack, done).map(|()| true)
    }

    fn short(&mut self, pack: &PackView, pick: &PickView, mishap: Mishap) -> Result<(), Stop> {
        let line = pack.lines.iter().find(|l| l.product.id == pick.product.id && l.done < l.of);
        let Some(line) = line.map(|l| l.no) else { return Ok(()) };
        // One unit in all: nothing is left to send, and no lead can change that.
        if pack.of <= 1 {
            self.floor.plan.ends(&pack.number, Ending::Parked);
        }
        let after = self.report(ProblemKind::Short, Some(line), 1, Reason::BinEmpty)?;
        let parked = after.held.iter().any(|held| held.number == pack.number);
        let seen = if parked { "parked" } else { title(&after) };
        self.saw(pack, mishap, "parked", seen.to_owned());
        Ok(())
    }

    fn wrong_shelf(&mut self, pack: &PackView, pick: &PickView, mishap: Mishap) -> Result<(), Stop> {
        let right = pick.location.as_ref().map(|place| place.code.as_str()).unwrap_or_default();
        let other = if right == "A-01-1" { "B-02-2" } else { "A-01-1" };
        let (after, expected) = if right.is_empty() {
            (self.scan_text(STRANGE)?, "refusal-unknown-code")
        } else {
            (self.scan_text(other)?, "refusal-wrong-shelf")
        };
        self.saw(pack, mishap, expected, title(&after).to_owned());
        Ok(())
    }

    /// At the bench while units are scanned. True if something was done.
    pub(super) fn trouble_at_bench(&mut self, pack: &PackView, verify: &VerifyView) -> Result<bool, Stop> {
        // An order may name a product on several lines: one more is too many only once all of them are full.
        let wanted = |sku: &str| pack.lines.iter().any(|l| l.product.sku == sku && l.done < l.of);
        let full = pack.lines.iter().find(|l| l.of > 0 && l.done >= l.of && !wanted(&l.product.sku));
        let full = full.map(|l| l.product.sku.clone());
        let some = pack.lines.iter().any(|l| l.done > 0);
        let last = verify.of.saturating_sub(verify.done) <= 1 && full.is_none();
        let fits = |m| match m {
            Mishap::Wrong(Wrong::Item | Wrong::Unknown) | Mishap::Cancelled => true,
            // Only a line that is full can get one too many; an order of one line never shows one.
            Mishap::Wrong(Wrong::OneMore) => full.is_some() || last,
            Mishap::Damaged => some,
            Mishap::Wrong(Wrong::Label | Wrong::Shelf) | Mishap::Short { .. } => false,
        };
        let Some(mishap) = self.floor.plan.begin(&pack.number, fits) else { return Ok(false) };
        let done = match mishap {
            Mishap::Wrong(Wrong::OneMore) if full.is_some() => self.one_more(pack, &full.unwrap_or_default(), mishap),
            Mishap::Wrong(Wrong::Unknown) => self.strange(pack, mishap),
            Mishap::Cancelled => self.called_off(pack, mishap),
            Mishap::Damaged => self.damaged(pack, mishap),
            _ => self.wrong_item(pack, mishap),
        };
        self.watched(pack, done).map(|()| true)
    }

    /// In the box: a unit turns out broken after all were scanned. True if something was done.
    pub(super) fn trouble_in_box(&mut self, pack: &PackView) -> Result<bool, Stop> {
        let Some(mishap) = self.floor.plan.begin(&pack.number, |m| m == Mishap::Damaged) else { return Ok(false) };
        let done = self.damaged(pack, mishap);
        self.watched(pack, done).map(|()| true)
    }

    fn strange(&mut self, pack: &PackView, mishap: Mishap) -> Result<(), Stop> {
        let after = self.scan_text(STRANGE)?;
        self.saw(pack, mishap, "refusal-unknown-code", title(&after).to_owned());
        Ok(())
    }

    fn wrong_item(&mut self, pack: &PackView, mishap: Mishap) -> Result<(), Stop> {
        let ordered: Vec<&str> = pack.lines.iter().map(|l| l.product.sku.as_str()).collect();
        let from = self.chance.index(self.floor.skus.len());
        let others = self.floor.skus.iter().cycle().skip(from).take(self.floor.skus.len());
        let plain = |sku: &&String| {
            let thing = self.floor.world.thing(sku);
            !ordered.contains(&sku.as_str()) && thing.is_some_and(|t| t.track == (false, false, false))
        };
        let thing = others.into_iter().find(plain).and_then(|sku| self.floor.world.thing(sku)).cloned();
        let Some(thing) = thing else { return Ok(()) };
        let (bytes, symbology) = thing.read(0);
        let after = self.scan(bytes, Some(symbology))?;
        self.saw(pack, mishap, "refusal-wrong-item", title(&after).to_owned());
        Ok(())
    }

    fn one_more(&mut self, pack: &PackView, sku: &str, mishap: Mishap) -> Result<(), Stop> {
        let Some(thing) = self.floor.world.thing(sku).cloned() else { return Ok(()) };
        self.units += 1;
        let (bytes, symbology) = thing.read(self.number * 1_000_000 + self.units);
        let after = self.scan(bytes, Some(symbology))?;
        self.saw(pack, mishap, "refusal-too-many", title(&after).to_owned());
        Ok(())
    }

    fn damaged(&mut self, pack: &PackView, mishap: Mishap) -> Result<(), Stop> {
        let Some(line) = pack.lines.iter().find(|l| l.done > 0).map(|l| l.no) else { return Ok(()) };
        let after = self.report(ProblemKind::Damaged, Some(line), 1, Reason::Broken)?;
        self.saw(pack, mishap, "ok-damaged", title(&after).to_owned());
        Ok(())
    }

    /// The office calls it off; a person who has not heard goes on packing.
    fn called_off(&mut self, pack: &PackView, mishap: Mishap) -> Result<(), Stop> {
        self.floor.office.cancel(&pack.number)?;
        let until = Instant::now() + NEWS;
        let told = |v: &StationView| match (&v.screen, &v.pack) {
            (Screen::Pack, Some(p)) if p.fulfillment == pack.fulfillment => {
                matches!(p.stage, StageView::MustUnpack { .. })
            }
            _ => true,
        };
        let mut view = self.bench.view()?;
        while !told(&view) && Instant::now() < until {
            view = self.rest()?;
        }
        // Not told in time is no fault: the order is packed, and the server asks a person.
        self.saw(pack, mishap, "called off", "called off".to_owned());
        Ok(())
    }

    /// At the label: another parcel's is scanned first. True if something was done.
    pub(super) fn trouble_at_label(&mut self, pack: &PackView) -> Result<bool, Stop> {
        let fits = |m| matches!(m, Mishap::Wrong(Wrong::Label | Wrong::OneMore));
        let Some(mishap) = self.floor.plan.begin(&pack.number, fits) else { return Ok(false) };
        let (text, expected) = match self.last_label.clone() {
            Some(text) => (text, "refusal-other-parcel"),
            None => {
                let sscc = gs1::sscc("9521234", STRANGE_SERIAL, 0).unwrap_or_default();
                (format!("00{sscc}"), "refusal-unknown-label")
            }
        };
        let done = self.scan_text(&text).map(|after| self.saw(pack, mishap, expected, title(&after).to_owned()));
        self.watched(pack, done).map(|()| true)
    }
}

fn title(view: &StationView) -> &'static str {
    view.feedback.as_ref().map_or("", |f| f.title.key)
}
