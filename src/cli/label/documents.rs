//! Documents that are laid out by code, by name: their JSON becomes plain values, and these become pages.
//!
//! Keys are those of the documents' own fields; `docs/labels.md` lists them. An unknown or missing key refuses the document, so
//! that nothing is printed without what was meant to be on it.

use super::document_data::{
    BatteryMarkData, Cn22Data, Cn23Data, CommercialInvoiceData, HouseLabelData, InvoiceData, ManifestData,
    PackingSlipData, Wrong,
};
use crate::cli::CliError;
use crate::labels::documents::{Words, cn22, cn23, commercial, hazard, invoice, manifest, slip};
use crate::labels::house;
use crate::labels::sheet::Sheet;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// A document: its name, what it is, data to try it with, and how it is laid out.
pub(super) struct Document {
    pub name: &'static str,
    pub about: &'static str,
    pub sample: &'static str,
    lay_out: fn(Json, &Words) -> Result<Vec<Sheet>, Wrong>,
}

/// Every document.
pub(super) const ALL: &[Document] = &[
    Document {
        name: "house-label",
        about: "The house carrier's parcel label, 100 x 150 mm: the same as `shipping`, laid out by code",
        sample: include_str!("../../../assets/labels/documents/house-label.json"),
        lay_out: |data, words| one(house::house_label(&read::<HouseLabelData>(data)?.into(), words)),
    },
    Document {
        name: "packing-slip",
        about: "What is in a parcel, on A4, A6 or label stock; prices only where a currency is given",
        sample: include_str!("../../../assets/labels/documents/packing-slip.json"),
        lay_out: |data, words| Ok(slip::packing_slip(&read::<PackingSlipData>(data)?.into(), words)?),
    },
    Document {
        name: "invoice",
        about: "An invoice on A4 with tax by line and rate; sums that do not add up are refused",
        sample: include_str!("../../../assets/labels/documents/invoice.json"),
        lay_out: |data, words| Ok(invoice::invoice(&read::<InvoiceData>(data)?.into(), words)?),
    },
    Document {
        name: "commercial-invoice",
        about: "A commercial invoice for customs on A4",
        sample: include_str!("../../../assets/labels/documents/commercial-invoice.json"),
        lay_out: |data, words| Ok(commercial::commercial_invoice(&read::<CommercialInvoiceData>(data)?.into(), words)?),
    },
    Document {
        name: "manifest",
        about: "The list of parcels handed to a carrier, on A4, with places to sign",
        sample: include_str!("../../../assets/labels/documents/manifest.json"),
        lay_out: |data, words| Ok(manifest::manifest(&read::<ManifestData>(data)?.into(), words)?),
    },
    Document {
        name: "cn22",
        about: "Customs declaration CN 22, 74 x 105 mm, at most four lines",
        sample: include_str!("../../../assets/labels/documents/cn22.json"),
        lay_out: |data, words| one(cn22::cn22(&read::<Cn22Data>(data)?.into(), words)),
    },
    Document {
        name: "cn23",
        about: "Customs declaration CN 23",
        sample: include_str!("../../../assets/labels/documents/cn23.json"),
        lay_out: |data, words| one(cn23::cn23(&read::<Cn23Data>(data)?.into(), words)),
    },
    Document {
        name: "battery-mark",
        about: "The battery mark with its UN numbers, on A6",
        sample: include_str!("../../../assets/labels/documents/battery-mark.json"),
        lay_out: |data, words| one(hazard::battery_mark(&read::<BatteryMarkData>(data)?.into(), words)),
    },
];

/// The document of a name.
pub(super) fn find(name: &str) -> Option<&'static Document> {
    ALL.iter().find(|d| d.name == name)
}

impl Document {
    /// The pages of every record.
    ///
    /// # Errors
    /// The first record that is no such document, or cannot be laid out.
    pub(super) fn sheets(&self, records: Vec<Json>, words: &Words) -> Result<Vec<Sheet>, CliError> {
        let (count, mut sheets) = (records.len(), Vec::new());
        for (i, record) in records.into_iter().enumerate() {
            let what = || format!("{} {} of {count} cannot be made", self.name, i + 1);
            let made = (self.lay_out)(record, words);
            sheets
                .extend(made.map_err(|e| CliError::room(what(), "correct the data; docs/labels.md has its keys", e))?);
        }
        Ok(sheets)
    }
}

fn read<T: DeserializeOwned>(data: Json) -> Result<T, Wrong> {
    Ok(serde_json::from_value(data)?)
}

fn one(sheet: Result<Sheet, crate::labels::LabelError>) -> Result<Vec<Sheet>, Wrong> {
    Ok(vec![sheet?])
}
