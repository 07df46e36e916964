//! The stations: when each was last heard of, what it holds, and how far it is behind.

use super::frame::{Place, page as frame, trouble};
use super::marks::{CHECKED, CLOCK, MINUS, OCTAGON, TRIANGLE, pill};
use super::visitor::{LIVE_MS, Visitor};
use crate::central::routes::App;
use crate::central::services::stations::{StationRow, list};
use crate::core::message::Arg;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

/// An unsent fact older than this is worth a look, ms: a bench that is online sends within seconds.
const LAG_MS_MAX: i64 = 5 * 60 * 1000;

pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    let site = app.store.site();
    match app.store.read(move |tx| list(tx, site)).await {
        Ok(rows) => {
            let title = visitor.words().text("console-stations");
            frame(&visitor, Place::Stations, &title, &content(&visitor, &rows))
        }
        Err(error) => {
            tracing::error!(%error, "the list of stations failed");
            trouble(&visitor, Place::Stations, "console-trouble")
        }
    }
}

fn state(visitor: &Visitor, row: &StationRow) -> Markup {
    let words = visitor.words();
    let age = visitor.now_ms - row.seen_ms;
    if row.quarantined {
        return pill("x", OCTAGON, &words.text("exception-kind-fork"));
    }
    if !row.paired {
        return pill("", MINUS, &words.text("station-revoked"));
    }
    if row.seen_ms == 0 {
        return pill("", MINUS, &words.text("station-never"));
    }
    if age < LIVE_MS {
        return pill("k", CHECKED, &words.text("station-live"));
    }
    if age < LIVE_MS * 5 {
        return pill("w", CLOCK, &words.text("station-late"));
    }
    pill("w", TRIANGLE, &words.text_with("station-lost", &[("age", Arg::SpanMs(age))]))
}

/// What waits at it, by its last word. The age goes on growing while a station is not heard.
fn lag(visitor: &Visitor, row: &StationRow) -> Markup {
    let words = visitor.words();
    if row.told_ms == 0 {
        return html! { "–" };
    }
    if row.waiting == 0 {
        return html! { span.muted { (words.text("station-all-sent")) } };
    }
    let age_ms = visitor.now_ms - row.oldest_unsynced_ms;
    let text = words.text_with("station-unsent", &[("n", Arg::Int(row.waiting)), ("age", Arg::SpanMs(age_ms))]);
    if age_ms > LAG_MS_MAX {
        pill("w", TRIANGLE, &text)
    } else {
        html! { (text) }
    }
}

fn content(visitor: &Visitor, rows: &[StationRow]) -> Markup {
    let words = visitor.words();
    html! {
        h1 { (words.text("console-stations")) }
        div.card {
            @if rows.is_empty() { p.empty { (words.text("console-none")) } } @else {
                table {
                    thead { tr {
                        @for key in ["column-station", "column-state", "column-last-seen", "column-events", "column-lag", "column-what"] {
                            th scope="col" { (words.text(key)) }
                        }
                    } }
                    tbody { @for row in rows { tr {
                        td { b { (row.name) } }
                        td { (state(visitor, row)) }
                        td.muted { @if row.seen_ms > 0 { (visitor.when(row.seen_ms)) } @else { "–" } }
                        td.num { (words.format().number(row.events)) }
                        td { (lag(visitor, row)) }
                        td { (words.text_with("station-leased", &[("n", Arg::Int(row.leased))])) }
                    } } }
                }
            }
        }
    }
}
