//! The packer's screen says which printer a paper went to, why another one stepped in, and why nothing comes while nothing comes.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::message::{Arg, Message};
use packbench::core::session::event::{PrintOutcome, PrintTrouble};
use packbench::engine::Input;
use packbench::engine::input::{DeviceNews, PrintJob, PrintNews, Ui};
use packbench::engine::view::{DeviceKind, DeviceState, LabelView, PrintWay, StageView};

fn label(s: &mut Station) -> LabelView {
    match s.stage() {
        StageView::Label(l) => l,
        other => panic!("not at the label: {other:?}"),
    }
}

/// At the label, whose printer has not answered yet; the job.
fn at_label() -> (Station, PrintJob) {
    let mut s = Station::with_anna(&[Job::new(1, &[(world::LAMP, 2)])]);
    s.printer = None;
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Label(_)));
    let job = s.papers.last().expect("a label was handed out").job;
    (s, job)
}

fn way(s: &mut Station, job: PrintJob) -> Option<PrintWay> {
    label(s).prints.into_iter().find(|row| row.document == job.document).expect("the label's row").way
}

fn printer(name: &str, state: DeviceState, detail: Option<&'static str>) -> Input {
    Input::Device(DeviceNews {
        kind: DeviceKind::Printer,
        name: name.into(),
        state,
        detail: detail.map(Message::new),
        cure: None,
    })
}

fn routed(job: PrintJob, instead_of: Option<(String, &'static str)>) -> Input {
    Input::PrintNews { job, news: PrintNews::Routed { printer: "labels-2".into(), instead_of } }
}

#[test]
fn the_screen_says_which_printer_stepped_in_and_why_nothing_comes() {
    let (mut s, job) = at_label();
    assert_eq!(way(&mut s, job), None, "nobody has said which printer it is");
    let instead = Some(("labels-1".to_owned(), "device-warning-paper-out"));
    s.feed(routed(job, instead.clone()));
    let told = PrintWay { printer: "labels-2".into(), instead_of: instead, why: None };
    assert_eq!(way(&mut s, job), Some(told.clone()));
    // Another printer's fault is not why this label does not come; its own is.
    s.feed(printer("labels-1", DeviceState::Attention, Some("device-warning-paper-out")));
    assert_eq!(way(&mut s, job), Some(told.clone()));
    s.feed(printer("labels-2", DeviceState::Attention, Some("device-warning-head-open")));
    assert_eq!(way(&mut s, job).unwrap().why, Some("device-warning-head-open"));
    let pack = s.view().pack.clone().expect("an order on the bench");
    assert_eq!(pack.say.key, "say-print-held");
    let detail = pack.say_detail.clone().expect("the reason");
    assert!(detail.args.contains(&("why", Arg::Key("device-warning-head-open"))), "{detail:?}");
    s.feed(printer("labels-2", DeviceState::Ready, None));
    assert_eq!(way(&mut s, job), Some(told.clone()));
    assert_eq!(s.view().pack.clone().unwrap().say.key, "say-printing");
    s.feed(Input::Printed { job, outcome: PrintOutcome::PaperMoved });
    s.feed(printer("labels-2", DeviceState::Attention, Some("device-warning-paper-out")));
    assert_eq!(way(&mut s, job), Some(told), "what is out is out");
}

#[test]
fn a_failed_print_keeps_the_reason_it_failed_for() {
    let (mut s, job) = at_label();
    s.feed(routed(job, None));
    let news = PrintNews::Failed { printer: "labels-2".into(), why: "print-why-canceled" };
    s.feed(Input::PrintNews { job, news });
    s.feed(Input::Printed { job, outcome: PrintOutcome::Failed(PrintTrouble::Interrupted) });
    s.feed(printer("labels-2", DeviceState::Ready, None));
    assert_eq!(way(&mut s, job).unwrap().why, Some("print-why-canceled"));
    // Printed again it is another job, of which nothing is known yet.
    s.ui(Ui::Continue);
    let again = s.papers.last().expect("printed again").job;
    assert_eq!(again.copy, 2);
    assert_eq!(way(&mut s, again), None);
}

#[test]
fn news_of_an_order_that_is_not_on_the_bench_change_nothing() {
    let (mut s, job) = at_label();
    let other = PrintJob { fulfillment: packbench::core::ids::FulfillmentId(uuid::Uuid::from_u128(9)), ..job };
    s.feed(routed(other, None));
    assert_eq!(way(&mut s, job), None);
}
