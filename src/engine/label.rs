//! The label of a parcel: from the site's own template where that can make it, else as the program lays it out. A template never keeps
//! a parcel on the bench: what it cannot make is printed as the house label, and the office is told where the template is at fault.
//!
//! A copy is made of what the parcel's label was made of, whatever the office changed since.

use super::input::{Effect, PrintJob, PrintOrder};
use super::papers::{self, PaperError};
use super::{Engine, EngineError};
use crate::core::checklist::DocumentKind;
use crate::core::message::Message;
use crate::core::time::UtcMs;
use crate::labels::house::house_label;
use crate::labels::sheet::Sheet;
use crate::labels::template::{Pictures, Problem, Template, TemplateError, drawing_word, shipping, toml};
use crate::labels::{LabelError, documents::Words};
use crate::protocol::desk::LabelFault;
use crate::protocol::wire::label::LABEL_TEXT_BYTES_MAX;
use crate::protocol::wire::{ContentHash, EventId, UserId};
use crate::storage::labels::{self as store, MadeOf};
use crate::storage::{StorageError, outbox};
use std::sync::Arc;

/// Templates kept as read: the one in force, and those of copies.
const READ_MAX: usize = 4;
/// Longest name of a template or an element that is told.
const TOLD_CHARS_MAX: usize = 80;

/// A version of a template as it was read: sound, or what is wrong with it first.
pub(super) struct ReadTemplate {
    of: MadeOf,
    read: Result<Arc<Template>, Fault>,
}

/// Where a template is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of its text; 0: none in particular.
    pub line: u32,
    /// Name of the element, or empty.
    pub element: String,
    /// What is wrong, as [`Problem::word`] says it.
    pub word: &'static str,
    /// The field it is about, or empty.
    pub field: String,
}

impl Fault {
    fn of(error: &TemplateError) -> Fault {
        Fault {
            line: u32::try_from(error.line).unwrap_or(0),
            element: error.element.chars().take(TOLD_CHARS_MAX).collect(),
            word: error.what.word(),
            field: error.what.field().chars().take(TOLD_CHARS_MAX).collect(),
        }
    }

    /// What a printer's resolution does not let through.
    #[must_use]
    pub fn of_drawing(error: &LabelError) -> Fault {
        Fault { line: 0, element: String::new(), word: drawing_word(error), field: String::new() }
    }
}

/// A label ready for printers.
pub(super) struct Made {
    /// Its page.
    pub sheets: Vec<Sheet>,
    /// The house label, where the page is the site's.
    pub spare: Vec<Sheet>,
    /// The template it is made of, with its text; none: the program's own layout.
    of: Option<(MadeOf, String)>,
    /// The site's template that could not make it.
    fault: Option<(MadeOf, Fault)>,
}

impl Engine {
    /// Lays a label out for a copy, as the label before it was.
    pub(super) fn lay_out(&mut self, job: PrintJob, at: UtcMs, before: u16) -> Result<Made, PaperError> {
        let Some(b) = self.desk.bench.as_ref() else { return Err(PaperError::NoParcel(job.parcel)) };
        let label = papers::label(&b.session, &b.loaded, &self.config.words, job, at)?;
        let house = house_label(&label, &self.config.words);
        let mut fault = None;
        if let Some((of, text)) = self.template_for(job, before)? {
            let made = match self.read_template(&of, &text) {
                Ok(template) => {
                    shipping::draw(&template, &label, &self.config.words).map_err(|error| Fault::of(&error))
                }
                Err(fault) => Err(fault),
            };
            match made {
                Ok(sheet) => {
                    let spare = house.into_iter().collect();
                    return Ok(Made { sheets: vec![sheet], spare, of: Some((of, text)), fault: None });
                }
                Err(wrong) => fault = Some((of, wrong)),
            }
        }
        Ok(Made { sheets: vec![house?], spare: Vec::new(), of: None, fault })
    }

    /// The template of a job: that of the label the parcel has, else the one in force.
    fn template_for(&mut self, job: PrintJob, before: u16) -> Result<Option<(MadeOf, String)>, StorageError> {
        let c = self.conn.as_mut();
        match store::on_the_parcel(c, job.fulfillment, job.parcel, before)? {
            Some(None) => Ok(None),
            Some(Some(of)) => Ok(store::kept(c, &of)?.map(|text| (of, text))),
            None => {
                let record = store::in_force(c, shipping::NAME)?;
                Ok(record.map(|r| {
                    let hash = ContentHash::of(r.text.as_bytes());
                    (MadeOf { name: r.name, version: r.version, hash }, r.text)
                }))
            }
        }
    }

    /// Reads a version once; whoever prints next finds it read.
    fn read_template(&mut self, of: &MadeOf, text: &str) -> Result<Arc<Template>, Fault> {
        if let Some(known) = self.templates.iter().find(|known| known.of == *of) {
            return known.read.clone();
        }
        let read = read(text, &self.config.words);
        if self.templates.len() >= READ_MAX {
            self.templates.remove(0);
        }
        self.templates.push(ReadTemplate { of: of.clone(), read: read.clone() });
        read
    }

    /// Lays a label out and hands it to its printer.
    pub(super) fn print_label(&mut self, job: PrintJob, at: UtcMs) -> Result<(), EngineError> {
        let made = match self.lay_out(job, at, job.copy) {
            Ok(made) => made,
            Err(PaperError::Storage(error)) => return Err(error.into()),
            Err(error) => {
                tracing::error!(%error, "a label could not be drawn");
                self.undrawn.push(job);
                return Ok(());
            }
        };
        if let Some((of, text)) = &made.of {
            let c = self.conn.as_mut();
            store::keep(c, of, text)?;
            store::set_made_of(c, job.fulfillment, job.parcel, job.copy, Some(of))?;
        }
        if let Some((of, fault)) = &made.fault {
            self.tell_fault(job, of, fault)?;
        }
        self.forget_drawing(job);
        let (sheets, spare) = (made.sheets, made.spare);
        self.out.push(Effect::Print(Box::new(PrintOrder { job, at, sheets, spare })));
        Ok(())
    }

    /// A printer could not draw the site's label at its resolution, and printed the house label.
    pub(super) fn on_spare_printed(&mut self, job: PrintJob, fault: &Fault) -> Result<(), EngineError> {
        let c = self.conn.as_mut();
        let Some(Some(of)) = store::made_of(c, job.fulfillment, job.parcel, job.copy)? else { return Ok(()) };
        store::set_made_of(c, job.fulfillment, job.parcel, job.copy, None)?;
        self.forget_drawing(job);
        self.tell_fault(job, &of, fault)
    }

    /// The screen's picture is that of another label now.
    fn forget_drawing(&mut self, job: PrintJob) {
        if job.document == DocumentKind::Label
            && let Some(b) = self.desk.bench.as_mut().filter(|b| b.session.fulfillment == job.fulfillment)
        {
            b.label = None;
        }
    }

    /// The office is told where its template is at fault, and the packer why the label looks different.
    fn tell_fault(&mut self, job: PrintJob, of: &MadeOf, fault: &Fault) -> Result<(), EngineError> {
        tracing::warn!(
            template = of.name,
            version = of.version,
            line = fault.line,
            element = fault.element,
            fault = fault.word,
            "the site's template could not make a label; the house label is printed"
        );
        let told = LabelFault {
            actor: UserId(self.machine().id.0),
            template: of.name.chars().take(TOLD_CHARS_MAX).collect(),
            version: of.version,
            line: fault.line,
            element: fault.element.clone(),
            fault: fault.word.to_owned(),
            field: fault.field.clone(),
        };
        let (id, moment) = (EventId(self.clock.new_id()), self.moment());
        let entries = outbox::append_label_fault(self.conn.as_mut(), moment, job.fulfillment, id, &told)?;
        self.grown.extend(entries);
        let note = Message::new("label-house-instead-sub").with("template", of.name.as_str()).with("line", fault.line);
        if let Some(b) = self.desk.bench.as_mut().filter(|b| b.session.fulfillment == job.fulfillment) {
            b.house_instead = Some((job.parcel, note));
        }
        Ok(())
    }
}

/// A text as a sound template, or what is wrong with it first.
fn read(text: &str, words: &Words) -> Result<Arc<Template>, Fault> {
    if text.len() > LABEL_TEXT_BYTES_MAX {
        let what = Problem::TooMany { what: "bytes", most: LABEL_TEXT_BYTES_MAX };
        return Err(Fault::of(&TemplateError { line: 0, element: String::new(), what }));
    }
    let read = toml::read(text).and_then(|root| Template::read(&root, Pictures::new(), words));
    read.map(Arc::new).map_err(|errors| match errors.0.first() {
        Some(first) => Fault { word: "unsound", ..Fault::of(first) },
        None => Fault { line: 0, element: String::new(), word: "unsound", field: String::new() },
    })
}
