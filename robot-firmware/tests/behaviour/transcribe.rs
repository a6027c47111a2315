//! `transcribe`: one recording and a folder of labelled ones, for people and for programs.

use std::fs;

use crate::support::{Robot, keys, ten_of_clubs};

#[test]
fn transcribe_tells_words_language_and_time() {
    let wav = ten_of_clubs();
    let robot = Robot::with_models();
    let json = robot
        .run(&["transcribe", wav, "--candidates", "pt,en,ja", "--json"])
        .json();
    let all = keys(&json);
    for key in [
        "confidence",
        "language",
        "language_probability",
        "seconds_audio",
        "seconds_compute",
        "text",
        "words",
    ] {
        assert!(all.contains(&key), "{key}: {json}");
    }
    assert_eq!(json["language"], "en");
    let words = json["words"].as_array().unwrap();
    let clubs = words
        .iter()
        .find(|word| word["text"].as_str().unwrap().contains("clubs"));
    let confidence = clubs.unwrap()["confidence"].as_f64().unwrap();
    assert!(confidence > 0.1 && confidence <= 1.0, "{json}");
    assert!(json["text"].as_str().unwrap().contains("clubs"), "{json}");
    let number = |key: &str| json[key].as_f64().unwrap();
    assert!((0.5..=1.0).contains(&number("language_probability")));
    assert!((0.0..=1.0).contains(&number("confidence")));
    assert!((1.0..1.2).contains(&number("seconds_audio")));
    assert!(number("seconds_compute") > 0.0);

    let plain = robot.run(&["transcribe", wav]);
    let mut lines = plain.done().lines();
    assert!(lines.next().unwrap().contains("clubs"), "{plain:#?}");
    assert!(
        lines.next().unwrap().contains("en (candidate"),
        "{plain:#?}"
    );
    assert_eq!(plain.err, "");
}

#[test]
fn a_folder_of_labelled_clips_is_scored() {
    let wav = ten_of_clubs();
    let robot = Robot::with_models();
    fs::create_dir_all(robot.path("clips/more")).unwrap();
    fs::copy(wav, robot.path("clips/more/cards.wav")).unwrap();
    let table = "\u{feff}ref\tnotes\tfile\tlang\r\n\
        10 of clubs.\tx\tmore/cards.wav\ten-US\r\n\
        9 of clubs\tx\tmore/cards.wav\ten\r\n";
    fs::write(robot.path("clips/list.tsv"), table).unwrap();
    let args = [
        "transcribe",
        "clips",
        "--manifest",
        "list.tsv",
        "--candidates",
        "pt,en",
    ];
    let ran = robot.run(&[&args[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(ran.done().lines().last().unwrap()).unwrap();
    assert_eq!(json["clips"], 2, "{json}");
    assert_eq!(json["language"]["right"], 2, "{json}");
    assert_eq!(json["languages"]["en"]["reference_words"], 6, "{json}");
    let wer = json["wer"].as_f64().unwrap();
    assert!((wer - 1.0 / 6.0).abs() < 1e-6, "{json}");
    assert_eq!(json["files"][0]["error_rate"], 0.0, "{json}");
    assert!(
        json["seconds_compute_p95"].as_f64().unwrap() > 0.0,
        "{json}"
    );
    let processor = json["processor_seconds_per_second"].as_f64().unwrap();
    assert!(processor > 0.0, "{json}");
    let bands = json["confidence_bands"].as_array().unwrap();
    let sum = |key: &str| -> u64 { bands.iter().map(|band| band[key].as_u64().unwrap()).sum() };
    assert_eq!((sum("words"), sum("words_right")), (6, 5), "{json}");
    assert_eq!(sum("utterances"), 2, "{json}");

    fs::write(robot.path("clips/torn.wav"), b"RIFF").unwrap();
    let table = "file\tlang\nmore/cards.wav\ten\ntorn.wav\ten\n";
    fs::write(robot.path("clips/manifest.tsv"), table).unwrap();
    let ran = robot.run(&["transcribe", "clips", "--candidates", "pt,en"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.out.contains("torn.wav is not a WAV file"), "{ran:#?}");
    assert!(ran.out.contains("1 right, 0 wrong, 0 not sure"), "{ran:#?}");
}

#[test]
fn a_language_that_is_no_candidate_is_still_recognised_as_what_it_is() {
    let wav = ten_of_clubs();
    let json = Robot::with_models()
        .run(&["transcribe", wav, "--candidates", "ja,pt", "--json"])
        .json();
    assert_eq!(json["language"], "en", "{json}");
    assert_eq!(json["language_decision"], "other", "{json}");
}

#[test]
fn a_candidate_that_the_model_never_learned_is_refused() {
    let robot = Robot::with_models();
    for what in [ten_of_clubs(), "."] {
        let ran = robot.run(&["transcribe", what, "--candidates", "en,zz"]);
        assert_eq!(ran.code, 2, "{ran:#?}");
        assert!(ran.err.contains("--candidates zz"), "{ran:#?}");
        assert!(ran.err.contains("ISO 639"), "{ran:#?}");
    }
}

#[test]
fn the_robot_understands_what_it_says_itself() {
    let robot = Robot::with_models();
    let question = "When is the office open on Saturday?";
    robot
        .run(&["say", "--lang", "en", "--out", "q.wav", question])
        .done();
    let json = robot.run(&["transcribe", "q.wav", "--json"]).json();
    assert_eq!(json["language"], "en", "{json}");
    assert!(
        json["text"].as_str().unwrap().contains("Saturday"),
        "{json}"
    );
}

/// An hour of silence, most of it a hole in the file: its header alone is read.
#[test]
fn a_recording_of_an_hour_is_refused_before_it_is_read() {
    const BYTES: u32 = 16_000 * 2 * 3_600;
    let robot = Robot::with_models();
    let path = robot.path("hour.wav");
    let mut header = Vec::new();
    header.extend(b"RIFF");
    header.extend((BYTES + 36).to_le_bytes());
    header.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    header.extend(16_000_u32.to_le_bytes());
    header.extend(32_000_u32.to_le_bytes());
    header.extend(b"\x02\0\x10\0data");
    header.extend(BYTES.to_le_bytes());
    fs::write(&path, header).unwrap();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(u64::from(BYTES) + 44).unwrap();

    let refused = robot.run(&["transcribe", path.to_str().unwrap()]);
    assert_eq!(refused.code, 1);
    let complaint = refused.complaint();
    assert!(complaint.contains("lasts 3600 s"), "{complaint}");
    assert!(complaint.contains("cut it"), "{complaint}");
}
