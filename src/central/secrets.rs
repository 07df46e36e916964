//! Secrets and their hashes. Long random secrets (tokens, codes, session cookies) are stored as SHA-256: nobody can guess
//! 128 bits, so a slow hash would only cost time; badges are random too and are looked up by it. What a person chooses
//! (PIN, password) is stored as argon2id. Comparing takes the same time whatever differs. Nothing here is ever logged.

use super::error::{CentralError, Res};
use crate::protocol::wire::pairing::{PAIRING_ALPHABET, PAIRING_CODE_CHARS};
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Random bytes of the operating system.
///
/// # Errors
/// If the system has none.
pub fn random<const N: usize>() -> Res<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| CentralError::Inner { what: "asking the system for random bytes" })?;
    Ok(bytes)
}

/// A new secret of 256 bits as 64 hexadecimal digits.
///
/// # Errors
/// As [`random`].
pub fn new_token() -> Res<String> {
    let bytes: [u8; 32] = random()?;
    Ok(hex(&bytes))
}

/// A new pairing code: about 39 bits; safe because it lives ten minutes, works once, and tries are limited.
///
/// # Errors
/// As [`random`].
pub fn new_code() -> Res<String> {
    let letters = PAIRING_ALPHABET.as_bytes();
    // A byte beyond the last whole multiple would make the first letters likelier, so it is thrown away.
    let fair = 256 - 256 % letters.len();
    let mut code = String::with_capacity(PAIRING_CODE_CHARS);
    while code.len() < PAIRING_CODE_CHARS {
        let bytes: [u8; 16] = random()?;
        for byte in bytes.map(usize::from) {
            if byte < fair && code.len() < PAIRING_CODE_CHARS {
                code.push(char::from(letters[byte % letters.len()]));
            }
        }
    }
    Ok(code)
}

/// SHA-256 of a long random secret, as stored.
#[must_use]
pub fn hash_token(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Whether two hashes or secrets are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

/// What hashing a person's secret costs. Data, so that a station's small processor and a test may choose less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for HashCost {
    /// OWASP's second choice for argon2id: 19 MiB, two passes.
    fn default() -> HashCost {
        HashCost { memory_kib: 19 * 1024, passes: 2 }
    }
}

impl HashCost {
    fn hasher(self) -> Res<Argon2<'static>> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)
            .map_err(|_| CentralError::Inner { what: "choosing argon2 parameters" })?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// argon2id of a PIN, password or badge with a salt of its own, as a PHC string.
    ///
    /// # Errors
    /// If the system has no random bytes or the parameters are out of range.
    pub fn hash(self, secret: &str) -> Res<String> {
        let salt: [u8; 16] = random()?;
        self.hasher()?
            .hash_password_with_salt(secret.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| CentralError::Inner { what: "hashing a secret" })
    }
}

/// Whether `secret` is the one behind the PHC string; false for a damaged string.
#[must_use]
pub fn verify(secret: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}
