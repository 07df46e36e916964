//! The document of the API and the router say the same, and the document is sound.

use crate::api_kit::{document, faults, request};
use crate::central_kit::{Bench, on_each_engine};
use axum::http::StatusCode;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What stations speak. It is left out of the document: see docs/decisions/0007-stations-are-not-in-the-api-document.md.
const STATIONS: &[&str] = &[
    "/api/v1/events",
    "/api/v1/fulfillments/{id}/takeover",
    "/api/v1/pairing",
    "/api/v1/photos/{hash}",
    "/api/v1/sync/epoch",
    "/api/v1/sync/leases",
    "/api/v1/sync/pull",
    "/api/v1/sync/push",
];

/// Every path that a `.route(` of central's source names.
fn routed() -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/central")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let text = std::fs::read_to_string(&entry).unwrap();
                let named = text.split(".route(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                paths.extend(named.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
    paths.retain(|path| path.starts_with("/api/"));
    paths
}

/// The methods that the router knows at a path, as it tells them itself; `HEAD` comes with every `GET`.
fn methods(bench: &Bench, path: &str) -> BTreeSet<String> {
    let plain: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
    let (status, headers, _) = bench.send(request("BREW", &plain.join("/"), "", &[], ""));
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    let allow = headers["allow"].to_str().unwrap();
    allow.split(',').map(|method| method.trim().to_lowercase()).filter(|method| method != "head").collect()
}

#[test]
fn the_router_and_the_document_name_the_same_routes() {
    on_each_engine(|bench| {
        let documented: BTreeMap<String, BTreeSet<String>> = document(bench)["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, item)| (path.clone(), item.as_object().unwrap().keys().cloned().collect()))
            .collect();
        assert!(documented.len() >= 9);
        let routed = routed();
        for path in &routed {
            let left_out = STATIONS.iter().any(|left_out| left_out == path);
            assert!(documented.contains_key(path) != left_out, "{path} must be documented, or left out by decision");
        }
        for path in STATIONS {
            assert!(routed.contains(*path) && !documented.contains_key(*path), "{path}");
        }
        for (path, named) in &documented {
            assert_eq!(named, &methods(bench, path), "{path}");
        }
    });
}

fn each(value: &Value, place: &str, look: &mut dyn FnMut(&Value, &str)) {
    look(value, place);
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| each(value, &format!("{place}/{name}"), look)),
        Value::Array(list) => list.iter().for_each(|value| each(value, place, look)),
        _ => {}
    }
}

#[test]
fn the_document_is_sound() {
    on_each_engine(|bench| {
        let document = document(bench);
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(document["components"]["securitySchemes"]["key"]["scheme"], "bearer");
        each(document, "", &mut |value, place| {
            if let Some(name) = value["$ref"].as_str() {
                assert!(document.pointer(name.trim_start_matches('#')).is_some(), "{place}: {name} leads nowhere");
            }
        });
        let mut ids = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let what = format!("{method} {path}");
                assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{what}: a name used twice");
                assert!(!operation["summary"].as_str().unwrap().is_empty(), "{what}");
                assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{what}");
                assert!(operation["security"].is_array(), "{what}: who may?");
                let named = |name: &str| path.contains(&format!("{{{name}}}"));
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let name = parameter["name"].as_str().unwrap();
                    assert!(!parameter["description"].as_str().unwrap_or_default().is_empty(), "{what}: {name}");
                    assert!(parameter["schema"].is_object(), "{what}: {name}");
                    assert_eq!(parameter["in"] == "path", named(name), "{what}: {name}");
                }
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let said = response["description"].as_str().is_some_and(|text| !text.is_empty());
                    assert!(said || response["$ref"].is_string(), "{what}: {status}");
                }
            }
        }
    });
}

#[test]
fn every_example_fits_its_own_schema() {
    on_each_engine(|bench| {
        let mut seen = 0;
        each(&document(bench)["components"]["schemas"], "", &mut |schema, place| {
            for example in schema["examples"].as_array().into_iter().flatten().chain(schema.get("example")) {
                seen += 1;
                let faults = faults(bench, schema, example);
                assert!(faults.is_empty(), "{place}: {faults:?}");
            }
        });
        assert!(seen >= 4, "{seen} examples");
    });
}
