//! The web console: pages rendered on the server from rows to markup, a small script that only asks for the page again
//! when something changed, and one style sheet. No inline script or style, so the content policy allows none. Every text
//! comes from the catalogue; a page decides nothing that a service does not.

mod audit;
mod board;
mod country;
mod customers;
mod edit_order;
mod exceptions;
mod files;
mod frame;
mod handover;
mod keys;
mod labels;
mod layout;
mod login;
mod lost;
mod marks;
mod messages;
mod new_order;
mod order;
mod orders;
mod payments;
mod people;
mod place_form;
mod places;
mod products;
mod proofs;
mod returns;
mod search;
mod settings;
mod setup;
mod sheets;
mod split;
mod stations;
mod stock;
mod timeline;
mod track;
mod uploads;
mod visitor;
mod webhooks;

pub(crate) use lost::{nowhere, other_method};

use crate::central::routes::{App, photos};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use uploads::UPLOAD_BODY_BYTES_MAX;
use visitor::{FreshCookie, Visitor};

const STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/console.css"));
const SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/live.js"));
const TABLE_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/orders.js"));
const PALETTE_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/palette.js"));
const TABLE_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/orders.css"));
const TRACK_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/track.js"));
const TRACK_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/track.css"));
const BOARD_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/board.js"));
const BOARD_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/board.css"));
const HANDOVER_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/handover.js"));
const SCAN_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/scan.js"));
const LABEL_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/labels.js"));
const LAYOUT_SCRIPT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/layout.js"));
const LAYOUT_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/layout.css"));
const LABEL_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/labels.css"));
const STOCK_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console/stock.css"));
/// The house's mark, for the browser's tab.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect x="2" y="2" width="32" height="32" rx="8" fill="#15181E"/><g fill="none" stroke-linejoin="round"><path d="M9 13l9-4.5 9 4.5v10l-9 4.5L9 23z" stroke="#FFF" stroke-width="2.500"/><path d="M13.500 10.800l9 4.500v4.500" stroke="#F4B322" stroke-width="3"/></g></svg>"##;
const SANS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/NotoSans-Regular.ttf"));
const SANS_BOLD: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/NotoSans-Bold.ttf"));
const MONO: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/fonts/JetBrainsMono-Regular.ttf"));

/// Only from this server, nothing inline, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Routes of the console.
pub(crate) fn router(_: App) -> Router<App> {
    Router::new()
        .route("/", get(|visitor: Visitor| async move { Redirect::to(frame::home(&visitor)) }))
        .route("/login", get(login::form).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route("/orders", get(orders::page))
        .route("/orders/new", get(new_order::choose).post(new_order::begin))
        .route("/orders/drafts/{id}/submit", get(new_order::again).post(new_order::submit))
        .route("/orders/drafts/{id}/discard", post(new_order::discard))
        .route("/orders/drafts/{id}/proof", post(proofs::to_draft).layer(DefaultBodyLimit::max(UPLOAD_BODY_BYTES_MAX)))
        .route("/orders/drafts/{id}/{step}", get(new_order::step).post(new_order::save))
        .route("/orders/act", post(orders::act::chosen))
        .route("/orders/columns", post(orders::layout::columns))
        .route("/orders/exports", get(orders::exports::page).post(orders::exports::ask))
        .route("/orders/exports/{id}", get(orders::exports::take))
        .route("/orders/exports/{id}/stop", post(orders::exports::stop))
        .route("/orders/many", get(orders::many::page).post(orders::many::begin))
        .route("/orders/many/{id}", get(orders::many::one))
        .route("/orders/many/{id}/stop", post(orders::many::stop))
        .route("/orders/many/{id}/undo", post(orders::many::undo))
        .route("/orders/rows", get(orders::live::some))
        .route("/orders/rules", get(orders::rules::page).post(orders::rules::set))
        .route("/orders/views", post(orders::layout::save))
        .route("/orders/views/{id}/remove", post(orders::layout::remove))
        .route("/orders/{number}", get(order::page))
        .route("/orders/{number}/field", post(orders::act::field))
        .route("/orders/{number}/edit", get(edit_order::page).post(edit_order::save))
        .route("/orders/{number}/proof", post(proofs::to_order).layer(DefaultBodyLimit::max(UPLOAD_BODY_BYTES_MAX)))
        .route("/orders/{number}/payment", post(payments::enter))
        .route("/orders/{number}/files", post(files::add).layer(DefaultBodyLimit::max(UPLOAD_BODY_BYTES_MAX)))
        .route("/orders/{number}/merge", post(files::merge))
        .route("/files/{id}", get(files::look))
        .route("/files/{id}/remove", post(files::remove))
        .route("/proofs/{id}", get(proofs::look))
        .route("/orders/{number}/split", post(split::post))
        .merge(customers_routes())
        .merge(mail())
        .merge(board_routes())
        .merge(lists())
        .merge(stock_routes())
        .merge(handover_routes())
        .merge(label_routes())
        .merge(layout_routes())
        .route("/stations", get(stations::page))
        .route("/stations/code", post(stations::code))
        .route("/stations/{id}/revoke", get(stations::ask).post(stations::revoke))
        .route("/exceptions", get(exceptions::page))
        .route("/exceptions/{id}", post(exceptions::decide))
        .route("/people", get(people::page))
        .route("/people/new", get(people::new).post(people::add))
        .route("/people/{id}", get(people::one).post(people::save))
        .route("/people/{id}/end-sessions", post(people::end_sessions))
        .route("/roles", get(people::roles).post(people::set_role))
        .route("/keys", get(keys::page).post(keys::make))
        .route("/keys/{id}/revoke", post(keys::revoke))
        .route("/settings", get(settings::page).post(settings::set))
        .route("/settings/cutoffs", post(settings::set_cutoffs))
        .route("/settings/numbers", post(settings::set_numbers))
        .route("/audit", get(audit::page))
        .route("/audit.csv", get(audit::export))
        .route("/setup", get(setup::form).post(setup::make))
        .route("/photos/{hash}", get(photo))
        .route("/live", get(orders::live::stream))
        .merge(assets())
        .layer(from_fn(guard))
}

/// What pages are drawn with.
fn assets() -> Router<App> {
    Router::new()
        .route("/assets/console.css", get(|| async { asset("text/css; charset=utf-8", STYLE.as_bytes()) }))
        .route("/assets/live.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT.as_bytes()) }))
        .route("/assets/orders.js", get(|| async { asset("text/javascript; charset=utf-8", TABLE_SCRIPT.as_bytes()) }))
        .route(
            "/assets/palette.js",
            get(|| async { asset("text/javascript; charset=utf-8", PALETTE_SCRIPT.as_bytes()) }),
        )
        .route("/assets/orders.css", get(|| async { asset("text/css; charset=utf-8", TABLE_STYLE.as_bytes()) }))
        .route("/assets/track.js", get(|| async { asset("text/javascript; charset=utf-8", TRACK_SCRIPT.as_bytes()) }))
        .route("/assets/track.css", get(|| async { asset("text/css; charset=utf-8", TRACK_STYLE.as_bytes()) }))
        .route("/assets/board.js", get(|| async { asset("text/javascript; charset=utf-8", BOARD_SCRIPT.as_bytes()) }))
        .route("/assets/board.css", get(|| async { asset("text/css; charset=utf-8", BOARD_STYLE.as_bytes()) }))
        .route("/assets/stock.css", get(|| async { asset("text/css; charset=utf-8", STOCK_STYLE.as_bytes()) }))
        .route(
            "/assets/handover.js",
            get(|| async { asset("text/javascript; charset=utf-8", HANDOVER_SCRIPT.as_bytes()) }),
        )
        .route("/assets/scan.js", get(|| async { asset("text/javascript; charset=utf-8", SCAN_SCRIPT.as_bytes()) }))
        .route("/assets/labels.js", get(|| async { asset("text/javascript; charset=utf-8", LABEL_SCRIPT.as_bytes()) }))
        .route("/assets/labels.css", get(|| async { asset("text/css; charset=utf-8", LABEL_STYLE.as_bytes()) }))
        .route("/assets/layout.js", get(|| async { asset("text/javascript; charset=utf-8", LAYOUT_SCRIPT.as_bytes()) }))
        .route("/assets/layout.css", get(|| async { asset("text/css; charset=utf-8", LAYOUT_STYLE.as_bytes()) }))
        .route("/assets/icon.svg", get(|| async { asset("image/svg+xml", ICON.as_bytes()) }))
        .route("/assets/sans.ttf", get(|| async { asset("font/ttf", SANS) }))
        .route("/assets/sans-bold.ttf", get(|| async { asset("font/ttf", SANS_BOLD) }))
        .route("/assets/mono.ttf", get(|| async { asset("font/ttf", MONO) }))
}

/// Customers, and finding anything.
fn customers_routes() -> Router<App> {
    Router::new()
        .route("/customers", get(customers::page))
        .route("/customers/{number}", get(customers::one))
        .route("/customers/{number}/erase", post(customers::erase))
        .route("/search", get(search::page))
}

/// The board, its stages, reminders and calls.
fn board_routes() -> Router<App> {
    Router::new()
        .route("/orders/{number}/call", post(board::call))
        .route("/orders/{number}/reminder", post(board::remind))
        .route("/board", get(board::page))
        .route("/board/cards", get(board::cards))
        .route("/board/move", get(board::ask).post(board::go))
        .route("/board/reminders", get(board::reminders::page).post(board::reminders::done))
        .route("/board/some", get(board::some))
        .route("/board/stages", get(board::stages::page).post(board::stages::set))
        .route("/board/undo", post(board::undo))
}

/// Lists that come in and go out.
fn lists() -> Router<App> {
    Router::new()
        .route(
            "/import",
            get(sheets::page).post(sheets::send).layer(DefaultBodyLimit::max(sheets::UPLOAD_BODY_BYTES_MAX)),
        )
        .route("/import/export", post(orders::exports::ask_list))
        .route("/import/{id}", get(sheets::one))
        .route("/import/{id}/try", post(sheets::attempt))
        .route("/import/{id}/run", post(sheets::run))
        .route("/import/{id}/stop", post(sheets::stop))
        .route("/import/{id}/faults.csv", get(sheets::faults))
}

/// Mail to customers, their own pages, and webhooks.
fn mail() -> Router<App> {
    Router::new()
        .route("/orders/{number}/message", get(messages::of_order::form).post(messages::of_order::send))
        .route("/orders/{number}/link", post(messages::of_order::renew))
        .route("/orders/{number}/language", post(messages::of_order::language))
        .route("/messages", get(messages::page))
        .route("/messages/again", post(messages::again_all))
        .route("/messages/settings", get(messages::settings::page).post(messages::settings::set))
        .route("/messages/reminders", post(messages::reminding::set))
        .route("/orders/{number}/payment-reminders", post(messages::reminding::leave))
        .route("/messages/links", post(messages::settings::link))
        .route("/messages/templates", get(messages::templates::list))
        .route("/messages/templates/{kind}/{lang}", get(messages::templates::edit).post(messages::templates::save))
        .route("/messages/{id}", get(messages::one))
        .route("/messages/{id}/{act}", post(messages::act))
        .route("/webhooks", get(webhooks::page).post(webhooks::make))
        .route("/webhooks/{id}", get(webhooks::one))
        .route("/webhooks/{id}/{act}", post(webhooks::act))
        .route("/webhooks/{id}/deliveries/{delivery}/again", post(webhooks::again))
        .route("/track/{token}", get(track::page))
        .route("/track/{token}/invoice", get(track::invoice))
        .route("/track/{token}/news", get(track::news))
}

/// The dock, manifests, and what an order tells of its parcels and papers.
fn handover_routes() -> Router<App> {
    Router::new()
        .route("/handover", get(handover::dock::page))
        .route("/handover/scan", post(handover::dock::scan))
        .route("/handover/off", post(handover::dock::off))
        .route("/handover/close", post(handover::dock::close))
        .route("/handover/manifests", get(handover::sheet::list))
        .route("/handover/manifests/{number}", get(handover::sheet::one))
        .route("/handover/manifests/{number}/reopen", post(handover::reopen::post))
        .route("/handover/manifests/{number}/paper", get(handover::sheet::paper))
        .route("/orders/{number}/tracking", post(handover::of_order::track))
        .route("/orders/{number}/delivered", post(handover::of_order::delivered))
        .route("/orders/{number}/invoice", get(handover::of_order::invoice))
        .route("/orders/{number}/slip", get(handover::of_order::slip))
}

/// Templates of labels.
fn label_routes() -> Router<App> {
    Router::new()
        .route("/labels", get(labels::list::page).post(labels::list::copy))
        .route("/labels/{name}", get(labels::edit::page).post(labels::edit::save))
        .route("/labels/{name}/try", post(labels::edit::attempt))
        .route("/labels/{name}/picture", get(labels::edit::picture))
        .route("/labels/{name}/file", get(labels::edit::file))
}

/// The warehouse's layout.
fn layout_routes() -> Router<App> {
    Router::new()
        .route("/layout", get(layout::edit::page).post(layout::edit::change))
        .route("/layout/try", post(layout::edit::attempt))
        .route(
            "/layout/file",
            get(layout::edit::file).post(layout::edit::take).layer(DefaultBodyLimit::max(layout::FILE_BODY_BYTES_MAX)),
        )
}

/// Routes of stock, products and returns.
fn stock_routes() -> Router<App> {
    Router::new()
        .route("/stock", get(stock::list::page))
        .route("/stock/entries", get(stock::list::entries))
        .route("/stock/receive", get(stock::receive::page).post(stock::receive::take))
        .route("/stock/count", get(stock::count::page).post(stock::count::take))
        .route("/stock/counts", get(stock::count::waiting).post(stock::count::set_bound))
        .route("/stock/counts/{id}", post(stock::count::decide))
        .route("/stock/lots", get(stock::lots::held))
        .route("/stock/lot", get(stock::lots::one).post(stock::lots::hold))
        .route("/stock/of/{sku}", get(stock::product::page))
        .route("/stock/of/{sku}/change", post(stock::product::change))
        .route("/stock/of/{sku}/reorder", post(stock::product::set_reorder))
        // Links of before, which no product could have whose code is the name of a page.
        .route("/stock/{sku}", get(stock::product::moved))
        .route("/returns", get(returns::list::page))
        .route("/returns/{number}", get(returns::case::page))
        .route("/returns/{number}/receive", post(returns::case::take))
        .route("/returns/{number}/close", post(returns::case::close))
        .route("/orders/{number}/return", get(returns::open::page).post(returns::open::make))
        .route("/locations", get(places::list))
        .route("/locations/{code}", get(places::one).post(place_form::save))
        .route("/locations/{code}/remove", post(place_form::remove))
        .route("/places/new", get(place_form::new).post(place_form::add))
        .route("/map", get(places::map))
        .route("/products", get(products::list::page))
        // No code of a product can be this path: that of one that is called "new" is /products/new.
        .route("/new-product", get(products::form::new).post(products::form::add))
        .route("/products/{sku}", get(products::form::page).post(products::form::save))
        .route("/products/{sku}/guess", post(products::guess::answer))
        .route(
            "/products/{sku}/picture",
            get(products::picture::look)
                .post(products::picture::set)
                .layer(DefaultBodyLimit::max(UPLOAD_BODY_BYTES_MAX)),
        )
}

fn asset(kind: &'static str, bytes: &'static [u8]) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")], bytes).into_response()
}

async fn guard(mut request: Request, next: Next) -> Response {
    let fresh = FreshCookie::default();
    request.extensions_mut().insert(fresh.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(cookie) = fresh.take().and_then(|cookie| HeaderValue::from_str(&cookie).ok())
        && !headers.contains_key(header::SET_COOKIE)
    {
        headers.insert(header::SET_COOKIE, cookie);
    }
    harden(&mut response);
    response
}

/// What every page of the console is served with.
fn harden(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::REFERRER_POLICY) {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

async fn photo(State(app): State<App>, visitor: Visitor, Path(hash): Path<String>) -> Response {
    if let Err(answer) = orders::may_see_orders(&visitor) {
        return *answer;
    }
    photos::file(&app, &hash).await.into_response()
}
