//! What happens to the sync machine, and what it wants done: two closed lists.

use super::lease::HeldLease;
use super::plan::{OutboxEntry, Span};
use crate::protocol::wire::{
    BootId, ContentHash, Cursor, Epoch, EpochGrant, EpochReason, EpochRequest, EventId, ForkReason, FulfillmentId,
    HaveLease, LeaseAnswer, LeaseGrant, LeaseLoss, LeaseRequest, LeaseReturn, PhotoAnswer, ProblemCode, PullPage,
    PushAnswer, RejectCode, Seq, SsccBlockRecord, UserId,
};
use uuid::Uuid;

/// The moment of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Monotonic clock that counts suspended time, ms.
    pub mono_ms: u64,
    /// Wall clock, UTC ms.
    pub wall_ms: i64,
    /// The run of the operating system.
    pub boot_id: BootId,
    /// A fresh random number.
    pub random: u64,
}

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// Events out.
    Push,
    /// Changes in.
    Pull,
    /// Leases.
    Lease,
    /// Photos out.
    Photo,
    /// A new epoch.
    Epoch,
}

/// Why a request brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No connection, or it broke.
    Unreachable,
    /// It took too long.
    TimedOut,
    /// The answer could not be read.
    Garbled,
    /// The server refused it with a problem.
    Refused {
        /// Its code.
        code: ProblemCode,
        /// When it asks to come again, ms.
        retry_after_ms: Option<u64>,
    },
    /// The station's own disk refused to store what came.
    NotStored,
}

/// A photo to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhotoJob {
    /// Which file.
    pub hash: ContentHash,
    /// Its size.
    pub bytes: u64,
}

/// A wish for a new epoch; the store keeps it until the epoch is adopted.
///
/// From the commit of the wish to the adoption the station begins no work and draws no parcel number: its leases and
/// blocks may be someone else's by now. It may finish what needs neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochWish {
    /// Identity of the wish, made once, sent with every try.
    pub nonce: Uuid,
    /// Why.
    pub reason: EpochReason,
    /// The lead who decided it, where a person had to.
    pub by: Option<UserId>,
}

/// Why pushing stopped. Only a new epoch ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// Two histories share the epoch: a lead must look before a new one is asked for.
    Forked,
    /// The server asks for events that are not here: a lead must look as well.
    EventsMissing,
    /// A new epoch is asked for.
    NewEpoch,
}

/// A lease given up, to be told to the server after the facts that belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returning {
    /// What to tell.
    pub back: LeaseReturn,
    /// Last event that was committed when the lease was given up. Until the server has it, the lease is still named
    /// as held and begun: otherwise the server could grant the work anew before it hears that it is done.
    pub after_seq: Seq,
}

/// What the store knows when the program starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restart {
    /// Life of the database.
    pub epoch: Epoch,
    /// Counts the program's starts; the store raises and commits it before every start.
    pub start_no: u32,
    /// Last event the server confirmed.
    pub pushed: Seq,
    /// Events after it, folded by [`super::spans`].
    pub outbox: Vec<Span>,
    /// Where the last stored page ended.
    pub cursor: Option<Cursor>,
    /// Leases held.
    pub leases: Vec<HeldLease>,
    /// Leases given up that the server has not confirmed.
    pub returning: Vec<Returning>,
    /// Photos not yet sent, oldest first, at most [`super::PHOTOS_QUEUED_MAX`].
    pub photos: Vec<PhotoJob>,
    /// A wish for a new epoch: from before, or because the store found itself restored or cloned.
    pub epoch_wish: Option<EpochWish>,
    /// Pushing had stopped before, and no lead has asked for a new epoch yet.
    pub halt: Option<Halt>,
    /// Fulfillments packed per hour lately.
    pub rate_per_hour: u32,
    /// Most unstarted leases, from the site's settings.
    pub leases_max: u32,
    /// Parcel numbers left.
    pub sscc_left: u64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The program started; everything before is forgotten.
    Restarted(Box<Restart>),
    /// The armed timer went off (too early or too late does no harm).
    Timer,
    /// The outbox has more events, in order, committed.
    OutboxGrew {
        /// Epoch they are numbered in.
        epoch: Epoch,
        /// The events.
        entries: Vec<OutboxEntry>,
    },
    /// The outbox was read again, as [`Effect::ReloadOutbox`] asked.
    OutboxReloaded {
        /// Epoch they are numbered in.
        epoch: Epoch,
        /// Last event before the first span.
        before: Seq,
        /// All events after it.
        outbox: Vec<Span>,
    },
    /// Answer to [`Effect::SendPush`].
    PushAnswered {
        /// Number of the effect.
        no: u64,
        /// The answer.
        answer: Box<PushAnswer>,
    },
    /// Answer to [`Effect::SendPull`].
    PullAnswered {
        /// Number of the effect.
        no: u64,
        /// The page.
        page: Box<PullPage>,
    },
    /// The page of [`Effect::StorePage`] and its cursor are on the disk.
    StoredPage {
        /// Number of the effect.
        no: u64,
    },
    /// Answer to [`Effect::SendLease`].
    LeaseAnswered {
        /// Number of the effect.
        no: u64,
        /// The answer.
        answer: Box<LeaseAnswer>,
    },
    /// The change of [`Effect::StoreLeases`] is on the disk.
    StoredLeases {
        /// Number of the effect.
        no: u64,
    },
    /// Work under a lease began, committed.
    LeaseBegun {
        /// What.
        fulfillment: FulfillmentId,
    },
    /// The station gave a lease up, committed: packed, recalled, handed back, cancelled.
    LeaseEnded(Returning),
    /// The station's own rate changed, or the site's limit, or the numbers left.
    Supply {
        /// Fulfillments packed per hour lately.
        rate_per_hour: u32,
        /// Most unstarted leases.
        leases_max: u32,
        /// Parcel numbers left.
        sscc_left: u64,
    },
    /// A photo is on the disk and its event committed.
    PhotoQueued(PhotoJob),
    /// Photos not yet sent, oldest first, as [`Effect::LoadPhotos`] asked.
    PhotosLoaded(Vec<PhotoJob>),
    /// Answer to [`Effect::SendPhoto`].
    PhotoAnswered {
        /// Number of the effect.
        no: u64,
        /// The answer.
        answer: PhotoAnswer,
    },
    /// That pushing stopped, as [`Notice::Forked`] or [`Notice::EventsMissing`] told, is committed: a restart knows it.
    HaltStored,
    /// A person, or the store, wants a new epoch; the wish is committed.
    EpochWanted(EpochWish),
    /// Answer to [`Effect::SendEpoch`].
    EpochAnswered {
        /// Number of the effect.
        no: u64,
        /// The grant.
        grant: EpochGrant,
    },
    /// The outbox is renumbered in the new epoch, leases and blocks of the old one are dropped, committed.
    EpochAdopted {
        /// The new epoch.
        epoch: Epoch,
        /// Unsynced events, numbered from 1.
        outbox: Vec<Span>,
    },
    /// A request failed, or what it brought could not be stored.
    Failed {
        /// Which kind.
        link: Link,
        /// Number of its effect.
        no: u64,
        /// Why.
        failure: Failure,
    },
    /// The server hints that there is something to pull (server-sent event), or the network came up.
    NetworkHint,
    /// The wall clock jumped against the monotonic one.
    ClockJumped {
        /// By how much, ms.
        delta_ms: i64,
    },
    /// The server does not know the token any more.
    TokenRevoked,
    /// The station was paired again.
    TokenReplaced,
}

/// What a lease answer changes, for one transaction of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseChange {
    /// New or renewed leases: upsert by fulfillment; `begun` of a stored one stays.
    pub put: Vec<HeldLease>,
    /// The grants behind `put`, for the invoice numbers.
    pub grants: Vec<LeaseGrant>,
    /// Leases that are no more. Unstarted: drop. Begun: finish the parcel, begin none, tell the packer.
    pub lost: Vec<LeaseLoss>,
    /// Unstarted leases that the server wants back: give back those that are still unstarted.
    pub recalled: Vec<HaveLease>,
    /// Returns that the server has confirmed: forget them.
    pub returned: Vec<LeaseReturn>,
    /// Number blocks: insert those not known.
    pub sscc_blocks: Vec<SsccBlockRecord>,
}

/// An event whose effect the server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejection {
    /// Its number.
    pub seq: Seq,
    /// Its identity.
    pub id: EventId,
    /// Why.
    pub code: RejectCode,
}

/// What to do. What concerns the store is done in the order given, each in one transaction, and may come twice.
/// Sends carry a number that the answer must bring back; answers to other numbers are ignored.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read these events from the outbox and push them.
    SendPush {
        /// Number of this effect.
        no: u64,
        /// Epoch.
        epoch: Epoch,
        /// First event.
        from_seq: Seq,
        /// Last event.
        to_seq: Seq,
    },
    /// Pull a page.
    SendPull {
        /// Number of this effect.
        no: u64,
        /// Where to go on.
        cursor: Option<Cursor>,
        /// Most changes.
        limit: u32,
    },
    /// Send a lease exchange.
    SendLease {
        /// Number of this effect.
        no: u64,
        /// The request.
        request: Box<LeaseRequest>,
    },
    /// Send the part of a photo that starts at `offset`, at most `PHOTO_PART_BYTES_MAX`.
    SendPhoto {
        /// Number of this effect.
        no: u64,
        /// Which.
        photo: PhotoJob,
        /// First byte.
        offset: u64,
    },
    /// Ask for a new epoch.
    SendEpoch {
        /// Number of this effect.
        no: u64,
        /// The request.
        request: Box<EpochRequest>,
    },
    /// Store page and cursor in one transaction, then [`Input::StoredPage`].
    StorePage {
        /// Number of this effect.
        no: u64,
        /// The page.
        page: Box<PullPage>,
    },
    /// Store the change in one transaction, then [`Input::StoredLeases`].
    StoreLeases {
        /// Number of this effect.
        no: u64,
        /// The change.
        change: Box<LeaseChange>,
    },
    /// Commit that the server has all events up to `upto`, and which effects it refused.
    MarkPushed {
        /// Epoch; ignore if the store has left it.
        epoch: Epoch,
        /// Last event.
        upto: Seq,
        /// Refused effects, for the exceptions screen.
        rejected: Vec<Rejection>,
    },
    /// Commit that the server has the photo (or never wants it).
    MarkPhotoDone {
        /// Which.
        hash: ContentHash,
    },
    /// In one transaction: renumber all unsynced events from 1 in this epoch with a new chain (same ids), drop leases,
    /// returns and number blocks of older epochs, forget the wish; then [`Input::EpochAdopted`].
    AdoptEpoch {
        /// The new epoch.
        epoch: Epoch,
    },
    /// Read the outbox from this event on, sent ones too; then [`Input::OutboxReloaded`].
    ReloadOutbox {
        /// First event wanted.
        from_seq: Seq,
    },
    /// Read the photos not yet sent; then [`Input::PhotosLoaded`].
    LoadPhotos,
    /// Tell a person. That pushing stopped is committed first, and answered by [`Input::HaltStored`].
    Raise(Notice),
    /// Step with [`Input::Timer`] at this moment of the monotonic clock; replaces the timer before. Part of every step.
    ArmTimer {
        /// When, ms.
        at_mono_ms: u64,
    },
}

/// Something a person should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Two histories share the epoch; pushing stopped. A lead starts a new epoch.
    Forked {
        /// First event that was refused.
        seq: Seq,
        /// What differs.
        reason: ForkReason,
    },
    /// The server lacks events that it had confirmed (it was restored); they are sent again.
    ServerRewound {
        /// What it asks for.
        expected: Seq,
    },
    /// The server asks for events that this station has purged; pushing stopped.
    EventsMissing {
        /// What it asks for.
        expected: Seq,
    },
    /// The token is revoked; work goes on with what is here.
    TokenRevoked,
    /// The software is too old to pull; it can still push.
    UpdateNeeded,
    /// A photo cannot be sent.
    PhotoStuck {
        /// Which.
        hash: ContentHash,
    },
    /// The wall clock is wrong by more than five minutes against the server (or jumped).
    ClockWrong {
        /// Station minus server, or the jump, ms.
        by_ms: i64,
    },
    /// The server answers what makes no sense.
    ServerNonsense {
        /// On which kind of request.
        link: Link,
    },
    /// The server's copy of the change stream is another one: everything is pulled again.
    PullRestarted,
    /// The station works in a new epoch.
    EpochStarted {
        /// Which.
        epoch: Epoch,
    },
}

/// What one kind of request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPhase {
    /// Nothing to do, or free to start.
    Idle,
    /// A request is out.
    InFlight,
    /// An answer is being stored.
    Storing,
    /// Waits after failures.
    BackingOff {
        /// Failures in a row.
        failures: u32,
        /// Time left, ms.
        left_ms: u64,
    },
}

/// What the status bar shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncStatus {
    /// Events out.
    pub push: LinkPhase,
    /// Changes in.
    pub pull: LinkPhase,
    /// Leases.
    pub lease: LinkPhase,
    /// Photos.
    pub photo: LinkPhase,
    /// Events that the server has not confirmed.
    pub unsynced: u64,
    /// Age of the oldest of them, ms.
    pub oldest_unsynced_ms: Option<u64>,
    /// Photos not yet sent, as far as loaded.
    pub photos_waiting: usize,
    /// Why pushing stopped, until a new epoch.
    pub halt: Option<Halt>,
    /// The token is revoked.
    pub token_revoked: bool,
    /// The software is too old to pull.
    pub update_needed: bool,
    /// Time since the server last answered anything, ms.
    pub silent_ms: Option<u64>,
    /// Station's wall clock minus the server's at the last page, ms.
    pub clock_skew_ms: Option<i64>,
}
