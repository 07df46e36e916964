//! What an admin changes about the house at the console: its name, zone, currency and first language, how long photos and what stations
//! know of people are kept, and until when carriers fetch. What a change would delete is counted before it is made.

use super::{of, put, set_carrier};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::core::money::Currency;
use crate::i18n::Lang;
use crate::protocol::wire::carrier::{Cutoff, Weekday};
use crate::protocol::wire::{CarrierRecord, SettingsRecord, SiteId};
use crate::sql::Conn;
use crate::vals;

/// Longest name of a site, characters.
pub const NAME_MAX: usize = 80;
/// Longest time that anything is kept, days.
pub const DAYS_MAX: u16 = 3_650;
/// Most pick-ups of a service on one day.
const PICKUPS_MAX: usize = 6;
/// What is counted is counted to here.
pub const COUNTED_MAX: i64 = 100_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The days of the week, Monday first.
pub const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The house as an admin wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseEdit {
    /// Name for people.
    pub name: String,
    /// IANA zone.
    pub zone: String,
    /// ISO 4217.
    pub currency: String,
    /// The first language of stations.
    pub language: String,
    /// Days until stations forget orders that are over.
    pub personal_data_days: i64,
    /// Days until photos are deleted.
    pub photo_days: i64,
}

/// What a change would delete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fallout {
    /// Photos that are older than they would be kept; counted to [`COUNTED_MAX`].
    pub photos: i64,
    /// Orders that stations would forget; counted to [`COUNTED_MAX`]. The server keeps them.
    pub orders: i64,
}

/// The settings as they are.
///
/// # Errors
/// If the stored ones have an unknown form.
pub fn now(tx: &mut dyn Conn, site: SiteId) -> Res<SettingsRecord> {
    of(&sites::get(tx, site)?)
}

/// Checks an edit by itself.
///
/// # Errors
/// [`Refusal::Field`] for what cannot be.
pub fn check(edit: &HouseEdit) -> Result<(), Refusal> {
    let wrong = |field: &'static str, why: &'static str| Err(Refusal::Field { field, why });
    let name = edit.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.contains(char::is_control) {
        return wrong("settings.name", "must have 1 to 80 characters");
    }
    if jiff::tz::TimeZone::get(&edit.zone).is_err() {
        return wrong("settings.zone", "must be an IANA time zone");
    }
    if Currency::new(&edit.currency).is_none() {
        return wrong("settings.currency", "must be three capital letters of ISO 4217");
    }
    if Lang::ALL.iter().all(|lang| lang.code() != edit.language) {
        return wrong("settings.language", "must be a language of the house");
    }
    let days = 1..=i64::from(DAYS_MAX);
    if !days.contains(&edit.personal_data_days) {
        return wrong("settings.personal_days", "must be 1 to 3,650");
    }
    if !days.contains(&edit.photo_days) {
        return wrong("settings.photo_days", "must be 1 to 3,650");
    }
    Ok(())
}

/// What an edit would delete that is kept today.
///
/// # Errors
/// As [`now`].
pub fn fallout(tx: &mut dyn Conn, site: SiteId, edit: &HouseEdit, now_ms: i64) -> Res<Fallout> {
    let here = now(tx, site)?;
    let before = |days: i64| now_ms.saturating_sub(days.saturating_mul(DAY_MS));
    let (photo_days, days) = (i64::from(here.photos.keep_days), i64::from(here.personal_data_days));
    let mut fallout = Fallout::default();
    if edit.photo_days < photo_days {
        fallout.photos = tx.int(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM photos WHERE site = $1 AND erased_ms IS NULL AND complete_ms < $2 \
             LIMIT $3) t",
            vals![site.to_string(), before(edit.photo_days), COUNTED_MAX],
        )?;
    }
    if edit.personal_data_days < days {
        fallout.orders = tx.int(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders WHERE site = $1 AND is_open = 0 AND updated_ms < $2 \
             AND updated_ms >= $3 LIMIT $4) t",
            vals![site.to_string(), before(edit.personal_data_days), before(days), COUNTED_MAX],
        )?;
    }
    Ok(fallout)
}

/// Changes the house for one who saw that version; the names of what is another now.
///
/// # Errors
/// As [`check`]; [`Refusal::Version`] if somebody was faster; [`Refusal::Field`] for another currency once there are orders or prices.
pub fn change(work: &mut Work<'_>, edit: &HouseEdit, seen: i64) -> Res<Vec<&'static str>> {
    check(edit)?;
    let mut here = now(work.tx, work.ctx.site)?;
    let newest = i64::try_from(here.version).unwrap_or(i64::MAX);
    if newest != seen {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    if edit.currency != here.currency && has_money(work)? {
        let why = "cannot change any more: there are orders or prices in the one that holds";
        return Err(Refusal::Field { field: "settings.currency", why }.into());
    }
    let before = here.clone();
    here.name = edit.name.trim().to_owned();
    here.zone.clone_from(&edit.zone);
    here.currency.clone_from(&edit.currency);
    here.languages.retain(|language| *language != edit.language);
    here.languages.insert(0, edit.language.clone());
    here.personal_data_days = u16::try_from(edit.personal_data_days).unwrap_or(DAYS_MAX);
    here.photos.keep_days = u16::try_from(edit.photo_days).unwrap_or(DAYS_MAX);
    let changed: Vec<&'static str> = [
        ("name", here.name != before.name),
        ("zone", here.zone != before.zone),
        ("currency", here.currency != before.currency),
        ("language", here.languages.first() != before.languages.first()),
        ("personal_data_days", here.personal_data_days != before.personal_data_days),
        ("photos.keep_days", here.photos.keep_days != before.photos.keep_days),
    ]
    .into_iter()
    .filter_map(|(name, other)| other.then_some(name))
    .collect();
    if changed.is_empty() {
        return Ok(changed);
    }
    let detail = serde_json::json!({
        "changed": changed,
        "from": told(&before),
        "to": told(&here),
    });
    put(work, here, detail)?;
    Ok(changed)
}

/// What of the settings stands in the audit; nothing of it is a person's.
fn told(settings: &SettingsRecord) -> serde_json::Value {
    serde_json::json!({
        "name": settings.name, "zone": settings.zone, "currency": settings.currency, "language": settings.languages.first(),
        "personal_data_days": settings.personal_data_days, "photos.keep_days": settings.photos.keep_days,
    })
}

fn has_money(work: &mut Work<'_>) -> Res<bool> {
    let orders = work.one("SELECT id FROM orders WHERE site = $1 LIMIT 1", vals![work.site()])?;
    let sql = "SELECT id FROM products WHERE site = $1 AND price_minor IS NOT NULL LIMIT 1";
    Ok(orders.is_some() || work.one(sql, vals![work.site()])?.is_some())
}

/// The carriers as they are, by code.
///
/// # Errors
/// If a stored one has an unknown form.
pub fn carriers(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<CarrierRecord>> {
    let sql = "SELECT record FROM carriers WHERE site = $1 ORDER BY code LIMIT 100";
    let rows = tx.all(sql, vals![site.to_string()])?;
    let carrier = |row: &crate::sql::Row| -> Res<CarrierRecord> {
        serde_json::from_str(&row.at::<String>(0)?).map_err(|_| CentralError::Stored { what: "carrier" })
    };
    rows.iter().map(carrier).collect()
}

/// Times of a day as they are typed, `12:00 16:30`, in minutes after midnight, the earliest first; empty for no pick-up.
///
/// # Errors
/// [`Refusal::Field`] for what is no time, or more than six.
pub fn times(text: &str) -> Result<Vec<u16>, Refusal> {
    let wrong = Refusal::Field { field: "settings.cutoffs", why: "must be times such as 12:00 16:30, at most six" };
    let one = |part: &str| -> Option<u16> {
        let (hours, minutes) = part.split_once(':')?;
        let plain = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(hours) || !plain(minutes) || minutes.len() != 2 {
            return None;
        }
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    let parts = text.split([' ', ',', ';']).filter(|part| !part.is_empty());
    let mut times = parts.map(one).collect::<Option<Vec<u16>>>().ok_or_else(|| wrong.clone())?;
    times.sort_unstable();
    times.dedup();
    if times.len() > PICKUPS_MAX { Err(wrong) } else { Ok(times) }
}

/// Sets until when a service of a carrier is fetched, for one who saw that version of the carrier: the times of each day of [`WEEK`].
///
/// # Errors
/// [`Refusal::Missing`] for no such carrier or service; [`Refusal::Version`] if somebody was faster.
pub fn set_cutoffs(work: &mut Work<'_>, of: (&str, &str), days: &[Vec<u16>; 7], seen: i64) -> Res<()> {
    let (carrier, service) = of;
    let found = carriers(work.tx, work.ctx.site)?.into_iter().find(|known| known.code == carrier);
    let mut record = found.ok_or(Refusal::Missing { entity: "carrier" })?;
    let newest = i64::try_from(record.version).unwrap_or(i64::MAX);
    if newest != seen {
        return Err(Refusal::Version { newest, fields: Vec::new() }.into());
    }
    let known = record.services.iter_mut().find(|known| known.code == service);
    let known = known.ok_or(Refusal::Missing { entity: "service" })?;
    let all = WEEK.into_iter().zip(days);
    known.cutoffs = all
        .flat_map(|(weekday, times)| times.iter().map(move |minute| Cutoff { weekday, minute_of_day: *minute }))
        .collect();
    record.version += 1;
    set_carrier(work, record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_day_are_read_as_they_are_typed() {
        assert_eq!(times("16:30"), Ok(vec![990]));
        assert_eq!(times(" 16:30, 9:05 16:30 "), Ok(vec![545, 990]));
        assert_eq!(times(""), Ok(Vec::new()));
        for wrong in ["24:00", "12:60", "noon", "12", "12:5", "+1:00", "1:00 2:00 3:00 4:00 5:00 6:00 7:00"] {
            assert!(times(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_edit_names_the_field_that_cannot_be() {
        let good = HouseEdit {
            name: "House".to_owned(),
            zone: "Europe/Madrid".to_owned(),
            currency: "EUR".to_owned(),
            language: "es".to_owned(),
            personal_data_days: 30,
            photo_days: 180,
        };
        assert_eq!(check(&good), Ok(()));
        let field = |edit: HouseEdit| match check(&edit) {
            Err(Refusal::Field { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(HouseEdit { name: " ".to_owned(), ..good.clone() }), "settings.name");
        assert_eq!(field(HouseEdit { zone: "Mars/Base".to_owned(), ..good.clone() }), "settings.zone");
        assert_eq!(field(HouseEdit { currency: "euro".to_owned(), ..good.clone() }), "settings.currency");
        assert_eq!(field(HouseEdit { language: "de".to_owned(), ..good.clone() }), "settings.language");
        assert_eq!(field(HouseEdit { personal_data_days: 0, ..good.clone() }), "settings.personal_days");
        assert_eq!(field(HouseEdit { photo_days: 3_651, ..good }), "settings.photo_days");
    }
}
