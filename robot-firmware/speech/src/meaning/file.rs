//! Reader of the 4-bit multilingual-e5-small file (`E5S1`).
//!
//! Little endian: the magic, `u32 version`, seven `i32` sizes, `f32 epsilon`, `i32 block`; the
//! tokenizer (pieces, special tokens, scores, a normalisation map); a directory of tensors with
//! absolute offsets; the tensors, either 32-bit floats or `q4_0` blocks.

use std::collections::HashMap;

use half::f16;

/// Elements of a `q4_0` block, which share one scale.
pub(super) const BLOCK: usize = 32;
/// Bytes of a `q4_0` block: a 16-bit scale and 32 half bytes.
pub(super) const BLOCK_BYTES: usize = 2 + BLOCK / 2;

/// Sizes of the network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) hidden: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) feed_forward: usize,
    pub(super) positions: usize,
    pub(super) epsilon: f32,
}

/// The tokenizer's tables as they stand in the file.
#[derive(Debug, Default)]
pub(super) struct TokenizerTables {
    pub(super) begin: u32,
    pub(super) end: u32,
    pub(super) unknown: u32,
    /// Piece `i` is `blob[offsets[i]..offsets[i + 1]]`.
    pub(super) offsets: Vec<u32>,
    pub(super) scores: Vec<f32>,
    pub(super) blob: Vec<u8>,
    pub(super) replacements: HashMap<char, Vec<char>>,
}

/// A whole file, taken apart.
pub(super) struct E5File<'a> {
    pub(super) sizes: Sizes,
    pub(super) tokenizer: TokenizerTables,
    bytes: &'a [u8],
    directory: HashMap<String, Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    is_q4: bool,
    elements: usize,
    offset: usize,
    bytes: usize,
}

impl<'a> E5File<'a> {
    /// Takes the file apart; `None` when it is cut short or of another kind.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        if reader.take(4)? != b"E5S1" || reader.u32()? != 1 {
            return None;
        }
        let [
            hidden,
            layers,
            heads,
            feed_forward,
            _vocabulary,
            positions,
            _types,
        ] = reader.sizes()?;
        let epsilon = reader.f32()?;
        let block = reader.u32()? as usize;
        if block != BLOCK || heads == 0 || hidden % heads != 0 || hidden % BLOCK != 0 {
            return None;
        }
        let sizes = Sizes {
            hidden,
            layers,
            heads,
            feed_forward,
            positions,
            epsilon,
        };
        let tokenizer = reader.tokenizer()?;
        let directory = reader.directory()?;
        Some(Self {
            sizes,
            tokenizer,
            bytes,
            directory,
        })
    }

    /// The tensor `name` of `elements` 32-bit floats, unpacked if it is quantised.
    pub(super) fn floats(&self, name: &str, elements: usize) -> Option<Vec<f32>> {
        let entry = self.directory.get(name)?;
        let data = self.data(entry, elements)?;
        if entry.is_q4 {
            let mut values = vec![0.0; elements];
            unpack(data, &mut values);
            Some(values)
        } else {
            let words = data.chunks_exact(4);
            Some(
                words
                    .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                    .collect(),
            )
        }
    }

    /// The quantised tensor `name` as it stands, of `elements` if that is known before.
    pub(super) fn packed(&self, name: &str, elements: Option<usize>) -> Option<&'a [u8]> {
        let entry = self.directory.get(name).filter(|entry| entry.is_q4)?;
        self.data(entry, elements.unwrap_or(entry.elements))
    }

    fn data(&self, entry: &Entry, elements: usize) -> Option<&'a [u8]> {
        let expected = if entry.is_q4 {
            elements / BLOCK * BLOCK_BYTES
        } else {
            elements.checked_mul(4)?
        };
        if entry.elements != elements || entry.bytes != expected {
            return None;
        }
        self.bytes
            .get(entry.offset..entry.offset.checked_add(entry.bytes)?)
    }
}

/// Unpacks `q4_0` blocks: element `j` is a block's low half byte `j`, element `j + 16` the high.
pub(super) fn unpack(packed: &[u8], values: &mut [f32]) {
    for (block, values) in packed
        .chunks_exact(BLOCK_BYTES)
        .zip(values.chunks_exact_mut(BLOCK))
    {
        let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
        let (low, high) = values.split_at_mut(BLOCK / 2);
        for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = scale * (f32::from(byte & 15) - 8.0);
            *high = scale * (f32::from(byte >> 4) - 8.0);
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn u64(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.take(8)?.try_into().ok()?)).ok()
    }

    fn f32(&mut self) -> Option<f32> {
        Some(f32::from_bits(self.u32()?))
    }

    fn sizes<const N: usize>(&mut self) -> Option<[usize; N]> {
        let mut sizes = [0; N];
        for size in &mut sizes {
            *size = self.u32()? as usize;
        }
        Some(sizes)
    }

    fn u32s(&mut self, count: usize) -> Option<Vec<u32>> {
        let words = self.take(count.checked_mul(4)?)?.chunks_exact(4);
        Some(
            words
                .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect(),
        )
    }

    fn tokenizer(&mut self) -> Option<TokenizerTables> {
        let pieces = self.u32()? as usize;
        let (begin, end, _pad, unknown) = (self.u32()?, self.u32()?, self.u32()?, self.u32()?);
        let blob_length = self.u64()?;
        let offsets = self.u32s(pieces.checked_add(1)?)?;
        let scores = self.u32s(pieces)?.into_iter().map(f32::from_bits).collect();
        let blob = self.take(blob_length)?.to_vec();
        let in_order =
            offsets.is_sorted() && offsets.last().is_some_and(|o| *o as usize <= blob.len());
        if !in_order
            || [begin, end, unknown]
                .iter()
                .any(|token| *token as usize >= pieces)
        {
            return None;
        }
        let count = self.u32()?;
        let _bytes = self.u32()?;
        let mut replacements = HashMap::new();
        for _ in 0..count {
            let from = char::from_u32(self.u32()?);
            let length = usize::from(self.take(1)?[0]);
            let to = self
                .u32s(length)?
                .into_iter()
                .filter_map(char::from_u32)
                .collect();
            if let Some(from) = from {
                replacements.insert(from, to);
            }
        }
        Some(TokenizerTables {
            begin,
            end,
            unknown,
            offsets,
            scores,
            blob,
            replacements,
        })
    }

    fn directory(&mut self) -> Option<HashMap<String, Entry>> {
        let count = self.u32()?;
        let mut directory = HashMap::new();
        for _ in 0..count {
            let length = u16::from_le_bytes(self.take(2)?.try_into().ok()?);
            let name = std::str::from_utf8(self.take(usize::from(length))?)
                .ok()?
                .to_owned();
            let is_q4 = self.take(1)?[0] == 1;
            let elements = self.u32()? as usize;
            let (offset, bytes) = (self.u64()?, self.u64()?);
            directory.insert(
                name,
                Entry {
                    is_q4,
                    elements,
                    offset,
                    bytes,
                },
            );
        }
        Some(directory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_half_bytes_unpacks_in_order() {
        let mut block = f16::from_f32(0.5).to_le_bytes().to_vec();
        block.extend((0..16).map(|j| j | (15 - j) << 4));
        let mut values = [0.0; 32];
        unpack(&block, &mut values);
        assert_eq!(
            (values[0], values[15], values[16], values[31]),
            (-4.0, 3.5, 3.5, -4.0)
        );
    }

    #[test]
    fn another_file_is_refused() {
        assert!(E5File::parse(b"").is_none());
        assert!(E5File::parse(b"GGUF\x01\0\0\0").is_none());
        assert!(E5File::parse(&[b"E5S1\x01\0\0\0".as_slice(), &[255; 64]].concat()).is_none());
    }
}
