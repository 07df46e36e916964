//! One transfer over libusb with the count of its bytes. The only unsafe code of this room: `rusb` forgets how many bytes went
//! over when a transfer also ran into its time, and those bytes are half a label, or a scan. Must never wait without a limit.

use std::os::raw::{c_int, c_uchar, c_uint};
use std::time::Duration;

use rusb::ffi::{self, constants};
use rusb::{Context, DeviceHandle};

use crate::devices::event::LostReason;

/// What became of a transfer: bytes that went over, and what stopped it, if anything did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) bytes: usize,
    pub(super) stop: Option<Stop>,
}

/// What stopped a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The time was over; the device is still there.
    Time,
    /// The endpoint stalled.
    Stall,
    /// The device is gone or out of order.
    Lost(LostReason),
}

/// How bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Bulk,
    Interrupt,
}

/// Reads at most one buffer from an endpoint.
pub(super) fn read(handle: &DeviceHandle<Context>, way: Way, endpoint: u8, buf: &mut [u8], timeout: Duration) -> Moved {
    // An endpoint of the other direction would make the library read from the buffer what it should write there.
    transfer(handle, way, endpoint | constants::LIBUSB_ENDPOINT_IN, buf.as_mut_ptr(), buf.len(), timeout)
}

/// Writes one buffer to an endpoint.
pub(super) fn write(handle: &DeviceHandle<Context>, way: Way, endpoint: u8, bytes: &[u8], timeout: Duration) -> Moved {
    let outward = endpoint & !constants::LIBUSB_ENDPOINT_IN;
    transfer(handle, way, outward, bytes.as_ptr().cast_mut(), bytes.len(), timeout)
}

fn transfer(
    handle: &DeviceHandle<Context>,
    way: Way,
    endpoint: u8,
    buf: *mut c_uchar,
    len: usize,
    timeout: Duration,
) -> Moved {
    let mut moved: c_int = 0;
    let Ok(length) = c_int::try_from(len) else {
        return Moved { bytes: 0, stop: Some(Stop::Lost(LostReason::Io)) };
    };
    // Zero would wait for ever.
    let wait_ms = c_uint::try_from(timeout.as_millis()).unwrap_or(c_uint::MAX).max(1);
    let call = match way {
        Way::Bulk => ffi::libusb_bulk_transfer,
        Way::Interrupt => ffi::libusb_interrupt_transfer,
    };
    // SAFETY: the handle lives as long as the borrow; `buf` points to `length` bytes that the callers above borrow for the
    // whole call, mutably where the endpoint's direction is inward, and are only read where it is outward; `moved` outlives
    // the call. The library keeps none of the pointers after it returns: this call waits for the end of its transfer.
    let code = unsafe { call(handle.as_raw(), endpoint, buf, length, &raw mut moved, wait_ms) };
    Moved { bytes: usize::try_from(moved).unwrap_or(0).min(len), stop: stop(code) }
}

fn stop(code: c_int) -> Option<Stop> {
    match code {
        constants::LIBUSB_SUCCESS => None,
        constants::LIBUSB_ERROR_TIMEOUT | constants::LIBUSB_ERROR_INTERRUPTED => Some(Stop::Time),
        constants::LIBUSB_ERROR_PIPE => Some(Stop::Stall),
        constants::LIBUSB_ERROR_ACCESS => Some(Stop::Lost(LostReason::NotPermitted)),
        constants::LIBUSB_ERROR_BUSY => Some(Stop::Lost(LostReason::Busy)),
        // A device that is pulled out in the middle of a read shows as "I/O error" as often as "no device".
        constants::LIBUSB_ERROR_IO | constants::LIBUSB_ERROR_NO_DEVICE => Some(Stop::Lost(LostReason::Disconnected)),
        // The codes are another library's and may grow, so a wildcard is right here.
        _ => Some(Stop::Lost(LostReason::Io)),
    }
}

/// The reason behind an error of `rusb`.
pub(super) fn reason(error: rusb::Error) -> LostReason {
    use rusb::Error as E;
    match error {
        E::Access => LostReason::NotPermitted,
        E::NotFound | E::NoDevice => LostReason::NotFound,
        E::Busy => LostReason::Busy,
        E::Timeout | E::Interrupted => LostReason::Timeout,
        E::BadDescriptor | E::Pipe | E::Overflow => LostReason::BadAnswer,
        E::Io | E::InvalidParam | E::NoMem | E::NotSupported | E::Other => LostReason::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_was_pulled_out_is_gone_whatever_the_library_calls_it() {
        assert_eq!(stop(0), None);
        assert_eq!(stop(constants::LIBUSB_ERROR_TIMEOUT), Some(Stop::Time));
        for code in [constants::LIBUSB_ERROR_IO, constants::LIBUSB_ERROR_NO_DEVICE] {
            assert_eq!(stop(code), Some(Stop::Lost(LostReason::Disconnected)));
        }
        assert_eq!(stop(-99), Some(Stop::Lost(LostReason::Io)));
        assert_eq!(reason(rusb::Error::Access), LostReason::NotPermitted);
        assert_eq!(reason(rusb::Error::Busy), LostReason::Busy);
    }
}
