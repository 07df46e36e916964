//! Places and the map at the console, on both engines.

use crate::central_console::{log_in, page, user};
use crate::central_kit::on_each_engine;
use crate::orders_create::furnished;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::products::{self, NewLocation};
use packbench::protocol::wire::Role;

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
