//! The commands as a person or a program runs them.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn console(dir: &Path, args: &[&str]) -> Output {
    console_with_input(dir, args, "")
}

fn console_with_input(dir: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_madoguchi-console"))
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn folder(config: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("console.toml"), config).unwrap();
    dir
}

#[test]
fn a_wrong_configuration_is_one_sentence_and_exit_code_1() {
    for (config, sentence) in [
        (
            "\nlisen_tls = 'off'",
            "console.toml:2: there is no key `lisen_tls`; did you mean `listen_tls`?",
        ),
        ("listen_loopback = '0.0.0.0:1'", "other machines can reach"),
        (
            "[turn]\nurls = ['turn:turn.example.org']\nsecret_file = 'not-there'",
            "not-there can't be read",
        ),
    ] {
        let dir = folder(config);
        let output = console(dir.path(), &["check-config"]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            error.contains(sentence) && error.lines().count() == 1,
            "{error}"
        );
    }
    let dir = tempfile::tempdir().unwrap();
    let output = console(dir.path(), &["check-config"]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    let folder = dir.path().canonicalize().unwrap();
    for part in [
        folder.to_str().unwrap(),
        "--config FILE",
        "operator-console/console.demo.toml",
    ] {
        assert!(error.contains(part), "{part} is missing: {error}");
    }
}

#[test]
fn in_a_checkout_the_demonstrations_console_is_meant_but_never_served() {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["operator-console", ".demo/console"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    let demo = "database = 'sqlite:../.demo/console/console.db'\n";
    std::fs::write(dir.path().join("operator-console/console.demo.toml"), demo).unwrap();
    let listed = console(dir.path(), &["robot", "list", "--json"]);
    assert_eq!(json(&listed), serde_json::json!([]));
    assert!(String::from_utf8_lossy(&listed.stderr).contains("operator-console/console.demo.toml"));
    assert_eq!(console(dir.path(), &["serve"]).status.code(), Some(1));

    std::fs::write(dir.path().join("console.toml"), "").unwrap();
    let own = console(dir.path(), &["robot", "list", "--json"]);
    assert!(own.stderr.is_empty(), "{:?}", own.stderr);
}

#[test]
fn wrong_use_is_exit_code_2() {
    let dir = folder("");
    for args in [
        &["operator", "add", "aiko"][..],
        &["fly"],
        &["robot", "claim-code"],
        &["robot", "claim-code", "--name", "", "--site", "Ward Office"],
        &[
            "robot",
            "claim-code",
            "--name",
            "Entrance 1",
            "--site",
            "\n",
        ],
        &[
            "operator",
            "add",
            "a b",
            "--languages",
            "en",
            "--random-password",
        ],
        &[
            "operator",
            "add",
            "aiko",
            "--name",
            " ",
            "--languages",
            "en",
            "--random-password",
        ],
        &["operator", "set-password", "愛子", "--random-password"],
        &["operator", "remove", "a b"],
        &["operator", "set", "aiko", "--languages", "es:6"],
        &["operator", "set", "aiko", "--languages", "en,xx:3"],
        &[
            "operator",
            "add",
            "aiko",
            "--languages",
            "xx-bad-tag-zz",
            "--random-password",
        ],
        &["operator", "set", "aiko", "--topics", "Taxes!"],
        &["operator", "set", "aiko", "--hours", "mon-fri 08:30-17:15"],
        &["serve", "--log", "="],
    ] {
        let output = console(dir.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
    }
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "wrong use leaves nothing: {left:?}");

    let set = ["operator", "set", "aiko", "--languages", "en,xx:3"];
    let told = console(dir.path(), &set).stderr;
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("`xx:3` is not a language"), "{told}");
}

/// What a console logs until it listens.
fn log_of(args: &[&str], environment: &str) -> String {
    let dir = folder("listen_tls = 'off'\nlisten_loopback = '127.0.0.1:0'\n");
    let mut child = Command::new(env!("CARGO_BIN_EXE_madoguchi-console"))
        .arg("serve")
        .args(args)
        .env("RUST_LOG", environment)
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut listening = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut listening).unwrap();
    child.kill().unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap()
}

#[test]
fn the_environment_says_what_is_logged_unless_a_flag_does() {
    let debug = "sqlx=debug";
    assert!(log_of(&[], debug).contains("DEBUG sqlx"));
    for (args, environment) in [
        (&["--log", "info"][..], debug),
        (&[], ""),
        (&[], "no=filter=at=all"),
    ] {
        let log = log_of(args, environment);
        assert!(!log.contains("DEBUG"), "{args:?} {environment}: {log}");
    }
}

#[test]
fn operators_are_added_listed_and_removed() {
    let dir = folder("");
    let add = [
        "operator",
        "add",
        "Aiko",
        "--name",
        "Aiko T",
        "--languages",
        "ja,en",
        "--json",
    ];
    let made = json(&console(
        dir.path(),
        &[&add[..], &["--random-password"]].concat(),
    ));
    assert_eq!(made["account"], "aiko");
    assert!(made["password"].as_str().unwrap().len() >= 20);

    let twice = console(dir.path(), &[&add[..], &["--random-password"]].concat());
    assert_eq!(twice.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&twice.stderr).contains("`aiko` exists already"));

    let short = ["operator", "set-password", "aiko", "--password-stdin"];
    let refused = console_with_input(dir.path(), &short, "short\n");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("at least 10 characters"));
    assert!(
        console_with_input(dir.path(), &short, "long enough\n")
            .status
            .success()
    );

    let list = json(&console(dir.path(), &["operator", "list", "--json"]));
    assert_eq!(list[0]["languages"], serde_json::json!(["ja", "en"]));
    assert!(!list.to_string().contains("argon2"), "{list}");
    let text = console(dir.path(), &["operator", "list"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.ends_with("\tja,en\toffered everything\n"), "{text}");

    let set = ["operator", "set", "aiko"];
    let skilled = [
        &set[..],
        &["--languages", "ja:5,en", "--topics", "tax,residence"],
        &[
            "--authority",
            "waive_fees",
            "--site",
            "Ward Office",
            "--supervisor",
        ],
        &["--hours", "mon-fri 08:30-17:15 Asia/Tokyo"],
    ];
    let text = console(dir.path(), &skilled.concat());
    assert_eq!(
        String::from_utf8(text.stdout).unwrap(),
        "aiko\tAiko T\tja:5,en:3\ttopics residence,tax; may waive_fees; sites Ward Office; \
         on duty mon-fri 08:30-17:15 Asia/Tokyo; supervisor\n"
    );
    let kept = json(&console(dir.path(), &["operator", "list", "--json"]));
    assert_eq!(kept[0]["skills"]["levels"]["ja"], 5);
    console(dir.path(), &[&set[..], &["--supervisor", "false"]].concat());
    let text = console(dir.path(), &["operator", "list"]);
    assert!(
        !String::from_utf8(text.stdout)
            .unwrap()
            .contains("supervisor")
    );
    let forgotten = console(dir.path(), &[&set[..], &["--forget-skills"]].concat());
    let forgotten = String::from_utf8(forgotten.stdout).unwrap();
    assert!(
        forgotten.ends_with("\tja,en\toffered everything\n"),
        "{forgotten}"
    );
    for (args, sentence) in [
        (&["operator", "set", "aiko"][..], "nothing is to be changed"),
        (
            &["operator", "set", "bruno", "--topics", "tax"],
            "there is no operator `bruno`",
        ),
    ] {
        let refused = console(dir.path(), args);
        assert_eq!(refused.status.code(), Some(1));
        let error = String::from_utf8(refused.stderr).unwrap();
        assert!(error.contains(sentence), "{error}");
    }

    assert!(
        console(dir.path(), &["operator", "remove", "aiko"])
            .status
            .success()
    );
    assert_eq!(
        console(dir.path(), &["operator", "remove", "aiko"])
            .status
            .code(),
        Some(1)
    );
}

#[test]
fn a_claim_code_comes_with_the_fingerprint_to_pin() {
    let dir = folder("");
    let args = [
        "robot",
        "claim-code",
        "--name",
        "Entrance 1",
        "--site",
        "Ward Office",
        "--json",
    ];
    let offer = json(&console(dir.path(), &args));
    let letters = offer["code"].as_str().unwrap().replace('-', "");
    assert!(letters.len() * 5 >= 60, "fewer than 60 bits: {letters}");
    let fingerprint = json(&console(dir.path(), &["fingerprint", "--json"]));
    assert_eq!(offer["fingerprint"], fingerprint["fingerprint"]);
    assert_eq!(offer["fingerprint"].as_str().unwrap().len(), 64);
    for secret in ["console.db", "console-key.pem", "console-cert.pem"] {
        let mode = std::fs::metadata(dir.path().join(secret))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{secret} can be read by others");
    }
}

#[test]
fn a_database_that_is_damaged_is_named_at_once() {
    let dir = folder("");
    assert!(console(dir.path(), &["robot", "list"]).status.success());
    let file = dir.path().join("console.db");
    let sound = std::fs::read(&file).unwrap();
    let mut middle = sound.clone();
    middle[4096..8192].fill(0xff);
    for damaged in [b"These are only words, and many of them.".to_vec(), middle] {
        std::fs::write(&file, damaged).unwrap();
        let output = console(dir.path(), &["robot", "list"]);
        assert_eq!(output.status.code(), Some(1));
        let error = String::from_utf8(output.stderr).unwrap();
        for part in ["console.db", "damaged", "backup"] {
            assert!(error.contains(part), "{part} is missing: {error}");
        }
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}
