//! One unit of a list, taken in: an order with all its rows, else one row. Whatever is wrong is said by its row and field, and
//! nothing of the unit is kept then. The rules are those of the services that people and programs use.

use super::fields::{Kind, Mapping};
use super::grid::Line;
use super::{kit, values};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::customers;
use crate::central::services::customers::read::By;
use crate::central::services::orders::entry::{Buyer, DeskKind, NewLine, NewOrder, Remark, Terms, check_address};
use crate::central::services::orders::{self, is_number_free};
use crate::central::services::products::{self, ProductRow};
use crate::central::services::settings;
use crate::central::services::stock::{self, Receipt};
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::core::country;
use crate::core::money::Currency;
use crate::protocol::wire::order::Address;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Why a row was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Row of the file.
    pub row: u64,
    /// Word of the field; empty where it is none.
    pub field: String,
    /// Stable word of the reason.
    pub why: &'static str,
}

/// How a unit ended short of being taken.
#[derive(Debug)]
pub enum Bad {
    /// By a row.
    Row(RowFault),
    /// By the store.
    Store(CentralError),
}

impl From<CentralError> for Bad {
    fn from(error: CentralError) -> Bad {
        Bad::Store(error)
    }
}

impl From<crate::sql::SqlError> for Bad {
    fn from(error: crate::sql::SqlError) -> Bad {
        Bad::Store(error.into())
    }
}

/// What a list is read with.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it is of.
    pub kind: Kind,
    /// Which column is which.
    pub mapping: Mapping,
    /// Which import it is, by id.
    pub import: String,
    /// Codes that a list of kits makes kits of; else empty.
    kits: BTreeSet<String>,
}

impl Reading {
    /// What the rows of an import are read with.
    #[must_use]
    pub fn new(kind: Kind, mapping: Mapping, import: String, rows: &[Line]) -> Reading {
        let kits = match kind {
            Kind::Kits => kit::named(rows.iter().map(|row| mapping.cell(&row.cells, "kit"))),
            Kind::Orders | Kind::Products | Kind::Customers | Kind::Stock => BTreeSet::new(),
        };
        Reading { kind, mapping, import, kits }
    }
}

/// The rows that belong together, by their places: those of one order or kit, else each alone. The order of the file is kept.
#[must_use]
pub fn units(reading: &Reading, rows: &[Line]) -> Vec<Vec<usize>> {
    let field = match reading.kind {
        Kind::Orders => "number",
        Kind::Kits => "kit",
        Kind::Products | Kind::Customers | Kind::Stock => return (0..rows.len()).map(|at| vec![at]).collect(),
    };
    let mut units: Vec<Vec<usize>> = Vec::new();
    let mut known: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let number = reading.mapping.cell(&row.cells, field);
        match known.get(number).filter(|_| !number.is_empty()).and_then(|unit| units.get_mut(*unit)) {
            Some(unit) => unit.push(at),
            None => {
                known.insert(number, units.len());
                units.push(vec![at]);
            }
        }
    }
    units
}

/// One row with what it is read with.
pub(super) struct Row<'a> {
    pub reading: &'a Reading,
    pub line: &'a Line,
}

pub(super) type Read<T> = Result<T, Bad>;

impl Row<'_> {
    /// What this row of this list is known by, however often the list is taken up.
    fn name(&self) -> String {
        format!("import/{}/{}", self.reading.import, self.line.no)
    }

    fn cell(&self, field: &str) -> &str {
        self.reading.mapping.cell(&self.line.cells, field)
    }

    fn some(&self, field: &str) -> Option<String> {
        Some(self.cell(field).to_owned()).filter(|text| !text.is_empty())
    }

    pub fn bad<T>(&self, field: &str, why: &'static str) -> Read<T> {
        Err(Bad::Row(RowFault { row: self.line.no, field: field.to_owned(), why }))
    }

    pub fn need(&self, field: &str) -> Read<String> {
        self.some(field).map_or_else(|| self.bad(field, "empty"), Ok)
    }

    /// Does another row of a list of kits make a kit of this product?
    pub fn is_kit_of_list(&self, sku: &str) -> bool {
        self.reading.kits.contains(sku)
    }

    /// A value that may be left out, but not be unreadable.
    fn maybe<T>(&self, field: &str, why: &'static str, read: impl FnOnce(&str, bool) -> Option<T>) -> Read<Option<T>> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return Ok(None);
        }
        read(cell, self.reading.mapping.comma).map_or_else(|| self.bad(field, why), |value| Ok(Some(value)))
    }

    pub fn units(&self) -> Read<i64> {
        self.need("quantity")?;
        match self.maybe("quantity", "number", values::whole)? {
            Some(units) if units >= 1 => Ok(units),
            Some(_) | None => self.bad("quantity", "positive"),
        }
    }

    fn small(&self, field: &str) -> Read<Option<u32>> {
        let value = self.maybe(field, "number", values::whole)?;
        match value.map(u32::try_from) {
            None => Ok(None),
            Some(Ok(value)) if value > 0 => Ok(Some(value)),
            Some(Ok(_) | Err(_)) => self.bad(field, "positive"),
        }
    }

    /// What may stand on a unit; nothing is an answer too.
    fn bears(&self) -> Read<Option<u32>> {
        let grams = self.maybe("bears_g", "number", values::whole)?.map(u32::try_from);
        match grams {
            None => Ok(None),
            Some(Ok(grams)) if grams <= products::sheet::BEARS_G_MAX => Ok(Some(grams)),
            Some(Ok(_) | Err(_)) => self.bad("bears_g", "number"),
        }
    }

    fn address(&self) -> Address {
        let lines = ["street", "street2"].iter().filter_map(|field| self.some(field));
        let phone: String = self.cell("phone").chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '/')).collect();
        Address {
            name: self.cell("name").to_owned(),
            company: self.some("company"),
            lines: lines.collect(),
            city: self.cell("city").to_owned(),
            region: self.some("region"),
            postcode: self.some("postcode"),
            country: country::meant(self.cell("country")),
            phone: Some(phone).filter(|phone| !phone.is_empty()),
            email: self.some("email"),
            instructions: None,
        }
    }

    /// What a service refused, by the field of this list.
    pub fn refused<T>(&self, done: Res<T>) -> Read<T> {
        match done {
            Ok(value) => Ok(value),
            Err(CentralError::Refused(refusal)) => {
                let (field, why) = place(&refusal);
                self.bad(field, why)
            }
            Err(error) => Err(Bad::Store(error)),
        }
    }
}

/// Which field of a list a refusal is about, and why, in the words of lists.
fn place(refusal: &Refusal) -> (&'static str, &'static str) {
    match refusal {
        Refusal::Field { field, .. } => match *field {
            "address.name" => ("name", "form"),
            "address.lines" => ("street", "form"),
            "address.city" => ("city", "form"),
            "address.postcode" => ("postcode", "form"),
            "address.country" => ("country", "country"),
            "address.phone" => ("phone", "phone"),
            "address.email" => ("email", "email"),
            "lines.quantity" | "quantity" => ("quantity", "positive"),
            "lines.price" => ("price", "price"),
            "lines.tax" => ("tax", "number"),
            "lines" => ("sku", "many"),
            "product.parts" => ("sku", "form"),
            "shipping" => ("service", "unknown"),
            "note" => ("note", "form"),
            "barcode" => ("barcode", "form"),
            _ => ("", "form"),
        },
        Refusal::Missing { entity } => match *entity {
            "product" => ("sku", "unknown"),
            "location" => ("location", "unknown"),
            "customer" => ("customer", "unknown"),
            _ => ("", "unknown"),
        },
        Refusal::Taken { .. } => ("barcode", "taken"),
        Refusal::Short { .. } | Refusal::Stock { .. } => ("quantity", "short"),
        Refusal::Fields { .. }
        | Refusal::Version { .. }
        | Refusal::State { .. }
        | Refusal::Forbidden
        | Refusal::Unrecognised
        | Refusal::PairingCode
        | Refusal::PairingOther
        | Refusal::Limit { .. }
        | Refusal::Needs { .. }
        | Refusal::ByWork
        | Refusal::TooMany { .. } => ("", "form"),
    }
}

/// Takes one unit in.
///
/// # Errors
/// [`Bad`]; the caller undoes what was written then.
pub fn unit(work: &mut Work<'_>, reading: &Reading, lines: &[&Line]) -> Read<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let row = Row { reading, line: first };
    match reading.kind {
        Kind::Orders => order(work, reading, lines),
        Kind::Products => product(work, &row),
        Kind::Kits => kit::take(work, &kit::rows(reading, lines)),
        Kind::Customers => customer(work, &row),
        Kind::Stock => receipt(work, &row),
    }
}

fn decimals(work: &mut Work<'_>) -> Read<u32> {
    let currency = sites::get(work.tx, work.ctx.site)?.currency;
    let currency = Currency::new(&currency).ok_or(CentralError::Stored { what: "currency" })?;
    Ok(currency.exponent())
}

fn product(work: &mut Work<'_>, row: &Row<'_>) -> Read<()> {
    let decimals = decimals(work)?;
    let new = ProductRow {
        sku: row.need("sku")?,
        name: row.some("name"),
        price_minor: row.maybe("price", "number", |cell, comma| values::amount(cell, decimals, comma))?,
        tax_rate_bp: row.maybe("tax", "number", values::rate_bp)?,
        category: row.some("category"),
        barcode: row.some("barcode"),
        weight_g: row.small("weight_g")?,
        size_mm: [row.small("length_mm")?, row.small("width_mm")?, row.small("height_mm")?],
        hs_code: row.some("hs_code"),
        origin: row.some("origin").map(|code| country::meant(&code)),
        this_side_up: row.maybe("this_side_up", "yes", |cell, _| values::yes(cell))?,
        bears_g: row.bears()?,
    };
    if new.price_minor.is_some_and(|price| !(0..=products::PRICE_MINOR_MAX).contains(&price)) {
        return row.bad("price", "price");
    }
    if !new.origin.as_deref().is_none_or(country::is_code) {
        return row.bad("origin", "country");
    }
    match products::save(work, &new) {
        Err(CentralError::Refused(Refusal::Field { field: "name", .. })) => row.bad("name", "empty"),
        Err(CentralError::Refused(Refusal::Field { field: "sku", .. })) => row.bad("sku", "form"),
        done => row.refused(done).map(|_| ()),
    }
}

fn customer(work: &mut Work<'_>, row: &Row<'_>) -> Read<()> {
    let address = row.address();
    row.refused(check_address(&address).map_err(CentralError::from))?;
    let vip = row.maybe("vip", "yes", |cell, _| values::yes(cell))?;
    let number = row.some("number");
    if number.as_ref().is_some_and(|number| number.chars().count() > 40 || number.contains(char::is_control)) {
        return row.bad("number", "form");
    }
    match customers::save(work, number.as_deref(), vip, &address, &row.name()) {
        Err(CentralError::Refused(Refusal::State { entity: "customer", .. })) => row.bad("number", "forgotten"),
        done => row.refused(done),
    }
}

fn receipt(work: &mut Work<'_>, row: &Row<'_>) -> Read<()> {
    let expiry = row.maybe("expiry", "day", |cell, _| values::day(cell))?;
    let receipt = Receipt {
        sku: row.need("sku")?,
        location: row.need("location")?,
        lot: row.cell("lot").to_owned(),
        expiry: expiry.map(|day| day.to_string()).unwrap_or_default(),
        quantity: row.units()?,
    };
    if receipt.lot.chars().count() > 40 {
        return row.bad("lot", "form");
    }
    let reference = format!("import/{}", row.reading.import);
    row.refused(stock::receive_once(work, &row.name(), receipt, &reference)).map(|_| ())
}

fn order(work: &mut Work<'_>, reading: &Reading, lines: &[&Line]) -> Read<()> {
    let decimals = decimals(work)?;
    let (mut new_lines, mut priced) = (Vec::with_capacity(lines.len()), false);
    for line in lines {
        let row = Row { reading, line };
        let price_minor = row.maybe("price", "number", |cell, comma| values::amount(cell, decimals, comma))?;
        priced |= price_minor.is_some();
        let (sku, quantity) = (row.need("sku")?, row.units()?);
        let tax_rate_bp = row.maybe("tax", "number", values::rate_bp)?;
        // Looked at here, so that the row that names it is told.
        let known = products::offer(work.tx, work.ctx.site, &sku)?;
        if known.is_none() {
            return row.bad("sku", "unknown");
        }
        new_lines.push(NewLine { sku, quantity, price_minor, tax_rate_bp });
    }
    let Some(first) = lines.first() else { return Ok(()) };
    let row = Row { reading, line: first };
    let number = row.need("number")?;
    if number.chars().count() > 40 || number.contains(char::is_control) {
        return row.bad("number", "form");
    }
    if !is_number_free(work.tx, work.ctx.site, &number)? {
        return row.bad("number", "exists");
    }
    let (buyer, ship_to) = buyer(work, &row)?;
    let company = ship_to.company.is_some();
    // A business pays the products' prices; a list that brings its own is of persons' orders.
    let kind = if company && !priced { DeskKind::B2b } else { DeskKind::B2c };
    let ship_by = row.maybe("ship_by", "day", |cell, _| values::day(cell))?;
    let new = NewOrder {
        kind,
        buyer,
        ship_to,
        lines: new_lines,
        shipping: shipping(work, &row)?,
        ship_by_ms: ship_by.map(|day| end_of(work, day)).transpose()?,
        note: row.some("note"),
        remark: (kind == DeskKind::B2c).then(|| (Remark::Other, "import".to_owned())),
        terms: Terms::Net30,
        payment: None,
        backorder: true,
    };
    row.refused(orders::create_numbered(work, &new, &number)).map(|_| ())
}

/// The known customer of that number, at the address of the row or their own; else a new one at the address of the row.
fn buyer(work: &mut Work<'_>, row: &Row<'_>) -> Read<(Buyer, Address)> {
    let typed = row.address();
    match row.some("customer") {
        Some(number) => {
            let known = row.refused(customers::buyer(work.tx, work.ctx.site, By::Number(&number)))?;
            let address = if typed.lines.is_empty() { known.address } else { typed };
            row.refused(check_address(&address).map_err(CentralError::from))?;
            Ok((Buyer::Known(known.id), address))
        }
        None => {
            row.refused(check_address(&typed).map_err(CentralError::from))?;
            Ok((Buyer::New, typed))
        }
    }
}

/// The service that the row names by code or name; the first one there is where it names none.
fn shipping(work: &mut Work<'_>, row: &Row<'_>) -> Read<(String, String)> {
    let all = settings::services(work.tx, work.ctx.site)?;
    let (carrier, service) = (row.cell("carrier").to_lowercase(), row.cell("service").to_lowercase());
    let fits = |wanted: &str, code: &str, name: &str| {
        wanted.is_empty() || wanted == code.to_lowercase() || wanted == name.to_lowercase()
    };
    let found = all
        .into_iter()
        .find(|one| fits(&carrier, &one.codes.0, &one.names.0) && fits(&service, &one.codes.1, &one.names.1));
    found
        .map_or_else(|| row.bad(if service.is_empty() { "carrier" } else { "service" }, "unknown"), |one| Ok(one.codes))
}

/// The end of a day in the site's zone, UTC ms.
fn end_of(work: &mut Work<'_>, day: jiff::civil::Date) -> Read<i64> {
    let zone = sites::get(work.tx, work.ctx.site)?.zone;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let end = day.at(23, 59, 0, 0).to_zoned(zone).map_err(|_| CentralError::Inner { what: "a day of an import" })?;
    Ok(end.timestamp().as_millisecond())
}
