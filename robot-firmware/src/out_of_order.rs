//! What the screen shows while the daemon can't be kept running: that the robot is out of order,
//! where to go instead, and for staff what is in trouble.
//!
//! It needs nothing that could be what is broken: no pack, no model, no state, no page of the
//! daemon's. Its words are its own, in the sample office's three languages.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum::{Json, Router, middleware};
use tokio::net::TcpListener;

use crate::check::{self, Check, Condition, escaped};
use crate::screen::{self, ScreenError};

const SCRIPT: &str = include_str!("out_of_order/page.js");
const STYLE: &str = include_str!("out_of_order/page.css");
const PAGE: &str = include_str!("out_of_order/page.html");

/// Serves the page at the screen's address until `rest` has passed or `stop` is ready.
///
/// # Errors
/// [`ScreenError`] when the address is taken.
pub async fn serve(
    address: SocketAddr,
    check: Check,
    rest: Duration,
    stop: impl Future<Output = ()>,
) -> Result<(), ScreenError> {
    let listener: TcpListener = screen::bind(address).await?;
    let page = page(&check, rest);
    let json = check::json(&check);
    let app = Router::new()
        // Whoever waits for the daemon is not to take this for it; a browser shows it all the same.
        .route(
            "/check.json",
            get(|| async { (StatusCode::SERVICE_UNAVAILABLE, Json(json)) }),
        )
        .route("/out-of-order.js", get(|| text("text/javascript", SCRIPT)))
        .route("/out-of-order.css", get(|| text("text/css", STYLE)))
        .fallback(get(|| async { Html(page) }))
        .layer(middleware::map_response(screen::secure));
    let serving = axum::serve(listener, app).into_future();
    tokio::select! {
        _ = serving => {}
        () = tokio::time::sleep(rest) => {}
        () = stop => {}
    }
    Ok(())
}

async fn text(kind: &'static str, body: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], body)
}

fn page(check: &Check, rest: Duration) -> String {
    let troubles = check
        .findings
        .iter()
        .filter(|finding| finding.condition == Condition::Trouble);
    let rows: String = troubles
        .map(|finding| {
            let (part, detail) = (finding.part.name(), escaped(&finding.detail));
            format!("<dt>{part}</dt>\n<dd>{detail}</dd>\n")
        })
        .collect();
    let found = match rows.is_empty() {
        true => "<dt>Check</dt>\n<dd>It finds nothing in trouble.</dd>\n".to_owned(),
        false => rows,
    };
    let minutes = rest.as_secs().div_ceil(60).to_string();
    PAGE.replace("{minutes}", &minutes)
        .replace("{found}", &found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Finding, Part};

    #[test]
    fn the_page_names_only_what_is_in_trouble_and_takes_no_markup() {
        let mut check = Check::default();
        check.note(Finding::new(
            Part::Pack,
            Condition::Trouble,
            "<b>pack.toml</b>",
        ));
        check.note(Finding::new(Part::Program, Condition::Works, "0.1.0"));
        let page = page(&check, Duration::from_secs(179));
        assert!(page.contains("&lt;b&gt;pack.toml&lt;/b&gt;"), "{page}");
        assert!(!page.contains("<dt>Program</dt>"), "{page}");
        assert!(page.contains("in 3 minutes"), "{page}");
    }
}
