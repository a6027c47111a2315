//! Links in Markdown must point to a file, and to a heading, that is there.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::Breach;
use crate::files::Tree;

/// Follows every relative link and picture of every `*.md` file. Addresses with a scheme
/// (`https:`, `mailto:`) are left alone: the check needs no network.
pub(crate) fn check(tree: &Tree) -> Vec<Breach> {
    let pages: BTreeMap<&str, Page> = tree
        .texts()
        .filter(|(path, _)| path.ends_with(".md"))
        .map(|(path, text)| (path, Page::read(text)))
        .collect();
    let mut breaches = Vec::new();
    for (path, page) in &pages {
        for link in &page.links {
            if let Some(message) = fault(tree, &pages, path, &link.target) {
                breaches.push(Breach::new(format!("{path}:{}", link.line), message));
            }
        }
    }
    breaches
}

fn fault(tree: &Tree, pages: &BTreeMap<&str, Page>, from: &str, target: &str) -> Option<String> {
    if has_scheme(target) {
        return None;
    }
    let (file, heading) = match target.split_once('#') {
        Some((file, heading)) => (file, Some(heading)),
        None => (target, None),
    };
    let Some(file) = resolve(from, file) else {
        return Some(format!(
            "links to {target}, which is outside of the repository"
        ));
    };
    if !tree.has(&file) {
        return Some(format!("links to {target}, but there is no {file}"));
    }
    let heading = heading?;
    let page = pages.get(file.as_str())?;
    (!page.headings.contains(heading))
        .then(|| format!("links to {target}, but {file} has no heading #{heading}"))
}

fn has_scheme(target: &str) -> bool {
    target.starts_with("//")
        || target.split_once(':').is_some_and(|(scheme, _)| {
            !scheme.is_empty()
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '+')
        })
}

/// The path in the repository that a relative link of the file `from` means.
fn resolve(from: &str, link: &str) -> Option<String> {
    if link.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    if link.starts_with('/') {
        parts.clear();
    }
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/").replace("%20", " "))
}

struct Link {
    target: String,
    line: usize,
}

#[derive(Default)]
struct Page {
    headings: BTreeSet<String>,
    links: Vec<Link>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = || 1 + text[..range.start].matches('\n').count();
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let title = heading.take().unwrap_or_default();
                    page.add_heading(&anchor(&title));
                }
                Event::Text(words) | Event::Code(words) => {
                    if let Some(title) = &mut heading {
                        title.push_str(&words);
                    }
                }
                Event::Start(
                    Tag::Link {
                        link_type,
                        dest_url,
                        ..
                    }
                    | Tag::Image {
                        link_type,
                        dest_url,
                        ..
                    },
                ) if link_type != LinkType::Email => {
                    page.links.push(Link {
                        target: dest_url.into_string(),
                        line: line(),
                    });
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let first = line();
                    for target in html_targets(&html) {
                        page.links.push(Link {
                            target,
                            line: first,
                        });
                    }
                }
                _ => {}
            }
        }
        page
    }

    /// The second heading of the same words gets `-1`, the third `-2`.
    fn add_heading(&mut self, anchor: &str) {
        let mut name = anchor.to_owned();
        for count in 1.. {
            if self.headings.insert(name.clone()) {
                return;
            }
            name = format!("{anchor}-{count}");
        }
    }
}

/// Values of `src` and `href` in a piece of HTML.
fn html_targets(html: &str) -> impl Iterator<Item = String> {
    ["src=\"", "href=\""]
        .into_iter()
        .flat_map(move |attribute| {
            html.split(attribute)
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        })
}

/// The name that GitHub gives to a heading: lower case, no punctuation, spaces become hyphens.
fn anchor(title: &str) -> String {
    title
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let tree = Tree::of_texts(&[
            ("docs/page.md", text),
            (
                "docs/other.md",
                "# Two words\n\n## `serve`: the *server*\n\n# Two words\n",
            ),
            ("README.md", "# Madoguchi 窓口\n"),
            ("picture.png", ""),
        ]);
        check(&tree)
            .into_iter()
            .map(|breach| format!("{}: {}", breach.place, breach.message))
            .collect()
    }

    #[test]
    fn links_that_hold_are_silent() {
        let text = "[a](other.md) [b](../README.md#madoguchi-窓口) ![c](../picture.png)\n\
            [d](other.md#two-words-1) [e](other.md#serve-the-server) [f](#here) [g](../docs/)\n\
            [h](https://example.test/x) <mail@example.test> [i][ref] <img src=\"../picture.png\">\n\n\
            # Here\n\n[ref]: other.md\n\n`[code](nowhere.md)`\n\n```\n[code](nowhere.md)\n```\n";
        assert_eq!(faults(text), Vec::<String>::new());
    }

    #[test]
    fn a_missing_file_is_named_with_its_line() {
        assert_eq!(
            faults("one\n\n[a](gone.md)"),
            ["docs/page.md:3: links to gone.md, but there is no docs/gone.md"]
        );
        assert_eq!(faults("![a](../gone.png)").len(), 1);
        assert_eq!(faults("<img src=\"gone.png\">").len(), 1);
        assert_eq!(faults("[a][ref]\n\n[ref]: gone.md").len(), 1);
    }

    #[test]
    fn a_missing_heading_is_named() {
        assert_eq!(
            faults("[a](other.md#three-words)"),
            [
                "docs/page.md:1: links to other.md#three-words, but docs/other.md has no heading \
              #three-words"
            ]
        );
        assert_eq!(faults("[a](#nowhere)").len(), 1);
    }

    #[test]
    fn a_link_cannot_leave_the_repository() {
        assert_eq!(faults("[a](../../other/README.md)").len(), 1);
    }
}
