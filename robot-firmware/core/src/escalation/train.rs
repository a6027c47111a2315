//! Training the regressions: gradient descent in small steps (Adam, Kingma and Ba 2015), from a
//! fixed beginning and in a fixed order, so that the same lessons make the same weights.

use std::collections::BTreeMap;

use super::scorer::{GENERAL, Output, Scorer, around, mean, sigmoid, unit};

/// A sentence vector with what is known of it.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// As the model gives it.
    pub vector: Vec<f32>,
    /// Its language's tag; absent for talk of no office.
    pub language: Option<String>,
    /// What each output should tell; absent where that isn't known.
    pub wanted: [Option<bool>; Output::ALL.len()],
    /// How much it counts.
    pub weight: f32,
}

/// How to train.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Passes over the lessons.
    pub passes: usize,
    /// The first step's size; it shrinks to nothing by the end.
    pub step: f32,
    /// How strongly weights are drawn to zero at each step.
    pub decay: f32,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            passes: 60,
            step: 5e-3,
            decay: 3e-2,
        }
    }
}

/// Lessons of one step.
const BATCH: usize = 32;

/// Trains; `progress` is told each pass.
pub fn train(lessons: &[Lesson], plan: Plan, mut progress: impl FnMut(usize)) -> Scorer {
    let inputs = lessons.first().map_or(0, |lesson| lesson.vector.len());
    let middles = middles(inputs, lessons);
    let rows: Vec<(Vec<f32>, &Lesson)> = lessons
        .iter()
        .filter_map(|lesson| {
            let name = lesson.language.as_deref().unwrap_or(GENERAL);
            Some((around(&lesson.vector, middles.get(name)?)?, lesson))
        })
        .collect();
    let mut scorer = Scorer {
        inputs,
        middles,
        outputs: vec![0.0; Output::ALL.len() * (inputs + 1)],
    };
    let mut outputs = Adam::new(scorer.outputs.len());
    let steps = rows.len().div_ceil(BATCH) * plan.passes;
    let mut done = 0;
    for pass in 0..plan.passes {
        let order = mixed(rows.len(), pass);
        for batch in order.chunks(BATCH) {
            let mut slopes = vec![0.0; scorer.outputs.len()];
            for at in batch {
                let (vector, lesson) = &rows[*at];
                learn(&scorer, vector, lesson, &mut slopes);
            }
            done += 1;
            let size = plan.step * (1.0 - done as f32 / (steps + 1) as f32);
            outputs.step(&mut scorer.outputs, &slopes, size, plan.decay);
        }
        progress(pass + 1);
    }
    scorer
}

/// Adds one lesson's gradients.
fn learn(scorer: &Scorer, vector: &[f32], lesson: &Lesson, slopes: &mut [f32]) {
    let rows = slopes.chunks_mut(scorer.inputs + 1);
    let each = scorer.logits(vector).into_iter().zip(lesson.wanted);
    for ((logit, wanted), row) in each.zip(rows) {
        let Some(wanted) = wanted else { continue };
        let wanted = f32::from(u8::from(wanted));
        let slope = lesson.weight * (sigmoid(logit) - wanted) / BATCH as f32;
        add(row, vector, slope);
        row[scorer.inputs] += slope;
    }
}

fn add(sum: &mut [f32], own: &[f32], factor: f32) {
    sum.iter_mut()
        .zip(own)
        .for_each(|(sum, own)| *sum += factor * own);
}

/// The mean of each language's vectors, all of length 1.
fn middles(inputs: usize, lessons: &[Lesson]) -> BTreeMap<String, Vec<f32>> {
    let mut by_name: BTreeMap<&str, Vec<Vec<f32>>> = BTreeMap::new();
    for lesson in lessons {
        let name = lesson.language.as_deref().unwrap_or(GENERAL);
        by_name
            .entry(name)
            .or_default()
            .extend(unit(lesson.vector.clone()));
    }
    let middle = |own: Vec<Vec<f32>>| mean(inputs, own.iter().map(Vec::as_slice));
    by_name
        .into_iter()
        .map(|(name, own)| (name.to_owned(), middle(own)))
        .collect()
}

/// All places up to `count` in an order that looks random, another one for each pass.
fn mixed(count: usize, pass: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|place| scramble((pass * count + place) as u64 | 1 << 63));
    order
}

/// Sixty-four bits that look random (the finaliser of SplitMix64, Steele et al. 2014).
fn scramble(seed: u64) -> u64 {
    let mut bits = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
    turns: i32,
}

impl Adam {
    fn new(count: usize) -> Self {
        Self {
            mean: vec![0.0; count],
            square: vec![0.0; count],
            turns: 0,
        }
    }

    fn step(&mut self, weights: &mut [f32], slopes: &[f32], size: f32, decay: f32) {
        const KEPT: f32 = 0.9;
        const SQUARES_KEPT: f32 = 0.999;
        self.turns += 1;
        let first = 1.0 - KEPT.powi(self.turns);
        let second = 1.0 - SQUARES_KEPT.powi(self.turns);
        let moments = self.mean.iter_mut().zip(&mut self.square);
        for ((weight, slope), (mean, square)) in weights.iter_mut().zip(slopes).zip(moments) {
            *mean = KEPT * *mean + (1.0 - KEPT) * slope;
            *square = SQUARES_KEPT * *square + (1.0 - SQUARES_KEPT) * slope * slope;
            let way = (*mean / first) / ((*square / second).sqrt() + 1e-8);
            *weight -= size * (way + decay * *weight);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lessons() -> Vec<Lesson> {
        let lesson = |at: usize| {
            let mut wanted = [Some(false); Output::ALL.len()];
            wanted[Output::Distress as usize] = Some(at.is_multiple_of(2));
            let turned = at as f32 / 10.0;
            Lesson {
                vector: vec![
                    if at.is_multiple_of(2) { 1.0 } else { -1.0 },
                    turned.sin(),
                    0.3,
                ],
                language: Some("en".to_owned()),
                wanted,
                weight: 1.0,
            }
        };
        (0..60).map(lesson).collect()
    }

    #[test]
    fn what_was_shown_is_told_apart_and_the_same_lessons_teach_the_same() {
        let plan = Plan {
            passes: 60,
            step: 0.05,
            decay: 0.0,
        };
        let scorer = train(&lessons(), plan, |_| ());
        assert_eq!(scorer, train(&lessons(), plan, |_| ()));
        let english: madoguchi_shared::ids::Lang = "en".parse().unwrap();
        for lesson in lessons() {
            let scores = scorer.scores(&lesson.vector, Some(&english)).unwrap();
            let wanted = lesson.wanted[0] == Some(true);
            assert_eq!(scores[0] > 0.5, wanted, "{scores:?}");
            assert!(scores[1..].iter().all(|score| *score < 0.3), "{scores:?}");
        }
    }
}
