//! The document of the API: OpenAPI 3.1, gathered by utoipa from the routes. What holds for every route (the refusals of the
//! guard and of the store) is written here once and added to each.

use super::ask::{Asked, Nothing};
use super::{
    act, answer, changes, contacts, customers, customers_bulk, customers_made, make, manifests, merge, messages,
    orders, parcels, payments, pipelines, places, products, products_made, reopen, returns, stock, stock_changes,
    webhooks,
};
use crate::protocol::wire::Problem;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr, Response as Described};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi, ToResponse};

macro_rules! problems {
    ($($name:ident $text:literal;)+) => {
        $(
            #[doc = $text]
            #[derive(ToResponse)]
            #[response(description = $text, content_type = "application/problem+json")]
            #[allow(dead_code)]
            pub(super) struct $name(Problem);
        )+
    };
}

problems! {
    BadRequest "The request is not readable, or has a parameter that is not known.";
    KeyRefused "No key, an unknown one, one that is over, or a revoked one.";
    Forbidden "The key has no scope for this.";
    NotFound "There is nothing of this name.";
    Conflict "The state of the thing does not allow it (`wrong_state`), or the same request is being worked on (`in_flight`).";
    VersionConflict "Somebody changed it: the version in `If-Match` is not the newest.";
    TooLarge "The body is too large.";
    UnsupportedMediaType "The body is not JSON.";
    Invalid "Against a rule, a cursor of another list, or the idempotency key was used for another request (`key_reused`).";
    PreconditionRequired "`If-Match` is missing.";
    RateLimited "Too many requests; `Retry-After` says when to come again.";
    Internal "A defect of the server.";
    Unavailable "The server is busy or about to stop; come again in a moment.";
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $($status:literal $response:ident),+;)+) => {
        $(
            $(#[$doc])*
            #[allow(dead_code)]
            pub(super) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Described>> {
                    let all = [$(($status, stringify!($response))),+];
                    let one = |(status, name): (&str, &str)| (status.to_owned(), RefOr::Ref(Ref::from_response_name(name)));
                    all.into_iter().map(one).collect()
                }
            }
        )+
    };
}

// What several routes are refused with, each set written once.
refusals! {
    /// Something new is sent.
    Sent = "409" Conflict, "413" TooLarge, "415" UnsupportedMediaType, "422" Invalid;
    /// Something is sent about a thing that must be there.
    SentTo = "404" NotFound, "409" Conflict, "413" TooLarge, "415" UnsupportedMediaType, "422" Invalid;
    /// A thing is changed as it was seen.
    Edited = "404" NotFound, "409" Conflict, "412" VersionConflict, "413" TooLarge, "415" UnsupportedMediaType, "422" Invalid,
        "428" PreconditionRequired;
    /// Something is done with a thing, and nothing is sent.
    Done = "404" NotFound, "409" Conflict, "422" Invalid;
}

/// What names a changing request.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(super) struct Idempotency {
    /// Name of this request, such as a UUID; sent again with it, the request has its effect once.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 100, pattern = "^[!-~]{1,100}$")]
    key: String,
}

/// What an order was when it was seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(super) struct OrderSeen {
    /// ETag of the order as you saw it, or `*` for whatever there is.
    #[param(rename = "If-Match")]
    tag: String,
}

/// Where an order was when it was seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(super) struct StageSeen {
    /// ETag of the order's stage as you saw it, or `*` for wherever it is.
    #[param(rename = "If-Match")]
    tag: String,
}

/// What a thing was when it was seen.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(super) struct ThingSeen {
    /// ETag of it as you saw it, or `*` for whatever there is.
    #[param(rename = "If-Match")]
    tag: String,
}

const ABOUT: &str = "Orders, stock and customers of a warehouse, for programs. Every request bears a key \
    (`Authorization: Bearer pbk_…`) with scopes; a refusal is problem details (RFC 9457) whose `code` is stable. \
    Lists are read a page at a time by an opaque cursor. See docs/api.md for a walk through it.";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Packbench", description = ABOUT,
        license(name = "MIT OR Apache-2.0", url = "https://spdx.org/licenses/")
    ),
    servers((url = "/", description = "The server that gave this document.")),
    paths(
        orders::list, orders::one, make::create, make::edit, act::bulk, act::cancel, act::split, merge::merge, payments::list, payments::enter, contacts::reminders, contacts::remind, contacts::done, contacts::calls, contacts::call, pipelines::list, pipelines::edit, pipelines::one, pipelines::go, products::list, products::one, products_made::create, products_made::edit, products_made::bulk, returns::list, returns::one,
        returns::create, returns::receive, returns::close, stock::list, stock_changes::change, stock_changes::trace, stock_changes::hold, customers::one,
        customers_made::create, customers_made::edit, customers_bulk::bulk,
        messages::list, messages::send, messages::link, messages::renew, changes::stream, webhooks::list, webhooks::create, webhooks::one, webhooks::edit, webhooks::remove,
        webhooks::rotate, webhooks::test, webhooks::deliveries, get,
        manifests::list, manifests::open, manifests::one, manifests::add, manifests::remove, manifests::close, reopen::reopen, parcels::track, parcels::delivered,
        places::list, places::one, places::create, places::edit, places::remove
    ),
    components(
        schemas(Problem, answer::Time),
        responses(
            BadRequest, KeyRefused, Forbidden, NotFound, Conflict, VersionConflict, TooLarge, UnsupportedMediaType, Invalid,
            PreconditionRequired, RateLimited, Internal, Unavailable
        )
    ),
    tags(
        (name = "changes", description = "What changes, as it changes."),
        (name = "customers", description = "Who buys. Personal data."),
        (name = "document", description = "This document."),
        (name = "manifests", description = "Parcels that carriers take along."),
        (name = "messages", description = "Mail to customers, and their own pages."),
        (name = "orders", description = "What customers bought, and how far it is."),
        (name = "pipelines", description = "The processes that orders move through, and where each is."),
        (name = "places", description = "Where things lie."),
        (name = "products", description = "What can be bought."),
        (name = "returns", description = "What customers send back."),
        (name = "stock", description = "What lies where."),
        (name = "webhooks", description = "Who is told of changes, and what became of it.")
    ),
    modifiers(&Common)
)]
struct Api;

/// What every route has in common.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut Document) {
        if let Some(components) = document.components.as_mut() {
            let about = "A key made in the console under People, Keys. Its scopes are permissions by name.";
            let scheme =
                HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("pbk_…").description(Some(about));
            components.add_security_scheme("key", SecurityScheme::Http(scheme.build()));
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
            let retry = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait.")).build();
            if let Some(RefOr::T(limited)) = components.responses.get_mut("RateLimited") {
                limited.headers.insert("Retry-After".to_owned(), RefOr::T(retry));
            }
        }
        for item in document.paths.paths.values_mut() {
            for operation in
                [item.get.as_mut(), item.post.as_mut(), item.patch.as_mut(), item.delete.as_mut()].into_iter().flatten()
            {
                everywhere(operation);
            }
        }
    }
}

fn everywhere(operation: &mut Operation) {
    let keyed = operation.security.iter().flatten().any(|needed| *needed != SecurityRequirement::default());
    if keyed {
        tell_scopes(operation);
    }
    let mut all = vec![("400", "BadRequest"), ("500", "Internal"), ("503", "Unavailable")];
    if keyed {
        all.extend([("401", "KeyRefused"), ("403", "Forbidden"), ("429", "RateLimited")]);
    }
    for (status, name) in all {
        let response = RefOr::Ref(Ref::from_response_name(name));
        operation.responses.responses.entry(status.to_owned()).or_insert(response);
    }
    if let Some(RefOr::T(Described { headers, .. })) = operation.responses.responses.get_mut("200").filter(|_| keyed) {
        for (name, about) in [
            ("RateLimit-Policy", "Quota of the key (`q`) and the window it comes back in, seconds (`w`)."),
            ("RateLimit", "Requests left (`r`) and seconds until the quota is full again (`t`)."),
        ] {
            let text = ObjectBuilder::new().schema_type(Type::String);
            let header = HeaderBuilder::new().schema(Some(text)).description(Some(about)).build();
            headers.insert(name.to_owned(), RefOr::T(header));
        }
    }
}

/// Says in words which scopes a route needs. A bearer key has none in the eyes of linters, so they stand in no list.
fn tell_scopes(operation: &mut Operation) {
    let needed = serde_json::to_value(&operation.security).unwrap_or_default();
    let scopes = needed.pointer("/0/key").and_then(|scopes| scopes.as_array()).cloned().unwrap_or_default();
    let scopes: Vec<String> = scopes.iter().filter_map(|scope| Some(format!("`{}`", scope.as_str()?))).collect();
    operation.security = Some(vec![SecurityRequirement::new("key", [""; 0])]);
    if !scopes.is_empty() {
        let needs = format!("Needs the scope {}.", scopes.join(", "));
        let about = operation.description.take().filter(|about| !about.is_empty());
        operation.description = Some(about.map_or(needs.clone(), |about| format!("{about}\n\n{needs}")));
    }
}

/// The document as it is served, made once.
fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| Api::openapi().to_json().unwrap_or_default())
}

/// This document.
///
/// Needs no key.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "document", operation_id = "get_document",
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value)), security(()))]
pub(super) async fn get(Asked(Nothing {}): Asked<Nothing>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, text()).into_response()
}
