//! A stack light at a serial port: each state of the station is a few bytes of the settings. The light repeats what screen and
//! sound say and is never the only one to say it; it must never hold anything up, so only the newest state is sent.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::bay::Bay;
use super::config::{ConfigError, range};
use super::event::DeviceCommand;
use super::line::{Line, LineSettings, LineSource, SerialSource};
use super::mailbox::Taken;
use super::supervisor::{Driver, End, Offline};

/// Longest string of bytes for one state.
pub const BYTES_MAX: usize = 64;
/// Time between two looks whether the light is still there.
const LOOK: Duration = Duration::from_millis(250);

/// What the light can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LightState {
    /// Nothing has just happened.
    Idle,
    /// Counted.
    Good,
    /// Refused.
    Refused,
    /// A person must choose, or the lead is called.
    Attention,
    /// The order is finished.
    Done,
}

/// A stack light at a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackLightConfig {
    /// The port.
    pub path: PathBuf,
    /// How the line talks.
    pub line: LineSettings,
    /// How long a state is shown before the light goes back to idle, 100 to 60,000 ms. Attention stays until the next state.
    pub hold_ms: u64,
    /// Bytes for idle; none of a state's bytes sends nothing.
    pub idle: Vec<u8>,
    /// Bytes for good.
    pub good: Vec<u8>,
    /// Bytes for refused.
    pub refused: Vec<u8>,
    /// Bytes for attention.
    pub attention: Vec<u8>,
    /// Bytes for done.
    pub done: Vec<u8>,
}

impl StackLightConfig {
    /// What is sent for a state.
    #[must_use]
    pub fn bytes(&self, state: LightState) -> &[u8] {
        match state {
            LightState::Idle => &self.idle,
            LightState::Good => &self.good,
            LightState::Refused => &self.refused,
            LightState::Attention => &self.attention,
            LightState::Done => &self.done,
        }
    }

    /// Checks a device's settings.
    pub(super) fn check(&self, id: &str) -> Result<(), ConfigError> {
        range(id, "baud", u64::from(self.line.baud), 300, 921_600)?;
        range(id, "hold_ms", self.hold_ms, 100, 60_000)?;
        for bytes in [&self.idle, &self.good, &self.refused, &self.attention, &self.done] {
            range(id, "bytes", bytes.len() as u64, 0, BYTES_MAX as u64)?;
        }
        Ok(())
    }

    /// Whether the light goes out by itself: a question stays lit until somebody acts.
    fn fades(state: LightState) -> bool {
        match state {
            LightState::Good | LightState::Refused | LightState::Done => true,
            LightState::Idle | LightState::Attention => false,
        }
    }
}

/// Drives one light.
pub(crate) struct StackLight {
    source: Box<dyn LineSource>,
    config: StackLightConfig,
    /// What it should show; a light that comes back shows what is now.
    state: LightState,
    until: Option<Instant>,
}

impl StackLight {
    pub(crate) fn new(config: StackLightConfig) -> Self {
        let source = Box::new(SerialSource::new(&config.path, config.line));
        Self { source, config, state: LightState::Idle, until: None }
    }

    fn set(&mut self, state: LightState) {
        self.state = state;
        let hold = Duration::from_millis(self.config.hold_ms);
        self.until = StackLightConfig::fades(state).then(|| Instant::now() + hold);
    }

    /// Shows what should be shown.
    fn show(&self, line: &mut dyn Line) -> Result<(), super::event::LostReason> {
        match self.config.bytes(self.state) {
            [] => Ok(()),
            bytes => line.write(bytes),
        }
    }

    /// Takes the newest of the waiting commands, or waits a while for one; `true` when there was one.
    ///
    /// # Errors
    /// [`End::Stopped`] when the station stops.
    fn take(&mut self, bay: &mut Bay) -> Result<bool, End> {
        let left = self.until.map_or(LOOK, |until| until.saturating_duration_since(Instant::now()).min(LOOK));
        let mut next = bay.wait_command(left);
        let mut changed = false;
        loop {
            match next {
                Taken::Closed => return Err(End::Stopped),
                Taken::Item(DeviceCommand::Light(state)) => {
                    self.set(state);
                    changed = true;
                }
                Taken::Item(_) => {}
                Taken::Timeout => return Ok(changed),
            }
            next = bay.wait_command(Duration::ZERO);
        }
    }

    fn work(&mut self, bay: &mut Bay, line: &mut dyn Line) -> Result<(), End> {
        let changed = self.take(bay)?;
        let over = self.until.is_some_and(|until| until <= Instant::now());
        if over {
            self.set(LightState::Idle);
        }
        if changed || over {
            self.show(line).map_err(End::Lost)?;
        }
        // Nothing is expected of it: what it says is thrown away, and that it hung up is noticed.
        line.read(&mut [0; 64], Duration::from_millis(1)).map_err(End::Lost)?;
        Ok(())
    }
}

impl Driver for StackLight {
    fn session(&mut self, bay: &mut Bay) -> End {
        let mut line = match self.source.open() {
            Ok(line) => line,
            Err(reason) => return End::Lost(reason),
        };
        if let Err(reason) = self.show(line.as_mut()) {
            return End::Lost(reason);
        }
        bay.ready();
        loop {
            if let Err(end) = self.work(bay, line.as_mut()) {
                return end;
            }
        }
    }

    fn offline(&mut self, _bay: &mut Bay, command: DeviceCommand) -> Offline {
        if let DeviceCommand::Light(state) = command {
            self.set(state);
        }
        Offline::KeepWaiting
    }

    fn returned(&self) -> bool {
        self.source.returned()
    }
}
