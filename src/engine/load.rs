//! Everything a decision may look at, loaded before it: the order, its work, products, boxes, stock,
//! the walk and the suggested box.

use crate::core::ids::{FulfillmentId, PackagingId, ProductId};
use crate::core::order::{Fulfillment, FulfillmentLine, Order};
use crate::core::packaging::Packaging;
use crate::core::person::Person;
use crate::core::policy::Policy;
use crate::core::product::{ComplianceFacts, Product, ProductKind};
use crate::core::session::{Facts, ParcelState, Session, Stop};
use crate::core::stock::{Floor, Location, StockLevel, StockSnapshot};
use crate::core::time::{Day, UtcMs};
use crate::core::units::Grams;
use crate::planning::boxes::{Top, Turns};
use crate::planning::{carton, tour};
use crate::protocol::domain;
use crate::protocol::session::SessionFact;
use crate::protocol::wire::{
    CarrierRecord, ChangeKind, FulfillmentRecord, LocationRecord, OrderRecord, PackagingRecord, ProductRecord,
    SettingsRecord, UserRecord, place,
};
use crate::storage::Conn;
use crate::storage::{self, Res, lease, meta, records};
use std::collections::HashMap;

/// Boxes a site may keep.
const PACKAGINGS_MAX: u32 = 500;
/// What may stand on a fragile thing, its like included.
const FRAGILE_BEARS: Grams = Grams(2_000);

/// What was loaded for one fulfillment.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The order.
    pub order: Order,
    /// The work.
    pub fulfillment: Fulfillment,
    /// Its number, as people use it.
    pub number: String,
    /// Products by id: of the lines, and what may replace them.
    pub products: HashMap<ProductId, Product>,
    /// Boxes of the site.
    pub packagings: Vec<Packaging>,
    /// What the site allows.
    pub policy: Policy,
    /// Stock of these products.
    pub stock: StockSnapshot,
    /// The walk.
    pub walk: Walk,
    /// Who sends, for papers.
    pub shipper: crate::core::order::Address,
    /// Tax number of who sends.
    pub shipper_tax: Option<String>,
    /// IANA zone of the site.
    pub zone: String,
}

/// The walk through the warehouse.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Stops in walking order; products without a place come last and have none.
    pub stops: Vec<Stop>,
    /// Places of the stops that are on the map, by stop.
    pub places: Vec<Option<Location>>,
    /// Length of the walk.
    pub length_mm: i64,
    /// Its line, in millimetres.
    pub way: Vec<(i32, i32)>,
    /// The floor it is drawn on.
    pub floor: Option<Floor>,
}

/// What may stand on a product, all together: what is said of it; where nothing is, little if it breaks easily. None is whatever
/// fits, zero is nothing.
#[must_use]
pub(super) fn bears(facts: &ComplianceFacts) -> Option<Grams> {
    facts.bears_g.or(facts.fragile.then_some(FRAGILE_BEARS))
}

fn top_of(facts: &ComplianceFacts) -> Top {
    match bears(facts) {
        None => Top::Anything,
        Some(most) if most.0 <= 0 => Top::Nothing,
        Some(most) => Top::UpTo(most.0),
    }
}

impl Loaded {
    /// The facts for a decision.
    #[must_use]
    pub fn facts<'a>(
        &'a self,
        actor: &'a Person,
        suggested: Option<PackagingId>,
        next_sscc: Option<&'a str>,
        today: Day,
    ) -> Facts<'a> {
        Facts {
            order: &self.order,
            fulfillment: &self.fulfillment,
            products: &self.products,
            packagings: &self.packagings,
            policy: &self.policy,
            stock: &self.stock,
            tour: &self.walk.stops,
            actor,
            suggested,
            next_sscc,
            today,
        }
    }

    /// Lines that are picked and packed: services are on the invoice only.
    #[must_use]
    pub fn goods(&self) -> Vec<FulfillmentLine> {
        let is_goods =
            |l: &&FulfillmentLine| self.products.get(&l.product).is_none_or(|p| p.kind == ProductKind::Goods);
        self.fulfillment.lines.iter().filter(is_goods).copied().collect()
    }

    /// The session that these events tell of, from its last opening on; none where nothing was opened.
    #[must_use]
    pub fn session(&self, facts: Vec<(SessionFact, i64)>) -> Option<Session> {
        let goods = self.goods();
        let mut session: Option<Session> = None;
        for (fact, at) in facts {
            match Session::start(&fact.event, &goods, UtcMs(at)) {
                Some(s) => session = Some(s),
                None => {
                    if let Some(s) = session.as_mut() {
                        s.apply(&fact.event);
                    }
                }
            }
        }
        session
    }

    /// What the planner suggests for a parcel.
    #[must_use]
    pub fn suggestion(&self, parcel: &ParcelState) -> carton::Suggestion {
        self.plan(parcel.units.iter().map(|u| (u.product, u.units)))
    }

    /// What the planner suggests for so many units of each product; a product may come several times.
    #[must_use]
    pub fn plan(&self, units: impl Iterator<Item = (ProductId, u32)>) -> carton::Suggestion {
        let mut items: Vec<carton::Item> = Vec::new();
        for (product, units) in units {
            let Some(p) = self.products.get(&product) else { continue };
            match items.iter_mut().find(|i| i.product == product) {
                Some(i) => i.qty += units,
                None => {
                    let turns = if p.facts.this_side_up { Turns::UPRIGHT } else { Turns::ANY };
                    let (dims, learnt_mm3, top) = (p.dims, p.learnt_mm3, top_of(&p.facts));
                    let weight_g = p.weight_g;
                    items.push(carton::Item { product: p.id, qty: units, dims, learnt_mm3, weight_g, turns, top });
                }
            }
        }
        carton::suggest(&self.packagings, &items)
    }

    /// The box the planner suggests for the parcel in work, where the step asks for it.
    #[must_use]
    pub fn suggested_box(&self, s: &Session) -> Option<PackagingId> {
        self.suggestion(s.parcel()).parcels.first().map(|p| p.packaging)
    }
}

/// Loads a fulfillment; none if its records are not here.
///
/// # Errors
/// If the database refuses or a record cannot be read.
pub fn load(c: &mut dyn Conn, id: FulfillmentId) -> Res<Option<Loaded>> {
    let Some(f) = records::get::<FulfillmentRecord>(c, ChangeKind::Fulfillment, id.0)? else { return Ok(None) };
    let Some(o) = records::get::<OrderRecord>(c, ChangeKind::Order, f.order_id.0)? else { return Ok(None) };
    let Some(settings) = settings(c)? else { return Ok(None) };
    let carrier: Option<CarrierRecord> = records::get(c, ChangeKind::Carrier, f.carrier.carrier_id.0)?;
    let expedited = match o.priority.expedited_by {
        Some(u) => records::get::<UserRecord>(c, ChangeKind::User, u.0)?.map(|u| u.initials),
        None => None,
    };
    let invoice = lease::get(c, id)?.and_then(|(_, n)| n);
    let mut order = domain::order(&o, &f, carrier.as_ref().map_or("", |c| &c.name), expedited, invoice);
    let container = container(c, &f)?;
    let slot = consolidation_slot(c, &f)?;
    let fulfillment = domain::fulfillment(&f, &o, container, slot);
    // A line of a kit or a split may carry a product of its own: the work says what is packed.
    for l in &fulfillment.lines {
        if let Some(line) = order.lines.iter_mut().find(|x| x.no == l.line) {
            line.product = l.product;
        }
    }
    let (products, held_lots) = products(c, &fulfillment)?;
    let stock = stock(c, &products, held_lots)?;
    let floor = domain::floor(&settings);
    let walk = walk(c, &f, &fulfillment, &stock, floor)?;
    Ok(Some(Loaded {
        number: f.number.clone(),
        policy: domain::policy(&settings, &f),
        packagings: packagings(c)?,
        shipper: domain::address(&settings.shipper.address),
        shipper_tax: settings.shipper.tax_number.clone(),
        zone: settings.zone.clone(),
        order,
        fulfillment,
        products,
        stock,
        walk,
    }))
}

/// The site's settings.
///
/// # Errors
/// If the database refuses.
pub fn settings(c: &mut dyn Conn) -> Res<Option<SettingsRecord>> {
    Ok(records::all::<SettingsRecord>(c, ChangeKind::Settings, 1)?.pop())
}

/// Boxes the site keeps.
///
/// # Errors
/// If the database refuses.
pub fn packagings(c: &mut dyn Conn) -> Res<Vec<Packaging>> {
    let mut list: Vec<Packaging> = records::all::<PackagingRecord>(c, ChangeKind::Packaging, PACKAGINGS_MAX)?
        .iter()
        .filter(|p| p.active)
        .map(domain::packaging)
        .collect();
    list.sort_by_key(|p| (p.inner.volume_mm3(), p.name.clone()));
    Ok(list)
}

/// One product.
///
/// # Errors
/// If the database refuses.
pub fn product(c: &mut dyn Conn, id: ProductId) -> Res<Option<Product>> {
    Ok(records::get::<ProductRecord>(c, ChangeKind::Product, id.0)?.map(|r| domain::product(&r)))
}

/// Lots on hold, by product.
type HeldLots = Vec<(ProductId, String)>;

/// The products of the work and what may replace them, with their lots that are on hold.
fn products(c: &mut dyn Conn, f: &Fulfillment) -> Res<(HashMap<ProductId, Product>, HeldLots)> {
    let (mut map, mut held) = (HashMap::new(), Vec::new());
    for l in &f.lines {
        if let Some(p) = with_holds(c, l.product, &mut map, &mut held)? {
            for s in p.substitutes {
                with_holds(c, s, &mut map, &mut held)?;
            }
        }
    }
    Ok((map, held))
}

/// Takes a product up once; none if it is not here.
fn with_holds(
    c: &mut dyn Conn,
    id: ProductId,
    map: &mut HashMap<ProductId, Product>,
    held: &mut HeldLots,
) -> Res<Option<Product>> {
    if let Some(p) = map.get(&id) {
        return Ok(Some(p.clone()));
    }
    let Some(r) = records::get::<ProductRecord>(c, ChangeKind::Product, id.0)? else { return Ok(None) };
    let p = domain::product(&r);
    held.extend(r.held_lots.into_iter().map(|lot| (id, lot)));
    map.insert(id, p.clone());
    Ok(Some(p))
}

fn stock(c: &mut dyn Conn, products: &HashMap<ProductId, Product>, held_lots: HeldLots) -> Res<StockSnapshot> {
    let mut levels = Vec::new();
    for id in products.keys() {
        let rows = c.all(
            "SELECT COALESCE(p.code, '') AS location, s.lot, s.expiry, s.quantity, s.held, s.allocated FROM stock s
             LEFT JOIN place p ON p.id = s.place WHERE s.product = $1
             ORDER BY COALESCE(s.expiry, '9999'), location LIMIT 200",
            &[storage::uuid(id.0)],
        )?;
        for r in &rows {
            let expiry: Option<String> = r.get("expiry")?;
            levels.push(StockLevel {
                product: *id,
                location: r.get("location")?,
                lot: r.get("lot")?,
                expiry: expiry.and_then(|d| domain::day(&crate::protocol::wire::LocalDate(d))),
                quantity: r.get("quantity")?,
                allocated: r.get("allocated")?,
                held: r.get("held")?,
            });
        }
    }
    Ok(StockSnapshot { levels, held_lots, as_of: UtcMs(meta::int(c, meta::key::AS_OF)?) })
}

fn container(c: &mut dyn Conn, f: &FulfillmentRecord) -> Res<Option<(String, place::LocationKind)>> {
    let Some(id) = f.container else { return Ok(None) };
    Ok(records::get::<LocationRecord>(c, ChangeKind::Location, id.0)?.map(|l| (l.code, l.kind)))
}

/// Parts of a split order meet at the dock that is walked to first.
fn consolidation_slot(c: &mut dyn Conn, f: &FulfillmentRecord) -> Res<Option<String>> {
    if f.consolidate_with.is_empty() {
        return Ok(None);
    }
    records::first_dock(c)
}

/// The shelves the server promised, else those the stock names, in walking order.
fn walk(
    c: &mut dyn Conn,
    r: &FulfillmentRecord,
    f: &Fulfillment,
    stock: &StockSnapshot,
    floor: Option<Floor>,
) -> Res<Walk> {
    let mut stops: Vec<(Stop, Option<Location>)> = Vec::new();
    for (l, line) in r.lines.iter().zip(&f.lines) {
        let mut left = line.quantity;
        for s in &l.sources {
            let Some(place) = records::get::<LocationRecord>(c, ChangeKind::Location, s.location_id.0)? else {
                continue;
            };
            let n = s.quantity.min(left);
            if n > 0 {
                left -= n;
                let at = floor.as_ref().and_then(|fl| domain::location(&place, fl));
                stops.push((Stop { location: place.code, line: line.line, quantity: n }, at));
            }
        }
        if left == line.quantity
            && let Some(level) = stock.levels.iter().find(|s| s.product == line.product && s.quantity > 0 && !s.held)
        {
            let at = place_by_code(c, &level.location, floor.as_ref())?;
            stops.push((Stop { location: level.location.clone(), line: line.line, quantity: left }, at));
        }
    }
    Ok(in_walking_order(stops, floor))
}

fn place_by_code(c: &mut dyn Conn, code: &str, floor: Option<&Floor>) -> Res<Option<Location>> {
    let Some(floor) = floor else { return Ok(None) };
    for known in storage::lookup::code(c, code)? {
        if let storage::lookup::Known::Location(id) = known
            && let Some(r) = records::get::<LocationRecord>(c, ChangeKind::Location, id)?
        {
            return Ok(domain::location(&r, floor));
        }
    }
    Ok(None)
}

fn in_walking_order(stops: Vec<(Stop, Option<Location>)>, floor: Option<Floor>) -> Walk {
    let Some(floor) = floor else {
        let (stops, places) = stops.into_iter().unzip();
        return Walk { stops, places, ..Walk::default() };
    };
    let on_map: Vec<usize> = (0..stops.len()).filter(|i| stops[*i].1.is_some()).collect();
    let locations: Vec<&Location> = stops.iter().filter_map(|(_, l)| l.as_ref()).collect();
    let t = tour::tour(&floor, &locations);
    let mut order: Vec<usize> = t.order.iter().filter_map(|i| on_map.get(*i).copied()).collect();
    order.extend(t.off_map.iter().filter_map(|i| on_map.get(*i).copied()));
    order.extend((0..stops.len()).filter(|i| stops[*i].1.is_none()));
    let mm = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let sorted: Vec<(Stop, Option<Location>)> = order.iter().filter_map(|i| stops.get(*i).cloned()).collect();
    let (stops, places) = sorted.into_iter().unzip();
    let way = t.path.iter().map(|p| (mm(p.x_mm), mm(p.y_mm))).collect();
    Walk { stops, places, length_mm: t.length_mm, way, floor: Some(floor) }
}
