//! The eleven steps and the declared graph of ways between them. `decide` may only take a way that
//! is declared here; the tests walk every one and fail on any other. `docs/packing.md` draws it.

/// One step of the guided way, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 1: which order.
    Order,
    /// 2: read it, clear its flags.
    Review,
    /// 3: is everything there.
    Stock,
    /// 4: fetch it.
    Pick,
    /// 5: scan every unit.
    Verify,
    /// 6: choose a box and put it in.
    Pack,
    /// 7: papers, gifts, marks.
    Checklist,
    /// 8: on the scale.
    Weigh,
    /// 9: print.
    Label,
    /// 10: scan the label back.
    Confirm,
    /// 11: done, next.
    Next,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Step; 11] = [
        Step::Order,
        Step::Review,
        Step::Stock,
        Step::Pick,
        Step::Verify,
        Step::Pack,
        Step::Checklist,
        Step::Weigh,
        Step::Label,
        Step::Confirm,
        Step::Next,
    ];

    /// 1 to 11, as on the rail.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Key of its word on the rail.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Step::Order => "step-order",
            Step::Review => "step-review",
            Step::Stock => "step-stock",
            Step::Pick => "step-pick",
            Step::Verify => "step-verify",
            Step::Pack => "step-pack",
            Step::Checklist => "step-checklist",
            Step::Weigh => "step-weigh",
            Step::Label => "step-label",
            Step::Confirm => "step-confirm",
            Step::Next => "step-next",
        }
    }
}

/// Every way from one step to another, and what causes it.
pub const EDGES: &[(Step, Step, &str)] = &[
    (Step::Order, Step::Review, "opened: pick and pack"),
    (Step::Order, Step::Verify, "opened: picked tote or put-wall slot, steps 3 and 4 done elsewhere"),
    (Step::Review, Step::Stock, "read, no flag left"),
    (Step::Review, Step::Verify, "read, no flag left, steps 3 and 4 done elsewhere"),
    (Step::Stock, Step::Pick, "confirmed, or shortfalls accepted"),
    (Step::Pick, Step::Verify, "every unit picked or short"),
    (Step::Verify, Step::Pack, "every unit scanned, counted, confirmed by hand or short"),
    (Step::Verify, Step::Confirm, "the last open parcel came to nothing, the others wait for their slot"),
    (Step::Verify, Step::Next, "the last open parcel came to nothing, the others are done"),
    (Step::Verify, Step::Pick, "a damaged unit must be fetched again, or the last pick is taken back"),
    (Step::Pack, Step::Pick, "a damaged unit must be fetched again"),
    (Step::Checklist, Step::Pick, "a damaged unit must be fetched again"),
    (Step::Weigh, Step::Pick, "a damaged unit must be fetched again"),
    (Step::Pack, Step::Verify, "another parcel, or a damaged unit replaced, or undo"),
    (Step::Checklist, Step::Verify, "another parcel, or a damaged unit replaced, or undo"),
    (Step::Weigh, Step::Verify, "count again, another parcel, or a damaged unit replaced"),
    (Step::Pack, Step::Checklist, "box chosen and filled"),
    (Step::Checklist, Step::Weigh, "every line ticked"),
    (Step::Checklist, Step::Label, "every line ticked, site does not weigh"),
    (Step::Weigh, Step::Label, "weight within the gate, or overridden by a lead"),
    (Step::Label, Step::Confirm, "label on its way to the printer"),
    (Step::Label, Step::Pack, "label scanned back before the printer answered, another parcel waits"),
    (Step::Label, Step::Next, "label scanned back before the printer answered"),
    (Step::Confirm, Step::Pack, "label scanned back, another parcel waits"),
    (Step::Confirm, Step::Next, "label scanned back, last parcel"),
];

/// Is there a declared way?
#[must_use]
pub fn is_edge(from: Step, to: Step) -> bool {
    EDGES.iter().any(|(a, b, _)| *a == from && *b == to)
}
