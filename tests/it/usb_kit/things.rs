//! What stands behind the made USB devices: a scanner that reads codes, a scale with something on it, a label printer with paper.

use super::gadget::{About, Function, Gadget};
use crate::device_support::until;
use crate::hid_kit::{POS, POS_DATA, POS_REPORT, TRIGGER, WEIGHING, pos_report};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time between two looks at a file that has nothing to say.
const PAUSE: Duration = Duration::from_millis(5);

/// A scanner in HID POS mode.
pub struct Scanner {
    pub gadget: Gadget,
}

impl Scanner {
    pub fn new(name: &str, serial: &str) -> Scanner {
        let about = About { name, id: (0x05e0, 0x1300), product: "HID POS Scanner", serial };
        Scanner { gadget: Gadget::new(about, &Function::Hid(POS, POS_REPORT)) }
    }

    /// One that beeps when it is told to: by a pipe of its own for that, or by request.
    pub fn that_beeps(name: &str, serial: &str, by_request: bool) -> Scanner {
        let about = About { name, id: (0x05e0, 0x1300), product: "HID POS Scanner", serial };
        let descriptor = [POS, TRIGGER].concat();
        let function = if by_request {
            Function::HidByRequest(&descriptor, POS_REPORT)
        } else {
            Function::Hid(&descriptor, POS_REPORT)
        };
        Scanner { gadget: Gadget::new(about, &function) }
    }

    /// The next report that the station has sent.
    pub fn told(&self) -> Vec<u8> {
        let node = self.gadget.node("hidg");
        let mut file = OpenOptions::new().read(true).custom_flags(NONBLOCK).open(&node).unwrap();
        let mut buf = [0u8; POS_REPORT];
        until("a report to the scanner", || file.read(&mut buf).ok().filter(|n| *n > 0).map(|n| buf[..n].to_vec()))
    }

    /// Reads a code, in as many reports as it needs.
    pub fn read(&self, aim: &str, code: &[u8]) {
        let parts: Vec<&[u8]> = code.chunks(POS_DATA).collect();
        for (at, part) in parts.iter().enumerate() {
            self.report(aim, part, at + 1 < parts.len());
        }
    }

    /// One report of a code.
    pub fn report(&self, aim: &str, part: &[u8], more: bool) {
        let report = pos_report(aim, part, more);
        let node = self.gadget.node("hidg");
        let mut file = OpenOptions::new().write(true).open(&node).unwrap();
        assert_eq!(file.write(&report).unwrap(), report.len());
    }
}

/// A serial scanner at a USB port (CDC-ACM).
pub struct SerialScanner {
    pub gadget: Gadget,
}

impl SerialScanner {
    pub fn new(name: &str, serial: &str) -> SerialScanner {
        let about = About { name, id: (0x05e0, 0x1701), product: "CDC Scanner", serial };
        SerialScanner { gadget: Gadget::new(about, &Function::Serial) }
    }

    pub fn read(&self, code: &str) {
        let node = self.gadget.node("ttyGS");
        let mut file = OpenOptions::new().write(true).open(&node).unwrap();
        file.write_all(format!("{code}\r").as_bytes()).unwrap();
    }
}

/// What a scale says, ten times a second, as long as it is plugged in.
pub struct Scale {
    pub gadget: Gadget,
    /// State, unit, power of ten, figure.
    says: Arc<AtomicU64>,
    worker: Worker,
}

impl Scale {
    pub fn new(name: &str, serial: &str) -> Scale {
        let about = About { name, id: (0x0922, 0x8003), product: "HID Scale", serial };
        let gadget = Gadget::new(about, &Function::Hid(WEIGHING, 6));
        let says = Arc::new(AtomicU64::new(0));
        let told = Arc::clone(&says);
        let dev = std::fs::read_to_string(gadget_dev(name)).unwrap();
        let node = PathBuf::from(format!("/dev/hidg{}", dev.trim().split(':').nth(1).unwrap()));
        let worker = Worker::start("scale", move |stop| {
            while !stop.load(Ordering::SeqCst) {
                let [state, unit, power, low, high, speaks, ..] = told.load(Ordering::SeqCst).to_le_bytes();
                if speaks == 1
                    && let Ok(mut file) = OpenOptions::new().write(true).custom_flags(NONBLOCK).open(&node)
                {
                    // Nobody fetches it, or it was pulled out: a scale says the next one then.
                    let said = file.write(&[3, state, unit, power, low, high]);
                    assert!(said.as_ref().map_or(true, |n| *n == 6), "{said:?}");
                }
                std::thread::park_timeout(Duration::from_millis(100));
            }
        });
        Scale { gadget, says, worker }
    }

    /// Something lies on it: state of the HID table, unit, power of ten, figure.
    pub fn says(&self, state: u8, unit: u8, power: i8, figure: u16) {
        let [low, high] = figure.to_le_bytes();
        let word = [state, unit, power.to_le_bytes()[0], low, high, 1, 0, 0];
        self.says.store(u64::from_le_bytes(word), Ordering::SeqCst);
        self.worker.thread.as_ref().unwrap().thread().unpark();
    }

    /// So many grams lie on it, at rest.
    pub fn grams(&self, grams: u16) {
        self.says(if grams == 0 { 2 } else { 4 }, 2, 0, grams);
    }

    /// It is plugged in and says nothing.
    pub fn falls_silent(&self) {
        self.says.store(0, Ordering::SeqCst);
    }
}

fn gadget_dev(name: &str) -> PathBuf {
    Path::new("/sys/kernel/config/usb_gadget").join(name).join(format!("functions/hid.{name}/dev"))
}

const NONBLOCK: i32 = 0o4000;
/// `_IOWR('g', 0x22, unsigned char)` of linux/usb/g_printer.h; the status is the argument itself.
const SET_PRINTER_STATUS: rustix::ioctl::Opcode = rustix::ioctl::opcode::read_write::<u8>(b'g', 0x22);
/// Selected, no error.
pub const WELL: u8 = 0x18;
pub const PAPER_OUT: u8 = 0x38;

/// A label printer that answers `~HS`, or a receipt printer that answers `DLE EOT` and `GS r`, like their models.
pub struct Printer {
    pub gadget: Gadget,
    paper: Arc<Mutex<Vec<u8>>>,
    status: Arc<AtomicU8>,
    reads: Arc<AtomicBool>,
    /// It shall hold its file, and whether it does: this kernel breaks down when the file goes while somebody holds it.
    holds: Arc<(AtomicBool, AtomicBool)>,
    worker: Option<Worker>,
}

impl Drop for Printer {
    fn drop(&mut self) {
        // Its file is let go before its device is taken apart.
        self.worker = None;
    }
}

/// What the printer's own side knows.
struct Inside {
    paper: Arc<Mutex<Vec<u8>>>,
    status: Arc<AtomicU8>,
    reads: Arc<AtomicBool>,
    holds: Arc<(AtomicBool, AtomicBool)>,
    receipts: bool,
}

impl Printer {
    pub fn new(name: &str, serial: &str) -> Printer {
        let about = About { name, id: (0x0a5f, 0x0120), product: "Label Printer", serial };
        // This kernel cuts two bytes off the device id.
        Printer::made(Gadget::new(about, &Function::Printer("MFG:Made up;CMD:ZPL;MDL:Labels;CLS:PRINTER;  ")), false)
    }

    pub fn of_receipts(name: &str, serial: &str) -> Printer {
        let about = About { name, id: (0x04b8, 0x0e15), product: "Receipt Printer", serial };
        Printer::made(Gadget::new(about, &Function::Printer("MFG:Made up;CMD:ESC/POS;MDL:Slips;CLS:PRINTER;  ")), true)
    }

    fn made(gadget: Gadget, receipts: bool) -> Printer {
        let (paper, status) = (Arc::default(), Arc::new(AtomicU8::new(WELL)));
        let reads = Arc::new(AtomicBool::new(true));
        let holds: Arc<(AtomicBool, AtomicBool)> = Arc::default();
        let inside = Inside {
            paper: Arc::clone(&paper),
            status: Arc::clone(&status),
            reads: Arc::clone(&reads),
            holds: Arc::clone(&holds),
            receipts,
        };
        let worker = Worker::start("printer", move |stop| inside.work(stop));
        Printer { gadget, paper, status, reads, holds, worker: Some(worker) }
    }

    pub fn plug(&self, port: u8) {
        self.gadget.plug(port);
        self.holds.0.store(true, Ordering::SeqCst);
        until("the printer to be switched on", || self.holds.1.load(Ordering::SeqCst).then_some(()));
    }

    pub fn pull(&self) {
        self.holds.0.store(false, Ordering::SeqCst);
        until("the printer to be switched off", || (!self.holds.1.load(Ordering::SeqCst)).then_some(()));
        self.gadget.pull();
    }

    pub fn status(&self, status: u8) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// It takes bytes, or is stuck.
    pub fn takes(&self, takes: bool) {
        self.reads.store(takes, Ordering::SeqCst);
    }

    /// Everything that was printed, as text: questions for the printer's state leave nothing on paper.
    pub fn paper(&self) -> String {
        String::from_utf8_lossy(&self.paper.lock().unwrap()).replace("~HS\r\n", "")
    }

    pub fn tear_off(&self) {
        self.paper.lock().unwrap().clear();
    }
}

impl Inside {
    fn work(&self, stop: &AtomicBool) {
        let mut open: Option<(File, u8)> = None;
        let mut buf = vec![0u8; 8_192];
        while !stop.load(Ordering::SeqCst) {
            if !self.holds.0.load(Ordering::SeqCst) {
                open = None;
                self.holds.1.store(false, Ordering::SeqCst);
                std::thread::park_timeout(PAUSE);
                continue;
            }
            let Some((file, shown)) = open.as_mut() else {
                let file = OpenOptions::new().read(true).write(true).custom_flags(NONBLOCK).open("/dev/g_printer0");
                open = file.ok().map(|file| (file, 0));
                self.holds.1.store(open.is_some(), Ordering::SeqCst);
                std::thread::park_timeout(PAUSE);
                continue;
            };
            let status = self.status.load(Ordering::SeqCst);
            if *shown != status {
                // SAFETY: this request takes a number in place of a pointer and reads no memory.
                let told = unsafe {
                    rustix::ioctl::ioctl(
                        file.as_fd(),
                        rustix::ioctl::IntegerSetter::<SET_PRINTER_STATUS>::new_usize(usize::from(status)),
                    )
                };
                if told.is_ok() {
                    *shown = status;
                }
            }
            let read = if self.reads.load(Ordering::SeqCst) { file.read(&mut buf) } else { Ok(0) };
            match read {
                Ok(0) => std::thread::park_timeout(PAUSE),
                Ok(n) => self.take(file, &buf[..n]),
                Err(e) if e.kind() == ErrorKind::WouldBlock => std::thread::park_timeout(PAUSE),
                // Pulled out: its file comes back with it.
                Err(_) => {
                    open = None;
                    std::thread::park_timeout(PAUSE);
                }
            }
        }
    }

    fn take(&self, file: &mut File, bytes: &[u8]) {
        let out = u8::from(self.status.load(Ordering::SeqCst) == PAPER_OUT);
        if self.receipts {
            return self.take_receipt(file, bytes, out);
        }
        if bytes.trim_ascii() != b"~HS" {
            return self.paper.lock().unwrap().extend_from_slice(bytes);
        }
        let answer = format!(
            "\x02030,{out},0,0812,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
        );
        answers(file, answer.as_bytes());
    }

    /// Questions are answered, the rest is printed; the tests' receipts hold no bytes of a question.
    fn take_receipt(&self, file: &mut File, bytes: &[u8], out: u8) {
        let mut rest = bytes;
        while let [first, after @ ..] = rest {
            match rest {
                [0x10, 0x04, 4, after @ ..] => {
                    answers(file, &[0x12 | (0x60 * out)]);
                    rest = after;
                }
                [0x10, 0x04, 1..=3, after @ ..] => {
                    answers(file, &[0x12]);
                    rest = after;
                }
                [0x1d, b'r', 1, after @ ..] => {
                    answers(file, &[0x00]);
                    rest = after;
                }
                _ => {
                    self.paper.lock().unwrap().push(*first);
                    rest = after;
                }
            }
        }
    }
}

fn answers(file: &mut File, answer: &[u8]) {
    if let Err(e) = file.write(answer) {
        println!("the printer's answer was not taken: {e}");
    }
}

/// A thread that ends with its owner.
struct Worker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(name: &str, work: impl FnOnce(&AtomicBool) + Send + 'static) -> Worker {
        let stop = Arc::new(AtomicBool::new(false));
        let wish = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&wish)).unwrap();
        Worker { stop, thread: Some(thread) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            assert!(thread.join().is_ok() || std::thread::panicking(), "a made device failed");
        }
    }
}
