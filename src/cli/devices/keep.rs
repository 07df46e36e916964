//! What was learnt of a scanner, as settings: printed, or put into the settings file, of which everything else stays as it was.
//! Must never leave a file behind that the station would refuse.

use super::LearnArgs;
use crate::cli::{Cli, CliError, settings};
use crate::config::Raw;
use crate::core::escapes::shown;
use crate::devices::scanner::learn::Learnt;
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, Table, value};

/// Settings that are learnt: one that is not, such as a prefix that is no more, is taken out.
const LEARNT: [&str; 5] = ["prefix", "suffix", "terminator", "gs", "aim"];

/// The settings file, which must be there.
///
/// # Errors
/// If there is none, or its settings are wrong already.
pub(super) fn file_of(cli: &Cli) -> Result<PathBuf, CliError> {
    let todo = "make one: `packbench settings > packbench.toml`, and name it with --config packbench.toml";
    let loaded = settings::load(cli, &[])?;
    loaded.file.ok_or_else(|| CliError::plain("there is no settings file to write to", todo))
}

fn not_toml(path: &Path, e: toml_edit::TomlError) -> CliError {
    CliError::room(format!("the settings file {} is not TOML", path.display()), "correct it and begin again", e)
}

/// The scanner's section alone, as a file would have it.
///
/// # Errors
/// Never for a document that begins empty.
pub(super) fn lines(args: &LearnArgs, learnt: &Learnt) -> Result<String, CliError> {
    let mut doc = DocumentMut::new();
    put(&mut doc, args, learnt)?;
    Ok(doc.to_string())
}

/// Puts the section into the file.
///
/// # Errors
/// If the file cannot be read or written, or its settings would be wrong.
pub(super) fn write(path: &Path, args: &LearnArgs, learnt: &Learnt) -> Result<(), CliError> {
    let file = |what, source| CliError::File { what, path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(|e| file("cannot read the settings file", e))?;
    let mut doc: DocumentMut = text.parse().map_err(|e| not_toml(path, e))?;
    put(&mut doc, args, learnt)?;
    let text = doc.to_string();
    Raw::from_toml(path, &text)?;
    // Whole or not at all: a station that starts while this is written finds one of the two files.
    let beside = path.with_extension("toml.new");
    std::fs::write(&beside, text).map_err(|e| file("cannot write beside the settings file", e))?;
    let rights = std::fs::metadata(path).map(|m| m.permissions());
    rights
        .and_then(|rights| std::fs::set_permissions(&beside, rights))
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|e| file("cannot write the settings file", e))
}

fn put(doc: &mut DocumentMut, args: &LearnArgs, learnt: &Learnt) -> Result<(), CliError> {
    let section = ["station", "scanners", args.name.as_str()];
    let mut table = doc.as_table_mut();
    for (depth, name) in section.into_iter().enumerate() {
        let fresh = || {
            let mut fresh = Table::new();
            // Only the scanner's own section gets a heading.
            fresh.set_implicit(depth + 1 < section.len());
            Item::Table(fresh)
        };
        table = table.entry(name).or_insert_with(fresh).as_table_mut().ok_or_else(|| {
            let what = format!("{} is written in one line in the settings file", section.join("."));
            CliError::plain(what, "write it as a section of its own, [station.scanners.NAME], and begin again")
        })?;
    }
    // A scanner that was a keyboard before has settings a serial one does not know.
    table.retain(|key, _| {
        let path = format!("station.scanners.{}.{key}", args.name);
        let known = crate::config::find_key(&path).is_some_and(|k| k.only.is_empty() || k.only.contains(&"serial"));
        known && !LEARNT.contains(&key)
    });
    table["kind"] = value("serial");
    table["port"] = value(args.port.to_string_lossy().as_ref());
    table["baud"] = value(i64::from(args.baud));
    table["data_bits"] = value(i64::from(args.data_bits));
    table["parity"] = value(args.parity.word());
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
