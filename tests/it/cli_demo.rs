//! The demo by its command line: what it says where no window can be opened, and a small run without one.

use crate::cli_kit::Home;

#[test]
fn without_a_display_the_headless_demo_is_named() {
    let home = Home::new();
    home.run(&["demo"]).failed(1, &["neither WAYLAND_DISPLAY nor DISPLAY", "packbench demo --headless"]);
    home.run_with(&["demo"], &[("DISPLAY", ":4711")]).failed(1, &["no X server answers at DISPLAY=:4711"]);
    home.run(&["station"]).failed(1, &["packbench demo --headless"]);
    assert_eq!(std::fs::read_dir(home.root()).unwrap().count(), 0, "nothing was begun");
}

#[test]
fn a_small_headless_demo_is_packed_and_audited() {
    let home = Home::new();
    let ran = home.run(&["demo", "--headless", "--orders", "3", "--stations", "1", "--seed", "7", "--json"]).ok();
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let number = |key: &str| report[key].as_u64().unwrap_or(u64::MAX);
    assert_eq!((number("orders"), number("lost"), number("doubled")), (3, 0, 0), "{}", ran.out);
    assert_eq!(number("packed") + number("in_exception"), 3, "{}", ran.out);
    assert_eq!(std::fs::read_dir(home.root()).unwrap().count(), 0, "its folder is removed");
}

#[test]
fn too_many_orders_are_refused_with_how_many_there_are() {
    Home::new().run(&["demo", "--headless", "--orders", "99999"]).failed(1, &["99999 were asked for"]);
}
