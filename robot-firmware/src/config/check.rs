//! Values of `robot.toml` that are well-formed and still impossible.

use super::{
    AudioKind, Config, ControllerKind, Hearing, PresenceKind, SensorKind, Voice, back_office,
    translation,
};

impl Config {
    /// What is wrong and what to do, in one sentence.
    pub(super) fn check(&self) -> Result<(), String> {
        if !self.screen.listen.ip().is_loopback() {
            return Err(format!(
                "screen.listen = \"{}\" would open the robot's screen to the network; use 127.0.0.1",
                self.screen.listen
            ));
        }
        if self.hearing.threads == Some(0) {
            return Err("hearing.threads must be at least 1".to_owned());
        }
        let Hearing {
            complete_silence_ms,
            end_silence_ms,
            unfinished_silence_ms,
            ..
        } = self.hearing;
        if complete_silence_ms > end_silence_ms || end_silence_ms > unfinished_silence_ms {
            return Err(format!(
                "hearing.complete_silence_ms ({complete_silence_ms}), end_silence_ms ({end_silence_ms}) and \
                 unfinished_silence_ms ({unfinished_silence_ms}) must not fall in this order"
            ));
        }
        let Voice {
            volume_min_db: min,
            volume_max_db: max,
            ..
        } = self.voice;
        if !(-60.0..=20.0).contains(&min) || !(min..=20.0).contains(&max) {
            return Err(format!(
                "voice.volume_min_db = {min} and voice.volume_max_db = {max} must lie between -60 and 20, the least first"
            ));
        }
        if self.microphone.source != AudioKind::Simulated && !self.visitors.is_empty() {
            return Err(
                "[[visitor]] needs microphone.source = \"simulated\"; remove one of them"
                    .to_owned(),
            );
        }
        let simulated = self.microphone.source == AudioKind::Simulated
            && self.loudspeaker.sink == AudioKind::Simulated;
        if self.microphone.echo_ms.is_some() && !simulated {
            return Err(
                "microphone.echo_ms needs a simulated microphone and a simulated loudspeaker; \
                 remove it"
                    .to_owned(),
            );
        }
        if self.microphone.echo_ms.is_some_and(|delay| delay > 200) {
            return Err("microphone.echo_ms must be at most 200".to_owned());
        }
        for visitor in &self.visitors {
            let ways = [
                visitor.wav.is_some(),
                visitor.say.is_some(),
                visitor.types.is_some(),
                visitor.leaves,
                visitor.emergency_stop.is_some(),
            ];
            if ways.into_iter().filter(|way| *way).count() != 1 {
                let id = &visitor.id;
                return Err(format!(
                    "visitor `{id}` needs one of `wav`, `say`, `types`, `leaves = true` and `emergency_stop`"
                ));
            }
            if visitor.emergency_stop.is_some()
                && self.drive.controller != ControllerKind::Simulated
            {
                let id = &visitor.id;
                return Err(format!(
                    "visitor `{id}` has a hand at a simulated emergency stop, and there is none; set drive.controller = \"simulated\""
                ));
            }
            if visitor.leaves && self.presence.sensor != PresenceKind::Simulated {
                let id = &visitor.id;
                return Err(format!(
                    "visitor `{id}` leaves, and nothing sees it; set presence.sensor = \"simulated\""
                ));
            }
        }
        translation::check(&self.translations)?;
        self.bell.check()?;
        self.update.check()?;
        self.drive.check()?;
        self.body
            .check(self.bell.contact.map(|contact| contact.pin))?;
        if self.drive.sensors == SensorKind::Body {
            if self.drive.controller == ControllerKind::Simulated {
                return Err(
                    "drive.controller = \"simulated\" has sensors of its own; remove drive.sensors"
                        .to_owned(),
                );
            }
            self.body.check_whole()?;
        }
        back_office::check(&self.back_offices)
    }
}
