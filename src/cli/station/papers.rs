//! Rendering papers for the printers they go to, on a thread of its own. A job's name says all that its outcome needs;
//! remembered between the two is only which pages failed.

use super::port::Port;
use super::routing::{self, Picked, Printer, Wanted};
use crate::core::checklist::DocumentKind;
use crate::core::ids::FulfillmentId;
use crate::core::session::event::{PrintOutcome, PrintTrouble};
use crate::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome as DeviceOutcome};
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId, DeviceStatus, Doing};
use crate::engine::Input;
use crate::engine::input::{Fault, PrintJob, PrintNews, PrintOrder};
use crate::labels::sheet::{Element, Sheet};
use crate::labels::zpl::Resolution;
use crate::labels::{LabelError, escpos, pdf, pwg, raster, zpl};
use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use uuid::Uuid;

/// Jobs that may wait to be rendered.
const WAITING_MAX: usize = 64;
/// Narrowest module of a code on a site's own label, in dots.
const MODULE_DOTS_MIN: u32 = 2;
/// Failed pages that are remembered.
const FAILED_MAX: usize = 64;

/// What a printer is sent, and at which resolution: settled when it is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Drawing {
    pub format: PrintFormat,
    pub dpi: u32,
    /// Dots across a roll; 0 for sheets and labels.
    pub head_dots: u32,
}

impl Drawing {
    pub(super) fn of(printer: &Printer, devices: &DeviceHandle) -> Drawing {
        let now = devices.printers();
        let format = routing::format(printer, &now);
        Drawing { format, dpi: routing::dpi(printer, format, &now), head_dots: u32::from(printer.head_dots) }
    }
}

/// Starts the thread `papers`. It ends when the sender is dropped.
///
/// # Errors
/// If the system gives no thread.
pub fn start(
    printers: Arc<[Printer]>,
    devices: DeviceHandle,
    port: Port,
) -> io::Result<(SyncSender<Box<PrintOrder>>, JoinHandle<()>)> {
    let (sender, inbox) = sync_channel(WAITING_MAX);
    let mut papers = Papers { printers, devices, port, last: Vec::new() };
    let thread = thread::Builder::new().name("papers".to_owned()).spawn(move || papers.run(&inbox))?;
    Ok((sender, thread))
}

struct Papers {
    printers: Arc<[Printer]>,
    devices: DeviceHandle,
    port: Port,
    /// Where each paper went last: equal printers take turns.
    last: Vec<(DocumentKind, DeviceId)>,
}

impl Papers {
    fn run(&mut self, inbox: &Receiver<Box<PrintOrder>>) {
        for order in inbox {
            if let Err(trouble) = self.print(&order) {
                let outcome = PrintOutcome::Failed(trouble);
                self.port.deliver("a print outcome", Input::Printed { job: order.job, outcome });
            }
        }
    }

    fn print(&mut self, order: &PrintOrder) -> Result<(), PrintTrouble> {
        let printers = Arc::clone(&self.printers);
        self.take_back(order.job);
        let printer = self.route(&printers, order)?;
        let drawing = Drawing::of(printer, &self.devices);
        let (pages, fault) = pages(order, printer, drawing).map_err(|e| {
            tracing::error!(error = %e, document = document_word(order.job.document), "a paper was not rendered");
            PrintTrouble::Interrupted
        })?;
        if let Some(fault) = fault {
            // Before the bytes leave: what became of them is told of the house label.
            self.port.deliver("a label that was replaced", Input::SparePrinted { job: order.job, fault });
        }
        let count = pages.len();
        for (at, bytes) in pages.into_iter().enumerate() {
            let command = DeviceCommand::Print {
                printer: printer.id.clone(),
                job: job_name(order.job, at + 1, count),
                format: drawing.format,
                bytes: Arc::from(bytes),
            };
            self.devices.send(command).map_err(|e| {
                tracing::error!(error = %e, "a print job was not taken");
                PrintTrouble::Unreachable
            })?;
        }
        Ok(())
    }

    /// Picks the printer and tells the packer which it is, and why it is not another one.
    fn route<'a>(&mut self, printers: &'a [Printer], order: &PrintOrder) -> Result<&'a Printer, PrintTrouble> {
        let document = order.job.document;
        let now = self.devices.printers();
        let page = order.sheets.first().map(Sheet::area);
        let last = self.last.iter().find(|(d, _)| *d == document).map(|(_, id)| id.clone());
        let wanted = Wanted { document, page_um: page.map_or((0, 0), |p| (p.w_um, p.h_um)), last: last.as_ref() };
        let Picked { printer, instead_of } = routing::pick(printers, &now, wanted).ok_or(PrintTrouble::NoPrinter)?;
        self.last.retain(|(d, _)| *d != document);
        self.last.push((document, printer.id.clone()));
        let instead_of = instead_of.map(|(other, status)| (other.id.to_string(), fault_key(status)));
        if let Some((other, why)) = &instead_of {
            tracing::warn!(printer = %printer.id, instead_of = other, why, "another printer steps in");
        }
        let news = PrintNews::Routed { printer: printer.id.to_string(), instead_of };
        self.port.deliver("the way of a print job", Input::PrintNews { job: order.job, news });
        Ok(printer)
    }

    /// An earlier copy that still waits in a printer would come out beside this one.
    fn take_back(&self, job: PrintJob) {
        if job.copy < 2 {
            return;
        }
        let begins = job_begins(PrintJob { copy: job.copy - 1, ..job });
        for printer in self.printers.iter() {
            let command = DeviceCommand::CancelPrint { printer: printer.id.clone(), job: begins.clone() };
            if let Err(error) = self.devices.send(command) {
                tracing::warn!(%error, "an earlier copy was not taken back");
            }
        }
    }
}

/// The catalogue's key of what is wrong with a printer.
fn fault_key(status: &DeviceStatus) -> &'static str {
    match status {
        DeviceStatus::Attention { why } => super::news::warned(why).key,
        DeviceStatus::Lost { reason, .. } => super::news::lost(*reason).key,
        DeviceStatus::Absent => "device-absent",
        DeviceStatus::Opening => "device-connecting",
        DeviceStatus::Busy { doing: Doing::Printing } => "device-busy-printing",
        DeviceStatus::Busy { doing: Doing::Capturing } => "device-busy-capturing",
        DeviceStatus::Ready => "device-ready",
    }
}

/// The bytes of an order's jobs: of the spare pages where this printer cannot do the others justice, with what is at fault then.
fn pages(order: &PrintOrder, printer: &Printer, drawing: Drawing) -> Result<(Vec<Vec<u8>>, Option<Fault>), LabelError> {
    if order.spare.is_empty() {
        return render(&order.sheets, drawing).map(|pages| (pages, None));
    }
    let fits = fitting(&order.sheets, printer).and_then(|()| legible(&order.sheets, drawing));
    match fits.and_then(|()| render(&order.sheets, drawing)) {
        Ok(pages) => Ok((pages, None)),
        Err(wrong) => render(&order.spare, drawing).map(|pages| (pages, Some(Fault::of_drawing(&wrong)))),
    }
}

/// A site's own label must not be larger than what is in the printer.
fn fitting(sheets: &[Sheet], printer: &Printer) -> Result<(), LabelError> {
    let fits = |edge_um: i32, label_mm: u16| label_mm == 0 || edge_um <= i32::from(label_mm) * 1_000;
    for area in sheets.iter().map(Sheet::area) {
        if !fits(area.w_um, printer.label_mm.0) || !fits(area.h_um, printer.label_mm.1) {
            return Err(LabelError::SheetSize { width_um: area.w_um, height_um: area.h_um });
        }
    }
    Ok(())
}

/// Codes of a site's own label must keep two dots a module, or no scanner takes the label back.
fn legible(sheets: &[Sheet], drawing: Drawing) -> Result<(), LabelError> {
    if drawing.format == PrintFormat::Pdf {
        return Ok(());
    }
    for element in sheets.iter().flat_map(Sheet::elements) {
        let Element::Barcode(code) = element else { continue };
        if code.module_dots(drawing.dpi)? < MODULE_DOTS_MIN {
            let (modules, dpi) = (i64::from(code.pattern.modules().0), i64::from(drawing.dpi.max(1)));
            let needed_um = modules * i64::from(MODULE_DOTS_MIN) * 25_400 / dpi;
            let needed_um = i32::try_from(needed_um).unwrap_or(i32::MAX);
            return Err(LabelError::BarcodeTooWide { needed_um, width_um: code.area.w_um });
        }
    }
    Ok(())
}

/// The bytes of each job: one for all sheets, or one per sheet where the format holds a single page.
pub(super) fn render(sheets: &[Sheet], drawing: Drawing) -> Result<Vec<Vec<u8>>, LabelError> {
    let pictures = || sheets.iter().map(|s| raster::render(s, drawing.dpi));
    match drawing.format {
        PrintFormat::Zpl => {
            let resolution = Resolution::of_dpi(drawing.dpi).unwrap_or(Resolution::Dpi203);
            let text: Result<String, LabelError> = sheets.iter().map(|s| zpl::render(s, resolution)).collect();
            Ok(vec![text?.into_bytes()])
        }
        PrintFormat::Pdf => Ok(vec![pdf::render(sheets)?]),
        PrintFormat::Pwg => Ok(vec![pwg::render(sheets, drawing.dpi)?]),
        PrintFormat::EscPos => Ok(vec![escpos::render(sheets, drawing.head_dots, drawing.dpi)?]),
        PrintFormat::Png => pictures().map(|p| p?.png()).collect(),
        PrintFormat::Jpeg => pictures().map(|p| p?.jpeg()).collect(),
    }
}

const DOCUMENTS: [DocumentKind; 6] = [
    DocumentKind::Label,
    DocumentKind::PackingSlip,
    DocumentKind::Invoice,
    DocumentKind::Cn22,
    DocumentKind::Cn23,
    DocumentKind::CommercialInvoice,
];

fn document_word(document: DocumentKind) -> &'static str {
    match document {
        DocumentKind::Label => "label",
        DocumentKind::PackingSlip => "slip",
        DocumentKind::Invoice => "invoice",
        DocumentKind::Cn22 => "cn22",
        DocumentKind::Cn23 => "cn23",
        DocumentKind::CommercialInvoice => "commercial",
    }
}

/// `0190…_1_label_0_1of1`: fulfillment, parcel, paper, copy, page.
fn job_name(job: PrintJob, page: usize, pages: usize) -> String {
    format!("{}{page}of{pages}", job_begins(job))
}

/// What the names of all pages of a job begin with.
fn job_begins(job: PrintJob) -> String {
    let (f, document) = (job.fulfillment.0.simple(), document_word(job.document));
    format!("{f}_{}_{document}_{}_", job.parcel, job.copy)
}

/// The job of a name, its page and pages; none for a name that is not ours (a test page).
fn job_of(name: &str) -> Option<(PrintJob, usize, usize)> {
    let mut words = name.split('_');
    let fulfillment = FulfillmentId(Uuid::try_parse(words.next()?).ok()?);
    let parcel = words.next()?.parse().ok()?;
    let word = words.next()?;
    let document = DOCUMENTS.into_iter().find(|d| document_word(*d) == word)?;
    let copy = words.next()?.parse().ok()?;
    let (page, pages) = words.next()?.split_once("of")?;
    let job = PrintJob { fulfillment, parcel, document, copy };
    Some((job, page.parse().ok()?, pages.parse().ok()?))
}

/// Pages that failed, the latest last: a paper whose first page failed did not come out because its last one did. Where a printer
/// takes a page at a time, each is a job of its own to it.
#[derive(Debug, Default)]
pub struct FailedPages(Mutex<VecDeque<(PrintJob, usize)>>);

impl FailedPages {
    /// What the engine is told when a printer reports; nothing while pages are still to come, or once one of them has failed.
    pub fn printed(&self, name: &str, outcome: &DeviceOutcome) -> Option<(PrintJob, PrintOutcome)> {
        let (job, page, _) = job_of(name)?;
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The newest word of a page is the one that counts.
        failed.retain(|known| *known != (job, page));
        match outcome {
            DeviceOutcome::Failed { .. } => {
                if failed.len() >= FAILED_MAX {
                    failed.pop_front();
                }
                failed.push_back((job, page));
            }
            DeviceOutcome::Sent | DeviceOutcome::PaperMoved => {
                if failed.iter().any(|(known, _)| *known == job) {
                    return None;
                }
            }
        }
        printed(name, outcome)
    }
}

fn printed(name: &str, outcome: &DeviceOutcome) -> Option<(PrintJob, PrintOutcome)> {
    let (job, page, pages) = job_of(name)?;
    let last = page == pages;
    match outcome {
        DeviceOutcome::Sent => last.then_some((job, PrintOutcome::Sent)),
        DeviceOutcome::PaperMoved => last.then_some((job, PrintOutcome::PaperMoved)),
        DeviceOutcome::Failed { why, .. } => Some((job, PrintOutcome::Failed(trouble(*why)))),
    }
}

/// The catalogue's key of why a job failed; the same words as of the printer's own state where it is that.
pub(super) fn why_key(why: PrintFailure) -> &'static str {
    match why {
        PrintFailure::NotReady(what) => super::news::warned(&what.warning()).key,
        PrintFailure::NotThere(reason) => super::news::lost(reason).key,
        PrintFailure::CutMidJob => "print-why-cut-mid-job",
        PrintFailure::Stuck => "print-why-stuck",
        PrintFailure::Canceled => "print-why-canceled",
        PrintFailure::Aborted => "print-why-aborted",
        PrintFailure::Refused => "print-why-refused",
        PrintFailure::WrongFormat => "print-why-wrong-format",
        PrintFailure::DiskFull => "print-why-disk-full",
        PrintFailure::BadJobId | PrintFailure::BadSize | PrintFailure::NameTaken | PrintFailure::Io => "print-why-io",
    }
}

/// Why a job failed, for the packer's screen; nothing for a name that is not ours.
#[must_use]
pub fn why(name: &str, outcome: &DeviceOutcome) -> Option<(PrintJob, &'static str)> {
    match outcome {
        DeviceOutcome::Failed { why, .. } => Some((job_of(name)?.0, why_key(*why))),
        DeviceOutcome::Sent | DeviceOutcome::PaperMoved => None,
    }
}

fn trouble(why: PrintFailure) -> PrintTrouble {
    match why {
        PrintFailure::NotReady(NotReady::PaperOut | NotReady::RibbonOut) => PrintTrouble::PaperOut,
        PrintFailure::NotReady(NotReady::HeadOpen | NotReady::CoverOpen) => PrintTrouble::HeadOpen,
        PrintFailure::NotReady(
            NotReady::Paused
            | NotReady::PaperJam
            | NotReady::SupplyOut
            | NotReady::OutputFull
            | NotReady::CutterFault
            | NotReady::HeadFault
            | NotReady::TooHot
            | NotReady::Stopped
            | NotReady::NotAccepting,
        ) => PrintTrouble::Paused,
        PrintFailure::NotThere(_) | PrintFailure::NotReady(NotReady::Silent | NotReady::Busy) => {
            PrintTrouble::Unreachable
        }
        PrintFailure::CutMidJob
        | PrintFailure::Stuck
        | PrintFailure::Canceled
        | PrintFailure::Aborted
        | PrintFailure::Refused
        | PrintFailure::DiskFull
        | PrintFailure::NameTaken
        | PrintFailure::Io
        | PrintFailure::BadJobId
        | PrintFailure::BadSize
        | PrintFailure::WrongFormat => PrintTrouble::Interrupted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PrintFormat as Format;
    use crate::core::time::UtcMs;
    use crate::devices::printer::JOB_ID_LEN_MAX;
    use crate::labels::sheet::{Area, Symbology};

    fn job(document: DocumentKind) -> PrintJob {
        PrintJob { fulfillment: FulfillmentId(Uuid::from_u128(77)), parcel: u16::MAX, document, copy: u16::MAX }
    }

    fn drawing(format: PrintFormat, dpi: u32) -> Drawing {
        Drawing { format, dpi, head_dots: 576 }
    }

    fn printer(label_mm: (u16, u16)) -> Printer {
        Printer {
            id: DeviceId::new("labels").unwrap(),
            prints: vec![DocumentKind::Label],
            format: Format::Zpl,
            dpi: 203,
            label_mm,
            head_dots: 0,
            folder: false,
            fallback: None,
        }
    }

    #[test]
    fn a_job_is_known_again_by_its_name() {
        for document in DOCUMENTS {
            let name = job_name(job(document), 2, 3);
            assert!(name.len() <= JOB_ID_LEN_MAX, "{name}");
            assert_eq!(job_of(&name), Some((job(document), 2, 3)));
        }
        assert_eq!(job_of("test-0190"), None);
    }

    #[test]
    fn only_the_last_page_counts_as_sent_but_any_may_fail() {
        let name = |page| job_name(job(DocumentKind::Invoice), page, 2);
        assert_eq!(printed(&name(1), &DeviceOutcome::Sent), None);
        assert_eq!(printed(&name(2), &DeviceOutcome::Sent), Some((job(DocumentKind::Invoice), PrintOutcome::Sent)));
        let failed = DeviceOutcome::Failed { why: PrintFailure::NotReady(NotReady::PaperOut), bytes_sent: 0 };
        let told = PrintOutcome::Failed(PrintTrouble::PaperOut);
        assert_eq!(printed(&name(1), &failed), Some((job(DocumentKind::Invoice), told)));
    }

    #[test]
    fn a_paper_with_a_failed_page_is_never_told_as_sent() {
        let name = |copy, page| job_name(PrintJob { copy, ..job(DocumentKind::Invoice) }, page, 2);
        let failed = DeviceOutcome::Failed { why: PrintFailure::NotReady(NotReady::PaperOut), bytes_sent: 0 };
        let pages = FailedPages::default();
        assert!(matches!(pages.printed(&name(1, 1), &failed), Some((_, PrintOutcome::Failed(_)))));
        assert_eq!(pages.printed(&name(1, 2), &DeviceOutcome::Sent), None, "half an invoice is no invoice");
        assert_eq!(pages.printed(&name(1, 2), &DeviceOutcome::PaperMoved), None);
        assert_eq!(pages.printed(&name(2, 1), &DeviceOutcome::Sent), None);
        let copy = PrintJob { copy: 2, ..job(DocumentKind::Invoice) };
        let sent = Some((copy, PrintOutcome::Sent));
        assert_eq!(pages.printed(&name(2, 2), &DeviceOutcome::Sent), sent, "its copy is another job");
        // A page that failed and came out after all failed no more.
        assert_eq!(pages.printed(&name(1, 1), &DeviceOutcome::PaperMoved), None);
        assert!(pages.printed(&name(1, 2), &DeviceOutcome::PaperMoved).is_some());
        for copy in 10..10 + u16::try_from(FAILED_MAX).unwrap() * 2 {
            assert!(pages.printed(&name(copy, 1), &failed).is_some());
        }
        assert_eq!(pages.0.lock().unwrap().len(), FAILED_MAX, "the memory is bounded");
    }

    /// A label with one code as narrow as a template may ask for.
    fn narrow(text: &str) -> Sheet {
        let mut sheet = Sheet::new(60_000, 30_000).unwrap();
        let area = Area { x_um: 1_000, y_um: 1_000, w_um: 58_000, h_um: 20_000 };
        sheet.barcode(area, Symbology::Code128(text), 170, 170).unwrap();
        sheet
    }

    #[test]
    fn a_site_s_label_whose_codes_are_too_narrow_for_a_printer_is_replaced_there_alone() {
        let job = job(DocumentKind::Label);
        let at = UtcMs(0);
        let own = PrintOrder { job, at, sheets: vec![narrow("OWN")], spare: vec![narrow("HOUSE")] };
        let (any, zpl) = (printer((0, 0)), |dpi| drawing(PrintFormat::Zpl, dpi));
        let (bytes, fault) = pages(&own, &any, zpl(203)).unwrap();
        assert_eq!(fault.unwrap().word, "code-width");
        assert!(String::from_utf8(bytes[0].clone()).unwrap().contains("HOUSE"));
        for dpi in [300, 600] {
            let (bytes, fault) = pages(&own, &any, zpl(dpi)).unwrap();
            assert_eq!(fault, None);
            assert!(String::from_utf8(bytes[0].clone()).unwrap().contains("OWN"));
        }
        assert_eq!(pages(&own, &any, drawing(PrintFormat::Pdf, 203)).unwrap().1, None, "a PDF has no dots");
        let small = printer((60, 25));
        assert_eq!(pages(&own, &small, zpl(300)).unwrap().1.unwrap().word, "size", "it is 30 mm high");
        assert_eq!(pages(&own, &printer((60, 30)), zpl(300)).unwrap().1, None);
        let house = PrintOrder { spare: Vec::new(), ..own };
        assert_eq!(pages(&house, &any, zpl(203)).unwrap().1, None, "what has no spare is printed as it is");
    }

    #[test]
    fn every_failure_is_told_in_words() {
        use crate::i18n::{Catalogue, Lang};
        let words = Catalogue::new(Lang::En);
        for why in [
            PrintFailure::BadJobId,
            PrintFailure::WrongFormat,
            PrintFailure::NotThere(crate::devices::LostReason::Timeout),
            PrintFailure::CutMidJob,
            PrintFailure::Stuck,
            PrintFailure::NotReady(NotReady::PaperJam),
            PrintFailure::Canceled,
            PrintFailure::Aborted,
            PrintFailure::Refused,
            PrintFailure::DiskFull,
            PrintFailure::Io,
        ] {
            assert!(words.has(why_key(why)), "{why:?}");
            let failed = DeviceOutcome::Failed { why, bytes_sent: 0 };
            assert_eq!(self::why("a test page", &failed), None, "a test page is nobody's paper");
        }
    }
}
