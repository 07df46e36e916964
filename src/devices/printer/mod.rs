//! Printers: one job at a time per printer, each with an outcome that says how far it came. Must never print a job twice and
//! must never say more than is known: "sent", "paper moved" and "scanned back" are three facts, and the third is not ours.

pub mod board;
pub mod errors;
pub(crate) mod escpos;
pub(crate) mod folder;
pub(crate) mod ipp;
mod ipp_left;
pub mod ipp_state;
pub mod ipp_wire;
mod look;
pub mod receipt;
pub mod settings;
pub mod status;
pub(crate) mod tcp;
pub mod trouble;

use std::sync::Arc;
use std::time::{Duration, Instant};

pub use trouble::{NotReady, PrintFailure};

use super::bay::Bay;
use super::event::{DeviceCommand, DeviceEvent, DeviceWarning, Doing, LostReason};
use super::mailbox::Taken;
use super::supervisor::{Driver, End, Offline};
use super::tap;
pub use board::{PrinterFacts, PrinterNow};

/// Largest job in bytes (a full-page raster at 300 dpi fits).
pub const JOB_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Letters of a job id, at most.
pub const JOB_ID_LEN_MAX: usize = 100;

/// What the bytes of a job are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintFormat {
    /// Zebra Programming Language.
    Zpl,
    /// Portable Document Format.
    Pdf,
    /// Portable Network Graphics.
    Png,
    /// JPEG, as driverless printers take photos.
    Jpeg,
    /// PWG raster (PWG 5102.4), which every driverless printer takes.
    Pwg,
    /// The commands of receipt printers.
    EscPos,
}

impl PrintFormat {
    /// The usual end of a file name, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Zpl => "zpl",
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Pwg => "pwg",
            Self::EscPos => "bin",
        }
    }
}

/// One job as the printer gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob {
    /// The job's id.
    pub job: String,
    /// What the bytes are.
    pub format: PrintFormat,
    /// The whole document.
    pub bytes: Arc<[u8]>,
}

/// How far a job came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintOutcome {
    /// All bytes were handed over (for a folder: the file is on the disk).
    Sent,
    /// The printer itself said that it printed everything it had. Comes after `Sent`.
    PaperMoved,
    /// It ended badly.
    Failed {
        /// Why.
        why: PrintFailure,
        /// Bytes handed over before; 0 means that surely nothing was printed, more means that a person must look.
        bytes_sent: usize,
    },
}

/// What a job does besides its last outcome: reports a stage, says what holds it up, and rests between questions (`false`:
/// the station stops).
pub(crate) trait Progress {
    fn report(&mut self, outcome: PrintOutcome);
    /// What keeps the printer from going on at this moment; `None` once it goes on. Nobody waits for the job's end to hear it.
    fn holds(&mut self, what: Option<DeviceWarning>);
    /// Whether the job shall be taken back now.
    fn taken_back(&mut self) -> bool;
    fn rest(&mut self, pause: Duration) -> bool;
}

/// A way to print. Every wait in it is bounded.
pub(crate) trait PrinterPort: Send {
    /// Prints one job and returns its last outcome.
    fn print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> PrintOutcome;
    /// Looks whether the printer could print now.
    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason>;
    /// Time between two looks while idle.
    fn check_every(&self) -> Duration;
    /// What the last look told besides.
    fn facts(&self) -> PrinterFacts {
        PrinterFacts::default()
    }
    /// Jobs that stayed in the printer and ended since the last look, by name; asked after a look that went well.
    fn over(&mut self) -> Vec<(String, PrintOutcome)> {
        Vec::new()
    }
    /// Takes jobs back that stayed in the printer, by the beginning of their names; how those ended that were.
    fn take_back(&mut self, _begins: &str) -> Vec<(String, PrintOutcome)> {
        Vec::new()
    }
    /// Longest pause between two tries while it is lost, where looking costs little.
    fn pause_ms_max(&self) -> Option<u64> {
        None
    }
}

/// Runs one printer's jobs in order.
pub(crate) struct PrinterDriver {
    port: Box<dyn PrinterPort>,
    /// The job in hand: when the driver fails in the middle, it is answered afterwards.
    in_hand: Option<PrintJob>,
}

impl PrinterDriver {
    pub(crate) fn new(port: Box<dyn PrinterPort>) -> Self {
        Self { port, in_hand: None }
    }

    /// Prints one job and tells its last outcome.
    fn work(&mut self, bay: &mut Bay, command: DeviceCommand) -> Worked {
        if let DeviceCommand::CancelPrint { job, .. } = &command {
            tell(bay, self.port.take_back(job));
        }
        let DeviceCommand::Print { printer, job, format, bytes } = command else {
            return Worked::Well;
        };
        let job = PrintJob { job, format, bytes };
        let _taken = bay.printers().at_work(&printer);
        let wrong = refused(&job).or_else(|| taken_back(bay, &job.job).then_some(PrintFailure::Canceled));
        let (outcome, told) = match wrong {
            Some(why) => (PrintOutcome::Failed { why, bytes_sent: 0 }, None),
            None => {
                self.in_hand = Some(job.clone());
                bay.busy(Doing::Printing);
                tap::sent(&job.bytes);
                let mut progress = BayProgress { bay, job: &job.job, told: None };
                let outcome = self.port.print(&job, &mut progress);
                self.in_hand = None;
                let told = progress.told;
                bay.done();
                (outcome, told)
            }
        };
        let worked = match &outcome {
            PrintOutcome::Sent | PrintOutcome::PaperMoved => Worked::Well,
            PrintOutcome::Failed { why, bytes_sent } => {
                tracing::warn!(printer = %printer, job = %job.job, why = why.code(), bytes_sent, "a print job failed");
                if matches!(why, PrintFailure::NotThere(_)) { Worked::NotThere } else { Worked::Badly }
            }
        };
        // A printer that said nothing new after `Sent` gives no second outcome.
        if told.as_ref() != Some(&outcome) {
            bay.surely(DeviceEvent::Printed { printer, job: job.job, outcome });
        }
        worked
    }
}

/// Tells how jobs ended that nobody waits for.
fn tell(bay: &mut Bay, ended: Vec<(String, PrintOutcome)>) {
    for (job, outcome) in ended {
        bay.surely(DeviceEvent::Printed { printer: bay.id().clone(), job, outcome });
    }
}

/// What a job says about its printer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worked {
    Well,
    Badly,
    NotThere,
}

/// Whether somebody takes this job back: of its pages those too that have not had their turn.
fn taken_back(bay: &Bay, id: &str) -> bool {
    bay.expects(|c| matches!(c, DeviceCommand::CancelPrint { job, .. } if id.starts_with(job.as_str())))
}

/// A job that no printer could take.
fn refused(job: &PrintJob) -> Option<PrintFailure> {
    let id = &job.job;
    let named = (1..=JOB_ID_LEN_MAX).contains(&id.len())
        && !id.starts_with('.')
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if !named {
        return Some(PrintFailure::BadJobId);
    }
    (job.bytes.is_empty() || job.bytes.len() > JOB_BYTES_MAX).then_some(PrintFailure::BadSize)
}

struct BayProgress<'a> {
    bay: &'a mut Bay,
    job: &'a str,
    told: Option<PrintOutcome>,
}

impl Progress for BayProgress<'_> {
    fn report(&mut self, outcome: PrintOutcome) {
        let printer = self.bay.id().clone();
        self.told = Some(outcome.clone());
        self.bay.surely(DeviceEvent::Printed { printer, job: self.job.to_owned(), outcome });
    }

    fn holds(&mut self, what: Option<DeviceWarning>) {
        match what {
            Some(warning) => self.bay.warn(warning),
            None => self.bay.goes_on(Doing::Printing),
        }
    }

    fn taken_back(&mut self) -> bool {
        taken_back(self.bay, self.job)
    }

    fn rest(&mut self, pause: Duration) -> bool {
        self.bay.rest(pause)
    }
}

impl Driver for PrinterDriver {
    fn session(&mut self, bay: &mut Bay) -> End {
        if let Some(job) = self.in_hand.take() {
            // Nobody knows how far it came: as if all of it was sent, so that a person looks.
            let why = PrintFailure::NotThere(LostReason::DriverFailed);
            let outcome = PrintOutcome::Failed { why, bytes_sent: job.bytes.len() };
            bay.surely(DeviceEvent::Printed { printer: bay.id().clone(), job: job.job, outcome });
        }
        loop {
            let looked = self.port.check();
            bay.printers().learn(bay.id(), self.port.facts());
            match looked {
                Ok(None) => bay.ready(),
                Ok(Some(warning)) => bay.warn(warning),
                Err(reason) => return End::Lost(reason),
            }
            tell(bay, self.port.over());
            let until = Instant::now() + self.port.check_every();
            loop {
                match bay.wait_command(until.saturating_duration_since(Instant::now())) {
                    Taken::Closed => return End::Stopped,
                    Taken::Timeout => break,
                    Taken::Item(command) => match self.work(bay, command) {
                        Worked::Well => {}
                        // After trouble the printer is looked at at once, so that its status says what is wrong.
                        Worked::Badly | Worked::NotThere => break,
                    },
                }
            }
        }
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        // Somebody has just switched the printer on, or wants to know now that it is off: no waiting for the next try.
        match self.work(bay, command) {
            Worked::Well | Worked::Badly => Offline::TryNow,
            Worked::NotThere => Offline::KeepWaiting,
        }
    }

    fn pause_ms_max(&self) -> Option<u64> {
        self.port.pause_ms_max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_ids_are_file_names_and_sizes_bounded() {
        let job =
            |id: &str, len: usize| PrintJob { job: id.into(), format: PrintFormat::Zpl, bytes: vec![0; len].into() };
        assert_eq!(refused(&job("0192-aB_c.1", 1)), None);
        for bad in ["", "../x", "a/b", ".hidden", "a b", "ä", "a\0", &"x".repeat(101)] {
            assert_eq!(refused(&job(bad, 1)), Some(PrintFailure::BadJobId), "{bad:?}");
        }
        assert_eq!(refused(&job("a", 0)), Some(PrintFailure::BadSize));
        assert_eq!(refused(&job("a", JOB_BYTES_MAX + 1)), Some(PrintFailure::BadSize));
    }
}
