//! Logistic regressions over sentence vectors, one for each thing that a turn may tell.

use std::collections::BTreeMap;

use madoguchi_shared::ids::Lang;

/// The trained weights, of `madoguchi-robot train-triggers`.
const BUILT_IN: &[u8] = include_bytes!("../../data/escalation/weights.bin");
/// The first line of a file of weights.
const MAGIC: &str = "madoguchi triggers 1";
/// Middle of the vectors of general talk, for texts of no office.
pub(super) const GENERAL: &str = "general";

/// What the regressions tell of a turn; the order is that of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Output {
    /// Anger, fear, grief, confusion.
    Distress,
    /// [`super::Danger::SelfHarm`]
    SelfHarm,
    /// [`super::Danger::Violence`]
    Violence,
    /// [`super::Danger::Abuse`]
    Abuse,
    /// [`super::Danger::Medical`]
    Medical,
    /// Help is needed that the robot can't give.
    Accessibility,
    /// An identity has to be checked that the robot can't check.
    Identity,
    /// A person is asked for.
    Person,
}

impl Output {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 8] = [
        Self::Distress,
        Self::SelfHarm,
        Self::Violence,
        Self::Abuse,
        Self::Medical,
        Self::Accessibility,
        Self::Identity,
        Self::Person,
    ];

    /// The label of its sentences in the training set.
    pub fn key(self) -> &'static str {
        match self {
            Self::Distress => "distress",
            Self::SelfHarm => "self_harm",
            Self::Violence => "violence",
            Self::Abuse => "abuse",
            Self::Medical => "medical",
            Self::Accessibility => "accessibility",
            Self::Identity => "identity",
            Self::Person => "person",
        }
    }
}

/// Why a file of weights can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the weights of the triggers are damaged ({0}); write them anew with `madoguchi-robot train-triggers`"
)]
pub struct ScorerError(&'static str);

/// The weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorer {
    pub(super) inputs: usize,
    /// The mean vector of each language, and of [`GENERAL`].
    pub(super) middles: BTreeMap<String, Vec<f32>>,
    /// For each output `inputs` weights and a bias.
    pub(super) outputs: Vec<f32>,
}

impl Scorer {
    /// The weights that the program was built with.
    #[allow(clippy::expect_used, reason = "a constant that a test checks")]
    pub fn built_in() -> Self {
        Self::from_bytes(BUILT_IN).expect("the built-in weights are whole")
    }

    /// Reads a file of weights.
    ///
    /// # Errors
    ///
    /// When it is not such a file, or cut off.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ScorerError> {
        let end = bytes.windows(2).position(|two| two == b"\n\n");
        let end = end.ok_or(ScorerError("no head"))?;
        let head = std::str::from_utf8(&bytes[..end]).map_err(|_| ScorerError("head"))?;
        let mut lines = head.lines();
        if lines.next() != Some(MAGIC) {
            return Err(ScorerError("not such a file"));
        }
        let mut value = |key: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(key));
            line.map(str::trim).ok_or(ScorerError("head"))
        };
        let count = |text: &str| text.parse::<usize>().map_err(|_| ScorerError("head"));
        let inputs = count(value("inputs")?)?;
        let middles: Vec<&str> = value("middles")?.split(' ').collect();
        let outputs: Vec<&str> = value("outputs")?.split(' ').collect();
        if outputs != Output::ALL.map(Output::key) {
            return Err(ScorerError("other outputs"));
        }
        let (numbers, rest) = bytes[end + 2..].as_chunks::<4>();
        let sizes = [middles.len() * inputs, outputs.len() * (inputs + 1)];
        if !rest.is_empty() || numbers.len() != sizes.iter().sum::<usize>() || inputs == 0 {
            return Err(ScorerError("cut off"));
        }
        let numbers: Vec<f32> = numbers
            .iter()
            .map(|four| f32::from_le_bytes(*four))
            .collect();
        if numbers.iter().any(|number| !number.is_finite()) {
            return Err(ScorerError("not finite"));
        }
        let (means, outputs) = numbers.split_at(sizes[0]);
        let names = middles.into_iter().map(str::to_owned);
        Ok(Self {
            inputs,
            middles: names
                .zip(means.chunks(inputs).map(<[f32]>::to_vec))
                .collect(),
            outputs: outputs.to_vec(),
        })
    }

    /// The file of these weights.
    pub fn to_bytes(&self) -> Vec<u8> {
        let names: Vec<&str> = self.middles.keys().map(String::as_str).collect();
        let head = format!(
            "{MAGIC}\ninputs {}\nmiddles {}\noutputs {}\n\n",
            self.inputs,
            names.join(" "),
            Output::ALL.map(Output::key).join(" ")
        );
        let numbers = self.middles.values().flatten();
        let numbers = numbers.chain(&self.outputs);
        let mut bytes = head.into_bytes();
        numbers.for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes
    }

    /// A vector around the middle of its language, of length 1; absent when it doesn't fit.
    pub fn around(&self, vector: &[f32], language: Option<&Lang>) -> Option<Vec<f32>> {
        let own = language.and_then(|own| {
            let middles = &self.middles;
            middles
                .get(own.as_str())
                .or_else(|| middles.get(own.primary()))
        });
        match own {
            Some(middle) => around(vector, middle),
            None => around(vector, &self.middle_of_all()),
        }
    }

    /// The same for text of no office.
    pub fn around_general(&self, vector: &[f32]) -> Option<Vec<f32>> {
        around(vector, self.middles.get(GENERAL)?)
    }

    fn middle_of_all(&self) -> Vec<f32> {
        let own = self.middles.iter().filter(|(name, _)| *name != GENERAL);
        let own: Vec<&Vec<f32>> = own.map(|(_, middle)| middle).collect();
        mean(self.inputs, own.iter().map(|own| own.as_slice()))
    }

    /// The score of each output for a sentence vector; absent when it doesn't fit.
    pub fn scores(&self, vector: &[f32], language: Option<&Lang>) -> Option<Vec<f32>> {
        Some(self.scores_around(&self.around(vector, language)?))
    }

    /// The same for a vector that is around its middle already.
    pub fn scores_around(&self, vector: &[f32]) -> Vec<f32> {
        let logits = self.logits(vector).into_iter();
        logits.map(sigmoid).collect()
    }

    pub(super) fn logits(&self, vector: &[f32]) -> Vec<f32> {
        let rows = self.outputs.chunks(self.inputs + 1);
        rows.map(|row| dot(row, vector) + row[self.inputs])
            .collect()
    }
}

pub(super) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Over the shorter of the two; eight sums at once, which the compiler makes one instruction.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a[..a.len().min(b.len())].as_chunks::<8>();
    let (b, b_rest) = b[..(a.len() * 8 + a_rest.len())].as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| a * b);
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}

pub(super) fn around(vector: &[f32], middle: &[f32]) -> Option<Vec<f32>> {
    let vector = unit(vector.to_vec()).filter(|own| own.len() == middle.len())?;
    let apart = vector.iter().zip(middle).map(|(own, middle)| own - middle);
    unit(apart.collect())
}

/// Scaled to length 1; absent when it has no direction.
pub(super) fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = dot(&vector, &vector).sqrt();
    if !length.is_finite() || length <= f32::EPSILON {
        return None;
    }
    vector.iter_mut().for_each(|value| *value /= length);
    Some(vector)
}

pub(super) fn mean<'v>(inputs: usize, vectors: impl Iterator<Item = &'v [f32]>) -> Vec<f32> {
    let mut sum = vec![0.0; inputs];
    let mut count = 0.0_f32;
    for vector in vectors {
        sum.iter_mut()
            .zip(vector)
            .for_each(|(sum, own)| *sum += own);
        count += 1.0;
    }
    sum.iter_mut().for_each(|own| *own /= count.max(1.0));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_weights_are_whole_and_fit_the_sentence_model() {
        let scorer = Scorer::from_bytes(BUILT_IN).unwrap();
        assert_eq!(scorer.inputs, 384);
        assert_eq!(Scorer::from_bytes(&scorer.to_bytes()), Ok(scorer));
    }

    #[test]
    fn a_damaged_file_is_refused() {
        for bytes in [
            &BUILT_IN[..BUILT_IN.len() - 1],
            b"",
            b"x\n\n",
            &BUILT_IN[1..],
        ] {
            assert!(Scorer::from_bytes(bytes).is_err());
        }
    }

    #[test]
    fn a_vector_that_does_not_fit_has_no_scores() {
        let scorer = Scorer::built_in();
        for vector in [&[][..], &[1.0], &[0.0; 384], &[f32::NAN; 384]] {
            assert_eq!(scorer.scores(vector, None), None);
        }
    }
}
