//! Commands to the session on the bench: decide, then event, projection and outbox together.

use super::desk::{Bench, Plan};
use super::input::{Effect, PrintJob, PrintOrder};
use super::photos::PhotoTime;
use super::view::PlacedView;
use super::{Engine, EngineError};
use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, GestureId, ProductId};
use crate::core::message::Message;
use crate::core::person::Person;
use crate::core::session::event::{Opening, PrintOutcome};
use crate::core::session::{self, Command, End, Event, Mode, ParcelState, Refusal, Step};
use crate::core::signal::SoundName;
use crate::core::time::{Day, UtcMs};
use crate::protocol::session::SessionFact;
use crate::protocol::sync::{Input as SyncInput, PhotoJob};
use crate::protocol::wire::{ContentHash, EventId, ReturnReason};
use crate::storage::work::LocalState;
use crate::storage::{lease, meta, numbers, outbox, serials, sessions, wish, work};
use std::sync::Arc;

/// Most leases ahead until the site's settings say otherwise.
pub(super) const LEASES_MAX: u32 = 50;

/// What became of a command.
pub(super) enum Done {
    /// It was stored; these events happened.
    Events(Vec<Event>),
    /// It was refused, and the session is as before.
    Refused(Refusal),
    /// Nothing is on the bench.
    NoBench,
}

impl Engine {
    /// Runs a command on the bench's session as the person at work.
    pub(super) fn run(&mut self, command: &Command, gesture: Option<GestureId>) -> Result<Done, EngineError> {
        let Some(actor) = self.desk.packer.clone() else { return Ok(Done::NoBench) };
        self.run_as(&actor, command, gesture)
    }

    /// The same, as somebody else: the server's news and the printer's word have no packer.
    pub(super) fn run_as(
        &mut self,
        actor: &Person,
        command: &Command,
        gesture: Option<GestureId>,
    ) -> Result<Done, EngineError> {
        self.plan_box();
        let next = numbers::peek(self.conn.as_mut())?;
        let now = self.now();
        let Some(bench) = self.desk.bench.as_ref() else { return Ok(Done::NoBench) };
        let today = today(&bench.loaded.zone, now);
        let suggested = bench.plan.as_ref().and_then(|p| p.packaging);
        let loaded = Arc::clone(&bench.loaded);
        let facts = loaded.facts(actor, suggested, next.as_deref(), today);
        match session::decide(&bench.session, &facts, command, now) {
            Ok(events) => {
                self.commit_events(actor, &events)?;
                Ok(Done::Events(events))
            }
            Err(refusal) => {
                let step = bench.session.step;
                if matches!(command, Command::Scan(_) | Command::Weight { .. }) {
                    let code = refusal.code().to_owned();
                    self.commit_events(actor, &[Event::Refused { code, step, gesture }])?;
                }
                Ok(Done::Refused(refusal))
            }
        }
    }

    /// Opens a fulfillment: its lease begins with it.
    pub(super) fn open(
        &mut self,
        f: FulfillmentId,
        how: Opening,
        actor: &Person,
    ) -> Result<Result<(), Message>, EngineError> {
        let moment = self.moment();
        let now = self.now();
        let c = self.conn.as_mut();
        if meta::get(c, meta::key::EPOCH_WISH)?.is_some() {
            return Ok(Err(Message::new(wish::blocked_key(c)?)));
        }
        let Some((held, _)) = lease::get(c, f)? else { return Ok(Err(Message::new("open-no-lease"))) };
        let clock = lease::clock(c, moment.mono_ms, moment.wall_ms, moment.boot_id)?;
        if held.may_begin(&clock).is_err() {
            return Ok(Err(Message::new("open-lease-over")));
        }
        let Some(loaded) = super::load::load(c, f)? else { return Ok(Err(Message::new("open-no-record"))) };
        let today = today(&loaded.zone, now);
        let fence = i64::try_from(held.fence.0).unwrap_or(i64::MAX);
        let (session, events) = session::open(&loaded.facts(actor, None, None, today), f, how, fence, now);
        lease::begin(c, f)?;
        work::set_local(c, f, LocalState::Begun)?;
        // The session comes with its first events applied: they are stored, and applied nowhere else.
        self.desk.bench = Some(Bench::new(session, loaded));
        self.store_events(actor, &events, Mode::Working)?;
        self.out.push(Effect::Sync(Box::new(SyncInput::LeaseBegun { fulfillment: held.fulfillment })));
        self.desk.stale.queue = true;
        self.desk.stale.held = true;
        Ok(Ok(()))
    }

    /// Events of the bench's session: into the session, into the outbox, into the projections.
    pub(super) fn commit_events(&mut self, actor: &Person, events: &[Event]) -> Result<(), EngineError> {
        let Some(bench) = self.desk.bench.as_mut().filter(|_| !events.is_empty()) else { return Ok(()) };
        let before = bench.session.mode;
        for e in events {
            bench.session.apply(e);
        }
        self.store_events(actor, events, before)
    }

    /// Events that the bench's session holds already; `before` is the mode it had without them.
    fn store_events(&mut self, actor: &Person, events: &[Event], before: Mode) -> Result<(), EngineError> {
        let (moment, now) = (self.moment(), self.now());
        let scanner = self.desk.scanner.clone();
        let fact = |e: &Event| SessionFact { actor: actor.id, scanner: scanner.clone(), event: e.clone() };
        let facts: Vec<(EventId, SessionFact)> =
            events.iter().map(|e| (EventId(self.clock.new_id()), fact(e))).collect();
        let Some(bench) = self.desk.bench.as_mut() else { return Ok(()) };
        let key = (bench.session.fulfillment, bench.session.fence);
        let c = self.conn.as_mut();
        self.grown.extend(outbox::append(c, moment, Some(key), &facts)?);
        let number = bench.loaded.number.clone();
        sessions::put(c, &bench.session, &number, now)?;
        if events.iter().any(touches_parcels) {
            sessions::put_parcels(c, &bench.session, &number, now)?;
            self.desk.stale.history = true;
        }
        for e in events {
            self.project(e, now)?;
        }
        // A late word of the printer about an order that was over before ends nothing once more.
        if self.desk.bench.as_ref().is_some_and(|b| b.session.mode != before) { self.end_if_over() } else { Ok(()) }
    }

    /// What one event means for the tables beside the session, and for others.
    fn project(&mut self, e: &Event, now: UtcMs) -> Result<(), EngineError> {
        let Some(f) = self.desk.bench.as_ref().map(|b| b.session.fulfillment) else { return Ok(()) };
        match e {
            Event::LabelAssigned { .. } => numbers::take(self.conn.as_mut())?,
            Event::PrintAttempted { parcel, document, copy, .. } => {
                sessions::put_print(self.conn.as_mut(), f, *parcel, *document, *copy, "attempting", now)?;
                self.print(PrintJob { fulfillment: f, parcel: *parcel, document: *document, copy: *copy }, now)?;
                self.print_changed(*parcel, *document, *copy, now);
            }
            Event::PrintEnded { parcel, document, copy, outcome } => {
                let state = print_text(*outcome);
                sessions::put_print(self.conn.as_mut(), f, *parcel, *document, *copy, state, now)?;
                self.print_changed(*parcel, *document, *copy, now);
            }
            Event::ParcelConfirmed { parcel, .. } => {
                self.photo_by_itself(PhotoTime::Labelled(*parcel));
                self.label_came(f, *parcel, now)?;
                self.serials_left(*parcel)?;
            }
            Event::PhotoTaken { parcel, hash, bytes, .. } => {
                crate::storage::blobs::add(self.conn.as_mut(), *hash, f, *parcel, *bytes, now)?;
                let job = PhotoJob { hash: ContentHash(hash.0), bytes: *bytes };
                self.out.push(Effect::Sync(Box::new(SyncInput::PhotoQueued(job))));
            }
            Event::LeadCalled => self.out.push(Effect::Sound(SoundName::Call)),
            // With another box the parcel at rest should weigh something else: it is judged anew.
            Event::PackagingChosen { .. } => {
                if let Some(b) = self.desk.bench.as_mut() {
                    b.judge_anew();
                }
            }
            Event::StepEntered { step, .. } => {
                self.step_entered();
                self.photo_by_itself(PhotoTime::Entered(*step));
            }
            Event::Packed { .. } => {
                self.give_back_lease(ReturnReason::Done)?;
                self.desk.stale.history = true;
                if let Some(b) = self.desk.bench.as_mut() {
                    let wait = b.loaded.policy.auto_advance_ms;
                    b.advance_at = (wait > 0).then(|| now.plus_ms(wait));
                }
                self.note_median()?;
                self.count_today()?;
                self.supply()?;
            }
            Event::Held { .. } | Event::Resumed { .. } | Event::CancelSeen { .. } => self.desk.stale.held = true,
            _ => {}
        }
        Ok(())
    }

    fn step_entered(&mut self) {
        if let Some(b) = self.desk.bench.as_mut() {
            b.judge_anew();
            b.blocked = None;
        }
    }

    fn print_changed(&mut self, parcel: u16, document: DocumentKind, copy: u16, now: UtcMs) {
        if let Some(b) = self.desk.bench.as_mut() {
            b.print_at.retain(|(k, _)| *k != (parcel, document, copy));
            b.print_at.push(((parcel, document, copy), now));
        }
    }

    /// Its label is on the box: nobody need be asked whether it came.
    fn label_came(&mut self, f: FulfillmentId, parcel: u16, now: UtcMs) -> Result<(), EngineError> {
        sessions::label_came(self.conn.as_mut(), f, parcel, now)?;
        let its =
            |job: &(FulfillmentId, u16, DocumentKind, u16)| (job.0, job.1, job.2) == (f, parcel, DocumentKind::Label);
        self.desk.print_unknown.retain(|job| !its(job));
        Ok(())
    }

    /// Serial numbers of a confirmed parcel have left: never again.
    fn serials_left(&mut self, parcel: u16) -> Result<(), EngineError> {
        let Some(b) = self.desk.bench.as_ref() else { return Ok(()) };
        let units = b.session.parcels.iter().filter(|p| p.no == parcel).flat_map(|p| &p.units);
        let list: Vec<_> = units.filter_map(|u| Some((u.product, u.trace.serial.clone()?))).collect();
        let (fulfillment, number) = (b.session.fulfillment.0, b.loaded.order.number.clone());
        for (product, serial) in list {
            serials::left(self.conn.as_mut(), product.0, &serial, (fulfillment, &number))?;
        }
        Ok(())
    }

    fn give_back_lease(&mut self, reason: ReturnReason) -> Result<(), EngineError> {
        let Some(f) = self.desk.bench.as_ref().map(|b| b.session.fulfillment) else { return Ok(()) };
        work::set_local(self.conn.as_mut(), f, LocalState::Over)?;
        if let Some(back) = lease::give_back(self.conn.as_mut(), f, reason)? {
            self.out.push(Effect::Sync(Box::new(SyncInput::LeaseEnded(back))));
        }
        self.desk.stale.queue = true;
        Ok(())
    }

    /// Most leases ahead, as the site's settings say; none where they are not here yet.
    pub(super) fn leases_max(&mut self) -> Result<Option<u32>, EngineError> {
        Ok(super::load::settings(self.conn.as_mut())?.map(|s| s.prefetch_max))
    }

    /// Tells the sync machine how fast we are and how many numbers are left.
    pub(super) fn supply(&mut self) -> Result<(), EngineError> {
        let now = self.now();
        let c = self.conn.as_mut();
        let rate_per_hour = super::start::rate(c, now)?;
        let sscc_left = numbers::left(c)?;
        let told = self.leases_max()?;
        let leases_max = told.unwrap_or(LEASES_MAX);
        self.desk.leases_max_told = told;
        self.out.push(Effect::Sync(Box::new(SyncInput::Supply { rate_per_hour, leases_max, sscc_left })));
        Ok(())
    }

    /// Clears the bench of a session that is over or parked.
    fn end_if_over(&mut self) -> Result<(), EngineError> {
        let Some(mode) = self.desk.bench.as_ref().map(|b| b.session.mode) else { return Ok(()) };
        match mode {
            Mode::Working | Mode::Paused { .. } | Mode::MustUnpack => return Ok(()),
            Mode::Held { .. } => {}
            Mode::Ended(End::Packed) => {}
            Mode::Ended(End::HandedBack(_)) => self.give_back_lease(ReturnReason::HandedBack)?,
            Mode::Ended(End::Cancelled) => self.give_back_lease(ReturnReason::Cancelled)?,
            Mode::Ended(End::TakenOver) => self.give_back_lease(ReturnReason::HandedBack)?,
        }
        self.desk.stale = super::desk::Stale { site: self.desk.stale.site, ..super::desk::Stale::ALL };
        self.desk.bench = None;
        self.desk.sheet = None;
        Ok(())
    }

    /// After any command: what follows by itself. A label is made as soon as its step begins.
    pub(super) fn follow_up(&mut self) -> Result<(), EngineError> {
        let Some(b) = self.desk.bench.as_ref() else { return Ok(()) };
        let fresh = b.session.parcel().sscc.is_none();
        if b.session.step == Step::Label && b.session.mode == Mode::Working && fresh {
            match self.run(&Command::MakeLabel, None)? {
                Done::Refused(r) => {
                    if let Some(b) = self.desk.bench.as_mut() {
                        b.blocked = Some(r.say());
                    }
                    if matches!(r, Refusal::NoNumbers) {
                        // The server hears at once that there are none left.
                        self.supply()?;
                    }
                }
                Done::Events(_) | Done::NoBench => {}
            }
        }
        Ok(())
    }

    /// Asks the planner, once per content of the parcel in work.
    pub(super) fn plan_box(&mut self) {
        let Some(b) = self.desk.bench.as_mut() else { return };
        if !matches!(b.session.step, Step::Verify | Step::Pack | Step::Checklist) {
            return;
        }
        // While items are still being scanned only the last one can lead on: planning waits for it.
        if b.session.step == Step::Verify && b.session.to_verify() > 1 {
            return;
        }
        let of = (b.session.parcel().no, contents(b.session.parcel()));
        if b.session.step == Step::Verify || b.plan.as_ref().is_some_and(|p| p.of == of) {
            return;
        }
        let s = b.loaded.suggestion(b.session.parcel());
        let first = s.parcels.first();
        let mut order: Vec<(crate::core::ids::ProductId, u32)> = Vec::new();
        let placed = first.map(|p| p.placements.iter()).into_iter().flatten().map(|p| {
            match order.iter_mut().find(|(id, _)| *id == p.product) {
                Some((_, n)) => *n += 1,
                None => order.push((p.product, 1)),
            }
            let step = order.iter().position(|(id, _)| *id == p.product).map_or(1, |i| i + 1);
            let facts = b.loaded.products.get(&p.product).map(|known| &known.facts);
            PlacedView {
                step: u16::try_from(step).unwrap_or(u16::MAX),
                at: (p.at.x_mm, p.at.y_mm, p.at.z_mm),
                size: p.size,
                up: p.up,
                this_side_up: facts.is_some_and(|f| f.this_side_up),
                bears_g: facts.and_then(super::load::bears),
            }
        });
        let placed: Vec<PlacedView> = placed.collect();
        if order.is_empty() {
            order = first.map(|p| p.contents.clone()).unwrap_or_default();
        }
        let mut why = first.map(|p| vec![p.why.message()]).unwrap_or_default();
        let learnt =
            order.iter().filter(|(id, _)| b.loaded.products.get(id).is_some_and(|p| p.learnt_mm3.is_some())).count();
        if let Ok(products @ 1..) = u32::try_from(learnt) {
            let learnt = Message::new("carton-sizes-learnt").with("products", products);
            why.retain(|w| w.key != learnt.key);
            why.push(learnt);
        }
        b.plan = Some(Arc::new(Plan {
            of,
            packaging: first.map(|p| p.packaging),
            why,
            filled_percent: first.and_then(|p| p.fill_percent),
            placed,
            order,
        }));
    }

    /// Renders and hands out a print job. A paper that cannot be drawn fails like one without a printer:
    /// a person sees it.
    pub(super) fn print(&mut self, job: PrintJob, at: UtcMs) -> Result<(), EngineError> {
        let Some(b) = self.desk.bench.as_ref() else { return Ok(()) };
        if job.document == DocumentKind::Label {
            return self.print_label(job, at);
        }
        match super::papers::sheets(&b.session, &b.loaded, &self.config.words, job, at) {
            Ok(sheets) => self.out.push(Effect::Print(Box::new(PrintOrder { job, at, sheets, spare: Vec::new() }))),
            Err(e) => {
                tracing::error!(error = %e, "a paper could not be drawn");
                self.undrawn.push(job);
            }
        }
        Ok(())
    }
}

fn touches_parcels(e: &Event) -> bool {
    matches!(
        e,
        Event::LabelAssigned { .. }
            | Event::ParcelConfirmed { .. }
            | Event::PrintAttempted { .. }
            | Event::PrintEnded { .. }
            | Event::Packed { .. }
    )
}

/// Word of a print job's state in its table.
pub(super) fn print_text(o: PrintOutcome) -> &'static str {
    match o {
        PrintOutcome::Sent => "sent",
        PrintOutcome::PaperMoved => "paper_moved",
        PrintOutcome::Failed(_) => "failed",
        PrintOutcome::Unknown => "unknown",
    }
}

/// Today at the site; in UTC where its zone is unknown to this machine.
#[must_use]
pub(super) fn today(zone: &str, now: UtcMs) -> Day {
    let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let d = at.to_zoned(zone).date();
    let part = |n: i8| u8::try_from(n).unwrap_or(1);
    Day { year: d.year(), month: part(d.month()), day: part(d.day()) }
}

/// The moment today began at the site.
#[must_use]
pub(super) fn midnight(zone: &str, now: UtcMs) -> UtcMs {
    let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let start = at.to_zoned(zone).start_of_day();
    UtcMs(start.map_or(now.0 - 86_400_000, |z| z.timestamp().as_millisecond()))
}

/// What is in a parcel: units by product, in the order of their ids.
fn contents(parcel: &ParcelState) -> Vec<(ProductId, u32)> {
    let mut list: Vec<(ProductId, u32)> = Vec::new();
    for packed in &parcel.units {
        match list.iter_mut().find(|(product, _)| *product == packed.product) {
            Some((_, units)) => *units = units.saturating_add(packed.units),
            None => list.push((packed.product, packed.units)),
        }
    }
    list.sort_unstable();
    list
}
