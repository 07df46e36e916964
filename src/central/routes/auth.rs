//! Who asks: the station behind a bearer token, and the address a request came from.

use super::App;
use super::problem::ApiError;
use crate::central::services::stations::{self, Known};
use crate::protocol::wire::ProblemCode;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::SocketAddr;

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

/// Where a request came from; `unknown` where no socket is behind it.
pub(crate) struct From(pub String);

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<From, Infallible> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(From(address.map_or_else(|| "unknown".to_owned(), |ConnectInfo(address)| address.ip().to_string())))
    }
}
