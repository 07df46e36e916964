//! The settings of the house at the console, on both engines: what would be deleted is said before, what cannot be is said at its field,
//! two admins do not overwrite each other, carriers' pick-ups, and who may see the page at all.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::csrf_at;
use crate::orders_create::furnished;
use axum::http::{StatusCode, header};
use packbench::central::services::settings::house;
use packbench::protocol::wire::{Change, PullPage, Put, Role, SettingsRecord};
use packbench::vals;

fn now(bench: &Bench) -> SettingsRecord {
    let store = bench.central.store();
    let site = store.site();
    store.read_blocking(move |tx| house::now(tx, site)).unwrap()
}

fn body(csrf: &str, seen: u64, more: &str) -> String {
    let base = "name=House&zone=Europe%2FMadrid&currency=GBP&language=es";
    format!("csrf={csrf}&seen={seen}&{base}&{more}")
}

/// Photos that came so many days ago.
fn photos(bench: &Bench, days: &[i64]) {
    let now_ms = bench.now.load(std::sync::atomic::Ordering::SeqCst);
    let ages = days.to_vec();
    let add = move |work: &mut packbench::central::store::work::Work<'_>| {
        for (no, age) in ages.iter().enumerate() {
            let sql = "INSERT INTO photos (hash, site, complete_ms, updated_ms) VALUES ($1, $2, $3, $3)";
            work.exec(sql, vals![format!("{no:064x}"), work.site(), now_ms - age * 86_400_000])?;
        }
        Ok(())
    };
    bench.central.store().write_blocking(packbench::central::actor::Actor::Job("test"), add).unwrap();
}

#[test]
fn an_admin_is_told_what_would_be_deleted_before_it_is() {
    on_each_engine(|bench| {
        furnished(bench);
        photos(bench, &[1, 50, 100]);
        user(bench, "root", Role::Admin, "en");
        let root = log_in(bench, "root");
        let csrf = csrf_at(bench, "/settings", &root);
        let post = |more: &str| form(bench, "/settings", &root, body(&csrf, now(bench).version, more));
        let times = || page(bench, "/orders/536365", &root).2;
        assert!(
            times().contains("08:26") && !times().contains("09:26"),
            "placed in the morning, in London: {}",
            times()
        );
        let (status, headers, _) = post("photo_days=365&personal_days=30");
        assert_eq!(
            (status, headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::SEE_OTHER, "/settings?saved=1"),
            "nothing is deleted by keeping longer"
        );
        let here = now(bench);
        assert_eq!((here.name.as_str(), here.zone.as_str(), here.photos.keep_days), ("House", "Europe/Madrid", 365));
        assert_eq!(here.languages, ["es", "en", "ms", "ru"]);
        assert!(times().contains("09:26") && !times().contains("08:26"), "in Madrid, without a restart: {}", times());

        let (status, _, told) = post("photo_days=40&personal_days=30");
        assert_eq!((status, now(bench).photos.keep_days), (StatusCode::OK, 365), "asked first");
        assert!(told.contains("2 photos are older and will be deleted") && told.contains("value=\"40\""), "{told}");
        assert!(!told.contains("Stations forget"), "{told}");
        let (status, _, told) = post("photo_days=80&personal_days=1");
        assert!(status == StatusCode::OK && told.contains("1 photo is older and will be deleted"), "{told}");
        assert_eq!(post("photo_days=40&personal_days=30&sure=1").0, StatusCode::SEE_OTHER);
        assert_eq!(now(bench).photos.keep_days, 40);
        let noted = bench.text(
            "SELECT detail FROM audit WHERE kind = 'settings.set' AND actor_kind = 'user' ORDER BY no DESC LIMIT 1",
        );
        let noted: serde_json::Value = serde_json::from_str(&noted).unwrap();
        assert_eq!(noted["changed"], serde_json::json!(["photos.keep_days"]));
        assert_eq!((&noted["from"]["photos.keep_days"], &noted["to"]["photos.keep_days"]), (&365.into(), &40.into()));
        let before = now(bench).version;
        assert_eq!(post("photo_days=40&personal_days=30").0, StatusCode::SEE_OTHER);
        assert_eq!(now(bench).version, before, "the same again is no change");
    });
}

#[test]
fn what_cannot_be_is_said_at_its_field_and_the_slower_admin_is_told() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "root", Role::Admin, "en");
        user(bench, "desk", Role::Office, "en");
        let root = log_in(bench, "root");
        let csrf = csrf_at(bench, "/settings", &root);
        let seen = now(bench).version;
        for (more, wanted) in [
            (
                "name=&zone=UTC&currency=GBP&language=en&photo_days=1&personal_days=1",
                "The name needs 1 to 80 characters",
            ),
            (
                "name=A&zone=Mars%2FBase&currency=GBP&language=en&photo_days=1&personal_days=1",
                "There is no such time zone",
            ),
            ("name=A&zone=UTC&currency=euro&language=en&photo_days=1&personal_days=1", "Three letters such as EUR"),
            (
                "name=A&zone=UTC&currency=EUR&language=en&photo_days=900&personal_days=900",
                "no other once there are orders",
            ),
            ("name=A&zone=UTC&currency=GBP&language=xx&photo_days=1&personal_days=1", "Choose one of the languages"),
            ("name=A&zone=UTC&currency=GBP&language=en&photo_days=0&personal_days=1", "1 to 3,650 days"),
        ] {
            let (status, _, told) = form(bench, "/settings", &root, format!("csrf={csrf}&seen={seen}&{more}"));
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{more}");
            assert!(told.contains(wanted), "{wanted}: {told}");
            assert_eq!(told.matches("role=\"alert\"").count(), 1, "at its field and nowhere else: {told}");
        }
        assert_eq!(now(bench).version, seen);
        let first = body(&csrf, seen, "photo_days=200&personal_days=40");
        assert_eq!(form(bench, "/settings", &root, first).0, StatusCode::SEE_OTHER);
        let (status, _, told) = form(bench, "/settings", &root, body(&csrf, seen, "photo_days=300&personal_days=40"));
        assert_eq!((status, now(bench).photos.keep_days), (StatusCode::UNPROCESSABLE_ENTITY, 200), "{told}");
        assert!(told.contains("value=\"300\""), "what was typed stays: {told}");
        let desk = log_in(bench, "desk");
        assert_eq!(page(bench, "/settings", &desk).0, StatusCode::FORBIDDEN);
        assert!(!page(bench, "/orders", &desk).2.contains("href=\"/settings\""));
        assert!(page(bench, "/orders", &root).2.contains("href=\"/settings\""));
        let forged = body("wrong", now(bench).version, "photo_days=300&personal_days=40");
        assert_eq!(form(bench, "/settings", &root, forged).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn pick_ups_are_changed_by_day_and_the_page_speaks_each_language() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "root", Role::Admin, "en");
        let root = log_in(bench, "root");
        let csrf = csrf_at(bench, "/settings", &root);
        let set = |seen: i64, days: &str| {
            let body = format!("csrf={csrf}&seen={seen}&carrier=house&service=parcel&{days}");
            form(bench, "/settings/cutoffs", &root, body)
        };
        assert_eq!(set(1, "day-0=12%3A00+17%3A15&day-5=10%3A00").0, StatusCode::SEE_OTHER);
        let store = bench.central.store();
        let site = store.site();
        let house = store.read_blocking(move |tx| house::carriers(tx, site)).unwrap().remove(0);
        let minutes: Vec<u16> = house.services[0].cutoffs.iter().map(|cutoff| cutoff.minute_of_day).collect();
        assert_eq!((minutes, house.version), (vec![720, 1_035, 600], 2));
        assert_eq!(set(1, "day-0=12%3A00").0, StatusCode::UNPROCESSABLE_ENTITY, "somebody was faster");
        let (status, _, told) = set(2, "day-0=noon");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.contains("Times such as 12:00 16:30"), "{told}");
        let (_, _, told) = set(2, "day-0=09%3A00&day-1=25%3A99&day-2=10%3A00");
        let tuesday = told.split("Tuesday").nth(1).and_then(|rest| rest.split("</label>").next()).unwrap();
        assert!(
            tuesday.contains("value=\"25:99\"") && tuesday.contains("Times such as 12:00"),
            "beside its day: {tuesday}"
        );
        assert!(told.contains("value=\"09:00\"") && told.contains("value=\"10:00\""), "the others stay: {told}");
        assert_eq!(told.matches("Times such as 12:00").count(), 1, "and it is said once: {told}");
        assert!(page(bench, "/settings", &root).2.contains("value=\"12:00 17:15\""));
        for (locale, title) in [("es", "Ajustes"), ("ms", "Tetapan"), ("ru", "Настройки")] {
            user(bench, locale, Role::Admin, locale);
            let (status, _, body) = page(bench, "/settings", &log_in(bench, locale));
            assert_eq!(status, StatusCode::OK);
            assert!(body.contains(title) && !body.contains('⟦') && !body.contains(" style="), "{body}");
        }
    });
}

#[test]
fn rules_of_numbers_that_carry_a_weight_are_checked_kept_and_told_to_stations() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "root", Role::Admin, "en");
        user(bench, "clerk", Role::Office, "en");
        let root = log_in(bench, "root");
        let post = |cookie: &str, seen: u64, rules: &str| {
            let csrf = csrf_at(bench, "/settings", &root);
            form(bench, "/settings/numbers", cookie, format!("csrf={csrf}&seen={seen}&rules={rules}"))
        };
        let before = now(bench).version;
        let (status, _, said) = post(&root, before, "21IIIIIWWWWW");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said.contains("ends with C") && said.contains(">21IIIIIWWWWW</textarea>"), "{said}");
        assert_eq!(post(&log_in(bench, "clerk"), before, "21IIIIIWWWWWC").0, StatusCode::FORBIDDEN);
        let rules = "21IIIIIWWWWWC%0D%0A2%5B2-4%5DIIIIVPPPPPC.2";
        assert_eq!(post(&root, before, rules).0, StatusCode::SEE_OTHER);
        assert_ne!(post(&root, before, "").0, StatusCode::SEE_OTHER, "an older page takes nothing away");
        assert_eq!(now(bench).variable_numbers, ["21IIIIIWWWWWC", "2[2-4]IIIIVPPPPPC.2"]);
        let post = bench.pair("PACK 1");
        let pull = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
        let told = pull.changes.into_iter().find_map(|change| match change {
            Change::Settings(Put::Upsert(record)) => Some(record.variable_numbers),
            _ => None,
        });
        assert_eq!(told.unwrap(), now(bench).variable_numbers);
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'settings.set' AND detail LIKE '%variable_numbers%'"),
            1
        );
    });
}
