//! Taking changes: pages of full records in commit order behind an opaque cursor.

use super::carrier::CarrierRecord;
use super::fulfillment::FulfillmentRecord;
use super::id::{
    BlockId, CancelId, CarrierId, FulfillmentId, LabelTemplateId, LocationId, OrderId, PackagingId, ProductId,
    RecallId, ReturnId, SerialUseId, SiteId, StockLevelId, UserId,
};
use super::label::LabelTemplateRecord;
use super::lease::{CancelRecord, LeaseRecord, RecallRecord, SsccBlockRecord};
use super::order::OrderRecord;
use super::packaging::PackagingRecord;
use super::place::{LocationRecord, StockLevelRecord};
use super::product::{ProductRecord, SerialUsedRecord};
use super::push::Backlog;
use super::returns::ReturnRecord;
use super::settings::SettingsRecord;
use super::user::UserRecord;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most changes of one page.
pub const PULL_CHANGES_MAX: u32 = 500;
/// Longest cursor, bytes.
pub const CURSOR_BYTES_MAX: usize = 256;

/// Place in the site's change stream; only the server reads it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// `GET /api/v1/sync/pull?protocol=…&limit=…&cursor=…`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// Where the last stored page ended; absent to start with a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Most changes wanted, 1 to [`PULL_CHANGES_MAX`].
    pub limit: u32,
    /// Protocol of the station; decides which kinds it gets, and whether it gets any.
    pub protocol: u32,
    /// What waits at the station to be pushed (`waiting` and `waiting_ms` of the query); absent from one that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<Backlog>,
}

/// One page. It and `next_cursor` land in one transaction of the station, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullPage {
    /// Changes in commit order; a later one of the same record replaces an earlier one.
    pub changes: Vec<Change>,
    /// Where the next page begins.
    pub next_cursor: Cursor,
    /// Whether there is more right now.
    pub more: bool,
    /// Server's wall clock, UTC ms: the "as of" of the stock in this page.
    pub server_time_ms: i64,
    /// Set while the page is part of a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotPart>,
}

/// A snapshot is given in several pages. The station notes `id` on every record written under it; with `last` it
/// drops the server-owned records that carry another id, because the server has them no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPart {
    /// The same on all pages of one snapshot.
    pub id: Uuid,
    /// Whether it ends with this page.
    pub last: bool,
}

/// A record's new state, whole, or its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Put<R, I> {
    /// The record as it is now.
    Upsert(Box<R>),
    /// The record is gone.
    Tombstone {
        /// Its name.
        id: I,
    },
}

macro_rules! changes {
    ($($(#[$doc:meta])* $name:ident($record:ty, $id:ty) = $text:literal;)+) => {
        /// One change of one record that the server owns: everything a station ever learns.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Change {
            $($(#[$doc])* #[serde(rename = $text)] $name(Put<$record, $id>),)+
        }

        /// The kinds of [`Change`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ChangeKind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl ChangeKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The kind as written.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }

        impl Change {
            /// Which kind of record.
            #[must_use]
            pub const fn kind(&self) -> ChangeKind {
                match self { $(Self::$name(_) => ChangeKind::$name),+ }
            }

            /// The record's id.
            #[must_use]
            pub fn id(&self) -> Uuid {
                match self {
                    $(Self::$name(Put::Upsert(record)) => record.id.0,
                      Self::$name(Put::Tombstone { id }) => id.0,)+
                }
            }

            /// Whether it ends its record.
            #[must_use]
            pub const fn is_tombstone(&self) -> bool {
                match self { $(Self::$name(put) => matches!(put, Put::Tombstone { .. })),+ }
            }
        }
    };
}

changes! {
    /// A product with barcodes, tracking, weight and compliance facts.
    Product(ProductRecord, ProductId) = "product";
    /// A person with roles, PIN and badge hashes.
    User(UserRecord, UserId) = "user";
    /// A kind of box or envelope.
    Packaging(PackagingRecord, PackagingId) = "packaging";
    /// A bin, tote or slot, and where it is drawn.
    Location(LocationRecord, LocationId) = "location";
    /// A stock balance as of the page's time.
    StockLevel(StockLevelRecord, StockLevelId) = "stock_level";
    /// An order.
    Order(OrderRecord, OrderId) = "order";
    /// A unit of warehouse work.
    Fulfillment(FulfillmentRecord, FulfillmentId) = "fulfillment";
    /// Who holds a fulfillment now; for display. A lease is *taken* only by a lease answer.
    Lease(LeaseRecord, FulfillmentId) = "lease";
    /// The server asks for an unstarted lease back; a tombstone withdraws the wish.
    Recall(RecallRecord, RecallId) = "recall";
    /// An order or fulfillment was cancelled; a tombstone reinstates it.
    Cancel(CancelRecord, CancelId) = "cancel";
    /// A block of parcel numbers for this station and epoch.
    SsccBlock(SsccBlockRecord, BlockId) = "sscc_block";
    /// The site's settings.
    Settings(SettingsRecord, SiteId) = "settings";
    /// A carrier with services and cut-offs.
    Carrier(CarrierRecord, CarrierId) = "carrier";
    /// A serial number that a parcel used.
    SerialUsed(SerialUsedRecord, SerialUseId) = "serial_used";
    /// A return that is on its way; a tombstone: it is over.
    Return(ReturnRecord, ReturnId) = "return";
    /// A label that the site lays out itself; a tombstone: the bundled one holds again.
    LabelTemplate(LabelTemplateRecord, LabelTemplateId) = "label_template";
}
