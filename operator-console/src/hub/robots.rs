//! What robots say.

use madoguchi_shared::ids::{CaseId, RobotId, UnixMs};
use madoguchi_shared::link::{ConsoleToRobot, RobotToConsole};
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{Packet, Turn};

use super::{Hub, Result, entry, now};
use crate::board::{ConnectionId, Effect};
use crate::socket::Outbox;
use crate::store::{PacketSaved, ProgressSaved, RobotRecord, TurnSaved, Word};

impl Hub {
    /// A robot has proved its key.
    pub async fn robot_joined(&self, robot: RobotRecord, outbox: Outbox) -> Result<ConnectionId> {
        let _change = self.changes.lock().await;
        self.robot_heard(robot.id).await?;
        let link = self.connection();
        let known = (robot.public_key.clone(), robot.site.clone());
        let mut entry = entry(robot);
        entry.last_seen = Some(now());
        self.act(Some((link, outbox)), |board| {
            board.robot_joined(entry, known, link)
        });
        Ok(link)
    }

    /// A robot's connection ended.
    pub async fn robot_left(&self, robot: RobotId, link: ConnectionId) {
        let _change = self.changes.lock().await;
        let effects = self.act(None, |board| board.robot_left(robot, link, now()));
        self.forget(link);
        if effects == 0 {
            return;
        }
        match self.store.robot_seen(robot, now(), None).await {
            Ok(true) => {}
            Ok(false) => {
                self.act(None, |board| board.robot_removed(robot));
            }
            Err(error) => tracing::warn!(%robot, %error, "the robot's last sight isn't stored"),
        }
    }

    /// Notes that a robot's connection stands; `false` when it isn't claimed any more.
    pub async fn robot_heard(&self, robot: RobotId) -> Result<bool> {
        let silence_ms = i64::try_from(self.silence.as_millis()).unwrap_or(i64::MAX);
        let until = UnixMs(now().0.saturating_add(silence_ms));
        self.store.robot_seen(robot, now(), Some(until)).await
    }

    /// A robot said something. `Err` ends its connection: it sends again after the next one.
    pub async fn from_robot(
        &self,
        robot: RobotId,
        link: ConnectionId,
        message: RobotToConsole,
    ) -> Result<()> {
        if !self.lock().board.is_current(robot, link) {
            return Ok(());
        }
        match message {
            RobotToConsole::Hello(_) => {
                tracing::warn!(%robot, "a second hello was dropped");
            }
            RobotToConsole::Case { packet } => {
                let _change = self.changes.lock().await;
                let case = packet.case_id;
                let (record, changed) = match self.store.save_packet(robot, &packet, now()).await? {
                    PacketSaved::Stored(record) => {
                        self.tell_promise(&packet).await?;
                        (record, true)
                    }
                    PacketSaved::Known(record) => (record, false),
                    PacketSaved::Foreign => {
                        tracing::warn!(%robot, %case, "a packet for another robot's case was dropped");
                        return Ok(());
                    }
                };
                self.say_saved(link, case, record.revision);
                self.act(None, |board| board.case_stored(record));
                if changed {
                    self.show_packet_to_readers(case).await?;
                    self.show_to_phones(case, None).await?;
                }
                let taking = self.lock().board.taken_visit(robot, packet.visit_id);
                if let Some(taking) = taking {
                    self.take(taking.page, &taking.operator, case, taking.call)
                        .await?;
                }
            }
            RobotToConsole::Turn {
                case_id,
                revision,
                turn,
            } => {
                self.add_turn(robot, link, case_id, revision, turn).await?;
            }
            RobotToConsole::Progress {
                case_id,
                revision,
                state,
                owner,
                failure,
            } => {
                let _change = self.changes.lock().await;
                let word = Word {
                    revision,
                    state,
                    owner,
                    failure,
                };
                match self.store.progress(robot, case_id, word, now()).await? {
                    ProgressSaved::Moved(record) => {
                        tracing::info!(%robot, case = %case_id, state = record.entry.state.as_str(), "case moved");
                        self.act(None, |board| board.case_stored(record));
                        self.show_to_phones(case_id, None).await?;
                    }
                    ProgressSaved::Standing(record) => {
                        tracing::debug!(%robot, case = %case_id, "an old word moves no case");
                        self.act(None, |board| board.case_stored(record));
                    }
                    ProgressSaved::Foreign => {
                        tracing::warn!(%robot, case = %case_id, "progress of an unknown case was dropped");
                    }
                }
            }
            RobotToConsole::Visit { visit } => {
                self.act(None, |board| board.visit_told(robot, visit));
            }
            RobotToConsole::Watched { visit_id, turns } => {
                self.show_watched(robot, visit_id, turns);
            }
            RobotToConsole::Task { task } => self.take_task(robot, link, task).await?,
            RobotToConsole::Signal { case_id, signal } => {
                self.to_holder(
                    robot,
                    case_id,
                    ConsoleToOperator::Signal { case_id, signal },
                );
            }
            RobotToConsole::SoFar { case_id, words } => {
                self.to_holder(robot, case_id, ConsoleToOperator::SoFar { case_id, words });
            }
            RobotToConsole::Showable { case_id, showable } => {
                let showable = ConsoleToOperator::Showable { case_id, showable };
                self.to_holder(robot, case_id, showable);
            }
            RobotToConsole::Showing {
                case_id,
                showing,
                refused,
            } => {
                let showing = ConsoleToOperator::Showing {
                    case_id,
                    showing,
                    refused,
                };
                self.to_holder(robot, case_id, showing);
            }
            RobotToConsole::Form {
                case_id,
                form,
                refused,
            } => {
                let form = ConsoleToOperator::Form {
                    case_id,
                    form,
                    refused,
                };
                self.to_holder(robot, case_id, form);
            }
            RobotToConsole::StillStep { case_id, step } => {
                self.to_holder(
                    robot,
                    case_id,
                    ConsoleToOperator::StillStep { case_id, step },
                );
            }
            RobotToConsole::Still { case_id, still } => {
                self.take_still(robot, case_id, still).await?;
            }
            RobotToConsole::Pointed { case_id, shown, at } => {
                let pointed = ConsoleToOperator::Pointed { case_id, shown, at };
                self.to_holder(robot, case_id, pointed);
            }
            RobotToConsole::Shown {
                case_id,
                message,
                language,
                text,
                translated,
            } => {
                let shown = ConsoleToOperator::Shown {
                    case_id,
                    message,
                    language,
                    text,
                    translated,
                };
                self.to_holder(robot, case_id, shown);
            }
            RobotToConsole::AskStaffLink { case_id } => {
                tracing::info!(%robot, case = %case_id, "staff in the room ask for a link");
                self.act(None, |board| board.staff_link(robot, case_id));
            }
            RobotToConsole::Status {
                condition, updates, ..
            } => {
                let told = (condition, updates);
                self.act(None, |board| board.robot_status(robot, told, now()));
            }
        }
        Ok(())
    }

    async fn add_turn(
        &self,
        robot: RobotId,
        link: ConnectionId,
        case_id: CaseId,
        revision: u32,
        turn: Turn,
    ) -> Result<()> {
        let _change = self.changes.lock().await;
        match self
            .store
            .add_turn(robot, case_id, revision, &turn, now())
            .await?
        {
            TurnSaved::Stored => {
                self.say_saved(link, case_id, revision);
                let message = ConsoleToOperator::Turn {
                    case_id,
                    revision,
                    turn,
                };
                self.act(None, |board| vec![board.to_readers(case_id, message)]);
                self.show_to_phones(case_id, None).await?;
            }
            TurnSaved::Standing(revision) => self.say_saved(link, case_id, revision),
            TurnSaved::Foreign => {
                tracing::warn!(%robot, case = %case_id, "a line for an unknown case was dropped");
            }
        }
        Ok(())
    }

    /// What staff in the room promised with a case's end stands at every desk.
    async fn tell_promise(&self, packet: &Packet) -> Result<()> {
        let promised = packet
            .returned
            .as_ref()
            .and_then(|back| back.promise.as_ref());
        if promised.is_some()
            && let Some(task) = self.store.promised_in(packet.case_id).await?
            && !task.done
        {
            self.act(None, |board| vec![board.task_to_all(task)]);
        }
        Ok(())
    }

    fn say_saved(&self, link: ConnectionId, case_id: CaseId, revision: u32) {
        let saved = ConsoleToRobot::CaseSaved { case_id, revision };
        self.act(None, |_| vec![Effect::Robot(link, saved)]);
    }

    pub(super) fn to_holder(&self, robot: RobotId, case: CaseId, message: ConsoleToOperator) {
        self.act(None, |board| match board.page_of_case(case, robot) {
            Some(page) => vec![Effect::Pages(vec![page], message)],
            None => {
                tracing::debug!(%robot, %case, "no page holds the case; a message was dropped");
                Vec::new()
            }
        });
    }

    async fn show_packet_to_readers(&self, case: CaseId) -> Result<()> {
        if !self.lock().board.has_readers(case) {
            return Ok(());
        }
        if let Some(packet) = self.packet(case).await? {
            let message = ConsoleToOperator::Packet {
                packet: Box::new(packet),
            };
            self.act(None, |board| vec![board.to_readers(case, message)]);
        }
        Ok(())
    }
}
