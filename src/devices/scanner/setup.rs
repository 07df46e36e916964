//! Setting a scanner up by three scans, step by step: which test code is to be scanned, whether what came is that code and if not
//! what differs, and in the end what was learnt. Pure; must never settle on what the learner does not.

use super::learn::{self, LearnError, Learnt, TestCode};

/// Bytes of a code that must have come for it to be called a part of the code.
const PART_MIN: usize = 3;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// This test code is to be scanned.
    Scan(TestCode),
    /// All three were, and say the same.
    Learnt(Learnt),
    /// All three were, and contradict each other: begin again once the scanner is set otherwise.
    Contradiction(LearnError),
}

/// What a gesture that is not the code shown seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Another of the test codes.
    OtherTestCode(TestCode),
    /// The code shown, more than once.
    Twice,
    /// A part of the code shown.
    Part,
    /// Signs that no code has: another speed or parity.
    Garbled,
    /// The code shown as another keyboard layout reads it.
    Layout,
    /// Something else.
    OtherCode,
}

/// Why a gesture does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is not the code shown.
    NotTheCode(Difference),
    /// It is, from a scanner that would read wrong.
    Learner(LearnError),
}

/// What a gesture did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Took {
    /// It was the code shown.
    Read,
    /// It was not.
    Refused(Refused),
    /// Nothing was to be scanned.
    NotAsked,
}

/// One scanner being set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    scans: Vec<Vec<u8>>,
    keyboard: bool,
}

impl Setup {
    /// Begins with the first code; `keyboard` for a scanner that types.
    #[must_use]
    pub fn new(keyboard: bool) -> Self {
        Self { scans: Vec::new(), keyboard }
    }

    /// How far it is.
    #[must_use]
    pub fn step(&self) -> Step {
        match (TestCode::ALL.get(self.scans.len()), self.scans.as_slice()) {
            (Some(code), _) => Step::Scan(*code),
            (None, [plain, gs1, ean]) => match learn::learn(plain, gs1, ean) {
                Ok(learnt) => Step::Learnt(learnt),
                Err(error) => Step::Contradiction(error),
            },
            // There are three codes, and none is scanned after the last.
            (None, _) => Step::Contradiction(LearnError::WrongCode(TestCode::Plain)),
        }
    }

    /// Takes a gesture, from its first byte to the silence after it.
    pub fn take(&mut self, raw: &[u8]) -> Took {
        let Step::Scan(code) = self.step() else { return Took::NotAsked };
        match learn::check_closely(code, raw) {
            Ok(()) => {
                self.scans.push(raw.to_vec());
                Took::Read
            }
            Err(LearnError::WrongCode(_)) => Took::Refused(Refused::NotTheCode(self.difference(code, raw))),
            Err(error) => Took::Refused(Refused::Learner(error)),
        }
    }

    /// Begins with the first code again.
    pub fn again(&mut self) {
        self.scans.clear();
    }

    fn difference(&self, code: TestCode, raw: &[u8]) -> Difference {
        if let Some(other) = TestCode::ALL.into_iter().find(|other| *other != code && learn::check(*other, raw).is_ok())
        {
            return Difference::OtherTestCode(other);
        }
        let text = code.text();
        let count = |part: &str| raw.windows(part.len()).filter(|window| *window == part.as_bytes()).count();
        if count(code.begins()) > 1 {
            return Difference::Twice;
        }
        let odd = raw.iter().filter(|byte| !byte.is_ascii_graphic() && !b" \r\n\t\x02\x03\x04\x1d".contains(byte));
        if odd.count() * 3 > raw.len() {
            return Difference::Garbled;
        }
        let came = String::from_utf8_lossy(raw);
        let came = came.trim_matches(char::is_control);
        if came.len() >= PART_MIN && text.contains(came) {
            return Difference::Part;
        }
        if self.keyboard && looks_like(came, &text) { Difference::Layout } else { Difference::OtherCode }
    }
}

/// Of equal length but for a few characters at the ends, and half of the characters where they should be.
fn looks_like(came: &str, text: &str) -> bool {
    let (came, text): (Vec<char>, Vec<char>) = (came.chars().collect(), text.chars().collect());
    let most = came.len().saturating_sub(text.len());
    came.len() >= text.len()
        && most <= learn::AROUND_MAX
        && (0..=most).any(|from| {
            let same = came.iter().skip(from).zip(&text).filter(|(a, b)| a == b).count();
            same * 2 >= text.len()
        })
}

#[cfg(test)]
mod tests {
    use super::super::learn::{EAN, GS1, PLAIN, Surround};
    use super::*;

    fn scan(code: TestCode) -> Vec<u8> {
        let text = match code {
            TestCode::Plain => PLAIN.to_owned(),
            TestCode::Gs1 => format!("{}\x1d{}", GS1[0], GS1[1]),
            TestCode::Ean => EAN.to_owned(),
        };
        format!("\x02{text}\r").into_bytes()
    }

    #[test]
    fn three_scans_lead_to_what_was_learnt_and_again_to_the_first() {
        let mut setup = Setup::new(false);
        for code in TestCode::ALL {
            assert_eq!(setup.step(), Step::Scan(code));
            assert_eq!(setup.take(&scan(code)), Took::Read);
        }
        let Step::Learnt(learnt) = setup.step() else { panic!("{:?}", setup.step()) };
        assert_eq!((learnt.prefix.as_slice(), learnt.terminators.as_slice()), (&b"\x02"[..], &b"\r"[..]));
        assert_eq!(setup.take(&scan(TestCode::Plain)), Took::NotAsked);
        assert_eq!(setup.step(), Step::Learnt(learnt), "a scan too many changes nothing");
        setup.again();
        assert_eq!(setup.step(), Step::Scan(TestCode::Plain));
    }

    #[test]
    fn what_is_not_the_code_shown_is_told_apart_and_does_not_count() {
        let plain = |raw: &[u8]| (TestCode::Plain, raw.to_vec());
        let cases = [
            ((TestCode::Plain, scan(TestCode::Ean)), Difference::OtherTestCode(TestCode::Ean)),
            ((TestCode::Ean, scan(TestCode::Gs1)), Difference::OtherTestCode(TestCode::Gs1)),
            (plain(&[scan(TestCode::Plain), scan(TestCode::Plain)].concat()), Difference::Twice),
            ((TestCode::Gs1, [scan(TestCode::Gs1), scan(TestCode::Gs1)].concat()), Difference::Twice),
            (plain(b"PackBe\r"), Difference::Part),
            (plain(b"ckBench-1\r\n"), Difference::Part),
            (plain(b"\xd0\x8e\x06\xfe\x9c\x00\xe1P"), Difference::Garbled),
            (plain(b"5012345678900\r"), Difference::OtherCode),
            (plain(b"\r\n"), Difference::OtherCode),
            (plain(b"Pa"), Difference::OtherCode),
        ];
        for ((code, raw), wanted) in cases {
            let mut setup = Setup::new(false);
            for earlier in TestCode::ALL.into_iter().take_while(|earlier| *earlier != code) {
                assert_eq!(setup.take(&scan(earlier)), Took::Read);
            }
            let shown = raw.escape_ascii().to_string();
            assert_eq!(setup.take(&raw), Took::Refused(Refused::NotTheCode(wanted)), "{shown}");
            assert_eq!(setup.step(), Step::Scan(code), "{shown}");
            assert_eq!(setup.take(&scan(code)), Took::Read, "{shown}");
        }
    }

    #[test]
    fn a_keyboard_of_another_layout_is_known_by_what_stays_in_its_place() {
        // The hyphen of a US keyboard where a German one is expected.
        let raw = "PackBenchß1\r".as_bytes();
        assert_eq!(Setup::new(true).take(raw), Took::Refused(Refused::NotTheCode(Difference::Layout)));
        assert_eq!(Setup::new(false).take(raw), Took::Refused(Refused::NotTheCode(Difference::OtherCode)));
        let other = b"5012345678900\r";
        assert_eq!(Setup::new(true).take(other), Took::Refused(Refused::NotTheCode(Difference::OtherCode)));
    }

    #[test]
    fn a_scanner_that_leaves_the_separator_out_is_told_at_the_second_scan() {
        let mut setup = Setup::new(false);
        assert_eq!(setup.take(&scan(TestCode::Plain)), Took::Read);
        let without = format!("\x02{}\r", GS1.concat());
        assert_eq!(setup.take(without.as_bytes()), Took::Refused(Refused::Learner(LearnError::NoSeparator)));
        assert_eq!(setup.step(), Step::Scan(TestCode::Gs1), "once it is set right, it goes on from here");
        let turned = b"\x02pACKbENCH-1\r";
        assert_eq!(Setup::new(false).take(turned), Took::Refused(Refused::Learner(LearnError::CaseTurned)));
    }

    #[test]
    fn three_scans_that_contradict_each_other_teach_nothing() {
        let mut setup = Setup::new(false);
        for (code, end) in TestCode::ALL.into_iter().zip(["\r", "\r", "\n"]) {
            let mut raw = scan(code);
            raw.pop();
            raw.extend_from_slice(end.as_bytes());
            assert_eq!(setup.take(&raw), Took::Read);
        }
        assert_eq!(setup.step(), Step::Contradiction(LearnError::Differ(Surround::Suffix)));
    }
}
