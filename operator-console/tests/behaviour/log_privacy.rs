//! Nothing personal reaches the log.

use std::net::SocketAddr;
use std::process::Stdio;

use crate::support::{
    Desk, Office, PASSWORD, Robot, back, case, credentials, request, sign_in, turn,
};
use madoguchi_console::store::{Database, Store};
use madoguchi_shared::operator::OperatorToConsole;
use madoguchi_shared::packet::{CaseState, Owner};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Command;

const WORDS: &str = "Nguyen-Van-Secret";

#[tokio::test]
async fn a_visit_leaves_no_personal_word_in_the_log() {
    // An office prepares the folder; the program itself then runs in it, so that its log is read
    // as it is written.
    let mut office = Office::open().await;
    office.hire("aiko").await;
    let code = office.claim_code("Entrance 1").await;
    office.stop().await;
    let config = office.dir.path().join("console.toml");
    std::fs::write(
        &config,
        "listen_tls = 'off'\nlisten_loopback = '127.0.0.1:0'\n",
    )
    .unwrap();
    let mut console = Command::new(env!("CARGO_BIN_EXE_madoguchi-console"))
        .args(["serve", "--json", "--config"])
        .arg(&config)
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(console.stdout.take().unwrap())
        .read_line(&mut line)
        .await
        .unwrap();
    let listening: serde_json::Value = serde_json::from_str(&line).unwrap();
    let addr: SocketAddr = listening["loopback"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap();

    let wrong = credentials(WORDS, WORDS);
    assert_eq!(
        request(addr, "POST /api/session", "", &wrong).await.status,
        401
    );
    let mut robot = Robot::welcomed(addr, &crate::support::new_key(), Some(code)).await;
    let mut aiko = Desk::connect(addr, &sign_in(addr, "aiko").await).await;
    let mut packet = case();
    packet.transcript = vec![turn(1, WORDS)];
    let case_id = packet.case_id;
    robot.send(&packet).await;
    for text in [
        format!("{{\"type\":\"{WORDS}\"}}"),
        format!("{{\"type\":\"progress\",\"case_id\":\"{WORDS}\"}}"),
        WORDS.to_owned(),
    ] {
        robot.line.say_raw(text.clone()).await;
        aiko.line.say_raw(text).await;
    }
    aiko.accept(case_id).await.unwrap();
    aiko.types(case_id, 1, WORDS).await;
    let mut note = back();
    note.note = WORDS.into();
    aiko.say(OperatorToConsole::End {
        case_id,
        back: note,
    })
    .await;
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    aiko.sees(case_id, CaseState::Closed).await;

    drop((robot, aiko));
    let pid = console.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .await
            .unwrap()
            .success()
    );
    let mut log = String::new();
    console
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .await
        .unwrap();
    assert!(console.wait().await.unwrap().success(), "{log}");
    assert!(
        log.contains("case accepted"),
        "the log isn't where the test looks: {log}"
    );
    for personal in [WORDS, PASSWORD, "aiko"] {
        assert!(
            !log.contains(personal),
            "{personal} stands in the log:\n{log}"
        );
    }

    let database = Database::Sqlite(office.dir.path().join("console.db"));
    let store = Store::open(&database).await.unwrap();
    assert!(store.open_cases().await.unwrap().is_empty());
    store.close().await;
}
