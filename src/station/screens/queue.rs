//! Nothing is on the bench: the next order, why it is the next, and what follows.

use egui::{Align2, Key, Rect, Ui, pos2, vec2};

use super::bar::{self, Item};
use super::head::{self, Title};
use super::{Desk, network, shell, voice};
use crate::core::message::Arg;
use crate::core::session::Step;
use crate::engine::input::Ui as Request;
use crate::engine::view::{ProblemKind, QueueRow, Sheet, WayOut, WhyIcon};
use crate::station::icons::Icon;
use crate::station::theme::{Signal, Type, Weight, fonts, measure, palette};
use crate::station::widgets::button::{Button, Look, Size};
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::side::{self, Head};
use crate::station::widgets::stage::{Say, stage_card};
use crate::station::widgets::{press, text};

/// Height of a row of the side list.
const ROW: f32 = 84.0;
/// Height of a reason.
const WHY: f32 = 58.0;
/// Where a reason's title begins, behind its icon, px.
const TITLE_LEFT: f32 = 51.0;

pub(super) const fn why_icon(icon: WhyIcon) -> Icon {
    match icon {
        WhyIcon::Expedited => Icon::Up,
        WhyIcon::Rush => Icon::Bolt,
        WhyIcon::Vip => Icon::Star,
        WhyIcon::ShipBy | WhyIcon::Pickup => Icon::Truck,
        WhyIcon::Oldest => Icon::Clock,
        WhyIcon::Box => Icon::Box,
        WhyIcon::Gift => Icon::Gift,
        WhyIcon::Note => Icon::Doc,
    }
}

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let areas = Areas::of(window, Plan::Guided);
    areas.paint(ui);
    let (signal, icon, first, second) = say(desk);
    head::draw(ui, areas.top, areas.portrait, desk, &title(desk));
    shell::steps(ui, &areas, desk, Step::Order, signal);
    let say = Say { signal, icon, first: &first, second: &second };
    let queue = desk.view.queue.clone();
    stage_card(ui, areas.card(), &say, |ui, room| match queue.rows.first() {
        Some(next) => next_order(ui, room, desk, next, signal),
        None => nothing(ui, room, desk),
    });
    then(ui, areas.side, desk, queue.rows.get(1..).unwrap_or(&[]));
    foot(ui, &areas, desk);
}

fn title(desk: &Desk<'_>) -> Title {
    let queue = &desk.view.queue;
    let mut fact = desk.with("word-orders", &[("n", queue.ready.into())]);
    if let Some(ms) = queue.estimate_ms {
        fact = format!("{fact} · {}", desk.words.format().span_min(ms));
    }
    let aside = queue.last_ship_by.map(|at| desk.with("top-last-at", &[("time", Arg::Time(at))])).unwrap_or_default();
    Title { fact: Some((Some(Icon::Clock), fact)), aside, ..Title::new(desk.text("top-queue")) }
}

fn say(desk: &Desk<'_>) -> (Signal, Icon, String, String) {
    if let Some(refused) = voice::refusal(desk) {
        return refused;
    }
    if desk.view.network.way_out.is_some()
        && let Some((first, second)) = network::trouble(desk)
    {
        return (Signal::Decide, Icon::Tri, first, second);
    }
    if !desk.view.network.online {
        return (Signal::Wait, Icon::CloudOff, desk.text("say-offline"), desk.text("say-offline-sub"));
    }
    if desk.view.queue.rows.is_empty() {
        return (Signal::Wait, Icon::Wait, desk.text("win-queue-empty"), desk.text("win-queue-empty-sub"));
    }
    (Signal::Now, Icon::Scan, desk.text("say-queue"), desk.text("say-queue-sub"))
}

fn nothing(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>) {
    let mut room = room;
    if let Some(way) = desk.view.network.way_out {
        let top = room.bottom() - measure::TARGET_XL;
        network::way_out(ui, Rect::from_min_max(pos2(room.left(), top), room.max), desk, way, Size::Huge);
        room.max.y = top - 14.0;
    }
    let colours = palette(ui);
    let side = room.height().min(220.0);
    let icon = Rect::from_center_size(pos2(room.center().x, room.center().y - 40.0), vec2(side, side));
    Icon::Cup.paint(ui.painter(), icon, colours.muted, 1.6);
    let words = desk.text("win-queue-empty-hint");
    let below = Rect::from_min_max(pos2(room.left(), icon.bottom() + 8.0), room.max);
    text::put_fitted(ui, below, Align2::CENTER_TOP, Type::new(28.0, Weight::Regular), 18.0, &words, colours.muted);
}

fn next_order(ui: &mut Ui, room: Rect, desk: &mut Desk<'_>, next: &QueueRow, signal: Signal) {
    let colours = palette(ui);
    let word = desk.text("queue-next-order");
    let head = super::muted_line(ui, Rect::from_min_size(room.min, vec2(room.width(), 28.0)), &word);
    let units = next.units.to_string();
    let figure =
        Rect::from_min_max(pos2(room.right() - 220.0, room.top() + 8.0), pos2(room.right(), room.top() + 84.0));
    text::put_fitted(ui, figure, Align2::RIGHT_BOTTOM, fonts::figure_m(72.0), 40.0, &units, colours.text);
    let lines = Arg::Int(i64::from(next.lines));
    let below =
        Rect::from_min_max(pos2(room.right() - 300.0, figure.bottom()), pos2(room.right(), figure.bottom() + 32.0));
    let words = desk.with("win-items-lines", &[("n", next.units.into()), ("lines", lines)]);
    text::put_fitted(ui, below, Align2::RIGHT_CENTER, fonts::body(), 16.0, &words, colours.muted);
    let number = Rect::from_min_max(head.left_bottom(), pos2(figure.left() - 16.0, head.bottom() + 94.0));
    text::put_fitted(ui, number, Align2::LEFT_CENTER, fonts::figure_l(104.0), 36.0, &next.number, colours.text);
    let buttons_top = room.bottom() - measure::TARGET_XL;
    let why_top = number.bottom() + 6.0;
    let why = Rect::from_min_max(pos2(room.left(), why_top), pos2(room.right(), buttons_top - 14.0));
    reasons(ui, why, desk, next);
    buttons(ui, Rect::from_min_max(pos2(room.left(), buttons_top), room.max), desk, signal);
}

fn reasons(ui: &mut Ui, area: Rect, desk: &Desk<'_>, next: &QueueRow) {
    let colours = palette(ui);
    let word = desk.text("queue-why");
    let bold = fonts::body().in_face(Weight::Bold);
    let head = Rect::from_min_size(area.min, vec2(area.width(), 28.0));
    text::put_fitted(ui, head, Align2::LEFT_CENTER, bold, 16.0, &word, colours.text);
    let mut top = head.bottom() + 2.0;
    // Details stand in one column, as far left as the longest title lets them.
    let widest = next.why.iter().map(|why| fonts::lead().width(ui, &desk.say(&why.title))).fold(0.0, f32::max);
    let titles = (TITLE_LEFT + widest + 2.0).clamp(area.width() * 0.42, area.width() * 0.62);
    for why in &next.why {
        if top + WHY > area.bottom() + 1.0 {
            break;
        }
        let row = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), WHY));
        let icon = Rect::from_center_size(pos2(row.left() + 16.0, row.center().y), vec2(34.0, 34.0));
        why_icon(why.icon).paint(ui.painter(), icon, colours.accent_text, 2.0);
        let title =
            Rect::from_min_max(pos2(row.left() + TITLE_LEFT, row.top()), pos2(row.left() + titles, row.bottom()));
        text::put_fitted(ui, title, Align2::LEFT_CENTER, fonts::lead(), 16.0, &desk.say(&why.title), colours.text);
        let detail = Rect::from_min_max(pos2(title.right() + 14.0, row.top()), row.max);
        let mut words = desk.say(&why.detail);
        if why.icon == WhyIcon::ShipBy && !next.carrier.is_empty() {
            words = format!("{words} · {}", next.carrier);
        }
        text::put_fitted(ui, detail, Align2::LEFT_CENTER, fonts::body(), 16.0, &words, colours.muted);
        let line = Rect::from_min_size(pos2(row.left(), row.bottom() - 1.0), vec2(row.width(), 1.0));
        ui.painter().rect_filled(line, 0.0, colours.line);
        top += WHY;
    }
}

fn buttons(ui: &mut Ui, row: Rect, desk: &mut Desk<'_>, signal: Signal) {
    // Nothing can be begun before it.
    if desk.view.network.way_out == Some(WayOut::NewEpoch) {
        network::way_out(ui, row, desk, WayOut::NewEpoch, Size::Huge);
        return;
    }
    let skip = desk.text("action-skip-why");
    let small = Button::new(&skip).size(Size::Large);
    let width = small.width(ui).clamp(150.0, row.width() * 0.34);
    let start = Rect::from_min_max(row.min, pos2(row.right() - width - 16.0, row.bottom()));
    let word = desk.text("action-start");
    let look = if signal == Signal::Now { Look::Primary } else { Look::Ink };
    let button = Button::new(&word).icon_after(Icon::Next).look(look).size(Size::Huge).key(Key::F8);
    if button.show(ui, start).pressed() {
        desk.ask(Request::Start);
    }
    if small.show(ui, Rect::from_min_max(pos2(start.right() + 16.0, row.top()), row.max)).pressed() {
        desk.ask(Request::Problem(ProblemKind::Skip, None));
    }
}

fn then(ui: &mut Ui, area: Rect, desk: &mut Desk<'_>, rows: &[QueueRow]) {
    let title = desk.text("queue-then");
    let count = desk.with("queue-ready", &[("n", desk.view.queue.ready.into())]);
    let mut top = side::head(ui, area, &Head { title: &title, count: &count, share: None });
    // Below a portrait stage the list is low: the room goes to the orders.
    let gap = if area.height() < 400.0 { 8.0 } else { 16.0 };
    let bottom = area.bottom() - gap - measure::TARGET_ACTION - gap;
    for row in rows {
        if top + ROW > bottom {
            break;
        }
        if order_row(ui, Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), ROW)), desk, row) {
            desk.ask(Request::Open(row.fulfillment));
        }
        top += ROW;
    }
    if desk.view.queue.ready > 1 {
        let word = desk.with("action-all", &[("n", desk.view.queue.ready.into())]);
        let place = Rect::from_min_max(
            pos2(area.left() + 16.0, top + gap),
            pos2(area.right() - 16.0, top + gap + measure::TARGET_ACTION),
        );
        if Button::new(&word).icon(Icon::List).show(ui, place).pressed() {
            desk.ask(Request::OpenSheet(Sheet::QueueAll));
        }
    }
}

/// One waiting order: what it holds, and the first reason why it stands here.
pub(super) fn order_row(ui: &mut Ui, rect: Rect, desk: &Desk<'_>, row: &QueueRow) -> bool {
    let colours = palette(ui);
    let icon = row.why.first().map_or(Icon::Order, |why| why_icon(why.icon));
    let holds = desk.with("win-lines-units", &[("lines", Arg::Int(i64::from(row.lines))), ("n", row.units.into())]);
    let (value, word) = beside(desk, row);
    let name =
        format!("{}. {holds}. {value} {word}", desk.with("top-order", &[("order", Arg::Text(row.number.clone()))]));
    let response = press(ui, rect, ("order", row.fulfillment.0), &name, ui.is_enabled());
    if response.is_pointer_button_down_on() {
        ui.painter().rect_filled(rect, 0.0, colours.sunken);
    }
    let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max);
    ui.painter().rect_filled(line, 0.0, colours.line);
    let square = Rect::from_center_size(pos2(rect.left() + 36.0, rect.center().y), vec2(30.0, 30.0));
    icon.paint(ui.painter(), square, colours.text, 2.0);
    let left = square.right() + 17.0;
    let split = rect.left() + rect.width() * 0.62;
    let upper = |from: f32, to: f32| Rect::from_min_max(pos2(from, rect.top() + 14.0), pos2(to, rect.center().y + 2.0));
    let lower =
        |from: f32, to: f32| Rect::from_min_max(pos2(from, rect.center().y + 1.0), pos2(to, rect.bottom() - 13.0));
    let bold = fonts::body().in_face(Weight::Bold);
    text::paint_fitted(ui, upper(left, split), Align2::LEFT_CENTER, bold, 14.0, &row.number, colours.text);
    text::paint_fitted(ui, lower(left, split), Align2::LEFT_CENTER, fonts::label(), 14.0, &holds, colours.muted);
    let semibold = fonts::label().in_face(Weight::Bold);
    let right = rect.right() - 16.0;
    text::paint_fitted(ui, upper(split + 8.0, right), Align2::RIGHT_CENTER, semibold, 14.0, &value, colours.text);
    text::paint_fitted(ui, lower(split + 8.0, right), Align2::RIGHT_CENTER, fonts::label(), 14.0, &word, colours.muted);
    response.clicked()
}

/// The fact at the right end of a row, and what it is.
fn beside(desk: &Desk<'_>, row: &QueueRow) -> (String, String) {
    let first = row.why.first().map(|why| why.icon);
    let by = row.ship_by.map(|at| desk.words.format().time(at));
    match (first, by) {
        (Some(WhyIcon::Vip), _) => (desk.text("queue-vip"), row.carrier.clone()),
        (Some(WhyIcon::Rush), by) => (desk.text("queue-rush"), by.unwrap_or_default()),
        (Some(WhyIcon::Expedited), by) => (desk.text("win-first"), by.unwrap_or_default()),
        (_, Some(by)) => (by, desk.text("queue-ship-by")),
        (_, None) => (waiting(desk, row), desk.text("queue-oldest")),
    }
}

/// How long it has waited, as its reason says.
fn waiting(desk: &Desk<'_>, row: &QueueRow) -> String {
    let args = row.why.iter().flat_map(|why| &why.title.args);
    let age = args.filter_map(|(_, arg)| if let Arg::SpanMs(ms) = arg { Some(*ms) } else { None }).next();
    age.map(|ms| desk.words.format().span(ms)).unwrap_or_default()
}

fn foot(ui: &mut Ui, areas: &Areas, desk: &mut Desk<'_>) {
    let network = &desk.view.network;
    let unsent = network.waiting > 0 && !network.online;
    let mut left = vec![
        Item::new(Icon::Search, desk.text("action-find-order")).key(Key::F3),
        Item::new(Icon::Back, desk.text("action-my-parcels")).key(Key::F4),
    ];
    if !desk.view.held.is_empty() {
        let n = i64::try_from(desk.view.held.len()).unwrap_or(i64::MAX);
        left.push(Item::new(Icon::Pause, desk.with("win-held-n", &[("n", Arg::Int(n))])).key(Key::F5));
    }
    let returns = left.len();
    if !desk.view.returns.is_empty() {
        let n = i64::try_from(desk.view.returns.len()).unwrap_or(i64::MAX);
        left.push(Item::new(Icon::Ret, desk.with("win-returns-n", &[("n", Arg::Int(n))])).key(Key::F6));
    }
    let mut out = Item::new(Icon::Lock, desk.text("action-log-out"));
    out.off = unsent.then(|| desk.text("win-after-sending"));
    let right = [
        Item::new(Icon::Shield, desk.text("action-devices")).key(Key::F9),
        Item::new(Icon::Globe, desk.text("action-settings")).key(Key::F10),
        Item::new(Icon::Cup, desk.text("action-break")).key(Key::F7),
        out,
    ];
    let count = left.len();
    let Some(pressed) = bar::draw(ui, areas.actions, &left, &right, areas.portrait) else {
        return;
    };
    desk.ask(match (pressed.checked_sub(count), pressed) {
        (None, 0) => Request::OpenSheet(Sheet::Find),
        (None, 1) => Request::OpenSheet(Sheet::History),
        (None, index) if index == returns => Request::OpenSheet(Sheet::Returns),
        (None, _) => Request::OpenSheet(Sheet::Held),
        (Some(0), _) => Request::OpenSheet(Sheet::Devices),
        (Some(1), _) => Request::OpenSheet(Sheet::Settings),
        (Some(2), _) => Request::Lock,
        (Some(_), _) => Request::LogOut,
    });
}
