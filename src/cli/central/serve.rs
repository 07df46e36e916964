//! Serving until somebody stops it.

use super::super::CliError;
use super::super::error::out;
use crate::config::CentralSettings;
use std::time::Duration;
use tokio::net::TcpListener;

/// Longest time requests in progress get at the end.
const END_MS_MAX: u64 = 5_000;

/// Opens central and serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// If the database cannot be opened or the address is not free.
pub(super) fn serve(settings: &CentralSettings) -> Result<(), CliError> {
    let central = super::open(settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("central")
        .enable_all()
        .build()
        .map_err(|source| CliError::System { what: "the server's threads cannot be started".to_owned(), source })?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|source| CliError::System { what: format!("cannot listen at {}", settings.listen), source })?;
        let at = listener.local_addr().unwrap_or(settings.listen);
        out(&format!("Central serves at http://{at}; people and stations use {}\n", settings.public_url))?;
        if let Some(code) = central.setup_code() {
            let text = format!("Nobody can log in yet: open {}/setup and type the code {code}\n", settings.public_url);
            out(&text)?;
        }
        tracing::info!(%at, "central serves");
        let stop = stopped()?;
        central.serve(listener, stop).await.map_err(|e| CliError::room("central stopped serving", "", e))
    });
    runtime.shutdown_timeout(Duration::from_millis(END_MS_MAX));
    if served.is_ok() {
        tracing::info!("central has stopped");
    }
    served
}

/// Done when the process is asked to end.
#[cfg(unix)]
fn stopped() -> Result<impl Future<Output = ()> + Send + 'static, CliError> {
    use tokio::signal::unix::{SignalKind, signal};
    let fault = |source| CliError::System { what: "signals cannot be received".to_owned(), source };
    let mut terminate = signal(SignalKind::terminate()).map_err(fault)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Done when the process is asked to end.
#[cfg(not(unix))]
fn stopped() -> Result<impl Future<Output = ()> + Send + 'static, CliError> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
