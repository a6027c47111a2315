//! Whatever happens in whatever order, no limit is exceeded.
//!
//! The rules are written here a second time, by what was fed and when, without the gate's code.

use std::time::Duration;

use madoguchi_core::motion::{Lease, MotionInput, Step, Twist, Visit};
use proptest::prelude::*;

use crate::bench::{Around, Bench, HEALTHY_VISIT, LEASE, TICK, ahead};
use crate::events::{Event, events};
use crate::ms;

const BRAKING_M_S2: f64 = 1.0;
const SLACK: f64 = 1e-9;

/// A value that was fed, and when.
type Fed<T> = Option<(T, Duration)>;

fn fresh<T: Copy>(fed: Fed<T>, age_ms: u64, now: Duration) -> Option<T> {
    fed.filter(|(_, at)| *at <= now && now - *at <= ms(age_ms))
        .map(|(value, _)| value)
}

/// What the world looked like at the last tick, kept apart from the gate.
#[derive(Clone, Default)]
struct Oracle {
    wish: Fed<(Twist, Duration, Duration)>,
    contacts: Fed<[bool; 2]>,
    measured: Fed<()>,
    range: [Fed<f64>; 2],
    bumper: [Fed<bool>; 2],
    drop: [Fed<bool>; 2],
    tilt: Fed<f64>,
    celsius: Fed<f64>,
    battery: Fed<(f64, bool)>,
    people: Fed<bool>,
    visit: Fed<Visit>,
    emergency: bool,
    protective: bool,
    let_go: bool,
    stepped_at: Duration,
}

impl Oracle {
    fn only_what_latches(&self) -> Self {
        Self {
            emergency: self.emergency,
            protective: self.protective,
            stepped_at: self.stepped_at,
            ..Self::default()
        }
    }

    fn feed(&mut self, around: &Around, now: Duration) {
        let keep = |known: &mut bool, news: Option<bool>| *known |= news.unwrap_or(false);
        keep(
            &mut self.emergency,
            around.contacts.map(|closed| closed != [true, true]),
        );
        fn put<T: Copy>(fed: &mut Fed<T>, value: Option<T>, now: Duration) {
            if let Some(value) = value {
                *fed = Some((value, now));
            }
        }
        put(&mut self.contacts, around.contacts, now);
        let measures = around.measures && !around.fault;
        put(&mut self.measured, measures.then_some(()), now);
        for end in 0..2 {
            put(&mut self.range[end], around.range_m[end], now);
            put(&mut self.bumper[end], around.bumper[end], now);
            put(&mut self.drop[end], around.drop[end], now);
        }
        put(&mut self.tilt, around.tilt_rad, now);
        put(&mut self.celsius, around.celsius, now);
        put(&mut self.battery, around.battery, now);
        put(&mut self.people, around.people_near, now);
        put(&mut self.visit, around.visit, now);
    }

    /// Whether anything says that the wheels must stand, whatever the direction.
    fn stops(&self, around: &Around, now: Duration) -> bool {
        let lease = around.lease_until.is_some_and(|until| now < until);
        let command = fresh(self.wish, 100, now);
        let picture_and_line = command
            .is_some_and(|(_, trip, seen)| trip <= ms(200) && now.saturating_sub(seen) < ms(800));
        let visit = fresh(self.visit, 500, now).is_some_and(|visit| {
            !visit.touching && !visit.form_open && (visit.consent || !visit.visiting)
        });
        let battery = fresh(self.battery, 2000, now)
            .is_some_and(|(charge, plugged_in)| charge > 0.05 && charge <= 1.0 && !plugged_in);
        let ends = (0..2).all(|end| {
            fresh(self.range[end], 100, now).is_some_and(|m| m >= 0.0 && m.is_finite())
                && fresh(self.bumper[end], 100, now).is_some()
                && fresh(self.drop[end], 100, now).is_some()
        });
        let well = lease
            && picture_and_line
            && visit
            && battery
            && ends
            && fresh(self.contacts, 100, now) == Some([true, true])
            && fresh(self.measured, 100, now).is_some()
            && !around.fault
            && !self.emergency
            && !self.protective
            && fresh(self.tilt, 100, now).is_some_and(|tilt| tilt.abs() < 0.17)
            && fresh(self.celsius, 2000, now)
                .is_some_and(|celsius| celsius < 75.0 && celsius.is_finite())
            && now >= self.stepped_at
            && now - self.stepped_at <= ms(100);
        !well
    }

    fn check(
        &mut self,
        around: &Around,
        step: Step,
        before: Twist,
        now: Duration,
    ) -> Result<(), TestCaseError> {
        let Twist {
            linear_m_s: v,
            angular_rad_s: w,
        } = step.velocity;
        prop_assert!(v.is_finite() && w.is_finite());
        let moves = v != 0.0 || w != 0.0;
        if self.stops(around, now) {
            prop_assert!(!moves, "moved in spite of a stop: {:?}", step);
            prop_assert!(step.held.is_some());
            self.let_go = false;
        } else {
            // What is wished is what was said last, for as long as that holds.
            let wish = fresh(self.wish, 100, now).map(|(wish, ..)| wish);
            self.let_go |= wish == Some(Twist::ZERO);
        }
        let near = fresh(self.people, 2000, now) != Some(false);
        let (top_v, top_w) = if near { (0.3, 0.6) } else { (0.8, 1.0) };
        prop_assert!(v.abs() <= top_v + SLACK && w.abs() <= top_w + SLACK);
        if moves {
            let (wish, trip, seen) = fresh(self.wish, 100, now).expect("a fresh command");
            prop_assert!(wish != Twist::ZERO, "moved without a wish");
            prop_assert!(self.let_go, "moved before the operator let go");
            prop_assert!(v.abs() <= wish.linear_m_s.abs().max(before.linear_m_s.abs()) + SLACK);
            let part = |value: f64, full: f64, zero: f64| ((zero - value) / (zero - full)).min(1.0);
            let parts = [
                part(trip.as_secs_f64(), 0.1, 0.25),
                part(now.saturating_sub(seen).as_secs_f64(), 0.3, 0.8),
                part(
                    fresh(self.battery, 2000, now).expect("a battery").0,
                    0.15,
                    0.05,
                ),
                part(
                    fresh(self.tilt, 100, now).expect("a tilt").abs(),
                    0.09,
                    0.17,
                ),
                part(
                    fresh(self.celsius, 2000, now).expect("a temperature"),
                    60.0,
                    75.0,
                ),
            ];
            for part in parts {
                prop_assert!(v.abs() <= top_v * part + SLACK && w.abs() <= top_w * part + SLACK);
            }
            let free = |end: usize| fresh(self.range[end], 100, now).expect("a range");
            let clear = |end: usize| {
                fresh(self.bumper[end], 100, now) == Some(false)
                    && fresh(self.drop[end], 100, now) == Some(false)
            };
            if v != 0.0 {
                let end = usize::from(v < 0.0);
                let way = v.abs() * 0.12 + v * v / (2.0 * BRAKING_M_S2);
                prop_assert!(
                    way <= free(end) - 0.15 + SLACK,
                    "{} m for {} m/s",
                    free(end),
                    v
                );
                prop_assert!(clear(end));
            }
            if w != 0.0 {
                prop_assert!(clear(0) && clear(1) && free(0).min(free(1)) >= 0.05);
            }
        }
        let seconds = now.saturating_sub(self.stepped_at).as_secs_f64().min(0.05);
        let gained = v.abs() - before.linear_m_s.abs();
        prop_assert!(gained <= 0.5 * seconds + SLACK, "gained {} m/s", gained);
        self.stepped_at = now;
        Ok(())
    }
}

/// The bench, the oracle beside it, and a base that brakes as hard as its controller was set up.
#[derive(Clone)]
struct Run {
    bench: Bench,
    oracle: Oracle,
    base_m_s: f64,
    braked_at: Duration,
    stopping: Option<(f64, Duration)>,
}

impl Run {
    fn tick(&mut self) -> Result<(), TestCaseError> {
        let before = self.bench.said;
        let now = self.bench.now + TICK;
        let around = self.bench.around.clone();
        if now < self.oracle.stepped_at {
            // What is later than now must not become fresh when the clock arrives there again.
            self.oracle = self.oracle.only_what_latches();
        }
        self.oracle.feed(&around, now);
        let heard = now.saturating_sub(around.round_trip);
        let lease = around.lease_until.is_some_and(|until| now < until);
        if around.lease_until.is_none() {
            self.oracle.wish = None;
            self.oracle.let_go = false;
        }
        if let Some(wish) = around.wish
            && lease
        {
            let meant = wish.linear_m_s.abs() <= 10.0 && wish.angular_rad_s.abs() <= 10.0;
            let seen = around.frozen_at.unwrap_or(heard);
            if !meant || seen > now {
                self.oracle.wish = None;
            } else if around.round_trip <= ms(200) {
                self.oracle.wish = Some(((wish, now - heard, seen), now));
            }
        }
        let step = self.bench.tick();
        self.oracle.check(&around, step, before, now)?;
        self.brake(step, now)
    }

    fn brake(&mut self, step: Step, now: Duration) -> Result<(), TestCaseError> {
        let passed = now.saturating_sub(self.braked_at).max(TICK);
        self.braked_at = now;
        let change = BRAKING_M_S2 * passed.as_secs_f64();
        self.base_m_s += (step.velocity.linear_m_s - self.base_m_s).clamp(-change, change);
        if step.velocity.linear_m_s != 0.0 {
            self.stopping = None;
            return Ok(());
        }
        let (speed, since) = *self
            .stopping
            .get_or_insert((self.base_m_s.abs() + change, now));
        let needed = Duration::from_secs_f64(speed / BRAKING_M_S2);
        if now.saturating_sub(since) > needed {
            prop_assert!(self.base_m_s.abs() < SLACK, "still rolling");
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) -> Result<(), TestCaseError> {
        let around = &mut self.bench.around;
        match event {
            Event::Ticks(count) => {
                for _ in 0..count {
                    self.tick()?;
                }
            }
            Event::Wish(wish) => around.wish = wish,
            Event::Range(end, metres) => around.range_m[end] = metres,
            Event::Bumper(end, pressed) => around.bumper[end] = pressed,
            Event::Drop(end, drop) => around.drop[end] = drop,
            Event::Contacts(contacts) => around.contacts = contacts,
            Event::Tilt(tilt) => around.tilt_rad = tilt,
            Event::Celsius(celsius) => around.celsius = celsius,
            Event::Battery(battery) => around.battery = battery,
            Event::People(near) => around.people_near = near,
            Event::Visitor(visit) => around.visit = visit,
            Event::Measures(measures) => around.measures = measures,
            Event::Fault(fault) => around.fault = fault,
            Event::RoundTrip(milliseconds) => around.round_trip = ms(milliseconds),
            Event::Frozen(frozen) => around.frozen_at = frozen.then_some(self.bench.now),
            Event::LeaseFor(time) => {
                around.lease_until = time.map(|time| self.bench.now + ms(time));
            }
            Event::Stall(time) => self.bench.now += ms(time),
            Event::ClockBack(time) => self.bench.now = self.bench.now.saturating_sub(ms(time)),
            Event::Reset => {
                let input = MotionInput::ResetEmergencyStop;
                if self.bench.gate.take(input, self.bench.now).is_ok() {
                    let contacts = fresh(self.oracle.contacts, 100, self.bench.now);
                    prop_assert_eq!(contacts, Some([true, true]));
                    self.oracle.emergency = false;
                    self.oracle.let_go = false;
                }
            }
            Event::Remote(true) => {
                self.bench.tell(MotionInput::ProtectiveStop);
                self.oracle.protective = true;
            }
            Event::Remote(false) => {
                let input = MotionInput::EndProtectiveStop { lease: LEASE };
                if self.bench.gate.take(input, self.bench.now).is_ok() {
                    self.oracle.protective = false;
                }
            }
            Event::AllWell => self.repair()?,
        }
        Ok(())
    }

    fn repair(&mut self) -> Result<(), TestCaseError> {
        self.bench.around = Bench::new().around;
        self.tick()?;
        let lease = Some(Lease {
            id: LEASE,
            until: ms(1_000_000_000),
        });
        self.bench.tell(MotionInput::Lease { lease });
        self.apply(Event::Remote(false))?;
        for _ in 0..60 {
            self.tick()?;
        }
        self.apply(Event::Reset)?;
        prop_assert!(!self.oracle.emergency);
        prop_assert_eq!(self.bench.around.visit, Some(HEALTHY_VISIT));
        self.tick()?;
        self.tick()
    }
}

fn run() -> Run {
    Run {
        bench: Bench::new(),
        oracle: Oracle::default(),
        base_m_s: 0.0,
        braked_at: Duration::ZERO,
        stopping: None,
    }
}

/// Latches, the lease and letting go: every order of so many of these events.
#[test]
fn in_every_order_of_what_latches_no_rule_is_broken() {
    const LENGTH: u32 = 5;
    let events = [
        Event::Contacts(Some([true, true])),
        Event::Contacts(Some([false, false])),
        Event::Contacts(Some([true, false])),
        Event::Reset,
        Event::Remote(true),
        Event::Remote(false),
        Event::Wish(Some(Twist::ZERO)),
        Event::Wish(Some(ahead(0.5))),
        Event::Wish(None),
        Event::LeaseFor(None),
        Event::LeaseFor(Some(1_000_000)),
        Event::Fault(true),
        Event::Fault(false),
    ];
    let mut driving = run();
    driving.repair().unwrap();
    driving.apply(Event::Wish(Some(ahead(0.5)))).unwrap();
    let mut moved = 0;
    for order in 0..events.len().pow(LENGTH) {
        let mut run = driving.clone();
        let mut rest = order;
        for _ in 0..LENGTH {
            run.apply(events[rest % events.len()].clone()).unwrap();
            // Longer than a command holds.
            run.apply(Event::Ticks(7)).unwrap();
            rest /= events.len();
        }
        moved += u32::from(run.bench.said != Twist::ZERO);
    }
    assert!(moved > 1000, "it moved at the end of {moved} orders only");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_limit_is_ever_exceeded(events in prop::collection::vec(events(), 1..80)) {
        let mut run = run();
        for event in events {
            run.apply(event)?;
        }
        // The robot is not safe by being broken: with all well again it drives.
        run.repair()?;
        run.bench.hold(ahead(0.8));
        for _ in 0..200 {
            run.tick()?;
        }
        prop_assert_eq!(run.bench.said, ahead(0.8));
    }
}
