//! What a server waits for, and for how long: a head that does not come, files that do not come. Never asks what a page says beside that.

use crate::api_kit::serving;
use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, central_with};
use crate::console_kit::csrf_at;
use crate::orders_create::furnished;
use crate::schema_kit::for_each_engine;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use packbench::protocol::wire::Role;
use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;
use tower::ServiceExt as _;

/// A bound on waiting for what must come.
const DEADLINE: Duration = Duration::from_secs(30);

#[test]
fn a_head_that_does_not_come_ends_its_connection() {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| settings.patience.head = Duration::from_millis(300));
        serving(&bench, |at| {
            let mut half = TcpStream::connect(at).unwrap();
            half.set_read_timeout(Some(DEADLINE)).unwrap();
            half.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
            let mut said = Vec::new();
            // An end, or a reset: anything but the time running out here.
            if let Err(error) = half.read_to_end(&mut said) {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "it is open still");
            }
            assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
            let mut whole = TcpStream::connect(at).unwrap();
            whole.set_read_timeout(Some(DEADLINE)).unwrap();
            whole.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
            let mut said = String::new();
            whole.read_to_string(&mut said).unwrap();
            assert!(said.starts_with("HTTP/1.1 200"), "{said}");
        });
    });
}

/// A file that begins and does not go on.
fn stalled(cookie: &str, csrf: &str) -> Request<Body> {
    let begun = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF"
    );
    let body = stream::iter([Ok::<_, Infallible>(Bytes::from(begun))]).chain(stream::pending());
    Request::post("/orders/536365/files")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .header(header::COOKIE, cookie)
        .body(Body::from_stream(body))
        .unwrap()
}

fn all_of(bench: &Bench, requests: Vec<Request<Body>>) -> Vec<StatusCode> {
    let sent = requests.into_iter().map(|request| {
        let router = bench.router();
        async move { router.oneshot(request).await.unwrap().status() }
    });
    bench.runtime.block_on(join_all(sent))
}

#[test]
fn files_that_do_not_come_block_nobody_and_are_given_up() {
    for_each_engine(|site| {
        let bench = central_with(site, |settings| settings.patience.file = Duration::from_secs(1));
        furnished(&bench);
        user(&bench, "desk", Role::Office, "en");
        let cookie = log_in(&bench, "desk");
        let csrf = csrf_at(&bench, "/orders", &cookie);
        let met = all_of(&bench, (0..6).map(|_| stalled(&cookie, &csrf)).collect());
        let count = |status: StatusCode| met.iter().filter(|one| **one == status).count();
        assert_eq!((count(StatusCode::REQUEST_TIMEOUT), count(StatusCode::SERVICE_UNAVAILABLE)), (4, 2), "{met:?}");
        // Their places are free again.
        assert_eq!(all_of(&bench, vec![stalled(&cookie, &csrf)]), [StatusCode::REQUEST_TIMEOUT]);
        assert_eq!(page(&bench, "/orders/536365", &cookie).0, StatusCode::OK);
    });
}
