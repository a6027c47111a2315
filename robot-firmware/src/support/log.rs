//! What the service manager tells.

use std::process::Command;

const UNITS: [&str; 7] = [
    "madoguchi-robot.service",
    "madoguchi-screen.service",
    "madoguchi-check.service",
    "madoguchi-out-of-order.service",
    "madoguchi-update.service",
    "madoguchi-update.timer",
    "madoguchi-keep.service",
];
/// Newest lines of the log.
const LINES: &str = "5000";
const SINCE: &str = "-7d";

/// The services' states.
///
/// # Errors
/// Why they can't be told, in words.
pub fn services() -> Result<String, String> {
    let properties = "Id,ActiveState,SubState,Result,NRestarts,ActiveEnterTimestamp";
    let mut words = vec!["show", "--no-pager", "--property", properties];
    words.extend(UNITS);
    run("systemctl", &words)
}

/// The log at info and above. Below that it may hold what people say.
///
/// # Errors
/// Why it can't be told, in words.
pub fn told() -> Result<String, String> {
    let mut words = vec![
        "--no-pager",
        "--output=short-iso",
        "--since",
        SINCE,
        "--lines",
        LINES,
    ];
    for unit in UNITS {
        words.extend(["--unit", unit]);
    }
    let log = run("journalctl", &words)?;
    let kept = log.lines().filter(|line| is_kept(line));
    Ok(kept.flat_map(|line| [line, "\n"]).collect())
}

fn run(program: &str, words: &[&str]) -> Result<String, String> {
    let ran = Command::new(program)
        .args(words)
        .env("LANG", "C.UTF-8")
        .output();
    let output = ran.map_err(|error| format!("{program}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!(
            "{program}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

/// Lines of our programs have a level, and its place; what has none may be anything. Of others
/// only the service manager's are known to hold nothing.
fn is_kept(line: &str) -> bool {
    // `2026-11-30T12:00:00+0000 host program[1]: …`
    let mut words = line.splitn(4, ' ').skip(2);
    let (Some(program), Some(message)) = (words.next(), words.next()) else {
        return false;
    };
    let program = program.split(['[', ':']).next().unwrap_or_default();
    let mut said = message.split_ascii_whitespace();
    match program {
        "systemd" => true,
        "madoguchi-robot" => {
            let level = said.find(|word| !word.starts_with(|letter: char| letter.is_ascii_digit()));
            matches!(level, Some("INFO" | "WARN" | "ERROR"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_kept;

    #[test]
    fn only_what_is_known_to_hold_nothing_personal_is_kept() {
        let robot = "2026-11-30T12:00:00+0000 kiosk madoguchi-robot[7]: ";
        let at = "2026-11-30T12:00:00.000001Z ";
        for (said, kept) in [
            (format!("{at} INFO madoguchi_robot::daemon: stopping"), true),
            (format!("{at}ERROR madoguchi_robot: no camera"), true),
            (
                format!("{at}DEBUG madoguchi_robot: heard INFO about Hanako"),
                false,
            ),
            (format!("{at}TRACE rtc: 192.0.2.7"), false),
            (
                "a line that went over two, INFO of Hanako".to_owned(),
                false,
            ),
        ] {
            assert_eq!(is_kept(&format!("{robot}{said}")), kept, "{said}");
        }
        assert!(is_kept(
            "2026-11-30T12:00:00+0000 kiosk systemd[1]: Started madoguchi-robot.service"
        ));
        assert!(!is_kept(
            "2026-11-30T12:00:00+0000 kiosk chromium[9]: INFO Hanako"
        ));
        assert!(!is_kept("INFO"));
    }
}
