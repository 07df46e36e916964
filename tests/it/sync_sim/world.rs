//! The world: one queue of happenings in time order, a bad network, faults, and the judgement at the end.

use super::chance::Chance;
use super::server::Server;
use super::station::{Hands, Station};
use super::truth::{Sabotage, Truth};
use packbench::protocol::sync::PhotoJob;
use packbench::protocol::sync::{Effect, EpochWish, Failure, Input, Link, Notice};
use packbench::protocol::wire::photo::PHOTO_PART_BYTES_MAX;
use packbench::protocol::wire::{
    BootId, EpochReason, EpochRequest, FulfillmentId, LeaseRequest, PROTOCOL, ProblemCode, PullRequest, PushRequest,
    StationId,
};
use std::collections::BTreeMap;
use uuid::Uuid;

const YEAR_MS: i64 = 365 * 24 * 3600 * 1000;
/// Length of the bad time.
const CHAOS_MS: u64 = 30 * 60 * 1000;
/// Within this time after healing everything must be settled.
const HEAL_MS: u64 = 3 * 3600 * 1000;
const HAPPENINGS_MAX: u64 = 200_000;

#[derive(Debug, Clone)]
enum Ask {
    Push(PushRequest),
    Pull(PullRequest),
    Lease(LeaseRequest),
    Photo(PhotoJob, u64),
    Epoch(EpochRequest),
}

#[derive(Debug)]
enum Happening {
    Arrives { at: usize, process: u64, no: u64, ask: Ask },
    Answered { at: usize, process: u64, input: Input },
    Obeys { at: usize, process: u64, effect: Effect },
    Timer { at: usize, process: u64, due: u64 },
    Works { at: usize },
    Starts { at: usize },
    Fault,
    Office,
}

/// How bad the world is.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    pub loss_permille: u64,
    pub double_permille: u64,
    pub slow_permille: u64,
    pub crash_permille: u64,
}

#[derive(Debug, Default, Clone, Copy)]
pub struct Report {
    pub events: u64,
    pub starts: u64,
    pub packs: u64,
    pub exceptions: u64,
    pub crashes: u64,
    pub restores: u64,
    pub forks: u64,
    pub fed: u64,
}

pub struct World {
    at: u64,
    tie: u64,
    queue: BTreeMap<(u64, u64), Happening>,
    chance: Chance,
    weather: Weather,
    sabotage: Sabotage,
    server: Server,
    stations: Vec<Station>,
    truth: Truth,
    works: Vec<FulfillmentId>,
    healed: bool,
    report: Report,
}

impl World {
    pub fn new(seed: u64, sabotage: Sabotage) -> Self {
        let mut chance = Chance::new(seed);
        let count = chance.between(2, 4);
        let ids: Vec<StationId> = (0..count).map(|_| StationId::from_u128(chance.id())).collect();
        let weather = Weather {
            loss_permille: chance.between(0, 300),
            double_permille: chance.between(0, 200),
            slow_permille: chance.between(0, 200),
            crash_permille: chance.between(0, 15),
        };
        let stations = ids.iter().map(|id| Station::new(*id, sabotage, &mut chance)).collect();
        let mut world = Self {
            at: 1_000,
            tie: 0,
            queue: BTreeMap::new(),
            chance,
            weather,
            sabotage,
            server: Server::new(sabotage, &ids),
            stations,
            truth: Truth::new(sabotage == Sabotage::RestoresUnnoticed),
            works: Vec::new(),
            healed: false,
            report: Report::default(),
        };
        for at in 0..world.stations.len() {
            world.plan(0, Happening::Starts { at });
            world.plan(5_000, Happening::Works { at });
        }
        world.plan(0, Happening::Office);
        world.plan(10_000, Happening::Fault);
        world
    }

    /// Lives through the bad time, heals, and judges.
    pub fn run(mut self) -> Result<Report, String> {
        let mut settled = false;
        while let Some(((at, _), happening)) = self.queue.pop_first() {
            self.at = at;
            self.happen(happening);
            self.report.events += 1;
            if let Some(violation) = self.truth.violation() {
                return Err(format!("at {at} ms: {violation}"));
            }
            if !self.healed && at >= CHAOS_MS {
                self.heal();
            }
            settled = self.healed && self.is_settled();
            if settled || at > CHAOS_MS + HEAL_MS || self.report.events > HAPPENINGS_MAX {
                break;
            }
        }
        if !settled {
            return Err(format!("not settled: {}", self.unsettled()));
        }
        self.judge()
    }

    fn plan(&mut self, in_ms: u64, happening: Happening) {
        self.tie += 1;
        self.queue.insert((self.at + in_ms, self.tie), happening);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrives { at, process, no, ask } => self.arrives(at, process, no, &ask),
            Happening::Answered { at, process, input } => {
                if self.stations[at].process == process {
                    self.feed(at, vec![input]);
                }
            }
            Happening::Obeys { at, process, effect } => self.obeys(at, process, &effect),
            Happening::Timer { at, process, due } => {
                if self.stations[at].process == process && self.stations[at].timer_at == due {
                    self.feed(at, vec![Input::Timer]);
                }
            }
            Happening::Works { at } => self.works_at(at),
            Happening::Starts { at } => {
                if self.stations[at].machine.is_none() {
                    let input = self.stations[at].restart(self.at);
                    self.feed(at, vec![input]);
                }
            }
            Happening::Fault => self.fault(),
            Happening::Office => self.office(),
        }
    }

    // ---- stations ----

    fn feed(&mut self, at: usize, inputs: Vec<Input>) {
        for input in inputs {
            let station = &mut self.stations[at];
            let now = station.now(self.at, &mut self.chance);
            let Some(machine) = station.machine.as_mut() else { return };
            let effects = machine.step(input, now);
            let armed = matches!(effects.last(), Some(Effect::ArmTimer { .. }));
            self.truth.must(armed, || "a step ended without a timer".to_owned());
            for effect in effects {
                self.do_effect(at, effect);
            }
        }
    }

    fn do_effect(&mut self, at: usize, effect: Effect) {
        let station = &mut self.stations[at];
        let process = station.process;
        match effect {
            Effect::ArmTimer { at_mono_ms } => {
                let due = (station.booted_at + at_mono_ms).max(self.at);
                let in_ms = due - self.at;
                station.timer_at = due;
                self.truth.must(in_ms <= 60_000, || "the timer is more than a minute away".to_owned());
                self.plan(in_ms, Happening::Timer { at, process, due });
            }
            Effect::SendPush { no, epoch, from_seq, to_seq } => {
                if epoch != station.disk.epoch {
                    return;
                }
                let (from, to) = (from_seq.0 as usize - 1, to_seq.0 as usize);
                let events = station.disk.events[from..to].to_vec();
                if self.sabotage == Sabotage::MarksOnSend {
                    station.disk.pushed = station.disk.pushed.max(to_seq);
                }
                let ask = PushRequest { protocol: PROTOCOL, station_id: station.id, epoch, events, backlog: None };
                self.send(at, no, Ask::Push(ask));
            }
            Effect::SendPull { no, cursor, limit } => {
                self.send(at, no, Ask::Pull(PullRequest { cursor, limit, protocol: PROTOCOL, backlog: None }));
            }
            Effect::SendLease { no, request } => self.send(at, no, Ask::Lease(*request)),
            Effect::SendPhoto { no, photo, offset } => self.send(at, no, Ask::Photo(photo, offset)),
            Effect::SendEpoch { no, request } => self.send(at, no, Ask::Epoch(*request)),
            Effect::Raise(Notice::Forked { .. }) => self.forked(at),
            Effect::Raise(_) => {}
            Effect::StorePage { .. }
            | Effect::StoreLeases { .. }
            | Effect::MarkPushed { .. }
            | Effect::MarkPhotoDone { .. }
            | Effect::AdoptEpoch { .. }
            | Effect::ReloadOutbox { .. }
            | Effect::LoadPhotos => {
                // The engine takes its inputs one after another, sometimes very late.
                let slow = !self.healed && self.chance.hits(20);
                let delay = if slow { self.chance.between(1_000, 45_000) } else { self.chance.between(0, 50) };
                let due = (self.at + delay).max(station.local_free_at);
                station.local_free_at = due;
                let in_ms = due - self.at;
                self.plan(in_ms, Happening::Obeys { at, process, effect });
            }
        }
    }

    /// A lead looks at the quarantined station and starts a new epoch.
    fn forked(&mut self, at: usize) {
        self.report.forks += 1;
        if self.sabotage == Sabotage::KeepsEpoch {
            return;
        }
        let wish = EpochWish { nonce: Uuid::from_u128(self.chance.id()), reason: EpochReason::Forked, by: None };
        self.stations[at].disk.wish = Some(wish);
        let process = self.stations[at].process;
        self.plan(1, Happening::Answered { at, process, input: Input::EpochWanted(wish) });
    }

    fn obeys(&mut self, at: usize, process: u64, effect: &Effect) {
        if self.stations[at].process != process || self.stations[at].machine.is_none() {
            return;
        }
        let crash = !self.healed && self.chance.hits(self.weather.crash_permille);
        if crash && self.chance.hits(500) {
            // Before the commit: nothing of it happened.
            if let (Sabotage::CursorWithoutPage, Effect::StorePage { page, .. }) = (self.sabotage, effect) {
                self.stations[at].disk.cursor = Some(page.next_cursor.clone());
            }
            return self.crash(at);
        }
        let mut hands = Hands { server: &self.server, truth: &mut self.truth, chance: &mut self.chance };
        let inputs = self.stations[at].obey(effect, self.at, &mut hands);
        // After the commit, before anyone heard of it.
        if crash { self.crash(at) } else { self.feed(at, inputs) }
    }

    fn works_at(&mut self, at: usize) {
        let pause = self.chance.between(2_000, 20_000);
        self.plan(pause, Happening::Works { at });
        if self.stations[at].machine.is_none() {
            return;
        }
        let crash = !self.healed && self.chance.hits(self.weather.crash_permille);
        if crash && self.chance.hits(500) {
            return self.crash(at);
        }
        let mut hands = Hands { server: &self.server, truth: &mut self.truth, chance: &mut self.chance };
        let inputs = self.stations[at].work(self.at, &mut hands);
        if crash { self.crash(at) } else { self.feed(at, inputs) }
    }

    fn crash(&mut self, at: usize) {
        self.report.crashes += 1;
        let reboot = self.chance.hits(300);
        let in_ms = self.chance.between(500, 240_000);
        let station = &mut self.stations[at];
        station.machine = None;
        station.process += 1;
        if reboot {
            station.boot_id = BootId::from_u128(self.chance.id());
            station.booted_at = self.at;
        }
        self.plan(in_ms, Happening::Starts { at });
    }

    // ---- the network ----

    fn delay(&mut self) -> u64 {
        if !self.healed && self.chance.hits(self.weather.slow_permille) {
            self.chance.between(1_000, 90_000)
        } else {
            self.chance.between(5, 300)
        }
    }

    fn is_lost(&mut self, at: usize) -> bool {
        !self.healed && (!self.stations[at].connected || self.chance.hits(self.weather.loss_permille))
    }

    fn copies(&mut self) -> u64 {
        if !self.healed && self.chance.hits(self.weather.double_permille) { 2 } else { 1 }
    }

    fn send(&mut self, at: usize, no: u64, ask: Ask) {
        let process = self.stations[at].process;
        if self.is_lost(at) {
            if self.chance.hits(500) {
                let link = link_of(&ask);
                let input = Input::Failed { link, no, failure: Failure::Unreachable };
                let in_ms = self.delay();
                self.plan(in_ms, Happening::Answered { at, process, input });
            }
            return;
        }
        for _ in 0..self.copies() {
            let in_ms = self.delay();
            self.plan(in_ms, Happening::Arrives { at, process, no, ask: ask.clone() });
        }
    }

    fn arrives(&mut self, at: usize, process: u64, no: u64, ask: &Ask) {
        // The server restarts now and then: what it was doing is rolled back and never answered.
        if !self.healed && self.chance.hits(10) {
            return;
        }
        let input = self.serve(at, no, ask);
        if self.is_lost(at) {
            return;
        }
        for _ in 0..self.copies() {
            let in_ms = self.delay();
            self.plan(in_ms, Happening::Answered { at, process, input: input.clone() });
        }
    }

    fn serve(&mut self, at: usize, no: u64, ask: &Ask) -> Input {
        let (server, truth, chance) = (&mut self.server, &mut self.truth, &mut self.chance);
        let answer = match ask {
            Ask::Push(request) => {
                server.push(request, truth, chance).map(|answer| Input::PushAnswered { no, answer: Box::new(answer) })
            }
            Ask::Pull(request) => {
                let mut page = server.pull(self.stations[at].id, request);
                page.server_time_ms = self.at as i64;
                Ok(Input::PullAnswered { no, page: Box::new(page) })
            }
            Ask::Lease(request) => server
                .lease(request, self.at, truth, chance)
                .map(|answer| Input::LeaseAnswered { no, answer: Box::new(answer) }),
            Ask::Photo(photo, offset) => {
                let length = PHOTO_PART_BYTES_MAX.min(photo.bytes - offset);
                server.photo(photo.hash, photo.bytes, *offset, length).map(|answer| Input::PhotoAnswered { no, answer })
            }
            Ask::Epoch(request) => Ok(Input::EpochAnswered { no, grant: server.epoch(request, truth) }),
        };
        answer.unwrap_or_else(|code: ProblemCode| Input::Failed {
            link: link_of(ask),
            no,
            failure: Failure::Refused { code, retry_after_ms: None },
        })
    }

    // ---- faults and people ----

    fn fault(&mut self) {
        if self.healed {
            return;
        }
        let in_ms = self.chance.between(5_000, 60_000);
        self.plan(in_ms, Happening::Fault);
        let at = (self.chance.number() % self.stations.len() as u64) as usize;
        match self.chance.between(0, 9) {
            0..=2 => self.stations[at].connected = false,
            3..=5 => self.stations.iter_mut().for_each(|station| station.connected = true),
            6 => {
                let jumps = [YEAR_MS, -YEAR_MS, 7 * 60_000, 3_600_000];
                let delta_ms = jumps[(self.chance.number() % 4) as usize];
                self.stations[at].wall_offset_ms += delta_ms;
                self.feed(at, vec![Input::ClockJumped { delta_ms }]);
            }
            7 => {
                let disk = self.stations[at].disk.clone();
                self.stations[at].backup = Some(disk);
            }
            8 => {
                if self.stations[at].machine.is_some() && self.stations[at].backup.is_some() && self.chance.hits(400) {
                    self.crash(at);
                    let restored = self.stations[at].restore(&self.server, &mut self.truth, &mut self.chance);
                    self.report.restores += u64::from(restored);
                }
            }
            _ => self.feed(at, vec![Input::NetworkHint]),
        }
    }

    fn office(&mut self) {
        if self.healed {
            return;
        }
        let in_ms = self.chance.between(10_000, 90_000);
        self.plan(in_ms, Happening::Office);
        if self.works.len() < 25 {
            for _ in 0..self.chance.between(1, 3) {
                let id = FulfillmentId::from_u128(self.chance.id());
                self.server.place(id);
                self.works.push(id);
            }
        }
        self.server.expire(self.at, &mut self.truth);
        let id = self.works[(self.chance.number() % self.works.len() as u64) as usize];
        match self.chance.between(0, 11) {
            0 => self.server.cancel(id, &mut self.truth, &mut self.chance),
            1..=2 => self.server.recall(id, &mut self.truth, &mut self.chance),
            3 => {
                let to = (self.chance.number() % (self.stations.len() as u64 + 1)) as usize;
                let to = self.stations.get(to).map(|station| station.id);
                self.server.take_over(id, to, self.at, &mut self.truth);
            }
            _ => {}
        }
    }

    fn heal(&mut self) {
        self.healed = true;
        for at in 0..self.stations.len() {
            self.stations[at].connected = true;
            self.plan(300_000, Happening::Starts { at });
        }
    }

    // ---- judgement ----

    fn is_settled(&self) -> bool {
        self.stations.iter().all(Station::is_quiet)
            && self.works.iter().all(|id| self.server.is_ended(*id))
            && self.stations.iter().all(|station| {
                station.disk.cursor.as_ref().is_some_and(|cursor| cursor.0 == self.server.log.len().to_string())
            })
    }

    fn unsettled(&self) -> String {
        let works: Vec<_> = self
            .works
            .iter()
            .filter(|id| !self.server.is_ended(**id))
            .map(|id| (self.server.works[id], self.server.rows[id]))
            .collect();
        let stations: Vec<_> = self
            .stations
            .iter()
            .filter(|station| !station.is_quiet())
            .map(|station| {
                let status =
                    station.machine.as_ref().map(|machine| machine.status(station.now(self.at, &mut Chance::new(0))));
                (
                    station.id,
                    &station.disk.jobs,
                    station.disk.pushed,
                    station.disk.events.len(),
                    &station.disk.returning,
                    station.disk.photos.len(),
                    status,
                )
            })
            .collect();
        format!("at {} ms works {works:?}, stations {stations:?}", self.at)
    }

    fn judge(mut self) -> Result<Report, String> {
        let Self { truth, server, stations, works, .. } = &mut self;
        let committed: Vec<_> = truth.committed.keys().copied().collect();
        for id in committed {
            let there = server.stored.contains_key(&id) || truth.destroyed.contains(&id);
            truth.must(there, || format!("committed event {id} is lost"));
            let applied = truth.is_applied(id) || !server.stored.contains_key(&id);
            truth.must(applied, || format!("stored event {id} was never looked at"));
        }
        for station in stations.iter() {
            for id in works.iter() {
                truth.must(station.disk.known.contains(id), || format!("a station never heard of {id}"));
            }
        }
        for (id, count) in truth.left.clone() {
            let named = server.exceptions.contains_key(&id);
            // A handover that a restored backup destroyed cannot have told.
            let told = truth.destroyed.is_empty();
            truth.must(count <= 1 || named || !told, || format!("{count} parcels of {id} left, and nobody was told"));
        }
        self.report.starts = self.truth.starts;
        self.report.packs = self.truth.accepted_packs;
        self.report.fed = self.truth.recalls_for_starving;
        self.report.exceptions = self.server.exceptions.len() as u64;
        match self.truth.violation() {
            Some(violation) => Err(violation.to_owned()),
            None => Ok(self.report),
        }
    }
}

const fn link_of(ask: &Ask) -> Link {
    match ask {
        Ask::Push(_) => Link::Push,
        Ask::Pull(_) => Link::Pull,
        Ask::Lease(_) => Link::Lease,
        Ask::Photo(..) => Link::Photo,
        Ask::Epoch(_) => Link::Epoch,
    }
}
