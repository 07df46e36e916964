//! Domain values as JSON: one small, closed translation, so that the domain itself knows no format.
//! Identities are UUID texts, times UTC milliseconds, masses grams, enums snake_case words.

use super::tree::Tree;
use crate::core::checklist::{DocumentKind, Item, ItemKind};
use crate::core::ids::{FulfillmentId, GestureId, LineNo, PackagingId, PhotoHash, ProductId, UserId};
use crate::core::learning::Sample;
use crate::core::message::Message;
use crate::core::order::Flag;
use crate::core::person::{Approval, Role};
use crate::core::scan::{NetWeight, Trace};
use crate::core::session::Step;
use crate::core::session::event::{
    Opening, PackagingHow, PickHow, PrintOutcome, PrintTrouble, Reason, TickHow, Undoable, VerifyHow,
};
use crate::core::time::{Day, UtcMs};
use crate::core::units::Grams;
use crate::core::weight::{Blind, Proof};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// JSON of another shape than expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: expected {wanted}")]
pub struct Unfit {
    path: String,
    wanted: &'static str,
}

impl Unfit {
    /// Something else was expected here.
    #[must_use]
    pub fn new(wanted: &'static str) -> Unfit {
        Unfit { path: String::from("payload"), wanted }
    }

    /// The same, seen from one level up.
    #[must_use]
    pub fn within(mut self, name: &str) -> Unfit {
        self.path = format!("{name}.{}", self.path);
        self
    }
}

/// A domain value that can be written and read.
pub trait Wire: Sized {
    /// As JSON.
    fn put(&self) -> Value;
    /// From JSON.
    ///
    /// # Errors
    /// [`Unfit`] if it has another shape.
    fn take(v: &Tree<'_>) -> Result<Self, Unfit>;
}

macro_rules! ints {
    ($($t:ty),*) => { $(
        impl Wire for $t {
            fn put(&self) -> Value { json!(self) }
            fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
                v.int().and_then(|n| <$t>::try_from(n).ok()).ok_or_else(|| Unfit::new(stringify!($t)))
            }
        }
    )* };
}
ints!(i64, i16, u64, u32, u16, usize);

macro_rules! wrapped {
    ($($t:ident($inner:ty)),*) => { $(
        impl Wire for $t {
            fn put(&self) -> Value { self.0.put() }
            fn take(v: &Tree<'_>) -> Result<Self, Unfit> { <$inner>::take(v).map($t) }
        }
    )* };
}
wrapped!(
    FulfillmentId(Uuid),
    GestureId(Uuid),
    PackagingId(Uuid),
    ProductId(Uuid),
    UserId(Uuid),
    LineNo(u32),
    UtcMs(i64),
    Grams(i64)
);

impl Wire for Uuid {
    fn put(&self) -> Value {
        Value::String(self.to_string())
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        v.str().and_then(|s| Uuid::parse_str(s).ok()).ok_or_else(|| Unfit::new("a UUID"))
    }
}

impl Wire for bool {
    fn put(&self) -> Value {
        Value::Bool(*self)
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        v.bool().ok_or_else(|| Unfit::new("true or false"))
    }
}

impl Wire for String {
    fn put(&self) -> Value {
        Value::String(self.clone())
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        v.str().map(str::to_owned).ok_or_else(|| Unfit::new("text"))
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self) -> Value {
        self.as_ref().map_or(Value::Null, Wire::put)
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        if v.is_null() { Ok(None) } else { T::take(v).map(Some) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self) -> Value {
        Value::Array(self.iter().map(Wire::put).collect())
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        v.list().ok_or_else(|| Unfit::new("a list"))?.iter().map(T::take).collect()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self) -> Value {
        Value::Array(vec![self.0.put(), self.1.put()])
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        match v.list() {
            Some([a, b]) => Ok((A::take(a)?, B::take(b)?)),
            _ => Err(Unfit::new("a pair")),
        }
    }
}

impl Wire for PhotoHash {
    fn put(&self) -> Value {
        Value::String(self.to_string())
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        let text = v.str().ok_or_else(|| Unfit::new("64 hexadecimal digits"))?;
        crate::protocol::wire::id::hex_bytes(text).map(PhotoHash).map_err(|_| Unfit::new("64 hexadecimal digits"))
    }
}

impl Wire for Day {
    fn put(&self) -> Value {
        Value::String(self.to_string())
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        let wrong = || Unfit::new("a day as YYYY-MM-DD");
        let mut p = v.str().ok_or_else(wrong)?.splitn(3, '-');
        let mut next = || p.next().and_then(|s| s.parse::<i16>().ok()).ok_or_else(wrong);
        let (y, m, d) = (next()?, next()?, next()?);
        let (m, d) = (u8::try_from(m).map_err(|_| wrong())?, u8::try_from(d).map_err(|_| wrong())?);
        Day::new(y, m, d).ok_or_else(wrong)
    }
}

macro_rules! words {
    ($($t:ident { $($name:ident = $text:literal),+ $(,)? })*) => { $(
        impl Wire for $t {
            fn put(&self) -> Value {
                Value::String(match self { $($t::$name => $text),+ }.to_owned())
            }
            fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
                match v.str() {
                    $(Some($text) => Ok($t::$name),)+
                    _ => Err(Unfit::new(concat!("a word of ", stringify!($t)))),
                }
            }
        }
    )* };
}

words! {
    Step { Order = "order", Review = "review", Stock = "stock", Pick = "pick", Verify = "verify", Pack = "pack",
        Checklist = "checklist", Weigh = "weigh", Label = "label", Confirm = "confirm", Next = "next" }
    Flag { FraudReview = "fraud_review", AddressTrouble = "address_trouble", Unpaid = "unpaid" }
    Role { Packer = "packer", Lead = "lead", Admin = "admin" }
    Opening { Next = "next", Chosen = "chosen", OrderScan = "order_scan", ToteScan = "tote_scan", ItemScan = "item_scan" }
    PickHow { Shelf = "shelf", Item = "item", Touch = "touch" }
    PackagingHow { Suggested = "suggested", Scanned = "scanned", Chosen = "chosen" }
    TickHow { Touch = "touch", Scan = "scan", Photo = "photo",
        Without = "without" }
    DocumentKind { Label = "label", PackingSlip = "packing_slip", Invoice = "invoice", Cn22 = "cn22", Cn23 = "cn23",
        CommercialInvoice = "commercial_invoice" }
    PrintTrouble { PaperOut = "paper_out", HeadOpen = "head_open", Paused = "paused", Unreachable = "unreachable",
        Interrupted = "interrupted", NoPrinter = "no_printer" }
    Blind { Resolution = "resolution", Spread = "spread", UnknownWeight = "unknown_weight" }
    Reason { BinEmpty = "bin_empty", CountWrong = "count_wrong", NotFound = "not_found", Broken = "broken",
        Dirty = "dirty", Opened = "opened", Expired = "expired", BarcodeUnreadable = "barcode_unreadable",
        BarcodeMissing = "barcode_missing", PackingDiffers = "packing_differs",
        WeightDataWrong = "weight_data_wrong", ScaleTrouble = "scale_trouble", LabelDamaged = "label_damaged",
        NoPaper = "no_paper", CustomerAsked = "customer_asked", WaitingForStock = "waiting_for_stock",
        WaitingForOffice = "waiting_for_office", ShiftEnd = "shift_end",
        NotForThisStation = "not_for_this_station", ShortComplete = "short_complete",
        NothingToShip = "nothing_to_ship", Other = "other" }
}

macro_rules! records {
    ($($t:ident { $($field:ident),+ $(,)? })*) => { $(
        impl Wire for $t {
            fn put(&self) -> Value {
                let mut map = Map::new();
                $(map.insert(stringify!($field).to_owned(), self.$field.put());)+
                Value::Object(map)
            }
            fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
                Ok($t { $($field: member(v, stringify!($field))?),+ })
            }
        }
    )* };
}

pub(super) fn member<T: Wire>(v: &Tree<'_>, name: &'static str) -> Result<T, Unfit> {
    T::take(v.get(name).unwrap_or(&Tree::Null)).map_err(|u| u.within(name))
}

records! {
    Trace { serial, lot, expiry, net }
    NetWeight { weight_g, units }
    Approval { user, role, at }
    Sample { unit_g, units }
}

/// Enums whose cases carry something: one key names the case, its value holds the content.
macro_rules! cases {
    ($($t:ident { $($name:ident $({ $($field:ident),* })? $(($inner:ident))? = $text:literal),+ $(,)? })*) => { $(
        impl Wire for $t {
            fn put(&self) -> Value {
                match self {
                    $($t::$name $({ $($field),* })? $(($inner))? => {
                        #[allow(unused_mut)]
                        let mut map = Map::new();
                        $($(map.insert(stringify!($field).to_owned(), $field.put());)*)?
                        $(map.insert(String::from("of"), $inner.put());)?
                        json!({ $text: map })
                    })+
                }
            }
            // The name of the inner value is only there to be repeated over.
            #[allow(clippy::redundant_locals)]
            fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
                let wrong = || Unfit::new(concat!("a case of ", stringify!($t)));
                let (name, content) = v.case().ok_or_else(wrong)?;
                #[allow(unused_variables)]
                let content = content;
                match name {
                    $($text => Ok($t::$name
                        $({ $($field: member(content, stringify!($field))?),* })?
                        $(({ let $inner = member(content, "of")?; $inner }))?),)+
                    _ => Err(wrong()),
                }
            }
        }
    )* };
}

cases! {
    VerifyHow { Scan = "scan", Case = "case", Count = "count", Hand(reason) = "hand" }
    PrintOutcome { Sent = "sent", PaperMoved = "paper_moved", Failed(why) = "failed", Unknown = "unknown" }
    Proof { ShowsOneMissing = "shows_one_missing", ReliesOnScans { because } = "relies_on_scans" }
    Undoable {
        Picked { line, quantity, product } = "picked",
        Verified { line, product, units, trace, how, parcel } = "verified",
        Moved { line, product, units, serial, from, to, net, lot, expiry } = "moved",
        TraceAsked = "trace_asked",
        Ticked { parcel, index } = "ticked",
    }
}

impl Wire for ItemKind {
    fn put(&self) -> Value {
        match self {
            ItemKind::Document(d) => json!({ "document": d.put() }),
            ItemKind::Insert(name) => json!({ "insert": name }),
            ItemKind::GiftWrap(line) => json!({ "gift_wrap": line.put() }),
            ItemKind::GiftMessage => json!({ "gift_message": true }),
            ItemKind::Fragile => json!({ "fragile": true }),
            ItemKind::LithiumMark(un) => json!({ "lithium_mark": un }),
            ItemKind::DangerousGoods(un) => json!({ "dangerous_goods": un }),
            ItemKind::Temperature(low, high) => json!({ "temperature": [low, high] }),
            ItemKind::AdultSignature => json!({ "adult_signature": true }),
            ItemKind::Photo => json!({ "photo": true }),
            ItemKind::PhotoOffered => json!({ "photo_offered": true }),
        }
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        let wrong = || Unfit::new("a line of a checklist");
        let (name, of) = v.case().ok_or_else(wrong)?;
        Ok(match name {
            "document" => ItemKind::Document(Wire::take(of)?),
            "insert" => ItemKind::Insert(Wire::take(of)?),
            "gift_wrap" => ItemKind::GiftWrap(Wire::take(of)?),
            "gift_message" => ItemKind::GiftMessage,
            "fragile" => ItemKind::Fragile,
            "lithium_mark" => ItemKind::LithiumMark(Wire::take(of)?),
            "dangerous_goods" => ItemKind::DangerousGoods(Wire::take(of)?),
            "temperature" => {
                let (low, high) = Wire::take(of)?;
                ItemKind::Temperature(low, high)
            }
            "adult_signature" => ItemKind::AdultSignature,
            "photo" => ItemKind::Photo,
            "photo_offered" => ItemKind::PhotoOffered,
            _ => return Err(wrong()),
        })
    }
}

/// The reason of a line is told anew from order and product when it is shown, so it is not stored.
impl Wire for Item {
    fn put(&self) -> Value {
        json!({ "kind": self.kind.put(), "done": self.done })
    }
    fn take(v: &Tree<'_>) -> Result<Self, Unfit> {
        Ok(Item { kind: member(v, "kind")?, why: Message::new("list-why-rule"), done: member(v, "done")? })
    }
}
