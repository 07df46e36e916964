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
use crate::labels::sheet::{Element, Sheet};
use crate::labels::zpl::Resolution;
use crate::labels::{LabelError, pdf, raster, zpl};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use uuid::Uuid;

/// Jobs that may wait to be rendered.
const WAITING_MAX: usize = 64;
/// Narrowest module of a code on a site's own label, in dots.
const MODULE_DOTS_MIN: u32 = 2;

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
    /// Width and height of its labels; 0 where nobody said.
    pub label_mm: (u16, u16),
    /// A folder, which takes any paper.
    pub folder: bool,
}

impl Printer {
    /// The printer of these settings under its checked name.
    #[must_use]
    pub fn of(id: DeviceId, s: &PrinterSettings) -> Printer {
        let folder = matches!(s.port, PrinterPort::Folder(_));
        Printer { id, used_for: s.used_for, format: s.format, dpi: s.dpi, label_mm: s.label_mm, folder }
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
        let (pages, fault) = pages(order, printer).map_err(|e| {
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

/// The bytes of an order's jobs: of the spare pages where this printer cannot do the others justice, with what is at fault then.
fn pages(order: &PrintOrder, printer: &Printer) -> Result<(Vec<Vec<u8>>, Option<Fault>), LabelError> {
    if order.spare.is_empty() {
        return render(&order.sheets, printer).map(|pages| (pages, None));
    }
    let fits = fitting(&order.sheets, printer).and_then(|()| legible(&order.sheets, printer));
    match fits.and_then(|()| render(&order.sheets, printer)) {
        Ok(pages) => Ok((pages, None)),
        Err(wrong) => render(&order.spare, printer).map(|pages| (pages, Some(Fault::of_drawing(&wrong)))),
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
fn legible(sheets: &[Sheet], printer: &Printer) -> Result<(), LabelError> {
    if printer.format == Format::Pdf {
        return Ok(());
    }
    for element in sheets.iter().flat_map(Sheet::elements) {
        let Element::Barcode(code) = element else { continue };
        if code.module_dots(u32::from(printer.dpi))? < MODULE_DOTS_MIN {
            let (modules, dpi) =
                (i64::from(code.dark_area().w_um / code.module_um.max(1)), i64::from(printer.dpi.max(1)));
            let needed_um = modules * i64::from(MODULE_DOTS_MIN) * 25_400 / dpi;
            let needed_um = i32::try_from(needed_um).unwrap_or(i32::MAX);
            return Err(LabelError::BarcodeTooWide { needed_um, width_um: code.area.w_um });
        }
    }
    Ok(())
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
        PrintFailure::NotReady(NotReady::Paused | NotReady::Stopped) => PrintTrouble::Paused,
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
    use crate::core::time::UtcMs;
    use crate::devices::printer::JOB_ID_LEN_MAX;
    use crate::labels::sheet::{Area, Symbology};

    fn job(document: DocumentKind) -> PrintJob {
        PrintJob { fulfillment: FulfillmentId(Uuid::from_u128(77)), parcel: u16::MAX, document, copy: u16::MAX }
    }

    fn printer(id: &str, used_for: PrinterUse, folder: bool) -> Printer {
        Printer { id: DeviceId::new(id).unwrap(), used_for, format: Format::Pdf, dpi: 203, label_mm: (0, 0), folder }
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
        let zpl = |dpi| Printer { format: Format::Zpl, dpi, ..printer("labels", PrinterUse::Label, false) };
        let (bytes, fault) = pages(&own, &zpl(203)).unwrap();
        assert_eq!(fault.unwrap().word, "code-width");
        assert!(String::from_utf8(bytes[0].clone()).unwrap().contains("HOUSE"));
        for printer in [zpl(300), zpl(600)] {
            let (bytes, fault) = pages(&own, &printer).unwrap();
            assert_eq!(fault, None);
            assert!(String::from_utf8(bytes[0].clone()).unwrap().contains("OWN"));
        }
        assert_eq!(pages(&own, &printer("files", PrinterUse::Label, true)).unwrap().1, None, "a PDF has no dots");
        let small = Printer { label_mm: (60, 25), ..zpl(300) };
        assert_eq!(pages(&own, &small).unwrap().1.unwrap().word, "size", "it is 30 mm high");
        assert_eq!(pages(&own, &Printer { label_mm: (60, 30), ..zpl(300) }).unwrap().1, None);
        let house = PrintOrder { spare: Vec::new(), ..own };
        assert_eq!(pages(&house, &zpl(203)).unwrap().1, None, "what has no spare is printed as it is");
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
