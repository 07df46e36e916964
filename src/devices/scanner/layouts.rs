//! Which character a key types, by keyboard layout: tables and nothing else. The layout is the one the *scanner* is set to.
//! Must never follow the system's layout, which belongs to the people at the keyboard.

/// The keyboard layout a scanner is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum KeyLayout {
    /// United States; most scanners ex works.
    #[default]
    Us,
    /// United Kingdom.
    Gb,
    /// Spain.
    Es,
    /// Germany.
    De,
    /// France.
    Fr,
    /// Russia.
    Ru,
}

/// How a character is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Plain,
    Shift,
    AltGr,
}

/// One layout: a character for each of [`KEYS`] at each level; a blank is none.
struct Table {
    plain: &'static str,
    shift: &'static str,
    alt_gr: &'static str,
    /// Keys that type nothing yet but an accent over the next character.
    dead: &'static [(Level, char)],
}

/// The keys that type characters, by the kernel's numbers (`linux/input-event-codes.h`), row after row from the top left.
#[rustfmt::skip]
const KEYS: [u16; 48] = [
    41, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
    30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 43,
    86, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53,
];

const US: Table = Table {
    plain: concat!("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\\zxcvbnm,./"),
    shift: concat!("~!@#$%^&*()_+", "QWERTYUIOP{}", "ASDFGHJKL:\"|", "|ZXCVBNM<>?"),
    alt_gr: "",
    dead: &[],
};

const GB: Table = Table {
    plain: concat!("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'#", "\\zxcvbnm,./"),
    shift: concat!("¬!\"£$%^&*()_+", "QWERTYUIOP{}", "ASDFGHJKL:@~", "|ZXCVBNM<>?"),
    alt_gr: concat!("¦   €        ", "  é   úíó   ", "á           ", "           "),
    dead: &[],
};

const ES: Table = Table {
    plain: concat!("º1234567890'¡", "qwertyuiop`+", "asdfghjklñ´ç", "<zxcvbnm,.-"),
    shift: concat!("ª!\"·$%&/()=?¿", "QWERTYUIOP^*", "ASDFGHJKLÑ¨Ç", ">ZXCVBNM;:_"),
    alt_gr: concat!("\\|@#~€¬      ", "  €       []", "          {}", "           "),
    dead: &[(Level::Plain, '`'), (Level::Shift, '^'), (Level::Plain, '´'), (Level::Shift, '¨'), (Level::AltGr, '~')],
};

const DE: Table = Table {
    plain: concat!("^1234567890ß´", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"),
    shift: concat!("°!\"§$%&/()=?`", "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"),
    alt_gr: concat!("  ²³   {[]}\\ ", "@ €        ~", "            ", "|      µ   "),
    dead: &[(Level::Plain, '^'), (Level::Plain, '´'), (Level::Shift, '`')],
};

const FR: Table = Table {
    plain: concat!("²&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "<wxcvbn,;:!"),
    shift: concat!(" 1234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM%µ", ">WXCVBN?./§"),
    alt_gr: concat!("  ~#{[|`\\^@]}", "  €        ¤", "            ", "           "),
    dead: &[(Level::Plain, '^'), (Level::Shift, '¨'), (Level::AltGr, '~'), (Level::AltGr, '`')],
};

const RU: Table = Table {
    plain: concat!("ё1234567890-=", "йцукенгшщзхъ", "фывапролджэ\\", "\\ячсмитьбю."),
    shift: concat!("Ё!\"№;%:?*()_+", "ЙЦУКЕНГШЩЗХЪ", "ФЫВАПРОЛДЖЭ/", "/ЯЧСМИТЬБЮ,"),
    alt_gr: "",
    dead: &[],
};

/// What a key types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// A character.
    Char(char),
    /// An accent over the next character.
    Dead(char),
}

impl KeyLayout {
    /// Every layout, by the name it has in the settings.
    pub const ALL: [(&'static str, KeyLayout); 6] = [
        ("us", KeyLayout::Us),
        ("gb", KeyLayout::Gb),
        ("es", KeyLayout::Es),
        ("de", KeyLayout::De),
        ("fr", KeyLayout::Fr),
        ("ru", KeyLayout::Ru),
    ];

    /// The layout of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, layout)| layout)
    }

    const fn table(self) -> &'static Table {
        match self {
            Self::Us => &US,
            Self::Gb => &GB,
            Self::Es => &ES,
            Self::De => &DE,
            Self::Fr => &FR,
            Self::Ru => &RU,
        }
    }

    /// What a key types at a level.
    pub(super) fn typed(self, key: u16, level: Level) -> Option<Typed> {
        let at = KEYS.iter().position(|known| *known == key)?;
        let table = self.table();
        let row = match level {
            Level::Plain => table.plain,
            Level::Shift => table.shift,
            Level::AltGr => table.alt_gr,
        };
        let c = row.chars().nth(at).filter(|c| *c != ' ')?;
        Some(if table.dead.contains(&(level, c)) { Typed::Dead(c) } else { Typed::Char(c) })
    }

    /// Whether Caps Lock turns a key around: where the shifted character is the capital of the plain one.
    pub(super) fn is_letter(self, key: u16) -> bool {
        match (self.typed(key, Level::Plain), self.typed(key, Level::Shift)) {
            (Some(Typed::Char(plain)), Some(Typed::Char(shifted))) => {
                plain != shifted && plain.to_uppercase().eq(std::iter::once(shifted))
            }
            _ => false,
        }
    }

    /// The keys that type a character: for programs that type.
    #[must_use]
    pub fn way_to(self, wanted: char) -> Option<(u16, bool, bool)> {
        let levels = [(Level::Plain, false, false), (Level::Shift, true, false), (Level::AltGr, false, true)];
        levels.into_iter().find_map(|(level, shift, alt_gr)| {
            let key = KEYS.into_iter().find(|key| self.typed(*key, level) == Some(Typed::Char(wanted)))?;
            Some((key, shift, alt_gr))
        })
    }
}

/// An accent and a letter as one character.
pub(super) fn composed(accent: char, letter: char) -> Option<char> {
    const ROWS: &[(char, &str, &str)] = &[
        ('´', "aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ"),
        ('`', "aeiouAEIOU", "àèìòùÀÈÌÒÙ"),
        ('^', "aeiouAEIOU", "âêîôûÂÊÎÔÛ"),
        ('¨', "aeiouyAEIOU", "äëïöüÿÄËÏÖÜ"),
        ('~', "anoANO", "ãñõÃÑÕ"),
    ];
    let (_, letters, accented) = ROWS.iter().find(|(known, ..)| *known == accent)?;
    let at = letters.chars().position(|known| known == letter)?;
    accented.chars().nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_every_layout_has_a_character_for_each_key() {
        for (name, layout) in KeyLayout::ALL {
            let table = layout.table();
            assert_eq!(table.plain.chars().count(), KEYS.len(), "{name} plain");
            assert_eq!(table.shift.chars().count(), KEYS.len(), "{name} shift");
            assert!(matches!(table.alt_gr.chars().count(), 0 | 48), "{name} AltGr");
            for (level, accent) in table.dead {
                assert!(KEYS.iter().any(|key| layout.typed(*key, *level) == Some(Typed::Dead(*accent))), "{name}");
            }
            assert_eq!(KeyLayout::from_name(name), Some(layout));
        }
    }

    #[test]
    fn keys_lie_where_they_do() {
        // The key to the right of P, of L, of 0, and beside the left Shift.
        let cases =
            [(KeyLayout::Us, "[;-\\", "{:_|"), (KeyLayout::Gb, "[;-\\", "{:_|"), (KeyLayout::Ru, "хж-\\", "ХЖ_/")];
        for (layout, plain, shifted) in cases {
            for (at, key) in [26, 39, 12, 86].into_iter().enumerate() {
                assert_eq!(layout.typed(key, Level::Plain), plain.chars().nth(at).map(Typed::Char), "{layout:?}");
                assert_eq!(layout.typed(key, Level::Shift), shifted.chars().nth(at).map(Typed::Char), "{layout:?}");
            }
        }
        assert_eq!(KeyLayout::De.typed(21, Level::Plain), Some(Typed::Char('z')), "QWERTZ");
        assert_eq!(KeyLayout::Fr.typed(16, Level::Plain), Some(Typed::Char('a')), "AZERTY");
        assert_eq!(KeyLayout::Es.typed(26, Level::Plain), Some(Typed::Dead('`')));
        assert_eq!(KeyLayout::Us.typed(59, Level::Plain), None, "F1 types nothing");
    }

    #[test]
    fn caps_lock_turns_letters_alone() {
        assert!(KeyLayout::Us.is_letter(30) && KeyLayout::Ru.is_letter(26) && KeyLayout::Es.is_letter(39));
        assert!(!KeyLayout::Us.is_letter(26) && !KeyLayout::Fr.is_letter(3) && !KeyLayout::De.is_letter(12));
    }
}
