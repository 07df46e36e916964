//! A row as a line of a backup: a JSON array of numbers, texts and nulls; bytes stand as `{"b":"base64"}`.

use crate::sql::Val;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Writes a row, without the end of its line. A floating number has no form: no table of central holds one.
pub(super) fn put(line: &mut String, vals: &[Val]) -> Result<(), &'static str> {
    line.push('[');
    for (n, val) in vals.iter().enumerate() {
        if n > 0 {
            line.push(',');
        }
        match val {
            Val::Null => line.push_str("null"),
            Val::Int(int) => line.push_str(&int.to_string()),
            Val::Text(text) => line.push_str(&Value::from(text.as_str()).to_string()),
            Val::Blob(bytes) => {
                line.push_str("{\"b\":\"");
                STANDARD.encode_string(bytes, line);
                line.push_str("\"}");
            }
            Val::Real(_) => return Err("a floating number has no form in a backup"),
        }
    }
    line.push(']');
    Ok(())
}

/// Reads a row back.
pub(super) fn read(line: &str, vals: &mut Vec<Val>) -> Result<(), &'static str> {
    vals.clear();
    let row: Vec<Value> = serde_json::from_str(line).map_err(|_| "no row")?;
    for value in row {
        vals.push(match value {
            Value::Null => Val::Null,
            Value::Number(number) => Val::Int(number.as_i64().ok_or("a number beyond 64 bits")?),
            Value::String(text) => Val::Text(text),
            Value::Object(object) => Val::Blob(bytes(object.get("b"))?),
            Value::Bool(_) | Value::Array(_) => return Err("no value of a row"),
        });
    }
    Ok(())
}

/// Bytes that stand as base64.
pub(super) fn bytes(value: Option<&Value>) -> Result<Vec<u8>, &'static str> {
    let text = value.and_then(Value::as_str).ok_or("no bytes")?;
    STANDARD.decode(text).map_err(|_| "no base64")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vals;

    #[test]
    fn every_value_reads_back_as_it_was() {
        let row = vals!["a\"\\\n\u{2028}é", i64::MIN, i64::MAX, Option::<String>::None, [0_u8, 0xff, 7], ""];
        let (mut line, mut back) = (String::new(), Vec::new());
        put(&mut line, row).unwrap();
        assert!(!line.contains('\n'));
        read(&line, &mut back).unwrap();
        assert_eq!(back, row);
        assert!(put(&mut line, vals![0.5]).is_err());
        for wrong in ["", "{}", "[true]", "[1.5]", "[99999999999999999999]", "[{\"b\":\"*\"}]", "[{}]"] {
            assert!(read(wrong, &mut back).is_err(), "{wrong}");
        }
    }
}
