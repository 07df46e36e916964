//! How a machine becomes a station: one request with a typed code. Must never show the code or the token.

use super::config::{ServerConfig, ServerConfigError};
use super::http::Http;
use super::port::{EnginePort, Unsent};
use crate::core::message::{Arg, Message};
use crate::engine::Input;
use crate::engine::input::SyncNews;
use crate::protocol::sync::Failure;
use crate::protocol::wire::pairing::pairing_code_normal;
use crate::protocol::wire::{KnownStation, PROTOCOL, PairingAnswer, PairingRequest, ProblemCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Largest answer, bytes.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Longest time a full engine channel is tried with the answer, which cannot be had again, ms.
const HANDOVER_MS_MAX: u64 = 60_000;
/// Time between such tries, ms.
const HANDOVER_TRY_MS: u64 = 10;

/// Why a machine did not become a station.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// The settings name no usable server.
    #[error(transparent)]
    Settings(#[from] ServerConfigError),
    /// Not a code, or the server does not know it (any more).
    #[error("the pairing code is wrong, used or older than ten minutes; make a new one at central")]
    Code,
    /// Too many tries.
    #[error("too many tries; wait {wait_ms} ms, then type the code again")]
    TooManyTries {
        /// How long to wait, ms.
        wait_ms: u64,
    },
    /// The software is too old to become a station.
    #[error("this software is too old for the server; update it, then pair")]
    TooOld,
    /// The code was made for another station than this machine is by its database.
    #[error("the pairing code is for another station; make one at central with this station's own name")]
    OtherStation,
    /// Nobody answered.
    #[error("the server does not answer; check its address and the network")]
    NoAnswer,
    /// What answered is not a Packbench server.
    #[error("what answers at this address is not a Packbench server; check the address")]
    Nonsense,
    /// The server refused for another reason.
    #[error("the server refused ({}); try again, then look into its log", code.text())]
    Refused {
        /// Its code.
        code: ProblemCode,
    },
}

impl PairError {
    /// What is shown to the person at the machine.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Settings(_) => Message::new("sync-pair-settings"),
            Self::Code => Message::new("sync-pair-code"),
            Self::TooManyTries { wait_ms } => {
                let wait_ms = i64::try_from(*wait_ms).unwrap_or(i64::MAX);
                Message::new("sync-pair-wait").with("wait", Arg::SpanMs(wait_ms))
            }
            Self::TooOld => Message::new("sync-pair-too-old"),
            Self::OtherStation => Message::new("sync-pair-other"),
            Self::NoAnswer => Message::new("sync-pair-no-answer"),
            Self::Nonsense => Message::new("sync-pair-nonsense"),
            Self::Refused { .. } => Message::new("sync-pair-refused"),
        }
    }
}

impl From<Failure> for PairError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreachable | Failure::TimedOut | Failure::NotStored => Self::NoAnswer,
            Failure::Garbled => Self::Nonsense,
            Failure::Refused { code: ProblemCode::PairingRefused, .. } => Self::Code,
            Failure::Refused { code: ProblemCode::ProtocolTooOld, .. } => Self::TooOld,
            Failure::Refused { code: ProblemCode::WrongState, .. } => Self::OtherStation,
            Failure::Refused { code: ProblemCode::RateLimited, retry_after_ms } => {
                Self::TooManyTries { wait_ms: retry_after_ms.unwrap_or(60_000) }
            }
            Failure::Refused { code, .. } => Self::Refused { code },
        }
    }
}

/// What a machine says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Name it goes by, for people.
    pub name: String,
    /// Version of its software.
    pub version: String,
    /// Who it is by its own database, where it was paired before.
    pub known: Option<KnownStation>,
}

/// Asks the server once. Waits up to the server's `answer_ms_max`; must not be called on a thread of an async runtime.
///
/// # Errors
/// The [`PairError`]. After [`PairError::NoAnswer`] the code may be used up: the answer can have been lost.
pub fn pair(server: &ServerConfig, code: &str, who: &Applicant) -> Result<PairingAnswer, PairError> {
    let code = pairing_code_normal(code).ok_or(PairError::Code)?;
    let http = Http::new(server, None)?;
    let request = PairingRequest {
        protocol: PROTOCOL,
        code,
        machine_name: who.name.clone(),
        software: who.version.clone(),
        known: who.known,
    };
    Ok(http.post("api/v1/pairing", &request, ANSWER_BYTES_MAX)?)
}

/// Pairs on a thread of its own, `sync-pair`; the outcome goes to the engine as news.
///
/// # Errors
/// If the thread cannot be started.
pub fn pair_in_background(
    server: ServerConfig,
    code: String,
    who: Applicant,
    port: Arc<dyn EnginePort>,
) -> std::io::Result<()> {
    let work = move || {
        let news = match pair(&server, &code, &who) {
            Ok(answer) => SyncNews::Paired(Box::new(answer)),
            Err(error) => {
                tracing::warn!(error = %error, "pairing failed");
                SyncNews::PairingRefused(error.message())
            }
        };
        hand_over(port.as_ref(), Input::Sync(news));
    };
    std::thread::Builder::new().name("sync-pair".to_owned()).spawn(work).map(drop)
}

/// Brings the outcome through a full channel: it holds a token that the server tells only once.
fn hand_over(port: &dyn EnginePort, input: Input) {
    let until = Instant::now() + Duration::from_millis(HANDOVER_MS_MAX);
    let mut input = input;
    loop {
        match port.send(input) {
            Ok(()) | Err(Unsent::Gone) => return,
            Err(Unsent::Busy(back)) if Instant::now() < until => {
                input = *back;
                std::thread::park_timeout(Duration::from_millis(HANDOVER_TRY_MS));
            }
            Err(Unsent::Busy(_)) => {
                tracing::error!("the engine did not take the outcome of pairing; pair again with a new code");
                return;
            }
        }
    }
}
