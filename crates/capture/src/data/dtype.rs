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
    /// <https://numpy.org/doc/stable/reference/arrays.interface.html>
    pub fn parse(typestr: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new(format!("`{typestr}` is not a type string of the array interface"));
        let mut letters = typestr.chars();
        let swapped = match letters.next() {
            Some('<') => cfg!(target_endian = "big"),
            Some('>') => cfg!(target_endian = "little"),
            Some('|' | '=') => false,
            _ => return Err(wrong()),
        };
        let kind = letters.next().and_then(kind_of).ok_or_else(wrong)?;
        let digits: String = letters.take_while(char::is_ascii_digit).collect();
        let count = match (kind, digits.as_str()) {
            // NumPy leaves the size of a pointer out.
            (Kind::Object, _) => size_of::<usize>(),
            (_, digits) => digits.parse().map_err(|_| wrong())?,
        };
        let size = if kind == Kind::Unicode { count.checked_mul(4).ok_or_else(wrong)? } else { count };
        let known = match kind {
            Kind::Bool => size == 1,
            Kind::Int | Kind::Uint => matches!(size, 1 | 2 | 4 | 8),
            Kind::Datetime | Kind::Timedelta => size == 8,
            _ => true,
        };
        if known { Ok(Self { kind, size, swapped }) } else { Err(wrong()) }
    }

    /// NumPy's name: `float64`, `int32`, `bool`, `str`, `object`.
    pub fn name(self) -> String {
        let bits = self.size * 8;
        match self.kind {
            Kind::Bool => "bool".to_owned(),
            Kind::Int => format!("int{bits}"),
            Kind::Uint => format!("uint{bits}"),
            Kind::Float => format!("float{bits}"),
            Kind::Complex => format!("complex{bits}"),
            Kind::Datetime => "datetime64".to_owned(),
            Kind::Timedelta => "timedelta64".to_owned(),
            Kind::Unicode => "str".to_owned(),
            Kind::Bytes => "bytes".to_owned(),
            Kind::Object => "object".to_owned(),
            Kind::Void => "void".to_owned(),
        }
    }

    /// Whether an element can be read as a number.
    pub fn is_number(self) -> bool {
        match self.kind {
            Kind::Bool | Kind::Int | Kind::Uint => true,
            Kind::Float => matches!(self.size, 2 | 4 | 8),
            _ => false,
        }
    }

    /// An element as a number. Not-a-number for types that are none.
    pub(super) fn number(self, element: &[u8]) -> f64 {
        let Some(bits) = self.bits(element) else { return f64::NAN };
        match (self.kind, self.size) {
            (Kind::Bool, _) => f64::from(u8::from(bits != 0)),
            (Kind::Uint, _) => bits as f64,
            (Kind::Int, _) => self.signed(bits) as f64,
            (Kind::Float, 8) => f64::from_bits(bits),
            (Kind::Float, 4) => f64::from(f32::from_bits(bits as u32)),
            (Kind::Float, 2) => half(bits as u16),
            _ => f64::NAN,
        }
    }

    /// An element as a whole number, where it is one that fits.
    pub(crate) fn integer(self, element: &[u8]) -> Option<i64> {
        let bits = self.bits(element)?;
        match self.kind {
            Kind::Bool => Some(i64::from(bits != 0)),
            Kind::Uint => i64::try_from(bits).ok(),
            Kind::Int => Some(self.signed(bits)),
            _ => None,
        }
    }

    /// Whether a date is missing: it is then the smallest 64-bit integer.
    pub(super) fn is_not_a_time(self, element: &[u8]) -> bool {
        self.bits(element) == Some(i64::MIN as u64)
    }

    /// An element of text, without the padding at its end.
    pub(crate) fn text(self, element: &[u8]) -> Option<String> {
        match self.kind {
            Kind::Bytes => Some(String::from_utf8_lossy(element).trim_end_matches('\0').to_owned()),
            Kind::Unicode => {
                let code = Self { kind: Kind::Uint, size: 4, swapped: self.swapped };
                let letter = |four: &[u8]| char::from_u32(code.bits(four)? as u32);
                let text: String = element.chunks_exact(4).filter_map(letter).collect();
                Some(text.trim_end_matches('\0').to_owned())
            }
            _ => None,
        }
    }

    /// The low bytes of an element as one number, for elements of up to eight bytes.
    fn bits(self, element: &[u8]) -> Option<u64> {
        let mut bytes = [0; 8];
        let big = cfg!(target_endian = "big") != self.swapped;
        let place = if big { 8usize.checked_sub(element.len())?..8 } else { 0..element.len() };
        bytes.get_mut(place)?.copy_from_slice(element);
        Some(if big { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    fn signed(self, bits: u64) -> i64 {
        let unused = 64 - 8 * self.size as u32;
        ((bits << unused) as i64) >> unused
    }
}

fn kind_of(letter: char) -> Option<Kind> {
    Some(match letter {
        'b' => Kind::Bool,
        'i' => Kind::Int,
        'u' => Kind::Uint,
        'f' => Kind::Float,
        'c' => Kind::Complex,
        'M' => Kind::Datetime,
        'm' => Kind::Timedelta,
        'U' => Kind::Unicode,
        'S' => Kind::Bytes,
        'O' => Kind::Object,
        'V' => Kind::Void,
        _ => return None,
    })
}

/// IEEE 754 binary16.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from((bits >> 10) & 0x1f), f64::from(bits & 0x3ff) / 1024.0);
    sign * match (exponent, fraction) {
        (0, _) => fraction * 2f64.powi(-14),
        (31, 0.0) => f64::INFINITY,
        (31, _) => f64::NAN,
        _ => (1.0 + fraction) * 2f64.powi(exponent - 15),
    }
}
