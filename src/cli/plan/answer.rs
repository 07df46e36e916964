//! What answers about packed things have in common.

use crate::planning::boxes::{Placed, Sides};
use serde::Serialize;

/// What to do where the planner's answer does not hold.
pub(super) const REPORT: &str = "this is a defect of the program: please report it with the file";

/// A thing in its place.
#[derive(Serialize)]
pub(super) struct ItemOut<'a> {
    item: &'a str,
    at_mm: Sides,
    size_mm: Sides,
    rotation: String,
}

impl<'a> ItemOut<'a> {
    /// A thing of these sides, named by these letters; its rotation says which of them lies along which side of the box.
    pub(super) fn new(item: &'a str, letters: [char; 3], sides: Sides, placed: &Placed) -> ItemOut<'a> {
        const WAYS: [[usize; 3]; 6] = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]];
        let way = WAYS.iter().find(|way| way.map(|k| sides[k]) == placed.size);
        let rotation = way.map_or_else(String::new, |way| way.iter().map(|k| letters[*k]).collect());
        ItemOut { item, at_mm: placed.at, size_mm: placed.size, rotation }
    }
}

/// Things that are in no box.
#[derive(Serialize)]
pub(super) struct LeftOver<'a> {
    pub(super) item: &'a str,
    pub(super) quantity: u32,
    pub(super) why: &'static str,
}
