//! A packer at a station that may be killed in any moment: reads what the screen asks for, does it, and notes what was
//! acknowledged. Paper and boxes outlive the station; what was on its way when it died is looked up afterwards.

use super::house::{DEADLINE, House, Station};
use super::station::{Ask, Fact, Seen, Told, facts_after};
use crate::cli_kit::Running;
use packbench::demo::chance::Chance;
use packbench::demo::packer::hands::largest_box;
use packbench::demo::world::people::packer_of;
use rusqlite::{Connection, OpenFlags};
use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

/// Answers in a row that show the same.
const SAME_MAX: u32 = 3_000;
/// A code that nothing in the made warehouse has: the number of GS1's own example.
const STRANGE: &str = "9501101530003";
/// So many of a hundred scans are of something that does not belong here.
const STRANGE_PERCENT: u64 = 8;

/// Whom the next kill strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Station,
    Central,
}

/// A planned kill: so long after that ask was handed over.
#[derive(Clone, Copy, Debug)]
pub struct Fuse {
    pub asks: u32,
    pub delay: Duration,
    pub target: Target,
}

/// The station is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dark;

/// A scan, and the facts its answer named; none if no answer came.
#[derive(Clone, Debug)]
pub struct Noted {
    pub gesture: Uuid,
    pub strange: bool,
    pub facts: Option<Vec<Fact>>,
}

pub struct Packer<'h> {
    house: &'h House,
    pub station: Option<Station>,
    pub central: Option<Running>,
    pub fuse: Option<Fuse>,
    /// What the station's disk was seen or told to hold, in order.
    pub facts: Vec<Fact>,
    pub scans: Vec<Noted>,
    /// Papers in hand, by order, parcel and kind; of labels the bars.
    papers: HashMap<(String, u16, String), Option<String>>,
    chance: Chance,
    units: u64,
    same: (Option<Seen>, u32),
    pub now: Option<Told>,
}

pub fn open(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

impl<'h> Packer<'h> {
    pub fn new(house: &'h House, seed: u64) -> Packer<'h> {
        Packer {
            house,
            station: None,
            central: None,
            fuse: None,
            facts: Vec::new(),
            scans: Vec::new(),
            papers: HashMap::new(),
            chance: Chance::of(seed, "packer"),
            units: 0,
            same: (None, 0),
            now: None,
        }
    }

    /// Starts whatever is not running.
    pub fn switch_on(&mut self) {
        if self.central.is_none() {
            self.central = Some(self.house.start_central());
        }
        if self.station.is_none() {
            self.station = Some(self.house.start_station());
            self.now = None;
        }
    }

    /// Pairs the station with its code.
    pub fn pair(&mut self) {
        self.ask(Ask::Pair(self.house.pairing_code.clone())).unwrap();
    }

    /// Everything that was acknowledged must be on the station's disk, once and in its place; what else is there was under way
    /// when the station died, and is known from now on.
    pub fn compare_with_disk(&mut self) {
        let stored = facts_after(&open(&self.house.station_file()), (0, 0));
        assert!(
            stored.starts_with(&self.facts),
            "of {} acknowledged facts the disk holds {}",
            self.facts.len(),
            self.facts.iter().filter(|fact| stored.contains(fact)).count()
        );
        let dense = stored.iter().zip(1..).all(|(fact, seq)| fact.seq == seq && fact.epoch == stored[0].epoch);
        assert!(dense, "the facts are not numbered densely");
        self.facts = stored;
    }

    /// Does what the screen asks for.
    pub fn step(&mut self) -> Result<(), Dark> {
        let now = match self.now.take() {
            Some(now) => now,
            None => self.ask(Ask::Look)?,
        };
        if self.same.0.as_ref() == Some(&now.seen) {
            self.same.1 += 1;
            assert!(self.same.1 < SAME_MAX, "the screen leads nowhere: {now:?}");
        } else {
            self.same = (Some(now.seen.clone()), 0);
        }
        let told = self.answer(&now)?;
        self.now = Some(told);
        Ok(())
    }

    fn answer(&mut self, now: &Told) -> Result<Told, Dark> {
        match &now.seen {
            Seen::Login => self.scan(packer_of(0).badge.as_bytes().to_vec(), false),
            Seen::Queue { waiting: 0 } => self.ask(Ask::Look),
            Seen::Queue { .. } => self.ask(Ask::Start),
            Seen::Review | Seen::Done => self.ask(Ask::Continue),
            Seen::Pick { place: Some(code) } => self.scan(code.clone().into_bytes(), false),
            Seen::Pick { place: None } => self.ask(Ask::TakeStop),
            Seen::Verify { sku, done, of, count_max } => self.verify(sku, of - done, *count_max),
            Seen::Pack { suggested: true } => self.ask(Ask::Continue),
            Seen::Pack { suggested: false } => self.scan(largest_box().code.as_bytes().to_vec(), false),
            Seen::Checklist { current: Some(line) } => self.ask(Ask::Tick(*line)),
            Seen::Checklist { current: None } => self.ask(Ask::Look),
            Seen::Weigh { expected_g } => self.ask(Ask::Weight(*expected_g)),
            Seen::Label { blocked, printed, printing } => self.label(now, blocked.as_deref(), *printed, *printing),
            Seen::PaperUnknown { document, parcel } => {
                let key = (now.number.clone(), *parcel, document.clone());
                let yes = self.papers.contains_key(&key);
                self.ask(Ask::PaperCame(yes))
            }
            Seen::OtherSheet => self.ask(Ask::CloseSheet),
            Seen::Pairing | Seen::Other(_) => panic!("a packer cannot go on: {now:?}"),
        }
    }

    fn verify(&mut self, sku: &str, left: u32, count_max: u32) -> Result<Told, Dark> {
        if self.chance.percent(STRANGE_PERCENT) {
            return self.scan(STRANGE.as_bytes().to_vec(), false);
        }
        let thing = self.house.world.thing(sku).unwrap();
        if let Some((code, units)) = &thing.case
            && *units <= left
        {
            return self.scan(code.clone().into_bytes(), false);
        }
        self.units += 1;
        let (bytes, _) = thing.read(self.units);
        let plain = thing.track == (false, false, false);
        let told = self.scan(bytes, !plain)?;
        // Several of the same: the first is scanned, the others are counted, now and then.
        let more = left.saturating_sub(1).min(count_max);
        let same = matches!(&told.seen, Seen::Verify { sku: now, .. } if now == sku);
        if plain && same && more >= 2 && self.chance.percent(50) {
            return self.ask(Ask::Count(more));
        }
        Ok(told)
    }

    fn label(&mut self, now: &Told, blocked: Option<&str>, printed: bool, printing: bool) -> Result<Told, Dark> {
        match blocked {
            // Numbers come with the next answer of the server.
            Some("refusal-no-numbers") => return self.ask(Ask::Look),
            Some(why) => panic!("the label is blocked by {why}"),
            None => {}
        }
        let key = (now.number.clone(), now.parcel, "Label".to_owned());
        match self.papers.get(&key) {
            Some(code) => {
                let code = code.clone().expect("the label's bars are read");
                self.scan(code.into_bytes(), false)
            }
            None if !printed => self.ask(Ask::Continue),
            None if printing => self.ask(Ask::Look),
            // It should lie here and does not.
            None => self.ask(Ask::Reprint(now.parcel)),
        }
    }

    fn scan(&mut self, bytes: Vec<u8>, matrix: bool) -> Result<Told, Dark> {
        let gesture = Uuid::now_v7();
        self.scans.push(Noted { gesture, strange: bytes == STRANGE.as_bytes(), facts: None });
        let told = self.ask(Ask::Scan { gesture, bytes, matrix })?;
        Ok(told)
    }

    /// Hands something over and waits for the answer, unless a kill comes between.
    fn ask(&mut self, ask: Ask) -> Result<Told, Dark> {
        let is_scan = matches!(ask, Ask::Scan { .. });
        let due = match &mut self.fuse {
            Some(fuse) if fuse.asks == 0 => self.fuse.take(),
            Some(fuse) => {
                fuse.asks -= 1;
                None
            }
            None => None,
        };
        let mut station = self.station.take().expect("the station is on");
        station.send(&ask);
        let mut early = None;
        if let Some(fuse) = due {
            early = station.told_within(fuse.delay);
            if fuse.target == Target::Station {
                let answers: Vec<Told> = early.into_iter().chain(station.kill()).collect();
                answers.iter().for_each(|told| self.note(told, is_scan));
                return Err(Dark);
            }
            // Dropping kills.
            self.central = None;
        }
        let told = early.or_else(|| station.told_within(DEADLINE));
        self.station = Some(station);
        let told = told.unwrap_or_else(|| panic!("the station did not answer {ask:?}"));
        self.note(&told, is_scan);
        Ok(told)
    }

    fn note(&mut self, told: &Told, is_scan: bool) {
        for paper in &told.papers {
            let key = (paper.number.clone(), paper.parcel, paper.document.clone());
            self.papers.insert(key, paper.code.clone());
        }
        self.facts.extend(told.facts.iter().cloned());
        if is_scan && let Some(scan) = self.scans.last_mut() {
            scan.facts = Some(told.facts.clone());
        }
    }

    /// Works until an order is on the bench: the station has all that it needs from central.
    pub fn begin(&mut self) {
        while !self.now.as_ref().is_some_and(|now| matches!(now.seen, Seen::Review)) {
            self.step().unwrap();
        }
    }

    /// Works on without any kill until nothing is on the bench; then until central has confirmed every fact.
    pub fn finish(&mut self) {
        self.fuse = None;
        self.now = None;
        loop {
            self.step().unwrap();
            if self.now.as_ref().is_some_and(|now| matches!(now.seen, Seen::Queue { .. })) {
                break;
            }
        }
        self.settle();
    }

    /// Looks on until central has confirmed every fact.
    pub fn settle(&mut self) {
        super::house::until("central to confirm every fact", || {
            let told = self.ask(Ask::Look).unwrap();
            self.now.insert(told).unsynced == 0
        });
    }
}
