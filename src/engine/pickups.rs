//! A carrier's weekly table becomes moments: weekdays and minutes in the site's zone, without the days on which the site or
//! the carrier rests. A clock that jumps over a pick-up moves it on by the jump; one that goes back means the first.

use crate::core::pickup::Pickups;
use crate::core::priority::Candidate;
use crate::core::time::UtcMs;
use crate::protocol::wire::carrier::{CarrierRecord, Weekday};
use crate::protocol::wire::{ChangeKind, LocalDate, SettingsRecord};
use crate::storage::{Conn, Res, records, work};
use jiff::civil;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use uuid::Uuid;

/// Days of the table before today: what was missed longer ago is late by its promise anyway.
const DAYS_BEFORE: i64 = 14;
/// Days of the table after today: enough to find the next pick-up after any holidays.
const DAYS_AFTER: i64 = 28;

/// The pick-ups of one service around `now`; none for a service that the carrier does not have, or without any.
#[must_use]
pub fn table(carrier: &CarrierRecord, service: &str, site: &SettingsRecord, now: UtcMs) -> Option<Pickups> {
    let service = carrier.services.iter().find(|s| s.code == service).filter(|s| !s.cutoffs.is_empty())?;
    let zone = TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC);
    let today = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    let mut moments = Vec::new();
    for offset in -DAYS_BEFORE..=DAYS_AFTER {
        let Ok(day) = today.checked_add(jiff::Span::new().days(offset)) else { continue };
        let text = LocalDate(day.to_string());
        if site.holidays.contains(&text) || carrier.holidays.contains(&text) {
            continue;
        }
        let weekday = weekday(day.weekday());
        for cutoff in service.cutoffs.iter().filter(|c| c.weekday == weekday) {
            moments.extend(moment(day, cutoff.minute_of_day, &zone));
        }
    }
    Some(Pickups::new(&carrier.name, moments))
}

/// A minute of a day in a zone, where the day has such a minute of the clock.
fn moment(day: civil::Date, minute: u16, zone: &TimeZone) -> Option<UtcMs> {
    let hour = i8::try_from(minute / 60).ok()?;
    let rest = i8::try_from(minute % 60).ok()?;
    let time = civil::Time::new(hour, rest, 0, 0).ok()?;
    let at = zone.to_ambiguous_zoned(day.to_datetime(time)).compatible().ok()?;
    Some(UtcMs(at.timestamp().as_millisecond()))
}

fn weekday(day: civil::Weekday) -> Weekday {
    match day {
        civil::Weekday::Monday => Weekday::Monday,
        civil::Weekday::Tuesday => Weekday::Tuesday,
        civil::Weekday::Wednesday => Weekday::Wednesday,
        civil::Weekday::Thursday => Weekday::Thursday,
        civil::Weekday::Friday => Weekday::Friday,
        civil::Weekday::Saturday => Weekday::Saturday,
        civil::Weekday::Sunday => Weekday::Sunday,
    }
}

/// The candidates of the queue, each with the pick-up it is to reach. A table is made once per service, however many
/// orders go with it.
pub(super) fn candidates(c: &mut dyn Conn, now: UtcMs) -> Res<Vec<Candidate>> {
    let waiting = work::candidates(c, now)?;
    let site = super::load::settings(c)?;
    let mut tables: HashMap<(String, String), Option<Pickups>> = HashMap::new();
    let mut out = Vec::with_capacity(waiting.len());
    for w in waiting {
        let key = (w.carrier, w.service);
        if !tables.contains_key(&key) {
            let carrier = match Uuid::parse_str(&key.0) {
                Ok(id) => records::get::<CarrierRecord>(c, ChangeKind::Carrier, id)?,
                Err(_) => None,
            };
            let made = carrier.zip(site.as_ref()).and_then(|(carrier, site)| table(&carrier, &key.1, site, now));
            tables.insert(key.clone(), made);
        }
        let pickups = tables.get(&key).and_then(Option::as_ref);
        let cutoff = pickups.and_then(|p| p.serving(w.candidate.ship_by, now));
        out.push(Candidate { cutoff, ..w.candidate });
    }
    Ok(out)
}
