//! Takes the code out of what a scanner put around it: prefix, suffix, AIM identifier, and a stand-in for the separator GS.
//! Pure. Must never change a code that the settings do not name, and never pass a cut code on as a whole one.

use super::ScanFault;
use crate::core::aim::{self, AimId};
use crate::devices::config::ScanFraming;

/// ASCII group separator.
const GS: u8 = 0x1d;

/// The code and its AIM identifier.
///
/// # Errors
/// [`ScanFault::Unframed`] where prefix or suffix are missing.
pub fn of(raw: Vec<u8>, framing: &ScanFraming) -> Result<(Option<AimId>, Vec<u8>), ScanFault> {
    let unframed = ScanFault::Unframed { bytes: raw.len() };
    let take = |bytes: Vec<u8>| if framing.aim { aim::take(bytes) } else { (None, bytes) };
    // The prefix stands before the identifier or behind it, as the scanner's maker likes.
    let (symbology, mut code) = if let Some(rest) = raw.strip_prefix(framing.prefix.as_slice()) {
        take(rest.to_vec())
    } else {
        let (symbology, rest) = take(raw);
        let rest = rest.strip_prefix(framing.prefix.as_slice()).ok_or(unframed)?;
        (symbology, rest.to_vec())
    };
    if !framing.suffix.is_empty() {
        let length = code.strip_suffix(framing.suffix.as_slice()).ok_or(unframed)?.len();
        code.truncate(length);
    }
    if code.is_empty() {
        return Err(unframed);
    }
    // A code that says it is none of GS1 may hold the stand-in as an honest character.
    let may_hold_gs = symbology.is_none_or(AimId::is_gs1);
    if !framing.gs.is_empty() && may_hold_gs {
        code = with_gs(&code, &framing.gs);
    }
    Ok((symbology, code))
}

/// The code with GS for every stand-in.
fn with_gs(code: &[u8], stand_in: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(code.len());
    let mut rest = code;
    while let Some((first, tail)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(stand_in) {
            out.push(GS);
            rest = behind;
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// prefix, suffix, stand-in, what came, what it means (`None`: refused).
    type Case<'a> = (&'a str, &'a str, &'a str, &'a [u8], Option<(&'a str, &'a [u8])>);

    #[test]
    fn what_the_scanner_put_around_a_code_is_taken_off() {
        let cases: &[Case<'_>] = &[
            ("", "", "", b"50123", Some(("", b"50123"))),
            ("\x02", "", "", b"\x0250123", Some(("", b"50123"))),
            ("\x02", "\x03", "", b"\x02]E050123\x03", Some(("]E0", b"50123"))),
            ("S1:", "", "", b"]E0S1:50123", Some(("]E0", b"50123"))),
            ("S1:", "#", "", b"S1:5#1#", Some(("", b"5#1"))),
            ("S1:", "", "", b"1:50123", None),
            ("", "#", "", b"50123", None),
            ("S1:", "#", "", b"S1:#", None),
            ("", "", "|", b"]C110A|21B", Some(("]C1", b"10A\x1d21B"))),
            ("", "", "|", b"10A|21B", Some(("", b"10A\x1d21B"))),
            ("", "", "|", b"]C0A|B", Some(("]C0", b"A|B"))),
            ("", "", "<GS>", b"]d210A<GS>21B<G", Some(("]d2", b"10A\x1d21B<G"))),
            ("", "", "^]", b"10A^]21B", Some(("", b"10A\x1d21B"))),
            ("", "", "{GS}", b"{GS}10A{GS}", Some(("", b"\x1d10A\x1d"))),
            ("", "", "", b"10A\x1d21B", Some(("", b"10A\x1d21B"))),
        ];
        for (prefix, suffix, gs, raw, expected) in cases {
            let framing = ScanFraming {
                prefix: prefix.as_bytes().to_vec(),
                suffix: suffix.as_bytes().to_vec(),
                gs: gs.as_bytes().to_vec(),
                ..ScanFraming::default()
            };
            let read = of(raw.to_vec(), &framing);
            let read = read.as_ref().map(|(aim, code)| {
                let aim = aim.map_or(String::new(), |aim| String::from_utf8_lossy(&aim.bytes()).into_owned());
                (aim, code.as_slice())
            });
            match expected {
                Some((aim, code)) => assert_eq!(read, Ok(((*aim).to_owned(), *code)), "{prefix:?} {suffix:?} {raw:?}"),
                None => assert_eq!(read, Err(&ScanFault::Unframed { bytes: raw.len() }), "{prefix:?} {suffix:?}"),
            }
        }
    }

    #[test]
    fn without_the_setting_an_identifier_stays_in_the_code() {
        let framing = ScanFraming { aim: false, ..ScanFraming::default() };
        assert_eq!(of(b"]E0501".to_vec(), &framing), Ok((None, b"]E0501".to_vec())));
    }
}
