//! The forward pass of a BERT encoder with post-norm layers.

use rten::FloatOperators;
use rten_tensor::NdTensorView;
use rten_tensor::prelude::*;

use super::file::{BLOCK, BLOCK_BYTES, E5File, Sizes, unpack};
use super::{DIMENSIONS, Embedding};

/// Weights in `q4_0`, as they stand in the file; a matrix is unpacked while it is used: unpacked for
/// good they would take seven times the memory.
pub(super) struct Network {
    sizes: Sizes,
    /// Word embeddings in `q4_0`.
    words: Vec<u8>,
    /// Position and token type embeddings, added.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    /// Where one matrix at a time is unpacked.
    unpacked: Vec<f32>,
}

struct Layer {
    /// Query, key and value, one above the other.
    query_key_value: Linear,
    attention_out: Linear,
    attention_norm: Norm,
    widen: Linear,
    narrow: Linear,
    norm: Norm,
}

struct Linear {
    /// In `q4_0`, row by row.
    weight: Vec<u8>,
    columns: usize,
    bias: Vec<f32>,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Network {
    pub(super) fn load(file: &E5File<'_>) -> Option<Self> {
        let sizes = file.sizes;
        let (hidden, wide) = (sizes.hidden, sizes.feed_forward);
        if hidden != DIMENSIONS {
            return None;
        }
        let kind = file.floats("emb.type", 2 * hidden)?;
        let mut positions = file.floats("emb.pos", sizes.positions * hidden)?;
        for row in positions.chunks_exact_mut(hidden) {
            add(row, &kind[..hidden]);
        }
        let layer = |i: usize| {
            let name = |part: &str| format!("l{i}.{part}");
            Some(Layer {
                query_key_value: Linear::load(file, &["q", "k", "v"].map(name), hidden, hidden)?,
                attention_out: Linear::load(file, &[name("ao")], hidden, hidden)?,
                attention_norm: Norm::load(file, &name("aln"), hidden)?,
                widen: Linear::load(file, &[name("fi")], wide, hidden)?,
                narrow: Linear::load(file, &[name("fo")], hidden, wide)?,
                norm: Norm::load(file, &name("oln"), hidden)?,
            })
        };
        Some(Self {
            sizes,
            words: file.packed("emb.word", None)?.to_vec(),
            positions,
            norm: Norm::load(file, "emb.ln", hidden)?,
            layers: (0..sizes.layers).map(layer).collect::<Option<_>>()?,
            unpacked: Vec::new(),
        })
    }

    /// The vector of each text; a text is its pieces, of which there is at least one.
    ///
    /// The texts' rows go through the matrices together, so that those are read from memory once
    /// for all; only attention keeps them apart. Nothing is padded.
    pub(super) fn embed(&mut self, texts: &[Vec<u32>]) -> Result<Vec<Embedding>, String> {
        let hidden = self.sizes.hidden;
        let row_bytes = hidden / BLOCK * BLOCK_BYTES;
        let lengths: Vec<usize> = texts.iter().map(Vec::len).collect();
        let mut state = vec![0.0; lengths.iter().sum::<usize>() * hidden];
        let placed = texts
            .iter()
            .flat_map(|pieces| pieces.iter().zip(self.positions.chunks_exact(hidden)));
        for (row, (piece, position)) in state.chunks_exact_mut(hidden).zip(placed) {
            let at = *piece as usize * row_bytes;
            let packed = self
                .words
                .get(at..at + row_bytes)
                .ok_or("a piece has no embedding")?;
            unpack(packed, row);
            add(row, position);
        }
        self.norm.apply(&mut state, self.sizes.epsilon);
        for layer in &self.layers {
            state = layer.apply(&state, &lengths, &self.sizes, &mut self.unpacked)?;
        }
        let texts = split(&state, &lengths, hidden);
        Ok(texts.map(|rows| mean(rows, hidden)).collect())
    }
}

impl Layer {
    fn apply(
        &self,
        state: &[f32],
        lengths: &[usize],
        sizes: &Sizes,
        unpacked: &mut Vec<f32>,
    ) -> Result<Vec<f32>, String> {
        let (hidden, heads) = (sizes.hidden, sizes.heads);
        let projected = self.query_key_value.apply(state, unpacked)?;
        let attended: Vec<f32> = split(&projected, lengths, 3 * hidden)
            .flat_map(|text| attend(text, hidden, heads))
            .collect();
        let mut middle = self.attention_out.apply(&attended, unpacked)?;
        add(&mut middle, state);
        self.attention_norm.apply(&mut middle, sizes.epsilon);
        let mut wide = self.widen.apply(&middle, unpacked)?;
        wide.iter_mut().for_each(|x| *x = gelu(*x));
        let mut output = self.narrow.apply(&wide, unpacked)?;
        add(&mut output, &middle);
        self.norm.apply(&mut output, sizes.epsilon);
        Ok(output)
    }
}

/// The rows of each text, `width` numbers a row.
fn split<'s>(
    mut rows: &'s [f32],
    lengths: &'s [usize],
    width: usize,
) -> impl Iterator<Item = &'s [f32]> {
    lengths.iter().map(move |length| {
        let (text, rest) = rows.split_at(length * width);
        rows = rest;
        text
    })
}

/// The mean of a text's rows, scaled to length 1.
fn mean(rows: &[f32], hidden: usize) -> Embedding {
    let mut mean = [0.0; DIMENSIONS];
    rows.chunks_exact(hidden)
        .for_each(|row| add(&mut mean, row));
    let length = mean.iter().map(|x| x * x).sum::<f32>().sqrt();
    mean.map(|x| x / length.max(f32::MIN_POSITIVE))
}

impl Linear {
    /// Reads matrices of `rows` each and sets them one above the other.
    fn load(file: &E5File<'_>, names: &[String], rows: usize, columns: usize) -> Option<Self> {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            weight.extend_from_slice(file.packed(&format!("{name}.w"), Some(rows * columns))?);
            bias.extend(file.floats(&format!("{name}.b"), rows)?);
        }
        Some(Self {
            weight,
            columns,
            bias,
        })
    }

    /// `input · weightᵀ + bias`, row by row.
    ///
    /// Computed as `(weight · inputᵀ)ᵀ`: the product packs its right side anew each time, and the
    /// input is a hundred times smaller than the weight.
    fn apply(&self, input: &[f32], unpacked: &mut Vec<f32>) -> Result<Vec<f32>, String> {
        let (rows, columns) = (self.bias.len(), self.columns);
        unpacked.resize(rows * columns, 0.0);
        unpack(&self.weight, unpacked);
        let weight = NdTensorView::from_data([rows, columns], unpacked.as_slice());
        let input = NdTensorView::from_data([input.len() / columns, columns], input);
        let product = weight
            .matmul(input.transposed().as_dyn())
            .map_err(|error| error.to_string())?;
        let mut output = product.transposed().to_vec();
        output
            .chunks_exact_mut(rows)
            .for_each(|row| add(row, &self.bias));
        Ok(output)
    }
}

impl Norm {
    fn load(file: &E5File<'_>, name: &str, size: usize) -> Option<Self> {
        let weight = file.floats(&format!("{name}.w"), size)?;
        Some(Self {
            weight,
            bias: file.floats(&format!("{name}.b"), size)?,
        })
    }

    /// Brings every row to mean 0 and variance 1, then scales and shifts it.
    fn apply(&self, state: &mut [f32], epsilon: f32) {
        for row in state.chunks_exact_mut(self.weight.len()) {
            let count = row.len() as f32;
            let mean = row.iter().sum::<f32>() / count;
            let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / count;
            let scale = 1.0 / (variance + epsilon).sqrt();
            for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *x = (*x - mean) * scale * weight + bias;
            }
        }
    }
}

/// Scaled dot-product attention of every row to every row, head by head. A row of `projected`
/// holds query, key and value.
fn attend(projected: &[f32], hidden: usize, heads: usize) -> Vec<f32> {
    let width = hidden / heads;
    let scale = 1.0 / (width as f32).sqrt();
    let rows: Vec<&[f32]> = projected.chunks_exact(3 * hidden).collect();
    let mut output = vec![0.0; rows.len() * hidden];
    let mut weights = vec![0.0; rows.len()];
    for (row, output) in rows.iter().zip(output.chunks_exact_mut(hidden)) {
        for (head, output) in output.chunks_exact_mut(width).enumerate() {
            let at = head * width;
            let query = &row[at..at + width];
            for (weight, other) in weights.iter_mut().zip(&rows) {
                let key = &other[hidden + at..][..width];
                *weight = scale * query.iter().zip(key).map(|(q, k)| q * k).sum::<f32>();
            }
            softmax(&mut weights);
            for (weight, other) in weights.iter().zip(&rows) {
                let value = &other[2 * hidden + at..][..width];
                output
                    .iter_mut()
                    .zip(value)
                    .for_each(|(sum, v)| *sum += weight * v);
            }
        }
    }
    output
}

fn softmax(values: &mut [f32]) {
    let largest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.iter_mut().for_each(|v| *v = (*v - largest).exp());
    let sum: f32 = values.iter().sum();
    values.iter_mut().for_each(|v| *v /= sum);
}

fn add(to: &mut [f32], what: &[f32]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += what);
}

/// The Gaussian error linear unit, with the error function by Abramowitz and Stegun 7.1.26
/// (error below 1.5e-7).
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = t
        * (0.254_829_6
            + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152_1 + t * 1.061_405_4))));
    let erf = (1.0 - series * (-z * z).exp()).copysign(x);
    0.5 * x * (1.0 + erf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_agrees_with_published_values() {
        for (x, expected) in [
            (0.0, 0.0),
            (1.0, 0.841_345),
            (-1.0, -0.158_655),
            (3.0, 2.995_95),
        ] {
            assert!((gelu(x) - expected).abs() < 1e-5, "gelu({x}) = {}", gelu(x));
        }
    }

    #[test]
    fn attention_to_equal_keys_is_the_mean_of_the_values() {
        let row = |value: f32| [1.0, 2.0, 0.5, 0.5, value, 2.0 * value];
        let projected = [row(1.0), row(3.0)].concat();
        let attended = attend(&projected, 2, 1);
        assert!(
            attended
                .iter()
                .zip([2.0, 4.0, 2.0, 4.0])
                .all(|(a, b)| (a - b).abs() < 1e-6)
        );
    }
}
