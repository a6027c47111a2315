//! Operators who watch a visit that the agent serves, suggest its next line, or take it over.

use madoguchi_shared::ids::{Lang, RobotId, VisitId};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::ConsoleToOperator;
use madoguchi_shared::packet::{OperatorCard, Turn};
use madoguchi_shared::watch::SUGGESTION_MAX_CHARS;

use super::{Hub, Result};
use crate::board::{Call, ConnectionId, Effect, Watched};

const NOT_WATCHED: &str = "You don't watch this visit; it has ended, or a person is called for it.";

impl Hub {
    pub(super) async fn watch(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        robot: RobotId,
        on: bool,
    ) -> Result<()> {
        let _change = self.changes.lock().await;
        let (may, watched) = {
            let board = &self.lock().board;
            (
                board.may_watch_at(operator.id, robot),
                board.watched(robot, page),
            )
        };
        match (watched, on) {
            (Watched::Here(..), false) => {
                tracing::info!(%robot, operator = %operator.id, "a visit is watched no longer");
                self.act(None, |board| board.watch(robot, None));
            }
            (Watched::Here(..), true) | (_, false) => {}
            (_, true) if !may => {
                let why = "You may not watch visits at this robot. Whoever runs the console makes \
                           supervisors, gives `--authority watch_visits`, and says which sites \
                           you serve.";
                self.refuse(page, None, "not_allowed", why);
            }
            (Watched::ByNobody(..), true) => {
                tracing::info!(%robot, operator = %operator.id, "a visit is watched");
                let by = Some((page, operator.clone()));
                self.act(None, |board| board.watch(robot, by));
            }
            (Watched::By(other), true) => {
                let why = format!("{} watches this visit already.", other.name);
                self.refuse(page, None, "watched", why);
            }
            (Watched::NoVisit, true) => self.refuse(page, None, "gone", NOT_WATCHED),
        }
        Ok(())
    }

    pub(super) fn suggest(&self, page: ConnectionId, robot: RobotId, text: String, language: Lang) {
        if text.trim().is_empty() || text.chars().count() > SUGGESTION_MAX_CHARS {
            let remedy = format!("Write 1 to {SUGGESTION_MAX_CHARS} characters at once.");
            return self.refuse(page, None, "text_length", remedy);
        }
        let watched = self.lock().board.watched(robot, page);
        let Watched::Here(link, visit_id) = watched else {
            return self.refuse(page, None, "gone", NOT_WATCHED);
        };
        let suggest = ConsoleToRobot::Suggest {
            visit_id,
            text,
            language,
        };
        self.act(None, |_| vec![Effect::Robot(link, suggest)]);
    }

    /// The robot opens a case, which is this operator's as soon as it is stored.
    pub(super) async fn take_visit(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        robot: RobotId,
        call: Call,
    ) {
        let _change = self.changes.lock().await;
        let (holds, watched) = {
            let board = &self.lock().board;
            let talks = board.talk_of(operator.id).is_some();
            (
                board.holds(operator.id) || talks,
                board.watched(robot, page),
            )
        };
        let Watched::Here(link, visit_id) = watched else {
            return self.refuse(page, None, "gone", NOT_WATCHED);
        };
        if holds {
            let why = "You hold another conversation; end it before you take the next one.";
            return self.refuse(page, None, "holding_another", why);
        }
        tracing::info!(%robot, operator = %operator.id, "a watched visit is taken over");
        let by = (page, operator.clone());
        self.act(None, |board| {
            board.take_visit(robot, visit_id, by, call);
            vec![Effect::Robot(link, ConsoleToRobot::TakeVisit { visit_id })]
        });
    }

    pub(super) fn show_watched(&self, robot: RobotId, visit_id: VisitId, turns: Vec<Turn>) {
        self.act(None, |board| {
            let page = board.watching_page(robot, visit_id);
            let watched = ConsoleToOperator::Watched { visit_id, turns };
            page.map(|page| Effect::Pages(vec![page], watched))
                .into_iter()
                .collect()
        });
    }
}
