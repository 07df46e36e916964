//! The server's rules of synchronisation: tables of facts and what must follow.

use packbench::protocol::sync::server::*;
use packbench::protocol::wire::*;

const A: StationId = StationId::from_u128(1);
const B: StationId = StationId::from_u128(2);
const F: FulfillmentId = FulfillmentId::from_u128(7);
const TTL_MS: u64 = 1_000;

fn event(id: u128, seq: u64, prev_hash: EventHash) -> EventEnvelope {
    EventEnvelope {
        id: EventId::from_u128(id),
        station_id: A,
        epoch: Epoch(1),
        seq: Seq(seq),
        kind: "scanned".to_owned(),
        schema: 1,
        fulfillment: None,
        fence: None,
        wall_ms: 0,
        mono_ms: 0,
        boot_id: BootId::from_u128(3),
        prev_hash,
        payload: Payload::from_json("{}".to_owned()).unwrap(),
    }
}

fn chain(ids: &[u128]) -> Vec<EventEnvelope> {
    let mut head = EventHash::GENESIS;
    (1..)
        .zip(ids)
        .map(|(seq, id)| {
            let event = event(*id, seq, head);
            head = event.hash();
            event
        })
        .collect()
}

#[test]
fn every_event_gets_its_verdict() {
    let events = chain(&[1, 2, 3, 4]);
    let head = StreamHead { last_seq: Seq(2), hash: events[1].hash() };
    let fork = |reason| Verdict::Fork { reason };
    let (open, closed) = (EpochState::Open, EpochState::Closed);
    let broken = EventEnvelope { prev_hash: EventHash([9; 32]), ..events[2].clone() };
    let altered = EventEnvelope { wall_ms: 1, ..events[1].clone() };
    let here = |event: &EventEnvelope| Known::Here(event.hash());
    for (name, state, event, known, expected) in [
        ("next", open, &events[2], Known::New, Verdict::Store),
        ("sent again", open, &events[1], here(&events[1]), Verdict::Duplicate),
        ("sent again after the epoch", closed, &events[0], here(&events[0]), Verdict::Duplicate),
        ("too far", open, &events[3], Known::New, Verdict::Gap { expected: Seq(3) }),
        ("other fact, taken number", open, &events[1], Known::New, fork(ForkReason::SeqTaken)),
        ("moved fact, taken number", open, &events[1], Known::Elsewhere, fork(ForkReason::SeqTaken)),
        ("same id, other content", open, &altered, here(&events[1]), fork(ForkReason::ChainBroken)),
        ("other history", open, &broken, Known::New, fork(ForkReason::ChainBroken)),
        ("renumbered", open, &events[2], Known::Elsewhere, Verdict::StoreAlias),
        ("new in a closed epoch", closed, &events[2], Known::New, fork(ForkReason::EpochClosed)),
    ] {
        assert_eq!(classify(state, &head, event, known), expected, "{name}");
    }
}

#[test]
fn a_batch_is_read_up_to_the_first_stop() {
    let mut events = chain(&[1, 2, 3, 4]);
    let all = walk(EpochState::Open, StreamHead::START, &events, |_| Known::New);
    assert_eq!(all.verdicts, [Verdict::Store; 4]);
    assert_eq!(all.head, StreamHead { last_seq: Seq(4), hash: events[3].hash() });
    let again = walk(EpochState::Open, all.head, &events, |event| Known::Here(event.hash()));
    assert_eq!((again.verdicts, again.head), (vec![Verdict::Duplicate; 4], all.head));
    events.remove(1);
    let cut = walk(EpochState::Open, StreamHead::START, &events, |_| Known::New);
    assert_eq!(cut.verdicts, [Verdict::Store, Verdict::Gap { expected: Seq(2) }]);
    assert_eq!(cut.head.last_seq, Seq(1));
    let twice = walk(EpochState::Open, StreamHead::START, &chain(&[1, 1]), |_| Known::New);
    assert_eq!(twice.verdicts, [Verdict::Store, Verdict::StoreAlias]);
}

#[test]
fn outcomes_tell_what_became_of_the_effect() {
    let refused = Err(RejectCode::StaleFence);
    for (verdict, effect, expected) in [
        (Verdict::Store, Ok(()), Outcome::Accepted),
        (Verdict::Store, refused, Outcome::Rejected { code: RejectCode::StaleFence }),
        (Verdict::StoreAlias, refused, Outcome::Duplicate),
        (Verdict::Duplicate, refused, Outcome::Duplicate),
        (Verdict::Gap { expected: Seq(3) }, Ok(()), Outcome::Gap { expected: Seq(3) }),
    ] {
        assert_eq!(verdict.outcome(effect), expected);
    }
}

#[test]
fn a_push_is_checked_as_a_whole() {
    let good = PushRequest { protocol: 0, station_id: A, epoch: Epoch(1), events: chain(&[1, 2]), backlog: None };
    let code = |request: &PushRequest, station, state| push_check(request, station, state).map_err(|it| it.code);
    assert_eq!(code(&good, A, EpochState::Open), Ok(()), "no protocol is too old to give");
    assert_eq!(code(&good, A, EpochState::Closed), Ok(()));
    assert_eq!(code(&good, B, EpochState::Open), Err(ProblemCode::Forbidden));
    assert_eq!(code(&good, A, EpochState::Unknown), Err(ProblemCode::EpochUnknown));
    let empty = PushRequest { events: vec![], ..good.clone() };
    assert_eq!(code(&empty, A, EpochState::Open), Err(ProblemCode::TooLarge));
    let many = PushRequest { events: chain(&(1..=501).collect::<Vec<u128>>()), ..good.clone() };
    assert_eq!(code(&many, A, EpochState::Open), Err(ProblemCode::TooLarge));
    let mut foreign = good.clone();
    foreign.events[1].epoch = Epoch(2);
    assert_eq!(code(&foreign, A, EpochState::Open), Err(ProblemCode::Invalid));
    let mut zero = good;
    zero.events[0].seq = Seq(0);
    assert_eq!(code(&zero, A, EpochState::Open), Err(ProblemCode::Invalid));
}

#[test]
fn epochs_are_granted_once_per_wish_and_only_the_newest_is_open() {
    for (asked, newest, expected) in
        [(0, 2, EpochState::Unknown), (1, 2, EpochState::Closed), (2, 2, EpochState::Open), (3, 2, EpochState::Unknown)]
    {
        assert_eq!(EpochState::of(Epoch(asked), Epoch(newest)), expected);
    }
    assert_eq!(epoch_decide(Epoch(2), None), EpochDecision::New(Epoch(3)));
    assert_eq!(epoch_decide(Epoch(3), Some(Epoch(2))), EpochDecision::Repeat(Epoch(2)));
}

/// A row held by `holder` under fence 5 until 1,000.
fn held(holder: StationId) -> LeaseRow {
    LeaseRow {
        fence: Fence(5),
        granted_to: Some(Holder { station_id: holder, epoch: Epoch(1) }),
        held: true,
        expires_ms: 1_000,
        ..LeaseRow::new(F)
    }
}

fn request(change: impl FnOnce(&mut LeaseRequest)) -> LeaseRequest {
    let mut request = LeaseRequest {
        protocol: 1,
        station_id: A,
        epoch: Epoch(1),
        request_no: RequestNo(10),
        want: 0,
        have: vec![],
        returns: vec![],
        rate_per_hour: 30,
        sscc_left: 100,
    };
    change(&mut request);
    request
}

fn ask(request: &LeaseRequest, rows: Vec<LeaseRow>, candidates: Vec<LeaseRow>) -> LeaseAsk<'_> {
    LeaseAsk {
        request,
        last_request_no: RequestNo(9),
        epoch: EpochState::Open,
        rows,
        candidates,
        leases_max: 50,
        ttl_ms: TTL_MS,
        now_ms: 500,
    }
}

const HAVE: HaveLease = HaveLease { fulfillment: F, fence: Fence(5), begun: false };

#[test]
fn a_grant_raises_the_fence_and_counts_its_life() {
    let request = request(|it| it.want = 1);
    let candidates = vec![LeaseRow::new(F), LeaseRow::new(FulfillmentId::from_u128(8))];
    let decision = exchange(ask(&request, vec![], candidates)).unwrap();
    let grant = LeaseGrant { fulfillment: F, fence: Fence(1), ttl_ms: TTL_MS, invoice_number: None };
    assert_eq!(decision.answer.granted, [grant]);
    assert_eq!(decision.writes.len(), 1);
    let row = decision.writes[0];
    assert_eq!((row.fence, row.held, row.expires_ms), (Fence(1), true, 1_500));
    assert_eq!(row.granted_to, Some(Holder { station_id: A, epoch: Epoch(1) }));
}

#[test]
fn only_free_open_or_unstarted_expired_work_is_given() {
    for (name, row, now_ms, expected) in [
        ("never granted", LeaseRow::new(F), 0, true),
        ("held", held(B), 999, false),
        ("expired", held(B), 1_000, true),
        ("expired but begun", LeaseRow { begun: true, ..held(B) }, 5_000, false),
        ("returned", LeaseRow { held: false, ..held(B) }, 0, true),
        ("packed", LeaseRow { open: false, ..LeaseRow::new(F) }, 0, false),
        ("given by a lead", LeaseRow { assigned: true, held: true, ..held(B) }, 5_000, false),
    ] {
        assert_eq!(is_grantable(&row, now_ms), expected, "{name}");
    }
}

#[test]
fn old_and_foreign_exchanges_change_nothing() {
    let request = request(|it| it.want = 1);
    let stale = LeaseAsk { last_request_no: RequestNo(10), ..ask(&request, vec![], vec![LeaseRow::new(F)]) };
    assert_eq!(exchange(stale), Err(ProblemCode::StaleRequest));
    for epoch in [EpochState::Closed, EpochState::Unknown] {
        let foreign = LeaseAsk { epoch, ..ask(&request, vec![], vec![]) };
        assert_eq!(exchange(foreign), Err(ProblemCode::EpochUnknown));
    }
}

#[test]
fn what_a_station_has_is_renewed_recalled_or_lost() {
    let begun = HaveLease { begun: true, ..HAVE };
    let ended = work_ended(&held(A), false);
    let cancelled = work_ended(&held(A), true);
    let recalled = recall(&held(A)).unwrap();
    // Whether it may be worked on again or waits blocked, its old holder must stop.
    let voided = LeaseRow { open: false, ..void(&expire(&held(A), 1_000).unwrap()).unwrap() };
    let moved = |moved| LeaseRow { fence: Fence(6), moved, ..held(B) };
    let lost = |reason| (0, 0, Some(reason));
    for (name, row, have, expected) in [
        ("live", held(A), HAVE, (1, 0, None)),
        ("expired, nobody else has it", LeaseRow { expires_ms: 1, ..held(A) }, HAVE, (1, 0, None)),
        ("recalled", recalled, HAVE, (0, 1, None)),
        ("recalled too late", recalled, begun, (1, 0, None)),
        ("done", ended, HAVE, lost(LeaseLossReason::Done)),
        ("cancelled", cancelled, HAVE, lost(LeaseLossReason::Cancelled)),
        ("cancelled while working", cancelled, begun, (1, 0, None)),
        ("given on after its time", moved(Moved::Expired), HAVE, lost(LeaseLossReason::Expired)),
        ("taken over", moved(Moved::TakenOver), begun, lost(LeaseLossReason::TakenOver)),
        ("of an older epoch", moved(Moved::EpochClosed), HAVE, lost(LeaseLossReason::EpochClosed)),
        ("changed after its time", voided, begun, lost(LeaseLossReason::TakenOver)),
        ("from the future", LeaseRow { fence: Fence(2), ..held(A) }, HAVE, lost(LeaseLossReason::Unknown)),
    ] {
        let request = request(|it| it.have = vec![have]);
        let answer = exchange(ask(&request, vec![row], vec![])).unwrap().answer;
        let reason = answer.lost.first().map(|loss| loss.reason);
        assert_eq!((answer.renewed.len(), answer.recalled.len(), reason), expected, "{name}");
    }
    let request = request(|it| it.have = vec![HAVE]);
    let answer = exchange(ask(&request, vec![], vec![])).unwrap().answer;
    assert_eq!(answer.lost[0].reason, LeaseLossReason::Unknown);
}

#[test]
fn returns_free_the_work_unless_it_was_done_and_is_still_open() {
    for (reason, open, fence, free, begun) in [
        (ReturnReason::Recalled, true, 5, true, false),
        (ReturnReason::HandedBack, true, 5, true, false),
        (ReturnReason::ShiftEnd, true, 5, true, false),
        (ReturnReason::Cancelled, false, 5, true, false),
        (ReturnReason::Done, false, 5, true, false),
        (ReturnReason::Done, true, 5, false, true),
        (ReturnReason::HandedBack, true, 4, false, false),
    ] {
        let back = LeaseReturn { fulfillment: F, fence: Fence(fence), reason };
        let request = request(|it| it.returns = vec![back]);
        let row = LeaseRow { open, ..held(A) };
        let after = exchange(ask(&request, vec![row], vec![])).unwrap().writes.first().copied().unwrap_or(row);
        assert_eq!((!after.held, after.begun), (free, begun), "{reason:?} {open} {fence}");
        assert_eq!(after.fence, Fence(5));
    }
}

#[test]
fn a_grant_that_never_arrived_is_free_again_with_a_new_number() {
    let request = request(|it| it.want = 1);
    let decision = exchange(ask(&request, vec![held(A)], vec![])).unwrap();
    assert_eq!(decision.answer.granted[0].fence, Fence(6));
    let none = self::request(|_| {});
    let decision = exchange(ask(&none, vec![held(A)], vec![])).unwrap();
    assert!(!decision.writes[0].held && decision.answer.granted.is_empty());
}

#[test]
fn work_given_back_on_request_goes_to_another_station() {
    let back = LeaseReturn { fulfillment: F, fence: Fence(5), reason: ReturnReason::Recalled };
    let request = request(|it| (it.returns, it.want) = (vec![back], 1));
    let recalled = recall(&held(A)).unwrap();
    let decision = exchange(ask(&request, vec![recalled], vec![])).unwrap();
    assert!(decision.answer.granted.is_empty(), "not to the station it was asked back from");
    let freed = decision.writes[0];
    assert!(!freed.held && !freed.recalled && freed.fence == Fence(5));
    let other = self::request(|it| (it.station_id, it.want) = (B, 1));
    let decision = exchange(ask(&other, vec![], vec![freed])).unwrap();
    assert_eq!(decision.answer.granted[0].fence, Fence(6));
    assert_eq!(fence_check(decision.writes.first(), A, Some(Fence(5))), Err(RejectCode::StaleFence));
}

#[test]
fn a_station_that_began_answers_a_recall_by_keeping_the_work() {
    let request = request(|it| it.have = vec![HaveLease { begun: true, ..HAVE }]);
    let decision = exchange(ask(&request, vec![recall(&held(A)).unwrap()], vec![])).unwrap();
    assert!(decision.writes[0].begun && !decision.writes[0].recalled);
}

#[test]
fn a_starving_station_gets_half_of_what_another_does_not_need_soon() {
    for (unstarted, rate, wanted, expected) in [
        (0, 10, 5, 0),
        (1, 0, 5, 0),
        (2, 0, 5, 1),
        (3, 10, 5, 0),
        (4, 10, 5, 1),
        (50, 10, 50, 24),
        (50, 10, 2, 2),
        (50, 240, 50, 0),
    ] {
        assert_eq!(recall_share(unstarted, rate, wanted), expected, "{unstarted} at {rate}/h for {wanted}");
    }
}

#[test]
fn a_lease_ends_by_its_time_and_its_holder_has_it_on_if_nobody_else_was_given_it() {
    let late = held(A).expires_ms;
    assert_eq!(expire(&held(A), late - 1), None);
    assert_eq!(expire(&LeaseRow { begun: true, ..held(A) }, late), None, "begun work waits for a lead");
    let ended = expire(&recall(&held(A)).unwrap(), late).unwrap();
    assert!(!ended.held && !ended.recalled && ended.fence == Fence(5) && is_grantable(&ended, late));
    assert_eq!(fence_check(Some(&ended), A, Some(Fence(5))), Ok(()), "what was finished late still counts");
    let back = request(|it| it.have = vec![HaveLease { begun: true, ..HAVE }]);
    let decision = exchange(ask(&back, vec![ended], vec![])).unwrap();
    assert_eq!(decision.answer.renewed.len(), 1);
    assert!(decision.writes[0].held && decision.writes[0].begun);
    let other = request(|it| (it.station_id, it.want) = (B, 1));
    let given = exchange(ask(&other, vec![], vec![ended])).unwrap().writes[0];
    let decision = exchange(ask(&back, vec![given], vec![])).unwrap();
    assert_eq!(decision.answer.lost.len(), 1, "given on: its old number is void");
}

#[test]
fn begun_work_that_its_station_forgot_is_told_and_not_given_on() {
    let request = request(|it| it.want = 1);
    let decision = exchange(ask(&request, vec![LeaseRow { begun: true, ..held(A) }], vec![])).unwrap();
    assert_eq!(decision.forgotten, [F]);
    assert!(decision.answer.granted.is_empty());
}

#[test]
fn work_that_changes_voids_the_number_of_whoever_had_it_last() {
    let ended = expire(&held(A), 1_000).unwrap();
    assert_eq!(fence_check(Some(&ended), A, Some(Fence(5))), Ok(()), "as long as nobody changed it");
    let row = void(&ended).unwrap();
    assert_eq!((row.fence, row.granted_to, row.held, row.open), (Fence(6), None, false, true));
    assert_eq!(fence_check(Some(&row), A, Some(Fence(5))), Err(RejectCode::StaleFence));
    assert_eq!(void(&row), None, "once is enough");
    assert_eq!(void(&held(A)), None, "what a station holds is asked back first");
    assert_eq!(void(&LeaseRow::new(F)), None, "nobody had it");
}

#[test]
fn a_takeover_voids_the_old_number_at_once() {
    let row = LeaseRow { begun: true, ..held(A) };
    let to_b = Holder { station_id: B, epoch: Epoch(1) };
    assert_eq!(takeover(&row, Some(to_b), Fence(4), 9_000), None, "the lead looked at an old screen");
    let taken = takeover(&row, Some(to_b), Fence(5), 9_000).unwrap();
    assert_eq!(fence_check(Some(&taken), A, Some(Fence(5))), Err(RejectCode::StaleFence));
    let request = request(|it| it.station_id = B);
    let decision = exchange(ask(&request, vec![taken], vec![])).unwrap();
    assert_eq!(decision.answer.granted.len(), 1, "given though not wanted");
    let fence = decision.answer.granted[0].fence;
    assert!(fence > taken.fence);
    assert_eq!(fence_check(decision.writes.first(), B, Some(fence)), Ok(()));
    let queued = takeover(&row, None, Fence(5), 0).unwrap();
    assert!(is_grantable(&queued, 0) && queued.fence == Fence(6));
}

#[test]
fn a_new_epoch_frees_what_the_station_held() {
    let freed = epoch_started(&held(A), A).unwrap();
    assert!(is_grantable(&freed, 0));
    assert_eq!(freed.fence, Fence(5), "only a grant raises it");
    assert_eq!(epoch_started(&held(B), A), None);
}

#[test]
fn a_fence_is_checked_by_number_and_station() {
    let returned = LeaseRow { held: false, ..held(A) };
    for (name, row, station, fence, expected) in [
        ("newest", Some(held(A)), A, Some(5), Ok(())),
        ("late but nobody else's", Some(LeaseRow { expires_ms: 0, ..held(A) }), A, Some(5), Ok(())),
        ("told after the return", Some(returned), A, Some(5), Ok(())),
        ("older", Some(held(A)), A, Some(4), Err(RejectCode::StaleFence)),
        ("newer than any", Some(held(A)), A, Some(6), Err(RejectCode::NotLeased)),
        ("another station's", Some(held(B)), A, Some(5), Err(RejectCode::NotLeased)),
        ("none", Some(held(A)), A, None, Err(RejectCode::NotLeased)),
        ("no such work", None, A, Some(5), Err(RejectCode::UnknownFulfillment)),
    ] {
        assert_eq!(fence_check(row.as_ref(), station, fence.map(Fence)), expected, "{name}");
    }
}

#[test]
fn the_first_accepted_packing_owns_the_work() {
    let claim = |station_id, fence| Claim { station_id, fence: Some(Fence(fence)) };
    let free = WorkRow::default();
    let packed = WorkRow { packed_by: Some(claim(B, 5)), ..free };
    let cancelled = WorkRow { cancelled: true, ..free };
    let refuse = PackVerdict::Refuse;
    for (name, work, lease, by, expected) in [
        ("first", free, held(A), claim(A, 5), PackVerdict::Accept(WorkRow { packed_by: Some(claim(A, 5)), ..free })),
        ("second", packed, held(A), claim(A, 5), refuse(RejectCode::DuplicatePack, ExceptionKind::DuplicatePack)),
        (
            "after a cancel",
            cancelled,
            held(A),
            claim(A, 5),
            refuse(RejectCode::CancelledBeforePack, ExceptionKind::CancelledWhilePacked),
        ),
        ("stale", free, held(A), claim(A, 4), refuse(RejectCode::StaleFence, ExceptionKind::StaleLease)),
        ("foreign", free, held(B), claim(A, 5), refuse(RejectCode::NotLeased, ExceptionKind::StaleLease)),
    ] {
        assert_eq!(on_packed(&work, Some(&lease), by), expected, "{name}");
    }
}

#[test]
fn a_cancel_wins_until_the_handover_and_the_fact_after_it() {
    let by = Claim { station_id: A, fence: Some(Fence(5)) };
    let lease = held(A);
    let packed = WorkRow { packed_by: Some(by), ..WorkRow::default() };
    // Cancelled before the parcel left: unpack.
    let CancelVerdict::CancelAndUnpack(cancelled, ExceptionKind::CancelledWhilePacked) = on_cancel(&packed) else {
        panic!("{:?}", on_cancel(&packed))
    };
    assert!(on_unpacked(&cancelled).unwrap().packed_by.is_none());
    // But it had left already, as comes to light later.
    let HandoverVerdict::ShipAndRaise(shipped, code, kind) = on_handover(&cancelled, Some(&lease), by) else {
        panic!("the fact must win")
    };
    assert_eq!((code, kind), (RejectCode::ShippedAfterCancel, ExceptionKind::ShippedAfterCancel));
    assert!(shipped.handed_over && on_unpacked(&shipped).is_none());
    assert_eq!(on_cancel(&shipped), CancelVerdict::TooLate);
    // The same when the packing itself was refused because of the cancel.
    let refused = WorkRow { cancelled: true, ..WorkRow::default() };
    assert!(matches!(on_handover(&refused, Some(&lease), by), HandoverVerdict::ShipAndRaise(..)));
    // The plain ways.
    assert!(matches!(on_cancel(&WorkRow::default()), CancelVerdict::Cancel(row) if row.cancelled));
    assert_eq!(on_cancel(&refused), CancelVerdict::Already);
    let HandoverVerdict::Ship(gone) = on_handover(&packed, Some(&lease), by) else { panic!("it ships") };
    let again = HandoverVerdict::Refuse(RejectCode::DuplicatePack, ExceptionKind::DuplicatePack);
    assert_eq!(on_handover(&gone, Some(&lease), by), again);
    let other = Claim { station_id: B, fence: Some(Fence(4)) };
    assert_eq!(on_handover(&packed, Some(&lease), other), again);
    let unpacked = HandoverVerdict::Refuse(RejectCode::HandoverUnpacked, ExceptionKind::HandoverUnpacked);
    assert_eq!(on_handover(&WorkRow::default(), Some(&lease), by), unpacked);
}

fn range(given: u64, free_below: u64) -> SsccRange {
    SsccRange { extension: 3, company_prefix: "950110123456".to_owned(), given, free_below }
}

#[test]
fn number_blocks_never_overlap_within_a_year() {
    let block_id = BlockId::from_u128(1);
    // Twelve digits leave four for the serial: 10,000 numbers.
    for (given, free_below, count, expected) in [
        (0, 0, 100, Ok((0, 100))),
        (9_950, 0, 100, Ok((9_950, 50))),
        (10_000, 0, 100, Err(BlockRefusal::Exhausted)),
        (10_000, 70, 100, Ok((0, 70))),
        (10_050, 200, 100, Ok((50, 100))),
        (25_000, 15_000, 100, Err(BlockRefusal::Exhausted)),
    ] {
        let granted = block_grant(&range(given, free_below), block_id, A, Epoch(1), count);
        let short = granted.map(|(next, block)| {
            assert_eq!(next.given, given + block.count);
            (block.first, block.count)
        });
        assert_eq!(short, expected, "{given} {free_below}");
    }
    for prefix in ["950", "9501101234567", "95O110"] {
        let bad = SsccRange { company_prefix: prefix.to_owned(), ..range(0, 0) };
        assert_eq!(bad.capacity(), Err(BlockRefusal::PrefixInvalid), "{prefix}");
    }
}

#[test]
fn a_block_serves_one_epoch_and_its_facts_for_ever() {
    let (_, block) = block_grant(&range(40, 0), BlockId::from_u128(1), A, Epoch(1), 10).unwrap();
    for (station, epoch, wished, expected) in
        [(A, 1, false, true), (A, 1, true, false), (A, 2, false, false), (B, 1, false, false)]
    {
        assert_eq!(block_usable(&block, station, Epoch(epoch), wished), expected);
    }
    assert_eq!(
        (block_serial(&block, 0), block_serial(&block, 9), block_serial(&block, 10)),
        (Some(40), Some(49), None)
    );
    for (station, serial, expected) in [(A, 40, true), (A, 49, true), (A, 50, false), (A, 39, false), (B, 40, false)] {
        assert_eq!(block_holds(&block, station, serial), expected);
    }
}
