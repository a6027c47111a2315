//! A transcript that is written while links break and the console restarts: each line once.

use crate::support::{Office, Robot, Scene, turn};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::packet::Packet;

fn texts(packet: &Packet) -> Vec<&str> {
    packet.transcript.iter().map(|t| t.text.as_str()).collect()
}

/// Sends a line and says what is stored after it.
async fn adds(robot: &mut Robot, packet: &mut Packet, text: &str) -> u32 {
    let number = u32::try_from(packet.transcript.len()).unwrap() + 1;
    packet.revision += 1;
    packet.transcript.push(turn(number, text));
    sends(robot, packet).await
}

/// Sends the newest line of a packet, perhaps once more.
async fn sends(robot: &mut Robot, packet: &Packet) -> u32 {
    let line = packet.transcript.last().unwrap().clone();
    robot.turn(packet.case_id, packet.revision, line).await;
    robot
        .until(|said| match said {
            ConsoleToRobot::CaseSaved { revision, .. } => Some(revision),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn each_line_arrives_once_whatever_was_lost_or_sent_twice() {
    let mut office = Office::open().await;
    let Scene {
        mut robot,
        mut aiko,
        case_id,
        mut packet,
    } = Scene::held(&office).await;
    let key = robot.key.clone();
    assert_eq!(adds(&mut robot, &mut packet, "one").await, 2);
    assert_eq!(sends(&mut robot, &packet).await, 2, "the same line again");

    // A line gets lost with the link; the whole packet follows after the next connect.
    drop(robot);
    packet.revision += 1;
    packet.transcript.push(turn(3, "lost with the link"));
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    robot.send(&packet).await;
    assert_eq!(adds(&mut robot, &mut packet, "three").await, 4);

    // The console restarts; the robot can't know what was stored and sends everything again.
    office.stop().await;
    office.start().await;
    drop((robot, aiko));
    let mut robot = Robot::welcomed(office.plain(), &key, None).await;
    robot.send(&packet).await;
    assert_eq!(sends(&mut robot, &packet).await, 4, "known already");
    aiko = office.desk_again("aiko").await;
    aiko.carry(case_id, 2).await.unwrap();
    let read = aiko.packet().await;
    let all = ["Xin chào", "one", "lost with the link", "three"];
    assert_eq!((texts(&read), read.revision), (all.to_vec(), 4));

    // One more, and what an older life of the robot had on its way.
    assert_eq!(adds(&mut robot, &mut packet, "four").await, 5);
    let mut old = packet.clone();
    old.revision = 3;
    old.transcript.truncate(2);
    robot.send(&old).await;
    assert_eq!(adds(&mut robot, &mut packet, "five").await, 6);
    let kept = office.kept(case_id).await;
    assert_eq!((texts(&kept), kept.revision), (texts(&packet), 6));
}
