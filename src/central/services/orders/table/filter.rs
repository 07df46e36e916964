//! Which orders: what a clerk chose, and how each choice is asked of the database. A choice can be asked in two ways: as a test
//! of one row, and, where few orders may have it, as the ids of those that have it.

use crate::sql::Val;
use crate::vals;

/// Longest text that is looked for, characters.
pub const TEXT_MAX: usize = 100;
/// Words of the first axis, in the order of a life.
pub const STATUSES: &[&str] = &["draft", "placed", "closed", "cancelled"];
/// Words of the second axis, trouble first.
pub const PAYMENTS: &[&str] = &[
    "failed",
    "none",
    "partially_paid",
    "authorized",
    "paid",
    "overcharged",
    "partially_refunded",
    "refunded",
    "voided",
];
/// Words of the third axis, in the order of work.
pub const FULFILLMENTS: &[&str] = &[
    "unfulfilled",
    "in_progress",
    "packed",
    "partially_shipped",
    "shipped",
    "delivered",
    "nothing_to_ship",
    "cancelled",
];
/// Kinds of customers that can be asked for.
pub const BUYERS: &[&str] = &["business", "person", "guest", "vip"];

/// Something about an order that the office looks out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// A lead put it first.
    Expedited,
    /// Sold as rush.
    Rush,
    /// Its customer goes before others.
    Vip,
    /// Suspected fraud.
    Fraud,
    /// Its address is in doubt.
    Address,
    /// It must be paid before it leaves, and is not.
    Unpaid,
    /// It waits for stock.
    Stock,
    /// The office holds it.
    Held,
    /// A question about it is open.
    Question,
    /// A present.
    Gift,
    /// It bears a note.
    Note,
}

impl Flag {
    /// All, in the order people are shown.
    pub const ALL: [Flag; 11] = [
        Flag::Expedited,
        Flag::Rush,
        Flag::Vip,
        Flag::Fraud,
        Flag::Address,
        Flag::Unpaid,
        Flag::Stock,
        Flag::Held,
        Flag::Question,
        Flag::Gift,
        Flag::Note,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Flag::Expedited => "expedited",
            Flag::Rush => "rush",
            Flag::Vip => "vip",
            Flag::Fraud => "fraud",
            Flag::Address => "address",
            Flag::Unpaid => "unpaid",
            Flag::Stock => "stock",
            Flag::Held => "held",
            Flag::Question => "question",
            Flag::Gift => "gift",
            Flag::Note => "note",
        }
    }

    /// The flag of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Flag> {
        Flag::ALL.into_iter().find(|flag| flag.word() == word)
    }

    fn cond(self, site: &str) -> Cond {
        let own = |test: &str, values: Vec<Val>| {
            Cond::new(test, values.clone()).few(&rare(test), [vec![Val::from(site)], values].concat())
        };
        let work = |reasons: [&str; 2]| {
            Cond::new(
                "EXISTS (SELECT 1 FROM fulfillments f WHERE f.order_id = o.id AND f.state = 'blocked' \
                 AND f.hold_reason IN (?, ?))",
                vals![reasons[0], reasons[1]].to_vec(),
            )
            .few(
                "SELECT DISTINCT f.order_id AS id FROM fulfillments f WHERE f.site = ? AND f.hold_reason IN (?, ?) \
                 AND f.state = 'blocked'",
                vals![site, reasons[0], reasons[1]].to_vec(),
            )
        };
        match self {
            Flag::Expedited => own("o.expedited_by IS NOT NULL", Vec::new()),
            Flag::Rush => own("o.rush = 1", Vec::new()),
            Flag::Fraud => own("o.flag_fraud = 1", Vec::new()),
            Flag::Address => own("o.flag_address = 1", Vec::new()),
            Flag::Unpaid => own("o.flag_unpaid = 1", Vec::new()),
            Flag::Gift => own("o.gift = 1", Vec::new()),
            Flag::Note => own("o.note IS NOT NULL", Vec::new()),
            Flag::Vip => buyer("vip", site),
            Flag::Stock => work([super::BACKORDER; 2]),
            Flag::Held => work([super::OFFICE_HOLD, super::OFFICE_HOLD_KEPT]),
            Flag::Question => {
                Cond::new("o.id IN (SELECT e.order_id FROM exceptions e WHERE e.site = ? AND e.state = 'open' AND e.order_id IS NOT NULL)", vals![site].to_vec())
                    .few(
                        "SELECT DISTINCT e.order_id AS id FROM exceptions e WHERE e.site = ? AND e.state = 'open' AND e.order_id IS NOT NULL",
                        vals![site].to_vec(),
                    )
            }
        }
    }
}

/// What a clerk chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only open ones.
    pub open: bool,
    /// Placed at or after, UTC ms.
    pub from_ms: Option<i64>,
    /// Placed before, UTC ms.
    pub until_ms: Option<i64>,
    /// To leave before, UTC ms.
    pub due_before_ms: Option<i64>,
    /// Any of these statuses; none: all.
    pub status: Vec<String>,
    /// Any of these payment statuses; none: all.
    pub payment: Vec<String>,
    /// Any of these fulfillment statuses; none: all.
    pub fulfillment: Vec<String>,
    /// Kind of the customer, one of [`BUYERS`], or empty.
    pub buyer: String,
    /// Category of a product in it, or empty.
    pub category: String,
    /// How it was paid, the word of a method, or empty.
    pub method: String,
    /// `carrier/service`, or empty.
    pub shipping: String,
    /// `b2b`, `b2c`, or empty.
    pub desk: String,
    /// All of these.
    pub flags: Vec<Flag>,
    /// Beginning of an order's number; part of a customer's number or name; a whole SSCC or tracking number.
    pub text: String,
    /// Who asks may see customers' personal data; else a name finds nothing.
    pub personal: bool,
}

/// One choice, as a test of the order `o` and, maybe, as a question for the ids of those that pass it.
#[derive(Clone, Debug)]
pub(super) struct Cond {
    /// The test.
    pub test: String,
    /// Its values.
    pub values: Vec<Val>,
    /// The ids.
    pub ids: Option<(String, Vec<Val>)>,
    /// The test is one that an index in the order of this column begins with.
    pub leads: Option<Lead>,
}

/// What an index begins with, before the column that it is in the order of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Open or not; in the order of every column that can be sorted by.
    Open,
    /// A word of an axis or the desk; in the order of the time of placing.
    Word,
    /// A word of the axis of payment; in the order of the time of placing, and of the total.
    Payment,
    /// A range of the time of placing itself.
    Placed,
    /// A range of the time to leave itself.
    Due,
}

impl Cond {
    pub fn new(test: &str, values: Vec<Val>) -> Cond {
        Cond { test: test.to_owned(), values, ids: None, leads: None }
    }

    fn few(mut self, ids: &str, values: Vec<Val>) -> Cond {
        self.ids = Some((ids.to_owned(), values));
        self
    }

    pub(super) fn leads(mut self, lead: Lead) -> Cond {
        self.leads = Some(lead);
        self
    }
}

/// A column with words holds one of these.
pub(super) fn any_word(column: &str, choices: &[String], site: &str) -> Cond {
    let places = vec!["?"; choices.len()].join(", ");
    let values: Vec<Val> = choices.iter().map(Val::from).collect();
    let test = if choices.len() == 1 { format!("o.{column} = ?") } else { format!("o.{column} IN ({places})") };
    // In the order of the word's index: PostgreSQL would else look for a rare word by reading orders from the first one on.
    let order = if choices.len() == 1 { " ORDER BY o.placed_ms, o.id" } else { "" };
    let ids = format!("SELECT o.id FROM orders o WHERE o.site = ? AND {test}{order}");
    let cond = Cond::new(&test, values.clone()).few(&ids, [vec![Val::from(site)], values].concat());
    let lead = if column == "payment_status" { Lead::Payment } else { Lead::Word };
    if choices.len() == 1 { cond.leads(lead) } else { cond }
}

/// The ids of orders with a rare property, by the index of those that have it. The test of the site is wrapped: SQLite would take any
/// index that begins with the site for as good, and read every order of the site by it.
pub(super) fn rare(test: &str) -> String {
    format!("SELECT o.id FROM orders o WHERE (CASE WHEN o.site = ? THEN 1 ELSE 0 END) = 1 AND {test}")
}

fn buyer(kind: &str, site: &str) -> Cond {
    let test = if kind == "vip" { "c.vip = 1" } else { "c.kind = ?" };
    let values = if kind == "vip" { Vec::new() } else { vals![kind].to_vec() };
    // As in `rare`: the few that are VIP have an index of their own.
    let of_site = if kind == "vip" { "(CASE WHEN c.site = ? THEN 1 ELSE 0 END) = 1" } else { "c.site = ?" };
    let ids = format!("SELECT x.id FROM customers c JOIN orders x ON x.customer = c.id WHERE {of_site} AND {test}");
    Cond::new(&format!("EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND {test})"), values.clone())
        .few(&ids, [vec![Val::from(site)], values].concat())
}

impl Filter {
    /// The choices as conditions.
    pub(super) fn conds(&self, site: &str) -> Vec<Cond> {
        let mut conds = Vec::new();
        if self.open {
            let open = Cond::new("o.is_open = 1", Vec::new());
            conds.push(
                open.few("SELECT o.id FROM orders o WHERE o.site = ? AND o.is_open = 1", vals![site].to_vec())
                    .leads(Lead::Open),
            );
        }
        let ranges = [
            ("o.placed_ms >= ?", self.from_ms, Lead::Placed),
            ("o.placed_ms < ?", self.until_ms, Lead::Placed),
            ("COALESCE(o.ship_by_ms, 253402214400000) < ?", self.due_before_ms, Lead::Due),
        ];
        for (test, value, lead) in ranges {
            conds.extend(value.map(|at| Cond::new(test, vals![at].to_vec()).leads(lead)));
        }
        let axes =
            [("status", &self.status), ("payment_status", &self.payment), ("fulfillment_status", &self.fulfillment)];
        conds.extend(axes.into_iter().filter(|(_, some)| !some.is_empty()).map(|(c, some)| any_word(c, some, site)));
        if !self.desk.is_empty() {
            conds.push(any_word("desk", std::slice::from_ref(&self.desk), site));
        }
        if !self.buyer.is_empty() {
            conds.push(buyer(&self.buyer, site));
        }
        if !self.category.is_empty() {
            let test = "EXISTS (SELECT 1 FROM order_lines l JOIN products p ON p.id = l.product WHERE l.order_id = o.id AND p.category = ?)";
            conds.push(Cond::new(test, vals![&self.category].to_vec()));
        }
        if !self.method.is_empty() {
            let test = "EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.method = ?)";
            conds.push(Cond::new(test, vals![&self.method].to_vec()).few(
                "SELECT DISTINCT p.order_id AS id FROM payments p WHERE p.method = ?",
                vals![&self.method].to_vec(),
            ));
        }
        if let Some((carrier, service)) = self.shipping.split_once('/') {
            conds.push(Cond::new("o.carrier = ? AND o.service = ?", vals![carrier, service].to_vec()));
        }
        conds.extend(self.flags.iter().map(|flag| flag.cond(site)));
        conds.extend(self.text_cond(site));
        conds
    }

    /// A range of the same column that belongs together is one bounded question: how few fit is counted for both ends at once.
    pub(super) fn range_ids(&self, site: &str) -> Option<(String, Vec<Val>)> {
        let (Some(from), Some(until)) = (self.from_ms, self.until_ms) else { return None };
        Some((
            "SELECT o.id FROM orders o WHERE o.site = ? AND o.placed_ms >= ? AND o.placed_ms < ?".to_owned(),
            vals![site, from, until].to_vec(),
        ))
    }

    fn text_cond(&self, site: &str) -> Option<Cond> {
        let text: String = self.text.trim().chars().filter(|c| *c != '\0').take(TEXT_MAX).collect();
        if text.is_empty() {
            return None;
        }
        let folded = text.to_lowercase();
        // Every text that begins so lies before the text followed by the last character there is.
        let (end, upper) = (format!("{folded}\u{10FFFF}"), text.to_uppercase());
        let like = format!("%{}%", folded.replace(['%', '_', '\\'], ""));
        let (customers, of) = if self.personal {
            ("c.search LIKE ?", vals![&like].to_vec())
        } else {
            ("c.number >= ? AND c.number < ?", vals![&upper, format!("{upper}\u{10FFFF}")].to_vec())
        };
        let customers = format!("SELECT c.id FROM customers c WHERE c.site = ? AND {customers}");
        let parcels = "SELECT f.order_id AS id FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment WHERE p.sscc = ? OR p.tracking = ?";
        let test = format!("((o.search >= ? AND o.search < ?) OR o.customer IN ({customers}) OR o.id IN ({parcels}))");
        let of_customers = [vals![site].to_vec(), of].concat();
        let of_parcels = vals![&text, &text].to_vec();
        let values = [vals![&folded, &end].to_vec(), of_customers.clone(), of_parcels.clone()].concat();
        let cap = super::plan::FEW_MAX + 1;
        let ids = format!(
            "SELECT a.id FROM (SELECT o.id FROM orders o WHERE o.site = ? AND o.search >= ? AND o.search < ? LIMIT {cap}) a \
             UNION SELECT b.id FROM (SELECT x.id FROM orders x WHERE x.customer IN ({customers}) LIMIT {cap}) b UNION {parcels}"
        );
        let of_ids = [vals![site, &folded, &end].to_vec(), of_customers, of_parcels].concat();
        Some(Cond::new(&test, values).few(&ids, of_ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::central::services::orders::table::SortKey;
    use crate::central::store::schema;
    use crate::central::store::sites::NewSite;
    use crate::sql::{self, Target};

    #[test]
    fn rare_properties_are_read_by_their_own_index() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(folder.path().join("central.db"));
        schema::migrate(&target, &NewSite::default(), 0).unwrap();
        let mut conn = sql::open(&target).unwrap();
        let cases = [
            (Flag::Expedited.cond("s"), "orders_expedited"),
            (Flag::Rush.cond("s"), "orders_rush"),
            (Flag::Fraud.cond("s"), "orders_fraud"),
            (Flag::Address.cond("s"), "orders_address"),
            (Flag::Unpaid.cond("s"), "orders_unpaid"),
            (Flag::Gift.cond("s"), "orders_gift"),
            (Flag::Note.cond("s"), "orders_noted"),
            (Flag::Vip.cond("s"), "customers_vip"),
            (Flag::Held.cond("s"), "fulfillments_hold"),
            (SortKey::Priority.word_cond(0, "s"), "orders_expedited"),
            (SortKey::Priority.word_cond(1, "s"), "orders_rush"),
        ];
        for (cond, index) in cases {
            let (ids, values) = cond.ids.unwrap();
            let mut query = sql::Query::new("EXPLAIN QUERY PLAN ");
            query.push(&ids, &values);
            let plan: Vec<String> = query.all(conn.as_mut()).unwrap().iter().map(|row| row.at(3).unwrap()).collect();
            assert!(plan.iter().any(|step| step.contains(index)), "{ids}: {plan:?}");
        }
    }
}
