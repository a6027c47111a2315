//! A server that is reached by streamable HTTP.

use std::path::PathBuf;
use std::time::Duration;

use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;

use super::connection::largest_message;
use crate::config::BackOffice;

const CONNECT: Duration = Duration::from_secs(5);
/// What is kept of a page that tells what went wrong, in bytes.
const LARGEST_EXCUSE: usize = 4 * 1024;

/// Why there is no transport.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The token's file can't be read.
    #[error("token_from = {} can't be read", path.display())]
    Token {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// TLS or the like can't be set up.
    #[error("HTTP can't be set up")]
    Client(#[from] reqwest::Error),
}

/// A transport to the address of `config`. It follows no redirection and no proxy: the token is
/// for that address alone.
///
/// # Errors
/// [`HttpError`] when it can't be set up; nothing is sent yet.
pub fn transport(
    config: &BackOffice,
    url: &str,
) -> Result<StreamableHttpClientTransport<reqwest::Client>, HttpError> {
    // The first one stays; whoever was earlier has installed the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .build()?;
    let mut wanted = StreamableHttpClientTransportConfig::with_uri(url)
        .max_sse_event_size(largest_message(config))
        .max_json_response_size(largest_message(config))
        .max_error_response_size(LARGEST_EXCUSE);
    if let Some(path) = &config.token_from {
        let token = super::secret(path).map_err(|source| HttpError::Token {
            path: path.clone(),
            source,
        })?;
        wanted = wanted.auth_header(token.trim());
    }
    Ok(StreamableHttpClientTransport::with_client(client, wanted))
}
