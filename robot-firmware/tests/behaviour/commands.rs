//! The commands for people who tune and test: what they print, for people and for programs.

use std::fs;
use std::process::Stdio;

use crate::support::{Daemon, Robot, keys};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{Caption, ScreenToRobot};

#[test]
fn help_says_what_each_command_does() {
    let robot = Robot::without_models();
    for (command, purpose) in [
        ("run", "Serve visitors"),
        ("claim", "Give this robot to a console"),
        ("staff-pin", "Set the PIN"),
        ("transcribe", "Recognise the speech in a WAV file"),
        ("calibrate", "Fit the decision on the language"),
        ("translate", "Translate lines from standard input"),
        ("say", "Speak a text into a WAV file"),
        ("ask", "Ask the agent a question"),
        ("drive-test", "with the robot lifted up"),
        ("drive-bench", "through the motion gate"),
        ("devices", "microphones, loudspeakers and cameras"),
        ("evaluate", "how often the agent understands"),
        ("models list", "size, licence, SHA-256"),
        ("models fetch", "Install what is missing"),
        ("models verify", "Compare every file with its SHA-256"),
        ("pack check", "list every mistake"),
        ("replay", "Replay a recorded visit"),
    ] {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.push("--help");
        let help = robot.run(&args);
        assert!(help.done().contains(purpose), "{command}: {help:#?}");
        let first = command.split(' ').next().unwrap();
        let all = robot.run(&["--help"]);
        assert!(all.done().contains(first), "{first}: {all:#?}");
    }
}

#[test]
fn wrong_use_is_told_apart_from_failure() {
    let robot = Robot::without_models();
    for args in [
        &["nonsense"][..],
        &["transcribe"],
        &["calibrate", "clips"],
        &["translate", "--from", "en"],
        &["ask", "--lang", "en", "hello", "--louder"],
        &["ask", "--lang", "English, please", "hello"],
        &["ask", "--lang", "en", ""],
        &["say", "--lang", "en", "--out", "o.wav", " "],
        &["models", "fetch", "nosuch"],
        &["models", "verify", "nosuch"],
        &["transcribe", "a.wav", "--candidates", "en,Klingon!"],
        &["models"],
        &["claim"],
    ] {
        let ran = robot.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {ran:#?}");
        assert!(
            ran.err.contains("Usage: ") || ran.err.contains("--help"),
            "{args:?}: {ran:#?}"
        );
    }
}

#[test]
fn an_option_is_offered_only_where_it_does_something() {
    let robot = Robot::without_models();
    for (command, uses_models) in [
        ("run", true),
        ("say", true),
        ("models fetch", true),
        ("claim", false),
        ("devices", false),
        ("pack check", false),
    ] {
        let mut args: Vec<&str> = command.split(' ').collect();
        args.push("--help");
        let help = robot.run(&args);
        let offered = help.done().contains("--models <DIR>");
        assert_eq!(offered, uses_models, "{command}: {help:#?}");
    }
}

#[test]
fn an_unknown_language_is_wrong_use_and_a_missing_model_is_a_failure() {
    let robot = Robot::without_models();
    let translate = |to: &str| robot.run(&["translate", "--from", "en", "--to", to]).code;
    let say = |lang: &str| {
        robot
            .run(&["say", "--lang", lang, "--out", "x.wav", "a"])
            .code
    };
    let ask = |lang: &str| robot.run(&["ask", "--lang", lang, "hi"]).code;
    assert_eq!((translate("zz"), say("zz"), ask("zz")), (2, 2, 2));
    assert_eq!((translate("pt"), say("ja"), ask("es")), (1, 1, 1));
    assert_eq!(say("sw"), 0, "espeak-ng speaks it");
}

#[test]
fn translate_gives_a_line_for_a_line() {
    let robot = Robot::with_models();
    let text = "Please wait a moment.\n\nWhere is the counter?\n".as_bytes();
    let args = ["translate", "--from", "en", "--to", "pt"];
    let plain = robot.run_with_input(&args, text);
    let lines: Vec<&str> = plain.done().lines().collect();
    assert_eq!(lines.len(), 3, "{plain:#?}");
    assert!(lines[0].contains("momento"), "{plain:#?}");
    assert_eq!(lines[1], "");
    assert!(lines[2].ends_with('?'), "{plain:#?}");

    let json = robot.run_with_input(&[&args[..], &["--json"]].concat(), text);
    for (line, plain) in json.done().lines().zip(lines) {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(keys(&object), ["source", "translation"]);
        assert_eq!(object["translation"], plain);
    }
}

#[test]
fn say_writes_speech_that_lasts_as_long_as_it_says() {
    let robot = Robot::without_models();
    let json = robot
        .run(&[
            "say",
            "--lang",
            "pt",
            "--out",
            "x.wav",
            "Bom dia a todos",
            "--json",
        ])
        .json();
    assert_eq!(keys(&json), ["file", "sample_rate", "seconds_audio"]);
    let mut wav = hound::WavReader::open(robot.path("x.wav")).unwrap();
    assert_eq!((wav.spec().channels, wav.spec().bits_per_sample), (1, 16));
    assert_eq!(json["sample_rate"], wav.spec().sample_rate);
    let seconds = f64::from(wav.duration()) / f64::from(wav.spec().sample_rate);
    assert!((json["seconds_audio"].as_f64().unwrap() - seconds).abs() < 0.001);
    assert!(seconds > 0.5, "{json}");
    let loudest = wav.samples::<i16>().map(|s| s.unwrap().abs()).max();
    assert!(loudest > Some(1000), "{loudest:?}");

    let plain = robot.run(&["say", "--lang", "pt", "--out", "y.wav", "Bom dia"]);
    assert!(plain.done().starts_with("y.wav: "), "{plain:#?}");
}

/// Checks what holds with the sentence model and without it.
fn ask_everything(robot: &Robot, more: &[&str]) {
    let ask = |lang, text, json: &[&str]| {
        robot.run(&[&["ask", "--lang", lang, text], more, json].concat())
    };
    let json = ask("en", "What are your opening hours?", &["--json"]).json();
    let all = keys(&json);
    for key in ["escalate", "reason", "reply", "score", "topic"] {
        assert!(all.contains(&key), "{key}: {json}");
    }
    assert_eq!(json["topic"], "opening-hours");
    assert_eq!(json["escalate"], false);
    assert!(json["reason"].is_null());
    assert!(json["score"].as_f64().unwrap() > 0.6, "{json}");
    assert!(json["reply"].as_str().unwrap().contains("half past eight"));

    let plain = ask("en", "What are your opening hours?", &["--explain"]);
    let out = plain.done();
    assert!(out.contains("half past eight"), "{plain:#?}");
    assert!(out.contains("→ topic opening-hours"), "{plain:#?}");
    assert!(out.lines().count() > 3, "{plain:#?}");

    let at = ["--at", "2027-01-03"];
    let plain = ask(
        "en",
        "Are you open today? What are your opening hours?",
        &at,
    );
    let out = plain.done();
    assert!(
        out.starts_with("Sunday 3 January 2027: the ward office is closed."),
        "{plain:#?}"
    );
    let wrong = ask("en", "Are you open today?", &["--at", "soon"]);
    assert!(
        wrong.err.contains("--at is “soon”; write a day"),
        "{wrong:#?}"
    );

    let json = ask("en", "I want to talk to a person.", &["--json"]).json();
    assert_eq!(json["escalate"], true, "{json}");
    assert_eq!(json["reason"], "asked_for_person", "{json}");
    assert!(!json["evidence"].as_array().unwrap().is_empty(), "{json}");

    let plain = ask("vi", "Tôi cần giấy chứng nhận cư trú", &[]);
    let out = plain.done();
    assert!(
        out.contains("→ calls a person: unsupported_language"),
        "{plain:#?}"
    );
    assert!(out.contains("written language: vi"), "{plain:#?}");
    assert!(!out.starts_with('\n'), "{plain:#?}");
}

#[test]
fn ask_shows_reply_topic_score_and_why_it_would_escalate() {
    ask_everything(&Robot::with_models(), &[]);
}

#[test]
fn ask_by_words_only_needs_no_model() {
    ask_everything(&Robot::without_models(), &["--words-only"]);
}

#[test]
fn models_are_listed_with_licence_and_state_and_verified() {
    let robot = Robot::without_models();
    let json = robot.run(&["models", "list", "--json"]).json();
    let models = json.as_array().unwrap();
    assert!(models.len() >= 5, "{json}");
    for model in models {
        assert_eq!(
            keys(model),
            [
                "download_bytes",
                "files",
                "installed_bytes",
                "licence",
                "name",
                "purpose",
                "state"
            ]
        );
        assert_eq!(model["state"], "missing");
        assert!(!model["licence"].as_str().unwrap().is_empty());
        let sha256 = model["files"][0]["sha256"].as_str().unwrap();
        assert_eq!(sha256.len(), 64);
        let plain = robot.run(&["models", "list"]);
        let name = model["name"].as_str().unwrap();
        assert!(plain.done().contains(name) && plain.out.contains(sha256));
    }

    let robot = Robot::with_models();
    let plain = robot.run(&["models", "verify", "htsvoice-mei"]);
    assert_eq!(plain.done(), "htsvoice-mei: as in the manifest\n");
    let json = robot
        .run(&["models", "verify", "htsvoice-mei", "--json"])
        .json();
    assert_eq!(keys(&json[0]), ["name", "problem", "sound"]);
    assert_eq!(json[0]["sound"], true);
}

#[test]
fn pack_check_praises_the_sample_pack() {
    let ran = Robot::without_models().run(&["pack", "check"]);
    assert!(ran.done().starts_with("hoshikawa "), "{ran:#?}");
    let counts = "59 topics in ja, en, pt; 7 flows, 8 actions, 16 policies, 13 terms";
    assert!(ran.out.contains(counts), "{ran:#?}");
    let json = Robot::without_models()
        .run(&["pack", "check", "--json"])
        .json();
    assert_eq!(
        keys(&json),
        [
            "actions",
            "flows",
            "folder",
            "languages",
            "pack",
            "policies",
            "problems",
            "sound",
            "terms",
            "topics",
            "version"
        ]
    );
    assert_eq!(json["sound"], true);
    let counts = ["topics", "flows", "actions", "policies"].map(|kind| &json[kind]);
    assert_eq!(counts, [59, 7, 8, 16]);
}

#[test]
fn pack_check_tells_a_program_every_mistake() {
    let robot = Robot::without_models();
    std::fs::create_dir(robot.path("pack")).unwrap();
    robot.write("pack/pack.toml", "id = \"x\"\ncolour = 1\n");
    let ran = robot.run(&["pack", "check", "pack", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:#?}");
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["sound"], false);
    let problem = &json["problems"][0];
    assert_eq!(keys(problem), ["file", "line", "message"]);
    assert_eq!(problem["file"], "pack.toml");
}

#[test]
fn fetch_tells_a_program_what_was_there() {
    let robot = Robot::with_models();
    let json = robot
        .run(&["models", "fetch", "htsvoice-mei", "--json"])
        .json();
    assert_eq!(keys(&json), ["already_installed", "folder", "installed"]);
    assert_eq!(json["already_installed"][0], "htsvoice-mei");
    assert_eq!(json["installed"].as_array().unwrap().len(), 0);
}

#[test]
fn say_warns_only_of_the_voices_that_it_needs() {
    let ran = Robot::without_models().run(&["say", "--lang", "pt", "--out", "x.wav", "Bom dia"]);
    ran.done();
    assert_eq!(ran.err, "");
}

#[test]
fn a_recorded_visit_replays_to_the_same_decisions() {
    let robot = Robot::without_models();
    let daemon = Daemon::start(&robot, &["--record", "visit.jsonl"]);
    let mut page = daemon.page();
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "pt".parse().unwrap(),
    });
    page.say(&ScreenToRobot::Typed {
        text: "Qual é o horário de atendimento?".to_owned(),
    });
    page.wait_for(|view| {
        let agent = |line: &&Caption| line.speaker == Speaker::Agent;
        // The greeting in the chosen language, and the answer.
        view.captions.iter().filter(agent).count() >= 2
    });
    let (status, _, log) = daemon.stop();
    assert!(status.success(), "{log}");

    let plain = robot.run(&["replay", "visit.jsonl"]);
    assert!(
        plain.done().ends_with(" steps, the same decisions\n"),
        "{plain:#?}"
    );
    let json = robot.run(&["replay", "visit.jsonl", "--json"]).json();
    assert_eq!(keys(&json), ["first_difference", "same", "steps"]);
    assert_eq!(json["same"], true);
    assert!(json["steps"].as_u64().unwrap() > 2, "{json}");

    let record = fs::read_to_string(robot.path("visit.jsonl")).unwrap();
    let other = record.replace(
        "Qual é o horário de atendimento?",
        "Quero falar com uma pessoa",
    );
    assert_ne!(record, other);
    robot.write("other.jsonl", other);
    let ran = robot.run(&["replay", "other.jsonl"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.out.contains("differs"), "{ran:#?}");

    let lines: Vec<&str> = record.lines().collect();
    let cut = &lines[2][..lines[2].len() / 2];
    robot.write("cut.jsonl", [lines[0], lines[1], cut].join("\n"));
    let ran = robot.run(&["replay", "cut.jsonl"]);
    assert!(ran.complaint().contains("cut.jsonl:3: "), "{ran:#?}");
}

#[test]
fn claim_remembers_the_console_and_shows_one_key_for_ever() {
    let robot = Robot::without_models();
    let print = "ab".repeat(32);
    let claim = |url: &str, more: &[&str]| {
        let claim = ["claim", "--console", url, "--fingerprint", &print];
        robot.run(&[&claim[..], &["--code", "K7QM"], more].concat())
    };
    // Nobody listens there.
    let console = "wss://127.0.0.1:1/robot/link";
    let first = claim(console, &[]);
    assert!(first.done().contains("can't be reached"), "{first:?}");
    let elsewhere = "wss://127.0.0.1:2/robot/link";
    let refused = claim(elsewhere, &[]);
    assert!(refused.correction().contains("127.0.0.1:1"), "{refused:?}");
    let told = claim(console, &["--json"]).json();
    assert_eq!(
        keys(&told),
        ["console", "fingerprint", "key", "name", "reason", "tried"]
    );
    assert_eq!(told["fingerprint"], print);
    assert!(first.out.contains(told["key"].as_str().unwrap()));
    let second = claim(elsewhere, &["--force"]);
    let own = |ran: &str| ran.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(own(first.done()), own(second.done()));
    let key = first.out.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(key.len(), 44, "32 bytes in base64: {key}");
    let kept = fs::read_to_string(robot.path("state/console.toml")).unwrap();
    assert!(
        kept.contains("127.0.0.1:2") && kept.contains("K7QM"),
        "{kept}"
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let robot = Robot::without_models();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = robot
        .command(&["models", "list"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
