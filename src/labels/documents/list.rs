//! A list on paper: a title, heads, rows. What it lists is the caller's business.

use super::page::{Column, Pages};
use super::{Paper, Words};
use crate::labels::LabelError;
use crate::labels::sheet::Sheet;

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListColumn {
    /// Its head.
    pub title: String,
    /// Its share of the width; shares are weighed against each other.
    pub share: i32,
    /// Holds figures.
    pub figures: bool,
}

/// A list; plain values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Title.
    pub title: String,
    /// Short text at the right of the title.
    pub right: String,
    /// Columns.
    pub columns: Vec<ListColumn>,
    /// Rows of as many cells, at most [`super::LINES_MAX`].
    pub rows: Vec<Vec<String>>,
}

/// The list's pages.
///
/// # Errors
/// [`LabelError::TooMany`] rows or pages, [`LabelError::Overflow`], and what the sheet refuses.
pub fn list(list: &List, words: &Words) -> Result<Vec<Sheet>, LabelError> {
    let mut pages = Pages::new(Paper::A4, words)?;
    pages.title(&list.title, &list.right)?;
    let column = |column: &ListColumn| (column.title.clone(), column.share, column.figures);
    let columns: Vec<_> = list.columns.iter().map(column).collect();
    let columns: Vec<Column<'_>> = columns
        .iter()
        .map(
            |(title, share, figures)| if *figures { Column::right(title, *share) } else { Column::left(title, *share) },
        )
        .collect();
    pages.table(&columns, &list.rows)?;
    pages.finish(&list.right)
}
