//! Fits the weights of `madoguchi_core::understanding` to a pack; `madoguchi-robot evaluate` shows
//! how well they do.
//!
//! ```text
//! cargo run -p madoguchi-core --example fit_understanding -- \
//!     examples PACK                          print the sentences that need a vector
//!     fit PACK VECTORS                       print weights for `Weights::default`
//! ```
//!
//! VECTORS has lines of a text, a tab, and the numbers of its sentence vector divided by spaces; it
//! must cover the pack's examples.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use madoguchi_core::pack::{Pack, PackFile};
use madoguchi_core::understanding::Index;

type Vectors = BTreeMap<String, Vec<f32>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["examples", pack] => {
            for example in index(pack, None)?.examples() {
                println!("{}", example.text);
            }
            Ok(())
        }
        ["fit", pack, vectors] => {
            let vectors = read_vectors(vectors)?;
            println!("{:#?}", index(pack, Some(&vectors))?.fit_weights());
            Ok(())
        }
        _ => Err("usage: examples PACK | fit PACK VECTORS".into()),
    }
}

fn index(pack: &str, vectors: Option<&Vectors>) -> Result<Index, Box<dyn Error>> {
    let mut files = Vec::new();
    gather(Path::new(pack), "", &mut files)?;
    let pack = Pack::parse(&files).map_err(|problems| {
        problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })?;
    let mut index = Index::new(&pack);
    if let Some(vectors) = vectors {
        let wanted = index.examples().iter().map(|example| {
            vectors
                .get(&example.text)
                .cloned()
                .ok_or(format!("no vector for “{}”", example.text))
        });
        let wanted = wanted.collect::<Result<Vec<_>, _>>()?;
        index.set_vectors(wanted)?;
    }
    Ok(index)
}

fn gather(folder: &Path, prefix: &str, files: &mut Vec<PackFile>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(PackFile {
                path: name,
                text: fs::read_to_string(entry.path())?,
            });
        }
    }
    Ok(())
}

fn read_vectors(path: &str) -> Result<Vectors, Box<dyn Error>> {
    let mut vectors = Vectors::new();
    for line in fs::read_to_string(path)?.lines() {
        let (text, numbers) = line
            .split_once('\t')
            .ok_or("a line of vectors has no tab")?;
        let numbers = numbers
            .split(' ')
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        vectors.insert(text.to_owned(), numbers);
    }
    Ok(vectors)
}
