//! Robot ↔ operator's page while the page drives: the data channel [`crate::signal::MOTION_CHANNEL`],
//! unordered and without retransmission. Every message is complete in itself; a lost one is made up
//! for by the next.
//!
//! Moments are on the robot's monotonic clock, in milliseconds since its daemon's start. The page
//! has no clock of its own here: it sends back the last moment that it heard of.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::OperatorId;

/// How often the robot tells its [`DriveState`], in milliseconds.
pub const STATE_EVERY_MS: u64 = 40;

/// A motion of the base.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, TS)]
pub struct Twist {
    /// Along the robot's heading, forward positive.
    pub linear_m_s: f64,
    /// About its vertical axis, to the left positive.
    pub angular_rad_s: f64,
}

impl Twist {
    /// Standing still.
    pub const ZERO: Self = Self {
        linear_m_s: 0.0,
        angular_rad_s: 0.0,
    };
}

/// An end of the robot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Where it drives forward.
    Front,
    /// Where it drives backward.
    Rear,
}

impl Side {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Front, Self::Rear];
}

/// Which limit held, for the operator to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The emergency stop was pressed, or its contacts disagreed, and nobody has reset it.
    EmergencyStop,
    /// A remote stop was not taken back yet.
    ProtectiveStop,
    /// The motors' controller has a fault.
    DriveFault,
    /// The clock went back.
    Clock,
    /// The gate itself came too late: the controller's timeout may have stopped the wheels.
    Late,
    /// The emergency stop's contacts are not read.
    ContactsSilent,
    /// The motors' controller doesn't tell how the wheels turn.
    DriveSilent,
    /// The range sensors of an end don't tell, or nonsense.
    RangeSilent(Side),
    /// The bumper of an end doesn't tell.
    BumperSilent(Side),
    /// The cliff sensors of an end don't tell.
    CliffSilent(Side),
    /// The tilt sensor doesn't tell, or nonsense.
    TiltSilent,
    /// The temperature is not known.
    TemperatureSilent,
    /// The battery doesn't tell, or nonsense.
    BatterySilent,
    /// What the visitor does is not known.
    VisitSilent,
    /// Nobody holds the lease, or it expired.
    NoLease,
    /// No fresh command.
    NoCommand,
    /// After a stop the operator has not let go yet.
    LetGo,
    /// The visitor touches the screen.
    Touching,
    /// A form is open.
    FormOpen,
    /// The visitor has not agreed.
    NoConsent,
    /// A bumper touches something.
    Bumper(Side),
    /// There is no floor.
    Cliff(Side),
    /// Something is near.
    Obstacle(Side),
    /// Messages take long to come and go.
    RoundTrip,
    /// The picture that the operator sees is old, or stands still.
    Picture,
    /// The battery is low.
    Battery,
    /// It is on the charger.
    PluggedIn,
    /// It leans.
    Tilt,
    /// Motors or controller are hot.
    Temperature,
    /// People are near, or nobody knows.
    PeopleNear,
    /// The speed that is never exceeded.
    TopSpeed,
}

/// One cap and the limit that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct Bound {
    /// Never above, never negative; in m/s or rad/s.
    pub max: f64,
    /// The strictest limit.
    pub held: Held,
}

/// One grant of the lease: the exclusive, expiring right to drive a robot's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeaseGrant {
    /// Names it: the same operator gets another one with the next grant.
    pub id: u32,
    /// Who holds it.
    pub operator: OperatorId,
    /// It ends so long after it was heard of, unless it is granted again before, in milliseconds.
    pub for_ms: u32,
}

/// A lease that isn't granted again ends after this, in milliseconds.
pub const LEASE_MS: u32 = 3_000;

/// What the page says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PageToWheels {
    /// What the operator wishes now; sent for as long as they hold the lease, with a velocity of
    /// zero while they hold nothing.
    Command(DriveWish),
    /// Stop, and stay so: sent until [`DriveState::stopped`] says that it was heard.
    Stop,
    /// Take that back; moves nothing.
    EndStop {
        /// Under which lease.
        lease: u32,
    },
}

/// A wish to move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct DriveWish {
    /// Under which lease.
    pub lease: u32,
    /// Grows with every command of a lease.
    pub sequence: u32,
    /// [`DriveState::clock_ms`] of the newest state that the page has.
    #[ts(type = "number")]
    pub heard_ms: u64,
    /// When the picture was taken that the operator sees.
    #[ts(type = "number")]
    pub seen_ms: u64,
    /// The motion.
    pub velocity: Twist,
}

/// What the robot says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WheelsToPage {
    /// How it stands.
    State(DriveState),
    /// In simulation: where it stands, a few times a second.
    Room(SimulatedRoom),
}

/// A simulated room from above, in metres; x to where the robot began to look, y to its left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SimulatedRoom {
    /// Both ends of each wall, shut doors included: x, y, x, y.
    pub walls: Vec<[f32; 4]>,
    /// Two opposite corners of each place without a floor.
    pub drops: Vec<[f32; 4]>,
    /// The middle of everybody.
    pub people: Vec<[f32; 2]>,
    /// The robot's middle, and its heading in radians, to the left positive.
    pub robot: [f32; 3],
}

/// What the robot tells while its operator holds the lease, every [`STATE_EVERY_MS`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct DriveState {
    /// The robot's clock.
    #[ts(type = "number")]
    pub clock_ms: u64,
    /// A picture that was sent lately, from which the page knows when the one was taken that it
    /// shows; absent without a camera.
    pub picture: Option<PictureMark>,
    /// The lease that holds.
    pub lease: Option<u32>,
    /// What the wheels are told.
    pub commanded: Twist,
    /// What they do; absent where they don't tell.
    pub measured: Option<Twist>,
    /// How fast the robot may go forward now.
    pub forward: Bound,
    /// Backward, as a positive number.
    pub backward: Bound,
    /// To either side.
    pub turn: Bound,
    /// The limit that holds the wish back, if one does.
    pub held: Option<Held>,
    /// The nearest thing at the front and at the rear, in metres from the robot's edge.
    pub ranges_m: [Option<f64>; 2],
    /// From 0 to 1.
    pub battery: Option<f64>,
    /// The way that the wheels have rolled since the daemon's start, forward positive, in metres.
    pub travelled_m: f64,
    /// How far the robot has turned since then, to the left positive, in radians.
    pub turned_rad: f64,
    /// How old the newest command was when it came, in milliseconds: there and back.
    pub round_trip_ms: Option<u32>,
    /// How old the picture was that it was given by, then.
    pub picture_age_ms: Option<u32>,
    /// Number of the newest command that was taken.
    pub taken: u32,
    /// How many of that lease arrived.
    pub arrived: u32,
    /// Whether a remote stop holds.
    pub stopped: bool,
    /// Whether the emergency stop is latched.
    pub emergency: bool,
}

/// A picture on its way to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PictureMark {
    /// Its RTP timestamp, in 1/90000 s (RFC 7741).
    pub rtp: u32,
    /// When it was taken.
    #[ts(type = "number")]
    pub clock_ms: u64,
}
