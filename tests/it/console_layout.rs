//! The warehouse's layout at the console, on both engines: the page, what is typed and what is wrong with it by its item, the buttons
//! without a script, versions between two clerks, what stations are told, places that are left out, and the small file.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::cli_kit::Home;
use crate::console_kit::{csrf_of, sent, upload};
use crate::orders_create::furnished;
use axum::http::{StatusCode, header};
use packbench::protocol::domain;
use packbench::protocol::wire::{Change, PullPage, Put, Role, SettingsRecord};

fn lead(bench: &Bench) -> (String, String) {
    user(bench, "lead", Role::Lead, "en");
    let cookie = log_in(bench, "lead");
    let token = csrf_of(&page(bench, "/layout", &cookie).2);
    (cookie, token)
}

/// Two aisles of four bays in two blocks; B is one-way to the back.
const TYPED: [(&str, &str); 26] = [
    ("unit", "mm"),
    ("levels", "3"),
    ("climb", "2000"),
    ("aisle-name", "A"),
    ("aisle-x", "0"),
    ("aisle-closed", ""),
    ("aisle-way", "both"),
    ("aisle-way", "both"),
    ("aisle-name", "B"),
    ("aisle-x", "3000"),
    ("aisle-closed", ""),
    ("aisle-way", "onward"),
    ("aisle-way", "onward"),
    ("cross-y", "0"),
    ("cross-way", "both"),
    ("cross-y", "5000"),
    ("cross-way", "both"),
    ("cross-y", "10000"),
    ("cross-way", "both"),
    ("cells", "1500 3000 7000 8500"),
    ("start-aisle", "0"),
    ("start-cross", "0"),
    ("end-aisle", "0"),
    ("end-cross", "0"),
    ("picks", "4"),
    ("seed", "7"),
];

/// The form with other values: the `nth` field of a name becomes another one.
fn typed<'a>(changed: &[(&'a str, usize, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = TYPED.to_vec();
    for (name, nth, value) in changed {
        match fields.iter_mut().filter(|(known, _)| known == name).nth(*nth) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    fields
}

/// The address of an input's value on the page.
fn value(body: &str, name: &str, nth: usize) -> String {
    let input = body.split(&format!("name=\"{name}\"")).nth(nth + 1).unwrap_or_else(|| panic!("no {name}: {body}"));
    input.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Fields of the form that are other than in [`typed`]: name, place among those of the name, and text.
type Changed<'a> = &'a [(&'static str, usize, &'a str)];

#[test]
fn the_page_shows_in_every_language_and_only_to_those_who_may() {
    on_each_engine(|bench| {
        for locale in ["en", "es", "ms", "ru"] {
            user(bench, locale, Role::Lead, locale);
            let (status, _, body) = page(bench, "/layout", &log_in(bench, locale));
            assert_eq!(status, StatusCode::OK, "{body}");
            assert!(!body.contains('⟦') && !body.contains(" style="), "{locale}: {body}");
            assert!(
                body.contains("<svg class=\"plan\"") && body.contains("class=\"way\""),
                "drawn, with a walk: {body}"
            );
        }
        user(bench, "packer", Role::Packer, "en");
        user(bench, "desk", Role::Office, "en");
        for login in ["packer", "desk"] {
            let cookie = log_in(bench, login);
            let token = csrf_of(&page(bench, "/orders", &cookie).2);
            for path in ["/layout", "/layout/file"] {
                assert_eq!(page(bench, path, &cookie).0, StatusCode::FORBIDDEN, "{login} {path}");
            }
            for path in ["/layout", "/layout/try"] {
                let body = sent(&[("csrf", &token), ("go", "save")]);
                assert_eq!(form(bench, path, &cookie, body).0, StatusCode::FORBIDDEN, "{login} {path}");
            }
        }
        let (cookie, _) = lead(bench);
        assert_eq!(page(bench, "/layout?version=3", &cookie).0, StatusCode::NOT_FOUND);
        let nobody = form(bench, "/layout/try", &cookie, sent(&typed(&[("csrf", 0, "stranger")])));
        assert_eq!(nobody.0, StatusCode::FORBIDDEN, "a form of another page changes nothing");
    });
}

#[test]
fn what_is_typed_is_drawn_or_its_item_is_named() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let attempt = |changed: &[(&'static str, usize, &'static str)]| {
            let mut fields = typed(changed);
            fields.push(("csrf", &token));
            let (status, _, body) = form(bench, "/layout/try", &cookie, sent(&fields));
            (status, body)
        };
        let (status, body) = attempt(&[]);
        assert_eq!(status, StatusCode::OK, "{body}");
        assert!(body.contains("class=\"arrow\"") && body.contains("Shortest walk"), "{body}");
        assert!(body.contains("not defined with one-way"), "{body}");
        let (_, both) = attempt(&[("aisle-way", 2, "both"), ("aisle-way", 3, "both")]);
        assert!(both.contains("S-shape") && both.contains("Saved") && !both.contains("not defined"), "{both}");
        let wrong: [(Changed<'_>, &str, &str); 15] = [
            (&[("aisle-x", 1, "0")], "Aisle B", "not lie beyond"),
            (&[("aisle-x", 1, "3 m")], "Aisle B", "3 m"),
            (&[("aisle-x", 1, "")], "Aisle B", "missing"),
            (&[("aisle-x", 1, "90000000")], "Aisle B", "a length is"),
            (&[("aisle-name", 1, "A")], "Aisle A", "two aisles"),
            (&[("aisle-name", 1, "")], "Aisle 2", "1 to 20"),
            (&[("cross-y", 2, "5000")], "Cross-aisle 3", "not lie beyond"),
            (&[("cross-y", 1, "-5")], "Cross-aisle 2", "-5"),
            (&[("cells", 0, "1500 3000 7000 85000")], "Bay 4", "outside"),
            (&[("cells", 0, "1500 x")], "Bay 2", "cannot be read"),
            (&[("cells", 0, "")], "Bays", "1 to 300"),
            (&[("levels", 0, "0")], "Levels", "1 to 99"),
            (&[("climb", 0, "far")], "as way", "far"),
            (&[("aisle-closed", 0, "5000-4000")], "Blocked parts of aisle A", "a length is"),
            (&[("end-aisle", 0, "7")], "End", "not in the layout"),
        ];
        for (changed, item, says) in wrong {
            let (status, body) = attempt(changed);
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}: {body}");
            assert!(body.contains(item) && body.contains(says), "{changed:?}: {body}");
            assert!(!body.contains("<svg class=\"plan\""), "{changed:?}");
        }
        let (status, body) = attempt(&[
            ("cross-way", 0, "blocked"),
            ("cross-way", 1, "blocked"),
            ("cross-way", 2, "blocked"),
            ("end-aisle", 0, "1"),
        ]);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("from the start to the end"), "{body}");
        let (_, body) = attempt(&[("aisle-name", 0, "<script>alert(1)</script>"), ("aisle-x", 0, "x")]);
        assert!(!body.contains("<script>"), "{body}");
        assert_eq!(bench.int("SELECT COUNT(*) FROM warehouse_layouts"), 0, "trying stores nothing");
    });
}

#[test]
fn every_button_works_without_a_script() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let press = |changed: &[(&'static str, usize, &'static str)], go: &'static str| {
            let mut fields = typed(changed);
            fields.extend([("csrf", token.as_str()), ("go", go), ("seen", "0")]);
            form(bench, "/layout", &cookie, sent(&fields))
        };
        let count = |body: &str, name: &str| body.matches(&format!("name=\"{name}\"")).count();
        let even = [
            ("grid-aisles", 0, "4"),
            ("grid-aisle-gap", 0, "300"),
            ("grid-bays", 0, "6"),
            ("grid-bay-gap", 0, "100"),
            ("grid-head", 0, "150"),
            ("grid-cuts", 0, "4"),
            ("unit", 0, "cm"),
        ];
        let (status, _, body) = press(&even, "even");
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!((count(&body, "aisle-name"), count(&body, "cross-y")), (4, 3));
        assert_eq!((value(&body, "aisle-x", 3), value(&body, "aisle-name", 3)), ("900".to_owned(), "D".to_owned()));
        assert!(body.contains("150 250 350 650 750 850"), "a wider gap where the cross-aisle runs: {body}");
        let (status, _, body) = press(&[("grid-aisles", 0, "0"), ("grid-bays", 0, "9999")], "even");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("1 to 100") && body.contains("1 to 300"), "{body}");
        let body = press(&[], "add-aisle").2;
        assert_eq!((count(&body, "aisle-name"), value(&body, "aisle-x", 2)), (3, "6000".to_owned()));
        let body = press(&[], "drop-aisle-0").2;
        assert_eq!((count(&body, "aisle-name"), value(&body, "aisle-name", 0)), (1, "B".to_owned()));
        let body = press(&[], "add-cross").2;
        assert_eq!((count(&body, "cross-y"), value(&body, "cross-y", 1)), (4, "2500".to_owned()));
        let body = press(&[], "drop-cross-1").2;
        assert_eq!((count(&body, "cross-y"), count(&body, "aisle-way")), (2, 2));
        assert_eq!(value(&press(&[], "other").2, "seed", 0), "8");
        for go in ["drop-aisle-99", "drop-cross-99", "drop-aisle-x", "nonsense"] {
            assert_eq!(count(&press(&[], go).2, "aisle-name"), 2, "{go}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM warehouse_layouts"), 0);
    });
}

/// The settings as a station is told them.
fn pulled(bench: &Bench, token: &str) -> SettingsRecord {
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", token).1.unwrap();
    let found = page.changes.into_iter().find_map(|change| match change {
        Change::Settings(Put::Upsert(settings)) => Some(*settings),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn a_version_is_saved_once_told_to_stations_and_the_slower_clerk_is_told() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let post = bench.pair("Bench 1");
        assert!(pulled(bench, &post.who.token).map.plan.is_none());
        let save = |changed: &[(&'static str, usize, &'static str)], seen: &'static str| {
            let mut fields = typed(changed);
            fields.extend([("csrf", token.as_str()), ("go", "save"), ("seen", seen)]);
            form(bench, "/layout", &cookie, sent(&fields))
        };
        assert_eq!(save(&[("aisle-x", 1, "0")], "0").0, StatusCode::UNPROCESSABLE_ENTITY, "nothing unsound is stored");
        assert_eq!(save(&[("cells", 0, "none")], "0").0, StatusCode::UNPROCESSABLE_ENTITY);
        let (status, _, body) = save(&[], "0");
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        let (status, _, body) = save(&[("aisle-name", 1, "Mine")], "0");
        assert_eq!(status, StatusCode::CONFLICT, "somebody was faster");
        assert!(body.contains("value=\"Mine\"") && body.contains("name=\"seen\" value=\"1\""), "{body}");
        let told = pulled(bench, &post.who.token);
        let floor = domain::floor(&told).unwrap();
        let plan = floor.plan.unwrap();
        assert_eq!((floor.aisle_names, floor.bays), (vec!["A".to_owned(), "B".to_owned()], 4));
        assert_eq!((plan.layout.cross_aisles.len(), plan.layout.levels, plan.layout.climb_mm), (3, 3, 2_000));
        let cm = [("unit", 0, "cm"), ("cells", 0, "150 300 700 850"), ("climb", 0, "0"), ("aisle-x", 1, "300")];
        let more = [("cross-y", 1, "500"), ("cross-y", 2, "1000"), ("end-aisle", 0, "1"), ("end-cross", 0, "2")];
        assert_eq!(save(&[cm.as_slice(), &more].concat(), "1").0, StatusCode::SEE_OTHER);
        let body = page(bench, "/layout", &cookie).2;
        assert!(body.contains("Version 2") && body.contains("150 300 700 850"), "centimetres stay centimetres: {body}");
        let older = page(bench, "/layout?version=1", &cookie).2;
        assert!(older.contains("1500 3000 7000 8500") && older.contains("name=\"seen\" value=\"2\""), "{older}");
        let end = domain::floor(&pulled(bench, &post.who.token)).unwrap().plan.unwrap().end;
        assert_eq!((end.aisle, end.cross_aisle), (1, 2));
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'layout.saved'"), 2);
    });
}

/// A station that never heard of plans draws and walks what it can: as wide, as deep, from the same aisle.
#[test]
fn an_older_station_is_told_the_same_aisles_as_it_knows_them() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let post = bench.pair("Bench 1");
        let one_block = "1500 2500 3500 4500";
        let fields = [
            ("csrf", token.as_str()),
            ("go", "save"),
            ("seen", "0"),
            ("unit", "mm"),
            ("levels", "4"),
            ("climb", "0"),
            ("aisle-name", "A"),
            ("aisle-x", "0"),
            ("aisle-name", "B"),
            ("aisle-x", "3000"),
            ("cross-y", "0"),
            ("cross-y", "6000"),
            ("cells", one_block),
            ("start-aisle", "1"),
            ("end-aisle", "1"),
        ];
        let (status, _, body) = form(bench, "/layout", &cookie, sent(&fields));
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        let mut told = pulled(bench, &post.who.token);
        let new = domain::floor(&told).unwrap();
        told.map.plan = None;
        let old = domain::floor(&told).unwrap();
        assert_eq!((old.bays, old.bay_mm, old.aisle_mm, old.head_mm), (4, 1_000, 3_000, 1_500));
        assert_eq!((&old.aisle_names, old.bench_aisle), (&new.aisle_names, 1));
        // And a station that is told a plan of a later form goes by the same.
        let mut later = serde_json::to_value(&told).unwrap();
        later["map"]["plan"] = serde_json::json!({"layout": {"spiral": true}});
        let read: SettingsRecord = serde_json::from_value(later).unwrap();
        assert_eq!(domain::floor(&read), Some(old));
    });
}

#[test]
fn places_that_would_be_left_out_are_named_and_stay_only_if_that_is_said() {
    on_each_engine(|bench| {
        furnished(bench);
        let (cookie, token) = lead(bench);
        let post = |path: &str, changed: &[(&'static str, usize, &'static str)]| {
            let mut fields = typed(changed);
            fields.extend([("csrf", token.as_str()), ("go", "save"), ("seen", "0")]);
            form(bench, path, &cookie, sent(&fields))
        };
        let renamed = [("aisle-name", 0, "C")];
        let (status, _, body) = post("/layout/try", &renamed);
        assert_eq!(status, StatusCode::OK, "a layout without them is one all the same");
        assert!(body.contains("A-01-1") && body.contains("no aisle A"), "{body}");
        let (status, _, body) = post("/layout", &renamed);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let blocked = [("aisle-way", 0, "blocked")];
        assert!(post("/layout/try", &blocked).2.contains("lead nobody there"));
        let (_, _, body) = post("/layout/try", &[("bins", 0, "A-02-1 nowhere")]);
        assert!(body.contains("Place nowhere") && body.contains("no such place"), "{body}");
        let (_, _, body) = post("/layout/try", &[("bins", 0, "A-02-1")]);
        assert!(body.contains("<title>A-02-1</title>"), "{body}");
        let left = [("aisle-name", 0, "C"), ("leave", 0, "yes")];
        assert_eq!(post("/layout", &left).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT COUNT(*) FROM warehouse_layouts"), 1);
    });
}

fn file(bench: &Bench, cookie: &str, token: &str, bytes: &[u8]) -> (StatusCode, String) {
    let file = ("layout.json", "application/json", bytes);
    let (status, _, body) = upload(bench, "/layout/file", cookie, &[("csrf", token)], file);
    (status, body)
}

#[test]
fn the_small_file_goes_out_to_the_planner_and_comes_back_in() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let mut fields = typed(&[("end-cross", 0, "2")]);
        fields.extend([("csrf", token.as_str()), ("go", "save"), ("seen", "0")]);
        assert_eq!(form(bench, "/layout", &cookie, sent(&fields)).0, StatusCode::SEE_OTHER);
        let (status, headers, out) = page(bench, "/layout/file", &cookie);
        assert_eq!(status, StatusCode::OK);
        assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("layout.json"));
        let case = r#"{"name": "x", "items": [[{"aisle": "B", "cell": 0}]]}"#;
        let ran = Home::new().run_typing(&["plan", "tours", "-"], &format!("{out}{case}\n")).ok();
        let told: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
        assert_eq!(told["path_mm"].as_array().unwrap().first(), Some(&serde_json::json!([0, 0])));
        assert_eq!(
            told["path_mm"].as_array().unwrap().last(),
            Some(&serde_json::json!([0, 10_000])),
            "start and end are told"
        );
        let (status, body) = file(bench, &cookie, &token, out.replace("\"B\"", "\"North\"").as_bytes());
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(value(&body, "aisle-name", 1), "North");
        assert_eq!(bench.int("SELECT COUNT(*) FROM warehouse_layouts"), 1, "it is in the form alone");
        let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&out).unwrap()).unwrap();
        assert_eq!(file(bench, &cookie, &token, pretty.as_bytes()).0, StatusCode::OK, "laid out over lines");
        for (wrong, says) in [
            (out.replace("cells_mm", "cels_mm"), "cels_mm"),
            (String::new(), "empty"),
            ("{".to_owned(), "1: "),
            (out.replace("onward", "sideways"), "sideways"),
            ("x".repeat(300 * 1024), "262144"),
        ] {
            let (status, body) = file(bench, &cookie, &token, wrong.as_bytes());
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
            assert!(body.contains(says), "{says}: {body}");
        }
        assert_eq!(file(bench, &cookie, &token, b"\xff\xfe").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(file(bench, &cookie, "stranger", out.as_bytes()).0, StatusCode::FORBIDDEN);
        let large = out.replace("\"levels\":3", "\"levels\":200");
        assert!(file(bench, &cookie, &token, large.as_bytes()).1.contains("1 to 99"));
    });
}
