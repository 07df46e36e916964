//! A carrier's weekly table becomes moments: weekdays and minutes in the site's zone, without the days on which the site or
//! the carrier rests. A clock that jumps over a pick-up moves it on by the jump; one that goes back means the first.

use crate::core::pickup::Pickups;
use crate::core::time::UtcMs;
use crate::protocol::wire::carrier::{CarrierRecord, Weekday};
use crate::protocol::wire::{LocalDate, SettingsRecord};
use jiff::civil;
use jiff::tz::TimeZone;

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
