//! Orders moved by hand, on both engines: by the version that was seen, within the bound of a stage, with the facts it asks for; taken
//! back as they were; and a card among the held ones is held indeed.

use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::{create, furnished, line, refused, typed};
use crate::pipelines_follow::{id, pipeline, stage};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::access::{Permission, Permissions};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::{Method, NewPayment};
use packbench::central::services::pipelines::{
    self, CallResult, Delivery, Facts, Moved, NewCall, NewReminder, Pipeline, StageEdit, Wish,
};
use packbench::protocol::wire::Role;

fn admin() -> Permissions {
    Permissions::shipped(Role::Admin)
}

/// A wish for the stage of that code.
pub fn to(pipeline: &Pipeline, code: &str) -> Wish {
    let stage = pipeline.stages.iter().find(|stage| stage.code == code).unwrap();
    Wish { stage: stage.id.clone(), ..Wish::default() }
}

pub fn moved(bench: &Bench, number: &str, wish: &Wish, may: Permissions) -> Res<Moved> {
    let (order, wish) = (id(bench, number), wish.clone());
    let store = bench.central.store();
    store.write_blocking(Actor::Job("test"), move |work| pipelines::move_to(work, &order, &wish, may))
}

fn undone(bench: &Bench, number: &str, seen: Option<i64>) -> Res<Moved> {
    let order = id(bench, number);
    bench.central.store().write_blocking(Actor::Job("test"), move |work| pipelines::undo(work, &order, seen))
}

fn place(bench: &Bench, number: &str) -> pipelines::Place {
    let (site, order) = (bench.central.store().site(), id(bench, number));
    bench.central.store().read_blocking(move |tx| pipelines::at(tx, site, &order)).unwrap()
}

/// The same stage as an admin would send it back.
pub fn edit_of(stage: &pipelines::Stage) -> StageEdit {
    StageEdit::from(stage)
}

#[test]
fn a_move_is_checked_entered_and_taken_back_as_it_was() {
    on_each_engine(|bench| {
        furnished(bench);
        let warehouse = pipeline(bench, "warehouse");
        let before = place(bench, "536365");
        let mut wish = to(&warehouse, "production");
        wish.seen = Some(before.version + 1);
        assert!(matches!(refused(moved(bench, "536365", &wish, admin())), Refusal::Version { .. }));
        wish.seen = Some(before.version);
        wish.note = Some(" by hand ".to_owned());
        bench.now.fetch_add(60_000, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(moved(bench, "536365", &wish, admin()).unwrap(), Moved::Done);
        let there = place(bench, "536365");
        assert_eq!((there.note.as_deref(), there.since_ms - before.since_ms), (Some("by hand"), 60_000));
        wish.seen = None;
        assert_eq!(moved(bench, "536365", &wish, admin()).unwrap(), Moved::Already);
        let audit = "SELECT COUNT(*) FROM audit WHERE kind = 'order.stage_set'";
        assert_eq!((bench.int(audit), bench.int("SELECT COUNT(*) FROM stage_moves")), (1, 1));
        assert!(matches!(refused(undone(bench, "536365", Some(1_000))), Refusal::Version { .. }));
        assert_eq!(undone(bench, "536365", Some(there.version)).unwrap(), Moved::Done);
        let back = place(bench, "536365");
        assert_eq!((back.stage, back.since_ms, back.note), (before.stage, before.since_ms, None));
        assert!(matches!(refused(undone(bench, "536365", None)), Refusal::State { .. }), "once");
        assert!(matches!(refused(moved(bench, "536365", &to(&warehouse, "packing"), admin())), Refusal::ByWork));
        let mut strange = to(&warehouse, "shipped");
        strange.sub = Some("nowhere".to_owned());
        assert!(matches!(
            refused(moved(bench, "536365", &strange, admin())),
            Refusal::Field { field: "sub_status", .. }
        ));
        let nowhere = Wish { stage: "none".to_owned(), ..Wish::default() };
        assert!(matches!(refused(moved(bench, "536365", &nowhere, admin())), Refusal::Missing { .. }));
    });
}

#[test]
fn a_full_stage_takes_no_more_by_hand() {
    on_each_engine(|bench| {
        furnished(bench);
        let warehouse = pipeline(bench, "warehouse");
        let mut edit = edit_of(&warehouse.stages[2]);
        edit.wip_limit = 1;
        let (id, seen) = (warehouse.id.clone(), warehouse.version);
        let store = bench.central.store();
        store.write_blocking(Actor::Job("test"), move |work| pipelines::save_stage(work, &id, &edit, seen)).unwrap();
        let wish = to(&warehouse, "production");
        assert_eq!(moved(bench, "536365", &wish, admin()).unwrap(), Moved::Done);
        assert_eq!(refused(moved(bench, "536370", &wish, admin())), Refusal::Limit { limit: 1 });
        assert_eq!(moved(bench, "536365", &to(&warehouse, "ready"), admin()).unwrap(), Moved::Done);
        assert_eq!(moved(bench, "536370", &wish, admin()).unwrap(), Moved::Done);
    });
}

#[test]
fn a_stage_asks_for_its_facts_and_each_is_entered_where_it_belongs() {
    on_each_engine(|bench| {
        furnished(bench);
        let store = bench.central.store();
        store.write_blocking(Actor::Job("test"), |work| pipelines::install(work, "sales")).unwrap();
        let (warehouse, sales) = (pipeline(bench, "warehouse"), pipeline(bench, "sales"));
        let number = create(bench, &typed(DeskKind::B2b, vec![line("22728", 2)])).unwrap().number;
        let needs = |wish: &Wish| match refused(moved(bench, &number, wish, admin())) {
            Refusal::Needs { fact } => fact,
            other => panic!("{other:?}"),
        };
        let mut paid = to(&warehouse, "paid");
        assert_eq!(needs(&paid), "payment");
        assert_eq!(needs(&to(&warehouse, "shipped")), "parcel");
        let total = bench.int("SELECT total_minor FROM orders ORDER BY placed_ms DESC LIMIT 1");
        let payment = NewPayment { method: Method::Cash, amount_minor: total, reference: String::new() };
        paid.facts.payment = Some(payment);
        let clerk = admin().with(Permission::PaymentAdd, false);
        assert_eq!(refused(moved(bench, &number, &paid, clerk)), Refusal::Forbidden);
        assert_eq!(moved(bench, &number, &paid, admin()).unwrap(), Moved::Done);
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE payment_status = 'paid'"), 1, "it is paid indeed");

        assert_eq!(moved(bench, &number, &to(&sales, "level_1"), admin()).unwrap(), Moved::Done);
        let mut second = to(&sales, "level_2");
        assert_eq!(needs(&second), "call");
        let call = NewCall { result: CallResult::Answered, note: "in two weeks".to_owned() };
        second.facts.call = Some(call);
        second.sub = Some("making".to_owned());
        assert_eq!(moved(bench, &number, &second, admin()).unwrap(), Moved::Done);
        let here = place(bench, &number);
        assert_eq!((here.calls, here.sub.as_str()), (1, "making"));
        let mut last = to(&sales, "finished");
        last.note = Some("satisfied".to_owned());
        assert_eq!(needs(&last), "delivery");
        let now = bench.now.load(std::sync::atomic::Ordering::SeqCst);
        let delivery = Delivery { at_ms: now + 3_600_000, note: String::new() };
        last.facts = Facts { delivery: Some(delivery.clone()), ..Facts::default() };
        assert!(matches!(refused(moved(bench, &number, &last, admin())), Refusal::Field { field: "delivery", .. }));
        last.facts.delivery = Some(Delivery { at_ms: now, ..delivery });
        let lead = admin().with(Permission::OrderComplete, false);
        assert_eq!(refused(moved(bench, &number, &last, lead)), Refusal::Forbidden, "done is a permission of its own");
        assert_eq!(moved(bench, &number, &last, admin()).unwrap(), Moved::Done);
        assert_eq!(stage(bench, &number), "finished");
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_deliveries"), 1);
        let shipped = "SELECT COUNT(*) FROM order_lines WHERE shipped > 0 OR delivered > 0";
        assert_eq!(bench.int(shipped), 0, "what no parcel carried is not counted as shipped");
    });
}

#[test]
fn a_delivery_is_told_by_who_hands_parcels_over_and_only_of_what_left() {
    on_each_engine(|bench| {
        furnished(bench);
        let warehouse = pipeline(bench, "warehouse");
        let now = bench.now.load(std::sync::atomic::Ordering::SeqCst);
        let mut wish = to(&warehouse, "production");
        wish.facts.delivery = Some(Delivery { at_ms: now, note: String::new() });
        assert!(matches!(refused(moved(bench, "536365", &wish, admin())), Refusal::State { .. }), "nothing left");
        let mut done = to(&warehouse, "delivered");
        done.facts.delivery.clone_from(&wish.facts.delivery);
        let clerk = admin().with(Permission::ParcelHandover, false);
        assert_eq!(refused(moved(bench, "536365", &done, clerk)), Refusal::Forbidden);
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_deliveries"), 0);
        assert_eq!(moved(bench, "536365", &done, admin()).unwrap(), Moved::Done, "handed over by hand");
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_deliveries"), 1);
    });
}

#[test]
fn a_held_card_is_held_and_undo_lets_it_go() {
    on_each_engine(|bench| {
        furnished(bench);
        let warehouse = pipeline(bench, "warehouse");
        let mut hold = to(&warehouse, "hold");
        assert_eq!(refused(moved(bench, "536365", &hold, admin())), Refusal::Needs { fact: "note" });
        let held = "SELECT COUNT(*) FROM fulfillments WHERE state = 'blocked'";
        assert_eq!(bench.int(held), 0, "a refused move does nothing");
        hold.note = Some("asked the customer".to_owned());
        assert_eq!(moved(bench, "536365", &hold, admin()).unwrap(), Moved::Done);
        assert_eq!((bench.int(held), bench.int("SELECT COUNT(*) FROM reminders")), (1, 1));
        assert_eq!(undone(bench, "536365", None).unwrap(), Moved::Done);
        assert_eq!((bench.int(held), bench.int("SELECT COUNT(*) FROM reminders")), (0, 0));
        assert_eq!(stage(bench, "536365"), "new");
        assert_eq!(moved(bench, "536365", &hold, admin()).unwrap(), Moved::Done);
        assert_eq!(moved(bench, "536365", &to(&warehouse, "production"), admin()).unwrap(), Moved::Done);
        assert_eq!((bench.int(held), stage(bench, "536365").as_str()), (0, "production"));
        let mut post = bench.pair("pack 1");
        post.leases(bench, 5);
        assert_eq!(moved(bench, "536370", &hold, admin()).unwrap(), Moved::Recalled, "the bench is asked first");
        assert_eq!(stage(bench, "536370"), "new");
    });
}

#[test]
fn reminders_come_due_and_are_done() {
    on_each_engine(|bench| {
        furnished(bench);
        let (store, order) = (bench.central.store(), id(bench, "536365"));
        let site = store.site();
        let now = bench.now.load(std::sync::atomic::Ordering::SeqCst);
        let set = |due_ms: i64, note: String| {
            let order = order.clone();
            let new = NewReminder { due_ms, person: None, note };
            store.write_blocking(Actor::Job("test"), move |work| pipelines::remind(work, &order, &new))
        };
        assert!(matches!(refused(set(0, String::new())), Refusal::Field { field: "due", .. }));
        assert!(matches!(refused(set(now, "n".repeat(201))), Refusal::Field { field: "note", .. }));
        let soon = set(now + 1_000, "call".to_owned()).unwrap();
        set(now + 900_000, "again".to_owned()).unwrap();
        let user = packbench::protocol::wire::UserId(uuid::Uuid::from_u128(9));
        let count = |at: i64| store.read_blocking(move |tx| pipelines::count_due(tx, site, user, at)).unwrap();
        assert_eq!((count(now), count(now + 1_000), count(now + 900_000)), (0, 1, 2));
        assert_eq!(bench.int("SELECT remind_ms FROM order_places WHERE remind_ms IS NOT NULL"), now + 1_000);
        let done = |id: String| store.write_blocking(Actor::Job("test"), move |work| pipelines::done(work, &id));
        done(soon.clone()).unwrap();
        assert_eq!(bench.int("SELECT remind_ms FROM order_places WHERE remind_ms IS NOT NULL"), now + 900_000);
        assert!(matches!(refused(done(soon)), Refusal::Missing { .. }));
        let due = store.read_blocking(move |tx| pipelines::due(tx, site, user, now + 1_000_000)).unwrap();
        assert_eq!(
            due.iter().map(|one| (one.number.as_str(), one.reminder.note.as_str())).collect::<Vec<_>>(),
            [("536365", "again")]
        );
    });
}
