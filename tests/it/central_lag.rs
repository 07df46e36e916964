//! How far a bench is behind, as the console shows it: told with push and pull, growing while the bench is not heard.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, Post, on_each_engine};
use axum::http::StatusCode;
use packbench::protocol::wire::{Backlog, PullPage, PushAnswer, PushRequest, Role};
use std::sync::atomic::Ordering;

const MINUTE_MS: i64 = 60_000;

fn push(bench: &Bench, post: &Post, backlog: Option<Backlog>) {
    let (station_id, epoch) = (post.who.station_id, post.who.epoch);
    let request = PushRequest { protocol: 1, station_id, epoch, events: vec![post.note()], backlog };
    let (status, _) = bench.post::<_, PushAnswer>("/api/v1/sync/push", &post.who.token, &request);
    assert_eq!(status, StatusCode::OK);
}

fn pull(bench: &Bench, post: &Post, more: &str) -> StatusCode {
    bench.get::<PullPage>(&format!("/api/v1/sync/pull?protocol=1&limit=500{more}"), &post.who.token).0
}

#[test]
fn the_age_of_the_oldest_unsent_fact_is_shown_grows_and_goes() {
    on_each_engine(|bench| {
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        let post = bench.pair("PACK 1");
        let shown = || page(bench, "/stations", &cookie).2.replace('\u{a0}', " ");
        assert!(!shown().contains("unsent,") && !shown().contains("all sent"), "an old bench that never told");
        assert_eq!(pull(bench, &post, ""), StatusCode::OK);
        assert!(!shown().contains("all sent"), "a pull of an older bench tells nothing");
        push(bench, &post, Some(Backlog { events: 7, oldest_age_ms: 2 * 60_000 }));
        let text = shown();
        assert!(text.contains("7 unsent, oldest 2:00") && !text.contains("st w\">"), "{text}");
        bench.now.fetch_add(10 * MINUTE_MS, Ordering::SeqCst);
        let text = shown();
        let (mark, _) = text.split_once("7 unsent, oldest 12 min").expect("it grows while nothing is heard");
        assert!(mark.ends_with("</svg>"), "a shape beside the words: {text}");
        assert_eq!(pull(bench, &post, "&waiting=7&waiting_ms=780000"), StatusCode::OK);
        assert!(shown().contains("7 unsent, oldest 13 min"));
        assert_eq!(pull(bench, &post, "&waiting=0&waiting_ms=0"), StatusCode::OK);
        let text = shown();
        assert!(text.contains("all sent") && !text.contains("unsent,"), "{text}");
        assert_eq!(pull(bench, &post, "&waiting=many"), StatusCode::BAD_REQUEST);
    });
}
