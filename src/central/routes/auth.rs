//! Who asks: the station behind a bearer token, and the address a request came from.

use super::App;
use super::problem::ApiError;
use crate::central::services::stations::{self, Known};
use crate::core::network::{client, counted_as};
use crate::protocol::wire::ProblemCode;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderName;
use axum::http::header;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Once;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// A proxy that is not named is told of once.
static TOLD: Once = Once::new();
/// Longest token that is looked at, bytes.
const TOKEN_BYTES_MAX: usize = 200;

/// The station that asks.
pub(crate) struct Station(pub Known);

impl FromRequestParts<App> for Station {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Station, ApiError> {
        let refused =
            || ApiError::new(ProblemCode::TokenRevoked, "send the station's token; pair it again if it was revoked");
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .filter(|token| !token.is_empty() && token.len() <= TOKEN_BYTES_MAX)
            .ok_or_else(refused)?
            .to_owned();
        let known = app.store.read(move |tx| stations::authenticate(tx, &token)).await?;
        Ok(Station(known))
    }
}

/// What tries are counted by: where a request came from, by the word of trusted proxies; `unknown` where no socket is behind it.
pub(crate) struct From(pub String);

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<From, Infallible> {
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Ok(From("unknown".to_owned()));
        };
        let forwarded = parts.headers.get_all(FORWARDED_FOR);
        let trusted = app.trusted_proxies.iter().any(|network| network.has(peer.ip()));
        if !trusted && forwarded.iter().next().is_some() {
            TOLD.call_once(|| {
                tracing::warn!(
                    "X-Forwarded-For comes from an address that trusted_proxies does not name; if that is your proxy, name it, or all \
                     people share the limits of one address"
                );
            });
        }
        // A value that is no text stands for one that is no address.
        let said = forwarded.iter().map(|value| value.to_str().unwrap_or("unknown")).collect::<Vec<_>>();
        Ok(From(counted_as(client(peer.ip(), said.into_iter(), &app.trusted_proxies))))
    }
}
