//! The template of the shipping label: the data that stations fill it with, and what it must show whoever lays it out. A label that
//! cannot be scanned back ends in nobody's hands, and a copy that looks like the first print is two parcels.

use super::draw::holds;
use super::phrase::Scope;
use super::places;
use super::possible::{Possible, Shown};
use super::problem::{Problem, TemplateError, TemplateErrors};
use super::value::Value;
use super::{Kind, Template};
use crate::labels::documents::Words;
use crate::labels::format;
use crate::labels::house::HouseLabel;
use crate::labels::marks::{Mark, MarkIcon};
use crate::labels::sheet::Sheet;
use std::collections::BTreeMap;

/// Name of the template that stations print parcels' labels from.
pub const NAME: &str = "shipping";
/// Widest and highest shipping label, in millimetres: no label printer takes more.
pub const SIZE_MM_MAX: (i32, i32) = (216, 305);

/// What a label often lacks: every combination is tried.
const OFTEN: &[&str] = &["service", "marks", "copy_number"];
/// What else it may lack.
const SELDOM: &[&str] = &["sender.lines", "ship_date", "route"];
/// Most parcels that a template is tried with.
const TRIALS_MAX: usize = 24;

/// The data of a label as templates name it; every field is there, and empty where there is nothing to print.
#[must_use]
pub fn data(label: &HouseLabel) -> Value {
    let text = |text: &str| Value::Text(text.to_owned());
    let lines = |lines: &[String]| Value::List(lines.iter().map(|line| text(line)).collect());
    let record = |fields: Vec<(&str, Value)>| -> Value {
        Value::Record(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>())
    };
    let mark = |mark: &Mark| record(vec![("icon", text(mark.icon.word())), ("text", text(&mark.text))]);
    record(vec![
        ("service", text(&label.service)),
        ("order_number", text(&label.order_number)),
        ("parcel_number", Value::Number(label.parcel_number.into())),
        ("parcel_count", Value::Number(label.parcel_count.into())),
        ("ship_date", text(&label.ship_date)),
        ("route", text(&label.route)),
        ("weight_g", Value::Number(label.weight_g.into())),
        ("copy_number", Value::Number(label.copy_number.into())),
        ("sscc", text(&label.sscc)),
        ("marks", Value::List(label.marks.iter().map(mark).collect())),
        ("sender", record(vec![("name", text(&label.sender_name)), ("lines", lines(&label.sender_lines))])),
        (
            "recipient",
            record(vec![
                ("name", text(&label.recipient_name)),
                ("lines", lines(&label.recipient_lines)),
                ("country", text(&label.country)),
                ("country_code", text(&label.country_code)),
            ]),
        ),
    ])
}

/// A parcel's label from a site's template.
///
/// # Errors
/// The first thing that is wrong with the template or with this label's data for it.
pub fn draw(template: &Template, label: &HouseLabel, words: &Words) -> Result<Sheet, TemplateError> {
    draw_data(template, &data(label), words)
}

fn draw_data(template: &Template, data: &Value, words: &Words) -> Result<Sheet, TemplateError> {
    let whole = |what| TemplateError { line: 0, element: String::new(), what };
    let (width_mm, height_mm) = SIZE_MM_MAX;
    if template.size_um.0 > width_mm * 1_000 || template.size_um.1 > height_mm * 1_000 {
        return Err(whole(Problem::TooLarge { width_mm, height_mm }));
    }
    let mut sheets = template.draw(data, words)?;
    let sheet = match (sheets.pop(), sheets.len()) {
        (Some(sheet), 0) => sheet,
        _ => return Err(whole(Problem::TooMany { what: "sheets", most: 1 })),
    };
    let sscc = data.at("sscc").and_then(|sscc| sscc.text("")).unwrap_or_default();
    if !template.holds_sscc(data, &sscc, words)? {
        return Err(whole(Problem::NoParcelCode));
    }
    let copy = data.at("copy_number").and_then(Value::count).unwrap_or(0);
    // Nothing of the sheet is hidden, or it would not have been drawn.
    if copy > 0 && !is_marked(&sheet, copy, words) {
        return Err(whole(Problem::NoCopyMark));
    }
    Ok(sheet)
}

/// What is wrong with a shipping template whatever the parcel: it is drawn with all that a label can have and without, as a copy and as
/// a first print, and for every condition it names; and the whole places of its elements are compared, because letters of another
/// parcel may fill them.
///
/// # Errors
/// Everything that was found, each once.
pub fn check(template: &Template, words: &Words) -> Result<(), TemplateErrors> {
    let full = data(&trial());
    let mut wrong: Vec<TemplateError> = Vec::new();
    for data in trials(template, &full, words) {
        let Err(mut error) = draw_data(template, &data, words) else { continue };
        // The sample may have the field: it is the stations that do not.
        if let Problem::MissingData { field } = &error.what {
            error.what = Problem::NotAtStations { field: field.clone() };
        }
        if !wrong.contains(&error) {
            wrong.push(error);
        }
    }
    let drawn = |error: &TemplateError| wrong.iter().any(|w| w.what.word() == "overlap" && w.line == error.line);
    let may: Vec<TemplateError> =
        places::check(template, &full, words).into_iter().filter(|error| !drawn(error)).collect();
    wrong.extend(may);
    if wrong.is_empty() { Ok(()) } else { Err(TemplateErrors(wrong)) }
}

/// The data of parcels that a template is tried with.
fn trials(template: &Template, full: &Value, words: &Words) -> Vec<Value> {
    let mut out = Vec::new();
    for without in 0..1 << OFTEN.len() {
        let mut data = full.clone();
        for (bit, field) in OFTEN.iter().enumerate() {
            if without & (1 << bit) != 0 {
                blank(&mut data, field);
            }
        }
        out.push(data);
    }
    let mut bare = full.clone();
    OFTEN.iter().chain(SELDOM).for_each(|field| blank(&mut bare, field));
    out.push(bare);
    let mut possible = Possible::new(template, words, full);
    for element in template.elements.iter().filter(|element| !element.when.is_empty()) {
        let shown = Shown { when: element.when.clone(), texts: Vec::new() };
        let data = possible.data(&[&shown], &[]);
        out.extend(data.filter(|data| !out.contains(data)));
        if out.len() >= TRIALS_MAX {
            break;
        }
    }
    out
}

fn blank(data: &mut Value, field: &str) {
    if let Some(value) = data.at(field).map(Value::blank) {
        data.put(field, value);
    }
}

/// A short parcel: what does not fit even with this is no matter of its data.
fn trial() -> HouseLabel {
    let text = str::to_owned;
    HouseLabel {
        sender_name: text("Packbench"),
        sender_lines: vec![text("Dock 1"), text("IP11 3SY Felixstowe")],
        recipient_name: text("Customer 1"),
        recipient_lines: vec![text("Street 1"), text("E1 6AN London")],
        country: text("GB"),
        country_code: text("GB"),
        service: text("STANDARD"),
        order_number: text("100001"),
        parcel_number: 1,
        parcel_count: 2,
        ship_date: text("2026-01-31"),
        route: text("R 1"),
        weight_g: 1_250,
        marks: vec![Mark { icon: MarkIcon::Fragile, text: text("FRAGILE") }],
        sscc: text("350123450000047110"),
        copy_number: 1,
    }
}

/// The mark of the copy stands somewhere, however it is broken into lines.
fn is_marked(sheet: &Sheet, copy: u32, words: &Words) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    plain(&sheet.plain_text()).contains(&plain(&format::fill(&words.copy, copy, 0)))
}

impl Template {
    /// Whether a code that is printed with this data holds the parcel's number.
    fn holds_sscc(&self, data: &Value, sscc: &str, words: &Words) -> Result<bool, TemplateError> {
        let data = self.derive(data, words, (1, 1))?;
        let scope = Scope { data: &data, row: None, words, optional: &self.optional };
        Ok(self.elements.iter().any(|element| match &element.kind {
            Kind::Barcode(code) => {
                element.when.iter().all(|condition| holds(condition, &scope)) && code.holds_sscc(sscc, &scope)
            }
            Kind::Text(..)
            | Kind::Stack(_)
            | Kind::Line
            | Kind::Fill
            | Kind::Outline(_)
            | Kind::Image(_)
            | Kind::Marks(_)
            | Kind::Repeat(_) => false,
        }))
    }
}
