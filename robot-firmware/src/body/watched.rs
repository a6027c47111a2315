use madoguchi_hardware::{Fault, Reopening};
use tracing::{info, warn};

use crate::check::{CheckBook, Condition, Finding, Part};

/// A device of the body that is opened again by itself, and whose faults are told once.
pub struct Watched<D> {
    part: Part,
    /// What is wired where.
    wiring: String,
    device: Reopening<D>,
    known: Option<Result<(), Fault>>,
    book: CheckBook,
}

impl<D> Watched<D> {
    /// A device that `open` opens, not opened yet.
    pub fn new(
        part: Part,
        wiring: String,
        book: &CheckBook,
        open: impl FnMut() -> Result<D, Fault> + Send + 'static,
    ) -> Self {
        Self {
            part,
            wiring,
            device: Reopening::new(open),
            known: None,
            book: book.clone(),
        }
    }

    /// What `ask` gets from it, if it works.
    pub fn ask<T>(&mut self, ask: impl FnOnce(&mut Reopening<D>) -> Result<T, Fault>) -> Option<T> {
        match ask(&mut self.device) {
            Ok(answer) => {
                self.know(Ok(()));
                Some(answer)
            }
            // It comes and goes with the light.
            Err(Fault::Unsure { .. }) => None,
            Err(fault) => {
                self.know(Err(fault));
                None
            }
        }
    }

    /// Notes what was seen of it, beyond that it answers.
    pub fn note(&self, condition: Condition, words: &str) {
        let detail = format!("{words}. {}", self.wiring);
        self.book.note(Finding::new(self.part, condition, detail));
    }

    /// The same where it answered the last time.
    pub fn note_unless_trouble(&self, condition: Condition, words: &str) {
        if self.known == Some(Ok(())) {
            self.note(condition, words);
        }
    }

    fn know(&mut self, now: Result<(), Fault>) {
        if self.known.as_ref() == Some(&now) {
            return;
        }
        let name = self.part.name().to_lowercase();
        match &now {
            Ok(()) => {
                if self.known.is_some() {
                    info!("the {name} works again");
                }
                self.note(Condition::Works, "answers");
            }
            Err(fault) => {
                warn!("{fault}. {}", self.wiring);
                self.note(Condition::Trouble, &fault.to_string());
            }
        }
        self.known = Some(now);
    }
}
