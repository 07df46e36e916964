//! Whole screens put together from the window's widgets with fixed sample data, for the widget tests: what a
//! screen looks like when nothing but widgets makes it. Holds no assertions.

use egui::{Align2, Key, Rect, Ui, UiBuilder, pos2, vec2};
use packbench::station::icons::Icon;
use packbench::station::theme::{self, Signal, SignalLook, Type, Weight, fonts, palette};
use packbench::station::widgets::bars::{Figure, Tag, auto_advance, big_check, stats};
use packbench::station::widgets::button::{Action, Button, Choice, Look, Size, action_bar};
use packbench::station::widgets::carton::{self, Block, Carton};
use packbench::station::widgets::compare::{Thing, compare};
use packbench::station::widgets::frame::{Areas, Plan};
use packbench::station::widgets::map::{self, Hand, Map, Stop, WayPoint};
use packbench::station::widgets::rail::{State, Step, rail};
use packbench::station::widgets::rows::{CheckRow, Fact, Todo};
use packbench::station::widgets::scale_bar::ScaleBar;
use packbench::station::widgets::sheet::{Leave, grid, sheet};
use packbench::station::widgets::side::{self, Head, Line};
use packbench::station::widgets::stage::{Say, product_title, stage_card};
use packbench::station::widgets::text;
use packbench::station::widgets::top::{Chip, Top, top_bar};
use packbench::station::{art, widgets};

/// The seven lines of the sample order.
pub const LINES: [(&str, &str, u16, u16); 7] = [
    ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", 3, 6),
    ("71053", "WHITE METAL LANTERN", 0, 6),
    ("84406B", "CREAM CUPID HEARTS COAT HANGER", 0, 8),
    ("84029G", "KNITTED UNION FLAG HOT WATER BOTTLE", 0, 6),
    ("84029E", "RED WOOLLY HOTTIE WHITE HEART.", 6, 6),
    ("22752", "SET 7 BABUSHKA NESTING BOXES", 2, 2),
    ("21730", "GLASS STAR FROSTED T-LIGHT HOLDER", 6, 6),
];

/// Words of one language for the parts that every screen shares.
#[derive(Clone, Copy)]
pub struct Words {
    /// Title of the top bar.
    pub order: &'static str,
    /// Fact beside it.
    pub ship_by: &'static str,
    /// Its second half.
    pub left: &'static str,
    /// The eleven steps.
    pub steps: [&'static str; 11],
    /// The six actions.
    pub actions: [&'static str; 6],
    /// Head of the side list.
    pub lines: &'static str,
    /// The say band of the check.
    pub say: [&'static str; 2],
    /// Below the figure.
    pub checked: &'static str,
    /// Beside the code.
    pub tote: &'static str,
}

/// English.
pub const EN: Words = Words {
    order: "Order 536365",
    ship_by: "Ship by 14:30",
    left: "42 min",
    steps: ["Order", "Review", "Stock", "Pick", "Check", "Pack", "List", "Weigh", "Label", "Confirm", "Next"],
    actions: ["Problem", "Undo scan", "Photo", "New box", "Call lead", "Break"],
    lines: "7 lines · 40 items",
    say: ["Scan 3 more", "Any item of this order counts"],
    checked: "checked",
    tote: "in tote T-118",
};

/// Russian.
pub const RU: Words = Words {
    order: "Заказ 536365",
    ship_by: "Отправить до 14:30",
    left: "42 мин",
    steps: [
        "Заказ",
        "Обзор",
        "Остаток",
        "Отбор",
        "Проверка",
        "Упаковка",
        "Чек-лист",
        "Вес",
        "Этикетка",
        "Сверка",
        "Дальше",
    ],
    actions: ["Проблема", "Отменить скан", "Фото", "Новая коробка", "Вызвать старшего", "Перерыв"],
    lines: "7 строк · 40 товаров",
    say: ["Отсканируйте ещё 3", "Подойдёт любой товар этого заказа"],
    checked: "проверено",
    tote: "в лотке T-118",
};

/// Runs `add` over the whole window, without the edge a test harness leaves around.
pub fn whole<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let window = ui.ctx().content_rect();
    let mut child = ui.new_child(UiBuilder::new().max_rect(window).layer_id(egui::LayerId::background()));
    child.set_clip_rect(window);
    add(&mut child)
}

/// Draws everything but the stage.
pub fn frame(ui: &mut Ui, words: &Words, signal: Signal, current: usize, counts: bool) -> Areas {
    let areas = Areas::of(ui.max_rect(), Plan::Guided);
    areas.paint(ui);
    let chip = |icon, name, word| Chip { icon, name, word, signal: None };
    let chips = [
        chip(Icon::Scan, "Scanner: works", ""),
        chip(Icon::Scale, "Scale: works", ""),
        chip(Icon::Printer, "Printer: works", ""),
        chip(Icon::Camera, "Camera: works", ""),
        chip(Icon::Cloud, "Network: works", "0 s"),
    ];
    let who = if areas.portrait { "" } else { "PACK 3 · M. R." };
    let top = Top {
        title: words.order,
        fact: Some((Some(Icon::Truck), words.ship_by)),
        aside: words.left,
        chips: &chips,
        talk: 0.0,
        who,
    };
    top_bar(ui, areas.top, &top, areas.portrait);
    let steps: Vec<Step<'_>> = words
        .steps
        .iter()
        .zip(1_u8..)
        .map(|(word, number)| Step {
            number,
            word,
            state: match usize::from(number).cmp(&current) {
                std::cmp::Ordering::Less => State::Done,
                std::cmp::Ordering::Equal => State::Current,
                std::cmp::Ordering::Greater => State::Waiting,
            },
        })
        .collect();
    rail(ui, areas.rail, &steps, signal, areas.portrait);
    let figures: Vec<String> =
        LINES.iter().map(|(_, _, done, needed)| format!("{}/{needed}", if counts { done } else { needed })).collect();
    let head = if counts { ("17/40", 0.42) } else { ("40/40", 1.0) };
    let from = side::head(ui, areas.side, &Head { title: words.lines, count: head.0, share: Some(head.1) });
    let lines: Vec<Line<'_>> = LINES
        .iter()
        .zip(&figures)
        .enumerate()
        .map(|(index, ((_, name, done, needed), count))| Line {
            number: None,
            name,
            count,
            full: !counts || done == needed,
            current: counts && index == 0 && signal != Signal::Stop,
        })
        .collect();
    let list = Rect::from_min_max(pos2(areas.side.left(), from), areas.side.max);
    side::lines(ui, list, &lines, signal);
    let icons = [Icon::Tri, Icon::Undo, Icon::Camera, Icon::Box, Icon::Hand, Icon::Cup];
    let keys = [Key::F2, Key::F3, Key::F4, Key::F5, Key::F6, Key::F7];
    let actions: Vec<Action<'_>> = (0..6)
        .map(|index| Action { icon: icons[index], word: words.actions[index], key: keys[index], off: None })
        .collect();
    action_bar(ui, areas.actions, &actions, areas.portrait);
    areas
}

/// Item verification.
pub fn verify(ui: &mut Ui, words: &Words, signal: Signal) {
    let areas = frame(ui, words, signal, 5, true);
    let icon = if signal == Signal::Ok { Icon::Okc } else { Icon::Scan };
    let say = Say { signal, icon, first: words.say[0], second: words.say[1] };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let colours = palette(ui);
        let picture = Rect::from_min_size(room.min, vec2(288.0, 288.0));
        art::paint_on_mat(ui, picture, theme::measure::RADIUS_CARD, 14.0, LINES[0].1);
        let figure = Figure {
            main: "3",
            kind: fonts::figure_xxl(),
            colour: colours.text,
            beside: "/ 6",
            beside_kind: fonts::figure_m(72.0),
            beside_colour: colours.muted,
            gap: 12.0,
        };
        let left = picture.right() + 32.0;
        let block = 198.0 + 22.0 + 32.0;
        let top = picture.center().y - block * 0.5 + 5.0;
        figure.show(ui, pos2(left, top), room.right() - left);
        let at = pos2(left, top + 198.0 + 22.0);
        text::put(ui, at, Align2::LEFT_TOP, Type::new(28.0, Weight::Regular), words.checked, colours.muted);
        let code = Type::new(28.0, Weight::MonoBold).line(1.25);
        let base = room.bottom() - 17.5;
        let drawn = text::put(ui, pos2(room.left(), base), Align2::LEFT_CENTER, code, LINES[0].0, colours.text);
        let beside = pos2(drawn.right() + 16.0, base);
        text::put(ui, beside, Align2::LEFT_CENTER, fonts::body(), words.tote, colours.muted);
        let width = if areas.portrait { room.width() } else { 480.0 };
        let name_top = drawn.top() - 14.0 - fonts::title().line_height() * 2.0;
        product_title(ui, Rect::from_min_size(pos2(room.left(), name_top), vec2(width, 100.0)), LINES[0].1);
    });
}

/// A refused scan.
pub fn refused(ui: &mut Ui) {
    let areas = frame(ui, &EN, Signal::Stop, 5, true);
    let say = Say {
        signal: Signal::Stop,
        icon: Icon::Oct,
        first: "Wrong item. Put it back",
        second: "This order needs WHITE, you scanned RED",
    };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let needed = Thing { title: "NEEDED", code: "85123A", name: LINES[0].1, place: "Bin", place_code: "A-07-3" };
        let scanned = Thing {
            title: "SCANNED",
            code: "21733",
            name: "RED HANGING HEART T-LIGHT HOLDER",
            place: "Not in order 536365",
            place_code: "",
        };
        let foot = room.bottom() - 56.0;
        compare(ui, Rect::from_min_max(room.min, pos2(room.right(), foot)), &needed, &scanned);
        let colours = palette(ui);
        let icon = Rect::from_min_size(pos2(room.left(), room.bottom() - 36.0), vec2(32.0, 32.0));
        Icon::Scan.paint(ui.painter(), icon, colours.text, 2.0);
        let at = pos2(icon.right() + 12.0, icon.center().y);
        let words = "Clears with the next right scan";
        text::put(ui, at, Align2::LEFT_CENTER, fonts::body(), words, colours.text);
    });
}

/// The way to a bin.
pub fn pick(ui: &mut Ui) {
    let areas = frame(ui, &EN, Signal::Now, 4, true);
    let say = Say {
        signal: Signal::Now,
        icon: Icon::Pin,
        first: "Go to A-07-3, scan the shelf",
        second: "Stop 1 of 7 · aisle A, bay 7, level 3",
    };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let colours = palette(ui);
        text::put(ui, room.min, Align2::LEFT_TOP, fonts::figure_bin(), "A-07-3", colours.text);
        let take = text::put(ui, room.right_top(), Align2::RIGHT_TOP, fonts::figure_l(120.0), "6", colours.text);
        let kind = Type::new(28.0, Weight::Regular);
        let base = take.top() + text::ascent(&fonts::figure_l(120.0).one_line(ui, "6", colours.text));
        let word = pos2(take.left() - 12.0 - kind.width(ui, "Take"), base);
        text::put_on_base(ui, word, kind, "Take", colours.muted);
        let top = room.top() + 136.0;
        let card = Rect::from_min_max(pos2(room.left(), top), pos2(room.left() + 438.0, room.bottom()));
        sample_map(ui, card);
        let column = Rect::from_min_max(pos2(card.right() + 22.0, top), room.max);
        let picture = Rect::from_min_size(column.min, vec2(64.0, 64.0));
        art::paint_on_mat(ui, picture, theme::measure::RADIUS_CARD, 4.0, LINES[0].1);
        let code = Type::new(28.0, Weight::MonoBold);
        let beside = pos2(picture.right() + 14.0, picture.center().y);
        text::put(ui, beside, Align2::LEFT_CENTER, code, "85123A", colours.text);
        let name = Rect::from_min_size(pos2(column.left(), picture.bottom() + 8.0), vec2(column.width(), 48.0));
        let bold = Type::new(20.0, Weight::Bold).line(1.2);
        text::put_fitted(ui, name, Align2::LEFT_TOP, bold, 16.0, LINES[0].1, colours.text);
        let levels = Rect::from_min_max(pos2(column.left(), room.bottom() - 168.0), room.max);
        text::put(ui, levels.min, Align2::LEFT_BOTTOM, fonts::label(), "Bay 07 · left side", colours.muted);
        widgets::shelf::shelf(ui, levels, 4, 3, "take here");
    });
}

fn sample_map(ui: &mut Ui, rect: Rect) {
    let stop = |number: u16, aisle: u16, bay: u16, hand| Stop {
        number,
        aisle,
        bay,
        hand,
        stage: if number == 1 { map::Stage::Current } else { map::Stage::Waiting },
    };
    let stops = [
        stop(1, 0, 7, Hand::Left),
        stop(2, 1, 2, Hand::Left),
        stop(3, 1, 11, Hand::Right),
        stop(4, 2, 4, Hand::Left),
        stop(5, 2, 6, Hand::Left),
        stop(6, 3, 9, Hand::Right),
        stop(7, 4, 3, Hand::Left),
    ];
    let at = |aisle, bay| WayPoint { aisle, bay };
    let now = [at(0, 0), at(0, 7)];
    let later = [
        at(0, 7),
        at(0, 13),
        at(1, 13),
        at(1, 0),
        at(2, 0),
        at(2, 6),
        at(2, 0),
        at(3, 0),
        at(3, 9),
        at(3, 0),
        at(4, 0),
        at(4, 3),
    ];
    let map = Map {
        aisles: &["A", "B", "C", "D", "E"],
        bays: 12,
        gaps: &[],
        limits: &[],
        stops: &stops,
        you: at(0, 0),
        way_now: &now,
        way_later: &later,
        you_word: "You",
        name: "Way to seven stops, first A-07-3",
    };
    map::map(ui, rect, &map);
}

/// Packing into the box.
pub fn pack(ui: &mut Ui) {
    let areas = frame(ui, &EN, Signal::Now, 6, false);
    let say = Say {
        signal: Signal::Now,
        icon: Icon::Box,
        first: "Put in 6 frosted stars",
        second: "Step 5 of 7 · stand them upright, glass",
    };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let colours = palette(ui);
        let drawing = Rect::from_min_size(room.min - vec2(0.0, 4.0), vec2(440.0, room.height() + 8.0));
        let block = |at_mm, size_mm, number, stage| Block { at_mm, size_mm, number, stage, this_side_up: number == 2 };
        let blocks = [
            block([0, 0, 0], [250, 160, 150], 1, carton::Stage::In),
            block([250, 0, 0], [150, 160, 150], 2, carton::Stage::In),
            block([0, 160, 0], [400, 140, 150], 3, carton::Stage::In),
            block([0, 0, 150], [200, 150, 90], 4, carton::Stage::In),
            block([0, 150, 150], [200, 150, 90], 5, carton::Stage::Now),
            block([200, 0, 150], [200, 150, 90], 6, carton::Stage::Later),
        ];
        let (size_mm, name) = ([400, 300, 300], "Box L, five of seven things in");
        let sample = Carton { size_mm, blocks: &blocks, turned_deg: 0.0, name };
        carton::carton(ui, drawing, &sample);
        let left = room.left() + 456.0;
        text::put(ui, pos2(left, room.top() + 26.0), Align2::LEFT_TOP, fonts::body(), "Box", colours.muted);
        let big = Type::new(128.0, Weight::Bold).line(1.0);
        text::put(ui, pos2(left, room.top() + 54.0), Align2::LEFT_TOP, big, "L", colours.text);
        let button = Rect::from_min_max(pos2(left, room.bottom() - 104.0), pos2(room.right(), room.bottom() - 24.0));
        Button::new("Other box").icon(Icon::Swap).size(Size::Large).show(ui, button);
    });
}

/// The checklist.
pub fn checklist(ui: &mut Ui) {
    let areas = frame(ui, &EN, Signal::Now, 7, false);
    let say = Say {
        signal: Signal::Now,
        icon: Icon::Glass,
        first: "Stick on: fragile",
        second: "3 of 5 · on the top of the box",
    };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let row = |icon, title, hint, aside, todo| CheckRow { icon, title, hint, aside, todo };
        let rows = [
            row(Icon::Doc, "Packing slip", "every parcel", "done", Todo::Done),
            row(Icon::Doc, "Invoice, folded in", "customer 17850 asked for paper", "done", Todo::Done),
            row(Icon::Glass, "Fragile sticker, top", "glass inside: 21730", "scan or tap", Todo::Current),
            row(Icon::Gift, "Gift wrap: babushka boxes", "note on line 6", "", Todo::Waiting),
            row(Icon::Camera, "Photo of the open box", "rule: glass", "", Todo::Waiting),
        ];
        let mut top = room.top() - 6.0;
        for row in rows {
            row.show(ui, Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), 84.0)));
            top += 94.0;
        }
    });
}

/// The scale: moving, right, or too light.
pub fn weigh(ui: &mut Ui, signal: Signal) {
    let areas = frame(ui, &EN, signal, 8, false);
    let (icon, first, second, figure, now_g, word) = match signal {
        Signal::Ok => (Icon::Okc, "Weight is right", "Printing the label", "12.11", 12_110, "still"),
        Signal::Stop => {
            (Icon::Oct, "Too light by 1.36 kg", "Something is missing. Count again", "10.72", 10_720, "still")
        }
        Signal::Now | Signal::Decide | Signal::Wait => {
            (Icon::Wait, "Hands off, settling", "Weight counts when it is still", "11.9", 11_900, "moving")
        }
    };
    let say = Say { signal, icon, first, second };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let colours = palette(ui);
        let px = if signal == Signal::Stop { 132.0 } else { 168.0 };
        let figure = Figure {
            main: figure,
            kind: fonts::figure_xl(px),
            colour: if signal == Signal::Wait { colours.muted } else { colours.text },
            beside: "kg",
            beside_kind: fonts::figure_m(72.0),
            beside_colour: colours.text,
            gap: 16.0,
        };
        figure.show(ui, room.min, room.width() - 120.0);
        let tag = Tag { icon: Some(signal.icon()), word, signal: Some(signal), large: true };
        tag.show(ui, pos2(room.right(), room.top() + px - 16.0), Align2::RIGHT_BOTTOM);
        let top = room.top() + px + if signal == Signal::Stop { 0.0 } else { 20.0 };
        let bar = ScaleBar {
            low_g: 11_480,
            expected_g: 12_080,
            high_g: 12_680,
            now_g: Some(now_g),
            marker: signal.fill(colours),
            labels: ["11.48", "12.08", "12.68 kg"],
        };
        bar.show(ui, Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), 104.0)));
        if signal == Signal::Stop {
            let [left, right] = {
                let cells = grid(Rect::from_min_max(room.max - vec2(room.width(), 64.0), room.max), 2, 1, 12.0);
                [cells[0], cells[1]]
            };
            Button::new("Count again").icon(Icon::List).look(Look::Ink).show(ui, left);
            Button::new("Ask the lead").icon(Icon::Hand).show(ui, right);
        } else {
            let foot = Rect::from_min_max(room.max - vec2(room.width(), 57.0), room.max);
            let difference = if signal == Signal::Ok { "+ 30 g" } else { "· · ·" };
            let rows = [("Expected", "12.08 kg"), ("Difference", difference), ("Tolerance", "5 %, 604 g")];
            stats(ui, foot, &rows, fonts::lead());
        }
    });
}

/// The label, to be scanned back.
pub fn label(ui: &mut Ui) {
    let areas = frame(ui, &EN, Signal::Now, 10, false);
    let say = Say {
        signal: Signal::Now,
        icon: Icon::Scan,
        first: "Scan the label on the box",
        second: "Another parcel's label will be refused by name",
    };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let colours = palette(ui);
        let paper = Rect::from_min_max(room.min, pos2(room.left() + 290.0, room.bottom()));
        widgets::label::preview(ui, paper, None, "Label of parcel 1 of 1");
        let left = paper.right() + 28.0;
        let facts = [
            (Icon::Okc, Signal::Ok, "Printed, stick it on", "13:52:07 · paper moved", false),
            (Icon::Okc, Signal::Ok, "Packing slip printed", "1 page, inside", false),
            (Icon::Scan, Signal::Now, "Now scan this label", "proves it is on this box", true),
        ];
        let mut top = room.top() - 4.0;
        for (icon, signal, title, hint, strong) in facts {
            let fact = Fact { icon, signal, title, hint, strong };
            fact.show(ui, Rect::from_min_max(pos2(left, top), pos2(room.right(), top + 72.0)));
            top += 72.0;
        }
        text::put(ui, pos2(left, top + 18.0), Align2::LEFT_TOP, fonts::hint(), "Ends with", colours.muted);
        let tail = Type::new(88.0, Weight::MonoBold).line(1.0).spaced(-2.0);
        text::put(ui, pos2(left, top + 43.0), Align2::LEFT_TOP, tail, "7110", colours.text);
        let buttons = grid(Rect::from_min_max(pos2(left, room.bottom() - 60.0), room.max + vec2(0.0, 4.0)), 2, 1, 12.0);
        Button::new("Reprint").icon(Icon::Printer).show(ui, buttons[0]);
        Button::new("No paper").icon(Icon::Doc).show(ui, buttons[1]);
    });
}

/// An order that is done.
pub fn done(ui: &mut Ui) {
    let areas = frame(ui, &EN, Signal::Ok, 11, false);
    let say = Say {
        signal: Signal::Ok,
        icon: Icon::Okc,
        first: "Order done",
        second: "Next: 536373, 88 items, ship by 15:00",
    };
    stage_card(ui, areas.card(), &say, |ui, room| {
        let colours = palette(ui);
        big_check(ui, Rect::from_min_size(room.min + vec2(0.0, 4.0), vec2(220.0, 220.0)));
        let left = room.left() + 256.0;
        let at = pos2(left, room.top() + 10.0);
        text::put(ui, at, Align2::LEFT_TOP, fonts::body(), "Order 536365 took", colours.muted);
        let kind = fonts::figure_xl(136.0);
        text::put(ui, pos2(left, room.top() + 38.0), Align2::LEFT_TOP, kind, "4:12", colours.text);
        let lead = Type::new(28.0, Weight::Regular);
        let parts =
            [("Your middle for 40 items: ", lead, colours.text), ("4:30", lead.in_face(Weight::Bold), colours.text)];
        text::put_pieces(ui, pos2(left, room.top() + 184.0), Align2::LEFT_TOP, &parts);
        let line = Rect::from_min_size(pos2(room.left(), room.top() + 228.0), vec2(room.width(), 2.0));
        ui.painter().rect_filled(line, 0.0, colours.line);
        let foot = Rect::from_min_size(pos2(room.left(), line.bottom() + 18.0), vec2(room.width(), 65.0));
        let rows = [("Today", "31 orders"), ("Items right first time", "99.6 %"), ("Put box on", "Cage R 12")];
        stats(ui, foot, &rows, fonts::figure_s(40.0));
        let top = room.bottom() - 116.0;
        let button = |left: f32, right: f32| Rect::from_min_max(pos2(left, top), pos2(right, top + 80.0));
        let r = room.right();
        let next = Button::new("Next now: 536373").icon_after(Icon::Next).look(Look::Ink).size(Size::Large);
        next.show(ui, button(room.left(), r - 354.0));
        Button::new("Wait").icon(Icon::Hand).size(Size::Large).show(ui, button(r - 340.0, r - 196.0));
        Button::new("Reopen").icon(Icon::Undo).size(Size::Large).show(ui, button(r - 182.0, r));
        let bar = Rect::from_min_max(pos2(room.left(), room.bottom() - 22.0), room.max);
        auto_advance(ui, bar, 0.62, "opens by itself in 2 s");
    });
}

/// The sheet of problems over the check.
pub fn exceptions(ui: &mut Ui) -> Option<&'static str> {
    verify(ui, &EN, Signal::Now);
    let say = Say {
        signal: Signal::Decide,
        icon: Icon::Tri,
        first: "What is wrong?",
        second: "WHITE HANGING HEART T-LIGHT HOLDER · 3 of 6 checked",
    };
    let choices = [
        (Icon::Short, "Short", "fewer than needed"),
        (Icon::Bolt, "Damaged", "broken, dirty, open"),
        (Icon::Swap, "Substitute", "from the allowed list"),
        (Icon::Pause, "Hold", "park with a reason"),
        (Icon::Undo, "Undo last scan", "heart, 13:49:51"),
        (Icon::Box, "Another parcel", "split this order"),
        (Icon::Printer, "Reprint", "needs a reason"),
        (Icon::Camera, "Photo", "joins this order"),
        (Icon::Hand, "Call the lead", "light and message"),
        (Icon::Cup, "Break", "order waits for you"),
        (Icon::Back, "Hand back", "to the queue"),
        (Icon::Search, "Item unknown", "photo and describe"),
    ];
    let window = ui.max_rect();
    let leave = Leave { word: "Close", icon: Icon::Cross };
    let shown = sheet(ui, window, &say, leave, |ui, room| {
        let height = 112.0 * 4.0 + 14.0 * 3.0;
        let area = Rect::from_center_size(room.center(), vec2(room.width(), height));
        let mut pressed = None;
        for (cell, (icon, title, hint)) in grid(area, 3, 4, 14.0).into_iter().zip(choices) {
            let choice = Choice { icon, title, hint, taken: false, signal: Signal::Decide };
            if choice.show(ui, cell) {
                pressed = Some(title);
            }
        }
        pressed
    });
    if shown.left { Some("Close") } else { shown.inner }
}
