//! Orders made and changed by programs, on both engines: like those that are typed, once for a request, with every fault named by
//! its place.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::access::Permission;
use packbench::central::services::products::{self, Price};
use serde_json::{Value, json};

/// The seed, with prices.
fn priced(bench: &Bench) {
    seed(bench);
    let price = |sku: &str, minor| Price { sku: sku.to_owned(), price_minor: Some(minor), tax_rate_bp: 2_000 };
    let prices = [price("85123A", 333), price("71053", 339)];
    let store = bench.central.store();
    store.write_blocking(Actor::Job("test"), move |work| products::set_prices(work, &prices)).unwrap();
}

fn address() -> Value {
    json!({ "name": "Rosa Vidal", "lines": ["Calle Mayor 1"], "city": "Madrid", "postcode": "28013", "country": "ES" })
}

fn make(bench: &Bench, key: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    ask(bench, "POST", "/api/v1/orders", key, &headers, &body.to_string())
}

fn edit(bench: &Bench, key: &str, number: &str, tag: &str, name: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", tag), ("idempotency-key", name)];
    ask(bench, "PATCH", &format!("/api/v1/orders/{number}"), key, &headers, &body.to_string())
}

/// Places of the faults of a refusal.
fn places(answer: &Answer) -> Vec<&str> {
    assert_eq!((answer.status, answer.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"), "{}", answer.json);
    answer.json["fields"].as_array().unwrap().iter().map(|field| field["pointer"].as_str().unwrap()).collect()
}

#[test]
fn a_business_order_is_made_once_at_the_products_prices() {
    on_each_engine(|bench| {
        priced(bench);
        let key = master(bench);
        let body = json!({
            "kind": "b2b", "customer_number": "17850", "terms": "net30", "note": "Ring twice",
            "ship_by": "2011-03-20T10:00:00Z",
            "lines": [
                { "sku": "85123A", "quantity": 5, "unit_price": { "minor": 1, "currency": "GBP" } },
                { "sku": "71053", "quantity": 2, "tax_rate_bp": 0 },
            ],
            "payment": { "method": "bank_transfer", "amount": { "minor": 1000, "currency": "GBP" }, "reference": "AB 12" },
        });
        let made = make(bench, &key, "one", &body);
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.json);
        assert_eq!(made.json["total"], json!({ "minor": 5 * 333 + 333 + 2 * 339, "currency": "GBP" }));
        assert_eq!((&made.json["tax"]["minor"], &made.json["units"]), (&json!(333), &json!(7)));
        assert_eq!((&made.json["number"], &made.json["waits_for_stock"]), (&json!("M000001"), &json!(false)));
        assert_eq!(made.header("location"), "/api/v1/orders/M000001");
        let again = make(bench, &key, "one", &body);
        assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::CREATED, "true"));
        assert_eq!((&again.json, again.header("location")), (&made.json, "/api/v1/orders/M000001"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE source = 'api'"), 1);

        let read = get(bench, made.header("location"), &key).json;
        assert_eq!(
            (&read["ship_to"]["city"], &read["note"]),
            (&json!("Leeds"), &json!("Ring twice")),
            "the customer's own"
        );
        assert_eq!(
            (&read["ship_by"], &read["payment_status"]),
            (&json!("2011-03-20T10:00:00Z"), &json!("partially_paid"))
        );
        assert_eq!(read["lines"][0]["unit_price"]["minor"], 333, "a business pays the product's price");
        assert_eq!(
            read["parts"],
            json!([{ "part": 1, "state": "released",
            "lines": [{ "line_no": 1, "quantity": 5 }, { "line_no": 2, "quantity": 2 }] }])
        );
        let (kind, log) =
            ("SELECT actor_kind FROM audit WHERE kind = 'order.created'", "SELECT answer FROM idempotency");
        assert_eq!(bench.text(kind), "key");
        assert!(!bench.text(log).contains("Ring"), "what is kept holds no personal data");
    });
}

#[test]
fn a_person_s_order_has_prices_of_its_own_and_a_reason() {
    on_each_engine(|bench| {
        priced(bench);
        let key = master(bench);
        let mut body = json!({
            "kind": "b2c", "ship_to": address(), "remark": { "reason": "replacement", "text": "broken on arrival" },
            "lines": [{ "sku": "85123A", "quantity": 1, "unit_price": { "minor": 0, "currency": "GBP" } }],
            "shipping": { "carrier": "house", "service": "parcel" },
        });
        let made = make(bench, &key, "one", &body);
        assert_eq!((made.status, &made.json["total"]["minor"]), (StatusCode::CREATED, &json!(0)), "{}", made.json);
        let read = get(bench, made.header("location"), &key).json;
        assert_eq!((&read["customer_name"], &read["country"]), (&json!("Rosa Vidal"), &json!("ES")));
        assert_eq!(bench.text("SELECT remark FROM orders WHERE source = 'api'"), "replacement");
        body["remark"] = Value::Null;
        assert_eq!(places(&make(bench, &key, "two", &body)), ["/remark"]);
    });
}

#[test]
fn every_fault_is_told_with_its_place_and_nothing_is_made() {
    on_each_engine(|bench| {
        priced(bench);
        let key = master(bench);
        let mut to = address();
        to["country"] = json!("es");
        let body = json!({
            "kind": "b2b", "ship_to": to, "customer_number": "NOBODY", "ship_by": "tomorrow",
            "lines": [{ "sku": "85123A", "quantity": 1 }, { "sku": "71053", "quantity": 0 },
                { "sku": "71053", "quantity": 1, "unit_price": { "minor": 1, "currency": "EUR" } }],
        });
        let refused = make(bench, &key, "a", &body);
        let mut found = places(&refused);
        found.sort_unstable();
        let expected =
            ["/customer_number", "/lines/1/quantity", "/lines/2/unit_price/currency", "/ship_by", "/ship_to/country"];
        assert_eq!(found, expected, "{}", refused.json);
        let body = |lines: Value| json!({ "kind": "b2b", "ship_to": address(), "lines": lines });
        let line = |sku: &str, quantity: i64| json!({ "sku": sku, "quantity": quantity });
        let unknown = body(json!([line("85123A", 1), line("NO SUCH", 1), line("22139", 1)]));
        assert_eq!(places(&make(bench, &key, "a", &unknown)), ["/lines/1/sku", "/lines/2/unit_price"]);
        let short = make(bench, &key, "a", &body(json!([line("71053", 1), line("85123A", 9_999)])));
        assert_eq!(places(&short), ["/lines/1/quantity"]);
        assert_eq!(short.json["fields"][0]["code"], "short");
        assert_eq!(
            places(&make(bench, &key, "a", &json!({ "kind": "b2b", "lines": [line("71053", 1)] }))),
            ["/ship_to"]
        );
        let mut way = body(json!([line("71053", 1)]));
        way["shipping"] = json!({ "carrier": "house", "service": "balloon" });
        assert_eq!(places(&make(bench, &key, "a", &way)), ["/shipping"]);
        for wrong in [json!({ "kind": "b2b" }), json!([]), json!({ "kind": "b2b", "lines": [], "colour": 1 })] {
            assert_eq!(make(bench, &key, "a", &wrong).status, StatusCode::BAD_REQUEST, "{wrong}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE source = 'api'"), 0);
        let fine = make(bench, &key, "a", &body(json!([line("71053", 1)])));
        assert_eq!(fine.status, StatusCode::CREATED, "a refusal uses up no key");
        let waits = json!({ "kind": "b2b", "ship_to": address(), "lines": [line("85123A", 9_999)], "backorder": true });
        let waits = make(bench, &key, "b", &waits);
        assert_eq!(waits.json["waits_for_stock"], true);
        assert_eq!(get(bench, waits.header("location"), &key).json["parts"][0]["state"], "blocked");
    });
}

#[test]
fn who_may_make_and_pay_is_asked() {
    on_each_engine(|bench| {
        priced(bench);
        let body = json!({ "kind": "b2b", "ship_to": address(), "lines": [{ "sku": "71053", "quantity": 1 }] });
        let reader = key(bench, &[Permission::OrderView]);
        assert_eq!(make(bench, &reader, "a", &body).status, StatusCode::FORBIDDEN);
        let maker = key(bench, &[Permission::OrderCreate]);
        let mut paid = body.clone();
        paid["payment"] = json!({ "method": "cash", "amount": { "minor": 1, "currency": "GBP" } });
        assert_eq!(make(bench, &maker, "a", &paid).status, StatusCode::FORBIDDEN);
        assert_eq!(make(bench, &maker, "a", &body).status, StatusCode::CREATED);
        assert_eq!(edit(bench, &maker, "M000001", "*", "b", &json!({})).status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn an_order_is_changed_by_who_saw_it_and_until_it_is_begun() {
    on_each_engine(|bench| {
        priced(bench);
        let key = master(bench);
        let tag = get(bench, "/api/v1/orders/536365", &key).header("etag").to_owned();
        let none = edit(bench, &key, "536365", &tag, "0", &json!({}));
        assert_eq!((&none.json["outcome"], &none.json["version"]), (&json!("unchanged"), &json!(1)));
        let body = json!({ "note": "Gate 4", "ship_to": address(), "lines": [{ "line_no": 1, "quantity": 3 }],
            "add": [{ "sku": "71053", "quantity": 2 }] });
        let done = edit(bench, &key, "536365", &tag, "a", &body);
        assert_eq!((done.status, &done.json["outcome"]), (StatusCode::OK, &json!("changed")), "{}", done.json);
        let read = get(bench, "/api/v1/orders/536365", &key);
        assert_eq!(read.json["version"], done.json["version"]);
        assert_eq!((&read.json["note"], &read.json["ship_to"]["city"]), (&json!("Gate 4"), &json!("Madrid")));
        let lines = read.json["lines"].as_array().unwrap();
        assert_eq!((&lines[0]["quantity"], lines.len(), &lines[2]["sku"]), (&json!(3), 3, &json!("71053")));
        assert_eq!(edit(bench, &key, "536365", &tag, "b", &body).status, StatusCode::PRECONDITION_FAILED);
        let gone =
            edit(bench, &key, "536365", "*", "c", &json!({ "note": null, "lines": [{ "line_no": 1, "quantity": 0 }] }));
        assert_eq!(gone.status, StatusCode::OK, "{}", gone.json);
        let read = get(bench, "/api/v1/orders/536365", &key);
        assert_eq!((&read.json["note"], read.json["lines"].as_array().unwrap().len()), (&Value::Null, 2));

        let twice = json!({ "lines": [{ "line_no": 1, "quantity": 1 }, { "line_no": 2, "quantity": 1 },
            { "line_no": 2, "quantity": 1 }], "add": [{ "sku": "71053", "quantity": 0 }] });
        let expected = ["/lines/0/line_no", "/lines/2/line_no", "/add/0/quantity"];
        assert_eq!(places(&edit(bench, &key, "536365", "*", "d", &twice)), expected);
        let sku = json!({ "add": [{ "sku": "NO SUCH", "quantity": 1 }] });
        assert_eq!(places(&edit(bench, &key, "536365", "*", "e", &sku)), ["/add/0/sku"]);
        let store = bench.central.store();
        store
            .write_blocking(Actor::Job("test"), |work| {
                work.exec("UPDATE fulfillments SET lease_begun = 1, state = 'packing'", packbench::vals![])
            })
            .unwrap();
        let late = edit(bench, &key, "536365", "*", "f", &json!({ "note": "Gate 5" }));
        assert_eq!((late.status, late.code()), (StatusCode::CONFLICT, "wrong_state"));
        assert_eq!(edit(bench, &key, "NONE", "*", "g", &json!({})).status, StatusCode::NOT_FOUND);
    });
}
