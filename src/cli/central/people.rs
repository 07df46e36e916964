//! Adding people. Secrets come from files or standard input, never from the command line, and are never printed.

use super::super::CliError;
use super::super::args::NewUserArgs;
use super::super::error::out;
use crate::central::secrets::HashCost;
use crate::central::services::users::{self, NewUser};
use crate::config::CentralSettings;
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::Path;

/// Longest secret that is read, in bytes.
const SECRET_BYTES_MAX: u64 = 4_096;

/// Adds a person, or changes the one with that login.
///
/// # Errors
/// If a field breaks its rule, a badge is another's, or the store fails.
pub(super) fn add(settings: &CentralSettings, args: &NewUserArgs) -> Result<(), CliError> {
    let role = users::role_of(&args.role).ok_or_else(|| {
        let todo = "use picker, packer, quality, lead, office or admin";
        CliError::plain(format!("there is no role {:?}", args.role), todo)
    })?;
    let new = NewUser {
        login: args.login.clone(),
        name: args.name.clone(),
        initials: args.initials.clone().unwrap_or_else(|| initials(&args.name)),
        role,
        pin: secret("PIN", args.pin_from.as_deref())?,
        badge: secret("badge", args.badge_from.as_deref())?,
        password: secret("password", args.password_from.as_deref())?,
        locale: args.language.clone(),
        cost: HashCost::default(),
    };
    let central = super::open(settings)?;
    let (has_pin, has_password) = (new.pin.is_some() || new.badge.is_some(), new.password.is_some());
    central
        .store()
        .write_blocking(super::ACTOR, move |work| users::add(work, &new))
        .map_err(|e| CliError::room("the person was not saved", "", e))?;
    let mut text = format!("{} was saved as {}.\n", args.login, args.role);
    if has_password {
        text.push_str(&format!("The web console is at {}.\n", settings.public_url));
    }
    if !has_pin && !has_password {
        text.push_str("No new secret was given: without any the person can log in nowhere.\n");
    }
    out(&text)
}

/// `Front Bench Packer` is `F. P.`
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|w| w.chars().next());
    match (words.next(), words.next_back()) {
        (Some(a), Some(z)) => format!("{a}. {z}."),
        (Some(a), None) => format!("{a}."),
        (None, _) => String::new(),
    }
}

/// The first line of a file, or a line of standard input for `-`.
fn secret(what: &str, from: Option<&Path>) -> Result<Option<String>, CliError> {
    let Some(path) = from else { return Ok(None) };
    let fault = |source| CliError::File { what: "cannot read", path: path.to_owned(), source };
    let mut line = String::new();
    if path == Path::new("-") {
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            eprintln!("Type the {what} and press Enter (it shows on the screen):");
        }
        stdin.lock().take(SECRET_BYTES_MAX).read_line(&mut line).map_err(fault)?;
    } else {
        let file = std::fs::File::open(path).map_err(fault)?;
        std::io::BufReader::new(file.take(SECRET_BYTES_MAX)).read_line(&mut line).map_err(fault)?;
    }
    let text = line.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        let todo = format!("write the {what} into the first line");
        return Err(CliError::plain(format!("no {what} was found in {}", path.display()), todo));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_first_and_the_last_name() {
        assert_eq!(initials("Front Bench Packer"), "F. P.");
        assert_eq!(initials("Иван"), "И.");
        assert_eq!(initials("  "), "");
    }
}
