//! What each egui event means to the wedge: which are characters, which end a scan, which no scanner sends.

use std::collections::HashSet;

use egui::{Event, ImeEvent, Key};

use super::filter::{GS, What};

/// How the scanner's keys are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// As the system's keyboard layout types them.
    #[default]
    AsTyped,
    /// By position on a US keyboard, whatever layout is active: a scanner set to US then reads right while the
    /// packer types Russian.
    UsPosition,
}

/// What to do with one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Not a key: straight to the widgets.
    Pass,
    /// The end of a key whose beginning was swallowed.
    Drop,
    /// For the filter.
    Feed(What),
}

impl Meaning {
    pub(super) const fn is_text(self) -> bool {
        match self {
            Self::Feed(What::Char(_) | What::AltDigit(_) | What::End) => true,
            Self::Pass | Self::Drop | Self::Feed(What::AltEnd | What::Quiet | What::Other) => false,
        }
    }
}

/// The keys' state between events.
#[derive(Debug)]
pub(super) struct Keys {
    layout: Layout,
    alt: bool,
    by_position: Option<char>,
    swallowed_down: HashSet<Key>,
}

impl Keys {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, alt: false, by_position: None, swallowed_down: HashSet::new() }
    }

    /// Remembers keys whose press was swallowed, so that their release is dropped too.
    pub(super) fn swallowed(&mut self, event: &Event) {
        if let Event::Key { key, pressed, .. } = event {
            if *pressed {
                self.swallowed_down.insert(*key);
            } else {
                self.swallowed_down.remove(key);
            }
        }
    }

    pub(super) fn meaning(&mut self, event: &Event) -> Meaning {
        match event {
            Event::Text(text) | Event::Ime(ImeEvent::Commit(text)) => self.text(text),
            Event::Key { key, physical_key, pressed, modifiers, .. } => {
                if is_modifier(*key) {
                    return self.alt_key(*key, *pressed);
                }
                if !*pressed {
                    return self.released(*key);
                }
                if modifiers.alt
                    && let Some(digit) = digit_of(*key)
                {
                    self.alt = true;
                    return Meaning::Feed(What::AltDigit(digit));
                }
                if modifiers.ctrl || modifiers.command {
                    return control(*key);
                }
                self.by_position = physical_key.and_then(|position| us_char(position, modifiers.shift));
                plain(*key)
            }
            Event::ModifiersChanged(modifiers) => {
                if self.alt && !modifiers.alt {
                    self.alt = false;
                    Meaning::Feed(What::AltEnd)
                } else {
                    Meaning::Pass
                }
            }
            _ => Meaning::Pass,
        }
    }

    fn text(&mut self, text: &str) -> Meaning {
        let by_position = self.by_position.take();
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(_), None) if self.alt => Meaning::Feed(What::Quiet),
            (Some(c), None) => Meaning::Feed(What::Char(match self.layout {
                Layout::AsTyped => c,
                Layout::UsPosition => by_position.unwrap_or(c),
            })),
            // A keyboard types one character at a time; more at once comes from an input method.
            (Some(_), Some(_)) => Meaning::Feed(What::Other),
            (None, _) => Meaning::Pass,
        }
    }

    fn alt_key(&mut self, key: Key, pressed: bool) -> Meaning {
        let alt = key == Key::AltLeft || key == Key::AltRight;
        if alt && !pressed && self.alt {
            self.alt = false;
            return Meaning::Feed(What::AltEnd);
        }
        Meaning::Pass
    }

    fn released(&mut self, key: Key) -> Meaning {
        if self.swallowed_down.remove(&key) {
            Meaning::Drop
        } else if types_a_character(key) {
            Meaning::Feed(What::Quiet)
        } else {
            Meaning::Pass
        }
    }
}

fn plain(key: Key) -> Meaning {
    match key {
        Key::Enter | Key::Tab => Meaning::Feed(What::End),
        key if types_a_character(key) => Meaning::Feed(What::Quiet),
        _ => Meaning::Feed(What::Other),
    }
}

/// Ctrl with a key: GS as some scanners send it, else a command of the window's.
fn control(key: Key) -> Meaning {
    match key {
        Key::CloseBracket => Meaning::Feed(What::Char(GS)),
        _ => Meaning::Feed(What::Other),
    }
}

const fn is_modifier(key: Key) -> bool {
    matches!(
        key,
        Key::ShiftLeft
            | Key::ShiftRight
            | Key::ControlLeft
            | Key::ControlRight
            | Key::AltLeft
            | Key::AltRight
            | Key::SuperLeft
            | Key::SuperRight
            | Key::CapsLock
            | Key::NumLock
    )
}

fn digit_of(key: Key) -> Option<u8> {
    match us_char(key, false) {
        Some(c) if c.is_ascii_digit() => u8::try_from(u32::from(c) - u32::from('0')).ok(),
        Some(_) | None => None,
    }
}

fn types_a_character(key: Key) -> bool {
    us_char(key, false).is_some()
        || matches!(
            key,
            Key::Colon
                | Key::Pipe
                | Key::Questionmark
                | Key::Exclamationmark
                | Key::OpenCurlyBracket
                | Key::CloseCurlyBracket
                | Key::Plus
                | Key::IntlBackslash
        )
}

/// The character a key types on a US keyboard, by its position.
fn us_char(key: Key, shift: bool) -> Option<char> {
    let name = key.name();
    let mut letters = name.chars();
    if let (Some(c @ 'A'..='Z'), None) = (letters.next(), letters.next()) {
        return Some(if shift { c } else { c.to_ascii_lowercase() });
    }
    let (bare, shifted) = match key {
        Key::Num0 => ('0', ')'),
        Key::Num1 => ('1', '!'),
        Key::Num2 => ('2', '@'),
        Key::Num3 => ('3', '#'),
        Key::Num4 => ('4', '$'),
        Key::Num5 => ('5', '%'),
        Key::Num6 => ('6', '^'),
        Key::Num7 => ('7', '&'),
        Key::Num8 => ('8', '*'),
        Key::Num9 => ('9', '('),
        Key::Space => (' ', ' '),
        Key::Minus => ('-', '_'),
        Key::Equals => ('=', '+'),
        Key::OpenBracket => ('[', '{'),
        Key::CloseBracket => (']', '}'),
        Key::Backslash => ('\\', '|'),
        Key::Semicolon => (';', ':'),
        Key::Quote => ('\'', '"'),
        Key::Backtick => ('`', '~'),
        Key::Comma => (',', '<'),
        Key::Period => ('.', '>'),
        Key::Slash => ('/', '?'),
        _ => return None,
    };
    Some(if shift { shifted } else { bare })
}
