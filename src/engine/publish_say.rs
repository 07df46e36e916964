//! The say band of every step: what to do now, in at most five words, and a second line with what
//! helps to do it.

use super::desk::Bench;
use super::publish_stage::document_key;
use super::view::StageView;
use crate::core::message::{Arg, Message};
use crate::core::session::event::PrintOutcome;
use crate::core::session::{PrintState, Step};
use crate::core::signal::Signal;

type Said = (Message, Option<Message>, Signal);

/// What the band says while nothing else speaks.
pub(super) fn say(b: &Bench, stage: &StageView) -> Said {
    let now = |key: &'static str, detail: Option<Message>| (Message::new(key), detail, Signal::Now);
    match stage {
        StageView::Review(r) => match r.flags.first() {
            Some(flag) => (
                Message::new("say-review-flag").with("flag", Arg::Key(flag.key())),
                Some(Message::new("say-review-flag-detail")),
                Signal::Decide,
            ),
            None => now("say-review", Some(Message::new("say-review-detail"))),
        },
        StageView::Stock(s) if s.shortfalls > 0 => (
            Message::new("say-stock-short").with("n", s.shortfalls),
            Some(Message::new("say-stock-short-detail")),
            Signal::Decide,
        ),
        StageView::Stock(_) => now("say-stock", Some(Message::new("say-stock-detail"))),
        StageView::Pick(p) => match &p.location {
            Some(at) => {
                let place = Message::new("say-pick-place")
                    .with("stop", p.stop)
                    .with("stops", p.stops)
                    .with("aisle", at.aisle.as_str())
                    .with("bay", at.bay)
                    .with("level", i64::from(at.level));
                let stop = Message::new("say-pick-stop").with("stop", p.stop).with("stops", p.stops);
                let detail = if at.bay > 0 { place } else { stop };
                (Message::new("say-pick").with("bin", at.code.as_str()), Some(detail), Signal::Now)
            }
            None => now("say-pick-nowhere", Some(Message::new("say-pick-nowhere-detail"))),
        },
        StageView::Verify(v) => verify(b, v),
        StageView::Pack(p) => match &p.suggested {
            Some(x) => (
                Message::new("say-box").with("box", x.name.as_str()),
                Some(Message::new("say-box-detail")),
                Signal::Now,
            ),
            None => (Message::new("say-box-none"), Some(Message::new("say-box-none-detail")), Signal::Decide),
        },
        StageView::Checklist(c) => match c.items.get(c.current) {
            Some(row) => {
                let n = i64::try_from(c.current + 1).unwrap_or(0);
                let of = i64::try_from(c.items.len()).unwrap_or(0);
                let detail = Message::new("say-list-detail").with("n", n).with("of", of);
                (row.say.clone(), Some(detail), Signal::Now)
            }
            None => now("say-list-done", None),
        },
        StageView::Weigh(w) => weigh(w),
        StageView::Label(l) => label(b, l),
        StageView::Done(d) => {
            let detail = d
                .next
                .as_ref()
                .map(|n| Message::new("say-done-next").with("order", n.number.as_str()).with("units", n.units));
            (Message::new("say-done"), Some(detail.unwrap_or_else(|| Message::new("say-done-last"))), Signal::Ok)
        }
        StageView::Paused { .. } => (Message::new("say-paused"), Some(Message::new("say-paused-detail")), Signal::Wait),
        StageView::Held { reason, .. } => (
            Message::new("say-held"),
            Some(Message::new("say-held-detail").with("reason", Arg::Key(reason.key()))),
            Signal::Decide,
        ),
        StageView::MustUnpack { .. } => {
            (Message::new("say-unpack"), Some(Message::new("say-unpack-detail")), Signal::Stop)
        }
    }
}

fn verify(b: &Bench, v: &super::view::VerifyView) -> Said {
    if let Some(field) = v.asks {
        let m = Message::new("say-trace").with("field", Arg::Key(field.key()));
        return (m, Some(Message::new("say-trace-detail").with("name", v.product.name.as_str())), Signal::Now);
    }
    if let Some(from) = v.moving_from {
        let m = Message::new("say-moving").with("from", from).with("to", b.session.parcel().no);
        return (m, Some(Message::new("say-moving-detail")), Signal::Now);
    }
    let more = v.of.saturating_sub(v.done);
    let m = Message::new("say-verify").with("n", more);
    (m, Some(Message::new("say-verify-detail")), Signal::Now)
}

fn weigh(w: &super::view::WeighView) -> Said {
    if let Some(o) = &w.outside {
        let light = o.grams < w.low_g;
        let by = o.grams.distance(w.expected_g);
        let key = if light { "say-weigh-light" } else { "say-weigh-heavy" };
        let detail = if light { "say-weigh-light-detail" } else { "say-weigh-heavy-detail" };
        return (Message::new(key).with("difference", by), Some(Message::new(detail)), Signal::Stop);
    }
    let unstable = w.reading.is_some_and(|r| !r.stable);
    match (w.scale, unstable) {
        (false, _) => {
            (Message::new("say-weigh-no-scale"), Some(Message::new("say-weigh-no-scale-detail")), Signal::Decide)
        }
        (true, true) => {
            (Message::new("say-weigh-settling"), Some(Message::new("say-weigh-settling-detail")), Signal::Wait)
        }
        (true, false) => (
            Message::new("say-weigh"),
            Some(w.relies_on_scans.clone().unwrap_or_else(|| Message::new("say-weigh-detail"))),
            Signal::Now,
        ),
    }
}

fn label(b: &Bench, l: &super::view::LabelView) -> Said {
    if let Some((title, detail)) = &l.blocked {
        return (title.clone(), Some(detail.clone()), Signal::Decide);
    }
    if let Some(place) = &l.put_at {
        let m = Message::new("say-put-at").with("location", place.as_str());
        return (m, Some(Message::new("say-put-at-detail")), Signal::Now);
    }
    let failed = l.prints.iter().find(|p| matches!(p.state, PrintState::Ended(PrintOutcome::Failed(_))));
    if let Some(p) = failed {
        let m = Message::new("say-print-failed").with("document", Arg::Key(document_key(p.document)));
        return (m, Some(Message::new(trouble_key(p.trouble))), Signal::Decide);
    }
    // Why nothing comes is said as soon as the printer says it, not only when the job is given up.
    let held = l.prints.iter().find_map(|p| Some((p, p.way.as_ref()?, p.way.as_ref()?.why?)));
    if let Some((p, way, why)) = held {
        let m = Message::new("say-print-held").with("document", Arg::Key(document_key(p.document)));
        let detail =
            Message::new("say-print-held-detail").with("printer", way.printer.as_str()).with("why", Arg::Key(why));
        return (m, Some(detail), Signal::Decide);
    }
    match b.session.step {
        Step::Confirm => (Message::new("say-confirm"), Some(Message::new("say-confirm-detail")), Signal::Now),
        _ => (Message::new("say-printing"), Some(Message::new("say-printing-detail")), Signal::Wait),
    }
}

/// What to do about a printer's trouble.
#[must_use]
pub(super) fn trouble_key(t: Option<crate::core::session::event::PrintTrouble>) -> &'static str {
    use crate::core::session::event::PrintTrouble as T;
    match t {
        Some(T::PaperOut) => "print-paper-out",
        Some(T::HeadOpen) => "print-head-open",
        Some(T::Paused) => "print-paused",
        Some(T::Unreachable) => "print-unreachable",
        Some(T::Interrupted) => "print-interrupted",
        Some(T::NoPrinter) | None => "print-no-printer",
    }
}
