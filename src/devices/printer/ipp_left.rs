//! Jobs that stay in a printer when nobody waits for them any more: behind others, or from before the station was started anew.
//! They are looked at with the printer until their paper is out. Must never hand a job over, and never take one for its own by
//! its number alone: a printer that was switched off counts from one again.

use super::ipp::Talk;
use super::ipp_state::JobSays;
use super::{PrintFailure, PrintOutcome};
use crate::devices::event::LostReason;

/// Jobs that are kept in mind at most; of more the oldest are let go as "sent".
const LEFT_MAX: usize = 32;

/// How a job ended, by its name.
pub(crate) type Ended = (String, PrintOutcome);

/// A job in the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Left {
    id: i32,
    name: String,
    bytes: usize,
}

impl Left {
    fn is(&self, job: &JobSays) -> bool {
        self.id == job.id && self.name == job.name
    }

    fn failed(&self, why: PrintFailure, untouched: bool) -> Ended {
        // Of a job of before the restart nobody knows its size, but that some of it may be on paper.
        let bytes_sent = if untouched { 0 } else { self.bytes.max(1) };
        (self.name.clone(), PrintOutcome::Failed { why, bytes_sent })
    }
}

/// The jobs of one printer.
#[derive(Debug, Default)]
pub(super) struct LeftOver {
    jobs: Vec<Left>,
    /// The printer was asked for those of before.
    asked: bool,
    /// It was asked at least once since the station's start.
    ever: bool,
}

impl LeftOver {
    /// A job that is in the printer still.
    pub(super) fn keep(&mut self, id: i32, name: &str, bytes: usize) {
        if self.jobs.len() >= LEFT_MAX {
            self.jobs.remove(0);
        }
        self.jobs.push(Left { id, name: name.to_owned(), bytes });
    }

    /// The printer went away: what it still has is asked anew.
    pub(super) fn lost(&mut self) {
        self.asked = false;
    }

    /// Looks at them; what is over, and is no more kept.
    pub(super) fn look(&mut self, talk: &mut Talk) -> Result<Vec<Ended>, LostReason> {
        if self.asked && self.ever && self.jobs.is_empty() {
            return Ok(Vec::new());
        }
        let waiting = talk.jobs(false)?;
        if !self.asked {
            for job in waiting.iter().filter(|job| talk.sent(job)) {
                if !self.jobs.iter().any(|left| left.is(job)) {
                    self.keep(job.id, &job.name, 0);
                }
            }
            self.asked = true;
        }
        let mut ended = Vec::new();
        if !self.ever {
            // Paper that came while the station was off. That others failed was told when they did.
            let done = talk.jobs(true)?.into_iter().filter(|job| talk.sent(job) && job.end() == Some(Ok(())));
            ended.extend(done.take(LEFT_MAX).map(|job| (job.name, PrintOutcome::PaperMoved)));
            self.ever = true;
        }
        let gone: Vec<Left> =
            self.jobs.iter().filter(|left| !waiting.iter().any(|job| left.is(job))).cloned().collect();
        for left in gone {
            let job = match talk.job(left.id) {
                Ok(job) => job.filter(|job| left.is(job)),
                // It says nothing of this one: the others are asked all the same.
                Err(LostReason::BadAnswer) => continue,
                // It went away: the outcomes so far are told, the rest is asked at the next look.
                Err(reason) => {
                    tracing::debug!(reason = reason.code(), "the jobs in the printer were not all looked at");
                    break;
                }
            };
            match job.as_ref().map(JobSays::end) {
                // A printer that lists no job that it works on: it is not over.
                Some(None) => continue,
                Some(Some(Ok(()))) => ended.push((left.name.clone(), PrintOutcome::PaperMoved)),
                Some(Some(Err(why))) => ended.push(left.failed(why, job.is_some_and(|j| j.untouched()))),
                // Forgotten by the printer: that it was sent is all that is known.
                None => {}
            }
            self.jobs.retain(|other| *other != left);
        }
        Ok(ended)
    }

    /// Takes back those whose names begin so: a copy is wanted instead of them.
    pub(super) fn take_back(&mut self, begins: &str, talk: &mut Talk) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.jobs.retain(|left| {
            if !left.name.starts_with(begins) {
                return true;
            }
            // A number that is another job's by now must not be canceled.
            let job = talk.job(left.id).ok().flatten().filter(|job| left.is(job));
            match talk_back(talk, job.as_ref()) {
                Some(untouched) => {
                    ended.push(left.failed(PrintFailure::Canceled, untouched));
                    false
                }
                None => true,
            }
        });
        ended
    }
}

/// Cancels a job that is not over; whether surely nothing of it is on paper. `None` where it was not canceled.
fn talk_back(talk: &mut Talk, job: Option<&JobSays>) -> Option<bool> {
    let job = job.filter(|job| job.end().is_none())?;
    match talk.cancel(job.id) {
        Ok(()) => Some(job.untouched()),
        Err(reason) => {
            tracing::warn!(
                reason = reason.code(),
                "a job could not be taken back from the printer; it may still come out"
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::JoinHandle;
    use std::time::Duration;

    use ipp::attribute::IppAttribute;
    use ipp::model::{DelimiterTag, IppVersion, StatusCode};
    use ipp::request::IppRequestResponse;
    use ipp::value::IppValue;

    use super::super::ipp::IppPrinter;
    use super::super::{NotReady, PrintFormat, PrintJob, PrinterPort, Progress};
    use super::*;
    use crate::devices::config::IppPrinterConfig;
    use crate::devices::event::DeviceWarning;

    /// Which jobs are there?
    const JOBS: u8 = 0x0a;
    /// How is the printer?
    const PRINTER: u8 = 0x0b;

    /// A driverless printer that answers what a test wants, or hangs up; it ends with its owner.
    struct FakePrinter {
        address: SocketAddr,
        stop: Arc<AtomicBool>,
        thread: Option<JoinHandle<()>>,
    }

    impl FakePrinter {
        /// Answers each question by its operation and its bytes; without an answer it hangs up.
        fn start(mut answer: impl FnMut(u8, &[u8]) -> Option<Vec<u8>> + Send + 'static) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let (address, stop) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
            let stopped = Arc::clone(&stop);
            let work = move || {
                for stream in listener.incoming() {
                    if stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    serve(stream.unwrap(), &mut answer);
                }
            };
            let thread = std::thread::Builder::new().name("fake-ipp".to_owned()).spawn(work).unwrap();
            Self { address, stop, thread: Some(thread) }
        }

        fn config(&self) -> IppPrinterConfig {
            IppPrinterConfig::new(format!("ipp://{}/ipp/print", self.address))
        }
    }

    impl Drop for FakePrinter {
        fn drop(&mut self) {
            self.stop.store(true, Ordering::SeqCst);
            // It waits for a caller.
            drop(TcpStream::connect(self.address));
            if let Some(thread) = self.thread.take() {
                assert!(thread.join().is_ok() || std::thread::panicking());
            }
        }
    }

    fn serve(stream: TcpStream, answer: &mut impl FnMut(u8, &[u8]) -> Option<Vec<u8>>) {
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some(told) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = told.trim().parse().unwrap();
            }
        }
        let mut question = vec![0; length];
        reader.read_exact(&mut question).unwrap();
        // Version, then the operation, two bytes each.
        if let Some(said) = answer(question[3], &question) {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                said.len()
            );
            reader.get_mut().write_all(&[head.as_bytes(), &said].concat()).unwrap();
        }
    }

    fn said(tag: DelimiterTag, list: Vec<(&str, IppValue)>) -> Vec<u8> {
        let mut answer = IppRequestResponse::new_response(IppVersion::v2_0(), StatusCode::SuccessfulOk, 1).unwrap();
        for (name, value) in list {
            answer.attributes_mut().add(tag, IppAttribute::with_name(name, value).unwrap());
        }
        answer.to_bytes().to_vec()
    }

    /// No job at all.
    fn nothing() -> Vec<u8> {
        said(DelimiterTag::JobAttributes, Vec::new())
    }

    /// One job of this station, whose paper is out.
    fn completed(id: i32, name: &str) -> Vec<u8> {
        let user = IppPrinterConfig::new("ipp://localhost/").user;
        let list = vec![
            ("job-id", IppValue::new_integer(id)),
            ("job-name", IppValue::new_name_without_language(name).unwrap()),
            ("job-originating-user-name", IppValue::new_name_without_language(user).unwrap()),
            ("job-state", IppValue::Enum(9)),
        ];
        said(DelimiterTag::JobAttributes, list)
    }

    /// Where the printer stands, by the protocol's number, and one reason.
    fn printer(state: i32, reason: &str) -> Vec<u8> {
        let list = vec![
            ("printer-state", IppValue::Enum(state)),
            ("printer-state-reasons", IppValue::new_keyword(reason).unwrap()),
        ];
        said(DelimiterTag::PrinterAttributes, list)
    }

    /// Notes what a job says, and rests no time at all.
    #[derive(Default)]
    struct Notes {
        reported: Vec<PrintOutcome>,
        held: Vec<Option<DeviceWarning>>,
    }

    impl Progress for Notes {
        fn report(&mut self, outcome: PrintOutcome) {
            self.reported.push(outcome);
        }

        fn holds(&mut self, what: Option<DeviceWarning>) {
            self.held.push(what);
        }

        fn taken_back(&mut self) -> bool {
            false
        }

        fn rest(&mut self, _: Duration) -> bool {
            true
        }
    }

    #[test]
    fn outcomes_of_a_look_that_breaks_off_are_told_and_the_rest_at_the_next_one() {
        let mut asked = 0;
        let fake = FakePrinter::start(move |operation, question| {
            let over = !question.windows(13).any(|w| w == b"not-completed");
            match operation {
                JOBS if over => Some(completed(9, "before")),
                JOBS => Some(nothing()),
                _ => {
                    asked += 1;
                    match asked {
                        1 => Some(completed(1, "a")),
                        2 => None,
                        3 => Some(completed(2, "b")),
                        _ => Some(completed(3, "c")),
                    }
                }
            }
        });
        let mut talk = Talk::new(&fake.config()).unwrap();
        let mut left = LeftOver::default();
        for (id, name) in [(1, "a"), (2, "b"), (3, "c")] {
            left.keep(id, name, 10);
        }
        let moved = |names: [&str; 2]| Ok(names.map(|name| (name.to_owned(), PrintOutcome::PaperMoved)).to_vec());
        assert_eq!(left.look(&mut talk), moved(["before", "a"]));
        assert_eq!(left.look(&mut talk), moved(["b", "c"]));
        assert_eq!(left.look(&mut talk), Ok(Vec::new()));
    }

    #[test]
    fn a_queue_that_reaches_for_its_printer_is_given_a_moment() {
        let job = PrintJob { job: "one".to_owned(), format: PrintFormat::Pdf, bytes: Arc::from(&b"%PDF"[..]) };
        let mut looks = 0;
        let reaches = FakePrinter::start(move |operation, _| match operation {
            PRINTER => {
                looks += 1;
                Some(printer(4, if looks <= 3 { "connecting-to-device" } else { "none" }))
            }
            _ => Some(completed(1, "one")),
        });
        let mut notes = Notes::default();
        assert_eq!(IppPrinter::new(reaches.config()).print(&job, &mut notes), PrintOutcome::PaperMoved);
        assert_eq!(notes.reported, [PrintOutcome::Sent]);
        let silent = Some(DeviceWarning::PrinterSilent);
        assert_eq!(notes.held, [silent.clone(), silent, None]);

        let off = FakePrinter::start(|_, _| Some(printer(4, "connecting-to-device")));
        let failed = PrintOutcome::Failed { why: PrintFailure::NotReady(NotReady::Silent), bytes_sent: 0 };
        assert_eq!(IppPrinter::new(off.config()).print(&job, &mut Notes::default()), failed);
    }
}
