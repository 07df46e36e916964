//! One request, one readable answer or one [`Failure`]. Must never follow a redirect (the token would go along), never
//! log an address or a header, and never keep an answer larger than its kind allows.

use super::config::{ServerConfig, ServerConfigError, Token, base_url, check_token, is_loopback};
use super::gate::lock;
use crate::protocol::sync::Failure;
use crate::protocol::wire::{Problem, ProblemCode};
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Certificate, Method, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read};
use std::sync::Mutex;
use std::time::Duration;

/// Longest time to connect, ms.
const CONNECT_MS_MAX: u64 = 5_000;
/// Longest wait for a read that nothing else bounds, ms: how long the hint stream sleeps in one read.
const READ_MS_MAX: u64 = 5_000;
/// Unused connections are closed after this time, ms.
const IDLE_MS_MAX: u64 = 60_000;
/// Largest body of a problem, bytes.
const PROBLEM_BYTES_MAX: usize = 64 * 1024;

/// The way to one server.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    base: Url,
    server: ServerConfig,
    token: Mutex<Option<Token>>,
}

impl Http {
    /// Must not be called on a thread of an async runtime: the client starts one of its own.
    pub(super) fn new(server: &ServerConfig, token: Option<Token>) -> Result<Self, ServerConfigError> {
        let base = base_url(server)?;
        token.as_ref().map_or(Ok(()), check_token)?;
        let mut builder = Client::builder()
            .user_agent(concat!("packbench/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_millis(CONNECT_MS_MAX))
            .timeout(Duration::from_millis(READ_MS_MAX))
            .pool_idle_timeout(Duration::from_millis(IDLE_MS_MAX))
            .tcp_keepalive(Duration::from_secs(15))
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            // The machine alone decides what is sent again.
            .retry(reqwest::retry::never());
        if base.scheme() == "http" {
            // A machine without certificates must still reach a server that needs none.
            builder = builder.tls_certs_only([]);
        } else if let Some(pem) = &server.roots_pem {
            let roots = Certificate::from_pem_bundle(pem).map_err(ServerConfigError::Roots)?;
            builder = builder.tls_certs_merge(roots);
        }
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(ServerConfigError::Client)?;
        Ok(Self { client, base, server: server.clone(), token: Mutex::new(token) })
    }

    /// The station was paired again.
    pub(super) fn set_token(&self, token: Token) -> Result<(), ServerConfigError> {
        check_token(&token)?;
        *lock(&self.token) = Some(token);
        Ok(())
    }

    pub(super) fn is_cut(&self) -> bool {
        self.server.is_cut()
    }

    /// An address under the server's: `api/v1/…`.
    pub(super) fn url(&self, path: &str) -> Result<Url, Failure> {
        self.base.join(path).map_err(|_| Failure::Garbled)
    }

    /// Sends `body` as JSON and reads the answer as `A`, at most `bytes_max`.
    pub(super) fn post<B: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
        bytes_max: usize,
    ) -> Result<A, Failure> {
        let json = serde_json::to_vec(body).map_err(|error| {
            tracing::error!(error = %error, "a request could not be written as JSON");
            Failure::Garbled
        })?;
        let request = self.client.request(Method::POST, self.url(path)?);
        self.answer(request.header(CONTENT_TYPE, "application/json").body(json), bytes_max)
    }

    /// Gets `url` and reads the answer as `A`, at most `bytes_max`.
    pub(super) fn get<A: DeserializeOwned>(&self, url: Url, bytes_max: usize) -> Result<A, Failure> {
        self.answer(self.client.request(Method::GET, url), bytes_max)
    }

    /// Puts a part of a file: `bytes` from `first` on, of `total`.
    pub(super) fn put_part<A: DeserializeOwned>(
        &self,
        path: &str,
        bytes: Vec<u8>,
        first: u64,
        total: u64,
        bytes_max: usize,
    ) -> Result<A, Failure> {
        let last = first.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX)).saturating_sub(1);
        let request = self
            .client
            .request(Method::PUT, self.url(path)?)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header("Content-Range", format!("bytes {first}-{last}/{total}"))
            .body(bytes);
        self.answer(request, bytes_max)
    }

    /// Opens a stream of server-sent events. Each read of it waits at most a few seconds; [`is_read_timeout`] tells a
    /// silent stream from a broken one, and a silent one may be read again.
    pub(super) fn stream(&self, path: &str) -> Result<Response, Failure> {
        let request = self.client.request(Method::GET, self.url(path)?).header(ACCEPT, "text/event-stream");
        let response = self.send(request)?;
        if response.status() == StatusCode::OK { Ok(response) } else { Err(refusal(response)) }
    }

    fn answer<A: DeserializeOwned>(&self, request: RequestBuilder, bytes_max: usize) -> Result<A, Failure> {
        // Set on the request, the limit holds from connecting to the last byte of the body.
        let limit = Duration::from_millis(self.server.answer_ms_max);
        let response = self.send(request.header(ACCEPT, "application/json").timeout(limit))?;
        let read = if response.status().is_success() {
            body(response, bytes_max).and_then(|bytes| {
                serde_json::from_slice(&bytes).map_err(|error| {
                    // The place is enough to find a wrong field; the text of the error may quote what came.
                    let (line, column) = (error.line(), error.column());
                    tracing::warn!(line, column, kind = ?error.classify(), "an answer does not fit its type");
                    Failure::Garbled
                })
            })
        } else {
            Err(refusal(response))
        };
        // A cut in the middle loses the answer although the server has acted: the hardest case of a real one.
        if self.is_cut() { Err(Failure::Unreachable) } else { read }
    }

    fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        if self.is_cut() {
            return Err(Failure::Unreachable);
        }
        let token = lock(&self.token).clone();
        let request = match &token {
            Some(token) => request.bearer_auth(token.text()),
            None => request,
        };
        request.send().map_err(|error| {
            let failure = if error.is_timeout() { Failure::TimedOut } else { Failure::Unreachable };
            tracing::debug!(error = %error.without_url(), "the server was not reached");
            failure
        })
    }
}

/// Reads the whole body, at most `bytes_max`.
fn body(response: Response, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    match response.take(limit).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() <= bytes_max => Ok(bytes),
        Ok(_) => {
            tracing::warn!(bytes_max, "an answer is larger than its kind may be");
            Err(Failure::Garbled)
        }
        Err(error) if is_read_timeout(&error) => Err(Failure::TimedOut),
        Err(_) => Err(Failure::Unreachable),
    }
}

/// Whether a read of a response only waited in vain.
pub(super) fn is_read_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout)
}

/// What an answer other than success means.
fn refusal(response: Response) -> Failure {
    let status = response.status();
    let header_ms = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok())
        .map(|seconds| seconds.saturating_mul(1_000));
    let problem =
        body(response, PROBLEM_BYTES_MAX).ok().and_then(|bytes| serde_json::from_slice::<Problem>(&bytes).ok());
    let Some(problem) = problem else { return unexplained(status, header_ms) };
    tracing::debug!(status = status.as_u16(), code = problem.code.text(), "the server refused a request");
    Failure::Refused { code: problem.code, retry_after_ms: problem.retry_after_ms.or(header_ms) }
}

/// A refusal without problem details comes from something between here and the server, or from a server that is
/// starting or failing. It must never count as "token revoked": a gate's own 401 says nothing about the token.
fn unexplained(status: StatusCode, retry_after_ms: Option<u64>) -> Failure {
    match status {
        StatusCode::BAD_GATEWAY => Failure::Unreachable,
        StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => Failure::TimedOut,
        StatusCode::SERVICE_UNAVAILABLE => Failure::Refused { code: ProblemCode::Unavailable, retry_after_ms },
        StatusCode::TOO_MANY_REQUESTS => Failure::Refused { code: ProblemCode::RateLimited, retry_after_ms },
        StatusCode::PAYLOAD_TOO_LARGE => Failure::Refused { code: ProblemCode::TooLarge, retry_after_ms },
        other if other.is_server_error() => Failure::Refused { code: ProblemCode::Internal, retry_after_ms },
        _ => Failure::Garbled,
    }
}
