//! What a visitor should do now, read from the screen alone: the next right scan, weight or press.

use super::Thing;
use crate::core::command_code::CommandCode;
use crate::core::returns::Grade;
use crate::core::session::event::PrintOutcome;
use crate::core::session::{PrintState, Step};
use crate::engine::input::Ui as Request;
use crate::engine::view::{PackView, ReturnView, Screen, Sheet, StageView, StationView};

/// The next right thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Scan this.
    Scan(Thing),
    /// Type the PIN: a lead's, or the packer's.
    Pin {
        /// A lead's.
        lead: bool,
    },
    /// Press this button of the screen: its word's key.
    Press(Request, &'static str),
    /// Put the parcel on the scale.
    PutParcel,
    /// Take it off.
    TakeParcel,
    /// Load paper.
    LoadPaper,
    /// Nothing: the machine is at work.
    Wait,
}

/// The next right thing for what the screen shows. `loaded`: something is on the scale; `paper`: the printer has
/// paper.
#[must_use]
pub fn next(view: &StationView, loaded: bool, paper: bool) -> Next {
    if let Some(sheet) = &view.sheet {
        return on_sheet(sheet);
    }
    match &view.screen {
        Screen::Pairing { .. } | Screen::Recovery { .. } => Next::Wait,
        Screen::Login(login) if login.badge.is_some() => Next::Pin { lead: false },
        Screen::Login(_) => Next::Scan(Thing::PackerBadge),
        Screen::Queue => match view.queue.rows.first() {
            Some(row) => Next::Scan(Thing::Order(row.number.clone())),
            None => Next::Wait,
        },
        Screen::Pack => view.pack.as_ref().map_or(Next::Wait, |order| on_bench(order, loaded, paper)),
        Screen::Return => view.intake.as_ref().map_or(Next::Wait, |intake| in_return(intake)),
    }
}

fn on_sheet(sheet: &Sheet) -> Next {
    match sheet {
        Sheet::Approval { badge: None, .. } => Next::Scan(Thing::LeadBadge),
        Sheet::Approval { badge: Some(_), .. } => Next::Pin { lead: true },
        Sheet::PrintUnknown { .. } => Next::Press(Request::PaperCame { yes: true }, "action-came-out"),
        Sheet::Problems
        | Sheet::Form(_)
        | Sheet::Held
        | Sheet::History
        | Sheet::Devices
        | Sheet::ScanTrial(_)
        | Sheet::ScannerSetup(_)
        | Sheet::Settings
        | Sheet::QueueAll
        | Sheet::Boxes
        | Sheet::Count
        | Sheet::Find
        | Sheet::WriteTag { .. }
        | Sheet::Returns => Next::Press(Request::CloseSheet, "action-close"),
    }
}

fn in_return(view: &ReturnView) -> Next {
    let command = |code| Next::Scan(Thing::Command(code));
    match &view.hand {
        Some(hand) => match hand.asks {
            Some(field) => Next::Scan(Thing::Trace(hand.product.id, field)),
            None if hand.shelf.is_some() => command(Grade::Resell.code()),
            None => command(Grade::Repair.code()),
        },
        None => match view.lines.iter().find(|line| line.came < line.asked) {
            Some(line) => Next::Scan(Thing::Product(line.product.id)),
            None => command(CommandCode::Continue),
        },
    }
}

fn on_bench(order: &PackView, loaded: bool, paper: bool) -> Next {
    let command = |code| Next::Scan(Thing::Command(code));
    match &order.stage {
        StageView::Review(review) => match review.flags.first() {
            Some(flag) => Next::Press(Request::ClearFlag(*flag), "action-clear-flag"),
            None => command(CommandCode::Continue),
        },
        StageView::Stock(_) => command(CommandCode::Continue),
        StageView::Pick(pick) => match &pick.location {
            Some(place) => Next::Scan(Thing::Shelf(place.code.clone())),
            None => Next::Scan(Thing::Product(pick.product.id)),
        },
        StageView::Verify(check) => match check.asks {
            Some(field) => Next::Scan(Thing::Trace(check.product.id, field)),
            None => Next::Scan(Thing::Product(check.product.id)),
        },
        StageView::Pack(stage) => match &stage.suggested {
            Some(packaging) => Next::Scan(Thing::Box(packaging.id)),
            None => Next::Press(Request::OpenSheet(Sheet::Boxes), "pack-choose"),
        },
        StageView::Checklist(list) => match list.items.get(list.current) {
            Some(item) if item.by_photo => command(CommandCode::Photo),
            Some(_) => command(CommandCode::Tick),
            None => Next::Wait,
        },
        StageView::Weigh(stage) if stage.outside.is_some() && loaded => Next::TakeParcel,
        StageView::Weigh(_) if loaded => Next::Wait,
        StageView::Weigh(_) => Next::PutParcel,
        StageView::Label(stage) => {
            let failed = stage.prints.iter().any(|row| matches!(row.state, PrintState::Ended(PrintOutcome::Failed(_))));
            match (&stage.put_at, &stage.preview) {
                (Some(slot), _) => Next::Scan(Thing::Slot(slot.clone())),
                (None, Some(label)) if order.step == Step::Confirm => Next::Scan(Thing::Label(label.sscc.clone())),
                (None, _) if failed && !paper => Next::LoadPaper,
                (None, _) if failed => command(CommandCode::Reprint),
                (None, _) => Next::Wait,
            }
        }
        StageView::Done(_) if loaded => Next::TakeParcel,
        StageView::Done(_) => command(CommandCode::Continue),
        StageView::Paused { .. } | StageView::Held { .. } => Next::Press(Request::Resume, "action-go-on"),
        StageView::MustUnpack { .. } => Next::Press(Request::ConfirmUnpacked, "action-unpacked"),
    }
}
