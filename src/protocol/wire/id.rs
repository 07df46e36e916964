//! Names of things on the wire: newtypes over UUIDv7 and over counters that only grow.
//!
//! A UUID here is only compared and carried; its time part is never read, because identity never comes from time.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id as a number; for tests and for deterministic made data.
            #[must_use]
            pub const fn from_u128(value: u128) -> Self {
                Self(Uuid::from_u128(value))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )+};
}

uuid_ids! {
    /// One warehouse; the unit of distribution of the change stream.
    SiteId,
    /// One packing station, as paired; survives a new epoch.
    StationId,
    /// One immutable fact.
    EventId,
    /// One run of the station's operating system; monotonic times compare only within it.
    BootId,
    /// What a customer bought.
    OrderId,
    /// One line of an order.
    OrderLineId,
    /// One unit of warehouse work.
    FulfillmentId,
    /// One line of a fulfillment.
    FulfillmentLineId,
    /// A product.
    ProductId,
    /// A person with a PIN or badge.
    UserId,
    /// A customer.
    CustomerId,
    /// A bin, shelf, tote, put-wall slot or dock.
    LocationId,
    /// A balance of stock.
    StockLevelId,
    /// A kind of box or envelope.
    PackagingId,
    /// A carrier.
    CarrierId,
    /// A number block.
    BlockId,
    /// A use of a serial number.
    SerialUseId,
    /// A return that was asked for.
    ReturnId,
    /// A payment in the ledger.
    PaymentId,
    /// A recall of a lease.
    RecallId,
    /// A cancellation of an order or fulfillment.
    CancelId,
    /// A label that a site lays out itself.
    LabelTemplateId,
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize,
            Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// The next number; stays at the largest one rather than wrapping to a used one.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

counters! {
    /// Life of a station's database, from 1; a restored or cloned database gets a new one.
    Epoch,
    /// Place of an event in its station's epoch: dense, from 1; 0 means "none yet".
    Seq,
    /// Number of a lease; it only grows, per fulfillment.
    Fence,
    /// Number of a lease exchange; it only grows, per station and epoch.
    RequestNo,
}

/// SHA-256 of a file's bytes (photo, picture, badge), 64 lower-case hexadecimal digits on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

/// Text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 must be 64 hexadecimal digits; this has {length} characters or other signs")]
pub struct HashTextError {
    /// Length of the refused text, in bytes.
    pub length: usize,
}

impl ContentHash {
    /// Hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::{Digest, Sha256};
        Self(Sha256::digest(bytes).into())
    }
}

/// 32 bytes as 64 lower-case hexadecimal digits.
pub(crate) fn hex_text(bytes: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

/// Reads 64 hexadecimal digits of either case.
pub(crate) fn hex_bytes(text: &str) -> Result<[u8; 32], HashTextError> {
    let refused = HashTextError { length: text.len() };
    if text.len() != 64 {
        return Err(refused);
    }
    let digit = |byte: u8| DIGITS.get(usize::from(byte)).copied().unwrap_or(NO_DIGIT);
    let mut bytes = [0; 32];
    let mut wrong = 0;
    for (out, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let (high, low) = (digit(pair[0]), digit(pair[1]));
        wrong |= high | low;
        *out = high << 4 | low & 15;
    }
    if wrong & NO_DIGIT == 0 { Ok(bytes) } else { Err(refused) }
}

/// What stands for a sign that is no hexadecimal digit: a bit that no digit has.
const NO_DIGIT: u8 = 128;
/// The value of every byte as a hexadecimal digit of either case: hashes are read by the hundred.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value] as usize] = value as u8;
        digits[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    digits
};

/// Reads 64 hexadecimal digits where they lie.
pub(crate) struct Hex;

impl serde::de::Visitor<'_> for Hex {
    type Value = [u8; 32];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 hexadecimal digits")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<[u8; 32], E> {
        hex_bytes(text).map_err(E::custom)
    }
}

macro_rules! hex_type {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::protocol::wire::id::hex_text(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::protocol::wire::id::HashTextError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::protocol::wire::id::hex_bytes(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::protocol::wire::id::Hex).map(Self)
            }
        }
    };
}
pub(crate) use hex_type;

hex_type!(ContentHash);
