//! `drive-test`: wheels up, each a little way forward and back.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::ensure;
use madoguchi_hardware::Fault;
use madoguchi_hardware::drive::{Drive, DriveReading, Velocity};
use madoguchi_hardware::units::{MetresPerSecond, RadiansPerSecond};

use crate::config::{CONTROLLERS_TIMEOUT, ControllerKind, DriveConfig};

/// What has to be typed before anything turns.
const CONFIRMATION: &str = "wheels up";
const WHEEL_SPEED_M_S: f64 = 0.1;
const TURN: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(20);
/// Less than this is no turning, in m.
const STILL_M: f64 = 0.005;
const SIDES: [&str; 2] = ["left", "right"];

pub(super) fn drive_test(config: &DriveConfig) -> anyhow::Result<ExitCode> {
    ensure!(
        !matches!(
            config.controller,
            ControllerKind::None | ControllerKind::Simulated
        ),
        "there is nothing to drive; set drive.controller and drive.port in the configuration"
    );
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "The wheels will turn, each forward and backward for a second."
    )?;
    confirm(&mut out)?;
    let mut drive = config.open()?;
    let mut well = true;
    for (wheel, side) in SIDES.iter().enumerate() {
        for (way, sign) in [("forward", 1.0), ("backward", -1.0)] {
            let mut speeds = [0.0; 2];
            speeds[wheel] = sign * WHEEL_SPEED_M_S;
            let (before, after) = turn(drive.as_mut(), config, speeds)?;
            let turned: [f64; 2] =
                std::array::from_fn(|at| after.travelled[at].0 - before.travelled[at].0);
            let verdict = judge(turned, wheel, sign);
            well &= verdict.is_ok();
            let (Ok(words) | Err(words)) = verdict;
            let current = after.current[wheel];
            let way_m = turned[wheel];
            writeln!(
                out,
                "{side:<5} {way:<8} {way_m:>6.3} m  {current:.1}  {words}"
            )?;
        }
    }
    let stopped = stops_by_itself(drive.as_mut(), config)?;
    well &= stopped;
    writeln!(
        out,
        "controller's own timeout: {}",
        if stopped {
            "stops the wheels"
        } else {
            "does NOT stop the wheels; don't drive this robot"
        }
    )?;
    writeln!(
        out,
        "Was it the left wheel first, and forward first? Where a wheel turned the other way, change \
         its entry in drive.reversed."
    )?;
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Goes on only where somebody has typed that the wheels are in the air.
pub(super) fn confirm(out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "Lift the robot so that no wheel touches the floor, and keep a hand on the emergency stop.\n\
         Then type: {CONFIRMATION}"
    )?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    ensure!(
        typed.trim() == CONFIRMATION,
        "nothing has moved; type \"{CONFIRMATION}\" when it is so"
    );
    Ok(())
}

/// The readings before and at the end of a second at these wheel speeds, as it stops.
fn turn(
    drive: &mut dyn Drive,
    config: &DriveConfig,
    speeds: [f64; 2],
) -> Result<(DriveReading, DriveReading), Fault> {
    let before = drive.read()?;
    let until = Instant::now() + TURN;
    while Instant::now() < until {
        drive.set_velocity(velocity(config, speeds))?;
        sleep(TICK);
    }
    let after = drive.read()?;
    drive.stop()?;
    Ok((before, after))
}

fn velocity(config: &DriveConfig, [left, right]: [f64; 2]) -> Velocity {
    Velocity {
        linear: MetresPerSecond((left + right) / 2.0),
        angular: RadiansPerSecond((right - left) / config.track_m),
    }
}

fn judge(turned: [f64; 2], wheel: usize, sign: f64) -> Result<&'static str, &'static str> {
    let [own, other] = [turned[wheel] * sign, turned[1 - wheel]];
    if other.abs() > own.abs() {
        Err("the other wheel turned; swap the motors' cables, with those of their encoders")
    } else if own < -STILL_M {
        Err("counted the other way; swap the encoder's two channels before anything drives")
    } else if own < STILL_M {
        Err("no turning was counted; check motor and encoder cables, and the emergency stop")
    } else {
        Ok("well")
    }
}

/// Whether the wheels stand after a silence, by the speed or by the controller's own word.
fn stops_by_itself(drive: &mut dyn Drive, config: &DriveConfig) -> Result<bool, Fault> {
    drive.set_velocity(velocity(config, [WHEEL_SPEED_M_S; 2]))?;
    sleep(CONTROLLERS_TIMEOUT * 5);
    let stands = match drive.read() {
        Ok(reading) => reading.velocity.linear.0.abs() < WHEEL_SPEED_M_S / 10.0,
        // An ODrive tells of its expired watchdog as an error.
        Err(Fault::Failed { detail, .. }) => detail.contains("watchdog"),
        Err(fault) => return Err(fault),
    };
    // After an expired watchdog an ODrive is without power; there is nothing more to stop.
    let _ = drive.stop();
    Ok(stands)
}
