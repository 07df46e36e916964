//! Bringing lists in at the console: sending a file, saying which column is which, trying it, and taking it in. A list is its
//! sender's alone. Every step is a page of its own that works without a script; while something is worked on, the page follows.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CHECKED, CLOCK, CROSS, OCTAGON, TRIANGLE, icon, pill};
use super::new_order::form::Fields;
use super::people::forbidden;
use super::uploads::{busy, in_turn};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::importing::{self, PAGE_WAIT};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::sheets::fields::{Kind, Mapping};
use crate::central::services::sheets::grid::{self, FILE_BYTES_MAX, Fault, Grid, ROWS_MAX};
use crate::central::services::sheets::{self as service, Import, State as At};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Largest body of an upload: the file, and the form around it.
pub(super) const UPLOAD_BODY_BYTES_MAX: usize = FILE_BYTES_MAX + 64 * 1024;
/// Rows that are shown before anything is said about columns.
const SHOWN_ROWS: usize = 8;
/// Wrong rows that the page shows; the file has all.
const SHOWN_FAULTS: i64 = 50;
/// Wrong rows of the file.
const FILE_FAULTS: i64 = 10_000;

fn may(visitor: &Visitor, kind: Kind) -> bool {
    visitor.may(Permission::ImportRun) && visitor.may(kind.permission())
}

/// Name of a kind.
pub(super) fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Orders => "console-orders",
        Kind::Products => "sheet-products",
        Kind::Kits => "sheet-kits",
        Kind::Customers => "sheet-customers",
        Kind::Stock => "sheet-stock",
    }
}

/// What is said of a reason.
fn why_key(why: &str) -> &'static str {
    match why {
        "empty" => "sheet-why-empty",
        "number" => "sheet-why-number",
        "positive" => "sheet-why-positive",
        "price" => "sheet-why-price",
        "day" => "sheet-why-day",
        "yes" => "sheet-why-yes",
        "country" => "sheet-why-country",
        "phone" => "sheet-why-phone",
        "email" => "sheet-why-email",
        "unknown" => "sheet-why-unknown",
        "exists" => "sheet-why-exists",
        "taken" => "sheet-why-taken",
        "short" => "sheet-why-short",
        "many" => "sheet-why-many",
        "cycle" => "sheet-why-cycle",
        "service" => "sheet-why-service",
        "twice" => "sheet-why-twice",
        "instock" => "sheet-why-instock",
        "forgotten" => "sheet-why-forgotten",
        _ => "sheet-why-form",
    }
}

fn state_pill(words: &Catalogue, state: At) -> Markup {
    match state {
        At::Sent => pill("", CLOCK, &words.text("sheet-state-sent")),
        At::Trying => pill("a", CLOCK, &words.text("sheet-state-trying")),
        At::Tried => pill("a", CHECKED, &words.text("sheet-state-tried")),
        At::Running => pill("a", CLOCK, &words.text("sheet-state-running")),
        At::Done => pill("k", CHECKED, &words.text("sheet-state-done")),
        At::Stopped => pill("w", CROSS, &words.text("sheet-state-stopped")),
        At::Failed => pill("x", OCTAGON, &words.text("sheet-state-failed")),
    }
}

/// `GET /import`
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::ImportRun) {
        return forbidden(&visitor);
    }
    list(&app, &visitor, None, StatusCode::OK).await
}

async fn list(app: &App, visitor: &Visitor, fault: Option<Fault>, status: StatusCode) -> Response {
    let (site, user, words) = (app.store.site(), visitor.session.user, visitor.words());
    let all = match app.store.read(move |tx| service::list(tx, site, user)).await {
        Ok(all) => all,
        Err(error) => {
            tracing::error!(%error, "lists that were sent could not be read");
            return trouble(visitor, Place::Orders, "console-trouble");
        }
    };
    let working = all.iter().any(|one| one.state.works());
    let content = html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text("sheet-title")) }
        }
        @if let Some(fault) = fault { p.wrong.lead role="alert" { (words.text(fault.key())) } }
        div.card.pad { (form(visitor)) }
        @if visitor.may(Permission::OrderExport) { div.card.pad { (take_out(visitor)) } }
        div.card data-poll[working] {
            div.cardhead { h2 { (words.text("sheet-sent")) } }
            @if all.is_empty() { p.empty { (words.text("console-none")) } }
            @else {
                table.rows {
                    thead { tr {
                        th scope="col" { (words.text("sheet-file")) } th scope="col" { (words.text("sheet-kind")) }
                        th scope="col" { (words.text("column-state")) } th scope="col" { (words.text("column-when")) }
                    } }
                    tbody { @for one in &all {
                        tr {
                            td { a href={ "/import/" (one.id) } { (one.name) } }
                            td { (words.text(kind_key(one.kind))) }
                            td { (state_pill(words, one.state)) " " (far(words, one)) }
                            td { (visitor.when(one.created_ms)) }
                        }
                    } }
                }
            }
        }
    };
    (status, frame(visitor, Place::Orders, &words.text("sheet-title"), &content)).into_response()
}

/// How far one is, in figures.
fn far(words: &Catalogue, one: &Import) -> String {
    match one.state {
        At::Sent => words.text_with("sheet-rows", &[("n", Arg::Int(one.rows))]),
        At::Trying | At::Running | At::Tried | At::Done | At::Stopped | At::Failed => {
            let taken = one.units_done - one.units_bad;
            words.text_with(
                "sheet-far",
                &[("n", Arg::Int(taken)), ("of", Arg::Int(one.units_all)), ("bad", Arg::Int(one.units_bad))],
            )
        }
    }
}

fn form(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    let limits = [("rows", Arg::Int(ROWS_MAX as i64)), ("mb", Arg::Int((FILE_BYTES_MAX >> 20) as i64))];
    html! {
        form.sheet.upload method="post" action="/import" enctype="multipart/form-data" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            label { (words.text("sheet-kind"))
                select.pick name="kind" {
                    @for kind in Kind::ALL { @if may(visitor, kind) { option value=(kind.word()) { (words.text(kind_key(kind))) } } }
                } }
            label { (words.text("sheet-file"))
                input type="file" name="file" accept=".csv,.txt,.tsv,.xlsx" required;
                span.small { (words.text_with("sheet-file-hint", &limits)) } }
            button.btn.pri { (words.text("sheet-send")) }
        }
    }
}

/// The form that takes a list out.
fn take_out(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    html! {
        form.sheet.upload method="post" action="/import/export" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            label { (words.text("sheet-take-out"))
                select.pick name="kind" {
                    option value=(Kind::Products.word()) { (words.text("sheet-products")) }
                    option value=(Kind::Kits.word()) { (words.text("sheet-kits")) }
                    @if visitor.may(Permission::PersonView) { option value=(Kind::Customers.word()) { (words.text("sheet-customers")) } }
                    option value=(Kind::Stock.word()) { (words.text("sheet-levels")) }
                }
                span.small { (words.text("sheet-take-out-hint")) } }
            div.answers { button.btn name="format" value="csv" { "CSV" } button.btn name="format" value="xlsx" { "XLSX" } }
        }
    }
}

/// What a form sent: the kind, the name of the file, its bytes.
struct Sent {
    kind: Option<Kind>,
    name: String,
    bytes: Vec<u8>,
}

/// Reads the form: the token first, then the kind, then the file.
async fn receive(visitor: &Visitor, mut form: Multipart) -> Result<Option<Sent>, MultipartError> {
    let (mut own, mut kind) = (false, None);
    while let Some(mut field) = form.next_field().await? {
        match field.name() {
            Some("csrf") => own = visitor.sent(&field.text().await?),
            Some("kind") => kind = Kind::of(&field.text().await?),
            Some("file") if own => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let mut bytes = Vec::new();
                while let Some(chunk) = field.chunk().await? {
                    bytes.extend_from_slice(&chunk);
                    // One byte more tells that it is too large; the rest need not be read.
                    if bytes.len() > FILE_BYTES_MAX {
                        break;
                    }
                }
                return Ok(Some(Sent { kind, name, bytes }));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// `POST /import`
pub(super) async fn send(State(app): State<App>, visitor: Visitor, form: Multipart) -> Response {
    if !visitor.may(Permission::ImportRun) {
        return forbidden(&visitor);
    }
    let (_turn, received) = match in_turn(&app, &visitor, receive(&visitor, form)).await {
        Ok(received) => received,
        Err(answer) => return *answer,
    };
    let sent = match received {
        Ok(Some(sent)) => sent,
        Ok(None) => return forbidden(&visitor),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return list(&app, &visitor, Some(Fault::Large), StatusCode::PAYLOAD_TOO_LARGE).await;
        }
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let Some(kind) = sent.kind.filter(|kind| may(&visitor, *kind)) else { return forbidden(&visitor) };
    let name = sent.name;
    let read = app.imports.parse(PAGE_WAIT, move || {
        let grid = grid::read(&sent.bytes);
        (grid, sent.bytes)
    });
    let Some((grid, bytes)) = read.await else { return busy(&visitor) };
    let grid = match grid {
        Ok(grid) => grid,
        Err(fault) => return list(&app, &visitor, Some(fault), StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let owner = visitor.session.user;
    let begun = app.store.write(visitor.actor(), move |work| service::begin(work, owner, kind, &name, &grid)).await;
    let kept = match begun {
        Ok(id) => importing::keep(&app, &id, bytes).await.map(|()| id),
        Err(error) => Err(error),
    };
    match kept {
        Ok(id) => Redirect::to(&format!("/import/{id}")).into_response(),
        Err(error) => {
            tracing::error!(%error, "a list could not be kept");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

async fn theirs(app: &App, visitor: &Visitor, id: String) -> Result<Import, Response> {
    let (site, user) = (app.store.site(), visitor.session.user);
    let missing = |_| (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response();
    let import = app.store.read(move |tx| service::one(tx, site, user, &id)).await.map_err(missing)?;
    if may(visitor, import.kind) { Ok(import) } else { Err(forbidden(visitor)) }
}

/// `GET /import/{id}`
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    match theirs(&app, &visitor, id).await {
        Ok(import) => shown(&app, &visitor, &import, None, StatusCode::OK).await,
        Err(answer) => answer,
    }
}

async fn shown(app: &App, visitor: &Visitor, import: &Import, wrong: Option<&str>, status: StatusCode) -> Response {
    let words = visitor.words();
    let id = import.id.clone();
    let faults = app.store.read(move |tx| service::faults(tx, &id, SHOWN_FAULTS)).await.unwrap_or_default();
    let columns = matches!(import.state, At::Sent | At::Tried | At::Stopped);
    let read = if columns { Some(importing::read(app, &import.id, PAGE_WAIT).await) } else { None };
    let (grid, unread) = match read {
        None => (None, None),
        Some(Ok(grid)) => (Some(grid), None),
        Some(Err(CentralError::Inner { .. })) => (None, Some("console-busy")),
        Some(Err(_)) => (None, Some("sheet-state-failed")),
    };
    let content = html! {
        div.title {
            a.back href="/import" aria-label=(words.text("sheet-title")) { (icon(BACK, 22)) }
            h1 { (import.name) }
            span.muted { (words.text(kind_key(import.kind))) " · " (import.form) }
        }
        @if let Some(wrong) = wrong.or(unread) { p.wrong.lead role="alert" { (words.text(wrong)) } }
        div.card.pad data-poll[import.state.works()] { (progress(visitor, import)) }
        @if !faults.is_empty() { (wrong_rows(words, import, &faults)) }
        @if let Some(grid) = &grid {
            (columns_form(visitor, import, grid))
            (preview(words, grid))
        }
    };
    (status, frame(visitor, Place::Orders, &import.name, &content)).into_response()
}

/// Where it is, and what can be done now.
fn progress(visitor: &Visitor, import: &Import) -> Markup {
    let words = visitor.words();
    let act = |to: &str, key: &str, main: bool| {
        html! {
            form method="post" action={ "/import/" (import.id) "/" (to) } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn.pri[main] { (words.text(key)) }
            }
        }
    };
    html! {
        div.way { (state_pill(words, import.state))
            @if import.state.works() && import.units_all > 0 {
                progress max=(import.units_all) value=(import.units_done) aria-label=(words.text("column-state")) {}
            }
            span { (far(words, import)) } }
        @if import.state == At::Tried {
            p.lead { (words.text(if import.units_bad == 0 { "sheet-tried-good" } else { "sheet-tried-bad" })) }
        }
        @if import.state == At::Done { p.lead { (words.text("sheet-done-lead")) } }
        div.answers {
            @if import.state == At::Tried && import.units_bad < import.units_all { (act("run", "sheet-run", true)) }
            @if import.state.works() { (act("stop", "orders-export-stop", false)) }
        }
    }
}

fn wrong_rows(words: &Catalogue, import: &Import, faults: &[(i64, String, String)]) -> Markup {
    let field = |word: &str| {
        let field = import.kind.fields().iter().find(|field| field.word == word);
        field.map_or_else(String::new, |field| words.text(field.key).into_owned())
    };
    html! {
        div.card {
            div.cardhead { h2 { (icon(TRIANGLE, 18)) " " (words.text("sheet-wrong-rows")) }
                a.btn href={ "/import/" (import.id) "/faults.csv" } download { (words.text("sheet-wrong-take")) } }
            table.rows {
                thead { tr { th scope="col" { (words.text("sheet-row")) } th scope="col" { (words.text("sheet-field")) }
                    th scope="col" { (words.text("sheet-why")) } } }
                tbody { @for (row, word, why) in faults {
                    tr { td.num { (row) } td { (field(word)) } td.wrap { (words.text(why_key(why))) } }
                } }
            }
            @if import.units_bad > SHOWN_FAULTS { p.empty { (words.text("sheet-wrong-more")) } }
        }
    }
}

/// Which column is which.
fn columns_form(visitor: &Visitor, import: &Import, grid: &Grid) -> Markup {
    let words = visitor.words();
    let title = |at: usize, name: &str| {
        let example = grid.rows.iter().filter_map(|row| row.cells.get(at)).find(|cell| !cell.is_empty());
        let example: String = example.map(|cell| cell.chars().take(24).collect()).unwrap_or_default();
        if example.is_empty() { name.to_owned() } else { format!("{name} ({example})") }
    };
    html! {
        div.card.pad {
            h2 { (words.text("sheet-columns")) }
            p.lead { (words.text("sheet-columns-lead")) }
            form.sheet.wide method="post" action={ "/import/" (import.id) "/try" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                div.two {
                    @for field in import.kind.fields() {
                        @let now = import.mapping.columns.get(field.word).copied();
                        label { span { (words.text(field.key)) @if field.needed { " *" } }
                            select name={ "f-" (field.word) } {
                                option value="" selected[now.is_none()] { (words.text("sheet-no-column")) }
                                @for (at, name) in import.head.iter().enumerate() {
                                    option value=(at) selected[now == Some(at)] { (title(at, name)) }
                                }
                            } }
                    }
                }
                label.check { input type="checkbox" name="comma" value="1" checked[import.mapping.comma]; (words.text("sheet-comma")) }
                div.answers { button.btn.pri[import.state != At::Tried] { (words.text("sheet-try")) } }
            }
        }
    }
}

fn preview(words: &Catalogue, grid: &Grid) -> Markup {
    html! {
        div.card tabindex="0" role="region" aria-label=(words.text("sheet-preview")) {
            div.cardhead { h2 { (words.text("sheet-preview")) } span.muted { (words.text_with("sheet-rows", &[("n", Arg::Int(grid.rows.len() as i64))])) } }
            table.rows {
                thead { tr { th scope="col" { (words.text("sheet-row")) } @for name in &grid.head { th scope="col" { (name) } } } }
                tbody { @for row in grid.rows.iter().take(SHOWN_ROWS) {
                    tr { td.num { (row.no) } @for at in 0..grid.head.len() { td { (row.cells.get(at).map_or("", String::as_str)) } } }
                } }
            }
        }
    }
}

/// The columns that a form names.
fn mapping_of(import: &Import, fields: &Fields) -> Mapping {
    let mut columns = BTreeMap::new();
    for field in import.kind.fields() {
        if let Ok(at) = fields.get(&format!("f-{}", field.word)).parse::<usize>() {
            columns.insert(field.word.to_owned(), at);
        }
    }
    Mapping { columns, comma: fields.get("comma") == "1" }
}

/// `POST /import/{id}/try`
pub(super) async fn attempt(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let mut import = match theirs(&app, &visitor, id).await {
        Ok(import) => import,
        Err(answer) => return answer,
    };
    import.mapping = mapping_of(&import, &fields);
    let asked = import.clone();
    let begun = app.store.write(visitor.actor(), move |work| {
        service::begin_trial(work, &asked.id, asked.kind, &asked.head, &asked.mapping)
    });
    go_on(&app, &visitor, begun.await, import).await
}

/// `POST /import/{id}/run`
pub(super) async fn run(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let import = match theirs(&app, &visitor, id).await {
        Ok(import) => import,
        Err(answer) => return answer,
    };
    let id = import.id.clone();
    let begun = app.store.write(visitor.actor(), move |work| service::begin_run(work, &id)).await;
    go_on(&app, &visitor, begun, import).await
}

/// Starts the work that was begun, or says why it was not.
async fn go_on(app: &App, visitor: &Visitor, begun: Result<(), CentralError>, import: Import) -> Response {
    match begun {
        Ok(()) => {
            let to = format!("/import/{}", import.id);
            importing::start(app, import);
            Redirect::to(&to).into_response()
        }
        Err(CentralError::Refused(Refusal::Field { .. })) => {
            shown(app, visitor, &import, Some("sheet-columns-missing"), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        // Somebody pressed twice: it is under way, or over.
        Err(CentralError::Refused(_)) => Redirect::to(&format!("/import/{}", import.id)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a list could not be begun");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `POST /import/{id}/stop`
pub(super) async fn stop(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let import = match theirs(&app, &visitor, id).await {
        Ok(import) => import,
        Err(answer) => return answer,
    };
    let id = import.id.clone();
    match app.store.write(visitor.actor(), move |work| service::end(work, &id, At::Stopped)).await {
        Ok(()) => Redirect::to(&format!("/import/{}", import.id)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a list could not be stopped");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `GET /import/{id}/faults.csv`: the rows that were not taken. It holds no cell of the list.
pub(super) async fn faults(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let import = match theirs(&app, &visitor, id).await {
        Ok(import) => import,
        Err(answer) => return answer,
    };
    let (words, id) = (visitor.words(), import.id.clone());
    let Ok(faults) = app.store.read(move |tx| service::faults(tx, &id, FILE_FAULTS)).await else {
        return trouble(&visitor, Place::Orders, "console-trouble");
    };
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let heads = ["sheet-row", "sheet-field", "sheet-why"].map(|key| quoted(&words.text(key)));
    let mut text = format!("\u{feff}{}\r\n", heads.join(","));
    for (row, word, why) in &faults {
        let field = import.kind.fields().iter().find(|field| field.word == word);
        let field = field.map_or_else(String::new, |field| words.text(field.key).into_owned());
        text.push_str(&format!("{row},{},{}\r\n", quoted(&field), quoted(&words.text(why_key(why)))));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rows.csv\""),
    ];
    (headers, text).into_response()
}
