//! Writes a staged file in one transaction. Every id is derived from the site and the file's own numbers, so rows that are
//! there already are left as they are. Rows go in the order of their keys, which keeps the indexes' pages together.

use super::classify::{self, InvoiceKind};
use super::link::{self, Links};
use super::parse::minor;
use super::report::Report;
use super::stage::{Invoice, Staged};
use super::{OnProgress, Progress};
use crate::central::error::{Refusal, Res};
use crate::central::services::products::kits;
use crate::central::services::stock;
use crate::central::store::bulk::{self, Bulk, Column::Int, Column::Text};
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Val;
use crate::vals;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 16_384;
/// From so many new lines on their foreign keys are checked in the end, all at once.
const LOOSEN_ROWS_MIN: usize = 20_000;
/// Most kits of the house that the file's codes are held against.
const KITS_MAX: i64 = 10_000;
/// The currency of the file's prices: a British retailer's.
const CURRENCY: &str = "GBP";
/// Returns that were asked for longer ago than this are told to no station, ms: 180 days.
const TOLD_MS: i64 = 180 * 24 * 60 * 60 * 1000;
/// Due time of work that has none: after all that has one (9999-12-31).
const NEVER_MS: i64 = 253_402_214_400_000;

/// Writes it all.
///
/// # Errors
/// Any fault of the store.
pub(super) fn write(work: &mut Work<'_>, staged: &Staged, file_hash: &[u8], progress: OnProgress<'_>) -> Res<Report> {
    let links = link::link(staged);
    let mut writer = Writer::new(work, staged, &links, progress)?;
    writer.products()?;
    writer.customers()?;
    let orders = writer.orders()?;
    writer.work(&orders)?;
    writer.returns()?;
    writer.adjustments()?;
    writer.done(file_hash)
}

/// Ids made from the site and the file's numbers.
#[derive(Clone, Copy)]
struct Ids(SiteId);

impl Ids {
    fn of(self, kind: &str, number: &str) -> String {
        Uuid::new_v5(&self.0.0, format!("online-retail/{kind}/{number}").as_bytes()).to_string()
    }
}

/// An order to be written: id, invoice, and whether anything in it is packed.
struct NewOrder {
    id: String,
    invoice: u32,
    goods: bool,
}

struct Writer<'w, 't, 's> {
    work: &'w mut Work<'t>,
    staged: &'s Staged,
    links: &'s Links,
    progress: OnProgress<'s>,
    ids: Ids,
    site: String,
    /// Product ids by number of the code.
    products: Vec<String>,
    names: Vec<String>,
    /// Customer ids by number, where another than the derived one is on file.
    customers: HashMap<u32, String>,
    rows: u64,
    report: Report,
}

impl<'w, 't, 's> Writer<'w, 't, 's> {
    fn new(work: &'w mut Work<'t>, staged: &'s Staged, links: &'s Links, progress: OnProgress<'s>) -> Res<Self> {
        let site = work.site();
        let ids = Ids(work.ctx.site);
        let names = staged.names();
        let report = staged.report.clone();
        let (products, customers) = (Vec::new(), HashMap::new());
        Ok(Writer { work, staged, links, progress, ids, site, products, names, customers, rows: 0, report })
    }

    fn step(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(PROGRESS_ROWS) {
            // Every sale line is written twice, as line of the order and of the work.
            let rows_total = self.staged.rows.len() as u64 * 2;
            (self.progress)(Progress::Writing { rows: self.rows.min(rows_total), rows_total });
        }
    }

    /// All values of a TEXT column of the site's rows, with the row's id.
    fn known(&mut self, sql: &str) -> Res<HashMap<String, String>> {
        let mut known = HashMap::new();
        self.work.tx.each(sql, vals![&self.site], &mut |row| {
            known.insert(row.at::<String>(0)?, row.at::<String>(1)?);
            Ok(())
        })?;
        Ok(known)
    }

    fn products(&mut self) -> Res<()> {
        let known = self.known("SELECT sku, id FROM products WHERE site = $1")?;
        let kits: HashSet<String> = kits::all(self.work.tx, self.work.ctx.site, KITS_MAX)?.into_iter().collect();
        let columns = [
            Text("id"),
            Text("site"),
            Text("sku"),
            Text("name"),
            Text("search"),
            Text("kind"),
            Int("price_minor"),
            Int("updated_ms"),
        ];
        // Selling prices are kept in the site's currency; those of the file say nothing elsewhere.
        let ours = sites::get(self.work.tx, self.work.ctx.site)?.currency == CURRENCY;
        let prices = if ours { self.staged.prices_milli() } else { Vec::new() };
        let mut bulk = Bulk::new("products", &columns, "ON CONFLICT DO NOTHING");
        let staged = self.staged;
        for (number, code) in staged.codes.all().iter().enumerate() {
            if kits.contains(&**code) {
                let state = format!("a kit here ({code}), but this file sells it as it is");
                return Err(Refusal::State { entity: "product", state }.into());
            }
            if let Some(id) = known.get(&**code) {
                self.products.push(id.clone());
                continue;
            }
            let id = self.ids.of("product", code);
            let name = self.names.get(number).map_or(&**code, String::as_str);
            let kind = if staged.services.get(number) == Some(&true) { "service" } else { "goods" };
            let search = format!("{code} {name}").to_lowercase();
            let now = self.work.now_ms();
            let price = prices.get(number).copied().flatten().map(|milli| minor(milli).0);
            bulk.row(self.work.tx, vals![&id, &self.site, &**code, name, search, kind, price, now])?;
            self.work.changed(ChangeKind::Product, &id);
            self.products.push(id);
            self.report.products += 1;
        }
        bulk.finish(self.work.tx)?;
        Ok(())
    }

    fn customers(&mut self) -> Res<()> {
        let known = self.known("SELECT number, id FROM customers WHERE site = $1 AND number IS NOT NULL")?;
        let columns = [
            Text("id"),
            Text("site"),
            Text("number"),
            Text("search"),
            Text("kind"),
            Text("country"),
            Int("first_order_ms"),
            Int("updated_ms"),
        ];
        let mut bulk = Bulk::new("customers", &columns, "ON CONFLICT DO NOTHING");
        let now = self.work.now_ms();
        for (number, buyer) in &self.staged.buyers {
            let text = number.to_string();
            if let Some(id) = known.get(&text) {
                self.customers.insert(*number, id.clone());
                continue;
            }
            let id = self.ids.of("customer", &text);
            let country = classify::country(self.staged.countries.get(buyer.country));
            // Who orders by the gross is not told by the file, so nobody is made a business here.
            bulk.row(self.work.tx, vals![&id, &self.site, &text, &text, "person", country, buyer.first_ms, now])?;
            self.report.customers += 1;
        }
        for invoice in self.staged.invoices.iter().filter(|invoice| invoice.customer.is_none()) {
            let id = self.ids.of("guest", &invoice.number);
            let country = classify::country(self.staged.countries.get(invoice.country));
            let number: Option<String> = None;
            bulk.row(self.work.tx, vals![&id, &self.site, number, "", "guest", country, invoice.at_ms, now])?;
        }
        let written = bulk.finish(self.work.tx)?;
        self.report.guests = written.saturating_sub(self.report.customers);
        Ok(())
    }

    fn customer_of(&self, invoice: &Invoice) -> String {
        match invoice.customer {
            Some(number) => match self.customers.get(&number) {
                Some(known) => known.clone(),
                None => self.ids.of("customer", &number.to_string()),
            },
            None => self.ids.of("guest", &invoice.number),
        }
    }

    /// Writes the orders that are not there yet, and names them.
    fn orders(&mut self) -> Res<Vec<NewOrder>> {
        let known = self.known("SELECT number, id FROM orders WHERE site = $1")?;
        let mut new: Vec<NewOrder> = Vec::new();
        for (number, invoice) in (0_u32..).zip(&self.staged.invoices) {
            let mut rows = self.staged.order_rows(invoice).peekable();
            if known.contains_key(&*invoice.number) || rows.peek().is_none() {
                continue;
            }
            let goods = rows.any(|row| !self.staged.is_service(row.code));
            new.push(NewOrder { id: self.ids.of("order", &invoice.number), invoice: number, goods });
        }
        new.sort_by(|a, b| a.id.cmp(&b.id));
        let columns = [
            Text("id"),
            Text("site"),
            Text("number"),
            Text("customer"),
            Int("placed_ms"),
            Text("status"),
            Text("payment_status"),
            Text("fulfillment_status"),
            Text("currency"),
            Int("total_minor"),
            Int("units"),
            Text("country"),
            Text("country_text"),
            Text("source"),
            Text("search"),
            Int("is_open"),
            Int("updated_ms"),
        ];
        let mut bulk = Bulk::new("orders", &columns, "");
        for order in &new {
            let vals = self.order_vals(order);
            bulk.row(self.work.tx, &vals)?;
            self.work.changed(ChangeKind::Order, &order.id);
            self.step();
        }
        self.report.orders = bulk.finish(self.work.tx)?;
        Ok(new)
    }

    fn invoice(&self, number: u32) -> &'s Invoice {
        &self.staged.invoices[number as usize]
    }

    fn order_vals(&mut self, order: &NewOrder) -> Vec<Val> {
        let invoice = self.invoice(order.invoice);
        let (mut total_minor, mut units) = (0_i64, 0_i64);
        for row in self.staged.order_rows(invoice) {
            let (price, exact) = minor(row.price_milli);
            self.report.rounded += u64::from(!exact);
            total_minor += price * i64::from(row.quantity);
            if !self.staged.is_service(row.code) {
                units += i64::from(row.quantity);
            }
        }
        let country = self.staged.countries.get(invoice.country);
        let (status, work) = if order.goods { ("placed", "unfulfilled") } else { ("closed", "nothing_to_ship") };
        let search = match invoice.customer {
            Some(number) => format!("{} {number}", invoice.number),
            None => invoice.number.to_string(),
        };
        vals![
            &order.id,
            &self.site,
            &*invoice.number,
            self.customer_of(invoice),
            invoice.at_ms,
            status,
            "none",
            work,
            CURRENCY,
            total_minor,
            units,
            classify::country(country),
            country,
            "online-retail",
            search.to_lowercase(),
            order.goods,
            self.work.now_ms()
        ]
        .to_vec()
    }

    /// Lines and fulfillments of new orders: nearly all rows of the file, twice.
    fn work(&mut self, orders: &[NewOrder]) -> Res<()> {
        let rows: usize = orders.iter().map(|order| self.invoice(order.invoice).rows.len()).sum();
        let tables: &[&str] = if rows >= LOOSEN_ROWS_MIN { &["order_lines", "fulfillment_lines"] } else { &[] };
        let loose = bulk::loosen(self.work.tx, tables)?;
        self.lines(orders)?;
        self.fulfillments(orders)?;
        bulk::tighten(self.work.tx, loose)?;
        Ok(())
    }

    fn lines(&mut self, orders: &[NewOrder]) -> Res<()> {
        let columns = [
            Text("order_id"),
            Int("line_no"),
            Text("product"),
            Int("service"),
            Text("name"),
            Int("quantity"),
            Int("unit_price_minor"),
            Int("return_requested"),
        ];
        let mut bulk = Bulk::new("order_lines", &columns, "");
        for order in orders {
            let invoice = self.invoice(order.invoice);
            for (line_no, row) in (1_u32..).zip(self.staged.order_rows(invoice)) {
                let code = row.code as usize;
                let text = self.staged.texts.get(row.text);
                let other = !text.is_empty() && self.names.get(code).is_none_or(|name| name != text);
                let name = other.then_some(text);
                let asked = self.links.asked_back.get(&(order.invoice, line_no)).copied().unwrap_or(0);
                let vals = vals![
                    &order.id,
                    line_no,
                    &self.products[code],
                    self.staged.is_service(row.code),
                    name,
                    row.quantity,
                    minor(row.price_milli).0,
                    asked
                ];
                bulk.row(self.work.tx, vals)?;
                self.step();
            }
        }
        self.report.order_lines = bulk.finish(self.work.tx)?;
        Ok(())
    }

    fn fulfillments(&mut self, orders: &[NewOrder]) -> Res<()> {
        let mut new: Vec<(String, &NewOrder)> = orders
            .iter()
            .filter(|order| order.goods)
            .map(|order| (self.ids.of("fulfillment", &self.invoice(order.invoice).number), order))
            .collect();
        new.sort_by(|a, b| a.0.cmp(&b.0));
        let columns = [
            Text("id"),
            Text("site"),
            Text("order_id"),
            Text("state"),
            Int("sort_due_ms"),
            Int("sort_placed_ms"),
            Int("updated_ms"),
        ];
        let mut bulk = Bulk::new("fulfillments", &columns, "");
        for (id, order) in &new {
            let placed = self.invoice(order.invoice).at_ms;
            let now = self.work.now_ms();
            bulk.row(self.work.tx, vals![id, &self.site, &order.id, "released", NEVER_MS, placed, now])?;
            self.work.changed(ChangeKind::Fulfillment, id);
        }
        self.report.fulfillments = bulk.finish(self.work.tx)?;
        let columns = [Text("fulfillment"), Int("line_no"), Int("quantity")];
        let mut bulk = Bulk::new("fulfillment_lines", &columns, "");
        for (id, order) in &new {
            let invoice = self.invoice(order.invoice);
            for (line_no, row) in (1_u32..).zip(self.staged.order_rows(invoice)) {
                if !self.staged.is_service(row.code) {
                    bulk.row(self.work.tx, vals![id, line_no, row.quantity])?;
                }
                self.step();
            }
        }
        bulk.finish(self.work.tx)?;
        Ok(())
    }

    fn returns(&mut self) -> Res<()> {
        let known: HashSet<String> =
            self.known("SELECT number, id FROM returns WHERE site = $1")?.into_keys().collect();
        let columns = [
            Text("id"),
            Text("site"),
            Text("number"),
            Text("customer"),
            Int("at_ms"),
            Text("state"),
            Int("total_minor"),
            Text("currency"),
            Int("updated_ms"),
        ];
        let mut bulk = Bulk::new("returns", &columns, "");
        let mut new: Vec<(String, &Invoice)> = self
            .staged
            .invoices
            .iter()
            .filter(|invoice| invoice.kind == InvoiceKind::Cancellation && !known.contains(&*invoice.number))
            .map(|invoice| (self.ids.of("return", &invoice.number), invoice))
            .collect();
        new.retain(|(_, invoice)| !invoice.rows.is_empty());
        new.sort_by(|a, b| a.0.cmp(&b.0));
        for (id, invoice) in &new {
            let rows = self.staged.rows_of(invoice);
            let total: i64 = rows.iter().map(|row| minor(row.price_milli).0 * -i64::from(row.quantity)).sum();
            let (number, customer) = (&*invoice.number, self.customer_of(invoice));
            let now = self.work.now_ms();
            let vals = vals![id, &self.site, number, customer, invoice.at_ms, "requested", total, CURRENCY, now];
            bulk.row(self.work.tx, vals)?;
            // Benches take in what may still come; history stays the office's.
            if invoice.at_ms > now - TOLD_MS {
                self.work.changed(ChangeKind::Return, id);
            }
        }
        self.report.returns = bulk.finish(self.work.tx)?;
        self.return_lines(&new)
    }

    fn return_lines(&mut self, returns: &[(String, &Invoice)]) -> Res<()> {
        let columns = [
            Text("return_id"),
            Int("line_no"),
            Text("product"),
            Int("service"),
            Int("quantity"),
            Int("unit_price_minor"),
            Text("order_id"),
            Int("order_line"),
            Text("name"),
        ];
        let mut bulk = Bulk::new("return_lines", &columns, "");
        for (id, invoice) in returns {
            for (line_no, at) in (1_u32..).zip(invoice.rows.clone()) {
                let row = &self.staged.rows[at];
                let link = self.links.of_row.get(&at);
                match link {
                    Some(_) => self.report.return_lines_linked += 1,
                    None => self.report.return_lines_alone += 1,
                }
                let order = link.map(|link| self.ids.of("order", &self.invoice(link.invoice).number));
                let text = self.staged.texts.get(row.text);
                let vals = vals![
                    id,
                    line_no,
                    &self.products[row.code as usize],
                    self.staged.is_service(row.code),
                    -i64::from(row.quantity),
                    minor(row.price_milli).0,
                    order,
                    link.map(|link| link.line_no),
                    (!text.is_empty()).then_some(text)
                ];
                bulk.row(self.work.tx, vals)?;
            }
        }
        bulk.finish(self.work.tx)?;
        Ok(())
    }

    /// Rows below zero that are no cancellation: what the stock keeper wrote off.
    fn adjustments(&mut self) -> Res<()> {
        let mut place = None;
        for invoice in &self.staged.invoices {
            for (number, at) in invoice.rows.clone().enumerate() {
                let row = &self.staged.rows[at];
                if !self.staged.is_adjustment(invoice, row) {
                    continue;
                }
                let location = match &place {
                    Some(location) => String::clone(location),
                    None => {
                        let found = stock::ensure_location(self.work, stock::UNPLACED, "dock")?;
                        place.insert(found).clone()
                    }
                };
                let text = self.staged.texts.get(row.text);
                let movement = stock::Movement {
                    id: Some(self.ids.of("adjustment", &format!("{}/{number}", invoice.number))),
                    key: stock::Key::plain(location, self.products[row.code as usize].clone()),
                    kind: stock::MovementKind::Adjust,
                    quantity: i64::from(row.quantity),
                    at_ms: invoice.at_ms,
                    reference: ("invoice", invoice.number.to_string()),
                    reason: text.to_owned(),
                };
                self.report.adjustments += u64::from(stock::book(self.work, &movement)?);
            }
        }
        Ok(())
    }

    /// The record of the import, and the report as it stands now.
    fn done(mut self, file_hash: &[u8]) -> Res<Report> {
        let new = [
            self.report.products,
            self.report.customers,
            self.report.guests,
            self.report.orders,
            self.report.returns,
            self.report.adjustments,
        ];
        self.report.unchanged = new.iter().all(|count| *count == 0);
        if self.report.unchanged {
            return Ok(self.report);
        }
        let id = self.work.new_id();
        let report = serde_json::to_string(&self.report).unwrap_or_default();
        self.work.exec(
            "INSERT INTO imports (id, site, kind, file_hash, report, at_ms) VALUES ($1, $2, 'online-retail', $3, $4, $5) \
             ON CONFLICT (site, kind, file_hash) DO NOTHING",
            vals![&id, &self.site, file_hash, report, self.work.now_ms()],
        )?;
        let detail = serde_json::json!({ "orders": self.report.orders, "returns": self.report.returns });
        self.work.audit("import.online_retail", "import", id, detail);
        Ok(self.report)
    }
}
