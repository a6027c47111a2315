//! Turns a Whisper model of CTranslate2 into the file that whisper.cpp reads, quantised to `q8_0`.
//!
//! The same weights under other names: CTranslate2 fuses query, key and value into one matrix by
//! rows and calls a norm's parameters gamma and beta. Norms, biases and positions stay in 32 bits,
//! the two convolutions in 16, every other matrix becomes `q8_0`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::ct2::{self, Ct2Error, Variable};
use super::ggml::{self, Hyperparameters, Storage};

/// Why a conversion stopped.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The input is no readable CTranslate2 model.
    #[error("cannot read the Whisper weights")]
    Input(#[from] Ct2Error),
    /// The model lacks a weight that every Whisper model has.
    #[error("the Whisper weights have no `{0}`: this is another kind of model")]
    Missing(String),
    /// A weight has a shape that no Whisper model has.
    #[error("the Whisper weight `{0}` has an unexpected shape or type")]
    Shape(String),
    /// The vocabulary is cut or of another tokenizer.
    #[error("the vocabulary's line {line} is no byte-level token of GPT-2")]
    Vocabulary {
        /// Line in `vocabulary.txt`, from 1.
        line: usize,
    },
    /// The result could not be written.
    #[error("cannot write the converted Whisper model")]
    Output(#[from] io::Error),
}

/// Width of one attention head in every Whisper model.
const HEAD_WIDTH: usize = 64;

/// Converts `model` (a whole `model.bin`) with `vocabulary` (`vocabulary.txt`) into `out`.
///
/// # Errors
/// [`ConvertError`] names the weight, the line or the write that failed.
pub fn convert(model: &[u8], vocabulary: &str, out: &mut impl Write) -> Result<(), ConvertError> {
    let weights = Weights(ct2::read(model)?);
    let embedding = weights.dims("decoder/embeddings/weight", 2)?;
    let audio = weights.dims("encoder/position_encodings/encodings", 2)?;
    let text = weights.dims("decoder/position_encodings/encodings", 2)?;
    let hyper = Hyperparameters {
        vocabulary: embedding[0],
        audio_context: audio[0],
        text_context: text[0],
        state: embedding[1],
        heads: embedding[1] / HEAD_WIDTH,
        encoder_layers: weights.layers("encoder"),
        decoder_layers: weights.layers("decoder"),
    };
    ggml::write_head(out, &hyper, &tokens(vocabulary)?)?;
    let mut tensors = Tensors {
        weights: &weights,
        out,
    };
    tensors.stack("encoder", &hyper)?;
    tensors.stack("decoder", &hyper)
}

/// The bytes of every text token: the lines before the first special token.
fn tokens(vocabulary: &str) -> Result<Vec<Vec<u8>>, ConvertError> {
    let bytes = byte_alphabet();
    let lines = vocabulary
        .split('\n')
        .take_while(|line| *line != "<|endoftext|>");
    lines
        .enumerate()
        .map(|(index, line)| {
            let token: Option<Vec<u8>> = line.chars().map(|c| bytes.get(&c).copied()).collect();
            token.ok_or(ConvertError::Vocabulary { line: index + 1 })
        })
        .collect()
}

/// GPT-2's alphabet: printable bytes stand for themselves, the others for U+0100 and up in order.
fn byte_alphabet() -> BTreeMap<char, u8> {
    let mut next_stand_in = 0x100;
    (0..=255_u8)
        .map(|byte| {
            if matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff) {
                (char::from(byte), byte)
            } else {
                let stand_in = char::from_u32(next_stand_in).unwrap_or(char::REPLACEMENT_CHARACTER);
                next_stand_in += 1;
                (stand_in, byte)
            }
        })
        .collect()
}

struct Weights<'a>(BTreeMap<String, Variable<'a>>);

impl Weights<'_> {
    fn get(&self, name: &str) -> Result<&Variable<'_>, ConvertError> {
        self.0
            .get(name)
            .ok_or_else(|| ConvertError::Missing(name.to_owned()))
    }

    fn dims(&self, name: &str, rank: usize) -> Result<&[usize], ConvertError> {
        let dims = &self.get(name)?.dims;
        if dims.len() == rank {
            Ok(dims)
        } else {
            Err(ConvertError::Shape(name.to_owned()))
        }
    }

    fn floats(&self, name: &str) -> Result<Vec<f32>, ConvertError> {
        self.get(name)?
            .to_f32()
            .ok_or_else(|| ConvertError::Shape(name.to_owned()))
    }

    fn layers(&self, stack: &str) -> usize {
        (0..)
            .take_while(|i| {
                self.0
                    .contains_key(&format!("{stack}/layer_{i}/ffn/linear_0/weight"))
            })
            .count()
    }
}

struct Tensors<'a, W> {
    weights: &'a Weights<'a>,
    out: &'a mut W,
}

impl<W: Write> Tensors<'_, W> {
    fn stack(&mut self, stack: &str, hyper: &Hyperparameters) -> Result<(), ConvertError> {
        let positions = format!("{stack}/position_encodings/encodings");
        self.copy(
            &positions,
            &format!("{stack}.positional_embedding"),
            Storage::F32,
        )?;
        let layers = if stack == "encoder" {
            for conv in ["encoder.conv1", "encoder.conv2"] {
                let from = conv.replace('.', "/");
                self.copy(
                    &format!("{from}/weight"),
                    &format!("{conv}.weight"),
                    Storage::F16,
                )?;
                // whisper.cpp adds this bias to a [frames, channels] matrix.
                let bias = self.weights.floats(&format!("{from}/bias"))?;
                let name = format!("{conv}.bias");
                ggml::write_tensor(self.out, &name, &[bias.len(), 1], Storage::F32, &bias)?;
            }
            self.norm("encoder/layer_norm", "encoder.ln_post")?;
            hyper.encoder_layers
        } else {
            let to = "decoder.token_embedding.weight";
            self.copy("decoder/embeddings/weight", to, Storage::Q8_0)?;
            self.norm("decoder/layer_norm", "decoder.ln")?;
            hyper.decoder_layers
        };
        for layer in 0..layers {
            let (from, to) = (
                format!("{stack}/layer_{layer}"),
                format!("{stack}.blocks.{layer}"),
            );
            let own = format!("{from}/self_attention");
            self.split(
                &format!("{own}/linear_0"),
                &to,
                &["attn.query", "attn.key", "attn.value"],
            )?;
            self.linear(&format!("{own}/linear_1"), &format!("{to}.attn.out"))?;
            self.norm(&format!("{own}/layer_norm"), &format!("{to}.attn_ln"))?;
            if stack == "decoder" {
                let cross = format!("{from}/attention");
                self.linear(
                    &format!("{cross}/linear_0"),
                    &format!("{to}.cross_attn.query"),
                )?;
                let halves = ["cross_attn.key", "cross_attn.value"];
                self.split(&format!("{cross}/linear_1"), &to, &halves)?;
                self.linear(
                    &format!("{cross}/linear_2"),
                    &format!("{to}.cross_attn.out"),
                )?;
                self.norm(
                    &format!("{cross}/layer_norm"),
                    &format!("{to}.cross_attn_ln"),
                )?;
            }
            self.linear(&format!("{from}/ffn/linear_0"), &format!("{to}.mlp.0"))?;
            self.linear(&format!("{from}/ffn/linear_1"), &format!("{to}.mlp.2"))?;
            self.norm(&format!("{from}/ffn/layer_norm"), &format!("{to}.mlp_ln"))?;
        }
        Ok(())
    }

    fn copy(&mut self, from: &str, to: &str, storage: Storage) -> Result<(), ConvertError> {
        let values = self.weights.floats(from)?;
        let dims = &self.weights.get(from)?.dims;
        if storage == Storage::Q8_0 && !dims.last().is_some_and(|d| d.is_multiple_of(ggml::BLOCK)) {
            return Err(ConvertError::Shape(from.to_owned()));
        }
        Ok(ggml::write_tensor(self.out, to, dims, storage, &values)?)
    }

    fn norm(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.copy(
            &format!("{from}/gamma"),
            &format!("{to}.weight"),
            Storage::F32,
        )?;
        self.copy(&format!("{from}/beta"), &format!("{to}.bias"), Storage::F32)
    }

    fn linear(&mut self, from: &str, to: &str) -> Result<(), ConvertError> {
        self.copy(
            &format!("{from}/weight"),
            &format!("{to}.weight"),
            Storage::Q8_0,
        )?;
        self.copy(&format!("{from}/bias"), &format!("{to}.bias"), Storage::F32)
    }

    /// Cuts a fused matrix by rows into the tensors `names`.
    fn split(&mut self, from: &str, to: &str, names: &[&str]) -> Result<(), ConvertError> {
        let name = format!("{from}/weight");
        let dims = self.weights.dims(&name, 2)?;
        let (rows, columns) = (dims[0] / names.len(), dims[1]);
        let values = self.weights.floats(&name)?;
        let biases = self.weights.floats(&format!("{from}/bias"))?;
        let whole_blocks = columns.is_multiple_of(ggml::BLOCK);
        if rows * names.len() != dims[0] || biases.len() != dims[0] || !whole_blocks {
            return Err(ConvertError::Shape(name));
        }
        let parts = values.chunks(rows * columns).zip(biases.chunks(rows));
        for ((weight, bias), part) in parts.zip(names) {
            let (to, dims) = (format!("{to}.{part}"), [rows, columns]);
            ggml::write_tensor(
                self.out,
                &format!("{to}.weight"),
                &dims,
                Storage::Q8_0,
                weight,
            )?;
            // Whisper's key projections have no bias: CTranslate2 stores zeros in its place.
            if !part.ends_with("key") {
                let bias_name = format!("{to}.bias");
                ggml::write_tensor(self.out, &bias_name, &[rows], Storage::F32, bias)?;
            }
        }
        Ok(())
    }
}
