//! The operator's page, embedded in the program.

use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::secret::sha256_hex;

#[derive(RustEmbed)]
#[folder = "web/dist"]
struct OperatorPage;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Madoguchi</title><h1>The operator's page isn't built</h1>\
    <p>The console runs. Run <code>npm ci &amp;&amp; npm run build</code> at the top of the \
    repository, build <code>madoguchi-console</code> again and restart it.</p></html>";

const NOT_FOUND: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Madoguchi</title><h1>There is no such page</h1>\
    <p><a href=\"/\">To the operator's page</a></p></html>";

/// Serves a file of the page; `/` is its `index.html`.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let Some(file) = OperatorPage::get(path) else {
        return if path == "index.html" {
            (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response()
        } else {
            (StatusCode::NOT_FOUND, Html(NOT_FOUND)).into_response()
        };
    };
    let tag = format!("\"{}\"", &sha256_hex(file.metadata.sha256_hash())[..32]);
    // The bundler puts a hash of the content into the names under `assets/`.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|given| given.as_bytes() == tag.as_bytes());
    let common = [(ETAG, tag), (CACHE_CONTROL, cache.to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let kind = file.metadata.mimetype().to_owned();
    (common, [(CONTENT_TYPE, kind)], file.data).into_response()
}
