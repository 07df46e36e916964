//! An order with a kit at a station: its parts are packed one by one, and its papers show the kit with its content.

use crate::station_kit::station::{Station, is_over};
use crate::station_kit::world::{self, Job};
use packbench::core::checklist::DocumentKind;
use packbench::engine::input::Ui;
use packbench::engine::view::StageView;
use packbench::labels::sheet::Sheet;
use packbench::protocol::wire::Money;
use packbench::protocol::wire::order::{KitContent, LineTax, OrderKit};

/// A lamp for itself, and a set of three mugs whose share of the price made two lines of them.
fn job() -> Job {
    let mut job = Job::new(1, &[(world::LAMP, 1), (world::MUG, 2), (world::MUG, 1)]);
    for (line, price) in [(1, 333), (2, 334)] {
        job.order.lines[line].kit = Some(2);
        job.order.lines[line].unit_price = Money::new(price, "GBP");
    }
    job.order.kits = vec![OrderKit {
        no: 2,
        sku: "SET-1".to_owned(),
        name: "Three mugs".to_owned(),
        quantity: 1,
        unit_price: Money::new(1_000, "GBP"),
        tax: LineTax {
            rate_basis_points: 2_000,
            base_minor: 1_000,
            amount_minor: 199,
            rounding: "half_even".to_owned(),
        },
        content: vec![KitContent { sku: "SKU-1".to_owned(), name: "Thing 1".to_owned(), units: 3 }],
    }];
    job.work.documents.invoice = true;
    job.work.documents.invoice_number = Some("INV-7".to_owned());
    job
}

fn text(s: &Station, document: DocumentKind) -> String {
    let paper = s.papers.iter().find(|p| p.job.document == document).unwrap_or_else(|| panic!("no {document:?}"));
    paper.sheets.iter().map(Sheet::plain_text).collect()
}

#[test]
fn slip_and_invoice_show_the_kit_with_its_content() {
    let job = job();
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "{:?}", s.stage());
    let session = s.rebuilt(&job).expect("a session");
    assert!(is_over(&session) && session.verified() == 4, "parts are checked one by one: {session:?}");
    let slip = text(&s, DocumentKind::PackingSlip);
    assert!(slip.contains("SET-1") && slip.contains("Three mugs"), "{slip}");
    assert!(
        slip.contains("\u{2013} Thing 1") && slip.matches("Thing 1").count() == 1,
        "one row for both lines: {slip}"
    );
    let invoice = text(&s, DocumentKind::Invoice);
    assert!(invoice.contains("Three mugs") && invoice.contains("\u{2013} 3 \u{00d7} Thing 1"), "{invoice}");
    assert!(invoice.contains("10.00") && invoice.contains("1.99"), "the price and the tax of the kit: {invoice}");
    assert!(!invoice.contains("3.33") && !invoice.contains("3.34"), "and not those of its parts: {invoice}");
}

#[test]
fn the_invoice_names_services_of_which_a_bench_knows_nothing_and_prints_the_servers_tax() {
    let mut job = Job::new(1, &[(world::LAMP, 1), (world::MUG, 1)]);
    job.work.documents.invoice = true;
    job.work.documents.invoice_number = Some("INV-8".to_owned());
    let post = &mut job.order.lines[1];
    post.product_id = Some(packbench::protocol::wire::ProductId::from_u128(0xdead));
    (post.sku, post.name) = ("POST".to_owned(), "Postage to you".to_owned());
    post.picked_physically = false;
    post.unit_price = Money::new(50, "GBP");
    post.tax = LineTax { rate_basis_points: 500, base_minor: 50, amount_minor: 2, rounding: "half_even".to_owned() };
    let sold = post.id;
    job.work.lines.retain(|line| line.order_line_id != sold);
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work();
    let invoice = text(&s, DocumentKind::Invoice);
    assert!(invoice.contains("POST") && invoice.contains("Postage to you"), "{invoice}");
    assert!(invoice.contains("0.02") && !invoice.contains("0.03"), "as it was stored, half to even: {invoice}");
}
