//! Webhooks at the console, on both engines: making one, its secret shown once, a new secret, off and on, what was sent, and sending a
//! message again.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::on_each_engine;
use crate::console_kit::{csrf, to};
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::protocol::wire::Role;

#[test]
fn a_webhook_is_made_told_switched_off_and_removed() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        user(bench, "desk", Role::Office, "en");
        let (admin, desk) = (log_in(bench, "admin"), log_in(bench, "desk"));
        let csrf_of = csrf(bench, &admin);
        assert!(page(bench, "/webhooks", &admin).2.contains("Nobody is told yet"));
        let make = |fields: &str| form(bench, "/webhooks", &admin, format!("csrf={csrf_of}&{fields}"));
        let (status, _, shown) = make("url=http%3A%2F%2F10.0.0.1%2F&about=x&event=order.created");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.contains("must begin with https://"), "{shown}");
        assert_eq!(make("url=https%3A%2F%2Fexample.com%2Fhook&about=x").0, StatusCode::UNPROCESSABLE_ENTITY);
        let (status, _, shown) = make("url=https%3A%2F%2Fexample.com%2Fhook&about=the+shop&event=order.created");
        assert_eq!(status, StatusCode::OK);
        assert!(shown.contains("whsec_") && shown.contains("the shop"), "{shown}");
        assert!(!page(bench, "/webhooks", &admin).2.contains("whsec_"), "the secret is shown once");
        let id = bench.text("SELECT id FROM webhook_endpoints");
        let at = format!("/webhooks/{id}");
        let act = |act: &str| form(bench, &format!("{at}/{act}"), &admin, format!("csrf={csrf_of}"));
        let (status, headers, _) = act("test");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, at.as_str()));
        let log = page(bench, &at, &admin).2;
        assert!(log.contains("webhook.test") && log.contains("Waits"), "{log}");
        let delivery = bench.text("SELECT id FROM webhook_deliveries");
        let set = |work: &mut packbench::central::store::work::Work<'_>| {
            work.exec("UPDATE webhook_deliveries SET state = 'failed', attempts = 10", &[])?;
            work.exec(
                "INSERT INTO webhook_attempts (delivery, no, at_ms, took_ms, status, fault) \
                 SELECT id, 10, created_ms, 7, 500, NULL FROM webhook_deliveries",
                &[],
            )
        };
        bench.central.store().write_blocking(packbench::central::actor::Actor::Job("test"), set).unwrap();
        let log = page(bench, &at, &admin).2;
        assert!(log.contains("Given up") && log.contains("<b>500</b>"), "{log}");
        let again = |delivery: &str| {
            form(bench, &format!("{at}/deliveries/{delivery}/again"), &admin, format!("csrf={csrf_of}")).0
        };
        assert_eq!(again(&delivery), StatusCode::SEE_OTHER);
        assert_eq!(bench.text("SELECT state FROM webhook_deliveries"), "waiting");
        assert_eq!(again("nonsense"), StatusCode::NOT_FOUND);
        let (status, _, shown) = act("rotate");
        assert!(status == StatusCode::OK && shown.contains("whsec_") && shown.contains("signs too until"), "{shown}");
        assert_eq!(act("off").0, StatusCode::SEE_OTHER);
        assert!(page(bench, &at, &admin).2.contains("Switch on"));
        assert_eq!(again(&delivery), StatusCode::CONFLICT, "nothing is told to one that is off");
        assert_eq!(act("on").0, StatusCode::SEE_OTHER);
        assert_eq!(act("nonsense").0, StatusCode::NOT_FOUND);
        assert_eq!(
            form(bench, &format!("{at}/remove"), &desk, format!("csrf={}", csrf(bench, &desk))).0,
            StatusCode::FORBIDDEN
        );
        let (status, headers, _) = act("remove");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/webhooks"));
        assert_eq!(page(bench, &at, &admin).0, StatusCode::NOT_FOUND);
    });
}
