//! The disk reserve: how much room there is for the station's data, and what is refused when it becomes little, in words that say what
//! to do. New work goes first and photos later, so that what is begun can be finished before a commit fails. It never stops a fact.

use super::{Engine, input::Effect};
use crate::core::message::Message;
use crate::core::signal::SoundName;

const MIB: u64 = 1_024 * 1_024;
/// Room below which nothing new is begun, bytes: the write-ahead log, a copy before an update and a day's photos fit into it.
pub const WORK_BYTES_MIN: u64 = 256 * MIB;
/// Room below which no photo is taken, bytes.
pub const PHOTO_BYTES_MIN: u64 = 128 * MIB;

/// The disk that the station's data lies on.
pub trait Disk: std::fmt::Debug + Send + Sync {
    /// What this user may still write there, bytes; none where nobody knows, and then nothing is refused.
    fn free_bytes(&self) -> Option<u64>;
}

/// A disk that nobody can ask.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnknownDisk;

impl Disk for UnknownDisk {
    fn free_bytes(&self) -> Option<u64> {
        None
    }
}

impl Engine {
    /// Refuses new work aloud if there is no room for it.
    pub(super) fn refuses_work(&mut self) -> bool {
        self.refuses(WORK_BYTES_MIN, "disk-low-work")
    }

    /// Asks for a photo, or refuses it aloud if there is no room for it.
    pub(super) fn take_photo(&mut self, photo: Effect) {
        if !self.refuses(PHOTO_BYTES_MIN, "disk-low-photo") {
            self.out.push(photo);
        }
    }

    fn refuses(&mut self, bytes_min: u64, detail: &'static str) -> bool {
        let Some(free) = self.config.disk.free_bytes().filter(|free| *free < bytes_min) else { return false };
        tracing::warn!(free_mib = free / MIB, needed_mib = bytes_min / MIB, "the disk is nearly full");
        self.refuse_plain(Message::new("disk-low"), Some(Message::new(detail)), SoundName::Stop);
        true
    }
}
