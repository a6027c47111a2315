//! Writes the pages' TypeScript, or with `--check` fails when the committed file is stale.

use std::process::ExitCode;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ts/wire.gen.ts");

fn main() -> ExitCode {
    let check = std::env::args().any(|arg| arg == "--check");
    let wanted = madoguchi_shared::typescript::module();
    let outcome = if check {
        match std::fs::read_to_string(FILE) {
            Ok(found) if found == wanted => Ok(()),
            _ => {
                Err("shared/ts/wire.gen.ts is stale; run `make generate` and commit it".to_owned())
            }
        }
    } else {
        std::fs::write(FILE, wanted).map_err(|error| format!("cannot write {FILE}: {error}"))
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
