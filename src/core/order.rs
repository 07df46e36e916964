//! Orders and the work they make. An order has three independent axes (status, payment,
//! fulfillment); none is ever derived from another.

use super::ids::{FulfillmentId, LineNo, OrderId, ProductId};
use super::money::{Currency, Money};
use super::product::Country;
use super::time::UtcMs;

/// Where an order stands between customer and house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Still being written.
    Draft,
    /// Agreed.
    Placed,
    /// Called off.
    Cancelled,
    /// Over and done.
    Closed,
}

/// What the payment ledger adds up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// Nothing received.
    None,
    /// Promised by the bank, not yet taken.
    Authorized,
    /// Some of it.
    PartiallyPaid,
    /// All of it.
    Paid,
    /// Some given back.
    PartiallyRefunded,
    /// All given back.
    Refunded,
    /// More than the total.
    Overcharged,
    /// The promise was withdrawn.
    Voided,
    /// It was refused.
    Failed,
}

/// A reason not to go on until somebody who may has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Payment or customer looks like fraud.
    FraudReview,
    /// The address is incomplete or unknown to the carrier.
    AddressTrouble,
    /// Not paid and not on account.
    Unpaid,
}

/// Where a parcel goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Person or firm.
    pub name: String,
    /// Street lines, one to three.
    pub street: Vec<String>,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postcode: String,
    /// Country, if known.
    pub country: Option<Country>,
    /// Telephone in E.164, for the carrier.
    pub phone: Option<String>,
}

/// Who bought it, as far as packing needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// Number the office knows them by; guests have none.
    pub number: Option<String>,
    /// A customer the house treats first.
    pub vip: bool,
    /// First order ever.
    pub is_new: bool,
    /// Wants the invoice on paper.
    pub paper_invoice: bool,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLine {
    /// Position.
    pub no: LineNo,
    /// What.
    pub product: ProductId,
    /// Code at the time of sale.
    pub sku: String,
    /// Name at the time of sale.
    pub name: String,
    /// How many base units.
    pub quantity: u32,
    /// Price of one unit.
    pub unit_price: Money,
    /// Rate of its tax, hundredths of a per cent; the price is without it.
    pub tax_rate_bp: u32,
    /// Tax of the whole line, minor units, as the server reckoned it.
    pub tax_minor: i64,
    /// To be wrapped as a gift.
    pub gift_wrap: bool,
    /// What the customer wrote about it.
    pub note: Option<String>,
    /// Number of the kit that it is a part of, if it was not sold alone.
    pub kit: Option<u32>,
}

/// Several products that were sold as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderKit {
    /// Number within the order: lines name it.
    pub no: u32,
    /// Code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// Price of one.
    pub unit_price: Money,
    /// Rate of its tax, hundredths of a per cent.
    pub tax_rate_bp: u32,
    /// Tax of all of them, minor units: what its lines' taxes sum up to.
    pub tax_minor: i64,
    /// Names of what one is made of, with units.
    pub content: Vec<(String, u32)>,
}

/// Send all together or what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShipPolicy {
    /// Nothing leaves until everything can.
    Complete,
    /// What is there leaves; the rest follows.
    Partial,
}

/// How it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipping {
    /// Carrier's short name.
    pub carrier: String,
    /// Its service.
    pub service: String,
    /// Route or cage the parcel is sorted to.
    pub route: String,
}

/// An order as a station sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Identity.
    pub id: OrderId,
    /// The number people use.
    pub number: String,
    /// When the customer placed it.
    pub placed: UtcMs,
    /// Who bought.
    pub customer: Customer,
    /// Where it goes.
    pub ship_to: Address,
    /// Currency of all its amounts.
    pub currency: Currency,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// What of it was sold as kits.
    pub kits: Vec<OrderKit>,
    /// What the customer or the office wrote.
    pub note: Option<String>,
    /// A gift: no document in the parcel prints a price.
    pub gift: bool,
    /// A message to be put in.
    pub gift_message: Option<String>,
    /// Reasons to stop.
    pub flags: Vec<Flag>,
    /// Sold as rush.
    pub rush: bool,
    /// A lead moved it to the front: who is shown.
    pub expedited_by: Option<String>,
    /// How it travels.
    pub shipping: Shipping,
    /// Last moment it may be handed to the carrier, if promised.
    pub ship_by: Option<UtcMs>,
    /// All or what there is.
    pub ship_policy: ShipPolicy,
    /// Status.
    pub status: OrderStatus,
    /// Payment.
    pub payment: PaymentStatus,
    /// Invoice number, granted by the server with the work.
    pub invoice_no: Option<String>,
    /// Grows with every edit.
    pub version: i64,
}

impl Order {
    /// The line with that number.
    #[must_use]
    pub fn line(&self, no: LineNo) -> Option<&OrderLine> {
        self.lines.iter().find(|l| l.no == no)
    }

    /// The kit that a line is a part of.
    #[must_use]
    pub fn kit_of(&self, line: &OrderLine) -> Option<&OrderKit> {
        self.kits.iter().find(|kit| Some(kit.no) == line.kit)
    }
}

/// How much of an order line one fulfillment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FulfillmentLine {
    /// Line of the order.
    pub line: LineNo,
    /// What.
    pub product: ProductId,
    /// How many base units.
    pub quantity: u32,
}

/// Where a packer comes in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// Pick and pack: from the first step.
    Order,
    /// Somebody has picked it into this tote: the packer starts by checking.
    Tote(String),
    /// It waits in this slot of a put wall.
    Slot(String),
}

/// One unit of warehouse work for an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fulfillment {
    /// Identity.
    pub id: FulfillmentId,
    /// The order it serves.
    pub order: OrderId,
    /// Which part of a split order: 1 of 1 where it is whole.
    pub part: u16,
    /// How many parts there are.
    pub parts: u16,
    /// What it covers.
    pub lines: Vec<FulfillmentLine>,
    /// Where the packer comes in.
    pub entry: Entry,
    /// The slot where parts of a split order meet before they leave, if they must.
    pub consolidate_at: Option<String>,
}

impl Fulfillment {
    /// Base units in all lines.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.lines.iter().map(|l| l.quantity).sum()
    }
}
