//! Labels to ZPL per second on one core: random house labels laid out and rendered, and a sample of them read back.
//!
//! The labels carry the English words, as a site prints them.
//! The goal is 20,000 a second. `PACKBENCH_BENCH_LABELS` is the number of labels (20,000).

use packbench::core::gs1::check_digit;
use packbench::labels::documents::Words;
use packbench::labels::house::{HouseLabel, house_label};
use packbench::labels::{raster, zpl};
use std::collections::BTreeMap;
use std::time::Instant;

/// The words of the catalogue.
const WORDS: &str = include_str!("../tests/data/labels/words.en.ftl");
const GOAL_PER_S: f64 = 20_000.0;
/// One of so many labels is drawn and read back.
const READ_BACK_EVERY: u64 = 2_000;

fn label(seed: u64) -> HouseLabel {
    let mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let body = format!("{:017}", mixed % 100_000_000_000_000_000);
    let check = check_digit(&body).unwrap_or(0);
    let text = |t: &str| t.to_owned();
    HouseLabel {
        sender_name: text("PACKBENCH DEMO"),
        sender_lines: vec![text("Unit 4, Dock Road"), text("Felixstowe IP11 3SY")],
        recipient_name: format!("Customer {}", mixed % 100_000),
        recipient_lines: vec![format!("Demo Street {}", mixed % 997), text("London E1 6AN")],
        country: text("United Kingdom"),
        country_code: text("GB"),
        service: text("STANDARD"),
        order_number: format!("{}", 500_000 + mixed % 100_000),
        parcel_number: 1,
        parcel_count: 1 + (mixed % 3) as u32,
        ship_date: text("01 Dec 2010"),
        route: format!("R {}", mixed % 40),
        weight_g: (mixed % 30_000) as u32,
        marks: Vec::new(),
        sscc: format!("{body}{check}"),
        copy_number: 0,
    }
}

fn words() -> Words {
    let by_key: BTreeMap<&str, &str> = WORDS.lines().filter_map(|line| line.split_once(" = ")).collect();
    let text = |key: &str| by_key.get(key).copied().unwrap_or(key).replace("{ $n }", "{n}").replace("{ $m }", "{m}");
    Words::from_catalogue(|key| text(key).replace("{\"\\u00A0\"}", "\u{a0}"))
}

fn main() {
    let wanted = std::env::var("PACKBENCH_BENCH_LABELS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000_u64);
    let words = words();
    let started = Instant::now();
    let mut bytes = 0;
    for seed in 0..wanted {
        let sheet = house_label(&label(seed), &words).expect("laid out");
        bytes += zpl::render(&sheet, zpl::Resolution::Dpi203).expect("ZPL").len();
    }
    let per_s = wanted as f64 / started.elapsed().as_secs_f64();
    let mut read = 0;
    for seed in (0..wanted).step_by(READ_BACK_EVERY as usize) {
        let label = label(seed);
        let picture = raster::render(&house_label(&label, &words).expect("laid out"), 203).expect("drawn");
        let found =
            rxing::helpers::detect_multiple_in_luma(picture.grey().to_vec(), picture.width_px(), picture.height_px());
        let expected = format!("00{}", label.sscc);
        let found = found.unwrap_or_default();
        assert!(found.iter().any(|r| r.getText().ends_with(&expected)), "{expected} is not read");
        read += 1;
    }
    println!(
        "labels to ZPL, one core: {per_s:.0} a second (goal {GOAL_PER_S:.0}), {} bytes each, {read} read back",
        bytes as u64 / wanted.max(1)
    );
}
