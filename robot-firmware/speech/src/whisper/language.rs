//! Which language was spoken: the recogniser's probabilities over all languages, weighed against
//! the languages that the office has.

use madoguchi_shared::ids::Lang;

/// Sum of the candidates' probabilities from which the utterance counts as one of theirs.
const CANDIDATE_MASS: f32 = 0.5;
/// Below this sum the utterance is in another language.
const OTHER_MASS: f32 = 0.3;

/// The verdict on an utterance's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LanguageDecision {
    /// One of the languages that the office has.
    Candidate(Lang),
    /// A language that it doesn't have.
    Other(Lang),
    /// Too close to call: the languages between which it lies, likeliest first.
    Unsure(Vec<Lang>),
}

impl LanguageDecision {
    /// The single likeliest language.
    pub fn likeliest(&self) -> Option<&Lang> {
        match self {
            Self::Candidate(lang) | Self::Other(lang) => Some(lang),
            Self::Unsure(langs) => langs.first(),
        }
    }
}

/// Decides from `scores` (probabilities over all languages, likeliest first) among `candidates`.
/// With no candidates every language counts as one.
pub fn decide(scores: &[(Lang, f32)], candidates: &[Lang]) -> LanguageDecision {
    let is_candidate = |lang: &Lang| candidates.is_empty() || candidates.contains(lang);
    let mass: f32 = scores
        .iter()
        .filter(|(lang, _)| is_candidate(lang))
        .map(|(_, p)| p)
        .sum();
    let best_candidate = scores.iter().find(|(lang, _)| is_candidate(lang));
    let best_other = scores.iter().find(|(lang, _)| !is_candidate(lang));
    match (best_candidate, best_other) {
        (Some((lang, _)), _) if mass >= CANDIDATE_MASS => LanguageDecision::Candidate(lang.clone()),
        (_, Some((lang, _))) if mass < OTHER_MASS => LanguageDecision::Other(lang.clone()),
        _ => {
            let likely = scores
                .iter()
                .filter(|(_, p)| *p >= 0.1)
                .map(|(lang, _)| lang.clone());
            LanguageDecision::Unsure(likely.take(3).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(scores: &[(&str, f32)], candidates: &[&str]) -> LanguageDecision {
        let scores: Vec<_> = scores
            .iter()
            .map(|(tag, p)| (tag.parse().unwrap(), *p))
            .collect();
        let candidates: Vec<Lang> = candidates.iter().map(|tag| tag.parse().unwrap()).collect();
        decide(&scores, &candidates)
    }

    #[test]
    fn an_unsupported_language_comes_out_although_a_candidate_is_second() {
        let scores = [("es", 0.75), ("pt", 0.2), ("en", 0.05)];
        let other = LanguageDecision::Other("es".parse().unwrap());
        assert_eq!(decided(&scores, &["ja", "en", "pt"]), other);
    }

    #[test]
    fn candidates_count_together() {
        let scores = [("es", 0.4), ("pt", 0.35), ("en", 0.25)];
        let candidate = LanguageDecision::Candidate("pt".parse().unwrap());
        assert_eq!(decided(&scores, &["ja", "en", "pt"]), candidate);
    }

    #[test]
    fn between_the_two_it_is_left_open() {
        let scores = [("es", 0.55), ("pt", 0.4), ("en", 0.05)];
        let open = LanguageDecision::Unsure(vec!["es".parse().unwrap(), "pt".parse().unwrap()]);
        assert_eq!(decided(&scores, &["ja", "en", "pt"]), open);
    }

    #[test]
    fn without_candidates_every_language_is_one() {
        let candidate = LanguageDecision::Candidate("vi".parse().unwrap());
        assert_eq!(decided(&[("vi", 0.6), ("th", 0.4)], &[]), candidate);
        assert_eq!(decided(&[], &["en"]), LanguageDecision::Unsure(Vec::new()));
    }
}
