//! The web console over its routes: logging in, the pages, the content policy, and one decision.

use crate::central_kit::{Bench, SMALL, on_each_engine};
use crate::console_kit::csrf_of;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::secrets::HashCost;
use packbench::central::services::exceptions::{self, NewException};
use packbench::central::services::users::{self, NewUser};
use packbench::protocol::wire::Role;

pub fn user(bench: &Bench, login: &'static str, role: Role, locale: &'static str) {
    let new = NewUser {
        login: login.to_owned(),
        name: "Mara R.".to_owned(),
        initials: "MR".to_owned(),
        role,
        pin: Some("2468".to_owned()),
        badge: None,
        password: Some("correct horse".to_owned()),
        locale: locale.to_owned(),
        cost: HashCost { memory_kib: 64, passes: 1 },
    };
    bench.central.store().write_blocking(Actor::Job("test"), move |work| users::add(work, &new)).unwrap();
}

pub fn form(bench: &Bench, path: &str, cookie: &str, body: String) -> (StatusCode, HeaderMap, String) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .body(Body::from(body))
        .unwrap();
    let (status, headers, body) = bench.send(request);
    (status, headers, String::from_utf8(body).unwrap())
}

pub fn page(bench: &Bench, path: &str, cookie: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (status, headers, body) = bench.send(request);
    (status, headers, String::from_utf8(body).unwrap())
}

pub fn log_in(bench: &Bench, login: &str) -> String {
    let (status, headers, _) = form(bench, "/login", "", format!("login={login}&password=correct+horse"));
    assert_eq!(status, StatusCode::SEE_OTHER);
    let cookie = headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[test]
fn without_a_session_every_page_is_the_way_to_log_in() {
    on_each_engine(|bench| {
        user(bench, "mara", Role::Lead, "en");
        for path in ["/orders", "/orders/536365", "/stations", "/exceptions", "/photos/00", "/live"] {
            let (status, headers, _) = page(bench, path, "packbench_session=nonsense");
            assert_eq!(
                (status, headers[header::LOCATION].to_str().unwrap()),
                (StatusCode::SEE_OTHER, "/login"),
                "{path}"
            );
        }
        let (status, _, body) = form(bench, "/login", "", "login=mara&password=wrong".to_owned());
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(body.contains("Name or password is not right"));
        let (status, _, other) = form(bench, "/login", "", "login=nobody&password=wrong".to_owned());
        assert_eq!((status, other), (StatusCode::UNAUTHORIZED, body), "nothing tells a name from a password");
    });
}

#[test]
fn pages_show_orders_and_one_order_in_each_language_without_inline_code() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        for (login, locale) in [("en", "en"), ("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Lead, locale);
            let cookie = log_in(bench, login);
            for path in
                ["/orders", "/orders?search=17850", "/orders?all=1", "/orders/536365", "/stations", "/exceptions"]
            {
                let (status, headers, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
                assert!(
                    !body.contains(" style=") && !body.contains("<script>") && !body.contains(" onclick="),
                    "{path}"
                );
                assert!(!body.contains('⟦'), "{path} in {locale} has a text without words: {body}");
            }
        }
        let cookie = log_in(bench, "en");
        let (_, _, body) = page(bench, "/orders?search=17850", &cookie);
        assert!(body.contains("536365") && !body.contains("536370"));
        let (_, _, body) = page(bench, "/orders/536365", &cookie);
        assert!(body.contains("WHITE METAL LANTERN") && body.contains("£22.08"), "{body}");
        assert_eq!(page(bench, "/orders/999999", &cookie).0, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_question_is_answered_once_and_only_by_one_who_may() {
    on_each_engine(|bench| {
        user(bench, "packer", Role::Packer, "en");
        user(bench, "lead", Role::Lead, "en");
        let new = NewException {
            kind: "hold",
            cause: "1".to_owned(),
            fulfillment: None,
            order: None,
            station: None,
            event: None,
            detail: serde_json::json!({ "reason": "reason-broken" }),
        };
        bench.central.store().write_blocking(Actor::Job("test"), move |work| exceptions::open(work, &new)).unwrap();
        let id = bench.text("SELECT id FROM exceptions");
        for (login, status) in [("packer", StatusCode::FORBIDDEN), ("lead", StatusCode::SEE_OTHER)] {
            let cookie = log_in(bench, login);
            let (_, _, body) = page(bench, "/exceptions", &cookie);
            let csrf = csrf_of(&body);
            let forged = form(bench, &format!("/exceptions/{id}"), &cookie, "csrf=x&decision=noted".to_owned());
            assert_eq!(forged.0, StatusCode::FORBIDDEN);
            let body = format!("csrf={csrf}&decision=noted");
            assert_eq!(form(bench, &format!("/exceptions/{id}"), &cookie, body).0, status);
        }
        assert_eq!(bench.text("SELECT decision FROM exceptions"), "noted");
        let lead = log_in(bench, "lead");
        let told = page(bench, &format!("/exceptions?told={id}"), &lead).2;
        assert!(told.contains("Answered. Held: Noted"), "{told}");
        let csrf = csrf_of(&told);
        let late = form(bench, &format!("/exceptions/{id}"), &lead, format!("csrf={csrf}&decision=release"));
        assert_eq!(late.1[header::LOCATION].to_str().unwrap(), format!("/exceptions?told={id}&late=1"));
        let told = page(bench, &format!("/exceptions?told={id}&late=1"), &lead).2;
        assert!(told.contains("Answered already by Mara R.,") && told.contains("Held: Noted"), "{told}");
        assert_eq!(bench.text("SELECT decision FROM exceptions"), "noted", "the first answer holds");
        assert!(page(bench, "/exceptions?told=none", &lead).2.contains("not there any more"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE state = 'open'"), 0);
    });
}

#[test]
fn a_question_says_of_which_product_and_how_much_of_its_line() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        user(bench, "lead", Role::Lead, "en");
        let product = bench.text("SELECT id FROM products WHERE sku = '71053'");
        let line = bench.int(
            "SELECT MIN(l.line_no) FROM order_lines l JOIN products p ON p.id = l.product \
             JOIN orders o ON o.id = l.order_id WHERE p.sku = '71053' AND o.number = '536365'",
        );
        let wanted = bench.int(
            "SELECT l.quantity FROM order_lines l JOIN products p ON p.id = l.product JOIN orders o ON o.id = l.order_id \
             WHERE p.sku = '71053' AND o.number = '536365' ORDER BY l.line_no LIMIT 1",
        );
        let new = NewException {
            kind: "short",
            cause: "1".to_owned(),
            fulfillment: None,
            order: Some(bench.text("SELECT id FROM orders WHERE number = '536365'")),
            station: None,
            event: None,
            detail: serde_json::json!({ "line": line, "units": 1, "product": product, "reason": "reason-bin-empty" }),
        };
        bench.central.store().write_blocking(Actor::Job("test"), move |work| exceptions::open(work, &new)).unwrap();
        let cookie = log_in(bench, "lead");
        for path in ["/exceptions", "/orders/536365"] {
            let shown = page(bench, path, &cookie).2;
            let card = shown.split("pad question").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
            assert!(card.contains("71053") && card.contains("WHITE METAL LANTERN"), "{path}: {card}");
            assert!(card.contains(&format!("1 of {wanted} · Bin empty")), "{path}: {card}");
        }
    });
}

#[test]
fn a_learnt_weight_is_taken_by_a_lead_and_by_nobody_else() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        user(bench, "office", Role::Office, "en");
        user(bench, "lead", Role::Lead, "en");
        let product = bench.text("SELECT id FROM products WHERE sku = '85123A'");
        let new = NewException {
            kind: "weight_change",
            cause: format!("{product}/1"),
            fulfillment: None,
            order: None,
            station: None,
            event: None,
            detail: serde_json::json!({ "product": product, "sku": "85123A", "known_g": 200, "learnt_g": 250 }),
        };
        bench.central.store().write_blocking(Actor::Job("test"), move |work| exceptions::open(work, &new)).unwrap();
        let id = bench.text("SELECT id FROM exceptions");
        for (login, status, grams) in [("office", StatusCode::FORBIDDEN, 200), ("lead", StatusCode::SEE_OTHER, 250)] {
            let cookie = log_in(bench, login);
            let (_, _, body) = page(bench, "/exceptions", &cookie);
            assert!(body.contains("85123A: known 200") && body.contains("parcels say 250"), "{body}");
            assert_eq!(body.contains("accept_weight"), login == "lead");
            let csrf = csrf_of(&body);
            let body = format!("csrf={csrf}&decision=accept_weight");
            assert_eq!(form(bench, &format!("/exceptions/{id}"), &cookie, body).0, status);
            assert_eq!(bench.int("SELECT weight_g FROM products WHERE sku = '85123A'"), grams);
        }
    });
}
