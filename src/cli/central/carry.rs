//! Backing up, restoring and moving a site: what is done is told on standard error while it is done, and what came of it on
//! standard output.

use super::super::CliError;
use super::super::error::out;
use super::super::settings::make_folder;
use crate::central::carry::{self, CarryError, Told};
use crate::central::store::chain::Proof;
use crate::central::store::system_clock;
use crate::config::CentralSettings;
use crate::sql::Target;
use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

/// Longest file that holds an address, bytes.
const ADDRESS_BYTES_MAX: u64 = 4_096;
/// Tables that came over are all told; their hashes are for who compares two moves.
const HASH_SHOWN: usize = 16;

/// Writes a backup.
///
/// # Errors
/// If there is no database, the file exists, or the disk refuses.
pub(super) fn back_up(settings: &CentralSettings, to: &Path, with_photos: bool) -> Result<(), CliError> {
    let target = super::target(settings)?;
    if let Target::Sqlite(path) = &target
        && !path.exists()
    {
        let todo = "check data_dir and database in the settings";
        return Err(CliError::plain(format!("there is no database {} to back up", path.display()), todo));
    }
    if to.exists() {
        let what = format!("{} exists already, and a backup never overwrites", to.display());
        return Err(CliError::plain(what, "choose another name"));
    }
    let photos = super::photos(settings);
    let bar = Bar::new();
    let done = carry::back_up(&target, to, with_photos.then_some(photos.as_path()), now_ms(), &|told| bar.show(told));
    bar.end();
    done.map_err(|e| failed(format!("no backup was written to {}", to.display()), e))?;
    let bytes = std::fs::metadata(to).map_or(0, |m| m.len());
    let files = if with_photos { "The files of the photo folder are in it.\n" } else { "" };
    out(&format!("The database was backed up to {} ({bytes} bytes).\n{files}", to.display()))
}

/// Makes a database from a backup.
///
/// # Errors
/// If there is one already, somebody uses it, or the backup is damaged.
pub(super) fn restore(settings: &CentralSettings, from: &Path) -> Result<(), CliError> {
    let target = super::target(settings)?;
    std::fs::File::open(from).map_err(|source| CliError::File {
        what: "cannot read",
        path: from.to_owned(),
        source,
    })?;
    make_folder(&settings.data_dir)?;
    let bar = Bar::new();
    let done = carry::restore(from, &target, &super::photos(settings), now_ms(), &|told| bar.show(told));
    bar.end();
    let restored = done.map_err(|e| failed(format!("{} was not restored", from.display()), e))?;
    let renewed = restored.renewed;
    let mut text = format!(
        "{} rows were restored, as they were at {}; {} files are new in the photo folder.\n\
         Epoch {} begins: {} parcel numbers and {} invoice numbers are jumped over, and everybody logs in anew.\n",
        restored.rows,
        when(restored.taken_ms, &settings.zone),
        restored.files,
        renewed.epoch,
        renewed.parcels_skipped,
        renewed.invoices_skipped,
    );
    if renewed.stations > 0 {
        text.push_str(&format!(
            "Start the server now. Work is given out again when {} station(s) were heard; \
             `packbench central resume-work` does not wait for them.\n",
            renewed.stations
        ));
    }
    out(&text)
}

/// Copies a site into an empty database.
///
/// # Errors
/// If either is in use, the new one is not empty, or what arrived is not what left.
pub(super) fn move_site(
    settings: &CentralSettings,
    from: Option<&str>,
    to: &str,
    photos_to: Option<&Path>,
) -> Result<(), CliError> {
    let from = from.map_or_else(|| super::target(settings), address)?;
    let to = address(to)?;
    if from == to {
        return Err(CliError::plain("a site is not moved to where it is", "name another database"));
    }
    let bar = Bar::new();
    let done = carry::move_site(&from, &to, &|told| bar.show(told));
    bar.end();
    let moved = done.map_err(|e| failed(format!("{from} was not moved to {to}"), e))?;
    let mut text = String::new();
    let mut rows = 0;
    for (table, sum) in moved.tables.iter().filter(|(_, sum)| sum.rows > 0) {
        let hash = sum.hash();
        text.push_str(&format!("{table:<24} {:>10} rows  {}\n", sum.rows, hash.get(..HASH_SHOWN).unwrap_or(&hash)));
        rows += sum.rows;
    }
    text.push_str(&format!(
        "{rows} rows were moved from {from} to {to}; each table was counted and hashed at both ends.\n"
    ));
    text.push_str(&match moved.audit {
        Proof::Whole { entries, .. } => format!("The audit's chain proves itself: {entries} entries.\n"),
        Proof::Broken { no } => {
            format!("The audit's chain was broken before, at entry {no}, and came over as it was.\n")
        }
    });
    if let Some(folder) = photos_to {
        make_folder(folder)?;
        let copied = carry::copy_files(&super::photos(settings), folder)
            .map_err(|e| failed("the database was moved, but not all files".to_owned(), e))?;
        text.push_str(&format!("{} files were copied, {} of them were there.\n", copied.files, copied.known));
    }
    text.push_str("Put the new address into the settings (central.database), then start the server.\n");
    out(&text)
}

/// Gives work out again after a restore.
///
/// # Errors
/// If the database cannot be opened or written.
pub(super) fn resume(settings: &CentralSettings) -> Result<(), CliError> {
    let central = super::open(settings)?;
    let waited = central
        .store()
        .write_blocking(super::ACTOR, carry::heard_all)
        .map_err(|e| CliError::room("nothing was changed", "", e))?;
    out(&if waited == 0 {
        "No station was waited for.\n".to_owned()
    } else {
        format!("{waited} station(s) are waited for no more; work is given out again.\n")
    })
}

/// An address, or the first line of the file behind `@`.
fn address(text: &str) -> Result<Target, CliError> {
    let line = match text.strip_prefix('@') {
        Some(path) => first_line(Path::new(path))?,
        None => text.to_owned(),
    };
    line.parse().map_err(|e: crate::sql::SqlError| CliError::room("the address of a database cannot be used", "", e))
}

fn first_line(path: &Path) -> Result<String, CliError> {
    use std::io::{BufRead as _, Read as _};
    let fault = |source| CliError::File { what: "cannot read", path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(fault)?;
    let mut line = String::new();
    std::io::BufReader::new(file.take(ADDRESS_BYTES_MAX)).read_line(&mut line).map_err(fault)?;
    Ok(line.trim().to_owned())
}

fn failed(what: String, error: CarryError) -> CliError {
    CliError::room(what, "", error)
}

fn now_ms() -> i64 {
    system_clock()().0
}

/// A point in time for people, in the site's zone.
fn when(utc_ms: i64, zone: &str) -> String {
    match jiff::Timestamp::from_millisecond(utc_ms).map(|t| t.in_tz(zone)) {
        Ok(Ok(at)) => at.strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Ok(Err(_)) | Err(_) => format!("{utc_ms} ms"),
    }
}

/// On a terminal one line that counts; elsewhere a line for each table that is through.
struct Bar {
    terminal: bool,
    shown: Cell<bool>,
}

impl Bar {
    fn new() -> Bar {
        Bar { terminal: std::io::stderr().is_terminal(), shown: Cell::new(false) }
    }

    fn show(&self, told: Told<'_>) {
        let Told { what, table, rows, done } = told;
        let line = match (self.terminal, done) {
            (true, _) => format!("\r\x1b[K{what} {table} {rows}"),
            (false, true) if rows > 0 => format!("{what} {table}: {rows} rows\n"),
            (false, _) => return,
        };
        self.shown.set(true);
        // What cannot be shown is no reason to fail.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    fn end(&self) {
        if self.terminal && self.shown.get() {
            let _ = std::io::stderr().write_all(b"\r\x1b[K");
        }
    }
}
