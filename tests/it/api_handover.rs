//! `/api/v1/manifests`, `/api/v1/parcels/tracking` and deliveries on both engines: parcels are handed over by programs, each with its own
//! result, and every refusal is named.

use crate::api_kit::{ask, cancel, get, key, master};
use crate::api_stock_changes::post;
use crate::central_kit::on_each_engine;
use crate::handover_flow::{ready, sql};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

#[test]
fn a_program_hands_parcels_over_and_each_has_its_own_result() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        let master = master(bench);
        let unknown = post(bench, "/api/v1/manifests", &master, "m0", &json!({ "carrier": "nobody" }));
        assert_eq!(unknown.json["fields"][0]["pointer"], "/carrier", "{}", unknown.json);
        let opened = post(bench, "/api/v1/manifests", &master, "m1", &json!({ "carrier": "house" }));
        assert_eq!((opened.status, opened.header("location")), (StatusCode::CREATED, "/api/v1/manifests/H000001"));
        let again = post(bench, "/api/v1/manifests", &master, "m2", &json!({ "carrier": "house" }));
        assert_eq!((&again.json["number"], &again.json["new"]), (&json!("H000001"), &json!(false)));
        let at = "/api/v1/manifests/H000001";
        let parcels = json!({ "parcels": [
            { "parcel": packed.sscc, "tracking": "1Z-7" }, { "parcel": made.number }, { "parcel": "536370" }, { "parcel": "?" },
        ]});
        let added = post(bench, &format!("{at}/parcels"), &master, "m3", &parcels);
        let column = |name: &str| -> Vec<Value> {
            added.json["results"].as_array().unwrap().iter().map(|one| one[name].clone()).collect()
        };
        assert_eq!(column("outcome"), ["added", "already_there", "refused", "refused"]);
        assert_eq!(column("reason"), [Value::Null, Value::Null, json!("not_packed"), json!("unknown")]);
        assert_eq!(added.json["refused"], 2);
        let replay = post(bench, &format!("{at}/parcels"), &master, "m3", &parcels);
        assert_eq!(replay.header("idempotency-replayed"), "true");
        let none = post(bench, &format!("{at}/parcels"), &master, "m4", &json!({ "parcels": [] }));
        assert_eq!(none.json["fields"][0]["pointer"], "/parcels");
        let shown = get(bench, at, &master);
        assert_eq!((&shown.json["state"], &shown.json["parcels"][0]["tracking"]), (&json!("open"), &json!("1Z-7")));
        let off = post(bench, &format!("{at}/remove"), &master, "m5", &json!({ "parcels": ["1Z-7", "nothing"] }));
        assert_eq!(off.json["removed"], json!(["1Z-7"]));
        assert_eq!(post(bench, &format!("{at}/close"), &master, "m6", &json!({})).code(), "wrong_state", "it is empty");
        post(bench, &format!("{at}/parcels"), &master, "m7", &json!({ "parcels": [{ "parcel": "1Z-7" }] }));

        sql(bench, "UPDATE orders SET flag_fraud = 1 WHERE number = 'M000001'");
        let stopped = post(bench, &format!("{at}/close"), &master, "m8", &json!({}));
        assert_eq!(stopped.code(), "wrong_state");
        assert!(stopped.json["detail"].as_str().unwrap().contains("1Z-7 (order_on_hold)"), "{}", stopped.json);
        sql(bench, "UPDATE orders SET flag_fraud = 0 WHERE number = 'M000001'");
        let closed = post(bench, &format!("{at}/close"), &master, "m9", &json!({ "driver": "J. Smith" }));
        assert_eq!(
            (&closed.json["state"], &closed.json["parcel_count"]),
            (&json!("closed"), &json!(1)),
            "{}",
            closed.json
        );
        assert_eq!(post(bench, &format!("{at}/close"), &master, "m10", &json!({})).code(), "wrong_state");
        let order = get(bench, &format!("/api/v1/orders/{}", made.number), &master);
        let parcel = &order.json["parcels"][0];
        assert_eq!((&order.json["fulfillment_status"], &parcel["manifest"]), (&json!("shipped"), &json!("H000001")));
        assert!(parcel["handed_over_at"].is_string() && parcel["delivered_at"].is_null());
        assert_eq!(get(bench, "/api/v1/manifests?state=closed&carrier=house", &master).column("number"), ["H000001"]);
        assert_eq!(get(bench, "/api/v1/manifests?state=open", &master).column("number"), [""; 0]);
        assert_eq!(get(bench, "/api/v1/manifests/NONE", &master).status, StatusCode::NOT_FOUND);
        assert_eq!(get(bench, at, &master).json["driver"], "J. Smith");
        let dock = key(bench, &[Permission::ParcelHandover]);
        assert_eq!(get(bench, at, &dock).json["driver"], Value::Null, "no person without person.view");
        let reader = key(bench, &[Permission::OrderView]);
        assert_eq!(get(bench, at, &reader).status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn carriers_programs_tell_numbers_and_deliveries_and_a_late_cancellation_leaves_a_question() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        let master = master(bench);
        let body = json!({ "parcels": [
            { "parcel": packed.sscc, "tracking": "1Z-7", "tracking_url": "https://track.example/1Z-7" }, { "parcel": "nothing" },
        ]});
        let set = post(bench, "/api/v1/parcels/tracking", &master, "t1", &body);
        assert_eq!(
            (&set.json["results"][0]["done"], &set.json["results"][1]["reason"]),
            (&json!(true), &json!("unknown"))
        );
        let wrong = json!({ "parcels": [{ "parcel": "1Z-7" }, { "parcel": "1Z-7", "tracking_url": "https://" }] });
        let wrong = post(bench, "/api/v1/parcels/tracking", &master, "t2", &wrong);
        assert_eq!(wrong.json["fields"][0]["pointer"], "/parcels/1/tracking_url", "{}", wrong.json);
        let at = format!("/api/v1/orders/{}", made.number);
        let told = |name: &str, body: Value| post(bench, &format!("{at}/delivered"), &master, name, &body);
        assert_eq!(told("d1", json!({})).code(), "wrong_state", "nothing left");
        post(bench, "/api/v1/manifests", &master, "m1", &json!({ "carrier": "house" }));
        post(bench, "/api/v1/manifests/H000001/parcels", &master, "m2", &json!({ "parcels": [{ "parcel": "1Z-7" }] }));
        post(bench, "/api/v1/manifests/H000001/close", &master, "m3", &json!({}));

        let late = cancel(bench, &made.number, &master, "*", "c1", "{\"reason\": \"customer_asked\"}");
        assert_eq!((late.status, late.code()), (StatusCode::CONFLICT, "wrong_state"));
        assert_eq!(late.header("content-type"), "application/problem+json");
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'shipped_after_cancel'"), 1);
        let many = json!({ "action": "cancel", "orders": [{ "number": made.number }] });
        let many = post(bench, "/api/v1/orders/bulk", &master, "c2", &many);
        assert_eq!(
            (&many.json["refused"], &many.json["results"][0]["problem"]["code"]),
            (&json!(1), &json!("wrong_state"))
        );

        assert_eq!(told("d2", json!({ "at": "yesterday" })).json["fields"][0]["pointer"], "/at");
        assert_eq!(told("d3", json!({ "at": "2035-01-01T00:00:00Z" })).json["fields"][0]["pointer"], "/at");
        let done = told("d4", json!({ "at": "2011-03-13T07:06:40Z", "note": "signed" }));
        assert_eq!(done.json["fulfillment_status"], "delivered", "{}", done.json);
        assert_eq!(told("d5", json!({})).code(), "wrong_state", "once");
        let order = get(bench, &at, &master);
        assert_eq!(order.json["parcels"][0]["delivered_at"], "2011-03-13T07:06:40Z");
        assert_eq!(order.json["parcels"][0]["tracking_url"], "https://track.example/1Z-7");
        assert_eq!(order.json["lines"][0]["delivered"], order.json["lines"][0]["quantity"]);
        let reader = key(bench, &[Permission::OrderView, Permission::OrderUpdate]);
        let headers = [("content-type", "application/json"), ("idempotency-key", "d6")];
        assert_eq!(
            ask(bench, "POST", &format!("{at}/delivered"), &reader, &headers, "{}").status,
            StatusCode::FORBIDDEN
        );
    });
}
