//! Signing after Standard Webhooks: HMAC-SHA256 over `id.timestamp.body` with the endpoint's secret.

use crate::central::error::{CentralError, Res};
use crate::central::secrets;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What every secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret of 256 bits.
///
/// # Errors
/// If the system has no random bytes.
pub fn new_secret() -> Res<String> {
    let bytes: [u8; 32] = secrets::random()?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The signature of a message; `at_s` is UTC seconds.
///
/// # Errors
/// If the stored secret is none.
pub fn signature(secret: &str, id: &str, at_s: i64, body: &str) -> Res<String> {
    let damaged = CentralError::Stored { what: "secret of a webhook" };
    let Some(Ok(bytes)) = secret.strip_prefix(PREFIX).map(|text| STANDARD.decode(text)) else { return Err(damaged) };
    let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).map_err(|_| damaged)?;
    mac.update(format!("{id}.{at_s}.").as_bytes());
    mac.update(body.as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// The signatures of all secrets that hold, as the header has them.
///
/// # Errors
/// As [`signature`].
pub fn signatures(secrets: &[String], id: &str, at_s: i64, body: &str) -> Res<String> {
    let all: Vec<String> = secrets.iter().map(|secret| signature(secret, id, at_s, body)).collect::<Res<_>>()?;
    Ok(all.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_as_it_says() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed =
            signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}").unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(signature("whsec_?", "a", 0, "").is_err() && signature("x", "a", 0, "").is_err());
        assert_ne!(new_secret().unwrap(), new_secret().unwrap());
    }
}
