//! `POST /api/v1/customers` and `PATCH /api/v1/customers/{number}`: customers added and changed by programs. Answers hold no personal data,
//! because they are kept for requests that are sent twice.

use super::act::keep;
use super::answer::Out;
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::{kept, once, response};
use super::sent::{SentAddress, fault};
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::customers::{Edit, change, make};
use crate::protocol::wire::order::Address;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum NewCustomerKind {
    Person,
    Business,
}

/// A customer to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "person", "address": { "name": "Bea Brown", "lines": ["2 Mill Lane"], "city": "Leeds", "country": "GB" }
}))]
pub(super) struct NewCustomer {
    kind: NewCustomerKind,
    /// Where parcels go. A business is called by its `company`, a person by its `name`.
    address: SentAddress,
    vip: Option<bool>,
    /// Wants the invoice in the box.
    paper_invoice: Option<bool>,
}

/// What shall change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "vip": true }))]
pub(super) struct CustomerEdit {
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    name: Option<String>,
    /// Where parcels go, whole.
    address: Option<SentAddress>,
    vip: Option<bool>,
    /// Wants the invoice in the box.
    paper_invoice: Option<bool>,
}

/// The answer to a customer that was written. It holds no personal data.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustomerSaved {
    /// Number: the customer's name in this API.
    number: String,
    version: i64,
}

/// A refusal with its place in the part `own` of the body, where it has one.
pub(super) fn told(error: CentralError, own: &str) -> CentralError {
    match error {
        CentralError::Refused(Refusal::Field { field, why }) => {
            Refusal::Fields { fields: vec![fault(format!("{own}/{}", field.replace('.', "/")), why)] }.into()
        }
        other => other,
    }
}

/// Adds a customer.
#[utoipa::path(post, path = "/api/v1/customers", tag = "customers", operation_id = "create_customer",
    params(super::document::Idempotency),
    request_body = NewCustomer,
    responses(
        (status = 201, description = "It is added.", body = CustomerSaved, headers(
            ("Location" = String, description = "Address of the customer."),
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::Sent,
    ), security(("key" = ["person.update"])))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::PersonUpdate)?;
    let (sent, body): (NewCustomer, Bytes) = ask::json(&headers, body)?;
    let (kept, replayed) = kept(&app, &caller, &headers, "POST /api/v1/customers", &body, move |work| {
        let edit = Edit { vip: sent.vip, paper_invoice: sent.paper_invoice, ..Edit::default() };
        let business = sent.kind == NewCustomerKind::Business;
        let number = make(work, business, &Address::from(&sent.address), &edit).map_err(|error| told(error, ""))?;
        keep(201, &CustomerSaved { number, version: 1 })
    })
    .await?;
    let made: serde_json::Value = serde_json::from_str(&kept.body).unwrap_or_default();
    let address = format!("/api/v1/customers/{}", made["number"].as_str().unwrap_or_default());
    let mut response = response(kept, replayed);
    if let Ok(value) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// Changes a customer.
#[utoipa::path(patch, path = "/api/v1/customers/{number}", tag = "customers", operation_id = "edit_customer",
    params(
        ("number" = String, Path, description = "The customer's number.", example = "17850"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    request_body = CustomerEdit,
    responses(
        (status = 200, description = "It is changed.", body = CustomerSaved,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["person.update"])))]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::PersonUpdate)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (CustomerEdit, Bytes) = ask::json(&headers, body)?;
    let what = format!("PATCH /api/v1/customers/{number}");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let edit = Edit {
            name: sent.name.clone(),
            address: sent.address.as_ref().map(Address::from),
            vip: sent.vip,
            paper_invoice: sent.paper_invoice,
        };
        let version = change(work, &number, seen.as_deref(), &edit).map_err(|error| told(error, ""))?;
        keep(200, &CustomerSaved { number: number.clone(), version })
    })
    .await
}
