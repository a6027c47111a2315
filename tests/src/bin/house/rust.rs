//! As much of Rust's grammar as the rules of the house need, on formatted sources.

/// The lines of a source with their numbers, without comments on lines of their own and without
/// what `#[cfg(test)]` stands over.
pub(crate) fn code(text: &str) -> Vec<(usize, &str)> {
    let mut code = Vec::new();
    let mut tested: Option<usize> = None;
    for (index, line) in text.lines().enumerate() {
        let words = line.trim_start();
        let indent = line.len() - words.len();
        if words.trim_end() == "#[cfg(test)]" {
            tested = Some(indent);
        } else if let Some(own) = tested {
            let ends = [";", "}", ",", "})"].iter().any(|end| words.ends_with(end));
            if indent == own && ends && !words.starts_with(['#', '/']) {
                tested = None;
            }
        } else if !words.starts_with("//") {
            code.push((index + 1, line));
        }
    }
    code
}

/// The whole path of each name that `use` brings in, with the line at which its statement begins.
pub(crate) fn uses(code: &[(usize, &str)]) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    let mut lines = code.iter();
    while let Some((number, line)) = lines.next() {
        let words = line.trim_start();
        let words = match words.strip_prefix("pub") {
            Some(rest) if rest.starts_with([' ', '(']) => {
                rest.split_once(' ').map_or(rest, |(_, rest)| rest)
            }
            _ => words,
        };
        let Some(tree) = words.strip_prefix("use ") else {
            continue;
        };
        let mut tree = tree.to_owned();
        while !tree.contains(';') {
            let Some((_, more)) = lines.next() else { break };
            tree.push_str(more.trim());
        }
        let tree = tree.split(';').next().unwrap_or_default();
        expand("", tree, &mut |path| paths.push((*number, path)));
    }
    paths
}

/// Names every path of a tree such as `std::{fs, io::{self, Read}}` that begins with `start`.
fn expand(start: &str, tree: &str, name: &mut impl FnMut(String)) {
    let Some((before, group)) = tree.split_once('{') else {
        name(format!("{start}{}", tree.trim()));
        return;
    };
    let start = format!("{start}{}", before.trim());
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let mut depth = 0;
    let parts = group.split(|sign| {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        sign == ',' && depth == 0
    });
    for part in parts.filter(|part| !part.trim().is_empty()) {
        expand(&start, part, name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_built_for_tests_alone_is_left_out() {
        let text = "\
// a comment
#[cfg(test)]
#[path = \"deep/tests.rs\"]
mod tests;
struct Kept {
    #[cfg(test)]
    seen: usize,
    kept: usize,
}
#[cfg(test)]
impl Kept {
    fn gone(
        &self,
    ) -> bool {
        true
    }
}
fn kept() {}
";
        let lines: Vec<usize> = code(text).iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [5, 8, 9, 18]);
    }

    #[test]
    fn a_tree_of_uses_is_written_out() {
        let text =
            "pub(crate) use std::{\n    fs,\n    io::{self, Read as _},\n};\nuse a::b;\nfuse();\n";
        let found = uses(&code(text));
        let written: Vec<(usize, &str)> = found
            .iter()
            .map(|(line, path)| (*line, path.as_str()))
            .collect();
        assert_eq!(
            written,
            [
                (1, "std::fs"),
                (1, "std::io::self"),
                (1, "std::io::Read as _"),
                (5, "a::b"),
            ]
        );
    }
}
