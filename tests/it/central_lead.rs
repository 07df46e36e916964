//! What leads decide at a bench, as central takes it, on both engines: putting an order first and taking work over. The
//! bench's word for who decided is checked, and a wish in a wrong name becomes a question.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use crate::central_sync::opened;
use axum::http::StatusCode;
use packbench::core::ids::UserId as CoreUser;
use packbench::core::order::Flag;
use packbench::core::person::{Approval, Role as CoreRole};
use packbench::core::session::Event;
use packbench::core::session::event::Reason;
use packbench::core::time::UtcMs;
use packbench::core::units::Grams;
use packbench::core::weight::Proof;
use packbench::protocol::desk;
use packbench::protocol::wire::{
    Change, EventEnvelope, FulfillmentId, LeaseGrant, Outcome, Payload, PullPage, Put, RejectCode, Role,
    TakeoverAnswer, TakeoverRequest, UserId,
};
use uuid::Uuid;

fn ready(bench: &Bench) -> (Post, LeaseGrant) {
    bench.import(SMALL);
    bench.furnish();
    user(bench, "lead", Role::Lead, "en");
    user(bench, "packer", Role::Packer, "en");
    let mut post = bench.pair("PACK 1");
    let granted = post.leases(bench, 50).granted.pop().unwrap();
    (post, granted)
}

fn id_of(bench: &Bench, login: &'static str) -> UserId {
    let sql = if login == "lead" {
        "SELECT id FROM users WHERE login = 'lead'"
    } else {
        "SELECT id FROM users WHERE login = 'packer'"
    };
    bench.text(sql).parse().unwrap()
}

fn expedited(post: &mut Post, work: FulfillmentId, actor: UserId, on: bool) -> EventEnvelope {
    let fact = desk::Expedited { actor, on };
    post.fact(desk::EXPEDITED, Payload::from_json(fact.json()).unwrap(), Some(work))
}

fn priority(bench: &Bench, post: &Post, work: FulfillmentId) -> Option<UserId> {
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let order = page.changes.iter().find_map(|change| match change {
        Change::Fulfillment(Put::Upsert(record)) if record.id == work => Some(record.order_id),
        _ => None,
    });
    page.changes.iter().find_map(|change| match change {
        Change::Order(Put::Upsert(record)) if Some(record.id) == order => Some(record.priority.expedited_by),
        _ => None,
    })?
}

#[test]
fn an_order_put_first_at_one_bench_is_first_everywhere_and_goes_back() {
    on_each_engine(|bench| {
        let (mut post, grant) = ready(bench);
        let other = bench.pair("PACK 2");
        let (lead, work) = (id_of(bench, "lead"), grant.fulfillment);
        let cookie = log_in(bench, "lead");
        let shown = || {
            let order = bench.text(
                "SELECT o.number FROM orders o JOIN fulfillments f ON f.order_id = o.id ORDER BY f.sort_priority LIMIT 1",
            );
            page(bench, &format!("/orders/{order}"), &cookie).2
        };
        let on = expedited(&mut post, work, lead, true);
        assert_eq!(post.push(bench, vec![on.clone()]).outcomes[0].outcome, Outcome::Accepted);
        assert_eq!(priority(bench, &other, work), Some(lead));
        let first = bench.text("SELECT id FROM fulfillments ORDER BY sort_priority LIMIT 1");
        assert_eq!(first, work.to_string());
        let text = shown();
        assert!(text.contains("First in the queue") && text.contains("Moved to the front"), "{text}");
        assert_eq!(post.push(bench, vec![on]).outcomes[0].outcome, Outcome::Duplicate);
        let off = expedited(&mut post, work, lead, false);
        assert_eq!(post.push(bench, vec![off]).outcomes[0].outcome, Outcome::Accepted);
        assert_eq!(priority(bench, &other, work), None);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.expedited'"), 2);
    });
}

#[test]
fn nobody_but_a_lead_puts_an_order_first() {
    on_each_engine(|bench| {
        let (mut post, grant) = ready(bench);
        let packer = id_of(bench, "packer");
        for (n, actor) in [(1, packer), (2, UserId(Uuid::from_u128(9)))] {
            let event = expedited(&mut post, grant.fulfillment, actor, true);
            let outcome = post.push(bench, vec![event]).outcomes[0].outcome;
            assert_eq!(outcome, Outcome::Rejected { code: RejectCode::UserNotAllowed });
            assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'rejected'"), n);
        }
        let nonsense =
            post.fact(desk::EXPEDITED, Payload::from_json("{}".to_owned()).unwrap(), Some(grant.fulfillment));
        let outcome = post.push(bench, vec![nonsense]).outcomes[0].outcome;
        assert_eq!(outcome, Outcome::Rejected { code: RejectCode::PayloadInvalid });
        assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), 3, "the facts are stored all the same");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE expedited_by IS NOT NULL"), 0);
    });
}

#[test]
fn only_an_active_lead_takes_work_over_and_a_wrong_name_becomes_a_question() {
    on_each_engine(|bench| {
        let (post, grant) = ready(bench);
        let path = format!("/api/v1/fulfillments/{}/takeover", grant.fulfillment);
        let ask = |by: UserId| {
            let fulfillment = grant.fulfillment;
            let request = TakeoverRequest { fulfillment, by, to: None, fence_seen: grant.fence };
            bench.post::<_, TakeoverAnswer>(&path, &post.who.token, &request)
        };
        let (lead, packer) = (id_of(bench, "lead"), id_of(bench, "packer"));
        for _ in 0..2 {
            assert_eq!(ask(packer).0, StatusCode::FORBIDDEN);
        }
        assert_eq!(ask(UserId(Uuid::from_u128(9))).0, StatusCode::FORBIDDEN);
        let disable = |on: bool| {
            let sql = "UPDATE users SET disabled = $1 WHERE login = 'lead'";
            let job = packbench::central::actor::Actor::Job("test");
            bench.central.store().write_blocking(job, move |work| work.exec(sql, packbench::vals![on])).unwrap();
        };
        disable(true);
        assert_eq!(ask(lead).0, StatusCode::FORBIDDEN);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'rejected'"), 3, "one question per wish");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'fulfillment.takeover_refused'"), 4);
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_held = 1"), 3, "nothing moved");
        disable(false);
        let (status, answer) = ask(lead);
        assert_eq!((status, answer.unwrap().fence), (StatusCode::OK, grant.fence.next()));
        let detail = bench.text("SELECT detail FROM audit WHERE kind = 'fulfillment.taken_over'");
        assert!(detail.contains(&lead.to_string()), "who decided is recorded: {detail}");
    });
}

#[test]
fn a_flag_and_a_weight_are_let_through_by_a_lead_of_this_house_and_by_nobody_else() {
    on_each_engine(|bench| {
        let (mut post, grant) = ready(bench);
        let flagged =
            |work: &mut packbench::central::store::work::Work<'_>| work.exec("UPDATE orders SET flag_fraud = 1", &[]);
        bench.central.store().write_blocking(packbench::central::actor::Actor::Job("test"), flagged).unwrap();
        let (work, fence) = (grant.fulfillment, grant.fence);
        let begun = post.event(work, fence, opened(work, fence));
        post.push(bench, vec![begun]);
        // The bench writes "lead" beside every name.
        let facts = |user: UserId| {
            let approval = Approval { user: CoreUser(user.0), role: CoreRole::Lead, at: UtcMs(5) };
            let weighed = Event::Weighed {
                parcel: 1,
                grams: Grams(1_900),
                expected_g: Grams(1_400),
                low_g: Grams(1_300),
                high_g: Grams(1_500),
                proof: Proof::ShowsOneMissing,
                overridden: Some((approval, Reason::WeightDataWrong)),
                sample: None,
            };
            [Event::FlagCleared { flag: Flag::FraudReview, approval }, weighed]
        };
        let mut tell = |user: UserId| -> Vec<Outcome> {
            let events = facts(user).map(|fact| post.event(work, fence, fact));
            post.push(bench, events.to_vec()).outcomes.iter().map(|outcome| outcome.outcome).collect()
        };
        let flags = || {
            bench.int("SELECT COUNT(*) FROM orders o JOIN fulfillments f ON f.order_id = o.id WHERE f.lease_begun = 1 AND flag_fraud = 1")
        };
        let weighed =
            || bench.int("SELECT COUNT(*) FROM parcels WHERE weight_g = 1900 AND weight_override_by IS NOT NULL");
        let refused = vec![Outcome::Rejected { code: RejectCode::UserNotAllowed }; 2];
        for (n, user) in [(1, id_of(bench, "packer")), (2, UserId(Uuid::from_u128(9)))] {
            assert_eq!(tell(user), refused);
            assert_eq!((flags(), weighed()), (1, 0), "the effects are refused");
            let asked = "SELECT COUNT(*) FROM exceptions WHERE kind = 'rejected' AND state = 'open'";
            assert_eq!(bench.int(asked), n * 2, "a person is asked about each");
            assert_eq!(bench.int("SELECT COUNT(*) FROM station_events"), 1 + n * 2, "the facts are stored");
        }
        assert_eq!(tell(id_of(bench, "lead")), [Outcome::Accepted, Outcome::Accepted]);
        assert_eq!((flags(), weighed()), (0, 1));
    });
}
