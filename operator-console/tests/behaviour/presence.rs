//! Robots and pages that come, go, fall silent or fall behind.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::support::{Line, Office, PATIENCE, Scene, case};
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::routing::get;
use madoguchi_console::socket::{Outbox, Peer, outbox, serve};
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{CaseState, Owner};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_silent_robot_goes_off_line_and_its_operator_is_told() {
    let office = Office::open_with(|config| config.silence = Duration::from_secs(3)).await;
    let Scene {
        robot: _unread,
        mut aiko,
        case_id,
        ..
    } = Scene::held(&office).await;
    // From here on nobody reads the robot's socket, so that no ping is answered.
    aiko.sees_a_robot_leave().await;
    aiko.types(case_id, 1, "Hello").await;
    assert_eq!(aiko.error().await, "robot_away");
}

#[tokio::test]
async fn a_page_that_does_not_read_is_hung_up_on_and_nobody_waits_for_it() {
    let office = Office::open().await;
    let mut robot = office.robot("Entrance 1").await;
    let mut packet = case();
    let case_id = packet.case_id;
    robot.send(&packet).await;
    let mut asleep = office.desk("aiko").await;
    asleep.open(case_id).await;
    let mut awake = office.desk("bruno").await;

    packet.transcript[0].text = "x".repeat(900_000);
    for revision in 2..60 {
        packet.revision = revision;
        robot.send(&packet).await;
    }
    robot
        .progress(case_id, CaseState::Closed, Owner::Agent)
        .await;
    awake.sees(case_id, CaseState::Closed).await;
    let mut packets = 0;
    while let Some(message) = asleep.line.hear::<ConsoleToOperator>().await {
        packets += u32::from(matches!(message, ConsoleToOperator::Packet { .. }));
    }
    assert!(
        packets < 58,
        "everything was kept for a page that doesn't read"
    );
}

#[tokio::test]
async fn the_list_tells_connected_robots_from_others() {
    let office = Office::open().await;
    let here = office.robot("Here").await;
    let gone = office.robot("Gone").await;
    let mut aiko = office.desk("aiko").await;
    drop(gone);
    aiko.sees_a_robot_leave().await;
    // The desks are told before the store, and the next change waits for it.
    office.desk("bruno").await;
    let config = office.dir.path().join("console.toml");
    std::fs::write(&config, "listen_tls = 'off'\n").unwrap();
    let list = |args: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_madoguchi-console"))
            .args(["robot", "list", "--config"])
            .arg(&config)
            .args(args)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = list(&[]);
    let line = |name| text.lines().find(|line| line.contains(name)).unwrap();
    assert!(line("Here").ends_with("\tHall\tconnected now"), "{text}");
    assert!(line("Gone").contains("\tlast seen 20"), "{text}");
    let robots: serde_json::Value = serde_json::from_str(&list(&["--json"])).unwrap();
    let connected = |robot: &serde_json::Value| robot["connected"] == true;
    assert_eq!(
        robots
            .as_array()
            .unwrap()
            .iter()
            .filter(|r| connected(r))
            .count(),
        1
    );
    drop(here);
}

/// Is hung up on while a message of theirs is stored, as a page whose outbox overflows.
struct Overflowing {
    outbox: Outbox,
    stored: mpsc::Sender<()>,
}

impl Peer for Overflowing {
    async fn heard(&mut self, _text: &str) -> ControlFlow<()> {
        self.outbox.hang_up();
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.stored.send(()).await.unwrap();
        ControlFlow::Continue(())
    }

    async fn still_welcome(&mut self) -> bool {
        true
    }
}

#[tokio::test]
async fn what_was_heard_is_stored_to_its_end_though_the_connection_ends_meanwhile() {
    let (stored, mut is_stored) = mpsc::channel(1);
    let live = get(move |upgrade: WebSocketUpgrade| async move {
        upgrade.on_upgrade(move |socket| async move {
            let (outbox, outgoing) = outbox(&CancellationToken::new());
            let mut peer = Overflowing { outbox, stored };
            serve(socket, outgoing, PATIENCE, &mut peer).await;
        })
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, Router::new().route("/", live)).await });
    let mut page = Line::dial(address, "/", &[]).await.unwrap();
    page.say(&"accept").await;
    let stored = timeout(PATIENCE, is_stored.recv()).await.unwrap();
    assert_eq!(stored, Some(()), "it was dropped half-way");
    assert!(!page.is_pinged().await, "the connection stays");
}
