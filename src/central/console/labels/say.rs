//! What is wrong with a template, in the words of the catalogue, each with its line.

use crate::core::message::Arg;
use crate::i18n::Catalogue;
use crate::labels::template::{Problem, TemplateError};
use maud::{Markup, html};

/// Most problems that are shown at once.
const SHOWN_MAX: usize = 50;

/// The list of problems; a line leads to its place in the text where there is a script.
pub(super) fn problems(words: &Catalogue, errors: &[TemplateError]) -> Markup {
    html! {
        h2.bad { (words.text_with("labels-problems", &[("n", Arg::Int(i64::try_from(errors.len()).unwrap_or(i64::MAX)))])) }
        ol.problems { @for error in errors.iter().take(SHOWN_MAX) { li {
            @if error.line > 0 {
                button.btn.line type="button" data-line=(error.line) {
                    (words.text_with("labels-line", &[("n", Arg::Int(i64::try_from(error.line).unwrap_or(0)))])) }
            }
            span { @if !error.element.is_empty() { b.mono { (error.element) } ": " } (said(words, &error.what)) }
        } } }
        @if errors.len() > SHOWN_MAX { p.muted { (words.text("labels-problems-more")) } }
    }
}

/// Lengths in millimetres with up to three decimals.
fn millimetres(um: i64) -> String {
    let text = format!("{}.{:03}", um / 1_000, um.rem_euclid(1_000));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn said(words: &Catalogue, problem: &Problem) -> String {
    let text = |text: &str| Arg::Text(text.to_owned());
    let count = |n: &usize| Arg::Int(i64::try_from(*n).unwrap_or(i64::MAX));
    let near = |key: &str, name: (&'static str, &str), near: &Option<String>| {
        let said = words.text_with(key, &[(name.0, text(name.1))]);
        match near {
            Some(near) => format!("{said} {}", words.text_with("labels-wrong-near", &[("near", text(near))])),
            None => said,
        }
    };
    match problem {
        Problem::Syntax(why) => words.text_with("labels-wrong-syntax", &[("why", text(why))]),
        Problem::UnknownKey { key, near: like } => near("labels-wrong-unknown-key", ("key", key), like),
        Problem::MissingKey { key } => words.text_with("labels-wrong-missing-key", &[("key", text(key))]),
        Problem::WrongKind { key, expected } => {
            words.text_with("labels-wrong-kind", &[("key", text(key)), ("expected", text(expected))])
        }
        Problem::OutOfRange { key, least_um, most_um } => words.text_with(
            "labels-wrong-range",
            &[
                ("key", text(key)),
                ("least", Arg::Text(millimetres(*least_um))),
                ("most", Arg::Text(millimetres(*most_um))),
            ],
        ),
        Problem::Placeholder { at } => words.text_with("labels-wrong-placeholder", &[("at", count(at))]),
        Problem::UnknownField { field, near: like } => near("labels-wrong-unknown-field", ("field", field), like),
        Problem::UnknownFilter { filter } => {
            words.text_with("labels-wrong-unknown-filter", &[("filter", text(filter))])
        }
        Problem::Cycle { fields } => words.text_with("labels-wrong-cycle", &[("fields", text(&fields.join(", ")))]),
        Problem::FieldKind { field, expected } => {
            words.text_with("labels-wrong-kind", &[("key", text(field)), ("expected", text(expected))])
        }
        Problem::Brackets => words.text("labels-wrong-brackets").into_owned(),
        Problem::MissingData { field } => words.text_with("labels-wrong-missing-data", &[("field", text(field))]),
        Problem::Overlap { other } => words.text_with("labels-wrong-overlap", &[("other", text(other))]),
        Problem::MayOverlap { other } => words.text_with("labels-wrong-may-overlap", &[("other", text(other))]),
        Problem::SameInk { other } => words.text_with("labels-wrong-same-ink", &[("other", text(other))]),
        Problem::Grid { rows, columns } => {
            words.text_with("labels-wrong-grid", &[("rows", count(rows)), ("columns", count(columns))])
        }
        Problem::NoGround => words.text("labels-wrong-no-ground").into_owned(),
        Problem::TooMany { what, most } => {
            words.text_with("labels-wrong-too-many", &[("what", text(what)), ("most", count(most))])
        }
        Problem::NoSign { signs } => words.text_with("labels-wrong-no-sign", &[("signs", text(signs))]),
        Problem::NoImage { name } => words.text_with("labels-wrong-no-image", &[("name", text(name))]),
        Problem::NotAtStations { field } => words.text_with("labels-wrong-not-at-stations", &[("field", text(field))]),
        Problem::NoParcelCode => words.text("labels-wrong-no-code").into_owned(),
        Problem::NoCopyMark => words.text("labels-wrong-no-copy").into_owned(),
        Problem::TooLarge { width_mm, height_mm } => words.text_with(
            "labels-wrong-size",
            &[("width", Arg::Int(i64::from(*width_mm))), ("height", Arg::Int(i64::from(*height_mm)))],
        ),
        Problem::Label(_) => words.text_with("labels-wrong-drawing", &[("why", Arg::Text(problem.to_string()))]),
    }
}
