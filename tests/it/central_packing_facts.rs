//! How a product may lie in a box and what it bears, on both engines: typed, sent, brought in by a list and taken out again, told to
//! every station, and asked of nobody.

use crate::api_kit::{get, master, seed};
use crate::api_stock_changes::post;
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::csrf_at;
use crate::console_sheets::{list, step, tried};
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::core::units::Grams;
use packbench::protocol::domain;
use packbench::protocol::wire::product::Handling;
use packbench::protocol::wire::{Change, ProductRecord, PullPage, Put, Role};
use serde_json::{Value, json};

/// The product as a station that is paired now pulls it.
fn pulled(bench: &Bench, sku: &str) -> ProductRecord {
    let post = bench.pair("PACK 9");
    let (_, page) = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token);
    let found = page.unwrap().changes.into_iter().find_map(|change| match change {
        Change::Product(Put::Upsert(record)) if record.sku == sku => Some(*record),
        _ => None,
    });
    found.expect("the product is told")
}

#[test]
fn what_a_program_says_reaches_every_station() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let facts = json!({ "name": "Lamp", "this_side_up": true, "bears_g": 0 });
        let made = post(bench, "/api/v1/products", &master, "a", &json!({ "sku": "LAMP", "facts": facts }));
        assert_eq!(made.status, StatusCode::CREATED);
        let heavy = json!({ "sku": "X", "facts": { "name": "X", "bears_g": 1_000_001 } });
        let refused = post(bench, "/api/v1/products", &master, "b", &heavy);
        assert_eq!(refused.json["fields"][0]["pointer"], "/facts/bears_g", "{:?}", refused.json);
        let shown = get(bench, "/api/v1/products/LAMP", &master);
        assert_eq!((&shown.json["this_side_up"], &shown.json["bears_g"]), (&json!(true), &json!(0)));
        let silent = get(bench, "/api/v1/products/71053", &master);
        assert_eq!((&silent.json["this_side_up"], &silent.json["bears_g"]), (&json!(false), &Value::Null));
        let record = pulled(bench, "LAMP");
        assert_eq!((record.handling.as_slice(), record.bears_g), (&[Handling::ThisSideUp][..], Some(0)));
        let product = domain::product(&record);
        assert!(product.facts.this_side_up && product.facts.bears_g == Some(Grams(0)));
    });
}

#[test]
fn the_page_of_a_product_sets_both_and_takes_them_away() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let version = || bench.int("SELECT version FROM products WHERE sku = '71053'");
        let save = |facts: &str| {
            let body = format!(
                "csrf={}&version={}&name=Lantern&battery=&{facts}",
                csrf_at(bench, "/board", &cookie),
                version()
            );
            form(bench, "/products/71053", &cookie, body)
        };
        assert_eq!(save("this-side-up=1&bears=1500").0, StatusCode::SEE_OTHER);
        let body = page(bench, "/products/71053", &cookie).2;
        assert!(body.contains("This side up") && body.contains("value=\"1500\""), "{body}");
        assert!(body.contains("this side up, what it bears") || body.contains("what it bears"), "the history: {body}");
        let record = pulled(bench, "71053");
        assert_eq!((record.handling.contains(&Handling::ThisSideUp), record.bears_g), (true, Some(1_500)));
        let (status, _, said) = save("bears=1000001");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said.contains("What it bears is 0 to 1,000,000 grams"), "{said}");
        assert_eq!(save("").0, StatusCode::SEE_OTHER);
        let none = "SELECT COUNT(*) FROM products WHERE sku = '71053' AND this_side_up = 0 AND bears_g IS NULL";
        assert_eq!(bench.int(none), 1);
    });
}

#[test]
fn a_list_brings_both_in_and_leaves_what_it_does_not_say() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let text = "SKU;this_side_up;bears_g\n85123A;yes;0\n71053;;2500\n22728;perhaps;\n22139;no;lots\n";
        let at = list(bench, &cookie, "products", text.as_bytes());
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("2 of 4 good, 2 not taken"), "{shown}");
        assert!(shown.contains("is neither yes nor no") && shown.contains("is no number of this form"), "{shown}");
        step(bench, &cookie, &at, "run", "");
        let one = "SELECT COUNT(*) FROM products WHERE sku = '85123A' AND this_side_up = 1 AND bears_g = 0";
        let two = "SELECT COUNT(*) FROM products WHERE sku = '71053' AND this_side_up = 0 AND bears_g = 2500";
        assert_eq!((bench.int(one), bench.int(two)), (1, 1));
        // A list that says nothing of it changes nothing of it.
        let at = list(bench, &cookie, "products", b"SKU;Category\n85123A;Lamps\n");
        tried(bench, &cookie, &at);
        step(bench, &cookie, &at, "run", "");
        assert_eq!(bench.int(one), 1);
    });
}
