//! One kit of a list, taken in: all rows that name it say together what it is made of, instead of what was known. A kit of kits is refused at
//! the row that names one, also where that one is only a kit by another row of the same list.

use super::apply::{Read, Row};
use super::grid::Line;
use crate::central::error::{CentralError, Refusal};
use crate::central::services::products::kits::{self, PART_UNITS_MAX, PARTS_MAX};
use crate::central::services::products::sheet::{self, Sheet};
use crate::central::store::work::Work;

/// Takes it in.
///
/// # Errors
/// [`super::apply::Bad`]; the caller undoes what was written then.
pub(super) fn take(work: &mut Work<'_>, rows: &[Row<'_>]) -> Read<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let sku = first.need("kit")?;
    let site = work.ctx.site;
    let known = match sheet::filed(work.tx, site, &sku) {
        Err(CentralError::Refused(Refusal::Missing { .. })) => return first.bad("kit", "unknown"),
        known => known?,
    };
    if known.sheet.service {
        return first.bad("kit", "service");
    }
    if kits::is_part(work.tx, &known.id)? {
        return first.bad("kit", "cycle");
    }
    let mut parts: Vec<(String, u32)> = Vec::with_capacity(rows.len());
    for row in rows {
        parts.push(part(work, row, &sku, &parts)?);
    }
    let sheet = Sheet { parts, ..known.sheet };
    match sheet::save(work, &sku, None, &sheet) {
        Err(CentralError::Refused(Refusal::State { .. })) => first.bad("kit", "instock"),
        done => first.refused(done).map(drop),
    }
}

/// One row's part; `before` are those of the rows above.
fn part(work: &mut Work<'_>, row: &Row<'_>, kit: &str, before: &[(String, u32)]) -> Read<(String, u32)> {
    let (sku, units) = (row.need("sku")?, row.units()?);
    let Some(units) = u32::try_from(units).ok().filter(|units| *units <= PART_UNITS_MAX) else {
        return row.bad("quantity", "many");
    };
    let found =
        work.one("SELECT id, kind FROM products WHERE site = $1 AND sku = $2", crate::vals![work.site(), &sku])?;
    let Some(found) = found else { return row.bad("sku", "unknown") };
    if found.at::<String>(1)? == "service" {
        return row.bad("sku", "service");
    }
    if sku == kit || row.is_kit_of_list(&sku) || kits::is_kit(work.tx, &found.at::<String>(0)?)? {
        return row.bad("sku", "cycle");
    }
    if before.iter().any(|(known, _)| *known == sku) {
        return row.bad("sku", "twice");
    }
    if before.len() >= PARTS_MAX {
        return row.bad("sku", "many");
    }
    Ok((sku, units))
}

/// Codes that a list makes kits of.
pub(super) fn named<'a>(cells: impl Iterator<Item = &'a str>) -> std::collections::BTreeSet<String> {
    cells.filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

/// The rows of one unit.
pub(super) fn rows<'a>(reading: &'a super::apply::Reading, lines: &[&'a Line]) -> Vec<Row<'a>> {
    lines.iter().map(|line| Row { reading, line }).collect()
}
