//! From the settings to scanners and scales: lines, what surrounds a code, languages of scales.

use super::super::CliError;
use crate::config::{self, CodeFrame, ScaleModel, ScaleSettings, ScaleUnit, ScannerPort, SerialSettings};
use crate::devices::config::{KeyScannerConfig, ScanFeedback, ScanFraming, SerialScaleConfig, SerialScannerConfig};
use crate::devices::scale::{MassUnit, Pattern, PatternText};
use crate::devices::scanner::keyboard::KeyLayout;
use crate::devices::{self as room, DataBits, DeviceSpec, LineSettings, Parity, StopBits};
use std::sync::Arc;

/// The device of a scanner; nothing for one that the window reads.
#[must_use]
pub fn scanner(port: &ScannerPort) -> Option<DeviceSpec> {
    match port {
        ScannerPort::Wedge { .. } => None,
        ScannerPort::Usb(usb) => Some(DeviceSpec::UsbScanner(super::devices::usb_of(usb))),
        ScannerPort::Serial { path, line, frame, good, bad } => Some(DeviceSpec::SerialScanner(SerialScannerConfig {
            path: path.clone(),
            line: line_of(*line),
            framing: framing(frame),
            feedback: ScanFeedback { good: good.clone(), bad: bad.clone() },
        })),
        ScannerPort::Evdev { path, layout, frame } => {
            let mut framing = framing(frame);
            // Scanners that type end with Enter or with Tab, and no code has a Tab in it that a person could see.
            if !framing.terminators.contains(&b'\t') && framing.terminators.len() < TERMINATORS_MAX {
                framing.terminators.push(b'\t');
            }
            let layout = KeyLayout::from_name(layout).unwrap_or_default();
            Some(DeviceSpec::KeyScanner(KeyScannerConfig { path: path.clone(), layout, framing }))
        }
    }
}

/// Bytes that may end a code, at most.
const TERMINATORS_MAX: usize = 8;

fn framing(frame: &CodeFrame) -> ScanFraming {
    ScanFraming {
        terminators: frame.terminators.clone(),
        idle_ms: Some(u64::from(frame.idle_ms)),
        aim: frame.aim,
        prefix: frame.prefix.clone(),
        suffix: frame.suffix.clone(),
        gs: frame.gs.clone(),
        ..ScanFraming::default()
    }
}

/// The device of a scale.
///
/// # Errors
/// If the pattern of a scale cannot be used.
pub fn scale(s: &ScaleSettings) -> Result<DeviceSpec, CliError> {
    let model = match &s.model {
        ScaleModel::MtSics => room::config::ScaleModel::MtSics,
        ScaleModel::Toledo8217 => room::config::ScaleModel::Toledo8217,
        ScaleModel::Nci { h1_inverted } => room::config::ScaleModel::Nci { h1_inverted: *h1_inverted },
        ScaleModel::Adam => room::config::ScaleModel::Adam,
        ScaleModel::FindOut => room::config::ScaleModel::FindOut,
        ScaleModel::Pattern(p) => {
            let text = PatternText {
                expression: p.expression.clone(),
                ask: p.ask.clone(),
                zero: p.zero.clone(),
                tare: p.tare.clone(),
                ends: p.line_end.clone(),
            };
            let what =
                || format!("the pattern of the scale {} (station.scales.{}.pattern) cannot be used", s.name, s.name);
            let pattern = Pattern::new(text).map_err(|e| CliError::room(what(), "see docs/devices-serial.md", e))?;
            room::config::ScaleModel::Pattern(Arc::new(pattern))
        }
    };
    Ok(DeviceSpec::SerialScale(SerialScaleConfig {
        path: s.path.clone(),
        model,
        line: s.line.map(line_of),
        unit: match s.unit {
            ScaleUnit::Kilogram => MassUnit::Kilogram,
            ScaleUnit::Gram => MassUnit::Gram,
            ScaleUnit::Pound => MassUnit::Pound,
            ScaleUnit::Ounce => MassUnit::Ounce,
        },
        poll_ms: u64::from(s.poll_ms),
    }))
}

/// A line of the settings.
#[must_use]
pub fn line_of(s: SerialSettings) -> LineSettings {
    LineSettings {
        baud: s.baud.0,
        data_bits: match s.data_bits {
            config::DataBits::Seven => DataBits::Seven,
            config::DataBits::Eight => DataBits::Eight,
        },
        parity: match s.parity {
            config::Parity::None => Parity::None,
            config::Parity::Even => Parity::Even,
            config::Parity::Odd => Parity::Odd,
        },
        stop_bits: match s.stop_bits {
            config::StopBits::One => StopBits::One,
            config::StopBits::Two => StopBits::Two,
        },
    }
}
