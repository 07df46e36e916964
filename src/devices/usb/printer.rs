//! A printer of the USB printer class: look, write, look again. Must never send a job twice, never call a job printed on its own
//! word, and never say less than the bytes that are with the printer.

use std::time::{Duration, Instant};

use super::LOOK_MS;
use super::bulk::Bulk;
use super::choose::{UsbUse, UsbWanted};
use super::hub::{Seat, UsbHub};
use super::port_status::Speaks;
use crate::devices::event::{DeviceWarning, LostReason};
use crate::devices::printer::status::{self, HostStatus, RunsEmpty};
use crate::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintJob, PrintOutcome, PrinterPort, Progress};

/// Time between two looks at an idle printer: a packer must know of an empty roll within two seconds.
const CHECK: Duration = Duration::from_millis(1_000);
/// Longest wait for a status answer; a printer that has none is not asked again while it is plugged in.
const ANSWER_WAIT: Duration = Duration::from_millis(1_000);
/// Pause between two looks at a printing printer.
const LOOK_PAUSE: Duration = Duration::from_millis(150);
/// Old answers thrown away before a question, at most.
const OLD_ANSWERS_MAX: usize = 8;

/// A printer at a USB port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbPrinterConfig {
    /// Which one.
    pub wanted: UsbWanted,
    /// Ask a ZPL printer about paper, head and queue (`~HS`); the port status is always read.
    pub status: bool,
    /// Longest wait while the printer takes no bytes, 500 to 60,000 ms.
    pub write_ms_max: u64,
    /// Longest wait for moved paper after a job, 500 to 60,000 ms; only with `status`.
    pub paper_ms_max: u64,
}

impl UsbPrinterConfig {
    /// The usual settings.
    #[must_use]
    pub fn new(wanted: UsbWanted) -> Self {
        Self { wanted, status: true, write_ms_max: 5_000, paper_ms_max: 10_000 }
    }
}

/// One printer.
pub(crate) struct UsbPrinter {
    seat: Seat,
    config: UsbPrinterConfig,
    open: Option<Open>,
    /// Part of a job is with it that will never be finished.
    torn: bool,
}

/// A claimed printer.
struct Open {
    bulk: Bulk,
    speaks: Speaks,
    /// It answers `~HS`; found out by asking once.
    answers: Option<bool>,
}

impl UsbPrinter {
    pub(crate) fn new(hub: &UsbHub, config: UsbPrinterConfig) -> Self {
        Self { seat: hub.seat(UsbUse::Printer, config.wanted.clone()), config, open: None, torn: false }
    }

    /// The claimed printer; it stays claimed until it is lost.
    fn opened(&mut self) -> Result<&mut Open, LostReason> {
        let open = match self.open {
            Some(ref mut open) => open,
            None => self.open.insert(Open::new(Bulk::open(&self.seat)?)),
        };
        if std::mem::take(&mut self.torn) {
            open.bulk.mend();
        }
        Ok(open)
    }

    fn try_print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> Result<PrintOutcome, LostReason> {
        let config = self.config.clone();
        let open = self.opened()?;
        if !open.takes(job.format) {
            return Ok(PrintOutcome::Failed { why: PrintFailure::WrongFormat, bytes_sent: 0 });
        }
        if let Some(why) = open.look(config.status)?.0 {
            return Ok(PrintOutcome::Failed { why: PrintFailure::NotReady(why), bytes_sent: 0 });
        }
        if let Err((why, bytes_sent)) = open.bulk.send(&job.bytes, Duration::from_millis(config.write_ms_max), progress)
        {
            self.torn = bytes_sent > 0;
            return Ok(PrintOutcome::Failed { why, bytes_sent });
        }
        progress.report(PrintOutcome::Sent);
        Ok(open.watch(&config, job.bytes.len(), progress))
    }
}

impl PrinterPort for UsbPrinter {
    fn print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> PrintOutcome {
        let outcome = self
            .try_print(job, progress)
            .unwrap_or_else(|reason| PrintOutcome::Failed { why: PrintFailure::NotThere(reason), bytes_sent: 0 });
        let lost = match &outcome {
            PrintOutcome::Sent | PrintOutcome::PaperMoved => false,
            PrintOutcome::Failed { why, .. } => matches!(why, PrintFailure::NotThere(_) | PrintFailure::CutMidJob),
        };
        if lost {
            self.open = None;
        }
        outcome
    }

    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason> {
        let status = self.config.status;
        let looked = self.opened().and_then(|open| open.look(status));
        match looked {
            Ok((Some(why), _)) => Ok(Some(why.warning())),
            Ok((None, said)) => Ok(said.and_then(|said| said.warning())),
            Err(reason) => {
                self.open = None;
                Err(reason)
            }
        }
    }

    fn check_every(&self) -> Duration {
        CHECK
    }

    fn pause_ms_max(&self) -> Option<u64> {
        Some(LOOK_MS)
    }
}

impl Open {
    fn new(bulk: Bulk) -> Self {
        let speaks = bulk.device_id();
        Self { bulk, speaks, answers: None }
    }

    fn takes(&self, format: PrintFormat) -> bool {
        match format {
            PrintFormat::Zpl => true,
            PrintFormat::Pdf => self.speaks.pdf,
            PrintFormat::Png | PrintFormat::Jpeg | PrintFormat::Pwg | PrintFormat::EscPos => false,
        }
    }

    /// The port status, and what a ZPL printer says of itself.
    fn look(&mut self, ask: bool) -> Result<(Option<NotReady>, Option<HostStatus>), LostReason> {
        if let Some(why) = self.bulk.port()? {
            return Ok((Some(why), None));
        }
        let said = if ask { self.ask()? } else { None };
        Ok((said.and_then(|said| said.not_ready()), said))
    }

    /// Asks a ZPL printer for its status; `None` when it says nothing that is one.
    fn ask(&mut self) -> Result<Option<HostStatus>, LostReason> {
        if !self.speaks.zpl || !self.bulk.answers() || self.answers == Some(false) {
            return Ok(None);
        }
        let mut buf = [0u8; status::ANSWER_BYTES_MAX];
        // What is left of an earlier answer is no answer to this question.
        for _ in 0..OLD_ANSWERS_MAX {
            if self.bulk.read(&mut buf, Duration::from_millis(5))? == 0 {
                break;
            }
        }
        if !self.bulk.ask(status::ASK)? {
            // It takes nothing now; the port status has said why, or nobody knows.
            return Ok(None);
        }
        let until = Instant::now() + ANSWER_WAIT;
        let mut answer = Vec::with_capacity(status::ANSWER_BYTES_MAX);
        while answer.len() < status::ANSWER_BYTES_MAX {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let n = self.bulk.read(&mut buf, left)?;
            if n == 0 {
                break;
            }
            answer.extend_from_slice(buf.get(..n).unwrap_or_default());
            if let Some(said) = status::parse(&answer) {
                self.answers = Some(true);
                return Ok(Some(said));
            }
        }
        // One that has answered before may be busy; one that never did is not asked again.
        self.answers = Some(self.answers == Some(true));
        Ok(None)
    }

    /// Waits for moved paper after all bytes were handed over; without an answer about it, "sent" is all that is known.
    fn watch(&mut self, config: &UsbPrinterConfig, bytes_sent: usize, progress: &mut dyn Progress) -> PrintOutcome {
        let until = Instant::now() + Duration::from_millis(config.paper_ms_max);
        let mut runs = RunsEmpty::default();
        while Instant::now() < until {
            match self.look(config.status) {
                Ok((Some(why), _)) => return PrintOutcome::Failed { why: PrintFailure::NotReady(why), bytes_sent },
                Ok((None, Some(now))) if runs.now(now.is_empty()) => return PrintOutcome::PaperMoved,
                Ok((None, Some(_))) => {}
                Ok((None, None)) if self.answers == Some(true) => {}
                Ok((None, None)) => return PrintOutcome::Sent,
                Err(_) => return PrintOutcome::Failed { why: PrintFailure::CutMidJob, bytes_sent },
            }
            if !progress.rest(LOOK_PAUSE) {
                break;
            }
        }
        PrintOutcome::Sent
    }
}
