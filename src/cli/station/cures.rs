//! What to do about each trouble of a device, in plain words: the code of the trouble leads to the text. Must never say more
//! than the trouble's name tells.

use crate::core::message::Message;

/// The code of a warning or of the reason of a loss, and the key of what to do about it.
pub const CURES: &[(&str, &str)] = &[
    ("paper-out", "device-cure-paper-out"),
    ("head-open", "device-cure-head-open"),
    ("ribbon-out", "device-cure-ribbon-out"),
    ("paused", "device-cure-paused"),
    ("buffer-full", "device-cure-buffer-full"),
    ("too-cold", "device-cure-too-cold"),
    ("too-hot", "device-cure-too-hot"),
    ("printer-silent", "device-cure-printer-silent"),
    ("cover-open", "device-cure-cover-open"),
    ("paper-jam", "device-cure-paper-jam"),
    ("supply-out", "device-cure-supply-out"),
    ("output-full", "device-cure-output-full"),
    ("cutter-fault", "device-cure-cutter-fault"),
    ("head-fault", "device-cure-head-fault"),
    ("printer-stopped", "device-cure-printer-stopped"),
    ("printer-busy", "device-cure-printer-busy"),
    ("not-accepting", "device-cure-not-accepting"),
    ("paper-low", "device-cure-paper-low"),
    ("supply-low", "device-cure-supply-low"),
    ("clean-head", "device-cure-clean-head"),
    ("uncalibrated", "device-cure-uncalibrated"),
    ("scale-silent", "device-cure-scale-silent"),
    ("scale-quiet", "device-cure-scale-quiet"),
    ("scale-over", "device-cure-scale-over"),
    ("scale-under", "device-cure-scale-under"),
    ("scale-broken", "device-cure-scale-broken"),
    ("scale-uncalibrated", "device-cure-scale-uncalibrated"),
    ("scale-needs-zero", "device-cure-scale-needs-zero"),
    ("camera-still", "device-cure-camera-still"),
    ("garbled", "device-cure-garbled"),
    ("scans-refused", "device-cure-scans-refused"),
    ("player-fails", "device-cure-player-fails"),
    ("recogniser-missing", "device-cure-recogniser-missing"),
    ("recogniser-fails", "device-cure-recogniser-fails"),
    ("microphone-silent", "device-cure-microphone-silent"),
    ("speaker-fails", "device-cure-speaker-fails"),
    ("not-found", "device-cure-not-found"),
    ("not-permitted", "device-cure-not-permitted"),
    ("busy", "device-cure-busy"),
    ("disconnected", "device-cure-disconnected"),
    ("refused", "device-cure-refused"),
    ("timeout", "device-cure-timeout"),
    ("silent", "device-cure-silent"),
    ("bad-answer", "device-cure-bad-answer"),
    ("io", "device-cure-io"),
    ("driver-failed", "device-cure-driver-failed"),
    ("no-card-service", "device-cure-no-card-service"),
];

/// What to do about the trouble of this code.
#[must_use]
pub fn cure(code: &str) -> Option<Message> {
    CURES.iter().find(|(known, _)| *known == code).map(|(_, key)| Message::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::{DeviceWarning, LostReason};
    use crate::i18n::{Catalogue, Lang};

    #[test]
    fn every_trouble_has_a_cure_in_every_language() {
        for lang in Lang::ALL {
            let words = Catalogue::new(lang);
            for (code, key) in CURES {
                assert!(words.has(key), "{key} in {lang:?}");
                assert_eq!(key.strip_prefix("device-cure-"), Some(*code));
            }
        }
        for warning in DeviceWarning::ALL {
            assert!(cure(warning.code()).is_some(), "{}", warning.code());
        }
        for reason in LostReason::ALL {
            assert!(cure(reason.code()).is_some(), "{}", reason.code());
        }
        assert_eq!(cure("no such trouble"), None);
    }
}
