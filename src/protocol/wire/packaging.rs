//! The boxes and envelopes a site packs into.

use super::id::PackagingId;
use super::money::{Dims, Money};
use super::product::Handling;
use serde::{Deserialize, Serialize};

/// A kind of packaging, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackagingRecord {
    /// Its name for programs.
    pub id: PackagingId,
    /// Grows with every edit.
    pub version: u64,
    /// Short name on the shelf, for example `B3`.
    pub code: String,
    /// Long name.
    pub name: String,
    /// Code on the shelf or the box itself.
    #[serde(default)]
    pub barcode: Option<String>,
    /// What it is.
    pub kind: PackagingKind,
    /// Room inside.
    pub inner: Dims,
    /// Size when closed and filled.
    pub outer: Dims,
    /// Weight when empty, with usual filling and tape, grams.
    pub tare_weight_g: u32,
    /// Most content it carries, grams.
    pub content_weight_g_max: u32,
    /// Share of the inner volume that may be filled, per mille.
    pub fill_permille_max: u16,
    /// What one costs.
    #[serde(default)]
    pub cost: Option<Money>,
    /// Handling it must not be used for, for example fragile things in a soft mailer.
    #[serde(default)]
    pub unsuited: Vec<Handling>,
    /// How many the site has; absent: not counted.
    #[serde(default)]
    pub stock: Option<u32>,
    /// False: not offered any more.
    pub active: bool,
}

/// What a packaging is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackagingKind {
    /// Rigid, six sides.
    Box,
    /// Flat, for soft or thin things; its thickness grows with what is in it.
    Envelope,
    /// Round or triangular.
    Tube,
    /// A pallet.
    Pallet,
    /// None: the product ships in its own box.
    OwnBox,
}
