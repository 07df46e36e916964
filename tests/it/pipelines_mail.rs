//! Mail that stages send by themselves, on both engines: queued by a hand and by work; taken back when the order leaves, back with
//! a move that is taken back; once per order; nothing for orders of the past, of lists, and of what goes out by itself anyway.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::csrf_at;
use crate::mail_kit::{mails, order};
use crate::orders_create::{create, furnished, line, typed};
use crate::pipelines_follow::{id, pipeline, stage};
use crate::pipelines_move::{moved, to};
use axum::http::StatusCode;
use packbench::central::actor::Actor;
use packbench::central::services::access::Permissions;
use packbench::central::services::messages::{self, Kind, Rule};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::orders::{self, Created, Method, NewPayment};
use packbench::central::services::pipelines::{self, StageEdit, Wish};
use packbench::protocol::wire::Role;
use packbench::vals;

/// The stage of that code sends this, and its sub-status that.
fn sends(bench: &Bench, code: &str, mail: Option<Kind>, sub: Option<(&str, Kind)>) {
    let here = pipeline(bench, "warehouse");
    let mut edit = StageEdit::from(here.stages.iter().find(|stage| stage.code == code).unwrap());
    edit.mail = mail;
    if let Some((code, kind)) = sub {
        let of = edit.subs.iter_mut().find(|known| known.code.as_deref() == Some(code)).unwrap();
        of.mail = Some(kind);
    }
    let store = bench.central.store();
    let save = move |work: &mut packbench::central::store::work::Work<'_>| {
        pipelines::save_stage(work, &here.id, &edit, here.version)
    };
    store.write_blocking(Actor::Job("test"), save).unwrap();
}

fn go(bench: &Bench, order: &Created, code: &str, sub: Option<&str>) {
    let wish = Wish { sub: sub.map(str::to_owned), ..to(&pipeline(bench, "warehouse"), code) };
    let wish = Wish { note: Some("why".to_owned()), ..wish };
    moved(bench, &order.number, &wish, Permissions::shipped(Role::Admin)).unwrap();
}

fn undo(bench: &Bench, order: &Created) {
    let id = order.id.clone();
    bench.central.store().write_blocking(Actor::Job("test"), move |work| pipelines::undo(work, &id, None)).unwrap();
}

/// Kind and state of what stages sent, the newest first.
fn by_stages(bench: &Bench, order: &Created) -> Vec<(String, String)> {
    let rows = mails(bench, order).into_iter().filter(|row| !row.stage.is_empty());
    rows.map(|row| (row.kind, row.state)).collect()
}

fn is(kind: &str, state: &str) -> (String, String) {
    (kind.to_owned(), state.to_owned())
}

/// As if the mail server had taken everything that waits.
fn all_sent(bench: &Bench) {
    let sql = "UPDATE messages SET state = 'sent' WHERE state = 'queued'";
    bench.central.store().write_blocking(Actor::Job("test"), move |work| work.exec(sql, &[])).unwrap();
}

#[test]
fn a_stage_writes_once_and_leaving_takes_it_back() {
    on_each_engine(|bench| {
        furnished(bench);
        sends(bench, "production", Some(Kind::Free), None);
        let order = order(bench);
        assert!(by_stages(bench, &order).is_empty());
        go(bench, &order, "production", None);
        assert_eq!(by_stages(bench, &order), [is("free", "queued")]);
        let row = mails(bench, &order).into_iter().find(|row| row.stage == "production").unwrap();
        let confirmed = mails(bench, &order).into_iter().find(|row| row.kind == "confirmed").unwrap();
        assert_eq!((row.language.as_str(), row.next_ms), ("en", confirmed.next_ms), "held as all mail is");
        assert_eq!(row.stage_names["es"], pipeline(bench, "warehouse").stages[2].names.of("es"));

        // A mistaken click: nothing is told. The same click again: told after all, once.
        undo(bench, &order);
        assert_eq!(by_stages(bench, &order), [is("free", "taken_back")]);
        go(bench, &order, "production", None);
        assert_eq!(by_stages(bench, &order), [is("free", "queued"), is("free", "taken_back")]);
        // A mistaken click away from it keeps it from being told only until that is taken back.
        go(bench, &order, "ready", None);
        assert_eq!(by_stages(bench, &order)[0], is("free", "taken_back"));
        undo(bench, &order);
        assert_eq!(by_stages(bench, &order)[0], is("free", "queued"));
        all_sent(bench);
        undo(bench, &order);
        go(bench, &order, "production", None);
        go(bench, &order, "ready", None);
        go(bench, &order, "production", None);
        let sent = "SELECT COUNT(*) FROM messages WHERE kind = 'free' AND state <> 'taken_back'";
        assert_eq!(bench.int(sent), 1, "whoever moves to and fro writes to nobody twice");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'message.queued'"), 2);
    });
}

#[test]
fn a_sub_status_has_its_own_mail_and_is_told_to_programs() {
    on_each_engine(|bench| {
        furnished(bench);
        sends(bench, "returns", Some(Kind::Free), Some(("refund", Kind::PaymentReminder)));
        let (direct, later) = (order(bench), order(bench));
        go(bench, &direct, "returns", Some("refund"));
        assert_eq!(by_stages(bench, &direct), [is("payment_reminder", "queued")], "instead of the stage's");
        go(bench, &later, "returns", None);
        assert_eq!(by_stages(bench, &later), [is("free", "queued")]);
        go(bench, &later, "returns", Some("refund"));
        assert_eq!(by_stages(bench, &later), [is("payment_reminder", "queued"), is("free", "queued")]);
        go(bench, &later, "returns", Some("exchange"));
        assert_eq!(by_stages(bench, &later), [is("payment_reminder", "taken_back"), is("free", "queued")]);
        go(bench, &later, "new", None);
        assert_eq!(by_stages(bench, &later)[1], is("free", "taken_back"));
    });
}

#[test]
fn work_moves_write_too_and_the_past_is_told_nothing() {
    on_each_engine(|bench| {
        furnished(bench);
        sends(bench, "new", Some(Kind::Confirmed), None);
        sends(bench, "paid", Some(Kind::Free), None);
        let order = order(bench);
        let confirmed: Vec<_> = mails(bench, &order).into_iter().filter(|row| row.kind == "confirmed").collect();
        assert_eq!((confirmed.len(), confirmed[0].stage.as_str()), (1, ""), "it goes out by itself anyway");
        let rule = Rule { kind: Kind::Confirmed, active: false, delay_ms: 0 };
        bench.central.store().write_blocking(Actor::Job("test"), move |work| messages::set_rule(work, rule)).unwrap();
        let second = create(bench, &typed(DeskKind::B2b, vec![line("71053", 1)])).unwrap();
        assert_eq!(by_stages(bench, &second), [is("confirmed", "queued")], "a new order enters its first stage");
        for number in [second.number.as_str(), "536365"] {
            let order = id(bench, number);
            let store = bench.central.store();
            let pay = move |work: &mut packbench::central::store::work::Work<'_>| {
                let total = work.tx.int("SELECT total_minor FROM orders WHERE id = $1", vals![&order])?;
                let paid = NewPayment { method: Method::Card, amount_minor: total, reference: String::new() };
                orders::pay(work, &order, &paid)
            };
            store.write_blocking(Actor::Job("test"), pay).unwrap();
            assert_eq!(stage(bench, number), "paid");
            let free = "SELECT COUNT(*) FROM messages WHERE kind = 'free' AND state = 'queued'";
            assert_eq!(bench.int(free), 1, "{number}: an order from an import tells nobody anything");
        }
        assert_eq!(by_stages(bench, &second), [is("free", "queued"), is("confirmed", "taken_back")]);
        let nobody = "SELECT COUNT(*) FROM messages m JOIN orders o ON o.id = m.order_id WHERE o.number = '536365'";
        assert_eq!(bench.int(nobody), 0);

        // A list brings orders that were placed elsewhere.
        let new = typed(DeskKind::B2b, vec![line("71053", 1)]);
        let listed = bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| orders::create_numbered(work, &new, "SHOP-1"))
            .unwrap();
        sends(bench, "production", Some(Kind::Free), None);
        go(bench, &listed, "production", None);
        assert!(mails(bench, &listed).is_empty(), "{:?}", mails(bench, &listed));
    });
}

#[test]
fn an_admin_chooses_the_mail_and_the_orders_page_names_the_stage() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "root", Role::Admin, "en");
        let root = log_in(bench, "root");
        let csrf = csrf_at(bench, "/board", &root);
        let body = page(bench, "/board/stages", &root).2;
        assert!(body.contains("name=\"mail\"") && body.contains("name=\"sub-mail-refund\""), "{body}");
        let here = pipeline(bench, "warehouse");
        let production = &here.stages[2];
        let save = format!(
            "csrf={csrf}&p=warehouse&pipeline={}&seen={}&do=save&stage={}&name-en=Production&name-es=Taller&look=plain&mail=free",
            here.id, here.version, production.id
        );
        assert_eq!(form(bench, "/board/stages", &root, save).0, StatusCode::SEE_OTHER);
        assert_eq!(pipeline(bench, "warehouse").stages[2].mail, Some(Kind::Free));
        let order = order(bench);
        go(bench, &order, "production", None);
        let body = page(bench, &format!("/orders/{}", order.number), &root).2;
        for wanted in ["by stage Production", "Mail waits, by stage Production: Own words"] {
            assert!(body.contains(wanted), "{wanted}: {body}");
        }
    });
}
