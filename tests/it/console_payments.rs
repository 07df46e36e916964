//! Payments on an order's page at the console, on both engines: what came and went in every language, entered once by who may.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::on_each_engine;
use crate::console_kit::csrf_at;
use crate::mail_kit::order;
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::protocol::wire::Role;

/// The version that the form on the page would send.
fn version(body: &str) -> String {
    let form = body.split("id=\"payments\"").nth(1).unwrap();
    form.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_clerk_enters_what_came_and_went_once() {
    on_each_engine(|bench| {
        furnished(bench);
        let order = order(bench);
        let path = format!("/orders/{}", order.number);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let csrf = csrf_at(bench, "/board", &desk);
        let enter = |version: &str, more: &str| {
            let body = format!("csrf={csrf}&version={version}&currency=GBP&method=card&{more}");
            form(bench, &format!("{path}/payment"), &desk, body)
        };
        let body = page(bench, &path, &desk).2;
        assert!(body.contains("Nothing entered yet"), "{body}");
        let seen = version(&body);
        assert_eq!(enter(&seen, "entry=capture&amount=5%2C50&reference=till+4").0, StatusCode::SEE_OTHER);
        assert_eq!(
            enter(&seen, "entry=capture&amount=5%2C50&reference=till+4").0,
            StatusCode::CONFLICT,
            "pressed twice"
        );
        assert_eq!(bench.int("SELECT CAST(SUM(amount_minor) AS BIGINT) FROM payments"), 550);
        let body = page(bench, &path, &desk).2;
        for wanted in ["till 4", "Money came", "Payment entered", "£5.50"] {
            assert!(body.contains(wanted), "{wanted}: {body}");
        }
        let seen = version(&body);
        let (status, _, told) = enter(&seen, "entry=refund&amount=9");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.contains("No more than was paid can go back"), "{told}");
        let (status, _, told) = enter(&seen, "entry=refund&amount=lots&reference=till+9");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let card = told.split("id=\"payments\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
        for kept in ["<details open", "value=\"lots\"", "value=\"till 9\"", "value=\"refund\" selected", "is no amount"]
        {
            assert!(card.contains(kept), "on the order's page as it was typed, {kept}: {card}");
        }
        assert_eq!(enter(&seen, "entry=gift&amount=1").0, StatusCode::FORBIDDEN);
        assert_eq!(enter(&seen, "entry=refund&amount=1.50").0, StatusCode::SEE_OTHER);
        let body = page(bench, &path, &desk).2;
        assert!(body.contains("Money went back") && body.contains("Part refunded"), "{body}");
        for locale in ["es", "ms", "ru"] {
            user(bench, locale, Role::Admin, locale);
            let body = page(bench, &path, &log_in(bench, locale)).2;
            assert!(body.contains("id=\"payments\"") && !body.contains('⟦'), "{body}");
        }
        user(bench, "packer", Role::Packer, "en");
        let packer = log_in(bench, "packer");
        let body = page(bench, &path, &packer).2;
        assert!(!body.contains("id=\"payments\"") && !body.contains("till 4"), "{body}");
        let theirs = "csrf=x&version=1&currency=GBP&entry=capture&amount=1".to_owned();
        assert_eq!(form(bench, &format!("{path}/payment"), &packer, theirs).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn more_than_is_owed_is_entered_only_when_it_is_said_twice() {
    on_each_engine(|bench| {
        furnished(bench);
        let order = order(bench);
        let path = format!("/orders/{}", order.number);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let csrf = csrf_at(bench, "/board", &desk);
        let seen = version(&page(bench, &path, &desk).2);
        let body =
            format!("csrf={csrf}&version={seen}&currency=GBP&method=card&entry=capture&amount=99999&reference=till+4");
        let enter = |more: &str| form(bench, &format!("{path}/payment"), &desk, format!("{body}{more}"));
        let (status, _, told) = enter("");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        for wanted in ["£99,999.00 is £", "that is owed", "name=\"sure\"", "value=\"99999\"", "value=\"till 4\""] {
            assert!(told.contains(wanted), "{wanted}: {told}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM payments"), 0, "nothing is entered by one press");
        assert_eq!(enter("&sure=1").0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT CAST(SUM(amount_minor) AS BIGINT) FROM payments"), 9_999_900);
    });
}
