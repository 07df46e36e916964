//! Why something was not counted. Every refusal has a stable code for figures, two lines for the
//! packer (what happened and what to do; the difference by name) and its own sound.

use super::super::checklist::Fact;
use super::super::message::{Arg, Message};
use super::super::order::Flag;
use super::super::person::Role;
use super::super::product::Product;
use super::super::signal::SoundName;
use super::super::time::Day;
use super::super::units::Grams;
use super::step::Step;

/// A product as a refusal names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Where it belongs, if known.
    pub bin: Option<String>,
}

impl Named {
    /// Names a product.
    #[must_use]
    pub fn of(p: &Product, bin: Option<&str>) -> Named {
        Named { sku: p.sku.clone(), name: p.name.clone(), bin: bin.map(str::to_owned) }
    }
}

/// What is missing besides the barcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceField {
    /// Serial number.
    Serial,
    /// Lot.
    Lot,
    /// Expiry.
    Expiry,
}

/// Why a weight does not count yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightOut {
    /// By so much below the expected.
    TooLight(Grams),
    /// By so much above the expected.
    TooHeavy(Grams),
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$fdoc:meta])* $f:ident: $t:ty),* $(,)? })? = $code:literal;)*) => {
        /// Why something was not counted.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal { $(
            $(#[$doc])*
            #[error($code)]
            $name $({ $($(#[$fdoc])* $f: $t),* })?,
        )* }

        impl Refusal {
            /// Stable code: for figures, events and as the tail of its keys in the catalogue.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Refusal::$name $({ $($f: _),* })? => $code,)* }
            }

            /// First line: what happened, then what to do.
            #[must_use]
            pub fn title_key(&self) -> &'static str {
                match self { $(Refusal::$name $({ $($f: _),* })? => concat!("refusal-", $code),)* }
            }

            /// Second line: the difference by name, and the way on.
            #[must_use]
            pub fn detail_key(&self) -> &'static str {
                match self { $(Refusal::$name $({ $($f: _),* })? => concat!("refusal-", $code, "-detail"),)* }
            }

            /// All codes, for the tests of the catalogue.
            pub const CODES: &'static [&'static str] = &[$($code,)*];
        }
    };
}

refusals! {
    /// The scanned item is not in this order.
    WrongItem {
        /// What is wanted now.
        needed: Option<Named>,
        /// What was scanned.
        scanned: Named,
    } = "wrong-item";
    /// All units of it are counted already.
    TooMany {
        /// Item.
        item: Named,
        /// How many are wanted in all.
        wanted: u32,
    } = "too-many";
    /// The case holds more than is wanted.
    CaseTooBig {
        /// Item.
        item: Named,
        /// Units in the case.
        units: u32,
        /// Units still wanted.
        wanted: u32,
    } = "case-too-big";
    /// Nobody knows this code.
    UnknownCode {
        /// The text.
        text: String,
    } = "unknown-code";
    /// The bytes are no text.
    Unreadable = "unreadable";
    /// Longer than any barcode of ours.
    TooLong = "too-long";
    /// A command barcode with a wrong check character.
    BadCommand = "bad-command";
    /// Several things have this code.
    Ambiguous {
        /// The text.
        text: String,
    } = "ambiguous";
    /// That serial number has left the house before.
    SerialUsed {
        /// The serial number.
        serial: String,
        /// Where it was used.
        place: Message,
    } = "serial-used";
    /// That serial number is in this order already.
    SerialTwice {
        /// The serial number.
        serial: String,
    } = "serial-twice";
    /// A lot, serial or expiry must come first.
    TraceNeeded {
        /// Item.
        item: Named,
        /// What is missing.
        field: TraceField,
    } = "trace-needed";
    /// The lot is on hold.
    LotHeld {
        /// Item.
        item: Named,
        /// Lot.
        lot: String,
    } = "lot-held";
    /// It is past its date.
    PastDate {
        /// Item.
        item: Named,
        /// Its day.
        day: Day,
    } = "past-date";
    /// That is another shelf.
    WrongShelf {
        /// The right one.
        needed: String,
        /// The scanned one.
        scanned: String,
    } = "wrong-shelf";
    /// That is another parcel's label.
    OtherParcel {
        /// The order it belongs to.
        order: String,
        /// Its number within the order.
        parcel: u16,
    } = "other-parcel";
    /// A label nobody here printed.
    UnknownLabel {
        /// Its number.
        sscc: String,
    } = "unknown-label";
    /// No label was printed yet.
    NoLabelYet = "no-label-yet";
    /// A flag must be cleared first.
    FlagSet {
        /// Which.
        flag: Flag,
    } = "flag-set";
    /// Somebody with more rights must agree.
    NeedsRole {
        /// Which role.
        role: Role,
    } = "needs-role";
    /// The site does not allow it.
    NotAllowed = "not-allowed";
    /// More than the site allows, or than is wanted.
    CountTooBig {
        /// The most.
        max: u32,
    } = "count-too-big";
    /// Nothing was scanned that could be counted on.
    NothingToCount = "nothing-to-count";
    /// A fact is missing for the label.
    FactMissing {
        /// The product, if it is one's fact.
        item: Option<Named>,
        /// The fact.
        fact: Fact,
    } = "fact-missing";
    /// The station has no parcel numbers left.
    NoNumbers = "no-numbers";
    /// The weight is outside.
    WeightOutside {
        /// Which way, and how far.
        out: WeightOut,
        /// What the difference looks like, and how many.
        suspect: Option<(Named, u32)>,
    } = "weight-outside";
    /// Nothing can be taken back.
    NothingToUndo = "nothing-to-undo";
    /// The current parcel is empty.
    ParcelEmpty = "parcel-empty";
    /// Not on the list of what may be sent instead.
    NotASubstitute {
        /// Item.
        item: Named,
    } = "not-a-substitute";
    /// No box is chosen yet.
    NoPackaging = "no-packaging";
    /// The box must not hold so much.
    BoxTooWeak {
        /// The most it may hold.
        max: Grams,
    } = "box-too-weak";
    /// Only a photo ticks this line.
    PhotoNeeded = "photo-needed";
    /// That is for another step.
    NotNow {
        /// The current one.
        step: Step,
    } = "not-now";
    /// There is a break: go on first.
    OnBreak = "on-break";
    /// It is parked: go on first.
    IsHeld = "is-held";
    /// Called off: units out first.
    MustUnpack = "must-unpack";
    /// It is over.
    IsOver = "is-over";
    /// Too late: it has a label.
    HasLabel = "has-label";
}

impl Refusal {
    /// What the packer reads: what happened and what to do, then the difference by name.
    #[must_use]
    pub fn say(&self) -> (Message, Message) {
        let mut both = (Message::new(self.title_key()), Message::new(self.detail_key()));
        for (name, arg) in self.args() {
            both.0.args.push((name, arg.clone()));
            both.1.args.push((name, arg));
        }
        both
    }

    /// Its sound: nobody knows this code sounds different from this is wrong.
    #[must_use]
    pub fn sound(&self) -> SoundName {
        match self {
            Refusal::UnknownCode { .. }
            | Refusal::Unreadable
            | Refusal::TooLong
            | Refusal::BadCommand
            | Refusal::UnknownLabel { .. } => SoundName::StopUnknown,
            Refusal::TooMany { .. } | Refusal::CaseTooBig { .. } => SoundName::StopMany,
            Refusal::Ambiguous { .. }
            | Refusal::FlagSet { .. }
            | Refusal::FactMissing { .. }
            | Refusal::NoNumbers
            | Refusal::TraceNeeded { .. } => SoundName::Decide,
            _ => SoundName::Stop,
        }
    }

    fn args(&self) -> Vec<(&'static str, Arg)> {
        match self {
            Refusal::WrongItem { needed, scanned } => {
                let mut a = named("item", scanned);
                a.extend(needed.iter().flat_map(|n| named("needed", n)));
                if needed.is_none() {
                    a.push(("needed", Arg::Text(String::new())));
                }
                a
            }
            Refusal::TooMany { item, wanted } => plus(named("item", item), "wanted", (*wanted).into()),
            Refusal::CaseTooBig { item, units, wanted } => {
                plus(plus(named("item", item), "units", (*units).into()), "wanted", (*wanted).into())
            }
            Refusal::UnknownCode { text } | Refusal::Ambiguous { text } => vec![("text", Arg::Text(text.clone()))],
            Refusal::SerialUsed { serial, .. } | Refusal::SerialTwice { serial } => {
                vec![("serial", Arg::Text(serial.clone()))]
            }
            Refusal::TraceNeeded { item, field } => plus(named("item", item), "field", Arg::Key(field.key())),
            Refusal::LotHeld { item, lot } => plus(named("item", item), "lot", lot.as_str().into()),
            Refusal::PastDate { item, day } => plus(named("item", item), "day", (*day).into()),
            Refusal::WrongShelf { needed, scanned } => {
                vec![("needed", needed.as_str().into()), ("scanned", scanned.as_str().into())]
            }
            Refusal::OtherParcel { order, parcel } => {
                vec![("order", order.as_str().into()), ("parcel", (*parcel).into())]
            }
            Refusal::UnknownLabel { sscc } => vec![("sscc", sscc.as_str().into())],
            Refusal::FlagSet { flag } => vec![("flag", Arg::Key(flag.key()))],
            Refusal::NeedsRole { role } => vec![("role", Arg::Key(role.key()))],
            Refusal::CountTooBig { max } => vec![("max", (*max).into())],
            Refusal::FactMissing { item, fact } => {
                let mut a = vec![("fact", Arg::Key(fact.key()))];
                a.push(("item", Arg::Text(item.as_ref().map(|n| n.name.clone()).unwrap_or_default())));
                a.push(("item-sku", Arg::Text(item.as_ref().map(|n| n.sku.clone()).unwrap_or_default())));
                a
            }
            Refusal::WeightOutside { out, suspect } => weight_args(out, suspect.as_ref()),
            Refusal::NotASubstitute { item } => named("item", item),
            Refusal::BoxTooWeak { max } => vec![("max", (*max).into())],
            Refusal::NotNow { step } => vec![("step", Arg::Key(step.key()))],
            Refusal::Unreadable
            | Refusal::TooLong
            | Refusal::BadCommand
            | Refusal::NoLabelYet
            | Refusal::NotAllowed
            | Refusal::NothingToCount
            | Refusal::NoNumbers
            | Refusal::NothingToUndo
            | Refusal::ParcelEmpty
            | Refusal::NoPackaging
            | Refusal::PhotoNeeded
            | Refusal::OnBreak
            | Refusal::IsHeld
            | Refusal::MustUnpack
            | Refusal::IsOver
            | Refusal::HasLabel => Vec::new(),
        }
    }
}

fn plus(mut a: Vec<(&'static str, Arg)>, name: &'static str, arg: Arg) -> Vec<(&'static str, Arg)> {
    a.push((name, arg));
    a
}

/// `item`, `item-sku`, `item-bin`, or the same with `needed`.
fn named(prefix: &'static str, n: &Named) -> Vec<(&'static str, Arg)> {
    let (sku, bin) = match prefix {
        "needed" => ("needed-sku", "needed-bin"),
        _ => ("item-sku", "item-bin"),
    };
    vec![
        (prefix, n.name.as_str().into()),
        (sku, n.sku.as_str().into()),
        (bin, n.bin.clone().unwrap_or_default().into()),
    ]
}

fn weight_args(out: &WeightOut, suspect: Option<&(Named, u32)>) -> Vec<(&'static str, Arg)> {
    let (way, by) = match out {
        WeightOut::TooLight(g) => ("light", *g),
        WeightOut::TooHeavy(g) => ("heavy", *g),
    };
    let mut a = vec![("way", Arg::Text(way.to_owned())), ("by", Arg::Mass(by))];
    a.push(("count", Arg::Int(suspect.map_or(0, |s| i64::from(s.1)))));
    a.push(("item", Arg::Text(suspect.map(|s| s.0.name.clone()).unwrap_or_default())));
    a
}

impl TraceField {
    /// Key of its name in the catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            TraceField::Serial => "trace-serial",
            TraceField::Lot => "trace-lot",
            TraceField::Expiry => "trace-expiry",
        }
    }
}

impl Flag {
    /// Key of its name in the catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Flag::FraudReview => "flag-fraud-review",
            Flag::AddressTrouble => "flag-address-trouble",
            Flag::Unpaid => "flag-unpaid",
        }
    }
}

impl Role {
    /// Key of its name in the catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Role::Packer => "role-packer",
            Role::Lead => "role-lead",
            Role::Admin => "role-admin",
        }
    }
}
