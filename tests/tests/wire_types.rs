//! `wire-types` writes only when it is asked to.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;
use std::time::SystemTime;

const WRITTEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ts/wire.gen.ts");

fn written() -> SystemTime {
    fs::metadata(WRITTEN).unwrap().modified().unwrap()
}

#[test]
fn help_and_unknown_arguments_write_nothing() {
    let before = written();
    for (argument, code) in [("--help", 0), ("--check", 2), ("file.ts", 2)] {
        let output = Command::new(env!("CARGO_BIN_EXE_wire-types"))
            .arg(argument)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{argument}: {output:?}");
    }
    assert_eq!(written(), before);
}
