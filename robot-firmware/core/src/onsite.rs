//! What staff in the room do, as the machine hears of it.

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::onsite::{OnsiteAct, StaffLink};
use serde::{Deserialize, Serialize};

/// One thing that staff did, or that came of it. A PIN itself never gets here, so that none is in a
/// record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Staff {
    /// Their panel was opened on the screen.
    Opened {
        /// Whether a PIN was set for this robot.
        pin_set: bool,
    },
    /// It was closed.
    Closed,
    /// A PIN was entered.
    Entered,
    /// The PIN for which [`crate::Output::CheckPin`] asked was checked.
    Checked {
        /// Whether it is the right one.
        right: bool,
    },
    /// A link for a phone is wanted.
    AskedLink,
    /// The console gave one.
    Link {
        /// The case.
        case_id: CaseId,
        /// The link.
        link: StaffLink,
    },
    /// They took the visitor over, or gave them back.
    Did {
        /// On a phone: the case that it has. Absent at the robot's own screen.
        case_id: Option<CaseId>,
        /// Which.
        what: OnsiteAct,
    },
}
