//! `GET /api/v1/changes` on both engines: each change comes, in order, and none is missed by who comes back.

use crate::api_kit::{cancel, get, judge, master, request, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::body::Body;
use axum::http::StatusCode;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt as _;

const REASON: &str = "{\"reason\": \"customer_asked\"}";

/// An event: its id and its data.
type Event = (String, Value);

async fn open(bench: &Bench, path: &str, key: &str, last: Option<&str>) -> Body {
    let headers: Vec<(&str, &str)> = last.map(|id| ("last-event-id", id)).into_iter().collect();
    let response = bench.router().oneshot(request("GET", path, key, &headers, "")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body()
}

/// The next `count` events; fails if they do not come.
async fn events(body: &mut Body, count: usize) -> Vec<Event> {
    let mut found = Vec::new();
    let mut text = String::new();
    while found.len() < count {
        let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await.expect("an event in time");
        text.push_str(std::str::from_utf8(frame.unwrap().unwrap().data_ref().unwrap()).unwrap());
        while let Some((event, rest)) = text.split_once("\n\n").map(|(event, rest)| (event.to_owned(), rest.to_owned()))
        {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            if let (Some(id), Some(data)) = (field("id:"), field("data:")) {
                assert_eq!(field("event:"), Some("order.changed"));
                found.push((id.to_owned(), serde_json::from_str(data).unwrap()));
            }
            text = rest;
        }
    }
    assert_eq!(found.len(), count);
    found
}

#[test]
fn changes_come_as_they_happen_and_none_is_missed_in_between() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let all = bench.runtime.block_on(async {
            let mut body = open(bench, "/api/v1/changes?from=start", &key, None).await;
            events(&mut body, 3).await
        });
        for (_, data) in &all {
            let faults = crate::api_kit::faults(bench, &json!({ "$ref": "#/components/schemas/OrderChanged" }), data);
            assert!(faults.is_empty(), "{faults:?}");
        }
        let mut numbers: Vec<&str> = all.iter().map(|(_, data)| data["number"].as_str().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, ["536365", "536370", "536414"]);

        // While nobody listens.
        let last = all.last().unwrap().0.clone();
        cancel(bench, "536365", &key, "*", "a", REASON);
        cancel(bench, "536370", &key, "*", "b", REASON);
        let router = bench.router();
        bench.runtime.block_on(async {
            let mut body = open(bench, "/api/v1/changes", &key, Some(&last)).await;
            let missed = events(&mut body, 2).await;
            assert_eq!((&missed[0].1["number"], &missed[1].1["number"]), (&json!("536365"), &json!("536370")));
            assert_eq!(missed[0].1["status"], "cancelled");
            // And while somebody does.
            let headers = [("content-type", "application/json"), ("if-match", "*"), ("idempotency-key", "c")];
            let asked = request("POST", "/api/v1/orders/536414/cancel", &key, &headers, REASON);
            let (answer, live) = tokio::join!(router.oneshot(asked), events(&mut body, 1));
            assert_eq!(answer.unwrap().status(), StatusCode::OK);
            assert_eq!(live[0].1["number"], "536414");
            let mut late = open(bench, "/api/v1/changes", &key, Some(&live[0].0)).await;
            assert!(
                tokio::time::timeout(Duration::from_millis(50), late.frame()).await.is_err(),
                "nothing is told twice"
            );
        });
    });
}

#[test]
fn a_cursor_of_another_database_is_refused() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        for cursor in ["x", "x.1", "00000000-0000-0000-0000-000000000000.1"] {
            let headers = [("last-event-id", cursor)];
            let (status, headers, body) = bench.send(request("GET", "/api/v1/changes", &key, &headers, ""));
            let answer = judge(bench, "GET", "/api/v1/changes", status, &headers, &body);
            assert_eq!((answer.status, answer.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"), "{cursor}");
        }
        assert_eq!(get(bench, "/api/v1/changes?from=never", &key).status, StatusCode::BAD_REQUEST);
    });
}
