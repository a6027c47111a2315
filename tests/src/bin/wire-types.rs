//! Writes the pages' TypeScript and the packet's schema; `house` tells when a committed file is stale.

use std::path::Path;

use anyhow::Context;
use clap::Parser;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

/// Writes shared/ts/wire.gen.ts, the pages' types of what crosses the wire, and
/// shared/schema/packet-1.gen.json, the packet's JSON Schema, from their Rust definitions
#[derive(Debug, Parser)]
struct Cli {}

fn main() -> anyhow::Result<()> {
    let Cli {} = Cli::parse();
    let schema = madoguchi_shared::schema::packet().context("the packet's schema can't be made")?;
    for (file, text) in [
        ("ts/wire.gen.ts", madoguchi_shared::typescript::module()),
        ("schema/packet-1.gen.json", schema),
    ] {
        let file = Path::new(SHARED).join(file);
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}
