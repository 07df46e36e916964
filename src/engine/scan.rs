//! Scans: an echo is dropped, the meaning is looked up, and it goes where it belongs: to a login, an
//! approval, the session on the bench, or the queue.

use super::act::Done;
use super::desk::Stage;
use super::input::{PinPurpose, Ui};
use super::measure::Bench;
use super::resolve;
use super::view::{DeviceKind, ProblemKind, Sheet};
use super::{Effect, Engine, EngineError};
use crate::core::command_code::CommandCode;
use crate::core::ids::{FulfillmentId, ProductId};
use crate::core::message::Message;
use crate::core::priority;
use crate::core::scan::{Meaning, ResolvedScan, Scan};
use crate::core::session::event::Opening;
use crate::core::session::{Command, Mode, Refusal, Step};
use crate::core::signal::{Signal, SoundName};
use crate::storage::work;
use std::sync::Arc;

/// Characters of a scan that a device chip shows.
const TAIL_CHARS: usize = 6;

impl Engine {
    pub(super) fn on_scan(&mut self, scan: &Scan) -> Result<(), EngineError> {
        self.note_device(scan);
        self.scanned(scan)
    }

    /// A code from whatever device.
    pub(super) fn scanned(&mut self, scan: &Scan) -> Result<(), EngineError> {
        self.desk.active_mono_ms = self.clock.mono_ms();
        if self.desk.is_echo(scan.gesture) || self.scan_is_trial(scan) || self.scan_in_setup(scan) {
            return Ok(());
        }
        // A finished order says nothing of what is scanned after it.
        let bench = self.desk.bench.as_ref().filter(|b| b.session.step != Step::Next);
        let on_it = Bench { session: bench.map(|b| &b.session), order: bench.map(|b| &b.loaded.order) };
        let resolved = resolve::resolve(self.conn.as_mut(), scan, on_it)?;
        match (&self.desk.stage, &resolved.meaning) {
            (Stage::Pairing { .. }, _) => {
                self.refuse_plain(Message::new("refusal-pair-first"), None, SoundName::Stop);
                Ok(())
            }
            (_, Meaning::Badge(user)) => self.on_badge(*user),
            (Stage::Login(_), _) => {
                self.refuse_plain(Message::new("refusal-log-in-first"), None, SoundName::Stop);
                Ok(())
            }
            (Stage::Bench, Meaning::Command(code)) => self.on_command_code(*code, &resolved),
            (Stage::Bench, _) if matches!(self.desk.sheet, Some(Sheet::WriteTag { .. })) => {
                self.tag_code(scan);
                Ok(())
            }
            (Stage::Bench, _) if self.desk.asked.is_some() => {
                self.refuse_plain(Message::new("refusal-badge-wanted"), None, SoundName::Stop);
                Ok(())
            }
            (Stage::Bench, _) if self.desk.bench.is_some() => self.scan_on_bench(&resolved),
            (Stage::Bench, _) if self.desk.intake.is_some() => self.scan_in_return(&resolved),
            (Stage::Bench, _) => self.scan_in_queue(&resolved),
        }
    }

    /// Tells the scanner what became of its code, where the screen said something of it since the feedback `said`. Like every
    /// effect it leaves after the commit.
    pub(super) fn tell_verdict(&mut self, scan: &Scan, said: u64) {
        let Some(feedback) = self.desk.feedback.as_ref().filter(|f| f.id != said) else { return };
        let good = match feedback.signal {
            Signal::Now | Signal::Ok => true,
            Signal::Stop | Signal::Decide => false,
            Signal::Wait => return,
        };
        self.out.push(Effect::Verdict { device: scan.device.clone(), good });
    }

    /// The scanner gave a sign; its chip shows the tail of what it read.
    fn note_device(&mut self, scan: &Scan) {
        let text: String = String::from_utf8_lossy(&scan.bytes).chars().filter(|c| !c.is_control()).collect();
        let tail: String = text.chars().rev().take(TAIL_CHARS).collect::<Vec<_>>().into_iter().rev().collect();
        let at = self.now();
        // A camera that reads codes keeps its own chip.
        let camera = self.desk.devices.iter().any(|d| d.kind == DeviceKind::Camera && d.name == scan.device);
        let kind = if camera { DeviceKind::Camera } else { DeviceKind::Scanner };
        self.with_device(kind, &scan.device, |d| {
            d.last_seen = Some(at);
            d.last_value = Some(Message::new("device-last-scan").with("tail", tail));
        });
    }

    /// An item, shelf, box or label while an order is on the bench. A scan closes whatever sheet is open:
    /// it is never swallowed, and never lands in a field.
    pub(super) fn scan_on_bench(&mut self, scan: &ResolvedScan) -> Result<(), EngineError> {
        if !matches!(self.desk.sheet, Some(Sheet::PrintUnknown { .. })) {
            self.desk.sheet = None;
        }
        let finished = self.desk.bench.as_ref().is_some_and(|b| b.session.step == Step::Next);
        if finished && !matches!(scan.meaning, Meaning::ParcelLabel { .. }) {
            // The next order may already be in hand: the finished one makes room for it.
            return match self.run(&Command::Advance, None)? {
                Done::Events(_) | Done::NoBench => self.scan_in_queue(scan),
                Done::Refused(r) => {
                    self.refuse(&r, None);
                    Ok(())
                }
            };
        }
        if self.is_return(&scan.meaning)? {
            let detail = Some(Message::new("refusal-return-after-order-detail"));
            self.refuse_plain(Message::new("refusal-return-after-order"), detail, SoundName::Stop);
            return Ok(());
        }
        let stranger = resolve::stranger(self.conn.as_mut(), &scan.meaning)?;
        self.know_product(stranger.as_ref());
        let command = Command::Scan(scan.clone());
        match self.run(&command, Some(scan.gesture))? {
            Done::Events(events) => {
                self.accept(&events);
                self.follow_up()
            }
            Done::Refused(r) => {
                self.refuse(&r, stranger.as_ref());
                Ok(())
            }
            Done::NoBench => {
                self.refuse(&Refusal::NotNow { step: Step::Order }, None);
                Ok(())
            }
        }
    }

    /// A return's paper in the midst of an order; never where a serial or lot is asked for.
    fn is_return(&mut self, meaning: &Meaning) -> Result<bool, EngineError> {
        let asked = self.desk.bench.as_ref().is_some_and(|b| b.session.awaiting.is_some());
        let (Meaning::Unknown(text) | Meaning::Traced { text, .. }) = meaning else { return Ok(false) };
        Ok(!asked && !crate::storage::returns::by_code(self.conn.as_mut(), text)?.is_empty())
    }

    /// Adds a scanned product that the order does not contain to what was loaded, so that a refusal can
    /// name it.
    fn know_product(&mut self, p: Option<&crate::core::product::Product>) {
        if let (Some(p), Some(b)) = (p, self.desk.bench.as_mut())
            && !b.loaded.products.contains_key(&p.id)
        {
            Arc::make_mut(&mut b.loaded).products.insert(p.id, p.clone());
        }
    }

    /// Nothing is on the bench: an order, a tote or an item opens its order.
    fn scan_in_queue(&mut self, scan: &ResolvedScan) -> Result<(), EngineError> {
        self.desk.sheet = None;
        if !self.opens_an_order(&scan.meaning)?
            && let Some(code) = super::returns::code_of(&scan.meaning)
            && self.open_return_by(code)?
        {
            return Ok(());
        }
        match &scan.meaning {
            Meaning::Order(number, list) => self.open_first(list, Opening::OrderScan, number, scan),
            Meaning::Tote(code, list) => self.open_first(list, Opening::ToteScan, code, scan),
            Meaning::Product { product, .. } => self.open_by_item(*product, scan),
            Meaning::ParcelLabel { sscc, parcel } => {
                match parcel {
                    Some((p, order)) => {
                        let m = Message::new("queue-label-of").with("order", order.as_str()).with("parcel", p.no);
                        self.refuse_plain(m, Some(Message::new("queue-label-of-detail")), SoundName::Decide);
                        self.desk.sheet = Some(Sheet::History);
                    }
                    None => self.refuse(&Refusal::UnknownLabel { sscc: sscc.clone() }, None),
                }
                Ok(())
            }
            m => {
                let r = match m {
                    Meaning::Unreadable => Refusal::Unreadable,
                    Meaning::TooLong => Refusal::TooLong,
                    Meaning::BadCommand => Refusal::BadCommand,
                    Meaning::Ambiguous(text) => Refusal::Ambiguous { text: text.clone() },
                    Meaning::Unknown(text) | Meaning::UnknownItem(text) | Meaning::Traced { text, .. } => {
                        Refusal::UnknownCode { text: text.clone() }
                    }
                    Meaning::Location(_)
                    | Meaning::Packaging(_)
                    | Meaning::Command(_)
                    | Meaning::Badge(_)
                    | Meaning::Tote(..)
                    | Meaning::Order(..)
                    | Meaning::Product { .. }
                    | Meaning::ParcelLabel { .. } => Refusal::NotNow { step: Step::Order },
                };
                self.refuse(&r, None);
                Ok(())
            }
        }
    }

    /// Does this scan mean an order that still waits to be packed? Then it is that, whatever is on its way back of it.
    fn opens_an_order(&mut self, meaning: &Meaning) -> Result<bool, EngineError> {
        let Meaning::Order(_, list) = meaning else { return Ok(false) };
        for f in list {
            let parked = self.desk.held.iter().any(|h| h.fulfillment == *f);
            if parked || work::is_waiting(self.conn.as_mut(), *f)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn open_first(
        &mut self,
        list: &[FulfillmentId],
        how: Opening,
        name: &str,
        scan: &ResolvedScan,
    ) -> Result<(), EngineError> {
        let mut waiting = Vec::new();
        for f in list {
            if work::is_waiting(self.conn.as_mut(), *f)? {
                waiting.push(*f);
            }
        }
        // Of several parts the first by priority whose lease is alive, else any, so that the refusal says why.
        let live = self.live_leases()?;
        let now = self.now();
        let candidates = super::pickups::candidates(self.conn.as_mut(), now)?;
        let mine: Vec<_> = candidates
            .into_iter()
            .filter(|c| waiting.contains(&c.fulfillment) && live.contains(&c.fulfillment))
            .collect();
        let best = priority::rank(&mine, now).first().and_then(|(i, _)| mine.get(*i)).map(|c| c.fulfillment);
        if let Some(parked) =
            list.iter().find(|f| best.is_none() && self.desk.held.iter().any(|h| h.fulfillment == **f))
        {
            return self.resume_held(*parked);
        }
        match best.or(waiting.first().copied()) {
            Some(f) => self.open_now(f, how, Some(scan)),
            None => {
                let m = Message::new("queue-not-here").with("name", name);
                self.refuse_plain(m, Some(Message::new("queue-not-here-detail")), SoundName::Stop);
                Ok(())
            }
        }
    }

    /// Grab, scan: the first order by priority that needs it opens.
    fn open_by_item(&mut self, product: ProductId, scan: &ResolvedScan) -> Result<(), EngineError> {
        let now = self.now();
        let needing = work::needing(self.conn.as_mut(), product.0)?;
        let candidates = super::pickups::candidates(self.conn.as_mut(), now)?;
        let live = self.live_leases()?;
        let mine: Vec<_> = candidates
            .into_iter()
            .filter(|c| needing.contains(&c.fulfillment) && live.contains(&c.fulfillment))
            .collect();
        match priority::rank(&mine, now).first().and_then(|(i, _)| mine.get(*i)) {
            Some(c) => self.open_now(c.fulfillment, Opening::ItemScan, Some(scan)),
            None => {
                let p = super::load::product(self.conn.as_mut(), product)?;
                let name = p.as_ref().map(|p| p.name.clone()).unwrap_or_default();
                let m = Message::new("queue-nobody-needs").with("name", name);
                self.refuse_plain(m, Some(Message::new("queue-nobody-needs-detail")), SoundName::Stop);
                Ok(())
            }
        }
    }

    pub(super) fn open_now(
        &mut self,
        f: FulfillmentId,
        how: Opening,
        scan: Option<&ResolvedScan>,
    ) -> Result<(), EngineError> {
        let Some(actor) = self.desk.packer.clone() else { return Ok(()) };
        if !self.bench_is_free()? {
            self.refuse_plain(Message::new("held-bench-full"), None, SoundName::Stop);
            return Ok(());
        }
        if self.refuses_work() {
            return Ok(());
        }
        self.desk.sheet = None;
        match self.open(f, how, &actor)? {
            Ok(()) => {
                let at = self.now();
                let number = self.desk.bench.as_ref().map(|b| b.loaded.order.number.clone()).unwrap_or_default();
                let m = Message::new("ok-opened").with("order", number);
                self.say(super::feedback::plain(crate::core::signal::Signal::Ok, SoundName::Ok, m, None, at));
                // An item in hand of a picked order counts at once: it was scanned to be packed.
                let verify = self.desk.bench.as_ref().is_some_and(|b| b.session.step == Step::Verify);
                match scan.filter(|s| verify && matches!(s.meaning, Meaning::Product { .. })) {
                    Some(s) => self.scan_on_bench(s),
                    None => Ok(()),
                }
            }
            Err(why) => {
                self.refuse_plain(why, Some(Message::new("open-refused-detail")), SoundName::Stop);
                Ok(())
            }
        }
    }

    /// Is there room for another order? A finished one makes room for it.
    pub(super) fn bench_is_free(&mut self) -> Result<bool, EngineError> {
        if self.desk.bench.as_ref().is_some_and(|b| b.session.step == Step::Next) {
            self.run(&Command::Advance, None)?;
        }
        Ok(self.desk.bench.is_none() && self.desk.intake.is_none())
    }

    /// A command barcode does what its button does.
    fn on_command_code(&mut self, code: CommandCode, scan: &ResolvedScan) -> Result<(), EngineError> {
        if self.desk.asked.is_some() {
            return self.code_while_asked(code);
        }
        if !self.desk.print_unknown.is_empty() {
            match code {
                CommandCode::Continue => return self.on_ui(Ui::PaperCame { yes: true }),
                CommandCode::Reprint => return self.on_ui(Ui::PaperCame { yes: false }),
                _ => {}
            }
        }
        let on_checklist = self
            .desk
            .bench
            .as_ref()
            .is_some_and(|b| b.session.step == Step::Checklist && b.session.mode == Mode::Working);
        if on_checklist && matches!(code, CommandCode::Tick | CommandCode::Continue) && self.desk.sheet.is_none() {
            return self.scan_on_bench(scan);
        }
        match super::ui::of_code(code) {
            Some(Ui::Continue)
                if self.desk.bench.is_none() && self.desk.intake.is_none() && self.desk.sheet.is_none() =>
            {
                self.on_ui(Ui::Start)
            }
            Some(Ui::Problem(ProblemKind::Reprint, _)) if self.desk.bench.is_none() => {
                self.on_ui(Ui::OpenSheet(Sheet::History))
            }
            Some(Ui::Pause) if self.desk.bench.is_none() => self.on_ui(Ui::Lock),
            Some(ui) => self.on_ui(ui),
            None => self.scan_on_bench(scan),
        }
    }

    /// While a lead is asked for, the sheet of commands can close the question or leave; nothing goes on under it.
    fn code_while_asked(&mut self, code: CommandCode) -> Result<(), EngineError> {
        match code {
            CommandCode::Close => self.on_ui(Ui::CloseSheet),
            CommandCode::CallLead => self.on_ui(Ui::CallLead),
            CommandCode::SwitchPacker => self.on_ui(Ui::Lock),
            CommandCode::LogOut => self.on_ui(Ui::LogOut),
            _ => {
                self.refuse_plain(Message::new("refusal-badge-wanted"), None, SoundName::Stop);
                Ok(())
            }
        }
    }

    pub(super) fn check_pin(
        &mut self,
        purpose: PinPurpose,
        pin: &str,
        candidates: Vec<(crate::core::ids::UserId, String)>,
    ) {
        let pin = super::input::Secret(pin.to_owned());
        self.out.push(Effect::CheckPin { purpose, pin, candidates });
    }
}
