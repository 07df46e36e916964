//! Who looks at a page: the session behind the cookie, and the words in their language. Without a session every page is the
//! way to the log-in.

use crate::central::routes::App;
use crate::central::services::exceptions;
use crate::central::services::stations;
use crate::central::services::users::{self, Session};
use crate::i18n::{Catalogue, Lang};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

/// Name of the session's cookie.
pub(super) const COOKIE: &str = "packbench_session";
/// A station that asked within this time is live, ms.
pub(super) const LIVE_MS: i64 = 2 * 60 * 1000;

/// Somebody who is logged in.
pub(super) struct Visitor {
    pub session: Session,
    app: App,
    /// Open questions, for the navigation.
    pub questions: i64,
    /// Stations live, and all.
    pub stations: (i64, i64),
    pub now_ms: i64,
}

impl Visitor {
    /// The catalogue in their language.
    pub fn words(&self) -> &Catalogue {
        words(&self.app, Lang::from_code(&self.session.locale))
    }
}

/// The catalogue in a language; the first one where it is not spoken.
pub(super) fn words(app: &App, lang: Option<Lang>) -> &Catalogue {
    let spoken = app.words.iter().find(|words| Some(words.lang()) == lang);
    spoken.unwrap_or(&app.words[0])
}

/// The cookie's value.
pub(super) fn cookie(parts: &Parts) -> Option<String> {
    let all = parts.headers.get(header::COOKIE)?.to_str().ok()?;
    let value = all.split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    (value.len() <= 200).then(|| value.to_owned())
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Response> {
        let to_login = || Redirect::to("/login").into_response();
        let cookie = cookie(parts).ok_or_else(to_login)?;
        let (site, now_ms) = (app.store.site(), app.store.now().0);
        let read = app
            .store
            .read(move |tx| {
                let session = users::session(tx, &cookie, now_ms)?;
                let live = stations::list(tx, site)?;
                let seen = live.iter().filter(|station| station.seen_ms > now_ms - LIVE_MS).count();
                Ok((session, exceptions::count_open(tx, site)?, (seen as i64, live.len() as i64)))
            })
            .await;
        let (session, questions, stations) = read.map_err(|_| to_login())?;
        Ok(Visitor { session, app: App::clone(app), questions, stations, now_ms })
    }
}
