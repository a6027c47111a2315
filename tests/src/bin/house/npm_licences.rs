//! npm packages carry a licence of the list in `deny.toml`, as crates do.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;

use crate::Breach;
use crate::files::Tree;

const LOCK: &str = "package-lock.json";
const POLICY: &str = "deny.toml";
/// Permissive as well; so far only tools that build and test the pages have them.
const OF_TOOLS: [&str; 2] = ["0BSD", "BlueOak-1.0.0"];

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Package>,
}

#[derive(Deserialize)]
struct Package {
    license: Option<String>,
    #[serde(default)]
    link: bool,
}

#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

/// Names each package of the lock file without a licence, or with one that isn't allowed.
///
/// Fails when the lock file or the policy can't be read.
pub(crate) fn check(tree: &Tree) -> anyhow::Result<Vec<Breach>> {
    let lock = tree.text(LOCK).with_context(|| format!("no {LOCK}"))?;
    let lock: Lock = serde_json::from_str(lock).with_context(|| format!("cannot read {LOCK}"))?;
    let policy = tree.text(POLICY).with_context(|| format!("no {POLICY}"))?;
    let policy: Policy = toml::from_str(policy).with_context(|| format!("cannot read {POLICY}"))?;
    let allowed = |licence: &str| {
        OF_TOOLS.contains(&licence) || policy.licenses.allow.iter().any(|own| own == licence)
    };
    let breaches = lock.packages.iter().filter(|(_, package)| !package.link);
    let breaches = breaches.filter_map(|(path, package)| {
        let licence = package.license.as_deref();
        if licence.is_some_and(allowed) {
            return None;
        }
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let licence = licence.unwrap_or("no licence");
        let message = format!("{name} has {licence}, which {POLICY} doesn't allow; do without it");
        Some(Breach::new(LOCK, message))
    });
    Ok(breaches.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOW: &str = "[licenses]\nallow = [\"MIT\"]\n";

    #[test]
    fn a_package_with_another_licence_or_none_is_refused() {
        let lock = r#"{"packages": {
            "node_modules/good": {"license": "MIT"},
            "node_modules/tool": {"license": "0BSD"},
            "node_modules/ours": {"link": true},
            "node_modules/good/node_modules/viral": {"license": "GPL-3.0-only"},
            "node_modules/@scope/unknown": {}
        }}"#;
        let tree = Tree::of_texts(&[(LOCK, lock), (POLICY, ALLOW)]);
        let found = check(&tree).unwrap();
        let told: Vec<&str> = found.iter().map(|breach| breach.message.as_str()).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with("@scope/unknown has no licence"));
        assert!(told[1].starts_with("viral has GPL-3.0-only"));
    }
}
