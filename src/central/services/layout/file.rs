//! A layout as the small file that `packbench plan tours` reads: the first line that says anything tells it. What may follow in such a
//! file, cases to plan, is not looked at.

use super::check::{Fault, Item, Problem};
use crate::central::error::{CentralError, Res};
use crate::protocol::wire::layout::{CornerRecord, LayoutRecord, PlanRecord};
use serde::Deserialize;

/// Largest file, bytes.
pub const BYTES_MAX: usize = 256 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    layout: LayoutRecord,
    start: Option<CornerRecord>,
    end: Option<CornerRecord>,
}

/// Reads a file. Where it tells no start, walks begin at the front of the first aisle. Whether it is sound is for
/// [`super::check::checked`] to say.
///
/// # Errors
/// What is wrong with it as a file.
pub fn read(bytes: &[u8]) -> Result<PlanRecord, Problem> {
    let syntax = |why: String| Problem::new(Item::File, Fault::Syntax(why));
    if bytes.len() > BYTES_MAX {
        return Err(syntax(format!("{} bytes; {BYTES_MAX} at most", bytes.len())));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| syntax(error.to_string()))?;
    let first = text.lines().enumerate().find(|(_, line)| !line.trim().is_empty());
    let (number, line) = first.ok_or_else(|| syntax("the file is empty".to_owned()))?;
    // A file that people laid out over several lines is one document.
    let told = serde_json::from_str::<Line>(line)
        .or_else(|error| if error.is_eof() { serde_json::from_str::<Line>(text) } else { Err(error) });
    let told = told.map_err(|error| syntax(format!("{}: {error}", number + 1)))?;
    let front = || CornerRecord {
        aisle: told.layout.aisles.first().map(|a| a.name.clone()).unwrap_or_default(),
        cross_aisle: 0,
    };
    let start = told.start.clone().unwrap_or_else(front);
    Ok(PlanRecord { layout: told.layout, start, end: told.end })
}

/// Writes a file: one line.
///
/// # Errors
/// If JSON cannot be written.
pub fn write(plan: &PlanRecord) -> Res<String> {
    let text = serde_json::to_string(plan).map_err(|_| CentralError::Inner { what: "writing a layout as JSON" })?;
    Ok(format!("{text}\n"))
}
