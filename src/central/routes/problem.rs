//! Refusals as problem details (RFC 9457). What went wrong inside is logged, never told.

use crate::central::error::{CentralError, Refusal};
use crate::protocol::wire::problem::ProblemField;
use crate::protocol::wire::{Problem, ProblemCode};
use crate::sql::SqlError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A request that was refused.
#[derive(Debug)]
pub struct ApiError(pub Box<Problem>);

impl ApiError {
    /// A problem of `code`.
    #[must_use]
    pub fn new(code: ProblemCode, detail: &str) -> ApiError {
        ApiError(Box::new(Problem::new(code, detail)))
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(detail: &str) -> ApiError {
        ApiError::new(ProblemCode::NotFound, detail)
    }

    /// Come again after a while.
    #[must_use]
    pub fn too_many(retry_after_ms: u64) -> ApiError {
        CentralError::from(Refusal::TooMany { retry_after_ms }).into()
    }
}

impl From<Box<Problem>> for ApiError {
    fn from(problem: Box<Problem>) -> ApiError {
        ApiError(problem)
    }
}

impl From<CentralError> for ApiError {
    fn from(error: CentralError) -> ApiError {
        let refusal = match error {
            CentralError::Refused(refusal) => refusal,
            CentralError::Store(SqlError::Cursor) => {
                return ApiError::new(ProblemCode::CursorUnknown, "start again at the first page");
            }
            CentralError::Store(fault @ (SqlError::Busy { .. } | SqlError::Retry { .. } | SqlError::Closed { .. })) => {
                tracing::warn!(%fault, "the store is busy");
                return ApiError::new(ProblemCode::Unavailable, "the store is busy; try again in a moment");
            }
            other => {
                tracing::error!(error = %other, "a request failed");
                return ApiError::new(ProblemCode::Internal, "the server's log tells more under this request id");
            }
        };
        let code = match refusal {
            Refusal::Field { .. }
            | Refusal::Fields { .. }
            | Refusal::Taken { .. }
            | Refusal::State { .. }
            | Refusal::Short { .. }
            | Refusal::Needs { .. }
            | Refusal::Stock { .. } => ProblemCode::Invalid,
            Refusal::Limit { .. } | Refusal::ByWork => ProblemCode::WrongState,
            Refusal::Missing { .. } => ProblemCode::NotFound,
            Refusal::Version { .. } => ProblemCode::VersionConflict,
            Refusal::Forbidden => ProblemCode::Forbidden,
            Refusal::Unrecognised => ProblemCode::TokenRevoked,
            Refusal::PairingCode => ProblemCode::PairingRefused,
            Refusal::PairingOther => ProblemCode::WrongState,
            Refusal::TooMany { .. } => ProblemCode::RateLimited,
        };
        let mut problem = Problem::new(code, refusal.to_string());
        match &refusal {
            Refusal::Field { field, .. } | Refusal::Taken { field, .. } => {
                let pointer = format!("/{}", field.replace('.', "/"));
                problem.fields.push(ProblemField { pointer, code: refusal.code().to_owned(), detail: None });
            }
            Refusal::Fields { fields } => problem.fields.extend(fields.iter().map(|fault| ProblemField {
                pointer: fault.pointer.clone(),
                code: refusal.code().to_owned(),
                detail: Some(fault.why.to_owned()),
            })),
            Refusal::Short { lines } => problem.fields.extend(lines.iter().map(|short| ProblemField {
                pointer: format!("/lines/{}/quantity", short.line.saturating_sub(1)),
                code: refusal.code().to_owned(),
                detail: Some(format!("{} of {} are free", short.available, short.wanted)),
            })),
            Refusal::Limit { .. } | Refusal::ByWork | Refusal::Needs { .. } => {
                let pointer =
                    if let Refusal::Needs { fact } = &refusal { format!("/{fact}") } else { "/stage".to_owned() };
                problem.fields.push(ProblemField { pointer, code: refusal.code().to_owned(), detail: None });
            }
            Refusal::TooMany { retry_after_ms } => problem.retry_after_ms = Some(*retry_after_ms),
            _ => {}
        }
        ApiError(Box::new(problem))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.0.code == ProblemCode::KeyRefused {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"packbench\""));
        }
        if let Some(ms) = self.0.retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)));
        }
        response
    }
}
