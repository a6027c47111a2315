//! What happens during a fetch, and how a terminal shows it.

use std::io::IsTerminal;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::manifest::Model;

/// A step of a fetch.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum FetchEvent<'a> {
    /// The model is there and sound.
    AlreadyInstalled(&'a Model),
    /// A download starts.
    Started {
        /// The model.
        model: &'a Model,
        /// Bytes that will come (0 when another model brought the packages).
        bytes: u64,
    },
    /// Bytes of the model's packages that have arrived.
    Downloaded {
        /// Bytes so far.
        bytes: u64,
    },
    /// All is there; the files are being unpacked, converted and checked.
    Making(&'a Model),
    /// The model is in the store.
    Installed(&'a Model),
}

/// Draws a fetch on standard error: a bar on a terminal, plain lines elsewhere.
pub fn reporter() -> impl FnMut(FetchEvent<'_>) {
    let terminal = std::io::stderr().is_terminal();
    let mut bar = ProgressBar::hidden();
    move |event| match event {
        FetchEvent::AlreadyInstalled(model) => {
            eprintln!("{}: already installed", model.name);
        }
        FetchEvent::Started { model, bytes } => {
            let size = match bytes {
                0 => "already downloaded".to_owned(),
                bytes => format!("download {}", HumanBytes(bytes)),
            };
            let (name, purpose, licence) = (&model.name, &model.purpose, &model.licence);
            eprintln!("{name}: {purpose}; {size}; licence {licence}");
            for file in &model.files {
                eprintln!(
                    "    {} {} sha256 {}",
                    file.name,
                    HumanBytes(file.size),
                    file.sha256
                );
            }
            if terminal && bytes > 0 {
                let template =
                    "    [{bar:32}] {percent:>3}% of {total_bytes}, {bytes_per_sec} {msg}";
                let style = ProgressStyle::with_template(template)
                    .unwrap_or_else(|_| ProgressStyle::default_bar());
                bar = ProgressBar::new(bytes).with_style(style.progress_chars("=> "));
            }
        }
        FetchEvent::Downloaded { bytes } => bar.set_position(bytes),
        FetchEvent::Making(_) if terminal => bar.set_message("unpacking and checking"),
        FetchEvent::Making(_) => {}
        FetchEvent::Installed(model) => {
            bar.finish_and_clear();
            bar = ProgressBar::hidden();
            eprintln!(
                "{}: installed, {}",
                model.name,
                HumanBytes(model.installed_size())
            );
        }
    }
}
