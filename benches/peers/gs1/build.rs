//! Builds the official engine from the folder that `GS1_ENGINE` names, as its own Makefile does for speed, and the few
//! functions that let Rust call it.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=GS1_ENGINE");
    println!("cargo:rerun-if-changed=engine.c");
    let engine = std::env::var("GS1_ENGINE").expect("GS1_ENGINE names the engine's checkout; start this by ./run");
    let source = Path::new(&engine).join("src/c-lib");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    let mut files: Vec<PathBuf> =
        ["ai.c", "dl.c", "gs1encoders.c", "scandata.c", "syn.c"].iter().map(|f| source.join(f)).collect();
    for entry in std::fs::read_dir(source.join("syntax")).expect("the engine's linters") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".c") && !name.contains("test") {
            files.push(path);
        }
    }
    files.push("engine.c".into());
    let mut objects = Vec::new();
    for (n, file) in files.iter().enumerate() {
        let object = out.join(format!("{n}.o"));
        let flags = ["-O3", "-fPIC", "-w", "-DNDEBUG", "-DGS1_LINTER_ERR_STR_EN", "-I"];
        let mut cc = Command::new("cc");
        cc.args(flags).arg(&source).arg("-c").arg(file).arg("-o").arg(&object);
        assert!(cc.status().expect("a C compiler").success(), "{} does not compile", file.display());
        objects.push(object);
    }
    let library = out.join("libgs1engine.a");
    // A left-over would keep objects that are gone; there is none at the first build.
    let _ = std::fs::remove_file(&library);
    assert!(Command::new("ar").arg("crs").arg(&library).args(&objects).status().expect("ar").success());
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=gs1engine");
}
