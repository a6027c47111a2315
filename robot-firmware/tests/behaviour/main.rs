//! All that the programs of the robot do, from outside.
//!
//! One program for all of it: two threads of it run side by side, and it is linked once.
#![allow(clippy::unwrap_used)]

mod back_office;
mod bad_input;
mod bad_sound;
mod barge_in;
mod body;
mod check;
mod commands;
mod devices_come_and_go;
mod drive_test;
mod escalation_set;
mod evaluate;
mod hears_over_itself;
mod out_of_order;
mod pack_pictures;
mod privacy;
mod sample_visitors;
mod serves_on;
mod staff_pin;
mod support_bundle;
mod transcribe;
mod update;
mod watchdog;

#[path = "../support/mod.rs"]
mod support;
