//! Validated settings of driverless printers and receipt printers, as plain values. Must never read a file or the environment.

use std::path::PathBuf;

use crate::devices::config::{ConfigError, range};
use crate::devices::line::LineSettings;
use crate::devices::usb::UsbWanted;

/// A driverless printer or a print server's queue, spoken to by IPP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IppPrinterConfig {
    /// `ipp://` or `ipps://` address with the printer's path.
    pub uri: String,
    /// A certificate (PEM) to trust besides the machine's own authorities: printers mostly sign theirs themselves.
    pub certificate: Option<PathBuf>,
    /// The paper that jobs ask for, such as `iso_a4_210x297mm`; `None` leaves it to the printer.
    pub media: Option<String>,
    /// Who asks, 1 to 255 bytes: after a restart the station finds its own jobs in the printer by this name, and only these.
    pub user: String,
    /// Longest wait for an answer, 200 to 30,000 ms.
    pub answer_ms_max: u64,
    /// Longest wait while the printer is busy with somebody else's job, 0 to 600,000 ms.
    pub busy_ms_max: u64,
    /// Longest wait for the paper of a job that was taken, 500 to 3,600,000 ms.
    pub paper_ms_max: u64,
    /// Time between two looks at an idle printer, 500 to 600,000 ms.
    pub check_ms: u64,
}

impl IppPrinterConfig {
    /// The usual settings for a printer at `uri`.
    #[must_use]
    pub fn new(uri: impl Into<String>) -> Self {
        Self {
            uri: uri.into(),
            certificate: None,
            media: None,
            user: "packbench".to_owned(),
            answer_ms_max: 1_000,
            busy_ms_max: 30_000,
            paper_ms_max: 120_000,
            check_ms: 750,
        }
    }
}

/// How a receipt printer is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptPort {
    /// On the network.
    Tcp {
        /// Host name or address.
        host: String,
        /// Port, not 0.
        port: u16,
    },
    /// At a serial port.
    Serial {
        /// The port.
        path: PathBuf,
        /// Line settings.
        line: LineSettings,
    },
    /// At a USB port, of the printer class.
    Usb(UsbWanted),
}

/// A receipt printer that speaks ESC/POS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptPrinterConfig {
    /// How it is reached.
    pub port: ReceiptPort,
    /// Ask it about paper and cover; off for printers that cannot answer.
    pub status: bool,
    /// Longest wait for moved paper after a job, 500 to 60,000 ms; only with `status`.
    pub paper_ms_max: u64,
    /// Time between two looks at an idle printer, 500 to 600,000 ms.
    pub check_ms: u64,
}

impl ReceiptPrinterConfig {
    /// The usual settings for a printer at `port`.
    #[must_use]
    pub fn new(port: ReceiptPort) -> Self {
        Self { port, status: true, paper_ms_max: 10_000, check_ms: 750 }
    }
}

pub(in crate::devices) fn host(id: &str, host: &str, port: u16) -> Result<(), ConfigError> {
    if host.is_empty() || host.len() > 253 {
        let problem = "must be a host name or an address";
        return Err(ConfigError::BadValue { id: id.to_owned(), setting: "host", problem });
    }
    range(id, "port", u64::from(port), 1, 65_535)
}

pub(in crate::devices) fn ipp(id: &str, c: &IppPrinterConfig) -> Result<(), ConfigError> {
    if super::ipp_wire::http_address(&c.uri).is_none() {
        let problem = "must be an address such as ipp://printer.local/ipp/print or ipps://…";
        return Err(ConfigError::BadValue { id: id.to_owned(), setting: "uri", problem });
    }
    if c.media.as_ref().is_some_and(|m| m.is_empty() || m.len() > 255 || !m.bytes().all(|b| b.is_ascii_graphic())) {
        let problem = "must be a paper's name such as iso_a4_210x297mm";
        return Err(ConfigError::BadValue { id: id.to_owned(), setting: "media", problem });
    }
    range(id, "user", u64::try_from(c.user.len()).unwrap_or(u64::MAX), 1, 255)?;
    range(id, "answer_ms_max", c.answer_ms_max, 200, 30_000)?;
    range(id, "busy_ms_max", c.busy_ms_max, 0, 600_000)?;
    range(id, "paper_ms_max", c.paper_ms_max, 500, 3_600_000)?;
    range(id, "check_ms", c.check_ms, 500, 600_000)
}

pub(in crate::devices) fn receipt(id: &str, c: &ReceiptPrinterConfig) -> Result<(), ConfigError> {
    match &c.port {
        ReceiptPort::Tcp { host: name, port } => host(id, name, *port)?,
        ReceiptPort::Serial { line, .. } => range(id, "baud", u64::from(line.baud), 300, 921_600)?,
        ReceiptPort::Usb(_) => {}
    }
    range(id, "paper_ms_max", c.paper_ms_max, 500, 60_000)?;
    range(id, "check_ms", c.check_ms, 500, 600_000)
}
