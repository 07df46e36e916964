//! Key strokes of a scanner that types, as the bytes of its codes. Pure. Must never leave a key out: what it cannot read becomes a
//! sign that no code holds, so that half a code is never taken for a code.

pub use super::layouts::KeyLayout;
use super::layouts::{Level, Typed, composed};

/// What stands in a code for a key that types no character.
pub const UNREADABLE: char = '\u{fffd}';

/// What happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// It went down.
    Pressed,
    /// It came up.
    Released,
    /// The system repeats it, because it stays down.
    Repeated,
}

const KEY_ESC: u16 = 1;
const KEY_BACKSPACE: u16 = 14;
const KEY_TAB: u16 = 15;
const KEY_ENTER: u16 = 28;
const KEY_LEFT_CTRL: u16 = 29;
const KEY_LEFT_SHIFT: u16 = 42;
const KEY_RIGHT_SHIFT: u16 = 54;
const KEY_LEFT_ALT: u16 = 56;
const KEY_SPACE: u16 = 57;
const KEY_CAPS_LOCK: u16 = 58;
const KEY_NUM_LOCK: u16 = 69;
const KEY_SCROLL_LOCK: u16 = 70;
const KEY_KEYPAD_ENTER: u16 = 96;
const KEY_RIGHT_CTRL: u16 = 97;
const KEY_RIGHT_ALT: u16 = 100;
const KEY_LEFT_META: u16 = 125;
const KEY_RIGHT_META: u16 = 126;

/// The number pad.
const KEYPAD: &[(u16, char)] = &[
    (55, '*'),
    (71, '7'),
    (72, '8'),
    (73, '9'),
    (74, '-'),
    (75, '4'),
    (76, '5'),
    (77, '6'),
    (78, '+'),
    (79, '1'),
    (80, '2'),
    (81, '3'),
    (82, '0'),
    (83, '.'),
    (98, '/'),
];

/// Code page 437 from 128 on, which Alt with a number without a leading zero means.
const OEM: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
/// Code page 1252 from 128 to 159, which Alt with a leading zero means; five of them are no characters.
const ANSI: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

/// A number typed while Alt is held.
#[derive(Debug, Clone, Copy, Default)]
struct AltCode {
    value: u32,
    digits: u8,
    leading_zero: bool,
}

/// One scanner's keyboard: which modifiers are down, and what waits for its second half.
#[derive(Debug, Default)]
pub struct Keyboard {
    layout: KeyLayout,
    shift_left: bool,
    shift_right: bool,
    ctrl_left: bool,
    ctrl_right: bool,
    alt: bool,
    alt_gr: bool,
    caps: bool,
    dead: Option<char>,
    alt_code: Option<AltCode>,
}

impl Keyboard {
    /// A keyboard with nothing pressed.
    #[must_use]
    pub fn new(layout: KeyLayout) -> Self {
        Self { layout, ..Self::default() }
    }

    /// The system lost strokes: what is down is not known any more.
    pub fn forget(&mut self) {
        *self = Self { caps: self.caps, ..Self::new(self.layout) };
    }

    /// Takes one stroke and appends what it types: UTF-8, CR for Enter, HT for Tab.
    pub fn stroke(&mut self, key: u16, stroke: Stroke, out: &mut Vec<u8>) {
        let down = match stroke {
            Stroke::Pressed => true,
            Stroke::Released => false,
            // A scanner types every character anew; a repeat comes of a program or a station that is slow.
            Stroke::Repeated => return,
        };
        match key {
            KEY_LEFT_SHIFT => self.shift_left = down,
            KEY_RIGHT_SHIFT => self.shift_right = down,
            KEY_LEFT_CTRL => self.ctrl_left = down,
            KEY_RIGHT_CTRL => self.ctrl_right = down,
            KEY_RIGHT_ALT => self.alt_gr = down,
            KEY_LEFT_ALT => {
                self.alt = down;
                if !down && let Some(code) = self.alt_code.take() {
                    self.put(code.character(), out);
                }
            }
            KEY_CAPS_LOCK => self.caps ^= down,
            KEY_NUM_LOCK | KEY_SCROLL_LOCK | KEY_LEFT_META | KEY_RIGHT_META => {}
            _ if down => self.pressed(key, out),
            _ => {}
        }
    }

    fn pressed(&mut self, key: u16, out: &mut Vec<u8>) {
        let ctrl = self.ctrl_left || self.ctrl_right;
        // Windows knows AltGr also as Ctrl with Alt, and scanners send it so.
        let alt_gr = self.alt_gr || (ctrl && self.alt);
        let pad = KEYPAD.iter().find(|(known, _)| *known == key).map(|(_, c)| *c);
        if self.alt && !alt_gr {
            let plain = match self.layout.typed(key, Level::Plain) {
                Some(Typed::Char(c)) => Some(c),
                Some(Typed::Dead(_)) | None => None,
            };
            let position = KeyLayout::Us.typed(key, Level::Plain);
            let digit = pad.or(plain.filter(char::is_ascii_digit)).or(match position {
                Some(Typed::Char(c)) => Some(c),
                Some(Typed::Dead(_)) | None => None,
            });
            match digit.and_then(|c| c.to_digit(10)) {
                Some(digit) => self.alt_code.get_or_insert_default().push(digit),
                None => self.put(UNREADABLE, out),
            }
            return;
        }
        if ctrl && !alt_gr {
            self.put(self.control(key).unwrap_or(UNREADABLE), out);
            return;
        }
        match key {
            KEY_ENTER | KEY_KEYPAD_ENTER => self.put('\r', out),
            KEY_TAB => self.put('\t', out),
            KEY_SPACE => self.put(' ', out),
            KEY_BACKSPACE => self.put('\u{8}', out),
            KEY_ESC => self.put('\u{1b}', out),
            _ => match pad.map(Typed::Char).or_else(|| self.typed(key, alt_gr)) {
                Some(Typed::Char(c)) => self.put(c, out),
                Some(Typed::Dead(accent)) => {
                    // An accent over an accent is that accent.
                    if let Some(earlier) = self.dead.replace(accent) {
                        write(earlier, out);
                    }
                }
                None => self.put(UNREADABLE, out),
            },
        }
    }

    fn typed(&self, key: u16, alt_gr: bool) -> Option<Typed> {
        let shift = (self.shift_left || self.shift_right) ^ (self.caps && self.layout.is_letter(key));
        let level = match (alt_gr, shift) {
            (true, _) => Level::AltGr,
            (false, true) => Level::Shift,
            (false, false) => Level::Plain,
        };
        self.layout.typed(key, level)
    }

    /// The control character of Ctrl with a key: by the layout, or else by the key's position on a US keyboard.
    fn control(&self, key: u16) -> Option<char> {
        let of = |typed: Option<Typed>| match typed? {
            Typed::Char(c) | Typed::Dead(c) => control_of(c),
        };
        let shift = self.shift_left || self.shift_right;
        let position = KeyLayout::Us.typed(key, if shift { Level::Shift } else { Level::Plain });
        of(self.typed(key, false)).or_else(|| of(position))
    }

    fn put(&mut self, c: char, out: &mut Vec<u8>) {
        match self.dead.take() {
            None => write(c, out),
            Some(accent) if c == ' ' => write(accent, out),
            Some(accent) => match composed(accent, c) {
                Some(one) => write(one, out),
                None => {
                    write(accent, out);
                    write(c, out);
                }
            },
        }
    }
}

fn write(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Ctrl with a character: `@` to `_` and the letters lose their upper bits; `6` and `-` are where `^` and `_` are on many keyboards.
fn control_of(c: char) -> Option<char> {
    let upper = match c {
        'a'..='z' => c.to_ascii_uppercase(),
        '6' => '^',
        '-' => '_',
        '2' => '@',
        other => other,
    };
    match upper {
        '@'..='_' => char::from_u32(u32::from(upper) & 0x1f),
        _ => None,
    }
}

impl AltCode {
    fn push(&mut self, digit: u32) {
        self.leading_zero |= self.digits == 0 && digit == 0;
        self.digits = self.digits.saturating_add(1);
        self.value = self.value.saturating_mul(10).saturating_add(digit);
    }

    fn character(self) -> char {
        let upper = |table: &str| usize::try_from(self.value - 128).ok().and_then(|at| table.chars().nth(at));
        let found = match self.value {
            0..=127 => char::from_u32(self.value),
            128..=159 if self.leading_zero => upper(ANSI),
            128..=255 if !self.leading_zero => upper(OEM),
            value => char::from_u32(value),
        };
        found.unwrap_or(UNREADABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strokes as text: a character alone is pressed and let go by its way in the layout; `<29` presses, `>29` lets go, `29` does
    /// both, by the kernel's numbers.
    fn typed(layout: KeyLayout, script: &str) -> String {
        let mut keyboard = Keyboard::new(layout);
        let mut out = Vec::new();
        for word in script.split_whitespace() {
            let number = |word: &str| word.parse::<u16>().unwrap();
            if let Some(word) = word.strip_prefix('<') {
                keyboard.stroke(number(word), Stroke::Pressed, &mut out);
            } else if let Some(word) = word.strip_prefix('>') {
                keyboard.stroke(number(word), Stroke::Released, &mut out);
            } else {
                keyboard.stroke(number(word), Stroke::Pressed, &mut out);
                keyboard.stroke(number(word), Stroke::Released, &mut out);
            }
        }
        String::from_utf8(out).unwrap()
    }

    /// What a scanner of a layout types for a text.
    fn script_of(layout: KeyLayout, text: &str) -> String {
        text.chars().fold(String::new(), |script, c| {
            let (key, shift, alt_gr) = match c {
                ' ' => (57, false, false),
                '\r' => (28, false, false),
                c => layout.way_to(c).unwrap_or_else(|| panic!("{layout:?} has no {c:?}")),
            };
            let (down, up) = match (shift, alt_gr) {
                (true, _) => ("<42", ">42"),
                (_, true) => ("<100", ">100"),
                (false, false) => ("", ""),
            };
            format!("{script} {down} {key} {up}")
        })
    }

    #[test]
    fn a_code_comes_out_as_it_went_in_whatever_the_layout() {
        let codes: &[(KeyLayout, &str)] = &[
            (KeyLayout::Us, "]C10109506000134352-10aZ/9_+%&'(){}[]|\\~`^@#$\r"),
            (KeyLayout::Gb, "]E0\"@£#~\\|¬`Az09\r"),
            (KeyLayout::Es, "]C1-Az09ñÑçÇ@#[]{}\\|/()=?¿¡!\"·$%&'ºª<>+*\r"),
            (KeyLayout::De, "]d2yYzZ-09äöüßÄÖÜ{[]}\\@€~|#'+*°§$%&/()=?µ²\r"),
            (KeyLayout::Fr, "]Q3azqwm?AZQWM09-_/.:,;!&é\"'(èçà)=#{[|\\^@}€$ù*§\r"),
            (KeyLayout::Ru, "АБВЯёЁъэ0123456789-/\\.,;:№%\r"),
        ];
        for (layout, code) in codes {
            assert_eq!(typed(*layout, &script_of(*layout, code)), *code, "{layout:?}");
        }
    }

    #[test]
    fn a_scanner_set_to_another_layout_reads_wrong_which_is_why_it_is_a_setting() {
        let script = script_of(KeyLayout::Us, "ZY-1");
        assert_eq!(typed(KeyLayout::De, &script), "YZß1");
        assert_eq!(typed(KeyLayout::Fr, &script_of(KeyLayout::Us, "1A")), "&Q");
    }

    #[test]
    fn the_separator_comes_in_every_way_scanners_send_it() {
        let gs = "\u{1d}";
        // Ctrl+], by position and by the layout's own bracket; Alt+029 and Alt+29 on the number pad, and on the upper row.
        for (layout, script) in [
            (KeyLayout::Us, "<29 27 >29"),
            (KeyLayout::Us, "<97 27 >97"),
            (KeyLayout::Ru, "<29 27 >29"),
            (KeyLayout::De, "<29 27 >29"),
            (KeyLayout::Us, "<56 82 80 73 >56"),
            (KeyLayout::Fr, "<56 80 73 >56"),
            (KeyLayout::Us, "<56 11 3 10 >56"),
            (KeyLayout::Fr, "<56 11 3 10 >56"),
        ] {
            assert_eq!(typed(layout, script), gs, "{layout:?} {script}");
        }
    }

    #[test]
    fn all_control_characters_can_be_typed() {
        // Ctrl with A to Z by the row of letters, then the five beyond them.
        for (at, letter) in ('a'..='z').enumerate() {
            let (key, ..) = KeyLayout::Us.way_to(letter).unwrap();
            let wanted = char::from(u8::try_from(at + 1).unwrap());
            assert_eq!(typed(KeyLayout::Us, &format!("<29 {key} >29")), wanted.to_string());
        }
        for (script, wanted) in [
            ("<29 26 >29", '\u{1b}'),
            ("<29 43 >29", '\u{1c}'),
            ("<29 27 >29", '\u{1d}'),
            ("<29 7 >29", '\u{1e}'),
            ("<29 <42 7 >42 >29", '\u{1e}'),
            ("<29 12 >29", '\u{1f}'),
            ("<29 <42 3 >42 >29", '\0'),
            ("1", '\u{1b}'),
            ("15", '\t'),
            ("96", '\r'),
        ] {
            assert_eq!(typed(KeyLayout::Us, script), wanted.to_string(), "{script}");
        }
        for code in 1..128u32 {
            let digits: String = format!("{code:03}").bytes().map(|b| pad(b - b'0')).collect();
            assert_eq!(typed(KeyLayout::Us, &format!("<56 {digits} >56")), char::from_u32(code).unwrap().to_string());
        }
    }

    fn pad(digit: u8) -> String {
        let key = KEYPAD.iter().find(|(_, c)| *c == char::from(b'0' + digit)).unwrap().0;
        format!("{key} ")
    }

    #[test]
    fn alt_numbers_beyond_ascii_mean_what_they_mean_to_windows() {
        for (digits, wanted) in
            [("129", 'ü'), ("0252", 'ü'), ("0128", '€'), ("225", 'ß'), ("8364", '€'), ("0129", UNREADABLE)]
        {
            let keys: String = digits.bytes().map(|b| pad(b - b'0')).collect();
            assert_eq!(typed(KeyLayout::Us, &format!("<56 {keys} >56")), wanted.to_string(), "Alt+{digits}");
        }
        assert_eq!(OEM.chars().count(), 128);
        assert_eq!(ANSI.chars().count(), 32);
    }

    #[test]
    fn dead_keys_wait_for_the_next_character() {
        for (layout, script, wanted) in [
            (KeyLayout::De, "41 57", "^"),
            (KeyLayout::De, "41 30", "â"),
            (KeyLayout::De, "41 31", "^s"),
            (KeyLayout::De, "<42 13 >42 57 2", "`1"),
            (KeyLayout::Es, "40 18", "é"),
            (KeyLayout::Es, "<42 40 >42 22", "ü"),
            (KeyLayout::Es, "<100 5 >100 57", "~"),
            (KeyLayout::Fr, "26 57 <100 3 >100 57", "^~"),
            (KeyLayout::De, "41 41 57", "^^"),
            (KeyLayout::De, "41 28", "^\r"),
        ] {
            assert_eq!(typed(layout, script), wanted, "{layout:?} {script}");
        }
    }

    #[test]
    fn modifiers_locks_and_the_number_pad() {
        for (layout, script, wanted) in [
            (KeyLayout::Us, "58 30 2 <42 30 >42 58 30", "A1aa"),
            (KeyLayout::Us, "<42 <54 30 >42 30 >54 30", "AAa"),
            (KeyLayout::De, "<29 <56 9 >56 >29 9", "[8"),
            (KeyLayout::Us, "69 79 80 81 83 78 98 55 74", "123.+/*-"),
            (KeyLayout::Us, "125 30", "a"),
        ] {
            assert_eq!(typed(layout, script), wanted, "{layout:?} {script}");
        }
        let mut keyboard = Keyboard::new(KeyLayout::Us);
        let mut out = Vec::new();
        keyboard.stroke(30, Stroke::Pressed, &mut out);
        keyboard.stroke(30, Stroke::Repeated, &mut out);
        keyboard.stroke(30, Stroke::Released, &mut out);
        assert_eq!(out, b"a", "a repeat is no second character");
        keyboard.stroke(42, Stroke::Pressed, &mut out);
        keyboard.forget();
        keyboard.stroke(30, Stroke::Pressed, &mut out);
        assert_eq!(out, b"aa", "after lost strokes nothing is held for down");
    }

    #[test]
    fn a_key_that_types_nothing_is_never_left_out() {
        let lost = UNREADABLE.to_string();
        for script in ["59", "103", "<56 30 >56", "<29 59 >29", "<100 30 >100"] {
            assert_eq!(typed(KeyLayout::Us, script), lost, "{script}");
        }
    }
}
