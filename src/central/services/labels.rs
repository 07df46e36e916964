//! Templates of labels that a site changes: a text by name, each change a new version. What is bundled holds where a site has nothing
//! of its own. Nothing unsound is stored, so that whoever prints never meets a broken one. The shipping label's is told to
//! every station, and what a station could not make of it is asked of a person, once for each place of a version.

use crate::central::error::{Refusal, Res};
use crate::central::services::exceptions::{self, NewException};
use crate::central::store::work::Work;
use crate::labels::LabelError;
use crate::labels::documents::Words;
use crate::labels::raster;
use crate::labels::template::{Pictures, Template, TemplateErrors, bundled, shipping, toml};
use crate::protocol::desk::LabelFault;
use crate::protocol::wire::label::LABEL_TEXT_BYTES_MAX;
use crate::protocol::wire::{ChangeKind, LabelTemplateId, LabelTemplateRecord, SiteId};
use crate::sql::Conn;
use crate::vals;
use uuid::Uuid;

/// Longest template in bytes.
pub const TEXT_BYTES_MAX: usize = LABEL_TEXT_BYTES_MAX;
/// Templates that stations print from.
pub const AT_STATIONS: &[&str] = &[shipping::NAME];
/// Kind of the question about a template that could not make a label.
pub const FAULT: &str = "label_template";
/// Longest name.
pub const NAME_CHARS_MAX: usize = 40;
/// Most templates a site has of its own.
pub const TEMPLATES_MAX: i64 = 200;
/// Versions that are listed.
const LISTED_MAX: i64 = 20;
/// Most pixels of a picture that is drawn on the way: an A4 sheet at 600 dots per inch has 35 million.
const PIXELS_MAX: u64 = 40_000_000;

/// A template as it holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Name.
    pub name: String,
    /// Newest version; 0 where the site never changed it.
    pub version: i64,
    /// The text that holds.
    pub text: String,
    /// The text is the site's own.
    pub own: bool,
    /// When it was changed last, UTC ms; 0 where it never was.
    pub at_ms: i64,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Unshown {
    /// The template is not sound.
    #[error("the template is not sound")]
    Unsound(#[source] TemplateErrors),
    /// The picture would be too large.
    #[error("the sheet is too large to be shown at this resolution; choose a lower one")]
    TooLarge,
    /// It cannot be drawn at this resolution.
    #[error("the label cannot be drawn at this resolution")]
    Undrawn(#[source] LabelError),
}

/// Every template, bundled ones first, then the site's own by name.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Stored>> {
    let rows = tx.all(
        "SELECT t.name, t.version, t.text, t.at_ms FROM label_templates t WHERE t.site = $1 AND t.version = \
         (SELECT MAX(n.version) FROM label_templates n WHERE n.site = t.site AND n.name = t.name) ORDER BY t.name LIMIT $2",
        vals![site.to_string(), 2 * TEMPLATES_MAX],
    )?;
    let mut stored = Vec::new();
    for row in &rows {
        stored.push(of_row(row.get("name")?, row.get("version")?, row.get("text")?, row.get("at_ms")?));
    }
    let mut out: Vec<Stored> = Vec::new();
    for (name, text) in bundled::ALL {
        let changed = stored.iter().position(|one| one.name == *name).map(|at| stored.remove(at));
        out.push(changed.unwrap_or_else(|| Stored {
            name: (*name).to_owned(),
            version: 0,
            text: (*text).to_owned(),
            own: false,
            at_ms: 0,
        }));
    }
    out.extend(stored.into_iter().filter(|one| one.own));
    Ok(out)
}

fn of_row(name: String, version: i64, text: String, at_ms: i64) -> Stored {
    let own = !text.is_empty();
    let text = if own { text } else { bundled::text(&name).unwrap_or_default().to_owned() };
    Stored { name, version, text, own, at_ms }
}

/// A template by its name. One that was taken away is there with an empty text.
///
/// # Errors
/// [`Refusal::Missing`]; any fault of the store.
pub fn current(tx: &mut dyn Conn, site: SiteId, name: &str) -> Res<Stored> {
    let row = tx.one(
        "SELECT version, text, at_ms FROM label_templates WHERE site = $1 AND name = $2 ORDER BY version DESC LIMIT 1",
        vals![site.to_string(), name],
    )?;
    match row {
        Some(row) => Ok(of_row(name.to_owned(), row.get("version")?, row.get("text")?, row.get("at_ms")?)),
        None => {
            let text = bundled::text(name).ok_or(Refusal::Missing { entity: "template" })?.to_owned();
            Ok(Stored { name: name.to_owned(), version: 0, text, own: false, at_ms: 0 })
        }
    }
}

/// The text of one version; that of a version that restored the bundled one is the bundled one's.
///
/// # Errors
/// [`Refusal::Missing`]; any fault of the store.
pub fn of_version(tx: &mut dyn Conn, site: SiteId, name: &str, version: i64) -> Res<String> {
    let row = tx.one(
        "SELECT text FROM label_templates WHERE site = $1 AND name = $2 AND version = $3",
        vals![site.to_string(), name, version],
    )?;
    let text: String = row.ok_or(Refusal::Missing { entity: "template" })?.at(0)?;
    Ok(of_row(name.to_owned(), version, text, 0).text)
}

/// The newest versions with when each was made (UTC ms) and whether it is a text of the site's own, newest first.
///
/// # Errors
/// Any fault of the store.
pub fn versions(tx: &mut dyn Conn, site: SiteId, name: &str) -> Res<Vec<(i64, i64, bool)>> {
    let rows = tx.all(
        "SELECT version, at_ms, CASE WHEN text = '' THEN 0 ELSE 1 END AS own FROM label_templates \
         WHERE site = $1 AND name = $2 ORDER BY version DESC LIMIT $3",
        vals![site.to_string(), name, LISTED_MAX],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?, row.at::<i64>(2)? == 1))).collect()
}

/// A template that was found to be sound under its name. To find it out takes the processor: it is done before the store is asked to
/// write, so that nobody's work waits for it.
#[derive(Clone, Debug)]
pub struct Sound {
    name: String,
    text: String,
}

impl Sound {
    /// Reads a text that is to be saved.
    ///
    /// # Errors
    /// [`Refusal::Field`] for a name or text that cannot be.
    pub fn read(name: &str, text: &str, words: &Words) -> Result<Self, Refusal> {
        named(name)?;
        sized(text)?;
        match read(name, text, words) {
            Ok(_) => Ok(Self { name: name.to_owned(), text: text.to_owned() }),
            Err(_) => Err(Refusal::Field { field: "label.text", why: "must be a sound template" }),
        }
    }
}

/// Makes a new version for one who saw `seen`. The new version.
///
/// # Errors
/// [`Refusal::Version`] if somebody was faster, [`Refusal::Limit`].
pub fn save(work: &mut Work<'_>, sound: &Sound, seen: i64) -> Res<i64> {
    put(work, &sound.name, seen, Some(&sound.text))
}

/// Goes back to the bundled one, or takes a template away that is the site's alone, for one who saw `seen`. The new version.
///
/// # Errors
/// As [`save`].
pub fn restore(work: &mut Work<'_>, name: &str, seen: i64) -> Res<i64> {
    named(name)?;
    put(work, name, seen, None)
}

fn put(work: &mut Work<'_>, name: &str, seen: i64, text: Option<&str>) -> Res<i64> {
    let site = work.ctx.site;
    let newest = work.tx.int(
        "SELECT COALESCE(MAX(version), 0) FROM label_templates WHERE site = $1 AND name = $2",
        vals![site.to_string(), name],
    )?;
    if newest != seen {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    if newest == 0 {
        let names =
            work.tx.int("SELECT COUNT(DISTINCT name) FROM label_templates WHERE site = $1", vals![site.to_string()])?;
        if text.is_none() {
            return Err(Refusal::State { entity: "template", state: "bundled".to_owned() }.into());
        }
        if names >= TEMPLATES_MAX {
            return Err(Refusal::Limit { limit: TEMPLATES_MAX }.into());
        }
    }
    work.exec(
        "INSERT INTO label_templates (site, name, version, text, actor_kind, actor, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![
            work.site(),
            name,
            newest + 1,
            text.unwrap_or_default(),
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    let detail = serde_json::json!({ "version": newest + 1, "own": text.is_some() });
    work.audit("label.saved", "label", name, detail);
    if AT_STATIONS.contains(&name) {
        let record = station_id(site, name).to_string();
        match text {
            Some(_) => work.changed(ChangeKind::LabelTemplate, record),
            None => work.gone(ChangeKind::LabelTemplate, record),
        }
        // What was asked about the versions before has its answer.
        exceptions::settle_causes(work, FAULT, &format!("{name}/"))?;
    }
    Ok(newest + 1)
}

/// The name of a template on the way to stations.
fn station_id(site: SiteId, name: &str) -> LabelTemplateId {
    LabelTemplateId(Uuid::new_v5(&site.0, format!("label/{name}").as_bytes()))
}

/// A site that had templates before stations printed from them: theirs are told once.
///
/// # Errors
/// Any fault of the store.
pub fn begin(work: &mut Work<'_>) -> Res<()> {
    let site = work.ctx.site;
    for name in AT_STATIONS {
        let record = station_id(site, name).to_string();
        let told = work.tx.int(
            "SELECT COUNT(*) FROM changes WHERE site = $1 AND kind = $2 AND record = $3",
            vals![work.site(), ChangeKind::LabelTemplate.text(), &record],
        )?;
        if told == 0 && current(work.tx, site, name)?.own {
            work.changed(ChangeKind::LabelTemplate, record);
        }
    }
    Ok(())
}

/// What stations are told under this id: the site's own template of that name, where it has one.
///
/// # Errors
/// Any fault of the store.
pub fn at_stations(tx: &mut dyn Conn, site: SiteId, record: &str) -> Res<Option<LabelTemplateRecord>> {
    let name = AT_STATIONS.iter().find(|name| station_id(site, name).to_string() == record);
    let Some(name) = name else { return Ok(None) };
    let stored = current(tx, site, name)?;
    Ok(stored.own.then(|| LabelTemplateRecord {
        id: station_id(site, name),
        name: stored.name,
        version: stored.version.unsigned_abs(),
        text: stored.text,
    }))
}

/// Where a station met a fault.
#[derive(Clone, Copy, Debug)]
pub struct Met<'a> {
    /// The work whose label it was, where it is known here.
    pub fulfillment: Option<&'a str>,
    /// Its order.
    pub order: Option<&'a str>,
    /// The station.
    pub station: &'a str,
    /// The event that told it.
    pub event: &'a str,
}

/// A station printed the house label, because the site's template could not make this one: asked once for each place of a version.
///
/// # Errors
/// Any fault of the store.
pub fn fault_met(work: &mut Work<'_>, fact: &LabelFault, met: Met<'_>) -> Res<()> {
    let new = NewException {
        kind: FAULT,
        cause: format!("{}/{}/{}/{}", fact.template, fact.version, fact.line, fact.fault),
        fulfillment: met.fulfillment.map(str::to_owned),
        order: met.order.map(str::to_owned),
        station: Some(met.station.to_owned()),
        event: Some(met.event.to_owned()),
        detail: serde_json::json!({
            "template": fact.template, "version": fact.version, "line": fact.line, "element": fact.element,
            "fault": fact.fault, "field": fact.field,
        }),
    };
    exceptions::open(work, &new)?;
    Ok(())
}

/// Makes a template of a new name.
///
/// # Errors
/// [`Refusal::Taken`] where the name is in use; as [`save`].
pub fn make(work: &mut Work<'_>, sound: &Sound) -> Res<i64> {
    let name = sound.name.as_str();
    let seen = match current(work.tx, work.ctx.site, name) {
        Ok(known) if known.text.is_empty() => known.version,
        Ok(_) => return Err(Refusal::Taken { field: "label", entity: "template" }.into()),
        Err(_) => 0,
    };
    save(work, sound, seen)
}

/// A name is what stands in addresses and files: small letters, digits and hyphens.
fn named(name: &str) -> Result<(), Refusal> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let good = (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(plain) && !name.starts_with('-');
    let why = "must have 1 to 40 small letters, digits and hyphens";
    // The page of a new template has this address.
    if good && name != "new" { Ok(()) } else { Err(Refusal::Field { field: "label.name", why }) }
}

fn sized(text: &str) -> Result<(), Refusal> {
    let good = !text.trim().is_empty() && text.len() <= TEXT_BYTES_MAX && !text.contains('\0');
    if good { Ok(()) } else { Err(Refusal::Field { field: "label.size", why: "must have 1 to 65,536 bytes" }) }
}

/// Reads a template's text; its sample is drawn to find out what is wrong. Pictures beside it there are none. What stations print from
/// is tried with what they fill in, too.
///
/// # Errors
/// All that is wrong with it.
pub fn read(name: &str, text: &str, words: &Words) -> Result<Template, TemplateErrors> {
    let template = Template::read(&toml::read(text)?, Pictures::new(), words)?;
    if name == shipping::NAME {
        shipping::check(&template, words)?;
    }
    Ok(template)
}

/// The first sheet of a template's sample as a PNG.
///
/// # Errors
/// Why there is none.
pub fn picture(name: &str, text: &str, dpi: u32, words: &Words) -> Result<Vec<u8>, Unshown> {
    let template = read(name, text, words).map_err(Unshown::Unsound)?;
    let (width_um, height_um) = template.size_um();
    let dots = |um: i32| u64::from(um.unsigned_abs()) * u64::from(dpi) / 25_400 + 1;
    let pixels = dots(width_um) * dots(height_um);
    if pixels > PIXELS_MAX {
        return Err(Unshown::TooLarge);
    }
    let sheets = template.draw(template.sample(), words).map_err(|e| Unshown::Unsound(TemplateErrors(vec![e])))?;
    let Some(sheet) = sheets.first() else { return Err(Unshown::TooLarge) };
    raster::render(sheet, dpi).and_then(|drawn| drawn.png()).map_err(Unshown::Undrawn)
}
