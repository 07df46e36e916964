//! One look at a label printer on TCP: both status questions, and the answers that belong to them. Answers come late, twice or
//! never; one that belongs to an earlier question must never count for this one.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::NotReady;
use super::errors::{self, ErrorStatus};
use super::status::{self, HostStatus};
use crate::devices::event::{DeviceWarning, LostReason};
use crate::devices::tap;

/// Longest wait for a first answer.
const ANSWER_WAIT: Duration = Duration::from_millis(1_000);
/// Once one question was answered, the other answer comes within this time or not at all.
const OTHER_WAIT: Duration = Duration::from_millis(200);
/// Longest pair of answers in bytes.
const ANSWER_BYTES_MAX: usize = 2_048;
/// Looks that one question may stay unanswered while the other is, before it is asked no more.
const PATIENCE: u32 = 3;

/// What a printer said of itself, by either question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    host: Option<HostStatus>,
    errors: Option<ErrorStatus>,
}

impl Said {
    /// What keeps it from printing.
    pub(super) fn not_ready(&self) -> Option<NotReady> {
        let by_errors = self.errors.and_then(|e| e.not_ready());
        by_errors.or_else(|| self.host.and_then(|h| h.not_ready()))
    }

    pub(super) fn warning(&self) -> Option<DeviceWarning> {
        let host = || self.host.and_then(|h| h.warning());
        let errors = || self.errors.and_then(|e| e.warning());
        self.not_ready().map(NotReady::warning).or_else(host).or_else(errors)
    }

    /// Nothing waits in it; only the host status says so.
    pub(super) fn is_empty(&self) -> bool {
        self.host.is_some_and(|h| h.is_empty())
    }

    /// Jobs that wait in it.
    pub(super) fn jobs(&self) -> u32 {
        self.host.map_or(0, |h| h.formats_waiting.saturating_add(u32::from(h.labels_left > 0)))
    }
}

/// What a look gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// It answered.
    Said(Said),
    /// It took the questions and said nothing that is an answer.
    Silent,
}

/// What a printer was found to answer.
#[derive(Debug, Default)]
pub(super) struct Looker {
    ever: bool,
    /// Looks in a row that brought the host status and no error status: many makers know only the first.
    without_errors: u32,
}

impl Looker {
    /// It has answered at least once since the start.
    pub(super) fn ever(&self) -> bool {
        self.ever
    }

    /// Asks and waits for what belongs to the questions.
    ///
    /// What lies unread from an earlier question is thrown away first. An answer that comes later than this waits is thrown away
    /// by the next look, if it has come by then; else it is at worst one look old.
    pub(super) fn look(&mut self, stream: &mut TcpStream) -> Result<Look, LostReason> {
        let reason = |error: std::io::Error| LostReason::from_io(error.kind());
        drain(stream)?;
        let both = self.without_errors < PATIENCE;
        let question = if both { [errors::ASK, status::ASK].concat() } else { status::ASK.to_vec() };
        tap::sent(&question);
        stream.write_all(&question).map_err(reason)?;
        let (mut answer, mut buf) = (Vec::with_capacity(ANSWER_BYTES_MAX), [0u8; 512]);
        let mut until = Instant::now() + ANSWER_WAIT;
        let mut said = Said { host: None, errors: None };
        while answer.len() < ANSWER_BYTES_MAX && !(said.host.is_some() && (said.errors.is_some() || !both)) {
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
            let before = said;
            said = Said { host: status::parse(&answer), errors: errors::parse(&answer) };
            if before != said {
                until = until.min(Instant::now() + OTHER_WAIT);
            }
        }
        self.note(&said, both);
        Ok(if said.host.is_none() && said.errors.is_none() { Look::Silent } else { Look::Said(said) })
    }

    fn note(&mut self, said: &Said, both: bool) {
        self.ever |= said.host.is_some() || said.errors.is_some();
        match (said.host.is_some(), said.errors.is_some()) {
            (_, true) => self.without_errors = 0,
            (true, false) if both => self.without_errors += 1,
            // Nothing at all: it may be that very silence in which only the other question is answered.
            (false, false) => self.without_errors = 0,
            (true, false) => {}
        }
    }
}

/// Throws away what has come already.
fn drain(stream: &mut TcpStream) -> Result<(), LostReason> {
    let reason = |error: std::io::Error| LostReason::from_io(error.kind());
    stream.set_nonblocking(true).map_err(reason)?;
    let (mut buf, mut thrown, mut end) = ([0u8; 512], 0_usize, Ok(()));
    loop {
        match stream.read(&mut buf) {
            Ok(0) => {
                end = Err(LostReason::Disconnected);
                break;
            }
            Ok(n) => thrown += n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                end = Err(reason(error));
                break;
            }
        }
        if thrown > ANSWER_BYTES_MAX * 4 {
            // It talks without end and not of what it was asked.
            end = Err(LostReason::BadAnswer);
            break;
        }
    }
    stream.set_nonblocking(false).map_err(reason)?;
    end
}
