//! A simulated packer: drives one station through its door alone (bytes of scans, weights, buttons) by reading the published
//! view as a person reads the screen, and works orders through all eleven steps. It knows nothing of sessions, commands or
//! tables; what it knows of the goods it sees and feels in the made warehouse.

pub mod hands;
pub mod paper;
pub mod plan;
mod steps;
mod trouble;

use super::DemoError;
use super::bench::{Bench, Chore, Dark};
use super::chance::Chance;
use super::office::Office;
use super::world::World;
use super::world::people::{Person, lead};
use crate::central::secrets;
use crate::core::aim::AimId;
use crate::core::ids::{FulfillmentId, GestureId};
use crate::core::message::Message;
use crate::core::scan::Scan;
use crate::core::time::UtcMs;
use crate::engine::Input;
use crate::engine::input::{DeviceNews, PhotoOutcome, Ui};
use crate::engine::view::{DeviceKind, DeviceState, PackView, Screen, Sheet, StationView};
use hands::Hands;
use paper::Paper;
use plan::Plan;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Longest look at a screen on which nothing happens.
const LOOK: Duration = Duration::from_millis(100);
/// So many actions without any change on the screen mean that something is broken.
const TRIES_MAX: u32 = 40;
/// Papers kept in mind.
const PAPERS_MAX: usize = 512;

/// What packers count while they work.
#[derive(Debug, Default)]
pub struct Tally {
    /// Gestures of scanners.
    pub scans: AtomicU64,
    /// Labels printed and decoded again.
    pub labels_decoded: AtomicU64,
    /// Labels printed that no reader could read.
    pub labels_unread: AtomicU64,
    /// Weights that a lead had to let pass, though nothing was wrong.
    pub overrides: AtomicU64,
    /// Orders given up because the screen led nowhere.
    pub stuck: AtomicU64,
}

/// What all packers share.
pub struct Floor {
    /// The made warehouse.
    pub world: Arc<World>,
    /// Codes of all goods, sorted.
    pub skus: Vec<String>,
    /// The office.
    pub office: Arc<Office>,
    /// The plan of troubles.
    pub plan: Plan,
    /// Counts.
    pub tally: Tally,
    /// The shift is over.
    pub over: AtomicBool,
}

/// Why a packer stopped what they did.
enum Stop {
    /// The station went dark.
    Dark,
    /// The demo cannot go on.
    Fault(DemoError),
}

impl From<Dark> for Stop {
    fn from(_: Dark) -> Stop {
        Stop::Dark
    }
}

impl From<DemoError> for Stop {
    fn from(error: DemoError) -> Stop {
        Stop::Fault(error)
    }
}

type Seen = Result<Arc<StationView>, Stop>;

/// A packer at a bench.
pub struct Packer {
    floor: Arc<Floor>,
    bench: Bench,
    me: &'static Person,
    chance: Chance,
    number: u64,
    units: u64,
    hands: HashMap<FulfillmentId, Hands>,
    papers: HashMap<(FulfillmentId, u16), Paper>,
    jobs: HashSet<crate::engine::input::PrintJob>,
    last_label: Option<String>,
    /// What the screen showed last, and how often it showed the same.
    before: (String, u32),
}

impl Packer {
    /// The `n`-th packer, from 0, at their bench.
    #[must_use]
    pub fn new(floor: Arc<Floor>, bench: Bench, me: &'static Person, n: u64) -> Packer {
        let chance = Chance::of(floor.world.seed, &format!("packer {n}"));
        Packer {
            floor,
            bench,
            me,
            chance,
            number: n,
            units: 0,
            hands: HashMap::new(),
            papers: HashMap::new(),
            jobs: HashSet::new(),
            last_label: None,
            before: (String::new(), 0),
        }
    }

    /// Works until the shift is over. A station that goes dark is switched on again and the work goes on where it stood.
    ///
    /// # Errors
    /// If the station does not start again, or the screen leads nowhere.
    pub fn work(mut self) -> Result<Bench, DemoError> {
        loop {
            match self.shift() {
                Ok(()) => return Ok(self.bench),
                Err(Stop::Dark) => self.bench.power_on()?,
                Err(Stop::Fault(error)) => return Err(error),
            }
        }
    }

    fn shift(&mut self) -> Result<(), Stop> {
        self.plug_in()?;
        while !self.floor.over.load(Ordering::Acquire) {
            let view = self.chores()?;
            self.next(&view)?;
        }
        Ok(())
    }

    /// Scanner, scale and printer say that they are there.
    fn plug_in(&mut self) -> Result<(), Stop> {
        for (kind, name) in
            [(DeviceKind::Scanner, "scanner"), (DeviceKind::Scale, "scale"), (DeviceKind::Printer, "printer")]
        {
            let news = DeviceNews { kind, name: name.to_owned(), state: DeviceState::Ready, detail: None, cure: None };
            self.bench.act(Input::Device(news))?;
        }
        Ok(())
    }

    /// One look at the screen and what it asks for.
    fn next(&mut self, view: &StationView) -> Result<(), Stop> {
        if let Some(sheet) = &view.sheet {
            return self.sheet(sheet);
        }
        match &view.screen {
            Screen::Login(_) => self.scan_text(self.me.badge).map(drop),
            Screen::Queue => self.queue(view),
            Screen::Pack => match view.pack.clone() {
                Some(pack) => self.guarded(&pack),
                None => self.rest().map(drop),
            },
            // Nobody sends anything back in the made warehouse; what is open is left for a person.
            Screen::Return => self.ui(Ui::LeaveReturn).map(drop),
            Screen::Pairing { .. } | Screen::Recovery { .. } => {
                let station = self.bench.setup().name.clone();
                Err(DemoError::Pairing { station, why: "the station forgot where it belongs".to_owned() }.into())
            }
        }
    }

    /// A sheet over the screen.
    fn sheet(&mut self, sheet: &Sheet) -> Result<(), Stop> {
        match sheet {
            Sheet::PrintUnknown { document, parcel } => {
                // The person looks whether the paper lies in the tray.
                let yes =
                    self.jobs.iter().any(|job| job.document == *document && job.parcel == *parcel && self.is_here(job));
                self.ui(Ui::PaperCame { yes }).map(drop)
            }
            Sheet::Approval { .. } => self.approve(),
            Sheet::Problems
            | Sheet::Form(_)
            | Sheet::Held
            | Sheet::History
            | Sheet::Devices
            | Sheet::ScanTrial(_)
            | Sheet::ScannerSetup(_)
            | Sheet::Settings
            | Sheet::QueueAll
            | Sheet::Boxes
            | Sheet::WriteTag { .. }
            | Sheet::Count
            | Sheet::Find
            | Sheet::Returns => self.ui(Ui::CloseSheet).map(drop),
        }
    }

    fn is_here(&self, job: &crate::engine::input::PrintJob) -> bool {
        self.bench.view().is_ok_and(|v| v.pack.as_ref().is_some_and(|p| p.fulfillment == job.fulfillment))
    }

    /// The lead comes with badge and PIN.
    fn approve(&mut self) -> Result<(), Stop> {
        self.scan_text(lead().badge)?;
        for digit in lead().pin.bytes().map(|b| b.saturating_sub(b'0')) {
            self.ui(Ui::Digit(digit))?;
        }
        self.ui(Ui::DigitsDone)?;
        self.chores().map(drop)
    }

    /// Nothing on the bench: a parked order that may go on, or the next one.
    fn queue(&mut self, view: &StationView) -> Result<(), Stop> {
        let goes_on = |number: &str| {
            matches!(self.floor.plan.of(number), Some(plan::Mishap::Short { released: true }))
                && self.floor.plan.ending(number) == plan::Ending::Packed
        };
        for held in view.held.iter() {
            self.floor.plan.parked(&held.number, held.can_resume);
        }
        if let Some(held) = view.held.iter().find(|h| h.can_resume && goes_on(&h.number)) {
            return self.ui(Ui::ResumeHeld(held.fulfillment)).map(drop);
        }
        if view.queue.rows.is_empty() {
            return self.rest().map(drop);
        }
        let after = self.ui(Ui::Start)?;
        // Refused for now, for example while the station waits for the server to give it a new life.
        if after.screen == Screen::Queue { self.rest().map(drop) } else { Ok(()) }
    }

    /// The step that is shown, unless the screen has shown the same for too long.
    fn guarded(&mut self, pack: &PackView) -> Result<(), Stop> {
        let now = format!(
            "{}/{:?}/{}/{}/{:?}",
            pack.fulfillment,
            pack.step,
            pack.done,
            pack.parcel,
            pack.lines.iter().map(|l| (l.done, l.short)).collect::<Vec<_>>()
        );
        let more = match &pack.stage {
            crate::engine::view::StageView::Checklist(list) => format!("{now}/{}", list.current),
            _ => now,
        };
        if self.before.0 == more {
            self.before.1 += 1;
        } else {
            self.before = (more, 0);
        }
        if self.before.1 > TRIES_MAX {
            return self.give_up(pack);
        }
        self.step(pack)
    }

    /// The screen leads nowhere: the order is parked, and counted as stuck.
    fn give_up(&mut self, pack: &PackView) -> Result<(), Stop> {
        let say = self.bench.view()?.feedback.as_ref().map_or("", |f| f.title.key);
        tracing::error!(order = %pack.number, step = ?pack.step, say, "the screen leads nowhere");
        self.floor.tally.stuck.fetch_add(1, Ordering::AcqRel);
        self.before = (String::new(), 0);
        self.floor.plan.ends(&pack.number, plan::Ending::Parked);
        self.report(crate::engine::view::ProblemKind::Hold, None, 0, crate::core::session::event::Reason::Other)
            .map(drop)
    }

    // --- hands -------------------------------------------------------------------------------------------------------

    fn ui(&mut self, ui: Ui) -> Seen {
        Ok(self.bench.act(Input::Ui(ui))?)
    }

    fn scan_text(&mut self, text: &str) -> Seen {
        self.scan(text.as_bytes().to_vec(), None)
    }

    fn scan(&mut self, bytes: Vec<u8>, symbology: Option<AimId>) -> Seen {
        self.floor.tally.scans.fetch_add(1, Ordering::AcqRel);
        let scan = Scan {
            gesture: GestureId(uuid::Uuid::now_v7()),
            device: "scanner".to_owned(),
            bytes,
            symbology,
            at: UtcMs(self.bench.wall_ms()),
        };
        Ok(self.bench.act(Input::Scan(scan))?)
    }

    fn rest(&mut self) -> Seen {
        Ok(self.bench.look_up(LOOK)?)
    }

    /// Everything the station has handed out is done: paper, photo, PIN.
    fn chores(&mut self) -> Seen {
        while let Some(chore) = self.bench.chore() {
            match chore {
                Chore::Paper(order) => self.paper(&order)?,
                Chore::Photo(_) => {
                    let why = Message::new("device-camera-absent");
                    self.bench.act(Input::Photo(PhotoOutcome::Failed(why)))?;
                }
                Chore::Pin { purpose, pin, candidates } => {
                    let found = candidates.iter().find(|(_, hash)| secrets::verify(&pin.0, hash));
                    let user = found.map(|(user, _)| *user);
                    self.bench.act(Input::PinChecked { purpose, user })?;
                }
            }
        }
        Ok(self.bench.view()?)
    }

    fn paper(&mut self, order: &crate::engine::input::PrintOrder) -> Result<(), Stop> {
        let paper = paper::print(order);
        if order.job.document == crate::core::checklist::DocumentKind::Label {
            let count =
                if paper.codes.is_empty() { &self.floor.tally.labels_unread } else { &self.floor.tally.labels_decoded };
            count.fetch_add(1, Ordering::AcqRel);
            if self.papers.len() >= PAPERS_MAX {
                self.papers.clear();
            }
            self.papers.insert((order.job.fulfillment, order.job.parcel), paper.clone());
        }
        if self.jobs.len() >= PAPERS_MAX {
            self.jobs.clear();
        }
        self.jobs.insert(order.job);
        self.bench.act(Input::Printed { job: order.job, outcome: paper.outcome })?;
        Ok(())
    }
}
