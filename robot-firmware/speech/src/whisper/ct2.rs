//! Reader of CTranslate2 model files (`model.bin`, binary version 6).
//!
//! Layout, little endian: `u32 version`, `str spec`, `u32 revision`, `u32 variables`; each variable
//! `str name`, `u8 rank`, `u32 dims[rank]`, `u8 type`, `u32 bytes`, data; then `u32 aliases`, each
//! `str alias`, `str variable`. A `str` is a `u16` length that counts a closing NUL, then the bytes.
//! Source: `ctranslate2/specs/model_spec.py` of the CTranslate2 project.

use std::collections::BTreeMap;

use half::f16;

/// Why a file is no model that this reader takes.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Ct2Error {
    /// The file ends inside a field.
    #[error("the CTranslate2 model ends too early, at byte {at} in {field}; download it again")]
    Truncated {
        /// Offset of the field in bytes.
        at: usize,
        /// What was being read.
        field: &'static str,
    },
    /// The file is of another format or version.
    #[error("the file is no CTranslate2 model of version 6 (its first number is {0})")]
    Version(u32),
    /// A name is no UTF-8, or a size doesn't fit its dimensions.
    #[error("the CTranslate2 model is damaged at byte {at}: {reason}")]
    Malformed {
        /// Offset in bytes.
        at: usize,
        /// What is wrong there.
        reason: &'static str,
    },
}

/// Element type of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    F32,
    I8,
    I16,
    I32,
    F16,
}

impl Kind {
    fn from_code(code: u8) -> Option<Self> {
        [Self::F32, Self::I8, Self::I16, Self::I32, Self::F16]
            .get(usize::from(code))
            .copied()
    }

    fn bytes(self) -> usize {
        match self {
            Self::I8 => 1,
            Self::I16 | Self::F16 => 2,
            Self::F32 | Self::I32 => 4,
        }
    }
}

/// One named array, borrowed from the file's bytes.
#[derive(Debug, Clone)]
pub(super) struct Variable<'a> {
    /// Sizes, outermost first; empty for a scalar.
    pub(super) dims: Vec<usize>,
    kind: Kind,
    data: &'a [u8],
}

impl Variable<'_> {
    /// The elements in row-major order, or `None` when they aren't floating point.
    pub(super) fn to_f32(&self) -> Option<Vec<f32>> {
        match self.kind {
            Kind::F16 => {
                let halves = self.data.chunks_exact(2);
                Some(
                    halves
                        .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
                        .collect(),
                )
            }
            Kind::F32 => {
                let words = self.data.chunks_exact(4);
                Some(
                    words
                        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                        .collect(),
                )
            }
            Kind::I8 | Kind::I16 | Kind::I32 => None,
        }
    }
}

/// Reads every variable of a model.
///
/// # Errors
/// [`Ct2Error`] when the bytes are cut short, of another version or inconsistent.
pub(super) fn read(bytes: &[u8]) -> Result<BTreeMap<String, Variable<'_>>, Ct2Error> {
    let mut reader = Reader { bytes, at: 0 };
    let version = reader.u32("the version")?;
    if version != 6 {
        return Err(Ct2Error::Version(version));
    }
    reader.string("the specification's name")?;
    reader.u32("the revision")?;
    let count = reader.u32("the number of variables")?;
    let mut variables = BTreeMap::new();
    for _ in 0..count {
        let name = reader.string("a variable's name")?;
        variables.insert(name, reader.variable()?);
    }
    Ok(variables)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize, field: &'static str) -> Result<&'a [u8], Ct2Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest
            .get(..count)
            .ok_or(Ct2Error::Truncated { at: self.at, field })?;
        self.at += count;
        Ok(taken)
    }

    fn u8(&mut self, field: &'static str) -> Result<u8, Ct2Error> {
        Ok(self.take(1, field)?[0])
    }

    fn u32(&mut self, field: &'static str) -> Result<u32, Ct2Error> {
        let b = self.take(4, field)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn string(&mut self, field: &'static str) -> Result<String, Ct2Error> {
        let at = self.at;
        let length = self.take(2, field)?;
        let length = usize::from(u16::from_le_bytes([length[0], length[1]]));
        let bytes = self.take(length, field)?;
        let text = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        let text = std::str::from_utf8(text).map_err(|_| Ct2Error::Malformed {
            at,
            reason: "a name is not UTF-8",
        })?;
        Ok(text.to_owned())
    }

    fn variable(&mut self) -> Result<Variable<'a>, Ct2Error> {
        let rank = self.u8("a variable's rank")?;
        let mut dims = Vec::with_capacity(usize::from(rank));
        for _ in 0..rank {
            dims.push(self.u32("a dimension")? as usize);
        }
        let at = self.at;
        let kind = Kind::from_code(self.u8("an element type")?).ok_or(Ct2Error::Malformed {
            at,
            reason: "unknown element type",
        })?;
        let bytes = self.u32("a variable's size")? as usize;
        let expected = dims
            .iter()
            .try_fold(kind.bytes(), |size, dim| size.checked_mul(*dim));
        if expected != Some(bytes) {
            return Err(Ct2Error::Malformed {
                at,
                reason: "a size doesn't fit its dimensions",
            });
        }
        let data = self.take(bytes, "a variable's elements")?;
        Ok(Variable { dims, kind, data })
    }
}
