//! A label printer on TCP (raw port, usually 9100): connect, look, write, look again. Must never send a job twice, and never
//! call a job printed on its own word.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::look::{Look, Looker};
use super::status::RunsEmpty;
use super::{NotReady, PrintFailure, PrintFormat, PrintJob, PrintOutcome, PrinterFacts, PrinterPort, Progress};
use crate::devices::config::TcpPrinterConfig;
use crate::devices::event::{DeviceWarning, LostReason};

/// Pause between two looks at a printing printer.
const LOOK_PAUSE: Duration = Duration::from_millis(150);
/// After the last byte, a broken connection shows within this time.
const LINGER: Duration = Duration::from_millis(300);
/// After a printer closed its side, a reset for bytes that it did not read shows within this time.
const RESET_WAIT: Duration = Duration::from_millis(100);
/// Bytes handed to the system at a time, so that a failure says how many were taken.
const CHUNK: usize = 16 * 1024;
/// While a printer takes no bytes a person is told after this time; the job itself waits as long as the settings say.
const SLICE: Duration = Duration::from_millis(1_000);

/// One printer's address.
pub(crate) struct TcpPrinter {
    config: TcpPrinterConfig,
    /// What it was found to answer since the start.
    looker: Looker,
    facts: PrinterFacts,
}

impl TcpPrinter {
    pub(crate) fn new(config: TcpPrinterConfig) -> Self {
        Self { config, looker: Looker::default(), facts: PrinterFacts::default() }
    }

    fn connect(&self) -> Result<TcpStream, LostReason> {
        let wait = Duration::from_millis(self.config.connect_ms_max);
        connect(&self.config.host, self.config.port, wait)
    }

    /// Waits for moved paper after all bytes were sent.
    fn watch(&mut self, stream: &mut TcpStream, bytes_sent: usize, progress: &mut dyn Progress) -> PrintOutcome {
        let until = Instant::now() + Duration::from_millis(self.config.paper_ms_max);
        let (mut runs, mut held) = (RunsEmpty::default(), false);
        while Instant::now() < until {
            match self.looker.look(stream) {
                Ok(Look::Said(now)) => {
                    if let Some(why) = now.not_ready() {
                        return PrintOutcome::Failed { why: PrintFailure::NotReady(why), bytes_sent };
                    }
                    if std::mem::take(&mut held) {
                        progress.holds(None);
                    }
                    if runs.now(now.is_empty()) {
                        return PrintOutcome::PaperMoved;
                    }
                }
                // Silence while it prints is no failure, the bytes are with the printer; but a person is told.
                Ok(Look::Silent) => {
                    held = true;
                    progress.holds(Some(DeviceWarning::PrinterSilent));
                }
                Err(_) => return PrintOutcome::Failed { why: PrintFailure::CutMidJob, bytes_sent },
            }
            if !progress.rest(LOOK_PAUSE) {
                break;
            }
        }
        PrintOutcome::Sent
    }
}

impl PrinterPort for TcpPrinter {
    fn print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> PrintOutcome {
        let failed = |why, bytes_sent| PrintOutcome::Failed { why, bytes_sent };
        match job.format {
            PrintFormat::Zpl => {}
            PrintFormat::Pdf | PrintFormat::Png | PrintFormat::Jpeg | PrintFormat::Pwg | PrintFormat::EscPos => {
                return failed(PrintFailure::WrongFormat, 0);
            }
        }
        let mut stream = match self.connect() {
            Ok(stream) => stream,
            Err(reason) => return failed(PrintFailure::NotThere(reason), 0),
        };
        let mut answers = false;
        if self.config.status {
            match self.looker.look(&mut stream) {
                Ok(Look::Said(before)) => {
                    if let Some(why) = before.not_ready() {
                        return failed(PrintFailure::NotReady(why), 0);
                    }
                    answers = true;
                }
                // It answered before: what is sent now would lie in it until somebody switches it off, or come out much later.
                Ok(Look::Silent) if self.looker.ever() => {
                    return failed(PrintFailure::NotReady(NotReady::Silent), 0);
                }
                Ok(Look::Silent) => {}
                Err(reason) => return failed(PrintFailure::NotThere(reason), 0),
            }
        }
        let patience = Duration::from_millis(self.config.write_ms_max);
        if let Err((why, bytes_sent)) = write_counted(&mut stream, &job.bytes, patience, progress) {
            return failed(why, bytes_sent);
        }
        if answers {
            progress.report(PrintOutcome::Sent);
            return self.watch(&mut stream, job.bytes.len(), progress);
        }
        match close(&stream, progress) {
            Ok(()) => PrintOutcome::Sent,
            Err(_) => failed(PrintFailure::CutMidJob, job.bytes.len()),
        }
    }

    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason> {
        let mut stream = self.connect()?;
        if !self.config.status {
            return Ok(None);
        }
        match self.looker.look(&mut stream)? {
            Look::Said(now) => {
                self.facts.jobs_of_others = now.jobs();
                Ok(now.warning())
            }
            Look::Silent => Ok(Some(DeviceWarning::PrinterSilent)),
        }
    }

    fn check_every(&self) -> Duration {
        Duration::from_millis(self.config.check_ms)
    }

    fn facts(&self) -> PrinterFacts {
        self.facts.clone()
    }
}

/// Connects to a printer, whichever of its addresses answers.
pub(super) fn connect(host: &str, port: u16, wait: Duration) -> Result<TcpStream, LostReason> {
    let addresses = (host, port).to_socket_addrs().map_err(|_| LostReason::NotFound)?;
    let mut last = LostReason::NotFound;
    for address in addresses.take(4) {
        match TcpStream::connect_timeout(&address, wait) {
            Ok(stream) => {
                let writable = stream.set_write_timeout(Some(SLICE));
                return writable.map(|()| stream).map_err(|error| LostReason::from_io(error.kind()));
            }
            Err(error) => last = LostReason::from_io(error.kind()),
        }
    }
    Err(last)
}

/// Writes everything, or says how many bytes the system took before it failed.
pub(super) fn write_counted(
    stream: &mut TcpStream,
    bytes: &[u8],
    patience: Duration,
    progress: &mut dyn Progress,
) -> Result<(), (PrintFailure, usize)> {
    let (mut sent, mut until, mut held) = (0, Instant::now() + patience, false);
    while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
        match stream.write(rest.get(..CHUNK).unwrap_or(rest)) {
            Ok(0) => return Err((PrintFailure::CutMidJob, sent)),
            Ok(n) => {
                sent += n;
                until = Instant::now() + patience;
                if std::mem::take(&mut held) {
                    progress.holds(None);
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if Instant::now() >= until {
                    return Err((PrintFailure::Stuck, sent));
                }
                held = true;
                progress.holds(Some(DeviceWarning::PrinterSilent));
            }
            Err(_) => return Err((PrintFailure::CutMidJob, sent)),
        }
    }
    Ok(())
}

/// Says that nothing more comes, and listens whether the printer breaks the connection instead of taking the rest.
pub(super) fn close(stream: &TcpStream, progress: &mut dyn Progress) -> std::io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let until = Instant::now() + LINGER;
    let mut buf = [0u8; 256];
    let mut reader = stream;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        stream.set_read_timeout(Some(left))?;
        match reader.read(&mut buf) {
            Ok(0) => {
                // A printer that died says "no more" first; the reset for the bytes it left comes a round trip later and
                // shows only as the socket's error.
                progress.rest(RESET_WAIT);
                return stream.take_error()?.map_or(Ok(()), Err);
            }
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
