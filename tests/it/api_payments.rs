//! Payments over the API, on both engines: entered once, the axis follows the ledger, no more goes back than came, and who saw another
//! order enters nothing.

use crate::api_kit::{Answer, ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/orders/536365/payments";

fn enter(bench: &Bench, key: &str, (if_match, name): (&str, &str), body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", if_match), ("idempotency-key", name)];
    ask(bench, "POST", PATH, key, &headers, &body.to_string())
}

fn line(kind: &str, minor: i64) -> Value {
    json!({ "kind": kind, "method": "card", "amount": { "minor": minor, "currency": "GBP" } })
}

fn status(answer: &Answer) -> (StatusCode, &str) {
    (answer.status, answer.json["payment_status"].as_str().unwrap_or_default())
}

#[test]
fn a_program_enters_payments_once_and_the_axis_follows() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let before = get(bench, PATH, &key);
        let total = before.json["total"]["minor"].as_i64().unwrap();
        assert_eq!((before.status, before.json["items"].as_array().unwrap().len()), (StatusCode::OK, 0));
        let tag = before.header("etag").to_owned();
        assert_eq!(ask(bench, "GET", PATH, &key, &[("if-none-match", &tag)], "").status, StatusCode::NOT_MODIFIED);
        let created = StatusCode::CREATED;
        assert_eq!(status(&enter(bench, &key, (&tag, "a"), &line("authorization", total))), (created, "authorized"));
        let replayed = enter(bench, &key, (&tag, "a"), &line("authorization", total));
        assert_eq!((status(&replayed).1, replayed.header("idempotency-replayed")), ("authorized", "true"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM payments"), 1, "once");
        let next = |name: &str, kind: &str, minor: i64| enter(bench, &key, ("*", name), &line(kind, minor));
        assert_eq!(status(&next("b", "void", total)), (created, "voided"));
        assert_eq!(status(&next("c", "failure", total)), (created, "voided"));
        assert_eq!(status(&next("d", "authorization", total)), (created, "authorized"), "another promise");
        assert_eq!(status(&next("e", "payment", total - 1)), (created, "partially_paid"));
        assert_eq!(status(&next("f", "payment", 1)), (created, "paid"));
        assert_eq!(status(&next("g", "payment", 1)), (created, "overcharged"));
        let back = next("h", "refund", 1);
        assert_eq!(
            (status(&back), back.json["paid"]["minor"].as_i64()),
            ((created, "partially_refunded"), Some(total))
        );
        assert_eq!(status(&next("i", "refund", total)), (created, "refunded"));
        let told = get(bench, PATH, &key);
        assert_eq!(told.column("kind").len(), 9);
        assert_eq!((told.column("kind")[0], told.column("method")[0]), ("refund", "card"));
        let order = get(bench, "/api/v1/orders/536365", &key);
        assert_eq!(
            (&order.json["payment_status"], &order.json["version"]),
            (&json!("refunded"), &told.json["version"])
        );
        let noted = "SELECT COUNT(*) FROM audit WHERE kind LIKE 'payment.%' AND actor_kind = 'key'";
        assert_eq!(bench.int(noted), 9);
    });
}

#[test]
fn no_more_goes_back_than_came_and_who_saw_another_order_enters_nothing() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let refused = |name: &str, body: &Value| {
            let answer = enter(bench, &master, ("*", name), body);
            (answer.status, answer.json["fields"][0]["pointer"].as_str().unwrap_or_default().to_owned())
        };
        let amount = "/amount/minor".to_owned();
        assert_eq!(refused("a", &line("refund", 1)), (unprocessable, amount.clone()));
        assert_eq!(refused("b", &line("void", 1)), (unprocessable, amount.clone()));
        assert_eq!(refused("c", &line("payment", 0)), (unprocessable, amount.clone()));
        assert_eq!(enter(bench, &master, ("*", "d"), &line("payment", 100)).status, StatusCode::CREATED);
        assert_eq!(refused("e", &line("refund", 101)), (unprocessable, amount.clone()));
        assert_eq!(enter(bench, &master, ("*", "f"), &line("authorization", 150)).status, StatusCode::CREATED);
        assert_eq!(refused("g", &line("void", 51)), (unprocessable, amount), "what came is no promise any longer");
        let mut yen = line("payment", 1);
        yen["amount"]["currency"] = json!("JPY");
        assert_eq!(refused("h", &yen).1, "/amount/currency");
        let mut long = line("payment", 1);
        long["reference"] = json!("x".repeat(101));
        assert_eq!(refused("i", &long).1, "/reference");
        assert_eq!(enter(bench, &master, ("*", "j"), &line("gift", 1)).status, StatusCode::BAD_REQUEST);
        assert_eq!(enter(bench, &master, ("\"1-\"", "k"), &line("payment", 1)).status, StatusCode::PRECONDITION_FAILED);
        let headers = [("content-type", "application/json"), ("idempotency-key", "l")];
        let unseen = ask(bench, "POST", PATH, &master, &headers, &line("payment", 1).to_string());
        assert_eq!(unseen.status, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(get(bench, "/api/v1/orders/none/payments", &master).status, StatusCode::NOT_FOUND);
        assert_eq!(bench.int("SELECT COUNT(*) FROM payments"), 2, "what was refused left nothing");

        let clerk = key(bench, &[Permission::OrderView, Permission::PaymentView]);
        assert_eq!(enter(bench, &clerk, ("*", "m"), &line("payment", 1)).status, StatusCode::FORBIDDEN);
        let mut named = line("payment", 1);
        named["reference"] = json!("from A. Buyer");
        assert_eq!(enter(bench, &master, ("*", "n"), &named).status, StatusCode::CREATED);
        assert_eq!(get(bench, PATH, &clerk).json["items"][0]["reference"], Value::Null, "it may name a person");
        assert_eq!(get(bench, PATH, &master).json["items"][0]["reference"], "from A. Buyer");
        let blind = key(bench, &[Permission::OrderView]);
        assert_eq!(get(bench, PATH, &blind).status, StatusCode::FORBIDDEN);
    });
}
