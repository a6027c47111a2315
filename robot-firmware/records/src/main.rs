//! `hoshikawa-records`: a made-up ward office's records, as tools of the Model Context Protocol.
//!
//! The demonstration's back office. Everybody in it is invented; an office runs a server of its own.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod calendar;
mod seed;
mod store;
mod tools;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use rmcp::ServiceExt;
use rmcp::transport::stdio;
use rmcp::transport::streamable_http_server::StreamableHttpService;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use time::Date;

use calendar::Clock;
use store::Store;
use tools::Records;

/// A made-up ward office's records, as an MCP server on standard input and output.
///
/// Exit code: 0 done, 1 failed, 2 wrong use.
#[derive(Debug, Parser)]
#[command(name = "hoshikawa-records", version, about, long_about)]
struct Cli {
    /// SQLite file; made when absent
    #[arg(long, value_name = "FILE")]
    database: PathBuf,
    /// Put invented residents into a database that has none
    #[arg(long)]
    seed_demo: bool,
    /// Take this for today, nine o'clock, instead of the real time in Japan
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = calendar::date)]
    today: Option<Date>,
    /// Serve streamable HTTP at http://ADDRESS/mcp on loopback instead
    #[arg(long, value_name = "ADDRESS", value_parser = loopback)]
    listen: Option<SocketAddr>,
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "write it as 127.0.0.1:8790")?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("there is no sign-in here: only a loopback address can be served".to_owned())
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let served = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(serve(&cli)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hoshikawa-records: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(cli: &Cli) -> anyhow::Result<()> {
    let clock = Clock::new(cli.today);
    let store = Store::open(&cli.database).await?;
    if cli.seed_demo {
        seed::fill(&store, clock.today()).await?;
    }
    let records = Records::new(store, clock);
    let Some(address) = cli.listen else {
        let server = records.serve(stdio()).await;
        server
            .context("the client left before it spoke MCP")?
            .waiting()
            .await?;
        return Ok(());
    };
    let sessions = Arc::new(LocalSessionManager::default());
    let service =
        StreamableHttpService::new(move || Ok(records.clone()), sessions, Default::default());
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    println!("http://{}/mcp", listener.local_addr()?);
    axum::serve(listener, axum::Router::new().nest_service("/mcp", service)).await?;
    Ok(())
}
