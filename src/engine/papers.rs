//! From the domain to paper: which facts of an order a label, a slip, an invoice or a customs form
//! shows. How they are drawn is the labels room's business.

use super::Engine;
use super::act::today;
use super::desk::DrawnLabel;
use super::input::PrintJob;
use super::load::Loaded;
use super::view::LabelPicture;
use crate::core::checklist::{Content, DocumentKind, customs_value};
use crate::core::order::{Address, OrderLine};
use crate::core::session::{ParcelState, Session, Step};
use crate::core::time::UtcMs;
use crate::labels::LabelError;
use crate::labels::documents::cn22::{CN22_LINES_MAX, Category, Cn22, CustomsLine, cn22};
use crate::labels::documents::cn23::{CN23_LINES_MAX, Cn23, cn23};
use crate::labels::documents::commercial::{CommercialInvoice, commercial_invoice};
use crate::labels::documents::invoice::{Invoice, InvoiceLine, invoice};
use crate::labels::documents::slip::{PackingSlip, SlipLine, packing_slip};
use crate::labels::documents::{Group, Paper, Party, Words};
use crate::labels::format::Currency;
use crate::labels::house::{HouseLabel, house_label};
use crate::labels::marks::{Mark, MarkIcon};
use crate::labels::raster;
use crate::labels::sheet::Sheet;
use crate::storage::StorageError;
use std::sync::Arc;

/// Why a paper could not be drawn.
#[derive(Debug, thiserror::Error)]
pub(super) enum PaperError {
    /// The parcel is not there.
    #[error("there is no parcel {0} to print for")]
    NoParcel(u16),
    /// An amount does not fit.
    #[error("the amounts of the order do not add up; look at its prices")]
    Amount,
    /// The labels room refused.
    #[error("a paper cannot be drawn: {0}")]
    Label(#[from] LabelError),
    /// What is known of the site's templates cannot be read.
    #[error("the site's label templates cannot be read: {0}")]
    Storage(#[from] StorageError),
}

/// The pages of a print job.
///
/// # Errors
/// If the parcel is gone, an amount overflows, or a text does not fit its paper.
pub(super) fn sheets(
    s: &Session,
    l: &Loaded,
    words: &Words,
    job: PrintJob,
    at: UtcMs,
) -> Result<Vec<Sheet>, PaperError> {
    let p = printing(s, l, words, job, at)?;
    match job.document {
        DocumentKind::Label => Ok(vec![house_label(&p.label(), words)?]),
        DocumentKind::PackingSlip => p.slip(),
        DocumentKind::Invoice => p.invoice(),
        DocumentKind::Cn22 => p.cn22().map(|x| vec![x]),
        DocumentKind::Cn23 => p.cn23().map(|x| vec![x]),
        DocumentKind::CommercialInvoice => p.commercial(),
    }
}

/// What stands on the label of a job, however it is laid out.
///
/// # Errors
/// If the parcel is gone.
pub(super) fn label(
    s: &Session,
    l: &Loaded,
    words: &Words,
    job: PrintJob,
    at: UtcMs,
) -> Result<HouseLabel, PaperError> {
    Ok(printing(s, l, words, job, at)?.label())
}

fn printing<'a>(
    s: &'a Session,
    l: &'a Loaded,
    words: &'a Words,
    job: PrintJob,
    at: UtcMs,
) -> Result<Printing<'a>, PaperError> {
    let parcel = s.parcels.iter().find(|p| p.no == job.parcel).ok_or(PaperError::NoParcel(job.parcel))?;
    Ok(Printing { s, l, words, parcel, job, at })
}

/// Dots per inch of a label on the screen: its bars are two dots wide, and it is about as large as it is shown.
const SCREEN_DPI: u32 = 102;

impl Engine {
    /// Draws the label of the parcel in work for the screen, once per parcel: this is the engine's thread and not the
    /// window's, and the printer's own drawing is made elsewhere.
    pub(super) fn draw_label(&mut self, now: UtcMs) {
        let Some(b) = self.desk.bench.as_ref() else { return };
        if !matches!(b.session.step, Step::Label | Step::Confirm) {
            return;
        }
        let parcel = b.session.parcel();
        let Some(sscc) = parcel.sscc.clone() else { return };
        let of = (parcel.no, b.session.parcels.len(), sscc, parcel.weight_g, b.session.order_version);
        if b.label.as_ref().is_some_and(|drawn| drawn.of == of) {
            return;
        }
        let job = PrintJob { fulfillment: b.session.fulfillment, parcel: of.0, document: DocumentKind::Label, copy: 1 };
        // As the label is that the parcel has already, if it has one.
        let drawn = self.lay_out(job, now, u16::MAX).and_then(|made| {
            let page = made.sheets.first().ok_or(PaperError::NoParcel(job.parcel))?;
            Ok(raster::render(page, SCREEN_DPI)?)
        });
        let picture = match drawn {
            Ok(p) => Some(Arc::new(LabelPicture {
                width_px: p.width_px(),
                height_px: p.height_px(),
                grey: p.grey().to_vec(),
            })),
            Err(e) => {
                tracing::warn!(error = %e, "the label is not shown on the screen");
                None
            }
        };
        if let Some(b) = self.desk.bench.as_mut() {
            b.label = Some(DrawnLabel { of, picture });
        }
    }
}

struct Printing<'a> {
    s: &'a Session,
    l: &'a Loaded,
    words: &'a Words,
    parcel: &'a ParcelState,
    job: PrintJob,
    at: UtcMs,
}

/// The marks of a parcel, as the label and its preview show them.
#[must_use]
pub(super) fn marks(contents: &[Content<'_>]) -> Vec<Mark> {
    let mut list: Vec<Mark> = Vec::new();
    let mut add = |icon, text: String| {
        if !list.iter().any(|m| m.icon == icon && m.text == text) {
            list.push(Mark { icon, text });
        }
    };
    for c in contents {
        let f = &c.product.facts;
        if f.fragile {
            add(MarkIcon::Fragile, "FRAGILE".to_owned());
        }
        if f.this_side_up {
            add(MarkIcon::ThisWayUp, "THIS WAY UP".to_owned());
        }
        if let Some(l) = f.lithium {
            add(MarkIcon::Battery, format!("UN{}", l.un_number()));
        }
        if let Some(un) = f.un_number {
            add(MarkIcon::Plain, format!("UN{un:04}"));
        }
        if let Some((low, high)) = f.temperature_c {
            add(MarkIcon::Temperature, format!("{low}\u{2013}{high} °C"));
        }
        if f.adult_signature {
            add(MarkIcon::Adult, "18+".to_owned());
        }
    }
    list.truncate(crate::labels::house::MARKS_MAX);
    list
}

/// Street, town and postcode, without the country.
#[must_use]
pub(super) fn address_lines(a: &Address) -> Vec<String> {
    let mut lines: Vec<String> = a.street.clone();
    let town = [a.postcode.as_str(), a.city.as_str()].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>();
    if !town.is_empty() {
        lines.push(town.join(" "));
    }
    lines
}

fn party(a: &Address, more: Option<&String>) -> Party {
    let mut lines = address_lines(a);
    lines.extend(a.country.map(|c| c.as_str().to_owned()));
    lines.extend(more.cloned());
    Party { name: a.name.clone(), lines }
}

impl Printing<'_> {
    fn contents(&self) -> Vec<Content<'_>> {
        let mut list: Vec<Content<'_>> = Vec::new();
        for u in &self.parcel.units {
            let Some(product) = self.l.products.get(&u.product) else { continue };
            match list.iter_mut().find(|c| c.line == u.line && c.product.id == u.product) {
                Some(c) => c.units += u.units,
                None => list.push(Content { line: u.line, product, units: u.units }),
            }
        }
        list
    }

    fn date(&self) -> String {
        today(&self.l.zone, self.at).to_string()
    }

    /// 0 for the first print: later ones are marked as copies.
    fn copy(&self) -> u32 {
        u32::from(self.job.copy.saturating_sub(1))
    }

    fn weight_g(&self) -> u32 {
        self.parcel.weight_g.and_then(|g| u32::try_from(g.0).ok()).unwrap_or(0)
    }

    /// Which of the parcels it is, from 1: their own numbers may have gaps.
    fn position(&self) -> u32 {
        let at = self.s.parcels.iter().position(|p| p.no == self.parcel.no).unwrap_or(0);
        u32::try_from(at).unwrap_or(0) + 1
    }

    fn parcels(&self) -> u32 {
        u32::try_from(self.s.parcels.len()).unwrap_or(1)
    }

    fn label(&self) -> HouseLabel {
        let to = &self.l.order.ship_to;
        let country = to.country.map(|c| c.as_str().to_owned()).unwrap_or_default();
        HouseLabel {
            sender_name: self.l.shipper.name.clone(),
            sender_lines: address_lines(&self.l.shipper),
            recipient_name: to.name.clone(),
            recipient_lines: address_lines(to),
            country: country.clone(),
            country_code: country,
            service: self.l.order.shipping.service.to_uppercase(),
            order_number: self.l.order.number.clone(),
            parcel_number: self.position(),
            parcel_count: self.parcels(),
            ship_date: self.date(),
            route: self.l.order.shipping.route.clone(),
            weight_g: self.weight_g(),
            marks: marks(&self.contents()),
            sscc: self.parcel.sscc.clone().unwrap_or_default(),
            copy_number: self.copy(),
        }
    }

    fn slip(&self) -> Result<Vec<Sheet>, PaperError> {
        let slip = PackingSlip {
            paper: Paper::A6,
            order_number: self.l.order.number.clone(),
            date: self.date(),
            sender: party(&self.l.shipper, None),
            recipient: party(&self.l.order.ship_to, None),
            parcel_number: self.position(),
            parcel_count: self.parcels(),
            lines: self.slip_lines(),
            // Prices are the invoice's business.
            currency: None,
            gift: self.l.order.gift,
            gift_message: self.l.order.gift_message.clone().unwrap_or_default(),
            link: String::new(),
        };
        Ok(packing_slip(&slip, self.words)?)
    }

    /// What lies in the parcel; the parts of a kit together, under it.
    fn slip_lines(&self) -> Vec<SlipLine> {
        let o = &self.l.order;
        let contents = self.contents();
        let kit_of = |c: &Content<'_>| o.line(c.line).and_then(|l| o.kit_of(l));
        let (mut lines, mut shown): (Vec<SlipLine>, Vec<u32>) = (Vec::new(), Vec::new());
        for c in &contents {
            let Some(kit) = kit_of(c) else {
                lines.push(self.slip_line(c, Group::Alone));
                continue;
            };
            if shown.contains(&kit.no) {
                continue;
            }
            shown.push(kit.no);
            lines.push(SlipLine {
                sku: kit.sku.clone(),
                description: kit.name.clone(),
                ordered: kit.quantity,
                packed: 0,
                unit_price_minor: kit.unit_price.minor,
                group: Group::Kit,
            });
            let first = lines.len();
            for part in contents.iter().filter(|part| kit_of(part).is_some_and(|k| k.no == kit.no)) {
                let line = self.slip_line(part, Group::Part);
                match lines.iter_mut().skip(first).find(|known| known.sku == line.sku) {
                    // A part whose share does not go up evenly stands in two lines of the order: for a packer they are one.
                    Some(known) => known.packed = known.packed.saturating_add(line.packed),
                    None => lines.push(line),
                }
            }
        }
        lines
    }

    fn slip_line(&self, c: &Content<'_>, group: Group) -> SlipLine {
        let o = &self.l.order;
        let line = o.line(c.line);
        let ordered = match (line, group) {
            (Some(line), Group::Part) => {
                let same = o.lines.iter().filter(|l| l.kit == line.kit && l.product == line.product);
                same.map(|l| l.quantity).sum::<u32>()
            }
            (Some(line), Group::Alone | Group::Kit) => line.quantity,
            (None, _) => c.units,
        };
        SlipLine {
            sku: c.product.sku.clone(),
            description: c.product.name.clone(),
            ordered,
            packed: c.units,
            unit_price_minor: line.map_or(0, |l| l.unit_price.minor),
            group,
        }
    }

    fn currency(&self) -> Result<Currency, PaperError> {
        Ok(Currency::new(self.l.order.currency.as_str())?)
    }

    fn invoice(&self) -> Result<Vec<Sheet>, PaperError> {
        let o = &self.l.order;
        let lines = self.invoice_lines()?;
        let sum = |f: fn(&InvoiceLine) -> i64| lines.iter().try_fold(0_i64, |s, l| s.checked_add(f(l)));
        let net_minor = sum(|l| l.net_minor).ok_or(PaperError::Amount)?;
        let tax_minor = sum(|l| l.tax_minor).ok_or(PaperError::Amount)?;
        let gross_minor = net_minor.checked_add(tax_minor).ok_or(PaperError::Amount)?;
        let paid = o.payment == crate::core::order::PaymentStatus::Paid;
        let bill = Invoice {
            number: o.invoice_no.clone().unwrap_or_default(),
            date: self.date(),
            due_date: String::new(),
            order_number: o.number.clone(),
            seller: party(&self.l.shipper, self.l.shipper_tax.as_ref()),
            buyer: party(&o.ship_to, None),
            recipient: None,
            currency: self.currency()?,
            lines,
            net_minor,
            tax_minor,
            gross_minor,
            paid_minor: if paid { gross_minor } else { 0 },
            note: String::new(),
        };
        Ok(invoice(&bill, self.words)?)
    }

    /// What was sold: a kit as one line with its own price and tax, and what it is made of beneath it.
    fn invoice_lines(&self) -> Result<Vec<InvoiceLine>, PaperError> {
        let o = &self.l.order;
        let (mut lines, mut shown): (Vec<InvoiceLine>, Vec<u32>) = (Vec::new(), Vec::new());
        for l in &o.lines {
            let Some(kit) = o.kit_of(l) else {
                lines.push(self.invoice_line(l)?);
                continue;
            };
            if shown.contains(&kit.no) {
                continue;
            }
            shown.push(kit.no);
            let net = kit.unit_price.minor.checked_mul(i64::from(kit.quantity));
            lines.push(InvoiceLine {
                sku: kit.sku.clone(),
                description: kit.name.clone(),
                quantity: kit.quantity,
                unit_net_minor: kit.unit_price.minor,
                net_minor: net.ok_or(PaperError::Amount)?,
                tax_rate_bp: kit.tax_rate_bp,
                tax_minor: kit.tax_minor,
                content: kit.content.iter().map(|(name, n)| (n.saturating_mul(kit.quantity), name.clone())).collect(),
            });
        }
        Ok(lines)
    }

    /// Prices are without tax; its amount is the server's, so that every paper of an order says the same. Code and name are those of
    /// the sale: of a service a bench knows no product.
    fn invoice_line(&self, l: &OrderLine) -> Result<InvoiceLine, PaperError> {
        let p = self.l.products.get(&l.product);
        let sold = |text: &str, now: Option<&String>| match now {
            Some(now) if text.is_empty() => now.clone(),
            Some(_) | None => text.to_owned(),
        };
        Ok(InvoiceLine {
            sku: sold(&l.sku, p.map(|p| &p.sku)),
            description: sold(&l.name, p.map(|p| &p.name)),
            quantity: l.quantity,
            unit_net_minor: l.unit_price.minor,
            net_minor: l.unit_price.minor.checked_mul(i64::from(l.quantity)).ok_or(PaperError::Amount)?,
            tax_rate_bp: l.tax_rate_bp,
            tax_minor: l.tax_minor,
            content: Vec::new(),
        })
    }

    /// What is declared: things with the same tariff number and origin on one line, under the name of the
    /// first and how many kinds more; at most `most` lines, the last one taking what is over.
    fn customs_lines(&self, most: usize) -> Result<(Vec<CustomsLine>, i64), PaperError> {
        let mut total = 0_i64;
        let mut lines: Vec<(CustomsLine, u32)> = Vec::new();
        for c in self.contents() {
            let value = customs_value(&self.l.order, &c).and_then(|v| v.times(c.units)).ok_or(PaperError::Amount)?;
            total = total.checked_add(value.minor).ok_or(PaperError::Amount)?;
            let weight = c.product.weight_g.map_or(0, |g| g.times(c.units).0);
            let line = CustomsLine {
                description: c.product.name.clone(),
                quantity: c.units,
                weight_g: u32::try_from(weight).unwrap_or(u32::MAX),
                value_minor: value.minor,
                hs_code: c.product.facts.hs_code.clone().unwrap_or_default(),
                origin: c.product.facts.origin.map(|o| o.as_str().to_owned()).unwrap_or_default(),
            };
            let same = lines.iter().position(|(l, _)| l.hs_code == line.hs_code && l.origin == line.origin);
            match same.or((lines.len() >= most).then(|| most.saturating_sub(1))).and_then(|i| lines.get_mut(i)) {
                Some((l, kinds)) => {
                    l.quantity = l.quantity.saturating_add(line.quantity);
                    l.weight_g = l.weight_g.saturating_add(line.weight_g);
                    l.value_minor = l.value_minor.checked_add(line.value_minor).ok_or(PaperError::Amount)?;
                    *kinds += 1;
                }
                None => lines.push((line, 0)),
            }
        }
        let named = lines.into_iter().map(|(l, kinds)| match kinds {
            0 => l,
            n => CustomsLine { description: format!("{} +{n}", l.description), ..l },
        });
        Ok((named.collect(), total))
    }

    fn category(&self) -> Category {
        if self.l.order.gift { Category::Gift } else { Category::Sale }
    }

    /// Forms refuse a gross weight below the sum of their lines; a parcel without scale has that sum.
    fn gross(&self, lines: &[CustomsLine]) -> u32 {
        self.weight_g().max(lines.iter().map(|l| l.weight_g).fold(0, u32::saturating_add))
    }

    fn cn22(&self) -> Result<Sheet, PaperError> {
        let (lines, total_value_minor) = self.customs_lines(CN22_LINES_MAX)?;
        let form = Cn22 {
            operator: self.l.order.shipping.carrier.clone(),
            category: self.category(),
            total_weight_g: self.gross(&lines),
            lines,
            currency: self.currency()?,
            total_value_minor,
            date_signature: self.date(),
        };
        Ok(cn22(&form, self.words)?)
    }

    fn cn23(&self) -> Result<Sheet, PaperError> {
        let (lines, total_value_minor) = self.customs_lines(CN23_LINES_MAX)?;
        let form = Cn23 {
            item_number: self.parcel.sscc.clone().unwrap_or_default(),
            sender: party(&self.l.shipper, self.l.shipper_tax.as_ref()),
            addressee: party(&self.l.order.ship_to, self.l.order.ship_to.phone.as_ref()),
            sender_reference: self.l.order.number.clone(),
            importer_reference: String::new(),
            category: self.category(),
            total_weight_g: self.gross(&lines),
            lines,
            currency: self.currency()?,
            total_value_minor,
            postal_charges_minor: 0,
            comments: String::new(),
            attached: self.l.order.invoice_no.clone().unwrap_or_default(),
            date_signature: self.date(),
        };
        Ok(cn23(&form, self.words)?)
    }

    fn commercial(&self) -> Result<Vec<Sheet>, PaperError> {
        let (lines, total_value_minor) = self.customs_lines(usize::MAX)?;
        let o = &self.l.order;
        let form = CommercialInvoice {
            number: o.invoice_no.clone().unwrap_or_else(|| o.number.clone()),
            date: self.date(),
            order_number: o.number.clone(),
            exporter: party(&self.l.shipper, self.l.shipper_tax.as_ref()),
            importer: party(&o.ship_to, o.ship_to.phone.as_ref()),
            delivery_term: "DAP".to_owned(),
            export_reason: String::new(),
            destination: o.ship_to.country.map(|c| c.as_str().to_owned()).unwrap_or_default(),
            parcel_count: self.parcels(),
            gross_weight_g: self.gross(&lines),
            currency: self.currency()?,
            lines,
            total_value_minor,
            date_signature: self.date(),
        };
        Ok(commercial_invoice(&form, self.words)?)
    }
}
