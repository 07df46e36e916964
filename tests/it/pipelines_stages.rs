//! Admins change pipelines, on both engines: stages are added, renamed, bounded, moved and taken away, two admins do not overwrite each
//! other, and orders find their way into the pipeline that takes them.

use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::{create, furnished, line, refused, typed};
use crate::pipelines_follow::{pipeline, stage};
use crate::pipelines_move::edit_of;
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::pipelines::{self, Fact, Names, StageEdit, Step, SubEdit};
use packbench::central::store::work::Work;

fn write<T: Send + 'static>(bench: &Bench, service: impl Fn(&mut Work<'_>) -> Res<T> + Send + 'static) -> Res<T> {
    bench.central.store().write_blocking(Actor::Job("test"), service)
}

fn named(text: &str) -> Names {
    Names([("en".to_owned(), text.to_owned())].into())
}

fn save(bench: &Bench, edit: &StageEdit) -> Res<String> {
    let (here, edit) = (pipeline(bench, "warehouse"), edit.clone());
    write(bench, move |work| pipelines::save_stage(work, &here.id, &edit, here.version))
}

#[test]
fn stages_are_added_changed_moved_and_taken_away() {
    on_each_engine(|bench| {
        furnished(bench);
        let warehouse = pipeline(bench, "warehouse");
        let mut new =
            StageEdit { id: None, names: named("Fraud check"), subs: Vec::new(), ..edit_of(&warehouse.stages[2]) };
        let made = save(bench, &new).unwrap();
        let after = pipeline(bench, "warehouse");
        assert_eq!((after.stages.len(), after.stages[10].code.as_str(), after.version), (11, "fraud_check", 2));
        new.id = Some(made.clone());
        new.subs = vec![SubEdit { code: None, names: named("Called the bank"), mail: None }];
        new.wip_limit = 7;
        save(bench, &new).unwrap();
        let id = made.clone();
        for _ in 0..9 {
            let (id, seen) = (id.clone(), pipeline(bench, "warehouse").version);
            write(bench, move |work| pipelines::step(work, &id, Step::Earlier, seen)).unwrap();
        }
        let after = pipeline(bench, "warehouse");
        assert_eq!((after.stages[1].wip_limit, after.stages[1].subs[0].code.as_str()), (7, "called_the_bank"));
        let stale = write(bench, {
            let (id, edit) = (after.id.clone(), new.clone());
            move |work| pipelines::save_stage(work, &id, &edit, 1)
        });
        assert!(matches!(refused(stale), Refusal::Version { .. }));
        for (spoil, field) in [
            (StageEdit { names: named(" "), ..new.clone() }, "stage-name"),
            (StageEdit { wip_limit: -1, ..new.clone() }, "limit"),
            (StageEdit { look: "pink".to_owned(), ..new.clone() }, "look"),
            (StageEdit { by_work: true, ..new.clone() }, "follows"),
            (StageEdit { remind_after_min: i64::MAX, ..new.clone() }, "remind"),
        ] {
            assert!(
                matches!(refused(save(bench, &spoil)), Refusal::Field { field: named, .. } if named == field),
                "{field}"
            );
        }
        let twice = StageEdit { follows: Some(Fact::Paid), ..new.clone() };
        assert!(matches!(refused(save(bench, &twice)), Refusal::Taken { .. }));
        let remove = |id: String| {
            let seen = pipeline(bench, "warehouse").version;
            write(bench, move |work| pipelines::remove_stage(work, &id, seen))
        };
        assert!(matches!(refused(remove(warehouse.stages[0].id.clone())), Refusal::State { .. }), "orders are in it");
        remove(made).unwrap();
        assert_eq!(pipeline(bench, "warehouse").stages.len(), 10);
        assert!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'pipeline.changed'") >= 12);
    });
}

#[test]
fn a_pipeline_takes_the_orders_of_its_desk() {
    on_each_engine(|bench| {
        furnished(bench);
        let id = write(bench, |work| pipelines::install(work, "sales")).unwrap();
        assert!(matches!(refused(write(bench, |work| pipelines::install(work, "sales"))), Refusal::Taken { .. }));
        assert!(matches!(refused(write(bench, |work| pipelines::install(work, "none"))), Refusal::Missing { .. }));
        let take = |id: &str, takes: &'static str, seen: i64| {
            let id = id.to_owned();
            write(bench, move |work| pipelines::take(work, &id, takes, seen))
        };
        let warehouse = pipeline(bench, "warehouse");
        assert!(matches!(refused(take(&warehouse.id, "", 1)), Refusal::State { .. }), "one must take all");
        take(&id, "b2c", 1).unwrap();
        let business = create(bench, &typed(DeskKind::B2b, vec![line("22728", 1)])).unwrap().number;
        let private = create(bench, &typed(DeskKind::B2c, vec![line("22728", 1)])).unwrap().number;
        assert_eq!((stage(bench, &business).as_str(), stage(bench, &private).as_str()), ("new", "level_1"));
        take(&id, "all", 2).unwrap();
        assert_eq!(pipeline(bench, "warehouse").takes, "");
    });
}
