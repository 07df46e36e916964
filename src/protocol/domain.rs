//! Records of the wire as the domain sees them. A record may say more than this version's domain
//! uses; nothing here invents what a record does not say.

use super::wire::layout::{CornerRecord, LayoutRecord, PlanRecord, WayRecord};
use super::wire::{self, FulfillmentRecord, OrderRecord, PackagingRecord, ProductRecord, SettingsRecord, UserRecord};
use crate::core::checklist::{Condition, ItemKind, Rule};
use crate::core::ids::{FulfillmentId, LineNo, OrderId, PackagingId, ProductId, UserId};
use crate::core::layout::{Aisle, Corner, CrossAisle, Layout, Plan, Stretch, Way};
use crate::core::money::{Currency, Money};
use crate::core::order::{
    Address, Customer, Entry, Flag, Fulfillment, FulfillmentLine, Order, OrderKit, OrderLine, OrderStatus,
    PaymentStatus, ShipPolicy, Shipping,
};
use crate::core::packaging::{Packaging, PackagingKind};
use crate::core::person::{Person, Role};
use crate::core::policy::{ByHandPolicy, CountPolicy, PickConfirm, Policy};
use crate::core::product::{Barcode, ComplianceFacts, Country, LithiumClass, Product, ProductKind, Tracking};
use crate::core::stock::{Floor, Location, LocationKind, Side};
use crate::core::time::{Day, UtcMs};
use crate::core::units::{DimsMm, Grams};
use std::sync::Arc;

/// A size.
#[must_use]
pub fn dims(d: wire::Dims) -> DimsMm {
    let mm = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    DimsMm { length: mm(d.length_mm), width: mm(d.width_mm), height: mm(d.height_mm) }
}

/// An amount; none for a currency that is no code.
#[must_use]
pub fn money(m: &wire::Money) -> Option<Money> {
    Some(Money { minor: m.minor, currency: Currency::new(&m.currency)? })
}

/// A calendar day `YYYY-MM-DD`.
#[must_use]
pub fn day(d: &wire::LocalDate) -> Option<Day> {
    let mut p = d.0.splitn(3, '-');
    let (y, m, d) = (p.next()?.parse().ok()?, p.next()?.parse().ok()?, p.next()?.parse().ok()?);
    Day::new(y, m, d)
}

/// A product.
#[must_use]
pub fn product(r: &ProductRecord) -> Product {
    let c = &r.compliance;
    let spread_g = |mg: u32| Grams(i64::from(mg.div_ceil(1000)));
    Product {
        id: ProductId(r.id.0),
        sku: r.sku.clone(),
        name: r.name.clone(),
        kind: match r.kind {
            wire::product::ProductKind::Stocked | wire::product::ProductKind::Kit => ProductKind::Goods,
            wire::product::ProductKind::Service => ProductKind::Service,
        },
        barcodes: r.barcodes.iter().map(|b| Barcode { code: b.code.clone(), units: b.units_per_scan.max(1) }).collect(),
        weight_g: r.weight_g.map(|g| Grams(i64::from(g))),
        weight_spread_g: r.weight_spread_mg.map(spread_g),
        dims: r.dims.or(r.dims_learnt).map(dims),
        learnt_mm3: match (r.dims, r.dims_learnt) {
            (None, Some(learnt)) => {
                let most = dims(learnt).volume_mm3();
                Some(r.volume_learnt_mm3.map_or(most, |told| told.clamp(1, most.max(1))))
            }
            (Some(_), _) | (None, None) => None,
        },
        tracking: Tracking { serial: r.tracking.serial, lot: r.tracking.lot, expiry: r.tracking.expiry },
        facts: ComplianceFacts {
            un_number: c.un_number,
            lithium: c.lithium.map(lithium),
            dangerous: c.un_number.is_some() || c.lithium.is_some() || c.limited_quantity,
            hs_code: c.hs_code.clone(),
            origin: c.origin_country.as_deref().and_then(Country::new),
            customs_value: c.customs_value.as_ref().and_then(money),
            adult_signature: c.adult_signature,
            temperature_c: c.temperature.map(|t| (t.min_decicelsius.div_euclid(10), t.max_decicelsius.div_euclid(10))),
            fragile: r.handling.contains(&wire::product::Handling::Fragile),
            this_side_up: r.handling.contains(&wire::product::Handling::ThisSideUp),
            bears_g: r.bears_g.map(|g| Grams(i64::from(g))),
        },
        substitutes: r.substitutes.iter().map(|s| ProductId(s.product_id.0)).collect(),
        updated: UtcMs(0),
    }
}

fn lithium(l: wire::product::Lithium) -> LithiumClass {
    use wire::product::Lithium as L;
    match l {
        L::IonAlone => LithiumClass::IonAlone,
        L::IonWithEquipment | L::IonInEquipment => LithiumClass::IonWithEquipment,
        L::MetalAlone => LithiumClass::MetalAlone,
        L::MetalWithEquipment | L::MetalInEquipment => LithiumClass::MetalWithEquipment,
    }
}

/// A kind of box.
#[must_use]
pub fn packaging(r: &PackagingRecord) -> Packaging {
    Packaging {
        id: PackagingId(r.id.0),
        name: r.code.clone(),
        code: r.barcode.clone().unwrap_or_else(|| r.code.clone()),
        kind: match r.kind {
            wire::packaging::PackagingKind::Envelope => PackagingKind::Envelope,
            wire::packaging::PackagingKind::Box
            | wire::packaging::PackagingKind::Tube
            | wire::packaging::PackagingKind::Pallet
            | wire::packaging::PackagingKind::OwnBox => PackagingKind::Box,
        },
        inner: dims(r.inner),
        tare_g: Grams(i64::from(r.tare_weight_g)),
        max_g: Grams(i64::from(r.content_weight_g_max)),
    }
}

/// A person.
#[must_use]
pub fn person(r: &UserRecord) -> Person {
    Person { id: UserId(r.id.0), initials: r.initials.clone(), role: role(&r.roles) }
}

/// The greatest of the roles that matter at a bench.
#[must_use]
pub fn role(roles: &[wire::user::Role]) -> Role {
    use wire::user::Role as R;
    let one = |r: &R| match r {
        R::Admin => Role::Admin,
        R::Lead => Role::Lead,
        R::Picker | R::Packer | R::Quality | R::Office => Role::Packer,
    };
    roles.iter().map(one).max().unwrap_or(Role::Packer)
}

/// A postal address.
#[must_use]
pub fn address(a: &wire::order::Address) -> Address {
    let name = match &a.company {
        Some(c) if a.name.is_empty() => c.clone(),
        Some(c) => format!("{}, {c}", a.name),
        None => a.name.clone(),
    };
    Address {
        name,
        street: a.lines.iter().take(3).cloned().collect(),
        city: match &a.region {
            Some(r) => format!("{}, {r}", a.city),
            None => a.city.clone(),
        },
        postcode: a.postcode.clone().unwrap_or_default(),
        country: Country::new(&a.country),
        phone: a.phone.clone(),
    }
}

/// An order for one of its fulfillments. `expedited_by` are the initials of the lead who moved it to
/// the front; `invoice_no` the number granted with the lease.
#[must_use]
pub fn order(
    r: &OrderRecord,
    f: &FulfillmentRecord,
    carrier: &str,
    expedited_by: Option<String>,
    invoice_no: Option<String>,
) -> Order {
    let currency = Currency::new(&r.totals.currency).unwrap_or(Currency::GBP);
    let notes: Vec<&str> =
        r.notes.iter().filter(|n| n.audience != wire::order::NoteAudience::Office).map(|n| n.text.as_str()).collect();
    Order {
        id: OrderId(r.id.0),
        number: r.number.clone(),
        placed: UtcMs(r.placed_ms),
        customer: Customer {
            // A guest has a name like anybody, but no number the office knows them by.
            number: r.customer.id.map(|_| r.customer.name.clone()),
            vip: r.customer.vip,
            is_new: r.customer.first_order,
            paper_invoice: f.documents.invoice,
        },
        ship_to: address(&r.ship_to),
        currency,
        lines: r.lines.iter().map(|l| order_line(l, currency)).collect(),
        kits: r.kits.iter().map(|k| order_kit(k, currency)).collect(),
        note: (!notes.is_empty()).then(|| notes.join("\n")),
        gift: r.gift.is_some() || f.documents.hide_prices,
        gift_message: r.gift.as_ref().and_then(|g| g.message.clone()),
        flags: r.flags.iter().filter(|f| f.blocking && f.cleared_by.is_none()).filter_map(|f| flag(f.kind)).collect(),
        rush: r.priority.rush,
        expedited_by: r.priority.expedited_by.and(expedited_by),
        shipping: Shipping {
            carrier: carrier.to_owned(),
            service: f.carrier.service.clone(),
            route: r.tags.iter().find_map(|t| t.strip_prefix("route:")).unwrap_or_default().to_owned(),
        },
        ship_by: f.ready_by_ms.or(r.ship_by_ms).map(UtcMs),
        ship_policy: if f.policy.ship_complete { ShipPolicy::Complete } else { ShipPolicy::Partial },
        status: match r.status {
            wire::order::OrderStatus::Draft => OrderStatus::Draft,
            wire::order::OrderStatus::Placed => OrderStatus::Placed,
            wire::order::OrderStatus::Cancelled => OrderStatus::Cancelled,
            wire::order::OrderStatus::Closed => OrderStatus::Closed,
        },
        payment: payment(r.payment_status),
        invoice_no: invoice_no.or_else(|| f.documents.invoice_number.clone()),
        version: i64::try_from(r.version).unwrap_or(i64::MAX),
    }
}

fn order_line(l: &wire::order::OrderLine, currency: Currency) -> OrderLine {
    OrderLine {
        no: LineNo(l.position),
        product: ProductId(l.product_id.map_or_else(uuid::Uuid::nil, |p| p.0)),
        sku: l.sku.clone(),
        name: l.name.clone(),
        quantity: l.quantity,
        unit_price: money(&l.unit_price).unwrap_or(Money { minor: 0, currency }),
        tax_rate_bp: l.tax.rate_basis_points,
        tax_minor: l.tax.amount_minor,
        gift_wrap: l.gift_wrap,
        note: l.note.clone(),
        kit: l.kit,
    }
}

fn order_kit(k: &wire::order::OrderKit, currency: Currency) -> OrderKit {
    OrderKit {
        no: k.no,
        sku: k.sku.clone(),
        name: k.name.clone(),
        quantity: k.quantity,
        unit_price: money(&k.unit_price).unwrap_or(Money { minor: 0, currency }),
        tax_rate_bp: k.tax.rate_basis_points,
        tax_minor: k.tax.amount_minor,
        content: k.content.iter().map(|c| (c.name.clone(), c.units)).collect(),
    }
}

/// Flags that block at the bench; the others are the office's business.
fn flag(k: wire::order::FlagKind) -> Option<Flag> {
    use wire::order::FlagKind as K;
    match k {
        K::FraudReview | K::ComplianceReview | K::CustomerHold => Some(Flag::FraudReview),
        K::AddressTrouble => Some(Flag::AddressTrouble),
        K::Unpaid => Some(Flag::Unpaid),
    }
}

fn payment(p: wire::order::PaymentStatus) -> PaymentStatus {
    use wire::order::PaymentStatus as P;
    match p {
        P::None => PaymentStatus::None,
        P::Authorized => PaymentStatus::Authorized,
        P::PartiallyPaid => PaymentStatus::PartiallyPaid,
        P::Paid => PaymentStatus::Paid,
        P::PartiallyRefunded => PaymentStatus::PartiallyRefunded,
        P::Refunded => PaymentStatus::Refunded,
        P::Overcharged => PaymentStatus::Overcharged,
        P::Voided => PaymentStatus::Voided,
        P::Failed => PaymentStatus::Failed,
    }
}

/// The work. `container` is the code of its tote or slot, `consolidate_at` that of the slot where
/// parts of a split order meet.
#[must_use]
pub fn fulfillment(
    r: &FulfillmentRecord,
    order: &OrderRecord,
    container: Option<(String, wire::place::LocationKind)>,
    consolidate_at: Option<String>,
) -> Fulfillment {
    let line = |l: &wire::fulfillment::FulfillmentLine| {
        let position = order.lines.iter().find(|o| o.id == l.order_line_id).map_or(l.position, |o| o.position);
        FulfillmentLine { line: LineNo(position), product: ProductId(l.product_id.0), quantity: l.quantity }
    };
    let picked = r.entry_step >= 5 || r.status == wire::FulfillmentStatus::Picked;
    let entry = match container {
        _ if !picked => Entry::Order,
        Some((code, wire::place::LocationKind::PutWallSlot)) => Entry::Slot(code),
        Some((code, _)) => Entry::Tote(code),
        None => Entry::Tote(r.number.clone()),
    };
    Fulfillment {
        id: FulfillmentId(r.id.0),
        order: OrderId(r.order_id.0),
        part: r.part,
        parts: r.parts,
        lines: r.lines.iter().map(line).collect(),
        entry,
        consolidate_at: consolidate_at.filter(|_| r.parts > 1 && !r.consolidate_with.is_empty()),
    }
}

/// What a site allows for this work.
#[must_use]
pub fn policy(s: &SettingsRecord, f: &FulfillmentRecord) -> Policy {
    let p = &f.policy;
    let home = Country::new(&s.shipper.address.country);
    let cn22 = s.customs_forms.iter().find(|r| r.form == wire::fulfillment::CustomsForm::Cn22);
    let currency = Currency::new(&s.currency).unwrap_or(Currency::GBP);
    Policy {
        count: match p.verify {
            wire::product::VerifyMode::ScanEach => CountPolicy::Never,
            wire::product::VerifyMode::ScanAndCount => CountPolicy::UpTo(1_000),
        },
        by_hand: match p.confirm_by_hand {
            wire::fulfillment::HandConfirm::Never => ByHandPolicy::Never,
            wire::fulfillment::HandConfirm::Lead => ByHandPolicy::NeedsLead,
            wire::fulfillment::HandConfirm::Packer => ByHandPolicy::Allowed,
        },
        pick: if p.scan_location { PickConfirm::Scan } else { PickConfirm::ScanOrTouch },
        weigh: p.weigh,
        checklist: checklist(s, f),
        home_country: home,
        customs_union: s.customs_area.iter().filter_map(|c| Country::new(c)).collect(),
        cn22_max: cn22.and_then(|r| r.value_minor_max).map(|minor| Money { minor, currency }),
        ..Policy::default()
    }
}

/// Key of a rule of the checklist that asks for a photo of the open box: required or, where it is not, offered.
pub const PHOTO_RULE: &str = "photo";

/// The site's own rules and the work's own inserts.
fn checklist(s: &SettingsRecord, f: &FulfillmentRecord) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for r in &s.checklist {
        let item = match (r.key.as_str(), r.required) {
            (PHOTO_RULE, true) => ItemKind::Photo,
            (PHOTO_RULE, false) => ItemKind::PhotoOffered,
            (_, true) => ItemKind::Insert(r.key.clone()),
            (_, false) => continue,
        };
        let when: Option<Vec<Condition>> = r.when.iter().map(condition).collect();
        // A rule with a condition this version does not know is left out rather than always asked.
        if let Some(when) = when {
            rules.push(Rule { when, item });
        }
    }
    for name in &f.documents.inserts {
        rules.push(Rule { when: vec![Condition::Always], item: ItemKind::Insert(name.clone()) });
    }
    let photo = match f.policy.photo_open {
        wire::fulfillment::PhotoRule::None => None,
        wire::fulfillment::PhotoRule::Offered => Some(ItemKind::PhotoOffered),
        wire::fulfillment::PhotoRule::Required => Some(ItemKind::Photo),
    };
    rules.extend(photo.map(|item| Rule { when: vec![Condition::Always], item }));
    rules
}

fn condition(c: &wire::settings::ChecklistCondition) -> Option<Condition> {
    use wire::settings::ChecklistCondition as C;
    match c {
        C::Gift => Some(Condition::Gift),
        C::FirstOrder => Some(Condition::NewCustomer),
        C::Vip => Some(Condition::Vip),
        C::Handling(wire::product::Handling::Fragile) => Some(Condition::Fragile),
        C::GiftWrap
        | C::Invoice
        | C::PricesHidden
        | C::Business
        | C::Country(_)
        | C::Tag(_)
        | C::Handling(_)
        | C::Sku(_)
        | C::DangerousGoods
        | C::AdultSignature
        | C::Temperature
        | C::TotalFrom(_) => None,
    }
}

/// The floor: the plan the office made, or what is drawn; none where the site has drawn no aisle.
#[must_use]
pub fn floor(s: &SettingsRecord) -> Option<Floor> {
    // A plan that cannot be is never stored; should one come all the same, what is drawn is better than nothing.
    let made = s.map.plan.as_ref().and_then(plan).filter(|plan| plan.layout.check().is_ok());
    match made {
        Some(made) => Some(floor_of(made)),
        None => drawn_floor(s),
    }
}

/// A plan as a floor; the plain figures are those of its front.
fn floor_of(plan: Plan) -> Floor {
    let mm = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let gap = |all: &mut dyn Iterator<Item = i64>| Some((all.next()?, all.next()?)).map(|(a, b)| mm(b - a));
    let layout = &plan.layout;
    let front_mm = layout.cross_aisles.first().map_or(0, |c| c.y_mm);
    Floor {
        aisle_names: layout.aisles.iter().map(|a| a.name.clone()).collect(),
        bays: u16::try_from(layout.cells_mm.len()).unwrap_or(u16::MAX),
        bay_mm: gap(&mut layout.cells_mm.iter().copied()).unwrap_or(1_000),
        aisle_mm: gap(&mut layout.aisles.iter().map(|a| a.x_mm)).unwrap_or(3_000),
        head_mm: layout.cells_mm.first().map_or(0, |y| mm(y - front_mm)),
        bench_aisle: plan.start.aisle,
        plan: Some(Arc::new(plan)),
    }
}

fn drawn_floor(s: &SettingsRecord) -> Option<Floor> {
    let aisles = &s.map.aisles;
    let first = aisles.first()?;
    let bays = first.bays.max(1);
    let depth_mm = first.y_back_mm - first.y_front_mm;
    let aisle_mm = aisles.get(1).map_or(3_000, |a| (a.x_mm - first.x_mm).max(1));
    let bay_mm = (depth_mm / i32::from(bays)).max(1);
    let nearest = |x: i32| aisles.iter().enumerate().min_by_key(|(_, a)| (a.x_mm - x).abs()).map_or(0, |(i, _)| i);
    Some(Floor {
        aisle_names: aisles.iter().map(|a| a.name.clone()).collect(),
        bays,
        bay_mm,
        aisle_mm,
        // The cross-aisle runs half an aisle's width before the first bay.
        head_mm: bay_mm / 2 + i32::try_from(first.width_mm / 2).unwrap_or(0),
        bench_aisle: u16::try_from(nearest(s.map.start_x_mm)).unwrap_or(0),
        plan: None,
    })
}

/// A layout as it is told; whether it is one is another question ([`Layout::check`]).
#[must_use]
pub fn layout(r: &LayoutRecord) -> Layout {
    let ways = |all: &[WayRecord]| {
        let way = |way: &WayRecord| match way {
            WayRecord::Both => Way::Both,
            WayRecord::Onward => Way::Onward,
            WayRecord::Back => Way::Back,
            WayRecord::Blocked => Way::Blocked,
        };
        all.iter().map(way).collect()
    };
    let stretch = |(from_mm, to_mm): &(i64, i64)| Stretch { from_mm: *from_mm, to_mm: *to_mm };
    let aisle = |a: &wire::layout::AisleRecord| Aisle {
        name: a.name.clone(),
        x_mm: a.x_mm,
        ways: ways(&a.ways),
        closed: a.closed_mm.iter().map(stretch).collect(),
    };
    Layout {
        aisles: r.aisles.iter().map(aisle).collect(),
        cross_aisles: r.cross_aisles.iter().map(|c| CrossAisle { y_mm: c.y_mm, ways: ways(&c.ways) }).collect(),
        cells_mm: r.cells_mm.clone(),
        levels: r.levels,
        climb_mm: r.climb_mm,
    }
}

/// A plan as it is told; none where a walk is to begin or end at a corner that is not there.
#[must_use]
pub fn plan(r: &PlanRecord) -> Option<Plan> {
    let layout = layout(&r.layout);
    let corner = |told: &CornerRecord| {
        let aisle = layout.aisles.iter().position(|a| a.name == told.aisle)?;
        let corner = Corner { aisle: u16::try_from(aisle).ok()?, cross_aisle: told.cross_aisle };
        layout.corner(corner).map(|_| corner)
    };
    let start = corner(&r.start)?;
    let end = r.end.as_ref().map_or(Some(start), corner)?;
    Some(Plan { layout, start, end })
}

/// A place on that floor; none for a place without an address in the racks.
#[must_use]
pub fn location(r: &wire::LocationRecord, floor: &Floor) -> Option<Location> {
    let a = r.address.as_ref()?;
    let aisle = floor.aisle_names.iter().position(|n| *n == a.aisle)?;
    let bay = a.bay.saturating_sub(1);
    // What is only drawn is not exact; a plan is, and a bay that it has not is not on the map.
    let last = floor.bays.saturating_sub(1);
    if floor.plan.is_some() && bay > last {
        return None;
    }
    Some(Location {
        code: r.code.clone(),
        kind: match r.kind {
            wire::place::LocationKind::Bin | wire::place::LocationKind::Reserve => LocationKind::Bin,
            wire::place::LocationKind::Tote
            | wire::place::LocationKind::PutWallSlot
            | wire::place::LocationKind::Bench
            | wire::place::LocationKind::Dock
            | wire::place::LocationKind::Quarantine => LocationKind::Consolidation,
        },
        aisle: u16::try_from(aisle).ok()?,
        bay: bay.min(last),
        level: u8::try_from(a.level).unwrap_or(u8::MAX),
        side: match a.side {
            wire::place::Side::Left => Side::Left,
            wire::place::Side::Right => Side::Right,
        },
    })
}
