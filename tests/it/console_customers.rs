//! Customers at the console, on both engines: the list, one of them, and forgetting one for good: here, in what stations are told, and on
//! the disk.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_sheets::{list, taken_out};
use crate::orders_create::furnished;
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::customers::{self, CustomerFacts};
use packbench::central::services::photos;
use packbench::central::services::proofs::{self, Of};
use packbench::central::store::work::Work;
use packbench::protocol::wire::order::Address;
use packbench::protocol::wire::{ContentHash, Role};
use std::sync::Arc;

const NAME: &str = "Ottilie Zweig";

fn change(bench: &Bench, sql: &'static str) {
    let write = move |work: &mut Work<'_>| work.exec(sql, &[]).map(|_| ());
    bench.central.store().write_blocking(Actor::Job("test"), write).unwrap();
}

/// The buyer of the first order is somebody with everything that can be known of a person; their number.
fn somebody(bench: &Bench) -> String {
    let id = bench.text("SELECT customer FROM orders WHERE number = '536365'");
    let address = Address {
        name: NAME.to_owned(),
        lines: vec!["Birkenweg 4".to_owned()],
        city: "Ulm".to_owned(),
        country: "DE".to_owned(),
        phone: Some("+49731000000".to_owned()),
        ..Address::default()
    };
    let facts =
        CustomerFacts { id, name: Some(NAME.to_owned()), address: Some(address), vip: Some(true), paper_invoice: None };
    let store = bench.central.store();
    store
        .write_blocking(Actor::Job("test"), move |work| customers::set_facts(work, std::slice::from_ref(&facts)))
        .unwrap();
    change(
        bench,
        "UPDATE orders SET note = 'Ring at Zweig twice', gift_message = 'Dear Ottilie', office_note = 'Zweig called', \
         ship_to = '{\"name\":\"Ottilie Zweig\",\"lines\":[\"Birkenweg 4\"],\"city\":\"Ulm\",\"country\":\"DE\"}' \
         WHERE number = '536365'",
    );
    bench.text("SELECT c.number FROM customers c JOIN orders o ON o.customer = c.id WHERE o.number = '536365'")
}

fn close(bench: &Bench) {
    change(
        bench,
        "UPDATE orders SET is_open = 0 WHERE customer = (SELECT customer FROM orders WHERE number = '536365')",
    );
}

/// A photo of the order's parcel, as a station sends one; its file.
fn photo(bench: &Bench) -> (ContentHash, std::path::PathBuf) {
    let bytes: Arc<[u8]> = b"\xff\xd8 a parcel \xff\xd9".as_slice().into();
    let hash = ContentHash::of(&bytes);
    let desk = Arc::new(photos::Desk::new(bench.photos()));
    let total = bytes.len() as u64;
    let part = photos::Part { hash, first: 0, total, bytes };
    bench.runtime.block_on(photos::put(bench.central.store(), &desk, Actor::Job("test"), part)).unwrap();
    let text = hash.to_string();
    let note = move |work: &mut Work<'_>| {
        work.exec(
            "INSERT INTO parcel_photos (hash, fulfillment, parcel, taken_ms, station) SELECT $1, f.id, 1, 0, 'none' \
             FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = '536365'",
            &[text.as_str().into()],
        )
    };
    bench.central.store().write_blocking(Actor::Job("test"), note).unwrap();
    (hash, photos::path(&bench.photos(), &hash))
}

fn sent(body: &str, number: &str) -> String {
    let value = |name: &str| {
        let at = body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        at.split('"').next().unwrap().to_owned()
    };
    format!("csrf={}&version={}&number={number}", value("csrf"), value("version"))
}

#[test]
fn the_list_finds_customers_and_one_shows_what_they_bought() {
    on_each_engine(|bench| {
        furnished(bench);
        let number = somebody(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "packer", Role::Packer, "en");
        let (desk, packer) = (log_in(bench, "desk"), log_in(bench, "packer"));
        let (status, _, body) = page(bench, "/customers?search=ZWEIG", &desk);
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(NAME) && body.contains(&format!("/customers/{number}")), "{body}");
        assert!(!page(bench, "/customers?search=nobody+at+all", &desk).2.contains(NAME));
        let (_, _, body) = page(bench, &format!("/customers/{number}"), &desk);
        for text in [NAME, "Birkenweg 4", "Ulm", "/orders/536365", "£"] {
            assert!(body.contains(text), "{text}: {body}");
        }
        assert!(!body.contains("Forget"), "the office may not forget anybody");
        for path in ["/customers".to_owned(), format!("/customers/{number}")] {
            assert_eq!(page(bench, &path, &packer).0, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(page(bench, "/customers/none", &desk).0, StatusCode::NOT_FOUND);
        assert_eq!(page(bench, "/customers?cursor=nonsense", &desk).0, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn who_is_forgotten_is_named_nowhere_and_the_books_stay() {
    on_each_engine(|bench| {
        furnished(bench);
        let number = somebody(bench);
        close(bench);
        let (hash, file) = photo(bench);
        let desk = Arc::new(photos::Desk::new(bench.photos()));
        let of = Of::Order(bench.text("SELECT id FROM orders WHERE number = '536365'"));
        let pdf = b"%PDF-1.4\nproof\n%%EOF\n".to_vec();
        bench.runtime.block_on(proofs::add(bench.central.store(), &desk, Actor::Job("test"), of, pdf)).unwrap();
        let proof: ContentHash = bench.text("SELECT hash FROM payment_proofs").parse().unwrap();
        let proof = photos::path(&proofs::folder(&bench.photos()), &proof);
        assert!(file.exists() && proof.exists());
        change(
            bench,
            "INSERT INTO messages (id, site, order_id, kind, language, written, recipient, subject, body, next_ms, actor_kind, \
             actor, created_ms, fresh_ms, updated_ms) SELECT 'm1', site, id, 'free', 'en', 1, 'ottilie@zweig.example', \
             'Dear Ottilie', 'Zweig', 0, 'job', 'test', 0, 0, 0 FROM orders WHERE number = '536365'",
        );
        change(
            bench,
            "INSERT INTO stage_moves (id, order_id, from_stage, from_sub, from_note, from_since_ms, to_stage, to_sub, by_hand, \
             actor_kind, actor, at_ms) SELECT 'v1', id, '', '', 'Zweig is away', 0, '', '', 1, 'job', 'test', 0 FROM orders \
             WHERE number = '536365'",
        );
        let total = bench.int("SELECT total_minor FROM orders WHERE number = '536365'");
        user(bench, "admin", Role::Admin, "en");
        let admin = log_in(bench, "admin");
        let list = list(bench, &admin, "customers", b"Number,Name\nK-1,Ottilie Zweig\n");
        let list_file = bench.photos().with_file_name("imports").join(list.rsplit('/').next().unwrap());
        taken_out(bench, &admin, "customers", "csv");
        let taken = bench.text("SELECT id FROM order_exports");
        let taken_file = bench.photos().with_file_name("exports").join(format!("{taken}.csv"));
        assert!(list_file.exists() && taken_file.exists());
        let path = format!("/customers/{number}");
        let (_, _, body) = page(bench, &path, &admin);
        let (status, heads, _) = form(bench, &format!("{path}/erase"), &admin, sent(&body, &number));
        assert_eq!((status, heads[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, path.as_str()));
        for path in [path.as_str(), "/orders/536365", "/audit", "/customers", "/search?q=zweig"] {
            let (status, _, body) = page(bench, path, &admin);
            assert_eq!(status, StatusCode::OK, "{path}");
            for text in ["Zweig</", NAME, "Birkenweg", "Ottilie", "+49731"] {
                assert!(!body.contains(text), "{text} on {path}");
            }
        }
        assert!(!file.exists() && !proof.exists(), "the files are gone");
        assert!(!list_file.exists() && !taken_file.exists(), "lists with the name are left");
        assert_eq!(page(bench, &list, &admin).0, StatusCode::NOT_FOUND, "a list could bring them back");
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_exports"), 0);
        let state = bench.central.store().read_blocking(move |tx| photos::state(tx, &hash)).unwrap().state;
        assert_eq!(state, packbench::protocol::wire::PhotoState::Erased, "the hash stays");
        assert_eq!(bench.int("SELECT total_minor FROM orders WHERE number = '536365'"), total, "and the books");
        let told = "SELECT COUNT(*) FROM changes WHERE kind = 'order' AND gone = 1";
        assert_eq!(bench.int(told), 1, "stations forget the order");
        let left = "SELECT COUNT(*) FROM messages WHERE state = 'taken_back' AND recipient = '' AND subject = '' AND body = ''";
        assert_eq!(bench.int(left), 1, "what was written to them is empty and leaves no longer");
        let kept = "SELECT COUNT(*) FROM stage_moves WHERE from_note IS NOT NULL";
        assert_eq!(bench.int(kept), 0, "no move that is taken back brings a note again");
        // Twice is once.
        let (status, _, body) = form(bench, &format!("{path}/erase"), &admin, sent(&body, &number));
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
    });
}

#[test]
fn nobody_is_forgotten_by_mistake() {
    on_each_engine(|bench| {
        furnished(bench);
        let number = somebody(bench);
        user(bench, "admin", Role::Admin, "en");
        user(bench, "desk", Role::Office, "en");
        let (admin, desk) = (log_in(bench, "admin"), log_in(bench, "desk"));
        let path = format!("/customers/{number}");
        let erase = format!("{path}/erase");
        let (_, _, body) = page(bench, &path, &admin);
        let refused = |cookie: &str, sent: String, text: &str| {
            let (status, _, answer) = form(bench, &erase, cookie, sent);
            assert!(status.is_client_error() && answer.contains(text), "{status}: {answer}");
        };
        refused(&admin, sent(&body, &number), "still open");
        close(bench);
        refused(&admin, sent(&body, "17851"), "another number");
        refused(&admin, sent(&body, &number).replace("csrf=", "csrf=x"), "");
        refused(&desk, sent(&body, &number), "");
        refused(&admin, sent(&body, &number).replace("version=", "version=9"), "");
        assert!(page(bench, &path, &admin).2.contains(NAME));
    });
}

#[test]
fn photos_are_deleted_after_the_sites_days_and_a_crash_between_loses_no_deletion() {
    on_each_engine(|bench| {
        furnished(bench);
        let (_, file) = photo(bench);
        let store = bench.central.store();
        let desk = Arc::new(photos::Desk::new(bench.photos()));
        let site = store.site();
        let now_ms = store.now().0;
        let day_ms = 24 * 60 * 60 * 1_000;
        let erase = |at_ms: i64| {
            let old = store.db().write(move |tx| photos::erase_old(tx, site, at_ms));
            bench.runtime.block_on(old).unwrap()
        };
        assert_eq!(erase(now_ms + 179 * day_ms), 0, "half a year is not over");
        assert_eq!(erase(now_ms + 181 * day_ms), 1);
        assert!(file.exists(), "the server died here");
        assert_eq!(bench.runtime.block_on(photos::delete_erased(store, &desk)).unwrap(), 1);
        assert!(!file.exists());
        assert_eq!(bench.runtime.block_on(photos::delete_erased(store, &desk)).unwrap(), 0);
    });
}
