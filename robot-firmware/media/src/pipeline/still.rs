//! One picture of the camera as JPEG. It exists in memory only.

use bytes::Bytes;
use crossbeam_channel::Receiver;
use gstreamer as gst;
use gstreamer_video as gst_video;

/// A camera that delivers no picture for so long delivers none.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
const ENCODING: gst::ClockTime = gst::ClockTime::from_seconds(3);

/// Waits for the picture and encodes it (ITU-T T.81); absent when none comes, or it can't be encoded.
pub(crate) fn encode(picture: &Receiver<gst::Sample>) -> Option<Bytes> {
    let sample = picture.recv_timeout(PATIENCE).ok()?;
    let jpeg = gst::Caps::new_empty_simple("image/jpeg");
    let encoded = gst_video::convert_sample(&sample, &jpeg, Some(ENCODING)).ok()?;
    let map = encoded.buffer()?.map_readable().ok()?;
    Some(Bytes::copy_from_slice(&map))
}
