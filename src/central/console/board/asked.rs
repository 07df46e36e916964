//! What the address of the board says, and addresses that say the same with one thing changed.

use crate::central::services::orders::table::{BUYERS, Filter, Flag, PAYMENTS, TEXT_MAX};
use crate::central::services::pipelines::board::{Lane, Wanted};

/// Longest word of the address that is read.
const WORD_MAX: usize = 200;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Code of the pipeline; empty for the first.
    pub pipeline: String,
    pub lane: Lane,
    pub search: String,
    pub buyer: String,
    pub shipping: String,
    pub category: String,
    pub payment: String,
    pub flags: Vec<Flag>,
    pub reminded: bool,
}

impl Asked {
    /// Reads the pairs of an address; what is unknown is left out.
    pub fn of(pairs: &[(String, String)]) -> Asked {
        let known = |all: &[&str], word: &str| if all.contains(&word) { word.to_owned() } else { String::new() };
        let mut asked = Asked::default();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            let short = || value.chars().filter(|c| !c.is_control()).take(WORD_MAX).collect::<String>();
            match name.as_str() {
                "p" => asked.pipeline = short(),
                "lane" => asked.lane = Lane::ALL.into_iter().find(|lane| lane.word() == value).unwrap_or_default(),
                "search" => asked.search = short().chars().take(TEXT_MAX).collect(),
                "buyer" => asked.buyer = known(BUYERS, value),
                "shipping" => asked.shipping = short(),
                "category" => asked.category = short(),
                "payment" => asked.payment = known(PAYMENTS, value),
                "flag" => asked.flags.extend(Flag::of(value).filter(|flag| !asked.flags.contains(flag))),
                "reminded" => asked.reminded = true,
                _ => {}
            }
        }
        asked
    }

    /// What is wanted of the board; `personal`: names may be searched.
    pub fn wanted(&self, personal: bool) -> Wanted {
        let filter = Filter {
            payment: Some(self.payment.clone()).filter(|word| !word.is_empty()).into_iter().collect(),
            flags: self.flags.clone(),
            text: self.search.clone(),
            personal,
            ..Filter::default()
        };
        Wanted {
            lane: self.lane,
            buyer: self.buyer.clone(),
            shipping: self.shipping.clone(),
            category: self.category.clone(),
            reminded: self.reminded,
            filter,
        }
    }

    /// Everything is shown.
    pub fn plain(&self) -> bool {
        *self == Asked { pipeline: self.pipeline.clone(), lane: self.lane, ..Asked::default() }
    }

    /// What narrows the board down, each as a pair of the address.
    pub fn chosen(&self) -> Vec<(&'static str, String)> {
        let words = [
            ("buyer", &self.buyer),
            ("shipping", &self.shipping),
            ("category", &self.category),
            ("payment", &self.payment),
        ];
        let mut all: Vec<_> =
            words.into_iter().filter(|(_, word)| !word.is_empty()).map(|(name, word)| (name, word.clone())).collect();
        all.extend(self.flags.iter().map(|flag| ("flag", flag.word().to_owned())));
        all.extend(self.reminded.then(|| ("reminded", "1".to_owned())));
        all
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.pipeline.is_empty() {
            pairs.push(("p", self.pipeline.clone()));
        }
        if self.lane != Lane::None {
            pairs.push(("lane", self.lane.word().to_owned()));
        }
        if !self.search.is_empty() {
            pairs.push(("search", self.search.clone()));
        }
        pairs.extend(self.chosen());
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
        let query = self.query();
        if query.is_empty() { "/board".to_owned() } else { format!("/board?{query}") }
    }

    /// The address of the cards of a cell behind a cursor.
    pub fn link_more(&self, stage: &str, lane: &str, cursor: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.extend_pairs([("stage", stage), ("of", lane), ("cursor", cursor)]);
        format!("/board/cards?{}", query.finish())
    }

    /// Without one choice.
    pub fn without(&self, name: &str, value: &str) -> Asked {
        let pairs = self.pairs().into_iter().filter(|(n, v)| !(*n == name && v == value));
        Asked::of(&pairs.map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
    }
}
