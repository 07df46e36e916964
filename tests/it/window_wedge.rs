//! The keyboard-wedge scanner: the filter by tables of times, and the plugin in a real window with text fields and
//! buttons, where no scan may land and typing by hand must.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use packbench::station::wedge::filter::{Config, Filter, GS, Output, Read, What};
use packbench::station::wedge::{Layout, Wedge, take};

/// Feeds characters at given times, one frame each, with `\n` as Enter. Returns what reached the widgets and what
/// was read; the last frame comes a second later.
fn run(config: Config, keys: &[(u64, char)]) -> (String, Vec<Read>) {
    let mut filter = Filter::new(config);
    let mut out = Vec::new();
    for (at_ms, key) in keys {
        tick_until(&mut filter, *at_ms, &mut out);
        filter.frame(*at_ms, true, &mut out);
        let what = if *key == '\n' { What::End } else { What::Char(*key) };
        filter.push(*at_ms, what, *key, &mut out);
    }
    let end_ms = keys.last().map_or(0, |(at_ms, _)| at_ms + 1_000);
    tick_until(&mut filter, end_ms, &mut out);
    filter.frame(end_ms, false, &mut out);
    assert_eq!(filter.due_ms(), None, "nothing may stay held");
    let events = out.iter().filter(|o| !matches!(o, Output::Read(_))).count();
    assert_eq!(events, keys.len(), "every event comes back exactly once");
    let mut typed = String::new();
    let mut reads = Vec::new();
    for output in out {
        match output {
            Output::Release(c) => typed.push(c),
            Output::Swallow(_) => {}
            Output::Read(read) => reads.push(read),
        }
    }
    (typed, reads)
}

/// The frames the filter asked for before `at_ms`.
fn tick_until(filter: &mut Filter<char>, at_ms: u64, out: &mut Vec<Output<char>>) {
    while let Some(due_ms) = filter.due_ms() {
        if due_ms >= at_ms {
            break;
        }
        filter.frame(due_ms, false, out);
    }
}

fn keys(text: &str, from_ms: u64, step_ms: u64) -> Vec<(u64, char)> {
    text.chars().zip(0_u64..).map(|(c, n)| (from_ms + n * step_ms, c)).collect()
}

fn scan(text: &str) -> Read {
    Read::Scan(text.to_owned())
}

/// Name, keys, what is typed, what is read.
type Case = (&'static str, Vec<(u64, char)>, &'static str, Vec<Read>);

#[test]
fn wedge_tells_scans_from_typing_by_time() {
    let code = "5012345678900\n";
    let cases: [Case; 9] = [
        ("all in one frame", keys(code, 10, 0), "", vec![scan("5012345678900")]),
        ("one per millisecond", keys(code, 10, 1), "", vec![scan("5012345678900")]),
        ("at the mean limit", keys(code, 10, 30), "", vec![scan("5012345678900")]),
        ("just above the mean limit", keys(code, 10, 31), "5012345678900\n", vec![]),
        ("at the speed of fast fingers", keys(code, 10, 60), "5012345678900\n", vec![]),
        ("too short to be a scan", keys("123\n", 10, 1), "123\n", vec![]),
        ("the shortest scan", keys("1234\n", 10, 1), "", vec![scan("1234")]),
        ("Enter alone", keys("\n", 10, 1), "\n", vec![]),
        ("silence ends it", keys("A12345", 10, 2), "", vec![scan("A12345")]),
    ];
    for (name, keys, typed, reads) in cases {
        let got = run(Config::default(), &keys);
        assert_eq!(got, (typed.to_owned(), reads), "{name}");
    }
}

#[test]
fn wedge_reads_several_scans_and_swallows_the_second_terminator() {
    let mut events = keys("11112222\n", 10, 0);
    events.extend(keys("33334444\n", 10, 0));
    events.extend(keys("55556666\n\n", 20, 1));
    let (typed, reads) = run(Config::default(), &events);
    assert_eq!(typed, "", "CR LF must not press Enter");
    assert_eq!(reads, [scan("11112222"), scan("33334444"), scan("55556666")]);
}

#[test]
fn wedge_never_takes_half_a_code_for_a_code() {
    // The scanner stumbles: 70 ms between the halves.
    let mut events = keys("501234", 10, 2);
    events.extend(keys("5678900\n", 90, 2));
    let config = Config { silence_ms: None, ..Config::default() };
    let (typed, reads) = run(config, &events);
    assert_eq!(reads, [Read::Broken], "the second half is no code");
    assert_eq!(typed, "501234");
}

#[test]
fn wedge_bounds_the_length_and_reports_it_once() {
    let long = format!("{}\n", "9".repeat(10_000));
    let mut events = keys(&long, 10, 0);
    events.extend(keys("12345678\n", 500, 1));
    let (typed, reads) = run(Config::default(), &events);
    assert_eq!(typed, "");
    assert_eq!(reads, [Read::TooLong, scan("12345678")]);
    let longest = format!("{}\n", "8".repeat(512));
    let (_, reads) = run(Config::default(), &keys(&longest, 10, 0));
    assert_eq!(reads, [scan(&"8".repeat(512))]);
}

#[test]
fn wedge_strips_prefix_and_suffix_and_asks_for_the_prefix() {
    let config = Config { prefix: "~".into(), suffix: "#".into(), ..Config::default() };
    let (typed, reads) = run(config.clone(), &keys("~12345#\n", 10, 1));
    assert_eq!((typed.as_str(), reads), ("", vec![scan("12345")]));
    let (typed, reads) = run(config, &keys("1234567\n", 10, 1));
    assert_eq!((typed.as_str(), reads), ("1234567\n", vec![]), "without the prefix it is typing");
}

#[test]
fn wedge_survives_a_stuck_window() {
    let mut filter: Filter<char> = Filter::new(Config::default());
    let mut out = Vec::new();
    for c in "5012".chars() {
        filter.frame(10, true, &mut out);
        filter.push(10, What::Char(c), c, &mut out);
    }
    // The window hangs for 300 ms; the rest of the scan waited in the queue.
    filter.frame(310, true, &mut out);
    for c in "345678900".chars() {
        filter.push(310, What::Char(c), c, &mut out);
    }
    filter.push(310, What::End, '\n', &mut out);
    assert!(out.contains(&Output::Read(scan("5012345678900"))), "{out:?}");
}

#[test]
fn wedge_reads_every_scan_whatever_time_a_frame_takes() {
    // A scanner of 200 keys a second; the window looks only when it has drawn, and then finds what came meanwhile.
    for frame_ms in [5, 16, 45, 51, 60, 75, 90, 99, 110, 150, 240, 400] {
        for late_ms in [0, 1, 7, 30] {
            let mut filter: Filter<char> = Filter::new(Config::default());
            let mut out = Vec::new();
            let codes = ["5012345678900\n", "ZZPBGOU\n", "84029E123\n"];
            let mut arrivals: Vec<(u64, char)> = Vec::new();
            for (code, n) in codes.iter().zip(0_u64..) {
                arrivals.extend(keys(code, 1_000 + n * 700, 5));
            }
            let mut now_ms = 1_000 - frame_ms + late_ms;
            let mut at = 0;
            while at < arrivals.len() {
                let due: Vec<char> =
                    arrivals[at..].iter().take_while(|(ms, _)| *ms <= now_ms).map(|(_, c)| *c).collect();
                at += due.len();
                filter.frame(now_ms, !due.is_empty(), &mut out);
                for c in due {
                    filter.push(now_ms, if c == '\n' { What::End } else { What::Char(c) }, c, &mut out);
                }
                now_ms += frame_ms;
            }
            let reads: Vec<Read> =
                out.iter().filter_map(|o| if let Output::Read(read) = o { Some(read.clone()) } else { None }).collect();
            let wanted = codes.map(|code| scan(code.trim_end()));
            assert_eq!(reads, wanted, "frames of {frame_ms} ms, {late_ms} ms late");
        }
    }
}

#[test]
fn wedge_takes_no_hand_for_a_scanner_because_the_window_is_slow() {
    for frame_ms in [60_u64, 90, 150] {
        let mut filter: Filter<char> = Filter::new(Config::default());
        let mut out = Vec::new();
        for (c, n) in "5363658\n".chars().zip(1_u64..) {
            // One key in each frame: at least as slow as a quick typist.
            filter.frame(n * frame_ms, true, &mut out);
            filter.push(n * frame_ms, if c == '\n' { What::End } else { What::Char(c) }, c, &mut out);
        }
        filter.frame(5_000, false, &mut out);
        assert!(!out.iter().any(|o| matches!(o, Output::Read(_))), "frames of {frame_ms} ms: {out:?}");
    }
}

#[test]
fn wedge_reads_a_group_separator_typed_as_alt_code() {
    let mut filter: Filter<u32> = Filter::new(Config::default());
    let mut out = Vec::new();
    let mut feed = |what, number| filter.push(10, what, number, &mut out);
    for (number, c) in (0..).zip("0101234".chars()) {
        feed(What::Char(c), number);
    }
    for digit in [0, 2, 9] {
        feed(What::AltDigit(digit), 20 + u32::from(digit));
    }
    feed(What::AltEnd, 30);
    feed(What::Char('7'), 31);
    feed(What::End, 32);
    assert!(out.contains(&Output::Read(scan(&format!("0101234{GS}7")))), "{out:?}");
}

#[test]
fn wedge_returns_every_event_of_random_input_exactly_once() {
    // A small generator of its own: xorshift, seeded, so that a failure repeats.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    for round in 0..200 {
        let mut filter: Filter<u64> = Filter::new(Config { length_max: 40, ..Config::default() });
        let mut out = Vec::new();
        let mut now_ms = 0;
        for number in 0..300 {
            now_ms += [0, 0, 1, 3, 20, 45, 60, 120, 400][usize::try_from(next(9)).expect("small")];
            filter.frame(now_ms, next(2) == 0, &mut out);
            let what = match next(12) {
                0 => What::End,
                1 => What::Other,
                2 => What::Quiet,
                3 => What::AltDigit(2),
                4 => What::AltEnd,
                _ => What::Char('7'),
            };
            filter.push(now_ms, what, number, &mut out);
        }
        filter.frame(now_ms + 10_000, false, &mut out);
        let mut seen: Vec<u64> = out
            .iter()
            .filter_map(|o| match o {
                Output::Release(n) | Output::Swallow(n) => Some(*n),
                Output::Read(_) => None,
            })
            .collect();
        assert!(seen.is_sorted(), "round {round}: order kept");
        seen.dedup();
        assert_eq!(seen.len(), 300, "round {round}");
    }
}

#[derive(Default)]
struct Screen {
    text: String,
    presses: u32,
    function_key: u32,
    reads: Vec<Read>,
}

struct Window {
    harness: Harness<'static, Screen>,
    clock: Arc<AtomicU64>,
}

impl Window {
    fn new(layout: Layout) -> Self {
        let clock = Arc::new(AtomicU64::new(1_000));
        let time = Arc::clone(&clock);
        let harness = Harness::builder()
            .with_context_setup(move |ctx| {
                let now = move || time.load(Ordering::SeqCst);
                ctx.add_plugin(Wedge::with_clock(Config::default(), layout, Arc::new(now)));
            })
            .build_ui_state(
                |ui, screen: &mut Screen| {
                    screen.reads.extend(take(ui.ctx()));
                    let label = ui.label("Search");
                    ui.text_edit_singleline(&mut screen.text).labelled_by(label.id);
                    if ui.button("Confirm").clicked() {
                        screen.presses += 1;
                    }
                    if ui.input(|i| i.key_pressed(Key::F2)) {
                        screen.function_key += 1;
                    }
                },
                Screen::default(),
            );
        Self { harness, clock }
    }

    /// All these events in one frame, at the clock's time.
    fn frame(&mut self, events: Vec<Event>) {
        self.harness.input_mut().events.extend(events);
        self.harness.step();
    }

    fn pass_ms(&mut self, ms: u64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
        self.harness.step();
    }

    fn focus(&mut self, name: &str) {
        self.harness.get_by_label(name).focus();
        self.harness.run_steps(2);
    }
}

fn press(key: Key, shift: bool) -> [Event; 2] {
    let modifiers = if shift { Modifiers::SHIFT } else { Modifiers::NONE };
    let event = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
    [event(true), event(false)]
}

/// What a keyboard sends for a code of digits, spaces and capitals: key, text, release.
fn typed(code: &str) -> Vec<Event> {
    let mut events = Vec::new();
    for c in code.chars() {
        let name = if c == ' ' { "Space".to_owned() } else { c.to_string() };
        let key = Key::from_name(&name).expect("a key of that name");
        let [down, up] = press(key, c.is_ascii_uppercase());
        events.extend([down, Event::Text(c.to_string()), up]);
    }
    events
}

fn scanned(code: &str) -> Vec<Event> {
    let mut events = typed(code);
    events.extend(press(Key::Enter, false));
    events
}

#[test]
fn no_scan_lands_in_a_focused_text_field() {
    let mut window = Window::new(Layout::AsTyped);
    window.focus("Search");
    window.frame(scanned("5012345678900"));
    window.pass_ms(500);
    assert_eq!(window.harness.state().text, "");
    assert_eq!(window.harness.state().reads, [scan("5012345678900")]);
}

#[test]
fn no_scan_presses_a_focused_button() {
    let mut window = Window::new(Layout::AsTyped);
    window.focus("Confirm");
    // A space presses a focused button just as Enter does.
    window.frame(scanned("PB 4711 0815"));
    window.pass_ms(500);
    assert_eq!(window.harness.state().presses, 0);
    assert_eq!(window.harness.state().reads, [scan("PB 4711 0815")]);
    // A person's Enter still does.
    window.frame(press(Key::Enter, false).to_vec());
    window.pass_ms(500);
    assert_eq!(window.harness.state().presses, 1);
}

#[test]
fn a_scan_spread_over_frames_is_one_scan() {
    let mut window = Window::new(Layout::AsTyped);
    window.focus("Search");
    for event in scanned("84029E123") {
        window.frame(vec![event]);
        window.pass_ms(4);
    }
    window.pass_ms(500);
    assert_eq!(window.harness.state().text, "");
    assert_eq!(window.harness.state().reads, [scan("84029E123")]);
}

#[test]
fn several_scans_in_one_frame_are_all_read() {
    let mut window = Window::new(Layout::AsTyped);
    window.focus("Search");
    let events = (0..20).flat_map(|n| scanned(&format!("{}", 85_123_000 + n))).collect();
    window.frame(events);
    window.pass_ms(500);
    let codes: Vec<Read> = (0..20).map(|n| scan(&format!("{}", 85_123_000 + n))).collect();
    assert_eq!(window.harness.state().reads, codes);
    assert_eq!(window.harness.state().text, "");
}

#[test]
fn typing_by_hand_reaches_the_field_within_one_gap() {
    let mut window = Window::new(Layout::AsTyped);
    window.focus("Search");
    for (c, so_far) in [('5', "5"), ('3', "53"), ('6', "536")] {
        window.frame(typed(&c.to_string()));
        window.pass_ms(51);
        window.harness.step();
        assert_eq!(window.harness.state().text, so_far, "held back at most one gap");
        window.pass_ms(120);
    }
    assert_eq!(window.harness.state().reads, []);
}

#[test]
fn function_keys_and_escape_pass_at_once() {
    let mut window = Window::new(Layout::AsTyped);
    window.frame(press(Key::F2, false).to_vec());
    assert_eq!(window.harness.state().function_key, 1);
}

#[test]
fn a_us_scanner_reads_right_under_a_russian_layout() {
    let mut window = Window::new(Layout::UsPosition);
    window.focus("Search");
    let mut events = Vec::new();
    for (key, russian, shift) in
        [(Key::P, "З", true), (Key::B, "И", true), (Key::Num1, "1", false), (Key::A, "ф", false)]
    {
        let [down, up] = press(key, shift);
        events.extend([down, Event::Text(russian.into()), up]);
    }
    events.extend(press(Key::Enter, false));
    window.frame(events);
    window.pass_ms(500);
    assert_eq!(window.harness.state().reads, [scan("PB1a")]);
}

#[test]
fn a_group_separator_typed_with_alt_is_read() {
    let mut window = Window::new(Layout::AsTyped);
    let alt = Modifiers::ALT;
    let mut events = typed("0104012345");
    events.push(Event::ModifiersChanged(alt));
    for key in [Key::Num0, Key::Num2, Key::Num9] {
        for pressed in [true, false] {
            events.push(Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers: alt });
        }
    }
    events.push(Event::ModifiersChanged(Modifiers::NONE));
    events.extend(scanned("10AB"));
    window.frame(events);
    window.pass_ms(500);
    assert_eq!(window.harness.state().reads, [scan(&format!("0104012345{GS}10AB"))]);
}
