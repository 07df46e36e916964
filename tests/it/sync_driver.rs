//! The sync driver over real HTTP against a server that fails in every way, and an engine that is sometimes full.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use packbench::protocol::sync::{EpochWish, Input as SyncInput, LinkPhase, Notice, OutboxEntry, PhotoJob};
use packbench::protocol::wire::{ContentHash, Epoch, EpochReason, EventId, FulfillmentId, PROTOCOL, ProblemCode};
use packbench::sync::{
    Applicant, PairError, ServerConfig, ServerConfigError, SyncCall, SyncEnded, Token, pair, pair_in_background,
};
use uuid::Uuid;

use crate::sync_engine::{Disk, Station, until};
use crate::sync_kit::{CODE, Fault, Route, STATION, Server, TOKEN, TestClock, events};

/// So much faster than real time run the tests that wait for back-off.
const FAST: u64 = 20;

fn faults() -> Vec<Fault> {
    vec![
        Fault::Problem(ProblemCode::Internal),
        Fault::Nonsense,
        Fault::CutAnswer,
        Fault::LoseAnswer,
        Fault::CutRequest,
        Fault::Plain(502),
        Fault::Plain(404),
    ]
}

fn photo(size: usize, seed: u8) -> (ContentHash, Vec<u8>) {
    let bytes: Vec<u8> = (0..size).map(|place| (place % 251) as u8 ^ seed).collect();
    (ContentHash::of(&bytes), bytes)
}

fn ids(count: u64) -> Vec<EventId> {
    events(count).iter().map(|event| event.id).collect()
}

/// Everything arrived, once, on both sides.
fn assert_settled(server: &Server, station: &Station, count: u64, pages: usize) {
    station.until("everything to arrive", |disk| {
        let central = server.central();
        disk.pushed == count
            && disk.pages.len() >= pages
            && disk.photos_done.len() == disk.photos.len()
            && disk.leases.len() as u128 == central.work
    });
    let (central, disk) = (server.central(), station.disk());
    assert_eq!(central.events, ids(count));
    let expected: Vec<String> = (1..=pages).map(|page| format!("c+{page}")).collect();
    let got: Vec<String> = disk.pages.iter().take(pages).map(|cursor| cursor.0.clone()).collect();
    assert_eq!(got, expected, "a page was lost or stored twice");
    assert_eq!(central.photos, disk.photos);
    let work: Vec<FulfillmentId> = (1..=central.work).map(FulfillmentId::from_u128).collect();
    assert!(disk.leases.keys().eq(&work) && central.held.iter().eq(&work));
    let wrong = central.seen.iter().find(|seen| seen.token.as_deref() != Some(TOKEN));
    assert!(wrong.is_none(), "a request without the token: {wrong:?}");
}

#[test]
fn everything_arrives_once_through_every_fault() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    for route in [Route::Push, Route::Pull, Route::Leases, Route::Photo, Route::Events] {
        server.fail(route, faults());
    }
    server.central().pages = 4;
    server.central().work = 7;
    let disk = Disk {
        events: events(1_203),
        photos: [photo(700_000, 1), photo(1, 2), photo(262_144, 3)].into(),
        ..Disk::default()
    };
    let station = Station::start(&server, disk);
    assert_settled(&server, &station, 1_203, 4);
    assert!(server.central().duplicates > 0, "no answer was lost after the server had acted");
    let told = server.central().backlogs.clone();
    assert!(told.contains(&703) && told.contains(&203) && told.last() == Some(&0), "what waits is told: {told:?}");
    let pulls = server.central().seen.iter().filter(|seen| seen.route == Route::Pull).cloned().collect::<Vec<_>>();
    assert!(
        pulls.iter().all(|seen| seen.path.contains("&waiting=") && seen.path.contains("&waiting_ms=")),
        "{pulls:?}"
    );
    assert_eq!(station.handle.status().unwrap().unsynced, 0);
}

#[test]
fn a_failure_is_repeated_by_the_drivers_own_timer() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    server.fail(Route::Push, [Fault::Plain(500)]);
    let station = Station::start(&server, Disk { events: events(3), ..Disk::default() });
    until("the repeated push", || station.disk().pushed == 3);
    assert_eq!(server.seen(Route::Push), 2);
    assert_eq!(server.central().duplicates, 0);
}

#[test]
fn a_busy_engine_loses_nothing() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    server.central().pages = 3;
    server.central().work = 5;
    let photos = (0..90).map(|seed| photo(10, seed)).collect();
    let disk = Disk { events: events(20), photos, ..Disk::default() };
    let station = Station::start_with(ServerConfig::new(server.url.as_str()), &clock, 1, disk);
    station.port.set_full(true);
    until("the port to refuse", || station.port.refused() > 20);
    station.port.set_full(false);
    assert_settled(&server, &station, 20, 3);
}

#[test]
fn a_cut_network_is_told_once_and_heals() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    let cut = Arc::new(AtomicBool::new(false));
    let config = ServerConfig { cut: Some(Arc::clone(&cut)), ..ServerConfig::new(server.url.as_str()) };
    let station = Station::start_with(config, &clock, 64, Disk::default());
    station.until("the first answer", |disk| disk.online == [true]);
    cut.store(true, Ordering::Release);
    station.until("the cut to show", |disk| disk.online == [true, false]);
    let (pushes, before) = (server.seen(Route::Push), server.central().seen.len());
    station.disk().events = events(2);
    let entries = events(2).iter().map(|event| OutboxEntry { seq: event.seq, bytes: 100, mono_ms: 0 }).collect();
    station.offer(SyncInput::OutboxGrew { epoch: Epoch(1), entries });
    let failures = || match station.handle.status().unwrap().push {
        LinkPhase::BackingOff { failures, .. } => failures,
        _ => 0,
    };
    station.until("a few tries in vain", |_| failures() >= 3);
    assert_eq!(server.seen(Route::Push), pushes, "a request crossed the cut");
    assert!(server.central().seen.len() <= before + 1);
    assert_eq!(station.handle.status().unwrap().unsynced, 2);
    cut.store(false, Ordering::Release);
    station.until("the healed network", |disk| disk.pushed == 2);
    assert_eq!(station.disk().online, [true, false, true]);
    assert_eq!(server.central().events, ids(2));
}

#[test]
fn a_revoked_token_stops_requests_until_paired_again() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    server.central().token = "another".to_owned();
    let station = Station::start(&server, Disk { events: events(2), ..Disk::default() });
    until("the trouble", || station.trouble() == Some("sync-token-revoked"));
    assert_eq!(station.disk().notices, [Notice::TokenRevoked]);
    let online = station.disk().online.clone();
    assert_eq!(online, [true], "a refusal is an answer");
    let before = server.seen(Route::Push);
    assert!(before <= 1);
    station.handle.offer(SyncCall::Token(Token::new("another".to_owned()))).unwrap();
    until("the push under the new token", || station.disk().pushed == 2);
    until("the end of the trouble", || station.trouble().is_none());
    assert_eq!(server.central().events, ids(2));
    assert_eq!(
        station.disk().revoked,
        [true, false],
        "so the station can offer to be paired again, and stop offering it"
    );
}

#[test]
fn a_gate_that_answers_401_is_no_revocation() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    server.fail(Route::Push, [Fault::Plain(401)]);
    let station = Station::start(&server, Disk { events: events(2), ..Disk::default() });
    station.until("the push", |disk| disk.pushed == 2);
    assert!(!station.disk().notices.contains(&Notice::TokenRevoked));
    assert!(station.disk().trouble.iter().flatten().all(|message| message.key == "sync-nonsense"));
    until("the end of the trouble", || station.trouble().is_none());
}

#[test]
fn too_old_for_pull_still_pushes() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    server.central().always.insert(Route::Pull, Fault::Problem(ProblemCode::ProtocolTooOld));
    let (hash, bytes) = photo(1_000, 9);
    let station =
        Station::start(&server, Disk { events: events(600), photos: [(hash, bytes)].into(), ..Disk::default() });
    station.until("push and photo", |disk| disk.pushed == 600 && disk.photos_done == [hash]);
    station.until("the trouble", |disk| !disk.trouble.is_empty());
    assert_eq!(station.trouble(), Some("sync-update-needed"));
    assert!(station.disk().pages.is_empty());
}

#[test]
fn a_slow_server_is_given_up_and_asked_again() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    server.fail(Route::Push, [Fault::Hold]);
    let config = ServerConfig { answer_ms_max: 200, ..ServerConfig::new(server.url.as_str()) };
    let station = Station::start_with(config, &clock, 64, Disk { events: events(4), ..Disk::default() });
    until("the repeated push", || station.disk().pushed == 4);
    let central = server.central();
    assert_eq!((central.events.len(), central.duplicates), (4, 4));
    drop(central);
    server.release();
}

#[test]
fn a_stop_is_quick_with_a_request_in_flight() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    server.fail(Route::Push, [Fault::Hold]);
    let station = Station::start(&server, Disk { events: events(4), ..Disk::default() });
    until("the push to hang", || server.central().waiting == 1);
    let began = Instant::now();
    assert!(!station.handle.stop(), "the request is still out");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(station.handle.offer(SyncCall::Wake), Err(SyncEnded));
    server.release();
    until("the worker to end", || station.handle.stop());
    // The answer came too late; the next start repeats the push, and the server recognises it.
    let disk = Disk { events: events(4), pushed: station.disk().pushed, ..Disk::default() };
    assert_eq!(disk.pushed, 0);
    let next = Station::start(&server, disk);
    until("the repeated push", || next.disk().pushed == 4);
    let central = server.central();
    assert_eq!((central.events.clone(), central.duplicates), (ids(4), 4));
}

#[test]
fn an_idle_driver_stops_whole_and_ends_with_its_engine() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    let station = Station::start(&server, Disk::default());
    until("the first page", || !station.disk().pages.is_empty());
    assert!(station.handle.stop());
    let other = Station::start(&server, Disk::default());
    until("the first page", || !other.disk().pages.is_empty());
    other.port.stop();
    server.central().token = "another".to_owned();
    // The next news meets a closed door.
    until("the driver to end", || other.handle.offer(SyncCall::Wake).is_err());
}

#[test]
fn a_hint_brings_a_pull_at_once() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    let station = Station::start(&server, Disk::default());
    until("the stream", || server.seen(Route::Events) == 1);
    // The first pull and the one that a new stream causes.
    until("the first pages", || station.disk().pages.len() >= 2);
    server.central().pages = 3;
    let began = Instant::now();
    until("the stream to be known", || {
        server.hint();
        station.disk().pages.last().is_some_and(|cursor| cursor.0 == "c+3")
    });
    // Without hints the next pull is 15 s away.
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(server.central().seen.iter().any(|seen| seen.path == format!("/api/v1/events?protocol={PROTOCOL}")));
}

#[test]
fn a_jump_of_the_wall_clock_is_noticed() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    let station = Station::start(&server, Disk::default());
    until("the first page", || !station.disk().pages.is_empty());
    clock.wall_shift_ms.store(-9_000, Ordering::Release);
    station.offer(SyncInput::Timer);
    let jump = |notice: &Notice| matches!(notice, Notice::ClockWrong { by_ms } if (-9_100..=-8_900).contains(by_ms));
    until("the jump", || station.disk().notices.iter().any(jump));
    assert_eq!(station.disk().notices.len(), 1);
}

#[test]
fn a_photo_that_is_gone_does_not_stop_the_others() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    let (here, bytes) = photo(5_000, 4);
    let (gone, _) = photo(6_000, 5);
    let station = Station::start(&server, Disk { photos: [(here, bytes)].into(), ..Disk::default() });
    station.offer(SyncInput::PhotoQueued(PhotoJob { hash: gone, bytes: 6_000 }));
    station.until("the other photo", |disk| disk.photos_done == [here]);
    station.until("the word about the lost one", |disk| disk.notices.contains(&Notice::PhotoStuck { hash: gone }));
    until("the trouble", || station.trouble() == Some("sync-photo-stuck"));
}

#[test]
fn a_new_epoch_is_asked_for_once_and_adopted() {
    let clock = TestClock::new(FAST);
    let server = Server::start(&clock);
    server.fail(Route::Epoch, [Fault::LoseAnswer, Fault::Nonsense]);
    let station = Station::start(&server, Disk { events: events(5), ..Disk::default() });
    station.until("the first push", |disk| disk.pushed == 5);
    station.offer(SyncInput::EpochWanted(EpochWish {
        nonce: Uuid::from_u128(3),
        reason: EpochReason::Cloned,
        by: None,
    }));
    station.until("the new epoch", |disk| disk.epoch == 2 && disk.pushed == 5);
    let central = server.central();
    assert_eq!((central.epoch, central.epoch_nonces.len(), central.events.clone()), (2, 1, ids(5)));
}

fn bench() -> Applicant {
    Applicant { name: "Bench 4".to_owned(), version: "0.1".to_owned(), known: None }
}

#[test]
fn pairing_gives_a_station_or_says_why_not() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    let config = ServerConfig::new(server.url.as_str());
    let answer = pair(&config, "abcd-2345", &bench()).unwrap();
    assert_eq!((answer.station_id, answer.token.as_str()), (STATION, TOKEN));
    assert!(!format!("{answer:?}").contains(TOKEN));
    assert!(server.central().seen.iter().all(|seen| seen.token.is_none()));
    let asked = server.seen(Route::Pairing);
    let key = |error: &PairError| error.message().key;
    let wrong = pair(&config, "WXYZ6789", &bench()).unwrap_err();
    assert!(matches!(wrong, PairError::Code) && key(&wrong) == "sync-pair-code");
    let not_a_code = pair(&config, "0000", &bench()).unwrap_err();
    assert!(matches!(not_a_code, PairError::Code));
    assert_eq!(server.seen(Route::Pairing), asked + 1, "what cannot be a code is not sent");
    server.fail(Route::Pairing, [Fault::Plain(200), Fault::Problem(ProblemCode::RateLimited)]);
    assert_eq!(key(&pair(&config, CODE, &bench()).unwrap_err()), "sync-pair-nonsense");
    assert_eq!(key(&pair(&config, CODE, &bench()).unwrap_err()), "sync-pair-wait");
    let cut = ServerConfig { cut: Some(Arc::new(AtomicBool::new(true))), ..config };
    assert_eq!(key(&pair(&cut, CODE, &bench()).unwrap_err()), "sync-pair-no-answer");
}

#[test]
fn pairing_in_the_background_reaches_the_engine() {
    let clock = TestClock::new(1);
    let server = Server::start(&clock);
    let station = Station::start(&server, Disk::default());
    let config = ServerConfig::new(server.url.as_str());
    let ask = |code: &str| {
        let port = Arc::clone(&station.port) as _;
        pair_in_background(config.clone(), code.to_owned(), bench(), port).unwrap();
    };
    ask("WXYZ6789");
    until("the refusal", || station.disk().refused.as_ref().is_some_and(|message| message.key == "sync-pair-code"));
    assert!(station.disk().paired.is_none());
    station.port.set_full(true);
    let before = station.port.refused();
    ask(CODE);
    until("the engine to be busy", || station.port.refused() > before);
    station.port.set_full(false);
    until("the pairing", || station.disk().paired.as_ref().is_some_and(|answer| answer.token == TOKEN));
}

#[test]
fn addresses_that_would_show_the_token_are_refused() {
    let try_pair = |url: &str| match pair(&ServerConfig::new(url), CODE, &bench()) {
        Err(PairError::Settings(error)) => error,
        other => panic!("{url}: {other:?}"),
    };
    assert!(matches!(try_pair("http://packbench.example/"), ServerConfigError::PlainHttp));
    assert!(matches!(try_pair("http://127.0.0.1.example/"), ServerConfigError::PlainHttp));
    assert!(matches!(try_pair("ftp://127.0.0.1/"), ServerConfigError::Scheme));
    assert!(matches!(try_pair("https://me:secret@packbench.example/"), ServerConfigError::Extras));
    assert!(matches!(try_pair("packbench"), ServerConfigError::Address));
    let shown = format!("{:?}", Token::new(TOKEN.to_owned()));
    assert_eq!(shown, "Token");
}
