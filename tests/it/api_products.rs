//! `/api/v1/products` on both engines.

use crate::api_kit::{ask, get, master, seed};
use crate::central_kit::on_each_engine;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::products::{self, ProductFacts};
use serde_json::json;
use std::sync::atomic::Ordering;

#[test]
fn products_come_by_code_and_by_what_changed() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let mut path = "/api/v1/products?limit=2".to_owned();
        let mut seen: Vec<String> = Vec::new();
        loop {
            let page = get(bench, &path, &key);
            seen.extend(page.column("sku").iter().map(|sku| (*sku).to_owned()));
            let Some(next) = page.json["next"].as_str() else { break };
            path = format!("/api/v1/products?limit=2&cursor={next}");
        }
        let all = get(bench, "/api/v1/products", &key);
        assert_eq!(seen, all.column("sku"));
        assert!(seen.len() >= 5 && seen.is_sorted(), "{seen:?}");
        assert_eq!(get(bench, "/api/v1/products?search=LANTERN", &key).column("sku"), ["71053"]);
        assert_eq!(get(bench, "/api/v1/products?search=%25", &key).json["items"], json!([]), "no pattern");

        bench.now.fetch_add(1_000, Ordering::SeqCst);
        let fact = ProductFacts { sku: "71053".to_owned(), fragile: Some(true), ..ProductFacts::default() };
        let facts = [fact];
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| products::set_facts(work, &facts))
            .unwrap();
        let changed = get(bench, "/api/v1/products?updated_after=2011-03-13T07:06:40Z", &key);
        assert_eq!(changed.column("sku"), ["71053"]);
        assert_eq!(changed.json["items"][0]["fragile"], true);
    });
}

#[test]
fn one_product_has_its_facts_and_its_tag() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let answer = get(bench, "/api/v1/products/85123A", &key);
        let facts = &answer.json;
        assert_eq!(facts["barcodes"], json!([{ "code": "85123A", "units": 1 }]));
        assert_eq!(facts["size_mm"], json!({ "length": 100, "width": 100, "height": 50 }));
        assert_eq!(
            (&facts["weight_g"], &facts["kind"], &facts["origin"]),
            (&json!(200), &json!("goods"), &json!(null))
        );
        let tag = answer.header("etag");
        let again = ask(bench, "GET", "/api/v1/products/85123A", &key, &[("if-none-match", tag)], "");
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert_eq!(get(bench, "/api/v1/products/POST", &key).json["kind"], "service");
    });
}
