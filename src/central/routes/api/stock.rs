//! `/api/v1/stock`: balances by product and place.

use super::answer::{self, Out, Time, filled, time, word};
use super::ask::{self, Asked};
use super::caller::Caller;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::stock::read::{self, LevelView, Wanted};
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What state the units are in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Condition {
    Good,
    Returned,
    Damaged,
}

/// Units of one product in one place; those with a lot, a day of expiry, a serial, a condition or an owner of their own
/// are counted apart.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StockLevel {
    /// Code of the product.
    sku: String,
    /// Code of the place.
    location: String,
    lot: Option<String>,
    /// Day of expiry.
    #[schema(format = Date)]
    expiry: Option<String>,
    serial: Option<String>,
    condition: Condition,
    /// Whose, where it is not the house's own.
    owner: Option<String>,
    /// Units; below zero where the shelf gave more than the book said.
    quantity: i64,
    /// Units of it that work at the benches still has to pick.
    promised: i64,
    /// Nobody may pick from it.
    held: bool,
    updated_at: Time,
}

/// A page of balances.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StockList {
    items: Vec<StockLevel>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

fn level(view: LevelView) -> Res<StockLevel> {
    Ok(StockLevel {
        condition: word(&view.condition, "condition of stock")?,
        updated_at: time(view.updated_ms)?,
        lot: filled(view.lot),
        expiry: filled(view.expiry),
        serial: filled(view.serial),
        owner: filled(view.owner),
        sku: view.sku,
        location: view.location,
        quantity: view.quantity,
        promised: view.promised,
        held: view.held,
    })
}

/// Which balances, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockAsked {
    /// Where the page begins: `next` of the page before, with the same other parameters.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most balances of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only of the product with this code.
    #[param(nullable = false, min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: Option<String>,
    /// Only at the place with this code.
    #[param(nullable = false, min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    location: Option<String>,
}

/// Lists stock.
///
/// Balances by product and place. What can be sold of a product is the sum of `quantity` less `promised` over its good
/// balances that are not held.
#[utoipa::path(get, path = "/api/v1/stock", tag = "stock", operation_id = "list_stock", params(StockAsked),
    responses(
        (status = 200, description = "A page of balances.", body = StockList),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["stock.view"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<StockAsked>) -> Out {
    caller.need(Permission::StockView)?;
    let wanted = Wanted { sku: ask::text("sku", asked.sku)?, location: ask::text("location", asked.location)? };
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| read::page(tx, site, &wanted, cursor.as_deref(), rows)).await;
    let (levels, next) = page.map_err(ask::refused)?;
    answer::page(&StockList { items: levels.into_iter().map(level).collect::<Res<_>>()?, next })
}
