//! Orders typed by hand, on both engines: what a station gets of one, its money, its promise of stock under 64 writers at once,
//! and orders that wait for stock.

use crate::central_kit::{Bench, SMALL, central, on_each_engine};
use crate::schema_kit::for_each_engine;
use packbench::central::actor::Actor;
use packbench::central::error::{CentralError, Refusal, Res, ShortLine};
use packbench::central::services::orders::entry::{Buyer, DeskKind, NewLine, NewOrder, Remark, Terms};
use packbench::central::services::orders::{self, Created, Method, NewPayment};
use packbench::central::services::products::{self, Price};
use packbench::central::services::stock::{self, Receipt};
use packbench::protocol::wire::order::{Address, PaymentStatus};
use packbench::protocol::wire::{Change, FulfillmentRecord, OrderRecord, PullPage, Put};

pub fn address() -> Address {
    Address {
        name: "A. Buyer".to_owned(),
        company: Some("Buyer & Co".to_owned()),
        lines: vec!["1 High Street".to_owned()],
        city: "Leeds".to_owned(),
        postcode: Some("LS1 1AA".to_owned()),
        country: "GB".to_owned(),
        phone: Some("+441130000000".to_owned()),
        email: Some("buyer@example.com".to_owned()),
        ..Address::default()
    }
}

pub fn line(sku: &str, quantity: i64) -> NewLine {
    NewLine { sku: sku.to_owned(), quantity, ..NewLine::default() }
}

pub fn typed(kind: DeskKind, lines: Vec<NewLine>) -> NewOrder {
    NewOrder {
        kind,
        buyer: Buyer::New,
        ship_to: address(),
        lines,
        shipping: ("house".to_owned(), "parcel".to_owned()),
        ship_by_ms: None,
        note: Some("Ring twice".to_owned()),
        remark: (kind == DeskKind::B2c).then(|| (Remark::Replacement, String::new())),
        terms: Terms::Net30,
        payment: None,
        backorder: false,
    }
}

pub fn create(bench: &Bench, new: &NewOrder) -> Res<Created> {
    let new = new.clone();
    bench.central.store().write_blocking(Actor::Job("test"), move |work| orders::create(work, &new))
}

pub fn refused<T: std::fmt::Debug>(result: Res<T>) -> Refusal {
    match result {
        Err(CentralError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// The small file with bins and 100 units of each; 94 of 85123A, 98 of 71053 and 76 of 22728 are free.
pub fn furnished(bench: &Bench) {
    bench.import(SMALL);
    bench.furnish();
}

pub fn available(bench: &Bench, sku: &'static str) -> i64 {
    let store = bench.central.store();
    let site = store.site();
    store.read_blocking(move |tx| products::offer(tx, site, sku)).unwrap().unwrap().available
}

pub fn receive(bench: &Bench, sku: &str, quantity: i64) {
    let (location, lot, expiry) = ("A-01-1".to_owned(), String::new(), String::new());
    let receipts = [Receipt { sku: sku.to_owned(), location, lot, expiry, quantity }];
    let store = bench.central.store();
    store.write_blocking(Actor::Job("test"), move |work| stock::receive(work, &receipts, "more")).unwrap();
}

fn field(new: &NewOrder) -> &'static str {
    match new.validate() {
        Err(Refusal::Field { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_rule_of_the_form_names_its_field() {
    let good = typed(DeskKind::B2c, vec![line("85123A", 1)]);
    assert_eq!(good.validate(), Ok(()));
    type Spoil = fn(&mut NewOrder);
    let spoilt: &[(&str, Spoil)] = &[
        ("address.name", |new| new.ship_to.name = " ".to_owned()),
        ("address.lines", |new| new.ship_to.lines.clear()),
        ("address.city", |new| new.ship_to.city.clear()),
        ("address.postcode", |new| new.ship_to.postcode = Some("1".repeat(21))),
        ("address.country", |new| new.ship_to.country = "gb".to_owned()),
        ("address.country", |new| new.ship_to.country = "XX".to_owned()),
        ("address.country", |new| new.ship_to.country = "UK".to_owned()),
        ("address.phone", |new| new.ship_to.phone = Some("0113 000".to_owned())),
        ("address.email", |new| new.ship_to.email = Some("buyer at example".to_owned())),
        ("lines", |new| new.lines.clear()),
        ("lines", |new| new.lines = vec![line("85123A", 1); 201]),
        ("lines.quantity", |new| new.lines[0].quantity = 0),
        ("lines.price", |new| new.lines[0].price_minor = Some(-1)),
        ("lines.tax", |new| new.lines[0].tax_rate_bp = Some(10_001)),
        ("note", |new| new.note = Some("n".repeat(1_001))),
        ("remark", |new| new.remark = None),
        ("remark", |new| new.kind = DeskKind::B2b),
        ("remark.text", |new| new.remark = Some((Remark::Other, " ".to_owned()))),
        ("payment.amount", |new| {
            new.payment = Some(NewPayment { method: Method::Cash, amount_minor: 0, reference: String::new() });
        }),
    ];
    for (wanted, spoil) in spoilt {
        let mut new = good.clone();
        spoil(&mut new);
        assert_eq!(field(&new), *wanted);
    }
}

/// All orders and work a fresh station is told of.
pub fn told(bench: &Bench) -> (Vec<OrderRecord>, Vec<FulfillmentRecord>) {
    let post = bench.pair("PACK 9");
    let (mut orders, mut work) = (Vec::new(), Vec::new());
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    for change in page.changes {
        match change {
            Change::Order(Put::Upsert(order)) => orders.push(*order),
            Change::Fulfillment(Put::Upsert(one)) => work.push(*one),
            _ => {}
        }
    }
    (orders, work)
}

#[test]
fn a_typed_order_reaches_a_station_with_its_lines_taxes_and_payment() {
    on_each_engine(|bench| {
        furnished(bench);
        let prices = [Price { sku: "85123A".to_owned(), price_minor: Some(333), tax_rate_bp: 2_000 }];
        let store = bench.central.store();
        store.write_blocking(Actor::Job("test"), move |work| products::set_prices(work, &prices)).unwrap();
        let mut new = typed(DeskKind::B2b, vec![line("85123A", 5), line("POST", 1), line("71053", 2)]);
        new.lines[0].price_minor = Some(1);
        new.terms = Terms::Prepaid;
        new.payment =
            Some(NewPayment { method: Method::BankTransfer, amount_minor: 1_000, reference: "AB 12".to_owned() });
        let created = create(bench, &new).unwrap();
        assert_eq!((created.number.as_str(), created.waits), ("M000001", false));
        let (orders, work) = told(bench);
        let order = orders.into_iter().find(|order| order.number == created.number).unwrap();
        // 5 × 3.33 + 18.00 + 2 × 3.39, and a fifth of 16.65 to the even penny: 3.33.
        assert_eq!((order.totals.goods_minor, order.totals.tax_minor), (1_665 + 1_800 + 678, 333));
        assert_eq!(order.totals.total_minor, 4_143 + 333);
        assert_eq!((order.totals.shipping_minor, order.totals.discount_minor), (0, 0), "all of it is in the lines");
        assert_eq!(order.lines[0].unit_price.minor, 333, "a business pays the product's price, whatever was typed");
        assert_eq!((order.lines[0].tax.rate_basis_points, order.lines[0].tax.amount_minor), (2_000, 333));
        assert_eq!(order.payment_status, PaymentStatus::PartiallyPaid);
        assert_eq!(order.flags.len(), 1, "to be paid before it leaves, and it is not");
        assert_eq!((order.ship_to, order.customer.name.as_str()), (address(), "Buyer & Co"));
        assert!(order.customer.business && order.customer.first_order && order.notes[0].text == "Ring twice");
        let one = work.iter().find(|work| work.order_id == order.id).unwrap();
        assert_eq!(one.lines.iter().map(|line| (line.position, line.quantity)).collect::<Vec<_>>(), [(1, 5), (3, 2)]);
        assert_eq!(bench.pair("PACK 1").leases(bench, 50).granted.len(), 4, "and it can be leased");
        assert_eq!(bench.text("SELECT reference FROM payments"), "AB 12");

        let rest = NewPayment { method: Method::Cash, amount_minor: 4_476 - 1_000, reference: String::new() };
        store.write_blocking(Actor::Job("test"), move |work| orders::pay(work, &created.id, &rest)).unwrap();
        assert_eq!(bench.text("SELECT payment_status FROM orders WHERE desk = 'b2b'"), "paid");
        assert_eq!(bench.int("SELECT flag_unpaid FROM orders WHERE desk = 'b2b'"), 0);
        let log = bench.text("SELECT detail FROM audit WHERE kind = 'order.created'");
        assert!(!log.contains("Buyer") && !log.contains("example"), "{log}");
    });
}

#[test]
fn a_person_s_order_may_cost_nothing_and_numbers_are_never_given_twice() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut new = typed(DeskKind::B2c, vec![line("22139", 1)]);
        assert_eq!(refused(create(bench, &new)).code(), "field", "22139 was never sold, so it has no price");
        new.lines[0].price_minor = Some(0);
        let first = create(bench, &new).unwrap();
        let back = |work: &mut packbench::central::store::work::Work<'_>| {
            work.exec("UPDATE sites SET order_next = 1, customer_next = 1", packbench::vals![])?;
            Ok(())
        };
        bench.central.store().write_blocking(Actor::Job("test"), back).unwrap();
        let second = create(bench, &new).unwrap();
        assert_eq!((first.number.as_str(), second.number.as_str()), ("M000001", "M000002"));
        assert_eq!(bench.text("SELECT remark FROM orders WHERE number = 'M000002'"), "replacement");
        assert_eq!(bench.text("SELECT payment_status FROM orders WHERE number = 'M000002'"), "none");
        new.shipping.1 = "balloon".to_owned();
        assert_eq!(refused(create(bench, &new)).code(), "field");
        new.shipping.1 = "parcel".to_owned();
        new.buyer = Buyer::Known("nobody".to_owned());
        assert_eq!(refused(create(bench, &new)), Refusal::Missing { entity: "customer" });
        new.lines[0].sku = "NO SUCH".to_owned();
        assert_eq!(refused(create(bench, &new)), Refusal::Missing { entity: "product" });
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE desk = 'b2c'"), 2, "nothing half");
    });
}

#[test]
fn more_than_is_free_is_refused_by_line_or_waits_until_stock_comes() {
    on_each_engine(|bench| {
        furnished(bench);
        assert_eq!((available(bench, "85123A"), available(bench, "22728")), (94, 76), "imported orders are promised");
        let mut new = typed(DeskKind::B2b, vec![line("71053", 1), line("85123A", 60), line("85123A", 40)]);
        let lines = vec![ShortLine { line: 3, sku: "85123A".to_owned(), wanted: 40, available: 34 }];
        assert_eq!(refused(create(bench, &new)), Refusal::Short { lines });
        assert_eq!(bench.int("SELECT order_next FROM sites"), 1, "a refused order uses up no number");
        new.backorder = true;
        let waiting = create(bench, &new).unwrap();
        assert!(waiting.waits);
        assert_eq!(available(bench, "85123A"), 94, "what waits is promised nothing");
        assert_eq!(bench.pair("PACK 1").leases(bench, 50).granted.len(), 3, "and no station gets it");
        receive(bench, "85123A", 5);
        assert_eq!(bench.text("SELECT state FROM fulfillments WHERE hold_reason = 'backorder'"), "blocked");
        receive(bench, "85123A", 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'blocked'"), 0, "100 of 100");
        assert_eq!(available(bench, "85123A"), 0);
        let work = told(bench).1;
        assert!(work.iter().any(|work| work.number == waiting.number), "the stations know it");

        let next = typed(DeskKind::B2b, vec![line("85123A", 6)]);
        let later = create(bench, &NewOrder { backorder: true, ..next }).unwrap();
        assert!(later.waits);
        let store = bench.central.store();
        let first = bench.text("SELECT id FROM orders WHERE number = '536365'");
        store
            .write_blocking(Actor::Job("test"), move |work| orders::cancel(work, &first, "customer").map(drop))
            .unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'blocked'"), 0, "a cancelled one's six");
        assert_eq!(available(bench, "85123A"), 0);
    });
}

#[test]
fn very_many_that_lack_something_hold_up_none_behind_them() {
    on_each_engine(|bench| {
        furnished(bench);
        let waits = |sku: &str, units: i64| {
            let new = NewOrder { backorder: true, ..typed(DeskKind::B2b, vec![line(sku, units)]) };
            assert!(create(bench, &new).unwrap().waits);
        };
        for _ in 0..205 {
            waits("85123A", 9_000);
        }
        waits("85123A", 95);
        let (store, blocked) = (bench.central.store(), "SELECT COUNT(*) FROM fulfillments WHERE state = 'blocked'");
        let site = store.site();
        let ready = || store.read_blocking(move |tx| stock::ready(tx, site)).unwrap();
        assert_eq!((ready().len(), bench.int(blocked)), (0, 206));
        // Units that came by no change of the book that anybody looked at.
        let set = "UPDATE stock_levels SET quantity = quantity + 1 WHERE product = (SELECT id FROM products WHERE sku = '85123A')";
        store.write_blocking(Actor::Job("test"), move |work| work.exec(set, &[])).unwrap();
        let found = ready();
        assert_eq!(found.len(), 1, "the last of all");
        let twice = [found.clone(), found].concat();
        assert_eq!(store.write_blocking(Actor::Job("test"), move |work| stock::release(work, &twice)).unwrap(), 1);
        assert_eq!((bench.int(blocked), available(bench, "85123A"), ready().len()), (205, 0, 0));
    });
}

#[test]
fn sixty_four_writers_at_once_never_promise_a_unit_twice() {
    for_each_engine(|site| {
        let bench = central(site);
        furnished(&bench);
        let store = bench.central.store().clone();
        let before = available(&bench, "85123A");
        let gate = std::sync::Arc::new(std::sync::Barrier::new(64));
        let writers = (0..64).map(|n| {
            let (store, gate) = (store.clone(), std::sync::Arc::clone(&gate));
            let new = typed(DeskKind::B2b, vec![line("85123A", 3)]);
            std::thread::Builder::new()
                .name(format!("clerk-{n}"))
                .spawn(move || {
                    gate.wait();
                    store.write_blocking(Actor::Job("test"), move |work| orders::create(work, &new))
                })
                .unwrap()
        });
        let ends: Vec<Res<Created>> =
            writers.collect::<Vec<_>>().into_iter().map(|writer| writer.join().unwrap()).collect();
        let made = ends.iter().filter(|end| end.is_ok()).count() as i64;
        assert_eq!(made, before / 3, "as many as there is stock for, and no more");
        for end in ends.into_iter().filter(Result::is_err) {
            assert_eq!(refused(end).code(), "short");
        }
        assert_eq!(available(&bench, "85123A"), before % 3);
        assert_eq!(bench.int("SELECT COUNT(DISTINCT number) FROM orders WHERE desk = 'b2b'"), made);
    });
}
