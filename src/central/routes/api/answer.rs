//! Writing an answer: money, times and addresses as programs read them, entity tags.

use crate::central::error::{CentralError, Res};
use crate::central::routes::problem::ApiError;
use crate::protocol::wire::order::Address as Stored;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// What every handler gives.
pub(super) type Out = Result<Response, ApiError>;

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "minor": 2034, "currency": "GBP" }))]
pub(super) struct Money {
    /// In the currency's smallest unit: cents, pence, whole yen.
    minor: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
}

impl Money {
    pub fn new(minor: i64, currency: &str) -> Money {
        Money { minor, currency: currency.to_owned() }
    }
}

/// A moment in UTC, RFC 3339.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-05-04T10:00:00Z")]
pub(super) struct Time(String);

/// The moment of UTC milliseconds.
pub(super) fn time(ms: i64) -> Res<Time> {
    let moment = jiff::Timestamp::from_millisecond(ms).map_err(|_| CentralError::Stored { what: "moment" })?;
    Ok(Time(moment.to_string()))
}

/// [`time`] of what may not have been.
pub(super) fn maybe_time(ms: Option<i64>) -> Res<Option<Time>> {
    ms.map(time).transpose()
}

/// A stored word as one of an enum's.
pub(super) fn word<T: DeserializeOwned>(text: &str, what: &'static str) -> Res<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|_| CentralError::Stored { what })
}

/// A text that is there.
pub(super) fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A postal address. Personal data: only keys with `person.view` get it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Address {
    /// Person.
    name: String,
    /// Company.
    company: Option<String>,
    /// Street lines.
    lines: Vec<String>,
    /// City.
    city: String,
    /// State, province or county.
    region: Option<String>,
    /// Postal code.
    postcode: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// E.164.
    phone: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// For the driver.
    instructions: Option<String>,
}

impl From<Stored> for Address {
    fn from(stored: Stored) -> Address {
        let Stored { name, company, lines, city, region, postcode, country, phone, email, instructions } = stored;
        Address { name, company, lines, city, region, postcode, country, phone, email, instructions }
    }
}

const JSON: (HeaderName, HeaderValue) = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));

fn bytes<T: Serialize>(body: &T) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(body).map_err(|_| CentralError::Inner { what: "writing an answer as JSON" }.into())
}

/// A page of a list.
pub(super) fn page<T: Serialize>(body: &T) -> Out {
    Ok(([JSON, (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], bytes(body)?).into_response())
}

/// One thing with its tag: `"<version>-<content>"`. The version is what an edit must have seen; the content is in it because what
/// hangs on the thing (parcels, barcodes, a customer's name) changes without it, and because keys see different parts of it.
/// `304` for who has it already.
pub(super) fn entity<T: Serialize>(asked: &HeaderMap, version: i64, body: &T) -> Out {
    let body = bytes(body)?;
    let content: String = Sha256::digest(&body).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{version}-{content}\"");
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|list| list.split(',')).map(str::trim);
    let same = known.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag);
    let tag = HeaderValue::from_str(&tag).map_err(|_| CentralError::Inner { what: "writing an ETag" })?;
    let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    if same {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, [JSON], body).into_response())
}
