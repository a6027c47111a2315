//! `drive-bench`: the motion gate, the controller and the wheels in the air, moved by messages on
//! standard input.

use std::io::{BufRead, Write};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::ensure;
use crossbeam_channel::{Receiver, bounded};
use madoguchi_core::motion::{Lease, LeaseId, MotionInput, Visit};
use madoguchi_shared::motion::PageToWheels;

use super::drive_test::confirm;
use crate::body::{self, Body, Sensors, Simulation, Told};
use crate::check::CheckBook;
use crate::config::{Config, ControllerKind, SensorKind};
use crate::threads::ends::ends;
use crate::threads::pulse::{Patience, Pulses};
use crate::threads::{self, Controls, Orders, TOLD, motion, senses};

/// The lease that whoever writes here has.
const LEASE: LeaseId = LeaseId(1);
const LEASED: Duration = Duration::from_secs(1);

pub(super) fn drive_bench(config: &Config) -> anyhow::Result<ExitCode> {
    ensure!(
        config.drive.sensors != SensorKind::None,
        "the wheels turn without anything that looks; lift the robot and set drive.sensors = \"bench\""
    );
    ensure!(
        config.drive.controller != ControllerKind::None,
        "there is nothing to drive; set drive.controller and drive.port"
    );
    confirm(&mut std::io::stderr())?;
    let started = Instant::now();
    let (orders_in, orders) = threads::orders();
    let (told_in, told) = bounded(TOLD);
    let (ends, _) = ends();
    let controls = std::sync::Arc::new(Controls::default());
    let pulse = Pulses::default().of("motion", Patience::Loop);
    let stop = std::sync::Arc::clone(&controls);
    let body = config.clone();
    let gate = ends.spawn("motion", move || {
        let build = || Body::of(&body, Simulation::default(), &CheckBook::default());
        motion::run(build, started, &orders, &told_in, &stop, &pulse);
    })?;
    let sensors = (config.drive.sensors == SensorKind::Body).then(|| {
        let board = config.body.board(&config.state);
        Sensors::new(&board, &config.body, &CheckBook::default())
    });
    let (stop, orders) = (std::sync::Arc::clone(&controls), orders_in.clone());
    let pulse = Pulses::default().of("senses", Patience::Loop);
    let senses = sensors.map(|sensors| {
        ends.spawn("senses", move || {
            senses::run(sensors, started, &orders, &stop, &pulse);
        })
    });
    let senses = senses.transpose()?;
    let messages = orders_in.clone();
    let reader = ends.spawn("messages", move || read(&messages, started))?;
    let told = tell(&orders_in, &told, started, || reader.is_finished());
    controls.stopping.store(true, Ordering::Relaxed);
    // One that panicked has said so.
    let _ = gate.join();
    let _ = senses.map(std::thread::JoinHandle::join);
    told?;
    Ok(ExitCode::SUCCESS)
}

/// Passes messages on until they end. What isn't understood is left out.
fn read(orders: &Orders, started: Instant) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if let Ok(message) = serde_json::from_str::<PageToWheels>(&line) {
            orders.give(body::message(message), started.elapsed());
        }
    }
}

/// Writes a line for each step, and holds the lease, until nobody writes any more and the wheels
/// are told to stand.
fn tell(
    orders: &Orders,
    told: &Receiver<Told>,
    started: Instant,
    ended: impl Fn() -> bool,
) -> anyhow::Result<()> {
    let visit = Visit {
        visiting: false,
        consent: false,
        touching: false,
        form_open: false,
    };
    let mut out = std::io::stdout().lock();
    for told in told {
        let now = started.elapsed();
        let lease = Some(Lease {
            id: LEASE,
            until: now + LEASED,
        });
        orders.give(MotionInput::Lease { lease }, now);
        orders.give(MotionInput::Visit(visit), now);
        let state = body::state(&told, None, started);
        serde_json::to_writer(&mut out, &state)?;
        writeln!(out)?;
        out.flush()?;
        if ended() && told.step.velocity == madoguchi_core::motion::Twist::ZERO {
            break;
        }
    }
    Ok(())
}
