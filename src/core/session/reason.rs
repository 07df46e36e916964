//! The reasons that are asked for and recorded.

/// Why somebody did something out of the ordinary: a closed list, so that it can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The shelf is empty.
    BinEmpty,
    /// The count in the system is wrong.
    CountWrong,
    /// Not to be found.
    NotFound,
    /// Broken.
    Broken,
    /// Dirty.
    Dirty,
    /// Opened or incomplete.
    Opened,
    /// Past its date.
    Expired,
    /// The barcode cannot be read.
    BarcodeUnreadable,
    /// There is no barcode on it.
    BarcodeMissing,
    /// The filling or wrapping differs from what was expected.
    PackingDiffers,
    /// The product's recorded weight is wrong.
    WeightDataWrong,
    /// The scale does not work.
    ScaleTrouble,
    /// The label tore or jammed.
    LabelDamaged,
    /// No paper came.
    NoPaper,
    /// The customer asked.
    CustomerAsked,
    /// Waiting for stock.
    WaitingForStock,
    /// Waiting for an answer from the office.
    WaitingForOffice,
    /// Shift or break.
    ShiftEnd,
    /// Too heavy or awkward for this station.
    NotForThisStation,
    /// Order should go complete and is short.
    ShortComplete,
    /// Nothing is left to send.
    NothingToShip,
    /// None of these.
    Other,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 22] = [
        Reason::BinEmpty,
        Reason::CountWrong,
        Reason::NotFound,
        Reason::Broken,
        Reason::Dirty,
        Reason::Opened,
        Reason::Expired,
        Reason::BarcodeUnreadable,
        Reason::BarcodeMissing,
        Reason::PackingDiffers,
        Reason::WeightDataWrong,
        Reason::ScaleTrouble,
        Reason::LabelDamaged,
        Reason::NoPaper,
        Reason::CustomerAsked,
        Reason::WaitingForStock,
        Reason::WaitingForOffice,
        Reason::ShiftEnd,
        Reason::NotForThisStation,
        Reason::ShortComplete,
        Reason::NothingToShip,
        Reason::Other,
    ];

    /// Key of its words in the catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Reason::BinEmpty => "reason-bin-empty",
            Reason::CountWrong => "reason-count-wrong",
            Reason::NotFound => "reason-not-found",
            Reason::Broken => "reason-broken",
            Reason::Dirty => "reason-dirty",
            Reason::Opened => "reason-opened",
            Reason::Expired => "reason-expired",
            Reason::BarcodeUnreadable => "reason-barcode-unreadable",
            Reason::BarcodeMissing => "reason-barcode-missing",
            Reason::PackingDiffers => "reason-packing-differs",
            Reason::WeightDataWrong => "reason-weight-data-wrong",
            Reason::ScaleTrouble => "reason-scale-trouble",
            Reason::LabelDamaged => "reason-label-damaged",
            Reason::NoPaper => "reason-no-paper",
            Reason::CustomerAsked => "reason-customer-asked",
            Reason::WaitingForStock => "reason-waiting-for-stock",
            Reason::WaitingForOffice => "reason-waiting-for-office",
            Reason::ShiftEnd => "reason-shift-end",
            Reason::NotForThisStation => "reason-not-for-this-station",
            Reason::ShortComplete => "reason-short-complete",
            Reason::NothingToShip => "reason-nothing-to-ship",
            Reason::Other => "reason-other",
        }
    }
}
