//! How a language writes numbers, money, masses, sizes, days and times.
//!
//! Separators, symbol positions and month names follow Unicode CLDR 45 for `en-GB`, `es`, `ms` and `ru`. Everything is
//! computed on integers. A number and its unit are joined by a no-break space, so a line never ends between them.

use std::sync::{PoisonError, RwLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::lang::Lang;
use crate::core::money::Money;
use crate::core::time::{Day, UtcMs};
use crate::core::units::{DimsMm, Grams};

/// No-break space: between a number and its unit.
const NBSP: char = '\u{a0}';
/// The minus sign; as wide as a figure, unlike a hyphen.
const MINUS: char = '\u{2212}';

const SECOND_MS: u64 = 1_000;
const MINUTE_S: u64 = 60;
const HOUR_MIN: u64 = 60;
const DAY_H: u64 = 24;
/// Below this many minutes a span shows its seconds: `4:12`.
const SECONDS_SHOWN_BELOW_MIN: u64 = 10;
/// The same in milliseconds: a span that grows must be shown anew every second below it.
pub const SECONDS_SHOWN_BELOW_MS: i64 = 10 * 60_000;

const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_ES: [&str; 12] = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"];
const MONTHS_MS: [&str; 12] = ["Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ogo", "Sep", "Okt", "Nov", "Dis"];
const MONTHS_RU: [&str; 12] =
    ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."];

/// Units of one language.
struct Units {
    gram: &'static str,
    kilogram: &'static str,
    millimetre: &'static str,
    second: &'static str,
    minute: &'static str,
    hour: &'static str,
    day: &'static str,
}

/// A language's way of writing values, in one time zone.
#[derive(Debug)]
pub struct Format {
    lang: Lang,
    /// A house may get another zone while people look at it.
    zone: RwLock<TimeZone>,
}

impl Format {
    /// Values in a language; times in a zone.
    #[must_use]
    pub fn new(lang: Lang, zone: TimeZone) -> Format {
        Format { lang, zone: RwLock::new(zone) }
    }

    /// The zone times are shown in.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.zone.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows times in another zone from now on.
    pub(super) fn set_zone(&self, zone: TimeZone) {
        *self.zone.write().unwrap_or_else(PoisonError::into_inner) = zone;
    }

    /// `1,204`, `1204`, `12.040`, `1 204`: Spanish groups from five digits up.
    #[must_use]
    pub fn number(&self, n: i64) -> String {
        grouped(self.lang, n)
    }

    /// Tenths of a per cent: 996 is `99.6 %`, 820 is `82 %`.
    #[must_use]
    pub fn percent(&self, tenths: i64) -> String {
        let whole = signed(tenths, &self.fixed(tenths.unsigned_abs(), 1, 0));
        format!("{whole}{NBSP}%")
    }

    /// An amount with its symbol: `£139.12`, `139,12 £`; currencies without a common symbol show their code.
    #[must_use]
    pub fn money(&self, money: Money) -> String {
        let exponent = money.currency.exponent();
        let digits = self.fixed(money.minor.unsigned_abs(), exponent, exponent);
        let code = money.currency.as_str();
        let symbol = symbol(code);
        let before = match self.lang {
            Lang::En | Lang::Ms => true,
            Lang::Es | Lang::Ru => false,
        };
        let text = match (before, symbol) {
            (true, Some(symbol)) => format!("{symbol}{digits}"),
            (true, None) => format!("{code}{NBSP}{digits}"),
            (false, _) => format!("{digits}{NBSP}{}", symbol.unwrap_or(code)),
        };
        signed(money.minor, &text)
    }

    /// `320 g` below a kilogram, `12.08 kg` from there, with the third digit only where it is not zero.
    #[must_use]
    pub fn mass(&self, mass: Grams) -> String {
        if mass.0.unsigned_abs() < 1_000 {
            return self.grams(mass);
        }
        let digits = self.fixed(mass.0.unsigned_abs(), 3, 2);
        signed(mass.0, &format!("{digits}{NBSP}{}", self.units().kilogram))
    }

    /// Always in grams: `1,320 g`.
    #[must_use]
    pub fn grams(&self, mass: Grams) -> String {
        format!("{}{NBSP}{}", self.number(mass.0), self.units().gram)
    }

    /// The figure and the unit of a mass apart, for a scale's display: `("12.11", "kg")`.
    #[must_use]
    pub fn mass_parts(&self, mass: Grams) -> (String, &'static str) {
        let units = self.units();
        if mass.0.unsigned_abs() < 1_000 {
            return (self.number(mass.0), units.gram);
        }
        (signed(mass.0, &self.fixed(mass.0.unsigned_abs(), 3, 2)), units.kilogram)
    }

    /// A difference always carries its sign: `+ 30 g`.
    #[must_use]
    pub fn mass_difference(&self, mass: Grams) -> String {
        let size = self.mass(Grams(mass.0.saturating_abs()));
        match mass.0.signum() {
            1 => format!("+{NBSP}{size}"),
            -1 => format!("{MINUS}{NBSP}{size}"),
            _ => size,
        }
    }

    /// `400 × 300 × 300 mm`.
    #[must_use]
    pub fn dims(&self, dims: DimsMm) -> String {
        let unit = self.units().millimetre;
        format!("{}{NBSP}×{NBSP}{}{NBSP}×{NBSP}{}{NBSP}{unit}", dims.length, dims.width, dims.height)
    }

    /// Hours and minutes in the zone: `14:30`.
    #[must_use]
    pub fn time(&self, at: UtcMs) -> String {
        self.zoned(at).map_or_else(no_time, |z| format!("{:02}:{:02}", z.hour(), z.minute()))
    }

    /// With seconds: `13:49:51`.
    #[must_use]
    pub fn time_s(&self, at: UtcMs) -> String {
        self.zoned(at).map_or_else(no_time, |z| format!("{:02}:{:02}:{:02}", z.hour(), z.minute(), z.second()))
    }

    /// Day and time in the zone as one reads them now: `1 Dec 08:26`, with the year where it is another one than this.
    #[must_use]
    pub fn date_time(&self, at: UtcMs, now: UtcMs) -> String {
        let Some(z) = self.zoned(at) else { return no_time() };
        if self.zoned(now).is_none_or(|now| now.year() != z.year()) {
            return self.date_time_whole(at);
        }
        format!("{}{NBSP}{} {:02}:{:02}", z.day(), self.month(z.month().unsigned_abs()), z.hour(), z.minute())
    }

    /// Day with its year and time in the zone, for what is kept: `1 Dec 2010 08:26`.
    #[must_use]
    pub fn date_time_whole(&self, at: UtcMs) -> String {
        if self.zoned(at).is_none() { no_time() } else { format!("{} {}", self.date(at), self.time(at)) }
    }

    /// The calendar day of a moment in the zone: `1 Dec 2010`.
    #[must_use]
    pub fn date(&self, at: UtcMs) -> String {
        let day = self.zoned(at).and_then(|z| Day::new(z.year(), z.month().unsigned_abs(), z.day().unsigned_abs()));
        day.map_or_else(no_time, |day| self.day(day))
    }

    /// `1 Dec 2010`.
    #[must_use]
    pub fn day(&self, day: Day) -> String {
        let tail = if self.lang == Lang::Ru { "\u{a0}г." } else { "" };
        format!("{}{NBSP}{}{NBSP}{}{tail}", day.day, self.month(day.month), day.year)
    }

    /// A span as one reads it aloud: `12 s`, `4:12` (below ten minutes), `42 min`, `2 h 10 min`, `9 d 4 h`.
    #[must_use]
    pub fn span(&self, ms: i64) -> String {
        let units = self.units();
        let seconds = ms.unsigned_abs() / SECOND_MS;
        let minutes = seconds / MINUTE_S;
        let hours = minutes / HOUR_MIN;
        let text = if minutes == 0 {
            format!("{seconds}{NBSP}{}", units.second)
        } else if minutes < SECONDS_SHOWN_BELOW_MIN {
            format!("{minutes}:{:02}", seconds % MINUTE_S)
        } else if hours == 0 {
            format!("{minutes}{NBSP}{}", units.minute)
        } else if hours < DAY_H {
            two(hours, units.hour, minutes % HOUR_MIN, units.minute)
        } else {
            two(hours / DAY_H, units.day, hours % DAY_H, units.hour)
        };
        if seconds == 0 { text } else { signed(ms, &text) }
    }

    /// A span in whole minutes or greater units, never with seconds: `0 min`, `3 min`, `2 h 10 min`.
    #[must_use]
    pub fn span_min(&self, ms: i64) -> String {
        let minutes = ms.unsigned_abs() / SECOND_MS / MINUTE_S;
        if minutes < SECONDS_SHOWN_BELOW_MIN {
            let text = format!("{minutes}{NBSP}{}", self.units().minute);
            return if minutes == 0 { text } else { signed(ms, &text) };
        }
        self.span(ms)
    }

    /// A stopwatch: `0:07`, `4:12`, `1:02:09`.
    #[must_use]
    pub fn stopwatch(&self, ms: i64) -> String {
        let s = ms.unsigned_abs() / SECOND_MS;
        let (h, m, s) = (s / MINUTE_S / HOUR_MIN, s / MINUTE_S % HOUR_MIN, s % MINUTE_S);
        if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
    }

    fn zoned(&self, at: UtcMs) -> Option<jiff::Zoned> {
        Timestamp::from_millisecond(at.0).ok().map(|t| t.to_zoned(self.zone()))
    }

    fn month(&self, month: u8) -> &'static str {
        let names = match self.lang {
            Lang::En => &MONTHS_EN,
            Lang::Es => &MONTHS_ES,
            Lang::Ms => &MONTHS_MS,
            Lang::Ru => &MONTHS_RU,
        };
        names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or("–")
    }

    /// `value / 10^exponent` with at least `kept` of its decimals, further ones only where they are not zero.
    fn fixed(&self, value: u64, exponent: u32, kept: u32) -> String {
        let unit = 10_u64.saturating_pow(exponent);
        let whole = group_digits(self.lang, value / unit);
        let mut decimals = format!("{:0width$}", value % unit, width = exponent as usize);
        while decimals.len() > kept as usize && decimals.ends_with('0') {
            decimals.pop();
        }
        if exponent == 0 || decimals.is_empty() {
            return whole;
        }
        format!("{whole}{}{decimals}", decimal_point(self.lang))
    }

    fn units(&self) -> &'static Units {
        const LATIN: Units =
            Units { gram: "g", kilogram: "kg", millimetre: "mm", second: "s", minute: "min", hour: "h", day: "d" };
        const MALAY: Units = Units { hour: "j", day: "hari", ..LATIN };
        const RUSSIAN: Units =
            Units {
                gram: "г", kilogram: "кг", millimetre: "мм", second: "с", minute: "мин", hour: "ч", day: "д"
            };
        match self.lang {
            Lang::En | Lang::Es => &LATIN,
            Lang::Ms => &MALAY,
            Lang::Ru => &RUSSIAN,
        }
    }
}

/// A number with the language's grouping.
pub(super) fn grouped(lang: Lang, n: i64) -> String {
    signed(n, &group_digits(lang, n.unsigned_abs()))
}

fn group_digits(lang: Lang, n: u64) -> String {
    let digits = n.to_string();
    let (separator, from_digits) = match lang {
        Lang::En | Lang::Ms => (',', 4),
        Lang::Es => ('.', 5),
        Lang::Ru => (NBSP, 4),
    };
    if digits.len() < from_digits {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * separator.len_utf8());
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

fn decimal_point(lang: Lang) -> char {
    match lang {
        Lang::En | Lang::Ms => '.',
        Lang::Es | Lang::Ru => ',',
    }
}

fn signed(value: i64, text: &str) -> String {
    if value < 0 { format!("{MINUS}{text}") } else { text.to_owned() }
}

fn two(a: u64, a_unit: &str, b: u64, b_unit: &str) -> String {
    if b == 0 { format!("{a}{NBSP}{a_unit}") } else { format!("{a}{NBSP}{a_unit} {b}{NBSP}{b_unit}") }
}

/// What stands where a moment lies outside the calendar.
fn no_time() -> String {
    "–".to_owned()
}

/// The common symbol of a currency (ISO 4217 code).
fn symbol(code: &str) -> Option<&'static str> {
    match code {
        "GBP" => Some("£"),
        "EUR" => Some("€"),
        "USD" => Some("$"),
        "JPY" => Some("¥"),
        "MYR" => Some("RM"),
        "RUB" => Some("₽"),
        _ => None,
    }
}
