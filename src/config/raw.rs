//! What was written: values by path, each with its origin. Nothing is believed yet.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::key::{Kind, find, nearest_path};
use super::problem::{Origin, Problem, Problems};

/// What the names of our environment variables start with.
const ENVIRONMENT_PREFIX: &str = "PACKBENCH_";
/// Variables with that prefix that are not settings: tests use them.
const ENVIRONMENT_OTHERS: &[&str] = &["PACKBENCH_CONFIG", "PACKBENCH_TEST_"];
/// Longest settings file, in bytes.
const FILE_BYTES_MAX: usize = 1 << 20;

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawValue {
    /// Text; also every value of the environment and of flags.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// True or false.
    Flag(bool),
}

impl RawValue {
    /// The value as one would type it.
    #[must_use]
    pub fn typed(&self) -> String {
        match self {
            RawValue::Text(text) => text.clone(),
            RawValue::Whole(n) => n.to_string(),
            RawValue::Flag(yes) => yes.to_string(),
        }
    }
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value.
    pub value: RawValue,
    /// The place.
    pub origin: Origin,
}

/// Settings as written, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw {
    values: BTreeMap<String, Found>,
}

impl Raw {
    /// Reads the text of a settings file. Every slip and every unknown key is reported.
    ///
    /// # Errors
    /// All problems of the file, with their lines.
    pub fn from_toml(path: &Path, text: &str) -> Result<Raw, Problems> {
        let mut reader = Reader { path, text, raw: Raw::default(), problems: Problems::default() };
        if text.len() > FILE_BYTES_MAX {
            reader.problem(None, "", format!("the file is longer than {FILE_BYTES_MAX} bytes: is it the right one?"));
            return Err(reader.problems);
        }
        let (table, slips) = DeTable::parse_recoverable(text);
        for slip in &slips {
            reader.problem(slip.span().map(|s| s.start), "", format!("this is not TOML: {}", slip.message().trim()));
        }
        reader.table("", table.get_ref());
        reader.problems.or(reader.raw)
    }

    /// Takes our variables out of an environment; the others are left alone. `PACKBENCH_STATION_THEME` is
    /// `station.theme`; a device's name stands between double underscores: `PACKBENCH_STATION_PRINTERS__LABEL__HOST`.
    ///
    /// # Errors
    /// All variables with our prefix that are no setting.
    pub fn from_environment<I>(variables: I) -> Result<Raw, Problems>
    where
        I: IntoIterator<Item = (String, String)>,
    {
        let mut raw = Raw::default();
        let mut problems = Problems::default();
        for (name, value) in variables {
            let Some(tail) = name.strip_prefix(ENVIRONMENT_PREFIX) else { continue };
            if ENVIRONMENT_OTHERS.iter().any(|o| name.starts_with(o)) {
                continue;
            }
            let path = environment_path(tail);
            let origin = Origin::Environment(name);
            match check_path(&path) {
                Ok(()) => raw.insert(path, RawValue::Text(value), origin),
                Err(what) => problems.0.push(Problem { origin: Some(origin), key: path, what }),
            }
        }
        problems.or(raw)
    }

    /// Adds a value of the command line, with the flag as it is written there: `--listen`.
    pub fn set_flag(&mut self, path: &str, flag: &str, value: impl Into<String>) {
        self.insert(path.to_owned(), RawValue::Text(value.into()), Origin::Flag(flag.to_owned()));
    }

    /// These settings, and over them those of `stronger`. Where a device's `kind` changes, the keys of the former
    /// kind that the new one does not know go.
    #[must_use]
    pub fn under(mut self, stronger: Raw) -> Raw {
        for (path, found) in &stronger.values {
            if let Some(device) = path.strip_suffix(".kind") {
                let kind = found.value.typed();
                let stays = |p: &str| find(p).is_none_or(|k| k.only.is_empty() || k.only.contains(&kind.as_str()));
                self.values.retain(|p, _| !p.starts_with(&format!("{device}.")) || stays(p));
            }
        }
        self.values.extend(stronger.values);
        self
    }

    /// The value at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Found> {
        self.values.get(path)
    }

    /// Names of the devices under a path: `station.scanners`.
    #[must_use]
    pub fn names(&self, path: &str) -> Vec<String> {
        let prefix = format!("{path}.");
        let names = self.values.keys().filter_map(|k| k.strip_prefix(&prefix)?.split('.').next());
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.dedup();
        names
    }

    /// All values, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Found)> {
        self.values.iter().map(|(path, found)| (path.as_str(), found))
    }

    fn insert(&mut self, path: String, value: RawValue, origin: Origin) {
        self.values.insert(path, Found { value, origin });
    }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    raw: Raw,
    problems: Problems,
}

impl Reader<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let path =
                if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
            self.entry(path, key.span().start, value);
        }
    }

    fn entry(&mut self, path: String, at: usize, value: &Spanned<DeValue<'_>>) {
        let read = match value.get_ref() {
            DeValue::Table(inner) if find(&path).is_none() => return self.table(&path, inner),
            DeValue::String(text) => Ok(RawValue::Text(text.to_string())),
            DeValue::Boolean(yes) => Ok(RawValue::Flag(*yes)),
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
                .map(RawValue::Whole)
                .map_err(|_| "this number is too great".to_owned()),
            other @ (DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_)) => {
                Err(format!("no setting takes this kind of value ({})", other.type_str()))
            }
        };
        match check_path(&path).and(read) {
            Ok(value) => {
                let origin = self.origin(at);
                self.raw.insert(path, value, origin);
            }
            Err(what) => self.problem(Some(at), &path, what),
        }
    }

    fn origin(&self, at: usize) -> Origin {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        Origin::File { path: self.path.to_owned(), line: 1 + before.iter().filter(|b| **b == b'\n').count() }
    }

    fn problem(&mut self, at: Option<usize>, key: &str, what: String) {
        let origin = Some(self.origin(at.unwrap_or(0)));
        self.problems.0.push(Problem { origin, key: key.to_owned(), what });
    }
}

/// `STATION_PRINTERS__LABEL__HOST` is `station.printers.label.host`; single underscores stay within a word.
fn environment_path(tail: &str) -> String {
    let lower = tail.to_ascii_lowercase();
    match lower.split_once('_') {
        Some((room, rest)) => {
            let mut words = rest.split("__");
            let first = words.next().unwrap_or_default();
            words.enumerate().fold(format!("{room}.{first}"), |path, (i, word)| {
                // The first of them is the device's name, which has hyphens where variables cannot.
                let word = if i == 0 { word.replace('_', "-") } else { word.to_owned() };
                format!("{path}.{word}")
            })
        }
        None => lower,
    }
}

/// Says what to do about a path that is no setting.
fn check_path(path: &str) -> Result<(), String> {
    if find(path).is_some() {
        return Ok(());
    }
    Err(match nearest_path(path) {
        Some(near) => format!("there is no such setting. Did you mean {near}?"),
        None => "there is no such setting; the example file lists all".to_owned(),
    })
}

/// May a value of this kind be repeated in a message?
pub(super) fn may_be_shown(kind: Kind) -> bool {
    kind != Kind::Secret
}
