//! Orders taken out as files at the console, on both engines: written in the background, their asker's alone, harmless to spreadsheet
//! programs, without personal data for who may not see it, and gone after a day.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::csrf;
use crate::orders_create::{address, create, furnished, line, typed};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::exports;
use packbench::central::services::orders::entry::DeskKind;
use packbench::protocol::wire::Role;
use std::time::{Duration, Instant};

/// A bound on waiting for a file.
const WAIT: Duration = Duration::from_secs(60);

/// Asks for a file and waits for it; its address.
fn ask(bench: &Bench, cookie: &str, format: &str, query: &str) -> String {
    let body = format!("csrf={}&format={format}&query={query}", csrf(bench, cookie));
    let (status, headers, _) = form(bench, "/orders/exports", cookie, body);
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/orders/exports"));
    let end = Instant::now() + WAIT;
    loop {
        let body = page(bench, "/orders/exports", cookie).2;
        assert!(!body.contains("Not finished"), "{body}");
        if !body.contains("data-poll") {
            return format!(
                "/orders/exports/{}",
                body.split("\"/orders/exports/").nth(1).unwrap().split('"').next().unwrap()
            );
        }
        assert!(Instant::now() < end, "no file: {body}");
    }
}

fn take(bench: &Bench, cookie: &str, path: &str) -> (StatusCode, Vec<u8>) {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (status, _, bytes) = bench.send(request);
    (status, bytes)
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("the mark of UTF-8").to_owned();
    let line = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().map(line).collect()
}

#[test]
fn what_is_shown_is_taken_out_in_its_order_and_no_cell_is_a_formula() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "lead", Role::Lead, "es");
        user(bench, "packer", Role::Packer, "en");
        let desk = log_in(bench, "desk");
        let mut new = typed(DeskKind::B2b, vec![line("22728", 2)]);
        new.ship_to.company = Some("=SUM(A1:A9)".to_owned());
        create(bench, &new).unwrap();
        let path = ask(bench, &desk, "csv", "tab%3Dall%26sort%3D-total");
        let (status, bytes) = take(bench, &desk, &path);
        assert_eq!(status, StatusCode::OK);
        let rows = rows(&bytes);
        let numbers: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(numbers, ["Order", "536370", "536365", "M000001", "536414"]);
        assert_eq!(rows[3][3], "'=SUM(A1:A9)", "{:?}", rows[3]);
        assert_eq!((rows[0][13].as_str(), rows[3][13].as_str(), rows[3][16].as_str()), ("Total", "7.50", "2"));
        assert_eq!(rows[3][1], "2011-03-13 07:06 +00:00");
        assert!(rows[3].contains(&address().email.unwrap()));

        let narrow = ask(bench, &desk, "csv", "tab%3Dall%26search%3D536370");
        assert_ne!(narrow, path);
        let sheet = ask(bench, &desk, "xlsx", "tab%3Dall");
        assert!(take(bench, &desk, &sheet).1.starts_with(b"PK\x03\x04"));
        let paper = ask(bench, &desk, "pdf", "tab%3Dall");
        assert!(take(bench, &desk, &paper).1.starts_with(b"%PDF"));

        let (lead, packer) = (log_in(bench, "lead"), log_in(bench, "packer"));
        assert_eq!(take(bench, &lead, &path).0, StatusCode::NOT_FOUND, "somebody else's");
        assert_eq!(take(bench, &packer, &path).0, StatusCode::FORBIDDEN);
        assert_eq!(page(bench, "/orders/exports", &packer).0, StatusCode::FORBIDDEN);
        let body = format!("csrf={}&format=csv&query=", csrf(bench, &packer));
        assert_eq!(form(bench, "/orders/exports", &packer, body).0, StatusCode::FORBIDDEN);
        assert!(!page(bench, "/orders/exports", &lead).2.contains('⟦'));
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'orders.exported'"), 4);
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'orders.exported' AND detail LIKE '%536370%'"),
            0
        );
    });
}

#[test]
fn who_may_not_see_people_takes_none_out_and_old_files_are_forgotten() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        create(bench, &typed(DeskKind::B2b, vec![line("22728", 2)])).unwrap();
        let cookie = log_in(bench, "desk");
        let with = ask(bench, &cookie, "csv", "tab%3Dall");
        assert!(String::from_utf8_lossy(&take(bench, &cookie, &with).1).contains("Buyer & Co"));
        let store = bench.central.store();
        store
            .write_blocking(Actor::Job("test"), |work| {
                work.exec(
                    "INSERT INTO role_permissions (site, role, permission, allowed, updated_ms) VALUES ($1, 'office', 'person.view', 0, 1)",
                    packbench::vals![work.site()],
                )
            })
            .unwrap();
        assert_eq!(take(bench, &cookie, &with).0, StatusCode::FORBIDDEN, "nor what was taken out before");
        let without = ask(bench, &cookie, "csv", "tab%3Dall");
        let bytes = take(bench, &cookie, &without).1;
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("M000001") && text.contains("C000001"), "{text}");
        assert!(!text.contains("Buyer") && !text.contains("buyer@") && !text.contains("+44"), "{text}");

        let before = bench.now.load(std::sync::atomic::Ordering::SeqCst) + 1;
        let swept =
            |before| store.write_blocking(Actor::Job("test"), move |work| exports::sweep(work, before)).unwrap();
        assert_eq!((swept(before - 10).len(), swept(before).len()), (0, 2));
        assert_eq!(take(bench, &cookie, &without).0, StatusCode::NOT_FOUND);
    });
}
