//! The printers of the settings: how each is reached, what it prints, and which steps in for which. Must never pick one: that is
//! done when there is something to print.

use std::path::PathBuf;

use super::super::keys::PAPERS;
use super::super::settings::{Baud, PrintFormat, PrinterPort, PrinterSettings, ReceiptPort, UsbSettings};
use super::Check;
use crate::core::checklist::DocumentKind;

/// Speed of a serial port where none is written.
const USUAL_BAUD: u32 = 9_600;

/// Some of these words with commas between them, each once.
pub(super) fn words(text: &str, known: &[&str]) -> Result<String, String> {
    let mut found: Vec<&str> = Vec::new();
    for word in text.split(',').map(str::trim) {
        if !known.contains(&word) {
            return Err(format!("\"{word}\" is not one of {}", known.join(", ")));
        }
        if found.contains(&word) {
            return Err(format!("\"{word}\" stands there twice"));
        }
        found.push(word);
    }
    Ok(found.join(","))
}

/// The paper of a word in the settings.
fn paper(word: &str) -> Option<DocumentKind> {
    let all = [
        DocumentKind::Label,
        DocumentKind::PackingSlip,
        DocumentKind::Invoice,
        DocumentKind::Cn22,
        DocumentKind::Cn23,
        DocumentKind::CommercialInvoice,
    ];
    PAPERS.iter().position(|known| *known == word).and_then(|at| all.get(at).copied())
}

impl Check<'_> {
    /// All printers; those that are to step in must be there.
    pub(super) fn printers(&mut self) -> Vec<PrinterSettings> {
        let section = "station.printers";
        let printers = self.devices(section, Check::printer);
        let names = self.raw.names(section);
        for printer in &printers {
            let Some(other) = &printer.fallback else { continue };
            let place = format!("{section}.{}.fallback", printer.name);
            if !names.contains(other) {
                self.problem(&place, format!("there is no printer \"{other}\"; the printers are {}", names.join(", ")));
            }
        }
        printers
    }

    fn printer(&mut self, place: &str, name: String) -> Option<PrinterSettings> {
        let at = |last: &str| format!("{place}.{last}");
        let (port, usual) = match self.word(&at("kind")).as_str() {
            "folder" => (PrinterPort::Folder(self.needed(&at("folder")).map(PathBuf::from)?), PrintFormat::Pdf),
            "usb" => (PrinterPort::Usb { usb: self.usb(place), status: self.flag(&at("status")) }, PrintFormat::Zpl),
            "ipp" => {
                let (certificate, media) = (self.path(&at("certificate")), self.checked(&at("media")));
                let uri = self.needed(&at("uri"))?;
                (PrinterPort::Ipp { uri, certificate, media }, PrintFormat::Driverless)
            }
            "receipt" => {
                let (status, head_dots) = (self.flag(&at("status")), self.whole(&at("head_dots")));
                let at = self.receipt_port(place)?;
                (PrinterPort::Receipt { at, status, head_dots }, PrintFormat::EscPos)
            }
            _ => {
                let host = self.needed(&at("host"))?;
                let (port, status) = (self.whole(&at("tcp_port")), self.flag(&at("status")));
                (PrinterPort::Tcp { host, port, status }, PrintFormat::Zpl)
            }
        };
        let format = match self.word(&at("format")).as_str() {
            "zpl" => PrintFormat::Zpl,
            "pdf" => PrintFormat::Pdf,
            "png" => PrintFormat::Png,
            "jpeg" => PrintFormat::Jpeg,
            "pwg" => PrintFormat::Pwg,
            _ => usual,
        };
        let prints = self.papers(place);
        let label_mm = (self.whole(&at("label_width_mm")), self.whole(&at("label_height_mm")));
        let fallback = self.checked(&at("fallback"));
        Some(PrinterSettings { name, prints, fallback, format, dpi: self.whole(&at("dpi")), label_mm, port })
    }

    /// What it prints: paper by paper, or by its use.
    fn papers(&mut self, place: &str) -> Vec<DocumentKind> {
        let (list, used_for) = (format!("{place}.prints"), format!("{place}.use"));
        match self.checked(&list) {
            Some(words) => words.split(',').filter_map(paper).collect(),
            None if self.word(&used_for) == "documents" => PAPERS.iter().skip(1).filter_map(|w| paper(w)).collect(),
            None => vec![DocumentKind::Label],
        }
    }

    fn receipt_port(&mut self, place: &str) -> Option<ReceiptPort> {
        let at = |last: &str| format!("{place}.{last}");
        if let Some(path) = self.path(&at("port")) {
            let baud = Some(self.whole(&at("baud"))).filter(|b| *b > 0).map_or(Baud(USUAL_BAUD), Baud);
            return Some(ReceiptPort::Serial { path, baud });
        }
        let usb = self.usb(place);
        if usb != UsbSettings::default() {
            return Some(ReceiptPort::Usb(usb));
        }
        Some(ReceiptPort::Tcp { host: self.needed(&at("host"))?, port: self.whole(&at("tcp_port")) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_papers() {
        assert_eq!(words("label, cn22", PAPERS), Ok("label,cn22".to_owned()));
        assert!(words("label,,cn22", PAPERS).unwrap_err().contains("\"\""));
        assert!(words("labels", PAPERS).unwrap_err().contains("packing-slip"));
        assert!(words("label, label", PAPERS).is_err());
        assert!(PAPERS.iter().all(|word| paper(word).is_some()));
        assert_eq!(paper("receipt"), None);
    }
}
