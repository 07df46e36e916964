//! Reading a request strictly: what is not known is refused, not passed over, because a misspelt filter would silently
//! answer another question.

use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::protocol::wire::ProblemCode;
use crate::sql::SqlError;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Rows of a page where none are asked for, and most.
pub(super) const ROWS: u32 = 50;
pub(super) const ROWS_MAX: u32 = 200;
/// Longest name in an address, search, and idempotency key, characters.
const NAME_CHARS_MAX: usize = 100;
const KEY_CHARS_MAX: usize = 100;

pub(super) fn bad(detail: &str) -> ApiError {
    ApiError::new(ProblemCode::BadRequest, detail)
}

/// The query of a request; `T` denies unknown fields.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Asked<T>, ApiError> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Asked(asked)),
            Err(rejection) => Err(bad(&rejection.body_text())),
        }
    }
}

/// A query without parameters.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// The name in the address: an order's number, a product's code.
pub(super) struct Named(pub String);

impl FromRequestParts<App> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Named, ApiError> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        let name = path.ok().map(|Path(name)| name).filter(|name| name.chars().count() <= NAME_CHARS_MAX);
        let name = name.filter(|name| !name.contains(char::is_control));
        name.map(Named).ok_or_else(|| ApiError::not_found("there is nothing of this name"))
    }
}

/// Rows asked for.
pub(super) fn rows(limit: Option<u32>) -> Result<u32, ApiError> {
    match limit {
        None => Ok(ROWS),
        Some(limit) if (1..=ROWS_MAX).contains(&limit) => Ok(limit),
        Some(_) => Err(bad("limit must be 1 to 200")),
    }
}

/// A text asked for; none where the parameter is absent.
pub(super) fn text(name: &str, value: Option<String>) -> Result<Option<String>, ApiError> {
    let fits = |text: &String| (1..=NAME_CHARS_MAX).contains(&text.chars().count()) && !text.contains(char::is_control);
    match value {
        Some(value) if !fits(&value) => Err(bad(&format!("{name} must have 1 to 100 characters"))),
        value => Ok(value),
    }
}

/// A moment asked for, UTC ms.
pub(super) fn moment(name: &str, value: Option<&str>) -> Result<Option<i64>, ApiError> {
    let Some(value) = value else { return Ok(None) };
    let wrong = |_| bad(&format!("{name} must be a time such as 2026-05-04T10:00:00Z"));
    Ok(Some(value.parse::<jiff::Timestamp>().map_err(wrong)?.as_millisecond()))
}

/// Versions that a writer has seen; `None` for whatever there is.
pub(super) fn seen(headers: &HeaderMap) -> Result<Option<Vec<i64>>, ApiError> {
    let sent = headers.get(header::IF_MATCH).ok_or_else(|| {
        let detail = "send If-Match with the ETag of what you saw, or * for whatever there is";
        ApiError::new(ProblemCode::PreconditionRequired, detail)
    })?;
    let sent = sent.to_str().map_err(|_| bad("If-Match is not readable"))?.trim();
    if sent == "*" {
        return Ok(None);
    }
    let version = |tag: &str| {
        let tag = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
        tag.split_once('-').map_or(tag, |(version, _)| version).parse().ok()
    };
    // A tag of another form names a version that there never was.
    Ok(Some(sent.split(',').take(20).filter_map(version).collect()))
}

/// Refuses a writer who saw another version.
pub(super) fn as_seen(seen: Option<&[i64]>, version: i64) -> Result<(), Refusal> {
    if seen.is_some_and(|versions| !versions.contains(&version)) {
        return Err(Refusal::Version { newest: version, fields: Vec::new() });
    }
    Ok(())
}

/// The name that the caller gave the request.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if (1..=KEY_CHARS_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key.to_owned());
    }
    Err(bad("send Idempotency-Key: 1 to 100 printable characters, new for every new request, such as a UUID"))
}

/// A JSON body, and its bytes.
pub(super) fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(T, Bytes), ApiError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(ApiError::new(ProblemCode::UnsupportedMediaType, "send Content-Type: application/json"));
    }
    let body = body.map_err(|_| ApiError::new(ProblemCode::TooLarge, "send less in one request"))?;
    let read = match serde_json::from_slice(&body) {
        Ok(read) => read,
        Err(error) => whole(&body).ok_or_else(|| bad(&format!("the body is not readable: {error}")))?,
    };
    Ok((read, body))
}

/// The body with whole numbers that are written as `2.0`: in JSON they are the same as `2`. None if that does not help.
fn whole<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    shorten(&mut value);
    serde_json::from_value(value).ok()
}

fn shorten(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            let plain = text.strip_suffix(".0").and_then(|text| text.parse::<i64>().ok());
            if let Some(plain) = plain {
                *value = plain.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// A refusal in the words of this API: a damaged cursor is against the rules, a state that forbids is a conflict.
pub(super) fn refused(error: CentralError) -> ApiError {
    match error {
        CentralError::Store(SqlError::Cursor) => ApiError::new(
            ProblemCode::Invalid,
            "cursor is not one of this list; take it from next, and keep the other parameters",
        ),
        CentralError::Refused(Refusal::State { .. }) => ApiError::new(ProblemCode::WrongState, &error.to_string()),
        other => other.into(),
    }
}
