//! Mail goes out through a real mail server, on both engines: once, in the customer's language, as text and as HTML; refused now and
//! refused for good; a server that hangs, is away and comes back; TLS and the login; and a sender that died with a message in hand.

use crate::api_kit::serving;
use crate::mail_kit::{
    Counterpart, DEADLINE, MINUTE_MS, certificates, house, mails, order, pass, refusal, server, states, until,
};
use crate::schema_kit::for_each_engine;
use packbench::central::actor::Actor;
use packbench::central::services::messages::{self, House};
use packbench::central::{Encryption, MailServer};
use packbench::i18n::{Catalogue, Lang};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// A header of a message.
fn header<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name}: {text}"))
}

#[test]
fn a_confirmation_waits_and_then_comes_once_as_text_and_html() {
    for_each_engine(|site| {
        let counterpart = Counterpart::start(0, &[]);
        let bench = house(site, server(counterpart.port, Encryption::None));
        serving(&bench, |_| {
            let order = order(&bench);
            pass(&bench, 2 * MINUTE_MS - 1);
            assert_eq!(states(&bench, &order), [("confirmed".to_owned(), "queued".to_owned())]);
            counterpart.nothing();
            pass(&bench, 1);
            let came = counterpart.next();
            assert_eq!((&came["from"], &came["to"]), (&json!("orders@shop.example"), &json!(["buyer@example.com"])));
            let text = came["text"].as_str().unwrap();
            assert_eq!(header(text, "Subject"), format!("Your order {} at Packbench", order.number));
            assert!(header(text, "From").contains("Example Shop"));
            assert_eq!(header(text, "Auto-Submitted"), "auto-generated");
            assert!(header(text, "Content-Type").starts_with("multipart/alternative"), "{text}");
            assert!(text.contains("text/plain") && text.contains("text/html"));
            assert!(text.contains("Hello A. Buyer,") && text.contains("2 =C3=97 WHITE HANGING HEART"), "{text}");
            let sent = until(&bench, &order, |row| row.state == "sent");
            assert_eq!((sent.tries, sent.fault.as_str(), sent.recipient.as_str()), (1, "", "buyer@example.com"));
            assert!(sent.body.contains("https://packbench.example/track/"), "{}", sent.body);
            pass(&bench, 60 * MINUTE_MS);
            counterpart.nothing();
        });
        let noted = "SELECT COUNT(*) FROM audit WHERE kind = 'message.sent' AND actor_kind = 'job' AND actor = 'mail'";
        assert_eq!(bench.int(noted), 1);
    });
}

#[test]
fn what_is_refused_for_good_is_not_tried_again_and_what_is_put_off_is() {
    for_each_engine(|site| {
        let mut counterpart = Counterpart::start(0, &[]);
        let bench = house(site, server(counterpart.port, Encryption::None));
        serving(&bench, |_| {
            counterpart.plan(&refusal("rcpt", "550 5.1.1 <buyer@example.com> is not known here"));
            let first = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            let refused = until(&bench, &first, |row| row.state == "given_up");
            assert_eq!((refused.tries, refused.fault.as_str()), (1, "refused"));
            counterpart.plan(&refusal("data", "451 4.3.0 come again"));
            let second = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            let put_off = until(&bench, &second, |row| row.state == "failed");
            assert_eq!((put_off.tries, put_off.fault.as_str()), (1, "later"));
            assert_eq!(put_off.next_ms, put_off.updated_ms + messages::RETRIES_MS[0]);
            pass(&bench, messages::RETRIES_MS[0]);
            until(&bench, &second, |row| row.state == "sent" && row.tries == 2);
            assert_eq!(counterpart.next()["to"], json!(["buyer@example.com"]));
            counterpart.nothing();
            let site = bench.central.store().site();
            let (id, store) = (refused.id.clone(), bench.central.store());
            let (_, tries) = store.read_blocking(move |tx| messages::one(tx, site, &id)).unwrap();
            assert_eq!((tries.len(), tries[0].status), (1, Some(550)));
            assert!(tries[0].answer.contains("is not known here"), "{tries:?}");
            let (id, order) = (refused.id.clone(), first.id.clone());
            let mend = move |work: &mut packbench::central::store::work::Work<'_>| {
                let sql = "UPDATE orders SET ship_to = REPLACE(ship_to, 'buyer@', 'right@') WHERE id = $1";
                work.exec(sql, packbench::vals![&order])?;
                messages::again(work, &id)
            };
            bench.central.store().write_blocking(Actor::Job("test"), mend).unwrap();
            pass(&bench, 0);
            assert_eq!(counterpart.next()["to"], json!(["right@example.com"]), "it goes where the order says now");
        });
    });
}

#[test]
fn what_nobody_takes_is_tried_for_two_days_and_then_given_up() {
    for_each_engine(|site| {
        let mut counterpart = Counterpart::start(0, &[]);
        let bench = house(site, server(counterpart.port, Encryption::None));
        serving(&bench, |_| {
            let order = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            counterpart.next();
            until(&bench, &order, |row| row.state == "sent");
            let site = bench.central.store().site();
            let again = mails(&bench, &order)[0].id.clone();
            let set = move |work: &mut packbench::central::store::work::Work<'_>| {
                work.exec("UPDATE messages SET state = 'taken_back' WHERE id = $1", packbench::vals![&again])?;
                messages::again(work, &again)
            };
            for _ in 0..=messages::RETRIES_MS.len() {
                counterpart.plan(&refusal("data", "451 4.3.0 come again"));
            }
            bench.central.store().write_blocking(Actor::Job("test"), set).unwrap();
            pass(&bench, 0);
            for (no, wait) in (1..).zip(messages::RETRIES_MS) {
                let failed = until(&bench, &order, |row| row.state == "failed" && row.tries == no);
                assert_eq!(failed.next_ms - failed.updated_ms, *wait);
                assert!(*wait <= 24 * 60 * MINUTE_MS, "the waits grow up to a day");
                pass(&bench, *wait);
            }
            let last = until(&bench, &order, |row| row.state == "given_up");
            assert_eq!(last.tries, 1 + i64::try_from(messages::RETRIES_MS.len()).unwrap());
            let trouble = bench.central.store().read_blocking(move |tx| messages::trouble(tx, site)).unwrap();
            assert_eq!(trouble, None, "the mail server answered: nothing is wrong with it");
        });
    });
}

#[test]
fn a_server_that_hangs_and_goes_is_seen_and_all_goes_out_when_it_is_back() {
    for_each_engine(|site| {
        let mut counterpart = Counterpart::start(0, &[]);
        let port = counterpart.port;
        let bench = house(site, server(port, Encryption::None));
        let site = bench.central.store().site();
        let trouble = || bench.central.store().read_blocking(move |tx| messages::trouble(tx, site)).unwrap();
        serving(&bench, |_| {
            counterpart.plan(&json!({ "hang": true }));
            let first = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            assert_eq!(counterpart.next(), json!({ "hangs": true }));
            let began = Instant::now();
            let hung = until(&bench, &first, |row| row.state == "failed");
            assert_eq!(hung.fault, "timeout");
            assert!(began.elapsed() < DEADLINE, "a server that hangs holds up nobody for long");
            drop(counterpart);
            let second = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            until(&bench, &second, |row| row.state == "failed" && row.fault == "connect");
            until(&bench, &first, |row| row.state == "failed" && row.fault == "connect");
            let seen = trouble().expect("trouble is seen");
            assert_eq!((seen.fault.as_str(), seen.waiting), ("connect", 2));

            let counterpart = Counterpart::start(port, &[]);
            // The second is due first; what the server takes makes the first due at once.
            pass(&bench, messages::RETRIES_MS[0]);
            until(&bench, &second, |row| row.state == "sent");
            until(&bench, &first, |row| row.state == "sent");
            assert_eq!(trouble(), None);
            let ids: Vec<String> = [counterpart.next(), counterpart.next()]
                .iter()
                .map(|came| header(came["text"].as_str().unwrap(), "Message-ID").to_owned())
                .collect();
            assert_ne!(ids[0], ids[1]);
            counterpart.nothing();
        });
    });
}

#[test]
fn tls_is_asked_for_and_checked_and_carries_the_login() {
    let folder = certificates();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let authorities = std::fs::read(file("ca.crt")).unwrap();
    let (certificate, key) = (file("server.crt"), file("server.key"));
    let login = |password: &str| Some(("shop".to_owned(), password.to_owned()));
    for_each_engine(|site| {
        for (mode, encryption) in [("starttls", Encryption::StartTls), ("tls", Encryption::Tls)] {
            let counterpart = Counterpart::start(0, &[mode, &certificate, &key, "shop:open sesame"]);
            let right = MailServer {
                login: login("open sesame"),
                authorities: authorities.clone(),
                ..server(counterpart.port, encryption)
            };
            let faulty = [
                (MailServer { login: login("wrong"), ..right.clone() }, "login"),
                (MailServer { authorities: Vec::new(), ..right.clone() }, "tls"),
            ];
            for (wrong, fault) in faulty {
                let bench = house(site, wrong);
                serving(&bench, |_| {
                    let order = order(&bench);
                    pass(&bench, 2 * MINUTE_MS);
                    let failed = until(&bench, &order, |row| row.state == "failed");
                    assert_eq!(failed.fault, fault, "{mode}");
                });
                let forget = |work: &mut packbench::central::store::work::Work<'_>| {
                    work.exec("UPDATE messages SET state = 'taken_back'", &[])
                };
                bench.central.store().write_blocking(Actor::Job("test"), forget).unwrap();
            }
            let bench = house(site, right);
            serving(&bench, |_| {
                let order = order(&bench);
                pass(&bench, 2 * MINUTE_MS);
                until(&bench, &order, |row| row.state == "sent");
                let came = counterpart.next();
                assert_eq!((&came["tls"], &came["login"]), (&json!(true), &json!("shop")), "{mode}");
            });
        }
        let plain = Counterpart::start(0, &[]);
        let bench = house(site, server(plain.port, Encryption::StartTls));
        serving(&bench, |_| {
            let order = order(&bench);
            pass(&bench, 2 * MINUTE_MS);
            assert_eq!(until(&bench, &order, |row| row.state == "failed").fault, "tls", "no way down to plain text");
            plain.nothing();
        });
    });
}

#[test]
fn a_message_whose_sender_died_goes_out_again_under_its_own_name() {
    for_each_engine(|site| {
        let counterpart = Counterpart::start(0, &[]);
        let bench = house(site, server(counterpart.port, Encryption::None));
        let order = order(&bench);
        pass(&bench, 2 * MINUTE_MS);
        let store = bench.central.store();
        let (site, now_ms) = (store.site(), store.now().0);
        let house =
            House { words: Arc::new(vec![Catalogue::new(Lang::En)]), url: Arc::from("https://packbench.example") };
        let claim = move |tx: &mut dyn packbench::sql::Conn| messages::due(tx, site, &house, "shop.example", now_ms);
        let claimed = store.db().write_blocking(claim).unwrap().expect("it is due");
        assert_eq!(states(&bench, &order)[0].1, "sending");
        serving(&bench, |_| {
            pass(&bench, MINUTE_MS);
            assert_eq!(states(&bench, &order)[0].1, "sending", "nobody else takes what is being sent");
            counterpart.nothing();
            pass(&bench, 5 * MINUTE_MS);
            until(&bench, &order, |row| row.state == "sent");
            let came = counterpart.next();
            assert_eq!(header(came["text"].as_str().unwrap(), "Message-ID"), claimed.message_id);
        });
    });
}
