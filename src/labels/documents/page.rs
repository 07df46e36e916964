//! A flow of pages: headings, facts, addresses and tables that break across pages and are numbered at the end.

use super::{LINES_MAX, Party, Words};
use crate::labels::LabelError;
use crate::labels::format;
use crate::labels::pdf::PAGES_MAX;
use crate::labels::sheet::{Area, Sheet, tenths};
use crate::labels::text::{Align, Face, Rise, Style, wrapped_height_um};

/// Paper of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    A4,
    /// 105 × 148 mm.
    A6,
    /// 100 × 150 mm label stock.
    Label,
}

impl Paper {
    /// Width and height in micrometres.
    #[must_use]
    pub const fn size_um(self) -> (i32, i32) {
        match self {
            Paper::A4 => (210_000, 297_000),
            Paper::A6 => (105_000, 148_000),
            Paper::Label => (100_000, 150_000),
        }
    }
}

/// Sizes that go with a paper, in micrometres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub margin_um: i32,
    pub title_um: i32,
    pub heading_um: i32,
    pub body_um: i32,
    pub caption_um: i32,
}

impl Type {
    fn of(paper: Paper) -> Self {
        match paper {
            Paper::A4 => Self {
                margin_um: tenths(180),
                title_um: tenths(80),
                heading_um: tenths(46),
                body_um: tenths(33),
                caption_um: tenths(26),
            },
            Paper::A6 | Paper::Label => Self {
                margin_um: tenths(55),
                title_um: tenths(54),
                heading_um: tenths(38),
                body_um: tenths(27),
                caption_um: tenths(22),
            },
        }
    }
}

/// A column of a table; widths are shares of the whole.
pub(super) struct Column<'a> {
    pub title: &'a str,
    pub share: i32,
    pub align: Align,
    pub face: Face,
}

impl<'a> Column<'a> {
    pub fn left(title: &'a str, share: i32) -> Self {
        Self { title, share, align: Align::Left, face: Face::Regular }
    }

    pub fn right(title: &'a str, share: i32) -> Self {
        Self { title, share, align: Align::Right, face: Face::Regular }
    }

    pub fn mono(title: &'a str, share: i32) -> Self {
        Self { title, share, align: Align::Left, face: Face::Mono }
    }
}

/// The pages while they are filled; `y_um` is where the next thing goes.
pub(super) struct Pages<'a> {
    words: &'a Words,
    size_um: (i32, i32),
    pub font: Type,
    done: Vec<Sheet>,
    pub sheet: Sheet,
    pub y_um: i32,
}

impl<'a> Pages<'a> {
    pub fn new(paper: Paper, words: &'a Words) -> Result<Self, LabelError> {
        let size_um = paper.size_um();
        let font = Type::of(paper);
        let sheet = Sheet::new(size_um.0, size_um.1)?;
        Ok(Self { words, size_um, font, done: Vec::new(), sheet, y_um: font.margin_um })
    }

    pub fn left_um(&self) -> i32 {
        self.font.margin_um
    }

    pub fn width_um(&self) -> i32 {
        self.size_um.0 - 2 * self.font.margin_um
    }

    /// End of the space for content; the footer stands below.
    fn bottom_um(&self) -> i32 {
        self.size_um.1 - self.font.margin_um - 2 * self.font.caption_um
    }

    /// An area at the cursor, `share_from`..`share_to` percent of the width.
    pub fn cell(&self, share_from: i32, share_to: i32, h_um: i32) -> Area {
        let w_um = self.width_um();
        let x_um = self.left_um() + w_um * share_from / 100;
        Area { x_um, y_um: self.y_um, w_um: w_um * (share_to - share_from) / 100, h_um }
    }

    pub fn skip(&mut self, h_um: i32) {
        self.y_um += h_um;
    }

    pub fn break_page(&mut self) -> Result<(), LabelError> {
        if self.done.len() + 1 >= PAGES_MAX {
            return Err(LabelError::TooMany { what: "pages", most: PAGES_MAX });
        }
        let next = Sheet::new(self.size_um.0, self.size_um.1)?;
        self.done.push(std::mem::replace(&mut self.sheet, next));
        self.y_um = self.font.margin_um;
        Ok(())
    }

    /// Starts a new page unless `h_um` still fits; says whether it did.
    pub fn ensure(&mut self, h_um: i32) -> Result<bool, LabelError> {
        let breaks = self.y_um + h_um > self.bottom_um() && self.y_um > self.font.margin_um;
        if breaks {
            self.break_page()?;
        }
        Ok(breaks)
    }

    /// The title on the left, a short text such as a number on the right.
    pub fn title(&mut self, title: &str, right: &str) -> Result<(), LabelError> {
        let h_um = self.font.title_um * 130 / 100;
        let style = Style::new(Face::Bold, self.font.title_um).wrapped().rise(Rise::Middle);
        self.sheet.text(self.cell(0, 62, h_um), title, style)?;
        let style = Style::new(Face::SemiBold, self.font.heading_um).wrapped().align(Align::Right).rise(Rise::Middle);
        self.sheet.text(self.cell(64, 100, h_um), right, style)?;
        self.skip(h_um + tenths(10));
        self.sheet.rule(self.left_um(), self.y_um, self.width_um(), tenths(6))?;
        self.skip(tenths(26));
        Ok(())
    }

    /// Text over the whole width, wrapped; breaks the page before, not inside.
    pub fn paragraph(&mut self, text: &str, face: Face, size_um: i32) -> Result<(), LabelError> {
        if text.trim().is_empty() {
            return Ok(());
        }
        let most_um = self.bottom_um() - self.font.margin_um;
        let h_um = wrapped_height_um(text, face, size_um, self.width_um())?.min(most_um);
        self.ensure(h_um)?;
        let area = self.cell(0, 100, h_um);
        self.sheet.text(area, text, Style::new(face, size_um).wrapped())?;
        self.skip(h_um + tenths(12));
        Ok(())
    }

    /// Parties side by side under their captions.
    pub fn parties(&mut self, parties: &[(&str, &Party)]) -> Result<(), LabelError> {
        let count = parties.len().max(1) as i32;
        let (caption_um, body_um) = (self.font.caption_um, self.font.body_um);
        let (mut name_um, mut lines_um) = (0, 0);
        let width_um = self.cell(0, 100 / count - 3, 0).w_um;
        for (_, party) in parties {
            name_um = name_um.max(wrapped_height_um(&party.name, Face::SemiBold, self.font.heading_um, width_um)?);
            lines_um = lines_um.max(wrapped_height_um(&party.lines.join("\n"), Face::Regular, body_um, width_um)?);
        }
        let most_um = self.size_um.1 / 4;
        (name_um, lines_um) = (name_um.min(most_um), lines_um.min(most_um));
        let top_um = self.y_um;
        for (i, (caption, party)) in parties.iter().enumerate() {
            let from = i as i32 * 100 / count;
            let to = from + 100 / count - 3;
            self.y_um = top_um;
            let h_um = caption_um * 130 / 100;
            self.sheet.text(self.cell(from, to, h_um), caption, Style::new(Face::Regular, caption_um))?;
            self.skip(h_um);
            let style = Style::new(Face::SemiBold, self.font.heading_um).wrapped();
            self.sheet.text(self.cell(from, to, name_um), &party.name, style)?;
            self.skip(name_um);
            let style = Style::new(Face::Regular, body_um).wrapped();
            self.sheet.text(self.cell(from, to, lines_um), &party.lines.join("\n"), style)?;
        }
        self.skip(lines_um + tenths(24));
        Ok(())
    }

    /// Captions over values, in columns of equal width; empty values are left out.
    pub fn facts(&mut self, facts: &[(&str, &str)], per_row: usize) -> Result<(), LabelError> {
        let shown: Vec<_> = facts.iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        let step = 100 / per_row.max(1) as i32;
        let (caption_um, value_um) = (self.font.caption_um * 130 / 100, self.font.body_um * 140 / 100);
        for row in shown.chunks(per_row.max(1)) {
            self.ensure(caption_um + value_um)?;
            let top_um = self.y_um;
            for (i, (caption, value)) in row.iter().enumerate() {
                let (from, to) = (i as i32 * step, (i as i32 + 1) * step - 2);
                self.y_um = top_um;
                self.sheet.text(
                    self.cell(from, to, caption_um),
                    caption,
                    Style::new(Face::Regular, self.font.caption_um),
                )?;
                self.skip(caption_um);
                self.sheet.text(
                    self.cell(from, to, value_um),
                    value,
                    Style::new(Face::SemiBold, self.font.body_um).wrapped(),
                )?;
            }
            self.skip(value_um + tenths(10));
        }
        self.skip(tenths(10));
        Ok(())
    }

    /// A table; its head is repeated on every page it reaches.
    pub fn table(&mut self, columns: &[Column<'_>], rows: &[Vec<String>]) -> Result<(), LabelError> {
        if rows.len() > LINES_MAX {
            return Err(LabelError::TooMany { what: "lines", most: LINES_MAX });
        }
        self.ensure(self.font.body_um * 6)?;
        self.table_head(columns)?;
        for row in rows {
            let h_um = self.row_height_um(columns, row)?;
            if self.ensure(h_um)? {
                self.table_head(columns)?;
            }
            let body_um = self.font.body_um;
            let style_of = |c: &Column<'_>| Style::new(c.face, body_um).align(c.align);
            self.table_row(columns, row, h_um, style_of)?;
            self.sheet.rule(self.left_um(), self.y_um, self.width_um(), tenths(1))?;
        }
        self.skip(tenths(20));
        Ok(())
    }

    fn table_head(&mut self, columns: &[Column<'_>]) -> Result<(), LabelError> {
        let titles: Vec<String> = columns.iter().map(|c| c.title.to_owned()).collect();
        let h_um = self.font.caption_um * 330 / 100;
        let caption = Style::new(Face::SemiBold, self.font.caption_um).rise(Rise::Bottom);
        self.table_row(columns, &titles, h_um, |c| caption.align(c.align))?;
        self.sheet.rule(self.left_um(), self.y_um - tenths(4), self.width_um(), tenths(4))
    }

    fn row_height_um(&self, columns: &[Column<'_>], row: &[String]) -> Result<i32, LabelError> {
        let mut most_um = 0;
        for ((cell, column), area) in row.iter().zip(columns).zip(self.columns(columns, 0)) {
            most_um = most_um.max(wrapped_height_um(cell, column.face, self.font.body_um, area.w_um)?);
        }
        let page_um = self.bottom_um() - self.font.margin_um - self.font.caption_um * 4;
        Ok((most_um + tenths(16)).min(page_um))
    }

    /// The cells at the cursor, with a gap to the next column.
    fn columns(&self, columns: &[Column<'_>], h_um: i32) -> Vec<Area> {
        let whole: i32 = columns.iter().map(|c| c.share).sum();
        let gap_um = tenths(18);
        let mut from = 0;
        let mut areas = Vec::with_capacity(columns.len());
        for (i, column) in columns.iter().enumerate() {
            let x_um = self.width_um() * from / whole.max(1);
            let end_um = self.width_um() * (from + column.share) / whole.max(1);
            let gap_um = if i + 1 < columns.len() { gap_um } else { 0 };
            areas.push(Area { x_um: self.left_um() + x_um, y_um: self.y_um, w_um: end_um - x_um - gap_um, h_um });
            from += column.share;
        }
        areas
    }

    fn table_row(
        &mut self,
        columns: &[Column<'_>],
        row: &[String],
        h_um: i32,
        style_of: impl Fn(&Column<'_>) -> Style,
    ) -> Result<(), LabelError> {
        let cells = self.columns(columns, h_um);
        for ((cell, column), area) in row.iter().zip(columns).zip(cells) {
            let inner = Area { y_um: area.y_um + tenths(7), h_um: area.h_um - tenths(13), ..area };
            self.sheet.text(inner, cell, style_of(column).wrapped())?;
        }
        self.skip(h_um);
        Ok(())
    }

    /// Captions and amounts at the right, the last one strong.
    pub fn totals(&mut self, totals: &[(String, String)]) -> Result<(), LabelError> {
        let h_um = self.font.body_um * 160 / 100;
        self.ensure(h_um * totals.len() as i32 + tenths(10))?;
        for (i, (caption, amount)) in totals.iter().enumerate() {
            let last = i + 1 == totals.len();
            let face = if last { Face::Bold } else { Face::Regular };
            if last {
                let line = self.cell(48, 100, 0);
                self.sheet.rule(line.x_um, line.y_um, line.w_um, tenths(4))?;
                self.skip(tenths(8));
            }
            let style = Style::new(face, self.font.body_um).wrapped().rise(Rise::Middle);
            self.sheet.text(self.cell(48, 76, h_um), caption, style)?;
            self.sheet.text(self.cell(77, 100, h_um), amount, style.align(Align::Right))?;
            self.skip(h_um);
        }
        self.skip(tenths(20));
        Ok(())
    }

    /// Numbers the pages and returns them.
    pub fn finish(mut self, footer: &str) -> Result<Vec<Sheet>, LabelError> {
        let blank = Sheet::new(self.size_um.0, self.size_um.1)?;
        self.done.push(std::mem::replace(&mut self.sheet, blank));
        let count = self.done.len() as u32;
        let h_um = self.font.caption_um * 130 / 100;
        self.y_um = self.size_um.1 - self.font.margin_um - h_um;
        let (left, right) = (self.cell(0, 60, h_um), self.cell(62, 100, h_um));
        let style = Style::new(Face::Regular, self.font.caption_um).rise(Rise::Bottom);
        for (i, sheet) in self.done.iter_mut().enumerate() {
            sheet.text(left, footer, style)?;
            let page = format::fill(&self.words.page, i as u32 + 1, count);
            sheet.text(right, &page, style.align(Align::Right))?;
        }
        Ok(self.done)
    }
}
