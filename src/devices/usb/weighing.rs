//! Reports of a scale in HID mode (usage page 0x8D) become readings in whole grams. Pure; must never use a float, guess a
//! unit, or let a figure count that the scale itself calls moving, over or under.

use super::descriptor::{Field, Layout, ReportKind, Usage};

/// The page of weighing devices.
pub const PAGE: u16 = 0x8d;
const WEIGHT: Usage = Usage::new(PAGE, 0x40);
const SCALING: Usage = Usage::new(PAGE, 0x41);
/// The collection of units; its members follow it.
const UNITS: u16 = 0x50;
/// The collection of states; its members follow it.
const STATES: u16 = 0x70;
const ZERO: Usage = Usage::new(PAGE, 0x80);

/// Grams of one unit as an exact fraction, in the order of the HID table from 0x51; pounds, ounces and grains by the
/// international agreement of 1959. A tael differs from town to town, so it is not guessed.
const GRAMS: [Option<(i128, i128)>; 12] = [
    Some((1, 1_000)),                 // milligram
    Some((1, 1)),                     // gram
    Some((1_000, 1)),                 // kilogram
    Some((1, 5)),                     // carat
    None,                             // tael
    Some((6_479_891, 100_000_000)),   // grain
    Some((155_517_384, 100_000_000)), // pennyweight
    Some((1_000_000, 1)),             // metric ton
    Some((90_718_474, 100)),          // avoirdupois (short) ton
    Some((311_034_768, 10_000_000)),  // troy ounce
    Some((45_359_237, 1_600_000)),    // ounce
    Some((45_359_237, 100_000)),      // pound
];

/// Powers of ten that any scale uses; more is nonsense.
const EXPONENT_MAX: u32 = 9;

/// What a scale said in one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A figure.
    Weight {
        /// Whole grams, rounded half away from zero.
        grams: i64,
        /// The scale says that the load rests.
        stable: bool,
    },
    /// Above the range.
    Over,
    /// Below zero; HID scales send no sign, so there is no figure.
    Under,
    /// The scale needs a person.
    Fault(ScaleFault),
    /// A report of a scale, but with a unit, a state or a figure that cannot be understood.
    Strange,
}

/// Why a scale gives no weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScaleFault {
    /// It reports a fault of its own.
    Broken,
    /// It must be calibrated.
    Calibration,
    /// It must be set to zero.
    Zero,
}

/// Whether an interface is a scale.
#[must_use]
pub fn is_scale(layout: &Layout) -> bool {
    layout.with(ReportKind::Input, WEIGHT).next().is_some()
}

/// The report that carries the weight, for asking after it.
#[must_use]
pub fn weight_report(layout: &Layout) -> Option<u8> {
    layout.with(ReportKind::Input, WEIGHT).next().map(|f| f.report_id)
}

/// Understands one report; `None` where it carries no weight.
#[must_use]
pub fn read(layout: &Layout, report: &[u8]) -> Option<Said> {
    let (id, payload) = layout.split(report)?;
    let of = |usage: Usage| layout.with(ReportKind::Input, usage).find(move |f| f.report_id == id);
    let weight = of(WEIGHT)?;
    let strange = Some(Said::Strange);
    let Some(figure) = weight.index_of(WEIGHT).and_then(|at| weight.signed(payload, at)) else { return strange };
    let state = member(layout, id, payload, STATES);
    let stable = match state {
        Some(1) => return Some(Said::Fault(ScaleFault::Broken)),
        Some(3) => false,
        Some(2 | 4) => true,
        Some(5) => return Some(Said::Under),
        Some(6) => return Some(Said::Over),
        Some(7) => return Some(Said::Fault(ScaleFault::Calibration)),
        Some(8) => return Some(Said::Fault(ScaleFault::Zero)),
        _ => return strange,
    };
    // Nothing on it: many scales send no unit with a zero.
    if figure == 0 {
        return Some(Said::Weight { grams: 0, stable });
    }
    let unit = member(layout, id, payload, UNITS).and_then(|n| n.checked_sub(1));
    let ratio = unit.and_then(|at| GRAMS.get(usize::from(at)).copied().flatten());
    let exponent = match of(SCALING) {
        Some(field) => scaling(field, payload),
        None => Some(weight.unit_exponent),
    };
    let grams = ratio.zip(exponent).and_then(|(ratio, exponent)| exact(figure, exponent, ratio));
    Some(grams.map_or(Said::Strange, |grams| Said::Weight { grams, stable }))
}

/// What must be sent to set the scale to zero, with the report's id, where it takes such a command.
#[must_use]
pub fn zero_report(layout: &Layout) -> Option<(ReportKind, u8, Vec<u8>)> {
    let kinds = [ReportKind::Output, ReportKind::Feature];
    let (kind, field) = kinds.into_iter().find_map(|kind| layout.with(kind, ZERO).next().map(|f| (kind, f)))?;
    let mut payload = vec![0u8; layout.payload_bytes(kind, field.report_id)];
    let bit = field.bit.checked_add(field.index_of(ZERO)?.checked_mul(field.size_bits)?)?;
    *payload.get_mut(usize::try_from(bit / 8).ok()?)? |= 1 << (bit % 8);
    Some((kind, field.report_id, payload))
}

/// A member of a collection such as the units: as an array it is chosen by its usage; some scales send its place as a plain
/// number under the collection's own usage.
fn member(layout: &Layout, id: u8, payload: &[u8], collection: u16) -> Option<u16> {
    let fields = || layout.fields.iter().filter(|f| f.kind == ReportKind::Input && f.report_id == id && !f.constant);
    let inside = |u: &Usage| u.page == PAGE && (collection + 1..collection + 0x10).contains(&u.id);
    let array = fields().find(|f| f.array && f.usages.iter().any(inside));
    if let Some(field) = array {
        return field.chosen(payload).filter(inside).map(|u| u.id - collection);
    }
    let plain = fields().find(|f| f.index_of(Usage::new(PAGE, collection)).is_some());
    if let Some(field) = plain {
        return u16::try_from(field.raw(payload, 0)?).ok();
    }
    // Or one bit for each of them.
    fields().find_map(|f| {
        let set = (0..f.count).find(|at| {
            f.size_bits == 1
                && usize::try_from(*at).ok().and_then(|n| f.usages.get(n)).is_some_and(inside)
                && f.raw(payload, *at) == Some(1)
        })?;
        f.usages.get(usize::try_from(set).ok()?).map(|u| u.id - collection)
    })
}

/// The power of ten; some scales declare the byte without a sign and yet mean one.
fn scaling(field: &Field, payload: &[u8]) -> Option<i8> {
    let raw = field.raw(payload, field.index_of(SCALING)?)?;
    if field.size_bits == 8 {
        return u8::try_from(raw).ok().map(|byte| i8::from_le_bytes([byte]));
    }
    i8::try_from(field.signed(payload, 0)?).ok()
}

/// `figure` × 10^`exponent` × `ratio` in whole grams, rounded half away from zero.
fn exact(figure: i64, exponent: i8, ratio: (i128, i128)) -> Option<i64> {
    let power = u32::from(exponent.unsigned_abs());
    if power > EXPONENT_MAX {
        return None;
    }
    let ten = 10i128.pow(power);
    let (numerator, divisor) = if exponent < 0 { (ratio.0, ratio.1 * ten) } else { (ratio.0 * ten, ratio.1) };
    let scaled = i128::from(figure).checked_mul(numerator)?;
    let rounded = (scaled.abs() * 2 + divisor) / (divisor * 2);
    i64::try_from(if scaled < 0 { -rounded } else { rounded }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::usb::descriptor::parse;

    /// A postal scale as most makers build it: arrays for state and unit, a power of ten, the figure; a zero command.
    const POSTAL: &[u8] = &[
        0x05, 0x8d, 0x09, 0x20, 0xa1, 0x01, 0x85, 0x03, 0x05, 0x8d, 0x09, 0x32, 0xa1, 0x02, 0x09, 0x70, 0xa1, 0x02,
        0x19, 0x71, 0x29, 0x78, 0x15, 0x01, 0x25, 0x08, 0x75, 0x08, 0x95, 0x01, 0x81, 0x00, 0xc0, 0x09, 0x50, 0xa1,
        0x02, 0x19, 0x51, 0x29, 0x5c, 0x15, 0x01, 0x25, 0x0c, 0x81, 0x00, 0xc0, 0x09, 0x41, 0x15, 0x80, 0x25, 0x7f,
        0x81, 0x02, 0x09, 0x40, 0x15, 0x00, 0x27, 0xff, 0xff, 0x00, 0x00, 0x75, 0x10, 0x81, 0x02, 0xc0, 0x85, 0x04,
        0x09, 0x31, 0xa1, 0x02, 0x09, 0x80, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x91, 0x02, 0x95, 0x07,
        0x91, 0x03, 0xc0, 0xc0,
    ];
    /// State and unit as plain numbers under the collection's usage.
    const PLAIN: &[u8] = &[
        0x05, 0x8d, 0x09, 0x20, 0xa1, 0x01, 0x85, 0x03, 0x09, 0x70, 0x15, 0x01, 0x25, 0x08, 0x75, 0x08, 0x95, 0x01,
        0x81, 0x02, 0x09, 0x50, 0x15, 0x00, 0x25, 0x0c, 0x81, 0x02, 0x09, 0x41, 0x15, 0x80, 0x25, 0x7f, 0x81, 0x02,
        0x09, 0x40, 0x15, 0x00, 0x27, 0xff, 0xff, 0x00, 0x00, 0x75, 0x10, 0x95, 0x01, 0x81, 0x02, 0xc0,
    ];

    fn report(state: u8, unit: u8, power: i8, figure: u16) -> [u8; 6] {
        let [low, high] = figure.to_le_bytes();
        [3, state, unit, power.to_le_bytes()[0], low, high]
    }

    fn stable(grams: i64) -> Option<Said> {
        Some(Said::Weight { grams, stable: true })
    }

    #[test]
    fn figures_become_exact_grams_in_every_unit() {
        let cases: &[(u8, i8, u16, i64)] = &[
            (2, 0, 250, 250),       // grams
            (3, -3, 1_250, 1_250),  // kilograms with three places
            (3, -2, 123, 1_230),    // and with two
            (1, 3, 5, 5),           // milligrams by the thousand
            (11, -1, 25, 71),       // 2.5 oz = 70.87 g
            (11, -1, 5, 14),        // 0.5 oz = 14.17 g
            (12, -2, 1_050, 4_763), // 10.5 lb = 4,762.7 g
            (12, 0, 100, 45_359),   // 100 lb
            (4, 0, 5, 1),           // carats
            (6, 0, 7_000, 454),     // 7,000 grains are a pound
            (7, 0, 20, 31),         // 20 pennyweights are a troy ounce
            (10, 0, 1, 31),
            (8, -3, 1, 1_000), // tons
            (9, -3, 2, 1_814),
        ];
        for descriptor in [POSTAL, PLAIN] {
            let layout = parse(descriptor).unwrap();
            assert!(is_scale(&layout));
            assert_eq!(weight_report(&layout), Some(3));
            for (unit, power, figure, grams) in cases {
                assert_eq!(
                    read(&layout, &report(4, *unit, *power, *figure)),
                    stable(*grams),
                    "{unit} {power} {figure}"
                );
            }
        }
    }

    #[test]
    fn every_state_is_kept_apart() {
        for descriptor in [POSTAL, PLAIN] {
            let layout = parse(descriptor).unwrap();
            let said = |state| read(&layout, &report(state, 2, 0, 250));
            assert_eq!(said(1), Some(Said::Fault(ScaleFault::Broken)));
            assert_eq!(read(&layout, &report(2, 2, 0, 0)), stable(0));
            assert_eq!(read(&layout, &report(2, 0, 0, 0)), stable(0), "a zero without a unit");
            assert_eq!(said(3), Some(Said::Weight { grams: 250, stable: false }));
            assert_eq!(said(4), stable(250));
            assert_eq!(said(5), Some(Said::Under));
            assert_eq!(said(6), Some(Said::Over));
            assert_eq!(said(7), Some(Said::Fault(ScaleFault::Calibration)));
            assert_eq!(said(8), Some(Said::Fault(ScaleFault::Zero)));
            assert_eq!(said(0), Some(Said::Strange), "an empty report is no weight");
            assert_eq!(said(9), Some(Said::Strange));
        }
    }

    #[test]
    fn what_cannot_be_understood_is_no_weight() {
        let layout = parse(POSTAL).unwrap();
        assert_eq!(read(&layout, &report(4, 5, 0, 250)), Some(Said::Strange), "taels");
        assert_eq!(read(&layout, &report(4, 0, 0, 250)), Some(Said::Strange), "no unit");
        assert_eq!(read(&layout, &report(4, 2, 100, 250)), Some(Said::Strange), "10^100 grams");
        assert_eq!(read(&layout, &[3, 4, 2, 0, 1]), Some(Said::Strange), "cut off");
        assert_eq!(read(&layout, &[0, 0, 0, 0, 0, 0]), None, "another report's id");
        assert_eq!(read(&layout, &[]), None);
    }

    #[test]
    fn a_scale_that_takes_it_is_set_to_zero() {
        assert_eq!(zero_report(&parse(POSTAL).unwrap()), Some((ReportKind::Output, 4, vec![1])));
        assert_eq!(zero_report(&parse(PLAIN).unwrap()), None);
    }
}
