//! What the tests of the integrators' API share: keys, asking, and holding every answer against the document that the server
//! itself gives.

use crate::central_kit::{Bench, SMALL};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use packbench::central::actor::Actor;
use packbench::central::routes::limits::{ApiRates, Rate};
use packbench::central::services::access::keys::{self, NewKey};
use packbench::central::services::access::{Permission, Permissions};
use packbench::central::services::customers::{self, CustomerFacts};
use packbench::protocol::wire::Role;
use packbench::protocol::wire::order::Address;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A key with these scopes.
pub fn key(bench: &Bench, scopes: &[Permission]) -> String {
    let scopes: Permissions = scopes.iter().copied().collect();
    let own = Permissions::shipped(Role::Admin);
    let new = NewKey { name: "shop".to_owned(), scopes, days: 30 };
    bench.central.store().write_blocking(Actor::Job("test"), move |work| keys::make(work, &new, own)).unwrap().secret
}

/// A key that may do everything.
pub fn master(bench: &Bench) -> String {
    key(bench, Permission::ALL)
}

/// The small file, its places and stock, and a name and address for customer 17850.
pub fn seed(bench: &Bench) {
    bench.import(SMALL);
    bench.furnish();
    let id = bench.text("SELECT id FROM customers WHERE number = '17850'");
    let fact = CustomerFacts {
        id,
        name: Some("Alice Archer".to_owned()),
        address: Some(Address {
            name: "Alice Archer".to_owned(),
            lines: vec!["1 Mill Lane".to_owned()],
            city: "Leeds".to_owned(),
            postcode: Some("LS1 1AA".to_owned()),
            country: "GB".to_owned(),
            ..Address::default()
        }),
        vip: None,
        paper_invoice: None,
    };
    let facts = [fact];
    bench.central.store().write_blocking(Actor::Job("test"), move |work| customers::set_facts(work, &facts)).unwrap();
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub json: Value,
}

impl Answer {
    /// A header as text; empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a refusal.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }

    /// One field of every item.
    pub fn column(&self, name: &str) -> Vec<&str> {
        self.json["items"].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap()).collect()
    }
}

/// A request as it is sent.
pub fn request(method: &str, path: &str, key: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !key.is_empty() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// Asks, and holds the answer against the document.
pub fn ask(bench: &Bench, method: &str, path: &str, key: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (status, headers, body) = bench.send(request(method, path, key, headers, body));
    judge(bench, method, path, status, &headers, &body)
}

/// `GET`.
pub fn get(bench: &Bench, path: &str, key: &str) -> Answer {
    ask(bench, "GET", path, key, &[], "")
}

/// Calls an order off.
pub fn cancel(bench: &Bench, number: &str, key: &str, if_match: &str, idempotency: &str, body: &str) -> Answer {
    let path = format!("/api/v1/orders/{number}/cancel");
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(Some(("if-match", if_match)).filter(|(_, value)| !value.is_empty()));
    headers.extend(Some(("idempotency-key", idempotency)).filter(|(_, value)| !value.is_empty()));
    ask(bench, "POST", &path, key, &headers, body)
}

/// The document, as the server gives it.
pub fn document(bench: &Bench) -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let (status, _, body) = bench.send(request("GET", "/api/v1/openapi.json", "", &[], ""));
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice(&body).unwrap()
    })
}

/// Fails unless the document describes this answer.
pub fn judge(bench: &Bench, method: &str, path: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Answer {
    let what = format!("{method} {path} -> {status}");
    let operation = operation(document(bench), method, path).unwrap_or_else(|| panic!("{what}: not in the document"));
    let response = follow(bench, &operation["responses"][status.as_str()]);
    assert!(response.is_object(), "{what} is not documented: {}", String::from_utf8_lossy(body));
    for name in response["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        assert!(headers.contains_key(name.as_str()) || name == "Idempotency-Replayed", "{what} without {name}");
    }
    let kind = headers.get("content-type").map_or("", |value| value.to_str().unwrap());
    let json = if kind.ends_with("json") { serde_json::from_slice(body).unwrap() } else { Value::Null };
    if body.is_empty() {
        assert!(response.get("content").is_none(), "{what}: a body is promised");
    } else if kind != "text/event-stream" {
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{what}: {kind} is not documented");
        let faults = faults(bench, schema, &json);
        assert!(faults.is_empty(), "{what}: {faults:#?}\n{json:#}");
    }
    Answer { status, headers: headers.clone(), json }
}

/// The operation that answers a request.
pub fn operation<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let path = path.split('?').next().unwrap();
    let fits = |template: &str| {
        let (mut wanted, mut given) = (template.split('/'), path.split('/'));
        let same =
            wanted.by_ref().zip(given.by_ref()).all(|(wanted, given)| wanted == given || wanted.starts_with('{'));
        same && template.split('/').count() == path.split('/').count()
    };
    let (_, item) = document["paths"].as_object()?.iter().find(|(template, _)| fits(template))?;
    item.get(method.to_lowercase())
}

fn follow<'a>(bench: &Bench, found: &'a Value) -> &'a Value {
    match found["$ref"].as_str() {
        Some(name) => document(bench).pointer(name.trim_start_matches('#')).unwrap(),
        None => found,
    }
}

/// Where a value differs from a schema of the document; fields that the schema does not name count as faults.
pub fn faults(bench: &Bench, schema: &Value, value: &Value) -> Vec<String> {
    static STRICT: OnceLock<Value> = OnceLock::new();
    let components = STRICT.get_or_init(|| {
        let mut components = document(bench)["components"].clone();
        strict(&mut components);
        components
    });
    let root = json!({ "allOf": [schema], "components": components });
    let validator = jsonschema::options().should_validate_formats(true).build(&root).unwrap();
    validator.iter_errors(value).map(|fault| format!("{} at {}", fault, fault.instance_path())).collect()
}

fn strict(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            map.values_mut().for_each(strict);
        }
        Value::Array(list) => list.iter_mut().for_each(strict),
        _ => {}
    }
}

/// A tool of others that `tests/run` installs.
pub fn tool(place: &str) -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-tools");
    let found = std::env::var_os("PACKBENCH_TEST_TOOLS").map_or_else(own, PathBuf::from).join(place);
    assert!(found.exists(), "{} is missing: tests/run installs it", found.display());
    found
}

/// Serves on loopback while `body` runs.
pub fn serving(bench: &Bench, body: impl FnOnce(SocketAddr)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("test-central")
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let central = bench.central.clone();
    let served = runtime.spawn(async move { central.serve(listener, async { drop(stopped.await) }).await });
    body(at);
    drop(stop);
    runtime.block_on(served).unwrap().unwrap();
}

/// Rates that nobody reaches.
pub fn unlimited() -> ApiRates {
    let any = Rate { burst: 1_000_000, refill: Duration::from_micros(1) };
    ApiRates { key: any, address: any, all: any }
}
