//! A template from the console to a bench and its fault back to the console, with a real central on both engines and a real station.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, Post, on_each_engine};
use crate::central_sync::outcomes;
use crate::console_kit::csrf_of;
use crate::station_kit::station::Station;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::labels as service;
use packbench::engine::Input;
use packbench::engine::input::SyncNews;
use packbench::labels::template::bundled;
use packbench::protocol::desk::{LABEL_FAULT, LabelFault};
use packbench::protocol::sync::Effect;
use packbench::protocol::wire::{
    Change, Cursor, LabelTemplateRecord, Outcome, Payload, PullPage, RejectCode, Role, UserId,
};
use packbench::storage::labels;

/// A bench and its way to central, which runs when a test says so.
struct Line<'a> {
    bench: &'a Bench,
    post: Post,
    station: Station,
    cursor: Option<Cursor>,
}

impl Line<'_> {
    fn new<'a>(bench: &'a Bench, name: &'static str) -> Line<'a> {
        let post = bench.pair(name);
        let mut station = Station::unpaired();
        station.feed(Input::Sync(SyncNews::Paired(Box::new(post.who.clone()))));
        Line { bench, post, station, cursor: None }
    }

    fn page(&self, protocol: u32) -> PullPage {
        let cursor = self.cursor.as_ref().map(|cursor| format!("&cursor={}", cursor.0)).unwrap_or_default();
        let path = format!("/api/v1/sync/pull?protocol={protocol}&limit=500{cursor}");
        self.bench.get(&path, &self.post.who.token).1.expect("a page")
    }

    /// Takes all that central tells, and says which template the bench prints from then.
    fn pull(&mut self) -> Option<LabelTemplateRecord> {
        loop {
            let page = self.page(3);
            let more = page.more;
            self.cursor = Some(page.next_cursor.clone());
            self.station.store(Effect::StorePage { no: 1, page: Box::new(page) });
            if !more {
                return labels::in_force(self.station.look().as_mut(), "shipping").expect("readable");
            }
        }
    }
}

fn escaped(text: &str) -> String {
    let one = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(one).collect()
}

/// A lead at the console, who saves templates.
struct Lead<'a> {
    bench: &'a Bench,
    cookie: String,
    csrf: String,
}

impl Lead<'_> {
    fn new(bench: &Bench) -> Lead<'_> {
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        let body = page(bench, "/labels", &cookie).2;
        let csrf = csrf_of(&body);
        Lead { bench, cookie, csrf }
    }

    fn save(&self, name: &str, text: &str, seen: i64, go: &str) -> (StatusCode, String) {
        let body = format!("csrf={}&seen={seen}&text={}&go={go}", escaped(&self.csrf), escaped(text));
        let (status, _, body) = form(self.bench, &format!("/labels/{name}"), &self.cookie, body);
        (status, body)
    }
}

fn own(about: &str) -> String {
    bundled::text("shipping").unwrap().replacen("about = \"", &format!("about = \"{about}: "), 1)
}

fn of_labels(page: &PullPage) -> usize {
    page.changes.iter().filter(|change| matches!(change, Change::LabelTemplate(_))).count()
}

#[test]
fn what_is_saved_at_the_console_reaches_the_bench_and_what_is_restored_leaves_it() {
    on_each_engine(|bench| {
        let lead = Lead::new(bench);
        let mut line = Line::new(bench, "PACK 2");
        assert_eq!(line.pull(), None, "a site without its own tells nothing");
        assert_eq!(lead.save("tote", bundled::text("tote").unwrap(), 0, "save").0, StatusCode::SEE_OTHER);
        assert_eq!(of_labels(&line.page(3)), 0, "no station prints totes");
        assert_eq!(lead.save("shipping", &own("Ours"), 0, "save").0, StatusCode::SEE_OTHER);
        assert_eq!(of_labels(&line.page(2)), 0, "an older station could not read it");
        let first = line.pull().expect("told");
        assert_eq!((first.version, first.text.as_str()), (1, own("Ours").as_str()));
        assert_eq!(lead.save("shipping", &own("Newer"), 1, "save").0, StatusCode::SEE_OTHER);
        let second = line.pull().expect("told");
        assert_eq!((second.id, second.version, second.text), (first.id, 2, own("Newer")));
        let mut other = Line::new(bench, "PACK 3");
        assert_eq!(other.pull().map(|record| record.version), Some(2), "a snapshot holds it too");
        assert_eq!(lead.save("shipping", "", 2, "restore").0, StatusCode::SEE_OTHER);
        assert_eq!((line.pull(), other.pull()), (None, None), "the bundled one holds again");
        assert_eq!(lead.save("shipping", &own("Again"), 3, "save").0, StatusCode::SEE_OTHER);
        assert_eq!(line.pull().map(|record| record.version), Some(4));
    });
}

#[test]
fn a_shipping_template_is_saved_only_if_stations_can_print_from_it() {
    on_each_engine(|bench| {
        let lead = Lead::new(bench);
        let text = bundled::text("shipping").unwrap();
        let unread = text.replace("\"(00){sscc}\"", "\"(400){order_number}\"");
        let unmarked = text.replace("{copy_number|copy}", " ");
        let slogan = text.replacen("text = \"{route}\"", "text = \"{slogan}\"", 2).replacen(
            "[sample]",
            "[sample]\nslogan = \"Hello\"",
            1,
        );
        let large = text.replacen("height = 150", "height = 400", 1);
        let cases = [
            (unread, "No barcode holds"),
            (unmarked, "not marked as a copy"),
            (slogan, "do not fill in slogan"),
            (large, "at most 216 × 305 mm"),
        ];
        for (text, said) in cases {
            let (status, body) = lead.save("shipping", &text, 0, "save");
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
            assert!(body.contains(said), "{said}: {body}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM label_templates"), 0);
        assert_eq!(bench.int("SELECT COUNT(*) FROM changes WHERE kind = 'label_template'"), 0);
    });
}

#[test]
fn templates_of_before_stations_printed_from_them_are_told_once() {
    on_each_engine(|bench| {
        let lead = Lead::new(bench);
        assert_eq!(lead.save("shipping", &own("Before"), 0, "save").0, StatusCode::SEE_OTHER);
        let mut line = Line::new(bench, "PACK 2");
        let store = bench.central.store();
        let begin = || store.write_blocking(Actor::Job("setup"), service::begin).unwrap();
        let forget = store.write_blocking(Actor::Job("test"), |work| {
            work.exec("DELETE FROM changes WHERE kind = 'label_template'", &[])?;
            Ok(())
        });
        forget.unwrap();
        assert_eq!(line.pull(), None);
        begin();
        assert_eq!(line.pull().map(|record| record.version), Some(1));
        let told = || bench.int("SELECT gseq FROM changes WHERE kind = 'label_template'");
        let first = told();
        begin();
        assert_eq!(told(), first, "once");
    });
}

fn fault(line: u32, version: u64) -> LabelFault {
    LabelFault {
        actor: UserId::from_u128(7),
        template: "shipping".to_owned(),
        version,
        line,
        element: "recipient".to_owned(),
        fault: "text".to_owned(),
        field: String::new(),
    }
}

#[test]
fn a_fault_is_asked_once_named_by_line_in_every_language_and_settled_by_the_next_version() {
    on_each_engine(|bench| {
        let lead = Lead::new(bench);
        assert_eq!(lead.save("shipping", &own("Ours"), 0, "save").0, StatusCode::SEE_OTHER);
        let mut line = Line::new(bench, "PACK 2");
        line.pull();
        let mut tell = |json: String| {
            let event = line.post.fact(LABEL_FAULT, Payload::from_json(json).unwrap(), None);
            outcomes(&line.post.push(bench, vec![event])).pop().unwrap()
        };
        for told in [fault(120, 1), fault(120, 1), fault(9, 1)] {
            assert_eq!(tell(told.json()), Outcome::Accepted);
        }
        let open = || bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'label_template' AND state = 'open'");
        assert_eq!(open(), 2, "one for each place");
        let newer = LabelFault { fault: "of-a-newer-station".to_owned(), ..fault(0, 1) };
        assert_eq!(tell(newer.json()), Outcome::Accepted);
        for locale in ["en", "es", "ms", "ru"] {
            user(bench, locale, Role::Lead, locale);
            let cookie = log_in(bench, locale);
            let body = page(bench, "/exceptions", &cookie).2;
            assert!(body.contains("shipping v1") && body.contains("120") && body.contains("recipient"), "{body}");
            assert!(body.contains("/labels/shipping") && !body.contains('⟦'), "{locale}: {body}");
        }
        assert_eq!(open(), 3);
        assert_eq!(lead.save("tote", bundled::text("tote").unwrap(), 0, "save").0, StatusCode::SEE_OTHER);
        assert_eq!(open(), 3, "another template answers nothing");
        assert_eq!(lead.save("shipping", &own("Mended"), 1, "save").0, StatusCode::SEE_OTHER);
        assert_eq!(open(), 0);
        assert_eq!(tell(fault(120, 2).json()), Outcome::Accepted);
        assert_eq!(open(), 1, "a new version has faults of its own");
        assert_eq!(tell("{}".to_owned()), Outcome::Rejected { code: RejectCode::PayloadInvalid });
    });
}
