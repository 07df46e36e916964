//! The columns of the table: which there are, which are shown, in which order and how wide.

use crate::central::services::orders::table::SortKey;

/// Narrowest and widest column, CSS px.
pub const WIDTH_PX: std::ops::RangeInclusive<u16> = 60..=600;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Order,
    Placed,
    Customer,
    Status,
    Payment,
    Fulfillment,
    Total,
    Shipping,
    Expected,
    ShipBy,
    Priority,
    Alerts,
    Items,
    Station,
    Note,
    Actions,
}

impl Column {
    pub const ALL: [Column; 16] = [
        Column::Order,
        Column::Placed,
        Column::Customer,
        Column::Status,
        Column::Payment,
        Column::Fulfillment,
        Column::Total,
        Column::Shipping,
        Column::Expected,
        Column::ShipBy,
        Column::Priority,
        Column::Alerts,
        Column::Items,
        Column::Station,
        Column::Note,
        Column::Actions,
    ];

    /// Shown to who never chose: what asks for a look stands where no narrow screen cuts it off.
    const SHIPPED: [Column; 12] = [
        Column::Order,
        Column::Placed,
        Column::Customer,
        Column::Alerts,
        Column::Status,
        Column::Payment,
        Column::Fulfillment,
        Column::Total,
        Column::Expected,
        Column::Shipping,
        Column::Priority,
        Column::Actions,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Column::Order => "order",
            Column::Placed => "placed",
            Column::Customer => "customer",
            Column::Status => "status",
            Column::Payment => "payment",
            Column::Fulfillment => "fulfillment",
            Column::Total => "total",
            Column::Shipping => "shipping",
            Column::Expected => "expected",
            Column::ShipBy => "ship-by",
            Column::Priority => "priority",
            Column::Alerts => "alerts",
            Column::Items => "items",
            Column::Station => "station",
            Column::Note => "note",
            Column::Actions => "actions",
        }
    }

    pub fn of(word: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.word() == word)
    }

    /// Key of its head.
    pub const fn key(self) -> &'static str {
        match self {
            Column::Order => "column-order",
            Column::Placed => "column-placed",
            Column::Customer => "column-customer",
            Column::Status => "column-status",
            Column::Payment => "column-payment",
            Column::Fulfillment => "column-fulfillment",
            Column::Total => "column-total",
            Column::Shipping => "column-shipping",
            Column::Expected => "column-expected",
            Column::ShipBy => "column-ship-by",
            Column::Priority => "column-priority",
            Column::Alerts => "column-alerts",
            Column::Items => "column-items",
            Column::Station => "column-station",
            Column::Note => "column-office-note",
            Column::Actions => "column-actions",
        }
    }

    /// What a press on its head sorts by.
    pub const fn sort(self) -> Option<SortKey> {
        match self {
            Column::Order => Some(SortKey::Number),
            Column::Placed => Some(SortKey::Placed),
            Column::Status => Some(SortKey::Status),
            Column::Payment => Some(SortKey::Payment),
            Column::Fulfillment => Some(SortKey::Fulfillment),
            Column::Total => Some(SortKey::Total),
            Column::ShipBy => Some(SortKey::Due),
            Column::Priority => Some(SortKey::Priority),
            Column::Customer
            | Column::Shipping
            | Column::Expected
            | Column::Alerts
            | Column::Items
            | Column::Station
            | Column::Note
            | Column::Actions => None,
        }
    }

    /// Holds figures.
    pub const fn num(self) -> bool {
        matches!(self, Column::Total | Column::Items)
    }
}

/// Columns with their widths in CSS px, where somebody set one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout(pub Vec<(Column, Option<u16>)>);

impl Default for Layout {
    fn default() -> Layout {
        Layout(Column::SHIPPED.map(|column| (column, None)).to_vec())
    }
}

impl Layout {
    /// Of words such as `order,placed:160`; none if no known column is named.
    pub fn of(text: &str) -> Option<Layout> {
        let mut columns: Vec<(Column, Option<u16>)> = Vec::new();
        for word in text.split(',').take(Column::ALL.len()) {
            let (name, width) = word.split_once(':').map_or((word, None), |(name, width)| (name, width.parse().ok()));
            if let Some(column) = Column::of(name).filter(|column| columns.iter().all(|(there, _)| there != column)) {
                columns.push((column, width.filter(|width| WIDTH_PX.contains(width))));
            }
        }
        (!columns.is_empty()).then_some(Layout(columns))
    }

    /// The words [`Layout::of`] reads.
    pub fn text(&self) -> String {
        let word = |(column, width): &(Column, Option<u16>)| match width {
            Some(width) => format!("{}:{width}", column.word()),
            None => column.word().to_owned(),
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(",")
    }

    /// From the form: a place for every column shown, and a width where one is set.
    pub fn from_form(places: &[(Column, Option<u32>, Option<u16>)]) -> Option<Layout> {
        let mut shown: Vec<_> = places.iter().filter_map(|(c, place, w)| place.map(|place| (place, *c, *w))).collect();
        shown.sort_by_key(|(place, _, _)| *place);
        let columns: Vec<_> =
            shown.into_iter().map(|(_, c, w)| (c, w.filter(|width| WIDTH_PX.contains(width)))).collect();
        (!columns.is_empty()).then_some(Layout(columns))
    }
}
