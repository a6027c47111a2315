//! The names of everything the robot may say or show, so that nobody can ask for words that no
//! pack has.

macro_rules! keys {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$about])* $variant,)*
        }

        impl $name {
            /// All of them, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The key in `phrases/<language>.toml`.
            pub fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }
        }
    };
}

keys! {
    /// A sentence that the robot says by itself. Those for which [`Phrase::is_courtesy`] holds
    /// stand in the `[courtesy]` section and are owed to every language of the pack's `phrases`
    /// folder; the others stand in `[phrases]` and are owed by the languages that the office serves.
    Phrase {
        /// Shown and said to somebody who comes.
        Greeting = "greeting",
        /// Somebody who speaks this language is being called.
        PersonComing = "person_coming",
        /// The robot doesn't serve in this language; somebody is being called.
        PersonComingUnsupported = "person_coming_unsupported",
        /// Nobody can be reached now, and what can be done instead.
        NobodyNow = "nobody_now",
        /// The end of the visit.
        Goodbye = "goodbye",
        /// Somebody spoke, and no words could be made out.
        NotCaught = "not_caught",
        /// The same again; typing is offered.
        NotCaughtAgain = "not_caught_again",
        /// The first question that wasn't understood.
        NotUnderstood = "not_understood",
        /// The second one in a row.
        NotUnderstoodAgain = "not_understood_again",
        /// Before two or three topics to choose from.
        WhichOfThese = "which_of_these",
        /// After a flow.
        AnythingElse = "anything_else",
        /// To somebody who greets or asks what the robot is for.
        WhatICanDo = "what_i_can_do",
        /// The office's systems take their time.
        OneMoment = "one_moment",
        /// The microphone was lost while the visitor spoke; typing works.
        CannotHear = "cannot_hear",
        /// The agent hands over.
        Transferring = "transferring",
        /// While a person is awaited.
        Waiting = "waiting",
        /// When that takes long.
        WaitingLong = "waiting_long",
        /// A person accepted; picture and sound are being set up.
        Connecting = "connecting",
        /// The person is there in writing: picture and sound could not be set up.
        NoPicture = "no_picture",
        /// The same, because somebody on the way may have changed how they are set up.
        NotGenuine = "not_genuine",
        /// The person's page is gone for a moment; the call is held for them.
        OperatorAway = "operator_away",
        /// The person has put the visitor on hold: neither sees or hears the other.
        OnHold = "on_hold",
        /// That takes longer than it was said to.
        HoldLonger = "hold_longer",
        /// A person reads along while the agent serves, and may step in.
        Watched = "watched",
        /// A colleague is asked to take over; the person stays until then.
        ColleagueAsked = "colleague_asked",
        /// That colleague is there and is being told what it is about; the person stays until then.
        ColleagueBriefed = "colleague_briefed",
        /// A colleague takes over now.
        ColleagueComing = "colleague_coming",
        /// The line to the person broke.
        OperatorLost = "operator_lost",
        /// Staff in the room serve the visitor; the robot neither answers nor listens.
        StaffHere = "staff_here",
        /// The person could not take the case.
        PersonDeclined = "person_declined",
        /// No line to the office that has the people.
        ConsoleUnreachable = "console_unreachable",
        /// The person has ended the call.
        EndOfCall = "end_of_call",
        /// The agent serves the visitor again.
        BackWithAgent = "back_with_agent",
        /// Reads an answer back; `{value}` stands for it.
        ReadBack = "read_back",
        /// The same where the answer is shown but not said.
        ReadBackSecret = "read_back_secret",
        /// An answer that can't be taken.
        AnswerNotTaken = "answer_not_taken",
        /// The answer to a question doesn't hold today.
        NoCurrentAnswer = "no_current_answer",
        /// The visitor has said nothing for a while.
        StillThere = "still_there",
        /// Nobody is here, and the robot starts anew with newer software.
        Renewing = "renewing",
        /// On which day a place is open and when; `{day}`, `{place}` and `{times}` stand for them.
        HoursOn = "hours_on",
        /// On which day it is closed; `{day}` and `{place}` stand for them.
        HoursClosedOn = "hours_closed_on",
        /// It is open now; `{place}` and `{until}` stand for them.
        HoursNow = "hours_now",
        /// It is closed now; `{place}` stands for it.
        HoursClosedNow = "hours_closed_now",
        /// From when until when; `{from}` and `{until}` stand for them.
        HoursSpan = "hours_span",
        /// Where a place is; `{place}`, `{on}`, the floor, and `{way}` stand for what is known.
        PlaceIs = "place_is",
        /// A counter that the building doesn't have; `{place}` stands for it.
        NoSuchCounter = "no_such_counter",
        /// Before the hours, where yes is an answer.
        Yes = "yes",
        /// The same for no.
        No = "no",
        /// It is open at that time of the day; `{time}` and `{place}` stand for them.
        HoursOpenAt = "hours_open_at",
        /// It is closed at that time of the day; `{time}` and `{place}` stand for them.
        HoursClosedAt = "hours_closed_at",
        /// Interpreter mode began.
        InterpreterStarted = "interpreter_started",
        /// It ended.
        InterpreterEnded = "interpreter_ended",
        /// Nothing translates between the two languages that were chosen for it.
        InterpreterNoModel = "interpreter_no_model",
        /// The visitor left a flow.
        FormCancelled = "form_cancelled",
        /// Nobody can come; where can the visitor be reached?
        AskContact = "ask_contact",
        /// It is noted; somebody will get in touch.
        ContactKept = "contact_kept",
        /// A number is on the screen, to be shown at the counter.
        TicketGiven = "ticket_given",
        /// Staff in the building were called.
        BellRung = "bell_rung",
    }
}

impl Phrase {
    /// Whether every language with words at all must have it.
    pub fn is_courtesy(self) -> bool {
        matches!(
            self,
            Self::Greeting
                | Self::PersonComing
                | Self::PersonComingUnsupported
                | Self::NobodyNow
                | Self::Goodbye
        )
    }
}

keys! {
    /// A word or two on the screen page. Those for which [`ScreenLabel::is_essential`] holds are owed
    /// to every language of the pack's `phrases` folder, the others by the languages that the
    /// office serves.
    ScreenLabel {
        /// Button: a person, please.
        TalkToPerson = "talk_to_person",
        /// In the empty text field.
        TypeHere = "type_here",
        /// Button: send what was typed.
        Send = "send",
        /// Above the language buttons.
        ChooseLanguage = "choose_language",
        /// Button: end the visit.
        GoodbyeButton = "goodbye_button",
        /// Button: be quiet.
        StopSpeaking = "stop_speaking",
        /// Button: don't wait any longer.
        StopWaiting = "stop_waiting",
        /// Above the waiting picture.
        WaitingTitle = "waiting_title",
        /// While the call is being set up.
        Connecting = "connecting",
        /// The robot waits for words.
        Listening = "listening",
        /// The robot hears somebody speak.
        Hearing = "hearing",
        /// The robot works on an answer.
        Thinking = "thinking",
        /// The robot speaks.
        Speaking = "speaking",
        /// The robot can't hear.
        CannotHear = "cannot_hear",
        /// The visitor switched the microphone off.
        MicrophoneOff = "microphone_off",
        /// Button: switch it off.
        SwitchMicrophoneOff = "switch_microphone_off",
        /// Button: switch it on again.
        SwitchMicrophoneOn = "switch_microphone_on",
        /// A person has the word.
        Quiet = "quiet",
        /// The visitor's own lines.
        You = "you",
        /// The robot's lines.
        Robot = "robot",
        /// The remote person's lines.
        Operator = "operator",
        /// Beside a machine translation.
        MachineTranslated = "machine_translated",
        /// Beside a line that could not be translated.
        NotTranslated = "not_translated",
        /// Beside what a machine wrote down from a person's voice.
        AutomaticCaption = "automatic_caption",
        /// In a call while nothing that is said becomes a caption.
        NoCaptions = "no_captions",
        /// Before the words behind a translation.
        Original = "original",
        /// Button: interpreter mode.
        Interpret = "interpret",
        /// Above it while it runs: a machine translates, and may err.
        InterpreterTitle = "interpreter_title",
        /// Above the choice of its two languages.
        InterpreterChoose = "interpreter_choose",
        /// Above the language of the staff, and beside what they say.
        InterpreterClerk = "interpreter_clerk",
        /// The same of the visitor.
        InterpreterVisitor = "interpreter_visitor",
        /// Button: begin.
        InterpreterStart = "interpreter_start",
        /// Button: turn the staff's half around.
        InterpreterTurn = "interpreter_turn",
        /// Button: end it.
        InterpreterEnd = "interpreter_end",
        /// A person sees through the camera.
        CameraOn = "camera_on",
        /// A person hears through the microphone.
        MicrophoneOn = "microphone_on",
        /// The person is on the screen.
        PersonHere = "person_here",
        /// Asks whether the person may move the robot.
        MotionAsk = "motion_ask",
        /// Button: they may.
        MotionAllow = "motion_allow",
        /// Button: they may not, or no more.
        MotionStop = "motion_stop",
        /// The robot may be moving.
        MotionNow = "motion_now",
        /// Asks whether a still may be taken and kept with the case.
        StillAsk = "still_ask",
        /// Asks whether the still that is seen may be sent.
        StillSend = "still_send",
        /// Button: it may not.
        StillNo = "still_no",
        /// Above the sample visitors of a demonstration.
        SampleVisitors = "sample_visitors",
        /// Above the questions that people often ask.
        SuggestionsTitle = "suggestions_title",
        /// Below the greeting.
        GreetingHint = "greeting_hint",
        /// The page lost its robot.
        ConnectionLost = "connection_lost",
        /// The lines said so far, named for a screen reader.
        Conversation = "conversation",
        /// Button: close what has opened.
        Close = "close",
        /// Above the address of a page, and its code for a telephone.
        LinkCode = "link_code",
        /// Button: what was read back is right.
        Yes = "yes",
        /// Button: no.
        No = "no",
        /// Button: what was read back is wrong.
        NoChange = "no_change",
        /// Button: the question before.
        GoBack = "go_back",
        /// Button: all questions again.
        StartOver = "start_over",
        /// Button: no more questions.
        CancelForm = "cancel_form",
        /// Button: this is the answer.
        Enter = "enter",
        /// Button: the last digit was wrong.
        DeleteDigit = "delete_digit",
        /// Which question of how many; `{step}` and `{of}` stand for them.
        StepOf = "step_of",
        /// Above the four digits of a year.
        Year = "year",
        /// Above the two digits of a month.
        Month = "month",
        /// Above the two digits of a day.
        Day = "day",
        /// Button: open or close the keyboard on the screen.
        Keyboard = "keyboard",
        /// Its key for the letters of another language.
        KeyboardLanguage = "keyboard_language",
        /// Its key for capital letters.
        Shift = "shift",
        /// Its space bar.
        Space = "space",
        /// Its key for digits and signs.
        Symbols = "symbols",
        /// Its key back to the letters.
        Letters = "letters",
        /// Above what the visitor can do when nobody comes.
        NobodyWays = "nobody_ways",
        /// Button: wait on.
        WayWait = "way_wait",
        /// Button: leave a telephone number or mail address.
        WayCallback = "way_callback",
        /// Button: take a number.
        WayTicket = "way_ticket",
        /// Button: call staff in the building.
        WayBell = "way_bell",
        /// Asks for the telephone number or mail address.
        YourContact = "your_contact",
        /// Above what was understood of it.
        ContactRight = "contact_right",
        /// It is noted.
        ContactKept = "contact_kept",
        /// Above the number.
        TicketTitle = "ticket_title",
        /// Staff in the building were called.
        BellRung = "bell_rung",
        /// The place among those who wait, for which `{place}` stands.
        PlaceInLine = "place_in_line",
        /// How long it may take; `{minutes}` stands for the minutes.
        AboutMinutes = "about_minutes",
        /// Button: the panel of staff in the room.
        StaffOpen = "staff_open",
        /// Above that panel.
        StaffTitle = "staff_title",
        /// Asks for the PIN.
        StaffPin = "staff_pin",
        /// It is being checked.
        StaffPinChecking = "staff_pin_checking",
        /// It was wrong.
        StaffPinWrong = "staff_pin_wrong",
        /// None is taken for a while; `{seconds}` stands for the seconds.
        StaffPinPause = "staff_pin_pause",
        /// None was set.
        StaffNoPin = "staff_no_pin",
        /// No visitor is here.
        StaffNobody = "staff_nobody",
        /// Button: staff take the visitor over.
        StaffTake = "staff_take",
        /// An operator has the visitor.
        StaffTakesCall = "staff_takes_call",
        /// Staff have the visitor.
        StaffHas = "staff_has",
        /// Above why a person is needed.
        StaffReason = "staff_reason",
        /// Above the summary.
        StaffSummary = "staff_summary",
        /// Above the facts.
        StaffFacts = "staff_facts",
        /// Above the suggested next steps.
        StaffSteps = "staff_steps",
        /// The visitor's lines.
        StaffVisitor = "staff_visitor",
        /// Above the transcript.
        StaffSaid = "staff_said",
        /// Above the actions.
        StaffDone = "staff_done",
        /// Button: the visitor goes back.
        StaffEnd = "staff_end",
        /// Above the dispositions.
        StaffEndHow = "staff_end_how",
        /// A disposition.
        StaffResolved = "staff_resolved",
        /// A disposition.
        StaffFollowUp = "staff_follow_up",
        /// A disposition.
        StaffReferred = "staff_referred",
        /// A disposition.
        StaffResidentLeft = "staff_resident_left",
        /// A disposition.
        StaffNotResolved = "staff_not_resolved",
        /// Above the note that goes back.
        StaffNote = "staff_note",
        /// Above where the visitor is reached.
        StaffContact = "staff_contact",
        /// Choice: the robot goes on.
        StaffResume = "staff_resume",
        /// Choice: the robot says goodbye.
        StaffGoodbye = "staff_goodbye",
        /// Button: a link for a phone.
        StaffLink = "staff_link",
        /// Beside that link.
        StaffLinkHint = "staff_link_hint",
        /// A reason in words, by its code on the wire.
        ReasonUnsupportedLanguage = "reason_unsupported_language",
        /// A reason in words, by its code on the wire.
        ReasonPolicyException = "reason_policy_exception",
        /// A reason in words, by its code on the wire.
        ReasonDistress = "reason_distress",
        /// A reason in words, by its code on the wire.
        ReasonAskedForPerson = "reason_asked_for_person",
        /// A reason in words, by its code on the wire.
        ReasonLowConfidence = "reason_low_confidence",
        /// A reason in words, by its code on the wire.
        ReasonRepeatedFailure = "reason_repeated_failure",
        /// A reason in words, by its code on the wire.
        ReasonIdentityNeeded = "reason_identity_needed",
        /// A reason in words, by its code on the wire.
        ReasonIrreversibleAction = "reason_irreversible_action",
        /// A reason in words, by its code on the wire.
        ReasonSafety = "reason_safety",
        /// A reason in words, by its code on the wire.
        ReasonAccessibilityNeed = "reason_accessibility_need",
        /// A reason in words, by its code on the wire.
        ReasonSystemFault = "reason_system_fault",
        /// A reason in words, by its code on the wire.
        ReasonSteppedIn = "reason_stepped_in",
    }
}

impl ScreenLabel {
    /// Whether it stands in the panel of staff in the room, in their language.
    pub fn is_for_staff(self) -> bool {
        let key = self.key();
        let own = key.starts_with("staff_") && self != Self::StaffOpen;
        own || key.starts_with("reason_")
    }

    /// Whether every language with words at all must have it.
    pub fn is_essential(self) -> bool {
        matches!(
            self,
            Self::TalkToPerson
                | Self::MotionAsk
                | Self::MotionAllow
                | Self::MotionStop
                | Self::MotionNow
                | Self::StillAsk
                | Self::StillSend
                | Self::StillNo
                | Self::TypeHere
                | Self::Keyboard
                | Self::Send
                | Self::ChooseLanguage
                | Self::GoodbyeButton
                | Self::StopWaiting
                | Self::WaitingTitle
                | Self::Connecting
                | Self::CameraOn
                | Self::MicrophoneOn
                | Self::PersonHere
                | Self::You
                | Self::Operator
                | Self::Robot
                | Self::StopSpeaking
                | Self::Listening
                | Self::Hearing
                | Self::Thinking
                | Self::Speaking
                | Self::Quiet
                | Self::CannotHear
                | Self::MicrophoneOff
                | Self::SwitchMicrophoneOff
                | Self::SwitchMicrophoneOn
                | Self::MachineTranslated
                | Self::NotTranslated
                | Self::AutomaticCaption
                | Self::NoCaptions
                | Self::Original
                | Self::ConnectionLost
                | Self::Conversation
                | Self::Close
                | Self::Yes
                | Self::NoChange
                | Self::NobodyWays
                | Self::WayWait
                | Self::WayCallback
                | Self::WayTicket
                | Self::WayBell
                | Self::YourContact
                | Self::ContactRight
                | Self::ContactKept
                | Self::TicketTitle
                | Self::BellRung
                | Self::PlaceInLine
                | Self::AboutMinutes
        )
    }
}
