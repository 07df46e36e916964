//! What has to go into, onto or along with a parcel, and which facts must be known before it may
//! get a label. Derived from product facts and the order; a site adds rules as data.

use super::ids::{LineNo, ProductId};
use super::message::Message;
use super::money::Money;
use super::order::Order;
use super::policy::Policy;
use super::product::Product;

/// A paper the house can print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// The carrier's label, with the SSCC.
    Label,
    /// What is in the parcel.
    PackingSlip,
    /// The bill.
    Invoice,
    /// Customs declaration for small values (UPU form CN 22).
    Cn22,
    /// Customs declaration (UPU form CN 23).
    Cn23,
    /// Invoice for customs.
    CommercialInvoice,
}

/// What a line of the checklist asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// Put this paper in (or on).
    Document(DocumentKind),
    /// Put in a flyer, sample or card, by its name.
    Insert(String),
    /// Wrap this line as a gift.
    GiftWrap(LineNo),
    /// Put in the gift message.
    GiftMessage,
    /// Stick on: fragile.
    Fragile,
    /// Stick on: lithium battery mark with this UN number.
    LithiumMark(u16),
    /// Stick on: dangerous goods of this UN number.
    DangerousGoods(u16),
    /// Stick on: keep between these temperatures, °C.
    Temperature(i16, i16),
    /// Stick on: signature of an adult.
    AdultSignature,
    /// Take a photo of the open box.
    Photo,
    /// Take a photo of the open box, or go on without; which of both is recorded.
    PhotoOffered,
}

/// A line of a parcel's checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What to do.
    pub kind: ItemKind,
    /// Why, for the second line.
    pub why: Message,
    /// Done.
    pub done: bool,
}

/// When a site's own rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Every parcel.
    Always,
    /// Gift orders.
    Gift,
    /// Customers the house treats first.
    Vip,
    /// First orders.
    NewCustomer,
    /// Parcels that leave the country.
    Abroad,
    /// Parcels with something fragile.
    Fragile,
    /// Parcels that contain this product.
    Contains(ProductId),
}

/// A site's own addition to the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// All of these must hold.
    pub when: Vec<Condition>,
    /// What is added.
    pub item: ItemKind,
}

/// A fact about a product that carriers or customs need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// UN number or lithium class.
    UnNumber,
    /// Customs tariff number.
    HsCode,
    /// Country of origin.
    Origin,
    /// Value for customs.
    CustomsValue,
    /// The address's country.
    Country,
}

impl Fact {
    /// Key of the fact's name in the catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Fact::UnNumber => "fact-un-number",
            Fact::HsCode => "fact-hs-code",
            Fact::Origin => "fact-origin",
            Fact::CustomsValue => "fact-customs-value",
            Fact::Country => "fact-country",
        }
    }
}

/// A unit count of a product within a parcel, as this file needs it.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// Line of the order.
    pub line: LineNo,
    /// The product that is really in.
    pub product: &'a Product,
    /// Base units.
    pub units: u32,
}

/// Does the parcel cross a customs border? An unknown country counts as abroad once the site has
/// said where it is, because leaving papers off is the dearer mistake.
#[must_use]
pub fn is_abroad(order: &Order, policy: &Policy) -> bool {
    let Some(home) = policy.home_country else {
        return false;
    };
    match order.ship_to.country {
        Some(c) if c == home => false,
        Some(c) => !(policy.customs_union.contains(&c) && policy.customs_union.contains(&home)),
        None => true,
    }
}

/// The first fact that is missing for a label, with the product it is missing for.
#[must_use]
pub fn missing_fact<'a>(
    order: &Order,
    contents: &[Content<'a>],
    policy: &Policy,
) -> Option<(Option<&'a Product>, Fact)> {
    let abroad = is_abroad(order, policy);
    if abroad && order.ship_to.country.is_none() {
        return Some((None, Fact::Country));
    }
    for c in contents {
        let f = &c.product.facts;
        if f.dangerous && f.un_number.is_none() && f.lithium.is_none() {
            return Some((Some(c.product), Fact::UnNumber));
        }
        if !abroad {
            continue;
        }
        if f.hs_code.is_none() {
            return Some((Some(c.product), Fact::HsCode));
        }
        if f.origin.is_none() {
            return Some((Some(c.product), Fact::Origin));
        }
        if customs_value(order, c).is_none() {
            return Some((Some(c.product), Fact::CustomsValue));
        }
    }
    None
}

/// Value of one unit for customs: the product's own, else what the customer pays, if not nothing.
#[must_use]
pub fn customs_value(order: &Order, c: &Content<'_>) -> Option<Money> {
    c.product.facts.customs_value.or_else(|| order.line(c.line).map(|l| l.unit_price).filter(|p| p.minor > 0))
}

/// The papers a parcel needs, the label first.
#[must_use]
pub fn documents(order: &Order, contents: &[Content<'_>], policy: &Policy) -> Vec<DocumentKind> {
    let mut docs = vec![DocumentKind::Label, DocumentKind::PackingSlip];
    // A gift prints no price: its bill goes to the buyer another way.
    if order.customer.paper_invoice && !order.gift && order.invoice_no.is_some() {
        docs.push(DocumentKind::Invoice);
    }
    if is_abroad(order, policy) {
        match (total_value(order, contents), policy.cn22_max) {
            (Some(v), Some(max))
                if v.currency == max.currency && v.minor <= max.minor && customs_groups(contents) <= CN22_LINES_MAX =>
            {
                docs.push(DocumentKind::Cn22);
            }
            _ => docs.extend([DocumentKind::Cn23, DocumentKind::CommercialInvoice]),
        }
    }
    docs
}

/// Lines on form CN 22.
pub const CN22_LINES_MAX: usize = 4;

/// Lines a customs form needs: things with the same tariff number and origin are declared together.
fn customs_groups(contents: &[Content<'_>]) -> usize {
    let mut groups: Vec<_> = contents.iter().map(|c| (&c.product.facts.hs_code, c.product.facts.origin)).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.len()
}

fn total_value(order: &Order, contents: &[Content<'_>]) -> Option<Money> {
    let zero = Money { minor: 0, currency: order.currency };
    contents.iter().try_fold(zero, |sum, c| sum.plus(customs_value(order, c)?.times(c.units)?))
}

/// The checklist of one parcel, in the order it is worked: papers, gifts, inserts, photo, marks.
#[must_use]
pub fn items(order: &Order, contents: &[Content<'_>], policy: &Policy) -> Vec<Item> {
    let mut list = Vec::new();
    let mut add = |kind, why: Message| list.push(Item { kind, why, done: false });
    for d in documents(order, contents, policy) {
        match d {
            // The label is the next step's business; customs forms are stuck on with it.
            DocumentKind::Label => {}
            DocumentKind::PackingSlip => add(ItemKind::Document(d), Message::new("list-why-every-parcel")),
            DocumentKind::Invoice => {
                let who = order.customer.number.clone().unwrap_or_default();
                add(ItemKind::Document(d), Message::new("list-why-paper-invoice").with("customer", who));
            }
            DocumentKind::Cn22 | DocumentKind::Cn23 | DocumentKind::CommercialInvoice => {
                let country = order.ship_to.country.map(|c| c.as_str().to_owned()).unwrap_or_default();
                add(ItemKind::Document(d), Message::new("list-why-abroad").with("country", country));
            }
        }
    }
    gift_items(order, contents, &mut add);
    fact_items(contents, &mut add);
    for rule in &policy.checklist {
        if rule.when.iter().all(|c| holds(c, order, contents, policy)) {
            add(rule.item.clone(), Message::new("list-why-rule"));
        }
    }
    list.sort_by(|a, b| rank(&a.kind).cmp(&rank(&b.kind)).then_with(|| a.kind.cmp(&b.kind)));
    list.dedup_by(|a, b| a.kind == b.kind);
    // What one rule demands another need not offer.
    if list.iter().any(|i| i.kind == ItemKind::Photo) {
        list.retain(|i| i.kind != ItemKind::PhotoOffered);
    }
    list
}

fn gift_items(order: &Order, contents: &[Content<'_>], add: &mut impl FnMut(ItemKind, Message)) {
    for c in contents {
        if let Some(l) = order.line(c.line)
            && l.gift_wrap
        {
            let why = Message::new("list-why-gift-wrap").with("name", c.product.name.as_str());
            add(ItemKind::GiftWrap(l.no), why);
        }
    }
    if order.gift_message.is_some() {
        add(ItemKind::GiftMessage, Message::new("list-why-gift"));
    }
}

fn fact_items(contents: &[Content<'_>], add: &mut impl FnMut(ItemKind, Message)) {
    for c in contents {
        let f = &c.product.facts;
        let why = |key| Message::new(key).with("sku", c.product.sku.as_str());
        if f.fragile {
            add(ItemKind::Fragile, why("list-why-fragile"));
        }
        if let Some(l) = f.lithium {
            add(ItemKind::LithiumMark(l.un_number()), why("list-why-lithium"));
        }
        if let Some(un) = f.un_number {
            add(ItemKind::DangerousGoods(un), why("list-why-dangerous"));
        }
        if let Some((low, high)) = f.temperature_c {
            add(ItemKind::Temperature(low, high), why("list-why-temperature"));
        }
        if f.adult_signature {
            add(ItemKind::AdultSignature, why("list-why-adult"));
        }
    }
}

fn holds(c: &Condition, order: &Order, contents: &[Content<'_>], policy: &Policy) -> bool {
    match c {
        Condition::Always => true,
        Condition::Gift => order.gift,
        Condition::Vip => order.customer.vip,
        Condition::NewCustomer => order.customer.is_new,
        Condition::Abroad => is_abroad(order, policy),
        Condition::Fragile => contents.iter().any(|c| c.product.facts.fragile),
        Condition::Contains(p) => contents.iter().any(|c| c.product.id == *p),
    }
}

/// What goes in before the box is closed comes before what is stuck on it.
fn rank(k: &ItemKind) -> u8 {
    match k {
        ItemKind::GiftWrap(_) => 0,
        ItemKind::Document(DocumentKind::PackingSlip | DocumentKind::Invoice) => 1,
        ItemKind::GiftMessage | ItemKind::Insert(_) => 2,
        ItemKind::Photo | ItemKind::PhotoOffered => 3,
        ItemKind::Fragile
        | ItemKind::LithiumMark(_)
        | ItemKind::DangerousGoods(_)
        | ItemKind::Temperature(..)
        | ItemKind::AdultSignature => 4,
        ItemKind::Document(
            DocumentKind::Label | DocumentKind::Cn22 | DocumentKind::Cn23 | DocumentKind::CommercialInvoice,
        ) => 5,
    }
}
