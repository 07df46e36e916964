//! The dock at the console on both engines: a parcel is scanned, refused, taken off and handed over; the papers; the order's page and the
//! customer's say that it is on its way, and who may not is kept out.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::csrf_of;
use crate::handover_flow::ready;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::services::messages::track;
use packbench::protocol::wire::Role;
use std::sync::atomic::Ordering;

fn send(bench: &Bench, cookie: &str, at: &str, to: &str, fields: &str) -> (StatusCode, String, String) {
    let body = format!("csrf={}&{fields}", csrf_of(&page(bench, at, cookie).2));
    let (status, headers, body) = form(bench, to, cookie, body);
    let to = headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
    (status, to, body)
}

/// A file: its status, kind and bytes.
fn file(bench: &Bench, path: &str, cookie: &str) -> (StatusCode, String, Vec<u8>) {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (status, headers, body) = bench.send(request);
    let kind = headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap()).to_owned();
    (status, kind, body)
}

fn is_paper(bench: &Bench, path: &str, cookie: &str) -> bool {
    let (status, kind, bytes) = file(bench, path, cookie);
    status == StatusCode::OK && kind == "application/pdf" && bytes.starts_with(b"%PDF")
}

#[test]
fn a_parcel_is_scanned_taken_off_and_handed_over_and_everybody_reads_it() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        // An hour later: a form knows no seconds.
        bench.now.fetch_add(3_600_000, Ordering::SeqCst);
        user(bench, "desk", Role::Office, "en");
        user(bench, "packer", Role::Packer, "en");
        let (desk, packer) = (log_in(bench, "desk"), log_in(bench, "packer"));
        for path in ["/handover", "/handover/manifests", "/handover/manifests/H000001"] {
            assert_eq!(page(bench, path, &packer).0, StatusCode::FORBIDDEN, "{path}");
        }
        let shown = page(bench, "/handover", &desk).2;
        assert!(shown.contains(&packed.sscc) && shown.contains("House carrier"), "it waits: {shown}");
        assert!(page(bench, "/orders", &desk).2.contains("href=\"/handover\""), "the navigation leads there");
        let act = |to: &str, fields: &str| send(bench, &desk, "/handover", to, fields);
        let (status, _, said) = act("/handover/scan", "carrier=house&code=nonsense");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("No parcel and no order"), "{said}");
        assert!(act("/handover/scan", "carrier=house&code=536370").2.contains("not packed yet"));
        let good = format!("carrier=house&code={}", packed.sscc);
        let (status, to, _) = act("/handover/scan", &good);
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(page(bench, &to, &desk).2.contains("class=\"scanned k\""), "a good answer is seen");
        let (_, to, _) = act("/handover/scan", &good);
        assert!(page(bench, &to, &desk).2.contains("Scanned before"));
        let (status, _, said) = act("/handover/off", &format!("carrier=house&number=H000001&code={}", packed.sscc));
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert!(
            act("/handover/close", "carrier=house&number=H000001&driver=").2.contains("Nothing is on the manifest")
        );
        act("/handover/scan", &good);
        assert!(is_paper(bench, "/handover/manifests/H000001/paper", &desk), "before it is closed, too");
        let (status, to, said) = act("/handover/close", "carrier=house&number=H000001&driver=J.+Smith");
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/handover/manifests/H000001?closed=1"), "{said}");
        let shown = page(bench, &to, &desk).2;
        assert!(
            shown.contains("J. Smith") && shown.contains(&made.number) && shown.contains("Handed over: 1"),
            "{shown}"
        );
        assert!(page(bench, "/handover/manifests?state=closed", &desk).2.contains("H000001"));
        assert!(is_paper(bench, "/handover/manifests/H000001/paper", &desk));
        assert_eq!(page(bench, "/handover/manifests/H999999", &desk).0, StatusCode::NOT_FOUND);
        assert!(act("/handover/close", "carrier=house&number=H000001&driver=").2.contains("closed already"));

        let at = format!("/orders/{}", made.number);
        let shown = page(bench, &at, &desk).2;
        assert!(shown.contains("Handed to the carrier with H000001") && shown.contains("Shipped"), "{shown}");
        let tracking = format!("code={}&tracking=1Z-7&url=", packed.sscc);
        assert_eq!(send(bench, &desk, &at, &format!("{at}/tracking"), &tracking).0, StatusCode::SEE_OTHER);
        assert!(page(bench, &at, &desk).2.contains("1Z-7"));
        let wrong = format!("code={}&tracking=1Z-7&url=http%3A%2F%2Fx", packed.sscc);
        assert!(send(bench, &desk, &at, &format!("{at}/tracking"), &wrong).2.contains("Give an address"));
        let (status, _, said) =
            send(bench, &desk, &at, &format!("{at}/delivered"), "at=2011-03-13T07%3A30&note=signed");
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        let shown = page(bench, &at, &desk).2;
        assert!(shown.contains("The customer has it") && shown.contains("Arrived"), "{shown}");
        assert_eq!(page(bench, &at, &packer).0, StatusCode::OK, "a packer reads it all the same");
    });
}

#[test]
fn a_script_gets_the_changed_part_alone_and_each_answer_says_how_it_sounds() {
    on_each_engine(|bench| {
        let (_, packed) = ready(bench);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let first = page(bench, "/handover", &desk).2;
        assert!(first.contains("class=\"st w count\">1<"), "one waits: {first}");
        let csrf = csrf_of(&first);
        let scan = |code: &str| {
            let request = Request::post("/handover/scan")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, &desk)
                .header("x-fragment", "1")
                .body(Body::from(format!("csrf={csrf}&carrier=house&code={code}")))
                .unwrap();
            let (status, _, body) = bench.send(request);
            assert_eq!(status, StatusCode::OK);
            String::from_utf8(body).unwrap()
        };
        for (code, sounds) in [(packed.sscc.as_str(), "good"), (&packed.sscc, "again"), ("nonsense", "bad")] {
            let part = scan(code);
            let tabs = part.split("id=\"docktabs\"").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap();
            assert!(tabs.contains("House carrier") && !tabs.contains("class=\"st w count\""), "nothing waits: {tabs}");
            assert!(part.contains("<div id=\"dock\"") && part.contains(&format!("data-told=\"{sounds}\"")), "{part}");
        }
        assert_eq!(form(bench, "/handover/scan", &desk, "csrf=0&code=1".to_owned()).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn papers_are_drawn_from_the_order_for_who_may_see_people_and_the_customer_gets_the_invoice_by_the_link() {
    on_each_engine(|bench| {
        let (made, _) = ready(bench);
        user(bench, "desk", Role::Office, "ru");
        user(bench, "packer", Role::Packer, "en");
        let (desk, packer) = (log_in(bench, "desk"), log_in(bench, "packer"));
        let at = format!("/orders/{}", made.number);
        for paper in ["invoice", "slip"] {
            assert!(is_paper(bench, &format!("{at}/{paper}"), &desk), "{paper}");
            assert_eq!(page(bench, &format!("{at}/{paper}"), &packer).0, StatusCode::FORBIDDEN);
        }
        assert!(is_paper(bench, "/orders/536370/slip", &desk), "before the packing it says what is to be packed");
        assert_eq!(file(bench, "/orders/536370/invoice", &desk).0, StatusCode::NOT_FOUND, "nothing of it is packed");
        let id = made.id.clone();
        let token = bench.central.store().read_blocking(move |tx| track::known(tx, &id)).unwrap().unwrap();
        let shown = page(bench, &format!("/track/{token}"), "").2;
        assert!(shown.contains(&format!("/track/{token}/invoice?lang=en")) && !shown.contains("/slip"), "{shown}");
        let request = Request::get(format!("/track/{token}/invoice?lang=es")).body(Body::empty()).unwrap();
        let (status, headers, bytes) = bench.send(request);
        assert!(status == StatusCode::OK && bytes.starts_with(b"%PDF"));
        assert!(headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(page(bench, &format!("/track/{}/invoice", "A".repeat(27)), "").0, StatusCode::NOT_FOUND);
    });
}

#[test]
fn the_customers_page_follows_a_parcel_to_the_door() {
    on_each_engine(|bench| {
        let (made, packed) = ready(bench);
        // An hour later: a form knows no seconds.
        bench.now.fetch_add(3_600_000, Ordering::SeqCst);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let id = made.id.clone();
        let token = bench.central.store().read_blocking(move |tx| track::known(tx, &id)).unwrap().unwrap();
        let look = || page(bench, &format!("/track/{token}?lang=en"), "").2;
        assert!(look().contains("data-stage=\"Packed\""));
        send(bench, &desk, "/handover", "/handover/scan", &format!("carrier=house&code={}", packed.sscc));
        send(bench, &desk, "/handover", "/handover/close", "carrier=house&number=H000001&driver=J.+Smith");
        let shown = look();
        assert!(shown.contains("data-stage=\"Shipped\"") && shown.contains("on its way with House carrier"), "{shown}");
        assert!(!shown.contains("J. Smith") && !shown.contains("H000001"), "nothing of the house");
        send(
            bench,
            &desk,
            &format!("/orders/{}", made.number),
            &format!("/orders/{}/delivered", made.number),
            "at=2011-03-13T07%3A30&note=",
        );
        assert!(look().contains("data-stage=\"Delivered\""));
    });
}
