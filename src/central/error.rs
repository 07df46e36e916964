//! Why an operation of central did not happen. Each case says what the caller can do; none carries personal data,
//! because errors end up in logs.

use crate::sql::SqlError;

/// A reason why a request is against the rules; [`Refusal::code`] is stable and is what programs match on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A field is empty, too long, or not of its form.
    #[error("{field} is not usable: {why}")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// What it should be.
        why: &'static str,
    },
    /// Fields of a program's request are not usable, each named by its place in the body.
    #[error("not usable: {}", places(fields))]
    Fields {
        /// Which, and why.
        fields: Vec<FieldFault>,
    },
    /// The name or number is in use.
    #[error("{field} is already used by another {entity}")]
    Taken {
        /// Name of the field.
        field: &'static str,
        /// Kind of the record that has it.
        entity: &'static str,
    },
    /// No such record.
    #[error("no such {entity}")]
    Missing {
        /// Kind of the record.
        entity: &'static str,
    },
    /// Somebody else changed it; the newest version is told.
    #[error("changed by someone else: version {newest} is the newest; look at it and try again")]
    Version {
        /// Newest version.
        newest: i64,
        /// Fields that differ between what was seen and what is.
        fields: Vec<&'static str>,
    },
    /// The record's state does not allow it.
    #[error("not possible while the {entity} is {state}")]
    State {
        /// Kind of the record.
        entity: &'static str,
        /// Its state.
        state: String,
    },
    /// The person, station or key may not do this.
    #[error("not allowed for this role")]
    Forbidden,
    /// Name, password, PIN, token or code is wrong. Never says which.
    #[error("not recognised")]
    Unrecognised,
    /// A pairing code that is wrong, used or too old.
    #[error(
        "the pairing code is wrong, used or older than ten minutes; make a new one with `packbench central station-code`"
    )]
    PairingCode,
    /// The machine is another station by its own database than the one that the code is for.
    #[error("the code is for another station than this machine is; make one with this station's own name")]
    PairingOther,
    /// Too many tries.
    #[error("too many tries; wait {retry_after_ms} ms")]
    TooMany {
        /// When to come again, in ms.
        retry_after_ms: u64,
    },
    /// An order wants more than is free of some products.
    #[error("not enough is free: {}", shortages(lines))]
    Short {
        /// The lines that want too much.
        lines: Vec<ShortLine>,
    },
    /// The stage holds as many orders as it may.
    #[error("the stage holds as many orders as it may: {limit}")]
    Limit {
        /// So many.
        limit: i64,
    },
    /// The stage asks for a fact that nobody told.
    #[error("the stage needs a fact first: {fact}")]
    Needs {
        /// Which: `payment`, `parcel`, `delivery`, `call` or `note`.
        fact: &'static str,
    },
    /// Only what happens at the benches brings an order into the stage.
    #[error("only work itself brings an order into this stage")]
    ByWork,
    /// More units than there are.
    #[error("only {available} units are available")]
    Stock {
        /// What there is.
        available: i64,
    },
}

/// A field of a request that is not usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What it should be.
    pub why: &'static str,
}

fn places(fields: &[FieldFault]) -> String {
    fields.iter().take(10).map(|fault| format!("{} {}", fault.pointer, fault.why)).collect::<Vec<_>>().join("; ")
}

/// A line that wants more units than are free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortLine {
    /// Its place in the order, from 1.
    pub line: u32,
    /// Code of the product.
    pub sku: String,
    /// Units it wants.
    pub wanted: i64,
    /// Units that are free for it; 0 if more is promised than there is.
    pub available: i64,
}

fn shortages(lines: &[ShortLine]) -> String {
    let one =
        |short: &ShortLine| format!("line {} ({}) {} of {}", short.line, short.sku, short.available, short.wanted);
    lines.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl Refusal {
    /// Stable name of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Field { .. } | Refusal::Fields { .. } => "field",
            Refusal::Taken { .. } => "taken",
            Refusal::Missing { .. } => "missing",
            Refusal::Version { .. } => "version",
            Refusal::State { .. } => "state",
            Refusal::Forbidden => "forbidden",
            Refusal::Unrecognised => "unrecognised",
            Refusal::PairingCode => "pairing_code",
            Refusal::PairingOther => "pairing_other",
            Refusal::TooMany { .. } => "too_many",
            Refusal::Short { .. } => "short",
            Refusal::Stock { .. } => "stock",
            Refusal::Limit { .. } => "limit",
            Refusal::Needs { .. } => "needs",
            Refusal::ByWork => "by_work",
        }
    }
}

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CentralError {
    /// Against the rules; the caller can do something about it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error("the store did not answer as it should: {0}")]
    Store(#[from] SqlError),
    /// A stored value has a form this program does not know: written by a newer one, or damaged.
    #[error("the stored {what} cannot be read; was it written by a newer version of the program?")]
    Stored {
        /// Which value.
        what: &'static str,
    },
    /// Reading or writing a file failed.
    #[error("{what}: {source}")]
    File {
        /// Which file and what was tried.
        what: String,
        /// The system's error.
        source: std::io::Error,
    },
    /// A library refused what it should take.
    #[error("{what} failed")]
    Inner {
        /// What was tried.
        what: &'static str,
    },
}

/// The result of everything in this room.
pub type Res<T> = Result<T, CentralError>;

/// A file error with what was tried.
pub(crate) fn file(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> CentralError {
    let what = what.into();
    move |source| CentralError::File { what, source }
}
