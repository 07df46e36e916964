//! The list of session events as they are written: one line per event, one name per field.

use super::tree::Tree;
use super::value::{Unfit, Wire, member};
use super::{KIND_PREFIX, SessionFact};
use crate::core::ids::UserId;
use crate::core::session::Event;
use serde_json::{Map, Value};

macro_rules! events {
    ($($text:literal = $name:ident { $($field:ident),* $(,)? };)+) => {
        /// Type names of all session events.
        pub const KINDS: &[&str] = &[$(concat!("pack_session.", $text)),+];

        fn parts(event: &Event) -> (&'static str, Map<String, Value>) {
            match event {
                $(Event::$name { $($field),* } => {
                    #[allow(unused_mut)]
                    let mut map = Map::new();
                    $(map.insert(stringify!($field).to_owned(), $field.put());)*
                    (concat!("pack_session.", $text), map)
                })+
            }
        }

        fn event(kind: &str, #[allow(unused_variables)] map: &Tree<'_>) -> Result<Event, Unfit> {
            match kind {
                $($text => Ok(Event::$name { $($field: member(map, stringify!($field))?),* }),)+
                _ => Err(Unfit::new("a session event this version knows")),
            }
        }
    };
}

events! {
    "opened" = Opened { fulfillment, order_version, packer, how, picked_elsewhere, fence };
    "step_entered" = StepEntered { step, at };
    "flag_cleared" = FlagCleared { flag, approval };
    "stock_checked" = StockChecked { as_of, shortfalls };
    "picked" = Picked { line, quantity, location, how, product };
    "trace_asked" = TraceAsked { line, product, trace };
    "verified" = Verified { line, product, units, trace, how, parcel, gesture };
    "moved" = Moved { line, product, units, serial, from, to, net, lot, expiry };
    "undone" = Undone { what };
    "refused" = Refused { code, step, gesture };
    "shorted" = Shorted { line, quantity, reason };
    "partial_allowed" = PartialAllowed { approval };
    "damaged" = Damaged { line, product, quantity, reason, unpacked, unpicked };
    "substituted" = Substituted { line, product, quantity, reason };
    "parcel_opened" = ParcelOpened { parcel, moving_from };
    "moving_ended" = MovingEnded { parcel, dropped };
    "packaging_chosen" = PackagingChosen { parcel, packaging, how };
    "checklist_set" = ChecklistSet { parcel, items };
    "ticked" = Ticked { parcel, index, how };
    "weighed" = Weighed { parcel, grams, expected_g, low_g, high_g, proof, overridden, sample };
    "weight_refused" = WeightRefused { parcel, grams, low_g, high_g };
    "recount_started" = RecountStarted { parcel };
    "label_assigned" = LabelAssigned { parcel, sscc, documents };
    "print_attempted" = PrintAttempted { parcel, document, copy, reason };
    "print_ended" = PrintEnded { parcel, document, copy, outcome };
    "parcel_confirmed" = ParcelConfirmed { parcel, sscc, gesture };
    "consolidated" = Consolidated { location };
    "packed" = Packed { parcels, units, worked_ms };
    "advanced" = Advanced {};
    "photo_taken" = PhotoTaken { parcel, hash, bytes, units_before };
    "lead_called" = LeadCalled {};
    "paused" = Paused { at };
    "resumed" = Resumed { packer, at };
    "held" = Held { reason, at };
    "handed_back" = HandedBack { reason };
    "packer_switched" = PackerSwitched { from, to };
    "cancel_seen" = CancelSeen { nothing_packed };
    "unpacked" = Unpacked {};
    "taken_over" = TakenOver {};
}

/// Type name and payload text of a fact.
#[must_use]
pub fn encode(fact: &SessionFact) -> (&'static str, String) {
    let (kind, event) = parts(&fact.event);
    let mut map = Map::new();
    map.insert("actor".to_owned(), fact.actor.put());
    if let Some(scanner) = &fact.scanner {
        map.insert("scanner".to_owned(), Value::String(scanner.clone()));
    }
    map.insert("event".to_owned(), Value::Object(event));
    (kind, Value::Object(map).to_string())
}

/// The fact behind a type name and a payload text.
///
/// # Errors
/// [`Unfit`] for a type this version does not know, or a payload of another shape; the event stays
/// stored as it came, whoever cannot read it.
pub fn decode(kind: &str, payload: &str) -> Result<SessionFact, Unfit> {
    let tree: Tree<'_> = serde_json::from_str(payload).map_err(|_| Unfit::new("JSON"))?;
    let actor = UserId::take(tree.get("actor").unwrap_or(&Tree::Null))?;
    let scanner = tree.get("scanner").map(String::take).transpose()?;
    let map = tree.get("event").filter(|event| event.members().is_some()).ok_or_else(|| Unfit::new("an event"))?;
    let short = kind.strip_prefix(KIND_PREFIX).ok_or_else(|| Unfit::new("a session event"))?;
    Ok(SessionFact { actor, scanner, event: event(short, map)? })
}
