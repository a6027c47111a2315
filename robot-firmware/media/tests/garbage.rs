//! Datagrams that mean nothing at the robot's ports of a call: from a stranger, and from where its
//! page is.
#![allow(clippy::unwrap_used)]

mod common;

use std::net::{Ipv4Addr, UdpSocket};
use std::sync::atomic::Ordering::Relaxed;

use common::Robot;
use madoguchi_media::{MediaConfig, MediaEvent};

/// One that belongs to each protocol by its first byte (RFC 9443), whole, cut short and lying about
/// its length, and others that belong to none.
fn garbage() -> Vec<Vec<u8>> {
    let stun = |kind: [u8; 2], length: u16, attributes: &[u8]| {
        let mut message = kind.to_vec();
        message.extend(length.to_be_bytes());
        message.extend(0x2112_a442_u32.to_be_bytes());
        message.extend([7; 12]);
        message.extend(attributes);
        message
    };
    let record = |kind: u8, epoch: u8, length: u16, body: &[u8]| {
        let mut record = vec![kind, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0xff, 0xff];
        record.extend(length.to_be_bytes());
        record.extend(body);
        record
    };
    let rtp =
        |second: u8, rest: &[u8]| [&[0x80, second, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9], rest].concat();
    let mut all = vec![
        Vec::new(),
        vec![0],
        vec![0xff; 1_200],
        vec![0x5a; 60_000],
        // STUN: a request without integrity, one with a wrong one, answers to nothing, lengths that lie.
        stun([0, 1], 0, &[]),
        stun([0, 1], 24, &[&[0, 8, 0, 20][..], &[0; 20][..]].concat()),
        stun([0, 1], 8, &[0, 6, 0xff, 0xff, 1, 2, 3, 4]),
        stun([0, 1], 0xffff, &[]),
        stun([1, 1], 12, &[0, 0x20, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0]),
        stun([1, 0x11], 8, &[0, 9, 0, 4, 0, 0, 4, 0x57]),
        // TURN's ChannelData.
        vec![0x40, 0, 0xff, 0xff, 1, 2, 3],
        // DTLS: an alert that closes, a hello, keys that change, data, a handshake without an end.
        record(21, 0, 2, &[2, 0]),
        record(21, 1, 2, &[1, 0]),
        record(22, 0, 12, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        record(
            22,
            0,
            12,
            &[1, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff],
        ),
        record(20, 0, 1, &[1]),
        record(23, 1, 60, &[0x77; 60]),
        record(23, 1, 0xffff, &[0x77; 60]),
        // SCTP as it would be without DTLS: an INIT and an ABORT.
        [
            &[0x13, 0x88, 0x13, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 20][..],
            &[0; 16][..],
        ]
        .concat(),
        [&[0x13, 0x88, 0x13, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 4][..]].concat(),
        // RTP and RTCP that nobody has encrypted, extensions and lists without an end.
        rtp(96, &[0; 160]),
        rtp(111, &[]),
        [&[0x9f, 0xe0, 0, 1][..], &[0xff; 8][..]].concat(),
        [&[
            0x90, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0xbe, 0xde, 0xff, 0xff,
        ][..]]
        .concat(),
        rtp(203, &[0xff; 4]),
        vec![0x9f, 200, 0xff, 0xff],
        vec![0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 9],
        vec![
            0x8f, 205, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 9, 0xff, 0xff, 0xff, 0xff,
        ],
    ];
    let cut: Vec<_> = all
        .iter()
        .flat_map(|whole| {
            [whole.len() / 2, whole.len().saturating_sub(1)].map(|at| whole[..at].to_vec())
        })
        .collect();
    all.extend(cut);
    all
}

#[test]
fn garbage_of_a_stranger_before_and_in_a_call_changes_nothing() {
    let robot = Robot::new(MediaConfig::default());
    let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let operator = robot.call(1);
    let throw = || {
        for port in robot.ports() {
            for datagram in garbage() {
                let _ = stranger.send_to(&datagram, (Ipv4Addr::LOCALHOST, port));
            }
        }
    };
    // As soon as it has a port, and until pictures come.
    robot.wait_until("a port", || !robot.ports().is_empty());
    robot.wait_until("media", || {
        throw();
        operator.got.video.load(Relaxed) > 10
    });
    flows_under(&robot, &operator, &throw);
    next_call_works(robot);
}

#[test]
fn garbage_from_where_the_page_is_costs_nobody_the_call() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.call_over_path(1);
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    let throw = || garbage().iter().for_each(|datagram| robot.throw(datagram));
    flows_under(&robot, &operator, &throw);
    robot.direct();
    next_call_works(robot);
}

#[test]
fn a_page_that_answers_twice_keeps_its_call() {
    let robot = Robot::new(MediaConfig::default());
    let operator = robot.runtime.block_on(common::page::Page::operator());
    robot.engine.start_call(madoguchi_media::CallConfig::new(1));
    let offer = robot.wait_for_offer(1);
    robot.runtime.block_on(operator.take(offer));
    let sdp = robot.answer_of(&operator);
    let operator = robot.keep(operator);
    for sdp in [sdp.clone(), sdp, "and nonsense".to_owned()] {
        robot
            .engine
            .operator_signal(madoguchi_shared::signal::Signal::Answer {
                session: 1,
                sdp,
                proof: None,
            });
    }
    robot.wait_until("media", || operator.got.video.load(Relaxed) > 10);
    assert!(!robot.has_seen(|event| matches!(event, MediaEvent::CallFailed { .. })));
    next_call_works(robot);
}

#[test]
fn a_page_that_never_answers_leaves_the_robot_to_the_next_one() {
    let robot = Robot::new(MediaConfig::default());
    for session in 1..=3 {
        robot
            .engine
            .start_call(madoguchi_media::CallConfig::new(session));
        robot.wait_for_offer(session);
        robot.engine.end_call();
    }
    next_call_works(robot);
}

/// Picture and sound go on in both directions while this is thrown.
fn flows_under(robot: &Robot, operator: &common::page::Page, throw: &dyn Fn()) {
    robot.forget();
    for _ in 0..5 {
        throw();
        let before = [&operator.got.video, &operator.got.audio].map(|count| count.load(Relaxed));
        robot.wait_until("media under garbage", || {
            let now = [&operator.got.video, &operator.got.audio].map(|count| count.load(Relaxed));
            now[0] > before[0] + 5 && now[1] > before[1] + 5
        });
    }
    robot.wait_for("the operator's voice", common::loudspeaker_above(0.5));
    assert!(!robot.has_seen(|event| matches!(
        event,
        MediaEvent::CallFailed { .. } | MediaEvent::CallInterrupted { .. }
    )));
}

fn next_call_works(robot: Robot) {
    robot.engine.end_call();
    let operator = robot.call(100);
    robot.wait_until("media of the next call", || {
        operator.got.video.load(Relaxed) > 10
    });
    robot.engine.shutdown();
}
