//! What a site allows: data, never code.

use super::checklist::Rule;
use super::person::Role;

/// May a packer say "six" instead of scanning six times?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountPolicy {
    /// Every unit is scanned.
    Never,
    /// After one scan, up to this many more of the same by number.
    UpTo(u32),
}

/// May something without a readable barcode be confirmed by hand?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByHandPolicy {
    /// Yes; it is recorded as such.
    Allowed,
    /// Only with a lead's approval.
    NeedsLead,
    /// No.
    Never,
}

/// How a pick is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickConfirm {
    /// By the shelf's barcode, or an item's.
    Scan,
    /// A touch is enough.
    ScanOrTouch,
}

/// What a site allows at its stations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Counting by number.
    pub count: CountPolicy,
    /// Confirming by hand.
    pub by_hand: ByHandPolicy,
    /// Confirming a pick.
    pub pick: PickConfirm,
    /// Who may clear a flag.
    pub clear_flag: Role,
    /// Who may override a weight.
    pub override_weight: Role,
    /// Is every parcel weighed?
    pub weigh: bool,
    /// Smallest step the scale shows, in grams.
    pub scale_resolution_g: i64,
    /// How long the finished order stays on screen before the next opens, in ms; 0 waits for a touch.
    pub auto_advance_ms: i64,
    /// Rules that add to the checklist.
    pub checklist: Vec<Rule>,
    /// The country parcels leave from: what goes abroad needs customs papers.
    pub home_country: Option<super::product::Country>,
    /// Territories that are one customs union with home: no papers within it.
    pub customs_union: Vec<super::product::Country>,
    /// Up to this value form CN 22 is enough (the UPU says 300 SDR; a site writes it in its own
    /// currency); without it every parcel abroad gets CN 23.
    pub cn22_max: Option<super::money::Money>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            count: CountPolicy::UpTo(200),
            by_hand: ByHandPolicy::Allowed,
            pick: PickConfirm::ScanOrTouch,
            clear_flag: Role::Lead,
            override_weight: Role::Lead,
            weigh: true,
            scale_resolution_g: 5,
            auto_advance_ms: 3_000,
            checklist: Vec::new(),
            home_country: None,
            customs_union: Vec::new(),
            cn22_max: None,
        }
    }
}
