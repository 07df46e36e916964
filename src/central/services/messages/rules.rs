//! Which kinds of messages go out by themselves and after how long, and where carriers show how far a parcel is.

use super::{DELAY_MS, DELAY_MS_MAX, Kind};
use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;
use std::collections::BTreeMap;

/// Stands for the number in the address of a carrier.
const NUMBER: &str = "{number}";
/// Longest address, characters.
const URL_CHARS_MAX: usize = 400;

/// How a kind of messages is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub kind: Kind,
    /// It goes out by itself.
    pub active: bool,
    /// So long it can be taken back, ms.
    pub delay_ms: i64,
}

/// The rule of a kind.
///
/// # Errors
/// Any fault of the store.
pub fn rule(tx: &mut dyn Conn, site: SiteId, kind: Kind) -> Res<Rule> {
    let row = tx.one(
        "SELECT active, delay_ms FROM message_rules WHERE site = $1 AND kind = $2",
        vals![site.to_string(), kind.ruled_as().word()],
    )?;
    Ok(match row {
        Some(row) => Rule { kind, active: row.at(0)?, delay_ms: row.at(1)? },
        None => Rule { kind, active: kind.ruled_as().by_itself(), delay_ms: DELAY_MS },
    })
}

/// All rules, in the order people are shown.
///
/// # Errors
/// Any fault of the store.
pub fn rules(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Rule>> {
    Kind::ALL.into_iter().map(|kind| rule(tx, site, kind)).collect()
}

/// Sets a rule. What waits already keeps its time.
///
/// # Errors
/// [`Refusal::Field`] for a time beyond a day.
pub fn set_rule(work: &mut Work<'_>, rule: Rule) -> Res<()> {
    if !(0..=DELAY_MS_MAX).contains(&rule.delay_ms) {
        return Err(Refusal::Field { field: "message.delay", why: "must be at most a day" }.into());
    }
    work.exec(
        "INSERT INTO message_rules (site, kind, active, delay_ms, updated_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (site, kind) DO UPDATE SET active = excluded.active, delay_ms = excluded.delay_ms, \
         updated_ms = excluded.updated_ms",
        vals![work.site(), rule.kind.word(), rule.active, rule.delay_ms, work.now_ms()],
    )?;
    let detail = serde_json::json!({ "active": rule.active, "delay_ms": rule.delay_ms });
    work.audit("message.rule_set", "message_rule", rule.kind.word(), detail);
    Ok(())
}

/// The addresses of carriers, by their codes.
///
/// # Errors
/// Any fault of the store.
pub fn links(tx: &mut dyn Conn, site: SiteId) -> Res<BTreeMap<String, String>> {
    let rows = tx.all("SELECT carrier, url FROM tracking_links WHERE site = $1", vals![site.to_string()])?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// The address at which a carrier shows this number.
#[must_use]
pub fn link_of(links: &BTreeMap<String, String>, carrier: &str, number: &str) -> Option<String> {
    // A number that is no plain one could lead elsewhere.
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    links.get(carrier).filter(|_| plain).map(|url| url.replace(NUMBER, number))
}

/// Sets the address of a carrier; an empty one takes it away.
///
/// # Errors
/// [`Refusal::Field`] for one that is no HTTPS address with `{number}` in it.
pub fn set_link(work: &mut Work<'_>, carrier: &str, url: &str) -> Res<()> {
    if carrier.is_empty() || carrier.chars().count() > 60 || carrier.contains(char::is_control) {
        return Err(Refusal::Field { field: "message.carrier", why: "must be the code of a carrier" }.into());
    }
    if url.is_empty() {
        work.exec("DELETE FROM tracking_links WHERE site = $1 AND carrier = $2", vals![work.site(), carrier])?;
    } else {
        let address = reqwest::Url::parse(&url.replace(NUMBER, "1")).ok();
        let fits = address.is_some_and(|url| url.scheme() == "https" && url.host_str().is_some());
        // The number stands behind the host: it must not be able to become one.
        let behind = url.strip_prefix("https://").and_then(|rest| rest.split_once('/')).map(|(_, path)| path);
        if url.len() > URL_CHARS_MAX || !fits || !behind.is_some_and(|path| path.contains(NUMBER)) {
            let why = "must be an address such as https://carrier.example/parcel/{number}";
            return Err(Refusal::Field { field: "message.link", why }.into());
        }
        work.exec(
            "INSERT INTO tracking_links (site, carrier, url, updated_ms) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (site, carrier) DO UPDATE SET url = excluded.url, updated_ms = excluded.updated_ms",
            vals![work.site(), carrier, url, work.now_ms()],
        )?;
    }
    work.audit("tracking_link.set", "carrier", carrier, serde_json::json!({ "url": url }));
    Ok(())
}
