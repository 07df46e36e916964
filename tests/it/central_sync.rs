//! Central's sync over its routes, on both engines: pairing, leases, push with effects, pull, photos.

use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::error::Res;
use packbench::central::services::{leases, orders};
use packbench::central::store::work::Work;
use packbench::core::checklist::DocumentKind;
use packbench::core::gs1;
use packbench::core::ids::{GestureId, LineNo, PackagingId, ProductId, UserId};
use packbench::core::scan::Trace;
use packbench::core::session::Event;
use packbench::core::session::event::{Opening, PackagingHow, PickHow, Reason, Undoable, VerifyHow};
use packbench::core::units::Grams;
use packbench::core::weight::Proof;
use packbench::protocol::wire::{Change, EventEnvelope, Fence, FulfillmentId, Outcome, PullPage, Put, RejectCode, Seq};
use std::sync::atomic::Ordering;
use uuid::Uuid;

fn core_id(id: FulfillmentId) -> packbench::core::ids::FulfillmentId {
    packbench::core::ids::FulfillmentId(id.0)
}

pub fn opened(work: FulfillmentId, fence: Fence) -> Event {
    Event::Opened {
        fulfillment: core_id(work),
        order_version: 1,
        packer: UserId(Uuid::from_u128(77)),
        how: Opening::Next,
        picked_elsewhere: false,
        fence: i64::try_from(fence.0).unwrap(),
    }
}

pub fn lines(bench: &Bench, work: FulfillmentId) -> Vec<(u32, ProductId, u32)> {
    let sql = "SELECT fl.line_no, l.product, fl.quantity FROM fulfillment_lines fl JOIN fulfillments f ON f.id = fl.fulfillment \
        JOIN order_lines l ON l.order_id = f.order_id AND l.line_no = fl.line_no WHERE f.id = $1 ORDER BY fl.line_no";
    let id = work.to_string();
    let read = bench.central.store().read_blocking(move |tx| {
        let rows = tx.all(sql, packbench::vals![&id])?;
        let rows = rows.iter().map(|row| {
            let product: String = row.at(1)?;
            Ok((row.at(0)?, ProductId(product.parse().unwrap()), row.at(2)?))
        });
        rows.collect::<Res<Vec<_>>>()
    });
    read.unwrap()
}

/// All events of a whole, plain packing into one parcel.
pub fn packing(bench: &Bench, post: &mut Post, work: FulfillmentId, fence: Fence, sscc: &str) -> Vec<EventEnvelope> {
    packing_of(bench, post, (work, fence), sscc, &Trace::default())
}

/// [`packing`] with a lot or serial on every unit.
pub fn packing_of(
    bench: &Bench,
    post: &mut Post,
    (work, fence): (FulfillmentId, Fence),
    sscc: &str,
    trace: &Trace,
) -> Vec<EventEnvelope> {
    let mut facts = vec![opened(work, fence)];
    let mut units = 0;
    for (no, product, quantity) in lines(bench, work) {
        let (line, parcel, gesture) = (LineNo(no), 1, Some(GestureId(Uuid::now_v7())));
        facts.push(Event::Picked {
            line,
            quantity,
            location: Some("A-01-1".to_owned()),
            how: PickHow::Shelf,
            product: None,
        });
        let (trace, how) = (trace.clone(), VerifyHow::Scan);
        facts.push(Event::Verified { line, product, units: quantity, trace, how, parcel, gesture });
        units += quantity;
    }
    let packaging = PackagingId(bench.text("SELECT id FROM packagings").parse().unwrap());
    facts.push(Event::PackagingChosen { parcel: 1, packaging, how: PackagingHow::Suggested });
    facts.push(Event::Weighed {
        parcel: 1,
        grams: Grams(1_800),
        expected_g: Grams(1_790),
        low_g: Grams(1_700),
        high_g: Grams(1_880),
        proof: Proof::ShowsOneMissing,
        overridden: None,
        sample: None,
    });
    let documents = vec![DocumentKind::Label];
    facts.push(Event::LabelAssigned { parcel: 1, sscc: sscc.to_owned(), documents });
    let gesture = GestureId(Uuid::now_v7());
    facts.push(Event::ParcelConfirmed { parcel: 1, sscc: sscc.to_owned(), gesture });
    facts.push(Event::Packed { parcels: 1, units, worked_ms: 60_000 });
    facts.into_iter().map(|fact| post.event(work, fence, fact)).collect()
}

/// Work that a station packed to its end.
pub struct PackedWork {
    pub fulfillment: FulfillmentId,
    pub fence: Fence,
    pub sscc: String,
}

/// Takes an order's work among others, packs it into one parcel, every unit with that lot or serial, and tells it.
pub fn packed_order(bench: &Bench, post: &mut Post, order: &str, trace: &Trace) -> PackedWork {
    let leases = post.leases(bench, 50);
    let sql = "SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = $1";
    let number = order.to_owned();
    let row = bench.central.store().read_blocking(move |tx| Ok(tx.one(sql, packbench::vals![&number])?)).unwrap();
    let work: String = row.unwrap().at(0).unwrap();
    let grant = leases.granted.iter().find(|grant| grant.fulfillment.to_string() == work).unwrap();
    let block = &leases.sscc_blocks[0];
    let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
    let (fulfillment, fence) = (grant.fulfillment, grant.fence);
    let events = packing_of(bench, post, (fulfillment, fence), &sscc, trace);
    assert!(outcomes(&post.push(bench, events)).iter().all(|one| *one == Outcome::Accepted));
    PackedWork { fulfillment, fence, sscc }
}

pub fn outcomes(answer: &packbench::protocol::wire::PushAnswer) -> Vec<Outcome> {
    answer.outcomes.iter().map(|outcome| outcome.outcome).collect()
}

fn write<T: Send + 'static>(bench: &Bench, part: impl FnMut(&mut Work<'_>) -> Res<T> + Send + 'static) -> T {
    bench.central.store().write_blocking(Actor::Job("test"), part).unwrap()
}

fn ready(bench: &Bench) -> Post {
    bench.import(SMALL);
    bench.furnish();
    bench.pair("PACK 1")
}

#[test]
fn a_code_pairs_once_and_only_while_it_is_fresh() {
    on_each_engine(|bench| {
        let body =
            |code: &str| serde_json::json!({ "protocol": 1, "code": code, "machine_name": "m", "software": "s" });
        let code = bench.code("PACK 1");
        let (status, _) = bench.post::<_, serde_json::Value>("/api/v1/pairing", "", &body(&code));
        assert_eq!(status, StatusCode::OK);
        let (status, problem) = bench.post::<_, serde_json::Value>("/api/v1/pairing", "", &body(&code));
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(problem.unwrap()["code"], "pairing_refused");
        let stale = bench.code("PACK 2");
        bench.now.fetch_add(10 * 60 * 1000 + 1, Ordering::SeqCst);
        let (status, _) = bench.post::<_, serde_json::Value>("/api/v1/pairing", "", &body(&stale));
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert_eq!(bench.int("SELECT COUNT(*) FROM stations"), 1);
        let (status, _) =
            (0..10).map(|_| bench.post::<_, serde_json::Value>("/api/v1/pairing", "", &body(&stale))).last().unwrap();
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn a_wrong_token_learns_nothing() {
    on_each_engine(|bench| {
        let (status, problem) = bench.get::<serde_json::Value>("/api/v1/sync/pull?protocol=1&limit=5", "nonsense");
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(problem.unwrap()["code"], "token_revoked");
        let post = bench.pair("PACK 1");
        let stored = bench
            .central
            .store()
            .read_blocking(|tx| Ok(tx.one("SELECT token_hash FROM stations", &[])?.unwrap().at::<Vec<u8>>(0)?));
        assert_ne!(stored.unwrap(), post.who.token.as_bytes(), "only the hash is stored");
    });
}

#[test]
fn work_is_leased_once_packed_and_known_to_central() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let mut other = bench.pair("PACK 2");
        let answer = post.leases(bench, 1);
        let [grant] = answer.granted.as_slice() else { panic!("one lease: {answer:?}") };
        assert!(grant.invoice_number.is_some());
        let others: Vec<_> = other.leases(bench, 50).granted.iter().map(|grant| grant.fulfillment).collect();
        assert_eq!(others.len(), 2);
        assert!(!others.contains(&grant.fulfillment));
        let block = &answer.sscc_blocks[0];
        let sscc = gs1::sscc(&block.company_prefix, block.first, block.extension).unwrap();
        let events = packing(bench, &mut post, grant.fulfillment, grant.fence, &sscc);
        let count = events.len();
        let pushed = post.push(bench, events.clone());
        assert_eq!(outcomes(&pushed), vec![Outcome::Accepted; count]);
        assert_eq!(pushed.last_seq, Seq(count as u64));
        assert_eq!(bench.text("SELECT state FROM fulfillments WHERE packed_by IS NOT NULL"), "packed");
        assert_eq!(bench.text("SELECT fulfillment_status FROM orders WHERE number = '536365'"), "packed");
        assert_eq!(bench.int("SELECT CAST(SUM(packed) AS BIGINT) FROM order_lines"), 8);
        assert_eq!(bench.text("SELECT sscc FROM parcels"), sscc);
        assert_eq!(bench.int("SELECT weight_g FROM parcels"), 1_800);
        assert_eq!(bench.int("SELECT CAST(SUM(s.quantity) AS BIGINT) FROM stock_levels s JOIN locations l ON l.id = s.location WHERE l.kind = 'bin'"), 392);
        let again = post.push(bench, events);
        assert_eq!(outcomes(&again), vec![Outcome::Duplicate; count], "a lost answer costs nothing");
        assert_eq!(bench.int("SELECT CAST(SUM(packed) AS BIGINT) FROM order_lines"), 8);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0);
        let detail = bench.central.store().read_blocking({
            let site = bench.central.store().site();
            move |tx| {
                let id = orders::id_of_number(tx, site, "536365")?;
                orders::view(tx, site, &id, true)
            }
        });
        assert_eq!(detail.unwrap().parcels.len(), 1);
    });
}

#[test]
fn a_gap_a_fork_and_a_refused_effect_are_told_apart() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let grant = post.leases(bench, 1).granted.remove(0);
        let first = post.event(grant.fulfillment, grant.fence, opened(grant.fulfillment, grant.fence));
        let second = post.event(
            grant.fulfillment,
            Fence(99),
            Event::Held { reason: Reason::Other, at: packbench::core::time::UtcMs(1) },
        );
        let third = post.event(grant.fulfillment, grant.fence, Event::LeadCalled);
        assert_eq!(outcomes(&post.push(bench, vec![second.clone()])), [Outcome::Gap { expected: Seq(1) }]);
        let answer = post.push(bench, vec![first.clone(), second, third]);
        assert_eq!(
            outcomes(&answer),
            [Outcome::Accepted, Outcome::Rejected { code: RejectCode::NotLeased }, Outcome::Accepted]
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), 3, "a refused fact is stored too");
        assert_eq!(bench.text("SELECT kind FROM exceptions"), "stale_lease");
        let mut forged = first;
        forged.wall_ms += 1;
        let answer = post.push(bench, vec![forged]);
        assert!(matches!(outcomes(&answer)[..], [Outcome::Fork { .. }]));
        assert_eq!(bench.int("SELECT quarantined FROM stations"), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), 3);
    });
}

#[test]
fn two_packings_of_one_order_and_a_cancel_become_questions() {
    on_each_engine(|bench| {
        let mut first = ready(bench);
        let mut second = bench.pair("PACK 2");
        let grant = first.leases(bench, 1).granted.remove(0);
        bench.now.fetch_add(15 * 60 * 60 * 1000, Ordering::SeqCst);
        let late = second.leases(bench, 50);
        let taken = *late.granted.iter().find(|g| g.fulfillment == grant.fulfillment).map(|g| &g.fence).unwrap();
        assert!(taken > grant.fence, "an expired, unstarted lease is given on under a new fence");
        let block = &late.sscc_blocks[0];
        let sscc = |n| gs1::sscc(&block.company_prefix, block.first + n, block.extension).unwrap();
        let events = packing(bench, &mut second, grant.fulfillment, taken, &sscc(0));
        assert!(outcomes(&second.push(bench, events)).iter().all(|o| *o == Outcome::Accepted));
        let events = packing(bench, &mut first, grant.fulfillment, grant.fence, &sscc(1));
        let last = *outcomes(&first.push(bench, events)).last().unwrap();
        assert_eq!(last, Outcome::Rejected { code: RejectCode::DuplicatePack });
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'duplicate_pack'"), 1);
        assert_eq!(bench.int("SELECT CAST(SUM(packed) AS BIGINT) FROM order_lines"), 8, "never merged");
        let order = bench.text("SELECT order_id FROM fulfillments WHERE state = 'packed'");
        let cancelled = bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| orders::cancel(work, &order, "customer_asked"));
        assert_eq!(cancelled.unwrap(), orders::Cancelled::MustUnpack);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'cancelled_while_packed'"), 1);
    });
}

#[test]
fn shorts_damage_and_undo_keep_book_and_shelf_together() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let grant = post.leases(bench, 1).granted.remove(0);
        let (no, product, _) = lines(bench, grant.fulfillment)[0];
        let (line, work, fence) = (LineNo(no), grant.fulfillment, grant.fence);
        let location = Some("A-01-1".to_owned());
        let facts = [
            opened(work, fence),
            Event::Picked { line, quantity: 6, location, how: PickHow::Shelf, product: None },
            Event::Verified {
                line,
                product,
                units: 2,
                trace: Trace::default(),
                how: VerifyHow::Scan,
                parcel: 1,
                gesture: None,
            },
            Event::Damaged { line, product, quantity: 1, reason: Reason::Broken, unpacked: vec![(1, 1)], unpicked: 1 },
            Event::Shorted { line, quantity: 1, reason: Reason::BinEmpty },
        ];
        let events: Vec<_> = facts.into_iter().map(|fact| post.event(work, fence, fact)).collect();
        assert_eq!(outcomes(&post.push(bench, events)), vec![Outcome::Accepted; 5]);
        assert_eq!(bench.int("SELECT picked FROM order_lines WHERE picked > 0"), 5);
        assert_eq!(bench.int("SELECT verified FROM order_lines WHERE verified > 0"), 1);
        assert_eq!(bench.int("SELECT quantity FROM stock_levels WHERE condition = 'damaged'"), 1);
        assert_eq!(bench.int("SELECT CAST(SUM(s.quantity) AS BIGINT) FROM stock_levels s JOIN locations l ON l.id = s.location WHERE l.kind = 'bin'"), 394);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind IN ('short', 'damaged')"), 2);
        let back = post.event(work, fence, Event::HandedBack { reason: Reason::ShiftEnd });
        post.push(bench, vec![back]);
        assert_eq!(bench.int("SELECT CAST(SUM(picked) AS BIGINT) FROM order_lines"), 0);
        assert_eq!(bench.int("SELECT CAST(SUM(s.quantity) AS BIGINT) FROM stock_levels s JOIN locations l ON l.id = s.location WHERE l.kind = 'bin'"), 399);
    });
}

/// Shelves that do not hold the hundred units they were filled with.
const SHELVES_OFF: &str = "SELECT COUNT(*) FROM stock_levels s JOIN locations l ON l.id = s.location \
    WHERE l.kind = 'bin' AND s.quantity <> 100";

/// A bench begins the work, picks its first line, and puts one unit of another product into the parcel for it.
fn substituted(bench: &Bench, post: &mut Post, work: FulfillmentId, fence: Fence) {
    let (no, _, quantity) = lines(bench, work)[0];
    let product = ProductId(bench.text("SELECT id FROM products WHERE sku = '22728'").parse().unwrap());
    let (line, location) = (LineNo(no), Some("A-01-1".to_owned()));
    let (trace, how) = (Trace::default(), VerifyHow::Scan);
    let verified = Event::Verified { line, product, units: 1, trace, how, parcel: 1, gesture: None };
    let facts =
        [opened(work, fence), Event::Picked { line, product: None, quantity, location, how: PickHow::Shelf }, verified];
    let events: Vec<_> = facts.into_iter().map(|fact| post.event(work, fence, fact)).collect();
    assert_eq!(outcomes(&post.push(bench, events)), [Outcome::Accepted; 3]);
    assert_eq!(bench.int(SHELVES_OFF), 2, "of both products units are out");
}

#[test]
fn a_substitute_is_on_its_shelf_again_when_work_begins_anew_or_is_called_off() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let grant = post.leases(bench, 1).granted.remove(0);
        let (work, fence) = (grant.fulfillment, grant.fence);
        for again in [Event::HandedBack { reason: Reason::ShiftEnd }, opened(work, fence)] {
            substituted(bench, &mut post, work, fence);
            let event = post.event(work, fence, again);
            assert_eq!(outcomes(&post.push(bench, vec![event])), [Outcome::Accepted]);
            assert_eq!(bench.int(SHELVES_OFF), 0);
        }
        substituted(bench, &mut post, work, fence);
        assert!(write(bench, move |tx| leases::release(tx, &work.to_string())), "nobody has it in hand");
        assert_eq!(bench.int(SHELVES_OFF), 2);
        let order = bench.text("SELECT id FROM orders WHERE number = '536365'");
        write(bench, move |work| orders::cancel(work, &order, "customer_asked"));
        assert_eq!(bench.int(SHELVES_OFF), 0);
    });
}

#[test]
fn a_substitute_that_is_taken_out_again_leaves_the_ordered_unit_in_hand() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let grant = post.leases(bench, 1).granted.remove(0);
        let (work, fence) = (grant.fulfillment, grant.fence);
        let (no, ordered, quantity) = lines(bench, work)[0];
        let product = ProductId(bench.text("SELECT id FROM products WHERE sku = '22728'").parse().unwrap());
        let (line, trace, parcel) = (LineNo(no), Trace::default, 1);
        let how = || VerifyHow::Scan;
        let scan = Event::Verified { line, product, units: 1, trace: trace(), how: how(), parcel, gesture: None };
        let undone =
            Event::Undone { what: Undoable::Verified { line, product, units: 1, trace: trace(), how: how(), parcel } };
        let mut elsewhere = opened(work, fence);
        if let Event::Opened { picked_elsewhere, .. } = &mut elsewhere {
            *picked_elsewhere = true;
        }
        let events: Vec<_> =
            [elsewhere, scan, undone.clone()].into_iter().map(|fact| post.event(work, fence, fact)).collect();
        assert_eq!(outcomes(&post.push(bench, events)), [Outcome::Accepted; 3]);
        assert_eq!(bench.int(SHELVES_OFF), 0, "what was picked elsewhere is on no shelf of this book");
        let broken =
            Event::Damaged { line, product, quantity: 1, reason: Reason::Broken, unpacked: vec![], unpicked: 1 };
        for (out, off) in
            [(vec![undone.clone()], 1), (vec![Event::RecountStarted { parcel }], 1), (vec![undone, broken], 2)]
        {
            substituted(bench, &mut post, work, fence);
            let events: Vec<_> = out.into_iter().map(|fact| post.event(work, fence, fact)).collect();
            assert!(outcomes(&post.push(bench, events)).iter().all(|outcome| *outcome == Outcome::Accepted));
            assert_eq!(bench.int(SHELVES_OFF), off);
            let left = write(bench, move |tx| {
                let sql = "SELECT CAST(SUM(s.quantity) AS BIGINT) FROM stock_levels s WHERE s.product = $1";
                Ok(tx.tx.int(sql, packbench::vals![ordered.to_string()])?)
            });
            let broken = i64::from(off == 2);
            assert_eq!(left, 100 - i64::from(quantity) + broken, "the broken one was none of the ordered");
        }
    });
}

#[test]
fn what_was_called_off_stays_so_whatever_its_bench_had_done_with_it_offline() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let grant = post.leases(bench, 1).granted.remove(0);
        let (work, fence, packer) = (grant.fulfillment, grant.fence, UserId(Uuid::from_u128(77)));
        let begun = post.event(work, fence, opened(work, fence));
        post.push(bench, vec![begun]);
        let order = bench.text("SELECT order_id FROM fulfillments WHERE lease_begun = 1");
        let off = write(bench, move |work| orders::cancel(work, &order, "customer_asked"));
        assert_eq!(off, orders::Cancelled::Free);
        let line = LineNo(lines(bench, work)[0].0);
        let at = packbench::core::time::UtcMs(1);
        let facts = [
            Event::Picked {
                line,
                product: None,
                quantity: 1,
                location: Some("A-01-1".to_owned()),
                how: PickHow::Shelf,
            },
            Event::Held { reason: Reason::Other, at },
            Event::Resumed { packer, at },
            Event::Held { reason: Reason::Other, at },
            opened(work, fence),
            Event::HandedBack { reason: Reason::ShiftEnd },
        ];
        for fact in facts {
            let event = post.event(work, fence, fact);
            assert_eq!(outcomes(&post.push(bench, vec![event])), [Outcome::Accepted]);
            assert_eq!(bench.text("SELECT state FROM fulfillments WHERE cancelled_ms IS NOT NULL"), "cancelled");
        }
        assert_eq!(bench.text("SELECT fulfillment_status FROM orders WHERE status = 'cancelled'"), "cancelled");
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions"), 0, "nobody has to decide on what is over");
        assert_eq!(bench.int("SELECT CAST(SUM(s.quantity) AS BIGINT) FROM stock_levels s JOIN locations l ON l.id = s.location WHERE l.kind = 'bin'"), 400);
        // A row of before this rule: nobody is given it, and nobody can send it to the queue.
        write(bench, |work| {
            let sql = "UPDATE fulfillments SET state = 'released', lease_held = 0 WHERE cancelled_ms IS NOT NULL";
            work.exec(sql, &[])
        });
        assert!(!write(bench, move |tx| leases::release(tx, &work.to_string())));
        let others = bench.pair("PACK 2").leases(bench, 50).granted;
        assert_eq!(others.len(), 2);
        assert!(others.iter().all(|grant| grant.fulfillment != work));
    });
}

pub fn pull_all(bench: &Bench, token: &str, mut cursor: Option<String>) -> (Vec<Change>, String, Vec<bool>) {
    let (mut changes, mut last) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        let at = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let (status, page) = bench.get::<PullPage>(&format!("/api/v1/sync/pull?protocol=1&limit=3{at}"), token);
        assert_eq!(status, StatusCode::OK);
        let page = page.unwrap();
        changes.extend(page.changes);
        last.extend(page.snapshot.map(|part| part.last));
        cursor = Some(page.next_cursor.0);
        if !page.more {
            return (changes, cursor.unwrap(), last);
        }
    }
    panic!("the pull never ends");
}

#[test]
fn a_pull_gives_a_snapshot_and_then_what_changed() {
    on_each_engine(|bench| {
        let mut post = ready(bench);
        let (changes, cursor, parts) = pull_all(bench, &post.who.token, None);
        assert!(parts.iter().rev().skip(1).all(|last| !last) && parts.last() == Some(&true));
        let orders: Vec<_> = changes
            .iter()
            .filter_map(|change| match change {
                Change::Order(Put::Upsert(order)) => Some(order.number.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(orders.len(), 3);
        let product = changes.iter().find_map(|change| match change {
            Change::Product(Put::Upsert(product)) if product.sku == "85123A" => Some(product),
            _ => None,
        });
        assert_eq!(product.unwrap().barcodes[0].code, "85123A");
        let work = changes.iter().find_map(|change| match change {
            Change::Fulfillment(Put::Upsert(work)) if work.number == "536370" => Some(work),
            _ => None,
        });
        assert_eq!(work.unwrap().lines.len(), 1, "postage is no work");
        let (none, cursor, _) = pull_all(bench, &post.who.token, Some(cursor));
        assert!(none.is_empty());
        post.leases(bench, 1);
        let (news, _, _) = pull_all(bench, &post.who.token, Some(cursor));
        assert!(news.iter().any(|change| matches!(change, Change::Lease(_))), "{news:?}");
        let (status, _) =
            bench.get::<serde_json::Value>("/api/v1/sync/pull?protocol=1&cursor=1.other.0.", &post.who.token);
        assert_eq!(status, StatusCode::GONE);
        let (status, _) = bench.get::<serde_json::Value>("/api/v1/sync/pull?protocol=0", &post.who.token);
        assert_eq!(status, StatusCode::UPGRADE_REQUIRED);
        assert_eq!(bench.int("SELECT COUNT(*) FROM (SELECT gseq FROM changes GROUP BY gseq HAVING COUNT(*) > 1) d"), 0);
    });
}
