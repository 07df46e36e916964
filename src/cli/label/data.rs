//! JSON as the data of labels: an object for one, an array of objects or JSON Lines for many. Numbers stay as they are written: those of
//! parcels and goods are longer than a machine's, and a wrong one would be a wrong barcode.

use crate::cli::CliError;
use crate::labels::template::Value;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Most labels in one run.
const RECORDS_MAX: usize = 200_000;
/// Deepest nesting that is read.
const DEPTH_MAX: usize = 32;

/// Every record of the input, in order.
///
/// # Errors
/// What is no JSON, with its line.
pub(super) fn records(text: &str, file: &str) -> Result<Vec<Value>, CliError> {
    let raw = raw(text, file)?;
    raw.iter().enumerate().map(|(i, record)| value(record, 0).map_err(|e| no_json(file, i, e))).collect()
}

/// Every record of the input, in order, for documents whose fields say what they take.
///
/// # Errors
/// What is no JSON, with its line.
pub(super) fn json(text: &str, file: &str) -> Result<Vec<Json>, CliError> {
    let raw = raw(text, file)?;
    raw.iter().enumerate().map(|(i, record)| read(record).map_err(|e| no_json(file, i, e))).collect()
}

fn raw<'a>(text: &'a str, file: &str) -> Result<Vec<&'a RawValue>, CliError> {
    let mut out = Vec::new();
    for record in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let record = record.map_err(|e| no_json(file, out.len(), e))?;
        if record.get().starts_with('[') {
            out.extend(read::<Vec<&RawValue>>(record).map_err(|e| no_json(file, out.len(), e))?);
        } else {
            out.push(record);
        }
        if out.len() > RECORDS_MAX {
            let what = format!("{file} holds more than {RECORDS_MAX} labels");
            return Err(CliError::plain(what, "split the file"));
        }
    }
    if let Some(i) = out.iter().position(|record| !record.get().starts_with('{')) {
        return Err(CliError::plain(format!("record {} in {file} is no object", i + 1), "give {\"field\": value, …}"));
    }
    if out.is_empty() {
        return Err(CliError::plain(format!("there is no data in {file}"), "give one JSON object for each label"));
    }
    Ok(out)
}

fn no_json(file: &str, i: usize, error: serde_json::Error) -> CliError {
    let what = format!("the data in {file} is not JSON: label {} of it", i + 1);
    CliError::room(what, "correct it; one object for each label", error)
}

fn read<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, serde_json::Error> {
    serde_json::from_str(raw.get())
}

fn value(raw: &RawValue, depth: usize) -> Result<Value, serde_json::Error> {
    if depth > DEPTH_MAX {
        return Err(serde::de::Error::custom(format!("it is nested deeper than {DEPTH_MAX}")));
    }
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = read(raw)?;
            let fields = fields.into_iter().map(|(name, inner)| Ok((name, value(inner, depth + 1)?)));
            Ok(Value::Record(fields.collect::<Result<_, serde_json::Error>>()?))
        }
        Some(b'[') => {
            let values: Vec<&RawValue> = read(raw)?;
            Ok(Value::List(values.into_iter().map(|inner| value(inner, depth + 1)).collect::<Result<_, _>>()?))
        }
        Some(b'"') => read(raw).map(Value::Text),
        Some(b't' | b'f') => read(raw).map(Value::Flag),
        Some(b'n') => Ok(Value::Text(String::new())),
        _ => {
            let whole = text.parse::<i64>().ok().filter(|n| n.to_string() == text);
            Ok(whole.map_or_else(|| Value::Text(text.to_owned()), Value::Number))
        }
    }
}
