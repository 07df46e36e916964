//! Settings of scanners, scales, tag readers and stack lights: lines, what surrounds a code, languages of scales. A part of
//! the merge.

use std::path::PathBuf;

use super::merge::Check;
use super::settings::{
    Baud, CodeFrame, DataBits, LightSettings, Parity, ScaleModel, ScalePattern, ScaleSettings, ScaleUnit, ScannerPort,
    ScannerSettings, SerialSettings, StopBits, TagReaderSettings,
};
use crate::core::escapes::bytes_of;

const LINE_8N1: SerialSettings =
    SerialSettings { baud: Baud(9_600), data_bits: DataBits::Eight, parity: Parity::None, stop_bits: StopBits::One };
const LINE_7E1: SerialSettings =
    SerialSettings { baud: Baud(9_600), data_bits: DataBits::Seven, parity: Parity::Even, stop_bits: StopBits::One };
/// What a scale's pattern is written with.
const OF_PATTERN: [&str; 5] = ["pattern", "ask", "zero", "tare", "line_end"];

impl Check<'_> {
    pub(super) fn scanner(&mut self, place: &str, name: String) -> Option<ScannerSettings> {
        let at = |last: &str| format!("{place}.{last}");
        let port = match self.word(&at("kind")).as_str() {
            "serial" => ScannerPort::Serial {
                path: self.needed(&at("port")).map(PathBuf::from)?,
                line: self.line(place, LINE_8N1),
                frame: self.frame(place),
                good: self.bytes(&at("good")),
                bad: self.bytes(&at("bad")),
            },
            "evdev" => ScannerPort::Evdev {
                path: self.needed(&at("device")).map(PathBuf::from)?,
                layout: self.word(&at("layout")),
                frame: self.frame(place),
            },
            "usb" => ScannerPort::Usb(self.usb(place)),
            _ => ScannerPort::Wedge { gap_ms: self.whole(&at("gap_ms")), length_min: self.whole(&at("length_min")) },
        };
        Some(ScannerSettings { name, port })
    }

    fn frame(&mut self, place: &str) -> CodeFrame {
        let at = |last: &str| format!("{place}.{last}");
        let frame = CodeFrame {
            prefix: self.bytes(&at("prefix")),
            suffix: self.bytes(&at("suffix")),
            terminators: self.bytes(&at("terminator")),
            gs: self.bytes(&at("gs")),
            idle_ms: self.whole(&at("idle_ms")),
            aim: self.flag(&at("aim")),
        };
        for (last, bytes) in [("prefix", &frame.prefix), ("suffix", &frame.suffix), ("gs", &frame.gs)] {
            if bytes.iter().any(|byte| frame.terminators.contains(byte)) {
                self.problem(&at(last), "this holds a byte that ends a code; take it out here or from terminator");
            }
        }
        frame
    }

    /// The bytes of a setting; none where it is not written. What is wrong with it was told when it was checked.
    fn bytes(&mut self, path: &str) -> Vec<u8> {
        self.checked(path).and_then(|text| bytes_of(&text).ok()).unwrap_or_default()
    }

    pub(super) fn tag_reader(&mut self, place: &str, name: String) -> Option<TagReaderSettings> {
        Some(TagReaderSettings { name, reader: self.word(&format!("{place}.reader")) })
    }

    pub(super) fn light(&mut self, place: &str, name: String) -> Option<LightSettings> {
        let at = |last: &str| format!("{place}.{last}");
        let states = ["idle", "good", "refused", "attention", "done"].map(|state| self.bytes(&at(state)));
        let path = self.needed(&at("port")).map(PathBuf::from)?;
        let baud = Baud(self.whole(&at("baud")));
        Some(LightSettings {
            name,
            path,
            line: SerialSettings { baud, ..LINE_8N1 },
            hold_ms: self.whole(&at("hold_ms")),
            states,
        })
    }

    pub(super) fn scale(&mut self, place: &str, name: String) -> Option<ScaleSettings> {
        let at = |last: &str| format!("{place}.{last}");
        if self.word(&at("kind")) == "usb" {
            return None;
        }
        let word = self.needed(&at("model"));
        let path = self.needed(&at("port")).map(PathBuf::from);
        let word = word?;
        // Where nothing else is said, each language has its own usual line.
        let adam = SerialSettings { baud: Baud(4_800), ..LINE_8N1 };
        let (model, usual) = match word.as_str() {
            "toledo-8217" => (ScaleModel::Toledo8217, LINE_7E1),
            "nci" => (ScaleModel::Nci { h1_inverted: self.flag(&at("h1_inverted")) }, LINE_7E1),
            "adam" => (ScaleModel::Adam, adam),
            "pattern" => (ScaleModel::Pattern(self.pattern(place)?), LINE_8N1),
            "find-out" => (ScaleModel::FindOut, LINE_8N1),
            _ => (ScaleModel::MtSics, LINE_8N1),
        };
        self.refuse_others(place, &word);
        let unit = match self.word(&at("unit")).as_str() {
            "g" => ScaleUnit::Gram,
            "lb" => ScaleUnit::Pound,
            "oz" => ScaleUnit::Ounce,
            _ => ScaleUnit::Kilogram,
        };
        let own_line = ["baud", "data_bits", "parity", "stop_bits"].iter().any(|k| self.raw.get(&at(k)).is_some());
        let line = own_line.then(|| self.line(place, usual));
        Some(ScaleSettings { name, model, unit, path: path?, line, poll_ms: self.whole(&at("poll_ms")) })
    }

    fn pattern(&mut self, place: &str) -> Option<ScalePattern> {
        let at = |last: &str| format!("{place}.{last}");
        let Some(expression) = self.checked(&at("pattern")) else {
            self.problem(
                &at("pattern"),
                "this is needed for model \"pattern\"; docs/devices-serial.md shows how it is written",
            );
            return None;
        };
        Some(ScalePattern {
            expression,
            ask: self.bytes(&at("ask")),
            zero: self.bytes(&at("zero")),
            tare: self.bytes(&at("tare")),
            line_end: self.bytes(&at("line_end")),
        })
    }

    /// Settings of one language are of no use to another, and would be believed to be.
    fn refuse_others(&mut self, place: &str, model: &str) {
        let known = OF_PATTERN.iter().map(|last| (*last, "pattern")).chain([("h1_inverted", "nci")]);
        for (last, owner) in known {
            let path = format!("{place}.{last}");
            // What is written as it is built in anyhow asks for nothing.
            let asked = self.raw.get(&path).is_some_and(|found| found.value.typed() != "false");
            if owner != model && asked {
                self.problem(&path, format!("model \"{model}\" has no use for this; it belongs to \"{owner}\""));
            }
        }
    }

    fn line(&mut self, place: &str, usual: SerialSettings) -> SerialSettings {
        let at = |last: &str| format!("{place}.{last}");
        SerialSettings {
            baud: Some(self.whole(&at("baud"))).filter(|b| *b > 0).map_or(usual.baud, Baud),
            data_bits: match self.whole::<u8>(&at("data_bits")) {
                7 => DataBits::Seven,
                8 => DataBits::Eight,
                _ => usual.data_bits,
            },
            parity: match self.word(&at("parity")).as_str() {
                "none" => Parity::None,
                "even" => Parity::Even,
                "odd" => Parity::Odd,
                _ => usual.parity,
            },
            stop_bits: match self.whole::<u8>(&at("stop_bits")) {
                1 => StopBits::One,
                2 => StopBits::Two,
                _ => usual.stop_bits,
            },
        }
    }
}
