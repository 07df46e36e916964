//! A bench with its way to central: a real engine over its own database, the real sync machine, and a real central behind its routes.
//! Nothing runs by itself; a test says when they talk and how much time passes. Holds no assertions about what is told.

use crate::central_kit::Bench;
use crate::station_kit::station::Station;
use crate::station_kit::world::Someone;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::secrets::HashCost;
use packbench::central::services::users::{self, NewUser};
use packbench::engine::input::{SyncNews, Ui};
use packbench::engine::{Clock as _, Effect, Input};
use packbench::protocol::sync::{Effect as Wish, Failure, Input as SyncInput, Link, Machine, Now};
use packbench::protocol::wire::{KnownStation, PROTOCOL, PairingRequest, Problem, ProblemCode, PushRequest, StationId};
use packbench::sync::PairError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;

/// Exchanges after which a talk counts as endless.
const TALK_MAX: usize = 2_000;

/// Puts somebody of the made site into central.
pub fn person(bench: &Bench, who: Someone) {
    let new = NewUser {
        login: who.initials.to_lowercase().replace([' ', '.'], ""),
        name: who.initials.to_owned(),
        initials: who.initials.to_owned(),
        role: who.role,
        pin: Some(who.pin.to_owned()),
        badge: Some(who.badge.to_owned()),
        password: None,
        locale: "en".to_owned(),
        cost: HashCost { memory_kib: 64, passes: 1 },
    };
    bench.central.store().write_blocking(Actor::Job("test"), move |work| users::add(work, &new)).unwrap();
}

/// A bench and its line to central.
pub struct Line {
    pub station: Station,
    machine: Option<(StationId, Machine)>,
    token: String,
    revoked: bool,
    todo: VecDeque<SyncInput>,
}

impl Line {
    /// A bench that belongs to nobody yet; its clock is central's.
    pub fn new(bench: &Bench) -> Line {
        let station = Station::unpaired();
        station.clock.wall_ms.store(bench.now.load(Ordering::SeqCst), Ordering::SeqCst);
        Line { station, machine: None, token: String::new(), revoked: false, todo: VecDeque::new() }
    }

    /// The same, paired under this name, with all that central tells.
    pub fn paired(bench: &Bench, name: &'static str) -> Line {
        let mut line = Line::new(bench);
        line.type_code(bench, &bench.code(name));
        line.pass(bench, 60_000);
        line
    }

    /// Types a pairing code at the screen for it, and hears the answer.
    pub fn type_code(&mut self, bench: &Bench, code: &str) {
        for c in code.chars() {
            self.station.ui(Ui::PairKey(c));
        }
        self.station.ui(Ui::PairSend);
        self.talk(bench);
    }

    /// The program was started anew: what it hands out at its start is what the sync machine begins with.
    pub fn restarted(&mut self) {
        if let Some((id, machine)) = &mut self.machine {
            *machine = Machine::new(*id);
        }
        self.revoked = false;
        self.todo.clear();
    }

    /// Lets this much time pass on both clocks, in steps, and talks in each.
    pub fn pass(&mut self, bench: &Bench, ms: u64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(5_000);
            left -= step;
            self.station.clock.pass_ms(step);
            bench.now.fetch_add(i64::try_from(step).unwrap(), Ordering::SeqCst);
            self.todo.push_back(SyncInput::Timer);
            self.talk(bench);
        }
    }

    /// Carries everything to and fro until nobody has anything to say.
    pub fn talk(&mut self, bench: &Bench) {
        for _ in 0..TALK_MAX {
            for effect in std::mem::take(&mut self.station.effects) {
                self.carry(bench, effect);
            }
            let Some(input) = self.todo.pop_front() else { return };
            self.step(bench, input);
        }
        panic!("they talk without an end");
    }

    fn carry(&mut self, bench: &Bench, effect: Effect) {
        match effect {
            Effect::Sync(input) => self.todo.push_back(*input),
            Effect::Push { no, events } => {
                let Some((station_id, _)) = self.machine else { return };
                let epoch = events[0].epoch;
                let request = PushRequest { protocol: PROTOCOL, station_id, epoch, events, backlog: None };
                let answer = self.ask(bench, "POST", "/api/v1/sync/push", &request);
                self.heard(
                    Link::Push,
                    no,
                    answer.map(|answer| SyncInput::PushAnswered { no, answer: Box::new(answer) }),
                );
            }
            Effect::Paired { station_id, token } => {
                self.token = token.0;
                match &self.machine {
                    None => self.machine = Some((station_id, Machine::new(station_id))),
                    Some(_) => self.todo.push_back(SyncInput::TokenReplaced),
                }
            }
            Effect::Pair { code, known } => {
                let news = self.pair(bench, code, known);
                self.station.feed(Input::Sync(news));
            }
            _ => {}
        }
    }

    fn pair(&mut self, bench: &Bench, code: String, known: Option<KnownStation>) -> SyncNews {
        let (machine_name, software) = ("bench".to_owned(), "test".to_owned());
        let request = PairingRequest { protocol: PROTOCOL, code, machine_name, software, known };
        match self.ask(bench, "POST", "/api/v1/pairing", &request) {
            Ok(answer) => SyncNews::Paired(Box::new(answer)),
            Err(failure) => SyncNews::PairingRefused(PairError::from(failure).message()),
        }
    }

    fn step(&mut self, bench: &Bench, input: SyncInput) {
        let Some((_, machine)) = &mut self.machine else { return };
        let clock = &self.station.clock;
        let now =
            Now { mono_ms: clock.mono_ms(), wall_ms: clock.wall_ms(), boot_id: clock.boot_id(), random: 0x9e37_79b9 };
        let effects = machine.step(input, now);
        let revoked = machine.status(now).token_revoked;
        for effect in effects {
            self.obey(bench, effect);
        }
        if revoked != self.revoked {
            self.revoked = revoked;
            self.station.feed(Input::Sync(SyncNews::Revoked(revoked)));
        }
    }

    fn obey(&mut self, bench: &Bench, wish: Wish) {
        match wish {
            Wish::SendPull { no, cursor, limit } => {
                let cursor = cursor.map(|cursor| format!("&cursor={}", cursor.0)).unwrap_or_default();
                let waiting = self.station.view().network.waiting;
                let path = format!("/api/v1/sync/pull?protocol={PROTOCOL}&limit={limit}&waiting={waiting}{cursor}");
                let answer = self.ask(bench, "GET", &path, &());
                self.heard(Link::Pull, no, answer.map(|page| SyncInput::PullAnswered { no, page: Box::new(page) }));
            }
            Wish::SendLease { no, request } => {
                let answer = self.ask(bench, "POST", "/api/v1/sync/leases", &request);
                self.heard(
                    Link::Lease,
                    no,
                    answer.map(|answer| SyncInput::LeaseAnswered { no, answer: Box::new(answer) }),
                );
            }
            Wish::SendEpoch { no, request } => {
                let answer = self.ask(bench, "POST", "/api/v1/sync/epoch", &request);
                self.heard(Link::Epoch, no, answer.map(|grant| SyncInput::EpochAnswered { no, grant }));
            }
            // No test here takes photos; the timer is the test's own.
            Wish::SendPhoto { .. } | Wish::ArmTimer { .. } => {}
            other => self.station.store(other),
        }
    }

    fn heard(&mut self, link: Link, no: u64, answer: Result<SyncInput, Failure>) {
        self.todo.push_back(answer.unwrap_or_else(|failure| SyncInput::Failed { link, no, failure }));
    }

    fn ask<B: Serialize, A: DeserializeOwned>(
        &self,
        bench: &Bench,
        method: &str,
        path: &str,
        body: &B,
    ) -> Result<A, Failure> {
        let body = if method == "GET" { Body::empty() } else { Body::from(serde_json::to_vec(body).unwrap()) };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(body)
            .unwrap();
        let (status, _, body) = bench.send(request);
        if status == StatusCode::OK {
            return Ok(serde_json::from_slice(&body).unwrap());
        }
        let code = serde_json::from_slice::<Problem>(&body).map_or(ProblemCode::Other, |problem| problem.code);
        Err(Failure::Refused { code, retry_after_ms: None })
    }
}
