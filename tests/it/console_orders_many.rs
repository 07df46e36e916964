//! What is done to all orders that fit a filter, on both engines: asked once more, worked off in the background with an answer for each,
//! taken back once, its asker's alone, gone on with after a crash, and nothing done twice.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::{csrf, to};
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::orders::many;
use packbench::central::services::orders::table::act::Action;
use packbench::central::services::orders::table::{Filter, Sort};
use packbench::protocol::wire::{Role, UserId};
use std::time::{Duration, Instant};

/// A bound on waiting for a job.
const WAIT: Duration = Duration::from_secs(60);

/// The page of a job that is over.
fn over(bench: &Bench, cookie: &str, at: &str) -> String {
    let end = Instant::now() + WAIT;
    loop {
        let shown = page(bench, at, cookie).2;
        if !shown.contains("data-poll") {
            return shown;
        }
        assert!(Instant::now() < end, "it does not end: {shown}");
    }
}

fn held(bench: &Bench) -> i64 {
    bench.int("SELECT COUNT(*) FROM fulfillments WHERE hold_reason LIKE 'office%'")
}

#[test]
fn all_that_fit_are_held_each_with_its_answer_and_let_go_again_once() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "other", Role::Office, "en");
        user(bench, "packer", Role::Packer, "en");
        let (desk, other, packer) = (log_in(bench, "desk"), log_in(bench, "other"), log_in(bench, "packer"));
        let token = csrf(bench, &desk);
        let wish = |what: &str| format!("csrf={token}&do={what}&query=tab%3Dall%26sort%3D-total");

        // It is asked once more before anything happens.
        let (status, _, asked) = form(bench, "/orders/act", &desk, format!("{}&every=1", wish("hold")));
        assert!(status == StatusCode::OK && asked.contains("Orders: 3"), "{asked}");
        assert_eq!((held(bench), bench.int("SELECT COUNT(*) FROM order_jobs")), (0, 0));

        let (status, headers, _) = form(bench, "/orders/many", &desk, wish("hold"));
        assert_eq!(status, StatusCode::SEE_OTHER);
        let job = to(&headers);
        let shown = over(bench, &desk, job);
        assert!(shown.contains("data-state=\"done\"") && shown.contains("data-done=\"3\""), "{shown}");
        assert_eq!(held(bench), 3);
        let by = "SELECT COUNT(*) FROM audit WHERE kind = 'order.held' AND actor_kind = 'user'";
        assert_eq!(bench.int(by), 3, "each is the person's");

        // A second time each refuses, by its number.
        let again = form(bench, "/orders/many", &desk, wish("hold")).1;
        let shown = over(bench, &desk, to(&again));
        assert!(shown.contains("data-done=\"0\"") && shown.contains("data-refused=\"3\""), "{shown}");
        assert!(["536365", "536370", "536414"].iter().all(|number| shown.contains(number)), "{shown}");
        assert!(!shown.contains("/undo\""), "nothing was done that could be taken back");

        // Nobody else's, and not for who may not.
        assert_eq!(page(bench, job, &other).0, StatusCode::NOT_FOUND);
        let token_of = csrf(bench, &other);
        assert_eq!(form(bench, &format!("{job}/undo"), &other, format!("csrf={token_of}")).0, StatusCode::NOT_FOUND);
        let token_of = csrf(bench, &packer);
        let body = format!("csrf={token_of}&do=hold&query=tab%3Dall");
        assert_eq!(form(bench, "/orders/many", &packer, body.clone()).0, StatusCode::FORBIDDEN);
        assert_eq!(form(bench, "/orders/act", &packer, format!("{body}&every=1")).0, StatusCode::FORBIDDEN);

        // Taken back once.
        let undo = || form(bench, &format!("{job}/undo"), &desk, format!("csrf={token}"));
        let (status, headers, _) = undo();
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(over(bench, &desk, to(&headers)).contains("data-done=\"3\""));
        assert_eq!(held(bench), 0);
        assert_eq!(undo().0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page(bench, job, &desk).2.contains("Taken back"));
        assert_eq!(page(bench, "/orders/many", &desk).2.matches("href=\"/orders/many/").count(), 3);

        let nothing = format!("csrf={token}&do=hold&query=tab%3Dall%26search%3Dzzz");
        assert_eq!(form(bench, "/orders/many", &desk, nothing).0, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn a_job_goes_on_after_a_crash_and_does_nothing_twice() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let store = bench.central.store().clone();
        let by: UserId = bench.text("SELECT id FROM users WHERE login = 'desk'").parse().unwrap();
        // As a server leaves it that dies behind its first order: noted, begun, and nobody at work.
        let id = store
            .write_blocking(Actor::User(by), move |work| {
                many::begin(work, by, Action::Hold, &Filter::default(), &Sort::default())
            })
            .unwrap();
        let of = id.clone();
        let first = store.read_blocking(move |tx| many::waiting(tx, &of, 1)).unwrap().remove(0);
        for _ in 0..2 {
            let (of, order) = (id.clone(), first.1.clone());
            store
                .write_blocking(Actor::User(by), move |work| {
                    many::steps(work, &of, &[(first.0, order.clone())], Action::Hold)
                })
                .expect("a second time is no second hold");
        }
        assert_eq!(held(bench), 1);
        let seen = store.clone();
        bench.runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let done = async move {
                let end = Instant::now() + WAIT;
                while seen
                    .read(|tx| Ok(tx.int("SELECT COUNT(*) FROM order_jobs WHERE state = 'done'", &[])?))
                    .await
                    .unwrap()
                    == 0
                {
                    assert!(Instant::now() < end, "it does not end");
                    tokio::task::yield_now().await;
                }
            };
            bench.central.serve(listener, done).await.unwrap();
        });
        assert_eq!(held(bench), 3);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order.held'"), 3);
        // After its days it is forgotten.
        let (site, now_ms) = (store.site(), store.now().0 + many::KEPT_MS + 1);
        assert!(store.db().write_blocking(move |tx| many::sweep(tx, site, now_ms)).unwrap());
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_job_orders"), 0);
    });
}

#[test]
fn a_job_is_stopped_and_what_was_done_stays() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let store = bench.central.store().clone();
        let by: UserId = bench.text("SELECT id FROM users WHERE login = 'desk'").parse().unwrap();
        let id = store
            .write_blocking(Actor::User(by), move |work| {
                many::begin(work, by, Action::Hold, &Filter::default(), &Sort::default())
            })
            .unwrap();
        let of = id.clone();
        let (place, order) = store.read_blocking(move |tx| many::waiting(tx, &of, 1)).unwrap().remove(0);
        let of = id.clone();
        store
            .write_blocking(Actor::User(by), move |work| {
                many::steps(work, &of, &[(place, order.clone())], Action::Hold)
            })
            .unwrap();
        let at = format!("/orders/many/{id}");
        assert!(page(bench, &at, &cookie).2.contains("data-poll"), "it is being done");
        let body = format!("csrf={}", csrf(bench, &cookie));
        assert_eq!(form(bench, &format!("{at}/stop"), &cookie, body).0, StatusCode::SEE_OTHER);
        let shown = page(bench, &at, &cookie).2;
        assert!(shown.contains("data-state=\"stopped\"") && shown.contains("data-done=\"1\""), "{shown}");
        assert!(shown.contains("/undo\""), "what was done can be taken back");
        assert!(store.read_blocking(move |tx| many::waiting(tx, &id, 9)).unwrap().is_empty(), "nobody goes on with it");
        assert_eq!(held(bench), 1);
    });
}
