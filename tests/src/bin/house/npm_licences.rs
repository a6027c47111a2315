//! npm packages carry a licence of the list in `deny.toml`, as crates do.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;

use crate::Breach;
use crate::files::Tree;

const LOCK: &str = "package-lock.json";
/// The package manager itself is Artistic-2.0 and brings its parts along. It is run, nothing of ours
/// is made with its code, and only `scripts/setup.sh` installs it, where the distribution's is too
/// old.
const NPM: (&str, &str) = ("scripts/node/package-lock.json", "node_modules/npm");
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

/// Names each package of any lock file without a licence, or with one that isn't allowed.
///
/// Fails when there is no lock file, or one or the policy can't be read.
pub(crate) fn check(tree: &Tree) -> anyhow::Result<Vec<Breach>> {
    let policy = tree.text(POLICY).with_context(|| format!("no {POLICY}"))?;
    let policy: Policy = toml::from_str(policy).with_context(|| format!("cannot read {POLICY}"))?;
    let allowed = |licence: &str| {
        OF_TOOLS.contains(&licence) || policy.licenses.allow.iter().any(|own| own == licence)
    };
    tree.text(LOCK).with_context(|| format!("no {LOCK}"))?;
    let mut breaches = Vec::new();
    for (file, text) in tree.texts() {
        if file.rsplit('/').next() != Some(LOCK) {
            continue;
        }
        let lock: Lock =
            serde_json::from_str(text).with_context(|| format!("cannot read {file}"))?;
        for (path, package) in &lock.packages {
            let licence = package.license.as_deref();
            if package.link || licence.is_some_and(allowed) || is_of_npm(file, path) {
                continue;
            }
            let name = path.rsplit("node_modules/").next().unwrap_or(path);
            let name = if name.is_empty() { "the package" } else { name };
            let licence = licence.unwrap_or("no licence");
            let message =
                format!("{name} has {licence}, which {POLICY} doesn't allow; do without it");
            breaches.push(Breach::new(file, message));
        }
    }
    Ok(breaches)
}

fn is_of_npm(file: &str, path: &str) -> bool {
    let rest = path.strip_prefix(NPM.1);
    file == NPM.0 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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

    #[test]
    fn every_lock_file_counts_and_only_the_package_manager_is_let_pass() {
        let node = r#"{"packages": {
            "": {"license": "MIT"},
            "node_modules/npm": {"license": "Artistic-2.0"},
            "node_modules/npm/node_modules/part": {},
            "node_modules/npm-viral": {"license": "GPL-3.0-only"}
        }}"#;
        let other = r#"{"packages": {"node_modules/npm": {"license": "Artistic-2.0"}}}"#;
        let tree = Tree::of_texts(&[
            (LOCK, r#"{"packages": {}}"#),
            (NPM.0, node),
            ("other/package-lock.json", other),
            (POLICY, ALLOW),
        ]);
        let found = check(&tree).unwrap();
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|breach| (breach.place.as_str(), breach.message.as_str()))
            .collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0].0, "other/package-lock.json");
        assert_eq!(told[1].0, NPM.0);
        assert!(told[1].1.starts_with("npm-viral has GPL-3.0-only"));
    }
}
