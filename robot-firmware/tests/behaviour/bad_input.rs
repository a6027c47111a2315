//! What is missing, damaged or mistyped gets one clear sentence and a non-zero exit.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{CRATE, Ran, Robot, assert_plain, installed_models, ten_of_clubs};

fn has_all(sentence: &str, words: &[&str]) {
    for word in words {
        assert!(sentence.contains(word), "no “{word}” in: {sentence}");
    }
}

/// One second of silence.
fn silence(robot: &Robot, name: &str) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(robot.path(name), spec).unwrap();
    for _ in 0..16_000 {
        wav.write_sample(0_i16).unwrap();
    }
    wav.finalize().unwrap();
    fs::read(robot.path(name)).unwrap()
}

/// Every command that needs a model, and the model.
const NEEDS: [(&[&str], &str); 5] = [
    (&["transcribe", "a.wav"], "whisper-base"),
    (
        &["translate", "--from", "en", "--to", "pt"],
        "firefox-en-pt",
    ),
    (
        &["say", "--lang", "en", "--out", "o.wav", "Hello"],
        "piper-en_US-joe-medium",
    ),
    (
        &["say", "--lang", "ja", "--out", "o.wav", "こんにちは"],
        "htsvoice-mei",
    ),
    (&["ask", "--lang", "en", "When do you open?"], "e5-small"),
];

#[test]
fn a_missing_model_is_named_with_the_command_that_installs_it() {
    let robot = Robot::without_models();
    silence(&robot, "a.wav");
    for (args, model) in NEEDS {
        let ran = robot.run_with_input(args, b"Hello\n");
        has_all(ran.complaint(), &[model, "madoguchi-robot models fetch"]);
        assert!(!robot.path("o.wav").exists(), "{args:?}");
    }
    let ran = robot.run(&["models", "verify"]);
    assert_eq!(ran.code, 1);
    has_all(&ran.out, &["whisper-base: ", "models fetch"]);
}

/// A copy of an installed model whose biggest file is changed by `damage`.
fn damaged(robot: &Robot, model: &str, damage: impl Fn(Vec<u8>) -> Vec<u8>) {
    let to = robot.path("models").join(model);
    fs::create_dir_all(&to).unwrap();
    let from = fs::read_dir(installed_models().join(model)).unwrap();
    let files: Vec<_> = from.map(|entry| entry.unwrap().path()).collect();
    let size = |path: &&std::path::PathBuf| fs::metadata(path).unwrap().len();
    let biggest = files.iter().max_by_key(size).unwrap();
    for file in &files {
        let mut bytes = fs::read(file).unwrap();
        if file == biggest {
            bytes = damage(bytes);
        }
        fs::write(to.join(file.file_name().unwrap()), bytes).unwrap();
    }
}

#[test]
fn a_model_that_was_cut_is_named_with_the_command_that_mends_it() {
    let robot = Robot::without_models();
    silence(&robot, "a.wav");
    for (args, model) in NEEDS {
        damaged(&robot, model, |mut bytes| {
            bytes.truncate(bytes.len() / 3);
            bytes
        });
        let ran = robot.run_with_input(args, b"Hello\n");
        has_all(ran.complaint(), &[model, "madoguchi-robot models fetch"]);
        let ran = robot.run(&["models", "verify", model]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        has_all(&ran.out, &[model, "damaged", "models fetch"]);
        assert_plain(ran.out.trim_end());
    }
}

#[test]
fn a_model_of_the_right_size_and_wrong_content_is_found_out() {
    let robot = Robot::without_models();
    silence(&robot, "a.wav");
    for (args, model) in NEEDS {
        damaged(&robot, model, |bytes| vec![0; bytes.len()]);
        let ran = robot.run_with_input(args, b"Hello\n");
        has_all(ran.complaint(), &[model, "madoguchi-robot models "]);
        let ran = robot.run(&["models", "verify", model, "--json"]);
        assert_eq!(ran.code, 1, "{ran:#?}");
        has_all(&ran.out, &["\"sound\": false", "SHA-256 differs"]);
    }
}

#[test]
fn a_few_wrong_bytes_in_a_model_are_found_out() {
    let robot = Robot::without_models();
    silence(&robot, "a.wav");
    for (args, model) in NEEDS {
        damaged(&robot, model, |mut bytes| {
            let middle = bytes.len() / 2;
            bytes[middle..middle + 200].fill(0xff);
            bytes
        });
        let ran = robot.run_with_input(args, b"Hello\n");
        let needed = [model, "damaged", "madoguchi-robot models fetch"];
        has_all(ran.complaint(), &needed);
    }
}

#[test]
fn an_unknown_model_is_answered_with_the_known_ones() {
    let robot = Robot::without_models();
    let ran = robot.run(&["models", "fetch", "whisper-enormous"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    has_all(&ran.err, &["`whisper-enormous`", "whisper-base"]);
    let ran = robot.run_with_input(&["translate", "--from", "en", "--to", "sw"], b"");
    has_all(ran.complaint(), &["`en`", "`sw`", "firefox-en-sw"]);
    let ran = robot.run_with_input(&["translate", "--from", "en", "--to", "zz"], b"");
    has_all(ran.correction(), &["`zz`", "ISO 639"]);
}

#[test]
fn a_python_without_pip_is_answered_with_the_package_that_brings_it() {
    let robot = Robot::without_models();
    fs::create_dir(robot.path("bin")).unwrap();
    let script = "#!/bin/sh\necho \"$0: No module named pip\" >&2\nexit 1\n";
    let python = robot.write("bin/python3", script);
    fs::set_permissions(python, fs::Permissions::from_mode(0o755)).unwrap();
    let mut fetch = robot.command(&["models", "fetch", "e5-small"]);
    let ran = Ran::from(fetch.env("PATH", robot.path("bin")).output().unwrap());
    assert_eq!(ran.code, 1, "{ran:#?}");
    has_all(ran.err.lines().last().unwrap(), &["python3-pip"]);
}

#[test]
fn a_recording_that_is_none_is_named_with_the_reason() {
    let robot = Robot::without_models();
    let whole = silence(&robot, "whole.wav");
    robot.write("text.wav", "These are only words.\n");
    robot.write("empty.wav", "");
    robot.write("head.wav", &whole[..30]);
    robot.write("cut.wav", &whole[..20_001]);
    let ran = robot.run(&["transcribe", "whole.wav", "--manifest", "x.tsv"]);
    has_all(
        ran.correction(),
        &["whole.wav is a file", "name the folder"],
    );
    for (file, reason) in [
        ("missing.wav", "name and folder"),
        ("text.wav", "not a WAV file"),
        ("empty.wav", "empty"),
        ("head.wav", "cannot read"),
        ("cut.wav", "cut off"),
        ("models", "directory"),
    ] {
        let ran = robot.run(&["transcribe", file]);
        has_all(ran.complaint(), &[file, reason]);
    }
}

#[test]
fn sound_that_cannot_be_written_and_text_that_cannot_be_read_are_told() {
    let robot = Robot::with_models();
    let say = |out, text| robot.run(&["say", "--lang", "pt", "--out", out, text]);
    has_all(say("nowhere/x.wav", "Olá").complaint(), &["nowhere/x.wav"]);
    has_all(say("x.wav", "…").complaint(), &["nothing to say"]);
    let ran = robot.run(&["say", "--lang", "zz", "--out", "x.wav", "hello"]);
    has_all(
        ran.correction(),
        &["no voice for `zz`", "espeak-ng --voices"],
    );
    let args = ["translate", "--from", "en", "--to", "pt"];
    let ran = robot.run_with_input(&args, b"\xff\xfe\x00");
    has_all(ran.complaint(), &["line 1", "standard input", "UTF-8"]);
}

#[test]
fn a_configuration_is_refused_with_file_line_and_remedy() {
    let robot = Robot::without_models();
    let complaint = |text: &str| {
        robot.write("robot.toml", text);
        robot.run(&["models", "list"]).complaint().to_owned()
    };
    has_all(
        &complaint("pack = \"p\"\n\n[hearing]\nthread = 2\n"),
        &["robot.toml:4: ", "`thread`", "`threads`"],
    );
    has_all(
        &complaint("models = \"a\"\nmodels = \"b\"\n"),
        &["robot.toml:2: "],
    );
    has_all(
        &complaint("[screen]\nlisten = \"0.0.0.0:8700\"\n"),
        &["robot.toml: ", "screen.listen", "127.0.0.1"],
    );
    has_all(
        &complaint("[[visitor]]\nid = \"a\"\nlabel = \"A\"\nlanguage = \"en\"\n"),
        &["`a`", "`wav`", "`say`", "`types`"],
    );
    has_all(
        &complaint("pack = \"p\"\n[hearing]\nthreads = \"two\"\n"),
        &[
            "robot.toml:3: ",
            "`hearing.threads`",
            "\"two\"",
            "from 0 to 255",
        ],
    );
    has_all(
        &complaint("[camera]\nsource = \"webcam\"\n"),
        &["robot.toml:2: ", "`camera.source`", "\"webcam\"", "`v4l2`"],
    );
    has_all(
        &complaint("packet_language = \"English, please\"\n"),
        &["robot.toml:1: ", "`packet_language`", "\"English, please\""],
    );
    has_all(
        &complaint("[screen]\nlisten = 8700\n"),
        &["robot.toml:2: ", "`screen.listen`", "8700", "address"],
    );
    fs::remove_file(robot.path("robot.toml")).unwrap();
    let ran = robot.run(&["run"]);
    has_all(ran.complaint(), &["robot.toml", "--config"]);
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap().path();
        let to = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_folder(&entry, &to);
        } else {
            fs::copy(&entry, &to).unwrap();
        }
    }
}

#[test]
fn every_mistake_of_a_pack_is_listed_with_file_and_line() {
    let robot = Robot::without_models();
    copy_folder(&Path::new(CRATE).join("pack"), &robot.path("pack"));
    let change = |file: &str, from: &str, to: &str| {
        let path = robot.path("pack").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    change(
        "pack.toml",
        "default_language = \"ja\"",
        "default_language = \"sw\"",
    );
    change("topics/opening-hours.toml", "[title]", "[titel]");
    change("topics/childcare.toml", "[title]", "[title");

    let ran = robot.run(&["pack", "check", "pack"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:#?}");
    has_all(
        &ran.err,
        &[
            "  pack.toml:9: ",
            "`sw`",
            "  topics/opening-hours.toml:6: ",
            "  topics/childcare.toml:3: ",
        ],
    );
    for line in ran.err.lines() {
        assert_plain(line);
    }
    let asked = robot.run(&["ask", "--lang", "en", "Hello", "--pack", "pack"]);
    assert_eq!(asked.err, ran.err);

    let ran = robot.run(&["pack", "check", "nowhere"]);
    has_all(ran.complaint(), &["nowhere", "No such file"]);
    std::fs::create_dir(robot.path("other")).unwrap();
    let ran = robot.run(&["pack", "check", "other"]);
    has_all(ran.complaint(), &["other", "no pack.toml"]);
}

#[test]
fn a_console_address_that_would_leak_or_mislead_is_refused() {
    let robot = Robot::without_models();
    for (url, remedy) in [
        ("https://console.example", "wss://"),
        ("ws://console.example/robot/link", "wss://"),
        ("wss://console.example/robot/link", "fingerprint"),
    ] {
        let ran = robot.run(&["claim", "--console", url]);
        has_all(ran.correction(), &[remedy]);
    }
    assert!(
        !robot.path("state").exists(),
        "a refused claim leaves nothing"
    );
}

#[test]
fn a_record_that_is_none_is_refused() {
    let robot = Robot::without_models();
    robot.write("words.txt", "only words\n");
    robot.write("empty.txt", "");
    for (file, reason) in [
        ("missing.txt", "No such file"),
        ("empty.txt", "empty"),
        ("words.txt", "run --record"),
        ("models", "name a file"),
    ] {
        let ran = robot.run(&["replay", file]);
        has_all(ran.complaint(), &[file, reason]);
    }
}

#[test]
fn what_the_daemon_cannot_start_without_is_one_sentence() {
    let robot = Robot::without_models();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    robot.configure(&format!("[screen]\nlisten = \"{address}\""));
    let ran = robot.run(&["run"]);
    has_all(
        ran.complaint(),
        &[&address.to_string(), "screen.listen", "in use"],
    );

    robot.write("state/device.key", "nonsense");
    let ran = robot.run(&["run"]);
    has_all(ran.complaint(), &["device.key", "claimed again"]);
    fs::remove_dir_all(robot.path("state")).unwrap();
    robot.write("state", "a file where a folder should be");
    let ran = robot.run(&["run"]);
    has_all(ran.complaint(), &["state"]);

    let text = fs::read_to_string(robot.path("robot.toml")).unwrap();
    robot.write(
        "robot.toml",
        text.replacen("pack = ", "pack = \"gone\" # ", 1),
    );
    let ran = robot.run(&["run"]);
    has_all(ran.complaint(), &["gone", "`pack`"]);
}

#[test]
fn a_real_recording_without_a_recogniser_is_refused_too() {
    let wav = ten_of_clubs();
    let ran = Robot::without_models().run(&["transcribe", wav]);
    has_all(ran.complaint(), &["whisper-base", "models fetch"]);
}
