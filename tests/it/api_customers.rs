//! `/api/v1/customers/{number}` on both engines.

use crate::api_kit::{ask, get, key, seed};
use crate::central_kit::on_each_engine;
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::json;

#[test]
fn a_customer_is_told_to_who_may_see_personal_data() {
    on_each_engine(|bench| {
        seed(bench);
        let key = key(bench, &[Permission::PersonView]);
        let answer = get(bench, "/api/v1/customers/17850", &key);
        assert_eq!((&answer.json["name"], &answer.json["orders"]), (&json!("Alice Archer"), &json!(1)));
        assert_eq!(answer.json["address"]["lines"], json!(["1 Mill Lane"]));
        assert_eq!(answer.json["first_order_at"], "2010-12-01T08:26:00Z");
        let tag = answer.header("etag");
        let again = ask(bench, "GET", "/api/v1/customers/17850", &key, &[("if-none-match", tag)], "");
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        let bare = get(bench, "/api/v1/customers/12583", &key);
        assert_eq!((&bare.json["name"], &bare.json["address"]), (&json!(null), &json!(null)), "nobody has told");
        assert_eq!(get(bench, "/api/v1/customers/1", &key).status, StatusCode::NOT_FOUND);
    });
}
