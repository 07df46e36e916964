//! One language of the catalogue, ready to be asked.
//!
//! A language is read once in a process, whoever asks. Messages without arguments are resolved then: asking for one of
//! them borrows, so a window may ask for a hundred in every frame. Only messages with arguments are put together when asked.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, OnceLock, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;

use super::format::{Format, grouped};
use super::lang::Lang;
use super::sources::sources;
use crate::core::message::{Arg, Message};

/// How many different missing keys are logged; a broken caller must not fill the log.
const MISSING_LOGGED_MAX: usize = 200;

/// The zone's name is in no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {name:?}: write an IANA name such as \"Europe/London\"")]
pub struct UnknownZone {
    /// What was asked for.
    pub name: String,
    #[source]
    source: ZoneError,
}

/// What the table of zones answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct ZoneError(String);

/// All words of one language, and its way of writing values in one time zone.
pub struct Catalogue {
    format: Format,
    words: &'static Words,
}

/// What a language says, whatever the zone.
struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    /// Messages without arguments.
    simple: HashMap<String, String>,
    missing: Mutex<BTreeSet<String>>,
}

impl Words {
    /// The language, read at the first call in the process.
    fn of(lang: Lang) -> &'static Words {
        static EN: OnceLock<Words> = OnceLock::new();
        static ES: OnceLock<Words> = OnceLock::new();
        static MS: OnceLock<Words> = OnceLock::new();
        static RU: OnceLock<Words> = OnceLock::new();
        let kept = match lang {
            Lang::En => &EN,
            Lang::Es => &ES,
            Lang::Ms => &MS,
            Lang::Ru => &RU,
        };
        kept.get_or_init(|| Words::read(lang))
    }

    fn read(lang: Lang) -> Words {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.identifier()]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match lang {
            Lang::En => |v, _| number_of(Lang::En, v),
            Lang::Es => |v, _| number_of(Lang::Es, v),
            Lang::Ms => |v, _| number_of(Lang::Ms, v),
            Lang::Ru => |v, _| number_of(Lang::Ru, v),
        }));
        for source in sources(lang) {
            // A file with a slip in it keeps its good messages; the tests accept neither slips nor doubles.
            let resource = FluentResource::try_new(source.text.to_owned()).unwrap_or_else(|(good, errors)| {
                tracing::error!(
                    file = source.file,
                    lang = lang.code(),
                    errors = errors.len(),
                    "catalogue file has slips"
                );
                good
            });
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(
                    file = source.file,
                    lang = lang.code(),
                    doubles = errors.len(),
                    "catalogue keys occur twice"
                );
            }
        }
        let simple = resolve_simple(lang, &bundle);
        Words { lang, bundle, simple, missing: Mutex::default() }
    }

    fn log_once(&self, key: &str, what: &'static str) {
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if missing.len() < MISSING_LOGGED_MAX && missing.insert(key.to_owned()) {
            tracing::warn!(key, lang = self.lang.code(), "{what}");
        }
    }
}

impl Catalogue {
    /// A language, with times in UTC.
    #[must_use]
    pub fn new(lang: Lang) -> Catalogue {
        Catalogue::with_zone(lang, TimeZone::UTC)
    }

    /// A language, with times in the zone of that IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] where the name is in no table.
    pub fn in_zone(lang: Lang, zone: &str) -> Result<Catalogue, UnknownZone> {
        match TimeZone::get(zone) {
            Ok(zone) => Ok(Catalogue::with_zone(lang, zone)),
            Err(e) => Err(UnknownZone { name: zone.to_owned(), source: ZoneError(e.to_string()) }),
        }
    }

    /// Shows times in the zone of that IANA name from now on.
    ///
    /// # Errors
    /// [`UnknownZone`] where the name is in no table; nothing is changed then.
    pub fn set_zone(&self, zone: &str) -> Result<(), UnknownZone> {
        let zone =
            TimeZone::get(zone).map_err(|e| UnknownZone { name: zone.to_owned(), source: ZoneError(e.to_string()) })?;
        self.format.set_zone(zone);
        Ok(())
    }

    /// The same words and zone in another language.
    #[must_use]
    pub fn switched(&self, lang: Lang) -> Catalogue {
        Catalogue::with_zone(lang, self.format.zone())
    }

    fn with_zone(lang: Lang, zone: TimeZone) -> Catalogue {
        Catalogue { format: Format::new(lang, zone), words: Words::of(lang) }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.words.lang
    }

    /// How values are written.
    #[must_use]
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Does the catalogue know this key?
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.words.bundle.has_message(key)
    }

    /// A text without arguments; `⟦key⟧` where there is none. Borrows: costs one look-up.
    #[must_use]
    pub fn text(&self, key: &str) -> Cow<'_, str> {
        match self.words.simple.get(key) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(self.put_together(key, &[])),
        }
    }

    /// A text with arguments.
    #[must_use]
    pub fn text_with(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        match self.words.simple.get(key) {
            Some(text) => text.clone(),
            None => self.put_together(key, args),
        }
    }

    /// What the domain has to say, in words.
    #[must_use]
    pub fn render(&self, message: &Message) -> String {
        self.text_with(message.key, &message.args)
    }

    fn put_together(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        let Some(pattern) = self.words.bundle.get_message(key).and_then(|m| m.value()) else {
            self.words.log_once(key, "no such text in the catalogue");
            return format!("⟦{key}⟧");
        };
        let values: FluentArgs<'_> = args.iter().map(|(name, arg)| (*name, self.value(arg))).collect();
        let mut errors = Vec::new();
        let text = self.words.bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        if !errors.is_empty() {
            self.words.log_once(key, "a text lacks an argument");
        }
        text
    }

    fn value<'a>(&'a self, arg: &'a Arg) -> FluentValue<'a> {
        let f = &self.format;
        match arg {
            Arg::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Arg::Int(n) => integer(self.words.lang, *n),
            Arg::Money(money) => f.money(*money).into(),
            Arg::Mass(mass) => f.mass(*mass).into(),
            Arg::Dims(dims) => f.dims(*dims).into(),
            Arg::Time(at) => f.time(*at).into(),
            Arg::Day(day) => f.day(*day).into(),
            Arg::SpanMs(ms) => f.span(*ms).into(),
            Arg::Key(key) => FluentValue::String(self.text(key)),
        }
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue")
            .field("lang", &self.words.lang)
            .field("simple", &self.words.simple.len())
            .finish_non_exhaustive()
    }
}

/// Every message that needs no argument, resolved.
fn resolve_simple(lang: Lang, bundle: &FluentBundle<FluentResource>) -> HashMap<String, String> {
    let mut simple = HashMap::new();
    for key in sources(lang).iter().flat_map(|s| keys_of(s.text)) {
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { continue };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, None, &mut errors);
        if errors.is_empty() {
            simple.insert(key.to_owned(), text.into_owned());
        }
    }
    simple
}

/// The message keys of a file: an identifier at the start of a line, before an equals sign (Fluent syntax 1.0).
fn keys_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let key = key.trim_end();
        let first = key.chars().next()?;
        (first.is_ascii_alphabetic() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .then_some(key)
    })
}

/// Whole numbers up to 2^53 choose their plural form; greater ones, which no warehouse counts, are only shown.
fn integer<'a>(lang: Lang, n: i64) -> FluentValue<'a> {
    const EXACT_MAX: i64 = 1 << 53;
    if n.abs_diff(0) > EXACT_MAX.unsigned_abs() {
        return grouped(lang, n).into();
    }
    #[allow(clippy::cast_precision_loss)] // exact up to 2^53
    FluentValue::Number(FluentNumber::new(n as f64, FluentNumberOptions::default()))
}

/// A number inside a sentence. Only whole ones get here, see [`integer`].
fn number_of(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        #[allow(clippy::cast_possible_truncation)] // whole, within 2^53
        FluentValue::Number(n) => Some(grouped(lang, n.value as i64)),
        FluentValue::String(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => None,
    }
}
