//! A return on the bench: what to scan, what it is worth, and where it goes.

use egui::{Align2, Key, Modifiers, Rect, Ui, pos2, vec2};

use super::bar::{self, Item};
use super::head::{self, Title};
use super::{Desk, refused, shell, trace, voice};
use crate::core::message::Arg;
use crate::core::returns::{Grade, Place};
use crate::engine::input::Ui as Request;
use crate::engine::view::{Compare, GradedView, HandView, ReturnView, VerifyView};
use crate::station::art;
use crate::station::icons::Icon;
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};
use crate::station::widgets::bars::Figure;
use crate::station::widgets::button::{Button, Choice, Look, Size};
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::side::{self, Line, title_case};
use crate::station::widgets::stage::{Say, stage_card};
use crate::station::widgets::text;

/// Height of the three choices.
const CHOICE: f32 = 136.0;
/// Height of the line that says where the last unit went.
const LAST: f32 = 64.0;

const fn icon(grade: Grade) -> Icon {
    match grade {
        Grade::Resell => Icon::Shelf,
        Grade::Repair => Icon::Search,
        Grade::Scrap => Icon::Cross,
    }
}

const fn key(grade: Grade) -> Key {
    match grade {
        Grade::Resell => Key::F2,
        Grade::Repair => Key::F4,
        Grade::Scrap => Key::F5,
    }
}

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, view: &ReturnView) {
    let areas = Areas::of(window, Plan::Guided);
    areas.paint(ui);
    let (signal, picture, first, second) = voice::refusal(desk).unwrap_or_else(|| {
        let icon = if view.signal == Signal::Now { Icon::Ret } else { view.signal.icon() };
        let second = view.say_detail.as_ref().map(|detail| desk.say(detail)).unwrap_or_default();
        (view.signal, icon, desk.say(&view.say), second)
    });
    let fact = desk.with("top-order", &[("order", Arg::Text(view.order.clone()))]);
    let title = desk.with("return-title", &[("number", Arg::Text(view.number.clone()))]);
    let title = Title { fact: Some((Some(Icon::Order), fact)), ..Title::new(title) };
    head::draw(ui, areas.top, areas.portrait, desk, &title);
    steps(ui, &areas, desk, view, signal);
    lines(ui, &areas, desk, view, signal);
    let compare: Option<Compare> = desk.view.feedback.as_ref().and_then(|feedback| feedback.compare.clone());
    let say = Say { signal, icon: picture, first: &first, second: &second };
    stage_card(ui, areas.card(), &say, |ui, room| match (&compare, &view.hand) {
        (Some(compare), _) if signal == Signal::Stop => {
            let not_here = desk.with("word-not-in-return", &[("number", Arg::Text(view.number.clone()))]);
            refused::draw(ui, room, desk, &not_here, compare);
        }
        (_, Some(hand)) if hand.asks.is_some() => asked(ui, room, desk, hand),
        (_, Some(hand)) => in_hand(ui, room, desk, hand, signal),
        (_, None) => box_open(ui, room, desk, view, signal),
    });
    foot(ui, &areas, desk, view);
}

/// Three steps of its own where an order has eleven.
fn steps(ui: &mut Ui, areas: &Areas, desk: &Desk<'_>, view: &ReturnView, signal: Signal) {
    let words = ["return-step-scan", "return-step-grade", "return-step-finish"].map(|key| desk.text(key));
    let current = match &view.hand {
        Some(_) => 1,
        None if view.came >= view.asked => 2,
        None => 0,
    };
    shell::numbered(ui, areas, &words, current, signal);
}

fn lines(ui: &mut Ui, areas: &Areas, desk: &Desk<'_>, view: &ReturnView, signal: Signal) {
    let from = shell::progress(ui, areas, desk, view.lines.len(), (view.came, view.asked));
    let counts: Vec<String> = view.lines.iter().map(|line| format!("{}/{}", line.came, line.asked)).collect();
    let mut rows: Vec<Line<'_>> = view
        .lines
        .iter()
        .zip(&counts)
        .map(|(line, count)| Line {
            number: None,
            name: &line.product.name,
            count,
            full: line.came >= line.asked,
            current: line.current && signal != Signal::Stop,
        })
        .collect();
    // What is still to come stands first, so that a long list shows it.
    rows.sort_by_key(|row| (!row.current, row.full));
    side::lines(ui, Rect::from_min_max(pos2(areas.side.left(), from), areas.side.max), &rows, signal);
}

/// Serial, lot or day: scanned or typed, as in packing.
fn asked(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, hand: &HandView) {
    let stage = VerifyView {
        product: hand.product.clone(),
        done: hand.count.0,
        of: hand.count.1,
        asks: hand.asks,
        source: None,
        count_max: 0,
        by_hand: false,
        moving_from: None,
    };
    trace::draw(ui, room, desk, &stage);
}

/// A unit in hand: which, the how manieth, and the three things it can be worth with where it goes then.
fn in_hand(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, hand: &HandView, signal: Signal) {
    let colours = palette(ui);
    let choices = Rect::from_min_max(pos2(room.left(), room.bottom() - CHOICE), room.max);
    let title_height = fonts::title().line_height() * 2.0;
    let title_top = choices.top() - 14.0 - title_height;
    let side = (title_top - room.top() - 12.0).clamp(96.0, 240.0);
    let picture = Rect::from_min_size(room.min, vec2(side, side));
    art::paint_on_mat(ui, picture, measure::RADIUS_CARD, side * 14.0 / 288.0, &hand.product.name);
    let left = picture.right() + 32.0;
    let coming = hand.count.0.saturating_add(hand.units);
    let below = figure(ui, pos2(left, room.top()), room.right() - left, side, (coming, hand.count.1));
    let known: Vec<String> = [&hand.trace.serial, &hand.trace.lot].into_iter().flatten().cloned().collect();
    let words = format!("{} {}", hand.product.sku, known.join(" ")).trim().to_owned();
    let code = Rect::from_min_max(pos2(left, below), pos2(room.right(), below + 36.0));
    let kind = Type::new(26.0, Weight::MonoBold);
    text::put_fitted(ui, code, Align2::LEFT_CENTER, kind, 16.0, &words, colours.text);
    let title = Rect::from_min_size(pos2(room.left(), title_top), vec2(room.width(), title_height));
    let name = title_case(&hand.product.name);
    text::put_balanced(ui, title, Align2::LEFT_CENTER, fonts::title(), 24.0, &name, colours.text);
    let cells = grid(choices, Grade::ALL.len(), 1, 14.0);
    for (grade, cell) in Grade::ALL.into_iter().zip(cells) {
        let (title, hint) = (desk.text(grade.key()), hint(desk, grade, hand));
        let taken = false;
        let choice = Choice { icon: icon(grade), title: &title, hint: &hint, taken, signal };
        let by_key = ui.is_enabled() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key(grade)));
        if choice.show(ui, cell) || by_key {
            desk.ask(Request::Grade(grade));
        }
    }
}

/// Where the unit goes with this grade.
fn hint(desk: &Desk<'_>, grade: Grade, hand: &HandView) -> String {
    let shelf = match grade {
        Grade::Resell => hand.shelf.as_ref(),
        Grade::Repair => hand.aside.as_ref(),
        Grade::Scrap => None,
    };
    match (grade, shelf) {
        (Grade::Resell | Grade::Repair, Some(code)) => {
            desk.with("return-goes-to", &[("place", Arg::Text(code.clone()))])
        }
        (Grade::Resell, None) => desk.text("return-scan-shelf"),
        (Grade::Repair, None) => desk.text("return-goes-aside"),
        (Grade::Scrap, _) => desk.text("return-goes-waste"),
    }
}

/// So many of so many, as large as `height` lets it. Returns where it ends.
fn figure(ui: &mut Ui, at: egui::Pos2, width: f32, height: f32, (main, of): (u32, u32)) -> f32 {
    let colours = palette(ui);
    let (main, beside) = (main.to_string(), format!("/ {of}"));
    let figure = Figure {
        main: &main,
        kind: fonts::figure_xxl().at((fonts::figure_xxl().px * height / 288.0).max(72.0)),
        colour: colours.text,
        beside: &beside,
        beside_kind: fonts::figure_m(64.0),
        beside_colour: colours.muted,
        gap: 12.0,
    };
    figure.show(ui, at, width).bottom()
}

/// Nothing in hand: how many came, where the last one went, and the end once all came.
fn box_open(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, view: &ReturnView, signal: Signal) {
    let colours = palette(ui);
    let over = view.came >= view.asked;
    let foot = Rect::from_min_max(pos2(room.left(), room.bottom() - measure::TARGET_XL), room.max);
    let last = Rect::from_min_max(pos2(room.left(), foot.top() - 12.0 - LAST), pos2(room.right(), foot.top() - 12.0));
    let side = (last.top() - room.top() - 12.0).clamp(96.0, 220.0);
    let square = Rect::from_min_size(room.min, vec2(side, side));
    let picture = if over { Icon::Okc } else { Icon::Ret };
    picture.paint(ui.painter(), square, if over { colours.ok_text } else { colours.text }, 1.6);
    let left = square.right() + 32.0;
    let below = figure(ui, pos2(left, room.top()), room.right() - left, side, (view.came, view.asked));
    let word = desk.text("return-came");
    let area = Rect::from_min_max(pos2(left, below), pos2(room.right(), below + 38.0));
    text::put_fitted(ui, area, Align2::LEFT_CENTER, Type::new(28.0, Weight::Regular), 18.0, &word, colours.muted);
    if let Some(graded) = &view.last {
        last_line(ui, last, desk, graded);
    }
    let word = desk.text("return-finish");
    let look = if over && signal != Signal::Stop { Look::Primary } else { Look::Plain };
    let size = if over { Size::Huge } else { Size::Large };
    let button = Button::new(&word).icon_after(Icon::Next).look(look).size(size).key(Key::F8);
    if button.show(ui, foot).pressed() {
        desk.ask(Request::FinishReturn);
    }
}

/// The unit graded last and where it goes.
fn last_line(ui: &mut Ui, area: Rect, desk: &Desk<'_>, graded: &GradedView) {
    let colours = palette(ui);
    let square = Rect::from_min_size(pos2(area.left(), area.center().y - 22.0), vec2(44.0, 44.0));
    icon(graded.grade).paint(ui.painter(), square, colours.text, 2.2);
    let place = match &graded.place {
        Place::Shelf(code) => desk.with("return-goes-to", &[("place", Arg::Text(code.clone()))]),
        Place::Aside => desk.text("return-goes-aside"),
        Place::Waste => desk.text("return-goes-waste"),
    };
    let left = square.right() + 16.0;
    let upper = Rect::from_min_max(pos2(left, area.top()), pos2(area.right(), area.center().y));
    let bold = fonts::body().in_face(Weight::Bold);
    text::put_fitted(ui, upper, Align2::LEFT_CENTER, bold, 18.0, &place, colours.text);
    let lower = Rect::from_min_max(pos2(left, area.center().y), area.max);
    let name = title_case(&graded.product.name);
    let words = if graded.units > 1 { format!("{} × {name}", graded.units) } else { name };
    text::put_fitted(ui, lower, Align2::LEFT_CENTER, fonts::body(), 16.0, &words, colours.muted);
}

fn foot(ui: &mut Ui, areas: &Areas, desk: &mut Desk<'_>, view: &ReturnView) {
    let mut left = vec![(Item::new(Icon::Undo, desk.text("action-undo")).key(Key::F3), Request::Undo)];
    // Without its serial it can still be repaired or thrown away.
    if view.hand.as_ref().is_some_and(|hand| hand.asks.is_some()) {
        for grade in [Grade::Repair, Grade::Scrap] {
            left.push((Item::new(icon(grade), desk.text(grade.key())).key(key(grade)), Request::Grade(grade)));
        }
    }
    let right = [
        (Item::new(Icon::Hand, desk.text("action-call-lead")).key(Key::F6), Request::CallLead),
        (Item::new(Icon::Pause, desk.text("return-later")).key(Key::F7), Request::LeaveReturn),
    ];
    let (left, mut asks): (Vec<Item>, Vec<Request>) = left.into_iter().unzip();
    let (right, more): (Vec<Item>, Vec<Request>) = right.into_iter().unzip();
    asks.extend(more);
    let pressed = bar::draw(ui, areas.actions, &left, &right, areas.portrait);
    if let Some(request) = pressed.and_then(|index| asks.get(index)) {
        desk.ask(request.clone());
    }
}
