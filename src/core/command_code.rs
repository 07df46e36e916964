//! Command barcodes: everything a packer can tap can also be scanned from a printed sheet.
//!
//! A code is `ZZPB` + a name of capital letters and digits + one check character. Only A–Z and 0–9
//! occur, because keyboard scanners set to another layout swap hyphens and brackets. The check
//! character is the sum of 36-ary digit values weighted 1, 5, 7, 11 in turn (all prime to 36), modulo 36: it catches
//! every single wrong character and most swaps. Products whose barcode starts with `ZZPB` are
//! refused at import, so a command can never be taken for goods.

/// Reserved start of every command code.
pub const PREFIX: &str = "ZZPB";

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What a command barcode asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CommandCode { $($(#[$doc])* $name,)* }

        impl CommandCode {
            /// All of them, in the order of the printed sheet.
            pub const ALL: &'static [CommandCode] = &[$(CommandCode::$name,)*];

            /// The name within the barcode, also the tail of its key in the catalogue.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(CommandCode::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// Go on: start, acknowledge, next.
    Continue = "GO";
    /// Open the sheet of problems.
    Problem = "PROBLEM";
    /// Take back the last scan.
    Undo = "UNDO";
    /// Fewer than needed.
    Short = "SHORT";
    /// Broken, dirty, open.
    Damaged = "DAMAGED";
    /// Send something else from the allowed list.
    Substitute = "SUBST";
    /// Park it with a reason.
    Hold = "HOLD";
    /// One more box.
    AnotherParcel = "NEWBOX";
    /// Print again.
    Reprint = "REPRINT";
    /// Take a photo.
    Photo = "PHOTO";
    /// Call the shift lead.
    CallLead = "CALL";
    /// Break.
    Pause = "BREAK";
    /// Give the order back to the queue.
    HandBack = "BACK";
    /// Somebody else goes on.
    SwitchPacker = "SWITCH";
    /// Confirm an unreadable item by hand.
    ByHand = "BYHAND";
    /// Tick the current line of the checklist.
    Tick = "TICK";
    /// Weigh or count again.
    Recount = "RECOUNT";
    /// Close what is open.
    Close = "CLOSE";
    /// Log out.
    LogOut = "LOGOUT";
    /// Show the returns that are on their way.
    Returns = "RETURN";
    /// The returned unit in hand is as new.
    Resell = "RESELL";
    /// It must be looked at or repaired.
    Repair = "REPAIR";
    /// It is thrown away.
    Scrap = "SCRAP";
}

/// A command barcode that was misread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a command barcode was misread: scan it again")]
pub struct Misread;

impl CommandCode {
    /// The whole text of the barcode.
    #[must_use]
    pub fn barcode(self) -> String {
        let body = format!("{PREFIX}{}", self.name());
        let check = check_char(&body).unwrap_or('0');
        format!("{body}{check}")
    }

    /// `None` if this is no command barcode at all.
    #[must_use]
    pub fn parse(text: &str) -> Option<Result<CommandCode, Misread>> {
        let upper = text.to_ascii_uppercase();
        if !upper.starts_with(PREFIX) {
            return None;
        }
        let found = CommandCode::ALL.iter().find(|c| c.barcode() == upper);
        Some(found.copied().ok_or(Misread))
    }
}

/// Would this barcode be taken for a command? Such products are refused at import.
#[must_use]
pub fn is_reserved(text: &str) -> bool {
    text.trim().to_ascii_uppercase().starts_with(PREFIX)
}

/// Check character over capital letters and digits; `None` for anything else.
fn check_char(body: &str) -> Option<char> {
    const WEIGHTS: [u32; 4] = [1, 5, 7, 11];
    let mut sum = 0;
    for (i, c) in body.chars().enumerate() {
        sum += c.to_digit(36)? * WEIGHTS[i % WEIGHTS.len()];
    }
    char::from_digit(sum % 36, 36).map(|c| c.to_ascii_uppercase())
}
