//! From what is written to a sound template: every key, every placeholder and the whole layout of the sample are checked, and
//! all that is wrong is told at once, with line and element.

use super::code::{CODES, Code};
use super::phrase::{Phrase, Scope};
use super::problem::{PROBLEMS_MAX, Problem, TemplateError, TemplateErrors};
use super::raw::{Node, Reader, Written};
use super::value::Value;
use super::{Condition, ELEMENTS_MAX, Element, Kind, Part, Pictures, ROWS_MAX, Repeat, Template};
use crate::labels::documents::Words;
use crate::labels::sheet::{Area, SHEET_EDGE_UM_MAX};
use crate::labels::text::{Align, Face, Rise, Style, TEXT_SIZE_UM_MIN};
use std::collections::{BTreeMap, BTreeSet};

/// Narrowest and widest module that may be asked for, in micrometres: below, no hand scanner reads; above, none sees it whole.
const MODULE_UM: (i64, i64) = (170, 3_000);
/// Most conditions of an element.
const CONDITIONS_MAX: usize = 20;
/// Most fields that are made of others.
const DERIVED_MAX: usize = 100;
const FACES: &[(&str, Face)] = &[
    ("regular", Face::Regular),
    ("semibold", Face::SemiBold),
    ("bold", Face::Bold),
    ("mono", Face::Mono),
    ("mono-bold", Face::MonoBold),
];
const ALIGNS: &[(&str, Align)] = &[("left", Align::Left), ("centre", Align::Centre), ("right", Align::Right)];
const RISES: &[(&str, Rise)] = &[("top", Rise::Top), ("middle", Rise::Middle), ("bottom", Rise::Bottom)];

impl Template {
    /// Checks what is written, down to the drawn sample in the words of a language.
    ///
    /// # Errors
    /// Everything that is wrong, each with its line and element.
    pub fn read(root: &BTreeMap<String, Node>, pictures: Pictures, words: &Words) -> Result<Self, TemplateErrors> {
        let mut reader = Reader::new(root, 1, "");
        let about = reader.text("about").map_or("", |t| t.0).to_owned();
        let edge = i64::from(SHEET_EDGE_UM_MAX);
        let size_um = (sheet_edge(&mut reader, "width", edge), sheet_edge(&mut reader, "height", edge));
        let optional = texts(&mut reader, "optional");
        let sample = reader.node("sample").map_or_else(Value::empty, |n| value(&n.value));
        let mut problems = Vec::new();
        let derived = derived(&mut reader, &mut problems);
        let mut count = 0;
        let elements = elements(&mut reader, "", &mut count, &mut problems);
        let mut all = reader.finish();
        all.append(&mut problems);
        let mut template = Self { about, size_um, sample, optional, derived: Vec::new(), elements, pictures };
        match in_order(derived, &template.sample, words) {
            Ok(derived) => template.derived = derived,
            Err(mut wrong) => all.append(&mut wrong),
        }
        if all.is_empty() {
            template.check_fields(words, &mut all);
            template.check_grids(&template.elements, (0, 0), &mut all);
        }
        if all.is_empty() {
            template.check_sample(words, &mut all);
        }
        all.sort_by_key(|e| e.line);
        all.truncate(PROBLEMS_MAX);
        if all.is_empty() { Ok(template) } else { Err(TemplateErrors(all)) }
    }

    /// Every placeholder must name a field of the sample, a derived field, or a word.
    fn check_fields(&self, words: &Words, problems: &mut Vec<TemplateError>) {
        let Ok(data) = self.derive(&self.sample, words, (1, 1)) else { return };
        let scope = Scope { data: &data, row: None, words, optional: &[] };
        check_elements(&self.elements, &scope, problems);
    }
}

impl Template {
    /// The last row and column of every repeat must lie on the sheet: the sample seldom fills them.
    fn check_grids(&self, elements: &[Element], shift_um: (i32, i32), problems: &mut Vec<TemplateError>) {
        for element in elements {
            let Kind::Repeat(repeat) = &element.kind else { continue };
            let here = element.area;
            let from_um = (here.x_um.saturating_add(shift_um.0), here.y_um.saturating_add(shift_um.1));
            let last_um = repeat.last(from_um);
            let leaves = |inner: &&Element| {
                let right_um = last_um.0.saturating_add(inner.area.x_um).saturating_add(inner.area.w_um);
                let bottom_um = last_um.1.saturating_add(inner.area.y_um).saturating_add(inner.area.h_um);
                right_um > self.size_um.0 || bottom_um > self.size_um.1
            };
            if let Some(inner) = repeat.elements.iter().find(leaves) {
                let what = Problem::Grid { rows: repeat.rows, columns: repeat.columns };
                problems.push(TemplateError { line: inner.line, element: inner.name.clone(), what });
            }
            self.check_grids(&repeat.elements, last_um, problems);
        }
    }
}

fn sheet_edge(reader: &mut Reader<'_>, key: &'static str, most: i64) -> i32 {
    reader.needed(key);
    reader.length(key, 5_000, most, 100_000)
}

fn texts(reader: &mut Reader<'_>, key: &'static str) -> Vec<String> {
    let Some(node) = reader.node(key) else { return Vec::new() };
    let one = |n: &Node| match &n.value {
        Written::Text(text) => Some(text.clone()),
        Written::Number(..) | Written::Flag(_) | Written::List(_) | Written::Table(_) => None,
    };
    let read: Option<Vec<String>> = match &node.value {
        Written::List(nodes) => nodes.iter().map(one).collect(),
        Written::Text(text) => Some(vec![text.clone()]),
        Written::Number(..) | Written::Flag(_) | Written::Table(_) => None,
    };
    if read.is_none() {
        reader.problem(node.line, Problem::WrongKind { key, expected: "text or a list of texts".to_owned() });
    }
    read.unwrap_or_default()
}

/// A written value as data.
fn value(written: &Written) -> Value {
    match written {
        Written::Text(text) => Value::Text(text.clone()),
        // `1.10` prints so, not `1.1`.
        Written::Number(_, text) if text.contains('.') => Value::Text(text.clone()),
        Written::Number(n, _) => Value::Number(n / 1_000),
        Written::Flag(flag) => Value::Flag(*flag),
        Written::List(nodes) => Value::List(nodes.iter().map(|n| value(&n.value)).collect()),
        Written::Table(table) => Value::Record(table.iter().map(|(k, n)| (k.clone(), value(&n.value))).collect()),
    }
}

type Derived = Vec<(String, usize, Phrase)>;

fn derived(reader: &mut Reader<'_>, problems: &mut Vec<TemplateError>) -> Derived {
    let mut out = Vec::new();
    let Some(Node { value: Written::Table(table), .. }) = reader.node("derived") else { return out };
    for (name, node) in table {
        let mut wrong =
            |what| problems.push(TemplateError { line: node.line, element: format!("[derived] {name}"), what });
        match &node.value {
            _ if out.len() >= DERIVED_MAX => wrong(Problem::TooMany { what: "derived fields", most: DERIVED_MAX }),
            Written::Text(text) => match Phrase::parse(text) {
                Ok(phrase) => out.push((name.clone(), node.line, phrase)),
                Err(what) => wrong(what),
            },
            Written::Number(..) | Written::Flag(_) | Written::List(_) | Written::Table(_) => {
                wrong(Problem::WrongKind { key: "derived", expected: "text with placeholders".to_owned() });
            }
        }
    }
    out
}

/// Derived fields so that each comes after those it needs.
fn in_order(mut left: Derived, sample: &Value, words: &Words) -> Result<Vec<(String, Phrase)>, Vec<TemplateError>> {
    let names: BTreeSet<String> = left.iter().map(|d| d.0.clone()).collect();
    let scope = Scope { data: sample, row: None, words, optional: &[] };
    let (mut done, mut out, mut problems) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (name, line, phrase) in &left {
        for field in phrase.fields().filter(|f| !names.contains(*f) && !scope.knows(f) && !is_page(f)) {
            if problems.len() >= PROBLEMS_MAX {
                return Err(problems);
            }
            problems.push(TemplateError {
                line: *line,
                element: format!("[derived] {name}"),
                what: scope.unknown(field),
            });
        }
    }
    while !left.is_empty() {
        let ready = |d: &(String, usize, Phrase)| d.2.fields().all(|f| !names.contains(f) || done.contains(f));
        let (now, later): (Derived, Derived) = left.into_iter().partition(ready);
        if let (true, Some(first)) = (now.is_empty(), later.first()) {
            let what = Problem::Cycle { fields: later.iter().map(|d| d.0.clone()).collect() };
            problems.push(TemplateError { line: first.1, element: format!("[derived] {}", first.0), what });
            break;
        }
        done.extend(now.iter().map(|d| d.0.clone()));
        out.extend(now.into_iter().map(|(name, _, phrase)| (name, phrase)));
        left = later;
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// The number of the sheet and how many there are: fields that every template has.
fn is_page(field: &str) -> bool {
    matches!(field, "page" | "pages")
}

fn elements(
    reader: &mut Reader<'_>,
    above: &str,
    count: &mut usize,
    problems: &mut Vec<TemplateError>,
) -> Vec<Element> {
    let mut out = Vec::new();
    for (i, (table, line)) in reader.tables("element", ELEMENTS_MAX).into_iter().enumerate() {
        *count += 1;
        if *count > ELEMENTS_MAX {
            reader.problem(line, Problem::TooMany { what: "elements", most: ELEMENTS_MAX });
            break;
        }
        let written = |key: &str| match table.get(key).map(|n| &n.value) {
            Some(Written::Text(text)) => Some(text.as_str()),
            Some(Written::Number(..) | Written::Flag(_) | Written::List(_) | Written::Table(_)) | None => None,
        };
        let name =
            written("name").map_or_else(|| format!("{} {}", written("kind").unwrap_or("?"), i + 1), str::to_owned);
        let name = if above.is_empty() { name } else { format!("{above} / {name}") };
        let mut inner = Reader::new(table, line, &name);
        let element = element(&mut inner, name, count, problems);
        problems.extend(inner.finish());
        out.extend(element);
    }
    out
}

fn element(
    reader: &mut Reader<'_>,
    name: String,
    count: &mut usize,
    problems: &mut Vec<TemplateError>,
) -> Option<Element> {
    reader.text("name");
    let when: Vec<Condition> = texts(reader, "when").iter().map(|t| condition(t)).collect();
    if when.len() > CONDITIONS_MAX {
        reader.problem(reader.line(), Problem::TooMany { what: "conditions", most: CONDITIONS_MAX });
    }
    let area = area(reader)?;
    let (kind, line) = reader.needed_text("kind")?;
    let kind = match kind {
        "text" => Kind::Text(phrase(reader, "text")?, style(reader)),
        "stack" => Kind::Stack(stack(reader, &name, problems)),
        "line" => Kind::Line,
        "fill" => Kind::Fill,
        "box" => {
            // Sides thicker than half of it would leave the box on the other side.
            let half_um = (area.w_um.min(area.h_um) / 2).max(1);
            Kind::Outline(reader.length("thick", 50, i64::from(half_um.clamp(50, 20_000)), half_um.min(500)))
        }
        "barcode" => Kind::Barcode(code(reader)?),
        "image" => Kind::Image(reader.needed_text("file")?.0.to_owned()),
        "marks" => Kind::Marks(reader.needed_text("field")?.0.to_owned()),
        "repeat" => {
            let over = reader.needed_text("over")?.0.to_owned();
            let item = reader.text("as").map_or("row", |t| t.0).to_owned();
            let edge = i64::from(SHEET_EDGE_UM_MAX);
            let step_um = (reader.length("step", 500, edge, area.h_um), reader.length("across", 500, edge, area.w_um));
            let columns = reader.whole("columns", 1, 50, 1);
            let rows = reader.whole("rows", 1, ROWS_MAX as i64, (area.h_um / step_um.0.max(1)).max(1) as usize);
            Kind::Repeat(Repeat {
                over,
                name: item,
                step_um,
                columns,
                rows,
                elements: elements(reader, &name, count, problems),
            })
        }
        _ => {
            let expected = "one of text, stack, line, fill, box, barcode, image, marks, repeat".to_owned();
            reader.problem(line, Problem::WrongKind { key: "kind", expected });
            return None;
        }
    };
    Some(Element { line: reader.line(), name, when, area, kind })
}

/// `at = [x, y, width, height]` in millimetres.
fn area(reader: &mut Reader<'_>) -> Option<Area> {
    let node = reader.needed("at")?;
    let number = |n: &Node| match n.value {
        Written::Number(n, _) => i32::try_from(n).ok().filter(|um| (0..=SHEET_EDGE_UM_MAX).contains(um)),
        Written::Text(_) | Written::Flag(_) | Written::List(_) | Written::Table(_) => None,
    };
    if let Written::List(nodes) = &node.value
        && let [Some(x_um), Some(y_um), Some(w_um), Some(h_um)] = nodes.iter().map(number).collect::<Vec<_>>()[..]
        && w_um > 0
        && h_um > 0
    {
        return Some(Area { x_um, y_um, w_um, h_um });
    }
    let expected = "[left, top, width, height] in millimetres, up to 1000, width and height above 0".to_owned();
    reader.problem(node.line, Problem::WrongKind { key: "at", expected });
    None
}

fn phrase(reader: &mut Reader<'_>, key: &'static str) -> Option<Phrase> {
    let (text, line) = reader.needed_text(key)?;
    Phrase::parse(text).map_err(|what| reader.problem(line, what)).ok()
}

fn style(reader: &mut Reader<'_>) -> Style {
    let size_um = reader.length("size", i64::from(TEXT_SIZE_UM_MIN), 200_000, 3_500);
    let mut style = Style::new(reader.choice("font", FACES, Face::Regular), size_um)
        .align(reader.choice("align", ALIGNS, Align::Left))
        .rise(reader.choice("rise", RISES, Rise::Top));
    style.wrap = reader.flag("wrap", true);
    style.inverse = reader.flag("inverse", false);
    style
}

fn stack(reader: &mut Reader<'_>, name: &str, problems: &mut Vec<TemplateError>) -> Vec<Part> {
    let mut parts = Vec::new();
    for (table, line) in reader.tables("parts", 20) {
        let mut inner = Reader::new(table, line, name);
        let part = phrase(&mut inner, "text").map(|phrase| Part {
            phrase,
            style: style(&mut inner),
            most_um: inner.length("most", 1_000, i64::from(SHEET_EDGE_UM_MAX), SHEET_EDGE_UM_MAX),
            gap_um: inner.length("gap", 0, 100_000, 0),
        });
        problems.extend(inner.finish());
        parts.extend(part);
    }
    parts
}

fn code(reader: &mut Reader<'_>) -> Option<Code> {
    reader.needed("code")?;
    let first = CODES.first()?.1;
    let symbol = reader.choice("code", CODES, first);
    let module_um = reader.length("module", MODULE_UM.0, MODULE_UM.1, 500);
    let least_um = reader.length("module_least", MODULE_UM.0, i64::from(module_um), module_um.min(250));
    let line = reader.line();
    let phrase = phrase(reader, "data")?;
    Code::new(symbol, phrase, module_um, least_um).map_err(|what| reader.problem(line, what)).ok()
}

/// `field`, `not field`, `field = text`, `field != text`.
fn condition(text: &str) -> Condition {
    let field = |f: &str| f.trim().to_owned();
    if let Some((left, right)) = text.split_once("!=") {
        Condition::IsNot(field(left), field(right))
    } else if let Some((left, right)) = text.split_once('=') {
        Condition::Is(field(left), field(right))
    } else if let Some(name) = text.trim().strip_prefix("not ") {
        Condition::Blank(field(name))
    } else {
        Condition::Filled(field(text))
    }
}

fn check_elements(elements: &[Element], scope: &Scope<'_>, problems: &mut Vec<TemplateError>) {
    for element in elements {
        if problems.len() >= PROBLEMS_MAX {
            return;
        }
        let mut named: Vec<&str> = element
            .when
            .iter()
            .map(|c| match c {
                Condition::Filled(f) | Condition::Blank(f) | Condition::Is(f, _) | Condition::IsNot(f, _) => f.as_str(),
            })
            .collect();
        match &element.kind {
            Kind::Text(phrase, _) => named.extend(phrase.fields()),
            Kind::Stack(parts) => named.extend(parts.iter().flat_map(|p| p.phrase.fields())),
            Kind::Barcode(code) => named.extend(code.fields()),
            Kind::Marks(field) => named.push(field),
            Kind::Repeat(repeat) => named.push(&repeat.over),
            Kind::Line | Kind::Fill | Kind::Outline(_) | Kind::Image(_) => {}
        }
        let place = |what| TemplateError { line: element.line, element: element.name.clone(), what };
        let left = PROBLEMS_MAX - problems.len();
        problems.extend(named.iter().filter(|f| !scope.knows(f)).map(|f| place(scope.unknown(f))).take(left));
        let Kind::Repeat(repeat) = &element.kind else { continue };
        match scope.find(&repeat.over) {
            Some(Value::List(rows)) if !rows.is_empty() => {
                let row = rows.first().map(|row| (repeat.name.as_str(), row));
                check_elements(&repeat.elements, &Scope { row, ..*scope }, problems);
            }
            Some(_) => {
                let expected = "a list with at least one row in [sample]";
                problems.push(place(Problem::FieldKind { field: repeat.over.clone(), expected }));
            }
            None => {}
        }
    }
}
