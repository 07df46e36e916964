//! `packbench gs1`: lines in, one line of JSON each, and an exit status that a script can trust.

use crate::cli_kit::Home;
use serde_json::{Value, json};

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_form_of_a_code_says_the_same() {
    let home = Home::new();
    let given = "]d201095060001343521726120010AB-12\u{1d}21S/7\n\
                 01095060001343521726120010AB-12{GS}21S/7\r\n\
                 (01)09506000134352(17)261200(10)AB-12(21)S/7\n\
                 \n\
                 https://shop.example/x/01/09506000134352/10/AB-12/21/S%2F7?17=261200\n";
    let ran = home.run_typing(&["gs1", "--year", "2026", "--stem", "https://example.com/"], given);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told = lines(&ran.out);
    let numbers: Vec<u64> = told.iter().map(|t| t["line"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 5], "empty lines are counted and not answered");
    for t in &told {
        assert_eq!(t["ok"], true);
        assert_eq!(t["gtin"], "09506000134352");
        assert_eq!(t["lot"], "AB-12");
        assert_eq!(t["serial"], "S/7");
        assert_eq!(t["expiry"], "2026-12-31", "day 00 is the month's last");
        assert_eq!(t["digital_link"], "https://example.com/01/09506000134352/10/AB-12/21/S%2F7?17=261200");
    }
    assert_eq!(told[0]["element_string"], "01095060001343521726120010AB-12\u{1d}21S/7");
    assert_eq!(told[0]["ais"][0], json!({"ai": "01", "title": "GTIN", "value": "09506000134352"}));
    let kinds: Vec<&str> = told.iter().map(|t| t["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["element-string", "element-string", "bracketed", "digital-link"]);
}

#[test]
fn a_wrong_line_is_told_with_its_place_and_the_others_are_read() {
    let home = Home::new();
    let file = home.path("codes.txt");
    let long = "1".repeat(20_000);
    let bytes = [b"5012345678900\n(01)09506000134353\n(10)A\xff\n".as_slice(), long.as_bytes(), b"\n96385074"].concat();
    std::fs::write(&file, bytes).unwrap();
    let ran = home.run(&["gs1", file.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    let told = lines(&ran.out);
    assert_eq!(told.len(), 5);
    assert_eq!((&told[0]["kind"], &told[0]["gtin"]), (&json!("gtin"), &json!("05012345678900")));
    assert_eq!(told[0]["element_string"], "0105012345678900");
    let error = json!({"at": 17, "len": 1, "ai": "01", "rule": "check-digit", "text": "wrong check digit"});
    assert_eq!(told[1]["error"], error);
    assert_eq!((&told[2]["error"]["at"], &told[2]["error"]["rule"]), (&json!(5), &json!("character")));
    assert_eq!(told[3]["error"]["rule"], "data-too-long");
    assert_eq!((&told[4]["line"], &told[4]["gtin"]), (&json!(5), &json!("00000096385074")));
}

#[test]
fn rules_are_chosen_on_the_command_line() {
    let home = Home::new();
    let ran = home.run_typing(&["gs1"], "(10)A\n");
    assert_eq!((ran.code, &lines(&ran.out)[0]["error"]["rule"]), (1, &json!("required")));
    home.run_typing(&["gs1", "--alone"], "(10)A\n").ok();
    home.run_typing(&["gs1", "--unknown-ais", "-"], "(4199)A\n").failed(1, &[]);
    home.run_typing(&["gs1", "--unknown-ais"], "(236)A\n").ok();
    home.run_typing(&["gs1", "--short-gtins"], "https://x.y/01/9506000134352\n").ok();
    home.run_typing(&["gs1", "--separator", "<GS>"], "010950600013435210A<GS>21B\n").ok();
    let weighed = home.run_typing(&["gs1", "--restricted", "2[0-1]IIIIIWWWWWC"], "2112345012506\n").ok();
    let told = &lines(&weighed.out)[0];
    assert_eq!((&told["kind"], &told["item"]), (&json!("restricted"), &json!("12345")));
    assert_eq!((&told["net_weight_g"], &told["gtin"]), (&json!(1_250), &json!("02112345000008")));
    home.run(&["gs1", "--restricted", "21IIIII"]).failed(2, &["21IIIII", "8, 12, 13 or 14 digits"]);
    home.run(&["gs1", "--stem", "ftp://x"]).failed(2, &["https://example.com"]);
    home.run(&["gs1", "/nowhere.txt"]).failed(1, &["/nowhere.txt", "check the path"]);
}
