//! What came of a call, told from all that a server may send instead of an answer.

use madoguchi_core::tool::ToolOutcome;
use rmcp::ServiceError;
use rmcp::model::{CallToolResult, ErrorCode};
use rmcp::transport::DynamicTransportError;
use rmcp::transport::streamable_http_client::StreamableHttpError;

use super::tools::Tool;

/// The outcome of an answer of at most `largest` bytes.
pub fn outcome(tool: &Tool, result: CallToolResult, largest: usize) -> ToolOutcome {
    if !serde_json::to_vec(&result).is_ok_and(|bytes| bytes.len() <= largest) {
        return ToolOutcome::TooLarge;
    }
    let lines = result.content.iter().filter_map(|block| block.as_text());
    let text = lines
        .map(|block| block.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let structured = result.structured_content;
    if result.is_error == Some(true) {
        return ToolOutcome::Refused { structured, text };
    }
    if !tool.promised(structured.as_ref()) {
        return ToolOutcome::BadAnswer;
    }
    ToolOutcome::Done { structured, text }
}

/// The outcome where there is no answer; `flooded` when the server sent too much.
pub fn failure(error: &ServiceError, flooded: bool) -> ToolOutcome {
    match error {
        ServiceError::McpError(error) if turned_down(error.code) => ToolOutcome::Refused {
            structured: None,
            text: error.message.to_string(),
        },
        ServiceError::TransportClosed | ServiceError::TransportSend(_) if flooded => {
            ToolOutcome::TooLarge
        }
        ServiceError::TransportSend(error) => not_sent(error),
        ServiceError::TransportClosed => ToolOutcome::Lost,
        ServiceError::Timeout { .. } | ServiceError::Cancelled { .. } => ToolOutcome::TooSlow,
        _ => ToolOutcome::BadAnswer,
    }
}

/// Errors with which a server says that it did not begin.
fn turned_down(code: ErrorCode) -> bool {
    [
        ErrorCode::INVALID_REQUEST,
        ErrorCode::INVALID_PARAMS,
        ErrorCode::METHOD_NOT_FOUND,
    ]
    .contains(&code)
}

fn not_sent(error: &DynamicTransportError) -> ToolOutcome {
    type Http = StreamableHttpError<reqwest::Error>;
    match error.error.downcast_ref::<Http>() {
        Some(Http::Client(error)) if error.is_connect() => ToolOutcome::Unavailable,
        Some(Http::AuthRequired(_) | Http::InsufficientScope(_)) => ToolOutcome::Unavailable,
        Some(Http::ResponseBodyTooLarge { .. }) => ToolOutcome::TooLarge,
        Some(
            Http::UnexpectedServerResponse(_)
            | Http::UnexpectedContentType(_)
            | Http::Deserialize(_)
            | Http::HttpStatus(_),
        ) => ToolOutcome::BadAnswer,
        _ => ToolOutcome::Lost,
    }
}

/// A word for the log.
pub fn word(outcome: &ToolOutcome) -> &'static str {
    match outcome {
        ToolOutcome::Done { .. } => "done",
        ToolOutcome::Refused { .. } => "refused",
        ToolOutcome::BadCall => "bad_call",
        ToolOutcome::Unavailable => "unavailable",
        ToolOutcome::TooSlow => "too_slow",
        ToolOutcome::Lost => "lost",
        ToolOutcome::TooLarge => "too_large",
        ToolOutcome::BadAnswer => "bad_answer",
    }
}
