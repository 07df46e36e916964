//! `packbench plan tours`: the public routing instances and layouts of one's own, and lines that are wrong.

use crate::cli_kit::Home;
use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read as _;

const ROUTING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/routing/sprp_even_seeds.jsonl.gz");
const CASE: &str = r#"{"name": "a", "aisles": 5, "cells": 30, "depot_aisle": 2, "depot": "bottom", "aisle_to_aisle": 3, "cell_to_cell": 1, "top_to_cell": 1, "bottom_to_cell": 1, "picks": [[0, 4], [3, 29]]}"#;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn every_instance_is_planned_to_its_proven_optimum() {
    let ran = Home::new().run(&["plan", "tours", ROUTING]).ok();
    let mut asked = String::new();
    GzDecoder::new(std::fs::File::open(ROUTING).unwrap()).read_to_string(&mut asked).unwrap();
    let (asked, told) = (lines(&asked), lines(&ran.out));
    assert_eq!((asked.len(), told.len()), (1_200, 1_200));
    let sorted = |v: &Value| {
        let mut picks: Vec<String> = v.as_array().unwrap().iter().map(Value::to_string).collect();
        picks.sort();
        picks
    };
    for (want, got) in asked.iter().zip(&told) {
        assert_eq!(want["name"], got["name"]);
        assert_eq!(want["optimum_single_block"], got["length_single_block"], "{}", want["name"]);
        assert_eq!(want["optimum_two_block"], got["length_two_block"], "{}", want["name"]);
        assert_eq!(sorted(&want["picks"]), sorted(&got["tour"]));
        assert_eq!(sorted(&want["picks"]), sorted(&got["tour_two_block"]));
    }
}

#[test]
fn a_case_comes_from_standard_input_too() {
    let ran = Home::new().run_typing(&["plan", "tours", "-"], &format!("{CASE}\n\n{CASE}")).ok();
    let told = lines(&ran.out);
    assert_eq!(told.len(), 2);
    // Aisle 0 in and out from the bottom (26 up), aisle 3 in and out (1 up), and 3 aisles apart, there and back. With a middle
    // cross-aisle past both picks on one round: the far one is 27 up then.
    assert_eq!(told[0]["length_single_block"], 2.0 * (26.0 + 1.0 + 9.0));
    assert_eq!(told[0]["length_two_block"], 2.0 * (27.0 + 9.0));
    let one_cell = CASE.replace("\"cells\": 30", "\"cells\": 1").replace("[[0, 4], [3, 29]]", "[[4, 0]]");
    let told = lines(&Home::new().run_typing(&["plan", "tours", "-"], &one_cell).ok().out);
    assert_eq!((&told[0]["length_single_block"], &told[0]["length_two_block"]), (&14.0.into(), &Value::Null));
    let apart = CASE.replace("\"picks\"", "\"to_depot\": 2.5, \"picks\"");
    let told = lines(&Home::new().run_typing(&["plan", "tours", "-"], &apart).ok().out);
    assert_eq!(told[0]["length_single_block"], 77.0, "the way to the depot counts twice");
}

#[test]
fn a_wrong_line_is_named_and_those_before_it_are_done() {
    let wrong = [
        (CASE.replace("[3, 29]", "[3, 30]"), "pick 2"),
        (CASE.replace("[3, 29]", "[5, 0]"), "pick 2"),
        (CASE.replace("[[0, 4], [3, 29]]", "[]"), "nothing to pick"),
        (CASE.replace("\"aisles\": 5", "\"aisles\": 0"), "0 aisles"),
        (CASE.replace("\"cells\": 30", "\"cells\": 0"), "cells"),
        (CASE.replace("\"cells\": 30", "\"cells\": 18446744073709551615"), "cells"),
        (CASE.replace("\"aisle_to_aisle\": 3", "\"aisle_to_aisle\": 1e300"), "aisle_to_aisle"),
        (CASE.replace("\"cell_to_cell\": 1", "\"cell_to_cell\": -1"), "cell_to_cell"),
        (CASE.replace("\"cell_to_cell\": 1", "\"cell_to_cell\": 0"), "cell"),
        (CASE.replace("\"cell_to_cell\": 1", "\"cell_to_cell\": 0.12345"), "three digits"),
        (CASE.replace("\"depot_aisle\": 2", "\"depot_aisle\": 7"), "start"),
        (CASE.replace("\"bottom\"", "\"left\""), "left"),
        (CASE.replace("\"name\": \"a\", ", ""), "name"),
        ("{".to_owned(), "no case"),
        ("[]".to_owned(), "no case"),
        (r#"{"items": []}"#.to_owned(), "layout"),
    ];
    for (line, why) in wrong {
        let ran = Home::new().run_typing(&["plan", "tours", "-"], &format!("{CASE}\n{line}\n{CASE}\n"));
        assert_eq!(lines(&ran.out).len(), 1, "{line}");
        ran.failed(1, &["line 2", why, "what to do"]);
    }
    Home::new().run(&["plan", "tours", "/nowhere.jsonl"]).failed(1, &["/nowhere.jsonl", "check the path"]);
    Home::new().run(&["plan", "tours"]).failed(2, &["<FILE>"]);
    let home = Home::new();
    let cut = home.path("cut.gz");
    std::fs::write(&cut, &std::fs::read(ROUTING).unwrap()[..2_000]).unwrap();
    home.run(&["plan", "tours", cut.to_str().unwrap()]).failed(1, &["cannot be read"]);
    let latin = home.path("latin.jsonl");
    std::fs::write(&latin, b"{\"name\": \"\xe9\"}\n").unwrap();
    home.run(&["plan", "tours", latin.to_str().unwrap()]).failed(1, &["line 1"]);
}

const LAYOUT: &str = r#"{"layout": {"aisles": [{"name": "A", "x_mm": 0, "ways": ["onward"]}, {"name": "B", "x_mm": 3000, "ways": ["back"]}, {"name": "C", "x_mm": 6000, "closed_mm": [[4500, 5500]]}], "cross_aisles": [{"y_mm": 0}, {"y_mm": 10000}], "cells_mm": [1000, 3000, 7000, 9000], "levels": 3, "climb_mm": 2000}}"#;

#[test]
fn a_layout_of_ones_own_with_one_way_blocked_and_scattered() {
    let start = r#""start": {"aisle": "A", "cross_aisle": 0}"#;
    let case = |items: &str| format!("{{\"name\": \"x\", {start}, \"items\": {items}}}");
    let typed = [
        LAYOUT.to_owned(),
        case(r#"[[{"aisle": "A", "cell": 1}]]"#),
        case(r#"[[{"aisle": "C", "cell": 3, "level": 3}, {"aisle": "C", "cell": 1, "level": 2}]]"#),
    ];
    let told = lines(&Home::new().run_typing(&["plan", "tours", "-"], &typed.join("\n")).ok().out);
    assert_eq!(told.len(), 2, "the layout itself is no case");
    assert_eq!(told[0]["length_mm"], 26_000, "up the one aisle and down the other");
    assert_eq!(told[0]["path_mm"], serde_json::json!([[0, 0], [0, 10_000], [3_000, 10_000], [3_000, 0], [0, 0]]));
    assert_eq!((&told[1]["length_mm"], &told[1]["climb_mm"]), (&18_000.into(), &2_000.into()));
    assert_eq!(told[1]["tour"], serde_json::json!([{"item": 0, "aisle": "C", "cell": 1, "level": 2}]));
    assert_eq!((&told[1]["least_mm"], &told[1]["proven"]), (&20_000.into(), &true.into()));
    assert_eq!(told[1]["policies_mm"], serde_json::json!({}), "rules of thumb know no one-way aisles");
    let plain = LAYOUT.replace(r#", "ways": ["onward"]"#, "").replace(r#", "ways": ["back"]"#, "");
    let plain = plain.replace(r#", "closed_mm": [[4500, 5500]]"#, "");
    let typed = format!("{plain}\n{}", case(r#"[[{"aisle": "A", "cell": 3}], [{"aisle": "C", "cell": 0}]]"#));
    let told = lines(&Home::new().run_typing(&["plan", "tours", "-"], &typed).ok().out);
    let policies = told[0]["policies_mm"].as_object().unwrap();
    assert_eq!(policies.len(), 5);
    assert!(policies.values().all(|mm| mm.as_i64() >= told[0]["length_mm"].as_i64()), "{}", told[0]);
}

/// The file of the console's editor tells where walks begin and end beside the layout.
#[test]
fn ends_told_with_the_layout_hold_until_a_case_tells_others() {
    let ends = r#", "start": {"aisle": "A", "cross_aisle": 0}, "end": {"aisle": "C", "cross_aisle": 1}}"#;
    let layout = format!("{}{ends}", LAYOUT.strip_suffix('}').unwrap());
    let items = r#""items": [[{"aisle": "A", "cell": 1}]]"#;
    let own = r#""end": {"aisle": "B", "cross_aisle": 1}"#;
    let typed = format!("{layout}\n{{{items}}}\n{{{items}, {own}}}");
    let told = lines(&Home::new().run_typing(&["plan", "tours", "-"], &typed).ok().out);
    assert_eq!(told.len(), 2, "the layout with its ends is no case");
    assert_eq!((&told[0]["length_mm"], &told[1]["length_mm"]), (&16_000.into(), &13_000.into()));
    let wrong = layout.replace("\"C\", \"cross", "\"Z\", \"cross");
    Home::new().run_typing(&["plan", "tours", "-"], &wrong).failed(1, &["line 1", "no aisle called \"Z\""]);
}

#[test]
fn a_wrong_layout_says_what_is_wrong() {
    let typed = |from: &str, to: &str| Home::new().run_typing(&["plan", "tours", "-"], &LAYOUT.replace(from, to));
    typed("\"x_mm\": 6000", "\"x_mm\": 0").failed(1, &["line 1", "aisle 3", "0 mm"]);
    typed("\"name\": \"B\"", "\"name\": \"A\"").failed(1, &["two aisles are called \"A\""]);
    typed("[\"back\"]", "[\"sideways\"]").failed(1, &["sideways", "blocked"]);
    typed("\"levels\"", "\"floors\"").failed(1, &["floors"]);
    let case = r#"{"start": {"aisle": "Z", "cross_aisle": 0}, "items": [[{"aisle": "A", "cell": 0}]]}"#;
    let ran = Home::new().run_typing(&["plan", "tours", "-"], &format!("{LAYOUT}\n{case}"));
    ran.failed(1, &["line 2", "no aisle called \"Z\""]);
}

#[test]
fn nothing_to_pick_is_said_and_what_is_wrong_names_case_and_item() {
    let typed = |line: &str| Home::new().run_typing(&["plan", "tours", "-"], &format!("{LAYOUT}\n{line}\n"));
    let start = r#""start": {"aisle": "A", "cross_aisle": 0}"#;
    typed(&format!(r#"{{"name": "x", {start}, "items": []}}"#)).failed(1, &["line 2", "case \"x\"", "nothing to pick"]);
    let items = r#"[[{"aisle": "A", "cell": 0}], [{"aisle": "Q", "cell": 0}]]"#;
    let said = ["line 2", "case \"y\"", "item 2", "no aisle called \"Q\""];
    typed(&format!(r#"{{"name": "y", {start}, "items": {items}}}"#)).failed(1, &said);
    // Nor does a layout with an empty list beside it pass for a layout alone.
    let both = LAYOUT.trim_end().trim_end_matches('}');
    let both = format!(r#"{both}}}, {start}, "name": "z", "items": []}}"#);
    let ran = Home::new().run_typing(&["plan", "tours", "-"], &both);
    assert!(ran.code == 1 && ran.err.contains("nothing to pick"), "{} {}", ran.err, both);
}

#[test]
fn a_mark_before_the_first_letter_is_passed_over() {
    let text = format!("\u{feff}{LAYOUT}\n");
    Home::new().run_typing(&["plan", "tours", "-"], &text).ok();
    let case = "\u{feff}{\"name\": \"a\", \"container_mm\": [10, 10, 10], \"items\": [{\"item\": \"a\", \"sides_mm\": [1, 1, 1], \"quantity\": 1}]}\n";
    Home::new().run_typing(&["plan", "container", "--steps", "1", "-"], case).ok();
}

#[test]
fn a_blocked_part_of_any_length_is_refused_and_breaks_nothing() {
    let far = format!("[[{}, {}]]", i64::MAX, i64::MIN);
    let layout = LAYOUT.replace("[[4500, 5500]]", &far);
    Home::new().run_typing(&["plan", "tours", "-"], &layout).failed(1, &["blocked part of aisle"]);
}
