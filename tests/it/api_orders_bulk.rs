//! `/api/v1/orders/bulk` on both engines: each order has its own result, once for a request, and only what the key may.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

fn bulk(bench: &Bench, key: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    ask(bench, "POST", "/api/v1/orders/bulk", key, &headers, &body.to_string())
}

fn outcomes(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json);
    answer.json["results"].as_array().unwrap().iter().map(|result| result["outcome"].as_str().unwrap()).collect()
}

fn orders(numbers: &[&str]) -> Value {
    numbers.iter().map(|number| json!({ "number": number })).collect()
}

#[test]
fn each_order_has_its_own_result_and_the_whole_happens_once() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let body = json!({ "action": "cancel", "reason": "fraud", "orders": [
            { "number": "536365", "version": 1 }, { "number": "NONE" }, { "number": "536370", "version": 99 }, { "number": "536365" },
        ] });
        let done = bulk(bench, &key, "a", &body);
        assert_eq!(outcomes(&done), ["done", "refused", "refused", "already"]);
        let codes: Vec<&Value> = (0..4).map(|n| &done.json["results"][n]["problem"]["code"]).collect();
        assert_eq!(codes, [&Value::Null, &json!("not_found"), &json!("version_conflict"), &Value::Null]);
        assert_eq!((&done.json["refused"], &done.json["results"][0]["version"]), (&json!(2), &json!(2)));
        assert_eq!(bulk(bench, &key, "a", &body).header("idempotency-replayed"), "true");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.cancelled'"), 1);
        assert_eq!(bench.text("SELECT cancel_reason FROM orders WHERE number = '536365'"), "fraud");
        assert_eq!(get(bench, "/api/v1/orders/536370", &key).json["status"], "placed");
    });
}

#[test]
fn held_orders_are_kept_from_the_benches_until_they_are_let_go() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let all = orders(&["536365", "536370"]);
        let held = bulk(bench, &key, "a", &json!({ "action": "hold", "orders": all }));
        assert_eq!(outcomes(&held), ["done", "done"]);
        let state =
            |number: &str| get(bench, &format!("/api/v1/orders/{number}"), &key).json["parts"][0]["state"].clone();
        assert_eq!((state("536365"), state("536414")), (json!("blocked"), json!("released")));
        let mut post = bench.pair("PACK 1");
        assert_eq!(post.leases(bench, 50).granted.len(), 1, "only what is not held");
        assert_eq!(
            outcomes(&bulk(bench, &key, "b", &json!({ "action": "hold", "orders": all }))),
            ["refused", "refused"]
        );
        let go = bulk(bench, &key, "c", &json!({ "action": "let_go", "orders": orders(&["536365", "536414"]) }));
        assert_eq!(outcomes(&go), ["done", "refused"]);
        assert_eq!((state("536365"), state("536370")), (json!("released"), json!("blocked")));
        assert_eq!(
            outcomes(&bulk(bench, &key, "d", &json!({ "action": "hold", "orders": orders(&["536414"]) }))),
            ["recalled"]
        );
        assert_eq!(
            outcomes(&bulk(bench, &key, "e", &json!({ "action": "cancel", "orders": orders(&["536370"]) }))),
            ["done"]
        );
        let over = bulk(bench, &key, "f", &json!({ "action": "hold", "orders": orders(&["536370"]) }));
        assert_eq!(over.json["results"][0]["problem"]["code"], "wrong_state");
    });
}

#[test]
fn rush_orders_go_first_and_back_in_turn() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let ranks = |bench: &Bench| {
            bench.int(
                "SELECT f.sort_priority FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = '536414'",
            )
        };
        let one = orders(&["536414"]);
        assert_eq!(outcomes(&bulk(bench, &key, "a", &json!({ "action": "expedite", "orders": one }))), ["done"]);
        assert_eq!(ranks(bench), -2);
        assert_eq!(outcomes(&bulk(bench, &key, "b", &json!({ "action": "in_turn", "orders": one }))), ["done"]);
        assert_eq!(ranks(bench), 0);
    });
}

#[test]
fn an_action_needs_its_own_scope_and_its_bounds_hold() {
    on_each_engine(|bench| {
        seed(bench);
        let one = orders(&["536365"]);
        let updater = key(bench, &[Permission::OrderUpdate]);
        assert_eq!(
            bulk(bench, &updater, "a", &json!({ "action": "cancel", "orders": one })).status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(
            bulk(bench, &updater, "a", &json!({ "action": "expedite", "orders": one })).status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(outcomes(&bulk(bench, &updater, "a", &json!({ "action": "hold", "orders": one }))), ["done"]);
        let many: Vec<String> = (0..501).map(|n| format!("N{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for wrong in [orders(&[]), orders(&many), json!([{ "number": "" }]), json!([{ "number": "1", "version": 0 }])] {
            let refused = bulk(bench, &updater, "b", &json!({ "action": "hold", "orders": wrong }));
            assert_eq!((refused.status, refused.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
        }
        let most = bulk(bench, &updater, "c", &json!({ "action": "hold", "orders": orders(&many[..500]) }));
        assert_eq!(most.json["refused"], 500);
    });
}
