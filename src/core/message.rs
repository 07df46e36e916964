//! What is said to a person: a key of the message catalogue with arguments. The words themselves,
//! in every language, are in the catalogue; this room never holds a sentence.

use super::money::Money;
use super::time::{Day, UtcMs};
use super::units::{DimsMm, Grams};

/// A value that appears within a message; how it is written depends on the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// As is: names, codes.
    Text(String),
    /// A whole number, also for plural forms.
    Int(i64),
    /// An amount of money.
    Money(Money),
    /// A mass: `320 g`, `12.08 kg`.
    Mass(Grams),
    /// A box: `400 × 300 × 300 mm`.
    Dims(DimsMm),
    /// A point in time, shown in the site's zone as hours and minutes.
    Time(UtcMs),
    /// A calendar day.
    Day(Day),
    /// A span of time in milliseconds: `42 min`, `4:12`.
    SpanMs(i64),
    /// Another message within this one.
    Key(&'static str),
}

/// A key of the catalogue with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Key in the catalogue.
    pub key: &'static str,
    /// Arguments by name.
    pub args: Vec<(&'static str, Arg)>,
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub fn new(key: &'static str) -> Message {
        Message { key, args: Vec::new() }
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Message {
        self.args.push((name, arg.into()));
        self
    }
}

macro_rules! arg_from {
    ($($t:ty => $v:expr;)*) => { $(
        impl From<$t> for Arg {
            fn from(x: $t) -> Arg { let f: fn($t) -> Arg = $v; f(x) }
        }
    )* };
}

arg_from! {
    String => Arg::Text;
    &str => |s| Arg::Text(s.to_owned());
    i64 => Arg::Int;
    u32 => |n| Arg::Int(i64::from(n));
    u16 => |n| Arg::Int(i64::from(n));
    Money => Arg::Money;
    Grams => Arg::Mass;
    DimsMm => Arg::Dims;
    UtcMs => Arg::Time;
    Day => Arg::Day;
}
