//! Writer of whisper.cpp's model file, and the mel filter bank that stands in it.
//!
//! Layout, little endian: the magic `ggml`, eleven `i32` hyper-parameters, the filter bank, the
//! vocabulary, then tensors: `i32 dimensions`, `i32 name length`, `i32 type`, the dimensions
//! innermost first, the name, the data. Source: `whisper_model_load` of whisper.cpp.

use std::io::{self, Write};

use half::f16;

/// Mel bands of every Whisper model up to *medium*.
pub(super) const MEL_BANDS: usize = 80;
/// Frequency bins of Whisper's 400-point transform.
pub(super) const FFT_BINS: usize = 201;
/// Elements that share one scale in the `q8_0` format.
pub(super) const BLOCK: usize = 32;

/// How a tensor is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// 32-bit floats.
    F32,
    /// 16-bit floats.
    F16,
    /// Blocks of 32 signed bytes, each block with a 16-bit scale.
    Q8_0,
}

impl Storage {
    fn code(self) -> i32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q8_0 => 8,
        }
    }
}

/// What the head of the file says about the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hyperparameters {
    /// Tokens, special ones included.
    pub(super) vocabulary: usize,
    /// Positions of the encoder (1500 = 30 s).
    pub(super) audio_context: usize,
    /// Positions of the decoder.
    pub(super) text_context: usize,
    /// Width of both stacks.
    pub(super) state: usize,
    /// Attention heads.
    pub(super) heads: usize,
    /// Layers of the encoder.
    pub(super) encoder_layers: usize,
    /// Layers of the decoder.
    pub(super) decoder_layers: usize,
}

/// Writes everything that stands before the tensors. `tokens` are the raw bytes of the text tokens.
pub(super) fn write_head(
    out: &mut impl Write,
    hyper: &Hyperparameters,
    tokens: &[Vec<u8>],
) -> io::Result<()> {
    /// Quantisation version 2, mostly `q8_0`: the number that whisper.cpp calls `ftype`.
    const FTYPE: usize = 2007;
    out.write_all(&0x6767_6d6c_u32.to_le_bytes())?;
    let numbers = [
        hyper.vocabulary,
        hyper.audio_context,
        hyper.state,
        hyper.heads,
        hyper.encoder_layers,
        hyper.text_context,
        hyper.state,
        hyper.heads,
        hyper.decoder_layers,
        MEL_BANDS,
        FTYPE,
        MEL_BANDS,
        FFT_BINS,
    ];
    for number in numbers {
        write_i32(out, number)?;
    }
    for weight in mel_filters() {
        out.write_all(&weight.to_le_bytes())?;
    }
    write_i32(out, tokens.len())?;
    for token in tokens {
        write_i32(out, token.len())?;
        out.write_all(token)?;
    }
    Ok(())
}

/// Writes one tensor of `dims` (outermost first), row-major.
///
/// The innermost dimension of a `q8_0` tensor is a multiple of 32.
pub(super) fn write_tensor(
    out: &mut impl Write,
    name: &str,
    dims: &[usize],
    storage: Storage,
    values: &[f32],
) -> io::Result<()> {
    debug_assert_eq!(dims.iter().product::<usize>(), values.len());
    write_i32(out, dims.len())?;
    write_i32(out, name.len())?;
    out.write_all(&storage.code().to_le_bytes())?;
    for dim in dims.iter().rev() {
        write_i32(out, *dim)?;
    }
    out.write_all(name.as_bytes())?;
    match storage {
        Storage::F32 => values
            .iter()
            .try_for_each(|v| out.write_all(&v.to_le_bytes())),
        Storage::F16 => values
            .iter()
            .try_for_each(|v| out.write_all(&f16::from_f32(*v).to_le_bytes())),
        Storage::Q8_0 => values.chunks_exact(BLOCK).try_for_each(|block| {
            let (scale, quants) = quantise(block);
            out.write_all(&scale.to_le_bytes())?;
            out.write_all(&quants)
        }),
    }
}

/// One `q8_0` block: the scale, and 32 signed bytes.
fn quantise(block: &[f32]) -> (f16, [u8; BLOCK]) {
    let largest = block
        .iter()
        .fold(0.0_f32, |largest, v| largest.max(v.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let mut quants = [0; BLOCK];
    for (quant, value) in quants.iter_mut().zip(block) {
        *quant = ((value * inverse).round() as i8).cast_unsigned();
    }
    (f16::from_f32(scale), quants)
}

fn write_i32(out: &mut impl Write, number: usize) -> io::Result<()> {
    let number = i32::try_from(number).map_err(io::Error::other)?;
    out.write_all(&number.to_le_bytes())
}

/// Whisper's mel filter bank, band by band: triangles on the Slaney scale (linear below 1 kHz,
/// logarithmic above), each of unit area, for 201 bins from 0 to 8 kHz.
/// Source: Slaney, *Auditory Toolbox* (1998), as `librosa.filters.mel` computes it.
pub(super) fn mel_filters() -> Vec<f32> {
    const TOP_HZ: f64 = 8000.0;
    const LINEAR_STEP_HZ: f64 = 200.0 / 3.0;
    const KNEE_HZ: f64 = 1000.0;
    const KNEE_MEL: f64 = KNEE_HZ / LINEAR_STEP_HZ;
    let log_step = 6.4_f64.ln() / 27.0;
    let top_mel = KNEE_MEL + (TOP_HZ / KNEE_HZ).ln() / log_step;
    let edge_hz = |index: usize| {
        let mel = top_mel * index as f64 / (MEL_BANDS + 1) as f64;
        if mel < KNEE_MEL {
            mel * LINEAR_STEP_HZ
        } else {
            KNEE_HZ * ((mel - KNEE_MEL) * log_step).exp()
        }
    };
    let mut filters = Vec::with_capacity(MEL_BANDS * FFT_BINS);
    for band in 0..MEL_BANDS {
        let (low, centre, high) = (edge_hz(band), edge_hz(band + 1), edge_hz(band + 2));
        let height = 2.0 / (high - low);
        for bin in 0..FFT_BINS {
            let hz = TOP_HZ * bin as f64 / (FFT_BINS - 1) as f64;
            let rising = (hz - low) / (centre - low);
            let falling = (high - hz) / (high - centre);
            filters.push((rising.min(falling).max(0.0) * height) as f32);
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_bank_agrees_with_published_values() {
        let filters = mel_filters();
        assert_eq!(filters.len(), MEL_BANDS * FFT_BINS);
        let at = |band: usize, bin: usize| f64::from(filters[band * FFT_BINS + bin]);
        // Whisper's own asset `mel_filters.npz`.
        assert!((at(0, 1) - 0.024_862_594).abs() < 1e-8, "{}", at(0, 1));
        assert!(at(0, 0).abs() < 1e-12);
        assert!(filters.iter().all(|weight| (0.0..0.03).contains(weight)));
    }

    #[test]
    fn a_quantised_block_is_within_half_a_step() {
        let block: Vec<f32> = (0..32)
            .map(|i| ((i * 37 % 64) as f32 - 31.0) / 50.0)
            .collect();
        let (scale, quants) = quantise(&block);
        for (value, quant) in block.iter().zip(quants) {
            let restored = scale.to_f32() * f32::from(quant.cast_signed());
            assert!(
                (restored - value).abs() <= scale.to_f32() * 0.55,
                "{value} became {restored}"
            );
        }
        assert_eq!(quantise(&[0.0; 32]).1, [0; 32]);
    }
}
