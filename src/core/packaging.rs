//! Boxes and envelopes.

use super::ids::PackagingId;
use super::units::{DimsMm, Grams};

/// Rigid or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackagingKind {
    /// A carton.
    Box,
    /// A padded or plain envelope.
    Envelope,
}

/// A kind of box or envelope the site keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packaging {
    /// Identity.
    pub id: PackagingId,
    /// Short name on the screen and on the stack: `L`.
    pub name: String,
    /// Barcode on the stack of boxes.
    pub code: String,
    /// Box or envelope.
    pub kind: PackagingKind,
    /// Usable room inside.
    pub inner: DimsMm,
    /// Mass of it empty, with its filling and tape.
    pub tare_g: Grams,
    /// The most it may hold.
    pub max_g: Grams,
}
