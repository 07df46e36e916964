//! Whatever comes: bytes made by chance from true ones, for the readers of what others write. Tokens of the committed test data are
//! changed, swapped, doubled, taken out and mixed; what gets a new kind of answer is kept to go on from. Nothing may
//! panic, and no answer may take long.
//!
//! `PACKBENCH_FUZZ_SECONDS=600` lets each go on for so long; without it, each is short. `PACKBENCH_FUZZ_SEED` begins elsewhere. What
//! made it fall over is printed.

use crate::gs1_kit::Rng;
use flate2::read::GzDecoder;
use packbench::central::services::layout::{check, file, sample};
use packbench::cli::entries;
use packbench::core::gs1::{Rules, TextReader};
use packbench::labels::preview::preview;
use packbench::labels::template::bundled;
use std::collections::HashSet;
use std::io::Read as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Inputs without a time given.
const FEW: u64 = 60;
/// Longer inputs are cut.
const BYTES_MAX: usize = 20_000;
/// So many inputs are kept to go on from.
const KEPT_MAX: usize = 2_000;
/// No answer takes more of the processor's time. What else the machine does meanwhile does not count.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Numbers that are often forgotten.
const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "1",
    "2",
    "65535",
    "65536",
    "100000",
    "2147483647",
    "-2147483648",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "-0.0",
    "0.1",
    "1e-9",
];

/// Texts that are often forgotten.
const TEXTS: [&str; 12] =
    ["", "\"\"", "null", "true", "[]", "{}", "\u{1d}", "\u{0}", "\u{202e}", "é", "\u{1f4e6}", "]d2"];

/// Numbers, words, blanks, and single signs.
fn tokens(bytes: &[u8]) -> Vec<Vec<u8>> {
    let kind = |b: u8| match b {
        b'0'..=b'9' => 1,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => 2,
        b' ' | b'\n' | b'\t' | b'\r' => 3,
        _ => 0,
    };
    let mut out: Vec<Vec<u8>> = Vec::new();
    let mut last = 0;
    for b in bytes {
        match out.last_mut() {
            Some(token) if kind(*b) == last && last != 0 => token.push(*b),
            _ => out.push(vec![*b]),
        }
        last = kind(*b);
    }
    out
}

/// How long this thread has worked so far.
fn worked() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.try_into().unwrap(), now.tv_nsec.try_into().unwrap())
}

struct Fuzz {
    rng: Rng,
    kept: Vec<Vec<u8>>,
    /// Kinds of answers.
    seen: HashSet<String>,
}

impl Fuzz {
    fn new(corpus: Vec<Vec<u8>>) -> Fuzz {
        assert!(!corpus.is_empty(), "there is something to begin with");
        let seed = std::env::var("PACKBENCH_FUZZ_SEED").map_or(20_261_122, |s| s.parse().unwrap());
        Fuzz { rng: Rng(seed), kept: corpus, seen: HashSet::new() }
    }

    fn any(&mut self) -> Vec<u8> {
        let n = self.rng.below(self.kept.len());
        self.kept[n].clone()
    }

    /// An input out of one that is kept.
    fn input(&mut self) -> Vec<u8> {
        let first = self.any();
        let mut list = tokens(&first);
        for _ in 0..1 + self.rng.below(6) {
            if list.is_empty() {
                break;
            }
            let at = self.rng.below(list.len());
            let some = 1 + self.rng.below(8.min(list.len() - at));
            match self.rng.below(9) {
                0 => list[at] = NUMBERS[self.rng.below(NUMBERS.len())].into(),
                1 => list[at] = TEXTS[self.rng.below(TEXTS.len())].into(),
                2 => drop(list.drain(at..at + some)),
                3 => {
                    let again = list[at..at + some].to_vec();
                    let times = 1 + if self.rng.one_in(8) { self.rng.below(300) } else { self.rng.below(3) };
                    let to = self.rng.below(list.len());
                    list.splice(to..to, std::iter::repeat_n(again, times).flatten());
                }
                4 => {
                    let other = self.rng.below(list.len());
                    list.swap(at, other);
                }
                5 => {
                    // A number of this input in another place, or next to what it was.
                    let numbers: Vec<&Vec<u8>> = list.iter().filter(|t| t[0].is_ascii_digit()).collect();
                    let Some(number) = numbers.get(self.rng.below(numbers.len().max(1))) else { continue };
                    let told: i128 = std::str::from_utf8(number).ok().and_then(|n| n.parse().ok()).unwrap_or(7);
                    list[at] = (told - 1 + self.rng.below(3) as i128).to_string().into_bytes();
                }
                6 => {
                    let other = tokens(&self.any());
                    let from = self.rng.below(other.len().max(1)).min(other.len());
                    let to = (from + 1 + self.rng.below(30)).min(other.len());
                    list.splice(at..at, other[from..to].to_vec());
                }
                7 => {
                    let byte = self.rng.below(list[at].len().max(1));
                    if let Some(b) = list[at].get_mut(byte) {
                        *b ^= 1 << self.rng.below(8);
                    }
                }
                _ => list[at] = (0..self.rng.below(6)).map(|_| self.rng.below(256) as u8).collect(),
            }
            list.retain(|t| !t.is_empty());
        }
        let mut bytes = list.concat();
        bytes.truncate(BYTES_MAX);
        bytes
    }

    /// Feeds a reader, which tells what kind of answer it gave.
    fn run(&mut self, name: &str, mut reader: impl FnMut(&[u8]) -> String) {
        let seconds = std::env::var("PACKBENCH_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
        let end = Instant::now() + Duration::from_secs(seconds);
        let (mut n, mut slowest) = (0, Duration::ZERO);
        let mut given = self.kept.clone();
        while n < FEW || Instant::now() < end {
            let input = given.pop().unwrap_or_else(|| self.input());
            let begun = worked();
            let Ok(told) = catch_unwind(AssertUnwindSafe(|| reader(&input))) else {
                panic!("{name} fell over on {:?}", String::from_utf8_lossy(&input));
            };
            let took = worked().saturating_sub(begun);
            slowest = slowest.max(took);
            assert!(took < ANSWER_MAX, "{name} took {took:?} for {:?}", String::from_utf8_lossy(&input));
            // Digits and names say where, not what.
            let kind: String = told.chars().filter(|c| c.is_ascii_lowercase() || *c == ' ').take(120).collect();
            if self.seen.insert(kind) && self.kept.len() < KEPT_MAX {
                self.kept.push(input);
            }
            n += 1;
        }
        println!("{name}: {n} inputs, {} kinds of answers, slowest {slowest:?}", self.seen.len());
    }
}

fn unpacked(path: &str) -> String {
    let file = std::fs::File::open(format!("{}/tests/data/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

fn said<T>(result: Result<T, String>) -> String {
    result.map_or_else(|e| e, |_| "answered".to_owned())
}

#[test]
fn gs1_codes() {
    let vectors = unpacked("gs1/vectors.jsonl.gz");
    let line = |l: &str| -> Option<Vec<u8>> {
        let value: serde_json::Value = serde_json::from_str(l).ok()?;
        value["data"].as_str().map(|s| s.as_bytes().to_vec())
    };
    let corpus = vectors.lines().step_by(97).filter_map(line).take(60).collect();
    let mut lines = TextReader::new(Rules::OFFICIAL);
    Fuzz::new(corpus).run("GS1", |bytes| match lines.read(bytes) {
        Ok(_) => "read".to_owned(),
        Err(e) => {
            assert!(e.at + e.len <= bytes.len(), "a place outside");
            e.to_string()
        }
    });
}

/// A warehouse with a one-way aisle, a blocked part, levels, and two ends.
const WAREHOUSE: &str = r#"{"layout":{"levels":3,"climb_mm":2000,"cells_mm":[1000,3000,7000,9000],
    "aisles":[{"name":"A","x_mm":0,"ways":["onward"]},{"name":"B","x_mm":3000,"closed_mm":[[4500,5500]]}],
    "cross_aisles":[{"y_mm":0},{"y_mm":10000,"ways":["both"]}]},
    "start":{"aisle":"A","cross_aisle":0},"end":{"aisle":"B","cross_aisle":0}"#;

fn both_ways(warehouse: &str) -> String {
    warehouse.replace("\"onward\"", "\"back\"").replace("[[4500,5500]]", "[]")
}

#[test]
fn layouts_and_what_to_pick_there() {
    let mut corpus: Vec<Vec<u8>> = unpacked("routing/sprp_even_seeds.jsonl.gz")
        .lines()
        .step_by(211)
        .map(|l| l.as_bytes().to_vec())
        .take(4)
        .collect();
    let items =
        r#""name":"x","items":[[{"aisle":"A","cell":1,"level":2},{"aisle":"B","cell":0}],[{"aisle":"B","cell":3}]]"#;
    let case = format!("{WAREHOUSE},{items}}}");
    corpus.push(both_ways(&case).into_bytes());
    corpus.push(case.into_bytes());
    Fuzz::new(corpus).run("layout", |bytes| said(entries::Tours::default().line(bytes)));
}

/// The file that the console takes: what is read is written and read back as the same, what is sound has walks through it, and
/// what is not says of which item.
#[test]
fn layout_files() {
    let grid = r#"{"layout":{"levels":2,"climb_mm":0,"cells_mm":[1500,2500,3500,6500,7500],
        "aisles":[{"name":"1","x_mm":0},{"name":"2","x_mm":3000},{"name":"3","x_mm":6000,"ways":["blocked","both"]}],
        "cross_aisles":[{"y_mm":0},{"y_mm":5000,"ways":["back","both"]},{"y_mm":9000}]}}"#;
    let one = format!("{WAREHOUSE}}}");
    let corpus = vec![grid.into(), both_ways(&one).into_bytes(), one.into_bytes()];
    Fuzz::new(corpus).run("layout file", |bytes| {
        let plan = match file::read(bytes) {
            Ok(plan) => plan,
            Err(problem) => return problem.to_string(),
        };
        let again = file::read(file::write(&plan).unwrap().as_bytes());
        assert_eq!(again.as_ref(), Ok(&plan), "what is written is read back");
        let sound = match check::checked(&plan) {
            Ok(sound) => sound,
            Err(problems) => {
                assert!(!problems.is_empty(), "what is no layout says why");
                return problems.iter().map(check::Problem::to_string).collect();
            }
        };
        let bins = sample::random(&sound, &[], 12, 1);
        match sample::walk(&sound, &bins) {
            Ok(walk) => {
                assert_eq!(walk.stops.len(), bins.len(), "every bin is on the walk");
                assert!(walk.s_shape_mm.is_none_or(|s| s >= walk.length_mm || !walk.proven), "nothing is shorter");
                format!("walked {}", if walk.proven { "proven" } else { "open" })
            }
            Err(problem) => problem.to_string(),
        }
    });
}

#[test]
fn containers() {
    let json = r#"{"name":"a","container_mm":[58,23,22],"items":[
        {"item":"crate","sides_mm":[10,7,3],"quantity":9,"turns":"upright"},
        {"item":"sack","sides_mm":[9,8,5],"quantity":7,"turns":[false,true,true]}]}"#;
    let text = "2\n1 2502505\n58 23 22\n2\n1 10 0 7 0 3 1 9\n2 9 1 8 1 5 1 7\n2 25\n9 9 9\n1\n1 3 1 2 1 1 1 5\n";
    let corpus = vec![json.replace('\n', " ").into_bytes(), text.as_bytes().to_vec()];
    Fuzz::new(corpus)
        .run("container", |bytes| entries::container(bytes, 3).into_iter().map(said).collect::<Vec<_>>().join(" "));
}

#[test]
fn templates() {
    let corpus = bundled::ALL.iter().map(|(_, text)| text.as_bytes().to_vec()).collect();
    Fuzz::new(corpus).run("template", |bytes| said(entries::template(&String::from_utf8_lossy(bytes))));
}

#[test]
fn print_jobs() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/labels");
    let jobs = ["house_copy.300.zpl", "house_crowded.203.zpl", "house_plain.203.zpl"];
    let mut corpus: Vec<Vec<u8>> = jobs.iter().map(|j| std::fs::read(format!("{data}/{j}")).unwrap()).collect();
    corpus.push(crate::labels_preview::CARRIER.as_bytes().to_vec());
    let texts = "^XA^CI13,21,36^MUM^FO9.5,9^A0R,9,9^FB40,3,1,J,2^FH^FDa long\\-er_81 text\\& of $ words^FS^MUD^PMY^FT9,99^AVI^TBB,99,50\
                 ^FDblock^FS^FPV,3^FT^A0N,20^FDdown^FS^FPH,9^FWB,1^FO50,50^GSN,20,20^FDA^FS^CI28^SN009,1^FS^BXN,,200,26,26,,#,2^FD#1#d029^XZ";
    corpus.push(texts.as_bytes().to_vec());
    let maxicode =
        ["2^FH^FD003840902100000[)>_1E01_1D96A", "3,1,8^FD001124V6C2A4", "4^FDAb 0123456789", "5^FH^FD_C3_84_C3_A4_01"];
    corpus.extend(maxicode.map(|code| format!("^XA^FO9,9^BD{code}^FS^XZ").into_bytes()));
    let shown = |bytes: &[u8]| match preview(bytes, 203, 1) {
        Ok(shown) => format!("shown without {}", shown.not_drawn.join(" ")),
        Err(e) => e.to_string(),
    };
    Fuzz::new(corpus).run("preview", shown);
}
