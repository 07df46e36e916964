//! The doctor: nothing broken on an empty machine, everything named on a broken one, and nothing changed by looking.

use crate::cli_kit::Home;

#[test]
fn an_empty_machine_has_nothing_broken_and_nothing_is_made() {
    let home = Home::new();
    let told = home.run(&["doctor"]).ok().out;
    for what in ["✓ SQLite 3.", "✓ fonts", "no station is set up", "no server is set up", "Nothing is broken."] {
        assert!(told.contains(what), "{what}: {told}");
    }
    assert_eq!(std::fs::read_dir(home.root()).unwrap().count(), 0, "the doctor only looks");
}

#[test]
fn a_broken_machine_exits_with_one_and_says_what_to_do() {
    let home = Home::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let file = home.write(
        "station.toml",
        &format!(
            "[station]\ncentral_url = \"http://127.0.0.1:{port}\"\ndata_dir = \"{}\"\n\
         [station.printers.labels]\nkind = \"tcp\"\nhost = \"127.0.0.1\"\ntcp_port = {port}\n\
         [station.printers.files]\nkind = \"folder\"\nfolder = \"/nowhere/at/all\"\n\
         [station.scales.bench]\nkind = \"serial\"\nmodel = \"mt-sics\"\nport = \"/dev/nothing-here\"\n",
            home.path("data").display()
        ),
    );
    let ran = home.run(&["--config", file.to_str().unwrap(), "doctor"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    for what in [
        "✗ printer labels at 127.0.0.1:",
        "✗ printer files: there is no folder /nowhere/at/all",
        "✗ scale bench at /dev/nothing-here",
        "ls /dev/serial/by-id",
        "✗ central at http://127.0.0.1:",
        "✗ there is no display here",
        "packbench demo --headless",
    ] {
        assert!(ran.out.contains(what), "{what}: {}", ran.out);
    }
    assert!(!home.path("data").exists());
}

#[test]
fn a_damaged_and_a_newer_database_are_told_apart() {
    let home = Home::new();
    let data = home.path("data");
    std::fs::create_dir_all(&data).unwrap();
    let file = home.write("station.toml", &format!("[station]\ndata_dir = \"{}\"\n", data.display()));
    let doctor = || home.run(&["--config", file.to_str().unwrap(), "doctor"]);
    std::fs::write(data.join("station.db"), vec![b'x'; 8_192]).unwrap();
    let told = doctor();
    assert!(told.code == 1 && told.out.contains("✗ database"), "{}", told.out);
    std::fs::remove_file(data.join("station.db")).unwrap();
    drop(packbench::storage::open(&data.join("station.db")).unwrap());
    let fresh = doctor().out;
    assert!(fresh.contains("not paired yet"), "{fresh}");
    let conn = rusqlite::Connection::open(data.join("station.db")).unwrap();
    let table: String = conn
        .query_row("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%checksum%'", [], |row| {
            row.get(0)
        })
        .unwrap();
    conn.execute(&format!("UPDATE {table} SET version = 99 WHERE version = 1"), []).unwrap();
    drop(conn);
    let told = doctor();
    assert!(told.code == 1 && told.out.contains("schema version 99"), "{}", told.out);
}

#[test]
fn the_rules_for_usb_devices_are_printed_and_spare_keyboards() {
    let home = Home::new();
    let rules = home.run(&["devices", "rules"]).ok().out;
    let shipped = crate::tree::file("assets/udev/60-packbench.rules").unwrap();
    assert_eq!(rules, shipped);
    let lines: Vec<&str> = rules.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let at =
        |part: &str| lines.iter().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}: {rules}"));
    assert!(at(":0301*\", GOTO=\"packbench_end\"") < at(":0300*\", GOTO=\"packbench_allow\""), "{rules}");
    assert!(at("GROUP=\"plugdev\"") > at("LABEL=\"packbench_allow\""), "{rules}");
    assert!(
        at("SUBSYSTEM==\"video4linux\"") < at("SUBSYSTEM!=\"usb\""),
        "cameras are none of the USB devices below: {rules}"
    );
    // Every jump has its target.
    for line in &lines {
        if let Some((_, target)) = line.split_once("GOTO=\"") {
            assert!(rules.contains(&format!("LABEL=\"{target}")), "{line}");
        }
    }
}
