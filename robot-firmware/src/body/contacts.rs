//! What is read at pins in every step: the emergency stop, bumpers, and what sees the floor end.

use std::time::Duration;

use madoguchi_core::motion::{MotionInput, Side};
use madoguchi_hardware::Device;
use madoguchi_hardware::board::{Board, Contact};
use madoguchi_hardware::emergency_stop::{EmergencyStop, GpioEmergencyStop, StopState};
use madoguchi_hardware::touch::{GpioTouch, Touch};

use super::{Senses, Watched};
use crate::check::{CheckBook, Part};
use crate::config::{BodyConfig, EmergencyStopPins, EndPins, Omission};

/// A contact at one end.
pub type End = (Side, Watched<GpioTouch<Contact>>);

/// The emergency stop with its button.
pub struct StopButton {
    /// The contacts.
    pub stop: Watched<GpioEmergencyStop<Contact>>,
    reset: Watched<GpioTouch<Contact>>,
    /// The button was seen released since it was pressed last.
    armed: bool,
}

impl StopButton {
    /// The stop at these pins.
    pub fn new(board: &Board, pins: EmergencyStopPins, book: &CheckBook) -> Self {
        let EmergencyStopPins { contacts, reset } = pins;
        let [first, second] = contacts;
        let wiring = format!(
            "Each of its two contacts is normally closed, one between GPIO {first} and ground, one \
             between GPIO {second} and ground; the reset button closes GPIO {reset} to ground"
        );
        let (here, there) = (board.clone(), board.clone());
        let device = Device::EmergencyStop;
        Self {
            stop: Watched::new(Part::EmergencyStop, wiring.clone(), book, move || {
                Ok(GpioEmergencyStop::on([
                    here.contact(device, first)?,
                    here.contact(device, second)?,
                ]))
            }),
            reset: Watched::new(Part::EmergencyStop, wiring, book, move || {
                there
                    .contact(device, reset)
                    .map(|pin| GpioTouch::on(device, pin))
            }),
            armed: false,
        }
    }

    /// The state of the contacts, if it can be read.
    pub fn read(&mut self) -> Option<StopState> {
        self.stop.ask(EmergencyStop::read)
    }

    /// Tells contacts and button.
    pub fn feel(&mut self, now: Duration, tell: &mut dyn FnMut(MotionInput, Duration)) {
        let Some(state) = self.read() else { return };
        let closed = state.allows_motion();
        let contacts = MotionInput::Contacts {
            first_closed: closed,
            second_closed: closed,
        };
        tell(contacts, now);
        // The button's contact closes when it is pressed: one that stays so resets nothing.
        match self.reset.ask(Touch::read) {
            Some(true) => self.armed = true,
            Some(false) if self.armed => {
                self.armed = false;
                tell(MotionInput::ResetEmergencyStop, now);
            }
            _ => {}
        }
    }

    /// Whether the contacts say now that it is pressed.
    pub fn pressed(&mut self) -> bool {
        self.read().is_some_and(|state| !state.allows_motion())
    }
}

/// The contacts of a whole base.
pub struct Contacts {
    stop: Option<StopButton>,
    bumpers: Vec<End>,
    cliffs: Vec<End>,
    /// This base is meant to do without sensors of the floor.
    no_cliffs: bool,
}

impl Contacts {
    /// The contacts of a configuration.
    pub fn new(board: &Board, config: &BodyConfig, book: &CheckBook) -> Self {
        Self {
            stop: config
                .emergency_stop
                .map(|pins| StopButton::new(board, pins, book)),
            bumpers: bumpers(board, config.bumpers, book),
            cliffs: cliffs(board, config.cliffs, book),
            no_cliffs: config.without.contains(&Omission::Cliffs),
        }
    }
}

/// The bumpers at these pins.
pub fn bumpers(board: &Board, pins: Option<EndPins>, book: &CheckBook) -> Vec<End> {
    ends(
        board,
        pins,
        Device::Bumper,
        [Part::FrontBumper, Part::RearBumper],
        book,
    )
}

/// What sees the floor end, at these pins.
pub fn cliffs(board: &Board, pins: Option<EndPins>, book: &CheckBook) -> Vec<End> {
    ends(
        board,
        pins,
        Device::Cliff,
        [Part::FrontFloor, Part::RearFloor],
        book,
    )
}

fn ends(
    board: &Board,
    pins: Option<EndPins>,
    device: Device,
    parts: [Part; 2],
    book: &CheckBook,
) -> Vec<End> {
    let wired = pins.into_iter().flat_map(EndPins::both).zip(parts);
    let end = |((side, bcm), part): ((Side, u8), Part)| {
        let board = board.clone();
        let wiring = format!(
            "Its contact is normally closed, between GPIO {bcm} and ground; several are in a row"
        );
        let open = move || {
            board
                .contact(device, bcm)
                .map(|pin| GpioTouch::on(device, pin))
        };
        (side, Watched::new(part, wiring, book, open))
    };
    wired.map(end).collect()
}

impl Senses for Contacts {
    fn feel(&mut self, now: Duration, tell: &mut dyn FnMut(MotionInput, Duration)) {
        if let Some(stop) = &mut self.stop {
            stop.feel(now, tell);
        }
        for (side, bumper) in &mut self.bumpers {
            if let Some(pressed) = bumper.ask(Touch::read) {
                tell(
                    MotionInput::Bumper {
                        side: *side,
                        pressed,
                    },
                    now,
                );
            }
        }
        for (side, cliff) in &mut self.cliffs {
            if let Some(drop) = cliff.ask(Touch::read) {
                tell(MotionInput::Cliff { side: *side, drop }, now);
            }
        }
        if self.no_cliffs {
            for side in Side::ALL {
                tell(MotionInput::Cliff { side, drop: false }, now);
            }
        }
    }

    fn pressed(&mut self) -> bool {
        self.stop.as_mut().is_some_and(StopButton::pressed)
    }
}
