//! Stations at the console, on both engines: a lead makes a code for one and disconnects one that is gone; nobody else does.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, SMALL, on_each_engine};
use crate::console_kit::{csrf_at, sent, to};
use axum::http::StatusCode;
use packbench::protocol::wire::{LeaseAnswer, PairingAnswer, Role};

/// The status of a station's question for work.
fn asks(bench: &Bench, post: &mut crate::central_kit::Post) -> StatusCode {
    let request = post.lease_request(1);
    bench.post::<_, LeaseAnswer>("/api/v1/sync/leases", &post.who.token, &request).0
}

#[test]
fn a_station_is_disconnected_after_a_second_press_and_its_work_is_free() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        let mut post = bench.pair("PACK 3");
        assert!(!post.leases(bench, 5).granted.is_empty(), "nothing to lease");
        let code = bench.code("PACK 3");
        assert!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1") > 0);
        let at = format!("/stations/{}/revoke", post.who.station_id);
        assert!(page(bench, "/stations", &cookie).2.contains(&at), "no way to it");
        let asked = page(bench, &at, &cookie);
        assert!(asked.0 == StatusCode::OK && asked.2.contains("Disconnect PACK 3?"), "{}", asked.2);
        assert_eq!(asks(bench, &mut post), StatusCode::OK, "asking changes nothing");

        assert_eq!(form(bench, &at, &cookie, "csrf=0".to_owned()).0, StatusCode::FORBIDDEN);
        let csrf = csrf_at(bench, "/stations", &cookie);
        let (status, headers, _) = form(bench, &at, &cookie, sent(&[("csrf", &csrf)]));
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/stations"));
        assert_eq!(asks(bench, &mut post), StatusCode::UNAUTHORIZED, "the token holds still");
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1"), 0);
        assert_eq!(bench.int("SELECT COUNT(*) FROM number_blocks WHERE burnt = 0"), 0, "numbers of the machine");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'station.revoked'"), 1);
        let old = serde_json::json!({ "protocol": 1, "code": code, "machine_name": "b", "software": "test" });
        assert_ne!(bench.post::<_, PairingAnswer>("/api/v1/pairing", "", &old).0, StatusCode::OK, "a code of before");
        assert!(page(bench, "/stations", &cookie).2.contains("disconnected"));
        assert_eq!(page(bench, &at, &cookie).0, StatusCode::NOT_FOUND, "once");
        assert_eq!(form(bench, &at, &cookie, sent(&[("csrf", &csrf)])).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'station.revoked'"), 1);
        let mut again = bench.pair("PACK 3");
        assert_eq!(again.who.station_id, post.who.station_id, "its place stays");
        assert_eq!(asks(bench, &mut again), StatusCode::OK);
    });
}

#[test]
fn a_code_is_made_by_who_may_manage_stations_and_by_nobody_else() {
    on_each_engine(|bench| {
        user(bench, "lead", Role::Lead, "en");
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "lead");
        let csrf = csrf_at(bench, "/stations", &cookie);
        let (status, _, said) = form(bench, "/stations/code", &cookie, sent(&[("csrf", &csrf), ("name", "PACK 9")]));
        assert_eq!(status, StatusCode::OK, "{said}");
        let code = said.split("Code ").nth(1).unwrap().split(',').next().unwrap();
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let body = serde_json::json!({ "protocol": 1, "code": code, "machine_name": "b", "software": "test" });
        let paired = bench.post::<_, PairingAnswer>("/api/v1/pairing", "", &body).1.unwrap();
        assert_eq!(paired.station_name, "PACK 9");
        let (status, _, _) = form(bench, "/stations/code", &cookie, sent(&[("csrf", &csrf), ("name", " ")]));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);

        let desk = log_in(bench, "desk");
        let shown = page(bench, "/stations", &desk).2;
        assert!(shown.contains("PACK 9") && !shown.contains("/revoke") && !shown.contains("/stations/code"), "{shown}");
        let csrf = csrf_at(bench, "/orders", &desk);
        let at = format!("/stations/{}/revoke", paired.station_id);
        assert_eq!(page(bench, &at, &desk).0, StatusCode::FORBIDDEN);
        for (path, name) in [(at.as_str(), ""), ("/stations/code", "PACK 10")] {
            let (status, _, _) = form(bench, path, &desk, sent(&[("csrf", &csrf), ("name", name)]));
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM stations WHERE token_hash IS NOT NULL"), 1);
    });
}
