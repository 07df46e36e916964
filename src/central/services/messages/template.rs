//! Templates: subject and text with names in braces, by kind and language. A change is a new version.

use super::compose::PLACEHOLDERS;
use super::{BODY_CHARS_MAX, Kind, SUBJECT_CHARS_MAX};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Most versions that are listed.
const LISTED_MAX: i64 = 20;

/// A template as it holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Version; 0 for the one the program ships with.
    pub version: i64,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// Checks a subject and a text: their length, that a subject is one line, and that every name in braces is known.
///
/// # Errors
/// [`Refusal::Field`] with what is wrong.
pub fn check(subject: &str, body: &str) -> Result<(), Refusal> {
    let refuse = |field, why| Err(Refusal::Field { field, why });
    if subject.trim().is_empty() || subject.chars().count() > SUBJECT_CHARS_MAX || subject.contains(char::is_control) {
        return refuse("message.subject", "must be one line of 1 to 200 characters");
    }
    let control = |c: char| c.is_control() && c != '\n';
    if body.trim().is_empty() || body.chars().count() > BODY_CHARS_MAX || body.contains(control) {
        return refuse("message.body", "must have 1 to 10,000 characters");
    }
    let strange = |text: &str| {
        let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
        let mut names =
            names.filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        names.any(|name| !PLACEHOLDERS.contains(&name))
    };
    if strange(subject) || strange(body) {
        return refuse("message.placeholder", "names something in braces that is not known");
    }
    Ok(())
}

/// The one the program ships with. Its names stay in braces.
fn shipped(words: &Catalogue, kind: Kind) -> Template {
    let args: Vec<(&'static str, Arg)> =
        PLACEHOLDERS.iter().map(|name| (*name, Arg::Text(format!("{{{name}}}")))).collect();
    let (subject, body) = kind.shipped();
    Template { version: 0, subject: words.text_with(subject, &args), body: words.text_with(body, &args) }
}

/// The template of a kind in the catalogue's language.
///
/// # Errors
/// Any fault of the store.
pub fn current(tx: &mut dyn Conn, site: SiteId, words: &Catalogue, kind: Kind) -> Res<Template> {
    let row = tx.one(
        "SELECT version, subject, body FROM message_templates WHERE site = $1 AND kind = $2 AND language = $3 \
         ORDER BY version DESC LIMIT 1",
        vals![site.to_string(), kind.word(), words.lang().code()],
    )?;
    match row {
        // An empty one says that the shipped one holds again.
        Some(row) if !row.get::<String>("body")?.is_empty() => {
            Ok(Template { version: row.get("version")?, subject: row.get("subject")?, body: row.get("body")? })
        }
        Some(row) => Ok(Template { version: row.get("version")?, ..shipped(words, kind) }),
        None => Ok(shipped(words, kind)),
    }
}

/// The newest versions of a template with when each was made, UTC ms, newest first.
///
/// # Errors
/// Any fault of the store.
pub fn versions(tx: &mut dyn Conn, site: SiteId, kind: Kind, lang: Lang) -> Res<Vec<(i64, i64)>> {
    let rows = tx.all(
        "SELECT version, at_ms FROM message_templates WHERE site = $1 AND kind = $2 AND language = $3 \
         ORDER BY version DESC LIMIT $4",
        vals![site.to_string(), kind.word(), lang.code(), LISTED_MAX],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// Makes a new version for one who saw `seen`; `None` goes back to the one the program ships with. The new version.
///
/// # Errors
/// As [`check`]; [`Refusal::Version`] if somebody was faster.
pub fn save(work: &mut Work<'_>, kind: Kind, lang: Lang, seen: i64, text: Option<(&str, &str)>) -> Res<i64> {
    if let Some((subject, body)) = text {
        check(subject, body)?;
    }
    let newest = work.tx.int(
        "SELECT COALESCE(MAX(version), 0) FROM message_templates WHERE site = $1 AND kind = $2 AND language = $3",
        vals![work.ctx.site.to_string(), kind.word(), lang.code()],
    )?;
    if newest != seen {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    let (subject, body) = text.unwrap_or_default();
    work.exec(
        "INSERT INTO message_templates (site, kind, language, version, subject, body, actor_kind, actor, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            work.site(),
            kind.word(),
            lang.code(),
            newest + 1,
            subject,
            body,
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    let detail = serde_json::json!({ "kind": kind.word(), "language": lang.code(), "version": newest + 1 });
    work.audit("template.saved", "template", format!("{}/{}", kind.word(), lang.code()), detail);
    Ok(newest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_ships_with_passes_its_own_check() {
        for lang in Lang::ALL {
            let words = Catalogue::new(lang);
            for kind in Kind::ALL {
                let template = shipped(&words, kind);
                assert_eq!(check(&template.subject, &template.body), Ok(()), "{lang:?} {kind:?} {template:?}");
                assert!(!template.body.contains('⟦') && !template.subject.contains('⟦'), "{lang:?} {kind:?}");
            }
        }
    }

    #[test]
    fn a_subject_is_one_line_and_names_in_braces_are_known() {
        let field = |subject: &str, body: &str| match check(subject, body) {
            Err(Refusal::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(check("Order {order}", "Hello {name},\n{items}"), Ok(()));
        assert_eq!(field("Order\r\nBcc: x@example.com", "b"), "message.subject");
        assert_eq!(field(" ", "b"), "message.subject");
        assert_eq!(field("s", "\n"), "message.body");
        assert_eq!(field("s", "a\u{0}b"), "message.body");
        assert_eq!(field("{ordr}", "b"), "message.placeholder");
        assert_eq!(check("s", "a set { of } braces {} {A}"), Ok(()));
    }
}
