//! A scale that a site describes itself: what it is asked, and a regular expression for its lines. Pure; must never accept a
//! line of which only a part fits, and never take a figure for resting that the pattern does not say rests.
//!
//! Named parts of the expression (the whole line, without the blanks around it, must fit):
//! `weight` the figure with a point, or `whole` and `fraction` where it has a comma; `sign` (`-` or `+`) where it stands apart;
//! `unit` (mg, g, kg, t, lb, oz; without it the setting's unit counts); `stable`, `unstable`, `over`, `under`: where one of these
//! takes part in the match, that is so. A scale that sends nothing but resting weights has an empty part: `(?<stable>)`.

use super::{Confirms, MassUnit, ProtocolTable, Reply, ScaleProtocol, grams};
use crate::devices::line::LineSettings;
use regex::bytes::{Captures, Regex, RegexBuilder};
use std::borrow::Cow;

/// Characters of an expression, at most.
const TEXT_LEN_MAX: usize = 500;
/// Memory of a compiled expression, in bytes, at most. Matching takes time in proportion to the line, whatever it is.
const COMPILED_BYTES_MAX: usize = 256 << 10;
/// The parts that mean something.
const PARTS: &[&str] = &["weight", "whole", "fraction", "sign", "unit", "stable", "unstable", "over", "under"];

static LINES: &[LineSettings] = &[LineSettings::n81(9_600)];

/// A scale's language as a site writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatternText {
    /// The regular expression.
    pub expression: String,
    /// Bytes that ask for the weight; empty where the scale talks by itself.
    pub ask: Vec<u8>,
    /// Bytes that set it to zero; empty where it has no such command.
    pub zero: Vec<u8>,
    /// Bytes that take the load as tare; empty where it has no such command.
    pub tare: Vec<u8>,
    /// Bytes of which each ends a line; empty means CR, LF and ETX.
    pub ends: Vec<u8>,
}

/// Why an expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is not a regular expression, or a much too big one.
    #[error("this is no usable regular expression: {0}")]
    Expression(String),
    /// Longer than anyone can read.
    #[error("this is longer than {TEXT_LEN_MAX} characters")]
    TooLong,
    /// A part that means nothing, probably a slip.
    #[error(
        "a part is named {0:?}; the names are weight, whole, fraction, sign, unit, stable, unstable, over and under"
    )]
    StrangePart(String),
    /// No figure would ever be found.
    #[error(
        "a part must be named weight, as in (?<weight>[0-9.]+), or whole and fraction where the scale writes a comma"
    )]
    NoWeight,
    /// Nobody could tell a moving load.
    #[error(
        "nothing tells when the load rests: name a part stable or unstable; for a scale that sends only resting weights \
         put (?<stable>) at the end"
    )]
    NoStable,
}

/// A checked [`PatternText`].
#[derive(Debug, Clone)]
pub struct Pattern {
    text: PatternText,
    expression: Regex,
    table: ProtocolTable,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Checks and takes a language.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(text: PatternText) -> Result<Self, PatternError> {
        if text.expression.chars().count() > TEXT_LEN_MAX {
            return Err(PatternError::TooLong);
        }
        let whole = format!("^(?:{})$", text.expression);
        let built = RegexBuilder::new(&whole).unicode(false).size_limit(COMPILED_BYTES_MAX).build();
        let expression = built.map_err(|e| PatternError::Expression(last_line(&e.to_string())))?;
        let names: Vec<&str> = expression.capture_names().flatten().collect();
        if let Some(strange) = names.iter().find(|name| !PARTS.contains(name)) {
            return Err(PatternError::StrangePart((*strange).to_owned()));
        }
        let has = |name| names.contains(&name);
        let figure = has("weight") || (has("whole") && has("fraction"));
        if !figure {
            return Err(PatternError::NoWeight);
        }
        if !has("stable") && !has("unstable") {
            return Err(PatternError::NoStable);
        }
        let some = |bytes: &Vec<u8>| (!bytes.is_empty()).then(|| Cow::Owned(bytes.clone()));
        let table = ProtocolTable {
            name: "pattern",
            lines: LINES,
            start: None,
            ends: some(&text.ends).unwrap_or(Cow::Borrowed(b"\r\n\x03")),
            ask: some(&text.ask),
            probe: None,
            zero: some(&text.zero),
            tare: some(&text.tare),
            confirms: Confirms::Never,
            silent_unchanged: false,
        };
        Ok(Self { text, expression, table })
    }
}

/// The line of the expression library's message that says what is wrong; those above it draw where.
fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn figure(parts: &Captures<'_>) -> Option<Vec<u8>> {
    let part = |name| parts.name(name).map(|found| found.as_bytes().trim_ascii());
    let mut figure: Vec<u8> = part("sign").unwrap_or_default().to_vec();
    match (part("weight"), part("whole"), part("fraction")) {
        (Some(weight), ..) => figure.extend_from_slice(weight),
        (None, Some(whole), fraction) => {
            figure.extend_from_slice(whole);
            figure.push(b'.');
            figure.extend_from_slice(fraction.unwrap_or_default());
        }
        (None, None, _) => return None,
    }
    // A sign may stand apart from its figure, but not between the digits.
    let blanks_after_sign = figure.iter().take_while(|byte| matches!(byte, b'-' | b'+' | b' ')).count();
    let (front, digits) = figure.split_at(blanks_after_sign);
    Some(front.iter().copied().filter(|byte| *byte != b' ').chain(digits.iter().copied()).collect())
}

impl ScaleProtocol for Pattern {
    fn table(&self) -> &ProtocolTable {
        &self.table
    }

    fn parse(&self, frame: &[u8], unit: MassUnit) -> Reply {
        let line = frame.trim_ascii();
        let Some(parts) = self.expression.captures(line).filter(|_| !line.is_empty()) else { return Reply::Unknown };
        let says = |name| parts.name(name).is_some();
        if says("over") {
            return Reply::Overload;
        }
        if says("under") {
            return Reply::Underload;
        }
        let word = parts.name("unit").map(|found| std::str::from_utf8(found.as_bytes().trim_ascii()));
        let unit = match word {
            None | Some(Ok("")) => Some(unit),
            Some(Ok(word)) => MassUnit::from_word(word),
            Some(Err(_)) => None,
        };
        // Where the expression has a part for "rests", a line without it moves.
        let has_stable = self.expression.capture_names().flatten().any(|name| name == "stable");
        let stable = (says("stable") || !has_stable) && !says("unstable");
        match (figure(&parts), unit) {
            (Some(figure), Some(unit)) => {
                grams(&figure, unit).map_or(Reply::Unknown, |grams| Reply::Weight { grams, stable })
            }
            (None, Some(_)) => Reply::NoFigure,
            (_, None) => Reply::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(expression: &str) -> Pattern {
        Pattern::new(PatternText { expression: expression.to_owned(), ..PatternText::default() }).unwrap()
    }

    #[test]
    fn scales_are_described_by_their_lines() {
        let rests = |grams| Reply::Weight { grams, stable: true };
        let moves = |grams| Reply::Weight { grams, stable: false };
        let marked = r"(?:(?<stable>ST)|(?<unstable>US)|(?<over>OL)|(?<under>UL))?(?:,[A-Z]+)?,?(?<weight>[-+ 0-9.]+)?(?<unit>kg|g|lb)?";
        let comma = r"(?<sign>[-+])?\s*(?<whole>\d+),(?<fraction>\d+) ?(?<unit>kg)(?<unstable>\*)?";
        let only_resting = r"(?<weight>\d+\.\d+)(?<stable>)";
        let cases: &[(&str, &str, Reply)] = &[
            (marked, "ST,GS,+ 1.250kg", rests(1_250)),
            (marked, "US,GS,- 1.250kg", moves(-1_250)),
            (marked, "OL,GS", Reply::Overload),
            (marked, "UL", Reply::Underload),
            (marked, "1.250kg", moves(1_250)),
            (comma, "- 1,250 kg", rests(-1_250)),
            (comma, "0,500kg*", moves(500)),
            (only_resting, "  2.5  ", rests(2_500)),
            (only_resting, "2.5 kg", Reply::Unknown),
            (only_resting, "12.5.0", Reply::Unknown),
            (only_resting, "", Reply::Unknown),
            (comma, "1,250 kg and more", Reply::Unknown),
        ];
        for (expression, line, expected) in cases {
            assert_eq!(
                pattern(expression).parse(line.as_bytes(), MassUnit::Kilogram),
                *expected,
                "{expression} on {line:?}"
            );
        }
    }

    #[test]
    fn expressions_that_would_mislead_are_refused() {
        let refused = |expression: &str| {
            Pattern::new(PatternText { expression: expression.to_owned(), ..PatternText::default() }).unwrap_err()
        };
        assert!(matches!(refused("(?<weight>["), PatternError::Expression(why) if !why.is_empty()));
        assert!(matches!(refused("(?<weight>(x{200}){200})(?<stable>)"), PatternError::Expression(_)));
        assert_eq!(refused("(?<wight>.*)"), PatternError::StrangePart("wight".to_owned()));
        assert_eq!(refused("(?<stable>ST)"), PatternError::NoWeight);
        assert_eq!(refused("(?<whole>1)(?<stable>)"), PatternError::NoWeight);
        assert_eq!(refused(r"(?<weight>\d+)"), PatternError::NoStable);
        assert_eq!(refused(&"x".repeat(501)), PatternError::TooLong);
    }

    #[test]
    fn no_line_takes_long_however_it_is_made() {
        let evil = pattern(r"(?<weight>(\d+)+)+x(?<stable>)");
        let began = std::time::Instant::now();
        assert_eq!(evil.parse("1".repeat(5_000).as_bytes(), MassUnit::Gram), Reply::Unknown);
        assert!(began.elapsed().as_secs() < 5, "an expression that doubles with every digit would never end");
    }
}
