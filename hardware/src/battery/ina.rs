use embedded_hal::i2c::{ErrorKind, I2c, NoAcknowledgeSource};

use super::{Battery, BatteryReading};
use crate::units::{Amperes, Ratio, Volts};
use crate::{Device, Fault};

const CONFIGURATION: u8 = 0x00;
const CURRENT_OR_SHUNT: u8 = 0x01;
const BUS_VOLTAGE: u8 = 0x02;
const MANUFACTURER: u8 = 0xfe;
const DIE: u8 = 0xff;

/// 32 V, 320 mV, 12 bits, continuous: what an INA219 begins with.
const INA219_CONFIGURATION: u16 = 0x399f;
const INA219_VOLTS: f64 = 0.004;
const INA219_SHUNT_VOLTS: f64 = 10e-6;
/// The measurement overflowed and means nothing.
const INA219_OVERFLOW: u16 = 1;
const INA260_VOLTS: f64 = 1.25e-3;
const INA260_AMPERES: f64 = 1.25e-3;
const TEXAS_INSTRUMENTS: u16 = 0x5449;
/// Without the four bits of the revision.
const INA260_DIE: u16 = 0x227;

/// Which monitor, of Texas Instruments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Monitor {
    /// With a shunt of its own on the board (datasheet SBOS448, "Register Maps").
    Ina219 {
        /// The shunt's resistance, in ohms.
        shunt_ohms: f64,
    },
    /// With the shunt inside (datasheet SBOS656, "Register Maps").
    Ina260,
}

/// What the pack is. Voltage tells a pack's charge roughly: between the two it is taken for even.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pack {
    /// At rest and empty.
    pub empty: Volts,
    /// At rest and full.
    pub full: Volts,
    /// A current into the pack above this is the charger's.
    pub charging: Amperes,
}

/// A battery behind a current and voltage monitor on an I²C bus, so connected that a current out
/// of the pack is positive.
#[derive(Debug)]
pub struct InaBattery<I> {
    bus: I,
    address: u8,
    monitor: Monitor,
    pack: Pack,
}

impl<I: I2c + Send> InaBattery<I> {
    /// Opens the monitor at `address`, and sees that it is one.
    pub fn open(bus: I, address: u8, monitor: Monitor, pack: Pack) -> Result<Self, Fault> {
        let mut battery = Self {
            bus,
            address,
            monitor,
            pack,
        };
        if !(pack.full.0 > pack.empty.0 && pack.empty.0 > 0.0) {
            return Err(Fault::Impossible {
                device: Device::Battery,
                detail: format!("a pack of {} to {}", pack.empty, pack.full),
            });
        }
        match monitor {
            Monitor::Ina219 { shunt_ohms } => {
                if !(shunt_ohms.is_finite() && shunt_ohms > 0.0) {
                    return Err(Fault::Impossible {
                        device: Device::Battery,
                        detail: format!("a shunt of {shunt_ohms} ohms"),
                    });
                }
                let [high, low] = INA219_CONFIGURATION.to_be_bytes();
                let told = battery.bus.write(address, &[CONFIGURATION, high, low]);
                told.map_err(|error| battery.fault(&error))?;
                battery.expect(CONFIGURATION, INA219_CONFIGURATION, 0)?;
            }
            Monitor::Ina260 => {
                battery.expect(MANUFACTURER, TEXAS_INSTRUMENTS, 0)?;
                battery.expect(DIE, INA260_DIE, 4)?;
            }
        }
        battery.read()?;
        Ok(battery)
    }

    fn expect(&mut self, register: u8, value: u16, ignored_bits: u32) -> Result<(), Fault> {
        let read = self.register(register)?;
        if read >> ignored_bits == value {
            Ok(())
        } else {
            Err(Fault::Garbled {
                device: Device::Battery,
                detail: format!(
                    "register {register:#04x} of I²C device {:#04x} is {read:#06x}",
                    self.address
                ),
            })
        }
    }

    fn register(&mut self, register: u8) -> Result<u16, Fault> {
        let mut value = [0; 2];
        let read = self.bus.write_read(self.address, &[register], &mut value);
        read.map_err(|error| self.fault(&error))?;
        Ok(u16::from_be_bytes(value))
    }

    /// Voltage in V and current out of the pack in A.
    fn measure(&mut self) -> Result<(f64, f64), Fault> {
        let voltage = self.register(BUS_VOLTAGE)?;
        let current = f64::from(self.register(CURRENT_OR_SHUNT)?.cast_signed());
        match self.monitor {
            Monitor::Ina219 { .. } if voltage & INA219_OVERFLOW != 0 => {
                Err(self.failed("its measurement overflowed"))
            }
            Monitor::Ina219 { shunt_ohms } => Ok((
                f64::from(voltage >> 3) * INA219_VOLTS,
                current * INA219_SHUNT_VOLTS / shunt_ohms,
            )),
            Monitor::Ina260 => Ok((f64::from(voltage) * INA260_VOLTS, current * INA260_AMPERES)),
        }
    }

    fn fault(&self, error: &impl embedded_hal::i2c::Error) -> Fault {
        let detail = format!("I²C device {:#04x}: {error:?}", self.address);
        let device = Device::Battery;
        match error.kind() {
            ErrorKind::NoAcknowledge(
                NoAcknowledgeSource::Address | NoAcknowledgeSource::Unknown,
            ) => Fault::Absent { device, detail },
            _ => Fault::Failed { device, detail },
        }
    }

    fn failed(&self, what: &str) -> Fault {
        Fault::Failed {
            device: Device::Battery,
            detail: format!("I²C device {:#04x}: {what}", self.address),
        }
    }
}

impl<I: I2c + Send> Battery for InaBattery<I> {
    fn read(&mut self) -> Result<BatteryReading, Fault> {
        let (voltage, current) = self.measure()?;
        let Pack {
            empty,
            full,
            charging,
        } = self.pack;
        // Far outside of the pack's voltages the monitor, its wires or the config are wrong.
        let span = full.0 - empty.0;
        if !((empty.0 - span)..=(full.0 + span)).contains(&voltage) {
            return Err(self.failed(&format!(
                "{voltage:.2} V is no voltage of a pack of {empty} to {full}"
            )));
        }
        Ok(BatteryReading {
            charge: Ratio::clamped((voltage - empty.0) / span),
            voltage: Volts(voltage),
            plugged_in: -current > charging.0,
        })
    }
}
