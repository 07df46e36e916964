//! Where the log goes: to standard error, with the filter of the settings. Nothing personal is ever logged; the rooms see
//! to it.

use super::CliError;
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts logging with a filter such as `info,packbench::sync=debug`. A second call changes nothing.
///
/// # Errors
/// If the filter cannot be read; `key` names its setting.
pub(super) fn start(key: &str, filter: &str) -> Result<(), CliError> {
    let parsed = EnvFilter::builder().parse(filter).map_err(|source| {
        let todo = "write a level (error, warn, info, debug, trace), or per room as info,packbench::sync=debug";
        CliError::room(format!("the setting {key} = {filter:?} is no log filter"), todo, source)
    })?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(parsed)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_thread_names(true)
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("logging was started before");
    }
    Ok(())
}
