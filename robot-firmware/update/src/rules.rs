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
    #[error("version {0} was tried here and failed; a newer one is needed, or --again")]
    Failed(Version),
    /// What runs has not proven itself: the other slot is all that there is to go back to.
    #[error(
        "version {0} runs on trial here; install the next one once it is kept (`update status`)"
    )]
    Unproven(Version),
    /// It was taken back by hand.
    #[error("version {0} was taken back here by `update undo`; a newer one is needed, or --again")]
    Undone(Version),
    /// This robot has no slots.
    #[error(
        "it is a whole system, and this robot was not installed from an image; update it by apt"
    )]
    NoSlots,
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
    judge_times(manifest, installed.built_unix_s, now_unix_s)?;
    judge_versions(manifest, Some(&installed.version))
}

/// Whether a pack or models may be installed; `here` is what came by an update before.
///
/// # Errors
/// [`Refusal`].
pub fn judge_apart(
    manifest: &Manifest,
    here: Option<&Version>,
    built_unix_s: i64,
    now_unix_s: i64,
) -> Result<(), Refusal> {
    judge_times(manifest, built_unix_s, now_unix_s)?;
    judge_versions(manifest, here)
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
