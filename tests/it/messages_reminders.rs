//! Payment reminders that go by themselves, on both engines and with the clock as argument: when the first and the next are due, how many go,
//! what ends them, and the pages where they are set and seen.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, central, on_each_engine};
use crate::console_kit::csrf_of;
use crate::mail_kit::{mails, states};
use crate::orders_create::{create, furnished, line, refused, typed};
use crate::schema_kit::for_each_engine;
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::handover::Delivery;
use packbench::central::services::messages::{self, Kind, Outlook, Plan, Rule};
use packbench::central::services::orders::entry::{DeskKind, Terms};
use packbench::central::services::orders::table::act::{self, Action};
use packbench::central::services::orders::{self, Created, Method, NewPayment};
use packbench::central::services::pipelines;
use packbench::central::store::work::Work;
use packbench::protocol::wire::Role;
use std::sync::atomic::Ordering;

const DAY_MS: i64 = 24 * 3_600_000;

fn write<T: Send + 'static>(bench: &Bench, mut job: impl FnMut(&mut Work<'_>) -> Res<T> + Send + 'static) -> Res<T> {
    bench.central.store().write_blocking(Actor::Job("test"), move |work| job(work))
}

const PLAN: Plan = Plan {
    active: true,
    delay_ms: 120_000,
    order_days: 2,
    due_days: 3,
    every_days: 5,
    times: 2,
    last: Kind::PaymentFinal,
};

fn house(test: impl Fn(&Bench)) {
    for_each_engine(|site| {
        let bench = central(site);
        furnished(&bench);
        write(&bench, |work| messages::set_plan(work, PLAN)).unwrap();
        test(&bench);
    });
}

fn made(bench: &Bench, terms: Terms) -> Created {
    let mut new = typed(DeskKind::B2b, vec![line("71053", 1)]);
    new.terms = terms;
    create(bench, &new).unwrap()
}

/// The job as the server runs it, so many days later; how many it wrote.
fn after(bench: &Bench, days: i64) -> u32 {
    bench.now.fetch_add(days * DAY_MS, Ordering::SeqCst);
    run(bench)
}

fn run(bench: &Bench) -> u32 {
    let store = bench.central.store();
    let (site, now_ms) = (store.site(), store.now().0);
    let any = store.read_blocking(move |tx| messages::any_due(tx, site, now_ms, true)).unwrap();
    let done = store.write_blocking(messages::reminder(), messages::remind).unwrap();
    assert!(any || done == 0, "what is looked for is what is done");
    done
}

fn reminders(bench: &Bench, order: &Created) -> Vec<(String, String)> {
    let mut all = states(bench, order);
    all.retain(|(kind, _)| kind.starts_with("payment_"));
    all.reverse();
    all
}

fn is(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

fn sent(bench: &Bench) {
    write(bench, |work| work.exec("UPDATE messages SET state = 'sent' WHERE state = 'queued'", &[]).map(drop)).unwrap();
}

fn outlook(bench: &Bench, order: &Created) -> Option<Outlook> {
    let (store, id) = (bench.central.store(), order.id.clone());
    let site = store.site();
    store.read_blocking(move |tx| messages::outlook(tx, site, &id)).unwrap()
}

#[test]
fn who_owes_is_reminded_so_many_times_and_the_last_has_its_own_words() {
    house(|bench| {
        let (now, terms) = (made(bench, Terms::Prepaid), made(bench, Terms::Net7));
        assert_eq!(run(bench), 0, "nothing is due yet");
        let placed_ms = bench.now.load(Ordering::SeqCst);
        assert_eq!(outlook(bench, &now).unwrap().next_ms, Some(placed_ms + 2 * DAY_MS));
        assert_eq!(outlook(bench, &terms).unwrap().next_ms, Some(placed_ms + 10 * DAY_MS), "after the day of payment");
        assert_eq!(after(bench, 1), 0);
        assert_eq!(after(bench, 1), 1);
        assert_eq!(reminders(bench, &now), [is("payment_reminder", "queued")]);
        let held = mails(bench, &now)[0].clone();
        assert_eq!(held.next_ms, bench.now.load(Ordering::SeqCst) + 120_000, "it can be taken back");
        assert_eq!(run(bench), 0, "once");
        sent(bench);
        assert_eq!(after(bench, 4), 0);
        assert_eq!(after(bench, 1), 1);
        assert_eq!(reminders(bench, &now), [is("payment_reminder", "sent"), is("payment_final", "queued")]);
        assert_eq!(outlook(bench, &now), Some(Outlook { off: false, times: (2, 2), next_ms: None }));
        sent(bench);
        assert_eq!(after(bench, 3), 1, "the one with terms");
        assert_eq!(reminders(bench, &terms), [is("payment_reminder", "queued")]);
        assert_eq!(after(bench, 90), 1);
        assert_eq!(after(bench, 90), 0, "no more than so many");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'message.queued' AND actor = 'reminders'"), 4);
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE kind LIKE 'payment%' AND actor = 'reminders'"), 4);
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM messages m JOIN orders o ON o.id = m.order_id WHERE o.source = 'import'"),
            0,
            "history is reminded of nothing"
        );
    });
}

#[test]
fn a_payment_a_hold_a_cancellation_and_a_tick_end_them() {
    house(|bench| {
        let all: Vec<Created> = (0..5).map(|_| made(bench, Terms::Prepaid)).collect();
        assert_eq!(after(bench, 2), 5);
        let id = |at: usize| all[at].id.clone();
        let total = bench.int("SELECT total_minor FROM orders WHERE number = 'M000001'");
        let pay =
            |minor: i64| NewPayment { method: Method::BankTransfer, amount_minor: minor, reference: String::new() };
        let (first, part) = (id(0), pay(1));
        write(bench, move |work| orders::pay(work, &first, &part)).unwrap();
        assert_eq!(reminders(bench, &all[0]), [is("payment_reminder", "queued")], "a part of it is not all of it");
        let (first, rest) = (id(0), pay(total - 1));
        write(bench, move |work| orders::pay(work, &first, &rest)).unwrap();
        assert_eq!(reminders(bench, &all[0]), [is("payment_reminder", "taken_back")], "paid: at once");
        let held = id(1);
        write(bench, move |work| act::act(work, &held, Action::Hold).map(drop)).unwrap();
        let off = id(2);
        write(bench, move |work| orders::cancel(work, &off, "customer_asked")).unwrap();
        let alone = id(3);
        write(bench, move |work| messages::leave_alone(work, &alone, true)).unwrap();
        assert_eq!(run(bench), 0);
        for order in &all[1..4] {
            assert_eq!(reminders(bench, order), [is("payment_reminder", "taken_back")], "{}", order.number);
        }
        assert_eq!(reminders(bench, &all[4]), [is("payment_reminder", "queued")], "nothing ended this one");
        assert!(outlook(bench, &all[3]).unwrap().off);
        assert_eq!(outlook(bench, &all[1]).unwrap().next_ms, None, "held");
        assert_eq!(outlook(bench, &all[0]), None, "nothing is owed");
        sent(bench);
        // A person takes one back: that one is not written again, the next one goes when it is time.
        let again = id(3);
        write(bench, move |work| messages::leave_alone(work, &again, false)).unwrap();
        assert_eq!(after(bench, 5), 2, "of the two that go on");
        assert_eq!(reminders(bench, &all[3])[1], is("payment_final", "queued"));
        let newest = mails(bench, &all[4])[0].id.clone();
        write(bench, move |work| messages::take_back(work, &newest)).unwrap();
        assert_eq!((run(bench), after(bench, 30)), (0, 0));
        assert_eq!(reminders(bench, &all[4])[1], is("payment_final", "taken_back"));
        let unknown = write(bench, |work| messages::leave_alone(work, "none", true));
        assert_eq!(refused(unknown), Refusal::Missing { entity: "order" });
    });
}

#[test]
fn what_is_paid_on_delivery_is_reminded_of_after_it_and_the_past_is_left_alone() {
    house(|bench| {
        let made = made(bench, Terms::OnDelivery);
        assert_eq!((after(bench, 60), outlook(bench, &made).unwrap().next_ms), (0, None), "it is not there yet");
        let (id, at_ms) = (made.id.clone(), bench.now.load(Ordering::SeqCst));
        let delivery = Delivery { at_ms, note: String::new() };
        write(bench, move |work| pipelines::deliver(work, &id, &delivery)).unwrap();
        assert_eq!((after(bench, 2), after(bench, 1)), (0, 1));

        // Switched off and on again: what fell due before is left alone.
        let old = self::made(bench, Terms::Prepaid);
        write(bench, |work| messages::set_plan(work, Plan { active: false, ..PLAN })).unwrap();
        assert_eq!(after(bench, 10), 0, "switched off");
        assert_eq!(outlook(bench, &old), None);
        write(bench, |work| messages::set_plan(work, PLAN)).unwrap();
        assert_eq!(after(bench, 1), 0);
        let new = self::made(bench, Terms::Prepaid);
        assert_eq!(after(bench, 2), 1);
        assert_eq!((reminders(bench, &old).len(), reminders(bench, &new).len()), (0, 1));
        // A rule that was ticked before there were reminders: they begin when the server first looks.
        write(bench, |work| work.exec("DELETE FROM payment_reminder_rules", &[]).map(drop)).unwrap();
        write(bench, |work| {
            messages::set_rule(work, Rule { kind: Kind::PaymentReminder, active: true, delay_ms: 60_000 })
        })
        .unwrap();
        let later = self::made(bench, Terms::Prepaid);
        assert_eq!((run(bench), after(bench, 7)), (0, 2), "seven days, as shipped, for this one and the one before");
        assert_eq!(reminders(bench, &later).len(), 1);
        for (wrong, field) in [
            (Plan { every_days: 0, ..PLAN }, "reminding.days"),
            (Plan { order_days: 366, ..PLAN }, "reminding.days"),
            (Plan { times: 10, ..PLAN }, "reminding.times"),
            (Plan { last: Kind::Free, ..PLAN }, "reminding.last"),
        ] {
            let refusal = refused(write(bench, move |work| messages::set_plan(work, wrong)));
            assert!(matches!(refusal, Refusal::Field { field: named, .. } if named == field), "{refusal}");
        }
    });
}

#[test]
fn an_admin_sets_the_rules_and_an_orders_page_tells_and_ends_them() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        user(bench, "desk", Role::Office, "en");
        let (admin, desk) = (log_in(bench, "admin"), log_in(bench, "desk"));
        let send = |cookie: &str, at: &str, to: &str, fields: &str| {
            let shown = page(bench, at, cookie).2;
            let csrf = csrf_of(&shown);
            form(bench, to, cookie, format!("csrf={csrf}&{fields}"))
        };
        let rules = "active=1&minutes=5&order_days=2&due_days=0&every_days=4&times=3&last=payment_reminder";
        let set = |fields: &str| send(&admin, "/messages/settings", "/messages/reminders", fields);
        let (status, headers, said) = set(rules);
        assert_eq!(
            (status, headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::SEE_OTHER, "/messages/settings"),
            "{said}"
        );
        let plan = bench.central.store();
        let site = plan.site();
        let plan = plan.read_blocking(move |tx| messages::plan(tx, site)).unwrap();
        let wanted = Plan {
            active: true,
            delay_ms: 300_000,
            order_days: 2,
            due_days: 0,
            every_days: 4,
            times: 3,
            last: Kind::PaymentReminder,
        };
        assert_eq!(plan, wanted);
        let (status, _, said) = set(&rules.replace("times=3", "times=0"));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("1 to 9 reminders"), "{said}");
        let desks = form(bench, "/messages/reminders", &desk, rules.to_owned()).0;
        assert_eq!(desks, StatusCode::FORBIDDEN);

        let order = made(bench, Terms::Prepaid);
        let at = format!("/orders/{}", order.number);
        assert!(page(bench, &at, &desk).2.contains("Payment reminders by themselves: 0 of 3"));
        assert_eq!(after(bench, 2), 1);
        // A log-in of two days ago is over.
        let desk = log_in(bench, "desk");
        let shown = page(bench, &at, &desk).2;
        assert!(shown.contains("1 of 3") && shown.contains("The next goes"), "{shown}");
        assert!(shown.contains("Payment reminder 1 of 3 waits: Payment reminder"), "on the timeline: {shown}");
        let (status, ..) = send(&desk, &at, &format!("{at}/payment-reminders"), "off=1");
        assert_eq!(status, StatusCode::SEE_OTHER);
        let shown = page(bench, &at, &desk).2;
        assert!(shown.contains("None goes for this order") && shown.contains("Remind again"), "{shown}");
        assert!(shown.contains("No payment reminders for this order"), "{shown}");
        assert_eq!(reminders(bench, &order), [is("payment_reminder", "taken_back")]);
        send(&desk, &at, &format!("{at}/payment-reminders"), "off=");
        assert!(page(bench, &at, &desk).2.contains("The next goes"));
    });
}
