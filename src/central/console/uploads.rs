//! Files that a form sends and that the console gives out: one hand for proofs of payment and files of orders.

use super::frame::{Place, trouble};
use super::visitor::Visitor;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::kept::BYTES_MAX;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::PathBuf;
use tokio::sync::SemaphorePermit;

/// Largest body of an upload: the file, and the form around it.
pub(super) const UPLOAD_BODY_BYTES_MAX: usize = BYTES_MAX + 64 * 1024;

/// What is said while so many files are taken in that this one must come later.
pub(super) fn busy(visitor: &Visitor) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, trouble(visitor, Place::Orders, "console-busy")).into_response()
}

/// Has a file read while few others are, and within its time: a browser that stalls must not keep others waiting, so nobody waits for it.
pub(super) async fn in_turn<'a, T>(
    app: &'a App,
    visitor: &Visitor,
    receive: impl Future<Output = T>,
) -> Result<(SemaphorePermit<'a>, T), Box<Response>> {
    let Ok(turn) = app.photos.uploads.try_acquire() else { return Err(Box::new(busy(visitor))) };
    match tokio::time::timeout(app.patience.file, receive).await {
        Ok(received) => Ok((turn, received)),
        Err(_) => {
            let slow = trouble(visitor, Place::Orders, "console-upload-slow");
            Err(Box::new((StatusCode::REQUEST_TIMEOUT, slow).into_response()))
        }
    }
}

/// Reads the form: the token first, then the file with its name; none where the token is not ours. A file is read into memory no further
/// than its largest size.
pub(super) async fn receive(
    visitor: &Visitor,
    mut form: Multipart,
) -> Result<Option<(String, Vec<u8>)>, MultipartError> {
    let mut own = false;
    while let Some(mut field) = form.next_field().await? {
        match field.name() {
            Some("csrf") => own = visitor.sent(&field.text().await?),
            Some("file") if own => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let mut bytes = Vec::new();
                while let Some(chunk) = field.chunk().await? {
                    bytes.extend_from_slice(&chunk);
                    // One byte more tells the service that it is too large; the rest need not be read.
                    if bytes.len() > BYTES_MAX {
                        break;
                    }
                }
                return Ok(Some((name, bytes)));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Most fields of a form that sends a file.
const FIELDS_MAX: usize = 40;

/// A form that was sent with its file.
#[derive(Default)]
pub(super) struct Sent {
    /// Its other fields, in order.
    pub fields: Vec<(String, String)>,
    /// The file, if one was chosen.
    pub file: Option<Vec<u8>>,
    /// Why it could not be read to its end.
    pub fault: Option<StatusCode>,
}

/// Reads a whole form, its fields beside the file too; none where the token is not ours, which is read before all else. What has a
/// fault may lack the token and must not be acted on.
pub(super) async fn receive_all(visitor: &Visitor, mut form: Multipart) -> Option<Sent> {
    let (mut own, mut sent) = (false, Sent::default());
    loop {
        match part(visitor, &mut form, &mut own, &mut sent).await {
            Ok(true) if sent.fields.len() < FIELDS_MAX => {}
            Ok(_) => break,
            Err(error) => {
                sent.fault = Some(error.status());
                break;
            }
        }
    }
    // What is too large is told so even where it came before the token: nothing is done with it.
    (own || sent.fault.is_some()).then_some(sent)
}

/// Reads the next part of the form; false when there is no more to read.
async fn part(
    visitor: &Visitor,
    form: &mut Multipart,
    own: &mut bool,
    sent: &mut Sent,
) -> Result<bool, MultipartError> {
    let Some(mut field) = form.next_field().await? else { return Ok(false) };
    match field.name().map(str::to_owned).as_deref() {
        Some("csrf") => *own = visitor.sent(&field.text().await?),
        Some("file") if *own => {
            let named = field.file_name().is_some_and(|name| !name.is_empty());
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await? {
                bytes.extend_from_slice(&chunk);
                // One byte more tells the service that it is too large; the rest need not be read.
                if bytes.len() > BYTES_MAX {
                    sent.file = Some(bytes);
                    return Ok(false);
                }
            }
            sent.file = (named || !bytes.is_empty()).then_some(bytes);
        }
        Some(name) if *own => sent.fields.push((name.to_owned(), field.text().await?)),
        Some(_) | None => {}
    }
    Ok(true)
}

/// Gives a file out; it must be written down before who looks. `name` is what a saved document is called.
pub(super) async fn give(visitor: &Visitor, path: Res<PathBuf>, media_type: &str, name: &str) -> Response {
    let bytes = match path {
        Ok(path) => tokio::fs::read(path).await.ok(),
        Err(_) => None,
    };
    let Some(bytes) = bytes else {
        tracing::error!("the content of a file is missing");
        return (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response();
    };
    // A document may hold more than it shows: it is saved, never opened within the console.
    let saved = format!("attachment; filename=\"{name}.pdf\"");
    let place = if media_type == "application/pdf" { saved.as_str() } else { "inline" };
    let headers =
        [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, place), (header::CACHE_CONTROL, "no-store")];
    (headers, bytes).into_response()
}
