//! Who looks at a page: the session behind the cookie, and the words in their language. Without a session every page is the
//! way to the log-in.

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::secrets;
use crate::central::services::access::Permission;
use crate::central::services::exceptions;
use crate::central::services::orders::table::views;
use crate::central::services::stations;
use crate::central::services::stock;
use crate::central::services::users::{self, Session, Upkeep};
use crate::core::time::UtcMs;
use crate::i18n::{Catalogue, Lang};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::{Arc, Mutex, PoisonError};

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
    /// Orders placed since they last looked at the newest.
    pub new_orders: i64,
    /// Products that run out, and counts that wait for a second person.
    pub stock: (i64, i64),
    pub now_ms: i64,
}

impl Visitor {
    /// The catalogue in their language.
    pub fn words(&self) -> &Catalogue {
        words(&self.app, Lang::from_code(&self.session.locale))
    }

    /// May they do this?
    pub fn may(&self, permission: Permission) -> bool {
        self.session.may.has(permission)
    }

    /// Does a form come from one of our own pages?
    pub fn sent(&self, csrf: &str) -> bool {
        secrets::same(csrf.as_bytes(), self.session.csrf.as_bytes())
    }

    /// A moment as they read it: with the year where it is another one than this.
    pub fn when(&self, at_ms: i64) -> String {
        self.words().format().date_time(UtcMs(at_ms), UtcMs(self.now_ms))
    }

    /// As who they act.
    pub fn actor(&self) -> Actor {
        Actor::User(self.session.user)
    }
}

/// Where a new cookie waits for the answer it travels with.
#[derive(Clone, Default)]
pub(super) struct FreshCookie(Arc<Mutex<Option<String>>>);

impl FreshCookie {
    fn set(&self, header: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(header);
    }

    /// Takes the header's value.
    pub fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The header that sets a session's cookie.
pub(super) fn set_cookie(app: &App, cookie: &str) -> String {
    let secure = if app.secure_cookies { "; Secure" } else { "" };
    let life_s = app.sessions.life_ms / 1000;
    format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age={life_s}{secure}")
}

/// Writes what is due about a session. A fault costs nothing but a note: the request itself is fine.
async fn keep_up(app: &App, actor: Actor, cookie: String, upkeep: Upkeep, fresh: Option<&FreshCookie>) {
    let done = match (upkeep, fresh) {
        (Upkeep::None, _) => Ok(()),
        (Upkeep::Rotate, Some(fresh)) => match app.store.write(actor, move |work| users::rotate(work, &cookie)).await {
            Ok(Some(new)) => {
                fresh.set(set_cookie(app, &new));
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        },
        (Upkeep::Rotate | Upkeep::Seen, _) => app.store.write(actor, move |work| users::seen(work, &cookie)).await,
    };
    if let Err(error) = done {
        tracing::warn!(%error, "a session's use could not be written down");
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
        let (site, now_ms, limits) = (app.store.site(), app.store.now().0, app.sessions);
        let asked = cookie.clone();
        let read = app
            .store
            .read(move |tx| {
                let (session, upkeep) = users::session(tx, site, &asked, now_ms, limits)?;
                let live = stations::list(tx, site)?;
                let seen = live.iter().filter(|station| station.seen_ms > now_ms - LIVE_MS).count();
                let looked_ms = views::last_look_ms(tx, session.user)?;
                let new = views::placed_since(tx, site, looked_ms)?;
                let stock = (stock::low::how_many_low(tx, site)?, stock::count::how_many_wait(tx, site)?);
                let counts = (exceptions::count_open(tx, site)?, (seen as i64, live.len() as i64), new, stock);
                Ok((session, upkeep, counts))
            })
            .await;
        if let Err(CentralError::Refused(Refusal::Forbidden)) = read {
            let ended = app.store.write(Actor::Job("session"), move |work| users::end_stolen(work, &cookie)).await;
            tracing::warn!(ended = ended.is_ok(), "an old cookie was shown; its session is ended");
            return Err(to_login());
        }
        let (session, upkeep, (questions, stations, new_orders, stock)) = read.map_err(|_| to_login())?;
        keep_up(app, Actor::User(session.user), cookie, upkeep, parts.extensions.get::<FreshCookie>()).await;
        Ok(Visitor { session, app: App::clone(app), questions, stations, new_orders, stock, now_ms })
    }
}
