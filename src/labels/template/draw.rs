//! A template and its data on sheets. A label whose data lacks a field, or holds what does not fit, is refused by name of the
//! element and never printed half.

use super::phrase::{Phrase, Scope};
use super::problem::{Problem, TemplateError};
use super::value::Value;
use super::{Condition, Element, Kind, Part, ROWS_MAX, Repeat, SHEETS_MAX, Template};
use crate::labels::documents::Words;
use crate::labels::marks::{Mark, MarkIcon, draw_marks};
use crate::labels::sheet::{Area, Element as SheetElement, Ink, Sheet};
use crate::labels::text::{missing_glyphs, wrapped_height_um};

/// Most marks in a row of marks.
const MARKS_MAX: usize = 8;

/// Which template element put each element of a sheet there.
type Owners = Vec<usize>;

impl Template {
    /// The sheets of one record of data: one, or more when a repeat has more rows than a sheet holds.
    ///
    /// # Errors
    /// The first thing that is wrong, with the element it is wrong at.
    pub fn draw(&self, data: &Value, words: &Words) -> Result<Vec<Sheet>, TemplateError> {
        let count = self.sheet_count(data)?;
        let mut sheets = Vec::with_capacity(count);
        for number in 0..count {
            sheets.push(self.sheet(data, words, (number, count))?.0);
        }
        Ok(sheets)
    }

    /// The sample drawn: what does not fit, and elements that print over each other.
    pub(super) fn check_sample(&self, words: &Words, problems: &mut Vec<TemplateError>) {
        let drawn = self.sheet_count(&self.sample).and_then(|count| self.sheet(&self.sample, words, (0, count)));
        let (sheet, owners) = match drawn {
            Ok(drawn) => drawn,
            Err(wrong) => return problems.push(wrong),
        };
        for (drawn, owner) in sheet.elements().iter().zip(&owners) {
            let (SheetElement::Text(text), Some(element)) = (drawn, self.elements.get(*owner)) else { continue };
            let whole: String = text.lines.iter().map(|l| l.text.as_str()).collect();
            let signs: String = missing_glyphs(&whole, text.style.face).unwrap_or_default().into_iter().collect();
            if !signs.is_empty() {
                problems.push(at(element, Problem::NoSign { signs }));
            }
        }
        let mut told = Vec::new();
        for (a, b) in sheet.conflicting() {
            let pair = (owners.get(a), owners.get(b));
            let (Some(first), Some(second)) =
                (pair.0.and_then(|i| self.elements.get(*i)), pair.1.and_then(|i| self.elements.get(*i)))
            else {
                continue;
            };
            if told.contains(&pair) {
                continue;
            }
            told.push(pair);
            let what = Problem::Overlap { other: format!("{} (line {})", first.name, first.line) };
            problems.push(TemplateError { line: second.line, element: second.name.clone(), what });
        }
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

    fn sheet(
        &self,
        data: &Value,
        words: &Words,
        (number, count): (usize, usize),
    ) -> Result<(Sheet, Owners), TemplateError> {
        let data = self.derive(data, words, (number + 1, count))?;
        let scope = Scope { data: &data, row: None, words, optional: &self.optional };
        let made = Sheet::new(self.size_um.0, self.size_um.1);
        let mut sheet = made.map_err(|e| TemplateError { line: 0, element: String::new(), what: Problem::Label(e) })?;
        let mut owners = Owners::new();
        for (i, element) in self.elements.iter().enumerate() {
            self.element(&mut sheet, element, &scope, (0, 0), number)?;
            owners.resize(sheet.elements().len(), i);
        }
        Ok((sheet, owners))
    }

    fn element(
        &self,
        sheet: &mut Sheet,
        element: &Element,
        scope: &Scope<'_>,
        shift_um: (i32, i32),
        number: usize,
    ) -> Result<(), TemplateError> {
        if !element.when.iter().all(|c| holds(c, scope)) {
            return Ok(());
        }
        let here = element.area;
        let area =
            Area { x_um: here.x_um.saturating_add(shift_um.0), y_um: here.y_um.saturating_add(shift_um.1), ..here };
        let drawn = match &element.kind {
            Kind::Text(phrase, style) => {
                phrase.fill(scope).and_then(|text| sheet.text(area, &text, *style).map_err(Problem::Label))
            }
            Kind::Stack(parts) => stack(sheet, area, parts, scope),
            Kind::Line => sheet.rule(area.x_um, area.y_um, area.w_um, area.h_um).map_err(Problem::Label),
            Kind::Fill => sheet.fill(area, Ink::Black).map_err(Problem::Label),
            Kind::Outline(thick_um) => sheet.outline(area, *thick_um).map_err(Problem::Label),
            Kind::Barcode(code) => code.draw(sheet, area, scope),
            Kind::Image(name) => match self.pictures.get(name) {
                Some(picture) => sheet.image(area, picture.columns, picture.dark.clone()).map_err(Problem::Label),
                None => Err(Problem::NoImage { name: name.clone() }),
            },
            Kind::Marks(field) => marks(sheet, area, field, scope),
            Kind::Repeat(repeat) => return self.repeat(sheet, element, repeat, scope, area, number),
        };
        drawn.map_err(|what| at(element, what))
    }

    fn repeat(
        &self,
        sheet: &mut Sheet,
        element: &Element,
        repeat: &Repeat,
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
        for (i, row) in rows.iter().skip(number * per_sheet).take(per_sheet).enumerate() {
            let (line, column) = ((i / repeat.columns) as i32, (i % repeat.columns) as i32);
            let shift_um = (
                area.x_um.saturating_add(repeat.step_um.1.saturating_mul(column)),
                area.y_um.saturating_add(repeat.step_um.0.saturating_mul(line)),
            );
            let inner = Scope { row: Some((&repeat.name, row)), ..*scope };
            for element in &repeat.elements {
                self.element(sheet, element, &inner, shift_um, 0)?;
            }
        }
        Ok(())
    }
}

impl Repeat {
    fn per_sheet(&self) -> usize {
        self.rows.saturating_mul(self.columns).max(1)
    }
}

fn at(element: &Element, what: Problem) -> TemplateError {
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
fn stack(sheet: &mut Sheet, area: Area, parts: &[Part], scope: &Scope<'_>) -> Result<(), Problem> {
    let mut y_um = area.y_um;
    for (i, part) in parts.iter().enumerate() {
        let text = filled(&part.phrase, scope)?;
        let Some(text) = text else { continue };
        let left_um = (area.bottom_um() - y_um).max(0);
        let wanted_um = wrapped_height_um(&text, part.style.face, part.style.size_um, area.w_um)?;
        let last = i + 1 == parts.len();
        let h_um = if last { left_um.min(part.most_um) } else { wanted_um.min(part.most_um).min(left_um) };
        sheet.text(Area { y_um, h_um, ..area }, &text, part.style)?;
        y_um = y_um.saturating_add(h_um).saturating_add(part.gap_um);
    }
    Ok(())
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
