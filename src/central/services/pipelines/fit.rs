//! Which stage an order belongs in when what work says of it changes. No store here: the rule alone.

use super::model::{Fact, Pipeline};

/// Where an order is, as far as the rule cares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Here<'a> {
    /// Id of the stage.
    pub stage: &'a str,
    /// What work said before.
    pub fact: Option<Fact>,
    /// Stage it was in before it was held, or empty.
    pub back: &'a str,
    /// A person or program put it here.
    pub by_hand: bool,
}

/// The place of the stage it goes to; none where it stays.
pub(super) fn goes_to(pipeline: &Pipeline, here: &Here<'_>, now: Fact) -> Option<usize> {
    if here.fact == Some(now) {
        return None;
    }
    let (at, stage) = pipeline.stage(here.stage)?;
    let was_held = here.fact == Some(Fact::Held) && stage.follows == Some(Fact::Held);
    if was_held && now.soft() {
        // Back to where it was, if that is a stage of the office's own choosing.
        if let Some((back, _)) =
            pipeline.stage(here.back).filter(|(_, stage)| stage.follows.is_none() && !stage.by_work)
        {
            return Some(back);
        }
    }
    let (to, _) = pipeline.following(now)?;
    // Whoever moved it by hand knew more than that it is paid: it never goes back for that.
    let stays = now.soft() && here.by_hand && !was_held && to <= at;
    Some(to).filter(|to| *to != at && !stays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::central::services::pipelines::model::{Names, Stage};

    fn pipeline() -> Pipeline {
        let stage = |code: &str, follows: Option<Fact>| Stage {
            id: code.to_owned(),
            code: code.to_owned(),
            names: Names::default(),
            look: "plain".to_owned(),
            wip_limit: 0,
            follows,
            by_work: matches!(follows, Some(Fact::Packing | Fact::Packed)),
            needs: Vec::new(),
            subs: Vec::new(),
            done: false,
            remind_after_min: 0,
            mail: None,
        };
        Pipeline {
            id: "p".to_owned(),
            code: "p".to_owned(),
            names: Names::default(),
            takes: "all".to_owned(),
            version: 1,
            stages: vec![
                stage("new", Some(Fact::New)),
                stage("paid", Some(Fact::Paid)),
                stage("making", None),
                stage("packing", Some(Fact::Packing)),
                stage("packed", Some(Fact::Packed)),
                stage("hold", Some(Fact::Held)),
            ],
        }
    }

    #[test]
    fn work_moves_cards_and_hands_are_not_overruled() {
        let pipeline = pipeline();
        let to = |stage: &str, fact: Fact, back: &str, by_hand: bool, now: Fact| {
            let here = Here { stage, fact: Some(fact), back, by_hand };
            goes_to(&pipeline, &here, now).map(|at| pipeline.stages[at].code.clone())
        };
        let none: Option<String> = None;
        assert_eq!(to("new", Fact::New, "", false, Fact::Paid).as_deref(), Some("paid"));
        assert_eq!(to("new", Fact::New, "", false, Fact::New), none);
        assert_eq!(to("new", Fact::New, "", true, Fact::Paid).as_deref(), Some("paid"), "forward also by itself");
        assert_eq!(to("making", Fact::New, "", true, Fact::Paid), none, "never back for a payment");
        assert_eq!(to("making", Fact::Paid, "", true, Fact::Packing).as_deref(), Some("packing"));
        assert_eq!(to("packing", Fact::Packing, "", false, Fact::Paid).as_deref(), Some("paid"), "handed back");
        assert_eq!(to("hold", Fact::Held, "making", false, Fact::Paid).as_deref(), Some("making"));
        assert_eq!(to("hold", Fact::Held, "packing", true, Fact::Paid).as_deref(), Some("paid"));
        assert_eq!(to("hold", Fact::Held, "making", true, Fact::Packed).as_deref(), Some("packed"));
        assert_eq!(to("packed", Fact::Packed, "", false, Fact::Shipped), none, "no stage follows that");
    }
}
