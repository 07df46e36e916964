//! What is wrong with a layout and what it leaves out, in the words of the catalogue, each with its item.

use crate::central::services::layout::Unit;
use crate::central::services::layout::check::{Fault, Item, LeftOut, MM_MAX, Off, Problem};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use maud::{Markup, html};

/// Most rows that are shown at once.
const SHOWN_MAX: usize = 20;

/// A length in the unit it is typed in.
pub(super) fn length(words: &Catalogue, mm: i64, unit: Unit) -> String {
    let unit = if mm % unit.mm() == 0 { unit } else { Unit::Mm };
    format!("{}\u{a0}{}", words.format().number(mm / unit.mm()), unit.sign())
}

/// A way that people walk, in metres with one decimal.
pub(super) fn metres(words: &Catalogue, mm: i64) -> String {
    let tenths = (mm + 50) / 100;
    words.text_with(
        "layout-metres",
        &[("m", Arg::Text(words.format().number(tenths / 10))), ("tenth", Arg::Text((tenths % 10).to_string()))],
    )
}

/// The list of problems.
pub(super) fn problems(words: &Catalogue, problems: &[Problem], unit: Unit) -> Markup {
    let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
    html! {
        h2.bad { (words.text_with("labels-problems", &[("n", Arg::Int(count))])) }
        ul.problems { @for problem in problems.iter().take(SHOWN_MAX) {
            li { b { (item(words, &problem.item)) } ": " (fault(words, &problem.fault, unit)) }
        } }
        @if problems.len() > SHOWN_MAX { p.muted { (words.text("labels-problems-more")) } }
    }
}

fn item(words: &Catalogue, item: &Item) -> String {
    let named = |key: &str, name: &str| words.text_with(key, &[("name", Arg::Text(name.to_owned()))]);
    let numbered = |key: &str, n: usize| words.text_with(key, &[("n", Arg::Int(i64::try_from(n).unwrap_or(i64::MAX)))]);
    let key = match item {
        Item::Aisle(name) => return named("layout-aisle-of", name),
        Item::Closed(name) => return named("layout-closed-of", name),
        Item::Bin(name) => return named("layout-bin-of", name),
        Item::Cross(n) => return numbered("layout-cross-of", *n),
        Item::Bay(n) => return numbered("layout-bay-of", *n),
        Item::Aisles => "layout-aisles",
        Item::Crosses => "layout-crosses",
        Item::Bays => "layout-bays",
        Item::Head => "layout-head",
        Item::Levels => "layout-levels",
        Item::Climb => "layout-climb",
        Item::Start => "layout-start",
        Item::End => "layout-end",
        Item::File => "layout-file",
    };
    words.text(key).into_owned()
}

fn fault(words: &Catalogue, fault: &Fault, unit: Unit) -> String {
    let whole = |n: usize| Arg::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let key = match fault {
        Fault::NotWhole(text) if text.is_empty() => "layout-wrong-empty",
        Fault::NotWhole(text) => {
            return words.text_with("layout-wrong-number", &[("text", Arg::Text(text.clone()))]);
        }
        Fault::Count { least, most } => {
            return words.text_with("layout-wrong-count", &[("least", Arg::Int(*least)), ("most", Arg::Int(*most))]);
        }
        Fault::Length { least } => {
            let (least, most) = (length(words, *least, Unit::Mm), length(words, MM_MAX, unit));
            return words.text_with("layout-wrong-length", &[("least", Arg::Text(least)), ("most", Arg::Text(most))]);
        }
        Fault::Ways { count, wanted } => {
            return words.text_with("layout-wrong-ways", &[("n", whole(*count)), ("of", whole(*wanted))]);
        }
        Fault::Syntax(why) => return words.text_with("layout-wrong-file", &[("why", Arg::Text(why.clone()))]),
        Fault::Order => "layout-wrong-order",
        Fault::Taken => "layout-wrong-taken",
        Fault::Name => "layout-wrong-name",
        Fault::Outside => "layout-wrong-outside",
        Fault::NoCorner => "layout-wrong-corner",
        Fault::NoWay => "layout-wrong-no-way",
        Fault::TooWide => "layout-wrong-wide",
        Fault::Unknown => "layout-wrong-unknown",
        Fault::Off => "layout-wrong-off",
    };
    words.text(key).into_owned()
}

/// The places that a layout leaves out; nothing where there are none.
pub(super) fn left_out(words: &Catalogue, all: &[LeftOut]) -> Markup {
    let places: i64 = all.iter().map(|one| one.shelf.places).sum();
    html! { @if !all.is_empty() {
        h2.warn { (words.text_with("layout-left-out", &[("n", Arg::Int(places))])) }
        ul.problems { @for one in all.iter().take(SHOWN_MAX) { li {
            b.mono { (one.shelf.code) } @if one.shelf.places > 1 { " +" (one.shelf.places - 1) } ": " (why_off(words, one))
        } } }
        @if all.len() > SHOWN_MAX { p.muted { (words.text_with("layout-left-more", &[("n", Arg::Int(i64::try_from(all.len() - SHOWN_MAX).unwrap_or(i64::MAX)))])) } }
        p { (words.text("layout-left-hint")) }
    } }
}

fn why_off(words: &Catalogue, one: &LeftOut) -> String {
    let key = match one.why {
        Off::Aisle => return words.text_with("layout-off-aisle", &[("name", Arg::Text(one.shelf.aisle.clone()))]),
        Off::Bay => return words.text_with("layout-off-bay", &[("n", Arg::Int(one.shelf.bay))]),
        Off::Level => return words.text_with("layout-off-level", &[("n", Arg::Int(one.shelf.top))]),
        Off::CutOff => "layout-off-cut",
    };
    words.text(key).into_owned()
}
