//! `packbench devices`: readers listed, a tag written and read by command, and what is said where there is none.

use std::process::{Command, Stdio};

use packbench::devices::nfc::ndef::message_of;

use crate::nfc_kit::{CardService, Chip, Tag};

/// What the command printed on standard output, on standard error, and its exit status.
struct Done {
    out: String,
    err: String,
    status: Option<i32>,
}

/// Runs `packbench devices …` while `during` happens.
fn devices<T>(arguments: &[&str], during: impl FnOnce() -> T) -> (Done, T) {
    let child = Command::new(env!("CARGO_BIN_EXE_packbench"))
        .arg("devices")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let happened = during();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (Done { out: text(output.stdout), err: text(output.stderr), status: output.status.code() }, happened)
}

#[test]
fn a_tag_is_written_and_read_by_command() {
    let service = CardService::start("Desk NFC");
    let (listed, ()) = devices(&["readers"], || ());
    assert_eq!((listed.out.lines().next(), listed.status), (Some("Desk NFC 00 00"), Some(0)));
    let blank = Chip::files("04A1B2C3D4E5F6", 128, b"");
    // It waits for the tag, wherever that is when the command begins.
    let (written, tag) = devices(&["write-tag", "TOTE-7"], || Tag::hold(service.port, blank));
    assert_eq!((written.out.as_str(), written.status), ("written and read back\n", Some(0)), "{}", written.err);
    let chip = tag.take();
    assert_eq!(chip.message(), message_of("TOTE-7").unwrap());
    let locked = chip.clone().locked();
    let (refused, tag) = devices(&["write-tag", "TOTE-8"], || Tag::hold(service.port, locked));
    assert_eq!(refused.status, Some(1));
    assert!(refused.err.contains("the tag is write-protected"), "{}", refused.err);
    tag.take();
    let (bad, ()) = devices(&["write-tag", "A\tB"], || ());
    assert_eq!(bad.status, Some(1));
    assert!(bad.err.contains("1 to 512 characters"), "{}", bad.err);
    let (none, ()) = devices(&["write-tag", "--wait", "1", "TOTE-8"], || ());
    assert!(none.err.contains("no tag came") && none.status == Some(1), "{}", none.err);
}

#[test]
fn without_a_card_service_it_says_what_to_install() {
    let mut service = CardService::start("Desk NFC");
    service.kill();
    let (done, ()) = devices(&["readers"], || ());
    assert_eq!(done.status, Some(1));
    assert!(
        done.err.contains("card service missing") && done.err.contains("install pcscd and start it"),
        "{}",
        done.err
    );
}
