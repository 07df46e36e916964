//! When the office wants to look at an order itself, where nothing is sent, and how long work takes: rules as data, one of each
//! kind, with what holds until somebody sets it.

use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::core::country;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// Longest list of countries, characters.
const WORDS_MAX: usize = 400;
/// Highest amount.
const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleKind {
    /// Review from this total on, minor units.
    HighValue,
    /// Review of orders placed within so many days of the customer's first; 0: the first alone.
    NewCustomer,
    /// Review from so many units on.
    ManyUnits,
    /// Review for these countries.
    ReviewCountry,
    /// Nothing may be sent to these countries.
    RestrictedCountry,
    /// Work takes so many minutes from when it can begin.
    Processing,
}

impl RuleKind {
    /// All, in the order people are shown.
    pub const ALL: [RuleKind; 6] = [
        RuleKind::HighValue,
        RuleKind::NewCustomer,
        RuleKind::ManyUnits,
        RuleKind::ReviewCountry,
        RuleKind::RestrictedCountry,
        RuleKind::Processing,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            RuleKind::HighValue => "high_value",
            RuleKind::NewCustomer => "new_customer",
            RuleKind::ManyUnits => "many_units",
            RuleKind::ReviewCountry => "review_country",
            RuleKind::RestrictedCountry => "restricted_country",
            RuleKind::Processing => "processing",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<RuleKind> {
        RuleKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it names countries rather than an amount.
    #[must_use]
    pub const fn of_countries(self) -> bool {
        matches!(self, RuleKind::ReviewCountry | RuleKind::RestrictedCountry)
    }
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it is about.
    pub kind: RuleKind,
    /// It holds.
    pub active: bool,
    /// Minor units, days, units or minutes, by its kind.
    pub amount: i64,
    /// Countries, ISO 3166-1 alpha-2, with spaces between.
    pub words: String,
}

/// All rules of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Default for Rules {
    fn default() -> Rules {
        let rule = |kind: RuleKind| {
            let (active, amount) = match kind {
                RuleKind::HighValue => (true, 100_000),
                RuleKind::NewCustomer => (true, 0),
                RuleKind::ManyUnits => (false, 1_000),
                RuleKind::ReviewCountry | RuleKind::RestrictedCountry => (false, 0),
                RuleKind::Processing => (true, 60),
            };
            Rule { kind, active, amount, words: String::new() }
        };
        Rules(RuleKind::ALL.map(rule).to_vec())
    }
}

impl Rules {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter()
    }

    /// The rule of a kind, if it holds.
    #[must_use]
    pub fn active(&self, kind: RuleKind) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.kind == kind && rule.active)
    }

    /// Whether a rule that holds names this country.
    #[must_use]
    pub fn names(&self, kind: RuleKind, country: &str) -> bool {
        !country.is_empty() && self.active(kind).is_some_and(|rule| rule.words.split(' ').any(|word| word == country))
    }
}

/// The rules of a site.
///
/// # Errors
/// Any fault of the store.
pub fn rules(tx: &mut dyn Conn, site: SiteId) -> Res<Rules> {
    let mut rules = Rules::default();
    for row in tx.all("SELECT kind, active, amount, words FROM order_rules WHERE site = $1", vals![site.to_string()])? {
        let kind = RuleKind::of(&row.get::<String>("kind")?);
        if let Some(rule) = rules.0.iter_mut().find(|rule| Some(rule.kind) == kind) {
            (rule.active, rule.amount, rule.words) = (row.get("active")?, row.get("amount")?, row.get("words")?);
        }
    }
    Ok(rules)
}

/// Sets a rule. Countries are folded to their codes.
///
/// # Errors
/// [`Refusal::Field`] for an amount out of bounds or a word that is no country's code.
pub fn set_rule(work: &mut Work<'_>, rule: &Rule) -> Res<()> {
    if !(0..=AMOUNT_MAX).contains(&rule.amount) {
        return Err(Refusal::Field { field: "amount", why: "must be zero or more" }.into());
    }
    let words = rule.words.to_uppercase().replace([',', ';', '\n', '\r', '\t'], " ");
    let words: Vec<String> = words.split(' ').filter(|word| !word.is_empty()).map(country::meant).collect();
    let codes = words.iter().all(|word| country::is_code(word));
    let words = words.join(" ");
    if !codes || words.len() > WORDS_MAX {
        return Err(
            Refusal::Field { field: "countries", why: "must be codes of two letters that ISO 3166-1 assigns" }.into()
        );
    }
    work.exec(
        "INSERT INTO order_rules (site, kind, active, amount, words, updated_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (site, kind) DO UPDATE SET active = excluded.active, amount = excluded.amount, \
         words = excluded.words, updated_ms = excluded.updated_ms",
        vals![work.site(), rule.kind.word(), rule.active, rule.amount, &words, work.now_ms()],
    )?;
    let detail = serde_json::json!({ "active": rule.active, "amount": rule.amount, "words": words });
    work.audit("order_rule.set", "order_rule", rule.kind.word(), detail);
    Ok(())
}
