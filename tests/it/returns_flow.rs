//! Returns on both engines: no more comes back than left, units are graded into the ledger, the order's lines and the ledger count the
//! same, and each end does what it says; at the console too, by scan.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::central_sync::packed_order;
use crate::console_kit::hidden;
use crate::orders_create::{address, available, furnished, refused};
use crate::stock_change::{somebody, wrong_balances};
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res, ShortLine};
use packbench::central::services::customers::{self, CustomerFacts};
use packbench::central::services::orders::{self, Method, NewPayment};
use packbench::central::services::returns::read::{self, Case};
use packbench::central::services::returns::{
    self, Close, Closed, Grade, Graded, NewReturn, Opened, Reason, Received, Resolution, State,
};
use packbench::core::scan::Trace;
use packbench::protocol::wire::Role;

/// The small file with order 536365 packed whole and paid, and an address for its customer.
pub fn packed(bench: &Bench) {
    furnished(bench);
    // The file asks two units of its first line back, by a return that names nothing else.
    let id = bench.text("SELECT id FROM customers WHERE number = '17850'");
    let fact = CustomerFacts { id, name: None, address: Some(address()), vip: None, paper_invoice: None };
    let order = bench.text("SELECT id FROM orders WHERE number = '536365'");
    let paid = NewPayment { method: Method::Card, amount_minor: 2_208, reference: String::new() };
    bench
        .central
        .store()
        .write_blocking(Actor::Job("test"), move |work| {
            customers::set_facts(work, std::slice::from_ref(&fact))?;
            orders::pay(work, &order, &paid)
        })
        .unwrap();
    let mut post = bench.pair("PACK 1");
    packed_order(bench, &mut post, "536365", &Trace::default());
}

pub fn open(bench: &Bench, lines: &[(u32, i64)]) -> Res<Opened> {
    let new = NewReturn {
        order: "536365".to_owned(),
        lines: lines.to_vec(),
        reason: Reason::Faulty,
        note: "Does not light".to_owned(),
    };
    bench.central.store().write_blocking(somebody(1), move |work| returns::open(work, &new))
}

pub fn units(line: u32, quantity: i64, grade: Grade) -> Graded {
    let location = if grade == Grade::Resell { "A-02-1" } else { "" }.to_owned();
    Graded { line, quantity, grade, location, lot: String::new(), expiry: String::new(), serial: String::new() }
}

pub fn receive(bench: &Bench, number: &str, came: &Graded) -> Res<Received> {
    let (number, came) = (number.to_owned(), came.clone());
    bench.central.store().write_blocking(somebody(1), move |work| returns::receive(work, &number, None, &came))
}

pub fn close(bench: &Bench, number: &str, how: &Close) -> Res<Closed> {
    let (number, how) = (number.to_owned(), how.clone());
    bench.central.store().write_blocking(somebody(1), move |work| returns::close(work, &number, None, &how))
}

fn case(bench: &Bench, number: &str) -> Case {
    let (store, number) = (bench.central.store(), number.to_owned());
    let site = store.site();
    store.read_blocking(move |tx| read::one(tx, site, &number, true)).unwrap()
}

/// Lines whose counters do not say what the graded units, the open returns and the ledger say.
pub fn wrong_counters(bench: &Bench) -> i64 {
    let lines = bench.int(
        "SELECT COUNT(*) FROM order_lines l WHERE l.returned <> (SELECT CAST(COALESCE(SUM(u.quantity), 0) AS BIGINT) \
         FROM return_units u JOIN return_lines r ON r.return_id = u.return_id AND r.line_no = u.line_no \
         WHERE r.order_id = l.order_id AND r.order_line = l.line_no) OR l.return_requested <> \
         (SELECT CAST(COALESCE(SUM(r.quantity - r.received), 0) AS BIGINT) FROM return_lines r JOIN returns t \
         ON t.id = r.return_id WHERE t.state <> 'closed' AND r.order_id = l.order_id AND r.order_line = l.line_no)",
    );
    let ledger = bench.int(
        "SELECT COUNT(*) FROM returns t WHERE (SELECT CAST(COALESCE(SUM(u.quantity), 0) AS BIGINT) FROM return_units u \
         WHERE u.return_id = t.id) <> (SELECT CAST(COALESCE(SUM(m.quantity), 0) AS BIGINT) FROM stock_movements m \
         WHERE m.ref_kind = 'return' AND m.ref_id = t.id AND m.kind = 'return')",
    );
    lines + ledger + wrong_balances(bench)
}

#[test]
fn no_more_comes_back_than_left_and_is_not_on_its_way() {
    on_each_engine(|bench| {
        packed(bench);
        let short = vec![ShortLine { line: 1, sku: "85123A".to_owned(), wanted: 5, available: 4 }];
        assert_eq!(refused(open(bench, &[(1, 5)])), Refusal::Short { lines: short }, "six left, two are asked back");
        for wrong in [&[][..], &[(1, 0)], &[(1, 1), (1, 1)], &[(9, 1)]] {
            assert_eq!(refused(open(bench, wrong)).code(), "field", "{wrong:?}");
        }
        let first = open(bench, &[(1, 4), (2, 1)]).unwrap();
        assert_eq!(first.number, "R000001");
        assert_eq!(refused(open(bench, &[(1, 1)])).code(), "short");
        assert_eq!(wrong_counters(bench), 0);
        let shown = case(bench, "R000001");
        assert_eq!((shown.head.state, shown.head.units, shown.lines.len()), (State::Requested, (5, 0), 2));
        assert_eq!(close(bench, "R000001", &Close::Withdraw).unwrap().resolution, Resolution::Withdrawn);
        assert_eq!(wrong_counters(bench), 0);
        assert!(open(bench, &[(1, 4)]).is_ok(), "what never came can be asked back again");
        let unpacked =
            NewReturn { order: "536370".to_owned(), lines: vec![(1, 1)], reason: Reason::Late, note: String::new() };
        let store = bench.central.store();
        assert_eq!(
            refused(store.write_blocking(somebody(1), move |work| returns::open(work, &unpacked))).code(),
            "short"
        );
    });
}

#[test]
fn graded_units_are_in_the_ledger_where_they_lie_and_the_lines_count_the_same() {
    on_each_engine(|bench| {
        packed(bench);
        let number = open(bench, &[(1, 4), (2, 2)]).unwrap().number;
        let before = available(bench, "85123A");
        assert_eq!(refused(close(bench, &number, &Close::Nothing)).code(), "state", "nothing came yet");
        let left = receive(bench, &number, &units(1, 2, Grade::Resell)).unwrap();
        assert_eq!((left.left, left.left_of_all), (2, 4));
        assert_eq!(available(bench, "85123A"), before + 2, "sold again at once");
        receive(bench, &number, &units(1, 1, Grade::Repair)).unwrap();
        receive(bench, &number, &units(2, 1, Grade::Scrap)).unwrap();
        assert_eq!(available(bench, "85123A"), before + 2, "what is repaired or thrown away is not");
        assert_eq!(refused(receive(bench, &number, &units(1, 2, Grade::Resell))), Refusal::Stock { available: 1 });
        assert_eq!(refused(receive(bench, &number, &units(1, 0, Grade::Resell))).code(), "field");
        let nowhere = Graded { location: "Z".to_owned(), ..units(1, 1, Grade::Resell) };
        assert_eq!(refused(receive(bench, &number, &nowhere)), Refusal::Missing { entity: "location" });
        assert_eq!(refused(receive(bench, &number, &units(9, 1, Grade::Scrap))), Refusal::Missing { entity: "line" });
        assert_eq!(wrong_counters(bench), 0);
        assert_eq!(bench.int("SELECT quantity FROM stock_levels WHERE condition = 'returned'"), 1);
        assert_eq!(bench.int("SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_movements WHERE kind = 'consume'"), -1);
        assert_eq!(
            bench.int("SELECT quantity FROM stock_levels WHERE condition = 'damaged'"),
            0,
            "it came and it went"
        );
        assert_eq!(refused(close(bench, &number, &Close::Withdraw)).code(), "state", "units came");
        close(bench, &number, &Close::Nothing).unwrap();
        assert_eq!(wrong_counters(bench), 0);
        assert_eq!(refused(receive(bench, &number, &units(1, 1, Grade::Scrap))).code(), "state");
        assert_eq!(bench.int("SELECT returned FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.number = '536365' AND l.line_no = 1"), 3);
    });
}

#[test]
fn a_serial_that_is_kept_for_repair_may_leave_again_and_a_scrapped_one_may_not() {
    on_each_engine(|bench| {
        packed(bench);
        let left = |work: &mut packbench::central::store::work::Work<'_>| {
            for (id, serial) in [(1_u32, "SN-1"), (2, "SN-2")] {
                work.exec(
                    "INSERT INTO serials (id, site, product, serial, fulfillment, used_ms) \
                     SELECT CAST($1 AS TEXT), site, id, CAST($2 AS TEXT), 'left', 1 FROM products WHERE sku = '85123A'",
                    packbench::vals![format!("00000000-0000-4000-8000-00000000000{id}"), serial],
                )?;
            }
            Ok(())
        };
        bench.central.store().write_blocking(Actor::Job("test"), left).unwrap();
        let number = open(bench, &[(1, 2)]).unwrap().number;
        for (serial, grade) in [("SN-1", Grade::Repair), ("SN-2", Grade::Scrap)] {
            receive(bench, &number, &Graded { serial: serial.to_owned(), ..units(1, 1, grade) }).unwrap();
        }
        assert_eq!(
            bench.text("SELECT serial FROM serials"),
            "SN-2",
            "a repaired unit is sold again, a scrapped one is not"
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM serials"), 1);
        assert_eq!(wrong_counters(bench), 0);
    });
}

#[test]
fn money_goes_back_with_its_tax_and_never_more_than_is_paid() {
    on_each_engine(|bench| {
        packed(bench);
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), |work| {
                work.exec("UPDATE order_lines SET tax_rate_bp = 2000, tax_minor = 306 WHERE line_no = 1", &[]).map(drop)
            })
            .unwrap();
        let number = open(bench, &[(1, 4)]).unwrap().number;
        receive(bench, &number, &units(1, 3, Grade::Resell)).unwrap();
        let refund = |amount_minor| Close::Refund { amount_minor, method: Method::Card, reference: String::new() };
        for wrong in [0, 2_209] {
            assert_eq!(refused(close(bench, &number, &refund(Some(wrong)))).code(), "field");
        }
        // 3 × 2.55 and a fifth of it.
        let closed = close(bench, &number, &refund(None)).unwrap();
        assert_eq!((closed.resolution, closed.refund), (Resolution::Refunded, (765 + 153, 153)));
        assert_eq!(bench.text("SELECT payment_status FROM orders WHERE number = '536365'"), "partially_refunded");
        assert_eq!(bench.int("SELECT paid_minor FROM orders WHERE number = '536365'"), 2_208 - 918);
        assert_eq!(bench.int("SELECT COUNT(*) FROM payments WHERE kind = 'refund' AND amount_minor = 918"), 1);
        assert_eq!(refused(close(bench, &number, &refund(None))).code(), "state", "once");
        assert_eq!(wrong_counters(bench), 0);
        let second = open(bench, &[(1, 1)]).unwrap().number;
        receive(bench, &second, &units(1, 1, Grade::Scrap)).unwrap();
        assert_eq!(
            close(bench, &second, &refund(Some(100))).unwrap().refund,
            (100, 17),
            "a part holds its part of the tax"
        );
    });
}

#[test]
fn units_that_come_back_one_by_one_bring_the_tax_that_was_charged_and_no_more() {
    on_each_engine(|bench| {
        packed(bench);
        // Six at 0.50 are 3.00, and 0.63 of tax; a fifth and a hundredth of one is 0.105.
        let sql = "UPDATE order_lines SET unit_price_minor = 50, tax_rate_bp = 2100, tax_minor = 63 WHERE line_no = 1";
        let charged = move |work: &mut packbench::central::store::work::Work<'_>| work.exec(sql, &[]);
        bench.central.store().write_blocking(Actor::Job("test"), charged).unwrap();
        let how = Close::Refund { amount_minor: None, method: Method::Card, reference: String::new() };
        for expected in [(61, 11), (60, 10), (61, 11), (60, 10)] {
            let number = open(bench, &[(1, 1)]).unwrap().number;
            receive(bench, &number, &units(1, 1, Grade::Scrap)).unwrap();
            assert_eq!(case(bench, &number).worth_minor, expected.0, "the page says the same");
            assert_eq!(close(bench, &number, &how).unwrap().refund, expected);
        }
    });
}

#[test]
fn an_exchange_is_a_new_order_that_knows_its_return() {
    on_each_engine(|bench| {
        packed(bench);
        let number = open(bench, &[(1, 2)]).unwrap().number;
        receive(bench, &number, &units(1, 2, Grade::Scrap)).unwrap();
        let closed = close(bench, &number, &Close::Exchange { backorder: false }).unwrap();
        let order = closed.exchange.unwrap();
        assert_eq!(case(bench, &number).exchange.as_deref(), Some(order.as_str()));
        assert_eq!(bench.int("SELECT total_minor FROM orders WHERE desk = 'b2c'"), 0);
        assert_eq!(bench.text("SELECT remark_text FROM orders WHERE desk = 'b2c'"), number);
        assert_eq!(
            bench.text("SELECT state FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.desk = 'b2c'"),
            "released"
        );
        let (store, id) = (bench.central.store(), bench.text("SELECT id FROM orders WHERE desk = 'b2c'"));
        let from = store.read_blocking(move |tx| read::of_order(tx, &id)).unwrap().1;
        assert_eq!(from.as_deref(), Some(number.as_str()));
        assert_eq!(wrong_counters(bench), 0);
    });
}

/// Sends a form of a page with its token and name; the answer's status, where it leads, and its text.
fn send(bench: &Bench, cookie: &str, at: &str, to: &str, fields: &str) -> (StatusCode, String, String) {
    let shown = page(bench, at, cookie).2;
    let body = format!("csrf={}&once={}&{fields}", hidden(&shown, "csrf"), hidden(&shown, "once"));
    let (status, headers, body) = form(bench, to, cookie, body);
    let to = headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
    (status, to, body)
}

#[test]
fn a_clerk_makes_a_return_takes_it_in_by_scan_and_pays_it_back() {
    on_each_engine(|bench| {
        packed(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        assert!(page(bench, "/orders/536365", &cookie).2.contains("/orders/536365/return"));
        let at = "/orders/536365/return";
        let (status, _, said) = send(bench, &cookie, at, at, "line-1=9&reason=faulty&note=");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("85123A 4/9"), "{said}");
        let (status, to, said) = send(bench, &cookie, at, at, "line-1=2&line-2=1&reason=faulty&note=Dark");
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/returns/R000001"), "{said}");
        let shown = page(bench, &to, &cookie).2;
        assert!(shown.contains("svg class=\"barcode\"") && shown.contains("Dark"), "{shown}");
        let scan = page(bench, "/returns?search=R000001", &cookie);
        assert_eq!(scan.1[header::LOCATION].to_str().unwrap(), "/returns/R000001", "the paper leads to it");
        let take = |fields: &str| send(bench, &cookie, &to, "/returns/R000001/receive", fields);
        let (status, next, said) = take("scan=85123A&units=2&location=A-02-1&grade=resell");
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert!(page(bench, &next, &cookie).2.contains("Taken in: 2 × 85123A"));
        let said = take("scan=85123A&units=50&location=A-02-1&grade=scrap").2;
        for kept in ["name=\"units\" min=\"1\" value=\"50\"", "value=\"85123A\"", "value=\"scrap\" required checked"] {
            assert!(said.contains(kept), "{kept}: {said}");
        }
        assert!(take("scan=22728&units=1&location=A-02-1&grade=resell").2.contains("not asked back here"));
        assert!(take("scan=85123A&units=1&location=A-02-1&grade=resell").2.contains("Only 0 more"));
        assert_eq!(wrong_counters(bench), 0);
        let version = bench.int("SELECT version FROM returns WHERE number = 'R000001'");
        let end = |fields: &str| send(bench, &cookie, &to, "/returns/R000001/close", fields);
        assert_eq!(
            end(&format!("version={}&how=refund&amount=&method=card", version - 1)).0,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let said = end(&format!("version={version}&how=refund&amount=lots&method=cash")).2;
        assert!(
            said.contains("value=\"lots\"") && said.contains("value=\"cash\" selected"),
            "what was typed stays: {said}"
        );
        let (status, _, said) = end(&format!("version={version}&how=refund&amount=5,10&method=card"));
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert!(page(bench, &to, &cookie).2.contains("Paid back: £5.10"));
        let order = page(bench, "/orders/536365", &cookie).2;
        assert!(order.contains("R000001") && order.contains("Paid back"), "{order}");

        for (login, locale) in [("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Office, locale);
            let cookie = log_in(bench, login);
            for path in ["/returns", "/returns?state=closed", "/returns/R000001", "/orders/536365", at] {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains('⟦') && !body.contains(" style="), "{path} in {locale}: {body}");
            }
        }
        user(bench, "lead", Role::Lead, "en");
        user(bench, "packer", Role::Packer, "en");
        let (lead, packer) = (log_in(bench, "lead"), log_in(bench, "packer"));
        let csrf = hidden(&page(bench, "/returns/R000001", &lead).2, "csrf");
        let refund = form(bench, "/returns/R000001/close", &lead, format!("csrf={csrf}&once=x&how=refund&version=1"));
        assert_eq!(refund.0, StatusCode::FORBIDDEN, "money is the office's");
        for path in ["/returns", "/returns/R000001", at] {
            assert_eq!(page(bench, path, &packer).0, StatusCode::FORBIDDEN, "{path}");
        }
    });
}
