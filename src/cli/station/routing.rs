//! Which printer a paper goes to: a pure choice from the settings and from how the printers stand. Must never send anything, and
//! is asked once per job, before anything of it has left: a job that was handed to a printer stays with it.

use crate::config::{PrintFormat as Format, PrinterPort, PrinterSettings};
use crate::core::checklist::DocumentKind;
use crate::devices::printer::{PrintFormat, PrinterNow};
use crate::devices::{DeviceId, DeviceStatus};

/// A printer as far as routing and rendering are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printer {
    /// Its name.
    pub id: DeviceId,
    /// What it prints.
    pub prints: Vec<DocumentKind>,
    /// What it is sent.
    pub format: Format,
    /// Dots per inch.
    pub dpi: u16,
    /// Width and height of its labels; 0 where nobody said.
    pub label_mm: (u16, u16),
    /// Dots across its roll; 0 for printers of sheets and labels.
    pub head_dots: u16,
    /// A folder, which takes any paper.
    pub folder: bool,
    /// Who steps in while it is at fault.
    pub fallback: Option<DeviceId>,
}

impl Printer {
    /// The printer of these settings under its checked name.
    #[must_use]
    pub fn of(id: DeviceId, s: &PrinterSettings) -> Printer {
        let folder = matches!(s.port, PrinterPort::Folder(_));
        let head_dots = match s.port {
            PrinterPort::Receipt { head_dots, .. } => head_dots,
            PrinterPort::Tcp { .. } | PrinterPort::Usb { .. } | PrinterPort::Ipp { .. } | PrinterPort::Folder(_) => 0,
        };
        let fallback = s.fallback.as_ref().and_then(|name| DeviceId::new(name.as_str()).ok());
        let (prints, label_mm) = (s.prints.clone(), s.label_mm);
        Printer { id, prints, format: s.format, dpi: s.dpi, label_mm, head_dots, folder, fallback }
    }

    /// Whether a page of this size fits what is in it, as far as anybody said.
    fn fits(&self, page_um: (i32, i32)) -> bool {
        let edge = |um: i32, label_mm: u16| label_mm == 0 || um <= i32::from(label_mm) * 1_000;
        edge(page_um.0, self.label_mm.0) && edge(page_um.1, self.label_mm.1)
    }

    /// Area of its labels in mm²; what nobody said is larger than anything.
    fn area(&self) -> u32 {
        match self.label_mm {
            (0, _) | (_, 0) => u32::MAX,
            (w, h) => u32::from(w) * u32::from(h),
        }
    }
}

/// What is to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The paper.
    pub document: DocumentKind,
    /// Width and height of its first page in µm.
    pub page_um: (i32, i32),
    /// The printer that such a paper went to last.
    pub last: Option<&'a DeviceId>,
}

/// A printer that was picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picked<'p, 'n> {
    /// It.
    pub printer: &'p Printer,
    /// The one that would have been first and is at fault, with its state.
    pub instead_of: Option<(&'p Printer, &'n DeviceStatus)>,
}

/// Picks the printer for a paper.
///
/// Those that print it and whose labels fit it come first, the smallest labels before larger ones; of equals the one with the
/// fewest jobs, and of those in turn. If all are at fault, those they name step in. If these are too, the first of all gets
/// the job and says why it does not print. A paper that no printer is set up for goes to a folder.
#[must_use]
pub fn pick<'p, 'n>(printers: &'p [Printer], now: &'n [PrinterNow], wanted: Wanted<'_>) -> Option<Picked<'p, 'n>> {
    let state = |p: &Printer| now.iter().find(|n| n.id == p.id);
    // Of a printer that has not told anything yet nothing bad is known.
    let sound = |p: &Printer| state(p).is_none_or(PrinterNow::sound);
    let mut first: Vec<&'p Printer> = printers.iter().filter(|p| p.prints.contains(&wanted.document)).collect();
    if first.iter().any(|p| p.fits(wanted.page_um)) {
        first.retain(|p| p.fits(wanted.page_um));
    }
    if first.is_empty() {
        first.extend(printers.iter().find(|p| p.folder));
    }
    first.sort_by_key(|p| p.area());
    let faulty = first.iter().find(|p| !sound(p)).and_then(|p| Some((*p, &state(p)?.status)));
    let instead = |printer: &'p Printer| {
        let instead_of = faulty.filter(|(p, _)| p.id != printer.id && p.area() <= printer.area());
        Picked { printer, instead_of }
    };
    let working: Vec<&'p Printer> = first.iter().copied().filter(|p| sound(p)).collect();
    if let Some(best) = working.first() {
        let equals: Vec<&'p Printer> = working.iter().copied().filter(|p| p.area() == best.area()).collect();
        return least_busy(&equals, |p| state(p).map_or(0, |n| n.jobs), wanted.last).map(instead);
    }
    let stands_in = first.iter().find_map(|p| follow(printers, p, &sound));
    let stands_in = stands_in.map(|printer| Picked { printer, instead_of: faulty });
    stands_in.or_else(|| first.first().map(|printer| Picked { printer, instead_of: None }))
}

/// The first sound printer along the named ones.
fn follow<'a>(printers: &'a [Printer], from: &Printer, sound: &impl Fn(&Printer) -> bool) -> Option<&'a Printer> {
    let mut next = from.fallback.as_ref();
    // A chain that comes back to itself ends after every printer was looked at once.
    for _ in 0..printers.len() {
        let printer = printers.iter().find(|p| Some(&p.id) == next)?;
        if sound(printer) {
            return Some(printer);
        }
        next = printer.fallback.as_ref();
    }
    None
}

/// The one with the fewest jobs; of several the one after the last, in the order of the settings.
fn least_busy<'a>(
    equals: &[&'a Printer],
    jobs: impl Fn(&Printer) -> u32,
    last: Option<&DeviceId>,
) -> Option<&'a Printer> {
    let fewest = equals.iter().map(|p| jobs(p)).min()?;
    let after = equals.iter().position(|p| Some(&p.id) == last).map_or(0, |at| at + 1);
    let (before, rest) = equals.split_at(after.min(equals.len()));
    rest.iter().chain(before).copied().find(|p| jobs(p) == fewest)
}

/// What a printer is sent: as the settings say, else the best of what it takes.
#[must_use]
pub fn format(printer: &Printer, now: &[PrinterNow]) -> PrintFormat {
    let takes = now.iter().find(|n| n.id == printer.id).map_or(&[][..], |n| n.facts.formats.as_slice());
    match printer.format {
        Format::Zpl => PrintFormat::Zpl,
        Format::Pdf => PrintFormat::Pdf,
        Format::Png => PrintFormat::Png,
        Format::Jpeg => PrintFormat::Jpeg,
        Format::Pwg => PrintFormat::Pwg,
        Format::EscPos => PrintFormat::EscPos,
        // Text stays text in a PDF; the raster is what every driverless printer must take.
        Format::Driverless => [PrintFormat::Pdf, PrintFormat::Pwg, PrintFormat::Jpeg]
            .into_iter()
            .find(|format| takes.contains(format))
            .unwrap_or(PrintFormat::Pdf),
    }
}

/// Dots per inch of a page for a printer: as the settings say, unless its raster knows only others; then the next finer one.
#[must_use]
pub fn dpi(printer: &Printer, format: PrintFormat, now: &[PrinterNow]) -> u32 {
    let own = u32::from(printer.dpi);
    let takes = now.iter().find(|n| n.id == printer.id).map_or(&[][..], |n| n.facts.dpi.as_slice());
    if format != PrintFormat::Pwg || takes.is_empty() || takes.contains(&own) {
        return own;
    }
    let finer = takes.iter().copied().filter(|dpi| *dpi >= own).min();
    finer.or_else(|| takes.iter().copied().max()).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::printer::PrinterFacts;
    use crate::devices::{DeviceWarning, LostReason};

    const LABEL: DocumentKind = DocumentKind::Label;
    const INVOICE: DocumentKind = DocumentKind::Invoice;

    fn id(name: &str) -> DeviceId {
        DeviceId::new(name).unwrap()
    }

    fn printer(name: &str, prints: &[DocumentKind], label_mm: (u16, u16), fallback: &str) -> Printer {
        Printer {
            id: id(name),
            prints: prints.to_vec(),
            format: Format::Zpl,
            dpi: 203,
            label_mm,
            head_dots: 0,
            folder: name.starts_with("folder"),
            fallback: (!fallback.is_empty()).then(|| id(fallback)),
        }
    }

    /// `labels-1:out:3` has no paper and three jobs.
    fn now(states: &str) -> Vec<PrinterNow> {
        let one = |text: &str| {
            let mut words = text.split(':');
            let (name, state, jobs) =
                (words.next().unwrap(), words.next().unwrap_or("ok"), words.next().unwrap_or("0"));
            let status = match state {
                "out" => DeviceStatus::Attention { why: DeviceWarning::PaperOut },
                "low" => DeviceStatus::Attention { why: DeviceWarning::PaperLow },
                "lost" => DeviceStatus::Lost { since_ms: 0, reason: LostReason::Timeout },
                "absent" => DeviceStatus::Absent,
                _ => DeviceStatus::Ready,
            };
            PrinterNow { id: id(name), status, jobs: jobs.parse().unwrap(), facts: PrinterFacts::default() }
        };
        states.split_ascii_whitespace().map(one).collect()
    }

    fn printers() -> Vec<Printer> {
        vec![
            printer("labels-1", &[LABEL], (100, 150), "small"),
            printer("labels-2", &[LABEL], (100, 150), ""),
            printer("small", &[DocumentKind::Cn22], (60, 40), "office"),
            printer("office", &[INVOICE, DocumentKind::PackingSlip], (0, 0), "office-2"),
            printer("office-2", &[], (0, 0), "office"),
            printer("folder", &[], (0, 0), ""),
        ]
    }

    #[test]
    fn the_printer_is_picked_by_paper_state_load_and_turn() {
        const A5: (i32, i32) = (100_000, 150_000);
        // Paper, states, last, picked, instead of.
        let table = [
            (LABEL, "", "", "labels-1", ""),
            (LABEL, "labels-1 labels-2", "labels-1", "labels-2", ""),
            (LABEL, "labels-1 labels-2", "labels-2", "labels-1", ""),
            (LABEL, "labels-1:ok:2 labels-2:ok:1", "labels-2", "labels-2", ""),
            (LABEL, "labels-1:ok:1 labels-2:ok:1", "labels-1", "labels-2", ""),
            (LABEL, "labels-1:low labels-2:ok:1", "labels-1", "labels-1", ""),
            (LABEL, "labels-1:out labels-2:ok:9", "", "labels-2", "labels-1"),
            (LABEL, "labels-1 labels-2:lost", "labels-1", "labels-1", "labels-2"),
            (LABEL, "labels-1:out labels-2:lost small", "", "small", "labels-1"),
            (LABEL, "labels-1:out labels-2:lost small:out office", "", "office", "labels-1"),
            (LABEL, "labels-1:out labels-2:out small:out office:out office-2:out", "", "labels-1", ""),
            (INVOICE, "office office-2", "", "office", ""),
            (INVOICE, "office:lost office-2", "", "office-2", "office"),
            (INVOICE, "office:lost office-2:absent", "", "office", ""),
            (DocumentKind::Cn23, "office small", "", "folder", ""),
        ];
        let printers = printers();
        for (document, states, last, picked, instead) in table {
            let (states_now, last) = (now(states), (!last.is_empty()).then(|| id(last)));
            let wanted = Wanted { document, page_um: A5, last: last.as_ref() };
            let got = pick(&printers, &states_now, wanted).unwrap();
            let got = (got.printer.id.as_str(), got.instead_of.map_or("", |(p, _)| p.id.as_str()));
            assert_eq!(got, (picked, instead), "{document:?} with {states:?} after {last:?}");
        }
        let wanted = Wanted { document: DocumentKind::Cn23, page_um: A5, last: None };
        assert_eq!(pick(&printers[..5], &[], wanted), None, "no printer and no folder");
    }

    #[test]
    fn a_small_label_goes_to_the_small_printer_and_a_large_one_does_not() {
        let printers = [
            printer("large", &[LABEL], (100, 150), ""),
            printer("small", &[LABEL], (60, 40), ""),
            printer("unsaid", &[LABEL], (0, 0), ""),
        ];
        let to = |page_um, states: &str| {
            let states = now(states);
            let picked = pick(&printers, &states, Wanted { document: LABEL, page_um, last: None }).unwrap();
            (picked.printer.id.to_string(), picked.instead_of.map(|(p, _)| p.id.to_string()))
        };
        assert_eq!(to((60_000, 30_000), ""), ("small".into(), None));
        assert_eq!(to((60_000, 30_000), "small:out large"), ("large".into(), Some("small".into())));
        assert_eq!(
            to((100_000, 150_000), "small:out"),
            ("large".into(), None),
            "a fault elsewhere is not its business"
        );
        assert_eq!(to((120_000, 150_000), ""), ("unsaid".into(), None));
    }

    #[test]
    fn driverless_printers_get_the_best_they_take() {
        let office = Printer { format: Format::Driverless, ..printer("office", &[INVOICE], (0, 0), "") };
        let told = |formats: &[PrintFormat], dpi: &[u32]| {
            let facts = PrinterFacts { jobs_of_others: 0, formats: formats.to_vec(), dpi: dpi.to_vec() };
            vec![PrinterNow { facts, ..now("office").remove(0) }]
        };
        assert_eq!(format(&office, &[]), PrintFormat::Pdf);
        assert_eq!(format(&office, &told(&[PrintFormat::Jpeg, PrintFormat::Pwg], &[])), PrintFormat::Pwg);
        assert_eq!(format(&office, &told(&[PrintFormat::Jpeg], &[])), PrintFormat::Jpeg);
        let fixed = Printer { format: Format::Pwg, ..office.clone() };
        assert_eq!(format(&fixed, &told(&[PrintFormat::Pdf], &[])), PrintFormat::Pwg);
        for (takes, used) in [(&[300, 600][..], 300), (&[203, 600][..], 203), (&[150][..], 150), (&[][..], 203)] {
            assert_eq!(dpi(&fixed, PrintFormat::Pwg, &told(&[], takes)), used, "{takes:?}");
        }
    }
}
