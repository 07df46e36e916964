//! The byte line under serial scanners and scales: settings, the transport trait and its serial-port form. Must never
//! know a protocol.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::access;
use super::event::LostReason;
use super::tap;

/// Data bits of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataBits {
    /// 7 bits.
    Seven,
    /// 8 bits.
    Eight,
}

/// Parity bit of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Even parity.
    Even,
    /// Odd parity.
    Odd,
}

/// Stop bits of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopBits {
    /// One stop bit.
    One,
    /// Two stop bits.
    Two,
}

/// How a serial line talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineSettings {
    /// Bits per second, 300 to 921,600.
    pub baud: u32,
    /// Data bits.
    pub data_bits: DataBits,
    /// Parity.
    pub parity: Parity,
    /// Stop bits.
    pub stop_bits: StopBits,
}

impl LineSettings {
    /// 8 data bits, no parity, 1 stop bit at `baud`.
    #[must_use]
    pub const fn n81(baud: u32) -> Self {
        Self { baud, data_bits: DataBits::Eight, parity: Parity::None, stop_bits: StopBits::One }
    }

    /// 7 data bits, even parity, 1 stop bit at `baud`.
    #[must_use]
    pub const fn e71(baud: u32) -> Self {
        Self { baud, data_bits: DataBits::Seven, parity: Parity::Even, stop_bits: StopBits::One }
    }
}

/// A connected byte line.
pub(crate) trait Line: Send {
    /// Waits at most `timeout` for bytes; `Ok(0)` means that nothing came.
    fn read(&mut self, buf: &mut [u8], timeout: Duration) -> Result<usize, LostReason>;
    /// Writes all bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), LostReason>;
}

/// Where lines come from; asked again after each loss.
pub(crate) trait LineSource: Send {
    /// Connects.
    fn open(&mut self) -> Result<Box<dyn Line>, LostReason>;
    /// Whether the line was not there at the last [`LineSource::open`] and is there now.
    fn returned(&self) -> bool {
        false
    }
}

/// A serial port by path.
#[derive(Debug)]
pub(crate) struct SerialSource {
    path: PathBuf,
    settings: LineSettings,
    missing: bool,
}

impl SerialSource {
    pub(crate) fn new(path: &Path, settings: LineSettings) -> Self {
        Self { path: path.to_path_buf(), settings, missing: false }
    }

    /// How it is spoken over from the next opening on.
    pub(crate) fn set(&mut self, settings: LineSettings) {
        self.settings = settings;
    }
}

/// Longest wait for a write; a device that stops reading is taken as lost.
const WRITE_TIMEOUT: Duration = Duration::from_millis(1_000);

/// The file of a port, named by its path, a pattern, or the USB device behind it; none while that is not there.
pub(crate) fn resolve(path: &Path) -> Option<PathBuf> {
    super::usb::tty::resolve(path).ok().and_then(|path| access::resolve(&path))
}

impl LineSource for SerialSource {
    fn open(&mut self) -> Result<Box<dyn Line>, LostReason> {
        // Looked up anew each time: a device that returns under another name is behind the same stable path, or pattern.
        let found = resolve(&self.path);
        self.missing = found.is_none();
        let found = found.ok_or(LostReason::NotFound)?;
        // The system stops neither an administrator nor a program that asked for no lock, and two readers share the bytes:
        // each gets half of a code.
        if !access::holders(&found).is_empty() {
            return Err(LostReason::Busy);
        }
        // Paths are asked for as text by the port library; a path that is no text cannot be opened.
        let path = found.to_str().ok_or(LostReason::NotFound)?;
        let port = serialport::new(path, self.settings.baud)
            .data_bits(match self.settings.data_bits {
                DataBits::Seven => serialport::DataBits::Seven,
                DataBits::Eight => serialport::DataBits::Eight,
            })
            .parity(match self.settings.parity {
                Parity::None => serialport::Parity::None,
                Parity::Even => serialport::Parity::Even,
                Parity::Odd => serialport::Parity::Odd,
            })
            .stop_bits(match self.settings.stop_bits {
                StopBits::One => serialport::StopBits::One,
                StopBits::Two => serialport::StopBits::Two,
            })
            .flow_control(serialport::FlowControl::None)
            .timeout(WRITE_TIMEOUT)
            .open()
            .map_err(|error| open_reason(&error))?;
        // Bytes from before the start are no gesture of now; a pseudo-terminal may not know the call, which is harmless.
        if let Err(error) = port.clear(serialport::ClearBuffer::Input) {
            tracing::debug!(%error, "the serial line could not be emptied");
        }
        Ok(Box::new(SerialLine { port }))
    }

    fn returned(&self) -> bool {
        self.missing && resolve(&self.path).is_some()
    }
}

fn open_reason(error: &serialport::Error) -> LostReason {
    match error.kind() {
        serialport::ErrorKind::Io(kind) => LostReason::from_io(kind),
        // The library says "no device" for a port that another program holds exclusively; a missing path is `NotFound`.
        serialport::ErrorKind::NoDevice => LostReason::Busy,
        serialport::ErrorKind::InvalidInput | serialport::ErrorKind::Unknown => LostReason::Io,
    }
}

struct SerialLine {
    port: Box<dyn serialport::SerialPort>,
}

impl Line for SerialLine {
    fn read(&mut self, buf: &mut [u8], timeout: Duration) -> Result<usize, LostReason> {
        self.port.set_timeout(timeout).map_err(|error| open_reason(&error))?;
        match self.port.read(buf) {
            Ok(0) => Err(LostReason::Disconnected),
            Ok(n) => {
                tap::heard(buf.get(..n).unwrap_or_default());
                Ok(n)
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                Ok(0)
            }
            Err(error) => Err(vanished(error.kind())),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LostReason> {
        tap::sent(bytes);
        self.port.set_timeout(WRITE_TIMEOUT).map_err(|error| open_reason(&error))?;
        self.port.write_all(bytes).map_err(|error| vanished(error.kind()))
    }
}

/// A line that worked and then fails was unplugged, whatever word the system has for it.
fn vanished(kind: ErrorKind) -> LostReason {
    match LostReason::from_io(kind) {
        LostReason::Timeout => LostReason::Timeout,
        LostReason::NotFound
        | LostReason::NotPermitted
        | LostReason::Busy
        | LostReason::Disconnected
        | LostReason::Refused
        | LostReason::Silent
        | LostReason::BadAnswer
        | LostReason::Io
        | LostReason::NoCardService
        | LostReason::DriverFailed => LostReason::Disconnected,
    }
}
