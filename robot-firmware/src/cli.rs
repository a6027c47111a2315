//! The command line.

mod update;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgGroup, Args, Parser, Subcommand};
use madoguchi_shared::ids::Lang;
use madoguchi_speech::models::Manifest;
use serde_json::{Map, Value};

pub use update::{Apart, BundleCommand, InstallArgs, SignedArgs, UpdateArgs, UpdateCommand};

/// The software of a telepresence service robot for a public office.
///
/// Exit code: 0 done, 1 failed, 2 wrong use.
#[derive(Debug, Parser)]
#[command(name = "madoguchi-robot", version, about, long_about)]
pub struct Cli {
    /// Configuration file [default: /etc/madoguchi/robot.toml, or in a checkout
    /// robot-firmware/robot.demo.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do [default: run]
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// For the commands that use models.
#[derive(Debug, Default, Args)]
pub struct ModelsFolder {
    /// Folder of models, instead of the configuration's
    #[arg(id = "models", long, global = true, value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve visitors until stopped
    Run(RunArgs),
    /// Give this robot to a console, with the one-time code from `madoguchi-console robot claim-code`
    Claim(ClaimArgs),
    /// Set the PIN by which staff in the room get to the visitor's case on the robot's screen
    ///
    /// It is read from the terminal or from standard input; its hash is kept in the state folder.
    StaffPin {
        /// Make one and print it
        #[arg(long)]
        random: bool,
    },
    /// Recognise the speech in a WAV file, or score a folder of labelled clips
    Transcribe(TranscribeArgs),
    /// Fit the decision on the language to labelled clips
    Calibrate(CalibrateArgs),
    /// Translate lines from standard input, one line out for each line in
    Translate(TranslateArgs),
    /// Speak a text into a WAV file
    Say(SayArgs),
    /// Ask the agent a question and see what it would answer
    Ask(AskArgs),
    /// List the microphones, loudspeakers and cameras that a configuration can name
    Devices {
        /// One JSON array instead of text
        #[arg(long)]
        json: bool,
    },
    /// Show on the screen that the robot is out of order, and what is in trouble
    ///
    /// The service does so when the robot has ended too often by itself, before it tries again.
    OutOfOrder {
        /// How long
        #[arg(long, default_value_t = 180)]
        seconds: u64,
    },
    /// Turn each wheel a little, with the robot lifted up, after a typed confirmation
    DriveTest,
    /// Move the wheels through the motion gate by messages on standard input, with the robot lifted
    /// up, after a typed confirmation
    ///
    /// A line is a message as an operator's page sends it, under lease 1; for each step of the gate
    /// a line is written, as the page is told it.
    DriveBench,
    /// Tell what works on this robot: pack, models, how fast speech is recognised
    ///
    /// The recogniser is timed the first time, and then remembered. While the robot runs, /check on
    /// its screen's address tells more.
    Check {
        /// Time the recogniser anew, for this command and the robot's next start
        #[arg(long)]
        measure: bool,
        /// Ask the robot that runs instead, and wait up to so many seconds until it serves
        #[arg(long, value_name = "SECONDS", conflicts_with = "measure")]
        running: Option<u64>,
        #[command(flatten)]
        models: ModelsFolder,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
    /// Measure how often the agent understands, on utterances of known meaning
    ///
    /// A file of utterances has a line for each: the text, a tab, its label, and if you like
    /// another tab and its language. A first line such as `text<TAB>label` names the columns; lines
    /// before the first utterance that begin with # are notes. UTF-8, with or without byte order
    /// mark and carriage returns.
    Evaluate(EvaluateArgs),
    /// Train what tells distress and danger from routine questions, by sentence vectors
    TrainTriggers(TrainTriggersArgs),
    /// List, fetch or verify the models
    Models(ModelsArgs),
    /// Check a knowledge pack
    #[command(subcommand)]
    Pack(PackCommand),
    /// List the tools of the back office, or call one
    Tools(ToolsArgs),
    /// Install a signed bundle: a system into the slot that isn't running, a pack or models beside it
    Update(UpdateArgs),
    /// Gather what a supporter needs into one file, without anything personal or secret
    ///
    /// Versions, the check, the configuration without its secrets, the services' states, the log's
    /// lines at info and above of the last seven days, disk, temperature.
    SupportBundle {
        /// Where to write it
        #[arg(value_name = "OUT.tar.gz")]
        out: PathBuf,
    },
    /// Make and sign bundles
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// Replay a recorded visit and compare what the robot decides
    Replay(ReplayArgs),
}

/// `run`.
#[derive(Debug, Default, Args)]
pub struct RunArgs {
    /// Record inputs and decisions to FILE for `replay`; it will hold what people say
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    #[command(flatten)]
    pub models: ModelsFolder,
}

/// `claim`.
#[derive(Debug, Args)]
pub struct ClaimArgs {
    /// Address of the console: wss://HOST:PORT/robot/link, or ws:// on loopback
    #[arg(long, value_name = "URL")]
    pub console: String,
    /// SHA-256 fingerprint of the console's certificate (`madoguchi-console fingerprint`)
    #[arg(long, value_name = "SHA256")]
    pub fingerprint: Option<String>,
    /// One-time claim code
    #[arg(long)]
    pub code: Option<String>,
    /// Leave the console that this robot belongs to now
    #[arg(long)]
    pub force: bool,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// `transcribe`.
#[derive(Debug, Args)]
pub struct TranscribeArgs {
    /// The recording: any rate, bit depth and number of channels; or a folder of them
    #[arg(value_name = "FILE.wav|DIR")]
    pub file: PathBuf,
    /// Table of the clips in DIR, tab-separated: columns `file`, `lang` and `ref` (what is said),
    /// named in the first line; with `ref_kind`, only `published` references are scored
    /// [default: DIR/manifest.tsv]
    #[arg(long, value_name = "FILE.tsv")]
    pub manifest: Option<PathBuf>,
    /// Languages that the office has, separated by commas; others are still recognised as such
    /// [default: the pack's]
    #[arg(long, value_delimiter = ',', value_name = "LANG,…")]
    pub candidates: Vec<Lang>,
    /// Calibration of the decision on the language [default: the one beside the model, else the
    /// one built in]
    #[arg(long, value_name = "FILE.toml")]
    pub calibration: Option<PathBuf>,
    /// Threads for the recogniser [default: the configuration's]
    #[arg(long)]
    pub threads: Option<u8>,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// `calibrate`.
#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Folder of WAV files
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Table of the clips, as for `transcribe`; the languages are enough [default: DIR/manifest.tsv]
    #[arg(long, value_name = "FILE.tsv")]
    pub manifest: Option<PathBuf>,
    /// Where to write the calibration; beside the model as calibration.toml it is used from then on
    #[arg(long, value_name = "FILE.toml")]
    pub out: PathBuf,
    /// Threads for the recogniser [default: the configuration's]
    #[arg(long)]
    pub threads: Option<u8>,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object at the end; progress still goes to standard error
    #[arg(long)]
    pub json: bool,
}

/// `translate`.
#[derive(Debug, Args)]
pub struct TranslateArgs {
    /// Language of the lines
    #[arg(long, value_name = "LANG")]
    pub from: Lang,
    /// Language wanted
    #[arg(long, value_name = "LANG")]
    pub to: Lang,
    /// Knowledge pack whose glossary is used, instead of the configuration's
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// Use no glossary
    #[arg(long, conflicts_with = "pack")]
    pub no_glossary: bool,
    /// Translate each line back as well, and tell how far its translation can be trusted: high,
    /// medium or low
    #[arg(long)]
    pub judge: bool,
    /// Print figures instead: BLEU and chrF against the lines of this file
    #[arg(long, value_name = "FILE", conflicts_with = "judge")]
    pub reference: Option<PathBuf>,
    /// Print figures instead: how many lines are the same as in this file
    #[arg(long, value_name = "FILE", conflicts_with = "judge")]
    pub compare: Option<PathBuf>,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object a line instead of text; one for all with --reference or --compare
    #[arg(long)]
    pub json: bool,
}

/// `say`.
#[derive(Debug, Args)]
pub struct SayArgs {
    /// Language of the text
    #[arg(long, value_name = "LANG")]
    pub lang: Lang,
    /// Where to write the sound
    #[arg(long, value_name = "FILE.wav")]
    pub out: PathBuf,
    /// What to say
    #[arg(value_parser = words)]
    pub text: String,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// `ask`.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// Language of the question
    #[arg(long, value_name = "LANG")]
    pub lang: Lang,
    /// The question
    #[arg(value_parser = words)]
    pub text: String,
    /// Knowledge pack, instead of the configuration's
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// Understand by words alone, as a robot without the sentence model does
    #[arg(long)]
    pub words_only: bool,
    /// Day, or time of a day, at the office on which it is asked, such as 2026-12-25T19:00; now
    /// if left out
    #[arg(long, value_name = "DATE")]
    pub at: Option<String>,
    /// Show every candidate with its probability
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// `evaluate`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("on").required(true).args(["utterances", "folds", "escalation", "emotions"]))]
pub struct EvaluateArgs {
    /// Utterances to try; their labels are topics of the pack, `person` or `none`, or those of
    /// --train
    #[arg(long, value_name = "FILE.tsv")]
    pub utterances: Option<PathBuf>,
    /// Learn from these examples instead of a pack; may be given several times
    #[arg(long, value_name = "FILE.tsv")]
    pub train: Vec<PathBuf>,
    /// Turns to try, with the reason for which a person should be called, or `none`: columns
    /// `text`, `lang`, `expected` and, for turns of one visit, `visit`, named in the first line
    #[arg(long, value_name = "FILE.tsv")]
    pub escalation: Option<PathBuf>,
    /// With --escalation, or with --utterances for a pack, show each that was judged wrongly
    #[arg(long, conflicts_with_all = ["train", "emotions"])]
    pub mistakes: bool,
    /// Folder of GoEmotions, on whose dev.tsv the triggers' scorer is tried
    #[arg(long, value_name = "DIR")]
    pub emotions: Option<PathBuf>,
    /// Deal the examples of --train into N parts, and try each on what the others teach
    #[arg(long, value_name = "N", requires = "train", value_parser = clap::value_parser!(u8).range(2..=20))]
    pub folds: Option<u8>,
    /// The label of what belongs to none of the topics; may be given several times
    #[arg(long, value_name = "LABEL", default_values = ["none", "oos"])]
    pub none: Vec<String>,
    /// Knowledge pack, instead of the configuration's
    #[arg(long, value_name = "DIR", conflicts_with = "train")]
    pub pack: Option<PathBuf>,
    /// Understand by words alone, as a robot without the sentence model does
    #[arg(long)]
    pub words_only: bool,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

/// `train-triggers`.
#[derive(Debug, Args)]
pub struct TrainTriggersArgs {
    /// Folder with goemotions/: train.tsv, dev.tsv and labels.txt
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// How many sentences of its train.tsv are learned from, the first ones
    #[arg(long, value_name = "N", default_value_t = 6_000)]
    pub most: usize,
    /// Sentences with their language and label
    #[arg(long, value_name = "FILE.tsv")]
    pub sentences: PathBuf,
    /// Knowledge pack of which the examples are routine, instead of the configuration's
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// Where to write the weights; in core's data/escalation/ they are built in
    #[arg(long, value_name = "FILE.bin")]
    pub out: PathBuf,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object instead of text; progress still goes to standard error
    #[arg(long)]
    pub json: bool,
}

/// `models`.
#[derive(Debug, Args)]
pub struct ModelsArgs {
    /// What to do
    #[command(subcommand)]
    pub command: ModelsCommand,
    #[command(flatten)]
    pub models: ModelsFolder,
}

/// `models …`.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Show every model with size, licence, SHA-256 and whether it is installed
    List {
        /// One JSON array instead of text
        #[arg(long)]
        json: bool,
    },
    /// Install what is missing; what is there is left alone
    Fetch {
        /// Only these models
        #[arg(value_parser = model)]
        names: Vec<String>,
        /// One JSON object at the end; progress still goes to standard error
        #[arg(long)]
        json: bool,
    },
    /// Compare every file with its SHA-256
    Verify {
        /// Only these models
        #[arg(value_parser = model)]
        names: Vec<String>,
        /// One JSON array instead of text
        #[arg(long)]
        json: bool,
    },
}

/// `pack …`.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Read a pack and list every mistake with file and line
    Check {
        /// The pack's folder [default: the configuration's]
        dir: Option<PathBuf>,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
}

/// `replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// A record written by `run --record`
    pub file: PathBuf,
    /// Knowledge pack, instead of the configuration's
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    #[command(flatten)]
    pub models: ModelsFolder,
    /// One JSON object instead of text
    #[arg(long)]
    pub json: bool,
}

fn words(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("there are no words in it; write them in quotes");
    }
    Ok(text.to_owned())
}

fn model(name: &str) -> Result<String, String> {
    let known = Manifest::built_in().and_then(|manifest| manifest.model(name).map(drop));
    known.map_err(|error| error.to_string())?;
    Ok(name.to_owned())
}

/// `tools`.
#[derive(Debug, Args)]
pub struct ToolsArgs {
    /// What to do [default: list the tools of every server with their risk]
    #[command(subcommand)]
    pub command: Option<ToolsCommand>,
    /// JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// `tools …`.
#[derive(Debug, Subcommand)]
pub enum ToolsCommand {
    /// Call a tool as the robot would, without asking anybody
    Call {
        /// The server's name in the configuration
        server: String,
        /// The tool's name
        tool: String,
        /// A JSON object
        #[arg(default_value = "{}")]
        arguments: ToolArguments,
        /// One JSON object instead of text
        #[arg(long)]
        json: bool,
    },
}

/// What a tool is given.
#[derive(Debug, Clone)]
pub struct ToolArguments(pub Map<String, Value>);

impl FromStr for ToolArguments {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map(Self)
    }
}
