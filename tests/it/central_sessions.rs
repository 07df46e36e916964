//! Sessions of the console over time, on both engines: idle, too long, too many, a changed cookie, a stolen one.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, central_with, on_each_engine};
use crate::schema_kit::for_each_engine;
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::secrets::HashCost;
use packbench::central::services::users::{self, NewUser, SessionLimits};
use packbench::protocol::wire::Role;
use std::sync::atomic::Ordering;

const MINUTE_MS: i64 = 60_000;

fn pass(bench: &Bench, minutes: i64) {
    bench.now.fetch_add(minutes * MINUTE_MS, Ordering::SeqCst);
}

/// Whether the page is shown, and the new cookie if there is one.
fn open(bench: &Bench, cookie: &str) -> (bool, Option<String>) {
    let (status, headers, _) = page(bench, "/orders", cookie);
    let fresh =
        headers.get(header::SET_COOKIE).map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned());
    (status == StatusCode::OK, fresh)
}

#[test]
fn a_session_nobody_uses_is_over_after_an_hour_and_a_used_one_after_a_shift() {
    on_each_engine(|bench| {
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        pass(bench, 61);
        assert_eq!(open(bench, &cookie), (false, None));

        let mut cookie = log_in(bench, "lead");
        let mut minutes = 0;
        while minutes < 12 * 60 - 10 {
            pass(bench, 10);
            minutes += 10;
            let (shown, fresh) = open(bench, &cookie);
            assert!(shown, "after {minutes} minutes of work");
            cookie = fresh.unwrap_or(cookie);
        }
        pass(bench, 11);
        assert_eq!(open(bench, &cookie), (false, None), "twelve hours are a long shift");
    });
}

#[test]
fn a_house_says_how_long_a_session_is_and_in_how_many_browsers_one_person_works() {
    for_each_engine(|site| {
        let limits = SessionLimits { life_ms: 60 * MINUTE_MS, idle_ms: 20 * MINUTE_MS, each_max: 2 };
        let bench = central_with(site, |settings| settings.sessions = limits);
        user(&bench, "lead", Role::Lead, "en");
        user(&bench, "desk", Role::Office, "en");
        let (_, headers, _) = form(&bench, "/login", "", "login=lead&password=correct+horse".to_owned());
        assert!(headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=3600"), "{headers:?}");
        pass(&bench, 21);

        let desk = log_in(&bench, "desk");
        let lead = [(); 3].map(|()| {
            pass(&bench, 1);
            log_in(&bench, "lead")
        });
        let shown = lead.each_ref().map(|cookie| open(&bench, cookie).0);
        assert_eq!(shown, [false, true, true], "the oldest gives way");
        assert!(open(&bench, &desk).0, "and nobody else's");
        assert_eq!(bench.int("SELECT COUNT(*) FROM sessions"), 3, "the first of all was over and is gone");

        pass(&bench, 21);
        assert!(!open(&bench, &lead[2]).0, "nobody used it for twenty minutes");
        let mut cookie = log_in(&bench, "lead");
        for minutes in [14, 28, 42, 56] {
            pass(&bench, 14);
            let (shown, fresh) = open(&bench, &cookie);
            assert!(shown, "after {minutes} minutes of work");
            cookie = fresh.unwrap_or(cookie);
        }
        pass(&bench, 5);
        assert!(!open(&bench, &cookie).0, "an hour is over");
    });
}

#[test]
fn a_new_password_or_another_role_from_the_command_line_ends_sessions_and_nothing_else_does() {
    on_each_engine(|bench| {
        user(bench, "lead", Role::Lead, "en");
        let change = |role, password: Option<&str>| {
            let new = NewUser {
                login: "lead".to_owned(),
                name: "Another Name".to_owned(),
                initials: "AN".to_owned(),
                role,
                pin: Some("1357".to_owned()),
                badge: None,
                password: password.map(str::to_owned),
                locale: "en".to_owned(),
                cost: HashCost { memory_kib: 64, passes: 1 },
            };
            bench.central.store().write_blocking(Actor::Job("test"), move |work| users::add(work, &new)).unwrap();
        };
        let cookie = log_in(bench, "lead");
        change(Role::Lead, None);
        assert!(open(bench, &cookie).0, "a name and a PIN change nothing at the console");
        change(Role::Lead, Some("correct horse"));
        assert!(!open(bench, &cookie).0, "a new password leaves the session alive");
        let cookie = log_in(bench, "lead");
        change(Role::Office, None);
        assert!(!open(bench, &cookie).0, "another role leaves the session alive");
    });
}

#[test]
fn the_cookie_changes_in_use_and_the_old_one_holds_for_a_moment() {
    on_each_engine(|bench| {
        user(bench, "lead", Role::Lead, "en");
        let old = log_in(bench, "lead");
        assert_eq!(open(bench, &old), (true, None), "a fresh one stays");
        pass(bench, 16);
        let (shown, fresh) = open(bench, &old);
        let fresh = fresh.expect("a new cookie");
        assert!(shown && fresh != old);
        assert_eq!(open(bench, &old), (true, None), "requests overlap");
        assert_eq!(open(bench, &fresh), (true, None));
    });
}

#[test]
fn an_old_cookie_that_comes_late_ends_the_session_for_both() {
    on_each_engine(|bench| {
        user(bench, "lead", Role::Lead, "en");
        let stolen = log_in(bench, "lead");
        pass(bench, 16);
        let own = open(bench, &stolen).1.expect("a new cookie");
        pass(bench, 2);
        assert_eq!(open(bench, &own), (true, None));
        assert_eq!(open(bench, &stolen), (false, None), "the thief is shown the log-in");
        assert_eq!(open(bench, &own), (false, None), "and so is the owner, who must prove who they are");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'user.session_stolen'"), 1);
    });
}
