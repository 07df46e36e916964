//! How benches read numbers that carry a weight, a price or a count: the rules of the house, checked before they are kept.

use super::{house, put};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::core::gs1::restricted::Rule;

/// Most rules.
pub const RULES_MAX: usize = 20;
/// Longest rule, characters: fourteen digits, each as a range, and the decimals.
pub const RULE_CHARS_MAX: usize = 80;

/// Rules as they are typed, with blanks or lines between; each once.
///
/// # Errors
/// [`Refusal::Field`] for what is no rule, one that is too long, or too many.
pub fn typed(text: &str) -> Result<Vec<String>, Refusal> {
    let refuse = |why| Err(Refusal::Field { field: "settings.numbers", why });
    let mut rules: Vec<String> = Vec::new();
    for rule in text.split_whitespace() {
        if rule.chars().count() > RULE_CHARS_MAX || rule.parse::<Rule>().is_err() {
            return refuse("must be rules such as 21IIIIIWWWWWC");
        }
        if rules.iter().any(|known| known == rule) {
            continue;
        }
        if rules.len() == RULES_MAX {
            return refuse("must be at most 20 rules");
        }
        rules.push(rule.to_owned());
    }
    Ok(rules)
}

/// Sets the rules, for one who saw that version of the settings; stations learn them with their next pull.
///
/// # Errors
/// As [`typed`]; [`Refusal::Version`] if somebody was faster.
pub fn set(work: &mut Work<'_>, text: &str, seen: i64) -> Res<()> {
    let rules = typed(text)?;
    let mut here = house::now(work.tx, work.ctx.site)?;
    let newest = i64::try_from(here.version).unwrap_or(i64::MAX);
    if newest != seen {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    if here.variable_numbers == rules {
        return Ok(());
    }
    let detail = serde_json::json!({ "changed": ["variable_numbers"], "from": here.variable_numbers, "to": rules });
    here.variable_numbers = rules;
    put(work, here, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_typed_and_each_is_checked() {
        assert_eq!(typed("").unwrap(), Vec::<String>::new());
        let two = typed(" 21IIIIIWWWWWC\r\n2[2-4]IIIIVPPPPPC.2\n21IIIIIWWWWWC ").unwrap();
        assert_eq!(two, ["21IIIIIWWWWWC", "2[2-4]IIIIVPPPPPC.2"]);
        for wrong in ["21IIIIIWWWWW", "hello", "21IIIIIIIIIIC", "21IIIIIWWPPPC", "21IIIIIWWWWWC.9"] {
            assert!(typed(wrong).is_err(), "{wrong}");
        }
        let many: Vec<String> = (0..=RULES_MAX).map(|n| format!("{:02}IIIIIWWWWWC", n + 10)).collect();
        assert!(typed(&many.join(" ")).is_err() && typed(&many[1..].join(" ")).is_ok());
    }
}
