//! The first admin, made with the code that the server showed at its start. There is no default password: without the code
//! nobody gets in, and once there is an admin the page is gone.

use super::frame::document;
use super::login::wanted;
use super::people::why;
use super::visitor::words;
use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::routes::auth::From;
use crate::central::secrets::{self, HashCost};
use crate::central::services::users::{self, NewUser};
use crate::i18n::Catalogue;
use crate::protocol::wire::Role;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use std::sync::PoisonError;
use std::time::Instant;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    code: String,
    login: String,
    name: String,
    password: String,
}

/// `GET /setup`
pub(super) async fn form(State(app): State<App>, headers: HeaderMap) -> Response {
    if code(&app).is_none() {
        return Redirect::to("/login").into_response();
    }
    show(words(&app, wanted(&headers)), &Sent::default(), None)
}

fn code(app: &App) -> Option<String> {
    app.setup.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn show(words: &Catalogue, sent: &Sent, refused: Option<&Refusal>) -> Response {
    let body = html! {
        main.login {
            h1 { "Packbench" }
            form.card method="post" action="/setup" {
                p { (words.text("office-setup-hint")) }
                @if let Some(refusal) = refused { p.wrong role="alert" { (why(words, refusal)) } }
                label { (words.text("office-setup-code")) input.mono name="code" autocomplete="off" required autofocus; }
                label { (words.text("office-name")) input name="name" value=(sent.name) autocomplete="name" required; }
                label { (words.text("office-login")) input name="login" value=(sent.login) autocomplete="username" required; }
                label {
                    (words.text("console-password"))
                    input name="password" type="password" autocomplete="new-password" minlength="8" required;
                    span.small { (words.text("office-password-hint")) }
                }
                button.btn.pri { (words.text("office-setup-make")) }
            }
        }
    };
    let page = document(words, &words.text("office-setup-make"), &body);
    if refused.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page }
}

/// `POST /setup`
pub(super) async fn make(
    State(app): State<App>,
    From(address): From,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    let words = words(&app, wanted(&headers));
    let Some(code) = code(&app) else { return Redirect::to("/login").into_response() };
    if let Err(retry_after_ms) = app.limits.setup.take(&address, Instant::now()) {
        return show(words, &sent, Some(&Refusal::TooMany { retry_after_ms }));
    }
    let typed: String = sent.code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    if !secrets::same(typed.as_bytes(), code.as_bytes()) {
        return show(words, &sent, Some(&Refusal::Unrecognised));
    }
    let first = |name: &str| name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect::<String>();
    let new = NewUser {
        login: sent.login.trim().to_owned(),
        name: sent.name.trim().to_owned(),
        initials: first(&sent.name),
        role: Role::Admin,
        pin: None,
        badge: None,
        password: Some(sent.password.clone()),
        locale: words.lang().code().to_owned(),
        cost: HashCost::default(),
    };
    let saved = app.store.write(Actor::Job("setup"), move |work| {
        if users::has_admin(work.tx, work.ctx.site)? {
            return Err(Refusal::State { entity: "site", state: "set up".to_owned() }.into());
        }
        users::add_new(work, &new)
    });
    match saved.await {
        Ok(()) => {
            app.setup.lock().unwrap_or_else(PoisonError::into_inner).take();
            Redirect::to("/login").into_response()
        }
        Err(CentralError::Refused(refusal)) => show(words, &sent, Some(&refusal)),
        Err(error) => {
            tracing::error!(%error, "the first admin could not be made");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
