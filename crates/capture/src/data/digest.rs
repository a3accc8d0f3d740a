use super::sample::Sample;
use super::{ArrayView, Column, Values};

const GATHERED_BYTES: usize = 64 * 1024;

/// A digest under construction. Everything is fed with its length, so that no two inputs run together.
pub(super) struct Digest(blake3::Hasher);

impl Digest {
    pub(super) fn new() -> Self {
        Self(blake3::Hasher::new())
    }

    fn number(&mut self, number: usize) {
        self.0.update(&(number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text.as_bytes());
    }

    pub(super) fn rows(&mut self, rows: usize) {
        self.number(rows);
    }

    pub(super) fn shape(&mut self, dtype: &str, shape: &[usize]) {
        self.text(dtype);
        self.number(shape.len());
        shape.iter().for_each(|length| self.number(*length));
    }

    /// Type, shape and the sampled elements. Objects count by type and shape only: their memory holds addresses.
    pub(super) fn array(&mut self, array: &ArrayView<'_>, sample: Sample) {
        let dtype = array.dtype();
        self.shape(&dtype.name(), array.shape());
        if dtype.kind == super::Kind::Object || array.size() == 0 {
            return;
        }
        // Small pieces are gathered first: hashing is quick on long stretches only.
        let mut gathered = Vec::with_capacity(GATHERED_BYTES);
        for row in sample.rows.positions() {
            match array.contiguous_row(row) {
                Some(bytes) if sample.places.all() => self.gather(&mut gathered, bytes),
                _ => {
                    for place in sample.places.positions() {
                        self.gather(&mut gathered, array.element(row, place));
                    }
                }
            }
        }
        self.0.update(&gathered);
    }

    fn gather(&mut self, gathered: &mut Vec<u8>, bytes: &[u8]) {
        if gathered.len() + bytes.len() > GATHERED_BYTES {
            self.0.update(gathered);
            gathered.clear();
        }
        if bytes.len() > GATHERED_BYTES {
            self.0.update(bytes);
        } else {
            gathered.extend_from_slice(bytes);
        }
    }

    pub(super) fn column(&mut self, column: &Column<'_>, sample: Sample) {
        self.text(&column.name);
        match &column.values {
            Values::Array(array) => self.array(array, sample),
            Values::Masked(array, mask) => {
                self.array(array, sample);
                self.array(mask, sample);
            }
            Values::Text(values) => {
                for value in values {
                    match value {
                        Some(value) => self.text(value),
                        None => self.number(usize::MAX),
                    }
                }
            }
            Values::Opaque => self.text("object"),
        }
    }

    /// The first 8 hex digits, as long as MLflow's.
    pub(super) fn finish(self) -> String {
        self.0.finalize().to_hex()[..8].to_owned()
    }
}
