//! Attributes of the Linux kernel's device classes: one value in one small file.

use std::path::Path;

use crate::fault::{Device, Fault};

/// Reads an attribute without its line end.
pub(crate) fn read(device: Device, folder: &Path, attribute: &str) -> Result<String, Fault> {
    let file = folder.join(attribute);
    std::fs::read_to_string(&file)
        .map(|text| text.trim_end().to_owned())
        .map_err(|error| Fault::io(device, file.display(), &error))
}

/// Reads an attribute that is a whole number.
pub(crate) fn read_number(device: Device, folder: &Path, attribute: &str) -> Result<i64, Fault> {
    let text = read(device, folder, attribute)?;
    text.parse().map_err(|_| Fault::Failed {
        device,
        detail: format!(
            "{} holds `{text}`, no whole number",
            folder.join(attribute).display()
        ),
    })
}

/// Writes an attribute.
pub(crate) fn write(
    device: Device,
    folder: &Path,
    attribute: &str,
    value: i64,
) -> Result<(), Fault> {
    let file = folder.join(attribute);
    // An attribute is there already; creating one would hide that the device is gone.
    std::fs::OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(&file)
        .and_then(|mut opened| std::io::Write::write_all(&mut opened, value.to_string().as_bytes()))
        .map_err(|error| Fault::io(device, file.display(), &error))
}
