//! `packbench plan boxes`: one JSON line per order, from a file, a packed file or standard input; bad lines are named.

use crate::cli_kit::Home;
use serde_json::Value;

const BOXES: &str = "\
name,outer_width,outer_length,outer_depth,empty_weight,inner_width,inner_length,inner_depth,max_weight,price
S,110,110,110,50,100,100,100,1050,30
L,210,210,210,100,200,200,200,5100,80
";
const ORDERS: &str = "\
order,quantity,item,width_mm,length_mm,depth_mm,weight_g,turns,top
A,2,mug,90,90,45,300,,
B,1,vase,60,60,150,400,upright,nothing
B,1,book,200,140,30,500,,
";

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn orders_become_boxes_with_places() {
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    let ran = home.run_typing(&["plan", "boxes", "--boxes", "boxes.csv", "-"], ORDERS).ok();
    let got = lines(&ran.out);
    assert_eq!(got.len(), 2);
    assert_eq!((got[0]["order"].as_str(), got[0]["proven"].as_bool()), (Some("A"), Some(true)));
    let one = &got[0]["boxes"][0];
    assert_eq!((one["box"].as_str(), one["weight_g"].as_i64(), one["cost"].as_i64()), (Some("S"), Some(650), Some(30)));
    assert_eq!(one["items"].as_array().unwrap().len(), 2);
    assert_eq!(got[1]["boxes"][0]["box"], "L");
    let vase = got[1]["boxes"][0]["items"].as_array().unwrap().iter().find(|i| i["item"] == "vase").unwrap();
    assert_eq!((vase["size_mm"][2].as_i64(), vase["rotation"].as_str()), (Some(150), Some("WLD")));
    assert!(got[0].get("problems").is_none() && got[0].get("left_over").is_none());
}

#[test]
fn a_carriers_volumetric_weight_is_billed() {
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    let flags = ["plan", "boxes", "--boxes", "boxes.csv", "--volumetric", "5000", "--price-per-kg", "100", "-"];
    let got = lines(&home.run_typing(&flags, ORDERS).ok().out);
    // 21 cm cubed by 5,000 are 1.8522 kg, more than the kilogram it weighs.
    let large = &got[1]["boxes"][0];
    assert_eq!((large["weight_g"].as_i64(), large["billed_g"].as_i64()), (Some(1_000), Some(1_853)));
    assert_eq!(large["cost"].as_i64(), Some(80 + 186));
}

#[test]
fn the_real_orders_come_packed() {
    let home = Home::new();
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/carton");
    let (boxes, orders) = (format!("{data}/boxes.csv"), format!("{data}/orders_half.csv.gz"));
    let got = lines(&home.run(&["plan", "boxes", "--boxes", &boxes, &orders]).ok().out);
    let boxes: usize = got.iter().map(|o| o["boxes"].as_array().unwrap().len()).sum();
    assert_eq!(got.len(), 2_144);
    assert!(boxes <= 2_284, "{boxes}");
}

#[test]
fn bad_lines_are_named_and_the_rest_is_answered() {
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    let bad = format!(
        "{ORDERS}C,1,pole,10,10,300,5,,\nC,1,pin,5,5,5,1,,\nD,1,lead,10,10,10,9000,,\nE,x,nut,5,5,5,1,,\n\
         E,1,nil,0,5,5,1,,\nE,1,huge,5,5,999999999,1,,\nE,1,odd,5,5,5,1,sideways,\nE,1,odd,5,5,5,1,,-3\nE,1,ok,5,5,5,1,,\n"
    );
    home.write("orders.csv", &bad);
    let ran = home.run(&["plan", "boxes", "--boxes", "boxes.csv", "orders.csv"]);
    assert_eq!(ran.code, 1);
    for said in [
        "order C: item pole: larger than every box",
        "order D: item lead: heavier than any box",
        "line 8: nut: quantity is \"x\"",
        "line 9: nil: width_mm is \"0\", it must be a whole number from 1 to 100000",
        "line 10: huge: depth_mm",
        "line 11: odd: turns is \"sideways\"",
        "line 12: odd: top is \"-3\"",
    ] {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    let got = lines(&ran.out);
    assert_eq!(got.len(), 5);
    assert_eq!(got[2]["left_over"][0]["item"], "pole");
    assert_eq!(got[2]["boxes"][0]["items"][0]["item"], "pin");
    assert_eq!(got[4]["problems"].as_array().unwrap().len(), 5);
    assert_eq!(got[4]["boxes"][0]["items"][0]["item"], "ok");
}

#[test]
fn files_that_cannot_be_used_are_told() {
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    home.write("narrow.csv", "name,outer_width\nS,110\n");
    home.write("none.csv", BOXES.lines().next().unwrap());
    home.write("zero.csv", &BOXES.replace("100,100,100,1050", "100,0,100,1050"));
    home.write("orders.csv", ORDERS);
    home.write("short.csv", "order,quantity\nA,1\n");
    let run = |boxes: &str, orders: &str| home.run(&["plan", "boxes", "--boxes", boxes, orders]);
    run("nowhere.csv", "orders.csv").failed(1, &["cannot read nowhere.csv"]);
    run("narrow.csv", "orders.csv").failed(1, &["narrow.csv", "no column empty_weight"]);
    run("none.csv", "orders.csv").failed(1, &["no box"]);
    run("zero.csv", "orders.csv").failed(1, &["line 2: S: inner_length is \"0\""]);
    run("boxes.csv", "short.csv").failed(1, &["no column item"]);
    home.run(&["plan", "boxes", "orders.csv"]).failed(2, &["--boxes"]);
}

#[test]
fn a_byte_that_is_no_letter_costs_its_line_alone() {
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    let mut bytes = ORDERS.replace("mug", "m?g").into_bytes();
    let at = bytes.iter().position(|b| *b == b'?').unwrap();
    bytes[at] = 0xff;
    std::fs::write(home.path("orders.csv"), &bytes).unwrap();
    let ran = home.run(&["plan", "boxes", "--boxes", "boxes.csv", "orders.csv"]);
    assert!(ran.code == 1 && ran.err.contains("line 2") && ran.err.contains("not in UTF-8"), "{}", ran.err);
    let got = lines(&ran.out);
    assert_eq!((got.len(), got[1]["proven"].as_bool()), (2, Some(true)));
    assert_eq!((got[0]["proven"].as_bool(), got[0]["cheapest"].as_bool()), (Some(false), Some(false)));
    assert_eq!((got[0]["boxes"].as_array().unwrap().len(), got[0]["problems"].as_array().unwrap().len()), (0, 1));
}

#[test]
fn nothing_is_called_proven_where_something_is_missing_and_names_must_tell_apart() {
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    home.write("orders.csv", &format!("{ORDERS}C,1,pole,10,10,300,5,,\n,1,nobodys,10,10,10,5,,\n"));
    let ran = home.run(&["plan", "boxes", "--boxes", "boxes.csv", "orders.csv"]);
    assert!(ran.code == 1 && ran.err.contains("line 6: the column order is empty"), "{}", ran.err);
    let got = lines(&ran.out);
    assert_eq!((got.len(), got[2]["order"].as_str(), got[2]["proven"].as_bool()), (3, Some("C"), Some(false)));
    home.write("twice.csv", &format!("{BOXES}S,110,110,110,50,90,90,90,1050,30\n"));
    home.write("nameless.csv", &format!("{BOXES},110,110,110,50,90,90,90,1050,30\n"));
    home.write("columns.csv", &ORDERS.replace("weight_g", "weight_g,weight_g"));
    let run = |boxes: &str, orders: &str| home.run(&["plan", "boxes", "--boxes", boxes, orders]);
    run("twice.csv", "orders.csv").failed(1, &["twice.csv", "line 4", "\"S\""]);
    run("nameless.csv", "orders.csv").failed(1, &["nameless.csv", "line 4", "name is empty"]);
    run("boxes.csv", "columns.csv").failed(1, &["columns.csv", "two columns weight_g"]);
}

#[test]
fn a_packed_file_that_was_cut_off_is_answered_as_far_as_it_goes() {
    use std::io::Write as _;
    let home = Home::new();
    home.write("boxes.csv", BOXES);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(ORDERS.as_bytes()).unwrap();
    // The end of a packed file tells whether all of it is there.
    let packed = packer.finish().unwrap();
    std::fs::write(home.path("orders.csv.gz"), &packed[..packed.len() - 6]).unwrap();
    let ran = home.run(&["plan", "boxes", "--boxes", "boxes.csv", "orders.csv.gz"]);
    let got = lines(&ran.out);
    assert_eq!((ran.code, got.len(), got[0]["proven"].as_bool()), (1, 2, Some(true)), "{}", ran.err);
    assert_eq!((got[1]["proven"].as_bool(), got[1]["problems"].as_array().unwrap().len()), (Some(false), 1));
}
