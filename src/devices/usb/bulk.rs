//! The bulk pipes of a printer at a USB port, for label and receipt printers alike: bytes out, counted, while its port is looked at, and
//! what it answers. Must never say less than the bytes that are with the printer, and never wait without a limit.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::CONTROL_WAIT;
use super::hub::{Claimed, Ends, Part, Seat};
use super::port_status::{self, Speaks};
use super::transfer::{self, Moved, Stop, Way, reason};
use crate::devices::event::LostReason;
use crate::devices::printer::{NotReady, PrintFailure, Progress};
use crate::devices::tap;

/// Bytes handed over at a time.
const CHUNK: usize = 16 * 1024;
/// A write that takes longer makes the port be looked at: an empty roll is the usual reason.
const SLICE: Duration = Duration::from_millis(500);
/// Bytes of a device id, at most.
const DEVICE_ID_MAX: usize = 1_024;
/// Room for one read: less than a whole packet of the fastest bus would be an error, not a part.
const PACKET: usize = 1_024;

/// A claimed printer.
pub(crate) struct Bulk {
    claimed: Claimed,
    ends: Ends,
    out: u8,
    /// What came and was not asked for yet.
    unread: VecDeque<u8>,
}

impl Bulk {
    /// Claims the printer of a place.
    pub(crate) fn open(seat: &Seat) -> Result<Self, LostReason> {
        let claimed = seat.open()?;
        let Part::Printer(ends) = claimed.part.clone() else { return Err(LostReason::BadAnswer) };
        let out = ends.bulk_out.ok_or(LostReason::BadAnswer)?;
        tracing::info!(unit = %claimed.name, "a USB printer is in use");
        Ok(Self { claimed, ends, out, unread: VecDeque::new() })
    }

    /// Whether it can answer at all.
    pub(super) fn answers(&self) -> bool {
        self.ends.bulk_in.is_some()
    }

    /// What the printer says it understands; one that says nothing is taken for a label printer.
    pub(super) fn device_id(&self) -> Speaks {
        let mut buf = [0u8; DEVICE_ID_MAX];
        let index = u16::from(self.ends.interface) << 8 | u16::from(self.ends.setting);
        match self.claimed.handle.read_control(0xa1, 0x00, 0, index, &mut buf, CONTROL_WAIT) {
            Ok(length) => port_status::speaks(buf.get(2..length).unwrap_or_default()),
            Err(error) => {
                tracing::debug!(%error, "the printer tells no device id");
                Speaks::default()
            }
        }
    }

    /// What its port says.
    pub(crate) fn port(&self) -> Result<Option<NotReady>, LostReason> {
        let mut byte = [0u8; 1];
        let interface = u16::from(self.ends.interface);
        match self.claimed.handle.read_control(0xa1, 0x01, 0, interface, &mut byte, CONTROL_WAIT) {
            Ok(1) => Ok(port_status::not_ready(byte[0])),
            // A printer that does not know the question says nothing against printing.
            Ok(_) | Err(rusb::Error::Pipe) => Ok(None),
            Err(rusb::Error::Io | rusb::Error::NoDevice) => Err(LostReason::Disconnected),
            Err(error) => Err(reason(error)),
        }
    }

    /// Hands a question over; `false` when it takes nothing now.
    pub(crate) fn ask(&mut self, question: &[u8]) -> Result<bool, LostReason> {
        tap::sent(question);
        match transfer::write(&self.claimed.handle, Way::Bulk, self.out, question, SLICE).stop {
            None => Ok(true),
            Some(Stop::Lost(reason)) => Err(reason),
            Some(Stop::Time | Stop::Stall) => Ok(false),
        }
    }

    /// Bytes that come within `wait`; none is no failure.
    pub(crate) fn read(&mut self, buf: &mut [u8], wait: Duration) -> Result<usize, LostReason> {
        if self.unread.is_empty() {
            let Some(inward) = self.ends.bulk_in else { return Ok(0) };
            let mut packet = [0u8; PACKET];
            let Moved { bytes, stop } = transfer::read(&self.claimed.handle, Way::Bulk, inward, &mut packet, wait);
            let came = packet.get(..bytes).unwrap_or_default();
            tap::heard(came);
            self.unread.extend(came);
            match stop {
                None | Some(Stop::Time) => {}
                Some(Stop::Stall) => {
                    // Freed for the next answer; there is none now.
                    let _ = self.claimed.handle.clear_halt(inward);
                }
                Some(Stop::Lost(reason)) if bytes == 0 => return Err(reason),
                // The next read tells it.
                Some(Stop::Lost(_)) => {}
            }
        }
        let n = self.unread.len().min(buf.len());
        for (place, byte) in buf.iter_mut().zip(self.unread.drain(..n)) {
            *place = byte;
        }
        Ok(n)
    }

    /// Throws away what is left of a torn job, so that the next one does not begin inside it.
    pub(crate) fn mend(&self) {
        let interface = u16::from(self.ends.interface);
        if let Err(error) = self.claimed.handle.write_control(0x21, 0x02, 0, interface, &[], CONTROL_WAIT) {
            tracing::debug!(%error, "the printer does not take SOFT_RESET");
        }
    }

    /// Hands everything over, or says how many bytes the printer took before it failed.
    pub(crate) fn send(
        &self,
        bytes: &[u8],
        stuck_after: Duration,
        progress: &mut dyn Progress,
    ) -> Result<(), (PrintFailure, usize)> {
        let mut sent = 0;
        let mut moved_at = Instant::now();
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            let part = rest.get(..CHUNK).unwrap_or(rest);
            let moved = transfer::write(&self.claimed.handle, Way::Bulk, self.out, part, SLICE);
            sent += moved.bytes;
            if moved.bytes > 0 {
                moved_at = Instant::now();
            }
            match moved.stop {
                None => continue,
                Some(Stop::Lost(_)) => return Err((PrintFailure::CutMidJob, sent)),
                Some(Stop::Time) => {}
                Some(Stop::Stall) => {
                    if self.claimed.handle.clear_halt(self.out).is_err() {
                        return Err((PrintFailure::CutMidJob, sent));
                    }
                }
            }
            match self.port() {
                Ok(Some(why)) => return Err((PrintFailure::NotReady(why), sent)),
                Err(_) => return Err((PrintFailure::CutMidJob, sent)),
                Ok(None) if moved_at.elapsed() >= stuck_after => return Err((PrintFailure::Stuck, sent)),
                Ok(None) => {}
            }
            if !progress.rest(Duration::from_millis(1)) {
                return Err((PrintFailure::Stuck, sent));
            }
        }
        Ok(())
    }
}
