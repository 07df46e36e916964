//! Mail to customers: what is to be told is written in the transaction of what it tells, waits so that a mistaken click can be taken
//! back, and is then sent, again and again for two days where the mail server does not take it. And the customer's own page.

mod by_stage;
mod compose;
mod dunning;
mod list;
mod queue;
mod rules;
mod send;
mod template;
pub mod track;

pub use by_stage::{Sender, back_in_stage, left_stage, of_stage};
pub use compose::{House, Letter, PLACEHOLDERS, address_of, compose, fill, language_of, sample};
pub use dunning::{Outlook, Plan, REMINDED_MAX, any_due, leave_alone, outlook, owes, plan, remind, reminder, set_plan};
pub use list::{MessageRow, Shown, Try, counts, of_order, one, page};
pub use queue::{
    Written, again, again_all, by_rule, cancelled, left, packed, queue, send_now, set_language, stayed, take_back,
    try_out, unpacked, write,
};
pub use rules::{Rule, link_of, links, rule, rules, set_link, set_rule};
pub use send::{Claimed, Met, Outcome, Trouble, due, met, next_due_ms, sweep, trouble};
pub use template::{Template, check, current, save, versions};

use serde::{Deserialize, Serialize};

/// What a message tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The order is taken.
    Confirmed,
    /// All of it is packed and waits for the carrier.
    Packed,
    /// A part of it is packed and waits for the carrier.
    PartlyPacked,
    /// All of it is with the carrier.
    Shipped,
    /// A part of it is with the carrier.
    PartlyShipped,
    /// It arrived.
    Delivered,
    /// It is called off.
    Cancelled,
    /// It is not paid yet.
    PaymentReminder,
    /// It is not paid yet, and nobody reminds once more.
    PaymentFinal,
    /// Whatever a person writes.
    Free,
}

impl Kind {
    /// All, in the order people are shown.
    pub const ALL: [Kind; 10] = [
        Kind::Confirmed,
        Kind::PartlyPacked,
        Kind::Packed,
        Kind::PartlyShipped,
        Kind::Shipped,
        Kind::Delivered,
        Kind::Cancelled,
        Kind::PaymentReminder,
        Kind::PaymentFinal,
        Kind::Free,
    ];

    /// The word in the store and for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Confirmed => "confirmed",
            Kind::Packed => "packed",
            Kind::PartlyPacked => "partly_packed",
            Kind::Shipped => "shipped",
            Kind::PartlyShipped => "partly_shipped",
            Kind::Delivered => "delivered",
            Kind::Cancelled => "cancelled",
            Kind::PaymentReminder => "payment_reminder",
            Kind::PaymentFinal => "payment_final",
            Kind::Free => "free",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Goes out by itself where nobody said otherwise?
    const fn by_itself(self) -> bool {
        match self {
            Kind::Confirmed | Kind::Shipped | Kind::PartlyShipped | Kind::Delivered | Kind::Cancelled => true,
            // One mail with the number is enough for most: the one that tells of the hand-over.
            Kind::Packed | Kind::PartlyPacked | Kind::PaymentReminder | Kind::PaymentFinal | Kind::Free => false,
        }
    }

    /// The kind whose rule says for how long it is held: the last reminder goes as the others do.
    const fn ruled_as(self) -> Kind {
        match self {
            Kind::PaymentFinal => Kind::PaymentReminder,
            Kind::Confirmed
            | Kind::Packed
            | Kind::PartlyPacked
            | Kind::Shipped
            | Kind::PartlyShipped
            | Kind::Delivered
            | Kind::Cancelled
            | Kind::PaymentReminder
            | Kind::Free => self,
        }
    }

    /// Key of its name in the catalogue.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Kind::Confirmed => "mail-kind-confirmed",
            Kind::Packed => "mail-kind-packed",
            Kind::PartlyPacked => "mail-kind-partly-packed",
            Kind::Shipped => "mail-kind-shipped",
            Kind::PartlyShipped => "mail-kind-partly-shipped",
            Kind::Delivered => "mail-kind-delivered",
            Kind::Cancelled => "mail-kind-cancelled",
            Kind::PaymentReminder => "mail-kind-payment-reminder",
            Kind::PaymentFinal => "mail-kind-payment-final",
            Kind::Free => "mail-kind-free",
        }
    }

    /// Keys of the subject and text that the program ships with.
    #[must_use]
    pub const fn shipped(self) -> (&'static str, &'static str) {
        match self {
            Kind::Confirmed => ("mail-confirmed-subject", "mail-confirmed-body"),
            Kind::Packed => ("mail-packed-subject", "mail-packed-body"),
            Kind::PartlyPacked => ("mail-partly-packed-subject", "mail-partly-packed-body"),
            Kind::Shipped => ("mail-shipped-subject", "mail-shipped-body"),
            Kind::PartlyShipped => ("mail-partly-shipped-subject", "mail-partly-shipped-body"),
            Kind::Delivered => ("mail-delivered-subject", "mail-delivered-body"),
            Kind::Cancelled => ("mail-cancelled-subject", "mail-cancelled-body"),
            Kind::PaymentReminder => ("mail-payment-reminder-subject", "mail-payment-reminder-body"),
            Kind::PaymentFinal => ("mail-payment-final-subject", "mail-payment-final-body"),
            Kind::Free => ("mail-free-subject", "mail-free-body"),
        }
    }
}

/// A message that tries the mail server or a template out.
pub const TEST: &str = "test";
/// So long a message can be taken back where nobody said otherwise, ms.
pub const DELAY_MS: i64 = 2 * 60 * 1000;
/// Longest time a message can be held, ms.
pub const DELAY_MS_MAX: i64 = 24 * 60 * 60 * 1000;
/// Time from a try that failed to the next, ms; after the last a message is given up.
pub const RETRIES_MS: &[i64] =
    &[60_000, 5 * 60_000, 15 * 60_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000, 24 * 3_600_000];
/// What waited for longer is told to nobody any more, ms: a mail server that is set up after weeks must not flood customers.
pub const STALE_MS: i64 = 3 * 24 * 60 * 60 * 1000;
/// Texts and addresses of messages are kept for so long, ms.
pub const TEXTS_KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// What goes wrong with the mail server and not with one message.
pub const SERVER_FAULTS: &[&str] = &["connect", "timeout", "tls", "login"];
/// Longest subject and text, characters.
pub const SUBJECT_CHARS_MAX: usize = 200;
/// Longest text, characters.
pub const BODY_CHARS_MAX: usize = 10_000;
