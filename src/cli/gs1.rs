//! `packbench gs1`: GS1 codes read and checked, one a line, told as JSON, one line each.

use super::CliError;
use super::args::Gs1Args;
use crate::core::gs1::restricted::{self, Variable};
use crate::core::gs1::{self, CANONICAL_STEM, DATA_MAX, Gs1, Gs1Error, Message, Rules, Said, TextReader};
use serde::Serialize;
use std::io::{BufRead, BufReader, BufWriter, Read as _, Write};
use std::process::ExitCode;

/// Longest line that is read, in bytes; one more than any code has, so that a longer one is told as too long.
const LINE_MAX: u64 = DATA_MAX as u64 + 1;

/// What is told of a line.
#[derive(Serialize)]
struct Told {
    line: u64,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ais: Vec<Element>,
    #[serde(flatten)]
    facts: Facts,
    #[serde(skip_serializing_if = "Option::is_none")]
    element_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bracketed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digital_link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Wrong>,
}

/// An identifier with its value.
#[derive(Serialize)]
struct Element {
    ai: String,
    title: &'static str,
    value: String,
}

/// What the elements mean.
#[derive(Default, Serialize)]
struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    gtin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sscc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    net_weight_g: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_decimals: Option<u8>,
}

/// What is wrong with a line.
#[derive(Serialize)]
struct Wrong {
    at: usize,
    len: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    ai: Option<String>,
    rule: &'static str,
    text: String,
}

/// Runs the command.
///
/// # Errors
/// If the file cannot be read, the result cannot be written, or a rule of restricted numbers is none.
pub(super) fn run(args: &Gs1Args) -> Result<ExitCode, CliError> {
    let year = match args.year {
        Some(year) => year,
        None => jiff::Zoned::now().year(),
    };
    let mut reader = reader(args)?;
    let mut input: Box<dyn BufRead> = match args.file.as_deref().filter(|p| p.as_os_str() != "-") {
        None => Box::new(std::io::stdin().lock()),
        Some(path) => match std::fs::File::open(path) {
            Ok(file) => Box::new(BufReader::new(file)),
            Err(source) => return Err(CliError::File { what: "cannot read", path: path.to_owned(), source }),
        },
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let (mut line, mut number, mut all_right) = (Vec::new(), 0, true);
    while next_line(&mut input, &mut line).map_err(|source| system("the lines cannot be read", source))? {
        number += 1;
        if line.is_empty() {
            continue;
        }
        let told = tell(&mut reader, &line, number, &args.stem, year);
        all_right &= told.ok;
        let text = serde_json::to_string(&told).map_err(|e| CliError::room("the result cannot be written", "", e))?;
        match writeln!(out, "{text}") {
            // A reader that has gone (`| head`) is no failure.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
            other => other.map_err(|source| system("the result cannot be written", source))?,
        }
    }
    out.flush().map_err(|source| system("the result cannot be written", source))?;
    Ok(if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn system(what: &str, source: std::io::Error) -> CliError {
    CliError::System { what: what.to_owned(), source }
}

fn reader(args: &Gs1Args) -> Result<TextReader, CliError> {
    let rules = Rules {
        unknown_ais: args.unknown_ais,
        short_gtins: args.short_gtins,
        required_ais: !args.alone,
        ..Rules::OFFICIAL
    };
    let read = |text: &String| {
        let wrong = |e| CliError::Usage(format!("--restricted {text}: {e}"));
        text.parse::<restricted::Rule>().map_err(wrong)
    };
    let restricted = args.restricted.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let reader = TextReader::new(rules).with_restricted(restricted);
    Ok(if args.separator.is_empty() { reader } else { reader.with_substitutes(args.separator.clone()) })
}

/// Reads a line without its end; what is longer than any code is cut off. `false` at the end of the input.
fn next_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> std::io::Result<bool> {
    line.clear();
    if input.take(LINE_MAX + 1).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() != Some(&b'\n') && line.len() as u64 > LINE_MAX {
        skip_line(input)?;
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(true)
}

/// Reads on to the end of the line without keeping it.
fn skip_line(input: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let (len, end) = match buffer.iter().position(|b| *b == b'\n') {
            Some(n) => (n + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(len);
        if end {
            return Ok(());
        }
    }
}

fn tell(reader: &mut TextReader, line: &[u8], number: u64, stem: &str, year: i16) -> Told {
    let mut told = Told {
        line: number,
        ok: true,
        kind: None,
        ais: Vec::new(),
        facts: Facts::default(),
        element_string: None,
        bracketed: None,
        digital_link: None,
        error: None,
    };
    match reader.read(line) {
        Ok(said) => say(&mut told, said, stem, year),
        Err(e) => {
            told.ok = false;
            told.error = Some(wrong(&e));
        }
    }
    told
}

fn wrong(e: &Gs1Error) -> Wrong {
    Wrong { at: e.at, len: e.len, ai: e.ai.map(|ai| ai.to_string()), rule: e.rule.id(), text: e.rule.to_string() }
}

fn say(told: &mut Told, said: Said<'_>, stem: &str, year: i16) {
    let message = |told: &mut Told, kind: &'static str, m: Option<Message<'_>>| {
        told.kind = Some(kind);
        if let Some(m) = m {
            elements(told, &m, stem, year);
        }
    };
    match said {
        Said::Elements(m) => message(told, "element-string", Some(m)),
        Said::Bracketed(m) => message(told, "bracketed", Some(m)),
        Said::Link(m) => message(told, "digital-link", Some(m)),
        Said::Gtin(gtin, second) => {
            message(told, "gtin", second);
            told.facts.gtin = Some(gtin);
        }
        Said::Sscc(sscc) => {
            message(told, "sscc", None);
            told.facts.sscc = Some(sscc);
        }
        Said::Variable(variable, second) => {
            message(told, "restricted", second);
            varying(&mut told.facts, variable);
        }
        Said::Plain(_) => told.kind = Some("plain"),
    }
    if told.ais.is_empty() {
        numbers_alone(told, stem);
    }
}

fn varying(facts: &mut Facts, v: Variable) {
    facts.gtin = Some(v.gtin);
    facts.item = Some(v.item);
    facts.net_weight_g = v.weight_g.map(|g| g.0);
    facts.price_decimals = v.price.map(|_| v.price_decimals);
    facts.price = v.price;
    facts.count = v.count;
}

fn elements(told: &mut Told, m: &Message<'_>, stem: &str, year: i16) {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    told.ais = m
        .elements()
        .map(|(ai, value)| Element { ai: ai.to_string(), title: ai.title(), value: text(value.to_vec()) })
        .collect();
    let facts = Gs1::of_message(m);
    told.facts.expiry = facts.expiry(year).map(|day| day.to_string());
    told.facts.gtin = facts.gtin;
    told.facts.sscc = facts.sscc;
    told.facts.lot = facts.trace.lot;
    told.facts.serial = facts.trace.serial;
    told.facts.count = facts.count;
    told.facts.net_weight_g = facts.net_weight_g.map(|g| g.0);
    let mut out = Vec::new();
    m.write_element_string(&mut out);
    told.element_string = Some(text(std::mem::take(&mut out)));
    m.write_bracketed(&mut out);
    told.bracketed = Some(text(std::mem::take(&mut out)));
    told.digital_link = m.write_digital_link(stem, &mut out).is_ok().then(|| text(out));
}

/// A bare number is written as the element string it would be.
fn numbers_alone(told: &mut Told, stem: &str) {
    let (ai, number) = match (&told.facts.gtin, &told.facts.sscc) {
        (Some(gtin), _) if told.facts.item.is_none() => ("01", gtin),
        (None, Some(sscc)) => ("00", sscc),
        (Some(_), _) | (None, None) => return,
    };
    told.element_string = Some(format!("{ai}{number}"));
    told.bracketed = Some(format!("({ai}){number}"));
    told.digital_link = Some(format!("{}/{ai}/{number}", stem.strip_suffix('/').unwrap_or(stem)));
}

/// The address that links begin with unless another is given.
pub(super) const STEM: &str = CANONICAL_STEM;

/// Is this an address that links can begin with?
pub(super) fn stem(text: &str) -> Result<String, String> {
    let sound =
        gs1::is_link(text.as_bytes()) && text.bytes().all(|b| b.is_ascii_graphic() && !b"?#\"<>\\^`{|}".contains(&b));
    if sound { Ok(text.to_owned()) } else { Err("an address such as https://example.com/product".to_owned()) }
}
