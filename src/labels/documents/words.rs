//! Every word the documents print, given by the caller from its message catalogue.

macro_rules! words {
    ($($(#[doc = $doc:literal])* $field:ident = $key:literal,)*) => {
        /// The words of labels and documents in one language. Templates hold `{n}` and `{m}` literally.
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct Words {
            $($(#[doc = $doc])* pub $field: String,)*
        }

        impl Words {
            /// Catalogue key of every word, in the order of the fields.
            pub const KEYS: &'static [&'static str] = &[$($key,)*];

            /// Fills every word from a catalogue.
            pub fn from_catalogue(mut text_of: impl FnMut(&'static str) -> String) -> Self {
                Self { $($field: text_of($key),)* }
            }

            /// The word of a catalogue key, if it is one of these.
            #[must_use]
            pub fn get(&self, key: &str) -> Option<&str> {
                match key {
                    $($key => Some(&self.$field),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// Decimal mark.
    decimal_mark = "doc-decimal-mark",
    /// Mark between thousands; may be empty.
    group_mark = "doc-group-mark",
    /// Gram, short.
    unit_g = "doc-unit-g",
    /// Kilogram, short.
    unit_kg = "doc-unit-kg",
    /// Template `{n} of {m}`.
    n_of_m = "doc-n-of-m",
    /// Template for page `{n}` of `{m}`.
    page = "doc-page",
    /// Template for the mark of the `{n}`-th reprint.
    copy = "doc-copy",
    /// Caption of the sender.
    from = "doc-from",
    /// Caption of the recipient.
    to = "doc-to",
    /// Caption of the order number.
    order = "doc-order",
    /// Caption of the parcel count.
    parcel = "doc-parcel",
    /// Caption of the weight.
    weight = "doc-weight",
    /// Caption of a date.
    date = "doc-date",
    /// Caption of the route.
    route = "doc-route",
    /// Caption of the parcel's SSCC.
    sscc = "doc-sscc",
    /// Title of the packing slip.
    slip_title = "doc-slip-title",
    /// Caption of the gift message.
    gift_message = "doc-gift-message",
    /// Column: article number.
    sku = "doc-sku",
    /// Column: what it is.
    description = "doc-description",
    /// Column: how many.
    quantity = "doc-quantity",
    /// Column: ordered.
    ordered = "doc-ordered",
    /// Column: in this parcel.
    packed = "doc-packed",
    /// Caption of the units in the parcel.
    units = "doc-units",
    /// Column: price of one, without tax.
    unit_price = "doc-unit-price",
    /// Column: amount.
    amount = "doc-amount",
    /// Title of the invoice.
    invoice_title = "doc-invoice-title",
    /// Caption of the invoice number.
    invoice_number = "doc-invoice-number",
    /// Caption of the due date.
    due_date = "doc-due-date",
    /// Caption of the seller.
    seller = "doc-seller",
    /// Caption of the buyer.
    buyer = "doc-buyer",
    /// Column: tax rate.
    tax_rate = "doc-tax-rate",
    /// Tax amount.
    tax = "doc-tax",
    /// Amount without tax.
    net = "doc-net",
    /// Amount with tax.
    gross = "doc-gross",
    /// Sum of all.
    total = "doc-total",
    /// Already paid.
    paid = "doc-paid",
    /// Still to pay.
    due = "doc-due",
    /// Title of the CN22.
    cn22_title = "doc-cn22-title",
    /// `May be opened officially`.
    may_be_opened = "doc-may-be-opened",
    /// Category: gift.
    category_gift = "doc-category-gift",
    /// Category: documents.
    category_documents = "doc-category-documents",
    /// Category: commercial sample.
    category_sample = "doc-category-sample",
    /// Category: returned goods.
    category_returned = "doc-category-returned",
    /// Category: sale of goods.
    category_sale = "doc-category-sale",
    /// Category: other.
    category_other = "doc-category-other",
    /// Column: quantity and detailed description.
    contents = "doc-contents",
    /// Column: weight in kilograms.
    weight_kg = "doc-weight-kg",
    /// Column: value.
    value = "doc-value",
    /// Column: HS tariff number.
    hs_code = "doc-hs-code",
    /// Column: country of origin.
    origin = "doc-origin",
    /// Caption of the total weight.
    total_weight = "doc-total-weight",
    /// Caption of the total value.
    total_value = "doc-total-value",
    /// The sender's declaration on a CN22 or CN23.
    customs_declaration = "doc-customs-declaration",
    /// Date and sender's signature.
    date_signature = "doc-date-signature",
    /// Title of the CN23.
    cn23_title = "doc-cn23-title",
    /// Caption of the item number.
    item_number = "doc-item-number",
    /// Caption of the category of item.
    category = "doc-category",
    /// Caption of the sender's customs reference.
    sender_reference = "doc-sender-reference",
    /// Caption of the importer's reference.
    importer_reference = "doc-importer-reference",
    /// Caption of postal charges.
    postal_charges = "doc-postal-charges",
    /// Caption of comments (quarantine and the like).
    comments = "doc-comments",
    /// Caption of licence, certificate and invoice numbers.
    attached = "doc-attached",
    /// Title of the commercial invoice.
    commercial_title = "doc-commercial-title",
    /// Caption of the exporter.
    exporter = "doc-exporter",
    /// Caption of the importer or consignee.
    importer = "doc-importer",
    /// Caption of the delivery term (Incoterms).
    delivery_term = "doc-delivery-term",
    /// Caption of the reason for export.
    export_reason = "doc-export-reason",
    /// Caption of the country of destination.
    destination = "doc-destination",
    /// Caption of the number of parcels.
    parcels = "doc-parcels",
    /// Caption of the net weight.
    net_weight = "doc-net-weight",
    /// Caption of the gross weight.
    gross_weight = "doc-gross-weight",
    /// The exporter's declaration.
    commercial_declaration = "doc-commercial-declaration",
    /// Caption of the telephone on a battery mark.
    telephone = "doc-telephone",
    /// Title of the manifest.
    manifest_title = "doc-manifest-title",
    /// Caption of the carrier.
    carrier = "doc-carrier",
    /// Caption of the driver.
    driver = "doc-driver",
    /// Column: place in the list.
    position = "doc-position",
    /// Column: number on a parcel's label.
    parcel_number = "doc-parcel-number",
    /// Where who hands over signs.
    handed_over_by = "doc-handed-over-by",
    /// Where who takes along signs.
    taken_by = "doc-taken-by",
}
