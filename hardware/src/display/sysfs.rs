use std::path::PathBuf;

use super::Display;
use crate::units::Ratio;
use crate::{Device, Fault, sysfs};

/// A backlight of the Linux class `backlight` (kernel document `sysfs-class-backlight`), such as
/// `/sys/class/backlight/10-0045` of the Raspberry Pi touch display.
#[derive(Debug)]
pub struct SysfsBacklight {
    folder: PathBuf,
    brightest: i64,
}

impl SysfsBacklight {
    /// Opens the backlight at `folder`. Fails when it isn't there or tells no range.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, Fault> {
        let folder = folder.into();
        let brightest = sysfs::read_number(Device::Display, &folder, "max_brightness")?;
        if brightest < 1 {
            return Err(Fault::Failed {
                device: Device::Display,
                detail: format!("{} has no range of brightness", folder.display()),
            });
        }
        Ok(Self { folder, brightest })
    }
}

impl Display for SysfsBacklight {
    fn set_backlight(&mut self, level: Ratio) -> Result<(), Fault> {
        // The smallest level that is not off must stay visible on a display with few steps.
        let steps = (level.get() * self.brightest as f64).ceil() as i64;
        sysfs::write(Device::Display, &self.folder, "brightness", steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_scaled_to_the_range_of_the_device() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("max_brightness"), "31\n").unwrap();
        std::fs::write(folder.path().join("brightness"), "10\n").unwrap();
        let mut display = SysfsBacklight::open(folder.path()).unwrap();
        for (level, steps) in [(1.0, "31"), (0.5, "16"), (0.001, "1"), (0.0, "0")] {
            display.set_backlight(Ratio::clamped(level)).unwrap();
            let written = std::fs::read_to_string(folder.path().join("brightness")).unwrap();
            assert_eq!(written, steps, "at {level}");
        }
    }

    #[test]
    fn a_display_that_is_gone_is_a_fault_and_no_new_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            SysfsBacklight::open(folder.path()),
            Err(Fault::Absent { .. })
        ));
        std::fs::write(folder.path().join("max_brightness"), "31\n").unwrap();
        let mut display = SysfsBacklight::open(folder.path()).unwrap();
        assert!(matches!(
            display.set_backlight(Ratio::FULL),
            Err(Fault::Absent { .. })
        ));
        assert!(!folder.path().join("brightness").exists());
    }

    #[test]
    fn nonsense_in_the_range_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for nonsense in ["", "bright", "0", "-3"] {
            std::fs::write(folder.path().join("max_brightness"), nonsense).unwrap();
            assert!(matches!(
                SysfsBacklight::open(folder.path()),
                Err(Fault::Failed { .. })
            ));
        }
    }
}
