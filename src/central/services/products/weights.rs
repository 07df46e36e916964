//! The weight of a product, learnt from parcels that passed the scale by themselves. A small change is taken over and told
//! to every station; a large one waits for a lead, because a wrong weight would blind every scale after it.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::exceptions::{self, NewException};
use crate::central::services::settings;
use crate::central::store::work::Work;
use crate::core::learning::{self, Learnt, SAMPLES_MAX, SAMPLES_MIN, Sample};
use crate::core::units::Grams;
use crate::protocol::wire::ChangeKind;
use crate::vals;

/// What the catalogue says of a product's weight.
struct Known {
    sku: String,
    weight_g: Option<Grams>,
    spread_g: Option<Grams>,
    refused_g: Option<Grams>,
}

fn known(work: &mut Work<'_>, product: &str) -> Res<Option<Known>> {
    let row = work.one(
        "SELECT sku, weight_g, weight_spread_g, weight_refused_g FROM products WHERE id = $1 AND site = $2",
        vals![product, work.site()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let grams = |column: &str| -> Res<Option<Grams>> { Ok(row.get::<Option<i64>>(column)?.map(Grams)) };
    Ok(Some(Known {
        sku: row.get("sku")?,
        weight_g: grams("weight_g")?,
        spread_g: grams("weight_spread_g")?,
        refused_g: grams("weight_refused_g")?,
    }))
}

/// Takes in what the parcel of an event says about a product. A product that is not known here, or a sample that cannot
/// be, is passed over: the fact itself is stored whatever it teaches.
///
/// # Errors
/// Any fault of the store.
pub fn learn_weight(work: &mut Work<'_>, event: &str, station: &str, product: &str, sample: Sample) -> Res<()> {
    let possible = sample.units > 0 && sample.unit_g.0 > 0 && u32::try_from(sample.unit_g.0).is_ok();
    let Some(known) = known(work, product)?.filter(|_| possible) else { return Ok(()) };
    let history = remember(work, event, product, sample)?;
    if history.len() < samples_min(work)? {
        return Ok(());
    }
    match learning::learn(known.weight_g, &history) {
        Learnt::NotYet => Ok(()),
        Learnt::Keep => {
            close_questions(work, product)?;
            set_spread(work, product, &known, &history)
        }
        Learnt::Update(weight_g) => {
            close_questions(work, product)?;
            set_weight(work, product, weight_g)?;
            set_spread(work, product, &known, &history)
        }
        Learnt::NeedsLead(weight_g) => ask(work, event, station, product, &known, weight_g),
    }
}

/// How many parcels the site wants before it believes them.
fn samples_min(work: &mut Work<'_>) -> Res<usize> {
    Ok(usize::from(settings::here(work)?.weight_learn_parcels_min).clamp(SAMPLES_MIN, SAMPLES_MAX))
}

/// Stores a sample and gives the last ones, oldest first. They count in the order in which they came in: a station's
/// clock decides nothing.
fn remember(work: &mut Work<'_>, event: &str, product: &str, sample: Sample) -> Res<Vec<Sample>> {
    work.exec(
        "INSERT INTO weight_samples (event_id, product, unit_g, units, received_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (event_id) DO NOTHING",
        vals![event, product, sample.unit_g.0, sample.units, work.now_ms()],
    )?;
    let rows = work.all(
        "SELECT event_id, unit_g, units FROM weight_samples WHERE product = $1 ORDER BY received_ms DESC, event_id DESC",
        vals![product],
    )?;
    let mut history = Vec::with_capacity(SAMPLES_MAX);
    for (n, row) in rows.iter().enumerate() {
        if n < SAMPLES_MAX {
            history.push(Sample { unit_g: Grams(row.at(1)?), units: row.at(2)? });
        } else {
            work.exec("DELETE FROM weight_samples WHERE event_id = $1", vals![row.at::<String>(0)?])?;
        }
    }
    history.reverse();
    Ok(history)
}

fn set_weight(work: &mut Work<'_>, product: &str, weight_g: Grams) -> Res<()> {
    work.exec(
        "UPDATE products SET weight_g = $2, weight_refused_g = NULL, version = version + 1, updated_ms = $3 WHERE id = $1",
        vals![product, weight_g.0, work.now_ms()],
    )?;
    work.changed(ChangeKind::Product, product);
    work.audit("product.weight_learnt", "product", product, serde_json::json!({ "weight_g": weight_g.0 }));
    Ok(())
}

fn set_spread(work: &mut Work<'_>, product: &str, known: &Known, history: &[Sample]) -> Res<()> {
    let Some(spread_g) = learning::spread(history).filter(|g| learning::spread_is_news(known.spread_g, *g)) else {
        return Ok(());
    };
    work.exec(
        "UPDATE products SET weight_spread_g = $2, version = version + 1, updated_ms = $3 WHERE id = $1",
        vals![product, spread_g.0, work.now_ms()],
    )?;
    work.changed(ChangeKind::Product, product);
    Ok(())
}

/// Questions of a product carry its id at the front of their cause.
const OPEN: &str = "site = $1 AND kind = 'weight_change' AND state = 'open' AND substr(cause, 1, 36) = $2";

/// Newer parcels agree with the catalogue: a question about it has answered itself.
fn close_questions(work: &mut Work<'_>, product: &str) -> Res<()> {
    let sql = format!(
        "UPDATE exceptions SET state = 'decided', decision = 'noted', decided_by = $3, decided_ms = $4 WHERE {OPEN}"
    );
    work.exec(&sql, vals![work.site(), product, work.ctx.actor.id(), work.now_ms()])?;
    Ok(())
}

fn ask(work: &mut Work<'_>, event: &str, station: &str, product: &str, known: &Known, weight_g: Grams) -> Res<()> {
    let open = work.tx.int(&format!("SELECT COUNT(*) FROM exceptions WHERE {OPEN}"), vals![work.site(), product])?;
    if open > 0 || !learning::ask_again(known.refused_g, weight_g) {
        return Ok(());
    }
    let new = NewException {
        kind: "weight_change",
        cause: format!("{product}/{event}"),
        fulfillment: None,
        order: None,
        station: Some(station.to_owned()),
        event: Some(event.to_owned()),
        detail: serde_json::json!({
            "product": product,
            "sku": known.sku,
            "known_g": known.weight_g.map_or(0, |g| g.0),
            "learnt_g": weight_g.0,
        }),
    };
    exceptions::open(work, &new)?;
    Ok(())
}

/// What a question asked: product, known weight, learnt weight.
fn asked(detail: &str) -> Res<(String, Grams, Grams)> {
    let detail: serde_json::Value = serde_json::from_str(detail).unwrap_or_default();
    let grams = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64).map(Grams);
    let product = detail.get("product").and_then(serde_json::Value::as_str).map(str::to_owned);
    match (product, grams("known_g"), grams("learnt_g")) {
        (Some(product), Some(known), Some(learnt)) => Ok((product, known, learnt)),
        _ => Err(CentralError::Stored { what: "question about a weight" }),
    }
}

/// A lead takes the learnt weight over; `detail` is the question's.
///
/// # Errors
/// [`Refusal::State`] if the weight was changed by somebody else since the question was asked.
pub fn accept_weight(work: &mut Work<'_>, detail: &str) -> Res<()> {
    let (product, asked_g, learnt_g) = asked(detail)?;
    let now_g = known(work, &product)?.and_then(|k| k.weight_g).map_or(0, |g| g.0);
    if now_g != asked_g.0 {
        return Err(Refusal::State { entity: "product", state: "weight changed since".to_owned() }.into());
    }
    set_weight(work, &product, learnt_g)
}

/// A lead keeps the known weight; the same proposal is not made again.
///
/// # Errors
/// Any fault of the store.
pub fn keep_weight(work: &mut Work<'_>, detail: &str) -> Res<()> {
    let (product, _, learnt_g) = asked(detail)?;
    work.exec("UPDATE products SET weight_refused_g = $2 WHERE id = $1", vals![product, learnt_g.0])?;
    Ok(())
}
