//! Why something was not taken in. Every refusal has a stable code, two lines for the packer and its own sound.

use super::super::message::{Arg, Message};
use super::super::session;
use super::super::session::refusal::{Named, TraceField};
use super::super::signal::SoundName;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$fdoc:meta])* $f:ident: $t:ty),* $(,)? })? = $code:literal;)*) => {
        /// Why something was not taken in.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $(
                $(#[$doc])*
                #[error($code)]
                $name $({ $($(#[$fdoc])* $f: $t),* })?,
            )*
            /// The scan itself is no good, as in packing: unknown, unreadable, several things.
            #[error(transparent)]
            Scan(#[from] session::Refusal),
        }

        impl Refusal {
            /// Stable code: for figures, and as the tail of its keys in the catalogue.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Refusal::$name $({ $($f: _),* })? => $code,)*
                    Refusal::Scan(refusal) => refusal.code(),
                }
            }

            fn title_key(&self) -> &'static str {
                match self {
                    $(Refusal::$name $({ $($f: _),* })? => concat!("refusal-", $code),)*
                    Refusal::Scan(refusal) => refusal.title_key(),
                }
            }

            fn detail_key(&self) -> &'static str {
                match self {
                    $(Refusal::$name $({ $($f: _),* })? => concat!("refusal-", $code, "-detail"),)*
                    Refusal::Scan(refusal) => refusal.detail_key(),
                }
            }

            /// All codes of its own, for the tests of the catalogue.
            pub const CODES: &'static [&'static str] = &[$($code,)*];
        }
    };
}

refusals! {
    /// No return that is on its way has this code.
    NotKnown {
        /// What was scanned.
        text: String,
    } = "return-not-known";
    /// Several returns of one order are on their way.
    Several {
        /// The order's number.
        order: String,
    } = "return-several";
    /// All that was asked back came already.
    AllIn {
        /// The return's number.
        number: String,
    } = "return-all-in";
    /// This product is not asked back.
    NotOfThis {
        /// What was scanned.
        item: Named,
        /// The return's number.
        number: String,
    } = "return-not-of-this";
    /// More than was asked for.
    TooMany {
        /// What was scanned.
        item: Named,
        /// Units asked back.
        asked: u32,
    } = "return-too-many";
    /// The case holds more than is still to come, or its units have numbers of their own.
    CaseTooBig {
        /// What was scanned.
        item: Named,
        /// Units in the case.
        units: u32,
        /// Units still to come.
        left: u32,
    } = "return-case-too-big";
    /// The unit in hand comes first.
    GradeFirst {
        /// What is in hand.
        item: Named,
    } = "return-grade-first";
    /// Nothing is in hand.
    NothingInHand = "return-nothing-in-hand";
    /// It cannot be sold again without.
    TraceFirst {
        /// What is in hand.
        item: Named,
        /// What is missing.
        field: TraceField,
    } = "return-trace-first";
    /// That serial number did not leave with this order.
    SerialNotSold {
        /// The serial number.
        serial: String,
    } = "return-serial-not-sold";
    /// That lot did not leave with this order.
    LotNotSold {
        /// The lot.
        lot: String,
    } = "return-lot-not-sold";
    /// That unit came in already.
    AlreadyIn {
        /// The serial number.
        serial: String,
    } = "return-already-in";
    /// Nobody knows where it lies when it is sold again.
    NoShelf {
        /// What is in hand.
        item: Named,
    } = "return-no-shelf";
    /// Nothing can be taken back.
    NothingToUndo = "return-nothing-to-undo";
    /// Another order, tote, box or label: this return comes first.
    NotNow {
        /// The return's number.
        number: String,
    } = "return-not-now";
}

impl Refusal {
    /// What the packer reads: what happened and what to do, then the difference by name.
    #[must_use]
    pub fn say(&self) -> (Message, Message) {
        if let Refusal::Scan(refusal) = self {
            return refusal.say();
        }
        let mut both = (Message::new(self.title_key()), Message::new(self.detail_key()));
        for (name, arg) in self.args() {
            both.0.args.push((name, arg.clone()));
            both.1.args.push((name, arg));
        }
        both
    }

    /// Its sound.
    #[must_use]
    pub fn sound(&self) -> SoundName {
        match self {
            Refusal::Scan(refusal) => refusal.sound(),
            Refusal::NotKnown { .. } => SoundName::StopUnknown,
            Refusal::TraceFirst { .. }
            | Refusal::NoShelf { .. }
            | Refusal::GradeFirst { .. }
            | Refusal::Several { .. } => SoundName::Decide,
            Refusal::AllIn { .. }
            | Refusal::NotOfThis { .. }
            | Refusal::TooMany { .. }
            | Refusal::CaseTooBig { .. }
            | Refusal::NothingInHand
            | Refusal::SerialNotSold { .. }
            | Refusal::LotNotSold { .. }
            | Refusal::AlreadyIn { .. }
            | Refusal::NothingToUndo
            | Refusal::NotNow { .. } => SoundName::Stop,
        }
    }

    fn args(&self) -> Vec<(&'static str, Arg)> {
        let named = |item: &Named| vec![("item", item.name.as_str().into()), ("item-sku", item.sku.as_str().into())];
        let and = |mut all: Vec<(&'static str, Arg)>, name: &'static str, arg: Arg| {
            all.push((name, arg));
            all
        };
        match self {
            Refusal::NotKnown { text } => vec![("text", text.as_str().into())],
            Refusal::Several { order } => vec![("order", order.as_str().into())],
            Refusal::AllIn { number } | Refusal::NotNow { number } => vec![("number", number.as_str().into())],
            Refusal::NotOfThis { item, number } => and(named(item), "number", number.as_str().into()),
            Refusal::TooMany { item, asked } => and(named(item), "asked", (*asked).into()),
            Refusal::CaseTooBig { item, units, left } => {
                and(and(named(item), "units", (*units).into()), "left", (*left).into())
            }
            Refusal::GradeFirst { item } | Refusal::NoShelf { item } => named(item),
            Refusal::TraceFirst { item, field } => and(named(item), "field", Arg::Key(field.key())),
            Refusal::SerialNotSold { serial } | Refusal::AlreadyIn { serial } => {
                vec![("serial", serial.as_str().into())]
            }
            Refusal::LotNotSold { lot } => vec![("lot", lot.as_str().into())],
            Refusal::NothingInHand | Refusal::NothingToUndo | Refusal::Scan(_) => Vec::new(),
        }
    }
}
