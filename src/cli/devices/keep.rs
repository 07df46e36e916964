//! What was learnt of a scanner, as settings: printed, or put into the settings file, of which everything else stays as it was.
//! Must never leave a file behind that the station would refuse.

use crate::cli::CliError;
use crate::config::{Problems, Raw};
use crate::core::escapes::shown;
use crate::devices::scanner::learn::Learnt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, Table, value};

/// Settings that are learnt: one that is not, such as a prefix that is no more, is taken out.
const LEARNT: [&str; 5] = ["prefix", "suffix", "terminator", "gs", "aim"];

/// The line that a scanner is at.
pub(in crate::cli) struct LineOf<'a> {
    /// The serial port.
    pub port: &'a Path,
    /// Bits per second.
    pub baud: u32,
    /// 7 or 8.
    pub data_bits: u8,
    /// As the settings write it.
    pub parity: &'static str,
}

/// What goes into the file.
pub(in crate::cli) struct Section<'a> {
    /// The scanner's name in the settings.
    pub name: &'a str,
    /// Its line, where that is new; else its section must be there and keeps what is not learnt.
    pub line: Option<LineOf<'a>>,
    /// What was learnt of it.
    pub learnt: &'a Learnt,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum KeepError {
    /// The station runs on built-in settings and the environment.
    #[error("there is no settings file to write to")]
    NoFile,
    /// It cannot be read.
    #[error("cannot read the settings file {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Neither it nor a file beside it can be written.
    #[error("cannot write the settings file {}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is no TOML.
    #[error("the settings file {} is not TOML", path.display())]
    NotToml {
        /// Which.
        path: PathBuf,
        /// Where.
        source: Box<toml_edit::TomlError>,
    },
    /// The section is no table of its own.
    #[error("{0} is written in one line in the settings file")]
    OneLine(String),
    /// The scanner is set somewhere else.
    #[error("the settings file has no section {0}")]
    NoSection(String),
    /// It would be refused.
    #[error(transparent)]
    Wrong(#[from] Problems),
    /// What goes before the file says otherwise.
    #[error("an environment variable sets the scanner otherwise than the file")]
    Overruled,
}

impl From<KeepError> for CliError {
    fn from(e: KeepError) -> CliError {
        let what = e.to_string();
        match e {
            KeepError::NoFile => CliError::plain(
                what,
                "make one: `packbench settings > packbench.toml`, and name it with --config packbench.toml",
            ),
            KeepError::Read { path, source } => CliError::File { what: "cannot read the settings file", path, source },
            KeepError::Write { path, source } => {
                CliError::File { what: "cannot write the settings file", path, source }
            }
            KeepError::NotToml { source, .. } => CliError::room(what, "correct it and begin again", source),
            KeepError::OneLine(_) => {
                CliError::plain(what, "write it as a section of its own, [station.scanners.NAME], and begin again")
            }
            KeepError::NoSection(_) => CliError::plain(what, "write one with its kind and port, and begin again"),
            KeepError::Wrong(problems) => CliError::Settings(problems),
            KeepError::Overruled => CliError::plain(what, "take the variable away, and begin again"),
        }
    }
}

/// The scanner's section alone, as a file would have it.
///
/// # Errors
/// Never for a document that begins empty.
pub(in crate::cli) fn lines(section: &Section<'_>) -> Result<String, KeepError> {
    let mut doc = DocumentMut::new();
    put(&mut doc, section)?;
    Ok(doc.to_string())
}

/// Puts the section into the file, if `check` takes what the file would hold then.
///
/// # Errors
/// If the file cannot be read or written, or its settings would be wrong.
pub(in crate::cli) fn write<T>(
    path: &Path,
    section: &Section<'_>,
    check: impl FnOnce(&str) -> Result<T, KeepError>,
) -> Result<T, KeepError> {
    let unread = |source| KeepError::Read { path: path.to_owned(), source };
    // What a link leads to is written, not the link.
    let file = std::fs::canonicalize(path).map_err(unread)?;
    let text = std::fs::read_to_string(&file).map_err(unread)?;
    let not_toml = |e| KeepError::NotToml { path: path.to_owned(), source: Box::new(e) };
    let mut doc: DocumentMut = text.parse().map_err(not_toml)?;
    put(&mut doc, section)?;
    let text = doc.to_string();
    Raw::from_toml(path, &text)?;
    let checked = check(&text)?;
    replace(&file, &text).map_err(|source| KeepError::Write { path: path.to_owned(), source })?;
    Ok(checked)
}

/// Whole or not at all: a station that starts while this is written finds one of the two files.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let beside = file.with_extension("toml.new");
    let mut new = std::fs::File::create(&beside)?;
    new.write_all(text.as_bytes())?;
    new.set_permissions(std::fs::metadata(file)?.permissions())?;
    new.sync_all()?;
    std::fs::rename(&beside, file)
}

fn put(doc: &mut DocumentMut, section: &Section<'_>) -> Result<(), KeepError> {
    let path = ["station", "scanners", section.name];
    let mut table = doc.as_table_mut();
    for (depth, name) in path.into_iter().enumerate() {
        let fresh = || {
            let mut fresh = Table::new();
            // Only the scanner's own section gets a heading.
            fresh.set_implicit(depth + 1 < path.len());
            Item::Table(fresh)
        };
        if section.line.is_none() && !table.contains_key(name) {
            return Err(KeepError::NoSection(path.join(".")));
        }
        table =
            table.entry(name).or_insert_with(fresh).as_table_mut().ok_or_else(|| KeepError::OneLine(path.join(".")))?;
    }
    // A scanner that was a keyboard before has settings a serial one does not know.
    let is_serial = |key: &str| {
        let path = format!("station.scanners.{}.{key}", section.name);
        crate::config::find_key(&path).is_some_and(|k| k.only.is_empty() || k.only.contains(&"serial"))
    };
    table.retain(|key, _| !LEARNT.contains(&key) && (section.line.is_none() || is_serial(key)));
    if let Some(line) = &section.line {
        table["kind"] = value("serial");
        table["port"] = value(line.port.to_string_lossy().as_ref());
        table["baud"] = value(i64::from(line.baud));
        table["data_bits"] = value(i64::from(line.data_bits));
        table["parity"] = value(line.parity);
    }
    let learnt = section.learnt;
    table["aim"] = value(learnt.aim);
    let bytes = [
        ("prefix", &learnt.prefix),
        ("suffix", &learnt.suffix),
        ("terminator", &learnt.terminators),
        ("gs", &learnt.gs),
    ];
    for (key, bytes) in bytes {
        if !bytes.is_empty() {
            table[key] = value(shown(bytes));
        }
    }
    Ok(())
}
