//! How robot and console agree on a case's state and owner.

use madoguchi_shared::packet::{CaseState, Owner};

/// The state of a case after its robot's word.
///
/// The robot knows where media and visitor stand; the console knows who holds the case (`held`)
/// and whether the operator has `ended` it. An end is final; a robot that hasn't heard of an
/// acceptance yet doesn't undo it; a robot that believes in an operator whom the console doesn't
/// know is back in the queue.
pub fn agreed_state(
    stored: Option<CaseState>,
    held: bool,
    ended: bool,
    said: CaseState,
) -> CaseState {
    use CaseState::{
        Accepted, Closed, Connecting, Hold, Live, Offered, Requested, Returning, Transferring,
    };
    match said {
        _ if stored == Some(Closed) => Closed,
        Closed => Closed,
        _ if ended => Returning,
        Requested | Offered if held => Accepted,
        Accepted | Connecting | Live | Hold | Transferring if !held => Offered,
        said => said,
    }
}

/// Who holds the conversation of a case in an [agreed state](agreed_state), after its robot's word.
///
/// An acceptance and an end move the conversation at once, whether or not the robot has heard of
/// them. Only the robot knows of staff in the room.
pub fn agreed_owner(state: CaseState, said: Owner) -> Owner {
    use CaseState::{
        Accepted, Closed, Connecting, Hold, Live, Offered, Requested, Returning, Transferring,
    };
    match (state, said) {
        (_, Owner::Onsite) => Owner::Onsite,
        (Requested | Offered, _) => Owner::Waiting,
        (Accepted | Connecting | Live | Hold | Transferring, _) => Owner::Operator,
        (Returning | Closed, _) => Owner::Agent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_robot_moves_a_case_but_never_undoes_the_consoles_word() {
        use CaseState::*;
        assert_eq!(agreed_state(None, false, false, Requested), Requested);
        assert_eq!(agreed_state(Some(Accepted), true, false, Live), Live);
        assert_eq!(agreed_state(Some(Accepted), true, false, Offered), Accepted);
        assert_eq!(agreed_state(None, false, false, Live), Offered);
        assert_eq!(agreed_state(Some(Live), true, false, Hold), Hold);
        assert_eq!(agreed_state(Some(Hold), false, false, Hold), Offered);
        assert_eq!(
            agreed_state(Some(Returning), true, true, Transferring),
            Returning
        );
        assert_eq!(agreed_state(Some(Returning), true, true, Live), Returning);
        assert_eq!(agreed_state(Some(Returning), true, true, Closed), Closed);
        assert_eq!(agreed_state(Some(Closed), true, true, Live), Closed);
    }

    #[test]
    fn the_conversation_belongs_to_whom_the_state_says() {
        use CaseState::*;
        assert_eq!(agreed_owner(Offered, Owner::Waiting), Owner::Waiting);
        assert_eq!(agreed_owner(Offered, Owner::Operator), Owner::Waiting);
        assert_eq!(agreed_owner(Accepted, Owner::Waiting), Owner::Operator);
        assert_eq!(agreed_owner(Live, Owner::Operator), Owner::Operator);
        assert_eq!(agreed_owner(Hold, Owner::Operator), Owner::Operator);
        assert_eq!(agreed_owner(Transferring, Owner::Agent), Owner::Operator);
        assert_eq!(agreed_owner(Returning, Owner::Operator), Owner::Agent);
        assert_eq!(agreed_owner(Closed, Owner::Onsite), Owner::Onsite);
    }
}
