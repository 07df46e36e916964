//! Files of orders at the console: asking for one, how far it is, and taking it away. A file is its asker's alone.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, CHECKED, CLOCK, CROSS, OCTAGON, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::asked::Asked;
use crate::central::error::CentralError;
use crate::central::exporting::{self, Order, What};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::exports::{self, Export};
use crate::central::services::orders::table::export::Format;
use crate::central::services::orders::table::{Count, how_many};
use crate::central::services::sheets::fields::Kind;
use crate::core::message::Arg;
use axum::Form;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::stream::unfold;
use maud::{Markup, html};
use tokio::io::AsyncReadExt as _;

/// Bytes of a file read at once.
const PART_BYTES: usize = 64 * 1024;

/// `POST /orders/exports`
pub async fn ask(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let format = Format::of(fields.get("format"));
    let Some(format) = format.filter(|_| visitor.sent(fields.get("csrf")) && visitor.may(Permission::OrderExport))
    else {
        return forbidden(&visitor);
    };
    let asked = Asked { cursor: None, ..Asked::of_query(fields.get("query")) };
    let personal = visitor.may(Permission::PersonView);
    let filter = asked.filter(personal, &visitor.words().format().zone(), visitor.now_ms);
    let (site, counted) = (app.store.site(), filter.clone());
    let all = match app.store.read(move |tx| how_many(tx, site, &counted)).await {
        Ok(Count::Exactly(n)) => Some(n),
        Ok(Count::MoreThan(_) | Count::Unknown) | Err(_) => None,
    };
    let (user, query) = (visitor.session.user, asked.query());
    let begun =
        app.store.write(visitor.actor(), move |work| exports::begin(work, user, (format, personal), &query, all)).await;
    match begun {
        Ok(id) => {
            exporting::start(
                &app,
                Order { id, format, what: What::Orders(Box::new(filter), asked.sort), lang: visitor.words().lang() },
            );
            Redirect::to("/orders/exports").into_response()
        }
        Err(CentralError::Refused(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Orders, "orders-export-many")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a file of orders could not be asked for");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// What the row of a list says instead of the address of the table.
const LIST: &str = "list:";

/// The kind of a list that is no list of orders.
fn list_of(query: &str) -> Option<Kind> {
    query.strip_prefix(LIST).and_then(Kind::of)
}

/// `POST /import/export`: products, customers or stock as a file.
pub async fn ask_list(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let format = Format::of(fields.get("format")).filter(|format| *format != Format::Pdf);
    let kind = Kind::of(fields.get("kind")).filter(|kind| *kind != Kind::Orders);
    let (Some(format), Some(kind)) = (format, kind) else { return forbidden(&visitor) };
    let personal = kind == Kind::Customers;
    let may = visitor.may(Permission::OrderExport) && (!personal || visitor.may(Permission::PersonView));
    if !visitor.sent(fields.get("csrf")) || !may {
        return forbidden(&visitor);
    }
    let (user, query) = (visitor.session.user, format!("{LIST}{}", kind.word()));
    let begun =
        app.store.write(visitor.actor(), move |work| exports::begin(work, user, (format, personal), &query, None));
    match begun.await {
        Ok(id) => {
            exporting::start(&app, Order { id, format, what: What::List(kind), lang: visitor.words().lang() });
            Redirect::to("/orders/exports").into_response()
        }
        Err(CentralError::Refused(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, trouble(&visitor, Place::Orders, "orders-export-many")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a file of a list could not be asked for");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `GET /orders/exports`
pub async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::OrderExport) {
        return forbidden(&visitor);
    }
    let (site, user, words) = (app.store.site(), visitor.session.user, visitor.words());
    let all = match app.store.read(move |tx| exports::list(tx, site, user)).await {
        Ok(all) => all,
        Err(error) => {
            tracing::error!(%error, "files of orders could not be listed");
            return trouble(&visitor, Place::Orders, "console-trouble");
        }
    };
    let running = all.iter().any(|one| one.state == "running");
    let content = html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text("orders-exports")) }
        }
        p.lead { (words.text("orders-exports-lead")) }
        div.card data-poll[running] {
            @if all.is_empty() { p.empty { (words.text("console-none")) } }
            @else {
                table.rows {
                    thead { tr {
                        th scope="col" { (words.text("column-when")) } th scope="col" { (words.text("orders-export-kind")) }
                        th scope="col" { (words.text("column-state")) } th scope="col" { (words.text("column-actions")) }
                    } }
                    tbody { @for one in &all { (line(&app, &visitor, one)) } }
                }
            }
        }
    };
    frame(&visitor, Place::Orders, &words.text("orders-exports"), &content)
}

fn line(app: &App, visitor: &Visitor, one: &Export) -> Markup {
    let words = visitor.words();
    let rows = app.exports.rows(&one.id).and_then(|rows| i64::try_from(rows).ok()).unwrap_or(one.rows_done);
    let far = words.text_with("orders-export-rows", &[("n", Arg::Int(rows))]);
    html! {
        tr {
            td { (super::cells::moment(words, one.created_ms, visitor.now_ms)) }
            td { (one.format.to_uppercase()) @if let Some(kind) = list_of(&one.query) { " " (words.text(super::super::sheets::kind_key(kind))) } @else if !one.personal { " " span.muted { (words.text("orders-export-plain")) } } }
            td {
                @match one.state.as_str() {
                    "running" => {
                        span.way { (pill("a", CLOCK, &words.text("orders-export-running")))
                            @if let Some(all) = one.rows_all.filter(|all| *all > 0) {
                                progress max=(all) value=(rows.min(all)) aria-label=(words.text("orders-export-running")) {}
                            }
                            (far)
                        }
                    }
                    "done" => { (pill("k", CHECKED, &words.text("orders-export-done"))) " " (far) }
                    "stopped" => (pill("", CROSS, &words.text("orders-export-stopped"))),
                    _ => (pill("x", OCTAGON, &words.text("orders-export-failed"))),
                }
            }
            td {
                @if one.state == "done" { a.btn href={ "/orders/exports/" (one.id) } download { (words.text("orders-export-take")) } }
                @if one.state == "running" {
                    form method="post" action={ "/orders/exports/" (one.id) "/stop" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        button.btn { (words.text("orders-export-stop")) }
                    }
                }
            }
        }
    }
}

async fn theirs(app: &App, visitor: &Visitor, id: String) -> Result<Export, Response> {
    let (site, user) = (app.store.site(), visitor.session.user);
    if !visitor.may(Permission::OrderExport) {
        return Err(forbidden(visitor));
    }
    let missing = |_| (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response();
    app.store.read(move |tx| exports::one(tx, site, user, &id)).await.map_err(missing)
}

/// `POST /orders/exports/{id}/stop`
pub async fn stop(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    match theirs(&app, &visitor, id).await {
        Ok(export) => {
            app.exports.stop(&export.id);
            Redirect::to("/orders/exports").into_response()
        }
        Err(answer) => answer,
    }
}

/// `GET /orders/exports/{id}`: the file, read as it is sent.
pub async fn take(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let export = match theirs(&app, &visitor, id).await {
        Ok(export) => export,
        Err(answer) => return answer,
    };
    // What was written with personal data is not for who may no longer see it.
    if export.personal && !visitor.may(Permission::PersonView) {
        return forbidden(&visitor);
    }
    let format = Format::of(&export.format).filter(|_| export.state == "done");
    let file = tokio::fs::File::open(exporting::path(&app, &export.id, &export.format)).await.ok();
    let (Some(format), Some(file)) = (format, file) else {
        return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response();
    };
    let parts = unfold(file, |mut file| async move {
        let mut part = vec![0; PART_BYTES];
        match file.read(&mut part).await {
            Ok(0) => None,
            Ok(n) => {
                part.truncate(n);
                Some((Ok(bytes::Bytes::from(part)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    let what = list_of(&export.query).map_or("orders", Kind::word);
    let name = format!("attachment; filename=\"{what}.{}\"", format.word());
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, Body::from_stream(parts)).into_response()
}
