//! Pipelines that come with the program, and putting one into a site: names are read from the catalogue once, in every language, and
//! are the site's own from then on.

use super::follow::put_open;
use super::model::{Fact, Names, Need};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::i18n::{Catalogue, Lang};
use crate::vals;

/// Open orders that get their place by one look.
const AT_ONCE: i64 = 2_000;
const DAY_MIN: i64 = 24 * 60;

/// A pipeline that can be put into a site.
pub struct Template {
    /// Its stable word.
    pub code: &'static str,
    /// Key of its name.
    pub key: &'static str,
    stages: &'static [Outline],
}

/// A stage of one. `key` is that of its name.
struct Outline {
    code: &'static str,
    key: &'static str,
    look: &'static str,
    follows: Option<Fact>,
    by_work: bool,
    needs: &'static [Need],
    subs: &'static [(&'static str, &'static str)],
    done: bool,
    remind_after_min: i64,
}

/// A stage that hands put orders into, and nothing more.
const PLAIN: Outline = Outline {
    code: "",
    key: "",
    look: "plain",
    follows: None,
    by_work: false,
    needs: &[],
    subs: &[],
    done: false,
    remind_after_min: 0,
};

/// What a parcel goes through after it left.
const UNDERWAY: &[(&str, &str)] = &[("transit", "stage-sub-transit"), ("pickup_point", "stage-sub-pickup-point")];
/// What comes after a delivery.
const AFTER: &[(&str, &str)] =
    &[("received", "stage-sub-received"), ("valuation", "stage-sub-valuation"), ("survey", "stage-sub-survey")];

const WAREHOUSE: &[Outline] = &[
    Outline { code: "new", key: "stage-new", look: "now", follows: Some(Fact::New), ..PLAIN },
    Outline {
        code: "paid",
        key: "stage-paid",
        look: "ok",
        follows: Some(Fact::Paid),
        needs: &[Need::Payment],
        ..PLAIN
    },
    Outline { code: "production", key: "stage-production", ..PLAIN },
    Outline { code: "ready", key: "stage-ready", follows: Some(Fact::Picked), ..PLAIN },
    Outline {
        code: "packing",
        key: "stage-packing",
        look: "now",
        follows: Some(Fact::Packing),
        by_work: true,
        ..PLAIN
    },
    Outline { code: "packed", key: "stage-packed", look: "ok", follows: Some(Fact::Packed), by_work: true, ..PLAIN },
    Outline {
        code: "shipped",
        key: "stage-shipped",
        look: "ok",
        follows: Some(Fact::Shipped),
        needs: &[Need::Parcel],
        subs: UNDERWAY,
        ..PLAIN
    },
    Outline {
        code: "delivered",
        key: "stage-delivered",
        look: "ok",
        follows: Some(Fact::Delivered),
        needs: &[Need::Delivery],
        subs: AFTER,
        done: true,
        ..PLAIN
    },
    Outline {
        code: "hold",
        key: "stage-hold",
        look: "decide",
        follows: Some(Fact::Held),
        needs: &[Need::Note],
        remind_after_min: DAY_MIN,
        ..PLAIN
    },
    Outline {
        code: "returns",
        key: "stage-returns",
        look: "decide",
        follows: Some(Fact::Returned),
        needs: &[Need::Note],
        subs: &[("return", "stage-sub-return"), ("exchange", "stage-sub-exchange"), ("refund", "stage-sub-refund")],
        ..PLAIN
    },
];

const LIFECYCLE: &[Outline] = &[
    Outline { code: "incoming", key: "stage-incoming", look: "now", follows: Some(Fact::New), ..PLAIN },
    Outline {
        code: "in_process",
        key: "stage-in-process",
        look: "now",
        follows: Some(Fact::Packing),
        subs: &[("checked", "stage-sub-checked"), ("packing", "stage-sub-packing")],
        ..PLAIN
    },
    Outline {
        code: "completed",
        key: "stage-completed",
        look: "ok",
        follows: Some(Fact::Shipped),
        needs: &[Need::Parcel],
        subs: &[
            ("transit", "stage-sub-transit"),
            ("received", "stage-sub-received"),
            ("valuation", "stage-sub-valuation"),
            ("survey", "stage-sub-survey"),
        ],
        done: true,
        ..PLAIN
    },
];

const SALES: &[Outline] = &[
    Outline {
        code: "level_1",
        key: "stage-level-1",
        look: "now",
        follows: Some(Fact::New),
        subs: &[("registered", "stage-sub-registered"), ("confirming", "stage-sub-confirming")],
        remind_after_min: DAY_MIN,
        ..PLAIN
    },
    Outline {
        code: "level_2",
        key: "stage-level-2",
        look: "now",
        needs: &[Need::Call],
        subs: &[("making", "stage-sub-making"), ("transit", "stage-sub-transit"), ("supplier", "stage-sub-supplier")],
        remind_after_min: 7 * DAY_MIN,
        ..PLAIN
    },
    Outline {
        code: "level_3",
        key: "stage-level-3",
        look: "decide",
        needs: &[Need::Note],
        subs: &[("ready", "stage-sub-ready"), ("agreed", "stage-sub-agreed"), ("on_the_way", "stage-sub-on-the-way")],
        remind_after_min: 2 * DAY_MIN,
        ..PLAIN
    },
    Outline {
        code: "finished",
        key: "stage-finished",
        look: "ok",
        needs: &[Need::Delivery, Need::Note],
        done: true,
        remind_after_min: 7 * DAY_MIN,
        ..PLAIN
    },
];

/// All of them, the one that a new site begins with first.
pub const TEMPLATES: &[Template] = &[
    Template { code: "warehouse", key: "pipeline-warehouse", stages: WAREHOUSE },
    Template { code: "lifecycle", key: "pipeline-lifecycle", stages: LIFECYCLE },
    Template { code: "sales", key: "pipeline-sales", stages: SALES },
];

/// Gives a site without pipelines the first one, and its open orders their places. Orders that are over come onto the board when
/// something happens to them again.
///
/// # Errors
/// Any fault of the store.
pub fn begin(work: &mut Work<'_>) -> Res<()> {
    if work.one("SELECT id FROM pipelines WHERE site = $1 LIMIT 1", vals![work.site()])?.is_some() {
        return Ok(());
    }
    let Some(first) = TEMPLATES.first() else { return Ok(()) };
    put(work, first, "all")?;
    let mut after = String::new();
    loop {
        let rows = work.all(
            "SELECT id FROM orders WHERE (CASE WHEN site = $1 AND is_open = 1 THEN 1 ELSE 0 END) = 1 AND id > $2 \
             ORDER BY id LIMIT $3",
            vals![work.site(), &after, AT_ONCE],
        )?;
        let ids = rows.iter().map(|row| Ok(row.at(0)?)).collect::<Res<Vec<String>>>()?;
        let Some(last) = ids.last() else { return Ok(()) };
        after.clone_from(last);
        put_open(work, &ids)?;
    }
}

/// Puts a template into the site; new orders enter it as `takes` says.
///
/// # Errors
/// [`Refusal::Taken`] if it is there already.
pub(super) fn put(work: &mut Work<'_>, template: &Template, takes: &str) -> Res<String> {
    let words: Vec<Catalogue> = Lang::ALL.iter().map(|lang| Catalogue::new(*lang)).collect();
    let names =
        |key: &str| Names(words.iter().map(|w| (w.lang().code().to_owned(), w.text(key).into_owned())).collect());
    let id = work.new_id();
    let made = work.exec(
        "INSERT INTO pipelines (id, site, code, names, takes, position, updated_ms) SELECT $1, $2, $3, $4, $5, \
         COALESCE(MAX(position), 0) + 1, CAST($6 AS BIGINT) FROM pipelines WHERE site = $2 ON CONFLICT (site, code) DO NOTHING",
        vals![&id, work.site(), template.code, json(&names(template.key))?, takes, work.now_ms()],
    )?;
    if made == 0 {
        return Err(Refusal::Taken { field: "code", entity: "pipeline" }.into());
    }
    for (place, outline) in (1_i64..).zip(template.stages) {
        let subs: Vec<serde_json::Value> =
            outline.subs.iter().map(|(code, key)| serde_json::json!({ "code": code, "names": names(key) })).collect();
        let needs: Vec<&str> = outline.needs.iter().map(|need| need.word()).collect();
        work.exec(
            "INSERT INTO pipeline_stages (id, pipeline, code, names, position, look, follows, by_work, needs, subs, done, \
             remind_after_min, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            vals![
                work.new_id(), &id, outline.code, json(&names(outline.key))?, place, outline.look,
                outline.follows.map_or("", Fact::word), outline.by_work, needs.join(" "),
                serde_json::Value::from(subs).to_string(), outline.done, outline.remind_after_min, work.now_ms()
            ],
        )?;
    }
    Ok(id)
}

/// As JSON.
pub(super) fn json<T: serde::Serialize>(value: &T) -> Res<String> {
    serde_json::to_string(value).map_err(|_| CentralError::Inner { what: "writing names as JSON" })
}
