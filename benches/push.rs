//! Batches of 500 real facts pushed to central over its real route (HTTP on loopback, SQLite, every commit flushed), beside a
//! raw rusqlite loop that writes the very same rows: same tables, same pragmas, one transaction per batch.
//!
//! The facts are what two stations' engines recorded while packers packed their leased orders without the network; each
//! has its effect on parcels, counters, stock and changes. What the raw loop writes is what the pushes were seen to write.
//! Limit: central takes at least 0.6 as many facts per second as the raw loop. A limit that is passed is said; with
//! `PACKBENCH_BENCH_STRICT=1` it is a failure as well, which needs a machine that does nothing else meanwhile.

mod limits;
mod recorded;
mod workday;

use packbench::central::{Central, Settings};
use packbench::protocol::wire::{Outcome, PushAnswer};
use packbench::sql::Target;
use recorded::{Effect, Statements, again, picture};
use rusqlite::Connection;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use workday::{Push, Workday};

const RATIO_MIN: f64 = 0.6;
/// A server whose database had nothing to do for so long is at rest.
const REST: Duration = Duration::from_millis(300);
/// Rounds of each; the middle one counts.
const ROUNDS: usize = 9;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    let day = workday::work(folder.path()).expect("a day of work");
    let events: usize = day.pushes.iter().map(|push| push.events).sum();
    println!("{} pushes of 500 facts", day.pushes.len());
    let (statements, effects) = record(folder.path(), &day);
    let rows: usize = effects.iter().map(Effect::rows).sum();
    println!("{rows} rows written by {events} facts");
    let (mut pushed, mut raw) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        pushed.push(push_all(folder.path(), &day, round));
        raw.push(write_all(folder.path(), &day, &statements, &effects, round));
    }
    let (pushed, raw) = (middle(&mut pushed), middle(&mut raw));
    let rate = |took: Duration| events as f64 / took.as_secs_f64();
    let ratio = rate(pushed) / rate(raw);
    println!("pushed to central    {:>8.0} facts/s", rate(pushed));
    println!("raw loop             {:>8.0} facts/s", rate(raw));
    println!("ratio                {ratio:>8.2}     limit {RATIO_MIN} at least");
    limits::verdict(ratio >= RATIO_MIN)
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A copy of the database before the pushes.
fn fresh(folder: &Path, day: &Workday, name: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::copy(&day.before, &path).expect("a copy");
    path
}

/// A central that serves on a thread of its own until it is dropped.
struct Serving {
    at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Serving {
    fn start(database: &Path) -> Serving {
        let settings = Settings::new(Target::Sqlite(database.to_path_buf()), database.with_extension("photos"));
        let central = Central::open(&settings).expect("central");
        let seen = central.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let at = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = move || {
            let until = async move {
                let _ = stopped.await;
            };
            runtime.block_on(central.serve(listener, until)).expect("central serves");
        };
        let thread = std::thread::Builder::new().name("central".to_owned()).spawn(serve).expect("a thread");
        // A server looks once at all its jobs when it starts; a station pushes to one that has run for long.
        let mut quiet = Instant::now();
        while quiet.elapsed() < REST {
            if seen.waiting() != (0, 0) {
                quiet = Instant::now();
            }
            std::thread::yield_now();
        }
        Serving { at, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// Sends one push over an open connection; the body of the answer.
fn send(stream: &mut TcpStream, push: &Push) -> Vec<u8> {
    let head = format!(
        "POST /api/v1/sync/push HTTP/1.1\r\nHost: central\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        push.token,
        push.body.len()
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    stream.write_all(&push.body).expect("the body is sent");
    let mut answer = Vec::with_capacity(1 << 17);
    let mut part = [0; 1 << 16];
    loop {
        let n = stream.read(&mut part).expect("an answer");
        assert!(n > 0, "central closed the connection");
        answer.extend_from_slice(&part[..n]);
        if let Some(body) = whole(&answer) {
            return body;
        }
    }
}

/// The body, once all of it is there.
fn whole(answer: &[u8]) -> Option<Vec<u8>> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).expect("a head").to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head}{}", String::from_utf8_lossy(&answer[end..]));
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())?;
    (answer.len() >= end + length).then(|| answer[end..].to_vec())
}

/// Every fact was taken and had its effect.
fn check(answer: &[u8], push: &Push) {
    let answer: PushAnswer = serde_json::from_slice(answer).expect("an answer to a push");
    assert_eq!(answer.outcomes.len(), push.events);
    let bad = answer.outcomes.iter().find(|outcome| outcome.outcome != Outcome::Accepted);
    assert!(bad.is_none(), "a fact was not accepted: {bad:?}");
}

/// Pushes once, looking at the database after each batch.
fn record(folder: &Path, day: &Workday) -> (Statements, Vec<Effect>) {
    let database = fresh(folder, day, "recorded.db");
    let serving = Serving::start(&database);
    let c = Connection::open(&database).expect("central's database");
    let mut stream = TcpStream::connect(serving.at).expect("a connection");
    let mut statements = Statements::default();
    let mut before = picture(&c);
    let mut effects = Vec::new();
    for push in &day.pushes {
        check(&send(&mut stream, push), push);
        let after = picture(&c);
        effects.push(statements.effect(&c, &before, &after));
        before = after;
    }
    (statements, effects)
}

fn push_all(folder: &Path, day: &Workday, round: usize) -> Duration {
    let serving = Serving::start(&fresh(folder, day, &format!("pushed-{round}.db")));
    let mut stream = TcpStream::connect(serving.at).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let begun = Instant::now();
    let answers: Vec<Vec<u8>> = day.pushes.iter().map(|push| send(&mut stream, push)).collect();
    let took = begun.elapsed();
    answers.iter().zip(&day.pushes).for_each(|(answer, push)| check(answer, push));
    took
}

fn write_all(folder: &Path, day: &Workday, statements: &Statements, effects: &[Effect], round: usize) -> Duration {
    let c = Connection::open(fresh(folder, day, &format!("raw-{round}.db"))).expect("a database");
    // As central sets them.
    c.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; \
         PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=16777216;",
    )
    .expect("the pragmas");
    let mut prepared = statements.prepare(&c);
    let begun = Instant::now();
    for effect in effects {
        again(&c, &mut prepared, effect);
    }
    begun.elapsed()
}
