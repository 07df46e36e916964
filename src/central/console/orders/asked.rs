//! What the address of the table says, and addresses that say the same with one thing changed. Everything a clerk chose stands in
//! the address, so that it can be kept as a bookmark, sent to somebody, and saved as a view.

use super::columns::Layout;
use crate::central::services::orders::Method;
use crate::central::services::orders::table::{
    BUYERS, FULFILLMENTS, Filter, Flag, PAYMENTS, STATUSES, Sort, SortKey, TEXT_MAX,
};
use jiff::tz::TimeZone;
use jiff::{Span, civil};

/// Longest word of the address that is read.
const WORD_MAX: usize = 200;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A cut through the orders that people come back to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// All open ones.
    #[default]
    Open,
    /// Open and to leave by the end of today.
    Today,
    /// Open and not paid.
    Unpaid,
    /// With an open question.
    Question,
    /// Open, typed for businesses.
    Business,
    /// All.
    All,
}

impl Tab {
    pub const ALL: [Tab; 6] = [Tab::Open, Tab::Today, Tab::Unpaid, Tab::Question, Tab::Business, Tab::All];

    pub const fn word(self) -> &'static str {
        match self {
            Tab::Open => "open",
            Tab::Today => "today",
            Tab::Unpaid => "unpaid",
            Tab::Question => "question",
            Tab::Business => "business",
            Tab::All => "all",
        }
    }

    pub const fn key(self) -> &'static str {
        match self {
            Tab::Open => "console-all-open",
            Tab::Today => "console-ship-today",
            Tab::Unpaid => "console-unpaid",
            Tab::Question => "console-exceptions",
            Tab::Business => "orders-tab-business",
            Tab::All => "console-any",
        }
    }
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub tab: Tab,
    pub search: String,
    pub status: Vec<String>,
    pub payment: Vec<String>,
    pub fulfillment: Vec<String>,
    pub buyer: String,
    pub category: String,
    pub method: String,
    pub shipping: String,
    pub flags: Vec<Flag>,
    /// Days, `YYYY-MM-DD`, both included.
    pub from: String,
    pub until: String,
    pub sort: Sort,
    /// Columns that the address names; else those the person set last.
    pub layout: Option<Layout>,
    pub cursor: Option<String>,
}

fn day(text: &str) -> Option<civil::Date> {
    text.parse().ok()
}

fn midnight(day: civil::Date, zone: &TimeZone) -> Option<i64> {
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

impl Asked {
    /// Reads the pairs of an address; what is unknown is left out.
    pub fn of(pairs: &[(String, String)]) -> Asked {
        let known = |all: &[&str], word: &str| all.contains(&word).then(|| word.to_owned());
        let mut asked = Asked::default();
        let mut tab = None;
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            let short = || value.chars().filter(|c| !c.is_control()).take(WORD_MAX).collect::<String>();
            match name.as_str() {
                "tab" => tab = Tab::ALL.into_iter().find(|tab| tab.word() == value),
                // Older addresses said it so.
                "all" => tab = Some(Tab::All),
                "search" => asked.search = short().chars().take(TEXT_MAX).collect(),
                "status" => asked.status.extend(known(STATUSES, value)),
                "payment" => asked.payment.extend(known(PAYMENTS, value)),
                "fulfillment" => asked.fulfillment.extend(known(FULFILLMENTS, value)),
                "buyer" => asked.buyer = known(BUYERS, value).unwrap_or_default(),
                "category" => asked.category = short(),
                "method" => {
                    asked.method = Method::ALL.iter().map(|m| m.word()).find(|m| m == value).unwrap_or("").to_owned()
                }
                "shipping" => asked.shipping = short(),
                "flag" => asked.flags.extend(Flag::of(value).filter(|flag| !asked.flags.contains(flag))),
                "from" => asked.from = day(value).map(|day| day.to_string()).unwrap_or_default(),
                "until" => asked.until = day(value).map(|day| day.to_string()).unwrap_or_default(),
                "sort" => asked.sort = Sort::of(value),
                "cols" => asked.layout = Layout::of(value),
                "cursor" => asked.cursor = Some(value.clone()),
                _ => {}
            }
        }
        for words in [&mut asked.status, &mut asked.payment, &mut asked.fulfillment] {
            words.sort();
            words.dedup();
        }
        // Who asks for a status asks for all orders that have it.
        asked.tab = tab.unwrap_or(if asked.status.is_empty() { Tab::Open } else { Tab::All });
        asked
    }

    /// Reads an address from `?` on, without it.
    pub fn of_query(query: &str) -> Asked {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Asked::of(&pairs)
    }

    /// The filter, days being those of the zone.
    pub fn filter(&self, personal: bool, zone: &TimeZone, now_ms: i64) -> Filter {
        let after = |day: civil::Date| day.checked_add(Span::new().days(1)).ok();
        let today = jiff::Timestamp::from_millisecond(now_ms).ok().map(|at| at.to_zoned(zone.clone()).date());
        let tomorrow = today.and_then(after).and_then(|day| midnight(day, zone)).unwrap_or(now_ms + DAY_MS);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let mut filter = Filter {
            open: matches!(self.tab, Tab::Open | Tab::Today | Tab::Unpaid | Tab::Business),
            from_ms: day(&self.from).and_then(|day| midnight(day, zone)),
            until_ms: day(&self.until).and_then(after).and_then(|day| midnight(day, zone)),
            due_before_ms: (self.tab == Tab::Today).then_some(tomorrow),
            status: self.status.clone(),
            payment: self.payment.clone(),
            fulfillment: self.fulfillment.clone(),
            buyer: self.buyer.clone(),
            category: self.category.clone(),
            method: self.method.clone(),
            shipping: self.shipping.clone(),
            desk: if self.tab == Tab::Business { "b2b".to_owned() } else { String::new() },
            flags: self.flags.clone(),
            text: self.search.clone(),
            personal,
        };
        if self.tab == Tab::Unpaid && filter.payment.is_empty() {
            filter.payment = words(&["failed", "none", "partially_paid"]);
        }
        if self.tab == Tab::Today && filter.fulfillment.is_empty() {
            // What left leaves no more today.
            filter.fulfillment = words(&["unfulfilled", "in_progress", "packed", "partially_shipped"]);
        }
        if self.tab == Tab::Question && !filter.flags.contains(&Flag::Question) {
            filter.flags.push(Flag::Question);
        }
        filter
    }

    /// The choices beside tab and text, each with the address without it: `(name, value)`.
    pub fn chosen(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        let lists = [("status", &self.status), ("payment", &self.payment), ("fulfillment", &self.fulfillment)];
        for (name, words) in lists {
            all.extend(words.iter().map(|word| (name, word.clone())));
        }
        let words = [
            ("buyer", &self.buyer),
            ("category", &self.category),
            ("method", &self.method),
            ("shipping", &self.shipping),
            ("from", &self.from),
            ("until", &self.until),
        ];
        all.extend(words.into_iter().filter(|(_, word)| !word.is_empty()).map(|(name, word)| (name, word.clone())));
        all.extend(self.flags.iter().map(|flag| ("flag", flag.word().to_owned())));
        all
    }

    /// The pairs that say all this, without the cursor.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("tab", self.tab.word().to_owned())];
        if !self.search.is_empty() {
            pairs.push(("search", self.search.clone()));
        }
        pairs.extend(self.chosen());
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.text()));
        }
        pairs.extend(self.layout.iter().map(|layout| ("cols", layout.text())));
        pairs
    }

    /// What the address says from `?` on, without it.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.finish()
    }

    /// The address.
    pub fn link(&self) -> String {
        format!("/orders?{}", self.query())
    }

    /// The address of the page behind a cursor.
    pub fn link_after(&self, cursor: &str) -> String {
        format!("{}&cursor={cursor}", self.link())
    }

    /// Without one choice.
    pub fn without(&self, name: &str, value: &str) -> Asked {
        let pairs = self.pairs().into_iter().filter(|(n, v)| !(*n == name && v == value));
        Asked::of(&pairs.map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
    }

    /// With another tab, and without what was narrowed down before.
    pub fn on(&self, tab: Tab) -> Asked {
        Asked { tab, sort: self.sort.clone(), layout: self.layout.clone(), ..Asked::default() }
    }

    /// Sorted by a column: first by it, then by what came first before; once more turns it round.
    pub fn sorted(&self, key: SortKey) -> Asked {
        let keys = &self.sort.0;
        let first = keys.first().filter(|(there, _)| *there == key);
        let descending = match first {
            Some((_, descending)) => !descending,
            None => matches!(key, SortKey::Placed | SortKey::Total),
        };
        let rest = keys.iter().filter(|(there, _)| *there != key).copied();
        let mut keys: Vec<_> = std::iter::once((key, descending)).chain(rest).collect();
        keys.truncate(2);
        Asked { sort: Sort(keys), cursor: None, ..self.clone() }
    }
}
