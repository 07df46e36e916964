//! Blocks of SSCC serial references: given per station and epoch, never twice within a year of shipment.
//!
//! The server counts serials with a number that only grows; the serial itself is that number modulo the size of the
//! prefix' range (GS1 General Specifications: extension digit, company prefix and serial make 17 digits).

use crate::protocol::wire::{BlockId, Epoch, SsccBlockRecord, StationId};

/// Serials of one company prefix and extension digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsccRange {
    /// Extension digit, 0 to 9.
    pub extension: u8,
    /// GS1 company prefix, 4 to 12 digits.
    pub company_prefix: String,
    /// Count of serials ever given; grows for ever.
    pub given: u64,
    /// Every serial with a count below this was last shipped more than a year ago (or never), and no station holds it.
    pub free_below: u64,
}

/// Why no block can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BlockRefusal {
    /// The prefix is not 4 to 12 digits.
    #[error("a GS1 company prefix has 4 to 12 digits; correct it in the site's settings")]
    PrefixInvalid,
    /// Every number was used within the last year.
    #[error("all parcel numbers of this prefix were used within a year; add an extension digit or a prefix")]
    Exhausted,
}

impl SsccRange {
    /// Number of serials: ten to the power of 16 less the prefix' digits.
    ///
    /// # Errors
    /// [`BlockRefusal::PrefixInvalid`].
    pub fn capacity(&self) -> Result<u64, BlockRefusal> {
        let digits = self.company_prefix.len();
        let valid = (4..=12).contains(&digits)
            && self.extension <= 9
            && self.company_prefix.bytes().all(|sign| sign.is_ascii_digit());
        if !valid {
            return Err(BlockRefusal::PrefixInvalid);
        }
        let power = u32::try_from(16 - digits).map_err(|_| BlockRefusal::PrefixInvalid)?;
        Ok(10_u64.pow(power))
    }
}

/// Gives up to `count` serials. The range to write, and the block; a block never runs over the end of the range.
///
/// # Errors
/// [`BlockRefusal`].
pub fn block_grant(
    range: &SsccRange,
    id: BlockId,
    station_id: StationId,
    epoch: Epoch,
    count: u64,
) -> Result<(SsccRange, SsccBlockRecord), BlockRefusal> {
    let capacity = range.capacity()?;
    let first = range.given % capacity;
    let to_end = capacity - first;
    let reusable = range.free_below.saturating_add(capacity).saturating_sub(range.given);
    let count = count.min(to_end).min(reusable);
    if count == 0 {
        return Err(BlockRefusal::Exhausted);
    }
    let block = SsccBlockRecord {
        id,
        station_id,
        epoch,
        extension: range.extension,
        company_prefix: range.company_prefix.clone(),
        first,
        count,
    };
    Ok((SsccRange { given: range.given + count, ..range.clone() }, block))
}

/// Whether a station in `epoch` may draw from the block: any other epoch burnt it, and so does the committed wish for a
/// new one. A restored database does not know what was drawn after its backup, so it must not draw while it waits.
#[must_use]
pub fn block_usable(block: &SsccBlockRecord, station_id: StationId, epoch: Epoch, epoch_wished: bool) -> bool {
    !epoch_wished && block.station_id == station_id && block.epoch == epoch
}

/// The serial after `drawn` were drawn, or none when the block is used up.
#[must_use]
pub const fn block_serial(block: &SsccBlockRecord, drawn: u64) -> Option<u64> {
    if drawn < block.count { Some(block.first + drawn) } else { None }
}

/// Whether the block was given to the station and holds the serial; the epoch is not asked, for a renumbered fact's
/// number was drawn in the epoch before.
#[must_use]
pub fn block_holds(block: &SsccBlockRecord, station_id: StationId, serial: u64) -> bool {
    block.station_id == station_id && serial >= block.first && serial - block.first < block.count
}
