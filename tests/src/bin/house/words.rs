//! Words that would tie the repository to one machine or one mirror.

use crate::Breach;
use crate::files::Tree;

/// Hosts of package registries. Whoever builds may use a mirror: only the tools' own settings
/// name one. Each is cut in two, so that this file passes its own check.
const HOSTS: [(&str, &str); 9] = [
    ("crates", ".io"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("npmjs", ".org"),
    ("npmjs", ".com"),
    ("deb.debian", ".org"),
    ("security.debian", ".org"),
    ("archive.ubuntu", ".com"),
    ("archive.raspberrypi", ".com"),
];

/// Beginnings of paths that exist on somebody's machine only.
const FOLDERS: [(&str, &str); 4] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/tm", "p/"),
];

/// Cargo writes the index into its own lock file.
const CARGO_LOCK: &str = "Cargo.lock";

/// Finds registry hosts, paths of one machine, and lock files that carry download addresses.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let hosts = HOSTS.map(|(a, b)| format!("{a}{b}"));
    let folders = FOLDERS.map(|(a, b)| format!("{a}{b}"));
    let mut breaches = Vec::new();
    for (path, text) in tree.texts() {
        if path.rsplit('/').next() == Some(CARGO_LOCK) {
            continue;
        }
        let npm_lock = path.ends_with("package-lock.json");
        for (index, line) in text.lines().enumerate() {
            let mut add = |message: String| {
                breaches.push(Breach::new(format!("{path}:{}", index + 1), message))
            };
            if npm_lock && line.trim_start().starts_with("\"resolved\": \"http") {
                add(
                    "a download address; `npm config set omit-lockfile-registry-resolved true` \
                     and make the lock file anew"
                        .to_owned(),
                );
                continue;
            }
            if let Some(host) = hosts.iter().find(|host| names_host(line, host)) {
                add(format!(
                    "names the registry {host}; leave the choice to the tool's settings"
                ));
            }
            if let Some(folder) = folders.iter().find(|folder| starts_path(line, folder)) {
                add(format!(
                    "names a path under {folder}, which is one machine's own"
                ));
            }
        }
    }
    breaches
}

/// Whether the host stands in the line as a whole name or as the end of a longer one.
fn names_host(line: &str, host: &str) -> bool {
    line.match_indices(host).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + host.len()..].chars().next();
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
            && !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
    })
}

/// Whether an absolute path begins with `folder`; `folder` inside of a longer path doesn't count.
fn starts_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '/' | '.' | '}' | '_' | '-' | '~' | '*')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of_texts(&[(path, text)]))
            .into_iter()
            .map(|breach| breach.place)
            .collect()
    }

    #[test]
    fn registry_hosts_are_found_wherever_they_stand() {
        let host = format!("{}{}", "crates", ".io");
        assert_eq!(
            places("README.md", &format!("a\nsee https://static.{host}/x")),
            ["README.md:2"]
        );
        assert_eq!(places("a.toml", &host), ["a.toml:1"]);
        assert!(places("Cargo.lock", &host).is_empty());
        assert!(places("a.rs", &format!("super{host}n and my-{host}")).is_empty());
    }

    #[test]
    fn paths_of_one_machine_are_found_and_relative_ones_are_not() {
        let folder = format!("{}{}", "/wo", "rk/");
        assert_eq!(places("a.sh", &format!("cd {folder}main")), ["a.sh:1"]);
        assert_eq!(places("a.md", &format!("`{folder}main`")), ["a.md:1"]);
        assert!(
            places(
                "a.md",
                &format!("net{folder}x and ..{folder}y and $R{folder}z")
            )
            .is_empty()
        );
    }

    #[test]
    fn lock_files_carry_no_download_address_but_links_stay() {
        let address = "  \"resolved\": \"https://example.test/a.tgz\",";
        assert_eq!(
            places("package-lock.json", address),
            ["package-lock.json:1"]
        );
        assert!(places("package-lock.json", "  \"resolved\": \"shared/ts\",").is_empty());
    }
}
