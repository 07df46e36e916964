//! `/api/v1/customers/{number}`: reading one, for those who may see personal data.

use super::answer::{self, Address, Out, Time, filled, maybe_time, time, word};
use super::ask::{Asked, Named, Nothing};
use super::caller::Caller;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::customers::read::{self, By, CustomerView};
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who buys.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CustomerKind {
    Person,
    Business,
    Guest,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Customer {
    /// Number: the customer's name in this API.
    number: String,
    name: Option<String>,
    kind: CustomerKind,
    /// Goes before others.
    vip: bool,
    /// Wants the invoice in the box.
    paper_invoice: bool,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// E.164.
    phone: Option<String>,
    address: Option<Address>,
    /// Orders so far.
    orders: i64,
    first_order_at: Option<Time>,
    /// When the personal data was erased, if it was.
    erased_at: Option<Time>,
    /// Grows with every change; the first part of the ETag.
    version: i64,
    updated_at: Time,
}

fn customer(view: CustomerView, orders: i64) -> Res<Customer> {
    Ok(Customer {
        kind: word(&view.kind, "kind of a customer")?,
        first_order_at: maybe_time(view.first_order_ms)?,
        erased_at: maybe_time(view.erased_ms)?,
        updated_at: time(view.updated_ms)?,
        name: filled(view.name),
        address: view.address.map(Address::from),
        number: view.number.unwrap_or_default(),
        vip: view.vip,
        paper_invoice: view.paper_invoice,
        country: view.country,
        phone: view.phone,
        orders,
        version: view.version,
    })
}

/// Reads one customer.
#[utoipa::path(get, path = "/api/v1/customers/{number}", tag = "customers", operation_id = "get_customer",
    params(
        ("number" = String, Path, description = "The customer's number.", example = "17850"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The customer.", body = Customer,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["person.view"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::PersonView)?;
    let site = app.store.site();
    let found = app.store.read(move |tx| {
        let view = read::one(tx, site, By::Number(&number))?;
        let orders = read::orders(tx, &view.id)?;
        Ok((view, orders))
    });
    let (view, orders) = found.await?;
    answer::entity(&headers, view.version, &customer(view, orders)?)
}
