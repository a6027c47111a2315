//! Why the engine can't start.

/// Why [`MediaEngine::start`](crate::MediaEngine::start) failed. A device that is missing isn't
/// among these: the engine starts without it, says so in an event and keeps trying.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// GStreamer itself doesn't start.
    #[error("GStreamer can't be initialised; reinstall the gstreamer1.0 packages")]
    Init(#[source] gstreamer::glib::Error),
    /// A part of GStreamer isn't installed.
    #[error("the GStreamer element `{element}` is missing; install {package}")]
    MissingElement {
        /// The element.
        element: &'static str,
        /// The Debian package that has it.
        package: &'static str,
    },
    /// The operating system gave no thread.
    #[error("the thread `{thread}` can't be started; the system is out of memory or processes")]
    Thread {
        /// Its name.
        thread: &'static str,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
}
