//! The files that a pack's topics show: whether they are there and what they say they are.

use std::collections::BTreeMap;
use std::path::Path;

use madoguchi_core::pack::{Pack, Problem};

/// A screen of 1920 × 1080 needs less, and all of them stay in memory.
const LARGEST_KB: usize = 500;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];
/// What has no business in a drawing: it would run, or fetch something that isn't shown anyway.
const NOT_IN_A_DRAWING: [&str; 4] = ["<script", "<foreignobject", "javascript:", "href=\"http"];

/// The files by their paths inside the pack.
pub type Pictures = BTreeMap<String, PictureFile>;

/// A picture as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// Its media type.
    pub kind: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The media type that the ending of a name stands for.
pub(super) fn kind_of(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        _ => None,
    }
}

/// Reads the files that the topics name; `present` are all pictures of the folder.
pub(super) fn read(
    folder: &Path,
    pack: &Pack,
    present: &[String],
) -> Result<Pictures, Vec<Problem>> {
    let mut pictures = Pictures::new();
    let mut problems = Vec::new();
    for (path, picture) in pack.pictures() {
        match picture_file(folder, &picture.file, present) {
            Ok(file) => drop(pictures.insert(picture.file.clone(), file)),
            Err(reason) => problems.push(Problem {
                path,
                line: picture.line,
                message: format!("the picture {} {reason}", picture.file),
            }),
        }
    }
    let named = |name: &String| pack.pictures().any(|(_, picture)| picture.file == *name);
    problems.extend(present.iter().filter(|own| !named(own)).map(|own| Problem {
        path: own.clone(),
        line: 1,
        message:
            "no topic and no floor shows this picture; name it in a [picture] or [map], or remove it".to_owned(),
    }));
    problems.sort();
    if problems.is_empty() {
        Ok(pictures)
    } else {
        Err(problems)
    }
}

fn picture_file(folder: &Path, file: &str, present: &[String]) -> Result<PictureFile, String> {
    let kind = kind_of(file).unwrap_or_default();
    let bytes = match std::fs::read(folder.join(file)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let nearest = present
                .iter()
                .map(|own| (strsim::jaro_winkler(own, file), own))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            return Err(match nearest {
                Some((_, nearest)) => format!("is not in the pack; did you mean {nearest}?"),
                None => "is not in the pack; put it there, or take these lines out".to_owned(),
            });
        }
        Err(error) => return Err(format!("cannot be read: {error}")),
    };
    let kb = bytes.len().div_ceil(1000);
    if kb > LARGEST_KB {
        return Err(format!(
            "has {kb} kB of at most {LARGEST_KB}; save it smaller, 1600 pixels wide are enough"
        ));
    }
    let is_what_it_says = match kind {
        "image/png" => bytes.starts_with(PNG),
        "image/jpeg" => bytes.starts_with(JPEG),
        _ => return drawing(&bytes).map(|()| PictureFile { kind, bytes }),
    };
    if is_what_it_says {
        Ok(PictureFile { kind, bytes })
    } else {
        Err("is something else than its name says; save it anew as PNG or JPEG".to_owned())
    }
}

/// Whether it is an SVG drawing that can be shown at any size and does nothing but that.
fn drawing(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes)
        .unwrap_or_default()
        .to_lowercase();
    if !text.contains("<svg") || !text.contains("viewbox=") {
        return Err("is no SVG drawing with a `viewBox`; save it anew as SVG".to_owned());
    }
    match NOT_IN_A_DRAWING.iter().find(|what| text.contains(*what)) {
        Some(what) => Err(format!(
            "has `{what}` in it, which a drawing may not; save it anew as plain SVG"
        )),
        None => Ok(()),
    }
}
