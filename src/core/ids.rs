//! Identities. Each kind of thing has its own type, so that an order's id cannot be passed where a
//! parcel's is meant. Ids are UUIDs made elsewhere (version 7 for what happens, deterministic for
//! what is imported); this file never makes one up.

use std::fmt;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )* };
}

id! {
    /// What a customer bought.
    OrderId;
    /// One unit of warehouse work for an order.
    FulfillmentId;
    /// A thing that is kept in stock, or a service that is only billed.
    ProductId;
    /// A kind of box or envelope.
    PackagingId;
    /// Units that a customer was asked to send back.
    ReturnId;
    /// A person who works here.
    UserId;
    /// A packing post.
    StationId;
    /// An immutable fact.
    EventId;
    /// One gesture of a scanner: two scans of identical units have two, an echo has the same.
    GestureId;
}

/// One box or envelope that leaves. Parcels are numbered within their fulfillment from 1, so a
/// station names a new one without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParcelRef {
    /// The work the parcel belongs to.
    pub fulfillment: FulfillmentId,
    /// 1, 2, 3 … within the fulfillment.
    pub no: u16,
}

/// Position of a line in its order, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineNo(pub u32);

/// SHA-256 of a photo's bytes: its name, wherever it is stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoHash(pub [u8; 32]);

impl fmt::Display for PhotoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for PhotoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhotoHash({self})")
    }
}
