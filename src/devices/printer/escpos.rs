//! A receipt printer on TCP, at a serial port or at a USB port. Must never send a job twice; what it says of itself is read by
//! [`super::receipt`].

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::receipt::{self, ReceiptStatus};
use super::{NotReady, PrintFailure, PrintFormat, PrintJob, PrintOutcome, PrinterPort, Progress, tcp};
use crate::devices::config::{ReceiptPort, ReceiptPrinterConfig};
use crate::devices::event::{DeviceWarning, LostReason};
use crate::devices::line::{Line, LineSource, SerialSource};
use crate::devices::tap;
use crate::devices::usb::bulk::Bulk;
use crate::devices::usb::{LOOK_MS, Seat, UsbHub, UsbUse};

/// Longest wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_millis(1_000);
/// Longest wait for the answer to one question.
const ANSWER_WAIT: Duration = Duration::from_millis(250);
/// Pause between two looks at a printing printer.
const LOOK_PAUSE: Duration = Duration::from_millis(150);
/// Longest wait while a printer takes no bytes.
const WRITE_WAIT: Duration = Duration::from_millis(5_000);
/// Reads of what came late, before a printer that talks without end is asked all the same.
const DRAIN_MAX: u32 = 16;
/// Bytes handed to a serial line at a time: a second's worth at 9,600 bits per second, so that a stop shows soon.
const LINE_CHUNK: usize = 512;

/// One receipt printer.
pub(crate) struct ReceiptPrinter {
    config: ReceiptPrinterConfig,
    /// A serial line is kept; a network printer is left to others between two looks.
    line: Option<Box<dyn Line>>,
    /// Its place at the USB ports, and the printer while it is claimed there.
    seat: Option<Seat>,
    bulk: Option<Bulk>,
    /// Part of a job is with it that will never be finished.
    torn: bool,
    /// It has answered since the start.
    ever: bool,
}

/// A connected printer.
enum Way<'a> {
    Net(TcpStream),
    Wire(&'a mut dyn Line),
    Usb(&'a mut Bulk),
}

impl ReceiptPrinter {
    pub(crate) fn new(hub: &UsbHub, config: ReceiptPrinterConfig) -> Self {
        let seat = match &config.port {
            ReceiptPort::Usb(wanted) => Some(hub.seat(UsbUse::Printer, wanted.clone())),
            ReceiptPort::Tcp { .. } | ReceiptPort::Serial { .. } => None,
        };
        Self { config, line: None, seat, bulk: None, torn: false, ever: false }
    }

    /// Lets go of what it holds; the next look opens it anew.
    fn close(&mut self) {
        self.line = None;
        self.bulk = None;
    }

    fn open(&mut self) -> Result<Way<'_>, LostReason> {
        match &self.config.port {
            ReceiptPort::Tcp { host, port } => Ok(Way::Net(tcp::connect(host, *port, CONNECT_WAIT)?)),
            ReceiptPort::Serial { path, line } => {
                let open = match self.line.take() {
                    Some(open) => open,
                    None => SerialSource::new(path, *line).open()?,
                };
                Ok(Way::Wire(self.line.insert(open).as_mut()))
            }
            ReceiptPort::Usb(_) => {
                let open = match (self.bulk.take(), &self.seat) {
                    (Some(open), _) => open,
                    (None, Some(seat)) => Bulk::open(seat)?,
                    (None, None) => return Err(LostReason::NotFound),
                };
                let bulk = self.bulk.insert(open);
                if std::mem::take(&mut self.torn) {
                    bulk.mend();
                }
                Ok(Way::Usb(bulk))
            }
        }
    }
}

impl Way<'_> {
    fn write(&mut self, bytes: &[u8], progress: &mut dyn Progress) -> Result<(), (PrintFailure, usize)> {
        match self {
            Way::Net(stream) => tcp::write_counted(stream, bytes, WRITE_WAIT, progress),
            Way::Usb(bulk) => bulk.send(bytes, WRITE_WAIT, progress),
            Way::Wire(line) => {
                let mut sent = 0;
                for chunk in bytes.chunks(LINE_CHUNK) {
                    line.write(chunk).map_err(|reason| {
                        let stuck = reason == LostReason::Timeout;
                        (if stuck { PrintFailure::Stuck } else { PrintFailure::CutMidJob }, sent)
                    })?;
                    sent += chunk.len();
                }
                Ok(())
            }
        }
    }

    fn ask(&mut self, question: &[u8]) -> Result<(), LostReason> {
        match self {
            Way::Net(stream) => {
                tap::sent(question);
                stream.write_all(question).map_err(|error| LostReason::from_io(error.kind()))
            }
            Way::Wire(line) => line.write(question),
            // One that takes nothing now gives no answer either.
            Way::Usb(bulk) => bulk.ask(question).map(|_| ()),
        }
    }

    /// What the port itself says, without the printer's language.
    fn port(&self) -> Result<Option<NotReady>, LostReason> {
        match self {
            Way::Usb(bulk) => bulk.port(),
            Way::Net(_) | Way::Wire(_) => Ok(None),
        }
    }

    /// Bytes that come within `wait`; none is no failure.
    fn read(&mut self, buf: &mut [u8], wait: Duration) -> Result<usize, LostReason> {
        let wait = wait.max(Duration::from_millis(1));
        match self {
            Way::Wire(line) => line.read(buf, wait),
            Way::Usb(bulk) => bulk.read(buf, wait),
            Way::Net(stream) => {
                stream.set_read_timeout(Some(wait)).map_err(|error| LostReason::from_io(error.kind()))?;
                match stream.read(buf) {
                    Ok(0) => Err(LostReason::Disconnected),
                    Ok(n) => {
                        tap::heard(buf.get(..n).unwrap_or_default());
                        Ok(n)
                    }
                    Err(error)
                        if matches!(
                            error.kind(),
                            ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
                        ) =>
                    {
                        Ok(0)
                    }
                    Err(error) => Err(LostReason::from_io(error.kind())),
                }
            }
        }
    }

    /// The first byte within `wait` that is an answer of the wanted kind; others are put aside for `turn`.
    fn answer(&mut self, kind: fn(u8) -> bool, wait: Duration, turn: &mut bool) -> Result<Option<u8>, LostReason> {
        let until = Instant::now() + wait;
        let mut byte = [0u8; 1];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            if self.read(&mut byte, left)? == 0 {
                continue;
            }
            let [byte] = byte;
            if kind(byte) {
                return Ok(Some(byte));
            }
            *turn |= receipt::is_in_turn(byte);
        }
    }

    /// Asks everything in real time; `None` when one of the answers does not come. Answers do not name their question: what comes
    /// late or twice is thrown away before the next is asked.
    fn look(&mut self, turn: &mut bool) -> Result<Option<ReceiptStatus>, LostReason> {
        let mut late = [0u8; 64];
        for _ in 0..DRAIN_MAX {
            let n = self.read(&mut late, Duration::from_millis(1))?;
            *turn |= late.iter().take(n).any(|byte| receipt::is_in_turn(*byte));
            if n == 0 {
                break;
            }
        }
        let mut answers = [0u8; 4];
        for (question, answer) in receipt::QUESTIONS.iter().zip(answers.iter_mut()) {
            self.ask(question)?;
            match self.answer(receipt::is_real_time, ANSWER_WAIT, turn)? {
                Some(byte) => *answer = byte,
                None => return Ok(None),
            }
        }
        Ok(receipt::read(answers))
    }
}

/// Waits until all before the last question was worked off.
fn watch(way: &mut Way<'_>, bytes_sent: usize, most: Duration, progress: &mut dyn Progress) -> PrintOutcome {
    let failed = |why| PrintOutcome::Failed { why, bytes_sent };
    if way.ask(&receipt::IN_TURN).is_err() {
        return failed(PrintFailure::CutMidJob);
    }
    let until = Instant::now() + most;
    let (mut worked_off, mut held) = (false, false);
    while Instant::now() < until {
        match way.look(&mut worked_off) {
            Ok(Some(now)) => {
                if let Some(why) = now.not_ready() {
                    return failed(PrintFailure::NotReady(why));
                }
                if std::mem::take(&mut held) {
                    progress.holds(None);
                }
            }
            Ok(None) => {
                held = true;
                progress.holds(Some(DeviceWarning::PrinterSilent));
            }
            Err(_) => return failed(PrintFailure::CutMidJob),
        }
        if worked_off {
            return PrintOutcome::PaperMoved;
        }
        if !progress.rest(LOOK_PAUSE) {
            break;
        }
    }
    PrintOutcome::Sent
}

impl PrinterPort for ReceiptPrinter {
    fn print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> PrintOutcome {
        let failed = |why, bytes_sent| PrintOutcome::Failed { why, bytes_sent };
        if job.format != PrintFormat::EscPos {
            return failed(PrintFailure::WrongFormat, 0);
        }
        let (status, ever) = (self.config.status, self.ever);
        let most = Duration::from_millis(self.config.paper_ms_max);
        let mut way = match self.open() {
            Ok(way) => way,
            Err(reason) => return failed(PrintFailure::NotThere(reason), 0),
        };
        let mut answers = false;
        match way.port() {
            Ok(None) => {}
            Ok(Some(why)) => return failed(PrintFailure::NotReady(why), 0),
            Err(reason) => {
                self.close();
                return failed(PrintFailure::NotThere(reason), 0);
            }
        }
        if status {
            match way.look(&mut false) {
                Ok(Some(before)) => {
                    if let Some(why) = before.not_ready() {
                        return failed(PrintFailure::NotReady(why), 0);
                    }
                    answers = true;
                }
                Ok(None) if ever => return failed(PrintFailure::NotReady(NotReady::Silent), 0),
                Ok(None) => {}
                Err(reason) => {
                    self.close();
                    return failed(PrintFailure::NotThere(reason), 0);
                }
            }
        }
        let outcome = match way.write(&job.bytes, progress) {
            Err((why, bytes_sent)) => failed(why, bytes_sent),
            Ok(()) if answers => {
                progress.report(PrintOutcome::Sent);
                watch(&mut way, job.bytes.len(), most, progress)
            }
            Ok(()) => match &way {
                Way::Net(stream) if tcp::close(stream, progress).is_err() => {
                    failed(PrintFailure::CutMidJob, job.bytes.len())
                }
                Way::Net(_) | Way::Wire(_) | Way::Usb(_) => PrintOutcome::Sent,
            },
        };
        if let PrintOutcome::Failed { bytes_sent, .. } = outcome {
            self.torn = bytes_sent > 0;
            self.close();
        }
        outcome
    }

    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason> {
        let status = self.config.status;
        if !status {
            // Without answers, only opening the port anew shows that it is there.
            self.line = None;
        }
        let mut way = self.open()?;
        let looked = match way.port() {
            Ok(Some(why)) => return Ok(Some(why.warning())),
            Ok(None) if !status => return Ok(None),
            Ok(None) => way.look(&mut false),
            Err(reason) => Err(reason),
        };
        drop(way);
        match looked {
            Ok(Some(now)) => {
                self.ever = true;
                Ok(now.warning())
            }
            Ok(None) => Ok(Some(DeviceWarning::PrinterSilent)),
            Err(reason) => {
                self.close();
                Err(reason)
            }
        }
    }

    fn check_every(&self) -> Duration {
        Duration::from_millis(self.config.check_ms)
    }

    fn pause_ms_max(&self) -> Option<u64> {
        self.seat.is_some().then_some(LOOK_MS)
    }
}
