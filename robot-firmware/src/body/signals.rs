//! What the body shows and sounds: head, lamp and bell.

use madoguchi_hardware::bell::GpioBell;
use madoguchi_hardware::board::{Board, Level, Servo};
use madoguchi_hardware::head::ServoHead;
use madoguchi_hardware::lamp::{LampSignal, Polarity};
use madoguchi_hardware::{Device, Lamp, Reopening};
use madoguchi_shared::screen::{ScreenView, Stage};

use super::Watched;
use crate::check::{CheckBook, Part};
use crate::config::{Active, BellContact, HeadConfig, SwitchedPin};

/// A bell at a pin, silent from the first moment on.
pub fn bell(board: &Board, contact: BellContact, book: &CheckBook) -> Watched<GpioBell> {
    let (pin, board) = (contact.pin, board.clone());
    let wiring = format!(
        "GPIO {pin} switches its transistor or relay, {}",
        level(contact.active)
    );
    let silent = match contact.active {
        Active::High => Level::Low,
        Active::Low => Level::High,
    };
    let polarity = Polarity::from(contact.active);
    let mut bell = Watched::new(Part::Bell, wiring, book, move || {
        let output = board.output(Device::Bell, pin, silent)?;
        GpioBell::on(output, polarity, contact.length())
    });
    bell.ask(Reopening::open);
    bell
}

/// A lamp at a pin.
pub fn lamp(board: &Board, at: SwitchedPin, book: &CheckBook) -> Watched<Box<dyn Lamp>> {
    let board = board.clone();
    let wiring = format!(
        "GPIO {} switches its transistor or relay, {}",
        at.pin,
        level(at.active)
    );
    Watched::new(Part::Lamp, wiring, book, move || {
        board.lamp(at.pin, Polarity::from(at.active))
    })
}

/// A head that looks straight ahead: nothing tells where somebody speaks from, and the visitor
/// stands before the screen.
pub fn head(board: &Board, config: HeadConfig, book: &CheckBook) -> Watched<ServoHead<Servo>> {
    let board = board.clone();
    let (pan, tilt) = (config.pan, config.tilt);
    let wiring = format!(
        "Its servos' signals are at PWM channels {} and {}, their supply is not the board's",
        pan.channel, tilt.channel
    );
    let mut head = Watched::new(Part::Head, wiring, book, move || {
        let servo = |channel| board.servo(Device::Head, channel);
        ServoHead::on(
            (servo(pan.channel)?, pan.joint()),
            (servo(tilt.channel)?, tilt.joint()),
        )
    });
    head.ask(Reopening::open);
    head
}

fn level(active: Active) -> &'static str {
    match active {
        Active::High => "on by a high level",
        Active::Low => "on by a low level",
    }
}

/// The lamp, and what it shows.
pub struct SignalLamp {
    lamp: Watched<Box<dyn Lamp>>,
    shown: Option<LampSignal>,
}

impl SignalLamp {
    /// A lamp that is off.
    pub fn new(lamp: Watched<Box<dyn Lamp>>) -> Self {
        let mut lamp = Self { lamp, shown: None };
        lamp.show(LampSignal::Off);
        lamp
    }

    /// Shows what goes with the screen.
    pub fn follow(&mut self, view: &ScreenView) {
        self.show(signal(view));
    }

    fn show(&mut self, signal: LampSignal) {
        if self.shown != Some(signal) {
            let shown = self.lamp.ask(|lamp| lamp.show(signal));
            self.shown = shown.map(|()| signal);
        }
    }
}

fn signal(view: &ScreenView) -> LampSignal {
    if view.camera_in_use || view.microphone_in_use {
        LampSignal::InUse
    } else if view.stage == Stage::Waiting {
        LampSignal::Attention
    } else {
        LampSignal::Off
    }
}
