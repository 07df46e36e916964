//! What a printer of the USB printer class says about itself: the port status byte and the IEEE 1284 device id. Pure; must never
//! guess what was not said.

use crate::devices::printer::NotReady;

const PAPER_EMPTY: u8 = 0x20;
const SELECTED: u8 = 0x10;
const NO_ERROR: u8 = 0x08;

/// What keeps it from printing, the most telling first (USB printer class 1.1, section 4.2.2).
#[must_use]
pub fn not_ready(status: u8) -> Option<NotReady> {
    if status & PAPER_EMPTY != 0 {
        Some(NotReady::PaperOut)
    } else if status & NO_ERROR == 0 {
        Some(NotReady::Stopped)
    } else if status & SELECTED == 0 {
        Some(NotReady::Paused)
    } else {
        None
    }
}

/// What it can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Speaks {
    /// ZPL, so it also answers `~HS`.
    pub zpl: bool,
    /// PDF.
    pub pdf: bool,
}

/// Reads a device id such as `MFG:Zebra;CMD:ZPL,EPL;MDL:ZD420;`, without the two bytes of its length.
#[must_use]
pub fn speaks(device_id: &[u8]) -> Speaks {
    let text = String::from_utf8_lossy(device_id).to_ascii_uppercase();
    let mut speaks = Speaks::default();
    for part in text.split(';') {
        let Some((key, value)) = part.split_once(':') else { continue };
        if !matches!(key.trim(), "CMD" | "COMMAND SET") {
            continue;
        }
        for word in value.split(',').map(str::trim) {
            speaks.zpl |= word.starts_with("ZPL");
            speaks.pdf |= word == "PDF" || word.starts_with("PDF ");
        }
    }
    speaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_the_port_is_kept_apart() {
        let cases = [
            (0x18, None),
            (0x38, Some(NotReady::PaperOut)),
            (0x30, Some(NotReady::PaperOut)),
            (0x10, Some(NotReady::Stopped)),
            (0x00, Some(NotReady::Stopped)),
            (0x08, Some(NotReady::Paused)),
            (0xdf, None),
        ];
        for (status, expected) in cases {
            assert_eq!(not_ready(status), expected, "{status:#04x}");
        }
    }

    #[test]
    fn a_device_id_says_what_may_be_sent() {
        let zpl = Speaks { zpl: true, pdf: false };
        assert_eq!(speaks(b"MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD420-203dpi ZPL;CLS:PRINTER;"), zpl);
        assert_eq!(speaks(b"mfg:x;command set:epl,zpl ii;"), zpl);
        assert_eq!(speaks(b"MFG:HP;CMD:PJL,PDF,PWGRaster;"), Speaks { zpl: false, pdf: true });
        assert_eq!(speaks(b"MFG:ZPL;MDL:PDF;"), Speaks::default(), "only the commands count");
        assert_eq!(speaks(b""), Speaks::default());
        assert_eq!(speaks(&[0xff, b':', b';', 0]), Speaks::default());
    }
}
