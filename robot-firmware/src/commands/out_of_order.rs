//! `out-of-order`: what the screen shows when the daemon has ended too often.

use std::process::ExitCode;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::check::{self, Check, Condition, Finding, Part};
use crate::config::{Config, Screen};
use crate::device_key::DeviceKey;
use crate::out_of_order::serve;

/// `config` is what came of reading the configuration: that may be what is in trouble.
pub(super) fn out_of_order(
    config: anyhow::Result<Config>,
    rest_s: u64,
) -> anyhow::Result<ExitCode> {
    let (address, check) = match &config {
        Ok(config) => (config.screen.listen, survey(config)),
        Err(error) => {
            let mut check = Check::default();
            let reason = format!("{error:#}");
            check.note(Finding::new(
                Part::Configuration,
                Condition::Trouble,
                reason,
            ));
            (Screen::default().listen, check)
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        let stop = async move {
            terminated.recv().await;
        };
        serve(address, check, Duration::from_secs(rest_s), stop).await?;
        Ok(ExitCode::SUCCESS)
    })
}

fn survey(config: &Config) -> Check {
    let mut check = check::survey(config);
    if let Err(error) = DeviceKey::load_or_create(&config.state) {
        let reason = format!("{:#}", anyhow::Error::from(error));
        check.note(Finding::new(Part::State, Condition::Trouble, reason));
    }
    check
}
