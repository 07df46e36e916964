//! The real program in a real window on a display of its own: a keyboard that types scans, and nothing else, packs an order
//! in the demo, in each language. What came of it is read from the station's and the server's database files.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::cli_kit::{Home, Running};
use crate::display_kit::{Display, PATIENCE, until, within};

/// The badge of the demo's packer, as docs/operating.md names it.
const BADGE: &str = "BADGE-PACK-0001";
/// "Go on" and "tick" of the command sheet.
const GO: &str = "ZZPBGOU";
const TICK: &str = "ZZPBTICKT";
/// The panel's own barcode: the parcel is put on the virtual scale.
const SCALE_ON: &str = "DEMOSCALEON";
/// A weight that is not there after this time will not come.
const SCAN_AGAIN: Duration = Duration::from_secs(15);

/// The demo at work in a window, with what it writes.
struct Demo {
    display: Display,
    program: Running,
    station: PathBuf,
    central: PathBuf,
    home: Home,
}

impl Demo {
    fn start(language: &str) -> Demo {
        let (display, home) = (Display::start(1_280, 800), Home::new());
        let data = home.path("demo");
        let arguments = ["demo", "--fullscreen", "--language", language, "--data", data.to_str().unwrap()];
        let mut command = home.command(&arguments);
        command.env("DISPLAY", display.name()).env("LIBGL_ALWAYS_SOFTWARE", "1").env("XDG_RUNTIME_DIR", home.root());
        let log = std::fs::File::create(home.path("log")).unwrap();
        command.stdout(Stdio::null()).stderr(log);
        let program = Running(command.spawn().unwrap());
        let (station, central) = (data.join("station/station.db"), data.join("central.db"));
        Demo { display, program, station, central, home }
    }

    /// Until the database says so, while the program runs.
    #[track_caller]
    fn until(&mut self, what: &str, file: &Path, sql: &str) {
        assert!(self.within(PATIENCE, file, sql), "it never came: {what}; {}", self.told());
    }

    /// Whether the database says so before that time is over.
    fn within(&mut self, patience: Duration, file: &Path, sql: &str) -> bool {
        within(patience, || {
            let ended = self.program.0.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended by itself, {ended:?}: {}", self.told());
            number(file, sql).is_some_and(|n| n > 0)
        })
    }

    /// What helps to find out why it stands still: the newest facts, and the log.
    fn told(&self) -> String {
        let facts = "SELECT group_concat(kind, ' ') FROM (SELECT kind FROM event ORDER BY seq DESC LIMIT 8)";
        let facts = open(&self.station).and_then(|c| c.query_row(facts, [], |row| row.get::<_, String>(0)).ok());
        let log = std::fs::read_to_string(self.home.path("log")).unwrap_or_default();
        format!("newest facts: {}; log: {log}", facts.unwrap_or_default())
    }

    /// Until the station's database says so.
    #[track_caller]
    fn station_until(&mut self, what: &str, sql: &str) {
        let file = self.station.clone();
        self.until(what, &file, sql);
    }

    /// Until the session has come to this step.
    #[track_caller]
    fn step(&mut self, step: &str) {
        self.station_until(step, &entered(step));
    }

    /// Puts the parcel on the scale by the panel's barcode. Scanned the moment the step is stored, the window may not show it yet
    /// and answer "wait": then a packer scans once more.
    #[track_caller]
    fn weigh(&mut self) {
        let (file, weighed) = (self.station.clone(), "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.weighed'");
        let put = (0..5).any(|_| {
            self.display.scan(&[SCALE_ON]);
            self.within(SCAN_AGAIN, &file, weighed)
        });
        assert!(put, "the parcel was never weighed; {}", self.told());
    }
}

/// Whether that step was entered last.
fn entered(step: &str) -> String {
    format!(
        "SELECT json_extract(payload, '$.event.step') = '{step}' FROM event \
         WHERE kind = 'pack_session.step_entered' ORDER BY seq DESC LIMIT 1"
    )
}

fn open(file: &Path) -> Option<Connection> {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    conn.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    Some(conn)
}

/// One number; none while there is no such file, table or row.
fn number(file: &Path, sql: &str) -> Option<i64> {
    let value: Option<Option<i64>> = open(file)?.query_row(sql, [], |row| row.get(0)).optional().ok()?;
    value.flatten()
}

#[track_caller]
fn text(file: &Path, sql: &str) -> String {
    open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The barcode on a unit of each line of the order on the bench, with how many units are wanted.
fn units_wanted(station: &Path) -> Vec<(String, i64)> {
    let conn = open(station).unwrap();
    let mut lines = conn
        .prepare(
            "SELECT json_extract(l.value, '$.product_id'), json_extract(l.value, '$.quantity') FROM session s \
             JOIN record r ON r.kind = 'fulfillment' AND r.id = s.fulfillment, json_each(r.body, '$.lines') l \
             WHERE s.ended IS NULL",
        )
        .unwrap();
    let wanted: Vec<(String, i64)> =
        lines.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let ean = |product: &str| -> String {
        let id = uuid::Uuid::parse_str(product).unwrap();
        let sql = "SELECT code FROM code WHERE id = ?1 AND kind = 'product' AND units = 1 AND length(code) = 14";
        let code: String = conn.query_row(sql, [id.as_bytes().as_slice()], |row| row.get(0)).unwrap();
        // Kept with 14 digits; an EAN-13 is printed without the zero.
        code.strip_prefix('0').unwrap_or(&code).to_owned()
    };
    wanted.iter().map(|(product, quantity)| (ean(product), *quantity)).collect()
}

/// Packs the visitor's first order by typed scans alone, up to its label; returns the parcel's number.
fn pack(demo: &mut Demo) -> String {
    demo.station_until("the people of the house are known", "SELECT COUNT(*) FROM code WHERE kind = 'user'");
    let leased = "SELECT COUNT(*) FROM work w JOIN lease l ON l.fulfillment = w.fulfillment \
                  WHERE w.expedited_by IS NOT NULL AND w.local_state = 'waiting'";
    demo.station_until("the visitor's order is there", leased);
    until("the window has the keys", || demo.display.focused().is_some_and(|name| name.contains("Packbench")));
    demo.display.scan(&[BADGE, GO]);
    demo.step("review");
    demo.display.scan(&[GO]);
    demo.step("stock");
    demo.display.scan(&[GO]);
    demo.step("pick");
    let wanted = units_wanted(&demo.station);
    assert!(!wanted.is_empty());
    let each: Vec<&str> = wanted.iter().map(|(code, _)| code.as_str()).collect();
    demo.display.scan(&each);
    demo.step("verify");
    let units = wanted.iter().flat_map(|(code, n)| std::iter::repeat_n(code.as_str(), usize::try_from(*n).unwrap()));
    demo.display.scan(&units.collect::<Vec<_>>());
    demo.step("pack");
    demo.display.scan(&[GO]);
    demo.step("checklist");
    let points =
        "SELECT json_array_length(payload, '$.event.items') FROM event WHERE kind = 'pack_session.checklist_set'";
    let points = usize::try_from(number(&demo.station, points).unwrap()).unwrap();
    demo.display.scan(&vec![TICK; points]);
    demo.step("weigh");
    demo.weigh();
    demo.step("confirm");
    text(&demo.station, "SELECT sscc FROM parcel")
}

/// What the databases must say when all is done.
fn check(demo: &mut Demo, sscc: &str) {
    demo.station_until("the order is packed", "SELECT COUNT(*) FROM session WHERE state = 'packed'");
    let station = demo.station.clone();
    let ask = |sql: &str| number(&station, sql).unwrap_or(0);
    let units =
        ask("SELECT SUM(quantity) FROM (SELECT json_extract(l.value, '$.quantity') AS quantity FROM session s JOIN \
                     record r ON r.kind = 'fulfillment' AND r.id = s.fulfillment, json_each(r.body, '$.lines') l \
                     WHERE s.state = 'packed')");
    assert!(units >= 5, "the visitor's order has {units} units");
    let verified = "FROM event WHERE kind = 'pack_session.verified' AND json_extract(payload, '$.event.units') = 1 \
                    AND json_type(payload, '$.event.how.scan') IS NOT NULL";
    assert_eq!(ask(&format!("SELECT COUNT(*) {verified}")), units, "each unit is one scan");
    let gestures = format!("SELECT COUNT(DISTINCT json_extract(payload, '$.event.gesture')) {verified}");
    assert_eq!(ask(&gestures), units, "and each scan a gesture of its own");
    // The keyboard's gestures share the first half of their identity; the virtual scanner's have another.
    let runs = "SELECT COUNT(DISTINCT substr(json_extract(payload, '$.event.gesture'), 1, 18)) FROM event \
                WHERE json_extract(payload, '$.event.gesture') IS NOT NULL";
    assert_eq!(ask(runs), 1, "everything came from one scanner: the keyboard");
    let weighed = "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.weighed' AND json_extract(payload, '$.event.grams') \
                   BETWEEN json_extract(payload, '$.event.low_g') AND json_extract(payload, '$.event.high_g') \
                   AND json_extract(payload, '$.event.overridden') IS NULL";
    assert_eq!(ask(weighed), 1, "the scale's weight fits");
    assert_eq!(ask(&format!("SELECT COUNT(*) FROM parcel WHERE confirmed = 1 AND sscc = '{sscc}'")), 1);
    let central = demo.central.clone();
    let known = format!(
        "SELECT COUNT(*) FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment \
         WHERE p.sscc = '{sscc}' AND p.confirmed_ms IS NOT NULL AND p.weight_g > 0 AND f.state = 'packed'"
    );
    demo.until("the server knows the parcel", &central, &known);
    let packed = number(&central, "SELECT SUM(quantity) FROM parcel_items").unwrap();
    assert_eq!(packed, units, "and what is in it");
}

/// The window closes when the process is asked to end, and all is well.
fn end(mut demo: Demo) {
    let id = demo.program.0.id().to_string();
    assert!(std::process::Command::new("kill").arg(&id).status().unwrap().success());
    until("the program ends", || demo.program.0.try_wait().unwrap().is_some_and(|status| status.success()));
}

/// Forty codes without a pause, 200 keys a second, while every one of them paints the window red: each is heard once.
fn hurry(demo: &mut Demo) {
    let codes: Vec<String> = (0..40).map(|n| format!("NOSUCHCODE{n:03}")).collect();
    demo.display.scan(&codes.iter().map(String::as_str).collect::<Vec<_>>());
    let refused =
        "FROM event WHERE kind = 'pack_session.refused' AND json_extract(payload, '$.event.code') = 'unknown-code'";
    demo.station_until("each was refused", &format!("SELECT COUNT(*) >= 40 {refused}"));
    let gestures = format!("SELECT COUNT(DISTINCT json_extract(payload, '$.event.gesture')) {refused}");
    assert_eq!(number(&demo.station, &gestures), Some(40), "each once");
}

fn typed_scans_pack_an_order(language: &str, in_a_hurry: bool) {
    let mut demo = Demo::start(language);
    let sscc = pack(&mut demo);
    let misread = number(&demo.station, "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.refused'");
    assert_eq!(misread, Some(0), "no scan was misread");
    if in_a_hurry {
        hurry(&mut demo);
    }
    // Application identifier 00 is the parcel's number (GS1 General Specifications, 3.3.1).
    demo.display.scan(&[&format!("00{sscc}"), GO]);
    check(&mut demo, &sscc);
    demo.station_until("and the packer went on", "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.advanced'");
    end(demo);
}

#[test]
fn typed_scans_alone_pack_an_order_in_english_and_200_keys_a_second_are_heard() {
    typed_scans_pack_an_order("en", true);
}

#[test]
fn typed_scans_alone_pack_an_order_in_spanish() {
    typed_scans_pack_an_order("es", false);
}

#[test]
fn typed_scans_alone_pack_an_order_in_malay() {
    typed_scans_pack_an_order("ms", false);
}

#[test]
fn typed_scans_alone_pack_an_order_in_russian() {
    typed_scans_pack_an_order("ru", false);
}
