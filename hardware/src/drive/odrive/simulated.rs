use std::time::Duration;

use super::line::{self, LineError};
use super::{CLOSED_LOOP, LONGEST_ANSWER, VELOCITY_CONTROL, VELOCITY_RAMP, WATCHDOG_TIMER_EXPIRED};
use crate::simulation::{Controller, Demand, Motion};

const IDLE: u8 = 1;
const POSITION_CONTROL: u8 = 3;
const PASSTHROUGH: u8 = 1;
/// Longer lines are forgotten.
const LONGEST_LINE: usize = 256;

/// An ODrive of firmware 0.5 with two calibrated motors, axis 0 left and axis 1 right, as its
/// documentation describes it: velocity control and what belongs to it.
#[derive(Debug)]
pub struct SimulatedOdrive {
    turns_per_metre: f64,
    received: Vec<u8>,
    axes: [Axis; 2],
}

#[derive(Debug, Clone)]
struct Axis {
    error: u64,
    state: u8,
    control_mode: u8,
    input_mode: u8,
    ramp_rate: f64,
    input_vel: f64,
    setpoint: f64,
    watchdog_enabled: bool,
    watchdog_timeout: f64,
    unfed_for: Duration,
    turned: f64,
    speed: f64,
    current: f64,
    celsius: f64,
}

impl Axis {
    fn new() -> Self {
        Self {
            error: 0,
            state: IDLE,
            control_mode: POSITION_CONTROL,
            input_mode: PASSTHROUGH,
            ramp_rate: 1.0,
            input_vel: 0.0,
            setpoint: 0.0,
            watchdog_enabled: false,
            watchdog_timeout: 0.0,
            unfed_for: Duration::ZERO,
            turned: 0.0,
            speed: 0.0,
            current: 0.0,
            celsius: 25.0,
        }
    }

    fn disarm(&mut self, error: u64) {
        self.error |= error;
        self.state = IDLE;
        self.setpoint = 0.0;
    }

    fn get(&self, name: &str) -> Option<String> {
        Some(match name {
            "error" => self.error.to_string(),
            "current_state" | "requested_state" => self.state.to_string(),
            "config.enable_watchdog" => u8::from(self.watchdog_enabled).to_string(),
            "config.watchdog_timeout" => float(self.watchdog_timeout),
            "controller.input_vel" => float(self.input_vel),
            "controller.config.control_mode" => self.control_mode.to_string(),
            "controller.config.input_mode" => self.input_mode.to_string(),
            "controller.config.vel_ramp_rate" => float(self.ramp_rate),
            "encoder.pos_estimate" => float(self.turned),
            "encoder.vel_estimate" => float(self.speed),
            "motor.current_control.Iq_measured" => float(self.current),
            "fet_thermistor.temperature" => float(self.celsius),
            _ => return None,
        })
    }

    fn set(&mut self, name: &str, value: f64) -> Option<()> {
        match name {
            "requested_state" => {
                // An axis with an error takes no other state.
                if self.error == 0 && value == f64::from(CLOSED_LOOP) {
                    self.state = CLOSED_LOOP;
                    self.setpoint = self.speed;
                } else {
                    self.state = IDLE;
                }
            }
            "config.enable_watchdog" => self.watchdog_enabled = value != 0.0,
            "config.watchdog_timeout" => self.watchdog_timeout = value,
            "controller.input_vel" => self.input_vel = value,
            "controller.config.control_mode" => self.control_mode = value as u8,
            "controller.config.input_mode" => self.input_mode = value as u8,
            "controller.config.vel_ramp_rate" => self.ramp_rate = value,
            _ => return None,
        }
        Some(())
    }

    fn advance(&mut self, time: Duration) {
        self.unfed_for += time;
        if self.watchdog_enabled && self.unfed_for.as_secs_f64() >= self.watchdog_timeout {
            self.disarm(WATCHDOG_TIMER_EXPIRED);
        }
        if self.state == CLOSED_LOOP && self.control_mode == VELOCITY_CONTROL {
            let step = self.ramp_rate.abs() * time.as_secs_f64();
            let way = self.input_vel - self.setpoint;
            self.setpoint += if self.input_mode == VELOCITY_RAMP {
                way.clamp(-step, step)
            } else {
                way
            };
        }
    }
}

impl SimulatedOdrive {
    /// A controller just switched on, its watchdog off.
    pub fn new(turns_per_metre: f64) -> Self {
        Self {
            turns_per_metre,
            received: Vec::new(),
            axes: [Axis::new(), Axis::new()],
        }
    }

    /// Lets an axis fail with these bits, which takes its motor's power.
    pub fn fail(&mut self, axis: usize, error: u64) {
        if let Some(axis) = self.axes.get_mut(axis) {
            axis.disarm(error);
        }
    }

    fn answer(&mut self, line: &[u8]) -> Vec<u8> {
        let line = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let (command, summed) = match line::decode(line) {
            Ok(command) => (command, true),
            Err(LineError::NoChecksum) => (std::str::from_utf8(line).unwrap_or_default(), false),
            Err(LineError::NotText | LineError::WrongChecksum) => return Vec::new(),
        };
        let Some(mut answer) = self.carry_out(command) else {
            return Vec::new();
        };
        answer.truncate(LONGEST_ANSWER);
        if summed {
            answer = line::encode(&answer).trim_end().to_owned();
        }
        format!("{answer}\r\n").into_bytes()
    }

    fn carry_out(&mut self, command: &str) -> Option<String> {
        let words: Vec<&str> = command.split_ascii_whitespace().collect();
        match words[..] {
            [] => None,
            ["v", axis, speed, ..] => match (self.axis(axis), speed.parse()) {
                (Err(answer), _) => Some(answer),
                (Ok(axis), Ok(speed)) => {
                    axis.control_mode = VELOCITY_CONTROL;
                    axis.input_vel = speed;
                    axis.unfed_for = Duration::ZERO;
                    None
                }
                (Ok(_), Err(_)) => Some("invalid command format".to_owned()),
            },
            ["u", axis] => match self.axis(axis) {
                Ok(axis) => {
                    axis.unfed_for = Duration::ZERO;
                    None
                }
                Err(answer) => Some(answer),
            },
            ["f", axis] => Some(match self.axis(axis) {
                Ok(axis) => format!("{} {}", float(axis.turned), float(axis.speed)),
                Err(answer) => answer,
            }),
            ["sc"] => {
                for axis in &mut self.axes {
                    axis.error = 0;
                }
                None
            }
            ["r", property] => Some(
                self.property(property)
                    .and_then(|(axis, name)| axis.get(name))
                    .unwrap_or_else(|| "invalid property".to_owned()),
            ),
            ["w", property, value] => {
                let written = match (self.property(property), value.parse()) {
                    (Some((axis, name)), Ok(value)) => axis.set(name, value),
                    _ => None,
                };
                written.is_none().then(|| "invalid property".to_owned())
            }
            ["v" | "u" | "f" | "r" | "w", ..] => Some("invalid command format".to_owned()),
            _ => Some("unknown command".to_owned()),
        }
    }

    fn axis(&mut self, number: &str) -> Result<&mut Axis, String> {
        let axis: usize = number
            .parse()
            .map_err(|_| "invalid command format".to_owned())?;
        self.axes
            .get_mut(axis)
            .ok_or_else(|| format!("invalid motor {axis}"))
    }

    fn property<'a>(&mut self, path: &'a str) -> Option<(&mut Axis, &'a str)> {
        let (axis, name) = path.split_once('.')?;
        let axis = axis.strip_prefix("axis")?.parse::<usize>().ok()?;
        Some((self.axes.get_mut(axis)?, name))
    }
}

fn float(value: f64) -> String {
    format!("{value:.6}")
}

impl Controller for SimulatedOdrive {
    fn receive(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut sent = Vec::new();
        for byte in bytes {
            match byte {
                b'\n' | b'\r' => {
                    let received = std::mem::take(&mut self.received);
                    sent.extend(self.answer(&received));
                }
                _ if self.received.len() == LONGEST_LINE => {}
                byte => self.received.push(*byte),
            }
        }
        sent
    }

    fn advance(&mut self, time: Duration) {
        for axis in &mut self.axes {
            axis.advance(time);
        }
    }

    fn demand(&self) -> Demand {
        let [left, right] = &self.axes;
        if left.state == CLOSED_LOOP && right.state == CLOSED_LOOP {
            Demand::Speed([left.setpoint, right.setpoint].map(|turns| turns / self.turns_per_metre))
        } else {
            Demand::Coast
        }
    }

    fn feel(&mut self, motion: Motion) {
        for (wheel, axis) in self.axes.iter_mut().enumerate() {
            axis.turned = motion.rolled[wheel] * self.turns_per_metre;
            axis.speed = motion.speed[wheel] * self.turns_per_metre;
            axis.current = motion.current[wheel];
            axis.celsius = motion.celsius;
        }
    }
}
