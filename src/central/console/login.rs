//! Logging in and out. A wrong name and a wrong password look the same; failures are limited per
//! address, per name and over all.

use super::frame::document;
use super::visitor::{Visitor, set_cookie, words};
use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::routes::auth::From;
use crate::central::services::users;
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use std::time::Instant;

#[derive(Deserialize)]
pub(super) struct LogIn {
    login: String,
    password: String,
}

#[derive(Deserialize)]
pub(super) struct LogOut {
    csrf: String,
}

/// The first language of the browser that is spoken here.
pub(super) fn wanted(headers: &HeaderMap) -> Option<Lang> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    text.split(',').find_map(|tag| Lang::from_code(tag.trim().get(..2)?))
}

fn show(words: &Catalogue, wrong: Option<&str>) -> Response {
    let body = html! {
        main.login {
            h1 { "Packbench" }
            form.card method="post" action="/login" {
                @if let Some(wrong) = wrong { p.wrong role="alert" { (wrong) } }
                label { (words.text("console-user-name")) input name="login" autocomplete="username" required autofocus; }
                label {
                    (words.text("console-password"))
                    input name="password" type="password" autocomplete="current-password" required;
                }
                button.btn.pri { (words.text("console-log-in")) }
            }
        }
    };
    document(words, &words.text("console-log-in"), &body)
}

/// What is said to who tried too often.
fn wait(words: &Catalogue, wait_ms: u64) -> Response {
    let left = Arg::SpanMs(i64::try_from(wait_ms).unwrap_or(i64::MAX));
    let text = words.text_with("console-log-in-wait", &[("left", left)]);
    (StatusCode::TOO_MANY_REQUESTS, show(words, Some(&text))).into_response()
}

pub(super) async fn form(State(app): State<App>, headers: HeaderMap) -> Response {
    show(words(&app, wanted(&headers)), None)
}

pub(super) async fn log_in(
    State(app): State<App>,
    From(address): From,
    headers: HeaderMap,
    Form(form): Form<LogIn>,
) -> Response {
    let words = words(&app, wanted(&headers));
    let one = match app.limits.login.take(&address, &form.login, Instant::now()) {
        Ok(one) => one,
        Err(wait_ms) => return wait(words, wait_ms),
    };
    match users::log_in(&app.store, app.sessions, &form.login, &form.password).await {
        Ok(cookie) => {
            app.limits.login.right(&one, Instant::now());
            let mut response = Redirect::to("/").into_response();
            if let Ok(cookie) = HeaderValue::from_str(&set_cookie(&app, &cookie)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(CentralError::Refused(Refusal::Unrecognised)) => {
            let text = words.text("console-log-in-wrong");
            (StatusCode::UNAUTHORIZED, show(words, Some(&text))).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a log-in failed");
            let text = words.text("console-trouble");
            (StatusCode::SERVICE_UNAVAILABLE, show(words, Some(&text))).into_response()
        }
    }
}

pub(super) async fn log_out(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<LogOut>,
) -> Response {
    if !visitor.sent(&form.csrf) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (mut parts, ()) = axum::http::Request::new(()).into_parts();
    parts.headers = headers;
    if let Some(cookie) = super::visitor::cookie(&parts) {
        let actor = Actor::User(visitor.session.user);
        if let Err(error) = app.store.write(actor, move |work| users::log_out(work, &cookie)).await {
            tracing::warn!(%error, "a session could not be ended; it ends by itself");
        }
    }
    let gone = HeaderValue::from_static("packbench_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    let mut response = Redirect::to("/login").into_response();
    response.headers_mut().insert(header::SET_COOKIE, gone);
    response
}
