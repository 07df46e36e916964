//! Questions and answers of the Internet Printing Protocol (RFC 8010, 8011) as this program uses them. Pure: bytes in, bytes out;
//! the crate `ipp` does the encoding. Must never carry anything but what the caller gave.

use std::io::Cursor;

use ipp::attribute::IppAttribute;
use ipp::model::{DelimiterTag, IppVersion, Operation, StatusCode};
use ipp::parser::{IppParseError, IppParser};
use ipp::prelude::Uri;
use ipp::reader::IppReader;
use ipp::request::IppRequestResponse;
use ipp::value::{IppKeyword, IppValue};

use super::PrintFormat;
use super::ipp_state::{JobSays, JobState, PrinterSays, PrinterState};

/// Port where none is said (RFC 8011 and RFC 7472: the same with and without TLS).
const PORT: u16 = 631;
/// Longest answer in bytes; a printer that tells all it knows needs about 10,000.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Jobs of ours that are looked at to find one by its name.
const JOBS_MAX: i32 = 100;

/// What is asked of a printer.
const PRINTER_ATTRIBUTES: &[&str] = &[
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "queued-job-count",
    "document-format-supported",
    "pwg-raster-document-resolution-supported",
];
/// What is asked of a job.
const JOB_ATTRIBUTES: &[&str] =
    &["job-id", "job-name", "job-originating-user-name", "job-state", "job-state-reasons", "job-impressions-completed"];

/// The HTTP address behind an `ipp://` or `ipps://` one; `None` for anything else.
#[must_use]
pub fn http_address(uri: &str) -> Option<String> {
    let uri: Uri = uri.parse().ok()?;
    let scheme = match uri.scheme_str()? {
        "ipp" | "http" => "http",
        "ipps" | "https" => "https",
        _ => return None,
    };
    let authority = uri.authority()?;
    if authority.host().is_empty() || authority.as_str().contains('@') {
        return None;
    }
    Some(format!("{scheme}://{}:{}{}", authority.host(), authority.port_u16().unwrap_or(PORT), uri.path()))
}

/// The name of a format on the wire; `None` for what no driverless printer takes.
#[must_use]
pub fn mime(format: PrintFormat) -> Option<&'static str> {
    match format {
        PrintFormat::Pdf => Some("application/pdf"),
        PrintFormat::Pwg => Some("image/pwg-raster"),
        PrintFormat::Jpeg => Some("image/jpeg"),
        PrintFormat::Png => Some("image/png"),
        PrintFormat::Zpl | PrintFormat::EscPos => None,
    }
}

/// Builds questions to one printer.
#[derive(Debug)]
pub struct Asker {
    uri: Uri,
    /// Who asks.
    user: String,
    number: i32,
}

impl Asker {
    /// For the printer at this `ipp://` or `ipps://` address.
    #[must_use]
    pub fn new(uri: &str, user: &str) -> Option<Self> {
        http_address(uri)?;
        Some(Self { uri: uri.parse().ok()?, user: user.to_owned(), number: 0 })
    }

    /// Whether a job came from the one who asks here.
    #[must_use]
    pub fn sent(&self, job: &JobSays) -> bool {
        job.user == self.user
    }

    fn request(&mut self, operation: Operation) -> Result<IppRequestResponse, IppParseError> {
        let mut request = IppRequestResponse::new(IppVersion::v2_0(), operation, Some(self.uri.clone()))?;
        self.number = self.number.wrapping_add(1).max(1);
        request.header_mut().request_id = self.number;
        Ok(request)
    }

    fn user(&self, request: &mut IppRequestResponse) -> Result<(), IppParseError> {
        operation(request, "requesting-user-name", IppValue::new_name_without_language(&self.user)?)
    }

    /// How is the printer?
    ///
    /// # Errors
    /// If the address is longer than the protocol allows.
    pub fn printer(&mut self) -> Result<Vec<u8>, IppParseError> {
        let mut request = self.request(Operation::GetPrinterAttributes)?;
        self.user(&mut request)?;
        wanted(&mut request, PRINTER_ATTRIBUTES)?;
        Ok(request.to_bytes().to_vec())
    }

    /// Print this; the document follows right behind these bytes.
    ///
    /// # Errors
    /// If the name or the paper's name is longer than the protocol allows.
    pub fn print(&mut self, name: &str, mime: &str, media: Option<&str>) -> Result<Vec<u8>, IppParseError> {
        let mut request = self.request(Operation::PrintJob)?;
        self.user(&mut request)?;
        operation(&mut request, "job-name", IppValue::new_name_without_language(name)?)?;
        operation(&mut request, "document-format", IppValue::new_mime_media_type(mime)?)?;
        if let Some(media) = media {
            let media = IppAttribute::with_name("media", IppValue::new_keyword(media)?)?;
            request.attributes_mut().add(DelimiterTag::JobAttributes, media);
        }
        Ok(request.to_bytes().to_vec())
    }

    /// How is this job?
    ///
    /// # Errors
    /// As [`Asker::printer`].
    pub fn job(&mut self, id: i32) -> Result<Vec<u8>, IppParseError> {
        let mut request = self.request(Operation::GetJobAttributes)?;
        operation(&mut request, "job-id", IppValue::new_integer(id))?;
        self.user(&mut request)?;
        wanted(&mut request, JOB_ATTRIBUTES)?;
        Ok(request.to_bytes().to_vec())
    }

    /// Take this job back.
    ///
    /// # Errors
    /// As [`Asker::printer`].
    pub fn cancel(&mut self, id: i32) -> Result<Vec<u8>, IppParseError> {
        let mut request = self.request(Operation::CancelJob)?;
        operation(&mut request, "job-id", IppValue::new_integer(id))?;
        self.user(&mut request)?;
        Ok(request.to_bytes().to_vec())
    }

    /// Which jobs are there, those that are over or those that are not?
    ///
    /// # Errors
    /// As [`Asker::printer`].
    pub fn jobs(&mut self, over: bool) -> Result<Vec<u8>, IppParseError> {
        let mut request = self.request(Operation::GetJobs)?;
        self.user(&mut request)?;
        operation(&mut request, "limit", IppValue::new_integer(JOBS_MAX))?;
        wanted(&mut request, JOB_ATTRIBUTES)?;
        let which = if over { "completed" } else { "not-completed" };
        operation(&mut request, "which-jobs", IppValue::new_keyword(which)?)?;
        Ok(request.to_bytes().to_vec())
    }
}

fn operation(request: &mut IppRequestResponse, name: &str, value: IppValue) -> Result<(), IppParseError> {
    request.attributes_mut().add(DelimiterTag::OperationAttributes, IppAttribute::with_name(name, value)?);
    Ok(())
}

fn wanted(request: &mut IppRequestResponse, names: &[&str]) -> Result<(), IppParseError> {
    let names: Result<Vec<IppValue>, IppParseError> =
        names.iter().map(|n| Ok(IppValue::Keyword(IppKeyword::new(*n)?))).collect();
    operation(request, "requested-attributes", IppValue::Array(names?))
}

/// A printer's answer.
#[derive(Debug)]
pub struct Answer {
    /// How the printer took the question.
    pub status: StatusCode,
    groups: ipp::attribute::IppAttributes,
}

/// Reads an answer; `None` if it is none.
#[must_use]
pub fn read(bytes: Vec<u8>) -> Option<Answer> {
    if bytes.len() > ANSWER_BYTES_MAX {
        return None;
    }
    let parser: IppParser<Cursor<Vec<u8>>> = IppParser::new(IppReader::new(Cursor::new(bytes)));
    let (header, groups, _) = parser.parse_parts().ok()?;
    Some(Answer { status: header.status_code(), groups })
}

impl Answer {
    /// What it says of the printer; `None` where there is no state.
    #[must_use]
    pub fn printer(&self) -> Option<PrinterSays> {
        let group = self.groups.first_of(DelimiterTag::PrinterAttributes)?;
        let value = |name: &str| group.get(name).map(IppAttribute::value);
        let state = match number(value("printer-state")?)? {
            3 => PrinterState::Idle,
            4 => PrinterState::Processing,
            5 => PrinterState::Stopped,
            _ => return None,
        };
        Some(PrinterSays {
            state,
            reasons: value("printer-state-reasons").map(words).unwrap_or_default(),
            accepting: !matches!(value("printer-is-accepting-jobs"), Some(IppValue::Boolean(false))),
            queued: value("queued-job-count").and_then(number).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            formats: value("document-format-supported").map(|v| words(v).iter().filter_map(|w| format(w)).collect()),
            dpi: value("pwg-raster-document-resolution-supported").map(resolutions).unwrap_or_default(),
        })
    }

    /// What it says of jobs, those without a state left out.
    #[must_use]
    pub fn jobs(&self) -> Vec<JobSays> {
        self.groups.groups_of(DelimiterTag::JobAttributes).filter_map(job).collect()
    }
}

fn job(group: &ipp::attribute::IppAttributeGroup) -> Option<JobSays> {
    let value = |name: &str| group.get(name).map(IppAttribute::value);
    let word = |name: &str| value(name).map(words).and_then(|w| w.into_iter().next()).unwrap_or_default();
    let state = match number(value("job-state")?)? {
        3 => JobState::Pending,
        4 => JobState::Held,
        5 => JobState::Processing,
        6 => JobState::Stopped,
        7 => JobState::Canceled,
        8 => JobState::Aborted,
        9 => JobState::Completed,
        _ => return None,
    };
    Some(JobSays {
        id: value("job-id").and_then(number)?,
        name: word("job-name"),
        user: word("job-originating-user-name"),
        state,
        reasons: value("job-state-reasons").map(words).unwrap_or_default(),
        pages_out: value("job-impressions-completed").and_then(number).and_then(|n| u32::try_from(n).ok()),
    })
}

// The crate's values are not ours to list one by one: what is of another type than the protocol says is left out.
fn number(value: &IppValue) -> Option<i32> {
    match value {
        IppValue::Integer(n) | IppValue::Enum(n) => Some(*n),
        _ => None,
    }
}

fn words(value: &IppValue) -> Vec<String> {
    let one = |value: &IppValue| match value {
        IppValue::Keyword(word) => Some(word.as_str().to_owned()),
        IppValue::MimeMediaType(word) => Some(word.as_str().to_owned()),
        IppValue::NameWithoutLanguage(word) => Some(word.as_str().to_owned()),
        IppValue::NameWithLanguage { name, .. } => Some(name.as_str().to_owned()),
        _ => None,
    };
    match value {
        IppValue::Array(list) => list.iter().filter_map(one).collect(),
        single => one(single).into_iter().collect(),
    }
}

fn format(word: &str) -> Option<PrintFormat> {
    let known = [PrintFormat::Pdf, PrintFormat::Pwg, PrintFormat::Jpeg, PrintFormat::Png];
    known.into_iter().find(|f| mime(*f).is_some_and(|m| m.eq_ignore_ascii_case(word)))
}

fn resolutions(value: &IppValue) -> Vec<u32> {
    /// Dots per inch; the other unit is dots per centimetre.
    const PER_INCH: i8 = 3;
    let one = |value: &IppValue| match value {
        IppValue::Resolution { cross_feed, feed, units } if cross_feed == feed && *units == PER_INCH => {
            u32::try_from(*feed).ok()
        }
        _ => None,
    };
    match value {
        IppValue::Array(list) => list.iter().filter_map(one).collect(),
        single => one(single).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (uri, http) in [
            ("ipp://printer.local/ipp/print", "http://printer.local:631/ipp/print"),
            ("ipps://printer.local/ipp/print", "https://printer.local:631/ipp/print"),
            ("ipp://localhost:8631/printers/office", "http://localhost:8631/printers/office"),
            ("ipp://[::1]:8631/ipp/print", "http://[::1]:8631/ipp/print"),
            ("https://printer.local/ipp/print", "https://printer.local:631/ipp/print"),
        ] {
            assert_eq!(http_address(uri).as_deref(), Some(http));
        }
        for bad in ["", "ipp:", "ftp://x/", "printer", "ipp://name:word@printer/ipp", "ipp:///ipp/print"] {
            assert_eq!(http_address(bad), None, "{bad}");
        }
    }

    /// An answer as a printer writes it.
    fn answer() -> Vec<u8> {
        let mut a = IppRequestResponse::new_response(IppVersion::v2_0(), StatusCode::SuccessfulOk, 7).unwrap();
        let mut add = |tag, name: &str, value| {
            a.attributes_mut().add(tag, IppAttribute::with_name(name, value).unwrap());
        };
        let keyword = |w: &str| IppValue::new_keyword(w).unwrap();
        let printer = DelimiterTag::PrinterAttributes;
        add(printer, "printer-state", IppValue::Enum(5));
        let reasons = IppValue::Array(vec![keyword("media-empty-error"), keyword("toner-low-report")]);
        add(printer, "printer-state-reasons", reasons);
        add(printer, "printer-is-accepting-jobs", IppValue::new_boolean(false));
        add(printer, "queued-job-count", IppValue::new_integer(4));
        let formats =
            ["application/pdf", "image/urf", "image/pwg-raster"].map(|m| IppValue::new_mime_media_type(m).unwrap());
        add(printer, "document-format-supported", IppValue::Array(formats.to_vec()));
        add(printer, "pwg-raster-document-resolution-supported", IppValue::new_resolution(300, 300, 3));
        add(DelimiterTag::JobAttributes, "job-id", IppValue::new_integer(12));
        add(DelimiterTag::JobAttributes, "job-name", IppValue::new_name_without_language("a_1").unwrap());
        let user = IppValue::new_name_without_language("packbench").unwrap();
        add(DelimiterTag::JobAttributes, "job-originating-user-name", user);
        add(DelimiterTag::JobAttributes, "job-state", IppValue::Enum(6));
        add(DelimiterTag::JobAttributes, "job-impressions-completed", IppValue::new_integer(0));
        a.to_bytes().to_vec()
    }

    #[test]
    fn an_answer_is_read() {
        let read = read(answer()).unwrap();
        let says = read.printer().unwrap();
        assert_eq!((says.state, says.accepting, says.queued), (PrinterState::Stopped, false, 4));
        assert_eq!(says.reasons, ["media-empty-error", "toner-low-report"]);
        assert_eq!(says.formats, Some(vec![PrintFormat::Pdf, PrintFormat::Pwg]));
        assert_eq!(says.dpi, [300]);
        let jobs = read.jobs();
        assert_eq!((jobs[0].id, jobs[0].name.as_str(), jobs[0].state), (12, "a_1", JobState::Stopped));
        assert_eq!((jobs[0].pages_out, jobs[0].user.as_str()), (Some(0), "packbench"));
        let asker = |user: &str| Asker::new("ipp://printer.local/ipp/print", user).unwrap();
        assert!(asker("packbench").sent(&jobs[0]) && !asker("packbench-2").sent(&jobs[0]));
    }

    #[test]
    fn no_bytes_are_taken_for_more_than_they_are() {
        let whole = answer();
        for end in 0..whole.len() {
            assert!(read(whole[..end].to_vec()).is_none(), "cut at {end}");
        }
        // Every byte changed in three ways: an answer or none, never the end of the thread.
        for at in 0..whole.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                if let Some(answer) = read(bytes) {
                    let _ = (answer.printer(), answer.jobs());
                }
            }
        }
        assert!(read(vec![0; ANSWER_BYTES_MAX + 1]).is_none());
    }
}
