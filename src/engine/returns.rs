//! Returns at the bench: opened by a scan or from the list, decided by the core, and told to central as one fact per graded unit.
//!
//! The record of a return says what central has counted; units of this bench that it has not counted yet are added from the bench's own
//! table, so that nothing is taken in twice without the network.

use super::desk::Case;
use super::feedback::{plain, product_view};
use super::input::Ui;
use super::view::{Compare, Counted, Feedback, ReturnRow, Sheet};
use super::{Engine, EngineError, load};
use crate::core::ids::{LineNo, ProductId, ReturnId, UserId};
use crate::core::message::Message;
use crate::core::product::Product;
use crate::core::returns::{self, Command, Event, Facts, Grade, Line, Place, Refusal, UNDO_MS, Unit};
use crate::core::scan::{Meaning, ResolvedScan};
use crate::core::session::{self, Step};
use crate::core::signal::{Signal, SoundName};
use crate::core::time::UtcMs;
use crate::protocol::desk;
use crate::protocol::wire::returns::RETURN_UNITS_MAX;
use crate::protocol::wire::{self, Change, EventId, LocalDate, PullPage, ReturnGrade, ReturnRecord};
use crate::storage::returns::Graded;
use crate::storage::{Conn, Res, meta, outbox, returns as store, wish};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

impl Engine {
    // Opening

    /// A scan while nothing is on the bench that no order has: a return may. True if it was about returns.
    pub(super) fn open_return_by(&mut self, code: &str) -> Result<bool, EngineError> {
        let list = store::by_code(self.conn.as_mut(), code)?;
        let mut waiting = Vec::new();
        for id in &list {
            if let Some(lines) = self.lines_of(*id)?.filter(|(_, lines)| lines.iter().any(|l| l.asked > l.came)) {
                waiting.push((*id, lines.0.order_number));
            }
        }
        match (waiting.as_slice(), list.first()) {
            ([], None) => return Ok(false),
            ([(id, _)], _) | ([], Some(id)) => self.open_return(*id)?,
            ([(_, order), ..], _) => self.refuse_return(&Refusal::Several { order: order.clone() }, None),
        }
        Ok(true)
    }

    /// Puts a return on the bench.
    pub(super) fn open_return(&mut self, id: ReturnId) -> Result<(), EngineError> {
        let now = self.now();
        if !self.bench_is_free()? {
            self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
            return Ok(());
        }
        if self.refuses_work() {
            return Ok(());
        }
        if meta::get(self.conn.as_mut(), meta::key::EPOCH_WISH)?.is_some() {
            let detail = Some(Message::new("open-refused-detail"));
            let why = wish::blocked_key(self.conn.as_mut())?;
            self.refuse_plain(Message::new(why), detail, SoundName::Stop);
            return Ok(());
        }
        self.desk.sheet = None;
        match self.case_of(id)? {
            None => {
                let row = self.desk.returns.iter().find(|row| row.id == id);
                let text = row.map(|row| row.number.clone()).unwrap_or_default();
                self.refuse_return(&Refusal::NotKnown { text }, None);
            }
            Some(Err(refusal)) => self.refuse_return(&refusal, None),
            Some(Ok(case)) => {
                store::put_open(self.conn.as_mut(), id, true, now)?;
                let title = Message::new("ok-return-opened").with("number", case.intake.number.as_str());
                self.desk.intake = Some(case);
                self.desk.stale.returns = true;
                self.say(plain(Signal::Ok, SoundName::Ok, title, None, now));
            }
        }
        Ok(())
    }

    /// A return with what is loaded for it; none if it is not on its way any more.
    fn case_of(&mut self, id: ReturnId) -> Result<Option<Result<Case, Refusal>>, EngineError> {
        let Some((record, lines)) = self.lines_of(id)? else { return Ok(None) };
        let c = self.conn.as_mut();
        let (mut products, mut shelves) = (HashMap::new(), HashMap::new());
        for line in &lines {
            if let Some(product) = load::product(c, line.product)? {
                products.insert(product.id, product);
            }
            if let Some(shelf) = store::shelf(c, line.product)? {
                shelves.insert(line.product, shelf);
            }
        }
        let last = store::units(c, id)?.into_iter().rev().find(|graded| !graded.told);
        let opened = match &last {
            // What can still be taken back keeps its return open.
            Some(_) => Ok(returns::resume(id, &record.number, &record.order_number, lines)),
            None => returns::open(id, &record.number, &record.order_number, lines),
        };
        Ok(Some(opened.map(|mut intake| {
            if let Some(graded) = &last {
                intake.apply(&Event::Taken { unit: graded.unit.clone(), at: graded.at });
            }
            Case { intake, products: Arc::new(products), shelves: Arc::new(shelves), last }
        })))
    }

    /// The lines of a return with what came, as central and this bench know it together.
    fn lines_of(&mut self, id: ReturnId) -> Result<Option<(ReturnRecord, Vec<Line>)>, EngineError> {
        let c = self.conn.as_mut();
        let Some(record) = store::record(c, id)? else { return Ok(None) };
        let own = not_counted(c, &record)?;
        let line = |line: &wire::ReturnLine| {
            let no = line.line;
            let mine = || own.iter().filter(move |graded| graded.unit.line.0 == no);
            let came = mine().fold(line.received, |sum, graded| sum.saturating_add(graded.unit.units));
            let counted = record.units.iter().filter(|unit| unit.line == no);
            let serials = counted.filter_map(|unit| unit.serial.clone());
            Line {
                no: LineNo(line.line),
                product: ProductId(line.product_id.0),
                asked: line.quantity,
                came,
                serials_sold: line.serials.clone(),
                lots_sold: line.lots.clone(),
                serials_in: serials.chain(mine().filter_map(|graded| graded.unit.trace.serial.clone())).collect(),
            }
        };
        let lines = record.lines.iter().map(line).collect();
        Ok(Some((record, lines)))
    }

    // Working

    /// A scan while a return is on the bench.
    pub(super) fn scan_in_return(&mut self, scan: &ResolvedScan) -> Result<(), EngineError> {
        self.desk.sheet = None;
        let stranger = super::resolve::stranger(self.conn.as_mut(), &scan.meaning)?;
        if let (Some(product), Some(case)) = (&stranger, self.desk.intake.as_mut())
            && !case.products.contains_key(&product.id)
        {
            Arc::make_mut(&mut case.products).insert(product.id, product.clone());
        }
        self.return_command(&Command::Scan(scan.meaning.clone()), stranger.as_ref())
    }

    fn return_command(&mut self, command: &Command, scanned: Option<&Product>) -> Result<(), EngineError> {
        let now = self.now();
        let (Some(case), Some(actor)) = (self.desk.intake.as_ref(), self.desk.packer.as_ref()) else { return Ok(()) };
        let facts = Facts { products: &case.products, shelves: &case.shelves };
        let actor = actor.id;
        match returns::decide(&case.intake, &facts, command, now) {
            Ok(events) => {
                let told = self.returned(&events, now);
                self.store_return(actor, &events)?;
                let feedback = told.unwrap_or_else(|| self.already_open(now));
                self.say(self.with_count(feedback, &events));
            }
            Err(refusal) => self.refuse_return(&refusal, scanned),
        }
        Ok(())
    }

    /// State, fact and outbox of what happened.
    fn store_return(&mut self, actor: UserId, events: &[Event]) -> Result<(), EngineError> {
        let (moment, now) = (self.moment(), self.now());
        for event in events {
            let fresh = EventId(self.clock.new_id());
            let Some(case) = self.desk.intake.as_mut() else { return Ok(()) };
            let c = self.conn.as_mut();
            match event {
                Event::InHand { .. } | Event::PutDown => {}
                Event::Taken { unit, at } => {
                    let (of, number) = (case.intake.id, case.intake.number.clone());
                    let graded = Graded { id: fresh, of, number, unit: unit.clone(), actor, at: *at, told: false };
                    store::put_unit(c, &graded)?;
                    case.last = Some(graded);
                }
                Event::Undone { .. } => {
                    if let Some(last) = case.last.take() {
                        store::take_back(c, last.id)?;
                    }
                }
                Event::Settled { .. } => {
                    if let Some(last) = case.last.take() {
                        self.grown.extend(outbox::append_return(c, moment, last.id, &fact(&last))?);
                        store::set_told(c, last.id)?;
                    }
                }
                Event::Finished { .. } => store::close(c, case.intake.id)?,
                Event::Left => store::put_open(c, case.intake.id, false, now)?,
            }
            case.intake.apply(event);
        }
        if self.desk.intake.as_ref().is_some_and(|case| case.intake.over) {
            self.desk.intake = None;
            self.desk.sheet = None;
        }
        self.desk.stale.returns = true;
        Ok(())
    }

    // What the window asks for

    /// A request of the window about returns, or any while one is on the bench; given back if it is for others.
    pub(super) fn on_return_ui(&mut self, ui: Ui) -> Result<Option<Ui>, EngineError> {
        if self.desk.stage != super::desk::Stage::Bench {
            return Ok(Some(ui));
        }
        if self.desk.intake.is_none() {
            match ui {
                Ui::OpenReturn(id) => self.open_return(id)?,
                Ui::OpenSheet(Sheet::Returns) => {
                    if self.bench_is_free()? {
                        self.desk.sheet = Some(Sheet::Returns);
                    } else {
                        self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
                    }
                }
                Ui::Grade(_) | Ui::FinishReturn | Ui::LeaveReturn => {
                    let step = self.desk.bench.as_ref().map_or(Step::Order, |bench| bench.session.step);
                    self.refuse(&session::Refusal::NotNow { step }, None);
                }
                other => return Ok(Some(other)),
            }
            return Ok(None);
        }
        let command = match ui {
            Ui::Continue if self.desk.sheet.is_some() => {
                self.desk.sheet = None;
                return Ok(None);
            }
            Ui::Continue | Ui::FinishReturn => Command::Finish,
            Ui::LeaveReturn => Command::Leave,
            Ui::Undo => Command::Undo,
            Ui::Grade(grade) => Command::Grade(grade),
            Ui::Trace(trace) => Command::GiveTrace(trace),
            Ui::OpenSheet(Sheet::Returns | Sheet::Problems | Sheet::Find | Sheet::QueueAll | Sheet::Held)
            | Ui::OpenReturn(_)
            | Ui::Start
            | Ui::Open(_)
            | Ui::Find(_)
            | Ui::Skip { .. }
            | Ui::Problem(..)
            | Ui::Report { .. }
            | Ui::ResumeHeld(_)
            | Ui::Dismiss(_)
            | Ui::Expedite { .. } => {
                let number = self.desk.intake.as_ref().map(|case| case.intake.number.clone()).unwrap_or_default();
                self.refuse_return(&Refusal::NotNow { number }, None);
                return Ok(None);
            }
            other => return Ok(Some(other)),
        };
        self.desk.sheet = None;
        self.return_command(&command, None)?;
        Ok(None)
    }

    // Others

    /// The unit graded last stands for good after a while, whoever looks at the screen.
    pub(super) fn settle_return(&mut self) -> Result<(), EngineError> {
        let now = self.now();
        let nobody = self.machine().id;
        let Some(case) = self.desk.intake.as_ref().filter(|_| self.return_is_due()) else { return Ok(()) };
        let facts = Facts { products: &case.products, shelves: &case.shelves };
        match returns::decide(&case.intake, &facts, &Command::Settle, now) {
            // The fact says who graded it; nobody new is named.
            Ok(events) => self.store_return(nobody, &events),
            Err(_) => Ok(()),
        }
    }

    /// Is it time for that?
    pub(super) fn return_is_due(&self) -> bool {
        let last = self.desk.intake.as_ref().and_then(|case| case.last.as_ref());
        last.is_some_and(|graded| self.now().since_ms(graded.at) >= UNDO_MS)
    }

    /// A page came: what others took in counts here at once, and a return that is over leaves the bench.
    pub(super) fn returns_changed(&mut self, page: &PullPage) -> Result<(), EngineError> {
        let ends = page.snapshot.as_ref().is_some_and(|part| part.last);
        let returns = ends || page.changes.iter().any(|change| matches!(change, Change::Return(_)));
        let shelves = page.changes.iter().any(|change| matches!(change, Change::StockLevel(_)));
        self.desk.stale.returns |= returns;
        if !returns && !shelves {
            return Ok(());
        }
        let Some(id) = self.desk.intake.as_ref().map(|case| case.intake.id) else { return Ok(()) };
        let Some((_, lines)) = self.lines_of(id)? else { return self.return_is_over(id) };
        let mut shelves = HashMap::new();
        for line in &lines {
            if let Some(shelf) = store::shelf(self.conn.as_mut(), line.product)? {
                shelves.insert(line.product, shelf);
            }
        }
        if let Some(case) = self.desk.intake.as_mut() {
            case.intake.lines = lines;
            case.shelves = Arc::new(shelves);
        }
        Ok(())
    }

    /// The office ended it: what was graded is told all the same, and a person is asked what becomes of it.
    fn return_is_over(&mut self, id: ReturnId) -> Result<(), EngineError> {
        let number = self.desk.intake.as_ref().map(|case| case.intake.number.clone()).unwrap_or_default();
        self.desk.intake = None;
        self.desk.sheet = None;
        store::close(self.conn.as_mut(), id)?;
        self.tell_untold()?;
        let at = self.now();
        let title = Message::new("say-return-over").with("number", number);
        let detail = Some(Message::new("say-return-over-detail"));
        self.say(plain(Signal::Decide, SoundName::Decide, title, detail, at));
        Ok(())
    }

    /// After a start: the return that was on the bench, and what was graded of others is told.
    pub(super) fn rebuild_intake(&mut self) -> Result<(), EngineError> {
        self.desk.intake = None;
        let now = self.now();
        let open = store::open(self.conn.as_mut())?;
        for (id, on_bench, _) in open {
            let case = self.case_of(id)?;
            match case {
                Some(Ok(case)) if on_bench && self.desk.bench.is_none() && self.desk.intake.is_none() => {
                    self.desk.intake = Some(case);
                }
                Some(Ok(_)) => store::put_open(self.conn.as_mut(), id, false, now)?,
                Some(Err(_)) | None => store::close(self.conn.as_mut(), id)?,
            }
        }
        self.tell_untold()
    }

    /// Graded units of returns that are not on the bench become facts.
    fn tell_untold(&mut self) -> Result<(), EngineError> {
        let here = self.desk.intake.as_ref().map(|case| case.intake.id);
        let moment = self.moment();
        let c = self.conn.as_mut();
        for graded in store::untold(c)?.into_iter().filter(|graded| Some(graded.of) != here) {
            self.grown.extend(outbox::append_return(c, moment, graded.id, &fact(&graded))?);
            store::set_told(c, graded.id)?;
        }
        Ok(())
    }

    pub(super) fn refresh_returns(&mut self) -> Result<(), EngineError> {
        let begun: HashSet<ReturnId> = store::open(self.conn.as_mut())?.into_iter().map(|(id, ..)| id).collect();
        let mut rows = Vec::new();
        for record in store::all(self.conn.as_mut())? {
            let id = ReturnId(record.id.0);
            let Some((record, lines)) = self.lines_of(id)? else { continue };
            let sum = |of: fn(&Line) -> u32| lines.iter().fold(0_u32, |sum, line| sum.saturating_add(of(line)));
            let row = ReturnRow {
                id,
                number: record.number,
                order: record.order_number,
                came: sum(|line| line.came),
                asked: sum(|line| line.asked),
                asked_at: UtcMs(record.asked_ms),
                begun: begun.contains(&id),
            };
            // What came whole is the office's to end.
            if row.came < row.asked {
                rows.push(row);
            }
        }
        rows.sort_by_key(|row| (!row.begun, row.asked_at));
        self.desk.returns = rows.into();
        Ok(())
    }

    // What the screen says

    fn refuse_return(&mut self, refusal: &Refusal, scanned: Option<&Product>) {
        let (title, detail) = refusal.say();
        let shown = matches!(refusal, Refusal::NotOfThis { .. } | Refusal::TooMany { .. } | Refusal::CaseTooBig { .. });
        let picture = |product: &Product| Compare { needed: None, scanned: product_view(product, None) };
        let compare = scanned.filter(|_| shown).map(picture);
        let signal = if refusal.sound() == SoundName::Decide { Signal::Decide } else { Signal::Stop };
        let at = self.now();
        self.say(Feedback { compare, ..plain(signal, refusal.sound(), title, Some(detail), at) });
    }

    /// What accepted events say; none where nothing happened.
    fn returned(&self, events: &[Event], at: UtcMs) -> Option<Feedback> {
        let ok = |title: Message| Some(plain(Signal::Ok, SoundName::Ok, title, None, at));
        match events.last()? {
            Event::InHand { hand } if hand.asks().is_some() => ok(Message::new("ok-trace-next")),
            Event::InHand { hand } => {
                let name = self.name_of(hand.product);
                ok(Message::new("ok-return-in-hand").with("name", name))
            }
            Event::PutDown | Event::Undone { .. } => ok(Message::new("ok-undone")),
            Event::Taken { unit, .. } => {
                let title = match &unit.place {
                    Place::Shelf(code) => Message::new("ok-return-to-shelf").with("place", code.as_str()),
                    Place::Aside => Message::new("ok-return-aside"),
                    Place::Waste => Message::new("ok-return-waste"),
                };
                ok(title)
            }
            Event::Settled { .. } => None,
            Event::Finished { missing: 0 } => {
                Some(plain(Signal::Ok, SoundName::OrderDone, Message::new("ok-return-done"), None, at))
            }
            Event::Finished { missing } => {
                let title = Message::new("ok-return-done-missing").with("n", *missing);
                Some(plain(Signal::Decide, SoundName::Decide, title, Some(Message::new("ok-return-done-detail")), at))
            }
            Event::Left => ok(Message::new("ok-return-left")),
        }
    }

    /// The paper of the return at hand was scanned once more.
    fn already_open(&self, at: UtcMs) -> Feedback {
        let number = self.desk.intake.as_ref().map(|case| case.intake.number.clone()).unwrap_or_default();
        plain(Signal::Ok, SoundName::Ok, Message::new("ok-return-opened").with("number", number), None, at)
    }

    /// A graded unit counts on the flash, and a full line sounds like one.
    fn with_count(&self, feedback: Feedback, events: &[Event]) -> Feedback {
        let (Some(Event::Taken { unit, .. }), Some(case)) = (events.last(), self.desk.intake.as_ref()) else {
            return feedback;
        };
        let Some(line) = case.intake.line(unit.line) else { return feedback };
        let (done, of) = (case.intake.came(line), line.asked);
        let sound = match (case.intake.left(), case.intake.left_of(line)) {
            (0, _) => SoundName::OrderDone,
            (_, 0) => SoundName::LineFull,
            _ => SoundName::Ok,
        };
        Feedback { counted: Some(Counted { name: self.name_of(unit.product), done, of }), sound, ..feedback }
    }

    fn name_of(&self, product: ProductId) -> String {
        let case = self.desk.intake.as_ref();
        case.and_then(|case| case.products.get(&product)).map(|known| known.name.clone()).unwrap_or_default()
    }
}

/// Units of this bench that the record does not hold yet.
fn not_counted(c: &mut dyn Conn, record: &ReturnRecord) -> Res<Vec<Graded>> {
    let counted: HashSet<EventId> = record.units.iter().map(|unit| unit.id).collect();
    // So many that the record names the newest only: what was told long ago is among the others.
    let whole = record.units.len() < RETURN_UNITS_MAX as usize;
    let own = store::units(c, ReturnId(record.id.0))?;
    Ok(own.into_iter().filter(|graded| graded.told && whole && !counted.contains(&graded.id)).collect())
}

/// What central is told of graded units.
fn fact(graded: &Graded) -> desk::ReturnReceived {
    let Unit { line, units, grade, place, trace, .. } = &graded.unit;
    desk::ReturnReceived {
        actor: wire::UserId(graded.actor.0),
        return_id: wire::ReturnId(graded.of.0),
        number: graded.number.clone(),
        line: line.0,
        units: *units,
        grade: match grade {
            Grade::Resell => ReturnGrade::Resell,
            Grade::Repair => ReturnGrade::Repair,
            Grade::Scrap => ReturnGrade::Scrap,
        },
        location: match place {
            Place::Shelf(code) => Some(code.clone()),
            Place::Aside | Place::Waste => None,
        },
        lot: trace.lot.clone(),
        expiry: trace.expiry.map(|day| LocalDate(day.to_string())),
        serial: trace.serial.clone(),
        at_ms: graded.at.0,
    }
}

/// What an unknown scan at an empty bench may be: the paper in a box, or the label on it.
pub(super) fn code_of(meaning: &Meaning) -> Option<&str> {
    match meaning {
        Meaning::Unknown(text) | Meaning::Traced { text, .. } | Meaning::Order(text, _) => Some(text),
        Meaning::ParcelLabel { sscc, .. } => Some(sscc),
        Meaning::Command(_)
        | Meaning::Badge(_)
        | Meaning::Location(_)
        | Meaning::Tote(..)
        | Meaning::Product { .. }
        | Meaning::Packaging(_)
        | Meaning::UnknownItem(_)
        | Meaning::Ambiguous(_)
        | Meaning::BadCommand
        | Meaning::Unreadable
        | Meaning::TooLong => None,
    }
}
