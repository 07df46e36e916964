//! Stock changed by people and programs: received, corrected, moved, counted. A change is checked whole before anything of it is
//! written, so that one of many that is refused leaves the others as they are.

use super::{Key, Movement, MovementKind, available, book, count, low, release_for};
use crate::central::error::{Refusal, Res};
use crate::central::services::products::kits;
use crate::central::store::work::Work;
use crate::vals;

/// Most units of one change.
pub const CHANGE_UNITS_MAX: i64 = 1_000_000;
/// Longest lot, serial and reference, characters.
pub const MARK_MAX: usize = 60;
/// Longest note, characters.
pub const NOTE_MAX: usize = 300;

/// What state units are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Condition {
    /// To be sold.
    #[default]
    Good,
    /// Came back and must be looked at or repaired.
    Returned,
    /// Broken.
    Damaged,
}

impl Condition {
    /// All, in the order people are shown.
    pub const ALL: [Condition; 3] = [Condition::Good, Condition::Returned, Condition::Damaged];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Condition::Good => "good",
            Condition::Returned => "returned",
            Condition::Damaged => "damaged",
        }
    }

    /// The condition of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Condition> {
        Condition::ALL.into_iter().find(|condition| condition.word() == word)
    }
}

/// Why stock is corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Turned up.
    Found,
    /// Not there any more.
    Lost,
    /// Broken.
    Broken,
    /// Too old to be sold.
    Expired,
    /// Used here: a sample, a spare part.
    Used,
    /// Was booked wrongly.
    Mistake,
    /// Said in the note.
    Other,
}

impl Reason {
    /// All, in the order people are shown.
    pub const ALL: [Reason; 7] =
        [Reason::Found, Reason::Lost, Reason::Broken, Reason::Expired, Reason::Used, Reason::Mistake, Reason::Other];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Reason::Found => "found",
            Reason::Lost => "lost",
            Reason::Broken => "broken",
            Reason::Expired => "expired",
            Reason::Used => "used",
            Reason::Mistake => "mistake",
            Reason::Other => "other",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// Which balance, in the words of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Code of the product.
    pub sku: String,
    /// Code of the place.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// Day of expiry `YYYY-MM-DD`, or empty.
    pub expiry: String,
    /// Serial, or empty.
    pub serial: String,
    /// State of the units.
    pub condition: Condition,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `quantity` units came in; the text is what their paper is called, or empty.
    Receive(String),
    /// `quantity` units more, or fewer if below zero.
    Adjust(Reason),
    /// `quantity` units go to the place with this code.
    Transfer(String),
    /// `quantity` units are there.
    Count,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub kind: Kind,
    /// With which balance.
    pub spot: Spot,
    /// Units, as the kind says.
    pub quantity: i64,
    /// In words, or empty.
    pub note: String,
    /// Take away even what open orders are promised.
    pub despite_promises: bool,
}

/// How a change ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the ledger.
    Booked,
    /// The count was as the book said.
    Unchanged,
    /// The count differs so much that a second person must agree; the id of the count.
    Waits(String),
}

/// What a change left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// How it ended.
    pub outcome: Outcome,
    /// Units more than before, or that would be more once it is approved; below zero for fewer.
    pub difference: i64,
    /// Units of the balance now.
    pub quantity: i64,
    /// Units of the product that nobody is promised, now.
    pub available: i64,
}

fn refuse<T>(field: &'static str, why: &'static str) -> Result<T, Refusal> {
    Err(Refusal::Field { field, why })
}

fn plain(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.contains(char::is_control) && text.trim() == text
}

/// A day as it is stored: `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == text)
}

/// Checks lot, serial and day by themselves.
///
/// # Errors
/// [`Refusal::Field`] with the one that is not usable.
pub(crate) fn check_marks(spot: &Spot) -> Result<(), Refusal> {
    if !plain(&spot.lot, MARK_MAX) {
        return refuse("stock.lot", "must have at most 60 plain characters");
    }
    if !plain(&spot.serial, MARK_MAX) {
        return refuse("stock.serial", "must have at most 60 plain characters");
    }
    if !spot.expiry.is_empty() && !is_day(&spot.expiry) {
        return refuse("stock.expiry", "must be a day such as 2027-05-31");
    }
    Ok(())
}

impl Change {
    /// Checks what needs no database.
    ///
    /// # Errors
    /// [`Refusal::Field`] with the field that is not usable.
    pub fn validate(&self) -> Result<(), Refusal> {
        let units = match &self.kind {
            Kind::Receive(_) | Kind::Transfer(_) => 1..=CHANGE_UNITS_MAX,
            Kind::Adjust(_) => -CHANGE_UNITS_MAX..=CHANGE_UNITS_MAX,
            Kind::Count => 0..=CHANGE_UNITS_MAX,
        };
        let none = matches!(self.kind, Kind::Adjust(_)) && self.quantity == 0;
        if !units.contains(&self.quantity) || none {
            return refuse("stock.quantity", "must be units within a million, and not none");
        }
        if !self.spot.serial.is_empty() && self.quantity.abs() > 1 {
            return refuse("stock.quantity", "must be one unit where a serial is named");
        }
        check_marks(&self.spot)?;
        if self.note.chars().count() > NOTE_MAX || self.note.contains('\0') {
            return refuse("stock.note", "must have at most 300 characters");
        }
        match &self.kind {
            Kind::Receive(paper) if !plain(paper, MARK_MAX) => {
                refuse("stock.reference", "must have at most 60 plain characters")
            }
            Kind::Adjust(Reason::Other) if self.note.trim().is_empty() => refuse("stock.note", "must say why in words"),
            Kind::Transfer(to) if *to == self.spot.location => refuse("stock.to", "must be another place"),
            Kind::Receive(_) | Kind::Adjust(_) | Kind::Transfer(_) | Kind::Count => Ok(()),
        }
    }

    /// The note behind a word, as it stands in the ledger.
    fn reason(&self, word: &str) -> String {
        match (word, self.note.trim()) {
            (word, "") => word.to_owned(),
            ("", note) => note.to_owned(),
            (word, note) => format!("{word}: {note}"),
        }
    }
}

/// A place a change names.
struct Place {
    id: String,
    /// Orders are served from it.
    bin: bool,
}

fn place(work: &mut Work<'_>, code: &str) -> Res<Place> {
    let row = work
        .one("SELECT id, kind FROM locations WHERE site = $1 AND code = $2 AND gone = 0", vals![work.site(), code])?;
    let row = row.ok_or(Refusal::Missing { entity: "location" })?;
    Ok(Place { id: row.at(0)?, bin: row.at::<String>(1)? == "bin" })
}

/// A change with what the database knows of its names.
struct Found<'a> {
    change: &'a Change,
    key: Key,
    bin: bool,
    /// Units of the balance, and whether they are held.
    quantity: i64,
    held: bool,
}

/// Does the change bring units in, so that the product's marks must be named?
fn brings(change: &Change) -> bool {
    match change.kind {
        Kind::Receive(_) => true,
        Kind::Adjust(_) | Kind::Count => change.quantity > 0,
        Kind::Transfer(_) => false,
    }
}

fn find<'a>(work: &mut Work<'_>, change: &'a Change) -> Res<Found<'a>> {
    let spot = &change.spot;
    let row = work.one(
        "SELECT id, kind, track_serial, track_lot, track_expiry FROM products WHERE site = $1 AND sku = $2",
        vals![work.site(), &spot.sku],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "product" })?;
    if row.at::<String>(1)? == "service" {
        return Err(Refusal::Field { field: "stock.product", why: "must be goods: a service has no stock" }.into());
    }
    let product: String = row.at(0)?;
    no_kit(work, &product)?;
    let at = place(work, &spot.location)?;
    let key = Key {
        location: at.id,
        product,
        lot: spot.lot.clone(),
        expiry: spot.expiry.clone(),
        serial: spot.serial.clone(),
        condition: spot.condition.word().to_owned(),
        owner: String::new(),
    };
    let level = key.level_id(work.ctx.site);
    let now = work.one("SELECT quantity, held FROM stock_levels WHERE id = $1", vals![level])?;
    let (quantity, held) = match now {
        Some(row) => (row.at(0)?, row.at(1)?),
        None => (0, false),
    };
    if brings(change) {
        demanded(spot, [row.at(2)?, row.at(3)?, row.at(4)?])?;
        if !spot.serial.is_empty() && quantity < 1 {
            unknown_serial(work, &key)?;
        }
    }
    Ok(Found { change, key, bin: at.bin, quantity, held })
}

/// A kit never lies anywhere: its parts do.
pub(super) fn no_kit(work: &mut Work<'_>, product: &str) -> Res<()> {
    if kits::is_kit(work.tx, product)? {
        let why = "must be no kit: what a kit is made of lies here, not the kit";
        return Err(Refusal::Field { field: "stock.kit", why }.into());
    }
    Ok(())
}

/// Refuses a writer who saw other units of the balance than there are.
///
/// # Errors
/// [`Refusal::Version`] with the units that there are; [`Refusal::Missing`] and [`Refusal::Field`] as [`change`].
pub fn as_seen(work: &mut Work<'_>, change: &Change, seen: i64) -> Res<()> {
    let newest = find(work, change)?.quantity;
    if newest == seen { Ok(()) } else { Err(Refusal::Version { newest, fields: vec!["quantity"] }.into()) }
}

/// What the product asks of every unit: serial, lot, expiry.
pub(crate) fn demanded(spot: &Spot, [serial, lot, expiry]: [bool; 3]) -> Result<(), Refusal> {
    if lot && spot.lot.is_empty() {
        return refuse("stock.lot", "must be named: the product is kept by lot");
    }
    if expiry && spot.expiry.is_empty() {
        return refuse("stock.expiry", "must be named: the product has a day of expiry");
    }
    if serial && spot.serial.is_empty() {
        return refuse("stock.serial", "must be named: every unit of the product has its own");
    }
    Ok(())
}

/// A serial is one unit in the world: it cannot lie in two places, and not here after it left.
fn unknown_serial(work: &mut Work<'_>, key: &Key) -> Res<()> {
    let known = work.tx.int(
        "SELECT (SELECT COUNT(*) FROM stock_levels WHERE product = $1 AND serial = $2 AND quantity > 0) \
         + (SELECT COUNT(*) FROM serials WHERE product = $1 AND serial = $2)",
        vals![&key.product, &key.serial],
    )?;
    if known > 0 {
        return Err(Refusal::Taken { field: "serial", entity: "unit" }.into());
    }
    Ok(())
}

impl Found<'_> {
    fn saleable(&self) -> bool {
        self.bin && self.key.condition == "good" && !self.held
    }

    /// Units may leave this balance: they are there, and, unless they stay for sale or it is asked for, nobody is promised them.
    fn may_leave(&self, work: &mut Work<'_>, units: i64, stay_for_sale: bool) -> Res<()> {
        if units > self.quantity {
            return Err(Refusal::Stock { available: self.quantity.max(0) }.into());
        }
        if self.saleable() && !stay_for_sale && !self.change.despite_promises {
            let free = available(work.tx, &self.key.product)?;
            if units > free {
                return Err(Refusal::Stock { available: free.max(0) }.into());
            }
        }
        Ok(())
    }

    fn movement(&self, work: &Work<'_>, kind: MovementKind, quantity: i64, of: (&'static str, String)) -> Movement {
        let word = match &self.change.kind {
            Kind::Adjust(reason) => reason.word(),
            Kind::Receive(_) | Kind::Transfer(_) | Kind::Count => "",
        };
        let reason = self.change.reason(word);
        Movement { id: None, key: self.key.clone(), kind, quantity, at_ms: work.now_ms(), reference: of, reason }
    }
}

/// Makes the change.
///
/// # Errors
/// [`Refusal::Field`] as [`Change::validate`], or for a lot, day or serial that the product demands; [`Refusal::Missing`] for an
/// unknown product or place; [`Refusal::Stock`] for more units than lie there, or than nobody is promised; [`Refusal::Taken`] for a
/// serial that lies elsewhere or has left. Nothing is written then.
pub fn change(work: &mut Work<'_>, change: &Change) -> Res<Changed> {
    change.validate()?;
    let found = find(work, change)?;
    let (outcome, difference) = match &change.kind {
        Kind::Receive(paper) => {
            let paper = if paper.is_empty() { work.new_id() } else { paper.clone() };
            let entry = found.movement(work, MovementKind::Receive, change.quantity, ("receipt", paper));
            book(work, &entry)?;
            (Outcome::Booked, change.quantity)
        }
        Kind::Adjust(_) => {
            if change.quantity < 0 {
                found.may_leave(work, -change.quantity, false)?;
            }
            let entry = found.movement(work, MovementKind::Adjust, change.quantity, ("adjustment", work.new_id()));
            book(work, &entry)?;
            (Outcome::Booked, change.quantity)
        }
        Kind::Transfer(to) => (transfer(work, &found, to)?, -change.quantity),
        Kind::Count => count::take(work, &found.key, (found.quantity, change.quantity), &change.reason(""))?,
    };
    note(work, &found, &outcome, difference);
    let moved = if matches!(outcome, Outcome::Booked) { difference } else { 0 };
    let to_sell = matches!(change.kind, Kind::Transfer(_)) || moved > 0;
    if to_sell && outcome == Outcome::Booked {
        release_for(work, std::slice::from_ref(&found.key.product))?;
    }
    low::watch(work, &found.key.product)?;
    let available = available(work.tx, &found.key.product)?;
    Ok(Changed { outcome, difference, quantity: found.quantity + moved, available })
}

fn transfer(work: &mut Work<'_>, found: &Found<'_>, to: &str) -> Res<Outcome> {
    let there = place(work, to)?;
    found.may_leave(work, found.change.quantity, there.bin)?;
    let id = work.new_id();
    let leaves = found.movement(work, MovementKind::Transfer, -found.change.quantity, ("transfer", id));
    book(work, &leaves)?;
    let key = Key { location: there.id, ..found.key.clone() };
    book(work, &Movement { key, quantity: found.change.quantity, ..leaves })?;
    Ok(Outcome::Booked)
}

fn note(work: &mut Work<'_>, found: &Found<'_>, outcome: &Outcome, difference: i64) {
    let change = found.change;
    let kind = match &change.kind {
        Kind::Receive(_) => "stock.received",
        Kind::Adjust(_) => "stock.adjusted",
        Kind::Transfer(_) => "stock.moved",
        Kind::Count => "stock.counted",
    };
    let reason = match &change.kind {
        Kind::Adjust(reason) => reason.word(),
        Kind::Receive(_) | Kind::Transfer(_) | Kind::Count => "",
    };
    let to = match &change.kind {
        Kind::Transfer(to) => to.as_str(),
        Kind::Receive(_) | Kind::Adjust(_) | Kind::Count => "",
    };
    let detail = serde_json::json!({
        "sku": change.spot.sku, "location": change.spot.location, "lot": change.spot.lot, "units": difference,
        "reason": reason, "to": to, "waits": matches!(outcome, Outcome::Waits(_)),
        "despite_promises": change.despite_promises,
    });
    work.audit(kind, "product", found.key.product.clone(), detail);
}
