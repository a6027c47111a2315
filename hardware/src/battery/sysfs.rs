use std::path::PathBuf;

use super::{Battery, BatteryReading};
use crate::units::{Ratio, Volts};
use crate::{Device, Fault, sysfs};

const MICROVOLTS_PER_VOLT: f64 = 1e6;

/// A battery of the Linux class `power_supply` (kernel document `sysfs-class-power`), such as
/// `/sys/class/power_supply/BAT0`.
#[derive(Debug)]
pub struct SysfsBattery {
    folder: PathBuf,
}

impl SysfsBattery {
    /// Opens the battery at `folder`. Fails when it can't be read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Fault> {
        let mut battery = Self {
            folder: folder.into(),
        };
        battery.read()?;
        Ok(battery)
    }
}

impl Battery for SysfsBattery {
    fn read(&mut self) -> Result<BatteryReading, Fault> {
        let number = |attribute| sysfs::read_number(Device::Battery, &self.folder, attribute);
        let percent = number("capacity")?;
        if !(0..=100).contains(&percent) {
            return Err(Fault::Failed {
                device: Device::Battery,
                detail: format!("{} tells a charge of {percent} %", self.folder.display()),
            });
        }
        let status = sysfs::read(Device::Battery, &self.folder, "status")?;
        Ok(BatteryReading {
            charge: Ratio::clamped(percent as f64 / 100.0),
            voltage: Volts(number("voltage_now")? as f64 / MICROVOLTS_PER_VOLT),
            plugged_in: matches!(status.as_str(), "Charging" | "Full" | "Not charging"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn battery(capacity: &str, status: &str) -> Result<BatteryReading, Fault> {
        let folder = tempfile::tempdir().unwrap();
        for (attribute, value) in [
            ("capacity", capacity),
            ("status", status),
            ("voltage_now", "12600000"),
        ] {
            std::fs::write(folder.path().join(attribute), format!("{value}\n")).unwrap();
        }
        SysfsBattery::open(folder.path())?.read()
    }

    #[test]
    fn the_kernels_units_become_ours() {
        assert_eq!(
            battery("42", "Discharging"),
            Ok(BatteryReading {
                charge: Ratio::clamped(0.42),
                voltage: Volts(12.6),
                plugged_in: false
            })
        );
        assert!(battery("100", "Full").unwrap().plugged_in);
        assert!(!battery("50", "Unknown").unwrap().plugged_in);
    }

    #[test]
    fn a_charge_that_cannot_be_is_a_fault() {
        assert!(matches!(battery("-5", "Full"), Err(Fault::Failed { .. })));
        assert!(matches!(battery("101", "Full"), Err(Fault::Failed { .. })));
        assert!(matches!(battery("half", "Full"), Err(Fault::Failed { .. })));
    }

    #[test]
    fn a_battery_that_is_not_there_is_absent() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            SysfsBattery::open(folder.path()),
            Err(Fault::Absent { .. })
        ));
    }
}
