//! The wire types against golden samples: names, required fields, and what is ignored must not change.

use packbench::protocol::wire::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/wire")
}

fn sample(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the sample, writes it again, and demands every field back, no more and no less.
fn whole<T: Serialize + DeserializeOwned>(name: &str) -> T {
    let text = sample(name);
    let value: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let again = serde_json::to_value(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
    let expected: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(again, expected, "{name}");
    value
}

fn reads<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&sample(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_type_keeps_its_fields() {
    whole::<EventEnvelope>("event");
    whole::<PushRequest>("push_request");
    whole::<PushAnswer>("push_answer");
    whole::<PullRequest>("pull_request");
    whole::<PullPage>("pull_page");
    whole::<LeaseRequest>("lease_request");
    whole::<LeaseAnswer>("lease_answer");
    whole::<TakeoverRequest>("takeover_request");
    whole::<TakeoverAnswer>("takeover_answer");
    whole::<EpochRequest>("epoch_request");
    whole::<EpochGrant>("epoch_grant");
    whole::<PhotoAnswer>("photo_answer");
    whole::<PairingRequest>("pairing_request");
    whole::<PairingAnswer>("pairing_answer");
    whole::<Problem>("problem");
}

#[test]
fn a_station_that_does_not_tell_what_waits_is_still_read() {
    let old: PushRequest = reads("push_request");
    assert_eq!(old.backlog, None);
    let told = PushRequest { backlog: Some(Backlog { events: 3, oldest_age_ms: 60_000 }), ..old };
    let text = serde_json::to_value(&told).unwrap();
    assert_eq!(text["backlog"], serde_json::json!({ "events": 3, "oldest_age_ms": 60_000 }));
    assert_eq!(serde_json::from_value::<PushRequest>(text).unwrap().backlog, told.backlog);
}

#[test]
fn a_product_that_tells_no_held_lots_is_still_read() {
    let mut old: Value = serde_json::from_str(&sample("change_product")).unwrap();
    old["body"]["upsert"].as_object_mut().unwrap().remove("held_lots").unwrap();
    let Change::Product(Put::Upsert(product)) = serde_json::from_value(old.clone()).unwrap() else { panic!("{old}") };
    assert!(product.held_lots.is_empty());
    assert_eq!(serde_json::to_value(Change::Product(Put::Upsert(product))).unwrap(), old, "nor is an empty list told");
}

/// A server of before tells neither what a product bears nor that it must stand; then it may lie as it likes and bears anything.
#[test]
fn a_product_that_tells_nothing_of_packing_is_still_read() {
    let mut old: Value = serde_json::from_str(&sample("change_product")).unwrap();
    let fields = old["body"]["upsert"].as_object_mut().unwrap();
    fields.remove("bears_g").unwrap();
    fields.remove("dims_learnt").unwrap();
    fields.remove("volume_learnt_mm3").unwrap();
    fields.remove("handling").unwrap();
    let Change::Product(Put::Upsert(product)) = serde_json::from_value(old.clone()).unwrap() else { panic!("{old}") };
    let facts = packbench::protocol::domain::product(&product).facts;
    assert_eq!((facts.this_side_up, facts.bears_g, facts.fragile), (false, None, false));
    assert!(packbench::protocol::domain::product(&product).learnt_mm3.is_none());
    let told = serde_json::to_value(Change::Product(Put::Upsert(product))).unwrap();
    let told = &told["body"]["upsert"];
    assert_eq!((told.get("bears_g"), told.get("dims_learnt")), (None, None), "nor is nothing told");
}

#[test]
fn every_kind_of_change_has_a_whole_sample_and_a_tombstone() {
    for kind in ChangeKind::ALL {
        let change: Change = whole(&format!("change_{}", kind.text()));
        assert_eq!(change.kind(), *kind);
        assert!(!change.is_tombstone());
    }
    let ends: Vec<Change> = whole("change_tombstones");
    assert!(ends.iter().all(Change::is_tombstone));
    let kinds: BTreeSet<ChangeKind> = ends.iter().map(Change::kind).collect();
    assert_eq!(kinds, ChangeKind::ALL.iter().copied().collect());
}

#[test]
fn every_sample_file_is_read_by_a_test() {
    let this = include_str!("protocol_wire.rs");
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".json") else { continue };
        let by_kind = ChangeKind::ALL.iter().any(|kind| stem == format!("change_{}", kind.text()));
        assert!(by_kind || this.contains(&format!("(\"{stem}\")")), "{name} is read by no test");
    }
}

#[test]
fn defaults_fill_what_is_absent_and_newer_fields_are_ignored() {
    let Change::Product(Put::Upsert(product)) = reads("minimal_product") else { panic!("not a product") };
    assert_eq!(product.weight_g, None);
    assert!(product.barcodes.is_empty() && !product.tracking.serial);
    let Change::Order(Put::Upsert(order)) = reads("minimal_order") else { panic!("not an order") };
    assert!(order.gift.is_none() && order.flags.is_empty() && order.bill_to.is_none());
    assert_eq!(order.lines[0].packed, 0);
    let answer: LeaseAnswer = reads("minimal_lease_answer");
    assert!(answer.renewed.is_empty() && answer.sscc_blocks.is_empty());
}

#[test]
fn words_of_a_newer_server_do_not_stop_an_old_station() {
    let answer: PushAnswer = reads("minimal_push_answer");
    assert_eq!(answer.outcomes[0].outcome, Outcome::Rejected { code: RejectCode::Other });
    let problem: Problem = reads("minimal_problem");
    assert_eq!(problem.code, ProblemCode::Other);
}

#[test]
fn problems_write_their_code_and_status() {
    for code in ProblemCode::ALL {
        let problem = Problem::new(*code, "x");
        let value = serde_json::to_value(&problem).unwrap();
        assert_eq!(value["code"], code.text());
        assert_eq!(value["type"], format!("urn:packbench:problem:{}", code.text()));
        assert!((400..600).contains(&problem.status), "{code:?}");
        let back: Problem = serde_json::from_value(value).unwrap();
        assert_eq!(back, problem);
    }
}

#[test]
fn payload_bytes_survive_the_way_and_are_hashed() {
    // Order of keys, white space and number form must stay as they were written.
    let odd = "{ \"b\" : 1.50,\"a\":[ ] }";
    let mut event: EventEnvelope = reads("event");
    event.payload = Payload::from_json(odd.to_owned()).unwrap();
    let (station_id, epoch, events) = (event.station_id, event.epoch, vec![event.clone()]);
    let request = PushRequest { protocol: 1, station_id, epoch, events, backlog: None };
    let back: PushRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    assert_eq!(back.events[0].payload.json(), odd);
    assert_eq!(back.events[0].hash(), event.hash());
    let compact =
        EventEnvelope { payload: Payload::from_json("{\"b\":1.50,\"a\":[]}".to_owned()).unwrap(), ..event.clone() };
    assert_ne!(compact.hash(), event.hash());
}

#[test]
fn canonical_form_is_the_documented_one() {
    let event: EventEnvelope = reads("event");
    let payload = event.payload.json().to_owned();
    let mut expected = b"packbench/event/1\n".to_vec();
    expected.extend([event.id.0.as_bytes().as_slice(), event.station_id.0.as_bytes()].concat());
    expected.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7]);
    expected.extend([&[0, 0, 0, 20][..], b"session.item_scanned", &[0, 0, 0, 1, 1]].concat());
    expected.extend(event.fulfillment.unwrap().0.as_bytes());
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0, 4]);
    expected.extend(1_785_000_000_000_i64.to_be_bytes());
    expected.extend(86_400_123_u64.to_be_bytes());
    expected.extend(event.boot_id.0.as_bytes());
    expected.extend([0; 30]);
    expected.extend([0x0a, 0xbc]);
    expected.extend(u32::try_from(payload.len()).unwrap().to_be_bytes());
    expected.extend(payload.as_bytes());
    assert_eq!(event.canonical_bytes(), expected);
    let none = EventEnvelope { fulfillment: None, fence: None, ..event.clone() };
    assert_eq!(none.canonical_bytes().len(), expected.len() - 16 - 8);
}

#[test]
fn the_hash_itself_is_fixed() {
    let mut event: EventEnvelope = reads("event");
    event.payload = Payload::from_json("{}".to_owned()).unwrap();
    assert_eq!(event.hash().to_string(), HASH_OF_SAMPLE);
}

/// SHA-256 of the sample event with payload `{}`, computed by another program from the documented form.
const HASH_OF_SAMPLE: &str = "d7fab7d14b577f668250b97f113fa091ee7315ee27276266e8c984b360fbbbfe";

fn chain(length: u64) -> Vec<EventEnvelope> {
    let first: EventEnvelope = reads("event");
    let mut head = EventHash::GENESIS;
    (1..=length)
        .map(|seq| {
            let id = EventId::from_u128(u128::from(seq));
            let event = EventEnvelope { id, ..first.clone() }.renumbered(Epoch(1), Seq(seq), head);
            head = event.hash();
            event
        })
        .collect()
}

#[test]
fn a_chain_shows_every_kind_of_damage() {
    use packbench::protocol::wire::event::ChainBreak;
    let whole = chain(5);
    let check =
        |events: &[EventEnvelope]| chain_verify(whole[0].station_id, Epoch(1), (Seq(0), EventHash::GENESIS), events);
    assert_eq!(check(&whole), Ok((Seq(5), whole[4].hash())));
    let mut lost = whole.clone();
    lost.remove(2);
    assert_eq!(check(&lost), Err(ChainBreak::NotDense { after: Seq(2), found: Seq(4) }));
    let mut altered = whole.clone();
    altered[1].wall_ms += 1;
    assert_eq!(check(&altered), Err(ChainBreak::WrongPredecessor { seq: Seq(3) }));
    let mut swapped = whole.clone();
    swapped.swap(0, 1);
    assert_eq!(check(&swapped), Err(ChainBreak::NotDense { after: Seq(0), found: Seq(2) }));
    let mut foreign = whole.clone();
    foreign[3].epoch = Epoch(2);
    assert_eq!(check(&foreign), Err(ChainBreak::Foreign { seq: Seq(4) }));
}

#[test]
fn a_payload_is_one_bounded_json_value() {
    for bad in ["", "{", "1 2", "nan"] {
        assert!(Payload::from_json(bad.to_owned()).is_err(), "{bad:?}");
    }
    let long = format!("\"{}\"", "x".repeat(event::PAYLOAD_BYTES_MAX));
    assert!(matches!(Payload::from_json(long), Err(event::PayloadError::TooLong { .. })));
}

#[test]
fn the_size_of_an_event_is_never_underestimated() {
    let mut event: EventEnvelope = reads("event");
    event.epoch = Epoch(u64::MAX);
    event.seq = Seq(u64::MAX);
    event.fence = Some(Fence(u64::MAX));
    event.wall_ms = i64::MIN;
    event.mono_ms = u64::MAX;
    event.schema = u32::MAX;
    assert!(serde_json::to_string(&event).unwrap().len() < event.size_bytes());
}

#[test]
fn what_older_stations_leave_out_is_nothing() {
    let mut request: serde_json::Value = reads("pairing_request");
    request.as_object_mut().unwrap().remove("known");
    assert_eq!(serde_json::from_value::<PairingRequest>(request).unwrap().known, None);
    let mut request: serde_json::Value = reads("epoch_request");
    request.as_object_mut().unwrap().remove("by");
    assert_eq!(serde_json::from_value::<EpochRequest>(request).unwrap().by, None);
}

#[test]
fn secrets_are_not_printed() {
    let answer: PairingAnswer = reads("pairing_answer");
    let request: PairingRequest = reads("pairing_request");
    let text = format!("{answer:?} {request:?}");
    assert!(!text.contains(&answer.token) && !text.contains(&request.code), "{text}");
}

#[test]
fn typed_pairing_codes_are_read_kindly() {
    use packbench::protocol::wire::pairing::pairing_code_normal;
    for (typed, expected) in [
        ("7KQM2XRT", Some("7KQM2XRT")),
        (" 7kqm-2xrt ", Some("7KQM2XRT")),
        ("7KQM2XR", None),
        ("7KQM2XRTT", None),
        ("7KQM2XR0", None),
        ("7KQM2XRÄ", None),
        ("", None),
    ] {
        assert_eq!(pairing_code_normal(typed).as_deref(), expected, "{typed:?}");
    }
}

#[test]
fn parts_of_a_photo_continue_or_are_refused() {
    use packbench::protocol::wire::photo::{PHOTO_BYTES_MAX, PHOTO_PART_BYTES_MAX, PartPlan, part_plan};
    let part = PHOTO_PART_BYTES_MAX;
    for ((stored, total, first, length), expected) in [
        ((0, 1000, 0, 1000), PartPlan::Append { skip: 0 }),
        ((400, 1000, 300, 700), PartPlan::Append { skip: 100 }),
        ((400, 1000, 0, 400), PartPlan::Stored),
        ((1000, 1000, 0, 1000), PartPlan::Stored),
        ((400, 1000, 401, 10), PartPlan::Hole),
        ((0, 1000, 0, 0), PartPlan::Nonsense),
        ((0, 1000, 0, 1001), PartPlan::Nonsense),
        ((0, part + 1, 0, part + 1), PartPlan::Nonsense),
        ((0, PHOTO_BYTES_MAX + 1, 0, 1), PartPlan::Nonsense),
        ((0, 1000, u64::MAX, 2), PartPlan::Nonsense),
    ] {
        assert_eq!(part_plan(stored, total, first, length), expected, "{stored} {total} {first} {length}");
    }
}

#[test]
fn an_old_protocol_may_give_but_not_take() {
    use packbench::protocol::wire::version::{Ask, admit, change_known};
    for ask in [Ask::Push, Ask::Photo, Ask::LeaseReturn, Ask::Epoch] {
        assert!(admit(1, 3, ask).is_ok(), "{ask:?}");
    }
    for ask in [Ask::Pull, Ask::LeaseTake, Ask::Pair] {
        assert_eq!(admit(1, 3, ask).unwrap_err().code, ProblemCode::ProtocolTooOld);
        assert!(admit(3, 3, ask).is_ok(), "{ask:?}");
    }
    assert!(ChangeKind::ALL.iter().all(|kind| change_known(*kind, PROTOCOL) && !change_known(*kind, 0)));
}

#[test]
fn a_weighing_of_an_older_station_is_read_and_teaches_nothing() {
    use packbench::core::ids::{ProductId as CoreProductId, UserId as CoreUserId};
    use packbench::core::learning::Sample;
    use packbench::core::session::Event;
    use packbench::core::units::Grams;
    use packbench::protocol::session::{SessionFact, decode, encode};
    let sample = Some((CoreProductId(uuid::Uuid::from_u128(9)), Sample { unit_g: Grams(212), units: 6 }));
    let weighed = |sample| SessionFact {
        actor: CoreUserId(uuid::Uuid::from_u128(7)),
        scanner: None,
        event: Event::Weighed {
            parcel: 1,
            grams: Grams(1_472),
            expected_g: Grams(1_400),
            low_g: Grams(1_300),
            high_g: Grams(1_500),
            proof: packbench::core::weight::Proof::ShowsOneMissing,
            overridden: None,
            sample,
        },
    };
    let (kind, now) = encode(&weighed(sample));
    assert_eq!(decode(kind, &now).unwrap(), weighed(sample));
    let mut older: serde_json::Value = serde_json::from_str(&now).unwrap();
    assert!(older["event"].as_object_mut().unwrap().remove("sample").is_some());
    assert_eq!(decode(kind, &older.to_string()).unwrap(), weighed(None));
}

#[test]
fn units_that_an_older_station_verified_or_moved_have_no_weight_of_their_label() {
    use packbench::core::ids::{LineNo, ProductId as CoreProductId, UserId as CoreUserId};
    use packbench::core::scan::{NetWeight, Trace};
    use packbench::core::session::Event;
    use packbench::core::session::event::VerifyHow;
    use packbench::core::units::Grams;
    use packbench::protocol::session::{SessionFact, decode, encode};
    let (line, product, units) = (LineNo(1), CoreProductId(uuid::Uuid::from_u128(9)), 1);
    let fact = |event| SessionFact { actor: CoreUserId(uuid::Uuid::from_u128(7)), scanner: None, event };
    let verified = |net| {
        let trace = Trace { lot: Some("L-1".to_owned()), net, ..Trace::default() };
        fact(Event::Verified { line, product, units, trace, how: VerifyHow::Scan, parcel: 1, gesture: None })
    };
    let moved = |net: Option<NetWeight>| {
        let (lot, expiry) = (net.map(|_| "L-1".to_owned()), None);
        fact(Event::Moved { line, product, units, serial: None, from: 1, to: 2, net, lot, expiry })
    };
    let net = NetWeight::of(Grams(1_234), 1);
    let (kind, now) = encode(&verified(net));
    assert_eq!(decode(kind, &now).unwrap(), verified(net));
    // The form that stations wrote before.
    let mut older: serde_json::Value = serde_json::from_str(&now).unwrap();
    assert!(older["event"]["trace"].as_object_mut().unwrap().remove("net").is_some());
    assert_eq!(decode(kind, &older.to_string()).unwrap(), verified(None));
    let (kind, now) = encode(&moved(net));
    assert_eq!(decode(kind, &now).unwrap(), moved(net));
    let mut older: serde_json::Value = serde_json::from_str(&now).unwrap();
    for field in ["net", "lot", "expiry"] {
        assert!(older["event"].as_object_mut().unwrap().remove(field).is_some());
    }
    assert_eq!(decode(kind, &older.to_string()).unwrap(), moved(None));
}

#[test]
fn units_that_an_older_station_picked_are_the_lines_own() {
    use packbench::core::ids::{LineNo, ProductId as CoreProductId, UserId as CoreUserId};
    use packbench::core::session::Event;
    use packbench::core::session::event::{PickHow, Undoable};
    use packbench::protocol::session::{SessionFact, decode, encode};
    let (line, quantity) = (LineNo(1), 2);
    let fact = |event| SessionFact { actor: CoreUserId(uuid::Uuid::from_u128(7)), scanner: None, event };
    let picked = |product| {
        fact(Event::Picked { line, quantity, location: Some("A-01".to_owned()), how: PickHow::Item, product })
    };
    let undone = |product| fact(Event::Undone { what: Undoable::Picked { line, quantity, product } });
    let blue = Some(CoreProductId(uuid::Uuid::from_u128(9)));
    let (kind, now) = encode(&picked(blue));
    assert_eq!(decode(kind, &now).unwrap(), picked(blue));
    let mut older: serde_json::Value = serde_json::from_str(&now).unwrap();
    assert!(older["event"].as_object_mut().unwrap().remove("product").is_some());
    assert_eq!(decode(kind, &older.to_string()).unwrap(), picked(None));
    let (kind, now) = encode(&undone(blue));
    assert_eq!(decode(kind, &now).unwrap(), undone(blue));
    let mut older: serde_json::Value = serde_json::from_str(&now).unwrap();
    assert!(older["event"]["what"]["picked"].as_object_mut().unwrap().remove("product").is_some());
    assert_eq!(decode(kind, &older.to_string()).unwrap(), undone(None));
}

#[test]
fn a_return_of_an_older_server_is_read_and_a_newer_ones_words_are_ignored() {
    let Change::Return(Put::Upsert(record)) = reads("minimal_return") else { panic!("not a return") };
    assert_eq!((record.number.as_str(), record.order_number.as_str()), ("R000012", "536365"));
    assert!(record.labels.is_empty() && record.units.is_empty());
    let line = &record.lines[0];
    assert_eq!((line.quantity, line.received, line.serials.len(), line.lots.len()), (2, 0, 0, 0));
}

#[test]
fn returns_go_to_no_station_that_cannot_read_them() {
    use packbench::protocol::wire::version::change_known;
    assert!(!change_known(ChangeKind::Return, 1) && change_known(ChangeKind::Return, 2));
    assert!(change_known(ChangeKind::SerialUsed, 1), "all others go to the oldest");
}

#[test]
fn label_templates_go_to_no_station_that_cannot_read_them_and_a_fault_keeps_its_fields() {
    use packbench::protocol::desk::{LABEL_FAULT, LabelFault};
    use packbench::protocol::wire::version::change_known;
    assert!(!change_known(ChangeKind::LabelTemplate, 2) && change_known(ChangeKind::LabelTemplate, 3));
    assert_eq!(LABEL_FAULT, "desk.label_fault");
    let whole = serde_json::json!({
        "actor": "0190a6c0-0000-7000-8000-000000000014", "template": "shipping", "version": 7, "line": 120,
        "element": "recipient", "fault": "missing", "field": "slogan",
    });
    let fact = LabelFault::read(&whole.to_string()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&fact.json()).unwrap(), whole);
    let least = serde_json::json!({
        "actor": "0190a6c0-0000-7000-8000-000000000014", "template": "shipping", "version": 7, "fault": "size",
        "of a newer station": true,
    });
    let fact = LabelFault::read(&least.to_string()).unwrap();
    assert_eq!((fact.line, fact.element.as_str(), fact.field.as_str()), (0, "", ""));
}

#[test]
fn a_received_unit_keeps_its_fields_and_needs_only_what_is_always_known() {
    use packbench::protocol::desk::{RETURN_RECEIVED, ReturnReceived};
    assert_eq!(RETURN_RECEIVED, "desk.return_received");
    let whole = serde_json::json!({
        "actor": "0190a6c0-0000-7000-8000-000000000014", "return": "0190a6c0-0000-7000-8000-000000000070",
        "number": "R000012", "line": 1, "units": 1, "grade": "resell", "location": "A-01-1", "lot": "L-7",
        "expiry": "2027-05-31", "serial": "AB123456", "at_ms": 1_785_000_000_000_i64,
    });
    let fact = ReturnReceived::read(&whole.to_string()).expect("a fact");
    assert_eq!(serde_json::from_str::<Value>(&fact.json()).unwrap(), whole);
    let mut least = whole;
    for optional in ["location", "lot", "expiry", "serial"] {
        least.as_object_mut().unwrap().remove(optional);
    }
    let fact = ReturnReceived::read(&least.to_string()).expect("a fact");
    assert_eq!((fact.grade, fact.location.clone(), fact.expiry.clone()), (ReturnGrade::Resell, None, None));
    assert_eq!(serde_json::from_str::<Value>(&fact.json()).unwrap(), least);
    assert_eq!(ReturnReceived::read("{}"), None);
}
