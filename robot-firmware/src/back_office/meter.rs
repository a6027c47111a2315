//! A server's output, as long as it keeps within bounds.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, ReadBuf};

const WINDOW: Duration = Duration::from_secs(1);
/// A server may fill a line of the greatest length this many times in a second.
const LINES_A_SECOND: usize = 2;

/// Ends the output of a server that floods: with a line that doesn't end, or with too many.
#[derive(Debug)]
pub struct Metered<R> {
    output: R,
    longest_line: usize,
    line: usize,
    window: Instant,
    in_window: usize,
    flooded: Arc<AtomicBool>,
}

impl<R> Metered<R> {
    /// Allows lines of up to `longest_line` bytes, and sets `flooded` when it ends the output.
    pub fn new(output: R, longest_line: usize, flooded: Arc<AtomicBool>) -> Self {
        Self {
            output,
            longest_line,
            line: 0,
            window: Instant::now(),
            in_window: 0,
            flooded,
        }
    }

    fn floods(&mut self, bytes: &[u8]) -> bool {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line += part.len();
            if self.line > self.longest_line {
                return true;
            }
            if part.ends_with(b"\n") {
                self.line = 0;
            }
        }
        if self.window.elapsed() > WINDOW {
            self.window = Instant::now();
            self.in_window = 0;
        }
        self.in_window += bytes.len();
        self.in_window > self.longest_line.saturating_mul(LINES_A_SECOND)
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Metered<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.flooded.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.output).poll_read(context, buffer))?;
        if self.floods(&buffer.filled()[before..]) {
            self.flooded.store(true, Ordering::Relaxed);
            buffer.set_filled(before);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    async fn read(text: &str) -> (String, bool) {
        let flooded = Arc::new(AtomicBool::new(false));
        let mut metered = Metered::new(text.as_bytes(), 8, Arc::clone(&flooded));
        let mut read = String::new();
        metered.read_to_string(&mut read).await.unwrap();
        (read, flooded.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn lines_within_bounds_pass() {
        let text = "1234567\n123\nabc";
        assert_eq!(read(text).await, (text.to_owned(), false));
    }

    #[tokio::test]
    async fn a_line_without_end_ends_the_output() {
        assert_eq!(read("123456789").await, (String::new(), true));
    }

    #[tokio::test]
    async fn too_many_lines_end_the_output() {
        assert!(read(&"1234567\n".repeat(3)).await.1);
    }
}
