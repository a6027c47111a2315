//! The body of a real base, as a person wires it, configures it and looks for what is wrong.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{Daemon, Robot};
use madoguchi_shared::packet::Speaker;
use madoguchi_shared::screen::{ScreenToRobot, Stage};
use serde_json::Value;

const DRIVE: &str = "[drive]\ncontroller = \"roboclaw\"\nport = \"/dev/ttyNONE9\"\n\
                     per_metre = 1000\ntrack_m = 0.4\nsensors = \"body\"\n";
const BODY: &str = r#"
without = ["cliffs"]
tilt = { up = "z" }
emergency_stop = { contacts = [5, 6], reset = 13 }
bumpers = { front = 16, rear = 20 }
heartbeat = 12
head = { pan = { channel = 0, centre_us = 1520, us_per_degree = 10, limit_degrees = 60 }, tilt = { channel = 1, centre_us = 1480, us_per_degree = -10, limit_degrees = 20 } }
battery = { monitor = "ina260", empty_v = 20.0, full_v = 25.0 }
lamp = { pin = 17, active = "low" }
range = [{ side = "front", address = 48, xshut = 23 }, { side = "rear", address = 49, xshut = 24 }]
"#;

fn configured(board: &str) -> Robot {
    let robot = Robot::without_models();
    robot.configure(&format!("{DRIVE}[body]\nboard = \"{board}\"\n{BODY}"));
    fs::create_dir_all(robot.path("state/board")).unwrap();
    robot
}

fn finding<'a>(check: &'a Value, part: &str) -> Option<(&'a str, &'a str)> {
    let findings = check["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["part"] == part)?;
    Some((
        finding["condition"].as_str().unwrap(),
        finding["detail"].as_str().unwrap(),
    ))
}

fn look(robot: &Robot) -> Value {
    serde_json::from_str(&robot.run(&["check", "--json"]).out).unwrap()
}

#[test]
fn a_machine_without_pins_names_each_device_and_its_wiring_and_serves_on() {
    let robot = configured("raspberry_pi");
    let daemon = Daemon::start(&robot, &[]);
    let until = Instant::now() + Duration::from_secs(20);
    let parts = [
        ("emergency_stop", "GPIO 5 and ground"),
        ("front_bumper", "GPIO 16 and ground"),
        ("rear_bumper", "GPIO 20 and ground"),
        ("front_range", "XSHUT to GPIO 23"),
        ("battery", "I²C bus 1"),
        ("heartbeat", "GPIO 12"),
        ("lamp", "on by a low level"),
        ("head", "PWM channels 0 and 1"),
        ("tilt", "I²C bus 1"),
    ];
    for (part, wiring) in parts {
        loop {
            let answer = daemon.get("/check.json");
            let (_, body) = answer.split_once("\r\n\r\n").unwrap();
            let check: Value = serde_json::from_str(body).unwrap();
            if let Some(("trouble", detail)) = finding(&check, part) {
                assert!(detail.contains(wiring), "{detail}");
                assert!(detail.contains("check its cable"), "{detail}");
                break;
            }
            assert!(Instant::now() < until, "{part}: {check:#}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let mut page = daemon.page();
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    page.say(&ScreenToRobot::Typed {
        text: "What are your opening hours?".to_owned(),
    });
    page.wait_for(|view| {
        let mut lines = view.captions.iter();
        lines.any(|line| line.speaker == Speaker::Agent && line.text.contains("half past eight"))
    });
    let (_, _, log) = daemon.stop();
    assert!(
        log.contains("an edge of the floor doesn't stop the robot"),
        "{log}"
    );
    for line in log.lines() {
        crate::support::assert_plain(line);
    }
}

#[test]
fn check_tries_each_device_and_says_what_to_look_at() {
    let robot = configured("simulated");
    let all_wired = |robot: &Robot| {
        for pin in [5, 6, 16, 20] {
            robot.write(&format!("state/board/gpio-{pin}"), "closed");
        }
        robot.write("state/board/range-23", "640 9");
        robot.write("state/board/range-24", "0 4");
        robot.write("state/board/battery", "24.0");
        robot.write("state/board/tilt", "0 35 999");
    };
    all_wired(&robot);
    let check = look(&robot);
    for (part, words) in [
        ("emergency_stop", "is not pressed"),
        ("front_bumper", "its contact is closed"),
        ("front_range", "0.64 m"),
        ("rear_range", "nothing within 1.3 m"),
        ("battery", "24.0 V, about 80 %"),
        ("tilt", "leans by 2°"),
    ] {
        let (condition, detail) = finding(&check, part).unwrap();
        assert_eq!(condition, "works", "{part}: {detail}");
        assert!(detail.contains(words), "{detail}");
    }
    for part in ["heartbeat", "lamp", "head"] {
        assert_eq!(finding(&check, part).unwrap().0, "untried");
    }
    assert!(
        finding(&check, "wheels")
            .unwrap()
            .1
            .contains("/dev/ttyNONE9")
    );
    assert_eq!(finding(&check, "front_floor"), None, "there is none");

    for (file, broken, part, words) in [
        ("gpio-6", "open", "emergency_stop", "a wire is broken"),
        ("gpio-20", "open", "rear_bumper", "its wire is broken"),
        ("range-23", "", "front_range", "check its cable"),
        (
            "range-24",
            "800 6",
            "rear_range",
            "nothing that it vouches for",
        ),
        ("battery", "", "battery", "check its cable"),
        ("tilt", "", "tilt", "check its cable"),
        (
            "tilt",
            "999 0 35",
            "tilt",
            "the axis on its board that points up",
        ),
        ("tilt", "2000 0 2000", "tilt", "feels 2.8 g"),
    ] {
        robot.write(&format!("state/board/{file}"), broken);
        let check = look(&robot);
        let (condition, detail) = finding(&check, part).unwrap();
        assert_eq!(condition, "trouble", "{part}: {detail}");
        assert!(detail.contains(words), "{detail}");
        all_wired(&robot);
    }
    robot.write("state/board/gpio-5", "open");
    let told = robot.run(&["check"]);
    assert_eq!(told.code, 1);
    assert!(told.out.contains("Emergency stop  trouble"), "{told:#?}");
    assert!(told.out.contains("between GPIO 5 and ground"), "{told:#?}");
    crate::support::assert_plain(&told.out);
}

#[test]
fn a_body_that_can_not_be_meant_is_refused_with_what_helps() {
    for (from, to, words) in [
        ("tilt = { up = \"z\" }", "", "add \"tilt\" to body.without"),
        (
            "[\"cliffs\"]",
            "[\"cliffs\", \"tilt\"]",
            "body.tilt is there",
        ),
        ("up = \"z\"", "up = \"up\"", "up"),
        (
            "up = \"z\"",
            "up = \"z\", address = 48",
            "by body.range and body.tilt",
        ),
        ("[\"cliffs\"]", "[]", "body.cliffs is missing"),
        (
            "channel = 1",
            "channel = 0",
            "PWM channel 0 is body.head.pan and body.head.tilt",
        ),
        (
            "front = 16",
            "front = 3",
            "pin 3 is body.bumpers and I²C bus 1",
        ),
        (
            "pin = 17",
            "pin = 12",
            "pin 12 is body.heartbeat and body.lamp",
        ),
        (
            "xshut = 24",
            "xshut = 17",
            "pin 17 is body.lamp and body.range.xshut",
        ),
        ("heartbeat = 12\n", "", "no relay cuts the motors' power"),
        (
            "bumpers = { front = 16, rear = 20 }\n",
            "",
            "needs body.bumpers",
        ),
        ("contacts = [5, 6]", "contacts = [5, 5]", "pin 5 is"),
        ("pin = 17", "pin = 28", "a BCM number from 0 to 27"),
        ("pin = 17, active = \"low\"", "pin = 17", "active"),
        (", xshut = 24", "", "several range sensors"),
        ("address = 49", "address = 48", "given twice"),
        ("address = 49", "address = 64", "given twice"),
        ("side = \"rear\"", "side = \"front\"", "side = \"rear\""),
        ("ina260", "ina219", "shunt_ohms"),
        ("full_v = 25.0", "full_v = nan", "full_v at rest"),
        ("rear = 20", "rear = 20, left = 21", "left"),
        ("limit_degrees = 60", "limit_degrees = 120", "body.head"),
    ] {
        let changed = BODY.replace(from, to);
        assert_ne!(changed, BODY, "{from}");
        let robot = Robot::without_models();
        robot.configure(&format!("{DRIVE}[body]\n{changed}"));
        let ran = robot.run(&["drive-test"]);
        assert!(ran.err.contains(words), "{to}: {ran:#?}");
        assert!(ran.err.contains("robot.toml"), "{to}: {ran:#?}");
    }
}

#[test]
fn the_lamp_says_that_somebody_waits_and_the_bell_rings_when_nobody_comes() {
    let robot = configured("simulated");
    robot.configure("[bell]\ncontact = { pin = 27, active = \"high\", ring_ms = 5 }\n");
    // A reserved port, on which nobody listens.
    let console = "ws://127.0.0.1:1/robot/link";
    robot.run(&["claim", "--console", console]).done();
    let daemon = Daemon::start(&robot, &[]);
    let board =
        |file: &str| fs::read_to_string(robot.path(&format!("state/board/{file}"))).unwrap();
    assert_eq!(board("gpio-27"), "0 0", "silent from the beginning on");
    becomes(&|| board("gpio-17"), "Off");
    assert_eq!(
        [board("pwm-0"), board("pwm-1")],
        ["1520", "1480"],
        "looks straight ahead"
    );
    let mut page = daemon.page();
    page.say(&ScreenToRobot::ChooseLanguage {
        language: "en".parse().unwrap(),
    });
    page.say(&ScreenToRobot::TalkToPerson);
    page.wait_for(|view| view.stage == Stage::Waiting);
    becomes(&|| board("gpio-17"), "Attention");
    page.wait_for(|view| view.nobody.is_some());
    page.say(&ScreenToRobot::ChooseWay {
        way: madoguchi_shared::screen::Way::Bell,
    });
    becomes(&|| board("gpio-27"), "0 2");
    daemon.stop();
}

fn becomes(seen: &dyn Fn() -> String, wanted: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while seen() != wanted {
        assert!(Instant::now() < until, "{}, not {wanted}", seen());
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What rppal writes pins through: on a Raspberry Pi up to 4, and on a 5.
#[test]
fn the_service_may_have_every_boards_pins() {
    let unit = include_str!("../../../systemd/madoguchi-robot.service");
    for device in ["/dev/gpiomem", "/dev/gpiomem0", "char-gpiochip", "char-i2c"] {
        let allowed = format!("DeviceAllow={device} rw");
        assert!(unit.lines().any(|line| line == allowed), "{allowed}");
    }
    let rules = include_str!("../../../systemd/udev/70-madoguchi.rules");
    assert!(rules.contains("KERNEL==\"gpiomem*\", GROUP=\"gpio\""));
}
