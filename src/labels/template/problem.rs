//! What can be wrong with a template or with the data for it, and where. No message repeats a value of the data: it may be
//! a person's name, and messages go to logs.

use crate::labels::LabelError;
use std::fmt;
use thiserror::Error;

/// Most problems that are told of one template: whoever corrects so many reads the next ones then.
pub const PROBLEMS_MAX: usize = 100;

/// One thing that is wrong, with its place in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Line of the template, counted from 1; 0 where it has none.
    pub line: usize,
    /// The element's name, or its kind and place in the list; empty for the template itself.
    pub element: String,
    /// What is wrong.
    pub what: Problem,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        if !self.element.is_empty() {
            write!(f, "element {}: ", self.element)?;
        }
        self.what.fmt(f)
    }
}

impl std::error::Error for TemplateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.what.source()
    }
}

/// All that is wrong with a template, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateErrors(pub Vec<TemplateError>);

impl fmt::Display for TemplateErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for TemplateErrors {}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// The text is not in the format of templates at all.
    #[error("{0}")]
    Syntax(String),
    /// A key nobody reads.
    #[error("there is no key `{key}` here{}", hint(near))]
    UnknownKey {
        /// As written.
        key: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A key that must be there.
    #[error("the key `{key}` is missing")]
    MissingKey {
        /// Which.
        key: &'static str,
    },
    /// A value of the wrong kind.
    #[error("`{key}` must be {expected}")]
    WrongKind {
        /// Which.
        key: &'static str,
        /// What it takes.
        expected: String,
    },
    /// A length outside its limits.
    #[error("`{key}` must be from {} to {} mm", millimetres(least_um), millimetres(most_um))]
    OutOfRange {
        /// Which.
        key: &'static str,
        /// Least.
        least_um: i64,
        /// Most.
        most_um: i64,
    },
    /// A placeholder that is not closed or names nothing.
    #[error("the placeholder at character {at} is not complete: write {{field}}, and {{{{ for a brace")]
    Placeholder {
        /// Counted from 1.
        at: usize,
    },
    /// A field that neither the sample nor the derived fields have.
    #[error("there is no field `{field}` in [sample] or [derived]{}", hint(near))]
    UnknownField {
        /// As written.
        field: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A filter that is none.
    #[error("there is no filter `{filter}`: use upper, comma, mass, copy, of:FIELD")]
    UnknownFilter {
        /// As written.
        filter: String,
    },
    /// Derived fields that need each other.
    #[error("the derived fields go in a circle: {}", fields.join(", "))]
    Cycle {
        /// Which.
        fields: Vec<String>,
    },
    /// A list where text is needed, or the other way round.
    #[error("the field `{field}` must be {expected}")]
    FieldKind {
        /// Which.
        field: String,
        /// What is needed.
        expected: &'static str,
    },
    /// A GS1 code whose content is not written as application identifiers in brackets.
    #[error("the content of a GS1 code is written with its identifiers in brackets: (01){{gtin}}(10){{lot}}")]
    Brackets,
    /// A field that the data lacks and that is not optional.
    #[error("the data has no `{field}`: give it, or name it in `optional`")]
    MissingData {
        /// Which.
        field: String,
    },
    /// Two elements that print over each other.
    #[error("it overlaps the element {other}")]
    Overlap {
        /// The other.
        other: String,
    },
    /// An element whose place reaches into that of another one.
    #[error("its place reaches into that of {other}: with other data they print over each other")]
    MayOverlap {
        /// The other.
        other: String,
    },
    /// Text that has the colour of what it stands on.
    #[error("it has the colour of {other}, on which it stands: give white text `inverse = true`, and only that")]
    SameInk {
        /// What it stands on.
        other: String,
    },
    /// White text on white paper.
    #[error("white text (`inverse = true`) needs a fill before it that holds all of it, whenever it prints")]
    NoGround,
    /// A repeat whose last row or column is not on the sheet.
    #[error("row {rows} and column {columns} are not on the sheet: make `rows`, `columns`, `step` or `across` less")]
    Grid {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// More than there may be.
    #[error("more than {most} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// Letters of the sample that the font has not.
    #[error("the font has no sign for {signs}: it would print as an empty box")]
    NoSign {
        /// Which.
        signs: String,
    },
    /// A picture that was not handed over.
    #[error("there is no picture `{name}` beside the template, or it is no PNG of 1 to 2000 pixels each way")]
    NoImage {
        /// Its file name.
        name: String,
    },
    /// No code of a shipping label holds the parcel's number.
    #[error("no barcode holds the parcel's number: the label could not be scanned back; use (00){{sscc}}")]
    NoParcelCode,
    /// A field of a shipping label that stations know nothing of.
    #[error("stations do not fill in `{field}`")]
    NotAtStations {
        /// Which.
        field: String,
    },
    /// A reprint of a shipping label that looks like the first print.
    #[error("a reprint is not marked as a copy: print {{copy_number|copy}} somewhere")]
    NoCopyMark,
    /// A shipping label that fits no printer of a station.
    #[error("a shipping label is at most {width_mm} x {height_mm} mm")]
    TooLarge {
        /// Widest.
        width_mm: i32,
        /// Highest.
        height_mm: i32,
    },
    /// The element cannot be laid out.
    #[error("{}", with_cause(.0))]
    Label(#[from] LabelError),
}

impl Problem {
    /// One word for it, for logs and for what stations tell: it never changes its meaning.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Problem::MissingData { .. } | Problem::UnknownField { .. } | Problem::NotAtStations { .. } => "missing",
            Problem::FieldKind { .. } => "kind",
            Problem::TooMany { .. } => "too-many",
            Problem::Overlap { .. } | Problem::MayOverlap { .. } | Problem::SameInk { .. } | Problem::NoGround => {
                "overlap"
            }
            Problem::NoParcelCode => "no-code",
            Problem::NoCopyMark => "no-copy",
            Problem::TooLarge { .. } => "size",
            Problem::Label(error) => drawing_word(error),
            Problem::Syntax(_)
            | Problem::UnknownKey { .. }
            | Problem::MissingKey { .. }
            | Problem::WrongKind { .. }
            | Problem::OutOfRange { .. }
            | Problem::Placeholder { .. }
            | Problem::UnknownFilter { .. }
            | Problem::Cycle { .. }
            | Problem::Brackets
            | Problem::Grid { .. }
            | Problem::NoSign { .. }
            | Problem::NoImage { .. } => "unsound",
        }
    }

    /// The field it is about; empty where it is about none.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Problem::MissingData { field }
            | Problem::NotAtStations { field }
            | Problem::UnknownField { field, .. }
            | Problem::FieldKind { field, .. } => field,
            Problem::Syntax(_)
            | Problem::UnknownKey { .. }
            | Problem::MissingKey { .. }
            | Problem::WrongKind { .. }
            | Problem::OutOfRange { .. }
            | Problem::Placeholder { .. }
            | Problem::UnknownFilter { .. }
            | Problem::Cycle { .. }
            | Problem::Brackets
            | Problem::Overlap { .. }
            | Problem::MayOverlap { .. }
            | Problem::SameInk { .. }
            | Problem::NoGround
            | Problem::Grid { .. }
            | Problem::TooMany { .. }
            | Problem::NoSign { .. }
            | Problem::NoImage { .. }
            | Problem::NoParcelCode
            | Problem::NoCopyMark
            | Problem::TooLarge { .. }
            | Problem::Label(_) => "",
        }
    }
}

/// The word of what the drawing refused.
#[must_use]
pub fn drawing_word(error: &LabelError) -> &'static str {
    match error {
        LabelError::TextTooLong { .. } => "text",
        LabelError::BarcodeTooWide { .. } => "code-width",
        LabelError::Matrix { .. } | LabelError::Code128(_) | LabelError::Bars(_) | LabelError::Gs1(_) => "code-content",
        LabelError::TooMany { .. } => "too-many",
        LabelError::SheetSize { .. } => "size",
        LabelError::OutsideSheet { .. }
        | LabelError::Font { .. }
        | LabelError::Sums { .. }
        | LabelError::Overflow { .. }
        | LabelError::Currency
        | LabelError::Encoder { .. } => "unsound",
    }
}

fn hint(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn millimetres(um: &i64) -> String {
    let text = format!("{}.{:03}", um / 1_000, um % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The error and its cause: the cause is what a person can correct.
fn with_cause(error: &LabelError) -> String {
    let cause = std::error::Error::source(error);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}
