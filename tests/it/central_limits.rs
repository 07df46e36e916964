//! Who tries too often, on both engines: failures are counted by the address that a trusted proxy names, and a stranger locks nobody of the
//! house out; a word that no trusted proxy says is not believed.

use crate::central_console::user;
use crate::central_kit::{Bench, central_with};
use crate::schema_kit::for_each_engine;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use packbench::core::network::networks;
use packbench::protocol::wire::Role;
use std::net::SocketAddr;

/// A request that came over this socket, and that says it came from there.
fn from(bench: &Bench, peer: &str, said: &str, path: &str, (kind, body): (&str, &str)) -> StatusCode {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, kind)
        .header("x-forwarded-for", said)
        .body(Body::from(body.to_owned()))
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(format!("{peer}:40000").parse::<SocketAddr>().unwrap()));
    bench.send(request).0
}

const FORM: &str = "application/x-www-form-urlencoded";

fn log_in(bench: &Bench, peer: &str, said: &str, password: &str) -> StatusCode {
    from(bench, peer, said, "/login", (FORM, &format!("login=lead&password={password}")))
}

#[test]
fn behind_a_proxy_each_client_has_tries_of_its_own() {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| settings.trusted_proxies = networks("127.0.0.1").unwrap());
        user(&bench, "lead", Role::Lead, "en");
        let (proxy, stranger, house) = ("127.0.0.1", "198.51.100.7", "203.0.113.5");
        for _ in 0..15 {
            assert_eq!(log_in(&bench, proxy, house, "correct+horse"), StatusCode::SEE_OTHER, "successes cost nothing");
        }
        let met: Vec<StatusCode> =
            (0..12).map(|at| log_in(&bench, proxy, &format!("10.0.0.{at}, {stranger}"), "wrong")).collect();
        assert_eq!(met[..10], [StatusCode::UNAUTHORIZED; 10]);
        assert_eq!(met[10..], [StatusCode::TOO_MANY_REQUESTS; 2], "what it says before its own address is nothing");
        assert_eq!(log_in(&bench, proxy, house, "correct+horse"), StatusCode::SEE_OTHER, "the house is locked out");
        for at in 0..40 {
            log_in(&bench, proxy, &format!("198.51.100.{}", 20 + at), "wrong");
        }
        assert_eq!(log_in(&bench, proxy, "192.0.2.1", "correct+horse"), StatusCode::TOO_MANY_REQUESTS, "by name");
        assert_eq!(log_in(&bench, proxy, house, "correct+horse"), StatusCode::SEE_OTHER, "who was in before is let in");

        let code = ("application/json", r#"{"protocol":1,"code":"AAAAAAAA","machine_name":"b","software":"t"}"#);
        let pair = |said: &str| from(&bench, proxy, said, "/api/v1/pairing", code);
        let met: Vec<StatusCode> = (0..6).map(|_| pair(stranger)).collect();
        assert!(met[0] != StatusCode::TOO_MANY_REQUESTS && met[5] == StatusCode::TOO_MANY_REQUESTS, "{met:?}");
        assert_ne!(pair(house), StatusCode::TOO_MANY_REQUESTS);
    });
}

#[test]
fn what_no_trusted_proxy_says_is_not_believed() {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| settings.trusted_proxies = networks("10.0.0.0/8").unwrap());
        user(&bench, "lead", Role::Lead, "en");
        let met: Vec<StatusCode> =
            (0..12).map(|at| log_in(&bench, "198.51.100.7", &format!("203.0.113.{at}"), "wrong")).collect();
        assert_eq!(met[10..], [StatusCode::TOO_MANY_REQUESTS; 2]);
        assert_eq!(log_in(&bench, "198.51.100.8", "", "correct+horse"), StatusCode::SEE_OTHER);
    });
}
