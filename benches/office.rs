//! The office at work among many orders, over real sockets against the program itself: one order's page, the state of 10,000 orders
//! changed at once, 1,000 pages that listen, and what the idle server holds in memory. The orders are those of the whole Online
//! Retail file; `PACKBENCH_BENCH_ORDERS` multiplies them with shifted dates and new numbers up to as many. On SQLite and, where
//! `PACKBENCH_TEST_PG` names a server whose user may create databases, on PostgreSQL.
//!
//! Limits: 30 ms (p95) for the page, 5 s for the 10,000, 150 ms (p99) from the change to the last listener, 60 MB. Beside the page and
//! the change stands the bare question or change, run raw on the same database. A limit that is passed is said; with
//! `PACKBENCH_BENCH_STRICT=1` it is a failure as well.

mod limits;

use limits::crowd::multiply;
use packbench::central::actor::Actor;
use packbench::central::secrets::HashCost;
use packbench::central::services::import::online_retail::import_file;
use packbench::central::services::users::{self, NewUser};
use packbench::central::{Central, Settings};
use packbench::protocol::wire::Role;
use packbench::sql::{self, Target};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const PAGE_MAX: Duration = Duration::from_millis(30);
const BULK_MAX: Duration = Duration::from_secs(5);
const TOLD_MAX: Duration = Duration::from_millis(150);
const MEMORY_MAX_KB: u64 = 60 * 1024;
/// Orders whose state is changed.
const BULK: usize = 10_000;
const LISTENERS: usize = 1_000;
/// Changes that the listeners are told of.
const NEWS: usize = 20;
const PASSWORD: &str = "correct horse";

fn main() -> ExitCode {
    let wanted = std::env::var("PACKBENCH_BENCH_ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let folder = tempfile::tempdir().expect("a folder");
    let own = format!("sqlite:{}", folder.path().join("central.db").display());
    let mut within = measure("SQLite", &own, folder.path(), wanted);
    match std::env::var("PACKBENCH_TEST_PG").as_deref() {
        Err(_) | Ok("none") => println!("PACKBENCH_TEST_PG is not set: PostgreSQL is not measured"),
        Ok(server) => within &= on_postgres(server, folder.path(), wanted),
    }
    limits::verdict(within)
}

/// A database of its own on that server, which goes away afterwards.
fn on_postgres(server: &str, folder: &Path, wanted: i64) -> bool {
    let (base, query) = server.split_once('?').map_or((server, None), |(base, query)| (base, Some(query)));
    let (host, _) = base.rsplit_once('/').expect("PACKBENCH_TEST_PG ends with a database");
    let name = format!("packbench_office_{}", std::process::id());
    let own = format!("{host}/{name}{}", query.map_or_else(String::new, |query| format!("?{query}")));
    let mut admin =
        sql::open(&server.parse().expect("PACKBENCH_TEST_PG is an address")).expect("the server at PACKBENCH_TEST_PG");
    admin
        .batch(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"))
        .expect("a database of its own");
    let within = measure("PostgreSQL", &own, folder, wanted);
    admin.batch(&format!("DROP DATABASE {name} WITH (FORCE)")).expect("the database goes away");
    within
}

fn measure(engine: &str, address: &str, folder: &Path, wanted: i64) -> bool {
    let target = &address.parse::<Target>().expect("an address");
    let (orders, all) = furnish(target, folder, wanted);
    println!("{engine}: {all} orders");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let server = Server::start(folder, address);
    memory(&server)
        & runtime.block_on(async {
            let desk = Desk::log_in(server.at.clone()).await;
            page(&desk, &orders, target).await & bulk(&desk, &orders, target).await & listeners(&desk, &orders).await
        })
}

/// An order: its id and its number.
type Order = (String, String);

/// A database with the orders and a clerk; orders that can be held, and how many there are in all.
fn furnish(target: &Target, folder: &Path, wanted: i64) -> (Vec<Order>, i64) {
    let central = Central::open(&Settings::new(target.clone(), folder.join("photos"))).expect("a new database");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/online-retail/onlineretail.csv.gz");
    import_file(central.store(), &file, &|_| {}).expect("the file is imported");
    let clerk = NewUser {
        login: "clerk".to_owned(),
        name: "Clerk".to_owned(),
        initials: "C.".to_owned(),
        role: Role::Admin,
        pin: None,
        badge: None,
        password: Some(PASSWORD.to_owned()),
        locale: "en".to_owned(),
        cost: HashCost { memory_kib: 64, passes: 1 },
    };
    central.store().write_blocking(Actor::Job("bench"), move |work| users::add(work, &clerk)).expect("a clerk");
    drop(central);
    let mut conn = sql::open(target).expect("the database");
    let held = "SELECT o.id, o.number FROM orders o JOIN fulfillments f ON f.order_id = o.id WHERE f.state = 'released' ORDER BY o.id";
    let rows = conn.all(&format!("{held} LIMIT {BULK}"), &[]).expect("orders");
    let orders: Vec<Order> = rows.iter().map(|row| (row.at(0).expect("an id"), row.at(1).expect("a number"))).collect();
    let mut all = conn.int("SELECT COUNT(*) FROM orders", &[]).expect("a count");
    if wanted > all {
        all = multiply(conn.as_mut(), wanted);
    } else if conn.engine() == sql::Engine::Postgres {
        // What its own housekeeping does by itself after a while.
        conn.batch("VACUUM ANALYZE").expect("housekeeping");
    }
    (orders, all)
}

/// The program as a server.
struct Server {
    child: Child,
    at: String,
}

impl Server {
    fn start(folder: &Path, address: &str) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packbench"));
        command.args(["central", "--log-filter", "error", "--data-dir"]).arg(folder);
        command.args(["serve", "--listen", "127.0.0.1:0"]).env_clear().env("HOME", folder);
        command.env("PACKBENCH_CENTRAL_DATABASE", address);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).expect("a line");
        let at = line.split("http://").nth(1).and_then(|rest| rest.split(';').next()).expect("an address");
        Server { at: at.trim().to_owned(), child }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Resident memory of the server that nobody has asked for anything.
fn memory(server: &Server) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap_or_default();
    let kb =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")).and_then(|rest| rest.split_whitespace().next());
    match kb.and_then(|kb| kb.parse::<u64>().ok()) {
        Some(kb) => {
            println!("idle server: {:.1} MB   limit {} MB", kb as f64 / 1024.0, MEMORY_MAX_KB / 1024);
            kb <= MEMORY_MAX_KB
        }
        None => {
            println!("idle server: this system does not tell");
            true
        }
    }
}

/// Somebody who is logged in, over real sockets.
struct Desk {
    at: String,
    cookie: String,
    csrf: String,
}

impl Desk {
    async fn log_in(at: String) -> Desk {
        let body = format!("login=clerk&password={}", PASSWORD.replace(' ', "+"));
        let mut desk = Desk { at, cookie: String::new(), csrf: String::new() };
        let answer = desk.post("/login", &body).await;
        let cookie = answer.split("set-cookie: ").nth(1).and_then(|rest| rest.split(';').next()).expect("a cookie");
        desk.cookie = cookie.to_owned();
        let page = desk.get("/orders").await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        desk.csrf = csrf.expect("a token").to_owned();
        desk
    }

    async fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {}\r\n\r\n", self.cookie))
            .await
    }

    async fn post(&self, path: &str, body: &str) -> String {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        self.send(&head).await
    }

    async fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.at).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("a request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Holds these orders, or lets them go; how many were.
    async fn act(&self, what: &str, orders: &[Order]) -> usize {
        let picks: String = orders.iter().map(|(id, _)| format!("&pick={id}")).collect();
        let answer = self.post("/orders/act", &format!("csrf={}&do={what}{picks}", self.csrf)).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{}", answer.lines().next().unwrap_or_default());
        let done = answer.split("data-done=\"").nth(1).and_then(|rest| rest.split('"').next());
        done.and_then(|n| n.parse().ok()).unwrap_or(0)
    }
}

fn told(what: &str, took: Duration, limit: Duration, raw: Option<Duration>) -> bool {
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let raw = raw.map_or_else(String::new, |raw| format!("   raw {:>8.1} ms", ms(raw)));
    println!("{what:<44} {:>8.1} ms   limit {:>6.0} ms{raw}", ms(took), ms(limit));
    took <= limit
}

/// The time that so many of a hundred stay below.
fn part(times: &mut [Duration], hundredths: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * hundredths / 100).min(times.len() - 1)]
}

/// Something that waits for the database itself, which the threads of the sockets must not do.
fn beside<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

/// One order's page; beside it the bare rows of the order.
async fn page(desk: &Desk, orders: &[Order], target: &Target) -> bool {
    let mut conn = beside(|| sql::open(target).expect("the database"));
    let (mut times, mut bare) = (Vec::new(), Vec::new());
    for (id, number) in orders.iter().step_by((orders.len() / 60).max(1)) {
        let begun = Instant::now();
        let answer = desk.get(&format!("/orders/{number}")).await;
        times.push(begun.elapsed());
        assert!(answer.starts_with("HTTP/1.1 200"), "{number}");
        bare.push(beside(|| {
            let begun = Instant::now();
            for sql in ["SELECT * FROM orders WHERE id = $1", "SELECT * FROM order_lines WHERE order_id = $1"] {
                std::hint::black_box(conn.all(sql, packbench::vals![id]).expect("the bare rows"));
            }
            begun.elapsed()
        }));
    }
    beside(|| drop(conn));
    told("an order's page, p95", part(&mut times, 95), PAGE_MAX, Some(part(&mut bare, 50)))
}

/// The state of very many orders, all that fit a filter, as a job in the background whose page says how far it is; beside it the same
/// rows changed by one statement each.
async fn bulk(desk: &Desk, orders: &[Order], target: &Target) -> bool {
    let mut conn = beside(|| sql::open(target).expect("the database"));
    let sql = format!("SELECT placed_ms FROM orders WHERE is_open = 1 ORDER BY placed_ms, id LIMIT 1 OFFSET {BULK}");
    // Days whose orders are about as many; without so many open ones, all of them.
    let until = beside(|| conn.one(&sql, &[]).expect("a moment")).map_or_else(String::new, |row| {
        let at = jiff::Timestamp::from_millisecond(row.at(0).expect("a moment")).expect("a moment");
        format!("%26until%3D{}", at.to_zoned(jiff::tz::TimeZone::UTC).date())
    });
    let begun = Instant::now();
    let answer = desk.post("/orders/many", &format!("csrf={}&do=hold&query=tab%3Dopen{until}", desk.csrf)).await;
    let job =
        answer.split("location: ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a job").to_owned();
    let figure = |page: &str, name: &str| -> usize {
        let text = page.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        text.and_then(|text| text.parse().ok()).expect("a figure")
    };
    let mut told = 0;
    // As often as the page asks for itself, and a little more.
    let mut beat = tokio::time::interval(Duration::from_millis(200));
    let (done, refused) = loop {
        beat.tick().await;
        let page = desk.get(&job).await;
        let (done, refused) = (figure(&page, "data-done"), figure(&page, "data-refused"));
        if !page.contains("data-poll") {
            break (done, refused);
        }
        if done >= told + 2_000 {
            told = done;
            println!("  {done} held after {:.1} s", begun.elapsed().as_secs_f64());
        }
    };
    let took = begun.elapsed();
    assert!(done * 10 >= BULK * 8 && done + refused < BULK * 2, "{done} orders were held, {refused} refused");
    let bare = beside(|| {
        let begun = Instant::now();
        conn.begin().expect("a transaction");
        for (id, _) in orders.iter().cycle().take(done) {
            let sql = "UPDATE fulfillments SET updated_ms = updated_ms + 1 WHERE order_id = $1";
            conn.exec(sql, packbench::vals![id]).expect("the bare change");
        }
        conn.commit().expect("a commit");
        drop(conn);
        begun.elapsed()
    });
    let limit = BULK_MAX.mul_f64(done as f64 / BULK as f64);
    self::told(&format!("{done} orders held"), took, limit, Some(bare))
}

/// Very many pages listen; from the change until the last of them was told.
async fn listeners(desk: &Desk, orders: &[Order]) -> bool {
    let one = &orders[..1];
    // Whether it is among those that were held or not, it is now.
    desk.act("hold", one).await;
    let (heard, mut hears) = mpsc::channel::<Instant>(LISTENERS * 4);
    let mut ready = 0;
    for _ in 0..LISTENERS {
        let mut stream = TcpStream::connect(&desk.at).await.expect("a connection");
        let head = format!("GET /live HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", desk.cookie);
        stream.write_all(head.as_bytes()).await.expect("a request");
        let mut lines = BufReader::new(stream).lines();
        let first = lines.next_line().await.expect("an answer").unwrap_or_default();
        assert!(first.contains(" 200 "), "{first}");
        ready += 1;
        let heard = heard.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                if line.starts_with("data:") && heard.send(Instant::now()).await.is_err() {
                    return;
                }
            }
        });
    }
    let mut times = Vec::with_capacity(NEWS * LISTENERS);
    for n in 0..NEWS {
        let begun = Instant::now();
        // Held orders are let go and held again: each is one change.
        assert_eq!(desk.act(if n % 2 == 0 { "let_go" } else { "hold" }, one).await, 1, "change {n}");
        for _ in 0..ready {
            let at = tokio::time::timeout(Duration::from_secs(10), hears.recv()).await;
            let at = at.expect("every listener is told").expect("the listeners live");
            times.push(at.saturating_duration_since(begun));
        }
    }
    println!("{ready} pages listen");
    told("from a change to each listener, p99", part(&mut times, 99), TOLD_MAX, None)
}
