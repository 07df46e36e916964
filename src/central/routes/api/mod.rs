//! The API of integrators under `/api/v1`: programs with keys ask it, and its document (`/api/v1/openapi.json`) says all of
//! it. What is written here is a boundary type of its own: money as minor units with their currency, times as RFC 3339 in
//! UTC, states as words. Rows of the store never leave as they are.

mod act;
mod answer;
mod ask;
mod caller;
mod changes;
mod contacts;
mod customers;
mod customers_bulk;
mod customers_made;
mod document;
mod make;
mod manifests;
mod merge;
mod messages;
mod once;
mod orders;
mod parcels;
mod payments;
mod pipelines;
mod places;
mod products;
mod products_made;
mod reopen;
mod return_words;
mod returns;
mod sent;
mod stock;
mod stock_changes;
mod webhooks;

pub(crate) use once::Running;

use super::App;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, patch, post};

/// The routes. A route that is not in the document, or the other way round, fails a test.
pub(super) fn router(app: App) -> Router<App> {
    Router::new()
        .route("/api/v1/orders", get(orders::list).post(make::create))
        .route("/api/v1/orders/bulk", post(act::bulk))
        .route("/api/v1/orders/{number}", get(orders::one).patch(make::edit))
        .route("/api/v1/orders/{number}/cancel", post(act::cancel))
        .route("/api/v1/orders/{number}/split", post(act::split))
        .route("/api/v1/orders/{number}/messages", get(messages::list).post(messages::send))
        .route("/api/v1/orders/{number}/customer-link", get(messages::link).post(messages::renew))
        .route("/api/v1/orders/{number}/merge", post(merge::merge))
        .route("/api/v1/orders/{number}/payments", get(payments::list).post(payments::enter))
        .route("/api/v1/orders/{number}/reminders", get(contacts::reminders).post(contacts::remind))
        .route("/api/v1/orders/{number}/calls", get(contacts::calls).post(contacts::call))
        .route("/api/v1/reminders/{id}/done", post(contacts::done))
        .route("/api/v1/orders/{number}/stage", get(pipelines::one).post(pipelines::go))
        .route("/api/v1/orders/{number}/delivered", post(parcels::delivered))
        .route("/api/v1/parcels/tracking", post(parcels::track))
        .route("/api/v1/manifests", get(manifests::list).post(manifests::open))
        .route("/api/v1/manifests/{number}", get(manifests::one))
        .route("/api/v1/manifests/{number}/parcels", post(manifests::add))
        .route("/api/v1/manifests/{number}/remove", post(manifests::remove))
        .route("/api/v1/manifests/{number}/close", post(manifests::close))
        .route("/api/v1/manifests/{number}/reopen", post(reopen::reopen))
        .route("/api/v1/pipelines", get(pipelines::list))
        .route("/api/v1/pipelines/{code}", patch(pipelines::edit))
        .route("/api/v1/places", get(places::list).post(places::create))
        .route("/api/v1/places/{code}", get(places::one).patch(places::edit))
        .route("/api/v1/places/{code}/remove", post(places::remove))
        .route("/api/v1/products", get(products::list).post(products_made::create))
        .route("/api/v1/products/bulk", post(products_made::bulk))
        .route("/api/v1/products/{sku}", get(products::one).patch(products_made::edit))
        .route("/api/v1/returns", get(returns::list).post(returns::create))
        .route("/api/v1/returns/{number}", get(returns::one))
        .route("/api/v1/returns/{number}/receive", post(returns::receive))
        .route("/api/v1/returns/{number}/close", post(returns::close))
        .route("/api/v1/stock", get(stock::list))
        .route("/api/v1/stock/changes", post(stock_changes::change))
        .route("/api/v1/stock/lots", get(stock_changes::trace).post(stock_changes::hold))
        .route("/api/v1/customers", post(customers_made::create))
        .route("/api/v1/customers/bulk", post(customers_bulk::bulk))
        .route("/api/v1/customers/{number}", get(customers::one).patch(customers_made::edit))
        .route("/api/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/api/v1/webhooks/{id}", get(webhooks::one).patch(webhooks::edit).delete(webhooks::remove))
        .route("/api/v1/webhooks/{id}/rotate", post(webhooks::rotate))
        .route("/api/v1/webhooks/{id}/test", post(webhooks::test))
        .route("/api/v1/webhooks/{id}/deliveries", get(webhooks::deliveries))
        .route("/api/v1/changes", get(changes::stream))
        .route_layer(from_fn_with_state(app, caller::guard))
        .route("/api/v1/openapi.json", get(document::get))
}
