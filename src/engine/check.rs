//! The device check while it is open: the last bytes of each device are asked for, what a try gave is kept for its card, and a
//! code scanned to try a scanner is shown and counts nowhere. Must never ask anything of a device itself.

use super::input::{DeviceLive, Tried};
use super::view::{ScanTrial, Sheet, Trial};
use super::{Effect, Engine};
use crate::core::aim::{AimId, SymbologyFamily};
use crate::core::scan::Scan;
use crate::core::signal::SoundName;
use std::sync::Arc;

/// How often the open check looks at the devices, ms.
const LOOK_MS: u64 = 450;
/// Bytes of a code that are shown.
const SHOWN_MAX: usize = 256;

impl Engine {
    /// Whether the check is open and has not looked for a while.
    pub(super) fn look_is_due(&self) -> bool {
        let since_ms = self.clock.mono_ms().saturating_sub(self.desk.looked_mono_ms);
        self.desk.sheet == Some(Sheet::Devices) && since_ms >= LOOK_MS
    }

    /// Asks for the devices' bytes while somebody looks at them; nobody else pays for it.
    pub(super) fn look_at_devices(&mut self) {
        if self.look_is_due() {
            self.desk.looked_mono_ms = self.clock.mono_ms();
            self.out.push(Effect::LookAtDevices);
        }
    }

    pub(super) fn on_live(&mut self, list: Vec<DeviceLive>) {
        let mut devices = self.desk.devices.to_vec();
        for live in list {
            if let Some(d) = devices.iter_mut().find(|d| d.name == live.name) {
                d.last_seen = live.answered.or(d.last_seen);
                d.live = live.lines.into();
            }
        }
        self.desk.devices = Arc::from(devices);
    }

    pub(super) fn on_tried(&mut self, tried: Tried) {
        let at = self.now();
        self.with_device(tried.kind, &tried.name, |d| {
            d.trial = Some(Trial { at, good: tried.good, said: tried.said });
        });
    }

    /// A scan while "scan anything" is open; true if it was taken there.
    pub(super) fn scan_is_trial(&mut self, scan: &Scan) -> bool {
        let Some(Sheet::ScanTrial(shown)) = self.desk.sheet.as_mut() else { return false };
        let head = scan.bytes.get(..SHOWN_MAX).unwrap_or(&scan.bytes);
        let read = ScanTrial {
            device: scan.device.clone(),
            text: crate::core::control::named(head),
            bytes: u32::try_from(scan.bytes.len()).unwrap_or(u32::MAX),
            symbology: scan.symbology.map(symbology_name),
            separator: scan.bytes.contains(&0x1d),
        };
        let sound = if scan.bytes.is_empty() { SoundName::Stop } else { SoundName::Ok };
        *shown = Some(read);
        self.out.push(Effect::Sound(sound));
        true
    }
}

/// The symbology as it is printed on scanners' setting sheets.
fn symbology_name(id: AimId) -> &'static str {
    let gs1 = id.is_gs1();
    match id.family() {
        SymbologyFamily::Code39 => "Code 39",
        SymbologyFamily::Code128 if gs1 => "GS1-128",
        SymbologyFamily::Code128 => "Code 128",
        SymbologyFamily::EanUpc => "EAN / UPC",
        SymbologyFamily::DataBar => "GS1 DataBar",
        SymbologyFamily::Codabar => "Codabar",
        SymbologyFamily::Code93 => "Code 93",
        SymbologyFamily::Code11 => "Code 11",
        SymbologyFamily::Interleaved2of5 => "ITF",
        SymbologyFamily::DotCode => "DotCode",
        SymbologyFamily::Pdf417 => "PDF417",
        SymbologyFamily::Msi => "MSI",
        SymbologyFamily::QrCode if gs1 => "GS1 QR",
        SymbologyFamily::QrCode => "QR",
        SymbologyFamily::Straight2of5 | SymbologyFamily::Industrial2of5 => "2 of 5",
        SymbologyFamily::MaxiCode => "MaxiCode",
        SymbologyFamily::Aztec => "Aztec",
        SymbologyFamily::DataMatrix if gs1 => "GS1 DataMatrix",
        SymbologyFamily::DataMatrix => "DataMatrix",
        SymbologyFamily::Other => "?",
    }
}
