//! The official engine's verdicts on its own test strings and on thousands of made codes: ours must be the same, with the same
//! elements and the same written forms. `benches/peers/gs1/run` compares ten million more with the engine itself.

use crate::gs1_kit::peer;
use packbench::core::gs1::{CANONICAL_STEM, Gs1Error, Message, Reader, Scanned};
use std::io::Read as _;

const VECTORS: &[u8] = include_bytes!("../data/gs1/vectors.jsonl.gz");

fn vectors() -> Vec<serde_json::Value> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(VECTORS).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The bytes that a text of the set stands for.
fn bytes(text: &serde_json::Value) -> Vec<u8> {
    text.as_str().unwrap().chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn read<'a>(reader: &'a mut Reader, mode: &str, data: &'a [u8]) -> Result<Option<Message<'a>>, Gs1Error> {
    match mode {
        "bracketed" => reader.bracketed(data).map(Some),
        "uri" => reader.digital_link(data).map(Some),
        "scan" => reader.scanned(data).map(|said| match said {
            Scanned::Message(m) => Some(m),
            Scanned::Digits(_, m) => m,
            Scanned::Plain(_) => None,
        }),
        other => panic!("the mode {other}"),
    }
}

#[test]
fn verdicts_elements_and_written_forms_are_the_official_engines() {
    let vectors = vectors();
    let (mut valid, mut refused) = (0, 0);
    let mut reader = Reader::default();
    for v in &vectors {
        let data = bytes(&v["data"]);
        let got = read(&mut reader, v["mode"].as_str().unwrap(), &data);
        match (v["error"].as_str(), got) {
            (Some(error), Err(e)) => {
                assert!(peer::is_rule(e.rule.id(), error), "{v}: {e}");
                assert!(e.at + e.len <= data.len(), "{v}: a place outside, {e}");
                refused += 1;
            }
            (None, Ok(message)) => {
                let want = v["elements"].as_array().unwrap();
                match message {
                    None => assert!(want.is_empty(), "{v}"),
                    Some(m) => same(v, want, &m),
                }
                valid += 1;
            }
            (_, Ok(_)) => panic!("{v}: only the engine refuses it"),
            (_, Err(e)) => panic!("{v}: only Packbench refuses it: {e}"),
        }
    }
    assert!(valid > 1_500 && refused > 2_000, "only {valid} and {refused}");
}

#[track_caller]
fn same(v: &serde_json::Value, want: &[serde_json::Value], m: &Message<'_>) {
    let got: Vec<(String, Vec<u8>)> = m.elements().map(|(ai, value)| (ai.to_string(), value.to_vec())).collect();
    let want: Vec<(String, Vec<u8>)> = want.iter().map(|e| (e[0].as_str().unwrap().to_owned(), bytes(&e[1]))).collect();
    assert_eq!(got, want, "{v}");
    let mut out = Vec::new();
    m.write_bracketed(&mut out);
    assert_eq!(out, bytes(&v["bracketed"]), "{v}");
    let mut out = Vec::new();
    let end = m.write_digital_link(CANONICAL_STEM, &mut out);
    match &v["link"] {
        serde_json::Value::Null => assert!(end.is_err(), "{v}"),
        link => assert_eq!(out, bytes(link), "{v}"),
    }
}
