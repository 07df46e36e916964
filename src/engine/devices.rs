//! What devices say: weights, print outcomes, states. A weight counts only once it has settled,
//! is fresh, and the scale has moved since the last one that was judged.

use super::act::Done;
use super::desk::{Bench, Stage};
use super::input::{DeviceNews, PrintJob, PrintNews, ScaleReading};
use super::scales::Came;
use super::view::{DeviceKind, DeviceState, DeviceView, PrintWay};
use super::{Engine, EngineError, feedback};
use crate::core::ids::UserId;
use crate::core::message::Message;
use crate::core::person::{Person, Role};
use crate::core::session::event::PrintOutcome;
use crate::core::session::{Command, Mode, Step};
use crate::core::signal::{Signal, SoundName};
use crate::core::time::UtcMs;
use crate::core::units::Grams;
use crate::core::weight::{self, Reading};
use crate::storage::sessions;

/// Devices of a station, at most.
const DEVICES_MAX: usize = 40;

/// Print jobs of an order whose printers are remembered.
const PRINT_WAYS_MAX: usize = 64;

/// A queue on the screen is ranked again after this long, in ms: "42 min left" is true to the minute.
const RANKED_MS: u64 = 60_000;

impl Engine {
    pub(super) fn on_weight(&mut self, scale: &str, r: ScaleReading) -> Result<(), EngineError> {
        let at = self.now();
        self.with_device(DeviceKind::Scale, scale, |d| {
            d.last_seen = Some(at);
            d.last_value = Some(Message::new("device-last-weight").with("weight", r.grams));
        });
        let resolution = Grams(self.desk.bench.as_ref().map_or(5, |b| b.loaded.policy.scale_resolution_g).max(1));
        let came = self.desk.scales.take(scale, r, resolution);
        if came == Came::Aside {
            return Ok(());
        }
        if let Some(b) = self.desk.bench.as_mut() {
            // Moved, or taken off: the next settled weight is a new one.
            let moved = b.judged.is_some_and(|g| g.distance(r.grams) > resolution);
            if !r.stable || moved || came == Came::TookOver {
                b.judge_anew();
            }
        }
        self.judge_weight(r)
    }

    fn judge_weight(&mut self, r: ScaleReading) -> Result<(), EngineError> {
        let mono = i64::try_from(self.clock.mono_ms()).unwrap_or(i64::MAX);
        let reading = Reading { grams: r.grams, stable: r.stable, at_mono_ms: r.at_mono_ms };
        let Ok(grams) = weight::usable(&reading, mono) else { return Ok(()) };
        let wants = |b: &Bench| b.session.step == Step::Weigh && b.session.mode == Mode::Working && b.judged.is_none();
        // Behind a lock nobody stands there whose name it could be done under.
        let there = self.desk.stage == Stage::Bench && self.desk.packer.is_some();
        if !there || self.desk.scales.counted() || !self.desk.bench.as_ref().is_some_and(wants) {
            return Ok(());
        }
        if let Some(b) = self.desk.bench.as_mut() {
            b.judged = Some(grams);
        }
        match self.run(&Command::Weight { grams }, None)? {
            Done::Events(events) => {
                self.desk.scales.count();
                self.accept(&events);
                self.follow_up()
            }
            Done::Refused(refusal) => {
                if let Some(b) = self.desk.bench.as_mut() {
                    b.outside = Some(grams);
                }
                self.refuse(&refusal, None);
                Ok(())
            }
            Done::NoBench => Ok(()),
        }
    }

    pub(super) fn on_device(&mut self, news: DeviceNews) {
        let at = self.now();
        let works = match news.state {
            DeviceState::Ready | DeviceState::Busy => true,
            DeviceState::Absent | DeviceState::Opening | DeviceState::Attention | DeviceState::Lost { .. } => false,
        };
        let (kind, name) = (news.kind, news.name);
        self.with_device(kind, &name, |d| {
            d.state = news.state;
            d.detail = news.detail;
            d.cure = news.cure;
            // A scanner's open line is no answer: it answers with a scan.
            if works && kind != DeviceKind::Scanner {
                d.last_seen = Some(at);
            }
        });
        if kind == DeviceKind::Scale && !works {
            // A figure of a scale that is gone, silent or out of its range is no figure.
            self.desk.scales.lost(&name);
        }
    }

    /// Changes a device's row, adding it when it is new. An empty name means the only one of its kind.
    pub(super) fn with_device(&mut self, kind: DeviceKind, name: &str, change: impl FnOnce(&mut DeviceView)) {
        let mut list = self.desk.devices.to_vec();
        let at = list.iter().position(|d| d.kind == kind && (name.is_empty() || d.name == name));
        let i = match at {
            Some(i) => i,
            None if list.len() < DEVICES_MAX => {
                // Devices report in any order; people find each in the same place every day.
                let i = list.partition_point(|d| (d.kind, d.name.as_str()) < (kind, name));
                let names = &self.config.set_up;
                let set_up = kind == DeviceKind::Scanner && names.iter().any(|scanner| scanner == name);
                list.insert(i, DeviceView { set_up, ..DeviceView::new(kind, name) });
                i
            }
            None => return,
        };
        if let Some(d) = list.get_mut(i) {
            change(d);
        }
        self.desk.devices = list.into();
    }

    /// The machine itself, where the printer or the server is the one who acts: facts name the packer
    /// at work, or nobody.
    pub(super) fn machine(&self) -> Person {
        let nobody = Person { id: UserId(uuid::Uuid::nil()), initials: String::new(), role: Role::Packer };
        let packer = self.desk.bench.as_ref().map(|b| b.session.packer);
        match (&self.desk.packer, packer) {
            (Some(p), _) => p.clone(),
            (None, Some(id)) => Person { id, ..nobody },
            (None, None) => nobody,
        }
    }

    pub(super) fn on_printed(&mut self, job: PrintJob, outcome: PrintOutcome) -> Result<(), EngineError> {
        // What became of it is known now: nobody need be asked any more.
        self.desk.print_unknown.retain(|(f, parcel, document, copy)| {
            (*f, *parcel, *document, *copy) != (job.fulfillment, job.parcel, job.document, job.copy)
        });
        let here = self.desk.bench.as_ref().map(|b| b.session.fulfillment);
        let mine = if here == Some(job.fulfillment) {
            None
        } else {
            // Of an order that left the bench: it is laid on it for the length of this fact.
            match self.earlier_bench(job.fulfillment)? {
                Some(b) => Some(self.desk.bench.replace(b)),
                // Its records are gone: the job is settled all the same, or every restart would ask about it.
                None => return self.print_settled(job, outcome),
            }
        };
        let actor = self.machine();
        let command = Command::Printed { parcel: job.parcel, document: job.document, copy: job.copy, outcome };
        let done = self.run_as(&actor, &command, None);
        if let Some(bench) = mine {
            self.desk.bench = bench;
        }
        done?;
        if let PrintOutcome::Failed(t) = outcome {
            let at = self.now();
            let title = Message::new("say-print-failed")
                .with("document", crate::core::message::Arg::Key(super::publish_stage::document_key(job.document)));
            let detail = Message::new(super::publish_say::trouble_key(Some(t)));
            self.say(feedback::plain(Signal::Decide, SoundName::Decide, title, Some(detail), at));
        }
        Ok(())
    }

    /// Which printer a job went to, and why not another; kept while its order is on the bench.
    pub(super) fn on_print_news(&mut self, job: PrintJob, news: PrintNews) {
        let Some(b) = self.desk.bench.as_mut().filter(|b| b.session.fulfillment == job.fulfillment) else { return };
        let key = (job.parcel, job.document, job.copy);
        let mut way = match b.print_ways.iter().position(|(k, _)| *k == key) {
            Some(at) => b.print_ways.remove(at).1,
            None => PrintWay::default(),
        };
        match news {
            PrintNews::Routed { printer, instead_of } => way = PrintWay { printer, instead_of, why: None },
            PrintNews::Failed { printer, why } => {
                way.printer = printer;
                way.why = Some(why);
            }
        }
        if b.print_ways.len() >= PRINT_WAYS_MAX {
            b.print_ways.remove(0);
        }
        b.print_ways.push((key, way));
    }

    fn print_settled(&mut self, job: PrintJob, outcome: PrintOutcome) -> Result<(), EngineError> {
        let (state, now) = (super::act::print_text(outcome), self.now());
        sessions::settle_print(self.conn.as_mut(), job.fulfillment, job.parcel, job.document, job.copy, state, now)?;
        Ok(())
    }

    /// Deadlines: the next order opens, the screen locks, a fed-up scale reading ages.
    pub(super) fn on_tick(&mut self) -> Result<(), EngineError> {
        self.voice_tick()?;
        let now = self.now();
        if self.desk.advance_at().is_some_and(|at| at <= now) {
            if let Done::Events(_) = self.run(&Command::Advance, None)? {
                self.refresh_queue()?;
                if self.desk.queue.rows.iter().any(|r| r.leased) {
                    self.start_next()?;
                }
            }
            return Ok(());
        }
        self.desk.scales.forget_old(self.clock.mono_ms());
        let idle_ms = self.desk.idle_lock_ms;
        if idle_ms > 0 && self.clock.mono_ms().saturating_sub(self.desk.active_mono_ms) > idle_ms {
            self.lock();
        }
        self.desk.stale.queue |= self.queue_is_old();
        self.settle_return()
    }

    /// The queue on the screen says how much time is left, and a pick-up that comes near changes its order.
    fn queue_is_old(&self) -> bool {
        let shown = self.desk.stage == Stage::Bench && self.desk.bench.is_none();
        let timed = |r: &super::view::QueueRow| r.ship_by.is_some();
        shown
            && self.clock.mono_ms().saturating_sub(self.desk.ranked_mono_ms) >= RANKED_MS
            && self.desk.queue.rows.iter().any(timed)
    }

    /// Would a tick change anything? A quiet station publishes nothing and costs nothing.
    #[must_use]
    pub fn tick_is_due(&self) -> bool {
        let mono = self.clock.mono_ms();
        let advance = self.desk.advance_at().is_some_and(|at| at <= self.now());
        let idle_ms = self.desk.idle_lock_ms;
        let lock =
            idle_ms > 0 && self.desk.stage == Stage::Bench && mono.saturating_sub(self.desk.active_mono_ms) > idle_ms;
        advance
            || lock
            || self.look_is_due()
            || self.voice_is_due()
            || self.return_is_due()
            || self.queue_is_old()
            || self.desk.scales.is_old(mono)
    }

    /// When the engine must look again although nothing comes in: UTC ms.
    #[must_use]
    pub fn next_deadline(&self) -> Option<UtcMs> {
        self.desk.advance_at()
    }

    /// The packer's own median, once the order is done.
    pub(super) fn note_median(&mut self) -> Result<(), EngineError> {
        let Some(b) = self.desk.bench.as_ref() else { return Ok(()) };
        let (id, units, here) = (b.session.packer, b.session.verified(), b.session.fulfillment);
        let times = sessions::times(self.conn.as_mut(), id, Some(here))?;
        if let Some(b) = self.desk.bench.as_mut() {
            b.median_ms = super::publish::median_ms(&times, Some(units));
        }
        Ok(())
    }
}
