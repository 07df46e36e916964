//! Why a command failed, and the one place that prints it: what, why, what to do. It must never print a secret.

use crate::config::Problems;
use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Longest chain of causes that is printed.
const CAUSES_MAX: usize = 8;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The settings are not right.
    #[error(transparent)]
    Settings(#[from] Problems),
    /// The command belongs to a part that this program was built without.
    #[error("this program was built without its `{missing}` part, which `packbench {command}` needs")]
    Feature {
        /// Command.
        command: &'static str,
        /// Feature.
        missing: &'static str,
    },
    /// A file or folder.
    #[error("{what} {}", path.display())]
    File {
        /// What was tried: `cannot read`.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something of the system that is no file.
    #[error("{what}")]
    System {
        /// What was tried.
        what: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A room's own error, with what to do about it.
    #[error("{what}")]
    Room {
        /// What was tried.
        what: String,
        /// What to do; empty where the cause says it.
        todo: String,
        /// The room's error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Something a person must change.
    #[error("{what}")]
    Plain {
        /// What is wrong.
        what: String,
        /// What to do.
        todo: String,
    },
    /// The command line parses, but makes no sense.
    #[error("{0}")]
    Usage(String),
}

impl CliError {
    /// A room's error with what was tried and what to do.
    pub(crate) fn room(
        what: impl Into<String>,
        todo: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> CliError {
        CliError::Room { what: what.into(), todo: todo.into(), source: source.into() }
    }

    /// Something a person must change.
    pub(crate) fn plain(what: impl Into<String>, todo: impl Into<String>) -> CliError {
        CliError::Plain { what: what.into(), todo: todo.into() }
    }

    /// Exit status.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            CliError::Usage(_) => ExitCode::from(2),
            CliError::Settings(_)
            | CliError::Feature { .. }
            | CliError::File { .. }
            | CliError::System { .. }
            | CliError::Room { .. }
            | CliError::Plain { .. } => ExitCode::FAILURE,
        }
    }

    fn todo(&self) -> String {
        match self {
            CliError::Settings(_) => {
                "correct them; `packbench settings` prints an example file with every setting".to_owned()
            }
            CliError::Feature { missing, .. } => {
                format!("build it with `cargo build --release --features {missing}`, or use the full program")
            }
            CliError::File { source, .. } | CliError::System { source, .. } => todo_of(source.kind()).to_owned(),
            CliError::Room { todo, .. } | CliError::Plain { todo, .. } => todo.clone(),
            CliError::Usage(_) => "see `packbench --help`".to_owned(),
        }
    }
}

fn todo_of(kind: std::io::ErrorKind) -> &'static str {
    use std::io::ErrorKind as K;
    // `ErrorKind` is not ours and is non-exhaustive, so a wildcard is right here.
    match kind {
        K::NotFound => "check the path",
        K::PermissionDenied => "give this user the right to it, or choose another place",
        K::StorageFull | K::QuotaExceeded => "free some space on the disk",
        K::AddrInUse => "another program listens there: stop it, or choose another address with --listen",
        K::AddrNotAvailable => "this machine has no such address: choose another with --listen",
        _ => "",
    }
}

/// Tells a person something while a command works: standard error, so that the result stays alone on standard output.
#[cfg(feature = "station")]
pub(crate) fn note(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// Prints an error with its causes and what to do.
pub(crate) fn print(error: &CliError) {
    let mut text = format!("packbench: {error}\n");
    let mut cause = error.source();
    let mut said = error.to_string();
    for _ in 0..CAUSES_MAX {
        let Some(e) = cause else { break };
        let line = e.to_string();
        // Many errors already tell their cause in their own text.
        if !line.is_empty() && !said.contains(&line) {
            text.push_str(&format!("  because: {line}\n"));
            said.push_str(&line);
        }
        cause = e.source();
    }
    let todo = error.todo();
    if !todo.is_empty() && !said.contains(&todo) {
        text.push_str(&format!("  what to do: {todo}\n"));
    }
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Answers a command line that clap refused, or its help.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    // As above: nobody to tell.
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Writes a result to standard output. A reader that has gone (`| head`) is no failure.
///
/// # Errors
/// If it cannot be written for another reason.
pub(crate) fn out(text: &str) -> Result<(), CliError> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::System { what: "the result cannot be written".to_owned(), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_wrong_command_line_exits_with_two() {
        assert_eq!(CliError::Usage("x".to_owned()).exit_code(), ExitCode::from(2));
        assert_eq!(CliError::plain("x", "y").exit_code(), ExitCode::FAILURE);
        assert_eq!(CliError::Feature { command: "demo", missing: "central" }.exit_code(), ExitCode::FAILURE);
    }
}
