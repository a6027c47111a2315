//! What may happen around a gate, sane or not.

use madoguchi_core::motion::{Twist, Visit};
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub enum Event {
    Ticks(u32),
    Wish(Option<Twist>),
    Range(usize, Option<f64>),
    Bumper(usize, Option<bool>),
    Drop(usize, Option<bool>),
    Contacts(Option<[bool; 2]>),
    Reset,
    Remote(bool),
    Tilt(Option<f64>),
    Celsius(Option<f64>),
    Battery(Option<(f64, bool)>),
    People(Option<bool>),
    Visitor(Option<Visit>),
    Measures(bool),
    Fault(bool),
    RoundTrip(u64),
    Frozen(bool),
    LeaseFor(Option<u64>),
    /// The gate is not stepped for so long.
    Stall(u64),
    ClockBack(u64),
    /// Everything is in order again and the operator lets go.
    AllWell,
}

fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        any::<f64>(),
    ]
}

fn number(usual: std::ops::Range<f64>) -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        8 => usual.prop_map(Some),
        1 => odd().prop_map(Some),
        1 => Just(None),
    ]
}

fn flag() -> impl Strategy<Value = Option<bool>> {
    prop_oneof![4 => Just(Some(false)), 2 => Just(Some(true)), 1 => Just(None)]
}

fn wish() -> impl Strategy<Value = Option<Twist>> {
    let twist = (-1.5..1.5_f64, -2.0..2.0_f64).prop_map(|(linear_m_s, angular_rad_s)| Twist {
        linear_m_s,
        angular_rad_s,
    });
    let absurd = (odd(), odd()).prop_map(|(linear_m_s, angular_rad_s)| Twist {
        linear_m_s,
        angular_rad_s,
    });
    prop_oneof![
        8 => twist.prop_map(Some),
        3 => Just(Some(Twist::ZERO)),
        1 => absurd.prop_map(Some),
        1 => Just(None),
    ]
}

pub fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => (1..60_u32).prop_map(Event::Ticks),
        8 => Just(Event::AllWell),
        6 => wish().prop_map(Event::Wish),
        3 => (0..2_usize, number(0.0..3.0)).prop_map(|(end, value)| Event::Range(end, value)),
        1 => (0..2_usize, flag()).prop_map(|(end, value)| Event::Bumper(end, value)),
        1 => (0..2_usize, flag()).prop_map(|(end, value)| Event::Drop(end, value)),
        1 => prop::option::of(any::<[bool; 2]>()).prop_map(Event::Contacts),
        1 => Just(Event::Reset),
        1 => any::<bool>().prop_map(Event::Remote),
        1 => number(-0.2..0.2).prop_map(Event::Tilt),
        1 => number(20.0..80.0).prop_map(Event::Celsius),
        1 => prop::option::of((0.0..1.1_f64, any::<bool>())).prop_map(Event::Battery),
        2 => flag().prop_map(Event::People),
        1 => prop::option::of(any::<[bool; 4]>()).prop_map(|visit| {
            Event::Visitor(visit.map(|[visiting, consent, touching, form_open]| Visit {
                visiting,
                consent,
                touching,
                form_open,
            }))
        }),
        1 => any::<bool>().prop_map(Event::Measures),
        1 => any::<bool>().prop_map(Event::Fault),
        2 => (0..300_u64).prop_map(Event::RoundTrip),
        1 => any::<bool>().prop_map(Event::Frozen),
        1 => prop::option::of(0..2000_u64).prop_map(Event::LeaseFor),
        1 => (0..3000_u64).prop_map(Event::Stall),
        1 => (0..3000_u64).prop_map(Event::ClockBack),
    ]
}
