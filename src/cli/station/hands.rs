//! Where the engine's effects go: one thread, `effects`, hands them to the devices, to the sync driver and to the worker
//! threads. It never waits for the engine, so the engine never waits for it in a circle.

use super::photos::Wanted;
use super::pins::Check;
use super::port::Port;
use super::setup::Work;
use super::tongue::Tongue;
use super::watch::Guard;
use crate::core::control;
use crate::core::message::Message;
use crate::core::session::event::{PrintOutcome, PrintTrouble};
use crate::core::signal;
use crate::core::time::UtcMs;
use crate::devices::light::LightState;
use crate::devices::nfc::TagFault;
use crate::devices::sound::SoundName;
use crate::devices::tap::{Live, Piece, Way};
use crate::devices::{DeviceCommand, DeviceHandle, DeviceId};
use crate::engine::input::{DeviceLive, PhotoOutcome, PrintOrder, Secret, SetupAsk, SyncNews, VoiceNews};
use crate::engine::runner::Outlet;
use crate::engine::view::LiveLine;
use crate::engine::{Clock, Effect, Input};
use crate::protocol::wire::{KnownStation, StationId};
use crate::storage::Blobs;
use crate::sync::{
    Applicant, BlobReader, ServerConfig, SyncCall, SyncConfig, SyncDriver, SyncHandle, Token, pair_in_background,
};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::sync::{Arc, OnceLock};

/// Effects that may wait for their thread.
pub const EFFECTS_MAX: usize = 1_024;

/// Asks the window to draw once; nothing before there is one. Clones share it.
#[derive(Clone, Default)]
pub struct Waker(Arc<OnceLock<Box<dyn Fn() + Send + Sync>>>);

impl Waker {
    /// Says how the window is woken; the first one stays.
    pub fn set(&self, wake: impl Fn() + Send + Sync + 'static) {
        if self.0.set(Box::new(wake)).is_err() {
            tracing::debug!("the window's waker was set before");
        }
    }

    /// Wakes the window.
    pub fn wake(&self) {
        if let Some(wake) = self.0.get() {
            wake();
        }
    }
}

/// The engine's way out.
pub struct ToHands {
    /// To the thread `effects`.
    pub effects: SyncSender<Effect>,
    /// The window.
    pub waker: Waker,
    /// The engine's own thread is watched: it holds this.
    pub watched: Guard,
}

impl Outlet for ToHands {
    fn effect(&self, effect: Effect) {
        match self.effects.try_send(effect) {
            Ok(()) => {}
            Err(TrySendError::Full(effect)) => {
                // None may be lost, and their thread waits for nobody: this is short, and never seen at a bench.
                tracing::warn!("{EFFECTS_MAX} effects wait to be handed out");
                if self.effects.send(effect).is_err() {
                    tracing::debug!("effects are no longer taken");
                }
            }
            Err(TrySendError::Disconnected(_)) => tracing::debug!("effects are no longer taken"),
        }
    }

    fn published(&self) {
        self.waker.wake();
    }
}

/// What the thread `effects` works with.
pub struct Hands {
    /// The engine's door.
    pub port: Port,
    /// The devices.
    pub devices: DeviceHandle,
    /// The camera photos are taken with.
    pub camera: Option<DeviceId>,
    /// To the thread `papers`.
    pub papers: SyncSender<Box<PrintOrder>>,
    /// To the thread `pins`.
    pub pins: SyncSender<Check>,
    /// To the thread `setup`.
    pub setup: SyncSender<Work>,
    /// Where the server is, if one is set.
    pub server: Option<ServerConfig>,
    /// The station's clock.
    pub clock: Arc<dyn Clock>,
    /// The photos.
    pub blobs: Blobs,
    /// Name of the machine, for the server's list of pairings.
    pub machine: String,
    /// The running sync driver.
    pub sync: Option<SyncHandle>,
    /// What the device check was told last.
    pub looked: Option<u64>,
    /// Speaks in the language of the screen.
    pub tongue: Tongue,
}

impl Hands {
    /// Hands out until the engine has ended, then ends the sync driver.
    pub fn run(mut self, inbox: &Receiver<Effect>, credentials: Option<(StationId, Secret)>) {
        if let Some((station, token)) = credentials {
            self.start_sync(station, token);
        }
        for effect in inbox {
            self.hand_out(effect);
        }
        self.port.close();
        if let Some(sync) = self.sync.take()
            && !sync.stop()
        {
            tracing::debug!("a request to the server is still out; the next start repeats it");
        }
    }

    fn hand_out(&mut self, effect: Effect) {
        match effect {
            Effect::Print(order) => self.print(order),
            Effect::TakePhoto { fulfillment, note } => self.photo(&Wanted { fulfillment, note }),
            Effect::Sound(name) => {
                if let Err(e) = self.devices.send(DeviceCommand::Sound(sound(name))) {
                    tracing::debug!(error = %e, "a sound was not played");
                }
                if let Some(state) = light(name)
                    && let Err(e) = self.devices.send(DeviceCommand::Light(state))
                {
                    tracing::debug!(error = %e, "a light was not set");
                }
            }
            Effect::Speak(list) => self.speak(&list),
            Effect::Hush => self.to_voice(DeviceCommand::Hush),
            Effect::Listen { on, open } => self.listen(on, open),
            Effect::WriteTag { reader, code } => self.write_tag(reader, code),
            Effect::Verdict { device, good } => self.verdict(device, good),
            Effect::LookAtDevices => self.look(),
            Effect::ScannerSetup(ask) => self.set_up(ask),
            Effect::SyncWake => self.tell(SyncCall::Wake),
            Effect::Sync(input) => self.tell(SyncCall::Machine(*input)),
            Effect::Push { no, events } => self.tell(SyncCall::Push { no, events }),
            Effect::CheckPin { purpose, pin, candidates } => {
                if self.pins.try_send(Check { purpose, pin, candidates }).is_err() {
                    tracing::error!("a PIN was not checked: too many wait");
                    self.back(Input::PinChecked { purpose, user: None });
                }
            }
            Effect::Paired { station_id, token } => self.start_sync(station_id, token),
            Effect::Pair { code, known } => self.pair(code, known),
        }
    }

    /// The devices' last bytes, where they changed since the last look.
    fn look(&mut self) {
        let revision = self.devices.live_revision();
        if self.looked == Some(revision) {
            return;
        }
        let list = self.devices.live().into_iter().map(|(id, live)| live_of(&id, live)).collect();
        // A full engine has better to do; the next look is in half a second.
        if self.port.handle().send(Input::Live(list)).is_ok() {
            self.looked = Some(revision);
        }
    }

    /// An outcome that is known at once. The engine has room but for a flood; then the person does it again.
    fn back(&self, input: Input) {
        if self.port.handle().send(input).is_err() {
            tracing::error!("the engine took no input; an outcome is lost");
        }
    }

    /// For the scanner's own beep and light. The window's own scans have no scanner to tell.
    fn verdict(&self, device: String, good: bool) {
        let Ok(scanner) = DeviceId::new(device) else { return };
        if let Err(e) = self.devices.send(DeviceCommand::Verdict { scanner, good }) {
            tracing::debug!(error = %e, "a scanner was not told");
        }
    }

    /// None of these may be lost: the scanner would be left as it is set up with. Its thread waits only for the engine.
    fn set_up(&self, ask: SetupAsk) {
        if let Err(TrySendError::Full(work)) = self.setup.try_send(Work::Ask(ask))
            && self.setup.send(work).is_err()
        {
            tracing::debug!("scanners are no longer set up");
        }
    }

    fn speak(&mut self, list: &[Message]) {
        let (text, lang) = self.tongue.say(list);
        self.to_voice(DeviceCommand::Speak { text, lang });
    }

    fn listen(&self, on: bool, open: bool) {
        let command = DeviceCommand::Listen { on, open, lang: self.tongue.listens() };
        if let Err(e) = self.devices.send(command) {
            tracing::warn!(error = %e, "nobody listens");
            self.back(Input::Voice(VoiceNews::Listening(false)));
        }
    }

    fn to_voice(&self, command: DeviceCommand) {
        if let Err(e) = self.devices.send(command) {
            tracing::debug!(error = %e, "nothing was spoken");
        }
    }

    fn print(&self, order: Box<PrintOrder>) {
        let job = order.job;
        if self.papers.try_send(order).is_err() {
            tracing::error!("a paper was not printed: too many wait");
            self.back(Input::Printed { job, outcome: PrintOutcome::Failed(PrintTrouble::Interrupted) });
        }
    }

    fn photo(&self, wanted: &Wanted) {
        let Some(camera) = self.camera.clone() else {
            self.back(Input::Photo(PhotoOutcome::Failed(Message::new("device-absent"))));
            return;
        };
        let request = wanted.request();
        if let Err(e) = self.devices.send(DeviceCommand::TakePhoto { camera, request }) {
            tracing::error!(error = %e, "the camera was not triggered");
            self.back(Input::Photo(PhotoOutcome::Failed(Message::new("refusal-no-photo-detail"))));
        }
    }

    fn write_tag(&self, reader: String, code: String) {
        let sent = DeviceId::new(reader.clone()).is_ok_and(|reader| {
            let command = DeviceCommand::WriteTag { reader, request: "screen".to_owned(), code };
            self.devices.send(command).is_ok()
        });
        if !sent {
            self.back(Input::TagWritten { reader, refused: Some(super::news::tag_refused(TagFault::Reader)) });
        }
    }

    fn tell(&self, call: SyncCall) {
        if let Some(sync) = &self.sync
            && let Err(e) = sync.offer(call)
        {
            tracing::warn!(error = %e, "the sync driver was not told");
        }
    }

    fn pair(&self, code: String, known: Option<KnownStation>) {
        let Some(server) = self.server.clone() else {
            tracing::error!("no address of central is set: set station.central_url, or use --central-url");
            self.back(Input::Sync(SyncNews::PairingRefused(Message::new("sync-pair-settings"))));
            return;
        };
        let port = Arc::new(self.port.clone());
        let who = Applicant { name: self.machine.clone(), version: super::VERSION.to_owned(), known };
        let begun = pair_in_background(server, code, who, port);
        if let Err(e) = begun {
            tracing::error!(error = %e, "pairing could not be started");
            self.back(Input::Sync(SyncNews::PairingRefused(Message::new("sync-pair-no-answer"))));
        }
    }

    fn start_sync(&mut self, station_id: StationId, token: Secret) {
        if let Some(sync) = &self.sync {
            if sync.offer(SyncCall::Token(Token::new(token.0))).is_err() {
                tracing::error!("the sync driver has ended; start the station again");
            }
            return;
        }
        let Some(server) = self.server.clone() else {
            tracing::warn!("no address of central is set: the station works alone; set station.central_url");
            return;
        };
        let blobs = self.blobs.clone();
        let read: BlobReader =
            Arc::new(move |hash, offset, max| blobs.part(hash, offset, max).map_err(std::io::Error::other));
        let config = SyncConfig { server, token: Token::new(token.0), station_id };
        match SyncDriver::spawn(config, Arc::clone(&self.clock), Arc::new(self.port.clone()), read) {
            Ok(sync) => self.sync = Some(sync),
            Err(e) => {
                tracing::error!(error = %e, "the station does not sync");
                self.back(Input::Sync(SyncNews::Trouble(Some(Message::new("sync-pair-settings")))));
            }
        }
    }
}

/// What the stack light shows with a sound; what is no outcome of a person's doing leaves it as it is.
fn light(name: signal::SoundName) -> Option<LightState> {
    match name {
        signal::SoundName::Ok | signal::SoundName::LineFull => Some(LightState::Good),
        signal::SoundName::OrderDone => Some(LightState::Done),
        signal::SoundName::Stop | signal::SoundName::StopMany | signal::SoundName::StopUnknown => {
            Some(LightState::Refused)
        }
        signal::SoundName::Decide | signal::SoundName::Call => Some(LightState::Attention),
        signal::SoundName::Wait | signal::SoundName::Offline | signal::SoundName::Online => None,
    }
}

/// A device's bytes as they are shown.
fn live_of(id: &DeviceId, live: Live) -> DeviceLive {
    use std::fmt::Write as _;
    let line = |piece: Piece| {
        let mut text = control::named(&piece.bytes);
        if piece.more > 0 {
            // Writing to a String cannot fail.
            let _ = write!(text, " … +{}", piece.more);
        }
        LiveLine { at: UtcMs(piece.at_ms), out: piece.way == Way::Out, text }
    };
    DeviceLive {
        name: id.to_string(),
        answered: live.answered_ms.map(UtcMs),
        lines: live.pieces.into_iter().map(line).collect(),
    }
}

/// The devices' name of a sound.
pub(super) fn sound(name: signal::SoundName) -> SoundName {
    match name {
        signal::SoundName::Ok => SoundName::Ok,
        signal::SoundName::LineFull => SoundName::LineFull,
        signal::SoundName::OrderDone => SoundName::OrderDone,
        signal::SoundName::Stop => SoundName::Stop,
        signal::SoundName::StopMany => SoundName::StopMany,
        signal::SoundName::StopUnknown => SoundName::StopUnknown,
        signal::SoundName::Decide => SoundName::Decide,
        signal::SoundName::Wait => SoundName::Wait,
        signal::SoundName::Offline => SoundName::Offline,
        signal::SoundName::Online => SoundName::Online,
        signal::SoundName::Call => SoundName::Call,
    }
}
