//! A made site as the server would send it: people, goods, boxes, shelves, orders. Made up, small, the same every time.

use packbench::protocol::wire::fulfillment::{
    CarrierChoice, CustomsForm, Documents, FulfillmentLine, HandConfirm, PackPolicy, PhotoRule, PickSource,
};
use packbench::protocol::wire::order::{
    Address, Customer, LineTax, OrderFulfillmentStatus, OrderLine, OrderStatus, PaymentStatus, Priority, Totals,
};
use packbench::protocol::wire::packaging::PackagingKind;
use packbench::protocol::wire::place::{BinAddress, Condition, LocationKind, Side};
use packbench::protocol::wire::product::{
    Compliance, Handling, ProductBarcode, ProductKind, Substitute, Tracking, VerifyMode,
};
use packbench::protocol::wire::settings::{CustomsRule, MapAisle, PhotoSettings, Shipper, SiteMap};
use packbench::protocol::wire::user::Role;
use packbench::protocol::wire::*;

pub const SITE: SiteId = SiteId::from_u128(0x51);
pub const STATION: StationId = StationId::from_u128(0x57);
/// 2026-03-02 08:00 UTC, a Monday.
pub const START_MS: i64 = 1_772_438_400_000;

/// Somebody of the site: badge and PIN as scanned and typed.
#[derive(Clone, Copy, Debug)]
pub struct Someone {
    pub id: u128,
    pub initials: &'static str,
    pub badge: &'static str,
    pub pin: &'static str,
    pub role: Role,
}

pub const ANNA: Someone = Someone { id: 0xa1, initials: "A. N.", badge: "BADGE-ANNA", pin: "1234", role: Role::Packer };
pub const BORIS: Someone =
    Someone { id: 0xa2, initials: "B. O.", badge: "BADGE-BORIS", pin: "5678", role: Role::Packer };
pub const LEAD: Someone = Someone { id: 0xa3, initials: "L. D.", badge: "BADGE-LEAD", pin: "990099", role: Role::Lead };

/// A PHC string at the least cost argon2 allows.
pub fn pin_hash(pin: &str) -> String {
    use argon2::password_hash::PasswordHasher as _;
    let params = argon2::Params::new(8, 1, 1, None).expect("cheap parameters");
    let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    hasher.hash_password_with_salt(pin.as_bytes(), b"salt of the tests").expect("a hash").to_string()
}

pub fn user(s: Someone) -> UserRecord {
    UserRecord {
        id: UserId::from_u128(s.id),
        version: 1,
        name: s.initials.to_owned(),
        initials: s.initials.to_owned(),
        language: "en".to_owned(),
        roles: vec![s.role],
        permissions: Vec::new(),
        pin_argon2: Some(pin_hash(s.pin)),
        badge_sha256: vec![ContentHash::of(s.badge.as_bytes())],
        pack_median_ms: None,
        active: true,
    }
}

/// 13 digits with their check digit (GS1 General Specifications, 7.9).
pub fn ean13(n: u64) -> String {
    let body = format!("{:012}", 500_000_000_000 + n);
    let sum: u32 =
        body.bytes().rev().enumerate().map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A product: its number is its identity, its EAN and the tail of its SKU.
pub fn product(n: u64, weight_g: u32) -> ProductRecord {
    ProductRecord {
        id: ProductId::from_u128(0x9000 + u128::from(n)),
        version: 1,
        sku: format!("SKU-{n}"),
        name: format!("Thing {n}"),
        kind: ProductKind::Stocked,
        base_unit: "piece".to_owned(),
        barcodes: vec![ProductBarcode {
            code: format!("0{}", ean13(n)),
            gtin: true,
            unit: "piece".to_owned(),
            units_per_scan: 1,
        }],
        tracking: Tracking::default(),
        weight_g: Some(weight_g),
        weight_spread_mg: None,
        dims: Some(Dims { length_mm: 100, width_mm: 80, height_mm: 50 }),
        dims_learnt: None,
        volume_learnt_mm3: None,
        handling: Vec::new(),
        bears_g: None,
        compliance: Compliance::default(),
        verify: None,
        substitutes: Vec::new(),
        components: Vec::new(),
        held_lots: Vec::new(),
        picture: None,
        ships_in_own_box: false,
        packer_note: None,
        active: true,
    }
}

pub const MUG: u64 = 1;
pub const LAMP: u64 = 2;
/// Every unit has a serial number.
pub const PHONE: u64 = 3;
/// Has lot and expiry.
pub const CREAM: u64 = 4;
/// May replace the mug.
pub const CUP: u64 = 5;
/// Postage: on the invoice, never packed.
pub const POSTAGE: u64 = 6;
/// Code of the mug's case of six.
pub const CASE: &str = "CASE-MUG-6";

pub fn products() -> Vec<ProductRecord> {
    let mut mug = product(MUG, 300);
    let case = ProductBarcode { code: CASE.to_owned(), gtin: false, unit: "case".to_owned(), units_per_scan: 6 };
    mug.barcodes.push(case);
    mug.substitutes = vec![Substitute { product_id: product(CUP, 1).id, units_for_one: 1, lead_required: false }];
    mug.handling = vec![Handling::Fragile];
    let mut phone = product(PHONE, 200);
    phone.tracking.serial = true;
    let mut cream = product(CREAM, 150);
    cream.tracking = Tracking { lot: true, expiry: true, ..Tracking::default() };
    let mut postage = product(POSTAGE, 1);
    postage.kind = ProductKind::Service;
    postage.weight_g = None;
    vec![mug, product(LAMP, 700), phone, cream, product(CUP, 280), postage]
}

pub fn packaging(n: u128, code: &str, side_mm: u32, tare_g: u32) -> PackagingRecord {
    let dims = Dims { length_mm: side_mm, width_mm: side_mm, height_mm: side_mm };
    PackagingRecord {
        id: PackagingId::from_u128(0xb000 + n),
        version: 1,
        code: code.to_owned(),
        name: format!("Box {code}"),
        barcode: Some(format!("BOX-{code}")),
        kind: PackagingKind::Box,
        inner: dims,
        outer: dims,
        tare_weight_g: tare_g,
        content_weight_g_max: 20_000,
        fill_permille_max: 850,
        cost: None,
        unsuited: Vec::new(),
        stock: None,
        active: true,
    }
}

/// The shelf of a product: aisle A, one bay each.
pub fn shelf(n: u64) -> LocationRecord {
    place(n, &format!("A-{n:02}"), LocationKind::Bin)
}

pub fn place(n: u64, code: &str, kind: LocationKind) -> LocationRecord {
    let bay = u16::try_from(n).unwrap_or(1);
    let address = BinAddress { aisle: "A".to_owned(), bay, level: 1, side: Side::Left };
    LocationRecord {
        id: LocationId::from_u128(0xc000 + u128::from(n)),
        version: 1,
        code: code.to_owned(),
        barcode: None,
        kind,
        zone: None,
        address: (kind == LocationKind::Bin).then_some(address),
        x_mm: 0,
        y_mm: 0,
        walk_rank: u32::try_from(n).unwrap_or(0),
        weight_g_max: None,
        active: true,
    }
}

pub fn stock(product: u64, on_hand: i64) -> StockLevelRecord {
    StockLevelRecord {
        id: StockLevelId::from_u128(0xd000 + u128::from(product)),
        version: 1,
        site_id: SITE,
        location_id: shelf(product).id,
        product_id: ProductId::from_u128(0x9000 + u128::from(product)),
        lot: None,
        expiry: None,
        serial: None,
        condition: Condition::Good,
        owner: None,
        on_hand,
        allocated: 0,
        held: false,
        as_of_ms: START_MS,
    }
}

pub fn policy() -> PackPolicy {
    PackPolicy {
        ship_complete: false,
        verify: VerifyMode::ScanAndCount,
        confirm_by_hand: HandConfirm::Lead,
        scan_location: false,
        parcels_max: 10,
        scan_packaging: false,
        weigh: true,
        weight_tolerance_permille: 50,
        weight_tolerance_g_min: 30,
        photo_open: PhotoRule::None,
        photo_closed: PhotoRule::None,
        photo_exception: PhotoRule::None,
        scan_label_back: true,
    }
}

fn home() -> Address {
    Address {
        name: "Made-up Store".to_owned(),
        lines: vec!["Made-up Street 1".to_owned()],
        city: "Madetown".to_owned(),
        postcode: Some("MA1 1DE".to_owned()),
        country: "GB".to_owned(),
        ..Address::default()
    }
}

pub fn settings() -> SettingsRecord {
    let aisle = |i: i32, name: &str| MapAisle {
        name: name.to_owned(),
        x_mm: i * 3_000,
        y_front_mm: 0,
        y_back_mm: 20_000,
        width_mm: 1_600,
        rack_depth_mm: 600,
        bays: 20,
        levels: 4,
        one_way: false,
    };
    SettingsRecord {
        id: SITE,
        version: 1,
        name: "Made-up Store".to_owned(),
        zone: "Europe/London".to_owned(),
        holidays: Vec::new(),
        currency: "GBP".to_owned(),
        languages: vec!["en".to_owned()],
        shipper: Shipper { address: home(), tax_number: Some("GB123456789".to_owned()), eori: None },
        customs_area: vec!["GB".to_owned()],
        customs_forms: vec![CustomsRule {
            country: String::new(),
            value_minor_max: Some(31_000),
            form: CustomsForm::Cn22,
        }],
        policy: policy(),
        checklist: Vec::new(),
        reasons: Vec::new(),
        idle_lock_ms: 0,
        pin_tries_max: 3,
        pin_wait_ms: 60_000,
        personal_data_days: 30,
        photos: PhotoSettings { side_px_max: 1_600, keep_days: 90, station_bytes_max: 1 << 30 },
        prefetch_max: 50,
        unsynced_warn_ms: 60_000,
        weight_learn_parcels_min: 5,
        variable_numbers: Vec::new(),
        map: SiteMap {
            width_mm: 20_000,
            depth_mm: 24_000,
            aisles: vec![aisle(0, "A"), aisle(1, "B")],
            ..SiteMap::default()
        },
    }
}

pub fn carrier() -> CarrierRecord {
    CarrierRecord {
        id: CarrierId::from_u128(0xca),
        version: 1,
        code: "house".to_owned(),
        name: "House Carrier".to_owned(),
        services: Vec::new(),
        holidays: Vec::new(),
        active: true,
    }
}

/// An order with its one fulfillment; change what a test needs before it is sent.
#[derive(Clone, Debug)]
pub struct Job {
    pub order: OrderRecord,
    pub work: FulfillmentRecord,
}

impl Job {
    /// Number `no` with these products and units, placed `no` seconds after the start.
    pub fn new(no: u64, lines: &[(u64, u32)]) -> Job {
        let id = u128::from(no);
        let product = |n: u64| ProductId::from_u128(0x9000 + u128::from(n));
        let order_line = |(i, (n, q)): (usize, &(u64, u32))| OrderLine {
            id: OrderLineId::from_u128((id << 16) + 0x1_0000_0000 + i as u128),
            position: u32::try_from(i + 1).expect("few lines"),
            product_id: Some(product(*n)),
            sku: format!("SKU-{n}"),
            name: format!("Thing {n}"),
            picked_physically: *n != POSTAGE,
            quantity: *q,
            picked: 0,
            packed: 0,
            shipped: 0,
            delivered: 0,
            return_requested: 0,
            returned: 0,
            written_off: 0,
            unit_price: Money::new(500, "GBP"),
            discount_minor: 0,
            tax: LineTax {
                rate_basis_points: 2_000,
                base_minor: 500 * i64::from(*q),
                amount_minor: 100 * i64::from(*q),
                rounding: "half_up".to_owned(),
            },
            gift_wrap: false,
            note: None,
            substitution_allowed: true,
            kit: None,
        };
        let order_lines: Vec<OrderLine> = lines.iter().enumerate().map(order_line).collect();
        let work_line = |(i, l): (usize, &OrderLine)| FulfillmentLine {
            id: FulfillmentLineId::from_u128((id << 16) + 0x2_0000_0000 + i as u128),
            order_line_id: l.id,
            position: l.position,
            product_id: l.product_id.expect("made with one"),
            quantity: l.quantity,
            picked: 0,
            kit_product_id: None,
            sources: vec![PickSource {
                location_id: shelf(lines[i].0).id,
                quantity: l.quantity,
                lot: None,
                expiry: None,
                serial: None,
            }],
        };
        let work_lines = order_lines.iter().enumerate().map(work_line).collect();
        Job { order: order(no, order_lines), work: work(no, work_lines) }
    }

    pub fn id(&self) -> packbench::core::ids::FulfillmentId {
        packbench::core::ids::FulfillmentId(self.work.id.0)
    }

    pub fn number(&self) -> &str {
        &self.work.number
    }

    /// Picked already, and waiting in this tote.
    pub fn in_tote(mut self, tote: &LocationRecord) -> Job {
        self.work.entry_step = 5;
        self.work.status = FulfillmentStatus::Picked;
        self.work.container = Some(tote.id);
        self
    }

    pub fn changes(&self) -> Vec<Change> {
        vec![
            Change::Order(Put::Upsert(Box::new(self.order.clone()))),
            Change::Fulfillment(Put::Upsert(Box::new(self.work.clone()))),
        ]
    }
}

fn order(no: u64, lines: Vec<OrderLine>) -> OrderRecord {
    OrderRecord {
        id: OrderId::from_u128(0x1_0000 + u128::from(no)),
        version: 1,
        number: format!("{}", 536_000 + no),
        barcode: None,
        site_id: SITE,
        channel: "import".to_owned(),
        status: OrderStatus::Placed,
        payment_status: PaymentStatus::Paid,
        fulfillment_status: OrderFulfillmentStatus::None,
        stage: None,
        customer: Customer {
            id: Some(CustomerId::from_u128(0xcc)),
            name: "Customer 17850".to_owned(),
            vip: false,
            first_order: false,
            business: false,
            tax_number: None,
            language: None,
        },
        ship_to: Address { name: "Customer 17850".to_owned(), lines: vec!["Demo Street 7".to_owned()], ..home() },
        bill_to: None,
        lines,
        kits: Vec::new(),
        notes: Vec::new(),
        gift: None,
        flags: Vec::new(),
        priority: Priority::default(),
        placed_ms: START_MS - 3_600_000 + i64::try_from(no).unwrap_or(0) * 1_000,
        ship_by_ms: None,
        payments: Vec::new(),
        totals: Totals {
            currency: "GBP".to_owned(),
            goods_minor: 0,
            discount_minor: 0,
            shipping_minor: 0,
            tax_minor: 0,
            total_minor: 0,
        },
        tags: vec!["route:NORTH 4".to_owned()],
        incoterms: None,
    }
}

fn work(no: u64, lines: Vec<FulfillmentLine>) -> FulfillmentRecord {
    FulfillmentRecord {
        id: FulfillmentId::from_u128(0x2_0000 + u128::from(no)),
        version: 1,
        order_id: OrderId::from_u128(0x1_0000 + u128::from(no)),
        site_id: SITE,
        number: format!("{}", 536_000 + no),
        part: 1,
        parts: 1,
        status: FulfillmentStatus::Ready,
        entry_step: 1,
        rank: 0,
        ready_by_ms: None,
        lines,
        policy: policy(),
        carrier: CarrierChoice {
            carrier_id: carrier().id,
            service: "parcel".to_owned(),
            prefetched: Vec::new(),
            insure_minor: None,
            adult_signature: false,
        },
        documents: Documents { packing_slip: true, label_copies: 1, ..Documents::default() },
        container: None,
        consolidate_with: Vec::new(),
        packaging_hint: None,
    }
}

/// The site without any order.
pub fn site_changes() -> Vec<Change> {
    let mut list =
        vec![Change::Settings(Put::Upsert(Box::new(settings()))), Change::Carrier(Put::Upsert(Box::new(carrier())))];
    list.extend([ANNA, BORIS, LEAD].map(|s| Change::User(Put::Upsert(Box::new(user(s))))));
    list.extend(products().into_iter().map(|p| Change::Product(Put::Upsert(Box::new(p)))));
    let boxes = [packaging(1, "S", 150, 60), packaging(2, "M", 300, 150), packaging(3, "L", 500, 400)];
    list.extend(boxes.map(|p| Change::Packaging(Put::Upsert(Box::new(p)))));
    for n in 1..=5 {
        list.push(Change::Location(Put::Upsert(Box::new(shelf(n)))));
        list.push(Change::StockLevel(Put::Upsert(Box::new(stock(n, 100)))));
    }
    for p in [tote(), dock()] {
        list.push(Change::Location(Put::Upsert(Box::new(p))));
    }
    list
}

pub fn tote() -> LocationRecord {
    place(50, "TOTE-7", LocationKind::Tote)
}

pub fn dock() -> LocationRecord {
    place(60, "DOCK-1", LocationKind::Dock)
}

/// Numbers for parcels.
pub fn block(id: u128, epoch: u64, first: u64, count: u64) -> SsccBlockRecord {
    SsccBlockRecord {
        id: BlockId::from_u128(0xe000 + id),
        station_id: STATION,
        epoch: Epoch(epoch),
        extension: 0,
        company_prefix: "5012345".to_owned(),
        first,
        count,
    }
}
