//! Addresses that lead nowhere, over the router: a browser gets a page with a way on or is led to the page of the form it loads again, a
//! program the problem it can read.

use crate::central_console::{log_in, user};
use crate::central_kit::{Bench, on_each_engine};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use packbench::protocol::wire::Role;

fn get(bench: &Bench, path: &str, cookie: &str, accept: &str) -> (StatusCode, HeaderMap, String) {
    let request =
        Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT, accept).body(Body::empty()).unwrap();
    let (status, headers, body) = bench.send(request);
    (status, headers, String::from_utf8(body).unwrap())
}

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[test]
fn a_browser_gets_a_page_with_a_way_on_and_a_program_a_problem() {
    on_each_engine(|bench| {
        user(bench, "desk", Role::Office, "es");
        let desk = log_in(bench, "desk");
        for path in ["/nowhere", "/orders/1/2/3", "/orders/999999"] {
            let (status, headers, body) = get(bench, path, &desk, BROWSER);
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert!(
                body.contains("No existe esta página") && body.contains("class=\"btn pri\" href=\"/orders\""),
                "{path}: {body}"
            );
            assert!(
                headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"),
                "{path}"
            );
        }
        let (status, headers, _) = get(bench, "/nowhere", "", BROWSER);
        assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/login"));
        for (path, accept) in [("/nowhere", "*/*"), ("/nowhere", "application/json"), ("/api/v1/nowhere", BROWSER)] {
            let (status, headers, _) = get(bench, path, &desk, accept);
            let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
            assert_eq!((status, kind), (StatusCode::NOT_FOUND, "application/problem+json"), "{path} {accept}");
        }
    });
}

#[test]
fn where_forms_are_sent_a_browser_is_led_to_their_page() {
    on_each_engine(|bench| {
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let led = [
            ("/orders/536365/payment", "/orders/536365"),
            ("/orders/drafts/7/proof", "/orders/drafts/7/payment"),
            ("/exceptions/1", "/exceptions"),
            ("/logout", "/orders"),
        ];
        for (path, page) in led {
            let (status, headers, _) = get(bench, path, &desk, BROWSER);
            assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, page), "{path}");
            let (status, headers, _) = get(bench, path, &desk, "*/*");
            let kind = headers[header::CONTENT_TYPE].to_str().unwrap();
            assert_eq!((status, kind), (StatusCode::METHOD_NOT_ALLOWED, "application/problem+json"), "{path}");
        }
    });
}
