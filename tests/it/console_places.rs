//! Places and the map at the console, on both engines.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::hidden;
use crate::orders_create::{furnished, refused};
use crate::stock_change::{change, make, somebody, spot};
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::error::Refusal;
use packbench::central::services::products::{self, NewLocation};
use packbench::central::services::stock::Kind;
use packbench::protocol::wire::{Change, LocationRecord, PullPage, Put, Role};

#[test]
fn places_and_the_map_lead_to_what_lies_there() {
    on_each_engine(|bench| {
        furnished(bench);
        let place = |code: &str, level: u16, right: bool, x_mm: i32| NewLocation {
            code: code.to_owned(),
            kind: "bin",
            aisle: "A".to_owned(),
            bay: 1,
            level,
            right,
            x_mm,
            y_mm: 2_000,
            walk_rank: 1,
        };
        let all = [place("A-01-1", 1, false, 1_000), place("A-01-2", 2, false, 1_000), place("A-02-1", 1, true, 4_000)];
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| products::set_locations(work, &all))
            .unwrap();
        for (login, locale) in [("en", "en"), ("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Packer, locale);
            let cookie = log_in(bench, login);
            for path in
                ["/locations", "/locations?search=A-0", "/locations/A-01-1", "/map", "/map?x=1000&y=2000&side=left"]
            {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains('⟦') && !body.contains(" style="), "{path} in {locale}: {body}");
            }
        }
        let cookie = log_in(bench, "en");
        let map = page(bench, "/map", &cookie).2;
        assert_eq!(
            (map.matches("<rect").count() - 1, map.matches("<circle").count()),
            (2, 1),
            "two bays, one holds something: {map}"
        );
        assert!(map.contains("A-01-1 – A-01-2"), "{map}");
        let bay = page(bench, "/map?x=1000&y=2000&side=left", &cookie).2;
        assert!(
            bay.contains("/locations/A-01-1")
                && bay.contains("/locations/A-01-2")
                && !bay.contains("/locations/A-02-1")
        );
        assert!(page(bench, "/locations/A-01-1", &cookie).2.contains("85123A"));
        assert_eq!(page(bench, "/locations/Z", &cookie).0, StatusCode::NOT_FOUND);
    });
}

/// What a station of that name is told of the place.
fn told(bench: &Bench, name: &'static str, code: &str) -> LocationRecord {
    let post = bench.pair(name);
    let page = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
    let found = page.changes.into_iter().find_map(|change| match change {
        Change::Location(Put::Upsert(place)) if place.code == code => Some(*place),
        _ => None,
    });
    found.unwrap()
}

#[test]
fn a_place_is_added_changed_by_two_and_taken_away_once_it_is_empty() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "lead");
        let csrf = hidden(&page(bench, "/places/new", &cookie).2, "csrf");
        let send = |to: &str, fields: &str| form(bench, to, &cookie, format!("csrf={csrf}&{fields}"));
        let facts = "kind=bin&zone=Cold&aisle=F&bay=3&level=2&side=right&x=12000&y=4500&rank=7";
        for (wrong, said) in [
            ("code=ZZPB-1", "does not begin with ZZPB"),
            ("code=A-01-1", "Another place has this code"),
            ("code=F&bay=abc", "The bay is"),
            ("code=F&x=-5", "The position is"),
        ] {
            let (status, _, body) = send("/places/new", &format!("{wrong}&{facts}"));
            assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains(said), "{wrong}: {body}");
            assert!(body.contains("value=\"Cold\""), "what was typed stays: {body}");
        }
        let (status, headers, body) = send("/places/new", &format!("code=F-03-2&{facts}"));
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/locations/F-03-2");
        let shown = page(bench, "/locations/F-03-2", &cookie).2;
        assert!(shown.contains("value=\"12000\"") && shown.contains("Cold"), "{shown}");
        assert!(page(bench, "/map", &cookie).2.contains("F-03-2"), "the map is drawn from it");
        let place = told(bench, "PACK 1", "F-03-2");
        let address = place.address.as_ref().unwrap();
        assert_eq!((address.aisle.as_str(), address.bay, address.level), ("F", 3, 2));
        assert_eq!((place.zone.as_deref(), place.x_mm, place.y_mm, place.walk_rank), (Some("Cold"), 12_000, 4_500, 7));

        let version = hidden(&shown, "version");
        let at = "/locations/F-03-2";
        let later = facts.replace("rank=7", "rank=8");
        assert_eq!(send(at, &format!("version={version}&{later}")).0, StatusCode::SEE_OTHER);
        let (status, _, body) = send(at, &format!("version={version}&{}", facts.replace("Cold", "Dry")));
        assert!(status == StatusCode::CONFLICT && body.contains("zone, walking order"), "{body}");
        assert!(body.contains("value=\"Dry\""), "what was typed stays: {body}");
        let version = hidden(&body, "version");
        assert_eq!(bench.int("SELECT walk_rank FROM locations WHERE code = 'F-03-2'"), 8, "the faster one's holds");

        let full = hidden(&page(bench, "/locations/A-01-1", &cookie).2, "version");
        let (status, _, body) = send("/locations/A-01-1/remove", &format!("version={full}"));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("Something lies here"), "{body}");
        let dock = format!("version={full}&kind=dock&aisle=A&bay=1&level=1&side=left&x=0&y=0&rank=1");
        assert_eq!(send("/locations/A-01-1", &dock).0, StatusCode::UNPROCESSABLE_ENTITY, "it is served from");
        assert_eq!(send(&format!("{at}/remove"), "version=1").0, StatusCode::CONFLICT);
        assert_eq!(send(&format!("{at}/remove"), &format!("version={version}")).0, StatusCode::SEE_OTHER);
        assert_eq!(page(bench, at, &cookie).0, StatusCode::NOT_FOUND);
        assert!(!page(bench, "/locations", &cookie).2.contains("F-03-2"));
        assert!(!told(bench, "PACK 2", "F-03-2").active, "stations do not know its code any more");
        let come = change(Kind::Receive(String::new()), spot("85123A", "F-03-2"), 1);
        assert_eq!(refused(make(bench, somebody(1), &come)), Refusal::Missing { entity: "location" });
        assert_eq!(send("/places/new", &format!("code=F-03-2&{facts}")).0, StatusCode::SEE_OTHER, "it comes back");
        make(bench, somebody(1), &come).unwrap();
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM audit WHERE kind IN ('place.added', 'place.changed', 'place.removed')"),
            4
        );

        user(bench, "packer", Role::Packer, "en");
        let packer = log_in(bench, "packer");
        assert_eq!(page(bench, "/places/new", &packer).0, StatusCode::FORBIDDEN);
        assert_eq!(form(bench, "/places/new", &packer, format!("csrf={csrf}&code=G")).0, StatusCode::FORBIDDEN);
        assert_eq!(form(bench, "/locations/A-02-1/remove", &packer, "csrf=x".to_owned()).0, StatusCode::FORBIDDEN);
        assert!(!page(bench, "/locations/A-02-1", &packer).2.contains("/remove"));
    });
}

#[test]
fn the_forms_of_places_speak_each_language() {
    on_each_engine(|bench| {
        furnished(bench);
        for (login, locale) in [("en", "en"), ("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Lead, locale);
            let cookie = log_in(bench, login);
            for path in ["/places/new", "/locations", "/locations/A-01-1"] {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains('⟦') && !body.contains(" style="), "{path} in {locale}: {body}");
            }
        }
    });
}
