//! A simulated scale at the other end of a pseudo-terminal, in a thread of its own. It speaks what the makers' documents say, and
//! on demand what they do not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::device_support::{Pty, read_some, write_all};

/// What lies on the simulated scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pan {
    Rests(i64),
    Moves(i64),
    Over,
    Under,
    Silent,
    Nonsense,
    /// Answers with these bytes, whatever they are.
    Bytes(&'static [u8]),
}

/// What it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    MtSics,
    Toledo,
    Nci {
        inverted: bool,
    },
    Adam,
    /// Lines of its own, without being asked.
    ByItself,
}

/// Pause between two lines of a scale that talks by itself.
const BY_ITSELF: Duration = Duration::from_millis(40);

/// The scale.
pub struct Simulated {
    pan: Arc<Mutex<Pan>>,
    /// Every byte it was sent.
    pub heard: Arc<Mutex<Vec<u8>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Simulated {
    pub fn start(pty: &Pty, speaks: Speaks, pan: Pan) -> Self {
        let pan = Arc::new(Mutex::new(pan));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (mut line, shared, log, ends) = (pty.peer(), Arc::clone(&pan), Arc::clone(&heard), Arc::clone(&stop));
        let work = move || {
            let mut inside = Inside { held: Vec::new(), told: None, echo: false, net: false };
            let mut last = Instant::now();
            while !ends.load(Ordering::SeqCst) {
                let bytes = read_some(&mut line);
                if bytes.is_empty() {
                    std::thread::park_timeout(Duration::from_millis(2));
                }
                log.lock().unwrap().extend_from_slice(&bytes);
                inside.held.extend_from_slice(&bytes);
                let mut pan = shared.lock().unwrap();
                let answer = if speaks == Speaks::ByItself {
                    inside.held.clear();
                    if last.elapsed() < BY_ITSELF {
                        continue;
                    }
                    last = Instant::now();
                    by_itself(*pan)
                } else {
                    inside.answers(speaks, &mut pan)
                };
                drop(pan);
                if !answer.is_empty() {
                    write_all(&mut line, &answer);
                }
            }
        };
        let thread = std::thread::Builder::new().name("simulated-scale".into()).spawn(work).unwrap();
        Self { pan, heard, stop, thread: Some(thread) }
    }

    pub fn set(&self, pan: Pan) {
        *self.pan.lock().unwrap() = pan;
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Inside {
    held: Vec<u8>,
    /// What Adam said last: it does not say it twice.
    told: Option<i64>,
    echo: bool,
    net: bool,
}

fn kilograms(g: i64) -> String {
    format!("{}.{:03}", g / 1_000, g % 1_000)
}

fn by_itself(pan: Pan) -> Vec<u8> {
    match pan {
        Pan::Rests(g) => format!("ST,GS,+ {}kg\r\n", kilograms(g)).into_bytes(),
        Pan::Moves(g) => format!("US,GS,+ {}kg\r\n", kilograms(g)).into_bytes(),
        Pan::Over => b"OL,GS\r\n".to_vec(),
        Pan::Under => b"UL,GS\r\n".to_vec(),
        Pan::Silent => Vec::new(),
        Pan::Nonsense => b"??\x7f%\r\n".to_vec(),
        Pan::Bytes(bytes) => bytes.to_vec(),
    }
}

impl Inside {
    /// The answers to everything that was asked completely.
    fn answers(&mut self, speaks: Speaks, pan: &mut Pan) -> Vec<u8> {
        let mut out = Vec::new();
        match speaks {
            Speaks::Toledo => {
                for byte in std::mem::take(&mut self.held) {
                    out.extend(self.toledo(byte, pan));
                }
            }
            Speaks::MtSics | Speaks::Nci { .. } | Speaks::Adam | Speaks::ByItself => {
                let end = if matches!(speaks, Speaks::Nci { .. }) { b'\r' } else { b'\n' };
                while let Some(at) = self.held.iter().position(|byte| *byte == end) {
                    let line: Vec<u8> = self.held.drain(..=at).collect();
                    let question = line.trim_ascii();
                    out.extend(match speaks {
                        Speaks::Nci { inverted } => self.nci(question, inverted, pan),
                        Speaks::Adam => self.adam(question, pan),
                        _ => sics(question, pan),
                    });
                }
            }
        }
        out
    }

    fn toledo(&mut self, byte: u8, pan: &mut Pan) -> Vec<u8> {
        match (byte, *pan) {
            (_, Pan::Silent) => Vec::new(),
            (b'E', _) => {
                self.echo = true;
                b"\x02E\r".to_vec()
            }
            (b'F', _) => {
                self.echo = false;
                Vec::new()
            }
            (other, _) if self.echo => vec![other],
            (b'Z', Pan::Rests(_)) => {
                *pan = Pan::Rests(0);
                Vec::new()
            }
            (b'W', Pan::Rests(g)) => format!("\x02 {}\r", kilograms(g)).into_bytes(),
            (b'W', Pan::Moves(_)) => b"\x02?\x41\r".to_vec(),
            (b'W', Pan::Over) => b"\x02?\x42\r".to_vec(),
            (b'W', Pan::Under) => b"\x02?\x44\r".to_vec(),
            (b'W', Pan::Nonsense) => b"\x02@@@\r".to_vec(),
            (b'W', Pan::Bytes(bytes)) => bytes.to_vec(),
            _ => Vec::new(),
        }
    }

    fn nci(&mut self, question: &[u8], inverted: bool, pan: &mut Pan) -> Vec<u8> {
        let status = |net: bool, pan: Pan| {
            let moves = u8::from(matches!(pan, Pan::Moves(_)));
            let zero = u8::from(pan == Pan::Rests(0));
            let h1 = 0x30 | moves | (zero << 1);
            let h1 = if inverted { h1 ^ 0x0f } else { h1 };
            let h2 = 0x70 | u8::from(pan == Pan::Under) | (u8::from(pan == Pan::Over) << 1);
            [h1, h2, 0x30 | (u8::from(net) << 2)]
        };
        let figure = match (question, *pan) {
            (_, Pan::Silent) => return Vec::new(),
            (b"W", Pan::Bytes(bytes)) => return bytes.to_vec(),
            (_, Pan::Nonsense) => return b"%%%%\x03".to_vec(),
            (b"Z", Pan::Rests(_)) => {
                (self.net, *pan) = (false, Pan::Rests(0));
                String::new()
            }
            (b"T", Pan::Rests(_)) => {
                (self.net, *pan) = (true, Pan::Rests(0));
                String::new()
            }
            (b"Z" | b"T" | b"S", _) => String::new(),
            (b"W", Pan::Rests(g) | Pan::Moves(g)) => format!("\n{}kg\r", kilograms(g)),
            (b"W", Pan::Over) => "\n^^^^^^kg\r".to_owned(),
            (b"W", Pan::Under) => "\n______kg\r".to_owned(),
            _ => return b"\n?\r\x03".to_vec(),
        };
        [figure.as_bytes(), b"\n", &status(self.net, *pan), b"\r\x03"].concat()
    }

    fn adam(&mut self, question: &[u8], pan: &mut Pan) -> Vec<u8> {
        match (question, *pan) {
            (_, Pan::Silent) => Vec::new(),
            (b"Z" | b"T", Pan::Rests(_)) => {
                *pan = Pan::Rests(0);
                Vec::new()
            }
            // Nothing for zero, nothing for the same weight again.
            (b"P", Pan::Rests(g)) if g != 0 && self.told != Some(g) => {
                self.told = Some(g);
                format!("  {}kg\r\n", kilograms(g)).into_bytes()
            }
            (b"P", Pan::Rests(0)) => {
                self.told = None;
                Vec::new()
            }
            (b"P", Pan::Over) => b"OL\r\n".to_vec(),
            (b"P", Pan::Nonsense) => b"ER\x7f\r\n".to_vec(),
            (b"P", Pan::Bytes(bytes)) => bytes.to_vec(),
            _ => Vec::new(),
        }
    }
}

fn sics(question: &[u8], pan: &mut Pan) -> Vec<u8> {
    let answer = match (question, *pan) {
        (_, Pan::Silent) => return Vec::new(),
        (b"SI", Pan::Bytes(bytes)) => return bytes.to_vec(),
        (_, Pan::Nonsense) => "%%%%".into(),
        (b"SI", Pan::Rests(g)) => format!("S S {:>10} kg", kilograms(g)),
        (b"SI", Pan::Moves(g)) => format!("S D {:>10} kg", kilograms(g)),
        (b"SI", Pan::Over) => "S +".into(),
        (b"SI", Pan::Under) => "S -".into(),
        (b"Z", Pan::Rests(_)) => {
            *pan = Pan::Rests(0);
            "Z A".into()
        }
        (b"Z", _) => "Z I".into(),
        (b"T", Pan::Rests(g)) => {
            *pan = Pan::Rests(0);
            format!("T S {:>10} kg", kilograms(g))
        }
        (b"T", _) => "T I".into(),
        _ => "ES".into(),
    };
    format!("{answer}\r\n").into_bytes()
}
