//! `POST /api/v1/customers/bulk`: many customers added and changed in one request, each with its own result. Answers hold no personal data.

use super::act::keep;
use super::answer::Out;
use super::ask::{self, Asked, Nothing};
use super::caller::Caller;
use super::customers_made::{NewCustomerKind, told};
use super::once::once;
use super::sent::{SentAddress, fault};
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::central::services::access::Permission;
use crate::central::services::customers::{Edit, change, make};
use crate::central::services::idempotency::Kept;
use crate::central::services::orders::entry::check_address;
use crate::central::store::work::Work;
use crate::protocol::wire::Problem;
use crate::protocol::wire::order::Address;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most customers of one request.
const BULK_MAX: usize = 500;
/// Largest version that every reader of JSON can hold.
const VERSION_MAX: i64 = 9_007_199_254_740_991;

/// One of many customers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BulkCustomer {
    /// Number of one that is there; without it the customer is added.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    number: Option<String>,
    /// Version of one that is there, as you saw it; without it, whatever there is.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: Option<i64>,
    /// Of one that is added, where it must be there.
    kind: Option<NewCustomerKind>,
    /// Of one that is there.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    name: Option<String>,
    /// Where parcels go, whole; must be there for one that is added.
    address: Option<SentAddress>,
    vip: Option<bool>,
    /// Wants the invoice in the box.
    paper_invoice: Option<bool>,
}

/// Customers to be added or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "customers": [{ "number": "17850", "vip": true }] }))]
pub(super) struct BulkCustomers {
    #[schema(min_items = 1, max_items = 500)]
    customers: Vec<BulkCustomer>,
}

/// What became of one of many customers.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BulkCustomerOutcome {
    Created,
    Changed,
    /// They are as they were; `problem` says why.
    Refused,
}

/// What became of one of many customers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkCustomerResult {
    /// The number; null for one that was not added.
    number: Option<String>,
    outcome: BulkCustomerOutcome,
    /// The version now; null where it was refused.
    version: Option<i64>,
    /// Why it was refused.
    problem: Option<Problem>,
}

/// The answer to many customers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkCustomersDone {
    /// One for each customer, in the order they were sent.
    results: Vec<BulkCustomerResult>,
    /// How many of them were refused.
    refused: u32,
}

/// Adds and changes many customers.
///
/// One with a number is changed, one without is added. Each customer has a result of their own; one that is refused leaves the others as
/// they are.
#[utoipa::path(post, path = "/api/v1/customers/bulk", tag = "customers", operation_id = "bulk_customers",
    params(super::document::Idempotency),
    request_body = BulkCustomers,
    responses(
        (status = 200, description = "What became of each.", body = BulkCustomersDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Sent,
    ), security(("key" = ["person.update"])))]
pub(super) async fn bulk(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::PersonUpdate)?;
    let (sent, body): (BulkCustomers, Bytes) = ask::json(&headers, body)?;
    once(&app, &caller, &headers, "POST /api/v1/customers/bulk", &body, move |work| each(work, &sent)).await
}

impl BulkCustomer {
    /// What cannot be, whatever there is in the database.
    fn faults(&self, own: &str, faults: &mut Vec<FieldFault>) {
        let plain = |text: &String| (1..=100).contains(&text.chars().count()) && !text.contains(char::is_control);
        if self.number.as_ref().is_some_and(|number| !plain(number)) {
            faults.push(fault(format!("{own}/number"), "must have 1 to 100 characters"));
        }
        if self.version.is_some_and(|version| !(1..=VERSION_MAX).contains(&version)) {
            faults.push(fault(format!("{own}/version"), "must be a version of the customer"));
        }
        let spoken = |name: &String| plain(name) && !name.trim().is_empty();
        if self.name.as_ref().is_some_and(|name| !spoken(name)) {
            faults.push(fault(format!("{own}/name"), "must have 1 to 100 characters"));
        }
        let address = self.address.as_ref().map(|address| check_address(&Address::from(address)));
        if let Some(Err(Refusal::Field { field, why })) = address {
            faults.push(fault(format!("{own}/{}", field.replace('.', "/")), why));
        }
        if self.number.is_none() {
            for (name, there) in [("kind", self.kind.is_some()), ("address", self.address.is_some())] {
                if !there {
                    faults.push(fault(format!("{own}/{name}"), "must be there for a customer that is added"));
                }
            }
            for (name, there) in [("version", self.version.is_some()), ("name", self.name.is_some())] {
                if there {
                    faults.push(fault(format!("{own}/{name}"), "is for a customer that is there already"));
                }
            }
        } else if self.kind.is_some() {
            faults.push(fault(format!("{own}/kind"), "is for a customer that is added"));
        }
    }
}

fn each(work: &mut Work<'_>, sent: &BulkCustomers) -> Res<Kept> {
    if sent.customers.is_empty() || sent.customers.len() > BULK_MAX {
        return Err(Refusal::Fields { fields: vec![fault("/customers", "must be 1 to 500")] }.into());
    }
    let mut faults = Vec::new();
    for (place, one) in sent.customers.iter().enumerate() {
        one.faults(&format!("/customers/{place}"), &mut faults);
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let (mut results, mut refused) = (Vec::with_capacity(sent.customers.len()), 0);
    for (place, one) in sent.customers.iter().enumerate() {
        results.push(match write(work, one) {
            Ok(result) => result,
            Err(error @ CentralError::Refused(_)) => {
                let ApiError(problem) = ask::refused(told(error, &format!("/customers/{place}")));
                refused += 1;
                let (outcome, problem) = (BulkCustomerOutcome::Refused, Some(*problem));
                BulkCustomerResult { number: one.number.clone(), outcome, version: None, problem }
            }
            Err(error) => return Err(error),
        });
    }
    keep(200, &BulkCustomersDone { results, refused })
}

/// Adds or changes one; the services refuse before they write anything.
fn write(work: &mut Work<'_>, one: &BulkCustomer) -> Res<BulkCustomerResult> {
    let mut edit = Edit { vip: one.vip, paper_invoice: one.paper_invoice, ..Edit::default() };
    let address = one.address.as_ref().map(Address::from);
    let (outcome, number, version) = match &one.number {
        Some(number) => {
            (edit.name, edit.address) = (one.name.clone(), address);
            let seen = one.version.map(|version| [version]);
            let seen = seen.as_ref().map(|versions| versions.as_slice());
            (BulkCustomerOutcome::Changed, number.clone(), change(work, number, seen, &edit)?)
        }
        None => {
            let business = one.kind == Some(NewCustomerKind::Business);
            let address = address.ok_or(Refusal::Field { field: "address", why: "must be there" })?;
            (BulkCustomerOutcome::Created, make(work, business, &address, &edit)?, 1)
        }
    };
    Ok(BulkCustomerResult { number: Some(number), outcome, version: Some(version), problem: None })
}
