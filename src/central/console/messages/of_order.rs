//! Mail about one order: the card on its page with the link of the customer's own page, and the form that writes a message.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{BACK, MAIL, TRIANGLE, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::{forbidden, why};
use super::super::visitor::Visitor;
use super::templates::language_choice;
use super::{answer, buttons, kind_name, reminding, state};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::mail::markup;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::{
    self as service, House, Kind, Letter, MessageRow, Outlook, Written, language_of, track,
};
use crate::central::services::orders::id_of_number;
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the card shows.
pub(in crate::central::console) struct Mails {
    rows: Vec<MessageRow>,
    /// The customer's address is usable.
    reachable: bool,
    /// Language that was set, or empty, and that of the country.
    language: (String, Lang),
    token: Option<String>,
    /// Payment reminders that go by themselves.
    outlook: Option<Outlook>,
}

/// Reads it.
///
/// # Errors
/// Any fault of the store.
pub(in crate::central::console) fn read(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Mails> {
    let row = tx.one(
        "SELECT c.language, COALESCE(o.country, '') FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1",
        vals![order],
    )?;
    let (set, country): (String, String) = match row {
        Some(row) => (row.at(0)?, row.at(1)?),
        None => Default::default(),
    };
    Ok(Mails {
        rows: service::of_order(tx, site, order)?,
        reachable: service::address_of(tx, site, order)?.0.is_some(),
        language: (set, language_of("", &country)),
        token: track::known(tx, order)?,
        outlook: service::outlook(tx, site, order)?,
    })
}

/// The card.
pub(in crate::central::console) fn card(visitor: &Visitor, house: &House, number: &str, mails: &Mails) -> Markup {
    let words = visitor.words();
    let back = format!("/orders/{number}");
    let may_send = visitor.may(Permission::MessageSend);
    html! {
        @if visitor.may(Permission::MessageView) {
            section.card.pad #mails {
                div.cardhead.flat {
                    h2 { (words.text("msg-messages")) }
                    @if may_send && mails.reachable {
                        a.btn href={ (back) "/message" } { (icon(MAIL, 18)) (words.text("msg-write")) }
                    }
                }
                @if !mails.reachable { p { (pill("w", TRIANGLE, &words.text("msg-no-address"))) } }
                @if mails.rows.is_empty() { p.muted { (words.text("msg-none-of-order")) } }
                ul.plain { @for row in &mails.rows {
                    li.mailline data-message=(row.id) {
                        a href={ "/messages/" (row.id) } { b { (kind_name(words, &row.kind)) } }
                        span.muted { (visitor.when(row.created_ms)) }
                        @if let Some(name) = by_stage(words, row) {
                            span.muted { (words.text_with("msg-by-stage", &[("stage", Arg::Text(name))])) }
                        }
                        span { (state(visitor, row)) }
                        div.answers.tight { (buttons(visitor, row, &back)) }
                    }
                } }
                @if let Some(outlook) = &mails.outlook { (reminding::line(visitor, number, outlook)) }
                @if may_send {
                    form.messagerule method="post" action={ (back) "/language" } {
                        input type="hidden" name="csrf" value=(visitor.session.csrf);
                        label.wide { span { (words.text("msg-language")) }
                            select name="language" { (language_choice(visitor, &mails.language.0, mails.language.1)) } }
                        button.btn aria-label={ (words.text("office-save")) ": " (words.text("msg-language")) } { (words.text("office-save")) }
                    }
                }
                // The link leads to the invoice, which names the customer.
                @if visitor.may(Permission::PersonView) { (link(visitor, house, &back, mails.token.as_deref())) }
            }
        }
    }
}

/// The name of the stage that sends it by itself.
fn by_stage(words: &Catalogue, row: &MessageRow) -> Option<String> {
    let named = [words.lang().code(), "en"].iter().find_map(|lang| row.stage_names.get(*lang));
    named.or_else(|| row.stage_names.values().next()).cloned()
}

fn link(visitor: &Visitor, house: &House, back: &str, token: Option<&str>) -> Markup {
    let words = visitor.words();
    html! {
        h3 { (words.text("msg-link")) }
        @if let Some(token) = token {
            @let url = house.track(token);
            p { a.secret #track-link href=(url) target="_blank" rel="noreferrer" { (url) } }
        } @else { p.muted { (words.text("msg-link-none")) } }
        @if visitor.may(Permission::MessageSend) {
            form.answers method="post" action={ (back) "/link" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn { (words.text(if token.is_some() { "msg-link-renew" } else { "msg-link-make" })) }
                @if token.is_some() { span.muted { (words.text("msg-link-renew-hint")) } }
            }
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
    language: String,
}

/// A message being written.
struct Draft {
    number: String,
    kind: Kind,
    lang: Lang,
    letter: Letter,
}

/// `GET /orders/{number}/message?kind=…&language=…`: the template filled with what is true now, to be sent or changed first.
pub async fn form(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    if !visitor.may(Permission::MessageSend) || !visitor.may(Permission::PersonView) {
        return forbidden(&visitor);
    }
    let (site, house, kind) = (app.store.site(), app.house.clone(), Kind::of(&asked.kind).unwrap_or(Kind::Free));
    let read = app.store.read(move |tx| {
        let order = id_of_number(tx, site, &number)?;
        let own = service::address_of(tx, site, &order)?.1;
        let lang = language_of(&asked.language, "");
        let lang = if asked.language.is_empty() { own } else { lang };
        let token = track::known(tx, &order)?.unwrap_or_default();
        let letter = service::compose(tx, site, &house, (&order, kind, None), lang, &token)?;
        Ok(Draft { number: number.clone(), kind, lang, letter })
    });
    match read.await {
        Ok(draft) => show(&visitor, &draft, None, false),
        Err(CentralError::Refused(Refusal::Missing { .. })) => {
            (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a message could not be prepared");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

fn show(visitor: &Visitor, draft: &Draft, refused: Option<&Refusal>, preview: bool) -> Response {
    let words = visitor.words();
    let title = words.text_with("msg-write-title", &[("order", Arg::Text(draft.number.clone()))]);
    let back = format!("/orders/{}", draft.number);
    let content = html! {
        div.title {
            a.back href=(back) aria-label=(words.text_with("order-title", &[("order", Arg::Text(draft.number.clone()))])) { (icon(BACK, 22)) }
            h1 { (title) }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (why(words, refusal)) } }
        form.card.pad.messagerule method="get" action={ (back) "/message" } {
            label.wide { span { (words.text("msg-template")) }
                select name="kind" { @for kind in Kind::ALL {
                    option value=(kind.word()) selected[kind == draft.kind] { (words.text(kind.key())) }
                } } }
            label.wide { span { (words.text("msg-language")) }
                select name="language" { @for lang in Lang::ALL {
                    option value=(lang.code()) selected[lang == draft.lang] { (lang.own_name()) }
                } } }
            button.btn { (words.text("msg-take-template")) }
        }
        @if draft.letter.to.is_none() { p.lead { (pill("w", TRIANGLE, &words.text("msg-no-address"))) } }
        form.card.pad.sheet.wide method="post" action={ (back) "/message" } {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="kind" value=(draft.kind.word());
            input type="hidden" name="language" value=(draft.lang.code());
            p { span.muted { (words.text("msg-to")) ": " } (draft.letter.to.as_deref().unwrap_or("–")) }
            label { (words.text("msg-subject")) input name="subject" maxlength="200" value=(draft.letter.subject) lang=(draft.lang.code()); }
            label { (words.text("msg-text")) textarea name="body" rows="14" maxlength="10000" lang=(draft.lang.code()) { (draft.letter.body) } }
            div.answers {
                button.btn.pri name="go" value="send" disabled[draft.letter.to.is_none()] { (icon(MAIL, 18)) (words.text("msg-send")) }
                button.btn name="go" value="preview" { (words.text("msg-preview")) }
            }
            p.muted { (words.text("msg-send-hint")) }
        }
        @if preview {
            section.card.pad #preview {
                h2 { (words.text("msg-preview-html")) }
                article.letter lang=(draft.lang.code()) { h3 { (draft.letter.subject) } (markup(&draft.letter.body)) }
            }
        }
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, frame(visitor, Place::Orders, &title, &content)).into_response()
}

/// `POST /orders/{number}/message`
pub async fn send(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let may = visitor.may(Permission::MessageSend) && visitor.may(Permission::PersonView);
    if !visitor.sent(fields.get("csrf")) || !may {
        return forbidden(&visitor);
    }
    let (site, back) = (app.store.site(), format!("/orders/{number}"));
    let kind = Kind::of(fields.get("kind")).unwrap_or(Kind::Free);
    let lang = language_of(fields.get("language"), "");
    let (subject, body) = (fields.get("subject").to_owned(), fields.get("body").replace("\r\n", "\n"));
    let of = number.clone();
    let to = app.store.read(move |tx| {
        let order = id_of_number(tx, site, &of)?;
        Ok((service::address_of(tx, site, &order)?.0, order))
    });
    let (to, order) = match to.await {
        Ok(found) => found,
        Err(error) => return answer(&visitor, Err::<(), _>(error), "/orders"),
    };
    let letter = Letter { to, subject: subject.clone(), body: body.clone() };
    let draft = Draft { number, kind, lang, letter };
    if fields.get("go") == "preview" {
        return show(&visitor, &draft, service::check(&subject, &body).err().as_ref(), true);
    }
    let new = Written { order, kind, lang, subject, body };
    match app.store.write(visitor.actor(), move |work| service::write(work, &new)).await {
        Ok(_) => {
            app.wake_mail.notify_one();
            Redirect::to(&back).into_response()
        }
        Err(CentralError::Refused(refusal)) => show(&visitor, &draft, Some(&refusal), false),
        Err(error) => answer(&visitor, Err::<(), _>(error), &back),
    }
}

/// `POST /orders/{number}/link`: another link; the one before leads nowhere.
pub async fn renew(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let may = visitor.may(Permission::MessageSend) && visitor.may(Permission::PersonView);
    if !visitor.sent(Fields(fields).get("csrf")) || !may {
        return forbidden(&visitor);
    }
    let back = format!("/orders/{number}");
    let done = app.store.write(visitor.actor(), move |work| {
        let order = id_of_number(work.tx, work.ctx.site, &number)?;
        track::renew(work, &order)
    });
    answer(&visitor, done.await, &back)
}

/// `POST /orders/{number}/language`
pub async fn language(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::MessageSend) {
        return forbidden(&visitor);
    }
    let back = format!("/orders/{number}");
    let lang = Lang::ALL.into_iter().find(|lang| lang.code() == fields.get("language"));
    let done = app.store.write(visitor.actor(), move |work| {
        let order = id_of_number(work.tx, work.ctx.site, &number)?;
        service::set_language(work, &order, lang)
    });
    answer(&visitor, done.await, &back)
}
