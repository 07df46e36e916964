//! Refusals on an order's page at the console, on both engines: the form stands as it was typed with the reason beside it, and each cause
//! is named.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::on_each_engine;
use crate::console_kit::{csrf_of, hidden, upload};
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::protocol::wire::Role;

#[test]
fn a_split_that_cannot_be_says_why_and_keeps_what_was_typed() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        let lead = log_in(bench, "lead");
        let shown = page(bench, "/orders/536365", &lead).2;
        let (csrf, part) = (csrf_of(&shown), hidden(&shown, "part"));
        let split =
            |units: &str| form(bench, "/orders/536365/split", &lead, format!("csrf={csrf}&part={part}&{units}"));
        let lines = shown.split("name=\"line-").skip(1).map(|input| {
            let no = input.split('"').next().unwrap();
            let max = input.split("max=\"").nth(1).unwrap().split('"').next().unwrap();
            format!("line-{no}={max}")
        });
        let all = lines.collect::<Vec<_>>().join("&");
        let causes = [
            ("line-1=0&line-2=0", "at least one unit to the new part"),
            ("line-1=99", "So many units are not in this part"),
            ("line-1=x", "So many units are not in this part"),
            (all.as_str(), "One unit must stay"),
        ];
        for (units, why) in causes {
            let (status, _, told) = split(units);
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{units}");
            let open = told.split("<details open>").nth(1).and_then(|rest| rest.split("</details>").next()).unwrap();
            assert!(open.contains(why) && open.contains("role=\"alert\""), "{units}: {open}");
            let typed = units.split('&').next().unwrap().strip_prefix("line-1=").unwrap();
            assert!(open.contains(&format!("value=\"{typed}\"")), "{units}: {open}");
            assert!(told.contains("WHITE METAL LANTERN"), "it is the order's page");
        }
        assert_eq!(split("line-1=2").0, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_proof_of_a_wrong_kind_is_refused_on_the_orders_page() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let csrf = csrf_of(&page(bench, "/orders/536365", &desk).2);
        let send = |name: &str, bytes: &[u8]| {
            upload(bench, "/orders/536365/proof", &desk, &[("csrf", &csrf)], (name, "image/png", bytes))
        };
        let (status, _, told) = send("proof.png", b"MZ a program");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.contains("no PDF, PNG or JPEG") && told.contains("WHITE METAL LANTERN"), "{told}");
        let (status, _, told) = send("", b"");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && told.contains("Choose a file first"), "{told}");
        assert_eq!(bench.int("SELECT COUNT(*) FROM payment_proofs"), 0);
    });
}

#[test]
fn a_key_without_a_name_is_asked_for_what_it_is_for() {
    on_each_engine(|bench| {
        user(bench, "boss", Role::Admin, "en");
        let boss = log_in(bench, "boss");
        let csrf = csrf_of(&page(bench, "/keys", &boss).2);
        let (_, _, told) = form(bench, "/keys", &boss, format!("csrf={csrf}&name=&days=30&scope=order.view"));
        assert!(told.contains("Say what the key is for") && !told.contains("initials"), "{told}");
        assert!(
            told.contains("value=\"order.view\" checked") && told.contains("value=\"30\""),
            "as it was sent: {told}"
        );
        assert_eq!(told.matches(" checked").count(), 1, "{told}");
    });
}
