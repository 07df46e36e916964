//! The server by its command line: migrating, importing twice, people, codes, backups, serving and its end.

use crate::cli_kit::{Home, Running};
use crate::sql_conformance::{Site, empty_sites};
use packbench::sql::Target;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
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
fn only_a_station_that_was_paired_is_disconnected() {
    let home = Home::new();
    home.run(&["central", "station-code", "Bench 1"]).ok();
    home.run(&["central", "station-revoke", "Bench 1"]).failed(1, &["Bench 1", "not disconnected"]);
}

#[test]
#[cfg(unix)]
fn what_central_writes_is_readable_by_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let data = home.path("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    home.run(&["central", "migrate", "--data-dir", "data"]).ok();
    home.run(&["central", "backup", "copy.backup", "--data-dir", "data"]).ok();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o750, "a folder of before is closed to everybody");
    assert_eq!(mode(&home.path("copy.backup")), 0o600);
    let files: Vec<_> = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().any(|file| file.ends_with("central.db")), "{files:?}");
    for file in files {
        assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
    }
}

fn unpacked(file: &Path) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_backup_is_whole_never_overwrites_and_is_restored_with_a_new_epoch() {
    let home = Home::new();
    home.run(&["central", "backup", "copy.backup"]).failed(1, &["there is no database", "what to do:"]);
    let file = home.write("orders.csv", FILE);
    home.run(&["central", "import", "online-retail", file.to_str().unwrap()]).ok();
    let told = home.run(&["central", "backup", "copy.backup", "--photos"]).ok();
    assert!(told.err.contains("reading orders: 2 rows"), "{}", told.err);
    let text = unpacked(&home.path("copy.backup"));
    assert!(text.starts_with("{\"packbench_backup\":1,") && text.lines().last().unwrap().contains("sha256"), "{text}");
    home.run(&["central", "backup", "copy.backup"]).failed(1, &["exists already", "another name"]);
    home.run(&["central", "restore", "copy.backup"]).failed(1, &["is not empty", "move it away"]);
    home.run(&["central", "restore", "orders.csv"]).failed(1, &["is neither a backup"]);
    home.run(&["central", "restore", "none.backup"]).failed(1, &["none.backup"]);
    let restored = home.run(&["central", "--data-dir", "other", "restore", "copy.backup"]).ok();
    assert!(restored.out.contains("Epoch 2 begins"), "{}", restored.out);
    let copy = rusqlite::Connection::open(home.path("other/central.db")).unwrap();
    assert_eq!(copy.query_row("SELECT COUNT(*) FROM orders", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    let resumed = home.run(&["central", "--data-dir", "other", "resume-work"]).ok().out;
    assert!(resumed.contains("No station was waited for"), "{resumed}");
}

#[test]
fn a_move_is_refused_while_the_server_runs_and_told_when_it_is_done() {
    let home = Home::new();
    let file = home.write("orders.csv", FILE);
    home.run(&["central", "move", "--to", "sqlite:new.db"]).failed(1, &["there is no site"]);
    home.run(&["central", "import", "online-retail", file.to_str().unwrap()]).ok();
    home.write("address", "sqlite:new.db\n");
    let (serving, _) = serve(&home);
    home.run(&["central", "move", "--to", "@address"]).failed(1, &["is in use", "stop the server"]);
    assert!(!home.path("new.db").exists());
    home.run(&["central", "backup", "while.backup"]).ok();
    drop(serving);
    let moved = home.run(&["central", "move", "--to", "@address"]).ok();
    assert!(moved.err.contains("checking orders: 2 rows"), "{}", moved.err);
    assert!(moved.out.contains("chain proves itself") && moved.out.contains("new address"), "{}", moved.out);
    home.run(&["central", "move", "--to", "@address"]).failed(1, &["is not empty"]);
    home.run(&["central", "move", "--from", "sqlite:new.db", "--to", "sqlite:new.db"]).failed(1, &["where it is"]);
    let copy = rusqlite::Connection::open(home.path("new.db")).unwrap();
    assert_eq!(copy.query_row("SELECT COUNT(*) FROM orders", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
}

/// Killed without warning at each of some moments, a move leaves nothing that the next one would trip over.
#[test]
fn a_move_that_is_killed_leaves_nothing_and_is_done_again() {
    let home = Home::new();
    let week = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/week.csv.gz");
    home.run(&["central", "import", "online-retail", week.to_str().unwrap()]).ok();
    let orders = |database: &Path| -> i64 {
        let open = rusqlite::Connection::open(database).unwrap();
        open.query_row("SELECT COUNT(*) FROM orders", [], |row| row.get(0)).unwrap()
    };
    let all = orders(&home.path(".local/share/packbench/central/central.db"));
    for site in empty_sites() {
        let (to, new) = match &site.target {
            Target::Sqlite(_) => ("sqlite:new.db".to_owned(), Some(home.path("new.db"))),
            Target::Postgres(_) => (postgres_address(&site), None),
        };
        home.write("address", &to);
        for moment in ["reading changes", "reading orders", "checking audit"] {
            let mut moving = home.command(&["central", "move", "--to", "@address"]);
            let mut moving = Running(moving.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
            let mut told = BufReader::new(moving.0.stderr.take().unwrap()).lines().map(Result::unwrap);
            assert!(told.any(|line| line.starts_with(moment)), "{moment} never came");
            moving.0.kill().unwrap();
            moving.0.wait().unwrap();
            if let Some(new) = &new {
                assert!(!new.exists(), "half a database has the name of a whole one");
            }
        }
        home.run(&["central", "move", "--to", "@address"]).ok();
        let there = match &new {
            Some(new) => orders(new),
            None => site.conn().int("SELECT COUNT(*) FROM orders", &[]).unwrap(),
        };
        assert_eq!(there, all);
    }
}

/// The address of a test's own database, as an operator writes it.
fn postgres_address(site: &Site) -> String {
    let server = std::env::var("PACKBENCH_TEST_PG").unwrap();
    let name = site.conn().one("SELECT current_database()", &[]).unwrap().unwrap().at::<String>(0).unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// The server on a free port, and its address.
fn serve(home: &Home) -> (Running, String) {
    let mut command = home.command(&["central", "serve", "--listen", "127.0.0.1:0"]);
    let mut serving = Running(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(serving.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let at = line.split("http://").nth(1).and_then(|rest| rest.split(';').next()).unwrap().trim().to_owned();
    (serving, at)
}

#[test]
#[cfg(unix)]
fn serving_ends_in_order_on_sigterm_and_refuses_a_taken_address() {
    let home = Home::new();
    let (mut serving, at) = serve(&home);
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
