//! `packbench plan container`: one JSON line per case, from lines of JSON or the public instances; what is wrong is named.

use crate::cli_kit::Home;
use crate::container_kit::{CONTAINER, bischoff_ratcliff};
use packbench::planning::boxes::{Placed, Sides};
use packbench::planning::container::{Goods, Loading};
use packbench::planning::verify::loading;
use serde_json::{Value, json};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn sides(value: &Value) -> Sides {
    serde_json::from_value(value.clone()).unwrap()
}

/// The answer as a loading; items are named by their number from 1.
fn loading(answer: &Value) -> Loading {
    let items = answer["items"].as_array().unwrap();
    let one = |i: &Value| Placed {
        ware: i["item"].as_str().unwrap().parse::<usize>().unwrap() - 1,
        at: sides(&i["at_mm"]),
        size: sides(&i["size_mm"]),
    };
    Loading { placed: items.iter().map(one).collect(), volume_mm3: answer["volume_mm3"].as_i64().unwrap() }
}

/// The text of the public instances.
fn text(instances: &[Vec<Goods>]) -> String {
    let mut out = format!(" {}\n", instances.len());
    for (n, goods) in instances.iter().enumerate() {
        out += &format!(" {} 2502505\n 587 233 220\n {}\n", n + 1, goods.len());
        for (n, g) in goods.iter().enumerate() {
            let up = |k: usize| u8::from(g.turns.of(g.sides).any(|t| t[2] == g.sides[k]));
            let [l, w, h] = g.sides;
            out += &format!(" {} {l} {} {w} {} {h} {} {}\n", n + 1, up(0), up(1), up(2), g.qty);
        }
    }
    out
}

#[test]
fn public_instances_are_loaded_truly_and_the_same_twice() {
    let home = Home::new();
    let instances = [bischoff_ratcliff(1, 2), bischoff_ratcliff(2, 5)];
    home.write("two.txt", &text(&instances));
    for (held, flags) in [(false, &["--steps", "9"][..]), (true, &["--steps", "9", "--held"])] {
        let run = || home.run(&[&["plan", "container", "two.txt"], flags].concat()).ok().out;
        let out = run();
        assert_eq!(out, run(), "so many steps give the same answer");
        let got = lines(&out);
        assert_eq!(got.len(), 2);
        for (answer, goods) in got.iter().zip(&instances) {
            let told = loading(answer);
            loading::check(CONTAINER, goods, held, &told).unwrap();
            let room = CONTAINER.iter().map(|s| i64::from(*s)).product::<i64>();
            assert_eq!(answer["fill_ppm"].as_i64().unwrap(), told.volume_mm3 * 1_000_000 / room);
            assert!(answer["fill_ppm"].as_i64().unwrap() > 850_000, "{}", answer["fill_ppm"]);
            let left = answer["left_out"].as_array().unwrap();
            let quantity: u64 = left.iter().map(|l| l["quantity"].as_u64().unwrap()).sum();
            let all: u64 = goods.iter().map(|g| u64::from(g.qty)).sum();
            assert_eq!(answer["loaded"].as_u64().unwrap() + quantity, all);
            assert!(left.iter().all(|l| l["why"] == "no room left"));
        }
    }
}

#[test]
fn what_fits_is_found_at_once_and_turned_as_it_may_be() {
    let home = Home::new();
    let case = json!({"name": "eight", "container_mm": [100, 80, 60], "items": [
        {"item": "any", "sides_mm": [30, 40, 50], "quantity": 4},
        {"item": "fixed", "sides_mm": [50, 40, 30], "quantity": 2, "turns": "fixed"},
        {"item": "up", "sides_mm": [40, 50, 30], "quantity": 2, "turns": [false, false, true]},
    ]});
    // A time is given, but nothing is left to be found.
    let ran = home.run_typing(&["plan", "container", "--seconds", "3600", "-"], &format!("{case}\n\n")).ok();
    let got = &lines(&ran.out)[0];
    assert_eq!((got["name"].as_str(), got["fill_ppm"].as_i64()), (Some("eight"), Some(1_000_000)));
    assert_eq!((got["loaded"].as_i64(), got["left_out"].as_array().unwrap().len()), (Some(8), 0));
    for item in got["items"].as_array().unwrap() {
        let lies = item["rotation"].as_str().unwrap();
        match item["item"].as_str().unwrap() {
            "fixed" => assert_eq!(lies, "LWH"),
            "up" => assert!(lies == "LWH" || lies == "WLH", "{lies}"),
            _ => {
                let along = |c: char| [30, 40, 50]["LWH".find(c).unwrap()];
                assert_eq!(item["size_mm"], json!(lies.chars().map(along).collect::<Vec<i32>>()));
            }
        }
    }
}

#[test]
fn wrong_cases_are_named_and_the_rest_is_answered() {
    let home = Home::new();
    let item = |sides: [i64; 3], quantity: i64| json!({"item": "pole", "sides_mm": sides, "quantity": quantity});
    let case = |name: &str, item: Value| json!({"name": name, "container_mm": [9, 9, 9], "items": [item]});
    let mut file = String::new();
    for line in [
        case("zero", item([0, 1, 1], 1)),
        case("absurd", item([1, 1, i64::MAX], 1)),
        case("many", item([1, 1, 1], 10_001)),
        case("less", item([1, 1, 1], -1)),
        json!({"name": "flat", "container_mm": [9, 0, 9], "items": []}),
        json!({"name": "sorts", "container_mm": [9, 9, 9], "items": vec![item([1, 1, 1], 1); 1_001]}),
        json!({"name": "word", "container_mm": [9, 9, 9], "items": [
            {"item": "x", "sides_mm": [1, 1, 1], "quantity": 1, "turns": "sideways"}]}),
        case("large", item([10, 1, 1], 2)),
        case("good", item([9, 9, 9], 1)),
    ] {
        file += &format!("{line}\n");
    }
    home.write("cases.jsonl", &file);
    let ran = home.run(&["plan", "container", "--steps", "5", "cases.jsonl"]);
    assert_eq!(ran.code, 1);
    for said in [
        "line 1: case \"zero\": item \"pole\": its sides are [0, 1, 1]",
        "line 2: case \"absurd\": item \"pole\": its sides are [1, 1, 9223372036854775807]",
        "line 3: case \"many\": item \"pole\": the quantity is 10001",
        "line 4: case \"less\": item \"pole\": the quantity is -1",
        "line 5: case \"flat\": the container's sides are [9, 0, 9]",
        "line 6: case \"sorts\": 1001 sorts of items",
        "line 7: no case",
        "case \"large\": item \"pole\": larger than the container",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let got = lines(&ran.out);
    assert_eq!(got.len(), 2);
    assert_eq!((got[0]["name"].as_str(), got[0]["fill_ppm"].as_i64()), (Some("large"), Some(0)));
    assert_eq!(got[0]["left_out"], json!([{"item": "pole", "quantity": 2, "why": "larger than the container"}]));
    assert_eq!((got[1]["name"].as_str(), got[1]["fill_ppm"].as_i64()), (Some("good"), Some(1_000_000)));
}

#[test]
fn broken_files_are_told() {
    let home = Home::new();
    let run = |name: &str, text: &str| {
        home.write(name, text);
        home.run(&["plan", "container", "--steps", "1", name])
    };
    run("short.txt", "1\n1 25\n10 10 10\n2\n1 5 1 5 1 5 1 1\n")
        .failed(1, &["short.txt", "ends after line 5", "quantity of a sort"]);
    run("words.txt", "1\n1 25\n10 ten 10\n").failed(1, &["line 3", "height of the container", "10 ten 10"]);
    run("zero.txt", "1\n7 25\n10 10 10\n1\n1 5 1 0 1 5 1 1\n").failed(1, &["case \"7\"", "item \"1\"", "[5, 0, 5]"]);
    run("no.jsonl", "nothing\n").failed(1, &["line 1", "no case"]);
    run("empty.jsonl", "").ok();
    home.run(&["plan", "container", "nowhere"]).failed(1, &["cannot read nowhere"]);
    home.run(&["plan", "container", "--seconds", "0", "x"]).failed(2, &["--seconds"]);
}
