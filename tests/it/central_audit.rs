//! The audit on both engines: a chain that shows any change, a list that filters, a file that no spreadsheet runs.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, SMALL, on_each_engine};
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::audit::{Proof, verify};
use packbench::protocol::wire::Role;
use packbench::vals;

fn proof(bench: &Bench) -> Proof {
    let site = bench.central.store().site();
    bench.central.store().read_blocking(move |tx| verify(tx, site)).unwrap()
}

fn tamper(bench: &Bench, sql: &'static str) {
    bench
        .central
        .store()
        .write_blocking(Actor::Job("test"), move |work| {
            assert!(work.exec(sql, vals![])? > 0, "{sql}");
            Ok(())
        })
        .unwrap();
}

fn notes(bench: &Bench, count: usize) {
    for n in 0..count {
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), move |work| {
                work.audit("test.noted", "test", format!("{n}"), serde_json::json!({ "n": n }));
                work.audit("test.noted", "test", "=1+1", serde_json::json!({}));
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn the_chain_is_whole_until_somebody_touches_the_past() {
    for (what, sql) in [
        ("a changed detail", "UPDATE audit SET detail = '{}' WHERE no = 4"),
        ("a changed actor", "UPDATE audit SET actor = 'x' WHERE no = 4"),
        ("a moved moment", "UPDATE audit SET at_ms = at_ms + 1 WHERE no = 4"),
        ("a missing entry", "DELETE FROM audit WHERE no = 4"),
        ("a cut end", "DELETE FROM audit WHERE no = (SELECT MAX(no) FROM audit)"),
    ] {
        on_each_engine(|bench| {
            notes(bench, 3);
            let Proof::Whole { entries, head } = proof(bench) else { panic!("whole before {what}") };
            assert!(entries >= 6 && head.len() == 64);
            tamper(bench, sql);
            assert!(matches!(proof(bench), Proof::Broken { .. }), "{what} shows");
        });
    }
}

#[test]
fn a_transaction_that_fails_leaves_no_hole_in_the_chain() {
    on_each_engine(|bench| {
        notes(bench, 1);
        let failed = bench.central.store().write_blocking(Actor::Job("test"), |work| {
            work.audit("test.lost", "test", "1", serde_json::json!({}));
            Err::<(), _>(packbench::central::error::Refusal::Forbidden.into())
        });
        assert!(failed.is_err());
        notes(bench, 1);
        assert!(matches!(proof(bench), Proof::Whole { .. }));
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'test.lost'"), 0);
    });
}

#[test]
fn the_page_filters_pages_and_proves_and_the_file_is_text_for_spreadsheets() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        notes(bench, 60);
        user(bench, "boss", Role::Admin, "en");
        let boss = log_in(bench, "boss");
        let (status, _, body) = page(bench, "/audit?kind=user.logged_in", &boss);
        assert!(status == StatusCode::OK && body.matches("<tr>").count() == 2, "a head and one entry: {body}");
        let (_, _, first) = page(bench, "/audit", &boss);
        assert_eq!(first.matches("<tr>").count(), 101);
        let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        assert!(page(bench, &next, &boss).2.matches("<tr>").count() > 20);
        assert!(page(bench, "/audit?from=2999-01-01", &boss).2.contains("Nothing fits"));
        assert!(page(bench, "/audit?check=1", &boss).2.contains("as they were written"));

        let (status, headers, file) = page(bench, "/audit.csv?kind=test.noted", &boss);
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].to_str().unwrap()),
            (StatusCode::OK, "text/csv; charset=utf-8")
        );
        assert_eq!(file.lines().count(), 121);
        assert!(file.lines().next().unwrap().starts_with("no,at,actor_kind"));
        assert!(file.contains(",'=1+1,") && !file.contains(",=1+1,"), "a cell that looks like a formula is text");
    });
}
