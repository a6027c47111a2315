use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ramp::Ramp;
use super::{
    DriveCommand, Envelope, Held, Lease, LeaseId, Limits, LimitsError, MotionInput, Refusal, Side,
    Twist, Visit,
};

/// The longest time that one step accelerates for: after a stall the speed doesn't jump.
const LONGEST_STEP: Duration = Duration::from_millis(50);
/// No wish of an operator, whatever the base.
const ABSURD_SPEED: f64 = 10.0;
/// Below this the wheels count as standing, in m/s and rad/s.
const STANDING: f64 = 0.02;

/// What the wheels are to do until the next step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// How to move.
    pub velocity: Twist,
    /// To be stopped by the surest way that the controller has, not just to zero.
    pub emergency: bool,
    /// What would be allowed, for the operator's page to draw.
    pub envelope: Envelope,
    /// The limit that holds the wish back, if one does.
    pub held: Option<Held>,
}

/// A value and the moment of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<T>(pub(super) Option<(T, Duration)>);

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Copy> Reading<T> {
    fn take(&mut self, value: T, now: Duration) {
        self.0 = Some((value, now));
    }

    /// The value, while it is no older than `age`; a moment to come is none.
    pub(super) fn within(&self, age: Duration, now: Duration) -> Option<T> {
        let (value, at) = self.0?;
        (now.checked_sub(at)? <= age).then_some(value)
    }
}

/// What is known of one end of the robot.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct End {
    pub(super) range_m: Reading<f64>,
    pub(super) bumper: Reading<bool>,
    pub(super) drop: Reading<bool>,
}

/// See the [module](super).
#[derive(Debug, Clone, Copy)]
pub struct Gate {
    pub(super) limits: Limits,
    pub(super) stepped_at: Duration,
    pub(super) lease: Option<Lease>,
    pub(super) last_sequence: Option<u64>,
    pub(super) command: Reading<DriveCommand>,
    /// The operator has let go since the last stop.
    let_go: bool,
    pub(super) emergency: bool,
    pub(super) protective: bool,
    pub(super) drive_fault: bool,
    pub(super) contacts: Reading<[bool; 2]>,
    pub(super) ends: [End; 2],
    pub(super) tilt_rad: Reading<f64>,
    pub(super) temperature_c: Reading<f64>,
    pub(super) battery: Reading<(f64, bool)>,
    pub(super) people_near: Reading<bool>,
    pub(super) visit: Reading<Visit>,
    pub(super) measured: Reading<Twist>,
    linear: Ramp,
    angular: Ramp,
}

impl Gate {
    /// A gate that knows nothing yet, and so stands.
    pub fn new(limits: Limits) -> Result<Self, LimitsError> {
        limits.check()?;
        Ok(Self {
            limits,
            stepped_at: Duration::ZERO,
            lease: None,
            last_sequence: None,
            command: Reading::default(),
            let_go: false,
            emergency: false,
            protective: false,
            drive_fault: false,
            contacts: Reading::default(),
            ends: [End::default(); 2],
            tilt_rad: Reading::default(),
            temperature_c: Reading::default(),
            battery: Reading::default(),
            people_near: Reading::default(),
            visit: Reading::default(),
            measured: Reading::default(),
            linear: Ramp::default(),
            angular: Ramp::default(),
        })
    }

    /// Takes what happened at `now`. A refusal changes nothing, except that nonsense stops.
    pub fn take(&mut self, input: MotionInput, now: Duration) -> Result<(), Refusal> {
        match input {
            MotionInput::Lease { lease } => self.take_lease(lease),
            MotionInput::Command(command) => return self.take_command(command, now),
            MotionInput::ProtectiveStop => self.protective = true,
            MotionInput::EndProtectiveStop { lease } => {
                self.holds(lease, now)?;
                self.protective = false;
            }
            MotionInput::Contacts {
                first_closed,
                second_closed,
            } => {
                self.emergency |= !(first_closed && second_closed);
                self.contacts.take([first_closed, second_closed], now);
            }
            MotionInput::ResetEmergencyStop => return self.reset_emergency_stop(now),
            MotionInput::Range { side, metres } => self.end(side).range_m.take(metres, now),
            MotionInput::Bumper { side, pressed } => self.end(side).bumper.take(pressed, now),
            MotionInput::Cliff { side, drop } => self.end(side).drop.take(drop, now),
            MotionInput::Tilt { radians } => self.tilt_rad.take(radians, now),
            MotionInput::Temperature { celsius } => self.temperature_c.take(celsius, now),
            MotionInput::Battery { charge, plugged_in } => {
                self.battery.take((charge, plugged_in), now);
            }
            MotionInput::People { near } => self.people_near.take(near, now),
            MotionInput::Visit(visit) => self.visit.take(visit, now),
            MotionInput::Measured { velocity } => {
                self.drive_fault = false;
                self.measured.take(velocity, now);
            }
            MotionInput::DriveFault => self.drive_fault = true,
        }
        Ok(())
    }

    /// How the wheels may move from `now` on.
    pub fn step(&mut self, now: Duration) -> Step {
        let seconds = now
            .saturating_sub(self.stepped_at)
            .min(LONGEST_STEP)
            .as_secs_f64();
        let mut envelope = self.envelope(now);
        if now < self.stepped_at {
            self.forget();
        }
        self.stepped_at = now;
        let wish = self
            .command
            .within(self.limits.command_hold, now)
            .map_or(Twist::ZERO, |command| command.velocity);
        if envelope.stands() || self.is_stopped_towards(wish, &envelope) {
            self.let_go = false;
        } else if wish == Twist::ZERO {
            self.let_go = true;
        }
        if !self.let_go {
            envelope.stop(Held::LetGo);
        }
        let (forward, backward, turn) = (envelope.forward, envelope.backward, envelope.turn);
        let held = [
            (wish.linear_m_s > forward.max).then_some(forward),
            (-wish.linear_m_s > backward.max).then_some(backward),
            (wish.angular_rad_s.abs() > turn.max).then_some(turn),
            envelope.stands().then_some(forward),
        ]
        .into_iter()
        .flatten()
        .map(|bound| bound.held)
        .next();
        let target = Twist {
            linear_m_s: wish.linear_m_s.clamp(-backward.max, forward.max),
            angular_rad_s: wish.angular_rad_s.clamp(-turn.max, turn.max),
        };
        if wish == Twist::ZERO {
            // Letting go is a stop, not a wish for less speed.
            (self.linear, self.angular) = (Ramp::default(), Ramp::default());
        }
        self.linear
            .near(target.linear_m_s, self.limits.linear, seconds);
        self.angular
            .near(target.angular_rad_s, self.limits.angular, seconds);
        Step {
            velocity: Twist {
                linear_m_s: self.linear.clamp(-backward.max, forward.max),
                angular_rad_s: self.angular.clamp(-turn.max, turn.max),
            },
            emergency: self.emergency,
            envelope,
            held,
        }
    }

    /// Forgets what was measured and commanded: once the clock has gone back, it would count as
    /// fresh a second time when the clock arrives there again.
    fn forget(&mut self) {
        self.command = Reading::default();
        self.contacts = Reading::default();
        self.ends = [End::default(); 2];
        self.tilt_rad = Reading::default();
        self.temperature_c = Reading::default();
        self.battery = Reading::default();
        self.people_near = Reading::default();
        self.visit = Reading::default();
        self.measured = Reading::default();
    }

    fn take_lease(&mut self, lease: Option<Lease>) {
        let before = self.lease.map(|lease| lease.id);
        if before != lease.map(|lease| lease.id) {
            self.command = Reading::default();
            self.last_sequence = None;
            self.let_go = false;
        }
        self.lease = lease;
    }

    fn holds(&self, lease: LeaseId, now: Duration) -> Result<(), Refusal> {
        self.lease
            .filter(|held| held.id == lease && now < held.until)
            .map(|_| ())
            .ok_or(Refusal::NoLease)
    }

    fn take_command(&mut self, command: DriveCommand, now: Duration) -> Result<(), Refusal> {
        self.holds(command.lease, now)?;
        if self
            .last_sequence
            .is_some_and(|last| command.sequence <= last)
        {
            return Err(Refusal::OutOfOrder);
        }
        let meant = [command.velocity.linear_m_s, command.velocity.angular_rad_s]
            .iter()
            .all(|speed| speed.abs() <= ABSURD_SPEED);
        if !meant || command.heard > now || command.seen > now {
            self.command = Reading::default();
            return Err(Refusal::Nonsense);
        }
        if now - command.heard > self.limits.command_age {
            return Err(Refusal::TooOld);
        }
        self.last_sequence = Some(command.sequence);
        self.command.take(command, now);
        Ok(())
    }

    fn reset_emergency_stop(&mut self, now: Duration) -> Result<(), Refusal> {
        let closed = self.contacts.within(self.limits.silence, now) == Some([true, true]);
        let standing = self
            .measured
            .within(self.limits.silence, now)
            .is_some_and(|twist| {
                twist.linear_m_s.abs() < STANDING && twist.angular_rad_s.abs() < STANDING
            });
        if !(closed && standing) {
            return Err(Refusal::NotReleased);
        }
        self.emergency = false;
        self.let_go = false;
        Ok(())
    }

    fn end(&mut self, side: Side) -> &mut End {
        let [front, rear] = &mut self.ends;
        match side {
            Side::Front => front,
            Side::Rear => rear,
        }
    }

    /// Whether a bumper or a missing floor ended the way that is wished.
    fn is_stopped_towards(&self, wish: Twist, envelope: &Envelope) -> bool {
        let bound = if wish.linear_m_s > 0.0 {
            envelope.forward
        } else if wish.linear_m_s < 0.0 {
            envelope.backward
        } else if wish.angular_rad_s != 0.0 {
            envelope.turn
        } else {
            return false;
        };
        bound.max == 0.0 && matches!(bound.held, Held::Bumper(_) | Held::Cliff(_))
    }
}
