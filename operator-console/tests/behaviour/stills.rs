//! The one image that is stored: of whose case, read by whom, and until when.

use crate::support::{Office, Robot, Scene, case, is_on_disk};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::link::RobotToConsole;
use madoguchi_shared::operator::{ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::still::{STILL_MAX_BYTES, Still};

/// What makes the image findable in the store's files.
const MARK: &str = "c3RpbGwtb2YtYS1kb2N1bWVudC1h";

fn image(at: i64, len: usize) -> Still {
    let mark = BASE64.decode(MARK).unwrap();
    let body = [vec![0; len.saturating_sub(mark.len())], mark].concat();
    // Whole groups of three bytes before the mark, so that its base64 stands in the image's.
    let bytes = [&[0xff, 0xd8, 0xff][..], &body, &[0xff, 0xd9]].concat();
    Still {
        at: UnixMs(at),
        jpeg: BASE64.encode(bytes),
    }
}

async fn sends(robot: &mut Robot, case_id: CaseId, still: Still) {
    robot
        .line
        .say(&RobotToConsole::Still { case_id, still })
        .await;
}

/// What a desk hears of a case's still until its packet has come with everything after it.
async fn stills_with_packet(desk: &mut crate::support::Desk, case_id: CaseId) -> Vec<UnixMs> {
    desk.say(OperatorToConsole::Open { case_id }).await;
    // Answers come in order: the refusal of an unknown case ends what belongs to this one.
    let unknown = case().case_id;
    desk.say(OperatorToConsole::Open { case_id: unknown }).await;
    let mut seen = Vec::new();
    loop {
        match desk.hear().await {
            ConsoleToOperator::Still { still, .. } => seen.push(still.at),
            ConsoleToOperator::Error {
                case_id: Some(id), ..
            } if id == unknown => return seen,
            _ => {}
        }
    }
}

#[tokio::test]
async fn its_holder_sees_it_again_with_the_case_and_nobody_else_does() {
    let office = Office::open().await;
    let mut bruno = office.desk("bruno").await;
    let mut scene = Scene::held(&office).await;
    sends(&mut scene.robot, scene.case_id, image(1, 900)).await;
    let shown = scene
        .aiko
        .until(|message| match message {
            ConsoleToOperator::Still { case_id, still } => Some((case_id, still)),
            _ => None,
        })
        .await;
    assert_eq!(shown, (scene.case_id, image(1, 900)));
    sends(&mut scene.robot, scene.case_id, image(2, 900)).await;
    let newer = |message| match message {
        ConsoleToOperator::Still { still, .. } => Some(still.at),
        _ => None,
    };
    assert_eq!(scene.aiko.until(newer).await, UnixMs(2));
    let again = stills_with_packet(&mut scene.aiko, scene.case_id).await;
    assert_eq!(again, [UnixMs(2)], "a case has one");
    let others = stills_with_packet(&mut bruno, scene.case_id).await;
    assert!(others.is_empty());
}

#[tokio::test]
async fn what_is_no_jpeg_of_our_size_or_of_no_held_case_is_not_stored() {
    let office = Office::open().await;
    let mut scene = Scene::held(&office).await;
    let mut stranger = office.robot("Entrance 2").await;
    let waiting = case();
    stranger.send(&waiting).await;
    let mut drawing = image(3, 30);
    drawing.jpeg = BASE64.encode("<svg onload='alert(1)'/>");
    sends(&mut scene.robot, scene.case_id, image(3, STILL_MAX_BYTES)).await;
    sends(&mut scene.robot, scene.case_id, drawing).await;
    sends(&mut scene.robot, waiting.case_id, image(3, 30)).await;
    sends(&mut stranger, scene.case_id, image(3, 30)).await;
    sends(&mut stranger, waiting.case_id, image(3, 30)).await;
    // What was said before on the same line is done when these are stored.
    let (first, second) = (case(), case());
    scene.robot.send(&first).await;
    stranger.send(&second).await;
    let store = office.store().await;
    for id in [scene.case_id, waiting.case_id] {
        assert_eq!(store.still(id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn it_is_erased_with_its_case_from_every_file_of_the_store() {
    let office = Office::open().await;
    let mut scene = Scene::held(&office).await;
    sends(&mut scene.robot, scene.case_id, image(1, 900)).await;
    scene
        .aiko
        .until(|message| matches!(message, ConsoleToOperator::Still { .. }).then_some(()))
        .await;
    assert!(is_on_disk(office.dir.path(), MARK));
    scene.aiko.end(scene.case_id).await;
    let store = office.store().await;
    let erased = store.erase_cases(UnixMs(i64::MAX)).await.unwrap();
    assert!(erased.contains(&scene.case_id));
    assert_eq!(store.still(scene.case_id).await.unwrap(), None);
    assert!(!is_on_disk(office.dir.path(), MARK));
}
