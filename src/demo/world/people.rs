//! The made people and boxes of the demo. MADE UP; the badges and PINs below are public on purpose and open nothing but the
//! demo: they are shown on its panel and in `docs/operating.md`.

use crate::protocol::wire::Role;

/// Somebody who works in the made warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Name to log in with at the console.
    pub login: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What the screen shows.
    pub initials: &'static str,
    /// What they are.
    pub role: Role,
    /// PIN at a station.
    pub pin: &'static str,
    /// What their badge's barcode says.
    pub badge: &'static str,
    /// Password at the console, for those who have one.
    pub password: Option<&'static str>,
}

const fn packer(
    login: &'static str,
    name: &'static str,
    initials: &'static str,
    pin: &'static str,
    badge: &'static str,
) -> Person {
    Person { login, name, initials, role: Role::Packer, pin, badge, password: None }
}

/// All of them; the lead first.
pub const PEOPLE: &[Person] = &[
    Person {
        login: "lead",
        name: "Lead (L. O.)",
        initials: "L. O.",
        role: Role::Lead,
        pin: "9999",
        badge: "BADGE-LEAD-0001",
        password: Some("demo-lead-password"),
    },
    packer("mr", "Packer (M. R.)", "M. R.", "1111", "BADGE-PACK-0001"),
    packer("ak", "Packer (A. K.)", "A. K.", "2222", "BADGE-PACK-0002"),
    packer("yv", "Packer (Y. V.)", "Y. V.", "3333", "BADGE-PACK-0003"),
    packer("js", "Packer (J. S.)", "J. S.", "4444", "BADGE-PACK-0004"),
    packer("tn", "Packer (T. N.)", "T. N.", "5555", "BADGE-PACK-0005"),
    packer("pg", "Packer (P. G.)", "P. G.", "6666", "BADGE-PACK-0006"),
    packer("sb", "Packer (S. B.)", "S. B.", "7777", "BADGE-PACK-0007"),
    packer("ow", "Packer (O. W.)", "O. W.", "8888", "BADGE-PACK-0008"),
];

/// The one who decides what a packer may not.
#[must_use]
pub fn lead() -> &'static Person {
    &PEOPLE[0]
}

/// The packer at bench `n` from 0; after the last one the first begins again.
#[must_use]
pub fn packer_of(n: usize) -> &'static Person {
    let packers = PEOPLE.len() - 1;
    &PEOPLE[1 + n % packers]
}

/// A kind of box on the bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoxKind {
    /// Short name.
    pub name: &'static str,
    /// Barcode on its stack.
    pub code: &'static str,
    /// An envelope.
    pub envelope: bool,
    /// Room inside: length, width, height in mm.
    pub inner_mm: [u32; 3],
    /// Mass when empty, with filling and tape.
    pub tare_g: u32,
    /// Most content.
    pub max_g: u32,
}

impl BoxKind {
    /// Room inside.
    #[must_use]
    pub fn volume_mm3(&self) -> i64 {
        self.inner_mm.iter().map(|side| i64::from(*side)).product()
    }
}

/// All of them, smallest first.
pub const BOXES: &[BoxKind] = &[
    BoxKind { name: "ENV", code: "BOX-ENV", envelope: true, inner_mm: [330, 230, 40], tare_g: 20, max_g: 1_000 },
    BoxKind { name: "S", code: "BOX-S", envelope: false, inner_mm: [250, 200, 150], tare_g: 120, max_g: 5_000 },
    BoxKind { name: "M", code: "BOX-M", envelope: false, inner_mm: [400, 300, 200], tare_g: 280, max_g: 12_000 },
    BoxKind { name: "L", code: "BOX-L", envelope: false, inner_mm: [500, 400, 300], tare_g: 520, max_g: 20_000 },
    BoxKind { name: "XL", code: "BOX-XL", envelope: false, inner_mm: [600, 500, 450], tare_g: 900, max_g: 28_000 },
];
