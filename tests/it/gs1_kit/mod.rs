//! Makes GS1 codes from a seed: valid ones from the syntax dictionary's text, and ones that something was done to. It reads
//! the dictionary by itself and knows nothing of the reader that is tested with it.

pub mod make;
pub mod peer;
pub mod values;

/// The dictionary as it is published.
pub const DICTIONARY: &str = include_str!("../../../assets/gs1/gs1-syntax-dictionary.txt");

/// Random numbers that are the same for the same seed (splitmix64).
#[derive(Clone)]
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to before `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// In one of `n` cases.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// A line of the dictionary.
#[derive(Clone, Debug)]
pub struct Entry {
    pub from: String,
    pub to: String,
    pub predefined: bool,
    pub attribute: bool,
    pub spec: String,
    /// `req=`: choices of identifiers that are needed together.
    pub required: Vec<Vec<String>>,
    /// `dlpkey`: sequences of qualifiers; empty for a key without any.
    pub key: Option<Vec<Vec<String>>>,
}

/// All lines of the dictionary, by its own syntax: `AIs [flags] specification [attributes] [# title]`.
pub fn dictionary() -> Vec<Entry> {
    DICTIONARY.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit())).map(entry).collect()
}

fn entry(line: &str) -> Entry {
    let body = line.split('#').next().unwrap_or("");
    let mut words = body.split_whitespace().peekable();
    let ais = words.next().unwrap_or("");
    let (from, to) = ais.split_once('-').unwrap_or((ais, ais));
    let flags = words.next_if(|w| w.chars().all(|c| "*?".contains(c))).unwrap_or("");
    let (mut spec, mut required, mut key) = (Vec::new(), Vec::new(), None);
    let lists = |text: &str, a: char, b: char| -> Vec<Vec<String>> {
        text.split(a).map(|group| group.split(b).map(str::to_owned).collect()).collect()
    };
    for word in words {
        if let Some(list) = word.strip_prefix("req=") {
            required = lists(list, ',', '+');
        } else if let Some(list) = word.strip_prefix("dlpkey=") {
            key = Some(lists(list, '|', ','));
        } else if word == "dlpkey" {
            key = Some(Vec::new());
        } else if !word.contains('=') {
            spec.push(word);
        }
    }
    Entry {
        from: from.to_owned(),
        to: to.to_owned(),
        predefined: flags.contains('*'),
        attribute: flags.contains('?'),
        spec: spec.join(" "),
        required,
        key,
    }
}

/// The line of an identifier.
pub fn find<'a>(all: &'a [Entry], ai: &str) -> Option<&'a Entry> {
    all.iter().find(|e| e.from.len() == ai.len() && *e.from <= *ai && *ai <= *e.to)
}
