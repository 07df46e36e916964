//! The list of templates: the bundled ones and the site's own, and the way to a new one.

use super::super::frame::Place;
use super::super::marks::{CHECKED, PEN, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::stock::failed;
use super::super::visitor::Visitor;
use super::edit::sound;
use super::{about, reason, refusal, shown};
use crate::central::error::{Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::labels::{self as service, NAME_CHARS_MAX, Stored};
use crate::core::message::Arg;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// `GET /labels`
pub async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    answer(&app, &visitor, None, None).await
}

async fn answer(app: &App, visitor: &Visitor, typed: Option<&Fields>, refused: Option<&Refusal>) -> Response {
    let site = app.store.site();
    match app.store.read(move |tx| service::list(tx, site)).await {
        Ok(rows) => {
            let words = visitor.words();
            let content = html! {
                div.title { h1 { (words.text("labels-title")) } }
                (reason(visitor, refused))
                p.lead { (words.text("labels-lead")) }
                div.card { (table(visitor, &rows)) }
                (new_form(visitor, &rows, typed))
            };
            shown(visitor, &words.text("labels-title"), refused, &content)
        }
        Err(error) => failed(visitor, Place::Labels, &error),
    }
}

fn table(visitor: &Visitor, rows: &[Stored]) -> Markup {
    let words = visitor.words();
    html! { table.rows.told {
        thead { tr {
            @for key in ["labels-name", "labels-about", "column-state", "labels-changed"] { th scope="col" { (words.text(key)) } }
            th scope="col" { span.off { (words.text("msg-acts")) } }
        } }
        tbody { @for row in rows { tr {
            td { a.mono href={ "/labels/" (row.name) } { (row.name) } }
            td.wrap { (about(&row.text)) }
            td { @if row.own {
                (pill("a", PEN, &words.text_with("labels-own", &[("n", Arg::Int(row.version))])))
            } @else { (pill("", CHECKED, &words.text("labels-bundled"))) } }
            td data-label=(words.text("labels-changed")) {
                @if row.at_ms > 0 { (visitor.when(row.at_ms)) } @else { "–" } }
            td { div.answers.tight {
                a.btn href={ "/labels/" (row.name) } aria-label={ (words.text("labels-edit")) ": " (row.name) } { (icon(PEN, 18)) (words.text("labels-edit")) }
                a.btn href={ "/labels/" (row.name) "/file" } download aria-label={ (words.text("labels-file")) ": " (row.name) } { (words.text("labels-file")) }
            } }
        } } }
    } }
}

fn new_form(visitor: &Visitor, rows: &[Stored], typed: Option<&Fields>) -> Markup {
    let words = visitor.words();
    let (name, of) = typed.map_or(("", ""), |typed| (typed.get("name"), typed.get("of")));
    html! {
        section.card.pad {
            h2 { (words.text("labels-new")) }
            form.sheet method="post" action="/labels" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                label { (words.text("labels-name"))
                    span.small { (words.text("labels-name-hint")) }
                    input.mono name="name" required maxlength=(NAME_CHARS_MAX) pattern="[a-z0-9][a-z0-9\\-]*" autocomplete="off" value=(name); }
                label { (words.text("labels-copy-of"))
                    select name="of" { @for row in rows { option value=(row.name) selected[row.name == of] { (row.name) } } } }
                div.answers { button.btn.pri { (words.text("labels-make")) } }
            }
        }
    }
}

/// `POST /labels`: a template of a new name.
pub async fn copy(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    let name = fields.get("name").to_owned();
    let to = format!("/labels/{name}");
    match copied(&app, &visitor, &name, fields.get("of").to_owned()).await {
        Ok(_) => Redirect::to(&to).into_response(),
        Err(error) => match refusal(&visitor, error) {
            Ok(refused) => answer(&app, &visitor, Some(&fields), Some(&refused)).await,
            Err(answer) => *answer,
        },
    }
}

async fn copied(app: &App, visitor: &Visitor, name: &str, of: String) -> Res<i64> {
    let site = app.store.site();
    let text = app.store.read(move |tx| service::current(tx, site, &of)).await?.text;
    let sound = sound(visitor, name, &text).await?;
    app.store.write(visitor.actor(), move |work| service::make(work, &sound)).await
}
