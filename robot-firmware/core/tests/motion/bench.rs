//! A gate on a virtual clock, with everything around it in order until a test disturbs it.

use std::time::Duration;

use madoguchi_core::motion::{
    DriveCommand, Gate, Lease, LeaseId, Limits, MotionInput, Refusal, Side, Step, Twist, Visit,
};

pub const TICK: Duration = Duration::from_millis(20);
pub const LEASE: LeaseId = LeaseId(7);
pub const HEALTHY_VISIT: Visit = Visit {
    visiting: true,
    consent: true,
    touching: false,
    form_open: false,
};

/// What is fed before each step; `None` is silence.
#[derive(Debug, Clone)]
pub struct Around {
    pub lease_until: Option<Duration>,
    pub contacts: Option<[bool; 2]>,
    pub range_m: [Option<f64>; 2],
    pub bumper: [Option<bool>; 2],
    pub drop: [Option<bool>; 2],
    pub tilt_rad: Option<f64>,
    pub celsius: Option<f64>,
    pub battery: Option<(f64, bool)>,
    pub people_near: Option<bool>,
    pub visit: Option<Visit>,
    /// The controller measures what the gate said last.
    pub measures: bool,
    pub fault: bool,
    /// What the operator holds.
    pub wish: Option<Twist>,
    pub round_trip: Duration,
    /// The moment of the picture, where it stands still.
    pub frozen_at: Option<Duration>,
}

#[derive(Clone)]
pub struct Bench {
    pub gate: Gate,
    pub now: Duration,
    pub around: Around,
    pub sequence: u64,
    pub said: Twist,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            gate: Gate::new(Limits::default()).unwrap(),
            now: Duration::from_secs(10),
            around: Around {
                lease_until: Some(Duration::from_secs(1_000_000)),
                contacts: Some([true; 2]),
                range_m: [Some(4.0); 2],
                bumper: [Some(false); 2],
                drop: [Some(false); 2],
                tilt_rad: Some(0.0),
                celsius: Some(30.0),
                battery: Some((0.9, false)),
                people_near: Some(false),
                visit: Some(HEALTHY_VISIT),
                measures: true,
                fault: false,
                wish: Some(Twist::ZERO),
                round_trip: Duration::from_millis(50),
                frozen_at: None,
            },
            sequence: 0,
            said: Twist::ZERO,
        }
    }

    /// One that drives forward as fast as it may.
    pub fn at_full_speed() -> Self {
        let mut bench = Self::new();
        bench.let_go();
        bench.hold(ahead(0.8));
        assert_eq!(bench.run(200).velocity, ahead(0.8));
        bench
    }

    pub fn tell(&mut self, input: MotionInput) {
        self.gate.take(input, self.now).unwrap();
    }

    pub fn hold(&mut self, wish: Twist) {
        self.around.wish = Some(wish);
    }

    pub fn let_go(&mut self) -> Step {
        self.hold(Twist::ZERO);
        self.run(2)
    }

    pub fn command(&mut self, velocity: Twist) -> Result<(), Refusal> {
        self.sequence += 1;
        let heard = self.now.saturating_sub(self.around.round_trip);
        self.gate.take(
            MotionInput::Command(DriveCommand {
                lease: LEASE,
                sequence: self.sequence,
                heard,
                seen: self.around.frozen_at.unwrap_or(heard),
                velocity,
            }),
            self.now,
        )
    }

    /// Feeds what there is, and steps.
    pub fn tick(&mut self) -> Step {
        self.now += TICK;
        let around = self.around.clone();
        let lease = around.lease_until.map(|until| Lease { id: LEASE, until });
        self.tell(MotionInput::Lease { lease });
        if let Some([first_closed, second_closed]) = around.contacts {
            self.tell(MotionInput::Contacts {
                first_closed,
                second_closed,
            });
        }
        for (end, side) in Side::ALL.into_iter().enumerate() {
            if let Some(metres) = around.range_m[end] {
                self.tell(MotionInput::Range { side, metres });
            }
            if let Some(pressed) = around.bumper[end] {
                self.tell(MotionInput::Bumper { side, pressed });
            }
            if let Some(drop) = around.drop[end] {
                self.tell(MotionInput::Cliff { side, drop });
            }
        }
        if let Some(radians) = around.tilt_rad {
            self.tell(MotionInput::Tilt { radians });
        }
        if let Some(celsius) = around.celsius {
            self.tell(MotionInput::Temperature { celsius });
        }
        if let Some((charge, plugged_in)) = around.battery {
            self.tell(MotionInput::Battery { charge, plugged_in });
        }
        if let Some(near) = around.people_near {
            self.tell(MotionInput::People { near });
        }
        if let Some(visit) = around.visit {
            self.tell(MotionInput::Visit(visit));
        }
        if around.fault {
            self.tell(MotionInput::DriveFault);
        } else if around.measures {
            let velocity = self.said;
            self.tell(MotionInput::Measured { velocity });
        }
        if let Some(wish) = around.wish {
            // What is refused is a test's own business.
            let _ = self.command(wish);
        }
        let step = self.gate.step(self.now);
        self.said = step.velocity;
        step
    }

    pub fn run(&mut self, ticks: u32) -> Step {
        for _ in 1..ticks {
            self.tick();
        }
        self.tick()
    }
}

pub fn ahead(linear_m_s: f64) -> Twist {
    Twist {
        linear_m_s,
        angular_rad_s: 0.0,
    }
}

pub fn about(angular_rad_s: f64) -> Twist {
    Twist {
        linear_m_s: 0.0,
        angular_rad_s,
    }
}
