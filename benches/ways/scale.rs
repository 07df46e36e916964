//! From the last byte of a scale's frame to the view that the weigh screen draws. The scale is asked by the driver, as scales are: the
//! time until the next question (`poll_ms`) comes before the frame and is not in it, and neither is the drawing of the screen.

use super::{Measured, PATIENCE, Way, device, ready, terminal};
use packbench::core::units::Grams;
use packbench::devices::config::{ScaleModel, SerialScaleConfig};
use packbench::devices::scale::MassUnit;
use packbench::devices::{DeviceSpec, DevicesConfig};
use packbench::engine::EngineHandle;
use packbench::engine::view::StageView;
use std::fs::File;
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

/// Time between two questions: the shortest that settings allow, so that the bench is short.
const POLL_MS: u64 = 50;
/// Each weight differs from the one before by more than the scale's resolution, so each is judged anew.
const STEP_G: i64 = 10;
/// The heaviest of them, still too light for the parcel.
const HEAVIEST_G: i64 = 100;

/// One weight after the other is put on the scale, each of them too light: all that a refusal does is in it as well.
pub fn measure(weights: u32) -> Measured {
    let mut station = ready(2);
    station.work_until(|stage| matches!(stage, StageView::Weigh(weigh) if weigh.low_g > Grams(HEAVIEST_G)));
    let (path, line) = terminal();
    let (puts, put) = sync_channel(1);
    let (tells, told) = sync_channel(1);
    std::thread::Builder::new().name("bench-scale".into()).spawn(move || weigh(line, &put, &tells)).expect("a thread");
    let scale =
        SerialScaleConfig { path, model: ScaleModel::MtSics, line: None, unit: MassUnit::Gram, poll_ms: POLL_MS };
    let devices = DevicesConfig::new(vec![device("bench", DeviceSpec::SerialScale(scale))]).expect("a device");
    let way = Way::to(station, devices);
    let mut times = Vec::new();
    let mut came = 0;
    for n in 0..i64::from(weights) {
        let grams = STEP_G + n * STEP_G % HEAVIEST_G;
        puts.send(grams).expect("a scale");
        let begun = told.recv().expect("its frame");
        let shown = shows(&way.engine, grams, begun);
        times.push(begun.elapsed());
        came += u32::from(shown);
    }
    way.end();
    Measured::new(times, came)
}

/// Waits until the weigh screen's view has the weight.
fn shows(engine: &EngineHandle, grams: i64, begun: Instant) -> bool {
    let mut view = engine.view();
    loop {
        if let Some(StageView::Weigh(weigh)) = view.pack.as_ref().map(|pack| &pack.stage)
            && weigh.reading.is_some_and(|reading| reading.grams.0 == grams && reading.stable)
        {
            return true;
        }
        if begun.elapsed() > PATIENCE {
            return false;
        }
        view = engine.view_after(view.revision, Duration::from_millis(50));
    }
}

/// A scale that speaks MT-SICS: answers each question with what lies on it, and tells when the first frame with a new weight left.
fn weigh(mut line: File, put: &Receiver<i64>, tells: &SyncSender<Instant>) {
    let mut buf = [0u8; 64];
    let mut grams = 0;
    while let Ok(n) = line.read(&mut buf) {
        for _ in buf[..n].iter().filter(|byte| **byte == b'\n') {
            let new = put.try_recv().ok();
            grams = new.unwrap_or(grams);
            let frame = format!("S S {grams:>10} g\r\n");
            let begun = Instant::now();
            if line.write_all(frame.as_bytes()).is_err() {
                return;
            }
            if new.is_some() && tells.send(begun).is_err() {
                return;
            }
        }
    }
}
