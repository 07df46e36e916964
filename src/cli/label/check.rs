//! `packbench label check`: everything that is wrong with a template, by line and element. A shipping template is also tried as stations
//! print it, because what they refuse is printed as the house label. It writes no label.

use super::args::CheckArgs;
use super::{documents, read_template, template_text, words};
use crate::cli::{CliError, error};
use crate::labels::documents::Words;
use crate::labels::template::{Pictures, Problem, Template, TemplateError, TemplateErrors, bundled, shipping, toml};
use crate::protocol::wire::label::LABEL_TEXT_BYTES_MAX;
use std::path::Path;
use std::process::ExitCode;

/// Checks a template or a document.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, CliError> {
    let (name, words) = (args.template.as_str(), words(&args.language)?);
    if let Some(document) = documents::find(name) {
        if args.station {
            let what = format!("stations print no parcel's label from {name}: it is laid out by code");
            return Err(CliError::plain(what, "name a template"));
        }
        let pages = document.sheets(super::data::json(document.sample, name)?, &words)?.len();
        error::out(&format!("{name} is sound: its sample has {pages} pages. {}\n", document.about))?;
        return Ok(ExitCode::SUCCESS);
    }
    let template = read_template(name, &words)?;
    let (w_um, h_um) = template.size_um();
    let mm = |um: i32| format!("{}.{}", um / 1_000, um % 1_000 / 100);
    let mut told = format!("{name} is sound: {} x {} mm. {}\n", mm(w_um), mm(h_um), template.about);
    if args.station || is_shipping(name) {
        let text = match bundled::text(name) {
            Some(text) => text.to_owned(),
            None => template_text(Path::new(name))?,
        };
        at_stations(&text, &words).map_err(|errors| {
            let what = format!("stations would print the house label instead of {name}");
            CliError::room(what, "correct what the lines above name (docs/labels.md, At stations)", errors)
        })?;
        told.push_str("Stations can print parcels' labels from it.\n");
    }
    error::out(&told)?;
    Ok(ExitCode::SUCCESS)
}

/// Whether it is called as the template is that stations print from: `shipping`, or a file `shipping.toml`.
fn is_shipping(name: &str) -> bool {
    Path::new(name).file_stem().is_some_and(|stem| stem == shipping::NAME)
}

/// A template as stations read it: its text alone, without the files beside it.
fn at_stations(text: &str, words: &Words) -> Result<(), TemplateErrors> {
    if text.len() > LABEL_TEXT_BYTES_MAX {
        let what = Problem::TooMany { what: "bytes", most: LABEL_TEXT_BYTES_MAX };
        return Err(TemplateErrors(vec![TemplateError { line: 0, element: String::new(), what }]));
    }
    shipping::check(&Template::read(&toml::read(text)?, Pictures::new(), words)?, words)
}
