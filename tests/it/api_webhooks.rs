//! Webhooks on both engines: verified by the official library, told in the transaction of the change, tried again, given up, and never
//! sent into the own network.

use crate::api_kit::{Answer, ask, cancel, get, key, master, seed, serving, tool, unlimited};
use crate::central_kit::{Bench, central_with, on_each_engine};
use crate::schema_kit::for_each_engine;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use packbench::central::actor::Actor;
use packbench::central::services::access::Permission;
use packbench::central::services::webhooks::{self, KEPT_MS, RETRIES_MS, WAITING_MAX};
use packbench::central::store::system_clock;
use packbench::protocol::wire::ChangeKind;
use packbench::sql::{Conn, Engine};
use packbench::vals;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

const DEADLINE: Duration = Duration::from_secs(40);
/// Instead of a status: nothing is ever answered.
const HANG: u16 = 0;
const REASON: &str = "{\"reason\": \"customer_asked\"}";

/// A message as it came.
struct Message {
    headers: HashMap<String, String>,
    body: String,
}

/// A receiver on loopback that answers as it is told, 204 where nothing is said.
struct Receiver {
    url: String,
    came: mpsc::Receiver<Message>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    _runtime: tokio::runtime::Runtime,
}

type Desk = (mpsc::SyncSender<Message>, Arc<Mutex<VecDeque<u16>>>);

async fn receive(State((came, answers)): State<Desk>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    came.send(Message { headers, body: String::from_utf8(body.to_vec()).unwrap() }).unwrap();
    let next = answers.lock().unwrap().pop_front();
    match next {
        None => StatusCode::NO_CONTENT,
        Some(HANG) => std::future::pending().await,
        Some(status) => StatusCode::from_u16(status).unwrap(),
    }
}

fn receiver(answers: &[u16]) -> Receiver {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("test-receiver")
        .enable_all()
        .build()
        .unwrap();
    let (send, came) = mpsc::sync_channel(1_000);
    let answers = Arc::new(Mutex::new(answers.iter().copied().collect::<VecDeque<_>>()));
    let router = Router::new().fallback(receive).with_state((send, Arc::clone(&answers)));
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    runtime.spawn(async move { axum::serve(listener, router).await });
    Receiver { url, came, answers, _runtime: runtime }
}

impl Receiver {
    fn next(&self) -> Message {
        self.came.recv_timeout(DEADLINE).expect("a message comes")
    }
}

fn post(bench: &Bench, key: &str, path: &str, body: &str) -> Answer {
    static NO: AtomicU32 = AtomicU32::new(0);
    let name = format!("hook-{}", NO.fetch_add(1, Ordering::SeqCst));
    ask(bench, "POST", path, key, &[("content-type", "application/json"), ("idempotency-key", &name)], body)
}

/// Makes a webhook; its id and secret.
fn make(bench: &Bench, key: &str, body: &Value) -> (String, String) {
    let made = post(bench, key, "/api/v1/webhooks", &body.to_string());
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.json);
    let text = |name: &str| made.json[name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

/// On each engine, where webhooks may or may not go into the own network; who waits may ask as often as it likes.
fn house(private: bool, test: impl Fn(&Bench)) {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| {
            settings.webhooks_private = private;
            settings.api_rates = unlimited();
        });
        seed(&bench);
        test(&bench);
    });
}

fn deliveries(bench: &Bench, key: &str, id: &str) -> Vec<Value> {
    get(bench, &format!("/api/v1/webhooks/{id}/deliveries"), key).json["items"].as_array().unwrap().clone()
}

/// Waits until the messages of an endpoint are as they should be.
fn until(bench: &Bench, key: &str, id: &str, fits: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let end = Instant::now() + DEADLINE;
    loop {
        let now = deliveries(bench, key, id);
        if fits(&now) {
            return now;
        }
        assert!(Instant::now() < end, "{now:#?}");
        std::thread::yield_now();
    }
}

/// Tells whoever waits that something was committed.
fn wake(bench: &Bench) {
    let store = bench.central.store();
    let hint = |work: &mut packbench::central::store::work::Work<'_>| {
        let site = work.site();
        work.changed(ChangeKind::Settings, site);
        Ok(())
    };
    store.write_blocking(Actor::Job("test"), hint).unwrap();
}

/// Whether the official library takes a message for genuine.
fn verified(secret: &str, message: &Message) -> bool {
    let script = "const { Webhook } = require('standardwebhooks');\
        const { secret, headers, body } = JSON.parse(process.argv[1]);\
        try { new Webhook(secret).verify(body, headers); } catch (e) { console.log(e.message); process.exit(3); }";
    let case = json!({ "secret": secret, "headers": message.headers, "body": message.body }).to_string();
    let output =
        Command::new("node").env("NODE_PATH", tool("node_modules")).args(["-e", script, &case]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() || output.status.code() == Some(3), "{said}");
    output.status.success()
}

#[test]
fn the_official_library_verifies_what_comes_also_while_the_secret_changes() {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| {
            settings.webhooks_private = true;
            settings.api_rates = unlimited();
            settings.clock = system_clock();
        });
        seed(&bench);
        let key = master(&bench);
        let hook = receiver(&[]);
        let (id, secret) = make(&bench, &key, &json!({ "url": hook.url }));
        serving(&bench, |_| {
            assert_eq!(cancel(&bench, "536365", &key, "*", "a", REASON).status, StatusCode::OK);
            let mut first = hook.next();
            assert!(verified(&secret, &first), "{:?}", first.headers);
            let body: Value = serde_json::from_str(&first.body).unwrap();
            let told = (&body["type"], &body["data"]["number"], &body["data"]["status"]);
            assert_eq!(told, (&json!("order.cancelled"), &json!("536365"), &json!("cancelled")));
            assert!(!first.body.contains("Archer") && !first.body.contains("17850"), "nothing personal");
            first.body.push(' ');
            assert!(!verified(&secret, &first), "a changed body is not genuine");

            let new = post(&bench, &key, &format!("/api/v1/webhooks/{id}/rotate"), "");
            let new = new.json["secret"].as_str().unwrap().to_owned();
            assert_eq!(post(&bench, &key, &format!("/api/v1/webhooks/{id}/test"), "").status, StatusCode::ACCEPTED);
            let second = hook.next();
            assert!(verified(&secret, &second) && verified(&new, &second) && secret != new, "both hold for a day");
            assert!(second.body.contains("webhook.test"));
            exec(&bench, "UPDATE webhook_endpoints SET previous_until_ms = 1");
            assert_eq!(post(&bench, &key, &format!("/api/v1/webhooks/{id}/test"), "").status, StatusCode::ACCEPTED);
            let third = hook.next();
            assert!(!verified(&secret, &third) && verified(&new, &third), "the old one holds no more");
            until(&bench, &key, &id, |all| all.len() == 3 && all.iter().all(|one| one["state"] == "delivered"));
        });
    });
}

fn exec(bench: &Bench, sql: &'static str) {
    bench.central.store().write_blocking(Actor::Job("test"), move |work| work.exec(sql, vals![])).unwrap();
}

#[test]
fn what_nobody_takes_is_tried_for_three_days_and_then_given_up() {
    house(true, |bench| {
        let key = master(bench);
        let hook = receiver(&[500; 10]);
        let (id, _) = make(bench, &key, &json!({ "url": hook.url, "events": ["order.changed"] }));
        serving(bench, |_| {
            assert_eq!(post(bench, &key, &format!("/api/v1/webhooks/{id}/test"), "").status, StatusCode::ACCEPTED);
            let name = hook.next().headers["webhook-id"].clone();
            for (place, wait) in RETRIES_MS.iter().enumerate() {
                let all = until(bench, &key, &id, |all| all[0]["attempts"].as_array().unwrap().len() == place + 1);
                assert_eq!((&all[0]["state"], &all[0]["attempts"][place]["status"]), (&json!("waiting"), &json!(500)));
                let next: jiff::Timestamp = all[0]["next_at"].as_str().unwrap().parse().unwrap();
                assert_eq!(next.as_millisecond(), bench.now.load(Ordering::SeqCst) + wait, "try {place}");
                bench.now.fetch_add(wait - 1, Ordering::SeqCst);
                wake(bench);
                assert!(hook.came.try_recv().is_err(), "not before its time");
                bench.now.fetch_add(1, Ordering::SeqCst);
                wake(bench);
                assert_eq!(hook.next().headers["webhook-id"], name, "the same message");
            }
            let all = until(bench, &key, &id, |all| all[0]["state"] == "failed");
            assert_eq!((all[0]["attempts"].as_array().unwrap().len(), &all[0]["next_at"]), (10, &Value::Null));
            assert!(hook.answers.lock().unwrap().is_empty());
        });
    });
}

#[test]
fn an_endpoint_that_is_gone_or_switched_off_is_told_nothing_more() {
    house(true, |bench| {
        let key = master(bench);
        let hook = receiver(&[410]);
        let (id, _) = make(bench, &key, &json!({ "url": hook.url }));
        let path = format!("/api/v1/webhooks/{id}");
        serving(bench, |_| {
            cancel(bench, "536365", &key, "*", "a", REASON);
            hook.next();
            until(bench, &key, &id, |all| all[0]["state"] == "failed");
            assert_eq!(get(bench, &path, &key).json["state"], "gone");
            cancel(bench, "536370", &key, "*", "b", REASON);
            assert_eq!(deliveries(bench, &key, &id).len(), 1);
            assert_eq!(post(bench, &key, &format!("{path}/test"), "").status, StatusCode::CONFLICT);
            let edit = |tag: &str, body: &Value| {
                let headers = [("content-type", "application/json"), ("if-match", tag)];
                ask(bench, "PATCH", &path, &key, &headers, &body.to_string())
            };
            assert_eq!(edit("\"1-\"", &json!({ "enabled": true })).status, StatusCode::PRECONDITION_FAILED);
            let on = edit("*", &json!({ "enabled": true, "about": "Shop", "events": ["order.cancelled"] }));
            assert_eq!((&on.json["state"], &on.json["about"]), (&json!("enabled"), &json!("Shop")));
            cancel(bench, "536414", &key, "*", "c", REASON);
            assert!(hook.next().body.contains("536414"));
            assert_eq!(ask(bench, "DELETE", &path, &key, &[], "").status, StatusCode::NO_CONTENT);
            assert_eq!(ask(bench, "DELETE", &path, &key, &[], "").status, StatusCode::NOT_FOUND);
        });
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_deliveries"), 0);
    });
}

/// What another transaction of this server waits for: on PostgreSQL it is asked, on SQLite whoever writes waits at the door.
pub fn until_it_waits(engine: Engine, conn: &mut dyn Conn) {
    let end = Instant::now() + DEADLINE;
    let asked = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while engine == Engine::Postgres && conn.int(asked, &[]).unwrap() == 0 {
        assert!(Instant::now() < end, "nobody ever waited");
        std::thread::yield_now();
    }
}

#[test]
fn an_endpoint_is_removed_while_a_try_of_it_is_being_noted() {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| settings.webhooks_private = true);
        seed(&bench);
        let key = master(&bench);
        let (id, _) = make(&bench, &key, &json!({ "url": "http://127.0.0.1:9/hook" }));
        cancel(&bench, "536365", &key, "*", "a", REASON);
        let message = bench.text("SELECT id FROM webhook_deliveries");
        let mut worker = packbench::sql::open(&site.target).unwrap();
        let mut look = packbench::sql::open(&site.target).unwrap();
        worker.begin().unwrap();
        let met = webhooks::Met { status: Some(500), fault: None, took_ms: 5 };
        webhooks::met(worker.as_mut(), &message, &met, 0).unwrap();
        std::thread::scope(|scope| {
            let store = bench.central.store();
            let removing = scope.spawn(move || {
                store.write_blocking(Actor::Job("test"), move |work| webhooks::remove(work, &id)).unwrap();
            });
            until_it_waits(site.engine, look.as_mut());
            worker.commit().unwrap();
            removing.join().unwrap();
        });
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_deliveries"), 0);
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_attempts"), 0);
        // And the other way round: a try whose endpoint is gone is noted nowhere.
        worker.begin().unwrap();
        webhooks::met(worker.as_mut(), &message, &met, 0).unwrap();
        worker.commit().unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_attempts"), 0);
    });
}

#[test]
fn a_receiver_that_hangs_holds_up_nobody_else() {
    house(true, |bench| {
        let key = master(bench);
        let (slow, quick) = (receiver(&[HANG]), receiver(&[]));
        let (id, _) = make(bench, &key, &json!({ "url": slow.url }));
        make(bench, &key, &json!({ "url": quick.url }));
        serving(bench, |_| {
            cancel(bench, "536365", &key, "*", "a", REASON);
            slow.next();
            quick.next();
            cancel(bench, "536370", &key, "*", "b", REASON);
            assert!(quick.next().body.contains("536370"), "while the other one still hangs");
            let all = until(bench, &key, &id, |all| all.iter().any(|one| one["attempts"][0]["fault"] == "timeout"));
            assert!(all.len() == 2 && all[1]["state"] == "waiting", "{all:#?}");
            assert!(slow.next().body.contains("536370"), "and then it gets the next");
        });
    });
}

#[test]
fn nothing_is_sent_into_the_own_network() {
    house(false, |bench| {
        let key = master(bench);
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://2130706433/",
            "x",
        ] {
            let refused = post(bench, &key, "/api/v1/webhooks", &json!({ "url": url }).to_string());
            assert_eq!((refused.status, refused.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"), "{url}");
            assert_eq!(refused.json["fields"][0]["pointer"], "/url");
        }
        // What came into the database while the own network was allowed is judged again when it is sent.
        let (id, _) = make(bench, &key, &json!({ "url": "https://example.com/hook" }));
        exec(bench, "UPDATE webhook_endpoints SET url = 'https://127.0.0.1:9/hook'");
        serving(bench, |_| {
            cancel(bench, "536365", &key, "*", "a", REASON);
            until(bench, &key, &id, |all| all[0]["attempts"][0]["fault"] == "address");
        });
    });
}

#[test]
fn messages_are_of_the_transaction_newest_and_bounded() {
    house(true, |bench| {
        let key = master(bench);
        let (id, _) = make(bench, &key, &json!({ "url": "http://127.0.0.1:9/" }));
        let store = bench.central.store();
        let failed = store.write_blocking(Actor::Job("test"), |work| {
            let id = work.one("SELECT id FROM orders WHERE number = '536365'", vals![])?.unwrap().at::<String>(0)?;
            packbench::central::services::orders::cancel(work, &id, "other")?;
            Err::<(), _>(packbench::central::error::CentralError::Inner { what: "test" })
        });
        assert!(failed.is_err());
        assert_eq!(deliveries(bench, &key, &id), [Value::Null; 0], "what did not happen is not told");
        for name in ["a", "b"] {
            let headers = [("content-type", "application/json"), ("if-match", "*"), ("idempotency-key", name)];
            let body = json!({ "note": name }).to_string();
            assert_eq!(ask(bench, "PATCH", "/api/v1/orders/536365", &key, &headers, &body).status, StatusCode::OK);
        }
        let body = json!({ "kind": "b2b", "customer_number": "17850", "lines": [{ "sku": "71053", "quantity": 1 }] });
        assert_eq!(post(bench, &key, "/api/v1/orders", &body.to_string()).status, StatusCode::CREATED);
        let mut kinds: Vec<Value> = deliveries(bench, &key, &id).iter().map(|one| one["type"].clone()).collect();
        kinds.sort_by_key(Value::to_string);
        assert_eq!(
            kinds,
            ["order.changed", "order.created", "order.stage_entered"],
            "two changes that nobody was told are one"
        );
        let version = bench.int("SELECT version FROM orders WHERE number = '536365'");
        let payload = bench.text("SELECT payload FROM webhook_deliveries WHERE kind = 'order.changed'");
        assert!(payload.contains(&format!("\"version\":{version}")), "as it is now: {payload}");

        exec(
            bench,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9997) \
            INSERT INTO webhook_deliveries (id, endpoint, kind, record, payload, next_ms, created_ms, updated_ms) \
            SELECT 'fill' || n.i, e.id, 'fill', '', '{}', 1, 0, 0 FROM n, webhook_endpoints e",
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_deliveries"), WAITING_MAX);
        cancel(bench, "536370", &key, "*", "c", REASON);
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_deliveries"), WAITING_MAX, "no more than that wait");
        assert_ne!(get(bench, &format!("/api/v1/webhooks/{id}"), &key).json["lost_at"], Value::Null, "and it is said");
    });
}

#[test]
fn what_is_over_is_forgotten_after_thirty_days_and_what_waits_is_not() {
    house(true, |bench| {
        let key = master(bench);
        let (id, _) = make(bench, &key, &json!({ "url": "http://127.0.0.1:9/" }));
        cancel(bench, "536365", &key, "*", "a", REASON);
        exec(bench, "UPDATE webhook_deliveries SET state = 'delivered'");
        exec(
            bench,
            "INSERT INTO webhook_attempts (delivery, no, at_ms, took_ms, status) \
            SELECT id, 1, 0, 1, 204 FROM webhook_deliveries",
        );
        cancel(bench, "536370", &key, "*", "b", REASON);
        let sweep = |now_ms: i64| {
            let store = bench.central.store();
            store.write_blocking(Actor::Job("test"), move |work| webhooks::sweep(work.tx, now_ms)).unwrap()
        };
        let now_ms = bench.now.load(Ordering::SeqCst);
        assert_eq!((sweep(now_ms + KEPT_MS), sweep(now_ms + KEPT_MS + 1)), (0, 1));
        let left = deliveries(bench, &key, &id);
        assert_eq!((left.len(), &left[0]["state"]), (1, &json!("waiting")));
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_attempts"), 0);
    });
}

#[test]
fn webhooks_are_for_keys_that_may_manage_settings() {
    on_each_engine(|bench| {
        seed(bench);
        let stranger = key(bench, &[Permission::OrderView, Permission::OrderUpdate]);
        assert_eq!(get(bench, "/api/v1/webhooks", &stranger).status, StatusCode::FORBIDDEN);
        let refused = post(bench, &stranger, "/api/v1/webhooks", &json!({ "url": "https://example.com/" }).to_string());
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    });
}
