//! The audit for people: filtered, paged, taken out as a file, and checked against its chain.

use super::frame::{Place, page as frame, trouble};
use super::marks::{CHECKED, NEXT, OCTAGON, icon, pill};
use super::people::{forbidden, tabs};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::audit::{self, AuditRow, Filter, PAGE_ROWS, Proof};
use crate::core::message::Arg;
use crate::sql::PAGE_ROWS_MAX;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

/// What the address of the page says. Days are those of the site, `2026-05-31`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    actor: String,
    record: String,
    from: String,
    until: String,
    cursor: Option<String>,
    check: Option<String>,
}

impl Asked {
    fn filter(&self, zone: &TimeZone) -> Filter {
        let plain = |text: &str| text.trim().chars().take(100).collect::<String>();
        Filter {
            kind: plain(&self.kind),
            actor: plain(&self.actor),
            entity_id: plain(&self.record),
            from_ms: day_start(&self.from, zone, 0),
            until_ms: day_start(&self.until, zone, 1),
        }
    }

    fn query(&self, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let own = [
            ("kind", &self.kind),
            ("actor", &self.actor),
            ("record", &self.record),
            ("from", &self.from),
            ("until", &self.until),
        ];
        for (name, value) in own.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.extend_pairs(more);
        query.finish()
    }
}

/// When a day of the site begins, `later` days on; none for what is no day.
fn day_start(day: &str, zone: &TimeZone, later: i64) -> Option<i64> {
    let day: jiff::civil::Date = day.trim().parse().ok()?;
    let day = day.checked_add(jiff::Span::new().days(later)).ok()?;
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

struct Page {
    rows: Vec<AuditRow>,
    next: Option<String>,
    kinds: Vec<String>,
    proof: Option<Proof>,
}

/// `GET /audit`
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if !visitor.may(Permission::AuditView) {
        return forbidden(&visitor);
    }
    let (site, filter, cursor) =
        (app.store.site(), asked.filter(&visitor.words().format().zone()), asked.cursor.clone());
    let check = asked.check.is_some();
    let read = app.store.read(move |tx| {
        let (rows, next) = audit::list(tx, site, &filter, cursor.as_deref(), PAGE_ROWS)?;
        let proof = if check { Some(audit::verify(tx, site)?) } else { None };
        Ok(Page { rows, next, kinds: audit::kinds(tx, site)?, proof })
    });
    match read.await {
        Ok(page) => {
            let content = content(&visitor, &asked, &page);
            frame(&visitor, Place::People, &visitor.words().text("office-audit"), &content)
        }
        Err(error) => {
            tracing::error!(%error, "the audit failed");
            trouble(&visitor, Place::People, "console-trouble")
        }
    }
}

fn content(visitor: &Visitor, asked: &Asked, page: &Page) -> Markup {
    let words = visitor.words();
    let field = |key: &str, name: &str, kind: &str, value: &str| {
        html! { label.field { span.small { (words.text(key)) } input name=(name) type=(kind) value=(value); } }
    };
    html! {
        div.title {
            h1 { (words.text("office-audit")) }
            span.grow {}
            a.btn href={ "/audit?" (asked.query(&[("check", "1")])) } { (words.text("office-audit-check")) }
            a.btn href={ "/audit.csv?" (asked.query(&[])) } download { (words.text("console-export-csv")) }
        }
        (tabs(visitor, "/audit"))
        @if let Some(proof) = &page.proof { (proved(visitor, proof)) }
        form.filters method="get" action="/audit" role="search" {
            label.field { span.small { (words.text("column-what")) }
                select name="kind" {
                    option value="" { (words.text("console-any")) }
                    @for kind in &page.kinds { option value=(kind) selected[*kind == asked.kind] { (kind) } }
                }
            }
            (field("office-from", "from", "date", &asked.from))
            (field("office-until", "until", "date", &asked.until))
            @if !asked.actor.is_empty() { input type="hidden" name="actor" value=(asked.actor); }
            @if !asked.record.is_empty() { input type="hidden" name="record" value=(asked.record); }
            button.btn { (words.text("console-search")) }
            @if !asked.query(&[]).is_empty() { a.btn href="/audit" { (words.text("office-all-entries")) } }
        }
        div.card {
            @if page.rows.is_empty() { p.empty { (words.text("console-none-found")) } } @else { (table(visitor, asked, &page.rows)) }
            @if let Some(next) = &page.next {
                div.foot { a.btn rel="next" href={ "/audit?" (asked.query(&[("cursor", next)])) } { (words.text("console-older")) (icon(NEXT, 18)) } }
            }
        }
    }
}

fn proved(visitor: &Visitor, proof: &Proof) -> Markup {
    let words = visitor.words();
    match proof {
        Proof::Whole { entries, head } => html! {
            section.card.pad role="status" {
                p { (pill("k", CHECKED, &words.text_with("office-audit-whole", &[("n", Arg::Int(*entries))]))) }
                p.mono.small.secret { (head) }
            }
        },
        Proof::Broken { no } => html! {
            section.card.pad role="alert" {
                p { (pill("x", OCTAGON, &words.text_with("office-audit-broken", &[("no", Arg::Int(*no))]))) }
            }
        },
    }
}

fn table(visitor: &Visitor, asked: &Asked, rows: &[AuditRow]) -> Markup {
    let words = visitor.words();
    let only = |actor: &str, record: &str| {
        let asked =
            Asked { actor: actor.to_owned(), record: record.to_owned(), cursor: None, check: None, ..asked.clone() };
        format!("/audit?{}", asked.query(&[]))
    };
    let kind = |row: &AuditRow| words.text(&format!("office-actor-{}", row.actor_kind));
    html! {
        table.rows {
            thead { tr {
                @for key in ["office-number", "column-when", "column-who", "column-what", "office-record", "office-detail"] {
                    th scope="col" { (words.text(key)) }
                }
            } }
            tbody { @for row in rows { tr {
                td.num.muted { @if let Some(no) = row.no { (words.format().number(no)) } @else { "–" } }
                td.muted { (visitor.when(row.at_ms)) }
                td { a href=(only(&row.actor, &asked.record)) {
                    @if row.who.is_empty() { (kind(row)) " " span.mono { (row.actor.chars().take(8).collect::<String>()) } } @else { (row.who) }
                } }
                td.mono { (row.kind) }
                td { a href=(only(&asked.actor, &row.entity_id)) {
                    (row.entity) " " b { @if row.what.is_empty() { (row.entity_id.chars().take(8).collect::<String>()) } @else { (row.what) } }
                } }
                td.wrap.mono.small { (row.detail) }
            } } }
        }
    }
}

/// Where an export has come to.
enum At {
    Head,
    Page(Option<String>),
    End,
}

/// `GET /audit.csv`: every entry that fits, page by page, however many there are.
pub(super) async fn export(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if !visitor.may(Permission::AuditView) {
        return forbidden(&visitor);
    }
    let filter = asked.filter(&visitor.words().format().zone());
    let pages = unfold((app, filter, At::Head), |(app, filter, at)| async move {
        let (bytes, next) = match at {
            At::End => return None,
            At::Head => (lines(&[]), At::Page(None)),
            At::Page(cursor) => {
                let (site, asked) = (app.store.site(), filter.clone());
                let read =
                    app.store.read(move |tx| audit::list(tx, site, &asked, cursor.as_deref(), PAGE_ROWS_MAX)).await;
                match read {
                    Ok((rows, next)) => (lines(&rows), next.map_or(At::End, |cursor| At::Page(Some(cursor)))),
                    Err(error) => (Err(error), At::End),
                }
            }
        };
        Some((bytes, (app, filter, next)))
    });
    let name = "attachment; filename=\"audit.csv\"";
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, name)], Body::from_stream(pages))
        .into_response()
}

/// Entries as lines; the heads where there are none.
fn lines(rows: &[AuditRow]) -> Res<Bytes> {
    let mut file = csv::Writer::from_writer(Vec::new());
    let written = if rows.is_empty() {
        file.write_record([
            "no",
            "at",
            "actor_kind",
            "actor",
            "who",
            "kind",
            "entity",
            "entity_id",
            "what",
            "detail",
            "hash",
        ])
    } else {
        rows.iter().try_for_each(|row| {
            let at = jiff::Timestamp::from_millisecond(row.at_ms).map(|at| at.to_string()).unwrap_or_default();
            let no = row.no.map(|no| no.to_string()).unwrap_or_default();
            let hash = row.hash.clone().unwrap_or_default();
            let fields = [
                &no,
                &at,
                &row.actor_kind,
                &row.actor,
                &row.who,
                &row.kind,
                &row.entity,
                &row.entity_id,
                &row.what,
                &row.detail,
                &hash,
            ];
            file.write_record(fields.map(|field| harmless(field)))
        })
    };
    let inner = |_| CentralError::Inner { what: "writing a CSV file" };
    written.map_err(inner)?;
    file.into_inner().map(Bytes::from).map_err(|_| CentralError::Inner { what: "writing a CSV file" })
}

/// A spreadsheet runs a cell that begins like a formula; a quote in front makes it text.
fn harmless(field: &str) -> String {
    if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{field}") } else { field.to_owned() }
}
