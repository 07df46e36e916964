//! Taking events over. Applying never refuses and never looks outside: what an event says, holds.

use super::super::ids::{FulfillmentId, GestureId, LineNo, ProductId, UserId};
use super::super::order::FulfillmentLine;
use super::super::scan::{NetWeight, Trace};
use super::super::time::{Day, UtcMs};
use super::event::{Event, Opening, TickHow, Undoable, VerifyHow};
use super::state::{Awaiting, End, LineState, Mode, PackedUnits, ParcelState, Print, PrintState, Session, UNDO_MAX};
use super::step::Step;

/// Which units of a product: of a serial number, a lot, a day of expiry, and rather those of a label's weight.
#[derive(Clone, Copy, Default)]
pub(super) struct Which<'a> {
    pub(super) serial: Option<&'a String>,
    pub(super) net: Option<NetWeight>,
    pub(super) lot: Option<&'a String>,
    pub(super) expiry: Option<Day>,
}

impl Which<'_> {
    /// Whether units of this trace are meant; any weight is.
    pub(super) fn fits(&self, trace: &Trace) -> bool {
        (self.serial.is_none() || trace.serial.as_ref() == self.serial)
            && (self.lot.is_none() || trace.lot.as_ref() == self.lot)
            && (self.expiry.is_none() || trace.expiry == self.expiry)
    }
}

/// What an `Opened` event says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) fulfillment: FulfillmentId,
    pub(super) order_version: i64,
    pub(super) packer: UserId,
    pub(super) how: Opening,
    pub(super) picked_elsewhere: bool,
    pub(super) fence: i64,
}

impl Head {
    /// The event that says it.
    pub(super) fn event(self) -> Event {
        let Head { fulfillment, order_version, packer, how, picked_elsewhere, fence } = self;
        Event::Opened { fulfillment, order_version, packer, how, picked_elsewhere, fence }
    }
}

impl Session {
    /// The session an `Opened` event starts; `None` for any other event.
    #[must_use]
    pub fn start(event: &Event, lines: &[FulfillmentLine], at: UtcMs) -> Option<Session> {
        let Event::Opened { fulfillment, order_version, packer, how, picked_elsewhere, fence } = *event else {
            return None;
        };
        Some(Session::blank(Head { fulfillment, order_version, packer, how, picked_elsewhere, fence }, lines, at))
    }

    /// A session in which nothing has happened but its opening.
    pub(super) fn blank(head: Head, lines: &[FulfillmentLine], at: UtcMs) -> Session {
        let lines = lines.iter().map(|l| LineState {
            no: l.line,
            product: l.product,
            ordered: l.quantity,
            picked: if head.picked_elsewhere { l.quantity } else { 0 },
            picked_instead: Vec::new(),
            verified: 0,
            short: 0,
            damaged: 0,
            substitutes: Vec::new(),
        });
        Session {
            fulfillment: head.fulfillment,
            order_version: head.order_version,
            fence: head.fence,
            packer: head.packer,
            how: head.how,
            picked_elsewhere: head.picked_elsewhere,
            step: Step::Order,
            mode: Mode::Working,
            lines: lines.collect(),
            parcels: vec![ParcelState::new(1)],
            current: 0,
            moving_from: None,
            line_in_hand: None,
            awaiting: None,
            cleared: Vec::new(),
            partial_allowed: false,
            packed: false,
            consolidated: None,
            undo: Vec::new(),
            undo_gestures: Vec::new(),
            opened: at,
            step_since: at,
            step_ms: [0; 11],
            refused: 0,
            by_hand: 0,
            scans: 0,
        }
    }

    /// Takes an event over.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { .. } | Event::StockChecked { .. } | Event::LeadCalled | Event::WeightRefused { .. } => {}
            Event::StepEntered { step, at } => self.enter(*step, *at),
            Event::FlagCleared { flag, .. } => self.cleared.push(*flag),
            Event::Picked { line, quantity, product, .. } => self.picked(*line, *quantity, *product),
            Event::TraceAsked { line, product, trace } => {
                self.line_in_hand = Some(*line);
                self.awaiting = Some(Awaiting { line: *line, product: *product, trace: trace.clone() });
                self.remember(Undoable::TraceAsked, None);
            }
            Event::Verified { line, product, units, trace, how, parcel, gesture } => {
                self.put_in(*parcel, *line, *product, *units, trace, *how);
                let (line, product, units, how, parcel) = (*line, *product, *units, *how, *parcel);
                self.verified_units(
                    Undoable::Verified { line, product, units, trace: trace.clone(), how, parcel },
                    *gesture,
                );
            }
            Event::Moved { line, product, units, serial, from, to, net, lot, expiry } => {
                let (line, product, units, from, to) = (*line, *product, *units, *from, *to);
                let (serial, net, lot, expiry) = (serial.clone(), *net, lot.clone(), *expiry);
                self.units_moved(Undoable::Moved { line, product, units, serial, from, to, net, lot, expiry });
            }
            Event::Undone { what } => self.undone(what),
            Event::Refused { .. } => self.refused += 1,
            Event::Shorted { line, quantity, .. } => self.shorted(*line, *quantity),
            Event::PartialAllowed { .. } => self.partial_allowed = true,
            Event::Damaged { line, product, quantity, unpacked, unpicked, .. } => {
                self.damaged(*line, *product, *quantity, unpacked, *unpicked);
            }
            Event::Substituted { line, product, quantity, .. } => self.substituted(*line, *product, *quantity),
            Event::ParcelOpened { .. }
            | Event::MovingEnded { .. }
            | Event::PackagingChosen { .. }
            | Event::ChecklistSet { .. }
            | Event::Ticked { .. }
            | Event::Weighed { .. }
            | Event::RecountStarted { .. }
            | Event::LabelAssigned { .. }
            | Event::PrintAttempted { .. }
            | Event::PrintEnded { .. }
            | Event::ParcelConfirmed { .. }
            | Event::PhotoTaken { .. } => self.apply_parcel(event),
            Event::Consolidated { location } => self.consolidated = Some(location.clone()),
            Event::Packed { .. } => self.packed = true,
            Event::Advanced => self.mode = Mode::Ended(End::Packed),
            Event::Paused { at } => {
                self.stop_clock(*at);
                self.mode = Mode::Paused { since: *at };
            }
            Event::Resumed { packer, at } => {
                self.packer = *packer;
                self.step_since = *at;
                self.mode = Mode::Working;
            }
            Event::Held { reason, at } => {
                self.stop_clock(*at);
                self.mode = Mode::Held { reason: *reason, since: *at };
            }
            Event::HandedBack { reason } => self.mode = Mode::Ended(End::HandedBack(*reason)),
            Event::PackerSwitched { to, .. } => self.packer = *to,
            Event::CancelSeen { nothing_packed: true } | Event::Unpacked => self.mode = Mode::Ended(End::Cancelled),
            Event::CancelSeen { nothing_packed: false } => self.mode = Mode::MustUnpack,
            Event::TakenOver => self.mode = Mode::Ended(End::TakenOver),
        }
    }

    fn substituted(&mut self, line: LineNo, product: ProductId, quantity: u32) {
        self.with_line(line, |l| match l.substitutes.iter_mut().find(|(p, _)| *p == product) {
            Some((_, n)) => *n += quantity,
            None => l.substitutes.push((product, quantity)),
        });
    }

    fn apply_parcel(&mut self, event: &Event) {
        match event {
            Event::ParcelOpened { parcel, moving_from } => {
                self.parcels.push(ParcelState::new(*parcel));
                self.current = self.parcels.len() - 1;
                self.moving_from = *moving_from;
                if let Some(from) = moving_from {
                    self.with_parcel(*from, reopen);
                    self.forget_ticks();
                }
            }
            Event::MovingEnded { parcel, dropped } => {
                self.moving_ended(*parcel, *dropped);
            }
            Event::PackagingChosen { parcel, packaging, .. } => {
                self.with_parcel(*parcel, |p| p.packaging = Some(*packaging));
            }
            Event::ChecklistSet { parcel, items } => {
                self.with_parcel(*parcel, |p| p.checklist = Some(items.clone()));
            }
            Event::Ticked { parcel, index, how } => {
                self.with_tick(*parcel, *index, true);
                // A photo is a fact of its own: taking the tick back would leave the photo.
                if *how != TickHow::Photo {
                    self.remember(Undoable::Ticked { parcel: *parcel, index: *index }, None);
                }
            }
            Event::Weighed { parcel, grams, overridden, .. } => self.with_parcel(*parcel, |p| {
                p.weight_g = Some(*grams);
                p.weight_overridden = overridden.is_some();
            }),
            Event::RecountStarted { parcel } => self.recount(*parcel),
            Event::LabelAssigned { parcel, sscc, .. } => {
                self.forget();
                self.with_parcel(*parcel, |p| p.sscc = Some(sscc.clone()));
            }
            Event::PrintAttempted { parcel, document, copy, .. } => self.with_parcel(*parcel, |p| {
                p.prints.push(Print { document: *document, copy: *copy, state: PrintState::Attempting });
            }),
            Event::PrintEnded { parcel, document, copy, outcome } => self.with_parcel(*parcel, |p| {
                if let Some(j) = p.prints.iter_mut().find(|j| j.document == *document && j.copy == *copy) {
                    j.state = PrintState::Ended(*outcome);
                }
            }),
            Event::ParcelConfirmed { parcel, .. } => {
                self.scans += 1;
                self.with_parcel(*parcel, |p| p.confirmed = true);
                if let Some(i) = self.parcels.iter().position(|p| !p.confirmed) {
                    self.current = i;
                }
            }
            Event::PhotoTaken { parcel, hash, .. } => self.with_parcel(*parcel, |p| p.photos.push(*hash)),
            // `apply` hands only the parcel's events to this function.
            _ => {}
        }
    }

    fn enter(&mut self, step: Step, at: UtcMs) {
        self.stop_clock(at);
        self.step_since = at;
        self.step = step;
        self.awaiting = None;
    }

    /// Adds the time since the step began to it.
    fn stop_clock(&mut self, at: UtcMs) {
        if self.mode == Mode::Working {
            self.step_ms[self.step as usize] += at.since_ms(self.step_since);
            self.step_since = at;
        }
    }

    fn picked(&mut self, line: LineNo, quantity: u32, product: Option<ProductId>) {
        self.scans += 1;
        self.with_line(line, |l| {
            l.picked = l.picked.saturating_add(quantity);
            let Some(product) = product else { return };
            match l.picked_instead.iter_mut().find(|(p, _)| *p == product) {
                Some((_, n)) => *n = n.saturating_add(quantity),
                None => l.picked_instead.push((product, quantity)),
            }
        });
        self.line_in_hand = Some(line);
        self.remember(Undoable::Picked { line, quantity, product }, None);
    }

    /// What was taken for picked and is not there was never in hand, and that pick is settled.
    fn shorted(&mut self, line: LineNo, quantity: u32) {
        let mut settled = false;
        self.with_line(line, |l| {
            l.short = l.short.saturating_add(quantity);
            let rest = l.ordered.saturating_sub(l.short);
            settled = l.picked > rest;
            l.picked = l.picked.min(rest);
            put_away(l, None, 0);
        });
        if settled {
            let keep = |u: &Undoable| !matches!(u, Undoable::Picked { line: of, .. } if *of == line);
            let kept = self.undo.drain(..).zip(self.undo_gestures.drain(..)).filter(|(u, _)| keep(u));
            (self.undo, self.undo_gestures) = kept.collect::<Vec<_>>().into_iter().unzip();
        }
    }

    fn verified_units(&mut self, u: Undoable, gesture: Option<GestureId>) {
        let Undoable::Verified { line, units, how, .. } = u else { return };
        match how {
            VerifyHow::Scan | VerifyHow::Case => self.scans += 1,
            VerifyHow::Count => {}
            VerifyHow::Hand(_) => self.by_hand += units,
        }
        self.with_line(line, |l| l.verified = l.verified.saturating_add(units));
        self.line_in_hand = Some(line);
        if self.awaiting.take().is_some() {
            self.forget_last();
        }
        self.remember(u, gesture);
    }

    fn put_in(&mut self, parcel: u16, line: LineNo, product: ProductId, units: u32, trace: &Trace, how: VerifyHow) {
        self.with_parcel(parcel, |p| {
            let same =
                |u: &&mut PackedUnits| u.line == line && u.product == product && u.trace == *trace && u.how == how;
            match p.units.iter_mut().find(same) {
                Some(u) => u.units = u.units.saturating_add(units),
                None => p.units.push(PackedUnits { line, product, units, trace: trace.clone(), how }),
            }
        });
    }

    /// Takes units out of a parcel, those of this weight first, then the latest, and returns what they were.
    fn take_out(
        &mut self,
        parcel: u16,
        line: LineNo,
        product: ProductId,
        units: u32,
        which: Which<'_>,
    ) -> Vec<PackedUnits> {
        let mut out = Vec::new();
        let mut left = units;
        self.with_parcel(parcel, |p| {
            let same = |u: &&mut PackedUnits| u.line == line && u.product == product && which.fits(&u.trace);
            let mut found: Vec<&mut PackedUnits> = p.units.iter_mut().rev().filter(same).collect();
            found.sort_by_key(|u| which.net.is_some() && u.trace.net != which.net);
            for u in found {
                let n = u.units.min(left);
                if n > 0 {
                    out.push(PackedUnits { units: n, ..u.clone() });
                    u.units -= n;
                    left -= n;
                }
            }
            p.units.retain(|u| u.units > 0);
        });
        out
    }

    /// Moves what [`Undoable::Moved`] says from one parcel to the other, or back again.
    fn moved(&mut self, u: &Undoable, back: bool) {
        let Undoable::Moved { line, product, units, serial, from, to, net, lot, expiry } = u else { return };
        let which = Which { serial: serial.as_ref(), net: *net, lot: lot.as_ref(), expiry: *expiry };
        let (from, to) = if back { (*to, *from) } else { (*from, *to) };
        for u in self.take_out(from, *line, *product, *units, which) {
            self.put_in(to, *line, *product, u.units, &u.trace, u.how);
        }
    }

    fn units_moved(&mut self, u: Undoable) {
        let Undoable::Moved { line, .. } = &u else { return };
        self.moved(&u, false);
        self.scans += 1;
        self.line_in_hand = Some(*line);
        self.remember(u, None);
    }

    fn undone(&mut self, u: &Undoable) {
        self.forget_last();
        match u {
            Undoable::Picked { line, quantity, product } => self.with_line(*line, |l| {
                l.picked = l.picked.saturating_sub(*quantity);
                put_away(l, *product, *quantity);
            }),
            Undoable::Verified { line, product, units, trace, how, parcel } => {
                self.with_parcel(*parcel, |p| {
                    let same = |x: &&mut PackedUnits| {
                        x.line == *line && x.product == *product && x.trace == *trace && x.how == *how
                    };
                    if let Some(x) = p.units.iter_mut().find(same) {
                        x.units = x.units.saturating_sub(*units);
                    }
                    p.units.retain(|x| x.units > 0);
                    reopen(p);
                });
                if let VerifyHow::Hand(_) = how {
                    self.by_hand = self.by_hand.saturating_sub(*units);
                }
                self.with_line(*line, |l| l.verified = l.verified.saturating_sub(*units));
                self.line_in_hand = Some(*line);
            }
            Undoable::Moved { .. } => self.moved(u, true),
            Undoable::TraceAsked => self.awaiting = None,
            Undoable::Ticked { parcel, index } => self.with_tick(*parcel, *index, false),
        }
    }

    fn damaged(&mut self, line: LineNo, product: ProductId, quantity: u32, unpacked: &[(u16, u32)], unpicked: u32) {
        let mut taken = 0;
        for (parcel, units) in unpacked {
            for u in self.take_out(*parcel, line, product, *units, Which::default()) {
                taken += u.units;
                if let VerifyHow::Hand(_) = u.how {
                    self.by_hand = self.by_hand.saturating_sub(u.units);
                }
            }
            self.with_parcel(*parcel, reopen);
        }
        self.with_line(line, |l| {
            l.damaged = l.damaged.saturating_add(quantity);
            l.verified = l.verified.saturating_sub(taken);
            l.picked = l.picked.saturating_sub(unpicked);
            put_away(l, Some(product), unpicked);
        });
        // What was scanned before may be the broken unit: it cannot be taken back any more.
        self.forget();
        self.awaiting = None;
        self.line_in_hand = Some(line);
    }

    fn recount(&mut self, parcel: u16) {
        let mut gone = Vec::new();
        self.with_parcel(parcel, |p| {
            gone = std::mem::take(&mut p.units);
            reopen(p);
        });
        for u in gone {
            if let VerifyHow::Hand(_) = u.how {
                self.by_hand = self.by_hand.saturating_sub(u.units);
            }
            self.with_line(u.line, |l| l.verified = l.verified.saturating_sub(u.units));
        }
        self.forget();
        self.line_in_hand = None;
    }

    /// The extra box goes, or stays filled; work goes on with the parcel it was filled from, else with
    /// the one in work, else with the last that is open.
    fn moving_ended(&mut self, parcel: u16, dropped: bool) {
        let in_work = self.parcel().no;
        let next = self.moving_from.take().unwrap_or(in_work);
        if dropped && self.parcels.len() > 1 {
            self.parcels.retain(|p| p.no != parcel);
        }
        if !dropped {
            // What lies in two boxes now was said to be right.
            self.forget();
        }
        let there = self.parcels.iter().position(|p| p.no == next);
        self.current = there.or_else(|| self.parcels.iter().rposition(|p| !p.confirmed)).unwrap_or(0);
    }

    fn remember(&mut self, u: Undoable, gesture: Option<GestureId>) {
        if self.undo.len() == UNDO_MAX {
            self.undo.remove(0);
            self.undo_gestures.remove(0);
        }
        self.undo.push(u);
        self.undo_gestures.push(gesture);
    }

    fn forget_last(&mut self) {
        self.undo.pop();
        self.undo_gestures.pop();
    }

    fn forget(&mut self) {
        self.undo.clear();
        self.undo_gestures.clear();
    }

    /// A list that is made anew has none of the old ticks. Ticks stand at the end: what came before the
    /// list cannot come after it.
    fn forget_ticks(&mut self) {
        while matches!(self.undo.last(), Some(Undoable::Ticked { .. })) {
            self.forget_last();
        }
    }

    fn with_line(&mut self, no: LineNo, f: impl FnOnce(&mut LineState)) {
        if let Some(l) = self.lines.iter_mut().find(|l| l.no == no) {
            f(l);
        }
    }

    fn with_parcel(&mut self, no: u16, f: impl FnOnce(&mut ParcelState)) {
        if let Some(p) = self.parcels.iter_mut().find(|p| p.no == no) {
            f(p);
        }
    }

    fn with_tick(&mut self, parcel: u16, index: usize, done: bool) {
        self.with_parcel(parcel, |p| {
            if let Some(i) = p.checklist.as_mut().and_then(|c| c.get_mut(index)) {
                i.done = done;
            }
        });
    }
}

/// Units of a substitute left the hand; what is in hand of all of them is never more than what was picked.
fn put_away(l: &mut LineState, product: Option<ProductId>, quantity: u32) {
    let mut left = l.picked;
    for (p, n) in &mut l.picked_instead {
        if Some(*p) == product {
            *n = n.saturating_sub(quantity);
        }
        *n = left.min(*n);
        left -= *n;
    }
    l.picked_instead.retain(|(_, n)| *n > 0);
}

/// What was decided about a parcel's outside no longer holds once its content changes.
fn reopen(p: &mut ParcelState) {
    p.checklist = None;
    p.weight_g = None;
    p.weight_overridden = false;
}
