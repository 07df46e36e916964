//! The hand-over on both engines: parcels are scanned, a manifest is closed, and lines, cards, customers and programs follow; what may not
//! leave is refused by name, nothing leaves twice, and a bench cannot take apart what the carrier has.

use crate::central_kit::{Bench, central, on_each_engine};
use crate::central_sync::{outcomes, packed_order};
use crate::mail_kit::{Bay, PackedPart, order, states};
use crate::orders_create::{furnished, refused};
use crate::pipelines_follow::stage;
use crate::schema_kit::for_each_engine;
use crate::stock_change::{somebody, wrong_balances};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::handover::{
    self, Blocked, Close, DELIVERED, Delivery, Opened, SHIPPED, Scan, State, Tracking, read,
};
use packbench::central::services::messages::{self, House, Kind};
use packbench::central::services::orders::{self, Cancelled, Created, Method, NewPayment};
use packbench::central::services::stock::lots;
use packbench::central::services::webhooks::{self, NewEndpoint};
use packbench::central::store::Store;
use packbench::central::store::schema::MIGRATIONS;
use packbench::central::store::work::Work;
use packbench::core::scan::Trace;
use packbench::core::session::Event;
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::wire::{Outcome, RejectCode};
use packbench::vals;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Barrier};

pub fn write<T: Send + 'static>(
    bench: &Bench,
    mut job: impl FnMut(&mut Work<'_>) -> Res<T> + Send + 'static,
) -> Res<T> {
    bench.central.store().write_blocking(somebody(1), move |work| job(work))
}

pub fn sql(bench: &Bench, text: &'static str) {
    write(bench, move |work| work.exec(text, &[]).map(drop)).unwrap();
}

pub fn open(bench: &Bench) -> Opened {
    write(bench, |work| handover::open(work, "house")).unwrap()
}

pub fn scan(bench: &Bench, manifest: &str, code: &str) -> Scan {
    let (manifest, code) = (manifest.to_owned(), code.to_owned());
    write(bench, move |work| handover::scan(work, &manifest, &code, "")).unwrap()
}

pub fn close(bench: &Bench, manifest: &str) -> Res<Close> {
    let manifest = manifest.to_owned();
    write(bench, move |work| handover::close(work, &manifest, "J. Smith"))
}

fn blocked(scan: Scan) -> Blocked {
    match scan {
        Scan::Refused(why, _) => why,
        other => panic!("{other:?}"),
    }
}

/// An order made here with its one parcel packed.
pub fn ready(bench: &Bench) -> (Created, PackedPart) {
    furnished(bench);
    let made = order(bench);
    let packed = Bay::open(bench, "PACK 1").pack_next(bench, &made.number);
    (made, packed)
}

fn delivered(bench: &Bench, order: &Created, note: &str) -> Res<()> {
    let (id, at_ms) = (order.id.clone(), bench.now.load(Ordering::SeqCst));
    let delivery = Delivery { at_ms, note: note.to_owned() };
    write(bench, move |work| handover::delivered(work, &id, &delivery))
}

#[test]
fn what_is_closed_has_left_and_lines_cards_customers_and_programs_follow() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        let hook = NewEndpoint {
            url: "https://example.com/hook".to_owned(),
            about: String::new(),
            events: vec![SHIPPED.to_owned(), DELIVERED.to_owned()],
        };
        write(bench, move |work| webhooks::make(work, &hook, false).map(drop)).unwrap();
        write(bench, |work| messages::set_link(work, "house", "https://carrier.example/{number}")).unwrap();
        let entries = "SELECT COUNT(*) FROM stock_movements";
        let before = bench.int(entries);
        let opened = open(bench);
        assert_eq!((opened.number.as_str(), opened.new), ("H000001", true));
        assert_eq!(open(bench), Opened { number: "H000001".to_owned(), new: false }, "one is open at a time");
        assert_eq!(refused(close(bench, "H000001")).code(), "state", "nothing is on it");
        assert!(
            matches!(scan(bench, "H000001", &format!("(00) {}", packed.sscc)), Scan::Taken(one) if one.parcels == 1)
        );
        assert!(matches!(scan(bench, "H000001", &packed.sscc), Scan::Already(one) if one.parcels == 1));
        assert!(matches!(scan(bench, "H000001", &made.number), Scan::Already(_)), "by its order too");
        let shipped = "SELECT CAST(SUM(shipped) AS BIGINT) FROM order_lines";
        assert_eq!((bench.int(shipped), stage(bench, &made.number).as_str()), (0, "packed"), "scanned is not gone");

        let Close::Done(closed) = close(bench, "H000001").unwrap() else { panic!("nothing keeps it") };
        assert_eq!((closed.parcels, closed.orders), (1, 1));
        assert_eq!(bench.int(shipped), 3);
        assert_eq!(bench.text("SELECT fulfillment_status FROM orders WHERE number = 'M000001'"), "shipped");
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'handed_over' AND handed_over_ms > 0"),
            1
        );
        assert_eq!(stage(bench, &made.number), "shipped");
        assert_eq!(states(bench, &made)[0], ("shipped".to_owned(), "queued".to_owned()));
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE kind = 'packed'"), 0, "one mail is enough");
        assert_eq!((bench.int(entries), wrong_balances(bench)), (before, 0), "the pick took it out of the ledger");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.shipped' AND actor_kind = 'user'"), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'manifest.closed'"), 1);
        let told: serde_json::Value =
            serde_json::from_str(&bench.text("SELECT payload FROM webhook_deliveries WHERE kind = 'order.shipped'"))
                .unwrap();
        assert_eq!(told["data"]["number"], made.number.as_str());
        assert_eq!(told["data"]["parcels"][0]["sscc"], packed.sscc.as_str());
        assert_eq!(told["data"]["parcels"][0]["tracking_url"], format!("https://carrier.example/{}", packed.sscc));
        assert_eq!(refused(close(bench, "H000001")).code(), "state", "once");
        let late = write(bench, |work| handover::scan(work, "H000001", "x", ""));
        assert_eq!(refused(late).code(), "state");
        assert_eq!(open(bench).number, "H000002");
        let again = blocked(scan(bench, "H000002", &packed.sscc));
        assert_eq!(again, Blocked::HandedOver { manifest: "H000001".to_owned() });
        let store = bench.central.store();
        let site = store.site();
        let sheet = store.read_blocking(move |tx| read::one(tx, site, "H000001")).unwrap();
        assert_eq!((sheet.head.state, sheet.driver.as_str(), sheet.parcels.len()), (State::Closed, "J. Smith", 1));
        assert!(sheet.pickup_ms > Some(bench.now.load(Ordering::SeqCst)), "the house carrier comes on working days");
    });
}

#[test]
fn what_may_not_leave_is_refused_by_name() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut post = bench.pair("PACK 1");
        let sscc =
            packed_order(bench, &mut post, "536365", &Trace { lot: Some("L1".to_owned()), ..Trace::default() }).sscc;
        let manifest = open(bench).number;
        let why = |code: &str| blocked(scan(bench, &manifest, code));
        assert_eq!(why("no such thing"), Blocked::Unknown);
        assert_eq!(why(""), Blocked::Unknown);
        assert_eq!(why("536370"), Blocked::NotPacked);
        sql(bench, "UPDATE orders SET carrier = 'other' WHERE number = '536365'");
        assert_eq!(why("536365"), Blocked::OtherCarrier { carrier: "other".to_owned() });
        sql(bench, "UPDATE orders SET carrier = 'house', flag_fraud = 1 WHERE number = '536365'");
        assert_eq!(why(&sscc), Blocked::OrderHeld);
        sql(bench, "UPDATE orders SET flag_fraud = 0 WHERE number = '536365'");
        write(bench, |work| lots::hold(work, "85123A", "L1", Some("recall"))).unwrap();
        assert_eq!(why(&sscc), Blocked::LotHeld { sku: "85123A".to_owned(), lot: "L1".to_owned() });
        assert_eq!(bench.int("SELECT COUNT(*) FROM manifest_parcels"), 0, "what is refused changes nothing");

        write(bench, |work| lots::hold(work, "85123A", "L1", None)).unwrap();
        assert!(matches!(scan(bench, &manifest, &sscc), Scan::Taken(_)));
        write(bench, |work| lots::hold(work, "85123A", "L1", Some("recall again"))).unwrap();
        let Close::Stopped(stopped) = close(bench, &manifest).unwrap() else { panic!("the lot is held") };
        assert_eq!((stopped[0].0.order.as_str(), stopped[0].1.word()), ("536365", "lot_on_hold"));
        assert_eq!(bench.int("SELECT CAST(SUM(shipped) AS BIGINT) FROM order_lines"), 0);
        let (of, code) = (manifest.clone(), sscc.clone());
        assert_eq!(write(bench, move |work| handover::off(work, &of, &code)).unwrap().order, "536365");
        let (of, code) = (manifest.clone(), sscc.clone());
        let twice = write(bench, move |work| handover::off(work, &of, &code));
        assert_eq!(refused(twice), Refusal::Missing { entity: "parcel" });
        let unknown = write(bench, |work| handover::open(work, "no such carrier"));
        assert!(matches!(refused(unknown), Refusal::Field { field: "manifest.carrier", .. }));
    });
}

#[test]
fn a_cancellation_wins_before_the_hand_over_and_opens_a_question_after_it() {
    on_each_engine(|bench| {
        furnished(bench);
        let (early, late) = (order(bench), order(bench));
        let mut bay = Bay::open(bench, "PACK 1");
        let (first, second) = (bay.pack_next(bench, &early.number), bay.pack_next(bench, &late.number));
        let manifest = open(bench).number;
        assert!(matches!(scan(bench, &manifest, &first.sscc), Scan::Taken(_)));
        assert!(matches!(scan(bench, &manifest, &second.sscc), Scan::Taken(_)));
        let cancel = |order: &Created| {
            let id = order.id.clone();
            write(bench, move |work| orders::cancel(work, &id, "customer_asked")).unwrap()
        };
        assert_eq!(cancel(&early), Cancelled::MustUnpack, "scanned is not gone");
        let Close::Stopped(stopped) = close(bench, &manifest).unwrap() else { panic!("it was called off") };
        assert_eq!((stopped.len(), &stopped[0].1), (1, &Blocked::Cancelled));
        assert_eq!(stopped[0].0.order, early.number, "by name");
        let (of, code) = (manifest.clone(), first.sscc.clone());
        write(bench, move |work| handover::off(work, &of, &code)).unwrap();
        assert_eq!(blocked(scan(bench, &manifest, &first.sscc)), Blocked::Cancelled);
        assert!(matches!(close(bench, &manifest).unwrap(), Close::Done(closed) if closed.parcels == 1));

        assert_eq!(cancel(&late), Cancelled::Left);
        assert_eq!(cancel(&late), Cancelled::Left, "and asks once");
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'shipped_after_cancel' AND state = 'open'"),
            1
        );
        assert_eq!(bench.text("SELECT status FROM orders WHERE number = 'M000002'"), "placed", "the fact wins");
        assert_eq!(bench.text("SELECT fulfillment_status FROM orders WHERE number = 'M000002'"), "shipped");
    });
}

#[test]
fn parts_leave_apart_and_arrive_apart() {
    on_each_engine(|bench| {
        furnished(bench);
        let made = order(bench);
        let id = made.id.clone();
        write(bench, move |work| {
            let part = work.one("SELECT id FROM fulfillments WHERE order_id = $1", vals![&id])?;
            orders::split(work, &id, &part.unwrap().at::<String>(0)?, &BTreeMap::from([(2, 1)]))
        })
        .unwrap();
        let mut bay = Bay::open(bench, "PACK 1");
        let (first, second) = (bay.pack_next(bench, &made.number), bay.pack_next(bench, &made.number));
        let manifest = open(bench).number;
        assert_eq!(blocked(scan(bench, &manifest, &made.number)), Blocked::Several, "each label is scanned");
        assert_eq!(refused(delivered(bench, &made, "")).code(), "state", "nothing left");
        scan(bench, &manifest, &first.sscc);
        close(bench, &manifest).unwrap();
        let axis = || bench.text("SELECT fulfillment_status FROM orders WHERE number = 'M000001'");
        assert_eq!((axis().as_str(), stage(bench, &made.number).as_str()), ("partially_shipped", "packing"));
        assert_eq!(states(bench, &made)[0], ("partly_shipped".to_owned(), "queued".to_owned()));
        let told = letter(bench, &made, Kind::PartlyShipped);
        assert!(told.contains(&first.sscc) && !told.contains(&second.sscc), "what the carrier has: {told}");
        delivered(bench, &made, "the neighbour").unwrap();
        assert_eq!(axis(), "partially_shipped", "the rest is still here");
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE kind = 'delivered'"), 0);

        let manifest = open(bench).number;
        scan(bench, &manifest, &second.sscc);
        close(bench, &manifest).unwrap();
        assert_eq!((axis().as_str(), stage(bench, &made.number).as_str()), ("shipped", "shipped"));
        assert_eq!(states(bench, &made)[0], ("shipped".to_owned(), "queued".to_owned()));
        assert_eq!(states(bench, &made)[1], ("partly_shipped".to_owned(), "taken_back".to_owned()), "one mail");
        delivered(bench, &made, "the customer").unwrap();
        assert_eq!((axis().as_str(), stage(bench, &made.number).as_str()), ("delivered", "delivered"));
        assert_eq!(bench.text("SELECT note FROM order_deliveries"), "the customer", "the newest word holds");
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE kind = 'delivered' AND state = 'queued'"), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM parcels WHERE delivered_ms IS NOT NULL"), 2);
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_lines WHERE delivered <> shipped OR shipped <> packed"), 0);
        assert_eq!(refused(delivered(bench, &made, "")).code(), "state", "once");
        let status = || bench.text("SELECT status FROM orders WHERE number = 'M000001'");
        assert_eq!(status(), "placed", "it is not paid yet");
        let amount_minor = bench.int("SELECT total_minor FROM orders WHERE number = 'M000001'");
        let (id, paid) = (made.id.clone(), NewPayment { method: Method::Card, amount_minor, reference: String::new() });
        write(bench, move |work| orders::pay(work, &id, &paid)).unwrap();
        assert_eq!(
            (status().as_str(), bench.int("SELECT is_open FROM orders WHERE number = 'M000001'")),
            ("closed", 0)
        );
    });
}

fn letter(bench: &Bench, order: &Created, kind: Kind) -> String {
    let (site, id) = (bench.central.store().site(), order.id.clone());
    let words = Lang::ALL.map(Catalogue::new).into_iter().collect();
    let house = House { words: Arc::new(words), url: Arc::from("https://packbench.example") };
    let read =
        move |tx: &mut dyn packbench::sql::Conn| messages::compose(tx, site, &house, (&id, kind, None), Lang::En, "");
    bench.central.store().read_blocking(read).unwrap().body
}

#[test]
fn the_carriers_number_is_set_by_hand_and_with_the_scan_and_leads_to_the_parcel() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        write(bench, |work| messages::set_link(work, "house", "https://carrier.example/{number}")).unwrap();
        let set = |code: &str, number: Option<&str>, url: Option<&str>| {
            let wish = Tracking { number: number.map(str::to_owned), url: url.map(str::to_owned) };
            let code = code.to_owned();
            write(bench, move |work| handover::track(work, &code, &wish))
        };
        assert_eq!(set(&packed.sscc, Some("1Z-7"), None).unwrap().unwrap().order, made.number);
        assert!(letter(bench, &made, Kind::Shipped).contains("https://carrier.example/1Z-7"));
        set("1Z-7", None, Some("https://track.example/p/9")).unwrap().unwrap();
        assert!(
            letter(bench, &made, Kind::Shipped).contains("https://track.example/p/9"),
            "its own address goes first"
        );
        for wrong in ["http://track.example/9", "javascript:alert(1)", "track.example"] {
            let refusal = refused(set("1Z-7", None, Some(wrong)));
            assert!(matches!(refusal, Refusal::Field { field: "parcel.tracking-url", .. }), "{wrong}");
        }
        let long = "1".repeat(61);
        assert!(matches!(refused(set("1Z-7", Some(&long), None)), Refusal::Field { field: "parcel.tracking", .. }));
        assert_eq!(set("9Z", Some("1"), None).unwrap(), Err(Blocked::Unknown));
        let changes = "SELECT COUNT(*) FROM audit WHERE kind = 'parcel.tracking_set'";
        let before = bench.int(changes);
        set("1Z-7", Some("1Z-7"), None).unwrap().unwrap();
        assert_eq!(bench.int(changes), before, "what is so already is not told again");
        set("1Z-7", Some(""), Some("")).unwrap().unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM parcels WHERE tracking IS NOT NULL OR tracking_url <> ''"), 0);
        let (manifest, code) = (open(bench).number, packed.sscc.clone());
        let with = write(bench, move |work| handover::scan(work, &manifest, &code, "2Z")).unwrap();
        assert!(matches!(with, Scan::Taken(one) if one.parcel.tracking == "2Z"));
        assert_eq!(bench.text("SELECT tracking FROM parcels WHERE tracking IS NOT NULL"), "2Z");
    });
}

#[test]
fn a_bench_cannot_take_apart_what_the_carrier_has() {
    on_each_engine(|bench| {
        furnished(bench);
        let made = order(bench);
        let mut post = bench.pair("PACK 1");
        let work = packed_order(bench, &mut post, "M000001", &Trace::default());
        let manifest = open(bench).number;
        scan(bench, &manifest, &made.number);
        close(bench, &manifest).unwrap();
        let apart = post.event(work.fulfillment, work.fence, Event::Unpacked);
        assert_eq!(outcomes(&post.push(bench, vec![apart])), [Outcome::Rejected { code: RejectCode::Other }]);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'rejected'"), 1, "a person is asked");
        assert_eq!(bench.text("SELECT fulfillment_status FROM orders WHERE number = 'M000001'"), "shipped");
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_lines WHERE shipped > packed"), 0);
        assert_eq!(wrong_balances(bench), 0);
    });
}

/// Scans a parcel on what is open and closes it until the parcel has left, with this closing or another's. How many parcels the own
/// closings took.
fn leave(store: &Store, code: &str) -> i64 {
    let mut took = 0;
    for _ in 0..1_000 {
        let who = || Actor::Job("test");
        let manifest = store.write_blocking(who(), |work| handover::open(work, "house")).unwrap().number;
        let (of, code) = (manifest.clone(), code.to_owned());
        match store.write_blocking(who(), move |work| handover::scan(work, &of, &code, "")) {
            Ok(Scan::Taken(_) | Scan::Already(_)) => {}
            Ok(Scan::Refused(Blocked::HandedOver { .. }, _)) => return took,
            Ok(Scan::Refused(why, _)) => panic!("{why:?}"),
            // Somebody closed it meanwhile: that is an answer, too.
            Err(error) => assert!(matches!(refused(Err::<(), _>(error)), Refusal::State { .. })),
        }
        match store.write_blocking(who(), move |work| handover::close(work, &manifest, "")) {
            Ok(Close::Done(closed)) => took += closed.parcels,
            Ok(Close::Stopped(stopped)) => panic!("{stopped:?}"),
            Err(error) => assert!(matches!(refused(Err::<(), _>(error)), Refusal::State { .. })),
        }
    }
    panic!("{code} never left")
}

#[test]
fn sixty_four_scan_and_close_at_once_and_no_parcel_leaves_twice() {
    for_each_engine(|site| {
        let bench = central(site);
        furnished(&bench);
        let made: Vec<Created> = (0..4).map(|_| order(&bench)).collect();
        let mut bay = Bay::open(&bench, "PACK 1");
        let codes: Vec<String> = made.iter().map(|one| bay.pack_next(&bench, &one.number).sscc).collect();
        let store = bench.central.store().clone();
        let gate = Arc::new(Barrier::new(64));
        let hands = (0..64).map(|n: usize| {
            let (store, gate, code) = (store.clone(), Arc::clone(&gate), codes[n % 4].clone());
            let work = move || {
                gate.wait();
                leave(&store, &code)
            };
            std::thread::Builder::new().name(format!("dock-{n}")).spawn(work).unwrap()
        });
        let left: i64 = hands.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).sum();
        assert_eq!(left, 4, "each parcel left once");
        assert_eq!(bench.int("SELECT COUNT(*) FROM manifest_parcels"), 4);
        assert_eq!(bench.int("SELECT CAST(SUM(shipped) AS BIGINT) FROM order_lines"), 12);
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE kind = 'shipped'"), 4);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.shipped'"), 4);
    });
}

#[test]
fn a_house_that_told_of_packing_goes_on_telling_it_under_its_right_name() {
    crate::sql_conformance::for_each_engine(|site| {
        let at = MIGRATIONS.iter().position(|one| one.name == "handover").unwrap();
        let mut conn = packbench::sql::open(&site.target).unwrap();
        packbench::sql::migrate(conn.as_mut(), &MIGRATIONS[..at]).unwrap();
        for text in [
            "INSERT INTO sites (id, code, name, zone, currency, stream, sscc_prefix, updated_ms) VALUES \
             ('told', 'A', 'A', 'UTC', 'GBP', 's', '9521234', 0), ('silent', 'B', 'B', 'UTC', 'GBP', 't', '9521234', 0)",
            "INSERT INTO messages (id, site, kind, language, written, next_ms, actor_kind, actor, created_ms, fresh_ms, updated_ms) \
             VALUES ('m', 'told', 'shipped', 'en', 0, 0, 'job', 'test', 0, 0, 0)",
            "INSERT INTO message_templates (site, kind, language, version, subject, body, actor_kind, actor, at_ms) \
             VALUES ('told', 'shipped', 'en', 1, 'Packed!', 'It is packed', 'job', 'test', 0)",
            "INSERT INTO message_rules (site, kind, active, delay_ms, updated_ms) VALUES ('told', 'partly_shipped', 0, 1, 0)",
        ] {
            conn.exec(text, &[]).unwrap();
        }
        packbench::sql::migrate(conn.as_mut(), MIGRATIONS).unwrap();
        let rows = conn.all("SELECT site, kind, active FROM message_rules ORDER BY kind", &[]).unwrap();
        let rules: Vec<(String, String, i64)> =
            rows.iter().map(|row| (row.at(0).unwrap(), row.at(1).unwrap(), row.at(2).unwrap())).collect();
        let told = |kind: &str, active| ("told".to_owned(), kind.to_owned(), active);
        assert_eq!(
            rules,
            [told("packed", 1), told("partly_packed", 0)],
            "as it was switched, and nothing for the silent one"
        );
        let count = |conn: &mut dyn packbench::sql::Conn, text: &str| conn.int(text, &[]).unwrap();
        assert_eq!(count(conn.as_mut(), "SELECT COUNT(*) FROM messages WHERE kind = 'packed'"), 1);
        assert_eq!(count(conn.as_mut(), "SELECT COUNT(*) FROM message_templates WHERE kind = 'packed'"), 1);
    });
}
