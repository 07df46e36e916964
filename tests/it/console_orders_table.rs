//! The table of orders at the console, on both engines: what it shows to whom, filters and views by their addresses, what is done to
//! the chosen orders, fields that two clerks change at once, and rules.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::{csrf, to};
use crate::orders_create::{available, create, furnished, line, receive, told, typed};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::services::orders::entry::{Buyer, DeskKind, NewOrder};
use packbench::protocol::wire::Role;

fn id(bench: &Bench, number: &str) -> String {
    let (site, number) = (bench.central.store().site(), number.to_owned());
    let store = bench.central.store();
    store.read_blocking(move |tx| packbench::central::services::orders::id_of_number(tx, site, &number)).unwrap()
}

/// Numbers of the orders a page shows, in their order.
fn numbers(body: &str) -> Vec<&str> {
    body.split("data-order=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn filters_views_and_columns_stand_in_the_address_and_are_kept() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "other", Role::Office, "en");
        let (desk, other) = (log_in(bench, "desk"), log_in(bench, "other"));
        let shown = |path: &str| page(bench, path, &desk).2;
        let all = shown("/orders?tab=all&sort=total");
        assert_eq!(numbers(&all), ["536414", "536365", "536370"], "{all}");
        assert!(all.contains("Orders: 3") && all.contains("aria-sort=\"ascending\""));
        assert_eq!(numbers(&shown("/orders?tab=all&sort=-total")), ["536370", "536365", "536414"]);
        assert_eq!(numbers(&shown("/orders?tab=all&search=5363")), ["536370", "536365"]);
        assert_eq!(numbers(&shown("/orders?search=12583")), ["536370"]);
        assert_eq!(numbers(&shown("/orders?tab=all&from=2010-12-01&until=2010-12-01&buyer=guest")), ["536414"]);
        assert!(shown("/orders?tab=all&status=cancelled").contains("Nothing fits this search"));
        assert_eq!(page(bench, "/orders?cursor=nonsense", &desk).0, StatusCode::BAD_REQUEST);

        let csrf_of = csrf(bench, &desk);
        let save = |name: &str, shared: &str| {
            let body = format!("csrf={csrf_of}&name={name}&shared={shared}&query=tab%3Dall%26sort%3D-total%26evil%3D1");
            form(bench, "/orders/views", &desk, body)
        };
        let (status, headers, _) = save("Dear+ones", "1");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/orders?tab=all&sort=-total"));
        assert_eq!(save("", "").0, StatusCode::UNPROCESSABLE_ENTITY);
        let of_other = page(bench, "/orders", &other).2;
        assert!(of_other.contains("Dear ones") && !of_other.contains("/remove"), "shared, and its owner's to remove");
        assert!(shown("/orders?tab=all&sort=-total").contains("/remove"));

        let set = "on-order=1&at-order=2&on-total=1&at-total=1&px-total=140&px-order=9999&query=tab%3Dall";
        let (status, headers, _) = form(bench, "/orders/columns", &desk, format!("csrf={csrf_of}&{set}"));
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/orders?tab=all"));
        let narrow = shown("/orders?tab=all");
        let head = |body: &str| body.split("<thead>").nth(1).unwrap().split("</thead>").next().unwrap().to_owned();
        assert!(narrow.contains("<col data-column=\"total\" width=\"140\">"), "{narrow}");
        assert!(!head(&narrow).contains("Customer") && head(&page(bench, "/orders", &other).2).contains("Customer"));
        let reset = form(bench, "/orders/columns", &desk, format!("csrf={csrf_of}&reset=1"));
        assert_eq!(reset.0, StatusCode::SEE_OTHER);
        assert!(head(&shown("/orders")).contains("Customer"));
        for path in ["/orders/views", "/orders/columns", "/orders/act", "/orders/rules"] {
            assert_eq!(form(bench, path, &desk, "csrf=0".to_owned()).0, StatusCode::FORBIDDEN, "{path}");
        }
    });
}

#[test]
fn a_row_shows_everything_to_who_may_and_no_person_to_who_may_not() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "packer", Role::Packer, "en");
        let made = create(bench, &typed(DeskKind::B2b, vec![line("22728", 2)])).unwrap().number;
        for locale in ["en", "es", "ms", "ru"] {
            user(bench, locale, Role::Admin, locale);
            let cookie = log_in(bench, locale);
            let cols = "order,placed,customer,status,payment,fulfillment,total,shipping,expected,ship-by,priority,alerts,items,station,note,actions";
            let flags = "flag=note&from=2011-01-01&status=placed&payment=none&fulfillment=unfulfilled&buyer=business&shipping=house%2Fparcel";
            for path in [
                format!("/orders?tab=all&cols={cols}"),
                format!("/orders?{flags}"),
                format!("/orders/rows?id={}&cols={cols}", id(bench, &made)),
                "/orders/rules".to_owned(),
            ] {
                let (status, _, body) = page(bench, &path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}");
                assert!(
                    !body.contains('⟦') && !body.contains(" style=") && !body.contains(" onclick="),
                    "{path}: {body}"
                );
                assert!(path.ends_with("rules") || body.contains(&made), "{path}: {body}");
            }
        }
        let cookie = log_in(bench, "en");
        let body = page(bench, "/orders?tab=all", &cookie).2;
        for wanted in
            ["Buyer &amp; Co", "buyer@example.com", "Ring twice", "Look: new customer", "GMT", "14\u{a0}Mar 16:30"]
        {
            assert!(body.contains(wanted), "{wanted}: {body}");
        }
        let packer = page(bench, "/orders?tab=all", &log_in(bench, "packer")).2;
        for hidden in ["Buyer &amp; Co", "buyer@example.com", "Ring twice", "value=\"hold\"", "/field\"", "slips"] {
            assert!(!packer.contains(hidden), "{hidden}: {packer}");
        }
        assert!(packer.contains("Note") && packer.contains(&made));
    });
}

#[test]
fn chosen_orders_are_held_let_go_put_first_and_each_has_its_answer() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        user(bench, "packer", Role::Packer, "en");
        let (lead, packer) = (log_in(bench, "lead"), log_in(bench, "packer"));
        let (token, ids) = (csrf(bench, &lead), ["536365", "536370"].map(|number| id(bench, number)));
        let act = |what: &str, more: &str| {
            form(bench, "/orders/act", &lead, format!("csrf={token}&back=%2Forders%3Ftab%3Dall&{what}{more}"))
        };
        let picks = format!("&pick={}&pick={}", ids[0], ids[1]);
        let (status, _, told_held) = act("do=hold", &picks);
        assert_eq!(status, StatusCode::OK);
        assert!(
            told_held.contains("2 of 2 done") && told_held.contains("Undo") && told_held.contains("/orders?tab=all")
        );
        let work = |bench: &Bench| told(bench).1.len();
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM fulfillments WHERE hold_reason = 'office_kept' AND state = 'blocked'"),
            2
        );
        let held = page(bench, "/orders?flag=held", &lead).2;
        assert_eq!(numbers(&held).len(), 2);
        let mut post = bench.pair("bench");
        assert_eq!(post.leases(bench, 10).granted.len(), work(bench) - 2, "nobody gets what is held");

        let again = act("do=hold", &picks).2;
        assert!(again.contains("0 of 2 done") && !again.contains("Undo"), "{again}");
        let one = act(&format!("one=let_go+{}", ids[0]), "&pick=other");
        assert!(one.2.contains("1 of 1 done"), "{}", one.2);
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE hold_reason = 'office_kept'"), 1);
        let mixed = act("do=let_go", &format!("{picks}&pick=nonsense")).2;
        assert!(mixed.contains("1 of 3 done"), "{mixed}");

        assert!(act("do=first", &picks).2.contains("2 of 2 done"));
        assert_eq!(numbers(&page(bench, "/orders?sort=priority,placed", &lead).2), ["536365", "536370", "536414"]);
        assert!(act("do=in_turn", &picks).2.contains("2 of 2 done"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE expedited_by IS NOT NULL"), 0);
        let assign = format!("do=assign&station={}", post.who.station_id);
        assert!(act(&assign, &picks).2.contains("2 of 2 done"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillments WHERE lease_assigned = 1"), 2);

        let asked = act("do=call_off", &picks).2;
        assert!(asked.contains("cannot be taken back") && asked.contains("536365"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE status = 'cancelled'"), 0, "asked once more first");
        assert!(act("do=call_off&sure=1", &picks).2.contains("2 of 2 done"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE status = 'cancelled'"), 2);

        let none = act("do=hold", "");
        assert_eq!(none.0, StatusCode::UNPROCESSABLE_ENTITY);
        let forbidden = form(bench, "/orders/act", &packer, format!("csrf={}&do=hold{picks}", csrf(bench, &packer)));
        assert_eq!(forbidden.0, StatusCode::FORBIDDEN);
        let request = Request::post("/orders/act")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &lead)
            .body(Body::from(format!("csrf={token}&do=slips{picks}")))
            .unwrap();
        let (status, headers, bytes) = bench.send(request);
        assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &"application/pdf".parse().unwrap()));
        assert!(bytes.starts_with(b"%PDF") && bytes.len() > 5_000);
    });
}

#[test]
fn two_clerks_change_one_field_and_the_slower_one_chooses() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "lead", Role::Lead, "en");
        let (desk, lead) = (log_in(bench, "desk"), log_in(bench, "lead"));
        let set = |cookie: &str, field: &str, seen: &str, value: &str| {
            let body = format!("csrf={}&back=%2Forders&field={field}&seen={seen}&value={value}", csrf(bench, cookie));
            form(bench, "/orders/536365/field", cookie, body)
        };
        let (status, headers, _) = set(&desk, "office_note", "", "Called+twice");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/orders"));
        let (status, _, body) = set(&lead, "office_note", "", "Wants+a+receipt");
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(
            body.contains("Called twice") && body.contains("Wants a receipt") && body.contains("office note"),
            "{body}"
        );
        assert_eq!(bench.text("SELECT office_note FROM orders WHERE number = '536365'"), "Called twice");
        assert_eq!(set(&lead, "office_note", "Called+twice", "Wants+a+receipt").0, StatusCode::SEE_OTHER);
        assert_eq!(bench.text("SELECT office_note FROM orders WHERE number = '536365'"), "Wants a receipt");

        assert_eq!(set(&desk, "ship_by", "", "2011-03-15T12:30").0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT ship_by_ms FROM orders WHERE number = '536365'"), 1_300_192_200_000);
        assert_eq!(
            bench.int(
                "SELECT sort_due_ms FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE number = '536365'"
            ),
            1_300_192_200_000
        );
        assert_eq!(set(&desk, "ship_by", "1300192200000", "soon").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(set(&desk, "shipping", "house%2Fparcel", "house%2Frocket").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(set(&desk, "total", "", "1").0, StatusCode::FORBIDDEN, "no such field");
    });
}

#[test]
fn rules_are_data_and_an_admin_sets_them() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        user(bench, "desk", Role::Office, "en");
        let (admin, desk) = (log_in(bench, "admin"), log_in(bench, "desk"));
        assert_eq!(page(bench, "/orders/rules", &desk).0, StatusCode::FORBIDDEN);
        let set = |body: &str| form(bench, "/orders/rules", &admin, format!("csrf={}&{body}", csrf(bench, &admin)));
        assert!(!page(bench, "/orders", &desk).2.contains("Country not served"));
        assert_eq!(set("kind=restricted_country&active=1&words=fr+ie").0, StatusCode::SEE_OTHER);
        let body = page(bench, "/orders", &desk).2;
        assert_eq!(body.matches("Country not served").count(), 1, "the order to France: {body}");
        assert_eq!(set("kind=restricted_country&active=1&words=France").0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page(bench, "/orders/rules", &admin).2.contains("FR IE"));
        let (status, _, said) = set("kind=review_country&active=1&words=fr+xx");
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("value=\"fr xx\""),
            "what was typed stays: {said}"
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'order_rule.set'"), 1);
        assert_eq!(set("kind=high_value&active=1&amount=1000.50").0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT amount FROM order_rules WHERE kind = 'high_value'"), 100_050);
        let shown = page(bench, "/orders/rules", &admin).2;
        assert!(shown.contains("From this total on, in GBP") && shown.contains("value=\"1000.50\""), "{shown}");
        let (status, _, said) = set("kind=high_value&active=1&amount=much");
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("value=\"much\""), "{said}");
    });
}

#[test]
fn the_page_of_an_order_has_the_offices_card_and_warns_of_a_twin() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let first = create(bench, &typed(DeskKind::B2b, vec![line("22728", 2)])).unwrap().number;
        let alone = page(bench, &format!("/orders/{first}"), &cookie).2;
        assert!(!alone.contains("same total") && alone.contains("Look: new customer"), "{alone}");
        let customer = bench.text("SELECT customer FROM orders WHERE number = 'M000001'");
        let mut twin = typed(DeskKind::B2b, vec![line("22728", 2)]);
        twin.buyer = Buyer::Known(customer);
        let second = create(bench, &twin).unwrap().number;
        let shown = page(bench, &format!("/orders/{first}"), &cookie).2;
        assert!(shown.contains("same total") && shown.contains(&format!("href=\"/orders/{second}\"")), "{shown}");
        assert_eq!(page(bench, "/orders", &cookie).2.matches("Sent twice?").count(), 2);

        let back = format!("%2Forders%2F{first}");
        let token = csrf(bench, &cookie);
        let body = format!("csrf={token}&back={back}&one=hold+{}", id(bench, &first));
        let (status, _, answer) = form(bench, "/orders/act", &cookie, body);
        assert!(status == StatusCode::OK && answer.contains(&format!("href=\"/orders/{first}\"")), "{answer}");
        let body = format!("csrf={token}&back={back}&field=office_note&seen=&value=Asked+for+a+call");
        let (status, headers, _) = form(bench, &format!("/orders/{first}/field"), &cookie, body);
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, format!("/orders/{first}").as_str()));
        let shown = page(bench, &format!("/orders/{first}"), &cookie).2;
        assert!(shown.contains("Held by the office") && shown.contains("Asked for a call"), "{shown}");
        assert!(shown.contains("When let go"), "{shown}");
        // The timeline is cut to what one looks for.
        let only = |show: &str| page(bench, &format!("/orders/{first}?show={show}"), &cookie).2;
        let timeline = |body: &str| body.split("<ol class=\"timeline\"").nth(1).unwrap().to_owned();
        assert!(timeline(&only("people")).contains("Held by the office"));
        assert!(!timeline(&only("scans")).contains("Held by the office"));
        assert!(timeline(&only("nonsense")).contains("Held by the office"), "what is no word shows all");
    });
}

#[test]
fn what_is_held_keeps_its_promise_and_goes_back_as_it_was() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "lead", Role::Lead, "en");
        let lead = log_in(bench, "lead");
        let token = csrf(bench, &lead);
        let act = |what: &str, number: &str| {
            let body = format!("csrf={token}&do={what}&pick={}", id(bench, number));
            let told = form(bench, "/orders/act", &lead, body).2;
            assert!(told.contains("1 of 1 done"), "{told}");
        };
        let state = |number: &str| {
            let id = id(bench, number);
            let sql = "SELECT state || ' ' || COALESCE(hold_reason, '-') FROM fulfillments WHERE order_id = $1";
            let store = bench.central.store();
            store.read_blocking(move |tx| Ok(tx.one(sql, packbench::vals![&id])?.unwrap().at::<String>(0)?)).unwrap()
        };
        let free = available(bench, "85123A");
        act("hold", "536365");
        assert_eq!(state("536365"), "blocked office_kept");
        assert_eq!(numbers(&page(bench, "/orders?flag=held", &lead).2), ["536365"]);
        assert_eq!(available(bench, "85123A"), free, "nobody else is promised its units");
        // All that is free is sold to another, who may be held as well; nothing of it makes the first one wait.
        let all = |backorder: bool| NewOrder { backorder, ..typed(DeskKind::B2b, vec![line("85123A", free)]) };
        create(bench, &all(false)).unwrap();
        let waits = create(bench, &all(true)).unwrap();
        act("let_go", "536365");
        assert_eq!(state("536365"), "released -", "as it was");
        assert_eq!(state(&waits.number), "blocked backorder");
        // One that waited for stock is promised nothing while it is held, and waits again unless stock came.
        act("hold", &waits.number);
        assert_eq!((state(&waits.number).as_str(), available(bench, "85123A")), ("blocked office", 0));
        receive(bench, "85123A", free);
        assert_eq!(available(bench, "85123A"), free, "it stays held");
        act("let_go", &waits.number);
        assert_eq!((state(&waits.number).as_str(), available(bench, "85123A")), ("released -", 0));
        act("hold", &waits.number);
        act("call_off&sure=1", "536365");
        assert_eq!(state(&waits.number), "blocked office_kept");
    });
}
