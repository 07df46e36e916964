//! The device check: every device with its state, its last answer, what is wrong with it and what to do, and a try of each.

use egui::{Align2, CornerRadius, Key, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::core::message::Arg;
use crate::engine::input::Ui as Request;
use crate::engine::view::{DeviceKind, DeviceState, DeviceView, Sheet};
use crate::station::icons::Icon;
use crate::station::local::{Overlay, Wish};
use crate::station::screens::bar::{self, Item};
use crate::station::screens::head::{self, Title};
use crate::station::screens::{Desk, pager, shell};
use crate::station::theme::{Signal, SignalLook, Type, Weight, fonts, measure, palette};
use crate::station::widgets::bars::Tag;
use crate::station::widgets::button::{Button, Look};
use crate::station::widgets::frame::{Areas, Plan};
use crate::station::widgets::stage::{Say, say_card};
use crate::station::widgets::text;

/// Least height of a card.
const CARD: f32 = 196.0;

/// What a press on a card's button does.
#[derive(Clone)]
pub(super) enum Act {
    /// Asked of others than the engine.
    Wish(Wish),
    /// Asked of the engine.
    Ask(Request),
}

impl Act {
    pub(super) fn run(self, desk: &mut Desk<'_>) {
        match self {
            Act::Wish(wish) => desk.wish(wish),
            Act::Ask(request) => desk.ask(request),
        }
    }
}

/// What one card shows.
struct Card {
    icon: Icon,
    title: String,
    kind: String,
    tag: (Icon, String, Signal),
    /// What is the matter, or what it last gave.
    fact: String,
    /// What to do about it.
    cure: String,
    /// When it last answered.
    age: String,
    act: Option<(String, Act)>,
    /// Its place among the devices; the network has none.
    place: Option<usize>,
}

pub(in crate::station::screens) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>) {
    let areas = Areas::of(window, Plan::Wide);
    areas.paint(ui);
    let title = Title { fact: Some((None, desk.view.station.name.clone())), ..Title::new(desk.text("device-title")) };
    head::draw(ui, areas.top, areas.portrait, desk, &title);
    let room = areas.stage.shrink2(vec2(16.0, 14.0));
    let cards = cards(desk);
    let wrong = cards.iter().find(|card| card.tag.2 != Signal::Ok);
    let works = cards.iter().filter(|card| card.tag.2 == Signal::Ok).count();
    let (works, all) = (Arg::Int(works as i64), Arg::Int(cards.len() as i64));
    let (signal, icon, first, second) = match wrong {
        None => (Signal::Ok, Icon::Okc, desk.with("device-all-work", &[("n", all)]), desk.text("win-devices-live")),
        Some(card) => (
            Signal::Decide,
            Icon::Tri,
            desk.with(
                "device-name-what",
                &[("device", Arg::Text(card.title.clone())), ("what", Arg::Text(card.fact.clone()))],
            ),
            if card.cure.is_empty() {
                desk.with("device-some-work", &[("no", works), ("n", all)])
            } else {
                card.cure.clone()
            },
        ),
    };
    let say = Say { signal, icon, first: &first, second: &second };
    let band = say_card(ui, room, &say);
    let area = Rect::from_min_max(pos2(room.left(), band.bottom() + 12.0), room.max);
    let columns = if areas.portrait { 2 } else { 3 };
    let rows = cards.len().div_ceil(columns).max(1) as f32;
    let height = ((area.height() + 12.0) / rows - 12.0).clamp(CARD, CARD * 1.3);
    for (index, place) in pager::rows(ui, area, desk, cards.len(), columns, height, 12.0) {
        if let Some(card) = cards.get(index) {
            show(&mut pager::row(ui, index, place), place, desk, card);
        }
    }
    foot(ui, &areas, desk);
}

fn cards(desk: &Desk<'_>) -> Vec<Card> {
    let devices = desk.view.devices.iter().enumerate();
    let mut cards: Vec<Card> = devices.map(|(place, device)| card(desk, place, device)).collect();
    let network = &desk.view.network;
    let age = network.oldest.map_or(0, |at| desk.now.since_ms(at));
    let waiting = Arg::Int(i64::try_from(network.waiting).unwrap_or(i64::MAX));
    let tag = if network.online {
        (Icon::Okc, desk.text("device-works"), Signal::Ok)
    } else {
        (Icon::CloudOff, desk.with("top-offline", &[("age", Arg::SpanMs(age))]), Signal::Wait)
    };
    cards.push(Card {
        icon: if network.online { Icon::Cloud } else { Icon::CloudOff },
        title: desk.text("device-central"),
        kind: desk.text("device-network"),
        tag,
        fact: desk.with("device-central-waiting", &[("n", waiting), ("age", Arg::SpanMs(age))]),
        cure: String::new(),
        age: network.last_answer.map(|at| answered(desk, desk.now.since_ms(at))).unwrap_or_default(),
        act: Some((desk.text("device-send-now"), Act::Wish(Wish::SendNow))),
        place: None,
    });
    cards
}

/// Icon, word and colour of a state.
pub(super) fn tag(desk: &Desk<'_>, state: DeviceState) -> (Icon, String, Signal) {
    let (icon, key, signal) = match state {
        DeviceState::Ready => (Icon::Okc, "device-works", Signal::Ok),
        DeviceState::Busy => (Icon::Okc, "device-busy", Signal::Ok),
        DeviceState::Attention => (Icon::Tri, "device-look", Signal::Decide),
        DeviceState::Opening => (Icon::Wait, "device-connecting", Signal::Wait),
        DeviceState::Lost { .. } => (Icon::Tri, "device-lost", Signal::Decide),
        DeviceState::Absent => (Icon::Minus, "device-not-there", Signal::Wait),
    };
    (icon, desk.text(key), signal)
}

/// What is the matter with a device, or what it last gave.
pub(super) fn fact(desk: &Desk<'_>, device: &DeviceView) -> String {
    let fact = match (&device.detail, &device.last_value, device.kind) {
        (Some(detail), _, _) => desk.say(detail),
        (None, Some(value), _) => desk.say(value),
        (None, None, DeviceKind::Scanner) => desk.text("device-no-scan-yet"),
        (None, None, DeviceKind::TagReader) => desk.text("device-no-tag-yet"),
        (None, None, _) => match device.state {
            DeviceState::Ready | DeviceState::Busy | DeviceState::Attention => desk.text("device-ready"),
            DeviceState::Opening | DeviceState::Absent | DeviceState::Lost { .. } => String::new(),
        },
    };
    match device.state {
        DeviceState::Lost { since } => {
            let age = Arg::SpanMs(desk.now.since_ms(since));
            format!("{fact} · {}", desk.with("device-lost-for", &[("age", age)]))
        }
        DeviceState::Ready
        | DeviceState::Busy
        | DeviceState::Attention
        | DeviceState::Opening
        | DeviceState::Absent => fact,
    }
}

fn answered(desk: &Desk<'_>, age_ms: i64) -> String {
    desk.with("device-answered", &[("age", Arg::SpanMs(age_ms.max(0)))])
}

/// When a device last answered.
pub(super) fn age(desk: &Desk<'_>, device: &DeviceView) -> String {
    match device.last_seen {
        Some(at) => answered(desk, desk.now.since_ms(at)),
        None => desk.text("device-no-answer-yet"),
    }
}

/// How a device is tried.
pub(super) fn act(desk: &Desk<'_>, device: &DeviceView) -> Option<(String, Act)> {
    let test = Act::Wish(Wish::TestDevice(device.kind, device.name.clone()));
    let act = match device.kind {
        DeviceKind::Scanner => (desk.text("device-test"), Act::Ask(Request::OpenSheet(Sheet::ScanTrial(None)))),
        DeviceKind::Scale => (desk.text("device-zero"), Act::Wish(Wish::ZeroScale(device.name.clone()))),
        DeviceKind::Printer => (desk.text("device-test-label"), test),
        DeviceKind::Camera => (desk.text("device-picture"), test),
        // Only who is logged in writes tags: one may become a badge.
        DeviceKind::TagReader if desk.view.packer.is_none() => return None,
        DeviceKind::TagReader => {
            let sheet = Sheet::WriteTag { reader: device.name.clone(), code: None, waiting: false };
            (desk.text("device-write-tag"), Act::Ask(Request::OpenSheet(sheet)))
        }
        DeviceKind::Light => (desk.text("device-test"), test),
        DeviceKind::Sound | DeviceKind::Speech => (desk.text("device-test"), test),
        // It is tried by saying something with the key held.
        DeviceKind::Voice => return None,
    };
    (device.state != DeviceState::Absent).then_some(act)
}

fn card(desk: &Desk<'_>, place: usize, device: &DeviceView) -> Card {
    // What the last try gave goes before what the device said by itself, for as long as nothing is wrong.
    let tried = device.trial.as_ref().filter(|_| device.detail.is_none()).map(|trial| desk.say(&trial.said));
    Card {
        icon: shell::device_icon(device.kind),
        title: desk.text(shell::kind_key(device.kind)),
        kind: device.name.clone(),
        tag: tag(desk, device.state),
        fact: tried.unwrap_or_else(|| fact(desk, device)),
        cure: device.cure.as_ref().map(|cure| desk.say(cure)).unwrap_or_default(),
        age: age(desk, device),
        act: act(desk, device),
        place: Some(place),
    }
}

fn show(ui: &mut Ui, rect: Rect, desk: &mut Desk<'_>, card: &Card) {
    let colours = palette(ui);
    let (icon, word, signal) = &card.tag;
    let corner = CornerRadius::same(measure::RADIUS_CARD);
    ui.painter().rect_filled(rect, corner, colours.raised);
    let (width, edge) = match signal {
        Signal::Ok | Signal::Wait | Signal::Now => (2.0, colours.line),
        Signal::Decide | Signal::Stop => (6.0, signal.fill(colours)),
    };
    ui.painter().rect_stroke(rect, corner, Stroke::new(width, edge), StrokeKind::Inside);
    let square = Rect::from_min_size(rect.min + vec2(18.0, 18.0), vec2(40.0, 40.0));
    card.icon.paint(ui.painter(), square, colours.text, 2.0);
    let tag = Tag { icon: Some(*icon), word, signal: Some(*signal), large: false };
    let tag = tag.show(ui, pos2(rect.right() - 16.0, rect.top() + 36.0), Align2::RIGHT_CENTER);
    let left = square.right() + 16.0;
    let title = Rect::from_min_max(pos2(left, rect.top() + 8.0), pos2(tag.left() - 8.0, rect.top() + 40.0));
    let bold = Type::new(24.0, Weight::Bold);
    text::put_fitted(ui, title, Align2::LEFT_CENTER, bold, 14.0, &card.title, colours.text);
    let kind = Rect::from_min_max(pos2(left, rect.top() + 38.0), pos2(tag.left() - 8.0, rect.top() + 66.0));
    text::put_fitted(ui, kind, Align2::LEFT_CENTER, fonts::label(), 14.0, &card.kind, colours.muted);
    let middle = Rect::from_min_max(
        pos2(rect.left() + 18.0, rect.top() + 68.0),
        pos2(rect.right() - 16.0, rect.bottom() - 18.0 - measure::TARGET_MIN),
    );
    words(ui, middle, card);
    buttons(ui, rect, desk, card);
}

/// What is the matter, and under it what to do; where nothing is, what it last gave and when.
fn words(ui: &mut Ui, room: Rect, card: &Card) {
    let colours = palette(ui);
    let (upper, lower) = room.split_top_bottom_at_fraction(0.45);
    let (second, ink) = if card.cure.is_empty() { (&card.age, colours.muted) } else { (&card.cure, colours.text) };
    text::put_fitted(ui, upper, Align2::LEFT_CENTER, fonts::label(), 14.0, &card.fact, colours.text);
    text::put_fitted(ui, lower, Align2::LEFT_CENTER, fonts::hint(), 14.0, second, ink);
}

/// The card's buttons, from the right.
fn buttons(ui: &mut Ui, rect: Rect, desk: &mut Desk<'_>, card: &Card) {
    let mut right = rect.right() - 16.0;
    let mut place = |ui: &Ui, button: &Button<'_>| {
        let width = button.width(ui).min(rect.width() * 0.36);
        let low = rect.bottom() - 14.0;
        let place = Rect::from_min_max(pos2(right - width, low - measure::TARGET_MIN), pos2(right, low));
        right = place.left() - 8.0;
        place
    };
    if let Some((word, act)) = &card.act {
        let button = Button::new(word);
        let place = place(ui, &button);
        if button.show(ui, place).pressed() {
            act.clone().run(desk);
        }
    }
    if let Some(index) = card.place {
        let word = desk.text("device-details");
        let button = Button::new(&word);
        let place = place(ui, &button);
        if button.show(ui, place).pressed() {
            desk.local.overlay = Some(Overlay::Device(index));
        }
    }
}

fn foot(ui: &mut Ui, areas: &Areas, desk: &mut Desk<'_>) {
    let left = [
        Item::new(Icon::Sound, desk.text("device-sounds")),
        Item::new(Icon::Globe, desk.text("action-settings")).key(Key::F10),
    ];
    let right = [Item::new(Icon::Back, desk.text("action-back-to-work")).look(Look::Primary).key(Key::Escape)];
    match bar::draw(ui, areas.actions, &left, &right, areas.portrait) {
        Some(0) => desk.local.overlay = Some(Overlay::Sounds),
        Some(1) => desk.ask(Request::OpenSheet(Sheet::Settings)),
        Some(_) => desk.ask(Request::CloseSheet),
        None => {}
    }
}
