//! The bytes of a journal: `docs/format.md` draws them. All numbers are little-endian.

use serde::{Deserialize, Serialize};
use trackline_model::Point;

use crate::{Event, Record};

/// The line breaks in it show up a copy that was mangled as text.
pub const MAGIC: [u8; 8] = *b"TRKJ\r\n\x1a\n";
/// The version written, and the newest one read. Version 1 had other points, and frames anywhere.
pub const VERSION: u32 = 2;
/// Bytes before the first frame.
pub const HEADER_LENGTH: u64 = 24;
/// Bytes of a frame before its kind: length and checksum.
pub const PREFIX_LENGTH: usize = 8;
/// The most that kind and payload of a frame may take together.
pub const MAX_LENGTH: u32 = 64 << 20;

const EVENT: u8 = 1;
const SERIES: u8 = 2;
const POINT_OF_VERSION_1: u8 = 3;
const POINT: u8 = 4;
/// Series, step, timestamp and value.
const POINT_LENGTH: usize = 28;
/// Bytes of the frame of a point: kind and padding take four.
const POINT_FRAME: usize = PREFIX_LENGTH + 4 + POINT_LENGTH;

/// The payload of [`Record::Series`].
#[derive(Serialize, Deserialize)]
struct SeriesPayload<'a> {
    number: u32,
    run_id: std::borrow::Cow<'a, str>,
    key: std::borrow::Cow<'a, str>,
    source: std::borrow::Cow<'a, str>,
    confidence: Option<f64>,
}

/// The first bytes of a journal created at `created`, in milliseconds since the epoch.
pub fn header(created: i64) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&created.to_le_bytes());
    let checksum = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// What a header says.
pub enum Header {
    /// A journal this crate reads.
    Ours,
    /// A journal of a newer version.
    Newer(u32),
    /// Something else.
    Foreign,
}

/// Reads a header. The version comes before the checksum: a newer one may have a longer header.
pub fn read_header(bytes: &[u8; 24]) -> Header {
    if bytes[..8] != MAGIC {
        return Header::Foreign;
    }
    match u32_at(bytes, 8) {
        version if version > VERSION => Header::Newer(version),
        1..=VERSION if u32_at(bytes, 20) == crc32fast::hash(&bytes[..20]) => Header::Ours,
        _ => Header::Foreign,
    }
}

/// Appends the frame of `record` to `out`; false, and nothing appended, when it would be longer than
/// [`MAX_LENGTH`].
pub fn encode(record: &Record, out: &mut Vec<u8>) -> bool {
    match record {
        Record::Event(event) => encode_json(EVENT, event, out),
        Record::Series { number, run_id, key, source, confidence } => {
            let payload = SeriesPayload {
                number: *number,
                run_id: run_id.into(),
                key: key.into(),
                source: source.into(),
                confidence: *confidence,
            };
            encode_json(SERIES, &payload, out)
        }
        Record::Point { series, point } => {
            out.extend_from_slice(&point_frame(*series, point));
            true
        }
    }
}

fn encode_json(kind: u8, payload: &impl Serialize, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    out.extend_from_slice(&[0; PREFIX_LENGTH]);
    out.push(kind);
    let written = serde_json::to_writer(&mut *out, payload).is_ok();
    // Blanks behind a JSON text are part of it, and put the next frame at a multiple of eight.
    out.resize(start + (out.len() - start).next_multiple_of(PREFIX_LENGTH), b' ');
    let length = u32::try_from(out.len() - start - PREFIX_LENGTH).unwrap_or(u32::MAX);
    if !written || length > MAX_LENGTH {
        out.truncate(start);
        return false;
    }
    let checksum = checksum(length, &out[start + PREFIX_LENGTH..]);
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    out[start + 4..start + PREFIX_LENGTH].copy_from_slice(&checksum.to_le_bytes());
    true
}

/// The frame of a point, made without a detour: most frames are points.
pub fn point_frame(series: u32, point: &Point) -> [u8; POINT_FRAME] {
    const LENGTH: u32 = (POINT_FRAME - PREFIX_LENGTH) as u32;
    let mut frame = [0; POINT_FRAME];
    // Where the checksum goes at last: what it is of lies together so.
    frame[4..8].copy_from_slice(&LENGTH.to_le_bytes());
    frame[8] = POINT;
    frame[12..16].copy_from_slice(&series.to_le_bytes());
    frame[16..24].copy_from_slice(&point.step.to_le_bytes());
    frame[24..32].copy_from_slice(&point.timestamp.to_le_bytes());
    frame[32..].copy_from_slice(&point.value.to_le_bytes());
    let checksum = crc32fast::hash(&frame[4..]);
    frame[..4].copy_from_slice(&LENGTH.to_le_bytes());
    frame[4..8].copy_from_slice(&checksum.to_le_bytes());
    frame
}

/// What stands at the beginning of some bytes.
#[allow(clippy::large_enum_variant)] // made and taken apart at once, never stored
pub enum Frame {
    /// A whole frame, and how many bytes it takes.
    Whole(Record, usize),
    /// Nothing: the end, or space reserved with zeros.
    Nothing,
    /// The beginning of a frame of this many bytes.
    Part(usize),
    /// A whole frame of this many bytes, with content that this version does not know.
    Unknown(usize),
    /// What no writer writes, and why.
    Damaged(&'static str),
}

/// Reads the frame at the beginning of `bytes`.
pub fn decode(bytes: &[u8]) -> Frame {
    if bytes.len() < PREFIX_LENGTH {
        let nothing = bytes.iter().all(|byte| *byte == 0);
        return if nothing { Frame::Nothing } else { Frame::Part(PREFIX_LENGTH) };
    }
    let length = u32_at(bytes, 0);
    if length == 0 {
        return Frame::Nothing;
    }
    if length > MAX_LENGTH {
        return Frame::Damaged("its length is beyond all measure");
    }
    let end = PREFIX_LENGTH + length as usize;
    let Some(body) = bytes.get(PREFIX_LENGTH..end) else {
        return Frame::Part(end);
    };
    if u32_at(bytes, 4) != checksum(length, body) {
        return Frame::Damaged("its checksum does not fit");
    }
    match decode_body(body[0], &body[1..]) {
        Some(record) => Frame::Whole(record, end),
        None => Frame::Unknown(end),
    }
}

fn decode_body(kind: u8, payload: &[u8]) -> Option<Record> {
    match kind {
        EVENT => serde_json::from_slice::<Event>(payload).ok().map(Record::Event),
        SERIES => {
            let payload: SeriesPayload<'_> = serde_json::from_slice(payload).ok()?;
            Some(Record::Series {
                number: payload.number,
                run_id: payload.run_id.into_owned(),
                key: payload.key.into_owned(),
                source: payload.source.into_owned(),
                confidence: payload.confidence,
            })
        }
        POINT if payload.len() == 3 + POINT_LENGTH => Some(decode_point(&payload[3..])),
        POINT_OF_VERSION_1 if payload.len() == POINT_LENGTH => Some(decode_point(payload)),
        _ => None,
    }
}

fn decode_point(payload: &[u8]) -> Record {
    let point = Point {
        step: u64_at(payload, 4).cast_signed(),
        timestamp: u64_at(payload, 12).cast_signed(),
        value: f64::from_bits(u64_at(payload, 20)),
    };
    Record::Point { series: u32_at(payload, 0), point }
}

/// CRC-32 (IEEE) over length, kind and payload: a changed length is found like any other change.
fn checksum(length: u32, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}
