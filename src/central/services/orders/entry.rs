//! What a typed order is made of, and the rules that need no database. Every bound of the form is here, so that the console, a
//! draft and a program are held to the same.

use super::payments::NewPayment;
use crate::central::error::Refusal;
use crate::core::country::is_code;
use crate::protocol::wire::order::Address;
use serde::{Deserialize, Serialize};

/// Most lines of a typed order.
pub const LINES_MAX: usize = 200;
/// Most units of one line.
pub const UNITS_MAX: i64 = 100_000;
/// Longest note or remark, characters.
pub const NOTE_MAX: usize = 1_000;

/// Which desk types the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskKind {
    /// For a business: prices are those of the products.
    #[default]
    B2b,
    /// For a person: prices may be changed, and a remark says why the order is typed.
    B2c,
}

impl DeskKind {
    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            DeskKind::B2b => "b2b",
            DeskKind::B2c => "b2c",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<DeskKind> {
        [DeskKind::B2b, DeskKind::B2c].into_iter().find(|kind| kind.word() == word)
    }
}

/// Why a person's order is typed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// In place of something that was wrong.
    Replacement,
    /// As a kindness.
    Goodwill,
    /// Said in words.
    Other,
}

impl Remark {
    /// All, in the order people are shown.
    pub const ALL: [Remark; 3] = [Remark::Replacement, Remark::Goodwill, Remark::Other];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Remark::Replacement => "replacement",
            Remark::Goodwill => "goodwill",
            Remark::Other => "other",
        }
    }
}

/// When the customer pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// Before it leaves: until then the order bears the flag "unpaid", which stops it at the bench.
    #[default]
    Prepaid,
    /// To the driver.
    OnDelivery,
    /// Within 7 days.
    Net7,
    /// Within 14 days.
    Net14,
    /// Within 30 days.
    Net30,
    /// Within 60 days.
    Net60,
}

impl Terms {
    /// All, in the order people are shown.
    pub const ALL: [Terms; 6] =
        [Terms::Prepaid, Terms::OnDelivery, Terms::Net7, Terms::Net14, Terms::Net30, Terms::Net60];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Terms::Prepaid => "prepaid",
            Terms::OnDelivery => "on_delivery",
            Terms::Net7 => "net7",
            Terms::Net14 => "net14",
            Terms::Net30 => "net30",
            Terms::Net60 => "net60",
        }
    }
}

/// For whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Buyer {
    /// A customer on file, by id.
    Known(String),
    /// One who is added with the order, at its address.
    New,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewLine {
    /// Code of the product.
    pub sku: String,
    /// Units.
    pub quantity: i64,
    /// Price of one unit without tax, minor units; `None` takes the product's. A business pays the product's in any case.
    pub price_minor: Option<i64>,
    /// Rate of the tax on top, basis points; `None` takes the product's.
    pub tax_rate_bp: Option<u32>,
}

/// An order to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Which desk.
    pub kind: DeskKind,
    /// For whom.
    pub buyer: Buyer,
    /// Where it goes; phone and e-mail address with it.
    pub ship_to: Address,
    /// What, in order.
    pub lines: Vec<NewLine>,
    /// Code of the carrier and of its service.
    pub shipping: (String, String),
    /// When it must have left, UTC ms.
    pub ship_by_ms: Option<i64>,
    /// For the packer, from the customer.
    pub note: Option<String>,
    /// Why, and in words: for a person only.
    pub remark: Option<(Remark, String)>,
    /// When it is paid.
    pub terms: Terms,
    /// What was paid already.
    pub payment: Option<NewPayment>,
    /// Take the order although stock is missing: it waits until all of it is there.
    pub backorder: bool,
}

fn refuse(field: &'static str, why: &'static str) -> Result<(), Refusal> {
    Err(Refusal::Field { field, why })
}

fn fits(text: &str, max: usize) -> bool {
    text.chars().count() <= max && !text.contains('\0')
}

/// On one line, not blank, and without anything that a label cannot print.
fn written(text: &str, max: usize) -> bool {
    !text.trim().is_empty() && fits(text, max) && !text.contains(char::is_control)
}

/// Checks an address: who, street, place, country; phone as E.164, e-mail as one `@` between two parts.
///
/// # Errors
/// [`Refusal::Field`] with the field that is not usable.
pub fn check_address(address: &Address) -> Result<(), Refusal> {
    let filled = |text: &str| written(text, 100);
    let some_filled = |text: Option<&String>, max| text.is_none_or(|text| written(text, max));
    if !(filled(&address.name) && some_filled(address.company.as_ref(), 100)) {
        return refuse("address.name", "must have 1 to 100 characters");
    }
    if address.lines.is_empty() || address.lines.len() > 3 || !address.lines.iter().all(|line| filled(line)) {
        return refuse("address.lines", "must be one to three lines of 1 to 100 characters");
    }
    if !filled(&address.city) || !some_filled(address.region.as_ref(), 100) {
        return refuse("address.city", "must have 1 to 100 characters");
    }
    if !some_filled(address.postcode.as_ref(), 20) {
        return refuse("address.postcode", "must have at most 20 characters");
    }
    if !is_code(&address.country) {
        return refuse("address.country", "must be a code of two capital letters that ISO 3166-1 assigns");
    }
    let digits = |phone: &String| {
        let rest = phone.strip_prefix('+').unwrap_or_default();
        (7..=15).contains(&rest.len()) && !rest.starts_with('0') && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !address.phone.as_ref().is_none_or(digits) {
        return refuse("address.phone", "must be + and 7 to 15 digits, the country's first");
    }
    let mail = |text: &String| {
        let parts: Vec<&str> = text.split('@').collect();
        let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        plain && text.len() <= 254 && matches!(parts[..], [user, host] if !user.is_empty() && host.contains('.'))
    };
    if !address.email.as_ref().is_none_or(mail) {
        return refuse("address.email", "must be an e-mail address");
    }
    if !address.instructions.as_ref().is_none_or(|text| fits(text, NOTE_MAX)) {
        return refuse("address.instructions", "must have at most 1,000 characters");
    }
    Ok(())
}

/// Checks lines by themselves.
///
/// # Errors
/// [`Refusal::Field`] with the field that is not usable.
pub fn check_lines(lines: &[NewLine]) -> Result<(), Refusal> {
    use crate::central::services::products::{PRICE_MINOR_MAX, TAX_RATE_BP_MAX};
    if lines.is_empty() || lines.len() > LINES_MAX {
        return refuse("lines", "must be 1 to 200");
    }
    if lines.iter().any(|line| !(1..=UNITS_MAX).contains(&line.quantity)) {
        return refuse("lines.quantity", "must be 1 to 100,000 units");
    }
    if lines.iter().any(|line| line.price_minor.is_some_and(|price| !(0..=PRICE_MINOR_MAX).contains(&price))) {
        return refuse("lines.price", "must be 0 to 1,000,000,000 minor units");
    }
    if lines.iter().any(|line| line.tax_rate_bp.is_some_and(|rate| rate > TAX_RATE_BP_MAX)) {
        return refuse("lines.tax", "must be at most 100 %");
    }
    Ok(())
}

/// Checks a note.
///
/// # Errors
/// [`Refusal::Field`] if it is too long.
pub fn check_note(note: Option<&String>) -> Result<(), Refusal> {
    if note.is_some_and(|note| !fits(note, NOTE_MAX)) {
        return refuse("note", "must have at most 1,000 characters");
    }
    Ok(())
}

impl NewOrder {
    /// Checks what needs no database.
    ///
    /// # Errors
    /// [`Refusal::Field`] with the field that is not usable.
    pub fn validate(&self) -> Result<(), Refusal> {
        check_address(&self.ship_to)?;
        check_lines(&self.lines)?;
        check_note(self.note.as_ref())?;
        match (self.kind, &self.remark) {
            (DeskKind::B2b, None) => {}
            (DeskKind::B2b, Some(_)) => return refuse("remark", "is for persons' orders only"),
            (DeskKind::B2c, None) => return refuse("remark", "must say why the order is typed"),
            (DeskKind::B2c, Some((Remark::Other, text))) if text.trim().is_empty() => {
                return refuse("remark.text", "must say why in words");
            }
            (DeskKind::B2c, Some((_, text))) if !fits(text, NOTE_MAX) => {
                return refuse("remark.text", "must have at most 1,000 characters");
            }
            (DeskKind::B2c, Some(_)) => {}
        }
        if self.ship_by_ms.is_some_and(|at| !(0..=253_402_214_400_000).contains(&at)) {
            return refuse("shipping.by", "must be a day before the year 10000");
        }
        self.payment.as_ref().map_or(Ok(()), NewPayment::validate)
    }
}
