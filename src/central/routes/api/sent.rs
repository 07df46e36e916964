//! What programs send of an order: addresses, lines, ways, remarks, payments. Each is read into what the services take, and what
//! it cannot be is a fault with its place in the body.

use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::services::orders::entry::{
    self, DeskKind, LINES_MAX, NewLine, NewOrder, check_address, check_lines, check_note,
};
use crate::central::services::orders::{Method, NewPayment, price};
use crate::central::store::work::Work;
use crate::protocol::wire::order::Address;
use serde::Deserialize;
use utoipa::ToSchema;

/// A line of a street address.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(
    min_length = 1,
    max_length = 100,
    pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
)]
pub(super) struct AddressLine(String);

/// A postal address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentAddress {
    /// Person.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    name: String,
    /// Company.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    company: Option<String>,
    /// Street lines.
    #[schema(min_items = 1, max_items = 3)]
    lines: Vec<AddressLine>,
    /// City.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    city: String,
    /// State, province or county.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    region: Option<String>,
    /// Postal code.
    #[schema(
        min_length = 1,
        max_length = 20,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    postcode: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schema(pattern = "^[A-Z]{2}$")]
    country: String,
    /// E.164.
    #[schema(pattern = "^\\+[1-9][0-9]{6,14}$")]
    phone: Option<String>,
    /// E-mail address.
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
    /// For the driver.
    #[schema(max_length = 1000, pattern = "^[^\\x00]*$")]
    instructions: Option<String>,
}

/// The code that ISO 3166-1 assigns: `UK` is reserved for the country whose code is `GB`.
pub(super) fn assigned(country: &str) -> String {
    if country == "UK" { "GB" } else { country }.to_owned()
}

impl From<&SentAddress> for Address {
    fn from(sent: &SentAddress) -> Address {
        Address {
            name: sent.name.clone(),
            company: sent.company.clone(),
            lines: sent.lines.iter().map(|AddressLine(line)| line.clone()).collect(),
            city: sent.city.clone(),
            region: sent.region.clone(),
            postcode: sent.postcode.clone(),
            country: assigned(&sent.country),
            phone: sent.phone.clone(),
            email: sent.email.clone(),
            instructions: sent.instructions.clone(),
        }
    }
}

/// Highest amount that is sent, minor units.
pub(super) const SENT_MINOR_MAX: i64 = 1_000_000_000;

/// An amount of money in the currency of the house.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "minor": 2034, "currency": "GBP" }))]
pub(super) struct SentMoney {
    /// In the currency's smallest unit.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    minor: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
}

impl SentMoney {
    pub fn read(&self, place: &str, currency: &str, faults: &mut Vec<FieldFault>) -> i64 {
        if self.currency != currency {
            faults.push(fault(format!("{place}/currency"), "must be the currency of the house"));
        }
        self.minor
    }
}

/// A line to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentLine {
    /// Code of the product.
    #[schema(min_length = 1, max_length = 100)]
    sku: String,
    #[schema(minimum = 1, maximum = 100_000)]
    quantity: i64,
    /// Without tax; for `b2c` only. Where it is absent the product's price holds.
    unit_price: Option<SentMoney>,
    /// Rate of the tax on top, in hundredths of a per cent; where it is absent the product's holds.
    #[schema(maximum = 10_000)]
    tax_rate_bp: Option<u32>,
}

/// How parcels go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "carrier": "house", "service": "parcel" }))]
pub(super) struct SentShipping {
    /// Code of the carrier.
    pub carrier: String,
    /// Code of its service.
    pub service: String,
}

/// Why a person's order is made.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RemarkReason {
    Replacement,
    Goodwill,
    /// Said in `text`, which must be there then.
    Other,
}

/// Why a person's order is made, and in words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentRemark {
    reason: RemarkReason,
    #[schema(max_length = 1000, pattern = "^[^\\x00]*$")]
    text: Option<String>,
}

impl SentRemark {
    pub fn read(&self) -> (entry::Remark, String) {
        let reason = match self.reason {
            RemarkReason::Replacement => entry::Remark::Replacement,
            RemarkReason::Goodwill => entry::Remark::Goodwill,
            RemarkReason::Other => entry::Remark::Other,
        };
        (reason, self.text.clone().unwrap_or_default())
    }
}

/// How money came.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentMethod {
    BankTransfer,
    Card,
    Cash,
    Cheque,
    Wallet,
}

impl From<PaymentMethod> for Method {
    fn from(method: PaymentMethod) -> Method {
        match method {
            PaymentMethod::BankTransfer => Method::BankTransfer,
            PaymentMethod::Card => Method::Card,
            PaymentMethod::Cash => Method::Cash,
            PaymentMethod::Cheque => Method::Cheque,
            PaymentMethod::Wallet => Method::Wallet,
        }
    }
}

/// Money that came in already.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentPayment {
    method: PaymentMethod,
    amount: SentMoney,
    /// What the bank or the customer calls it.
    #[schema(max_length = 100, pattern = "^[^\\x00]*$")]
    reference: Option<String>,
}

impl SentPayment {
    pub fn read(&self, currency: &str, faults: &mut Vec<FieldFault>) -> NewPayment {
        let method = Method::from(self.method);
        let amount_minor = self.amount.read("/payment/amount", currency, faults);
        NewPayment { method, amount_minor, reference: self.reference.clone().unwrap_or_default() }
    }
}

/// A field of the body that is not usable.
pub(super) fn fault(pointer: impl Into<String>, why: &'static str) -> FieldFault {
    FieldFault { pointer: pointer.into(), why }
}

/// Lines to be made, sent under this name; each is checked by itself, so that every fault is told with its place.
pub(super) fn added(name: &str, sent: &[SentLine], currency: &str, faults: &mut Vec<FieldFault>) -> Vec<NewLine> {
    let mut lines = Vec::with_capacity(sent.len().min(LINES_MAX));
    for (place, line) in sent.iter().take(LINES_MAX + 1).enumerate() {
        let own = format!("/{name}/{place}");
        let new = NewLine {
            sku: line.sku.clone(),
            quantity: line.quantity,
            price_minor: line.unit_price.as_ref().map(|m| m.read(&format!("{own}/unit_price"), currency, faults)),
            tax_rate_bp: line.tax_rate_bp,
        };
        if let Err(Refusal::Field { field, why }) = check_lines(std::slice::from_ref(&new)) {
            faults.push(fault(pointer(field, &own), why));
        }
        if new.sku.contains('\0') {
            faults.push(fault(format!("{own}/sku"), "must be the code of a product"));
        }
        lines.push(new);
    }
    lines
}

/// Every fault that needs no database, beside those of the lines.
pub(super) fn faults_of(new: &NewOrder, faults: &mut Vec<FieldFault>) {
    let own = [check_address(&new.ship_to), check_note(new.note.as_ref()), new.validate()];
    for (place, checked) in own.into_iter().enumerate() {
        // The last looks at all; it tells something new only if nothing is wrong so far.
        if (place < 2 || faults.is_empty())
            && let Err(Refusal::Field { field, why }) = checked
            && !(place == 0 && faults.iter().any(|known| known.pointer == "/ship_to"))
        {
            faults.push(fault(pointer(field, "/lines"), why));
        }
    }
}

/// The place in the body of a field that a service names. `line` is the place of the lines, or of the one that was looked at.
fn pointer(field: &str, line: &str) -> String {
    match field {
        "lines" => line.to_owned(),
        "lines.quantity" => format!("{line}/quantity"),
        "lines.price" => format!("{line}/unit_price"),
        "lines.tax" => format!("{line}/tax_rate_bp"),
        "shipping.by" => "/ship_by".to_owned(),
        other => match other.strip_prefix("address.") {
            Some(part) => format!("/ship_to/{part}"),
            None => format!("/{}", other.replace('.', "/")),
        },
    }
}

/// A refusal of a service with its places in the body, where `name` holds the lines. Which line names an unknown product or has no
/// price is looked up only now that one does.
///
/// # Errors
/// Any fault of the store.
pub(super) fn placed(
    work: &mut Work<'_>,
    error: CentralError,
    kind: DeskKind,
    lines: &[NewLine],
    currency: &str,
    name: &str,
) -> Res<CentralError> {
    let mut faults = Vec::new();
    match &error {
        CentralError::Refused(Refusal::Missing { entity: "product" } | Refusal::Field { field: "lines.price", .. }) => {
            for (place, line) in lines.iter().enumerate() {
                let own = format!("/{name}/{place}");
                match price(work.tx, work.ctx.site, kind, std::slice::from_ref(line), currency) {
                    Ok(_) => {}
                    Err(CentralError::Refused(Refusal::Missing { .. })) => {
                        faults.push(fault(format!("{own}/sku"), "is no product of this house"));
                    }
                    Err(CentralError::Refused(Refusal::Field { field, why })) => {
                        faults.push(fault(pointer(field, &own), why));
                    }
                    Err(other) => return Err(other),
                }
            }
        }
        CentralError::Refused(Refusal::Field { field, why }) => {
            faults.push(fault(pointer(field, &format!("/{name}")), why));
        }
        _ => {}
    }
    Ok(if faults.is_empty() { error } else { Refusal::Fields { fields: faults }.into() })
}
