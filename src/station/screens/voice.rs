//! The one voice: what the say band says now, from what happened last and from what the step asks.

use std::sync::Arc;

use egui::{Rect, Ui};

use super::Desk;
use crate::engine::view::{Compare, Feedback, PackView, StageView};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook};
use crate::station::widgets::stage::{Say, stage_card};

/// How long "counted" stays before the band says what to do again, ms.
const COUNTED_MS: i64 = 1_200;

pub(super) struct Voice {
    pub(super) signal: Signal,
    icon: Icon,
    first: String,
    second: String,
    feedback: Option<Arc<Feedback>>,
}

/// A refusal speaks until something else happens; "counted" speaks for a moment; else the step does.
pub(super) fn of(desk: &Desk<'_>, order: &PackView) -> Voice {
    let speaks = desk.view.feedback.as_ref().filter(|feedback| match feedback.signal {
        Signal::Stop | Signal::Decide => true,
        Signal::Ok | Signal::Wait | Signal::Now => desk.now.since_ms(feedback.at) < COUNTED_MS,
    });
    match speaks {
        Some(feedback) => Voice {
            signal: feedback.signal,
            icon: feedback.signal.icon(),
            first: desk.say(&feedback.title),
            second: feedback.detail.as_ref().map(|detail| desk.say(detail)).unwrap_or_default(),
            feedback: Some(Arc::clone(feedback)),
        },
        None => {
            let (first, second) = unit_by_unit(desk, order).unwrap_or_else(|| {
                (desk.say(&order.say), order.say_detail.as_ref().map(|detail| desk.say(detail)).unwrap_or_default())
            });
            Voice { signal: order.signal, icon: icon_of(order), first, second, feedback: None }
        }
    }
}

/// While somebody goes through the box unit by unit, the band says which one is next.
fn unit_by_unit(desk: &Desk<'_>, order: &PackView) -> Option<(String, String)> {
    if let StageView::Pack(stage) = &order.stage
        && order.signal == Signal::Now
    {
        return super::carton::says(desk, stage);
    }
    None
}

/// The picture of the act while the signal is NOW; else the signal's own shape.
fn icon_of(order: &PackView) -> Icon {
    match order.signal {
        Signal::Now => match &order.stage {
            StageView::Pick(_) => Icon::Pin,
            StageView::Pack(_) => Icon::Box,
            StageView::Checklist(list) => {
                list.items.get(list.current).map_or(Icon::List, |item| super::checklist::icon(item.icon))
            }
            StageView::Weigh(_) => Icon::Scale,
            StageView::Review(_) => Icon::Order,
            StageView::Stock(_) => Icon::Shelf,
            StageView::Paused { .. } => Icon::Cup,
            StageView::Held { .. } => Icon::Pause,
            StageView::MustUnpack { .. } => Icon::Ret,
            StageView::Verify(_) | StageView::Label(_) | StageView::Done(_) => Icon::Scan,
        },
        other => other.icon(),
    }
}

impl Voice {
    /// Draws the stage card with the band; `body` draws the rest.
    pub(super) fn stage(&self, ui: &mut Ui, card: Rect, body: impl FnOnce(&mut Ui, Rect)) {
        let say = Say { signal: self.signal, icon: self.icon, first: &self.first, second: &self.second };
        stage_card(ui, card, &say, body);
    }

    /// The two things to be shown side by side, if a wrong one was refused.
    pub(super) fn compare(&self) -> Option<&Compare> {
        self.feedback.as_ref().and_then(|feedback| feedback.compare.as_ref())
    }
}

/// A refusal or question that still speaks, for screens without an order: signal, shape and both lines.
pub(super) fn refusal(desk: &Desk<'_>) -> Option<(Signal, Icon, String, String)> {
    let feedback = desk.view.feedback.as_ref()?;
    let speaks = match feedback.signal {
        Signal::Stop | Signal::Decide => true,
        Signal::Ok | Signal::Wait | Signal::Now => desk.now.since_ms(feedback.at) < COUNTED_MS,
    };
    let second = feedback.detail.as_ref().map(|detail| desk.say(detail)).unwrap_or_default();
    speaks.then(|| (feedback.signal, feedback.signal.icon(), desk.say(&feedback.title), second))
}
