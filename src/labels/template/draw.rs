//! A template and its data on sheets. A label whose data lacks a field, holds what does not fit, or could not be read (things over each
//! other, letters of the colour of their ground) is refused by name of the element and never printed half.

use super::phrase::{Phrase, Scope};
use super::problem::{PROBLEMS_MAX, Problem, TemplateError};
use super::value::Value;
use super::{Condition, Element, Kind, Part, ROWS_MAX, Repeat, SHEETS_MAX, Template};
use crate::labels::documents::Words;
use crate::labels::faults::Fault;
use crate::labels::joined;
use crate::labels::marks::{Mark, MarkIcon, draw_marks};
use crate::labels::sheet::{Area, Element as SheetElement, Ink, SHEET_ELEMENTS_MAX, Sheet};
use crate::labels::text::{missing_glyphs, wrapped_height_um};
use std::collections::BTreeSet;

/// Most marks in a row of marks.
const MARKS_MAX: usize = 8;

/// Most elements that are looked at for a sheet, those that print nothing included.
const STEPS_MAX: usize = 4 * SHEET_ELEMENTS_MAX;

/// Most letters on a sheet: a page of small print has a fifth of them.
const LETTERS_MAX: usize = 40_000;
/// Letters that join take so many times as long as others.
const LETTERS_JOINED: usize = 5;

/// A sheet as it is filled.
struct Page<'a> {
    sheet: Sheet,
    /// Which template element put each element of the sheet there.
    owners: Vec<&'a Element>,
    steps: usize,
    letters: usize,
}

impl Template {
    /// The sheets of one record of data: one, or more when a repeat has more rows than a sheet holds.
    ///
    /// # Errors
    /// The first thing that is wrong, with the element it is wrong at.
    pub fn draw(&self, data: &Value, words: &Words) -> Result<Vec<Sheet>, TemplateError> {
        let count = self.sheet_count(data)?;
        let mut sheets = Vec::with_capacity(count);
        for number in 0..count {
            let page = self.page(data, words, (number, count))?;
            if let Some(wrong) = page.faults(1).pop() {
                return Err(wrong);
            }
            sheets.push(page.sheet);
        }
        Ok(sheets)
    }

    /// The sample drawn: what does not fit, and elements that print over each other.
    pub(super) fn check_sample(&self, words: &Words, problems: &mut Vec<TemplateError>) {
        let drawn = self.sheet_count(&self.sample).and_then(|count| self.page(&self.sample, words, (0, count)));
        let page = match drawn {
            Ok(drawn) => drawn,
            Err(wrong) => return problems.push(wrong),
        };
        for (drawn, owner) in page.sheet.elements().iter().zip(&page.owners) {
            let SheetElement::Text(text) = drawn else { continue };
            let whole: String = text.lines.iter().map(|l| l.text.as_str()).collect();
            let signs: String = missing_glyphs(&whole, text.style.face).unwrap_or_default().into_iter().collect();
            if !signs.is_empty() {
                problems.push(at(owner, Problem::NoSign { signs }));
            }
        }
        problems.extend(page.faults(PROBLEMS_MAX));
    }

    fn sheet_count(&self, data: &Value) -> Result<usize, TemplateError> {
        let mut most = 1;
        for element in &self.elements {
            let Kind::Repeat(repeat) = &element.kind else { continue };
            let rows = match data.at(&repeat.over) {
                Some(Value::List(rows)) => rows.len(),
                Some(Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Record(_)) | None => 0,
            };
            let sheets = rows.div_ceil(repeat.per_sheet());
            if rows > ROWS_MAX || sheets > SHEETS_MAX {
                return Err(at(
                    element,
                    Problem::TooMany { what: "rows", most: ROWS_MAX.min(SHEETS_MAX * repeat.per_sheet()) },
                ));
            }
            most = most.max(sheets);
        }
        Ok(most)
    }

    /// The data with the sheet's number and the derived fields put in.
    pub(super) fn derive(&self, data: &Value, words: &Words, page: (usize, usize)) -> Result<Value, TemplateError> {
        let Value::Record(fields) = data else {
            let what = Problem::FieldKind { field: String::from("data"), expected: "a record of fields" };
            return Err(TemplateError { line: 0, element: String::new(), what });
        };
        let mut fields = fields.clone();
        let number = |n: usize| Value::Number(i64::try_from(n).unwrap_or(i64::MAX));
        fields.insert("page".to_owned(), number(page.0));
        fields.insert("pages".to_owned(), number(page.1));
        let mut all = Value::Record(fields);
        for (name, phrase) in &self.derived {
            let text = phrase.fill(&Scope { data: &all, row: None, words, optional: &self.optional });
            let element = format!("[derived] {name}");
            let text = text.map_err(|what| TemplateError { line: 0, element, what })?;
            if let Value::Record(fields) = &mut all {
                fields.insert(name.clone(), Value::Text(text));
            }
        }
        Ok(all)
    }

    fn page(&self, data: &Value, words: &Words, (number, count): (usize, usize)) -> Result<Page<'_>, TemplateError> {
        let data = self.derive(data, words, (number + 1, count))?;
        let scope = Scope { data: &data, row: None, words, optional: &self.optional };
        let made = Sheet::new(self.size_um.0, self.size_um.1);
        let sheet = made.map_err(|e| TemplateError { line: 0, element: String::new(), what: Problem::Label(e) })?;
        let mut page = Page { sheet, owners: Vec::new(), steps: 0, letters: 0 };
        for element in &self.elements {
            self.element(&mut page, element, &scope, (0, 0), number)?;
        }
        Ok(page)
    }

    fn element<'a>(
        &'a self,
        page: &mut Page<'a>,
        element: &'a Element,
        scope: &Scope<'_>,
        shift_um: (i32, i32),
        number: usize,
    ) -> Result<(), TemplateError> {
        page.steps += 1;
        if page.steps > STEPS_MAX {
            return Err(at(element, Problem::TooMany { what: "elements", most: STEPS_MAX }));
        }
        if !element.when.iter().all(|c| holds(c, scope)) {
            return Ok(());
        }
        let Page { sheet, letters, .. } = &mut *page;
        let here = element.area;
        let area =
            Area { x_um: here.x_um.saturating_add(shift_um.0), y_um: here.y_um.saturating_add(shift_um.1), ..here };
        let drawn = match &element.kind {
            Kind::Text(phrase, style) => {
                let text = phrase.fill(scope).and_then(|text| counted(text, letters));
                text.and_then(|text| sheet.text(area, &text, *style).map_err(Problem::Label))
            }
            Kind::Stack(parts) => stack((sheet, letters), area, parts, scope),
            Kind::Line => sheet.rule(area.x_um, area.y_um, area.w_um, area.h_um).map_err(Problem::Label),
            Kind::Fill => sheet.fill(area, Ink::Black).map_err(Problem::Label),
            Kind::Outline(thick_um) => sheet.outline(area, *thick_um).map_err(Problem::Label),
            Kind::Barcode(code) => code.draw(sheet, area, scope),
            Kind::Image(name) => match self.pictures.get(name) {
                Some(picture) => sheet.image(area, picture.columns, picture.dark.clone()).map_err(Problem::Label),
                None => Err(Problem::NoImage { name: name.clone() }),
            },
            Kind::Marks(field) => marks(sheet, area, field, scope),
            Kind::Repeat(repeat) => return self.repeat(page, element, repeat, scope, area, number),
        };
        drawn.map_err(|what| at(element, what))?;
        page.owners.resize(page.sheet.elements().len(), element);
        Ok(())
    }

    fn repeat<'a>(
        &'a self,
        page: &mut Page<'a>,
        element: &'a Element,
        repeat: &'a Repeat,
        scope: &Scope<'_>,
        area: Area,
        number: usize,
    ) -> Result<(), TemplateError> {
        let rows = match scope.find(&repeat.over) {
            Some(Value::List(rows)) => rows.as_slice(),
            Some(Value::Text(_) | Value::Number(_) | Value::Flag(_) | Value::Record(_)) => {
                return Err(at(element, Problem::FieldKind { field: repeat.over.clone(), expected: "a list" }));
            }
            None if scope.optional.contains(&repeat.over) => &[],
            None => return Err(at(element, Problem::MissingData { field: repeat.over.clone() })),
        };
        let per_sheet = repeat.per_sheet();
        for (row, shift_um) in rows.iter().skip(number * per_sheet).zip(repeat.shifts((area.x_um, area.y_um))) {
            let inner = Scope { row: Some((&repeat.name, row)), ..*scope };
            for element in &repeat.elements {
                self.element(page, element, &inner, shift_um, 0)?;
            }
        }
        Ok(())
    }
}

impl Repeat {
    fn per_sheet(&self) -> usize {
        self.rows.saturating_mul(self.columns).max(1)
    }

    /// Where the item of the last row and column begins.
    pub(super) fn last(&self, from_um: (i32, i32)) -> (i32, i32) {
        let um = |step_um: i32, count: usize| step_um.saturating_mul(i32::try_from(count).unwrap_or(i32::MAX) - 1);
        (
            from_um.0.saturating_add(um(self.step_um.1, self.columns)),
            from_um.1.saturating_add(um(self.step_um.0, self.rows)),
        )
    }

    /// Where each item of a sheet begins, line by line, for a repeat whose corner is `from_um`.
    pub(super) fn shifts(&self, from_um: (i32, i32)) -> impl Iterator<Item = (i32, i32)> {
        (0..self.per_sheet()).map(move |i| {
            let (line, column) = ((i / self.columns) as i32, (i % self.columns) as i32);
            (
                from_um.0.saturating_add(self.step_um.1.saturating_mul(column)),
                from_um.1.saturating_add(self.step_um.0.saturating_mul(line)),
            )
        })
    }
}

impl Page<'_> {
    /// What could not be read of it, each pair of elements once.
    fn faults(&self, most: usize) -> Vec<TemplateError> {
        let (mut told, mut out) = (BTreeSet::new(), Vec::new());
        for fault in self.sheet.faults(most) {
            let (place, other) = fault.places();
            let Some(element) = self.owners.get(place) else { continue };
            let other = other.and_then(|other| self.owners.get(other)).map_or_else(String::new, |other| other.told());
            if told.insert((element.line, other.clone())) {
                let what = match fault {
                    Fault::Overlap { .. } => Problem::Overlap { other },
                    Fault::SameInk { .. } => Problem::SameInk { other },
                    Fault::NoGround { .. } => Problem::NoGround,
                };
                out.push(at(element, what));
            }
        }
        out
    }
}

impl Element {
    /// Its name and line, as messages about another element tell it.
    pub(super) fn told(&self) -> String {
        format!("{} (line {})", self.name, self.line)
    }
}

pub(super) fn at(element: &Element, what: Problem) -> TemplateError {
    TemplateError { line: element.line, element: element.name.clone(), what }
}

pub(super) fn holds(condition: &Condition, scope: &Scope<'_>) -> bool {
    let filled = |field: &str| scope.find(field).is_some_and(|v| !v.is_blank());
    let text = |field: &str| scope.find(field).and_then(|v| v.text(", ")).unwrap_or_default();
    match condition {
        Condition::Filled(field) => filled(field),
        Condition::Blank(field) => !filled(field),
        Condition::Is(field, wanted) => text(field) == *wanted,
        Condition::IsNot(field, other) => text(field) != *other,
    }
}

/// Each part as high as its text, at most its limit; the last may fill what is left.
fn stack(
    (sheet, letters): (&mut Sheet, &mut usize),
    area: Area,
    parts: &[Part],
    scope: &Scope<'_>,
) -> Result<(), Problem> {
    let mut y_um = area.y_um;
    for (i, part) in parts.iter().enumerate() {
        let text = filled(&part.phrase, scope)?;
        let Some(text) = text else { continue };
        let text = counted(text, letters)?;
        let left_um = (area.bottom_um() - y_um).max(0);
        let wanted_um = wrapped_height_um(&text, part.style.face, part.style.size_um, area.w_um)?;
        let last = i + 1 == parts.len();
        let h_um = if last { left_um.min(part.most_um) } else { wanted_um.min(part.most_um).min(left_um) };
        sheet.text(Area { y_um, h_um, ..area }, &text, part.style)?;
        y_um = y_um.saturating_add(h_um).saturating_add(part.gap_um);
    }
    Ok(())
}

/// A text whose letters are counted before any time is spent on it.
fn counted(text: String, letters: &mut usize) -> Result<String, Problem> {
    *letters += text.chars().count() * if joined::within(&text) { LETTERS_JOINED } else { 1 };
    if *letters > LETTERS_MAX {
        return Err(Problem::TooMany { what: "letters on a sheet", most: LETTERS_MAX });
    }
    Ok(text)
}

fn filled(phrase: &Phrase, scope: &Scope<'_>) -> Result<Option<String>, Problem> {
    let text = phrase.fill(scope)?;
    Ok((!text.trim().is_empty()).then_some(text))
}

fn marks(sheet: &mut Sheet, area: Area, field: &str, scope: &Scope<'_>) -> Result<(), Problem> {
    let Some(Value::List(values)) = scope.find(field) else { return Ok(()) };
    if values.len() > MARKS_MAX {
        return Err(Problem::TooMany { what: "marks", most: MARKS_MAX });
    }
    let one = |value: &Value| {
        let text = |key: &str| value.at(key).and_then(|v| v.text(" ")).unwrap_or_default();
        let icon = match text("icon").as_str() {
            "fragile" => MarkIcon::Fragile,
            "this-way-up" => MarkIcon::ThisWayUp,
            "keep-dry" => MarkIcon::KeepDry,
            "battery" => MarkIcon::Battery,
            "temperature" => MarkIcon::Temperature,
            "adult" => MarkIcon::Adult,
            // The words are printed in any case: an unknown drawing must not stop a parcel.
            _ => MarkIcon::Plain,
        };
        Mark { icon, text: text("text") }
    };
    let marks: Vec<Mark> = values.iter().map(one).collect();
    draw_marks(sheet, area, &marks).map_err(Problem::Label)
}
