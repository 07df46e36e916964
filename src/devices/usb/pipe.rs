//! The pipe of a HID unit, the same for scanners and scales: opened, read one report at a time, freed when it stalls, and the way in
//! for reports to the unit. Must never lose a report that came together with trouble, and never wait without a limit.

use std::time::Duration;

use super::descriptor::{Layout, ReportKind};
use super::hub::{Claimed, Ends, Part, Seat};
use super::transfer::{self, Moved, Stop, Way};
use super::virtual_hid::VirtualHid;
use crate::devices::bay::Bay;
use crate::devices::event::LostReason;
use crate::devices::tap;

/// A device that has just been plugged in gets its rights from the system a moment after it appears.
const RIGHTS_WAIT: Duration = Duration::from_millis(400);
/// Pause after an empty read, so that a unit that only sends empty ones takes no time.
const EMPTY_PAUSE: Duration = Duration::from_millis(5);
/// Stalls in a row after which the unit is opened anew.
const STALLS_MAX: u32 = 3;
/// Longest wait for SET_IDLE to be taken.
const IDLE_WAIT: Duration = Duration::from_millis(500);

/// Why a unit did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It does not know the request.
    Unknown,
    /// It gave no answer in time, or is gone.
    Silent,
}

/// What is behind a pipe: the bus, or a unit that a program moves.
pub(super) trait Wire: Send {
    /// Reads at most one buffer.
    fn read(&mut self, buf: &mut [u8], wait: Duration) -> Moved;
    /// Frees a stalled pipe; whether that worked.
    fn free(&mut self) -> bool;
    /// Sends a whole report.
    fn send(&mut self, kind: ReportKind, id: u8, report: &[u8], wait: Duration) -> Result<(), Refusal>;
    /// Asks for a report; how many bytes of it came.
    fn fetch(&mut self, kind: ReportKind, id: u8, buf: &mut [u8], wait: Duration) -> Result<usize, Refusal>;
    /// Tells the unit to speak only when it has something new.
    fn hush(&mut self, wait: Duration) -> Result<(), Refusal>;
}

/// Where the unit of one of the station's devices is found.
#[derive(Debug)]
pub(crate) enum Socket {
    /// At the computer's USB ports.
    Port(Seat),
    /// In a program's hands.
    Virtual(VirtualHid),
}

/// An open unit.
pub(super) struct Pipe {
    wire: Box<dyn Wire>,
    name: String,
    numbered: bool,
    buf: Vec<u8>,
    stalls: u32,
    /// What ended it, told once the report that came with it was taken.
    lost: Option<LostReason>,
}

impl Socket {
    /// Opens the unit; rights that are still on their way are waited for once.
    pub(super) fn open(&self, bay: &mut Bay) -> Result<(Pipe, Layout), LostReason> {
        match self {
            Self::Port(seat) => {
                let claimed = match seat.open() {
                    Err(LostReason::NotPermitted) if bay.rest(RIGHTS_WAIT) => seat.open(),
                    other => other,
                }?;
                let Part::Hid(_, ends, layout) = claimed.part.clone() else { return Err(LostReason::BadAnswer) };
                let Some((endpoint, packet)) = ends.interrupt_in else { return Err(LostReason::BadAnswer) };
                let name = claimed.name.to_string();
                let bus = Bus { claimed, ends, endpoint };
                Ok((Pipe::new(Box::new(bus), name, &layout, packet), layout))
            }
            Self::Virtual(unit) => {
                let layout = unit.layout();
                Ok((Pipe::new(Box::new(unit.clone()), "virtual".to_owned(), &layout, 64), layout))
            }
        }
    }
}

impl Pipe {
    fn new(wire: Box<dyn Wire>, name: String, layout: &Layout, packet: u16) -> Self {
        let buf = vec![0; read_bytes(layout, packet)];
        Self { wire, name, numbered: layout.numbered, buf, stalls: 0, lost: None }
    }

    /// Who the unit is, for the log.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Waits for one report. Nothing came where that is the time's end, an empty read, or a stall that could be freed.
    pub(super) fn read(&mut self, bay: &mut Bay, wait: Duration) -> Result<Option<&[u8]>, LostReason> {
        if let Some(reason) = self.lost.take() {
            return Err(reason);
        }
        let moved = self.wire.read(&mut self.buf, wait);
        if moved.bytes > 0 {
            self.stalls = 0;
        }
        match moved.stop {
            None if moved.bytes == 0 => {
                bay.rest(EMPTY_PAUSE);
            }
            None | Some(Stop::Time) => {}
            Some(Stop::Stall) => {
                self.stalls += 1;
                if self.stalls > STALLS_MAX || !self.wire.free() {
                    self.lost = Some(LostReason::Io);
                }
            }
            Some(Stop::Lost(reason)) => self.lost = Some(reason),
        }
        if moved.bytes == 0 {
            return self.lost.take().map_or(Ok(None), Err);
        }
        let report = self.buf.get(..moved.bytes).unwrap_or_default();
        tap::heard(report);
        Ok(Some(report))
    }

    /// Sends a report to the unit, given without its id.
    pub(super) fn send(&mut self, kind: ReportKind, id: u8, payload: &[u8], wait: Duration) -> Result<(), Refusal> {
        let report = if self.numbered { [&[id], payload].concat() } else { payload.to_vec() };
        tap::sent(&report);
        self.wire.send(kind, id, &report, wait)
    }

    /// Asks for the unit's present input report.
    pub(super) fn fetch(&mut self, id: u8, wait: Duration) -> Result<&[u8], Refusal> {
        let length = self.wire.fetch(ReportKind::Input, id, &mut self.buf, wait)?;
        let report = self.buf.get(..length).unwrap_or_default();
        tap::heard(report);
        Ok(report)
    }

    /// Tells the unit to speak only when it has something new: some repeat their last report otherwise, which would be a second
    /// scan. Units that do not know the request behave so anyway.
    pub(super) fn hush(&mut self) {
        if self.wire.hush(IDLE_WAIT).is_err() {
            tracing::debug!(unit = %self.name, "the HID device does not take SET_IDLE");
        }
    }
}

/// Bytes that one read must have room for: the longest report in whole packets.
fn read_bytes(layout: &Layout, packet: u16) -> usize {
    let id = usize::from(layout.numbered);
    let reports = layout.fields.iter().filter(|f| f.kind == ReportKind::Input).map(|f| f.report_id);
    let longest = reports.map(|report| layout.payload_bytes(ReportKind::Input, report) + id).max().unwrap_or(0);
    let packet = usize::from(packet).max(8);
    longest.div_ceil(packet).max(1) * packet
}

/// A unit at a USB port (HID 1.11: the interrupt pipes, and the requests of section 7.2).
struct Bus {
    claimed: Claimed,
    ends: Ends,
    endpoint: u8,
}

/// To and from the interface, as class requests.
const TO_INTERFACE: u8 = 0x21;
const FROM_INTERFACE: u8 = 0xa1;
const GET_REPORT: u8 = 0x01;
const SET_REPORT: u8 = 0x09;
const SET_IDLE: u8 = 0x0a;

/// How the two report requests name a report.
fn named(kind: ReportKind, id: u8) -> u16 {
    let kind: u16 = match kind {
        ReportKind::Input => 1,
        ReportKind::Output => 2,
        ReportKind::Feature => 3,
    };
    kind << 8 | u16::from(id)
}

fn refusal(error: rusb::Error) -> Refusal {
    match error {
        rusb::Error::Pipe | rusb::Error::NotSupported => Refusal::Unknown,
        // The next read tells what has become of it.
        rusb::Error::Io
        | rusb::Error::InvalidParam
        | rusb::Error::Access
        | rusb::Error::NoDevice
        | rusb::Error::NotFound
        | rusb::Error::Busy
        | rusb::Error::Timeout
        | rusb::Error::Overflow
        | rusb::Error::Interrupted
        | rusb::Error::NoMem
        | rusb::Error::BadDescriptor
        | rusb::Error::Other => Refusal::Silent,
    }
}

impl Bus {
    fn told(&self, request: u8, value: u16, bytes: &[u8], wait: Duration) -> Result<(), Refusal> {
        let interface = u16::from(self.ends.interface);
        let sent = self.claimed.handle.write_control(TO_INTERFACE, request, value, interface, bytes, wait);
        sent.map(|_| ()).map_err(refusal)
    }
}

impl Wire for Bus {
    fn read(&mut self, buf: &mut [u8], wait: Duration) -> Moved {
        transfer::read(&self.claimed.handle, Way::Interrupt, self.endpoint, buf, wait)
    }

    fn free(&mut self) -> bool {
        self.claimed.handle.clear_halt(self.endpoint).is_ok()
    }

    fn send(&mut self, kind: ReportKind, id: u8, report: &[u8], wait: Duration) -> Result<(), Refusal> {
        // A unit with a pipe of its own for output reports takes them there.
        match (kind, self.ends.interrupt_out) {
            (ReportKind::Output, Some(endpoint)) => {
                let moved = transfer::write(&self.claimed.handle, Way::Interrupt, endpoint, report, wait);
                match moved.stop {
                    None if moved.bytes == report.len() => Ok(()),
                    Some(Stop::Stall) => {
                        // Freed for the next one; it did not want this one.
                        let _ = self.claimed.handle.clear_halt(endpoint);
                        Err(Refusal::Unknown)
                    }
                    None | Some(Stop::Time | Stop::Lost(_)) => Err(Refusal::Silent),
                }
            }
            (ReportKind::Output, None) | (ReportKind::Input | ReportKind::Feature, _) => {
                self.told(SET_REPORT, named(kind, id), report, wait)
            }
        }
    }

    fn fetch(&mut self, kind: ReportKind, id: u8, buf: &mut [u8], wait: Duration) -> Result<usize, Refusal> {
        let interface = u16::from(self.ends.interface);
        let handle = &self.claimed.handle;
        handle.read_control(FROM_INTERFACE, GET_REPORT, named(kind, id), interface, buf, wait).map_err(refusal)
    }

    fn hush(&mut self, wait: Duration) -> Result<(), Refusal> {
        self.told(SET_IDLE, 0, &[], wait)
    }
}
