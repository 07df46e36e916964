//! Who may open a device file, and who has it open: what stands behind "no right" and "another program holds it". It looks at
//! `/proc` and `/etc/group` only; must never open, lock or change the device itself.

use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Holders that are named, at most.
const HOLDERS_MAX: usize = 4;

/// How it stands with a device file for this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// There is nothing at this path.
    Missing,
    /// It may be opened, and nobody else has it open.
    Free,
    /// This user may not open it.
    NoRight(NoRight),
    /// Other programs have it open.
    Held(Vec<Holder>),
}

/// Why a user may not open a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRight {
    /// Name or number of the group that may, where one may.
    pub group: Option<String>,
    /// The user was added to the group, but this session began before that.
    pub log_in_again: bool,
}

/// A program that has a file open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// Its name, as the system shows it.
    pub program: String,
}

/// How it stands with a device file.
#[must_use]
pub fn look(path: &Path) -> Access {
    let Ok(meta) = std::fs::metadata(path) else { return Access::Missing };
    if rustix::fs::access(path, rustix::fs::Access::READ_OK | rustix::fs::Access::WRITE_OK).is_err() {
        let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
        let user = std::env::var("USER").unwrap_or_default();
        return Access::NoRight(no_right(meta.mode(), meta.gid(), &groups, &user));
    }
    let holders = holders(path);
    if holders.is_empty() { Access::Free } else { Access::Held(holders) }
}

/// The group that could open a file of this mode, as `/etc/group` names it.
fn no_right(mode: u32, gid: u32, groups: &str, user: &str) -> NoRight {
    if mode & 0o060 != 0o060 {
        return NoRight { group: None, log_in_again: false };
    }
    let row = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let found = row.into_iter().find(|row| row.get(2).is_some_and(|id| id.parse() == Ok(gid)));
    let name = found.as_ref().and_then(|row| row.first().map(|name| (*name).to_owned()));
    let member =
        found.and_then(|row| row.get(3).map(|list| list.split(',').any(|one| !user.is_empty() && one == user)));
    NoRight { group: Some(name.unwrap_or_else(|| gid.to_string())), log_in_again: member.unwrap_or(false) }
}

/// Other programs that have this file open, as far as this user may see them. A file that is not there is held by nobody.
#[must_use]
pub fn holders(path: &Path) -> Vec<Holder> {
    let Ok(real) = std::fs::canonicalize(path) else { return Vec::new() };
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let own = std::process::id();
    let mut found = Vec::new();
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        if pid != own && has_open(&process.path().join("fd"), &real) {
            let program = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            found.push(Holder { pid, program: program.trim().chars().take(40).collect() });
            if found.len() == HOLDERS_MAX {
                break;
            }
        }
    }
    found
}

fn has_open(folder: &Path, real: &Path) -> bool {
    // Other users' processes cannot be looked into: theirs shows as "busy" when the device is opened.
    let Ok(open) = std::fs::read_dir(folder) else { return false };
    let (mut it, mut maker) = (false, false);
    for target in open.flatten().filter_map(|one| std::fs::read_link(one.path()).ok()) {
        it |= target == real;
        maker |= target == Path::new("/dev/ptmx");
    }
    // Whoever made a pseudo-terminal keeps both of its ends and reads none of what is meant for us.
    it && !(maker && real.starts_with("/dev/pts"))
}

/// Whether the path is a device at all: a folder or a plain file is a slip in the settings.
#[must_use]
pub fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.file_type().is_char_device())
}

/// The file behind a path of the settings: `*` in its last part stands for anything, so that a replaced device of the same
/// model is found (`/dev/serial/by-id/usb-ACME_Scanner*`). Of several, the first by name that nobody else holds.
#[must_use]
pub fn resolve(path: &Path) -> Option<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some((head, tail)) = name.split_once('*') else {
        return path.exists().then(|| path.to_path_buf());
    };
    let fits = |entry: &str| entry.len() >= head.len() + tail.len() && entry.starts_with(head) && entry.ends_with(tail);
    let entries = std::fs::read_dir(path.parent()?).ok()?;
    let mut found: Vec<PathBuf> =
        entries.flatten().filter(|e| e.file_name().to_str().is_some_and(fits)).map(|e| e.path()).collect();
    found.sort();
    let free = found.iter().position(|one| one.exists() && holders(one).is_empty());
    found.into_iter().nth(free.unwrap_or(0)).filter(|one| one.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_may_is_named() {
        let groups = "root:x:0:\ndialout:x:20:anna,ben\nplugdev:x:46:\n";
        let named = |mode, gid, user| no_right(mode, gid, groups, user);
        assert_eq!(named(0o20_660, 20, "carl"), NoRight { group: Some("dialout".into()), log_in_again: false });
        assert_eq!(named(0o20_660, 20, "ben"), NoRight { group: Some("dialout".into()), log_in_again: true });
        assert_eq!(named(0o20_600, 20, "ben"), NoRight { group: None, log_in_again: false });
        assert_eq!(named(0o20_660, 999, "carl"), NoRight { group: Some("999".into()), log_in_again: false });
    }

    #[test]
    fn a_star_finds_the_device_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = folder.path().join("usb-ACME_Scanner*-if00");
        assert_eq!(resolve(&wanted), None);
        std::fs::write(folder.path().join("usb-Other-if00"), b"").unwrap();
        std::fs::write(folder.path().join("usb-ACME_Scanner_S2-if00"), b"").unwrap();
        assert_eq!(resolve(&wanted), Some(folder.path().join("usb-ACME_Scanner_S2-if00")));
        assert_eq!(resolve(&folder.path().join("none")), None);
    }

    #[test]
    fn this_program_is_no_stranger_to_itself() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(look(file.path()), Access::Free);
        assert_eq!(look(Path::new("/nowhere/at/all")), Access::Missing);
        assert!(!is_device(file.path()) && is_device(Path::new("/dev/null")));
    }
}
