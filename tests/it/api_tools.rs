//! The API against tools of others: schemathesis asks a running server whatever the document allows and forbids, on both engines;
//! spectral and redocly read the document. `tests/run` installs them below `target/test-tools`, or where
//! `PACKBENCH_TEST_TOOLS` says. `PACKBENCH_FUZZ_SECONDS` is the time for each engine.

use crate::api_kit::{document, master, seed, serving, tool, unlimited};
use crate::central_kit::{Bench, central_with, on_each_engine};
use crate::schema_kit::for_each_engine;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Time for each engine, seconds, where nothing else is said.
const FUZZ_SECONDS: u64 = 30;
/// Most.
const FUZZ_SECONDS_MAX: u64 = 180;

/// Runs a tool in a folder that may hold what it writes; its status must be 0.
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{}\n{}",
        output.status,
        said(&output.stdout),
        said(&output.stderr)
    );
}

#[test]
fn schemathesis_finds_nothing_to_object_to() {
    let schemathesis = tool("python/bin/schemathesis");
    let seconds = std::env::var("PACKBENCH_FUZZ_SECONDS").map_or(FUZZ_SECONDS, |text| text.parse().unwrap());
    let seconds = seconds.min(FUZZ_SECONDS_MAX);
    for_each_engine(|site| {
        let bench = central_with(site, |settings| settings.api_rates = unlimited());
        seed(&bench);
        let key = master(&bench);
        serving(&bench, |at| {
            let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib/schemathesis.toml");
            let mut command = Command::new(&schemathesis);
            command.current_dir(site.folder.path()).arg("--config-file").arg(config).arg("run");
            command
                .arg(format!("http://{at}/api/v1/openapi.json"))
                .arg("-H")
                .arg(format!("Authorization: Bearer {key}"));
            command.args(["--max-time", &seconds.to_string(), "--no-color"]);
            run(&mut command);
        });
    });
}

fn linted(bench: &Bench, name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, serde_json::to_vec_pretty(document(bench)).unwrap()).unwrap();
    (folder, file)
}

#[test]
fn spectral_and_redocly_find_the_document_clean() {
    let (spectral, redocly) = (tool("node_modules/.bin/spectral"), tool("node_modules/.bin/redocly"));
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib");
    on_each_engine(|bench| {
        let (folder, file) = linted(bench, "openapi.json");
        let mut first = Command::new(&spectral);
        first.current_dir(folder.path()).arg("lint").arg("--fail-severity=hint").arg("--ruleset");
        run(first.arg(rules.join("spectral.yaml")).arg(&file));
        let mut second = Command::new(&redocly);
        second.current_dir(folder.path()).env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        run(second.arg("lint").arg("--config").arg(rules.join("redocly.yaml")).arg("--max-problems=100").arg(&file));
    });
}
