//! A scanner that the system takes for a keyboard: it types its codes by the keys of a US layout, as such scanners do.

use super::gadget::{About, Function, Gadget};
use crate::device_support::until;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

/// A keyboard: eight modifiers, a spare byte, six keys (HID 1.11, appendix B.1, without its lights).
const KEYBOARD: &[u8] = &[
    0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95,
    0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65, 0x05, 0x07,
    0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0,
];
const REPORT: usize = 8;
const CTRL: u8 = 1;
const SHIFT: u8 = 2;
const ALT: u8 = 4;

/// A scanner that types.
pub struct Typist {
    pub gadget: Gadget,
    product: String,
}

impl Typist {
    pub fn new(name: &str, serial: &str) -> Typist {
        let product = format!("Typing Scanner {name}");
        let about = About { name, id: (0x05e0, 0x1200), product: &product, serial };
        Typist { gadget: Gadget::new(about, &Function::Hid(KEYBOARD, REPORT)), product }
    }

    /// The file under which the system has it while it is plugged in.
    pub fn event_file(&self) -> PathBuf {
        until("the system to make the keyboard's file", || {
            let name = |dir: PathBuf| fs::read_to_string(dir.join("device/name")).unwrap_or_default();
            let all = fs::read_dir("/sys/class/input").ok()?.flatten().map(|entry| entry.path());
            let mut events =
                all.filter(|path| path.file_name().is_some_and(|n| n.as_encoded_bytes().starts_with(b"event")));
            let found = events.find(|path| name(path.clone()).contains(&self.product))?;
            let file = PathBuf::from("/dev/input").join(found.file_name()?);
            file.exists().then_some(file)
        })
    }

    /// Types a code and Enter. GS is typed as the combination Ctrl+].
    pub fn read(&self, code: &str) {
        self.types(code);
        self.enter();
    }

    /// Enter: the end of a code.
    pub fn enter(&self) {
        self.strikes(0, 40);
    }

    /// Types a code without an end.
    pub fn types(&self, code: &str) {
        for sign in code.chars() {
            let (modifiers, key) = key_of(sign);
            self.strikes(modifiers, key);
        }
    }

    /// Types a character by its number on the number pad, with Alt held: Alt+029 is GS.
    pub fn by_number(&self, digits: &str) {
        self.report(ALT, 0);
        for digit in digits.bytes() {
            let key = if digit == b'0' { 0x62 } else { 0x59 + digit - b'1' };
            self.report(ALT, key);
            self.report(ALT, 0);
        }
        self.report(0, 0);
    }

    fn strikes(&self, modifiers: u8, key: u8) {
        self.report(modifiers, key);
        self.report(0, 0);
    }

    fn report(&self, modifiers: u8, key: u8) {
        let node = self.gadget.node("hidg");
        let mut file = OpenOptions::new().write(true).open(&node).unwrap();
        let report = [modifiers, 0, key, 0, 0, 0, 0, 0];
        assert_eq!(file.write(&report).unwrap(), REPORT);
    }
}

/// Modifiers and key for a sign (HID usage tables, page 7).
fn key_of(sign: char) -> (u8, u8) {
    let letter = |sign: char| 4 + u8::try_from(sign).unwrap() - b'a';
    match sign {
        'a'..='z' => (0, letter(sign)),
        'A'..='Z' => (SHIFT, letter(sign.to_ascii_lowercase())),
        '1'..='9' => (0, 30 + u8::try_from(sign).unwrap() - b'1'),
        '0' => (0, 39),
        '-' => (0, 45),
        '_' => (SHIFT, 45),
        ']' => (0, 48),
        '\u{1d}' => (CTRL, 48),
        '/' => (0, 56),
        other => panic!("{other:?} is on no key here"),
    }
}
