//! A clerk types an order at the console, on both engines: the five steps, a proof, the submit pressed twice, the order changed
//! while another clerk changes it, and who may do what.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::{hidden, to, upload};
use crate::orders_create::{furnished, told};
use crate::orders_proof::png;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::protocol::wire::Role;

/// Sends a step and follows to where it leads; the page there and its address.
fn leave(bench: &Bench, cookie: &str, at: &str, fields: &str) -> (String, String) {
    let (_, _, shown) = page(bench, at, cookie);
    let at = at.split('?').next().unwrap();
    let body = format!("csrf={}&version={}&{fields}", hidden(&shown, "csrf"), hidden(&shown, "version"));
    let (status, headers, refused) = form(bench, at, cookie, body);
    assert_eq!(status, StatusCode::SEE_OTHER, "{refused}");
    let next = to(&headers).to_owned();
    (page(bench, &next, cookie).2, next)
}

const ADDRESS: &str = "name=A.+Buyer&company=Buyer+%26+Co&line1=1+High+Street&line2=&line3=&postcode=LS1+1AA&city=Leeds\
    &region=&country=gb&phone=%2B44+113+0000000&email=buyer%40example.com";

fn proof_sent(bench: &Bench, at: &str, cookie: &str, csrf: &str, bytes: &[u8]) -> (StatusCode, String) {
    let (status, _, body) = upload(bench, at, cookie, &[("csrf", csrf)], ("proof.png", "image/png", bytes));
    (status, body)
}

/// Types a whole order up to the overview; the address of the draft.
fn type_it(bench: &Bench, cookie: &str, kind: &str, general: &str) -> String {
    let (_, _, shown) = page(bench, "/orders/new", cookie);
    let (status, headers, _) =
        form(bench, "/orders/new", cookie, format!("csrf={}&kind={kind}", hidden(&shown, "csrf")));
    assert_eq!(status, StatusCode::SEE_OTHER);
    let draft = to(&headers).strip_suffix("/general").unwrap().to_owned();
    let general = format!("shipping=house%2Fparcel&ship_by=&note=Ring+twice&{general}&go=next");
    let (_, at) = leave(bench, cookie, &format!("{draft}/general"), &general);
    assert_eq!(at, format!("{draft}/customer"));
    let (_, at) = leave(bench, cookie, &at, &format!("{ADDRESS}&go=next"));
    assert_eq!(at, format!("{draft}/items"));
    let (found, at) = leave(bench, cookie, &at, "find=white&go=enter");
    assert!(found.contains("WHITE METAL LANTERN") && found.contains("94 free"), "{found}");
    let (added, at) = leave(bench, cookie, &at, "pick=85123A&pick=71053&go=add");
    assert!(added.contains("units-0") && added.contains("units-1"));
    let (_, at) = leave(bench, cookie, &at, "units-0=4&tax-0=20&price-0=2.55&units-1=1&tax-1=0&price-1=0&go=next");
    assert_eq!(at, format!("{draft}/payment"));
    draft
}

/// The file of a proof goes with the form of the payment, and neither it nor a refusal loses what was typed beside it.
fn keeps_what_is_typed_beside_a_file(bench: &Bench, cookie: &str, draft: &str, csrf: &str) {
    let (pay, proof) = (format!("{draft}/payment"), format!("{draft}/proof"));
    let with = |fields: &[(&str, &str)], file: (&str, &str, &[u8])| upload(bench, &proof, cookie, fields, file);
    let version = hidden(&page(bench, &pay, cookie).2, "version");
    let typed = [
        ("csrf", csrf),
        ("version", &version),
        ("terms", "net14"),
        ("paid", "3,50"),
        ("method", "cash"),
        ("reference", "till 7"),
        ("go", "proof"),
    ];
    assert_eq!(with(&typed, ("two.png", "image/png", &png(2))).0, StatusCode::SEE_OTHER);
    let shown = page(bench, &pay, cookie).2;
    for kept in ["value=\"3.50\"", "value=\"till 7\"", "value=\"net14\" selected", "value=\"cash\" selected", "£15.63"]
    {
        assert!(shown.contains(kept), "{kept}: {shown}");
    }
    assert_eq!(bench.int("SELECT COUNT(*) FROM payment_proofs"), 2);
    let (status, _, said) = with(&typed, ("two.txt", "text/plain", b"no picture"));
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("value=\"3,50\""), "typed stays: {said}");
    let wrong = format!(
        "csrf={csrf}&version={}&terms=prepaid&method=cash&paid=-5&reference=till+8&go=next",
        hidden(&shown, "version")
    );
    let (status, _, said) = form(bench, &pay, cookie, wrong);
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("What was paid is no amount"), "{said}");
    assert!(said.contains("value=\"-5\"") && said.contains("value=\"till 8\""), "what was typed stays: {said}");
}

#[test]
fn a_business_order_typed_step_by_step_reaches_the_stations() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let draft = type_it(bench, &cookie, "b2b", "");
        let left = page(bench, "/orders/new", &cookie).2;
        assert!(left.contains("Buyer &amp; Co") && left.contains(&draft), "it can be taken up again: {left}");

        let pay = format!("{draft}/payment");
        let csrf = hidden(&page(bench, &pay, &cookie).2, "csrf");
        let proof = format!("{draft}/proof");
        assert_eq!(proof_sent(bench, &proof, &cookie, "0000", &png(1)).0, StatusCode::FORBIDDEN);
        let (status, said) = proof_sent(bench, &proof, &cookie, &csrf, b"MZ a program");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("no PDF, PNG or JPEG"), "{said}");
        let (status, said) = proof_sent(bench, &proof, &cookie, &csrf, &vec![0; (10 << 20) + 1]);
        assert!(status.is_client_error() && said.contains("larger than 10 MiB"), "{said}");
        let (status, said) = proof_sent(bench, &proof, &cookie, &csrf, &vec![0; 12 << 20]);
        assert!(status == StatusCode::PAYLOAD_TOO_LARGE && said.contains("larger than 10 MiB"), "{said}");
        assert_eq!(proof_sent(bench, &proof, &cookie, &csrf, &png(1)).0, StatusCode::SEE_OTHER);

        keeps_what_is_typed_beside_a_file(bench, &cookie, &draft, &csrf);
        let (overview, at) =
            leave(bench, &cookie, &pay, "terms=prepaid&method=bank_transfer&paid=15%2C63&reference=AB&go=next");
        assert_eq!(at, format!("{draft}/overview"));
        // 4 × 2.55 and a fifth of it, and a lantern at its own price, whatever was sent for it.
        assert!(overview.contains("£13.59") && overview.contains("£2.04") && overview.contains("£15.63"), "{overview}");
        let send = format!("csrf={csrf}&version={}", hidden(&overview, "version"));
        let submit = format!("{draft}/submit");
        let first = form(bench, &submit, &cookie, send.clone());
        let second = form(bench, &submit, &cookie, send);
        assert_eq!((first.0, to(&first.1)), (StatusCode::SEE_OTHER, "/orders/M000001"));
        assert_eq!((second.0, to(&second.1)), (first.0, to(&first.1)), "pressed twice");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE source = 'desk'"), 1);
        assert_eq!(bench.text("SELECT payment_status FROM orders WHERE source = 'desk'"), "paid");
        let (orders, work) = told(bench);
        let order = orders.iter().find(|order| order.number == "M000001").unwrap();
        assert_eq!(order.ship_to.phone.as_deref(), Some("+441130000000"));
        assert!(work.iter().any(|work| work.order_id == order.id && work.lines.len() == 2));
        let (status, headers, _) = page(bench, &format!("{draft}/items"), &cookie);
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/orders/M000001"));
    });
}

#[test]
fn a_proof_is_seen_by_who_may_and_every_look_is_on_the_order() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "lead", Role::Lead, "en");
        let (desk, lead) = (log_in(bench, "desk"), log_in(bench, "lead"));
        let csrf = hidden(&page(bench, "/orders/536365", &desk).2, "csrf");
        assert_eq!(proof_sent(bench, "/orders/536365/proof", &desk, &csrf, &png(7)).0, StatusCode::SEE_OTHER);
        let path = format!("/proofs/{}", bench.text("SELECT id FROM payment_proofs"));
        assert_eq!(page_status(bench, &path, &lead), StatusCode::FORBIDDEN);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'proof.viewed'"), 0);
        let request = Request::get(&path).header(header::COOKIE, &desk).body(Body::empty()).unwrap();
        let (status, headers, bytes) = bench.send(request);
        assert_eq!((status, bytes), (StatusCode::OK, png(7)));
        assert_eq!(
            (&headers[header::CONTENT_TYPE], &headers[header::CACHE_CONTROL]),
            (&"image/png".parse().unwrap(), &"no-store".parse().unwrap())
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'proof.viewed' AND actor_kind = 'user'"), 1);
        assert!(page(bench, "/orders/536365", &desk).2.contains("Proof of payment looked at"));
        assert!(!page(bench, "/orders/536365", &lead).2.contains(&path), "no link for who may not");
        let hash = bench.text("SELECT hash FROM payment_proofs");
        assert_eq!(page_status(bench, &format!("/photos/{hash}"), &lead), StatusCode::NOT_FOUND, "no photo");
    });
}

fn page_status(bench: &Bench, path: &str, cookie: &str) -> StatusCode {
    let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    bench.send(request).0
}

#[test]
fn a_private_order_needs_a_remark_and_may_have_its_own_prices() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let shown = page(bench, "/orders/new", &cookie).2;
        let (_, headers, _) = form(bench, "/orders/new", &cookie, format!("csrf={}&kind=b2c", hidden(&shown, "csrf")));
        let at = to(&headers);
        let shown = page(bench, at, &cookie).2;
        let body = format!("csrf={}&version=1&note=Kept&shipping=house%2Fparcel&go=next", hidden(&shown, "csrf"));
        let (status, _, refused) = form(bench, at, &cookie, body);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.contains("Say why the order is typed") && refused.contains("Kept"), "{refused}");

        let draft = type_it(bench, &cookie, "b2c", "remark=replacement&remark_text=Broken+lamp");
        let (overview, _) = leave(bench, &cookie, &format!("{draft}/payment"), "terms=net30&paid=&go=next");
        assert!(overview.contains("Replacement") && overview.contains("Broken lamp") && overview.contains("£12.24"));
        let send = format!("csrf={}&version={}", hidden(&overview, "csrf"), hidden(&overview, "version"));
        assert_eq!(form(bench, &format!("{draft}/submit"), &cookie, send).0, StatusCode::SEE_OTHER);
        assert_eq!(
            bench.int(
                "SELECT unit_price_minor FROM order_lines l JOIN orders o ON o.id = l.order_id \
            WHERE o.source = 'desk' AND l.line_no = 2"
            ),
            0,
            "the lantern is given"
        );
    });
}

#[test]
fn two_clerks_change_one_order_and_the_slower_one_is_told_what_differs() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "lead", Role::Lead, "en");
        let (desk, lead) = (log_in(bench, "desk"), log_in(bench, "lead"));
        let at = "/orders/536365/edit";
        let (of_desk, of_lead) = (page(bench, at, &desk).2, page(bench, at, &lead).2);
        let body = |shown: &str, note: &str| {
            let marks = ["csrf", "version", "seen_address", "seen_note", "seen_lines"]
                .map(|name| format!("{name}={}", hidden(shown, name)));
            format!("{}&{ADDRESS}&note={note}&units-1=6&units-2=2", marks.join("&"))
        };
        assert_eq!(form(bench, at, &desk, body(&of_desk, "First")).0, StatusCode::SEE_OTHER);
        let (status, _, told) = form(bench, at, &lead, body(&of_lead, "Second"));
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(told.contains("customer and address, note") && told.contains("Second"), "{told}");
        assert_eq!(bench.text("SELECT note FROM orders WHERE number = '536365'"), "First");
        assert_eq!(
            form(bench, at, &lead, body(&told, "Second")).0,
            StatusCode::SEE_OTHER,
            "knowing it, it is a choice"
        );
        assert_eq!(bench.text("SELECT note FROM orders WHERE number = '536365'"), "Second");
        assert_eq!(form(bench, at, &lead, body(&told, "x").replace("csrf=", "csrf=0")).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn packers_type_nothing_and_every_page_speaks_every_language() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "packer", Role::Packer, "en");
        let packer = log_in(bench, "packer");
        for path in ["/orders/new", "/orders/drafts/x/items", "/orders/536365/edit", "/proofs/x"] {
            assert_eq!(page(bench, path, &packer).0, StatusCode::FORBIDDEN, "{path}");
        }
        assert!(!page(bench, "/orders", &packer).2.contains("/orders/new"));
        for locale in ["en", "es", "ms", "ru"] {
            user(bench, locale, Role::Office, locale);
            let cookie = log_in(bench, locale);
            let draft = type_it_plain(bench, &cookie);
            let steps = ["general", "customer", "items?find=white", "payment", "overview"];
            let pages = steps.map(|step| format!("{draft}/{step}"));
            for path in pages.iter().map(String::as_str).chain(["/orders/new", "/orders/536365/edit"]) {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(
                    !body.contains('⟦') && !body.contains(" style=") && !body.contains(" onclick="),
                    "{path}: {body}"
                );
            }
        }
    });
}

/// A private draft with one item, by its form alone.
fn type_it_plain(bench: &Bench, cookie: &str) -> String {
    let shown = page(bench, "/orders/new", cookie).2;
    let (_, headers, _) = form(bench, "/orders/new", cookie, format!("csrf={}&kind=b2c", hidden(&shown, "csrf")));
    let draft = to(&headers).strip_suffix("/general").unwrap().to_owned();
    leave(bench, cookie, &format!("{draft}/items"), "pick=85123A&go=add");
    draft
}

#[test]
fn a_country_is_chosen_by_name_and_no_name_is_cut_to_two_letters() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "ru", Role::Office, "ru");
        let (cookie, ru) = (log_in(bench, "desk"), log_in(bench, "ru"));
        let draft = type_it_plain(bench, &cookie);
        let at = format!("{draft}/customer");
        let shown = page(bench, &at, &cookie).2;
        assert!(shown.contains("<option value=\"DE\">Germany</option>"), "{shown}");
        let body = |shown: &str, country: &str| {
            let address = ADDRESS.replace("country=gb", &format!("country={country}"));
            format!("csrf={}&version={}&{address}&go=next", hidden(shown, "csrf"), hidden(shown, "version"))
        };
        for wrong in ["Germany", "XX", ""] {
            let shown = page(bench, &at, &cookie).2;
            let (status, _, said) = form(bench, &at, &cookie, body(&shown, wrong));
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(said.contains("Choose the country from the list"), "{said}");
            assert!(
                wrong.is_empty() || said.contains(&format!("<option value=\"{wrong}\" selected>")),
                "{wrong}: {said}"
            );
        }
        let shown = page(bench, &at, &cookie).2;
        assert_eq!(form(bench, &at, &cookie, body(&shown, "uk")).0, StatusCode::SEE_OTHER);
        let overview = page(bench, &format!("{draft}/overview"), &cookie).2;
        assert!(overview.contains("United Kingdom"), "{overview}");

        let at = "/orders/536365/edit";
        let shown = page(bench, at, &cookie).2;
        let marks = ["csrf", "version", "seen_address", "seen_note", "seen_lines"]
            .map(|name| format!("{name}={}", hidden(&shown, name)));
        let edit = format!("{}&{}&note=", marks.join("&"), ADDRESS.replace("country=gb", "country=DE"));
        assert_eq!(form(bench, at, &cookie, edit).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.text("SELECT country FROM orders WHERE number = '536365'"), "DE");
        assert!(page(bench, "/orders/536365", &cookie).2.contains("· Germany ·"));
        assert!(page(bench, "/orders/536365", &ru).2.contains("· Германия ·"));
    });
}

#[test]
fn a_day_that_is_over_and_more_money_than_the_order_costs_are_asked_about() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let draft = type_it(bench, &cookie, "b2b", "");
        let at = format!("{draft}/general");
        let shown = page(bench, &at, &cookie).2;
        let body = |shown: &str, day: &str| {
            let fields = "shipping=house%2Fparcel&note=&go=next";
            format!("csrf={}&version={}&ship_by={day}&{fields}", hidden(shown, "csrf"), hidden(shown, "version"))
        };
        let (status, _, said) = form(bench, &at, &cookie, body(&shown, "2005-01-01"));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("last day to ship is over"), "{said}");
        let submit = |more: &str| {
            let shown = page(bench, &format!("{draft}/overview"), &cookie).2;
            let body = format!("csrf={}&version={}{more}", hidden(&shown, "csrf"), hidden(&shown, "version"));
            form(bench, &format!("{draft}/submit"), &cookie, body)
        };
        let (status, _, said) = submit("");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("last day to ship is over"), "{said}");
        let shown = page(bench, &at, &cookie).2;
        assert_eq!(form(bench, &at, &cookie, body(&shown, "2031-12-24")).0, StatusCode::SEE_OTHER);
        leave(bench, &cookie, &format!("{draft}/payment"), "terms=prepaid&method=cash&paid=99999&reference=&go=next");
        let overview = page(bench, &format!("{draft}/overview"), &cookie).2;
        assert!(overview.contains("24\u{a0}Dec\u{a0}2031") && overview.contains("name=\"sure\""), "{overview}");
        let (status, _, said) = submit("");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("More is entered as paid"), "{said}");
        assert_eq!(submit("&sure=1").0, StatusCode::SEE_OTHER);
        assert_eq!(bench.text("SELECT payment_status FROM orders WHERE source = 'desk'"), "overcharged");
    });
}
