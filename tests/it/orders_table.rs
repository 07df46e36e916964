//! The office's table of orders as a service, on both engines: every filter and order against a plain model of the same orders,
//! page after page by cursor; what a row shows; rules, views, and what is new to whom.

use crate::central_console::user;
use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::{create, furnished, line, receive, refused, typed};
use packbench::central::actor::Actor;
use packbench::central::error::Res;
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::table::{
    self, Alert, Count, Expected, Filter, Flag, Rule, RuleKind, Sort, SortKey, TablePage, TableRow, views,
};
use packbench::central::services::orders::{Method, NewPayment};
use packbench::core::time::UtcMs;
use packbench::protocol::wire::{Role, UserId};
use std::cmp::Ordering;

/// Enough that the widest choices are too many to be sorted in memory.
const ORDERS: i64 = 20_000;

/// Order number `i` of the model and of [`FILL`].
#[derive(Clone)]
struct Model {
    id: String,
    number: String,
    placed: i64,
    status: &'static str,
    payment: &'static str,
    fulfillment: &'static str,
    total: i64,
    due: i64,
    rank: i64,
    fraud: bool,
}

const FILL: &str = "WITH RECURSIVE n (i) AS (SELECT CAST($3 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST($4 AS BIGINT)) \
    INSERT INTO orders (id, site, number, customer, placed_ms, status, payment_status, fulfillment_status, currency, \
    total_minor, ship_by_ms, rush, expedited_by, flag_fraud, source, search, is_open, updated_ms) \
    SELECT 'o' || CAST(i AS TEXT), $1, 'N' || CAST(i * 7919 % 20000 AS TEXT), $2, 1000000 + (i * 7919 % 500) * 1000, \
    CASE WHEN i % 10 < 6 THEN 'closed' WHEN i % 10 < 9 THEN 'placed' ELSE 'cancelled' END, \
    CASE WHEN i % 7 = 0 THEN 'none' WHEN i % 1000 = 3 THEN 'failed' ELSE 'paid' END, \
    CASE WHEN i % 10 < 6 THEN 'shipped' WHEN i % 10 = 9 THEN 'cancelled' WHEN i % 3 = 0 THEN 'in_progress' ELSE 'unfulfilled' END, \
    'GBP', (i * 31 % 97) * 100, CASE WHEN i % 4 = 0 THEN NULL ELSE 2000000 + (i * 13 % 50) * 1000 END, \
    CASE WHEN i % 11 = 0 THEN 1 ELSE 0 END, CASE WHEN i % 500 = 1 THEN 'x' END, CASE WHEN i % 900 = 5 THEN 1 ELSE 0 END, \
    'test', 'n' || CAST(i * 7919 % 20000 AS TEXT), CASE WHEN i % 10 >= 6 AND i % 10 < 9 THEN 1 ELSE 0 END, 1 FROM n";

fn model(i: i64) -> Model {
    let tenth = i % 10;
    Model {
        id: format!("o{i}"),
        number: format!("N{}", i * 7919 % ORDERS),
        placed: 1_000_000 + (i * 7919 % 500) * 1000,
        status: if tenth < 6 {
            "closed"
        } else if tenth < 9 {
            "placed"
        } else {
            "cancelled"
        },
        payment: if i % 7 == 0 {
            "none"
        } else if i % 1000 == 3 {
            "failed"
        } else {
            "paid"
        },
        fulfillment: match (tenth, i % 3) {
            (0..6, _) => "shipped",
            (9, _) => "cancelled",
            (_, 0) => "in_progress",
            _ => "unfulfilled",
        },
        total: (i * 31 % 97) * 100,
        due: if i % 4 == 0 { 253_402_214_400_000 } else { 2_000_000 + (i * 13 % 50) * 1000 },
        rank: if i % 500 == 1 {
            0
        } else if i % 11 == 0 {
            1
        } else {
            2
        },
        fraud: i % 900 == 5,
    }
}

fn filled(bench: &Bench) -> Vec<Model> {
    let store = bench.central.store();
    store
        .write_blocking(Actor::Job("test"), |work| {
            let customer = work.new_id();
            work.exec(
                "INSERT INTO customers (id, site, kind, updated_ms) VALUES ($1, $2, 'guest', 1)",
                packbench::vals![&customer, work.site()],
            )?;
            // A statement may not take long, and other machines are slower.
            for from in (1..=ORDERS).step_by(2_000) {
                work.exec(FILL, packbench::vals![work.site(), &customer, from, from + 1_999])?;
            }
            Ok(())
        })
        .unwrap();
    (1..=ORDERS).map(model).collect()
}

fn page(bench: &Bench, filter: &Filter, sort: &str, at: Option<&str>, rows: usize) -> Res<TablePage> {
    let (store, now) = (bench.central.store(), UtcMs(1_300_000_000_000));
    let (site, filter, sort, at) = (store.site(), filter.clone(), Sort::of(sort), at.map(str::to_owned));
    store.read_blocking(move |tx| table::page(tx, site, &filter, &sort, (at.as_deref(), rows), now))
}

fn fits(filter: &Filter, order: &Model) -> bool {
    let word = |some: &[String], word: &str| some.is_empty() || some.iter().any(|one| one == word);
    (!filter.open || order.status == "placed")
        && filter.from_ms.is_none_or(|at| order.placed >= at)
        && filter.until_ms.is_none_or(|at| order.placed < at)
        && filter.due_before_ms.is_none_or(|at| order.due < at)
        && word(&filter.status, order.status)
        && word(&filter.payment, order.payment)
        && word(&filter.fulfillment, order.fulfillment)
        && (filter.flags.is_empty() || order.fraud)
        && order.number.to_lowercase().starts_with(&filter.text.to_lowercase())
}

fn compare(sort: &Sort, a: &Model, b: &Model) -> Ordering {
    let place = |all: &[&str], word: &str| all.iter().position(|one| *one == word);
    let mut keys = sort.0.clone();
    let words =
        |key: &SortKey| matches!(key, SortKey::Status | SortKey::Payment | SortKey::Fulfillment | SortKey::Priority);
    if keys.iter().all(|(key, _)| words(key)) {
        keys.push((SortKey::Placed, true));
    }
    let last = keys.last().is_some_and(|(_, descending)| *descending);
    let turned = |order: Ordering, descending: bool| if descending { order.reverse() } else { order };
    let by = |(key, descending): &(SortKey, bool)| {
        let order = match key {
            SortKey::Placed => a.placed.cmp(&b.placed),
            SortKey::Due => a.due.cmp(&b.due),
            SortKey::Total => a.total.cmp(&b.total),
            SortKey::Number => a.number.cmp(&b.number),
            SortKey::Status => place(table::STATUSES, a.status).cmp(&place(table::STATUSES, b.status)),
            SortKey::Payment => place(table::PAYMENTS, a.payment).cmp(&place(table::PAYMENTS, b.payment)),
            SortKey::Fulfillment => {
                place(table::FULFILLMENTS, a.fulfillment).cmp(&place(table::FULFILLMENTS, b.fulfillment))
            }
            SortKey::Priority => a.rank.cmp(&b.rank),
        };
        turned(order, *descending)
    };
    keys.iter().map(by).fold(Ordering::Equal, Ordering::then).then_with(|| turned(a.id.cmp(&b.id), last))
}

#[test]
fn every_filter_and_order_reads_as_the_model_says_page_after_page() {
    let words = |some: &[&str]| some.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let open = Filter { open: true, ..Filter::default() };
    let cases = [
        (open.clone(), "-placed"),
        (open.clone(), "due,-total"),
        (open.clone(), "priority,due"),
        (Filter::default(), "status,-placed"),
        (Filter::default(), "-total,number"),
        (Filter::default(), "payment,-fulfillment,total"),
        (Filter::default(), "-number"),
        (Filter { payment: words(&["failed"]), ..Filter::default() }, "-total,placed"),
        (Filter { payment: words(&["none"]), ..open.clone() }, "-due"),
        (
            Filter { status: words(&["closed"]), payment: words(&["paid", "none"]), ..Filter::default() },
            "placed,-total",
        ),
        (Filter { from_ms: Some(1_100_000), until_ms: Some(1_101_000), ..Filter::default() }, "-placed,status"),
        (Filter { due_before_ms: Some(2_010_000), ..open.clone() }, "due"),
        (Filter { flags: vec![Flag::Fraud], fulfillment: words(&["shipped"]), ..Filter::default() }, "total"),
        (Filter { text: "n12".to_owned(), ..Filter::default() }, "-placed"),
        (Filter { text: "N1".to_owned(), ..Filter::default() }, "total,placed"),
    ];
    on_each_engine(|bench| {
        let orders = filled(bench);
        for (filter, sort) in &cases {
            let mut wanted: Vec<&Model> = orders.iter().filter(|order| fits(filter, order)).collect();
            wanted.sort_by(|a, b| compare(&Sort::of(sort), a, b));
            let (mut seen, mut at) = (0, None);
            for _ in 0..6 {
                let page = page(bench, filter, sort, at.as_deref(), 90).unwrap();
                let ids: Vec<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
                let should: Vec<&str> = wanted.iter().skip(seen).take(90).map(|order| order.id.as_str()).collect();
                assert_eq!(ids, should, "{filter:?} {sort} from {seen}");
                let all = i64::try_from(wanted.len()).unwrap();
                let counted = match page.count {
                    Count::Exactly(n) => n == all,
                    Count::MoreThan(n) => all > n,
                    Count::Unknown => all > 5_000,
                };
                assert!(counted, "{filter:?}: {:?} of {all}", page.count);
                seen += ids.len();
                at = page.next;
                if at.is_none() {
                    assert_eq!(seen, wanted.len(), "{filter:?} {sort}");
                    break;
                }
            }
        }
        let next = page(bench, &open, "-placed", None, 5).unwrap().next.unwrap();
        for bad in ["", "x", "000000.i1.t61", &format!("{next}.i1"), &next.replace(".i", ".t")] {
            assert!(page(bench, &open, "-placed", Some(bad), 5).is_err(), "{bad}");
        }
        assert!(page(bench, &open, "placed", Some(&next), 5).is_err(), "a cursor of another order");
    });
}

fn one(bench: &Bench, number: &str, personal: bool) -> TableRow {
    let filter = Filter { text: number.to_owned(), personal, ..Filter::default() };
    let page = page(bench, &filter, "", None, 10).unwrap();
    assert_eq!(page.rows.len(), 1, "{number}");
    page.rows[0].clone()
}

#[test]
fn a_row_tells_money_work_and_what_to_look_at() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut new = typed(DeskKind::B2c, vec![line("85123A", 95)]);
        new.lines[0].tax_rate_bp = Some(2_000);
        new.lines[0].price_minor = Some(2_000);
        new.lines.push(line("71053", 1));
        new.backorder = true;
        new.payment = Some(NewPayment { method: Method::Card, amount_minor: 500, reference: String::new() });
        let made = create(bench, &new).unwrap();
        assert!(made.waits);
        let row = one(bench, &made.number, true);
        assert_eq!((row.total_minor, row.tax_minor), (228_339, 38_000));
        assert_eq!(row.taxes, [(0, 339, 0), (2_000, 190_000, 38_000)]);
        assert_eq!((row.methods.join(" "), row.payment.as_str()), ("card".to_owned(), "partially_paid"));
        assert_eq!((row.expected, row.waits), (Expected::AfterStock, true));
        let alerts = row.alerts.clone();
        for wanted in
            [Alert::Stock, Alert::Note, Alert::Review(RuleKind::HighValue), Alert::Review(RuleKind::NewCustomer)]
        {
            assert!(alerts.contains(&wanted), "{wanted:?} in {alerts:?}");
        }
        assert!(!alerts.contains(&Alert::Fraud) && !alerts.contains(&Alert::Review(RuleKind::ManyUnits)));
        assert_eq!(row.profile.as_ref().and_then(|known| known.email.as_deref()), Some("buyer@example.com"));

        let hidden = one(bench, &made.number, false);
        assert!(hidden.profile.is_none() && hidden.note.is_none() && hidden.noted);
        let by_name = |personal: bool| {
            let filter = Filter { text: "buyer & co".to_owned(), personal, ..Filter::default() };
            page(bench, &filter, "", None, 10).unwrap().rows.len()
        };
        assert_eq!((by_name(true), by_name(false)), (0, 0), "a private order's customer bears the person's name");
        let filter = Filter { text: "17850".to_owned(), ..Filter::default() };
        assert_eq!(page(bench, &filter, "", None, 10).unwrap().rows.len(), 1, "a customer's number is no secret");

        // Sunday 13 March 2011, 07:06; the house carrier comes on Monday at 16:30.
        receive(bench, "85123A", 10);
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), packbench::central::services::stock::release_waiting)
            .unwrap();
        assert_eq!(one(bench, &made.number, true).expected, Expected::At(UtcMs(1_300_120_200_000)));
        let rule = |kind, amount, words: &str| Rule { kind, active: true, amount, words: words.to_owned() };
        let set = |rule: Rule| {
            bench.central.store().write_blocking(Actor::Job("test"), move |work| table::set_rule(work, &rule))
        };
        set(rule(RuleKind::Processing, 3 * 24 * 60, "")).unwrap();
        assert_eq!(
            one(bench, &made.number, true).expected,
            Expected::At(UtcMs(1_300_293_000_000)),
            "three days of work"
        );
        set(rule(RuleKind::RestrictedCountry, 0, "fr, gb")).unwrap();
        set(rule(RuleKind::HighValue, 228_340, "")).unwrap();
        let alerts = one(bench, &made.number, true).alerts;
        assert!(alerts.contains(&Alert::Restricted) && !alerts.contains(&Alert::Review(RuleKind::HighValue)));
        refused(set(rule(RuleKind::ReviewCountry, 0, "France")));
        refused(set(rule(RuleKind::Processing, -1, "")));
    });
}

#[test]
fn views_are_their_owners_and_what_is_new_is_new_to_each() {
    on_each_engine(|bench| {
        user(bench, "a", Role::Office, "en");
        user(bench, "b", Role::Office, "en");
        let id = |sql: &'static str| UserId(bench.text(sql).parse().unwrap());
        let (a, b) = (id("SELECT id FROM users WHERE login = 'a'"), id("SELECT id FROM users WHERE login = 'b'"));
        let store = bench.central.store();
        let save = |user, name: &'static str, shared| {
            store.write_blocking(Actor::User(user), move |work| views::save(work, user, name, "sort=due", shared))
        };
        save(a, "Mine", false).unwrap();
        save(a, "Ours", true).unwrap();
        save(a, "Ours", true).unwrap();
        save(a, "", false).unwrap();
        refused(save(a, "A name that is far too long to stand on any tab of the table", false));
        let site = store.site();
        let names = |user| {
            let views = store.read_blocking(move |tx| views::list(tx, site, user)).unwrap();
            views.iter().map(|view| (view.name.clone(), view.own, view.shared)).collect::<Vec<_>>()
        };
        assert_eq!(names(a), [("Mine".to_owned(), true, false), ("Ours".to_owned(), true, true)]);
        assert_eq!(names(b), [("Ours".to_owned(), false, true)]);
        assert_eq!(store.read_blocking(move |tx| views::columns(tx, site, a)).unwrap(), "sort=due");
        let ours = bench.text("SELECT id FROM order_views WHERE name = 'Ours'");
        let other = ours.clone();
        refused(store.write_blocking(Actor::User(b), move |work| views::remove(work, b, &other)));
        store.write_blocking(Actor::User(a), move |work| views::remove(work, a, &ours)).unwrap();
        assert_eq!(names(b), []);

        furnished(bench);
        let new = |user| {
            let seen = store.read_blocking(move |tx| views::last_look_ms(tx, user)).unwrap();
            store.read_blocking(move |tx| views::placed_since(tx, site, seen)).unwrap()
        };
        assert_eq!(new(a), 3);
        store.write_blocking(Actor::User(a), move |work| views::look(work, a)).unwrap();
        assert_eq!((new(a), new(b)), (0, 3));
        bench.now.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        create(bench, &typed(DeskKind::B2b, vec![line("22728", 1)])).unwrap();
        assert_eq!((new(a), new(b)), (1, 4));
    });
}
