//! What is read over buses, beside the gate's thread: a bus may keep whoever asks it waiting.

use std::path::Path;
use std::time::Duration;

use madoguchi_core::motion::{MotionInput, Side};
use madoguchi_hardware::battery::{InaBattery, SysfsBattery};
use madoguchi_hardware::board::{Board, Bus, Level};
use madoguchi_hardware::range::{Distance, REACH, Vl53l1x};
use madoguchi_hardware::temperature::SysfsThermometer;
use madoguchi_hardware::tilt::Lis3dh;
use madoguchi_hardware::units::Metres;
use madoguchi_hardware::{Battery, Device, Range, Thermometer, Tilt};

use super::Watched;
use crate::check::{CheckBook, Part};
use crate::config::{BatteryConfig, BodyConfig, MonitorKind, RangeConfig, TiltConfig};

/// Battery and heat change slowly.
const SLOW: Duration = Duration::from_millis(500);

/// One range sensor.
pub struct RangeSensor {
    side: Side,
    /// The sensor.
    pub sensor: Watched<Vl53l1x<Bus>>,
    /// In m, and when.
    measured: Option<(f64, Duration)>,
}

/// All that is on buses.
pub struct Sensors {
    ranges: Vec<RangeSensor>,
    tilt: Option<Watched<Lis3dh<Bus>>>,
    battery: Option<Watched<Box<dyn Battery>>>,
    thermometer: Option<Watched<SysfsThermometer>>,
    slow_at: Option<Duration>,
}

impl Sensors {
    /// The sensors of a configuration.
    pub fn new(board: &Board, config: &BodyConfig, book: &CheckBook) -> Self {
        Self {
            ranges: ranges(board, &config.ranges, book),
            tilt: config.tilt.map(|at| tilt(board, at, book)),
            battery: config
                .battery
                .as_ref()
                .map(|battery| self::battery(board, battery, book)),
            thermometer: config
                .temperature
                .as_ref()
                .map(|folder| thermometer(folder, book)),
            slow_at: None,
        }
    }

    /// Looks at each once, and tells what was measured and when.
    pub fn look(
        &mut self,
        clock: impl Fn() -> Duration,
        tell: &mut dyn FnMut(MotionInput, Duration),
    ) {
        for side in Side::ALL {
            let mut of_side = self
                .ranges
                .iter_mut()
                .filter(|sensor| sensor.side == side)
                .peekable();
            if of_side.peek().is_none() {
                continue;
            }
            let mut fresh = false;
            // The nearest thing, and when the sensor looked that did so the longest ago.
            let mut nearest = Some((f64::INFINITY, Duration::MAX));
            for sensor in of_side {
                fresh |= sensor.look(&clock);
                nearest = nearest
                    .zip(sensor.measured)
                    .map(|((near, old), (metres, at))| (near.min(metres), old.min(at)));
            }
            if let (true, Some((metres, at))) = (fresh, nearest) {
                tell(MotionInput::Range { side, metres }, at);
            }
        }
        let at = clock();
        let tilt = self.tilt.as_mut();
        if let Some(Some(lean)) = tilt.and_then(|tilt| tilt.ask(Tilt::read)) {
            tell(MotionInput::Tilt { radians: lean.0 }, at);
        }
        let now = clock();
        if self.slow_at.is_some_and(|at| now.saturating_sub(at) < SLOW) {
            return;
        }
        self.slow_at = Some(now);
        if let Some(reading) = self
            .battery
            .as_mut()
            .and_then(|battery| battery.ask(Battery::read))
        {
            let battery = MotionInput::Battery {
                charge: reading.charge.get(),
                plugged_in: reading.plugged_in,
            };
            tell(battery, now);
        }
        let thermometer = self.thermometer.as_mut();
        if let Some(celsius) = thermometer.and_then(|zone| zone.ask(Thermometer::read)) {
            tell(MotionInput::Temperature { celsius: celsius.0 }, now);
        }
    }
}

impl RangeSensor {
    /// Whether there is a new measurement.
    fn look(&mut self, clock: impl Fn() -> Duration) -> bool {
        // What was measured is at least so old.
        let at = clock();
        let Some(Some(distance)) = self.sensor.ask(Range::read) else {
            return false;
        };
        let metres = match distance {
            Distance::Clear => REACH.0,
            Distance::Obstacle(Metres(metres)) => metres,
        };
        self.measured = Some((metres, at));
        true
    }
}

/// The range sensors, all of them switched off that can be.
pub fn ranges(board: &Board, configs: &[RangeConfig], book: &CheckBook) -> Vec<RangeSensor> {
    let pins: Vec<_> = configs
        .iter()
        .map(|config| {
            config
                .xshut
                .map(|bcm| board.output(Device::Range, bcm, Level::Low))
        })
        .collect();
    let sensor = |(config, mut pin): (&RangeConfig, Option<_>)| {
        let RangeConfig {
            side,
            bus,
            address,
            xshut,
        } = *config;
        let part = match side {
            Side::Front => Part::FrontRange,
            Side::Rear => Part::RearRange,
        };
        let shut = xshut.map_or("XSHUT to 3.3 V".to_owned(), |bcm| {
            format!("XSHUT to GPIO {bcm}")
        });
        let wiring = format!("SDA and SCL to I²C bus {bus}, {shut}, for address {address:#04x}");
        let board = board.clone();
        let open = move || {
            if let (Some(Err(_)), Some(bcm)) = (&pin, xshut) {
                pin = Some(board.output(Device::Range, bcm, Level::Low));
            }
            let shutdown = match &mut pin {
                Some(Ok(pin)) => Some(pin),
                Some(Err(fault)) => return Err(fault.clone()),
                None => None,
            };
            Vl53l1x::open(board.bus(Device::Range, bus)?, address, shutdown)
        };
        RangeSensor {
            side,
            sensor: Watched::new(part, wiring, book, open),
            measured: None,
        }
    };
    configs.iter().zip(pins).map(sensor).collect()
}

/// What feels the robot lean.
pub fn tilt(board: &Board, config: TiltConfig, book: &CheckBook) -> Watched<Lis3dh<Bus>> {
    let TiltConfig { bus, address, up } = config;
    let wiring = format!(
        "SDA and SCL to I²C bus {bus}, CS to 3.3 V, SDO to ground for address 0x18 or to 3.3 V for \
         0x19; it is looked for at {address:#04x}"
    );
    let board = board.clone();
    let open = move || Lis3dh::open(board.bus(Device::Tilt, bus)?, address, up.into());
    Watched::new(Part::Tilt, wiring, book, open)
}

/// The battery.
pub fn battery(
    board: &Board,
    config: &BatteryConfig,
    book: &CheckBook,
) -> Watched<Box<dyn Battery>> {
    let wiring = match (config.monitor, &config.folder) {
        (MonitorKind::Kernel, Some(folder)) => format!("It is read from {}", folder.display()),
        _ => format!(
            "SDA and SCL of its monitor to I²C bus {}, at address {:#04x}, the shunt between pack and motors",
            config.bus, config.address
        ),
    };
    let (board, config) = (board.clone(), config.clone());
    let open = move || -> Result<Box<dyn Battery>, _> {
        if let (MonitorKind::Kernel, Some(folder)) = (config.monitor, &config.folder) {
            return Ok(Box::new(SysfsBattery::open(folder.clone())?));
        }
        let (monitor, pack) = config.on_bus();
        let bus = board.bus(Device::Battery, config.bus)?;
        Ok(Box::new(InaBattery::open(
            bus,
            config.address,
            monitor,
            pack,
        )?))
    };
    Watched::new(Part::Battery, wiring, book, open)
}

/// The thermometer.
pub fn thermometer(folder: &Path, book: &CheckBook) -> Watched<SysfsThermometer> {
    let (wiring, folder) = (
        format!("It is read from {}", folder.display()),
        folder.to_owned(),
    );
    let open = move || SysfsThermometer::open(folder.clone());
    Watched::new(Part::Thermometer, wiring, book, open)
}
