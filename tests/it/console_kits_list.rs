//! What kits are made of, brought in as a list, on both engines: tried without a trace, taken in once, wrong rows told by number and field,
//! kits of kits refused also within one list, and taken out with the columns that bring them in again. And the kit's name where the
//! customer reads.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_sheets::{list, step, taken_out, tried};
use crate::handover_flow::write;
use crate::mail_kit::Bay;
use crate::orders_create::{create, furnished, line, typed};
use packbench::central::services::messages::{self, House, Kind, track};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::products::kits;
use packbench::central::services::products::sheet::{self, Sheet};
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::wire::Role;
use std::sync::Arc;

fn add(bench: &Bench, sku: &'static str, spoil: impl Fn(&mut Sheet) + Send + 'static) {
    let mut new = Sheet { name: format!("Set {sku}"), price_minor: Some(1_000), ..Sheet::default() };
    spoil(&mut new);
    write(bench, move |work| sheet::add(work, sku, &new).map(drop)).unwrap();
}

fn parts(bench: &Bench, sku: &'static str) -> Vec<(String, u32)> {
    let store = bench.central.store();
    let site = store.site();
    store
        .read_blocking(move |tx| {
            let filed = sheet::filed(tx, site, sku)?;
            kits::written(tx, &filed.id)
        })
        .unwrap()
}

fn part(sku: &str, units: u32) -> (String, u32) {
    (sku.to_owned(), units)
}

#[test]
fn a_list_of_parts_makes_kits_once_and_wrong_rows_are_told() {
    on_each_engine(|bench| {
        furnished(bench);
        for sku in ["SET-1", "SET-2", "SET-3", "SET-4", "SET-5"] {
            add(bench, sku, |_| {});
        }
        add(bench, "WRAP", |new| new.service = true);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let text = "Kit;Part;Units\nSET-1;85123A;2\nSET-2;71053;1\nSET-1;71053;1\nSET-3;SET-1;1\nNONE;71053;1\n\
                    SET-4;NOPE;1\nSET-4;71053;1\n22728;85123A;1\nWRAP;71053;1\nSET-5;85123A;0\n";
        let at = list(bench, &cookie, "kits", text.as_bytes());
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("2 of 8 good, 6 not taken"), "{shown}");
        for why in ["is not known here", "of no kit", "is no kit and no part", "It lies in stock"] {
            assert!(shown.contains(why), "{why}: {shown}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM kit_parts"), 0, "a trial made a kit");
        let file = page(bench, &format!("{at}/faults.csv"), &cookie).2;
        let rows: Vec<&str> = file.lines().skip(1).map(|row| row.split(',').next().unwrap()).collect();
        assert_eq!(rows, ["5", "6", "7", "9", "10", "11"], "{file}");
        let done = step(bench, &cookie, &at, "run", "");
        assert!(done.contains("Taken in") && done.contains("2 of 8 good"), "{done}");
        assert_eq!(parts(bench, "SET-1"), [part("71053", 1), part("85123A", 2)]);
        assert_eq!(parts(bench, "SET-2"), [part("71053", 1)]);
        let version = bench.int("SELECT version FROM products WHERE sku = 'SET-1'");
        step(bench, &cookie, &at, "run", "");
        assert_eq!(bench.int("SELECT version FROM products WHERE sku = 'SET-1'"), version, "pressed twice, taken once");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'product.changed' AND detail LIKE '%parts%'"), 2);

        // Another list says anew what a kit is made of; a part that is named twice and one of another kit are told.
        let text = "kit,part,quantity\nSET-1,22728,3\nSET-3,85123A,1\nSET-3,85123A,2\nSET-4,SET-2,1\n";
        let at = list(bench, &cookie, "kits", text.as_bytes());
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("1 of 3 good") && shown.contains("named twice"), "{shown}");
        step(bench, &cookie, &at, "run", "");
        assert_eq!(parts(bench, "SET-1"), [part("22728", 3)]);
    });
}

#[test]
fn kits_that_are_taken_out_come_in_again_and_change_nothing() {
    on_each_engine(|bench| {
        furnished(bench);
        add(bench, "SET-1", |new| new.parts = vec![part("71053", 1), part("85123A", 2)]);
        add(bench, "SET-2", |new| new.parts = vec![part("22728", 4)]);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        for format in ["csv", "xlsx"] {
            let file = taken_out(bench, &cookie, "kits", format);
            if format == "csv" {
                let text = String::from_utf8(file.clone()).unwrap();
                assert!(text.contains("SET-1,71053,1") && text.contains("SET-2,22728,4"), "{text}");
            }
            let at = list(bench, &cookie, "kits", &file);
            assert!(tried(bench, &cookie, &at).contains("Every row is good"));
            step(bench, &cookie, &at, "run", "");
            assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'product.changed'"), 0, "{format}");
        }
    });
}

#[test]
fn the_customer_reads_the_kits_name_with_its_parts() {
    on_each_engine(|bench| {
        furnished(bench);
        add(bench, "SET-1", |new| new.parts = vec![part("71053", 1), part("85123A", 2)]);
        let made = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 1), line("22728", 1)])).unwrap();
        let id = made.id.clone();
        let token = bench.central.store().read_blocking(move |tx| track::known(tx, &id)).unwrap().unwrap();
        let look = || page(bench, &format!("/track/{token}?lang=en"), "").2;
        let named = |text: &str| text.matches("Set SET-1").count();
        // The price of the kit is shared among three lines, so that it is met to the penny.
        assert_eq!(named(&look()), 3, "its parts name it before the packing: {}", look());
        Bay::open(bench, "PACK 1").pack_next(bench, &made.number);
        assert_eq!(named(&look()), 3, "and in their parcel");
        let (site, id) = (bench.central.store().site(), made.id.clone());
        let house =
            House { words: Arc::new(Lang::ALL.map(Catalogue::new).into_iter().collect()), url: Arc::from("https://x") };
        let read = move |tx: &mut dyn packbench::sql::Conn| {
            messages::compose(tx, site, &house, (&id, Kind::Packed, None), Lang::En, "")
        };
        let letter = bench.central.store().read_blocking(read).unwrap().body;
        assert_eq!(letter.matches("(Set SET-1)").count(), 3, "{letter}");
        assert!(!letter.lines().any(|line| line.contains("22728") && line.contains("SET-1")), "{letter}");
    });
}
