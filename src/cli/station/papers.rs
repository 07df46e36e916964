//! Rendering papers for the printers they go to, on a thread of its own. A job's name says all that its outcome needs:
//! nothing is remembered between the two.

use super::port::Port;
use crate::config::{PrintFormat as Format, PrinterPort, PrinterSettings, PrinterUse};
use crate::core::checklist::DocumentKind;
use crate::core::ids::FulfillmentId;
use crate::core::session::event::{PrintOutcome, PrintTrouble};
use crate::devices::printer::{NotReady, PrintFailure, PrintFormat, PrintOutcome as DeviceOutcome};
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId};
use crate::engine::Input;
use crate::engine::input::{Fault, PrintJob, PrintOrder};
use crate::labels::zpl::Resolution;
use crate::labels::{LabelError, pdf, raster, sheet::Sheet, zpl};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use uuid::Uuid;

/// Jobs that may wait to be rendered.
const WAITING_MAX: usize = 64;

/// A printer as far as rendering is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printer {
    /// Its name.
    pub id: DeviceId,
    /// What it prints.
    pub used_for: PrinterUse,
    /// What it is sent.
    pub format: Format,
    /// Dots per inch.
    pub dpi: u16,
    /// A folder, which takes any paper.
    pub folder: bool,
}

impl Printer {
    /// The printer of these settings under its checked name.
    #[must_use]
    pub fn of(id: DeviceId, s: &PrinterSettings) -> Printer {
        let folder = matches!(s.port, PrinterPort::Folder(_));
        Printer { id, used_for: s.used_for, format: s.format, dpi: s.dpi, folder }
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
    let papers = Papers { printers, devices, port };
    let thread = thread::Builder::new().name("papers".to_owned()).spawn(move || papers.run(&inbox))?;
    Ok((sender, thread))
}

struct Papers {
    printers: Arc<[Printer]>,
    devices: DeviceHandle,
    port: Port,
}

impl Papers {
    fn run(&self, inbox: &Receiver<Box<PrintOrder>>) {
        for order in inbox {
            if let Err(trouble) = self.print(&order) {
                let outcome = PrintOutcome::Failed(trouble);
                self.port.deliver("a print outcome", Input::Printed { job: order.job, outcome });
            }
        }
    }

    fn print(&self, order: &PrintOrder) -> Result<(), PrintTrouble> {
        let printer = choose(&self.printers, order.job.document).ok_or(PrintTrouble::NoPrinter)?;
        let pages = render(&order.sheets, printer).or_else(|e| self.spare(order, printer, e)).map_err(|e| {
            tracing::error!(error = %e, document = document_word(order.job.document), "a paper was not rendered");
            PrintTrouble::Interrupted
        })?;
        let count = pages.len();
        for (at, bytes) in pages.into_iter().enumerate() {
            let command = DeviceCommand::Print {
                printer: printer.id.clone(),
                job: job_name(order.job, at + 1, count),
                format: device_format(printer.format),
                bytes: Arc::from(bytes),
            };
            self.devices.send(command).map_err(|e| {
                tracing::error!(error = %e, "a print job was not taken");
                PrintTrouble::Unreachable
            })?;
        }
        Ok(())
    }

    /// What is printed where this printer cannot draw the pages. The engine hears of it before the bytes leave.
    fn spare(&self, order: &PrintOrder, printer: &Printer, wrong: LabelError) -> Result<Vec<Vec<u8>>, LabelError> {
        if order.spare.is_empty() {
            return Err(wrong);
        }
        let pages = render(&order.spare, printer)?;
        let fault = Fault::of_drawing(&wrong);
        self.port.deliver("a label that was replaced", Input::SparePrinted { job: order.job, fault });
        Ok(pages)
    }
}

/// The printer for a paper: one for this use; else a folder, which takes any.
fn choose(printers: &[Printer], document: DocumentKind) -> Option<&Printer> {
    let used_for = match document {
        DocumentKind::Label => PrinterUse::Label,
        DocumentKind::PackingSlip
        | DocumentKind::Invoice
        | DocumentKind::Cn22
        | DocumentKind::Cn23
        | DocumentKind::CommercialInvoice => PrinterUse::Documents,
    };
    printers.iter().find(|p| p.used_for == used_for).or_else(|| printers.iter().find(|p| p.folder))
}

/// The bytes of each job: one for all sheets, or one per sheet where the format holds a single page.
pub(super) fn render(sheets: &[Sheet], printer: &Printer) -> Result<Vec<Vec<u8>>, LabelError> {
    match printer.format {
        Format::Zpl => {
            let resolution = resolution(printer.dpi);
            let text: Result<String, LabelError> = sheets.iter().map(|s| zpl::render(s, resolution)).collect();
            Ok(vec![text?.into_bytes()])
        }
        Format::Pdf => Ok(vec![pdf::render(sheets)?]),
        Format::Png => sheets.iter().map(|s| raster::render(s, u32::from(printer.dpi))?.png()).collect(),
    }
}

/// The ZPL resolution of a head: the settings know these three alone.
fn resolution(dpi: u16) -> Resolution {
    Resolution::of_dpi(u32::from(dpi)).unwrap_or(Resolution::Dpi203)
}

pub(super) fn device_format(format: Format) -> PrintFormat {
    match format {
        Format::Zpl => PrintFormat::Zpl,
        Format::Pdf => PrintFormat::Pdf,
        Format::Png => PrintFormat::Png,
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
    let (f, document) = (job.fulfillment.0.simple(), document_word(job.document));
    format!("{f}_{}_{document}_{}_{page}of{pages}", job.parcel, job.copy)
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

/// What the engine is told when a printer reports; nothing while pages are still to come.
#[must_use]
pub fn printed(name: &str, outcome: &DeviceOutcome) -> Option<(PrintJob, PrintOutcome)> {
    let (job, page, pages) = job_of(name)?;
    let last = page == pages;
    match outcome {
        DeviceOutcome::Sent => last.then_some((job, PrintOutcome::Sent)),
        DeviceOutcome::PaperMoved => last.then_some((job, PrintOutcome::PaperMoved)),
        DeviceOutcome::Failed { why, .. } => Some((job, PrintOutcome::Failed(trouble(*why)))),
    }
}

fn trouble(why: PrintFailure) -> PrintTrouble {
    match why {
        PrintFailure::NotReady(NotReady::PaperOut | NotReady::RibbonOut) => PrintTrouble::PaperOut,
        PrintFailure::NotReady(NotReady::HeadOpen) => PrintTrouble::HeadOpen,
        PrintFailure::NotReady(NotReady::Paused) => PrintTrouble::Paused,
        PrintFailure::NotThere(_) => PrintTrouble::Unreachable,
        PrintFailure::CutMidJob
        | PrintFailure::Stuck
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
    use crate::devices::printer::JOB_ID_LEN_MAX;

    fn job(document: DocumentKind) -> PrintJob {
        PrintJob { fulfillment: FulfillmentId(Uuid::from_u128(77)), parcel: u16::MAX, document, copy: u16::MAX }
    }

    fn printer(id: &str, used_for: PrinterUse, folder: bool) -> Printer {
        Printer { id: DeviceId::new(id).unwrap(), used_for, format: Format::Pdf, dpi: 203, folder }
    }

    #[test]
    fn a_job_is_known_again_by_its_name() {
        for document in DOCUMENTS {
            let name = job_name(job(document), 2, 3);
            assert!(name.len() <= JOB_ID_LEN_MAX, "{name}");
            assert_eq!(job_of(&name), Some((job(document), 2, 3)));
        }
        assert_eq!(job_of("test-page"), None);
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
    fn papers_go_to_the_printer_of_their_use_or_to_a_folder() {
        let label = printer("labels", PrinterUse::Label, false);
        let folder = printer("files", PrinterUse::Label, true);
        let office = printer("office", PrinterUse::Documents, false);
        let all = [label.clone(), folder.clone(), office.clone()];
        assert_eq!(choose(&all, DocumentKind::Label), Some(&label));
        assert_eq!(choose(&all, DocumentKind::Invoice), Some(&office));
        assert_eq!(choose(&all[..2], DocumentKind::Invoice), Some(&folder));
        assert_eq!(choose(&all[..1], DocumentKind::Invoice), None, "an A4 page is not put on a label");
    }
}
