use trackline_model::Point;

use crate::format::{self, Frame};
use crate::{Error, Record};

/// Frames that are to be appended together.
#[derive(Debug, Default)]
pub struct Frames(Vec<u8>);

impl Frames {
    /// Adds a record.
    ///
    /// # Errors
    /// `TooLong`; then it is not added.
    pub fn push(&mut self, record: &Record) -> Result<(), Error> {
        if format::encode(record, &mut self.0) { Ok(()) } else { Err(Error::TooLong) }
    }

    /// Adds a point of a series, as [`push`](Self::push) does.
    pub fn push_point(&mut self, series: u32, point: &Point) {
        self.0.extend_from_slice(&format::point_frame(series, point));
    }

    /// Takes all of them out.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The records of frames that stand one behind the other, as a journal has them from `from` on; before each the offset
/// behind it. For frames that came from elsewhere: no byte of them is trusted. None stands for a record that this
/// version does not know: a newer one may have sent it.
///
/// # Errors
/// `BadFrame` for what is no whole frame, such as a torn or changed one; nothing is returned then.
pub fn read_frames(bytes: &[u8], from: u64) -> Result<Vec<(u64, Option<Record>)>, Error> {
    let mut records = Vec::new();
    let mut used = 0;
    while used < bytes.len() {
        let at = from.saturating_add(used as u64);
        let bad = |reason| Err(Error::BadFrame { at, reason });
        let (record, length) = match format::decode(&bytes[used..]) {
            Frame::Whole(record, length) => (Some(record), length),
            Frame::Unknown(length) => (None, length),
            Frame::Nothing => return bad("it is empty"),
            Frame::Part(_) => return bad("its end is missing"),
            Frame::Damaged(reason) => return bad(reason),
        };
        used += length;
        records.push((from.saturating_add(used as u64), record));
    }
    Ok(records)
}
