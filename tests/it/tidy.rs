//! The house rules, read from the source itself: who may import whom, how long things may be, what must not occur.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::tree::{self, Text};

const FILE_LINES_MAX: usize = 700;
const FUNCTION_LINES_MAX: usize = 70;
/// SQLite before this one may damage a database in WAL mode (fixed in 3.51.3).
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// Every room and the rooms it may import; the table of the architecture document.
const ROOMS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("planning", &["core"]),
    ("labels", &["core"]),
    ("protocol", &["core"]),
    ("sql", &[]),
    ("storage", &["core", "sql", "protocol"]),
    ("devices", &["core", "labels"]),
    ("engine", &["core", "planning", "labels", "protocol", "storage"]),
    ("sync", &["core", "protocol", "engine"]),
    ("station", &["core", "i18n", "engine"]),
    ("central", &["core", "sql", "planning", "labels", "protocol", "i18n"]),
    ("i18n", &["core"]),
    ("config", &["core"]),
];

/// Rooms that may import all others.
const WIRING: &[&str] = &["demo", "cli", "main.rs", "lib.rs"];

/// Outside crates and modules that only some rooms may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("eframe", &["station"]),
    ("egui", &["station"]),
    ("egui_extras", &["station"]),
    ("egui_plot", &["station"]),
    ("axum", &["central"]),
    ("utoipa", &["central", "protocol"]),
    ("rusqlite", &["sql"]),
    ("postgres", &["sql"]),
    ("fluent_bundle", &["i18n"]),
];

/// What the pure rooms must not touch: the outside world, chance, and formats.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env",
    "std::time",
    "serde",
    "serde_json",
    "rand",
    "fastrand",
    "getrandom",
    "reqwest",
    "tokio",
];
const PURE: &[&str] = &["core", "planning", "labels"];

/// Calls of the window that show their text to a person.
const SHOWING: &[&str] = &[
    "label",
    "button",
    "heading",
    "monospace",
    "small_button",
    "small",
    "strong",
    "weak",
    "checkbox",
    "radio",
    "selectable_label",
    "hyperlink_to",
    "hint_text",
    "on_hover_text",
    "on_disabled_hover_text",
    "menu_button",
    "collapsing",
    "toggle_value",
    "selected_text",
    "RichText::new",
    "Label::new",
    "Button::new",
    "Link::new",
    "Checkbox::new",
    "CollapsingHeader::new",
];

/// One place in a file.
#[derive(Clone, Debug)]
struct Place {
    line: usize,
    what: String,
}

/// What a file does, as far as the rules ask.
#[derive(Default)]
struct Seen {
    /// Paths as written: `crate::core::ids`, `std::thread::spawn`.
    paths: Vec<Place>,
    /// Calls, by path, outside tests.
    calls: Vec<Place>,
    /// Calls that may panic: `unwrap()`.
    panics: Vec<Place>,
    /// Channels without a bound.
    unbounded: Vec<Place>,
    /// Functions with their number of lines.
    functions: Vec<(Place, usize)>,
    /// Literals handed to a call that shows them.
    shown: Vec<Place>,
    /// Inside `#[cfg(test)]` or `#[test]`.
    in_test: usize,
    /// Inline modules around.
    inline_modules: usize,
    /// How many `super` lead from here to the crate's root.
    depth: usize,
}

fn look(file: &Text) -> Seen {
    let parsed = syn::parse_file(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.path));
    let mut seen = Seen { depth: depth(&file.path), ..Seen::default() };
    seen.visit_file(&parsed);
    seen
}

/// Length of the module path of a file under `src/`: 2 for `src/core/ids.rs`, 1 for `src/core/mod.rs`.
fn depth(path: &str) -> usize {
    let parts = path.split('/').skip(1).count();
    let own_folder = ["mod.rs", "lib.rs", "main.rs"].iter().any(|n| path.ends_with(n));
    if own_folder { parts - 1 } else { parts }
}

fn is_test_only(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|a| {
        let cfg_test = a.path().is_ident("cfg")
            && a.meta
                .require_list()
                .is_ok_and(|l| l.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|w| w == "test"));
        cfg_test || a.path().is_ident("test")
    })
}

fn line_of(spanned: &impl Spanned) -> usize {
    spanned.span().start().line
}

impl Seen {
    fn path(&mut self, line: usize, words: &[String]) {
        let supers = words.iter().take_while(|w| *w == "super").count();
        let words = if supers > 0 && supers >= self.depth + self.inline_modules {
            [&["crate".to_owned()], &words[supers..]].concat()
        } else {
            words.to_vec()
        };
        self.paths.push(Place { line, what: words.join("::") });
    }

    fn use_tree(&mut self, line: usize, before: &[String], tree: &syn::UseTree) {
        let with = |word: String| [before, &[word]].concat();
        match tree {
            syn::UseTree::Path(p) => self.use_tree(line, &with(p.ident.to_string()), &p.tree),
            syn::UseTree::Name(n) => self.path(line, &with(n.ident.to_string())),
            syn::UseTree::Rename(r) => self.path(line, &with(r.ident.to_string())),
            syn::UseTree::Glob(_) => self.path(line, before),
            syn::UseTree::Group(g) => g.items.iter().for_each(|t| self.use_tree(line, before, t)),
        }
    }

    fn function(&mut self, name: &syn::Ident, start: usize, end: usize) {
        self.functions.push((Place { line: start, what: name.to_string() }, end + 1 - start));
    }

    fn may_panic(&mut self, line: usize, what: &str) {
        if self.in_test == 0 {
            self.panics.push(Place { line, what: what.to_owned() });
        }
    }

    /// The tokens of a macro's call: paths and `.unwrap()` hide there too.
    fn tokens(&mut self, stream: TokenStream) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            let line = token.span().start().line;
            match token {
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    if group.delimiter() == Delimiter::Parenthesis && i >= 2 {
                        let (name, dot) = (tokens[i - 1].to_string(), tokens[i - 2].to_string());
                        if dot == "." && is_panicking(&name, group.stream().into_iter().next().as_ref()) {
                            self.may_panic(line, &name);
                        }
                    }
                }
                TokenTree::Ident(ident) if *ident == "crate" => {
                    let words: Vec<String> = tokens[i..].iter().take(7).map(ToString::to_string).collect();
                    let path: Vec<String> = words.into_iter().filter(|w| w != ":").collect();
                    self.path(line, &path[..path.len().min(3)]);
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn showing(&mut self, line: usize, called: &str, args: &syn::punctuated::Punctuated<syn::Expr, syn::Token![,]>) {
        if self.in_test > 0 || !SHOWING.iter().any(|s| called == *s || called.ends_with(&format!("::{s}"))) {
            return;
        }
        for arg in args {
            if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = arg {
                let text = text.value();
                if text.contains(' ') && text.chars().any(char::is_alphabetic) {
                    self.shown.push(Place { line, what: text });
                }
            }
        }
    }
}

/// `unwrap()`, and `expect("…")` with a literal: other `expect`s are somebody's own method.
fn is_panicking(name: &str, first: Option<&TokenTree>) -> bool {
    match name {
        "unwrap" => first.is_none(),
        "expect" => matches!(first, Some(TokenTree::Literal(l)) if l.to_string().starts_with('"')),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let test = usize::from(is_test_only(&item.attrs));
        self.in_test += test;
        self.inline_modules += 1;
        visit::visit_item_mod(self, item);
        self.inline_modules -= 1;
        self.in_test -= test;
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig.ident, line_of(&item.sig), item.block.span().end().line);
        let test = usize::from(is_test_only(&item.attrs));
        self.in_test += test;
        visit::visit_item_fn(self, item);
        self.in_test -= test;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, line_of(&item.sig), item.block.span().end().line);
        let test = usize::from(is_test_only(&item.attrs));
        self.in_test += test;
        visit::visit_impl_item_fn(self, item);
        self.in_test -= test;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(line_of(item), &[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if words.len() > 1 {
            self.path(line_of(path), &words);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(p) = &*call.func {
            let words: Vec<String> = p.path.segments.iter().map(|s| s.ident.to_string()).collect();
            if self.in_test == 0 {
                self.calls.push(Place { line: line_of(call), what: words.join("::") });
            }
            let last = words.last().map_or("", String::as_str);
            let unbounded = matches!(last, "unbounded_channel" | "unbounded")
                || (last == "channel" && call.args.is_empty() && words.iter().any(|w| w == "mpsc"));
            if unbounded && self.in_test == 0 {
                self.unbounded.push(Place { line: line_of(call), what: words.join("::") });
            }
            self.showing(line_of(call), &words.join("::"), &call.args);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        let literal = matches!(call.args.first(), Some(syn::Expr::Lit(l)) if matches!(l.lit, syn::Lit::Str(_)));
        if (name == "unwrap" && call.args.is_empty()) || (name == "expect" && literal) {
            self.may_panic(line_of(&call.method), &name);
        }
        self.showing(line_of(&call.method), &name, &call.args);
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        let name = item.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        if matches!(name.as_str(), "panic" | "todo" | "unimplemented" | "unreachable") {
            self.may_panic(line_of(item), &format!("{name}!"));
        }
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}

/// Every Rust file of the house, read once for all tests.
fn all_rust() -> &'static [(Text, Seen)] {
    static ALL: OnceLock<Vec<(Text, Seen)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let files = ["src", "tests", "benches"].into_iter().flat_map(|folder| tree::files(folder, &[".rs"]));
        let look_at = |file: Text| {
            let seen = look(&file);
            (file, seen)
        };
        files.map(look_at).collect()
    })
}

/// Those of the program itself.
fn source() -> impl Iterator<Item = &'static (Text, Seen)> {
    all_rust().iter().filter(|(file, _)| file.path.starts_with("src/"))
}

fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn at(file: &Text, place: &Place) -> String {
    format!("{}:{}: {}", file.path, place.line, place.what)
}

#[test]
fn rooms_import_only_what_the_table_allows() {
    let table: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let rooms: BTreeSet<&str> = table.keys().copied().chain(WIRING.iter().copied()).collect();
    let mut found = Vec::new();
    for (file, seen) in source() {
        let room = file.room().unwrap_or_default();
        if WIRING.contains(&room) {
            continue;
        }
        let Some(allowed) = table.get(room) else {
            found.push(format!("{}: the room {room} is not in the table", file.path));
            continue;
        };
        for place in &seen.paths {
            let Some(target) = place.what.strip_prefix("crate::").and_then(|p| p.split("::").next()) else { continue };
            if target != room && rooms.contains(target) && !allowed.contains(&target) {
                found.push(format!("{} ({room} may import {allowed:?})", at(file, place)));
            }
        }
    }
    none("imports the table does not allow", &found);
}

#[test]
fn outside_crates_stay_in_their_rooms() {
    let mut found = Vec::new();
    for (file, seen) in source() {
        let room = file.room().unwrap_or_default();
        for place in &seen.paths {
            let root = place.what.split("::").next().unwrap_or_default();
            let reserved = RESERVED.iter().find(|(name, _)| *name == root);
            if reserved.is_some_and(|(_, rooms)| !rooms.contains(&room) && !WIRING.contains(&room)) {
                found.push(at(file, place));
            }
            let impure = IMPURE.iter().any(|i| place.what == *i || place.what.starts_with(&format!("{i}::")));
            if PURE.contains(&room) && impure && !place.what.starts_with("std::time::Duration") {
                found.push(format!("{} (the room is pure)", at(file, place)));
            }
        }
    }
    none("crates used outside their rooms", &found);
}

#[test]
fn files_and_functions_are_short() {
    let mut found = Vec::new();
    for (file, seen) in all_rust() {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            found.push(format!("{}: {lines} lines, {FILE_LINES_MAX} at most", file.path));
        }
        for (place, lines) in &seen.functions {
            if *lines > FUNCTION_LINES_MAX {
                found.push(format!("{}: {lines} lines, {FUNCTION_LINES_MAX} at most", at(file, place)));
            }
        }
    }
    none("too long", &found);
}

#[test]
fn nothing_panics_on_purpose() {
    let found: Vec<String> =
        source().flat_map(|(file, seen)| seen.panics.iter().map(|p| at(file, p)).collect::<Vec<_>>()).collect();
    none("calls that end the program where an error should be told", &found);
}

#[test]
fn threads_have_names_and_channels_have_bounds() {
    let mut found = Vec::new();
    for (file, seen) in source() {
        found.extend(seen.unbounded.iter().map(|p| format!("{} (give it a bound)", at(file, p))));
        for place in &seen.calls {
            if place.what.ends_with("thread::spawn") {
                found.push(format!("{} (use std::thread::Builder and a name)", at(file, place)));
            }
            if place.what.ends_with("process::exit") && file.path != "src/main.rs" {
                found.push(format!("{} (only main ends the process)", at(file, place)));
            }
        }
    }
    none("unnamed threads, unbounded channels, early exits", &found);
}

#[test]
fn tests_wait_for_what_they_want_and_never_sleep() {
    let naps = [concat!("thread::", "sleep"), concat!("time::", "sleep"), concat!("sleep", "(Duration")];
    let mut found = Vec::new();
    for (file, _) in all_rust() {
        let whole = !file.path.starts_with("src/");
        let tests_from = if whole { 0 } else { file.text.find("#[cfg(test)]").unwrap_or(file.text.len()) };
        for (i, line) in file.text[tests_from..].lines().enumerate() {
            if naps.iter().any(|n| line.contains(n)) {
                let before = file.text[..tests_from].matches('\n').count();
                found.push(format!("{}:{}: {}", file.path, before + i + 1, line.trim()));
            }
        }
    }
    none("tests that sleep", &found);
}

#[test]
fn no_test_file_is_forgotten() {
    let main = tree::file("tests/it/main.rs").expect("tests/it/main.rs names the test files");
    let mut found = Vec::new();
    for file in tree::files("tests/it", &[".rs"]) {
        let parts: Vec<&str> = file.path["tests/it/".len()..].split('/').collect();
        let (name, above) = match parts[..] {
            ["main.rs"] => continue,
            [file_name] => (file_name.trim_end_matches(".rs"), main.clone()),
            [folder, "mod.rs"] => (folder, main.clone()),
            [folder, file_name] => {
                let above = [format!("tests/it/{folder}.rs"), format!("tests/it/{folder}/mod.rs")];
                (file_name.trim_end_matches(".rs"), above.iter().find_map(|p| tree::file(p)).unwrap_or_default())
            }
            _ => continue,
        };
        if !above.lines().any(|l| l.trim_start_matches("pub ").trim() == format!("mod {name};")) {
            found.push(file.path.clone());
        }
    }
    none("test files that nothing runs", &found);
}

#[test]
fn every_file_says_what_it_is() {
    let mute: Vec<String> =
        all_rust().iter().filter(|(f, _)| !f.text.starts_with("//!")).map(|(f, _)| f.path.clone()).collect();
    none("files that do not begin with //!", &mute);
}

#[test]
fn no_translation_is_missing() {
    none("translations", &crate::i18n::problems());
}

#[test]
fn screens_hold_no_words() {
    let mut found = Vec::new();
    for (file, seen) in source().filter(|(file, _)| file.room() == Some("station")) {
        found.extend(seen.shown.iter().map(|p| at(file, p)));
    }
    none("words in a screen that belong in the catalogue", &found);
}

#[test]
fn the_bundled_sqlite_is_recent() {
    assert!(
        rusqlite::version_number() >= SQLITE_VERSION_MIN,
        "SQLite {} is older than 3.51.3: update rusqlite",
        rusqlite::version()
    );
}

#[test]
fn what_works_names_its_test() {
    let status = tree::file("docs/status.md").expect("docs/status.md lists what works");
    let mut found = Vec::new();
    let mut rows = 0;
    let mut state_column = None;
    for (i, line) in status.lines().enumerate() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.trim_start().starts_with('|') {
            state_column = None;
            continue;
        }
        if let Some(column) = cells.iter().position(|c| c.eq_ignore_ascii_case("state")) {
            state_column = Some(column);
            continue;
        }
        let Some(state) = state_column.and_then(|c| cells.get(c)) else { continue };
        if *state == "works" {
            rows += 1;
            found.extend(proof_trouble(line).map(|what| format!("docs/status.md:{}: {what}", i + 1)));
        }
    }
    none("rows that say \"works\" without a test that shows it", &found);
    assert!(rows > 0, "docs/status.md has no row whose state is works");
}

/// What is wrong with the tests, benches or scripts a row names.
fn proof_trouble(row: &str) -> Option<String> {
    let named: Vec<&str> = row
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|t| ["tests/", "benches/", ".ci/"].iter().any(|p| t.starts_with(p)))
        .collect();
    if named.is_empty() {
        return Some("names no test".to_owned());
    }
    named.iter().find_map(|name| {
        let (path, function) = name.split_once("::").map_or((*name, None), |(path, f)| (path, Some(f)));
        let Some(text) = tree::file(path) else { return Some(format!("there is no {path}")) };
        match function.map(|f| f.rsplit("::").next().unwrap_or(f)) {
            Some(f) if !text.contains(&format!("fn {f}(")) => Some(format!("{path} has no {f}")),
            None if path.starts_with("tests/it/") => Some(format!("{path}: name the function too")),
            Some(_) | None => None,
        }
    })
}

#[test]
fn no_machine_of_ours_shows() {
    let traces = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("npm", "js."),
        concat!("pypi", ".org"),
        concat!("python", "hosted"),
        concat!("deb.", "debian.org"),
        concat!("crates", ".io"),
    ];
    let lock_source = concat!("registry+https://github.com/rust-lang/crates", ".io-index");
    let mut found = Vec::new();
    for path in tracked() {
        let Some(text) = tree::file(&path) else { continue };
        for (i, line) in text.lines().enumerate() {
            let line = if path.ends_with("Cargo.lock") { line.replace(lock_source, "") } else { line.to_owned() };
            if let Some(trace) = traces.iter().find(|t| line.contains(*t)) {
                found.push(format!("{path}:{}: {trace}", i + 1));
            }
        }
    }
    none("traces of one machine or of a registry", &found);
}

/// Paths of the text files that belong to the house.
fn tracked() -> Vec<String> {
    const TEXT: &[&str] = &[
        ".rs", ".md", ".toml", ".lock", ".sh", ".sql", ".ftl", ".css", ".js", ".html", ".json", ".txt", ".yml", ".log",
        "/run",
    ];
    let listed = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(tree::root())
        .output();
    let listed = listed.ok().filter(|o| o.status.success()).map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let folders = ["src", "tests", "benches", "docs", "assets", "migrations", ".ci"];
    let paths: Vec<String> = match listed {
        Some(list) if !list.is_empty() => list.lines().map(str::to_owned).collect(),
        Some(_) | None => folders.into_iter().flat_map(|f| tree::files(f, TEXT)).map(|f| f.path).collect(),
    };
    paths.into_iter().filter(|p| TEXT.iter().any(|t| p.ends_with(t))).collect()
}

/// Nothing stands at the top but the house itself: a scratch file would be shipped with it.
#[test]
fn no_scratch_file_stands_at_the_top() {
    const TOP: &[&str] = &[
        ".cargo",
        ".ci",
        ".gitattributes",
        ".gitignore",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "assets",
        "benches",
        "clippy.toml",
        "deny.toml",
        "docs",
        "migrations",
        "rustfmt.toml",
        "src",
        "tests",
    ];
    let strays: Vec<String> =
        tracked().into_iter().filter(|path| !TOP.contains(&path.split('/').next().unwrap_or(path))).collect();
    none("files at the top that belong to no room", &strays);
}

#[test]
fn the_rules_themselves_can_fail() {
    let text = r#"
        use crate::station::theme;
        fn f() {
            let (a, b) = std::sync::mpsc::channel::<u8>();
            std::thread::spawn(|| {});
            x.unwrap();
            format!("{}", y.expect("z"));
            super::super::engine::go();
            ui.label("Two words");
            vec![crate::central::routes()];
        }
        #[cfg(test)]
        mod tests { fn g() { x.unwrap(); panic!() } }
    "#;
    let seen = look(&Text { path: "src/core/bad.rs".to_owned(), text: text.to_owned() });
    let paths: Vec<&str> = seen.paths.iter().map(|p| p.what.as_str()).collect();
    for expected in ["crate::station::theme", "std::thread::spawn", "crate::engine::go", "crate::central::routes"] {
        assert!(paths.contains(&expected), "{expected} is not among {paths:?}");
    }
    let panics: Vec<&str> = seen.panics.iter().map(|p| p.what.as_str()).collect();
    assert_eq!(panics, ["unwrap", "expect"]);
    assert_eq!((seen.unbounded.len(), seen.shown.len(), seen.functions.len()), (1, 1, 2));
    assert!(proof_trouble("| a | works | - |").is_some());
    assert!(proof_trouble("| a | works | `tests/it/tidy.rs::no_such_function` |").is_some());
    assert!(proof_trouble("| a | works | `tests/it/tidy.rs::the_rules_themselves_can_fail` |").is_none());
}
