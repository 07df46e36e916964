//! The station's sync state machine, one rule at a time.

use packbench::protocol::sync::*;
use packbench::protocol::wire::*;

const STATION: StationId = StationId::from_u128(1);
const BOOT: BootId = BootId::from_u128(2);

/// A machine with a clock that the test turns.
struct Bench {
    machine: Machine,
    mono_ms: u64,
    random: u64,
}

impl Bench {
    fn start(change: impl FnOnce(&mut Restart)) -> (Self, Vec<Effect>) {
        let mut bench = Self { machine: Machine::new(STATION), mono_ms: 1_000_000, random: 0 };
        let mut restart = Restart {
            epoch: Epoch(1),
            start_no: 1,
            pushed: Seq(0),
            outbox: Vec::new(),
            cursor: None,
            leases: Vec::new(),
            returning: Vec::new(),
            photos: Vec::new(),
            epoch_wish: None,
            halt: None,
            rate_per_hour: 30,
            leases_max: 50,
            sscc_left: 500,
        };
        change(&mut restart);
        let effects = bench.step(Input::Restarted(Box::new(restart)));
        (bench, effects)
    }

    fn now(&self) -> Now {
        let wall_ms = 1_785_000_000_000 + i64::try_from(self.mono_ms).unwrap();
        Now { mono_ms: self.mono_ms, wall_ms, boot_id: BOOT, random: self.random }
    }

    /// One step; the timer is checked and left out.
    fn step(&mut self, input: Input) -> Vec<Effect> {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut effects = self.machine.step(input, self.now());
        let Some(Effect::ArmTimer { at_mono_ms }) = effects.pop() else { panic!("no timer") };
        assert!((self.mono_ms..=self.mono_ms + TIMER_MS_MAX).contains(&at_mono_ms), "{at_mono_ms}");
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::ArmTimer { .. })));
        effects
    }

    fn after(&mut self, ms: u64) -> Vec<Effect> {
        self.mono_ms += ms;
        self.step(Input::Timer)
    }

    fn grow(&mut self, seqs: std::ops::RangeInclusive<u64>, bytes: u64) -> Vec<Effect> {
        let mono_ms = i64::try_from(self.mono_ms).unwrap();
        let entries = seqs.map(|seq| OutboxEntry { seq: Seq(seq), bytes, mono_ms }).collect();
        self.step(Input::OutboxGrew { epoch: self.machine.epoch(), entries })
    }

    fn answer(&mut self, no: u64, from: u64, outcomes: &[Outcome], last_seq: u64) -> Vec<Effect> {
        let outcomes = (from..)
            .zip(outcomes)
            .map(|(seq, outcome)| EventOutcome { seq: Seq(seq), id: EventId::from_u128(seq.into()), outcome: *outcome })
            .collect();
        let answer = PushAnswer { outcomes, last_seq: Seq(last_seq), head_hash: EventHash::GENESIS, server_time_ms: 0 };
        self.step(Input::PushAnswered { no, answer: Box::new(answer) })
    }

    fn fail(&mut self, link: Link, no: u64, failure: Failure) -> Vec<Effect> {
        self.step(Input::Failed { link, no, failure })
    }
}

fn pushes(effects: &[Effect]) -> Vec<(u64, u64, u64)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::SendPush { no, from_seq, to_seq, .. } => Some((*no, from_seq.0, to_seq.0)),
            _ => None,
        })
        .collect()
}

fn pull_no(effects: &[Effect]) -> Option<u64> {
    effects.iter().find_map(|effect| match effect {
        Effect::SendPull { no, .. } => Some(*no),
        _ => None,
    })
}

fn lease(effects: &[Effect]) -> Option<(u64, LeaseRequest)> {
    effects.iter().find_map(|effect| match effect {
        Effect::SendLease { no, request } => Some((*no, (**request).clone())),
        _ => None,
    })
}

fn photo(effects: &[Effect]) -> Option<(u64, u64, u64)> {
    effects.iter().find_map(|effect| match effect {
        Effect::SendPhoto { no, photo, offset } => Some((*no, photo.bytes, *offset)),
        _ => None,
    })
}

fn raised(effects: &[Effect], notice: Notice) -> bool {
    effects.contains(&Effect::Raise(notice))
}

fn refused(code: ProblemCode) -> Failure {
    Failure::Refused { code, retry_after_ms: None }
}

#[test]
fn waits_stay_between_half_a_second_and_a_minute() {
    for failures in 1..80_u32 {
        let ceiling = 500_u64.saturating_mul(1 << failures.min(40)).min(60_000);
        let mut seen = (u64::MAX, 0);
        for random in 0..2_000_u64 {
            let wait = backoff_ms(failures, random.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            assert!((500..=ceiling).contains(&wait), "{failures} {wait}");
            seen = (seen.0.min(wait), seen.1.max(wait));
        }
        // Full jitter: both ends are met.
        assert!(seen.0 < 500 + ceiling / 50 && seen.1 > ceiling - ceiling / 50, "{failures} {seen:?}");
    }
}

#[test]
fn batches_hold_500_events_or_a_mebibyte() {
    let plan = |sizes: &[u64]| -> Vec<u64> {
        let entries = (1..).zip(sizes).map(|(seq, bytes)| OutboxEntry { seq: Seq(seq), bytes: *bytes, mono_ms: 0 });
        spans(entries).iter().map(Span::count).collect()
    };
    for (sizes, expected) in [
        (vec![600; 1_201], vec![500, 500, 201]),
        (vec![300 * 1024; 7], vec![3, 3, 1]),
        (vec![100, 2 * 1024 * 1024, 100], vec![1, 1, 1]),
        (vec![1024 * 1024], vec![1]),
        (vec![], vec![]),
    ] {
        assert_eq!(plan(&sizes), expected);
    }
}

#[test]
fn one_push_is_out_at_a_time_and_a_growing_outbox_waits() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, from, to) = pushes(&bench.grow(1..=2, 600))[0];
    assert_eq!((from, to), (1, 2));
    assert_eq!(pushes(&bench.grow(3..=4, 600)), []);
    let effects = bench.answer(no, 1, &[Outcome::Accepted, Outcome::Duplicate], 2);
    assert!(effects.contains(&Effect::MarkPushed { epoch: Epoch(1), upto: Seq(2), rejected: vec![] }));
    let (next, from, to) = pushes(&effects)[0];
    assert_eq!((from, to), (3, 4));
    assert!(next > no);
}

#[test]
fn refused_effects_advance_and_are_handed_to_the_store() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, ..) = pushes(&bench.grow(1..=2, 600))[0];
    let code = RejectCode::StaleFence;
    let effects = bench.answer(no, 1, &[Outcome::Accepted, Outcome::Rejected { code }], 2);
    let rejected = vec![Rejection { seq: Seq(2), id: EventId::from_u128(2), code }];
    assert!(effects.contains(&Effect::MarkPushed { epoch: Epoch(1), upto: Seq(2), rejected }));
    assert_eq!(bench.machine.status(bench.now()).unsynced, 0);
}

#[test]
fn late_and_foreign_answers_are_ignored() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, ..) = pushes(&bench.grow(1..=1, 600))[0];
    assert_eq!(bench.answer(no + 99, 1, &[Outcome::Accepted], 1), []);
    bench.fail(Link::Push, no, Failure::Unreachable);
    assert_eq!(bench.answer(no, 1, &[Outcome::Accepted], 1), []);
    assert_eq!(bench.machine.status(bench.now()).unsynced, 1);
}

#[test]
fn a_failed_push_is_tried_again_after_a_wait() {
    let (mut bench, _) = Bench::start(|_| {});
    let mut effects = bench.grow(1..=1, 600);
    for failures in 1..=12_u32 {
        let (no, ..) = pushes(&effects)[0];
        bench.fail(Link::Push, no, Failure::Unreachable);
        let LinkPhase::BackingOff { failures: counted, left_ms } = bench.machine.status(bench.now()).push else {
            panic!("not backing off")
        };
        assert_eq!(counted, failures);
        assert_eq!(pushes(&bench.after(left_ms - 1)), []);
        effects = bench.after(1);
    }
}

#[test]
fn a_push_that_is_never_answered_is_given_up() {
    let (mut bench, _) = Bench::start(|_| {});
    bench.grow(1..=1, 600);
    assert_eq!(pushes(&bench.after(FLIGHT_MS_MAX - 1)), []);
    bench.after(1);
    assert!(matches!(bench.machine.status(bench.now()).push, LinkPhase::BackingOff { .. }));
    assert_eq!(pushes(&bench.after(60_000)).len(), 1);
}

#[test]
fn a_server_that_lost_events_gets_them_again_from_the_gap() {
    let (mut bench, _) = Bench::start(|restart| restart.pushed = Seq(3));
    let (no, ..) = pushes(&bench.grow(4..=4, 600))[0];
    let effects = bench.answer(no, 4, &[Outcome::Gap { expected: Seq(2) }], 1);
    assert!(raised(&effects, Notice::ServerRewound { expected: Seq(2) }), "{effects:?}");
    assert!(effects.contains(&Effect::ReloadOutbox { from_seq: Seq(2) }));
    let entries = (2..=4).map(|seq| OutboxEntry { seq: Seq(seq), bytes: 600, mono_ms: 0 });
    bench.step(Input::OutboxReloaded { epoch: Epoch(1), before: Seq(1), outbox: spans(entries) });
    let (no, from, to) = pushes(&bench.after(60_000))[0];
    assert_eq!((from, to), (2, 4));
    let effects = bench.answer(no, 2, &[Outcome::Accepted; 3], 4);
    assert!(effects.contains(&Effect::MarkPushed { epoch: Epoch(1), upto: Seq(4), rejected: vec![] }));
}

#[test]
fn purged_events_that_the_server_needs_are_reported() {
    let (mut bench, _) = Bench::start(|restart| restart.pushed = Seq(3));
    let (no, ..) = pushes(&bench.grow(4..=4, 600))[0];
    bench.answer(no, 4, &[Outcome::Gap { expected: Seq(2) }], 1);
    let outbox = spans([OutboxEntry { seq: Seq(4), bytes: 600, mono_ms: 0 }]);
    let effects = bench.step(Input::OutboxReloaded { epoch: Epoch(1), before: Seq(1), outbox });
    assert!(raised(&effects, Notice::EventsMissing { expected: Seq(2) }));
    assert_eq!(pushes(&bench.after(60_000)), []);
}

#[test]
fn a_gap_within_a_batch_confirms_what_came_before_it() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, ..) = pushes(&bench.grow(1..=3, 600))[0];
    let effects = bench.answer(no, 1, &[Outcome::Accepted, Outcome::Gap { expected: Seq(2) }], 1);
    assert!(effects.contains(&Effect::MarkPushed { epoch: Epoch(1), upto: Seq(1), rejected: vec![] }));
    let (_, from, to) = pushes(&bench.after(60_000))[0];
    assert_eq!((from, to), (2, 3));
}

#[test]
fn nonsense_from_the_server_is_reported_and_waited_out() {
    let gap = Outcome::Gap { expected: Seq(1) };
    for (from, outcomes) in [
        (1, vec![]),
        (2, vec![Outcome::Accepted]),
        (1, vec![Outcome::Accepted; 3]),
        (1, vec![gap, Outcome::Accepted]),
        (1, vec![Outcome::Fork { reason: ForkReason::SeqTaken }, Outcome::Accepted]),
    ] {
        let (mut bench, _) = Bench::start(|_| {});
        let (no, ..) = pushes(&bench.grow(1..=2, 600))[0];
        let effects = bench.answer(no, from, &outcomes, 2);
        assert!(raised(&effects, Notice::ServerNonsense { link: Link::Push }), "{outcomes:?}");
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::MarkPushed { .. })));
        assert_eq!(pushes(&bench.after(60_000)).len(), 1);
    }
}

#[test]
fn a_fork_stops_pushing_until_a_new_epoch_is_adopted() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, ..) = pushes(&bench.grow(1..=3, 600))[0];
    let reason = ForkReason::SeqTaken;
    let effects = bench.answer(no, 1, &[Outcome::Accepted, Outcome::Fork { reason }], 7);
    assert!(raised(&effects, Notice::Forked { seq: Seq(2), reason }));
    for _ in 0..20 {
        assert_eq!(pushes(&bench.after(60_000)), []);
    }
    assert_eq!(bench.machine.status(bench.now()).halt, Some(Halt::Forked));
    let nonce = uuid::Uuid::from_u128(9);
    let effects = bench.step(Input::EpochWanted(EpochWish { nonce, reason: EpochReason::Forked, by: None }));
    let (no, request) = effects
        .iter()
        .find_map(|effect| match effect {
            Effect::SendEpoch { no, request } => Some((*no, request.clone())),
            _ => None,
        })
        .expect("the epoch is asked for");
    assert_eq!((request.left, request.last_seq, request.nonce), (Epoch(1), Seq(3), nonce));
    let grant = EpochGrant { epoch: Epoch(2), nonce, server_time_ms: 0 };
    let effects = bench.step(Input::EpochAnswered { no, grant });
    assert!(effects.contains(&Effect::AdoptEpoch { epoch: Epoch(2) }));
    let entries = (1..=2).map(|seq| OutboxEntry { seq: Seq(seq), bytes: 600, mono_ms: 0 });
    let effects = bench.step(Input::EpochAdopted { epoch: Epoch(2), outbox: spans(entries) });
    let sent = effects
        .iter()
        .any(|effect| matches!(effect, Effect::SendPush { epoch: Epoch(2), from_seq: Seq(1), to_seq: Seq(2), .. }));
    assert!(sent && bench.machine.status(bench.now()).halt.is_none(), "{effects:?}");
}

#[test]
fn that_pushing_stopped_is_told_until_the_store_has_it() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, ..) = pushes(&bench.grow(1..=1, 600))[0];
    let reason = ForkReason::SeqTaken;
    let notice = Notice::Forked { seq: Seq(1), reason };
    assert!(raised(&bench.answer(no, 1, &[Outcome::Fork { reason }], 7), notice));
    let again: usize = (0..10).map(|_| usize::from(raised(&bench.after(10_000), notice))).sum();
    assert!((2..=4).contains(&again), "{again} times in a hundred seconds");
    bench.step(Input::HaltStored);
    assert!((0..20).all(|_| !raised(&bench.after(60_000), notice)), "the store has it");
}

#[test]
fn a_start_that_knows_of_a_fork_gives_nothing_and_asks_for_nothing_without_a_lead() {
    for halt in [Halt::Forked, Halt::EventsMissing] {
        let (mut bench, first) = Bench::start(|restart| restart.halt = Some(halt));
        assert!(pull_no(&first).is_some(), "news still come");
        let mut effects = bench.grow(1..=3, 600);
        (0..20).for_each(|_| effects.extend(bench.after(60_000)));
        assert!(pushes(&effects).is_empty() && lease(&effects).is_none());
        assert!(!effects.iter().any(|e| matches!(e, Effect::SendEpoch { .. } | Effect::Raise(_))), "{effects:?}");
        assert_eq!(bench.machine.status(bench.now()).halt, Some(halt));
        let by = Some(UserId::from_u128(3));
        let wish = EpochWish { nonce: uuid::Uuid::from_u128(9), reason: EpochReason::Forked, by };
        let effects = bench.step(Input::EpochWanted(wish));
        let asked = |e: &Effect| matches!(e, Effect::SendEpoch { request, .. } if request.by == by);
        assert!(effects.iter().any(asked), "{effects:?}");
        assert_eq!(bench.machine.status(bench.now()).halt, Some(Halt::NewEpoch));
    }
}

#[test]
fn a_server_that_knows_more_than_the_outbox_shows_a_restored_database() {
    let (mut bench, _) = Bench::start(|_| {});
    let (no, ..) = pushes(&bench.grow(1..=1, 600))[0];
    let effects = bench.answer(no, 1, &[Outcome::Duplicate], 8);
    assert!(raised(&effects, Notice::Forked { seq: Seq(8), reason: ForkReason::SeqTaken }));
}

#[test]
fn a_database_that_forgot_its_own_requests_is_a_fork() {
    let (mut bench, mut effects) = Bench::start(|_| {});
    for count in 1..=8 {
        let (no, request) = lease(&effects).unwrap();
        assert!(request.request_no.0 < 2 << 32, "numbers of the next start stay free");
        let after = bench.fail(Link::Lease, no, refused(ProblemCode::StaleRequest));
        let forked = after.iter().any(|effect| matches!(effect, Effect::Raise(Notice::Forked { .. })));
        assert_eq!(forked, count == 8, "{count}");
        effects = bench.after(60_000);
    }
    assert_eq!(lease(&effects), None);
}

#[test]
fn a_revoked_token_silences_the_station_but_for_a_rare_try() {
    let (mut bench, effects) = Bench::start(|_| {});
    let effects = bench.fail(Link::Pull, pull_no(&effects).unwrap(), refused(ProblemCode::TokenRevoked));
    assert!(raised(&effects, Notice::TokenRevoked));
    assert_eq!(bench.grow(1..=1, 600), []);
    let tries: usize = (0..30).map(|_| usize::from(pull_no(&bench.after(60_000)).is_some())).sum();
    assert!((4..=7).contains(&tries), "{tries} tries in half an hour");
    let status = bench.machine.status(bench.now());
    assert!(status.token_revoked && status.unsynced == 1 && status.oldest_unsynced_ms == Some(1_800_000));
    assert_eq!(pushes(&bench.step(Input::TokenReplaced)).len(), 1);
}

#[test]
fn a_station_too_old_to_pull_still_pushes() {
    let (mut bench, effects) = Bench::start(|_| {});
    let (lease_no, request) = lease(&effects).unwrap();
    assert_eq!(request.want, 30);
    let effects = bench.fail(Link::Pull, pull_no(&effects).unwrap(), refused(ProblemCode::ProtocolTooOld));
    assert!(raised(&effects, Notice::UpdateNeeded));
    assert_eq!(pushes(&bench.grow(1..=1, 600)).len(), 1);
    assert_eq!(pull_no(&bench.after(60_000)), None);
    bench.fail(Link::Lease, lease_no, refused(ProblemCode::ProtocolTooOld));
    let (_, request) = (0..10).find_map(|_| lease(&bench.after(60_000))).expect("leases go on");
    assert_eq!(request.want, 0);
}

#[test]
fn pages_count_once_they_are_stored_and_an_unknown_cursor_starts_anew() {
    let (mut bench, effects) = Bench::start(|restart| restart.cursor = Some(Cursor("a".into())));
    let page = |cursor: &str, more| {
        let server_time_ms = 1_785_001_000_000;
        Box::new(PullPage { changes: vec![], next_cursor: Cursor(cursor.into()), more, server_time_ms, snapshot: None })
    };
    let no = pull_no(&effects).unwrap();
    let effects = bench.step(Input::PullAnswered { no, page: page("b", true) });
    assert!(effects.contains(&Effect::StorePage { no, page: page("b", true) }) && pull_no(&effects).is_none());
    let effects = bench.step(Input::StoredPage { no });
    let sent =
        effects.iter().any(|effect| matches!(effect, Effect::SendPull { cursor: Some(cursor), .. } if cursor.0 == "b"));
    assert!(sent, "more means at once: {effects:?}");
    let effects = bench.fail(Link::Pull, pull_no(&effects).unwrap(), refused(ProblemCode::CursorUnknown));
    assert!(raised(&effects, Notice::PullRestarted));
    let effects = bench.after(60_000);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SendPull { cursor: None, .. })));
}

#[test]
fn a_station_that_meets_another_stream_sends_its_last_fact_again() {
    let (mut bench, effects) = Bench::start(|restart| {
        restart.cursor = Some(Cursor("a".into()));
        restart.pushed = Seq(7);
    });
    let effects = bench.fail(Link::Pull, pull_no(&effects).unwrap(), refused(ProblemCode::CursorUnknown));
    assert!(effects.contains(&Effect::ReloadOutbox { from_seq: Seq(7) }), "{effects:?}");
    let last = spans([OutboxEntry { seq: Seq(7), bytes: 600, mono_ms: 0 }]);
    let effects = bench.step(Input::OutboxReloaded { epoch: Epoch(1), before: Seq(6), outbox: last });
    let (no, from, to) = pushes(&effects)[0];
    assert_eq!((from, to), (7, 7));
    assert_eq!(bench.machine.status(bench.now()).unsynced, 1, "until it is known, the station has something to give");
    // An older database: everything since is sent again, and nothing before.
    let effects = bench.answer(no, 7, &[Outcome::Gap { expected: Seq(4) }], 3);
    assert!(effects.contains(&Effect::ReloadOutbox { from_seq: Seq(4) }), "{effects:?}");
    let lost = spans((4..=7).map(|seq| OutboxEntry { seq: Seq(seq), bytes: 600, mono_ms: 0 }));
    bench.step(Input::OutboxReloaded { epoch: Epoch(1), before: Seq(3), outbox: lost });
    let (no, from, to) = pushes(&bench.after(60_000))[0];
    assert_eq!((from, to), (4, 7));
    bench.answer(no, 4, &[Outcome::Accepted; 4], 7);
    assert_eq!(bench.machine.status(bench.now()).unsynced, 0);
}

#[test]
fn a_page_that_cannot_be_stored_is_pulled_again_from_the_old_cursor() {
    let (mut bench, effects) = Bench::start(|_| {});
    let no = pull_no(&effects).unwrap();
    let page = PullPage {
        changes: vec![],
        next_cursor: Cursor("b".into()),
        more: false,
        server_time_ms: 1_785_001_000_000,
        snapshot: None,
    };
    bench.step(Input::PullAnswered { no, page: Box::new(page) });
    bench.fail(Link::Pull, no, Failure::NotStored);
    let effects = bench.after(60_000);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SendPull { cursor: None, .. })));
}

#[test]
fn a_lease_counts_from_the_sending_of_its_request() {
    let (mut bench, effects) = Bench::start(|_| {});
    let sent_ms = bench.mono_ms;
    let (no, request) = lease(&effects).unwrap();
    bench.mono_ms += 20_000;
    let fulfillment = FulfillmentId::from_u128(5);
    let grant = LeaseGrant { fulfillment, fence: Fence(1), ttl_ms: 100_000, invoice_number: None };
    let answer = LeaseAnswer {
        request_no: request.request_no,
        granted: vec![grant],
        renewed: vec![],
        lost: vec![],
        recalled: vec![],
        sscc_blocks: vec![],
        server_time_ms: 0,
    };
    let effects = bench.step(Input::LeaseAnswered { no, answer: Box::new(answer) });
    let Some(Effect::StoreLeases { change, .. }) = effects.first() else { panic!("{effects:?}") };
    assert_eq!(change.put[0].sent_mono_ms, sent_ms);
    assert_eq!(bench.machine.leases().count(), 0, "not before it is stored");
    // A second copy of the request may be refused meanwhile: the first was granted all the same.
    bench.fail(Link::Lease, no, refused(ProblemCode::StaleRequest));
    bench.step(Input::StoredLeases { no });
    assert_eq!(bench.machine.leases().count(), 1);
    bench.step(Input::LeaseBegun { fulfillment });
    assert!(bench.machine.leases().all(|held| held.begun));
}

#[test]
fn a_return_waits_for_the_facts_that_belong_to_it() {
    let fulfillment = FulfillmentId::from_u128(5);
    let held = HeldLease {
        fulfillment,
        fence: Fence(3),
        begun: true,
        sent_mono_ms: 1_000_000,
        sent_wall_ms: 0,
        boot_id: BOOT,
        ttl_ms: 10_000_000,
    };
    let (mut bench, effects) = Bench::start(|restart| restart.leases = vec![held]);
    let (no, _) = lease(&effects).unwrap();
    bench.fail(Link::Lease, no, Failure::Unreachable);
    let (push, ..) = pushes(&bench.grow(1..=1, 600))[0];
    let back = LeaseReturn { fulfillment, fence: Fence(3), reason: ReturnReason::Done };
    bench.step(Input::LeaseEnded(Returning { back, after_seq: Seq(1) }));
    let (no, request) = lease(&bench.after(20_000)).unwrap();
    assert_eq!(request.have, [HaveLease { fulfillment, fence: Fence(3), begun: true }]);
    assert!(request.returns.is_empty());
    bench.answer(push, 1, &[Outcome::Accepted], 1);
    bench.fail(Link::Lease, no, Failure::Unreachable);
    let (_, request) = lease(&bench.after(60_000)).unwrap();
    assert_eq!((request.have.len(), request.returns), (0, vec![back]));
}

#[test]
fn work_begins_only_while_the_age_of_its_lease_is_known_and_small() {
    let held = HeldLease {
        fulfillment: FulfillmentId::from_u128(5),
        fence: Fence(1),
        begun: false,
        sent_mono_ms: 1_000,
        sent_wall_ms: 500_000,
        boot_id: BOOT,
        ttl_ms: 1_000,
    };
    let other = BootId::from_u128(77);
    let expired = Err(BeginRefusal::Expired);
    let unknown = Err(BeginRefusal::AgeUnknown);
    for (boot_id, mono_ms, wall_ms, wall_ms_floor, expected) in [
        (BOOT, 1_000, 0, 0, Ok(())),
        (BOOT, 1_899, 0, 0, Ok(())),
        (BOOT, 1_900, 0, 0, expired),
        (BOOT, 999, 0, 0, unknown),
        // The wall clock is not asked within one boot, whatever it says.
        (BOOT, 1_500, 500_000 + 31_536_000_000, i64::MAX, Ok(())),
        (other, 5, 500_899, 500_000, Ok(())),
        (other, 5, 500_900, 500_000, expired),
        (other, 5, 499_999, 400_000, unknown),
        (other, 5, 500_100, 500_101, unknown),
    ] {
        let now = ClockReading { mono_ms, wall_ms, boot_id, wall_ms_floor };
        assert_eq!(held.may_begin(&now), expected, "{now:?}");
    }
    let now = ClockReading { mono_ms: 1_000, wall_ms: 0, boot_id: BOOT, wall_ms_floor: 0 };
    assert_eq!(HeldLease { begun: true, ..held }.may_begin(&now), Err(BeginRefusal::Begun));
}

#[test]
fn a_station_holds_an_hour_of_its_own_work() {
    for (rate, most, expected) in [(0, 50, 1), (1, 50, 1), (35, 50, 35), (90, 50, 50), (90, 80, 80), (9, 0, 1)] {
        assert_eq!(prefetch_target(rate, most), expected, "{rate} {most}");
    }
    for (ttl_ms, expected) in [(0, 0), (1, 0), (10, 9), (50_400_000, 45_360_000), (11, 9)] {
        assert_eq!(lease_stop_after_ms(ttl_ms), expected);
    }
}

#[test]
fn a_failing_photo_lets_others_pass_and_never_holds_events_up() {
    let job = |bytes: u64| PhotoJob { hash: ContentHash::of(&bytes.to_be_bytes()), bytes };
    let (mut bench, effects) = Bench::start(|restart| restart.photos = vec![job(111), job(222)]);
    let (no, bytes, _) = photo(&effects).unwrap();
    assert_eq!(bytes, 111);
    bench.fail(Link::Photo, no, refused(ProblemCode::TooLarge));
    assert_eq!(pushes(&bench.grow(1..=1, 600)).len(), 1);
    let (no, bytes, _) = photo(&bench.after(60_000)).unwrap();
    assert_eq!(bytes, 222);
    let answer = |offset, state| PhotoAnswer { hash: job(222).hash, offset, state };
    let effects = bench.step(Input::PhotoAnswered { no, answer: answer(100, PhotoState::Partial) });
    let (no, bytes, offset) = photo(&effects).unwrap();
    assert_eq!((bytes, offset), (222, 100), "it goes on where the server says");
    let effects = bench.step(Input::PhotoAnswered { no, answer: answer(222, PhotoState::Complete) });
    assert!(effects.contains(&Effect::MarkPhotoDone { hash: job(222).hash }));
    let mut effects = effects;
    for _ in 0..4 {
        let (no, bytes, _) = photo(&effects).unwrap();
        assert_eq!(bytes, 111);
        let after = bench.fail(Link::Photo, no, refused(ProblemCode::TooLarge));
        if raised(&after, Notice::PhotoStuck { hash: job(111).hash }) {
            return;
        }
        effects = bench.after(60_000);
    }
    panic!("the photo was never given up");
}

#[test]
fn a_portal_page_instead_of_answers_gives_no_photo_up() {
    let job = PhotoJob { hash: ContentHash::of(b"x"), bytes: 10 };
    let (mut bench, mut effects) = Bench::start(|restart| restart.photos = vec![job]);
    for _ in 0..30 {
        let (no, ..) = photo(&effects).unwrap();
        let after = bench.fail(Link::Photo, no, Failure::Garbled);
        assert!(!raised(&after, Notice::PhotoStuck { hash: job.hash }));
        effects = bench.after(60_000);
    }
}

#[test]
fn what_waits_is_counted() {
    let (mut bench, _) = Bench::start(|_| {});
    let waits = |bench: &Bench| {
        let status = bench.machine.status(bench.now());
        (status.unsynced, status.photos_waiting)
    };
    assert_eq!(waits(&bench), (0, 0));
    let (no, ..) = pushes(&bench.grow(1..=2, 600))[0];
    assert_eq!(waits(&bench), (2, 0));
    bench.step(Input::PhotoQueued(PhotoJob { hash: ContentHash::of(b"x"), bytes: 10 }));
    bench.answer(no, 1, &[Outcome::Accepted; 2], 2);
    assert_eq!(waits(&bench), (0, 1));
}

#[test]
fn the_age_of_the_oldest_event_grows_while_others_come() {
    let (mut bench, _) = Bench::start(|_| {});
    bench.grow(1..=1, 600);
    bench.mono_ms += 5_000;
    bench.grow(2..=2, 600);
    assert_eq!(bench.machine.status(bench.now()).oldest_unsynced_ms, Some(5_000));
    let told = |after| bench.machine.backlog(Seq(after), bench.now());
    assert_eq!(told(0), Backlog { events: 2, oldest_age_ms: 5_000 });
    assert_eq!(told(1), Backlog { events: 1, oldest_age_ms: 0 }, "what waits behind the batch that is on its way");
    assert_eq!(told(2), Backlog { events: 0, oldest_age_ms: 0 });
}

#[test]
fn a_monotonic_clock_that_breaks_its_promise_stops_nothing() {
    let (mut bench, _) = Bench::start(|_| {});
    bench.grow(1..=1, 600);
    bench.mono_ms = 5;
    bench.step(Input::Timer);
    let sent: usize = (0..12).map(|_| pushes(&bench.after(60_000)).len()).sum();
    assert!(sent > 0);
}

#[test]
fn wrong_wall_clocks_are_told_once() {
    let (mut bench, effects) = Bench::start(|_| {});
    let page = PullPage {
        changes: vec![],
        next_cursor: Cursor("b".into()),
        more: false,
        server_time_ms: 1_785_001_000_000 + 31_536_000_000,
        snapshot: None,
    };
    let no = pull_no(&effects).unwrap();
    let effects = bench.step(Input::PullAnswered { no, page: Box::new(page.clone()) });
    assert!(raised(&effects, Notice::ClockWrong { by_ms: -31_536_000_000 }), "{effects:?}");
    bench.step(Input::StoredPage { no });
    let no = (0..3).find_map(|_| pull_no(&bench.after(15_000))).expect("pulls go on");
    let effects = bench.step(Input::PullAnswered { no, page: Box::new(page) });
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Raise(_))));
}
