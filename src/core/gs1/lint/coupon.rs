//! North American coupons: AI 8110 ("couponcode") and AI 8112 ("couponposoffer"). Both are rows of fields of digits, most of
//! them with a digit before that tells their length.

use super::{Checked, Rule, company_prefix, date, fault};

/// What is left to read of a coupon, and what to say where it does not fit.
struct Coupon<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Coupon<'a> {
    fn new(all: &'a [u8]) -> Result<Coupon<'a>, super::Fault> {
        match all.iter().position(|b| !b.is_ascii_digit()) {
            Some(at) => Err(super::Fault { at, len: 1, rule: Rule::Character(super::Charset::Digits) }),
            None => Ok(Coupon { all, at: 0 }),
        }
    }

    fn wrong(&self, at: usize, len: usize, what: &'static str) -> super::Fault {
        debug_assert!(at + len <= self.all.len());
        super::Fault { at, len, rule: Rule::Coupon(what) }
    }

    /// The next digit, if it is one of those allowed.
    fn digit(&mut self, allowed: &str, missing: &'static str, wrong: &'static str) -> Result<u8, super::Fault> {
        let Some(digit) = self.all.get(self.at) else { return Err(self.wrong(0, self.all.len(), missing)) };
        if !allowed.as_bytes().contains(digit) {
            return Err(self.wrong(self.at, 1, wrong));
        }
        self.at += 1;
        Ok(*digit - b'0')
    }

    /// The next `len` digits.
    fn field(&mut self, len: usize, truncated: &'static str) -> Result<&'a [u8], super::Fault> {
        let left = &self.all[self.at..];
        let Some(field) = left.get(..len) else {
            let (at, len) = if left.is_empty() { (0, self.all.len()) } else { (self.at, left.len()) };
            return Err(self.wrong(at, len, truncated));
        };
        self.at += len;
        Ok(field)
    }

    /// The next digits as a company prefix.
    fn prefix(&mut self, len: usize, truncated: &'static str) -> Checked {
        let at = self.at;
        let field = self.field(len, truncated)?;
        company_prefix(field).map_err(|f| super::Fault { at, len, ..f })
    }

    /// Does the optional field of this number follow? It is stepped over.
    fn optional(&mut self, number: u8) -> bool {
        let is_there = self.all.get(self.at) == Some(&number);
        self.at += usize::from(is_there);
        is_there
    }

    fn end(&self) -> Checked {
        let left = self.all.len() - self.at;
        if left == 0 { Ok(()) } else { fault(self.at, left, Rule::Coupon("digits after the last field")) }
    }

    /// A purchase: requirement with its length, requirement code, family code.
    fn purchase(&mut self) -> Checked {
        let len = self.digit(
            "12345",
            "the purchase requirement's length is missing",
            "the purchase requirement's length must be 1 to 5",
        )?;
        self.field(len.into(), "the purchase requirement is too short")?;
        self.digit(
            "012349",
            "the purchase requirement code is missing",
            "the purchase requirement code must be 0 to 4 or 9",
        )?;
        self.field(3, "the purchase family code has three digits").map(|_| ())
    }

    /// The company prefix of a further purchase; length 9 means none.
    fn further_prefix(&mut self) -> Checked {
        let len = self.digit(
            "01234569",
            "the purchase's company prefix length is missing",
            "the purchase's company prefix length must be 0 to 6 or 9",
        )?;
        if len == 9 { Ok(()) } else { self.prefix(usize::from(len) + 6, "the purchase's company prefix is too short") }
    }

    /// `YYMMDD`.
    fn date(&mut self, truncated: &'static str, wrong: &'static str) -> Result<&'a [u8], super::Fault> {
        let at = self.at;
        let field = self.field(6, truncated)?;
        date(field, false).map(|()| field).map_err(|_| self.wrong(at, 6, wrong))
    }
}

/// AI 8110.
pub(super) fn code(part: &[u8]) -> Checked {
    let mut c = Coupon::new(part)?;
    let len = c.digit("0123456", "the company prefix length is missing", "the company prefix length must be 0 to 6")?;
    c.prefix(usize::from(len) + 6, "the company prefix is too short")?;
    c.field(6, "the offer code has six digits")?;
    let len = c.digit("12345", "the save value's length is missing", "the save value's length must be 1 to 5")?;
    c.field(len.into(), "the save value is too short")?;
    c.purchase()?;
    if c.optional(b'1') {
        c.digit("0123", "the additional rules code is missing", "the additional rules code must be 0 to 3")?;
        c.purchase()?;
        c.further_prefix()?;
    }
    if c.optional(b'2') {
        c.purchase()?;
        c.further_prefix()?;
    }
    let mut expiry = None;
    if c.optional(b'3') {
        expiry = Some(c.date("the expiration date has six digits", "the expiration date is none")?);
    }
    if c.optional(b'4') {
        let at = c.at;
        let start = c.date("the start date has six digits", "the start date is none")?;
        if expiry.is_some_and(|expiry| start > expiry) {
            return Err(c.wrong(at.saturating_sub(8), 14, "the expiration date is before the start date"));
        }
    }
    if c.optional(b'5') {
        serial(&mut c)?;
    }
    if c.optional(b'6') {
        let len = c.digit("1234567", "the retailer's length is missing", "the retailer's length must be 1 to 7")?;
        c.prefix(usize::from(len) + 6, "the retailer's number is too short")?;
    }
    if c.optional(b'9') {
        c.digit("01256", "the save value code is missing", "the save value code must be 0, 1, 2, 5 or 6")?;
        c.digit("012", "the item that the save value is for is missing", "the save value is for item 0, 1 or 2")?;
        c.digit("0123456789", "the store coupon flag is missing", "the store coupon flag is a digit")?;
        c.digit("01", "the flag against multiplying is missing", "the flag against multiplying must be 0 or 1")?;
    }
    c.end()
}

/// AI 8112.
pub(super) fn offer(part: &[u8]) -> Checked {
    let mut c = Coupon::new(part)?;
    c.digit("01", "the format code is missing", "the format code must be 0 or 1")?;
    let len = c.digit("0123456", "the funder's length is missing", "the funder's length must be 0 to 6")?;
    c.field(usize::from(len) + 6, "the funder is too short")?;
    c.field(6, "the offer code has six digits")?;
    serial(&mut c)?;
    c.end()
}

/// A serial number of 6 to 15 digits, with its length before.
fn serial(c: &mut Coupon<'_>) -> Checked {
    let len =
        c.digit("0123456789", "the serial number's length is missing", "the serial number's length is a digit")?;
    c.field(usize::from(len) + 6, "the serial number is too short").map(|_| ())
}
