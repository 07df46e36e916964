//! Logs hold no personal data: whole orders with refusals, wrong PINs, trouble on the way to the server, an import and the
//! console, all at the finest level, and then no name, address, e-mail, phone, PIN, password or token in what was logged.
//!
//! A process has one log, and other tests write into this one's: so the test runs itself once more in a process of its own.

use crate::central_kit::{SMALL, on_each_engine};
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use crate::sync_engine::Disk;
use crate::sync_kit::{CODE, Fault, Route, Server, TOKEN, TestClock, events};
use axum::body::Body;
use axum::http::{Request, header};
use packbench::central::actor::Actor;
use packbench::central::secrets::HashCost;
use packbench::central::services::customers::{self, CustomerFacts};
use packbench::central::services::users::{self, NewUser};
use packbench::core::session::event::Reason;
use packbench::demo::{Data, HeadlessOptions};
use packbench::engine::input::Ui;
use packbench::engine::view::{ProblemKind, StageView};
use packbench::protocol::wire::order::{Address, Gift, NoteAudience, OrderNote};
use packbench::protocol::wire::{Change, ProblemCode, Put, Role};
use packbench::sync::{Applicant, ServerConfig, pair};
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Set in the process that does the work.
const CHILD: &str = "PACKBENCH_TEST_LOGS";
const ME: &str = "logs::nothing_personal_is_logged_at_any_level";

const NAME: &str = "Zacharias Quillfeather";
const STREET: &str = "Umbellifer Lane";
const CITY: &str = "Nether Wallop";
const POSTCODE: &str = "ZQ77 4XW";
const EMAIL: &str = "quillfeather@example.test";
const PHONE: &str = "+441632960961";
const NOTE: &str = "ring twice, the parrot answers";
const GIFT: &str = "with love from aunt Griselda";
const PACKER: &str = "Philomena Featherstonehaugh";
const BADGE: &str = "BADGE-SECRET-4711";
const PIN: &str = "739184";
const WRONG_PIN: &str = "604815";
const PASSWORD: &str = "correct-horse-battery";

/// Where everything that is logged goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_personal_is_logged_at_any_level() {
    if std::env::var_os(CHILD).is_none() {
        let mut child = std::process::Command::new(std::env::current_exe().expect("this program"));
        let out = child.args(["--exact", ME, "--nocapture"]).env(CHILD, "1").output().expect("a process");
        let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let log = Log::default();
    let writer = log.clone();
    let all = tracing_subscriber::fmt()
        .with_max_level(tracing::level_filters::LevelFilter::TRACE)
        .with_ansi(false)
        .with_thread_names(true)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(all).expect("the first log of this process");

    let mut secrets = vec![NAME, STREET, CITY, POSTCODE, EMAIL, PHONE, NOTE, GIFT, PACKER, BADGE, PIN, WRONG_PIN];
    secrets.extend(["Quillfeather", "Featherstonehaugh", PASSWORD, TOKEN, CODE, "Demo Street", "Customer 1"]);
    let mut secrets: Vec<String> = secrets.into_iter().map(str::to_owned).collect();
    at_the_bench();
    on_the_way();
    at_central(&mut secrets);
    in_the_demo(&mut secrets);

    let text = String::from_utf8(log.0.lock().expect("nobody panics").clone()).expect("text");
    for heard in ["packbench::engine", "packbench::sync", "TRACE", "a step was not stored", "skipped"] {
        assert!(text.contains(heard), "the log was not listened to: no {heard:?} in it");
    }
    for secret in &secrets {
        let found: Vec<&str> = text.lines().filter(|line| holds(line, secret)).take(3).collect();
        assert!(found.is_empty(), "{secret:?} is in the log: {found:#?}");
    }
}

/// A secret as a word of its own: six digits within a longer number are chance.
fn holds(line: &str, secret: &str) -> bool {
    line.match_indices(secret).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + secret.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[test]
fn a_secret_is_found_as_a_word() {
    assert!(holds("pin=739184, who=1", PIN) && holds("739184", PIN));
    assert!(!holds("ms=17391840 x739184", PIN));
}

fn address() -> Address {
    Address {
        name: NAME.to_owned(),
        lines: vec![format!("{STREET} 77")],
        city: CITY.to_owned(),
        postcode: Some(POSTCODE.to_owned()),
        country: "GB".to_owned(),
        phone: Some(PHONE.to_owned()),
        email: Some(EMAIL.to_owned()),
        ..Address::default()
    }
}

/// A whole order with everything that can be refused, a PIN that is wrong, a label that did not print, a full database.
fn at_the_bench() {
    let mut job = Job::new(1, &[(world::MUG, 2), (world::LAMP, 1)]);
    job.order.customer.name = NAME.to_owned();
    job.order.ship_to = address();
    job.order.notes =
        vec![OrderNote { audience: NoteAudience::Packer, text: NOTE.to_owned(), at_ms: 0, by: None, must_read: true }];
    job.order.gift = Some(Gift { wrap: true, message: Some(GIFT.to_owned()) });
    let who = world::Someone { badge: BADGE, pin: PIN, ..world::ANNA };
    let mut user = world::user(who);
    user.name = PACKER.to_owned();
    let mut s = Station::new(&[Job::new(2, &[(world::LAMP, 1)]), job]);
    s.pull(vec![Change::User(Put::Upsert(Box::new(user)))]);
    s.pin(WRONG_PIN);
    s.pin(PIN);
    s.ui(Ui::Lock);
    s.scan(BADGE);
    let next = s.view().queue.rows[0].fulfillment;
    s.ui(Ui::Skip { fulfillment: next, reason: Reason::WaitingForStock });
    s.ui(Ui::Start);
    for code in ["nobody knows this", NAME, EMAIL, "ZZPBGO0", &"x".repeat(10_000)] {
        s.scan(code);
    }
    s.work_until(|x| matches!(x, StageView::Verify(_)));
    for code in ["SKU-3", "SKU-2", "SKU-2", PHONE] {
        s.scan(code);
    }
    s.ui(Ui::Report {
        kind: ProblemKind::ByHand,
        line: None,
        quantity: 1,
        reason: Reason::BarcodeMissing,
        product: None,
    });
    s.ui(Ui::Photo);
    let mut other = s.look();
    other.begin().expect("the lock");
    s.scan("SKU-1");
    other.rollback().expect("free");
    s.work_until(|x| matches!(x, StageView::Weigh(_)));
    s.weigh(20);
    s.ui(Ui::OverrideWeight(Reason::ScaleTrouble));
    s.scan(world::LEAD.badge);
    s.pin(WRONG_PIN);
    s.ui(Ui::CloseSheet);
    s.work();
    s.restart();
    s.scan(BADGE);
    s.ui(Ui::Start);
    s.work();
}

/// Every trouble on the way to the server, a token that is refused, a pairing code that is wrong.
fn on_the_way() {
    let clock = TestClock::new(20);
    let server = Server::start(&clock);
    for route in [Route::Push, Route::Pull, Route::Leases] {
        let faults = [Fault::Problem(ProblemCode::Internal), Fault::Nonsense, Fault::CutAnswer, Fault::Plain(502)];
        server.fail(route, faults);
    }
    let station = crate::sync_engine::Station::start(&server, Disk { events: events(20), ..Disk::default() });
    station.until("everything to arrive", |disk| disk.pushed == 20);
    server.central().token = "another".to_owned();
    station.until("the refusal", |disk| disk.trouble.iter().flatten().any(|m| m.key == "sync-token-revoked"));
    let who = Applicant { name: "bench".to_owned(), version: "test".to_owned(), known: None };
    let refused = pair(&ServerConfig::new("http://127.0.0.1:1"), CODE, &who);
    assert!(refused.is_err());
}

/// An import, customers with addresses, people with PINs, the console with a wrong and a right password, pairing.
fn at_central(secrets: &mut Vec<String>) {
    let tokens = Mutex::new(Vec::new());
    on_each_engine(|bench| {
        bench.import(&format!("{SMALL}536404,22139,BAD,x,2010-12-03 09:00:00,1.0,1.0,France\n"));
        bench.furnish();
        let id = bench.text("SELECT id FROM customers WHERE number = '17850'");
        let facts = CustomerFacts {
            id,
            name: Some(NAME.to_owned()),
            address: Some(address()),
            vip: Some(true),
            paper_invoice: Some(true),
        };
        let who = NewUser {
            login: "lead".to_owned(),
            name: PACKER.to_owned(),
            initials: "P. F.".to_owned(),
            role: Role::Lead,
            pin: Some(PIN.to_owned()),
            badge: Some(BADGE.to_owned()),
            password: Some(PASSWORD.to_owned()),
            locale: "en".to_owned(),
            cost: HashCost { memory_kib: 64, passes: 1 },
        };
        let store = bench.central.store();
        store
            .write_blocking(Actor::Job("test"), move |work| {
                customers::set_facts(work, std::slice::from_ref(&facts))?;
                users::add(work, &who)
            })
            .expect("stored");
        let unknown = CustomerFacts { id: NAME.to_owned(), name: None, address: None, vip: None, paper_invoice: None };
        let refused = store
            .write_blocking(Actor::Job("test"), move |work| customers::set_facts(work, std::slice::from_ref(&unknown)));
        assert!(refused.is_err());
        let log_in = |password: &str| {
            let body = format!("login=lead&password={password}");
            let request = Request::post("/login").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            bench.send(request.body(Body::from(body)).expect("a request"))
        };
        log_in(WRONG_PIN);
        let (_, headers, _) = log_in(PASSWORD);
        let cookie = headers[header::SET_COOKIE].to_str().expect("text").to_owned();
        let session = cookie.split(['=', ';']).nth(1).expect("a value").to_owned();
        for path in ["/orders", "/orders?search=quillfeather", "/orders/536365", "/orders/none", "/exceptions"] {
            let request = Request::get(path).header(header::COOKIE, cookie.split(';').next().expect("a pair"));
            bench.send(request.body(Body::empty()).expect("a request"));
        }
        let mut post = bench.pair("PACK 1");
        bench.post::<_, serde_json::Value>("/api/v1/pairing", "", &serde_json::json!({ "code": CODE, "name": NAME }));
        bench.get::<serde_json::Value>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token);
        post.leases(bench, 5);
        tokens.lock().expect("nobody panics").extend([post.who.token.clone(), session]);
    });
    secrets.extend(tokens.into_inner().expect("nobody panics"));
}

/// The whole house at once: engine, devices, sync over HTTP, central; with cut networks and cut power.
fn in_the_demo(secrets: &mut Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let options = HeadlessOptions {
        orders: 6,
        stations: 2,
        network_cuts: 1,
        station_kills: 1,
        data: Data::Week,
        json: true,
        folder: Some(folder.path().to_path_buf()),
        ..HeadlessOptions::default()
    };
    let report = packbench::demo::run(&options).expect("a report");
    assert!(report.ok, "{report:#?}");
    for station in ["station-1", "station-2"] {
        let file = folder.path().join(station).join("station.db");
        let c = rusqlite::Connection::open(file).expect("a database");
        let token: String =
            c.query_row("SELECT value FROM meta WHERE key = 'token'", [], |row| row.get(0)).expect("one");
        secrets.push(token);
    }
    let shown = packbench::demo::world::people::PEOPLE.iter().flat_map(|p| [p.name, p.badge]);
    secrets.extend(shown.map(str::to_owned));
}
