//! A driverless printer or a print server's queue by IPP: a job is handed over once, then followed until its paper is out. Must
//! never hand a job over again once it may have been taken, and must never leave a job in the printer that a person was told
//! has failed: it would come out later, beside its copy.

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use ipp::model::StatusCode;
use reqwest::blocking::{Body, Client};

use super::ipp_left::{Ended, LeftOver};
use super::ipp_state::{JobSays, PrinterSays};
use super::ipp_wire::{self, ANSWER_BYTES_MAX, Answer, Asker};
use super::{NotReady, PrintFailure, PrintJob, PrintOutcome, PrinterFacts, PrinterPort, Progress};
use crate::devices::config::IppPrinterConfig;
use crate::devices::event::{DeviceWarning, LostReason};
use crate::devices::http::lost_reason;
use crate::devices::tap;

/// Pause between two looks at a job.
const LOOK_PAUSE: Duration = Duration::from_millis(300);
/// Pause between two tries at a busy printer.
const BUSY_PAUSE: Duration = Duration::from_millis(500);
/// So often a queue that is reaching for its printer is looked at again, a busy pause apart: five seconds.
const CONNECT_LOOKS: u32 = 10;
/// After so many of them a person is told.
const CONNECT_TELL: u32 = 2;
/// Longest wait until a printer has taken a document.
const TAKE_WAIT: Duration = Duration::from_secs(15);
/// After this time without an answer to a document a person is told.
const TELL_AFTER: Duration = Duration::from_millis(1_200);
/// Between two looks whether a document was taken.
const TICK: Duration = Duration::from_millis(20);
/// A printer that says nothing for so long while it has a job is gone.
const GONE_AFTER: Duration = Duration::from_secs(4);
/// Largest certificate file in bytes.
const CERTIFICATE_BYTES_MAX: u64 = 64 * 1024;

/// One printer.
pub(crate) struct IppPrinter {
    config: IppPrinterConfig,
    talk: Option<Talk>,
    facts: PrinterFacts,
    left: LeftOver,
}

/// The way to a printer; made once.
pub(super) struct Talk {
    client: Client,
    address: String,
    asker: Asker,
    wait: Duration,
}

impl IppPrinter {
    pub(crate) fn new(config: IppPrinterConfig) -> Self {
        Self { config, talk: None, facts: PrinterFacts::default(), left: LeftOver::default() }
    }

    fn talk(&mut self) -> Result<&mut Talk, LostReason> {
        let talk = match self.talk.take() {
            Some(talk) => talk,
            None => Talk::new(&self.config)?,
        };
        Ok(self.talk.insert(talk))
    }

    /// Whether it takes a job now. A queue that is just reaching for the printer behind it is given a moment.
    fn takes(&mut self, progress: &mut dyn Progress) -> Result<(), PrintFailure> {
        let mut looks = 0;
        loop {
            let says = self.talk().and_then(Talk::printer).map_err(PrintFailure::NotThere)?;
            let why = match says.not_ready() {
                // Busy is waited for, bounded, when the job is handed over.
                None | Some(NotReady::Busy) => {
                    if looks >= CONNECT_TELL {
                        progress.holds(None);
                    }
                    return Ok(());
                }
                Some(why) => why,
            };
            if !says.connects() || looks >= CONNECT_LOOKS {
                return Err(PrintFailure::NotReady(why));
            }
            if progress.taken_back() {
                return Err(PrintFailure::Canceled);
            }
            looks += 1;
            if looks >= CONNECT_TELL {
                progress.holds(Some(why.warning()));
            }
            if !progress.rest(BUSY_PAUSE) {
                return Err(PrintFailure::NotReady(why));
            }
        }
    }

    /// Hands the document over, once; waits while the printer is busy with somebody else's. The printer's number of the job.
    fn hand_over(&mut self, job: &PrintJob, mime: &str, progress: &mut dyn Progress) -> Result<i32, PrintOutcome> {
        let failed = |why, bytes_sent| PrintOutcome::Failed { why, bytes_sent };
        let until = Instant::now() + Duration::from_millis(self.config.busy_ms_max);
        let media = self.config.media.clone();
        let mut held = false;
        loop {
            let talk = self.talk().map_err(|reason| failed(PrintFailure::NotThere(reason), 0))?;
            let status = match talk.print(job, mime, media.as_deref(), progress) {
                Ok(answer) if answer.status.is_success() => {
                    if held {
                        progress.holds(None);
                    }
                    // A printer that took a job without a number cannot be asked about it: its name finds it.
                    let number = answer.jobs().first().map(|j| j.id).or_else(|| talk.find(&job.job));
                    return number.ok_or(PrintOutcome::Sent);
                }
                Ok(answer) => answer.status,
                Err(Unsent::Before(reason)) => return Err(failed(PrintFailure::NotThere(reason), 0)),
                // It may have been taken: looked for by its name, never sent again.
                Err(Unsent::Perhaps) => {
                    let found = talk.find(&job.job);
                    return found.ok_or_else(|| failed(PrintFailure::CutMidJob, job.bytes.len()));
                }
            };
            match status {
                StatusCode::ServerErrorBusy | StatusCode::ServerErrorTemporaryError => {
                    if Instant::now() >= until {
                        return Err(failed(PrintFailure::NotReady(NotReady::Busy), 0));
                    }
                    held = true;
                    progress.holds(Some(DeviceWarning::PrinterBusy));
                    if progress.taken_back() {
                        return Err(failed(PrintFailure::Canceled, 0));
                    }
                    if !progress.rest(BUSY_PAUSE) {
                        return Err(failed(PrintFailure::NotReady(NotReady::Busy), 0));
                    }
                }
                other => return Err(failed(refusal(other), 0)),
            }
        }
    }

    /// Follows a job that was taken until its paper is out, or it will not come.
    fn follow(&mut self, id: i32, bytes: usize, progress: &mut dyn Progress) -> PrintOutcome {
        let failed = |why, bytes_sent| PrintOutcome::Failed { why, bytes_sent };
        let until = Instant::now() + Duration::from_millis(self.config.paper_ms_max);
        let (mut heard, mut held): (Instant, Option<NotReady>) = (Instant::now(), None);
        loop {
            let looked = self.talk().and_then(|talk| talk.look(id));
            let untouched = match looked {
                Ok((job, printer)) => {
                    heard = Instant::now();
                    match job.as_ref().map(JobSays::end) {
                        Some(Some(Ok(()))) => {
                            if held.is_some() {
                                progress.holds(None);
                            }
                            return PrintOutcome::PaperMoved;
                        }
                        Some(Some(Err(why))) => return failed(why, bytes),
                        Some(None) => {}
                        // Forgotten by the printer: that it was sent is all that is known.
                        None => return PrintOutcome::Sent,
                    }
                    let now = printer.holds();
                    if now != held {
                        progress.holds(now.map(NotReady::warning));
                        held = now;
                    }
                    job.is_some_and(|j| j.untouched())
                }
                Err(reason) => {
                    if heard.elapsed() > GONE_AFTER {
                        return failed(PrintFailure::NotThere(reason), bytes);
                    }
                    if held != Some(NotReady::Silent) {
                        held = Some(NotReady::Silent);
                        progress.holds(Some(DeviceWarning::PrinterSilent));
                    }
                    false
                }
            };
            let late = Instant::now() >= until;
            if let Some(why) = if progress.taken_back() { Some(None) } else { (late && held.is_some()).then_some(held) }
            {
                return self.give_up(id, bytes, untouched, why);
            }
            // It waits behind other jobs or prints slowly: nothing is wrong that anybody could mend.
            if late || !progress.rest(LOOK_PAUSE) {
                return PrintOutcome::Sent;
            }
        }
    }

    /// Takes a job back, so that it does not come out after the packer was told that it failed.
    fn give_up(&mut self, id: i32, bytes: usize, untouched: bool, why: Option<NotReady>) -> PrintOutcome {
        let why = why.map_or(PrintFailure::Canceled, PrintFailure::NotReady);
        let taken_back = self.talk().and_then(|talk| talk.cancel(id));
        if let Err(reason) = taken_back {
            tracing::warn!(
                reason = reason.code(),
                "a job could not be taken back from the printer; it may still come out"
            );
        }
        let bytes_sent = if untouched && taken_back.is_ok() { 0 } else { bytes };
        PrintOutcome::Failed { why, bytes_sent }
    }
}

/// Why a printer did not take a job that arrived whole.
fn refusal(status: StatusCode) -> PrintFailure {
    tracing::warn!(%status, "the printer refused a job");
    // The crate's list of codes is not ours to repeat; what has no word of its own is a refusal.
    match status {
        StatusCode::ClientErrorDocumentFormatNotSupported | StatusCode::ClientErrorCompressionNotSupported => {
            PrintFailure::WrongFormat
        }
        StatusCode::ServerErrorNotAcceptingJobs => PrintFailure::NotReady(NotReady::NotAccepting),
        StatusCode::ServerErrorDeviceError | StatusCode::ServerErrorServiceUnavailable => {
            PrintFailure::NotReady(NotReady::Stopped)
        }
        StatusCode::ServerErrorJobCanceled => PrintFailure::Canceled,
        StatusCode::ClientErrorNotAuthenticated
        | StatusCode::ClientErrorNotAuthorized
        | StatusCode::ClientErrorForbidden => PrintFailure::NotThere(LostReason::NotPermitted),
        _ => PrintFailure::Refused,
    }
}

/// How a document did not come to an answer.
enum Unsent {
    /// Surely not taken.
    Before(LostReason),
    /// Sent in whole or part, and no answer.
    Perhaps,
}

impl Talk {
    pub(super) fn new(config: &IppPrinterConfig) -> Result<Self, LostReason> {
        let address = ipp_wire::http_address(&config.uri).ok_or(LostReason::NotFound)?;
        let asker = Asker::new(&config.uri, &config.user).ok_or(LostReason::NotFound)?;
        let wait = Duration::from_millis(config.answer_ms_max);
        let builder = match (&config.certificate, address.starts_with("https://")) {
            (Some(path), true) => Client::builder().tls_certs_only([certificate(path)?]),
            (None, true) => Client::builder(),
            // A machine without certificates must still reach a printer that needs none.
            (_, false) => Client::builder().tls_certs_only([]),
        };
        let client = builder
            .connect_timeout(wait)
            .redirect(reqwest::redirect::Policy::none())
            // Each look is a connection of its own: a kept one would keep other stations out of a small printer.
            .pool_max_idle_per_host(0)
            .no_proxy()
            .build()
            .map_err(|error| {
                tracing::error!(error = %error.without_url(), "the HTTP client could not be set up");
                LostReason::Io
            })?;
        Ok(Self { client, address, asker, wait })
    }

    /// One question and its answer.
    fn ask(&self, question: Vec<u8>) -> Result<Answer, LostReason> {
        tap::sent(&question);
        post(&self.client, &self.address, Body::from(question), self.wait).map_err(|(reason, _)| reason)
    }

    fn printer(&mut self) -> Result<PrinterSays, LostReason> {
        let question = self.asker.printer().map_err(|_| LostReason::NotFound)?;
        let answer = self.ask(question)?;
        match answer.status {
            StatusCode::ClientErrorNotFound => Err(LostReason::NotFound),
            StatusCode::ClientErrorForbidden
            | StatusCode::ClientErrorNotAuthenticated
            | StatusCode::ClientErrorNotAuthorized => Err(LostReason::NotPermitted),
            _ => answer.printer().ok_or(LostReason::BadAnswer),
        }
    }

    /// A job and its printer; no job where the printer has forgotten it.
    fn look(&mut self, id: i32) -> Result<(Option<JobSays>, PrinterSays), LostReason> {
        Ok((self.job(id)?, self.printer()?))
    }

    /// A job; none where the printer has forgotten it.
    pub(super) fn job(&mut self, id: i32) -> Result<Option<JobSays>, LostReason> {
        let question = self.asker.job(id).map_err(|_| LostReason::BadAnswer)?;
        let answer = self.ask(question)?;
        match answer.status {
            StatusCode::ClientErrorNotFound | StatusCode::ClientErrorGone => Ok(None),
            _ => Ok(Some(answer.jobs().into_iter().next().ok_or(LostReason::BadAnswer)?)),
        }
    }

    /// Whether a job came from this station.
    pub(super) fn sent(&self, job: &JobSays) -> bool {
        self.asker.sent(job)
    }

    /// The jobs that are over, or those that are not.
    pub(super) fn jobs(&mut self, over: bool) -> Result<Vec<JobSays>, LostReason> {
        let question = self.asker.jobs(over).map_err(|_| LostReason::BadAnswer)?;
        Ok(self.ask(question)?.jobs())
    }

    pub(super) fn cancel(&mut self, id: i32) -> Result<(), LostReason> {
        let question = self.asker.cancel(id).map_err(|_| LostReason::BadAnswer)?;
        let status = self.ask(question)?.status;
        if status.is_success() { Ok(()) } else { Err(LostReason::BadAnswer) }
    }

    /// The number of a job by its name, among those that wait and those that are over.
    fn find(&mut self, name: &str) -> Option<i32> {
        let by_name = |jobs: Vec<JobSays>| jobs.into_iter().find(|job| job.name == name).map(|job| job.id);
        [false, true].into_iter().find_map(|over| self.jobs(over).ok().and_then(by_name))
    }

    /// Sends a document. While the printer takes its time, the packer is told.
    fn print(
        &mut self,
        job: &PrintJob,
        mime: &str,
        media: Option<&str>,
        progress: &mut dyn Progress,
    ) -> Result<Answer, Unsent> {
        let Ok(head) = self.asker.print(&job.job, mime, media) else {
            return Err(Unsent::Before(LostReason::BadAnswer));
        };
        let length = u64::try_from(head.len() + job.bytes.len()).unwrap_or(u64::MAX);
        let document = std::io::Cursor::new(head).chain(std::io::Cursor::new(std::sync::Arc::clone(&job.bytes)));
        let (client, address) = (&self.client, self.address.as_str());
        let body = Body::sized(document, length);
        let sent = thread::scope(|scope| {
            let sending = move || post(client, address, body, TAKE_WAIT);
            let sender = thread::Builder::new().name("ipp-document".to_owned()).spawn_scoped(scope, sending);
            let Ok(sender) = sender else { return Err((LostReason::Io, false)) };
            let (begun, mut told) = (Instant::now(), false);
            while !sender.is_finished() {
                if !progress.rest(TICK) {
                    // The station stops: what was begun is still waited for, or nobody would know what became of it.
                    thread::park_timeout(TICK);
                }
                if !told && begun.elapsed() > TELL_AFTER {
                    told = true;
                    progress.holds(Some(DeviceWarning::PrinterSilent));
                }
            }
            let answer = sender.join().unwrap_or(Err((LostReason::DriverFailed, true)));
            if told && answer.is_ok() {
                progress.holds(None);
            }
            answer
        });
        sent.map_err(|(reason, connected)| if connected { Unsent::Perhaps } else { Unsent::Before(reason) })
    }
}

/// Sends one request. A failure says whether the printer had been reached.
fn post(client: &Client, address: &str, body: Body, wait: Duration) -> Result<Answer, (LostReason, bool)> {
    let request = client.post(address).header("Content-Type", "application/ipp").timeout(wait).body(body);
    let response = request.send().map_err(|error| (lost_reason(&error), !error.is_connect()))?;
    match response.status().as_u16() {
        200 => {}
        401 | 403 => return Err((LostReason::NotPermitted, false)),
        404 => return Err((LostReason::NotFound, false)),
        _ => return Err((LostReason::BadAnswer, true)),
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(ANSWER_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    response.take(most).read_to_end(&mut bytes).map_err(|error| (LostReason::from_io(error.kind()), true))?;
    tap::heard(&bytes);
    ipp_wire::read(bytes).ok_or((LostReason::BadAnswer, true))
}

/// The certificate that a printer shows.
fn certificate(path: &std::path::Path) -> Result<reqwest::Certificate, LostReason> {
    let read = std::fs::File::open(path).and_then(|file| {
        let mut pem = Vec::new();
        file.take(CERTIFICATE_BYTES_MAX).read_to_end(&mut pem).map(|_| pem)
    });
    let pem = read.map_err(|error| {
        tracing::error!(%error, path = %path.display(), "the printer's certificate cannot be read; check its path");
        LostReason::from_io(error.kind())
    })?;
    reqwest::Certificate::from_pem(&pem).map_err(|error| {
        tracing::error!(%error, path = %path.display(), "the printer's certificate is no PEM file");
        LostReason::BadAnswer
    })
}

impl PrinterPort for IppPrinter {
    fn print(&mut self, job: &PrintJob, progress: &mut dyn Progress) -> PrintOutcome {
        let known = self.facts.formats.is_empty() || self.facts.formats.contains(&job.format);
        let Some(mime) = ipp_wire::mime(job.format).filter(|_| known) else {
            return PrintOutcome::Failed { why: PrintFailure::WrongFormat, bytes_sent: 0 };
        };
        if let Err(why) = self.takes(progress) {
            return PrintOutcome::Failed { why, bytes_sent: 0 };
        }
        match self.hand_over(job, mime, progress) {
            Ok(number) => {
                progress.report(PrintOutcome::Sent);
                let outcome = self.follow(number, job.bytes.len(), progress);
                if still_in_it(&outcome) {
                    self.left.keep(number, &job.job, job.bytes.len());
                }
                outcome
            }
            Err(outcome) => outcome,
        }
    }

    fn check(&mut self) -> Result<Option<DeviceWarning>, LostReason> {
        let says = self.talk().and_then(Talk::printer).inspect_err(|_| self.left.lost())?;
        let warning = says.warning();
        self.facts =
            PrinterFacts { jobs_of_others: says.queued, formats: says.formats.unwrap_or_default(), dpi: says.dpi };
        Ok(warning)
    }

    fn check_every(&self) -> Duration {
        Duration::from_millis(self.config.check_ms)
    }

    fn facts(&self) -> PrinterFacts {
        self.facts.clone()
    }

    fn over(&mut self) -> Vec<Ended> {
        let mut left = std::mem::take(&mut self.left);
        let looked = self.talk().and_then(|talk| left.look(talk));
        self.left = left;
        // That it does not answer is said by the next look at the printer itself.
        looked.unwrap_or_default()
    }

    fn take_back(&mut self, begins: &str) -> Vec<Ended> {
        let mut left = std::mem::take(&mut self.left);
        let ended = self.talk().map(|talk| left.take_back(begins, talk));
        self.left = left;
        ended.unwrap_or_default()
    }
}

/// Nobody waits for it any more, and it is not known to be over.
fn still_in_it(outcome: &PrintOutcome) -> bool {
    matches!(outcome, PrintOutcome::Sent | PrintOutcome::Failed { why: PrintFailure::NotThere(_), bytes_sent: 1.. })
}
