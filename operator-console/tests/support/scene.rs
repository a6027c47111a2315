//! The beginning that most tests share: a robot with a case, and operators who see it.

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::packet::Packet;

use super::{Desk, Office, Robot, case};

/// One robot with one case; Aiko sits at her desk.
pub struct Scene {
    pub robot: Robot,
    pub aiko: Desk,
    pub packet: Packet,
    pub case_id: CaseId,
}

impl Scene {
    /// The case waits.
    pub async fn waiting(office: &Office) -> Self {
        let mut robot = office.robot("Entrance 1").await;
        let aiko = office.desk("aiko").await;
        let packet = case();
        robot.send(&packet).await;
        Self {
            robot,
            aiko,
            case_id: packet.case_id,
            packet,
        }
    }

    /// Aiko has accepted, with call 1, and the robot knows it.
    pub async fn held(office: &Office) -> Self {
        let mut scene = Self::waiting(office).await;
        scene.aiko.accept(scene.case_id).await.unwrap();
        assert_eq!(scene.robot.accepted().await, Some(1));
        scene
    }
}
