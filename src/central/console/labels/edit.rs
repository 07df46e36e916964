//! The editor of one template: its text, what is wrong with it, the label beside it, and the versions before.

use super::super::frame::Place;
use super::super::marks::{BACK, icon, pill};
use super::super::marks::{CHECKED, PEN};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::stock::failed;
use super::super::visitor::Visitor;
use super::{about, reason, refusal, say, shown};
use crate::central::error::{Refusal, Res};
use crate::central::exporting::document_words;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::labels::{self as service, Sound, Stored, TEXT_BYTES_MAX, Unshown};
use crate::central::store::work::Work;
use crate::core::message::Arg;
use crate::labels::template::{TemplateErrors, bundled};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::sync::Semaphore;

/// Resolutions of printers.
const DPIS: [u32; 3] = [203, 300, 600];
/// So many pictures are drawn at once; whoever types waits a moment.
static DRAWING: Semaphore = Semaphore::const_new(2);

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    version: Option<i64>,
    dpi: Option<u32>,
}

/// What the editor shows.
struct Editor {
    stored: Stored,
    /// What is typed, or stored.
    text: String,
    /// Which version the next save is held against.
    seen: i64,
    dpi: u32,
    versions: Vec<(i64, i64, bool)>,
}

/// One of the resolutions; the first for what is none.
fn dpi_of(asked: Option<u32>) -> u32 {
    asked.filter(|dpi| DPIS.contains(dpi)).unwrap_or(DPIS[0])
}

async fn editor(app: &App, name: String, asked: Asked, typed: Option<(String, i64)>) -> Res<Editor> {
    let site = app.store.site();
    let dpi = dpi_of(asked.dpi);
    let read = app.store.read(move |tx| {
        let stored = service::current(tx, site, &name)?;
        let versions = service::versions(tx, site, &name)?;
        let (text, seen) = match (typed.clone(), asked.version) {
            (Some((text, seen)), _) => (text, seen),
            (None, Some(version)) => (service::of_version(tx, site, &name, version)?, stored.version),
            (None, None) => (stored.text.clone(), stored.version),
        };
        // One that was taken away comes back only as an older version, or when somebody was about to save it.
        if text.is_empty() {
            return Err(Refusal::Missing { entity: "template" }.into());
        }
        Ok(Editor { stored, text, seen, dpi, versions })
    });
    read.await
}

/// `GET /labels/{name}`
pub async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    match editor(&app, name.replace('\0', ""), asked, None).await {
        Ok(editor) => show(&visitor, &editor, None).await,
        Err(error) => failed(&visitor, Place::Labels, &error),
    }
}

async fn show(visitor: &Visitor, editor: &Editor, refused: Option<&Refusal>) -> Response {
    let words = visitor.words();
    let wrong = problems(visitor, &editor.stored.name, editor.text.clone()).await;
    let title = format!("{} · {}", words.text("labels-title"), editor.stored.name);
    let content = html! {
        div.title {
            a.back href="/labels" aria-label=(words.text("labels-title")) { (icon(BACK, 22)) }
            h1 { span.mono { (editor.stored.name) } }
            (state(visitor, &editor.stored))
            span.grow {}
            a.btn href={ "/labels/" (editor.stored.name) "/file" } download { (words.text("labels-file")) }
        }
        (reason(visitor, refused))
        p.lead.muted { (about(&editor.text)) }
        div.split.labels {
            (form(visitor, editor, &wrong))
            div { (preview(visitor, editor)) (versions(visitor, editor)) }
        }
    };
    shown(visitor, &title, refused, &content)
}

fn state(visitor: &Visitor, stored: &Stored) -> Markup {
    let words = visitor.words();
    if stored.own {
        pill("a", PEN, &words.text_with("labels-own", &[("n", Arg::Int(stored.version))]))
    } else {
        pill("", CHECKED, &words.text("labels-bundled"))
    }
}

fn form(visitor: &Visitor, editor: &Editor, wrong: &Markup) -> Markup {
    let (words, name) = (visitor.words(), &editor.stored.name);
    let restore = if bundled::text(name).is_some() { "labels-restore" } else { "labels-remove" };
    html! {
        form.card.pad.sheet.wide #template method="post" action={ "/labels/" (name) } data-try={ "/labels/" (name) "/try" }
            data-lost=(words.text("labels-lost")) data-sound=(words.text("labels-good")) {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="seen" value=(editor.seen);
            label for="text" { (words.text("labels-text")) }
            div.code {
                pre.mono.numbers aria-hidden="true" {}
                textarea.mono #text name="text" rows="24" maxlength=(TEXT_BYTES_MAX) spellcheck="false" autocapitalize="off"
                    autocomplete="off" wrap="off" aria-describedby="problems" { "\n" (editor.text) }
            }
            div #problems role="status" { (wrong) }
            label { (words.text("labels-dpi"))
                select name="dpi" { @for dpi in DPIS { option value=(dpi) selected[dpi == editor.dpi] { (words.text_with("labels-dots", &[("n", Arg::Text(dpi.to_string()))])) } } } }
            div.answers {
                button.btn.pri name="go" value="save" { (words.text("office-save")) }
                button.btn name="go" value="check" { (words.text("labels-check")) }
                @if editor.stored.own { button.btn name="go" value="restore" formnovalidate { (words.text(restore)) } }
            }
        }
    }
}

fn preview(visitor: &Visitor, editor: &Editor) -> Markup {
    let (words, name) = (visitor.words(), &editor.stored.name);
    let alt = words.text_with("labels-picture", &[("name", Arg::Text(name.clone()))]);
    html! {
        section.card.pad #preview {
            h2 { (words.text("labels-preview")) }
            p.muted { (words.text("labels-preview-hint")) }
            div.paper { img src={ "/labels/" (name) "/picture?dpi=" (editor.dpi) "&version=" (editor.stored.version) } alt=(alt); }
        }
    }
}

fn versions(visitor: &Visitor, editor: &Editor) -> Markup {
    let words = visitor.words();
    html! {
        @if !editor.versions.is_empty() {
            section.card.pad {
                h2 { (words.text("msg-versions")) }
                ul.plain { @for (version, at_ms, own) in &editor.versions { li {
                    a href={ "/labels/" (editor.stored.name) "?version=" (version) } { span.st.count { "v" (version) } " " (visitor.when(*at_ms)) }
                    @if !own { " " span.muted { (words.text("labels-restored")) } }
                } } }
            }
        }
    }
}

/// What is wrong with a text, for the page; that nothing is, said too.
async fn problems(visitor: &Visitor, name: &str, text: String) -> Markup {
    let words = visitor.words();
    let of_papers = document_words(words);
    let of = name.to_owned();
    let checked = drawing(move || service::read(&of, &text, &of_papers).map(|template| template.size_um())).await;
    match checked {
        Some(Err(TemplateErrors(errors))) => say::problems(words, &errors),
        Some(Ok((width_um, height_um))) => {
            let mm = |um: i32| Arg::Text(format!("{}", um / 1_000));
            let size = words.text_with("labels-sound", &[("width", mm(width_um)), ("height", mm(height_um))]);
            html! { p.good { (icon(CHECKED, 18)) " " (size) } }
        }
        None => html! { p.muted { (words.text("labels-later")) } },
    }
}

/// Does work that takes the processor, a few at a time and off the threads that answer.
async fn drawing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = DRAWING.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

/// The text as it was typed, lines ending as in files. [`Fields::get`] would cut blank lines off, and lines would be miscounted.
fn typed_text(fields: &Fields) -> String {
    let text = fields.0.iter().find(|(name, _)| name == "text").map_or("", |(_, text)| text.as_str());
    text.replace("\r\n", "\n")
}

/// `POST /labels/{name}`
pub async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    let (text, seen) = (typed_text(&fields), fields.int("seen"));
    let asked = Asked { version: None, dpi: fields.get("dpi").parse().ok() };
    let again = |seen| editor(&app, name.clone(), asked.clone(), Some((text.clone(), seen)));
    let go = fields.get("go");
    if go == "check" {
        return match again(seen).await {
            Ok(editor) => show(&visitor, &editor, None).await,
            Err(error) => failed(&visitor, Place::Labels, &error),
        };
    }
    let restore = go == "restore";
    let kept = !restore || bundled::text(&name).is_some();
    let done = if restore {
        restored(&app, &visitor, &name, seen).await
    } else {
        saved(&app, &visitor, &name, &text, seen).await
    };
    let refused = match done {
        Ok(_) if kept => return Redirect::to(&format!("/labels/{name}")).into_response(),
        Ok(_) => return Redirect::to("/labels").into_response(),
        Err(error) => match refusal(&visitor, error) {
            Ok(refused) => refused,
            Err(answer) => return *answer,
        },
    };
    // Who was told that somebody was faster has seen theirs.
    let seen = if let Refusal::Version { newest, .. } = &refused { *newest } else { seen };
    match again(seen).await {
        Ok(editor) => show(&visitor, &editor, Some(&refused)).await,
        Err(error) => failed(&visitor, Place::Labels, &error),
    }
}

async fn restored(app: &App, visitor: &Visitor, name: &str, seen: i64) -> Res<i64> {
    let of = name.to_owned();
    let write = move |work: &mut Work<'_>| {
        service::current(work.tx, work.ctx.site, &of)?;
        service::restore(work, &of, seen)
    };
    app.store.write(visitor.actor(), write).await
}

async fn saved(app: &App, visitor: &Visitor, name: &str, text: &str, seen: i64) -> Res<i64> {
    let sound = sound(visitor, name, text).await?;
    let of = name.to_owned();
    let write = move |work: &mut Work<'_>| {
        // A name that is nowhere is made on the list.
        service::current(work.tx, work.ctx.site, &of)?;
        service::save(work, &sound, seen)
    };
    app.store.write(visitor.actor(), write).await
}

/// A text that may be saved. It is read here, before the store is asked to write.
pub(super) async fn sound(visitor: &Visitor, name: &str, text: &str) -> Res<Sound> {
    let (words, name, text) = (document_words(visitor.words()), name.to_owned(), text.to_owned());
    match drawing(move || Sound::read(&name, &text, &words)).await {
        Some(read) => Ok(read?),
        None => Err(Refusal::Field { field: "label.text", why: "could not be read: try again" }.into()),
    }
}

/// `POST /labels/{name}/try`: the picture of what is typed, or what is wrong with it.
pub async fn attempt(
    visitor: Visitor,
    Path(name): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    let text = typed_text(&fields);
    if text.len() > TEXT_BYTES_MAX {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    drawn(&visitor, name, text, dpi_of(fields.get("dpi").parse().ok())).await
}

/// `GET /labels/{name}/picture`
pub async fn picture(
    State(app): State<App>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    let (site, of) = (app.store.site(), name.replace('\0', ""));
    match app.store.read(move |tx| service::current(tx, site, &of)).await {
        Ok(stored) => drawn(&visitor, stored.name, stored.text, dpi_of(asked.dpi)).await,
        Err(error) => failed(&visitor, Place::Labels, &error),
    }
}

async fn drawn(visitor: &Visitor, name: String, text: String, dpi: u32) -> Response {
    let words = visitor.words();
    let of_papers = document_words(words);
    let wrong = |what: Markup| (StatusCode::UNPROCESSABLE_ENTITY, Html(what.into_string())).into_response();
    match drawing(move || service::picture(&name, &text, dpi, &of_papers)).await {
        Some(Ok(bytes)) => ([(header::CONTENT_TYPE, "image/png")], bytes).into_response(),
        Some(Err(Unshown::Unsound(TemplateErrors(errors)))) => wrong(say::problems(words, &errors)),
        Some(Err(Unshown::TooLarge)) => wrong(html! { p.bad { (words.text("labels-too-large")) } }),
        Some(Err(Unshown::Undrawn(_))) => wrong(html! { p.bad { (words.text("labels-undrawn")) } }),
        None => wrong(html! { p.muted { (words.text("labels-later")) } }),
    }
}

/// `GET /labels/{name}/file`
pub async fn file(State(app): State<App>, visitor: Visitor, Path(name): Path<String>) -> Response {
    if !visitor.may(Permission::LabelEdit) {
        return forbidden(&visitor);
    }
    let (site, of) = (app.store.site(), name.replace('\0', ""));
    match app.store.read(move |tx| service::current(tx, site, &of)).await {
        Ok(stored) => {
            let headers = [
                (header::CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.toml\"", stored.name)),
            ];
            (headers, stored.text).into_response()
        }
        Err(error) => failed(&visitor, Place::Labels, &error),
    }
}
