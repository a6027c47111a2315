use std::time::Duration;

use super::packet::{ACKNOWLEDGED, Order, PacketError, Query, Request};
use crate::simulation::{Controller, Demand, Motion};

/// A pause after which half a packet is forgotten (manual, "Packet Timeout").
const PACKET_TIMEOUT: Duration = Duration::from_millis(10);
/// How fast its motors run at 100 % duty.
const FULL_SPEED_M_S: f64 = 1.5;
const TIMEOUT_STEP: Duration = Duration::from_millis(100);

/// A RoboClaw as its manual describes it. Motor 1 is left, motor 2 right, neither reversed.
#[derive(Debug)]
pub struct SimulatedRoboClaw {
    address: u8,
    counts_per_metre: f64,
    received: Vec<u8>,
    silent_for: Duration,
    timeout_tenths: u8,
    status: u32,
    task: Task,
    motion: Motion,
}

/// What it was told, in counts.
#[derive(Debug, Clone, Copy)]
enum Task {
    Duty([i16; 2]),
    Speed {
        acceleration: f64,
        goal: [f64; 2],
        now: [f64; 2],
    },
}

impl SimulatedRoboClaw {
    /// A controller just switched on, with the factory's settings: no serial timeout.
    pub fn new(address: u8, counts_per_metre: f64) -> Self {
        Self {
            address,
            counts_per_metre,
            received: Vec::new(),
            silent_for: Duration::ZERO,
            timeout_tenths: 0,
            status: 0,
            task: Task::Duty([0, 0]),
            motion: Motion::default(),
        }
    }

    /// From now on it has these bits in its status; an error stops its motors.
    pub fn set_status(&mut self, status: u32) {
        self.status = status;
        if status & super::ERRORS != 0 {
            self.task = Task::Duty([0, 0]);
        }
    }

    /// After which silence it stops, in tenths of a second; 0 is never.
    pub fn timeout_tenths(&self) -> u8 {
        self.timeout_tenths
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::SerialTimeout(tenths) => self.timeout_tenths = tenths,
            _ if self.status & super::ERRORS != 0 => {}
            Order::Duty(duties) => self.task = Task::Duty(duties),
            Order::Speed {
                acceleration,
                speeds,
            } => {
                self.task = Task::Speed {
                    acceleration: f64::from(acceleration),
                    goal: speeds.map(f64::from),
                    now: match self.task {
                        Task::Speed { now, .. } => now,
                        Task::Duty(_) => self.motion.speed.map(|speed| self.counts(speed)),
                    },
                };
            }
        }
    }

    fn answer(&self, query: Query) -> Vec<u8> {
        let payload: Vec<u8> = match query {
            Query::SerialTimeout => vec![self.timeout_tenths],
            Query::Status => self.status.to_be_bytes().to_vec(),
            Query::Temperature => ((self.motion.celsius * 10.0).round() as i16)
                .to_be_bytes()
                .to_vec(),
            Query::Encoders => flat(self.motion.rolled.map(|rolled| {
                // The counters wrap, as 32 bits do.
                (self.counts(rolled).round() as i64 as u32).to_be_bytes()
            })),
            Query::Speeds => flat(
                self.motion
                    .speed
                    .map(|speed| (self.counts(speed).round() as i32).to_be_bytes()),
            ),
            Query::Currents => flat(
                self.motion
                    .current
                    .map(|current| ((current * 100.0).round() as i16).to_be_bytes()),
            ),
        };
        query.answer(self.address, &payload)
    }

    fn counts(&self, metres: f64) -> f64 {
        metres * self.counts_per_metre
    }
}

fn flat<const N: usize>(pair: [[u8; N]; 2]) -> Vec<u8> {
    pair.concat()
}

impl Controller for SimulatedRoboClaw {
    fn receive(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.silent_for = Duration::ZERO;
        self.received.extend(bytes);
        let mut sent = Vec::new();
        loop {
            match Request::decode(&self.received) {
                Ok((address, request, length)) => {
                    self.received.drain(..length);
                    if address == self.address {
                        match request {
                            Request::Order(order) => {
                                self.carry_out(order);
                                sent.push(ACKNOWLEDGED);
                            }
                            Request::Query(query) => sent.extend(self.answer(query)),
                        }
                    }
                }
                Err(PacketError::Incomplete) => return sent,
                Err(PacketError::UnknownCommand(_) | PacketError::WrongCrc) => {
                    self.received.clear();
                    return sent;
                }
            }
        }
    }

    fn advance(&mut self, time: Duration) {
        self.silent_for += time;
        if self.silent_for >= PACKET_TIMEOUT {
            self.received.clear();
        }
        let timeout = TIMEOUT_STEP * u32::from(self.timeout_tenths);
        if !timeout.is_zero() && self.silent_for >= timeout {
            self.task = Task::Duty([0, 0]);
        }
        if let Task::Speed {
            acceleration,
            goal,
            now,
        } = &mut self.task
        {
            let step = *acceleration * time.as_secs_f64();
            for (now, goal) in now.iter_mut().zip(goal) {
                *now += (*goal - *now).clamp(-step, step);
            }
        }
    }

    fn demand(&self) -> Demand {
        match self.task {
            Task::Duty([0, 0]) => Demand::Brake,
            Task::Duty(duties) => Demand::Speed(
                duties.map(|duty| f64::from(duty) / f64::from(i16::MAX) * FULL_SPEED_M_S),
            ),
            Task::Speed { now, .. } => {
                Demand::Speed(now.map(|counts| counts / self.counts_per_metre))
            }
        }
    }

    fn feel(&mut self, motion: Motion) {
        self.motion = motion;
    }
}
