//! Templates: labels that a site lays out itself, as data instead of code.
//!
//! The way: a text is read into [`raw::Node`]s ([`toml`]), [`Template::read`] turns them into a [`Template`] or says
//! with line and element what is wrong, and [`Template::draw`] fills it with a [`Value`] onto sheets. A template holds a sample of
//! its data; reading it draws that sample, so that what overlaps, leaves the sheet or does not fit is told before anything is
//! printed. This folder must never read a file: pictures come in with [`Pictures`].

pub mod bundled;
mod code;
mod draw;
mod phrase;
mod places;
mod possible;
mod problem;
pub mod raw;
mod read;
pub mod shipping;
pub mod toml;
mod value;

pub use code::Code;
pub use problem::{PROBLEMS_MAX, Problem, TemplateError, TemplateErrors, drawing_word};
pub use value::Value;

use super::sheet::Area;
use super::text::Style;
use phrase::Phrase;
use std::collections::BTreeMap;

/// Most elements of a template, those in repeats included.
pub const ELEMENTS_MAX: usize = 300;
/// Most sheets that one record of data may fill.
pub const SHEETS_MAX: usize = 200;
/// Most rows of a repeat, over all sheets.
pub const ROWS_MAX: usize = 5_000;
/// Longest edge of a picture in pixels.
pub const PICTURE_EDGE_MAX: u32 = 2_000;

/// A picture in black and white, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub columns: u32,
    /// `true` is black.
    pub dark: Vec<bool>,
}

/// Pictures by the names that templates give them.
pub type Pictures = BTreeMap<String, Picture>;

/// A template that was found to be sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What it is for, one line.
    pub about: String,
    size_um: (i32, i32),
    sample: Value,
    optional: Vec<String>,
    derived: Vec<(String, Phrase)>,
    elements: Vec<Element>,
    pictures: Pictures,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Element {
    line: usize,
    name: String,
    when: Vec<Condition>,
    area: Area,
    kind: Kind,
}

/// A field must be filled, or must not, or must be a certain text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Filled(String),
    Blank(String),
    Is(String, String),
    IsNot(String, String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Text(Phrase, Style),
    /// Several texts, each below the one before, however high that became.
    Stack(Vec<Part>),
    Line,
    Fill,
    Outline(i32),
    Barcode(Code),
    Image(String),
    /// Handling marks out of a list of records with `icon` and `text`.
    Marks(String),
    Repeat(Repeat),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    phrase: Phrase,
    style: Style,
    /// Highest it may become.
    most_um: i32,
    /// Free below it.
    gap_um: i32,
}

/// Elements that are drawn again for each item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Repeat {
    over: String,
    /// What its elements call the item.
    name: String,
    /// From one row, and from one column, to the next.
    step_um: (i32, i32),
    columns: usize,
    /// Rows on one sheet; further rows go to further sheets.
    rows: usize,
    elements: Vec<Element>,
}

impl Template {
    /// Width and height in micrometres.
    #[must_use]
    pub fn size_um(&self) -> (i32, i32) {
        self.size_um
    }

    /// The data that the template brings to be tried with.
    #[must_use]
    pub fn sample(&self) -> &Value {
        &self.sample
    }
}
