use std::path::PathBuf;

use super::Thermometer;
use crate::units::Celsius;
use crate::{Device, Fault, sysfs};

/// What no housing has in which a board still works, in °C.
const POSSIBLE: std::ops::RangeInclusive<f64> = -40.0..=150.0;

/// A zone of the Linux class `thermal` (kernel document `sysfs-api` of thermal), such as
/// `/sys/class/thermal/thermal_zone0`.
#[derive(Debug)]
pub struct SysfsThermometer {
    folder: PathBuf,
}

impl SysfsThermometer {
    /// Opens the zone at `folder`. Fails when it can't be read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Fault> {
        let mut thermometer = Self {
            folder: folder.into(),
        };
        thermometer.read()?;
        Ok(thermometer)
    }
}

impl Thermometer for SysfsThermometer {
    fn read(&mut self) -> Result<Celsius, Fault> {
        let millidegrees = sysfs::read_number(Device::Temperature, &self.folder, "temp")?;
        let celsius = millidegrees as f64 / 1000.0;
        if POSSIBLE.contains(&celsius) {
            Ok(Celsius(celsius))
        } else {
            Err(Fault::Failed {
                device: Device::Temperature,
                detail: format!("{} tells {celsius} °C", self.folder.display()),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_tells_degrees_or_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let absent = SysfsThermometer::open(folder.path()).unwrap_err();
        assert!(matches!(absent, Fault::Absent { .. }), "{absent:?}");
        let temp = folder.path().join("temp");
        std::fs::write(&temp, "48250\n").unwrap();
        let mut zone = SysfsThermometer::open(folder.path()).unwrap();
        assert_eq!(zone.read(), Ok(Celsius(48.25)));
        for nonsense in ["-273150", "999999999999", "hot", ""] {
            std::fs::write(&temp, nonsense).unwrap();
            let fault = zone.read().unwrap_err();
            assert!(matches!(fault, Fault::Failed { .. }), "{fault:?}");
        }
    }
}
