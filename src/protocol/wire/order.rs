//! What a customer bought, as far as a station needs it; personal data here is purged after the site's days.

use super::id::{CustomerId, OrderId, OrderLineId, PaymentId, ProductId, SiteId, UserId};
use super::money::Money;
use serde::{Deserialize, Serialize};

/// An order, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRecord {
    /// Its name for programs.
    pub id: OrderId,
    /// Grows with every edit.
    pub version: u64,
    /// Its name for people, for example `536365`.
    pub number: String,
    /// Code printed on its papers; absent: `number`.
    #[serde(default)]
    pub barcode: Option<String>,
    /// Where it ships from.
    pub site_id: SiteId,
    /// Where it came from, for example `shop`, `import`, `desk`.
    pub channel: String,
    /// First axis.
    pub status: OrderStatus,
    /// Second axis, derived from the ledger.
    pub payment_status: PaymentStatus,
    /// Third axis, derived from line counters.
    pub fulfillment_status: OrderFulfillmentStatus,
    /// Fourth: the card's column in the business process.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// Who bought.
    pub customer: Customer,
    /// Where it goes.
    pub ship_to: Address,
    /// Who pays; absent: `ship_to`.
    #[serde(default)]
    pub bill_to: Option<Address>,
    /// What was bought, in order of `position`.
    pub lines: Vec<OrderLine>,
    /// Kits that were sold; the lines of their parts name them. A server of before tells none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kits: Vec<OrderKit>,
    /// Notes, oldest first.
    #[serde(default)]
    pub notes: Vec<OrderNote>,
    /// Present for a gift: no price on any paper.
    #[serde(default)]
    pub gift: Option<Gift>,
    /// What blocks or warns.
    #[serde(default)]
    pub flags: Vec<OrderFlag>,
    /// What puts it first.
    pub priority: Priority,
    /// When it was placed, UTC ms.
    pub placed_ms: i64,
    /// When it must have left, UTC ms.
    #[serde(default)]
    pub ship_by_ms: Option<i64>,
    /// Ledger of payments, oldest first.
    #[serde(default)]
    pub payments: Vec<Payment>,
    /// Sums.
    pub totals: Totals,
    /// Free words of the shop.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Delivery terms (Incoterms 2020 code) for customs.
    #[serde(default)]
    pub incoterms: Option<String>,
}

/// First axis of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum OrderStatus {
    Draft,
    Placed,
    Cancelled,
    Closed,
}

/// Second axis, derived from the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PaymentStatus {
    None,
    Authorized,
    PartiallyPaid,
    Paid,
    PartiallyRefunded,
    Refunded,
    Overcharged,
    Voided,
    Failed,
}

/// Third axis, derived from line counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum OrderFulfillmentStatus {
    None,
    Partial,
    Packed,
    PartiallyShipped,
    Shipped,
    Delivered,
    Returned,
}

/// Where the order stands in its business process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Stable name of the stage.
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// Finer state.
    #[serde(default)]
    pub sub_status: Option<String>,
    /// Free note.
    #[serde(default)]
    pub note: Option<String>,
}

/// The buyer, as far as packing needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Absent for guests.
    #[serde(default)]
    pub id: Option<CustomerId>,
    /// Name for people.
    pub name: String,
    /// Goes before others.
    #[serde(default)]
    pub vip: bool,
    /// First order: some rules add a welcome card.
    #[serde(default)]
    pub first_order: bool,
    /// Business customer: other papers.
    #[serde(default)]
    pub business: bool,
    /// Tax number, for invoices and customs.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// Language of the papers.
    #[serde(default)]
    pub language: Option<String>,
}

/// A postal address as a label prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Person.
    pub name: String,
    /// Company.
    #[serde(default)]
    pub company: Option<String>,
    /// Street lines, 1 to 3.
    pub lines: Vec<String>,
    /// City.
    pub city: String,
    /// State, province or county.
    #[serde(default)]
    pub region: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub postcode: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// E.164.
    #[serde(default)]
    pub phone: Option<String>,
    /// For the carrier's notice.
    #[serde(default)]
    pub email: Option<String>,
    /// For the driver.
    #[serde(default)]
    pub instructions: Option<String>,
}

/// One line. Counters: 0 ≤ delivered ≤ shipped ≤ packed ≤ picked ≤ quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Its name for programs.
    pub id: OrderLineId,
    /// Place in the order, from 1.
    pub position: u32,
    /// What; absent for service codes without a product.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// Name at the time of sale.
    pub sku: String,
    /// Text at the time of sale.
    pub name: String,
    /// False for service lines: on the invoice, never picked.
    pub picked_physically: bool,
    /// Base units bought.
    pub quantity: u32,
    /// Base units picked.
    #[serde(default)]
    pub picked: u32,
    /// Base units packed.
    #[serde(default)]
    pub packed: u32,
    /// Base units shipped.
    #[serde(default)]
    pub shipped: u32,
    /// Base units delivered.
    #[serde(default)]
    pub delivered: u32,
    /// Base units asked back.
    #[serde(default)]
    pub return_requested: u32,
    /// Base units that came back.
    #[serde(default)]
    pub returned: u32,
    /// Base units given up.
    #[serde(default)]
    pub written_off: u32,
    /// Price of one base unit before tax and discount.
    pub unit_price: Money,
    /// Discount of the whole line, positive.
    #[serde(default)]
    pub discount_minor: i64,
    /// Tax of the whole line.
    pub tax: LineTax,
    /// Wrap this line.
    #[serde(default)]
    pub gift_wrap: bool,
    /// What the customer wrote or configured, for example an engraving.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether a substitute may be packed.
    #[serde(default)]
    pub substitution_allowed: bool,
    /// Number of the kit that it is a part of; absent for what was sold alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit: Option<u32>,
}

/// Several products sold as one. Its price and tax are those of its lines together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderKit {
    /// Number within the order.
    pub no: u32,
    /// Name at the time of sale.
    pub sku: String,
    /// Text at the time of sale.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// Price of one before tax.
    pub unit_price: Money,
    /// Tax of all of them.
    pub tax: LineTax,
    /// What one is made of.
    pub content: Vec<KitContent>,
}

/// A part of a kit that was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitContent {
    /// Code of the product.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Base units in one kit.
    pub units: u32,
}

/// Tax of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    /// Rate, hundredths of a per cent (20 % is 2,000).
    pub rate_basis_points: u32,
    /// Amount it is taken from, minor units.
    pub base_minor: i64,
    /// The tax, minor units.
    pub amount_minor: i64,
    /// How it was rounded: `half_up` (a half away from zero), `half_even`, `down`.
    pub rounding: String,
}

/// A note on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderNote {
    /// Who should read it.
    pub audience: NoteAudience,
    /// The text.
    pub text: String,
    /// When, UTC ms.
    pub at_ms: i64,
    /// Who wrote it; absent: the customer or a program.
    #[serde(default)]
    pub by: Option<UserId>,
    /// Must be confirmed in review.
    #[serde(default)]
    pub must_read: bool,
}

/// Who should read a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteAudience {
    /// Shown in review.
    Packer,
    /// From the customer, shown in review.
    FromCustomer,
    /// Office only; a station gets none, kept for completeness.
    Office,
}

/// A gift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// Wrap the whole order.
    #[serde(default)]
    pub wrap: bool,
    /// Card.
    #[serde(default)]
    pub message: Option<String>,
}

/// Something that blocks or warns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFlag {
    /// What.
    pub kind: FlagKind,
    /// Blocks until cleared by one who may.
    pub blocking: bool,
    /// Why, for people.
    #[serde(default)]
    pub reason: Option<String>,
    /// Since when, UTC ms.
    pub since_ms: i64,
    /// Who cleared it.
    #[serde(default)]
    pub cleared_by: Option<UserId>,
}

/// Kind of flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Under fraud review.
    FraudReview,
    /// Address incomplete or refused.
    AddressTrouble,
    /// Not paid.
    Unpaid,
    /// The customer asked to wait.
    CustomerHold,
    /// Export or law needs a look.
    ComplianceReview,
}

/// What puts an order first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Priority {
    /// Rush: before everything.
    #[serde(default)]
    pub rush: bool,
    /// Lead who expedited it, while it is.
    #[serde(default)]
    pub expedited_by: Option<UserId>,
    /// When, UTC ms.
    #[serde(default)]
    pub expedited_ms: Option<i64>,
    /// Why, for people.
    #[serde(default)]
    pub expedite_reason: Option<String>,
}

/// One entry of the payment ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Its name for programs.
    pub id: PaymentId,
    /// What happened.
    pub kind: PaymentKind,
    /// How it was paid, for example `card`, `transfer`, `cash_on_delivery`.
    pub method: String,
    /// How much, positive.
    pub amount: Money,
    /// When, UTC ms.
    pub at_ms: i64,
}

/// What happened to money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum PaymentKind {
    Authorization,
    Capture,
    Refund,
    Void,
    Failure,
}

/// Sums of an order, minor units of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// ISO 4217.
    pub currency: String,
    /// Lines before discount and tax.
    pub goods_minor: i64,
    /// Discounts, positive.
    pub discount_minor: i64,
    /// Shipping.
    pub shipping_minor: i64,
    /// Tax.
    pub tax_minor: i64,
    /// What the customer pays.
    pub total_minor: i64,
}
