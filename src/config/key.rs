//! One setting: its name and form, and finding it by a path, also by one that is nearly right. The table is `keys`.

use super::keys::KEYS;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// A file or folder.
    Path,
    /// A whole number within these bounds.
    Whole(i64, i64),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Some of these words, with commas between them.
    Words(&'static [&'static str]),
    /// An address that starts with one of these schemes.
    Url(&'static [&'static str]),
    /// An address and port to listen at.
    Socket,
    /// An IANA time zone.
    Zone,
    /// Addresses and networks, with commas between them.
    Networks,
    /// Bytes: text with `\r`, `\n`, `\t`, `\\` and `\xHH`.
    Bytes,
    /// Never shown, never logged.
    Secret,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its path; `*` stands for a name the site gives, such as a scanner's.
    pub path: &'static str,
    /// What a value must look like.
    pub kind: Kind,
    /// The built-in value, as written in the file; empty where there is none.
    pub default: &'static str,
    /// A sample value for the example file, where there is no built-in one.
    pub sample: &'static str,
    /// The device kinds that know it; empty: all of them.
    pub only: &'static [&'static str],
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// A setting without a limit to kinds of devices.
pub(super) const fn key(
    path: &'static str,
    kind: Kind,
    default: &'static str,
    sample: &'static str,
    doc: &'static str,
) -> Key {
    Key { path, kind, default, sample, only: &[], doc }
}

impl Key {
    /// Only devices of these kinds have it.
    pub(super) const fn only(mut self, kinds: &'static [&'static str]) -> Key {
        self.only = kinds;
        self
    }
}

/// The setting of a path as written, with names in place of `*`.
#[must_use]
pub fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| matches_pattern(key.path, path))
}

fn matches_pattern(pattern: &str, path: &str) -> bool {
    let mut words = path.split('.');
    let same = pattern.split('.').all(|p| words.next().is_some_and(|w| if p == "*" { is_name(w) } else { p == w }));
    same && words.next().is_none()
}

/// A name that a site may give a device: 1 to 32 lower-case letters, digits and hyphens.
pub(super) fn is_name(word: &str) -> bool {
    (1..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// The known path nearest to a wrong one, if one is near enough to be meant.
pub(super) fn nearest_path(wrong: &str) -> Option<String> {
    let words: Vec<&str> = wrong.split('.').collect();
    let named = KEYS.iter().map(|key| {
        let parts = key.path.split('.').enumerate();
        parts
            .map(|(i, p)| if p == "*" { words.get(i).copied().unwrap_or("NAME") } else { p })
            .collect::<Vec<_>>()
            .join(".")
    });
    named
        .map(|path| (distance(&path, wrong), path))
        .min()
        .filter(|(d, path)| *d <= 3.max(path.len() / 4))
        .map(|(_, path)| path)
}

/// The nearest of some words, if one is near enough.
pub(super) fn nearest_word(wrong: &str, words: &[&'static str]) -> Option<&'static str> {
    let wrong = wrong.to_ascii_lowercase();
    words.iter().map(|w| (distance(w, &wrong), *w)).min().filter(|(d, w)| *d <= 1.max(w.len() / 2)).map(|(_, w)| w)
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
