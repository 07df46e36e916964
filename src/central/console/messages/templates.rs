//! Templates at the console: a text per kind and language, looked at before it is saved, and tried out by a mail to oneself.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, MAIL, icon};
use super::super::new_order::form::Fields;
use super::super::people::{forbidden, why};
use super::super::visitor::Visitor;
use super::{answer, kind_name, tabs};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::mail::markup;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::{self as service, Kind, Letter, PLACEHOLDERS, Template};
use crate::core::message::Arg;
use crate::i18n::Lang;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// `GET /messages/templates`
pub async fn list(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let (site, house) = (app.store.site(), app.house.clone());
    let read = app.store.read(move |tx| {
        let mut all = Vec::new();
        for kind in Kind::ALL {
            let mut row = Vec::new();
            for lang in Lang::ALL {
                row.push((lang, service::current(tx, site, house.words(lang), kind)?.version));
            }
            all.push((kind, row));
        }
        Ok(all)
    });
    match read.await {
        Ok(all) => {
            let words = visitor.words();
            let content = html! {
                div.title { h1 { (words.text("msg-templates")) } }
                (tabs(&visitor, "/messages/templates"))
                p.lead { (words.text("msg-templates-hint")) }
                div.card { table.rows {
                    thead { tr { th scope="col" { (words.text("msg-what")) } th scope="col" { (words.text("msg-language")) } } }
                    tbody { @for (kind, row) in &all { tr {
                        td { b { (kind_name(words, kind.word())) } }
                        td.wrap { div.answers.tight { @for (lang, version) in row {
                            a.btn href={ "/messages/templates/" (kind.word()) "/" (lang.code()) }
                                aria-label={ (kind_name(words, kind.word())) ": " (lang.own_name()) @if *version > 0 { " v" (version) } } {
                                (lang.own_name())
                                @if *version > 0 { " " span.st.a.count { "v" (version) } }
                            }
                        } } }
                    } } }
                } }
            };
            frame(&visitor, Place::Messages, &words.text("msg-templates"), &content)
        }
        Err(error) => {
            tracing::error!(%error, "templates could not be read");
            trouble(&visitor, Place::Messages, "console-trouble")
        }
    }
}

/// What the editor shows.
struct Editor {
    kind: Kind,
    lang: Lang,
    /// What is typed, or stored.
    template: Template,
    /// With sample values.
    preview: Letter,
    /// Versions with when each was made.
    versions: Vec<(i64, i64)>,
}

/// Reads what the editor shows; `typed` stands for what is stored.
async fn editor(app: &App, kind: Kind, lang: Lang, typed: Option<(String, String)>) -> Res<Editor> {
    let (site, house, now) = (app.store.site(), app.house.clone(), app.store.now());
    app.store
        .read(move |tx| {
            let mut template = service::current(tx, site, house.words(lang), kind)?;
            let versions = service::versions(tx, site, kind, lang)?;
            if let Some((subject, body)) = typed.clone() {
                (template.subject, template.body) = (subject, body);
            }
            let values = service::sample(tx, site, &house, lang, now)?;
            let (subject, body) = (service::fill(&template.subject, &values), service::fill(&template.body, &values));
            let preview = Letter { to: None, subject, body };
            Ok(Editor { kind, lang, template, preview, versions })
        })
        .await
}

/// `GET /messages/templates/{kind}/{lang}`
pub async fn edit(State(app): State<App>, visitor: Visitor, Path((kind, lang)): Path<(String, String)>) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let lang_of = |code: &str| Lang::ALL.into_iter().find(|lang| lang.code() == code);
    let (Some(kind), Some(lang)) = (Kind::of(&kind), lang_of(&lang)) else {
        return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Messages, "console-not-found")).into_response();
    };
    match editor(&app, kind, lang, None).await {
        Ok(editor) => show(&visitor, &editor, None, None),
        Err(error) => {
            tracing::error!(%error, "a template could not be read");
            trouble(&visitor, Place::Messages, "console-trouble")
        }
    }
}

fn show(visitor: &Visitor, editor: &Editor, refused: Option<&Refusal>, seen: Option<i64>) -> Response {
    let words = visitor.words();
    let title = format!("{} · {}", kind_name(words, editor.kind.word()), editor.lang.own_name());
    let seen = seen.unwrap_or(editor.template.version);
    let content = html! {
        div.title {
            a.back href="/messages/templates" aria-label=(words.text("msg-templates")) { (icon(BACK, 22)) }
            h1 { (title) }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (why(words, refusal)) } }
        div.split {
            form.card.pad.sheet.wide method="post" action={ "/messages/templates/" (editor.kind.word()) "/" (editor.lang.code()) } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="seen" value=(seen);
                label { (words.text("msg-subject")) input name="subject" maxlength="200" value=(editor.template.subject) lang=(editor.lang.code()); }
                label { (words.text("msg-text")) textarea name="body" rows="16" maxlength="10000" lang=(editor.lang.code()) { (editor.template.body) } }
                p.muted { (words.text("msg-names-hint")) " "
                    span.mono.wrap { @for (place, name) in PLACEHOLDERS.iter().enumerate() { @if place > 0 { " " } "{" (name) "}" } } }
                div.answers {
                    button.btn.pri name="go" value="save" { (words.text("office-save")) }
                    button.btn name="go" value="preview" { (words.text("msg-preview")) }
                    @if editor.template.version > 0 { button.btn name="go" value="reset" { (words.text("msg-reset")) } }
                }
                label { (words.text("msg-test-to")) input name="to" type="email" maxlength="254" autocomplete="email"; }
                div.answers { button.btn name="go" value="test" { (icon(MAIL, 18)) (words.text("msg-test")) } }
            }
            div { (preview(visitor, editor)) (versions(visitor, editor)) }
        }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, frame(visitor, Place::Messages, &title, &content)).into_response()
}

fn preview(visitor: &Visitor, editor: &Editor) -> Markup {
    let (words, letter) = (visitor.words(), &editor.preview);
    html! {
        section.card.pad #preview {
            h2 { (words.text("msg-preview-html")) }
            p.muted { (words.text("msg-preview-hint")) }
            article.letter lang=(editor.lang.code()) { h3 { (letter.subject) } (markup(&letter.body)) }
        }
        section.card.pad {
            h2 { (words.text("msg-preview-text")) }
            pre.letter lang=(editor.lang.code()) tabindex="0" { (letter.body) }
        }
    }
}

fn versions(visitor: &Visitor, editor: &Editor) -> Markup {
    let words = visitor.words();
    html! {
        @if !editor.versions.is_empty() {
            section.card.pad {
                h2 { (words.text("msg-versions")) }
                ul.plain { @for (version, at_ms) in &editor.versions {
                    li { span.st.count { "v" (version) } " " (visitor.when(*at_ms)) }
                } }
            }
        }
    }
}

/// `POST /messages/templates/{kind}/{lang}`
pub async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path((kind, lang)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let (Some(kind), Some(lang)) = (Kind::of(&kind), Lang::ALL.into_iter().find(|known| known.code() == lang)) else {
        return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Messages, "console-not-found")).into_response();
    };
    let back = format!("/messages/templates/{}/{}", kind.word(), lang.code());
    let (subject, body) = (fields.get("subject").to_owned(), fields.get("body").replace("\r\n", "\n"));
    let (seen, typed) = (fields.int("seen"), Some((subject.clone(), body.clone())));
    let shown = match editor(&app, kind, lang, typed).await {
        Ok(shown) => shown,
        Err(error) => return answer(&visitor, Err::<(), _>(error), &back),
    };
    let go = fields.get("go").to_owned();
    if go == "preview" {
        return show(&visitor, &shown, service::check(&subject, &body).err().as_ref(), Some(seen));
    }
    let (to, letter) = (fields.get("to").to_owned(), shown.preview.clone());
    let done = app.store.write(visitor.actor(), move |work| match go.as_str() {
        "test" => {
            service::check(&subject, &body)?;
            service::try_out(work, &to, lang, (&letter.subject, &letter.body)).map(|_| ())
        }
        "reset" => service::save(work, kind, lang, seen, None).map(|_| ()),
        _ => service::save(work, kind, lang, seen, Some((&subject, &body))).map(|_| ()),
    });
    match done.await {
        Err(CentralError::Refused(refusal)) => show(&visitor, &shown, Some(&refusal), Some(newest(&refusal, seen))),
        done => {
            app.wake_mail.notify_one();
            let tested = fields.get("go") == "test" && done.is_ok();
            answer(&visitor, done, if tested { "/messages" } else { &back })
        }
    }
}

/// What the next save is held against: who was told that somebody was faster has seen theirs.
fn newest(refusal: &Refusal, seen: i64) -> i64 {
    if let Refusal::Version { newest, .. } = refusal { *newest } else { seen }
}

/// The words of a language for a button.
pub(super) fn language_choice(visitor: &Visitor, chosen: &str, of_country: Lang) -> Markup {
    let words = visitor.words();
    html! {
        option value="" selected[chosen.is_empty()] {
            (words.text_with("msg-language-country", &[("language", Arg::Text(of_country.own_name().to_owned()))]))
        }
        @for lang in Lang::ALL { option value=(lang.code()) selected[chosen == lang.code()] { (lang.own_name()) } }
    }
}
