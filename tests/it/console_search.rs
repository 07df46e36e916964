//! Finding anything from anywhere, on both engines: each kind by what people type of it, a number that names one thing leads to it,
//! and nobody finds what they may not see.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::furnished;
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::protocol::wire::Role;

fn change(bench: &Bench, sql: String) {
    let write = move |work: &mut packbench::central::store::work::Work<'_>| work.exec(&sql, &[]).map(|_| ());
    bench.central.store().write_blocking(Actor::Job("test"), write).unwrap();
}

fn found(bench: &Bench, cookie: &str, text: &str) -> String {
    let (status, _, body) = page(bench, &format!("/search?q={text}"), cookie);
    assert_eq!(status, StatusCode::OK, "{text}");
    body
}

#[test]
fn orders_products_customers_stations_and_people_are_found_by_a_part_of_their_name() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "admin", Role::Admin, "en");
        let (desk, admin) = (log_in(bench, "desk"), log_in(bench, "admin"));
        let body = found(bench, &desk, "53636");
        assert!(body.contains("href=\"/orders/536365\"") && body.contains("Order"), "{body}");
        let sku = bench.text("SELECT sku FROM products ORDER BY sku LIMIT 1");
        change(
            bench,
            "INSERT INTO barcodes (product, site, code, units) SELECT id, site, '5012345678900', 12 FROM products \
             WHERE sku = '71053'"
                .to_owned(),
        );
        assert!(found(bench, &desk, &sku[..sku.len() - 1]).contains(&format!("/stock/of/{sku}")));
        assert!(found(bench, &desk, "5012345678900").contains("/stock/of/71053"));
        let customer = bench.text("SELECT number FROM customers WHERE number IS NOT NULL ORDER BY number LIMIT 1");
        assert!(found(bench, &desk, &customer).contains("Customer"), "{customer}");
        bench.pair("Bench 7");
        assert!(found(bench, &desk, "BENCH%207").contains("<b class=\"mono\">Bench 7</b>"));
        assert!(found(bench, &admin, "des").contains("href=\"/people/"));
        assert!(found(bench, &admin, "%25").contains("Nothing fits"), "a sign of patterns is a letter like others");
        assert!(!found(bench, &admin, "").contains("Nothing fits"), "nothing was asked for");
    });
}

#[test]
fn a_number_that_names_one_thing_leads_straight_to_it() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let (status, heads, _) = page(bench, "/search?q=%20536365", &desk);
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert_eq!(heads[header::LOCATION], "/orders/536365");
        change(
            bench,
            "INSERT INTO parcels (fulfillment, no, site, sscc, tracking, station, updated_ms) \
             SELECT f.id, 1, f.site, '340123450000000017', 'HC 12/7', 'none', 0 FROM fulfillments f \
             JOIN orders o ON o.id = f.order_id WHERE o.number = '536365'"
                .to_owned(),
        );
        for text in ["340123450000000017", "00340123450000000017", "(00)340123450000000017", "HC%2012/7"] {
            let (status, heads, _) = page(bench, &format!("/search?q={text}"), &desk);
            assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
            assert_eq!(heads[header::LOCATION], "/orders/536365", "{text}");
        }
    });
}

#[test]
fn nobody_finds_people_and_names_they_may_not_see() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "packer", Role::Packer, "en");
        user(bench, "desk", Role::Office, "en");
        let number = bench.text("SELECT number FROM customers WHERE number IS NOT NULL ORDER BY number LIMIT 1");
        let named = "UPDATE customers SET name = 'Zweig und Sohn', search = 'zweig und sohn' WHERE number";
        change(bench, format!("{named} = '{number}'"));
        let (packer, desk) = (log_in(bench, "packer"), log_in(bench, "desk"));
        let body = found(bench, &desk, "zweig");
        assert!(body.contains("Zweig und Sohn") && body.contains(&format!("/customers/{number}")), "{body}");
        assert!(found(bench, &packer, "zweig").contains("Nothing fits"));
        assert!(!found(bench, &packer, &number).contains("Zweig"));
        assert!(!found(bench, &packer, "desk").contains("/people/"));
        let (status, heads, _) = page(bench, "/search?q=536365", "");
        assert_eq!((status, &heads[header::LOCATION]), (StatusCode::SEE_OTHER, &"/login".parse().unwrap()));
    });
}
