//! What operators' pages say.

use madoguchi_shared::ids::{CaseId, UnixMs};
use madoguchi_shared::link::ConsoleToRobot;
use madoguchi_shared::operator::{ApiError, ConsoleToOperator, OperatorToConsole};
use madoguchi_shared::packet::{OperatorCard, ReturnPacket};

use super::{Hub, Result, now};
use crate::board::{Board, Call, ConnectionId, Effect, Held};
use crate::socket::Outbox;
use crate::store::{Accepting, OperatorSession};

/// Longest text that an operator may type at once, in characters.
pub const SAY_MAX_CHARS: usize = 2_000;
/// Longest telephone number or mail address of a promise.
const CONTACT_MAX_CHARS: usize = ReturnPacket::CONTACT_MAX_CHARS;

/// Longest note of a return packet, in characters.
pub const NOTE_MAX_CHARS: usize = ReturnPacket::NOTE_MAX_CHARS;

/// Longest of what a page draws for its call; it needs 24.
const NONCE_MAX_BYTES: usize = 64;
/// A session that carries a conversation lasts this long at least: it never ends in a call, nor
/// right after one.
const SESSION_IN_CALL_MS: i64 = 10 * 60 * 1000;

pub(super) const NOT_HELD: &str = "You don't hold this case in this window; accept it first.";

impl Hub {
    /// An operator's page connected. It learns of a case that the operator holds, and takes it up
    /// by accepting it.
    pub async fn page_joined(
        &self,
        session: &OperatorSession,
        outbox: Outbox,
    ) -> Result<ConnectionId> {
        let _change = self.changes.lock().await;
        let page = self.connection();
        let card = session.card.clone();
        let token = (session.token_hash.clone(), session.page_key.clone());
        let ended = self.store.ended_last(session.card.id).await?;
        let staff = self.store.staff(session.card.id).await?;
        self.act(Some((page, outbox)), |board| {
            board.page_joined(page, card, staff, token, ended)
        });
        self.tasks_to(page).await?;
        Ok(page)
    }

    /// An operator's page went away.
    pub async fn page_left(&self, page: ConnectionId) {
        let _change = self.changes.lock().await;
        self.act(None, |board| board.page_left(page));
        self.forget(page);
    }

    /// Whether a page's session still holds. One that carries a conversation is extended instead
    /// of leaving the visitor alone; it ends only by signing out, or with its account.
    pub async fn session_holds(&self, page: ConnectionId, token_hash: &str) -> Result<bool> {
        self.read_staff(page).await?;
        if self.lock().board.carries(page) {
            let soon = UnixMs(now().0 + SESSION_IN_CALL_MS / 2);
            let until = UnixMs(now().0 + SESSION_IN_CALL_MS);
            self.store.extend_session(token_hash, soon, until).await?;
        }
        Ok(self.store.session(token_hash, now()).await?.is_some())
    }

    /// A session is over: its pages are hung up. When the operator `leaves` with it, a case that
    /// they hold waits for the next one at once, unless another session of theirs carries it.
    pub async fn session_ended(&self, session: &OperatorSession, leaves: bool) -> Result<()> {
        let (operator, token) = (session.card.id, &session.token_hash);
        let _change = self.changes.lock().await;
        if leaves && !self.lock().board.is_here_without(operator, token) {
            self.leave_talk(operator).await?;
        }
        if leaves && !self.lock().board.goes_on_without(operator, token) {
            let released = self.store.release(operator, now()).await?;
            if let Some(record) = released {
                tracing::info!(case = %record.entry.case_id, %operator, "case waits again: its operator signed out");
                self.act(None, |board| board.released(record));
            }
        }
        self.act(None, |board| {
            let pages = board.pages_of_session(token);
            pages
                .into_iter()
                .flat_map(|page| {
                    let mut effects = board.page_left(page);
                    effects.push(Effect::Drop(page));
                    effects
                })
                .collect()
        });
        Ok(())
    }

    /// A page said something. `Err` ends its connection.
    pub async fn from_page(&self, page: ConnectionId, message: OperatorToConsole) -> Result<()> {
        let Some(operator) = self.lock().board.operator_of(page).cloned() else {
            return Ok(());
        };
        match message {
            OperatorToConsole::Open { case_id } => {
                let _change = self.changes.lock().await;
                self.open(page, case_id).await?;
            }
            OperatorToConsole::Accept {
                case_id,
                call,
                nonce,
            } => {
                if let Some(call) = self.call(page, Some(case_id), call, nonce) {
                    let _change = self.changes.lock().await;
                    self.accept(page, &operator, case_id, call).await?;
                }
            }
            OperatorToConsole::Decline { case_id } => {
                self.decline(operator.id, case_id).await?;
            }
            OperatorToConsole::Hold { case_id, minutes } => {
                self.hold(page, &operator, case_id, minutes).await?;
            }
            OperatorToConsole::Transfer(wish) => self.pass_on(page, &operator, wish).await?,
            OperatorToConsole::Join { case_id } => self.join(page, &operator, case_id).await?,
            OperatorToConsole::Tell { case_id, text } => {
                self.tell(page, operator.id, case_id, &text).await?;
            }
            OperatorToConsole::KeepCase { case_id } => self.keep_case(page, case_id).await?,
            OperatorToConsole::Watch { robot_id, on } => {
                self.watch(page, &operator, robot_id, on).await?;
            }
            OperatorToConsole::Suggest {
                robot_id,
                text,
                language,
            } => self.suggest(page, robot_id, text, language),
            OperatorToConsole::TakeVisit {
                robot_id,
                call,
                nonce,
            } => {
                if let Some(call) = self.call(page, None, call, nonce) {
                    self.take_visit(page, &operator, robot_id, call).await;
                }
            }
            OperatorToConsole::TryTask {
                task_id,
                done,
                note,
            } => {
                self.try_task(page, &operator, task_id, done, &note).await?;
            }
            OperatorToConsole::Drive { case_id, on } => self.drive(page, case_id, on),
            OperatorToConsole::Duty(duty) => self.set_duty(operator.id, duty).await?,
            OperatorToConsole::End { case_id, back } => {
                self.end(page, &operator, case_id, back).await?;
            }
            OperatorToConsole::Say {
                case_id,
                message,
                text,
                language,
            } => {
                if text.trim().is_empty() || text.chars().count() > SAY_MAX_CHARS {
                    let remedy = format!("Write 1 to {SAY_MAX_CHARS} characters at once.");
                    self.refuse(page, case_id, "text_length", remedy);
                    return Ok(());
                }
                let say = ConsoleToRobot::Say {
                    case_id,
                    message,
                    text,
                    language,
                };
                self.to_robot(page, case_id, say);
            }
            OperatorToConsole::Show { case_id, wish } => self.show(page, case_id, wish),
            OperatorToConsole::FillIn { case_id, wish } => self.fill_in(page, case_id, wish),
            OperatorToConsole::AskStill { case_id, on } => {
                self.to_robot(page, case_id, ConsoleToRobot::AskStill { case_id, on });
            }
            OperatorToConsole::Point { case_id, shown, at } => {
                self.to_robot(page, case_id, ConsoleToRobot::Point { case_id, shown, at });
            }
            OperatorToConsole::Distrust { case_id, session } => {
                tracing::warn!(case = %case_id, operator = %operator.id, "a page refused the robot's offer: its signature doesn't fit");
                self.to_robot(page, case_id, ConsoleToRobot::Distrust { case_id, session });
            }
            OperatorToConsole::Signal { case_id, signal } => {
                self.to_robot(page, case_id, ConsoleToRobot::Signal { case_id, signal });
            }
        }
        Ok(())
    }

    pub(super) async fn open(&self, page: ConnectionId, case: CaseId) -> Result<()> {
        let may = self.lock().board.follow(page, case);
        match if may {
            self.packet(case).await?
        } else {
            None
        } {
            Some(packet) => {
                self.act(None, |_| vec![Board::packet_to(page, packet)]);
                self.still_to(page, case).await?;
            }
            None => self.refuse(
                page,
                case,
                "not_yours",
                "This case has ended, or a colleague holds it or is offered it; choose another one.",
            ),
        }
        Ok(())
    }

    async fn accept(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
        call: Call,
    ) -> Result<()> {
        if let Err(why) = self.may_take(operator.id, case) {
            self.refuse(page, case, why.0, why.1);
            return Ok(());
        }
        if self.talks_elsewhere(operator.id, case) {
            self.refuse_another(page, case);
            return Ok(());
        }
        let passed_on = self.lock().board.passed_on_to(operator.id, case);
        if let Some(transfer) = passed_on {
            if transfer.warm && transfer.talk.is_none() {
                let why = "Your colleague wants to talk to you first; do that, then take over.";
                self.refuse(page, case, "talk_first", why);
                return Ok(());
            }
            return self.take_over(page, operator, (case, transfer), call).await;
        }
        self.take(page, operator, case, call).await
    }

    /// Gives a case to an operator unless somebody holds it.
    pub(super) async fn take(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
        call: Call,
    ) -> Result<()> {
        match self.store.accept(case, operator.id, now()).await? {
            Accepting::Holds(record) => {
                tracing::info!(%case, operator = %operator.id, "case accepted");
                self.act(None, |board| board.held(record, page, call));
                self.open(page, case).await?;
            }
            Accepting::HeldBy(holder) => self.refuse(
                page,
                case,
                "already_taken",
                format!(
                    "{} was a moment faster and has taken this case.",
                    holder.name
                ),
            ),
            Accepting::HoldsAnother => self.refuse_another(page, case),
            Accepting::Onsite => self.refuse(
                page,
                case,
                "onsite",
                "Staff in the room have this visitor; the case comes back if they pass it on.",
            ),
            Accepting::Gone => self.refuse(
                page,
                case,
                "gone",
                "This case has ended; the visitor no longer waits for a person.",
            ),
        }
        Ok(())
    }

    /// The call that a page begins; it is refused what no page of ours draws.
    fn call(
        &self,
        page: ConnectionId,
        case: Option<CaseId>,
        number: u32,
        nonce: String,
    ) -> Option<Call> {
        if nonce.len() > NONCE_MAX_BYTES {
            self.refuse(page, case, "bad_request", "Load this page anew.");
            return None;
        }
        Some(Call { number, nonce })
    }

    async fn end(
        &self,
        page: ConnectionId,
        operator: &OperatorCard,
        case: CaseId,
        back: ReturnPacket,
    ) -> Result<()> {
        if back.note.chars().count() > NOTE_MAX_CHARS {
            let remedy = format!("Write at most {NOTE_MAX_CHARS} characters into the note.");
            self.refuse(page, case, "text_length", remedy);
            return Ok(());
        }
        let long = |contact: &String| contact.chars().count() > CONTACT_MAX_CHARS;
        if back
            .promise
            .iter()
            .filter_map(|promise| promise.contact.as_ref())
            .any(long)
        {
            let remedy = format!(
                "Write at most {CONTACT_MAX_CHARS} characters for how the visitor is reached."
            );
            self.refuse(page, case, "text_length", remedy);
            return Ok(());
        }
        let _change = self.changes.lock().await;
        match self.store.end(case, operator.id, &back, now()).await? {
            Some(record) => {
                tracing::info!(%case, operator = %operator.id, "case ended by its operator");
                let promised = match back.promise {
                    Some(_) => self.store.promised_in(case).await?,
                    None => None,
                };
                self.act(None, |board| {
                    let mut effects = board.case_stored(record);
                    effects.extend(board.standing(case));
                    let open = promised.into_iter().filter(|task| !task.done);
                    effects.extend(open.map(|task| board.task_to_all(task)));
                    effects
                });
            }
            None => self.refuse(page, case, "not_yours", NOT_HELD),
        }
        Ok(())
    }

    pub(super) fn refuse_another(&self, page: ConnectionId, case: CaseId) {
        self.refuse(
            page,
            case,
            "holding_another",
            "You hold another conversation; end it before you take the next one.",
        );
    }

    pub(super) fn to_robot(&self, page: ConnectionId, case: CaseId, message: ConsoleToRobot) {
        let held = self.lock().board.robot_of_held(case, page);
        match held {
            Held::Robot(link) => {
                self.act(None, |_| vec![Effect::Robot(link, message)]);
            }
            Held::RobotAway => self.refuse(
                page,
                case,
                "robot_away",
                "The robot isn't connected right now; try again when it is back.",
            ),
            Held::NotHeld => self.refuse(page, case, "not_yours", NOT_HELD),
        }
    }

    pub(super) fn refuse(
        &self,
        page: ConnectionId,
        case: impl Into<Option<CaseId>>,
        code: &str,
        message: impl Into<String>,
    ) {
        let error = ApiError {
            code: code.to_owned(),
            message: message.into(),
        };
        let message = ConsoleToOperator::Error {
            case_id: case.into(),
            error,
        };
        self.act(None, |_| vec![Effect::Pages(vec![page], message)]);
    }
}
