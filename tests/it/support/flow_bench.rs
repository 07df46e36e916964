//! A bench that decides and applies as the engine does, and checks after every command what must always hold: declared
//! ways, a second book of every unit, replay from the events, and the events' written form.

use super::flow::{BOX_L, World, approval, give, item, label, packaging, scan, sscc};
use packbench::core::checklist::{DocumentKind, ItemKind};
use packbench::core::ids::{LineNo, PhotoHash, ProductId};
use packbench::core::message::Message;
use packbench::core::order::FulfillmentLine;
use packbench::core::person::Role;
use packbench::core::scan::{Meaning, Trace};
use packbench::core::session::decide::{current_stop, weigh};
use packbench::core::session::event::{Opening, PrintOutcome, Reason, Undoable, VerifyHow};
use packbench::core::session::step::is_edge;
use packbench::core::session::{self, Command, End, Event, Mode, Refusal, Session, Step};
use packbench::core::time::UtcMs;
use packbench::protocol::session::{SessionFact, decode, encode};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What the tests of this thread have met so far.
#[derive(Default)]
pub struct Met {
    pub ways: BTreeSet<(Step, Step)>,
    pub refusals: BTreeSet<&'static str>,
    pub kinds: BTreeSet<&'static str>,
    pub commands: BTreeSet<String>,
}

thread_local! {
    pub static MET: RefCell<Met> = RefCell::new(Met::default());
}

/// Units by parcel, line and product.
type Book = BTreeMap<(u16, LineNo, ProductId), u32>;

/// One order on a bench.
#[derive(Clone)]
pub struct Bench {
    pub world: World,
    pub session: Session,
    pub events: Vec<Event>,
    pub now: UtcMs,
    /// Check replay and written form after every command, not only when asked.
    pub thorough: bool,
    goods: Vec<FulfillmentLine>,
    opened: UtcMs,
    gestures: u128,
    labels: u64,
    book: Book,
}

impl Bench {
    /// Opens the order of a world.
    pub fn open(world: World) -> Bench {
        let opened = UtcMs(1_000_000);
        let goods: Vec<FulfillmentLine> = world.facts().goods().copied().collect();
        let (session, events) = session::open(&world.facts(), world.fulfillment.id, Opening::Next, 4, opened);
        let first = Session::start(&events[0], &goods, opened).expect("the first event opens");
        let book = Book::new();
        let (now, thorough, gestures, labels) = (opened, true, 0, 1);
        let mut b =
            Bench { world, session: first, events: Vec::new(), now, thorough, goods, opened, gestures, labels, book };
        b.take(&events);
        assert_eq!(b.session, session, "open returns the session its events make");
        b.check();
        b
    }

    /// The bench of a plain order (two clocks, one mug) at a step.
    pub fn at(step: Step) -> Bench {
        Bench::open(World::new(&[(super::flow::CLOCK, 2), (super::flow::MUG, 1)])).to(step)
    }

    /// Works on, as a good packer would, until a step is reached.
    pub fn to(mut self, step: Step) -> Bench {
        for _ in 0..400 {
            if self.session.step == step {
                return self;
            }
            let c = self.sensible();
            self.ok(c);
        }
        panic!("{step:?} was not reached from {:?}", self.session.step);
    }

    /// A fresh scan.
    pub fn scanned(&mut self, meaning: Meaning) -> Command {
        self.gestures += 1;
        scan(self.gestures, meaning)
    }

    /// Scans; must be accepted.
    pub fn scan(&mut self, meaning: Meaning) -> Vec<Event> {
        let c = self.scanned(meaning);
        self.ok(c)
    }

    /// Scans; must be refused so.
    pub fn scan_no(&mut self, meaning: Meaning, code: &str) -> Refusal {
        let c = self.scanned(meaning);
        self.no(c, code)
    }

    /// Must be accepted.
    pub fn ok(&mut self, c: Command) -> Vec<Event> {
        match self.act(&c) {
            Ok(events) => events,
            Err(r) => panic!("{c:?} at {:?} ({:?}) was refused: {r:?}", self.session.step, self.session.mode),
        }
    }

    /// Must be refused with this code, and says so with keys and arguments.
    pub fn no(&mut self, c: Command, code: &str) -> Refusal {
        match self.act(&c) {
            Ok(events) => panic!("{c:?} at {:?} was accepted: {events:?}", self.session.step),
            Err(r) => {
                assert_eq!(r.code(), code, "{c:?} at {:?}: {r:?}", self.session.step);
                let (title, detail) = r.say();
                assert_eq!((title.key, detail.key), (r.title_key(), r.detail_key()));
                r
            }
        }
    }

    /// Decides and applies.
    pub fn act(&mut self, c: &Command) -> Result<Vec<Event>, Refusal> {
        self.now = self.now.plus_ms(1_000);
        let name: String = format!("{c:?}").chars().take_while(|c| c.is_alphanumeric()).collect();
        let events = match session::decide(&self.session, &self.world.facts(), c, self.now) {
            Ok(events) => events,
            Err(r) => {
                MET.with_borrow_mut(|m| m.refusals.insert(r.code()));
                return Err(r);
            }
        };
        MET.with_borrow_mut(|m| m.commands.insert(name));
        self.counts_what_it_says(c, &events);
        self.take(&events);
        self.check();
        Ok(events)
    }

    /// An accepted scan of goods counts exactly the units behind its barcode.
    fn counts_what_it_says(&self, c: &Command, events: &[Event]) {
        let Command::Scan(s) = c else { return };
        let Meaning::Product { units, .. } = s.meaning else { return };
        if self.session.step != Step::Verify || events.iter().any(|e| matches!(e, Event::TraceAsked { .. })) {
            return;
        }
        let counted = |e: &Event| match e {
            Event::Verified { units, .. } | Event::Moved { units, .. } => *units,
            _ => 0,
        };
        assert_eq!(events.iter().map(counted).sum::<u32>(), units.max(1), "{c:?} gave {events:?}");
    }

    fn take(&mut self, events: &[Event]) {
        for e in events {
            MET.with_borrow_mut(|m| m.kinds.insert(written(self, e)));
            if let Event::StepEntered { step, .. } = e {
                let way = (self.session.step, *step);
                assert!(is_edge(way.0, way.1), "{way:?} is not declared");
                MET.with_borrow_mut(|m| m.ways.insert(way));
            }
            if let Event::LabelAssigned { sscc: used, .. } = e {
                assert_eq!(Some(used), self.world.next_sscc.as_ref());
                self.labels += 1;
                self.world.next_sscc = Some(sscc(self.labels));
            }
            self.keep_book(e);
            self.session.apply(e);
            self.events.push(e.clone());
        }
    }

    /// The second book: it never goes below zero, so nothing is taken out that is not in.
    fn keep_book(&mut self, e: &Event) {
        let mut put = |key, n: u32| *self.book.entry(key).or_default() += n;
        match e {
            Event::Verified { line, product, units, parcel, .. } => put((*parcel, *line, *product), *units),
            Event::Moved { line, product, units, from, to, .. } => {
                put((*to, *line, *product), *units);
                self.out((*from, *line, *product), *units);
            }
            Event::Undone { what: Undoable::Verified { line, product, units, parcel, .. } } => {
                self.out((*parcel, *line, *product), *units);
            }
            Event::Undone { what: Undoable::Moved { line, product, units, from, to, .. } } => {
                put((*from, *line, *product), *units);
                self.out((*to, *line, *product), *units);
            }
            Event::Damaged { line, product, unpacked, quantity, .. } => {
                assert!(unpacked.iter().map(|(_, n)| n).sum::<u32>() <= *quantity, "{e:?}");
                for (parcel, n) in unpacked {
                    self.out((*parcel, *line, *product), *n);
                }
            }
            Event::RecountStarted { parcel } => self.book.retain(|k, _| k.0 != *parcel),
            Event::MovingEnded { parcel, dropped: true } => {
                assert!(self.book.iter().all(|(k, n)| k.0 != *parcel || *n == 0), "a parcel with units was dropped");
            }
            _ => {}
        }
    }

    fn out(&mut self, key: (u16, LineNo, ProductId), n: u32) {
        let there = self.book.entry(key).or_default();
        assert!(*there >= n, "{n} units come out of {key:?}, which holds {there}");
        *there -= n;
    }

    /// The session made again from its events.
    pub fn replayed(&self) -> Session {
        let mut s = Session::start(&self.events[0], &self.goods, self.opened).expect("the first event opens");
        self.events.iter().for_each(|e| s.apply(e));
        s
    }

    /// What must hold after every command.
    pub fn check(&self) {
        if self.thorough {
            assert_eq!(self.replayed(), self.session, "replay differs");
        }
        self.check_counters();
        self.check_parcels();
        self.check_step();
    }

    fn check_counters(&self) {
        let s = &self.session;
        for l in &s.lines {
            let boxed =
                |p: &session::ParcelState| p.units.iter().filter(|u| u.line == l.no).map(|u| u.units).sum::<u32>();
            assert_eq!(l.verified, s.parcels.iter().map(boxed).sum::<u32>(), "{l:?}");
            assert!(l.verified + l.short <= l.ordered, "{l:?}");
            assert!(l.picked + l.short <= l.ordered, "{l:?}");
            assert!(l.verified <= l.picked, "{l:?}");
            assert!(l.picked_instead.iter().map(|(_, n)| n).sum::<u32>() <= l.picked, "{l:?}");
            for (p, n) in &l.substitutes {
                assert!(s.parcels.iter().map(|x| x.count_of(l.no, *p)).sum::<u32>() <= *n, "{l:?}");
                assert!(l.picked_of(*p) <= *n, "{l:?}");
            }
        }
        for ((parcel, line, product), n) in &self.book {
            let held = s.parcels.iter().filter(|p| p.no == *parcel).map(|p| p.count_of(*line, *product)).sum::<u32>();
            assert_eq!(held, *n, "parcel {parcel}, {line:?}");
        }
        let units = || s.parcels.iter().flat_map(|p| &p.units);
        assert_eq!(units().map(|u| u.units).sum::<u32>(), self.book.values().sum::<u32>());
        let by_hand = units().filter(|u| matches!(u.how, VerifyHow::Hand(_))).map(|u| u.units).sum::<u32>();
        assert_eq!(s.by_hand, by_hand);
        let serials: Vec<_> = units().filter_map(|u| u.trace.serial.as_ref().map(|t| (u.product, t))).collect();
        assert_eq!(serials.len(), serials.iter().collect::<BTreeSet<_>>().len(), "a serial number twice");
        assert_eq!(s.undo.len(), s.undo_gestures.len());
        assert!(s.undo.len() <= 64);
    }

    fn check_parcels(&self) {
        let s = &self.session;
        assert!(!s.parcels.is_empty() && s.current < s.parcels.len());
        let numbers: BTreeSet<u16> = s.parcels.iter().map(|p| p.no).collect();
        assert_eq!(numbers.len(), s.parcels.len(), "a parcel number twice");
        let labels: Vec<_> = s.parcels.iter().filter_map(|p| p.sscc.as_ref()).collect();
        assert_eq!(labels.len(), labels.iter().collect::<BTreeSet<_>>().len(), "a label number twice");
        for p in &s.parcels {
            assert!(p.units.iter().all(|u| u.units > 0), "{p:?}");
            assert!(!p.confirmed || p.sscc.is_some(), "{p:?}");
            if p.sscc.is_some() {
                assert!(p.count() > 0 && p.packaging.is_some(), "an empty parcel has a label: {p:?}");
                assert!(p.weight_g.is_some() || !self.world.policy.weigh, "{p:?}");
                let ticked = p.checklist.as_ref().is_some_and(|c| c.iter().all(|i| i.done));
                assert!(ticked, "{p:?}");
            }
        }
    }

    fn check_step(&self) {
        let s = &self.session;
        let all_confirmed = s.parcels.iter().all(|p| p.confirmed);
        assert!(s.parcel().confirmed == all_confirmed, "the parcel in work is closed: {:?}", s.parcels);
        assert!(s.moving_from.is_none() || s.step == Step::Verify);
        assert_eq!(s.packed, s.step == Step::Next);
        if let Some(a) = &s.awaiting {
            assert!(s.step == Step::Verify && s.line(a.line).is_some_and(|l| l.to_verify() > 0), "{a:?}");
        }
        let over = matches!(s.mode, Mode::Ended(_) | Mode::MustUnpack);
        if s.step >= Step::Verify {
            assert_eq!(s.to_pick(), 0);
        }
        if s.step >= Step::Pack && !over {
            assert_eq!(s.to_verify(), 0);
            assert!(s.verified() > 0 && s.parcel().count() > 0, "an empty parcel at {:?}", s.step);
        }
        if s.step >= Step::Checklist && s.step <= Step::Weigh {
            assert!(s.parcel().checklist.is_some() && s.parcel().packaging.is_some());
        }
        assert!(!s.packed || all_confirmed);
    }

    /// What a good packer, with a lead beside, does next. Leads to the end from anywhere.
    pub fn sensible(&mut self) -> Command {
        let s = &self.session;
        match s.mode {
            Mode::Paused { .. } => return Command::Resume,
            Mode::Held { .. } if s.to_ship() == 0 => return Command::HandBack { reason: Reason::NothingToShip },
            Mode::Held { .. } if s.partial_allowed => return Command::Resume,
            Mode::Held { .. } => return Command::AllowPartial { approval: approval(Role::Lead) },
            Mode::MustUnpack => return Command::ConfirmUnpacked,
            Mode::Working | Mode::Ended(_) => {}
        }
        let parcel = s.parcel().clone();
        match s.step {
            Step::Order | Step::Stock => Command::Continue,
            Step::Review => {
                let flag = self.world.order.flags.iter().find(|f| !s.cleared.contains(f));
                flag.map_or(Command::Continue, |f| Command::ClearFlag { flag: *f, approval: approval(Role::Admin) })
            }
            Step::Pick => match current_stop(s, &self.world.tour).map(|(stop, _)| stop.location.clone()) {
                Some(code) => self.scanned(Meaning::Location(code)),
                None => Command::TakeStop,
            },
            Step::Verify => self.sensible_unit(),
            Step::Pack => Command::ChoosePackaging(packaging(BOX_L)),
            Step::Checklist => {
                let items = parcel.checklist.unwrap_or_default();
                let index = items.iter().position(|i| !i.done).unwrap_or(0);
                match items.get(index).map(|i| &i.kind) {
                    Some(ItemKind::Photo) => Command::PhotoTaken { hash: PhotoHash([8; 32]), bytes: 1 },
                    _ => Command::Tick { index },
                }
            }
            Step::Weigh => Command::Weight { grams: weigh::gate(s, &self.world.facts()).expected_g },
            Step::Label => match parcel.last_print(DocumentKind::Label) {
                None => Command::MakeLabel,
                Some(p) => Command::Printed {
                    parcel: parcel.no,
                    document: DocumentKind::Label,
                    copy: p.copy,
                    outcome: PrintOutcome::Sent,
                },
            },
            Step::Confirm => match (parcel.confirmed, self.world.fulfillment.consolidate_at.clone()) {
                (true, Some(slot)) => self.scanned(Meaning::Location(slot)),
                _ => self.scanned(label(parcel.sscc.as_deref().unwrap_or_default())),
            },
            Step::Next => Command::Advance,
        }
    }

    fn sensible_unit(&mut self) -> Command {
        let s = &self.session;
        if let Some(from) = s.moving_from {
            let emptied = s.parcels.iter().any(|p| p.no == from && p.count() == 0);
            return if emptied { Command::Undo } else { Command::Continue };
        }
        if s.awaiting.is_some() {
            self.gestures += 1;
            return give(Trace {
                serial: Some(format!("SN-{}", self.gestures)),
                lot: Some("L-1".to_owned()),
                expiry: Some(super::flow::day("2027-01-31")),
                net: None,
            });
        }
        let product = s.line_shown().map_or(0, |l| l.product.0.as_u128() - 0x1000);
        self.scanned(item(product))
    }

    /// Is there a way to the end from here? Leads there; the number of commands, or the state it stuck in.
    pub fn finishes(mut self) -> Result<(usize, End), String> {
        for n in 0..600 {
            if let Mode::Ended(end) = self.session.mode {
                return Ok((n, end));
            }
            let c = self.sensible();
            self.act(&c)
                .map_err(|r| format!("{c:?} refused: {r:?} at {:?} {:?}", self.session.step, self.session.mode))?;
        }
        Err(format!("no end at {:?}, {:?}", self.session.step, self.session.mode))
    }
}

/// The kind an event is written as; what is read back is the event, but for the words of a checklist.
fn written(b: &Bench, e: &Event) -> &'static str {
    let fact = SessionFact { actor: b.world.actor.id, scanner: None, event: e.clone() };
    if !b.thorough {
        return "";
    }
    let (kind, text) = encode(&fact);
    let back = decode(kind, &text).unwrap_or_else(|u| panic!("{kind} {text}: {u}"));
    let mut expected = fact;
    if let Event::ChecklistSet { items, .. } = &mut expected.event {
        items.iter_mut().for_each(|i| i.why = Message::new("list-why-rule"));
    }
    assert_eq!(back, expected, "{kind} {text}");
    kind
}
