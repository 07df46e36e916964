//! Who may ask the API, how much, and what a request must look like.

use crate::api_kit::{ask, get, key, master, request, seed};
use crate::central_kit::{Bench, central_with, on_each_engine};
use crate::schema_kit::for_each_engine;
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::routes::limits::Rate;
use packbench::central::services::access::{Permission, keys};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const GETS: &[(&str, Permission)] = &[
    ("/api/v1/orders", Permission::OrderView),
    ("/api/v1/orders/536365", Permission::OrderView),
    ("/api/v1/products", Permission::StockView),
    ("/api/v1/products/85123A", Permission::StockView),
    ("/api/v1/stock", Permission::StockView),
    ("/api/v1/manifests", Permission::ParcelHandover),
    ("/api/v1/customers/17850", Permission::PersonView),
    ("/api/v1/changes", Permission::OrderView),
];

#[test]
fn without_a_key_that_holds_there_is_no_answer() {
    on_each_engine(|bench| {
        seed(bench);
        let ended = master(bench);
        let id = bench.text("SELECT id FROM api_keys");
        bench.central.store().write_blocking(Actor::Job("test"), move |work| keys::revoke(work, &id)).unwrap();
        let station = bench.pair("PACK 1").who.token;
        for (path, _) in GETS {
            for secret in ["", "pbk_0000", "nonsense", &ended, &station] {
                let answer = get(bench, path, secret);
                assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "key_refused"), "{path}");
                assert!(answer.header("www-authenticate").starts_with("Bearer"));
                assert!(secret.is_empty() || !answer.json.to_string().contains(secret));
            }
        }
        let over = master(bench);
        bench.now.fetch_add(30 * 86_400_000, Ordering::SeqCst);
        assert_eq!(get(bench, "/api/v1/orders", &over).status, StatusCode::UNAUTHORIZED);
        let (status, ..) = bench.send(request("GET", "/api/v1/sync/pull?protocol=1", &over, &[], ""));
        assert_eq!(status, StatusCode::UNAUTHORIZED, "a key is no station");
    });
}

#[test]
fn a_key_may_what_its_scopes_name() {
    on_each_engine(|bench| {
        seed(bench);
        for (path, needed) in GETS {
            let own = key(bench, &[*needed]);
            // The stream of changes never ends, so it is read by a test of its own.
            if *path != "/api/v1/changes" {
                assert_eq!(get(bench, path, &own).status, StatusCode::OK, "{path}");
            }
            let others: Vec<Permission> = Permission::ALL.iter().copied().filter(|other| other != needed).collect();
            let answer = get(bench, path, &key(bench, &others));
            assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "forbidden"), "{path}");
            assert!(answer.json["detail"].as_str().unwrap().contains(needed.name()), "it says which");
        }
    });
}

#[test]
fn what_is_not_known_is_refused_and_not_passed_over() {
    on_each_engine(|bench| {
        seed(bench);
        let key = master(bench);
        for (path, _) in GETS {
            let answer = get(bench, &format!("{path}?sort=price"), &key);
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "bad_request"), "{path}");
            assert!(answer.json["detail"].as_str().unwrap().contains("sort"), "it says which");
        }
        for query in [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=ten",
            "limit=",
            "limit=1&limit=2",
            "status=lost",
            "status=Placed",
            "updated_after=yesterday",
            "updated_after=2011-03-01",
            "search=",
            "search=%00",
        ] {
            let answer = get(bench, &format!("/api/v1/orders?{query}"), &key);
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "bad_request"), "{query}");
        }
        let products = get(bench, "/api/v1/products?limit=1", &key);
        let next = products.json["next"].as_str().unwrap();
        let answer = get(bench, &format!("/api/v1/orders?cursor={next}"), &key);
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            "a cursor of another list"
        );
        for cursor in ["abc", "", "00000000.i1.t00"] {
            let answer = get(bench, &format!("/api/v1/orders?cursor={cursor}"), &key);
            assert_eq!((answer.status, answer.code()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"), "{cursor}");
        }
        for path in ["/api/v1/orders/0", "/api/v1/orders/%00", "/api/v1/orders/%FF", "/api/v1/products/no"] {
            let answer = get(bench, path, &key);
            assert_eq!((answer.status, answer.code()), (StatusCode::NOT_FOUND, "not_found"), "{path}");
        }
        let (status, headers, body) = bench.send(request("PUT", "/api/v1/orders", &key, &[], ""));
        assert_eq!(
            (status, headers["content-type"].as_bytes()),
            (StatusCode::METHOD_NOT_ALLOWED, &b"application/problem+json"[..])
        );
        assert!(String::from_utf8(body).unwrap().contains("method_not_allowed"));
    });
}

fn used(bench: &Bench) -> i64 {
    bench.int("SELECT used_ms FROM api_keys")
}

#[test]
fn the_last_use_is_noted_once_a_minute() {
    on_each_engine(|bench| {
        let key = master(bench);
        let start = bench.now.load(Ordering::SeqCst);
        let deadline = Instant::now() + Duration::from_secs(20);
        while used(bench) != start {
            assert!(Instant::now() < deadline, "never noted");
            assert_eq!(get(bench, "/api/v1/orders", &key).status, StatusCode::OK);
        }
        bench.now.fetch_add(59_000, Ordering::SeqCst);
        for _ in 0..5 {
            get(bench, "/api/v1/orders", &key);
        }
        assert_eq!(used(bench), start);
        bench.now.fetch_add(2_000, Ordering::SeqCst);
        while used(bench) != start + 61_000 {
            assert!(Instant::now() < deadline, "not noted again");
            get(bench, "/api/v1/orders", &key);
        }
    });
}

#[test]
fn who_asks_too_much_is_told_when_to_come_again() {
    for_each_engine(|site| {
        let rate = |burst| Rate { burst, refill: Duration::from_secs(60) };
        let bench = central_with(site, |settings| {
            settings.api_rates.key = rate(3);
            settings.api_rates.address = rate(6);
        });
        let (one, two, three) = (master(&bench), master(&bench), master(&bench));
        for left in [2, 1, 0] {
            let answer = get(&bench, "/api/v1/orders", &one);
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=3;w=180");
            assert!(answer.header("ratelimit").starts_with(&format!("\"key\";r={left};t=")));
        }
        let answer = get(&bench, "/api/v1/orders", &one);
        assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert!(answer.header("ratelimit").starts_with("\"key\";r=0;"));
        assert_eq!(get(&bench, "/api/v1/orders", &two).status, StatusCode::OK, "each key for itself");
        assert_eq!(get(&bench, "/api/v1/orders", "pbk_guess").status, StatusCode::UNAUTHORIZED);
        let answer = get(&bench, "/api/v1/orders", &three);
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "the address asked six times");
        assert!(answer.header("ratelimit-policy").starts_with("\"address\";q=6"));
    });
}

#[test]
fn the_document_needs_no_key() {
    on_each_engine(|bench| {
        let answer = ask(bench, "GET", "/api/v1/openapi.json", "", &[], "");
        assert_eq!(answer.status, StatusCode::OK);
    });
}
