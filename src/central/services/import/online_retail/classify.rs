//! What the codes of the file mean: services, invoices, cancellations, countries. Data, and the rules to look it up.

/// Codes that are billed but never picked.
const SERVICES: &[&str] = &["AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "PADS", "POST", "S", "m"];

/// Whether a stock code is a service: postage, carriage, discount, manual entry, sample, fee, commission, voucher.
#[must_use]
pub fn is_service(code: &str) -> bool {
    SERVICES.contains(&code) || code.starts_with("gift_")
}

/// What an invoice number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    /// Six digits: a sale.
    Sale,
    /// `C` and six digits: a cancellation.
    Cancellation,
    /// `A` and six digits: an entry of the accounts, such as bad debt.
    Adjustment,
}

/// The kind of an invoice number, or `None` if it is none.
#[must_use]
pub fn invoice_kind(number: &str) -> Option<InvoiceKind> {
    let (kind, digits) = match number.as_bytes() {
        [b'C', rest @ ..] => (InvoiceKind::Cancellation, rest),
        [b'A', rest @ ..] => (InvoiceKind::Adjustment, rest),
        all => (InvoiceKind::Sale, all),
    };
    (digits.len() == 6 && digits.iter().all(u8::is_ascii_digit)).then_some(kind)
}

/// ISO 3166-1 alpha-2 of the file's country names; `None` for what is no country (`Unspecified`, `European Community`,
/// `Channel Islands`, which are two).
#[must_use]
pub fn country(name: &str) -> Option<&'static str> {
    Some(match name {
        "United Kingdom" => "GB",
        "EIRE" => "IE",
        "France" => "FR",
        "Germany" => "DE",
        "Spain" => "ES",
        "Netherlands" => "NL",
        "Belgium" => "BE",
        "Switzerland" => "CH",
        "Portugal" => "PT",
        "Australia" => "AU",
        "Norway" => "NO",
        "Italy" => "IT",
        "Finland" => "FI",
        "Cyprus" => "CY",
        "Sweden" => "SE",
        "Austria" => "AT",
        "Denmark" => "DK",
        "Japan" => "JP",
        "Poland" => "PL",
        "Israel" => "IL",
        "USA" => "US",
        "Hong Kong" => "HK",
        "Singapore" => "SG",
        "Iceland" => "IS",
        "Canada" => "CA",
        "Greece" => "GR",
        "Malta" => "MT",
        "United Arab Emirates" => "AE",
        "RSA" => "ZA",
        "Lebanon" => "LB",
        "Lithuania" => "LT",
        "Brazil" => "BR",
        "Czech Republic" => "CZ",
        "Bahrain" => "BH",
        "Saudi Arabia" => "SA",
        _ => return None,
    })
}
