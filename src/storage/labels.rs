//! Labels that the site lays out itself: the template in force, the versions that labels were printed from, and which print job was
//! made of which. A job of no template was laid out by the program.

use super::{Res, StorageError, records, uuid};
use crate::core::checklist::DocumentKind;
use crate::core::ids::FulfillmentId;
use crate::protocol::session::Wire;
use crate::protocol::wire::{ChangeKind, ContentHash, LabelTemplateRecord};
use crate::sql::{Conn, Row, Val};
use crate::vals;

/// Templates that are looked through for a name: a server tells a handful.
const TEMPLATES_MAX: u32 = 50;

/// A version of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeOf {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
    /// SHA-256 of its text: a server that was restored may give the number of a version twice.
    pub hash: ContentHash,
}

/// The template of a name that is in force; none where the site has none of its own.
///
/// # Errors
/// If the database refuses or the record cannot be read.
pub fn in_force(c: &mut dyn Conn, name: &str) -> Res<Option<LabelTemplateRecord>> {
    let list: Vec<LabelTemplateRecord> = records::all(c, ChangeKind::LabelTemplate, TEMPLATES_MAX)?;
    Ok(list.into_iter().find(|record| record.name == name))
}

/// Keeps a version that a label is printed from.
///
/// # Errors
/// If the database refuses.
pub fn keep(c: &mut dyn Conn, of: &MadeOf, text: &str) -> Res<()> {
    c.exec(
        "INSERT INTO label_template (hash, name, version, text) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
        &[bytes(of), (&of.name).into(), int(of.version).into(), text.into()],
    )?;
    Ok(())
}

/// The text of a version that a label was printed from.
///
/// # Errors
/// If the database refuses.
pub fn kept(c: &mut dyn Conn, of: &MadeOf) -> Res<Option<String>> {
    let row = c.one("SELECT text FROM label_template WHERE hash = $1", &[bytes(of)])?;
    Ok(row.map(|r| r.at(0)).transpose()?)
}

/// Notes what a label was made of.
///
/// # Errors
/// If the database refuses.
pub fn set_made_of(c: &mut dyn Conn, f: FulfillmentId, parcel: u16, copy: u16, of: Option<&MadeOf>) -> Res<()> {
    c.exec(
        "UPDATE print_job SET template = $5, template_version = $6, template_hash = $7
         WHERE fulfillment = $1 AND parcel = $2 AND document = $3 AND copy = $4",
        &[
            uuid(f.0),
            parcel.into(),
            label_word().into(),
            copy.into(),
            of.map(|of| of.name.clone()).into(),
            of.map(|of| int(of.version)).into(),
            of.map_or(Val::Null, bytes),
        ],
    )?;
    Ok(())
}

/// What this copy of a label was made of; `Some(None)`: of the program's own layout; none where there is no such job.
///
/// # Errors
/// If the database refuses.
pub fn made_of(c: &mut dyn Conn, f: FulfillmentId, parcel: u16, copy: u16) -> Res<Option<Option<MadeOf>>> {
    let row = c.one(
        "SELECT template, template_version, template_hash FROM print_job
         WHERE fulfillment = $1 AND parcel = $2 AND document = $3 AND copy = $4",
        &[uuid(f.0), parcel.into(), label_word().into(), copy.into()],
    )?;
    row.as_ref().map(of_row).transpose()
}

/// What the label that a parcel has was made of: the newest copy before `copy` that did not fail at the printer. None where there is no
/// such paper yet.
///
/// # Errors
/// If the database refuses.
pub fn on_the_parcel(c: &mut dyn Conn, f: FulfillmentId, parcel: u16, copy: u16) -> Res<Option<Option<MadeOf>>> {
    let row = c.one(
        "SELECT template, template_version, template_hash FROM print_job WHERE fulfillment = $1 AND parcel = $2 AND document = $3
         AND copy < $4 AND state <> 'failed' ORDER BY copy DESC LIMIT 1",
        &[uuid(f.0), parcel.into(), label_word().into(), copy.into()],
    )?;
    row.as_ref().map(of_row).transpose()
}

/// Forgets the versions that no label of a known order was printed from.
///
/// # Errors
/// If the database refuses.
pub fn forget_unused(c: &mut dyn Conn) -> Res<u64> {
    let forgotten = c.exec(
        "DELETE FROM label_template WHERE NOT EXISTS (SELECT 1 FROM print_job j JOIN record r ON r.kind = $1
         AND r.id = j.fulfillment WHERE j.template_hash = label_template.hash)",
        vals![ChangeKind::Fulfillment.text()],
    )?;
    Ok(forgotten)
}

fn of_row(row: &Row) -> Res<Option<MadeOf>> {
    let (name, version): (Option<String>, Option<u64>) = (row.at(0)?, row.at(1)?);
    let (Some(name), Some(version), Some(hash)) = (name, version, row.at::<Option<Vec<u8>>>(2)?) else {
        return Ok(None);
    };
    let hash = hash.try_into().map_err(|_| StorageError::Missing { what: "a whole hash of a label's template" })?;
    Ok(Some(MadeOf { name, version, hash: ContentHash(hash) }))
}

/// How a label is named among the papers of a job.
fn label_word() -> String {
    DocumentKind::Label.put().as_str().unwrap_or_default().to_owned()
}

fn bytes(of: &MadeOf) -> Val {
    Val::Blob(of.hash.0.to_vec())
}

fn int(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
