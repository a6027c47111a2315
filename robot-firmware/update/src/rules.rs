//! Which bundles a robot takes.

use semver::Version;

use crate::manifest::{Contents, Manifest};

/// What a robot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Such as `generic-amd64`.
    pub board: String,
    /// The version that runs.
    pub version: Version,
    /// When it was made, in seconds since 1970: a clock before that is wrong.
    pub built_unix_s: i64,
}

/// Why a bundle isn't taken. None of these is a fault of the robot's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another kind of board.
    #[error("it is for {bundle}, and this is {robot}; take the bundle for {robot}")]
    Board {
        /// The bundle's.
        bundle: String,
        /// The robot's.
        robot: String,
    },
    /// The same or older.
    #[error(
        "it is version {bundle}, and {robot} is here already: a robot never goes back by an update"
    )]
    NotNewer {
        /// The bundle's.
        bundle: Version,
        /// What is here.
        robot: Version,
    },
    /// Not three numbers. Semantic Versioning has a pre-release before its release, boot loaders
    /// after it: each would undo what the other does, by one restart after the other.
    #[error(
        "{0} is a pre-release or has build metadata, which boot loaders put in another order; {remedy}",
        remedy = plain_remedy(*.1)
    )]
    NotPlain(Version, Whose),
    /// Between them lies one that can't be left out.
    #[error("it goes on from version {minimum}, and {robot} is here; install {minimum} first")]
    Step {
        /// The oldest that may go to it.
        minimum: Version,
        /// What is here.
        robot: Version,
    },
    /// Too old, by the robot's clock or by when its software was made.
    #[error("it has expired {}; take a newer one, and see that the robot's clock is right", ago(*by_s))]
    Expired {
        /// By how many seconds.
        by_s: i64,
    },
    /// It was tried here, and didn't hold.
    #[error("version {0} was tried here and failed; a newer one is needed, or --again {0}")]
    Failed(Version),
    /// What runs has not proven itself: the other slot is all that there is to go back to.
    #[error(
        "version {0} runs on trial here; install the next one once it is kept (`update status`)"
    )]
    Unproven(Version),
    /// It was taken back by hand, or is older than what was.
    #[error(
        "version {undone} was taken back here by `update undo`, and {bundle} is not newer; a newer \
         one is needed, or --again {bundle}"
    )]
    Undone {
        /// The bundle's.
        bundle: Version,
        /// The newest that was taken back.
        undone: Version,
    },
    /// This robot has no slots.
    #[error(
        "it is a whole system, and this robot was not installed from an image; update it by apt"
    )]
    NoSlots,
}

/// What a version is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// A bundle.
    Bundle,
    /// The system that runs.
    Robot,
}

fn plain_remedy(whose: Whose) -> &'static str {
    match whose {
        Whose::Bundle => "have it made with a version of three numbers, such as 1.4.0",
        Whose::Robot => {
            "this robot runs it: write an image with a version of three numbers to its disk"
        }
    }
}

/// Whether a version can be a system's.
///
/// # Errors
/// [`Refusal::NotPlain`].
pub fn judge_plain(version: &Version, whose: Whose) -> Result<(), Refusal> {
    match version.pre.is_empty() && version.build.is_empty() {
        true => Ok(()),
        false => Err(Refusal::NotPlain(version.clone(), whose)),
    }
}

fn ago(by_s: i64) -> String {
    match by_s / 86_400 {
        0 => "today".to_owned(),
        1 => "a day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// Whether a system may be installed. `now_unix_s` is the clock's; one that is before the running
/// system was made, as a board without a battery has it at its first boot, counts as that moment.
///
/// # Errors
/// [`Refusal`].
pub fn judge_system(
    manifest: &Manifest,
    installed: &Installed,
    now_unix_s: i64,
) -> Result<(), Refusal> {
    let Contents::System { board, .. } = &manifest.contents else {
        return Ok(());
    };
    if *board != installed.board {
        return Err(Refusal::Board {
            bundle: board.clone(),
            robot: installed.board.clone(),
        });
    }
    judge_plain(&manifest.version, Whose::Bundle)?;
    judge_plain(&installed.version, Whose::Robot)?;
    judge_times(manifest, installed.built_unix_s, now_unix_s)?;
    judge_versions(manifest, Some(&installed.version))
}

/// Whether a pack or models may be installed; `here` is what came by an update before, `undone` the
/// newest that was taken back. What a person takes back must not return as something older still:
/// only the version that they name, by `again`.
///
/// # Errors
/// [`Refusal`].
pub fn judge_apart(
    manifest: &Manifest,
    (here, undone): (Option<&Version>, Option<&Version>),
    (built_unix_s, now_unix_s): (i64, i64),
    again: bool,
) -> Result<(), Refusal> {
    judge_times(manifest, built_unix_s, now_unix_s)?;
    judge_versions(manifest, here)?;
    let bundle = &manifest.version;
    match undone.filter(|undone| bundle.cmp_precedence(undone).is_le()) {
        Some(undone) if !again => Err(Refusal::Undone {
            bundle: bundle.clone(),
            undone: undone.clone(),
        }),
        _ => Ok(()),
    }
}

fn judge_times(manifest: &Manifest, built_unix_s: i64, now_unix_s: i64) -> Result<(), Refusal> {
    let by_s = now_unix_s.max(built_unix_s) - manifest.expires_unix_s;
    match by_s >= 0 {
        true => Err(Refusal::Expired { by_s }),
        false => Ok(()),
    }
}

fn judge_versions(manifest: &Manifest, here: Option<&Version>) -> Result<(), Refusal> {
    let Some(robot) = here else { return Ok(()) };
    // Build metadata says nothing about which of two is newer (Semantic Versioning, 10).
    if manifest.version.cmp_precedence(robot).is_le() {
        return Err(Refusal::NotNewer {
            bundle: manifest.version.clone(),
            robot: robot.clone(),
        });
    }
    match &manifest.minimum_version {
        Some(minimum) if robot.cmp_precedence(minimum).is_lt() => Err(Refusal::Step {
            minimum: minimum.clone(),
            robot: robot.clone(),
        }),
        _ => Ok(()),
    }
}
