//! Admins change pipelines: which orders enter, and each stage's name, look, bound, facts, sub-statuses and place in the row.

use super::install::{TEMPLATES, json, put};
use super::model::{Fact, LOOKS, Names, Need, Pipeline, Stage, Sub, all, stage_of};
use crate::central::error::{Refusal, Res};
use crate::central::services::messages::Kind;
use crate::central::store::work::Work;
use crate::vals;

/// Longest name of a stage or sub-status, characters.
pub const NAME_MAX: usize = 40;
/// Most stages of a pipeline.
pub const STAGES_MAX: usize = 30;
/// Highest bound of a stage.
pub const LIMIT_MAX: i64 = 100_000;
/// Most sub-statuses of a stage.
const SUBS_MAX: usize = 20;
/// Longest time until a reminder: a year, minutes.
pub const REMIND_MAX_MIN: i64 = 366 * 24 * 60;

/// A sub-status as an admin wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubEdit {
    /// Code of the one there is; none for a new one.
    pub code: Option<String>,
    /// Its names.
    pub names: Names,
    /// The mail that is sent when an order comes into it.
    pub mail: Option<Kind>,
}

/// A stage as an admin wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageEdit {
    /// Id of the one there is; none for a new one at the end.
    pub id: Option<String>,
    /// Its names.
    pub names: Names,
    /// One of [`LOOKS`].
    pub look: String,
    /// Most orders in it; 0 for no bound.
    pub wip_limit: i64,
    /// What brings an order here by itself.
    pub follows: Option<Fact>,
    /// Hands may not move an order here.
    pub by_work: bool,
    /// What an order must have.
    pub needs: Vec<Need>,
    /// Its sub-statuses, in their order.
    pub subs: Vec<SubEdit>,
    /// Orders here are done with.
    pub done: bool,
    /// A reminder so many minutes after entering; 0 for none.
    pub remind_after_min: i64,
    /// The mail that is sent when an order enters.
    pub mail: Option<Kind>,
}

impl From<&Stage> for StageEdit {
    fn from(stage: &Stage) -> StageEdit {
        let sub = |sub: &Sub| SubEdit { code: Some(sub.code.clone()), names: sub.names.clone(), mail: sub.mail };
        StageEdit {
            id: Some(stage.id.clone()),
            names: stage.names.clone(),
            look: stage.look.clone(),
            wip_limit: stage.wip_limit,
            follows: stage.follows,
            by_work: stage.by_work,
            needs: stage.needs.clone(),
            subs: stage.subs.iter().map(sub).collect(),
            done: stage.done,
            remind_after_min: stage.remind_after_min,
            mail: stage.mail,
        }
    }
}

/// Where a stage goes in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One place to the front.
    Earlier,
    /// One place to the end.
    Later,
}

/// Puts a template into the site; no order enters it by itself yet. Its id.
///
/// # Errors
/// [`Refusal::Missing`] for no such template, [`Refusal::Taken`] if it is there already.
pub fn install(work: &mut Work<'_>, code: &str) -> Res<String> {
    let template = TEMPLATES.iter().find(|template| template.code == code);
    let template = template.ok_or(Refusal::Missing { entity: "template" })?;
    let id = put(work, template, "")?;
    work.audit("pipeline.installed", "pipeline", &id, serde_json::json!({ "code": template.code }));
    Ok(id)
}

/// Which new orders enter the pipeline with that id: `all`, `b2b`, `b2c`, or empty. Another that took them takes them no longer;
/// the pipeline for all can only be replaced.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Field`] for another word, [`Refusal::Version`], [`Refusal::State`] where none would take all.
pub fn take(work: &mut Work<'_>, pipeline: &str, takes: &str, seen: i64) -> Res<()> {
    if !["", "all", "b2b", "b2c"].contains(&takes) {
        return Err(Refusal::Field { field: "takes", why: "must be all, b2b, b2c or empty" }.into());
    }
    let here = locked(work, pipeline, seen)?;
    if here.takes == "all" && takes != "all" {
        return Err(Refusal::State { entity: "pipeline", state: "the one for all orders".to_owned() }.into());
    }
    if !takes.is_empty() {
        let sql = "UPDATE pipelines SET takes = '', version = version + 1 WHERE site = $1 AND takes = $2 AND id <> $3";
        work.exec(sql, vals![work.site(), takes, pipeline])?;
    }
    work.exec("UPDATE pipelines SET takes = $2 WHERE id = $1", vals![pipeline, takes])?;
    work.audit("pipeline.changed", "pipeline", pipeline, serde_json::json!({ "takes": takes }));
    Ok(())
}

/// The pipeline as it was seen; from here on it is another version.
fn locked(work: &mut Work<'_>, id: &str, seen: i64) -> Res<Pipeline> {
    let found = all(work.tx, work.ctx.site)?.into_iter().find(|pipeline| pipeline.id == id);
    let found = found.ok_or(Refusal::Missing { entity: "pipeline" })?;
    if found.version != seen {
        return Err(Refusal::Version { newest: found.version, fields: Vec::new() }.into());
    }
    let sql = "UPDATE pipelines SET version = version + 1, updated_ms = $2 WHERE id = $1";
    work.exec(sql, vals![id, work.now_ms()])?;
    Ok(found)
}

fn named(names: &Names) -> Res<()> {
    let wrong = Refusal::Field { field: "stage-name", why: "must have 1 to 40 characters" };
    let fits = |name: &String| !name.trim().is_empty() && name.chars().count() <= NAME_MAX && !name.contains('\0');
    if names.0.is_empty() || !names.0.values().all(fits) {
        return Err(wrong.into());
    }
    Ok(())
}

fn check(edit: &StageEdit, pipeline: &Pipeline) -> Res<()> {
    named(&edit.names)?;
    let wrong = |field: &'static str, why: &'static str| Err(Refusal::Field { field, why }.into());
    if !LOOKS.contains(&edit.look.as_str()) {
        return wrong("look", "must be one of the looks");
    }
    if !(0..=LIMIT_MAX).contains(&edit.wip_limit) {
        return wrong("limit", "must be 0 to 100,000");
    }
    if !(0..=REMIND_MAX_MIN).contains(&edit.remind_after_min) {
        return wrong("remind", "must be at most a year");
    }
    if edit.subs.len() > SUBS_MAX {
        return wrong("subs", "must be at most 20");
    }
    edit.subs.iter().try_for_each(|sub| named(&sub.names))?;
    if edit.id.is_none() && pipeline.stages.len() >= STAGES_MAX {
        return wrong("stage-name", "a pipeline has at most 30 stages");
    }
    let other = |stage: &&Stage| Some(&stage.id) != edit.id.as_ref() && stage.follows == edit.follows;
    if edit.follows.is_some_and(|fact| fact == Fact::Cancelled) {
        return wrong("follows", "must be a fact of an order that is not called off");
    }
    if edit.follows.is_some() && pipeline.stages.iter().any(|stage| other(&stage)) {
        return Err(Refusal::Taken { field: "follows", entity: "stage" }.into());
    }
    if edit.by_work && edit.follows.is_none() {
        return wrong("follows", "must be named where only work enters");
    }
    Ok(())
}

/// A word for a new thing that none of these has.
fn fresh(names: &Names, taken: &[&str]) -> String {
    let plain: String =
        names.of("en").to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let plain = plain.trim_matches('_').chars().take(30).collect::<String>();
    let plain = if plain.is_empty() { "stage".to_owned() } else { plain };
    let free = |word: &String| !taken.contains(&word.as_str());
    let more = (2..1_000).map(|n| format!("{plain}_{n}"));
    std::iter::once(plain.clone()).chain(more).find(free).unwrap_or(plain)
}

/// Saves a stage of the pipeline with that id, or adds one at its end. Its id.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Version`], [`Refusal::Field`] for what cannot be, [`Refusal::Taken`] where another stage follows
/// the same fact, [`Refusal::State`] for a sub-status that is taken away while orders have it.
pub fn save_stage(work: &mut Work<'_>, pipeline: &str, edit: &StageEdit, seen: i64) -> Res<String> {
    let here = locked(work, pipeline, seen)?;
    check(edit, &here)?;
    let before = match &edit.id {
        Some(id) => Some(here.stage(id).ok_or(Refusal::Missing { entity: "stage" })?.1.clone()),
        None => None,
    };
    let subs = subs(work, edit, before.as_ref())?;
    let codes: Vec<&str> = here.stages.iter().map(|stage| stage.code.as_str()).collect();
    let (id, code) = match &before {
        Some(stage) => (stage.id.clone(), stage.code.clone()),
        None => (work.new_id(), fresh(&edit.names, &codes)),
    };
    let needs: Vec<&str> = Need::ALL.iter().filter(|need| edit.needs.contains(need)).map(|need| need.word()).collect();
    work.exec(
        "INSERT INTO pipeline_stages (id, pipeline, code, names, position, look, wip_limit, follows, by_work, needs, subs, done, \
         remind_after_min, updated_ms, mail) SELECT $1, $2, $3, $4, COALESCE(MAX(position), 0) + 1, $5, CAST($6 AS BIGINT), $7, \
         CAST($8 AS BIGINT), $9, $10, CAST($11 AS BIGINT), CAST($12 AS BIGINT), CAST($13 AS BIGINT), $14 FROM pipeline_stages \
         WHERE pipeline = $2 ON CONFLICT (id) DO UPDATE SET names = excluded.names, look = excluded.look, \
         wip_limit = excluded.wip_limit, follows = excluded.follows, by_work = excluded.by_work, needs = excluded.needs, \
         subs = excluded.subs, done = excluded.done, remind_after_min = excluded.remind_after_min, mail = excluded.mail, \
         updated_ms = excluded.updated_ms",
        vals![
            &id, pipeline, &code, json(&edit.names)?, &edit.look, edit.wip_limit, edit.follows.map_or("", Fact::word),
            edit.by_work, needs.join(" "), json(&subs)?, edit.done, edit.remind_after_min, work.now_ms(),
            edit.mail.map_or("", Kind::word)
        ],
    )?;
    if before.as_ref().is_some_and(|stage| stage.done != edit.done) {
        sort_again(work, &id, edit.done)?;
    }
    work.audit(
        "pipeline.changed",
        "pipeline",
        pipeline,
        serde_json::json!({
            "stage": code, "new": before.is_none(), "mail": edit.mail.map(Kind::word),
            "sub_mails": subs.iter().filter(|sub| sub.mail.is_some()).count(),
        }),
    );
    Ok(id)
}

fn subs(work: &mut Work<'_>, edit: &StageEdit, before: Option<&Stage>) -> Res<Vec<Sub>> {
    let known: Vec<&str> = before.iter().flat_map(|stage| &stage.subs).map(|sub| sub.code.as_str()).collect();
    let mut subs: Vec<Sub> = Vec::with_capacity(edit.subs.len());
    for sub in &edit.subs {
        let code = match sub.code.as_deref().filter(|code| known.contains(code)) {
            Some(code) => code.to_owned(),
            None => {
                let taken: Vec<&str> = known.iter().copied().chain(subs.iter().map(|sub| sub.code.as_str())).collect();
                fresh(&sub.names, &taken)
            }
        };
        subs.push(Sub { code, names: sub.names.clone(), mail: sub.mail });
    }
    if let Some(stage) = before {
        for gone in stage.subs.iter().filter(|sub| !subs.iter().any(|kept| kept.code == sub.code)) {
            let sql = "SELECT order_id FROM order_places WHERE stage = $1 AND sub = $2 LIMIT 1";
            if work.one(sql, vals![&stage.id, &gone.code])?.is_some() {
                return Err(Refusal::State { entity: "sub-status", state: "in use".to_owned() }.into());
            }
        }
    }
    Ok(subs)
}

/// The cards of a stage that is done now stand by when they came, those of one that no longer is by when they leave.
fn sort_again(work: &mut Work<'_>, stage: &str, done: bool) -> Res<()> {
    let sql = if done {
        "UPDATE order_places SET sort_rank = 0, sort_due_ms = -since_ms WHERE stage = $1"
    } else {
        "UPDATE order_places SET sort_rank = (SELECT CASE WHEN o.expedited_by IS NOT NULL THEN -2 ELSE -o.rush END FROM orders o \
         WHERE o.id = order_places.order_id), sort_due_ms = (SELECT COALESCE(o.ship_by_ms, 253402214400000) FROM orders o \
         WHERE o.id = order_places.order_id) WHERE stage = $1"
    };
    work.exec(sql, vals![stage])?;
    Ok(())
}

/// Moves the stage with that id one place in its row.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Version`].
pub fn step(work: &mut Work<'_>, stage: &str, step: Step, seen: i64) -> Res<()> {
    let (pipeline, at) = stage_of(work.tx, work.ctx.site, stage)?;
    locked(work, &pipeline.id, seen)?;
    let other = match step {
        Step::Earlier => at.checked_sub(1),
        Step::Later => Some(at + 1),
    };
    let mut ids: Vec<&str> = pipeline.stages.iter().map(|stage| stage.id.as_str()).collect();
    if let Some(other) = other.filter(|other| *other < ids.len()) {
        ids.swap(at, other);
    }
    for (place, id) in (1_i64..).zip(ids) {
        work.exec("UPDATE pipeline_stages SET position = $2 WHERE id = $1", vals![id, place])?;
    }
    work.audit("pipeline.changed", "pipeline", &pipeline.id, serde_json::json!({ "moved": pipeline.stages[at].code }));
    Ok(())
}

/// Takes the stage with that id away.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Version`], [`Refusal::State`] while orders are in it, or for the last one.
pub fn remove_stage(work: &mut Work<'_>, stage: &str, seen: i64) -> Res<()> {
    let (pipeline, at) = stage_of(work.tx, work.ctx.site, stage)?;
    locked(work, &pipeline.id, seen)?;
    let used = work.one("SELECT order_id FROM order_places WHERE stage = $1 LIMIT 1", vals![stage])?.is_some();
    if used || pipeline.stages.len() == 1 {
        return Err(Refusal::State { entity: "stage", state: "in use".to_owned() }.into());
    }
    work.exec("DELETE FROM pipeline_stages WHERE id = $1", vals![stage])?;
    work.audit(
        "pipeline.changed",
        "pipeline",
        &pipeline.id,
        serde_json::json!({ "removed": pipeline.stages[at].code }),
    );
    Ok(())
}
