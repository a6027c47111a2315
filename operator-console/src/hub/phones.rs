//! Phones of staff in the room.

use madoguchi_shared::ids::CaseId;
use madoguchi_shared::onsite::{ConsoleToPhone, OnsiteAct, PhoneToConsole};

use super::{Hub, Result};
use crate::board::{ConnectionId, Effect};
use crate::socket::Outbox;

impl Hub {
    /// A phone has said by what it comes. `None` when that can't be used; it is told so.
    pub async fn phone_joined(
        &self,
        introduction: PhoneToConsole,
        outbox: Outbox,
    ) -> Result<Option<ConnectionId>> {
        let _change = self.changes.lock().await;
        let phone = self.connection();
        let mut case = None;
        self.act(Some((phone, outbox)), |board| {
            let pass = match introduction {
                PhoneToConsole::Open { token } => board.open_link(&token),
                PhoneToConsole::Resume { pass } => Some(pass),
                PhoneToConsole::Do { .. } => None,
            };
            let pass = pass.filter(|pass| {
                case = board.phone_joined(phone, pass);
                case.is_some()
            });
            let message = match pass {
                Some(pass) => ConsoleToPhone::Opened { pass },
                None => ConsoleToPhone::Over { ended: false },
            };
            vec![Effect::Phones(vec![phone], message)]
        });
        let Some(case) = case else {
            self.forget(phone);
            return Ok(None);
        };
        tracing::info!(%case, "a phone of staff in the room has a case");
        self.show_to_phones(case, Some(phone)).await?;
        Ok(Some(phone))
    }

    /// A phone went away.
    pub fn phone_left(&self, phone: ConnectionId) {
        self.act(None, |board| {
            board.phone_left(phone);
            Vec::new()
        });
        self.forget(phone);
    }

    /// Whether a phone's pass still holds.
    pub fn phone_may_stay(&self, phone: ConnectionId) -> bool {
        self.lock().board.phone_may_stay(phone)
    }

    /// Staff did something on a phone.
    pub fn phone_does(&self, phone: ConnectionId, what: OnsiteAct) {
        let what = match what {
            OnsiteAct::End { back } => OnsiteAct::End {
                back: back.bounded(),
            },
            OnsiteAct::Accept | OnsiteAct::InHand => what,
        };
        self.act(None, |board| board.phone_does(phone, what));
    }

    /// Shows a case as it stands to the phones that have it.
    pub(super) async fn show_to_phones(
        &self,
        case: CaseId,
        only: Option<ConnectionId>,
    ) -> Result<()> {
        if !self.lock().board.has_phones(case) {
            return Ok(());
        }
        if let Some(packet) = self.packet(case).await? {
            self.act(None, |board| vec![board.to_phones(packet, only)]);
        }
        Ok(())
    }
}
