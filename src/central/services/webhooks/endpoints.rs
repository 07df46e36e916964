//! Endpoints: where programs are told, of what, and with which secret it is signed.

use super::address;
use super::sign::new_secret;
use super::{ENDPOINTS_MAX, EVENTS, ROTATION_MS};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// Longest description, characters.
const ABOUT_MAX: usize = 200;

/// An endpoint to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEndpoint {
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub about: String,
    /// Types of messages it gets, of [`EVENTS`].
    pub events: Vec<String>,
}

/// An endpoint that was just made, or got a new secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its id.
    pub id: String,
    /// The secret; told this once.
    pub secret: String,
}

/// What shall change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Where it is.
    pub url: Option<String>,
    /// What it is for.
    pub about: Option<String>,
    /// Types of messages it gets.
    pub events: Option<Vec<String>>,
    /// It is told.
    pub enabled: Option<bool>,
}

/// An endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// What it is for.
    pub about: String,
    /// Types of messages it gets.
    pub events: Vec<String>,
    /// `enabled`, `disabled` by a person, or `gone` by its own word.
    pub state: String,
    /// Messages were lost at this moment because too many waited, UTC ms.
    pub lost_ms: Option<i64>,
    /// Until then the secret before signs too, UTC ms; 0 for never.
    pub previous_until_ms: i64,
    /// Version.
    pub version: i64,
    /// When it was made, UTC ms.
    pub created_ms: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

fn check(about: &str, events: &[String]) -> Result<(), Refusal> {
    if about.chars().count() > ABOUT_MAX || about.contains(char::is_control) {
        return Err(Refusal::Field { field: "about", why: "must have at most 200 characters" });
    }
    let known = events.iter().all(|event| EVENTS.contains(&event.as_str()));
    if events.is_empty() || events.len() > EVENTS.len() || !known {
        return Err(Refusal::Field { field: "events", why: "must name types of messages, each once" });
    }
    Ok(())
}

fn json(events: &[String]) -> String {
    serde_json::json!(events).to_string()
}

/// Makes an endpoint. `private` as for [`address::check`].
///
/// # Errors
/// [`Refusal::Field`] for what is not usable, also beyond [`ENDPOINTS_MAX`].
pub fn make(work: &mut Work<'_>, new: &NewEndpoint, private: bool) -> Res<Made> {
    let to = address::check(&new.url, private)?;
    check(&new.about, &new.events)?;
    if work.tx.int("SELECT COUNT(*) FROM webhook_endpoints WHERE site = $1", vals![work.ctx.site.to_string()])?
        >= ENDPOINTS_MAX
    {
        return Err(
            Refusal::Field { field: "url", why: "would be one more than 50 endpoints; remove one first" }.into()
        );
    }
    let made = Made { id: work.new_id(), secret: new_secret()? };
    work.exec(
        "INSERT INTO webhook_endpoints (id, site, url, about, events, secret, created_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        vals![&made.id, work.site(), to.url.as_str(), &new.about, json(&new.events), &made.secret, work.now_ms()],
    )?;
    work.audit("webhook.made", "webhook", &made.id, serde_json::json!({ "events": new.events }));
    Ok(made)
}

/// Changes an endpoint; what waits for one that is disabled is given up.
///
/// # Errors
/// [`Refusal::Missing`]; as [`make`].
pub fn edit(work: &mut Work<'_>, id: &str, edit: &Edit, private: bool) -> Res<Endpoint> {
    let now = one(work.tx, work.ctx.site, id)?;
    let url = match &edit.url {
        Some(text) => address::check(text, private)?.url.to_string(),
        None => now.url,
    };
    let about = edit.about.clone().unwrap_or(now.about);
    let events = edit.events.clone().unwrap_or(now.events);
    check(&about, &events)?;
    let state = match edit.enabled {
        Some(true) => "enabled",
        Some(false) => "disabled",
        None => now.state.as_str(),
    };
    work.exec(
        "UPDATE webhook_endpoints SET url = $2, about = $3, events = $4, state = $5, \
         lost_ms = CASE WHEN CAST($6 AS BIGINT) = 1 THEN NULL ELSE lost_ms END, version = version + 1, updated_ms = $7 \
         WHERE id = $1",
        vals![id, url, about, json(&events), state, edit.enabled == Some(true), work.now_ms()],
    )?;
    if state != "enabled" {
        give_up(work.tx, id, work.ctx.now.0)?;
    }
    work.audit("webhook.changed", "webhook", id, serde_json::json!({ "state": state }));
    one(work.tx, work.ctx.site, id)
}

/// Gives up what waits for an endpoint.
///
/// # Errors
/// Any fault of the store.
pub(super) fn give_up(tx: &mut dyn Conn, endpoint: &str, now_ms: i64) -> Res<()> {
    tx.exec(
        "UPDATE webhook_deliveries SET state = 'failed', updated_ms = $2 WHERE endpoint = $1 AND state = 'waiting'",
        vals![endpoint, now_ms],
    )?;
    Ok(())
}

/// Removes an endpoint with all that was kept of it.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn remove(work: &mut Work<'_>, id: &str) -> Res<()> {
    one(work.tx, work.ctx.site, id)?;
    // Its messages are held first: one whose try is being noted is waited for, so that no try is left behind.
    work.exec("UPDATE webhook_deliveries SET state = 'failed' WHERE endpoint = $1", vals![id])?;
    let of_it =
        "DELETE FROM webhook_attempts WHERE delivery IN (SELECT id FROM webhook_deliveries WHERE endpoint = $1)";
    work.exec(of_it, vals![id])?;
    work.exec("DELETE FROM webhook_deliveries WHERE endpoint = $1", vals![id])?;
    work.exec("DELETE FROM webhook_endpoints WHERE id = $1", vals![id])?;
    work.audit("webhook.removed", "webhook", id, serde_json::json!({}));
    Ok(())
}

/// Gives an endpoint a new secret; the one before signs beside it for [`ROTATION_MS`].
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn rotate(work: &mut Work<'_>, id: &str) -> Res<Made> {
    one(work.tx, work.ctx.site, id)?;
    let made = Made { id: id.to_owned(), secret: new_secret()? };
    work.exec(
        "UPDATE webhook_endpoints SET previous_secret = secret, previous_until_ms = $3, secret = $2, version = version + 1, \
         updated_ms = $4 WHERE id = $1",
        vals![id, &made.secret, work.now_ms() + ROTATION_MS, work.now_ms()],
    )?;
    work.audit("webhook.secret_changed", "webhook", id, serde_json::json!({}));
    Ok(made)
}

const SELECT: &str = "SELECT id, url, about, events, state, lost_ms, previous_until_ms, version, created_ms, updated_ms \
    FROM webhook_endpoints";

fn endpoint(row: &Row) -> Res<Endpoint> {
    let events = serde_json::from_str(&row.get::<String>("events")?);
    Ok(Endpoint {
        id: row.get("id")?,
        url: row.get("url")?,
        about: row.get("about")?,
        events: events.map_err(|_| CentralError::Stored { what: "types of a webhook" })?,
        state: row.get("state")?,
        lost_ms: row.get("lost_ms")?,
        previous_until_ms: row.get("previous_until_ms")?,
        version: row.get("version")?,
        created_ms: row.get("created_ms")?,
        updated_ms: row.get("updated_ms")?,
    })
}

/// The endpoint with this id.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, id: &str) -> Res<Endpoint> {
    let row = tx.one(&format!("{SELECT} WHERE site = $1 AND id = $2"), vals![site.to_string(), id])?;
    endpoint(&row.ok_or(Refusal::Missing { entity: "webhook" })?)
}

/// All endpoints, oldest first.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Endpoint>> {
    let sql = format!("{SELECT} WHERE site = $1 ORDER BY created_ms, id LIMIT $2");
    tx.all(&sql, vals![site.to_string(), ENDPOINTS_MAX])?.iter().map(endpoint).collect()
}
