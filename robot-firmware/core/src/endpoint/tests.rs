use super::*;

const FRAME: Duration = Duration::from_millis(20);

/// Plays (probability, milliseconds) and answers every pause with the same judgement.
fn run(pattern: &[(f32, u32)], words: Option<Completeness>) -> Vec<(u32, EndpointEvent)> {
    let mut endpointer = Endpointer::new(EndpointSettings::default());
    let mut events = Vec::new();
    let frames = pattern
        .iter()
        .flat_map(|&(p, ms)| std::iter::repeat_n(p, (ms / 20) as usize));
    for (index, probability) in frames.enumerate() {
        let Some(event) = endpointer.push(probability, FRAME) else {
            continue;
        };
        events.push((20 * (index as u32 + 1), event));
        if let (EndpointEvent::Paused { pause, .. }, Some(words)) = (event, words) {
            endpointer.judge(pause, words);
        }
    }
    events
}

fn ends(pattern: &[(f32, u32)], words: Option<Completeness>) -> Vec<u32> {
    run(pattern, words)
        .into_iter()
        .filter(|(_, event)| matches!(event, EndpointEvent::Ended { .. }))
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn a_cough_starts_nothing() {
    assert_eq!(run(&[(0.0, 200), (0.9, 120), (0.0, 2_000)], None), []);
}

#[test]
fn what_is_surely_voice_starts_an_utterance_sooner_than_what_may_be() {
    let start = |probability| run(&[(probability, 400)], None).first().map(|(at, _)| *at);
    assert_eq!(start(0.7), Some(160));
    assert_eq!(start(0.69), Some(200));
    assert_eq!(start(0.49), None);
}

#[test]
fn a_click_before_a_word_hides_nothing_of_the_word() {
    let events = run(&[(0.6, 20), (0.0, 240), (0.6, 300), (0.0, 2_000)], None);
    let started = EndpointEvent::Started {
        ago: Duration::from_millis(200),
    };
    assert_eq!(events.first(), Some(&(460, started)));
}

#[test]
fn a_pause_is_told_step_by_step_and_the_voice_goes_on_in_the_same_utterance() {
    let ms = Duration::from_millis;
    let pattern = [(0.9, 800), (0.1, 300), (0.9, 800), (0.1, 2_000)];
    assert_eq!(
        run(&pattern, Some(Completeness::Complete)),
        [
            (160, EndpointEvent::Started { ago: ms(160) }),
            (900, EndpointEvent::Hushed { silence: ms(100) }),
            (
                920,
                EndpointEvent::Paused {
                    pause: 1,
                    silence: ms(120)
                }
            ),
            (1_160, EndpointEvent::Resumed),
            (2_000, EndpointEvent::Hushed { silence: ms(100) }),
            (
                2_020,
                EndpointEvent::Paused {
                    pause: 2,
                    silence: ms(120)
                }
            ),
            (2_300, EndpointEvent::Ended { silence: ms(400) }),
        ]
    );
}

#[test]
fn the_voice_in_an_utterance_is_counted_without_its_pauses() {
    let mut endpointer = Endpointer::new(EndpointSettings::default());
    for (probability, frames) in [(0.9, 20), (0.1, 15), (0.9, 10), (0.1, 100)] {
        for _ in 0..frames {
            endpointer.push(probability, FRAME);
        }
    }
    assert!(!endpointer.in_speech());
    assert_eq!(endpointer.voice(), 30 * FRAME);
}

#[test]
fn the_words_decide_how_long_a_pause_may_last() {
    let spoken = [(0.9, 1_000), (0.1, 3_000)];
    for (words, end) in [
        (Some(Completeness::Complete), 1_400),
        (Some(Completeness::Unknown), 1_900),
        (Some(Completeness::Unfinished), 2_300),
        (None, 2_300),
    ] {
        assert_eq!(ends(&spoken, words), [end], "{words:?}");
    }
}

#[test]
fn a_judgement_on_a_pause_that_is_over_changes_nothing() {
    let mut endpointer = Endpointer::new(EndpointSettings::default());
    let mut play = |p: f32, ms: u32| {
        (0..ms / 20)
            .filter_map(|_| endpointer.push(p, FRAME))
            .last()
            .inspect(|_| {
                endpointer.judge(1, Completeness::Complete);
            })
    };
    play(0.9, 600);
    assert!(matches!(
        play(0.0, 240),
        Some(EndpointEvent::Paused { pause: 1, .. })
    ));
    play(0.9, 600);
    assert!(matches!(
        play(0.0, 260),
        Some(EndpointEvent::Paused { pause: 2, .. })
    ));
    assert_eq!(
        play(0.0, 1_000),
        None,
        "the first pause's judgement ended the second"
    );
}

#[test]
fn a_click_in_the_silence_does_not_prolong_it() {
    let clicked = [(0.9, 1_000), (0.1, 300), (0.9, 20), (0.1, 3_000)];
    assert_eq!(ends(&clicked, Some(Completeness::Unknown)), [1_900]);
}

#[test]
fn an_endless_talker_is_cut_and_heard_again() {
    let events = run(&[(0.9, 60_000)], None);
    assert_eq!(ends(&[(0.9, 60_000)], None).len(), 2);
    assert!(matches!(
        events.last(),
        Some((_, EndpointEvent::Started { .. }))
    ));
}
