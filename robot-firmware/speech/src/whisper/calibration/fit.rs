//! Fits a [`Calibration`] to labelled pieces of speech, and tells how it does on clips that it
//! has not seen.

use std::time::Duration;

use madoguchi_shared::ids::Lang;

use super::{Calibration, LengthClass};
use crate::whisper::language::{Expected, LanguageDecision};

/// What a wrong certainty costs; a doubt costs [`DOUBT_COST`], so that being sure pays from a
/// probability of 1 − 0.5/6 on.
const WRONG_COST: f64 = 6.0;
const DOUBT_COST: f64 = 0.5;
/// What it costs to take one language that the office lacks for another: a person comes anyway.
const MISNAMED_COST: f64 = 3.0;
/// Part of the utterances that are in another language than the visit so far.
const SWITCHES: f64 = 0.1;

/// None sharpens: a few dozen clips hold too few relatives to show that the network may be surer.
const TEMPERATURES: [f64; 12] = [1.0, 1.1, 1.2, 1.35, 1.5, 1.65, 1.8, 2.0, 2.3, 2.6, 3.0, 3.5];
const SURE: [f64; 9] = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98];
const CANDIDATE_ODDS: [f64; 5] = [1.0, 2.0, 4.0, 8.0, 16.0];
/// The last one never comes.
const FOREIGN: [f64; 6] = [0.6, 0.7, 0.8, 0.9, 0.95, 1.0];
const HELD_ODDS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// One labelled piece.
struct Piece {
    clip: usize,
    class: usize,
    voiced: Duration,
    truth: Lang,
    log_probabilities: Vec<(Lang, f32)>,
}

/// Weighted counts of verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcomes {
    /// The language that was spoken, surely.
    pub right: f64,
    /// Another one, surely.
    pub wrong: f64,
    /// One that the office lacks, surely, for another that it lacks.
    pub misnamed: f64,
    /// Doubt.
    pub unsure: f64,
}

impl Outcomes {
    fn of(decision: &LanguageDecision, truth: &Lang, office: &[Lang], weight: f64) -> Self {
        let mut outcomes = Self::default();
        let counter = match decision {
            LanguageDecision::Unsure(_) => &mut outcomes.unsure,
            sure if sure.likeliest() == Some(truth) => &mut outcomes.right,
            LanguageDecision::Other(_) if !office.contains(truth) => &mut outcomes.misnamed,
            _ => &mut outcomes.wrong,
        };
        *counter = weight;
        outcomes
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.misnamed += other.misnamed;
        self.unsure += other.unsure;
    }

    fn cost(self) -> f64 {
        WRONG_COST * self.wrong + MISNAMED_COST * self.misnamed + DOUBT_COST * self.unsure
    }
}

/// A fitted calibration and what it does on clips that it was not fitted to.
#[derive(Debug, Clone)]
pub struct Report {
    /// Fitted to all clips.
    pub calibration: Calibration,
    /// Per length class: outcomes in per cent when the clip is left out of the fitting.
    pub unseen: Vec<Outcomes>,
    /// Pieces per length class.
    pub pieces: Vec<usize>,
}

/// Labelled pieces of speech on their way to a [`Calibration`].
#[derive(Default)]
pub struct Fitting {
    base: Calibration,
    pieces: Vec<Piece>,
}

impl Fitting {
    /// An empty collection. Length classes and seldom languages are taken from `base`.
    pub fn new(base: Calibration) -> Self {
        Self {
            base,
            pieces: Vec::new(),
        }
    }

    /// Adds a piece of the clip number `clip` with `voiced` of speech in the language `truth`,
    /// and what the network makes of it.
    pub fn add(
        &mut self,
        clip: usize,
        truth: &Lang,
        voiced: Duration,
        log_probabilities: Vec<(Lang, f32)>,
    ) {
        self.pieces.push(Piece {
            clip,
            class: self.base.class_of(voiced),
            voiced,
            truth: truth.clone(),
            log_probabilities,
        });
    }

    /// Finds the numbers that cost least; `None` without pieces.
    pub fn fit(&self) -> Option<Report> {
        let clips = self.pieces.iter().map(|piece| piece.clip + 1).max()?;
        let offices: Vec<Vec<Vec<Lang>>> = self.pieces.iter().map(|p| self.offices(p)).collect();
        let calibration = self.fit_without(&offices, None);
        let mut unseen = vec![Outcomes::default(); self.base.length.len()];
        let mut pieces = vec![0; unseen.len()];
        for clip in 0..clips {
            let other = self.fit_without(&offices, Some(clip));
            for (piece, offices) in self.pieces.iter().zip(&offices) {
                if piece.clip == clip {
                    unseen[piece.class].add(outcomes(&other, piece, offices));
                    pieces[piece.class] += 1;
                }
            }
        }
        for outcomes in &mut unseen {
            let all = outcomes.right + outcomes.wrong + outcomes.misnamed + outcomes.unsure;
            let percent = if all > 0.0 { 100.0 / all } else { 0.0 };
            outcomes.right *= percent;
            outcomes.wrong *= percent;
            outcomes.misnamed *= percent;
            outcomes.unsure *= percent;
        }
        Some(Report {
            calibration,
            unseen,
            pieces,
        })
    }

    /// Offices that a piece is tried in: none, some that have its language, some that don't, and
    /// the hardest, which has only the languages that the network mistakes it for.
    fn offices(&self, piece: &Piece) -> Vec<Vec<Lang>> {
        let mut labels: Vec<&Lang> = self.pieces.iter().map(|piece| &piece.truth).collect();
        labels.sort();
        labels.dedup();
        let turn = piece.clip % labels.len();
        labels.rotate_left(turn);
        labels.retain(|lang| **lang != piece.truth);
        let first = |count: usize| labels.iter().take(count).map(|lang| (*lang).clone());
        let mut mistaken: Vec<&(Lang, f32)> = piece.log_probabilities.iter().collect();
        mistaken.retain(|(lang, _)| *lang != piece.truth);
        mistaken.sort_by(|a, b| b.1.total_cmp(&a.1));
        let with = |others: usize| first(others).chain([piece.truth.clone()]).collect();
        vec![
            Vec::new(),
            with(0),
            with(2),
            with(5),
            first(3).collect(),
            first(6).collect(),
            mistaken
                .iter()
                .take(2)
                .map(|(lang, _)| lang.clone())
                .collect(),
        ]
    }

    fn fit_without(&self, offices: &[Vec<Vec<Lang>>], left_out: Option<usize>) -> Calibration {
        let mut pieces: Vec<(&Piece, &Vec<Vec<Lang>>)> = self.pieces.iter().zip(offices).collect();
        pieces.retain(|(piece, _)| Some(piece.clip) != left_out);
        let mut best = self.base.clone();
        for (class, numbers) in best.length.iter_mut().enumerate() {
            let own: Vec<&Piece> = pieces
                .iter()
                .filter(|(piece, _)| piece.class == class)
                .map(|(piece, _)| *piece)
                .collect();
            if !own.is_empty() {
                numbers.temperature = least(&TEMPERATURES, |t| surprise(&self.base, &own, t));
            }
        }
        best.candidate_odds = least(&CANDIDATE_ODDS, |odds| {
            best.candidate_odds = odds;
            self.fit_sure(&best, &pieces).1
        });
        best.length = self.fit_sure(&best, &pieces).0;
        for class in 0..best.length.len() {
            if !pieces.iter().any(|(piece, _)| piece.class == class) {
                continue;
            }
            best.length[class].foreign = least(&FOREIGN, |foreign| {
                best.length[class].foreign = foreign;
                let own = pieces.iter().filter(|(piece, _)| piece.class == class);
                own.map(|(piece, offices)| outcomes(&best, piece, offices).cost())
                    .sum()
            });
        }
        best.held_odds = least(&HELD_ODDS, |odds| {
            best.held_odds = odds;
            pieces
                .iter()
                .map(|(piece, offices)| held_cost(&best, piece, &offices[2]))
                .sum()
        });
        best
    }

    /// The best `sure` of every length class, and what all of them cost.
    fn fit_sure(
        &self,
        calibration: &Calibration,
        pieces: &[(&Piece, &Vec<Vec<Lang>>)],
    ) -> (Vec<LengthClass>, f64) {
        let mut costs = vec![[0.0_f64; SURE.len()]; calibration.length.len()];
        for (piece, offices) in pieces {
            for office in *offices {
                let expected = Expected::among(office);
                let (likeliest, p) = top(calibration, piece, expected);
                for (cost, sure) in costs[piece.class].iter_mut().zip(SURE) {
                    *cost += match (f64::from(p) >= sure, likeliest == piece.truth) {
                        (false, _) => DOUBT_COST,
                        (true, false) => WRONG_COST,
                        (true, true) => 0.0,
                    };
                }
            }
        }
        let mut length = calibration.length.clone();
        let mut total = 0.0;
        for (index, (class, costs)) in length.iter_mut().zip(&costs).enumerate() {
            if !pieces.iter().any(|(piece, _)| piece.class == index) {
                continue;
            }
            let place = (0..SURE.len()).min_by(|a, b| costs[*a].total_cmp(&costs[*b]));
            class.sure = SURE[place.unwrap_or(0)];
            total += costs[place.unwrap_or(0)];
        }
        (length, total)
    }
}

/// The likeliest language of a piece and its probability.
fn top(calibration: &Calibration, piece: &Piece, expected: Expected<'_>) -> (Lang, f32) {
    let scores = calibration.probabilities(&piece.log_probabilities, piece.voiced, expected);
    scores
        .into_iter()
        .next()
        .unwrap_or_else(|| (piece.truth.clone(), 0.0))
}

/// Mean negative log likelihood of the languages that were spoken.
fn surprise(base: &Calibration, pieces: &[&Piece], temperature: f64) -> f64 {
    let mut calibration = base.clone();
    calibration
        .length
        .iter_mut()
        .for_each(|class| class.temperature = temperature);
    let surprise = pieces.iter().map(|piece| {
        let nothing = Expected::default();
        let scores = calibration.probabilities(&piece.log_probabilities, piece.voiced, nothing);
        let truth = scores.iter().find(|(lang, _)| *lang == piece.truth);
        let p = truth.map_or(0.0, |(_, p)| *p);
        -f64::from(p.max(f32::MIN_POSITIVE)).ln()
    });
    surprise.sum::<f64>() / pieces.len() as f64
}

fn outcomes(calibration: &Calibration, piece: &Piece, offices: &[Vec<Lang>]) -> Outcomes {
    let mut sum = Outcomes::default();
    for office in offices {
        let expected = Expected::among(office);
        let scores = calibration.probabilities(&piece.log_probabilities, piece.voiced, expected);
        let decision = calibration.decide(&scores, piece.voiced, expected);
        sum.add(Outcomes::of(&decision, &piece.truth, office, 1.0));
    }
    sum
}

/// What a piece costs in a visit held in its language or, seldom, in another one of the office.
fn held_cost(calibration: &Calibration, piece: &Piece, office: &[Lang]) -> f64 {
    let other = office.iter().find(|lang| **lang != piece.truth);
    let visits = [(Some(&piece.truth), 1.0 - SWITCHES), (other, SWITCHES)];
    let cost = visits.into_iter().map(|(held, weight)| {
        let expected = Expected {
            held,
            ..Expected::among(office)
        };
        let scores = calibration.probabilities(&piece.log_probabilities, piece.voiced, expected);
        let decision = calibration.decide(&scores, piece.voiced, expected);
        Outcomes::of(&decision, &piece.truth, office, weight).cost()
    });
    cost.sum()
}

/// The number with the least cost.
fn least(numbers: &[f64], mut cost: impl FnMut(f64) -> f64) -> f64 {
    let mut best = (numbers[0], f64::INFINITY);
    for number in numbers {
        let cost = cost(*number);
        if cost < best.1 {
            best = (*number, cost);
        }
    }
    best.0
}
