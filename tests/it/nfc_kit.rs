//! The card service of the tests: the real pcscd with the virtual reader of vsmartcard, and tags made after the NFC Forum's
//! definitions that are held to it and taken away. One service at a time: pcscd has one socket on a machine.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use packbench::devices::nfc;
use packbench::devices::nfc::tag::{Card, CardFault, Technology, technology};

use crate::device_support::{need, until};

/// Driver of the virtual reader.
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// Answer to reset of a tag with files.
const ATR_FILES: &str = "3B80800101";
/// Answer to reset that a reader makes up for a tag with pages (PC/SC part 3: ISO 14443 A, MIFARE Ultralight).
const ATR_PAGES: &str = "3B8F8001804F0CA0000003060300030000000068";

pub fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A running pcscd with one virtual reader, or none.
pub struct CardService {
    daemon: Option<Child>,
    folder: tempfile::TempDir,
    pub port: u16,
    /// Held as long as the service runs: another test waits for it.
    _turn: File,
}

impl CardService {
    /// Waits for its turn, then starts the service with a reader of this name.
    pub fn start(reader: &str) -> Self {
        let turn = File::create("/tmp/packbench-test-pcscd.lock").unwrap();
        turn.lock().unwrap();
        assert!(std::path::Path::new(DRIVER).exists(), "{DRIVER} is missing; install vsmartcard-vpcd");
        let mut service = Self { daemon: None, folder: tempfile::tempdir().unwrap(), port: free_port(), _turn: turn };
        service.plug(reader);
        service.run();
        service
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("readers")
    }

    /// Which readers the service finds when it runs next: one of this name, or none.
    pub fn plug(&self, reader: &str) {
        std::fs::create_dir_all(self.config()).unwrap();
        let text = if reader.is_empty() {
            String::new()
        } else {
            let port = format!("0x{:04X}", self.port);
            format!("FRIENDLYNAME \"{reader}\"\nDEVICENAME /dev/null:{port}\nLIBPATH {DRIVER}\nCHANNELID {port}\n")
        };
        std::fs::write(self.config().join("reader"), text).unwrap();
    }

    /// Starts the service again.
    pub fn run(&mut self) {
        let mut daemon = Command::new(need("pcscd", "pcscd"))
            .args(["--foreground", "--config"])
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until("the card service (it needs root, and no other pcscd on this machine)", || {
            assert!(daemon.try_wait().unwrap().is_none(), "pcscd ended: it needs root, and to be the only one");
            nfc::readers().is_ok().then_some(())
        });
        self.daemon = Some(daemon);
    }

    /// The service dies, with all readers.
    pub fn kill(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

impl Drop for CardService {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port with a free one after it: the virtual reader has two slots.
fn free_port() -> u16 {
    until("two free ports", || {
        let first = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        TcpListener::bind(("127.0.0.1", first.checked_add(1)?)).ok().map(|_| first)
    })
}

/// What a tag is made of.
#[derive(Clone, Debug)]
pub enum Body {
    /// Type 4: capability container, NDEF file, and which of them is selected.
    Files { container: Vec<u8>, file: Vec<u8>, selected: Option<u16> },
    /// Type 2: all pages.
    Pages(Vec<u8>),
}

/// A tag's inside, which outlives its being held to a reader.
#[derive(Clone, Debug)]
pub struct Chip {
    pub uid: Vec<u8>,
    pub atr: Vec<u8>,
    pub body: Body,
    /// Writing commands that are still carried out; then the tag is pulled away.
    pub writes_left: Option<usize>,
    /// Commands that are still answered; then the tag is pulled away.
    pub answers_left: Option<usize>,
}

impl Chip {
    /// A Type 4 tag with a file of `size` bytes and this message.
    pub fn files(uid: &str, size: u16, message: &[u8]) -> Self {
        let mut container = hex("000F20003B00340406E104");
        container.extend(size.to_be_bytes());
        container.extend([0x00, 0x00]);
        let mut file = u16::try_from(message.len()).unwrap().to_be_bytes().to_vec();
        file.extend_from_slice(message);
        file.resize(usize::from(size), 0);
        Self {
            uid: hex(uid),
            atr: hex(ATR_FILES),
            body: Body::Files { container, file, selected: None },
            writes_left: None,
            answers_left: None,
        }
    }

    /// A Type 2 tag of NTAG213's size, with what lies before the message and the message.
    pub fn pages(uid: &str, before: &[u8], message: &[u8]) -> Self {
        let mut pages = vec![0u8; 12];
        pages.extend(hex("E1101200"));
        pages.extend_from_slice(before);
        pages.push(0x03);
        pages.push(u8::try_from(message.len()).unwrap());
        pages.extend_from_slice(message);
        pages.push(0xfe);
        pages.resize(45 * 4, 0);
        Self { uid: hex(uid), atr: hex(ATR_PAGES), body: Body::Pages(pages), writes_left: None, answers_left: None }
    }

    /// Nobody may write it any more.
    pub fn locked(mut self) -> Self {
        match &mut self.body {
            Body::Files { container, .. } => container[14] = 0xff,
            Body::Pages(pages) => pages[15] = 0x0f,
        }
        self
    }

    /// A card that is no NDEF tag: it knows no application and has no container.
    pub fn blank(mut self) -> Self {
        match &mut self.body {
            Body::Files { container, .. } => container.clear(),
            Body::Pages(pages) => pages[12] = 0,
        }
        self
    }

    /// The message of a Type 4 tag, as its length says.
    pub fn message(&self) -> Vec<u8> {
        match &self.body {
            Body::Files { file, .. } => {
                let length = usize::from(u16::from_be_bytes([file[0], file[1]]));
                file[2..2 + length].to_vec()
            }
            Body::Pages(_) => panic!("this tag has pages"),
        }
    }

    /// The data area of a Type 2 tag.
    pub fn data(&self) -> &[u8] {
        match &self.body {
            Body::Pages(pages) => &pages[16..],
            Body::Files { .. } => panic!("this tag has files"),
        }
    }

    /// What the reader's answer to reset says it is.
    pub fn technology(&self) -> Technology {
        technology(&self.atr)
    }

    /// Answers a command; none when the tag is pulled away at it.
    fn answer(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        const REFUSED: [u8; 2] = [0x6a, 0x82];
        let count = |left: &mut Option<usize>| match left {
            Some(0) => false,
            Some(n) => {
                *n -= 1;
                true
            }
            None => true,
        };
        if !count(&mut self.answers_left) || (command[1] == 0xd6 && !count(&mut self.writes_left)) {
            return None;
        }
        let answer = match command {
            [0xff, 0xca, 0, 0, ..] => Some(self.uid.clone()),
            _ => match &mut self.body {
                Body::Files { container, file, selected } => files(command, container, file, selected),
                Body::Pages(pages) => paged(command, pages),
            },
        };
        Some(answer.map_or(REFUSED.to_vec(), |mut data| {
            data.extend([0x90, 0x00]);
            data
        }))
    }
}

fn files(command: &[u8], container: &[u8], file: &mut [u8], selected: &mut Option<u16>) -> Option<Vec<u8>> {
    if container.is_empty() {
        return None;
    }
    match command {
        [0x00, 0xa4, 0x04, 0x00, 7, name @ ..] => {
            (name.get(..7)? == hex("D2760000850101")).then(|| *selected = None)?;
            Some(Vec::new())
        }
        [0x00, 0xa4, 0x00, 0x0c, 2, hi, lo] => {
            *selected = Some(u16::from_be_bytes([*hi, *lo])).filter(|id| matches!(id, 0xe103 | 0xe104));
            selected.map(|_| Vec::new())
        }
        [0x00, 0xb0, hi, lo, length] => {
            let at = usize::from(u16::from_be_bytes([*hi, *lo]));
            let held = if *selected == Some(0xe103) { container } else { &*file };
            held.get(at..at + usize::from(*length)).map(<[u8]>::to_vec)
        }
        [0x00, 0xd6, hi, lo, length, bytes @ ..] if *selected == Some(0xe104) => {
            let at = usize::from(u16::from_be_bytes([*hi, *lo]));
            assert!(bytes.len() <= 0x34, "more bytes than the tag takes");
            file.get_mut(at..at + usize::from(*length))?.copy_from_slice(bytes);
            Some(Vec::new())
        }
        _ => None,
    }
}

fn paged(command: &[u8], pages: &mut [u8]) -> Option<Vec<u8>> {
    match command {
        [0xff, 0xb0, 0, page, 0x10] => {
            // A real one begins again at page 0 behind its last page.
            let at = usize::from(*page) * 4;
            (at < pages.len()).then(|| pages.iter().cycle().skip(at).take(16).copied().collect())
        }
        [0xff, 0xd6, 0, page, 4, bytes @ ..] => {
            let at = usize::from(*page) * 4;
            pages.get_mut(at..at + 4)?.copy_from_slice(bytes);
            Some(Vec::new())
        }
        _ => None,
    }
}

/// Without a reader in between.
impl Card for Chip {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardFault> {
        self.answer(command).ok_or(CardFault::Gone)
    }
}

/// A tag that is held to the reader.
pub struct Tag {
    chip: Arc<Mutex<Chip>>,
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Tag {
    /// Holds a tag to the reader at this port.
    pub fn hold(port: u16, chip: Chip) -> Self {
        let stream = until("the virtual reader", || TcpStream::connect(("127.0.0.1", port)).ok());
        let chip = Arc::new(Mutex::new(chip));
        let (its, line) = (Arc::clone(&chip), stream.try_clone().unwrap());
        let thread = std::thread::Builder::new().name("tag".into()).spawn(move || talk(line, &its)).unwrap();
        Self { chip, stream, thread: Some(thread) }
    }

    /// Takes it away; what is on it now.
    pub fn take(mut self) -> Chip {
        self.end();
        let chip = self.chip.lock().unwrap();
        Chip { writes_left: None, answers_left: None, ..chip.clone() }
    }

    fn end(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        self.end();
    }
}

/// The virtual reader's protocol: two bytes of length and a command; one byte is not for the tag but for its power.
fn talk(mut line: TcpStream, chip: &Mutex<Chip>) {
    const ATR_ASKED: u8 = 4;
    loop {
        let mut length = [0u8; 2];
        if line.read_exact(&mut length).is_err() {
            return;
        }
        let mut command = vec![0u8; usize::from(u16::from_be_bytes(length))];
        if line.read_exact(&mut command).is_err() {
            return;
        }
        let answer = match command.as_slice() {
            [ATR_ASKED] => Some(chip.lock().unwrap().atr.clone()),
            [_] => continue,
            command => chip.lock().unwrap().answer(command),
        };
        let Some(answer) = answer else {
            let _ = line.shutdown(std::net::Shutdown::Both);
            return;
        };
        let frame = [&u16::try_from(answer.len()).unwrap().to_be_bytes()[..], &answer].concat();
        if line.write_all(&frame).is_err() {
            return;
        }
    }
}
