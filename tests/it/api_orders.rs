//! `/api/v1/orders` on both engines: pages, filters, one order, calling one off once.

use crate::api_kit::{Answer, ask, cancel, get, key, master, request, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use futures_util::future::join_all;
use packbench::central::actor::Actor;
use packbench::central::services::access::Permission;
use packbench::vals;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

const REASON: &str = "{\"reason\": \"customer_asked\"}";
const DAY_MS: i64 = 86_400_000;

fn exec(bench: &Bench, sql: &'static str) {
    let written = bench.central.store().write_blocking(Actor::Job("test"), move |work| work.exec(sql, vals![]));
    assert_eq!(written.unwrap(), 1, "{sql}");
}

fn cancellations(bench: &Bench) -> i64 {
    bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.cancelled'")
}

#[test]
fn pages_follow_each_other_and_filters_hold() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let all = get(bench, "/api/v1/orders", &key);
        assert_eq!(all.column("number"), ["536414", "536370", "536365"], "the newest placed first");
        assert_eq!(all.json["next"], json!(null));
        let first = get(bench, "/api/v1/orders?limit=2", &key);
        assert_eq!(first.column("number"), ["536414", "536370"]);
        let next = first.json["next"].as_str().unwrap();
        let second = get(bench, &format!("/api/v1/orders?limit=2&cursor={next}"), &key);
        assert_eq!((second.column("number"), &second.json["next"]), (vec!["536365"], &json!(null)));

        let numbers = |query: &str| {
            let answer = get(bench, &format!("/api/v1/orders?{query}"), &key);
            answer.column("number").iter().map(|number| (*number).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(numbers("search=12583"), ["536370"]);
        assert_eq!(numbers("search=archer"), ["536365"]);
        assert_eq!(numbers("status=cancelled"), [""; 0]);
        bench.now.fetch_add(DAY_MS, Ordering::SeqCst);
        assert_eq!(cancel(bench, "536370", &key, "*", "a", REASON).status, StatusCode::OK);
        assert_eq!(numbers("status=cancelled"), ["536370"]);
        assert_eq!(numbers("updated_after=2011-03-13T07:06:40Z"), ["536370"], "later, not at the same moment");
        assert_eq!(
            numbers("updated_after=2011-03-13T07:06:39Z").last().unwrap(),
            "536370",
            "the last changed comes last"
        );
        assert_eq!(numbers("updated_after=2011-03-13T09:06:39%2B02:00").len(), 3, "any offset");
    });
}

#[test]
fn one_order_is_told_whole_and_not_again_while_it_is_the_same() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let post = bench.pair("PACK 1").who.station_id.to_string();
        let store = bench.central.store();
        let before = get(bench, "/api/v1/orders/536365", &key);
        assert_eq!(before.json["lines"][0]["unit_price"], json!({ "minor": 255, "currency": "GBP" }));
        assert_eq!(before.json["placed_at"], "2010-12-01T08:26:00Z");
        assert_eq!(before.json["ship_to"]["city"], "Leeds");
        assert_eq!(
            [&before.json["status"], &before.json["payment_status"], &before.json["fulfillment_status"]],
            ["placed", before.json["payment_status"].as_str().unwrap(), "unfulfilled"]
        );
        let tag = before.header("etag").to_owned();
        assert!(tag.starts_with(&format!("\"{}-", before.json["version"])), "{tag}");
        let again = |tag: &str| ask(bench, "GET", "/api/v1/orders/536365", &key, &[("if-none-match", tag)], "").status;
        assert_eq!(again(&tag), StatusCode::NOT_MODIFIED);
        assert_eq!(again(&format!("\"x\", W/{tag}")), StatusCode::NOT_MODIFIED);
        assert_eq!(again("\"x\""), StatusCode::OK);
        store
            .write_blocking(Actor::Job("test"), move |work| {
                let row = work.one(
                    "SELECT f.id, l.line_no, l.product FROM fulfillments f JOIN orders o ON o.id = f.order_id \
                     JOIN order_lines l ON l.order_id = o.id AND l.line_no = 1 WHERE o.number = '536365'",
                    vals![],
                )?;
                let row = row.unwrap();
                let (id, line, product): (String, i64, String) = (row.at(0)?, row.at(1)?, row.at(2)?);
                work.exec(
                    "INSERT INTO parcels (fulfillment, no, site, weight_g, sscc, tracking, station, updated_ms) \
                     VALUES ($1, 1, $2, 1200, '095212340000000015', 'TR 1', $3, 0)",
                    vals![&id, work.site(), &post],
                )?;
                work.exec(
                    "INSERT INTO parcel_items (fulfillment, parcel, line_no, product, quantity, expiry) \
                     VALUES ($1, 1, $2, $3, 4, '2026-05-31')",
                    vals![&id, line, &product],
                )
            })
            .unwrap();
        let after = get(bench, "/api/v1/orders/536365", &key);
        assert_eq!(after.json["parcels"][0]["sscc"], "095212340000000015");
        assert_eq!(after.json["parcels"][0]["tracking"], "TR 1");
        let item = json!({ "line_no": 1, "quantity": 4, "lot": null, "expiry": "2026-05-31" });
        assert_eq!(after.json["parcels"][0]["items"], json!([item]));
        assert_eq!(after.json["version"], before.json["version"], "the order itself did not change");
        assert_eq!(again(&tag), StatusCode::OK, "but what is told of it did");
    });
}

#[test]
fn personal_data_is_for_keys_that_may_see_it() {
    on_each_engine(|bench| {
        seed(bench);
        exec(bench, "UPDATE orders SET note = 'ring at Archer' WHERE number = '536365'");
        let (plain, full) = (key(bench, &[Permission::OrderView]), master(bench));
        for path in ["/api/v1/orders", "/api/v1/orders/536365"] {
            assert!(get(bench, path, &full).json.to_string().contains("Archer"), "{path}");
            let told = get(bench, path, &plain).json.to_string();
            assert!(!told.contains("Archer") && !told.contains("Mill Lane") && told.contains("17850"), "{told}");
        }
        assert_eq!(get(bench, "/api/v1/orders?search=archer", &plain).json["items"], json!([]), "a name finds nothing");
        assert_eq!(get(bench, "/api/v1/orders?search=17850", &plain).column("number"), ["536365"]);
    });
}

#[test]
fn an_order_is_called_off_by_who_saw_it_as_it_is() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let tag = get(bench, "/api/v1/orders/536365", &key).header("etag").to_owned();
        let refused = |answer: &Answer, status: u16, code: &str| {
            assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.json);
        };
        refused(&cancel(bench, "536365", &key, "", "a", REASON), 428, "precondition_required");
        refused(&cancel(bench, "536365", &key, "\"99-x\"", "a", REASON), 412, "version_conflict");
        refused(&cancel(bench, "536365", &key, "\"x\"", "a", REASON), 412, "version_conflict");
        refused(&cancel(bench, "536365", &key, &tag, "", REASON), 400, "bad_request");
        refused(&cancel(bench, "536365", &key, &tag, "a", "{\"reason\": \"bored\"}"), 400, "bad_request");
        refused(&cancel(bench, "536365", &key, &tag, "a", "{\"reason\": \"other\", \"x\": 1}"), 400, "bad_request");
        refused(&cancel(bench, "000000", &key, &tag, "a", REASON), 404, "not_found");
        let path = "/api/v1/orders/536365/cancel";
        let bare = [("if-match", &*tag), ("idempotency-key", "a"), ("content-type", "text/plain")];
        refused(&ask(bench, "POST", path, &key, &bare, REASON), 415, "unsupported_media_type");
        let large = format!("{{\"reason\": \"{}\"}}", "x".repeat(300_000));
        refused(&cancel(bench, "536365", &key, &tag, "a", &large), 413, "too_large");
        assert_eq!((cancellations(bench), bench.int("SELECT COUNT(*) FROM idempotency")), (0, 0), "no refusal is kept");

        let done = cancel(bench, "536365", &key, &tag, "a", REASON);
        assert_eq!((done.status, &done.json["outcome"]), (StatusCode::OK, &json!("cancelled")));
        let now = get(bench, "/api/v1/orders/536365", &key);
        assert_eq!([&now.json["status"], &now.json["fulfillment_status"]], ["cancelled", "cancelled"]);
        assert_eq!(now.json["version"], done.json["version"]);
        assert_eq!(bench.text("SELECT actor_kind FROM audit WHERE kind = 'order.cancelled'"), "key");
        let again = cancel(bench, "536365", &key, "*", "b", REASON);
        assert_eq!((again.status, &again.json["outcome"]), (StatusCode::OK, &json!("already_cancelled")));

        exec(
            bench,
            "UPDATE fulfillments SET handed_over_ms = 1 WHERE order_id = (SELECT id FROM orders WHERE number = '536370')",
        );
        refused(&cancel(bench, "536370", &key, "*", "c", REASON), 409, "wrong_state");
    });
}

#[test]
fn the_same_request_has_its_effect_once_for_a_day() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let first = cancel(bench, "536365", &key, "*", "key-1", REASON);
        assert_eq!((first.status, first.header("idempotency-replayed")), (StatusCode::OK, ""));
        let again = cancel(bench, "536365", &key, "\"1-stale\"", "key-1", REASON);
        assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::OK, "true"));
        assert_eq!((again.json, cancellations(bench)), (first.json, 1), "the same answer, no second effect");
        for (number, body) in [("536365", "{\"reason\": \"fraud\"}"), ("536370", REASON)] {
            let other = cancel(bench, number, &key, "*", "key-1", body);
            assert_eq!((other.status.as_u16(), other.code()), (422, "key_reused"), "{number}");
        }
        let else_where = cancel(bench, "536370", &master(bench), "*", "key-1", REASON);
        assert_eq!(else_where.json["outcome"], "cancelled", "another caller's name for another request");
        bench.now.fetch_add(DAY_MS + 1, Ordering::SeqCst);
        let late = cancel(bench, "536365", &key, "*", "key-1", REASON);
        assert_eq!((late.header("idempotency-replayed"), &late.json["outcome"]), ("", &json!("already_cancelled")));
        assert_eq!(bench.int("SELECT COUNT(*) FROM idempotency"), 2);
    });
}

fn cancel_request(key: &str) -> axum::http::Request<axum::body::Body> {
    let headers = [("content-type", "application/json"), ("if-match", "*"), ("idempotency-key", "same")];
    request("POST", "/api/v1/orders/536365/cancel", key, &headers, REASON)
}

#[test]
fn a_second_sender_is_told_that_the_first_is_being_worked_on() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        get(bench, "/api/v1/orders", &key);
        let (began, wait_begun) = mpsc::sync_channel(1);
        let (release, wait_release) = mpsc::sync_channel::<()>(1);
        let store = bench.central.store().clone();
        // Somebody holds the site's lock, so that the first request is still under way when the second comes.
        let holder = std::thread::Builder::new().name("test-holder".to_owned()).spawn(move || {
            store.write_blocking(Actor::Job("test"), move |_| {
                began.send(()).unwrap();
                wait_release.recv_timeout(Duration::from_secs(30)).unwrap();
                Ok(())
            })
        });
        wait_begun.recv_timeout(Duration::from_secs(30)).unwrap();
        bench.runtime.block_on(async {
            let mut one = std::pin::pin!(bench.router().oneshot(cancel_request(&key)));
            let mut two = std::pin::pin!(bench.router().oneshot(cancel_request(&key)));
            let (early, first_left) = tokio::select! {
                answer = &mut one => (answer.unwrap().status(), false),
                answer = &mut two => (answer.unwrap().status(), true),
            };
            assert_eq!(early, StatusCode::CONFLICT);
            release.send(()).unwrap();
            let late = if first_left { one.await } else { two.await };
            assert_eq!(late.unwrap().status(), StatusCode::OK);
        });
        holder.unwrap().join().unwrap().unwrap();
        assert_eq!(cancellations(bench), 1);
        let after = cancel(bench, "536365", &key, "*", "same", REASON);
        assert_eq!(after.header("idempotency-replayed"), "true");
    });
}

#[test]
fn sixteen_senders_at_once_have_one_effect() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let statuses = bench.runtime.block_on(async {
            let all = (0..16).map(|_| bench.router().oneshot(cancel_request(&key)));
            let all = join_all(all).await.into_iter().map(|answer| answer.unwrap());
            all.map(|answer| (answer.status(), answer.headers().contains_key("idempotency-replayed")))
                .collect::<Vec<_>>()
        });
        let fresh = statuses.iter().filter(|answer| **answer == (StatusCode::OK, false)).count();
        assert_eq!((fresh, cancellations(bench)), (1, 1), "{statuses:?}");
        let known = |(status, replayed): &(StatusCode, bool)| {
            *status == StatusCode::OK || (*status == StatusCode::CONFLICT && !replayed)
        };
        assert!(statuses.iter().all(known), "{statuses:?}");
    });
}

#[test]
fn the_server_forgets_answers_of_yesterday_by_itself() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        cancel(bench, "536365", &key, "*", "old", REASON);
        bench.now.fetch_add(DAY_MS + 1, Ordering::SeqCst);
        cancel(bench, "536370", &key, "*", "new", REASON);
        let deadline = Instant::now() + Duration::from_secs(20);
        let store = bench.central.store().clone();
        let stop = async move {
            let old = "SELECT COUNT(*) FROM idempotency WHERE idem_key = 'old'";
            while store.read(move |tx| Ok(tx.int(old, &[])?)).await.unwrap() > 0 && Instant::now() < deadline {
                tokio::task::yield_now().await;
            }
        };
        bench.runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            bench.central.serve(listener, stop).await.unwrap();
        });
        assert_eq!(bench.text("SELECT idem_key FROM idempotency"), "new");
    });
}
