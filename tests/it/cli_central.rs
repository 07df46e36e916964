//! The server by its command line: migrating, importing twice, people, codes, backups, serving and its end.

use crate::cli_kit::{Home, Running};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

const FILE: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,2.0,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536370,22728,ALARM CLOCK BAKELIKE PINK,24.0,2010-12-01 08:45:00,3.75,12583.0,France
536370,POST,POSTAGE,x,2010-12-01 08:45:00,18.0,12583.0,France
";

#[test]
fn a_new_database_is_migrated_once() {
    let home = Home::new();
    let first = home.run(&["central", "migrate"]).ok().out;
    assert!(first.contains("migrated from schema version 0"), "{first}");
    let again = home.run(&["central", "migrate"]).ok().out;
    assert!(again.contains("already"), "{again}");
    assert!(home.path(".local/share/packbench/central").is_dir());
}

#[test]
fn importing_twice_changes_nothing_and_names_bad_lines() {
    let home = Home::new();
    let file = home.write("orders.csv", FILE);
    let file = file.to_str().unwrap();
    let first = home.run(&["central", "import", "online-retail", file]).ok().out;
    assert!(first.contains("line 5 left out: quantity"), "{first}");
    assert!(first.contains("New: 2 orders"), "{first}");
    let again = home.run(&["central", "import", "online-retail", file, "--json"]).ok().out;
    let report: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!((report["unchanged"].as_bool(), report["orders"].as_u64()), (Some(true), Some(0)), "{again}");
}

#[test]
fn a_file_that_is_no_such_file_is_refused_and_makes_no_database() {
    let home = Home::new();
    home.run(&["central", "import", "online-retail", "none.csv"]).failed(1, &["none.csv", "check the path"]);
    assert!(!home.path(".local/share/packbench/central").exists());
    let other = home.write("other.csv", "a,b\n1,2\n");
    home.run(&["central", "import", "online-retail", other.to_str().unwrap()])
        .failed(1, &["InvoiceNo,StockCode", "nothing was stored"]);
}

#[test]
fn people_are_added_without_their_secrets_being_shown() {
    let home = Home::new();
    let add = ["central", "user", "add", "office", "--name", "Office One", "--role"];
    let added = home.run_typing(&[&add[..], &["admin", "--password-from", "-"]].concat(), "correct horse\n").ok();
    assert!(added.out.contains("office was saved as admin"), "{}", added.out);
    assert!(!format!("{}{}", added.out, added.err).contains("correct horse"));
    home.run(&[&add[..], &["king"]].concat()).failed(1, &["king", "picker, packer"]);
    let pin = home.write("pin.txt", "12\n");
    home.run(&[&add[..], &["packer", "--pin-from", pin.to_str().unwrap()]].concat()).failed(1, &["4 to 8 digits"]);
    let empty = home.write("empty.txt", "");
    home.run(&[&add[..], &["packer", "--pin-from", empty.to_str().unwrap()]].concat()).failed(1, &["no PIN was found"]);
}

#[test]
fn a_code_is_shown_with_what_to_do_with_it() {
    let home = Home::new();
    let told = home.run(&["central", "station-code", "Bench 1"]).ok().out;
    let code: String = told.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(code.len(), 8, "{told}");
    assert!(told.contains("Bench 1") && told.contains("packbench station --central-url"), "{told}");
    home.run(&["central", "station-code", "Bench 1", "--role", "dance"]).failed(1, &["pick, sort, pack"]);
}

#[test]
fn a_backup_is_a_whole_database_and_never_overwrites() {
    let home = Home::new();
    home.run(&["central", "backup", "copy.db"]).failed(1, &["there is no database", "what to do:"]);
    let file = home.write("orders.csv", FILE);
    home.run(&["central", "import", "online-retail", file.to_str().unwrap()]).ok();
    home.run(&["central", "backup", "copy.db"]).ok();
    let copy = rusqlite::Connection::open(home.path("copy.db")).unwrap();
    assert_eq!(copy.query_row("SELECT COUNT(*) FROM orders", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    home.run(&["central", "backup", "copy.db"]).failed(1, &["exists already", "another name"]);
}

#[test]
#[cfg(unix)]
fn serving_ends_in_order_on_sigterm_and_refuses_a_taken_address() {
    let home = Home::new();
    let mut command = home.command(&["central", "serve", "--listen", "127.0.0.1:0"]);
    let mut serving = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(serving.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let at = line.split("http://").nth(1).and_then(|rest| rest.split(';').next()).unwrap().trim().to_owned();
    let mut stream = TcpStream::connect(&at).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    home.run(&["central", "serve", "--listen", &at, "--data-dir", "other"])
        .failed(1, &["cannot listen at", "another program listens there"]);
    let told = home.run_with(&["doctor"], &[("PACKBENCH_STATION_CENTRAL_URL", &format!("http://{at}"))]).out;
    assert!(told.contains("answers") && told.contains("✓ clock within"), "{told}");
    let killed = std::process::Command::new("kill").args(["-TERM", &serving.0.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(serving.0.wait().unwrap().success());
}
