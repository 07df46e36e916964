//! What was read: elements in their order, and the canonical forms they can be written in.

use super::reader::{Element, GS};
use super::table::Ai;

/// The elements of one code. It borrows from the reader and from the text that was read.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    pub(super) text: &'a [u8],
    pub(super) elements: &'a [Element],
    pub(super) composite: Option<usize>,
}

impl<'a> Message<'a> {
    /// Identifiers and values, in the code's order. Values are ASCII.
    pub fn elements(&self) -> impl ExactSizeIterator<Item = (Ai, &'a [u8])> + use<'a> {
        let (text, elements) = (self.text, self.elements);
        elements.iter().map(move |e| (e.found.ai, e.value(text)))
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// The first value of an identifier such as `10`, as text.
    #[must_use]
    pub fn value(&self, ai: &str) -> Option<&'a str> {
        let ai = Ai::parse(ai)?;
        let element = self.elements.iter().find(|e| e.found.ai == ai)?;
        std::str::from_utf8(element.value(self.text)).ok()
    }

    /// Writes the element string: no FNC1 at the beginning, GS (ASCII 29) only where it is needed.
    pub fn write_element_string(&self, out: &mut Vec<u8>) {
        let mut separator_due = false;
        for element in self.elements {
            if std::mem::replace(&mut separator_due, !element.found.row.predefined) {
                out.push(GS);
            }
            write_ai(out, element.found.ai);
            out.extend_from_slice(element.value(self.text));
        }
    }

    /// Writes the form for people: `(01)09506000134352(10)AB-12`, `\(` for a bracket of a value, `|` before the second
    /// part of a composite symbol.
    pub fn write_bracketed(&self, out: &mut Vec<u8>) {
        for (n, element) in self.elements.iter().enumerate() {
            if self.composite == Some(n) {
                out.push(b'|');
            }
            out.push(b'(');
            write_ai(out, element.found.ai);
            out.push(b')');
            for b in element.value(self.text) {
                if *b == b'(' {
                    out.push(b'\\');
                }
                out.push(*b);
            }
        }
    }
}

/// Writes the digits of an identifier.
pub(super) fn write_ai(out: &mut Vec<u8>, ai: Ai) {
    out.extend_from_slice(&ai.ascii()[..ai.digits()]);
}
