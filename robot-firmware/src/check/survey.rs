//! What can be told without running the daemon.

use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::{ModelState, ModelStore};
use madoguchi_speech::voice::Voices;
use madoguchi_update::{Phase, Record};

use super::{Check, Condition, Finding, Part};
use crate::claim::Claim;
use crate::config::{AudioKind, CameraKind, Config, UpdateConfig};
use crate::pack;
use crate::update::Image;

/// Program, pack, models, console and which devices are configured.
pub fn survey(config: &Config) -> Check {
    let mut check = Check::default();
    for finding in devices(config) {
        check.note(finding);
    }
    let program = concat!("madoguchi-robot ", env!("CARGO_PKG_VERSION"));
    check.note(Finding::new(Part::Program, Condition::Works, program));
    check.note(match pack::load(&config.pack) {
        Ok(pack) => Finding::new(Part::Pack, Condition::Works, pack.id_and_version()),
        Err(error) => Finding::new(Part::Pack, Condition::Trouble, error.to_string()),
    });
    check.note(models(config));
    check.note(updates(&config.update));
    check.note(match Claim::load(&config.state) {
        Ok(Some(claim)) => Finding::new(Part::Console, Condition::Untried, claim.url),
        Ok(None) => {
            let remedy = "none yet; run `madoguchi-robot claim`";
            Finding::new(Part::Console, Condition::Untried, remedy)
        }
        Err(error) => Finding::new(Part::Console, Condition::Trouble, error.to_string()),
    });
    check
}

/// The devices that are configured, none of them tried.
fn devices(config: &Config) -> [Finding; 3] {
    let audio = |kind: AudioKind, device: &Option<String>| match (kind, device) {
        (AudioKind::Simulated, _) => "simulated".to_owned(),
        (kind, Some(device)) => format!("{} {device}", kind.as_str()),
        (kind, None) => format!("{}, the system's default", kind.as_str()),
    };
    let (microphone, loudspeaker) = (&config.microphone, &config.loudspeaker);
    let camera = match (config.camera.source, &config.camera.device) {
        (CameraKind::Simulated | CameraKind::None, _) | (_, None) => {
            config.camera.source.as_str().to_owned()
        }
        (kind, Some(device)) => format!("{} {device}", kind.as_str()),
    };
    let rows = [
        (
            Part::Microphone,
            audio(microphone.source, &microphone.device),
        ),
        (
            Part::Loudspeaker,
            audio(loudspeaker.sink, &loudspeaker.device),
        ),
        (Part::Camera, camera),
    ];
    rows.map(|(part, detail)| Finding::new(part, Condition::Untried, detail))
}

/// Who speaks each of the office's languages.
pub fn speakers(voices: &Voices, languages: &[Lang]) -> Finding {
    let speaker = |language: &Lang| format!("{language} {}", voices.name_for(language));
    let speakers: Vec<String> = languages.iter().map(speaker).collect();
    Finding::new(Part::Voices, Condition::Works, speakers.join(", "))
}

/// What is installed by updates, and how the last one goes or went.
pub fn updates(config: &UpdateConfig) -> Finding {
    let image = match Image::load(&config.image) {
        Ok(image) => image,
        Err(error) => return Finding::new(Part::Updates, Condition::Trouble, error.to_string()),
    };
    let record = match Record::read(&config.folder) {
        Ok(record) => record,
        Err(error) => {
            let detail = format!(
                "their record in {} can't be read: {error}",
                config.folder.display()
            );
            return Finding::new(Part::Updates, Condition::Trouble, detail);
        }
    };
    let here = image.map(|image| format!("{} {}", image.board, image.version));
    let here = here.unwrap_or_else(|| "no image; the system is apt's".to_owned());
    if let Some(fault) = record.fault {
        return Finding::new(
            Part::Updates,
            Condition::Trouble,
            format!("{here}; {fault}"),
        );
    }
    let Some(last) = record.progress else {
        return Finding::new(Part::Updates, Condition::Works, here);
    };
    let (condition, words) = match last.phase {
        Phase::Writing => (
            Condition::Untried,
            format!("is being written, {} %", last.percent),
        ),
        Phase::Restarting => (Condition::Untried, "waits for a restart".to_owned()),
        Phase::Trial => (Condition::Untried, "has to prove itself".to_owned()),
        Phase::Done => (Condition::Works, "is in use".to_owned()),
        Phase::Failed => (Condition::Trouble, "was not installed".to_owned()),
        Phase::FellBack => (
            Condition::Trouble,
            "was tried and gone back from".to_owned(),
        ),
    };
    let reason = last
        .reason
        .map_or(String::new(), |reason| format!(": {reason}"));
    let detail = format!("{here}; {} {} {words}{reason}", last.kind, last.version);
    Finding::new(Part::Updates, condition, detail)
}

/// The models on disk, by names and sizes.
fn models(config: &Config) -> Finding {
    let store = match ModelStore::new(&config.models) {
        Ok(store) => store,
        Err(error) => return Finding::new(Part::Models, Condition::Trouble, error.to_string()),
    };
    let models = store.list();
    let broken: Vec<String> = models
        .iter()
        .filter_map(|model| match &model.state {
            ModelState::Installed => None,
            ModelState::Missing => Some(format!("{} is missing", model.name)),
            ModelState::Damaged(reason) => Some(reason.clone()),
        })
        .collect();
    if broken.is_empty() {
        let all = format!("all {} are installed", models.len());
        return Finding::new(Part::Models, Condition::Works, all);
    }
    let detail = format!("{}; run `madoguchi-robot models fetch`", broken.join(", "));
    Finding::new(Part::Models, Condition::Trouble, detail)
}
