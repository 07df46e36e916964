//! What a message says: the template of its kind in the customer's language, filled with what is true of the order now.

use super::rules::{link_of, links};
use super::track::{self, Item, Parcel, Way};
use super::{Kind, SUBJECT_CHARS_MAX, template};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::sites;
use crate::core::message::Arg;
use crate::core::money::{Currency, Money};
use crate::core::time::UtcMs;
use crate::i18n::{Catalogue, Lang};
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Row};
use crate::vals;
use std::str::FromStr as _;
use std::sync::Arc;

/// Names that a template may have in braces. A line whose names all stand for nothing is left out.
pub const PLACEHOLDERS: &[&str] =
    &["name", "order", "shop", "placed", "items", "total", "due", "ship_by", "parcels", "link"];
/// Most lines of an order that a message lists.
const LINES_MAX: i64 = 300;

/// Where Spanish, Malay or Russian is the first language that this house speaks.
const SPANISH: &[&str] = &[
    "AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GQ", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "PY", "SV",
    "UY", "VE",
];
const MALAY: &[&str] = &["BN", "MY"];
const RUSSIAN: &[&str] = &["BY", "KG", "KZ", "RU"];

/// What messages are written with: the words of all languages, and the address customers reach the server at.
#[derive(Clone)]
pub struct House {
    /// A catalogue for every language.
    pub words: Arc<Vec<Catalogue>>,
    /// Address of the server, without a slash at its end.
    pub url: Arc<str>,
}

impl House {
    /// The catalogue of a language.
    #[must_use]
    pub fn words(&self, lang: Lang) -> &Catalogue {
        self.words.iter().find(|words| words.lang() == lang).unwrap_or(&self.words[0])
    }

    /// The address of a customer's page.
    #[must_use]
    pub fn track(&self, token: &str) -> String {
        format!("{}/track/{token}", self.url)
    }
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Where it goes; none if the customer has no usable address.
    pub to: Option<String>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// The language a customer is written to in: their own, or that of the country.
#[must_use]
pub fn language_of(language: &str, country: &str) -> Lang {
    let known = Lang::ALL.into_iter().find(|lang| lang.code() == language);
    known.unwrap_or_else(|| match country {
        country if SPANISH.contains(&country) => Lang::Es,
        country if MALAY.contains(&country) => Lang::Ms,
        country if RUSSIAN.contains(&country) => Lang::Ru,
        _ => Lang::En,
    })
}

fn ship_to(row: &Row) -> Res<Option<Address>> {
    let text: Option<String> = row.get("ship_to")?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| CentralError::Stored { what: "address of an order" }))
        .transpose()
}

/// A mail address that a mail server would take.
#[must_use]
pub fn usable(text: &str) -> Option<String> {
    lettre::Address::from_str(text.trim()).ok().map(|address| address.to_string())
}

/// Mail address and language of an order's customer.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such order.
pub fn address_of(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<(Option<String>, Lang)> {
    let row = tx
        .one(
            "SELECT o.ship_to, COALESCE(o.country, '') AS country, c.email, c.language, c.erased_ms FROM orders o \
             JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND o.site = $2",
            vals![order, site.to_string()],
        )?
        .ok_or(Refusal::Missing { entity: "order" })?;
    let lang = language_of(&row.get::<String>("language")?, &row.get::<String>("country")?);
    if row.get::<Option<i64>>("erased_ms")?.is_some() {
        return Ok((None, lang));
    }
    let own = ship_to(&row)?.and_then(|address| address.email);
    let email = own.or(row.get("email")?);
    Ok((email.as_deref().and_then(usable), lang))
}

/// Writes the letter of a kind about an order, for one of its parts where that is named. `token` is that of the customer's page.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such order; any fault of the store.
pub fn compose(
    tx: &mut dyn Conn,
    site: SiteId,
    house: &House,
    about: (&str, Kind, Option<&str>),
    lang: Lang,
    token: &str,
) -> Res<Letter> {
    let (order, kind, part) = about;
    let words = house.words(lang);
    let to = address_of(tx, site, order)?.0;
    let template = template::current(tx, site, words, kind)?;
    let link = if token.is_empty() { String::new() } else { house.track(token) };
    // A message of a hand-over tells of what is with the carrier; written before that by hand, of all that is packed.
    let gone = matches!(kind, Kind::Shipped | Kind::PartlyShipped | Kind::Delivered);
    let values = values(tx, site, words, (order, part, gone), link)?;
    let subject: String = fill(&template.subject, &values).chars().take(SUBJECT_CHARS_MAX).collect();
    let subject = subject.replace(char::is_control, " ");
    Ok(Letter { to, subject, body: fill(&template.body, &values) })
}

type Values = Vec<(&'static str, String)>;

fn values(
    tx: &mut dyn Conn,
    site: SiteId,
    words: &Catalogue,
    about: (&str, Option<&str>, bool),
    link: String,
) -> Res<Values> {
    let (order, part, gone) = about;
    let row = tx
        .one(
            "SELECT o.number, o.placed_ms, o.total_minor, o.paid_minor, o.currency, o.ship_by_ms, o.ship_to, o.carrier, c.name \
             FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = $1 AND o.site = $2",
            vals![order, site.to_string()],
        )?
        .ok_or(Refusal::Missing { entity: "order" })?;
    let name = ship_to(&row)?.map(|address| address.name).filter(|name| !name.is_empty());
    let money = |minor: i64| -> Res<String> {
        let currency = Currency::new(&row.get::<String>("currency")?);
        let currency = currency.ok_or(CentralError::Stored { what: "currency" })?;
        Ok(words.format().money(Money { minor, currency }))
    };
    let total: i64 = row.get("total_minor")?;
    let due = (total - row.get::<i64>("paid_minor")?).max(0);
    let day = |ms: i64| words.format().date(UtcMs(ms));
    let carrier: String = row.get("carrier")?;
    let values = vec![
        ("name", name.unwrap_or(row.get("name")?)),
        ("order", row.get("number")?),
        ("shop", sites::get(tx, site)?.name),
        ("placed", day(row.get("placed_ms")?)),
        ("items", items(tx, order)?),
        ("total", money(total)?),
        ("due", if due > 0 { money(due)? } else { String::new() }),
        ("ship_by", row.get::<Option<i64>>("ship_by_ms")?.map(day).unwrap_or_default()),
        ("parcels", parcels(tx, site, words, (order, part, gone), &carrier)?),
        ("link", link),
    ];
    let plain = |text: String| text.replace(|c: char| c.is_control() && c != '\n', " ");
    Ok(values.into_iter().map(|(name, text)| (name, plain(text))).collect())
}

/// What was bought: a kit by its own name, not by its parts.
fn items(tx: &mut dyn Conn, order: &str) -> Res<String> {
    let rows = tx.all(
        "SELECT name, quantity FROM (SELECT l.line_no AS place, COALESCE(l.name, p.name) AS name, l.quantity FROM order_lines l \
         JOIN products p ON p.id = l.product WHERE l.order_id = $1 AND l.kit_no IS NULL \
         UNION ALL SELECT kit_no, name, quantity FROM order_kits WHERE order_id = $1) bought ORDER BY place LIMIT $2",
        vals![order, LINES_MAX],
    )?;
    let line =
        |row: &Row| -> Res<String> { Ok(format!("{} × {}", row.get::<i64>("quantity")?, row.get::<String>("name")?)) };
    Ok(rows.iter().map(line).collect::<Res<Vec<_>>>()?.join("\n"))
}

/// Parcels of a part, or of all parts that are packed: what is in each, its number, and where the carrier shows it. Where `gone` is
/// asked for, those that the carrier has, if it has any.
fn parcels(
    tx: &mut dyn Conn,
    site: SiteId,
    words: &Catalogue,
    about: (&str, Option<&str>, bool),
    carrier: &str,
) -> Res<String> {
    let (order, part, gone) = about;
    let only = match part {
        Some(part) => {
            let row = tx.one("SELECT part FROM fulfillments WHERE id = $1", vals![part])?;
            row.map(|row| row.at::<i64>(0)).transpose()?
        }
        None => None,
    };
    let all = track::parcels(tx, site, order, carrier)?;
    let mut told: Vec<&Parcel> = all.iter().filter(|parcel| only.is_none_or(|part| part == parcel.place.0)).collect();
    if gone && told.iter().any(|parcel| parcel.way != Way::Here) {
        told.retain(|parcel| parcel.way != Way::Here);
    }
    let mut texts = Vec::with_capacity(told.len());
    for (no, parcel) in (1_i64..).zip(told) {
        texts.push(parcel_text(words, no, parcel));
    }
    Ok(texts.join("\n\n"))
}

fn parcel_text(words: &Catalogue, no: i64, parcel: &Parcel) -> String {
    let number = parcel.number.clone().unwrap_or_default();
    let head = if number.is_empty() {
        words.text_with("mail-parcel", &[("no", Arg::Int(no))])
    } else {
        words.text_with("mail-parcel-number", &[("no", Arg::Int(no)), ("number", Arg::Text(number))])
    };
    // A part of a kit names it: the customer bought the kit.
    let items = parcel.items.iter().map(|item| match &item.kit {
        Some(kit) => format!("{} × {} ({kit})", item.units, item.name),
        None => format!("{} × {}", item.units, item.name),
    });
    std::iter::once(head).chain(parcel.url.clone()).chain(items).collect::<Vec<_>>().join("\n")
}

/// Puts values in the place of names in braces. A line whose names all stand for nothing is left out, and no two empty lines follow
/// each other. What a value holds is never looked at again: a name in braces within it stays.
#[must_use]
pub fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        let (filled, nothing) = fill_line(line, values);
        let blank = filled.trim().is_empty();
        if nothing || (blank && out.last().is_none_or(String::is_empty)) {
            continue;
        }
        out.push(filled.trim_end().to_owned());
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.join("\n")
}

/// The line, and whether it has names that all stand for nothing.
fn fill_line(line: &str, values: &[(&'static str, String)]) -> (String, bool) {
    let (mut out, mut rest) = (String::with_capacity(line.len()), line);
    let (mut names, mut some) = (false, false);
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let known = behind.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        match known {
            Some((value, after)) => {
                (names, some) = (true, some || !value.is_empty());
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    (out, names && !some)
}

/// Values for a preview without an order.
///
/// # Errors
/// Any fault of the store.
pub fn sample(
    tx: &mut dyn Conn,
    site: SiteId,
    house: &House,
    lang: Lang,
    now: UtcMs,
) -> Res<Vec<(&'static str, String)>> {
    let words = house.words(lang);
    let site_row = sites::get(tx, site)?;
    let currency = Currency::new(&site_row.currency).ok_or(CentralError::Stored { what: "currency" })?;
    let links = links(tx, site)?;
    let number = "395212340000000014".to_owned();
    let url = links.keys().next().and_then(|carrier| link_of(&links, carrier, &number));
    let item = words.text("mail-sample-item").into_owned();
    let items = vec![Item { name: item.clone(), units: 2, kit: None }];
    let parcel = Parcel { place: (1, 1), number: Some(number), url, items, way: Way::Left };
    let money = words.format().money(Money { minor: 1_234, currency });
    Ok(vec![
        ("name", words.text("mail-sample-name").into_owned()),
        ("order", "M000123".to_owned()),
        ("shop", site_row.name),
        ("placed", words.format().date(now)),
        ("items", format!("2 × {item}")),
        ("total", money.clone()),
        ("due", money),
        ("ship_by", words.format().date(now)),
        ("parcels", parcel_text(words, 1, &parcel)),
        ("link", house.track("…")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_once_and_lines_for_nothing_are_left_out() {
        let values = [("name", "{link} B".to_owned()), ("link", "https://x".to_owned()), ("due", String::new())];
        let text = "Hello {name},\n\nDue: {due}\n\n{due}\n{unknown} {\nSee {link}\n\n";
        assert_eq!(fill(text, &values), "Hello {link} B,\n\n{unknown} {\nSee https://x");
        assert_eq!(fill("{due}{link}", &values), "https://x");
        assert_eq!(fill("", &values), "");
    }

    #[test]
    fn the_country_decides_where_nobody_said_a_language() {
        assert_eq!(language_of("", "MX"), Lang::Es);
        assert_eq!(language_of("en", "MX"), Lang::En);
        assert_eq!(language_of("", "MY"), Lang::Ms);
        assert_eq!(language_of("", "KZ"), Lang::Ru);
        assert_eq!(language_of("", "GB"), Lang::En);
        assert_eq!(language_of("xx", ""), Lang::En);
    }

    #[test]
    fn an_address_that_would_break_a_header_is_none() {
        assert_eq!(usable(" buyer@example.com "), Some("buyer@example.com".to_owned()));
        for wrong in ["", "buyer", "a@b@c", "a b@example.com", "a@example.com\r\nBcc: x@example.com", "<a@example.com>"]
        {
            assert_eq!(usable(wrong), None, "{wrong}");
        }
    }
}
