//! NFC readers at the real pcscd with vsmartcard's virtual reader: taps, writing, tags pulled away, the service that dies.

use packbench::core::chance;
use packbench::devices::nfc::ndef::{CODE_BYTES_MAX, message_of};
use packbench::devices::nfc::{TagContent, TagFault, TagReaderConfig};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceSpec, DeviceStatus, LostReason};

use crate::device_support::{Station, id};
use crate::nfc_kit::{CardService, Chip, Tag};

const READER: &str = "Bench NFC";
const UID: &str = "04A1B2C3D4E5F6";

fn reader() -> DeviceSpec {
    // Found by a part of its name, in any case.
    DeviceSpec::TagReader(TagReaderConfig { reader: "bench nfc 00 00".into() })
}

fn ready() -> (CardService, Station) {
    let service = CardService::start(READER);
    let station = Station::start(vec![("nfc", reader())]);
    station.ready("nfc");
    (service, station)
}

fn told(code: &str) -> TagContent {
    TagContent::Code(code.into())
}

/// The next tap: gesture, number, content.
fn tap(station: &Station) -> (u64, Option<String>, TagContent) {
    station.next("a tap", |event| match event {
        DeviceEvent::Tag { gesture, uid, content, .. } => Some((*gesture, uid.clone(), content.clone())),
        DeviceEvent::ScanFault { fault, .. } => panic!("the tap was refused: {fault:?}"),
        _ => None,
    })
}

fn ask(station: &Station, code: &str) {
    let command = DeviceCommand::WriteTag { reader: id("nfc"), request: code.into(), code: code.into() };
    station.supervisor.handle().send(command).unwrap();
}

fn written(station: &Station) -> Result<(), TagFault> {
    station.next("the end of writing", |event| match event {
        DeviceEvent::TagWritten { outcome, .. } => Some(*outcome),
        DeviceEvent::Tag { .. } | DeviceEvent::ScanFault { .. } => panic!("a tag to be written is no tap"),
        _ => None,
    })
}

fn file(code: &str) -> Chip {
    Chip::files(UID, 1_024, &message_of(code).unwrap())
}

#[test]
fn a_lying_tag_is_one_tap_and_each_further_tag_another() {
    let (service, station) = ready();
    let first = Tag::hold(service.port, file("TOTE-7"));
    let (one, uid, content) = tap(&station);
    assert_eq!((uid.as_deref(), content), (Some("NFC-04A1B2C3D4E5F6"), told("TOTE-7")));
    first.take();
    // The next tap is the next tag's: the first gave no second one while it lay there.
    let pages = Chip::pages("04112233445566", b"\x01\x03\xa0\x10\x44", &message_of("BOX-M").unwrap());
    let second = Tag::hold(service.port, pages);
    let (two, uid, content) = tap(&station);
    assert_eq!((uid.as_deref(), content), (Some("NFC-04112233445566"), told("BOX-M")));
    let chip = second.take();
    let _again = Tag::hold(service.port, chip);
    let (three, _, content) = tap(&station);
    assert_eq!(content, told("BOX-M"));
    assert!(one < two && two < three, "each is a gesture of its own");
}

#[test]
fn tags_without_a_code_and_broken_ones_are_told_apart() {
    let (service, station) = ready();
    let table = [
        (Chip::files(UID, 64, b""), Some("NFC-04A1B2C3D4E5F6"), TagContent::Nothing),
        (Chip::files(UID, 64, b"\xd1\x01\x30T\x02enAB"), Some("NFC-04A1B2C3D4E5F6"), TagContent::Broken),
        (Chip::files("08010203", 64, &message_of("A-1").unwrap()), None, told("A-1")),
    ];
    for (chip, number, expected) in table {
        let tag = Tag::hold(service.port, chip);
        let (_, uid, content) = tap(&station);
        assert_eq!((uid.as_deref(), content), (number, expected));
        tag.take();
    }
}

#[test]
fn a_tag_that_leaves_too_early_is_refused_aloud_and_the_next_one_counts() {
    let (service, station) = ready();
    for answers in [0, 4] {
        let mut chip = file("TOTE-7");
        chip.answers_left = Some(answers);
        let tag = Tag::hold(service.port, chip);
        station.next("a refused tap", |event| match event {
            DeviceEvent::ScanFault { .. } => Some(()),
            DeviceEvent::Tag { content, .. } => panic!("half a tag came as {content:?}"),
            _ => None,
        });
        tag.take();
    }
    let _tag = Tag::hold(service.port, Chip::files("04AA", 64, &message_of("TOTE-8").unwrap()));
    assert_eq!(tap(&station).2, told("TOTE-8"));
}

#[test]
fn codes_are_written_read_back_and_tapped() {
    let (service, station) = ready();
    let longest = "7".repeat(CODE_BYTES_MAX);
    let mut chip = file("OLD");
    for code in ["TOTE-7", "https://id.gs1.org/00/395011015300000011", &longest] {
        ask(&station, code);
        let tag = Tag::hold(service.port, chip);
        assert_eq!(written(&station), Ok(()), "{code}");
        chip = tag.take();
        assert_eq!(chip.message(), message_of(code).unwrap());
    }
    let _tag = Tag::hold(service.port, Chip::files("04AA", 1_024, &chip.message()));
    assert_eq!(tap(&station).2, told(&longest));
}

#[test]
fn a_tag_of_pages_is_written_and_one_that_lies_there_already_without_being_lifted() {
    // With a service of its own: the virtual reader may take one tag's commands to the next one while it has not seen the change.
    let (service, station) = ready();
    ask(&station, "TOTE-9");
    let tag = Tag::hold(service.port, Chip::pages("04112233445566", b"\x01\x03\xa0\x10\x44", b"\xd0\0\0"));
    assert_eq!(written(&station), Ok(()));
    let entry = [b"\x01\x03\xa0\x10\x44\x03\x0d", &message_of("TOTE-9").unwrap()[..], b"\xfe"].concat();
    assert_eq!(tag.take().data()[..entry.len()], entry[..]);
    let tag = Tag::hold(service.port, file("OLD"));
    assert_eq!(tap(&station).2, told("OLD"));
    ask(&station, "TOTE-8");
    assert_eq!(written(&station), Ok(()));
    tag.take();
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_is_changed() {
    let (service, station) = ready();
    ask(&station, "NEW");
    let tag = Tag::hold(service.port, file("OLD").locked());
    assert_eq!(written(&station), Err(TagFault::ReadOnly));
    assert_eq!(tag.take().message(), message_of("OLD").unwrap());
}

#[test]
fn a_tag_pulled_away_while_it_is_written_says_the_old_code_or_nothing() {
    let (service, station) = ready();
    let long = "x".repeat(200);
    // Pulled before the first part, and before the length that makes it valid.
    for writes in [1, 5] {
        let mut chip = file("OLD");
        chip.writes_left = Some(writes);
        ask(&station, &long);
        let tag = Tag::hold(service.port, chip);
        assert_eq!(written(&station), Err(TagFault::Gone));
        assert!(tag.take().message().is_empty(), "after {writes} writes it says something");
    }
    ask(&station, "TOTE-7");
    let tag = Tag::hold(service.port, Chip { writes_left: Some(0), ..file("OLD") });
    assert_eq!(written(&station), Err(TagFault::Gone));
    assert_eq!(tag.take().message(), message_of("OLD").unwrap(), "a short code is written at once or not at all");
}

#[test]
fn a_reader_that_vanishes_with_a_tag_on_it_is_lost_and_comes_back_without_a_tap() {
    let (mut service, station) = ready();
    let tag = Tag::hold(service.port, file("TOTE-7"));
    tap(&station);
    service.kill();
    let lost =
        |reason: LostReason| move |s: &DeviceStatus| matches!(s, DeviceStatus::Lost { reason: r, .. } if *r == reason);
    station.status("nfc", "the service's loss", lost(LostReason::NoCardService));
    ask(&station, "NEW");
    assert_eq!(written(&station), Err(TagFault::Reader), "a wish that nobody can fulfil is refused at once");
    tag.take();
    // The service comes back without the reader, then with it.
    service.plug("");
    service.run();
    station.status("nfc", "the reader's absence", lost(LostReason::NotFound));
    service.kill();
    service.plug(READER);
    service.run();
    station.ready("nfc");
    let _tag = Tag::hold(service.port, Chip::files("04BB", 64, &message_of("TOTE-8").unwrap()));
    assert_eq!(tap(&station).2, told("TOTE-8"), "the next tap counts, and nothing came before it");
}

/// Rounds of the next test; `PACKBENCH_NFC_ROUNDS` says how many.
const ROUNDS: u64 = 15;

#[test]
fn tags_pulled_away_and_a_service_that_dies_again_and_again_tell_whole_codes_or_nothing() {
    let rounds = std::env::var("PACKBENCH_NFC_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(ROUNDS);
    let (mut service, station) = ready();
    let (mut whole, mut seed) = (0, 7);
    for round in 0..rounds {
        let code = format!("TOTE-{round}");
        // Pulled after so many answers; after twelve it is read.
        let answers = chance::next(&mut seed) % 16;
        let chip = Chip { answers_left: (answers < 12).then_some(usize::try_from(answers).unwrap()), ..file(&code) };
        let tag = Tag::hold(service.port, chip);
        if round % 5 == 4 {
            service.kill();
            station.status("nfc", "the service's loss", |s| matches!(s, DeviceStatus::Lost { .. }));
            tag.take();
            service.run();
            station.ready("nfc");
            let said = station.said();
            let taps: Vec<_> = said.iter().filter(|e| matches!(e, DeviceEvent::Tag { .. })).collect();
            let right = |e: &&DeviceEvent| matches!(e, DeviceEvent::Tag { content, .. } if *content == told(&code));
            assert!(taps.len() <= 1 && taps.iter().all(right), "{code}: {taps:?}");
            continue;
        }
        let came = station.next("a tap or its refusal", |event| match event {
            DeviceEvent::Tag { content, .. } => Some(Some(content.clone())),
            DeviceEvent::ScanFault { .. } => Some(None),
            _ => None,
        });
        tag.take();
        assert!(came.as_ref().is_none_or(|content| *content == told(&code)), "{code} came as {came:?}");
        assert!(came.is_some() || answers < 12, "{code} was held to the reader and not read");
        whole += u32::from(came.is_some());
    }
    assert!(whole > 0, "none was read");
}
