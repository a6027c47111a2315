//! How robot and console agree on a case's state and owner.

use madoguchi_shared::packet::{CaseState, Owner};

/// State and owner of a case after its robot's word, which are always taken together.
///
/// The robot knows where media and visitor stand, and alone of staff in the room: they are with the
/// visitor, so that their word goes before a remote operator's. The console knows who holds the case
/// (`held`) and whether the operator has `ended` it. An end is final; a robot that hasn't heard of
/// an acceptance yet doesn't undo it; a robot that believes in an operator whom the console doesn't
/// know is back in the queue.
pub fn agreed(
    stored: Option<CaseState>,
    held: bool,
    ended: bool,
    (said, owner): (CaseState, Owner),
) -> (CaseState, Owner) {
    use CaseState::{
        Accepted, Closed, Connecting, Hold, Live, Offered, Requested, Returning, Transferring,
    };
    let onsite = owner == Owner::Onsite;
    let state = match said {
        _ if stored == Some(Closed) => Closed,
        Closed => Closed,
        _ if ended => Returning,
        Accepted if onsite => return (Accepted, Owner::Onsite),
        Requested | Offered if held => Accepted,
        Accepted | Connecting | Live | Hold | Transferring if !held => Offered,
        said => said,
    };
    let owner = match state {
        Requested | Offered => Owner::Waiting,
        Accepted | Connecting | Live | Hold | Transferring => Owner::Operator,
        Returning | Closed => Owner::Agent,
    };
    (state, owner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CaseState::*;

    fn state(
        stored: Option<CaseState>,
        held: bool,
        ended: bool,
        said: (CaseState, Owner),
    ) -> CaseState {
        agreed(stored, held, ended, said).0
    }

    #[test]
    fn the_robot_moves_a_case_but_never_undoes_the_consoles_word() {
        let waiting = |state| (state, Owner::Waiting);
        let operator = |state| (state, Owner::Operator);
        assert_eq!(state(None, false, false, waiting(Requested)), Requested);
        assert_eq!(state(Some(Accepted), true, false, operator(Live)), Live);
        assert_eq!(
            state(Some(Accepted), true, false, waiting(Offered)),
            Accepted
        );
        assert_eq!(state(None, false, false, operator(Live)), Offered);
        assert_eq!(state(Some(Live), true, false, operator(Hold)), Hold);
        assert_eq!(state(Some(Hold), false, false, operator(Hold)), Offered);
        let ended = |said| state(Some(Returning), true, true, said);
        assert_eq!(ended(operator(Transferring)), Returning);
        assert_eq!(ended(operator(Live)), Returning);
        assert_eq!(ended((Closed, Owner::Agent)), Closed);
        assert_eq!(state(Some(Closed), true, true, operator(Live)), Closed);
    }

    #[test]
    fn the_conversation_belongs_to_whom_the_state_says() {
        let owner = |held, said, owner| agreed(None, held, false, (said, owner)).1;
        assert_eq!(owner(false, Offered, Owner::Waiting), Owner::Waiting);
        assert_eq!(owner(false, Offered, Owner::Operator), Owner::Waiting);
        assert_eq!(owner(true, Accepted, Owner::Waiting), Owner::Operator);
        assert_eq!(owner(true, Live, Owner::Operator), Owner::Operator);
        assert_eq!(owner(true, Hold, Owner::Operator), Owner::Operator);
        assert_eq!(owner(true, Transferring, Owner::Agent), Owner::Operator);
        assert_eq!(owner(true, Returning, Owner::Operator), Owner::Agent);
        assert_eq!(owner(false, Closed, Owner::Onsite), Owner::Agent);
    }

    #[test]
    fn staff_in_the_room_go_before_an_operator_but_not_before_an_end() {
        let said = (Accepted, Owner::Onsite);
        for (held, stored) in [(false, None), (false, Some(Offered)), (true, Some(Live))] {
            assert_eq!(agreed(stored, held, false, said), said);
        }
        let ended = agreed(Some(Returning), true, true, said);
        assert_eq!(ended, (Returning, Owner::Agent));
        let closed = agreed(Some(Closed), false, false, said);
        assert_eq!(closed, (Closed, Owner::Agent));
        // What only an operator can be in is no staff's.
        assert_eq!(
            agreed(None, false, false, (Live, Owner::Onsite)),
            (Offered, Owner::Waiting)
        );
    }
}
