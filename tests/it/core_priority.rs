//! Which order is next, and what the packer is told about it.

use packbench::core::ids::FulfillmentId;
use packbench::core::message::Arg;
use packbench::core::pickup::Cutoff;
use packbench::core::priority::{Candidate, SOON_MS, Why, rank};
use packbench::core::time::UtcMs;

const NOW: UtcMs = UtcMs(1_000_000_000_000);
const MINUTE: i64 = 60_000;

/// `number flags`: `e` expedited, `r` rush, `v` important customer, `s±n` promised in n minutes, `c±n`
/// carrier's cut-off in n minutes, `a` + minutes of age.
fn candidate(text: &str) -> Candidate {
    let mut words = text.split(' ');
    let number = words.next().unwrap().to_owned();
    let mut c = Candidate {
        fulfillment: FulfillmentId(uuid::Uuid::from_u128(7)),
        number,
        rush: false,
        expedited_by: None,
        vip: false,
        ship_by: None,
        cutoff: None,
        placed: NOW,
        lines: 1,
        units: 1,
    };
    for w in words {
        let minutes = || w[1..].parse::<i64>().unwrap() * MINUTE;
        match &w[..1] {
            "e" => c.expedited_by = Some("Sara".into()),
            "r" => c.rush = true,
            "v" => c.vip = true,
            "s" => c.ship_by = Some(NOW.plus_ms(minutes())),
            "c" => c.cutoff = Some(Cutoff { carrier: "House".into(), at: NOW.plus_ms(minutes()) }),
            "a" => c.placed = NOW.plus_ms(-minutes()),
            other => panic!("{other}"),
        }
    }
    c
}

fn queue(texts: &[&str]) -> (Vec<String>, Vec<Why>) {
    let candidates: Vec<_> = texts.iter().map(|t| candidate(t)).collect();
    rank(&candidates, NOW).into_iter().map(|(i, why)| (candidates[i].number.clone(), why)).unzip()
}

#[test]
fn the_order_of_reasons() {
    let cases: [(&[&str], &str); 9] = [
        (&["1 a900", "2 v", "3 s30", "4 r", "5 e"], "5 4 3 2 1"),
        (&["1 r s-60", "2 e"], "2 1"),
        (&["1 v", "2 s-5"], "2 1"),
        // A promise for tomorrow does not hurry; a cut-off before it does.
        (&["1 s1500", "2 a5", "3 v"], "3 2 1"),
        (&["1 s1500 c20", "2 a5", "3 v"], "1 3 2"),
        (&["1 s100 c90", "2 s50", "3 s-1"], "3 2 1"),
        // Within the same minute of the same lorry the important customer, then age.
        (&["1 s30 a5", "2 s30 v", "3 s30 a9"], "2 3 1"),
        (&["1 e", "2 e s10", "3 e s5"], "3 2 1"),
        // Ties by number, as people count.
        (&["1000", "999", "C77", "998"], "998 999 C77 1000"),
    ];
    for (texts, want) in cases {
        assert_eq!(queue(texts).0.join(" "), want, "{texts:?}");
        let reversed: Vec<_> = texts.iter().rev().copied().collect();
        assert_eq!(queue(&reversed).0.join(" "), want, "the same whatever comes in first: {texts:?}");
    }
    assert!(rank(&[], NOW).is_empty());
}

#[test]
fn soon_has_a_sharp_edge() {
    let mut c = candidate("1 v");
    c.ship_by = Some(NOW.plus_ms(SOON_MS));
    assert!(matches!(rank(&[c.clone()], NOW)[0].1, Why::ShipBy { left_ms: SOON_MS, .. }));
    c.ship_by = Some(NOW.plus_ms(SOON_MS + 1));
    assert_eq!(rank(&[c], NOW)[0].1, Why::Vip);
}

#[test]
fn it_says_why() {
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, Arg)]);
    let cases: [Case<'_>; 6] = [
        ("1 e r v s-5", "why-expedited", &[("who", Arg::Text("Sara".into()))]),
        ("1 r v s-5", "why-rush", &[]),
        (
            "1 v s-5 c9",
            "why-overdue",
            &[("at", Arg::Time(NOW.plus_ms(-5 * MINUTE))), ("late", Arg::SpanMs(5 * MINUTE))],
        ),
        (
            "1 s99 c42",
            "why-ship-by",
            &[("at", Arg::Time(NOW.plus_ms(42 * MINUTE))), ("left", Arg::SpanMs(42 * MINUTE))],
        ),
        ("1 v a3", "why-vip", &[]),
        ("1 a3", "why-oldest", &[("age", Arg::SpanMs(3 * MINUTE))]),
    ];
    for (text, key, args) in cases {
        let message = queue(&[text]).1[0].message();
        assert_eq!((message.key, &message.args[..]), (key, args), "{text}");
    }
    let detail = |text: &str| queue(&[text]).1[0].detail();
    let carrier = ("carrier", Arg::Text("House".into()));
    assert_eq!(
        (detail("1 s99 c42").key, &detail("1 s99 c42").args[..]),
        ("why-cutoff-detail", &[carrier, ("at", Arg::Time(NOW.plus_ms(42 * MINUTE)))][..])
    );
    assert_eq!(detail("1 s42 c99").key, "why-ship-by-detail", "the promise comes before the carrier");
    // A clock set back must not make a negative age.
    assert_eq!(queue(&["1 a-10"]).1[0], Why::Oldest { age_ms: 0 });
}
