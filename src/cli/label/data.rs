//! JSON as the data of labels: an object for one, an array of objects or JSON Lines for many.

use crate::cli::CliError;
use crate::labels::template::Value;
use serde_json::Value as Json;

/// Most labels in one run.
const RECORDS_MAX: usize = 200_000;

/// Every record of the input, in order.
///
/// # Errors
/// What is no JSON, with its line.
pub(super) fn records(text: &str, file: &str) -> Result<Vec<Value>, CliError> {
    Ok(json(text, file)?.into_iter().map(value).collect())
}

/// Every record of the input, in order, as it is written.
///
/// # Errors
/// What is no JSON, with its line.
pub(super) fn json(text: &str, file: &str) -> Result<Vec<Json>, CliError> {
    let mut out = Vec::new();
    for record in serde_json::Deserializer::from_str(text).into_iter::<Json>() {
        let record = record.map_err(|e| {
            let what = format!("the data in {file} is not JSON: label {} of it", out.len() + 1);
            CliError::room(what, "correct it; one object for each label", e)
        })?;
        match record {
            Json::Array(records) => out.extend(records),
            record @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_)) => {
                out.push(record);
            }
        }
        if out.len() > RECORDS_MAX {
            let what = format!("{file} holds more than {RECORDS_MAX} labels");
            return Err(CliError::plain(what, "split the file"));
        }
    }
    if let Some(i) = out.iter().position(|v| !v.is_object()) {
        return Err(CliError::plain(format!("record {} in {file} is no object", i + 1), "give {\"field\": value, …}"));
    }
    if out.is_empty() {
        return Err(CliError::plain(format!("there is no data in {file}"), "give one JSON object for each label"));
    }
    Ok(out)
}

fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Text(String::new()),
        Json::Bool(flag) => Value::Flag(flag),
        Json::Number(n) => n.as_i64().map_or_else(|| Value::Text(n.to_string()), Value::Number),
        Json::String(text) => Value::Text(text),
        Json::Array(values) => Value::List(values.into_iter().map(value).collect()),
        Json::Object(fields) => Value::Record(fields.into_iter().map(|(k, v)| (k, value(v))).collect()),
    }
}
