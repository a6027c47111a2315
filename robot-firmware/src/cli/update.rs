//! `update` and `bundle`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use madoguchi_core::slot::is_clock_time;

/// `update`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct UpdateArgs {
    /// Something else than installing
    #[command(subcommand)]
    pub command: Option<UpdateCommand>,
    #[command(flatten)]
    pub install: InstallArgs,
}

/// `update [FILE|URL]`.
#[derive(Debug, Args)]
pub struct InstallArgs {
    /// A bundle [default: each of `update.sources` in the configuration]
    #[arg(value_name = "FILE|URL")]
    pub source: Option<String>,
    /// Do nothing outside of the configuration's quiet hours
    #[arg(long)]
    pub quiet_hours: bool,
    /// Take this for the office's time, such as 01:30
    #[arg(long, value_name = "HH:MM", requires = "quiet_hours", value_parser = time)]
    pub at: Option<String>,
    /// Then start the machine anew for a system, or the robot for a pack or models
    #[arg(long)]
    pub restart: bool,
    /// Also this version, although it failed here before, or was taken back, or is older than what was
    #[arg(long, value_name = "VERSION", conflicts_with = "quiet_hours")]
    pub again: Option<semver::Version>,
    /// Also while the robot doesn't answer: somebody has looked that no visitor is in front of it
    #[arg(long, conflicts_with = "quiet_hours")]
    pub nobody_there: bool,
    /// One JSON array instead of text; progress still goes to standard error
    #[arg(long)]
    pub json: bool,
}

/// `update …`.
#[derive(Debug, Subcommand)]
pub enum UpdateCommand {
    /// Tell which of the configuration's bundles, or of the one named, would be installed
    Check {
        /// A bundle
        #[arg(value_name = "FILE|URL")]
        source: Option<String>,
        /// One JSON array instead of text
        #[arg(long)]
        json: bool,
    },
    /// Tell what is installed, in which slot, and how the last update went
    Status {
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
    /// Keep the system that runs, once everything works that worked before the update
    ///
    /// The service does so after each start; a system that isn't kept is gone back from.
    Keep {
        /// How long the robot may take until it works
        #[arg(long, value_name = "SECONDS", default_value_t = 600)]
        patience: u64,
        /// Start the machine anew where it isn't kept, or the new system is still to be tried
        #[arg(long)]
        restart: bool,
    },
    /// Go back from the pack or the models that came last
    Undo {
        /// Which
        kind: Apart,
        /// Then start the robot anew
        #[arg(long)]
        restart: bool,
    },
}

/// What comes beside the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Apart {
    /// The office's knowledge pack
    Pack,
    /// Speech, translation and meaning models
    Models,
}

impl Apart {
    /// In names of folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::Models => "models",
        }
    }
}

/// `bundle …`.
#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// Make a key that signs bundles, and its public half for the robots' update-keys folder
    Key {
        /// The private half; keep it away from robots and from the network
        #[arg(value_name = "FILE.pem")]
        private: PathBuf,
        /// The public half
        #[arg(value_name = "FILE.pem")]
        public: PathBuf,
    },
    /// Make a bundle of a folder: a knowledge pack, or models as in the models folder
    Folder {
        /// Which of the two
        kind: Apart,
        /// The folder
        folder: PathBuf,
        #[command(flatten)]
        signed: SignedArgs,
    },
    /// Make a bundle of a whole system
    System {
        /// The kind of board
        #[arg(long)]
        board: String,
        /// Root hash of the root's dm-verity tree
        #[arg(long, value_name = "HEX")]
        root_hash: String,
        /// A part; given for each that the board needs: root, hashes, and kernel (generic boards)
        /// or boot-a and boot-b (raspberrypi)
        #[arg(long = "part", value_name = "NAME=FILE", required = true, value_parser = part)]
        parts: Vec<(String, PathBuf)>,
        #[command(flatten)]
        signed: SignedArgs,
    },
}

/// What every bundle has.
#[derive(Debug, Args)]
pub struct SignedArgs {
    /// The version that it brings, such as 1.4.0
    #[arg(long)]
    pub version: semver::Version,
    /// The oldest version that may go to it in one step
    #[arg(long, value_name = "VERSION")]
    pub minimum_version: Option<semver::Version>,
    /// For how many days robots take it
    #[arg(long, default_value_t = 180)]
    pub expires_days: u16,
    /// The private half of the key
    #[arg(long, value_name = "FILE.pem")]
    pub key: PathBuf,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

fn time(text: &str) -> Result<String, String> {
    match is_clock_time(text) {
        true => Ok(text.to_owned()),
        false => Err("write a time such as 01:30".to_owned()),
    }
}

fn part(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), file.into()))
        }
        _ => Err("write NAME=FILE, such as root=root.squashfs".to_owned()),
    }
}
