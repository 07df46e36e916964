//! `packbench label`: labels out of a template and data, a template's check, and the picture of a printer's job.
//!
//! Results go to standard output or to `--out`; nothing is written before all of it is made.

mod args;
mod check;
mod data;
mod document_data;
mod documents;

#[cfg(feature = "station")]
pub(super) use args::dpi;
pub(super) use args::{LabelArgs, To};

use self::args::{Command, MakeArgs, PreviewArgs};
use self::documents::Document;
use super::{CliError, error};
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use crate::labels::documents::Words;
use crate::labels::sheet::Sheet;
use crate::labels::template::{Picture, Pictures, Template, TemplateErrors, bundled, toml};
use crate::labels::zpl::Resolution;
use crate::labels::{LabelError, pdf, preview, raster, zpl};
use image::ImageReader;
use std::io::{Cursor, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Longest template file in bytes.
const TEMPLATE_BYTES_MAX: u64 = 1 << 20;
/// Longest input of data or of a print job in bytes.
const INPUT_BYTES_MAX: u64 = 64 << 20;
/// Below this brightness a pixel of a template's picture is black.
const DARK_BELOW: u8 = 128;

/// Runs `label`.
///
/// # Errors
/// What could not be read, drawn or written.
pub(super) fn run(args: &LabelArgs) -> Result<ExitCode, CliError> {
    match &args.command {
        Some(Command::Check(args)) => check::run(args),
        Some(Command::Preview(args)) => show(args),
        Some(Command::Templates) => {
            let line = |name: &str, about: &str| format!("{name:<18} {about}\n");
            let templates = bundled::ALL.iter().map(|(name, text)| line(name, about(text)));
            let documents = documents::ALL.iter().map(|d| line(d.name, d.about));
            error::out(&templates.chain(documents).collect::<String>())?;
            Ok(ExitCode::SUCCESS)
        }
        None => make(&args.make),
    }
}

/// The first line of a bundled template says what it is for.
fn about(text: &str) -> &str {
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("about = ").trim_matches('"')
}

fn make(args: &MakeArgs) -> Result<ExitCode, CliError> {
    let (Some(name), Some(to)) = (&args.template, args.to) else {
        return Err(CliError::Usage("give --template and --to; see `packbench label --help`".to_owned()));
    };
    let words = words(&args.language)?;
    let sheets = match documents::find(name) {
        Some(document) => document.sheets(document_records(args, document)?, &words)?,
        None => template_sheets(args, name, &words)?,
    };
    put(&sheets, to, args.dpi, args.out.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

fn no_data() -> CliError {
    CliError::Usage("give --data FILE (- for standard input) or --sample".to_owned())
}

/// The data of documents that are laid out by code.
fn document_records(args: &MakeArgs, document: &Document) -> Result<Vec<serde_json::Value>, CliError> {
    match (&args.data, args.sample) {
        (Some(file), _) => data::json(&typed(input(file)?, file)?, &file.display().to_string()),
        (None, true) => data::json(document.sample, document.name),
        (None, false) => Err(no_data()),
    }
}

fn template_sheets(args: &MakeArgs, name: &str, words: &Words) -> Result<Vec<Sheet>, CliError> {
    let template = read_template(name, words)?;
    let records = match (&args.data, args.sample) {
        (Some(file), _) => data::records(&typed(input(file)?, file)?, &file.display().to_string())?,
        (None, true) => vec![template.sample().clone()],
        (None, false) => return Err(no_data()),
    };
    let mut sheets = Vec::new();
    for (i, record) in records.iter().enumerate() {
        let drawn = template.draw(record, words);
        let what = || format!("label {} of {} cannot be made from {name}", i + 1, records.len());
        sheets.extend(drawn.map_err(|e| CliError::room(what(), "correct the data or the template", e))?);
    }
    Ok(sheets)
}

/// Draws sheets in one format and writes them to a file or to standard output.
///
/// # Errors
/// If they cannot be drawn or written.
pub(super) fn put(sheets: &[Sheet], to: To, dpi: u32, out: Option<&Path>) -> Result<(), CliError> {
    write(rendered(sheets, to, dpi).map_err(not_drawn)?, out)
}

fn not_drawn(error: LabelError) -> CliError {
    CliError::room("the labels cannot be drawn", "", error)
}

/// One file, or one per sheet where a format holds one picture.
fn rendered(sheets: &[Sheet], to: To, dpi: u32) -> Result<Vec<Vec<u8>>, LabelError> {
    match to {
        To::Zpl => {
            let resolution = Resolution::of_dpi(dpi).unwrap_or(Resolution::Dpi203);
            let jobs: Result<String, LabelError> = sheets.iter().map(|s| zpl::render(s, resolution)).collect();
            Ok(vec![jobs?.into_bytes()])
        }
        To::Pdf => Ok(vec![pdf::render(sheets)?]),
        To::Png => sheets.iter().map(|s| raster::render(s, dpi)?.png()).collect(),
    }
}

/// Several pictures get a number before the ending: `out-1.png`, `out-2.png`.
fn write(files: Vec<Vec<u8>>, out: Option<&Path>) -> Result<(), CliError> {
    let several = files.len() > 1;
    let Some(out) = out else {
        if several {
            let what = format!("{} pictures cannot go to standard output", files.len());
            return Err(CliError::plain(what, "name a file with --out; each gets a number"));
        }
        return files.iter().try_for_each(|bytes| stdout(bytes));
    };
    for (i, bytes) in files.iter().enumerate() {
        let path = if several { numbered(out, i + 1) } else { out.to_owned() };
        std::fs::write(&path, bytes).map_err(|source| CliError::File { what: "cannot write", path, source })?;
    }
    Ok(())
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    let part = |p: Option<&std::ffi::OsStr>| p.map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!("{}-{number}.{}", part(path.file_stem()), part(path.extension())))
}

fn stdout(bytes: &[u8]) -> Result<(), CliError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::System { what: "the result cannot be written".to_owned(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The picture of the first label of a print job; what the picture lacks is told on standard error.
fn show(args: &PreviewArgs) -> Result<ExitCode, CliError> {
    let job = input(&args.job)?;
    let shown = preview::preview(&job, args.dpi, args.label);
    let shown = shown.map_err(|e| CliError::room("the print job cannot be shown", "", e))?;
    write(vec![shown.picture.png().map_err(not_drawn)?], args.out.as_deref())?;
    let mut told = String::new();
    if shown.labels > 1 {
        told.push_str(&format!("label {} of {} is shown\n", args.label, shown.labels));
    }
    if !shown.not_drawn.is_empty() {
        told.push_str(&format!("not drawn: {}\n", shown.not_drawn.join(", ")));
    }
    for warning in &shown.warnings {
        told.push_str(&format!("warning: {warning}\n"));
    }
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::stderr().write_all(told.as_bytes());
    Ok(ExitCode::SUCCESS)
}

/// The print job of a template's own sample, from its text alone: for tests.
pub(super) fn sample_job(text: &str) -> Result<String, String> {
    let words = words("en").map_err(|e| e.to_string())?;
    let root = toml::read(text).map_err(|e| e.to_string())?;
    let template = Template::read(&root, Pictures::new(), &words).map_err(|e| e.to_string())?;
    let sheets = template.draw(template.sample(), &words).map_err(|e| e.to_string())?;
    let jobs: Result<String, LabelError> = sheets.iter().map(|s| zpl::render(s, Resolution::Dpi203)).collect();
    jobs.map_err(|e| e.to_string())
}

/// A bundled template by its name, else a file and the pictures beside it.
fn read_template(name: &str, words: &Words) -> Result<Template, CliError> {
    let wrong = |e: TemplateErrors| {
        CliError::room(format!("the template {name} is not sound"), "correct what the lines above name", e)
    };
    if let Some(text) = bundled::text(name) {
        let root = toml::read(text).map_err(wrong)?;
        return Template::read(&root, Pictures::new(), words).map_err(wrong);
    }
    let path = Path::new(name);
    if !path.exists() && !name.contains(['/', '.']) {
        let names: Vec<&str> = bundled::ALL.iter().map(|t| t.0).chain(documents::ALL.iter().map(|d| d.name)).collect();
        let what = format!("there is no template {name}");
        return Err(CliError::plain(what, format!("name a file, or one of {}", names.join(", "))));
    }
    let root = toml::read(&template_text(path)?).map_err(wrong)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let files = toml::files(&root);
    let pictures = files.into_iter().filter_map(|f| picture(&folder.join(&f)).map(|p| (f, p))).collect();
    Template::read(&root, pictures, words).map_err(wrong)
}

/// A PNG in black and white; one that cannot be read is told by the template's check, by name and line.
fn picture(path: &Path) -> Option<Picture> {
    let bytes = read_most(path, TEMPLATE_BYTES_MAX).ok()?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(crate::labels::template::PICTURE_EDGE_MAX);
    limits.max_image_height = Some(crate::labels::template::PICTURE_EDGE_MAX);
    reader.limits(limits);
    let decoded = reader.decode().ok()?.into_luma_alpha8();
    // What is transparent is paper.
    let dark = decoded.pixels().map(|p| p.0[1] >= DARK_BELOW && p.0[0] < DARK_BELOW).collect();
    Some(Picture { columns: decoded.width(), dark })
}

/// A file, or standard input where it is `-`.
fn input(path: &Path) -> Result<Vec<u8>, CliError> {
    if path != Path::new("-") {
        return read_most(path, INPUT_BYTES_MAX);
    }
    let wrong = |source| CliError::System { what: "standard input cannot be read".to_owned(), source };
    at_most(std::io::stdin().lock(), INPUT_BYTES_MAX, "standard input", wrong)
}

/// The text of a template's file.
fn template_text(path: &Path) -> Result<String, CliError> {
    typed(read_most(path, TEMPLATE_BYTES_MAX)?, path)
}

/// Bytes that somebody typed, as text; the mark that some editors write before it leaves. What is not UTF-8 is refused: letters that were
/// guessed would be printed.
fn typed(bytes: Vec<u8>, path: &Path) -> Result<String, CliError> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let what = format!("{} is not UTF-8 text: line {line}, byte {}", path.display(), at + 1);
        CliError::room(what, "save it in the encoding UTF-8", error)
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn read_most(path: &Path, most: u64) -> Result<Vec<u8>, CliError> {
    let wrong = |source| CliError::File { what: "cannot read", path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(wrong)?;
    at_most(file, most, &path.display().to_string(), wrong)
}

/// All that comes from there. What is longer is refused: the beginning of it would be taken for the whole.
fn at_most(
    from: impl Read,
    most: u64,
    name: &str,
    wrong: impl FnOnce(std::io::Error) -> CliError,
) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > most {
        let what = format!("{name} is longer than {most} bytes");
        return Err(CliError::plain(what, "check that it is the right file"));
    }
    Ok(bytes)
}

/// The words on papers in a language.
fn words(language: &str) -> Result<Words, CliError> {
    let known = Lang::from_code(language);
    let lang = known.ok_or_else(|| CliError::Usage(format!("there is no language {language}: en, es, ms, ru")))?;
    let catalogue = Catalogue::new(lang);
    // The words keep their own places; the labels room fills them.
    let place = |name: &'static str| (name, Arg::Text(format!("{{{name}}}")));
    Ok(Words::from_catalogue(|key| catalogue.text_with(key, &[place("n"), place("m")])))
}
