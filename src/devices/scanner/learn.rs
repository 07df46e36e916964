//! Learns from three test scans how a scanner is set: what it puts before and behind every code, how it ends one, whether it names
//! symbologies, and what it sends for the separator GS. Pure: whole gestures in, settings out. Must never settle on a setting
//! that one of the three scans contradicts.

use crate::core::aim;

/// The first test code, as Code 128; its letters show a scanner that turns capitals around.
pub const PLAIN: &str = "PackBench-1";
/// The second, as GS1-128: a GTIN with lot and serial, and between those two the separator that is looked for.
pub const GS1: [&str; 2] = ["010950600013435210LEARN", "21SET7"];
/// The third, as EAN-13.
pub const EAN: &str = "9506000134352";

/// Bytes in one place around a code, at most.
pub(super) const AROUND_MAX: usize = 16;
/// Bytes that end a code wherever a scanner sends them last.
const ENDS: &[u8] = b"\r\n\t\x03\x04";

/// Which of the test codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestCode {
    /// [`PLAIN`].
    Plain,
    /// [`GS1`].
    Gs1,
    /// [`EAN`].
    Ean,
}

impl TestCode {
    /// In the order in which they are scanned.
    pub const ALL: [TestCode; 3] = [TestCode::Plain, TestCode::Gs1, TestCode::Ean];

    /// Its content, without the separator.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Plain => PLAIN.to_owned(),
            Self::Gs1 => GS1.concat(),
            Self::Ean => EAN.to_owned(),
        }
    }

    /// What its content begins with, up to the separator.
    #[must_use]
    pub fn begins(self) -> &'static str {
        match self {
            Self::Plain => PLAIN,
            Self::Gs1 => GS1[0],
            Self::Ean => EAN,
        }
    }

    /// The AIM identifier of its symbol.
    const fn aim(self) -> &'static [u8; 3] {
        match self {
            Self::Plain => b"]C0",
            Self::Gs1 => b"]C1",
            Self::Ean => b"]E0",
        }
    }
}

/// How a scanner is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learnt {
    /// Bytes before every code.
    pub prefix: Vec<u8>,
    /// Bytes behind every code, before those that end it.
    pub suffix: Vec<u8>,
    /// Bytes that end a code; empty where silence does.
    pub terminators: Vec<u8>,
    /// It names symbologies.
    pub aim: bool,
    /// What it sends for GS; empty where it sends GS itself.
    pub gs: Vec<u8>,
}

/// Why nothing can be learnt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LearnError {
    /// Another code than the one that was asked for.
    #[error("this is not the {0:?} test code; scan it again, from the sheet")]
    WrongCode(TestCode),
    /// Letters came in the wrong case.
    #[error(
        "the scanner turns capital letters around; set it to send them as they are (its manual: \"case conversion\" off)"
    )]
    CaseTurned,
    /// The separator did not come.
    #[error(
        "the scanner leaves out the separator of GS1 codes, so that lot and serial would run together; set it to send GS \
         (ASCII 29) or a sign in its place (its manual: \"FNC1 substitution\"), and begin again"
    )]
    NoSeparator,
    /// The stand-in for the separator occurs in codes.
    #[error(
        "the scanner sends {0:?} for the separator of GS1 codes, which occurs in codes as well; set it to send GS (ASCII 29)"
    )]
    SeparatorIsText(String),
    /// The three scans contradict each other.
    #[error("the scanner does not put the same {0} every code; set it to treat all symbologies alike, and begin again")]
    Differ(Surround),
    /// More than is sensible.
    #[error("the scanner puts more than {AROUND_MAX} bytes around a code; is it the right speed?")]
    TooMuch,
    /// What ends a code occurs within it.
    #[error("what ends a code occurs within it as well; set the scanner to one terminator, such as CR")]
    EndInside,
}

/// What a scanner puts around a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surround {
    /// The AIM identifier.
    Aim,
    /// The prefix.
    Prefix,
    /// The suffix, or what ends it.
    Suffix,
}

impl std::fmt::Display for Surround {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Aim => "AIM identifier before",
            Self::Prefix => "prefix before",
            Self::Suffix => "suffix behind",
        })
    }
}

/// What surrounds the code in one scan, and the separator where it has one.
struct Around<'a> {
    head: &'a [u8],
    separator: Option<&'a [u8]>,
    tail: &'a [u8],
}

/// Whether a scan is of that test code, for asking again at once.
///
/// # Errors
/// [`LearnError`].
pub fn check(code: TestCode, raw: &[u8]) -> Result<(), LearnError> {
    around(code, raw).map(|_| ())
}

/// As [`check`], and whether its separator came as one that can be told from text.
///
/// # Errors
/// [`LearnError`].
pub fn check_closely(code: TestCode, raw: &[u8]) -> Result<(), LearnError> {
    match around(code, raw)?.separator {
        Some(separator) => separator_of(separator).map(|_| ()),
        None => Ok(()),
    }
}

/// How the scanner is set that sent these three gestures, each with everything from its first byte to the silence after it.
///
/// # Errors
/// [`LearnError`].
pub fn learn(plain: &[u8], gs1: &[u8], ean: &[u8]) -> Result<Learnt, LearnError> {
    let [a, b, c] = [around(TestCode::Plain, plain)?, around(TestCode::Gs1, gs1)?, around(TestCode::Ean, ean)?];
    let separator = b.separator.unwrap_or_default();
    let gs = separator_of(separator)?;
    // Some scanners announce a GS1 code with its separator.
    let gs1_head = b.head.strip_suffix(separator).filter(|_| !separator.is_empty()).unwrap_or(b.head);
    let heads = [(TestCode::Plain, a.head), (TestCode::Gs1, gs1_head), (TestCode::Ean, c.head)];
    let named = heads.map(|(code, head)| without_aim(code, head));
    let (aim, prefixes) = match named {
        [Some(a), Some(b), Some(c)] => (true, [a, b, c]),
        [None, None, None] => (false, heads.map(|(_, head)| head.to_vec())),
        [_, _, _] => return Err(LearnError::Differ(Surround::Aim)),
    };
    let [prefix, second, third] = prefixes;
    if second != prefix || third != prefix {
        return Err(LearnError::Differ(Surround::Prefix));
    }
    if b.tail != a.tail || c.tail != a.tail {
        return Err(LearnError::Differ(Surround::Suffix));
    }
    let ends = a.tail.iter().rev().take_while(|byte| ENDS.contains(byte)).count();
    let (suffix, ending) = a.tail.split_at(a.tail.len() - ends);
    let mut terminators = ending.to_vec();
    terminators.sort_unstable();
    terminators.dedup();
    // An end before the code is only another empty line.
    let begin = prefix.iter().take_while(|byte| terminators.contains(byte)).count();
    let prefix = prefix.get(begin..).unwrap_or_default().to_vec();
    let inside = |bytes: &[u8]| bytes.iter().any(|byte| terminators.contains(byte));
    if inside(&prefix) || inside(suffix) || inside(&gs) {
        return Err(LearnError::EndInside);
    }
    Ok(Learnt { prefix, suffix: suffix.to_vec(), terminators, aim, gs })
}

fn separator_of(separator: &[u8]) -> Result<Vec<u8>, LearnError> {
    match separator {
        [] => Err(LearnError::NoSeparator),
        [0x1d] => Ok(Vec::new()),
        text if text.iter().all(u8::is_ascii_alphanumeric) => {
            Err(LearnError::SeparatorIsText(String::from_utf8_lossy(text).into_owned()))
        }
        other => Ok(other.to_vec()),
    }
}

fn around(code: TestCode, raw: &[u8]) -> Result<Around<'_>, LearnError> {
    let found = match code {
        TestCode::Plain => only(raw, PLAIN),
        // The number of the third stands within the second.
        TestCode::Ean => only(raw, EAN).filter(|_| only(raw, GS1[0]).is_none()),
        TestCode::Gs1 => {
            let [first, second] = GS1;
            only(raw, first).and_then(|found| {
                let behind = only(found.tail, second)?;
                Some(Around { head: found.head, separator: Some(behind.head), tail: behind.tail })
            })
        }
    };
    let Some(found) = found else {
        let turned: Vec<u8> = raw.iter().map(|byte| turned(*byte)).collect();
        let (lower, upper) = (raw.to_ascii_lowercase(), PLAIN.to_ascii_lowercase());
        let same_but_case = code == TestCode::Plain && only(&lower, &upper).is_some();
        return Err(if same_but_case || (code == TestCode::Gs1 && only(&turned, GS1[0]).is_some()) {
            LearnError::CaseTurned
        } else {
            LearnError::WrongCode(code)
        });
    };
    let longest = [found.head.len(), found.separator.map_or(0, <[u8]>::len), found.tail.len()];
    if longest.into_iter().any(|length| length > AROUND_MAX) { Err(LearnError::TooMuch) } else { Ok(found) }
}

fn turned(byte: u8) -> u8 {
    if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() }
}

/// The text's surroundings, where it occurs once.
fn only<'a>(raw: &'a [u8], text: &str) -> Option<Around<'a>> {
    let mut places = raw.windows(text.len()).enumerate().filter(|(_, window)| *window == text.as_bytes());
    let (at, _) = places.next()?;
    if places.next().is_some() {
        return None;
    }
    Some(Around { head: raw.get(..at)?, separator: None, tail: raw.get(at + text.len()..)? })
}

/// What stands before a code without its AIM identifier, which comes first or last; `None` where it has none.
fn without_aim(code: TestCode, head: &[u8]) -> Option<Vec<u8>> {
    let known = |id: &[u8]| {
        // Letter and family as they must be; the modifier as the scanner's options make it.
        id.get(..2) == code.aim().get(..2) && aim::take([id, b"x"].concat()).0.is_some()
    };
    let split = head.len().checked_sub(3)?;
    if let Some((prefix, id)) = head.split_at_checked(split).filter(|(_, id)| known(id)) {
        debug_assert_eq!(id.len(), 3);
        return Some(prefix.to_vec());
    }
    head.split_at_checked(3).filter(|(id, _)| known(id)).map(|(_, prefix)| prefix.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::config::ScanFraming;
    use crate::devices::scanner::{Frame, Framer, code};

    /// A scanner as somebody set it.
    #[derive(Debug, Clone, Copy, Default)]
    struct Set<'a> {
        prefix: &'a [u8],
        aim: Option<bool>,
        suffix: &'a [u8],
        end: &'a [u8],
        gs: &'a [u8],
        leads_with_gs: bool,
    }

    impl Set<'_> {
        /// What it sends; `aim: Some(true)` puts the identifier before the prefix.
        fn sends(&self, which: TestCode) -> Vec<u8> {
            let content = match which {
                TestCode::Plain => PLAIN.as_bytes().to_vec(),
                TestCode::Ean => EAN.as_bytes().to_vec(),
                TestCode::Gs1 => {
                    let lead = if self.leads_with_gs { self.gs } else { b"" };
                    [lead, GS1[0].as_bytes(), self.gs, GS1[1].as_bytes()].concat()
                }
            };
            let id: &[u8] = which.aim();
            let head = match self.aim {
                None => self.prefix.to_vec(),
                Some(true) => [id, self.prefix].concat(),
                Some(false) => [self.prefix, id].concat(),
            };
            [head.as_slice(), &content, self.suffix, self.end].concat()
        }

        fn learn(&self) -> Result<Learnt, LearnError> {
            let [plain, gs1, ean] = TestCode::ALL.map(|which| self.sends(which));
            learn(&plain, &gs1, &ean)
        }
    }

    #[test]
    fn what_is_learnt_reads_the_same_scanner() {
        let gs: &[u8] = b"\x1d";
        let sets = [
            Set { gs, end: b"\r\n", ..Set::default() },
            Set { gs, end: b"\r", aim: Some(false), ..Set::default() },
            Set { gs, end: b"\r", aim: Some(true), prefix: b"\x02", suffix: b"", ..Set::default() },
            Set { gs, end: b"\x03", aim: Some(false), prefix: b"\x02", ..Set::default() },
            Set { gs: b"|", end: b"\n", prefix: b"S1:", suffix: b"#", ..Set::default() },
            Set { gs: b"<GS>", end: b"\r\n", ..Set::default() },
            Set { gs: b"{GS}", end: b"\t", suffix: b"!!", ..Set::default() },
            Set { gs: b"^]", end: b"", aim: Some(false), ..Set::default() },
            Set { gs, end: b"\r", leads_with_gs: true, aim: Some(false), ..Set::default() },
            Set { gs: b"~", end: b"\r\n", prefix: b"\r\n", ..Set::default() },
        ];
        for set in sets {
            let learnt = set.learn().unwrap_or_else(|e| panic!("{set:?}: {e}"));
            assert_eq!(learnt.aim, set.aim.is_some(), "{set:?}");
            let usual = ScanFraming::default();
            let terminators =
                if learnt.terminators.is_empty() { usual.terminators.clone() } else { learnt.terminators.clone() };
            let framing = ScanFraming {
                terminators,
                prefix: learnt.prefix,
                suffix: learnt.suffix,
                gs: learnt.gs,
                aim: learnt.aim,
                ..usual
            };
            for (which, wanted) in TestCode::ALL.into_iter().zip([
                PLAIN.as_bytes().to_vec(),
                [GS1[0].as_bytes(), b"\x1d", GS1[1].as_bytes()].concat(),
                EAN.as_bytes().to_vec(),
            ]) {
                let mut framer = Framer::new(framing.clone());
                let mut frames = Vec::new();
                framer.push(&set.sends(which), 0, &mut frames);
                frames.extend(framer.silent(1_000));
                let [Frame::Whole(raw)] = frames.as_slice() else { panic!("{set:?}: {frames:?}") };
                let (id, mut read) = code::of(raw.clone(), &framing).unwrap();
                assert_eq!(id.is_some(), learnt.aim, "{set:?}");
                if which == TestCode::Gs1 && set.leads_with_gs {
                    read.remove(0);
                }
                assert_eq!(read, wanted, "{set:?}");
            }
        }
    }

    #[test]
    fn scanners_that_would_read_wrong_are_told_so() {
        let good = Set { gs: b"\x1d", end: b"\r", ..Set::default() };
        assert_eq!(Set { gs: b"", ..good }.learn(), Err(LearnError::NoSeparator));
        assert_eq!(Set { gs: b"29", ..good }.learn(), Err(LearnError::SeparatorIsText("29".to_owned())));
        assert_eq!(Set { gs: b"\r", ..good }.learn(), Err(LearnError::EndInside));
        assert_eq!(Set { prefix: b"much too long a prefix", ..good }.learn(), Err(LearnError::TooMuch));
        let [plain, gs1, ean] = TestCode::ALL.map(|which| good.sends(which));
        assert_eq!(learn(&plain.to_ascii_uppercase(), &gs1, &ean), Err(LearnError::CaseTurned));
        let turned: Vec<u8> = gs1.iter().map(|byte| turned(*byte)).collect();
        assert_eq!(check(TestCode::Gs1, &turned), Err(LearnError::CaseTurned));
        assert_eq!(learn(&ean, &gs1, &plain), Err(LearnError::WrongCode(TestCode::Plain)));
        assert_eq!(learn(&plain, &gs1, b""), Err(LearnError::WrongCode(TestCode::Ean)));
        assert_eq!(check(TestCode::Ean, &gs1), Err(LearnError::WrongCode(TestCode::Ean)), "which holds its number");
        let doubled = [plain.as_slice(), &plain].concat();
        assert_eq!(check(TestCode::Plain, &doubled), Err(LearnError::WrongCode(TestCode::Plain)), "scanned twice");
        let named = Set { aim: Some(false), ..good };
        assert_eq!(
            learn(&plain, &named.sends(TestCode::Gs1), &ean),
            Err(LearnError::Differ(Surround::Aim)),
            "half of its symbologies named"
        );
        let other = Set { end: b"\n", ..good };
        assert_eq!(learn(&plain, &gs1, &other.sends(TestCode::Ean)), Err(LearnError::Differ(Surround::Suffix)));
        let other = Set { prefix: b"9", ..good };
        assert_eq!(learn(&plain, &gs1, &other.sends(TestCode::Ean)), Err(LearnError::Differ(Surround::Prefix)));
    }
}
