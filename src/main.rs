//! The executable: everything it can do is in the library.

fn main() -> std::process::ExitCode {
    packbench::cli::main()
}
