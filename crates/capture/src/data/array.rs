//! A view of an array in someone else's memory.

use trackline_model::Invalid;

use super::Dtype;

/// An n-dimensional array that is only looked at: the elements stay where they are.
#[derive(Debug, Clone)]
pub struct ArrayView<'a> {
    bytes: &'a [u8],
    /// Where the first element starts in `bytes`; strides may lead before it.
    first: usize,
    dtype: Dtype,
    shape: Vec<usize>,
    strides: Vec<isize>,
}

impl<'a> ArrayView<'a> {
    /// The array of `__array_interface__`: its `typestr`, `shape` and `strides` (in bytes; `None` when contiguous
    /// in C order), with `bytes` the whole memory it reaches and `first` the place of its first element therein.
    ///
    /// An element that would lie outside `bytes` is an error.
    pub fn new(
        bytes: &'a [u8],
        first: usize,
        typestr: &str,
        shape: &[usize],
        strides: Option<&[isize]>,
    ) -> Result<Self, Invalid> {
        let dtype = Dtype::parse(typestr)?;
        let (strides, reach) = layout(dtype, shape, strides)?;
        let inside =
            first >= reach.before && first.checked_add(reach.after).is_some_and(|end| end <= bytes.len());
        if !inside {
            return Err(Invalid::new(format!(
                "an array of shape {shape:?} and strides {strides:?} reaches outside its {} bytes",
                bytes.len()
            )));
        }
        Ok(Self { bytes, first, dtype, shape: shape.to_vec(), strides })
    }

    /// The same, from the address of the first element.
    ///
    /// # Safety
    /// Every element that `typestr`, `shape` and `strides` describe lies in memory that stays allocated and
    /// initialised for `'a`, and that nobody writes to meanwhile.
    #[allow(unsafe_code)]
    pub unsafe fn from_address(
        address: usize,
        typestr: &str,
        shape: &[usize],
        strides: Option<&[isize]>,
    ) -> Result<Self, Invalid> {
        let reach = layout(Dtype::parse(typestr)?, shape, strides)?.1;
        let length = reach.before + reach.after;
        if length == 0 {
            return Self::new(&[], 0, typestr, shape, strides);
        }
        let start = address.checked_sub(reach.before).filter(|start| *start != 0);
        let Some(start) = start.filter(|_| isize::try_from(length).is_ok()) else {
            return Err(Invalid::new(format!(
                "an array at address {address:#x} cannot have shape {shape:?}"
            )));
        };
        // SAFETY: `reach` spans exactly from the lowest to the highest byte of the elements, which the caller vouches
        // for; the address is not null and the length fits an `isize`.
        let bytes = unsafe { std::slice::from_raw_parts(std::ptr::with_exposed_provenance(start), length) };
        Self::new(bytes, reach.before, typestr, shape, strides)
    }

    /// The type of an element.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Its lengths, outermost first.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }

    /// The length of the outermost dimension; 1 for a single value.
    pub fn rows(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// The number of elements in one row.
    pub fn row_size(&self) -> usize {
        self.shape.iter().skip(1).product()
    }

    /// The elements as numbers, in C order; an error for text, objects, dates and complex numbers.
    pub fn to_f64(&self) -> Result<Vec<f64>, Invalid> {
        if !self.dtype.is_number() {
            return Err(Invalid::new(format!("elements of type {} are not numbers", self.dtype.name())));
        }
        Ok(self.elements().map(|element| self.dtype.number(element)).collect())
    }

    /// All elements in C order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        let rows = if self.size() == 0 { 0 } else { self.rows() };
        (0..rows).flat_map(move |row| (0..self.row_size()).map(move |place| self.element(row, place)))
    }

    /// One element: `row` counts along the outermost dimension, `place` in C order within the row.
    pub(super) fn element(&self, row: usize, place: usize) -> &'a [u8] {
        let mut offset = self.first as isize + row as isize * self.strides.first().copied().unwrap_or(0);
        let mut rest = place;
        for (length, stride) in self.shape.iter().zip(&self.strides).skip(1).rev() {
            offset += (rest % length) as isize * stride;
            rest /= length;
        }
        let start = offset as usize;
        &self.bytes[start..start + self.dtype.size]
    }

    /// A whole row as it lies in memory, where its elements follow each other.
    pub(super) fn contiguous_row(&self, row: usize) -> Option<&'a [u8]> {
        let mut expected = self.dtype.size as isize;
        for (length, stride) in self.shape.iter().zip(&self.strides).skip(1).rev() {
            if *stride != expected {
                return None;
            }
            expected *= *length as isize;
        }
        let start =
            (self.first as isize + row as isize * self.strides.first().copied().unwrap_or(0)) as usize;
        self.bytes.get(start..start + self.row_size() * self.dtype.size)
    }
}

/// How many bytes an array reaches before and after the start of its first element.
struct Reach {
    before: usize,
    after: usize,
}

fn layout(dtype: Dtype, shape: &[usize], strides: Option<&[isize]>) -> Result<(Vec<isize>, Reach), Invalid> {
    let wrong = || Invalid::new(format!("an array cannot have shape {shape:?} and strides {strides:?}"));
    let strides = match strides {
        Some(strides) if strides.len() != shape.len() => return Err(wrong()),
        Some(strides) => strides.to_vec(),
        None => contiguous(dtype, shape).ok_or_else(wrong)?,
    };
    let bytes = shape.iter().try_fold(dtype.size.max(1), |bytes, length| bytes.checked_mul(*length));
    if bytes.is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        return Err(wrong());
    }
    if shape.contains(&0) {
        return Ok((strides, Reach { before: 0, after: 0 }));
    }
    let (mut before, mut after) = (0usize, dtype.size);
    for (length, stride) in shape.iter().zip(&strides) {
        let span = stride.unsigned_abs().checked_mul(length - 1).ok_or_else(wrong)?;
        let side = if *stride < 0 { &mut before } else { &mut after };
        *side = side.checked_add(span).filter(|span| isize::try_from(*span).is_ok()).ok_or_else(wrong)?;
    }
    Ok((strides, Reach { before, after }))
}

fn contiguous(dtype: Dtype, shape: &[usize]) -> Option<Vec<isize>> {
    let mut stride = isize::try_from(dtype.size).ok()?;
    let mut strides = vec![0; shape.len()];
    for (slot, length) in strides.iter_mut().zip(shape).rev() {
        *slot = stride;
        stride = stride.checked_mul(isize::try_from(*length).ok()?)?;
    }
    Some(strides)
}
