//! A return from the console to a bench and back, with a real central on both engines and a real station: it is taken in by scans, the
//! order's lines and the ledger count the same, and what central cannot enter any more is asked of a person.

use packbench::central::actor::Actor;
use packbench::central::services::returns::{Close, Grade};
use packbench::central::store::schema::MIGRATIONS;
use packbench::core::command_code::CommandCode;
use packbench::core::returns::Grade as Graded;
use packbench::engine::Input;
use packbench::engine::input::{SyncNews, Ui};
use packbench::engine::view::Screen;
use packbench::protocol::sync::Effect;
use packbench::protocol::wire::{
    Change, Cursor, EventEnvelope, Outcome, PullPage, Put, RejectCode, ReturnRecord, Role, Seq,
};
use packbench::storage::{meta, outbox};

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, Post, on_each_engine};
use crate::central_sync::outcomes;
use crate::orders_create::available;
use crate::returns_flow::{close, open, packed as packed_with_the_past, receive, units, wrong_counters};
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA};

/// An order that left, without the return that the import brought in with it.
fn packed(bench: &Bench) {
    packed_with_the_past(bench);
    close(bench, IMPORTED, &Close::Withdraw).unwrap();
}

/// Two units of the first line of 536365, as the import tells of them.
const IMPORTED: &str = "C536379";

/// A station with its way to central, which runs when a test says so.
struct Pair<'a> {
    bench: &'a Bench,
    post: Post,
    station: Station,
    cursor: Option<Cursor>,
    pushed: Seq,
}

impl Pair<'_> {
    /// Paired with central, with all that central tells, and Anna logged in.
    fn new(bench: &Bench) -> Pair<'_> {
        let post = bench.pair("PACK 2");
        let mut station = Station::unpaired();
        station.feed(Input::Sync(SyncNews::Paired(Box::new(post.who.clone()))));
        let mut pair = Pair { bench, post, station, cursor: None, pushed: Seq(0) };
        pair.pull();
        pair.station.pull(vec![Change::User(Put::Upsert(Box::new(world::user(ANNA))))]);
        pair.station.scan(ANNA.badge);
        assert_eq!(pair.station.view().screen, Screen::Queue);
        pair
    }

    fn pull(&mut self) {
        loop {
            let page = self.page(2);
            let more = page.more;
            self.cursor = Some(page.next_cursor.clone());
            self.station.store(Effect::StorePage { no: 1, page: Box::new(page) });
            if !more {
                return;
            }
        }
    }

    fn page(&self, protocol: u32) -> PullPage {
        let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={}", cursor.0)).unwrap_or_default();
        let path = format!("/api/v1/sync/pull?protocol={protocol}&limit=500{cursor}");
        self.bench.get(&path, &self.post.who.token).1.expect("a page")
    }

    /// Events of the station that central has not got.
    fn waiting(&mut self) -> Vec<EventEnvelope> {
        let mut c = self.station.look();
        let last = Seq(meta::int(c.as_mut(), meta::key::SEQ).unwrap().unsigned_abs());
        let events = outbox::read(c.as_mut(), self.post.who.epoch, self.pushed.next(), last).unwrap();
        self.pushed = last;
        events
    }

    fn push(&mut self) -> Vec<Outcome> {
        let events = self.waiting();
        outcomes(&self.post.push(self.bench, events))
    }

    fn take_in(&mut self, code: &str, grade: Graded) {
        self.station.scan(code);
        self.station.ui(Ui::Grade(grade));
    }
}

#[test]
fn a_return_made_at_the_console_is_taken_in_at_a_bench_and_lines_and_ledger_agree() {
    on_each_engine(|bench| {
        packed(bench);
        let mut pair = Pair::new(bench);
        assert!(pair.station.view().returns.is_empty());
        let number = open(bench, &[(1, 2), (2, 1)]).unwrap().number;
        pair.pull();
        let row = pair.station.view().returns[0].clone();
        assert_eq!((row.number.as_str(), row.order.as_str(), row.asked), (number.as_str(), "536365", 3));
        let before = available(bench, "85123A");
        let label = bench.text("SELECT sscc FROM parcels WHERE sscc IS NOT NULL");
        pair.station.scan(&label);
        assert_eq!(pair.station.view().screen, Screen::Return, "the label it left under");
        pair.take_in("85123A", Graded::Resell);
        pair.take_in("85123A", Graded::Repair);
        pair.take_in("71053", Graded::Scrap);
        pair.station.code(CommandCode::Continue);
        assert_eq!(pair.station.said(), "ok-return-done");
        assert_eq!(bench.int("SELECT COUNT(*) FROM return_units"), 0, "central has not heard yet");
        let events = pair.waiting();
        let answer = outcomes(&pair.post.push(bench, events.clone()));
        assert_eq!(answer, [Outcome::Accepted; 3]);
        assert_eq!(wrong_counters(bench), 0);
        let returned = "SELECT returned FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.number = '536365' \
            AND l.line_no = 1";
        assert_eq!(bench.int(returned), 2);
        assert_eq!(available(bench, "85123A"), before + 1, "sold again at once");
        assert_eq!(bench.int("SELECT quantity FROM stock_levels WHERE condition = 'returned'"), 1);
        assert_eq!(bench.text("SELECT state FROM returns WHERE number = 'R000001'"), "received");
        assert_eq!(
            bench.int(
                "SELECT COUNT(*) FROM return_units u JOIN station_events e ON e.id = u.id WHERE u.actor_kind = 'user'"
            ),
            3,
            "each unit has the name of its fact"
        );
        assert_eq!(bench.text("SELECT MIN(actor) FROM return_units"), world::user(ANNA).id.to_string());
        // The same facts once more: the answer was lost.
        assert_eq!(outcomes(&pair.post.push(bench, events)), [Outcome::Duplicate; 3]);
        assert_eq!((bench.int(returned), wrong_counters(bench)), (2, 0));
        pair.pull();
        assert!(pair.station.view().returns.is_empty());
        pair.station.scan(&number);
        assert_eq!(pair.station.said(), "refusal-return-all-in");
        close(bench, &number, &Close::Nothing).unwrap();
        pair.pull();
        pair.station.scan(&number);
        assert_eq!(pair.station.said(), "refusal-unknown-code", "what is over is forgotten");
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let shown = page(bench, "/returns/R000001", &cookie).2;
        assert!(shown.contains("A-01-1") && shown.contains("RETURNS"), "{shown}");
    });
}

#[test]
fn what_the_console_took_in_or_ended_meanwhile_is_asked_of_a_person_and_never_lost() {
    on_each_engine(|bench| {
        packed(bench);
        let mut pair = Pair::new(bench);
        let number = open(bench, &[(1, 1), (2, 1)]).unwrap().number;
        pair.pull();
        // The network is gone: the bench goes on with what it knows.
        pair.station.scan(&number);
        pair.take_in("85123A", Graded::Resell);
        receive(bench, &number, &units(1, 1, Grade::Scrap)).unwrap();
        pair.take_in("71053", Graded::Resell);
        assert_eq!(pair.push(), [Outcome::Rejected { code: RejectCode::QuantityExceeded }]);
        assert_eq!(wrong_counters(bench), 0, "the console's unit stands");
        close(bench, &number, &Close::Nothing).unwrap();
        pair.station.code(CommandCode::Continue);
        assert_eq!(pair.push(), [Outcome::Rejected { code: RejectCode::ReturnClosed }]);
        assert_eq!(wrong_counters(bench), 0);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'return_refused' AND state = 'open'"), 2);
        assert_eq!(bench.int("SELECT COUNT(*) FROM station_events WHERE kind = 'desk.return_received'"), 2);
        for (login, locale, says) in [("en", "en", "1 × As new: sell again"), ("ru", "ru", "1 × Как новое: продать")]
        {
            user(bench, login, Role::Lead, locale);
            let shown = page(bench, "/exceptions", &log_in(bench, login)).2;
            assert!(shown.contains("R000001") && shown.contains(says) && !shown.contains('⟦'), "{shown}");
        }
    });
}

#[test]
fn a_bench_learns_of_an_end_while_the_return_lies_on_it() {
    on_each_engine(|bench| {
        packed(bench);
        let mut pair = Pair::new(bench);
        let number = open(bench, &[(1, 2)]).unwrap().number;
        pair.pull();
        pair.station.scan(&number);
        pair.take_in("85123A", Graded::Resell);
        close(bench, &number, &Close::Withdraw).unwrap();
        pair.pull();
        assert_eq!((pair.station.said(), pair.station.view().screen), ("say-return-over", Screen::Queue));
        assert_eq!(pair.push(), [Outcome::Rejected { code: RejectCode::ReturnClosed }]);
        assert_eq!(bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'return_refused'"), 1);
    });
}

#[test]
fn what_an_import_or_a_program_brought_in_is_found_at_a_bench_by_paper_and_order() {
    on_each_engine(|bench| {
        packed_with_the_past(bench);
        let mut pair = Pair::new(bench);
        let row = pair.station.view().returns[0].clone();
        assert_eq!((row.number.as_str(), row.order.as_str(), row.asked), (IMPORTED, "536365", 2), "nobody touched it");
        pair.station.scan("536365");
        assert_eq!(pair.station.view().screen, Screen::Return, "by its order");
        pair.take_in("85123A", Graded::Resell);
        pair.take_in("85123A", Graded::Scrap);
        pair.station.code(CommandCode::Continue);
        assert_eq!(pair.push(), [Outcome::Accepted; 2]);
        assert_eq!(wrong_counters(bench), 0);
        assert_eq!(bench.int("SELECT received FROM return_lines"), 2);
        close(bench, IMPORTED, &Close::Nothing).unwrap();

        let all = crate::api_kit::master(bench);
        let body =
            serde_json::json!({ "order": "536365", "lines": [{ "line_no": 2, "quantity": 1 }], "reason": "unwanted" });
        let made = crate::api_stock_changes::post(bench, "/api/v1/returns", &all, "r1", &body);
        let number = made.json["number"].as_str().unwrap_or_else(|| panic!("{}", made.json)).to_owned();
        pair.pull();
        pair.station.scan(&number);
        assert_eq!(pair.station.view().screen, Screen::Return, "by its paper");
        pair.take_in("71053", Graded::Resell);
        pair.station.code(CommandCode::Continue);
        assert_eq!(pair.push(), [Outcome::Accepted]);
        assert_eq!(wrong_counters(bench), 0);
    });
}

#[test]
fn a_return_that_names_no_order_is_found_by_its_paper_and_history_is_told_to_nobody() {
    on_each_engine(|bench| {
        let day_ms = 24 * 3_600_000;
        bench.now.fetch_add(200 * day_ms, std::sync::atomic::Ordering::SeqCst);
        packed_with_the_past(bench);
        let mut pair = Pair::new(bench);
        assert!(pair.station.view().returns.is_empty(), "asked for long ago");
        let migration = MIGRATIONS.iter().find(|migration| migration.name == "returns_imported").unwrap();
        let store = bench.central.store();
        let told = store.write_blocking(Actor::Job("test"), |work| {
            work.exec("UPDATE return_lines SET order_id = NULL, order_line = NULL", &[])?;
            work.tx.batch(migration.sql)?;
            assert_eq!(
                work.tx.int("SELECT COUNT(*) FROM changes WHERE kind = 'return'", &[])?,
                0,
                "nor by the migration"
            );
            let now_ms = work.now_ms();
            work.exec("UPDATE returns SET at_ms = $1", packbench::vals![now_ms])?;
            Ok(work.tx.batch(migration.sql)?)
        });
        told.unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM changes WHERE kind = 'return'"), 1);
        assert_eq!(
            bench.int(
                "SELECT COUNT(*) FROM sites s WHERE s.gseq <> (SELECT MAX(c.gseq) FROM changes c WHERE c.site = s.id)"
            ),
            0,
            "the stream goes on behind it"
        );
        pair.pull();
        pair.station.scan(IMPORTED);
        assert_eq!(pair.station.view().screen, Screen::Return);
        pair.take_in("85123A", Graded::Repair);
        pair.station.code(CommandCode::Continue);
        assert_eq!(pair.push(), [Outcome::Accepted]);
        assert_eq!(bench.int("SELECT received FROM return_lines"), 1);
    });
}

fn returns_in(page: &PullPage) -> Vec<&ReturnRecord> {
    let upserts = page.changes.iter().filter_map(|change| match change {
        Change::Return(Put::Upsert(record)) => Some(record.as_ref()),
        _ => None,
    });
    upserts.collect()
}

#[test]
fn only_open_returns_are_told_to_those_who_can_read_them_and_nothing_of_who_sends_them() {
    on_each_engine(|bench| {
        packed(bench);
        open(bench, &[(1, 1)]).unwrap();
        let second = open(bench, &[(2, 1)]).unwrap().number;
        let pair = Pair { cursor: None, ..Pair::new(bench) };
        let told = pair.page(2);
        assert_eq!(returns_in(&told).len(), 2, "{told:?}");
        for record in returns_in(&told) {
            let text = serde_json::to_string(record).unwrap();
            assert!(!text.contains("17850") && !text.contains("Does not light"), "{text}");
            assert_eq!(record.labels.len(), 1);
        }
        assert!(returns_in(&pair.page(1)).is_empty(), "an old station is not told");
        close(bench, &second, &Close::Withdraw).unwrap();
        assert_eq!(returns_in(&pair.page(2)).len(), 1, "what is over is not");
    });
}

#[test]
fn returns_of_before_are_told_by_the_migration() {
    on_each_engine(|bench| {
        packed(bench);
        open(bench, &[(1, 1)]).unwrap();
        let second = open(bench, &[(2, 1)]).unwrap().number;
        close(bench, &second, &Close::Withdraw).unwrap();
        let migration = MIGRATIONS.iter().find(|migration| migration.name == "returns_told").unwrap();
        let store = bench.central.store();
        let done = store.write_blocking(Actor::Job("test"), |work| {
            work.exec("DELETE FROM changes WHERE kind = 'return'", &[])?;
            Ok(work.tx.batch(migration.sql)?)
        });
        done.unwrap();
        let pair = Pair { cursor: None, ..Pair::new(bench) };
        let told = pair.page(2);
        assert_eq!(returns_in(&told).len(), 1, "{told:?}");
        assert_eq!(
            bench.int(
                "SELECT COUNT(*) FROM sites s WHERE s.gseq <> (SELECT MAX(c.gseq) FROM changes c WHERE c.site = s.id)"
            ),
            0,
            "the stream goes on behind them"
        );
    });
}
