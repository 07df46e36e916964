//! A made order with its products, stock, walk and policy: all that a decision of the guided flow may look at.

use packbench::core::checklist::DocumentKind;
use packbench::core::ids::{
    FulfillmentId, GestureId, LineNo, OrderId, PackagingId, ParcelRef, PhotoHash, ProductId, UserId,
};
use packbench::core::message::Message;
use packbench::core::money::{Currency, Money};
use packbench::core::order::{
    Address, Customer, Entry, Flag, Fulfillment, FulfillmentLine, Order, OrderLine, OrderStatus, PaymentStatus,
    ShipPolicy, Shipping,
};
use packbench::core::packaging::{Packaging, PackagingKind};
use packbench::core::person::{Approval, Person, Role};
use packbench::core::policy::Policy;
use packbench::core::product::{Barcode, ComplianceFacts, Product, ProductKind, Tracking};
use packbench::core::scan::{Meaning, NetWeight, ResolvedScan, Trace};
use packbench::core::session::event::{PrintOutcome, Reason};
use packbench::core::session::{Command, Facts, Stop};
use packbench::core::stock::{StockLevel, StockSnapshot};
use packbench::core::time::{Day, UtcMs};
use packbench::core::units::{DimsMm, Grams};
use std::collections::HashMap;
use uuid::Uuid;

/// Plain goods of 400 g.
pub const CLOCK: u128 = 1;
/// Plain goods of 220 g; `BLUE` may go instead.
pub const MUG: u128 = 2;
/// Goods with a serial number.
pub const PHONE: u128 = 3;
/// What may go instead of a `MUG`.
pub const BLUE: u128 = 4;
/// Goods with lot and expiry.
pub const MILK: u128 = 5;
/// A service: only billed.
pub const POST: u128 = 6;
/// Goods that no order here needs.
pub const STRANGER: u128 = 7;
/// Goods with a lot, fragile.
pub const BULB: u128 = 8;

/// The box everything fits in.
pub const BOX_L: u128 = 101;
/// The envelope that holds 500 g.
pub const BAG_S: u128 = 102;

/// Everything loaded for the decisions about one order.
#[derive(Clone)]
pub struct World {
    pub order: Order,
    pub fulfillment: Fulfillment,
    pub products: HashMap<ProductId, Product>,
    pub packagings: Vec<Packaging>,
    pub policy: Policy,
    pub stock: StockSnapshot,
    pub tour: Vec<Stop>,
    pub actor: Person,
    pub suggested: Option<PackagingId>,
    pub next_sscc: Option<String>,
}

pub fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(0x1000 + n))
}

pub fn packaging(n: u128) -> PackagingId {
    PackagingId(Uuid::from_u128(0x2000 + n))
}

pub fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(0x3000 + n))
}

pub fn day(text: &str) -> Day {
    let mut parts = text.split('-').map(|p| p.parse::<i16>().unwrap());
    let (y, m, d) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    Day::new(y, u8::try_from(m).unwrap(), u8::try_from(d).unwrap()).unwrap()
}

pub fn approval(role: Role) -> Approval {
    Approval { user: user(9), role, at: UtcMs(5) }
}

pub fn lead() -> Approval {
    approval(Role::Lead)
}

pub fn photo(n: u8) -> Command {
    Command::PhotoTaken { hash: PhotoHash([n; 32]), bytes: 90_000 }
}

pub fn short(line: u32, quantity: u32) -> Command {
    Command::Short { line: LineNo(line), quantity, reason: Reason::BinEmpty }
}

pub fn damaged(line: u32, quantity: u32) -> Command {
    Command::Damaged { line: LineNo(line), quantity, reason: Reason::Broken }
}

pub fn substitute(line: u32, with: u128, quantity: u32) -> Command {
    Command::Substitute { line: LineNo(line), product: product(with), quantity, reason: Reason::CustomerAsked }
}

pub fn by_hand(line: u32) -> Command {
    Command::ConfirmByHand { line: LineNo(line), reason: Reason::BarcodeUnreadable, approval: None }
}

pub fn printed(parcel: u16, document: DocumentKind, copy: u16, outcome: PrintOutcome) -> Command {
    Command::Printed { parcel, document, copy, outcome }
}

pub fn item(n: u128) -> Meaning {
    case(n, 1, Trace::default())
}

pub fn case(n: u128, units: u32, trace: Trace) -> Meaning {
    Meaning::Product { product: product(n), units, trace }
}

pub fn serial(text: &str) -> Trace {
    Trace { serial: Some(text.to_owned()), ..Trace::default() }
}

pub fn lot(text: &str) -> Trace {
    Trace { lot: Some(text.to_owned()), ..Trace::default() }
}

/// So many units of one label that says what they weigh together.
pub fn labelled(n: u128, units: u32, grams: i64) -> Meaning {
    case(n, units, Trace { net: NetWeight::of(Grams(grams), units), ..Trace::default() })
}

pub fn shelf(code: &str) -> Meaning {
    Meaning::Location(code.to_owned())
}

pub fn label(sscc: &str) -> Meaning {
    Meaning::ParcelLabel { sscc: sscc.to_owned(), parcel: None }
}

pub fn foreign_label(order: &str, parcel: u16) -> Meaning {
    let whose = ParcelRef { fulfillment: FulfillmentId(Uuid::from_u128(0x77)), no: parcel };
    Meaning::ParcelLabel { sscc: "009999999999999999".to_owned(), parcel: Some((whose, order.to_owned())) }
}

pub fn unknown(text: &str) -> Meaning {
    Meaning::Unknown(text.to_owned())
}

/// The scan of one gesture.
pub fn scan(gesture: u128, meaning: Meaning) -> Command {
    Command::Scan(ResolvedScan { gesture: GestureId(Uuid::from_u128(gesture)), meaning, serial_used: None })
}

/// Lot, serial or expiry typed by hand.
pub fn give(trace: Trace) -> Command {
    Command::GiveTrace { trace, serial_used: None }
}

/// The scan of a serial number that left the house before.
pub fn used_serial(gesture: u128, meaning: Meaning) -> Command {
    let serial_used = Some(Message::new("serial-left-with").with("order", "536300"));
    Command::Scan(ResolvedScan { gesture: GestureId(Uuid::from_u128(gesture)), meaning, serial_used })
}

/// Number of the `n`th parcel label of this station.
pub fn sscc(n: u64) -> String {
    format!("{:018}", 340_123_450_000_000_000_u64 + n)
}

fn made(n: u128, grams: i64) -> Product {
    Product {
        id: product(n),
        sku: format!("P{n}"),
        name: format!("Product {n}"),
        kind: ProductKind::Goods,
        barcodes: vec![Barcode { code: format!("{n:014}"), units: 1 }],
        weight_g: Some(Grams(grams)),
        weight_spread_g: None,
        dims: Some(DimsMm { length: 100, width: 80, height: 60 }),
        learnt_mm3: None,
        tracking: Tracking::default(),
        facts: ComplianceFacts::default(),
        substitutes: Vec::new(),
        updated: UtcMs(0),
    }
}

fn catalogue() -> HashMap<ProductId, Product> {
    let mut list: Vec<Product> =
        [(CLOCK, 400), (MUG, 220), (PHONE, 180), (BLUE, 230), (MILK, 1_050), (POST, 0), (STRANGER, 90), (BULB, 60)]
            .map(|(n, g)| made(n, g))
            .into();
    for p in &mut list {
        let n = p.id.0.as_u128() - 0x1000;
        p.tracking.serial = n == PHONE;
        p.tracking.lot = n == MILK || n == BULB;
        p.tracking.expiry = n == MILK;
        p.facts.fragile = n == BULB;
        if n == MUG {
            p.substitutes.push(product(BLUE));
        }
        if n == POST {
            p.kind = ProductKind::Service;
        }
    }
    list.into_iter().map(|p| (p.id, p)).collect()
}

fn boxes() -> Vec<Packaging> {
    let made = |n, name: &str, kind, tare, max| Packaging {
        id: packaging(n),
        name: name.to_owned(),
        code: format!("BOX-{name}"),
        kind,
        inner: DimsMm { length: 400, width: 300, height: 200 },
        tare_g: Grams(tare),
        max_g: Grams(max),
    };
    vec![made(BAG_S, "S", PackagingKind::Envelope, 20, 500), made(BOX_L, "L", PackagingKind::Box, 250, 30_000)]
}

impl World {
    /// An order of these products and quantities, one line each, every line on a shelf of its own
    /// (`A-01`, `A-02` …) that holds enough.
    pub fn new(lines: &[(u128, u32)]) -> World {
        let price = Money { minor: 250, currency: Currency::GBP };
        let no = |i: usize| LineNo(u32::try_from(i + 1).unwrap());
        let order_line = |(i, (p, q)): (usize, &(u128, u32))| OrderLine {
            no: no(i),
            product: product(*p),
            sku: format!("SKU-{p}"),
            name: format!("Thing {p}"),
            quantity: *q,
            unit_price: price,
            tax_rate_bp: 2_000,
            tax_minor: 50 * i64::from(*q),
            gift_wrap: false,
            note: None,
            kit: None,
        };
        let goods = || lines.iter().enumerate().filter(|(_, (p, _))| *p != POST);
        let id = OrderId(Uuid::from_u128(0x40));
        let at = |i: usize| format!("A-{:02}", i + 1);
        World {
            order: made_order(id, lines.iter().enumerate().map(order_line).collect()),
            fulfillment: Fulfillment {
                id: FulfillmentId(Uuid::from_u128(0x50)),
                order: id,
                part: 1,
                parts: 1,
                lines: lines
                    .iter()
                    .enumerate()
                    .map(|(i, (p, q))| FulfillmentLine { line: no(i), product: product(*p), quantity: *q })
                    .collect(),
                entry: Entry::Order,
                consolidate_at: None,
            },
            products: catalogue(),
            packagings: boxes(),
            policy: Policy::default(),
            stock: StockSnapshot {
                levels: goods().map(|(i, (p, _))| level(*p, &at(i), 99)).collect(),
                held_lots: Vec::new(),
                as_of: UtcMs(7),
            },
            tour: goods().map(|(i, (_, q))| Stop { location: at(i), line: no(i), quantity: *q }).collect(),
            actor: Person { id: user(1), initials: "M. R.".to_owned(), role: Role::Packer },
            suggested: Some(packaging(BOX_L)),
            next_sscc: Some(sscc(1)),
        }
    }

    /// Picked into a tote elsewhere.
    pub fn in_tote(mut self) -> World {
        self.fulfillment.entry = Entry::Tote("T-17".to_owned());
        self
    }

    /// Goes out only complete.
    pub fn complete_only(mut self) -> World {
        self.order.ship_policy = ShipPolicy::Complete;
        self
    }

    pub fn flagged(mut self, flags: &[Flag]) -> World {
        self.order.flags = flags.to_vec();
        self
    }

    /// One part of two that meet in a slot.
    pub fn meeting_at(mut self, slot: &str) -> World {
        (self.fulfillment.parts, self.fulfillment.consolidate_at) = (2, Some(slot.to_owned()));
        self
    }

    pub fn with_policy(mut self, change: impl FnOnce(&mut Policy)) -> World {
        change(&mut self.policy);
        self
    }

    pub fn with_product(mut self, n: u128, change: impl FnOnce(&mut Product)) -> World {
        change(self.products.get_mut(&product(n)).unwrap());
        self
    }

    pub fn facts(&self) -> Facts<'_> {
        Facts {
            order: &self.order,
            fulfillment: &self.fulfillment,
            products: &self.products,
            packagings: &self.packagings,
            policy: &self.policy,
            stock: &self.stock,
            tour: &self.tour,
            actor: &self.actor,
            suggested: self.suggested,
            next_sscc: self.next_sscc.as_deref(),
            today: day("2026-03-10"),
        }
    }
}

pub fn level(n: u128, location: &str, quantity: i64) -> StockLevel {
    let (product, location) = (product(n), location.to_owned());
    StockLevel { product, location, lot: None, expiry: None, quantity, allocated: 0, held: false }
}

fn made_order(id: OrderId, lines: Vec<OrderLine>) -> Order {
    Order {
        id,
        number: "536365".to_owned(),
        placed: UtcMs(0),
        customer: Customer { number: Some("17850".to_owned()), ..Customer::default() },
        ship_to: Address { name: "Customer 17850".to_owned(), ..Address::default() },
        currency: Currency::GBP,
        lines,
        kits: Vec::new(),
        note: None,
        gift: false,
        gift_message: None,
        flags: Vec::new(),
        rush: false,
        expedited_by: None,
        shipping: Shipping { carrier: "House".to_owned(), service: "Next day".to_owned(), route: "N4".to_owned() },
        ship_by: None,
        ship_policy: ShipPolicy::Partial,
        status: OrderStatus::Placed,
        payment: PaymentStatus::Paid,
        invoice_no: None,
        version: 3,
    }
}
