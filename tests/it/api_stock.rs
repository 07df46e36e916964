//! `/api/v1/stock` on both engines.

use crate::api_kit::{get, master, seed};
use crate::central_kit::on_each_engine;
use serde_json::json;

#[test]
fn stock_is_told_by_product_and_place_with_what_is_promised() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let all = get(bench, "/api/v1/stock", &key);
        assert_eq!(all.column("sku"), ["21777", "22139", "22728", "71053", "85123A"]);
        let level = &all.json["items"][2];
        assert_eq!(
            (&level["location"], &level["quantity"], &level["promised"]),
            (&json!("A-01-1"), &json!(100), &json!(0))
        );
        assert_eq!((&level["lot"], &level["condition"], &level["held"]), (&json!(null), &json!("good"), &json!(false)));
        assert_eq!(bench.pair("PACK 1").leases(bench, 50).granted.len(), 3);
        let leased = get(bench, "/api/v1/stock?sku=22728", &key);
        assert_eq!(leased.column("sku"), ["22728"]);
        assert_eq!(leased.json["items"][0]["promised"], 24, "the lease is the allocation");
        assert_eq!(get(bench, "/api/v1/stock?location=A-01-1", &key).column("sku").len(), 4);
        assert_eq!(get(bench, "/api/v1/stock?location=A-02-1", &key).json["items"], json!([]));
        assert_eq!(get(bench, "/api/v1/stock?sku=none", &key).json["items"], json!([]));
        let first = get(bench, "/api/v1/stock?limit=3", &key);
        let next = first.json["next"].as_str().unwrap();
        let second = get(bench, &format!("/api/v1/stock?limit=3&cursor={next}"), &key);
        assert_eq!((second.column("sku"), &second.json["next"]), (vec!["71053", "85123A"], &json!(null)));
    });
}
