//! What identifiers of one code say of each other: some exclude each other, some need others beside them, none may have two
//! values, and a digital signature needs serials.

use super::error::{Gs1Error, Rule};
use super::reader::{Element, Rules};
use super::table::{Ai, Group, Pattern};

/// The digital signature, and the keys whose serial part it needs.
const SIGNATURE: Ai = Ai::of(8030, 4);
const SIGNED: [Ai; 3] = [Ai::of(253, 3), Ai::of(255, 3), Ai::of(8003, 4)];

/// Checks the elements of one code. Their values were checked before; `text` is where they lie.
///
/// # Errors
/// The first rule that is broken.
pub(super) fn check(elements: &[Element], text: &[u8], rules: &Rules) -> Result<(), Gs1Error> {
    if rules.associations {
        for element in elements {
            exclusions(element, elements)?;
        }
    }
    if rules.required_ais {
        for element in elements {
            requirements(element, elements)?;
        }
    }
    if rules.associations {
        repetitions(elements, text)?;
        signature(elements)?;
    }
    Ok(())
}

/// The first element that fits a pattern, other than those of the same identifier.
fn other(pattern: Pattern, own: Ai, elements: &[Element]) -> Option<&Element> {
    elements.iter().find(|e| (pattern.from..pattern.to).contains(&e.found.slot) && e.found.ai != own)
}

fn exclusions(element: &Element, elements: &[Element]) -> Result<(), Gs1Error> {
    let own = element.found.ai;
    for (pattern, _) in element.found.row.excluded.all() {
        if let Some(second) = other(*pattern, own, elements) {
            return Err(element.error(Rule::Pair { other: second.found.ai }));
        }
    }
    Ok(())
}

fn requirements(element: &Element, elements: &[Element]) -> Result<(), Gs1Error> {
    let own = element.found.ai;
    let (mut choice, mut met) = (true, false);
    for (pattern, group) in element.found.row.required.all() {
        choice = choice && !met && other(*pattern, own, elements).is_some();
        if *group != Group::With {
            met |= choice;
            choice = true;
        }
        if *group == Group::LastOfAll {
            if !met {
                return Err(element.error(Rule::Required { of: own }));
            }
            met = false;
        }
    }
    Ok(())
}

fn repetitions(elements: &[Element], text: &[u8]) -> Result<(), Gs1Error> {
    for (n, element) in elements.iter().enumerate().skip(1) {
        let same = |e: &&Element| e.found.ai == element.found.ai;
        let first = elements[..n].iter().find(same);
        if first.is_some_and(|first| first.value(text) != element.value(text)) {
            return Err(element.error(Rule::Repeated));
        }
    }
    Ok(())
}

fn signature(elements: &[Element]) -> Result<(), Gs1Error> {
    let find = |ai: Ai| elements.iter().find(|e| e.found.ai == ai);
    if find(SIGNATURE).is_none() {
        return Ok(());
    }
    for element in SIGNED.into_iter().filter_map(find) {
        if element.len == u16::from(element.found.row.length_min) {
            return Err(element.error(Rule::SerialForSignature));
        }
    }
    Ok(())
}
