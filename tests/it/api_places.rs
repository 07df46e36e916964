//! `/api/v1/places` on both engines: programs add, change and take away places, each once, as they were seen, and every refusal is named.

use crate::api_kit::{ask, get, key, master, seed};
use crate::api_stock_changes::post;
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use packbench::protocol::wire::{Change, PullPage};
use serde_json::{Value, json};

fn patch(bench: &Bench, code: &str, secret: &str, seen: &str, name: &str, body: &Value) -> crate::api_kit::Answer {
    let headers = [("content-type", "application/json"), ("if-match", seen), ("idempotency-key", name)];
    ask(bench, "PATCH", &format!("/api/v1/places/{code}"), secret, &headers, &body.to_string())
}

fn remove(bench: &Bench, code: &str, secret: &str, seen: &str, name: &str) -> crate::api_kit::Answer {
    let headers = [("if-match", seen), ("idempotency-key", name)];
    ask(bench, "POST", &format!("/api/v1/places/{code}/remove"), secret, &headers, "")
}

#[test]
fn a_place_is_added_changed_as_it_was_seen_and_taken_away_once_it_is_empty() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let facts = json!({ "aisle": "C", "bay": 7, "level": 2, "side": "right", "x_mm": 12_000, "y_mm": 9_000 });
        let new = json!({ "code": "C/07-2", "facts": facts });
        let added = post(bench, "/api/v1/places", &master, "p1", &new);
        assert_eq!((added.status, added.header("location")), (StatusCode::CREATED, "/api/v1/places/C%2F07-2"));
        assert_eq!(post(bench, "/api/v1/places", &master, "p1", &new).header("idempotency-replayed"), "true");
        assert_eq!(post(bench, "/api/v1/places", &master, "p2", &new).status.as_u16() / 100, 4, "its code is taken");
        let shown = get(bench, "/api/v1/places/C%2F07-2", &master);
        assert_eq!(
            (&shown.json["kind"], &shown.json["side"], &shown.json["zone"]),
            (&json!("bin"), &json!("right"), &json!(null))
        );
        let tag = shown.header("etag").to_owned();
        let changed =
            patch(bench, "C%2F07-2", &master, &tag, "p3", &json!({ "zone": "cold", "bay": null, "walk_rank": 12 }));
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.json);
        let late = patch(bench, "C%2F07-2", &master, &tag, "p4", &json!({ "zone": "dry" }));
        assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.json);
        let shown = get(bench, "/api/v1/places/C%2F07-2", &master).json;
        assert_eq!(
            (&shown["zone"], &shown["bay"], &shown["level"], &shown["walk_rank"]),
            (&json!("cold"), &json!(null), &json!(2), &json!(12))
        );
        for (body, pointer) in [
            (json!({ "x_mm": -1 }), "/x_mm"),
            (json!({ "zone": "z".repeat(41) }), "/zone"),
            (json!({ "level": 100 }), "/bay"),
            (json!({ "bay": 0 }), "/bay"),
        ] {
            let wrong = patch(bench, "C%2F07-2", &master, "*", &format!("w{body}").replace(['"', ' '], ""), &body);
            assert_eq!(wrong.json["fields"][0]["pointer"], pointer, "{}", wrong.json);
        }
        let wrong = post(bench, "/api/v1/places", &master, "p5", &json!({ "code": "ZZPB1", "facts": {} }));
        assert_eq!(wrong.json["fields"][0]["pointer"], "/code", "{}", wrong.json);

        let full = remove(bench, "A-01-1", &master, "*", "p6");
        assert_eq!((full.status, full.code()), (StatusCode::CONFLICT, "wrong_state"), "{}", full.json);
        let own = patch(bench, "A-01-1", &master, "*", "p7", &json!({ "kind": "dock" }));
        assert_eq!(own.code(), "wrong_state", "while things lie in it");
        assert_eq!(remove(bench, "C%2F07-2", &master, "*", "p8").status, StatusCode::OK);
        assert_eq!(get(bench, "/api/v1/places/C%2F07-2", &master).status, StatusCode::NOT_FOUND);
        let bins = get(bench, "/api/v1/places?kind=bin&limit=200", &master);
        let codes = bins.column("code");
        assert!(codes.contains(&"A-01-1") && !codes.contains(&"C/07-2"), "{codes:?}");
        let page = get(bench, "/api/v1/places?limit=1", &master);
        let next =
            get(bench, &format!("/api/v1/places?limit=1&cursor={}", page.json["next"].as_str().unwrap()), &master);
        assert_ne!(page.column("code"), next.column("code"));

        let told = bench.pair("PACK 1");
        let pulled = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &told.who.token).1.unwrap();
        assert!(
            pulled.changes.iter().any(|change| matches!(change, Change::Location(_))),
            "benches are told of places"
        );
    });
}

#[test]
fn a_key_without_the_scope_reads_and_changes_nothing() {
    on_each_engine(|bench| {
        seed(bench);
        let reader = key(bench, &[Permission::StockView]);
        assert_eq!(get(bench, "/api/v1/places/A-01-1", &reader).status, StatusCode::OK);
        let new = json!({ "code": "X", "facts": {} });
        assert_eq!(post(bench, "/api/v1/places", &reader, "r1", &new).status, StatusCode::FORBIDDEN);
        assert_eq!(patch(bench, "A-01-1", &reader, "*", "r2", &json!({})).status, StatusCode::FORBIDDEN);
        assert_eq!(remove(bench, "A-01-1", &reader, "*", "r3").status, StatusCode::FORBIDDEN);
        let writer = key(bench, &[Permission::PlaceUpdate]);
        assert_eq!(get(bench, "/api/v1/places", &writer).status, StatusCode::FORBIDDEN);
        assert_eq!(patch(bench, "NONE", &writer, "*", "r4", &json!({})).status, StatusCode::NOT_FOUND);
    });
}
