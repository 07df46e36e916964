//! Sample documents for the label tests: everything filled in, long names, several languages.

use super::labels_kit::party;
use packbench::labels::documents::cards::{Badge, CommandCode};
use packbench::labels::documents::cn22::{Category, Cn22, CustomsLine};
use packbench::labels::documents::cn23::Cn23;
use packbench::labels::documents::commercial::CommercialInvoice;
use packbench::labels::documents::invoice::{Invoice, InvoiceLine};
use packbench::labels::documents::manifest::{Manifest, ManifestLine};
use packbench::labels::documents::slip::{PackingSlip, SlipLine};
use packbench::labels::documents::{Group, Paper, Party};
use packbench::labels::format::Currency;

const GOODS: [(&str, &str, u32, i64); 7] = [
    ("85123A", "White Hanging Heart T-light Holder", 6, 255),
    ("71053", "White Metal Lantern", 6, 339),
    ("84406B", "Cream Cupid Hearts Coat Hanger", 8, 275),
    ("84029G", "Knitted Union Flag Hot Water Bottle", 6, 339),
    ("84029E", "Red Woolly Hottie White Heart", 6, 339),
    ("22752", "Set 7 Babushka Nesting Boxes", 2, 765),
    ("21730", "Glass Star Frosted T-light Holder", 6, 425),
];

pub fn currency(code: &str) -> Currency {
    Currency::new(code).expect("a currency")
}

pub fn sender() -> Party {
    party("Packbench Demo Ltd", &["Unit 4, Dock Road", "Felixstowe IP11 3SY", "United Kingdom", "VAT GB 123 4567 89"])
}

pub fn recipient() -> Party {
    party("Zoë Müller-Łukaszewicz", &["Straße der Pariser Kommune 38, Hinterhaus", "10243 Berlin", "Germany"])
}

pub fn slip(paper: Paper, lines: usize) -> PackingSlip {
    let line = |(sku, description, quantity, price): &(&str, &str, u32, i64)| SlipLine {
        sku: (*sku).to_owned(),
        description: (*description).to_owned(),
        ordered: *quantity,
        packed: *quantity,
        unit_price_minor: *price,
        group: Group::Alone,
    };
    PackingSlip {
        paper,
        order_number: "536365".to_owned(),
        date: "01 Dec 2010".to_owned(),
        sender: sender(),
        recipient: recipient(),
        parcel_number: 1,
        parcel_count: 1,
        lines: GOODS.iter().cycle().take(lines).map(line).collect(),
        currency: Some(currency("GBP")),
        gift: false,
        gift_message: String::new(),
        link: "https://example.com/returns/536365".to_owned(),
    }
}

/// An invoice whose lines carry 20 %, 5 % and 0 %.
pub fn invoice(lines: usize) -> Invoice {
    let rates = [2_000, 500, 0, 2_000, 1_250];
    let line = |(i, (sku, description, quantity, price)): (usize, &(&str, &str, u32, i64))| {
        let net_minor = price * i64::from(*quantity);
        let tax_rate_bp = rates[i % rates.len()];
        InvoiceLine {
            sku: (*sku).to_owned(),
            description: (*description).to_owned(),
            quantity: *quantity,
            unit_net_minor: *price,
            net_minor,
            tax_rate_bp,
            tax_minor: (net_minor * i64::from(tax_rate_bp) + 5_000) / 10_000,
            content: Vec::new(),
        }
    };
    let lines: Vec<InvoiceLine> = GOODS.iter().cycle().take(lines).enumerate().map(line).collect();
    let net_minor: i64 = lines.iter().map(|l| l.net_minor).sum();
    let tax_minor: i64 = lines.iter().map(|l| l.tax_minor).sum();
    Invoice {
        number: "INV-2010-000415".to_owned(),
        date: "01 Dec 2010".to_owned(),
        due_date: "15 Dec 2010".to_owned(),
        order_number: "536365".to_owned(),
        seller: sender(),
        buyer: recipient(),
        recipient: None,
        currency: currency("GBP"),
        lines,
        net_minor,
        tax_minor,
        gross_minor: net_minor + tax_minor,
        paid_minor: 1_000,
        note: "Payment within 14 days. Goods remain ours until paid.".to_owned(),
    }
}

pub fn customs_lines(lines: usize) -> Vec<CustomsLine> {
    let line = |(_, description, quantity, price): &(&str, &str, u32, i64)| CustomsLine {
        description: (*description).to_owned(),
        quantity: *quantity,
        weight_g: 140 * quantity,
        value_minor: price * i64::from(*quantity),
        hs_code: "830629".to_owned(),
        origin: "CN".to_owned(),
    };
    GOODS.iter().cycle().take(lines).map(line).collect()
}

pub fn value_of(lines: &[CustomsLine]) -> i64 {
    lines.iter().map(|l| l.value_minor).sum()
}

pub fn cn22() -> Cn22 {
    let lines = customs_lines(4);
    Cn22 {
        operator: "Demo Post".to_owned(),
        category: Category::Sale,
        currency: currency("GBP"),
        total_weight_g: 4_250,
        total_value_minor: value_of(&lines),
        lines,
        date_signature: "01 Dec 2010, M. Rahman".to_owned(),
    }
}

pub fn cn23() -> Cn23 {
    let lines = customs_lines(7);
    Cn23 {
        item_number: "CP123456785GB".to_owned(),
        sender: sender(),
        addressee: recipient(),
        sender_reference: "GB123456789000".to_owned(),
        importer_reference: "DE811234567".to_owned(),
        category: Category::Sale,
        currency: currency("GBP"),
        total_weight_g: 12_110,
        total_value_minor: value_of(&lines),
        lines,
        postal_charges_minor: 1_850,
        comments: String::new(),
        attached: "INV-2010-000415".to_owned(),
        date_signature: "01 Dec 2010, M. Rahman".to_owned(),
    }
}

pub fn commercial(lines: usize) -> CommercialInvoice {
    let lines = customs_lines(lines);
    CommercialInvoice {
        number: "CI-2010-000415".to_owned(),
        date: "01 Dec 2010".to_owned(),
        order_number: "536365".to_owned(),
        exporter: sender(),
        importer: recipient(),
        delivery_term: "DAP Berlin".to_owned(),
        export_reason: "Sale".to_owned(),
        destination: "Germany (DE)".to_owned(),
        parcel_count: 2,
        gross_weight_g: lines.iter().map(|l| l.weight_g).sum::<u32>() + 900,
        currency: currency("GBP"),
        total_value_minor: value_of(&lines),
        lines,
        date_signature: "01 Dec 2010, M. Rahman".to_owned(),
    }
}

pub fn commands() -> Vec<CommandCode> {
    let captions = [
        "Short",
        "Damaged",
        "Substitute",
        "Hold",
        "Undo last scan",
        "New parcel",
        "Reprint",
        "Photo",
        "Call the lead",
        "Pause",
        "Hand back",
        "Switch packer",
    ];
    let code = |(i, caption): (usize, &&str)| CommandCode {
        caption: (*caption).to_owned(),
        code: format!("%PB-{:02}-K{i}", i + 1),
    };
    captions.iter().enumerate().map(code).collect()
}

pub fn badges() -> Vec<Badge> {
    let badge = |(name, role, code): (&str, &str, &str)| Badge {
        name: name.to_owned(),
        role: role.to_owned(),
        site: "Packbench Demo".to_owned(),
        code: code.to_owned(),
    };
    [
        ("Mira R.", "Packer", "%B-7F3A91C2-4"),
        ("Константин Преображенский", "Упаковщик", "%B-119A02DE-8"),
        ("Siti Nurhaliza binti Abdullah", "Ketua syif", "%B-5510AA01-3"),
    ]
    .into_iter()
    .map(badge)
    .collect()
}

/// A manifest of so many parcels.
pub fn manifest(parcels: usize) -> Manifest {
    let line = |n: usize| ManifestLine {
        number: format!("3952123400000{n:05}"),
        order: format!("M{n:06}"),
        country: "DE".to_owned(),
        weight_g: (!n.is_multiple_of(7)).then_some(1_250),
    };
    Manifest {
        number: "H000042".to_owned(),
        date: "22 Nov 2026, 16:30".to_owned(),
        sender: sender(),
        carrier: party("Überland-Kurierdienst Łódź", &[]),
        driver: "Zoë Müller-Łukaszewicz".to_owned(),
        mark: "Not closed yet: this list may change".to_owned(),
        lines: (1..=parcels).map(line).collect(),
    }
}
