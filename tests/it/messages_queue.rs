//! What is queued and what is not, on both engines: orders made here and orders from before, a click taken back, what is packed and
//! unpacked and called off, languages, templates and their versions, and how long texts are kept.

use crate::central_kit::Bench;
use crate::console_order_files::two;
use crate::mail_kit::{Bay, MINUTE_MS, mails, order, states};
use crate::orders_create::{create, furnished, line, refused, typed};
use crate::schema_kit::for_each_engine;
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::messages::{self, House, Kind, Letter, Rule, Written, track};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::{self, Created};
use packbench::central::store::work::Work;
use packbench::core::money::{Currency, Money};
use packbench::core::time::UtcMs;
use packbench::i18n::{Catalogue, Lang};
use packbench::vals;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

fn desk(test: impl Fn(&Bench)) {
    for_each_engine(|site| {
        let bench = crate::central_kit::central(site);
        furnished(&bench);
        test(&bench);
    });
}

fn write<T: Send + 'static>(bench: &Bench, mut job: impl FnMut(&mut Work<'_>) -> Res<T> + Send + 'static) -> Res<T> {
    bench.central.store().write_blocking(Actor::Job("test"), move |work| job(work))
}

fn words() -> House {
    let words = Lang::ALL.map(Catalogue::new).into_iter().collect();
    House { words: Arc::new(words), url: Arc::from("https://packbench.example") }
}

fn letter(bench: &Bench, order: &Created, kind: Kind, part: Option<String>, lang: Lang) -> Letter {
    let (site, id) = (bench.central.store().site(), order.id.clone());
    let read = move |tx: &mut dyn packbench::sql::Conn| {
        let token = track::known(tx, &id)?.unwrap_or_default();
        messages::compose(tx, site, &words(), (&id, kind, part.as_deref()), lang, &token)
    };
    bench.central.store().read_blocking(read).unwrap()
}

#[test]
fn an_order_made_here_is_told_and_one_from_before_is_not() {
    desk(|bench| {
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages"), 0, "history tells nobody anything");
        let made = order(bench);
        let queued = mails(bench, &made);
        assert_eq!((queued.len(), queued[0].kind.as_str(), queued[0].state.as_str()), (1, "confirmed", "queued"));
        assert_eq!(queued[0].next_ms, bench.now.load(Ordering::SeqCst) + 2 * MINUTE_MS);
        assert_eq!(queued[0].recipient, "buyer@example.com");

        let mut nameless = typed(DeskKind::B2b, vec![line("71053", 1)]);
        nameless.ship_to.email = None;
        let silent = create(bench, &nameless).unwrap();
        assert!(mails(bench, &silent).is_empty(), "who has no address is told nothing");

        let set = |active, delay_ms| Rule { kind: Kind::Confirmed, active, delay_ms };
        write(bench, move |work| messages::set_rule(work, set(true, 30 * MINUTE_MS))).unwrap();
        let later = order(bench);
        assert_eq!(mails(bench, &later)[0].next_ms, bench.now.load(Ordering::SeqCst) + 30 * MINUTE_MS);
        write(bench, move |work| messages::set_rule(work, set(false, 0))).unwrap();
        assert!(mails(bench, &order(bench)).is_empty(), "switched off");
        let wrong = write(bench, move |work| messages::set_rule(work, set(true, 25 * 60 * MINUTE_MS)));
        assert!(matches!(refused(wrong), Refusal::Field { field: "message.delay", .. }));

        let old = bench.text("SELECT id FROM orders WHERE number = '536365'");
        write(bench, move |work| orders::cancel(work, &old, "customer_asked")).unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE kind = 'cancelled'"), 0);
    });
}

#[test]
fn a_click_is_taken_back_until_it_is_sent() {
    desk(|bench| {
        let made = order(bench);
        let id = mails(bench, &made)[0].id.clone();
        let act = |job: fn(&mut Work<'_>, &str) -> Res<()>| {
            let id = id.clone();
            write(bench, move |work| job(work, &id))
        };
        act(messages::take_back).unwrap();
        assert_eq!(states(bench, &made)[0].1, "taken_back");
        assert!(matches!(refused(act(messages::take_back)), Refusal::State { .. }));
        assert!(matches!(refused(act(messages::send_now)), Refusal::State { .. }));
        act(messages::again).unwrap();
        assert_eq!(states(bench, &made)[0].1, "queued");
        assert!(matches!(refused(act(messages::again)), Refusal::State { .. }));
        act(messages::send_now).unwrap();
        assert_eq!(mails(bench, &made)[0].next_ms, bench.now.load(Ordering::SeqCst));
        let missing = write(bench, |work| messages::take_back(work, "nonsense"));
        assert!(matches!(refused(missing), Refusal::Missing { .. }));

        // Called off before anything was sent: nothing is told, neither of the order nor of its end.
        let (order_id, other) = (made.id.clone(), order(bench));
        write(bench, move |work| orders::cancel(work, &order_id, "duplicate")).unwrap();
        assert_eq!(states(bench, &made), [("confirmed".to_owned(), "taken_back".to_owned())]);
        let (sent, of) = (other.id.clone(), other.id.clone());
        write(bench, move |work| work.exec("UPDATE messages SET state = 'sent' WHERE order_id = $1", vals![&sent]))
            .unwrap();
        write(bench, move |work| orders::cancel(work, &of, "duplicate")).unwrap();
        assert_eq!(states(bench, &other)[0], ("cancelled".to_owned(), "queued".to_owned()));
    });
}

#[test]
fn an_order_that_went_into_another_is_not_told_as_called_off() {
    desk(|bench| {
        let (into, from) = two(bench);
        write(bench, |work| work.exec("UPDATE messages SET state = 'sent'", &[])).unwrap();
        write(bench, move |work| orders::merge(work, &into, &from)).unwrap();
        assert_eq!(bench.text("SELECT cancel_reason FROM orders WHERE status = 'cancelled'"), "merged");
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM messages WHERE kind = 'cancelled'"),
            0,
            "its goods come all the same"
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE state = 'sent'"), 2, "both were confirmed");
    });
}

#[test]
fn what_is_packed_is_told_part_by_part_with_its_parcels() {
    desk(|bench| {
        write(bench, |work| messages::set_link(work, "house", "https://carrier.example/p/{number}?x=1")).unwrap();
        // As shipped, the mail about packing is off: most want the one with the carrier's number.
        for kind in [Kind::Packed, Kind::PartlyPacked] {
            write(bench, move |work| messages::set_rule(work, Rule { kind, active: true, delay_ms: 2 * MINUTE_MS }))
                .unwrap();
        }
        let made = order(bench);
        let order_id = made.id.clone();
        write(bench, move |work| {
            let part = work.one("SELECT id FROM fulfillments WHERE order_id = $1", vals![&order_id])?;
            orders::split(work, &order_id, &part.unwrap().at::<String>(0)?, &BTreeMap::from([(2, 1)]))
        })
        .unwrap();
        let mut bay = Bay::open(bench, "PACK 1");
        let first = bay.pack_next(bench, &made.number);
        assert_eq!(states(bench, &made)[0], ("partly_packed".to_owned(), "queued".to_owned()));
        let second = bay.pack_next(bench, &made.number);
        assert_eq!(states(bench, &made)[0], ("packed".to_owned(), "queued".to_owned()));
        assert_eq!(states(bench, &made)[1], ("partly_packed".to_owned(), "queued".to_owned()));
        bay.pack_next(bench, "536365");
        let of = "SELECT COUNT(*) FROM messages WHERE kind IN ('packed', 'partly_packed')";
        assert_eq!(bench.int(of), 2, "orders from before tell nothing when they are packed");

        for (packed, name) in [(&first, "2 × WHITE HANGING HEART T-LIGHT HOLDER"), (&second, "1 × WHITE METAL LANTERN")]
        {
            let told = letter(bench, &made, Kind::Packed, Some(packed.part.clone()), Lang::En);
            let sscc = &packed.sscc;
            let parcel = format!("Parcel 1, number {sscc}\nhttps://carrier.example/p/{sscc}?x=1\n{name}\n\nSee how");
            assert!(told.body.contains(&parcel), "{parcel}: {}", told.body);
        }
        let (of, part) = (made.id.clone(), second.part.clone());
        write(bench, move |work| messages::unpacked(work, &of, &part)).unwrap();
        assert_eq!(states(bench, &made)[0], ("packed".to_owned(), "taken_back".to_owned()));
        assert_eq!(states(bench, &made)[1].1, "queued", "the other part is packed still");
    });
}

#[test]
fn a_letter_says_what_is_true_in_the_customers_language() {
    desk(|bench| {
        let made = order(bench);
        let english = letter(bench, &made, Kind::Confirmed, None, Lang::En);
        assert_eq!(english.to.as_deref(), Some("buyer@example.com"));
        let total = bench.int("SELECT total_minor FROM orders WHERE number = 'M000001'");
        let money = Money { minor: total, currency: Currency::new("GBP").unwrap() };
        for said in [
            "Hello A. Buyer,".to_owned(),
            "2 × WHITE HANGING HEART T-LIGHT HOLDER\n1 × WHITE METAL LANTERN".to_owned(),
            format!("Total: {}", Catalogue::new(Lang::En).format().money(money)),
            "https://packbench.example/track/".to_owned(),
        ] {
            assert!(english.body.contains(&said), "{said}: {}", english.body);
        }
        assert!(!english.body.contains("leaves us by"), "a line for nothing is left out: {}", english.body);
        assert!(letter(bench, &made, Kind::Confirmed, None, Lang::Ru).body.contains("Здравствуйте, A. Buyer!"));

        let language = |bench: &Bench| mails(bench, &order(bench))[0].language.clone();
        assert_eq!(language(bench), "en");
        let id = made.id.clone();
        write(bench, move |work| messages::set_language(work, &id, Some(Lang::Es))).unwrap();
        let same_customer = "SELECT language FROM customers WHERE language <> ''";
        assert_eq!(bench.text(same_customer), "es");
        let mut abroad = typed(DeskKind::B2b, vec![line("71053", 1)]);
        abroad.ship_to.country = "MY".to_owned();
        let malay = create(bench, &abroad).unwrap();
        assert_eq!(mails(bench, &malay)[0].language, "ms");
    });
}

#[test]
fn templates_have_versions_and_what_a_person_writes_is_held_to_the_same_rules() {
    desk(|bench| {
        let made = order(bench);
        let save = |seen, text: Option<(&'static str, &'static str)>| {
            write(bench, move |work| messages::save(work, Kind::Confirmed, Lang::En, seen, text))
        };
        assert_eq!(save(0, Some(("Thanks for {order}", "Dear {name},\n{items}"))).unwrap(), 1);
        assert_eq!(
            letter(bench, &made, Kind::Confirmed, None, Lang::En).subject,
            format!("Thanks for {}", made.number)
        );
        assert_eq!(refused(save(0, Some(("Other", "text")))), Refusal::Version { newest: 1, fields: Vec::new() });
        assert!(matches!(refused(save(1, Some(("{nome}", "x")))), Refusal::Field { field: "message.placeholder", .. }));
        assert_eq!(save(1, None).unwrap(), 2);
        assert!(letter(bench, &made, Kind::Confirmed, None, Lang::En).subject.starts_with("Your order"));

        let new = |subject: &str, body: &str| {
            let (order, kind, lang) = (made.id.clone(), Kind::Free, Lang::En);
            let new = Written { order, kind, lang, subject: subject.to_owned(), body: body.to_owned() };
            write(bench, move |work| messages::write(work, &new))
        };
        let broken = new("Hello\nBcc: thief@example.com", "text");
        assert!(matches!(refused(broken), Refusal::Field { field: "message.subject", .. }));
        new("About your order", "First line\r\nsecond").unwrap();
        let row = mails(bench, &made).into_iter().find(|row| row.kind == "free").unwrap();
        assert_eq!(
            (row.subject.as_str(), row.body.as_str(), row.written),
            ("About your order", "First line\nsecond", true)
        );

        let now = UtcMs(bench.now.load(Ordering::SeqCst));
        let site = bench.central.store().site();
        let sample = move |tx: &mut dyn packbench::sql::Conn| messages::sample(tx, site, &words(), Lang::Ms, now);
        let values = bench.central.store().read_blocking(sample).unwrap();
        assert_eq!(values.iter().map(|(name, _)| *name).collect::<Vec<_>>(), messages::PLACEHOLDERS);
    });
}

#[test]
fn what_waits_for_too_long_is_told_to_nobody_and_old_texts_are_emptied() {
    desk(|bench| {
        let made = order(bench);
        let site = bench.central.store().site();
        let sweep = |now_ms: i64| {
            bench.central.store().db().write_blocking(move |tx| messages::sweep(tx, site, now_ms)).unwrap()
        };
        let now = bench.now.load(Ordering::SeqCst);
        assert_eq!(sweep(now + messages::STALE_MS - 1), 0);
        assert_eq!(sweep(now + messages::STALE_MS), 1);
        assert_eq!((states(bench, &made)[0].1.as_str(), mails(bench, &made)[0].fault.as_str()), ("given_up", "stale"));
        let new = Written {
            order: made.id.clone(),
            kind: Kind::Free,
            lang: Lang::En,
            subject: "s".to_owned(),
            body: "b".to_owned(),
        };
        write(bench, move |work| messages::write(work, &new)).unwrap();
        write(bench, |work| work.exec("UPDATE messages SET state = 'sent'", &[])).unwrap();
        assert_eq!(sweep(now + messages::TEXTS_KEPT_MS), 0);
        assert_eq!(sweep(now + messages::TEXTS_KEPT_MS + 1), 1);
        assert_eq!(bench.int("SELECT COUNT(*) FROM messages WHERE recipient <> '' OR subject <> '' OR body <> ''"), 0);
    });
}

#[test]
fn a_carriers_address_is_checked_and_a_number_cannot_lead_elsewhere() {
    desk(|bench| {
        for wrong in [
            "http://carrier.example/{number}",
            "https://carrier.example/",
            "https://{number}/",
            "https://{number}.carrier.example/",
            "javascript:alert({number})",
            "{number}",
        ] {
            let set = write(bench, move |work| messages::set_link(work, "house", wrong));
            assert!(matches!(refused(set), Refusal::Field { field: "message.link", .. }), "{wrong}");
        }
        write(bench, |work| messages::set_link(work, "house", "https://carrier.example/{number}")).unwrap();
        let site = bench.central.store().site();
        let links = bench.central.store().read_blocking(move |tx| messages::links(tx, site)).unwrap();
        assert_eq!(messages::link_of(&links, "house", "A-1").as_deref(), Some("https://carrier.example/A-1"));
        assert_eq!(messages::link_of(&links, "house", "../x?y"), None);
        assert_eq!(messages::link_of(&links, "other", "1"), None);
        write(bench, |work| messages::set_link(work, "house", "")).unwrap();
        let links = bench.central.store().read_blocking(move |tx| messages::links(tx, site)).unwrap();
        assert!(links.is_empty());
    });
}
