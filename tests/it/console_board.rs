//! The board at the console, on both engines: what it shows to whom, cards that are moved one by one and together, a stage that asks,
//! undo, columns that load on, what a change brings, reminders and calls on an order's page, and where admins change stages.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::csrf_at;
use crate::orders_create::{create, furnished, line, typed};
use crate::pipelines_follow::{id, pipeline, stage};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::access::{Permission, roles};
use packbench::central::services::orders::entry::DeskKind;
use packbench::protocol::wire::Role;

fn stage_id(bench: &Bench, code: &str) -> String {
    pipeline(bench, "warehouse").stages.into_iter().find(|stage| stage.code == code).unwrap().id
}

/// A form as the script sends it.
fn sent(bench: &Bench, path: &str, cookie: &str, body: String) -> (StatusCode, HeaderMap, String) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, cookie)
        .header("x-fragment", "1")
        .body(Body::from(body))
        .unwrap();
    let (status, headers, body) = bench.send(request);
    (status, headers, String::from_utf8(body).unwrap())
}

#[test]
fn every_language_has_its_board_and_persons_are_for_who_may_see_them() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "packer", Role::Packer, "en");
        let made = create(bench, &typed(DeskKind::B2b, vec![line("22728", 2)])).unwrap().number;
        let order = id(bench, &made);
        for (locale, wanted) in
            [("en", "New orders"), ("es", "Pedidos nuevos"), ("ms", "Pesanan baharu"), ("ru", "Новые заказы")]
        {
            user(bench, locale, Role::Admin, locale);
            let cookie = log_in(bench, locale);
            for path in [
                "/board".to_owned(),
                "/board?lane=buyer".to_owned(),
                "/board?lane=shipping&search=5363&flag=note&payment=none&buyer=business&shipping=house%2Fparcel&reminded=1".to_owned(),
                "/board/reminders".to_owned(),
                "/board/stages".to_owned(),
                format!("/board/move?pick={order}"),
                format!("/board/some?id={order}"),
                format!("/board/cards?stage={}", stage_id(bench, "new")),
                format!("/orders/{made}"),
            ] {
                let (status, _, body) = page(bench, &path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(!body.contains('⟦') && !body.contains(" style=") && !body.contains(" onclick="), "{path}: {body}");
            }
            assert!(page(bench, "/board", &cookie).2.contains(wanted));
        }
        let packer = log_in(bench, "packer");
        let body = page(bench, "/board", &packer).2;
        for hidden in ["Buyer &amp; Co", "name=\"pick\"", "/board/stages", "id=\"bulk\""] {
            assert!(!body.contains(hidden), "{hidden}: {body}");
        }
        assert!(body.contains(&made));
        assert_eq!(page(bench, "/board/stages", &packer).0, StatusCode::FORBIDDEN);
        assert_eq!(page(bench, "/board?p=none", &packer).0, StatusCode::NOT_FOUND);
        assert_eq!(
            page(bench, &format!("/board/cards?stage={}&cursor=x", stage_id(bench, "new")), &packer).0,
            StatusCode::BAD_REQUEST
        );
        for path in ["/board/move", "/board/undo", "/board/stages", "/board/reminders"] {
            assert_eq!(form(bench, path, &packer, "csrf=0".to_owned()).0, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn cards_are_moved_asked_about_and_taken_back() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let csrf = csrf_at(bench, "/board", &desk);
        let (one, two) = (id(bench, "536365"), id(bench, "536370"));
        let body = |to: &str, more: &str| format!("csrf={csrf}&back=%2Fboard&to={}&{more}", stage_id(bench, to));
        let (status, headers, _) = form(bench, "/board/move", &desk, body("production", &format!("pick={one}+1")));
        assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/board"));
        assert_eq!(stage(bench, "536365"), "production");
        let (status, _, text) = sent(bench, "/board/move", &desk, body("ready", &format!("pick={one}+1")));
        assert!(status == StatusCode::CONFLICT && text.contains("Somebody moved it meanwhile"), "{text}");
        let (_, _, text) = sent(bench, "/board/move", &desk, body("packing", &format!("pick={one}")));
        assert!(text.contains("Only the benches move orders here"), "{text}");
        let (_, _, text) = sent(bench, "/board/move", &desk, body("shipped", &format!("pick={one}")));
        assert!(text.contains("Needs a label scan first") && text.contains("form class=\"ask"), "{text}");

        let (status, _, text) = sent(bench, "/board/move", &desk, body("paid", &format!("pick={two}")));
        assert!(status == StatusCode::CONFLICT && text.contains("name=\"pay-amount\""), "{text}");
        let owed = text
            .split("name=\"pay-amount\"")
            .nth(1)
            .unwrap()
            .split("value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let much = format!("pick={two}&pay-currency=GBP&pay-method=card&pay-amount=9{owed}&pay-reference=slip+7");
        let (status, _, text) = sent(bench, "/board/move", &desk, body("paid", &much));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("name=\"sure\""), "{text}");
        assert!(
            text.contains(&format!("value=\"9{owed}\"")) && text.contains("value=\"slip 7\""),
            "as it was typed: {text}"
        );
        assert!(text.contains("value=\"card\" selected"), "{text}");
        assert_eq!(bench.int("SELECT COUNT(*) FROM payments"), 0, "nothing is entered before it is meant");
        let pay = format!("pick={two}&pay-currency=GBP&pay-method=card&pay-amount={owed}&note=by+card");
        let (status, _, text) = sent(bench, "/board/move", &desk, body("paid", &pay));
        assert!(status == StatusCode::OK && text.contains("data-done=\"1\" data-all=\"1\""), "{text}");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE number = '536370' AND payment_status = 'paid'"), 1);

        let both = format!("pick={one}&pick={two}&note=late");
        let (_, _, text) = sent(bench, "/board/move", &desk, body("hold", &both));
        assert!(text.contains("data-done=\"2\" data-all=\"2\""), "{text}");
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE state = 'blocked'"), 2);
        let (_, _, text) = sent(bench, "/board/undo", &desk, format!("csrf={csrf}&pick={one}&pick={two}"));
        assert!(text.contains("data-done=\"2\""), "{text}");
        assert_eq!((stage(bench, "536365").as_str(), stage(bench, "536370").as_str()), ("production", "paid"));
        let (_, _, text) = sent(bench, "/board/undo", &desk, format!("csrf={csrf}&pick={one}&pick={two}"));
        assert!(text.contains("data-done=\"2\""), "the step before: {text}");
        let (_, _, text) = sent(bench, "/board/undo", &desk, format!("csrf={csrf}&pick={one}"));
        assert!(text.contains("data-done=\"0\""), "there is none before that: {text}");
        assert_eq!(form(bench, "/board/move", &desk, body("paid", "")).0, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn notes_are_for_who_may_see_persons_and_stay_when_others_move_the_card() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "packer", Role::Packer, "en");
        let give = |work: &mut packbench::central::store::work::Work<'_>| {
            roles::set(work, Role::Packer, Permission::OrderUpdate, true)
        };
        bench.central.store().write_blocking(Actor::Job("test"), give).unwrap();
        user(bench, "desk", Role::Office, "en");
        let (order, at) = (id(bench, "536365"), stage_id(bench, "production"));
        let desk = log_in(bench, "desk");
        let csrf = csrf_at(bench, "/orders", &desk);
        let body = format!("csrf={csrf}&due=2011-03-13T08:00&note=Ring+Ottilie");
        assert_eq!(form(bench, "/orders/536365/reminder", &desk, body).0, StatusCode::SEE_OTHER);
        let body = format!("csrf={csrf}&back=/board&pick={order}&to={at}&note=Ottilie+waits");
        assert_eq!(form(bench, "/board/move", &desk, body).0, StatusCode::SEE_OTHER);
        assert!(page(bench, &format!("/board/move?pick={order}"), &desk).2.contains("Ottilie waits"));

        let packer = log_in(bench, "packer");
        for path in ["/orders/536365".to_owned(), "/board/reminders".to_owned(), format!("/board/move?pick={order}")] {
            let (status, _, shown) = page(bench, &path, &packer);
            assert!(status == StatusCode::OK && !shown.contains("Ottilie"), "{path}: {shown}");
        }
        let csrf = csrf_at(bench, "/orders", &packer);
        let body = format!("csrf={csrf}&back=/board&pick={order}&to={at}&note=");
        form(bench, "/board/move", &packer, body);
        assert!(page(bench, &format!("/board/move?pick={order}"), &desk).2.contains("Ottilie waits"), "it is gone");
    });
}

#[test]
fn an_orders_page_has_its_stage_reminders_and_calls() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let desk = log_in(bench, "desk");
        let csrf = csrf_at(bench, "/board", &desk);
        let post = |path: &str, more: &str| form(bench, path, &desk, format!("csrf={csrf}&{more}"));
        assert_eq!(post("/orders/536365/call", "call-result=answered&call-note=Ring+again").0, StatusCode::SEE_OTHER);
        assert_eq!(post("/orders/536365/call", "call-result=nothing").0, StatusCode::FORBIDDEN);
        assert_eq!(post("/orders/none/call", "call-result=busy").0, StatusCode::NOT_FOUND);
        assert_eq!(
            post("/orders/536365/reminder", "due=2011-03-13T08:00&note=Send+the+offer").0,
            StatusCode::SEE_OTHER
        );
        assert_eq!(post("/orders/536365/reminder", "due=never").0, StatusCode::UNPROCESSABLE_ENTITY);
        let body = page(bench, "/orders/536365", &desk).2;
        for wanted in
            ["Ring again", "Send the offer", "New orders", "id=\"stage\"", "id=\"calls\"", "Called the customer"]
        {
            assert!(body.contains(wanted), "{wanted}: {body}");
        }
        bench.now.fetch_add(3_240_000, std::sync::atomic::Ordering::SeqCst);
        let board = page(bench, "/board", &desk).2;
        assert!(board.contains("1 call<") && !board.contains("1 calls") && board.contains("Reminder due"), "{board}");
        let list = page(bench, "/board/reminders", &desk).2;
        let reminder = list.split("name=\"done\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(post("/board/reminders", &format!("done={reminder}")).0, StatusCode::SEE_OTHER);
        assert!(!page(bench, "/board/reminders", &desk).2.contains("Send the offer"));
        user(bench, "packer", Role::Packer, "en");
        let packer = page(bench, "/orders/536365", &log_in(bench, "packer")).2;
        assert!(packer.contains("New orders") && !packer.contains("Ring again"), "{packer}");
    });
}

#[test]
fn an_admin_changes_stages_by_forms() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "root", Role::Admin, "es");
        let root = log_in(bench, "root");
        let csrf = csrf_at(bench, "/board", &root);
        let post = |more: &str| {
            let here = pipeline(bench, "warehouse");
            let body = format!("csrf={csrf}&p=warehouse&pipeline={}&seen={}&{more}", here.id, here.version);
            form(bench, "/board/stages", &root, body)
        };
        let shipped = stage_id(bench, "shipped");
        let save = format!(
            "do=save&stage={shipped}&name-en=Sent&name-es=Despachado&look=ok&wip=40&follows=shipped&need=parcel&remind=2&\
             subs=transit+%3D+En+camino%0Aen+aduana"
        );
        let (status, headers, body) = post(&save);
        assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/board/stages?p=warehouse");
        let stage = pipeline(bench, "warehouse").stages.into_iter().find(|stage| stage.id == shipped).unwrap();
        assert_eq!((stage.names.of("es"), stage.names.of("en"), stage.wip_limit), ("Despachado", "Sent", 40));
        assert_eq!(stage.remind_after_min, 120);
        let subs: Vec<(&str, &str)> = stage.subs.iter().map(|sub| (sub.code.as_str(), sub.names.of("es"))).collect();
        assert_eq!(subs, [("transit", "En camino"), ("en_aduana", "en aduana")]);
        assert_eq!(stage.subs[0].names.of("en"), "On the way", "what was not typed stays");
        assert_eq!(post("do=save&name-es=Nueva&look=plain").0, StatusCode::SEE_OTHER);
        assert_eq!(post("do=save&name-es=&look=plain").0, StatusCode::UNPROCESSABLE_ENTITY);
        let new = pipeline(bench, "warehouse").stages.pop().unwrap();
        assert_eq!(post(&format!("do=earlier&stage={}", new.id)).0, StatusCode::SEE_OTHER);
        assert_eq!(post(&format!("do=remove&stage={}", new.id)).0, StatusCode::SEE_OTHER);
        assert_eq!(post(&format!("do=remove&stage={}", stage_id(bench, "new"))).0, StatusCode::UNPROCESSABLE_ENTITY);
        let (status, headers, _) = post("do=install&template=sales");
        assert_eq!(
            (status, headers[header::LOCATION].to_str().unwrap()),
            (StatusCode::SEE_OTHER, "/board/stages?p=sales")
        );
        let body = page(bench, "/board?p=sales", &root).2;
        assert!(body.contains("2 En curso"), "{body}");
        let (_, _, body) = form(
            bench,
            "/board/stages",
            &root,
            format!("csrf={csrf}&p=sales&do=take&takes=b2b&seen=9&pipeline={}", pipeline(bench, "sales").id),
        );
        assert!(body.contains("role=\"alert\""), "another version: {body}");
    });
}
