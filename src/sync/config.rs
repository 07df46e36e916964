//! How to reach the server, checked once before anything is started. Must never show the token.

use crate::protocol::wire::StationId;
use reqwest::Url;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest time from connecting to the last byte of an answer, ms; shorter than
/// [`crate::protocol::sync::FLIGHT_MS_MAX`], so that the machine hears of the failure before it gives up by itself.
pub const ANSWER_MS_MAX: u64 = 25_000;

/// Bearer token of a paired station; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token as the pairing answer brought it.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// Where the server is.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// `https://packbench.example/` or `http://127.0.0.1:8080/`; a path before `/api/v1` may follow the host.
    pub base_url: String,
    /// Plain `http` to other machines too. The token then crosses the network readable by everyone on it.
    pub allow_plain_http: bool,
    /// Certificates (PEM) of a company's own authority, trusted besides the system's.
    pub roots_pem: Option<Vec<u8>>,
    /// While set, every request fails as unreachable and every answer under way is lost: a network cut, for the demo.
    pub cut: Option<Arc<AtomicBool>>,
    /// Longest time of one request, ms; [`ANSWER_MS_MAX`] unless there is a reason.
    pub answer_ms_max: u64,
}

impl ServerConfig {
    /// The server at `base_url`, with everything else as usual.
    #[must_use]
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            allow_plain_http: false,
            roots_pem: None,
            cut: None,
            answer_ms_max: ANSWER_MS_MAX,
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut.as_ref().is_some_and(|cut| cut.load(Ordering::Acquire))
    }
}

/// What the driver is started with.
#[derive(Debug, Clone)]
pub struct SyncConfig {
    /// Where the server is.
    pub server: ServerConfig,
    /// Token of the station.
    pub token: Token,
    /// Who the station is.
    pub station_id: StationId,
}

/// Why the server's address cannot be used. No variant holds the address: it may carry a password.
#[derive(Debug, thiserror::Error)]
pub enum ServerConfigError {
    /// Not a URL.
    #[error("the address of the server cannot be read; write it like https://packbench.example/")]
    Address,
    /// Neither http nor https.
    #[error("the address of the server must begin with https://")]
    Scheme,
    /// A name, password, query or fragment in the address.
    #[error("the address of the server must hold no user name, password, '?' or '#'; the station has a token for that")]
    Extras,
    /// Plain http to another machine.
    #[error(
        "plain http is only allowed to this machine; use https://, or allow plain http in the settings and know that anyone on the network can then read the station's token"
    )]
    PlainHttp,
    /// The token has characters that no header can carry.
    #[error("the station's token is damaged; pair the station again")]
    Token,
    /// The certificates cannot be read.
    #[error("the certificates of the company's authority cannot be read; they must be PEM")]
    Roots(#[source] reqwest::Error),
    /// The client could not be set up, mostly for want of system certificates.
    #[error("the HTTPS client could not be set up; install the system's CA certificates")]
    Client(#[source] reqwest::Error),
}

/// The address, checked, ending in `/`.
pub(super) fn base_url(server: &ServerConfig) -> Result<Url, ServerConfigError> {
    let mut url = Url::parse(server.base_url.trim()).map_err(|_| ServerConfigError::Address)?;
    let has_extras =
        !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some();
    if has_extras {
        return Err(ServerConfigError::Extras);
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) || server.allow_plain_http => {}
        "http" => return Err(ServerConfigError::PlainHttp),
        _ => return Err(ServerConfigError::Scheme),
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Whether the address names this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether a header can carry the token.
pub(super) fn check_token(token: &Token) -> Result<(), ServerConfigError> {
    let text = token.text();
    let fits = !text.is_empty() && text.len() <= 4_096 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(ServerConfigError::Token) }
}
