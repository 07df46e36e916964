//! Black and white dots: small bitmaps of fields, turned as the printer turns them, and the label they are put on.

use super::{INK_DOTS_MAX, PreviewError};

/// Which way a field runs: `N`, `R` (90° clockwise), `I` (upside down), `B` (270°).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Normal,
    Right,
    Inverted,
    Bottom,
}

impl Turn {
    pub(super) fn of(text: &str) -> Option<Self> {
        match text.bytes().next()?.to_ascii_uppercase() {
            b'N' => Some(Turn::Normal),
            b'R' => Some(Turn::Right),
            b'I' => Some(Turn::Inverted),
            b'B' => Some(Turn::Bottom),
            _ => None,
        }
    }
}

/// How dots meet those that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    White,
    /// `^FR`: black on white, white on black.
    Reverse,
}

/// A field's own dots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Bitmap {
    pub w: i32,
    pub h: i32,
    pub dots: Vec<bool>,
}

impl Bitmap {
    /// White; nothing at all where it would be larger than any label.
    pub(super) fn new(w: i32, h: i32) -> Self {
        let fits = w > 0 && h > 0 && i64::from(w) * i64::from(h) <= 4 * 72_000_000;
        let (w, h) = if fits { (w, h) } else { (0, 0) };
        Self { w, h, dots: vec![false; w as usize * h as usize] }
    }

    pub(super) fn set(&mut self, x: i32, y: i32) {
        if (0..self.w).contains(&x)
            && (0..self.h).contains(&y)
            && let Some(dot) = self.dots.get_mut(y as usize * self.w as usize + x as usize)
        {
            *dot = true;
        }
    }

    /// Sets a rectangle, clipped.
    pub(super) fn block(&mut self, x: i32, y: i32, w: i32, h: i32) {
        for row in y.max(0)..y.saturating_add(h).min(self.h) {
            for column in x.max(0)..x.saturating_add(w).min(self.w) {
                self.set(column, row);
            }
        }
    }

    fn get(&self, x: i32, y: i32) -> bool {
        let inside = (0..self.w).contains(&x) && (0..self.h).contains(&y);
        inside && self.dots.get(y as usize * self.w as usize + x as usize).copied().unwrap_or(false)
    }

    /// Every dot `x` by `y` times as large.
    pub(super) fn enlarged(&self, x: i32, y: i32) -> Self {
        if x <= 1 && y <= 1 {
            return self.clone();
        }
        let (x, y) = (x.clamp(1, 10), y.clamp(1, 10));
        let mut out = Bitmap::new(self.w.saturating_mul(x), self.h.saturating_mul(y));
        for row in 0..out.h {
            for column in 0..out.w {
                if self.get(column / x, row / y) {
                    out.set(column, row);
                }
            }
        }
        out
    }

    pub(super) fn turned(self, turn: Turn) -> Self {
        let (w, h) = match turn {
            Turn::Normal => return self,
            Turn::Inverted => (self.w, self.h),
            Turn::Right | Turn::Bottom => (self.h, self.w),
        };
        let mut out = Bitmap::new(w, h);
        for y in 0..self.h {
            for x in 0..self.w {
                if self.get(x, y) {
                    match turn {
                        Turn::Normal => {}
                        Turn::Right => out.set(self.h - 1 - y, x),
                        Turn::Inverted => out.set(self.w - 1 - x, self.h - 1 - y),
                        Turn::Bottom => out.set(y, self.w - 1 - x),
                    }
                }
            }
        }
        out
    }
}

/// The label.
#[derive(Debug)]
pub(super) struct Canvas {
    pub w: i32,
    pub h: i32,
    /// Brightness of every dot, as pictures have it.
    pub grey: Vec<u8>,
    inked: u64,
}

impl Canvas {
    pub(super) fn new(w: i32, h: i32) -> Self {
        Self { w, h, grey: vec![255; w.max(0) as usize * h.max(0) as usize], inked: 0 }
    }

    /// Puts a bitmap with its top left corner at `x`, `y`; what is outside is cut off, as the printer does.
    pub(super) fn put(&mut self, bitmap: &Bitmap, x: i32, y: i32, ink: Ink) -> Result<(), PreviewError> {
        self.inked += bitmap.dots.len() as u64;
        if self.inked > INK_DOTS_MAX {
            return Err(PreviewError::TooMuch { what: "dots", most: INK_DOTS_MAX });
        }
        for row in 0..bitmap.h {
            let to_y = y.saturating_add(row);
            if !(0..self.h).contains(&to_y) {
                continue;
            }
            for column in 0..bitmap.w {
                let to_x = x.saturating_add(column);
                if !(0..self.w).contains(&to_x) || !bitmap.get(column, row) {
                    continue;
                }
                if let Some(dot) = self.grey.get_mut(to_y as usize * self.w as usize + to_x as usize) {
                    *dot = match ink {
                        Ink::Black => 0,
                        Ink::White => 255,
                        Ink::Reverse => 255 - *dot,
                    };
                }
            }
        }
        Ok(())
    }
}
