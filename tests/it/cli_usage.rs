//! The command line itself: help worth reading, wrong flags, wrong settings with what was meant.

use crate::cli_kit::Home;

#[test]
fn the_help_names_every_command_with_examples_and_exit_statuses() {
    let help = Home::new().run(&["--help"]).ok().out;
    for what in [
        "demo",
        "station",
        "central",
        "plan",
        "devices",
        "doctor",
        "gs1",
        "settings",
        "Examples:",
        "--config",
        "Exit status: 0 done, 1 failed, 2",
    ] {
        assert!(help.contains(what), "{what}: {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "no line is wrapped");
}

#[test]
fn every_subcommand_has_its_help() {
    let home = Home::new();
    let commands: [&[&str]; 22] = [
        &["demo"],
        &["station"],
        &["central"],
        &["central", "serve"],
        &["central", "import", "online-retail"],
        &["central", "backup"],
        &["central", "restore"],
        &["central", "move"],
        &["central", "resume-work"],
        &["central", "user", "add"],
        &["central", "station-code"],
        &["central", "station-revoke"],
        &["plan"],
        &["plan", "boxes"],
        &["plan", "tours"],
        &["devices", "write-tag"],
        &["devices", "read-tag"],
        &["devices"],
        &["devices", "watch"],
        &["doctor"],
        &["gs1"],
        &["label"],
    ];
    for command in commands {
        let help = home.run(&[command, &["--help"]].concat()).ok().out;
        assert!(help.contains("Usage: packbench"), "{command:?}: {help}");
    }
}

#[test]
fn a_wrong_command_line_exits_with_two_and_says_what_was_meant() {
    let home = Home::new();
    home.run(&["demo", "--headles"]).failed(2, &["--headless"]);
    home.run(&["centrol"]).failed(2, &["central"]);
    home.run(&["demo", "--orders", "5"]).failed(2, &["--headless"]);
    home.run(&["demo", "--headless", "--stations", "99"]).failed(2, &["1..=16"]);
    home.run(&[]).failed(2, &["Usage: packbench"]);
}

#[test]
fn wrong_settings_are_told_with_their_place_and_the_nearest_name() {
    let home = Home::new();
    let file = home.write("wrong.toml", "[station]\nthem = \"dark\"\n");
    let file = file.to_str().unwrap();
    home.run(&["--config", file, "station"])
        .failed(1, &["wrong.toml:2", "station.them", "Did you mean station.theme?"]);
    home.run_with(&["station"], &[("PACKBENCH_STATION_LANGUAGE", "xx")])
        .failed(1, &["environment PACKBENCH_STATION_LANGUAGE", "en, es, ms, ru", "packbench settings"]);
    home.run(&["station", "--theme", "pink"]).failed(1, &["--theme", "light, dark, system"]);
    home.run(&["--config", "/nowhere.toml", "doctor"]).ok_or_broken();
    home.run(&["--config", "/nowhere.toml", "central", "migrate"]).failed(1, &["/nowhere.toml", "check the path"]);
    home.run_with(&["central", "migrate"], &[("PACKBENCH_CENTRAL_LOG_FILTER", "a=b=c")])
        .failed(1, &["central.log_filter", "what to do:"]);
}

impl crate::cli_kit::Ran {
    /// The doctor tells it as a finding.
    #[track_caller]
    fn ok_or_broken(self) {
        assert_eq!(self.code, 1, "{}{}", self.out, self.err);
        assert!(self.out.contains("✗ cannot read the settings file /nowhere.toml"), "{}", self.out);
    }
}

#[test]
fn the_printed_example_is_a_settings_file_that_changes_nothing() {
    let home = Home::new();
    let example = home.run(&["settings"]).ok().out;
    assert!(example.contains("[station]") && example.contains("[central]"));
    let file = home.write("example.toml", &example);
    let told = home.run(&["--config", file.to_str().unwrap(), "doctor"]).ok().out;
    assert!(told.contains("example.toml is read"), "{told}");
}
