//! Photos: files named by their content, sent in parts that go on where the last one ended.
//!
//! - `HEAD /api/v1/photos/{hash}` answers 200 with `Upload-Offset` (bytes stored) and `Upload-Complete: ?0` or `?1`; 404
//!   means zero bytes.
//! - `PUT /api/v1/photos/{hash}` with `Content-Range: bytes FIRST-LAST/TOTAL` appends one part. `FIRST` must equal the
//!   stored offset: a part that was stored already, whole or in parts, is answered with the present [`PhotoAnswer`]
//!   (no error), a part that would leave a hole with problem `offset_mismatch`.
//! - When the last byte is there the server compares the hash. A difference drops the file and answers
//!   `hash_mismatch`; the station starts again at 0, a few times, then asks a person.
//! - A complete file is immutable: putting it again changes nothing and answers `complete`.

use super::id::ContentHash;
use serde::{Deserialize, Serialize};

/// Largest photo, bytes.
pub const PHOTO_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Largest part of one `PUT`, bytes.
pub const PHOTO_PART_BYTES_MAX: u64 = 256 * 1024;

/// Answer to `PUT` (and what `HEAD` says in headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoAnswer {
    /// Which file.
    pub hash: ContentHash,
    /// Bytes stored; the next part starts here.
    pub offset: u64,
    /// What became of it.
    pub state: PhotoState,
}

/// What became of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// More bytes are wanted.
    Partial,
    /// Whole, and its hash is right.
    Complete,
    /// Erased on a person's demand: never wanted again.
    Erased,
    /// A state of a newer server.
    #[serde(other)]
    Other,
}

/// Whether a part may be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartPlan {
    /// Skip this many bytes of the part, append the rest.
    Append {
        /// Bytes of the part that are stored already.
        skip: u64,
    },
    /// All of it is stored: answer the present offset.
    Stored,
    /// It would leave a hole: answer `offset_mismatch`.
    Hole,
    /// It contradicts the total, is empty or too large: answer `bad_request`.
    Nonsense,
}

/// The server's rule for a part `first..first + length` of a file of `total` bytes when `stored` bytes are there.
#[must_use]
pub const fn part_plan(stored: u64, total: u64, first: u64, length: u64) -> PartPlan {
    let Some(end) = first.checked_add(length) else {
        return PartPlan::Nonsense;
    };
    if length == 0 || length > PHOTO_PART_BYTES_MAX || end > total || total > PHOTO_BYTES_MAX {
        PartPlan::Nonsense
    } else if first > stored {
        PartPlan::Hole
    } else if end <= stored {
        PartPlan::Stored
    } else {
        PartPlan::Append { skip: stored - first }
    }
}
