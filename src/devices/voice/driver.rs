//! The listening device: ready by evidence, that is while the recogniser is loaded and samples come in. It listens only when told to,
//! hears nothing while the station itself speaks, and tells what it heard.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::VoiceConfig;
use super::microphone::Microphone;
use super::mouth::Mouth;
use super::recogniser::{Recogniser, RecogniserError};
use super::utterance::{Cutter, Utterance};
use crate::core::voice::VoiceLang;
use crate::devices::bay::Bay;
use crate::devices::event::{DeviceCommand, DeviceEvent, DeviceWarning, LostReason};
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};
use crate::devices::tap;

/// Longest wait for samples in one step.
const STEP: Duration = Duration::from_millis(50);
/// A recorder that gives nothing for so long is stuck.
const SILENT: Duration = Duration::from_millis(2_000);
/// Nothing but zeros for so long: the microphone is muted or is none.
const ZEROS: Duration = Duration::from_millis(3_000);
/// After the key is let go, the last word may still be on its way.
const LINGER: Duration = Duration::from_millis(400);
/// A key that is held longer is stuck, or its window is gone.
const HELD_MAX: Duration = Duration::from_secs(20);
/// How often a missing recogniser is looked for, and how often "it works" is noted.
const LOOK: Duration = Duration::from_secs(5);
const NOTE: Duration = Duration::from_secs(1);

/// Listens.
pub(crate) struct VoiceDriver {
    config: VoiceConfig,
    mouth: Arc<Mouth>,
    /// Told before the recogniser was there.
    lang: VoiceLang,
}

/// One session with a running microphone.
struct Ear {
    recogniser: Recogniser,
    cutter: Cutter,
    listens: Option<Listens>,
    /// What the last pause was heard as; it counts when nothing more is said.
    guess: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Listens {
    until: Option<Instant>,
}

impl VoiceDriver {
    pub(crate) fn new(config: VoiceConfig, mouth: Arc<Mouth>) -> Self {
        Self { config, mouth, lang: VoiceLang::default() }
    }

    /// The recogniser, as soon as it is installed; none when the station stops.
    fn recogniser(&mut self, bay: &mut Bay) -> Option<Recogniser> {
        loop {
            match Recogniser::open(&self.config.model, self.lang) {
                Ok(recogniser) => return Some(recogniser),
                Err(error) => {
                    tracing::warn!(%error, "nothing can be understood");
                    bay.warn(match error {
                        RecogniserError::Sphinx(_) => DeviceWarning::RecogniserMissing,
                        RecogniserError::Folder(_) => DeviceWarning::RecogniserFails,
                    });
                }
            }
            match bay.wait_command(LOOK) {
                Taken::Closed => return None,
                // Who wants to speak is told that nobody listens.
                Taken::Item(DeviceCommand::Listen { .. }) => listening(bay, false),
                Taken::Item(_) | Taken::Timeout => {}
            }
        }
    }

    fn obey(&mut self, bay: &mut Bay, ear: &mut Ear, command: &DeviceCommand) {
        let DeviceCommand::Listen { on, open, lang } = command else { return };
        if *lang != ear.recogniser.lang() {
            match Recogniser::open(&self.config.model, *lang) {
                Ok(recogniser) => (ear.recogniser, self.lang) = (recogniser, *lang),
                Err(error) => tracing::warn!(%error, "the other language cannot be listened for"),
            }
        }
        let now = Instant::now();
        match (*on, ear.listens) {
            (true, before) => {
                if before.is_none() {
                    // What was being said before belongs to somebody else.
                    ear.cutter.forget();
                    listening(bay, true);
                }
                ear.listens = Some(Listens { until: (!open).then(|| now + HELD_MAX) });
            }
            (false, Some(_)) => ear.listens = Some(Listens { until: Some(now + LINGER) }),
            (false, None) => {}
        }
    }

    /// What came out of the microphone while somebody wanted to be heard.
    fn hear(&self, bay: &mut Bay, ear: &mut Ear, samples: &[i16]) {
        if self.mouth.sounds(bay.clock().mono_ms()) {
            ear.cutter.forget();
            return;
        }
        for utterance in ear.cutter.push(samples) {
            if ear.listens.is_some() {
                ear.take(bay, &utterance);
            }
        }
        let now = Instant::now();
        if ear.listens.is_some_and(|listens| listens.until.is_some_and(|until| now >= until)) {
            for utterance in ear.cutter.end() {
                ear.take(bay, &utterance);
            }
            ear.listens = None;
            listening(bay, false);
        }
    }
}

impl Ear {
    fn take(&mut self, bay: &mut Bay, utterance: &Utterance) {
        match utterance {
            // While it is waited whether more comes, what was said is recognised.
            Utterance::Pause(samples) => self.guess = self.recogniser.hear(samples),
            Utterance::Over => self.tell(bay),
            Utterance::TooLong => {
                self.guess = None;
                self.tell(bay);
            }
        }
    }

    fn tell(&mut self, bay: &mut Bay) {
        let words = self.guess.take();
        tap::heard(words.as_deref().unwrap_or("?").as_bytes());
        let (device, lang) = (bay.id().clone(), self.recogniser.lang());
        // A word that finds no room is said again by whoever said it; nobody waits for it here.
        if !bay.passing(DeviceEvent::Heard { device, lang, words }) {
            tracing::warn!("the station was too busy to hear a word");
        }
    }
}

fn listening(bay: &mut Bay, on: bool) {
    let device = bay.id().clone();
    bay.surely(DeviceEvent::Listening { device, on });
}

impl Driver for VoiceDriver {
    fn session(&mut self, bay: &mut Bay) -> End {
        let Some(recogniser) = self.recogniser(bay) else { return End::Stopped };
        let mut microphone = match Microphone::open(self.config.microphone.as_ref()) {
            Ok(microphone) => microphone,
            Err(reason) => return End::Lost(reason),
        };
        let mut ear = Ear { recogniser, cutter: Cutter::default(), listens: None, guess: None };
        let (mut heard, mut sound, mut noted) = (Instant::now(), Instant::now(), None::<Instant>);
        let end = loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => break End::Stopped,
                Taken::Item(command) => self.obey(bay, &mut ear, &command),
                Taken::Timeout => {}
            }
            let samples = match microphone.read(STEP) {
                Ok(samples) => samples,
                // A recorder that ends before its first sample found no microphone.
                Err(LostReason::Disconnected) if noted.is_none() => break End::Lost(LostReason::NotFound),
                Err(reason) => break End::Lost(reason),
            };
            let now = Instant::now();
            if !samples.is_empty() {
                heard = now;
                if samples.iter().any(|sample| *sample != 0) {
                    sound = now;
                }
                if noted.is_none_or(|at| now.duration_since(at) >= NOTE) {
                    noted = Some(now);
                    if now.duration_since(sound) >= ZEROS {
                        bay.warn(DeviceWarning::MicrophoneSilent);
                    } else {
                        bay.ready();
                    }
                }
            } else if now.duration_since(heard) >= SILENT {
                break End::Lost(LostReason::Silent);
            }
            self.hear(bay, &mut ear, &samples);
        };
        if ear.listens.is_some() && end != End::Stopped {
            listening(bay, false);
        }
        end
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        if matches!(command, DeviceCommand::Listen { on: true, .. }) {
            listening(bay, false);
            return Offline::TryNow;
        }
        Offline::KeepWaiting
    }
}
