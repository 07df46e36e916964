//! What the window asks for. Every button, key and command barcode ends here.

use super::act::Done;
use super::desk::{Bench, Deferred, Stage};
use super::input::{PrintJob, SetupAsk, Ui};
use super::view::{ProblemForm, ProblemKind, Sheet};
use super::{Engine, EngineError, resolve};
use crate::core::checklist::DocumentKind;
use crate::core::command_code::CommandCode;
use crate::core::ids::{FulfillmentId, LineNo, ProductId};
use crate::core::message::Message;
use crate::core::person::{Approval, Person};
use crate::core::policy::ByHandPolicy;
use crate::core::returns::Grade;
use crate::core::scan::Trace;
use crate::core::session::event::{Opening, PrintOutcome, Reason};
use crate::core::session::{Command, Event, Mode, Refusal, Step};
use crate::core::signal::SoundName;
use crate::protocol::desk;
use crate::protocol::wire::{EventId, UserId};
use crate::storage::{outbox, sessions, work};

/// The button a command barcode stands for; none where the session itself takes the scan.
#[must_use]
pub(super) fn of_code(code: CommandCode) -> Option<Ui> {
    Some(match code {
        CommandCode::Continue => Ui::Continue,
        CommandCode::Problem => Ui::OpenSheet(Sheet::Problems),
        CommandCode::Undo => Ui::Undo,
        CommandCode::Short => Ui::Problem(ProblemKind::Short, None),
        CommandCode::Damaged => Ui::Problem(ProblemKind::Damaged, None),
        CommandCode::Substitute => Ui::Problem(ProblemKind::Substitute, None),
        CommandCode::Hold => Ui::Problem(ProblemKind::Hold, None),
        CommandCode::AnotherParcel => Ui::AnotherParcel,
        CommandCode::Reprint => Ui::Problem(ProblemKind::Reprint, None),
        CommandCode::Photo => Ui::Photo,
        CommandCode::CallLead => Ui::CallLead,
        CommandCode::Pause => Ui::Pause,
        CommandCode::HandBack => Ui::Problem(ProblemKind::HandBack, None),
        CommandCode::SwitchPacker => Ui::Lock,
        CommandCode::ByHand => Ui::Problem(ProblemKind::ByHand, None),
        CommandCode::Tick => return None,
        CommandCode::Recount => Ui::Recount,
        CommandCode::Close => Ui::CloseSheet,
        CommandCode::LogOut => Ui::LogOut,
        CommandCode::Returns => Ui::OpenSheet(Sheet::Returns),
        CommandCode::Resell => Ui::Grade(Grade::Resell),
        CommandCode::Repair => Ui::Grade(Grade::Repair),
        CommandCode::Scrap => Ui::Grade(Grade::Scrap),
    })
}

impl Engine {
    pub(super) fn on_ui(&mut self, ui: Ui) -> Result<(), EngineError> {
        let Some(ui) = self.on_return_ui(ui)? else { return Ok(()) };
        match ui {
            Ui::PairKey(_) | Ui::PairBack | Ui::PairSend => return self.on_pairing(&ui),
            Ui::PairAgain => self.pair_again(),
            Ui::PairLeave => self.leave_pairing(),
            Ui::NewEpoch => self.ask_new_epoch(),
            Ui::QuestionRead => self.desk.network.question = None,
            Ui::Digit(d) => self.digit(d),
            Ui::DigitBack => self.digit_back(),
            Ui::DigitsDone => return self.digits_done(),
            Ui::LogOut => return self.log_out(),
            Ui::Lock => self.lock(),
            Ui::SetUpScanner(name) => self.open_setup(&name),
            Ui::SetupAgain => self.press_setup(SetupAsk::Again),
            Ui::SetupKeep => self.press_setup(SetupAsk::Keep),
            Ui::OpenSheet(_) | Ui::CloseSheet if self.desk.stage == Stage::Bench || is_open(&ui) => self.on_sheet(ui),
            _ if self.desk.stage != Stage::Bench => {}
            Ui::Start => return self.start_next(),
            Ui::Open(f) => return self.open_now(f, Opening::Chosen, None),
            Ui::Find(number) => return self.find(&number),
            Ui::Skip { fulfillment, reason } => return self.skip(fulfillment, reason),
            Ui::Expedite { fulfillment, on } => {
                let key = if on { "approve-expedite" } else { "approve-unexpedite" };
                self.ask(Deferred::Ui(Ui::Expedite { fulfillment, on }), Message::new(key));
            }
            Ui::ResumeHeld(f) => return self.resume_held(f),
            Ui::Problem(kind, line) => self.open_form(kind, line),
            Ui::Report { kind, line, quantity, reason, product } => {
                self.desk.sheet = None;
                return self.report(kind, line, quantity, reason, product);
            }
            Ui::Reprint { fulfillment, parcel, document, reason } => {
                return self.reprint(fulfillment, parcel, document, reason);
            }
            Ui::PaperCame { yes } => return self.paper_came(yes),
            Ui::Wait => {
                if let Some(b) = self.desk.bench.as_mut() {
                    b.advance_at = None;
                }
            }
            Ui::WriteTag { reader, code } => self.write_tag(reader, code),
            Ui::Photo => self.photo(),
            Ui::Dismiss(f) => return self.dismiss(f),
            Ui::OpenSheet(_) | Ui::CloseSheet | Ui::Talk(_) => {}
            other => return self.bench_command(other),
        }
        Ok(())
    }

    /// Buttons that are a command of the session.
    fn bench_command(&mut self, ui: Ui) -> Result<(), EngineError> {
        let command = match ui {
            Ui::Continue => return self.go_on(),
            Ui::ClearFlag(flag) => {
                let what = Message::new("approve-clear-flag").with("flag", crate::core::message::Arg::Key(flag.key()));
                self.ask(Deferred::Ui(Ui::ClearFlag(flag)), what);
                return Ok(());
            }
            Ui::AllowPartial => {
                self.ask(Deferred::Ui(Ui::AllowPartial), Message::new("approve-partial"));
                return Ok(());
            }
            Ui::OverrideWeight(reason) => {
                let Some(grams) = self.desk.bench.as_ref().and_then(|b| b.outside) else {
                    self.not_now();
                    return Ok(());
                };
                self.ask(Deferred::Weight(grams, reason), Message::new("approve-weight").with("weight", grams));
                return Ok(());
            }
            Ui::TypedWeight(grams) => {
                let what = Message::new("approve-typed-weight").with("weight", grams);
                self.ask(Deferred::Ui(Ui::TypedWeight(grams)), what);
                return Ok(());
            }
            Ui::TakeStop => Command::TakeStop,
            Ui::Count(more) => Command::Count { more },
            Ui::Trace(trace) => Command::GiveTrace { serial_used: self.typed_serial_used(&trace)?, trace },
            Ui::ChooseBox(id) => Command::ChoosePackaging(id),
            Ui::Tick(index) => Command::Tick { index },
            Ui::Recount => Command::Recount,
            Ui::Undo => Command::Undo,
            Ui::AnotherParcel => Command::AnotherParcel,
            Ui::CallLead => Command::CallLead,
            Ui::Pause => Command::Pause,
            Ui::Resume => Command::Resume,
            Ui::ConfirmUnpacked => Command::ConfirmUnpacked,
            _ => return Ok(()),
        };
        self.desk.sheet = None;
        self.command(&command)
    }

    /// Where a serial number typed for the unit in hand was used before, if it was.
    fn typed_serial_used(&mut self, trace: &Trace) -> Result<Option<Message>, EngineError> {
        let session = self.desk.bench.as_ref().map(|b| &b.session);
        let asked = session.and_then(|s| s.awaiting.as_ref()).map(|a| a.product);
        let serial = trace.serial.as_deref().map(str::trim).filter(|serial| !serial.is_empty());
        let (Some(product), Some(serial)) = (asked, serial) else { return Ok(None) };
        Ok(resolve::left_with(self.conn.as_mut(), product, serial, session)?)
    }

    /// A command of the session with what the screen says about it.
    pub(super) fn command(&mut self, command: &Command) -> Result<(), EngineError> {
        match self.run(command, None)? {
            Done::Events(events) if events.is_empty() => {
                self.nothing_to_do();
                Ok(())
            }
            Done::Events(events) => {
                self.accept(&events);
                self.follow_up()
            }
            Done::Refused(r) => {
                self.refuse(&r, None);
                Ok(())
            }
            Done::NoBench => {
                self.without_bench(command);
                Ok(())
            }
        }
    }

    /// "Go on": what it means depends on where the packer is.
    fn go_on(&mut self) -> Result<(), EngineError> {
        match self.desk.sheet.take() {
            None => {}
            Some(Sheet::Form(form)) => return self.send_form(&form),
            // A sheet that is only read is closed by it.
            Some(_) => return Ok(()),
        }
        let now_mono_ms = self.clock.mono_ms();
        let told = |b: &Bench| b.unpack_from.is_some_and(|from| from <= now_mono_ms);
        match self.desk.bench.as_ref().map(|b| (b.session.mode, told(b))) {
            Some((Mode::Paused { .. }, _)) => return self.command(&Command::Resume),
            Some((Mode::MustUnpack, true)) => return self.command(&Command::ConfirmUnpacked),
            // Nobody has been told yet, or only in the moment that this "go on" was meant for something else: that this comes
            // first must be seen before it can be said to be done.
            Some((Mode::MustUnpack, false)) => {
                if let Some(b) = self.desk.bench.as_mut() {
                    b.unpack_from.get_or_insert(now_mono_ms);
                }
                self.refuse(&Refusal::MustUnpack, None);
                return Ok(());
            }
            Some((Mode::Working | Mode::Held { .. } | Mode::Ended(_), _)) | None => {}
        }
        let finished = self.desk.bench.as_ref().is_some_and(|b| b.session.step == Step::Next);
        self.command(&Command::Continue)?;
        if finished && self.desk.bench.is_none() { self.start_next() } else { Ok(()) }
    }

    /// The next order by priority.
    pub(super) fn start_next(&mut self) -> Result<(), EngineError> {
        if !self.bench_is_free()? {
            self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
            return Ok(());
        }
        self.desk.sheet = None;
        self.refresh_queue()?;
        match self.desk.queue.rows.first().map(|r| r.fulfillment) {
            Some(f) => self.open_now(f, Opening::Next, None),
            None => {
                self.refuse_plain(
                    Message::new("queue-empty"),
                    Some(Message::new("queue-empty-detail")),
                    SoundName::Wait,
                );
                Ok(())
            }
        }
    }

    fn find(&mut self, number: &str) -> Result<(), EngineError> {
        let number: String = number.trim().chars().take(40).collect();
        let list = work::by_number(self.conn.as_mut(), &number)?;
        for f in &list {
            if work::is_waiting(self.conn.as_mut(), *f)? {
                return self.open_now(*f, Opening::Chosen, None);
            }
        }
        if let Some(f) = list.iter().find(|f| self.desk.held.iter().any(|h| h.fulfillment == **f)) {
            return self.resume_held(*f);
        }
        let m = Message::new("queue-not-here").with("name", number);
        self.refuse_plain(m, Some(Message::new("queue-not-here-detail")), SoundName::Stop);
        Ok(())
    }

    fn skip(&mut self, f: FulfillmentId, reason: Reason) -> Result<(), EngineError> {
        let until = self.now().plus_ms(work::SKIP_MS);
        work::skip(self.conn.as_mut(), f, until)?;
        tracing::info!(fulfillment = %f, reason = reason.key(), "skipped");
        self.desk.sheet = None;
        self.desk.stale.queue = true;
        Ok(())
    }

    pub(super) fn expedite(&mut self, f: FulfillmentId, on: bool, by: &Person) -> Result<(), EngineError> {
        work::expedite(self.conn.as_mut(), f, on.then_some(by.initials.as_str()))?;
        // Told to central, so that other benches rank it likewise.
        let (moment, id) = (self.moment(), EventId(self.clock.new_id()));
        let fact = desk::Expedited { actor: UserId(by.id.0), on };
        self.grown.extend(outbox::append_desk(self.conn.as_mut(), moment, f, id, &fact)?);
        self.desk.stale.queue = true;
        Ok(())
    }

    /// Takes a parked order onto the bench again.
    pub(super) fn resume_held(&mut self, f: FulfillmentId) -> Result<(), EngineError> {
        if !self.bench_is_free()? {
            self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
            return Ok(());
        }
        self.desk.sheet = None;
        self.desk.stale.held = true;
        let Some(bench) = self.bench_of(f)? else {
            self.refuse_plain(Message::new("history-gone"), None, SoundName::Stop);
            return Ok(());
        };
        let unpack = bench.session.mode == Mode::MustUnpack;
        self.desk.bench = Some(bench);
        if unpack {
            // Called off while it was parked: taking it out of the box is all that is left to do.
            return self.go_on();
        }
        match self.run(&Command::Resume, None)? {
            Done::Events(events) => {
                self.accept(&events);
                self.follow_up()
            }
            Done::Refused(crate::core::session::Refusal::NeedsRole { .. }) => {
                self.desk.bench = None;
                self.ask(Deferred::Ui(Ui::ResumeHeld(f)), Message::new("approve-partial"));
                Ok(())
            }
            Done::Refused(r) => {
                self.desk.bench = None;
                self.refuse(&r, None);
                Ok(())
            }
            Done::NoBench => Ok(()),
        }
    }

    /// A lead lets a parked, incomplete order go.
    pub(super) fn release_held(&mut self, f: FulfillmentId, approval: Approval) -> Result<(), EngineError> {
        if self.desk.bench.as_ref().is_some_and(|b| b.session.fulfillment != f) {
            self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
            return Ok(());
        }
        if self.desk.bench.is_none() {
            self.desk.bench = self.bench_of(f)?;
        }
        self.command(&Command::AllowPartial { approval })?;
        if self.desk.bench.as_ref().is_some_and(|b| matches!(b.session.mode, crate::core::session::Mode::Held { .. })) {
            self.desk.bench = None;
        }
        Ok(())
    }

    /// A parked order that cannot go on here is given back: the office decides.
    fn dismiss(&mut self, f: FulfillmentId) -> Result<(), EngineError> {
        if self.desk.bench.is_some() {
            self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
            return Ok(());
        }
        let Some(parked) = self.bench_of(f)? else { return Ok(()) };
        self.desk.bench = Some(parked);
        self.command(&Command::HandBack { reason: Reason::WaitingForOffice })?;
        self.desk.bench = None;
        self.desk.stale.held = true;
        Ok(())
    }

    /// A command for an order while there is none: said aloud, never swallowed.
    fn without_bench(&mut self, command: &Command) {
        if *command == Command::CallLead {
            let at = self.now();
            let m = Message::new("ok-lead-called");
            self.say(super::feedback::plain(crate::core::signal::Signal::Wait, SoundName::Call, m, None, at));
        } else {
            self.not_now();
        }
    }

    /// It was right to ask, but it is on its way already: that is said as well.
    fn nothing_to_do(&mut self) {
        if self.desk.bench.as_ref().is_some_and(|b| b.session.step == Step::Label) {
            let (at, detail) = (self.now(), Message::new("say-printing-detail"));
            let wait = (crate::core::signal::Signal::Wait, SoundName::Wait);
            self.say(super::feedback::plain(wait.0, wait.1, Message::new("say-printing"), Some(detail), at));
        } else {
            self.not_now();
        }
    }

    fn not_now(&mut self) {
        let step = self.desk.bench.as_ref().map_or(Step::Order, |b| b.session.step);
        self.refuse(&Refusal::NotNow { step }, None);
    }

    /// "Go on" with a form open sends it as it is offered: its first reason, for one unit. So a form can be
    /// answered from the sheet of commands alone.
    fn send_form(&mut self, form: &ProblemForm) -> Result<(), EngineError> {
        let Some(reason) = form.reasons.first().copied() else { return Ok(()) };
        let product = form.substitutes.first().map(|p| p.id);
        if form.kind == ProblemKind::Substitute && product.is_none() {
            self.refuse(&Refusal::NotAllowed, None);
            return Ok(());
        }
        self.report(form.kind, form.line, form.quantity_max.min(1), reason, product)
    }

    fn on_sheet(&mut self, ui: Ui) {
        match ui {
            Ui::OpenSheet(s) => self.desk.sheet = Some(s),
            // Trying a scanner or setting it up is part of the device check.
            Ui::CloseSheet if matches!(self.desk.sheet, Some(Sheet::ScanTrial(_) | Sheet::ScannerSetup(_))) => {
                self.desk.sheet = Some(Sheet::Devices);
            }
            _ => {
                self.desk.sheet = None;
                self.desk.asked = None;
            }
        }
    }

    /// The form of a problem that was asked for by voice.
    pub(super) fn on_form(&mut self, kind: ProblemKind) {
        self.open_form(kind, None);
    }

    /// The form of a problem, for a line or the one in hand.
    fn open_form(&mut self, kind: ProblemKind, line: Option<LineNo>) {
        let b = self.desk.bench.as_ref();
        let l = b.and_then(|b| match line {
            Some(no) => b.session.line(no),
            None => {
                let shown = b.session.line_shown().or_else(|| b.session.line_in_hand.and_then(|n| b.session.line(n)));
                shown.or_else(|| b.session.lines.iter().find(|l| l.verified > 0))
            }
        });
        let step = b.map(|b| b.session.step);
        let quantity_max = match (kind, l, step) {
            (ProblemKind::Short, Some(l), Some(Step::Verify)) => l.to_verify(),
            (ProblemKind::Short, Some(l), _) => l.to_pick(),
            (ProblemKind::Damaged, Some(l), _) => l.ordered.saturating_sub(l.short),
            (ProblemKind::Substitute, Some(l), _) => l.to_verify(),
            _ => 0,
        };
        let about_units = matches!(kind, ProblemKind::Short | ProblemKind::Damaged | ProblemKind::Substitute);
        let in_verify = kind == ProblemKind::ByHand && (step != Some(Step::Verify) || l.is_none());
        if (b.is_none() && kind != ProblemKind::Skip) || (about_units && quantity_max == 0) || in_verify {
            self.not_now();
            return;
        }
        let product = l.and_then(|l| self.product_on_bench(l.product));
        let substitutes = match (kind, product) {
            (ProblemKind::Substitute, Some(p)) => {
                p.substitutes.iter().filter_map(|id| self.product_on_bench(*id)).collect()
            }
            _ => Vec::new(),
        };
        let view = |p: &crate::core::product::Product| super::feedback::product_view(p, self.bin(p.id));
        let form = ProblemForm {
            kind,
            line: l.map(|l| l.no),
            product: product.map(view),
            quantity_max,
            reasons: reasons(kind).to_vec(),
            substitutes: substitutes.into_iter().map(view).collect(),
        };
        self.desk.sheet = Some(Sheet::Form(form));
    }

    fn report(
        &mut self,
        kind: ProblemKind,
        line: Option<LineNo>,
        quantity: u32,
        reason: Reason,
        product: Option<ProductId>,
    ) -> Result<(), EngineError> {
        let command = match (kind, line, product) {
            (ProblemKind::Short, Some(line), _) => Command::Short { line, quantity, reason },
            (ProblemKind::Damaged, Some(line), _) => Command::Damaged { line, quantity, reason },
            (ProblemKind::Substitute, Some(line), Some(product)) => {
                Command::Substitute { line, product, quantity, reason }
            }
            (ProblemKind::ByHand, Some(line), _) => {
                let needs = self.desk.bench.as_ref().map(|b| b.loaded.policy.by_hand);
                if needs == Some(ByHandPolicy::NeedsLead) {
                    let again = Ui::Report { kind, line: Some(line), quantity, reason, product };
                    self.ask(Deferred::Ui(again), Message::new("approve-by-hand"));
                    return Ok(());
                }
                Command::ConfirmByHand { line, reason, approval: None }
            }
            (ProblemKind::Hold, ..) => Command::Hold { reason },
            (ProblemKind::HandBack, ..) => Command::HandBack { reason },
            (ProblemKind::Reprint, ..) => Command::Reprint { document: DocumentKind::Label, reason },
            (ProblemKind::OverrideWeight, ..) => return self.bench_command(Ui::OverrideWeight(reason)),
            (ProblemKind::Skip, ..) => {
                let next = self.desk.queue.rows.first().map(|r| r.fulfillment);
                return next.map_or(Ok(()), |f| self.skip(f, reason));
            }
            (ProblemKind::Short | ProblemKind::Damaged | ProblemKind::Substitute | ProblemKind::ByHand, ..) => {
                self.not_now();
                return Ok(());
            }
        };
        self.command(&command)
    }

    /// A paper once more: of the order on the bench, or of an earlier parcel of this station.
    fn reprint(
        &mut self,
        f: Option<FulfillmentId>,
        parcel: u16,
        document: DocumentKind,
        reason: Reason,
    ) -> Result<(), EngineError> {
        self.desk.sheet = None;
        let here = self.desk.bench.as_ref().map(|b| b.session.fulfillment);
        let now_packing = self.desk.bench.as_ref().map(|b| b.session.parcel().no);
        match f.or(here) {
            Some(f) if Some(f) != here || Some(parcel) != now_packing => {
                self.reprint_earlier(f, parcel, document, reason)
            }
            _ => self.command(&Command::Reprint { document, reason }),
        }
    }

    /// An earlier parcel, of this order or of one before it; the latter is laid on the bench for the length of
    /// the reprint only.
    fn reprint_earlier(
        &mut self,
        f: FulfillmentId,
        parcel: u16,
        document: DocumentKind,
        reason: Reason,
    ) -> Result<(), EngineError> {
        let Some(actor) = self.desk.packer.clone() else { return Ok(()) };
        let Some(earlier) = self.earlier_bench(f)? else {
            self.refuse_plain(Message::new("history-gone"), None, SoundName::Stop);
            return Ok(());
        };
        let Some(last) = earlier.session.parcels.iter().find(|p| p.no == parcel).and_then(|p| p.last_print(document))
        else {
            self.refuse_plain(Message::new("refusal-no-label-yet"), None, SoundName::Stop);
            return Ok(());
        };
        let copy = last.copy.saturating_add(1);
        let event = Event::PrintAttempted { parcel, document, copy, reason: Some(reason) };
        if self.desk.bench.as_ref().is_some_and(|b| b.session.fulfillment == f) {
            self.commit_events(&actor, &[event])?;
        } else {
            let mine = self.desk.bench.replace(earlier);
            let done = self.commit_events(&actor, &[event]);
            self.desk.bench = mine;
            done?;
        }
        let at = self.now();
        let m = Message::new("ok-reprint").with("copy", copy);
        self.say(super::feedback::plain(crate::core::signal::Signal::Ok, SoundName::Ok, m, None, at));
        Ok(())
    }

    /// The answer to "did the paper come?" for a job of before a restart.
    fn paper_came(&mut self, yes: bool) -> Result<(), EngineError> {
        let Some((f, parcel, document, copy)) = self.desk.print_unknown.first().copied() else {
            self.not_now();
            return Ok(());
        };
        self.desk.print_unknown.remove(0);
        self.desk.sheet = None;
        let job = PrintJob { fulfillment: f, parcel, document, copy };
        let outcome = if yes { PrintOutcome::Sent } else { PrintOutcome::Unknown };
        self.on_printed(job, outcome)?;
        if yes { Ok(()) } else { self.reprint(Some(f), parcel, document, Reason::NoPaper) }
    }

    fn photo(&mut self) {
        match self.photo_of_now() {
            Some(effect) => self.take_photo(effect),
            None => self.not_now(),
        }
    }

    pub(super) fn count_today(&mut self) -> Result<(), EngineError> {
        let Some(id) = self.desk.packer.as_ref().map(|p| p.id) else { return Ok(()) };
        let zone = super::load::settings(self.conn.as_mut())?.map_or_else(|| "UTC".to_owned(), |s| s.zone);
        let now = self.now();
        let from = super::act::midnight(&zone, now);
        self.desk.today = sessions::today(self.conn.as_mut(), id, from, now)?;
        Ok(())
    }
}

/// Sheets that may be opened before anybody logs in: what helps to get the devices going.
fn is_open(ui: &Ui) -> bool {
    matches!(ui, Ui::OpenSheet(Sheet::Devices | Sheet::ScanTrial(_) | Sheet::Settings) | Ui::CloseSheet)
}

/// Reasons a form offers: few enough to be read at a glance.
#[must_use]
fn reasons(kind: ProblemKind) -> &'static [Reason] {
    match kind {
        ProblemKind::Short => &[Reason::BinEmpty, Reason::CountWrong, Reason::NotFound, Reason::Other],
        ProblemKind::Damaged => &[Reason::Broken, Reason::Dirty, Reason::Opened, Reason::Expired],
        ProblemKind::Substitute => &[Reason::BinEmpty, Reason::CustomerAsked, Reason::Broken, Reason::Other],
        ProblemKind::Hold => &[Reason::WaitingForStock, Reason::WaitingForOffice, Reason::CustomerAsked, Reason::Other],
        ProblemKind::ByHand => &[Reason::BarcodeUnreadable, Reason::BarcodeMissing],
        ProblemKind::Reprint => &[Reason::LabelDamaged, Reason::NoPaper, Reason::Other],
        ProblemKind::HandBack => {
            &[Reason::ShiftEnd, Reason::NotForThisStation, Reason::WaitingForOffice, Reason::Other]
        }
        ProblemKind::Skip => {
            &[Reason::NotForThisStation, Reason::WaitingForStock, Reason::WaitingForOffice, Reason::Other]
        }
        ProblemKind::OverrideWeight => {
            &[Reason::PackingDiffers, Reason::WeightDataWrong, Reason::ScaleTrouble, Reason::Other]
        }
    }
}
