//! The handle that the daemon holds.

use std::time::Duration;

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, bounded};
use madoguchi_shared::signal::Signal;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tracing::{error, warn};

use crate::conductor::{Conductor, Order};
use crate::config::{CallConfig, MediaConfig};
use crate::error::MediaError;
use crate::event::{AudioBlock, EventSink, MediaEvent, SpeechClip};
use crate::picture::{NewestPicture, Picture};
use crate::pipeline::blocks::BlockMaker;
use crate::pipeline::device::DeviceThread;
use crate::pipeline::echo::EchoCanceller;
use crate::pipeline::level::Levels;
use crate::pipeline::loudspeaker::{Loudspeaker, Playout};
use crate::pipeline::microphone::Microphone;
use crate::pipeline::room::Room;
use crate::pipeline::visitor::Visitor;
use crate::pipeline::{self, Joint, Timebase, mixer, resample};

const ORDERS: usize = 256;
const SHUTDOWN: Duration = Duration::from_secs(3);

/// The robot's media: it listens from [`start`](Self::start) to [`shutdown`](Self::shutdown),
/// plays what it is given and holds at most one call.
///
/// No method blocks or fails; what comes of it is told in [`MediaEvent`]s.
pub struct MediaEngine {
    orders: mpsc::Sender<Order>,
    playout: Playout,
    visitor: Visitor,
    loudspeaker: DeviceThread<std::convert::Infallible>,
    cancels_echo: bool,
    newest_picture: NewestPicture,
    ended: Receiver<()>,
}

impl MediaEngine {
    /// Starts microphone and loudspeaker.
    ///
    /// `events` should hold at least 256; an event that finds it full is lost, with an error in
    /// the log. `microphone` takes a block every 10 ms, and so does `operator` in a call, of what
    /// the operator says; one that finds its queue full is lost and leaves a gap in
    /// [`AudioBlock::number`].
    ///
    /// # Errors
    ///
    /// Only when GStreamer or one of its plugins isn't installed. A missing device is an event.
    pub fn start(
        config: MediaConfig,
        runtime: &Handle,
        events: Sender<MediaEvent>,
        microphone: Sender<AudioBlock>,
        operator: Sender<AudioBlock>,
    ) -> Result<Self, MediaError> {
        pipeline::init()?;
        let events = EventSink::new(events);
        let levels = Levels::new(events.clone());
        let visitor = Visitor::default();
        let playout = Playout::new(events.clone());
        let joint = Joint {
            timebase: Timebase::new(),
            canceller: if config.voice_processing {
                EchoCanceller::new(&config.loudspeaker)
            } else {
                None
            },
            room: config.room.map(Room::new),
        };
        let cancels_echo = joint.canceller.is_some();
        let loudspeaker = DeviceThread::start(Loudspeaker::new(
            config.loudspeaker,
            playout.clone(),
            joint.clone(),
            events.clone(),
            levels.clone(),
        ))?;
        let microphone = DeviceThread::start(Microphone::new(
            config.microphone,
            visitor.clone(),
            joint,
            events.clone(),
            levels,
            microphone,
        ))?;
        let newest_picture = NewestPicture::default();
        let conductor = Conductor::new(
            config.camera,
            (config.video, newest_picture.clone()),
            microphone,
            playout.clone(),
            BlockMaker::new(operator),
            events,
        );
        let (orders, order_queue) = mpsc::channel(ORDERS);
        let (end, ended) = bounded(1);
        runtime.spawn(async move {
            let microphone = conductor.run(order_queue).await;
            let stopped = tokio::task::spawn_blocking(move || microphone.stop());
            let _ = stopped.await;
            let _ = end.try_send(());
        });
        Ok(Self {
            orders,
            playout,
            visitor,
            loudspeaker,
            cancels_echo,
            newest_picture,
            ended,
        })
    }

    /// Whether what the loudspeaker plays is taken out of what the microphone takes up, so that
    /// somebody can be heard while the robot or an operator speaks.
    pub fn cancels_echo(&self) -> bool {
        self.cancels_echo
    }

    /// Plays a clip after those that are queued already. A clip that can't be played (a rate
    /// outside 4 to 192 kHz, no loudspeaker, more than five minutes queued) ends at once, cut.
    pub fn play(&self, clip: SpeechClip) {
        match resample::resample(clip.samples, clip.sample_rate, mixer::RATE_HZ) {
            Some(samples) => self.playout.play(clip.id, samples),
            None => {
                warn!(
                    sample_rate = clip.sample_rate,
                    "a clip's sample rate makes no sense; it isn't played"
                );
                self.playout.refuse(clip.id);
            }
        }
    }

    /// Ends all clips; silence follows within 100 ms. An operator's voice goes on.
    pub fn stop_playing(&self) {
        self.playout.stop();
    }

    /// Sets the volume of everything that is heard, in dB; 0 leaves samples as they are, above it
    /// loud ones are clipped. It changes within some 20 ms.
    pub fn set_volume(&self, volume_db: f32) {
        self.playout.set_volume(10.0_f32.powf(volume_db / 20.0));
    }

    /// Lets a visitor speak into the simulated microphone: samples from −1 to 1 at 16 kHz, after
    /// whoever speaks already. What exceeds two minutes is cut. A real microphone ignores it.
    pub fn play_visitor(&self, samples_16k: Vec<f32>) {
        self.visitor.speak(samples_16k);
    }

    /// Prepares a call and offers it to the operator's page and to the screen page. A call that
    /// stands is ended first, without an event.
    pub fn start_call(&self, config: CallConfig) {
        self.order(Order::StartCall(config));
    }

    /// Takes a signal of the operator's page. One of another session is dropped.
    pub fn operator_signal(&self, signal: Signal) {
        self.order(Order::OperatorSignal(signal));
    }

    /// Takes a signal of the screen page. One of another session is dropped.
    pub fn screen_signal(&self, signal: Signal) {
        self.order(Order::ScreenSignal(signal));
    }

    /// The screen page is there, perhaps anew: if a call stands, it gets a new offer.
    pub fn screen_ready(&self) {
        self.order(Order::ScreenReady);
    }

    /// Stops picture and sound both ways while the connection stays, or lets them flow again.
    pub fn set_hold(&self, hold: bool) {
        self.order(Order::Hold(hold));
    }

    /// Keeps the microphone's sound from every operator, or lets it flow again; calls that begin
    /// later included.
    pub fn mute_microphone(&self, muted: bool) {
        self.order(Order::Mute(muted));
    }

    /// Takes a still from the camera of the call that stands; [`MediaEvent::Still`] of that
    /// number follows.
    pub fn take_still(&self, number: u32) {
        self.order(Order::TakeStill(number));
    }

    /// Ends the call, without an event.
    pub fn end_call(&self) {
        self.order(Order::EndCall);
    }

    /// Sends to the operator's page, reliably and in order, as text where it is UTF-8. Lost
    /// before [`MediaEvent::ControlOpen`].
    pub fn send_control(&self, message: impl Into<Bytes>) {
        self.order(Order::SendControl(message.into()));
    }

    /// Sends to the operator's page what is useless when late: it may be lost or reordered.
    pub fn send_motion(&self, message: impl Into<Bytes>) {
        self.order(Order::SendMotion(message.into()));
    }

    /// The picture that was sent last to the operator's page, which names pictures by their
    /// timestamps; `None` without a camera or a call.
    pub fn newest_picture(&self) -> Option<Picture> {
        self.newest_picture.get()
    }

    /// Ends the call and lets go of all devices. Waits for that, at most 3 s, so it must not be
    /// called on a task of the runtime; dropping the engine does the same without waiting.
    pub fn shutdown(self) {
        drop(self.orders);
        if self.ended.recv_timeout(SHUTDOWN).is_err() {
            warn!("the media engine didn't end in time; its devices may stay busy");
        }
        self.loudspeaker.stop();
    }

    fn order(&self, order: Order) {
        if self.orders.try_send(order).is_err() {
            error!("an order to the media engine is lost: it is stuck or has ended");
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_handle_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<super::MediaEngine>();
    }
}
