//! News of orders while people look, on both engines: one stream tells which orders changed, the frame counts what is new, and there
//! is a bound on how many listen.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::{create, furnished, line, typed};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use packbench::central::actor::Actor;
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::table::act::{Action, act};
use packbench::protocol::wire::Role;
use std::time::Duration;
use tower::ServiceExt as _;

/// A bound on waiting for what must come.
const WAIT: Duration = Duration::from_secs(20);

async fn listen(bench: &Bench, cookie: &str) -> (StatusCode, Body) {
    let request = Request::get("/live").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let response = bench.router().oneshot(request).await.unwrap();
    (response.status(), response.into_body())
}

/// The next event that names the order.
async fn told(body: &mut Body, order: &str) -> String {
    let read = async {
        loop {
            let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
            let text = String::from_utf8(frame.to_vec()).unwrap();
            if text.contains(order) {
                return text;
            }
        }
    };
    tokio::time::timeout(WAIT, read).await.unwrap()
}

#[test]
fn who_listens_is_told_which_orders_changed_and_when_they_were_placed() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let id = bench.text("SELECT id FROM orders WHERE number = '536365'");
        bench.runtime.block_on(async {
            let (_, mut first) = listen(bench, &cookie).await;
            let (_, mut second) = listen(bench, &cookie).await;
            // The reader begins with the first listener; until it has, a change may fall before it.
            let store = bench.central.store().clone();
            let order = id.clone();
            let writer = tokio::spawn(async move {
                for action in [Action::Hold, Action::LetGo].into_iter().cycle().take(400) {
                    let order = order.clone();
                    store.write(Actor::Job("test"), move |work| act(work, &order, action)).await.unwrap();
                    tokio::task::yield_now().await;
                }
            });
            for body in [&mut first, &mut second] {
                let text = told(body, &id).await;
                assert!(text.starts_with("event: changed\ndata: {\"orders\":[["), "{text}");
                assert!(text.contains("1291191960000") && !text.contains("17850"), "{text}");
            }
            writer.abort();
        });
    });
}

#[test]
fn every_page_counts_what_came_since_one_looked() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let counted = |path: &str| {
            let body = page(bench, path, &cookie).2;
            body.split("data-count=\"").nth(1).unwrap().split('"').next().unwrap().parse::<i64>().unwrap()
        };
        assert_eq!(counted("/stations"), 3);
        assert_eq!((counted("/orders?tab=all"), counted("/stations")), (3, 0), "looked at");
        bench.now.fetch_add(60_000, std::sync::atomic::Ordering::SeqCst);
        let made = create(bench, &typed(DeskKind::B2b, vec![line("22728", 1)])).unwrap();
        assert_eq!((counted("/stations"), counted("/exceptions")), (1, 1));
        let rows = page(bench, &format!("/orders/rows?id={}", made.id), &cookie).2;
        assert!(rows.contains("class=\"new\"") && counted("/stations") == 1, "rows by themselves are no look");
    });
}

#[test]
fn there_is_a_bound_on_how_many_listen() {
    on_each_engine(|bench| {
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        bench.runtime.block_on(async {
            let mut open = Vec::new();
            let refused = loop {
                let (status, body) = listen(bench, &cookie).await;
                if status != StatusCode::OK {
                    break status;
                }
                open.push(body);
                assert!(open.len() <= 1_200, "no bound");
            };
            assert_eq!((refused, open.len()), (StatusCode::SERVICE_UNAVAILABLE, 1_200));
            open.pop();
            assert_eq!(listen(bench, &cookie).await.0, StatusCode::OK, "one who goes makes room");
        });
    });
}
