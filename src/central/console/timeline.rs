//! A fact as a sentence. Facts that say nothing to people (a step's begin) have none.

use super::marks::{
    BACK, BOX, CAMERA, CARD, CHECKED, CLOCK, MAIL, NEXT, OCTAGON, ORDER, PHONE, PIN, SCAN, TRIANGLE, TRUCK, USER,
};
use super::messages::kind_name;
use crate::central::services::orders::{OrderView, TimelineEntry};
use crate::core::checklist::DocumentKind;
use crate::core::message::Arg;
use crate::core::order::Flag;
use crate::core::session::Event;
use crate::core::session::event::{PrintOutcome, Undoable, VerifyHow};
use crate::i18n::Catalogue;
use crate::protocol::session;

/// Icon, look and words of an entry.
pub(super) struct Sentence {
    pub icon: &'static str,
    pub look: &'static str,
    pub text: String,
}

fn name(view: &OrderView, line: u32) -> Arg {
    Arg::Text(view.lines.iter().find(|l| l.no == line).map_or_else(String::new, |l| l.name.clone()))
}

fn document(kind: DocumentKind) -> Arg {
    Arg::Key(match kind {
        DocumentKind::Label => "document-label",
        DocumentKind::PackingSlip => "document-packing-slip",
        DocumentKind::Invoice => "document-invoice",
        DocumentKind::Cn22 => "document-cn22",
        DocumentKind::Cn23 => "document-cn23",
        DocumentKind::CommercialInvoice => "document-commercial-invoice",
    })
}

fn cleared(flag: Flag) -> Arg {
    Arg::Key(match flag {
        Flag::FraudReview => "flag-fraud-review",
        Flag::AddressTrouble => "flag-address-trouble",
        Flag::Unpaid => "flag-unpaid",
    })
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Work at a station: scans, weights, labels, photos.
    Work,
    /// Payments and their proofs.
    Money,
    /// All else: what people of the office did, mail, calls.
    Office,
}

impl About {
    pub const ALL: [About; 3] = [About::Work, About::Money, About::Office];

    /// Its word in an address.
    pub const fn word(self) -> &'static str {
        match self {
            About::Work => "scans",
            About::Money => "money",
            About::Office => "people",
        }
    }

    pub fn of(word: &str) -> Option<About> {
        About::ALL.into_iter().find(|about| about.word() == word)
    }

    /// Key of its name.
    pub const fn key(self) -> &'static str {
        match self {
            About::Work => "order-timeline-scans",
            About::Money => "order-timeline-money",
            About::Office => "order-timeline-people",
        }
    }
}

/// What the entry is about.
pub(super) fn about(entry: &TimelineEntry) -> About {
    if entry.kind.starts_with(session::KIND_PREFIX) {
        About::Work
    } else if ["payment.", "proof.", "refund."].iter().any(|head| entry.kind.starts_with(head)) {
        About::Money
    } else {
        About::Office
    }
}

/// The sentence of an entry of an order's timeline.
pub(super) fn sentence(words: &Catalogue, view: &OrderView, entry: &TimelineEntry) -> Option<Sentence> {
    let text = |icon, look, key: &str, args: &[(&'static str, Arg)]| {
        Some(Sentence { icon, look, text: words.text_with(key, args) })
    };
    if !entry.kind.starts_with(session::KIND_PREFIX) {
        return match entry.kind.as_str() {
            "order.cancelled" => text(OCTAGON, "x", "event-cancelled", &[]),
            "order.expedited" if entry.detail.contains("true") => text(USER, "", "event-expedited", &[]),
            "order.expedited" => text(USER, "", "event-unexpedited", &[]),
            "order.created" => text(ORDER, "", "event-created", &[]),
            "order.held" => text(CLOCK, "w", "event-office-held", &[]),
            "order.let_go" => text(CLOCK, "k", "event-office-let-go", &[]),
            "order.assigned" => text(SCAN, "", "event-assigned", &[]),
            "order.field_set" => text(ORDER, "", "event-edited", &[]),
            "order.edited" => text(ORDER, "", "event-edited", &[]),
            "order.stock_came" => text(BOX, "k", "event-stock-came", &[]),
            "payment.added" => text(CARD, "k", "event-payment", &[]),
            "payment.refunded" => text(CARD, "", "event-payment-refunded", &[]),
            "payment.authorized" => text(CARD, "", "event-payment-authorized", &[]),
            "payment.voided" => text(CARD, "", "event-payment-voided", &[]),
            "payment.failed" => text(CARD, "x", "event-payment-failed", &[]),
            "file.added" => text(CARD, "", "event-file-added", &[]),
            "file.viewed" => text(USER, "", "event-file-viewed", &[]),
            "file.removed" => text(CARD, "", "event-file-removed", &[]),
            "order.merged" => text(CARD, "", "event-merged", &[]),
            "proof.added" => text(CARD, "", "event-proof-added", &[]),
            "proof.viewed" => text(USER, "", "event-proof-viewed", &[]),
            "message.sent" | "message.given_up" | "message.taken_back" | "message.written" | "message.queued" => {
                mail(words, entry)
            }
            "order.reminders_off" => text(MAIL, "", "event-reminders-off", &[]),
            "order.reminders_on" => text(MAIL, "", "event-reminders-on", &[]),
            "track_link.renewed" => text(MAIL, "", "event-link-renewed", &[]),
            "order.stage_set" => text(NEXT, "", "event-stage", &[("stage", stage_of(words, &entry.detail))]),
            "order.stage_undone" => text(BACK, "", "event-stage-undone", &[("stage", stage_of(words, &entry.detail))]),
            "order.delivered" => text(CHECKED, "k", "event-handed-over", &[]),
            "order.shipped" => text(TRUCK, "k", "event-left", &[("manifest", manifest_of(&entry.detail))]),
            "order.unshipped" => text(BACK, "w", "event-not-left", &[("manifest", manifest_of(&entry.detail))]),
            "order.closed" => text(CHECKED, "k", "event-closed", &[]),
            "parcel.tracking_set" => text(TRUCK, "", "event-tracking", &[]),
            "call.added" => text(PHONE, "", "event-called", &[]),
            "reminder.set" => text(CLOCK, "", "event-reminder-set", &[]),
            "reminder.done" => text(CLOCK, "k", "event-reminder-done", &[]),
            "order.split" => text(BOX, "", "event-split", &[]),
            _ => None,
        };
    }
    let Ok(fact) = session::decode(&entry.kind, &entry.detail) else {
        return text(TRIANGLE, "w", "event-unknown", &[]);
    };
    event(words, view, entry, &fact.event)
}

/// The number of the manifest in an entry's detail.
fn manifest_of(detail: &str) -> Arg {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    Arg::Text(detail["manifest"].as_str().unwrap_or_default().to_owned())
}

/// What became of a message.
fn mail(words: &Catalogue, entry: &TimelineEntry) -> Option<Sentence> {
    let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    let kind = detail["kind"].as_str().map(|kind| kind_name(words, kind)).unwrap_or_default();
    let (look, key) = match entry.kind.as_str() {
        "message.sent" => ("k", "event-mail-sent"),
        "message.given_up" => ("x", "event-mail-given-up"),
        "message.taken_back" => ("", "event-mail-taken-back"),
        "message.queued" if detail["nth"].is_i64() => ("", "event-mail-reminds"),
        "message.queued" => ("", "event-mail-by-stage"),
        _ => ("", "event-mail-written"),
    };
    let number = |name: &str| Arg::Int(detail[name].as_i64().unwrap_or_default());
    let args = [
        ("kind", Arg::Text(kind)),
        ("stage", stage_of(words, &entry.detail)),
        ("nth", number("nth")),
        ("of", number("of")),
    ];
    Some(Sentence { icon: MAIL, look, text: words.text_with(key, &args) })
}

/// The name of the stage in an entry's detail.
fn stage_of(words: &Catalogue, detail: &str) -> Arg {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let names = detail.get("names");
    let name = [words.lang().code(), "en"].iter().find_map(|lang| names?.get(lang)?.as_str());
    Arg::Text(name.or_else(|| detail.get("to")?.as_str()).unwrap_or("?").to_owned())
}

fn event(words: &Catalogue, view: &OrderView, entry: &TimelineEntry, event: &Event) -> Option<Sentence> {
    let (icon, look, key) = shown_as(event)?;
    let text = words.text_with(key, &args(view, entry, event));
    Some(Sentence { icon, look, text })
}

/// Icon, look and key of a fact; none for those that say nothing to people.
fn shown_as(event: &Event) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match event {
        Event::Opened { .. } => (BOX, "", "event-opened"),
        Event::FlagCleared { .. } => (USER, "k", "event-flag-cleared"),
        Event::Picked { .. } => (PIN, "", "event-picked"),
        Event::Verified { how: VerifyHow::Hand(_), .. } => (SCAN, "w", "event-verified-by-hand"),
        Event::Verified { .. } => (SCAN, "", "event-verified"),
        Event::Undone { what: Undoable::Picked { .. } | Undoable::Verified { .. } } => (SCAN, "", "event-undone"),
        Event::Refused { .. } => (OCTAGON, "x", "event-refused"),
        Event::Shorted { .. } => (TRIANGLE, "w", "event-short"),
        Event::Damaged { .. } => (TRIANGLE, "w", "event-damaged"),
        Event::Substituted { .. } => (TRIANGLE, "w", "event-substituted"),
        Event::PartialAllowed { .. } => (USER, "", "event-partial-allowed"),
        Event::ParcelOpened { .. } => (BOX, "", "event-parcel-opened"),
        Event::Weighed { overridden: Some(_), .. } => (BOX, "w", "event-weight-overridden"),
        Event::Weighed { .. } => (BOX, "k", "event-weighed"),
        Event::WeightRefused { .. } => (OCTAGON, "x", "event-weight-refused"),
        Event::RecountStarted { .. } => (SCAN, "", "event-recount"),
        Event::LabelAssigned { .. } => (BOX, "", "event-label"),
        Event::PrintAttempted { reason: Some(_), .. } => (ORDER, "w", "event-reprinted"),
        Event::PrintEnded { outcome: PrintOutcome::Failed(_) | PrintOutcome::Unknown, .. } => {
            (OCTAGON, "x", "event-print-trouble")
        }
        Event::PrintEnded { .. } => (ORDER, "", "event-print-ended"),
        Event::ParcelConfirmed { .. } => (CHECKED, "k", "event-confirmed"),
        Event::Consolidated { .. } => (PIN, "", "event-consolidated"),
        Event::Packed { .. } => (CHECKED, "k", "event-packed"),
        Event::PhotoTaken { .. } => (CAMERA, "", "event-photo"),
        Event::LeadCalled => (USER, "w", "event-lead-called"),
        Event::Paused { .. } => (CLOCK, "", "event-paused"),
        Event::Resumed { .. } => (CLOCK, "", "event-resumed"),
        Event::Held { .. } => (TRIANGLE, "w", "event-held"),
        Event::HandedBack { .. } => (BOX, "", "event-handed-back"),
        Event::PackerSwitched { .. } => (USER, "", "event-packer-switched"),
        Event::CancelSeen { .. } => (OCTAGON, "x", "event-cancelled"),
        Event::Unpacked => (BOX, "w", "event-unpacked"),
        Event::TakenOver => (USER, "w", "event-taken-over"),
        Event::StepEntered { .. }
        | Event::StockChecked { .. }
        | Event::TraceAsked { .. }
        | Event::Moved { .. }
        | Event::Undone { .. }
        | Event::MovingEnded { .. }
        | Event::PackagingChosen { .. }
        | Event::ChecklistSet { .. }
        | Event::Ticked { .. }
        | Event::PrintAttempted { .. }
        | Event::Advanced => return None,
    })
}

/// What the sentence of a fact is filled with; facts that need nothing stand at the end.
fn args(view: &OrderView, entry: &TimelineEntry, event: &Event) -> Vec<(&'static str, Arg)> {
    let int = |n: u32| Arg::Int(i64::from(n));
    let parcel_no = |parcel: &u16| vec![("no", int(u32::from(*parcel)))];
    match event {
        Event::Opened { .. } => vec![("station", Arg::Text(entry.station.clone()))],
        Event::FlagCleared { flag, .. } => vec![("flag", cleared(*flag))],
        Event::Picked { line, quantity, .. } => vec![("n", int(*quantity)), ("name", name(view, line.0))],
        Event::Verified { line, units, how: VerifyHow::Hand(reason), .. } => {
            vec![("name", name(view, line.0)), ("n", int(*units)), ("reason", Arg::Key(reason.key()))]
        }
        Event::Verified { line, units, .. } => {
            let of = view.lines.iter().find(|l| l.no == line.0).map_or(0, |l| l.quantity);
            vec![("name", name(view, line.0)), ("no", int(*units)), ("n", Arg::Int(of))]
        }
        Event::Undone { what: Undoable::Picked { line, .. } | Undoable::Verified { line, .. } } => {
            vec![("name", name(view, line.0))]
        }
        Event::Refused { code, .. } => vec![("why", Arg::Text(code.clone()))],
        Event::Shorted { line, quantity, reason }
        | Event::Damaged { line, quantity, reason, .. }
        | Event::Substituted { line, quantity, reason, .. } => {
            vec![("n", int(*quantity)), ("name", name(view, line.0)), ("reason", Arg::Key(reason.key()))]
        }
        Event::Weighed { grams, expected_g, overridden, .. } => {
            let reason = overridden.as_ref().map(|(_, reason)| ("reason", Arg::Key(reason.key())));
            [("mass", Arg::Mass(*grams)), ("expected", Arg::Mass(*expected_g))].into_iter().chain(reason).collect()
        }
        Event::WeightRefused { grams, .. } => vec![("mass", Arg::Mass(*grams))],
        Event::LabelAssigned { sscc, .. } => vec![("sscc", Arg::Text(sscc.clone()))],
        Event::PrintAttempted { document: kind, copy, reason, .. } => {
            let reason = reason.map(|reason| ("reason", Arg::Key(reason.key())));
            [("document", document(*kind)), ("copy", int(u32::from(*copy)))].into_iter().chain(reason).collect()
        }
        Event::PrintEnded { document: kind, .. } => vec![("document", document(*kind))],
        Event::ParcelOpened { parcel, .. }
        | Event::ParcelConfirmed { parcel, .. }
        | Event::PhotoTaken { parcel, .. } => parcel_no(parcel),
        Event::Consolidated { location } => vec![("place", Arg::Text(location.clone()))],
        Event::Packed { units, .. } => {
            let all = view.lines.iter().filter(|l| !l.service).map(|l| l.quantity).sum();
            vec![("n", int(*units)), ("all", Arg::Int(all))]
        }
        Event::Held { reason, .. } | Event::HandedBack { reason } => vec![("reason", Arg::Key(reason.key()))],
        Event::StepEntered { .. }
        | Event::StockChecked { .. }
        | Event::TraceAsked { .. }
        | Event::Moved { .. }
        | Event::Undone { what: Undoable::Moved { .. } | Undoable::TraceAsked | Undoable::Ticked { .. } }
        | Event::PartialAllowed { .. }
        | Event::MovingEnded { .. }
        | Event::PackagingChosen { .. }
        | Event::ChecklistSet { .. }
        | Event::Ticked { .. }
        | Event::RecountStarted { .. }
        | Event::Advanced
        | Event::LeadCalled
        | Event::Paused { .. }
        | Event::Resumed { .. }
        | Event::PackerSwitched { .. }
        | Event::CancelSeen { .. }
        | Event::Unpacked
        | Event::TakenOver => Vec::new(),
    }
}
