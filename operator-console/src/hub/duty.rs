//! Who is there, and to whom waiting cases go.

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::operator::SetDuty;

use super::{Hub, Result, now};
use crate::board::{ConnectionId, NotOffered};
use crate::store::NEVER;

/// Longest announced absence, in minutes.
const AWAY_MAX_MIN: u32 = 240;

impl Hub {
    /// When waiting cases are offered anew though nothing happens.
    pub fn next_change(&self) -> Option<UnixMs> {
        self.lock().board.next_change()
    }

    /// Waits until [`Hub::next_change`] is another one than it was.
    pub async fn replanned(&self) {
        self.replanned.notified().await;
    }

    /// Offers waiting cases anew, as time passes, and ends what nobody has taken over in time.
    pub async fn offer_anew(&self) -> Result<()> {
        self.act(None, |_| Vec::new());
        self.end_overdue_transfers().await
    }

    pub(super) async fn set_duty(&self, operator: OperatorId, duty: SetDuty) -> Result<()> {
        let until = match duty {
            SetDuty::On => None,
            SetDuty::Off => Some(NEVER),
            SetDuty::BackIn { minutes } => {
                let minutes = i64::from(minutes.clamp(1, AWAY_MAX_MIN));
                Some(UnixMs(now().0 + minutes * 60_000))
            }
        };
        let _change = self.changes.lock().await;
        self.store.set_away(operator, until).await?;
        self.read_staff_of(operator).await
    }

    /// Reads again what a page's operator can do: it may have been changed by a command.
    pub(super) async fn read_staff(&self, page: ConnectionId) -> Result<()> {
        let operator = self.lock().board.operator_of(page).map(|card| card.id);
        match operator {
            Some(operator) => self.read_staff_of(operator).await,
            None => Ok(()),
        }
    }

    async fn read_staff_of(&self, operator: OperatorId) -> Result<()> {
        let staff = self.store.staff(operator).await?;
        self.act(None, |board| {
            board.staffed(operator, staff);
            Vec::new()
        });
        Ok(())
    }

    /// Whether an operator may take a case now; else a code and a sentence.
    pub(super) fn may_take(
        &self,
        operator: OperatorId,
        case: CaseId,
    ) -> std::result::Result<(), (&'static str, String)> {
        let mut counter = self.lock();
        counter.board.clock(now());
        counter
            .board
            .may_take(operator, case)
            .map_err(|why| match why {
                NotOffered::Reserved(name) => (
                    "reserved",
                    format!("This case is kept for {name} for some seconds; then it may be yours."),
                ),
                NotOffered::Others => (
                    "not_offered",
                    "This case isn't offered to you; go on duty, or wait until it reaches you."
                        .to_owned(),
                ),
            })
    }
}
