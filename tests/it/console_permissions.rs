//! Each permission by itself: whoever lacks it gets none of the pages that need it. The walk takes every page of the console from the
//! list of its routes, so that a new page cannot be forgotten here.

use crate::central_console::{log_in, page, user};
use crate::central_kit::{Bench, SMALL, on_each_engine};
use crate::console_kit::to;
use crate::console_sheets::list;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::access::{Permission as P, roles};
use packbench::protocol::wire::Role;

const ROUTES: &str = include_str!("../../src/central/console/mod.rs");

/// Pages that anybody may open: to log in, to make the first admin, of customers, and a search that leaves out what may not be seen. The
/// files and lists that somebody asked for are theirs alone.
const OPEN: &[&str] = &[
    "/",
    "/login",
    "/setup",
    "/search",
    "/track/{token}",
    "/track/{token}/invoice",
    "/track/{token}/news",
    "/orders/drafts/{id}/submit",
    "/orders/exports/{id}",
];

/// Every other page, with what each alone must close it. `{import}` is a list that was sent.
const PAGES: &[(&str, &[P])] = &[
    ("/orders", &[P::OrderView]),
    ("/orders/rows", &[P::OrderView]),
    ("/orders/{number}", &[P::OrderView]),
    ("/orders/{number}/edit", &[P::OrderView, P::OrderUpdate, P::PersonView]),
    ("/orders/{number}/invoice", &[P::OrderView, P::PersonView]),
    ("/orders/{number}/slip", &[P::OrderView, P::PersonView]),
    ("/orders/{number}/message", &[P::MessageSend, P::PersonView]),
    ("/orders/{number}/return", &[P::ReturnManage]),
    ("/orders/many", &[P::OrderView]),
    ("/orders/many/{id}", &[P::OrderView]),
    ("/orders/exports", &[P::OrderExport]),
    ("/orders/rules", &[P::SettingsManage]),
    ("/orders/new", &[P::OrderCreate, P::PersonView]),
    ("/orders/drafts/{id}/{step}", &[P::OrderCreate, P::PersonView]),
    ("/board", &[P::OrderView]),
    ("/board/some", &[P::OrderView]),
    ("/board/cards", &[P::OrderView]),
    ("/board/move", &[P::OrderView, P::OrderUpdate]),
    ("/board/reminders", &[P::OrderView]),
    ("/board/stages", &[P::SettingsManage]),
    ("/exceptions", &[P::OrderView]),
    ("/stations", &[P::OrderView]),
    ("/stations/{id}/revoke", &[P::StationManage]),
    ("/live", &[P::OrderView]),
    ("/photos/{hash}", &[P::OrderView]),
    ("/files/{id}", &[P::PersonView]),
    ("/proofs/{id}", &[P::ProofView]),
    ("/customers", &[P::PersonView]),
    ("/customers/{number}", &[P::PersonView]),
    ("/import", &[P::ImportRun]),
    ("/import/{import}", &[P::ImportRun, P::ProductUpdate]),
    ("/import/{import}/faults.csv", &[P::ImportRun, P::ProductUpdate]),
    ("/messages", &[P::MessageView]),
    ("/messages/{id}", &[P::MessageView]),
    ("/messages/settings", &[P::SettingsManage]),
    ("/messages/templates", &[P::SettingsManage]),
    ("/messages/templates/{kind}/{lang}", &[P::SettingsManage]),
    ("/webhooks", &[P::SettingsManage]),
    ("/webhooks/{id}", &[P::SettingsManage]),
    ("/settings", &[P::SettingsManage]),
    ("/handover", &[P::ParcelHandover]),
    ("/handover/manifests", &[P::ParcelHandover]),
    ("/handover/manifests/{number}", &[P::ParcelHandover]),
    ("/handover/manifests/{number}/paper", &[P::ParcelHandover]),
    ("/labels", &[P::LabelEdit]),
    ("/labels/{name}", &[P::LabelEdit]),
    ("/labels/{name}/picture", &[P::LabelEdit]),
    ("/labels/{name}/file", &[P::LabelEdit]),
    ("/layout", &[P::LayoutEdit]),
    ("/layout/file", &[P::LayoutEdit]),
    ("/returns", &[P::ReturnManage]),
    ("/returns/{number}", &[P::ReturnManage]),
    ("/stock", &[P::StockView]),
    ("/stock/entries", &[P::StockView]),
    ("/stock/counts", &[P::StockView]),
    ("/stock/lots", &[P::StockView]),
    ("/stock/lot", &[P::StockView]),
    ("/stock/of/{sku}", &[P::StockView]),
    ("/stock/{sku}", &[P::StockView]),
    ("/stock/receive", &[P::StockAdjust]),
    ("/stock/count", &[P::StockAdjust]),
    ("/locations", &[P::StockView]),
    ("/locations/{code}", &[P::StockView]),
    ("/places/new", &[P::PlaceUpdate]),
    ("/map", &[P::StockView]),
    ("/products", &[P::StockView]),
    ("/products/{sku}", &[P::StockView]),
    ("/products/{sku}/picture", &[P::StockView]),
    ("/new-product", &[P::ProductUpdate]),
    ("/people", &[P::UserView]),
    ("/people/{id}", &[P::UserView]),
    ("/people/new", &[P::UserManage]),
    ("/roles", &[P::UserView]),
    ("/keys", &[P::KeyManage]),
    ("/audit", &[P::AuditView]),
    ("/audit.csv", &[P::AuditView]),
];

/// The paths that are read, from the text of the routes: `.route("/path", get(`, over as many lines as it takes.
fn read_paths() -> Vec<String> {
    let routes = ROUTES.split(".route(").skip(1).filter_map(|route| {
        let (path, rest) = route.trim_start().strip_prefix('"')?.split_once('"')?;
        let by = rest.trim_start_matches([',', ' ', '\n']);
        (by.starts_with("get(") && !path.starts_with("/assets/")).then(|| path.to_owned())
    });
    routes.collect()
}

#[test]
fn every_page_of_the_console_is_named_here() {
    let paths = read_paths();
    assert!(paths.len() > 60, "only {} pages found: the search is broken", paths.len());
    let known: Vec<String> = PAGES.iter().map(|(path, _)| path.replace("{import}", "{id}")).collect();
    for path in paths {
        assert!(OPEN.contains(&path.as_str()) || known.contains(&path), "{path}: say who may open it");
    }
}

/// An address of the page: of an order and a list that are there, and of other things that are not.
fn address(path: &str, import: &str) -> String {
    let path = path.replace("/import/{import}", import).replace("/orders/{number}", "/orders/536365");
    let path = path.replace("{hash}", &"0".repeat(64)).replace("{sku}", "85123A").replace("{code}", "A-01-1");
    let path = path.replace("{kind}/{lang}", "placed/en").replace("{name}", "shipping").replace("{step}", "customer");
    path.replace("{number}", "1").replace("{id}", "0")
}

fn set(bench: &Bench, permission: P, allowed: bool) {
    let change =
        move |work: &mut packbench::central::store::work::Work<'_>| roles::set(work, Role::Picker, permission, allowed);
    bench.central.store().write_blocking(Actor::Job("test"), change).unwrap();
}

/// What a page answers with; papers and pictures are no text.
fn answer(bench: &Bench, path: &str, cookie: &str) -> StatusCode {
    bench.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).0
}

#[test]
fn everybody_begins_where_they_may_be() {
    on_each_engine(|bench| {
        user(bench, "picker", Role::Picker, "en");
        let cookie = log_in(bench, "picker");
        let home = || to(&page(bench, "/", &cookie).1).to_owned();
        assert_eq!(home(), "/orders");
        set(bench, P::OrderView, false);
        assert_eq!(home(), "/stock");
        let shown = page(bench, "/stock", &cookie).2;
        assert!(!shown.contains("href=\"/orders\"") && !shown.contains("data-live"), "{shown}");
        set(bench, P::StockView, false);
        assert_eq!(home(), "/search");
    });
}

#[test]
fn each_permission_that_is_taken_away_closes_its_pages() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench.furnish();
        user(bench, "picker", Role::Picker, "en");
        P::ALL.iter().for_each(|permission| set(bench, *permission, true));
        let cookie = log_in(bench, "picker");
        let import = list(bench, &cookie, "products", b"SKU,Name\nNEW-1,New\n");
        for (path, _) in PAGES.iter().filter(|(path, _)| *path != "/live") {
            let status = answer(bench, &address(path, &import), &cookie);
            assert!(status != StatusCode::FORBIDDEN && !status.is_server_error(), "{path}: {status} with everything");
        }
        for permission in P::ALL {
            set(bench, *permission, false);
            for (path, _) in PAGES.iter().filter(|(_, needs)| needs.contains(permission)) {
                let status = answer(bench, &address(path, &import), &cookie);
                assert_eq!(status, StatusCode::FORBIDDEN, "{path} without {}", permission.name());
            }
            set(bench, *permission, true);
        }
    });
}
