//! Reading the house's own files, for the tests that keep it tidy.

use std::path::{Path, PathBuf};

/// One text file of the house.
pub struct Text {
    /// Path from the package's root, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl Text {
    /// The room of `src/` it belongs to: `core`, `main.rs`.
    pub fn room(&self) -> Option<&str> {
        self.path.strip_prefix("src/").and_then(|p| p.split('/').next())
    }
}

/// The package's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files under a folder of the package whose name ends in one of these, sorted by path.
pub fn files(folder: &str, endings: &[&str]) -> Vec<Text> {
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.retain(|p| endings.iter().any(|e| p.to_string_lossy().ends_with(e)));
    paths.sort();
    paths.iter().map(|p| read(p)).collect()
}

/// One file by its path from the root; `None` where it is not there.
pub fn file(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

fn read(path: &Path) -> Text {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    Text { path, text }
}

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, out);
        } else {
            out.push(path);
        }
    }
}
