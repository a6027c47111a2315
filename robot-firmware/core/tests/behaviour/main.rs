//! All that the core does, from outside, on a virtual clock.
//!
//! One program for all of it: two threads of it run side by side, and it is linked once.
#![allow(clippy::unwrap_used)]

mod actions;
mod agent_answers;
mod answers_read;
mod attachments;
mod captions;
mod changes;
mod complete_words;
mod doubtful_words;
mod driving;
mod flows;
mod hold;
mod injections;
mod interleavings;
mod interpreting;
mod listens_while_it_translates;
mod manners;
mod meanwhile;
mod nobody;
mod not_caught;
mod odd_words;
mod onsite;
mod opening_hours;
mod operator_away;
mod pack_agrees;
mod pack_problems;
mod pack_sense;
mod packet;
mod places;
mod policies;
mod presence;
mod replay;
mod sample_flows;
mod sample_pack;
mod secrets;
mod showing;
mod speaking;
mod staff_panel;
mod still;
mod together;
mod together_alone;
mod torch;
mod torch_failures;
mod transfer;
mod triggers;
mod turn_taking;
mod typed_language;
mod understanding_words;
mod watching;
mod which_language;

#[path = "../support/mod.rs"]
mod support;
