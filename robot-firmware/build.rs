//! The page may not be built yet (a first `cargo build`): its folder must exist for embedding.

fn main() {
    println!("cargo::rerun-if-changed=screen/dist");
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("screen/dist");
    if let Err(error) = std::fs::create_dir_all(&dist) {
        println!("cargo::error=cannot create {}: {error}", dist.display());
    }
}
