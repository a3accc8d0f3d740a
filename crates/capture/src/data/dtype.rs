//! Element types, as NumPy's array interface spells them.

use trackline_model::Invalid;

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `b`
    Bool,
    /// `i`
    Int,
    /// `u`
    Uint,
    /// `f`
    Float,
    /// `c`
    Complex,
    /// `M`
    Datetime,
    /// `m`
    Timedelta,
    /// `U`: four bytes per character
    Unicode,
    /// `S`
    Bytes,
    /// `O`: pointers, never followed
    Object,
    /// `V`
    Void,
}

/// An element type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dtype {
    /// What an element is.
    pub kind: Kind,
    /// Its size in bytes.
    pub size: usize,
    /// Whether its bytes are in the other order than this machine's.
    pub swapped: bool,
}

impl Dtype {
    /// Reads a type string of the array interface: `<f8`, `|b1`, `<U5`, `<M8[ns]`.
    pub fn parse(typestr: &str) -> Result<Self, Invalid> {
        Err(Invalid::new(format!("`{typestr}` is not a type string of the array interface")))
    }
}
