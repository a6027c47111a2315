//! Where a bundle comes from, as something to be read.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use madoguchi_update::{Bundle, Keys, Manifest};
use reqwest::{Client, Response};
use tar::Archive;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::config::is_address;

const CONNECT: Duration = Duration::from_secs(20);
/// A server from which nothing comes for so long has gone.
const SILENCE: Duration = Duration::from_secs(60);

/// A file, or an address.
#[derive(Debug, Clone)]
pub struct Source(String);

impl From<String> for Source {
    fn from(named: String) -> Self {
        Self(named)
    }
}

impl Source {
    /// As it was named.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Opens it at its beginning.
    ///
    /// # Errors
    /// When there is no such file, or the server doesn't give it.
    pub fn open(&self) -> anyhow::Result<Box<dyn Read>> {
        if !is_address(&self.0) {
            let path = PathBuf::from(&self.0);
            let file = File::open(&path).with_context(|| format!("cannot read {}", self.0))?;
            return Ok(Box::new(file));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        // The first one stays; whoever was earlier has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().connect_timeout(CONNECT).build()?;
        let asked = async {
            let answer = timeout(SILENCE, client.get(&self.0).send()).await?;
            anyhow::Ok(answer?.error_for_status()?)
        };
        let response = runtime.block_on(asked).with_context(|| {
            format!("cannot fetch {}; see that this network reaches it", self.0)
        })?;
        Ok(Box::new(Arriving {
            runtime,
            response,
            left: bytes::Bytes::new(),
        }))
    }
}

/// What only the beginning of a bundle tells, its signature being good.
///
/// # Errors
/// As [`Source::open`] and [`Bundle::open`].
pub fn peek(source: &Source, keys: &Keys) -> anyhow::Result<Manifest> {
    let mut archive = Archive::new(source.open()?);
    Ok(Bundle::open(&mut archive, keys)?.manifest)
}

/// The body of an answer, while it comes.
struct Arriving {
    runtime: Runtime,
    response: Response,
    left: bytes::Bytes,
}

impl Read for Arriving {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            let chunk = self
                .runtime
                .block_on(async { timeout(SILENCE, self.response.chunk()).await });
            match chunk {
                Ok(Ok(Some(bytes))) => self.left = bytes,
                Ok(Ok(None)) => return Ok(0),
                Ok(Err(error)) => {
                    return Err(io::Error::new(io::ErrorKind::ConnectionAborted, error));
                }
                Err(_) => return Err(io::ErrorKind::TimedOut.into()),
            }
        }
        let most = self.left.len().min(into.len());
        into[..most].copy_from_slice(&self.left.split_to(most));
        Ok(most)
    }
}
