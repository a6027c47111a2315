//! Sample packets.

use madoguchi_console::hub::now;
use madoguchi_shared::PROTOCOL_VERSION;
use madoguchi_shared::ids::{CaseId, VisitId};
use madoguchi_shared::packet::{
    CaseState, Channel, Disposition, Owner, Packet, Reason, ReasonCode, Resident, ReturnPacket,
    RobotCondition, Route, Speaker, Turn, Versions,
};
use madoguchi_shared::signal::Signal;
use uuid::Uuid;

/// A case of a visitor who speaks Vietnamese.
pub fn case() -> Packet {
    Packet {
        schema_version: PROTOCOL_VERSION,
        revision: 1,
        case_id: CaseId(Uuid::now_v7()),
        visit_id: VisitId(Uuid::now_v7()),
        robot_id: None,
        opened_at: now(),
        expires_at: None,
        state: CaseState::Requested,
        owner: Owner::Waiting,
        failure: None,
        reason: Reason {
            code: ReasonCode::UnsupportedLanguage,
            language: Some("vi".parse().unwrap()),
            evidence: Vec::new(),
        },
        route: Route {
            languages: Vec::new(),
            skills: Vec::new(),
            authority: Vec::new(),
            priority: 20,
            steps: Vec::new(),
            fallback: Vec::new(),
        },
        summary: Vec::new(),
        facts: Vec::new(),
        transcript: vec![turn(1, "Xin chào")],
        account_history: None,
        actions: Vec::new(),
        policy_flags: Vec::new(),
        next_steps: Vec::new(),
        resident: Resident {
            languages: vec!["vi".parse().unwrap()],
            distress: None,
            distress_trend: None,
            accessibility: Vec::new(),
            consent: Vec::new(),
            redacted: Vec::new(),
            kept_hours: None,
        },
        robot: RobotCondition::default(),
        returned: None,
        versions: Versions::default(),
    }
}

pub fn turn(number: u32, text: &str) -> Turn {
    Turn {
        number,
        speaker: Speaker::Resident,
        said_by: None,
        channel: Channel::Speech,
        text: text.into(),
        language: Some("vi".parse().unwrap()),
        translation: None,
        confidence: Some(0.9),
        doubtful: Vec::new(),
        shown: None,
        interrupted: false,
        spoken: None,
        at: now(),
    }
}

pub fn back() -> ReturnPacket {
    ReturnPacket {
        disposition: Disposition::Resolved,
        note: "Form handed out.".into(),
        resume: true,
        promise: None,
    }
}

pub fn offer(session: u32) -> Signal {
    Signal::Offer {
        session,
        sdp: "v=0".into(),
        proof: None,
    }
}
