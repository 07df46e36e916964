//! One press is one request: what a trembling finger, a worn key or a held key asks for twice is asked for once. The second
//! tap often meets the next screen already, where something else lies under the finger: it is no press either.

use super::local::Place;
use crate::engine::input::Ui as Request;

/// A second press within this time, ms, belongs to the first. Two taps of a double tap are nearer; nobody reads a new screen
/// faster.
pub const TAP_MS: u64 = 350;

/// The last press that counted.
struct Last {
    request: Request,
    place: Option<Place>,
    at_ms: u64,
}

/// Tells presses from their echoes.
#[derive(Default)]
pub struct Taps(Option<Last>);

impl Taps {
    /// Is this press only the echo of the one before it? `place` is where it was made, `now_ms` the window's clock.
    ///
    /// An echo keeps its press alive, so that a key that rattles on does nothing more. Other requests at the same place
    /// (several lines ticked, a reason and then a number) count at any speed; so do digits and letters.
    pub fn is_echo(&mut self, request: &Request, place: Option<&Place>, now_ms: u64) -> bool {
        if is_typed(request) {
            return false;
        }
        if let Some(last) = &mut self.0 {
            let near = now_ms.saturating_sub(last.at_ms) < TAP_MS;
            if near && (last.request == *request || last.place.as_ref() != place) {
                last.at_ms = now_ms;
                return true;
            }
        }
        self.0 = Some(Last { request: request.clone(), place: place.cloned(), at_ms: now_ms });
        false
    }
}

/// Characters: two equal ones in a row are two.
fn is_typed(request: &Request) -> bool {
    matches!(request, Request::Digit(_) | Request::DigitBack | Request::PairKey(_) | Request::PairBack)
}
