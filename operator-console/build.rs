//! Makes sure that the folder of the built operator's page exists, so that the console builds
//! without Node; an empty one is served as a page that says how to build it.

use std::path::Path;

fn main() {
    let dist = Path::new("web/dist");
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!("cargo::error={} can't be made: {error}", dist.display());
    }
    println!("cargo::rerun-if-changed=web/dist");
}
