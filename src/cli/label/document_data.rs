//! The JSON of documents that are laid out by code. It must only read: what figures must agree, the documents themselves check.

use crate::labels::LabelError;
use crate::labels::documents::cn22::{Category, Cn22, CustomsLine};
use crate::labels::documents::cn23::Cn23;
use crate::labels::documents::commercial::CommercialInvoice;
use crate::labels::documents::hazard::BatteryMark;
use crate::labels::documents::invoice::{Invoice, InvoiceLine};
use crate::labels::documents::manifest::{Manifest, ManifestLine};
use crate::labels::documents::slip::{PackingSlip, SlipLine};
use crate::labels::documents::{Group, Paper, Party};
use crate::labels::format::Currency;
use crate::labels::house::HouseLabel;
use crate::labels::marks::{Mark, MarkIcon};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Why a document cannot be made of its data.
#[derive(Debug, thiserror::Error)]
pub(super) enum Wrong {
    /// A key that is missing, unknown or of another kind.
    #[error("the data is not of this document's form")]
    Form(#[from] serde_json::Error),
    /// It cannot be laid out.
    #[error(transparent)]
    Label(#[from] LabelError),
}

/// What is printed is the same as what is read, or is made of it.
trait IntoLabel<T> {
    fn into_label(self) -> T;
}

impl<A: IntoLabel<B>, B> IntoLabel<Vec<B>> for Vec<A> {
    fn into_label(self) -> Vec<B> {
        self.into_iter().map(A::into_label).collect()
    }
}

impl<A: IntoLabel<B>, B> IntoLabel<Option<B>> for Option<A> {
    fn into_label(self) -> Option<B> {
        self.map(A::into_label)
    }
}

macro_rules! same {
    ($($kind:ty),*) => {
        $(impl IntoLabel<$kind> for $kind {
            fn into_label(self) -> $kind {
                self
            }
        })*
    };
}

same!(String, u32, i64, bool, Currency, (u32, String));

/// Names as they are read, and what they stand for.
macro_rules! names {
    ($($name:ident => $into:ident { $($variant:ident,)* })*) => {
        $(
            #[derive(Debug, Deserialize)]
            #[serde(rename_all = "kebab-case")]
            pub(super) enum $name { $($variant,)* }

            impl IntoLabel<$into> for $name {
                fn into_label(self) -> $into {
                    match self { $($name::$variant => $into::$variant,)* }
                }
            }
        )*
    };
}

names! {
    PaperName => Paper { A4, A6, Label, }
    GroupName => Group { Alone, Kit, Part, }
    CategoryName => Category { Gift, Documents, Sample, Returned, Sale, Other, }
    IconName => MarkIcon { Fragile, ThisWayUp, KeepDry, Battery, Temperature, Adult, Plain, }
}

/// Structs as they are read, and the documents' own that they become.
macro_rules! data {
    ($($name:ident => $into:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(super) struct $name { $($(#[$meta])* $field: $kind,)* }

            impl IntoLabel<$into> for $name {
                fn into_label(self) -> $into {
                    $into { $($field: self.$field.into_label(),)* }
                }
            }

            impl From<$name> for $into {
                fn from(data: $name) -> Self {
                    data.into_label()
                }
            }
        )*
    };
}

data! {
    PartyData => Party {
        name: String,
        #[serde(default)]
        lines: Vec<String>,
    }
    MarkData => Mark {
        icon: IconName,
        #[serde(default)]
        text: String,
    }
    HouseLabelData => HouseLabel {
        sender_name: String,
        sender_lines: Vec<String>,
        recipient_name: String,
        recipient_lines: Vec<String>,
        country: String,
        country_code: String,
        #[serde(default)]
        service: String,
        order_number: String,
        parcel_number: u32,
        parcel_count: u32,
        #[serde(default)]
        ship_date: String,
        #[serde(default)]
        route: String,
        weight_g: u32,
        #[serde(default)]
        marks: Vec<MarkData>,
        sscc: String,
        #[serde(default)]
        copy_number: u32,
    }
    SlipLineData => SlipLine {
        sku: String,
        description: String,
        ordered: u32,
        packed: u32,
        #[serde(default)]
        unit_price_minor: i64,
        #[serde(default = "alone")]
        group: GroupName,
    }
    PackingSlipData => PackingSlip {
        paper: PaperName,
        order_number: String,
        date: String,
        sender: PartyData,
        recipient: PartyData,
        parcel_number: u32,
        parcel_count: u32,
        lines: Vec<SlipLineData>,
        #[serde(default, deserialize_with = "currency_or_none")]
        currency: Option<Currency>,
        #[serde(default)]
        gift: bool,
        #[serde(default)]
        gift_message: String,
        #[serde(default)]
        link: String,
    }
    InvoiceLineData => InvoiceLine {
        sku: String,
        description: String,
        quantity: u32,
        unit_net_minor: i64,
        net_minor: i64,
        tax_rate_bp: u32,
        tax_minor: i64,
        #[serde(default)]
        content: Vec<(u32, String)>,
    }
    InvoiceData => Invoice {
        number: String,
        date: String,
        #[serde(default)]
        due_date: String,
        order_number: String,
        seller: PartyData,
        buyer: PartyData,
        #[serde(default)]
        recipient: Option<PartyData>,
        #[serde(deserialize_with = "currency")]
        currency: Currency,
        lines: Vec<InvoiceLineData>,
        net_minor: i64,
        tax_minor: i64,
        gross_minor: i64,
        #[serde(default)]
        paid_minor: i64,
        #[serde(default)]
        note: String,
    }
    CustomsLineData => CustomsLine {
        description: String,
        quantity: u32,
        weight_g: u32,
        value_minor: i64,
        #[serde(default)]
        hs_code: String,
        #[serde(default)]
        origin: String,
    }
    CommercialInvoiceData => CommercialInvoice {
        number: String,
        date: String,
        order_number: String,
        exporter: PartyData,
        importer: PartyData,
        #[serde(default)]
        delivery_term: String,
        #[serde(default)]
        export_reason: String,
        destination: String,
        parcel_count: u32,
        gross_weight_g: u32,
        #[serde(deserialize_with = "currency")]
        currency: Currency,
        lines: Vec<CustomsLineData>,
        total_value_minor: i64,
        #[serde(default)]
        date_signature: String,
    }
    ManifestLineData => ManifestLine {
        number: String,
        order: String,
        country: String,
        #[serde(default)]
        weight_g: Option<u32>,
    }
    ManifestData => Manifest {
        number: String,
        date: String,
        sender: PartyData,
        carrier: PartyData,
        #[serde(default)]
        driver: String,
        #[serde(default)]
        mark: String,
        lines: Vec<ManifestLineData>,
    }
    Cn22Data => Cn22 {
        operator: String,
        category: CategoryName,
        lines: Vec<CustomsLineData>,
        #[serde(deserialize_with = "currency")]
        currency: Currency,
        total_weight_g: u32,
        total_value_minor: i64,
        #[serde(default)]
        date_signature: String,
    }
    Cn23Data => Cn23 {
        item_number: String,
        sender: PartyData,
        addressee: PartyData,
        #[serde(default)]
        sender_reference: String,
        #[serde(default)]
        importer_reference: String,
        category: CategoryName,
        lines: Vec<CustomsLineData>,
        #[serde(deserialize_with = "currency")]
        currency: Currency,
        total_weight_g: u32,
        total_value_minor: i64,
        #[serde(default)]
        postal_charges_minor: i64,
        #[serde(default)]
        comments: String,
        #[serde(default)]
        attached: String,
        #[serde(default)]
        date_signature: String,
    }
    BatteryMarkData => BatteryMark {
        un_numbers: Vec<String>,
        #[serde(default)]
        telephone: String,
    }
}

fn alone() -> GroupName {
    GroupName::Alone
}

/// Three capital letters.
fn currency<'de, D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
    Currency::new(&String::deserialize(from)?).map_err(D::Error::custom)
}

fn currency_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Currency>, D::Error> {
    let code = Option::<String>::deserialize(from)?;
    code.map(|code| Currency::new(&code).map_err(D::Error::custom)).transpose()
}
