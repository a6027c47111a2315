//! Each limit's cap on the speed.

use std::time::Duration;

use super::{Envelope, Gate, Held, Pace, Side};

impl Gate {
    /// All limits but letting go, the gravest first: of equal caps the first is told.
    pub(super) fn envelope(&self, now: Duration) -> Envelope {
        let limits = &self.limits;
        let near = self.people_near.within(limits.slow_silence, now) != Some(false);
        let (pace, held) = if near {
            (limits.near_people, Held::PeopleNear)
        } else {
            (limits.free, Held::TopSpeed)
        };
        let mut envelope = Envelope::new(pace, held);
        let stops = [
            (now < self.stepped_at, Held::Clock),
            (
                now.saturating_sub(self.stepped_at) > limits.silence,
                Held::Late,
            ),
            (self.emergency, Held::EmergencyStop),
            (self.protective, Held::ProtectiveStop),
            (self.drive_fault, Held::DriveFault),
        ];
        for (_, held) in stops.into_iter().filter(|(stop, _)| *stop) {
            envelope.stop(held);
        }
        if self.contacts.within(limits.silence, now).is_none() {
            envelope.stop(Held::ContactsSilent);
        }
        let measured = self.measured.within(limits.silence, now);
        if !measured.is_some_and(|twist| (twist.linear_m_s + twist.angular_rad_s).is_finite()) {
            envelope.stop(Held::DriveSilent);
        }
        for side in Side::ALL {
            self.cap_end(side, &mut envelope, now);
        }
        self.cap_body(&mut envelope, pace, now);
        self.cap_visit(&mut envelope, now);
        self.cap_link(&mut envelope, pace, now);
        envelope
    }

    fn cap_end(&self, side: Side, envelope: &mut Envelope, now: Duration) {
        let limits = &self.limits;
        let [front, rear] = &self.ends;
        let end = match side {
            Side::Front => front,
            Side::Rear => rear,
        };
        match end.bumper.within(limits.silence, now) {
            None => envelope.stop(Held::BumperSilent(side)),
            Some(true) => {
                envelope.cap_towards(side, 0.0, Held::Bumper(side));
                envelope.cap_turn(0.0, Held::Bumper(side));
            }
            Some(false) => {}
        }
        match end.drop.within(limits.silence, now) {
            None => envelope.stop(Held::CliffSilent(side)),
            Some(true) => {
                envelope.cap_towards(side, 0.0, Held::Cliff(side));
                envelope.cap_turn(0.0, Held::Cliff(side));
            }
            Some(false) => {}
        }
        match end.range_m.within(limits.silence, now) {
            Some(metres) if metres.is_finite() && metres >= 0.0 => {
                envelope.cap_towards(side, limits.speed_before(metres), Held::Obstacle(side));
                if metres < limits.turn_clearance_m {
                    envelope.cap_turn(0.0, Held::Obstacle(side));
                }
            }
            _ => envelope.stop(Held::RangeSilent(side)),
        }
    }

    fn cap_body(&self, envelope: &mut Envelope, pace: Pace, now: Duration) {
        let limits = &self.limits;
        if let Some(fade) = limits.tilt_rad {
            match self.tilt_rad.within(limits.silence, now) {
                Some(tilt) if tilt.is_finite() => {
                    envelope.scale(pace, fade.left(tilt.abs()), Held::Tilt);
                }
                _ => envelope.stop(Held::TiltSilent),
            }
        }
        match self.temperature_c.within(limits.slow_silence, now) {
            Some(celsius) if celsius.is_finite() => {
                envelope.scale(pace, limits.temperature_c.left(celsius), Held::Temperature);
            }
            _ => envelope.stop(Held::TemperatureSilent),
        }
        match self.battery.within(limits.slow_silence, now) {
            Some((_, true)) => envelope.stop(Held::PluggedIn),
            Some((charge, false)) if (0.0..=1.0).contains(&charge) => {
                envelope.scale(pace, limits.charge.left(charge), Held::Battery);
            }
            _ => envelope.stop(Held::BatterySilent),
        }
    }

    fn cap_visit(&self, envelope: &mut Envelope, now: Duration) {
        match self.visit.within(self.limits.visit_silence, now) {
            None => envelope.stop(Held::VisitSilent),
            Some(visit) if visit.touching => envelope.stop(Held::Touching),
            Some(visit) if visit.form_open => envelope.stop(Held::FormOpen),
            Some(visit) if visit.visiting && !visit.consent => envelope.stop(Held::NoConsent),
            Some(_) => {}
        }
    }

    fn cap_link(&self, envelope: &mut Envelope, pace: Pace, now: Duration) {
        let limits = &self.limits;
        if self.lease.is_none_or(|lease| now >= lease.until) {
            envelope.stop(Held::NoLease);
        }
        let Some((command, received)) = self.command.0 else {
            return envelope.stop(Held::NoCommand);
        };
        if self.command.within(limits.command_hold, now).is_none() {
            envelope.stop(Held::NoCommand);
        }
        let round_trip = received.saturating_sub(command.heard).as_secs_f64();
        envelope.scale(pace, limits.round_trip_s.left(round_trip), Held::RoundTrip);
        let picture_age = now.saturating_sub(command.seen).as_secs_f64();
        envelope.scale(pace, limits.picture_age_s.left(picture_age), Held::Picture);
    }
}
