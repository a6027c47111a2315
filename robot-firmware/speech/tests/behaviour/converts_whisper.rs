//! A CTranslate2 model becomes whisper.cpp's: same numbers, other names and order.

use std::collections::BTreeMap;

use half::f16;
use madoguchi_speech::whisper::Ct2Error;
use madoguchi_speech::whisper::convert::{ConvertError, convert};

const STATE: usize = 64;
const VOCABULARY: &str = "!\nĠa\nĊ\nÃ©\n<|endoftext|>\n<|startoftranscript|>\n";

/// A model of one layer a side; element `i` of a variable is a function of its name and `i`.
fn variables() -> BTreeMap<String, Vec<usize>> {
    let mut all = BTreeMap::new();
    let mut add = |name: &str, dims: &[usize]| all.insert(name.to_owned(), dims.to_vec());
    for (stack, attentions) in [("encoder", 1), ("decoder", 2)] {
        add(
            &format!("{stack}/position_encodings/encodings"),
            &[10, STATE],
        );
        let layer = format!("{stack}/layer_0");
        let mut linear = |name: &str, rows: usize, columns: usize| {
            add(&format!("{layer}/{name}/weight"), &[rows, columns]);
            add(&format!("{layer}/{name}/bias"), &[rows]);
        };
        linear("self_attention/linear_0", 3 * STATE, STATE);
        linear("self_attention/linear_1", STATE, STATE);
        if attentions == 2 {
            linear("attention/linear_0", STATE, STATE);
            linear("attention/linear_1", 2 * STATE, STATE);
            linear("attention/linear_2", STATE, STATE);
        }
        linear("ffn/linear_0", 4 * STATE, STATE);
        linear("ffn/linear_1", STATE, 4 * STATE);
        let norms = [
            "layer_norm",
            "layer_0/self_attention/layer_norm",
            "layer_0/ffn/layer_norm",
        ];
        let cross = (attentions == 2).then_some("layer_0/attention/layer_norm");
        for norm in norms.into_iter().chain(cross) {
            add(&format!("{stack}/{norm}/gamma"), &[STATE]);
            add(&format!("{stack}/{norm}/beta"), &[STATE]);
        }
    }
    for conv in ["conv1", "conv2"] {
        add(&format!("encoder/{conv}/weight"), &[STATE, STATE, 3]);
        add(&format!("encoder/{conv}/bias"), &[STATE]);
    }
    add("decoder/embeddings/weight", &[9, STATE]);
    all
}

fn value(name: &str, index: usize) -> f32 {
    let seed = name
        .bytes()
        .fold(index * 31, |seed, byte| seed * 7 % 1009 + usize::from(byte));
    f16::from_f32((seed % 200) as f32 / 100.0 - 1.0).to_f32()
}

fn ct2(variables: &BTreeMap<String, Vec<usize>>) -> Vec<u8> {
    let mut bytes = 6_u32.to_le_bytes().to_vec();
    let string = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u16 + 1).to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.push(0);
    };
    string(&mut bytes, "WhisperSpec");
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend((variables.len() as u32).to_le_bytes());
    for (name, dims) in variables {
        string(&mut bytes, name);
        bytes.push(dims.len() as u8);
        dims.iter()
            .for_each(|dim| bytes.extend((*dim as u32).to_le_bytes()));
        let count: usize = dims.iter().product();
        bytes.push(4);
        bytes.extend((count as u32 * 2).to_le_bytes());
        (0..count).for_each(|i| bytes.extend(f16::from_f32(value(name, i)).to_le_bytes()));
    }
    bytes.extend(0_u32.to_le_bytes());
    bytes
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn number(&mut self) -> usize {
        u32::from_le_bytes(self.bytes(4).try_into().unwrap()) as usize
    }

    fn floats(&mut self, count: usize) -> Vec<f32> {
        (0..count)
            .map(|_| f32::from_bits(self.number() as u32))
            .collect()
    }

    fn halves(&mut self, count: usize) -> Vec<f32> {
        let bytes = self.bytes(2 * count).chunks_exact(2);
        bytes
            .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
            .collect()
    }

    fn blocks(&mut self, count: usize) -> Vec<f32> {
        (0..count / 32)
            .flat_map(|_| {
                let scale = self.halves(1)[0];
                self.bytes(32)
                    .iter()
                    .map(move |b| scale * f32::from(b.cast_signed()))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

type Tensor = (Vec<usize>, usize, Vec<f32>);

fn read_ggml(bytes: &[u8]) -> (Vec<usize>, Vec<Vec<u8>>, BTreeMap<String, Tensor>) {
    let mut reader = Reader(bytes);
    assert_eq!(reader.number(), 0x6767_6d6c);
    let head = (0..11).map(|_| reader.number()).collect();
    assert_eq!((reader.number(), reader.number()), (80, 201));
    reader.floats(80 * 201);
    let count = reader.number();
    let tokens = (0..count)
        .map(|_| {
            let n = reader.number();
            reader.bytes(n).to_vec()
        })
        .collect();
    let mut tensors = BTreeMap::new();
    while !reader.0.is_empty() {
        let (rank, length, kind) = (reader.number(), reader.number(), reader.number());
        let dims: Vec<usize> = (0..rank).map(|_| reader.number()).collect();
        let name = String::from_utf8(reader.bytes(length).to_vec()).unwrap();
        let count = dims.iter().product();
        let values = match kind {
            0 => reader.floats(count),
            1 => reader.halves(count),
            8 => reader.blocks(count),
            other => panic!("{name} has type {other}"),
        };
        assert!(tensors.insert(name, (dims, kind, values)).is_none());
    }
    (head, tokens, tensors)
}

#[test]
fn every_weight_arrives_under_its_new_name() {
    let mut out = Vec::new();
    convert(&ct2(&variables()), VOCABULARY, &mut out).unwrap();
    let (head, tokens, tensors) = read_ggml(&out);
    assert_eq!(head, [9, 10, STATE, 1, 1, 10, STATE, 1, 1, 80, 2007]);
    assert_eq!(
        tokens,
        [
            b"!".to_vec(),
            b" a".to_vec(),
            b"\n".to_vec(),
            "é".as_bytes().to_vec()
        ]
    );
    // 8 beside the layers, 15 in an encoder layer and 24 in a decoder layer, less the key biases
    // that whisper.cpp counts with its own: the numbers of `whisper_model_load`.
    assert_eq!(tensors.len(), 6 + 4 + 1 + 15 + 24);
    let close = |name: &str, from: &str, start: usize, tolerance: f32| {
        let (_, _, values) = &tensors[name];
        for (i, got) in values.iter().enumerate() {
            let expected = value(from, start + i);
            assert!(
                (got - expected).abs() <= tolerance,
                "{name}[{i}] is {got}, not {expected}"
            );
        }
    };
    let own = "decoder/layer_0/self_attention/linear_0";
    let (square, half_step) = (STATE * STATE, 0.5 / 127.0 + 1e-3);
    close(
        "decoder.blocks.0.attn.query.weight",
        &format!("{own}/weight"),
        0,
        half_step,
    );
    close(
        "decoder.blocks.0.attn.key.weight",
        &format!("{own}/weight"),
        square,
        half_step,
    );
    close(
        "decoder.blocks.0.attn.value.weight",
        &format!("{own}/weight"),
        2 * square,
        half_step,
    );
    close(
        "decoder.blocks.0.attn.value.bias",
        &format!("{own}/bias"),
        2 * STATE,
        0.0,
    );
    assert!(!tensors.contains_key("decoder.blocks.0.attn.key.bias"));
    let cross = "decoder/layer_0/attention/linear_1";
    close(
        "decoder.blocks.0.cross_attn.value.weight",
        &format!("{cross}/weight"),
        square,
        half_step,
    );
    close("encoder.conv1.weight", "encoder/conv1/weight", 0, 0.0);
    assert_eq!(tensors["encoder.conv1.weight"].0, [3, STATE, STATE]);
    assert_eq!(tensors["encoder.conv2.bias"].0, [1, STATE]);
    close("encoder.ln_post.weight", "encoder/layer_norm/gamma", 0, 0.0);
    close("decoder.ln.bias", "decoder/layer_norm/beta", 0, 0.0);
    close(
        "decoder.positional_embedding",
        "decoder/position_encodings/encodings",
        0,
        0.0,
    );
}

#[test]
fn a_cut_or_foreign_model_is_refused() {
    let whole = ct2(&variables());
    for length in [0, 3, 40, whole.len() / 2, whole.len() - 100] {
        let error = convert(&whole[..length], VOCABULARY, &mut Vec::new()).unwrap_err();
        assert!(
            matches!(error, ConvertError::Input(Ct2Error::Truncated { .. })),
            "{error:?}"
        );
    }
    let error = convert(b"\x07\0\0\0", VOCABULARY, &mut Vec::new()).unwrap_err();
    assert!(
        matches!(error, ConvertError::Input(Ct2Error::Version(7))),
        "{error:?}"
    );

    let mut fewer = variables();
    fewer.remove("decoder/layer_0/attention/linear_2/bias");
    let error = convert(&ct2(&fewer), VOCABULARY, &mut Vec::new()).unwrap_err();
    assert!(
        error.to_string().contains("attention/linear_2/bias"),
        "{error}"
    );

    let error = convert(&whole, "fine\nnot a token\n", &mut Vec::new()).unwrap_err();
    assert!(
        matches!(error, ConvertError::Vocabulary { line: 2 }),
        "{error:?}"
    );
}
