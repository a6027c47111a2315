//! What a topic shows beside its answer's words: a picture, a map, a link.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;
use madoguchi_shared::screen::{self, Attachment};

use super::entries::per_language;
use super::nearest;
use super::read::Section;

/// A picture may be one of these; the endings of their names.
const PICTURES: [&str; 4] = ["svg", "png", "jpg", "jpeg"];
/// What is read out of a picture; more would be an answer of its own.
const LONGEST_ALT_CHARS: usize = 300;
/// A longer address makes a code that a telephone hardly reads, and nobody types it.
const LONGEST_LINK_CHARS: usize = 120;

/// A file of the pack that the screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its path inside the pack, with `/` between folders, such as `pictures/floor.svg`.
    pub file: String,
    /// The line of the topic's file that names it, counted from 1.
    pub line: usize,
    alt: BTreeMap<Lang, String>,
}

/// All that belongs to one topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Attachments {
    picture: Option<Picture>,
    map: Option<Picture>,
    link: BTreeMap<Lang, String>,
}

impl Attachments {
    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.picture.iter().chain(&self.map)
    }

    pub(super) fn shown(&self, language: &Lang) -> Vec<Attachment> {
        let picture = |own: &Picture| screen::Picture {
            src: own.src(),
            alt: own.alt(language),
            mark: None,
        };
        let link = nearest(&self.link, language).cloned();
        [
            self.picture
                .as_ref()
                .map(|own| Attachment::Picture(picture(own))),
            self.map.as_ref().map(|own| Attachment::Map(picture(own))),
            link.map(|url| Attachment::Link { url }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Picture {
    /// Where the screen's page finds it.
    pub(super) fn src(&self) -> String {
        format!("pack/{}", self.file)
    }

    /// What is to be seen on it.
    pub(super) fn alt(&self, language: &Lang) -> String {
        nearest(&self.alt, language).cloned().unwrap_or_default()
    }
}

/// Reads the `[floors.map]` of a floor, on which places are marked.
pub(super) fn floor_map(section: &mut Section<'_>, languages: &[Lang]) -> Option<Picture> {
    picture(section, "map", languages)
}

/// Reads `[picture]`, `[map]` and `[link]` of a topic.
pub(super) fn attachments(root: &mut Section<'_>, languages: &[Lang]) -> Attachments {
    Attachments {
        picture: picture(root, "picture", languages),
        map: picture(root, "map", languages),
        link: link(root, languages),
    }
}

fn picture(root: &mut Section<'_>, key: &str, languages: &[Lang]) -> Option<Picture> {
    let mut section = root.optional_section(key)?;
    let what = "a file of the pack, such as \"pictures/floor.svg\"";
    let file = section.text("file", what);
    if let Some(file) = file.as_ref().filter(|file| !is_picture(file)) {
        let message = format!(
            "`{key}.file` is “{file}”; name an .svg, .png or .jpg file inside the pack's folder, such as \"pictures/floor.svg\""
        );
        section.problem(section.at_key("file"), message);
    }
    let what = "what is to be seen, for those who can't see it,";
    let alt = per_language(&mut section, "alt", what, languages);
    for (language, text) in &alt {
        let chars = text.chars().count();
        if chars > LONGEST_ALT_CHARS {
            let message = format!(
                "`{key}.alt.{language}` has {chars} of at most {LONGEST_ALT_CHARS} characters; say what the visitor needs of it in a sentence or two"
            );
            section.problem(section.at_key("alt"), message);
        }
    }
    let line = section.line_of("file");
    section.close();
    Some(Picture {
        file: file?,
        line,
        alt,
    })
}

fn is_picture(file: &str) -> bool {
    let mut parts = file.split('/');
    let inside = parts.all(|part| !part.is_empty() && !part.starts_with('.'));
    let ending = file.rsplit_once('.').map(|(_, ending)| ending);
    inside && !file.contains('\\') && ending.is_some_and(|own| PICTURES.contains(&own))
}

fn link(root: &mut Section<'_>, languages: &[Lang]) -> BTreeMap<Lang, String> {
    if !root.has("link") {
        return BTreeMap::new();
    }
    let links = per_language(root, "link", "the address of a page", languages);
    for (language, url) in links.iter().filter(|(_, url)| !is_address(url)) {
        let message = format!(
            "`link.{language}` is “{url}”; write a page's whole address, such as \"https://www.example.jp/garbage\", of at most {LONGEST_LINK_CHARS} characters"
        );
        root.problem(root.at_key("link"), message);
    }
    links
}

/// Whether it is an `https` address with a host's full name (RFC 3986) and nothing hidden in it.
pub(super) fn is_address(url: &str) -> bool {
    host_of(url).is_some()
}

/// The host of such an address, as it is written there.
pub(super) fn host_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '@');
    let whole = is_host(host) && url.chars().all(is_plain) && url.len() <= LONGEST_LINK_CHARS;
    whole.then_some(host)
}

/// Whether it is a host's full name.
pub(super) fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    host.contains('.') && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_and_hides_nothing() {
        for url in [
            "https://www.city.example.jp",
            "https://example.jp/a/b?c=d#e",
        ] {
            assert!(is_address(url), "{url}");
        }
        let long = format!("https://example.jp/{}", "a".repeat(120));
        for url in [
            "www.example.jp",
            "http://www.example.jp/",
            "https://",
            "https://localhost/",
            "https://example..jp/",
            "https://office.jp@evil.example/",
            "https://example.jp/two words",
            "https://例え.jp/",
            &long,
        ] {
            assert!(!is_address(url), "{url}");
        }
    }

    #[test]
    fn a_picture_stays_inside_the_pack() {
        for file in ["floor.svg", "pictures/a.b.png", "c.jpeg"] {
            assert!(is_picture(file), "{file}");
        }
        for file in [
            "../floor.svg",
            "/etc/floor.svg",
            "a//b.svg",
            "a\\b.svg",
            "floor.gif",
            ".svg",
            "floor",
        ] {
            assert!(!is_picture(file), "{file}");
        }
    }
}
