//! docs/api.md is true: every request in it is sent, in the order of the page, and its answer is the one printed there.

use crate::api_kit::{ask, master, seed};
use crate::central_kit::{Bench, on_each_engine};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::OnceLock;

fn page() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md");
    PAGE.get_or_init(|| std::fs::read_to_string(path).unwrap())
}

/// Stands for what differs from house to house: a key, a cursor, a tag.
const ANY: &str = "…";

/// A block's first line, headers and body.
struct Block<'a> {
    line: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a str,
}

fn blocks() -> Vec<Block<'static>> {
    let parts = page().split("```http\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let block = |text: &'static str| {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
        let headers = headers.lines().map(|header| header.split_once(": ").unwrap()).collect();
        Block { line, headers, body: body.trim() }
    };
    parts.map(block).collect()
}

/// What the page leaves open, as this run knows it.
#[derive(Default)]
struct Known {
    key: String,
    next: String,
    id: String,
    etag: String,
}

fn run(bench: &Bench, known: &mut Known, asked: &Block<'_>) -> crate::api_kit::Answer {
    let (method, path) = asked.line.split_once(' ').unwrap();
    let path = path.replace(&format!("cursor={ANY}"), &format!("cursor={}", known.next));
    let path = path.replace(&format!("/webhooks/{ANY}"), &format!("/webhooks/{}", known.id));
    let mut key = "";
    let mut headers = Vec::new();
    for (name, value) in &asked.headers {
        match *name {
            "Authorization" => {
                assert_eq!(*value, format!("Bearer pbk_{ANY}"));
                key = &known.key;
            }
            "If-Match" | "If-None-Match" if *value == ANY => headers.push((*name, known.etag.as_str())),
            _ => headers.push((*name, *value)),
        }
    }
    ask(bench, method, &path, key, &headers, asked.body)
}

fn same(wanted: &Value, given: &Value) -> bool {
    match (wanted, given) {
        (Value::String(text), Value::String(_)) if text == ANY => true,
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len() && wanted.iter().zip(given).all(|(wanted, given)| same(wanted, given))
        }
        (Value::Object(wanted), Value::Object(given)) => {
            wanted.len() == given.len()
                && wanted.iter().all(|(name, wanted)| given.get(name).is_some_and(|given| same(wanted, given)))
        }
        _ => wanted == given,
    }
}

#[test]
fn every_example_of_the_page_is_answered_as_printed() {
    let blocks = blocks();
    assert!(blocks.len() >= 20 && blocks.len().is_multiple_of(2), "{} blocks", blocks.len());
    on_each_engine(|bench| {
        seed(bench);
        let mut known = Known { key: master(bench), ..Known::default() };
        let mut wrong = String::new();
        for pair in blocks.chunks(2) {
            let answer = run(bench, &mut known, &pair[0]);
            let status = format!("HTTP/1.1 {}", answer.status);
            let mut differs = status != pair[1].line;
            for (name, value) in &pair[1].headers {
                differs |=
                    !answer.headers.contains_key(*name) || (!value.contains(ANY) && answer.header(name) != *value);
            }
            let body = if pair[1].body.is_empty() { Value::Null } else { serde_json::from_str(pair[1].body).unwrap() };
            differs |= !same(&body, &answer.json);
            if differs {
                wrong.push_str(&format!("{}\n{status}\n{:?}\n{:#}\n\n", pair[0].line, answer.headers, answer.json));
            }
            known.next = answer.json["next"].as_str().map_or(known.next, str::to_owned);
            known.id = answer.json["id"].as_str().map_or(known.id, str::to_owned);
            known.etag = if answer.header("etag").is_empty() { known.etag } else { answer.header("etag").to_owned() };
        }
        assert!(wrong.is_empty(), "the page does not say what the server says:\n{wrong}");
    });
}

#[test]
fn the_page_speaks_of_every_route() {
    on_each_engine(|bench| {
        let spoken: BTreeSet<&str> = page().lines().filter_map(|line| line.strip_prefix("### `")).collect();
        for (path, item) in crate::api_kit::document(bench)["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                let heading = format!("{} {path}`", method.to_uppercase());
                assert!(spoken.contains(heading.as_str()), "no chapter {heading}");
            }
        }
    });
}
