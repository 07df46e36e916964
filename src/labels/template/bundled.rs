//! The templates that come with the program. A site copies one, changes it and names its own file instead.

/// Name and text of every bundled template.
pub const ALL: &[(&str, &str)] = &[
    ("shipping", include_str!("../../../assets/labels/shipping.toml")),
    ("pallet", include_str!("../../../assets/labels/pallet.toml")),
    ("tote", include_str!("../../../assets/labels/tote.toml")),
    ("bin", include_str!("../../../assets/labels/bin.toml")),
    ("badge", include_str!("../../../assets/labels/badge.toml")),
    ("commands", include_str!("../../../assets/labels/commands.toml")),
    ("pick-list", include_str!("../../../assets/labels/pick-list.toml")),
];

/// The text of a bundled template.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
