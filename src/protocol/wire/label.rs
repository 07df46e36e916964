//! What a station knows of the labels that a site lays out itself: one text per template, whole, as the office saved it. Only the
//! templates that stations print from are told; a site that has none of its own tells nothing.

use super::id::LabelTemplateId;
use serde::{Deserialize, Serialize};

/// Longest text of a template, bytes.
pub const LABEL_TEXT_BYTES_MAX: usize = 64 * 1024;

/// A template of a site, whole. Where the bundled one holds again, its record ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelTemplateRecord {
    /// Its name for programs.
    pub id: LabelTemplateId,
    /// Its name for people, which says what is printed from it: `shipping`.
    pub name: String,
    /// Grows with every change, and goes on growing when the bundled one held meanwhile.
    pub version: u64,
    /// The text, at most [`LABEL_TEXT_BYTES_MAX`].
    pub text: String,
}
