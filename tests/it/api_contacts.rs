//! Reminders and calls by key, on both engines: set and noted once, listed without what is a person's for who may not see people.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

fn post(bench: &Bench, path: &str, key: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    ask(bench, "POST", path, key, &headers, &body.to_string())
}

#[test]
fn reminders_are_set_listed_and_done_by_key() {
    on_each_engine(|bench| {
        seed(bench);
        let path = "/api/v1/orders/536365/reminders";
        let master = master(bench);
        let new = json!({ "due": "2011-03-14T09:00:00Z", "note": "Ask A. Buyer for the colour" });
        let set = post(bench, path, &master, "a", &new);
        assert_eq!((set.status, set.json["due"].as_str()), (StatusCode::CREATED, Some("2011-03-14T09:00:00Z")));
        assert_eq!(post(bench, path, &master, "a", &new).header("idempotency-replayed"), "true");
        let listed = get(bench, path, &master);
        assert_eq!((listed.column("id").len(), listed.column("note")[0]), (1, "Ask A. Buyer for the colour"));
        assert_eq!(
            (&listed.json["items"][0]["by_stage"], &listed.json["items"][0]["done_at"]),
            (&json!(false), &Value::Null)
        );
        let clerk = key(bench, &[Permission::OrderView]);
        assert_eq!(get(bench, path, &clerk).json["items"][0]["note"], Value::Null);
        assert_eq!(post(bench, path, &clerk, "b", &new).status, StatusCode::FORBIDDEN);
        for (name, body, pointer) in [
            ("c", json!({ "due": "soon" }), "/due"),
            ("d", json!({ "due": "2999-01-01T00:00:00Z" }), "/due"),
            ("e", json!({ "due": "2011-03-14T09:00:00Z", "note": "n".repeat(201) }), "/note"),
        ] {
            let refused = post(bench, path, &master, name, &body);
            let told = (refused.status, refused.json["fields"][0]["pointer"].as_str());
            assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, Some(pointer)));
        }
        assert_eq!(post(bench, "/api/v1/orders/none/reminders", &master, "f", &new).status, StatusCode::NOT_FOUND);
        let done = format!("/api/v1/reminders/{}/done", set.json["id"].as_str().unwrap());
        let finish = |key: &str, name: &str| ask(bench, "POST", &done, key, &[("idempotency-key", name)], "");
        assert_eq!(finish(&clerk, "g").status, StatusCode::FORBIDDEN);
        assert_eq!(finish(&master, "h").status, StatusCode::OK);
        assert_eq!(finish(&master, "h").header("idempotency-replayed"), "true");
        assert_eq!(finish(&master, "i").status, StatusCode::NOT_FOUND);
        assert!(get(bench, path, &master).json["items"][0]["done_at"].is_string());
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind LIKE 'reminder.%' AND actor_kind = 'key'"), 2);
    });
}

#[test]
fn calls_are_noted_once_and_what_was_said_is_for_who_may_see_people() {
    on_each_engine(|bench| {
        seed(bench);
        let path = "/api/v1/orders/536365/calls";
        let master = master(bench);
        let call = json!({ "result": "answered", "note": "Alice wants it on Friday" });
        assert_eq!(post(bench, path, &master, "a", &call).status, StatusCode::CREATED);
        assert_eq!(post(bench, path, &master, "a", &call).header("idempotency-replayed"), "true");
        assert_eq!(post(bench, path, &master, "b", &json!({ "result": "busy" })).status, StatusCode::CREATED);
        let listed = get(bench, path, &master);
        assert_eq!(listed.json["items"].as_array().unwrap().len(), 2);
        let said = |answer: &Answer| {
            let items = answer.json["items"].as_array().unwrap().iter();
            items.filter(|item| item["result"] == "answered").map(|item| item["note"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(said(&listed), [json!("Alice wants it on Friday")]);
        let plain = key(bench, &[Permission::CallView]);
        assert_eq!(said(&get(bench, path, &plain)), [Value::Null]);
        assert_eq!(post(bench, path, &plain, "c", &call).status, StatusCode::FORBIDDEN);
        let adder = key(bench, &[Permission::CallAdd]);
        assert_eq!(get(bench, path, &adder).status, StatusCode::FORBIDDEN);
        assert_eq!(get(bench, "/api/v1/orders/536365/stage", &master).json["calls"], 2);
        let long = json!({ "result": "answered", "note": "n".repeat(1_001) });
        let refused = post(bench, path, &master, "d", &long);
        assert_eq!(
            (refused.status, &refused.json["fields"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("/note"))
        );
        assert_eq!(post(bench, path, &master, "e", &json!({ "result": "sang" })).status, StatusCode::BAD_REQUEST);
        assert_eq!(post(bench, "/api/v1/orders/none/calls", &master, "f", &call).status, StatusCode::NOT_FOUND);
    });
}
