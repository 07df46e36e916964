//! Writes codes with what the engine says of them: the set that is kept in `tests/data/gs1/`. Bytes are written as the
//! characters of the same numbers, so that any byte can stand in JSON.

use crate::compare::{code, own_strings, ways};
use crate::core::gs1::is_link;
use crate::engine::{Engine, Mode};
use crate::gs1_kit::{self, Rng};
use std::collections::BTreeSet;

/// Longest code that is kept.
const BYTES_MAX: usize = 400;

/// Writes the engine's own strings and `codes` made ones, half of them valid, to standard output.
pub fn write(engine: &mut Engine, checkout: &str, codes: u64, seed: u64) {
    engine.rules(false, false, true);
    let all = gs1_kit::dictionary();
    let mut seen = BTreeSet::new();
    for (mode, code) in own_strings(checkout).iter().flat_map(|c| ways(c)) {
        if fits(mode, &code) && seen.insert((mode as u8, code.clone())) {
            println!("{}", line(engine, mode, &code).1);
        }
    }
    let mut rng = Rng(seed);
    let mut left = [codes / 2, codes - codes / 2];
    while left != [0, 0] {
        let (mode, code) = code(&mut rng, &all);
        if fits(mode, &code) && seen.insert((mode as u8, code.clone())) {
            let (valid, text) = line(engine, mode, &code);
            let left = &mut left[usize::from(valid)];
            if *left > 0 {
                *left -= 1;
                println!("{text}");
            }
        }
    }
}

fn fits(mode: Mode, code: &[u8]) -> bool {
    code.len() <= BYTES_MAX && (mode != Mode::Uri || is_link(code))
}

fn line(engine: &mut Engine, mode: Mode, code: &[u8]) -> (bool, String) {
    let valid = engine.set(mode, code);
    let name = ["scan", "bracketed", "uri"][mode as usize];
    let head = format!("{{\"mode\":\"{name}\",\"data\":{}", json(code));
    if !valid {
        return (false, format!("{head},\"error\":\"{}\"}}", engine.error()));
    }
    let elements: Vec<String> =
        engine.elements().iter().map(|(ai, value)| format!("[{},{}]", json(ai), json(value))).collect();
    let bracketed = engine.bracketed().filter(|_| !elements.is_empty());
    let link = engine.link("https://id.gs1.org").filter(|_| !elements.is_empty());
    let or_null = |text: Option<Vec<u8>>| text.map_or("null".to_owned(), |t| json(&t));
    let tail = format!("\"bracketed\":{},\"link\":{}", or_null(bracketed), or_null(link));
    (true, format!("{head},\"elements\":[{}],{tail}}}", elements.join(",")))
}

fn json(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for b in bytes {
        match b {
            b'"' | b'\\' => out.extend(['\\', char::from(*b)]),
            0x20..=0x7e => out.push(char::from(*b)),
            _ => out.push_str(&format!("\\u{b:04x}")),
        }
    }
    out + "\""
}
