//! Sizes that nobody measured, learnt by central from parcels that stations packed, on both engines: told as learnt and never as
//! measured, tighter with better boxes, taken over or dropped by one press, and a few products at a time.

use crate::api_kit::{get, master};
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use crate::central_sync::packing;
use crate::console_kit::csrf_at;
use crate::handover_flow::{sql, write};
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::products::sheet::{self, Sheet};
use packbench::central::services::products::{self, DUE_MAX, Guess};
use packbench::core::gs1;
use packbench::core::units::DimsMm;
use packbench::protocol::domain;
use packbench::protocol::wire::{Change, ProductRecord, PullPage, Put, Role};
use packbench::vals;

/// A house whose lanterns nobody measured, and one parcel with four of them and with other things packed at a bench.
fn packed(bench: &Bench) -> Post {
    bench.import(SMALL);
    bench.furnish();
    sql(bench, "UPDATE products SET length_mm = NULL, width_mm = NULL, height_mm = NULL WHERE sku = '71053'");
    sql(bench, "UPDATE packagings SET kind = 'box'");
    let mut post = bench.pair("PACK 1");
    let answer = post.leases(bench, 1);
    let (grant, block) = (&answer.granted[0], &answer.sscc_blocks[0]);
    let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
    let events = packing(bench, &mut post, grant.fulfillment, grant.fence, &sscc);
    post.push(bench, events);
    assert_eq!(bench.int("SELECT COUNT(*) FROM size_due"), 1, "what is measured is not looked at");
    post
}

/// Looks at what is due; how many sizes were news.
fn learn(bench: &Bench) -> u32 {
    bench.central.store().write_blocking(Actor::Job("sizes"), products::learn_sizes).unwrap()
}

/// More parcels, each in a box of this inner size and with so many lanterns alone in it, from this number on.
fn more(bench: &Bench, code: &'static str, inner_mm: [u32; 3], units: u32, numbers: std::ops::Range<i64>) {
    write(bench, move |work| {
        let id = work.new_id();
        let [length, width, height] = inner_mm;
        work.exec(
            "INSERT INTO packagings (id, site, name, code, kind, length_mm, width_mm, height_mm, tare_g, max_g, updated_ms) \
             VALUES ($1, $2, $3, $3, 'box', $4, $5, $6, 10, 20000, 0)",
            vals![&id, work.site(), code, length, width, height],
        )?;
        for no in numbers.clone() {
            work.exec(
                "INSERT INTO parcels (fulfillment, no, site, packaging, confirmed_ms, station, updated_ms) \
                 SELECT fulfillment, $1, site, $2, confirmed_ms, station, updated_ms FROM parcels WHERE no = 1 AND fulfillment = \
                 (SELECT MIN(i.fulfillment) FROM parcel_items i JOIN products p ON p.id = i.product WHERE p.sku = '71053')",
                vals![no, &id],
            )?;
            work.exec(
                "INSERT INTO parcel_items (fulfillment, parcel, line_no, product, quantity) \
                 SELECT MIN(i.fulfillment), $1, 2, i.product, $2 FROM parcel_items i JOIN products p ON p.id = i.product \
                 WHERE p.sku = '71053' GROUP BY i.product",
                vals![no, units],
            )?;
        }
        due(work)
    })
    .unwrap();
}

fn due(work: &mut packbench::central::store::work::Work<'_>) -> packbench::central::error::Res<()> {
    work.exec(
        "INSERT INTO size_due (product, site, due_ms) SELECT id, site, 0 FROM products WHERE sku = '71053' \
         ON CONFLICT (product) DO NOTHING",
        &[],
    )
    .map(drop)
}

/// The lantern as a station pulls it that knows nothing yet.
fn pulled(bench: &Bench, post: &Post) -> ProductRecord {
    let (_, page) = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token);
    let found = page.unwrap().changes.into_iter().find_map(|change| match change {
        Change::Product(Put::Upsert(record)) if record.sku == "71053" => Some(*record),
        _ => None,
    });
    found.expect("the product is told")
}

fn guess(bench: &Bench) -> Option<Guess> {
    let site = bench.central.store().site();
    bench.central.store().read_blocking(move |tx| Ok(sheet::filed(tx, site, "71053")?.guess)).unwrap()
}

#[test]
fn parcels_teach_a_size_that_is_told_as_learnt_and_shrinks_with_better_boxes() {
    on_each_engine(|bench| {
        let post = packed(bench);
        let before = pulled(bench, &post);
        assert_eq!(learn(bench), 0);
        assert_eq!((guess(bench), bench.int("SELECT COUNT(*) FROM size_due")), (None, 0), "one parcel is too few");
        more(bench, "WIDE", [200, 200, 150], 1, 2..6);
        assert_eq!(learn(bench), 1);
        let wide = guess(bench).expect("five parcels");
        assert_eq!((wide.size_mm, wide.parcels), ([200, 200, 150], 5));
        let shown = get(bench, "/api/v1/products/71053", &master(bench)).json;
        let wide_mm = serde_json::json!({ "length": 200, "width": 200, "height": 150 });
        assert_eq!((&shown["size_mm"], &shown["size_learnt_mm"]), (&serde_json::Value::Null, &wide_mm));
        let told = pulled(bench, &post);
        assert!(told.dims.is_none() && told.version > before.version);
        let product = domain::product(&told);
        assert_eq!(product.dims, Some(DimsMm { length: 200, width: 200, height: 150 }));
        assert_eq!(product.learnt_mm3, Some(6_000_000));
        // Two of them went into this one: no longer than it, and half its room each, which is told apart.
        more(bench, "TIGHT", [200, 100, 100], 2, 6..7);
        assert_eq!(learn(bench), 1);
        let tight = guess(bench).expect("still there");
        assert_eq!(tight.size_mm, [200, 100, 100], "no side is cut by the room");
        assert_eq!(domain::product(&pulled(bench, &post)).learnt_mm3, Some(1_000_000));
        // A guess from before its room was kept is looked at once more; till then its sides are its room.
        sql(bench, "UPDATE products SET guess_volume_mm3 = NULL WHERE sku = '71053'");
        assert_eq!(domain::product(&pulled(bench, &post)).learnt_mm3, Some(2_000_000));
        write(bench, due).unwrap();
        assert_eq!(learn(bench), 1);
        assert_eq!(domain::product(&pulled(bench, &post)).learnt_mm3, Some(1_000_000));
        // One that says nothing new is counted, and no station is told.
        more(bench, "WIDER", [900, 900, 900], 1, 7..8);
        let version = pulled(bench, &post).version;
        assert_eq!(learn(bench), 0);
        assert_eq!((guess(bench).map(|guess| guess.parcels), pulled(bench, &post).version), (Some(7), version));
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'product.size_learnt'"), 3);
    });
}

#[test]
fn the_page_says_that_it_is_learnt_and_one_press_takes_it_over_or_drops_it() {
    on_each_engine(|bench| {
        packed(bench);
        more(bench, "WIDE", [200, 200, 150], 1, 2..8);
        learn(bench);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let shown = page(bench, "/products/71053", &cookie).2;
        assert!(shown.contains("Learnt, not measured") && shown.contains("Take it as the size"), "{shown}");
        let press = |what: &str, version: i64| {
            let body = format!("csrf={}&version={version}&do={what}", csrf_at(bench, "/board", &cookie));
            form(bench, "/products/71053/guess", &cookie, body).0
        };
        let version = || bench.int("SELECT version FROM products WHERE sku = '71053'");
        assert_ne!(press("accept", version() - 1), StatusCode::SEE_OTHER, "somebody was faster");
        assert_ne!(press("other", version()), StatusCode::SEE_OTHER);
        assert_eq!(press("accept", version()), StatusCode::SEE_OTHER);
        let measured = "SELECT COUNT(*) FROM products WHERE sku = '71053' AND length_mm = 200 AND width_mm = 200 AND height_mm = 150";
        assert_eq!(bench.int(measured), 1);
        assert!(!page(bench, "/products/71053", &cookie).2.contains("Learnt, not measured"), "it is the size now");
        assert_ne!(press("drop", version()), StatusCode::SEE_OTHER, "there is nothing to drop");

        sql(bench, "UPDATE products SET length_mm = NULL, width_mm = NULL, height_mm = NULL WHERE sku = '71053'");
        assert_eq!(press("drop", version()), StatusCode::SEE_OTHER);
        assert_eq!(guess(bench), None);
        let shown = page(bench, "/products/71053", &cookie).2;
        assert!(shown.contains("Learnt size dropped") && !shown.contains("Learnt, not measured"), "{shown}");
        write(bench, due).unwrap();
        assert_eq!((learn(bench), guess(bench)), (0, None), "what was dropped is not made again");
    });
}

#[test]
fn envelopes_and_void_parcels_teach_nothing_and_few_products_are_looked_at_at_a_time() {
    on_each_engine(|bench| {
        packed(bench);
        more(bench, "WIDE", [200, 200, 150], 1, 2..8);
        sql(bench, "UPDATE packagings SET kind = 'envelope' WHERE code = 'WIDE'");
        assert_eq!((learn(bench), guess(bench)), (0, None));
        sql(bench, "UPDATE packagings SET kind = 'box' WHERE code = 'WIDE'");
        sql(bench, "UPDATE parcels SET void = 1 WHERE no > 1");
        write(bench, due).unwrap();
        assert_eq!((learn(bench), guess(bench)), (0, None));
        write(bench, |work| {
            for n in 0..DUE_MAX + 3 {
                let sheet = Sheet { name: format!("Thing {n}"), ..Sheet::default() };
                let id = sheet::add(work, &format!("T-{n}"), &sheet)?;
                let row = vals![id, work.site(), n];
                work.exec("INSERT INTO size_due (product, site, due_ms) VALUES ($1, $2, $3)", row)?;
            }
            Ok(())
        })
        .unwrap();
        learn(bench);
        assert_eq!(bench.int("SELECT COUNT(*) FROM size_due"), 3, "the rest waits for the next beat");
    });
}
