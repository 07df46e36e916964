//! Documents around a parcel: packing slip, invoice, customs forms, manifest, hazard marks, command and badge sheets.
//!
//! Each takes plain values and [`Words`] and returns sheets (one per page). This folder must never contain a word of a human
//! language and never compute a price or a tax: it prints what it is given and refuses figures that do not add up.

pub mod cards;
pub mod cn22;
pub mod cn23;
pub mod commercial;
pub mod hazard;
pub mod invoice;
pub mod list;
pub mod manifest;
mod page;
pub mod slip;
mod words;

pub use page::Paper;
pub use words::Words;

/// Most lines in one document.
pub const LINES_MAX: usize = 2_000;

/// How a line stands among the others of its paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Group {
    /// For itself.
    #[default]
    Alone,
    /// Heads the parts of a kit that follow it; counts no units itself.
    Kit,
    /// Part of the kit above it.
    Part,
}

/// A name and an address as printed, top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// Name, printed bold.
    pub name: String,
    /// Address, tax number, telephone: whatever belongs under the name.
    pub lines: Vec<String>,
}
