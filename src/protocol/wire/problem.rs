//! The body of every refused request: problem details (RFC 9457) with a stable `code`.

use serde::{Deserialize, Serialize};

/// `application/problem+json`, plus `code` and the facts a client needs to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "central", derive(utoipa::ToSchema))]
pub struct Problem {
    /// URI of the kind of problem: `urn:packbench:problem:<code>`.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// Short English text of the kind, the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time and what to do; no personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Path of the request, without its query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Stable name that programs match on.
    pub code: ProblemCode,
    /// When to come again, if the server knows, milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Fields that were refused, by name, with a reason each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ProblemField>,
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "central", derive(utoipa::ToSchema))]
pub struct ProblemField {
    /// JSON pointer (RFC 6901) into the request body.
    pub pointer: String,
    /// Stable name of the reason.
    pub code: String,
    /// What it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)+) => {
        /// Stable codes of problems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
            /// A code of a newer server.
            #[serde(other, rename = "other")]
            Other,
        }

        impl ProblemCode {
            /// Every code this build knows.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as written.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ Self::Other => "other" }
            }

            /// Its HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ Self::Other => 500 }
            }

            /// Its title.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ Self::Other => "Unknown problem" }
            }
        }
    };
}

problem_codes! {
    /// No token, an unknown token, or a revoked one.
    TokenRevoked = "token_revoked", 401, "This station is not paired any more";
    /// No key of a program, an unknown one, one that is over, or a revoked one.
    KeyRefused = "key_refused", 401, "Key not accepted";
    /// The person or key may not do this.
    Forbidden = "forbidden", 403, "Not allowed";
    /// No such thing.
    NotFound = "not_found", 404, "Not found";
    /// The pull cursor belongs to another database or is too old: pull from the start.
    CursorUnknown = "cursor_unknown", 410, "Cursor not known";
    /// The station must be updated before it may take anything.
    ProtocolTooOld = "protocol_too_old", 426, "Station software too old";
    /// A later lease request of this station was already answered.
    StaleRequest = "stale_request", 409, "A newer request was already answered";
    /// An epoch that was never granted to this station.
    EpochUnknown = "epoch_unknown", 409, "Epoch not granted";
    /// A photo part does not start where the last one ended; the body says where it did.
    OffsetMismatch = "offset_mismatch", 409, "Part does not continue the file";
    /// The bytes do not have the hash that names them; the server dropped them.
    HashMismatch = "hash_mismatch", 422, "Content differs from its hash";
    /// Not readable as the type this address takes.
    BadRequest = "bad_request", 400, "Request not readable";
    /// Readable, but against a rule; `fields` says where.
    Invalid = "invalid", 422, "Request against the rules";
    /// More bytes or items than allowed.
    TooLarge = "too_large", 413, "Request too large";
    /// The version sent is not the newest; the body of the answer names the fields that differ.
    VersionConflict = "version_conflict", 412, "Changed by someone else";
    /// The address knows other methods; `Allow` names them.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The state of the thing does not allow it.
    WrongState = "wrong_state", 409, "Not possible in this state";
    /// The body is not of the kind that the address takes.
    UnsupportedMediaType = "unsupported_media_type", 415, "Kind of body not taken";
    /// The version that was seen must be sent.
    PreconditionRequired = "precondition_required", 428, "Version missing";
    /// The same idempotency key is being worked on.
    InFlight = "in_flight", 409, "Same request in flight";
    /// The idempotency key was used with another body.
    KeyReused = "key_reused", 422, "Idempotency key used for another request";
    /// Too many tries.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// The pairing code is wrong, used or older than ten minutes.
    PairingRefused = "pairing_refused", 403, "Pairing code not valid";
    /// The photo quota of the site is used up.
    QuotaFull = "quota_full", 507, "No room for more photos";
    /// Busy or starting; come again.
    Unavailable = "unavailable", 503, "Not available now";
    /// A defect of the server; its log has more.
    Internal = "internal", 500, "Server error";
}

// By hand: the derived one would name the variants and not their words.
#[cfg(feature = "central")]
impl utoipa::PartialSchema for ProblemCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let words = Self::ALL.iter().map(|code| code.text());
        let string = utoipa::openapi::schema::Type::String;
        utoipa::openapi::ObjectBuilder::new().schema_type(string).enum_values(Some(words)).into()
    }
}

#[cfg(feature = "central")]
impl utoipa::ToSchema for ProblemCode {}

impl Problem {
    /// A problem of `code` with what to do about it.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            type_uri: format!("urn:packbench:problem:{}", code.text()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: Some(detail.into()),
            instance: None,
            code,
            retry_after_ms: None,
            fields: Vec::new(),
        }
    }
}
