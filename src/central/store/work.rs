//! One unit of writing: a transaction that holds its site's lock, knows who acts and when, gathers what changed, and in
//! the end numbers the changes and writes the audit. Services take `&mut Work`, so several compose into one
//! transaction. Nothing here opens a transaction: the store does.

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::bulk::{Bulk, Column, NEW_ID};
use crate::central::store::chain::{Link, hash_of};
use crate::core::time::UtcMs;
use crate::protocol::wire::{ChangeKind, SettingsRecord, SiteId, StationId};
use crate::sql::{Conn, Row, Val};
use crate::vals;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

const CHANGE_COLUMNS: &[Column] = &[
    Column::Text("site"),
    Column::Text("kind"),
    Column::Text("record"),
    Column::Int("gseq"),
    Column::Text("station"),
    Column::Int("gone"),
];
const AUDIT_COLUMNS: &[Column] = &[
    Column::Text("id"),
    Column::Text("site"),
    Column::Int("at_ms"),
    Column::Text("actor_kind"),
    Column::Text("actor"),
    Column::Text("kind"),
    Column::Text("entity"),
    Column::Text("entity_id"),
    Column::Text("detail"),
    Column::Int("no"),
    Column::Text("hash"),
];
const CHANGE_TAIL: &str = "ON CONFLICT (site, kind, record) DO UPDATE SET gseq = excluded.gseq, \
    station = excluded.station, gone = excluded.gone";

/// Savepoint around a part that may be refused by itself.
const PART: &str = "packbench_part";

/// Who acts, where, and when.
#[derive(Clone, Debug)]
pub struct Context {
    /// The site.
    pub site: SiteId,
    /// Who.
    pub actor: Actor,
    /// When, by the server's clock.
    pub now: UtcMs,
}

/// One audit entry to be written at the end.
struct Audit {
    kind: &'static str,
    entity: &'static str,
    id: String,
    detail: serde_json::Value,
}

/// Something to be told to programs at the end.
pub struct Told {
    /// Type of the message.
    pub kind: &'static str,
    /// Id of the order it is about.
    pub order: String,
    /// What it says; never a person's data.
    pub data: serde_json::Value,
}

/// What became of a record: told to one station or all, gone or there.
struct Changed {
    station: String,
    gone: bool,
}

/// A write transaction in progress.
pub struct Work<'a> {
    /// The transaction.
    pub tx: &'a mut dyn Conn,
    /// Who, where, when.
    pub ctx: Context,
    site_text: String,
    changed: BTreeMap<(ChangeKind, String), Changed>,
    audit: Vec<Audit>,
    told: Vec<Told>,
    hinted: bool,
    /// The site's settings, once somebody asked for them.
    pub(in crate::central) settings: Option<Arc<SettingsRecord>>,
}

impl<'a> Work<'a> {
    /// Takes the site's lock: from here to the commit no other writer of this site runs, so that numbers given to changes
    /// are dense and in commit order, and what is checked stays true until it is written.
    ///
    /// # Errors
    /// [`Refusal::Missing`] if there is no such site; any fault of the store.
    pub fn begin(tx: &'a mut dyn Conn, ctx: Context) -> Res<Work<'a>> {
        let site_text = ctx.site.to_string();
        let locked = tx.exec("UPDATE sites SET gseq = gseq WHERE id = $1", vals![&site_text])?;
        if locked == 0 {
            return Err(Refusal::Missing { entity: "site" }.into());
        }
        Ok(Work {
            tx,
            ctx,
            site_text,
            changed: BTreeMap::new(),
            audit: Vec::new(),
            told: Vec::new(),
            hinted: false,
            settings: None,
        })
    }

    /// The site's id as stored.
    #[must_use]
    pub fn site(&self) -> String {
        self.site_text.clone()
    }

    /// [`Work::site`] where it lies.
    #[must_use]
    pub fn site_text(&self) -> &str {
        &self.site_text
    }

    /// Now, UTC ms.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.ctx.now.0
    }

    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> String {
        Uuid::now_v7().to_string()
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn exec(&mut self, sql: &str, params: &[Val]) -> Res<u64> {
        Ok(self.tx.exec(sql, params)?)
    }

    /// One row or none.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn one(&mut self, sql: &str, params: &[Val]) -> Res<Option<Row>> {
        Ok(self.tx.one(sql, params)?)
    }

    /// All rows.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn all(&mut self, sql: &str, params: &[Val]) -> Res<Vec<Row>> {
        Ok(self.tx.all(sql, params)?)
    }

    /// Every station shall learn the record's new state.
    pub fn changed(&mut self, kind: ChangeKind, record: impl Into<String>) {
        self.changed.insert((kind, record.into()), Changed { station: String::new(), gone: false });
    }

    /// One station alone shall learn the record's new state.
    pub fn changed_for(&mut self, station: StationId, kind: ChangeKind, record: impl Into<String>) {
        self.changed.insert((kind, record.into()), Changed { station: station.to_string(), gone: false });
    }

    /// Every station shall forget the record.
    pub fn gone(&mut self, kind: ChangeKind, record: impl Into<String>) {
        self.changed.insert((kind, record.into()), Changed { station: String::new(), gone: true });
    }

    /// A part that may be refused by itself: its refusal undoes the part alone, with what it noted, and the rest goes on.
    ///
    /// # Errors
    /// The part's own, or the fault of undoing it.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Work<'a>) -> Res<T>) -> Res<T> {
        self.tx.savepoint(PART)?;
        let before = (std::mem::take(&mut self.changed), self.audit.len(), self.told.len(), self.hinted);
        match part(self) {
            Ok(out) => {
                self.tx.release(PART)?;
                let part = std::mem::replace(&mut self.changed, before.0);
                self.changed.extend(part);
                Ok(out)
            }
            Err(error) => {
                self.tx.rollback_to(PART)?;
                self.tx.release(PART)?;
                self.changed = before.0;
                self.audit.truncate(before.1);
                self.told.truncate(before.2);
                self.hinted = before.3;
                // What it read of the settings may be what it wrote.
                self.settings = None;
                Err(error)
            }
        }
    }

    /// Part of this work was one of its own within the transaction, and changed something that stations are told of.
    pub fn hint(&mut self) {
        self.hinted = true;
    }

    /// Notes who did what; `detail` holds ids, codes and numbers, never a person's data.
    pub fn audit(
        &mut self,
        kind: &'static str,
        entity: &'static str,
        id: impl Into<String>,
        detail: serde_json::Value,
    ) {
        self.audit.push(Audit { kind, entity, id: id.into(), detail });
    }

    /// Ids of the orders that changed so far.
    #[must_use]
    pub fn changed_orders(&self) -> Vec<String> {
        let orders = self.changed.iter().filter(|((kind, _), what)| *kind == ChangeKind::Order && !what.gone);
        orders.map(|((_, record), _)| record.clone()).collect()
    }

    /// Ids of the orders that changed or of which something was noted so far.
    #[must_use]
    pub fn touched_orders(&self) -> Vec<String> {
        let mut ids = self.changed_orders();
        ids.extend(self.audit.iter().filter(|entry| entry.entity == "order").map(|entry| entry.id.clone()));
        ids.sort();
        ids.dedup();
        ids
    }

    /// Programs that want messages of this kind shall get one.
    pub fn tell(&mut self, kind: &'static str, order: impl Into<String>, data: serde_json::Value) {
        self.told.push(Told { kind, order: order.into(), data });
    }

    /// What is to be told so far, handed over.
    #[must_use]
    pub fn take_told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// Was this noted about this record?
    #[must_use]
    pub fn has_noted(&self, kind: &str, id: &str) -> bool {
        self.audit.iter().any(|entry| entry.kind == kind && entry.id == id)
    }

    /// Numbers the changes and writes the audit; the last thing before the commit.
    ///
    /// # Errors
    /// Any fault of the store.
    pub fn finish(self) -> Res<bool> {
        let Work { tx, ctx, site_text, changed, audit, told: _, hinted, settings: _ } = self;
        let some = !changed.is_empty();
        if some {
            let count = i64::try_from(changed.len()).unwrap_or(i64::MAX);
            let last =
                tx.int("UPDATE sites SET gseq = gseq + $2 WHERE id = $1 RETURNING gseq", vals![&site_text, count])?;
            let mut vals = Vec::with_capacity(changed.len() * CHANGE_COLUMNS.len());
            for (place, ((kind, record), what)) in (last - count + 1..).zip(changed) {
                vals.extend([
                    Val::from(&site_text),
                    kind.text().into(),
                    record.into(),
                    place.into(),
                    what.station.into(),
                    what.gone.into(),
                ]);
            }
            let mut rows = Bulk::new("changes", CHANGE_COLUMNS, CHANGE_TAIL);
            rows.rows(tx, &vals)?;
            rows.finish(tx)?;
        }
        chain(tx, &ctx, &site_text, &audit)?;
        Ok(some || hinted)
    }
}

/// Writes the entries behind the last one of the site's chain. The site's lock is held, so nobody writes between.
fn chain(tx: &mut dyn Conn, ctx: &Context, site: &str, audit: &[Audit]) -> Res<()> {
    if audit.is_empty() {
        return Ok(());
    }
    let head = tx.one("SELECT audit_no, audit_hash FROM sites WHERE id = $1", vals![site])?;
    let head = head.ok_or(Refusal::Missing { entity: "site" })?;
    let (mut no, mut hash) = (head.at::<i64>(0)?, head.at::<String>(1)?);
    let (actor_kind, actor) = (ctx.actor.kind(), ctx.actor.id());
    let mut vals = Vec::with_capacity(audit.len() * AUDIT_COLUMNS.len());
    for entry in audit {
        no += 1;
        let detail = entry.detail.to_string();
        let link = Link {
            no,
            at_ms: ctx.now.0,
            actor_kind,
            actor: &actor,
            kind: entry.kind,
            entity: entry.entity,
            entity_id: &entry.id,
            detail: &detail,
        };
        hash = hash_of(&hash, &link);
        vals.extend([
            Val::from(Uuid::now_v7().to_string()),
            Val::from(site),
            link.at_ms.into(),
            actor_kind.into(),
            Val::from(&actor),
            entry.kind.into(),
            entry.entity.into(),
            Val::from(&entry.id),
            detail.into(),
            no.into(),
            Val::from(&hash),
        ]);
    }
    let mut rows = Bulk::new("audit", AUDIT_COLUMNS, NEW_ID);
    rows.rows(tx, &vals)?;
    if rows.finish(tx)? != audit.len() as u64 {
        return Err(CentralError::Inner { what: "writing the audit: an id was given twice" });
    }
    tx.exec("UPDATE sites SET audit_no = $2, audit_hash = $3 WHERE id = $1", vals![site, no, hash])?;
    Ok(())
}
