//! The carrier's weekly table as moments in the site's zone, and what it does to the queue: days on which clocks change,
//! holidays, promises kept and missed, and what the packer reads.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::message::Arg;
use packbench::core::pickup::{Cutoff, Pickups};
use packbench::core::time::UtcMs;
use packbench::engine::pickups::table;
use packbench::engine::view::{QueueRow, WhyIcon};
use packbench::i18n::{Catalogue, Lang};
use packbench::protocol::wire::carrier::{CarrierService, Cutoff as Weekly, LabelSource, Weekday};
use packbench::protocol::wire::{CarrierRecord, Change, LocalDate, Put, SettingsRecord};

const HOUR: i64 = 3_600_000;

fn utc(text: &str) -> UtcMs {
    UtcMs(text.parse::<jiff::Timestamp>().expect("a moment").as_millisecond())
}

/// The house carrier comes on these days at this minute of the day.
fn carrier(days: &[Weekday], minute_of_day: u16) -> CarrierRecord {
    let parcel = CarrierService {
        code: "parcel".to_owned(),
        name: "Parcel".to_owned(),
        cutoffs: days.iter().map(|weekday| Weekly { weekday: *weekday, minute_of_day }).collect(),
        label_source: LabelSource::LocalRange,
        weight_g_max: None,
        dims_max: None,
        void_within_ms: None,
        volume_mm3_per_g: None,
        countries: Vec::new(),
        takes_limited_quantity: false,
        takes_adult_signature: false,
    };
    CarrierRecord { services: vec![parcel], ..world::carrier() }
}

const WEEK: [Weekday; 5] = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
const ALL: [Weekday; 7] = [WEEK[0], WEEK[1], WEEK[2], WEEK[3], WEEK[4], Weekday::Saturday, Weekday::Sunday];

fn site(zone: &str, holidays: &[&str]) -> SettingsRecord {
    let holidays = holidays.iter().map(|day| LocalDate((*day).to_owned())).collect();
    SettingsRecord { zone: zone.to_owned(), holidays, ..world::settings() }
}

fn next(carrier: &CarrierRecord, site: &SettingsRecord, now: &str) -> String {
    let now = utc(now);
    let at = table(carrier, "parcel", site, now).expect("a table").serving(None, now).expect("a pick-up").at;
    jiff::Timestamp::from_millisecond(at.0).expect("a moment").to_string()
}

#[test]
fn five_o_clock_is_five_o_clock_on_days_when_clocks_change() {
    let (all, london) = (carrier(&ALL, 17 * 60), site("Europe/London", &[]));
    // Clocks go forward on 29 March 2026 and back on 25 October.
    assert_eq!(next(&all, &london, "2026-03-28T12:00:00Z"), "2026-03-28T17:00:00Z");
    assert_eq!(next(&all, &london, "2026-03-29T12:00:00Z"), "2026-03-29T16:00:00Z");
    assert_eq!(next(&all, &london, "2026-10-24T12:00:00Z"), "2026-10-24T16:00:00Z");
    assert_eq!(next(&all, &london, "2026-10-25T12:00:00Z"), "2026-10-25T17:00:00Z");
    let kuala_lumpur = site("Asia/Kuala_Lumpur", &[]);
    assert_eq!(next(&all, &kuala_lumpur, "2026-03-29T12:00:00Z"), "2026-03-30T09:00:00Z", "the day is the site's");
}

#[test]
fn a_pick_up_in_the_missing_hour_moves_on_and_in_the_doubled_hour_is_the_first() {
    let london = site("Europe/London", &[]);
    let night = carrier(&ALL, 90);
    assert_eq!(next(&night, &london, "2026-03-29T00:00:00Z"), "2026-03-29T01:30:00Z", "01:30 is not: 02:30 it is");
    assert_eq!(next(&night, &london, "2026-10-24T23:00:00Z"), "2026-10-25T00:30:00Z", "the first 01:30");
    assert_eq!(next(&night, &london, "2026-10-25T00:31:00Z"), "2026-10-26T01:30:00Z", "not a second time that night");
}

#[test]
fn weekends_and_the_holidays_of_site_and_carrier_have_no_pick_up() {
    let mut house = carrier(&WEEK, 17 * 60);
    let plain = site("Europe/London", &[]);
    assert_eq!(
        next(&house, &plain, "2026-12-18T17:00:00Z"),
        "2026-12-18T17:00:00Z",
        "at the very minute it still counts"
    );
    assert_eq!(next(&house, &plain, "2026-12-18T17:00:00.001Z"), "2026-12-21T17:00:00Z", "Friday to Monday");
    let feast = site("Europe/London", &["2026-12-25", "2026-12-28"]);
    assert_eq!(next(&house, &feast, "2026-12-24T18:00:00Z"), "2026-12-29T17:00:00Z");
    house.holidays.push(LocalDate("2026-12-29".to_owned()));
    assert_eq!(next(&house, &feast, "2026-12-24T18:00:00Z"), "2026-12-30T17:00:00Z");
    assert_eq!(table(&house, "express", &plain, utc("2026-12-18T12:00:00Z")), None, "no such service");
    assert_eq!(table(&carrier(&[], 0), "parcel", &plain, utc("2026-12-18T12:00:00Z")), None);
}

#[test]
fn a_promise_is_kept_by_the_last_pick_up_before_it() {
    let at = |hours: &[i64]| Pickups::new("House", hours.iter().map(|h| UtcMs(h * HOUR)).collect());
    let found = |p: &Pickups, by: Option<i64>, now: i64| {
        p.serving(by.map(|h| UtcMs(h * HOUR)), UtcMs(now * HOUR)).map(|Cutoff { at, .. }| at.0 / HOUR)
    };
    let days = at(&[17, 41, 65]);
    assert_eq!(found(&days, Some(60), 10), Some(41));
    assert_eq!(found(&days, Some(41), 10), Some(41));
    assert_eq!(found(&days, Some(60), 50), Some(41), "missed: it is late although another lorry comes");
    assert_eq!(found(&days, Some(10), 12), Some(17), "no lorry keeps it: the next one");
    assert_eq!(found(&days, None, 42), Some(65));
    assert_eq!(found(&days, None, 66), None);
    assert_eq!(found(&at(&[]), Some(60), 10), None);
}

/// Monday 08:00 at the site, the lorry at 17:00 every working day.
fn station(jobs: &[Job]) -> Station {
    let mut s = Station::with_anna(jobs);
    s.pull(vec![Change::Carrier(Put::Upsert(Box::new(carrier(&WEEK, 17 * 60))))]);
    s
}

fn numbers(s: &mut Station) -> Vec<String> {
    s.view().queue.rows.iter().map(|r| r.number.clone()).collect()
}

fn first(s: &mut Station) -> QueueRow {
    s.view().queue.rows[0].clone()
}

#[test]
fn the_lorry_decides_before_the_promise_and_the_packer_reads_which() {
    let mut old = Job::new(1, &[(world::MUG, 1)]);
    old.work.carrier.service = "by hand".to_owned();
    let mut urgent = Job::new(2, &[(world::MUG, 1)]);
    // Promised for Tuesday noon: Monday's lorry is the last that keeps it.
    urgent.order.ship_by_ms = Some(world::START_MS + 28 * HOUR);
    let mut s = station(&[old, urgent]);
    assert_eq!(numbers(&mut s), ["536001", "536002"], "in the morning age decides");
    let row = &s.view().queue.rows[1];
    let why = row.why.iter().find(|w| w.icon == WhyIcon::Pickup).expect("the lorry is named");
    assert_eq!(why.detail.key, "why-cutoff-detail");
    s.tick(u64::try_from(7 * HOUR + 60_000).expect("a span"));
    s.scan(world::ANNA.badge);
    assert_eq!(numbers(&mut s), ["536002", "536001"], "two hours before the lorry it overtakes");
    let row = first(&mut s);
    assert_eq!(row.ship_by, Some(UtcMs(world::START_MS + 9 * HOUR)));
    assert_eq!((row.why[0].icon, row.why[0].title.key), (WhyIcon::Pickup, "why-ship-by"));
    let wanted = [
        (Lang::En, "leaves with House Carrier at 17:00"),
        (Lang::Es, "sale con House Carrier a las 17:00"),
        (Lang::Ms, "bertolak dengan House Carrier pada 17:00"),
        (Lang::Ru, "House Carrier забирает в 17:00"),
    ];
    for (lang, text) in wanted {
        let words = Catalogue::in_zone(lang, "Europe/London").expect("a zone");
        assert_eq!(words.render(&row.why[0].detail).replace(['\u{2068}', '\u{2069}'], ""), text);
    }
    s.tick(u64::try_from(2 * HOUR).expect("a span"));
    s.scan(world::ANNA.badge);
    assert_eq!(first(&mut s).why[0].title.key, "why-overdue", "the lorry that kept the promise is gone");
}

#[test]
fn a_queue_on_the_screen_is_ranked_again_as_the_lorry_comes_near() {
    let mut old = Job::new(1, &[(world::MUG, 1)]);
    old.work.carrier.service = "by hand".to_owned();
    let mut s = station(&[old, Job::new(2, &[(world::MUG, 1)])]);
    assert!(!s.engine.tick_is_due());
    // Somebody stands there: it does not lock meanwhile.
    for minute in 0..7 * 60 {
        s.ui(packbench::engine::input::Ui::OpenSheet(packbench::engine::view::Sheet::Find));
        s.ui(packbench::engine::input::Ui::CloseSheet);
        s.clock.pass_ms(60_000);
        assert!(s.engine.tick_is_due(), "minute {minute}");
        s.feed(packbench::engine::Input::Tick);
        assert!(!s.engine.tick_is_due());
    }
    assert_eq!(numbers(&mut s), ["536002", "536001"]);
    let left = first(&mut s).why[0].title.args.clone();
    assert!(left.contains(&("left", Arg::SpanMs(2 * HOUR))), "{left:?}");
}

#[test]
fn a_carrier_that_comes_earlier_than_told_before_changes_the_queue_at_once() {
    let mut old = Job::new(1, &[(world::MUG, 1)]);
    old.work.carrier.service = "by hand".to_owned();
    let mut s = station(&[old, Job::new(2, &[(world::MUG, 1)])]);
    assert_eq!(numbers(&mut s), ["536001", "536002"]);
    s.pull(vec![Change::Carrier(Put::Upsert(Box::new(carrier(&WEEK, 9 * 60))))]);
    assert_eq!(numbers(&mut s), ["536002", "536001"]);
}
