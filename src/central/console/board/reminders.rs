//! Reminders that are due, and those of the week to come, for who looks.

use super::super::frame::{Place, page as frame};
use super::super::marks::{BACK, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::card::{look, stage_name};
use super::failed;
use super::of_order::reminder;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::pipelines::{self, Due, Pipeline};
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// How far the list looks ahead, ms.
const AHEAD_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// `GET /board/reminders`
pub async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::OrderView) {
        return forbidden(&visitor);
    }
    let (site, user, now_ms) = (app.store.site(), visitor.session.user, visitor.now_ms);
    let read =
        app.store.read(move |tx| Ok((pipelines::due(tx, site, user, now_ms + AHEAD_MS)?, pipelines::all(tx, site)?)));
    let (all, pipelines) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(&visitor, &error),
    };
    let words = visitor.words();
    let (due, soon): (Vec<&Due>, Vec<&Due>) = all.iter().partition(|one| one.reminder.due_ms <= now_ms);
    let content = html! {
        div.title {
            a.back href="/board" aria-label=(words.text("console-board")) { (icon(BACK, 22)) }
            h1 { (words.text("board-reminders")) }
        }
        (list(&visitor, "board-reminders-due", &due, &pipelines))
        (list(&visitor, "board-reminders-soon", &soon, &pipelines))
    };
    frame(&visitor, Place::Board, &words.text("board-reminders"), &content)
}

fn list(visitor: &Visitor, key: &str, all: &[&Due], pipelines: &[Pipeline]) -> Markup {
    let words = visitor.words();
    let stage = |id: &str| pipelines.iter().find_map(|pipeline| pipeline.stage(id)).map(|(_, stage)| stage);
    html! {
        section.card.pad {
            h2 { (words.text(key)) " " span.muted { (all.len()) } }
            @if all.is_empty() { p.muted { (words.text("board-no-reminders")) } }
            ul.plain { @for one in all { li {
                a.mono href={ "/orders/" (one.number) } { (one.number) } " "
                @if let Some(stage) = stage(&one.stage) { @let (class, path) = look(&stage.look); (pill(class, path, stage_name(words, stage))) " " }
                (reminder(visitor, &one.reminder, "/board/reminders"))
            } } }
        }
    }
}

/// `POST /board/reminders`: one is done.
pub async fn done(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::OrderUpdate) {
        return forbidden(&visitor);
    }
    let id = fields.get("done").to_owned();
    let to = fields.get("back");
    let back = if to.starts_with("/orders/") && !to.contains(['\\', '\n', '\r']) { to } else { "/board/reminders" };
    match app.store.write(visitor.actor(), move |work| pipelines::done(work, &id)).await {
        // Somebody was faster: it is done either way.
        Ok(()) | Err(CentralError::Refused(Refusal::Missing { .. })) => Redirect::to(back).into_response(),
        Err(error) => failed(&visitor, &error),
    }
}
