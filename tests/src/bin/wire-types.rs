//! Writes the pages' TypeScript; `house` tells when the committed file is stale.

use std::path::Path;

use anyhow::Context;
use clap::Parser;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ts/wire.gen.ts");

/// Writes shared/ts/wire.gen.ts, the pages' types of what crosses the wire, from their Rust
/// definitions
#[derive(Debug, Parser)]
struct Cli {}

fn main() -> anyhow::Result<()> {
    let Cli {} = Cli::parse();
    let file = Path::new(FILE);
    std::fs::write(file, madoguchi_shared::typescript::module())
        .with_context(|| format!("cannot write {}", file.display()))
}
