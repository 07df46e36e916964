//! A label printer on TCP (raw port, usually 9100): connect, look, write, look again. Must never send a job twice, and never
//! call a job printed on its own word.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::status::{self, HostStatus};
use super::{PrintFailure, PrintFormat, PrintJob, PrintOutcome, PrinterPort, Progress};
use crate::devices::config::TcpPrinterConfig;
use crate::devices::event::{DeviceWarning, LostReason};
use crate::devices::tap;

/// Longest wait for a status answer; a printer that has none is not asked again on this connection.
const STATUS_WAIT: Duration = Duration::from_millis(1_000);
/// Pause between two looks at a printing printer.
const LOOK_PAUSE: Duration = Duration::from_millis(150);
/// After the last byte, a broken connection shows within this time.
const LINGER: Duration = Duration::from_millis(300);
/// After a printer closed its side, a reset for bytes that it did not read shows within this time.
const RESET_WAIT: Duration = Duration::from_millis(100);
/// Bytes handed to the system at a time, so that a failure says how many were taken.
const CHUNK: usize = 16 * 1024;

/// One printer's address.
pub(crate) struct TcpPrinter {
    config: TcpPrinterConfig,
}

impl TcpPrinter {
    pub(crate) fn new(config: TcpPrinterConfig) -> Self {
        Self { config }
    }

    fn connect(&self) -> Result<TcpStream, LostReason> {
        let wait = Duration::from_millis(self.config.connect_ms_max);
        let addresses =
            (self.config.host.as_str(), self.config.port).to_socket_addrs().map_err(|_| LostReason::NotFound)?;
        let mut last = LostReason::NotFound;
        for address in addresses.take(4) {
            match TcpStream::connect_timeout(&address, wait) {
                Ok(stream) => {
                    let writable = stream.set_write_timeout(Some(Duration::from_millis(self.config.write_ms_max)));
                    return writable.map(|()| stream).map_err(|error| LostReason::from_io(error.kind()));
                }
                Err(error) => last = LostReason::from_io(error.kind()),
            }
        }
        Err(last)
    }

    /// Waits for moved paper after all bytes were sent.
    fn watch(&self, stream: &mut TcpStream, bytes_sent: usize, progress: &mut dyn Progress) -> PrintOutcome {
        let until = Instant::now() + Duration::from_millis(self.config.paper_ms_max);
        // A first "nothing waits" may be older than the job's arrival inside the printer; it counts after a busy answer, or
        // when it is said twice.
        let mut settled = false;
        while Instant::now() < until {
            match ask(stream) {
                Ok(Some(now)) => {
                    if let Some(why) = now.not_ready() {
                        return PrintOutcome::Failed { why: PrintFailure::NotReady(why), bytes_sent };
                    }
                    if settled && now.is_empty() {
                        return PrintOutcome::PaperMoved;
                    }
                    settled = true;
                }
                // Silence while it prints is no failure: the bytes are with the printer.
                Ok(None) => {}
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
            PrintFormat::Pdf | PrintFormat::Png => return failed(PrintFailure::WrongFormat, 0),
        }
        let mut stream = match self.connect() {
            Ok(stream) => stream,
            Err(reason) => return failed(PrintFailure::NotThere(reason), 0),
        };
        let mut answers = false;
        if self.config.status {
            match ask(&mut stream) {
                Ok(Some(before)) => {
                    if let Some(why) = before.not_ready() {
                        return failed(PrintFailure::NotReady(why), 0);
                    }
                    answers = true;
                }
                Ok(None) => {}
                Err(reason) => return failed(PrintFailure::NotThere(reason), 0),
            }
        }
        if let Err((why, bytes_sent)) = write_counted(&mut stream, &job.bytes) {
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
        Ok(ask(&mut stream)?.and_then(|now| now.warning()))
    }

    fn check_every(&self) -> Duration {
        Duration::from_millis(self.config.check_ms)
    }
}

/// Asks for the status; `None` when the printer says nothing that is one.
fn ask(stream: &mut TcpStream) -> Result<Option<HostStatus>, LostReason> {
    let reason = |error: std::io::Error| LostReason::from_io(error.kind());
    tap::sent(status::ASK);
    stream.write_all(status::ASK).map_err(reason)?;
    let until = Instant::now() + STATUS_WAIT;
    let mut answer = Vec::with_capacity(status::ANSWER_BYTES_MAX);
    let mut buf = [0u8; 256];
    while answer.len() < status::ANSWER_BYTES_MAX {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        stream.set_read_timeout(Some(left)).map_err(reason)?;
        match stream.read(&mut buf) {
            Ok(0) => return Err(LostReason::Disconnected),
            Ok(n) => {
                let bytes = buf.get(..n).unwrap_or_default();
                tap::heard(bytes);
                answer.extend_from_slice(bytes);
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(reason(error)),
        }
        if let Some(now) = status::parse(&answer) {
            return Ok(Some(now));
        }
    }
    Ok(None)
}

/// Writes everything, or says how many bytes the system took before it failed.
fn write_counted(stream: &mut TcpStream, bytes: &[u8]) -> Result<(), (PrintFailure, usize)> {
    let mut sent = 0;
    while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
        match stream.write(rest.get(..CHUNK).unwrap_or(rest)) {
            Ok(0) => return Err((PrintFailure::CutMidJob, sent)),
            Ok(n) => sent += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err((PrintFailure::Stuck, sent));
            }
            Err(_) => return Err((PrintFailure::CutMidJob, sent)),
        }
    }
    Ok(())
}

/// Says that nothing more comes, and listens whether the printer breaks the connection instead of taking the rest.
fn close(stream: &TcpStream, progress: &mut dyn Progress) -> std::io::Result<()> {
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
