use super::*;

const SPOKEN: Duration = Duration::from_secs(5);

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn plain() -> Calibration {
    Calibration {
        candidate_odds: 2.0,
        held_odds: 16.0,
        seldom_odds: 0.1,
        seldom: vec![lang("la")],
        length: [(Some(1.0), 2.0, 0.8), (None, 1.0, 0.7)]
            .map(|(up_to_s, temperature, sure)| LengthClass {
                up_to_s,
                temperature,
                sure,
                foreign: 0.8,
            })
            .to_vec(),
    }
}

fn decided(
    scores: &[(&str, f32)],
    voiced: Duration,
    candidates: &[&str],
    held: Option<&str>,
) -> LanguageDecision {
    let scores: Vec<_> = scores.iter().map(|(tag, p)| (lang(tag), p.ln())).collect();
    let candidates: Vec<Lang> = candidates.iter().map(|tag| lang(tag)).collect();
    let held = held.map(lang);
    let expected = Expected {
        held: held.as_ref(),
        ..Expected::among(&candidates)
    };
    let calibration = plain();
    let probabilities = calibration.probabilities(&scores, voiced, expected);
    let total: f32 = probabilities.iter().map(|(_, p)| p).sum();
    assert!(scores.is_empty() || (total - 1.0).abs() < 1e-4, "{total}");
    calibration.decide(&probabilities, voiced, expected)
}

#[test]
fn an_unsupported_language_comes_out_although_a_candidate_is_second() {
    let scores = [("es", 0.9), ("pt", 0.07), ("en", 0.03)];
    let other = LanguageDecision::Other(lang("es"));
    assert_eq!(decided(&scores, SPOKEN, &["ja", "en", "pt"], None), other);
}

#[test]
fn relatives_are_left_open_and_asked_about() {
    let scores = [("es", 0.5), ("pt", 0.4), ("gl", 0.06), ("ja", 0.04)];
    let open = LanguageDecision::Unsure(vec![lang("pt"), lang("es")]);
    assert_eq!(decided(&scores, SPOKEN, &["ja", "pt"], None), open);
}

#[test]
fn relatives_that_share_what_is_foreign_do_not_hide_that_it_is() {
    let scores = [
        ("es", 0.5),
        ("gl", 0.3),
        ("ca", 0.1),
        ("pt", 0.06),
        ("en", 0.04),
    ];
    let spanish = LanguageDecision::Other(lang("es"));
    assert_eq!(decided(&scores, SPOKEN, &["en", "pt"], None), spanish);
    assert!(!decided(&scores, SPOKEN, &["gl"], None).is_sure());
}

#[test]
fn the_less_was_said_the_more_it_takes() {
    let scores = [("en", 0.8), ("de", 0.2)];
    let sure = LanguageDecision::Candidate(lang("en"));
    assert_eq!(decided(&scores, SPOKEN, &[], None), sure);
    let open = LanguageDecision::Unsure(vec![lang("en"), lang("de")]);
    assert_eq!(
        decided(&scores, Duration::from_millis(400), &[], None),
        open
    );
}

#[test]
fn a_short_word_does_not_flip_the_language_of_a_visit_but_a_sentence_does() {
    let okay = [("en", 0.6), ("pt", 0.35), ("ja", 0.05)];
    let short = Duration::from_millis(300);
    let portuguese = LanguageDecision::Candidate(lang("pt"));
    assert_eq!(decided(&okay, short, &["en", "pt"], Some("pt")), portuguese);
    let sentence = [("en", 0.996), ("pt", 0.003), ("ja", 0.001)];
    let english = LanguageDecision::Candidate(lang("en"));
    assert_eq!(
        decided(&sentence, SPOKEN, &["en", "pt"], Some("pt")),
        english
    );
}

#[test]
fn a_seldom_language_needs_more_unless_the_office_has_it() {
    let scores = [("la", 0.9), ("en", 0.1)];
    assert!(!decided(&scores, SPOKEN, &[], None).is_sure());
    let latin = LanguageDecision::Candidate(lang("la"));
    assert_eq!(decided(&scores, SPOKEN, &["la"], None), latin);
    assert_eq!(
        decided(&[], SPOKEN, &["en"], None),
        LanguageDecision::Unsure(Vec::new())
    );
}

#[test]
fn a_calibration_comes_back_from_its_file_and_nonsense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("ggml.bin");
    assert_eq!(Calibration::beside(&model).unwrap(), Calibration::default());
    let path = folder.path().join(FILE_NAME);
    std::fs::write(&path, toml::to_string(&plain()).unwrap()).unwrap();
    assert_eq!(Calibration::beside(&model).unwrap(), plain());
    assert_eq!(Calibration::default().fault(), None);

    let refused = |change: &dyn Fn(&mut Calibration), word: &str| {
        let mut calibration = plain();
        change(&mut calibration);
        std::fs::write(&path, toml::to_string(&calibration).unwrap()).unwrap();
        let error = Calibration::load(&path).unwrap_err().to_string();
        assert!(
            error.contains(word) && error.contains("madoguchi-robot calibrate"),
            "{error}"
        );
    };
    refused(&|c| c.held_odds = 0.0, "odds");
    refused(&|c| c.length.clear(), "up_to_s");
    refused(&|c| c.length[0].temperature = f64::NAN, "temperature");
    refused(&|c| c.length[1].sure = 1.5, "sure");
    std::fs::write(&path, "colour = 1").unwrap();
    assert!(matches!(
        Calibration::load(&path),
        Err(CalibrationError::Parse { .. })
    ));
}

#[test]
fn fitting_flattens_a_network_that_is_surer_than_right() {
    let mut fitting = Fitting::new(plain());
    for clip in 0..40 {
        let (truth, other) = if clip % 2 == 0 {
            ("pt", "es")
        } else {
            ("es", "pt")
        };
        let (heard, not) = if clip % 5 < 4 {
            (truth, other)
        } else {
            (other, truth)
        };
        let scores = vec![(lang(heard), 0.99_f32.ln()), (lang(not), 0.01_f32.ln())];
        fitting.add(clip, &lang(truth), SPOKEN, scores);
    }
    let report = fitting.fit().unwrap();
    let class = &report.calibration.length[1];
    assert!(class.temperature > 2.0, "{class:?}");
    assert_eq!(report.pieces, vec![0, 40]);
    assert_eq!(report.calibration.length[0], plain().length[0]);
    assert!(report.unseen[1].wrong < 5.0, "{:?}", report.unseen);
    assert_eq!(Fitting::new(plain()).fit().map(|_| ()), None);
}
