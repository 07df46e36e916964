//! Trying a device from its check: a label or a page, a picture, a sound. Nothing of it reaches an order.

use super::papers::{self, Drawing};
use super::routing::Printer;
use crate::core::message::Message;
use crate::core::signal::SoundName;
use crate::devices::camera::{Photo, PhotoFailure};
use crate::devices::light::LightState;
use crate::devices::printer::PrintOutcome;
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId, SendError};
use crate::engine::input::Tried;
use crate::engine::view::DeviceKind;
use crate::labels::LabelError;
use crate::labels::sheet::{Area, Sheet};
use crate::labels::text::{Face, Style};
use std::sync::Arc;

/// Size of the test label, µm: the usual 100 × 150 mm.
const LABEL_UM: (i32, i32) = (100_000, 150_000);

/// What the names of test jobs and test photos begin with.
const TEST: &str = "test";

/// What the window's device check needs to know of a printer.
pub type Printers = Arc<[Printer]>;

/// Tries a device.
pub fn test(devices: &DeviceHandle, printers: &Printers, kind: DeviceKind, name: &str) {
    let tried = match kind {
        // A scanner is tried by scanning anything: the engine shows what came.
        DeviceKind::Scanner => Ok(()),
        DeviceKind::Sound => devices.send(DeviceCommand::Sound(super::hands::sound(SoundName::OrderDone))),
        // A scale is tried by laying something on it; the screen shows what it says.
        DeviceKind::Scale => Ok(()),
        // The microphone is tried by saying something with the key held.
        DeviceKind::Voice => Ok(()),
        // It speaks the language of the screen, which is known there.
        DeviceKind::Speech => Ok(()),
        // A reader is tried by a tap.
        DeviceKind::TagReader => Ok(()),
        DeviceKind::Light => devices.send(DeviceCommand::Light(LightState::Done)),
        DeviceKind::Camera => picture(devices, name),
        DeviceKind::Printer => return page(devices, printers, name),
    };
    if let Err(e) = tried {
        tracing::warn!(device = name, error = %e, "the device was not tried");
    }
}

/// Whether a job or photo is a test: nothing of it reaches an order.
#[must_use]
pub fn is_test(name: &str) -> bool {
    name == TEST || name.strip_prefix(TEST).is_some_and(|rest| rest.starts_with('-'))
}

/// What became of a test label or page. "Sent" is what is known so far: the paper tells the rest.
#[must_use]
pub fn printed(name: &str, outcome: &PrintOutcome) -> Tried {
    let (good, key) = match outcome {
        PrintOutcome::Sent => (true, "device-trial-sent"),
        PrintOutcome::PaperMoved => (true, "device-trial-printed"),
        PrintOutcome::Failed { .. } => (false, "device-trial-not-printed"),
    };
    Tried { kind: DeviceKind::Printer, name: name.to_owned(), good, said: Message::new(key) }
}

/// What became of a test picture.
#[must_use]
pub fn pictured(name: &str, outcome: &Result<Photo, PhotoFailure>) -> Tried {
    let (good, said) = match outcome {
        Ok(photo) => {
            let kb = i64::try_from(photo.bytes.len().div_ceil(1_024)).unwrap_or(i64::MAX);
            let said = Message::new("device-trial-picture")
                .with("width", i64::from(photo.width_px))
                .with("height", i64::from(photo.height_px))
                .with("kb", kb);
            (true, said)
        }
        Err(why) => (false, super::photos::failure(*why)),
    };
    Tried { kind: DeviceKind::Camera, name: name.to_owned(), good, said }
}

fn picture(devices: &DeviceHandle, name: &str) -> Result<(), SendError> {
    let unknown = || SendError::Unknown { device: name.to_owned() };
    let camera = DeviceId::new(name).map_err(|_| unknown())?;
    devices.send(DeviceCommand::TakePhoto { camera, request: TEST.to_owned() })
}

fn page(devices: &DeviceHandle, printers: &Printers, name: &str) {
    let Some(printer) = printers.iter().find(|p| p.id.as_str() == name) else { return };
    let drawing = Drawing::of(printer, devices);
    let pages = sheet(name).and_then(|s| papers::render(&[s], drawing));
    let bytes = match pages {
        Ok(pages) => pages.into_iter().next().unwrap_or_default(),
        Err(e) => return tracing::error!(error = %e, "the test page was not rendered"),
    };
    let command = DeviceCommand::Print {
        printer: printer.id.clone(),
        job: format!("{TEST}-{}", uuid::Uuid::now_v7().simple()),
        format: drawing.format,
        bytes: Arc::from(bytes),
    };
    if let Err(e) = devices.send(command) {
        tracing::warn!(device = name, error = %e, "the test page was not printed");
    }
}

/// The program's name, the printer's, and a frame at the edges, which shows whether the paper is straight.
fn sheet(name: &str) -> Result<Sheet, LabelError> {
    let (w_um, h_um) = LABEL_UM;
    let mut sheet = Sheet::new(w_um, h_um)?;
    let margin_um = 3_000;
    let frame = Area { x_um: margin_um, y_um: margin_um, w_um: w_um - 2 * margin_um, h_um: h_um - 2 * margin_um };
    sheet.outline(frame, 500)?;
    let line = |y_um| Area { x_um: 10_000, y_um, w_um: 80_000, h_um: 14_000 };
    sheet.text(line(20_000), "Packbench", Style::new(Face::Bold, 10_000))?;
    sheet.text(line(40_000), name, Style::new(Face::Regular, 8_000))?;
    sheet.rule(10_000, 60_000, 80_000, 500)?;
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::printer::PrintFormat;

    #[test]
    fn the_test_page_is_drawn_in_every_format() {
        let formats: [(PrintFormat, &[u8]); 6] = [
            (PrintFormat::Zpl, b"^XA"),
            (PrintFormat::Pdf, b"%PDF"),
            (PrintFormat::Png, b"\x89PNG"),
            (PrintFormat::Jpeg, b"\xff\xd8\xff"),
            (PrintFormat::Pwg, b"RaS2"),
            (PrintFormat::EscPos, b"\x1b@\x1dv0"),
        ];
        for (format, begins) in formats {
            let drawing = Drawing { format, dpi: 203, head_dots: 576 };
            let pages = papers::render(&[sheet("labels").unwrap()], drawing).unwrap();
            assert_eq!(pages.len(), 1);
            assert!(pages[0].starts_with(begins), "{format:?}");
        }
    }
}
