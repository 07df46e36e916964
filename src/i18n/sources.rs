//! The catalogue's files, compiled in.

use super::lang::Lang;

/// One file of the catalogue in one language.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Name without folder: `station.ftl`.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! catalogue_files {
    ($($file:literal),* $(,)?) => {
        /// Names of the files that every language has.
        pub const FILES: &[&str] = &[$($file),*];
        const EN: &[Source] = &[$(Source { file: $file, text: include_str!(concat!("../../assets/i18n/en/", $file)) }),*];
        const ES: &[Source] = &[$(Source { file: $file, text: include_str!(concat!("../../assets/i18n/es/", $file)) }),*];
        const MS: &[Source] = &[$(Source { file: $file, text: include_str!(concat!("../../assets/i18n/ms/", $file)) }),*];
        const RU: &[Source] = &[$(Source { file: $file, text: include_str!(concat!("../../assets/i18n/ru/", $file)) }),*];
    };
}

catalogue_files!(
    "board.ftl",
    "check.ftl",
    "cli.ftl",
    "console.ftl",
    "countries.ftl",
    "device.ftl",
    "documents.ftl",
    "engine.ftl",
    "exception.ftl",
    "handover.ftl",
    "labels.ftl",
    "layout.ftl",
    "mail.ftl",
    "neworder.ftl",
    "office.ftl",
    "orders.ftl",
    "places.ftl",
    "products.ftl",
    "reason.ftl",
    "refusal.ftl",
    "returns.ftl",
    "setup.ftl",
    "sheets.ftl",
    "station.ftl",
    "stock.ftl",
    "voice.ftl",
    "window.ftl",
);

/// The files of one language, in the order of [`FILES`].
#[must_use]
pub fn sources(lang: Lang) -> &'static [Source] {
    match lang {
        Lang::En => EN,
        Lang::Es => ES,
        Lang::Ms => MS,
        Lang::Ru => RU,
    }
}
