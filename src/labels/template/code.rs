//! A barcode in a template: its kind, its content with placeholders, its modules.

use super::phrase::{Phrase, Piece, Scope};
use super::problem::Problem;
use crate::labels::LabelError;
use crate::labels::bars::BarsKind;
use crate::labels::gs1::ElementString;
use crate::labels::sheet::{Area, Sheet, Symbology};

/// Names of the kinds, as templates write them.
pub(super) const CODES: &[(&str, Symbol)] = &[
    ("code128", Symbol::Code128),
    ("gs1-128", Symbol::Gs1128),
    ("ean-13", Symbol::Bars(BarsKind::Ean13)),
    ("ean-8", Symbol::Bars(BarsKind::Ean8)),
    ("upc-a", Symbol::Bars(BarsKind::UpcA)),
    ("itf-14", Symbol::Bars(BarsKind::Itf14)),
    ("itf", Symbol::Bars(BarsKind::Itf)),
    ("code39", Symbol::Bars(BarsKind::Code39)),
    ("qr", Symbol::Qr),
    ("datamatrix", Symbol::DataMatrix),
    ("gs1-datamatrix", Symbol::Gs1DataMatrix),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Code128,
    Gs1128,
    Bars(BarsKind),
    Qr,
    DataMatrix,
    Gs1DataMatrix,
}

/// What to encode and how wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    symbol: Symbol,
    content: Content,
    module_um: i32,
    module_least_um: i32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Plain(Phrase),
    /// Application identifiers and their values: data can never bring an identifier of its own.
    Elements(Vec<(String, Phrase)>),
}

impl Code {
    pub(super) fn new(symbol: Symbol, phrase: Phrase, module_um: i32, module_least_um: i32) -> Result<Self, Problem> {
        let content = match symbol {
            Symbol::Gs1128 | Symbol::Gs1DataMatrix => Content::Elements(bracketed(&phrase)?),
            Symbol::Code128 | Symbol::Bars(_) | Symbol::Qr | Symbol::DataMatrix => Content::Plain(phrase),
        };
        Ok(Self { symbol, content, module_um, module_least_um })
    }

    /// Every field its content names.
    pub(super) fn fields(&self) -> Vec<&str> {
        match &self.content {
            Content::Plain(phrase) => phrase.fields().collect(),
            Content::Elements(elements) => elements.iter().flat_map(|(_, p)| p.fields()).collect(),
        }
    }

    /// The texts its content is made of; it prints if one says something.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        let (plain, parts) = match &self.content {
            Content::Plain(phrase) => (Some(phrase), &[][..]),
            Content::Elements(parts) => (None, parts.as_slice()),
        };
        plain.into_iter().chain(parts.iter().map(|(_, phrase)| phrase))
    }

    /// Whether it holds the number of a parcel, bare or as the SSCC it is: what a station takes when the label is scanned back.
    pub(super) fn holds_sscc(&self, sscc: &str, scope: &Scope<'_>) -> bool {
        match &self.content {
            Content::Plain(phrase) => {
                phrase.fill(scope).is_ok_and(|text| text.strip_prefix("00").unwrap_or(&text) == sscc || text == sscc)
            }
            Content::Elements(parts) => {
                parts.iter().any(|(ai, phrase)| ai == "00" && phrase.fill(scope).is_ok_and(|value| value == sscc))
            }
        }
    }

    /// Puts it onto the sheet; empty content puts nothing.
    pub(super) fn draw(&self, sheet: &mut Sheet, area: Area, scope: &Scope<'_>) -> Result<(), Problem> {
        let mut put = |what: Symbology<'_>| {
            sheet.barcode(area, what, self.module_um, self.module_least_um).map_err(Problem::Label)
        };
        match &self.content {
            Content::Plain(phrase) => {
                let text = phrase.fill(scope)?;
                if text.is_empty() {
                    return Ok(());
                }
                match self.symbol {
                    Symbol::Code128 => put(Symbology::Code128(&text)),
                    Symbol::Bars(kind) => put(Symbology::Bars(kind, &text)),
                    Symbol::Qr => put(Symbology::Qr(&text)),
                    Symbol::DataMatrix => put(Symbology::DataMatrix(&text)),
                    Symbol::Gs1128 | Symbol::Gs1DataMatrix => Ok(()),
                }
            }
            Content::Elements(parts) => {
                let mut elements = Vec::new();
                for (ai, phrase) in parts {
                    let value = phrase.fill(scope)?;
                    if value.is_empty() {
                        continue;
                    }
                    let made = if ai == "00" { ElementString::sscc(&value) } else { ElementString::new(ai, &value) };
                    elements.push(made.map_err(LabelError::Gs1)?);
                }
                if elements.is_empty() {
                    return Ok(());
                }
                match self.symbol {
                    Symbol::Gs1DataMatrix => put(Symbology::Gs1DataMatrix(&elements)),
                    Symbol::Gs1128 | Symbol::Code128 | Symbol::Bars(_) | Symbol::Qr | Symbol::DataMatrix => {
                        put(Symbology::Gs1128(&elements))
                    }
                }
            }
        }
    }
}

/// Splits `(01){gtin}(10){lot}` at the identifiers, which only the template's own text can hold.
fn bracketed(phrase: &Phrase) -> Result<Vec<(String, Phrase)>, Problem> {
    let mut out: Vec<(String, Phrase)> = Vec::new();
    for piece in &phrase.0 {
        match piece {
            Piece::Literal(text) => {
                for (i, part) in text.split('(').enumerate() {
                    let (ai, rest) = if i == 0 { ("", part) } else { part.split_once(')').ok_or(Problem::Brackets)? };
                    if i > 0 {
                        out.push((ai.to_owned(), Phrase::default()));
                    }
                    match out.last_mut() {
                        Some((_, value)) if !rest.is_empty() => value.0.push(Piece::Literal(rest.to_owned())),
                        None if !rest.trim().is_empty() => return Err(Problem::Brackets),
                        Some(_) | None => {}
                    }
                }
            }
            Piece::Field { .. } => out.last_mut().ok_or(Problem::Brackets)?.1.0.push(piece.clone()),
        }
    }
    let digits = |ai: &str| (2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit());
    if out.is_empty() || !out.iter().all(|(ai, value)| digits(ai) && !value.0.is_empty()) {
        return Err(Problem::Brackets);
    }
    Ok(out)
}
