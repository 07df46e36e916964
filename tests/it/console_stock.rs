//! The pages of stock over their routes, on both engines: in each language, received by scan, corrected, counted blind with a second
//! person, lots held, and nothing for who may not.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::hidden;
use crate::orders_create::{available, furnished};
use crate::stock_change::{somebody, wrong_balances};
use axum::http::{StatusCode, header};
use packbench::central::services::products::sheet::{self, Sheet};
use packbench::protocol::wire::Role;

/// Sends the fields with the token and the name of the form that the page at `at` shows.
fn send(bench: &Bench, cookie: &str, at: &str, to: &str, fields: &str) -> (StatusCode, String, String) {
    let (_, _, shown) = page(bench, at, cookie);
    let body = format!("csrf={}&once={}&{fields}", hidden(&shown, "csrf"), hidden(&shown, "once"));
    post(bench, cookie, to, body)
}

fn post(bench: &Bench, cookie: &str, to: &str, body: String) -> (StatusCode, String, String) {
    let (status, headers, body) = form(bench, to, cookie, body);
    let to = headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
    (status, to, body)
}

const PAGES: &[&str] = &[
    "/stock",
    "/stock?tab=low",
    "/stock?search=lantern",
    "/stock/of/85123A",
    "/stock/entries",
    "/stock/entries?sku=85123A",
    "/stock/receive",
    "/stock/receive?sku=85123A&location=A-01-1",
    "/stock/count",
    "/stock/count?location=A-01-1",
    "/stock/counts",
    "/stock/lots",
];

#[test]
fn every_page_of_stock_speaks_each_language_without_inline_code() {
    on_each_engine(|bench| {
        furnished(bench);
        for (login, locale) in [("en", "en"), ("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Admin, locale);
            let cookie = log_in(bench, login);
            for path in PAGES {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(
                    !body.contains(" style=") && !body.contains("<script>") && !body.contains(" onclick="),
                    "{path}"
                );
                assert!(!body.contains('⟦'), "{path} in {locale} has a text without words: {body}");
            }
        }
        let cookie = log_in(bench, "en");
        let shown = page(bench, "/stock", &cookie).2;
        assert!(shown.contains("WHITE METAL LANTERN") && shown.contains("<b>98</b>"), "{shown}");
        for path in ["/stock/of/NONE", "/stock/lot?sku=85123A&lot=NONE", "/stock?cursor=x", "/stock/count?location=Z"] {
            assert!(page(bench, path, &cookie).0.is_client_error(), "{path}");
        }
    });
}

#[test]
fn goods_are_received_by_scan_once_however_often_the_form_is_sent() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        let found = page(bench, "/stock?search=85123A", &cookie);
        assert_eq!(found.1[header::LOCATION].to_str().unwrap(), "/stock/of/85123A", "a scan leads to its product");
        let at = "/stock/receive?sku=85123A&location=A-02-1";
        let (_, _, shown) = page(bench, at, &cookie);
        let (csrf, once) = (hidden(&shown, "csrf"), hidden(&shown, "once"));
        let body = format!("csrf={csrf}&once={once}&do=receive&sku=85123A&location=A-02-1&units=12&paper=DN+7");
        let first = post(bench, &cookie, "/stock/receive", body.clone());
        assert_eq!(first.0, StatusCode::SEE_OTHER, "{}", first.2);
        assert!(first.1.contains("location=A-02-1") && first.1.contains("paper=DN%207"), "{}", first.1);
        assert!(page(bench, &first.1, &cookie).2.contains("Received: "), "and it is said");
        assert_eq!(post(bench, &cookie, "/stock/receive", body).0, StatusCode::SEE_OTHER, "pressed twice");
        assert_eq!(available(bench, "85123A"), 106, "once");
        let wrong = format!("csrf={csrf}&once=other&do=receive&sku=85123A&location=Z&units=12&paper=");
        let (status, _, said) = post(bench, &cookie, "/stock/receive", wrong);
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("No place has this code"), "{said}");
        assert!(said.contains("value=\"12\""), "what was typed stays: {said}");
        let foreign = "csrf=0000&once=x&do=receive&sku=85123A&location=A-02-1&units=12".to_owned();
        assert_eq!(post(bench, &cookie, "/stock/receive", foreign).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_cartons_label_fills_in_what_it_says() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        let barcodes = vec![("4006381333931".to_owned(), 1), ("14006381333938".to_owned(), 12)];
        let mug = Sheet { name: "Mug".to_owned(), barcodes, track: [false, true, true], ..Sheet::default() };
        bench.central.store().write_blocking(somebody(1), move |work| sheet::add(work, "MUG-1", &mug)).unwrap();
        let shown = |scan: &str| page(bench, &format!("/stock/receive?location=A-02-1&sku={scan}"), &cookie).2;
        let label = shown("(02)14006381333938(37)5(17)301231(10)LOT-7");
        for wanted in ["/stock/of/MUG-1", "value=\"60\"", "value=\"LOT-7\"", "value=\"2030-12-31\""] {
            assert!(label.contains(wanted), "{wanted}: {label}");
        }
        assert!(shown("%5DE04006381333931").contains("/stock/of/MUG-1"), "a scanner that types its identifier");
        assert!(shown("14006381333938").contains("value=\"12\""), "a case holds twelve");
        assert!(shown("https%3A%2F%2Fexample.com%2F01%2F04006381333931%2F10%2FL%2F").contains("value=\"L\""));
        assert!(shown("(01)05012345678900").contains("class=\"wrong"), "of goods nobody knows");
    });
}

#[test]
fn a_balance_is_corrected_with_a_reason_moved_and_counted_blind() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        user(bench, "other", Role::Admin, "en");
        let (cookie, second) = (log_in(bench, "lead"), log_in(bench, "other"));
        let at = "/stock/of/85123A";
        let spot = "sku=85123A&location=A-01-1&lot=&expiry=&serial=&condition=good";
        let change = |fields: &str| send(bench, &cookie, at, "/stock/of/85123A/change", &format!("{spot}&{fields}"));
        assert_eq!(change("do=adjust&units=-2&reason=broken&note=fell").0, StatusCode::SEE_OTHER);
        assert_eq!(change("do=transfer&units=10&to=A-02-1").0, StatusCode::SEE_OTHER);
        let (status, _, said) = change("do=adjust&units=-500&reason=lost&note=");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("Only 88 can be taken"), "{said}");
        let (_, _, said) = change("do=adjust&units=-5000&reason=lost&note=Swept+away");
        let open = said
            .split("<details class=\"change\" open>")
            .nth(1)
            .and_then(|rest| rest.split("</details>").next())
            .unwrap();
        for kept in ["value=\"-5000\"", "value=\"Swept away\"", "<option value=\"lost\" selected>", "role=\"alert\""] {
            assert!(open.contains(kept), "{kept}: {open}");
        }
        assert_eq!(
            said.matches("<details class=\"change\" open>").count(),
            1,
            "of the balance it is about alone: {said}"
        );
        assert!(change("do=adjust&units=1&reason=none&note=").2.contains("Choose a reason"));
        assert!(page(bench, at, &cookie).2.contains("Broken: fell"), "and the entry says why");
        assert_eq!(available(bench, "85123A"), 92);

        let counting = "/stock/count?location=A-02-1";
        let shown = page(bench, counting, &cookie).2;
        assert!(!shown.contains("10</") && !shown.contains("value=\"10\""), "the book's figure is not shown: {shown}");
        let line = "location=A-02-1&sku-0=85123A&location-0=A-02-1&lot-0=&expiry-0=&serial-0=&condition-0=good";
        let count = |units: &str| send(bench, &cookie, counting, "/stock/count", &format!("{line}&units-0={units}"));
        assert!(count("10").2.contains("As the book said"));
        assert!(count("9").2.contains("Booked: −1"));
        let (_, _, waits) = count("60");
        assert!(waits.contains("Waits for a second person: +51"), "{waits}");
        assert_eq!(count("").0, StatusCode::UNPROCESSABLE_ENTITY, "nothing counted");
        let found = "location=A-02-1&location-new=A-02-1&sku-new=71053&units-new=3&lot-new=&expiry-new=&serial-new=";
        assert!(send(bench, &cookie, counting, "/stock/count", found).2.contains("Booked: +3"));
        let id = bench.text("SELECT id FROM stock_counts WHERE state = 'waiting'");
        let own = page(bench, "/stock/counts", &cookie).2;
        assert!(own.contains("+51") && !own.contains("value=\"1\">"), "who counted is not asked: {own}");
        let agree = |cookie: &str| {
            let csrf = hidden(&page(bench, "/stock/counts", cookie).2, "csrf");
            post(bench, cookie, &format!("/stock/counts/{id}"), format!("csrf={csrf}&agree=1"))
        };
        assert!(agree(&cookie).2.contains("Somebody else must agree"));
        assert_eq!(agree(&second).0, StatusCode::SEE_OTHER);
        assert_eq!((available(bench, "85123A"), wrong_balances(bench)), (142, 0));
    });
}

#[test]
fn a_lot_is_held_at_the_console_and_what_runs_out_is_counted_on_every_page() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        user(bench, "packer", Role::Packer, "en");
        let cookie = log_in(bench, "lead");
        let receive = "do=receive&sku=85123A&location=A-02-1&units=12&lot=L1&paper=";
        let at = "/stock/receive?sku=85123A&location=A-02-1";
        assert_eq!(send(bench, &cookie, at, "/stock/receive", receive).0, StatusCode::SEE_OTHER);
        let lot = "/stock/lot?sku=85123A&lot=L1";
        let csrf = hidden(&page(bench, lot, &cookie).2, "csrf");
        let hold = format!("csrf={csrf}&sku=85123A&lot=L1&do=hold&reason=Recall");
        assert_eq!(post(bench, &cookie, "/stock/lot", hold.clone()).0, StatusCode::SEE_OTHER);
        assert!(page(bench, "/stock/lots", &cookie).2.contains("Recall"));
        assert!(page(bench, "/stock/of/85123A", &cookie).2.contains("Held"));
        assert_eq!(post(bench, &cookie, "/stock/lot", hold).0, StatusCode::UNPROCESSABLE_ENTITY, "held already");
        assert_eq!(available(bench, "85123A"), 94);
        let csrf = hidden(&page(bench, "/stock/of/85123A", &cookie).2, "csrf");
        let set = |at: &str| post(bench, &cookie, "/stock/of/85123A/reorder", format!("csrf={csrf}&at={at}&up-to=200"));
        assert_eq!(set("many").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(set("95").0, StatusCode::SEE_OTHER);
        assert!(page(bench, "/stock?tab=low", &cookie).2.contains("Buy again at 95"));
        let nav = page(bench, "/orders", &cookie).2;
        let nav = nav.split("href=\"/stock\"").nth(1).unwrap().split("</a>").next().unwrap().to_owned();
        assert!(nav.contains("count\">1<"), "{nav}");

        let packer = log_in(bench, "packer");
        assert_eq!(page(bench, "/stock/of/85123A", &packer).0, StatusCode::OK);
        for path in ["/stock/receive", "/stock/count"] {
            assert_eq!(page(bench, path, &packer).0, StatusCode::FORBIDDEN, "{path}");
        }
        for path in
            ["/stock/receive", "/stock/count", "/stock/lot", "/stock/of/85123A/change", "/stock/of/85123A/reorder"]
        {
            assert_eq!(post(bench, &packer, path, "csrf=x".to_owned()).0, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn every_code_has_its_page_and_links_of_before_lead_to_it() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "en", Role::Lead, "en");
        let cookie = log_in(bench, "en");
        for code in ["receive", "count", "counts", "lots", "lot", "entries", "of"] {
            let sheet = Sheet { name: format!("Thing called {code}"), ..Sheet::default() };
            bench
                .central
                .store()
                .write_blocking(somebody(1), move |work| sheet::add(work, code, &sheet).map(drop))
                .unwrap();
            let (status, _, body) = page(bench, &format!("/stock/of/{code}"), &cookie);
            assert!(status == StatusCode::OK && body.contains(&format!("Thing called {code}")), "{code}: {body}");
        }
        assert!(page(bench, "/stock?search=Thing+called", &cookie).2.contains("href=\"/stock/of/receive\""));
        let (status, headers, _) = page(bench, "/stock/85123A", &cookie);
        assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/stock/of/85123A");
        let (_, headers, _) = page(bench, "/stock/A%2F1", &cookie);
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/stock/of/A%2F1");
    });
}
