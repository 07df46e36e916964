//! `packbench doctor`: what works on this machine, what does not, and what to do. It looks only: it makes no folder,
//! migrates nothing, prints nothing on paper and sends no token.

#[cfg(feature = "station")]
mod cameras;
#[cfg(feature = "central")]
mod central;
#[cfg(feature = "station")]
mod devices;
#[cfg(feature = "station")]
mod net;
#[cfg(feature = "station")]
mod station;
#[cfg(feature = "station")]
mod usb;

use super::error::out;
use super::settings::{self, Loaded};
use super::{Cli, CliError};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// Works.
    Good,
    /// Does not work: something must be done.
    Broken,
    /// Works, but somebody should look.
    Look,
    /// Not set up, or cannot be looked at here.
    None,
}

impl Mark {
    fn sign(self) -> char {
        match self {
            Mark::Good => '✓',
            Mark::Broken => '✗',
            Mark::Look => '!',
            Mark::None => '–',
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    mark: Mark,
    what: String,
    todo: String,
}

/// What was found, part by part.
#[derive(Debug, Default)]
struct Findings {
    parts: Vec<(&'static str, Vec<Finding>)>,
}

impl Findings {
    fn part(&mut self, title: &'static str) {
        self.parts.push((title, Vec::new()));
    }

    fn add(&mut self, mark: Mark, what: impl Into<String>, todo: impl Into<String>) {
        if self.parts.is_empty() {
            self.part("General");
        }
        if let Some((_, list)) = self.parts.last_mut() {
            list.push(Finding { mark, what: what.into(), todo: todo.into() });
        }
    }

    fn good(&mut self, what: impl Into<String>) {
        self.add(Mark::Good, what, "");
    }

    fn broken(&mut self, what: impl Into<String>, todo: impl Into<String>) {
        self.add(Mark::Broken, what, todo);
    }

    fn count(&self, mark: Mark) -> usize {
        self.parts.iter().flat_map(|(_, list)| list).filter(|f| f.mark == mark).count()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (title, list) in &self.parts {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{title}");
            for f in list {
                let _ = writeln!(text, "  {} {}", f.mark.sign(), f.what);
                if !f.todo.is_empty() {
                    let _ = writeln!(text, "      → {}", f.todo);
                }
            }
        }
        let verdict = match (self.count(Mark::Broken), self.count(Mark::Look)) {
            (0, 0) => "Nothing is broken.".to_owned(),
            (0, look) => format!("Nothing is broken; {look} to look at (!)."),
            (broken, _) => format!("{broken} broken (✗): do what the arrows say, then run `packbench doctor` again."),
        };
        let _ = writeln!(text, "\n{verdict}");
        text
    }
}

/// Checks everything and prints it.
///
/// # Errors
/// If the result cannot be printed.
pub(super) fn run(cli: &Cli) -> Result<ExitCode, CliError> {
    let mut found = Findings::default();
    found.part("Settings");
    let loaded = match settings::load(cli, &[]) {
        Ok(loaded) => Some(loaded),
        Err(e) => {
            found.broken(told(&e), "correct them; `packbench settings` prints an example with every setting");
            None
        }
    };
    if let Some(loaded) = &loaded {
        where_from(&mut found, loaded);
        parts(&mut found, loaded);
    }
    program(&mut found);
    out(&found.text())?;
    Ok(if found.count(Mark::Broken) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn where_from(found: &mut Findings, loaded: &Loaded) {
    match &loaded.file {
        Some(path) => found.good(format!("the file {} is read", path.display())),
        None => {
            let places: Vec<String> = settings::usual_files().iter().map(|p| p.display().to_string()).collect();
            let todo = format!(
                "to have one: `packbench settings > {}`",
                places.first().map_or("packbench.toml", String::as_str)
            );
            found.add(
                Mark::None,
                format!("no settings file (looked for {}); built-in values count", places.join(", ")),
                todo,
            );
        }
    }
}

fn parts(found: &mut Findings, loaded: &Loaded) {
    #[cfg(feature = "station")]
    station::check(found, loaded);
    #[cfg(not(feature = "station"))]
    absent(found, "Station", "station");
    #[cfg(feature = "central")]
    central::check(found, loaded);
    #[cfg(not(feature = "central"))]
    absent(found, "Central", "central");
    #[cfg(not(any(feature = "station", feature = "central")))]
    let _ = loaded;
}

#[cfg(not(all(feature = "station", feature = "central")))]
fn absent(found: &mut Findings, title: &'static str, feature: &str) {
    found.part(title);
    found.add(Mark::None, format!("this program was built without its {feature} part"), "");
}

/// What is built in.
fn program(found: &mut Findings) {
    found.part("Program");
    found.good(format!("packbench {}", super::VERSION));
    match crate::sql::check_sqlite_version() {
        Ok(()) => found.good(format!("SQLite {}", crate::sql::sqlite_version())),
        Err(e) => found.broken(format!("SQLite {}", crate::sql::sqlite_version()), told(&e)),
    }
    let damaged = crate::labels::text::Face::ALL.into_iter().find_map(|face| face.font().err());
    match damaged {
        None => found.good("fonts for labels and papers"),
        Some(e) => found.broken(format!("fonts for labels and papers: {e}"), "install the program again"),
    }
    let words = crate::i18n::Lang::ALL.map(|lang| lang.code()).join(", ");
    found.good(format!("languages {words}"));
}

/// An error with its causes, in one line.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        let line = e.to_string();
        if !line.is_empty() && !text.contains(&line) {
            text.push_str(": ");
            text.push_str(&line);
        }
        cause = e.source();
    }
    text
}

/// Whether files can be written in a folder, or in the nearest one above it that is there.
fn folder(found: &mut Findings, what: &str, path: &Path) {
    let shown = path.display();
    let Some(there) = path.ancestors().find(|p| p.exists()) else {
        found.broken(format!("{what} {shown}: no folder above it is there"), "check the path");
        return;
    };
    if !there.is_dir() {
        found.broken(format!("{what} {shown}: {} is no folder", there.display()), "choose another path");
        return;
    }
    if !writable(there) {
        let todo = format!("give this user the right to write in {}, or choose another folder", there.display());
        found.broken(format!("{what} {shown} cannot be written"), todo);
        return;
    }
    let not_yet = if there == path { "" } else { " (made at the first start)" };
    match free_mib(there) {
        Some(mib) if mib < FREE_MIB_MIN => {
            found.broken(format!("{what} {shown}: only {mib} MiB are free"), "free some space on the disk");
        }
        Some(mib) => found.good(format!("{what} {shown}{not_yet}, {} free", size(mib))),
        None => found.good(format!("{what} {shown}{not_yet}")),
    }
}

/// Free space below which new work is dangerous, MiB.
const FREE_MIB_MIN: u64 = 256;

fn size(mib: u64) -> String {
    if mib >= 10_240 { format!("{} GiB", mib / 1_024) } else { format!("{mib} MiB") }
}

/// A file is made and removed; rights alone do not tell of a disk that is mounted for reading.
fn writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".packbench-doctor-{}", std::process::id()));
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&probe).is_ok();
    if made && std::fs::remove_file(&probe).is_err() {
        return false;
    }
    made
}

#[cfg(feature = "station")]
fn free_mib(folder: &Path) -> Option<u64> {
    super::disk::free_bytes(folder).map(|bytes| bytes >> 20)
}

#[cfg(not(feature = "station"))]
fn free_mib(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_thing_is_shown_with_what_to_do() {
        let mut found = Findings::default();
        found.part("Disk");
        found.good("one");
        found.broken("two", "repair it");
        let text = found.text();
        assert!(text.contains("✓ one") && text.contains("✗ two\n      → repair it"), "{text}");
        assert!(text.contains("1 broken"), "{text}");
    }

    #[test]
    fn a_folder_is_probed_without_leaving_anything() {
        let here = std::env::temp_dir().join(format!("packbench-doctor-test-{}", std::process::id()));
        std::fs::create_dir_all(&here).unwrap();
        let mut found = Findings::default();
        folder(&mut found, "data", &here.join("not").join("yet"));
        assert_eq!(found.count(Mark::Broken), 0, "{}", found.text());
        assert!(found.text().contains("made at the first start"));
        assert_eq!(std::fs::read_dir(&here).unwrap().count(), 0);
        std::fs::remove_dir_all(&here).unwrap();
    }
}
