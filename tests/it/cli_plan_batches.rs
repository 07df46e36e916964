//! `packbench plan batches`: cases in, batches with their walks out, the same for a number of steps, and lines that are wrong.

use crate::cli_kit::Home;
use serde_json::Value;

const LAYOUT: &str = r#"{"layout": {"aisles": [{"name": "A", "x_mm": 0}, {"name": "B", "x_mm": 3000}, {"name": "C", "x_mm": 6000}], "cross_aisles": [{"y_mm": 0}, {"y_mm": 9000}], "cells_mm": [1000, 4000, 8000]}}"#;
/// Far orders 1 and 3, near orders 2 and 4; two on a cart.
const CASE: &str = r#"{"name": "x", "start": {"aisle": "A", "cross_aisle": 0}, "capacity": {"items": 2}, "orders": [{"name": "1", "bins": [{"aisle": "C", "cell": 2}]}, {"name": "2", "bins": [{"aisle": "A", "cell": 0}]}, {"name": "3", "bins": [{"aisle": "C", "cell": 1}]}, {"name": "4", "bins": [{"aisle": "A", "cell": 1}]}]}"#;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn planned(flags: &[&str], typed: &str) -> Vec<Value> {
    let args: Vec<&str> = ["plan", "batches", "-"].iter().chain(flags).copied().collect();
    lines(&Home::new().run_typing(&args, typed).ok().out)
}

#[test]
fn batches_come_with_their_walks_and_are_proven() {
    let told = planned(&["--time-ms", "60000"], &format!("{LAYOUT}\n{CASE}\n"));
    let [case] = told.as_slice() else { panic!("one answer: {told:?}") };
    // C and back to its farthest pick: 2 * (6,000 + 8,000); A to its farther one: 2 * 4,000.
    assert_eq!((&case["name"], &case["length_mm"], &case["least_mm"]), (&"x".into(), &36_000.into(), &36_000.into()));
    assert_eq!((&case["proven"], &case["s_shape_mm"]), (&true.into(), &36_000.into()));
    let mut orders: Vec<String> = case["batches"].as_array().unwrap().iter().map(|b| b["orders"].to_string()).collect();
    orders.sort();
    assert_eq!(orders, [r#"["1","3"]"#, r#"["2","4"]"#]);
    for batch in case["batches"].as_array().unwrap() {
        assert_eq!(batch["tour"].as_array().unwrap().len(), 2);
        assert!(batch.get("done_ms").is_none() && batch["tour"][0]["aisle"].is_string());
    }
    for rule in ["first_come", "seed", "savings_i", "savings_ii"] {
        assert!(case["rules_mm"][rule].as_i64().unwrap() >= 36_000, "{rule}");
    }
}

#[test]
fn what_is_due_comes_back_in_time() {
    // Order 1 must be back before anything else can be: 28,000 mm at a metre a second, one pick, nothing else.
    let due = CASE.replace(r#""cell": 2}]}"#, r#""cell": 2}], "due_ms": 29000}"#);
    let due = due.replace(r#""orders": ["#, r#""pace": {"pick_ms": 1000, "batch_ms": 0}, "orders": ["#);
    let told = planned(&["--steps", "20000"], &format!("{LAYOUT}\n{due}\n"));
    assert_eq!((&told[0]["late_ms"], &told[0]["least_late_ms"]), (&0.into(), &0.into()));
    let first = &told[0]["batches"][0];
    assert_eq!((&first["orders"][0], &first["picker"], &first["done_ms"]), (&"1".into(), &0.into(), &29_000.into()));
}

#[test]
fn a_number_of_steps_gives_the_same_answer_twice() {
    let order = |n: usize| {
        format!(r#"{{"name": "{n}", "bins": [{{"aisle": "{}", "cell": {}}}]}}"#, ["A", "B", "C"][n % 3], n % 2)
    };
    let orders: Vec<String> = (0..20).map(order).collect();
    let case = format!(
        r#"{{"start": {{"aisle": "B", "cross_aisle": 1}}, "capacity": {{"orders": 3}}, "orders": [{}]}}"#,
        orders.join(",")
    );
    let typed = format!("{LAYOUT}\n{case}\n");
    let once = planned(&["--steps", "40000", "--seed", "7"], &typed);
    assert_eq!(once, planned(&["--steps", "40000", "--seed", "7"], &typed));
    assert_eq!(once[0]["batches"].as_array().unwrap().len(), 7);
}

#[test]
fn a_wrong_line_is_named_and_those_before_it_are_done() {
    let wrong = [
        (CASE.replace(r#"[{"aisle": "C", "cell": 2}]"#, "[]"), "order \"1\" has nothing to pick"),
        (CASE.replace(r#""cell": 2"#, r#""cell": 3"#), "order \"1\": item 1"),
        (CASE.replace(r#""C", "cell": 2"#, r#""D", "cell": 2"#), "order \"1\": the layout has no aisle called \"D\""),
        (CASE.replace(r#""cell": 2}]"#, r#""cell": 2}], "items": 3"#), "order \"1\" has 3 items, a batch holds 2"),
        (CASE.replace(r#""cell": 2}]"#, r#""cell": 2}], "weight_g": -5"#), "weight_g is -5"),
        (CASE.replace(r#"{"items": 2}"#, r#"{"items": 0}"#), "capacity items is 0"),
        (CASE.replace(r#"{"items": 2}"#, r#"{"things": 2}"#), "things"),
        (CASE.replace(r#""name": "2""#, r#""name": "1""#), "two orders are called \"1\""),
        (CASE.replace(r#""cross_aisle": 0"#, r#""cross_aisle": 2"#), "the start of the walk"),
        (CASE.replace(r#""start""#, r#""from""#), "no case"),
        (r#"{"name": "x", "start": {"aisle": "A", "cross_aisle": 0}, "orders": []}"#.to_owned(), "no orders"),
        (r#"{"name": "x", "start": {"aisle": "A", "cross_aisle": 0}}"#.to_owned(), "no \"orders\""),
        ("[]".to_owned(), "no case"),
    ];
    let args = ["plan", "batches", "-", "--steps", "100"];
    for (line, why) in wrong {
        let ran = Home::new().run_typing(&args, &format!("{LAYOUT}\n{CASE}\n{line}\n{CASE}\n"));
        assert_eq!(lines(&ran.out).len(), 1, "{line}");
        ran.failed(1, &["line 3", why, "what to do"]);
    }
    Home::new().run_typing(&args, CASE).failed(1, &["line 1", "no layout was told yet"]);
    Home::new().run(&["plan", "batches", "/nowhere.jsonl"]).failed(1, &["/nowhere.jsonl", "check the path"]);
    Home::new().run(&["plan", "batches"]).failed(2, &["<FILE>"]);
}
