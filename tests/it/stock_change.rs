//! Stock changed by the office, on both engines: the ledger and its sums, what orders are promised, 64 writers at once, counts for a
//! second person, marks that a product demands, and what runs out.

use crate::central_kit::{Bench, central, on_each_engine};
use crate::orders_create::{available, create, furnished, line, refused, typed};
use crate::schema_kit::for_each_engine;
use packbench::central::actor::Actor;
use packbench::central::error::{CentralError, Refusal, Res};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::products::{self, ProductFacts};
use packbench::central::services::stock::{self, Change, Changed, Kind, Outcome, Reason, Spot, count, look, low};
use packbench::central::services::webhooks::{self, NewEndpoint};
use packbench::protocol::wire::UserId;
use std::sync::{Arc, Barrier};
use uuid::Uuid;

pub fn spot(sku: &str, location: &str) -> Spot {
    Spot { sku: sku.to_owned(), location: location.to_owned(), ..Spot::default() }
}

pub fn change(kind: Kind, spot: Spot, quantity: i64) -> Change {
    Change { kind, spot, quantity, note: String::new(), despite_promises: false }
}

pub fn somebody(n: u128) -> Actor {
    Actor::User(UserId(Uuid::from_u128(n)))
}

pub fn make(bench: &Bench, actor: Actor, change: &Change) -> Res<Changed> {
    let change = change.clone();
    bench.central.store().write_blocking(actor, move |work| stock::change(work, &change))
}

fn done(bench: &Bench, kind: Kind, spot: Spot, quantity: i64) -> Changed {
    make(bench, somebody(1), &change(kind, spot, quantity)).unwrap()
}

/// Balances that are not the sum of their entries.
pub fn wrong_balances(bench: &Bench) -> i64 {
    bench.int(
        "SELECT COUNT(*) FROM stock_levels s WHERE s.quantity <> \
         (SELECT CAST(COALESCE(SUM(m.quantity), 0) AS BIGINT) FROM stock_movements m WHERE m.level = s.id)",
    )
}

#[test]
fn what_comes_is_moved_corrected_and_counted_stands_in_the_ledger_with_who_and_why() {
    on_each_engine(|bench| {
        furnished(bench);
        let came = done(bench, Kind::Receive("DN 7".to_owned()), spot("85123A", "A-02-1"), 20);
        assert_eq!((came.outcome, came.difference, came.quantity, came.available), (Outcome::Booked, 20, 20, 114));
        let moved = done(bench, Kind::Transfer("A-01-1".to_owned()), spot("85123A", "A-02-1"), 5);
        assert_eq!((moved.quantity, moved.available), (15, 114), "what is moved between bins stays for sale");
        let broken = Change {
            note: "fell down".to_owned(),
            ..change(Kind::Adjust(Reason::Broken), spot("85123A", "A-02-1"), -2)
        };
        assert_eq!(make(bench, somebody(1), &broken).unwrap().quantity, 13);
        let counted = done(bench, Kind::Count, spot("85123A", "A-02-1"), 14);
        assert_eq!((counted.outcome, counted.difference, counted.available), (Outcome::Booked, 1, 113));
        assert_eq!(done(bench, Kind::Count, spot("85123A", "A-02-1"), 14).outcome, Outcome::Unchanged);
        assert_eq!(wrong_balances(bench), 0);
        let store = bench.central.store();
        let site = store.site();
        let (entries, _) = store.read_blocking(move |tx| look::entries(tx, site, "85123A", None)).unwrap();
        let kinds: Vec<_> = entries.iter().map(|entry| (entry.kind.as_str(), entry.quantity)).collect();
        for wanted in
            [("receive", 100), ("receive", 20), ("transfer", -5), ("transfer", 5), ("adjust", -2), ("count", 1)]
        {
            assert!(kinds.contains(&wanted), "{wanted:?} in {kinds:?}");
        }
        assert!(entries.iter().any(|entry| entry.reason == "broken: fell down" && entry.by.0 == "user"));
        assert!(entries.iter().any(|entry| entry.reference == ("receipt".to_owned(), "DN 7".to_owned())));
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind LIKE 'stock.%' AND entity = 'product'"), 5);
    });
}

#[test]
fn every_rule_names_its_field_and_nothing_is_booked() {
    on_each_engine(|bench| {
        furnished(bench);
        let before = bench.int("SELECT COUNT(*) FROM stock_movements");
        let good = change(Kind::Receive(String::new()), spot("85123A", "A-01-1"), 1);
        type Spoil = fn(&mut Change);
        let spoilt: &[(&str, Spoil)] = &[
            ("stock.quantity", |change| change.quantity = 0),
            ("stock.quantity", |change| change.quantity = 1_000_001),
            ("stock.quantity", |change| (change.kind, change.quantity) = (Kind::Adjust(Reason::Lost), 0)),
            ("stock.quantity", |change| (change.kind, change.quantity) = (Kind::Count, -1)),
            ("stock.quantity", |change| (change.spot.serial, change.quantity) = ("S1".to_owned(), 2)),
            ("stock.lot", |change| change.spot.lot = "L".repeat(61)),
            ("stock.lot", |change| change.spot.lot = "L\n1".to_owned()),
            ("stock.serial", |change| change.spot.serial = "S\u{0}".to_owned()),
            ("stock.expiry", |change| change.spot.expiry = "2027-02-30".to_owned()),
            ("stock.expiry", |change| change.spot.expiry = "27-2-3".to_owned()),
            ("stock.note", |change| change.note = "n".repeat(301)),
            ("stock.note", |change| change.kind = Kind::Adjust(Reason::Other)),
            ("stock.reference", |change| change.kind = Kind::Receive("p".repeat(61))),
            ("stock.to", |change| change.kind = Kind::Transfer("A-01-1".to_owned())),
            ("stock.product", |change| change.spot.sku = "POST".to_owned()),
        ];
        for (wanted, spoil) in spoilt {
            let mut new = good.clone();
            spoil(&mut new);
            match make(bench, somebody(1), &new) {
                Err(CentralError::Refused(Refusal::Field { field, .. })) => assert_eq!(field, *wanted),
                other => panic!("{wanted}: {other:?}"),
            }
        }
        for (spot, entity) in [(spot("NONE", "A-01-1"), "product"), (spot("85123A", "Z-99"), "location")] {
            let new = change(Kind::Receive(String::new()), spot, 1);
            assert_eq!(refused(make(bench, somebody(1), &new)), Refusal::Missing { entity });
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM stock_movements"), before);
    });
}

#[test]
fn after_a_long_random_day_every_balance_is_the_sum_of_its_entries() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut seed = 20_261_122_u64;
        let mut next = |bound: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % bound
        };
        let (mut booked, mut refused) = (0, 0);
        for n in 0..300 {
            let sku = ["85123A", "71053", "22728"][next(3) as usize];
            let here = ["A-01-1", "A-02-1"][next(2) as usize];
            let units = 1 + next(60) as i64;
            let kind = match next(5) {
                0 => Kind::Receive(String::new()),
                1 | 2 => Kind::Adjust(Reason::Mistake),
                3 => Kind::Transfer(if here == "A-01-1" { "A-02-1" } else { "A-01-1" }.to_owned()),
                _ => Kind::Count,
            };
            let down = matches!(kind, Kind::Adjust(_)) && next(3) > 0;
            let new = change(kind, spot(sku, here), if down { -units } else { units });
            match make(bench, somebody(n % 3), &new) {
                Ok(_) => booked += 1,
                Err(CentralError::Refused(Refusal::Stock { .. })) => refused += 1,
                Err(error) => panic!("{error}"),
            }
            if n % 20 == 0 {
                drop(create(bench, &typed(DeskKind::B2b, vec![line(sku, 3)])));
            }
        }
        assert!(booked > 100 && refused > 5, "{booked} booked, {refused} refused");
        assert_eq!(wrong_balances(bench), 0);
        // The file's own write-off, of goods that nobody ever received, lies apart.
        let below = "SELECT COUNT(*) FROM stock_levels s JOIN locations l ON l.id = s.location WHERE s.quantity < 0 AND l.kind = 'bin'";
        assert_eq!(bench.int(below), 0);
    });
}

#[test]
fn what_orders_are_promised_is_taken_from_them_only_when_it_is_said() {
    on_each_engine(|bench| {
        furnished(bench);
        assert_eq!(available(bench, "85123A"), 94, "six are promised");
        let mut away = change(Kind::Adjust(Reason::Broken), spot("85123A", "A-01-1"), -95);
        assert_eq!(refused(make(bench, somebody(1), &away)), Refusal::Stock { available: 94 });
        let out = change(Kind::Transfer("QUARANTINE".to_owned()), spot("85123A", "A-01-1"), 95);
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), |work| {
                stock::ensure_location(work, stock::QUARANTINE, "dock").map(drop)
            })
            .unwrap();
        assert_eq!(refused(make(bench, somebody(1), &out)), Refusal::Stock { available: 94 });
        assert!(make(bench, somebody(1), &Change { quantity: 94, ..out }).is_ok());
        assert_eq!(available(bench, "85123A"), 0);
        away.quantity = -7;
        assert_eq!(refused(make(bench, somebody(1), &away)), Refusal::Stock { available: 6 }, "six lie there");
        away.quantity = -1;
        assert_eq!(refused(make(bench, somebody(1), &away)), Refusal::Stock { available: 0 });
        away.despite_promises = true;
        assert_eq!(make(bench, somebody(1), &away).unwrap().available, -1);
        let came = change(Kind::Receive(String::new()), spot("85123A", "A-01-1"), 5);
        assert_eq!(make(bench, somebody(1), &came).unwrap().available, 4);
    });
}

#[test]
fn sixty_four_writers_take_away_and_order_at_once_and_no_unit_is_given_twice() {
    for_each_engine(|site| {
        let bench = central(site);
        furnished(&bench);
        let store = bench.central.store().clone();
        let gate = Arc::new(Barrier::new(64));
        let writers = (0..64).map(|n: u128| {
            let (store, gate) = (store.clone(), Arc::clone(&gate));
            let order = typed(DeskKind::B2b, vec![line("85123A", 3)]);
            let away = change(Kind::Adjust(Reason::Lost), spot("85123A", "A-01-1"), -3);
            let work = move || {
                gate.wait();
                if n.is_multiple_of(2) {
                    store
                        .write_blocking(somebody(n), move |work| {
                            packbench::central::services::orders::create(work, &order)
                        })
                        .map(drop)
                } else {
                    store.write_blocking(somebody(n), move |work| stock::change(work, &away)).map(drop)
                }
            };
            std::thread::Builder::new().name(format!("clerk-{n}")).spawn(work).unwrap()
        });
        let ends: Vec<Res<()>> = writers.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).collect();
        let won = ends.iter().filter(|end| end.is_ok()).count() as i64;
        assert_eq!(won, 94 / 3, "94 were free, and each took three");
        for end in ends.into_iter().filter_map(Result::err) {
            assert!(matches!(end, CentralError::Refused(Refusal::Short { .. } | Refusal::Stock { .. })), "{end}");
        }
        assert_eq!(available(&bench, "85123A"), 94 - won * 3);
        assert_eq!(wrong_balances(&bench), 0);
    });
}

#[test]
fn a_large_difference_waits_for_a_second_person_and_then_the_difference_is_booked() {
    on_each_engine(|bench| {
        furnished(bench);
        let counted = done(bench, Kind::Count, spot("22728", "A-01-1"), 60);
        let Outcome::Waits(id) = counted.outcome.clone() else { panic!("{counted:?}") };
        assert_eq!((counted.difference, counted.quantity), (-40, 100), "nothing is booked yet");
        done(bench, Kind::Receive(String::new()), spot("22728", "A-01-1"), 7);
        let store = bench.central.store();
        let site = store.site();
        let decide = |actor: Actor, agree: bool| {
            let id = id.clone();
            store.write_blocking(actor, move |work| count::decide(work, &id, agree))
        };
        let waiting = store.read_blocking(move |tx| count::waiting(tx, site)).unwrap();
        assert_eq!((waiting.len(), waiting[0].booked, waiting[0].counted), (1, 100, 60));
        assert_eq!(refused(decide(somebody(1), true)), Refusal::Forbidden, "not who counted");
        decide(somebody(2), true).unwrap();
        assert_eq!(available(bench, "22728"), 107 - 40 - 24, "what came meanwhile stays");
        assert_eq!(refused(decide(somebody(3), true)).code(), "state", "decided once");
        assert_eq!(wrong_balances(bench), 0);

        let other = done(bench, Kind::Count, spot("22728", "A-01-1"), 0);
        let Outcome::Waits(second) = other.outcome else { panic!("{other:?}") };
        store.write_blocking(somebody(1), move |work| count::decide(work, &second, false)).unwrap();
        assert_eq!(available(bench, "22728"), 43, "a dropped count changes nothing");
        store.write_blocking(somebody(1), |work| count::set_bound(work, 100)).unwrap();
        assert_eq!(done(bench, Kind::Count, spot("22728", "A-01-1"), 60).outcome, Outcome::Booked);
        assert_eq!(refused(store.write_blocking(somebody(1), |work| count::set_bound(work, -1))).code(), "field");
    });
}

#[test]
fn lot_expiry_and_serial_are_named_where_the_product_demands_them() {
    on_each_engine(|bench| {
        furnished(bench);
        let track =
            |sku: &str, track| ProductFacts { sku: sku.to_owned(), track: Some(track), ..ProductFacts::default() };
        let facts = [track("85123A", (false, true, true)), track("71053", (true, false, false))];
        let store = bench.central.store();
        store.write_blocking(Actor::Job("test"), move |work| products::set_facts(work, &facts)).unwrap();
        let mut new = change(Kind::Receive(String::new()), spot("85123A", "A-02-1"), 5);
        let field = |new: &Change| match make(bench, somebody(1), new) {
            Err(CentralError::Refused(Refusal::Field { field, .. })) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(&new), "stock.lot");
        new.spot.lot = "L1".to_owned();
        assert_eq!(field(&new), "stock.expiry");
        new.spot.expiry = "2027-05-31".to_owned();
        assert_eq!(make(bench, somebody(1), &new).unwrap().quantity, 5);
        let away = change(Kind::Adjust(Reason::Lost), spot("85123A", "A-01-1"), -1);
        assert!(make(bench, somebody(1), &away).is_ok(), "what came in before still leaves without a lot");

        let mut one = change(Kind::Receive(String::new()), spot("71053", "A-02-1"), 1);
        assert_eq!(field(&one), "stock.serial");
        one.spot.serial = "SN 1".to_owned();
        assert!(make(bench, somebody(1), &one).is_ok());
        one.spot.location = "A-01-1".to_owned();
        assert_eq!(refused(make(bench, somebody(1), &one)).code(), "taken", "it lies in the other place");
        let site = store.site();
        let product = store.read_blocking(move |tx| look::product(tx, site, "85123A")).unwrap();
        let first: Vec<_> = product.first(7).into_iter().map(|(level, n)| (level.lot.clone(), n)).collect();
        assert_eq!(first, [("L1".to_owned(), 5), (String::new(), 2)], "what expires first is taken first");
    });
}

#[test]
fn what_runs_out_is_marked_and_programs_are_told_once() {
    on_each_engine(|bench| {
        furnished(bench);
        let store = bench.central.store();
        let site = store.site();
        let hook = NewEndpoint {
            url: "https://example.com/hook".to_owned(),
            about: String::new(),
            events: vec![webhooks::STOCK_LOW.to_owned()],
        };
        store.write_blocking(Actor::Job("test"), move |work| webhooks::make(work, &hook, false).map(drop)).unwrap();
        let told = || bench.int("SELECT COUNT(*) FROM webhook_deliveries WHERE kind = 'stock.low'");
        let low = || store.read_blocking(move |tx| low::how_many_low(tx, site)).unwrap();
        let set =
            |at, up_to| store.write_blocking(somebody(1), move |work| low::set_reorder(work, "85123A", at, up_to));
        assert_eq!(refused(set(Some(5), Some(5))).code(), "field");
        assert_eq!(refused(set(Some(-1), None)).code(), "field");
        set(Some(90), Some(200)).unwrap();
        assert_eq!((low(), told()), (0, 0), "94 are free");
        done(bench, Kind::Adjust(Reason::Lost), spot("85123A", "A-01-1"), -4);
        assert_eq!((low(), told()), (1, 1));
        let text = bench.text("SELECT payload FROM webhook_deliveries WHERE kind = 'stock.low'");
        let text: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&text["type"], &text["data"]["sku"]), (&"stock.low".into(), &"85123A".into()));
        assert_eq!((&text["data"]["available"], &text["data"]["reorder_at"]), (&90.into(), &90.into()));
        done(bench, Kind::Adjust(Reason::Lost), spot("85123A", "A-01-1"), -4);
        assert_eq!((low(), told()), (1, 1), "once");
        done(bench, Kind::Receive(String::new()), spot("85123A", "A-01-1"), 10);
        assert_eq!(low(), 0, "enough again");
        // An order is no change of the office: the job sees it.
        create(bench, &typed(DeskKind::B2b, vec![line("85123A", 30)])).unwrap();
        assert!(store.read_blocking(move |tx| low::any_to_mark(tx, site)).unwrap());
        assert_eq!(store.write_blocking(Actor::Job("stock"), low::mark_all).unwrap(), 1);
        assert_eq!((low(), told()), (1, 2));
        assert!(!store.read_blocking(move |tx| low::any_to_mark(tx, site)).unwrap());
        set(None, None).unwrap();
        assert_eq!(low(), 0);
    });
}
