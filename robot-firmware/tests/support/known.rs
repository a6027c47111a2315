//! What a robot finds out when it first starts, found out once for all tests: learning the pack
//! takes most of a minute, and a recogniser that is timed beside other tests is taken for slow.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::Robot;

const FOUND_OUT: [&str; 3] = ["example-vectors", "example-duals", "recogniser-fit.json"];

/// Makes a robot's state folder, in which all of it is known.
pub(super) fn put_into(state: &Path) {
    static KNOWN: OnceLock<PathBuf> = OnceLock::new();
    let known = KNOWN.get_or_init(find_out);
    DirBuilder::new().mode(0o700).create(state).unwrap();
    for file in FOUND_OUT {
        fs::copy(known.join(file), state.join(file)).unwrap();
    }
}

/// Anew only with a newer program. One process of the tests does it, the others wait for it.
fn find_out() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("robot");
    let lock = File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let at = |path: &Path| fs::metadata(path).and_then(|found| found.modified());
    let done = folder.with_extension("known");
    let program = Path::new(env!("CARGO_BIN_EXE_madoguchi-robot"));
    if at(&done).is_ok_and(|done| done > at(program).unwrap()) {
        return folder;
    }
    let robot = Robot::new(&super::installed_models(), &folder);
    robot.run(&["ask", "--lang", "en", "hello"]).done();
    // Whatever else may be in trouble is no matter here.
    robot.run(&["check"]);
    File::create(done).unwrap();
    folder
}
