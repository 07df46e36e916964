//! Programs of the system that a device is reached through: players, recorders, speech. Finds one that may be run; must never run it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A program with its arguments.
pub type Program = (PathBuf, Vec<String>);

/// The program of the settings, where it may be run; without one the first of the known programs that is there.
pub(super) fn choose(set: Option<&Program>, known: &[(&str, &[&str])]) -> Option<Program> {
    match set {
        Some((program, args)) => find(program).map(|path| (path, args.clone())),
        None => known.iter().find_map(|(program, args)| {
            find(Path::new(program)).map(|path| (path, args.iter().map(|arg| (*arg).to_owned()).collect()))
        }),
    }
}

/// A name is looked for on the PATH; a path is taken as it is.
fn find(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return runs(program).then(|| program.to_path_buf());
    }
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| runs(path))
}

fn runs(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}
