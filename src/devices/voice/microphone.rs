//! The microphone as a program that writes samples to its standard output, so that building needs no sound library. Must never leave the
//! program behind, and never wait longer than it is told.

use std::io::{ErrorKind, Read};
use std::os::fd::AsFd as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

use crate::devices::event::LostReason;
use crate::devices::program::{Program, choose};

/// Programs looked for on the PATH, best first. All of them: 16 kHz, 16 bits, one channel, small buffers.
const RECORDERS: &[(&str, &[&str])] = &[
    ("pw-record", &["--rate", "16000", "--channels", "1", "--format", "s16", "--latency", "20ms", "-"]),
    ("parec", &["--raw", "--rate=16000", "--channels=1", "--format=s16le", "--latency-msec=20"]),
    (
        "arecord",
        &["-q", "-t", "raw", "-f", "S16_LE", "-r", "16000", "-c", "1", "--period-time=20000", "--buffer-time=200000"],
    ),
];
/// Bytes read at a time: an eighth of a second.
const READ_BYTES: usize = 4_096;

/// A running recorder.
pub(super) struct Microphone {
    child: Child,
    out: ChildStdout,
    /// Half a sample that came alone.
    odd: Option<u8>,
}

impl Microphone {
    /// Starts the program.
    pub(super) fn open(set: Option<&Program>) -> Result<Self, LostReason> {
        let (program, args) = choose(set, RECORDERS).ok_or(LostReason::NotFound)?;
        let mut child = Command::new(program)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| LostReason::from_io(error.kind()))?;
        match child.stdout.take() {
            Some(out) => Ok(Self { child, out, odd: None }),
            None => Err(LostReason::Io),
        }
    }

    /// Waits at most `timeout` for samples; none where none came.
    pub(super) fn read(&mut self, timeout: Duration) -> Result<Vec<i16>, LostReason> {
        let ms = i64::try_from(timeout.as_millis()).unwrap_or(100);
        let wait = rustix::time::Timespec { tv_sec: ms / 1_000, tv_nsec: ms % 1_000 * 1_000_000 };
        let fd = self.out.as_fd();
        match poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
            Ok(_) => {}
            Err(error) => return Err(LostReason::from_io(std::io::Error::from(error).kind())),
        }
        let mut bytes = [0; READ_BYTES];
        match self.out.read(&mut bytes) {
            Ok(0) => Err(LostReason::Disconnected),
            Ok(n) => Ok(self.samples(bytes.get(..n).unwrap_or_default())),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(Vec::new()),
            Err(error) => Err(LostReason::from_io(error.kind())),
        }
    }

    fn samples(&mut self, bytes: &[u8]) -> Vec<i16> {
        let whole: Vec<u8> = self.odd.take().into_iter().chain(bytes.iter().copied()).collect();
        let pairs = whole.chunks_exact(2);
        self.odd = pairs.remainder().first().copied();
        pairs
            .map(|pair| i16::from_le_bytes([pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0)]))
            .collect()
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed any more; its exit is taken either way.
        let killed = self.child.kill();
        if let Err(error) = self.child.wait() {
            tracing::warn!(%error, ?killed, "the recorder could not be ended");
        }
    }
}
