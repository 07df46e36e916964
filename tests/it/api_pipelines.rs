//! Pipelines over the API, on both engines: what a key reads of them, and moving an order once, by the version that was seen, with
//! refusals that programs can act on.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

fn go(bench: &Bench, key: &str, (if_match, idempotency): (&str, &str), body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", if_match), ("idempotency-key", idempotency)];
    ask(bench, "POST", "/api/v1/orders/536365/stage", key, &headers, &body.to_string())
}

#[test]
fn a_program_reads_pipelines_and_where_an_order_is() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let all = get(bench, "/api/v1/pipelines", &key);
        assert_eq!((all.status, all.json["items"][0]["code"].as_str()), (StatusCode::OK, Some("warehouse")));
        let stages = all.json["items"][0]["stages"].as_array().unwrap();
        assert_eq!((stages[6]["code"].as_str(), &stages[6]["needs"]), (Some("shipped"), &json!(["parcel"])));
        let here = get(bench, "/api/v1/orders/536365/stage", &key);
        assert_eq!((here.json["stage"].as_str(), here.json["calls"].as_i64()), (Some("new"), Some(0)));
        let tag = here.header("etag").to_owned();
        let again = ask(bench, "GET", "/api/v1/orders/536365/stage", &key, &[("if-none-match", &tag)], "");
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(get(bench, "/api/v1/orders/none/stage", &key).status, StatusCode::NOT_FOUND);
        let blind = crate::api_kit::key(bench, &[Permission::StockView]);
        assert_eq!(get(bench, "/api/v1/pipelines", &blind).status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_program_sets_what_stages_do_by_themselves() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let edit = |key: &str, (if_match, name): (&str, &str), body: Value| {
            let headers = [("content-type", "application/json"), ("if-match", if_match), ("idempotency-key", name)];
            ask(bench, "PATCH", "/api/v1/pipelines/warehouse", key, &headers, &body.to_string())
        };
        let refund = json!([{ "code": "refund", "mail": "delivered" }]);
        let wish = json!({ "stages": [
            { "code": "returns", "mail": "free", "sub_statuses": refund }, { "code": "hold", "remind_after_min": 60 },
        ] });
        let clerk = key(bench, &[Permission::OrderUpdate, Permission::OrderView]);
        assert_eq!(edit(&clerk, ("*", "a"), wish.clone()).status, StatusCode::FORBIDDEN);
        let done = edit(&master, ("\"1\"", "b"), wish.clone());
        assert_eq!((done.status, &done.json), (StatusCode::OK, &json!({ "code": "warehouse", "version": 3 })));
        assert_eq!(edit(&master, ("\"1\"", "b"), wish.clone()).header("idempotency-replayed"), "true");
        assert_eq!(edit(&master, ("\"1\"", "c"), wish).status, StatusCode::PRECONDITION_FAILED);
        let read = get(bench, "/api/v1/pipelines", &master);
        let stages = read.json["items"][0]["stages"].as_array().unwrap();
        let of = |code: &str| stages.iter().find(|stage| stage["code"] == code).unwrap();
        assert_eq!(
            (&of("returns")["mail"], &of("returns")["sub_statuses"][2]["mail"]),
            (&json!("free"), &json!("delivered"))
        );
        assert_eq!((&of("hold")["remind_after_min"], &of("hold")["mail"]), (&json!(60), &Value::Null));
        let none = json!({ "stages": [{ "code": "returns", "mail": null }] });
        assert_eq!(edit(&master, ("*", "d"), none).status, StatusCode::OK);
        let read = get(bench, "/api/v1/pipelines", &master);
        assert!(read.json["items"][0]["stages"][9]["mail"].is_null());
        assert_eq!(read.json["items"][0]["stages"][9]["sub_statuses"][2]["mail"], "delivered", "what is absent stays");
        for (name, body, pointer) in [
            ("e", json!({ "stages": [{ "code": "moon" }] }), "/stages/0/code"),
            ("f", json!({ "stages": [{ "code": "new" }, { "code": "new" }] }), "/stages/1/code"),
            ("g", json!({ "stages": [{ "code": "new", "remind_after_min": -1 }] }), "/stages/0/remind_after_min"),
            (
                "h",
                json!({ "stages": [{ "code": "new", "sub_statuses": [{ "code": "x" }] }] }),
                "/stages/0/sub_statuses",
            ),
            (
                "j",
                json!({ "stages": [{ "code": "returns", "sub_statuses": [{ "code": "x" }] }] }),
                "/stages/0/sub_statuses/0/code",
            ),
            ("i", json!({ "stages": [] }), "/stages"),
        ] {
            let refused = edit(&master, ("*", name), body);
            let told = (refused.status, refused.json["fields"][0]["pointer"].as_str());
            assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, Some(pointer)));
        }
    });
}

#[test]
fn an_order_is_moved_once_and_a_refusal_names_what_is_missing() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let tag = get(bench, "/api/v1/orders/536365/stage", &master).header("etag").to_owned();
        let wish = json!({ "stage": "production", "note": "wooden box" });
        let headers = [("content-type", "application/json"), ("idempotency-key", "none")];
        let unseen = ask(bench, "POST", "/api/v1/orders/536365/stage", &master, &headers, &wish.to_string());
        assert_eq!(unseen.status, StatusCode::PRECONDITION_REQUIRED);
        let moved = go(bench, &master, (&tag, "a"), &wish);
        assert_eq!(
            (moved.status, moved.json["stage"].as_str(), moved.json["version"].as_i64()),
            (StatusCode::OK, Some("production"), Some(2))
        );
        let replayed = go(bench, &master, (&tag, "a"), &wish);
        assert_eq!((replayed.status, replayed.header("idempotency-replayed")), (StatusCode::OK, "true"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM stage_moves"), 1, "once");
        assert_eq!(go(bench, &master, (&tag, "b"), &wish).status, StatusCode::PRECONDITION_FAILED);
        let refused = |name: &str, body: Value| go(bench, &master, ("*", name), &body);
        let parcel = refused("c", json!({ "stage": "shipped" }));
        assert_eq!((parcel.status, parcel.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
        assert_eq!(parcel.json["fields"][0], json!({ "pointer": "/parcel", "code": "needs" }));
        let bench_only = refused("d", json!({ "stage": "packed" }));
        assert_eq!(
            (bench_only.status, bench_only.json["fields"][0]["code"].as_str()),
            (StatusCode::CONFLICT, Some("by_work"))
        );
        let nowhere = refused("e", json!({ "stage": "moon" }));
        assert_eq!(nowhere.json["fields"][0]["pointer"], "/stage");
        assert_eq!(
            refused("f", json!({ "pipeline": "moon", "stage": "new" })).json["fields"][0]["pointer"],
            "/pipeline"
        );
        assert_eq!(
            refused("g", json!({ "stage": "new", "sub_status": "x" })).json["fields"][0]["pointer"],
            "/sub_status"
        );
        let never = json!({ "stage": "delivered", "delivery": { "at": "soon" } });
        assert_eq!(refused("h", never).json["fields"][0]["pointer"], "/delivery/at");
        let done = json!({ "stage": "delivered", "delivery": { "note": "signed" }, "sub_status": "received" });
        let clerk = key(bench, &[Permission::OrderUpdate, Permission::OrderView]);
        assert_eq!(go(bench, &clerk, ("*", "i"), &done).status, StatusCode::FORBIDDEN);
        let there = go(bench, &master, ("*", "j"), &done);
        assert_eq!((there.status, there.json["sub_status"].as_str()), (StatusCode::OK, Some("received")));
        let call = json!({ "stage": "new", "call": { "result": "answered" } });
        assert_eq!(go(bench, &clerk, ("*", "k"), &call).status, StatusCode::FORBIDDEN);
        assert_eq!(go(bench, &master, ("*", "l"), &call).json["calls"], 1);
        let plain = get(bench, "/api/v1/orders/536365/stage", &clerk);
        assert_eq!((&plain.json["note"], &plain.json["calls"]), (&Value::Null, &Value::Null));
    });
}
