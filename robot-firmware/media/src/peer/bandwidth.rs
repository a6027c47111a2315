//! How much the path to the operator carries, as Google's congestion control
//! (draft-ietf-rmcat-gcc-02) sees it.

use std::time::Instant;

use rtc::interceptor::{BandwidthEstimator, EstimatorStats, Gcc, PacketReport};
use tokio::sync::watch;

/// Below this the picture is no longer worth sending, and the estimator can't climb back in
/// reasonable time.
const FLOOR_BIT_S: f64 = 300_000.0;
const START_BIT_S: f64 = 1_000_000.0;
/// What Opus and its headers take.
const AUDIO_BIT_S: f64 = 50_000.0;
/// RTP, SRTP, UDP and IP headers, and retransmissions, in proportion to the picture.
const OVERHEAD: f64 = 1.1;

/// The estimator, telling an observer what is left for the picture.
pub(super) struct Observed {
    inner: Gcc,
    picture_bit_s: watch::Sender<u32>,
}

impl Observed {
    pub(super) fn new(limit_bit_s: u32) -> (Self, watch::Receiver<u32>) {
        let most = f64::from(limit_bit_s) * OVERHEAD + AUDIO_BIT_S;
        let start = START_BIT_S.min(most);
        let inner = Gcc::new(start, FLOOR_BIT_S.min(start), most);
        let (picture_bit_s, receiver) = watch::channel(for_picture(start));
        (
            Self {
                inner,
                picture_bit_s,
            },
            receiver,
        )
    }

    fn tell(&self) {
        let now = for_picture(self.inner.target_bitrate());
        self.picture_bit_s.send_if_modified(|told| {
            let worth_telling = told.abs_diff(now) * 20 >= *told;
            if worth_telling {
                *told = now;
            }
            worth_telling
        });
    }
}

fn for_picture(path_bit_s: f64) -> u32 {
    ((path_bit_s - AUDIO_BIT_S) / OVERHEAD).max(100_000.0) as u32
}

impl BandwidthEstimator for Observed {
    fn on_reports(&mut self, now: Instant, reports: &[PacketReport]) {
        self.inner.on_reports(now, reports);
        self.tell();
    }

    fn target_bitrate(&self) -> f64 {
        self.inner.target_bitrate()
    }

    fn handle_timeout(&mut self, now: Instant) {
        self.inner.handle_timeout(now);
        self.tell();
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.inner.poll_timeout()
    }

    fn stats(&self) -> EstimatorStats {
        self.inner.stats()
    }
}
