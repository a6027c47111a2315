//! The wall around `core`: it decides, and depends on nothing that waits, touches or looks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::files::Tree;
use crate::{Breach, rust};

const CORE: &str = "madoguchi-core";
const CORE_SOURCES: &str = "robot-firmware/core/src/";

/// Crates that run tasks or threads, open sockets or devices, carry media, or read randomness;
/// a `*` stands for any ending.
const FORBIDDEN_CRATES: [&str; 28] = [
    "async-std",
    "axum*",
    "cpal",
    "crossbeam-channel",
    "fastrand",
    "gstreamer*",
    "hyper*",
    "madoguchi-hardware",
    "madoguchi-media",
    "madoguchi-speech",
    "mio",
    "quinn*",
    "rand",
    "rayon",
    "reqwest",
    "rppal",
    "rtc",
    "rtc-*",
    "rten*",
    "serialport",
    "smol",
    "socket2",
    "sqlx*",
    "tokio*",
    "tungstenite",
    "ureq",
    "webrtc*",
    "whisper-rs*",
];

/// What the standard library and `uuid` offer of the same, as it would stand in a source file.
const FORBIDDEN_WORDS: [&str; 18] = [
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "io::std",
    "Instant::now",
    "SystemTime::now",
    "Zoned::now",
    "Timestamp::now",
    "Local::now",
    "Utc::now",
    "now_utc",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "HashMap",
    "HashSet",
    "println!",
];

/// The part of `cargo metadata` that tells who depends on whom.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    #[serde(default)]
    dependencies: Vec<Declared>,
}

/// A line of a `Cargo.toml`, of any kind, optional or not, for any platform.
#[derive(Deserialize)]
struct Declared {
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

/// Asks cargo for the dependency graph of the workspace at `root`.
pub(crate) fn resolve(root: &Path) -> anyhow::Result<Metadata> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .arg("--all-features")
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .args(["--filter-platform", "aarch64-unknown-linux-gnu"])
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    serde_json::from_slice(&output.stdout).context("cannot read what `cargo metadata` printed")
}

/// Names what the `Cargo.toml` of `core` must not list, follows what `core` links, and names the
/// way to each crate that it must not have.
pub(crate) fn check_dependencies(metadata: &Metadata) -> anyhow::Result<Vec<Breach>> {
    let names: BTreeMap<&str, &str> = metadata
        .packages
        .iter()
        .map(|p| (p.id.as_str(), p.name.as_str()))
        .collect();
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let start = metadata
        .packages
        .iter()
        .find(|package| package.name == CORE)
        .with_context(|| format!("the workspace has no {CORE}"))?;

    let listed = start.dependencies.iter().filter(|own| forbidden(&own.name));
    let mut breaches: Vec<Breach> = listed
        .map(|own| {
            let message = format!("lists {}; core only decides, move that out", own.name);
            Breach::new(CORE, message)
        })
        .collect();
    let mut seen = BTreeSet::from([start.id.as_str()]);
    let mut open = vec![(start.id.as_str(), CORE.to_owned())];
    while let Some((id, way)) = open.pop() {
        for dependency in nodes.get(id).into_iter().flat_map(|node| &node.deps) {
            let linked = dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
            if !linked || !seen.insert(&dependency.pkg) {
                continue;
            }
            let name = names.get(dependency.pkg.as_str()).copied().unwrap_or("?");
            let way = format!("{way} → {name}");
            if forbidden(name) {
                let message = format!("links {name} ({way}); core only decides, move that out");
                breaches.push(Breach::new(CORE, message));
            } else {
                open.push((&dependency.pkg, way));
            }
        }
    }
    Ok(breaches)
}

fn forbidden(name: &str) -> bool {
    FORBIDDEN_CRATES
        .iter()
        .any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == *pattern,
        })
}

/// Finds clocks, threads, files, randomness and unordered maps in the sources of `core`, whatever
/// is built for tests alone left out.
pub(crate) fn check_sources(tree: &Tree) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (path, text) in tree.texts() {
        if !path.starts_with(CORE_SOURCES) || !path.ends_with(".rs") || path.ends_with("/tests.rs")
        {
            continue;
        }
        let code = rust::code(text);
        let uses = rust::uses(&code);
        let used = uses.iter().map(|(line, path)| (*line, path.as_str()));
        let mut told = BTreeSet::new();
        for (line, words) in code.iter().copied().chain(used) {
            for word in FORBIDDEN_WORDS.iter().filter(|word| is_in(words, word)) {
                if told.insert((line, word)) {
                    let message =
                        format!("uses {word}; core takes it as an argument or leaves it out");
                    breaches.push(Breach::new(format!("{path}:{line}"), message));
                }
            }
        }
    }
    breaches
}

/// Whether a line or a path names the forbidden word, by itself or with all that stands beside it.
fn is_in(words: &str, forbidden: &str) -> bool {
    let everything = words.strip_suffix('*').filter(|path| path.ends_with("::"));
    words.contains(forbidden) || everything.is_some_and(|path| forbidden.starts_with(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str, Option<&str>)]) -> Metadata {
        let mut packages = BTreeSet::from([CORE]);
        let mut nodes: BTreeMap<&str, Vec<Dependency>> = BTreeMap::new();
        for &(from, to, kind) in edges {
            packages.extend([from, to]);
            nodes.entry(from).or_default().push(Dependency {
                pkg: to.to_owned(),
                dep_kinds: vec![DependencyKind {
                    kind: kind.map(str::to_owned),
                }],
            });
        }
        Metadata {
            packages: packages
                .into_iter()
                .map(|name| Package {
                    id: name.to_owned(),
                    name: name.to_owned(),
                    dependencies: Vec::new(),
                })
                .collect(),
            resolve: Resolve {
                nodes: nodes
                    .into_iter()
                    .map(|(id, deps)| Node {
                        id: id.to_owned(),
                        deps,
                    })
                    .collect(),
            },
        }
    }

    #[test]
    fn a_forbidden_crate_is_found_behind_another_and_its_way_is_told() {
        let found = check_dependencies(&graph(&[
            (CORE, "serde", None),
            (CORE, "helper", None),
            ("helper", "tokio-util", None),
        ]))
        .unwrap();
        assert_eq!(found.len(), 1);
        assert!(
            found[0]
                .message
                .contains("madoguchi-core → helper → tokio-util")
        );
    }

    #[test]
    fn what_core_lists_is_found_even_where_nothing_links_it() {
        let mut metadata = graph(&[("madoguchi-robot", "gstreamer", None)]);
        let core = metadata.packages.iter_mut().find(|own| own.name == CORE);
        core.unwrap().dependencies = vec![
            Declared {
                name: "serde".to_owned(),
            },
            Declared {
                name: "rppal".to_owned(),
            },
        ];
        let found = check_dependencies(&metadata).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].message.starts_with("lists rppal"));
    }

    #[test]
    fn a_clock_in_core_is_found_outside_of_comments_and_tests() {
        let tree = Tree::of_texts(&[
            (
                "robot-firmware/core/src/visit.rs",
                "// std::fs is not used\nlet now = Instant::now();\n#[cfg(test)]\nuse std::fs;\n",
            ),
            ("robot-firmware/src/main.rs", "let now = Instant::now();\n"),
        ]);
        let found = check_sources(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, "robot-firmware/core/src/visit.rs:2");
    }

    #[test]
    fn what_comes_after_or_between_tests_is_still_looked_at() {
        let tree = Tree::of_texts(&[(
            "robot-firmware/core/src/visit.rs",
            "#[cfg(test)]\nuse std::fs;\n#[cfg(test)]\nmod tests {\n    use std::env;\n}\n\
             use std::net;\n",
        )]);
        let found = check_sources(&tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "robot-firmware/core/src/visit.rs:7");
    }

    #[test]
    fn a_group_or_all_of_a_module_hides_nothing() {
        let told = |text: &str| {
            let tree = Tree::of_texts(&[("robot-firmware/core/src/visit.rs", text)]);
            check_sources(&tree).len()
        };
        assert_eq!(told("use std::{fs, collections::BTreeMap};\n"), 1);
        assert_eq!(
            told("use std::{\n    fmt,\n    io::{self, stdin},\n};\n"),
            1
        );
        assert_eq!(told("use std::*;\n"), 5);
        assert_eq!(told("let line = io::stdin();\n"), 1);
        assert_eq!(told("use std::{fmt::{self, Write}, time::Duration};\n"), 0);
        assert_eq!(told("use super::*;\nlet area = width * std_height;\n"), 0);
    }

    #[test]
    fn the_real_core_is_resolved() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        assert_eq!(check_dependencies(&resolve(root).unwrap()).unwrap(), []);
    }
}
