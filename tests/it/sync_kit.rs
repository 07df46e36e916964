//! What the sync driver's tests share: a small HTTP server that speaks the wire types and fails on demand, an engine of memory behind
//! the driver's port, and a clock that may run faster. Must never sleep for a fixed time.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use packbench::engine::Clock;
use packbench::protocol::wire::photo::{PartPlan, part_plan};
use packbench::protocol::wire::*;
use serde_json::{Value, json};
use uuid::Uuid;

/// Longest wait for anything here; reached only by a failing test.
pub const DEADLINE: Duration = Duration::from_secs(30);
pub const TOKEN: &str = "tok-5f2c-very-secret";
pub const CODE: &str = "ABCD2345";
pub const STATION: StationId = StationId::from_u128(0x51);

/// A clock whose time runs `scale` times as fast, and whose wall can be moved.
pub struct TestClock {
    start: Instant,
    scale: u64,
    pub wall_shift_ms: AtomicI64,
}

impl TestClock {
    pub fn new(scale: u64) -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), scale, wall_shift_ms: AtomicI64::new(0) })
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap() * self.scale
    }
}

impl Clock for TestClock {
    fn wall_ms(&self) -> i64 {
        1_800_000_000_000 + i64::try_from(self.elapsed_ms()).unwrap() + self.wall_shift_ms.load(Ordering::Acquire)
    }

    fn mono_ms(&self) -> u64 {
        1_000_000 + self.elapsed_ms()
    }

    fn boot_id(&self) -> BootId {
        BootId::from_u128(7)
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    Push,
    Pull,
    Leases,
    Epoch,
    Photo,
    Events,
    Pairing,
}

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Refused with problem details, nothing done.
    Problem(ProblemCode),
    /// Refused by something that knows no problem details.
    Plain(u16),
    /// A success that is not JSON of the type.
    Nonsense,
    /// Done, but the answer ends in the middle.
    CutAnswer,
    /// Done, but no byte of an answer.
    LoseAnswer,
    /// Nothing done, connection closed.
    CutRequest,
    /// Done, answered only after `release`.
    Hold,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub route: Route,
    pub token: Option<String>,
    pub path: String,
}

/// What the server knows.
#[derive(Default)]
pub struct Central {
    pub seen: Vec<Seen>,
    faults: HashMap<Route, VecDeque<Fault>>,
    /// Every request of a route fails so until taken away.
    pub always: HashMap<Route, Fault>,
    pub events: Vec<EventId>,
    pub duplicates: usize,
    /// What the station said waits behind each push, in events.
    pub backlogs: Vec<u64>,
    pub epoch: u64,
    pub epoch_nonces: Vec<Uuid>,
    pub pages: usize,
    request_no: u64,
    pub work: u128,
    pub held: BTreeSet<FulfillmentId>,
    pub photos: BTreeMap<ContentHash, Vec<u8>>,
    pub token: String,
    streams: Vec<TcpStream>,
    pub waiting: usize,
    released: bool,
    pub closed: bool,
}

/// The server: one thread per connection.
pub struct Server {
    pub url: String,
    pub clock: Arc<TestClock>,
    pub central: Mutex<Central>,
    changed: Condvar,
}

impl Server {
    pub fn start(clock: &Arc<TestClock>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let central = Central { epoch: 1, pages: 1, token: TOKEN.to_owned(), ..Central::default() };
        let server = Arc::new(Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            clock: Arc::clone(clock),
            central: Mutex::new(central),
            changed: Condvar::new(),
        });
        let me = Arc::clone(&server);
        let accept = move || {
            for stream in listener.incoming() {
                let (me, stream) = (Arc::clone(&me), stream.unwrap());
                if me.central().closed {
                    return;
                }
                let serve = move || drop(me.serve(stream));
                std::thread::Builder::new().name("test-server".to_owned()).spawn(serve).unwrap();
            }
        };
        std::thread::Builder::new().name("test-accept".to_owned()).spawn(accept).unwrap();
        server
    }

    pub fn central(&self) -> MutexGuard<'_, Central> {
        self.central.lock().unwrap()
    }

    pub fn fail(&self, route: Route, faults: impl IntoIterator<Item = Fault>) {
        self.central().faults.entry(route).or_default().extend(faults);
    }

    pub fn seen(&self, route: Route) -> usize {
        self.central().seen.iter().filter(|seen| seen.route == route).count()
    }

    pub fn release(&self) {
        self.central().released = true;
        self.changed.notify_all();
    }

    /// Sends a hint on every open stream.
    pub fn hint(&self) {
        for stream in &mut self.central().streams {
            stream.write_all(b"event: pull\ndata: 1\n\n").unwrap();
        }
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        while let Some((head, body)) = read_request(&mut stream)? {
            let mut words = head.split_whitespace();
            let (method, path) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
            let route = route(&method, &path);
            let token = header(&head, "authorization").map(|value| value.trim_start_matches("Bearer ").to_owned());
            let fault = {
                let mut central = self.central();
                central.seen.push(Seen { route, token: token.clone(), path: path.clone() });
                let first = central.faults.get_mut(&route).and_then(VecDeque::pop_front);
                first.or_else(|| central.always.get(&route).cloned())
            };
            match fault {
                Some(Fault::Problem(code)) => {
                    let problem = serde_json::to_vec(&Problem::new(code, "a fault of the test")).unwrap();
                    answer(&mut stream, code.status(), &problem, usize::MAX)?;
                    continue;
                }
                Some(Fault::Plain(status)) => {
                    answer(&mut stream, status, b"<html>gate</html>", usize::MAX)?;
                    continue;
                }
                Some(Fault::Nonsense) => {
                    answer(&mut stream, 200, br#"{"outcomes":"#, usize::MAX)?;
                    continue;
                }
                Some(Fault::CutRequest) => return Ok(()),
                Some(Fault::CutAnswer | Fault::LoseAnswer | Fault::Hold) | None => {}
            }
            if route == Route::Events && token.as_deref() == Some(TOKEN) {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\n")?;
                self.central().streams.push(stream);
                return Ok(());
            }
            let (status, reply) = self.act(route, token.as_deref(), &head, &path, &body);
            let reply = serde_json::to_vec(&reply).unwrap();
            match fault {
                Some(Fault::LoseAnswer) => return Ok(()),
                Some(Fault::CutAnswer) => return answer(&mut stream, status, &reply, reply.len() / 2),
                Some(Fault::Hold) => self.hold(),
                _ => {}
            }
            answer(&mut stream, status, &reply, usize::MAX)?;
        }
        Ok(())
    }

    fn hold(&self) {
        let mut central = self.central();
        central.waiting += 1;
        drop(self.changed.wait_timeout_while(central, DEADLINE, |central| !central.released).unwrap());
    }

    fn act(&self, route: Route, token: Option<&str>, head: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let now = self.clock.wall_ms();
        let mut central = self.central();
        if route == Route::Pairing {
            return pairing(serde_json::from_slice(body).unwrap(), now);
        }
        if token != Some(central.token.as_str()) {
            return problem(ProblemCode::TokenRevoked);
        }
        match route {
            Route::Push => central.push(serde_json::from_slice(body).unwrap(), now),
            Route::Pull => central.pull(path, now),
            Route::Leases => central.leases(&serde_json::from_slice(body).unwrap(), now),
            Route::Epoch => central.new_epoch(&serde_json::from_slice(body).unwrap(), now),
            Route::Photo => central.photo(path, head, body),
            Route::Events | Route::Pairing => unreachable!(),
        }
    }
}

fn route(method: &str, path: &str) -> Route {
    match (method, path.split('?').next().unwrap()) {
        ("POST", "/api/v1/sync/push") => Route::Push,
        ("GET", "/api/v1/sync/pull") => Route::Pull,
        ("POST", "/api/v1/sync/leases") => Route::Leases,
        ("POST", "/api/v1/sync/epoch") => Route::Epoch,
        ("GET", "/api/v1/events") => Route::Events,
        ("POST", "/api/v1/pairing") => Route::Pairing,
        ("PUT", photo) if photo.starts_with("/api/v1/photos/") => Route::Photo,
        other => panic!("the driver asked for {other:?}"),
    }
}

fn problem(code: ProblemCode) -> (u16, Value) {
    (code.status(), serde_json::to_value(Problem::new(code, "refused by the test's server")).unwrap())
}

fn value(answer: &impl serde::Serialize) -> (u16, Value) {
    (200, serde_json::to_value(answer).unwrap())
}

fn pairing(request: PairingRequest, now: i64) -> (u16, Value) {
    if request.code != CODE {
        return problem(ProblemCode::PairingRefused);
    }
    value(&PairingAnswer {
        station_id: STATION,
        station_name: request.machine_name,
        site_id: SiteId::from_u128(1),
        site_name: "Site".to_owned(),
        token: TOKEN.to_owned(),
        epoch: Epoch(1),
        server_time_ms: now,
    })
}

impl Central {
    fn push(&mut self, request: PushRequest, now: i64) -> (u16, Value) {
        assert_eq!(request.station_id, STATION);
        assert!(!request.events.is_empty() && request.events.len() <= 500);
        self.backlogs.extend(request.backlog.map(|backlog| backlog.events));
        if request.epoch.0 != self.epoch {
            return problem(ProblemCode::EpochUnknown);
        }
        let mut outcomes = Vec::new();
        for event in request.events {
            let index = usize::try_from(event.seq.0).unwrap() - 1;
            let outcome = if self.events.get(index) == Some(&event.id) {
                self.duplicates += 1;
                Outcome::Duplicate
            } else if index == self.events.len() {
                assert!(!self.events.contains(&event.id), "one fact under two numbers");
                self.events.push(event.id);
                Outcome::Accepted
            } else {
                panic!("event {} came when {} were there", event.seq, self.events.len())
            };
            outcomes.push(EventOutcome { seq: event.seq, id: event.id, outcome });
        }
        let last_seq = Seq(self.events.len() as u64);
        value(&PushAnswer { outcomes, last_seq, head_hash: EventHash::GENESIS, server_time_ms: now })
    }

    fn pull(&self, path: &str, now: i64) -> (u16, Value) {
        assert!(path.contains(&format!("protocol={PROTOCOL}")) && path.contains("limit=500"), "{path}");
        // The cursor has signs that a query must escape.
        let at = path.split("cursor=c%2B").nth(1).map_or(0, |number| number.parse::<usize>().unwrap());
        let next = (at + 1).min(self.pages);
        value(&PullPage {
            changes: Vec::new(),
            next_cursor: Cursor(format!("c+{next}")),
            more: next < self.pages,
            server_time_ms: now,
            snapshot: None,
        })
    }

    fn leases(&mut self, request: &LeaseRequest, now: i64) -> (u16, Value) {
        if request.request_no.0 <= self.request_no {
            return problem(ProblemCode::StaleRequest);
        }
        self.request_no = request.request_no.0;
        let grant = |fulfillment| LeaseGrant { fulfillment, fence: Fence(1), ttl_ms: 50_400_000, invoice_number: None };
        // What the station does not name it does not have: an answer with it was lost.
        self.held = request.have.iter().map(|have| have.fulfillment).collect();
        let renewed = self.held.iter().copied().map(grant).collect();
        let free: Vec<_> = (1..=self.work)
            .map(FulfillmentId::from_u128)
            .filter(|id| !self.held.contains(id))
            .take(request.want as usize)
            .collect();
        self.held.extend(&free);
        value(&LeaseAnswer {
            request_no: request.request_no,
            granted: free.into_iter().map(grant).collect(),
            renewed,
            lost: Vec::new(),
            recalled: Vec::new(),
            sscc_blocks: Vec::new(),
            server_time_ms: now,
        })
    }

    fn new_epoch(&mut self, request: &EpochRequest, now: i64) -> (u16, Value) {
        if !self.epoch_nonces.contains(&request.nonce) {
            self.epoch_nonces.push(request.nonce);
            self.epoch += 1;
            self.events.clear();
        }
        value(&EpochGrant { epoch: Epoch(self.epoch), nonce: request.nonce, server_time_ms: now })
    }

    fn photo(&mut self, path: &str, head: &str, body: &[u8]) -> (u16, Value) {
        let hash: ContentHash = path.rsplit('/').next().unwrap().parse().unwrap();
        let range = header(head, "content-range").unwrap();
        let numbers: Vec<u64> =
            range.trim_start_matches("bytes ").split(['-', '/']).map(|number| number.parse().unwrap()).collect();
        let [first, last, total] = numbers[..] else { panic!("{range}") };
        assert_eq!(last - first + 1, body.len() as u64);
        let stored = self.photos.entry(hash).or_default();
        match part_plan(stored.len() as u64, total, first, body.len() as u64) {
            PartPlan::Append { skip } => stored.extend_from_slice(&body[usize::try_from(skip).unwrap()..]),
            PartPlan::Stored => {}
            PartPlan::Hole => return problem(ProblemCode::OffsetMismatch),
            PartPlan::Nonsense => return problem(ProblemCode::BadRequest),
        }
        let complete = stored.len() as u64 == total;
        if complete && ContentHash::of(stored) != hash {
            stored.clear();
            return problem(ProblemCode::HashMismatch);
        }
        let state = if complete { PhotoState::Complete } else { PhotoState::Partial };
        value(&PhotoAnswer { hash, offset: stored.len() as u64, state })
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// Head and body of the next request; none when the connection is closed.
fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = header(&head, "content-length").map_or(0, |value| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Some((head, body)))
}

/// Writes an answer, at most `bytes_max` of its body.
fn answer(stream: &mut TcpStream, status: u16, body: &[u8], bytes_max: usize) -> std::io::Result<()> {
    let head =
        format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body[..body.len().min(bytes_max)])
}

/// Events 1 to `count` of the first epoch.
pub fn events(count: u64) -> Vec<EventEnvelope> {
    let mut prev_hash = EventHash::GENESIS;
    (1..=count)
        .map(|seq| {
            let event = EventEnvelope {
                id: EventId::from_u128(0xE0_0000 + u128::from(seq)),
                station_id: STATION,
                epoch: Epoch(1),
                seq: Seq(seq),
                kind: "test.fact".to_owned(),
                schema: 1,
                fulfillment: None,
                fence: None,
                wall_ms: 0,
                mono_ms: 0,
                boot_id: BootId::from_u128(7),
                prev_hash,
                payload: Payload::from_value(&json!({ "seq": seq })).unwrap(),
            };
            prev_hash = event.hash();
            event
        })
        .collect()
}
