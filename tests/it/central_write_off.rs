//! Units that will not be sent, written off by an answer at the console, on both engines: never more than are missing when it is given.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{SMALL, on_each_engine};
use crate::console_kit::csrf_at;
use crate::handover_flow::{sql, write};
use axum::http::StatusCode;
use packbench::central::services::exceptions::{self, NewException};
use packbench::protocol::wire::Role;

#[test]
fn no_more_is_written_off_than_is_missing_when_the_question_is_answered() {
    // Missing now, told by the question, written off.
    for (missing, told, written) in [(2_i64, 2_i64, 2_i64), (0, 2, 0), (1, 5, 1)] {
        on_each_engine(|bench| {
            bench.import(SMALL);
            user(bench, "lead", Role::Lead, "en");
            let lead = log_in(bench, "lead");
            let (order, work) = (
                bench.text("SELECT o.id FROM orders o WHERE o.number = '536365'"),
                bench.text(
                    "SELECT f.id FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number = '536365'",
                ),
            );
            sql(bench, "UPDATE order_lines SET short = 0");
            write(bench, move |store| {
                store.exec("UPDATE order_lines SET short = $1 WHERE line_no = 1", packbench::vals![missing])?;
                let new = NewException {
                    kind: "short",
                    cause: "test".to_owned(),
                    fulfillment: Some(work.clone()),
                    order: Some(order.clone()),
                    station: None,
                    event: None,
                    detail: serde_json::json!({ "line": 1, "units": told }),
                };
                exceptions::open(store, &new).map(drop)
            })
            .unwrap();
            let id = bench.text("SELECT id FROM exceptions WHERE state = 'open'");
            let csrf = csrf_at(bench, "/exceptions", &lead);
            let body = format!("csrf={csrf}&decision=write_off");
            assert_eq!(form(bench, &format!("/exceptions/{id}"), &lead, body).0, StatusCode::SEE_OTHER);
            assert_eq!(bench.int("SELECT CAST(SUM(written_off) AS BIGINT) FROM order_lines"), written);
            assert!(!page(bench, "/exceptions", &lead).2.contains(&id));
        });
    }
}
