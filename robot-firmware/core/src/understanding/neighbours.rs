//! Examples as neighbours: how near the nearest of each label are.

use super::linear::Row;

/// How many of a label's nearest examples are averaged.
const NEIGHBOURS: usize = 3;

/// For each label the mean cosine of its nearest examples, 0 where there is none.
pub(super) fn nearest(cosines: impl Iterator<Item = (f32, usize)>, labels: usize) -> Vec<f32> {
    let mut nearest = Nearest::new(labels);
    cosines.for_each(|(cosine, label)| nearest.add(cosine, label));
    nearest.means()
}

/// The nearest examples of each label that were met so far.
#[derive(Debug, Clone)]
pub(super) struct Nearest {
    best: Vec<[f32; NEIGHBOURS]>,
}

impl Nearest {
    /// Of no example yet.
    pub(super) fn new(labels: usize) -> Self {
        Self {
            best: vec![[f32::NEG_INFINITY; NEIGHBOURS]; labels],
        }
    }

    /// Meets an example.
    pub(super) fn add(&mut self, mut cosine: f32, label: usize) {
        for place in &mut self.best[label] {
            if cosine > *place {
                std::mem::swap(&mut cosine, place);
            }
        }
    }

    /// For each label their mean cosine, 0 where there is none.
    pub(super) fn means(self) -> Vec<f32> {
        let mean = |best: [f32; NEIGHBOURS]| {
            let known = best.into_iter().filter(|cosine| cosine.is_finite());
            let count = known.clone().count().max(1);
            known.sum::<f32>() / count as f32
        };
        self.best.into_iter().map(mean).collect()
    }
}

/// The words of all examples, by word: in which examples it stands, and with which weight.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    examples: usize,
    by_feature: Vec<Row>,
}

impl Postings {
    /// Adds the words of the next example.
    pub(super) fn push(&mut self, words: &Row) {
        for (feature, weight) in words {
            let place = *feature as usize;
            if place >= self.by_feature.len() {
                self.by_feature.resize(place + 1, Row::new());
            }
            self.by_feature[place].push((self.examples as u32, *weight));
        }
        self.examples += 1;
    }

    /// The cosine of a sentence's words with those of each example.
    pub(super) fn cosines(&self, words: &Row) -> Vec<f32> {
        let mut cosines = vec![0.0; self.examples];
        for (feature, weight) in words {
            let own = self.by_feature.get(*feature as usize);
            for (example, other) in own.into_iter().flatten() {
                cosines[*example as usize] += weight * other;
            }
        }
        cosines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_nearest_of_each_label_count() {
        let cosines = [(1.0, 0), (0.8, 0), (0.6, 0), (0.0, 0), (0.0, 1)];
        let got = nearest(cosines.into_iter(), 3);
        assert!(
            (got[0] - 0.8).abs() < 1e-6 && got[1..] == [0.0, 0.0],
            "{got:?}"
        );
    }

    #[test]
    fn shared_words_alone_bring_examples_near() {
        let mut postings = Postings::default();
        for words in [vec![(0, 1.0)], vec![(2, 0.6), (0, 0.8)], vec![]] {
            postings.push(&words);
        }
        assert_eq!(postings.cosines(&vec![(0, 0.5), (9, 0.5)]), [0.5, 0.4, 0.0]);
    }
}
