//! Addresses that lead nowhere: a browser gets a page with a way on, a program the problem it can read. Must never tell whether
//! something exists to who is not logged in.

use super::frame::{Place, trouble};
use super::harden;
use super::visitor::Visitor;
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::protocol::wire::ProblemCode;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Whether a person looks: a browser that opens a page says that it takes one. What is below `/api` is for programs alone.
fn by_person(request: &Request) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let looks = request.method() == Method::GET || request.method() == Method::HEAD;
    looks && accept.is_some_and(|kinds| kinds.contains("text/html")) && !request.uri().path().starts_with("/api/")
}

/// The answer to an address that nothing is at.
pub(crate) async fn nowhere(State(app): State<App>, request: Request) -> Response {
    if !by_person(&request) {
        return ApiError::not_found("no such address").into_response();
    }
    let (mut parts, _) = request.into_parts();
    let mut answer = match Visitor::from_request_parts(&mut parts, &app).await {
        Ok(visitor) => (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response(),
        // Who is not logged in is led to where they can.
        Err(to_login) => to_login,
    };
    harden(&mut answer);
    answer
}

/// The answer to a method that an address does not have. A browser that opens where forms are sent to, because somebody loads the
/// page again or goes back to it, is led to the page of that form.
pub(crate) async fn other_method(request: Request) -> Response {
    if !by_person(&request) {
        return ApiError::new(ProblemCode::MethodNotAllowed, "use a method that Allow names").into_response();
    }
    let mut answer = Redirect::to(&page_of(request.uri().path())).into_response();
    harden(&mut answer);
    answer
}

/// The page whose form is sent to this path: the one above it, or where that is no page, the list it belongs to.
fn page_of(path: &str) -> String {
    let above = |path: &str| path.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts[..] {
        ["logout"] => "/orders".to_owned(),
        ["orders", "drafts", id, "proof"] => format!("/orders/drafts/{id}/payment"),
        ["orders", "drafts", ..] => "/orders/new".to_owned(),
        ["orders", "views" | "columns" | "act", ..] | ["files", ..] => "/orders".to_owned(),
        ["orders", "exports", ..] => "/orders/exports".to_owned(),
        ["keys", ..] => "/keys".to_owned(),
        ["webhooks", id, "deliveries", ..] => format!("/webhooks/{id}"),
        ["messages", "reminders" | "links"] => "/messages/settings".to_owned(),
        _ => above(path),
    }
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn a_form_that_is_loaded_again_leads_to_its_page() {
        let pages = [
            ("/orders/536365/payment", "/orders/536365"),
            ("/orders/drafts/1/proof", "/orders/drafts/1/payment"),
            ("/orders/drafts/1/discard", "/orders/new"),
            ("/orders/views/2/remove", "/orders"),
            ("/orders/exports/2/stop", "/orders/exports"),
            ("/files/2/remove", "/orders"),
            ("/exceptions/9", "/exceptions"),
            ("/keys/1/revoke", "/keys"),
            ("/webhooks/1/deliveries/2/again", "/webhooks/1"),
            ("/messages/links", "/messages/settings"),
            ("/stock/of/A%2FB/change", "/stock/of/A%2FB"),
            ("/settings/cutoffs", "/settings"),
            ("/logout", "/orders"),
        ];
        for (path, page) in pages {
            assert_eq!(page_of(path), page, "{path}");
        }
    }
}
