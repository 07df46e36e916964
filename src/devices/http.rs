//! What a failed HTTP request to a device means. Must never log an address: it may hold a password.

use super::event::LostReason;

/// The system's word for a failed request, found in the chain of its causes.
pub(crate) fn lost_reason(error: &reqwest::Error) -> LostReason {
    if error.is_timeout() {
        return LostReason::Timeout;
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            let found = LostReason::from_io(io.kind());
            if found != LostReason::Io {
                return found;
            }
        }
        cause = inner.source();
    }
    if error.is_connect() || error.is_builder() {
        LostReason::NotFound
    } else if error.is_request() || error.is_body() {
        LostReason::Disconnected
    } else {
        LostReason::BadAnswer
    }
}
