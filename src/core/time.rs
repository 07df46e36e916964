//! Points in time and spans, both whole milliseconds. Reading a clock is somebody else's job.

/// Milliseconds since 1970-01-01T00:00:00Z. Shown to people in the site's zone, compared as is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMs(pub i64);

impl UtcMs {
    /// Milliseconds from `earlier` to `self`; never below zero, because a wall clock may be set back.
    #[must_use]
    pub fn since_ms(self, earlier: UtcMs) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }

    /// The year of the Gregorian calendar in UTC, for what hangs on a century and not on a day. Kept to what a day can have.
    #[must_use]
    pub fn year(self) -> i16 {
        // Days since 0000-03-01, then years of 365.2425 days (Fliegel and Van Flandern); January and February are the next.
        let days = self.0.div_euclid(86_400_000) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day = of_era - (365 * year + year / 4 - year / 100);
        let year = era * 400 + year + i64::from(day >= 306);
        i16::try_from(year.clamp(1, 9_999)).unwrap_or(1)
    }

    /// This moment, `ms` later.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> UtcMs {
        UtcMs(self.0.saturating_add(ms))
    }
}

/// A calendar day without a zone, as printed on a product: expiry, best before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    /// Year of our era.
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to the month's last day.
    pub day: u8,
}

impl Day {
    /// A day of the Gregorian calendar, or `None` where there is no such day.
    #[must_use]
    pub fn new(year: i16, month: u8, day: u8) -> Option<Day> {
        (day >= 1 && day <= days_in_month(year, month)).then_some(Day { year, month, day })
    }

    /// The last day of a month, which GS1 means when it writes day 00.
    #[must_use]
    pub fn end_of_month(year: i16, month: u8) -> Option<Day> {
        Day::new(year, month, days_in_month(year, month))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn days_in_month(year: i16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}
