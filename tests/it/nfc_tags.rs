//! Tags without a reader: every form is read, written and pulled away at every single command.

use packbench::devices::nfc::TagFault;
use packbench::devices::nfc::ndef::{CODE_BYTES_MAX, message_of};
use packbench::devices::nfc::tag::{Technology, read, uid, write};

use crate::nfc_kit::Chip;

const UID: &str = "04A1B2C3D4E5F6";
const PAGES: &str = "04112233445566";

fn file(code: &str) -> Chip {
    Chip::files(UID, 1_024, &message_of(code).unwrap())
}

fn pages(before: &[u8], code: &str) -> Chip {
    Chip::pages(PAGES, before, &message_of(code).unwrap())
}

fn read_of(chip: &mut Chip) -> Result<Option<String>, TagFault> {
    let technology = chip.technology();
    read(chip, technology)
}

fn write_to(chip: &mut Chip, code: &str) -> Result<(), TagFault> {
    let technology = chip.technology();
    write(chip, technology, code)
}

/// What may lie before a message: nothing, one to three empty bytes, a reserved area.
const BEFORE: [&[u8]; 6] = [b"", b"\0", b"\0\0", b"\0\0\0", b"\x01\x03\xa0\x10\x44", b"\x02\x03\x10\x20\x30\0\0"];

#[test]
fn both_forms_are_told_apart_and_read() {
    let (mut files, mut paged) = (file("TOTE-7"), pages(BEFORE[4], "BOX-M"));
    assert_eq!((files.technology(), paged.technology()), (Technology::Type4, Technology::Type2));
    assert_eq!((read_of(&mut files), read_of(&mut paged)), (Ok(Some("TOTE-7".into())), Ok(Some("BOX-M".into()))));
    assert_eq!(uid(&mut paged), Ok(Some(vec![0x04, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66])));
    for mut chip in [file("X").blank(), pages(b"", "X").blank()] {
        assert_eq!(read_of(&mut chip), Ok(None), "no NDEF is no fault: its number may be a badge");
        assert_eq!(write_to(&mut chip, "Y"), Err(TagFault::NotNdef));
    }
    let mut broken = Chip::files(UID, 64, b"\xd1\x01\x30T\x02enAB");
    assert_eq!(read_of(&mut broken), Err(TagFault::Broken));
    let mut longer_than_the_tag = Chip::pages(PAGES, &[0; 120], &[0xd0; 90]);
    assert_eq!(read_of(&mut longer_than_the_tag), Err(TagFault::Broken));
}

#[test]
fn what_is_written_is_read_back_wherever_it_begins() {
    let longest = "7".repeat(CODE_BYTES_MAX);
    for code in ["A", "TOTE-7", "https://id.gs1.org/00/395011015300000011", &"x".repeat(200), &longest] {
        let mut chip = file("OLD");
        assert_eq!((write_to(&mut chip, code), read_of(&mut chip)), (Ok(()), Ok(Some(code.to_owned()))));
    }
    for before in BEFORE {
        for code in ["A", "TOTE-7", &"y".repeat(90)] {
            let mut chip = pages(before, "OLD");
            assert_eq!((write_to(&mut chip, code), read_of(&mut chip)), (Ok(()), Ok(Some(code.to_owned()))));
            assert_eq!(chip.data()[..before.len()], *before, "what lies before the message stays");
        }
    }
}

#[test]
fn what_cannot_be_written_leaves_the_tag_as_it_was() {
    let long = "z".repeat(140);
    let table = [
        (file("OLD").locked(), "NEW", TagFault::ReadOnly),
        (pages(b"", "OLD").locked(), "NEW", TagFault::ReadOnly),
        (Chip::files(UID, 32, &message_of("OLD").unwrap()), "A-CODE-TOO-LONG-FOR-SUCH-A-TAG", TagFault::TooSmall),
        (pages(b"", "OLD"), long.as_str(), TagFault::TooSmall),
        (file("OLD"), "A\nB", TagFault::BadCode),
    ];
    for (mut chip, code, fault) in table {
        assert_eq!(write_to(&mut chip, code), Err(fault));
        assert_eq!(read_of(&mut chip), Ok(Some("OLD".into())));
    }
}

#[test]
fn pulled_away_at_any_command_a_tag_says_the_old_code_the_new_one_or_nothing() {
    let mut seen = [0u32; 3];
    let chips = || {
        let files = [("TOTE-7".to_owned(), file("OLD")), ("x".repeat(200), file("OLD"))];
        files.into_iter().chain(BEFORE.map(|before| ("y".repeat(60), pages(before, "OLD"))))
    };
    for (new, whole) in chips() {
        for answers in 0.. {
            let mut chip = Chip { answers_left: Some(answers), ..whole.clone() };
            let outcome = write_to(&mut chip, &new);
            chip.answers_left = None;
            match read_of(&mut chip) {
                Ok(Some(code)) if code == "OLD" => seen[0] += 1,
                Ok(Some(code)) if code == new => seen[1] += 1,
                Ok(None) => seen[2] += 1,
                other => panic!("pulled away after {answers} commands it says {other:?}"),
            }
            match outcome {
                Ok(()) => break,
                Err(fault) => assert_eq!(fault, TagFault::Gone),
            }
        }
    }
    assert!(seen.iter().all(|n| *n > 10), "each was met: {seen:?}");
}

#[test]
fn a_read_that_is_cut_is_a_fault_and_never_half_a_code() {
    let long = "x".repeat(200);
    for (whole, expected) in [(file(&long), long.as_str()), (pages(BEFORE[4], "TOTE-7"), "TOTE-7")] {
        for answers in 0.. {
            let mut chip = Chip { answers_left: Some(answers), ..whole.clone() };
            match read_of(&mut chip) {
                Err(fault) => assert_eq!(fault, TagFault::Gone),
                Ok(code) => {
                    assert_eq!(code.as_deref(), Some(expected));
                    break;
                }
            }
        }
    }
}
