//! Mail at the console, on both engines: the list and what can be done with a message, the card on an order's page, writing with a
//! preview, templates and a test to oneself, rules, and who may do what.

use crate::api_kit::serving;
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::on_each_engine;
use crate::console_kit::{csrf, to};
use crate::mail_kit::{Counterpart, MINUTE_MS, house, mails, order, pass, refusal, server, states, until};
use crate::orders_create::{create, furnished, line, typed};
use crate::schema_kit::for_each_engine;
use axum::http::StatusCode;
use packbench::central::Encryption;
use packbench::central::services::orders::entry::DeskKind;
use packbench::protocol::wire::Role;

/// What is typed into a field.
fn typed_in(page: &str, name: &str) -> String {
    let from = page.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    if page.contains(&format!("<textarea name=\"{name}\"")) {
        from.split_once('>').unwrap().1.split("</textarea>").next().unwrap().to_owned()
    } else {
        from.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }
}

#[test]
fn messages_are_listed_taken_back_hurried_and_tried_again() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let (made, desk) = (order(bench), log_in(bench, "desk"));
        let csrf = csrf(bench, &desk);
        let id = mails(bench, &made)[0].id.clone();
        let list = page(bench, "/messages", &desk).2;
        assert!(
            list.contains(&id) && list.contains("Order confirmation") && list.contains("buyer@example.com"),
            "{list}"
        );
        assert!(list.contains("No mail server is set up"), "{list}");
        assert!(page(bench, "/messages?show=sent", &desk).2.contains("No message here"));
        assert_eq!(page(bench, "/messages?cursor=nonsense", &desk).0, StatusCode::BAD_REQUEST);
        let one = page(bench, &format!("/messages/{id}"), &desk).2;
        assert!(one.contains("The text is written when it is sent"), "{one}");
        assert_eq!(page(bench, "/messages/nonsense", &desk).0, StatusCode::NOT_FOUND);

        let act = |act: &str, back: &str| {
            form(bench, &format!("/messages/{id}/{act}"), &desk, format!("csrf={csrf}&back={back}"))
        };
        let (status, headers, _) = act("back", "%2Forders%2FM000001");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/orders/M000001"));
        assert_eq!(states(bench, &made)[0].1, "taken_back");
        assert_eq!(act("back", "").0, StatusCode::CONFLICT);
        let (status, headers, _) = act("again", "%2F%2Fevil.example");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/messages"), "back leads nowhere else");
        assert_eq!(states(bench, &made)[0].1, "queued");
        assert_eq!(act("nonsense", "").0, StatusCode::NOT_FOUND);
        assert_eq!(form(bench, &format!("/messages/{id}/back"), &desk, "csrf=0".to_owned()).0, StatusCode::FORBIDDEN);
        assert_eq!(form(bench, "/messages/again", &desk, format!("csrf={csrf}")).0, StatusCode::SEE_OTHER);
        let shown = page(bench, "/orders/M000001", &desk).2;
        assert!(shown.contains("Mail taken back: Order confirmation"), "the timeline tells it: {shown}");
    });
}

#[test]
fn who_may_not_see_people_reads_no_address_and_a_packer_nothing() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        user(bench, "packer", Role::Packer, "en");
        user(bench, "admin", Role::Admin, "en");
        let made = order(bench);
        let id = mails(bench, &made)[0].id.clone();
        let (desk, admin, packer) = (log_in(bench, "desk"), log_in(bench, "admin"), log_in(bench, "packer"));
        let take = format!("csrf={}&role=office&permission=person.view&allowed=0", csrf(bench, &admin));
        let set = form(bench, "/roles", &admin, take);
        assert!(set.0.is_redirection() || set.0.is_success(), "{}", set.2);
        for path in ["/messages".to_owned(), format!("/messages/{id}"), "/orders/M000001".to_owned()] {
            let shown = page(bench, &path, &desk).2;
            assert!(shown.contains("Order confirmation") && !shown.contains("buyer@example.com"), "{path}: {shown}");
        }
        assert_eq!(page(bench, "/orders/M000001/message", &desk).0, StatusCode::FORBIDDEN);
        for path in ["/messages", "/messages/settings", "/messages/templates", "/webhooks"] {
            assert_eq!(page(bench, path, &packer).0, StatusCode::FORBIDDEN, "{path}");
        }
        for path in ["/messages/settings", "/messages/templates", "/messages/templates/confirmed/en", "/webhooks"] {
            assert_eq!(page(bench, path, &desk).0, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(page(bench, path, &admin).0, StatusCode::OK, "{path}");
        }
        let packers = page(bench, "/orders/M000001", &packer).2;
        assert!(!packers.contains("Order confirmation") && !packers.contains("/track/"), "{packers}");
    });
}

#[test]
fn a_clerk_writes_with_a_template_a_preview_and_own_words() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let (made, desk) = (order(bench), log_in(bench, "desk"));
        let csrf = csrf(bench, &desk);
        let at = "/orders/M000001/message";
        let shown = page(bench, &format!("{at}?kind=payment_reminder&language=es"), &desk).2;
        assert_eq!(typed_in(&shown, "subject"), "Su pedido M000001 espera el pago");
        assert!(typed_in(&shown, "body").contains("quedan por pagar"), "{shown}");
        let send = |go: &str, subject: &str, body: &str| {
            form(bench, at, &desk, format!("csrf={csrf}&kind=free&language=en&subject={subject}&body={body}&go={go}"))
        };
        let (status, _, shown) = send("preview", "About+it", "See+https%3A%2F%2Fx.example%2Fa%0D%0A%0D%0A%3Cb%3Ebold");
        assert_eq!(status, StatusCode::OK);
        assert!(
            shown.contains("<a href=\"https://x.example/a\" rel=\"noreferrer\">") && shown.contains("&lt;b&gt;bold"),
            "{shown}"
        );
        assert_eq!(states(bench, &made).len(), 1, "a preview sends nothing");
        let (status, _, shown) = send("send", "", "text");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.contains("The subject must be one line") && typed_in(&shown, "body") == "text", "{shown}");
        let (status, headers, _) = send("send", "About+it", "text");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/orders/M000001"));
        assert_eq!(states(bench, &made)[0], ("free".to_owned(), "queued".to_owned()));
        assert!(page(bench, "/orders/M000001", &desk).2.contains("Mail written: Own words"));
        let language = form(bench, "/orders/M000001/language", &desk, format!("csrf={csrf}&language=ru"));
        assert_eq!(language.0, StatusCode::SEE_OTHER);
        assert!(typed_in(&page(bench, at, &desk).2, "subject").contains("О вашем заказе"));

        let mut nameless = typed(DeskKind::B2b, vec![line("71053", 1)]);
        nameless.ship_to.email = None;
        let silent = create(bench, &nameless).unwrap();
        let shown = page(bench, &format!("/orders/{}", silent.number), &desk).2;
        assert!(shown.contains("no usable mail address"), "{shown}");
        let (status, _, shown) = form(
            bench,
            &format!("/orders/{}/message", silent.number),
            &desk,
            format!("csrf={csrf}&kind=free&language=en&subject=a&body=b&go=send"),
        );
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{shown}");
    });
}

#[test]
fn an_admin_changes_templates_and_rules_and_sends_a_test_to_oneself() {
    for_each_engine(|site| {
        let counterpart = Counterpart::start(0, &[]);
        let bench = house(site, server(counterpart.port, Encryption::None));
        user(&bench, "admin", Role::Admin, "en");
        let admin = log_in(&bench, "admin");
        let csrf = csrf(&bench, &admin);
        let at = "/messages/templates/confirmed/en";
        let shown = page(&bench, at, &admin).2;
        assert!(typed_in(&shown, "body").contains("{items}") && shown.contains("2 × Storage jar, large"), "{shown}");
        let send = |fields: &str| form(&bench, at, &admin, format!("csrf={csrf}&{fields}"));
        let (status, _, shown) = send("seen=0&subject=Thanks+%7Border%7D&body=%7Bnome%7D&go=preview");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.contains("is not one of the names below"), "{shown}");
        let (status, headers, _) = send("seen=0&subject=Thanks+%7Border%7D&body=Dear+%7Bname%7D&go=save");
        assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, at));
        let (status, _, shown) = send("seen=0&subject=Mine&body=Mine&go=save");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.contains("name=\"seen\" value=\"1\"") && typed_in(&shown, "subject") == "Mine", "{shown}");
        assert!(page(&bench, "/messages/templates", &admin).2.contains("v1"));
        let rule = |fields: &str| form(&bench, "/messages/settings", &admin, format!("csrf={csrf}&{fields}")).0;
        assert_eq!(rule("kind=confirmed&minutes=0&active=1"), StatusCode::SEE_OTHER);
        assert_eq!(rule("kind=confirmed&minutes=1441"), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(rule("kind=nonsense&minutes=1"), StatusCode::FORBIDDEN);
        let link =
            |url: &str| form(&bench, "/messages/links", &admin, format!("csrf={csrf}&carrier=house&url={url}")).0;
        assert_eq!(link("https%3A%2F%2Fcarrier.example%2F%7Bnumber%7D"), StatusCode::SEE_OTHER);
        assert_eq!(link("http%3A%2F%2Fcarrier.example"), StatusCode::UNPROCESSABLE_ENTITY);
        let shown = page(&bench, "/messages/settings", &admin).2;
        assert!(
            shown.contains("https://carrier.example/{number}") && shown.contains("Mail goes out through 127.0.0.1")
        );
        assert_eq!(page(&bench, "/messages/templates/nonsense/en", &admin).0, StatusCode::NOT_FOUND);
        serving(&bench, |_| {
            let (status, headers, _) =
                send("seen=1&subject=Thanks+%7Border%7D&body=Dear+%7Bname%7D&to=me%40shop.example&go=test");
            assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, "/messages"));
            pass(&bench, 0);
            let came = counterpart.next();
            assert_eq!(came["to"], serde_json::json!(["me@shop.example"]));
            assert!(came["text"].as_str().unwrap().contains("Subject: Thanks M000123"), "{came}");
            assert_eq!(send("seen=1&subject=a&body=b&to=nobody&go=test").0, StatusCode::UNPROCESSABLE_ENTITY);
            let (status, headers, _) = send("seen=1&subject=a&body=b&go=reset");
            assert_eq!((status, to(&headers)), (StatusCode::SEE_OTHER, at));
            assert!(typed_in(&page(&bench, at, &admin).2, "body").contains("{items}"));
        });
    });
}

#[test]
fn a_mail_server_in_trouble_is_seen_and_all_can_be_tried_at_once() {
    for_each_engine(|site| {
        let mut counterpart = Counterpart::start(0, &[]);
        let port = counterpart.port;
        let bench = house(site, server(port, Encryption::None));
        user(&bench, "desk", Role::Office, "en");
        let desk = log_in(&bench, "desk");
        let csrf = csrf(&bench, &desk);
        serving(&bench, |_| {
            counterpart.plan(&refusal("data", "451 later"));
            let made = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            until(&bench, &made, |row| row.state == "failed");
            assert!(
                !page(&bench, "/messages", &desk).2.contains("mail-trouble"),
                "it answers: nothing is wrong with it"
            );
            drop(counterpart);
            let other = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            until(&bench, &other, |row| row.fault == "connect");
            let shown = page(&bench, "/messages", &desk).2;
            assert!(shown.contains("mail-trouble") && shown.contains("The mail server cannot be reached"), "{shown}");
            let _back = Counterpart::start(port, &[]);
            assert_eq!(form(&bench, "/messages/again", &desk, format!("csrf={csrf}")).0, StatusCode::SEE_OTHER);
            until(&bench, &other, |row| row.state == "sent");
            until(&bench, &made, |row| row.state == "sent");
            assert!(!page(&bench, "/messages", &desk).2.contains("mail-trouble"));
        });
    });
}
