use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use embedded_hal::digital::OutputPin;
use embedded_hal::i2c::{I2c, Operation};

use crate::Fault;
use crate::lamp::{Lamp, LampSignal};
use crate::simulation::{
    NotAcknowledged, SimulatedLis3dh, SimulatedRegisters, SimulatedSensorBus, SimulatedShutdown,
    SimulatedVl53l1x,
};
use crate::tilt;

const MONITOR: u8 = 0x40;
const VOLTS_A_BIT: f64 = 1.25e-3;

/// A board in a folder; see [`super::Board::simulated`].
#[derive(Debug)]
pub(super) struct Folder {
    folder: PathBuf,
    sensors: BTreeMap<u8, SimulatedVl53l1x>,
    monitor: SimulatedRegisters,
    tilt: SimulatedLis3dh,
}

impl Folder {
    pub(super) fn new(folder: PathBuf) -> Self {
        let registers = [(0x01, 0), (0x02, 0), (0xfe, 0x5449), (0xff, 0x2270)];
        Self {
            folder,
            sensors: BTreeMap::new(),
            monitor: SimulatedRegisters::new(MONITOR, registers, []),
            tilt: SimulatedLis3dh::new(tilt::DEFAULT_ADDRESS),
        }
    }

    /// The wire at a pin; where a sensor's XSHUT is, it leads there.
    pub(super) fn wire(&self, bcm: u8) -> Wire {
        Wire {
            file: self.folder.join(format!("gpio-{bcm}")),
            high: false,
            edges: 0,
            sensor: self.sensors.get(&bcm).map(SimulatedVl53l1x::shutdown),
        }
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn add_sensor(&mut self, bcm: u8) {
        self.sensors.entry(bcm).or_default();
    }

    pub(super) fn transfer(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), NotAcknowledged> {
        if address == MONITOR {
            let volts = self.words("battery").next().and_then(|v| v.parse().ok());
            let volts: f64 = volts.ok_or(NotAcknowledged)?;
            self.monitor.set(0x02, (volts / VOLTS_A_BIT) as u16);
            return self.monitor.transaction(address, operations);
        }
        if address == tilt::DEFAULT_ADDRESS {
            let felt: Option<Vec<i16>> = self.words("tilt").map(|mg| mg.parse().ok()).collect();
            let felt: Option<[i16; 3]> = felt.and_then(|felt| felt.try_into().ok());
            self.tilt.connect(felt.is_some());
            felt.into_iter().for_each(|felt| self.tilt.set(felt));
            return self.tilt.transaction(address, operations);
        }
        for (bcm, sensor) in &self.sensors {
            let mut measured = self.words(&format!("range-{bcm}"));
            let number = |word: Option<String>| word.and_then(|word| word.parse::<u16>().ok());
            match (number(measured.next()), number(measured.next())) {
                (Some(millimetres), Some(status)) => {
                    sensor.connect(true);
                    sensor.set(millimetres, status as u8);
                }
                _ => sensor.connect(false),
            }
        }
        SimulatedSensorBus(self.sensors.values().cloned().collect())
            .transaction(address, operations)
    }

    /// What a file holds, if it is there.
    fn words(&self, file: &str) -> std::vec::IntoIter<String> {
        let text = std::fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        words.into_iter()
    }
}

/// The wire at one pin.
#[derive(Debug)]
pub(super) struct Wire {
    file: PathBuf,
    high: bool,
    edges: u64,
    sensor: Option<SimulatedShutdown>,
}

impl Wire {
    pub(super) fn is_closed(&self) -> bool {
        std::fs::read_to_string(&self.file).is_ok_and(|text| text.trim() == "closed")
    }

    pub(super) fn is_high(&self) -> bool {
        self.high
    }

    pub(super) fn drive(&mut self, high: bool) {
        self.edges += u64::from(self.high != high);
        self.high = high;
        if let Some(sensor) = &mut self.sensor {
            let Ok(()) = if high {
                sensor.set_high()
            } else {
                sensor.set_low()
            };
        }
        self.tell(&format!("{} {}", u8::from(high), self.edges));
    }

    fn tell(&self, text: &str) {
        // A wire that leads nowhere.
        let _ = std::fs::write(&self.file, text);
    }
}

impl Lamp for Wire {
    fn show(&mut self, signal: LampSignal) -> Result<(), Fault> {
        self.tell(&format!("{signal:?}"));
        Ok(())
    }
}

pub(super) fn lock(folder: &Mutex<Folder>) -> MutexGuard<'_, Folder> {
    folder.lock().unwrap_or_else(PoisonError::into_inner)
}
