use serde::{Deserialize, Serialize};

use super::{Pace, Side};

/// Which limit held, for the operator to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// Never above, never negative; in m/s or rad/s.
    pub max: f64,
    /// The strictest limit.
    pub held: Held,
}

impl Bound {
    fn cap(&mut self, max: f64, held: Held) {
        // What is no number is no permission.
        let max = if max.is_nan() { 0.0 } else { max.max(0.0) };
        if max < self.max {
            *self = Self { max, held };
        }
    }
}

/// How fast the robot may move now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Forward.
    pub forward: Bound,
    /// Backward, as a positive number.
    pub backward: Bound,
    /// To either side.
    pub turn: Bound,
}

impl Envelope {
    pub(super) fn new(pace: Pace, held: Held) -> Self {
        let unlimited = Bound {
            max: f64::INFINITY,
            held,
        };
        let mut envelope = Self {
            forward: unlimited,
            backward: unlimited,
            turn: unlimited,
        };
        envelope.scale(pace, 1.0, held);
        envelope
    }

    pub(super) fn cap(&mut self, linear_m_s: f64, angular_rad_s: f64, held: Held) {
        self.forward.cap(linear_m_s, held);
        self.backward.cap(linear_m_s, held);
        self.turn.cap(angular_rad_s, held);
    }

    /// Caps all three at a part of a pace.
    pub(super) fn scale(&mut self, pace: Pace, part: f64, held: Held) {
        self.cap(pace.linear_m_s * part, pace.angular_rad_s * part, held);
    }

    pub(super) fn stop(&mut self, held: Held) {
        self.cap(0.0, 0.0, held);
    }

    pub(super) fn cap_towards(&mut self, side: Side, max: f64, held: Held) {
        match side {
            Side::Front => self.forward.cap(max, held),
            Side::Rear => self.backward.cap(max, held),
        }
    }

    pub(super) fn cap_turn(&mut self, max: f64, held: Held) {
        self.turn.cap(max, held);
    }

    /// Whether no motion at all is left.
    pub fn stands(&self) -> bool {
        [self.forward, self.backward, self.turn]
            .iter()
            .all(|bound| bound.max == 0.0)
    }
}
