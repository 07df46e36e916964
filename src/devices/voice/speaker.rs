//! Speaks prompts through the system's speech program. The newest prompt ends an older one, and nobody waits for it. Must never queue
//! what is out of date, and never leave a program behind.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::SpeechConfig;
use super::mouth::Mouth;
use crate::devices::bay::Bay;
use crate::devices::event::{DeviceCommand, DeviceWarning, LostReason};
use crate::devices::mailbox::Taken;
use crate::devices::program::{Program, choose};
use crate::devices::sound::SoundPort;
use crate::devices::supervisor::{Driver, End, Offline};
use crate::devices::tap;

/// Programs looked for on the PATH, best first. `{lang}`, `{volume}` (0 to 100) and `{volume_signed}` (-100 to 100) are put in; the text
/// comes by standard input, or in place of `{text}`.
const SPEAKERS: &[(&str, &[&str])] = &[
    ("espeak-ng", &["-v", "{lang}", "-s", "165", "-a", "{volume}", "--stdin"]),
    ("spd-say", &["-w", "-l", "{lang}", "-i", "{volume_signed}", "--", "{text}"]),
];
/// Programs that only hand the text on: whoever speaks it goes on when they are ended, until it is told to stop by this.
const STOPS: &[(&str, &[&str])] = &[("spd-say", &["-C"])];
/// Longest wait for that.
const STOP_MAX: Duration = Duration::from_millis(1_000);
/// How finely a speaking program is watched.
const WATCH: Duration = Duration::from_millis(10);
/// Longest wait while nothing is spoken.
const IDLE: Duration = Duration::from_millis(1_000);
/// A prompt that takes longer is ended.
const PROMPT_MAX: Duration = Duration::from_secs(20);
/// Characters of a prompt.
pub(crate) const TEXT_MAX: usize = 400;
/// Failures in a row before a person is told.
const FAILURES_MAX: u32 = 2;

/// Speaks.
pub(crate) struct SpeechDriver {
    config: SpeechConfig,
    mouth: Arc<Mouth>,
    /// How loud the station is; it speaks as loud as it sounds.
    level: Option<Arc<SoundPort>>,
}

/// A prompt that is being spoken.
struct Prompt {
    child: Child,
    /// Ends what the program handed on.
    stop: Option<Command>,
    until: Instant,
}

impl SpeechDriver {
    pub(crate) fn new(config: SpeechConfig, mouth: Arc<Mouth>, level: Option<Arc<SoundPort>>) -> Self {
        Self { config, mouth, level }
    }

    fn begin(&self, (program, args): &Program, text: &str, lang: &str) -> Result<Option<Prompt>, LostReason> {
        let volume = self.level.as_ref().map_or(100, |port| port.level());
        if volume == 0 {
            return Ok(None);
        }
        let text: String = text.chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect();
        let failed = |error: std::io::Error| LostReason::from_io(error.kind());
        let mut child = Command::new(program)
            .args(args.iter().map(|arg| filled(arg, lang, volume, &text)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        tap::sent(text.as_bytes());
        if let Some(mut stdin) = child.stdin.take()
            && let Err(error) = stdin.write_all(text.as_bytes())
        {
            // One that takes its text as an argument may have closed its input; its exit tells whether it spoke.
            tracing::debug!(%error, "the speech program took no input");
        }
        self.mouth.opens();
        Ok(Some(Prompt { child, stop: stop_of(program), until: Instant::now() + PROMPT_MAX }))
    }

    fn end(&self, bay: &Bay, prompt: Option<Prompt>) {
        let Some(mut prompt) = prompt else { return };
        if let Err(error) = prompt.child.kill().and_then(|()| prompt.child.wait().map(|_| ())) {
            tracing::warn!(%error, "a speech program could not be ended");
        }
        // Only now: before, the program might have handed its text on after the stop.
        if let Some(stop) = prompt.stop {
            run(stop);
        }
        self.mouth.closes(bay.clock().mono_ms());
    }
}

/// An argument with what is put in.
fn filled(arg: &str, lang: &str, volume: u8, text: &str) -> String {
    let signed = i16::from(volume) * 2 - 100;
    let arg = arg.replace("{lang}", lang).replace("{volume}", &volume.to_string());
    arg.replace("{volume_signed}", &signed.to_string()).replace("{text}", text)
}

/// What ends the speech that this program handed on.
fn stop_of(program: &Path) -> Option<Command> {
    let (_, args) = STOPS.iter().find(|(name, _)| program.file_name().is_some_and(|file| file == *name))?;
    let mut command = Command::new(program);
    command.args(*args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Some(command)
}

/// Runs a short program to its end; one that does not come to it is ended.
fn run(mut command: Command) {
    let until = Instant::now() + STOP_MAX;
    let ended = command.spawn().and_then(|mut child| {
        while child.try_wait()?.is_none() {
            if Instant::now() >= until {
                child.kill()?;
                return child.wait();
            }
            thread::park_timeout(WATCH);
        }
        child.wait()
    });
    match ended {
        Ok(status) if status.success() => {}
        Ok(status) => tracing::warn!(%status, "speech that was handed on could not be ended"),
        Err(error) => tracing::warn!(%error, "speech that was handed on could not be ended"),
    }
}

impl Prompt {
    /// Whether it has ended, and whether well.
    fn ended(&mut self) -> Option<bool> {
        match self.child.try_wait() {
            Ok(Some(status)) => Some(status.success()),
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "the speech program could not be watched");
                Some(false)
            }
        }
    }
}

impl Driver for SpeechDriver {
    fn session(&mut self, bay: &mut Bay) -> End {
        let Some(program) = choose(self.config.speaker.as_ref(), SPEAKERS) else {
            return End::Lost(LostReason::NotFound);
        };
        bay.ready();
        let mut spoken: Option<Prompt> = None;
        let mut failures = 0_u32;
        loop {
            match bay.wait_command(if spoken.is_some() { WATCH } else { IDLE }) {
                Taken::Closed => {
                    self.end(bay, spoken.take());
                    return End::Stopped;
                }
                Taken::Item(DeviceCommand::Speak { text, lang }) => {
                    self.end(bay, spoken.take());
                    match self.begin(&program, &text, lang) {
                        Ok(prompt) => spoken = prompt,
                        Err(reason) => return End::Lost(reason),
                    }
                }
                Taken::Item(_) => self.end(bay, spoken.take()),
                Taken::Timeout => {}
            }
            let late = spoken.as_ref().is_some_and(|prompt| Instant::now() > prompt.until);
            let ended = match spoken.as_mut().and_then(Prompt::ended) {
                Some(well) => {
                    spoken = None;
                    self.mouth.closes(bay.clock().mono_ms());
                    Some(well)
                }
                None if late => {
                    self.end(bay, spoken.take());
                    Some(false)
                }
                None => None,
            };
            if let Some(well) = ended {
                failures = if well { 0 } else { failures.saturating_add(1) };
                if failures >= FAILURES_MAX { bay.warn(DeviceWarning::SpeakerFails) } else { bay.ready() }
            }
        }
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        Offline::KeepWaiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_told_the_volume_in_its_own_measure() {
        let told = |name: &str, volume: u8| {
            let (_, args) = SPEAKERS.iter().find(|(program, _)| *program == name).unwrap();
            args.iter().map(|arg| filled(arg, "es", volume, "siete {lang}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(told("espeak-ng", 30), "-v es -s 165 -a 30 --stdin");
        for (volume, signed) in [(1, "-98"), (50, "0"), (80, "60"), (100, "100")] {
            assert_eq!(told("spd-say", volume), format!("-w -l es -i {signed} -- siete {{lang}}"));
        }
        assert!(stop_of(Path::new("/usr/bin/spd-say")).is_some() && stop_of(Path::new("espeak-ng")).is_none());
    }
}
