//! `docs/packing.md` says what the code does: its drawings and tables are made from the declared ways, and no command,
//! refusal or knob is forgotten.

use crate::tree;
use packbench::core::session::Step;
use packbench::core::session::refusal::Refusal;
use packbench::core::session::step::EDGES;
use std::fmt::Write as _;

fn doc() -> String {
    tree::file("docs/packing.md").expect("docs/packing.md explains the steps")
}

/// The part between `<!-- name -->` and `<!-- end name -->`.
fn part(name: &str) -> String {
    let text = doc();
    let (_, rest) = text.split_once(&format!("<!-- {name} -->\n")).unwrap_or_else(|| panic!("no part {name}"));
    rest.split_once(&format!("<!-- end {name} -->")).unwrap_or_else(|| panic!("{name} has no end")).0.to_owned()
}

fn same(name: &str, made: &str) {
    assert!(part(name) == made, "the part {name} must read:\n{made}");
}

#[test]
fn the_drawing_is_made_from_the_ways() {
    let mut made = "```mermaid\nflowchart TD\n".to_owned();
    for s in Step::ALL {
        let _ = writeln!(made, "    {s:?}[\"{} {s:?}\"]", s.number());
    }
    for (from, to, why) in EDGES {
        let _ = writeln!(made, "    {from:?} -->|\"{why}\"| {to:?}");
    }
    same("drawing", &(made + "```\n"));
}

#[test]
fn the_plain_drawing_is_made_from_the_ways() {
    let mut made = "```text\n".to_owned();
    for s in Step::ALL {
        let to = |to: &Step| format!("{} {to:?}", to.number());
        let ways: Vec<String> = EDGES.iter().filter(|(a, _, _)| *a == s).map(|(_, b, _)| to(b)).collect();
        let line = format!("{:>2} {:<10} --> {}", s.number(), format!("{s:?}"), ways.join(", "));
        let _ = writeln!(made, "{}", line.trim_end().trim_end_matches("-->").trim_end());
    }
    same("plain drawing", &(made + "```\n"));
}

#[test]
fn the_table_of_ways_is_the_declared_graph() {
    let mut made = "| from | to | because |\n|---|---|---|\n".to_owned();
    for (from, to, why) in EDGES {
        let _ = writeln!(made, "| {} {from:?} | {} {to:?} | {why} |", from.number(), to.number());
    }
    same("ways", &made);
}

#[test]
fn the_table_of_commands_and_steps_is_the_tested_one() {
    same("matrix", &format!("```text\n{}```\n", include_str!("../data/flow/matrix.txt")));
}

#[test]
fn every_refusal_has_its_row_and_no_other() {
    let text = part("refusals");
    let rows: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(rows, Refusal::CODES);
}

#[test]
fn every_command_and_every_knob_is_explained() {
    for (file, start, indent, found_in) in [
        ("src/core/session/command.rs", "pub enum Command {", "    ", "commands"),
        ("src/core/policy.rs", "pub struct Policy {", "    pub ", "policy"),
    ] {
        let source = tree::file(file).expect("the source is here");
        let body = source.split_once(start).expect("the type is declared").1.split_once("\n}").expect("and ends").0;
        let is_name = |l: &&str| {
            l.starts_with(indent) && !l.starts_with("     ") && l.trim_start().starts_with(char::is_alphabetic)
        };
        let names: Vec<&str> = body
            .lines()
            .filter(is_name)
            .map(|l| l[indent.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
            .collect();
        assert!(names.len() > 8, "{file}: {names:?}");
        let text = part(found_in);
        for name in names {
            assert!(text.contains(&format!("`{name}`")), "docs/packing.md does not explain {name}");
        }
    }
}
