//! The sounds that a scanner in HID POS mode makes when it is told to: which reports its descriptor offers for them, and their bytes.
//! Pure. Must never send a report that also changes a setting: what else is in it is written with it.
//!
//! The usages are those of the USB-IF's "HID Point of Sale Usage Tables" 1.02, section 3 (page 0x8C), now the "Barcode Scanner Page"
//! of the "HID Usage Tables". Scanners offer them in the trigger report (0x14), as flags beside those that begin or bar a read.

use super::descriptor::{Field, Layout, ReportKind, Usage};
use super::pos::PAGE;

const UNDEFINED: Usage = Usage::new(PAGE, 0x00);
const PREVENT_READ: Usage = Usage::new(PAGE, 0x5f);
const INITIATE_READ: Usage = Usage::new(PAGE, 0x60);
const GOOD_READ_LED: Usage = Usage::new(PAGE, 0x7d);
const SOUND_ERROR: Usage = Usage::new(PAGE, 0x85);
const SOUND_GOOD_READ: Usage = Usage::new(PAGE, 0x86);
const SOUND_NOT_ON_FILE: Usage = Usage::new(PAGE, 0x87);

/// Flags that ask for nothing and change nothing while they are off.
const HARMLESS: [Usage; 7] =
    [UNDEFINED, PREVENT_READ, INITIATE_READ, GOOD_READ_LED, SOUND_ERROR, SOUND_GOOD_READ, SOUND_NOT_ON_FILE];

/// A report to the scanner, without its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// Which way it goes.
    pub kind: ReportKind,
    /// The report's id.
    pub id: u8,
    /// Its bytes.
    pub payload: Vec<u8>,
}

/// What a scanner can be told about its last code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bell {
    good: Option<Ring>,
    bad: Option<Ring>,
}

impl Bell {
    /// What the descriptor offers: the good-read beep, with its lamp where that is in the same report; for a code that was refused the
    /// error beep, or else the one for "not on file".
    #[must_use]
    pub fn of(layout: &Layout) -> Self {
        Self {
            good: ring(layout, SOUND_GOOD_READ, Some(GOOD_READ_LED)),
            bad: ring(layout, SOUND_ERROR, None).or_else(|| ring(layout, SOUND_NOT_ON_FILE, None)),
        }
    }

    /// The report for a code that counted, or was refused; nothing where the scanner has none.
    #[must_use]
    pub fn ring(&self, good: bool) -> Option<&Ring> {
        if good { self.good.as_ref() } else { self.bad.as_ref() }
    }

    /// Whether it makes no sound at all.
    #[must_use]
    pub fn is_mute(&self) -> bool {
        self.good.is_none() && self.bad.is_none()
    }
}

fn ring(layout: &Layout, sound: Usage, lamp: Option<Usage>) -> Option<Ring> {
    let kinds = [ReportKind::Output, ReportKind::Feature];
    kinds.into_iter().find_map(|kind| {
        let field = layout.with(kind, sound).find(|field| only_flags(layout, field))?;
        let mut payload = vec![0; layout.payload_bytes(kind, field.report_id)];
        set(&mut payload, field, sound)?;
        if let Some(lamp) = lamp
            && let Some(beside) = layout.with(kind, lamp).find(|beside| beside.report_id == field.report_id)
        {
            set(&mut payload, beside, lamp)?;
        }
        Some(Ring { kind, id: field.report_id, payload })
    })
}

/// Whether everything in a field's report may be written as "off".
fn only_flags(layout: &Layout, of: &Field) -> bool {
    let mut all = layout.fields.iter().filter(|f| f.kind == of.kind && f.report_id == of.report_id && !f.constant);
    all.all(|f| f.size_bits == 1 && !f.array && f.usages.iter().all(|usage| HARMLESS.contains(usage)))
}

fn set(payload: &mut [u8], field: &Field, usage: Usage) -> Option<()> {
    let bit = field.bit.checked_add(field.index_of(usage)?.checked_mul(field.size_bits)?)?;
    *payload.get_mut(usize::try_from(bit / 8).ok()?)? |= 1 << (bit % 8);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::usb::descriptor::parse;

    /// The trigger report as scanners have it: eight flags, of which the sixth and seventh are the two beeps.
    const TRIGGER: &[u8] = &[
        0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x14, 0xa1, 0x02, 0x85, 0x04, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01,
        0x95, 0x08, 0x09, 0x00, 0x09, 0x5f, 0x09, 0x60, 0x09, 0x00, 0x09, 0x00, 0x09, 0x85, 0x09, 0x86, 0x91, 0x86,
        0xc0, 0xc0,
    ];

    fn bell(parts: &[&[u8]]) -> Bell {
        Bell::of(&parse(&parts.concat()).unwrap())
    }

    fn ring(kind: ReportKind, id: u8, payload: &[u8]) -> Option<Ring> {
        Some(Ring { kind, id, payload: payload.to_vec() })
    }

    #[test]
    fn the_beeps_of_a_trigger_report_are_found_and_nothing_else_is_asked_for() {
        let bell = bell(&[TRIGGER]);
        assert_eq!(bell.ring(true).cloned(), ring(ReportKind::Output, 4, &[0b0100_0000]));
        assert_eq!(bell.ring(false).cloned(), ring(ReportKind::Output, 4, &[0b0010_0000]));
        assert!(!bell.is_mute());
    }

    #[test]
    fn without_an_error_beep_the_one_for_not_on_file_serves_and_the_lamp_goes_with_the_good_one() {
        // No report id; three bits of padding before "not on file", "good read" and the lamp, as a feature report of two bytes.
        let text: &[u8] = &[
            0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x07, 0xb1, 0x03, 0x95, 0x03,
            0x09, 0x87, 0x09, 0x86, 0x09, 0x7d, 0xb1, 0x02, 0x95, 0x06, 0xb1, 0x03, 0xc0,
        ];
        let bell = bell(&[text]);
        assert_eq!(bell.ring(true).cloned(), ring(ReportKind::Feature, 0, &[0, 0b0000_0011]));
        assert_eq!(bell.ring(false).cloned(), ring(ReportKind::Feature, 0, &[0b1000_0000, 0]));
    }

    #[test]
    fn a_report_that_also_changes_a_setting_is_never_sent() {
        // "Sound error beep" beside "EAN-13": writing the beep would switch that kind of code off.
        let setting: &[u8] =
            &[0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x75, 0x01, 0x95, 0x02, 0x09, 0x85, 0x09, 0x95, 0x91, 0x02, 0xc0];
        assert!(bell(&[setting]).is_mute());
        // Beside the volume of its tone: the tone would fall silent.
        let volume: &[u8] = &[
            0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0x86, 0x91, 0x02, 0x75, 0x07, 0x09, 0x80,
            0x91, 0x02, 0xc0,
        ];
        assert!(bell(&[volume]).is_mute());
        assert_eq!(bell(&[volume, TRIGGER]).ring(true).map(|ring| ring.id), Some(4), "another report that may");
    }

    #[test]
    fn a_scanner_that_offers_no_beep_is_mute() {
        let input: &[u8] = &[0x05, 0x8c, 0x09, 0x02, 0xa1, 0x01, 0x75, 0x08, 0x95, 0x08, 0x09, 0xfe, 0x81, 0x02, 0xc0];
        assert!(bell(&[input]).is_mute());
        let as_input: &[u8] = &[0x05, 0x8c, 0x75, 0x01, 0x95, 0x08, 0x09, 0x86, 0x81, 0x02];
        assert!(bell(&[as_input]).is_mute(), "what it tells is not what it can be told");
        let constant: &[u8] = &[0x05, 0x8c, 0x75, 0x01, 0x95, 0x08, 0x09, 0x86, 0x91, 0x03];
        assert!(bell(&[constant]).is_mute());
    }
}
