//! Cards follow what happens to their orders, on both engines: new ones enter, money and benches move them on, a hold takes them aside
//! and gives them back, and a database of before there were pipelines gets its board when it is opened.

use crate::api_kit::{master, seed};
use crate::central_kit::{Bench, central, on_each_engine};
use crate::central_sync::opened;
use crate::orders_create::{create, furnished, line, typed};
use crate::schema_kit::for_each_engine;
use packbench::central::actor::Actor;
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::table::act::{Action, act};
use packbench::central::services::orders::{self, Method, NewPayment, id_of_number};
use packbench::central::services::pipelines::{self, Pipeline};
use packbench::core::session::Event;
use packbench::core::session::event::Reason;
use packbench::protocol::wire::UserId;
use uuid::Uuid;

/// Somebody.
const LEAD: Actor = Actor::User(UserId(Uuid::from_u128(7)));

/// Id of the order with that number.
pub fn id(bench: &Bench, number: &str) -> String {
    let (site, number) = (bench.central.store().site(), number.to_owned());
    bench.central.store().read_blocking(move |tx| id_of_number(tx, site, &number)).unwrap()
}

/// The pipeline of that code.
pub fn pipeline(bench: &Bench, code: &'static str) -> Pipeline {
    let site = bench.central.store().site();
    bench.central.store().read_blocking(move |tx| pipelines::of_code(tx, site, code)).unwrap()
}

/// Code of the stage where the order with that number is; empty where it is on no board.
pub fn stage(bench: &Bench, number: &str) -> String {
    let (site, order) = (bench.central.store().site(), id(bench, number));
    let store = bench.central.store();
    store
        .read_blocking(move |tx| {
            let here = pipelines::at(tx, site, &order)?;
            let all = pipelines::all(tx, site)?;
            let found = all.iter().flat_map(|pipeline| &pipeline.stages).find(|stage| stage.id == here.stage);
            Ok(found.map_or_else(String::new, |stage| stage.code.clone()))
        })
        .unwrap()
}

/// Does it to the order with that number in the name of a lead.
pub fn acted(bench: &Bench, number: &str, action: Action) {
    let order = id(bench, number);
    bench.central.store().write_blocking(LEAD, move |work| act(work, &order, action)).unwrap();
}

fn paid(bench: &Bench, number: &str) {
    let order = id(bench, number);
    let store = bench.central.store();
    let total = store
        .read_blocking({
            let order = order.clone();
            move |tx| Ok(tx.int("SELECT total_minor FROM orders WHERE id = $1", packbench::vals![&order])?)
        })
        .unwrap();
    let payment = NewPayment { method: Method::Card, amount_minor: total, reference: String::new() };
    store.write_blocking(Actor::Job("test"), move |work| orders::pay(work, &order, &payment)).unwrap();
}

#[test]
fn a_card_follows_money_benches_and_holds_and_leaves_with_a_cancellation() {
    on_each_engine(|bench| {
        furnished(bench);
        let number = create(bench, &typed(DeskKind::B2b, vec![line("22728", 2)])).unwrap().number;
        assert_eq!(stage(bench, &number), "new");
        paid(bench, &number);
        assert_eq!(stage(bench, &number), "paid");
        acted(bench, &number, Action::Hold);
        assert_eq!(stage(bench, &number), "hold");
        let reminders = "SELECT COUNT(*) FROM reminders WHERE done_ms IS NULL AND made_by <> ''";
        assert_eq!(bench.int(reminders), 1, "the stage asks to think of it");
        acted(bench, &number, Action::LetGo);
        assert_eq!(stage(bench, &number), "paid");
        let short = create(bench, &{
            let mut new = typed(DeskKind::B2b, vec![line("22728", 500)]);
            new.backorder = true;
            new
        });
        assert_eq!(stage(bench, &short.unwrap().number), "hold", "it waits for stock");

        acted(bench, "536365", Action::First);
        let mut post = bench.pair("pack 1");
        let lease = post.leases(bench, 1).granted.remove(0);
        let (work, fence) = (lease.fulfillment, lease.fence);
        let events = vec![post.event(work, fence, opened(work, fence))];
        post.push(bench, events);
        assert_eq!(stage(bench, "536365"), "packing", "a bench began it");
        let back = post.event(work, fence, Event::HandedBack { reason: Reason::ShiftEnd });
        post.push(bench, vec![back]);
        assert_eq!(stage(bench, "536365"), "new", "and gave it back");
        acted(bench, "536365", Action::CallOff);
        assert_eq!(stage(bench, "536365"), "");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.stage_set'"), 0, "work is no hand");
    });
}

#[test]
fn programs_are_told_once_of_each_stage_and_not_of_the_past() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        let body = r#"{ "url": "https://example.com/hook", "events": ["order.stage_entered"] }"#;
        let headers = [("content-type", "application/json"), ("idempotency-key", "hook-1")];
        let made = crate::api_kit::ask(bench, "POST", "/api/v1/webhooks", &key, &headers, body);
        assert_eq!(made.status, 201, "{:?}", made.json);
        let number = create(bench, &typed(DeskKind::B2c, vec![line("22728", 1)])).unwrap().number;
        paid(bench, &number);
        assert_eq!(bench.int("SELECT COUNT(*) FROM webhook_deliveries"), 2);
        let text = bench.text("SELECT payload FROM webhook_deliveries ORDER BY id DESC LIMIT 1");
        let told: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(told["type"], "order.stage_entered");
        let wanted = serde_json::json!({
            "number": number, "pipeline": "warehouse", "stage": "paid", "sub_status": null, "from_stage": "new", "by_hand": false,
        });
        assert_eq!(told["data"], wanted);
    });
}

#[test]
fn a_database_of_before_gets_its_board_when_it_is_opened() {
    for_each_engine(|site| {
        let bench = central(site);
        furnished(&bench);
        acted(&bench, "536370", Action::Hold);
        let store = bench.central.store();
        store
            .write_blocking(Actor::Job("test"), |work| {
                for table in ["reminders", "stage_moves", "order_places", "pipeline_stages", "pipelines"] {
                    work.exec(&format!("DELETE FROM {table}"), &[])?;
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(stage(&bench, "536365"), "");
        let again = central(site);
        assert_eq!(stage(&again, "536365"), "new");
        assert_eq!(stage(&again, "536370"), "hold");
        assert_eq!(again.int("SELECT COUNT(*) FROM reminders"), 0, "nobody is reminded of the past");
        let warehouse = pipeline(&again, "warehouse");
        assert_eq!((warehouse.takes.as_str(), warehouse.stages.len()), ("all", 10));
        assert_eq!(warehouse.stages[1].names.of("es"), "Pago verificado");
        let third = central(site);
        assert_eq!(third.int("SELECT COUNT(*) FROM pipelines"), 1, "once");
    });
}
