//! Plays signals through the desktop's own player as a subprocess, so that building needs no sound library. Must never let two
//! signals sound together and never leave a player process behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Cue, SoundName, SoundPort, synth};
use crate::devices::bay::Bay;
use crate::devices::config::SoundConfig;
use crate::devices::event::{DeviceCommand, DeviceWarning, LostReason};
use crate::devices::mailbox::Taken;
use crate::devices::program::choose;
use crate::devices::supervisor::{Driver, End, Offline};

/// Players looked for on the PATH, best first, with the arguments before the file.
const PLAYERS: &[(&str, &[&str])] = &[("pw-play", &[]), ("paplay", &[]), ("aplay", &["-q"])];
/// How finely a playing signal is watched for its end or a refusal.
const WATCH: Duration = Duration::from_millis(5);
/// A signal that waited longer speaks of the past and is not played.
const CUE_AGE_MAX: Duration = Duration::from_millis(1_500);
/// A player may need this much longer than the signal itself before it is ended.
const PLAYER_SLACK: Duration = Duration::from_millis(2_000);
/// Longest wait in one step: the delay of a status that found no room.
const STEP: Duration = Duration::from_millis(1_000);
/// Failures in a row before a person is told.
const FAILURES_MAX: u32 = 2;

/// Plays the station's signals.
pub(crate) struct SoundDriver {
    config: SoundConfig,
    port: Arc<SoundPort>,
}

impl SoundDriver {
    pub(crate) fn new(config: SoundConfig, port: Arc<SoundPort>) -> Self {
        Self { config, port }
    }
}

impl Driver for SoundDriver {
    fn session(&mut self, bay: &mut Bay) -> End {
        let Some((program, args)) = choose(self.config.player.as_ref(), PLAYERS) else {
            return End::Lost(LostReason::NotFound);
        };
        let shelf = match Shelf::new() {
            Ok(shelf) => shelf,
            Err(error) => {
                tracing::error!(%error, "no folder for the signals; check the space for temporary files");
                return End::Lost(LostReason::from_io(error.kind()));
            }
        };
        let mut stage = Stage { port: Arc::clone(&self.port), program, args, shelf, failures: 0 };
        bay.ready();
        let mut prepared = false;
        loop {
            match self.port.take(STEP) {
                Taken::Closed => return End::Stopped,
                // The first quiet second is early enough: drawing all of them would hold up the window that opens meanwhile.
                Taken::Timeout if !prepared => {
                    stage.prepare();
                    prepared = true;
                }
                Taken::Timeout => {}
                Taken::Item(cue) => match stage.play(cue) {
                    Ok(()) if stage.failures >= FAILURES_MAX => bay.warn(DeviceWarning::PlayerFails),
                    Ok(()) => bay.ready(),
                    Err(reason) => return End::Lost(reason),
                },
            }
            if !bay.rest(Duration::ZERO) {
                return End::Stopped;
            }
        }
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        // Signals do not pass through the command mailbox.
        Offline::KeepWaiting
    }
}

/// The drawn signals as files: every player can play a file, not every one a pipe.
struct Shelf {
    folder: PathBuf,
    drawn: BTreeMap<(SoundName, u8), PathBuf>,
}

/// Numbers the folders of one process.
static SHELVES: AtomicU64 = AtomicU64::new(0);

impl Shelf {
    fn new() -> std::io::Result<Self> {
        let base = std::env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|folder| folder.is_dir())
            .unwrap_or_else(std::env::temp_dir);
        let number = SHELVES.fetch_add(1, Ordering::Relaxed);
        let folder = base.join(format!("packbench-sound-{}-{number}", std::process::id()));
        // A folder of a killed process with the same number is of no use to anyone.
        if folder.is_dir() {
            fs::remove_dir_all(&folder)?;
        }
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self { folder, drawn: BTreeMap::new() })
    }

    fn file(&mut self, name: SoundName, volume_percent: u8) -> std::io::Result<PathBuf> {
        if let Some(path) = self.drawn.get(&(name, volume_percent)) {
            return Ok(path.clone());
        }
        let path = self.folder.join(format!("{}-{volume_percent}.wav", name.code()));
        fs::File::create(&path)?.write_all(&synth::wav(&synth::samples(name, volume_percent)))?;
        self.drawn.insert((name, volume_percent), path.clone());
        Ok(path)
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, "the folder of the signals could not be removed");
        }
    }
}

/// A found player at work.
struct Stage {
    port: Arc<SoundPort>,
    program: PathBuf,
    args: Vec<String>,
    shelf: Shelf,
    failures: u32,
}

impl Stage {
    /// Draws all signals at the present volume, so that the first refusal is not late.
    fn prepare(&mut self) {
        let level = self.port.level();
        for name in SoundName::ALL {
            if level > 0
                && let Err(error) = self.shelf.file(name, level)
            {
                tracing::warn!(%error, sound = name.code(), "a signal could not be drawn ahead");
            }
        }
    }

    fn play(&mut self, cue: Cue) -> Result<(), LostReason> {
        let level = self.port.level();
        if level == 0 || cue.asked.elapsed() > CUE_AGE_MAX {
            return Ok(());
        }
        let file = self.shelf.file(cue.name, level).map_err(|error| LostReason::from_io(error.kind()))?;
        let child = Command::new(&self.program)
            .args(&self.args)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| LostReason::from_io(error.kind()))?;
        self.port.note_start(cue);
        self.watch(child, cue.name);
        Ok(())
    }

    /// Waits for the end of a signal; a refusal or the end of the station ends it early.
    fn watch(&mut self, mut child: Child, name: SoundName) {
        let until = Instant::now() + Duration::from_millis(u64::from(name.score().length_ms())) + PLAYER_SLACK;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => {
                    self.failures = if status.success() { 0 } else { self.failures.saturating_add(1) };
                    return;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "the sound player could not be watched");
                    self.failures = self.failures.saturating_add(1);
                    return end(child);
                }
            }
            let late = Instant::now() > until;
            if late {
                self.failures = self.failures.saturating_add(1);
            }
            if late || self.port.interrupted() || self.port.closed() {
                return end(child);
            }
            self.port.rest(WATCH);
        }
    }
}

/// Ends a player and takes its exit, so that no dead process stays.
fn end(mut child: Child) {
    if let Err(error) = child.kill().and_then(|()| child.wait().map(|_| ())) {
        tracing::warn!(%error, "a sound player could not be ended");
    }
}
