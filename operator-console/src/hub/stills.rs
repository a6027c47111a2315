//! The still of a case: stored when a robot sends one, read by who holds the case.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use madoguchi_shared::ids::{CaseId, RobotId};
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::still::{STILL_MAX_BYTES, Still};

use super::{Hub, Result};
use crate::board::{ConnectionId, Effect};

impl Hub {
    pub(super) async fn take_still(
        &self,
        robot: RobotId,
        case_id: CaseId,
        still: Still,
    ) -> Result<()> {
        if !is_jpeg(&still.jpeg) {
            tracing::warn!(%robot, case = %case_id, "a still that is no JPEG of our size was dropped");
            return Ok(());
        }
        let _change = self.changes.lock().await;
        if !self.store.save_still(robot, case_id, &still).await? {
            tracing::warn!(%robot, case = %case_id, "a still of a case that nobody holds was dropped");
            return Ok(());
        }
        tracing::info!(%robot, case = %case_id, "a still was stored with its case");
        self.to_holder(robot, case_id, ConsoleToOperator::Still { case_id, still });
        Ok(())
    }

    /// Shows a page the still of a case that its operator holds.
    pub(super) async fn still_to(&self, page: ConnectionId, case_id: CaseId) -> Result<()> {
        if !self.lock().board.is_holders_page(page, case_id) {
            return Ok(());
        }
        if let Some(still) = self.store.still(case_id).await? {
            let message = ConsoleToOperator::Still { case_id, still };
            self.act(None, |_| vec![Effect::Pages(vec![page], message)]);
        }
        Ok(())
    }
}

/// Whether it is a whole JPEG image (ITU-T T.81: from the marker SOI to EOI) of bounded size.
fn is_jpeg(base64: &str) -> bool {
    if base64.len() > STILL_MAX_BYTES.div_ceil(3) * 4 {
        return false;
    }
    let bytes = BASE64.decode(base64).unwrap_or_default();
    bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still(bytes: &[u8]) -> String {
        BASE64.encode(bytes)
    }

    #[test]
    fn only_a_whole_jpeg_of_bounded_size_is_one() {
        let with = |len: usize| [&[0xff, 0xd8, 0xff][..], &vec![0; len], &[0xff, 0xd9]].concat();
        assert!(is_jpeg(&still(&with(100))));
        assert!(!is_jpeg(&still(&with(STILL_MAX_BYTES))));
        assert!(!is_jpeg(&still(&with(100)[..90])));
        assert!(!is_jpeg(&still(
            b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        )));
        assert!(!is_jpeg("not base64"));
        assert!(!is_jpeg(""));
    }
}
