//! Weights learnt by central from the weighings that stations push, on both engines: small changes are taken over and
//! pulled, large ones wait for a lead, overridden parcels teach nothing.

use crate::central_console::user;
use crate::central_kit::{Bench, Post, SMALL, on_each_engine};
use packbench::central::actor::Actor;
use packbench::central::error::{CentralError, Refusal};
use packbench::central::services::exceptions::{self, Decision};
use packbench::core::ids::{ProductId, UserId};
use packbench::core::learning::Sample;
use packbench::core::person::{Approval, Role};
use packbench::core::session::Event;
use packbench::core::session::event::{Opening, Reason};
use packbench::core::time::UtcMs;
use packbench::core::units::Grams;
use packbench::core::weight::Proof;
use packbench::protocol::wire::{self, Change, Fence, FulfillmentId, Outcome, ProductRecord, PullPage, Put};
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// A bench with one order open on it; every product is known to weigh 200 g.
struct Scales {
    post: Post,
    work: FulfillmentId,
    fence: Fence,
    product: ProductId,
    lead: UserId,
}

impl Scales {
    fn new(bench: &Bench) -> Scales {
        bench.import(SMALL);
        bench.furnish();
        user(bench, "lead", wire::Role::Lead, "en");
        let lead = UserId(bench.text("SELECT id FROM users WHERE login = 'lead'").parse().unwrap());
        let mut post = bench.pair("PACK 1");
        let grant = post.leases(bench, 1).granted.remove(0);
        let product = ProductId(bench.text("SELECT id FROM products WHERE sku = '85123A'").parse().unwrap());
        let opened = Event::Opened {
            fulfillment: packbench::core::ids::FulfillmentId(grant.fulfillment.0),
            order_version: 1,
            packer: UserId(Uuid::from_u128(77)),
            how: Opening::Next,
            picked_elsewhere: false,
            fence: i64::try_from(grant.fence.0).unwrap(),
        };
        let event = post.event(grant.fulfillment, grant.fence, opened);
        post.push(bench, vec![event]);
        Scales { post, work: grant.fulfillment, fence: grant.fence, product, lead }
    }

    /// Pushes one weighing per unit weight.
    fn weigh(&mut self, bench: &Bench, units_g: &[i64], overridden: bool) {
        for unit_g in units_g {
            bench.now.fetch_add(1_000, Ordering::SeqCst);
            let approval = Approval { user: self.lead, role: Role::Lead, at: UtcMs(5) };
            let weighed = Event::Weighed {
                parcel: 1,
                grams: Grams(200 + unit_g * 6),
                expected_g: Grams(1_400),
                low_g: Grams(1_300),
                high_g: Grams(1_500),
                proof: Proof::ShowsOneMissing,
                overridden: overridden.then_some((approval, Reason::WeightDataWrong)),
                sample: Some((self.product, Sample { unit_g: Grams(*unit_g), units: 6 })),
            };
            let event = self.post.event(self.work, self.fence, weighed);
            let answer = self.post.push(bench, vec![event]);
            assert_eq!(answer.outcomes[0].outcome, Outcome::Accepted);
        }
    }

    /// The product as this station pulls it.
    fn pulled(&self, bench: &Bench) -> ProductRecord {
        let (_, page) = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &self.post.who.token);
        let found = page.unwrap().changes.into_iter().find_map(|change| match change {
            Change::Product(Put::Upsert(record)) if record.id.0 == self.product.0 => Some(*record),
            _ => None,
        });
        found.expect("the product is told")
    }
}

fn known_g(bench: &Bench) -> i64 {
    bench.int("SELECT weight_g FROM products WHERE sku = '85123A'")
}

fn asked(bench: &Bench) -> i64 {
    bench.int("SELECT COUNT(*) FROM exceptions WHERE kind = 'weight_change' AND state = 'open'")
}

fn answer(bench: &Bench, decision: Decision) -> Result<(), CentralError> {
    let id = bench.text("SELECT id FROM exceptions WHERE kind = 'weight_change' AND state = 'open'");
    bench.central.store().write_blocking(Actor::Job("test"), move |work| exceptions::decide(work, &id, decision))
}

#[test]
fn a_small_change_is_learnt_with_its_spread_and_pulled_by_every_station() {
    on_each_engine(|bench| {
        let mut scales = Scales::new(bench);
        let before = scales.pulled(bench);
        assert_eq!((before.weight_g, before.weight_spread_mg), (Some(200), None));
        scales.weigh(bench, &[210, 212, 211, 213], false);
        assert_eq!(known_g(bench), 200, "the site wants five parcels");
        scales.weigh(bench, &[212], false);
        let after = scales.pulled(bench);
        assert_eq!(after.weight_g, Some(212));
        assert!(after.weight_spread_mg.is_some(), "units differ, and stations know by how much");
        assert!(after.version > before.version);
        assert_eq!(asked(bench), 0);
        scales.weigh(bench, &[212; 12], false);
        assert_eq!(bench.int("SELECT COUNT(*) FROM weight_samples"), 9, "the last nine are kept");
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'product.weight_learnt'"), 1);
    });
}

#[test]
fn an_overridden_parcel_teaches_nothing_whatever_it_says() {
    on_each_engine(|bench| {
        let mut scales = Scales::new(bench);
        scales.weigh(bench, &[210; 8], true);
        assert_eq!(bench.int("SELECT COUNT(*) FROM weight_samples"), 0);
        assert_eq!(known_g(bench), 200);
    });
}

#[test]
fn a_large_change_waits_for_a_lead_who_takes_it() {
    on_each_engine(|bench| {
        let mut scales = Scales::new(bench);
        scales.weigh(bench, &[250; 9], false);
        assert_eq!((known_g(bench), asked(bench)), (200, 1), "asked once, not with every parcel");
        answer(bench, Decision::AcceptWeight).unwrap();
        assert_eq!((known_g(bench), asked(bench)), (250, 0));
        assert_eq!(scales.pulled(bench).weight_g, Some(250));
        scales.weigh(bench, &[250; 2], false);
        assert_eq!((known_g(bench), asked(bench)), (250, 0));
    });
}

#[test]
fn a_weight_that_a_lead_kept_is_not_asked_about_again_until_it_moves_on() {
    on_each_engine(|bench| {
        let mut scales = Scales::new(bench);
        scales.weigh(bench, &[250; 5], false);
        answer(bench, Decision::KeepWeight).unwrap();
        scales.weigh(bench, &[252; 9], false);
        assert_eq!((known_g(bench), asked(bench)), (200, 0));
        scales.weigh(bench, &[300; 9], false);
        assert_eq!((known_g(bench), asked(bench)), (200, 1));
    });
}

#[test]
fn a_question_closes_itself_when_parcels_agree_again_and_never_overwrites_an_edit() {
    on_each_engine(|bench| {
        let mut scales = Scales::new(bench);
        scales.weigh(bench, &[250; 5], false);
        assert_eq!(asked(bench), 1);
        scales.weigh(bench, &[200; 9], false);
        assert_eq!((known_g(bench), asked(bench)), (200, 0));
        scales.weigh(bench, &[250; 9], false);
        assert_eq!(asked(bench), 1);
        let edit = bench.central.store().write_blocking(Actor::Job("test"), |work| {
            work.exec("UPDATE products SET weight_g = 180 WHERE sku = '85123A'", &[])
        });
        edit.unwrap();
        let refused = answer(bench, Decision::AcceptWeight).unwrap_err();
        assert!(matches!(refused, CentralError::Refused(Refusal::State { entity: "product", .. })), "{refused}");
        assert_eq!((known_g(bench), asked(bench)), (180, 1));
    });
}
