//! What every test of the console's forms needs: reading what a form carries, sending it as a browser does. Must never assert what a
//! page says.

use crate::central_console::page;
use crate::central_kit::Bench;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};

/// The hidden field of a page's first form that has one of that name.
pub fn hidden(page: &str, name: &str) -> String {
    let from = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    from.split('"').next().unwrap().to_owned()
}

/// The token that forms of this page carry.
pub fn csrf_of(page: &str) -> String {
    hidden(page, "csrf")
}

/// The token of this login, from a page that it may see.
pub fn csrf_at(bench: &Bench, path: &str, cookie: &str) -> String {
    csrf_of(&page(bench, path, cookie).2)
}

/// The token of a login that sees orders.
pub fn csrf(bench: &Bench, cookie: &str) -> String {
    csrf_at(bench, "/orders", cookie)
}

/// Where an answer leads.
pub fn to(headers: &HeaderMap) -> &str {
    headers[header::LOCATION].to_str().unwrap()
}

/// A form's body as a browser sends it.
pub fn sent(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        let one = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(one).collect()
    };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}

/// A form with a file (its name, kind and bytes) as a browser sends it.
pub fn upload(
    bench: &Bench,
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
    (name, kind, bytes): (&str, &str, &[u8]),
) -> (StatusCode, HeaderMap, String) {
    let field = |(name, value): &(&str, &str)| {
        format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body = fields.iter().map(field).collect::<String>();
    body.push_str("--XX\r\nContent-Disposition: form-data; name=\"file\"; ");
    body.push_str(&format!("filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"));
    let body = [body.as_bytes(), bytes, b"\r\n--XX--\r\n"].concat();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .header(header::COOKIE, cookie)
        .body(Body::from(body))
        .unwrap();
    let (status, headers, body) = bench.send(request);
    (status, headers, String::from_utf8(body).unwrap())
}
