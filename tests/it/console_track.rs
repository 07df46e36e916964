//! The customer's own page on both engines: who has the link sees how far the order is, nobody else does, nothing of a person is on it,
//! it follows the news, and a link that was renewed leads nowhere.

use crate::api_kit::serving;
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, central_with, on_each_engine};
use crate::console_kit::csrf_of;
use crate::mail_kit::{Bay, DEADLINE, order};
use crate::orders_create::{address, create, furnished, line, typed};
use crate::schema_kit::for_each_engine;
use axum::http::{HeaderMap, StatusCode};
use packbench::central::actor::Actor;
use packbench::central::routes::limits::Rate;
use packbench::central::services::access::{Permission, roles};
use packbench::central::services::messages::{self, track};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::{self, Created};
use packbench::protocol::wire::{ChangeKind, Role};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

fn token(bench: &Bench, order: &Created) -> String {
    let id = order.id.clone();
    bench.central.store().read_blocking(move |tx| track::known(tx, &id)).unwrap().expect("it has a link")
}

fn look(bench: &Bench, token: &str, query: &str) -> (StatusCode, HeaderMap, String) {
    page(bench, &format!("/track/{token}{query}"), "")
}

#[test]
fn who_has_the_link_sees_the_order_and_nothing_of_a_person() {
    on_each_engine(|bench| {
        furnished(bench);
        let link = |work: &mut packbench::central::store::work::Work<'_>| {
            messages::set_link(work, "house", "https://carrier.example/{number}")
        };
        bench.central.store().write_blocking(Actor::Job("test"), link).unwrap();
        let made = order(bench);
        let token = token(bench, &made);
        assert!(token.len() >= 22, "at least 128 bits");
        let (status, headers, shown) = look(bench, &token, "");
        assert_eq!(status, StatusCode::OK);
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert!(header("x-robots-tag").contains("noindex") && shown.contains("noindex"));
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        assert!(header("content-security-policy").contains("default-src 'none'"));
        assert!(!headers.contains_key("set-cookie"));
        assert!(shown.contains(&format!("Order {}", made.number)) && shown.contains("We have your order"), "{shown}");
        assert!(shown.contains("WHITE METAL LANTERN"));
        let to = address();
        let personal =
            [&to.name, "Buyer &amp; Co", "High Street", "Leeds", "LS1", "example.com", "+441130000000", "Ring twice"];
        for said in personal {
            assert!(!shown.contains(said), "{said}");
        }

        let packed = Bay::open(bench, "PACK 1").pack_next(bench, &made.number);
        let (_, _, shown) = look(bench, &token, "");
        assert!(shown.contains("leaves with the next pick-up"), "{shown}");
        assert!(
            shown.contains(&format!("href=\"https://carrier.example/{}\" rel=\"noreferrer\"", packed.sscc)),
            "{shown}"
        );
        assert!(shown.contains("House carrier brings it to you"));
        assert!(look(bench, &token, "?lang=ru").2.contains("Ваш заказ упакован"));
        assert!(look(bench, &token, "?lang=es").2.contains("<html lang=\"es\">"));
        assert!(look(bench, &token, "?lang=xx").2.contains("<html lang=\"en\">"));
    });
}

#[test]
fn the_page_speaks_of_waiting_and_of_the_end_too() {
    on_each_engine(|bench| {
        furnished(bench);
        let mut many = typed(DeskKind::B2b, vec![line("71053", 500)]);
        many.backorder = true;
        many.ship_to.country = "MX".to_owned();
        let waits = create(bench, &many).unwrap();
        let token = token(bench, &waits);
        let shown = look(bench, &token, "").2;
        assert!(shown.contains("<html lang=\"es\">") && shown.contains("viene de camino"), "{shown}");
        let id = waits.id.clone();
        let end = move |work: &mut packbench::central::store::work::Work<'_>| orders::cancel(work, &id, "out_of_stock");
        bench.central.store().write_blocking(Actor::Job("test"), end).unwrap();
        assert!(look(bench, &token, "?lang=en").2.contains("is cancelled and will not be sent"));
    });
}

#[test]
fn a_wrong_link_and_one_that_was_renewed_lead_nowhere() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "packer", Role::Packer, "en");
        let (made, desk) = (order(bench), log_in(bench, "desk"));
        let before = token(bench, &made);
        let url = format!("http://127.0.0.1:8470/track/{before}");
        let at = format!("/orders/{}", made.number);
        let shown = page(bench, &at, &desk).2;
        assert!(shown.contains(&url), "the clerk reads the link again: {shown}");
        let csrf = csrf_of(&shown);
        assert_eq!(form(bench, &format!("{at}/link"), &desk, "csrf=0".to_owned()).0, StatusCode::FORBIDDEN);
        assert_eq!(form(bench, &format!("{at}/link"), &desk, format!("csrf={csrf}")).0, StatusCode::SEE_OTHER);
        let after = token(bench, &made);
        assert_ne!(before, after);
        for wrong in [before.as_str(), "", "x", &"A".repeat(27), &"A".repeat(4_000), "%00", "../orders"] {
            let (status, headers, shown) = look(bench, wrong, "");
            assert!(status == StatusCode::NOT_FOUND || status == StatusCode::BAD_REQUEST, "{wrong}: {status}");
            assert!(!shown.contains(&made.number));
            if status == StatusCode::NOT_FOUND && headers.contains_key("x-robots-tag") {
                assert!(shown.contains("This link leads nowhere"));
            }
        }
        assert_eq!(look(bench, &after, "").0, StatusCode::OK);
        assert!(page(bench, &at, &desk).2.contains("Another link to the customer"), "the timeline says so");
        // An order from before has none until a clerk makes one.
        assert!(!page(bench, "/orders/536365", &desk).2.contains("/track/"));
        assert_eq!(form(bench, "/orders/536365/link", &desk, format!("csrf={csrf}")).0, StatusCode::SEE_OTHER);
        assert!(page(bench, "/orders/536365", &desk).2.contains("/track/"));
    });
}

#[test]
fn who_may_not_see_persons_is_not_shown_the_link_and_makes_none() {
    on_each_engine(|bench| {
        furnished(bench);
        let made = order(bench);
        user(bench, "packer", Role::Packer, "en");
        for permission in [Permission::MessageView, Permission::MessageSend] {
            let give = move |work: &mut packbench::central::store::work::Work<'_>| {
                roles::set(work, Role::Packer, permission, true)
            };
            bench.central.store().write_blocking(Actor::Job("test"), give).unwrap();
        }
        let packer = log_in(bench, "packer");
        let shown = page(bench, &format!("/orders/{}", made.number), &packer).2;
        assert!(shown.contains("id=\"mails\"") && !shown.contains("/track/"), "{shown}");
        let csrf = csrf_of(&shown);
        let (status, _, _) = form(bench, &format!("/orders/{}/link", made.number), &packer, format!("csrf={csrf}"));
        assert_eq!(status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn floods_are_kept_off() {
    for_each_engine(|site| {
        let hour = Duration::from_secs(3_600);
        let bench = central_with(site, |settings| settings.track_rate = Rate { burst: 3, refill: hour });
        let wrong = "A".repeat(27);
        let met: Vec<StatusCode> = (0..4).map(|_| look(&bench, &wrong, "").0).collect();
        assert_eq!(met[..3], [StatusCode::NOT_FOUND; 3]);
        assert_eq!(met[3], StatusCode::TOO_MANY_REQUESTS);
        let (status, headers, _) = look(&bench, &wrong, "/news");
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
        assert!(headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    });
}

#[test]
fn who_looks_is_told_of_this_order_alone() {
    on_each_engine(|bench| {
        furnished(bench);
        let (made, other) = (order(bench), order(bench));
        let token = token(bench, &made);
        serving(bench, |at| {
            let mut stream = TcpStream::connect(at).unwrap();
            stream.set_read_timeout(Some(DEADLINE)).unwrap();
            write!(stream, "GET /track/{token}/news HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
            assert!(lines.next().unwrap().contains("200"));
            lines.find(|line| line.is_empty()).unwrap();
            let change = |order: &Created| {
                let id = order.id.clone();
                let touch = move |work: &mut packbench::central::store::work::Work<'_>| {
                    work.changed(ChangeKind::Order, id.clone());
                    Ok(())
                };
                bench.central.store().write_blocking(Actor::Job("test"), touch).unwrap();
            };
            change(&other);
            let began = Instant::now();
            change(&made);
            // A stream that has nothing to tell says so now and then, and would be listened to for ever.
            let told = lines.find(|line| line.starts_with("data:") || began.elapsed() > DEADLINE).unwrap();
            assert!(began.elapsed() < DEADLINE, "nothing was told");
            assert_eq!(told.trim(), "data: {}", "nothing but that it changed");
        });
    });
}
