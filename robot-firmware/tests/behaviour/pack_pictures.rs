//! The pictures of a pack: `pack check` finds what can't be shown, the daemon serves the rest.

use std::fs;
use std::path::Path;

use crate::support::{CRATE, Daemon, Robot};
use madoguchi_shared::screen::{Attachment, ScreenToRobot};

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A robot whose folder has a copy of the sample pack.
fn robot_with_pack() -> Robot {
    let robot = Robot::without_models();
    copy(&Path::new(CRATE).join("pack"), &robot.path("pack"));
    robot
}

fn problems(robot: &Robot) -> Vec<String> {
    let ran = robot.run(&["pack", "check", "pack", "--json"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let problem = |own: &serde_json::Value| {
        let text = |key: &str| own[key].as_str().unwrap().to_owned();
        format!("{}:{}: {}", text("file"), own["line"], text("message"))
    };
    json["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(problem)
        .collect()
}

fn line_of_picture(topic: &str) -> usize {
    let path = Path::new(CRATE).join("pack/topics").join(topic);
    let text = fs::read_to_string(path).unwrap();
    let at = text.lines().position(|line| line.starts_with("file = "));
    at.unwrap() + 1
}

const GARBAGE: &str = "pack/pictures/garbage-sorting.svg";

#[test]
fn a_dead_file_is_told_with_the_line_that_names_it() {
    let robot = robot_with_pack();
    fs::rename(robot.path(GARBAGE), robot.path("pack/pictures/garbage.svg")).unwrap();
    let line = line_of_picture("garbage-days.toml");
    assert_eq!(
        problems(&robot),
        [
            "pictures/garbage.svg:1: no topic and no floor shows this picture; name it in a [picture] or [map], \
             or remove it"
                .to_owned(),
            format!(
                "topics/garbage-days.toml:{line}: the picture pictures/garbage-sorting.svg is not \
                 in the pack; did you mean pictures/garbage.svg?"
            ),
        ]
    );
}

#[test]
fn a_file_that_is_no_picture_or_more_than_one_is_refused() {
    for (bytes, said) in [
        (&b"<html></html>"[..], "is no SVG drawing with a `viewBox`"),
        (b"<svg></svg>", "is no SVG drawing with a `viewBox`"),
        (
            b"<svg viewBox='0 0 1 1'><script>alert(1)</script></svg>",
            "has `<script` in it",
        ),
        (&[b' '; 500_001], "has 501 kB of at most 500"),
    ] {
        let robot = robot_with_pack();
        robot.write(GARBAGE, bytes);
        let told = problems(&robot);
        assert!(told.len() == 1 && told[0].contains(said), "{told:#?}");
    }
    let robot = robot_with_pack();
    let topic = robot.path("pack/topics/garbage-days.toml");
    let text = fs::read_to_string(&topic).unwrap();
    fs::write(&topic, text.replace("sorting.svg", "sorting.png")).unwrap();
    fs::rename(
        robot.path(GARBAGE),
        robot.path("pack/pictures/garbage-sorting.png"),
    )
    .unwrap();
    let told = problems(&robot);
    assert!(
        told[0].contains("is something else than its name says"),
        "{told:#?}"
    );
}

#[test]
fn the_screen_is_served_what_an_answer_shows_and_nothing_else_of_the_pack() {
    let robot = robot_with_pack();
    let text = fs::read_to_string(robot.path("robot.toml")).unwrap();
    let own = text.lines().filter(|line| !line.starts_with("pack = "));
    let own: Vec<&str> = ["pack = \"pack\""].into_iter().chain(own).collect();
    robot.write("robot.toml", own.join("\n") + "\n");
    let daemon = Daemon::start(&robot, &[]);
    let mut page = daemon.page();
    page.say(&ScreenToRobot::Typed {
        text: "Where is the toilet?".to_owned(),
    });
    let shown = page.wait_for(|view| view.captions.iter().any(|own| !own.attachments.is_empty()));
    let attachments = shown.captions.iter().flat_map(|own| &own.attachments);
    let maps: Vec<&str> = attachments
        .filter_map(|own| match own {
            Attachment::Map(map) => Some(map.src.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(maps, ["pack/pictures/ground-floor.svg"]);
    let served = daemon.get(&format!("/{}", maps[0])).to_lowercase();
    assert!(served.starts_with("http/1.1 200"), "{served}");
    assert!(served.contains("content-type: image/svg+xml") && served.contains("<svg"));
    for path in [
        "/pack/pack.toml",
        "/pack/policies.toml",
        "/pack/../robot.toml",
        "/pack/..%2frobot.toml",
        "/pack/pictures/",
    ] {
        let answer = daemon.get(path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}
