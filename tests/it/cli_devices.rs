//! `packbench devices`: the sheet of test codes is read by another reader, and a scanner on a pseudo-terminal is learnt from it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;

use packbench::config::{self, Base, Raw, ScannerPort};
use packbench::devices::scanner::learn::{EAN, GS1, PLAIN};

use crate::cli_kit::{Home, Running};
use crate::device_support::{Pty, write_all};
use crate::labels_kit::zbar;

#[test]
fn another_reader_finds_the_three_test_codes_on_the_sheet() {
    let home = Home::new();
    let picture = home.path("codes.png");
    home.run(&["devices", "codes", "--to", "png", "--dpi", "300", "--out", picture.to_str().unwrap()]).ok();
    let mut found = zbar(&picture);
    found.sort();
    // This reader leaves FNC1 out of what it prints in some versions, and shows it as GS in others.
    let found: Vec<String> = found.iter().map(|line| line.replace('\u{1d}', "")).collect();
    assert_eq!(found, [format!("CODE-128:{}", GS1.concat()), format!("CODE-128:{PLAIN}"), format!("EAN-13:{EAN}")]);
    assert!(home.run(&["devices", "codes", "--to", "zpl"]).ok().out.starts_with("^XA"));
    home.run(&["devices", "codes", "--to", "zpl", "--dpi", "150"]).failed(2, &["203, 300 or 600"]);
}

#[test]
fn check_digits_are_told_for_codes_as_arguments_and_as_lines() {
    let home = Home::new();
    // 794 and 44 are the example of ISO 7064 itself.
    assert_eq!(home.run(&["devices", "check-digits", "794", "A-07-3"]).ok().out, "794\t44\nA-07-3\t46\n");
    assert_eq!(home.run_typing(&["devices", "check-digits"], "A-07-3\n\n 794 \n").ok().out, "A-07-3\t46\n794\t44\n");
    home.run(&["devices", "check-digits", "--", "-–-"]).failed(1, &["neither letters nor digits"]);
}

/// Runs `learn` and scans when it asks: `sends` says what goes over the line at each question. Its status, output and errors.
fn learn(home: &Home, pty: &Pty, more: &[&str], sends: &[&[u8]]) -> (Option<i32>, String, String) {
    let port = pty.dev();
    let args = [&["devices", "learn", "--port", port.to_str().unwrap(), "--wait-s", "10"], more].concat();
    let mut child = Running(home.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    let mut said = String::new();
    let mut questions = BufReader::new(child.0.stderr.take().unwrap());
    let mut peer = pty.peer();
    let mut sends = sends.iter();
    let mut line = String::new();
    while questions.read_line(&mut line).unwrap() > 0 {
        if line.starts_with("scan test code")
            && let Some(bytes) = sends.next()
        {
            write_all(&mut peer, bytes);
        }
        said.push_str(&line);
        line.clear();
    }
    let mut out = String::new();
    child.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    (child.0.wait().unwrap().code(), out, said)
}

#[test]
fn a_scanner_is_learnt_from_three_scans_and_the_settings_file_keeps_the_rest() {
    let home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let before = "# Bench 4\n[station]\nlanguage = \"es\" # the packers'\n\n[station.scanners.bench]\nkind = \"wedge\"\ngap_ms = 35\n\n[station.scales.floor]\nkind = \"serial\"\nmodel = \"adam\"\nport = \"/dev/ttyUSB1\"\n";
    let file = home.write("packbench.toml", before);
    let plain = format!("\x02]C0{PLAIN}\x03");
    let gs1 = format!("\x02]C1{}|{}\x03", GS1[0], GS1[1]);
    let ean = format!("\x02]E0{EAN}\x03");
    let config = ["--config", file.to_str().unwrap(), "--name", "bench", "--baud", "115200", "--write"];
    // The second is scanned too early; it is asked for again.
    let sends = [gs1.as_bytes(), plain.as_bytes(), gs1.as_bytes(), ean.as_bytes()];
    let (code, out, said) = learn(&home, &pty, &config, &sends);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("this is not the Plain test code"), "{said}");
    for line in ["[station.scanners.bench]", "kind = \"serial\"", "aim = true", "baud = 115200"] {
        assert!(out.contains(line), "{line} is missing: {out}");
    }
    let text = std::fs::read_to_string(&file).unwrap();
    for kept in ["# Bench 4", "language = \"es\" # the packers'", "[station.scales.floor]"] {
        assert!(text.contains(kept), "{kept} is gone: {text}");
    }
    assert!(!text.contains("gap_ms"), "what a serial scanner has no use for is gone: {text}");
    let raw = Raw::from_toml(Path::new("packbench.toml"), &text).unwrap();
    let s = config::station(&raw, &Base { data_home: home.root().to_owned() }).unwrap();
    let ScannerPort::Serial { path, line, frame, .. } = &s.scanners[0].port else { panic!("{text}") };
    assert_eq!((path.as_path(), line.baud.0), (pty.dev().as_path(), 115_200));
    assert_eq!((frame.prefix.as_slice(), frame.terminators.as_slice()), (&b"\x02"[..], &b"\x03"[..]));
    assert_eq!((frame.gs.as_slice(), frame.aim), (&b"|"[..], true));
}

#[test]
fn a_scanner_that_would_read_wrong_is_not_learnt() {
    let home = Home::new();
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(folder.path());
    let [plain, gs1, ean] = [PLAIN.to_owned(), GS1.concat(), EAN.to_owned()].map(|code| format!("{code}\r\n"));
    let (code, out, said) = learn(&home, &pty, &[], &[plain.as_bytes(), gs1.as_bytes(), ean.as_bytes()]);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{said}");
    assert!(said.contains("leaves out the separator"), "{said}");
    let ran = home.run(&["devices", "learn", "--port", "/dev/no-such-port"]);
    ran.failed(1, &["/dev/no-such-port cannot be opened (not-found)", "ls /dev/serial/by-id"]);
    home.run(&["devices", "learn", "--port", "/dev/null", "--name", "Not A Name"]).failed(2, &["lower-case"]);
    let port = pty.dev();
    let ran = home.run(&["devices", "learn", "--port", port.to_str().unwrap(), "--write"]);
    ran.failed(1, &["no settings file to write to", "packbench settings > packbench.toml"]);
}
