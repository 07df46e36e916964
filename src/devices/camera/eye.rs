//! A camera as a scanner: codes are read from its frames on a thread of their own, so that neither the picture nor a photo waits
//! for them. A code counts when two frames agree, and once for as long as it stays in the picture. Must never count one showing
//! of a code twice, and never look at a picture that did not change.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use image::{GrayImage, RgbImage, imageops};
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints, RXingResult, RXingResultMetadataType, RXingResultMetadataValue};

use super::config::Turn;
use super::frame;
use crate::core::aim::{self, AimId};
use crate::devices::DeviceId;
use crate::devices::bay::Bay;
use crate::devices::event::DeviceEvent;

/// Frames in which a code must be seen before it counts: one alone may be misread.
const AGREE: u8 = 2;
/// Frames without a code before it has left the picture: a frame in between may be blurred.
const GONE: u8 = 6;
/// Codes in the picture that are remembered, at most.
const CODES_MAX: usize = 16;
/// Longest side of what is read, in pixels: more costs time and finds no more at arm's length.
const READ_SIDE_MAX: u32 = 1_280;
/// Codes that may wait for the camera's own thread.
const WAITING_MAX: usize = 16;
/// The picture in a few squares, and how much one of them must change before it is read again.
const SQUARES: (u32, u32) = (32, 24);
const CHANGE_MIN: u8 = 8;

/// A code as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What is printed, without the identifier.
    pub bytes: Vec<u8>,
    /// Its AIM identifier, where the symbology has one.
    pub symbology: Option<AimId>,
}

struct Sight {
    code: Code,
    frames: u8,
    missed: u8,
    counted: bool,
}

/// Turns what is read in single frames into gestures: one for each time that a code is brought into the picture.
#[derive(Default)]
pub struct Gate {
    sights: Vec<Sight>,
}

impl Gate {
    /// What one frame shows. Gives back what counts now.
    pub fn frame(&mut self, read: Vec<Code>) -> Vec<Code> {
        for sight in &mut self.sights {
            if !read.contains(&sight.code) {
                sight.missed = sight.missed.saturating_add(1);
                if !sight.counted {
                    // Not seen again at once: it was misread.
                    sight.frames = 0;
                }
            }
        }
        let mut counted = Vec::new();
        for code in read {
            if let Some(sight) = self.sights.iter_mut().find(|sight| sight.code == code) {
                sight.missed = 0;
                sight.frames = sight.frames.saturating_add(1);
                if sight.frames >= AGREE && !sight.counted {
                    sight.counted = true;
                    counted.push(code);
                }
            } else if self.sights.len() < CODES_MAX {
                self.sights.push(Sight { code, frames: 1, missed: 0, counted: false });
            }
        }
        self.sights.retain(|sight| sight.missed < GONE);
        counted
    }

    /// Whether a picture that stays as it is would change nothing: every code in it was counted, none is about to leave.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.sights.iter().all(|sight| sight.counted && sight.missed == 0)
    }
}

/// Every code in a picture, sorted.
#[must_use]
pub fn read(picture: &RgbImage) -> Vec<Code> {
    let (width, height) = picture.dimensions();
    read_luma(frame::luma(picture), width, height)
}

fn read_luma(luma: Vec<u8>, width: u32, height: u32) -> Vec<Code> {
    let formats = [
        BarcodeFormat::CODE_128,
        BarcodeFormat::EAN_13,
        BarcodeFormat::EAN_8,
        BarcodeFormat::UPC_A,
        BarcodeFormat::UPC_E,
        BarcodeFormat::CODE_39,
        BarcodeFormat::ITF,
        BarcodeFormat::DATA_MATRIX,
        BarcodeFormat::QR_CODE,
    ];
    let mut hints = DecodeHints {
        TryHarder: Some(true),
        AssumeGs1: Some(true),
        PossibleFormats: Some(HashSet::from(formats)),
        ..DecodeHints::default()
    };
    let found = detect_multiple_in_luma_with_hints(luma, width, height, &mut hints).unwrap_or_default();
    let mut codes: Vec<Code> = found.iter().filter_map(code).collect();
    codes.sort_by(|a, b| a.bytes.cmp(&b.bytes));
    codes.dedup();
    codes
}

/// A reading as a scanner would send it.
fn code(found: &RXingResult) -> Option<Code> {
    let text = found.getText();
    let named = found.getRXingResultMetadata().get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER);
    let identifier = match named {
        Some(RXingResultMetadataValue::SymbologyIdentifier(identifier)) => identifier.as_str(),
        _ => "",
    };
    // The reader itself writes the mark of GS1-128 and of GS1 Data Matrix before the text.
    let bare = text.strip_prefix("]C1").unwrap_or(text).trim_start_matches('\u{1d}');
    if bare.is_empty() {
        return None;
    }
    let (symbology, _) = aim::take(format!("{identifier}x").into_bytes());
    Some(Code { bytes: bare.as_bytes().to_vec(), symbology })
}

/// Whether anything moved between two pictures in squares.
fn moved(before: &GrayImage, now: &GrayImage) -> bool {
    before.dimensions() != now.dimensions()
        || before.as_raw().iter().zip(now.as_raw()).any(|(a, b)| a.abs_diff(*b) >= CHANGE_MIN)
}

/// The thread that reads one camera's frames. It ends when this is dropped.
pub(crate) struct Eye {
    frames: Option<SyncSender<GrayImage>>,
    codes: Receiver<Code>,
    busy: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    turn: Turn,
}

impl Eye {
    pub(crate) fn start(camera: &DeviceId, turn: Turn) -> std::io::Result<Eye> {
        let (frames, inbox) = sync_channel::<GrayImage>(1);
        let (outbox, codes) = sync_channel(WAITING_MAX);
        let busy = Arc::new(AtomicBool::new(false));
        let working = Arc::clone(&busy);
        let thread = std::thread::Builder::new()
            .name(format!("dev-{camera}-eye"))
            .spawn(move || run(&inbox, &outbox, &working, read_luma))?;
        Ok(Eye { frames: Some(frames), codes, busy, thread: Some(thread), turn })
    }

    /// Whether it could read a frame now; frames that come meanwhile are not kept.
    pub(crate) fn is_free(&self) -> bool {
        !self.busy.load(Ordering::Acquire)
    }

    /// Hands a frame in.
    pub(crate) fn look(&self, picture: &RgbImage) {
        let upright = frame::turned(frame::shrunk(picture, READ_SIDE_MAX), self.turn);
        let (width, height) = upright.dimensions();
        let Some(grey) = GrayImage::from_raw(width, height, frame::luma(&upright)) else { return };
        self.busy.store(true, Ordering::Release);
        if self.frames.as_ref().is_none_or(|frames| frames.try_send(grey).is_err()) {
            self.busy.store(false, Ordering::Release);
        }
    }

    /// Hands on what was read, each as a gesture of its own.
    pub(crate) fn deliver(&mut self, bay: &mut Bay) {
        while let Ok(code) = self.codes.try_recv() {
            let (gesture, now) = (bay.next_gesture(), bay.clock().now());
            let event = DeviceEvent::Scan {
                device: bay.id().clone(),
                gesture,
                bytes: code.bytes,
                symbology: code.symbology,
                at_ms: now.at_ms,
                mono_ms: now.mono_ms,
            };
            bay.gesture(gesture, event);
        }
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.frames = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that reads a camera's codes ended with a panic");
        }
    }
}

fn run(
    inbox: &Receiver<GrayImage>,
    outbox: &SyncSender<Code>,
    busy: &AtomicBool,
    read: impl Fn(Vec<u8>, u32, u32) -> Vec<Code>,
) {
    let mut gate = Gate::default();
    let mut last: Option<GrayImage> = None;
    for grey in inbox {
        let squares = imageops::thumbnail(&grey, SQUARES.0, SQUARES.1);
        let same = last.as_ref().is_some_and(|last| !moved(last, &squares));
        if !(same && gate.is_settled()) {
            let (width, height) = grey.dimensions();
            // A picture that the reader breaks off at costs that picture; the same one is not tried again.
            let codes = catch_unwind(AssertUnwindSafe(|| read(grey.into_raw(), width, height)));
            let codes = codes.unwrap_or_else(|_| {
                gate = Gate::default();
                Vec::new()
            });
            for code in gate.frame(codes) {
                if outbox.try_send(code).is_err() {
                    tracing::error!("a code that the camera read was lost: too many wait");
                }
            }
            last = Some(squares);
        }
        busy.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code { bytes: text.as_bytes().to_vec(), symbology: None }
    }

    /// Frames as lists of codes, and in which frame which code counts.
    fn counted(frames: &[&[&str]]) -> Vec<(usize, String)> {
        let mut gate = Gate::default();
        let mut list = Vec::new();
        for (at, frame) in frames.iter().enumerate() {
            for code in gate.frame(frame.iter().map(|text| code(text)).collect()) {
                list.push((at, String::from_utf8(code.bytes).unwrap()));
            }
        }
        list
    }

    #[test]
    fn a_code_counts_in_the_second_frame_and_once_while_it_stays() {
        assert_eq!(counted(&[&["A"], &["A"], &["A"], &["A"]]), [(1, "A".to_owned())]);
        assert!(counted(&[&["A"], &[], &["A"], &[]]).is_empty(), "never in two frames after one another");
        assert_eq!(counted(&[&["A", "B"], &["B"], &["A", "B"], &["A"]]), [(1, "B".to_owned()), (3, "A".to_owned())]);
    }

    #[test]
    fn it_counts_again_only_after_it_has_left_the_picture() {
        let blurred: Vec<&[&str]> = vec![&["A"], &["A"], &[], &[], &[], &[], &[], &["A"], &["A"]];
        assert_eq!(counted(&blurred), [(1, "A".to_owned())], "five frames without it are no departure");
        let away: Vec<&[&str]> = vec![&["A"], &["A"], &[], &[], &[], &[], &[], &[], &["A"], &["A"]];
        assert_eq!(counted(&away), [(1, "A".to_owned()), (9, "A".to_owned())]);
    }

    #[test]
    fn a_picture_that_breaks_the_reader_costs_itself_alone() {
        let (frames, inbox) = sync_channel(4);
        let (outbox, codes) = sync_channel(4);
        let picture = |grey: u8| GrayImage::from_pixel(64, 48, image::Luma([grey]));
        // The one that breaks it, the same again, and another one twice.
        for grey in [0, 0, 255, 200] {
            frames.send(picture(grey)).unwrap();
        }
        drop(frames);
        let (busy, looks) = (AtomicBool::new(true), std::cell::Cell::new(0));
        run(&inbox, &outbox, &busy, |luma, _, _| {
            looks.set(looks.get() + 1);
            assert!(luma[0] > 0, "on purpose");
            vec![code("A")]
        });
        assert_eq!(looks.get(), 3, "the picture that broke it is not tried again while it stays");
        assert_eq!(codes.try_recv().unwrap(), code("A"));
        assert!(!busy.load(Ordering::Acquire), "the next frame is taken");
    }

    #[test]
    fn a_still_picture_needs_no_second_look_once_all_is_counted() {
        let mut gate = Gate::default();
        assert!(gate.is_settled(), "an empty bench");
        gate.frame(vec![code("A")]);
        assert!(!gate.is_settled(), "one more frame decides");
        gate.frame(vec![code("A")]);
        assert!(gate.is_settled());
        gate.frame(Vec::new());
        assert!(!gate.is_settled(), "it may have left");
        for n in 0..100 {
            gate.frame(vec![code(&n.to_string())]);
            assert!(gate.sights.len() <= CODES_MAX, "the memory is bounded");
        }
    }
}
