//! Finds the settings file, adds environment and flags, and has all of it checked. Looks at the environment so that no
//! other room must.

use super::CliError;
use super::args::Cli;
use crate::config::{self, Base, Raw};
use std::path::{Path, PathBuf};

/// Settings of all rooms as written, and what they build upon.
pub(super) struct Loaded {
    /// As written.
    pub raw: Raw,
    /// The user's folders.
    pub base: Base,
    /// The file they came from, if there is one.
    pub file: Option<PathBuf>,
}

/// A setting given by a flag: its path, the flag, the value if given.
pub(super) type FlagValue<'a> = (&'static str, &'static str, Option<&'a str>);

/// Reads file and environment and lays flags over them.
///
/// # Errors
/// If the file cannot be read or holds what is no setting.
pub(super) fn load(cli: &Cli, flags: &[FlagValue<'_>]) -> Result<Loaded, CliError> {
    let file = file_of(cli);
    let mut raw = Raw::default();
    if let Some(path) = &file {
        let text = std::fs::read_to_string(path).map_err(|source| CliError::File {
            what: "cannot read the settings file",
            path: path.clone(),
            source,
        })?;
        raw = Raw::from_toml(path, &text)?;
    }
    raw = raw.under(Raw::from_environment(environment())?);
    Ok(Loaded { raw: raw.under(of_flags(flags)), base: Base { data_home: data_home() }, file })
}

/// The settings of a station whose file holds this text, with the environment over it.
///
/// # Errors
/// All that is wrong with them.
#[cfg(feature = "station")]
pub(super) fn station_of(path: &Path, text: &str) -> Result<config::StationSettings, config::Problems> {
    let raw = Raw::from_toml(path, text)?.under(Raw::from_environment(environment())?);
    config::station(&raw, &Base { data_home: data_home() })
}

/// Flags alone over what is built in: the demo must not meet the settings of a real station.
#[cfg(all(feature = "station", feature = "central"))]
pub(super) fn built_in(flags: &[FlagValue<'_>]) -> Loaded {
    Loaded { raw: of_flags(flags), base: Base { data_home: data_home() }, file: None }
}

fn of_flags(flags: &[FlagValue<'_>]) -> Raw {
    let mut raw = Raw::default();
    for (path, flag, value) in flags {
        if let Some(value) = value {
            raw.set_flag(path, flag, *value);
        }
    }
    raw
}

/// Variables that are text; others cannot be settings.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// The file that was named, or the first of the usual ones that is there.
fn file_of(cli: &Cli) -> Option<PathBuf> {
    if let Some(path) = &cli.config {
        return Some(path.clone());
    }
    if let Some(path) = std::env::var_os("PACKBENCH_CONFIG").filter(|p| !p.is_empty()) {
        return Some(PathBuf::from(path));
    }
    usual_files().into_iter().find(|p| p.is_file())
}

/// Where the settings file is looked for, in this order.
pub(super) fn usual_files() -> Vec<PathBuf> {
    let config_home = variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|h| h.join(".config")));
    let mut list: Vec<PathBuf> = config_home.into_iter().map(|c| c.join("packbench").join("packbench.toml")).collect();
    list.push(PathBuf::from("/etc/packbench/packbench.toml"));
    list
}

fn data_home() -> PathBuf {
    let named = variable("XDG_DATA_HOME").or_else(|| variable("LOCALAPPDATA"));
    named.or_else(|| variable("HOME").map(|h| h.join(".local").join("share"))).unwrap_or_else(|| PathBuf::from("."))
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute())
}

impl Loaded {
    /// The checked settings of a station.
    ///
    /// # Errors
    /// All that is wrong with them.
    #[cfg(feature = "station")]
    pub fn station(&self) -> Result<config::StationSettings, CliError> {
        Ok(config::station(&self.raw, &self.base)?)
    }

    /// The checked settings of central.
    ///
    /// # Errors
    /// All that is wrong with them.
    #[cfg(feature = "central")]
    pub fn central(&self) -> Result<config::CentralSettings, CliError> {
        Ok(config::central(&self.raw, &self.base)?)
    }

    /// Whether anything of a room is set.
    pub fn mentions(&self, room: &str) -> bool {
        self.raw.iter().any(|(path, _)| path.starts_with(room))
    }
}

/// Has every file that this process makes from now on readable by its user alone: databases, backups, lists, photos. Nothing of them is for
/// others of the machine. For processes that write no files for other programs.
#[cfg(feature = "central")]
pub(super) fn keep_files_private() {
    #[cfg(unix)]
    {
        let others = rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO;
        // What held before is of no use: it holds to the end.
        let _ = rustix::process::umask(others);
    }
}

/// Makes a folder that only its user can enter, with those above it. One that was there already, and that everybody of the machine could
/// enter, is closed to everybody; whom its group lets in stays.
///
/// # Errors
/// If it cannot be made.
pub(super) fn make_folder(path: &Path) -> Result<(), CliError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|source| CliError::File {
        what: "cannot make the data folder",
        path: path.to_owned(),
        source,
    })?;
    close_to_others(path);
    Ok(())
}

#[cfg(unix)]
fn close_to_others(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(found) = std::fs::metadata(path) else { return };
    let mode = found.permissions().mode() & 0o7777;
    // A folder that all may write into and that keeps each one's files apart, such as /tmp, is not ours.
    if mode & 0o007 == 0 || mode & 0o1000 != 0 {
        return;
    }
    if let Err(error) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & !0o007)) {
        tracing::warn!(folder = %path.display(), %error, "everybody of this machine can enter the data folder, and it cannot be closed");
    }
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) {}
