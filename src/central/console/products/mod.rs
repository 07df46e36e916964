//! The pages of products: the list, one product as a sheet that is written under a version check, its picture and its history.

pub(super) mod form;
pub(super) mod guess;
pub(super) mod list;
pub(super) mod picture;
