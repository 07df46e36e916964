//! A closed manifest is taken back, on both engines: what closing did is undone, mail that waits is not sent, and nothing is taken back once
//! its day is over or anything says that the carrier has a parcel of it.

use crate::api_kit::{get, key, master};
use crate::api_stock_changes::post;
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::central_sync::{outcomes, packed_order};
use crate::console_kit::csrf_of;
use crate::handover_flow::{close, open, ready, scan, sql, write};
use crate::mail_kit::{Bay, order, states};
use crate::orders_create::{furnished, refused};
use crate::pipelines_follow::stage;
use crate::schema_kit::for_each_engine;
use crate::stock_change::wrong_balances;
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::access::Permission;
use packbench::central::services::handover::{
    self, Close, Reopen, Reopened, Scan, Stays, Tracking, UNSHIPPED, Why, read,
};
use packbench::central::services::messages::{Kind, Rule, set_rule, track};
use packbench::central::services::orders::{self, Cancelled};
use packbench::central::services::returns::{self, NewReturn, Reason};
use packbench::central::services::webhooks::{self, NewEndpoint};
use packbench::core::scan::Trace;
use packbench::core::session::Event;
use packbench::protocol::wire::{Outcome, Role};
use packbench::vals;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

fn reopen(bench: &Bench, manifest: &str) -> Res<Reopen> {
    let manifest = manifest.to_owned();
    write(bench, move |work| handover::reopen(work, &manifest, Why::NotFetched, " no lorry "))
}

fn stays(bench: &Bench, manifest: &str) -> Stays {
    match reopen(bench, manifest).unwrap() {
        Reopen::Stays(stays) => stays,
        Reopen::Done(done) => panic!("{done:?}"),
    }
}

fn done(bench: &Bench, manifest: &str) -> Reopened {
    match reopen(bench, manifest).unwrap() {
        Reopen::Done(done) => done,
        Reopen::Stays(stays) => panic!("{stays:?}"),
    }
}

fn count(bench: &Bench, text: &'static str, kind: &'static str) -> i64 {
    bench.central.store().read_blocking(move |tx| Ok(tx.int(text, vals![kind])?)).unwrap()
}

const SHIPPED: &str = "SELECT CAST(SUM(shipped) AS BIGINT) FROM order_lines";

#[test]
fn what_is_taken_back_never_left_and_can_leave_again() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        let hook = NewEndpoint {
            url: "https://example.com/hook".to_owned(),
            about: String::new(),
            events: vec![UNSHIPPED.to_owned()],
        };
        write(bench, move |work| webhooks::make(work, &hook, false).map(drop)).unwrap();
        let manifest = open(bench).number;
        assert_eq!(stays(bench, &manifest), Stays::Open);
        scan(bench, &manifest, &packed.sscc);
        close(bench, &manifest).unwrap();
        let back = done(bench, &manifest);
        assert_eq!((back.parcels, back.orders, back.told, back.joined), (1, 1, 0, None));
        assert_eq!(bench.int(SHIPPED), 0);
        assert_eq!(bench.text("SELECT fulfillment_status FROM orders WHERE number = 'M000001'"), "packed");
        let here = "SELECT COUNT(*) FROM fulfillments WHERE state = 'packed' AND handed_over_ms IS NULL";
        assert_eq!((bench.int(here), stage(bench, &made.number).as_str()), (1, "packed"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM parcels WHERE shipped_ms IS NOT NULL"), 0);
        assert_eq!(states(bench, &made)[0], ("shipped".to_owned(), "taken_back".to_owned()));
        assert_eq!(wrong_balances(bench), 0);
        for noted in ["manifest.reopened", "order.unshipped", "message.taken_back"] {
            assert_eq!(
                count(bench, "SELECT COUNT(*) FROM audit WHERE actor_kind = 'user' AND kind = $1", noted),
                1,
                "{noted}"
            );
        }
        assert!(
            !bench.text("SELECT detail FROM audit WHERE kind = 'manifest.reopened'").contains("lorry"),
            "no free text"
        );
        let told = bench.text("SELECT payload FROM webhook_deliveries WHERE kind = 'order.unshipped'");
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!((&told["data"]["number"], &told["data"]["reason"]), (&json!(made.number), &json!("not_fetched")));
        assert_eq!(told["data"]["fulfillment_status"], "packed");
        let site = bench.central.store().site();
        let sheet = bench.central.store().read_blocking(move |tx| read::one(tx, site, "H000001")).unwrap();
        let last = sheet.reopened.unwrap();
        assert_eq!((last.why, last.note.as_str(), sheet.head.closed_ms), (Why::NotFetched, "no lorry", None));

        assert!(matches!(scan(bench, &manifest, &packed.sscc), Scan::Already(_)), "it is on it still");
        assert_eq!(open(bench).number, manifest, "and it is the one that is open");
        assert!(matches!(close(bench, &manifest).unwrap(), Close::Done(one) if one.parcels == 1));
        assert_eq!((bench.int(SHIPPED), stage(bench, &made.number).as_str()), (3, "shipped"));
        assert_eq!(states(bench, &made)[0], ("shipped".to_owned(), "queued".to_owned()), "told anew");
        sql(bench, "UPDATE messages SET state = 'sent' WHERE kind = 'shipped' AND state = 'queued'");
        assert_eq!(done(bench, &manifest).told, 1, "that customer must be written to");
        let id = made.id.clone();
        let cancel = write(bench, move |work| orders::cancel(work, &id, "customer_asked")).unwrap();
        assert_eq!(cancel, Cancelled::MustUnpack, "a cancellation wins again");
    });
}

#[test]
fn it_stays_closed_once_its_day_is_over_or_the_carrier_has_a_parcel() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        let manifest = open(bench).number;
        scan(bench, &manifest, &packed.sscc);
        close(bench, &manifest).unwrap();
        let of = made.number.clone();
        let asked = NewReturn { order: of.clone(), lines: vec![(1, 1)], reason: Reason::Unwanted, note: String::new() };
        let opened = write(bench, move |work| returns::open(work, &asked)).unwrap();
        assert_eq!(stays(bench, &manifest), Stays::Returned { order: of.clone() });
        write(bench, move |work| returns::close(work, &opened.number, None, &returns::Close::Withdraw).map(drop))
            .unwrap();

        let code = packed.sscc.clone();
        let wish = Tracking { number: Some("1Z-7".to_owned()), url: None };
        bench
            .central
            .store()
            .write_blocking(Actor::Key("key".to_owned()), move |work| handover::track(work, &code, &wish).map(drop))
            .unwrap();
        assert_eq!(stays(bench, &manifest), Stays::CarrierTold { order: of.clone() });
        sql(bench, "UPDATE parcels SET carrier_told_ms = NULL");

        let day_ms = 24 * 3_600_000;
        bench.now.fetch_add(day_ms, Ordering::SeqCst);
        assert_eq!(stays(bench, &manifest), Stays::Late);
        bench.now.fetch_sub(day_ms, Ordering::SeqCst);
        let (id, at_ms) = (made.id.clone(), bench.now.load(Ordering::SeqCst));
        let delivery = handover::Delivery { at_ms, note: String::new() };
        write(bench, move |work| handover::delivered(work, &id, &delivery)).unwrap();
        assert_eq!(stays(bench, &manifest), Stays::Arrived { order: of });
        assert_eq!(bench.int(SHIPPED), 3, "what is refused changes nothing");
        assert_eq!(refused(reopen(bench, "H999999")), Refusal::Missing { entity: "manifest" });
        let wordless = write(bench, |work| handover::reopen(work, "H000001", Why::Other, "  "));
        assert!(matches!(refused(wordless), Refusal::Field { field: "manifest.note", .. }));
    });
}

#[test]
fn parts_that_left_stay_gone_and_the_next_manifest_joins() {
    on_each_engine(|bench| {
        furnished(bench);
        for kind in [Kind::Packed, Kind::PartlyPacked] {
            write(bench, move |work| set_rule(work, Rule { kind, active: true, delay_ms: 60_000 })).unwrap();
        }
        let made = order(bench);
        let id = made.id.clone();
        write(bench, move |work| {
            let part = work.one("SELECT id FROM fulfillments WHERE order_id = $1", vals![&id])?;
            orders::split(work, &id, &part.unwrap().at::<String>(0)?, &BTreeMap::from([(2, 1)]))
        })
        .unwrap();
        let mut bay = Bay::open(bench, "PACK 1");
        let (first, second) = (bay.pack_next(bench, &made.number), bay.pack_next(bench, &made.number));
        let early = open(bench).number;
        scan(bench, &early, &first.sscc);
        close(bench, &early).unwrap();
        let late = open(bench).number;
        scan(bench, &late, &second.sscc);
        let waits = |kind| count(bench, "SELECT COUNT(*) FROM messages WHERE state = 'queued' AND kind = $1", kind);
        assert_eq!((waits("partly_shipped"), waits("packed"), waits("partly_packed")), (1, 0, 0));
        let back = done(bench, &early);
        assert_eq!((back.parcels, back.orders, back.joined.as_deref()), (2, 1, Some(late.as_str())));
        let site = bench.central.store().site();
        let gone = late.clone();
        let read = bench.central.store().read_blocking(move |tx| read::one(tx, site, &gone));
        assert_eq!(refused(read), Refusal::Missing { entity: "manifest" });
        assert_eq!(bench.int("SELECT COUNT(*) FROM manifests WHERE state = 'open'"), 1);
        assert_eq!(waits("partly_shipped"), 0);
        assert_eq!(waits("packed") + waits("partly_packed"), 2, "what had given way is told after all");
        let axis = || bench.text("SELECT fulfillment_status FROM orders WHERE number = 'M000001'");
        assert_eq!((bench.int(SHIPPED), axis().as_str()), (0, "packed"));

        let (of, code) = (early.clone(), second.sscc.clone());
        write(bench, move |work| handover::off(work, &of, &code).map(drop)).unwrap();
        close(bench, &early).unwrap();
        let later = open(bench).number;
        scan(bench, &later, &second.sscc);
        close(bench, &later).unwrap();
        assert_eq!((axis().as_str(), waits("shipped"), waits("partly_shipped")), ("shipped", 1, 0));
        done(bench, &early);
        assert_eq!((axis().as_str(), waits("shipped"), waits("partly_shipped")), ("partially_shipped", 0, 1));
        let alone = "SELECT COUNT(*) FROM parcels WHERE shipped_ms IS NOT NULL";
        let (left, in_it) = (bench.int(SHIPPED), bench.int("SELECT CAST(SUM(quantity) AS BIGINT) FROM parcel_items"));
        assert!(bench.int(alone) == 1 && left > 0 && left < in_it, "the second part is gone: {left} of {in_it}");
    });
}

#[test]
fn a_bench_takes_apart_again_what_never_left() {
    for_each_engine(|site| {
        let bench = &crate::central_kit::central(site);
        furnished(bench);
        let made = order(bench);
        let mut station = bench.pair("PACK 1");
        let work = packed_order(bench, &mut station, "M000001", &Trace::default());
        let manifest = open(bench).number;
        scan(bench, &manifest, &made.number);
        close(bench, &manifest).unwrap();
        done(bench, &manifest);
        let (of, code) = (manifest.clone(), made.number.clone());
        write(bench, move |work| handover::off(work, &of, &code).map(drop)).unwrap();
        let apart = station.event(work.fulfillment, work.fence, Event::Unpacked);
        assert_eq!(outcomes(&station.push(bench, vec![apart])), [Outcome::Accepted]);
        assert_eq!(wrong_balances(bench), 0);
    });
}

#[test]
fn a_lead_takes_it_back_at_the_console_and_the_customer_reads_it() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "lead", Role::Lead, "en");
        let (desk, lead) = (log_in(bench, "desk"), log_in(bench, "lead"));
        let id = made.id.clone();
        let token = bench.central.store().read_blocking(move |tx| track::known(tx, &id)).unwrap().unwrap();
        let customer = || page(bench, &format!("/track/{token}?lang=en"), "").2;
        let manifest = open(bench).number;
        scan(bench, &manifest, &packed.sscc);
        close(bench, &manifest).unwrap();
        assert!(customer().contains("data-stage=\"Shipped\""));
        let at = format!("/handover/manifests/{manifest}");
        let shown = page(bench, &at, &desk).2;
        assert!(shown.contains("A lead can take it back until") && !shown.contains("/reopen"), "{shown}");
        let send = |cookie: &str, fields: &str| {
            let shown = page(bench, &at, cookie).2;
            let csrf = csrf_of(&shown);
            form(bench, &format!("{at}/reopen"), cookie, format!("csrf={csrf}&{fields}"))
        };
        assert_eq!(send(&desk, "reason=too_early&note=").0, StatusCode::FORBIDDEN);
        let (status, _, said) = send(&lead, "reason=&note=");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("Say why"), "{said}");
        let (status, headers, said) = send(&lead, "reason=other&note=wrong+door");
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        let shown = page(bench, headers[header::LOCATION].to_str().unwrap(), &lead).2;
        assert!(shown.contains("It is open again") && shown.contains("Something else: wrong door"), "{shown}");
        let (status, _, said) = send(&lead, "reason=too_early&note=");
        assert!(status == StatusCode::CONFLICT && said.contains("It is open already"), "{said}");
        assert!(customer().contains("data-stage=\"Packed\""));
        let shown = page(bench, &format!("/orders/{}", made.number), &desk).2;
        assert!(shown.contains("Not handed over after all: manifest H000001"), "{shown}");
    });
}

#[test]
fn a_program_takes_it_back_once_and_every_refusal_is_named() {
    on_each_engine(|bench| {
        let (_, packed) = ready(bench);
        let manifest = open(bench).number;
        scan(bench, &manifest, &packed.sscc);
        let at = format!("/api/v1/manifests/{manifest}/reopen");
        let dock = key(bench, &[Permission::ParcelHandover]);
        let why = json!({ "reason": "too_early" });
        assert_eq!(post(bench, &at, &dock, "r0", &why).status, StatusCode::FORBIDDEN);
        let master = master(bench);
        let open_still = post(bench, &at, &master, "r1", &why);
        assert_eq!(open_still.code(), "wrong_state", "{}", open_still.json);
        close(bench, &manifest).unwrap();
        let wordless = post(bench, &at, &master, "r2", &json!({ "reason": "other" }));
        assert_eq!(wordless.json["fields"][0]["pointer"], "/note", "{}", wordless.json);
        assert_eq!(post(bench, &at, &master, "r3", &json!({ "reason": "mood" })).status.as_u16() / 100, 4);
        let back = post(bench, &at, &master, "r4", &why);
        let wanted =
            json!({ "number": manifest, "parcel_count": 1, "order_count": 1, "told_count": 0, "joined": null });
        assert_eq!((back.status, &back.json), (StatusCode::OK, &wanted));
        assert_eq!(post(bench, &at, &master, "r4", &why).header("idempotency-replayed"), "true");
        let shown = get(bench, &format!("/api/v1/manifests/{manifest}"), &master);
        assert_eq!((&shown.json["state"], &shown.json["closed_at"]), (&json!("open"), &json!(null)));
        let missing = post(bench, "/api/v1/manifests/NONE/reopen", &master, "r5", &why);
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
    });
}
