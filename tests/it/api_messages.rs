//! Mail to customers by key, on both engines: listing it, sending a template once, the customer's link, and scopes.

use crate::api_kit::{ask, get, key, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use crate::mail_kit::order;
use axum::http::StatusCode;
use packbench::central::services::access::Permission;
use serde_json::json;

fn send(bench: &Bench, key: &str, number: &str, name: &str, body: &str) -> crate::api_kit::Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", name)];
    ask(bench, "POST", &format!("/api/v1/orders/{number}/messages"), key, &headers, body)
}

#[test]
fn a_template_is_sent_once_and_listed_with_what_became_of_it() {
    on_each_engine(|bench| {
        seed(bench);
        let made = order(bench);
        let all = master(bench);
        let path = format!("/api/v1/orders/{}/messages", made.number);
        let listed = get(bench, &path, &all);
        assert_eq!(listed.column("kind"), ["confirmed"]);
        let first = &listed.json["items"][0];
        assert_eq!((&first["state"], &first["to"]), (&json!("queued"), &json!("buyer@example.com")));
        assert_eq!(first["next_try_at"], json!("2011-03-13T07:08:40Z"));

        let queued = send(bench, &all, &made.number, "a", "{\"template\": \"payment_reminder\", \"language\": \"ms\"}");
        assert_eq!(queued.status, StatusCode::ACCEPTED, "{}", queued.json);
        let replayed =
            send(bench, &all, &made.number, "a", "{\"template\": \"payment_reminder\", \"language\": \"ms\"}");
        assert_eq!((replayed.header("idempotency-replayed"), &replayed.json), ("true", &queued.json));
        let listed = get(bench, &path, &all);
        assert_eq!(listed.column("kind"), ["payment_reminder", "confirmed"]);
        assert_eq!(listed.column("language"), ["ms", "en"]);
        let page = get(bench, &format!("{path}?limit=1"), &all);
        let next = page.json["next"].as_str().unwrap();
        assert_eq!(get(bench, &format!("{path}?limit=1&cursor={next}"), &all).column("kind"), ["confirmed"]);
        assert_eq!(get(bench, &format!("{path}?cursor=nonsense"), &all).status, StatusCode::UNPROCESSABLE_ENTITY);

        assert_eq!(send(bench, &all, &made.number, "b", "{\"template\": \"free\"}").status, StatusCode::BAD_REQUEST);
        assert_eq!(send(bench, &all, "NO-SUCH", "c", "{\"template\": \"shipped\"}").status, StatusCode::NOT_FOUND);
        let nobody = send(bench, &all, "536365", "d", "{\"template\": \"shipped\"}");
        assert_eq!((nobody.status, nobody.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));

        let blind = key(bench, &[Permission::MessageView]);
        let listed = get(bench, &path, &blind);
        assert_eq!(listed.json["items"][0]["to"], json!(null), "no person for a key that may see none");
        assert_eq!(send(bench, &blind, &made.number, "e", "{\"template\": \"shipped\"}").status, StatusCode::FORBIDDEN);
        let other = key(bench, &[Permission::OrderView]);
        assert_eq!(get(bench, &path, &other).status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn the_customers_link_is_read_and_renewed() {
    on_each_engine(|bench| {
        seed(bench);
        let (made, all) = (order(bench), master(bench));
        let path = format!("/api/v1/orders/{}/customer-link", made.number);
        let first = get(bench, &path, &all);
        let url = first.json["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:8470/track/"), "{url}");
        assert_eq!(get(bench, "/api/v1/orders/536365/customer-link", &all).json["url"], json!(null));
        let renew = |name: &str| ask(bench, "POST", &path, &all, &[("idempotency-key", name)], "");
        let renewed = renew("a");
        assert_ne!(renewed.json["url"], json!(url));
        assert_eq!(renew("a").json, renewed.json, "once for a request");
        assert_eq!(get(bench, &path, &all).json, renewed.json);
        let mail = key(bench, &[Permission::MessageView, Permission::MessageSend]);
        assert_eq!(get(bench, &path, &mail).status, StatusCode::FORBIDDEN, "it leads to a name and an address");
        assert_eq!(ask(bench, "POST", &path, &mail, &[("idempotency-key", "c")], "").status, StatusCode::FORBIDDEN);
        let view = key(bench, &[Permission::MessageView, Permission::PersonView]);
        assert_eq!(get(bench, &path, &view).status, StatusCode::OK);
        assert_eq!(ask(bench, "POST", &path, &view, &[("idempotency-key", "b")], "").status, StatusCode::FORBIDDEN);
        assert_eq!(get(bench, "/api/v1/orders/NO-SUCH/customer-link", &all).status, StatusCode::NOT_FOUND);
    });
}
