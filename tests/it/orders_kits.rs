//! Kits in orders, on both engines: the lines of their parts, what they cost and promise, 64 writers at once, edits, merging, splitting,
//! coming back, and what is refused.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, central, on_each_engine};
use crate::central_sync::packed_order;
use crate::console_kit::csrf_of;
use crate::orders_create::{available, create, furnished, line, receive, refused, told, typed};
use crate::schema_kit::for_each_engine;
use crate::stock_change::{change, make, somebody, spot};
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res, ShortLine};
use packbench::central::services::orders::edit::{self, Edit, Edited};
use packbench::central::services::orders::entry::{Buyer, DeskKind};
use packbench::central::services::orders::kits::{self, Sold};
use packbench::central::services::orders::{self, Created};
use packbench::central::services::products::sheet::{self, Sheet};
use packbench::central::services::returns;
use packbench::central::services::stock::{self, Kind, Receipt, low};
use packbench::core::scan::Trace;
use packbench::protocol::wire::{OrderRecord, Role};
use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};

fn made_of(price_minor: i64, parts: &[(&str, u32)]) -> Sheet {
    Sheet {
        name: "Bedside set".to_owned(),
        price_minor: Some(price_minor),
        tax_rate_bp: 2_000,
        parts: parts.iter().map(|(sku, units)| ((*sku).to_owned(), *units)).collect(),
        ..Sheet::default()
    }
}

fn add(bench: &Bench, sku: &'static str, sheet: Sheet) -> Res<String> {
    bench.central.store().write_blocking(somebody(1), move |work| sheet::add(work, sku, &sheet))
}

fn save(bench: &Bench, sku: &'static str, spoil: impl Fn(&mut Sheet) + Send + 'static) -> Res<i64> {
    bench.central.store().write_blocking(somebody(1), move |work| {
        let mut sheet = sheet::filed(work.tx, work.ctx.site, sku)?.sheet;
        spoil(&mut sheet);
        sheet::save(work, sku, None, &sheet)
    })
}

/// The small file, and a set of two clocks (76 are free) and a lantern (98) for 10.00 and a fifth of tax.
fn with_kit(bench: &Bench) {
    furnished(bench);
    add(bench, "SET-1", made_of(1_000, &[("22728", 2), ("71053", 1)])).unwrap();
}

fn order(bench: &Bench, number: &str) -> OrderRecord {
    told(bench).0.into_iter().find(|order| order.number == number).unwrap()
}

fn sold(bench: &Bench, order: &Created) -> Vec<Sold> {
    let id = order.id.clone();
    bench.central.store().read_blocking(move |tx| kits::sold(tx, &id)).unwrap()
}

/// Units and price of each line, and the sums of base and tax, of the kit with that number.
fn lines_of(order: &OrderRecord, kit: u32) -> (Vec<(&str, u32, i64)>, i64, i64) {
    let own: Vec<_> = order.lines.iter().filter(|line| line.kit == Some(kit)).collect();
    let base = own.iter().map(|line| line.unit_price.minor * i64::from(line.quantity)).sum();
    let tax = own.iter().map(|line| line.tax.amount_minor).sum();
    (own.iter().map(|line| (line.sku.as_str(), line.quantity, line.unit_price.minor)).collect(), base, tax)
}

/// Orders whose sums are not those of their lines, or whose kits are not worth what their lines are.
fn wrong_sums(bench: &Bench) -> i64 {
    bench.int(
        "SELECT (SELECT COUNT(*) FROM orders o WHERE o.total_minor <> (SELECT CAST(COALESCE(SUM(l.quantity * l.unit_price_minor \
         + l.tax_minor), 0) AS BIGINT) FROM order_lines l WHERE l.order_id = o.id)) + (SELECT COUNT(*) FROM order_kits k \
         WHERE k.quantity * k.unit_price_minor <> (SELECT CAST(COALESCE(SUM(l.quantity * l.unit_price_minor), 0) AS BIGINT) \
         FROM order_lines l WHERE l.order_id = k.order_id AND l.kit_no = k.kit_no) OR k.tax_minor <> \
         (SELECT CAST(COALESCE(SUM(l.tax_minor), 0) AS BIGINT) FROM order_lines l WHERE l.order_id = k.order_id \
         AND l.kit_no = k.kit_no))",
    )
}

#[test]
fn a_kit_becomes_the_lines_of_its_parts_and_they_cost_what_it_costs() {
    on_each_engine(|bench| {
        with_kit(bench);
        assert_eq!((available(bench, "SET-1"), available(bench, "22728")), (38, 76), "as many as the clocks make");
        let made = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 1), line("85123A", 1)])).unwrap();
        let order = order(bench, &made.number);
        let (lines, base, tax) = lines_of(&order, 1);
        assert_eq!(lines, [("22728", 1, 344), ("22728", 1, 345), ("71053", 1, 311)]);
        assert_eq!((base, tax, order.kits[0].tax.amount_minor), (1_000, 200, 200));
        assert_eq!((order.kits[0].sku.as_str(), order.kits[0].quantity, order.kits[0].content.len()), ("SET-1", 1, 2));
        assert_eq!(order.totals.total_minor, order.totals.goods_minor + order.totals.tax_minor);
        assert_eq!((available(bench, "22728"), available(bench, "71053"), available(bench, "SET-1")), (74, 97, 37));
        let (_, work) = told_again(bench);
        let work = work.into_iter().find(|one| one.order_id == order.id).unwrap();
        let of_kit: Vec<bool> = work.lines.iter().map(|line| line.kit_product_id.is_some()).collect();
        assert_eq!(of_kit, [true, true, true, false], "benches know which are parts");

        let mut person = typed(DeskKind::B2c, vec![line("SET-1", 3)]);
        person.lines[0].price_minor = Some(7);
        person.lines[0].tax_rate_bp = Some(500);
        let cheap = create(bench, &person).unwrap();
        let kept = sold(bench, &cheap);
        assert_eq!((kept[0].price_minor, kept[0].tax_minor, kept[0].quantity), (7, 1, 3), "a typed price is the kit's");
        assert_eq!(wrong_sums(bench), 0);
        assert_eq!(bench.int("SELECT CAST(SUM(units) AS BIGINT) FROM orders WHERE desk <> ''"), 4 + 9);
    });
}

/// As [`told`], at a station of another name.
fn told_again(bench: &Bench) -> (Vec<OrderRecord>, Vec<packbench::protocol::wire::FulfillmentRecord>) {
    use packbench::protocol::wire::{Change, PullPage, Put};
    let post = bench.pair("PACK 8");
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let mut all = (Vec::new(), Vec::new());
    for change in page.changes {
        match change {
            Change::Order(Put::Upsert(order)) => all.0.push(*order),
            Change::Fulfillment(Put::Upsert(work)) => all.1.push(*work),
            _ => {}
        }
    }
    all
}

#[test]
fn more_kits_than_can_be_made_are_refused_or_wait_for_the_part() {
    on_each_engine(|bench| {
        with_kit(bench);
        let short = |place, sku: &str, wanted, available| {
            vec![ShortLine { line: place, sku: sku.to_owned(), wanted, available }]
        };
        let many = typed(DeskKind::B2b, vec![line("SET-1", 39)]);
        assert_eq!(refused(create(bench, &many)), Refusal::Short { lines: short(1, "SET-1", 39, 38) });
        let both = typed(DeskKind::B2b, vec![line("22728", 70), line("SET-1", 4)]);
        assert_eq!(refused(create(bench, &both)), Refusal::Short { lines: short(2, "SET-1", 4, 3) });
        let both = typed(DeskKind::B2b, vec![line("SET-1", 4), line("22728", 70)]);
        assert_eq!(refused(create(bench, &both)), Refusal::Short { lines: short(2, "22728", 70, 68) });
        let mut waits = many;
        waits.backorder = true;
        assert!(create(bench, &waits).unwrap().waits);
        assert_eq!(available(bench, "22728"), 76, "what waits is promised nothing");
        receive(bench, "22728", 2);
        assert_eq!((available(bench, "22728"), available(bench, "71053")), (0, 59), "and then all of it at once");
    });
}

#[test]
fn sixty_four_writers_sell_a_part_alone_and_in_kits_and_no_unit_twice() {
    for_each_engine(|site| {
        let bench = central(site);
        with_kit(&bench);
        let store = bench.central.store().clone();
        let before = available(&bench, "22728");
        let gate = Arc::new(Barrier::new(64));
        let writers = (0..64).map(|n| {
            let (store, gate) = (store.clone(), Arc::clone(&gate));
            let sku = if n % 2 == 0 { "SET-1" } else { "22728" };
            let new = typed(DeskKind::B2b, vec![line(sku, 3)]);
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
        for end in ends.into_iter().filter(Result::is_err) {
            assert_eq!(refused(end).code(), "short");
        }
        let left = available(&bench, "22728");
        assert!((0..3).contains(&left), "what is left is too little for anybody: {left}");
        let units = bench.int(
            "SELECT CAST(SUM(l.quantity) AS BIGINT) FROM order_lines l JOIN products p ON p.id = l.product \
             JOIN orders o ON o.id = l.order_id WHERE p.sku = '22728' AND o.desk = 'b2b'",
        );
        assert_eq!(units, before - left);
        assert_eq!(wrong_sums(&bench), 0);
    });
}

#[test]
fn what_is_no_kit_is_refused_and_a_kit_has_no_stock() {
    on_each_engine(|bench| {
        with_kit(bench);
        let wrong: [&[(&str, u32)]; 7] = [
            &[("NONE", 1)],
            &[("POST", 1)],
            &[("SET-2", 1)],
            &[("SET-1", 1)],
            &[("71053", 0)],
            &[("71053", 10_001)],
            &[("71053", 1), ("71053", 2)],
        ];
        for parts in wrong {
            let refusal = refused(add(bench, "SET-2", made_of(1, parts)));
            assert!(matches!(refusal, Refusal::Field { field: "product.parts", .. }), "{parts:?}: {refusal:?}");
        }
        let service = Sheet { service: true, ..made_of(1, &[("71053", 1)]) };
        assert_eq!(refused(add(bench, "SET-2", service)).code(), "field");
        assert_eq!(bench.int("SELECT COUNT(*) FROM products WHERE sku = 'SET-2'"), 0, "nothing half");
        let of = |sku: &'static str| move |sheet: &mut Sheet| sheet.parts = vec![(sku.to_owned(), 1)];
        assert_eq!(refused(save(bench, "SET-1", of("SET-1"))).code(), "field", "a kit of itself");
        assert_eq!(refused(save(bench, "71053", of("22139"))).code(), "state", "it lies here");
        add(bench, "CUP", Sheet { name: "Cup".to_owned(), ..Sheet::default() }).unwrap();
        add(bench, "SET-3", made_of(1, &[("CUP", 4)])).unwrap();
        assert_eq!(refused(save(bench, "CUP", of("22139"))).code(), "field", "a part is no kit");
        assert_eq!(refused(save(bench, "CUP", |sheet| sheet.service = true)).code(), "state", "nor a service");

        let come = change(Kind::Receive(String::new()), spot("SET-1", "A-01-1"), 1);
        assert!(matches!(refused(make(bench, somebody(1), &come)), Refusal::Field { field: "stock.kit", .. }));
        let count = change(Kind::Count, spot("SET-1", "A-01-1"), 1);
        assert_eq!(refused(make(bench, somebody(1), &count)).code(), "field");
        let (sku, location) = ("SET-1".to_owned(), "A-01-1".to_owned());
        let receipts = [Receipt { sku, location, lot: String::new(), expiry: String::new(), quantity: 1 }];
        let store = bench.central.store();
        let listed = store.write_blocking(somebody(1), move |work| stock::receive(work, &receipts, "list"));
        assert_eq!(refused(listed).code(), "field");
        let again = store.write_blocking(somebody(1), |work| low::set_reorder(work, "SET-1", Some(5), None));
        assert_eq!(refused(again).code(), "field", "its parts run out, not the kit");
        assert_eq!(bench.int("SELECT COUNT(*) FROM products WHERE reorder_at IS NOT NULL"), 0);
        save(bench, "SET-3", |sheet| sheet.parts.clear()).unwrap();
        make(bench, somebody(1), &change(Kind::Receive(String::new()), spot("SET-3", "A-01-1"), 1)).unwrap();
    });
}

fn change_units(bench: &Bench, order: &Created, units: &[(u32, i64)], add: &[(&str, i64)]) -> Res<Edited> {
    let (number, units) = (order.number.clone(), units.iter().copied().collect::<BTreeMap<u32, i64>>());
    let add: Vec<_> = add.iter().map(|(sku, n)| line(sku, *n)).collect();
    bench.central.store().write_blocking(somebody(1), move |work| {
        let now = edit::editable(work.tx, work.ctx.site, &number)?;
        let (seen, address, note) = (now.seen(), now.address, now.note);
        edit::edit(
            work,
            &number,
            &seen,
            &Edit { address, note, units: units.clone(), add: add.clone(), backorder: false },
        )
    })
}

#[test]
fn a_kit_that_changes_later_changes_no_order() {
    on_each_engine(|bench| {
        with_kit(bench);
        let made = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 2)])).unwrap();
        let was = sold(bench, &made);
        save(bench, "SET-1", |sheet| {
            (sheet.name, sheet.price_minor) = ("Other set".to_owned(), Some(500));
            sheet.parts = vec![("85123A".to_owned(), 1)];
        })
        .unwrap();
        assert_eq!(sold(bench, &made), was);
        assert_eq!(change_units(bench, &made, &[(1, 3)], &[]).unwrap(), Edited::Done);
        let now = sold(bench, &made);
        assert_eq!((now[0].quantity, now[0].price_minor, now[0].tax_minor), (3, 1_000, 600), "more of what was sold");
        assert_eq!((&now[0].name, &now[0].content), (&was[0].name, &was[0].content));
        assert_eq!((available(bench, "22728"), available(bench, "71053")), (70, 95));
        let (lines, base, tax) = {
            let order = order(bench, &made.number);
            let (l, b, t) = lines_of(&order, 1);
            (l.iter().map(|(sku, n, _)| ((*sku).to_owned(), *n)).collect::<Vec<_>>(), b, t)
        };
        assert_eq!(lines.iter().map(|(_, n)| n).sum::<u32>(), 9, "{lines:?}");
        assert_eq!((base, tax, wrong_sums(bench)), (3_000, 600, 0));
        let next = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 1)])).unwrap();
        assert_eq!(sold(bench, &next)[0].content[0].sku, "85123A", "the next order is of the new one");
    });
}

#[test]
fn kits_are_edited_merged_and_split_with_their_orders() {
    on_each_engine(|bench| {
        with_kit(bench);
        let first = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 1), line("85123A", 2)])).unwrap();
        let refusal = refused(change_units(bench, &first, &[(1, 39)], &[]));
        assert_eq!(refusal.code(), "short", "{refusal:?}");
        assert_eq!(change_units(bench, &first, &[(1, 2)], &[("SET-1", 1)]).unwrap(), Edited::Done);
        assert_eq!(sold(bench, &first).iter().map(|kit| kit.quantity).collect::<Vec<_>>(), [2, 1]);
        let last = sold(bench, &first)[1].no;
        assert_eq!(change_units(bench, &first, &[(last, 0)], &[]).unwrap(), Edited::Done);
        assert_eq!((sold(bench, &first).len(), available(bench, "22728")), (1, 72));
        assert_eq!(wrong_sums(bench), 0);

        let id = first.id.clone();
        let read = move |tx: &mut dyn packbench::sql::Conn| -> Res<String> {
            Ok(tx.one("SELECT customer FROM orders WHERE id = $1", packbench::vals![&id])?.unwrap().at(0)?)
        };
        let mut next = typed(DeskKind::B2b, vec![line("71053", 1), line("SET-1", 1)]);
        next.buyer = Buyer::Known(bench.central.store().read_blocking(read).unwrap());
        let second = create(bench, &next).unwrap();
        let free = (available(bench, "22728"), available(bench, "71053"));
        let (into, from) = (first.number.clone(), second.number);
        bench.central.store().write_blocking(somebody(1), move |work| orders::merge(work, &into, &from)).unwrap();
        let all = sold(bench, &first);
        assert_eq!(all.iter().map(|kit| kit.quantity).collect::<Vec<_>>(), [2, 1], "both kits, each with its lines");
        assert!(all[0].no != all[1].no);
        assert_eq!((available(bench, "22728"), available(bench, "71053")), free);
        assert_eq!(wrong_sums(bench), 0);

        let id = first.id.clone();
        let read = move |tx: &mut dyn packbench::sql::Conn| -> Res<(String, u32)> {
            let row = tx.one(
                "SELECT f.id, l.line_no FROM fulfillments f JOIN order_lines l ON l.order_id = f.order_id \
                 WHERE f.order_id = $1 AND l.kit_no IS NOT NULL ORDER BY l.line_no LIMIT 1",
                packbench::vals![&id],
            )?;
            let row = row.unwrap();
            Ok((row.at(0)?, row.at(1)?))
        };
        let (work, no) = bench.central.store().read_blocking(read).unwrap();
        let (order, units) = (first.id.clone(), BTreeMap::from([(no, 1)]));
        bench.central.store().write_blocking(somebody(1), move |w| orders::split(w, &order, &work, &units)).unwrap();
        assert_eq!((available(bench, "22728"), available(bench, "71053")), free, "a part may leave before the others");
    });
}

#[test]
fn parts_are_packed_and_come_back_one_by_one() {
    on_each_engine(|bench| {
        with_kit(bench);
        let made = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 1)])).unwrap();
        assert_eq!(made.number, "M000001");
        let mut post = bench.pair("PACK 1");
        packed_order(bench, &mut post, "M000001", &Trace::default());
        let asked = returns::NewReturn {
            order: made.number.clone(),
            lines: vec![(2, 1)],
            reason: returns::Reason::Faulty,
            note: String::new(),
        };
        bench.central.store().write_blocking(somebody(1), move |work| returns::open(work, &asked)).unwrap();
        assert_eq!(
            bench.int(
                "SELECT unit_price_minor FROM return_lines r JOIN returns t ON t.id = r.return_id \
            WHERE t.order_id IS NOT NULL"
            ),
            345,
            "what came back is worth its share"
        );
    });
}

#[test]
fn the_page_of_an_order_and_the_product_show_the_kit() {
    on_each_engine(|bench| {
        with_kit(bench);
        let made = create(bench, &typed(DeskKind::B2b, vec![line("SET-1", 2), line("85123A", 1)])).unwrap();
        for (login, locale) in [("en", "en"), ("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Admin, locale);
            let cookie = log_in(bench, login);
            let order = format!("/orders/{}", made.number);
            for path in [order.as_str(), "/products/SET-1", "/products", "/stock/of/SET-1", "/stock"] {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains('⟦') && !body.contains(" style="), "{path} in {locale}: {body}");
            }
        }
        let cookie = log_in(bench, "en");
        let shown = page(bench, &format!("/orders/{}", made.number), &cookie).2;
        let kit = shown.find("<tr class=\"kit\">").unwrap_or_else(|| panic!("{shown}"));
        let parts = shown[kit..].matches("<tr class=\"part\">").count();
        assert!(parts >= 2 && shown[kit..].contains("Bedside set"), "its parts stand under it: {shown}");
        let edit = page(bench, &format!("/orders/{}/edit", made.number), &cookie).2;
        assert!(edit.contains("name=\"units-1\"") && edit.contains("SET-1") && !edit.contains("22728"), "{edit}");
        let stock = page(bench, "/stock/of/SET-1", &cookie).2;
        assert!(stock.contains("22728") && !stock.contains("/stock/receive?sku=SET-1"), "{stock}");
        let token = csrf_of(&page(bench, "/new-product", &cookie).2);
        let body =
            format!("csrf={token}&version=0&sku=SET-9&name=Nine&price=9&part=71053&part-units=3&part=&part-units=");
        let (status, headers, said) = form(bench, "/new-product", &cookie, body.clone());
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/products/SET-9");
        let shown = page(bench, "/products/SET-9", &cookie).2;
        assert!(shown.contains("name=\"part\" value=\"71053\""), "{shown}");
        let wrong = body.replace("SET-9", "SET-8").replace("71053", "SET-1");
        let (status, _, said) = form(bench, "/new-product", &cookie, wrong);
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("no kits"), "{said}");
    });
}
