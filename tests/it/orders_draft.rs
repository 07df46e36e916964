//! Drafts of orders on both engines: saved step by step, taken up again, submitted once however often the button is pressed; and
//! two clerks who change one order.

use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::{address, available, create, furnished, line, refused, told, typed};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::orders::drafts::{self, Document, Draft, Step};
use packbench::central::services::orders::edit::{self, Edit, Editable, Edited, Seen};
use packbench::central::services::orders::entry::{DeskKind, Remark};
use packbench::central::services::orders::{Created, cancel};
use packbench::protocol::wire::UserId;
use std::sync::{Arc, Barrier};
use uuid::Uuid;

fn clerk(n: u128) -> Actor {
    Actor::User(UserId(Uuid::from_u128(n)))
}

fn begin(bench: &Bench, who: u128, kind: DeskKind) -> Res<String> {
    bench.central.store().write_blocking(clerk(who), move |work| drafts::begin(work, kind))
}

fn get(bench: &Bench, id: &str) -> Draft {
    let (store, id) = (bench.central.store(), id.to_owned());
    let site = store.site();
    store.read_blocking(move |tx| drafts::get(tx, site, &id, None)).unwrap()
}

fn save(bench: &Bench, id: &str, version: i64, step: Step, document: &Document) -> Res<i64> {
    let (id, document) = (id.to_owned(), document.clone());
    bench.central.store().write_blocking(clerk(1), move |work| drafts::save(work, &id, version, step, &document))
}

fn submit(bench: &Bench, id: &str, version: i64) -> Res<Created> {
    let id = id.to_owned();
    bench
        .central
        .store()
        .write_blocking(clerk(1), move |work| drafts::submit(work, &id, version, "Europe/London", true))
}

fn whole(begun: Document) -> Document {
    Document {
        address: address(),
        lines: vec![line("85123A", 2)],
        ship_by: "2011-03-27".to_owned(),
        paid_minor: 510,
        ..begun
    }
}

#[test]
fn a_draft_is_left_taken_up_again_and_becomes_one_order() {
    on_each_engine(|bench| {
        furnished(bench);
        let id = begin(bench, 1, DeskKind::B2b).unwrap();
        let begun = get(bench, &id);
        assert_eq!((begun.step, begun.version), (Step::General, 1));
        assert_eq!(begun.document.shipping, ("house".to_owned(), "parcel".to_owned()));
        assert_eq!(refused(submit(bench, &id, 1)).code(), "field", "nothing is typed yet");
        let document = whole(begun.document);
        assert_eq!(save(bench, &id, 1, Step::Items, &document).unwrap(), 2);
        let left = get(bench, &id);
        assert_eq!((left.step, &left.document, left.version), (Step::Items, &document, 2));
        let first = submit(bench, &id, 2).unwrap();
        let again = submit(bench, &id, 2).unwrap();
        assert_eq!((first.id, first.number), (again.id, again.number), "pressed twice, made once");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE source = 'desk'"), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM payments"), 1);
        assert_eq!(bench.text("SELECT document FROM order_drafts"), "{}", "nobody's address is kept twice");
        // The last day of winter time in London is an hour shorter: the day ends at 22:59:59.999 UTC.
        assert_eq!(bench.int("SELECT ship_by_ms FROM orders WHERE source = 'desk'"), 1_301_266_799_999);
        assert_eq!(refused(save(bench, &id, 3, Step::Items, &Document::default())).code(), "state");
        let store = bench.central.store();
        let site = store.site();
        assert!(store.read_blocking(move |tx| drafts::list(tx, site, None)).unwrap().is_empty());
    });
}

#[test]
fn thirty_two_submits_at_once_make_one_order() {
    on_each_engine(|bench| {
        furnished(bench);
        let id = begin(bench, 1, DeskKind::B2b).unwrap();
        let document = whole(get(bench, &id).document);
        save(bench, &id, 1, Step::Overview, &document).unwrap();
        let gate = Arc::new(Barrier::new(32));
        let presses = (0..32).map(|n| {
            let (store, gate, id) = (bench.central.store().clone(), Arc::clone(&gate), id.clone());
            let press = move || {
                gate.wait();
                store.write_blocking(clerk(1), move |work| drafts::submit(work, &id, 2, "Europe/London", true))
            };
            std::thread::Builder::new().name(format!("press-{n}")).spawn(press).unwrap()
        });
        let presses: Vec<_> = presses.collect();
        let mut numbers: Vec<String> = presses.into_iter().map(|press| press.join().unwrap().unwrap().number).collect();
        numbers.dedup();
        assert_eq!(numbers, ["M000001"]);
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE source = 'desk'"), 1);
    });
}

#[test]
fn a_draft_open_in_two_windows_is_not_overwritten() {
    on_each_engine(|bench| {
        furnished(bench);
        let id = begin(bench, 1, DeskKind::B2c).unwrap();
        let mut one = whole(get(bench, &id).document);
        one.remark = Some(Remark::Goodwill);
        save(bench, &id, 1, Step::Items, &one).unwrap();
        let mut other = one.clone();
        other.lines[0].quantity = 9;
        let conflict = Refusal::Version { newest: 2, fields: vec!["lines"] };
        assert_eq!(refused(save(bench, &id, 1, Step::Items, &other)), conflict);
        assert_eq!(refused(submit(bench, &id, 1)).code(), "version", "what is submitted is what was seen");
        assert_eq!(get(bench, &id).document.lines[0].quantity, 2);
    });
}

#[test]
fn drafts_are_each_one_s_own_bounded_and_can_be_dropped() {
    on_each_engine(|bench| {
        furnished(bench);
        let mine = begin(bench, 1, DeskKind::B2b).unwrap();
        begin(bench, 2, DeskKind::B2c).unwrap();
        let store = bench.central.store();
        let site = store.site();
        let owner = Uuid::from_u128(2).to_string();
        let own = owner.clone();
        assert_eq!(store.read_blocking(move |tx| drafts::list(tx, site, Some(&own))).unwrap().len(), 1);
        assert_eq!(store.read_blocking(move |tx| drafts::list(tx, site, None)).unwrap().len(), 2);
        let (id, own) = (mine.clone(), owner.clone());
        let seen = store.read_blocking(move |tx| drafts::get(tx, site, &id, Some(&own)));
        assert_eq!(refused(seen), Refusal::Missing { entity: "draft" });
        for _ in 1..drafts::DRAFTS_MAX {
            begin(bench, 1, DeskKind::B2b).unwrap();
        }
        assert_eq!(refused(begin(bench, 1, DeskKind::B2b)).code(), "state");
        let drop = move |work: &mut packbench::central::store::work::Work<'_>| drafts::discard(work, &mine, None);
        store.write_blocking(clerk(1), drop).unwrap();
        assert!(begin(bench, 1, DeskKind::B2b).is_ok());
    });
}

fn editable(bench: &Bench, number: &str) -> Editable {
    let (store, number) = (bench.central.store(), number.to_owned());
    let site = store.site();
    store.read_blocking(move |tx| edit::editable(tx, site, &number)).unwrap()
}

fn change(bench: &Bench, number: &str, seen: &Seen, edit: &Edit) -> Res<Edited> {
    let (number, seen, edit) = (number.to_owned(), seen.clone(), edit.clone());
    bench.central.store().write_blocking(clerk(1), move |work| edit::edit(work, &number, &seen, &edit))
}

fn same(order: &Editable) -> Edit {
    Edit { address: order.address.clone(), note: order.note.clone(), ..Edit::default() }
}

#[test]
fn two_clerks_edit_one_order_and_the_slower_one_reads_what_differs() {
    on_each_engine(|bench| {
        furnished(bench);
        let number = create(bench, &typed(DeskKind::B2b, vec![line("85123A", 4), line("71053", 1)])).unwrap().number;
        let seen = editable(bench, &number);
        let mut first = same(&seen);
        first.note = "Leave it at the gate".to_owned();
        first.units.insert(1, 10);
        first.units.insert(2, 0);
        first.add.push(line("22728", 3));
        assert_eq!(change(bench, &number, &seen.seen(), &first).unwrap(), Edited::Done);
        let mut second = same(&seen);
        second.address.city = "York".to_owned();
        let Refusal::Version { fields, .. } = refused(change(bench, &number, &seen.seen(), &second)) else { panic!() };
        assert_eq!(fields, ["note", "lines"]);
        let now = editable(bench, &number);
        assert_eq!((now.address.city.as_str(), now.note.as_str()), ("Leeds", "Leave it at the gate"));
        let lines: Vec<_> = now.lines.iter().map(|line| (line.no, line.sku.as_str(), line.quantity)).collect();
        assert_eq!(lines, [(1, "85123A", 10), (2, "22728", 3)]);
        assert_eq!((available(bench, "85123A"), available(bench, "71053"), available(bench, "22728")), (84, 98, 73));
        second.note.clone_from(&now.note);
        assert_eq!(change(bench, &number, &now.seen(), &second).unwrap(), Edited::Done);
        let (orders, work) = told(bench);
        let order = orders.iter().find(|order| order.number == number).unwrap();
        assert_eq!((order.ship_to.city.as_str(), order.totals.total_minor), ("York", 2_550 + 3 * 375));
        assert_eq!(work.iter().find(|work| work.order_id == order.id).unwrap().lines.len(), 2);
    });
}

#[test]
fn an_edit_asks_the_station_back_and_stops_once_work_began() {
    on_each_engine(|bench| {
        furnished(bench);
        let number = create(bench, &typed(DeskKind::B2b, vec![line("85123A", 4)])).unwrap().number;
        let mut post = bench.pair("PACK 1");
        let granted = post.leases(bench, 50).granted;
        assert_eq!(granted.len(), 4);
        let seen = editable(bench, &number);
        let mut wish = same(&seen);
        wish.note = "Blue paper".to_owned();
        assert_eq!(change(bench, &number, &seen.seen(), &wish).unwrap(), Edited::Recalled);
        assert_eq!(bench.text("SELECT reason FROM recalls WHERE done = 0"), "edited");
        assert_eq!(editable(bench, &number).note, "Ring twice");
        post.leases(bench, 0);
        assert_eq!(change(bench, &number, &seen.seen(), &wish).unwrap(), Edited::Done, "it is back");
        assert_eq!(editable(bench, &number).note, "Blue paper");

        let begun = |work: &mut packbench::central::store::work::Work<'_>| {
            work.exec("UPDATE fulfillments SET state = 'packing', lease_begun = 1", packbench::vals![])?;
            Ok(())
        };
        bench.central.store().write_blocking(clerk(1), begun).unwrap();
        let seen = editable(bench, &number);
        assert_eq!(refused(change(bench, &number, &seen.seen(), &wish)).code(), "state");
    });
}

#[test]
fn an_edit_promises_stock_by_the_same_rule_as_a_new_order() {
    on_each_engine(|bench| {
        furnished(bench);
        let made = create(bench, &typed(DeskKind::B2b, vec![line("85123A", 90)])).unwrap();
        let seen = editable(bench, &made.number);
        let mut wish = same(&seen);
        wish.units.insert(1, 95);
        assert_eq!(refused(change(bench, &made.number, &seen.seen(), &wish)).code(), "short");
        assert_eq!(available(bench, "85123A"), 4, "a refused edit changes nothing");
        wish.units.insert(1, 94);
        assert_eq!(change(bench, &made.number, &seen.seen(), &wish).unwrap(), Edited::Done, "its own units count");
        wish.units.insert(1, 95);
        wish.backorder = true;
        let seen = editable(bench, &made.number);
        assert_eq!(change(bench, &made.number, &seen.seen(), &wish).unwrap(), Edited::Done);
        assert_eq!(bench.text("SELECT state FROM fulfillments WHERE hold_reason = 'backorder'"), "blocked");
        wish.units.insert(1, 0);
        let seen = editable(bench, &made.number);
        assert_eq!(refused(change(bench, &made.number, &seen.seen(), &wish)).code(), "field", "an empty order is none");
        wish.units.insert(1, 1);
        assert_eq!(change(bench, &made.number, &seen.seen(), &wish).unwrap(), Edited::Done);
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'blocked'"), 0, "let go again");
        assert_eq!(available(bench, "85123A"), 93);
        let id = made.id;
        bench.central.store().write_blocking(clerk(1), move |work| cancel(work, &id, "customer").map(drop)).unwrap();
        let seen = editable(bench, &made.number);
        assert_eq!(refused(change(bench, &made.number, &seen.seen(), &wish)).code(), "state");
    });
}
