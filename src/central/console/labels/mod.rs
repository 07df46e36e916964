//! Templates of labels at the console: the list, and an editor that tells what is wrong line by line and shows the label
//! beside the text.

pub mod edit;
pub mod list;
mod say;

use super::frame::{Place, page as frame};
use super::people::why;
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// A page of labels; one that a refusal stands on says so in its status too.
fn shown(visitor: &Visitor, title: &str, refused: Option<&Refusal>, content: &Markup) -> Response {
    let status = match refused {
        None => StatusCode::OK,
        Some(Refusal::Version { .. } | Refusal::Taken { .. } | Refusal::State { .. }) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, frame(visitor, Place::Labels, title, content)).into_response()
}

/// Why something was not done, for the top of a page.
fn reason(visitor: &Visitor, refused: Option<&Refusal>) -> Markup {
    html! { @if let Some(refusal) = refused { p.wrong.lead role="alert" { (why(visitor.words(), refusal)) } } }
}

/// The refusal of a change; every other fault is an answer already.
fn refusal(visitor: &Visitor, error: CentralError) -> Result<Refusal, Box<Response>> {
    match error {
        CentralError::Refused(refusal) if !matches!(refusal, Refusal::Missing { .. }) => Ok(refusal),
        error => Err(Box::new(super::stock::failed(visitor, Place::Labels, &error))),
    }
}

/// The first line of a template says what it is for.
fn about(text: &str) -> &str {
    let line = text.lines().find_map(|line| line.trim_start().strip_prefix("about"));
    line.map_or("", |rest| rest.trim_start_matches([' ', '=']).trim().trim_matches('"'))
}
