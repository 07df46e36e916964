//! Serde types of the wire, version by version, shared by station and server.
//!
//! Rules of this room, kept by the golden samples of the tests:
//! - A field is never renamed, removed or given another meaning; a new one has a default.
//! - Readers ignore unknown fields. Enums that the *server* sends in answers end in an `Other` case where an old
//!   station can live without knowing the value; enums of records do not, so a server sends a record or a
//!   value only to a protocol that knows it ([`version::change_known`]).
//! - Instants are UTC milliseconds (`_ms`), local days are [`money::LocalDate`], mass is grams, length is millimetres,
//!   money is minor units. No floats.
//! - Nothing here decides anything: this room is data, hashes and limits only.

pub mod carrier;
pub mod epoch;
pub mod event;
pub mod fulfillment;
pub mod id;
pub mod label;
pub mod layout;
pub mod lease;
pub mod money;
pub mod order;
pub mod packaging;
pub mod pairing;
pub mod photo;
pub mod place;
pub mod problem;
pub mod product;
pub mod pull;
pub mod push;
pub mod returns;
pub mod settings;
pub mod user;
pub mod version;

pub use carrier::{CarrierRecord, CarrierService, Cutoff, LabelSource, Weekday};
pub use epoch::{EpochGrant, EpochReason, EpochRequest};
pub use event::{EventEnvelope, EventHash, Payload, chain_verify};
pub use fulfillment::{FulfillmentRecord, FulfillmentStatus};
pub use id::*;
pub use label::LabelTemplateRecord;
pub use lease::{
    CancelRecord, HaveLease, LeaseAnswer, LeaseGrant, LeaseLoss, LeaseLossReason, LeaseRecord, LeaseRequest,
    LeaseReturn, RecallRecord, ReturnReason, SsccBlockRecord, TakeoverAnswer, TakeoverRequest,
};
pub use money::{Dims, LocalDate, Money};
pub use order::OrderRecord;
pub use packaging::PackagingRecord;
pub use pairing::{KnownStation, PairingAnswer, PairingRequest};
pub use photo::{PhotoAnswer, PhotoState};
pub use place::{LocationRecord, StockLevelRecord};
pub use problem::{Problem, ProblemCode};
pub use product::{ProductRecord, SerialUsedRecord};
pub use pull::{Change, ChangeKind, Cursor, PullPage, PullRequest, Put, SnapshotPart};
pub use push::{Backlog, EventOutcome, ForkReason, Outcome, PushAnswer, PushRequest, RejectCode};
pub use returns::{ReturnGrade, ReturnLine, ReturnRecord, ReturnUnit};
pub use settings::SettingsRecord;
pub use user::{Permission, Role, UserRecord};
pub use version::{PROTOCOL, PROTOCOL_PULL_MIN};
