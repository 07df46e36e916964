//! The three test codes on one sheet. Must hold exactly what the learner knows.

use crate::devices::scanner::learn::{EAN, PLAIN};
use crate::labels::LabelError;
use crate::labels::bars::BarsKind;
use crate::labels::gs1::ElementString;
use crate::labels::sheet::{Area, Sheet, Symbology};
use crate::labels::text::{Face, Style};

/// Widest and narrowest bar, in micrometres.
const MODULE_UM: (i32, i32) = (375, 190);

/// The elements of the GS1 code, which the learner knows as one text.
pub(in crate::cli) const ELEMENTS: [(&str, &str); 3] = [("01", "09506000134352"), ("10", "LEARN"), ("21", "SET7")];

/// The sheet, 100 × 150 mm, so that a label printer prints it as well as an office printer.
pub(super) fn test_codes() -> Result<Sheet, LabelError> {
    let mut sheet = Sheet::new(100_000, 150_000)?;
    let elements: Result<Vec<ElementString>, _> =
        ELEMENTS.iter().map(|(ai, value)| ElementString::new(ai, value)).collect();
    let elements = elements?;
    let codes = [
        ("1", Symbology::Code128(PLAIN)),
        ("2", Symbology::Gs1128(&elements)),
        ("3", Symbology::Bars(BarsKind::Ean13, EAN)),
    ];
    for ((number, code), top) in codes.into_iter().zip([80, 560, 1_040]) {
        sheet.text(Area::tenths(50, top, 100, 100), number, Style::new(Face::Bold, 9_000))?;
        sheet.barcode(Area::tenths(50, top + 110, 900, 250), code, MODULE_UM.0, MODULE_UM.1)?;
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::scanner::learn::GS1;

    #[test]
    fn the_sheet_holds_what_the_learner_knows() {
        test_codes().unwrap();
        let text: String = ELEMENTS.iter().map(|(ai, value)| format!("{ai}{value}")).collect();
        assert_eq!(text, GS1.concat());
    }
}
