//! Comparing PINs away from the engine: Argon2id takes long on purpose. The work is the same whoever's PIN it is, and a
//! PIN that two people share names nobody.

use super::port::Port;
use crate::core::ids::UserId;
use crate::engine::Input;
use crate::engine::input::{PinPurpose, Secret};
use argon2::Argon2;
use argon2::password_hash::{PasswordVerifier as _, phc::PasswordHash};
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Checks that may wait; the pad is locked while one runs.
const WAITING_MAX: usize = 4;
/// People one PIN is compared with at most; a site with more uses badges.
pub const CANDIDATES_MAX: usize = 256;
/// Comparisons at once; each takes some 20 MiB of memory.
const AT_ONCE_MAX: usize = 4;

/// A PIN to compare.
pub struct Check {
    /// Why.
    pub purpose: PinPurpose,
    /// What was typed.
    pub pin: Secret,
    /// Whose it may be: PHC strings of Argon2id.
    pub candidates: Vec<(UserId, String)>,
}

/// Starts the thread `pins`. It ends when the sender is dropped.
///
/// # Errors
/// If the system gives no thread.
pub fn start(port: Port) -> io::Result<(SyncSender<Check>, JoinHandle<()>)> {
    let (sender, inbox) = sync_channel(WAITING_MAX);
    let thread = thread::Builder::new().name("pins".to_owned()).spawn(move || run(&inbox, &port))?;
    Ok((sender, thread))
}

fn run(inbox: &Receiver<Check>, port: &Port) {
    for check in inbox {
        let user = whose(&check.pin, &check.candidates);
        port.deliver("a PIN check", Input::PinChecked { purpose: check.purpose, user });
    }
}

/// The one person whose PIN it is. Compares with every candidate, match or not.
#[must_use]
pub fn whose(pin: &Secret, candidates: &[(UserId, String)]) -> Option<UserId> {
    if candidates.len() > CANDIDATES_MAX {
        tracing::warn!(people = candidates.len(), max = CANDIDATES_MAX, "too many people for a PIN alone: use badges");
    }
    let list = candidates.get(..CANDIDATES_MAX).unwrap_or(candidates);
    if list.is_empty() {
        // As long as one comparison, so that an unknown badge is not told apart by time.
        let mut out = [0_u8; 32];
        if let Err(e) = Argon2::default().hash_password_into(pin.0.as_bytes(), b"nobody at all...", &mut out) {
            tracing::debug!(error = %e, "hashing for nobody failed");
        }
        return None;
    }
    let lanes = thread::available_parallelism().map_or(1, usize::from).clamp(1, AT_ONCE_MAX);
    let share = list.len().div_ceil(lanes).max(1);
    let found: Vec<UserId> = thread::scope(|scope| {
        let works: Vec<_> = list
            .chunks(share)
            .map(|part| {
                let work = move || matching(pin, part);
                thread::Builder::new().name("pins-lane".to_owned()).spawn_scoped(scope, work).map_err(|_| part)
            })
            .collect();
        let join = |work: Result<thread::ScopedJoinHandle<'_, Vec<UserId>>, _>| match work {
            Ok(lane) => lane.join().unwrap_or_default(),
            // No thread to spare: here, then.
            Err(part) => matching(pin, part),
        };
        works.into_iter().flat_map(join).collect()
    });
    match found.as_slice() {
        [one] => Some(*one),
        [] => None,
        [..] => {
            tracing::warn!(people = found.len(), "several people have the same PIN; each needs one of their own");
            None
        }
    }
}

fn matching(pin: &Secret, candidates: &[(UserId, String)]) -> Vec<UserId> {
    candidates.iter().filter(|(_, phc)| is(pin, phc)).map(|(user, _)| *user).collect()
}

fn is(pin: &Secret, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| Argon2::default().verify_password(pin.0.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Params, Version};
    use uuid::Uuid;

    fn hash(pin: &str, salt: u8) -> String {
        let params = Params::new(64, 1, 1, None).unwrap();
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        cheap.hash_password_with_salt(pin.as_bytes(), &[salt; 16]).unwrap().to_string()
    }

    fn user(n: u128) -> UserId {
        UserId(Uuid::from_u128(n))
    }

    #[test]
    fn a_pin_names_the_one_person_it_belongs_to() {
        let list = [(user(1), hash("1111", 1)), (user(2), hash("2222", 2)), (user(3), "damaged".to_owned())];
        assert_eq!(whose(&Secret("2222".to_owned()), &list), Some(user(2)));
        assert_eq!(whose(&Secret("3333".to_owned()), &list), None);
        assert_eq!(whose(&Secret("2222".to_owned()), &[]), None);
    }

    #[test]
    fn a_shared_pin_names_nobody() {
        let list = [(user(1), hash("1111", 1)), (user(2), hash("1111", 2))];
        assert_eq!(whose(&Secret("1111".to_owned()), &list), None);
    }
}
