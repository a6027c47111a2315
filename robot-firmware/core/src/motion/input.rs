use serde::{Deserialize, Serialize};

use super::{DriveCommand, Lease, LeaseId, Side, Twist};

/// What the visitor in front of the robot does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Somebody is being served.
    pub visiting: bool,
    /// They agreed that the robot moves.
    pub consent: bool,
    /// They touch the screen, or did within the last second.
    pub touching: bool,
    /// A form stands open on the screen.
    pub form_open: bool,
}

/// Whatever bears on motion. A measurement holds for as long as its kind may be silent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MotionInput {
    /// Who may drive, if anybody.
    Lease {
        /// The lease.
        lease: Option<Lease>,
    },
    /// An operator's wish.
    Command(DriveCommand),
    /// A remote stop, by whomever: latched.
    ProtectiveStop,
    /// Who holds the lease takes the remote stop back.
    EndProtectiveStop {
        /// Under which lease.
        lease: LeaseId,
    },
    /// The emergency stop's two contacts; what can't be read is open.
    Contacts {
        /// The first is closed.
        first_closed: bool,
        /// The second is closed.
        second_closed: bool,
    },
    /// Somebody at the robot resets the emergency stop.
    ResetEmergencyStop,
    /// The nearest thing at an end, in metres from the robot's edge, or the sensors' reach.
    Range {
        /// Which end.
        side: Side,
        /// How far.
        metres: f64,
    },
    /// The bumper of an end.
    Bumper {
        /// Which end.
        side: Side,
        /// It touches something.
        pressed: bool,
    },
    /// The floor at an end.
    Cliff {
        /// Which end.
        side: Side,
        /// There is none.
        drop: bool,
    },
    /// How far the robot leans from the vertical.
    Tilt {
        /// In radians.
        radians: f64,
    },
    /// The hottest of motors and their controller.
    Temperature {
        /// In degrees Celsius.
        celsius: f64,
    },
    /// The battery.
    Battery {
        /// From 0 to 1.
        charge: f64,
        /// On the charger.
        plugged_in: bool,
    },
    /// Whether people are near, as far as the presence sensor sees.
    People {
        /// Somebody is.
        near: bool,
    },
    /// What the visitor does.
    Visit(Visit),
    /// The motion that the motors' controller measures.
    Measured {
        /// The motion.
        velocity: Twist,
    },
    /// The motors' controller doesn't do or tell what it was asked.
    DriveFault,
}
