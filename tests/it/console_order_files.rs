//! Files of an order and merging two orders at the console, on both engines: recognised by content, seen by permission with every look
//! noted, gone with their content; two orders become one with their promise of stock, or are refused once one is begun.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::{csrf, upload};
use crate::orders_create::{available, create, furnished, line, typed};
use crate::orders_proof::png;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::orders::entry::{Buyer, DeskKind};
use packbench::protocol::wire::Role;

fn added(bench: &Bench, cookie: &str, order: &str, bytes: &[u8]) -> (StatusCode, String) {
    let (path, token) = (format!("/orders/{order}/files"), csrf(bench, cookie));
    let (status, _, body) = upload(bench, &path, cookie, &[("csrf", &token)], ("damage.png", "image/png", bytes));
    (status, body)
}

fn file_of(bench: &Bench, cookie: &str, order: &str) -> String {
    let body = page(bench, &format!("/orders/{order}"), cookie).2;
    let id = body.split("href=\"/files/").nth(1).unwrap_or_else(|| panic!("no file: {body}"));
    format!("/files/{}", id.split('"').next().unwrap())
}

#[test]
fn a_file_is_known_by_its_content_seen_by_who_may_and_every_look_is_noted() {
    on_each_engine(|bench| {
        furnished(bench);
        for (login, role) in [("desk", Role::Office), ("packer", Role::Packer)] {
            user(bench, login, role, "en");
        }
        let (desk, packer) = (log_in(bench, "desk"), log_in(bench, "packer"));
        let order = create(bench, &typed(DeskKind::B2b, vec![line("85123A", 1)])).unwrap();
        let picture = png(7);
        assert_eq!(added(bench, &desk, &order.number, &picture).0, StatusCode::SEE_OTHER);
        assert_eq!(added(bench, &desk, &order.number, &picture).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_files"), 1, "the same file twice is one");
        for (bytes, says) in [(b"<script>".to_vec(), "PDF"), (vec![0x89; (10 << 20) + 1], "10 M")] {
            let (status, said) = added(bench, &desk, &order.number, &bytes);
            assert!(status.is_client_error() && said.contains(says), "{status}: {said}");
        }
        assert_eq!(added(bench, &packer, &order.number, &picture).0, StatusCode::FORBIDDEN);
        assert_eq!(added(bench, &desk, "none", &picture).0, StatusCode::NOT_FOUND);
        let at = file_of(bench, &desk, &order.number);
        let request = Request::get(&at).header(header::COOKIE, &desk).body(Body::empty()).unwrap();
        let (status, headers, bytes) = bench.send(request);
        assert_eq!((status, bytes), (StatusCode::OK, picture));
        assert_eq!(headers[header::CONTENT_TYPE], "image/png");
        assert_eq!(page(bench, &at, &packer).0, StatusCode::FORBIDDEN);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'file.viewed'"), 1);
        let shown = page(bench, &format!("/orders/{}", order.number), &desk).2;
        assert!(shown.contains("A file was looked at") && shown.contains("damage.png"), "{shown}");
        let body = format!("csrf={}", csrf(bench, &desk));
        assert_eq!(form(bench, &format!("{at}/remove"), &desk, body).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_files"), 0);
        let left = std::fs::read_dir(bench.photos().join("files")).unwrap();
        let left: usize = left.map(|own| std::fs::read_dir(own.unwrap().path()).unwrap().count()).sum();
        assert_eq!(left, 0, "the content stays behind");
    });
}

/// Two open orders of one customer; their numbers.
pub fn two(bench: &Bench) -> (String, String) {
    let first = create(bench, &typed(DeskKind::B2b, vec![line("85123A", 3)])).unwrap();
    let customer: String = bench
        .central
        .store()
        .read_blocking({
            let id = first.id.clone();
            move |tx| Ok(tx.one("SELECT customer FROM orders WHERE id = $1", packbench::vals![&id])?.unwrap().at(0)?)
        })
        .unwrap();
    let mut next = typed(DeskKind::B2b, vec![line("85123A", 2), line("71053", 1)]);
    next.buyer = Buyer::Known(customer);
    (first.number, create(bench, &next).unwrap().number)
}

#[test]
fn two_orders_of_one_customer_become_one_with_their_promise() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let (into, from) = two(bench);
        assert_eq!(added(bench, &cookie, &from, &png(7)).0, StatusCode::SEE_OTHER);
        let total = bench.int("SELECT CAST(SUM(total_minor) AS BIGINT) FROM orders WHERE is_open = 1 AND desk = 'b2b'");
        let free = available(bench, "85123A");
        let shown = page(bench, &format!("/orders/{into}"), &cookie).2;
        assert!(shown.contains(&format!("<option value=\"{from}\"")), "{shown}");
        let body = format!("csrf={}&from={from}", csrf(bench, &cookie));
        assert_eq!(form(bench, &format!("/orders/{into}/merge"), &cookie, body.clone()).0, StatusCode::SEE_OTHER);
        assert_eq!(available(bench, "85123A"), free, "the promise moved as a whole");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE is_open = 1 AND desk = 'b2b'"), 1);
        assert_eq!(bench.int("SELECT total_minor FROM orders WHERE is_open = 1 AND desk = 'b2b'"), total);
        assert_eq!(bench.int("SELECT units FROM orders WHERE is_open = 1 AND desk = 'b2b'"), 6);
        assert_eq!(bench.text("SELECT cancel_reason FROM orders WHERE status = 'cancelled'"), "merged");
        let lines = "SELECT COUNT(*) FROM fulfillment_lines l JOIN fulfillments f ON f.id = l.fulfillment \
            JOIN orders o ON o.id = f.order_id WHERE o.is_open = 1 AND o.desk = 'b2b'";
        assert_eq!(bench.int(lines), 3);
        let file = "SELECT COUNT(*) FROM order_files l JOIN orders o ON o.id = l.order_id WHERE o.is_open = 1";
        assert_eq!(bench.int(file), 1);
        let (status, _, said) = form(bench, &format!("/orders/{into}/merge"), &cookie, body);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
    });
}

#[test]
fn orders_that_are_begun_or_of_others_are_not_merged() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let (into, from) = two(bench);
        let other = create(bench, &typed(DeskKind::B2b, vec![line("71053", 1)])).unwrap().number;
        let try_it = |into: &str, from: &str| {
            let body = format!("csrf={}&from={from}", csrf(bench, &cookie));
            form(bench, &format!("/orders/{into}/merge"), &cookie, body).0
        };
        assert_eq!(try_it(&into, &other), StatusCode::UNPROCESSABLE_ENTITY, "another customer's");
        assert_eq!(try_it(&into, &into), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(try_it(&into, "none"), StatusCode::NOT_FOUND);
        let begun = from.clone();
        let begin = bench.central.store().write_blocking(Actor::Job("test"), move |work| {
            work.exec(
                "UPDATE fulfillments SET state = 'packing' WHERE order_id = (SELECT id FROM orders WHERE number = $1)",
                packbench::vals![&begun],
            )
        });
        assert_eq!(begin.unwrap(), 1);
        assert_eq!(try_it(&into, &from), StatusCode::UNPROCESSABLE_ENTITY, "begun");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE status = 'cancelled'"), 0);
        assert_eq!(bench.int("SELECT CAST(SUM(units) AS BIGINT) FROM orders WHERE desk = 'b2b'"), 7);
    });
}
